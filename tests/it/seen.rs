//! What an operator sees: `/metrics`, `/readyz`, and one name in the log for all that a delivery leads to.

use crate::harness::{Slack, Transport, on_both, story, story_over, submits};
use interview_assistant::simulator::Misbehaviour;
use interview_assistant::slack::signature;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::time::Duration;

async fn asks(slack: &Slack, path: &str) -> (u16, String) {
    let url = format!("http://{}{path}", slack.address());
    let client = reqwest::Client::builder().no_proxy().build();
    let answer = client.expect("a client").get(url).send().await;
    let answer = answer.expect("the bot answers");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("it is text"))
}

/// A figure, by all that stands before it.
fn figure(text: &str, name: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let line = line.unwrap_or_else(|| panic!("no {name}\n{text}"));
    line.parse().expect("a figure is a number")
}

#[tokio::test]
async fn an_interview_is_counted_by_kinds_and_outcomes_without_a_name() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        rita.types(&hiring, "/interview senior-backend Kim Lee @ada")
            .await;
        rita.types(&hiring, "/interview nosuchrole Sam Okafor @ada")
            .await;
        let before = asks(slack, "/metrics").await.1;
        assert!(
            figure(&before, "interview_loops{state=\"open\"}") > 1.5,
            "{before}"
        );
        submits(&ada, &hiring).await;

        let (status, text) = asks(slack, "/metrics").await;
        assert_eq!(status, 200);
        let same = |name: &str, wanted: f64| {
            let found = figure(&text, name);
            assert!(
                (found - wanted).abs() < 0.1,
                "{name} is {found}, not {wanted}\n{text}"
            );
        };
        let commands: f64 = ["done", "waiting", "refused"]
            .iter()
            .map(|outcome| {
                format!("interview_deliveries_total{{kind=\"command\",outcome=\"{outcome}\"}} ")
            })
            .filter_map(|name| {
                text.lines()
                    .find_map(|line| line.strip_prefix(&name)?.parse::<f64>().ok())
            })
            .sum();
        assert!((commands - 3.0).abs() < 0.1, "{text}");
        assert!(
            figure(
                &text,
                "interview_deliveries_total{kind=\"action\",outcome=\"done\"}"
            ) > 1.0
        );
        same(
            "interview_deliveries_total{kind=\"submission\",outcome=\"done\"}",
            1.0,
        );
        assert!(
            figure(
                &text,
                "interview_slack_calls_total{method=\"chat.postMessage\",outcome=\"ok\"}"
            ) > 3.0
        );
        same("interview_parcels_owed", 0.0);
        same("interview_oldest_parcel_seconds", 0.0);
        same("interview_commits_waiting", 0.0);
        same("interview_under_way", 0.0);
        same("interview_ready", 1.0);
        let commits = figure(&text, "interview_commit_seconds_count");
        let batched = figure(&text, "interview_commit_batch_size_sum");
        assert!(commits >= batched && batched > 4.0, "{commits} {batched}");
        assert!(figure(&text, "interview_ack_seconds_count") > 4.0);
        for name in [
            "Jane",
            "Doe",
            "Kim",
            "Okafor",
            "rita",
            "ada",
            "ben",
            "hiring",
            "senior",
            rita.id(),
            hiring.id(),
            "T0STORY",
        ] {
            assert!(!text.contains(name), "{name}\n{text}");
        }

        let form = rita.clicks(&hiring, "More").await.clicks("Withdraw").await;
        form.submits().await;
        slack.restarts().await;
        // The loops are counted on across a restart, not anew; the rest begins at zero.
        let text = asks(slack, "/metrics").await.1;
        let standing: Vec<f64> = ["open", "revealed", "decided", "withdrawn"]
            .map(|state| figure(&text, &format!("interview_loops{{state=\"{state}\"}}")))
            .to_vec();
        assert!(
            (standing.iter().sum::<f64>() - figure(&before, "interview_loops{state=\"open\"}"))
                .abs()
                < 0.1,
            "{standing:?}"
        );
        assert!((standing[3] - 1.0).abs() < 0.1, "{standing:?}");
        let _ = ben;
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn slacks_pauses_and_failures_are_counted_and_late_posts_are_told() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada").await;
        assert_eq!(asks(slack, "/readyz").await, (200, "ready\n".to_owned()));
        slack.misbehaves(Misbehaviour::RateLimit {
            method: Some("chat.update".to_owned()),
            times: 1,
            retry_after: 1200,
        });
        slack.stands_still();
        submits(&ada, &hiring).await;
        slack.advance(Duration::from_secs(660)).await;
        let text = asks(slack, "/metrics").await.1;
        let limited = "interview_slack_calls_total{method=\"chat.update\",outcome=\"rate_limited\"}";
        assert!((figure(&text, limited) - 1.0).abs() < 0.1, "{text}");
        let paused = figure(&text, "interview_slack_paused_seconds_total{method=\"chat.update\"}");
        assert!((paused - 1200.0).abs() < 0.1, "{paused}");
        assert!(figure(&text, "interview_parcels_owed") > 0.5, "{text}");
        assert!(figure(&text, "interview_oldest_parcel_seconds") >= 660.0, "{text}");
        let (status, said) = asks(slack, "/readyz").await;
        assert_eq!(status, 200);
        assert_eq!(said, "ready\nPosts to Slack are late, the oldest by 11 minutes: they are kept and sent when Slack takes them.\n");
        slack.goes_on().await;
        assert_eq!(asks(slack, "/readyz").await, (200, "ready\n".to_owned()));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn without_a_connection_it_is_not_ready_and_says_why() {
    story(async |slack| {
        slack.misbehaves(Misbehaviour::RefuseConnections { times: 1000 });
        slack.misbehaves(Misbehaviour::DropSockets);
        // The bot notices by itself; how soon is the machine's business.
        let mut told = asks(slack, "/readyz").await;
        for _ in 0..10_000 {
            if told.0 == 503 {
                break;
            }
            told = asks(slack, "/readyz").await;
        }
        let sentence =
            "There is no connection to Slack: it is tried again, and the log says why it failed.";
        assert_eq!(told, (503, format!("not ready\n{sentence}\n")));
        assert!(figure(&asks(slack, "/metrics").await.1, "interview_ready") < 0.1);
        slack.misbehaves(Misbehaviour::Behave);
        slack.restarts().await;
        assert_eq!(asks(slack, "/readyz").await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn calls_that_slack_does_not_answer_are_said_and_keep_nothing_out() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        for how in [
            Misbehaviour::ServerError {
                method: None,
                times: 100,
            },
            Misbehaviour::LoseAnswer {
                method: None,
                times: 100,
            },
        ] {
            rita.types(&hiring, "/interview help").await;
            assert_eq!(asks(slack, "/readyz").await, (200, "ready\n".to_owned()));
            slack.misbehaves(how);
            rita.types(&hiring, "/interview help").await;
            let sentence = "The last call to Slack failed: what people do is saved, and shown to them when Slack answers again.";
            assert_eq!(
                asks(slack, "/readyz").await,
                (200, format!("ready\n{sentence}\n"))
            );
            slack.misbehaves(Misbehaviour::Behave);
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn one_name_leads_from_the_wire_to_the_disk_and_to_slack() {
    on_both(async |slack| {
        let [rita, _ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        // What Slack tells of them is known after the first.
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let read = slack.log().len();
        rita.types(&hiring, "/interview senior-backend Kim Lee @ada")
            .await;
        let log = slack.log().split_off(read);
        let of = |what: &str| -> BTreeSet<String> {
            let lines = log.lines().filter(|line| line.contains(what));
            let ids = lines.filter_map(|line| line.split("delivery{id=").nth(1)?.split(' ').next());
            ids.map(str::to_owned).collect()
        };
        let acknowledged = of("acknowledged");
        assert_eq!(acknowledged.len(), 1, "{log}");
        assert!(of("on disk").is_superset(&acknowledged), "{log}");
        assert!(of("chat.postMessage").is_superset(&acknowledged), "{log}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn names_that_nobody_knows_make_no_figures() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let words = ["/interview \"}\n evil 1", "/interview evil{kind=\"x\"}"];
        for line in words {
            rita.types(&hiring, line).await;
        }
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        for number in 0..50 {
            let url = format!("http://{}/slack/events?evil{number}", slack.address());
            let answer = client
                .post(url)
                .header("content-type", format!("evil/{number}"));
            answer.body("evil").send().await.expect("the bot answers");
        }
        let text = asks(slack, "/metrics").await.1;
        assert!(!text.contains("evil"), "{text}");
        let series = text.lines().filter(|line| !line.starts_with('#')).count();
        assert!(series < 150, "{series}\n{text}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn what_must_not_be_logged_would_be_found() {
    let log = std::panic::AssertUnwindSafe(story(async |slack| {
        let secret = slack.sim().credentials().signing_secret;
        tracing::trace!(target: "interview_assistant::slack", secret, "a slip of a developer's");
    }));
    let failed = futures_util::FutureExt::catch_unwind(log).await;
    let told = failed.expect_err("the story fails");
    let told = told.downcast_ref::<String>().expect("with words");
    assert!(told.contains("the log holds a secret"), "{told}");
}

#[tokio::test]
async fn a_request_that_is_sent_again_within_its_five_minutes_is_done_once() {
    story_over(Transport::Http, async |slack| {
        let [rita, _ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Kim Lee @ada")
            .await;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("command", "/interview")
            .append_pair("text", "senior-backend Jane Doe")
            .append_pair("team_id", "T0STORY")
            .append_pair("user_id", rita.id())
            .append_pair("channel_id", hiring.id())
            .append_pair("trigger_id", "1.2.replayed")
            .finish();
        let secret = SecretString::from(slack.sim().credentials().signing_secret);
        let at = slack.now().to_string();
        let signature = signature::sign(&secret, &at, body.as_bytes());
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        let mut told = Vec::new();
        for _ in 0..3 {
            let url = format!("http://{}/slack/events", slack.address());
            let request = client
                .post(url)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("x-slack-request-timestamp", &at)
                .header("x-slack-signature", &signature);
            let answer = request
                .body(body.clone())
                .send()
                .await
                .expect("the bot answers");
            told.push(answer.status().as_u16());
            slack.settle().await;
        }
        assert_eq!(told, [200, 200, 200]);
        let text = slack.figures().await;
        assert!(
            (figure(
                &text,
                "interview_deliveries_total{kind=\"command\",outcome=\"repeated\"}"
            ) - 2.0)
                .abs()
                < 0.1,
            "{text}"
        );
        slack.advance(Duration::from_secs(301)).await;
        let url = format!("http://{}/slack/events", slack.address());
        let request = client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-slack-request-timestamp", &at)
            .header("x-slack-signature", &signature);
        let late = request.body(body).send().await.expect("the bot answers");
        assert_eq!(late.status().as_u16(), 401);
        let loops = figure(&slack.figures().await, "interview_loops{state=\"open\"}");
        assert!(loops < 2.5, "{loops}");
        slack.rest_is_read();
    })
    .await;
}
