//! Looks at everything that `run` will need, one after the other, and says of each whether it is well or what to do. Nothing is taken from Slack, and nothing changed.

use super::{StartFault, client_of, health, open_store};
use crate::config::{Config, Workspaces};
use crate::control;
use crate::domain::ids::WorkspaceId;
use crate::domain::settings::Settings;
use crate::domain::sheet::{Sheet, SheetId};
use crate::kits::{self, Level};
use crate::manifest;
use crate::slack::client::{Client, Examined};
use crate::slack::connector::CallError;
use crate::store::Store;
use crate::telemetry::chain;
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use tokio::net::TcpListener;

/// How far our clock may be from Slack's before somebody should look. Signed requests are refused from five minutes on
/// (<https://docs.slack.dev/authentication/verifying-requests-from-slack>); an answer's head tells whole seconds, and is on its way for one.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(30);

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

/// Looks at Slack, the address, the store, the kits and what is set, in this order. What hangs on something that is wrong is left out.
pub async fn doctor(config: &Config, now: Timestamp) -> Vec<Finding> {
    crate::slack::tls::install();
    let mut findings = Vec::new();
    let mut workspace = None;
    match client_of(config) {
        Err(fault) => findings.push(wrong("Slack", format!("{}.", chain(&fault)))),
        Ok(client) => {
            workspace = slack(config, &client, now, &mut findings).await;
        }
    }
    if config.signing_secret.is_some() {
        let says = "is set; whether it is the right one is seen when Slack sends the first request. A wrong one is counted as not_signed in /metrics.";
        findings.push(unknown("Signing secret", says));
    }
    let runs = UnixStream::connect(control::socket_in(&config.data)).is_ok();
    findings.push(address(config.listen, runs).await);
    let store = store(config, runs, &mut findings).await;
    findings.push(kits(config));
    if let (Some(store), Some(workspace)) = (&store, &workspace) {
        findings.extend(retention(&**store, workspace).await);
    }
    if let Some(store) = store {
        store.close().await;
    }
    findings
}

/// What there is to say of Slack: tokens, scopes, clock. The workspace, where there is one.
async fn slack(
    config: &Config,
    client: &Client,
    now: Timestamp,
    findings: &mut Vec<Finding>,
) -> Option<WorkspaceId> {
    let mut workspace = None;
    match &config.workspaces {
        Workspaces::Many(_) => {
            let says = "each workspace that installs the app has its own; the bot tries them by itself, and the log says which are refused.";
            findings.push(unknown("Bot token", says));
        }
        Workspaces::One(_) => match client.examine().await {
            Err(error) => findings.push(token("Bot token", "SLACK_BOT_TOKEN", &error)),
            Ok(examined) => {
                let says = format!("works, as {} in {}.", examined.bot, examined.workspace);
                findings.push(well("Bot token", says));
                findings.push(scopes(&examined));
                findings.push(clock(&examined, now));
                workspace = Some(WorkspaceId::from(examined.identity.team_id));
            }
        },
    }
    if config.app_token.is_some() {
        findings.push(match client.socket_url().await {
            Ok(_) => well("App token", "works: Socket Mode can connect."),
            Err(error @ CallError::RateLimited { .. }) => unknown("App token", format!("{error}.")),
            Err(error) => token("App token", "SLACK_APP_TOKEN", &error),
        });
    }
    workspace
}

/// A token that was refused, or could not be tried.
fn token(about: &'static str, variable: &str, error: &CallError) -> Finding {
    let Some(code) = error.code() else {
        return wrong(
            about,
            format!(
                "could not be tried: {}. Is there a way to Slack from here, through HTTPS_PROXY where one is needed?",
                chain(error)
            ),
        );
    };
    let remedy = if variable == "SLACK_APP_TOKEN" {
        "make one with the scope connections:write under Basic Information, and switch Socket Mode on"
    } else {
        "install the app again and copy its bot token"
    };
    wrong(
        about,
        format!("Slack refuses {variable} ({code}); {remedy}."),
    )
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
        Ok(Ok(())) => well("Address", format!("a bot is well and answers at {listen}.")),
        Ok(Err(StartFault::Unreachable { .. })) if runs => {
            let says = format!(
                "a bot runs on this folder, and does not answer at {listen}: has it another INTERVIEW_LISTEN?"
            );
            wrong("Address", says)
        }
        Ok(Err(StartFault::Unreachable { .. })) => match TcpListener::bind(listen).await {
            Ok(_) => well("Address", format!("{listen} is free.")),
            Err(error) => {
                let says = format!(
                    "{listen} cannot be listened on: {error}. INTERVIEW_LISTEN names another one."
                );
                wrong("Address", says)
            }
        },
        Ok(Err(fault)) => wrong("Address", format!("{}.", chain(&fault))),
        Err(_) => unknown("Address", "it could not be looked at."),
    }
}

/// Whether the store opens; opened, unless there is none yet or a bot has the folder.
async fn store(config: &Config, runs: bool, findings: &mut Vec<Finding>) -> Option<Arc<dyn Store>> {
    let folder = config.data.display();
    if config.database.is_none() {
        let says = if runs {
            Some(format!("{folder} is in use by the bot that runs."))
        } else if config.data.join("db").exists() {
            None
        } else {
            Some(format!("there is none in {folder} yet; `run` makes one."))
        };
        if let Some(says) = says {
            findings.push(well("Store", says));
            return None;
        }
    }
    let opened = open_store(&config.data, config.database.as_ref(), &config.extra_ca).await;
    match opened {
        Ok(store) => {
            let says = match &config.database {
                Some(_) => "the database can be used.".to_owned(),
                None => format!("{folder} can be used."),
            };
            findings.push(well("Store", says));
            Some(store)
        }
        Err(fault) => {
            findings.push(wrong("Store", format!("{}.", chain(&fault))));
            None
        }
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
    let told = "`interview-assistant kits check` tells each with its line";
    match (errors, warnings) {
        (0, 0) => well("Kits", format!("{}, {those}.", survey.kits.len())),
        (0, _) => well(
            "Kits",
            format!(
                "{}, {those}, with {warnings} to warn of; {told}.",
                survey.kits.len()
            ),
        ),
        (1, _) => wrong("Kits", format!("1 error in {those}; {told}.")),
        _ => wrong("Kits", format!("{errors} errors in {those}; {told}.")),
    }
}

/// How long a workspace keeps loops.
async fn retention(store: &dyn Store, workspace: &WorkspaceId) -> Option<Finding> {
    let found = store.sheet(workspace, &SheetId::Settings).await.ok()?;
    let settings = match found {
        Some((Sheet::Settings(settings), _)) => settings,
        _ => Settings::default(),
    };
    Some(well(
        "Retention",
        match settings.retention {
            None => "loops are kept for good; administrators change that on the bot's Home tab."
                .to_owned(),
            Some(kept) => format!(
                "loops are erased {} months after they are decided or withdrawn, unless a legal hold keeps them.",
                kept.months
            ),
        },
    ))
}
