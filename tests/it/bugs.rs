//! A bug in the bot, wherever somebody meets it: who is told, who notices nothing, and what is not logged.

use crate::harness::{Member, Place, Slack, story, submits};
use futures_util::FutureExt as _;
use interview_assistant::telemetry::{self, Form, panics};
use std::panic::AssertUnwindSafe;
use std::process::Command;

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

/// By this a process is told that it is a program with a bug.
const BUG: &str = "IT_HAS_A_BUG";

/// A program of which a thread and a task panic. In an ordinary run it is an empty test.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how tests are run is said to the tests"
)]
fn stand_in() {
    if std::env::var(BUG).is_err() {
        return;
    }
    telemetry::start("info", Form::Text).expect("nothing else logs");
    let thread = std::thread::spawn(|| panic!("{WORDS}"));
    assert!(thread.join().is_err());
    let runtime = tokio::runtime::Builder::new_multi_thread().build();
    let runtime = runtime.expect("a runtime");
    let task = runtime.spawn(async { panic!("{WORDS}") });
    assert!(runtime.block_on(task).is_err());
    assert_eq!(panics::count(), 2);
}

#[test]
fn the_program_itself_says_where_a_bug_is_and_not_what_it_held() {
    for backtrace in ["0", "1"] {
        let ran = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(["bugs::stand_in", "--exact", "--nocapture"])
            .env(BUG, "1")
            .env("RUST_BACKTRACE", backtrace)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
        assert!(ran.status.success(), "{said}");
        let told = said.matches("a bug broke off what was being done");
        assert_eq!(told.count(), 2, "{said}");
        assert_eq!(
            said.matches("tests/it/bugs.rs:").count() > 2,
            backtrace == "1",
            "{said}"
        );
        assert!(!said.contains("Noor") && !said.contains("shards"), "{said}");
    }
}
