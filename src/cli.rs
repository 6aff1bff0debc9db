//! The command line: its words, its help, its exit codes. What a command does is in `start` and `kits`; what those about kits print is below.

mod check;
mod doctor;
mod import;
mod moving;
mod running;
mod show;

use crate::config::{self, Config, Log};
use crate::crash;
use crate::start::{self, DemoOptions};
use crate::store::StoreFault;
use crate::telemetry::{self, Form};
use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// It did what was asked.
const OK: u8 = 0;
/// It did, and found something to mend.
const FINDINGS: u8 = 1;
/// It could not.
const COULD_NOT: u8 = 2;

/// A Slack bot that makes a structured, fair interview the easiest thing to do
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    disable_help_subcommand = true,
    after_help = "To see it work, without an account or a token: interview-assistant demo",
    after_long_help = "Examples:
  interview-assistant demo            try it in the browser, without an account or a token
  interview-assistant run             serve a workspace
  interview-assistant doctor          say what keeps it from that, and what to do
  interview-assistant kits check      check the interview kits
  interview-assistant kits list       list them

Exit codes: 0 done, 1 something was found or broke, 2 it could not begin (bad command line or configuration)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a Slack workspace
    #[command(
        long_about = "Serve a Slack workspace, until it is told to stop (Ctrl-C or SIGTERM).

The configuration comes from the environment and, with --config, from a TOML file whose keys are the \
variables' names in lower case; the environment wins. Every problem with it is reported at once, before \
anything is opened or connected.",
        after_long_help = "Variables:
  SLACK_BOT_TOKEN       bot token (xoxb-…); needed
  SLACK_APP_TOKEN       app-level token (xapp-…): Socket Mode   \\ at least one
  SLACK_SIGNING_SECRET  signing secret: HTTP at /slack/events   / of these two
  SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, INTERVIEW_PUBLIC_URL, INTERVIEW_TOKEN_KEY or INTERVIEW_TOKEN_KEY_FILE
                        in place of the bot token, to be installed by many workspaces: docs/installs.md
  SLACK_PKCE, SLACK_TOKEN_ROTATION  on, where the app's settings have it so
  INTERVIEW_ADMINS      user ids of administrators, comma-separated [default: the workspace's]
  INTERVIEW_LISTEN      address for /slack/events, /healthz, /readyz, /metrics [default: 127.0.0.1:3000]
  INTERVIEW_DATA        folder of the store [default: ./data]
  INTERVIEW_DATABASE_URL PostgreSQL in place of that folder, as postgresql://USER:PASSWORD@HOST/DATABASE
  INTERVIEW_KITS        folder of kits that replaces the built-in ones
  INTERVIEW_LOG         filter of the log [default: info]
  INTERVIEW_LOG_FORMAT  text or json [default: text]
  INTERVIEW_AT_ONCE     deliveries handled at once [default: 512]
  INTERVIEW_EXTRA_CA    PEM file with further certificate authorities to trust towards Slack and the database
  SLACK_API_URL         base URL of the Web API [default: https://slack.com/api]
  HTTPS_PROXY, NO_PROXY the proxy towards Slack

Examples:
  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… interview-assistant run
  interview-assistant run --config /etc/interview-assistant.toml

Exit codes: 0 stopped as asked, 1 something broke, 2 bad configuration."
    )]
    Run(RunArgs),

    /// Try it in the browser against a pretend Slack: no account, no token, no network
    #[command(
        long_about = "Try it in the browser: starts a pretend Slack and the bot against it, on this machine only, and prints one URL.

There are a few people to act as, channels to type in, and the four built-in kits. It needs no account, no token and \
no network, and forgets everything at the end unless --data is given.",
        after_long_help = "Examples:
  interview-assistant demo
  interview-assistant demo --http            the bot over signed HTTP instead of Socket Mode
  interview-assistant demo --data ./demo     keep what you do

INTERVIEW_LOG and INTERVIEW_LOG_FORMAT are honoured. Exit codes: 0 stopped as asked, 1 something broke, 2 it could not begin."
    )]
    Demo(DemoArgs),

    /// Look at everything that `run` will need, and say what is wrong and what to do
    #[command(
        long_about = "Look at everything that `run` will need: the configuration, the tokens and what the app may do, the clock, the address, \
the store, the kits, and how long loops are kept. Each gets a line: ✓ as it should be, ✗ to be mended, with the remedy, ? not to be told from here.

The bot may be running or not. Nothing is taken from Slack, and nothing is made or changed, but that a folder of an earlier version is \
brought up to date, as `run` does.",
        after_long_help = "Examples:
  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… interview-assistant doctor
  interview-assistant doctor --config /etc/interview-assistant.toml

The variables are those of `run`. Exit codes: 0 nothing is wrong, 1 something is, 2 bad configuration."
    )]
    Doctor(RunArgs),

    /// Work with interview kits
    #[command(subcommand)]
    Kits(KitsCommand),

    /// Write everything the bot keeps into one file, while it runs or not
    #[command(
        long_about = "Write everything the bot keeps into one new file: loops, scorecards, audit, kits, settings, what is owed to Slack.

The bot may be running; it is found by INTERVIEW_DATA, and writes the file itself, as of one moment, without keeping anybody waiting. The \
file is JSON, a line a record, packed with zstd; docs/backup.md says what is in it. It names candidates and holds ratings: only its owner may \
read it, and it should be kept as safe as the store.",
        after_long_help = "Examples:
  interview-assistant backup interviews.jsonl.zst
  interview-assistant backup /backups/$(date +%F).jsonl.zst --config /etc/interview-assistant.toml

Exit codes: 0 written, 1 something broke, 2 it could not; then there is no such file."
    )]
    Backup(moving::BackupArgs),

    /// Put everything from a backup into an empty store
    #[command(
        long_about = "Put everything from a backup into the empty store that the settings name: a folder (INTERVIEW_DATA), or a PostgreSQL \
database (INTERVIEW_DATABASE_URL). The backup may have been made of either.

The whole file is checked before anything is written. Where this is interrupted, the bot does not start on what is there; the same command \
goes on.",
        after_long_help = "Examples:
  interview-assistant restore interviews.jsonl.zst
  INTERVIEW_DATA=/srv/interviews interview-assistant restore interviews.jsonl.zst

Exit codes: 0 everything is there, 1 something broke on the way, 2 it could not begin, and nothing was changed."
    )]
    Restore(moving::RestoreArgs),

    /// Move everything from one store to another: from a folder to PostgreSQL, or back
    #[command(
        long_about = "Move everything from one store to another one that is empty: from a folder to a PostgreSQL database, or back. Stop the bot \
before.

Everything is counted and hashed at both ends. Where it is interrupted, the bot does not start on the new store; the same command goes on \
where it was. The old store stays as it is.",
        after_long_help = "Examples:
  interview-assistant transfer --from sled:./data --to postgres:postgres://bot@db.example/interviews
  interview-assistant transfer --from postgres: --to sled:./data      the database in INTERVIEW_DATABASE_URL

Exit codes: 0 everything is there, 1 something broke on the way, 2 it could not begin, and nothing was changed."
    )]
    Transfer(moving::TransferArgs),

    /// Ask the bot that runs on this machine whether it is well
    #[command(hide = true)]
    Health(RunArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// A TOML file with settings; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// Connect the bot over signed HTTP instead of Socket Mode
    #[arg(long)]
    http: bool,
    /// Keep what is done in this folder [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The page's port on this machine; 0 for any free one [default: 4000, or a free one where that is taken]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
}

#[derive(Debug, Subcommand)]
enum KitsCommand {
    /// Check kits: every mistake with its file, line and column
    #[command(
        long_about = "Check interview kits, and report every mistake at once with its file, line and column.

PATH is a kit's file or a folder of them; kits given together are also checked beside each other. Without one, the built-in kits are checked.

An error keeps a kit from being used, and fails the check. A warning does not, but an interview with the kit is the worse for it; \
[[allow]] in the kit silences it, with a reason. A note is something a kit may well do without. --deny makes the check fail for these \
too, as in CI. docs/kit-check.md gives the reason and the source of each rule.",
        after_long_help = "Examples:
  interview-assistant kits check
  interview-assistant kits check ./kits --deny warnings
  interview-assistant kits check ./kits --format github --deny warnings
  interview-assistant kits check --quiet kits/staff-data-engineer.toml

Exit codes: 0 nothing that fails the check, 1 an error, or something denied, 2 it could not check."
    )]
    Check(check::CheckArgs),

    Import(import::ImportArgs),

    /// Have the bot that runs here read its kits' files again
    #[command(
        long_about = "Have the bot that runs on this machine, with the same INTERVIEW_DATA, read its kits' files again.

Changed files become new versions: new loops get them, loops under way stay on theirs. A broken file is reported, and the last \
good version of its kit goes on serving. SIGHUP and `/interview kits reload` do the same.",
        after_long_help = "Examples:
  interview-assistant kits reload
  interview-assistant kits reload --config /etc/interview-assistant.toml

Exit codes: 0 read, 1 a file is broken, 2 no bot runs there."
    )]
    Reload(running::ReloadArgs),

    /// Write the kits that were edited or imported in Slack as files
    #[command(
        long_about = "Write the kits that were edited or imported in Slack as files, so that what was done there comes back as a change to \
review.

The bot may be running or not; it is found by INTERVIEW_DATA. A file is written as a whole or not at all, and never over one that has \
changed since the edits were made, unless --force is given. Comments in a file are not kept.",
        after_long_help = "Examples:
  interview-assistant kits export
  interview-assistant kits export senior-backend --stdout
  interview-assistant kits export --out ./kits

Exit codes: 0 done, 1 a file has changed and nothing was written, 2 it could not."
    )]
    Export(running::ExportArgs),

    /// List kits: slug, title, questions, minutes, competencies, version
    #[command(
        long_about = "List interview kits, one a line: slug, title, questions, minutes, number of competencies, version.

PATH is a kit's file or a folder of them. Without one, the built-in kits are listed.",
        after_long_help = "Examples:
  interview-assistant kits list
  interview-assistant kits list ./kits

Exit codes: 0 all are listed, 1 a file could not be read as a kit, 2 it could not list."
    )]
    List(show::ListArgs),

    /// Show one kit: its questions with follow-ups and anchors, and all else
    #[command(
        long_about = "Show one interview kit, as it is read before an interview: profile, questions with their follow-ups, notes and \
anchors, look-fors and pitfalls.

ROLE is found as in Slack: by slug, alias or title; case, spaces and dashes do not matter. Lines are as wide as the terminal, 100 columns at most.",
        after_long_help = "Examples:
  interview-assistant kits show senior-backend
  interview-assistant kits show practice lead
  interview-assistant kits show --path ./kits data-staff

Nothing is coloured where NO_COLOR is set or the output is no terminal. Exit codes: 0 shown, 2 there is no such role, or several."
    )]
    Show(show::ShowArgs),
}

/// Reads the command line, does what it says, and tells how it went.
#[must_use]
pub fn main() -> ExitCode {
    let code = match Cli::parse().command {
        Command::Run(args) => run(&args),
        Command::Demo(args) => demo(args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Kits(KitsCommand::Check(args)) => check::check(&args),
        Command::Kits(KitsCommand::List(args)) => show::list(&args),
        Command::Kits(KitsCommand::Show(args)) => show::show(&args),
        Command::Kits(KitsCommand::Reload(args)) => running::reload(&args),
        Command::Kits(KitsCommand::Export(args)) => running::export(&args),
        Command::Kits(KitsCommand::Import(args)) => import::import(&args),
        Command::Backup(args) => moving::backup(&args),
        Command::Restore(args) => moving::restore(&args),
        Command::Transfer(args) => moving::transfer(&args),
        Command::Health(args) => health(&args),
    };
    ExitCode::from(code)
}

fn run(args: &RunArgs) -> u8 {
    let config = match Config::from_process(args.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => return refuse(&problems.into()),
    };
    if let Err(why) = begin_log(&config.log) {
        return refuse(&why);
    }
    if let Some(course) = config::crash_at() {
        crash::arm(&course);
    }
    serve(start::run(config))
}

fn demo(args: DemoArgs) -> u8 {
    let log = match Log::from_process() {
        Ok(log) => log,
        Err(problems) => return refuse(&problems.into()),
    };
    if let Err(why) = begin_log(&log) {
        return refuse(&why);
    }
    serve(start::demo(DemoOptions {
        http: args.http,
        data: args.data,
        port: args.port,
    }))
}

fn health(args: &RunArgs) -> u8 {
    match config::listen_from_process(args.config.as_deref()) {
        Err(problems) => refuse(&problems.into()),
        Ok(listen) => match start::health(listen) {
            Ok(()) => OK,
            Err(fault) => {
                say(&fault.into());
                FINDINGS
            }
        },
    }
}

fn plural(count: usize, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}

/// Whether something was printed. A reader that has seen enough, as `head`, closes the pipe: that is no failure.
fn printed(result: io::Result<()>) -> bool {
    match result {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            say(&anyhow::Error::new(why).context("this could not be printed"));
            false
        }
        _ => true,
    }
}

fn begin_log(log: &Log) -> anyhow::Result<()> {
    let form = if log.json { Form::Json } else { Form::Text };
    telemetry::start(&log.filter, form).context("the log cannot be started")
}

/// Runs something until it ends.
fn serve(work: impl Future<Output = Result<(), start::StartFault>>) -> u8 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads to work with");
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(why) => return refuse(&why),
    };
    match runtime.block_on(work) {
        Ok(()) => OK,
        // A kit or a database that cannot be used is found before anything is served, like the rest of the configuration.
        Err(
            fault @ (start::StartFault::Kits(_)
            | start::StartFault::KeyMissing(_)
            | start::StartFault::Store(StoreFault::Unusable { .. })),
        ) => refuse(&fault.into()),
        Err(fault) => {
            say(&fault.into());
            FINDINGS
        }
    }
}

fn refuse(why: &anyhow::Error) -> u8 {
    say(why);
    COULD_NOT
}

/// Tells the person at the terminal what happened, with its causes.
fn say(why: &anyhow::Error) {
    let _ = writeln!(io::stderr().lock(), "interview-assistant: {why:#}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_and_exit_codes_in_its_help() {
        let mut cli = Cli::command();
        for path in [
            &["run"][..],
            &["demo"],
            &["doctor"],
            &["kits", "check"],
            &["kits", "list"],
            &["kits", "show"],
            &["kits", "reload"],
            &["kits", "export"],
            &["kits", "import"],
            &["backup"],
            &["restore"],
            &["transfer"],
        ] {
            let command = path.iter().fold(&mut cli, |command, word| {
                command
                    .find_subcommand_mut(word)
                    .expect("the command is there")
            });
            let help = command.render_long_help().to_string();
            assert!(help.contains("Examples:"), "{help}");
            assert!(help.contains("Exit codes:"), "{help}");
        }
    }

    #[test]
    fn the_help_of_run_names_every_variable() {
        let mut cli = Cli::command();
        let run = cli.find_subcommand_mut("run").expect("it is there");
        let help = run.render_long_help().to_string();
        for variable in config::VARIABLES {
            assert!(help.contains(variable), "{variable} is missing in {help}");
        }
    }
}
