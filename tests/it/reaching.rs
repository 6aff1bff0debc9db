//! Where slash commands don't work: the shortcuts, mentions in a thread, and direct messages.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::{MessageSeen, Person};

const SCORE: &str = "Score this candidate";

async fn opened(slack: &Slack) -> ([Member; 4], Place) {
    let people = slack.members(["rita", "ada", "ben", "eve"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

fn about(who: &str) -> impl Fn(&MessageSeen) -> bool {
    move |message| message.is_bot && message.rendered().contains(who)
}

#[tokio::test]
async fn the_shortcut_on_a_loops_post_opens_ones_scorecard_as_its_button_does() {
    on_both(async |slack| {
        let ([_, ada, ben, eve], hiring) = opened(slack).await;
        let card = ada.uses_on(&hiring, SCORE, about("Jane Doe")).await;
        assert!(card.is_only_for_you());
        let clicked = ben.clicks(&hiring, "Score").await;
        let named = |card: &Card, name: &str| card.text().replace(name, "@me");
        assert_eq!(named(&card, "@ada"), named(&clicked, "@ben"));
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());
        assert_eq!(eve.sees_only_you(&hiring), "");

        // Who is not on the panel is told the same as after a click.
        let refused = eve.uses_on(&hiring, SCORE, about("Jane Doe")).await;
        assert!(refused.is_only_for_you());
        let clicked = eve.clicks(&hiring, "Score").await;
        assert_eq!(refused.text(), clicked.text());
    })
    .await;
}

#[tokio::test]
async fn the_shortcut_on_anything_in_a_loops_thread_opens_the_scorecard_there() {
    on_both(async |slack| {
        let ([rita, ada, ..], hiring) = opened(slack).await;
        let other = slack.private_channel("#other");
        let thread = hiring.thread_of("Jane Doe");
        rita.types(&thread, "She starts at two.").await;
        let card = ada.uses(&thread, SCORE).await;
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());
        assert_eq!(ada.ephemerals(&thread), 1);
        assert_eq!(ada.ephemerals(&hiring), 0, "it stands in the thread");

        // The post has replies now, and still leads there, from the channel.
        let card = ada.uses_on(&hiring, SCORE, about("Jane Doe")).await;
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());

        // After a restart, and wherever the loop goes, the thread is found.
        slack.restarts().await;
        let card = ada.uses(&thread, SCORE).await;
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());
        rita.types(&other, "Lunch?").await;
        let none = ada.uses(&other, SCORE).await;
        assert!(none.is_only_for_you());
        assert_snapshot!(none.text(), @"
        This message belongs to no interview loop, so there is nothing to score here. Use the shortcut on a loop's post or in its thread; /interview mine leads to your scorecards.
        [My scorecards]
        ");
    })
    .await;
}

#[tokio::test]
async fn guests_and_strangers_are_refused_from_a_message_too() {
    story(async |slack| {
        let gus = slack.joins(Person::new("gus", "gus").guest());
        let (_, hiring) = opened(slack).await;
        let refused = gus.uses_on(&hiring, SCORE, about("Jane Doe")).await;
        assert_snapshot!(refused.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
    })
    .await;
}
