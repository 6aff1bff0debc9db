//! Nothing crosses workspaces: two of them, with the same people, channels, loops, messages and deliveries, driven through random deeds on one
//! application, are what each of them is when it is driven alone.

use interview_assistant::app::{App, AppOptions, Viewer};
use interview_assistant::clock::Clock;
use interview_assistant::domain::access::{Person, Place};
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::digest::DigestDeed;
use interview_assistant::domain::event::{
    Deed, Delivery, Fact, Goal, HomePages, PostResult, Request, Screen, Submission,
};
use interview_assistant::domain::ids::{
    ChannelId, DeliveryKey, KitSlug, LoopCode, MessageTs, QuestionId, UserId, WorkspaceId,
};
use interview_assistant::domain::interview_loop::{Head, Seat, Verdict};
use interview_assistant::domain::kit::KitRef;
use interview_assistant::domain::reminders::Later;
use interview_assistant::domain::scorecard::{Mark, Rating, Recommendation};
use interview_assistant::domain::settings::{FilledIn, NamingRule, Openers, RevealRule, Setting};
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Base, Change, Commit, Committed, LoopChange, Store};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const WORKSPACES: [&str; 2] = ["T1", "T2"];
const PEOPLE: [&str; 4] = ["U0RITA", "U0ADA", "U0BEN", "U0CAT"];
const CODES: [&str; 2] = ["C-7F3Q", "C-8G4R"];
const CHANNELS: [&str; 2] = ["C0ONE", "C0TWO"];

/// What one person does, in one of the two.
#[derive(Clone, Debug)]
struct Act {
    workspace: usize,
    who: usize,
    code: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Rate(usize, usize),
    Write(usize),
    Submit(usize),
    Reveal,
    Decide(usize),
    Rename(usize),
    HandOver(usize),
    Panel(Vec<usize>),
    Recuse,
    Nudge,
    Withdraw,
    Reopen,
    Move(usize),
    Digest(bool),
    Reminders(bool),
    Settings(bool),
    RemindLater,
    Reach,
    Look(usize),
    /// Slack has taken what is owed.
    Sent,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let few = || 0_usize..4;
    let what = prop_oneof![
        6 => (few(), few()).prop_map(|(question, rating)| What::Rate(question, rating)),
        2 => few().prop_map(What::Write),
        4 => few().prop_map(What::Submit),
        2 => Just(What::Reveal),
        2 => (0_usize..3).prop_map(What::Decide),
        1 => few().prop_map(What::Rename),
        1 => few().prop_map(What::HandOver),
        1 => proptest::collection::vec(few(), 1..4).prop_map(What::Panel),
        1 => Just(What::Recuse),
        1 => Just(What::Nudge),
        1 => Just(What::Withdraw),
        2 => Just(What::Reopen),
        1 => (0_usize..2).prop_map(What::Move),
        1 => any::<bool>().prop_map(What::Digest),
        1 => any::<bool>().prop_map(What::Reminders),
        1 => any::<bool>().prop_map(What::Settings),
        1 => Just(What::RemindLater),
        1 => Just(What::Reach),
        4 => (0_usize..8).prop_map(What::Look),
        2 => Just(What::Sent),
    ];
    let act = (0_usize..2, few(), 0_usize..2, what);
    let act = act.prop_map(|(workspace, who, code, what)| Act {
        workspace,
        who,
        code,
        what,
    });
    proptest::collection::vec(act, 1..40)
}

/// An application on a store of its own.
struct Driven {
    app: App,
    store: Arc<dyn Store>,
    clock: Clock,
    folder: tempfile::TempDir,
    questions: Vec<QuestionId>,
}

fn user(number: usize) -> UserId {
    UserId::from(PEOPLE[number])
}

fn beginning() -> Timestamp {
    Timestamp::from_second(1_795_262_400).expect("a moment")
}

impl Driven {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SledStore::open(folder.path()).expect("the store opens");
        let store: Arc<dyn Store> = Arc::new(store);
        let clock = Clock::held(beginning());
        let app = App::start(Arc::clone(&store), clock.clone(), AppOptions::default()).await;
        let app = app.expect("it starts");
        let shelves = store.shelves(None).await.expect("read");
        let slug = KitSlug::from("senior-backend");
        let shelf = shelves.into_iter().find(|it| it.shelf.slug == slug);
        let version = shelf.expect("it is served").shelf.latest().version.clone();
        let kit = store
            .kit(&version)
            .await
            .expect("read")
            .expect("it is there");
        let questions = kit
            .questions
            .iter()
            .map(|it| it.id.clone())
            .take(4)
            .collect();
        let kit = KitRef { slug, version };
        let driven = Self {
            app,
            store,
            clock,
            folder,
            questions,
        };
        for workspace in WORKSPACES {
            driven.furnish(&WorkspaceId::from(workspace), &kit).await;
        }
        driven
    }

    /// The same in every workspace, ids and all.
    async fn furnish(&self, workspace: &WorkspaceId, kit: &KitRef) {
        for (number, id) in PEOPLE.into_iter().enumerate() {
            let person = Person {
                guest: false,
                stranger: false,
                bot: false,
                deactivated: false,
                administrator: number == 3,
                unknown: false,
                zone: Some("Europe/Berlin".to_owned()),
                likeness: None,
                told_at: beginning(),
            };
            let fact = Fact::Person(UserId::from(id), person);
            self.app.learn(workspace, fact).await.expect("it is kept");
        }
        for channel in CHANNELS {
            let place = Place {
                direct: false,
                private: true,
                shared: false,
                archived: false,
                bot_is_member: true,
                told_at: beginning(),
            };
            let fact = Fact::Place(ChannelId::from(channel), place);
            self.app.learn(workspace, fact).await.expect("it is kept");
        }
        for (number, code) in CODES.into_iter().enumerate() {
            let mut head: Head = serde_json::from_value(json!({
                "code": code, "kit": kit, "title": "Senior Backend Developer",
                // What they are called tells which workspace something comes from.
                "candidate": format!("Candidate of {workspace}"), "owner": PEOPLE[0], "opened_by": PEOPLE[0],
                "opened_at": beginning(), "channel": CHANNELS[0], "public": false, "naming": "name",
                "named_panel": true, "panel": [],
            }))
            .expect("a head");
            head.panel = [1, 2].map(|it| Seat::new(user(it))).into();
            head.messages.post = Some(MessageTs::from(format!("1.{number}")));
            let change = LoopChange {
                code: LoopCode::from(code),
                base: Base::Absent,
                head: Some(head),
                cards: Vec::new(),
                audit: Vec::new(),
            };
            let commit = Commit {
                workspace: workspace.clone(),
                at: beginning(),
                delivery: None,
                changes: vec![Change::Loop(Box::new(change))],
            };
            let committed = self.store.commit(commit).await.expect("it can be written");
            assert_eq!(committed, Committed::Done);
        }
    }

    fn request(&self, act: &Act, settings: u64) -> Request {
        let code = LoopCode::from(CODES[act.code]);
        let note = |number: &usize| Note::new(&format!("words {number}"));
        let deed = match &act.what {
            What::Rate(question, rating) => Deed::Rate {
                question: self.questions[*question].clone(),
                mark: Mark::Rated(
                    [Rating::Poor, Rating::Mixed, Rating::Good, Rating::Excellent][*rating],
                ),
                clicked: None,
            },
            What::Write(question) => Deed::Write {
                question: self.questions[*question].clone(),
                note: note(question),
            },
            What::Submit(number) => Deed::Submit(Box::new(Submission {
                recommendation: Some(Recommendation::Yes),
                reason: note(number),
                beside_the_kit: Note::default(),
                evidence: (self.questions.iter())
                    .map(|it| (it.clone(), note(number)))
                    .collect(),
                rest_not_asked: true,
            })),
            What::Reveal => Deed::Reveal,
            What::Decide(which) => Deed::Decide {
                verdict: [Verdict::Hire, Verdict::Hold, Verdict::Reject][*which],
                reason: note(which),
            },
            What::Rename(number) => Deed::Rename {
                name: Note::new(&format!("Person {number} of {}", WORKSPACES[act.workspace])),
                note: Note::default(),
            },
            What::HandOver(to) => Deed::HandOver { to: user(*to) },
            What::Panel(users) => Deed::SetPanel {
                users: users.iter().map(|it| user(*it)).collect(),
                shadows: Vec::new(),
                observers: Vec::new(),
                namesakes: Vec::new(),
                anyway: true,
            },
            What::Recuse => Deed::Recuse,
            What::Nudge => Deed::Nudge,
            What::Withdraw => Deed::Withdraw {
                reason: Note::new("elsewhere"),
            },
            What::Reopen => Deed::Reopen,
            What::Move(to) => Deed::Move {
                channel: ChannelId::from(CHANNELS[*to]),
                public: false,
            },
            What::Digest(true) => {
                return Request::Digest(DigestDeed::Type(Note::new("09:00 weekdays")));
            }
            What::Digest(false) => return Request::Digest(DigestDeed::Off(None)),
            What::Reminders(on) => return Request::Set(Setting::Reminders(*on)),
            What::Settings(by_the_owner) => {
                return Request::Set(Setting::Workspace(FilledIn {
                    drawn_from: settings,
                    begins: "08:00".to_owned(),
                    ends: "17:00".to_owned(),
                    days: vec!["mon".to_owned()],
                    reveal: if *by_the_owner {
                        RevealRule::ByTheOwner
                    } else {
                        RevealRule::default()
                    },
                    naming: NamingRule::Initials,
                    openers: Openers::Everybody,
                    retention: None,
                }));
            }
            What::RemindLater => return Request::RemindLater(Later::TwoHours),
            What::Reach | What::Look(_) | What::Sent => {
                return Request::Reach {
                    root: MessageTs::from(format!("1.{}", act.code)),
                    goal: Goal::Show,
                };
            }
        };
        Request::Loop { code, deed }
    }

    fn screen(act: &Act, which: usize) -> Screen {
        let code = LoopCode::from(CODES[act.code]);
        match which {
            0 => Screen::Mine,
            1 => Screen::List,
            2 => Screen::Debrief(code),
            3 => Screen::Progress(code),
            4 => Screen::More(code),
            5 => Screen::Digest,
            6 => Screen::ByQuestion(code),
            _ => Screen::Loop(code),
        }
    }

    /// Does one act, and tells in words what came of it.
    async fn does(&self, act: &Act, number: usize, settings: u64) -> String {
        let workspace = WorkspaceId::from(WORKSPACES[act.workspace]);
        let place = Some(ChannelId::from(CHANNELS[0]));
        match &act.what {
            What::Look(7) => {
                let pages = HomePages::default();
                let who = user(act.who);
                let home = self.app.home(&workspace, &who, &pages, false);
                format!("{:?}", home.await.expect("nothing breaks"))
            }
            What::Look(which) => {
                let viewer = Viewer {
                    workspace,
                    user: user(act.who),
                    place,
                };
                let seen = self.app.look(&viewer, &Self::screen(act, *which)).await;
                format!("{:?}", seen.expect("nothing breaks"))
            }
            What::Sent => self.sends(&workspace).await,
            _ => {
                let delivery = Delivery {
                    // The same in both.
                    key: DeliveryKey::from(format!("delivery-{number}")),
                    workspace,
                    actor: user(act.who),
                    place,
                    request: self.request(act, settings),
                    route: String::new(),
                };
                let answer = self.app.accept(delivery).await;
                format!("{:?}", answer.expect("nothing breaks"))
            }
        }
    }

    /// Slack has taken what is owed in a workspace: the same message in both.
    async fn sends(&self, workspace: &WorkspaceId) -> String {
        let mut told = Vec::new();
        let mut parcels = self.app.parcels().await.expect("read");
        parcels.retain(|it| it.workspace == *workspace);
        parcels.sort_by(|one, other| one.post.cmp(&other.post));
        for parcel in parcels {
            let due = self.app.due(workspace, &parcel.post).await;
            told.push(format!("{:?} {:?}", parcel.post, due.expect("read")));
            let result = PostResult::Standing {
                channel: ChannelId::from(CHANNELS[0]),
                ts: MessageTs::from(format!("2.{}", told.len())),
            };
            let observed = self.app.observe(&parcel, &result).await;
            observed.expect("it is kept");
        }
        told.join("\n")
    }

    /// Everything a workspace has in the store, but for what is counted through all of them.
    async fn kept_of(&self, workspace: &str) -> Vec<String> {
        let file = self.folder.path().join(format!("{workspace}.zst"));
        self.app.back_up(&file).await.expect("it is written");
        let packed = std::fs::File::open(&file).expect("it is there");
        let text = zstd::decode_all(packed).expect("it is whole");
        let text = String::from_utf8(text).expect("text");
        let of_it = format!("\\x02{workspace}");
        let mut kept = Vec::new();
        for line in text.lines() {
            let mut record: Value = serde_json::from_str(line).expect("JSON");
            let key = record["key"].as_str().unwrap_or_default().to_owned();
            if !key.contains(&of_it) {
                continue;
            }
            match record["kind"].as_str().unwrap_or_default() {
                // Its key ends with a place that all take from one row.
                "audit" => record["key"] = Value::Null,
                // Its number is a stamp that is later than any before.
                "parcel" => record["number"] = Value::Null,
                _ => {}
            }
            kept.push(record.to_string());
        }
        kept
    }

    async fn ends(self) {
        self.store.close().await;
    }
}

/// Drives some of the acts; each takes place at its own moment and with its own number, whether or not there are others.
async fn drive(acts: &[Act], only: Option<usize>) -> [(Vec<String>, Vec<String>); 2] {
    let driven = Driven::start().await;
    let mut came = [Vec::new(), Vec::new()];
    // How often each workspace's settings were written; and how many deliveries it had.
    let (mut numbers, mut settings) = ([0_usize; 2], [0_u64; 2]);
    for act in acts {
        driven.clock.advance(Duration::from_secs(20));
        let there = act.workspace;
        if only.is_some_and(|only| only != there) {
            continue;
        }
        let was = driven.does(act, numbers[there], settings[there]).await;
        numbers[there] += 1;
        if let What::Settings(_) = act.what
            && !was.contains("Refused")
        {
            settings[there] += 1;
        }
        came[there].push(was);
    }
    let [first, second] = came;
    let ended = [
        (first, driven.kept_of(WORKSPACES[0]).await),
        (second, driven.kept_of(WORKSPACES[1]).await),
    ];
    driven.ends().await;
    ended
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_workspace_is_what_it_is_alone(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (both, first, second) = runtime.block_on(async {
            (drive(&acts, None).await, drive(&acts, Some(0)).await, drive(&acts, Some(1)).await)
        });
        let alone = [&first[0], &second[1]];
        for (number, alone) in alone.into_iter().enumerate() {
            prop_assert_eq!(&both[number].0, &alone.0, "what was answered in {}", WORKSPACES[number]);
            prop_assert_eq!(&both[number].1, &alone.1, "what is kept of {}", WORKSPACES[number]);
            let other = format!("of {}", WORKSPACES[1 - number]);
            let names = both[number].0.iter().chain(&both[number].1).any(|it| it.contains(&other));
            prop_assert!(!names, "somebody {other} is named in {}", WORKSPACES[number]);
        }
    }
}
