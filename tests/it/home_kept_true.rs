//! The Home tab is kept true for a while after it was opened: not too often, for nobody else, and not for ever.

use crate::harness::{Card, Member, Slack, on_both, story, submits};
use interview_assistant::simulator::Misbehaviour;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

/// How often Home tabs were drawn so far.
fn drawn(slack: &Slack) -> usize {
    slack.calls_of("views.publish")
}

fn home(member: &Member) -> String {
    member.home().map(|home| home.text()).unwrap_or_default()
}

#[tokio::test]
async fn what_changes_is_on_home_within_five_seconds_and_once_in_five_seconds() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        let owners = rita.opens_home().await;
        ada.opens_home().await;
        assert!(
            owners.text().contains("0 of 2 scorecards in"),
            "{}",
            owners.text()
        );

        // A rating is on the Home tab of whoever gave it, once in five seconds, and on nobody else's.
        let before = drawn(slack);
        let card = ada.clicks(&hiring, "Score").await;
        for mark in ["1 Poor", "2 Mixed", "3 Good"] {
            card.rates("technical/1", mark).await;
        }
        assert!(home(&ada).contains("nothing rated yet"), "{}", home(&ada));
        slack.advance(SOON).await;
        assert!(home(&ada).contains("1 of 15 rated"), "{}", home(&ada));
        assert_eq!(drawn(slack) - before, 1);

        submits(&ben, &hiring).await;
        slack.advance(SOON).await;
        assert!(
            owners.text().contains("1 of 2 scorecards in"),
            "{}",
            owners.text()
        );
        assert_eq!(home(&ben), "", "who never opened theirs has none");
        slack.advance(SOON).await;
        let before = drawn(slack);
        slack.advance(Duration::from_secs(60)).await;
        assert_eq!(drawn(slack), before, "nothing changed");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn after_ten_minutes_home_is_drawn_when_it_is_opened_again() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.opens_home().await;
        slack.advance(Duration::from_secs(9 * 60)).await;
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        slack.advance(SOON).await;
        assert!(
            home(&rita).contains("0 of 1 scorecard in"),
            "{}",
            home(&rita)
        );
        slack.advance(Duration::from_secs(60)).await;
        let before = drawn(slack);
        submits(&ada, &hiring).await;
        slack.advance(Duration::from_secs(60)).await;
        assert_eq!(drawn(slack), before);
        // A click on it begins another ten minutes.
        let card = rita.home().expect("it is there").clicks("More").await;
        assert!(card.is_modal());
        assert!(home(&rita).contains("next: decide"), "{}", home(&rita));
        rita.closes_all().await;
        slack.advance(Duration::from_secs(9 * 60)).await;
        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        form.fills("Candidate's name", "Sam Okafor").submits().await;
        slack.advance(SOON).await;
        assert!(home(&rita).contains("Sam Okafor"), "{}", home(&rita));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn after_a_restart_home_is_drawn_when_it_is_opened_or_clicked_on() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let shown: Card = rita.opens_home().await;
        slack.restarts().await;
        submits(&ada, &hiring).await;
        slack.advance(SOON).await;
        assert!(
            shown.text().contains("0 of 1 scorecard in"),
            "{}",
            shown.text()
        );
        shown.clicks("More").await;
        assert!(
            shown.text().contains("1 of 1 scorecard in"),
            "{}",
            shown.text()
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn when_slack_asks_to_wait_home_waits_and_the_newest_is_drawn() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        rita.opens_home().await;
        let publish = || Some("views.publish".to_owned());
        slack.misbehaves(Misbehaviour::RateLimit {
            method: publish(),
            times: 1,
            retry_after: 30,
        });
        submits(&ada, &hiring).await;
        slack.advance(SOON).await;
        assert!(
            home(&rita).contains("0 of 1 scorecard in"),
            "{}",
            home(&rita)
        );
        let before = drawn(slack);
        slack.advance(Duration::from_secs(29)).await;
        assert_eq!(drawn(slack), before);
        slack.advance(Duration::from_secs(1)).await;
        assert!(
            home(&rita).contains("1 of 1 scorecard in"),
            "{}",
            home(&rita)
        );
        assert_eq!(drawn(slack) - before, 1);

        // A failure is tried again; one that is for ever is not.
        slack.misbehaves(Misbehaviour::ServerError {
            method: publish(),
            times: 2,
        });
        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        form.fills("Candidate's name", "Sam Okafor").submits().await;
        slack.advance(Duration::from_secs(60)).await;
        slack.advance(Duration::from_secs(60)).await;
        slack.advance(Duration::from_secs(60)).await;
        assert!(home(&rita).contains("Sam Okafor"), "{}", home(&rita));
        slack.misbehaves(Misbehaviour::Refuse {
            method: publish(),
            times: 1,
            error: "not_enabled".to_owned(),
        });
        let before = drawn(slack);
        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        form.fills("Candidate's name", "Kim Lee").submits().await;
        slack.advance(Duration::from_secs(60)).await;
        slack.advance(Duration::from_secs(60)).await;
        assert_eq!(drawn(slack) - before, 1);
        assert!(rita.opens_home().await.text().contains("Kim Lee"));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn nothing_is_drawn_for_who_has_left() {
    story(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        ada.opens_home().await;
        let before = drawn(slack);
        slack.sim().deactivate("ada").await;
        slack.advance(SOON).await;
        submits(&ben, &hiring).await;
        slack.advance(SOON).await;
        assert_eq!(drawn(slack), before);

        // Nor anything of a loop for who was taken off its panel: it is gone from their Home tab.
        ben.opens_home().await;
        let form = rita.clicks(&hiring, "More").await.clicks("Hand over").await;
        form.names("New owner", ["ben"]).submits().await;
        slack.advance(SOON).await;
        assert!(home(&ben).contains("Loops you own"), "{}", home(&ben));
        let form = ben.clicks(&hiring, "More").await.clicks("Hand over").await;
        form.names("New owner", ["rita"]).submits().await;
        slack.advance(SOON).await;
        assert!(!home(&ben).contains("Loops you own"), "{}", home(&ben));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_crowd_that_opens_home_at_once_is_served_within_slacks_pace() {
    story(async |slack| {
        let [rita, ada, ben, cid, dan] = slack.members(["rita", "ada", "ben", "cid", "dan"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe")
            .await;
        let all = [&rita, &ada, &ben, &cid, &dan];
        // More often than Slack takes it in a minute.
        for _ in 0..22 {
            for member in all {
                member.opens_home().await;
            }
        }
        submits(&ada, &hiring).await;
        slack.advance(Duration::from_secs(60)).await;
        slack.advance(Duration::from_secs(60)).await;
        assert!(home(&rita).contains("1 scorecard in"), "{}", home(&rita));
        slack.rest_is_read();
    })
    .await;
}
