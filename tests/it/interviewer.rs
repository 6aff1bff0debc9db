//! Steps 1 to 4 of the interviewer's journey: the kit, opening a loop, its post, the scorecard. The other steps are in `submitting`.

use crate::harness::{assert_snapshot, on_both, story};

#[tokio::test]
async fn the_command_with_a_role_serves_its_kit_to_whoever_typed_it_and_to_nobody_else() {
    on_both(async |slack| {
        let [rita, ben] = slack.members(["rita", "ben"]);
        let hiring = slack.private_channel("#hiring");

        let kit = rita.types(&hiring, "/interview senior-backend").await;
        assert!(kit.is_only_for_you());
        assert_snapshot!(kit.text(), @"
        Senior Backend Developer
        15 questions, about 45 minutes · kit xxxxxx
        [Screening] [Technical] [Behavioural] [Look for] [Pitfalls] [Profile]
        Designs, builds and looks after the server side of web and mobile products: the logic, the access to databases and the APIs. Works closely with front-end developers, product managers and other stakeholders on solutions that are well made and that scale.
        [Start a candidate] [Share kit here]
        ");
        for tab in ["Screening", "Technical", "Behavioural", "Look for", "Pitfalls", "Profile"] {
            kit.clicks(tab).await;
            assert!(kit.text().contains(&format!("[• {tab}]")), "{}", kit.text());
            assert_eq!(kit.offers().len(), 8, "{}", kit.text());
        }
        kit.clicks("Technical").await;
        assert!(kit.text().contains("Technical · 5 questions\n1. "), "{}", kit.text());
        assert_eq!(rita.ephemerals(&hiring), 1, "each part takes the place of the one before");
        assert_eq!(ben.sees(&hiring), "");
        assert_eq!(ben.sees_only_you(&hiring), "");
    })
    .await;
}

#[tokio::test]
async fn a_kit_can_be_shared_with_the_channel() {
    story(async |slack| {
        let [rita, ben] = slack.members(["rita", "ben"]);
        let hiring = slack.private_channel("#hiring");

        let kit = rita
            .types(&hiring, "/interview backend-platforms-lead")
            .await;
        kit.clicks("Share kit here").await;
        let shared = ben.card_with(&hiring, "Open the kit");
        assert_snapshot!(shared.head(2), @"
        Backend Platforms Lead
        Shared by @rita · 15 questions, about 45 minutes · kit xxxxxx
        ");
        let own = shared.clicks("Open the kit").await;
        assert!(own.is_only_for_you());
        assert_eq!(own.head(1), kit.head(1));
    })
    .await;
}

#[tokio::test]
async fn a_role_is_found_however_it_is_spelt() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");

        for spelling in [
            "senior-backend",
            "Senior Backend",
            "SENIOR_BACKEND",
            "senior‐backend",
            "Senior—Backend  Developer",
        ] {
            let kit = rita.types(&hiring, &format!("/interview {spelling}")).await;
            assert_eq!(kit.head(1), "Senior Backend Developer", "{spelling}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_word_for_several_roles_offers_them_and_the_buttons_keep_what_else_was_typed() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");

        let choice = rita.types(&hiring, "/interview backend").await;
        assert_snapshot!(choice.text(), @"
        Several roles match. Which one?
        [Backend Platforms Lead] [Backend Practice Lead] [Head of Backend Engineering] [Senior Backend Developer] [All roles]
        ");
        let kit = choice.clicks("Backend Platforms Lead").await;
        assert_eq!(kit.head(1), "Backend Platforms Lead");

        let choice = rita.types(&hiring, "/interview backend Jane Doe @ada").await;
        choice.clicks("Senior Backend Developer").await;
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 1 scorecard in
        [Score] [Kit] [Plan] [More]
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_misspelt_role_is_answered_with_what_was_probably_meant() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");

        let choice = rita.types(&hiring, "/interview senior-backned").await;
        assert_snapshot!(choice.text(), @"
        No role senior-backned. Did you mean
        [Senior Backend Developer] [All roles]
        ");
        let all = choice.clicks("All roles").await;
        assert_snapshot!(all.text(), @"
        Which role?
        • Backend Platforms Lead: backend-platforms-lead
        • Backend Practice Lead: backend-practice-lead
        • Head of Backend Engineering: head-of-backend
        • Senior Backend Developer: senior-backend
        [Backend Platforms Lead] [Backend Practice Lead] [Head of Backend Engineering] [Senior Backend Developer]
        ");

        let choice = rita.types(&hiring, "/interview senior-backned Jane Doe").await;
        choice.clicks("Senior Backend Developer").await;
        assert!(rita.sees(&hiring).starts_with("Jane Doe · Senior Backend Developer"), "{}", rita.sees(&hiring));
    })
    .await;
}

#[tokio::test]
async fn the_command_with_a_name_and_people_opens_the_loop_at_once() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");

        let opened = rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben").await;
        assert_snapshot!(opened.text(), @"Opened C-XXXX in #hiring. @ada and @ben get a direct message each.");
        assert_snapshot!(ben.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(ada.sees(&slack.direct_messages(&ada)), @"
        You are on the panel for Jane Doe · Senior Backend Developer · C-XXXX. Opened by @rita in #hiring.
        [Score] [Kit]
        ");
        let card = ben.clicks(&slack.direct_messages(&ben), "Score").await;
        assert_snapshot!(card.head(3), @"
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [• Screening 0/5] [Technical 0/5] [Behavioural 0/5] [Recommend and submit]
        ");
        assert_eq!(rita.sees(&slack.direct_messages(&rita)), "", "the recruiter is not on the panel");
    })
    .await;
}

#[tokio::test]
async fn a_panel_may_be_a_user_group_and_the_role_may_be_its_title() {
    story(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        slack.sim().add_group("backend-panel", &["ada", "ben"]);

        rita.types(
            &hiring,
            "/interview Senior backend developer Jane Doe @backend-panel",
        )
        .await;
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        for interviewer in [&ada, &ben] {
            let invitation = interviewer.sees(&slack.direct_messages(interviewer));
            assert!(
                invitation.starts_with("You are on the panel for Jane Doe"),
                "{invitation}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn somebody_whom_slack_does_not_know_opens_nothing_and_is_quoted_back() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");

        let answer = rita.types(&hiring, "/interview senior-backend Jane Doe @adda").await;
        assert_snapshot!(answer.text(), @"I do not know who @adda is, so nothing was opened. Please pick the person from the list that Slack shows after @.");
        assert_eq!(rita.sees(&hiring), "");
    })
    .await;
}

#[tokio::test]
async fn a_form_opens_a_loop_too_with_everything_that_belongs_to_it() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");

        let kit = rita.types(&hiring, "/interview senior-backend").await;
        let form = kit.clicks("Start a candidate").await;
        assert_snapshot!(form.text(), @"
        [Start a candidate]
        Senior Backend Developer
        Candidate's name: []
        Panel (optional): [Choose people v]
        Who interviews. If nobody is named, anybody in the channel can join by scoring.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        Channel: [#hiring v]
        The candidate's post and thread go there.
        Day of the interview (optional): [Choose a day v]
        Time of the interview (optional): [Choose a time v]
        In Europe/Berlin; everybody sees it in their own time.
        Length in minutes (optional): [45]
        From 5 to 600.
        Requisition (optional): []
        Which opening of yours this is for.
        Note (optional): []
        What tells namesakes apart.
        Link to the CV (optional): []
        It begins with https://.
        ");
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .names("Panel", ["ada"])
            .fills("Requisition", "BE-12")
            .fills("Note", "Met at the meetup")
            .fills("Link to the CV", "ftp://cv.example");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Link to the CV: This is not a link that begins with https://. Nothing was saved.");
        form.fills("Link to the CV", "https://cv.example/jane").submits().await;
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 1 scorecard in
        Requisition: BE-12 · Note: Met at the meetup · CV
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(ada.sees(&slack.direct_messages(&ada)), @"
        You are on the panel for Jane Doe · Senior Backend Developer · C-XXXX. Opened by @rita in #hiring.
        Requisition: BE-12 · Note: Met at the meetup · CV
        [Score] [Kit]
        ");
    })
    .await;
}

#[tokio::test]
async fn without_a_named_panel_anybody_in_the_channel_joins_by_scoring() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");

        rita.types(&hiring, "/interview senior-backend Jane Doe")
            .await;
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 scorecards in
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]
        ");
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        card.submits_with("Yes", "Knows the trade").await;
        assert!(
            rita.sees(&hiring).contains("1 scorecard in"),
            "{}",
            rita.sees(&hiring)
        );
    })
    .await;
}

#[tokio::test]
async fn the_post_offers_each_person_only_what_works_for_them() {
    story(async |slack| {
        let [rita, ada, ben, eve] = slack.members(["rita", "ada", "ben", "eve"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;

        assert_snapshot!(rita.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        Still owed by @ada and @ben
        [Progress] [Nudge] [Edit panel] [Plan a time] [Rename] [Hand over] [Move] [Withdraw] [Export] [Legal hold] [Erase]
        ");
        assert_snapshot!(ada.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        [Score] [Export] [Recuse myself]
        ");
        assert_snapshot!(eve.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        [Ask to join]
        ");

        let card = ada.clicks(&hiring, "Score").await;
        card.submits_with("Yes", "Knows the trade").await;
        assert_snapshot!(rita.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 2 scorecards in
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        Still owed by @ben
        [Progress] [Nudge] [Edit panel] [Plan a time] [Reveal] [Rename] [Hand over] [Move] [Withdraw] [Export] [Legal hold] [Erase]
        ");
        let card = ben.clicks(&hiring, "Score").await;
        card.submits_with("No", "Not yet").await;
        assert_snapshot!(rita.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 2 scorecards in · debrief in the thread
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        [Evidence] [Progress] [Edit panel] [Decide] [Rename] [Hand over] [Move] [Withdraw] [Export] [Legal hold] [Erase]
        ");
        assert_snapshot!(ada.clicks(&hiring, "More").await.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 2 scorecards in · debrief in the thread
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        [Score] [Evidence] [Export]
        ");
        let kit = eve.clicks(&hiring, "Kit").await;
        assert_snapshot!(kit.head(2), @"
        Senior Backend Developer
        15 questions, about 45 minutes · kit xxxxxx · pinned to this version
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn the_scorecard_is_drawn_for_its_author_one_section_at_a_time_with_the_last_click_chosen() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben").await;

        let card = ada.clicks(&hiring, "Score").await;
        assert!(card.is_only_for_you());
        assert_snapshot!(card.head(3), @"
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [• Screening 0/5] [Technical 0/5] [Behavioural 0/5] [Recommend and submit]
        ");
        assert_snapshot!(card.foot(), @"nothing rated yet · 0 of 15 · Only you see this until the reveal");
        card.rates("technical/2", "3 Good").await;
        assert_snapshot!(card.head(3), @"
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [Screening 0/5] [• Technical 1/5] [Behavioural 0/5] [Recommend and submit]
        ");
        assert_eq!(card.chosen(), ["✓ 3 Good"]);
        card.rates("technical/2", "2 Mixed").await;
        card.rates("technical/3", "Not asked").await;
        assert_eq!(card.chosen(), ["✓ 2 Mixed", "✓ Not asked"]);
        assert_snapshot!(card.foot(), @"saved 23:00 · 2 of 15 · Only you see this until the reveal");

        let form = card.under("technical/2", "Evidence").await;
        assert!(form.text().starts_with("[Evidence]\nJane Doe · Senior Backend Developer · C-XXXX\nTechnical 2: "), "{}", form.text());
        form.fills("What did you hear?", "Named two ways to page").submits().await;
        assert!(card.text().contains("[Evidence ✓]"), "{}", card.text());
        assert_eq!(ada.ephemerals(&hiring), 1, "it is drawn anew where it stands");
        assert_eq!(ben.sees_only_you(&hiring), "");

        // Everything but the clicks may be lost.
        ada.reloads();
        slack.restarts().await;
        let card = ada.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;
        assert_eq!(card.chosen(), ["✓ 2 Mixed", "✓ Not asked"]);
        assert!(card.text().contains("[Evidence ✓]"), "{}", card.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_quick_series_of_clicks_never_ends_on_an_old_picture() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let card = ada.clicks(&hiring, "Score").await;

        card.clicks_quickly(
            "screening/1",
            &[
                "1 Poor",
                "2 Mixed",
                "3 Good",
                "4 Excellent",
                "2 Mixed",
                "3 Good",
            ],
        )
        .await;
        assert_eq!(card.chosen(), ["✓ 3 Good"]);
        assert!(card.foot().contains("1 of 15"), "{}", card.foot());
        slack.rest_is_read();
    })
    .await;
}
