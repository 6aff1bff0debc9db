//! The socket, against a server that behaves as Slack does, well and badly.

#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::slack::inbound::Inbound;
use crate::slack::tests::Slack;
use crate::slack::{Ack, Received};

struct Running {
    slack: Slack,
    release: Arc<Notify>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), SocketFailure>>,
    connected: watch::Receiver<bool>,
}

/// A receiver that does what a command's text says: `wait` for the release, `panic`, `fail`, answer `json`.
fn obedient(release: Arc<Notify>) -> Receiver {
    Arc::new(move |received: Received| {
        let release = Arc::clone(&release);
        async move {
            let Inbound::Command(command) = received.inbound else {
                return Ack::Empty;
            };
            match command.text.as_str() {
                "wait" => release.notified().await,
                "panic" => panic!("a receiver's bug"),
                "fail" => return Ack::Failed,
                "json" => return Ack::Json(json!({"text": "hi"})),
                _ => {}
            }
            Ack::Empty
        }
        .boxed()
    })
}

fn quick() -> SocketSettings {
    SocketSettings {
        back_off: Duration::from_millis(5),
        back_off_limit: Duration::from_millis(20),
        linger: Duration::from_millis(100),
        drain: Duration::from_millis(1500),
        ..SocketSettings::default()
    }
}

fn run(slack: Slack, settings: SocketSettings) -> Running {
    let release = Arc::new(Notify::new());
    let socket = Socket::new(slack.client(), obedient(Arc::clone(&release)), settings);
    let connected = socket.connected();
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(socket.run(async {
        let _dropped = stopped.await;
    }));
    Running {
        slack,
        release,
        stop,
        ended,
        connected,
    }
}

async fn ended(handle: JoinHandle<Result<(), SocketFailure>>) -> Result<(), SocketFailure> {
    tokio::time::timeout(Duration::from_secs(5), handle)
        .await
        .expect("an end in time")
        .expect("no panic")
}

#[tokio::test]
async fn a_slow_receiver_delays_nobody_else() {
    let mut it = run(Slack::start().await, quick());
    let mut link = it.slack.greeted().await;
    link.command("slow", "wait").await;
    link.command("quick", "").await;
    link.command("words", "json").await;
    let mut acked = vec![link.acked().await, link.acked().await];
    acked.sort();
    assert_eq!(acked, ["quick", "words"]);
    it.release.notify_one();
    assert_eq!(link.acked().await, "slow");
}

#[tokio::test]
async fn an_answer_travels_with_the_ack_where_it_may() {
    let mut it = run(Slack::start().await, quick());
    let mut link = it.slack.greeted().await;
    link.command("1", "json").await;
    let expected = json!({"envelope_id": "1", "payload": {"text": "hi"}});
    assert_eq!(link.next().await, Some(expected));
    link.send(
        &json!({"envelope_id": "2", "type": "slash_commands", "accepts_response_payload": false,
        "payload": {"command": "/i", "text": "json", "team_id": "T1", "user_id": "U1"}}),
    )
    .await;
    assert_eq!(link.next().await, Some(json!({"envelope_id": "2"})));
}

#[tokio::test]
async fn what_failed_panicked_or_cannot_be_read_is_not_acknowledged_and_deafens_nothing() {
    let mut it = run(Slack::start().await, quick());
    let mut link = it.slack.greeted().await;
    link.command("failed", "fail").await;
    link.command("panicked", "panic").await;
    link.raw("{garbled").await;
    link.raw("7").await;
    link.send(&json!({"envelope_id": "unreadable", "type": "interactive", "payload": {"type": "shortcut", "user": {"id": "U1"}}})).await;
    link.send(&json!({"envelope_id": "unknown", "type": "telepathy", "payload": {}}))
        .await;
    assert_eq!(link.acked().await, "unknown");
    link.command("after", "").await;
    assert_eq!(link.acked().await, "after");
}

#[tokio::test]
async fn a_new_connection_stands_before_the_old_one_goes() {
    let mut it = run(Slack::start().await, quick());
    let mut old = it.slack.greeted().await;
    old.command("under way", "wait").await;
    old.send(&json!({"type": "disconnect", "reason": "refresh_requested"}))
        .await;
    let mut new = it.slack.link().await;
    // No hello yet, so the old one still serves.
    old.command("meanwhile", "").await;
    assert_eq!(old.acked().await, "meanwhile");
    assert!(*it.connected.borrow());
    new.send(&json!({"type": "hello"})).await;
    new.command("there", "").await;
    assert_eq!(new.acked().await, "there");
    // Late to the old one: still taken, and acknowledged where it came.
    old.command("late", "").await;
    assert_eq!(old.acked().await, "late");
    it.release.notify_one();
    assert_eq!(old.acked().await, "under way");
    assert_eq!(old.next().await, None);
    assert!(*it.connected.borrow());
}

#[tokio::test]
async fn a_dropped_connection_is_dialled_again_through_refusals() {
    let mut it = run(Slack::start().await, quick());
    let link = it.slack.greeted().await;
    it.connected.wait_for(|up| *up).await.expect("running");
    it.slack.replies(StatusCode::INTERNAL_SERVER_ERROR);
    it.slack
        .replies(axum::Json(json!({"ok": false, "error": "internal_error"})));
    it.slack.replies("not json");
    drop(link);
    it.connected.wait_for(|up| !*up).await.expect("running");
    let mut again = it.slack.greeted().await;
    it.connected.wait_for(|up| *up).await.expect("running");
    again.command("1", "").await;
    assert_eq!(again.acked().await, "1");
    assert_eq!(it.slack.calls().len(), 5);
}

#[tokio::test]
async fn a_refusal_for_good_ends_the_run() {
    let slack = Slack::start().await;
    slack.replies(axum::Json(json!({"ok": false, "error": "invalid_auth"})));
    let it = run(slack, quick());
    let Err(SocketFailure::Refused(error)) = ended(it.ended).await else {
        panic!("not refused")
    };
    assert_eq!(error.code(), Some("invalid_auth"));
    drop(it.stop);
}

#[tokio::test]
async fn no_hello_and_no_sign_of_life_are_noticed() {
    let settings = SocketSettings {
        hello_timeout: Duration::from_millis(100),
        ping_every: Duration::from_secs(5),
        dead_after: Duration::from_millis(300),
        ..quick()
    };
    let mut it = run(Slack::start().await, settings);
    let _silent = it.slack.link().await;
    let _once = it.slack.greeted().await;
    let mut alive = it.slack.greeted().await;
    alive.command("1", "").await;
    assert_eq!(alive.acked().await, "1");
}

#[tokio::test]
async fn the_eleventh_connection_is_tried_again_until_there_is_room() {
    let mut it = run(Slack::start().await, quick());
    for _ in 0..3 {
        let mut eleventh = it.slack.link().await;
        let full = json!({"type": "disconnect", "reason": "too_many_websockets"});
        eleventh.send(&full).await;
    }
    let mut link = it.slack.greeted().await;
    link.command("1", "").await;
    assert_eq!(link.acked().await, "1");
}

#[tokio::test]
async fn pings_keep_a_quiet_connection() {
    let settings = SocketSettings {
        ping_every: Duration::from_millis(50),
        dead_after: Duration::from_millis(400),
        ..quick()
    };
    let mut it = run(Slack::start().await, settings);
    let mut link = it.slack.greeted().await;
    let quiet = tokio::time::timeout(Duration::from_millis(1200), link.next_frame()).await;
    assert!(quiet.is_err(), "still open and silent");
    assert!(!it.slack.is_being_dialled());
}

#[tokio::test]
async fn at_the_end_what_was_taken_and_what_still_comes_is_acknowledged() {
    let mut it = run(Slack::start().await, quick());
    let mut link = it.slack.greeted().await;
    link.command("taken", "wait").await;
    link.command("marker", "").await;
    assert_eq!(link.acked().await, "marker");
    it.stop.send(()).expect("running");
    it.connected.wait_for(|up| !*up).await.expect("running");
    tokio::time::sleep(Duration::from_millis(50)).await;
    link.command("late", "").await;
    assert_eq!(link.acked().await, "late");
    it.release.notify_one();
    assert_eq!(link.acked().await, "taken");
    assert_eq!(link.next().await, None);
    assert_eq!(ended(it.ended).await, Ok(()));
}

#[tokio::test]
async fn an_end_does_not_wait_for_ever() {
    let settings = SocketSettings {
        drain: Duration::from_millis(200),
        ..quick()
    };
    let mut it = run(Slack::start().await, settings);
    let mut link = it.slack.greeted().await;
    link.command("stuck", "wait").await;
    link.command("marker", "").await;
    assert_eq!(link.acked().await, "marker");
    it.stop.send(()).expect("running");
    assert_eq!(link.next().await, None);
    assert_eq!(ended(it.ended).await, Ok(()));
}

#[tokio::test]
async fn a_switched_off_socket_mode_is_waited_out() {
    let mut it = run(Slack::start().await, quick());
    let mut link = it.slack.greeted().await;
    link.send(&json!({"type": "disconnect", "reason": "link_disabled"}))
        .await;
    drop(link);
    let mut again = it.slack.greeted().await;
    again.command("1", "").await;
    assert_eq!(again.acked().await, "1");
}

#[tokio::test]
async fn a_socket_over_tls_trusts_the_extra_authority() {
    let mut it = run(Slack::start_with_tls().await, quick());
    let mut link = it.slack.greeted().await;
    link.command("1", "").await;
    assert_eq!(link.acked().await, "1");
    assert_eq!(
        it.slack.calls()[0].headers["authorization"],
        "Bearer xapp-hidden"
    );
}

#[test]
fn pauses_grow_to_a_limit() {
    let client = Client::new(&crate::slack::client::ClientSettings::new(
        secrecy::SecretString::from("x"),
    ))
    .expect("a client");
    let socket = Socket::new(client, obedient(Arc::default()), SocketSettings::default());
    assert_eq!(socket.pause(0), Duration::ZERO);
    for _ in 0..100 {
        assert!(socket.pause(1) <= Duration::from_millis(500));
        assert!(socket.pause(4) <= Duration::from_secs(4));
        assert!(socket.pause(40) <= Duration::from_secs(30));
        assert!(socket.pause(u32::MAX) <= Duration::from_secs(30));
    }
}
