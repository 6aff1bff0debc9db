//! Loops are erased by themselves some months after they were closed, where administrators have set so.

use crate::harness::{Member, Place, Slack, story};
use interview_assistant::simulator::Person;
use std::time::Duration;

const KEPT: &str = "How long loops are kept";

fn days(number: u64) -> Duration {
    Duration::from_secs(number * 24 * 3600)
}

fn begun(slack: &Slack) -> ([Member; 2], Place) {
    let olga = slack.joins(Person::new("olga", "Olga").admin());
    let [rita] = slack.members(["rita"]);
    let hiring = slack.private_channel("#hiring");
    slack.rest_is_read();
    ([olga, rita], hiring)
}

async fn keeps(who: &Member, how_long: &str) {
    let home = who.opens_home().await;
    let form = home
        .clicks_beside("The scorecards are revealed", "Change")
        .await;
    form.chooses(KEPT, how_long).submits().await;
    who.closes_all().await;
}

/// Opens a loop, and withdraws it where it shall be closed.
async fn opens(who: &Member, place: &Place, name: &str, closes: bool) -> String {
    let line = format!("/interview senior-backend {name}");
    who.types(place, &line).await;
    if closes {
        let more = who.clicks(place, "More").await;
        let form = more.clicks("Withdraw").await;
        form.fills("Reason", "another offer").submits().await;
    }
    who.code_of(place, name)
}

#[tokio::test]
async fn a_closed_loop_goes_when_its_time_is_up_and_held_and_open_ones_stay() {
    story(async |slack| {
        let ([olga, rita], hiring) = begun(slack);
        keeps(&olga, "6 months").await;
        opens(&rita, &hiring, "Jane Doe", true).await;
        opens(&rita, &hiring, "Open Otto", false).await;
        let held = opens(&rita, &hiring, "Held Hanna", true).await;
        let line = format!("/interview hold {held} a dispute");
        rita.types(&hiring, &line).await;

        slack.lives_on(days(180)).await;
        assert!(rita.sees(&hiring).contains("Jane Doe"));
        slack.restarts().await;
        slack.lives_on(days(6)).await;
        let seen = rita.sees(&hiring);
        assert!(!seen.contains("Jane Doe"), "{seen}");
        assert!(seen.contains("Open Otto") && seen.contains("Held Hanna"));
        let kept = slack.everything_kept().await;
        assert!(!kept.contains("Jane Doe") && kept.contains("Open Otto"));
        // Nobody is told: nobody did it.
        let told = rita.sees(&slack.direct_messages(&rita));
        assert!(!told.contains("erased"), "{told}");

        // What a hold has kept beyond its time goes once it is lifted.
        let line = format!("/interview hold {held} off");
        olga.types(&hiring, &line).await;
        slack.lives_on(days(2)).await;
        assert!(!rita.sees(&hiring).contains("Held Hanna"));
    })
    .await;
}

#[tokio::test]
async fn whoever_sets_it_has_a_week_to_think_better_of_it() {
    story(async |slack| {
        let ([olga, rita], hiring) = begun(slack);
        opens(&rita, &hiring, "Jane Doe", true).await;
        slack.lives_on(days(200)).await;
        let there = || rita.sees(&hiring).contains("Jane Doe");
        keeps(&olga, "3 months").await;
        slack.lives_on(days(6)).await;
        assert!(there());
        keeps(&olga, "For good").await;
        slack.lives_on(days(10)).await;
        assert!(there());
        keeps(&olga, "3 months").await;
        let home = olga.opens_home().await.text();
        let line = home.lines().find(|line| line.contains("Loops are kept"));
        let line = line.expect("it is on it");
        assert!(line.contains(": 3 months; none goes before "), "{line}");
        slack.lives_on(days(6)).await;
        // What is saved as it was does not begin anew.
        keeps(&olga, "3 months").await;
        slack.lives_on(days(2)).await;
        assert!(!there());
    })
    .await;
}

#[tokio::test]
async fn many_whose_time_is_up_go_a_few_at_a_time() {
    story(async |slack| {
        let ([olga, rita], hiring) = begun(slack);
        for number in 0..12 {
            opens(&rita, &hiring, &format!("Candidate {number}x"), true).await;
        }
        keeps(&olga, "3 months").await;
        slack.lives_on(days(89)).await;
        assert_eq!(rita.sees(&hiring).matches("Candidate").count(), 12);
        slack.lives_on(days(5)).await;
        assert_eq!(rita.sees(&hiring).matches("Candidate").count(), 0);
        let deleted = slack.calls_of("chat.delete");
        assert_eq!(deleted, 12);
    })
    .await;
}
