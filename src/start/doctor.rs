//! Looks at everything that `run` will need, one after the other, and says of each whether it is well or what to do. Nothing is taken from
//! Slack, and nothing made or changed.

use super::{StartFault, client_of, health, open_store};
use crate::config::{Config, Workspaces};
use crate::control;
use crate::domain::ids::WorkspaceId;
use crate::domain::settings::Settings;
use crate::domain::sheet::{Sheet, SheetId};
use crate::domain::words;
use crate::kits::{self, Level};
use crate::manifest;
use crate::seal::{Keys, Shut};
use crate::slack::client::{Client, Examined};
use crate::slack::clients::KeyMissing;
use crate::slack::connector::{CallError, Unreached};
use crate::slack::socket::is_final;
use crate::store::Store;
use crate::store::postgres::looking::Tables;
use crate::store::postgres::{self, PostgresSettings};
use crate::telemetry::chain;
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How far our clock may be from Slack's before somebody should look. Signed requests are refused from five minutes on
/// (<https://docs.slack.dev/authentication/verifying-requests-from-slack>); an answer's head tells whole seconds, and is on its way for one.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(30);
/// How long a database may take to answer: longer than one that is just starting is waited for.
const DATABASE_WITHIN: Duration = Duration::from_secs(45);
/// How many installations are read at once.
const INSTALLS: usize = 100;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Well,
    /// It cannot be told from here.
    Unknown,
    /// To be mended before the bot works.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub about: &'static str,
    /// How it is.
    pub health: Health,
    /// In a sentence, with the remedy where there is something to mend.
    pub says: String,
}

fn well(about: &'static str, says: impl Into<String>) -> Finding {
    let (health, says) = (Health::Well, says.into());
    Finding {
        about,
        health,
        says,
    }
}

fn unknown(about: &'static str, says: impl Into<String>) -> Finding {
    Finding {
        health: Health::Unknown,
        ..well(about, says)
    }
}

fn wrong(about: &'static str, says: impl Into<String>) -> Finding {
    Finding {
        health: Health::Wrong,
        ..well(about, says)
    }
}

/// Looks at Slack, the address, the store, the kits and what is set, in this order, and tells each finding at once. What hangs on something
/// that is wrong is left out.
pub async fn doctor(config: &Config, now: Timestamp, mut tell: impl FnMut(Finding)) {
    crate::slack::tls::install();
    let runs = UnixStream::connect(control::socket_in(&config.data)).is_ok();
    let mut workspace = None;
    match client_of(config) {
        Err(fault) => tell(wrong("Slack", format!("{}.", chain(&fault)))),
        Ok(client) => {
            workspace = bot_token(config, &client, now, &mut tell).await;
            if config.app_token.is_some() {
                tell(app_token(&client, runs).await);
            }
        }
    }
    if config.signing_secret.is_some() {
        let says = "is set; whether it is the right one is seen when Slack sends the first request. A wrong one is counted as not_signed in /metrics.";
        tell(unknown("Signing secret", says));
    }
    tell(address(config.listen, runs).await);
    let (finding, store) = store(config, runs).await;
    tell(finding);
    if let Some(store) = store {
        if let Workspaces::Many(installing) = &config.workspaces {
            tell(keys(&*store, &Keys::new(&installing.keys)).await);
        }
        if let Some(workspace) = &workspace {
            tell(retention(&*store, workspace).await);
        }
        store.close().await;
    }
    tell(kits(config));
}

/// What there is to say of the bot's token: whom it is of, scopes, clock. The workspace, where there is one.
async fn bot_token(
    config: &Config,
    client: &Client,
    now: Timestamp,
    tell: &mut impl FnMut(Finding),
) -> Option<WorkspaceId> {
    if matches!(config.workspaces, Workspaces::Many(_)) {
        let says = "each workspace that installs the app has its own; the bot tries them by itself, and the log says which are refused.";
        tell(unknown("Bot token", says));
        return None;
    }
    match client.examine().await {
        Err(error) => {
            let remedy = "install the app again and copy its bot token; where the app lists the addresses it may be used from, this machine's has to be among them";
            tell(refused(
                "Bot token",
                "SLACK_BOT_TOKEN",
                &error,
                error.is_of_the_token(),
                remedy,
            ));
            None
        }
        Ok(examined) => {
            let says = format!("works, as {} in {}.", examined.bot, examined.workspace);
            tell(well("Bot token", says));
            tell(scopes(&examined));
            tell(clock(&examined, now));
            // Settings belong to workspaces, of which an organisation has many.
            let team = examined.identity.team_id;
            (!team.starts_with('E')).then(|| WorkspaceId::from(team))
        }
    }
}

/// The app's token is tried by asking where to connect, which Slack grants about once a minute: not while a bot may need it.
async fn app_token(client: &Client, runs: bool) -> Finding {
    if runs {
        return unknown(
            "App token",
            "the bot that runs uses it; /readyz says whether it is connected.",
        );
    }
    match client.socket_url().await {
        Ok(_) => well(
            "App token",
            "is accepted, and Slack names a place to connect to. Whether a WebSocket gets there is seen when the bot connects.",
        ),
        Err(error) => {
            let remedy = "make one with the scope connections:write under Basic Information, and switch Socket Mode on";
            refused(
                "App token",
                "SLACK_APP_TOKEN",
                &error,
                is_final(&error),
                remedy,
            )
        }
    }
}

/// A token that was not taken, or could not be tried. `blamed`: the error is about it.
fn refused(
    about: &'static str,
    variable: &str,
    error: &CallError,
    blamed: bool,
    remedy: &str,
) -> Finding {
    match (error, error.code()) {
        (_, Some(code)) if blamed => wrong(
            about,
            format!("Slack refuses {variable} ({code}); {remedy}."),
        ),
        (CallError::Unreachable(Unreached::Untrusted), _) => wrong(
            about,
            format!(
                "could not be tried: {error}. INTERVIEW_EXTRA_CA names further certificate authorities to trust."
            ),
        ),
        (CallError::Unreachable(_) | CallError::Timeout, _) => wrong(
            about,
            format!(
                "could not be tried: {error}. Is there a way to Slack from here, through HTTPS_PROXY where one is needed?"
            ),
        ),
        _ if error.is_permanent() => wrong(about, format!("could not be tried: {error}.")),
        _ => unknown(
            about,
            format!("could not be tried: {error}. Slack seems to be in trouble; ask again."),
        ),
    }
}

fn scopes(examined: &Examined) -> Finding {
    let Some(granted) = &examined.scopes else {
        return unknown("Scopes", "Slack did not tell which the app has.");
    };
    let lacks: Vec<&str> = manifest::SCOPES
        .into_iter()
        .filter(|scope| !granted.contains(*scope))
        .collect();
    if lacks.is_empty() {
        return well("Scopes", "all that are needed.");
    }
    let says = format!(
        "{} missing; update the app from manifest.yml and install it again.",
        match lacks.as_slice() {
            [one] => format!("{one} is"),
            some => format!("{} are", some.join(", ")),
        }
    );
    wrong("Scopes", says)
}

fn clock(examined: &Examined, now: Timestamp) -> Finding {
    let Some(slacks) = examined.at else {
        return unknown("Clock", "Slack did not tell the time.");
    };
    let apart = now.duration_since(slacks);
    if apart.abs() <= CLOCKS_APART {
        return well("Clock", "goes with Slack's.");
    }
    let side = if apart.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    let says = format!(
        "is {} seconds {side} Slack's: from five minutes on, signed requests are refused, and digests and reminders come at the wrong time. Have it set, by NTP.",
        apart.abs().as_secs()
    );
    wrong("Clock", says)
}

/// Whether `run` can listen, or does.
async fn address(listen: SocketAddr, runs: bool) -> Finding {
    let asked = tokio::task::spawn_blocking(move || health(listen)).await;
    match asked {
        Ok(Ok(())) if runs => well("Address", format!("a bot is well and answers at {listen}.")),
        Ok(Err(StartFault::Unreachable { .. })) if runs => {
            let says = format!(
                "a bot runs on this folder, and nobody answers at {listen} from here: has it another INTERVIEW_LISTEN, or is it in another container? Then ask there."
            );
            unknown("Address", says)
        }
        Ok(Err(fault @ StartFault::Unhealthy { .. })) if runs => {
            wrong("Address", format!("{}.", chain(&fault)))
        }
        _ => match TcpListener::bind(listen).await {
            Ok(_) => well("Address", format!("{listen} is free.")),
            Err(error) => {
                let says = format!(
                    "{listen} cannot be listened on: {error}. INTERVIEW_LISTEN names another one."
                );
                wrong("Address", says)
            }
        },
    }
}

/// Whether the store opens; opened, unless it is not there yet or not as `run` will have it, or a bot has the folder.
async fn store(config: &Config, runs: bool) -> (Finding, Option<Arc<dyn Store>>) {
    let folder = config.data.display();
    // Also beside a database: what somebody at the machine asks of the bot goes through it.
    if let Err(error) = writable(&config.data) {
        let says = format!(
            "{folder} cannot be used: {error}. INTERVIEW_DATA names the folder; the user that the bot runs as has to own it."
        );
        return (wrong("Store", says), None);
    }
    let opening = open_store(&config.data, config.database.as_ref(), &config.extra_ca);
    let Some(url) = &config.database else {
        let there = config.data.join("db").exists();
        if runs || !there {
            let says = if runs {
                format!("{folder} is in use by the bot that runs.")
            } else {
                format!("there is none in {folder} yet; `run` makes one.")
            };
            return (well("Store", says), None);
        }
        return match opening.await {
            Ok(store) => (well("Store", format!("{folder} can be used.")), Some(store)),
            Err(fault) => (wrong("Store", format!("{}.", chain(&fault))), None),
        };
    };
    let mut settings = PostgresSettings::new(url.clone());
    settings.extra_ca.clone_from(&config.extra_ca);
    let looked = async {
        let says = match postgres::looking::tables(&settings).await? {
            Tables::None => "the database is empty; `run` makes the tables.",
            Tables::Older => {
                "the database is an earlier version's; `run` brings it up to date, and that version cannot use it then."
            }
            Tables::Present => {
                let store = opening.await?;
                return Ok((well("Store", "the database can be used."), Some(store)));
            }
        };
        Ok::<_, StartFault>((well("Store", says), None))
    };
    match tokio::time::timeout(DATABASE_WITHIN, looked).await {
        Ok(Ok(found)) => found,
        Ok(Err(fault)) => (wrong("Store", format!("{}.", chain(&fault))), None),
        Err(_) => {
            let says = format!(
                "the database took the connection and said nothing for {} seconds: is it behind what INTERVIEW_DATABASE_URL names?",
                DATABASE_WITHIN.as_secs()
            );
            (wrong("Store", says), None)
        }
    }
}

/// Whether files can be made in a folder, or in the one in which it would be made. The file has no name, and is gone at once.
fn writable(folder: &Path) -> std::io::Result<()> {
    let whole = std::path::absolute(folder)?;
    for folder in whole.ancestors() {
        if folder.try_exists()? {
            return tempfile::tempfile_in(folder).map(drop);
        }
    }
    Ok(())
}

/// Whether what is sealed in the store can be opened with the keys that are given.
async fn keys(store: &dyn Store, keys: &Keys) -> Finding {
    let mut after = None;
    let mut missing: Option<KeyMissing> = None;
    let mut all = 0;
    loop {
        let stretch = match store.installs(after.as_ref(), INSTALLS).await {
            Ok(stretch) => stretch,
            Err(fault) => return wrong("Token keys", format!("{}.", chain(&fault))),
        };
        let Some((last, _)) = stretch.last() else {
            break;
        };
        after = Some(last.id.clone());
        for (install, _) in stretch.iter().filter(|(install, _)| install.is_there()) {
            all += 1;
            if let Err(Shut::UnknownKey(key)) = keys.open(&install.id, &install.tokens) {
                let count = missing.map_or(0, |it| it.count) + 1;
                missing = Some(KeyMissing { count, key });
            }
        }
    }
    match missing {
        Some(missing) => wrong("Token keys", format!("{missing}.")),
        None => well(
            "Token keys",
            format!(
                "open what is kept of {}.",
                words::count(all, "installation")
            ),
        ),
    }
}

fn kits(config: &Config) -> Finding {
    let survey = match &config.kits {
        None => kits::survey_embedded(),
        Some(folder) => kits::survey(std::slice::from_ref(folder)),
    };
    let of = |level| survey.findings.iter().filter(move |it| it.level == level);
    let those = match &config.kits {
        None => "the built-in ones".to_owned(),
        Some(folder) => format!("those in {}", folder.display()),
    };
    let (errors, warnings) = (of(Level::Error).count(), of(Level::Warning).count());
    let check = match &config.kits {
        None => "interview-assistant kits check".to_owned(),
        Some(folder) => format!("interview-assistant kits check {}", folder.display()),
    };
    let told = format!("`{check}` tells each with its line");
    let all = survey.kits.len();
    match (errors, warnings) {
        (0, 0) => well("Kits", format!("{all}, {those}.")),
        (0, _) => well(
            "Kits",
            format!("{all}, {those}, with {warnings} to warn of; {told}."),
        ),
        _ => {
            let errors = if errors == 1 {
                "1 error".to_owned()
            } else {
                format!("{errors} errors")
            };
            let says = format!(
                "{errors} in {those}; {told}. A bot that has served such a kit before goes on with its last good version; a new one does not start."
            );
            wrong("Kits", says)
        }
    }
}

/// How long a workspace keeps loops.
async fn retention(store: &dyn Store, workspace: &WorkspaceId) -> Finding {
    let settings = match store.sheet(workspace, &SheetId::Settings).await {
        Ok(Some((Sheet::Settings(settings), _))) => settings,
        Ok(_) => Settings::default(),
        Err(fault) => return wrong("Retention", format!("{}.", chain(&fault))),
    };
    let says = match settings.retention {
        None => {
            "loops are kept for good; administrators change that on the bot's Home tab.".to_owned()
        }
        Some(kept) => format!(
            "loops are erased {} months after they are decided or withdrawn, unless a legal hold keeps them.",
            kept.months
        ),
    };
    well("Retention", says)
}
