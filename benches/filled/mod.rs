//! A store that holds so many loops, closed after it was filled: what is measured begins as after a restart, with nothing of the filling left in memory.

use interview_assistant::domain::ids::WorkspaceId;
use interview_assistant::domain::interview_loop::Head;
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Base, Change, Commit, Committed, LoopChange, Store};
use std::path::Path;
use tokio::runtime::Runtime;

/// Whose loops they are.
pub fn workspace() -> WorkspaceId {
    WorkspaceId::from("T1")
}

/// A runtime of two threads.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Puts loops into the store in a folder.
pub fn fill(runtime: &Runtime, folder: &Path, heads: impl Iterator<Item = Head>) {
    let store = SledStore::open(folder).expect("the store opens");
    let opened = heads.map(|head| {
        let at = head.opened_at;
        let change = LoopChange {
            code: head.code.clone(),
            base: Base::Absent,
            head: Some(head),
            cards: Vec::new(),
            audit: Vec::new(),
        };
        store.commit(Commit {
            workspace: workspace(),
            at,
            delivery: None,
            changes: vec![Change::Loop(Box::new(change))],
        })
    });
    for one in runtime.block_on(futures_util::future::join_all(opened)) {
        assert_eq!(one.expect("written"), Committed::Done);
    }
}
