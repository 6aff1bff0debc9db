//! What a Home tab costs: read and drawn, with ten loops stored, a thousand, a hundred thousand, some of them the viewer's or all of them. Each line it shows is read; what it does not show is not.

use divan::Bencher;
use interview_assistant::app::App;
use interview_assistant::app::home::HomeScene;
use interview_assistant::clock::Clock;
use interview_assistant::domain::access::Person;
use interview_assistant::domain::event::{Fact, HomePages};
use interview_assistant::domain::ids::{KitVersion, LoopCode, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::Head;
use interview_assistant::slack::screens;
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Base, Change, Commit, Committed, LoopChange, Store};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// How many of the loops are the viewer's, where not all are.
const SOME: u32 = 90;

fn at(second: u32) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + i64::from(second)).expect("a moment")
}

/// One loop in three is open and waits for a scorecard, one is revealed, one is decided; in the first of `mine` the viewer is
/// owner and interviewer.
fn head(number: u32, mine: u32, version: &KitVersion) -> Head {
    let by = serde_json::json!({"at": at(number), "by": "U9", "verdict": "hire", "reason": "Yes.", "snapshot": []});
    let viewer = if number < mine { "U1" } else { "U2" };
    serde_json::from_value(serde_json::json!({
        "code": LoopCode::from_random(number), "kit": {"slug": "senior-backend", "version": version},
        "title": "Senior Backend Developer", "candidate": format!("Candidate {number}"), "owner": viewer, "opened_by": viewer,
        "opened_at": at(number), "channel": "C1", "public": false, "naming": "name", "named_panel": true,
        "panel": [{"user": viewer}, {"user": "U3"}, {"user": "U4"}],
        "reveal": ([1, 2].contains(&(number % 3))).then_some(&by), "decision": (number % 3 == 2).then_some(&by),
        "messages": {"post": format!("17952{number:05}.000100")},
    }))
    .expect("a head")
}

/// An application on a store with so many loops, of which the first are the viewer's.
fn app(loops: u32, mine: u32) -> (App, Runtime, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SledStore::open(folder.path()).expect("the store opens"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    let app = runtime.block_on(async {
        let shared = Arc::clone(&store) as Arc<dyn Store>;
        let app = App::start(shared, Clock::held(at(loops)), None, Vec::new()).await;
        let app = app.expect("the application starts");
        let shelves = store.shelves(None).await.expect("they can be read");
        let mut shelves = shelves.into_iter().map(|shelved| shelved.shelf);
        let shelf = shelves.find(|shelf| shelf.slug.as_str() == "senior-backend");
        let version = shelf.expect("it is served").latest().version.clone();
        let opened = (0..loops).map(|number| {
            let head = head(number, mine, &version);
            let change = LoopChange {
                code: head.code.clone(),
                base: Base::Absent,
                head: Some(head),
                cards: Vec::new(),
                audit: Vec::new(),
            };
            store.commit(Commit {
                workspace: WorkspaceId::from("T1"),
                at: at(number),
                delivery: None,
                changes: vec![Change::Loop(Box::new(change))],
            })
        });
        for one in futures_util::future::join_all(opened).await {
            assert_eq!(one.expect("written"), Committed::Done);
        }
        let person = Person {
            guest: false,
            stranger: false,
            bot: false,
            deactivated: false,
            administrator: true,
            unknown: false,
            zone: Some("Europe/Berlin".to_owned()),
            likeness: None,
            told_at: at(loops),
        };
        let fact = Fact::Person(UserId::from("U1"), person);
        app.learn(&WorkspaceId::from("T1"), fact)
            .await
            .expect("it is kept");
        app
    });
    (app, runtime, folder)
}

fn draw(bencher: Bencher, loops: u32, mine: u32) {
    let (app, runtime, _folder) = app(loops, mine);
    let (workspace, user) = (WorkspaceId::from("T1"), UserId::from("U1"));
    let site = "https://northwind.slack.com/".parse().expect("an address");
    bencher.bench_local(|| {
        let read = runtime.block_on(app.home(&workspace, &user, &HomePages::default(), true));
        let Ok(Some(scene @ HomeScene::Shown(_))) = read else {
            panic!("it is shown: {read:?}");
        };
        serde_json::to_string(&screens::home(&scene, Some(&site))).expect("a view is JSON")
    });
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn some_are_mine(bencher: Bencher, loops: u32) {
    draw(bencher, loops, SOME.min(loops));
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn all_are_mine(bencher: Bencher, loops: u32) {
    draw(bencher, loops, loops);
}
