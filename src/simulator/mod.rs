//! A pretend Slack that a bot talks to over real HTTP and WebSocket, for tests and for the demo.
//!
//! Not in here: anything of the bot. The simulator knows nothing of it, and is stricter than Slack:
//! whatever Slack would forgive or merely warn about is kept in [`Simulator::breaches`].
//!
//! What it does not copy of Slack:
//!
//! - Several apps; people's tokens; workspaces that an organisation's installation is not granted; signing in.
//! - Several workspaces over Socket Mode, on the page, and with files: that is for the first one.
//! - Group direct messages, direct messages between people, reactions, search, history, canvases.
//! - Files of people, snippets, multipart uploads, several channels at once, `files.info`; what Slack
//!   does to a file after the upload is done at once, so that its message is there with the answer.
//! - Attachments, unfurling, `markdown_text`, scheduled messages, streaming, link parsing in `text`.
//! - Newer blocks: card, carousel, container, `data_table`, `data_visualization`, plan, video, file.
//! - Marks: `*bold*`, quotes and code stay as written in what a person reads; dates are read in UTC.
//! - Input blocks in messages; what is typed into a view and not sent with an act is not known here.
//! - A Home tab or message that is drawn again while a client is offline; every change is there at once.
//! - The input limits Slack does not publish; the total of a message's text is the observed 12,000.
//! - `ssl_check`, mutual TLS, `x-slack-no-retry`, and `response_urls` of submissions.
//! - Delayed events (the hourly retries), `app_rate_limited`, the limit of one post a second to a
//!   response URL, and messages dropped from display in a burst.
//! - A second app, so that a command's name is never ambiguous.

mod acts;
mod block_elements;
mod block_kit;
mod chat_methods;
mod clock;
mod complaint;
mod deliver;
mod escaping;
mod files;
mod http_sender;
mod info_methods;
mod input_state;
mod misbehaviour;
mod oauth;
mod page;
mod page_clock;
mod page_payload;
mod payloads;
mod rate_limits;
mod render;
mod responses;
mod seen;
mod setup;
mod socket_mode;
#[cfg(test)]
mod tests;
mod verbs;
mod views;
mod web_api;
mod workspace;
mod world;
mod world_changes;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use tokio::task::AbortHandle;

pub use block_kit::{MESSAGE_TEXT_BUDGET, Surface, check_blocks, check_view};
pub use clock::{Pace, STEPPED_START};
pub use complaint::Complaint;
pub use http_sender::sign;
pub use misbehaviour::Misbehaviour;
pub use seen::{ChannelSeen, Control, FileSeen, MessageSeen, ViewSeen};
pub use setup::{DEFAULT_EVENTS, DEFAULT_SCOPES, Setup, Shortcut};
pub use workspace::{Channel, Group, Person, Workspace, user_id};
pub use world::Call;

use world::{Change, World};

/// The bot's user id in every simulated workspace.
pub const BOT_USER_ID: &str = workspace::BOT_USER;

/// What an app needs to talk to this Slack.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `xoxb-…`, for the Web API.
    pub bot_token: String,
    /// `xapp-…`, for `apps.connections.open` only.
    pub app_token: String,
    /// For signatures over HTTP.
    pub signing_secret: String,
    /// The app's id towards OAuth.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// Where a control is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// On a message that everybody in the channel sees.
    Message {
        /// Name or id.
        channel: String,
        /// The message's ts.
        ts: String,
    },
    /// On a message that only this person sees.
    Ephemeral {
        /// Name or id.
        channel: String,
        /// The message's ts.
        ts: String,
    },
    /// In a modal or on the Home tab.
    View {
        /// `V…`.
        id: String,
    },
}

/// What is done to a control.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionValue {
    /// A button is clicked.
    Click,
    /// An option is chosen, by value or label; the only one where several may be.
    Option(String),
    /// Several options are chosen, by value or label.
    Options(Vec<String>),
    /// People are chosen, by name or id.
    Users(Vec<String>),
    /// Channels or conversations are chosen, by name or id.
    Channels(Vec<String>),
    /// Something is typed; also a date (`2026-03-01`) or a time (`09:00`).
    Text(String),
    /// A date and time, in unix seconds.
    Moment(i64),
    /// The fields as Slack would send them: `{"selected_option": {…}}`.
    Raw(Value),
}

/// What came of pressing a modal's submit button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// The modal (or all of them) closed.
    Closed,
    /// The modal shows something else now.
    Updated,
    /// Another modal lies upon it.
    Pushed,
    /// It stays open, with sentences under its inputs, by block id: Slack's own or the app's.
    Errors(BTreeMap<String, String>),
}

struct Inner {
    /// Every workspace, the first one first.
    teams: Mutex<Vec<oauth::Team>>,
    grants: Mutex<oauth::Grants>,
    setup: Setup,
    changes: broadcast::Sender<Change>,
    connected: watch::Sender<bool>,
    base: String,
    credentials: Credentials,
    http: reqwest::Client,
    tasks: Mutex<Vec<AbortHandle>>,
}

/// A running pretend Slack. Cloning it is cheap and gives the same one.
#[derive(Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
    /// The workspace that is asked.
    world: Arc<Mutex<World>>,
}

impl Simulator {
    /// Starts to listen on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// When the port is taken, or no HTTP client can be made.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let (changes, _) = broadcast::channel(256);
        let secret = rand::random::<u128>();
        let team = setup.workspace.id.clone();
        let world = World::new(setup.clone(), changes.clone());
        let world = Arc::new(Mutex::new(world));
        let simulator = Self {
            world: Arc::clone(&world),
            inner: Arc::new(Inner {
                teams: Mutex::new(vec![(team, world)]),
                grants: Mutex::default(),
                setup,
                changes,
                connected: watch::Sender::new(false),
                base,
                credentials: Credentials {
                    bot_token: format!("xoxb-simulated-{:016x}", rand::random::<u64>()),
                    app_token: format!("xapp-1-A0APP-simulated-{:016x}", rand::random::<u64>()),
                    signing_secret: format!("{secret:032x}"),
                    client_id: "3336676569.7777777".to_owned(),
                    client_secret: format!("{:032x}", rand::random::<u128>()),
                },
                http: client()?,
                tasks: Mutex::new(Vec::new()),
            }),
        };
        let router = simulator.router();
        simulator.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!("the simulator stopped listening: {error}");
            }
        });
        let ticking = simulator.clone();
        simulator.spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_millis(200));
            loop {
                tick.tick().await;
                ticking.retry_events().await;
            }
        });
        Ok(simulator)
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/api/{method}", any(web_api::call))
            .route("/link/", get(socket_mode::link))
            .route("/commands/{team}/{n}/{secret}", post(responses::respond))
            .route("/actions/{team}/{n}/{secret}", post(responses::respond))
            .route(
                "/upload/v1/{secret}",
                post(files::upload).layer(DefaultBodyLimit::max(2 * files::LARGEST)),
            )
            .route("/oauth/v2/authorize", get(oauth::authorize))
            .merge(page::routes())
            .with_state(self.clone())
    }

    /// Ends the server and lets go of all connections. Dropping the value does not.
    pub fn stop(&self) {
        let tasks = self
            .inner
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        tasks.iter().for_each(AbortHandle::abort);
        drop(tasks);
        self.drop_sockets();
    }

    /// The base of Web API methods: `http://127.0.0.1:PORT/api`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api", self.inner.base)
    }

    /// Where the web page is.
    #[must_use]
    pub fn page_url(&self) -> String {
        format!("{}/", self.inner.base)
    }

    /// The tokens and the signing secret; made anew for each simulator.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.inner.credentials.clone()
    }

    /// Everything secret that was handed out so far and belongs into no log: tokens, the signing secret, triggers, response URLs, and
    /// tickets of sockets.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let Credentials {
            bot_token,
            app_token,
            signing_secret,
            client_secret,
            ..
        } = self.credentials();
        let mut secrets = vec![bot_token, app_token, signing_secret, client_secret];
        secrets.extend(self.grants().secrets());
        let world = self.world();
        secrets.extend(world.triggers.keys().cloned());
        secrets.extend(world.response_urls.keys().cloned());
        secrets.extend(world.tickets.iter().cloned());
        secrets
    }

    /// From now on payloads go, signed, to this URL instead of over Socket Mode.
    pub fn deliver_over_http(&self, request_url: &str) {
        self.deliver_by(Some(request_url), None);
    }

    /// From now on payloads go over Socket Mode again.
    pub fn deliver_over_sockets(&self) {
        self.deliver_by(None, None);
    }

    /// From now on payloads go over a socket and, signed, to this URL in turn, and all to the URL while there is no live socket. Whatever is
    /// delivered again has its turn anew. Slack goes the one way or the other: this is what a move from one to the other looks like
    /// from the app, and it goes on for as long as a test likes.
    pub fn deliver_over_both(&self, request_url: &str) {
        self.deliver_by(Some(request_url), Some(true));
    }

    fn deliver_by(&self, request_url: Option<&str>, socket_is_next: Option<bool>) {
        {
            let mut world = self.world();
            world.request_url = request_url.map(str::to_owned);
            world.socket_is_next = socket_is_next;
        }
        self.note_connection();
        self.world().state_changed();
    }

    /// Signs HTTP deliveries as of this unix second, for tests of stale requests; none: by its own clock.
    pub fn sign_as_of(&self, unix_seconds: Option<i64>) {
        self.world().signed_at = unix_seconds;
    }

    /// Resolves once an app holds a live socket, or deliveries over HTTP are set.
    pub async fn connected(&self) {
        let mut connected = self.inner.connected.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = connected.wait_for(|is| *is).await;
    }

    /// Resolves once no app is connected any more.
    pub async fn disconnected(&self) {
        let mut connected = self.inner.connected.subscribe();
        // As above.
        let _ = connected.wait_for(|is| !*is).await;
    }

    /// Moves the simulator's clock on.
    pub fn advance(&self, by: Duration) {
        let mut world = self.world();
        world.clock.advance(by);
        world.state_changed();
    }

    /// How far a live clock is ahead of the system's at each moment: people can move it on the page. An
    /// app that runs beside it and counts days has to go with it.
    #[must_use]
    pub fn ahead(&self) -> watch::Receiver<Duration> {
        self.world().clock.ahead()
    }

    /// The simulator's clock, in milliseconds since the epoch.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        self.world().clock.now() / 1000
    }

    /// Every Web API call and response-URL post so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.clone()
    }

    /// What the app did that Slack forbids or a careful app avoids: late or missing acks, broken
    /// limits, unknown methods and arguments, scopes not granted. A test fails when there are any.
    #[must_use]
    pub fn breaches(&self) -> Vec<String> {
        self.world().breaches.clone()
    }

    /// Forgets the breaches so far and returns them: for tests that provoke some.
    pub fn take_breaches(&self) -> Vec<String> {
        std::mem::take(&mut self.world().breaches)
    }

    /// Misbehaves from now on, or at once.
    pub fn misbehave(&self, what: Misbehaviour) {
        match what {
            Misbehaviour::DropSockets => self.drop_sockets(),
            Misbehaviour::RefreshSockets => self.refresh_sockets(),
            Misbehaviour::SendHeld { reversed } => self.send_held(reversed),
            other => self.world().misdeeds.note(other),
        }
        self.world().state_changed();
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A poisoned world is still the best account of what happened.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn base(&self) -> &str {
        &self.inner.base
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    pub(crate) fn note_connection(&self) {
        let is = self.world().is_connected();
        self.inner.connected.send_replace(is);
    }

    /// Runs a task that ends with [`stop`](Self::stop).
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        #[expect(clippy::disallowed_methods, reason = "aborted by `stop`")]
        let handle = tokio::spawn(task).abort_handle();
        self.inner
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(handle);
    }
}

/// A client for request URLs. It is given a TLS setup of its own, since none is installed for the
/// process at this point.
fn client() -> io::Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .no_proxy()
        // An app that was restarted must not meet a connection of its former life.
        .pool_max_idle_per_host(0)
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::limited(2))
        .build()
        .map_err(io::Error::other)
}
