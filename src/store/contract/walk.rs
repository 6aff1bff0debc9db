//! A random walk over a store, beside a model so simple that it is right. The promises one by one are above it.

use super::*;

/// A step of a random walk. Numbers stand for loops, people and so on; `stale` takes what was read at the step before the last change.
#[derive(Clone, Debug)]
pub(in crate::store) enum Step {
    Open { code: u32, owner: u8, channel: u8 },
    Read { code: u32 },
    Rate { code: u32, user: u8 },
    Move { code: u32, channel: u8, owner: u8 },
    Decide { code: u32 },
    Erase { code: u32 },
    Owe { code: u32 },
    Settle { code: u32, stale: bool },
    Put { draft: u8 },
    Take { draft: u8 },
    Repeat { key: u8, draft: u8 },
}

pub(in crate::store) fn steps() -> impl proptest::strategy::Strategy<Value = Vec<Step>> {
    use proptest::prelude::*;
    let code = || 0_u32..3;
    let few = || 0_u8..3;
    let step = prop_oneof![
        (code(), few(), few()).prop_map(|(code, owner, channel)| Step::Open {
            code,
            owner,
            channel
        }),
        code().prop_map(|code| Step::Read { code }),
        (code(), few()).prop_map(|(code, user)| Step::Rate { code, user }),
        (code(), few(), few()).prop_map(|(code, channel, owner)| Step::Move {
            code,
            channel,
            owner
        }),
        code().prop_map(|code| Step::Decide { code }),
        code().prop_map(|code| Step::Erase { code }),
        code().prop_map(|code| Step::Owe { code }),
        (code(), any::<bool>()).prop_map(|(code, stale)| Step::Settle { code, stale }),
        few().prop_map(|draft| Step::Put { draft }),
        few().prop_map(|draft| Step::Take { draft }),
        (few(), few()).prop_map(|(key, draft)| Step::Repeat { key, draft }),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What a store should hold, in the simplest form.
#[derive(Default)]
struct Model {
    loops: BTreeMap<u32, Loaded>,
    erased: std::collections::BTreeSet<u32>,
    /// What was read last, perhaps long ago.
    read: BTreeMap<u32, Loaded>,
    owed: BTreeMap<u32, i128>,
    settled: BTreeMap<u32, i128>,
    drafts: std::collections::BTreeSet<u8>,
    answers: BTreeMap<u8, usize>,
}

fn person(number: u8) -> UserId {
    UserId::from(format!("U{number}"))
}

fn channel(number: u8) -> ChannelId {
    ChannelId::from(format!("C{number}"))
}

fn draft(number: u8) -> DraftId {
    DraftId::from(format!("D{number}"))
}

impl Model {
    /// Whether what was read still stands, as far as it is named.
    fn stands(&self, code: u32, author: Option<&UserId>) -> bool {
        let (Some(now), Some(read)) = (self.loops.get(&code), self.read.get(&code)) else {
            return false;
        };
        let same = |author| {
            now.cards.get(author).map(|(_, revision)| revision)
                == read.cards.get(author).map(|(_, revision)| revision)
        };
        now.revision == read.revision && author.is_none_or(same)
    }

    fn in_order(&self, wanted: impl Fn(&Head) -> bool) -> Vec<LoopCode> {
        let mut heads: Vec<&Head> = self
            .loops
            .values()
            .map(|one| &one.head)
            .filter(|head| wanted(head))
            .collect();
        heads.sort_by(|a, b| {
            b.opened_at
                .cmp(&a.opened_at)
                .then_with(|| a.code.cmp(&b.code))
        });
        heads.into_iter().map(|head| head.code.clone()).collect()
    }

    async fn walk<S: Store>(&mut self, store: &S, number: usize, step: Step) {
        let (change, expected) = match step {
            Step::Read { code: one } => {
                if let Some(loaded) = store
                    .load(&team("T1"), &code(one), &Needs::All)
                    .await
                    .expect("read")
                {
                    self.read.insert(one, loaded);
                }
                return;
            }
            Step::Repeat { key, draft: one } => {
                let commit = answers(
                    "T1",
                    0,
                    &format!("K{key}"),
                    &number.to_string(),
                    vec![Change::TakeDraft(draft(one))],
                );
                let expected = match self.answers.get(&key) {
                    Some(first) => Committed::Duplicate(said(&first.to_string())),
                    None if !self.drafts.remove(&one) => Committed::Conflict,
                    None => {
                        self.answers.insert(key, number);
                        Committed::Done
                    }
                };
                assert_eq!(store.commit(commit).await.expect("judged"), expected);
                return;
            }
            Step::Open {
                code: one,
                owner,
                channel: place,
            } => {
                let mut head = head(&code(one), &[], at(i64::from(one % 2)));
                (head.owner, head.channel) = (person(owner), channel(place));
                let free = !self.loops.contains_key(&one) && !self.erased.contains(&one);
                if free {
                    let loaded = Loaded {
                        head: head.clone(),
                        revision: Revision(1),
                        cards: BTreeMap::new(),
                    };
                    self.loops.insert(one, loaded);
                }
                (opens(head), free)
            }
            Step::Rate { code: one, user } => {
                let Some(read) = self.read.get(&one) else {
                    return;
                };
                let author = person(user);
                let mut base_cards = read.clone();
                base_cards.cards.retain(|name, _| *name == author);
                let card = card(author.as_str(), &number.to_string());
                let change = changes(&base_cards, &[author.as_str()], None, vec![card.clone()]);
                let stands = self.stands(one, Some(&author));
                if stands {
                    let cards = &mut self.loops.get_mut(&one).expect("it stands").cards;
                    let revision = cards.get(&author).map_or(1, |(_, revision)| revision.0 + 1);
                    cards.insert(author, (card, Revision(revision)));
                }
                (change, stands)
            }
            Step::Move { .. } | Step::Decide { .. } => {
                let (Step::Move { code: one, .. } | Step::Decide { code: one }) = step else {
                    return;
                };
                let Some(read) = self.read.get(&one) else {
                    return;
                };
                let mut head = read.head.clone();
                match step {
                    Step::Move {
                        channel: to, owner, ..
                    } => {
                        head.channel = channel(to);
                        // The owner before stays on the panel.
                        head.panel = vec![Seat::new(head.owner.clone())];
                        head.owner = person(owner);
                    }
                    _ if head.decision.is_some() => head.decision = None,
                    _ => decide(&mut head),
                }
                let bare = Loaded {
                    cards: BTreeMap::new(),
                    ..read.clone()
                };
                let stands = self.stands(one, None);
                if stands {
                    let now = self.loops.get_mut(&one).expect("it stands");
                    now.head = head.clone();
                    now.revision.0 += 1;
                }
                (changes(&bare, &[], Some(head), vec![]), stands)
            }
            Step::Erase { code: one } => {
                let Some(read) = self.read.get(&one) else {
                    return;
                };
                let change = erases(read, &[]);
                let mut authors = read.cards.keys();
                let stands = self.stands(one, None) && authors.all(|it| self.stands(one, Some(it)));
                if stands {
                    self.loops.remove(&one);
                    self.erased.insert(one);
                }
                (change, stands)
            }
            Step::Owe { code: one } => {
                done(
                    store,
                    writes("T1", 0, vec![Change::Owe(Post::Loop(code(one)))]),
                )
                .await;
                let parcel = store
                    .parcel(&team("T1"), &Post::Loop(code(one)))
                    .await
                    .expect("read")
                    .expect("owed");
                let before = self.owed.insert(one, parcel.stamp);
                assert!(before.max(self.settled.get(&one).copied()) < Some(parcel.stamp));
                return;
            }
            Step::Settle { code: one, stale } => {
                let Some(stamp) = self.owed.get(&one).copied() else {
                    return;
                };
                let stamp = stamp - i128::from(stale);
                if !stale {
                    self.owed.remove(&one);
                    self.settled.insert(one, stamp);
                }
                (
                    Change::Settle {
                        post: Post::Loop(code(one)),
                        stamp,
                        lease: None,
                    },
                    true,
                )
            }
            Step::Put { draft: one } => {
                self.drafts.insert(one);
                (Change::PutDraft(draft(one), Box::new(opening())), true)
            }
            Step::Take { draft: one } => (Change::TakeDraft(draft(one)), self.drafts.remove(&one)),
        };
        let expected = if expected {
            Committed::Done
        } else {
            Committed::Conflict
        };
        assert_eq!(
            store
                .commit(writes("T1", 0, vec![change]))
                .await
                .expect("judged"),
            expected
        );
    }

    async fn is_what<S: Store>(&self, store: &S) {
        let t1 = team("T1");
        for one in 0..3 {
            let loaded = store
                .load(&t1, &code(one), &Needs::All)
                .await
                .expect("read");
            assert_eq!(loaded.as_ref(), self.loops.get(&one));
            let erased = store.erased(&t1, &code(one)).await.expect("read");
            assert_eq!(erased.is_some(), self.erased.contains(&one));
            let parcel = store
                .parcel(&t1, &Post::Loop(code(one)))
                .await
                .expect("read");
            assert_eq!(
                parcel.map(|parcel| parcel.stamp),
                self.owed.get(&one).copied()
            );
        }
        for one in 0..3 {
            let of = list(store, List::Of(person(one)), 9).await;
            assert_eq!(of, self.in_order(|head| head.owner == person(one) || head.seat(&person(one)).is_some()));
            let within = list(store, List::In(channel(one)), 9).await;
            assert_eq!(within, self.in_order(|head| head.channel == channel(one)));
            let waits = store.draft(&t1, &draft(one)).await.expect("read").is_some();
            assert_eq!(waits, self.drafts.contains(&one));
        }
        let named = store
            .namesakes(&t1, &KitSlug::from("sample"), "zoeobrien")
            .await
            .expect("read");
        let mut expected = self.in_order(|head| head.decision.is_none());
        expected.sort();
        assert_eq!(named, expected);
    }
}

pub(in crate::store) async fn a_random_walk_ends_where_a_simple_model_does<S: Store>(
    open: impl AsyncFn() -> S,
    steps: Vec<Step>,
) {
    let store = open().await;
    let mut model = Model::default();
    for (number, step) in steps.into_iter().enumerate() {
        model.walk(&store, number, step).await;
    }
    model.is_what(&store).await;
    store.close().await;
    drop(store);
    model.is_what(&open().await).await;
}
