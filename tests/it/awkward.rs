//! Awkward people, names and moments. Awkward places are in `places_of_a_loop`, an awkward Slack in `troubles`.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::event::Audited;
use interview_assistant::simulator::{ActionValue, Misbehaviour, Person};
use serde_json::json;

async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn a_thing_that_slack_delivers_twice_has_one_effect_and_one_answer() {
    on_both(async |slack| {
        slack.misbehaves(Misbehaviour::DuplicateDeliveries(true));
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        assert_eq!(
            rita.sees(&hiring).matches("C-XXXX").count(),
            1,
            "{}",
            rita.sees(&hiring)
        );
        assert_eq!(rita.ephemerals(&hiring), 1);
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let form = rita.clicks(&hiring.thread_of("Jane Doe"), "Decide").await;
        form.chooses("Decision", "Hire")
            .fills("Reason", "Convinced")
            .submits()
            .await;
        rita.clicks(&hiring, "More").await.clicks("Reopen").await;

        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(
            (
                thread.matches("Debrief · ").count(),
                thread.matches("taken back").count()
            ),
            (1, 1),
            "{thread}"
        );
        let deeds = slack.deeds(&code).await;
        let count = |wanted: fn(&Audited) -> bool| deeds.iter().filter(|deed| wanted(deed)).count();
        assert_eq!(count(|deed| matches!(deed, Audited::Opened)), 1);
        assert_eq!(count(|deed| matches!(deed, Audited::Rated { .. })), 2);
        assert_eq!(count(|deed| matches!(deed, Audited::Submitted { .. })), 2);
        assert_eq!(count(|deed| matches!(deed, Audited::Decided { .. })), 1);
        assert_eq!(count(|deed| matches!(deed, Audited::Reopened)), 1);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_repeated_after_a_restart_has_no_second_effect() {
    story(async |slack| {
        let ([rita, ada, _ben], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        slack.restarts().await;
        slack.sim().redeliver_last().await;
        slack.settle().await;
        let rated = slack.deeds(&code).await;
        assert_eq!(
            rated
                .iter()
                .filter(|deed| matches!(deed, Audited::Rated { .. }))
                .count(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_click_at_the_instant_of_the_reveal_is_on_one_side_of_it() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        for candidate in ["Jane Doe", "Sam Okafor", "Kim Lee", "Pat Roe"] {
            rita.types(
                &hiring,
                &format!("/interview senior-backend {candidate} @ada @ben"),
            )
            .await;
            let card = ada.clicks(&hiring, "Score").await;
            card.rates("technical/1", "2 Mixed").await;
            card.submits_with("Yes", "Knows the trade").await;
            let last = ben.clicks(&hiring, "Score").await;
            let form = last.clicks("Recommend and submit").await;
            let form = form
                .chooses("Recommendation", "Yes")
                .fills("Why? A line of evidence", "Solid")
                .ticks("Unrated questions");
            let card = ada.clicks(&hiring, "Score").await;
            card.clicks("Technical").await;
            tokio::join!(form.submits(), card.rates("technical/1", "3 Good"));

            let debrief = rita.sees(&hiring.thread_of(candidate));
            let before = debrief.contains("3.0   1  3") && !debrief.contains("after the reveal");
            let after = debrief.contains("2.0   1  2")
                && debrief.contains("@ada changed Systems and data 2 to 3 after the reveal");
            assert!(before != after, "{debrief}");
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_click_after_the_decision_is_kept_and_marked() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let thread = hiring.thread_of("Jane Doe");
        let form = rita.clicks(&thread, "Decide").await;
        form.chooses("Decision", "Hire")
            .fills("Reason", "Convinced")
            .submits()
            .await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "2 Mixed").await;
        let replies = rita.sees(&thread);
        assert!(
            replies.contains("@ada changed Systems and data 3 to 2 after the reveal"),
            "{replies}"
        );
        assert!(
            replies.contains("3.0   2  3"),
            "the snapshot stands: {replies}"
        );
        assert!(
            rita.sees(&hiring).contains("Decided: Hire"),
            "{}",
            rita.sees(&hiring)
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_name_for_the_same_role_asks_whether_it_is_the_same_person() {
    on_both(async |slack| {
        let ([rita, ada, _ben], hiring) = opened(slack).await;
        let first = rita.code_of(&hiring, "Jane Doe");
        let choice = ada
            .types(&hiring, "/interview senior-backend  jane   DOE @ben")
            .await;
        assert_snapshot!(choice.text(), @"
        Jane Doe: C-XXXX, opened Nov 21, 2024 by @rita:
        [Open that one]
        [Another person]
        ");
        let that_one = choice.clicks("Open that one").await;
        assert!(that_one.is_only_for_you());
        assert_eq!(rita.sees(&hiring).matches("C-XXXX").count(), 1);
        let choice = ada
            .types(&hiring, "/interview senior-backend Jane Doe @ben")
            .await;
        choice.double_clicks("Another person").await;
        assert_eq!(
            rita.sees(&hiring).matches("C-XXXX").count(),
            2,
            "one loop, for all its clicks"
        );
        assert_ne!(rita.code_of(&hiring, "Jane Doe"), first);

        // Another role, or a loop that is over, is no namesake.
        rita.types(&hiring, "/interview head-of-backend Jane Doe @ben")
            .await;
        assert_eq!(rita.sees(&hiring).matches("C-XXXX").count(), 3);
    })
    .await;
}

#[tokio::test]
async fn guests_bots_and_people_of_other_companies_are_refused_in_a_sentence() {
    on_both(async |slack| {
        let ([rita, _ada, _ben], hiring) = opened(slack).await;
        let gus = slack.joins(Person::new("gus", "Gus").guest());
        let una = slack.joins(Person::new("una", "Una").single_channel_guest());
        let bot = slack.joins(Person::new("robo", "Robo").bot());
        let sid = slack.joins(Person::new("sid", "Sid").stranger());
        for person in [&gus, &una, &bot, &sid] {
            slack.sim().join(person.name(), hiring.id());
        }
        let kept = slack.everything_kept().await;
        assert_snapshot!(gus.types(&hiring, "/interview senior-backend").await.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
        assert_snapshot!(una.clicks(&hiring, "Score").await.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
        assert_snapshot!(bot.types(&hiring, "/interview senior-backend Kim Lee").await.text(), @"Interviews are for people; bots cannot take part. Nothing was saved.");
        assert_snapshot!(sid.clicks(&hiring, "More").await.text(), @"Interviews are for members of this workspace. Nothing was saved; please ask somebody here.");
        assert_snapshot!(rita.types(&hiring, "/interview senior-backend Kim Lee @gus").await.text(), @"@gus cannot be on a panel: only active members of this workspace can. Nothing was saved.");
        assert_snapshot!(rita.types(&hiring, "/interview senior-backend Kim Lee @sid").await.text(), @"@sid cannot be on a panel: only active members of this workspace can. Nothing was saved.");
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_deactivated_interviewer_gets_no_messages_and_may_be_dropped() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        slack.sim().deactivate("ben").await;
        slack.settle().await;
        rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        assert_eq!(slack.calls_to(ben.id()), 1, "the invitation only");
        let refused = rita.types(&hiring, "/interview senior-backend Kim Lee @ben").await;
        assert_snapshot!(refused.text(), @"@ben cannot be on a panel: only active members of this workspace can. Nothing was saved.");
        let form = rita.clicks(&hiring, "More").await.clicks("Edit panel").await;
        form.names("Panel", ["ada"]).submits().await;
        assert!(rita.sees(&hiring.thread_of("Jane Doe")).contains("Debrief"), "{}", rita.sees(&hiring));
    })
    .await;
}

#[tokio::test]
async fn somebody_who_becomes_a_guest_loses_access_at_the_next_click() {
    story(async |slack| {
        let ([_rita, ada, _ben], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        slack.sim().make_guest("ada").await;
        slack.settle().await;
        let refused = card.rates("screening/1", "3 Good").await;
        assert_snapshot!(refused.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
    })
    .await;
}

#[tokio::test]
async fn an_old_button_says_so_and_leads_to_the_new_ones() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let old = json!([{ "type": "actions", "elements": [{
            "type": "button", "action_id": "rate_candidate", "value": "7",
            "text": { "type": "plain_text", "text": "Rate", "emoji": false },
        }] }]);
        slack.sim().plant_bot_message(hiring.id(), None, "An older post", Some(old)).expect("the channel is there");
        let answer = rita.clicks(&hiring, "Rate").await;
        assert_snapshot!(answer.text(), @"
        This button is from an older message, so nothing was changed. /interview mine leads to the present ones.
        [My scorecards]
        ");
        let mine = answer.clicks("My scorecards").await;
        assert_snapshot!(mine.text(), @"
        Your scorecards and loops
        There are none here. /interview senior-backend Jane Doe @ada @ben opens one; /interview shows the roles.
        ");
    })
    .await;
}

#[tokio::test]
async fn a_home_tab_of_an_earlier_version_breaks_nothing() {
    on_both(async |slack| {
        let [ada] = slack.members(["ada"]);
        let option = |name: &str| {
            json!({ "text": { "type": "plain_text", "text": name, "emoji": false }, "value": name })
        };
        let old = json!({ "type": "home", "blocks": [
            { "type": "section", "text": { "type": "mrkdwn", "text": "Jane" }, "accessory": {
                "type": "button", "action_id": "go.1", "value": "1", "text": { "type": "plain_text", "text": "Go", "emoji": false },
            } },
            { "type": "section", "text": { "type": "mrkdwn", "text": "Sam" }, "accessory": {
                "type": "button", "action_id": "go.2", "value": "2", "text": { "type": "plain_text", "text": "Go", "emoji": false },
            } },
            { "type": "actions", "elements": [{
                "type": "static_select", "action_id": "zone", "options": [option("Berlin"), option("Tokyo")],
                "placeholder": { "type": "plain_text", "text": "Time zone", "emoji": false },
            }] },
        ] });
        slack.sim().plant_home("ada", &old).expect("Slack takes it");
        let home = ada.home().expect("it is there");
        assert_snapshot!(home.text(), @r"
        Jane
        [Go]
        Sam
        [Go]
        [Time zone v]
        ");
        let after = home.clicks_beside("Sam", "Go").await;
        assert!(after.is_modal() && after.text().contains("an older message"));
        ada.closes_all().await;
        // Each click brings the present one.
        assert!(home.is_home() && !home.text().contains("Sam"));
        slack.sim().plant_home("ada", &old).expect("Slack takes it");
        home.sets_at_once("Time zone", ActionValue::Option("Tokyo".to_owned())).await;
        ada.closes_all().await;
        assert!(home.is_home() && !home.text().contains("Sam"));
        assert!(ada.opens_home().await.text().contains("Start with"));
    })
    .await;
}

#[tokio::test]
async fn a_second_tab_shows_the_last_click_of_the_first() {
    story(async |slack| {
        let ([_rita, ada, _ben], hiring) = opened(slack).await;
        let first = ada.clicks(&hiring, "Score").await;
        let second = ada.clicks(&slack.direct_messages(&ada), "Score").await;
        first.rates("screening/1", "2 Mixed").await;
        second.rates("screening/2", "3 Good").await;
        assert_eq!(second.chosen(), ["✓ 2 Mixed", "✓ 3 Good"]);
        assert!(second.foot().contains("2 of 15"), "{}", second.foot());
    })
    .await;
}
