//! Deliveries that come late, and in another order than that in which people did what they tell of.

use crate::harness::{Card, Member, Place, Slack, on_both, submits};
use interview_assistant::simulator::Misbehaviour;
use std::time::Duration;

async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

/// Waits until so many deliveries are held, and has them sent.
async fn sends_held(slack: &Slack, count: usize, reversed: bool) {
    slack.sim().holds(count).await;
    slack.signs_now();
    slack.misbehaves(Misbehaviour::SendHeld { reversed });
}

/// What stands in the store of somebody's scorecard.
async fn marks(slack: &Slack, code: &str, of: &Member) -> Vec<String> {
    let cards = slack.scorecards(code).await;
    let marks = &cards[&of.id().into()].marks;
    marks
        .iter()
        .map(|(question, mark)| format!("{question}: {mark}"))
        .collect()
}

#[tokio::test]
async fn of_two_quick_clicks_that_arrive_reversed_the_later_one_stands() {
    on_both(async |slack| {
        let ([rita, ada, _ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        slack.misbehaves(Misbehaviour::HoldDeliveries(3));
        tokio::join!(
            card.rates_and_goes_on("technical/1", "4 Excellent"),
            card.rates_and_goes_on("technical/2", "3 Good"),
            card.rates_and_goes_on("technical/1", "2 Mixed"),
            sends_held(slack, 3, true),
        );
        slack.settle().await;
        assert_eq!(card.chosen(), ["✓ 2 Mixed", "✓ 3 Good"]);
        let stands = ["technical/1: 2 Mixed", "technical/2: 3 Good"];
        assert_eq!(marks(slack, &code, &ada).await, stands);
        // Whoever thinks again later is heard.
        card.rates("technical/1", "4 Excellent").await;
        let stands = ["technical/1: 4 Excellent", "technical/2: 3 Good"];
        assert_eq!(marks(slack, &code, &ada).await, stands);
    })
    .await;
}

#[tokio::test]
async fn what_several_people_did_is_whole_in_whatever_order_it_arrives() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let [of_ada, of_ben] = [
            ada.clicks(&hiring, "Score").await,
            ben.clicks(&hiring, "Score").await,
        ];
        let rates = async |card: &Card, mark: &str| {
            card.rates_and_goes_on("technical/1", mark).await;
        };
        of_ada.question("technical/1").await;
        of_ben.question("technical/1").await;
        slack.misbehaves(Misbehaviour::HoldDeliveries(3));
        let (_, _, typed, ()) = tokio::join!(
            rates(&of_ada, "3 Good"),
            rates(&of_ben, "2 Mixed"),
            rita.tries_to_type(&hiring, "/interview senior-backend Kim Lee @ada"),
            sends_held(slack, 3, true),
        );
        assert_eq!(typed, Ok(()));
        slack.settle().await;
        assert_eq!(of_ada.chosen(), ["✓ 3 Good"]);
        assert_eq!(of_ben.chosen(), ["✓ 2 Mixed"]);
        for card in [&of_ada, &of_ben] {
            card.submits_with("Yes", "Knows the trade").await;
        }
        let posts = rita.sees(&hiring);
        assert_eq!(posts.matches("C-XXXX").count(), 2, "{posts}");
        assert!(posts.contains("2 of 2 scorecards in"), "{posts}");
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
    })
    .await;
}

#[tokio::test]
async fn a_click_that_comes_after_a_minute_is_saved_and_its_form_is_told_not_to_have_opened() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.question("technical/1").await;
        slack.misbehaves(Misbehaviour::HoldDeliveries(2));
        tokio::join!(
            card.rates_and_goes_on("technical/1", "3 Good"),
            card.clicks_and_goes_on("Recommend and submit"),
            async {
                slack.sim().holds(2).await;
                slack.moves_on_by(Duration::from_secs(60));
                // What comes in meanwhile does not wait for it.
                submits(&ben, &hiring).await;
                sends_held(slack, 2, false).await;
            },
        );
        slack.settle().await;
        assert!(ada.modal().is_none());
        assert_eq!(
            ada.sees_only_you(&hiring),
            "Slack did not open the form in time. Nothing was changed; please click again."
        );
        assert_eq!(marks(slack, &code, &ada).await, ["technical/1: 3 Good"]);
        let post = rita.sees(&hiring);
        assert!(post.contains("1 of 2 scorecards in"), "{post}");
        submits(&ada, &hiring).await;
        let post = rita.sees(&hiring);
        assert!(post.contains("2 of 2 scorecards in"), "{post}");
    })
    .await;
}

#[tokio::test]
async fn events_that_come_reversed_and_twice_lead_to_what_slack_says_now() {
    on_both(async |slack| {
        let ([rita, ada, _ben], hiring) = opened(slack).await;
        slack.misbehaves(Misbehaviour::DuplicateDeliveries(true));
        slack.misbehaves(Misbehaviour::HoldDeliveries(2));
        let direct = slack.direct_messages(&ada);
        let (first, second, ()) = tokio::join!(
            ada.tries_to_type(&direct, "mine"),
            ada.tries_to_type(&direct, "help"),
            sends_held(slack, 2, true),
        );
        assert_eq!((first, second), (Ok(()), Ok(())));
        slack.settle().await;
        slack.misbehaves(Misbehaviour::DuplicateDeliveries(false));
        let told = ada.sees_only_you(&direct);
        assert!(told.contains("Jane Doe"), "{told}");
        assert_eq!(ada.ephemerals(&direct), 2);
        let post = rita.sees(&hiring);
        assert_eq!(post.matches("C-XXXX").count(), 1, "{post}");
    })
    .await;
}
