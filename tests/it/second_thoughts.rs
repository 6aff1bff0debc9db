//! Later than planned: forms left open, loops reopened, people who join after the reveal, changes that cannot be.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::event::Audited;
use interview_assistant::simulator::{Channel, Person};
use std::time::Duration;

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
async fn a_note_written_for_half_an_hour_is_saved_and_the_scorecard_is_shown_anew() {
    on_both(async |slack| {
        let ([_rita, ada, ..], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        let form = card.under("screening/1", "Evidence").await;
        slack.advance(Duration::from_secs(31 * 60)).await;
        let card = form
            .fills("What did you hear?", "Took their time")
            .submits()
            .await;
        assert!(card.is_only_for_you());
        assert!(card.text().contains("[Evidence ✓]"), "{}", card.text());
    })
    .await;
}

#[tokio::test]
async fn facts_older_than_an_hour_are_used_once_more_and_asked_for_again() {
    story(async |slack| {
        let ([_rita, ada, ..], hiring) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        let asked = slack.calls_of("users.info");
        slack.advance(Duration::from_secs(2 * 3600)).await;
        card.rates("screening/1", "3 Good").await;
        assert_eq!(card.chosen(), ["✓ 3 Good"]);
        assert_eq!(slack.calls_of("users.info"), asked + 1);
    })
    .await;
}

#[tokio::test]
async fn guests_can_neither_own_a_loop_nor_be_put_on_its_panel() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        slack.joins(Person::new("gus", "Gus").guest());
        rita.types(&hiring, "/interview senior-backend Kim Lee @gus")
            .await;
        let kept = slack.everything_kept().await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Hand over")
            .await;
        let form = form.names("New owner", ["gus"]).submits().await;
        assert_snapshot!(form.complaints(), @"New owner: that person cannot own a loop: only active members of this workspace can. Nothing was saved.");
        rita.closes_all().await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        let form = form.names("Panel", ["ada", "ben", "gus"]).submits().await;
        assert_snapshot!(form.complaints(), @"Panel: that person cannot be on a panel: only active members of this workspace can. Nothing was saved.");
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_loop_moves_only_to_where_candidates_can_be_discussed() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        let shared = slack.channel(
            Channel::private("#partners")
                .with(["rita"])
                .with_bot()
                .shared(),
        );
        let without = slack.channel(Channel::private("#without").with(["rita"]));
        let kept = slack.everything_kept().await;
        for (place, sentence) in [
            (&shared, "This channel is shared with another company"),
            (&without, "I am not in this channel yet"),
        ] {
            let form = rita.clicks(&hiring, "More").await.clicks("Move").await;
            let answer = form.goes_to("Channel", place).submits().await;
            assert!(answer.text().contains(sentence), "{}", answer.text());
            rita.closes_all().await;
            assert_eq!(rita.sees(place), "");
        }
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_free_again_when_its_loop_is_over() {
    story(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        let form = rita.clicks(&hiring, "More").await.clicks("Withdraw").await;
        form.submits().await;
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        assert_eq!(rita.sees(&hiring).matches("C-XXXX").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_loop_reveals_nothing_until_it_is_reopened() {
    on_both(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        let form = ben
            .clicks(&hiring, "Score")
            .await
            .clicks("Recommend and submit")
            .await;
        let withdraw = rita.clicks(&hiring, "More").await.clicks("Withdraw").await;
        withdraw.submits().await;
        let form = form
            .chooses("Recommendation", "Yes")
            .fills("Why? A line of evidence", "Solid")
            .ticks("Unrated questions");
        let refused = form.submits().await;
        assert!(
            refused.text().contains("This loop was withdrawn"),
            "{}",
            refused.text()
        );
        ben.closes_all().await;
        assert_eq!(rita.sees(&hiring.thread_of("Jane Doe")), "");
        rita.clicks(&hiring, "More").await.clicks("Reopen").await;
        submits(&ben, &hiring).await;
        assert!(
            rita.sees(&hiring.thread_of("Jane Doe"))
                .contains("Recommendation: 2 Yes")
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_is_added_after_the_reveal_is_late_and_the_snapshot_stands() {
    story(async |slack| {
        let ([rita, ada, ben, eve], hiring) = opened(slack).await;
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        form.names("Panel", ["ada", "ben", "eve"]).submits().await;
        let thread = hiring.thread_of("Jane Doe");
        assert!(rita.sees(&thread).contains("Not in: @eve"), "{}", rita.sees(&thread));
        let said = {
            let card = eve.clicks(&hiring, "Score").await;
            card.rates("technical/1", "2 Mixed").await;
            card.submits_with("No", "Knows too little").await
        };
        assert_snapshot!(said.text(), @"In. It came after the reveal, so it is kept and marked late.");
        let debrief = rita.sees(&thread);
        assert!(debrief.contains("Systems and data     3.0   2  3"), "{debrief}");
        assert!(debrief.contains("@eve (late, not in the figures): No"), "{debrief}");
    })
    .await;
}

#[tokio::test]
async fn the_last_two_who_submit_at_the_same_instant_reveal_once() {
    on_both(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let mut forms = Vec::new();
        for member in [&ada, &ben] {
            let card = member.clicks(&hiring, "Score").await;
            let form = card.clicks("Recommend and submit").await;
            forms.push(
                form.chooses("Recommendation", "Yes")
                    .fills("Why? A line of evidence", "Solid")
                    .ticks("Unrated questions"),
            );
        }
        tokio::join!(
            forms[0].submits_and_goes_on(),
            forms[1].submits_and_goes_on()
        );
        slack.settle().await;
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
        assert!(
            thread.contains("2 scorecards") && thread.contains("2 Yes"),
            "{thread}"
        );
        let deeds = slack.deeds(&code).await;
        let reveals = deeds
            .iter()
            .filter(|deed| matches!(deed, Audited::Revealed { .. }));
        assert_eq!(reveals.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reveal_and_a_submission_at_the_same_instant_end_on_one_side() {
    on_both(async |slack| {
        let [rita, ada, ben, _cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let hiring = slack.private_channel("#hiring");
        for candidate in ["Jane Doe", "Sam Okafor", "Kim Lee"] {
            let opening = format!("/interview senior-backend {candidate} @ada @ben @cid");
            rita.types(&hiring, &opening).await;
            submits(&ada, &hiring).await;
            let card = ben.clicks(&hiring, "Score").await;
            let form = card.clicks("Recommend and submit").await;
            let form = form
                .chooses("Recommendation", "No")
                .fills("Why? A line of evidence", "Not yet")
                .ticks("Unrated questions");
            let more = rita.clicks(&hiring, "More").await;
            tokio::join!(
                form.submits_and_goes_on(),
                more.clicks_and_goes_on("Reveal")
            );
            slack.settle().await;
            let debrief = rita.sees(&hiring.thread_of(candidate));
            let before = debrief.contains("2 scorecards") && !debrief.contains("late");
            let after = debrief.contains("1 scorecard\n")
                && debrief.contains("@ben (late, not in the figures): No");
            assert!(before != after, "{debrief}");
        }
        slack.rest_is_read();
    })
    .await;
}
