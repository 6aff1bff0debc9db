//! Slack's requests over HTTP: checked, read, handed on, answered. Listening and TLS are not in here.

pub mod listen;

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::inbound::{self, Inbound, Unreadable};
use super::signature::{self, NotSigned};
use super::{Ack, Received, Receiver, ask};
use crate::telemetry::figures::{self, OfSlack, Outcome, Reason};
use secrecy::SecretString;

/// The clock: unix seconds.
pub type UnixSeconds = Arc<dyn Fn() -> i64 + Send + Sync>;

const SIGNATURE: &str = "x-slack-signature";
const TIMESTAMP: &str = "x-slack-request-timestamp";
const RETRY: &str = "x-slack-retry-num";
/// How much of a body without a signature is read, in bytes: Slack's check of our certificate is one, and small.
const UNSIGNED: usize = 4096;
/// Slack's clicks have some eleven kilobytes.
const PIECE: usize = 16 * 1024;
/// How many pieces are kept for the bodies to come: those of so many clicks at once, and a MiB.
const SPARE: usize = 64;
/// How often requests without a signature are worth a warning, in seconds.
const WARNS_EVERY: u64 = 10;
/// On an error it tells Slack not to send the event again (<https://docs.slack.dev/apis/events-api>).
const NO_RETRY: HeaderName = HeaderName::from_static("x-slack-no-retry");

/// How requests are taken.
#[derive(Clone)]
pub struct HttpSettings {
    /// The app's signing secret.
    pub signing_secret: SecretString,
    /// What time it is.
    pub clock: UnixSeconds,
    /// How much of all bodies together is kept while they arrive, in bytes; what comes on top of it is answered with 503.
    pub bodies_limit: usize,
    /// The largest body, in bytes; more is answered with 413. A view has at most 250 kB
    /// (<https://docs.slack.dev/reference/methods/views.update>), and escaping may triple that.
    pub body_limit: usize,
    /// How long a body may take to arrive; longer is answered with 408.
    pub read_timeout: Duration,
    /// Where the receiver runs, so that nothing is broken off half-way when Slack hangs up after its three seconds. At the
    /// end: stop serving, close it, and wait for it.
    pub tasks: TaskTracker,
    /// Where it is counted.
    pub figures: OfSlack,
}

impl HttpSettings {
    /// One MiB, and two seconds of Slack's three.
    #[must_use]
    pub fn new(signing_secret: SecretString, clock: UnixSeconds) -> Self {
        Self {
            signing_secret,
            clock,
            bodies_limit: 64 << 20,
            body_limit: 1 << 20,
            read_timeout: Duration::from_secs(2),
            tasks: TaskTracker::new(),
            figures: OfSlack::default(),
        }
    }
}

impl std::fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpSettings")
            .field("body_limit", &self.body_limit)
            .field("read_timeout", &self.read_timeout)
            .finish_non_exhaustive()
    }
}

/// Whether all is well, and the sentences that say it.
pub type Ready = Arc<dyn Fn() -> (bool, String) + Send + Sync>;

/// `GET /healthz`, always 200; `GET /readyz`, 200 while `ready` says so and else 503, with its sentences; and `GET /metrics`, in the form
/// that Prometheus reads.
pub fn health(ready: Ready, metrics: Arc<dyn Fn() -> String + Send + Sync>) -> Router {
    let ready = move || async move {
        let (ready, said) = ready();
        let status = if ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, said)
    };
    let metrics = move || async move { ([(CONTENT_TYPE, figures::CONTENT_TYPE)], metrics()) };
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// `POST /slack/events`, for everything Slack sends: events, commands, interactions and menus.
pub fn events(settings: HttpSettings, receiver: Receiver) -> Router {
    let room = Semaphore::new(settings.bodies_limit);
    let door = Door {
        settings,
        receiver,
        room,
        spare: Mutex::default(),
        warned_at: AtomicI64::new(i64::MIN),
    };
    Router::new()
        .route("/slack/events", post(take))
        .with_state(Arc::new(door))
}

struct Door {
    settings: HttpSettings,
    receiver: Receiver,
    /// As many bytes as bodies may still take.
    room: Semaphore,
    /// Pieces that held other bodies before.
    spare: Mutex<Vec<Vec<u8>>>,
    /// When a request without a signature was last worth a warning, in unix seconds.
    warned_at: AtomicI64,
}

/// A body on its way in, which gives its room back when it is done with. It is taken in pieces of one size, each of which is of use for another
/// body afterwards: buffers that grow leave holes, and many of them took three times what they held.
struct Arriving<'a> {
    pieces: Vec<Vec<u8>>,
    door: &'a Door,
    taken: usize,
}

impl Arriving<'_> {
    fn add(&mut self, mut chunk: &[u8]) -> Result<(), NotTaken> {
        let size = u32::try_from(chunk.len()).map_err(|_| NotTaken::TooLarge)?;
        let room = self.door.room.try_acquire_many(size);
        room.map_err(|_| NotTaken::TooMuch)?.forget();
        self.taken += chunk.len();
        while !chunk.is_empty() {
            match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
                Some(piece) => {
                    let fits = chunk.len().min(PIECE - piece.len());
                    piece.extend_from_slice(&chunk[..fits]);
                    chunk = &chunk[fits..];
                }
                None => self.pieces.push(self.door.piece()),
            }
        }
        Ok(())
    }

    /// All of it, which is in one piece nearly always.
    fn whole(&mut self) -> &mut [u8] {
        if self.pieces.len() > 1 {
            let whole = self.pieces.concat();
            self.pieces = vec![whole];
        }
        self.pieces.first_mut().map_or(&mut [], Vec::as_mut_slice)
    }
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        self.door.room.add_permits(self.taken);
        self.door.keep(std::mem::take(&mut self.pieces));
    }
}

/// What was begun for a request. Slack hangs up after three seconds: then it goes on as a task of its own.
struct Finishing {
    work: Option<BoxFuture<'static, Ack>>,
    tasks: TaskTracker,
}

impl Future for Finishing {
    type Output = Ack;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ack> {
        let Some(work) = &mut self.work else {
            return Poll::Pending;
        };
        let ack = ready!(work.poll_unpin(context));
        self.work = None;
        Poll::Ready(ack)
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        if let Some(work) = self.work.take()
            && let Ok(runtime) = Handle::try_current()
        {
            drop(self.tasks.spawn_on(work, &runtime));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    UrlEncoded,
    Json,
}

async fn take(State(door): State<Arc<Door>>, request: Request) -> Response {
    match door.answer(request).await {
        Ok(response) => response,
        Err(refused) => {
            door.settings.figures.turned_away(refused.reason());
            if let NotTaken::NotSigned(why) = &refused {
                door.notes_unsigned(*why);
            }
            refused.into_response()
        }
    }
}

/// A request that is not taken. Only a status goes back: whoever forges a request learns nothing more.
enum NotTaken {
    TooLarge,
    TooMuch,
    TooSlow,
    Broken,
    UnknownForm,
    NotSigned(NotSigned),
    Unreadable(Unreadable),
}

impl NotTaken {
    fn reason(&self) -> Reason {
        match self {
            Self::TooLarge => Reason::too_large,
            Self::TooMuch => Reason::too_much,
            Self::TooSlow => Reason::too_slow,
            Self::Broken => Reason::broken,
            Self::UnknownForm => Reason::unknown_form,
            Self::NotSigned(_) => Reason::not_signed,
            Self::Unreadable(_) => Reason::unreadable,
        }
    }
}

impl From<Unreadable> for NotTaken {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

impl IntoResponse for NotTaken {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Self::TooMuch => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
            Self::Broken => StatusCode::BAD_REQUEST.into_response(),
            Self::UnknownForm => StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            Self::NotSigned(_) => StatusCode::UNAUTHORIZED.into_response(),
            Self::Unreadable(why) => {
                tracing::warn!(%why, "a signed request could not be read");
                // It would be no more readable a minute later.
                (StatusCode::BAD_REQUEST, [(NO_RETRY, "1")]).into_response()
            }
        }
    }
}

impl Door {
    /// A piece for a body, of which nothing is left that was in it before.
    fn piece(&self) -> Vec<u8> {
        let spare = self.spare().pop();
        spare.unwrap_or_else(|| Vec::with_capacity(PIECE))
    }

    /// Takes pieces back, for other bodies.
    fn keep(&self, pieces: Vec<Vec<u8>>) {
        let mut spare = self.spare();
        for mut piece in pieces {
            if piece.capacity() == PIECE && spare.len() < SPARE {
                piece.clear();
                spare.push(piece);
            }
        }
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs a request that Slack did not sign: a flood of them is a line now and then, and a figure.
    fn notes_unsigned(&self, why: NotSigned) {
        let now = (self.settings.clock)();
        let last = self.warned_at.load(Ordering::Relaxed);
        let due = now.abs_diff(last) >= WARNS_EVERY;
        let order = Ordering::Relaxed;
        if due
            && (self.warned_at)
                .compare_exchange(last, now, order, order)
                .is_ok()
        {
            tracing::warn!(%why, "a request without Slack's signature was refused");
        } else {
            tracing::debug!(%why, "another request without Slack's signature was refused");
        }
    }

    async fn answer(&self, request: Request) -> Result<Response, NotTaken> {
        let (parts, body) = request.into_parts();
        let form = form(&parts.headers).ok_or(NotTaken::UnknownForm)?;
        let (at, signed) = (
            only(&parts.headers, TIMESTAMP),
            only(&parts.headers, SIGNATURE),
        );
        // What cannot be Slack's is told by its head: its body is not waited for.
        let limit = match signature::may_be(at, signed, (self.settings.clock)()) {
            Ok(()) => self.settings.body_limit,
            Err(NotSigned::Missing) if form == Form::UrlEncoded => UNSIGNED,
            Err(why) => return Err(NotTaken::NotSigned(why)),
        };
        let mut arrived = self.read(&parts.headers, body, limit).await?;
        let body = arrived.whole();

        // Slack does not sign this one, so it may do nothing at all.
        if form == Form::UrlEncoded && is_ssl_check(body) {
            return Ok(StatusCode::OK.into_response());
        }
        signature::verify(
            &self.settings.signing_secret,
            at,
            signed,
            body,
            (self.settings.clock)(),
        )
        .map_err(NotTaken::NotSigned)?;

        let inbound = match form {
            Form::UrlEncoded => inbound::read_command_form(body)?,
            Form::Json => inbound::read_event(body)?,
        };
        drop(arrived);
        let retry = only(&parts.headers, RETRY).and_then(|number| number.parse().ok());
        let taken_here = matches!(
            inbound,
            Inbound::SslCheck | Inbound::UrlVerification { .. } | Inbound::Ignored { .. }
        );
        if taken_here {
            let figures = &self.settings.figures;
            figures.delivered(inbound.sort(), Outcome::done);
        }
        Ok(match inbound {
            Inbound::SslCheck => StatusCode::OK.into_response(),
            Inbound::UrlVerification { challenge } => challenge.into_response(),
            Inbound::Ignored { kind } => {
                tracing::debug!(kind, "not of use, acknowledged");
                StatusCode::OK.into_response()
            }
            inbound => match self.hand_on(Received { inbound, retry }).await {
                Ack::Empty => StatusCode::OK.into_response(),
                Ack::Json(json) => axum::Json(json).into_response(),
                Ack::Failed => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
        })
    }

    fn hand_on(&self, delivery: Received) -> Finishing {
        let receiver = self.receiver.clone();
        let figures = self.settings.figures.clone();
        let work = async move { ask(&receiver, delivery, &figures).await };
        Finishing {
            work: Some(Box::pin(work)),
            tasks: self.settings.tasks.clone(),
        }
    }

    /// The whole body, as long as it is small and comes in time, whatever its length header says.
    async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        limit: usize,
    ) -> Result<Arriving<'_>, NotTaken> {
        let announced = only(headers, CONTENT_LENGTH.as_str());
        if announced.is_some_and(|length| {
            length
                .parse()
                .is_ok_and(|length: u64| length > limit as u64)
        }) {
            return Err(NotTaken::TooLarge);
        }
        let collect = async {
            let mut stream = body.into_data_stream();
            let mut arriving = Arriving {
                pieces: Vec::new(),
                door: self,
                taken: 0,
            };
            while let Some(chunk) = stream.next().await {
                let chunk = chunk.map_err(|_| NotTaken::Broken)?;
                if arriving.taken + chunk.len() > limit {
                    return Err(NotTaken::TooLarge);
                }
                arriving.add(&chunk)?;
            }
            Ok(arriving)
        };
        tokio::time::timeout(self.settings.read_timeout, collect)
            .await
            .map_err(|_| NotTaken::TooSlow)?
    }
}

/// A header's value, if it is there exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn form(headers: &HeaderMap) -> Option<Form> {
    let value = only(headers, CONTENT_TYPE.as_str())?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Some(Form::UrlEncoded)
    } else if essence.eq_ignore_ascii_case("application/json") {
        Some(Form::Json)
    } else {
        None
    }
}

/// Whether Slack only looks whether we are there. Public for the fuzz targets alone.
#[doc(hidden)]
#[must_use]
pub fn is_ssl_check(form: &[u8]) -> bool {
    // Nearly everything that comes is a click, and long: it is not decoded for this.
    if form.starts_with(b"payload=") {
        return false;
    }
    let mut is_check = false;
    for (key, value) in form_urlencoded::parse(form) {
        match key.as_ref() {
            "ssl_check" => is_check = value == "1",
            // Something with content is no mere check, and must be signed.
            "command" | "payload" => return false,
            _ => {}
        }
    }
    is_check
}

#[cfg(test)]
mod tests;
