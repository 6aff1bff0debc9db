//! The database alone: how many rating clicks a second it writes for pgbench, PostgreSQL's own measure, which does nothing around them.

use crate::load::Loaded;
use crate::postgres::Postgres;
use anyhow::{Context, ensure};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// The heads of the loops that it clicks in: copies of one that is there.
const LOOPS: &str = "insert into interview_assistant.record
    select '\\x6809543042454e43483030062e2e'::bytea || int4send(number), format, 1, json
    from generate_series(0, 63) as number,
        (select format, json from interview_assistant.record where key >= '\\x68' and key < '\\x69' limit 1) as head
    on conflict do nothing";
/// What stands in the end: audit entries, answered deliveries, and how often the scorecards of this run were written.
const STORED: &str = "select (select count(*) from interview_assistant.record where key >= '\\x61' and key < '\\x62'),
    (select count(*) from interview_assistant.record where key >= '\\x64' and key < '\\x65'),
    (select coalesce(sum(number), 0) from interview_assistant.record where key >= '\\x63' and key < '\\x64')";

/// So many people who click again as soon as the last click is written, for so long, in loops and with scorecards that are this run's own.
pub fn run(
    postgres: &Postgres,
    database: &str,
    scratch: &Path,
    people: usize,
    run: u32,
    time: Duration,
) -> anyhow::Result<Loaded> {
    postgres.says(database, LOOPS)?;
    let before = stored(postgres, database)?;
    let folder = tempfile::Builder::new()
        .prefix("pgbench-")
        .tempdir_in(scratch)?;
    let threads = std::thread::available_parallelism()?.get().min(people);
    // It counts in whole seconds, and connecting is a part of them.
    let seconds = time.as_secs().max(3);
    let mut command = postgres.program("pgbench", database);
    command
        .arg("-f")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("pgbench.sql"))
        .args(["-n", "-M", "prepared", "-c", &people.to_string()])
        .args(["-j", &threads.to_string(), "-T", &seconds.to_string()])
        .args(["-D", "n=0", "-D", &format!("run={run}")]);
    for (name, text) in texts() {
        command.args(["-D", &format!("{name}={text}")]);
    }
    // How long each took; it adds a number to the name for each of its threads.
    command
        .args(["-l", "--log-prefix"])
        .arg(folder.path().join("took"));
    let output = command.stdin(Stdio::null()).output();
    let output = output.context("pgbench does not start")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "pgbench failed: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let after = |words: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(words));
        let figure = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        figure.with_context(|| format!("pgbench does not say {words:?}: {said}"))
    };
    let mut measured = Loaded::empty();
    for log in fs::read_dir(folder.path())? {
        for line in fs::read_to_string(log?.path())?.lines() {
            // The client, which of its transactions, and how many microseconds.
            let micros = line.split(' ').nth(2).and_then(|took| took.parse().ok());
            measured.took(Duration::from_micros(
                micros.context("pgbench's log is broken")?,
            ));
        }
    }
    measured.seconds = measured.clicks as f64 / after("tps = ")?;
    let done = after("number of transactions actually processed: ")? as u64;
    ensure!(
        done == measured.clicks,
        "pgbench did {done} transactions and wrote down {}",
        measured.clicks
    );
    for (before, after) in before.into_iter().zip(stored(postgres, database)?) {
        ensure!(
            after - before == done,
            "pgbench was acknowledged {done} clicks, {} are stored",
            after - before
        );
    }
    Ok(measured)
}

fn stored(postgres: &Postgres, database: &str) -> anyhow::Result<Vec<u64>> {
    let said = postgres.says(database, STORED)?;
    let counts = said.split('|').map(|count| Ok(count.parse()?));
    counts.collect()
}

/// What the bot sends along: the rest of a delivery's key, the reply to it, a scorecard with each question rated, and an audit entry.
fn texts() -> [(&'static str, String); 4] {
    let mut delivery = r"\x".to_owned();
    let key = "000012.1234567890.0123456789abcdef0123456789abcdef_scorecard.rate.v1:C-0013:ratedpoor:screening/5";
    for byte in key.bytes() {
        // Writing to a text does not fail.
        let _ = write!(delivery, "{byte:02x}");
    }
    let mut marks = String::new();
    let mut clicks = String::new();
    for section in ["behavioural", "screening", "technical"] {
        for number in 1..=5 {
            let comma = if marks.is_empty() { "" } else { "," };
            let _ = write!(marks, r#"{comma}"{section}/{number}":{{"rated":"poor"}}"#);
        }
    }
    for number in 2..=5 {
        let comma = if clicks.is_empty() { "" } else { "," };
        let _ = write!(
            clicks,
            r#"{comma}["behavioural/{number}",1795262400123456]"#
        );
    }
    let at = "2026-11-27T11:53:09.426997002Z";
    [
        ("delivery", delivery),
        (
            "reply",
            r#"{"show":{"scorecard":{"code":"C-0013","section":"behavioural"}}}"#.to_owned(),
        ),
        (
            "card",
            format!(
                r#"{{"author":"U0LOAD035","marks":{{{marks}}},"evidence":{{}},"recommendation":null,"reason":"","beside_the_kit":"","saved_at":"{at}","late_changes":[],"clicks":[{clicks}]}}"#
            ),
        ),
        (
            "audit",
            format!(
                r#"[{{"at":"{at}","actor":"U0LOAD035","what":{{"rated":{{"question":"behavioural/5","from":{{"rated":"fair"}},"to":{{"rated":"poor"}}}}}}}}]"#
            ),
        ),
    ]
}
