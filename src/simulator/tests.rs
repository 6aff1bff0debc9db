//! The simulator played by a tiny app, over a raw socket and over signed HTTP.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

/// An app of a few lines: what it receives, it acknowledges with what `answer` says.
struct App {
    sim: Simulator,
    http: reqwest::Client,
}

impl App {
    fn new(sim: &Simulator) -> Self {
        Self {
            sim: sim.clone(),
            http: client().expect("a client without roots can always be made"),
        }
    }

    async fn call(&self, method: &str, args: Value) -> Value {
        self.post(&format!("{}/{method}", self.sim.api_url()), args)
            .await
            .1
    }

    async fn post(&self, url: &str, args: Value) -> (u16, Value) {
        let credentials = self.sim.credentials();
        let token = if url.ends_with("apps.connections.open") {
            credentials.app_token
        } else {
            credentials.bot_token
        };
        let answer = self
            .http
            .post(url)
            .header("authorization", format!("Bearer {token}"))
            .json(&args)
            .send()
            .await
            .expect("the simulator answers");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    async fn socket(&self) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
        let opened = self.call("apps.connections.open", json!({})).await;
        let url = opened["url"].as_str().expect("a socket url");
        let (mut socket, _) = connect_async(url).await.expect("the ticket is good");
        let hello = next(&mut socket).await;
        assert_eq!(hello["type"], "hello");
        assert_eq!(hello["debug_info"]["approximate_connection_time"], 3600);
        socket
    }

    /// Answers everything on a socket, for ever.
    async fn serve(&self, answer: impl Fn(&Value) -> Option<Value> + Send + 'static) {
        let mut socket = self.socket().await;
        self.sim.spawn(async move {
            loop {
                let envelope = next(&mut socket).await;
                if envelope.is_null() {
                    return;
                }
                let mut ack = json!({ "envelope_id": envelope["envelope_id"] });
                if let Some(payload) = answer(&envelope["payload"]) {
                    ack["payload"] = payload;
                }
                if socket
                    .send(Frame::Text(ack.to_string().into()))
                    .await
                    .is_err()
                {
                    return;
                }
            }
        });
        self.sim.connected().await;
    }
}

async fn next(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Value {
    while let Some(Ok(frame)) = socket.next().await {
        if let Frame::Text(text) = frame {
            return serde_json::from_str(&text).expect("frames are JSON");
        }
    }
    Value::Null
}

fn go_button() -> Value {
    json!([{ "type": "actions", "block_id": "row", "elements": [{
        "type": "button", "action_id": "go", "value": "7",
        "text": { "type": "plain_text", "text": "Go" },
    }] }])
}

fn name_modal() -> Value {
    json!({
        "type": "modal",
        "title": { "type": "plain_text", "text": "New" },
        "submit": { "type": "plain_text", "text": "Open" },
        "private_metadata": "m",
        "blocks": [{
            "type": "input", "block_id": "name",
            "label": { "type": "plain_text", "text": "Name" },
            "element": { "type": "plain_text_input", "action_id": "text", "max_length": 5 },
        }],
    })
}

async fn started() -> (Simulator, App) {
    let sim = Simulator::start(Setup::default())
        .await
        .expect("a free port");
    let app = App::new(&sim);
    (sim, app)
}

#[tokio::test]
async fn a_command_is_answered_over_the_socket() {
    let (sim, app) = started().await;
    app.serve(|payload| {
        assert_eq!(payload["text"], "qa Jane <@U0ADA|ada>");
        assert_eq!(payload["channel_name"], "privategroup");
        Some(json!({ "text": "hello", "blocks": go_button() }))
    })
    .await;
    sim.types("rita", "#hiring", None, "/interview qa Jane @ada")
        .await
        .expect("acknowledged");
    let seen = sim.messages("rita", "hiring");
    assert_eq!(seen[0].rendered(), "[Go]");
    assert!(seen[0].ephemeral);
    assert!(sim.messages("ada", "hiring").is_empty());
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_click_leads_to_a_modal_and_a_submission() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        (payload["type"] == "view_submission"
            && payload["view"]["state"]["values"]["name"]["text"]["value"] == "bad")
            .then(|| json!({ "response_action": "errors", "errors": { "name": "Not that one." } }))
    })
    .await;
    let posted = app
        .call(
            "chat.postMessage",
            json!({ "channel": "C0HIRING", "text": "Go?", "blocks": go_button() }),
        )
        .await;
    assert_eq!(posted["ok"], true, "{posted}");
    let message = sim.messages("ada", "hiring").remove(0);
    let go = message.controls().remove(0);
    assert_eq!((go.label.as_str(), go.value.as_deref()), ("Go", Some("7")));
    sim.acts(
        "ada",
        &message.on(),
        &go.block_id,
        &go.action_id,
        ActionValue::Click,
        None,
    )
    .await
    .expect("acknowledged");
    let click = told.recv().await.expect("a click");
    assert_eq!(click["actions"][0]["value"], "7");
    assert_eq!(click["container"]["is_ephemeral"], false);
    assert_eq!(click["message"]["ts"], message.ts.as_str());

    let trigger = &click["trigger_id"];
    let opened = app
        .call(
            "views.open",
            json!({ "trigger_id": trigger, "view": name_modal() }),
        )
        .await;
    assert_eq!(opened["ok"], true, "{opened}");
    let again = app
        .call(
            "views.open",
            json!({ "trigger_id": trigger, "view": name_modal() }),
        )
        .await;
    assert_eq!(again["error"], "exchanged_trigger_id");
    let view = sim.views("ada").remove(0);
    assert_eq!(view.inputs()[0].label, "Name");
    let fill =
        |text: &str| json!({ "name": { "text": { "type": "plain_text_input", "value": text } } });
    for (text, sentence) in [
        ("", "Please complete this required field."),
        ("too long", "Please enter at most 5 characters."),
        ("bad", "Not that one."),
    ] {
        let said = sim
            .submits("ada", &view.id, fill(text))
            .await
            .expect("acknowledged");
        let Submission::Errors(errors) = said else {
            panic!("{said:?}")
        };
        assert_eq!(errors["name"], sentence);
    }
    assert_eq!(
        sim.submits("ada", &view.id, fill("Jane")).await,
        Ok(Submission::Closed)
    );
    assert!(sim.views("ada").is_empty());
    let late = app
        .call(
            "views.update",
            json!({ "view_id": view.id, "view": name_modal() }),
        )
        .await;
    assert_eq!(late["error"], "not_found");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn triggers_and_response_urls_expire_on_the_simulators_clock() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    sim.types("rita", "random", None, "/interview")
        .await
        .expect("acknowledged");
    let command = told.recv().await.expect("a command");
    let url = command["response_url"]
        .as_str()
        .expect("a response url")
        .to_owned();
    for _ in 0..5 {
        assert_eq!(app.post(&url, json!({ "text": "hi" })).await.0, 200);
    }
    let (status, body) = app.post(&url, json!({ "text": "hi" })).await;
    assert_eq!((status, &body["error"]), (404, &json!("used_url")));
    // The bot is not in #random, and was heard there all the same.
    assert_eq!(sim.messages("rita", "random").len(), 5);
    sim.advance(Duration::from_secs(4));
    let args = json!({ "trigger_id": command["trigger_id"], "view": name_modal() });
    assert_eq!(
        app.call("views.open", args).await["error"],
        "expired_trigger_id"
    );

    sim.types("rita", "random", None, "/interview")
        .await
        .expect("acknowledged");
    let command = told.recv().await.expect("a command");
    sim.advance(Duration::from_secs(31 * 60));
    let url = command["response_url"].as_str().expect("a response url");
    assert_eq!(
        app.post(url, json!({ "text": "hi" })).await.1["error"],
        "expired_url"
    );
}

#[tokio::test]
async fn an_ephemeral_is_replaced_through_the_clicks_response_url() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    let args =
        json!({ "channel": "C0HIRING", "user": "U0BEN", "text": "Go?", "blocks": go_button() });
    assert_eq!(app.call("chat.postEphemeral", args).await["ok"], true);
    let seen = sim.messages("ben", "hiring").remove(0);
    sim.acts("ben", &seen.on(), "row", "go", ActionValue::Click, None)
        .await
        .expect("acknowledged");
    let click = told.recv().await.expect("a click");
    assert!(click.get("message").is_none());
    let url = click["response_url"].as_str().expect("a response url");
    app.post(
        url,
        json!({ "replace_original": true, "text": "Gone <@U0ADA>" }),
    )
    .await;
    assert_eq!(sim.messages("ben", "hiring")[0].rendered(), "Gone @ada");
    app.post(url, json!({ "delete_original": true })).await;
    assert!(sim.messages("ben", "hiring").is_empty());
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn posting_too_fast_is_answered_429() {
    let (sim, app) = started().await;
    let url = format!("{}/chat.postMessage", sim.api_url());
    let args = json!({ "channel": "U0ADA", "text": "hi" });
    for _ in 0..4 {
        let (status, answer) = app.post(&url, args.clone()).await;
        assert_eq!((status, &answer["channel"]), (200, &json!("D0ADA")));
    }
    let (status, answer) = app.post(&url, args.clone()).await;
    assert_eq!((status, &answer["error"]), (429, &json!("ratelimited")));
    assert_eq!(sim.calls().iter().filter(|c| c.status == 429).count(), 1);
    sim.advance(Duration::from_secs(1));
    assert_eq!(app.post(&url, args).await.0, 200);
}

#[tokio::test]
async fn slack_says_no_in_its_own_words() {
    let (sim, app) = started().await;
    let error = async |method: &str, args: Value| app.call(method, args).await["error"].clone();
    let say = |channel: &str| json!({ "channel": channel, "text": "hi" });
    assert_eq!(
        error("chat.postMessage", say("C0NOWHERE")).await,
        "channel_not_found"
    );
    assert_eq!(
        error("chat.postMessage", say("C0RANDOM")).await,
        "not_in_channel"
    );
    sim.remove_bot("hiring");
    assert_eq!(
        error("chat.postMessage", say("C0HIRING")).await,
        "channel_not_found"
    );
    sim.archive("general").await;
    assert_eq!(
        error("chat.postMessage", say("C0GENERAL")).await,
        "is_archived"
    );
    assert_eq!(
        error("users.info", json!({ "user": "U0NOBODY" })).await,
        "user_not_found"
    );
    assert_eq!(sim.take_breaches(), Vec::<String>::new());
    assert_eq!(error("chat.shout", json!({})).await, "unknown_method");
    sim.grant("users:read", false);
    assert_eq!(
        error("users.info", json!({ "user": "U0ADA" })).await,
        "missing_scope"
    );
    assert_eq!(sim.take_breaches().len(), 2);
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_deed() {
    let (sim, app) = started().await;
    sim.misbehave(Misbehaviour::LoseAnswer {
        method: Some("chat.postMessage".to_owned()),
        times: 1,
    });
    let url = format!("{}/chat.postMessage", sim.api_url());
    let request = app
        .http
        .post(url)
        .header(
            "authorization",
            format!("Bearer {}", sim.credentials().bot_token),
        )
        .json(&json!({ "channel": "C0HIRING", "text": "hi" }));
    request.send().await.expect_err("the connection breaks");
    assert_eq!(sim.messages("ada", "hiring").len(), 1);
    assert_eq!(sim.calls()[0].status, 0);
}

#[tokio::test]
async fn a_missing_ack_is_a_breach_and_the_person_is_told() {
    let (sim, app) = started().await;
    let _silent = app.socket().await;
    sim.connected().await;
    let said = sim.types("rita", "hiring", None, "/interview").await;
    assert_eq!(said, Err(Complaint::OperationTimeout));
    assert_eq!(sim.breaches(), ["no ack within 3 s: /interview "]);
    assert_eq!(
        sim.notices("rita"),
        ["/interview failed with the error \"operation_timeout\""]
    );
    let in_thread = sim.types("rita", "hiring", Some("1.1"), "/interview").await;
    assert_eq!(in_thread, Err(Complaint::CommandInThread));
}

#[tokio::test]
async fn a_refreshed_socket_gets_nothing_more() {
    let (sim, app) = started().await;
    let mut first = app.socket().await;
    sim.connected().await;
    sim.misbehave(Misbehaviour::RefreshSockets);
    assert_eq!(next(&mut first).await["reason"], "refresh_requested");
    assert_eq!(
        sim.types("rita", "hiring", None, "/interview").await,
        Err(Complaint::NotConnected)
    );
    app.serve(|_| None).await;
    sim.types("rita", "hiring", None, "/interview")
        .await
        .expect("acknowledged");
    assert!(next(&mut first).await.is_null());
}

#[tokio::test]
async fn signed_http_carries_commands_clicks_and_events() {
    let (sim, _) = started().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!(
        "http://{}/slack",
        listener.local_addr().expect("it is bound")
    );
    let secret = sim.credentials().signing_secret;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel::<String>();
    let app = Router::new().route(
        "/slack",
        post(
            move |headers: axum::http::HeaderMap, body: String| async move {
                let header = |name: &str| headers[name].to_str().expect("ASCII").to_owned();
                let at: i64 = header("x-slack-request-timestamp")
                    .parse()
                    .expect("seconds");
                assert_eq!(
                    header("x-slack-signature"),
                    sign(&secret, at, body.as_bytes())
                );
                tell.send(body.clone()).expect("the test listens");
                if body.contains("challenge") {
                    body
                } else {
                    String::new()
                }
            },
        ),
    );
    sim.spawn(async move { axum::serve(listener, app).await.expect("it serves") });
    sim.deliver_over_http(&url);
    sim.connected().await;
    assert!(sim.verify_url().await);
    told.recv().await.expect("the challenge");
    sim.types("rita", "hiring", None, "/interview qa & more")
        .await
        .expect("acknowledged");
    let form = told.recv().await.expect("a command");
    let text = form_urlencoded::parse(form.as_bytes())
        .find(|(k, _)| k == "text")
        .map(|(_, v)| v);
    assert_eq!(text.as_deref(), Some("qa &amp; more"));
    sim.types("rita", "hiring", None, "@interview-assistant hi")
        .await
        .expect("acknowledged");
    let event: Value = serde_json::from_str(&told.recv().await.expect("an event")).expect("JSON");
    assert_eq!(event["event"]["type"], "app_mention");
    assert_eq!(event["event"]["text"], "<@U0BOT> hi");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}
