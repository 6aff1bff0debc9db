//! What a Home tab costs: read and drawn, with ten loops stored, a thousand, a hundred thousand, some of them the viewer's or all of them. Each line it shows is read; what it does not show is not.

mod filled;

use divan::Bencher;
use interview_assistant::app::home::HomeScene;
use interview_assistant::app::{App, AppOptions};
use interview_assistant::clock::Clock;
use interview_assistant::domain::access::Person;
use interview_assistant::domain::event::{Fact, HomePages};
use interview_assistant::domain::ids::{KitVersion, LoopCode, UserId};
use interview_assistant::domain::interview_loop::Head;
use interview_assistant::slack::screens;
use interview_assistant::store::Store;
use interview_assistant::store::sled::SledStore;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// How many of the loops are the viewer's, where not all are.
const SOME: u32 = 90;

/// How often it is read before it is measured: the first times after a start, the store fetches its pages from disk.
const BEFORE: u32 = 100;

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
    let (folder, runtime) = (tempfile::tempdir().expect("a folder"), filled::runtime());
    let start = || async {
        let store = Arc::new(SledStore::open(folder.path()).expect("the store opens"));
        let shared = Arc::clone(&store) as Arc<dyn Store>;
        let app = App::start(shared, Clock::held(at(loops)), AppOptions::default()).await;
        (app.expect("the application starts"), store)
    };
    let version = runtime.block_on(async {
        let (_app, store) = start().await;
        let shelves = store.shelves(None).await.expect("they can be read");
        let mut shelves = shelves.into_iter().map(|shelved| shelved.shelf);
        let shelf = shelves.find(|shelf| shelf.slug.as_str() == "senior-backend");
        shelf.expect("it is served").latest().version.clone()
    });
    let heads = (0..loops).map(|number| head(number, mine, &version));
    filled::fill(&runtime, folder.path(), heads);
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
    let app = runtime.block_on(async {
        let (app, _) = start().await;
        let learnt = app.learn(&filled::workspace(), fact).await;
        learnt.expect("it is kept");
        app
    });
    (app, runtime, folder)
}

fn draw(bencher: Bencher, loops: u32, mine: u32) {
    let (app, runtime, _folder) = app(loops, mine);
    let (workspace, user) = (filled::workspace(), UserId::from("U1"));
    let site = "https://northwind.slack.com/".parse().expect("an address");
    let read_and_drawn = || {
        let read = runtime.block_on(app.home(&workspace, &user, &HomePages::default(), true));
        let Ok(Some(scene @ HomeScene::Shown(_))) = read else {
            panic!("it is shown: {read:?}");
        };
        serde_json::to_string(&screens::home(&scene, Some(&site))).expect("a view is JSON")
    };
    for _ in 0..BEFORE {
        read_and_drawn();
    }
    bencher.bench_local(read_and_drawn);
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn some_are_mine(bencher: Bencher, loops: u32) {
    draw(bencher, loops, SOME.min(loops));
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn all_are_mine(bencher: Bencher, loops: u32) {
    draw(bencher, loops, loops);
}
