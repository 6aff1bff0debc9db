//! Where slash commands don't work: the shortcuts, mentions in a thread, and direct messages.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::{ActionValue, MessageSeen, Person};

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

#[tokio::test]
async fn a_mention_in_a_loops_thread_brings_its_buttons_to_whoever_asked_and_to_nobody_else() {
    on_both(async |slack| {
        let ([_, ada, ben, eve], hiring) = opened(slack).await;
        let thread = hiring.thread_of("Jane Doe");
        let posts = slack.copies(&ben, &hiring).len();
        let card = ada.types(&thread, "@interview-assistant T1 4").await;
        assert!(card.is_only_for_you());
        assert_snapshot!(card.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Opened by @rita in #hiring on Nov 21, 2024 · kit xxxxxx
        [Score] [Kit] [Plan] [More]
        ");
        assert_eq!(ada.ephemerals(&thread), 1);
        assert_eq!((ada.ephemerals(&hiring), ben.ephemerals(&thread)), (0, 0));
        assert_eq!(slack.copies(&ben, &hiring).len(), posts);

        // Slack tells it once more: it is answered once.
        slack.sim().redeliver_last().await;
        slack.settle().await;
        assert_eq!(ada.ephemerals(&thread), 1);

        // What was written beside the mention is no rating, and the buttons do what they do elsewhere.
        let scorecard = card.clicks("Score").await;
        assert!(scorecard.is_only_for_you());
        assert!(scorecard.text().contains("0 of "), "{}", scorecard.text());

        // Who is not on the panel has no scorecard.
        let card = eve.types(&thread, "@interview-assistant hello?").await;
        assert!(!card.text().contains("[Score]"), "{}", card.text());
    })
    .await;
}

#[tokio::test]
async fn a_mention_anywhere_else_brings_the_help() {
    story(async |slack| {
        let ([rita, ada, ..], hiring) = opened(slack).await;
        let help = ada.types(&hiring, "@interview-assistant hello").await;
        assert!(help.is_only_for_you());
        let typed = rita.types(&hiring, "/interview help").await;
        assert_eq!(help.text(), typed.text());
        assert_eq!(ada.ephemerals(&hiring), 1);

        // In the thread of a message of somebody's.
        let said = slack.sim().messages("rita", hiring.id());
        let said = said
            .iter()
            .find(|message| !message.is_bot)
            .expect("it was said");
        let before = ada.ephemerals(&hiring);
        let thread = Some(said.ts.as_str());
        let text = "@interview-assistant and now?";
        let typed = slack.sim().types("ada", hiring.id(), thread, text).await;
        typed.expect("she may write there");
        slack.settle().await;
        assert_eq!(
            ada.ephemerals(&hiring),
            before,
            "it is answered in the thread"
        );
        let replies = slack.sim().thread("ada", hiring.id(), &said.ts);
        let answer = replies.last().expect("there is an answer");
        assert!(answer.ephemeral && answer.rendered().starts_with("Structured interviews"));
    })
    .await;
}

#[tokio::test]
async fn mentions_by_guests_are_refused_and_those_by_programs_are_passed_over() {
    on_both(async |slack| {
        let gus = slack.joins(Person::new("gus", "gus").guest());
        let ([_, ada, ..], hiring) = opened(slack).await;
        let thread = hiring.thread_of("Jane Doe");
        let refused = gus.types(&thread, "@interview-assistant").await;
        assert!(refused.is_only_for_you());
        assert_snapshot!(refused.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");

        let calls = slack.sim().calls().len();
        let by = |user: serde_json::Value, bot: serde_json::Value, subtype: serde_json::Value| {
            serde_json::json!({
                "type": "app_mention", "user": user, "bot_id": bot, "subtype": subtype, "text": "<@U1>",
                "ts": "1700000000.000100", "channel": hiring.id(),
            })
        };
        let none = serde_json::Value::Null;
        for event in [
            by(ada.id().into(), "B1".into(), none.clone()),
            by(ada.id().into(), none.clone(), "message_changed".into()),
            by(none.clone(), none.clone(), none.clone()),
        ] {
            slack.sim().event(event).await;
            slack.settle().await;
        }
        assert_eq!(slack.sim().calls().len(), calls);
    })
    .await;
}

#[tokio::test]
async fn a_direct_message_is_answered_like_the_command() {
    on_both(async |slack| {
        let ([rita, ada, ..], hiring) = opened(slack).await;
        let direct = slack.direct_messages(&ada);
        for words in [
            "senior-backend",
            "Mine",
            "list",
            "kits",
            "senior-backned",
            "help",
            "backend <@U1X> & co",
        ] {
            let said = ada.types(&direct, words).await;
            assert!(said.is_only_for_you(), "{words}");
            let typed = ada.types(&direct, &format!("/interview {words}")).await;
            assert_eq!(said.text(), typed.text(), "{words}");
        }

        // A loop is opened from there, too: it asks for the channel.
        let direct = slack.direct_messages(&rita);
        let said = rita.types(&direct, "senior-backend Sam Okafor @ada").await;
        let typed = rita
            .types(&direct, "/interview senior-backend Sam Okafor @ada")
            .await;
        assert_eq!(said.text(), typed.text());
        let channel = ActionValue::Channels(vec![hiring.id().to_owned()]);
        said.picks(channel).await;
        assert!(
            ada.sees(&hiring).contains("Sam Okafor"),
            "{}",
            ada.sees(&hiring)
        );
        // A message told once more is answered once, and its buttons work.
        let direct = slack.direct_messages(&ada);
        let mine = ada.types(&direct, "mine").await;
        let answers = ada.ephemerals(&direct);
        slack.sim().redeliver_last().await;
        slack.settle().await;
        assert_eq!(ada.ephemerals(&direct), answers);
        let card = mine.clicks("Score").await;
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());
    })
    .await;
}

#[tokio::test]
async fn a_form_is_not_opened_by_a_direct_message_but_is_spoken_of() {
    story(async |slack| {
        let olga = crate::kit_editing::admin(slack);
        let [rita] = slack.members(["rita"]);
        slack.rest_is_read();
        let said = olga.types(&slack.direct_messages(&olga), "import").await;
        assert!(!said.is_modal());
        assert_snapshot!(said.text(), @"Slack opens a form only after a click or a command, so nothing was opened. Please type the same after /interview, in any channel.");
        let refused = rita.types(&slack.direct_messages(&rita), "import").await;
        assert!(refused.text().starts_with("Kits are changed by administrators."));
    })
    .await;
}

#[tokio::test]
async fn edits_the_bots_own_messages_and_those_of_guests_are_no_commands() {
    on_both(async |slack| {
        let ([_, ada, ..], hiring) = opened(slack).await;
        let gus = slack.joins(Person::new("gus", "gus").guest());
        let refused = gus.types(&slack.direct_messages(&gus), "mine").await;
        assert!(refused.text().starts_with("Guests cannot use interviews here."));

        let direct = slack.direct_messages(&ada);
        ada.types(&direct, "mine").await;
        let calls = slack.sim().calls().len();
        let event = |changes: serde_json::Value| {
            let mut event = serde_json::json!({
                "type": "message", "channel_type": "im", "channel": direct.id(), "user": ada.id(), "text": "mine", "ts": "1700000000.000100",
            });
            for (key, value) in changes.as_object().expect("an object") {
                event[key] = value.clone();
            }
            event
        };
        for changes in [
            serde_json::json!({ "bot_id": "B1" }),
            serde_json::json!({ "user": null }),
            serde_json::json!({ "subtype": "message_changed" }),
            serde_json::json!({ "subtype": "message_deleted" }),
            serde_json::json!({ "subtype": "bot_message" }),
            serde_json::json!({ "text": " " }),
            serde_json::json!({ "channel_type": "channel", "channel": hiring.id() }),
        ] {
            slack.sim().event(event(changes)).await;
            slack.settle().await;
        }
        assert_eq!(slack.sim().calls().len(), calls, "nothing was answered");
        slack.sim().event(event(serde_json::json!({}))).await;
        slack.settle().await;
        assert!(slack.sim().calls().len() > calls, "what a person wrote is");
    })
    .await;
}

#[tokio::test]
async fn the_shortcut_for_everywhere_asks_for_the_role_and_then_for_the_candidate() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        let role = rita.uses_anywhere("Start an interview").await;
        assert!(role.is_modal());
        assert_snapshot!(role.text(), @"
        [Start an interview]
        Role: [Choose a role v]
        Its interview kit says what to ask, and what each rating sounds like.
        ");
        let form = role
            .chooses("Role", "Senior Backend Developer")
            .submits()
            .await;
        assert_eq!(
            form.head(2),
            "[Start a candidate]\nSenior Backend Developer"
        );
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .names("Panel", ["ada"])
            .goes_to("Channel", &hiring);
        // Nothing was known of that channel yet, so Slack is asked while she waits.
        assert_snapshot!(form.submits().await.text(), @"
        [Done]
        Opened C-XXXX in #hiring. @ada gets a direct message.
        ");
        rita.closes_all().await;
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 1 scorecard in
        [Score] [Kit] [Plan] [More]
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn guests_start_no_interview_and_leaving_the_form_starts_none() {
    story(async |slack| {
        let gus = slack.joins(Person::new("gus", "gus").guest());
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let refused = gus.uses_anywhere("Start an interview").await;
        assert!(!refused.is_modal());
        assert_snapshot!(refused.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
        let role = rita.uses_anywhere("Start an interview").await;
        let form = role.chooses("Role", "Head of Backend Engineering").submits().await;
        assert!(form.is_modal());
        assert!(rita.closes_top().await.is_none(), "the first form gave way");
        assert_eq!(rita.sees(&hiring), "");
        slack.rest_is_read();
    })
    .await;
}
