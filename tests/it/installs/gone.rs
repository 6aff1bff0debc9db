//! The app is removed, or its token revoked: nothing is sent there any more, nothing is lost, and nobody else notices.

use super::{NORTHWIND, SOUTHWIND, team};
use crate::harness::Slack;
use crate::harness::installs::two_workspaces;
use interview_assistant::domain::install::{Standing, Why};
use serde_json::json;
use std::time::Duration;

async fn standing(slack: &Slack, id: &str) -> Standing {
    slack.installation(id).await.expect("it is known").standing
}

#[tokio::test]
async fn whichever_slack_says_first_and_however_often_the_app_is_gone_once() {
    for tokens_first in [false, true] {
        two_workspaces(async |north, _| {
            let (rita, _, hiring) = team(north);
            north.installs_the_app(NORTHWIND).await;
            rita.types(&hiring, "/interview senior-backend").await;
            north.signs_now();
            north.sim().removes_the_app(tokens_first).await;
            north.sim().redeliver_last().await;
            north.settle().await;
            let Standing::Gone { why, certain, .. } = standing(north, "T0STORY").await else {
                panic!("it is gone");
            };
            let first = if tokens_first {
                Why::Revoked
            } else {
                Why::Uninstalled
            };
            assert!(certain && why == first, "{why:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_owed_rests_until_the_app_is_installed_again() {
    two_workspaces(async |north, south| {
        let (rita, _, hiring) = team(north);
        let (sam, _, there) = team(south);
        north.installs_the_app(NORTHWIND).await;
        south.installs_the_app(SOUTHWIND).await;
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let posts = north.calls_of("chat.postMessage");
        north.signs_now();
        north.sim().removes_the_app(false).await;
        north.settle().await;
        // Slack sends nothing more from there; what was on its way is still taken.
        rita.types(&hiring, "/interview senior-backend Kim Lee @ada")
            .await;
        north.lives_on(Duration::from_secs(2 * 3600)).await;
        assert_eq!(north.calls_of("chat.postMessage"), posts, "nothing is sent");
        sam.types(&there, "/interview senior-backend Sam Okafor @ada")
            .await;
        assert!(
            sam.sees(&there).contains("Sam Okafor"),
            "next door all goes on"
        );

        // Data is kept, also over a restart.
        north.restarts().await;
        assert_eq!(north.calls_of("chat.postMessage"), posts);
        north.installs_the_app(NORTHWIND).await;
        north.settle().await;
        let seen = rita.sees(&hiring);
        assert!(
            seen.contains("Jane Doe") && seen.contains("Kim Lee"),
            "{seen}"
        );
        north.rest_is_read();
        south.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn late_news_of_an_earlier_installation_does_not_remove_the_new_one() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.installs_the_app(NORTHWIND).await;
        let before = north.now();
        north.signs_now();
        north.sim().removes_the_app(true).await;
        north.settle().await;
        north.advance(Duration::from_secs(60)).await;
        north.installs_the_app(NORTHWIND).await;
        north.signs_now();
        // An hour late, as Slack sends what was not acknowledged.
        let removed = || json!({ "type": "app_uninstalled" });
        north.sim().event_as_of(removed(), before).await;
        assert_eq!(standing(north, "T0STORY").await, Standing::Installed);
        // As if Slack's clock were ahead of ours: believed, until the token is tried.
        let ahead = north.now() + 30;
        north.sim().event_as_of(removed(), ahead).await;
        north.settle().await;
        assert_eq!(standing(north, "T0STORY").await, Standing::Installed);
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(answer.text().contains("Senior Backend"));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_slack_takes_no_more_stops_nobody_else() {
    two_workspaces(async |north, south| {
        let (rita, _, hiring) = team(north);
        let (sam, _, there) = team(south);
        north.installs_the_app(NORTHWIND).await;
        south.installs_the_app(SOUTHWIND).await;
        for (one, place) in [(&rita, &hiring), (&sam, &there)] {
            one.types(place, "/interview senior-backend Ann Other @ada")
                .await;
        }
        for (why, name) in [
            ("token_revoked", "Jane Doe"),
            ("account_inactive", "Kim Lee"),
            ("invalid_auth", "Noor Aziz"),
        ] {
            north.sim().ends_tokens(why);
            let line = format!("/interview senior-backend {name} @ada");
            rita.types(&hiring, &line).await;
            let line = format!("/interview senior-backend {name} South @ada");
            sam.types(&there, &line).await;
            assert!(sam.sees(&there).contains(name));
            assert!(!rita.sees(&hiring).contains(name), "it rests");
            let gone = standing(north, "T0STORY").await;
            assert!(
                matches!(gone, Standing::Gone { certain: true, .. }),
                "{why}: {gone:?}"
            );
            north.installs_the_app(NORTHWIND).await;
            north.settle().await;
            let seen = rita.sees(&hiring);
            assert!(seen.contains(name), "after {why}: {seen}");
        }
        north.rest_is_read();
        south.rest_is_read();
    })
    .await;
}
