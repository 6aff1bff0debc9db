//! What a digest costs: read and drawn, with ten loops stored, a thousand, a hundred thousand. Each line it shows is read; what it does not show is not.

mod filled;

use divan::Bencher;
use interview_assistant::app::scene::Due;
use interview_assistant::app::{App, AppOptions};
use interview_assistant::clock::Clock;
use interview_assistant::domain::event::Post;
use interview_assistant::domain::ids::{ChannelId, DeliveryKey, LoopCode};
use interview_assistant::domain::interview_loop::Head;
use interview_assistant::slack::screens;
use interview_assistant::store::sled::SledStore;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// How often it is read before it is measured: the first times after a start, the store fetches its pages from disk.
const BEFORE: u32 = 100;

fn at(second: u32) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + i64::from(second)).expect("a moment")
}

/// One loop in three is open, one is revealed, one is decided.
fn head(number: u32) -> Head {
    let by = serde_json::json!({"at": at(number), "by": "U9", "verdict": "hire", "reason": "Yes.", "snapshot": []});
    serde_json::from_value(serde_json::json!({
        "code": LoopCode::from_random(number), "kit": {"slug": format!("role-{}", number % 5), "version": "0123456789ab"},
        "title": "Sample", "candidate": format!("Candidate {number}"), "owner": "U9", "opened_by": "U9",
        "opened_at": at(number), "channel": "C1", "public": false, "naming": "name", "named_panel": true,
        "panel": [{"user": "U1"}, {"user": "U2"}, {"user": "U3"}],
        "reveal": ([1, 2].contains(&(number % 3))).then_some(&by), "decision": (number % 3 == 2).then_some(&by),
    }))
    .expect("a head")
}

/// An application on a store with so many loops in one channel.
fn app(loops: u32) -> (App, Runtime, tempfile::TempDir) {
    let (folder, runtime) = (tempfile::tempdir().expect("a folder"), filled::runtime());
    filled::fill(&runtime, folder.path(), (0..loops).map(head));
    let store = Arc::new(SledStore::open(folder.path()).expect("the store opens"));
    let app = App::start(store, Clock::held(at(loops)), AppOptions::default());
    let app = runtime.block_on(app).expect("the application starts");
    (app, runtime, folder)
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn read_and_draw(bencher: Bencher, loops: u32) {
    let (app, runtime, _folder) = app(loops);
    let workspace = filled::workspace();
    let post = Post::DigestNow {
        channel: ChannelId::from("C1"),
        key: DeliveryKey::from("K1"),
    };
    let read_and_drawn = || {
        let due = runtime.block_on(app.due(&workspace, &post));
        let Ok(Due::Send(addressed)) = due else {
            panic!("it is due: {due:?}");
        };
        screens::draw_post(&addressed.scene)
    };
    for _ in 0..BEFORE {
        read_and_drawn();
    }
    bencher.bench_local(read_and_drawn);
}
