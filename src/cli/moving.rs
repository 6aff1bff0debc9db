//! `backup`, `restore` and `transfer`: what the command line says, and what it tells. How records are moved is in `store::moving`.

use super::{FINDINGS, OK, refuse, say};
use crate::clock::Clock;
use crate::config;
use crate::control::{self, Answer, Question};
use crate::domain::words::count;
use crate::start;
use crate::store::Store;
use crate::store::moving::{self, Backup, NotMoved};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often it is told how far it has come, in records.
const TOLD_EVERY: u64 = 100_000;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to write; there must be none of that name
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The TOML file with the settings that the bot runs with; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The TOML file with the settings that the bot will run with; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct TransferArgs {
    /// Where everything is: `sled:DIR` or `postgres:URL`; without what follows the colon, where the settings say
    #[arg(long, value_name = "STORE")]
    from: String,
    /// Where it goes, written alike
    #[arg(long, value_name = "STORE")]
    to: String,
    /// The TOML file with the settings; the environment wins over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A store, named but not opened.
#[derive(Debug)]
struct Place {
    /// The folder, also where a database is used.
    folder: PathBuf,
    database: Option<SecretString>,
    extra_ca: Vec<CertificateDer<'static>>,
}

impl Place {
    /// Where the settings say.
    fn configured(file: Option<&Path>) -> anyhow::Result<Self> {
        let (folder, _) = config::folders_from_process(file)?;
        let (database, extra_ca) = config::database_from_process(file)?;
        Ok(Self {
            folder,
            database,
            extra_ca,
        })
    }

    /// As it was written.
    fn named(name: &str, file: Option<&Path>) -> anyhow::Result<Self> {
        let (folder, _) = config::folders_from_process(file)?;
        let (database, extra_ca) = config::database_from_process(file)?;
        let (kind, rest) = name.split_once(':').unwrap_or((name, ""));
        let database = match (kind, rest) {
            ("sled", "") => None,
            ("sled", rest) => {
                return Ok(Self {
                    folder: PathBuf::from(rest),
                    database: None,
                    extra_ca,
                });
            }
            ("postgres", "") => Some(database.context(
                "`postgres:` without an address means INTERVIEW_DATABASE_URL, and that is not set",
            )?),
            // `postgres:postgres://…`, and the address alone.
            ("postgres" | "postgresql", rest) if rest.starts_with("//") => Some(name.into()),
            ("postgres", url) => Some(url.into()),
            _ => bail!("a store is written `sled:DIR` or `postgres:URL`"),
        };
        Ok(Self {
            folder,
            database,
            extra_ca,
        })
    }

    /// For reading: a folder without a store is not made one.
    fn must_be_there(&self) -> anyhow::Result<()> {
        if self.database.is_none() && !self.folder.join("db").is_file() {
            bail!("there is no store in {}", self.folder.display());
        }
        Ok(())
    }

    async fn opened(&self) -> Result<Arc<dyn Store>, start::StartFault> {
        start::open_store(&self.folder, self.database.as_ref(), &self.extra_ca).await
    }

    async fn opened_alone(&self) -> Result<Arc<dyn Store>, start::StartFault> {
        start::open_alone(&self.folder, self.database.as_ref(), &self.extra_ca).await
    }

    async fn opened_to_fill(&self) -> Result<Arc<dyn Store>, start::StartFault> {
        start::open_to_fill(&self.folder, self.database.as_ref(), &self.extra_ca).await
    }
}

/// Writes everything into a file.
pub(super) fn backup(args: &BackupArgs) -> u8 {
    ended(backed_up(args).map(|records| {
        let (many, file) = (count_of(records), args.file.display());
        format!("{file} holds everything: {many}. Keep it as safe as the store itself: it names candidates and ratings.")
    }))
}

fn backed_up(args: &BackupArgs) -> anyhow::Result<u64> {
    let place = Place::configured(args.config.as_deref())?;
    let file = std::path::absolute(&args.file)
        .with_context(|| format!("{} names no file", args.file.display()))?;
    let question = Question::BackUp { file: file.clone() };
    match control::ask(&place.folder, &question)? {
        Some(Answer::BackedUp { records }) => return Ok(records),
        Some(Answer::Sorry(why)) => bail!(why),
        Some(_) => bail!("the bot answered something else"),
        None => {}
    }
    place.must_be_there()?;
    running(async {
        let store = place.opened().await?;
        let made = moving::back_up(&*store, &file, Clock::system().now()).await;
        store.close().await;
        Ok(made?.records)
    })
}

/// Puts everything from a file into an empty store.
pub(super) fn restore(args: &RestoreArgs) -> u8 {
    let restored = Place::configured(args.config.as_deref()).and_then(|place| {
        running(async {
            let backup = Backup::check(&args.file).await?;
            let store = place.opened_to_fill().await?;
            let moved = backup.restore(&*store, &told).await;
            store.close().await;
            Ok(moved?.records)
        })
    });
    ended(restored.map(|records| {
        let many = count_of(records);
        format!("Everything is there: {many}. The bot can be started.")
    }))
}

/// Moves everything from one store into an empty one.
pub(super) fn transfer(args: &TransferArgs) -> u8 {
    ended(transferred(args).map(|records| {
        let many = count_of(records);
        format!("Everything is there, and the same at both ends: {many}. Start the bot on the new store only; nobody writes to the old one any more.")
    }))
}

fn transferred(args: &TransferArgs) -> anyhow::Result<u64> {
    if args.from == args.to {
        bail!("both ends are the same store");
    }
    let from = Place::named(&args.from, args.config.as_deref()).context("--from")?;
    let to = Place::named(&args.to, args.config.as_deref()).context("--to")?;
    from.must_be_there().context("--from")?;
    running(async {
        let source = from.opened_alone().await.context("--from")?;
        let destination = to.opened_to_fill().await.context("--to")?;
        let moved = moving::transfer(&*source, &*destination, &told).await;
        destination.close().await;
        source.close().await;
        Ok(moved?.records)
    })
}

fn running<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads to work with")?;
    runtime.block_on(work)
}

/// How far it has come, now and then.
fn told(records: u64) {
    let page = 1 + records % TOLD_EVERY;
    if records >= TOLD_EVERY && page <= moving::PAGE as u64 {
        let _ = writeln!(io::stderr().lock(), "{} so far", count_of(records));
    }
}

fn count_of(records: u64) -> String {
    count(usize::try_from(records).unwrap_or(usize::MAX), "record")
}

/// What is told at the end. What could not begin and what broke in the middle are told apart.
fn ended(done: anyhow::Result<String>) -> u8 {
    match done {
        Ok(told) => {
            let _ = writeln!(io::stdout().lock(), "{told}");
            OK
        }
        Err(why) => match why.downcast_ref::<NotMoved>() {
            Some(NotMoved::Differs { .. } | NotMoved::Store(_)) => {
                say(&why);
                FINDINGS
            }
            _ => refuse(&anyhow!(why)),
        },
    }
}
