//! The simulator played by a tiny app, over a raw socket and over signed HTTP.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

mod files;
mod home;
mod page;
mod surfaces;

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

/// Answers what comes signed over HTTP with what `answer` says; returns where, and what came.
async fn listens(
    sim: &Simulator,
    answer: impl Fn(&str) -> (u16, String) + Clone + Send + Sync + 'static,
) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let secret = sim.credentials().signing_secret;
    let (tell, told) = mpsc::unbounded_channel();
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
                let (status, said) = answer(&body);
                tell.send(body).expect("the test listens");
                let status = axum::http::StatusCode::from_u16(status);
                (status.expect("a status"), said)
            },
        ),
    );
    sim.spawn(async move { axum::serve(listener, app).await.expect("it serves") });
    (format!("http://{address}/slack"), told)
}

#[tokio::test]
async fn signed_http_carries_commands_clicks_and_events() {
    let (sim, _) = started().await;
    let (url, mut told) = listens(&sim, |body| {
        let is_challenge = body.contains("challenge");
        (200, if is_challenge { body } else { "" }.to_owned())
    })
    .await;
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

#[tokio::test]
async fn what_goes_both_ways_goes_each_way_in_turn_and_what_was_not_taken_the_other_way() {
    let (sim, app) = started().await;
    let (tell, mut over_sockets) = mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    // Events are not taken here.
    let (url, mut over_http) = listens(&sim, |body| {
        let status = if body.contains("app_mention") {
            500
        } else {
            200
        };
        (status, String::new())
    })
    .await;
    sim.deliver_over_both(&url);
    let types = async |text: &str| {
        let typed = sim.types("rita", "hiring", None, text).await;
        typed.expect("acknowledged");
    };
    types("/interview one").await;
    types("/interview two").await;
    types("/interview three").await;
    assert_eq!(over_sockets.recv().await.expect("it")["text"], "one");
    assert!(over_http.recv().await.expect("it").contains("text=two"));
    assert_eq!(over_sockets.recv().await.expect("it")["text"], "three");
    types("@interview-assistant hi").await;
    let refused = over_http.recv().await.expect("the event");
    let refused: Value = serde_json::from_str(&refused).expect("JSON");
    let again = over_sockets.recv().await.expect("it comes again");
    assert_eq!(again["event_id"], refused["event_id"]);
    assert_eq!(sim.take_breaches().len(), 1);

    // Without a socket all of it goes to the URL.
    sim.misbehave(Misbehaviour::DropSockets);
    types("/interview four").await;
    types("/interview five").await;
    assert!(over_http.recv().await.expect("it").contains("text=four"));
    assert!(over_http.recv().await.expect("it").contains("text=five"));
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_late_ack_and_a_stray_ack_are_breaches() {
    let (sim, app) = started().await;
    let mut socket = app.socket().await;
    sim.connected().await;
    let said = sim.types("rita", "hiring", None, "/interview").await;
    assert_eq!(said, Err(Complaint::OperationTimeout));
    let envelope = next(&mut socket).await;
    assert_eq!(envelope["type"], "slash_commands");
    assert_eq!(envelope["accepts_response_payload"], true);
    for id in [&envelope["envelope_id"], &json!("never-sent")] {
        let ack = json!({ "envelope_id": id }).to_string();
        socket
            .send(Frame::Text(ack.into()))
            .await
            .expect("the socket is open");
    }
    // A call on another connection would overtake the acks: an answered frame would not.
    while sim.breaches().len() < 3 {
        tokio::task::yield_now().await;
    }
    let breaches = sim.take_breaches();
    assert!(breaches[1].starts_with("late ack after 3"), "{breaches:?}");
    assert_eq!(breaches[2], "ack of an unknown envelope: never-sent");
}

#[tokio::test]
async fn duplicates_carry_the_same_ids() {
    let (sim, app) = started().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        Some(json!({ "text": "once" }))
    })
    .await;
    sim.misbehave(Misbehaviour::DuplicateDeliveries(true));
    sim.types("rita", "hiring", None, "/interview")
        .await
        .expect("acknowledged");
    let first = told.recv().await.expect("a command");
    assert_eq!(told.recv().await.as_ref(), Some(&first));
    sim.misbehave(Misbehaviour::Behave);
    sim.redeliver_last().await;
    assert_eq!(told.recv().await.as_ref(), Some(&first));
    assert_eq!(sim.messages("rita", "hiring").len(), 1);
    assert_eq!(sim.breaches(), Vec::<String>::new());
}
