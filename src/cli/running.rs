//! `kits reload` and `kits export`: what the command line asks of a bot that runs here, or of its store. Which kits are served is in `app`.

use super::{FINDINGS, OK, refuse};
use crate::app::{App, AppOptions, CannotBegin, Exported};
use crate::clock::Clock;
use crate::config;
use crate::control::{self, Answer, Question};
use crate::domain::ids::{KitVersion, WorkspaceId};
use crate::kits;
use crate::start;
use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct ReloadArgs {
    /// The TOML file with the settings that the bot runs with; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Roles, by their slugs [default: those that were edited or imported in Slack]
    #[arg(value_name = "ROLE")]
    roles: Vec<String>,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = "questions")]
    out: PathBuf,
    /// Print the kits instead of writing files
    #[arg(long, conflicts_with = "force")]
    stdout: bool,
    /// Write over files that say something else than the edit began from
    #[arg(long)]
    force: bool,
    /// The workspace whose kits are meant, where several have edited some
    #[arg(long, value_name = "TEAM")]
    workspace: Option<String>,
    /// The TOML file with the settings that the bot runs with; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Has the running bot read the kits' files again.
pub(super) fn reload(args: &ReloadArgs) -> u8 {
    let asked = config::folders_from_process(args.config.as_deref())
        .map_err(anyhow::Error::from)
        .and_then(|(data, _)| {
            let answer = control::ask(&data, &Question::Reload)
                .with_context(|| format!("the bot that runs on {} gave no answer", data.display()))?;
            answer.ok_or_else(|| {
                anyhow!(
                    "no bot runs on {}; is `interview-assistant run` up, with the same INTERVIEW_DATA?",
                    data.display()
                )
            })
        });
    match asked {
        Ok(Answer::Reloaded { told, broken }) => {
            let _ = writeln!(io::stdout().lock(), "{told}");
            if broken { FINDINGS } else { OK }
        }
        Ok(Answer::Sorry(why)) => refuse(&anyhow!(why)),
        Ok(Answer::Exported(_) | Answer::BackedUp { .. }) => {
            refuse(&anyhow!("the bot answered something else"))
        }
        Err(why) => refuse(&why),
    }
}

/// Writes the kits as they are served.
pub(super) fn export(args: &ExportArgs) -> u8 {
    let kits = match exported(args).and_then(|kits| wanted(args, kits)) {
        Ok(kits) => kits,
        Err(why) => return refuse(&why),
    };
    if args.stdout {
        let mut out = io::stdout().lock();
        for exported in &kits {
            // Whoever has seen enough closes the pipe.
            let _ = out.write_all(kits::write(&exported.kit).as_bytes());
        }
        return OK;
    }
    if kits.is_empty() {
        let _ = writeln!(
            io::stdout().lock(),
            "No kit was edited or imported in Slack: the files say it all. Name a role to write it nevertheless."
        );
        return OK;
    }
    match write_all(args, &kits) {
        Ok(code) => code,
        Err(why) => refuse(&why),
    }
}

/// From the bot that runs, or else from its store.
fn exported(args: &ExportArgs) -> anyhow::Result<Vec<Exported>> {
    let (data, folder) = config::folders_from_process(args.config.as_deref())?;
    let workspace = args.workspace.as_deref().map(WorkspaceId::from);
    let question = Question::Export {
        workspace: workspace.clone(),
    };
    match control::ask(&data, &question)? {
        Some(Answer::Exported(kits)) => return Ok(kits),
        Some(Answer::Sorry(why)) => bail!(why),
        Some(Answer::Reloaded { .. } | Answer::BackedUp { .. }) => {
            bail!("the bot answered something else")
        }
        None => {}
    }
    let (database, extra_ca) = config::database_from_process(args.config.as_deref())?;
    if database.is_none() && !data.is_dir() {
        bail!(
            "there is no store in {}; INTERVIEW_DATA names its folder",
            data.display()
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = start::open_store(&data, database.as_ref(), &extra_ca).await?;
        let app = App::start(
            Arc::clone(&store),
            Clock::system(),
            AppOptions {
                kits: folder,
                ..AppOptions::default()
            },
        )
        .await
        .map_err(|why| match why {
            CannotBegin::Kits(problems) => {
                anyhow!("the interview kits cannot be used:\n{problems}")
            }
            CannotBegin::Fault(fault) => fault.into(),
        })?;
        let kits = app.export(workspace).await;
        store.close().await;
        Ok(kits?)
    })
}

fn wanted(args: &ExportArgs, kits: Vec<Exported>) -> anyhow::Result<Vec<Exported>> {
    if args.roles.is_empty() {
        return Ok(kits.into_iter().filter(|exported| exported.own).collect());
    }
    for role in &args.roles {
        if !kits.iter().any(|one| one.kit.slug.as_str() == role) {
            let slugs: Vec<&str> = kits.iter().map(|one| one.kit.slug.as_str()).collect();
            bail!("there is no role `{role}`; there are: {}", slugs.join(", "));
        }
    }
    let named = |exported: &Exported| {
        args.roles
            .iter()
            .any(|role| exported.kit.slug.as_str() == role)
    };
    Ok(kits.into_iter().filter(named).collect())
}

/// What stands where a kit is to be written.
enum Standing {
    /// Nothing.
    Absent,
    /// The kit already.
    Same,
    /// What the edits were made on.
    Before,
    /// Something else; the second is the sentence that says so.
    Changed(String),
}

fn standing(path: &Path, exported: &Exported) -> anyhow::Result<Standing> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Absent),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    let version: Option<KitVersion> = kits::read(&path.display().to_string(), &text)
        .ok()
        .map(|file| kits::version(&file.kit));
    Ok(match version {
        Some(version) if version == exported.version => Standing::Same,
        Some(version) if Some(&version) == exported.agreed.as_ref() => Standing::Before,
        Some(_) => Standing::Changed(format!(
            "{} has changed since the edits were made",
            path.display()
        )),
        None => Standing::Changed(format!("{} is not a kit that can be read", path.display())),
    })
}

/// All files are looked at before the first is written.
fn write_all(args: &ExportArgs, kits: &[Exported]) -> anyhow::Result<u8> {
    let mut out = io::stdout().lock();
    if !args.out.is_dir() {
        bail!("there is no folder {}; --out names one", args.out.display());
    }
    let mut to_write = Vec::new();
    let mut changed = Vec::new();
    for exported in kits {
        let path = args.out.join(format!("{}.toml", exported.kit.slug));
        match standing(&path, exported)? {
            Standing::Same => {
                let _ = writeln!(out, "{} says it already", path.display());
            }
            Standing::Changed(why) if !args.force => changed.push(why),
            Standing::Absent | Standing::Before | Standing::Changed(_) => {
                to_write.push((path, exported));
            }
        }
    }
    if !changed.is_empty() {
        let all = changed.join("\n  ");
        super::say(&anyhow!(
            "nothing was written:\n  {all}\nBring them together by hand, or write over them with --force."
        ));
        return Ok(FINDINGS);
    }
    for (path, exported) in to_write {
        kits::write_whole(&path, &kits::write(&exported.kit))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let _ = writeln!(out, "wrote {} (kit {})", path.display(), exported.version);
    }
    Ok(OK)
}
