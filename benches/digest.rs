//! What a digest costs: read and drawn, with ten loops stored, a thousand, a hundred thousand. Each line it shows is read; what it does not show is not.

use divan::Bencher;
use interview_assistant::app::App;
use interview_assistant::app::scene::Due;
use interview_assistant::clock::Clock;
use interview_assistant::domain::event::Post;
use interview_assistant::domain::ids::{ChannelId, DeliveryKey, LoopCode, WorkspaceId};
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
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SledStore::open(folder.path()).expect("the store opens"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    let app = runtime.block_on(async {
        let opened = (0..loops).map(|number| {
            let head = head(number);
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
        let store = Arc::clone(&store) as Arc<dyn Store>;
        let app = App::start(store, Clock::held(at(loops)), None, Vec::new()).await;
        app.expect("the application starts")
    });
    (app, runtime, folder)
}

#[divan::bench(args = [10, 1_000, 100_000], sample_count = 50)]
fn read_and_draw(bencher: Bencher, loops: u32) {
    let (app, runtime, _folder) = app(loops);
    let workspace = WorkspaceId::from("T1");
    let post = Post::DigestNow {
        channel: ChannelId::from("C1"),
        key: DeliveryKey::from("K1"),
    };
    bencher.bench_local(|| {
        let due = runtime.block_on(app.due(&workspace, &post));
        let Ok(Due::Send(addressed)) = due else {
            panic!("it is due: {due:?}");
        };
        screens::draw_post(&addressed.scene)
    });
}
