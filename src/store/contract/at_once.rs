//! What is promised of commits that meet: of two that cannot both hold, one does.

use super::*;
use futures_util::future::join_all;

pub(in crate::store) async fn of_a_reveal_and_a_rating_at_once_one_asks_again<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for number in 1..=40 {
        let one = code(number);
        let opened = opens(head(&one, &["U1"], at(0)));
        done(&store, writes("T1", 0, vec![opened])).await;
        let loaded = load(&store, "T1", &one, Needs::All).await;
        // One writes what the other only looked at: there is no scorecard yet, and nothing is decided.
        let mut decided = loaded.head.clone();
        decide(&mut decided);
        let reveals = changes(&loaded, &["U1"], Some(decided), vec![]);
        let rates = changes(&loaded, &["U1"], None, vec![card("U1", "late")]);
        let mut both = [reveals, rates];
        if number % 2 == 0 {
            both.reverse();
        }
        let ends = both.map(|change| store.commit(writes("T1", 1, vec![change])));
        let ends = join_all(ends).await;
        let ends: Vec<_> = ends.into_iter().map(|end| end.expect("judged")).collect();
        assert!(
            ends.contains(&Committed::Done) && ends.contains(&Committed::Conflict),
            "{ends:?}"
        );
    }
}

pub(in crate::store) async fn a_delivery_that_comes_at_once_on_two_days_has_one_effect<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    for number in 0..20 {
        let key = format!("K{number}");
        // Midnight is twelve hours after the noon that these count from; clocks are a little apart.
        let seconds = [-1, 0, 1, -2].map(|second| 12 * 3600 + second);
        let commits = seconds
            .map(|second| store.commit(answers("T1", second, &key, &second.to_string(), vec![])));
        let ends = join_all(commits).await;
        let ends: Vec<_> = ends.into_iter().map(|end| end.expect("judged")).collect();
        let won = ends.iter().position(|end| *end == Committed::Done);
        let won = won.expect("one of them has an effect");
        let answer = Committed::Duplicate(said(&seconds[won].to_string()));
        for (place, end) in ends.iter().enumerate() {
            assert!(place == won || *end == answer, "{ends:?}");
        }
    }
}
