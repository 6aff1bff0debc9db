//! Whom a panel begins with and what gives pause about it: the panel of last time, a fifth interviewer, the candidate themself.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::Person;
use std::time::Duration;

/// Six people and a channel in which nobody has interviewed yet.
fn team(slack: &Slack) -> ([Member; 6], Place) {
    let people = slack.members(["rita", "ada", "ben", "cid", "dee", "eve"]);
    (people, slack.private_channel("#hiring"))
}

/// How many loops' posts somebody sees in a channel.
fn posts(by: &Member, place: &Place) -> usize {
    by.sees(place).matches("opened by").count()
}

#[tokio::test]
async fn four_are_enough_and_a_fifth_is_asked_about_before_anything_is_opened() {
    on_both(async |slack| {
        let ([rita, ada, ..], hiring) = team(slack);
        let asked = rita
            .types(
                &hiring,
                "/interview senior-backend Jane Doe @ada @ben @cid @dee @eve on 2024-12-02 14:00",
            )
            .await;
        assert!(asked.is_only_for_you());
        assert_snapshot!(asked.text(), @"
        That makes 5 interviewers; four usually suffice. One more seldom changes what is decided, and costs the candidate as much time as the others did.
        Nothing is opened yet, and what you typed is kept.
        [Open it all the same] [Change the panel]
        ");
        assert_eq!(posts(&rita, &hiring), 0, "nothing is opened yet");
        assert_eq!(
            ada.sees(&slack.direct_messages(&ada)),
            "",
            "and nobody is told"
        );

        // What was typed is in the form that changes the panel.
        let form = asked.clicks("Change the panel").await;
        assert_snapshot!(form.text(), @"
        [Start a candidate]
        Senior Backend Developer
        Candidate's name: [Jane Doe]
        Panel (optional): [@ada, @ben, @cid, @dee, @eve v]
        Who interviews. If nobody is named, anybody in the channel can join by scoring.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        Channel: [#hiring v]
        The candidate's post and thread go there.
        Day of the interview (optional): [2024-12-02 v]
        Time of the interview (optional): [14:00 v]
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
        let opened = form
            .names("Panel", ["ada", "ben", "cid", "dee"])
            .submits()
            .await;
        assert_snapshot!(opened.text(), @"Opened C-XXXX in #hiring, planned for Dec 2, 2024 at 13:00. @ada, @ben, @cid and @dee get a direct message each.");
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 4 scorecards in
        Planned for Dec 2, 2024 at 13:00, 45 minutes
        [Score] [Kit] [Plan] [More]
        ");

        // The question is answered: it opens no second one.
        let late = asked.clicks("Open it all the same").await;
        assert_snapshot!(late.text(), @"This was answered already, or is more than two days old. Please start again with /interview.");
        assert_eq!(posts(&rita, &hiring), 1);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn whoever_means_five_opens_with_five() {
    story(async |slack| {
        let ([rita, ..], hiring) = team(slack);
        slack
            .sim()
            .add_group("backend-panel", &["ada", "ben", "cid", "dee", "eve"]);
        let asked = rita
            .types(&hiring, "/interview senior-backend Jane Doe @backend-panel")
            .await;
        assert!(
            asked.text().starts_with("That makes 5 interviewers"),
            "{}",
            asked.text()
        );
        asked.clicks("Open it all the same").await;
        assert!(
            rita.sees(&hiring).contains("0 of 5 scorecards in"),
            "{}",
            rita.sees(&hiring)
        );

        // In the form it is asked as well. Shadows and observers are no interviewers.
        let form = rita
            .types(&hiring, "/interview senior-backend")
            .await
            .clicks("Start a candidate")
            .await
            .fills("Candidate's name", "John Roe");
        let opened = form
            .names("Panel", ["ada", "ben", "cid", "dee"])
            .names("Shadows", ["eve"])
            .names("Observers", ["rita"])
            .submits()
            .await;
        assert!(opened.text().starts_with("Opened"), "{}", opened.text());
        assert_eq!(posts(&rita, &hiring), 2);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_panel_that_grows_beyond_four_is_asked_about_over_its_form() {
    on_both(async |slack| {
        let ([rita, ada, _, _, _, eve], hiring) = team(slack);
        rita.types(
            &hiring,
            "/interview senior-backend Jane Doe @ada @ben @cid @dee",
        )
        .await;
        slack.rest_is_read();
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let asked = form
            .names("Panel", ["ada", "ben", "cid", "dee", "eve"])
            .submits()
            .await;
        assert!(asked.is_modal());
        assert_snapshot!(asked.text(), @"
        [Is it meant?]
        Jane Doe · Senior Backend Developer · C-XXXX
        That makes 5 interviewers; four usually suffice. One more seldom changes what is decided, and costs the candidate as much time as the others did.
        Nothing is saved yet. Going back leads to the panel as you chose it.
        ");
        assert!(
            rita.sees(&hiring).contains("0 of 4 scorecards in"),
            "nothing is saved yet"
        );

        // Back to the form below, as it was filled in.
        let below = rita.closes_top().await.expect("the form is still there");
        assert_snapshot!(below.text(), @"
        [Edit panel]
        Jane Doe · Senior Backend Developer · C-XXXX
        When the last interviewer's scorecard is in, or the last one owing is dismissed, the scorecards are revealed, unless your workspace leaves that to you.
        Panel: [@ada, @ben, @cid, @dee, @eve v]
        All interviewers. Who is new gets a message; whoever you remove owes nothing any more.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        ");
        let asked = below
            .names("Panel", ["ada", "ben", "cid", "dee", "eve"])
            .submits()
            .await;
        let said = asked.submits().await;
        assert_snapshot!(said.text(), @"The panel has 5 interviewers now. @eve gets a direct message.");
        assert!(rita.modal().is_none(), "both are done with");
        assert!(rita.sees(&hiring).contains("0 of 5 scorecards in"));
        assert!(eve.sees(&slack.direct_messages(&eve)).contains("Jane Doe"));

        // What does not grow is not asked about again.
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let said = form
            .names("Panel", ["ada", "ben", "cid", "eve", "rita"])
            .submits()
            .await;
        assert_snapshot!(said.text(), @"The panel has 5 interviewers now. @rita gets a direct message.");
        assert!(!ada.sees(&slack.direct_messages(&ada)).is_empty());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_fifth_who_asks_to_join_is_asked_about() {
    on_both(async |slack| {
        let ([rita, _, _, _, _, eve], hiring) = team(slack);
        rita.types(
            &hiring,
            "/interview senior-backend Jane Doe @ada @ben @cid @dee",
        )
        .await;
        eve.clicks(&hiring, "Score")
            .await
            .clicks("Ask to join")
            .await;
        slack.rest_is_read();
        let asked = rita
            .clicks(&slack.direct_messages(&rita), "Add to the panel")
            .await;
        assert_snapshot!(asked.text(), @"
        That makes 5 interviewers; four usually suffice. One more seldom changes what is decided, and costs the candidate as much time as the others did.
        Nobody is added yet.
        [Add them all the same] [Edit panel]
        ");
        assert!(rita.sees(&hiring).contains("0 of 4 scorecards in"));
        let said = asked.clicks("Add them all the same").await;
        assert_snapshot!(said.text(), @"The panel has 5 interviewers now. @eve gets a direct message.");
        assert!(rita.sees(&hiring).contains("0 of 5 scorecards in"));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn the_panel_of_last_time_is_offered_to_whoever_names_nobody() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = team(slack);
        let form = rita
            .types(&hiring, "/interview senior-backend")
            .await
            .clicks("Start a candidate")
            .await
            .fills("Candidate's name", "Jane Doe");
        form.names("Panel", ["ada", "ben"])
            .names("Shadows", ["eve"])
            .names("Observers", ["cid"])
            .submits()
            .await;
        slack.rest_is_read();

        // Typed: it is offered.
        let asked = rita
            .types(&hiring, "/interview senior-backend John Roe")
            .await;
        assert_snapshot!(asked.text(), @"
        Nobody is named. Last time for this role here: @ada and @ben; shadow: @eve; observer: @cid.
        With “Anybody here”, whoever is in the channel joins by scoring. Nothing is opened yet.
        [Same panel] [Anybody here] [Choose a panel]
        ");
        assert_eq!(posts(&rita, &hiring), 1, "nothing is opened yet");
        let opened = asked.clicks("Same panel").await;
        assert_snapshot!(opened.text(), @"Opened C-XXXX in #hiring. @ada, @ben, @eve and @cid get a direct message each.");
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]

        John Roe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");

        // In the form: it stands there.
        let form = rita
            .types(&hiring, "/interview senior-backend")
            .await
            .clicks("Start a candidate")
            .await;
        assert_snapshot!(form.text(), @"
        [Start a candidate]
        Senior Backend Developer
        Candidate's name: []
        Panel (optional): [@ada, @ben v]
        Who interviewed last time. If nobody is named, anybody in the channel can join by scoring.
        Shadows (optional): [@eve v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [@cid v]
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

        // Another role has had no panel here.
        let other = rita
            .types(&hiring, "/interview practice-lead Jim Poe")
            .await;
        assert!(!other.text().contains("Last time"), "{}", other.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn whoever_wants_anybody_is_not_asked_the_next_time() {
    story(async |slack| {
        let ([rita, ..], hiring) = team(slack);
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        slack.moves_on_by(Duration::from_secs(60));
        let asked = rita
            .types(&hiring, "/interview senior-backend John Roe")
            .await;
        let opened = asked.clicks("Anybody here").await;
        assert!(opened.text().starts_with("Opened"), "{}", opened.text());
        slack.moves_on_by(Duration::from_secs(60));
        let third = rita
            .types(&hiring, "/interview senior-backend Jim Poe")
            .await;
        assert!(third.text().starts_with("Opened"), "{}", third.text());
        assert_eq!(posts(&rita, &hiring), 3);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn who_has_left_is_not_offered_and_another_panel_can_be_chosen() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = team(slack);
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        slack.rest_is_read();
        slack.sim().deactivate("ben").await;
        let asked = rita
            .types(
                &hiring,
                "/interview senior-backend John Roe on 2024-12-02 14:00",
            )
            .await;
        assert_snapshot!(asked.text(), @"
        Nobody is named. Last time for this role here: @ada.
        With “Anybody here”, whoever is in the channel joins by scoring. Nothing is opened yet.
        [Same panel] [Anybody here] [Choose a panel]
        ");
        let form = asked.clicks("Choose a panel").await;
        assert_snapshot!(form.text(), @"
        [Start a candidate]
        Senior Backend Developer
        Candidate's name: [John Roe]
        Panel (optional): [@ada v]
        Who interviewed last time. If nobody is named, anybody in the channel can join by scoring.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        Channel: [#hiring v]
        The candidate's post and thread go there.
        Day of the interview (optional): [2024-12-02 v]
        Time of the interview (optional): [14:00 v]
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
        let opened = form.names("Panel", ["cid"]).submits().await;
        assert_snapshot!(opened.text(), @"
        [Done]
        Opened C-XXXX in #hiring, planned for Dec 2, 2024 at 13:00. @cid gets a direct message.
        ");
        slack.rest_is_read();
    })
    .await;
}

/// Somebody of this name works here, too.
fn a_colleague(slack: &Slack) -> Member {
    slack.joins(Person::new("jane", "Jane Doe"))
}

#[tokio::test]
async fn the_candidate_is_not_put_on_their_own_panel_unawares() {
    on_both(async |slack| {
        let jane = a_colleague(slack);
        let ([rita, ..], hiring) = team(slack);
        let asked = rita
            .types(&hiring, "/interview senior-backend JANE  doe @ada @jane")
            .await;
        assert_snapshot!(asked.text(), @"
        @jane has the candidate's name. Nobody interviews themself: unless that is somebody else, leave them out.
        Nothing is opened yet, and what you typed is kept.
        [Open it all the same] [Change the panel]
        ");
        assert_eq!(posts(&rita, &hiring), 0);
        assert_eq!(
            jane.sees(&slack.direct_messages(&jane)),
            "",
            "nobody is told"
        );

        // There are two of them.
        let opened = asked.clicks("Open it all the same").await;
        assert!(opened.text().starts_with("Opened"), "{}", opened.text());
        assert!(
            jane.sees(&slack.direct_messages(&jane))
                .contains("JANE doe")
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn nor_are_they_by_editing_the_panel_or_by_asking_to_join() {
    on_both(async |slack| {
        let jane = a_colleague(slack);
        let ([rita, ..], hiring) = team(slack);
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let form: Card = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let asked = form
            .names("Panel", ["ada"])
            .names("Observers", ["jane"])
            .submits()
            .await;
        assert_snapshot!(asked.text(), @"
        [Is it meant?]
        Jane Doe · Senior Backend Developer · C-XXXX
        @jane has the candidate's name. Nobody interviews themself: unless that is somebody else, leave them out.
        Nothing is saved yet. Going back leads to the panel as you chose it.
        ");
        rita.closes_all().await;

        jane.clicks(&hiring, "Score")
            .await
            .clicks("Ask to join")
            .await;
        slack.rest_is_read();
        let asked = rita
            .clicks(&slack.direct_messages(&rita), "Add to the panel")
            .await;
        assert_snapshot!(asked.text(), @"
        @jane has the candidate's name. Nobody interviews themself: unless that is somebody else, leave them out.
        Nobody is added yet.
        [Add them all the same] [Edit panel]
        ");
        assert!(!rita.sees(&hiring).contains("of 2"), "nobody is added");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_panel_of_a_hundred_opens_nothing_however_it_is_named() {
    story(async |slack| {
        let ([rita, ..], hiring) = team(slack);
        let names: Vec<String> = (0..100).map(|number| format!("p{number}")).collect();
        for name in &names {
            slack.joins(Person::new(name, name));
        }
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        slack.sim().add_group("everybody", &all);
        let mentions: Vec<String> = all.iter().map(|name| format!("@{name}")).collect();
        let typed = format!("/interview senior-backend Jane Doe {}", mentions.join(" "));
        let refused = rita.types(&hiring, &typed).await;
        assert_snapshot!(refused.text(), @"A panel can have at most 50 people. Nothing was saved.");
        let refused = rita
            .types(&hiring, "/interview senior-backend Jane Doe @everybody")
            .await;
        assert_snapshot!(refused.text(), @"A panel can have at most 50 people. Nothing was saved.");
        assert_eq!(posts(&rita, &hiring), 0);
        slack.rest_is_read();
    })
    .await;
}
