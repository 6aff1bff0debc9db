//! What every store promises of installations: compared and swapped, one a place, and found one after the other.

use super::*;
use crate::domain::install::{Install, Sealed, Standing};
use crate::domain::sheet::SheetId;

fn install(id: &str, name: &str) -> Install {
    Install {
        id: team(id),
        name: name.to_owned(),
        organisation: id.starts_with('E'),
        app: "A1".to_owned(),
        bot: user("UBOT"),
        scopes: ["chat:write".to_owned()].into(),
        by: user("U1"),
        at: at(0),
        tokens: Sealed {
            key: "k1".to_owned(),
            text: format!("sealed of {id}"),
        },
        expires_at: Some(at(43_200)),
        standing: Standing::Installed,
        claim: None,
    }
}

fn put(revision: u64, install: &Install) -> Commit {
    let change = Change::Install(Revision(revision), Box::new(install.clone()));
    writes(install.id.as_str(), 0, vec![change])
}

pub(in crate::store) async fn an_installation_changes_only_from_the_revision_it_was_read_at<
    S: Store,
>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let t1 = team("T1");
    assert_eq!(store.install(&t1).await.expect("read"), None);
    conflicts(&store, put(1, &install("T1", "one"))).await;
    done(&store, put(0, &install("T1", "one"))).await;
    conflicts(&store, put(0, &install("T1", "two"))).await;
    // Of two processes that claim it, one does.
    let (a, b) = futures_util::future::join(
        store.commit(put(1, &install("T1", "a"))),
        store.commit(put(1, &install("T1", "b"))),
    )
    .await;
    let ends = [a.expect("judged"), b.expect("judged")];
    assert!(ends.contains(&Committed::Done), "{ends:?}");
    assert!(ends.contains(&Committed::Conflict), "{ends:?}");
    done(&store, put(2, &install("T1", "three"))).await;
    store.close().await;
    drop(store);
    let store = open().await;
    let read = store.install(&t1).await.expect("read");
    assert_eq!(read, Some((install("T1", "three"), Revision(3))));
    assert_eq!(store.install(&team("T")).await.expect("read"), None);
}

pub(in crate::store) async fn installations_are_found_one_after_the_other<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let ids = ["T1", "E7", "T12", "T2", "T111"];
    for id in ids {
        done(&store, put(0, &install(id, id))).await;
    }
    let belongs = Sheet::Organisation(team("E7"));
    let change = Change::Sheet(Revision(0), Box::new(belongs.clone()));
    done(&store, writes("T9", 0, vec![change])).await;
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let stretch = store.installs(after.as_ref(), 2).await.expect("read");
        assert!(stretch.len() <= 2);
        let Some((last, _)) = stretch.last() else {
            break;
        };
        after = Some(last.id.clone());
        found.extend(stretch.into_iter().map(|(install, _)| install));
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    let expected = ["E7", "T1", "T111", "T12", "T2"].map(|id| install(id, id));
    assert_eq!(found, expected);
    let read = async |workspace: &str| {
        let found = store.sheet(&team(workspace), &SheetId::Organisation).await;
        found.expect("read").map(|(sheet, _)| sheet)
    };
    assert_eq!(read("T9").await, Some(belongs));
    assert_eq!(read("T1").await, None);
}
