//! The demo: a pretend Slack and the bot against it. What either of them does is with them.

use super::{Bot, StartFault, serve};
use crate::clock::Clock;
use crate::config::{self, Config, Workspaces};
use crate::manifest;
use crate::simulator::{Pace, Setup, Shortcut, Simulator, Workspace};
use secrecy::SecretString;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use tempfile::TempDir;

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

/// Where the demo's page is, unless somebody else is there.
pub const DEMO_PORT: u16 = 4000;
/// What the demo's page offers to type.
const SUGGESTIONS: [&str; 5] = [
    "/interview senior-backend",
    "/interview senior-backend Jane Doe @ada @ben",
    "/interview digest 09:00 weekdays",
    "/interview mine",
    "/interview help",
];
/// A pretend Slack with the bot in it, by one clock that is moved on Slack's page.
pub struct Demo {
    slack: Simulator,
    bot: Bot,
    /// What is done in a demo that keeps nothing.
    _temporary: TempDir,
}

impl Demo {
    /// Starts both, and waits until they are connected.
    ///
    /// # Errors
    /// If either cannot start.
    pub async fn start(options: DemoOptions) -> Result<Self, StartFault> {
        let temporary = tempfile::tempdir().map_err(StartFault::Demo)?;
        let slack = match pretend_slack(options.port.unwrap_or(DEMO_PORT)).await {
            Err(taken) if options.port.is_none() && taken.kind() == ErrorKind::AddrInUse => {
                pretend_slack(0).await
            }
            started => started,
        }
        .map_err(StartFault::Demo)?;
        let folder = options.data.unwrap_or_else(|| temporary.path().to_owned());
        let config = pretend_config(&slack, folder, options.http);
        let bot = Bot::start(&config, Clock::ahead(slack.ahead())).await?;
        if options.http {
            slack.deliver_over_http(&format!("http://{}/slack/events", bot.address()));
        }
        slack.connected().await;
        Ok(Self {
            slack,
            bot,
            _temporary: temporary,
        })
    }

    /// The pretend Slack.
    #[must_use]
    pub fn slack(&self) -> &Simulator {
        &self.slack
    }

    /// The bot.
    #[must_use]
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Stops the bot, then its Slack.
    pub async fn stop(self) {
        self.bot.stop().await;
        self.slack.stop();
    }
}

/// Starts a pretend Slack and the bot against it, and prints one URL.
///
/// # Errors
/// If it cannot start, or something that should never end has ended.
pub async fn demo(options: DemoOptions) -> Result<(), StartFault> {
    let demo = Demo::start(options).await?;
    println!("A pretend Slack is ready: {}", demo.slack.page_url());
    println!(
        "Type  /interview senior-backend Jane Doe @ada @ben  there, and be each of the people in turn. Ctrl-C ends it."
    );
    serve(demo.bot).await
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
        suggestions: SUGGESTIONS.map(str::to_owned).to_vec(),
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
        workspaces: Workspaces::One(SecretString::from(credentials.bot_token)),
        app_token: (!over_http).then(|| SecretString::from(credentials.app_token)),
        signing_secret: over_http.then(|| SecretString::from(credentials.signing_secret)),
        admins: Vec::new(),
        api_url: url::Url::parse(&slack.api_url()).expect("the simulator's own URL"),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data,
        database: None,
        kits: None,
        log: config::Log::usual(),
        extra_ca: Vec::new(),
        most_at_once: None,
        pictures_apart: config::PICTURES_APART,
    }
}
