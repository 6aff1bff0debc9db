//! What the loop's owner does: progress and nudges, the reveal, the debrief, the decision, and what comes after it.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story};
use std::time::Duration;

/// Fills in a whole scorecard with one mark for everything technical, and submits it.
async fn scores(member: &Member, place: &Place, technical: &str, recommendation: &str) {
    let card = member.clicks(place, "Score").await;
    for number in 1..=5 {
        card.rates(&format!("technical/{number}"), technical).await;
    }
    let form = card.clicks("Recommend and submit").await;
    let mut form = form
        .chooses("Recommendation", recommendation)
        .fills(
            "Why? A line of evidence",
            &format!("{}: what I heard", member.name()),
        )
        .ticks("Unrated questions");
    for field in form
        .offers()
        .into_iter()
        .filter(|label| label.contains(", rated "))
    {
        form = form.fills(&field, &format!("{} noted something", member.name()));
    }
    form.submits().await;
}

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
async fn progress_is_by_person_and_section_and_never_shows_a_score() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "2 Mixed").await;
        card.rates("behavioural/1", "3 Good").await;
        scores(&ben, &hiring, "3 Good", "Strong yes").await;

        let more = rita.clicks(&hiring, "More").await;
        let progress = more.clicks("Progress").await;
        assert_snapshot!(progress.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 2 scorecards in
        • @ada: Screening 0 of 5 · Technical 1 of 5 · Behavioural 1 of 5
        • @ben: submitted
        [Nudge] [Edit panel] [Reveal] [Back]
        ");
        let back = progress.clicks("Back").await;
        assert_eq!(back.offers()[0], "Progress");
    })
    .await;
}

#[tokio::test]
async fn a_nudge_goes_to_those_who_owe_and_at_most_every_twelve_hours() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        scores(&ben, &hiring, "3 Good", "Yes").await;
        // At eight in the morning in Berlin.
        slack.advance(Duration::from_secs(8 * 3600)).await;

        let more = rita.clicks(&hiring, "More").await;
        let said = more.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"Nudged: @ada.");
        let nudges = |of: &Member| of.sees(&slack.direct_messages(of)).matches("asks for your scorecard").count();
        assert_eq!((nudges(&ada), nudges(&ben)), (1, 0));

        slack.advance(Duration::from_secs(11 * 3600)).await;
        let said = rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"They were nudged less than twelve hours ago. You can do it again from Nov 22, 2024 at 19:00.");
        assert_eq!(nudges(&ada), 1);
        slack.advance(Duration::from_secs(3600)).await;
        rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        // At night it waits for the morning.
        slack.lives_on(Duration::from_secs(12 * 3600)).await;
        assert_eq!((nudges(&ada), nudges(&ben)), (2, 0));

        let card = ada.clicks(&slack.direct_messages(&ada), "Score").await;
        assert_snapshot!(card.head(1), @"Scorecard: Jane Doe");
    })
    .await;
}

#[tokio::test]
async fn the_last_scorecard_reveals_all_and_the_debrief_is_a_reply_in_the_thread() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        scores(&ada, &hiring, "4 Excellent", "Strong yes").await;
        assert_eq!(rita.sees(&hiring.thread_of("Jane Doe")), "");
        scores(&ben, &hiring, "1 Poor", "No").await;

        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · debrief in the thread
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&hiring.thread_of("Jane Doe")), @"
        Debrief · Jane Doe · Senior Backend Developer · kit xxxxxx · 2 scorecards
        Competency          mean   n  range
        Systems and data     2.5   2  1-4
          discuss first: 3 steps apart
        API design           2.5   2  1-4
          discuss first: 3 steps apart
        Delivery in a team     -   0
          not covered
        Drive and learning     -   0
          not covered
        Recommendation: 1 Strong yes · 1 No
        [Evidence] [By question] [Chart] [Decide]
        ");
    })
    .await;
}

#[tokio::test]
async fn the_owner_reveals_early_after_a_confirmation_that_counts() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let more = rita.clicks(&hiring, "More").await;
        assert!(!more.offers().iter().any(|label| label == "Reveal"), "nothing is in: {}", more.text());
        let code = rita.code_of(&hiring, "Jane Doe");
        let refused = rita.clicks_forged(&hiring, "loop.reveal.v1", &code).await;
        assert_snapshot!(refused.text(), @"No scorecard is in yet, so there is nothing to reveal.");
        scores(&ada, &hiring, "3 Good", "Yes").await;

        let more = rita.clicks(&hiring, "More").await;
        assert_snapshot!(more.asks_before("Reveal").expect("it asks"), @"Reveal the scorecards?: 1 scorecard is in; 1 is still owed. The panel then sees all that are in, and this cannot be taken back.");
        let said = more.clicks("Reveal").await;
        assert_snapshot!(said.text(), @"1 scorecard revealed: the debrief is in the thread.");
        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 2 scorecards in · debrief in the thread
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&hiring.thread_of("Jane Doe")), @"
        Debrief · Jane Doe · Senior Backend Developer · kit xxxxxx · 1 scorecard
        Competency          mean   n  range
        Systems and data     3.0   1  3
          one opinion
        API design           3.0   1  3
          one opinion
        Delivery in a team     -   0
          not covered
        Drive and learning     -   0
          not covered
        Recommendation: 1 Yes
        Not in: @ben
        [Evidence] [By question] [Chart] [Decide]
        ");
        let refused = ben.clicks(&hiring.thread_of("Jane Doe"), "Evidence").await;
        assert!(refused.text().starts_with("What each interviewer rated and wrote is for those who submitted"), "{}", refused.text());
        let again = rita.clicks_forged(&hiring, "loop.reveal.v1", &code).await;
        assert_snapshot!(again.text(), @"The scorecards have been revealed already.");
    })
    .await;
}

#[tokio::test]
async fn an_owner_on_the_panel_submits_before_revealing() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @rita @ada").await;
        scores(&ada, &hiring, "3 Good", "Yes").await;
        let more = rita.clicks(&hiring, "More").await;
        assert!(!more.offers().iter().any(|label| label == "Reveal"), "{}", more.text());
        let code = rita.code_of(&hiring, "Jane Doe");
        let refused = rita.clicks_forged(&hiring, "loop.reveal.v1", &code).await;
        assert_snapshot!(refused.text(), @"You are on this panel: please submit your own scorecard before you reveal the others. Nothing was revealed.");
        scores(&rita, &hiring, "2 Mixed", "No").await;
        let debrief = ada.sees(&hiring.thread_of("Jane Doe"));
        assert!(debrief.contains("Recommendation: 1 Yes · 1 No"), "{debrief}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn evidence_is_open_to_those_who_submitted_and_to_the_owner() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let [eve] = slack.members(["eve"]);
        slack.sim().join("eve", hiring.id());
        scores(&ada, &hiring, "4 Excellent", "Strong yes").await;
        scores(&ben, &hiring, "3 Good", "Yes").await;
        let thread = hiring.thread_of("Jane Doe");

        let board = rita.clicks(&thread, "Evidence").await;
        assert!(board.is_modal());
        for words in ["ada noted something", "ada: what I heard", "ben: what I heard"] {
            assert!(board.text().contains(words), "{words}:\n{}", board.text());
        }
        rita.closes_all().await;
        assert_eq!(ada.clicks(&thread, "Evidence").await.text(), board_again(&rita, &thread).await);
        let refused = eve.clicks(&thread, "Evidence").await;
        assert_snapshot!(refused.text(), @"What each interviewer rated and wrote is for those who submitted a scorecard, the owner and administrators, once the scorecards are revealed.");

        let refused = eve.clicks(&thread, "By question").await;
        assert!(!refused.is_modal(), "{}", refused.text());
        let table = ada.clicks(&thread, "By question").await;
        assert!(table.is_modal());
        assert!(table.text().contains("Technical"), "{}", table.text());
    })
    .await;
}

async fn board_again(member: &Member, thread: &Place) -> String {
    member.clicks(thread, "Evidence").await.text()
}

#[tokio::test]
async fn a_decision_is_a_persons_with_a_reason_and_stands_in_the_thread() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        scores(&ada, &hiring, "3 Good", "Yes").await;
        scores(&ben, &hiring, "3 Good", "Yes").await;
        let thread = hiring.thread_of("Jane Doe");

        let refused = ben.clicks(&thread, "Decide").await;
        assert_snapshot!(refused.text(), @"That is for the loop's owner, @rita, and for administrators. Nothing was changed.");
        let form = rita.clicks(&thread, "Decide").await;
        assert_snapshot!(form.text(), @"
        [Decide]
        Jane Doe · Senior Backend Developer · C-XXXX
        Decision: ( ) Hire ( ) Hold ( ) Reject
        Reason: []
        In your own words. Nothing is sent to the candidate.
        A candidate may be entitled to read what you write here.
        ");
        let form = form.chooses("Decision", "Hire").submits().await;
        assert_snapshot!(form.complaints(), @"Reason: Please complete this required field.");
        let said = form.fills("Reason", "The clearest of all").submits().await;
        assert_snapshot!(said.text(), @"Decided; it is in the thread. Nothing is sent to the candidate.");
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · Decided: Hire by @rita
        [Score] [Kit] [Plan] [More]
        ");
        let replies = ada.sees(&thread);
        let decision = replies.split("\n\n").last().expect("there are replies");
        assert_snapshot!(decision, @"
        Decision: Hire by @rita on Nov 21, 2024
        The clearest of all
        ");
    })
    .await;
}

#[tokio::test]
async fn a_late_scorecard_is_kept_and_marked_late_and_the_figures_stand() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        scores(&ada, &hiring, "2 Mixed", "No").await;
        rita.clicks(&hiring, "More").await.clicks("Reveal").await;
        let thread = hiring.thread_of("Jane Doe");
        let before = rita.sees(&thread);
        let form = rita.clicks(&thread, "Decide").await;
        form.chooses("Decision", "Reject")
            .fills("Reason", "Not this time")
            .submits()
            .await;

        scores(&ben, &hiring, "4 Excellent", "Strong yes").await;
        assert_snapshot!(rita.sees(&thread), @"
        Debrief · Jane Doe · Senior Backend Developer · kit xxxxxx · 1 scorecard
        Competency          mean   n  range
        Systems and data     2.0   1  2
          one opinion
        API design           2.0   1  2
          one opinion
        Delivery in a team     -   0
          not covered
        Drive and learning     -   0
          not covered
        Recommendation: 1 No
        @ben (late, not in the figures): Strong yes
        [Evidence] [By question] [Chart]

        Decision: Reject by @rita on Nov 21, 2024
        Not this time
        ");
        let figures = |text: &str| {
            text.lines()
                .filter(|line| line.starts_with("Systems"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(figures(&before), figures(&rita.sees(&thread)));
    })
    .await;
}

#[tokio::test]
async fn a_change_after_the_reveal_is_marked_in_the_same_reply() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        scores(&ada, &hiring, "3 Good", "Yes").await;
        scores(&ben, &hiring, "2 Mixed", "Yes").await;
        let thread = hiring.thread_of("Jane Doe");
        let before = rita.sees(&thread);

        let card = ben.clicks(&hiring, "Score").await;
        assert_eq!(ben.ephemerals(&thread), 0, "the scorecard is in the channel, where the post is");
        assert_snapshot!(card.foot(), @"saved 23:00 · 15 of 15 · Changes now are marked as after the reveal");
        card.rates("technical/1", "4 Excellent").await;
        let after = rita.sees(&thread);
        assert_snapshot!(after, @"
        Debrief · Jane Doe · Senior Backend Developer · kit xxxxxx · 2 scorecards
        Competency          mean   n  range
        Systems and data     2.5   2  2-3
        API design           2.5   2  2-3
        Delivery in a team     -   0
          not covered
        Drive and learning     -   0
          not covered
        Recommendation: 2 Yes
        @ben changed Systems and data 2 to 4 after the reveal
        [Evidence] [By question] [Chart] [Decide]
        ");
        assert_eq!(before.matches("Debrief · ").count(), 1);
        assert_eq!(after.matches("Debrief · ").count(), 1, "one reply, updated");
    })
    .await;
}

#[tokio::test]
async fn the_debrief_is_plain_arithmetic_with_disagreement_first() {
    on_both(async |slack| {
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben @cid")
            .await;
        // Technical 1, 3 and 4 probe systems and data, 2 and 5 the design of APIs; behavioural 4 and 5 drive and learning.
        let given = [
            (
                &ada,
                [
                    ("technical/1", "4 Excellent"),
                    ("technical/3", "3 Good"),
                    ("technical/2", "3 Good"),
                    ("behavioural/4", "2 Mixed"),
                ],
            ),
            (
                &ben,
                [
                    ("technical/1", "2 Mixed"),
                    ("technical/3", "1 Poor"),
                    ("technical/2", "3 Good"),
                    ("behavioural/4", "3 Good"),
                ],
            ),
            (
                &cid,
                [
                    ("technical/1", "3 Good"),
                    ("technical/3", "Not asked"),
                    ("technical/2", "Not asked"),
                    ("behavioural/4", "3 Good"),
                ],
            ),
        ];
        for (member, marks) in given {
            let card = member.clicks(&hiring, "Score").await;
            card.rates("screening/1", "2 Mixed").await;
            for (question, mark) in marks {
                card.rates(question, mark).await;
                if mark.starts_with(['1', '4']) {
                    card.writes(question, "noted something").await;
                }
            }
            card.submits_with(
                if member.name() == "ben" {
                    "Not enough signal"
                } else {
                    "Strong yes"
                },
                "Knows the trade",
            )
            .await;
        }
        // Systems and data: ada 3.5, ben 1.5, cid 3.0, so 2.7 to one decimal. Screening weighs nothing.
        assert_snapshot!(rita.sees(&hiring.thread_of("Jane Doe")), @"
        Debrief · Jane Doe · Senior Backend Developer · kit xxxxxx · 3 scorecards
        Competency          mean   n  range
        Systems and data     2.7   3  1.5-3.5
          discuss first: 2 steps apart
        Drive and learning   2.7   3  2-3
        API design           3.0   2  3
        Delivery in a team     -   0
          not covered
        Recommendation: 2 Strong yes · 1 Not enough signal
        [Evidence] [By question] [Chart] [Decide]
        ");
        slack.rest_is_read();
    })
    .await;
}
