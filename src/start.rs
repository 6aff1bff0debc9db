//! Puts the rooms together and opens the doors: `run` with Slack, `demo` with a pretend Slack. What the rooms do is in the rooms.

mod health;

pub use health::health;

use crate::app::{App, CannotBegin, told};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::control;
use crate::domain::ids::UserId;
use crate::manifest;
use crate::outbox::{Outbox, Owed};
use crate::simulator::{Pace, Setup, Shortcut, Simulator, Workspace};
use crate::slack::answer::Desk;
use crate::slack::client::{Client, ClientSettings};
use crate::slack::http::{self, HttpSettings};
use crate::slack::inquiries;
use crate::slack::socket::{Socket, SocketSettings};
use crate::store::Store;
use crate::store::sled::SledStore;
use secrecy::SecretString;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What somebody asked of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoOptions {
    /// Signed HTTP instead of Socket Mode.
    pub http: bool,
    /// A folder that keeps what is done in the demo; `None`: a temporary one.
    pub data: Option<PathBuf>,
    /// The page's port on loopback, 0 for any free one; `None`: [`DEMO_PORT`], or any free one where that is taken.
    pub port: Option<u16>,
}

/// Why the program does not start, or why it stopped.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// A kit cannot be used.
    #[error("the interview kits cannot be used:\n{0}")]
    Kits(crate::kits::Problems),
    /// The store cannot be opened, or broke.
    #[error("the store failed")]
    Store(#[from] crate::store::StoreFault),
    /// The application could not begin, or a part of it ended.
    #[error("{part} ended")]
    Ended {
        /// Which part.
        part: &'static str,
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The client towards Slack cannot be built.
    #[error("Slack cannot be reached with this configuration")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Slack does not know the bot token.
    #[error("Slack refuses SLACK_BOT_TOKEN ({code}); install the app again and copy its token")]
    Token {
        /// Slack's word for it.
        code: String,
    },
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A temporary folder, or something else of the system.
    #[error("the demo cannot start; where a port is taken, --port 0 finds a free one")]
    Demo(#[source] std::io::Error),
    /// Nobody answers where `run` should listen.
    #[error(
        "nobody answers at {address}; is `interview-assistant run` up, with the same INTERVIEW_LISTEN?"
    )]
    Unreachable {
        /// Where we asked.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// It answers, but it is not well.
    #[error("{address} answers, but not with 200: {line}")]
    Unhealthy {
        /// Where we asked.
        address: SocketAddr,
        /// The first line of the answer.
        line: String,
    },
}

/// Where the demo's page is, unless somebody else is there.
pub const DEMO_PORT: u16 = 4000;
/// How long a stop waits for what was taken.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How often what is older than two days is forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// The bot, running.
pub struct Bot {
    app: App,
    owed: Owed,
    address: SocketAddr,
    store: Arc<SledStore>,
    stop: CancellationToken,
    parts: JoinSet<Result<(), StartFault>>,
}

impl Bot {
    /// Opens the store, brings in the kits, and connects to Slack.
    ///
    /// # Errors
    /// If anything of it cannot be done. Nothing has been taken by then.
    pub async fn start(config: &Config, clock: Clock) -> Result<Self, StartFault> {
        crate::slack::tls::install();
        let client = client_of(config)?;
        let listener =
            TcpListener::bind(config.listen)
                .await
                .map_err(|source| StartFault::Listen {
                    address: config.listen,
                    source,
                })?;
        let address = listener.local_addr().map_err(|source| StartFault::Listen {
            address: config.listen,
            source,
        })?;
        let folder = config.data.clone();
        let store = tokio::task::spawn_blocking(move || SledStore::open(&folder))
            .await
            .map_err(|error| ended("opening the store", error))??;
        let store = Arc::new(store);
        let administrators = config
            .admins
            .iter()
            .map(|id| UserId::from(id.as_str()))
            .collect();
        let app = App::start(
            Arc::clone(&store) as Arc<dyn Store>,
            clock,
            config.kits.clone(),
            administrators,
        )
        .await
        .map_err(|why| match why {
            CannotBegin::Kits(problems) => StartFault::Kits(problems),
            CannotBegin::Fault(fault) => ended("the application", fault),
        })?;
        know_us(&client).await?;
        let desk = Desk::new(app.clone(), client.clone());
        let mut outbox = Outbox::new(app.clone(), client.clone());
        outbox
            .take_up()
            .await
            .map_err(|fault| ended("the outbox", fault))?;
        let mut bot = Self {
            owed: outbox.owed(),
            app,
            address,
            store,
            stop: CancellationToken::new(),
            parts: JoinSet::new(),
        };
        bot.connect(config, listener, client, &desk, outbox);
        Ok(bot)
    }

    /// Starts every part; each runs until the bot stops.
    fn connect(
        &mut self,
        config: &Config,
        listener: TcpListener,
        client: Client,
        desk: &Desk,
        outbox: Outbox,
    ) {
        let receiver = desk.receiver();
        let mut connected = None;
        if config.app_token.is_some() {
            let socket = Socket::new(
                client.clone(),
                Arc::clone(&receiver),
                SocketSettings::default(),
            );
            connected = Some(socket.connected());
            let stopped = self.stop.clone();
            self.parts.spawn(async move {
                let ran = socket.run(stopped.clone().cancelled_owned()).await;
                match ran {
                    Ok(()) if stopped.is_cancelled() => Ok(()),
                    Ok(()) => Err(StartFault::Ended {
                        part: "the connection to Slack",
                        source: None,
                    }),
                    Err(failure) => Err(ended("the connection to Slack", failure)),
                }
            });
        }
        let ready = Arc::new(move || {
            connected
                .as_ref()
                .is_none_or(|connected| *connected.borrow())
        });
        let mut routes = http::health(ready);
        if let Some(secret) = &config.signing_secret {
            let clock = self.app.clock().clone();
            let settings =
                HttpSettings::new(secret.clone(), Arc::new(move || clock.now().as_second()));
            routes = routes.merge(http::events(settings, receiver));
        }
        let stopped = self.stop.clone();
        self.parts.spawn(async move {
            let serving =
                axum::serve(listener, routes).with_graceful_shutdown(stopped.cancelled_owned());
            serving.await.map_err(|error| ended("the listener", error))
        });
        self.parts.spawn(async move {
            outbox
                .run()
                .await
                .map_err(|fault| ended("the outbox", fault))
        });
        let (app, desk) = (self.app.clone(), desk.clone());
        self.parts.spawn(async move {
            inquiries::run(app, client, desk)
                .await
                .map_err(|fault| ended("asking Slack", fault))
        });
        let app = self.app.clone();
        // Whoever waits until nothing is to be done waits for the first sweep.
        let mut first = Some(app.activity().begin());
        self.parts.spawn(async move {
            loop {
                app.sweep()
                    .await
                    .map_err(|fault| ended("the sweep", fault))?;
                drop(first.take());
                tokio::time::sleep(SWEEP_EVERY).await;
            }
        });
        self.listen_here(config);
        let store = Arc::clone(&self.store);
        self.parts.spawn(async move {
            store.broken().await;
            Err(StartFault::Ended {
                part: "the store",
                source: None,
            })
        });
    }

    /// Answers whoever is at the machine: through the socket in the bot's folder, and to SIGHUP, which reads the kits again.
    fn listen_here(&mut self, config: &Config) {
        match control::open(&config.data) {
            Ok(listener) => {
                let app = self.app.clone();
                self.parts.spawn(async move {
                    control::serve(app, listener).await;
                    Ok(())
                });
            }
            Err(error) => tracing::warn!(
                %error,
                "there is no control socket: `kits reload` and `kits export` cannot reach this bot"
            ),
        }
        let app = self.app.clone();
        // Heard from now on: until somebody listens, this signal ends a process.
        let hang_up = tokio::signal::unix::SignalKind::hangup();
        let hung_up = tokio::signal::unix::signal(hang_up);
        self.parts.spawn(async move {
            let mut hung_up = hung_up.map_err(|error| ended("listening for SIGHUP", error))?;
            while hung_up.recv().await.is_some() {
                let reloaded = app
                    .reload()
                    .await
                    .map_err(|fault| ended("reading the kits", fault))?;
                let told = crate::slack::text::bare(&told(&reloaded));
                if reloaded.broken.is_empty() {
                    tracing::info!("{told}");
                } else {
                    tracing::warn!("{told}");
                }
            }
            Ok(())
        });
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// How many posts are owed to Slack.
    #[must_use]
    pub fn owed(&self) -> &Owed {
        &self.owed
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until a part ends. None of them should: it is always a fault.
    pub async fn ended(&mut self) -> StartFault {
        match self.parts.join_next().await {
            Some(Ok(Err(fault))) => fault,
            Some(Err(panic)) => ended("a part of the bot", panic),
            Some(Ok(Ok(()))) | None => StartFault::Ended {
                part: "a part of the bot",
                source: None,
            },
        }
    }

    /// Takes nothing more, finishes what it took, and closes the store. What is still owed to Slack is sent by the next start.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_WITHIN, self.app.idle())
            .await
            .is_err()
        {
            tracing::warn!(
                "not everything was finished in time; it is on disk and goes on at the next start"
            );
        }
        self.parts.abort_all();
        while self.parts.join_next().await.is_some() {}
        self.store.close().await;
    }
}

fn ended(part: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> StartFault {
    StartFault::Ended {
        part,
        source: Some(Box::new(source)),
    }
}

fn client_of(config: &Config) -> Result<Client, StartFault> {
    let mut settings = ClientSettings::new(config.bot_token.clone());
    settings.api_url = config.api_url.clone();
    settings.app_token.clone_from(&config.app_token);
    settings.extra_ca.clone_from(&config.extra_ca);
    Client::new(&settings).map_err(|error| StartFault::Client(Box::new(error)))
}

/// Asks Slack whether it knows the bot. Slack being away is no reason not to start.
async fn know_us(client: &Client) -> Result<(), StartFault> {
    match client.auth_test().await {
        Ok(_) => Ok(()),
        Err(error) => match error.code() {
            Some(
                code @ ("invalid_auth" | "not_authed" | "account_inactive" | "token_revoked"
                | "token_expired"),
            ) => Err(StartFault::Token {
                code: code.to_owned(),
            }),
            _ => {
                tracing::warn!(%error, "Slack was not reached; going on");
                Ok(())
            }
        },
    }
}

/// Serves Slack until it is told to stop.
///
/// # Errors
/// If it cannot start, or something that should never end has ended.
pub async fn run(config: Config) -> Result<(), StartFault> {
    let bot = Bot::start(&config, Clock::system()).await?;
    tracing::info!(address = %bot.address(), "ready");
    serve(bot).await
}

/// Runs until a signal comes or a part ends.
async fn serve(mut bot: Bot) -> Result<(), StartFault> {
    let fault = tokio::select! {
        () = told_to_stop() => None,
        fault = bot.ended() => Some(fault),
    };
    tracing::info!("stopping");
    bot.stop().await;
    fault.map_or(Ok(()), Err)
}

async fn told_to_stop() {
    let mut terminated =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not heard");
                return std::future::pending().await;
            }
        };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

/// Starts a pretend Slack and the bot against it, and prints one URL.
///
/// # Errors
/// If it cannot start, or something that should never end has ended.
pub async fn demo(options: DemoOptions) -> Result<(), StartFault> {
    let temporary = tempfile::tempdir().map_err(StartFault::Demo)?;
    let slack = match pretend_slack(options.port.unwrap_or(DEMO_PORT)).await {
        Err(taken) if options.port.is_none() && taken.kind() == ErrorKind::AddrInUse => {
            pretend_slack(0).await
        }
        started => started,
    }
    .map_err(StartFault::Demo)?;
    let folder = options.data.unwrap_or_else(|| temporary.path().to_owned());
    let bot = Bot::start(
        &pretend_config(&slack, folder, options.http),
        Clock::system(),
    )
    .await?;
    if options.http {
        slack.deliver_over_http(&format!("http://{}/slack/events", bot.address()));
    }
    slack.connected().await;
    println!("A pretend Slack is ready: {}", slack.page_url());
    println!(
        "Type  /interview senior-backend Jane Doe @ada @ben  there, and be each of the people in turn. Ctrl-C ends it."
    );
    serve(bot).await
}

async fn pretend_slack(port: u16) -> std::io::Result<Simulator> {
    let setup = pretend_setup(Workspace::hiring_team(), Pace::Live);
    Simulator::start(Setup { port, ..setup }).await
}

/// A pretend Slack that grants and offers what the manifest asks for, on any free port.
#[must_use]
pub fn pretend_setup(workspace: Workspace, pace: Pace) -> Setup {
    let shortcut = |on_messages| {
        move |(name, callback_id, description): (&str, &str, &str)| Shortcut {
            callback_id: callback_id.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            on_messages,
        }
    };
    let global = manifest::GLOBAL_SHORTCUTS.map(shortcut(false));
    let on_messages = manifest::MESSAGE_SHORTCUTS.map(shortcut(true));
    Setup {
        workspace,
        pace,
        port: 0,
        scopes: manifest::SCOPES.map(str::to_owned).to_vec(),
        events: manifest::EVENTS.map(str::to_owned).to_vec(),
        home: manifest::HOME_TAB,
        shortcuts: global.into_iter().chain(on_messages).collect(),
        command: manifest::COMMAND.to_owned(),
        command_hint: manifest::USAGE_HINT.to_owned(),
        command_description: manifest::COMMAND_DESCRIPTION.to_owned(),
        bot_name: manifest::BOT_NAME.to_owned(),
    }
}

/// What connects the bot to a pretend Slack on this machine.
///
/// # Panics
/// Never: the simulator's URL is one.
#[must_use]
pub fn pretend_config(slack: &Simulator, data: PathBuf, over_http: bool) -> Config {
    let credentials = slack.credentials();
    Config {
        bot_token: SecretString::from(credentials.bot_token),
        app_token: (!over_http).then(|| SecretString::from(credentials.app_token)),
        signing_secret: over_http.then(|| SecretString::from(credentials.signing_secret)),
        admins: Vec::new(),
        api_url: url::Url::parse(&slack.api_url()).expect("the simulator's own URL"),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data,
        kits: None,
        log: config::Log::usual(),
        extra_ca: Vec::new(),
    }
}
