//! Steps 5 to 7 of the interviewer's journey: recommending, submitting, changing one's mind before the reveal.

use crate::harness::{assert_snapshot, on_both, story};
use interview_assistant::domain::event::Audited;
use interview_assistant::domain::scorecard::{Mark, Rating};

#[tokio::test]
async fn a_scorecard_is_submitted_with_a_recommendation_a_reason_and_nothing_left_unrated() {
    on_both(async |slack| {
        let [rita, ada, _ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben").await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        card.rates("technical/2", "4 Excellent").await;

        let form = card.clicks("Recommend and submit").await;
        assert_snapshot!(form.text(), @"
        [Recommend and submit]
        Jane Doe · Senior Backend Developer · C-XXXX
        A candidate may be entitled to read what you write here.
        Still unrated: Screening 1, 2, 3, 4, 5 · Technical 3, 4, 5 · Behavioural 1, 2, 3, 4, 5
        Unrated questions (optional): ( ) Mark the 13 unrated questions as Not asked
        Or close this form and rate them first.
        Technical 2, rated 4 Excellent: what did you hear?: []
        How do you secure the APIs that you build?
        Recommendation: ( ) Strong no ( ) No ( ) Yes ( ) Strong yes ( ) Not enough signal
        Would you hire this person for this role?
        Why? A line of evidence: []
        What you heard, in your own words.
        Asked beside the kit (optional): []
        Questions you asked that are not in the kit, what you heard, and what else you noted.
        ");
        // Slack itself holds back what is missing.
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"
        Technical 2, rated 4 Excellent: what did you hear?: Please complete this required field.
        Why? A line of evidence: Please complete this required field.
        Recommendation: Please complete this required field.
        ");
        let form = form
            .chooses("Recommendation", "Yes")
            .fills("Why? A line of evidence", "Explains what an index costs")
            .fills("Technical 2, rated 4 Excellent", "Paged by key, and said why");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Unrated questions: 13 questions still need a rating. Rate them, or tick the box to mark the rest as Not asked.");
        let said = form.ticks("Unrated questions").fills("Asked beside the kit", "Asked about on-call").submits().await;
        assert_snapshot!(said.text(), @"In. You will see the others at the reveal.");
        assert!(ada.modal().is_none());

        assert_snapshot!(rita.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 2 scorecards in
        [Score] [Kit] [Plan] [More]
        ");
        assert_eq!(rita.sees(&hiring.thread_of("Jane Doe")), "");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_one_or_a_four_without_evidence_cannot_be_submitted() {
    story(async |slack| {
        let [rita, ada, _ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben").await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates_all("3 Good").await;
        let form = card.clicks("Recommend and submit").await;
        assert!(!form.offers().iter().any(|label| label == "Unrated questions"), "{}", form.text());

        // While the form is open, another device gives a 1.
        card.rates("behavioural/2", "1 Poor").await;
        let form = form
            .chooses("Recommendation", "No")
            .fills("Why? A line of evidence", "Did not listen");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Why? A line of evidence: A rating of 1 or 4 needs a line of evidence: Behavioural 2. Nothing was submitted.");
        ada.closes_all().await;
        card.writes("behavioural/2", "Spoke over the other two").await;
        let said = card.submits_with("No", "Did not listen").await;
        assert_snapshot!(said.text(), @"In. You will see the others at the reveal.");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn anything_can_be_changed_before_the_reveal_and_the_history_is_kept() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben").await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "2 Mixed").await;
        card.submits_with("No", "Too vague").await;

        let card = ada.clicks(&hiring, "Score").await;
        assert_snapshot!(card.foot(), @"saved 23:00 · 15 of 15 · Submitted; you can change anything until the reveal");
        card.rates("technical/1", "3 Good").await;
        let form = card.clicks("Recommend and submit").await;
        assert!(form.text().contains("Too vague"), "{}", form.text());
        let form = form.chooses("Recommendation", "Yes");
        form.fills("Why? A line of evidence", "Clear once asked again").submits().await;
        assert!(rita.sees(&hiring).contains("1 of 2 scorecards in"), "{}", rita.sees(&hiring));

        let card = ben.clicks(&hiring, "Score").await;
        card.submits_with("Yes", "Solid").await;
        let debrief = rita.sees(&hiring.thread_of("Jane Doe"));
        assert!(debrief.contains("Recommendation: 2 Yes"), "{debrief}");
        assert!(debrief.contains("Systems and data     3.0   1  3"), "{debrief}");
        assert!(!debrief.contains("after the reveal"), "{debrief}");

        let rated = |from: Option<Rating>, to: Rating| Audited::Rated {
            question: "technical/1".into(),
            from: from.map(Mark::Rated),
            to: Mark::Rated(to),
        };
        let deeds = slack.deeds(&code).await;
        assert!(deeds.contains(&rated(None, Rating::Mixed)));
        assert!(deeds.contains(&rated(Some(Rating::Mixed), Rating::Good)));
        let submitted = deeds.iter().filter(|deed| matches!(deed, Audited::Submitted { .. })).count();
        assert_eq!(submitted, 3, "each submission is kept");
        slack.rest_is_read();
    })
    .await;
}
