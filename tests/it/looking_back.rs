//! Looking back: `/interview stats`, for administrators and for whoever owns a loop.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::{FileSeen, Misbehaviour, Person};
use std::time::Duration;

/// A whole scorecard with one mark for everything technical.
async fn scores(member: &Member, thread: &Place, technical: &str) {
    let card = member.clicks(thread, "Score").await;
    for number in 1..=5 {
        card.rates(&format!("technical/{number}"), technical).await;
    }
    card.submits_with("Yes", "Knows the trade").await;
}

/// Rita's loop about Jane, revealed after two days, and Cid's about Sam, in which one scorecard is in.
async fn two_loops(slack: &Slack) -> ([Member; 5], Place) {
    let people = slack.members(["rita", "cid", "ada", "ben", "dora"]);
    let [rita, cid, ada, ben, _] = &people;
    let hiring = slack.private_channel("#hiring");
    let other = slack.private_channel("#other");
    rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    scores(ada, &hiring, "3 Good").await;
    slack.advance(Duration::from_secs(48 * 3600)).await;
    scores(ben, &hiring, "2 Mixed").await;
    cid.types(&other, "/interview senior-backend Sam Okafor @ada @ben")
        .await;
    scores(ada, &other, "2 Mixed").await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn an_owner_looks_back_on_their_own_loops_and_an_administrator_on_all() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = two_loops(slack).await;
        let card = rita.types(&hiring, "/interview stats senior-backend").await;
        assert!(card.is_only_for_you());
        assert_snapshot!(card.text(), @"
        Looking back: Senior Backend Developer
        The loops you own, since Nov 21, 2024.
        • 1 loop opened: 1 revealed, 0 decided, 0 withdrawn
        • From opening to reveal: 2.0 days, the median of 1
        • From opening to decision: none yet
        • Scorecards late: 0 of 2 came in after the reveal
        • Agreement between interviewers: too few to tell (1 candidate with two or more ratings, and it takes 10)
        In how many revealed loops nobody asked about a competency, of those whose kit has it:
        Competency          nobody asked
        Delivery in a team  1 of 1
        Drive and learning  1 of 1
        Systems and data    0 of 1
        API design          0 of 1
        [Chart] [All roles]
        ");

        let olga = slack.joins(Person::new("olga", "Olga").admin());
        let all = olga
            .types(&slack.direct_messages(&olga), "/interview stats")
            .await;
        assert_snapshot!(all.text(), @"
        Looking back
        All loops of this workspace, since Nov 21, 2024: 2 loops of 1 role.
        Senior Backend Developer
        • 2 loops opened: 1 revealed, 0 decided, 0 withdrawn
        • From opening to reveal: 2.0 days, the median of 1
        • From opening to decision: none yet
        • Scorecards late: 0 of 2 came in after the reveal
        • Agreement between interviewers: too few to tell (1 candidate with two or more ratings, and it takes 10)
        [Chart] [Senior Backend Developer]
        ");
        let one = all.clicks("Senior Backend Developer").await;
        assert_snapshot!(one.head(4), @"
        Looking back: Senior Backend Developer
        All loops of this workspace, since Nov 21, 2024.
        • 2 loops opened: 1 revealed, 0 decided, 0 withdrawn
        • From opening to reveal: 2.0 days, the median of 1
        ");
        assert_eq!(one.clicks("All roles").await.text(), all.text());
    })
    .await;
}

#[tokio::test]
async fn a_loop_that_is_not_revealed_is_counted_and_gives_no_score() {
    story(async |slack| {
        let ([_, cid, ..], hiring) = two_loops(slack).await;
        let card = cid.types(&hiring, "/interview stats Senior Backend").await;
        assert_snapshot!(card.text(), @"
        Looking back: Senior Backend Developer
        The loops you own, since Nov 23, 2024.
        • 1 loop opened: 0 revealed, 0 decided, 0 withdrawn
        • From opening to reveal: none yet
        • From opening to decision: none yet
        • Scorecards late: none yet
        • Agreement between interviewers: too few to tell (0 candidates with two or more ratings, and it takes 10)
        [Chart] [All roles]
        ");
    })
    .await;
}

#[tokio::test]
async fn everybody_else_is_refused_in_a_sentence() {
    story(async |slack| {
        let ([_, _, ada, _, dora], hiring) = two_loops(slack).await;
        for (who, typed) in [(&ada, "/interview stats"), (&dora, "/interview stats senior-backend"), (&dora, "/interview stats nonsense")] {
            let refused = who.types(&hiring, typed).await;
            assert!(refused.is_only_for_you());
            assert_eq!(refused.text(), "Looking back is for administrators, and for whoever owns a loop. You own none, so there is nothing to show; please ask one of them.", "{typed}");
        }
        // A button of an owner's, clicked by somebody else.
        let forged = dora.clicks_drawn(&hiring, "stats.show.v1", r#"{"do":"stats.show.v1","slug":"senior-backend"}"#).await;
        assert!(forged.text().starts_with("Looking back is for administrators"), "{}", forged.text());
        let guest = slack.joins(Person::new("gast", "Gast").guest());
        let refused = guest.types(&slack.direct_messages(&guest), "/interview stats").await;
        assert!(refused.text().starts_with("Guests cannot use interviews here."), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn a_role_is_found_as_elsewhere_and_near_misses_are_offered() {
    story(async |slack| {
        let ([rita, ..], hiring) = two_loops(slack).await;
        let near = rita.types(&hiring, "/interview stats senior-backned").await;
        assert_snapshot!(near.text(), @"
        No role senior-backned. Did you mean
        [Senior Backend Developer] [All roles]
        ");
        let found = near.clicks("Senior Backend Developer").await;
        assert!(
            found
                .text()
                .starts_with("Looking back: Senior Backend Developer"),
            "{}",
            found.text()
        );
        let none = rita
            .types(&hiring, "/interview stats head-of-backend")
            .await;
        assert_snapshot!(none.text(), @"
        Looking back: Head of Backend Engineering
        You own no loop of this role. /interview head-of-backend Jane Doe @ada @ben opens one.
        [All roles]
        ");
        let several = rita.types(&hiring, "/interview stats backend lead").await;
        assert!(
            several
                .text()
                .starts_with("Several roles match. Which one?"),
            "{}",
            several.text()
        );
    })
    .await;
}

/// The pictures in somebody's direct messages with the bot, with what is said beside each.
fn pictures(slack: &Slack, of: &Member) -> Vec<(FileSeen, String)> {
    let direct = slack.direct_messages(of);
    let messages = slack.sim().messages(of.name(), direct.id());
    let with_files = messages.into_iter().flat_map(|message| {
        let text = message.text.clone();
        message
            .files
            .into_iter()
            .map(move |file| (file, text.clone()))
    });
    with_files.collect()
}

#[tokio::test]
async fn a_debrief_and_the_figures_are_sent_as_pictures_to_whoever_asks() {
    on_both(async |slack| {
        let ([rita, cid, ada, ..], hiring) = two_loops(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let said = ada.clicks(&hiring.thread_of("Jane Doe"), "Chart").await;
        assert!(said.is_only_for_you(), "{}", said.text());
        assert_eq!(said.text(), "The chart is in your direct messages with me.");
        let sent = pictures(slack, &ada);
        let [(file, beside)] = sent.as_slice() else {
            panic!("{} pictures", sent.len());
        };
        assert_eq!(file.name, format!("debrief-{code}.png"));
        assert_eq!(
            *beside,
            format!("Debrief {code} · Senior Backend Developer")
        );
        assert!(file.bytes.starts_with(b"\x89PNG\r\n"));
        let told = file.alt_text.split_once("2 scorecards. ").map(|(_, told)| told);
        assert_snapshot!(told.unwrap_or_default(), @"On a scale from 1 to 4, widest disagreement first: Systems and data 2.5, range 2-3, n 2; API design 2.5, range 2-3, n 2; Delivery in a team, not covered; Drive and learning, not covered. Recommendation: 2 Yes. As it was at the reveal.");
        assert!(!file.alt_text.contains("Jane"), "{}", file.alt_text);

        let figures = rita.types(&hiring, "/interview stats").await;
        let said = figures.clicks("Chart").await;
        assert_eq!(said.text(), "The chart is in your direct messages with me.");
        let one = rita.types(&hiring, "/interview stats senior-backend").await;
        one.clicks("Chart").await;
        let names: Vec<String> = pictures(slack, &rita)
            .into_iter()
            .map(|(file, _)| file.name)
            .collect();
        assert_eq!(
            names,
            ["looking-back.png", "looking-back-senior-backend.png"]
        );

        // Nobody else got anything, and nothing went to a shared place.
        assert!(pictures(slack, &cid).is_empty());
        assert_eq!(slack.calls_of("files.completeUploadExternal"), 3);
        let shared = slack.shared_payloads_so_far();
        assert!(
            shared
                .iter()
                .all(|call| call.method != "files.completeUploadExternal")
        );
    })
    .await;
}

#[tokio::test]
async fn a_picture_is_for_those_who_may_read_what_it_shows() {
    story(async |slack| {
        let people = slack.members(["rita", "ada", "ben"]);
        let [rita, ada, ben] = &people;
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        let code = rita.code_of(&hiring, "Jane Doe");
        slack.rest_is_read();
        // Before the reveal, by a button that was never drawn.
        scores(ada, &hiring, "3 Good").await;
        let refused = ada.clicks_forged(&hiring, "debrief.chart.v1", &code).await;
        assert_snapshot!(refused.text(), @"The scorecards have not been revealed yet.");
        scores(ben, &hiring, "2 Mixed").await;
        // After it, by somebody who knows nothing of the loop.
        let eve = slack.joins(Person::new("eve", "Eve"));
        let elsewhere = slack.private_channel("#elsewhere");
        rita.types(&elsewhere, "/interview senior-backend Sam Okafor @ada")
            .await;
        let refused = eve
            .clicks_forged(&elsewhere, "debrief.chart.v1", &code)
            .await;
        assert!(
            refused.text().starts_with("There is no interview loop C-"),
            "{}",
            refused.text()
        );
        let refused = eve
            .clicks_drawn(&elsewhere, "stats.chart.v1", r#"{"do":"stats.chart.v1"}"#)
            .await;
        assert!(
            refused
                .text()
                .starts_with("Looking back is for administrators"),
            "{}",
            refused.text()
        );
        assert_eq!(slack.calls_of("files.getUploadURLExternal"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_slack_does_not_take_is_told_and_not_sent_again() {
    story(async |slack| {
        let ([_, _, ada, ..], hiring) = two_loops(slack).await;
        let thread = hiring.thread_of("Jane Doe");
        let refuse = |method: &str, error: &str| Misbehaviour::Refuse {
            method: Some(method.to_owned()),
            times: 1,
            error: error.to_owned(),
        };
        slack.misbehaves(refuse("files.getUploadURLExternal", "file_uploads_disabled"));
        let said = ada.clicks(&thread, "Chart").await;
        assert_snapshot!(said.text(), @"The chart was not sent: this workspace takes no files from apps. What it shows stands in the message you clicked.");
        slack.misbehaves(refuse("conversations.open", "missing_scope"));
        let said = ada.clicks(&thread, "Chart").await;
        assert_snapshot!(said.text(), @"The chart was not sent: the app may not send files yet. Please ask whoever installed it to update it from its manifest and install it again. What it shows stands in the message you clicked.");
        slack.misbehaves(Misbehaviour::RateLimit {
            method: Some("files.completeUploadExternal".to_owned()),
            times: 1,
            retry_after: 30,
        });
        let said = ada.clicks(&thread, "Chart").await;
        assert_snapshot!(said.text(), @"The chart was not sent: Slack did not take it. Please click Chart again in a while. What it shows stands in the message you clicked.");
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: Some("files.completeUploadExternal".to_owned()),
            times: 1,
        });
        let said = ada.clicks(&thread, "Chart").await;
        assert_snapshot!(said.text(), @"Slack did not say whether it took the chart: look into your direct messages with me, and click Chart again if it is not there. What it shows stands in the message you clicked.");
        assert_eq!(pictures(slack, &ada).len(), 1);
        assert_eq!(slack.calls_of("files.completeUploadExternal"), 2);
    })
    .await;
}
