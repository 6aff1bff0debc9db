//! What every store promises of calibrations: compared and swapped, of their workspace, written with what is owed or not at all.

use super::*;
use crate::domain::calibration::{Spread, Stage};
use crate::domain::ids::QuestionId;
use crate::domain::scorecard::Rating;

fn calibration(id: &str, ratings: &[(&str, Rating)]) -> Calibration {
    Calibration {
        id: CalibrationId::from(id),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        question: QuestionId::from("technical/1"),
        sample: 'A',
        channel: ChannelId::from("C1"),
        started_at: at(0),
        stage: Stage::Open {
            started_by: user("U9"),
            ratings: ratings
                .iter()
                .map(|(name, rating)| (user(name), *rating))
                .collect(),
            clicked: BTreeMap::new(),
        },
        post: None,
        deleted: 0,
    }
}

fn put(revision: u64, calibration: &Calibration) -> Change {
    Change::Calibration(Revision(revision), Box::new(calibration.clone()))
}

pub(in crate::store) async fn a_calibration_changes_only_from_the_revision_it_was_read_at<
    S: Store,
>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let id = CalibrationId::from("a");
    assert_eq!(
        store.calibration(&team("T1"), &id).await.expect("read"),
        None
    );
    let begun = calibration("a", &[]);
    done(&store, writes("T1", 0, vec![put(0, &begun)])).await;
    let rated = calibration("a", &[("U1", Rating::Poor)]);
    done(&store, writes("T1", 1, vec![put(1, &rated)])).await;
    let post = Post::Calibration(id.clone());
    for stale in [0, 1, 3] {
        // All or nothing: the post is not owed either.
        let changes = vec![put(stale, &begun), Change::Owe(post.clone())];
        conflicts(&store, writes("T1", 2, changes)).await;
    }
    assert_eq!(store.parcel(&team("T1"), &post).await.expect("read"), None);
    let spread = Calibration {
        stage: Stage::Shown(Spread {
            counts: [1, 0, 0, 1],
            at: at(3),
        }),
        ..begun
    };
    let changes = vec![put(2, &spread), Change::Owe(post.clone())];
    done(&store, writes("T1", 3, changes)).await;
    store.close().await;
    drop(store);
    let store = open().await;
    let read = store.calibration(&team("T1"), &id).await.expect("read");
    assert_eq!(
        read,
        Some((spread, Revision(3))),
        "and after opening it again"
    );
    let owed = store.parcel(&team("T1"), &post).await.expect("read");
    assert_eq!(owed.map(|parcel| parcel.post), Some(post));
}

pub(in crate::store) async fn of_two_who_rate_at_once_one_asks_again<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    done(
        &store,
        writes("T1", 0, vec![put(0, &calibration("a", &[]))]),
    )
    .await;
    let rates = |name| {
        let rated = calibration("a", &[(name, Rating::Good)]);
        store.commit(writes("T1", 1, vec![put(1, &rated)]))
    };
    let (a, b) = futures_util::future::join(rates("U1"), rates("U2")).await;
    // Whichever came first.
    let ends = [a.expect("judged"), b.expect("judged")];
    assert!(ends.contains(&Committed::Done), "{ends:?}");
    assert!(ends.contains(&Committed::Conflict), "{ends:?}");
}

pub(in crate::store) async fn calibrations_belong_to_their_workspace<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for (workspace, id) in [("T2", "a"), ("T1", "a"), ("T1", "b")] {
        let ratings = [(workspace, Rating::Mixed)];
        done(
            &store,
            writes(workspace, 0, vec![put(0, &calibration(id, &ratings))]),
        )
        .await;
    }
    let id = CalibrationId::from("a");
    let read = store.calibration(&team("T2"), &id).await.expect("read");
    let expected = calibration("a", &[("T2", Rating::Mixed)]);
    assert_eq!(read, Some((expected, Revision(1))));
    assert_eq!(
        store.calibration(&team("T3"), &id).await.expect("read"),
        None
    );
    let mut all: Vec<(String, String)> = store
        .calibrations()
        .await
        .expect("read")
        .into_iter()
        .map(|(workspace, calibration, _)| (workspace.to_string(), calibration.id.to_string()))
        .collect();
    all.sort();
    let pair = |workspace: &str, id: &str| (workspace.to_owned(), id.to_owned());
    assert_eq!(all, [pair("T1", "a"), pair("T1", "b"), pair("T2", "a")]);
}
