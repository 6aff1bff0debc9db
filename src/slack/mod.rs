//! The edge to Slack: connections in, calls out. What a command or a click *means* is not in here.
//!
//! | module | what |
//! |---|---|
//! | [`inbound`] | what Slack sent, read into small structs |
//! | [`http`], [`socket`] | the two ways it arrives; both end in a [`Receiver`] |
//! | [`signature`] | whether a request is Slack's |
//! | [`client`], [`connector`] | calls to the Web API, and the one HTTP client below them |
//! | [`clients`], [`oauth`] | the client for each workspace, and where its token comes from |
//! | [`installing`] | the addresses through which people install the app |
//! | [`screens`] | what people see, drawn from scenes |
//! | [`charts`] | the same as pictures |
//! | [`exports`] | loops as files |
//! | [`home`] | draws Home tabs, and keeps them true for a while |
//! | [`seen`] | what Slack tells of people and channels |

pub mod action;
pub mod answer;
pub mod blocks;
pub mod charts;
pub mod client;
pub mod clients;
pub mod command;
pub mod connector;
pub mod exports;
pub mod home;
pub mod http;
pub mod inbound;
pub mod inquiries;
pub mod installing;
pub mod oauth;
pub mod pictures;
pub mod screens;
pub mod seen;
pub mod signature;
pub mod socket;
pub mod text;
pub mod tls;
pub mod understand;

#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use tracing::Instrument;

use self::inbound::Inbound;
use crate::crash;
use crate::telemetry::figures::{OfSlack, Outcome};
use crate::telemetry::trace;

/// One thing Slack sent, as either transport hands it on.
#[derive(Debug)]
pub struct Received {
    /// What it was.
    pub inbound: Inbound,
    /// Which repetition this is, 1 for the first; `None` when it is no repetition, or Slack did not say.
    pub retry: Option<u32>,
}

/// What to tell Slack about something received, within three seconds of its arrival
/// (<https://docs.slack.dev/interactivity/handling-user-interaction>).
#[derive(Debug, Clone, PartialEq)]
pub enum Ack {
    /// "Got it", with nothing to show. Closes the modal of a submission.
    Empty,
    /// "Got it", with a message, a `response_action` or a list of options.
    Json(serde_json::Value),
    /// "Not got": over HTTP a 500, over the socket no answer. Slack sends events again, and tells the person who clicked.
    Failed,
}

/// Whoever takes what was received. A transport acknowledges only after the returned future resolves, so what it has
/// written by then is safe.
pub type Receiver = Arc<dyn Fn(Received) -> BoxFuture<'static, Ack> + Send + Sync>;

/// Asks the receiver, and takes a panic in it for [`Ack::Failed`]. All that comes of it has the delivery's name in the log.
async fn ask(receiver: &Receiver, delivery: Received, figures: &OfSlack) -> Ack {
    let key = delivery.inbound.delivery_key();
    let span = trace::delivery(key.as_deref(), delivery.inbound.kind());
    let began = Instant::now();
    crash::at("delivery.read");
    let ack = asked(receiver, delivery, figures)
        .instrument(span.clone())
        .await;
    crash::at("delivery.answered");
    figures.acknowledged(began.elapsed());
    tracing::debug!(parent: &span, micros = began.elapsed().as_micros(), "acknowledged");
    ack
}

async fn asked(receiver: &Receiver, delivery: Received, figures: &OfSlack) -> Ack {
    let (kind, sort) = (delivery.inbound.kind().to_owned(), delivery.inbound.sort());
    // The receiver is shared by design and owns its own consistency; nothing of ours is touched after a panic.
    match AssertUnwindSafe(async { receiver(delivery).await })
        .catch_unwind()
        .await
    {
        Ok(ack) => ack,
        Err(_panic) => {
            tracing::error!(kind, "a receiver panicked; not acknowledged");
            figures.delivered(sort, Outcome::failed);
            Ack::Failed
        }
    }
}
