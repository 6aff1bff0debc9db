//! Everything of one store, moved into another one and out of it.

use super::*;
use crate::store::moving::{self, Backup, Moved, NotMoved};
use crate::store::sled::SledStore;
use std::path::Path;

fn sled(folder: &Path) -> SledStore {
    SledStore::open(folder).expect("the store opens")
}

/// Something of nearly every kind, in two workspaces.
async fn lived_in(store: &impl Store) {
    for (place, workspace) in [(0, "T1"), (1, "T2")] {
        for number in 1..=3 {
            let one = code(place * 10 + number);
            let opened = opens(head(&one, &["U1", "U2"], at(0)));
            done(store, writes(workspace, 0, vec![opened])).await;
            let loaded = load(store, workspace, &one, Needs::Own(user("U1"))).await;
            let audit = vec![AuditEntry {
                at: at(1),
                actor: Some(user("U1")),
                what: Audited::Opened,
            }];
            let Change::Loop(mut rates) =
                changes(&loaded, &["U1"], None, vec![card("U1", "é\n\"")])
            else {
                unreachable!("it is a loop's")
            };
            rates.audit = audit;
            let all = vec![
                Change::Loop(rates),
                Change::Owe(Post::Loop(one)),
                Change::PutDraft(DraftId::from(format!("D{number}")), Box::new(opening())),
                Change::Wait(Box::new(delivery(workspace, &format!("W{number}")))),
            ];
            done(
                store,
                answers(workspace, 2, &format!("K{number}"), "one", all),
            )
            .await;
        }
    }
    let kit = Change::Kit(KitVersion::from("v1"), Box::new(samples::kit()));
    done(store, writes("T1", 3, vec![kit])).await;
}

async fn moved(from: &impl Store, to: &impl Store) -> Moved {
    let moved = moving::transfer(from, to, &|_| {}).await;
    moved.unwrap_or_else(|why| panic!("{why}"))
}

pub(in crate::store) async fn everything_moves_in_and_out_and_goes_on_from_there<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sled(&folder.path().join("source"));
    lived_in(&source).await;
    let parcels = source.parcels().await.expect("read");
    let waiting = source.waiting().await.expect("read");

    let store = open().await;
    let there = moved(&source, &store).await;
    assert!(there.records > 50, "{}", there.records);
    let again = moving::transfer(&source, &store, &|_| {}).await;
    assert!(matches!(again, Err(NotMoved::NotEmpty)), "{again:?}");
    store.close().await;
    drop(store);

    let store = open().await;
    moving::refuse_half_filled(&store)
        .await
        .expect("it is whole");
    let loaded = load(&store, "T2", &code(12), Needs::All).await;
    assert_eq!(
        loaded.cards[&user("U1")],
        (card("U1", "é\n\""), Revision(1))
    );
    assert_eq!(store.parcels().await.expect("read"), parcels);
    assert_eq!(store.waiting().await.expect("read"), waiting);
    let listed = list_in(&store, "T2", List::Of(user("U1")), 9).await;
    assert_eq!(listed.len(), 3);

    // What comes now comes later than all that came along, though the clock is behind.
    let more = vec![
        Change::Wait(Box::new(delivery("T1", "W9"))),
        Change::Owe(Post::Loop(code(1))),
    ];
    done(&store, writes("T1", -3600, more)).await;
    let last = store.waiting().await.expect("read").pop();
    assert_eq!(last, Some(delivery("T1", "W9")));
    let before = parcels.iter().map(|parcel| parcel.stamp).max();
    let owed = store.parcel(&team("T1"), &Post::Loop(code(1))).await;
    let owed = owed.expect("read").expect("it is owed");
    assert!(
        parcels
            .iter()
            .any(|old| old.post == owed.post && old.stamp < owed.stamp),
        "{before:?}"
    );

    // And out again, into a file, and from there into a folder.
    let file = folder.path().join("backup");
    let out = moving::back_up(&store, &file, at(9))
        .await
        .expect("written");
    let last = sled(&folder.path().join("last"));
    let backup = Backup::check(&file).await.expect("it is good");
    let restored = backup.restore(&last, &|_| {}).await.expect("read");
    assert_eq!(restored, out);
    assert_eq!(last.waiting().await.expect("read").len(), waiting.len() + 1);
    assert_eq!(
        last.parcels().await.expect("read"),
        store.parcels().await.expect("read")
    );
    store.close().await;
}
