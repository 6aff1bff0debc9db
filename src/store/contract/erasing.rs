//! What every store promises of erasing: a loop goes with all that stands beside it and nothing else does, its code is never given again, and
//! what was sent of it stays listed until it is taken back.

use super::*;
use crate::domain::erasure::{Erased, Sent};

fn erased(code: &LoopCode) -> Erased {
    Erased {
        code: code.clone(),
        at: at(9),
        by: Some(user("U9")),
        channel: ChannelId::from("C1"),
        before: Vec::new(),
        opened_at: at(0),
        scorecards: 1,
        entries: 2,
        taken_back: 0,
        left: Vec::new(),
        told: false,
    }
}

pub(in crate::store) fn erases(loaded: &Loaded, looked_for: &[&str]) -> Change {
    let what = erased(&loaded.head.code);
    Change::Erase(base(loaded, looked_for), Box::new(what))
}

fn message(ts: &str) -> Sent {
    Sent::Message {
        channel: ChannelId::from("C1"),
        ts: MessageTs::from(ts),
    }
}

/// A loop with a post, two scorecards and a history.
async fn lived_in(store: &impl Store, workspace: &str, one: &LoopCode) -> Loaded {
    let mut begun = head(one, &["U1", "U2"], at(0));
    begun.messages.post = Some(MessageTs::from(format!("{one}.1")));
    done(store, writes(workspace, 0, vec![opens(begun)])).await;
    for author in ["U1", "U2"] {
        let loaded = load(store, workspace, one, Needs::Own(user(author))).await;
        let rated = changes(&loaded, &[author], None, vec![card(author, "why")]);
        let Change::Loop(mut rated) = rated else {
            unreachable!("it is a loop's")
        };
        rated.audit = vec![AuditEntry {
            at: at(1),
            actor: Some(user(author)),
            what: Audited::Opened,
        }];
        done(store, writes(workspace, 1, vec![Change::Loop(rated)])).await;
    }
    load(store, workspace, one, Needs::All).await
}

pub(in crate::store) async fn an_erased_loop_goes_with_all_that_stands_beside_it<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let (one, other) = (code(1), code(2));
    let stays = lived_in(&store, "T1", &other).await;
    let elsewhere = lived_in(&store, "T2", &one).await;
    let goes = lived_in(&store, "T1", &one).await;
    let sent = [message("7.1"), Sent::File("F1".to_owned())];
    let all = vec![
        Change::Sent(one.clone(), sent[0].clone()),
        Change::Sent(one.clone(), sent[1].clone()),
        Change::Sent(other.clone(), message("7.2")),
    ];
    done(&store, writes("T1", 2, all)).await;
    done(&store, writes("T1", 3, vec![erases(&goes, &["U1", "U2"])])).await;

    let gone = async |store: &S| {
        let t1 = team("T1");
        let loaded = store.load(&t1, &one, &Needs::All).await;
        assert_eq!(loaded.expect("read"), None);
        assert_eq!(store.audit(&t1, &one).await.expect("read"), []);
        let post = goes.head.messages.post.as_ref().expect("it has one");
        let found = store.loop_at(&t1, &goes.head.channel, post).await;
        assert_eq!(found.expect("read"), None);
        let likeness = goes.head.candidate.likeness();
        let slug = &goes.head.kit.slug;
        let found = store.namesakes(&t1, slug, likeness.as_str()).await;
        assert_eq!(found.expect("read"), std::slice::from_ref(&other));
        for (of, _) in crate::store::lists::lists_of(&goes.head) {
            assert_eq!(list(store, of, 9).await, std::slice::from_ref(&other));
        }
        let left = store.erased(&t1, &one).await.expect("read");
        assert_eq!(left, Some((erased(&one), Revision(1))));
        // What was sent is listed until it is taken back.
        let mut found = store.sent(&t1, &one).await.expect("read");
        found.sort();
        assert_eq!(found, sent);
        // Nothing else is touched.
        assert_eq!(load(store, "T1", &other, Needs::All).await, stays);
        assert_eq!(load(store, "T2", &one, Needs::All).await, elsewhere);
        assert_eq!(store.audit(&t1, &other).await.expect("read").len(), 2);
        assert_eq!(store.audit(&team("T2"), &one).await.expect("read").len(), 2);
        assert_eq!(store.erased(&team("T2"), &one).await.expect("read"), None);
        assert_eq!(store.sent(&t1, &other).await.expect("read").len(), 1);
    };
    gone(&store).await;
    store.close().await;
    drop(store);
    let store = open().await;
    gone(&store).await;

    let back = Change::TakenBack(one.clone(), sent[0].clone());
    let counted = Erased {
        taken_back: 1,
        ..erased(&one)
    };
    let known = |revision| Change::Erased(Revision(revision), Box::new(counted.clone()));
    done(&store, writes("T1", 4, vec![back.clone(), known(1)])).await;
    conflicts(&store, writes("T1", 4, vec![back, known(1)])).await;
    let t1 = team("T1");
    let found = store.sent(&t1, &one).await.expect("read");
    assert_eq!(found, sent[1..]);
    let left = store.erased(&t1, &one).await.expect("read");
    assert_eq!(left, Some((counted, Revision(2))));
}

pub(in crate::store) async fn nothing_comes_back_of_an_erased_loop<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    let before = lived_in(&store, "T1", &one).await;
    // Whoever read it before somebody rated does not erase that rating unseen.
    let own = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    let rates = || changes(&own, &["U1"], None, vec![card("U1", "later")]);
    done(&store, writes("T1", 2, vec![rates()])).await;
    conflicts(&store, writes("T1", 3, vec![erases(&before, &[])])).await;
    let now = load(&store, "T1", &one, Needs::All).await;
    assert_eq!(now.cards[&user("U1")].0, card("U1", "later"));
    done(&store, writes("T1", 3, vec![erases(&now, &[])])).await;
    // Whoever read it before it was erased writes nothing: no scorecard, no head, no new loop of its code.
    let own = Loaded {
        cards: now.cards.clone(),
        ..now.clone()
    };
    let rates = changes(&own, &["U1"], None, vec![card("U1", "too late")]);
    conflicts(&store, writes("T1", 4, vec![rates])).await;
    let moved = changes(&now, &[], Some(now.head.clone()), vec![]);
    conflicts(&store, writes("T1", 4, vec![moved])).await;
    conflicts(&store, writes("T1", 4, vec![erases(&now, &[])])).await;
    let again = opens(head(&one, &["U1"], at(5)));
    conflicts(&store, writes("T1", 5, vec![again.clone()])).await;
    let found = store.load(&team("T1"), &one, &Needs::All).await;
    assert_eq!(found.expect("read"), None);
    // In another workspace it is another one.
    done(&store, writes("T2", 5, vec![again])).await;
}

pub(in crate::store) async fn of_an_erasing_and_a_rating_at_once_one_asks_again<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for number in 1..=20 {
        let one = code(number);
        let now = lived_in(&store, "T1", &one).await;
        let rates = changes(&now, &["U1"], None, vec![card("U1", "at once")]);
        let (erased, rated) = futures_util::future::join(
            store.commit(writes("T1", 4, vec![erases(&now, &[])])),
            store.commit(writes("T1", 4, vec![rates])),
        )
        .await;
        let ends = [erased.expect("judged"), rated.expect("judged")];
        assert!(ends.contains(&Committed::Done), "{ends:?}");
        assert!(ends.contains(&Committed::Conflict), "{ends:?}");
        let found = store.load(&team("T1"), &one, &Needs::All).await;
        assert_eq!(found.expect("read").is_none(), ends[0] == Committed::Done);
    }
}
