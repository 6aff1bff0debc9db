//! Finding one's way back: `mine`, `list`, `help`, and what each shows to whom.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};

async fn opened(slack: &Slack) -> ([Member; 4], Place) {
    let people = slack.members(["rita", "ada", "ben", "eve"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.advance(std::time::Duration::from_secs(60)).await;
    people[0]
        .types(&hiring, "/interview head-of-backend Sam Okafor @ada")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn mine_leads_to_ones_own_scorecards_and_loops_from_anywhere() {
    on_both(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        submits(&ben, &slack.direct_messages(&ben)).await;
        let direct = slack.direct_messages(&ada);
        let mine = ada.types(&direct, "/interview mine").await;
        assert_snapshot!(mine.text(), @"
        Your scorecards and loops
        Sam Okafor · Head of Backend Engineering · C-XXXX · 0 of 1 scorecard in · you owe a scorecard
        [Score] [More]
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 2 scorecards in · you owe a scorecard
        [Score] [More]
        ");
        let card = mine.clicks("Score").await;
        assert!(card.head(1).starts_with("Scorecard: "), "{}", card.text());
        assert_snapshot!(rita.types(&hiring, "/interview Mine").await.text(), @"
        Your scorecards and loops
        Sam Okafor · Head of Backend Engineering · C-XXXX · 0 of 1 scorecard in
        [More]
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 2 scorecards in
        [More]
        ");
        assert_snapshot!(eve.types(&hiring, "/interview mine").await.text(), @"
        Your scorecards and loops
        There are none here. /interview senior-backend Jane Doe @ada @ben opens one; /interview shows the roles.
        ");
    })
    .await;
}

#[tokio::test]
async fn list_shows_the_loops_of_the_channel_and_ones_own_and_no_others() {
    on_both(async |slack| {
        let ([rita, _ada, ben, eve], hiring) = opened(slack).await;
        let other = slack.private_channel("#other");
        rita.types(&other, "/interview senior-backend Kim Lee @ada")
            .await;
        assert_snapshot!(eve.types(&hiring, "/interview list").await.text(), @"
        Interview loops
        Sam Okafor · Head of Backend Engineering · C-XXXX · 0 of 1 scorecard in
        [More]
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        [More]
        ");
        let list = ben.types(&other, "/interview list").await.text();
        assert!(
            list.contains("Kim Lee") && list.contains("Jane Doe") && !list.contains("Sam Okafor"),
            "{list}"
        );
    })
    .await;
}

#[tokio::test]
async fn help_says_what_can_be_typed() {
    story(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        assert_snapshot!(rita.types(&hiring, "/interview help").await.text(), @"
        Structured interviews
        Type, in any channel:
        • /interview: all roles
        • /interview senior-backend: the interview kit, for you alone
        • /interview senior-backend Jane Doe @ada @ben: opens Jane's loop in this channel, with a panel of two
        • /interview senior-backend Jane Doe @ada on 2026-12-01 14:00: the same, with a time; also on today 2pm, on tomorrow 14:00 for 60 min
        • /interview mine: your scorecards and loops
        • /interview list: the loops of this channel and yours
        • /interview digest 09:00 weekdays: one post a day here: what is owed, what is ready to decide; off, now, show
        • /interview kits: the kits, their versions and the loops on each
        • /interview kits reload: reads the kits' files again (administrators)
        • /interview import: makes a kit of a recruiter's guide (administrators)
        • /interview calibrate senior-backend: a sample answer that everybody here rates, blind
        • /interview stats senior-backend: how long its loops take, what nobody asks (owners, administrators)
        • /interview export C-XXXX: a loop as a file, in your direct messages; Markdown, CSV, JSON
        • /interview hold C-XXXX why: a legal hold: nobody can erase the loop (owners, administrators); off (administrators)
        • /interview erase C-XXXX: removes a loop for good (owners, administrators)
        • /interview help: this page
        What makes it fair:
        • Nobody sees anybody's scores before the reveal, the owner included.
        • Everybody's ratings weigh the same, and anyone can check a figure by hand.
        • People decide, with a reason of their own. Nothing is sent to the candidate.
        Commands don't work in a thread: mention me there, or choose Score this candidate in a message's menu. In a direct message to me, type what comes after /interview.
        My Home tab shows your open scorecards, the loops you own and what is next, and your settings.
        Every click on a scorecard is saved at once; Score brings you back to it.
        [All roles] [My scorecards]
        ");
    })
    .await;
}

#[tokio::test]
async fn a_list_of_many_loops_fits_one_message_and_says_what_it_leaves_out() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        for number in 0..18 {
            let name = format!("Candidate Number{number} {}", "Long ".repeat(15));
            rita.types(&hiring, &format!("/interview senior-backend {name}"))
                .await;
        }
        let list = rita.types(&hiring, "/interview list").await;
        assert!(
            list.text().contains("Number17") && list.foot() == "Older ones are not shown.",
            "{}",
            list.text()
        );
        assert!(!slack.was_overrun(), "posts keep Slack's pace");
        slack.rest_is_read();
    })
    .await;
}
