//! What else a loop's owner changes: the panel, the owner, the name, the channel, the decision; and who asks to join.

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
async fn the_panel_is_edited_and_whoever_is_new_is_invited() {
    on_both(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        // Whoever was never seen here is asked for first; then a form is answered a moment later.
        eve.types(&hiring, "/interview mine").await;

        let form = rita.clicks(&hiring, "More").await.clicks("Edit panel").await;
        assert_snapshot!(form.text(), @"
        [Edit panel]
        Jane Doe · Senior Backend Developer · C-XXXX
        @ada has submitted and stays on the panel.
        When the last interviewer's scorecard is in, or the last one owing is dismissed, the scorecards are revealed, unless your workspace leaves that to you.
        Panel: [@ada, @ben v]
        All interviewers. Who is new gets a message; whoever you remove owes nothing any more.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        ");
        let refused = form.names("Panel", ["ben", "eve"]).submits().await;
        assert_snapshot!(refused.complaints(), @"Panel: that person has submitted a scorecard and must stay on the panel. Nothing was changed.");
        let said = refused.names("Panel", ["ada", "ben", "eve"]).submits().await;
        assert_snapshot!(said.text(), @"The panel has 3 interviewers now. @eve gets a direct message.");
        assert!(ben.sees(&hiring).contains("1 of 3 scorecards in"), "{}", ben.sees(&hiring));
        let invitation = eve.sees(&slack.direct_messages(&eve));
        assert!(invitation.starts_with("You are on the panel for Jane Doe"), "{invitation}");
    })
    .await;
}

#[tokio::test]
async fn a_form_that_names_somebody_never_seen_here_is_answered_a_moment_later() {
    on_both(async |slack| {
        let ([rita, ada, _ben, eve], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let refused = form.names("Panel", ["ben", "eve"]).submits().await;
        assert_snapshot!(refused.text(), @"
        [Not yet]
        @ada has submitted a scorecard and must stay on the panel. Nothing was changed.
        ");
        let below = rita.closes_top().await.expect("the form is still there");
        assert!(below.text().starts_with("[Edit panel]"), "{}", below.text());
        rita.closes_all().await;
        let form = rita.clicks(&hiring, "More").await.clicks("Hand over").await;
        form.names("New owner", ["eve"]).submits().await;
        assert!(
            eve.sees(&slack.direct_messages(&eve))
                .starts_with("You own the interview loop")
        );
    })
    .await;
}

#[tokio::test]
async fn dismissing_the_last_person_who_owes_reveals() {
    on_both(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let card = ben.clicks(&hiring, "Score").await;
        card.rates("technical/1", "1 Poor").await;
        submits(&ada, &hiring).await;

        let form = rita.clicks(&hiring, "More").await.clicks("Edit panel").await;
        form.names("Panel", ["ada"]).submits().await;
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · debrief in the thread
        [Score] [Kit] [Plan] [More]
        ");
        let debrief = rita.sees(&hiring.thread_of("Jane Doe"));
        assert!(debrief.contains("1 scorecard\n") && debrief.contains("3.0   1  3"), "{debrief}");

        let refused = ben.clicks(&hiring, "Score").await;
        assert_snapshot!(refused.text(), @"
        You are not on this panel, so nothing was saved.
        [Ask to join]
        ");
    })
    .await;
}

#[tokio::test]
async fn a_panel_without_anybody_who_submitted_is_not_revealed_by_dismissing() {
    story(async |slack| {
        let ([rita, _ada, _ben, _eve], hiring) = opened(slack).await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        form.names("Panel", ["eve"]).submits().await;
        assert!(
            rita.sees(&hiring).contains("0 of 1 scorecard in"),
            "{}",
            rita.sees(&hiring)
        );
        assert_eq!(rita.sees(&hiring.thread_of("Jane Doe")), "");
    })
    .await;
}

#[tokio::test]
async fn a_loop_is_handed_over_and_the_new_owner_is_told() {
    story(async |slack| {
        let ([rita, ada, _ben, eve], hiring) = opened(slack).await;
        let form = rita.clicks(&hiring, "More").await.clicks("Hand over").await;
        assert_snapshot!(form.text(), @"
        [Hand over]
        Jane Doe · Senior Backend Developer · C-XXXX
        Owned by @rita until now.
        New owner: [Choose a person v]
        They get a message.
        ");
        let refused = form.names("New owner", ["rita"]).submits().await;
        assert_snapshot!(refused.complaints(), @"New owner: They own it already. Nothing was changed.");
        let said = refused.names("New owner", ["eve"]).submits().await;
        assert_snapshot!(said.text(), @"
        [Done]
        @eve owns the loop now and was told so.
        ");
        assert_snapshot!(eve.sees(&slack.direct_messages(&eve)), @"
        You own the interview loop for Jane Doe · Senior Backend Developer · C-XXXX in #hiring now.
        [More]
        ");

        let more = eve.clicks(&slack.direct_messages(&eve), "More").await;
        assert!(more.offers().contains(&"Hand over".to_owned()), "{}", more.text());
        let more = rita.clicks(&hiring, "More").await;
        assert!(!more.offers().contains(&"Hand over".to_owned()), "{}", more.text());
        submits(&ada, &hiring).await;
        eve.clicks(&hiring, "More").await.clicks("Reveal").await;
        assert!(eve.sees(&hiring.thread_of("Jane Doe")).contains("Debrief"), "{}", eve.sees(&hiring));
    })
    .await;
}

#[tokio::test]
async fn a_loop_is_renamed_and_its_post_and_debrief_follow() {
    story(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        let refused = form.fills("Candidate's name", &"x".repeat(300)).submits().await;
        assert_snapshot!(refused.complaints(), @"Candidate's name: A name can have at most 120 characters. Nothing was saved.");
        refused.fills("Candidate's name", "Joan Doe").submits().await;
        assert_snapshot!(ben.sees(&hiring), @"
        Joan Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;

        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        form.fills("Candidate's name", "Joanna Doe").submits().await;
        let debrief = ben.sees(&hiring.thread_of("Joanna Doe"));
        assert!(debrief.starts_with("Debrief · Joanna Doe"), "{debrief}");
        assert_eq!(debrief.matches("Debrief · ").count(), 1, "{debrief}");
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_changed_and_taken_back_and_the_old_ones_stay_on_record() {
    on_both(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let thread = hiring.thread_of("Jane Doe");
        let form = rita.clicks(&thread, "Decide").await;
        form.chooses("Decision", "Hold").fills("Reason", "One more talk").submits().await;

        let more = rita.clicks(&hiring, "More").await;
        assert_snapshot!(more.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 2 scorecards in · Decided: Hold by @rita
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        [Evidence] [Progress] [Change the decision] [Reopen] [Rename] [Hand over] [Move] [Export] [Legal hold] [Erase]
        ");
        let form = more.clicks("Change the decision").await;
        assert_snapshot!(form.says(), @"
        Jane Doe · Senior Backend Developer · C-XXXX
        Decided: Hold by @rita on Nov 21, 2024. What you choose now takes its place; the old one stays on record.
        Decision: ( ) Hire ( ) Hold ( ) Reject
        Reason: []
        In your own words. Nothing is sent to the candidate.
        A candidate may be entitled to read what you write here.
        ");
        form.chooses("Decision", "Hire").fills("Reason", "Convinced").submits().await;
        let last = |text: String| text.split("\n\n").last().unwrap_or_default().to_owned();
        assert_snapshot!(last(ben.sees(&thread)), @"
        Decision: Hire by @rita on Nov 21, 2024
        Convinced
        before: Hold by @rita on Nov 21, 2024
        ");
        assert_eq!(ben.sees(&thread).matches("Decision: ").count(), 1, "the same reply");

        let more = rita.clicks(&hiring, "More").await;
        assert_snapshot!(more.asks_before("Reopen").expect("it asks"), @"Reopen this loop?: The decision is taken back. The thread says so.");
        more.clicks("Reopen").await;
        assert_snapshot!(ben.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · debrief in the thread
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(last(ben.sees(&thread)), @"
        The decision was taken back.
        before: Hire by @rita on Nov 21, 2024
        before: Hold by @rita on Nov 21, 2024
        ");
        let deeds = slack.deeds(&code).await;
        let decided = deeds.iter().filter(|deed| matches!(deed, Audited::Decided { .. })).count();
        assert_eq!((decided, deeds.last()), (2, Some(&Audited::Reopened)));
    })
    .await;
}

#[tokio::test]
async fn a_loop_is_withdrawn_and_nobody_is_asked_any_more_until_it_is_reopened() {
    story(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        let form = rita.clicks(&hiring, "More").await.clicks("Withdraw").await;
        let said = form.fills("Reason", "Took another offer").submits().await;
        assert_snapshot!(said.text(), @"Withdrawn. Nobody is asked for a scorecard any more.");
        assert_snapshot!(ben.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · withdrawn by @rita
        [Kit] [More]
        ");
        let refused = card.rates("technical/1", "4 Excellent").await;
        assert_snapshot!(refused.text(), @"This loop was withdrawn, so nothing was saved. Its owner can reopen it.");

        let more = rita.clicks(&hiring, "More").await;
        assert_snapshot!(more.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · withdrawn by @rita
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        Withdrawn on Nov 21, 2024: Took another offer
        [Progress] [Reopen] [Rename] [Hand over] [Export] [Legal hold] [Erase]
        ");
        more.clicks("Reopen").await;
        let card = ada.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;
        assert_eq!(card.chosen(), ["✓ 3 Good"], "what was scored is kept");
    })
    .await;
}

#[tokio::test]
async fn a_loop_that_moves_where_everybody_can_read_shows_the_initials() {
    story(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let general = slack.public_channel("#general");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let form = rita.clicks(&hiring, "More").await.clicks("Move").await;
        form.goes_to("Channel", &general).submits().await;
        let seen = ben.sees(&general);
        assert!(seen.contains("J. D.") && !seen.contains("Jane"), "{seen}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_loop_moves_to_another_channel_with_a_new_post_and_its_debrief() {
    story(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let backend = slack.private_channel("#hiring-backend");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;

        let form = rita.clicks(&hiring, "More").await.clicks("Move").await;
        let refused = form.goes_to("Channel", &hiring).submits().await;
        assert_snapshot!(refused.complaints(), @"Channel: The loop posts to that channel already. Nothing was changed.");
        refused.goes_to("Channel", &backend).submits().await;
        assert_snapshot!(ben.sees(&backend), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · debrief in the thread
        [Score] [Kit] [Plan] [More]
        ");
        let debrief = ben.sees(&backend.thread_of("Jane Doe"));
        assert!(debrief.starts_with("Debrief · Jane Doe"), "{debrief}");

        // The old post is a copy now, retired when somebody clicks it.
        ada.clicks(&hiring, "Score").await;
        assert_snapshot!(ben.sees(&hiring), @"This is an older copy of the post of C-XXXX. The present one is in #hiring-backend.");
    })
    .await;
}

#[tokio::test]
async fn somebody_who_is_not_on_the_panel_may_ask_to_join_and_the_owner_lets_them() {
    on_both(async |slack| {
        let ([rita, _ada, ben, eve], hiring) = opened(slack).await;
        let refused = eve.clicks(&hiring, "Score").await;
        assert_snapshot!(refused.text(), @"
        You are not on this panel, so nothing was saved.
        [Ask to join]
        ");
        let said = refused.clicks("Ask to join").await;
        assert_snapshot!(said.text(), @"@rita was asked to add you to the panel.");
        eve.clicks(&hiring, "Score").await.clicks("Ask to join").await;

        let owners = slack.direct_messages(&rita);
        assert_snapshot!(rita.sees(&owners), @"
        @eve asks to join the panel for Jane Doe · Senior Backend Developer · C-XXXX.
        [Add to the panel] [More]
        ");
        let said = rita.clicks(&owners, "Add to the panel").await;
        assert_snapshot!(said.text(), @"The panel has 3 interviewers now. @eve gets a direct message.");
        assert!(ben.sees(&hiring).contains("0 of 3 scorecards in"), "{}", ben.sees(&hiring));
        let card = eve.clicks(&slack.direct_messages(&eve), "Score").await;
        assert_snapshot!(card.head(1), @"Scorecard: Jane Doe");
        let again = rita.clicks(&owners, "Add to the panel").await;
        assert_snapshot!(again.text(), @"They are on this panel already. Nothing was changed.");
    })
    .await;
}
