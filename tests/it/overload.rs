//! More than the bot takes at once: whoever floods it is told to try again, and keeps nobody else out.

use crate::harness::program::until;
use crate::harness::{Slack, on_both, story};
use interview_assistant::domain::ids::{QuestionId, UserId};
use interview_assistant::simulator::{Misbehaviour, Person};
use std::time::Duration;

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

#[tokio::test]
async fn whoever_comes_back_in_numbers_makes_the_bot_ask_slack_of_a_few_at_a_time() {
    story(async |slack| {
        let names = (0..40).map(|number| format!("person{number}"));
        let people: Vec<_> = names
            .map(|name| slack.joins(Person::new(&name, &name)))
            .collect();
        let hiring = slack.private_channel("#hiring");
        for member in &people {
            member.types(&hiring, "/interview mine").await;
        }
        // What Slack told of them is used once more, and asked for again.
        slack.advance(Duration::from_secs(2 * 3600)).await;
        let before = slack.sim().calls().len();
        slack.misbehaves(Misbehaviour::Hang {
            method: Some("users.info".to_owned()),
            times: 1000,
            performs: false,
        });
        let asked = || {
            let calls = slack.sim().calls();
            let new = calls.iter().skip(before);
            new.filter(|call| call.method == "users.info").count()
        };
        let all_type = async || {
            for member in &people {
                let told = member.tries_to_type(&hiring, "/interview mine").await;
                told.expect("nobody waits for it");
            }
        };
        all_type().await;
        until("some are asked about", || (asked() >= 16).then_some(())).await;
        all_type().await;
        assert_eq!(asked(), 16);
        slack.misbehaves(Misbehaviour::Behave);
        slack.kills().await;
        all_type().await;
        slack.settle().await;
        assert_eq!(asked(), 16 + people.len(), "then all of them are");
        slack.rest_is_read();
    })
    .await;
}
