//! What is promised of deliveries: one effect, waiting, drafts, parcels.

use super::*;

pub(in crate::store) async fn a_delivery_has_one_effect_and_one_answer<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let t1 = team("T1");
    let owes = |number| vec![Change::Owe(Post::Loop(code(number)))];
    done(&store, answers("T1", 0, "K1", "first", owes(1))).await;
    let again = store
        .commit(answers("T1", 0, "K1", "second", owes(2)))
        .await
        .expect("judged");
    assert_eq!(again, Committed::Duplicate(said("first")));
    // Also where it would be a conflict, across midnight, up to two days later, and by a clock that was set back by up to a day.
    for seconds in [12 * 3600 - 1, 12 * 3600, 48 * 3600, -60, -24 * 3600] {
        let again = answers(
            "T1",
            seconds,
            "K1",
            "third",
            vec![Change::TakeDraft(DraftId::from("no such draft"))],
        );
        assert_eq!(
            store.commit(again).await.expect("judged"),
            Committed::Duplicate(said("first")),
            "{seconds}"
        );
        let key = DeliveryKey::from("K1");
        assert_eq!(
            store.answered(&t1, &key, at(seconds)).await.expect("read"),
            Some(said("first"))
        );
    }
    assert_eq!(store.parcels().await.expect("read").len(), 1);
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K"), at(0))
            .await
            .expect("read"),
        None
    );
}

pub(in crate::store) async fn of_many_deliveries_at_once_one_has_an_effect<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = Arc::new(open().await);
    let one = code(1);
    done(
        &*store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&*store, "T1", &one, Needs::Own(user("U1"))).await;
    let commits = (0..40).map(|number| {
        let reason = format!("{number}");
        let change = changes(&loaded, &["U1"], None, vec![card("U1", &reason)]);
        // Two of each kind: repetitions of one delivery, and different ones that were computed from the same.
        store.commit(answers(
            "T1",
            0,
            &format!("K{}", number / 2),
            &reason,
            vec![change],
        ))
    });
    let ends = futures_util::future::join_all(commits).await;
    let ends: Vec<_> = ends.into_iter().map(|end| end.expect("judged")).collect();
    assert_eq!(
        ends.iter().filter(|end| **end == Committed::Done).count(),
        1
    );
    assert_eq!(
        ends.iter()
            .filter(|end| matches!(end, Committed::Duplicate(_)))
            .count(),
        1
    );
    let won = ends
        .iter()
        .position(|end| *end == Committed::Done)
        .expect("one of them");
    assert_eq!(ends[won ^ 1], Committed::Duplicate(said(&won.to_string())));
    let (kept, revision) = load(&*store, "T1", &one, Needs::All).await.cards[&user("U1")].clone();
    assert_eq!(
        (kept, revision),
        (card("U1", &won.to_string()), Revision(1))
    );
}

pub(in crate::store) async fn a_draft_is_taken_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let draft = DraftId::from("D1");
    conflicts(
        &store,
        writes("T1", 0, vec![Change::TakeDraft(draft.clone())]),
    )
    .await;
    done(
        &store,
        writes(
            "T1",
            0,
            vec![Change::PutDraft(draft.clone(), Box::new(opening()))],
        ),
    )
    .await;
    assert_eq!(
        store.draft(&team("T1"), &draft).await.expect("read"),
        Some(opening())
    );
    let take = || store.commit(writes("T1", 0, vec![Change::TakeDraft(draft.clone())]));
    let (a, b) = futures_util::future::join(take(), take()).await;
    // Whichever came first.
    let ends = [a.expect("judged"), b.expect("judged")];
    assert!(ends.contains(&Committed::Done), "{ends:?}");
    assert!(ends.contains(&Committed::Conflict), "{ends:?}");
    assert_eq!(store.draft(&team("T1"), &draft).await.expect("read"), None);
}

pub(in crate::store) async fn who_came_first_waits_first_and_goes_once<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for (workspace, key) in [("T2", "K9"), ("T1", "K5"), ("T2", "K1"), ("T1", "K5")] {
        done(
            &store,
            writes(
                workspace,
                0,
                vec![Change::Wait(Box::new(delivery(workspace, key)))],
            ),
        )
        .await;
    }
    let [k9, k5, k1] = [
        delivery("T2", "K9"),
        delivery("T1", "K5"),
        delivery("T2", "K1"),
    ];
    assert_eq!(
        store.waiting().await.expect("read"),
        [k9.clone(), k5, k1.clone()]
    );
    let performed = || {
        answers(
            "T1",
            0,
            "K5",
            "done",
            vec![Change::Unwait(DeliveryKey::from("K5"))],
        )
    };
    done(&store, performed()).await;
    assert_eq!(
        store.commit(performed()).await.expect("judged"),
        Committed::Duplicate(said("done"))
    );
    conflicts(
        &store,
        writes("T1", 0, vec![Change::Unwait(DeliveryKey::from("K5"))]),
    )
    .await;
    // A late repetition does not wait again for what was done.
    let again = store
        .commit(writes(
            "T1",
            1,
            vec![Change::Wait(Box::new(delivery("T1", "K5")))],
        ))
        .await;
    assert_eq!(again.expect("judged"), Committed::Duplicate(said("done")));
    assert_eq!(store.waiting().await.expect("read"), [k9, k1]);
}

pub(in crate::store) async fn what_is_owed_folds_and_is_settled_as_it_was_read<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let post = Post::Loop(code(1));
    let owe = || writes("T1", 0, vec![Change::Owe(post.clone())]);
    let attempt = |stamp, name: &str| {
        let attempt = name.to_owned();
        writes(
            "T1",
            0,
            vec![Change::Attempt {
                post: post.clone(),
                stamp,
                attempt,
                lease: None,
            }],
        )
    };
    let settle = |stamp| {
        writes(
            "T1",
            0,
            vec![Change::Settle {
                post: post.clone(),
                stamp,
                lease: None,
            }],
        )
    };
    let t1 = team("T1");
    let parcel = async || store.parcel(&t1, &post).await.expect("read");
    done(&store, owe()).await;
    let first = parcel().await.expect("it is owed");
    assert_eq!(
        (first.attempt.as_deref(), &first.workspace),
        (None, &team("T1"))
    );
    done(&store, attempt(first.stamp, "A1")).await;
    assert_eq!(
        parcel().await.expect("still owed").attempt.as_deref(),
        Some("A1")
    );
    // Owed anew while it is under way: a later stamp, no attempt, and the delivery of the old state settles nothing.
    done(&store, owe()).await;
    let second = parcel().await.expect("owed anew");
    assert!(second.stamp > first.stamp && second.attempt.is_none());
    done(&store, settle(first.stamp)).await;
    done(&store, attempt(first.stamp, "A2")).await;
    assert_eq!(parcel().await, Some(second.clone()));
    assert_eq!(
        store.parcels().await.expect("read"),
        std::slice::from_ref(&second)
    );
    // What is computed from it may ask for it to be as it was read.
    let as_read = |stamp| {
        let (owed, stays) = (Post::Loop(code(1)), Post::Loop(code(2)));
        let unchanged = Change::Owed { post: owed, stamp };
        writes("T1", 0, vec![unchanged, Change::Owe(stays)])
    };
    for (stamp, ends) in [
        (first.stamp, Committed::Conflict),
        (second.stamp, Committed::Done),
        (second.stamp + 1, Committed::Conflict),
    ] {
        let committed = store.commit(as_read(stamp)).await.expect("committed");
        assert_eq!(committed, ends);
    }
    let other = Post::Loop(code(2));
    let other = store.parcel(&t1, &other).await.expect("read");
    let other = other.expect("it is owed by the commit that held");
    let settled = Change::Settle {
        post: other.post,
        stamp: other.stamp,
        lease: None,
    };
    done(&store, writes("T1", 0, vec![settled])).await;
    done(&store, settle(second.stamp)).await;
    assert_eq!(parcel().await, None);
    // What was settled is not attempted again, and a stamp never comes twice, although no time has passed.
    done(&store, attempt(second.stamp, "A3")).await;
    assert_eq!(parcel().await, None);
    done(&store, owe()).await;
    assert!(parcel().await.expect("owed once more").stamp > second.stamp);
    done(
        &store,
        writes(
            "T1",
            0,
            vec![Change::Owe(post.clone()), Change::Owe(post.clone())],
        ),
    )
    .await;
    assert_eq!(store.parcels().await.expect("read").len(), 1);
}

pub(in crate::store) async fn sweeping_keeps_two_days<S: Store>(open: impl AsyncFn() -> S) {
    const HOUR: i64 = 3600;
    let store = open().await;
    let t1 = team("T1");
    let ages = [0, 47, 48, 73, 200];
    let key = |age: i64| {
        (
            DeliveryKey::from(format!("K{age}")),
            DraftId::from(format!("D{age}")),
        )
    };
    for age in ages {
        let (delivery, draft) = key(age);
        let put = Change::PutDraft(draft, Box::new(opening()));
        done(
            &store,
            answers("T1", -age * HOUR, delivery.as_str(), "x", vec![put]),
        )
        .await;
    }
    // One more that was put again yesterday.
    done(
        &store,
        writes(
            "T1",
            -24 * HOUR,
            vec![Change::PutDraft(key(200).1, Box::new(opening()))],
        ),
    )
    .await;
    store.sweep(at(0)).await.expect("swept");
    store.sweep(at(0)).await.expect("swept again");
    for age in ages {
        let (delivery, draft) = key(age);
        let then = at(-age * HOUR);
        assert_eq!(
            store
                .answered(&t1, &delivery, then)
                .await
                .expect("read")
                .is_some(),
            age <= 48,
            "{age}"
        );
        let kept = age <= 48 || age == 200;
        assert_eq!(
            store.draft(&t1, &draft).await.expect("read").is_some(),
            kept,
            "{age}"
        );
    }
    let again = store
        .commit(answers("T1", 0, "K48", "y", vec![]))
        .await
        .expect("judged");
    assert_eq!(again, Committed::Duplicate(said("x")));
}
