//! The clock of the bot's machine set back, and put forward: what has a time of its own, what waits, and in which order things were done.

use crate::harness::{Member, Place, Slack, Transport, on_both, story, story_over, submits};
use interview_assistant::simulator::{Complaint, Misbehaviour, Person};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// A team in Berlin, on Friday 22 November 2024 at midnight there, with a daily digest and a loop under way.
async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = ["rita", "ada", "ben"].map(|name| {
        let mut person = Person::new(name, name);
        person.tz = "Europe/Berlin".to_owned();
        slack.joins(person)
    });
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    people[0]
        .types(&hiring, "/interview digest 09:00 daily Europe/Berlin")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

/// How many digests the channel had, and how many reminders somebody.
fn told(slack: &Slack, reader: &Member, hiring: &Place) -> (usize, usize) {
    let digests = reader.sees(hiring).matches("Interviews here").count();
    let direct = reader.sees(&slack.direct_messages(reader));
    (digests, direct.matches("still to come:").count())
}

#[tokio::test]
async fn a_clock_that_is_set_back_doubles_no_digest_and_no_reminder() {
    on_both(async |slack| {
        let ([_rita, ada, ben], hiring) = opened(slack).await;
        slack.lives_on(HOUR * 9).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR * 2).await;
        assert_eq!(told(slack, &ben, &hiring), (1, 1));
        // By a little, over the times of both, over midnight.
        for hours in [1, 2, 12] {
            slack.sets_back(HOUR * hours).await;
            slack.lives_on(HOUR * hours).await;
            assert_eq!(told(slack, &ben, &hiring), (1, 1), "by {hours}");
        }
        // And then each comes in its turn: Saturday's and Sunday's digest, and on Monday both.
        slack.lives_on(HOUR * 48).await;
        assert_eq!(told(slack, &ben, &hiring), (3, 1));
        slack.lives_on(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring), (4, 2));
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_by_a_clock_that_ran_ahead_a_day_is_not_sent_again_and_the_rest_in_its_time()
{
    story(async |slack| {
        let ([_rita, ada, ben], hiring) = opened(slack).await;
        slack.lives_on(HOUR * 9).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR * 2).await;
        assert_eq!(told(slack, &ben, &hiring), (1, 1));
        // From Friday to Saturday at once: the digest of that day comes, and no reminder.
        slack.advance(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring), (2, 1));
        // Slack's own clock was right all the time, but it cannot be set back here.
        slack.sets_back(HOUR * 24).await;
        slack.lives_on(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring), (2, 1));
        slack.lives_on(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring), (3, 1));
        slack.lives_on(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring), (4, 2));
    })
    .await;
}

#[tokio::test]
async fn what_rested_for_a_time_that_was_wrong_comes_at_the_right_one() {
    story(async |slack| {
        let ([rita, _ada, ben], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest 09:00 weekdays Europe/Berlin")
            .await;
        // It is Friday, and the clock says Saturday: the next digest seems to be Monday's.
        slack.advance(HOUR * 24).await;
        assert_eq!(told(slack, &ben, &hiring).0, 0);
        slack.sets_back(HOUR * 24).await;
        slack.lives_on(HOUR * 10).await;
        assert_eq!(told(slack, &ben, &hiring).0, 1);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_waits_when_the_clock_is_set_back_waits_no_longer_for_it() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        for method in ["chat.update", "chat.postMessage"] {
            slack.misbehaves(Misbehaviour::ServerError {
                method: Some(method.to_owned()),
                times: 3,
            });
        }
        slack.stands_still();
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        slack.sets_back(HOUR * 24).await;
        let before = slack.now();
        slack.goes_on().await;
        let took = slack.now() - before;
        assert!(took < 60, "{took} s");
        let post = rita.sees(&hiring);
        assert!(post.contains("2 of 2 scorecards in"), "{post}");
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
        assert!(slack.log().contains("the clock was set back"));
    })
    .await;
}

#[tokio::test]
async fn what_was_done_stays_in_its_order_and_everything_goes_on_by_a_clock_that_is_set_back() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        card.rates("technical/2", "3 Good").await;
        let home = ada.opens_home().await;
        slack.sets_back(HOUR * 5).await;
        card.rates("technical/1", "2 Mixed").await;
        // The Home tab is drawn anew as soon as ever.
        slack.advance(Duration::from_secs(6)).await;
        assert!(home.text().contains("Jane Doe"), "{}", home.text());
        submits(&ben, &hiring).await;
        slack.sets_back(HOUR * 24).await;
        card.submits_with("Yes", "Knows the trade").await;
        let mine = rita.types(&hiring, "/interview mine").await;
        let decide = mine.clicks("More").await.clicks("Decide").await;
        let decide = decide.chooses("Decision", "Hire");
        decide.fills("Reason", "Knows the trade.").submits().await;
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
        for line in ["list", "mine", "stats", "digest now", "digest show"] {
            let told = rita.types(&hiring, &format!("/interview {line}")).await;
            assert!(!told.text().contains("broke"), "{}", told.text());
        }
        let audit = slack.audit(&code).await;
        let times: Vec<_> = audit.iter().map(|entry| entry.at).collect();
        assert!(!times.is_sorted(), "the clock was set back");
        let done = audit.iter().map(|entry| {
            let what = serde_json::to_value(&entry.what).expect("it is JSON");
            let word = what.as_object().and_then(|what| what.keys().next());
            word.map_or_else(
                || what.as_str().unwrap_or_default().to_owned(),
                Clone::clone,
            )
        });
        let done: Vec<String> = done.collect();
        assert_eq!(done.first().map(String::as_str), Some("opened"));
        assert!(
            done.join(" ").ends_with("submitted revealed decided"),
            "{done:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_slack_told_by_a_clock_that_ran_ahead_is_asked_for_again() {
    story(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview mine").await;
        let before = slack.calls_of("users.info");
        slack.sets_back(Duration::from_secs(60)).await;
        rita.types(&hiring, "/interview mine").await;
        let after = slack.calls_of("users.info");
        assert!(after > before, "{after}");
        // Once is enough.
        rita.types(&hiring, "/interview mine").await;
        assert_eq!(slack.calls_of("users.info"), after);
    })
    .await;
}

/// Rita types, signed as of whenever it is said.
async fn types(slack: &Slack, place: &Place) -> Result<(), Complaint> {
    let typed = slack
        .sim()
        .types("rita", place.id(), None, "/interview mine")
        .await;
    slack.settle().await;
    typed
}

#[tokio::test]
async fn by_a_clock_that_is_wrong_nothing_signed_is_taken_and_the_log_says_why() {
    story_over(Transport::Http, async |slack| {
        let ([rita, ada, _ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.question("technical/1").await;
        let right = slack.now();
        for wrong in [-301, 301] {
            slack.sim().sign_as_of(Some(right - wrong));
            let refused = types(slack, &hiring).await;
            assert_eq!(refused, Err(Complaint::HttpStatus(401)));
        }
        assert!(
            slack
                .log()
                .contains("the timestamp is more than five minutes away")
        );
        slack.sim().sign_as_of(Some(right - 299));
        let taken = types(slack, &hiring).await;
        assert_eq!(taken, Ok(()));
        card.rates("technical/1", "3 Good").await;
        assert_eq!(
            slack.scorecards(&code).await[&ada.id().into()].marks.len(),
            1
        );
        // They were told by Slack that it failed.
        let notices = slack.sim().take_notices("rita");
        assert_eq!(notices.len(), 2, "{notices:?}");
    })
    .await;
}
