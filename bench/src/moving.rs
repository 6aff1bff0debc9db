//! Moves, backs up and restores a store with the bot's own commands, and tells how long each took.

use crate::postgres::Postgres;
use crate::server::size;
use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Moves everything from a folder into an empty database. In seconds, with the counting and hashing of both ends.
pub fn transfer(bot: &Path, folder: &Path, url: &str) -> anyhow::Result<f64> {
    let mut command = Command::new(bot);
    let (from, to) = (
        format!("sled:{}", folder.display()),
        format!("postgres:{url}"),
    );
    command.args(["transfer", "--from", &from, "--to", &to]);
    took(&mut command)
}

/// Everything that can be done with the store of a folder, by figure.
pub async fn measure(
    bot: &Path,
    scratch: &Path,
    folder: &Path,
    postgres: &Postgres,
) -> anyhow::Result<Vec<(&'static str, f64)>> {
    let [first, second] = ["moved", "restored"];
    for database in [first, second] {
        postgres.create(database)?;
    }
    let place = tempfile::Builder::new()
        .prefix("moving-")
        .tempdir_in(scratch)?;
    let measured = both_ways(bot, place.path(), folder, postgres, [first, second]);
    for database in [first, second] {
        postgres.forget(database)?;
    }
    measured
}

fn both_ways(
    bot: &Path,
    place: &Path,
    folder: &Path,
    postgres: &Postgres,
    [first, second]: [&str; 2],
) -> anyhow::Result<Vec<(&'static str, f64)>> {
    let url = postgres.url(first);
    let mut all = vec![(
        "s to move 100,000 loops to PostgreSQL",
        transfer(bot, folder, &url)?,
    )];
    let size_of = format!("select pg_database_size('{first}') / 1048576.0");
    all.push((
        "MiB in PostgreSQL, 100,000 loops",
        postgres.number("postgres", &size_of)?,
    ));
    // With a database, the folder holds no store.
    let file = place.join("of-postgres.zst");
    let mut command = in_folder(bot, &place.join("beside"), Some(&url));
    let time = took(command.arg("backup").arg(&file))?;
    all.push(("s to back up 100,000 loops from PostgreSQL", time));
    all.push(("MiB of the backup, 100,000 loops", size(&file)?));
    let mut command = in_folder(bot, &place.join("beside"), Some(&postgres.url(second)));
    let time = took(command.arg("restore").arg(&file))?;
    all.push(("s to restore 100,000 loops into PostgreSQL", time));
    let mut command = Command::new(bot);
    let (from, to) = (
        format!("postgres:{url}"),
        format!("sled:{}", place.join("back").display()),
    );
    command.args(["transfer", "--from", &from, "--to", &to]);
    all.push(("s to move 100,000 loops to a folder", took(&mut command)?));
    let file = place.join("of-sled.zst");
    let mut command = in_folder(bot, folder, None);
    let time = took(command.arg("backup").arg(&file))?;
    all.push(("s to back up 100,000 loops from a folder", time));
    let mut command = in_folder(bot, &place.join("restored"), None);
    let time = took(command.arg("restore").arg(&file))?;
    all.push(("s to restore 100,000 loops into a folder", time));
    Ok(all)
}

fn in_folder(bot: &Path, folder: &Path, url: Option<&str>) -> Command {
    let mut command = Command::new(bot);
    command.env("INTERVIEW_DATA", folder);
    match url {
        Some(url) => command.env("INTERVIEW_DATABASE_URL", url),
        None => command.env_remove("INTERVIEW_DATABASE_URL"),
    };
    command
}

fn took(command: &mut Command) -> anyhow::Result<f64> {
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output();
    let output = output.context("the bot does not start")?;
    ensure!(
        output.status.success(),
        "moving failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(began.elapsed().as_secs_f64())
}
