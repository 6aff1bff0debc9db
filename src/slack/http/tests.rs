//! The door, over a real socket: who gets in, and what is answered.

#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

use std::sync::Mutex;

use axum::Json;
use futures_util::FutureExt;
use reqwest::RequestBuilder;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

mod hostile;

const NOW: i64 = 1_700_000_000;
const FORM: &str = "application/x-www-form-urlencoded";
const COMMAND: &str =
    "command=%2Finterview&text=help&team_id=T1&user_id=U1&channel_id=C1&trigger_id=1.2.3";

/// Kinds and retries of what was taken.
type Notes = Arc<Mutex<Vec<(String, Option<u32>)>>>;

struct Sent {
    url: String,
    taken: Notes,
    client: reqwest::Client,
}

/// A door with a receiver that notes the kind of what it took and always answers the same.
async fn door(ack: impl Fn() -> Ack + Send + Sync + 'static) -> Sent {
    door_within(ack, |_| {}, listen::Limits::default()).await
}

/// The same, with other settings and limits.
async fn door_within(
    ack: impl Fn() -> Ack + Send + Sync + 'static,
    change: impl FnOnce(&mut HttpSettings),
    limits: listen::Limits,
) -> Sent {
    crate::slack::tls::install();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&taken);
    let receiver: Receiver = Arc::new(move |received: Received| {
        let note = (received.inbound.kind().to_owned(), received.retry);
        notes.lock().expect("no panic while noting").push(note);
        let ack = ack();
        async move { ack }.boxed()
    });
    let mut settings = HttpSettings::new(SecretString::from("shh"), Arc::new(|| NOW));
    settings.read_timeout = Duration::from_millis(300);
    change(&mut settings);
    let router = events(settings, receiver).merge(health(
        Arc::new(|| (true, "ready\n".to_owned())),
        Arc::new(String::new),
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!(
        "http://{}/slack/events",
        listener.local_addr().expect("an address")
    );
    tokio::spawn(listen::serve(
        listener,
        router,
        limits,
        std::future::pending(),
    ));
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    Sent { url, taken, client }
}

impl Sent {
    fn post(&self, kind: &str, body: impl Into<Vec<u8>>) -> RequestBuilder {
        self.client
            .post(&self.url)
            .header(CONTENT_TYPE, kind)
            .body(body.into())
    }

    fn signed(&self, kind: &str, body: impl Into<Vec<u8>>, at: i64) -> RequestBuilder {
        let body = body.into();
        let at = at.to_string();
        let signature = signature::sign(&SecretString::from("shh"), &at, &body);
        self.post(kind, body)
            .header(TIMESTAMP, at)
            .header(SIGNATURE, signature)
    }

    fn taken(&self) -> Vec<(String, Option<u32>)> {
        self.taken.lock().expect("no panic while noting").clone()
    }
}

async fn answer(request: RequestBuilder) -> (u16, String, String) {
    let response = request.send().await.expect("an answer");
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind
        .and_then(|it| it.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let status = response.status().as_u16();
    (status, kind, response.text().await.expect("a body"))
}

async fn status(request: RequestBuilder) -> u16 {
    answer(request).await.0
}

#[tokio::test]
async fn only_what_slack_signed_within_five_minutes_is_taken() {
    let door = door(|| Ack::Empty).await;
    assert_eq!(status(door.signed(FORM, COMMAND, NOW)).await, 200);
    assert_eq!(door.taken(), [("slash_command".to_owned(), None)]);

    for refused in [
        door.post(FORM, COMMAND),
        door.signed(FORM, COMMAND, NOW - 301),
        door.signed(FORM, COMMAND, NOW + 301),
        door.signed(FORM, COMMAND, NOW)
            .body(format!("{COMMAND}&text=more")),
        door.signed(FORM, COMMAND, NOW).header(SIGNATURE, "v0=00"),
        door.post(FORM, COMMAND).header(TIMESTAMP, NOW.to_string()),
        door.post(FORM, COMMAND)
            .header(SIGNATURE, "v0=00")
            .header(TIMESTAMP, "now"),
    ] {
        let (status, _, body) = answer(refused).await;
        assert_eq!((status, body.as_str()), (401, ""));
    }
    assert_eq!(door.taken().len(), 1);
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused_however_it_comes() {
    let door = door(|| Ack::Empty).await;
    let large = vec![b'a'; 10 << 20];
    // The server answers without reading on, so the client may see its connection reset instead.
    if let Ok(response) = door.post(FORM, large.clone()).send().await {
        assert_eq!(response.status(), 413);
    }

    let address = door.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address.trim_end_matches("/slack/events"))
        .await
        .expect("a connection");
    let head = format!(
        "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut chunk = format!("{:x}\r\n", 64 << 10).into_bytes();
    chunk.extend_from_slice(&large[..64 << 10]);
    chunk.extend_from_slice(b"\r\n");
    for _ in 0..17 {
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
    }
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 413");
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let door = door(|| Ack::Empty).await;
    let address = door.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address.trim_end_matches("/slack/events"))
        .await
        .expect("a connection");
    let head = format!(
        "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 100\r\n\r\nabc"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 408");
}

#[tokio::test]
async fn slacks_own_checks_are_answered_by_the_door_itself() {
    let door = door(|| Ack::Failed).await;
    let (code, _, body) = answer(door.post(FORM, "token=x&ssl_check=1")).await;
    assert_eq!((code, body.as_str()), (200, ""));
    assert_eq!(
        status(door.post(FORM, format!("{COMMAND}&ssl_check=1"))).await,
        401,
        "a check is no way in for a command"
    );

    let challenge =
        json!({"type": "url_verification", "challenge": "abc", "token": "x"}).to_string();
    let (code, kind, body) = answer(door.signed("application/json", challenge.clone(), NOW)).await;
    assert_eq!((code, body.as_str()), (200, "abc"));
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert_eq!(status(door.post("application/json", challenge)).await, 401);
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_400_and_not_sent_again() {
    let door = door(|| Ack::Empty).await;
    for (kind, body) in [
        ("application/json", "{\"type\":"),
        ("application/json", "{\"type\":\"event_callback\"}"),
        ("application/json", ""),
        (FORM, "payload=%7B"),
        (FORM, "nothing=of+ours"),
    ] {
        let response = door
            .signed(kind, body, NOW)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), 400, "{kind} {body}");
        assert_eq!(response.headers()["x-slack-no-retry"], "1");
    }
    assert_eq!(status(door.signed("text/plain", COMMAND, NOW)).await, 415);
    assert_eq!(status(door.client.get(&door.url)).await, 405);
    let news = json!({"type": "event_callback", "event": {"type": "telepathy"}}).to_string();
    assert_eq!(
        status(door.signed("application/json; charset=utf-8", news, NOW)).await,
        200
    );
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn an_answer_is_json_or_nothing_at_all() {
    let options = json!({"options": []});
    let suggestion = json!({"type": "block_suggestion", "team": {"id": "T1"}, "user": {"id": "U1"}, "action_id": "a"});
    let payload = form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &suggestion.to_string())
        .finish();

    let same = options.clone();
    let answering = door(move || Ack::Json(same.clone())).await;
    let (code, kind, body) = answer(answering.signed(FORM, payload.clone(), NOW)).await;
    assert_eq!((code, kind.as_str()), (200, "application/json"));
    assert_eq!(Json(body).0, options.to_string());

    let silent = door(|| Ack::Empty).await;
    let (code, _, body) = answer(silent.signed(FORM, payload, NOW)).await;
    assert_eq!((code, body.as_str()), (200, ""));
}

#[tokio::test]
async fn what_was_not_kept_is_a_500_and_comes_again() {
    let event = json!({"type": "event_callback", "team_id": "T1", "event_id": "Ev1",
        "event": {"type": "channel_archive", "channel": "C1"}})
    .to_string();
    let failing = door(|| Ack::Failed).await;
    let again = failing
        .signed("application/json", event.clone(), NOW)
        .header(RETRY, "2");
    assert_eq!(status(again).await, 500);
    assert_eq!(failing.taken(), [("channel_archive".to_owned(), Some(2))]);

    let panicking = door(|| panic!("a receiver's bug")).await;
    assert_eq!(
        status(panicking.signed("application/json", event, NOW)).await,
        500
    );
}

#[tokio::test]
async fn a_receiver_is_not_broken_off_when_slack_hangs_up() {
    crate::slack::tls::install();
    let finished = Arc::new(tokio::sync::Notify::new());
    let started = Arc::new(tokio::sync::Notify::new());
    let (tell, begin) = (Arc::clone(&finished), Arc::clone(&started));
    let receiver: Receiver = Arc::new(move |_| {
        let (tell, begin) = (Arc::clone(&tell), Arc::clone(&begin));
        async move {
            begin.notify_one();
            tokio::time::sleep(Duration::from_millis(200)).await;
            tell.notify_one();
            Ack::Empty
        }
        .boxed()
    });
    let settings = HttpSettings::new(SecretString::from("shh"), Arc::new(|| NOW));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = events(settings, receiver);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let signature = signature::sign(
        &SecretString::from("shh"),
        &NOW.to_string(),
        COMMAND.as_bytes(),
    );
    let request = format!(
        "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\
         {TIMESTAMP}: {NOW}\r\n{SIGNATURE}: {signature}\r\n\r\n{COMMAND}",
        COMMAND.len()
    );
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    started.notified().await;
    drop(stream);
    let limit = Duration::from_secs(5);
    tokio::time::timeout(limit, finished.notified())
        .await
        .expect("finished all the same");
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let door = door(|| Ack::Empty).await;
    let base = door.url.trim_end_matches("/slack/events");
    assert_eq!(
        status(door.client.get(format!("{base}/healthz"))).await,
        200
    );
    assert_eq!(status(door.client.get(format!("{base}/readyz"))).await, 200);
}
