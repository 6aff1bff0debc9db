//! A bug in the bot, wherever somebody meets it: who is told, who notices nothing, and what is not logged.

use crate::harness::{Member, Place, Slack, story, submits};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// What a careless panic could say.
const WORDS: &str = "called `Result::unwrap()` on an `Err` value: \"Noor Aziz was weak on shards\"";
/// How often a click reads the clock, at most: a bug is met at each reading.
const MOST: u32 = 60;

async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

/// How many bugs the bot has counted.
async fn counted(slack: &Slack) -> u64 {
    let figures = slack.figures().await;
    let line = figures
        .lines()
        .find_map(|line| line.strip_prefix("interview_panics_total "));
    line.expect("it is counted").parse().expect("a number")
}

#[tokio::test]
async fn whoever_meets_a_bug_is_told_wherever_it_is_and_nobody_else_notices() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let of_ada = ada.clicks(&hiring, "Score").await;
        let of_ben = ben.clicks(&hiring, "Score").await;
        let mut met = 0;
        let mut marks = ["3 Good", "2 Mixed"].into_iter().cycle();
        for reading in 0..MOST {
            let before = counted(slack).await;
            let seen = ada.ephemerals(&hiring);
            slack.meets_a_bug(Some((reading, WORDS)));
            let mark = marks.next().expect("it goes on for ever");
            // It is acknowledged, else this fails.
            of_ada.rates("technical/1", mark).await;
            if slack.meets_a_bug(None) {
                assert_eq!(ada.ephemerals(&hiring), seen);
                break;
            }
            met += 1;
            assert!(counted(slack).await > before);
            assert_eq!(ada.ephemerals(&hiring), seen + 1, "at {reading}");
            let told = ada.sees_only_you(&hiring);
            let told_of_it = told
                .starts_with("Something broke on our side; your change may not have been saved");
            assert!(told_of_it, "{told}");
            // Both go on at once.
            for (card, mark) in [(&of_ben, "2 Mixed"), (&of_ben, "3 Good"), (&of_ada, mark)] {
                card.rates("technical/1", mark).await;
                assert_eq!(card.chosen(), [format!("✓ {mark}")], "after {reading}");
            }
        }
        assert!((4..MOST - 1).contains(&met), "{met}");
        assert!(!slack.log().contains("Noor") && !slack.log().contains("shards"));
        assert!(slack.log().contains("place=\"src/clock.rs:"));
        assert!(!slack.figures().await.contains("Noor"));
        for one in [&ada, &ben] {
            submits(one, &hiring).await;
        }
        let post = rita.sees(&hiring);
        assert!(post.contains("2 of 2 scorecards in"), "{post}");
    })
    .await;
}

#[tokio::test]
async fn a_panic_whose_words_hold_a_name_would_be_found() {
    let told = AssertUnwindSafe(story(async |slack| {
        let ([_rita, ada, _ben], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        slack.meets_a_bug(Some((0, "Sam Okafor is no question")));
        card.rates("technical/1", "3 Good").await;
    }));
    let failed = told.catch_unwind().await.expect_err("the story fails");
    let told = failed.downcast_ref::<String>().expect("with words");
    assert!(
        told.contains("the words of a panic hold Sam Okafor"),
        "{told}"
    );
    assert!(!told.contains("the log holds"), "{told}");
}
