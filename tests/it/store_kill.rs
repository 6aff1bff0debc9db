//! The store, killed at any moment: what it had answered is there. What the whole program does then is in other stories.

#![expect(
    clippy::disallowed_methods,
    reason = "the child is this test again, told so by its environment; a test ends with its tasks"
)]

use interview_assistant::domain::access::Person;
use interview_assistant::domain::event::{AuditEntry, Audited, Fact, Post, Reply};
use interview_assistant::domain::ids::{DeliveryKey, LoopCode, QuestionId, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::{Head, Needs};
use interview_assistant::domain::scorecard::{Mark, Rating, Scorecard};
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{
    Base, Change, Commit, Committed, List, LoopChange, Revision, Store, Stretch,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Where the child finds its folder; without it this is not the child.
const FOLDER: &str = "STORE_KILL_FOLDER";
/// Which round it is, so that no two rounds write the same.
const ROUND: &str = "STORE_KILL_ROUND";
const ROUNDS: u32 = 10;
/// How many write at once.
const WRITERS: u32 = 16;

fn at() -> Timestamp {
    Timestamp::from_second(1_795_262_400).expect("a moment")
}

fn workspace() -> WorkspaceId {
    WorkspaceId::from("T1")
}

fn head(code: &LoopCode) -> Head {
    serde_json::from_value(serde_json::json!({
        "code": code, "kit": {"slug": "sample", "version": "0123456789ab"}, "title": "Sample", "candidate": "Jane Doe",
        "owner": "U9", "opened_by": "U9", "opened_at": at(), "channel": "C1", "public": false, "naming": "name",
        "named_panel": true, "panel": [],
    }))
    .expect("a head")
}

fn card(author: &UserId, clicks: u32) -> Scorecard {
    let mut card = Scorecard::new(author.clone(), at());
    for click in 0..clicks {
        card.marks.insert(
            QuestionId::from(format!("technical/{click}")),
            Mark::Rated(Rating::Good),
        );
    }
    card
}

fn commit(key: String, changes: Vec<Change>) -> Commit {
    Commit {
        workspace: workspace(),
        at: at(),
        delivery: Some((DeliveryKey::from(key), Reply::Nothing)),
        changes,
    }
}

/// One who opens a loop and clicks for ever, and says what was answered.
async fn click_for_ever(store: Arc<SledStore>, round: u32, writer: u32) {
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")
            .and_then(|()| out.flush())
            .expect("the parent listens");
    };
    let code = LoopCode::from_random(round * WRITERS + writer);
    let author = UserId::from(format!("U{writer}"));
    let head = head(&code);
    let opens = Change::Loop(Box::new(LoopChange {
        code: code.clone(),
        base: Base::Absent,
        head: Some(head.clone()),
        cards: Vec::new(),
        audit: Vec::new(),
    }));
    let key = format!("{code}/open");
    let owes = Change::Owe(Post::Loop(code.clone()));
    assert_eq!(
        store
            .commit(commit(key, vec![opens, owes]))
            .await
            .expect("written"),
        Committed::Done
    );
    say(format!("opened {code}"));
    for clicks in 1.. {
        let question = QuestionId::from(format!("technical/{}", clicks - 1));
        let rates = Change::Loop(Box::new(LoopChange {
            code: code.clone(),
            base: Base::Read {
                head: Revision(1),
                cards: [(author.clone(), Revision(u64::from(clicks) - 1))].into(),
                was: Box::new(head.clone()),
            },
            head: None,
            // A scorecard does not grow for ever: what is counted is its revision.
            cards: vec![card(&author, clicks.min(20))],
            audit: vec![AuditEntry {
                at: at(),
                actor: Some(author.clone()),
                what: Audited::Rated {
                    question,
                    from: None,
                    to: Mark::Rated(Rating::Good),
                },
            }],
        }));
        let key = format!("{code}/{clicks}");
        assert_eq!(
            store
                .commit(commit(key, vec![rates]))
                .await
                .expect("written"),
            Committed::Done
        );
        say(format!("clicked {code} {clicks}"));
    }
}

/// The process that is killed. In an ordinary run it is an empty test.
#[test]
fn store_kill_child() {
    let (Some(folder), Ok(round)) = (std::env::var_os(FOLDER), std::env::var(ROUND)) else {
        return;
    };
    let round = round.parse().expect("a number");
    let store = Arc::new(SledStore::open(Path::new(&folder)).expect("the store opens"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let tasks: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(click_for_ever(Arc::clone(&store), round, writer)))
            .collect();
        for task in tasks {
            task.await.expect("it goes on until it is killed");
        }
    });
}

/// Starts the child, kills it after a while, and says what it was answered: how many clicks of each loop.
fn killed_after(
    folder: &Path,
    round: u32,
    while_open: Option<Duration>,
) -> BTreeMap<LoopCode, u32> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["store_kill_child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
    let mut answered = BTreeMap::new();
    let mut note = |line: &str| {
        // The test's own lines may precede ours on the same one.
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [.., "opened", code] => drop(answered.insert(LoopCode::from(*code), 0)),
            [.., "clicked", code, clicks] => {
                // A line may be cut off in the middle: then it does not count.
                if let Ok(clicks) = clicks.parse() {
                    answered.insert(LoopCode::from(*code), clicks);
                }
            }
            _ => {}
        }
    };
    let delay = match while_open {
        // Aimed at the opening.
        Some(delay) => delay,
        None => {
            for line in lines.by_ref() {
                let line = line.expect("a line");
                note(&line);
                if line.contains("opened ") {
                    break;
                }
            }
            Duration::from_micros(rand::random_range(0..400_000))
        }
    };
    let pipe = std::thread::scope(|scope| {
        // The pipe is emptied meanwhile, so that the child never waits for us.
        let rest = scope.spawn(|| lines.map_while(Result::ok).collect::<Vec<String>>());
        std::thread::sleep(delay);
        child.kill().expect("it was running");
        child.wait().expect("it ended");
        rest.join().expect("read to the end")
    });
    let (last, whole) = pipe
        .split_last()
        .map_or((None, &[][..]), |(last, whole)| (Some(last), whole));
    whole.iter().for_each(|line| note(line));
    if let Some(last) =
        last.filter(|last| last.starts_with("opened ") && last.len() == "opened C-0000".len())
    {
        note(last);
    }
    answered
}

async fn check(store: &SledStore, answered: &BTreeMap<LoopCode, u32>) {
    for (code, clicks) in answered {
        let loaded = store
            .load(&workspace(), code, &Needs::All)
            .await
            .expect("read")
            .expect("the loop is there");
        assert_eq!(loaded.revision, Revision(1));
        let found = loaded
            .cards
            .values()
            .next()
            .map_or(0, |(_, revision)| revision.0);
        assert!(
            found >= u64::from(*clicks),
            "{code}: {clicks} clicks were answered, {found} are there"
        );
        for (author, (kept, revision)) in &loaded.cards {
            let clicks = u32::try_from(revision.0).expect("few clicks").min(20);
            assert_eq!(*kept, card(author, clicks), "a scorecard is whole");
        }
        // What was written beside it is there as well, and no more than that.
        let audit = store.audit(&workspace(), code).await.expect("read");
        assert_eq!(audit.len() as u64, found);
        let key = |number: u64| DeliveryKey::from(format!("{code}/{number}"));
        for number in 1..=found {
            assert!(
                store
                    .answered(&workspace(), &key(number), at())
                    .await
                    .expect("read")
                    .is_some()
            );
        }
        assert!(
            store
                .answered(&workspace(), &key(found + 1), at())
                .await
                .expect("read")
                .is_none()
        );
        let post = Post::Loop(code.clone());
        assert!(
            store
                .parcel(&workspace(), &post)
                .await
                .expect("read")
                .is_some(),
            "what is owed is still owed"
        );
        let within = List::In(head(code).channel);
        let listed = store
            .list(&workspace(), &within, Stretch::first(usize::MAX))
            .await
            .expect("read");
        assert!(listed.iter().any(|listed| listed.code == *code));
    }
}

#[test]
fn what_the_store_answered_survives_being_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let mut all = BTreeMap::new();
    let mut clicks = 0;
    for round in 0..ROUNDS {
        // Every third time it is killed once more, while it opens: a store that was killed has to recover.
        if round % 3 == 0 {
            let while_open = Duration::from_micros(rand::random_range(0..30_000));
            all.extend(killed_after(
                folder.path(),
                ROUNDS + round,
                Some(while_open),
            ));
        }
        let answered = killed_after(folder.path(), round, None);
        clicks += answered.values().sum::<u32>();
        let store = SledStore::open(folder.path()).expect("the store opens again");
        runtime.block_on(check(&store, &answered));
        // A store that was killed takes new work.
        let person = Person {
            guest: false,
            stranger: false,
            bot: false,
            deactivated: false,
            administrator: false,
            unknown: false,
            zone: None,
            likeness: None,
            told_at: at(),
        };
        let fact = Change::Fact(Fact::Person(UserId::from(format!("U{round}")), person));
        let end = runtime.block_on(store.commit(commit(format!("after {round}"), vec![fact])));
        assert_eq!(end.expect("written"), Committed::Done);
        all.extend(answered);
    }
    let store = SledStore::open(folder.path()).expect("the store opens again");
    runtime.block_on(check(&store, &all));
    assert!(clicks > 0, "the test wants to see some clicks");
    println!("{clicks} clicks were answered before {ROUNDS} kills");
}
