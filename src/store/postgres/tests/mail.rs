//! Whose mail is whose, among several processes on one database: claimed, kept, left, taken over, and what is written too late.

use super::*;
use crate::store::{Change, Held, Holding, Lease, Peers as _, Word};
use futures_util::future::join_all;
use std::collections::BTreeSet;

type Leases = BTreeMap<WorkspaceId, Lease>;

fn leases(held: Held) -> Leases {
    let Holding::These(leases) = held.holding else {
        panic!("a database is shared");
    };
    leases
}

async fn holds(store: &PostgresStore) -> Leases {
    leases(store.hold_mail().await.expect("answered"))
}

/// Asks until it has so much.
async fn holds_at_last(store: &PostgresStore, count: usize) -> Leases {
    let began = Instant::now();
    loop {
        let leases = holds(store).await;
        if leases.len() == count {
            return leases;
        }
        assert!(began.elapsed() < Duration::from_mins(2), "{leases:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn owes(workspace: &str, number: u32) -> Commit {
    writes(workspace, 0, vec![Change::Owe(Post::Loop(code(number)))])
}

/// A database with mail of one workspace, and its parcel.
async fn with_mail(store: &PostgresStore) -> Parcel {
    done(store, owes("T1", 1)).await;
    let parcel = store.parcel(&team("T1"), &Post::Loop(code(1))).await;
    parcel.expect("read").expect("owed")
}

#[tokio::test]
async fn one_process_handles_a_workspaces_mail_and_who_leaves_leaves_it_to_another() {
    let Some(database) = Database::new() else {
        return;
    };
    let (first, second) = (database.open().await, database.open().await);
    assert_eq!(holds(&first).await, Leases::new());
    with_mail(&first).await;
    assert_eq!(holds(&first).await, [(team("T1"), Lease(1))].into());
    assert_eq!(holds(&second).await, Leases::new());
    assert_eq!(holds(&first).await, [(team("T1"), Lease(1))].into());
    assert_eq!((first.processes(), second.processes()), (2, 2));
    first.close().await;
    // It is told so, and need not wait for the end of a lease.
    assert!(second.hear().await.contains(&Word::Free));
    assert_eq!(holds(&second).await, [(team("T1"), Lease(2))].into());
    assert_eq!(second.processes(), 1);
    second.close().await;
}

#[tokio::test]
async fn a_delivery_that_waits_is_mail_as_well() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let waits = Change::Wait(Box::new(contract::delivery("T3", "K1")));
    done(&store, writes("T3", 0, vec![waits])).await;
    assert_eq!(holds(&store).await, [(team("T3"), Lease(1))].into());
    let found = store.waiting_in(&team("T3")).await.expect("read");
    assert_eq!(found, [contract::delivery("T3", "K1")]);
    assert_eq!(store.waiting_in(&team("T")).await.expect("read"), []);
    store.close().await;
}

#[tokio::test]
async fn what_was_owed_before_there_were_leases_is_found() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    with_mail(&store).await;
    database.does("delete from interview_assistant.mail");
    database.does("select interview_assistant.find_mail()");
    assert_eq!(holds(&store).await, [(team("T1"), Lease(1))].into());
    store.close().await;
}

#[tokio::test]
async fn who_died_or_slept_loses_its_mail_and_writes_nothing_under_its_old_lease() {
    let Some(database) = Database::new() else {
        return;
    };
    let (first, second) = (database.open().await, database.open().await);
    let mut parcel = with_mail(&first).await;
    parcel.lease = holds_at_last(&first, 1).await.get(&team("T1")).copied();
    done(&first, writes("T1", 1, vec![parcel.attempted("A1")])).await;

    // It sleeps for longer than its lease lasts.
    database.does("update interview_assistant.process set until = now() - interval '1 second'");
    let taken = holds_at_last(&second, 1).await;
    assert_eq!(taken, [(team("T1"), Lease(2))].into());
    for late in [parcel.attempted("A2"), parcel.settled()] {
        let refused = first.commit(writes("T1", 2, vec![late])).await;
        assert!(matches!(refused, Err(StoreFault::LeaseLost)), "{refused:?}");
    }
    let read = async || {
        let parcel = second.parcel(&team("T1"), &Post::Loop(code(1))).await;
        parcel.expect("read")
    };
    let found = read().await.expect("it is owed still");
    assert_eq!(found.attempt.as_deref(), Some("A1"));
    assert_eq!(holds(&first).await, Leases::new());

    // What needs no lease is written by anybody, and the one who has it settles.
    done(&first, owes("T1", 2)).await;
    parcel.lease = Some(Lease(2));
    done(&second, writes("T1", 3, vec![parcel.settled()])).await;
    assert_eq!(read().await, None);

    // It dies: its connections end, and nobody says goodbye.
    drop(second);
    assert_eq!(
        holds_at_last(&first, 1).await,
        [(team("T1"), Lease(3))].into()
    );
    first.close().await;
}

#[tokio::test]
async fn who_lost_its_connection_and_is_back_keeps_its_mail() {
    let Some(database) = Database::new() else {
        return;
    };
    let (first, second) = (database.open().await, database.open().await);
    with_mail(&first).await;
    let before = holds(&first).await;
    let mut returned = first.returned();
    returned.mark_unchanged();
    let me = first.mail.me;
    let (class, object) = ((me >> 32) & 0xffff_ffff, me & 0xffff_ffff);
    database.does(&format!(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = {class} and objid = {object}"
    ));
    returned.changed().await.expect("it is kept");
    assert_eq!(holds(&first).await, before);
    let held = second.hold_mail().await.expect("answered");
    assert!(!held.soon, "nobody seems to be gone");
    assert_eq!(leases(held), Leases::new());
    assert!(first.hear().await.contains(&Word::LookEverywhere));
    first.close().await;
    second.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workspaces_spread_over_the_processes_and_none_is_handled_twice() {
    let Some(database) = Database::new() else {
        return;
    };
    let first = database.open().await;
    for number in 0..30 {
        done(&first, owes(&format!("T{number}"), 1)).await;
    }
    let three = [first, database.open().await, database.open().await];
    let held = join_all(three.iter().map(holds)).await;
    let all: BTreeSet<WorkspaceId> = held.iter().flat_map(BTreeMap::keys).cloned().collect();
    assert_eq!(held.iter().map(BTreeMap::len).sum::<usize>(), all.len());
    // Whoever has more than a third gives it up, until everybody has one.
    let began = Instant::now();
    loop {
        let mut counts = Vec::new();
        for store in &three {
            let held = store.hold_mail().await.expect("answered");
            let surplus = held.surplus;
            let leases = leases(held);
            let some: Vec<WorkspaceId> = leases.keys().take(surplus).cloned().collect();
            store.give_up_mail(&some).await.expect("given up");
            counts.push(leases.len() - surplus);
        }
        if counts == [10, 10, 10] {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(2), "{counts:?}");
    }
    for store in three {
        store.close().await;
    }
}

#[tokio::test]
async fn what_one_process_tells_all_others_hear() {
    let Some(database) = Database::new() else {
        return;
    };
    let three = [
        database.open().await,
        database.open().await,
        database.open().await,
    ];
    let words = [
        Word::Owed(team("T1"), Post::Loop(code(1))),
        Word::Concerned(team("T1"), Some(user("U1"))),
    ];
    for word in words.clone() {
        three[0].say(word);
    }
    for other in &three[1..] {
        let mut heard = BTreeSet::new();
        while heard.len() < words.len() {
            heard.append(&mut other.hear().await);
        }
        assert_eq!(heard, words.clone().into());
    }
    // Also at the last moment, and before what is told of the end.
    three[1].say(Word::Stirred(team("T2")));
    three[1].close().await;
    let mut heard = BTreeSet::new();
    while !heard.contains(&Word::Free) {
        heard.append(&mut three[0].hear().await);
    }
    assert!(heard.contains(&Word::Stirred(team("T2"))), "{heard:?}");
    assert!(!heard.contains(&words[0]), "nobody hears itself");
    three[0].close().await;
    three[2].close().await;
}
