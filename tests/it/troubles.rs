//! Slack slow, down, answering 429, losing answers and connections; the bot stopped and started in between.

use crate::harness::{Member, Place, Slack, on_both, story, submits};
use interview_assistant::simulator::Misbehaviour;

async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

fn of(method: &str) -> Option<String> {
    Some(method.to_owned())
}

/// One post, one debrief, nothing doubled.
fn is_whole(reader: &Member, place: &Place) {
    let post = reader.sees(place);
    assert_eq!(post.matches("C-XXXX").count(), 1, "{post}");
    assert!(post.contains("2 of 2 scorecards in"), "{post}");
    let thread = reader.sees(&place.thread_of("Jane Doe"));
    assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
    assert!(thread.contains("Recommendation: 2 Yes"), "{thread}");
}

#[tokio::test]
async fn posts_wait_as_long_as_slack_asks_and_then_show_the_newest_state() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        slack.misbehaves(Misbehaviour::RateLimit {
            method: of("chat.update"),
            times: 2,
            retry_after: 30,
        });
        slack.misbehaves(Misbehaviour::RateLimit {
            method: of("chat.postMessage"),
            times: 2,
            retry_after: 45,
        });
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn posts_survive_a_slack_that_is_down() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        for method in ["chat.update", "chat.postMessage"] {
            slack.misbehaves(Misbehaviour::ServerError {
                method: of(method),
                times: 6,
            });
        }
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn what_people_do_is_saved_at_once_while_slack_takes_no_calls() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        slack.stands_still();
        slack.misbehaves(Misbehaviour::ServerError {
            method: None,
            times: 1000,
        });
        card.rates("technical/1", "3 Good").await;
        card.rates("technical/2", "2 Mixed").await;
        slack.sim().misbehave(Misbehaviour::Behave);
        slack.goes_on().await;
        let cards = slack.scorecards(&code).await;
        assert_eq!(cards[&ada.id().into()].marks.len(), 2);
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_lost_doubles_no_direct_message_and_leaves_one_post_that_counts() {
    story(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: of("chat.postMessage"),
            times: 3,
        });
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        for interviewer in [&ada, &ben] {
            let direct = interviewer.sees(&slack.direct_messages(interviewer));
            assert_eq!(
                direct.matches("You are on the panel").count(),
                1,
                "{direct}"
            );
        }
        // The loop's own post is sent again where nobody knows whether it arrived; a click retires the older copy.
        let copies = slack.copies(&rita, &hiring);
        assert_eq!(copies.len(), 2);
        copies[0].clicks("Score").await;
        assert!(
            copies[0]
                .text()
                .starts_with("This is an older copy of the post"),
            "{}",
            copies[0].text()
        );
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let post = rita.sees(&hiring);
        assert_eq!(post.matches("2 of 2 scorecards in").count(), 1, "{post}");
        let thread = rita.sees(&hiring.thread_of("2 of 2"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
    })
    .await;
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_made_again_in_place() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: of("chat.update"),
            times: 2,
        });
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn a_restart_at_any_point_loses_nothing_and_sends_what_is_owed() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        let card = ben.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        slack.restarts().await;

        // The last one submits while Slack is down; the bot is stopped before Slack is back.
        slack.stands_still();
        for method in ["chat.update", "chat.postMessage"] {
            slack.misbehaves(Misbehaviour::ServerError {
                method: of(method),
                times: 1000,
            });
        }
        card.submits_with("Yes", "Solid").await;
        assert!(
            !rita.sees(&hiring).contains("2 of 2"),
            "{}",
            rita.sees(&hiring)
        );
        slack.restarts().await;
        slack.sim().misbehave(Misbehaviour::Behave);
        slack.restarts().await;
        slack.goes_on().await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn connections_that_break_or_are_renewed_lose_no_click() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        slack.misbehaves(Misbehaviour::RefreshSockets);
        slack.sim().connected().await;
        let card = ben.clicks(&hiring, "Score").await;
        slack.misbehaves(Misbehaviour::DropSockets);
        slack.sim().connected().await;
        card.rates("technical/1", "3 Good").await;
        card.submits_with("Yes", "Solid").await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn a_slack_that_hangs_holds_up_nobodys_click_and_is_called_again() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        let card = ben.clicks(&hiring, "Score").await;
        slack.misbehaves(Misbehaviour::Hang {
            method: of("chat.update"),
            times: 1,
            performs: true,
        });
        card.rates("technical/1", "3 Good").await;
        let form = card.clicks("Recommend and submit").await;
        let form = form
            .chooses("Recommendation", "Yes")
            .fills("Why? A line of evidence", "Solid")
            .ticks("Unrated questions");
        form.submits_and_goes_on().await;
        // While that call hangs, others are answered.
        let kit = rita
            .tries_to_type(&hiring, "/interview senior-backend")
            .await;
        assert_eq!(kit, Ok(()));
        slack.settle().await;
        is_whole(&rita, &hiring);
    })
    .await;
}

#[tokio::test]
async fn whoever_slack_will_not_tell_about_is_refused_and_nothing_is_opened() {
    story(async |slack| {
        let [rita, _ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        slack.misbehaves(Misbehaviour::ServerError {
            method: of("users.info"),
            times: 50,
        });
        let refused = rita
            .types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        assert_eq!(
            refused.text(),
            "Slack did not answer in time who may do this, so nothing was saved. Please try again."
        );
        assert_eq!(rita.sees(&hiring), "");
        slack.misbehaves(Misbehaviour::Behave);
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        assert_eq!(rita.sees(&hiring).matches("C-XXXX").count(), 1);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_slow_slack_keeps_nobody_waiting_for_an_acknowledgement() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        slack.misbehaves(Misbehaviour::Slow { millis: 150 });
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
    })
    .await;
}
