//! More than the bot takes at once: whoever floods it is told to try again, and keeps nobody else out.

use crate::harness::{Slack, on_both};
use interview_assistant::domain::ids::{QuestionId, UserId};

const BUSY: &str = "Busy: too much is coming in at once, so what you just did was not saved. Please try again in a moment.";

#[tokio::test]
async fn a_flood_from_one_person_is_told_to_wait_and_keeps_nobody_else_out() {
    on_both(async |slack: &Slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        slack.takes_at_once(64);
        slack.restarts().await;
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let flooder = ada.clicks(&hiring, "Score").await;
        let other = ben.clicks(&hiring, "Score").await;

        let (acknowledged, ()) = futures_util::future::join(
            flooder.floods("screening/1", "3 Good", 200),
            other.rates_and_goes_on("screening/1", "2 Mixed"),
        )
        .await;
        slack.settle().await;
        assert_eq!(acknowledged, 200, "each is answered");
        assert!(ada.everything_seen().contains(BUSY));
        assert!(!ben.everything_seen().contains(BUSY));
        let cards = slack.scorecards(&code).await;
        let marked = |user: &str| {
            let card = cards.get(&UserId::from(user)).expect("a scorecard");
            card.marks.contains_key(&QuestionId::from("screening/1"))
        };
        assert!(marked(ben.id()) && marked(ada.id()));

        // Once it is over, she is let in again.
        let card = ada.card_with(&hiring, "Recommend and submit");
        let card = card.rates("screening/2", "3 Good").await;
        assert!(card.text().contains("2 of 15"), "{}", card.text());
        slack.rest_is_read();
    })
    .await;
}
