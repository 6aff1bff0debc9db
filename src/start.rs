//! Puts the rooms together and opens the doors: `run` with Slack, `demo` with a pretend Slack. What the rooms do is in the rooms.

mod demo;
mod doctor;
mod health;
mod seen;

pub use demo::{DEMO_PORT, Demo, DemoOptions, demo, pretend_config, pretend_setup};
pub use doctor::{Finding, Health, doctor};
pub use health::health;

use crate::app::{App, AppOptions, CannotBegin, MOST_AT_ONCE, away, told};
use crate::clock::Clock;
use crate::config::{Config, Workspaces};
use crate::control;
use crate::domain::ids::UserId;
use crate::manifest;
use crate::outbox::{Outbox, Owed};
use crate::seal::Keys;
use crate::slack::answer::Desk;
use crate::slack::client::{Client, ClientSettings};
use crate::slack::clients::{Clients, Keeper, KeyMissing, NotSealedAnew};
use crate::slack::home::Homes;
use crate::slack::http::listen::Limits;
use crate::slack::http::{self, HttpSettings};
use crate::slack::inquiries;
use crate::slack::installing::Installing;
use crate::slack::oauth::AppIdentity;
use crate::slack::socket::{Socket, SocketSettings};
use crate::store::postgres::{PostgresSettings, PostgresStore};
use crate::store::sled::SledStore;
use crate::store::{Store, StoreFault, moving};
use crate::telemetry::panics::Panicked;
use axum::Router;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Why the program does not start, or why it stopped.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// A kit cannot be used.
    #[error("the interview kits cannot be used:\n{0}")]
    Kits(crate::kits::Problems),
    /// The store cannot be opened, or broke.
    #[error("the store failed")]
    Store(#[from] StoreFault),
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
    /// What the store keeps of installations cannot be opened.
    #[error(transparent)]
    KeyMissing(KeyMissing),
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

/// How long a stop waits for what was taken.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How often what is older than two days is forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// The bot, running.
pub struct Bot {
    app: App,
    owed: Owed,
    address: SocketAddr,
    store: Arc<dyn Store>,
    stop: CancellationToken,
    /// What takes from Slack, until it has closed.
    doors: TaskTracker,
    parts: JoinSet<Result<(), StartFault>>,
}

impl Bot {
    /// Opens the store, brings in the kits, and connects to Slack.
    ///
    /// # Errors
    /// If anything of it cannot be done. Nothing has been taken by then.
    pub async fn start(config: &Config, clock: Clock) -> Result<Self, StartFault> {
        crate::slack::tls::install();
        let line = client_of(config)?;
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
        if config.database.is_some() {
            // The store is not in it, but the control socket is.
            std::fs::create_dir_all(&config.data).map_err(|source| StoreFault::Open {
                folder: config.data.display().to_string(),
                source: source.into(),
            })?;
        }
        let store = open_store(&config.data, config.database.as_ref(), &config.extra_ca).await?;
        let administrators = config
            .admins
            .iter()
            .map(|id| UserId::from(id.as_str()))
            .collect();
        let app = App::start(
            Arc::clone(&store),
            clock,
            AppOptions {
                kits: config.kits.clone(),
                administrators,
                most_at_once: config.most_at_once.unwrap_or(MOST_AT_ONCE),
            },
        )
        .await
        .map_err(|why| match why {
            CannotBegin::Kits(problems) => StartFault::Kits(problems),
            CannotBegin::Fault(fault) => ended("the application", fault),
        })?;
        let (clients, many) = clients_of(config, line, &app).await?;
        let (keeper, installing) = many.unzip();
        let homes = Homes::new(app.clone(), clients.clone());
        let desk = Desk::new(
            app.clone(),
            clients.clone(),
            homes.door(),
            config.pictures_apart,
        );
        let mut outbox = Outbox::new(app.clone(), clients.clone());
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
            doors: TaskTracker::new(),
            parts: JoinSet::new(),
        };
        let pages = installing.map(Installing::routes).unwrap_or_default();
        bot.connect(config, (listener, pages), clients, &desk, outbox);
        if let Some(keeper) = keeper {
            bot.parts.spawn(async move {
                let ran = keeper.run().await;
                ran.map_err(|fault| ended("keeping tokens fresh", fault))
            });
        }
        bot.parts.spawn(async move {
            homes.run().await;
            Ok(())
        });
        Ok(bot)
    }

    /// Starts every part; each runs until the bot stops.
    fn connect(
        &mut self,
        config: &Config,
        (listener, pages): (TcpListener, Router),
        clients: Clients,
        desk: &Desk,
        outbox: Outbox,
    ) {
        let receiver = desk.receiver();
        let client = clients.shared().clone();
        let mut connected = None;
        if config.app_token.is_some() {
            let socket = Socket::new(
                client.clone(),
                Arc::clone(&receiver),
                SocketSettings::default(),
            );
            connected = Some(socket.connected());
            let stopped = self.stop.clone();
            self.parts.spawn(self.doors.track_future(async move {
                let ran = socket.run(stopped.clone().cancelled_owned()).await;
                match ran {
                    Ok(()) if stopped.is_cancelled() => Ok(()),
                    Ok(()) => Err(StartFault::Ended {
                        part: "the connection to Slack",
                        source: None,
                    }),
                    Err(failure) => Err(ended("the connection to Slack", failure)),
                }
            }));
        }
        let seen = Arc::new(seen::Seen::new(
            self.app.clone(),
            self.owed.clone(),
            Arc::clone(&self.store),
            client.figures(),
            connected,
        ));
        let mut routes = seen::routes(&seen).merge(pages);
        if let Some(secret) = &config.signing_secret {
            let clock = self.app.clock().clone();
            let mut settings =
                HttpSettings::new(secret.clone(), Arc::new(move || clock.now().as_second()));
            settings.figures = client.figures().clone();
            routes = routes.merge(http::events(settings, receiver));
        }
        let stopped = self.stop.clone();
        self.parts.spawn(self.doors.track_future(async move {
            let stopped = stopped.cancelled_owned();
            http::listen::serve(listener, routes, Limits::default(), stopped).await;
            Ok(())
        }));
        self.parts.spawn(async move {
            outbox
                .run()
                .await
                .map_err(|fault| ended("the outbox", fault))
        });
        let app = self.app.clone();
        self.parts.spawn(async move {
            let heard = app.hear_peers().await;
            heard.map_err(|fault| ended("hearing the other processes", fault))
        });
        let (app, desk) = (self.app.clone(), desk.clone());
        self.parts.spawn(async move {
            inquiries::run(app, clients, desk)
                .await
                .map_err(|fault| ended("asking Slack", fault))
        });
        let app = self.app.clone();
        // Whoever waits until nothing is to be done waits for the first sweep.
        let mut first = Some(app.activity().begin());
        self.parts.spawn(async move {
            loop {
                away::until_back(|| app.sweep())
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
                let reloaded = away::until_back(|| app.reload())
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
        why_ended(self.parts.join_next().await)
    }

    /// Takes nothing more, finishes what it took, and closes the store. What is still owed to Slack is sent by the next start.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.doors.close();
        let finished = async {
            // Until the doors are shut, more may come.
            self.doors.wait().await;
            self.app.idle().await;
        };
        if tokio::time::timeout(STOP_WITHIN, finished).await.is_err() {
            tracing::warn!(
                "not everything was finished in time; it is on disk and goes on at the next start"
            );
        }
        self.parts.abort_all();
        while self.parts.join_next().await.is_some() {}
        self.store.close().await;
    }
}

/// Why a part ended. What it panicked with may hold what people typed, and is not said.
fn why_ended(part: Option<Result<Result<(), StartFault>, JoinError>>) -> StartFault {
    match part {
        Some(Ok(Err(fault))) => fault,
        Some(Err(_)) => ended("a part of the bot", Panicked),
        Some(Ok(Ok(()))) | None => StartFault::Ended {
            part: "a part of the bot",
            source: None,
        },
    }
}

fn ended(part: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> StartFault {
    StartFault::Ended {
        part,
        source: Some(Box::new(source)),
    }
}

/// Opens the database if there is one, else the folder. Other processes may use the database at the same time.
///
/// # Errors
/// As the store that is opened, and where not everything has come into it yet.
pub async fn open_store(
    folder: &Path,
    database: Option<&SecretString>,
    extra_ca: &[CertificateDer<'static>],
) -> Result<Arc<dyn Store>, StartFault> {
    let store = opened(folder, database, extra_ca, false).await?;
    moving::refuse_half_filled(&*store).await?;
    Ok(store)
}

/// The same, for who wants to be alone there.
///
/// # Errors
/// As [`open_store`], and where another process uses the database.
pub async fn open_alone(
    folder: &Path,
    database: Option<&SecretString>,
    extra_ca: &[CertificateDer<'static>],
) -> Result<Arc<dyn Store>, StartFault> {
    let store = open_to_fill(folder, database, extra_ca).await?;
    moving::refuse_half_filled(&*store).await?;
    Ok(store)
}

/// The same, also where not everything has come into it yet.
///
/// # Errors
/// As the store that is opened, and where another process uses the database.
pub async fn open_to_fill(
    folder: &Path,
    database: Option<&SecretString>,
    extra_ca: &[CertificateDer<'static>],
) -> Result<Arc<dyn Store>, StartFault> {
    opened(folder, database, extra_ca, true).await
}

async fn opened(
    folder: &Path,
    database: Option<&SecretString>,
    extra_ca: &[CertificateDer<'static>],
    alone: bool,
) -> Result<Arc<dyn Store>, StartFault> {
    let folder = folder.to_owned();
    if let Some(url) = database {
        let mut settings = PostgresSettings::new(url.clone());
        settings.extra_ca = extra_ca.to_vec();
        settings.alone = alone;
        return Ok(Arc::new(PostgresStore::open(settings).await?));
    }
    let opened = tokio::task::spawn_blocking(move || SledStore::open(&folder)).await;
    Ok(Arc::new(
        opened.map_err(|_| ended("opening the store", Panicked))??,
    ))
}

fn client_of(config: &Config) -> Result<Client, StartFault> {
    let token = match &config.workspaces {
        Workspaces::One(token) => Some(token.clone()),
        Workspaces::Many(_) => None,
    };
    let mut settings = ClientSettings::new(token);
    settings.api_url = config.api_url.clone();
    settings.app_token.clone_from(&config.app_token);
    settings.extra_ca.clone_from(&config.extra_ca);
    Client::new(&settings).map_err(|error| StartFault::Client(Box::new(error)))
}

/// The client of the only workspace, or one for each that installs the app, with whoever keeps their tokens fresh and takes browsers in.
async fn clients_of(
    config: &Config,
    line: Client,
    app: &App,
) -> Result<(Clients, Option<(Keeper, Installing)>), StartFault> {
    let installing = match &config.workspaces {
        Workspaces::One(_) => {
            know_us(&line).await?;
            return Ok((Clients::one(line), None));
        }
        Workspaces::Many(installing) => installing,
    };
    let identity = AppIdentity {
        client_id: installing.client_id.clone(),
        client_secret: installing.client_secret.clone(),
        public_url: installing.public_url.clone(),
        scopes: &manifest::SCOPES,
        pkce: installing.pkce,
        rotation: installing.rotation,
    };
    let keys = Keys::new(&installing.keys);
    let (clients, keeper) = Clients::many(line, app.clone(), keys.clone(), identity.clone());
    match clients.seal_anew().await {
        Ok(_) => {
            let words = (manifest::COMMAND, manifest::BOT_NAME);
            let pages = Installing::new(app.clone(), clients.clone(), keys, identity, words);
            Ok((clients, Some((keeper, pages))))
        }
        Err(NotSealedAnew::KeyMissing(missing)) => Err(StartFault::KeyMissing(missing)),
        Err(NotSealedAnew::Fault(fault)) => Err(ended("the application", fault)),
    }
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
    run_by(config, Clock::system()).await
}

/// The same by another clock.
///
/// # Errors
/// As for [`run`].
pub async fn run_by(config: Config, clock: Clock) -> Result<(), StartFault> {
    let bot = Bot::start(&config, clock).await?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::chain;

    #[tokio::test]
    async fn a_part_that_panics_ends_the_bot_without_its_words() {
        let mut parts = JoinSet::new();
        parts.spawn(async { panic!("Noor Aziz is no question") });
        let fault = why_ended(parts.join_next().await);
        assert_eq!(
            chain(&fault),
            "a part of the bot ended: a bug broke it off; the log says where"
        );
        assert!(!format!("{fault:?}").contains("Noor"));
    }
}
