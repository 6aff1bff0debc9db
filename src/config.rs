//! What the person who runs the bot has set, from the environment and a file, checked before anything is opened. What is done with it is elsewhere.

mod installing;
mod problem;
mod settings;

pub use installing::{Installing, token_keys};
pub use problem::{Problem, Problems};

use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use settings::Settings;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// Slack's own base URL of the Web API.
pub const SLACK_API: &str = "https://slack.com/api";

/// How long one picture follows another: twice in the time that somebody takes to read what they clicked and to click again.
pub const PICTURES_APART: Duration = Duration::from_millis(400);

/// The variables, in the order of the README's table. In a file they are written in lower case.
pub const VARIABLES: [&str; 20] = [
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "INTERVIEW_PUBLIC_URL",
    "INTERVIEW_TOKEN_KEY",
    "INTERVIEW_TOKEN_KEY_FILE",
    "SLACK_PKCE",
    "SLACK_TOKEN_ROTATION",
    "INTERVIEW_ADMINS",
    "SLACK_API_URL",
    "INTERVIEW_LISTEN",
    "INTERVIEW_DATA",
    "INTERVIEW_DATABASE_URL",
    "INTERVIEW_KITS",
    "INTERVIEW_LOG",
    "INTERVIEW_LOG_FORMAT",
    "INTERVIEW_EXTRA_CA",
    "INTERVIEW_AT_ONCE",
];

/// Where tests write [`crash_at`]. It is for nobody else, so no table names it.
const CRASH_AT: &str = "INTERVIEW_CRASH_AT";

/// Everything `run` needs to know, checked. `HTTPS_PROXY` and `NO_PROXY` are not in it: the HTTP client reads them itself.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whom it serves.
    pub workspaces: Workspaces,
    /// `SLACK_APP_TOKEN`: with it, Socket Mode.
    pub app_token: Option<SecretString>,
    /// `SLACK_SIGNING_SECRET`: with it, signed HTTP. At least one of the two is there.
    pub signing_secret: Option<SecretString>,
    /// `INTERVIEW_ADMINS`: user ids; empty means the workspace's administrators and owners.
    pub admins: Vec<String>,
    /// `SLACK_API_URL`, without a slash at its end; `http` on loopback only.
    pub api_url: Url,
    /// `INTERVIEW_LISTEN`
    pub listen: SocketAddr,
    /// `INTERVIEW_DATA`
    pub data: PathBuf,
    /// `INTERVIEW_DATABASE_URL`: a PostgreSQL database in place of the folder as the store; it holds a password.
    pub database: Option<SecretString>,
    /// `INTERVIEW_KITS`: a folder; `None` means the embedded kits.
    pub kits: Option<PathBuf>,
    /// `INTERVIEW_LOG` and `INTERVIEW_LOG_FORMAT`
    pub log: Log,
    /// `INTERVIEW_EXTRA_CA`: certificate authorities trusted towards Slack beside the usual ones.
    pub extra_ca: Vec<CertificateDer<'static>>,
    /// `INTERVIEW_AT_ONCE`: how many deliveries are handled at once; `None` means as many as the application thinks right.
    pub most_at_once: Option<usize>,
    /// How long one picture of what somebody sees in one place follows another at least. No variable sets it.
    pub pictures_apart: Duration,
}

/// Whom the bot serves.
#[derive(Clone, Debug)]
pub enum Workspaces {
    /// One workspace, by `SLACK_BOT_TOKEN`.
    One(SecretString),
    /// Every workspace that installs the app.
    Many(Box<Installing>),
}

/// How much is logged, and in what form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// A filter of `tracing`, already tried.
    pub filter: String,
    /// JSON rather than text.
    pub json: bool,
}

impl Config {
    /// Reads this process's environment and, if there is one, a file. The environment wins.
    ///
    /// # Errors
    /// Every problem, at once.
    pub fn from_process(file: Option<&Path>) -> Result<Self, Problems> {
        Self::read(environment(), file)
    }

    /// The same from any environment.
    ///
    /// # Errors
    /// Every problem, at once.
    pub fn read(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Option<&Path>,
    ) -> Result<Self, Problems> {
        let mut settings = Settings::gather(environment, file);
        let installing = settings.installing();
        let bot_token = settings.bot_token(installing.is_some());
        let (app_token, signing_secret) = settings.transports();
        let admins = settings.admins(installing.is_some());
        let api_url = settings.api_url();
        let listen = settings.listen();
        let data = settings.data();
        let database = settings.database();
        let kits = settings.kits();
        let log = settings.log();
        let extra_ca = settings.extra_ca();
        let most_at_once = settings.most_at_once();
        let workspaces = match installing {
            Some(installing) => installing.map(|it| Workspaces::Many(Box::new(it))),
            None => bot_token.map(Workspaces::One),
        };
        match (workspaces, settings.finish()) {
            (Some(workspaces), None) => Ok(Self {
                workspaces,
                app_token,
                signing_secret,
                admins,
                api_url,
                listen,
                data,
                database,
                kits,
                log,
                extra_ca,
                most_at_once,
                pictures_apart: PICTURES_APART,
            }),
            (_, problems) => Err(problems.unwrap_or_default()),
        }
    }

    /// Whether the socket may be `ws://`: only where the Web API is `http://`, which is on loopback only.
    #[must_use]
    pub fn plain(&self) -> bool {
        self.api_url.scheme() == "http"
    }
}

impl Log {
    /// As it is when nothing is said: text, from `info` up.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            filter: "info".to_owned(),
            json: false,
        }
    }

    /// Only what concerns the log: for commands that need no token.
    ///
    /// # Errors
    /// Every problem with it.
    pub fn from_process() -> Result<Self, Problems> {
        let mut settings = Settings::gather(environment(), None);
        let log = settings.log();
        settings.finish().map_or(Ok(log), Err)
    }
}

/// Only the address that `run` listens on: for the health check beside it.
///
/// # Errors
/// Every problem with it.
pub fn listen_from_process(file: Option<&Path>) -> Result<SocketAddr, Problems> {
    let mut settings = Settings::gather(environment(), file);
    let listen = settings.listen();
    settings.finish().map_or(Ok(listen), Err)
}

/// Only the folders of the store and of the kits, if there is one: for commands beside a bot that runs, or on its store.
///
/// # Errors
/// Every problem with them.
pub fn folders_from_process(file: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), Problems> {
    let mut settings = Settings::gather(environment(), file);
    let folders = (settings.data(), settings.kits());
    settings.finish().map_or(Ok(folders), Err)
}

/// Where a test has the process die (`crash` says how that is written). In a release build: nowhere.
#[must_use]
pub fn crash_at() -> Option<String> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let found = environment().find(|(name, _)| name == CRASH_AT);
    found.and_then(|(_, course)| course.into_string().ok())
}

/// Only the database, if there is one, and whom to trust on the way to it: for commands on a bot's store.
///
/// # Errors
/// Every problem with them.
pub fn database_from_process(
    file: Option<&Path>,
) -> Result<(Option<SecretString>, Vec<CertificateDer<'static>>), Problems> {
    let mut settings = Settings::gather(environment(), file);
    let found = (settings.database(), settings.extra_ca());
    settings.finish().map_or(Ok(found), Err)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

#[cfg(test)]
mod tests;
