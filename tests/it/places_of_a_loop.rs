//! Where a loop can be, and what becomes of it when its channel is archived, left, shared or cleaned by hand.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::simulator::{ActionValue, Channel};

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
async fn in_a_direct_message_the_kit_is_served_and_a_loop_asks_for_its_channel() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        let direct = slack.direct_messages(&rita);
        let kit = rita.types(&direct, "/interview senior-backend").await;
        assert_eq!(kit.head(1), "Senior Backend Developer");
        let question = rita.types(&direct, "/interview senior-backend Jane Doe @ada").await;
        assert_snapshot!(question.text(), @"
        Which channel is this for? The candidate's post and thread go there; choose one that I am in.
        [Choose a channel v]
        ");
        question.picks(ActionValue::Channels(vec![hiring.id().to_owned()])).await;
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 1 scorecard in
        [Score] [Kit] [Plan] [More]
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn where_the_bot_is_not_the_kit_is_served_and_a_loop_asks_for_an_invitation() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        let secret = slack.channel(Channel::private("#secret").with(["rita"]));
        let kit = rita.types(&secret, "/interview senior-backend").await;
        assert_eq!(kit.head(1), "Senior Backend Developer");
        let refused = rita.types(&secret, "/interview senior-backend Jane Doe").await;
        assert_snapshot!(refused.text(), @"I am not in this channel yet, so nothing was opened. Invite me: /invite @interview-assistant, then try again.");
        slack.sim().invite_bot(secret.id());
        slack.advance(std::time::Duration::from_secs(10)).await;
        rita.types(&secret, "/interview senior-backend Jane Doe").await;
        assert!(rita.sees(&secret).starts_with("Jane Doe"), "{}", rita.sees(&secret));
    })
    .await;
}

#[tokio::test]
async fn in_a_public_channel_the_name_is_asked_about_and_the_debrief_is_for_panel_and_owner_only() {
    on_both(async |slack| {
        let [rita, ada, ben, eve] = slack.members(["rita", "ada", "ben", "eve"]);
        let general = slack.public_channel("#general");
        slack.is_confidential("Jane");
        let question = rita.types(&general, "/interview senior-backend Jane Doe @ada @ben").await;
        assert_snapshot!(question.text(), @"
        Everybody here can see this post.
        With initials it says: J. D.
        [Use initials] [Use the name]
        ");
        assert_eq!(eve.sees(&general), "");
        question.clicks("Use initials").await;
        assert_snapshot!(eve.sees(&general), @"
        J. D. · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        submits(&ada, &general).await;
        submits(&ben, &general).await;
        assert_snapshot!(eve.sees(&general), @"
        J. D. · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · debrief is ready
        [Score] [Kit] [Plan] [More]
        ");
        let thread = general.thread_of("J. D.");
        assert_snapshot!(eve.sees(&thread), @"
        The debrief is ready. It is shown to the panel and the owner only.
        [Show the debrief]
        ");
        let debrief = ada.clicks(&thread, "Show the debrief").await;
        assert!(debrief.is_only_for_you());
        assert!(debrief.text().contains("Recommendation: 2 Yes"), "{}", debrief.text());
        assert_snapshot!(eve.clicks(&thread, "Show the debrief").await.text(), @"This debrief is for the panel, the owner and administrators.");
        for call in slack.shared_payloads_so_far() {
            let sent = call.args.to_string();
            assert!(!sent.contains("Jane") && !sent.contains("Recommendation"), "{sent}");
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn the_form_asks_how_a_public_post_may_name_the_candidate() {
    story(async |slack| {
        let [rita, eve] = slack.members(["rita", "eve"]);
        let general = slack.public_channel("#general");
        let kit = rita.types(&general, "/interview senior-backend").await;
        let form = kit.clicks("Start a candidate").await;
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .chooses("Everybody there can see this post", "Use initials");
        form.submits().await;
        assert!(
            eve.sees(&general).starts_with("J. D. · "),
            "{}",
            eve.sees(&general)
        );
    })
    .await;
}

#[tokio::test]
async fn in_a_channel_shared_with_another_company_candidates_are_refused() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        let shared = slack.channel(Channel::private("#partners").with(["rita"]).with_bot().shared());
        let kit = rita.types(&shared, "/interview senior-backend").await;
        assert_eq!(kit.head(1), "Senior Backend Developer");
        assert_snapshot!(rita.types(&shared, "/interview senior-backend Jane Doe").await.text(), @"This channel is shared with another company, so candidates cannot be discussed here. Nothing was opened; please use a private channel of your own.");
        assert_eq!(rita.sees(&shared), "");
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_becomes_shared_gets_no_debrief() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        slack.sim().share_channel(hiring.id()).await;
        slack.settle().await;
        submits(&ben, &hiring).await;
        let thread = rita.sees(&hiring.thread_of("C-"));
        assert_snapshot!(thread, @"
        The debrief is ready. It is shown to the panel and the owner only.
        [Show the debrief]
        ");
        assert!(!thread.contains("Recommendation"), "{thread}");
    })
    .await;
}

#[tokio::test]
async fn an_archived_channel_keeps_the_scores_and_the_owner_is_told_once_and_moves_the_thread() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let elsewhere = slack.private_channel("#elsewhere");
        slack.sim().archive(hiring.id()).await;
        slack.settle().await;
        submits(&ada, &slack.direct_messages(&ada)).await;
        submits(&ben, &slack.direct_messages(&ben)).await;
        assert_snapshot!(rita.sees(&slack.direct_messages(&rita)), @"
        Jane Doe · Senior Backend Developer · C-XXXX: #hiring is archived, so nothing can be posted there. All scores are kept.
        Unarchive it, or move the thread to another channel.
        [Move to another channel] [More]
        ");
        let form = rita.clicks(&slack.direct_messages(&rita), "Move to another channel").await;
        form.goes_to("Channel", &elsewhere).submits().await;
        let debrief = rita.sees(&elsewhere.thread_of("Jane Doe"));
        assert!(debrief.contains("Recommendation: 2 Yes"), "{debrief}");
        assert_snapshot!(rita.types(&elsewhere, "/interview mine").await.text(), @"
        Your scorecards and loops
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 2 scorecards in · debrief in the thread
        [More]
        ");
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_was_removed_from_the_channel_tells_the_owner_once() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        slack.sim().remove_bot(hiring.id());
        submits(&ada, &slack.direct_messages(&ada)).await;
        submits(&ben, &slack.direct_messages(&ben)).await;
        assert_snapshot!(rita.sees(&slack.direct_messages(&rita)), @"
        Jane Doe · Senior Backend Developer · C-XXXX: I am not in #hiring, so nothing can be posted there. All scores are kept.
        Invite me there: /invite @interview-assistant, or move the thread to another channel.
        [Move to another channel] [More]
        ");
        // Invited again, the next change brings everything up to date.
        slack.sim().invite_bot(hiring.id());
        slack.advance(std::time::Duration::from_secs(3700)).await;
        let form = rita.clicks(&slack.direct_messages(&rita), "More").await.clicks("Decide").await;
        form.chooses("Decision", "Hire").fills("Reason", "Convinced").submits().await;
        assert!(rita.sees(&hiring).contains("Decided: Hire"), "{}", rita.sees(&hiring));
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert!(thread.contains("Debrief") && thread.contains("Decision: Hire"), "{thread}");
    })
    .await;
}

#[tokio::test]
async fn a_post_deleted_by_hand_is_posted_anew_once_and_then_the_owner_is_told() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        slack.deletes_posts(&rita, &hiring);
        submits(&ada, &slack.direct_messages(&ada)).await;
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        slack.deletes_posts(&rita, &hiring);
        submits(&ben, &slack.direct_messages(&ben)).await;
        assert_snapshot!(rita.sees(&slack.direct_messages(&rita)), @"
        Jane Doe · Senior Backend Developer · C-XXXX: The post in #hiring was deleted a second time, so it is not posted again. All scores are kept.
        To have a post again, move the thread to another channel.
        [Move to another channel] [More]
        ");
        assert!(!rita.sees(&hiring).contains("[Score]"), "{}", rita.sees(&hiring));
        let form = rita.clicks(&slack.direct_messages(&rita), "Move to another channel").await;
        let elsewhere = slack.private_channel("#elsewhere");
        form.goes_to("Channel", &elsewhere).submits().await;
        let debrief = rita.sees(&elsewhere.thread_of("Jane Doe"));
        assert!(debrief.contains("Recommendation: 2 Yes"), "{debrief}");
    })
    .await;
}
