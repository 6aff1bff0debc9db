//! Tokens that end: the next pair two hours ahead, on disk before it is used, and what happens where Slack or the process breaks off.

use super::{NORTHWIND, team};
use crate::harness::Slack;
use crate::harness::installs::two_workspaces;
use interview_assistant::domain::install::{Install, Standing};
use interview_assistant::simulator::Misbehaviour;
use std::time::Duration;

const HOUR: u64 = 3600;

async fn install(slack: &Slack) -> Install {
    slack.installation("T0STORY").await.expect("it is there")
}

async fn hours(slack: &Slack, hours: u64) {
    slack.lives_on(Duration::from_secs(hours * HOUR)).await;
}

#[tokio::test]
async fn tokens_are_exchanged_two_hours_before_they_end_whether_or_not_anybody_clicks() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.sim().app_takes(false, true);
        north.installs_the_app(NORTHWIND).await;
        let first = install(north).await;
        assert_eq!(north.calls_of("oauth.v2.access"), 1);
        hours(north, 9).await;
        assert_eq!(north.calls_of("oauth.v2.access"), 1, "there is time");
        hours(north, 2).await;
        assert_eq!(north.calls_of("oauth.v2.access"), 2);
        let second = install(north).await;
        assert_ne!(second.tokens, first.tokens);
        assert!(second.expires_at > first.expires_at && second.claim.is_none());
        assert_eq!(second.scopes, first.scopes);
        // For days.
        hours(north, 72).await;
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(answer.text().contains("Senior Backend"));
    })
    .await;
}

#[tokio::test]
async fn tokens_that_do_not_end_are_exchanged_once_where_the_app_says_so() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.installs_the_app(NORTHWIND).await;
        assert_eq!(install(north).await.expires_at, None);
        north.sim().app_takes(false, true);
        north.is_set_up(|it| it.rotation = true);
        north.restarts().await;
        hours(north, 2).await;
        assert!(install(north).await.expires_at.is_some());
        assert_eq!(north.calls_of("oauth.v2.exchange"), 1);
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(answer.text().contains("Senior Backend"));
    })
    .await;
}

#[tokio::test]
async fn an_exchange_whose_answer_is_lost_is_asked_for_again_at_once() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.sim().app_takes(false, true);
        north.installs_the_app(NORTHWIND).await;
        north.misbehaves(Misbehaviour::LoseAnswer {
            method: super::of_codes(),
            times: 2,
        });
        hours(north, 11).await;
        assert_eq!(north.calls_of("oauth.v2.access"), 4);
        hours(north, 3).await;
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(answer.text().contains("Senior Backend"));
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_between_exchange_and_disk_costs_a_new_installation_at_worst() {
    two_workspaces(async |north, south| {
        let (rita, _, hiring) = team(north);
        north.sim().app_takes(false, true);
        north.installs_the_app(NORTHWIND).await;
        rita.types(&hiring, "/interview senior-backend").await;
        // Slack has done it, and nobody was told; when somebody asks again, it is too late.
        north.errors_are_expected();
        south.errors_are_expected();
        north.misbehaves(Misbehaviour::LoseAnswer {
            method: super::of_codes(),
            times: 3,
        });
        hours(north, 11).await;
        let old = install(north).await;
        assert!(old.is_there(), "the old token works until it ends");
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(answer.text().contains("Senior Backend"));
        assert!(north.log().contains(
            "install the app again, at https://interviews.example.org/bot/slack/install"
        ));
        hours(north, 2).await;
        assert!(matches!(
            install(north).await.standing,
            Standing::Gone { .. }
        ));
        north.installs_the_app(NORTHWIND).await;
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        assert!(rita.sees(&hiring).contains("Jane Doe"));
        north.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn while_slack_is_down_the_old_token_is_used_and_the_exchange_is_made_up_for() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.sim().app_takes(false, true);
        north.installs_the_app(NORTHWIND).await;
        rita.types(&hiring, "/interview senior-backend").await;
        north.misbehaves(Misbehaviour::RateLimit {
            method: super::of_codes(),
            times: 100,
            retry_after: 30,
        });
        // Longer than the token lives: whoever clicks then is answered, and what is owed waits.
        hours(north, 13).await;
        let seen = rita.types(&hiring, "/interview senior-backend").await;
        drop(seen);
        north.misbehaves(Misbehaviour::Behave);
        hours(north, 2).await;
        assert!(install(north).await.is_there());
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        assert!(rita.sees(&hiring).contains("Jane Doe"));
        north.rest_is_read();
    })
    .await;
}
