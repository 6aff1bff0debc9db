//! How many clicks a second are on disk: one person at a time, and many at once. A whole server under load is in `bench/`.

#![expect(clippy::disallowed_methods, reason = "each task is awaited")]

use divan::Bencher;
use divan::counter::ItemsCount;
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{AuditEntry, Audited, Post, Reply};
use interview_assistant::domain::ids::{DeliveryKey, LoopCode, QuestionId, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::{Head, Needs, Seat};
use interview_assistant::domain::scorecard::{Mark, Rating, Scorecard};
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Base, Change, Commit, Committed, LoopChange, Revision, Store};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// How many people click at once.
const TASKS: u32 = 64;
/// How often each of them clicks in one sample.
const CLICKS: u32 = 50;

fn at() -> Timestamp {
    Timestamp::from_second(1_795_262_400).expect("a moment")
}

fn head(code: &LoopCode, panel: u32) -> Head {
    let mut head: Head = serde_json::from_value(serde_json::json!({
        "code": code, "kit": {"slug": "sample", "version": "0123456789ab"}, "title": "Sample", "candidate": "Jane Doe",
        "owner": "U9", "opened_by": "U9", "opened_at": at(), "channel": "C1", "public": false, "naming": "name",
        "named_panel": true, "panel": [],
    }))
    .expect("a head");
    head.panel = (0..panel)
        .map(|number| Seat::new(UserId::from(format!("U{number}"))))
        .collect();
    head
}

/// A store with loops, and a runtime to use it from.
struct Bench {
    store: Arc<SledStore>,
    runtime: Runtime,
    keys: AtomicU64,
    _folder: tempfile::TempDir,
}

impl Bench {
    /// So many loops, each with a panel whose scorecards have so many marks, with notes of so many letters.
    fn new(loops: u32, panel: u32, marks: u32, note: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(SledStore::open(folder.path()).expect("the store opens"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let opened = (0..loops).map(|number| {
                let code = LoopCode::from_random(number);
                let cards = (0..panel).map(|user| {
                    let mut card = Scorecard::new(UserId::from(format!("U{user}")), at());
                    for mark in 0..marks {
                        let question = QuestionId::from(format!("technical/{mark}"));
                        card.marks
                            .insert(question.clone(), Mark::Rated(Rating::Good));
                        if note > 0 {
                            card.evidence.insert(question, Note::new(&"x".repeat(note)));
                        }
                    }
                    card
                });
                let change = LoopChange {
                    head: Some(head(&code, panel)),
                    code,
                    base: Base::Absent,
                    cards: cards.collect(),
                    audit: Vec::new(),
                };
                let commit = Commit {
                    workspace: WorkspaceId::from("T1"),
                    at: at(),
                    delivery: None,
                    changes: vec![Change::Loop(Box::new(change))],
                };
                store.commit(commit)
            });
            for one in futures_util::future::join_all(opened).await {
                assert_eq!(one.expect("written"), Committed::Done);
            }
        });
        Self {
            store,
            runtime,
            keys: AtomicU64::new(0),
            _folder: folder,
        }
    }

    /// One click, from reading to being on disk, as the application does it.
    async fn click(store: &SledStore, code: LoopCode, user: u32, key: u64) {
        let workspace = WorkspaceId::from("T1");
        let author = UserId::from(format!("U{user}"));
        let needs = Needs::Own(author.clone());
        let loaded = store
            .load(&workspace, &code, &needs)
            .await
            .expect("read")
            .expect("it is there");
        let (mut card, revision) = loaded
            .cards
            .into_values()
            .next()
            .unwrap_or_else(|| (Scorecard::new(author.clone(), at()), Revision(0)));
        let question = QuestionId::from(format!("technical/{}", key % 15));
        let mark = Mark::Rated(Rating::Excellent);
        let from = card.marks.insert(question.clone(), mark);
        let change = LoopChange {
            code: code.clone(),
            base: Base::Read {
                head: loaded.revision,
                cards: [(author.clone(), revision)].into(),
                was: Box::new(loaded.head),
            },
            head: None,
            cards: vec![card],
            audit: vec![AuditEntry {
                at: at(),
                actor: Some(author),
                what: Audited::Rated {
                    question,
                    from,
                    to: mark,
                },
            }],
        };
        let delivery =
            DeliveryKey::from(format!("1234567890.{key}.0123456789abcdef0123456789abcdef"));
        let commit = Commit {
            workspace,
            at: at(),
            delivery: Some((delivery, Reply::Nothing)),
            changes: vec![
                Change::Loop(Box::new(change)),
                Change::Owe(Post::Loop(code)),
            ],
        };
        assert_eq!(
            store.commit(commit).await.expect("written"),
            Committed::Done
        );
    }

    /// Sixty-four people, each with a scorecard of their own, spread over these loops.
    fn many(&self, loops: u32) {
        self.runtime.block_on(async {
            let tasks: Vec<_> = (0..TASKS)
                .map(|task| {
                    let store = Arc::clone(&self.store);
                    let key = self.keys.fetch_add(u64::from(CLICKS), Ordering::Relaxed);
                    tokio::spawn(async move {
                        for click in 0..CLICKS {
                            let code = LoopCode::from_random((task * 7919 + click * 31) % loops);
                            Self::click(&store, code, task, key + u64::from(click)).await;
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.expect("clicked");
            }
        });
    }
}

/// From 64 tasks at once, with few and many loops stored.
#[divan::bench(args = [10, 10_000], sample_count = 20, sample_size = 1)]
fn clicks_of_64(bencher: Bencher, loops: u32) {
    let bench = Bench::new(loops, 0, 0, 0);
    bencher
        .counter(ItemsCount::new(TASKS * CLICKS))
        .bench_local(|| bench.many(loops));
}

/// A person's wait: one click after the other.
#[divan::bench(sample_count = 200, sample_size = 10)]
fn one_at_a_time(bencher: Bencher) {
    let bench = Bench::new(10, 0, 0, 0);
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let key = bench.keys.fetch_add(1, Ordering::Relaxed);
        bench
            .runtime
            .block_on(Bench::click(&bench.store, LoopCode::from_random(1), 1, key));
    });
}

/// The same in a loop of twelve interviewers, 25 questions each, with notes of 500 letters.
#[divan::bench(sample_count = 200, sample_size = 10)]
fn one_at_a_time_in_a_full_loop(bencher: Bencher) {
    let bench = Bench::new(10, 12, 25, 500);
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let key = bench.keys.fetch_add(1, Ordering::Relaxed);
        bench
            .runtime
            .block_on(Bench::click(&bench.store, LoopCode::from_random(1), 1, key));
    });
}
