//! How a payload gets to the app, over whichever transport is in use, and what its ack was.
//!
//! Not in here: what payloads say (`payloads`) and what becomes of the answer (`verbs`).

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::clock::SECOND;
use super::world::{Delivered, OwedEvent, Pending, SocketOrder, World};
use super::{Complaint, Simulator};

/// How long an app has for its ack, in real time.
pub(crate) const ACK_WITHIN: Duration = Duration::from_secs(3);

/// What is delivered; decides the envelope's type and the form over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Command,
    /// `answered`: whether the ack may say something (submissions and suggestions).
    Interactive {
        answered: bool,
    },
    Event,
}

impl Kind {
    pub(crate) fn envelope_type(self) -> &'static str {
        match self {
            Self::Command => "slash_commands",
            Self::Interactive { .. } => "interactive",
            Self::Event => "events_api",
        }
    }

    pub(crate) fn accepts_payload(self) -> bool {
        matches!(self, Self::Command | Self::Interactive { answered: true })
    }
}

/// The number and reason of a repeated event.
#[derive(Clone, Debug)]
pub(crate) struct Retry {
    pub attempt: u8,
    pub reason: String,
}

impl Simulator {
    /// Delivers a payload (twice when misbehaving so) and returns the first ack's payload.
    pub(crate) async fn deliver(
        &self,
        kind: Kind,
        payload: Value,
    ) -> Result<Option<Value>, Complaint> {
        let (twice, held) = {
            let mut world = self.world();
            world.last_delivered = Some(Delivered {
                kind,
                payload: payload.clone(),
            });
            (world.misdeeds.duplicate, world.misdeeds.hold())
        };
        let _turn = match held {
            // It errs when all is let go at once.
            Some(held) => held.await.ok(),
            None => None,
        };
        if twice {
            let (first, second) = tokio::join!(
                self.once(kind, &payload, None),
                self.once(kind, &payload, None)
            );
            first.or(second)
        } else {
            self.once(kind, &payload, None).await
        }
    }

    /// Resolves once so many deliveries are held.
    pub async fn holds(&self, count: usize) {
        let mut holding = self.world().misdeeds.holding.subscribe();
        // It errs when all is let go at once.
        let _ = holding.wait_for(|held| *held >= count).await;
    }

    /// Sends what is held, each when the one before it was acknowledged.
    pub(crate) fn send_held(&self, reversed: bool) {
        let mut held = self.world().misdeeds.let_go();
        if reversed {
            held.reverse();
        }
        self.spawn(async move {
            for let_go in held {
                let (turn, over) = oneshot::channel();
                if let_go.send(turn).is_ok() {
                    // It errs when the turn is dropped, which is its end.
                    let _ = over.await;
                }
            }
        });
    }

    /// Delivers an event; what is not acknowledged is tried again at once, after a minute, and after
    /// five, as Slack does.
    pub(crate) async fn deliver_event(&self, payload: Value) {
        if let Err(complaint) = self.deliver(Kind::Event, payload.clone()).await {
            let mut world = self.world();
            let due = world.clock.now();
            let reason = complaint.retry_reason().to_owned();
            world.owed_events.push_back(OwedEvent {
                due,
                payload,
                attempt: 1,
                reason,
            });
        }
    }

    /// Sends the events that are due again. Called by a ticker.
    pub(crate) async fn retry_events(&self) {
        loop {
            let owed = {
                let mut world = self.world();
                let now = world.clock.now();
                if !world.is_connected() {
                    return;
                }
                let Some(at) = world.owed_events.iter().position(|o| o.due <= now) else {
                    return;
                };
                world.owed_events.remove(at)
            };
            let Some(owed) = owed else { return };
            let retry = Retry {
                attempt: owed.attempt,
                reason: owed.reason.clone(),
            };
            if let Err(complaint) = self.once(Kind::Event, &owed.payload, Some(retry)).await
                && owed.attempt < 3
            {
                let mut world = self.world();
                let wait = if owed.attempt == 1 { 60 } else { 300 };
                let due = world.clock.now() + wait * SECOND;
                let reason = complaint.retry_reason().to_owned();
                world.owed_events.push_back(OwedEvent {
                    due,
                    attempt: owed.attempt + 1,
                    reason,
                    ..owed
                });
            }
        }
    }

    /// Delivers once, by whichever way is in use or next.
    pub(crate) async fn once(
        &self,
        kind: Kind,
        payload: &Value,
        retry: Option<Retry>,
    ) -> Result<Option<Value>, Complaint> {
        let request_url = self.world().next_url();
        match request_url {
            Some(url) => self.send_over_http(&url, kind, payload, retry).await,
            None => self.send_over_socket(kind, payload, retry).await,
        }
    }

    async fn send_over_socket(
        &self,
        kind: Kind,
        payload: &Value,
        retry: Option<Retry>,
    ) -> Result<Option<Value>, Complaint> {
        let (tx, rx) = oneshot::channel();
        let what = name_of(kind, payload);
        let envelope_id = {
            let r = rand::random::<u128>();
            format!(
                "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                r >> 96,
                (r >> 80) & 0xffff,
                (r >> 68) & 0xfff,
                (r >> 56) & 0xfff,
                r & 0xffff_ffff_ffff
            )
        };
        let mut envelope = json!({
            "envelope_id": envelope_id,
            "type": kind.envelope_type(),
            "payload": payload,
            "accepts_response_payload": kind.accepts_payload(),
        });
        if kind == Kind::Event {
            envelope["retry_attempt"] = json!(retry.as_ref().map_or(0, |r| r.attempt));
            envelope["retry_reason"] = json!(retry.map_or(String::new(), |r| r.reason));
        }
        {
            let mut world = self.world();
            let Some(socket) = world.next_socket() else {
                return Err(Complaint::NotConnected);
            };
            let id = socket.id;
            if socket
                .orders
                .send(SocketOrder::Send(envelope.to_string()))
                .is_err()
            {
                return Err(Complaint::ConnectionLost);
            }
            world.pending.insert(
                envelope_id.clone(),
                Pending {
                    answer: Some(tx),
                    socket: id,
                    sent: Instant::now(),
                    what: what.clone(),
                    accepts_payload: kind.accepts_payload(),
                },
            );
        }
        match tokio::time::timeout(ACK_WITHIN, rx).await {
            Ok(Ok(answer)) => Ok(answer),
            // The socket closed: nobody will answer on it any more.
            Ok(Err(_)) => Err(Complaint::ConnectionLost),
            Err(_) => {
                let mut world = self.world();
                if let Some(pending) = world.pending.get_mut(&envelope_id) {
                    pending.answer = None;
                }
                world.breach(format!("no ack within 3 s: {what}"));
                Err(Complaint::OperationTimeout)
            }
        }
    }

    /// Takes an ack that came in on a socket.
    pub(crate) fn acknowledged(&self, socket: u64, ack: &Value) {
        let mut world = self.world();
        let Some(id) = ack["envelope_id"].as_str() else {
            world.breach(format!("a frame without envelope_id: {ack}"));
            return;
        };
        let Some(pending) = world.pending.remove(id) else {
            world.breach(format!("ack of an unknown envelope: {id}"));
            return;
        };
        if pending.socket != socket {
            world.breach(format!("ack on another connection: {}", pending.what));
        }
        let payload = ack.get("payload").filter(|p| !p.is_null()).cloned();
        if payload.is_some() && !pending.accepts_payload {
            world.breach(format!(
                "ack with a payload where none is accepted: {}",
                pending.what
            ));
        }
        match pending.answer {
            // The receiver may have given up in this very moment.
            Some(answer) => drop(answer.send(payload)),
            None => {
                let took = pending.sent.elapsed().as_millis();
                world.breach(format!("late ack after {took} ms: {}", pending.what));
            }
        }
    }
}

impl World {
    /// The URL that the next delivery goes to; none: it goes over a socket.
    fn next_url(&mut self) -> Option<String> {
        let has_socket = self.has_socket();
        if let Some(next) = &mut self.socket_is_next {
            let is_next = std::mem::replace(next, !*next);
            if is_next && has_socket {
                return None;
            }
        }
        self.request_url.clone()
    }
}

/// What a payload is called in a breach.
pub(crate) fn name_of(kind: Kind, payload: &Value) -> String {
    match kind {
        Kind::Command => format!("{} {}", text(&payload["command"]), text(&payload["text"])),
        Kind::Event => format!("event {}", text(&payload["event"]["type"])),
        Kind::Interactive { .. } => {
            let kind = text(&payload["type"]);
            let action = text(&payload["actions"][0]["action_id"]);
            let callback = text(&payload["view"]["callback_id"]);
            format!("{kind} {action}{callback}")
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
