//! What every store promises of kits: versions stay, shelves are compared and swapped, open loops are counted.

use super::*;
use crate::domain::shelf::{Edition, Origin, Shelf};

fn edition(version: &str) -> Edition {
    Edition {
        version: KitVersion::from(version),
        origin: Origin::File("a.toml".to_owned()),
        at: at(0),
    }
}

fn shelf(slug: &str, version: &str) -> Shelf {
    Shelf::new(KitSlug::from(slug), edition(version))
}

fn shelve(revision: u64, shelf: &Shelf) -> Change {
    Change::Shelf(Revision(revision), Box::new(shelf.clone()))
}

pub(in crate::store) async fn every_version_of_a_kit_stays<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let mut better = samples::kit();
    better.title = "Better".to_owned();
    let kits = [("v1", samples::kit()), ("v2", better)];
    for (version, kit) in &kits {
        let put = Change::Kit(KitVersion::from(*version), Box::new(kit.clone()));
        done(&store, writes("T1", 0, vec![put])).await;
    }
    for (version, kit) in &kits {
        let read = store.kit(&KitVersion::from(*version)).await.expect("read");
        assert_eq!(read.as_ref(), Some(kit));
    }
    let other = store.kit(&KitVersion::from("v3")).await.expect("read");
    assert_eq!(other, None);
}

pub(in crate::store) async fn a_shelf_changes_only_from_the_revision_it_was_read_at<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let first = shelf("a", "v1");
    done(&store, writes("T1", 0, vec![shelve(0, &first)])).await;
    let second = first.clone().with(edition("v2"));
    done(&store, writes("T1", 0, vec![shelve(1, &second)])).await;
    for stale in [0, 1, 3] {
        let late = store
            .commit(writes("T1", 0, vec![shelve(stale, &first)]))
            .await;
        assert_eq!(late.expect("judged"), Committed::Conflict);
    }
    let shelved = Shelved {
        workspace: team("T1"),
        shelf: second,
        revision: Revision(2),
    };
    let read = store.shelves(Some(&team("T1"))).await.expect("read");
    assert_eq!(read, std::slice::from_ref(&shelved));
    store.close().await;
    drop(store);
    let read = open().await.shelves(None).await.expect("read");
    assert_eq!(read, [shelved], "and after opening it again");
}

pub(in crate::store) async fn shelves_belong_to_their_workspace<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for (workspace, slug) in [("T2", "a"), ("T1", "longer"), (FILES, "a"), ("T1", "b")] {
        done(
            &store,
            writes(workspace, 0, vec![shelve(0, &shelf(slug, "v1"))]),
        )
        .await;
    }
    let whose = async |workspace: Option<&str>| {
        let workspace = workspace.map(team);
        let read = store.shelves(workspace.as_ref()).await.expect("read");
        let named = read
            .into_iter()
            .map(|shelved| format!("{}/{}", shelved.workspace, shelved.shelf.slug));
        named.collect::<Vec<_>>()
    };
    assert_eq!(whose(Some("T1")).await, ["T1/b", "T1/longer"]);
    assert_eq!(whose(Some(FILES)).await, ["/a"]);
    assert_eq!(whose(Some("T3")).await, Vec::<String>::new());
    assert_eq!(whose(None).await, ["/a", "T1/b", "T1/longer", "T2/a"]);
}

pub(in crate::store) async fn open_loops_are_counted_by_the_version_they_are_on<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let on = |number: u32, version: &str| {
        let mut head = head(&code(number), &["U1"], at(0));
        head.kit.version = KitVersion::from(version);
        head
    };
    let mut elsewhere = on(5, "v1");
    elsewhere.kit.slug = KitSlug::from("sample-two");
    for head in [
        on(1, "v1"),
        on(2, "v1"),
        on(3, "v2"),
        on(4, "v2"),
        elsewhere,
    ] {
        done(&store, writes("T1", 0, vec![opens(head)])).await;
    }
    done(&store, writes("T2", 0, vec![opens(on(1, "v1"))])).await;
    let loaded = load(&store, "T1", &code(4), Needs::Head).await;
    let mut decided = on(4, "v2");
    decided.decision = Some(Decision {
        verdict: Verdict::Hire,
        reason: Note::new("Yes."),
        by: user("U9"),
        at: at(1),
    });
    done(
        &store,
        writes("T1", 1, vec![changes(&loaded, &[], Some(decided), vec![])]),
    )
    .await;
    let open_on = store
        .open_on(&team("T1"), &KitSlug::from("sample"))
        .await
        .expect("read");
    let expected = [(KitVersion::from("v1"), 2), (KitVersion::from("v2"), 1)];
    assert_eq!(open_on, expected.into());
}
