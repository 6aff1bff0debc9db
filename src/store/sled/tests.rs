//! The contract, kept by sled, and what concerns sled alone.

use super::*;
use crate::store::contract::{
    self, at, card, changes, code, done, head, load, opens, team, user, writes,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn open(folder: &TempDir) -> SledStore {
    SledStore::open(folder.path()).expect("the store opens")
}

macro_rules! promises {
    ($($name:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let folder = folder();
            contract::$name(async || open(&folder)).await;
        }
    )*};
}

contract::for_every_promise!(promises);

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]
    #[test]
    fn a_random_walk_ends_where_a_simple_model_does(steps in contract::steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let folder = folder();
        runtime.block_on(contract::a_random_walk_ends_where_a_simple_model_does(async || open(&folder), steps));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 16, failure_persistence: None, ..Default::default() })]
    #[test]
    fn stretches_join_without_gap_or_overlap(read in contract::stretches()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let folder = folder();
        runtime.block_on(contract::stretches_join_without_gap_or_overlap(async || open(&folder), read));
    }
}

#[tokio::test]
async fn loops_that_were_stored_before_there_were_lists_are_listed() {
    let folder = folder();
    let store = open(&folder);
    for number in 1..=3 {
        let opened = opens(head(&code(number), &["U1"], at(number.into())));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    store.close().await;
    drop(store);
    {
        // As an earlier version of the program left it.
        let tree = open_sled(folder.path(), WAITS).expect("sled opens");
        for entry in tree.scan_prefix([Kind::Listed as u8]) {
            let (key, _) = entry.expect("read");
            tree.remove(key).expect("removed");
        }
        tree.remove(keys::lists_kept()).expect("removed");
        tree.flush().expect("flushed");
    }
    let owed = crate::store::List::OwedBy(user("U1"));
    for _ in 0..2 {
        let store = open(&folder);
        let listed = contract::list(&store, owed.clone(), 9).await;
        assert_eq!(listed, [code(1), code(2), code(3)]);
        store.close().await;
    }
}

/// Loops of every phase: two open, one decided.
async fn of_all_kinds(store: &SledStore) {
    for number in 1..=3 {
        let opened = opens(head(&code(number), &["U1"], at(number.into())));
        done(store, writes("T1", 0, vec![opened])).await;
    }
    contract::change_head(store, &code(1), contract::decide).await;
}

#[tokio::test]
async fn loops_are_counted_as_they_move_and_on_across_a_restart() {
    let folder = folder();
    let store = open(&folder);
    of_all_kinds(&store).await;
    // What is refused moves nothing.
    let again = writes("T1", 0, vec![opens(head(&code(2), &["U1"], at(2)))]);
    contract::conflicts(&store, again).await;
    let kept = |store: &SledStore| Tally::kept_in(&store.shared.tree).expect("read");
    assert_eq!(kept(&store).0, [2, 0, 1, 0]);
    store.close().await;
    drop(store);
    {
        // As an earlier version of the program left it.
        let tree = open_sled(folder.path(), WAITS).expect("sled opens");
        tree.remove(keys::tally()).expect("removed");
        tree.flush().expect("flushed");
    }
    let store = open(&folder);
    assert_eq!(kept(&store).0, [2, 0, 1, 0]);
    contract::change_head(&store, &code(2), contract::decide).await;
    assert_eq!(kept(&store).0, [1, 0, 2, 0]);
}

#[test]
fn an_interrupted_opening_does_not_keep_the_next_one_out() {
    let folder = folder();
    drop(open(&folder));
    let unfinished = folder.path().join("snap.00.generating");
    std::fs::write(&unfinished, "half").expect("written");
    drop(open(&folder));
    assert!(!unfinished.exists());
}

#[tokio::test]
async fn a_log_that_was_damaged_is_not_opened_as_if_nothing_were_missing() {
    let folder = folder();
    let store = open(&folder);
    of_all_kinds(&store).await;
    store.close().await;
    drop(store);
    let log = folder.path().join("db");
    let mut bytes = std::fs::read(&log).expect("it is there");
    bytes[..4096].fill(0);
    std::fs::write(&log, bytes).expect("written");
    let opened = SledStore::open_within(folder.path(), Duration::from_millis(50));
    let Err(fault @ StoreFault::Open { .. }) = opened else {
        panic!("it opened");
    };
    let why = std::error::Error::source(&fault)
        .expect("a reason")
        .to_string();
    assert!(why.contains("its log was damaged"), "{why}");
    // Whoever says so goes on with what is left.
    std::fs::remove_file(folder.path().join("written")).expect("it is there");
    open(&folder).close().await;
}

#[test]
fn a_folder_has_one_store_at_a_time() {
    let folder = folder();
    let store = open(&folder);
    let second = SledStore::open_within(folder.path(), Duration::from_millis(50));
    assert!(matches!(second, Err(StoreFault::InUse { .. })));
    drop(store);
    open(&folder);
}

#[test]
fn what_is_no_folder_cannot_be_opened() {
    let folder = folder();
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    assert!(matches!(
        SledStore::open(&file),
        Err(StoreFault::Open { .. })
    ));
}

#[tokio::test]
async fn a_store_that_cannot_write_takes_no_more_work() {
    for write in [Write::Fail, Write::Panic] {
        let folder = folder();
        let store = open(&folder);
        done(
            &store,
            writes("T1", 0, vec![opens(head(&code(1), &[], at(0)))]),
        )
        .await;
        let unit = Unit {
            writes: vec![write],
            ..Unit::default()
        };
        assert!(matches!(
            store.write(unit).await,
            Err(StoreFault::Broken { .. })
        ));
        store.broken().await;
        assert!(matches!(store.works(), Err(StoreFault::Broken { .. })));
        let commit = writes("T1", 0, vec![opens(head(&code(2), &[], at(0)))]);
        assert!(matches!(
            store.commit(commit).await,
            Err(StoreFault::Broken { .. })
        ));
        store.close().await;
        drop(store);
        // What was answered before is there.
        load(
            &open(&folder),
            "T1",
            &code(1),
            crate::domain::interview_loop::Needs::Head,
        )
        .await;
    }
}

#[tokio::test]
async fn a_damaged_record_is_an_error_for_who_needs_it_and_for_nobody_else() {
    let folder = folder();
    let store = open(&folder);
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(1), &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &code(1), Needs::Head).await;
    let key = keys::head(&team("T1"), &code(1));
    store.shared.tree.insert(key, b"?").expect("damaged");
    assert!(matches!(
        store.load(&team("T1"), &code(1), &Needs::Head).await,
        Err(StoreFault::Damaged { .. })
    ));
    let commit = writes(
        "T1",
        0,
        vec![changes(&loaded, &["U1"], None, vec![card("U1", "one")])],
    );
    assert!(matches!(
        store.commit(commit).await,
        Err(StoreFault::Damaged { .. })
    ));
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(2), &[], at(0)))]),
    )
    .await;
}

#[tokio::test]
async fn records_too_large_for_the_log_are_kept_as_well() {
    let folder = folder();
    let store = open(&folder);
    // Without a pattern, so that it cannot be packed.
    let note = || -> String {
        std::iter::repeat_with(rand::random::<char>)
            .filter(|letter| letter.is_alphabetic())
            .take(crate::domain::candidate::LONGEST_NOTE)
            .collect()
    };
    let long = |name: &str| {
        let mut card = card(name, &note());
        let notes = (0..25).map(|number| {
            (
                crate::domain::ids::QuestionId::from(format!("technical/{number}")),
                crate::domain::candidate::Note::new(&note()),
            )
        });
        card.evidence = notes.collect();
        card
    };
    let names = ["UA", "UB", "UC", "UD", "UE", "UF", "UG", "UH", "UI", "UJ"];
    let cards = names.map(long).to_vec();
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(1), &names, at(0)))]),
    )
    .await;
    for _ in 0..12 {
        let loaded = load(&store, "T1", &code(1), Needs::All).await;
        done(
            &store,
            writes("T1", 0, vec![changes(&loaded, &names, None, cards.clone())]),
        )
        .await;
    }
    let large = std::fs::read_dir(folder.path().join("blobs"))
        .expect("sled's folder")
        .count();
    assert!(large > 0, "the test wants to see some");
    store.close().await;
    drop(store);
    let loaded = load(&open(&folder), "T1", &code(1), Needs::All).await;
    assert_eq!(Some(&loaded.cards[&user("UJ")].0), cards.last());
}

#[tokio::test]
async fn ids_of_any_length_are_told_apart() {
    let folder = folder();
    let store = open(&folder);
    for length in [0, 249, 250, 251, 255, 256, 70_000] {
        let id = UserId::from("x".repeat(length));
        let fact = |zone: String| {
            let person = Person {
                guest: false,
                stranger: false,
                bot: false,
                deactivated: false,
                administrator: false,
                unknown: false,
                zone: Some(zone),
                likeness: None,
                told_at: at(0),
            };
            crate::store::Change::Fact(crate::domain::event::Fact::Person(id.clone(), person))
        };
        assert!(
            store
                .person(&team("T1"), &id)
                .await
                .expect("read")
                .is_none(),
            "{length}"
        );
        done(&store, writes("T1", 0, vec![fact(length.to_string())])).await;
        let person = store
            .person(&team("T1"), &id)
            .await
            .expect("read")
            .expect("told");
        assert_eq!(person.zone, Some(length.to_string()));
    }
}
