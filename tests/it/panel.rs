//! Who is on a panel and what for: interviewers, shadows, observers, and whoever is excused.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::event::Audited;

async fn opened(slack: &Slack) -> ([Member; 4], Place) {
    let people = slack.members(["rita", "ada", "ben", "eve"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben @eve")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn whoever_knows_the_candidate_recuses_themself_and_sees_nothing_of_the_debrief() {
    on_both(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        submits(&ben, &hiring).await;
        let more = ben.clicks(&hiring, "More").await;
        assert_snapshot!(more.asks_before("Recuse myself").expect("it asks"), @"Recuse yourself?: You owe no scorecard here then, and one that is in does not count. You will not see this loop's debrief. Its owner is told.");
        let said = more.clicks("Recuse myself").await;
        assert_snapshot!(said.text(), @"You are recused: your scorecard is kept, but does not count. @rita is told.");
        assert_snapshot!(rita.sees(&slack.direct_messages(&rita)), @"
        @ben recused themself from the panel for Jane Doe · Senior Backend Developer · C-XXXX. They had submitted a scorecard; it is kept and does not count.
        The debrief is shown one by one, and not to them.
        [Edit panel] [More]
        ");
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(ben.clicks(&hiring, "Score").await.text(), @"You recused yourself from this loop, so its scorecards and its debrief are not for you. Nothing was saved; the loop's owner can put you back on the panel.");

        submits(&ada, &hiring).await;
        submits(&eve, &hiring).await;
        // The channel is private, but Ben is in it: nobody finds the debrief in the thread.
        let thread = hiring.thread_of("Jane Doe");
        assert_snapshot!(ben.sees(&thread), @"
        The debrief is ready. Each of you opens it for yourself.
        [Show the debrief]
        ");
        let debrief = ada.clicks(&thread, "Show the debrief").await;
        assert!(debrief.is_only_for_you(), "{}", debrief.text());
        assert!(debrief.text().contains("2 scorecards") && debrief.text().contains("2 Yes"), "{}", debrief.text());
        for screen in ["debrief.show.v1", "debrief.evidence.v1", "debrief.by_question.v1"] {
            let refused = ben.clicks_forged(&hiring, screen, &code).await;
            assert_eq!(refused.text(), "You recused yourself from this loop, so its scorecards and its debrief are not for you. Nothing was saved; the loop's owner can put you back on the panel.", "{screen}");
        }
        let late = ada.clicks_forged(&hiring, "loop.recuse.v1", &code).await;
        assert_snapshot!(late.text(), @"The scorecards have been revealed, and their figures stand: nobody can recuse themself any more. Nothing was changed.");
        let deeds = slack.deeds(&code).await;
        assert_eq!(deeds.iter().filter(|deed| **deed == Audited::Recused).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn recusing_the_last_who_owes_reveals() {
    story(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        eve.clicks(&hiring, "More").await.clicks("Recuse myself").await;
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · debrief is ready
        [Score] [Kit] [Plan] [More]
        ");
        let progress = rita.clicks(&hiring, "More").await.clicks("Progress").await;
        assert_snapshot!(progress.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 2 scorecards in
        • @ada: submitted
        • @ben: submitted
        • @eve: recused
        [Edit panel] [Back]
        ");
    })
    .await;
}

#[tokio::test]
async fn whoever_was_not_there_says_so_and_still_reads_the_debrief() {
    on_both(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let refused = ada.clicks_forged(&hiring, "loop.did_not_attend.v1", &code).await;
        assert_snapshot!(refused.text(), @"Your scorecard is in, so it counts. Nothing was changed; until the reveal you can change it, or recuse yourself under More.");
        let said = eve.clicks_forged(&hiring, "loop.did_not_attend.v1", &code).await;
        assert_snapshot!(said.text(), @"Noted. You owe no scorecard for this interview.");
        let debrief = eve.sees(&hiring.thread_of("Jane Doe"));
        assert!(debrief.contains("2 scorecards") && !debrief.contains("Not in"), "{debrief}");
        let shown = eve.clicks_forged(&hiring, "debrief.show.v1", &code).await;
        assert!(shown.text().starts_with("Debrief · Jane Doe"), "{}", shown.text());
        let again = eve.clicks_forged(&hiring, "loop.did_not_attend.v1", &code).await;
        assert_snapshot!(again.text(), @"You owe no scorecard here already. Nothing was changed.");
        assert_snapshot!(eve.clicks(&hiring, "Score").await.text(), @"You said that you did not attend, so you owe no scorecard here. Nothing was saved; the loop's owner can put you back on the panel.");
    })
    .await;
}

#[tokio::test]
async fn the_owner_puts_back_whoever_was_excused() {
    story(async |slack| {
        let ([rita, _ada, ben, _eve], hiring) = opened(slack).await;
        ben.clicks(&hiring, "More").await.clicks("Recuse myself").await;
        assert!(rita.sees(&hiring).contains("0 of 2 scorecards in"));
        let form = rita.clicks(&hiring, "More").await.clicks("Edit panel").await;
        let said = form.names("Panel", ["ada", "ben", "eve"]).submits().await;
        assert_snapshot!(said.text(), @"The panel has 3 interviewers now. @ben gets a direct message.");
        let card = ben.clicks(&hiring, "Score").await;
        assert_snapshot!(card.head(1), @"Scorecard: Jane Doe");
    })
    .await;
}

#[tokio::test]
async fn a_shadow_is_blind_counts_nowhere_and_is_shown_to_the_owner_apart() {
    on_both(async |slack| {
        let [rita, ada, ben, eve, cid] = slack.members(["rita", "ada", "ben", "eve", "cid"]);
        let hiring = slack.private_channel("#hiring");
        cid.types(&hiring, "/interview mine").await;
        let form = rita
            .types(&hiring, "/interview senior-backend")
            .await
            .clicks("Start a candidate")
            .await;
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .goes_to("Channel", &hiring);
        form.names("Panel", ["ada", "ben"])
            .names("Shadows", ["eve"])
            .names("Observers", ["cid"])
            .submits()
            .await;
        slack.rest_is_read();
        assert_snapshot!(eve.sees(&slack.direct_messages(&eve)), @"
        You shadow the interview of Jane Doe · Senior Backend Developer · C-XXXX. Opened by @rita in #hiring.
        You fill in a scorecard like everybody, without seeing the others' before the reveal. It stays out of every figure; the owner sees it then.
        [Score] [Kit]
        ");
        assert_snapshot!(cid.sees(&slack.direct_messages(&cid)), @"
        You observe the interview of Jane Doe · Senior Backend Developer · C-XXXX. Opened by @rita in #hiring.
        You fill in no scorecard. You can read the debrief after the reveal.
        [Kit]
        ");
        let refused = cid.clicks(&hiring, "Score").await;
        assert_snapshot!(refused.text(), @"You observe this interview, so you have no scorecard, and nothing was saved. The debrief is for you too, after the reveal; the loop's owner can make you an interviewer.");

        let card = eve.clicks(&hiring, "Score").await;
        card.rates("technical/1", "1 Poor").await;
        card.writes("technical/1", "zanzibar").await;
        let said = card.submits_with("Strong no", "quokka").await;
        assert_snapshot!(said.text(), @"In. You shadow, so it stays out of the figures. You will see the others at the reveal.");
        submits(&ada, &hiring).await;
        assert!(
            rita.sees(&hiring).contains("1 of 2 scorecards in"),
            "{}",
            rita.sees(&hiring)
        );
        for call in slack.shared_payloads_so_far() {
            let sent = call.args.to_string();
            let score = ["1 Poor", "3 Good", "Strong no", "zanzibar", "quokka"];
            assert!(!score.iter().any(|score| sent.contains(score)), "{sent}");
        }
        submits(&ben, &hiring).await;

        let thread = hiring.thread_of("Jane Doe");
        let debrief = cid.sees(&thread);
        assert!(
            debrief.contains("2 scorecards")
                && debrief.contains("3.0   2  3")
                && debrief.contains("Recommendation: 2 Yes"),
            "{debrief}"
        );
        assert!(
            !debrief.contains("No") && !debrief.contains("@eve"),
            "{debrief}"
        );
        for (reader, sees) in [(&rita, true), (&ada, false)] {
            let board = reader.clicks(&thread, "Evidence").await.text();
            assert_eq!(
                board.contains("@eve (shadow, in no figure): Strong no")
                    && board.contains("zanzibar"),
                sees,
                "{board}"
            );
            reader.closes_all().await;
            let questions = reader.clicks(&thread, "By question").await.text();
            assert_eq!(
                questions.contains("Shadows, in no figure: @eve 1 Poor"),
                sees,
                "{questions}"
            );
            reader.closes_all().await;
        }
        let refused = cid.clicks(&thread, "Evidence").await;
        assert!(
            refused
                .text()
                .starts_with("What each interviewer rated and wrote is for those who submitted"),
            "{}",
            refused.text()
        );
    })
    .await;
}

#[tokio::test]
async fn people_become_shadows_and_observers_in_the_form_of_the_panel() {
    story(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let refused = form
            .names("Panel", ["ada", "ben"])
            .names("Shadows", ["ben"])
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Shadows: that person is named twice: on a panel somebody interviews, shadows or observes. Nothing was saved.");
        let said = refused
            .names("Panel", ["ada"])
            .names("Observers", ["eve"])
            .submits()
            .await;
        assert_snapshot!(said.text(), @"The panel has 1 interviewer, 1 shadow and 1 observer now.");
        assert!(
            rita.sees(&hiring).contains("0 of 1 scorecard in"),
            "{}",
            rita.sees(&hiring)
        );
        submits(&ben, &hiring).await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let refused = form
            .names("Panel", ["ada", "ben"])
            .names("Shadows", [])
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Panel: that person has submitted a scorecard, so what they are on this panel stays as it is. Nothing was changed.");
        rita.closes_all().await;
        submits(&ada, &hiring).await;
        assert!(
            rita.sees(&hiring).contains("debrief in the thread"),
            "{}",
            rita.sees(&hiring)
        );
    })
    .await;
}

#[tokio::test]
async fn who_cannot_be_on_a_panel_is_said_under_the_field_in_which_they_were_named() {
    story(async |slack| {
        let guest = slack.joins(interview_assistant::simulator::Person::new("gus", "Gus").guest());
        let ([rita, ..], hiring) = opened(slack).await;
        guest.types(&hiring, "/interview mine").await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let refused = form.names("Observers", ["gus"]).submits().await;
        assert_snapshot!(refused.complaints(), @"Observers: that person cannot be on a panel: only active members of this workspace can. Nothing was saved.");
        let refused = refused
            .names("Observers", [])
            .names("Shadows", ["gus"])
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Shadows: that person cannot be on a panel: only active members of this workspace can. Nothing was saved.");
    })
    .await;
}
