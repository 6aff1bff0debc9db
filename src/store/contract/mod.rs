//! What every store promises, as tests over any of them. Those that concern one store alone are beside it.
//!
//! A promise takes a function that opens the same store each time it is called; whoever calls it again has closed the one before.

mod walk;

pub(super) use walk::{a_random_walk_ends_where_a_simple_model_does, steps};

use super::*;
use crate::domain::candidate::{CandidateName, Note};
use crate::domain::event::{Audited, Request, Screen};
use crate::domain::interview_loop::{Decision, Messages, Naming, Reveal, Seat, Verdict};
use crate::domain::kit::KitRef;
use crate::domain::samples;
use std::sync::Arc;

/// A moment so many seconds after noon of some day.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + seconds).expect("a moment")
}

pub(super) fn team(name: &str) -> WorkspaceId {
    WorkspaceId::from(name)
}

pub(super) fn code(number: u32) -> LoopCode {
    LoopCode::from_random(number)
}

pub(super) fn user(name: &str) -> UserId {
    UserId::from(name)
}

/// A loop of Zoë's, led by `U9` in `C1`, with a panel.
pub(super) fn head(code: &LoopCode, panel: &[&str], opened_at: Timestamp) -> Head {
    Head {
        code: code.clone(),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        title: "Sample Engineer".to_owned(),
        candidate: CandidateName::parse("Zoë O'Brien").expect("a name"),
        note: Note::default(),
        requisition: Note::default(),
        cv: Note::default(),
        owner: user("U9"),
        opened_by: user("U9"),
        opened_at,
        channel: ChannelId::from("C1"),
        public: false,
        naming: Naming::Name,
        named_panel: true,
        panel: panel.iter().map(|name| Seat::new(user(name))).collect(),
        reveal: None,
        decision: None,
        past_decisions: Vec::new(),
        withdrawal: None,
        asked_to_join: [].into(),
        messages: Messages::default(),
    }
}

/// A scorecard that differs from others by its reason.
pub(super) fn card(author: &str, reason: &str) -> Scorecard {
    Scorecard {
        reason: Note::new(reason),
        ..Scorecard::new(user(author), at(0))
    }
}

pub(super) fn said(text: &str) -> Reply {
    Reply::Said(text.into())
}

/// A commit without a delivery.
pub(super) fn writes(workspace: &str, seconds: i64, changes: Vec<Change>) -> Commit {
    Commit {
        workspace: team(workspace),
        at: at(seconds),
        delivery: None,
        changes,
    }
}

pub(super) fn answers(
    workspace: &str,
    seconds: i64,
    key: &str,
    reply: &str,
    changes: Vec<Change>,
) -> Commit {
    Commit {
        delivery: Some((DeliveryKey::from(key), said(reply))),
        ..writes(workspace, seconds, changes)
    }
}

pub(super) fn opens(head: Head) -> Change {
    Change::Loop(Box::new(LoopChange {
        code: head.code.clone(),
        base: Base::Absent,
        head: Some(head),
        cards: Vec::new(),
        audit: Vec::new(),
    }))
}

/// What a loop was read as, to compute a change from.
pub(super) fn base(loaded: &Loaded, looked_for: &[&str]) -> Base {
    let mut cards: BTreeMap<UserId, Revision> = looked_for
        .iter()
        .map(|name| (user(name), Revision(0)))
        .collect();
    cards.extend(
        loaded
            .cards
            .iter()
            .map(|(author, (_, revision))| (author.clone(), *revision)),
    );
    Base::Read {
        head: loaded.revision,
        cards,
        was: Box::new(loaded.head.clone()),
    }
}

pub(super) fn changes(
    loaded: &Loaded,
    looked_for: &[&str],
    head: Option<Head>,
    cards: Vec<Scorecard>,
) -> Change {
    Change::Loop(Box::new(LoopChange {
        code: loaded.head.code.clone(),
        base: base(loaded, looked_for),
        head,
        cards,
        audit: Vec::new(),
    }))
}

pub(super) async fn done(store: &impl Store, commit: Commit) {
    assert_eq!(
        store.commit(commit).await.expect("written"),
        Committed::Done
    );
}

pub(super) async fn conflicts(store: &impl Store, commit: Commit) {
    assert_eq!(
        store.commit(commit).await.expect("judged"),
        Committed::Conflict
    );
}

pub(super) async fn load(
    store: &impl Store,
    workspace: &str,
    code: &LoopCode,
    needs: Needs,
) -> Loaded {
    let loaded = store
        .load(&team(workspace), code, &needs)
        .await
        .expect("read");
    loaded.expect("the loop is there")
}

/// Loads the head, changes it, commits it.
async fn change_head(store: &impl Store, code: &LoopCode, change: impl FnOnce(&mut Head)) {
    let loaded = load(store, "T1", code, Needs::Head).await;
    let mut head = loaded.head.clone();
    change(&mut head);
    done(
        store,
        writes("T1", 1, vec![changes(&loaded, &[], Some(head), vec![])]),
    )
    .await;
}

fn decide(head: &mut Head) {
    head.decision = Some(Decision {
        verdict: Verdict::Hire,
        reason: Note::new("Because."),
        by: user("U9"),
        at: at(1),
    });
}

pub(super) async fn a_commit_is_written_as_a_whole_or_not_at_all<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let (first, second) = (code(1), code(2));
    done(
        &store,
        writes("T1", 0, vec![opens(head(&first, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &first, Needs::Own(user("U1"))).await;
    let everything = |key| {
        vec![
            opens(head(&second, &["U1"], at(0))),
            Change::Owe(Post::Loop(second.clone())),
            Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
            Change::Wait(Box::new(delivery("T1", key))),
            Change::Fact(Fact::Group(GroupId::from("S1"), vec![user("U1")])),
            changes(&loaded, &["U1"], None, vec![card("U1", "one")]),
            Change::TakeDraft(DraftId::from("no such draft")),
        ]
    };
    conflicts(&store, answers("T1", 1, "K1", "never", everything("W1"))).await;
    let t1 = team("T1");
    assert!(
        store
            .load(&t1, &second, &Needs::Head)
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        load(&store, "T1", &first, Needs::All)
            .await
            .cards
            .is_empty()
    );
    assert_eq!(store.parcels().await.expect("read"), []);
    assert_eq!(store.waiting().await.expect("read"), []);
    assert!(
        store
            .draft(&t1, &DraftId::from("D1"))
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        store
            .group(&t1, &GroupId::from("S1"))
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(1))
            .await
            .expect("read")
            .is_none()
    );
    assert_eq!(
        store.loops_of(&t1, &user("U1"), 9).await.expect("read"),
        std::slice::from_ref(&first)
    );

    let mut all = everything("W1");
    all.pop();
    done(&store, answers("T1", 1, "K1", "now", all)).await;
    assert_eq!(load(&store, "T1", &first, Needs::All).await.cards.len(), 1);
    assert_eq!(store.parcels().await.expect("read").len(), 1);
    assert_eq!(store.waiting().await.expect("read"), [delivery("T1", "W1")]);
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(1))
            .await
            .expect("read"),
        Some(said("now"))
    );
}

pub(super) async fn a_change_of_what_has_changed_since_is_refused<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    conflicts(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U2"], at(0)))]),
    )
    .await;
    let before = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    assert_eq!((before.revision, before.cards.len()), (Revision(1), 0));

    // The head moves on: whoever read it before writes neither head nor scorecard.
    change_head(&store, &one, |head| head.title.push('!')).await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "late")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &[], Some(before.head.clone()), vec![])],
        ),
    )
    .await;

    // A scorecard that came meanwhile, or moved on.
    let before = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    done(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "one")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "two")])],
        ),
    )
    .await;
    let after = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    done(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&after, &[], None, vec![card("U1", "two")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&after, &[], None, vec![card("U1", "three")])],
        ),
    )
    .await;
    assert_eq!(
        load(&store, "T1", &one, Needs::All).await.cards[&user("U1")],
        (card("U1", "two"), Revision(2))
    );

    // A scorecard nobody looked for is not overwritten, and what is not there has no base.
    let unread = Loaded {
        cards: BTreeMap::new(),
        ..load(&store, "T1", &one, Needs::Head).await
    };
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&unread, &[], None, vec![card("U1", "four")])],
        ),
    )
    .await;
    let mut absent = unread.clone();
    absent.head.code = code(2);
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&absent, &[], None, vec![card("U1", "five")])],
        ),
    )
    .await;
}

pub(super) async fn interviewers_do_not_stand_in_each_others_way<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1", "U2"], at(0)))]),
    )
    .await;
    let first = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    let second = load(&store, "T1", &one, Needs::Own(user("U2"))).await;
    let (a, b) = futures_util::future::join(
        store.commit(writes(
            "T1",
            1,
            vec![changes(&first, &["U1"], None, vec![card("U1", "one")])],
        )),
        store.commit(writes(
            "T1",
            1,
            vec![changes(&second, &["U2"], None, vec![card("U2", "two")])],
        )),
    )
    .await;
    assert_eq!(
        (a.expect("written"), b.expect("written")),
        (Committed::Done, Committed::Done)
    );
    let loaded = load(&store, "T1", &one, Needs::All).await;
    assert_eq!(
        loaded.revision,
        Revision(1),
        "a scorecard leaves the head alone"
    );
    assert_eq!(loaded.cards.len(), 2);
    assert_eq!(
        load(&store, "T1", &one, Needs::Own(user("U2")))
            .await
            .cards
            .len(),
        1
    );
    assert_eq!(load(&store, "T1", &one, Needs::Head).await.cards.len(), 0);
}

pub(super) async fn a_delivery_has_one_effect_and_one_answer<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let t1 = team("T1");
    let owes = |number| vec![Change::Owe(Post::Loop(code(number)))];
    done(&store, answers("T1", 0, "K1", "first", owes(1))).await;
    let again = store
        .commit(answers("T1", 0, "K1", "second", owes(2)))
        .await
        .expect("judged");
    assert_eq!(again, Committed::Duplicate(said("first")));
    // Also where it would be a conflict, across midnight, up to two days later, and by a clock that is behind.
    for seconds in [12 * 3600 - 1, 12 * 3600, 48 * 3600, -60] {
        let again = answers(
            "T1",
            seconds,
            "K1",
            "third",
            vec![Change::TakeDraft(DraftId::from("no such draft"))],
        );
        assert_eq!(
            store.commit(again).await.expect("judged"),
            Committed::Duplicate(said("first")),
            "{seconds}"
        );
        let key = DeliveryKey::from("K1");
        assert_eq!(
            store.answered(&t1, &key, at(seconds)).await.expect("read"),
            Some(said("first"))
        );
    }
    assert_eq!(store.parcels().await.expect("read").len(), 1);
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K"), at(0))
            .await
            .expect("read"),
        None
    );
}

pub(super) async fn of_many_deliveries_at_once_one_has_an_effect<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = Arc::new(open().await);
    let one = code(1);
    done(
        &*store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&*store, "T1", &one, Needs::Own(user("U1"))).await;
    let commits = (0..40).map(|number| {
        let reason = format!("{number}");
        let change = changes(&loaded, &["U1"], None, vec![card("U1", &reason)]);
        // Two of each kind: repetitions of one delivery, and different ones that were computed from the same.
        store.commit(answers(
            "T1",
            0,
            &format!("K{}", number / 2),
            &reason,
            vec![change],
        ))
    });
    let ends = futures_util::future::join_all(commits).await;
    let ends: Vec<_> = ends.into_iter().map(|end| end.expect("judged")).collect();
    assert_eq!(
        ends.iter().filter(|end| **end == Committed::Done).count(),
        1
    );
    assert_eq!(
        ends.iter()
            .filter(|end| matches!(end, Committed::Duplicate(_)))
            .count(),
        1
    );
    let won = ends
        .iter()
        .position(|end| *end == Committed::Done)
        .expect("one of them");
    assert_eq!(ends[won ^ 1], Committed::Duplicate(said(&won.to_string())));
    let (kept, revision) = load(&*store, "T1", &one, Needs::All).await.cards[&user("U1")].clone();
    assert_eq!(
        (kept, revision),
        (card("U1", &won.to_string()), Revision(1))
    );
}

fn opening() -> Opening {
    Opening {
        slug: None,
        candidate: Note::new("Zoë"),
        panel: Vec::new(),
        groups: Vec::new(),
        channel: None,
        requisition: Note::default(),
        note: Note::default(),
        cv: Note::default(),
        naming: None,
        another_person: false,
    }
}

fn delivery(workspace: &str, key: &str) -> Delivery {
    Delivery {
        key: DeliveryKey::from(key),
        workspace: team(workspace),
        actor: user("U1"),
        place: None,
        request: Request::Look(Screen::Help),
        route: "r".to_owned(),
    }
}

pub(super) async fn a_draft_is_taken_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let draft = DraftId::from("D1");
    conflicts(
        &store,
        writes("T1", 0, vec![Change::TakeDraft(draft.clone())]),
    )
    .await;
    done(
        &store,
        writes(
            "T1",
            0,
            vec![Change::PutDraft(draft.clone(), Box::new(opening()))],
        ),
    )
    .await;
    assert_eq!(
        store.draft(&team("T1"), &draft).await.expect("read"),
        Some(opening())
    );
    let take = || store.commit(writes("T1", 0, vec![Change::TakeDraft(draft.clone())]));
    let (a, b) = futures_util::future::join(take(), take()).await;
    assert_eq!(
        (a.expect("judged"), b.expect("judged")),
        (Committed::Done, Committed::Conflict)
    );
    assert_eq!(store.draft(&team("T1"), &draft).await.expect("read"), None);
}

pub(super) async fn who_came_first_waits_first_and_goes_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    for (workspace, key) in [("T2", "K9"), ("T1", "K5"), ("T2", "K1"), ("T1", "K5")] {
        done(
            &store,
            writes(
                workspace,
                0,
                vec![Change::Wait(Box::new(delivery(workspace, key)))],
            ),
        )
        .await;
    }
    let [k9, k5, k1] = [
        delivery("T2", "K9"),
        delivery("T1", "K5"),
        delivery("T2", "K1"),
    ];
    assert_eq!(
        store.waiting().await.expect("read"),
        [k9.clone(), k5, k1.clone()]
    );
    let performed = || {
        answers(
            "T1",
            0,
            "K5",
            "done",
            vec![Change::Unwait(DeliveryKey::from("K5"))],
        )
    };
    done(&store, performed()).await;
    assert_eq!(
        store.commit(performed()).await.expect("judged"),
        Committed::Duplicate(said("done"))
    );
    conflicts(
        &store,
        writes("T1", 0, vec![Change::Unwait(DeliveryKey::from("K5"))]),
    )
    .await;
    // A late repetition does not wait again for what was done.
    let again = store
        .commit(writes(
            "T1",
            1,
            vec![Change::Wait(Box::new(delivery("T1", "K5")))],
        ))
        .await;
    assert_eq!(again.expect("judged"), Committed::Duplicate(said("done")));
    assert_eq!(store.waiting().await.expect("read"), [k9, k1]);
}

pub(super) async fn what_is_owed_folds_and_is_settled_as_it_was_read<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let post = Post::Loop(code(1));
    let owe = || writes("T1", 0, vec![Change::Owe(post.clone())]);
    let attempt = |stamp, name: &str| {
        let attempt = name.to_owned();
        writes(
            "T1",
            0,
            vec![Change::Attempt {
                post: post.clone(),
                stamp,
                attempt,
            }],
        )
    };
    let settle = |stamp| {
        writes(
            "T1",
            0,
            vec![Change::Settle {
                post: post.clone(),
                stamp,
            }],
        )
    };
    let t1 = team("T1");
    let parcel = async || store.parcel(&t1, &post).await.expect("read");
    done(&store, owe()).await;
    let first = parcel().await.expect("it is owed");
    assert_eq!(
        (first.attempt.as_deref(), &first.workspace),
        (None, &team("T1"))
    );
    done(&store, attempt(first.stamp, "A1")).await;
    assert_eq!(
        parcel().await.expect("still owed").attempt.as_deref(),
        Some("A1")
    );
    // Owed anew while it is under way: a later stamp, no attempt, and the delivery of the old state settles nothing.
    done(&store, owe()).await;
    let second = parcel().await.expect("owed anew");
    assert!(second.stamp > first.stamp && second.attempt.is_none());
    done(&store, settle(first.stamp)).await;
    done(&store, attempt(first.stamp, "A2")).await;
    assert_eq!(parcel().await, Some(second.clone()));
    assert_eq!(
        store.parcels().await.expect("read"),
        std::slice::from_ref(&second)
    );
    done(&store, settle(second.stamp)).await;
    assert_eq!(parcel().await, None);
    // What was settled is not attempted again, and a stamp never comes twice, although no time has passed.
    done(&store, attempt(second.stamp, "A3")).await;
    assert_eq!(parcel().await, None);
    done(&store, owe()).await;
    assert!(parcel().await.expect("owed once more").stamp > second.stamp);
    done(
        &store,
        writes(
            "T1",
            0,
            vec![Change::Owe(post.clone()), Change::Owe(post.clone())],
        ),
    )
    .await;
    assert_eq!(store.parcels().await.expect("read").len(), 1);
}

pub(super) async fn workspaces_do_not_see_each_other<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = code(1);
    // The second pair would run into each other if ids were just put one after the other.
    for (workspace, name) in [
        ("T1", "one"),
        ("T2", "two"),
        ("T", "three"),
        ("T12", "four"),
    ] {
        let mut head = head(&one, &["U1"], at(0));
        head.title = name.to_owned();
        let person = Person {
            guest: false,
            stranger: false,
            bot: false,
            deactivated: false,
            administrator: false,
            unknown: false,
            zone: Some(name.to_owned()),
            told_at: at(0),
        };
        let place = Place {
            direct: false,
            private: true,
            shared: workspace == "T2",
            archived: false,
            bot_is_member: true,
            told_at: at(0),
        };
        let all = vec![
            opens(head),
            Change::Owe(Post::Loop(one.clone())),
            Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
            Change::Wait(Box::new(delivery(workspace, "W1"))),
            Change::Fact(Fact::Person(user("U1"), person)),
            Change::Fact(Fact::Place(ChannelId::from("C1"), place)),
            Change::Fact(Fact::Group(GroupId::from("S1"), vec![user(name)])),
        ];
        done(&store, answers(workspace, 0, "K1", name, all)).await;
    }
    for (workspace, name) in [
        ("T1", "one"),
        ("T2", "two"),
        ("T", "three"),
        ("T12", "four"),
    ] {
        let team = team(workspace);
        assert_eq!(
            load(&store, workspace, &one, Needs::All).await.head.title,
            name
        );
        assert_eq!(
            store.loops_of(&team, &user("U1"), 9).await.expect("read"),
            std::slice::from_ref(&one)
        );
        let person = store
            .person(&team, &user("U1"))
            .await
            .expect("read")
            .expect("told");
        assert_eq!(person.zone.as_deref(), Some(name));
        let place = store
            .place(&team, &ChannelId::from("C1"))
            .await
            .expect("read")
            .expect("told");
        assert_eq!(place.shared, workspace == "T2");
        let group = store
            .group(&team, &GroupId::from("S1"))
            .await
            .expect("read");
        assert_eq!(group, Some((vec![user(name)], at(0))));
        assert_eq!(
            store
                .answered(&team, &DeliveryKey::from("K1"), at(0))
                .await
                .expect("read"),
            Some(said(name))
        );
    }
    done(
        &store,
        writes(
            "T2",
            0,
            vec![
                Change::TakeDraft(DraftId::from("D1")),
                Change::Unwait(DeliveryKey::from("W1")),
            ],
        ),
    )
    .await;
    assert!(
        store
            .draft(&team("T1"), &DraftId::from("D1"))
            .await
            .expect("read")
            .is_some()
    );
    assert_eq!(store.waiting().await.expect("read").len(), 3);
    assert!(
        store
            .load(&team("T3"), &one, &Needs::Head)
            .await
            .expect("read")
            .is_none()
    );
    assert_eq!(
        store
            .loops_of(&team("T3"), &user("U1"), 9)
            .await
            .expect("read"),
        []
    );
    assert!(
        store
            .person(&team("T3"), &user("U1"))
            .await
            .expect("read")
            .is_none()
    );
}

pub(super) async fn lists_follow_the_loops<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let t1 = team("T1");
    let slug = KitSlug::from("sample");
    let [old, mid, new] = [code(3), code(1), code(2)];
    let of = async |name: &str| store.loops_of(&t1, &user(name), 9).await.expect("read");
    let within = async |name: &str| {
        store
            .loops_in(&t1, &ChannelId::from(name), 9)
            .await
            .expect("read")
    };
    let named = async |likeness: &str| store.namesakes(&t1, &slug, likeness).await.expect("read");
    for (code, seconds) in [(&mid, 5), (&new, 9), (&old, -5)] {
        done(
            &store,
            writes("T1", 0, vec![opens(head(code, &["U1", "U9"], at(seconds)))]),
        )
        .await;
    }
    let all = [new.clone(), mid.clone(), old.clone()];
    assert_eq!(
        (of("U1").await, of("U9").await, within("C1").await),
        (all.to_vec(), all.to_vec(), all.to_vec())
    );
    assert_eq!(
        store.loops_of(&t1, &user("U1"), 2).await.expect("read"),
        all[..2]
    );
    assert_eq!(
        store
            .loops_in(&t1, &ChannelId::from("C1"), 1)
            .await
            .expect("read"),
        all[..1]
    );
    assert_eq!(
        named("zoeobrien").await,
        [mid.clone(), new.clone(), old.clone()]
    );
    assert_eq!(named("zoe").await, []);
    assert_eq!(
        store
            .namesakes(&t1, &KitSlug::from("other"), "zoeobrien")
            .await
            .expect("read"),
        []
    );

    change_head(&store, &mid, |head| {
        head.candidate = CandidateName::parse("Jane Doe").expect("a name")
    })
    .await;
    assert_eq!(
        (named("zoeobrien").await, named("janedoe").await),
        (vec![new.clone(), old.clone()], vec![mid.clone()])
    );
    change_head(&store, &mid, |head| head.channel = ChannelId::from("C2")).await;
    assert_eq!(
        (within("C1").await, within("C2").await),
        (vec![new.clone(), old.clone()], vec![mid.clone()])
    );
    // The old owner stays where they are on the panel, and only there.
    change_head(&store, &mid, |head| head.owner = user("U7")).await;
    assert_eq!(
        (of("U7").await, of("U9").await),
        (vec![mid.clone()], all.to_vec())
    );
    change_head(&store, &mid, |head| {
        head.panel = vec![Seat::new(user("U1")), Seat::new(user("U2"))]
    })
    .await;
    assert_eq!(of("U2").await, std::slice::from_ref(&mid));
    assert_eq!(of("U9").await, [new.clone(), old.clone()]);

    change_head(&store, &new, decide).await;
    assert_eq!(named("zoeobrien").await, std::slice::from_ref(&old));
    change_head(&store, &new, |head| head.decision = None).await;
    assert_eq!(named("zoeobrien").await, [new.clone(), old.clone()]);
    let reveal = Reveal {
        at: at(1),
        by: None,
        snapshot: Vec::new(),
    };
    change_head(&store, &old, |head| head.reveal = Some(reveal)).await;
    assert_eq!(
        named("zoeobrien").await,
        [new.clone(), old.clone()],
        "it is not decided yet"
    );
    // What is refused is listed nowhere.
    conflicts(
        &store,
        writes("T1", 0, vec![opens(head(&old, &["U4"], at(0)))]),
    )
    .await;
    assert_eq!(of("U4").await, []);
}

pub(super) async fn the_audit_is_kept_in_order<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let entry = |seconds, what| AuditEntry {
        at: at(seconds),
        actor: Some(user("U1")),
        what,
    };
    let change = |loaded: &Loaded, audit| {
        Change::Loop(Box::new(LoopChange {
            code: loaded.head.code.clone(),
            base: base(loaded, &[]),
            head: None,
            cards: Vec::new(),
            audit,
        }))
    };
    let mut expected = Vec::new();
    for number in [1, 2] {
        done(
            &store,
            writes("T1", 0, vec![opens(head(&code(number), &[], at(0)))]),
        )
        .await;
    }
    let loaded = load(&store, "T1", &code(1), Needs::Head).await;
    let other = load(&store, "T1", &code(2), Needs::Head).await;
    for round in 0..3 {
        // Time may stand still, and even go back.
        let both = vec![
            entry(-round, Audited::Opened),
            entry(0, Audited::Joined(user(&round.to_string()))),
        ];
        expected.extend(both.clone());
        done(&store, writes("T1", 0, vec![change(&loaded, both)])).await;
        done(
            &store,
            writes(
                "T1",
                0,
                vec![change(&other, vec![entry(0, Audited::Reopened)])],
            ),
        )
        .await;
    }
    assert_eq!(
        store.audit(&team("T1"), &code(1)).await.expect("read"),
        expected
    );
    store.close().await;
    drop(store);
    let store = open().await;
    let loaded = load(&store, "T1", &code(1), Needs::Head).await;
    expected.push(entry(0, Audited::AskedToJoin));
    done(
        &store,
        writes(
            "T1",
            0,
            vec![change(&loaded, vec![entry(0, Audited::AskedToJoin)])],
        ),
    )
    .await;
    assert_eq!(
        store.audit(&team("T1"), &code(1)).await.expect("read"),
        expected
    );
    assert_eq!(store.audit(&team("T2"), &code(1)).await.expect("read"), []);
}

pub(super) async fn the_newest_kits_are_served_and_old_ones_stay<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let versions = ["v1", "v2", "v3"].map(KitVersion::from);
    let kit = |slug: &str, title: &str| {
        let mut kit = samples::kit();
        kit.slug = KitSlug::from(slug);
        kit.title = title.to_owned();
        kit
    };
    let [a, b, a2] = [kit("a", "A"), kit("longer", "B"), kit("a", "A, better")];
    let put = |version: &KitVersion, kit: &Kit| Change::Kit(version.clone(), Box::new(kit.clone()));
    done(
        &store,
        writes("T1", 0, vec![put(&versions[1], &b), put(&versions[0], &a)]),
    )
    .await;
    done(&store, writes("T2", 0, vec![put(&versions[2], &a2)])).await;
    let served = store.kits().await.expect("read");
    assert_eq!(
        served,
        [
            (versions[2].clone(), a2.clone()),
            (versions[1].clone(), b.clone())
        ]
    );
    for (version, kit) in versions.iter().zip([&a, &b, &a2]) {
        assert_eq!(store.kit(version).await.expect("read").as_ref(), Some(kit));
    }
    assert_eq!(
        store.kit(&KitVersion::from("v4")).await.expect("read"),
        None
    );
    done(&store, writes("T1", 0, vec![put(&versions[0], &a)])).await;
    assert_eq!(
        store.kits().await.expect("read")[0].0,
        versions[0],
        "what was put last is served"
    );
}

pub(super) async fn sweeping_keeps_two_days<S: Store>(open: impl AsyncFn() -> S) {
    const HOUR: i64 = 3600;
    let store = open().await;
    let t1 = team("T1");
    let ages = [0, 47, 48, 73, 200];
    let key = |age: i64| {
        (
            DeliveryKey::from(format!("K{age}")),
            DraftId::from(format!("D{age}")),
        )
    };
    for age in ages {
        let (delivery, draft) = key(age);
        let put = Change::PutDraft(draft, Box::new(opening()));
        done(
            &store,
            answers("T1", -age * HOUR, delivery.as_str(), "x", vec![put]),
        )
        .await;
    }
    // One more that was put again yesterday.
    done(
        &store,
        writes(
            "T1",
            -24 * HOUR,
            vec![Change::PutDraft(key(200).1, Box::new(opening()))],
        ),
    )
    .await;
    store.sweep(at(0)).await.expect("swept");
    store.sweep(at(0)).await.expect("swept again");
    for age in ages {
        let (delivery, draft) = key(age);
        let then = at(-age * HOUR);
        assert_eq!(
            store
                .answered(&t1, &delivery, then)
                .await
                .expect("read")
                .is_some(),
            age <= 48,
            "{age}"
        );
        let kept = age <= 48 || age == 200;
        assert_eq!(
            store.draft(&t1, &draft).await.expect("read").is_some(),
            kept,
            "{age}"
        );
    }
    let again = store
        .commit(answers("T1", 0, "K48", "y", vec![]))
        .await
        .expect("judged");
    assert_eq!(again, Committed::Duplicate(said("x")));
}

pub(super) async fn everything_is_there_after_reopening<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = code(1);
    let t1 = team("T1");
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    let all = vec![
        changes(
            &loaded,
            &["U1"],
            Some(head(&one, &["U1", "U2"], at(0))),
            vec![card("U1", "one")],
        ),
        Change::Owe(Post::Loop(one.clone())),
        Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
        Change::Wait(Box::new(delivery("T1", "W1"))),
        Change::Kit(KitVersion::from("v1"), Box::new(samples::kit())),
    ];
    done(&store, answers("T1", 0, "K1", "one", all)).await;
    let parcels = store.parcels().await.expect("read");
    store.close().await;
    assert!(matches!(
        store.commit(writes("T1", 0, vec![])).await,
        Err(StoreFault::Closed)
    ));
    drop(store);

    let store = open().await;
    let loaded = load(&store, "T1", &one, Needs::All).await;
    assert_eq!(
        (loaded.revision, loaded.head),
        (Revision(2), head(&one, &["U1", "U2"], at(0)))
    );
    assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    assert_eq!(store.parcels().await.expect("read"), parcels);
    assert_eq!(
        store.draft(&t1, &DraftId::from("D1")).await.expect("read"),
        Some(opening())
    );
    assert_eq!(
        store.loops_of(&t1, &user("U2"), 9).await.expect("read"),
        std::slice::from_ref(&one)
    );
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(0))
            .await
            .expect("read"),
        Some(said("one"))
    );
    assert_eq!(store.kits().await.expect("read").len(), 1);
    // Who comes now waits behind who came before; what is owed anew has a later stamp.
    let more = vec![
        Change::Wait(Box::new(delivery("T1", "W0"))),
        Change::Owe(Post::Loop(one.clone())),
    ];
    done(&store, writes("T1", -3600, more)).await;
    assert_eq!(
        store.waiting().await.expect("read"),
        [delivery("T1", "W1"), delivery("T1", "W0")]
    );
    assert!(store.parcels().await.expect("read")[0].stamp > parcels[0].stamp);
}

pub(super) async fn a_loop_is_read_as_of_one_moment<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = code(1);
    let names = ["U1", "U2", "U3", "U4"];
    let cards = |round: u32| names.map(|name| card(name, &round.to_string())).to_vec();
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &names, at(0)))]),
    )
    .await;
    let writing = async {
        for round in 0..60 {
            let loaded = load(&store, "T1", &one, Needs::All).await;
            let mut head = loaded.head.clone();
            head.title = round.to_string();
            done(
                &store,
                writes(
                    "T1",
                    0,
                    vec![changes(&loaded, &names, Some(head), cards(round))],
                ),
            )
            .await;
        }
    };
    let reading = async {
        loop {
            let Loaded { head, cards, .. } = load(&store, "T1", &one, Needs::All).await;
            assert!(
                cards
                    .values()
                    .all(|(card, _)| card.reason.as_str() == head.title),
                "a mixture"
            );
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
    assert_eq!(load(&store, "T1", &one, Needs::All).await.cards.len(), 4);
}
