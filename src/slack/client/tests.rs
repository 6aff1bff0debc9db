//! Calls, against a server that answers as Slack does, well and badly.

#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::slack::tests::Slack;

fn ok(extra: &Value) -> axum::Json<Value> {
    let mut answer = json!({"ok": true});
    for (key, value) in extra.as_object().into_iter().flatten() {
        answer[key] = value.clone();
    }
    axum::Json(answer)
}

#[tokio::test]
async fn a_message_is_posted_without_unfurling_or_guessing_names() {
    let slack = Slack::start().await;
    slack.replies(ok(
        &json!({"channel": "C1", "ts": "1.2", "message": {"odd": [7]}}),
    ));
    let posted = slack
        .client()
        .post_message(&Outgoing {
            channel: "C1".into(),
            thread_ts: Some("1.0".into()),
            text: "Hello".into(),
            blocks: vec![SlackBlock::Unknown(json!({"type": "divider"}))],
            metadata: Some((
                "loop.v1".into(),
                BTreeMap::from([("id".into(), "7".into())]),
            )),
        })
        .await;
    assert_eq!(
        posted.map(|it| (it.channel, it.ts)),
        Ok(("C1".into(), "1.2".into()))
    );
    let call = &slack.calls()[0];
    assert_eq!(call.method, "chat.postMessage");
    assert_eq!(call.headers["authorization"], "Bearer xoxb-hidden");
    assert_eq!(
        call.headers["content-type"],
        "application/json; charset=utf-8"
    );
    assert_eq!(
        call.json(),
        json!({"channel": "C1", "thread_ts": "1.0", "text": "Hello", "blocks": [{"type": "divider"}],
            "metadata": {"event_type": "loop.v1", "event_payload": {"id": "7"}},
            "link_names": false, "parse": "none", "unfurl_links": false, "unfurl_media": false})
    );
}

#[tokio::test]
async fn the_other_methods_ask_and_read_what_they_should() {
    let slack = Slack::start().await;
    let client = slack.client();
    slack.replies(ok(
        &json!({"team_id": "T1", "user_id": "UB", "bot_id": "B1", "enterprise_id": null}),
    ));
    let identity = client.auth_test().await.expect("an identity");
    assert_eq!(
        (identity.team_id.as_str(), identity.bot_id.as_deref()),
        ("T1", Some("B1"))
    );

    slack.replies(ok(
        &json!({"user": {"id": "U1", "is_restricted": true, "profile": {"fields": []}}}),
    ));
    assert!(client.person("U1").await.expect("a person").is_restricted);
    slack.replies(ok(
        &json!({"channel": {"id": "C1", "is_private": true, "is_archived": null}}),
    ));
    assert!(client.channel("C1").await.expect("a channel").is_private);
    slack.replies(ok(&json!({"users": ["U1", "U2"]})));
    assert_eq!(
        client.group_members("S1").await,
        Ok(vec!["U1".into(), "U2".into()])
    );
    slack.replies(ok(
        &json!({"permalink": "https://x.slack.com/archives/C1/p12"}),
    ));
    client.permalink("C1", "1.2").await.expect("a link");
    slack.replies(ok(&json!({"channel": "C1", "ts": "1.2"})));
    client
        .update_message("C1", "1.2", "new", &[], None)
        .await
        .expect("updated");
    slack.replies(ok(&json!({"message_ts": "1.3"})));
    client
        .post_ephemeral("C1", "U1", None, "psst", &[])
        .await
        .expect("posted");
    let view: SlackView =
        serde_json::from_value(json!({"type": "home", "blocks": []})).expect("a view");
    client
        .open_view("1.2.3", view.clone())
        .await
        .expect("opened");
    client
        .update_view("waits-1", Some("h".into()), view.clone())
        .await
        .expect("updated");
    client
        .push_view("1.2.4", view.clone())
        .await
        .expect("pushed");
    client
        .redraw_view("V1", view.clone())
        .await
        .expect("updated");
    client.publish_view("U1", view).await.expect("published");

    let calls = slack.calls();
    let asked: Vec<_> = calls
        .iter()
        .map(|it| (it.method.as_str(), it.query.as_str()))
        .collect();
    assert_eq!(
        asked,
        [
            ("auth.test", ""),
            ("users.info", "user=U1"),
            ("conversations.info", "channel=C1"),
            ("usergroups.users.list", "usergroup=S1"),
            ("chat.getPermalink", "channel=C1&message_ts=1.2"),
            ("chat.update", ""),
            ("chat.postEphemeral", ""),
            ("views.open", ""),
            ("views.update", ""),
            ("views.push", ""),
            ("views.update", ""),
            ("views.publish", ""),
        ]
    );
    assert_eq!(
        calls[5].json(),
        json!({"channel": "C1", "ts": "1.2", "text": "new", "link_names": false, "parse": "none"})
    );
    assert_eq!(calls[8].json()["hash"], "h");
    assert_eq!(calls[9].json()["trigger_id"], "1.2.4");
    assert_eq!(calls[10].json()["view_id"], "V1");
    assert_eq!(calls[11].json()["user_id"], "U1");
}

#[tokio::test]
async fn every_failure_says_what_it_was_and_nothing_it_held() {
    let slack = Slack::start().await;
    let client = slack.client();
    let secret = "xoxb-hidden Sam Okafor";
    slack.replies((
        StatusCode::TOO_MANY_REQUESTS,
        [("retry-after", "7")],
        secret,
    ));
    slack.replies((StatusCode::TOO_MANY_REQUESTS, secret));
    slack.replies(axum::Json(json!({"ok": false, "error": "invalid_blocks", "echo": secret,
        "errors": ["no more than 25 items [json-pointer:/blocks/1]"], "response_metadata": {"messages": ["[ERROR] too many"]}})));
    slack.replies((StatusCode::BAD_GATEWAY, secret));
    slack.replies((
        StatusCode::FOUND,
        [("location", "https://elsewhere.example")],
        secret,
    ));
    slack.replies(secret);
    slack.replies(axum::Json(json!({"no": "verdict"})));
    slack.replies(ok(&json!({"channel": secret})));
    let mut errors = Vec::new();
    for _ in 0..8 {
        errors.push(client.channel("C1").await.expect_err("a failure"));
    }
    assert_eq!(
        errors,
        [
            CallError::RateLimited {
                after: Duration::from_secs(7)
            },
            CallError::RateLimited {
                after: Duration::from_secs(30)
            },
            CallError::Refused {
                code: "invalid_blocks".into(),
                messages: vec![
                    "[ERROR] too many".into(),
                    "no more than 25 items [json-pointer:/blocks/1]".into()
                ],
            },
            CallError::Status(502),
            CallError::Status(302),
            CallError::Garbled,
            CallError::Garbled,
            CallError::Garbled,
        ]
    );
    let printed = format!(
        "{errors:?} {}",
        errors.iter().map(ToString::to_string).collect::<String>()
    );
    assert!(
        !printed.contains("hidden")
            && !printed.contains("Okafor")
            && !printed.contains("127.0.0.1")
    );
    assert_eq!(
        slack.calls().len(),
        8,
        "nothing is repeated, no redirect followed"
    );
}

#[tokio::test]
async fn silence_and_absence_are_told_apart() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let mut settings = ClientSettings::new(SecretString::from("x"));
    settings.api_url = Url::parse(&format!("http://127.0.0.1:{port}/api/")).expect("a URL");
    settings.timeout = Duration::from_millis(100);
    let client = Client::new(&settings).expect("a client");
    assert_eq!(client.auth_test().await, Err(CallError::Timeout));
    let cut = tokio::spawn(async move {
        // The first connection is the one that timed out.
        for _ in 0..2 {
            drop(listener.accept().await.expect("a connection"));
        }
    });
    let broken = client.auth_test().await.expect_err("a failure");
    assert_eq!(broken, CallError::Unreachable(Unreached::CutOff));
    cut.await.expect("no panic");
    let absent = client.auth_test().await.expect_err("a failure");
    assert_eq!(absent, CallError::Unreachable(Unreached::NoConnection));
    assert!(!absent.maybe_done() && broken.maybe_done());
}

#[tokio::test]
async fn an_answer_goes_only_to_slack() {
    let slack = Slack::start().await;
    let client = slack.client();
    let here = slack.api_url.join("/commands/T1/1/x").expect("a URL");
    let response = Response {
        text: Some("hi".into()),
        ..Response::default()
    };
    for refused in [
        "https://hooks.slack.com.evil.example/x",
        "https://slack.com@evil.example/x",
        "https://user@hooks.slack.com/x",
        "https://evilslack.com/x",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://.slack.com/x",
        "http://localhost:1/x",
        "file:///etc/passwd",
        "nonsense",
        "",
    ] {
        assert_eq!(
            client.respond(refused, &response).await,
            Err(CallError::Unreachable(Unreached::NotSlack)),
            "{refused}"
        );
    }
    for real in [
        "https://hooks.slack.com/x",
        "https://hooks.slack-gov.com/x",
        here.as_str(),
    ] {
        assert!(client.is_slack(&Url::parse(real).expect("a URL")), "{real}");
    }
    let place = slack.api_url.join("api/respond").expect("a URL");
    slack.replies("ok");
    assert_eq!(client.respond(place.as_str(), &response).await, Ok(()));
    slack.replies((StatusCode::NOT_FOUND, "expired_url"));
    assert_eq!(
        client.respond(place.as_str(), &response).await,
        Err(CallError::Status(404))
    );
    slack.replies(axum::Json(json!({"ok": false, "error": "used_url"})));
    let used = client
        .respond(place.as_str(), &response)
        .await
        .expect_err("used");
    assert_eq!(used.code(), Some("used_url"));
    let call = &slack.calls()[0];
    assert!(call.headers.get("authorization").is_none());
    assert_eq!(
        call.json(),
        json!({"text": "hi", "replace_original": false, "response_type": "ephemeral"})
    );
}

#[tokio::test]
async fn a_socket_must_be_as_safe_as_its_api() {
    let slack = Slack::start().await;
    let client = slack.client();
    for (url, fine) in [
        ("wss://wss.slack.com/link/?ticket=x", true),
        ("ws://127.0.0.1:9/link", true),
        ("ws://wss.slack.com/link", false),
        ("https://wss.slack.com/link", false),
    ] {
        slack.replies(ok(&json!({"url": url})));
        assert_eq!(client.socket_url().await.is_ok(), fine, "{url}");
    }
    let secure = Slack::start_with_tls().await;
    secure.replies(ok(&json!({"url": "ws://127.0.0.1:9/link"})));
    assert!(secure.client().socket_url().await.is_err());
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for (url, fine) in [
        ("https://slack.com/api", true),
        ("https://slack.com/api/", true),
        ("http://localhost:3000/api", true),
        ("http://127.0.0.1/api", true),
        ("http://[::1]:1/api", true),
        ("http://slack.com/api", false),
        ("http://10.0.0.1/api", false),
        ("http://localhost.example/api", false),
        ("https://user@slack.com/api", false),
        ("https://slack.com/api?x=1", false),
        ("ftp://localhost/api", false),
        ("data:text", false),
    ] {
        let mut settings = ClientSettings::new(SecretString::from("x"));
        settings.api_url = Url::parse(url).expect("a URL");
        let client = Client::new(&settings);
        assert_eq!(client.is_ok(), fine, "{url}");
        if let Ok(client) = client {
            assert!(client.connector().base().path().ends_with('/'));
        }
    }
}

#[tokio::test]
async fn tls_is_spoken_and_only_a_trusted_certificate_accepted() {
    let slack = Slack::start_with_tls().await;
    slack.replies(ok(&json!({"team_id": "T1", "user_id": "UB"})));
    slack
        .client()
        .auth_test()
        .await
        .expect("trusted through the extra authority");

    let mut settings = slack.settings();
    settings.extra_ca = Vec::new();
    let stranger = Client::new(&settings).expect("a client");
    let refused = stranger.auth_test().await.expect_err("not trusted");
    assert_eq!(refused, CallError::Unreachable(Unreached::Untrusted));
    assert!(!refused.maybe_done());
    assert_eq!(slack.calls().len(), 1);
}

#[test]
fn nothing_of_a_client_prints() {
    let mut settings = ClientSettings::new(SecretString::from("xoxb-hidden"));
    settings.app_token = Some(SecretString::from("xapp-hidden"));
    assert!(!format!("{settings:?}").contains("hidden"));
    let client = Client::new(&settings).expect("a client");
    assert_eq!(format!("{client:?}"), "Client");
}

/// Tells the child of the next test that it is the child.
const BEHIND_A_PROXY: &str = "TEST_BEHIND_A_PROXY";

/// Does something only in the process that the next test starts, with a proxy in its environment.
#[tokio::test]
async fn behind_a_proxy() {
    if std::env::var_os(BEHIND_A_PROXY).is_none() {
        return;
    }
    let mut settings = ClientSettings::new(SecretString::from("x"));
    settings.api_url = Url::parse("https://api.invalid/api").expect("a URL");
    let client = Client::new(&settings).expect("a client");
    client.auth_test().await.expect_err("the proxy says no");
    let upgrades = client.connector().upgrades();
    let socket = upgrades.get("https://socket.invalid/link").send().await;
    socket.expect_err("the proxy says no");
    settings.api_url = Url::parse("https://direct.invalid/api").expect("a URL");
    let direct = Client::new(&settings).expect("a client");
    direct.auth_test().await.expect_err("no such host");
}

#[tokio::test]
async fn calls_and_sockets_go_through_the_systems_proxy() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let proxy = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = tokio::spawn(async move {
        let mut asked = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut head = vec![0; 1024];
            let length = stream.read(&mut head).await.expect("a request");
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            asked.push(head.lines().next().unwrap_or_default().to_owned());
            let no = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(no).await.expect("an answer");
        }
        asked
    });
    let this = std::env::current_exe().expect("a test binary");
    let status = tokio::task::spawn_blocking(move || {
        std::process::Command::new(this)
            .args(["slack::client::tests::behind_a_proxy", "--exact"])
            .env(BEHIND_A_PROXY, "1")
            .env("HTTPS_PROXY", proxy)
            .env("NO_PROXY", "direct.invalid")
            .env_remove("https_proxy")
            .env_remove("no_proxy")
            .status()
    });
    let status = status.await.expect("no panic").expect("a child process");
    assert!(status.success());
    let asked = tokio::time::timeout(Duration::from_secs(5), asked).await;
    assert_eq!(
        asked.expect("both asked").expect("no panic"),
        [
            "CONNECT api.invalid:443 HTTP/1.1",
            "CONNECT socket.invalid:443 HTTP/1.1"
        ]
    );
}

async fn sent(client: &Client, file: &Upload) -> Result<(), CallError> {
    let id = client.place_file(file).await?;
    client.share_file("D1", &id, file).await
}

#[tokio::test]
async fn a_file_is_placed_filled_and_shared() {
    let slack = Slack::start().await;
    let client = slack.client();
    let upload = Upload {
        filename: "debrief-C-7F3Q.png".into(),
        content_type: "image/png".into(),
        bytes: vec![0x89, b'P', 0, 255],
        title: "Debrief C-7F3Q".into(),
        alt: "Größe & mean 2.5".into(),
        comment: "Debrief &amp; more".into(),
    };
    slack.replies(ok(&json!({"channel": {"id": "D1"}})));
    assert_eq!(client.direct_messages("U1").await, Ok("D1".into()));
    let place = slack.api_url.join("api/upload?ticket=secret");
    let place = place.expect("a URL").to_string();
    slack.replies(ok(&json!({"upload_url": place, "file_id": "F1"})));
    slack.replies("OK - 4");
    slack.replies(ok(&json!({"files": [{"id": "F1", "odd": [7]}]})));
    assert_eq!(sent(&client, &upload).await, Ok(()));

    let calls = slack.calls();
    let methods: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(
        methods,
        [
            "conversations.open",
            "files.getUploadURLExternal",
            "upload",
            "files.completeUploadExternal"
        ]
    );
    assert_eq!(calls[0].json(), json!({"users": "U1"}));
    assert_eq!(calls[1].headers["authorization"], "Bearer xoxb-hidden");
    let form: Vec<_> = form_urlencoded::parse(&calls[1].body)
        .into_owned()
        .collect();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        form,
        [
            pair("filename", "debrief-C-7F3Q.png"),
            pair("length", "4"),
            pair("alt_txt", "Größe & mean 2.5")
        ]
    );
    // The place is a ticket of its own: no token goes there.
    assert!(!calls[2].headers.contains_key("authorization"));
    assert_eq!(calls[2].headers["content-type"], "image/png");
    assert_eq!(calls[2].body.as_ref(), upload.bytes);
    assert_eq!(
        calls[3].json(),
        json!({"files": [{"id": "F1", "title": "Debrief C-7F3Q"}], "channel_id": "D1", "initial_comment": "Debrief &amp; more"})
    );
    assert_eq!(format!("{upload:?}"), "Upload");
}

#[tokio::test]
async fn a_file_goes_only_to_slack_and_stops_where_something_fails() {
    let slack = Slack::start().await;
    let client = slack.client();
    let upload = Upload::default();
    for elsewhere in [
        "https://elsewhere.example/upload",
        "https://files.slack.com.evil.example/",
        "nonsense",
    ] {
        slack.replies(ok(&json!({"upload_url": elsewhere, "file_id": "F1"})));
        assert_eq!(
            sent(&client, &upload).await,
            Err(CallError::Unreachable(Unreached::NotSlack)),
            "{elsewhere}"
        );
    }
    assert_eq!(slack.calls().len(), 3);

    let place = slack.api_url.join("api/upload").expect("a URL").to_string();
    slack.replies(ok(&json!({"upload_url": place, "file_id": "F1"})));
    slack.replies(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(sent(&client, &upload).await, Err(CallError::Status(500)));
    assert_eq!(slack.calls().len(), 5, "what was not filled is not shared");

    slack.replies(axum::Json(json!({"ok": false, "error": "missing_scope"})));
    let refused = sent(&client, &upload).await.expect_err("refused");
    assert_eq!(refused.code(), Some("missing_scope"));
    slack.replies(ok(&json!({"upload_url": place})));
    assert_eq!(sent(&client, &upload).await, Err(CallError::Garbled));
}
