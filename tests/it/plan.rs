//! The panel plan: who takes which part, what nobody has taken, and where a scorecard opens.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::event::Audited;

async fn opened(slack: &Slack) -> ([Member; 4], Place) {
    let people = slack.members(["rita", "ada", "ben", "eve"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn interviewers_take_parts_and_what_nobody_has_taken_comes_first() {
    on_both(async |slack| {
        let ([rita, ada, _ben, _eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let plan = ada.clicks(&hiring, "Plan").await;
        assert!(plan.is_only_for_you(), "{}", plan.text());
        assert_snapshot!(plan.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · panel plan
        Nobody has taken
        • Screening
        • Technical: Systems and data, API design
        • Behavioural: Delivery in a team, Drive and learning
        Who covers what
        • @ada: nothing yet
        • @ben: nothing yet
        [Take or give back] [Back]
        ");
        let form = plan.clicks("Take or give back").await;
        assert_snapshot!(form.says(), @"
        Jane Doe · Senior Backend Developer · C-XXXX
        Your part (optional): [Choose parts v]
        Your scorecard opens on it, and shows the rest as well. Take out what you give back.
        ");
        form.chooses_all("Your part", ["All of Behavioural", "All of Screening"])
            .submits()
            .await;
        assert_snapshot!(ada.clicks(&hiring, "Plan").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · panel plan
        Nobody has taken
        • Technical: Systems and data, API design
        Who covers what
        • @ada: Screening, Behavioural
        • @ben: nothing yet
        [Take or give back] [Back]
        ");

        // The owner gives Ben a part; Ben sees it where he looks next.
        let plan = rita.clicks(&hiring, "Plan").await;
        assert!(
            !plan.offers().contains(&"Take or give back".to_owned()),
            "{}",
            plan.text()
        );
        let form = plan.clicks("Assign").await;
        let refused = form
            .names("Interviewer", ["eve"])
            .chooses_all("Part", ["All of Technical"])
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Interviewer: that person does not interview on this panel, and only interviewers take parts. Nothing was changed.");
        refused
            .names("Interviewer", ["ben"])
            .chooses_all("Part", ["All of Technical", "All of Screening"])
            .submits()
            .await;
        assert_snapshot!(rita.clicks(&hiring, "Plan").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · panel plan
        Somebody covers everything.
        Taken by several
        • Screening: @ada and @ben
        Who covers what
        • @ada: Screening, Behavioural
        • @ben: Screening, Technical
        [Assign] [Back]
        ");
        let deeds = slack.deeds(&code).await;
        assert_eq!(
            deeds
                .iter()
                .filter(|deed| matches!(deed, Audited::Covers { .. }))
                .count(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_scorecard_opens_on_the_own_part_and_the_rest_stays_reachable() {
    on_both(async |slack| {
        let ([_rita, ada, ben, _eve], hiring) = opened(slack).await;
        let form = ada
            .clicks(&hiring, "Plan")
            .await
            .clicks("Take or give back")
            .await;
        form.chooses_all("Your part", ["All of Behavioural"])
            .submits()
            .await;
        let card = ada.clicks(&hiring, "Score").await;
        assert_snapshot!(card.head(4), @"
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [Screening 0/5] [Technical 0/5] [• Behavioural 0/5] [Recommend and submit]
        Your part: Behavioural · 0 of 5 rated
        ");
        let others = ben.clicks(&hiring, "Score").await;
        assert_snapshot!(others.head(3), @"
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [• Screening 0/5] [Technical 0/5] [Behavioural 0/5] [Recommend and submit]
        ");
        card.rates("technical/1", "3 Good").await;
        card.submits_with("Yes", "Knows the trade").await;
        submits(&ben, &hiring).await;
        let over = ada.clicks(&hiring, "Plan").await;
        assert!(
            !over.offers().contains(&"Take or give back".to_owned()),
            "{}",
            over.text()
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_on_the_panel_takes_no_part_in_it() {
    story(async |slack| {
        let ([rita, ada, _ben, eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let plan = eve.clicks(&hiring, "Plan").await;
        assert!(
            !plan.offers().contains(&"Take or give back".to_owned()),
            "{}",
            plan.text()
        );
        assert_snapshot!(eve.clicks_forged(&hiring, "plan.take.v1", &code).await.text(), @"
        You are not on this panel, so nothing was saved.
        [Ask to join]
        ");
        assert_snapshot!(ada.clicks_forged(&hiring, "plan.assign.v1", &code).await.text(), @"That is for the loop's owner, @rita, and for administrators. Nothing was changed.");
    })
    .await;
}
