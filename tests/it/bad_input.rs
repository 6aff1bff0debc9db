//! What must never come in, from people and from programs: a clear sentence or a plain status, and nothing changed.

use crate::harness::{
    Member, Place, Slack, Transport, assert_snapshot, on_both, story, story_over,
};
use interview_assistant::simulator::sign;
use serde_json::{Value, json};

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
async fn what_cannot_be_understood_after_the_command_is_answered_and_changes_nothing() {
    on_both(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        let kept = slack.everything_kept().await;
        assert_snapshot!(rita.types(&hiring, "/interview").await.head(1), @"Which role?");
        assert_snapshot!(rita.types(&hiring, "/interview    ").await.head(1), @"Which role?");
        assert_snapshot!(rita.types(&hiring, "/interview quantum gardener").await.text(), @"
        No role quantum.
        [All roles]
        ");
        assert_snapshot!(rita.types(&hiring, "/interview \u{1}\u{2}\u{7}").await.head(1), @"Which role?");
        assert_snapshot!(rita.types(&hiring, "/interview <!channel>").await.text(), @"
        No role <!channel>.
        [All roles]
        ");
        assert_snapshot!(rita.types(&hiring, "/interview @here").await.text(), @"I do not know who @here is, so nothing was opened. Please pick the person from the list that Slack shows after @.");
        assert_snapshot!(rita.types(&hiring, "/interview senior-backend Kim Lee @channel").await.text(), @"I do not know who @channel is, so nothing was opened. Please pick the person from the list that Slack shows after @.");
        assert_snapshot!(rita.types(&hiring, "/interview 🦀🦀").await.text(), @"
        No role 🦀🦀.
        [All roles]
        ");
        assert_snapshot!(rita.types(&hiring, "/interview مهندس").await.text(), @"
        No role مهندس.
        [All roles]
        ");
        let long = "x".repeat(5000);
        let answer = rita.types(&hiring, &format!("/interview {long}")).await.text();
        assert!(answer.starts_with("No role xxx") && answer.len() < 1000, "{answer}");
        assert_snapshot!(rita.types(&hiring, &format!("/interview senior-backend {long}")).await.text(), @"A name can have at most 120 characters. Nothing was saved.");
        assert_snapshot!(rita.types(&hiring, "/interview senior-backend \u{200b}\u{202e}").await.head(1), @"Senior Backend Developer");
        assert_snapshot!(rita.types(&hiring, "/interview senior-backend \u{200b} @ada").await.text(), @"Please give the candidate's name. Nothing was saved.");
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn clicks_that_no_version_sent_change_nothing() {
    on_both(async |slack| {
        let ([rita, ada, ..], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let kept = slack.everything_kept().await;
        let rate = |question: &str, mark: &str| json!({ "do": "scorecard.rate.v1", "code": code, "question": question, "mark": { "rated": mark } }).to_string();
        for (action, value) in [
            ("click_me", "1".to_owned()),
            ("scorecard.rate.v2:x", rate("technical/1", "good")),
            ("scorecard.rate.v1:x", "not json".to_owned()),
            ("scorecard.rate.v1:x", rate("technical/1", "superb")),
            ("scorecard.rate.v1:x", json!({ "do": "scorecard.rate.v1" }).to_string()),
            ("scorecard.rate.v1:x", json!([1, 2, 3]).to_string()),
            (&"a".repeat(255), "x".repeat(2000)),
        ] {
            let answer = ada.clicks_drawn(&hiring, action, &value).await;
            assert!(answer.text().starts_with("This button is from an older message"), "{action}: {}", answer.text());
        }
        let answer = ada.clicks_drawn(&hiring, "scorecard.rate.v1:x", &rate("technical/99", "good")).await;
        assert_snapshot!(answer.text(), @"This question is not in the kit of this loop, so nothing was saved. Please open the scorecard again with its Score button.");
        let elsewhere = json!({ "do": "loop.reveal.v1", "code": "C-0000" }).to_string();
        let answer = rita.clicks_drawn(&hiring, "loop.reveal.v1:C-0000", &elsewhere).await;
        assert!(answer.text().starts_with("There is no interview loop C-XXXX that you can see"), "{}", answer.text());
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_is_not_on_the_panel_or_not_the_owner_changes_nothing() {
    on_both(async |slack| {
        let ([rita, ada, _ben, eve], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let outside = slack.private_channel("#outside");
        eve.types(&outside, "/interview senior-backend Kim Lee").await;
        let kept = slack.everything_kept().await;
        let rate = json!({ "do": "scorecard.rate.v1", "code": code, "question": "technical/1", "mark": { "rated": "good" } });
        let answer = eve.clicks_drawn(&hiring, "scorecard.rate.v1:x", &rate.to_string()).await;
        assert!(answer.text().starts_with("You are not on this panel, so nothing was saved."), "{}", answer.text());
        for deed in ["loop.reveal.v1", "loop.nudge.v1", "loop.reopen.v1", "loop.panel.v1", "loop.decide.v1", "loop.rename.v1", "loop.withdraw.v1", "loop.move.v1", "loop.hand_over.v1", "loop.progress.v1"] {
            for member in [&ada, &eve] {
                let answer = member.clicks_forged(&hiring, deed, &code).await;
                assert_eq!(answer.text(), "That is for the loop's owner, @rita, and for administrators. Nothing was changed.", "{deed}");
            }
            // From another channel, a forbidden code and an unknown one get the same answer.
            let forbidden = eve.clicks_forged(&outside, deed, &code).await.text();
            let unknown = eve.clicks_forged(&outside, deed, "C-ZZZZ").await.text();
            assert_eq!(forbidden, unknown, "{deed}");
        }
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_form_that_the_loop_has_outrun_says_so_and_saves_nothing() {
    on_both(async |slack| {
        let ([rita, ada, ben, _eve], hiring) = opened(slack).await;
        let card = ben.clicks(&hiring, "Score").await;
        let form = card.clicks("Recommend and submit").await;
        let form = form
            .chooses("Recommendation", "Yes")
            .fills("Why? A line of evidence", "Solid")
            .ticks("Unrated questions");
        let panel = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Edit panel")
            .await;
        panel.names("Panel", ["ada"]).submits().await;
        let stale = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Rename")
            .await
            .fills("Candidate's name", "Joan Doe");
        let kept = slack.everything_kept().await;
        assert_snapshot!(form.submits().await.text(), @"
        [Not yet]
        You are not on this panel, so nothing was saved.
        ");
        assert_eq!(slack.everything_kept().await, kept);

        let withdraw = ada.clicks(&hiring, "More").await;
        assert!(!withdraw.offers().contains(&"Withdraw".to_owned()));
        stale.submits().await;
        assert!(
            rita.sees(&hiring).starts_with("Joan Doe"),
            "{}",
            rita.sees(&hiring)
        );
    })
    .await;
}

async fn posts(slack: &Slack, body: &[u8], kind: &str, at: i64, signature: Option<String>) -> u16 {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client can be made");
    let mut request = client
        .post(format!("http://{}/slack/events", slack.address()))
        .header("content-type", kind)
        .header("x-slack-request-timestamp", at.to_string());
    if let Some(signature) = signature {
        request = request.header("x-slack-signature", signature);
    }
    let answer = request
        .body(body.to_vec())
        .send()
        .await
        .expect("it answers");
    slack.settle().await;
    answer.status().as_u16()
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn command(of: &Member, place: &Place, text: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (key, value) in [
        ("command", "/interview"),
        ("text", text),
        ("user_id", of.id()),
        ("team_id", "T0STORY"),
        ("channel_id", place.id()),
        ("trigger_id", "1.2.3"),
        ("response_url", "http://127.0.0.1:9/nowhere"),
    ] {
        form.append_pair(key, value);
    }
    form.finish()
}

#[tokio::test]
async fn requests_that_are_not_from_slack_get_a_plain_status_and_change_nothing() {
    story_over(Transport::Http, async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        let kept = slack.everything_kept().await;
        let secret = slack.sim().credentials().signing_secret;
        let now = slack.now();
        let body = command(&rita, &hiring, "practice-lead Kim Lee");
        let body = body.as_bytes();
        let signed = |at: i64| Some(sign(&secret, at, body));
        assert_eq!(
            posts(slack, body, FORM, now, None).await,
            401,
            "no signature"
        );
        assert_eq!(
            posts(
                slack,
                body,
                FORM,
                now,
                Some(sign("another secret", now, body))
            )
            .await,
            401,
            "a forged one"
        );
        assert_eq!(
            posts(slack, body, FORM, now, Some("v0=zz".to_owned())).await,
            401,
            "none at all"
        );
        assert_eq!(
            posts(slack, body, FORM, now - 301, signed(now - 301)).await,
            401,
            "an old one"
        );
        assert_eq!(
            posts(slack, body, FORM, now + 301, signed(now + 301)).await,
            401,
            "one of the future"
        );
        assert_eq!(
            posts(slack, body, FORM, now, signed(now - 1)).await,
            401,
            "one of another time"
        );
        let huge = vec![b'x'; 10 * 1024 * 1024];
        assert_eq!(
            posts(slack, &huge, FORM, now, Some(sign(&secret, now, &huge))).await,
            413,
            "ten megabytes"
        );
        for malformed in [
            "{",
            "{\"type\":",
            "null",
            "[]",
            "\"text\"",
            "{}",
            "{\"type\":\"event_callback\"}",
            "{\"type\":17}",
        ] {
            let status = posts(
                slack,
                malformed.as_bytes(),
                JSON,
                now,
                Some(sign(&secret, now, malformed.as_bytes())),
            )
            .await;
            assert!(status == 200 || status == 400, "{malformed}: {status}");
        }
        for missing in [
            "",
            "command=%2Finterview",
            "payload=",
            "payload=%7B",
            "payload=%7B%7D",
            "command=%2Finterview&text=x&team_id=T0STORY",
        ] {
            let status = posts(
                slack,
                missing.as_bytes(),
                FORM,
                now,
                Some(sign(&secret, now, missing.as_bytes())),
            )
            .await;
            assert!(status == 200 || status == 400, "{missing}: {status}");
        }
        assert_eq!(
            posts(slack, body, "text/plain", now, signed(now)).await,
            415
        );
        assert_eq!(slack.everything_kept().await, kept);
        // The same request, signed by Slack now, opens a loop: it was well-formed.
        assert_eq!(posts(slack, body, FORM, now, signed(now)).await, 200);
        assert!(
            rita.sees(&hiring).contains("Kim Lee"),
            "{}",
            rita.sees(&hiring)
        );
    })
    .await;
}

#[tokio::test]
async fn interactions_with_fields_missing_are_politely_ignored() {
    story_over(Transport::Http, async |slack| {
        let ([rita, ada, ..], hiring) = opened(slack).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let kept = slack.everything_kept().await;
        let secret = slack.sim().credentials().signing_secret;
        let value = json!({ "do": "scorecard.rate.v1", "code": code, "question": "technical/1", "mark": { "rated": "good" } });
        let whole = json!({
            "type": "block_actions", "team": { "id": "T0STORY" }, "user": { "id": ada.id() }, "channel": { "id": hiring.id() },
            "container": { "type": "message", "message_ts": "1.0", "channel_id": hiring.id() }, "trigger_id": "9.9.9",
            "actions": [{ "type": "button", "action_id": "scorecard.rate.v1:x", "block_id": "b", "value": value.to_string() }],
        });
        for field in ["type", "team", "user", "actions", "trigger_id"] {
            for wrong in [Value::Null, json!(17), json!([]), json!({})] {
                let mut payload = whole.clone();
                payload[field] = wrong;
                let mut form = form_urlencoded::Serializer::new(String::new());
                let body = form.append_pair("payload", &payload.to_string()).finish();
                let status = posts(slack, body.as_bytes(), FORM, slack.now(), Some(sign(&secret, slack.now(), body.as_bytes()))).await;
                assert!(status == 200 || status == 400, "{field}: {status}");
            }
        }
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_commands_typed_at_random_breaks_nothing() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let pieces = [
            "senior-backend",
            "backend",
            "Jane",
            "@rita",
            "@nobody",
            "<",
            ">",
            "&",
            "|",
            "\"",
            "'",
            "—",
            "mine",
            "list",
            "help",
            "C-0000",
            "\n",
            "`",
            "😀",
        ];
        for round in 0..60_usize {
            let words: Vec<&str> = (0..round % 5)
                .map(|place| pieces[(round * 7 + place * 11) % pieces.len()])
                .collect();
            let answer = rita
                .types(&hiring, &format!("/interview {}", words.join(" ")))
                .await;
            assert!(!answer.text().is_empty(), "{words:?}");
        }
        slack.rest_is_read();
    })
    .await;
}
