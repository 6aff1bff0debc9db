//! Being installed by many workspaces: the pages, in their words, and what comes after them.

mod gone;
mod processes;
mod rotating;

use crate::harness::installs::{key, two_workspaces};
use crate::harness::{Member, Place, Slack};
use insta::assert_snapshot;
use interview_assistant::simulator::Misbehaviour;
use std::time::Duration;

const NORTHWIND: &str = "Allow in Northwind";
const SOUTHWIND: &str = "Allow in Southwind";

/// People and a channel in a workspace.
fn team(slack: &Slack) -> (Member, Member, Place) {
    let [rita, ada] = slack.members(["rita", "ada"]);
    let hiring = slack.private_channel("#hiring");
    (rita, ada, hiring)
}

/// Where the token exchange goes wrong.
fn of_codes() -> Option<String> {
    Some("oauth.v2.access".to_owned())
}

#[tokio::test]
async fn whoever_installs_the_app_is_told_what_to_do_next_and_it_works() {
    two_workspaces(async |north, south| {
        let (rita, ada, hiring) = team(north);
        let browser = north.installs_the_app(NORTHWIND).await;
        assert_snapshot!(browser.text(), @r"
        Installed in Northwind
        Next: in the channel where your team hires, type /invite @interview-assistant, then /interview help. /interview and a role shows its interview kit; with a candidate and a panel behind it, the interviews begin.
        Open Slack
        ");
        let link = browser.link("Open Slack");
        assert!(link.ends_with("/app_redirect?app=A0APP&team=T0STORY"));
        assert_eq!(browser.headers["cache-control"], "no-store");
        assert_eq!(browser.headers["referrer-policy"], "no-referrer");

        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let card = ada.clicks(&hiring, "Score").await;
        assert!(card.text().contains("Jane Doe"), "{}", card.text());
        north.rest_is_read();
        // Next door nothing is installed, and nothing was said.
        assert!(south.sim().calls().is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_workspace_speaks_with_its_own_token_also_after_a_restart() {
    two_workspaces(async |north, south| {
        north.installs_the_app(NORTHWIND).await;
        south.installs_the_app(SOUTHWIND).await;
        let teams = [(north, "Maja Brandt"), (south, "Sam Okafor")];
        for (slack, name) in teams {
            let (rita, _, hiring) = team(slack);
            let line = format!("/interview senior-backend {name} @ada");
            rita.types(&hiring, &line).await;
        }
        north.restarts().await;
        for (slack, _) in teams {
            slack.members(["olga"])[0].opens_home().await;
        }
        for ((slack, own), (_, other)) in teams.into_iter().zip([teams[1], teams[0]]) {
            let calls = format!("{:?}", slack.sim().calls());
            assert!(calls.contains(own), "{own}");
            assert!(!calls.contains(other), "{other}");
            assert!(calls.contains("views.publish"));
            slack.rest_is_read();
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_is_taken_once() {
    two_workspaces(async |north, _| {
        let mut browser = north.installs_the_app(NORTHWIND).await;
        let again = browser.address.clone();
        browser.goes_to(&again).await;
        assert_eq!(browser.status, 409);
        assert_snapshot!(browser.text(), @r"
        This link was used already
        If the page before this one said that the app is installed, it is, and there is nothing more to do. Otherwise begin again.
        Begin again
        ");
        assert_eq!(north.calls_of("oauth.v2.access"), 1, "Slack was not asked");
        // Also after a restart: it is written.
        north.restarts().await;
        browser.goes_to(&again).await;
        assert_eq!(browser.status, 409);
        browser.clicks("Begin again").await;
        browser.clicks(NORTHWIND).await;
        assert_eq!(browser.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_link_of_another_browser_is_not_taken() {
    two_workspaces(async |north, _| {
        let mut victim = north.browser();
        let mut other = north.browser();
        other.opens("/slack/install").await;
        let link = other.link(NORTHWIND);
        victim.goes_to(&link).await;
        assert_eq!(victim.status, 400);
        assert_snapshot!(victim.text(), @r"
        This was begun in another browser
        An installation has to end in the browser in which it was begun, and that browser has to accept cookies. Nothing was installed.
        Begin again
        ");
        // Nor with a cookie of its own, nor with another state.
        victim.opens("/slack/install").await;
        victim.goes_to(&link).await;
        assert_eq!(victim.status, 400);
        victim.goes_to(&link.replace("state=1", "state=2")).await;
        assert_eq!(victim.status, 400);
        let bare = link.split("&state").next().expect("a beginning");
        victim.goes_to(bare).await;
        assert!(victim.text().starts_with("This link is not complete"));
        assert_eq!(north.calls_of("oauth.v2.access"), 0);
        assert!(north.installation("T0STORY").await.is_none());
        // Nobody else's attempt has used it up; and two tabs of one browser are one browser.
        other.opens("/slack/install").await;
        other.goes_to(&link).await;
        assert_eq!(other.status, 200);
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_more_than_ten_minutes_begins_again() {
    two_workspaces(async |north, _| {
        let mut browser = north.browser();
        browser.opens("/slack/install").await;
        let link = browser.link(NORTHWIND);
        north.advance(Duration::from_secs(601)).await;
        browser.goes_to(&link).await;
        assert_eq!(browser.status, 400);
        assert_snapshot!(browser.text(), @r"
        This took too long
        An installation has to be done within ten minutes. Nothing was installed.
        Begin again
        ");
        assert_eq!(north.calls_of("oauth.v2.access"), 0);
    })
    .await;
}

#[tokio::test]
async fn whoever_cancels_is_told_that_nothing_was_installed() {
    two_workspaces(async |north, _| {
        let mut browser = north.browser();
        browser.opens("/slack/install").await;
        browser.clicks("Cancel").await;
        assert_eq!(browser.status, 403);
        assert_snapshot!(browser.text(), @r"
        Nothing was installed
        You chose Cancel in Slack, or your workspace lets only its administrators install apps. In that case Slack offers to ask one of them: they can also open the link below themselves.
        Begin again
        ");
        browser.clicks("Begin again").await;
        let odd = browser.link("Cancel").replace("access_denied", "%3Cb%3Eodd");
        browser.goes_to(&odd).await;
        assert!(browser.html.contains("says why: bodd."), "{}", browser.html);
    })
    .await;
}

#[tokio::test]
async fn what_slack_does_not_take_or_does_not_answer_is_told_and_can_be_begun_again() {
    two_workspaces(async |north, _| {
        let refuses = |error: &str| {
            let (method, times) = (of_codes(), 1);
            let error = error.to_owned();
            north.misbehaves(Misbehaviour::Refuse {
                method,
                times,
                error,
            });
        };
        let mut browser = north.browser();
        let mut told = Vec::new();
        for error in ["invalid_code", "bad_redirect_uri"] {
            refuses(error);
            browser.opens("/slack/install").await;
            browser.clicks(NORTHWIND).await;
            told.push(format!("{} {}", browser.status, browser.text()));
        }
        let (method, times) = (of_codes(), 1);
        north.misbehaves(Misbehaviour::ServerError { method, times });
        browser.opens("/slack/install").await;
        browser.clicks(NORTHWIND).await;
        told.push(format!("{} {}", browser.status, browser.text()));
        assert_snapshot!(told.join("\n\n"), @r"
        400 Slack takes this link no more
        What Slack gave for this installation was used, or is older than ten minutes. Nothing was installed by it.
        Begin again

        500 Nothing was installed
        Slack does not take this app as it is set up here (bad_redirect_uri). Please tell whoever runs it; the log says the same.
        Begin again

        502 Slack did not answer
        So the installation was not finished. Please begin again in a few minutes; installing twice does no harm.
        Begin again
        ");
        assert!(north.installation("T0STORY").await.is_none());
        browser.clicks("Begin again").await;
        browser.clicks(NORTHWIND).await;
        assert_eq!(browser.status, 200);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_granted_is_said_and_installing_again_adds_it() {
    two_workspaces(async |north, _| {
        north.sim().withholds("files:write");
        north.sim().withholds("usergroups:read");
        let browser = north.installs_the_app(NORTHWIND).await;
        let text = browser.text();
        assert!(
            text.contains("usergroups:read, files:write is missing"),
            "{text}"
        );
        let before = north.installation("T0STORY").await.expect("it is there");
        assert!(!before.scopes.contains("files:write"));
        north.sim().withholds_nothing();
        north.advance(Duration::from_secs(60)).await;
        let browser = north.installs_the_app(NORTHWIND).await;
        assert!(!browser.text().contains("missing"), "{}", browser.text());
        let after = north.installation("T0STORY").await.expect("it is there");
        assert!(after.scopes.contains("files:write") && after.at > before.at);
    })
    .await;
}

#[tokio::test]
async fn an_app_that_takes_pkce_proves_that_the_code_is_its_own() {
    two_workspaces(async |north, _| {
        north.sim().app_takes(true, false);
        north.is_set_up(|it| it.pkce = true);
        north.restarts().await;
        let mut browser = north.browser();
        browser.opens("/slack/install").await;
        assert!(browser.address.contains("code_challenge_method=S256"));
        browser.clicks(NORTHWIND).await;
        assert_eq!(browser.status, 200, "{}", browser.text());
        let calls = north.sim().calls();
        let redeemed = calls.iter().find(|it| it.method == "oauth.v2.access");
        let verifier = redeemed.expect("it was").args["code_verifier"].as_str();
        assert!(verifier.is_some_and(|it| it.len() >= 43));
    })
    .await;
}

#[tokio::test]
async fn an_organisation_installs_it_for_all_its_workspaces() {
    two_workspaces(async |north, south| {
        for slack in [north, south] {
            slack.sim().belongs_to("E0ACME", "Acme");
        }
        let browser = north.installs_the_app("Allow for all of Acme").await;
        let text = browser.text();
        assert!(
            text.starts_with("Installed in Acme\nIt is there for the whole"),
            "{text}"
        );
        assert!(!browser.link("Open Slack").contains("team="));
        assert!(north.installation("T0STORY").await.is_none());
        let teams = [(north, "Jane Doe"), (south, "Sam Okafor")];
        for (slack, name) in teams {
            // In an organisation nobody has somebody else's id.
            let (people, place, group) = if name == "Jane Doe" {
                (["rita", "ada"], "#hiring", "backend")
            } else {
                (["sven", "kim"], "#south", "platform")
            };
            let [rita, ada] = slack.members(people);
            let hiring = slack.private_channel(place);
            slack.sim().add_group(group, &people[1..]);
            let line = format!("/interview senior-backend {name} @{group}");
            rita.types(&hiring, &line).await;
            let card = ada.clicks(&hiring, "Score").await;
            assert!(card.text().contains(name), "{}", card.text());
            slack.rest_is_read();
        }
        for ((slack, own), (_, other)) in teams.into_iter().zip([teams[1], teams[0]]) {
            let calls = format!("{:?}", slack.sim().calls());
            assert!(calls.contains(own), "{own}");
            assert!(!calls.contains(other), "{other}");
            assert!(calls.contains("usergroups.users.list"));
        }
        // Whose a workspace is was written down.
        north.restarts().await;
        south.advance(Duration::from_secs(3600)).await;
    })
    .await;
}

#[tokio::test]
async fn tokens_are_kept_sealed_and_keys_can_be_changed() {
    two_workspaces(async |north, _| {
        let (rita, _, hiring) = team(north);
        north.installs_the_app(NORTHWIND).await;
        let sealed = async || {
            let install = north.installation("T0STORY").await;
            install.expect("it is there").tokens
        };
        let first = sealed().await;
        let secrets = north.sim().secrets();
        let kept = north.everything_on_disk();
        for secret in secrets.iter().filter(|it| it.starts_with("xoxb-simulated")) {
            let found = kept.windows(secret.len()).any(|it| it == secret.as_bytes());
            assert!(!found, "a token is on disk");
        }
        // A backup takes them along as they are.
        let file = north.folder().join("all.jsonl.zst");
        let line = format!("backup {}", file.display());
        let (code, said) = north.at_the_machine(&line).await;
        assert_eq!(code, 0, "{said}");
        let packed = std::fs::File::open(&file).expect("it is there");
        let text = zstd::decode_all(packed).expect("it is whole");
        let text = String::from_utf8(text).expect("text");
        assert!(text.contains(&first.text) && text.contains("\"installation\""));
        assert!(!secrets.iter().any(|it| text.contains(it.as_str())));
        // The new key before the old one, then alone.
        north.is_set_up(|it| it.keys = vec![key(2), key(1)]);
        north.restarts().await;
        let second = sealed().await;
        assert_ne!(second.key, first.key);
        north.is_set_up(|it| it.keys = vec![key(2)]);
        north.restarts().await;
        assert_eq!(sealed().await, second);
        let answer = rita.types(&hiring, "/interview senior-backend").await;
        assert!(
            answer.text().contains("Senior Backend"),
            "{}",
            answer.text()
        );

        north.is_set_up(|it| it.keys = vec![key(3)]);
        let why = north.does_not_start().await;
        assert!(
            why.contains("the tokens of 1 installation are sealed under a key"),
            "{why}"
        );
        north.is_set_up(|it| it.keys = vec![key(3), key(2)]);
        north.restarts().await;
        assert_ne!(sealed().await.key, second.key);
    })
    .await;
}
