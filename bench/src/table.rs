//! The rounds, as they are kept, and the table that is made of them.

use anyhow::Context;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

const ROUNDS: &str = "rounds.csv";

/// What was measured, written down as it is.
pub struct Samples {
    file: File,
    pub round: u32,
}

impl Samples {
    pub fn create(folder: &Path, quick: bool) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut about = machine();
        if quick {
            about.insert_str(0, "**Only tried (`--quick`): these are no measurements.** ");
        }
        fs::write(folder.join("machine.md"), about)?;
        let mut file = File::create(folder.join(ROUNDS))?;
        writeln!(file, "figure;who;round;value")?;
        Ok(Self { file, round: 0 })
    }

    pub fn add(&mut self, figure: &str, who: &str, value: f64) -> anyhow::Result<()> {
        eprint!("· {who} {value:.4} ");
        Ok(writeln!(
            self.file,
            "{figure};{who};{};{value:.4}",
            self.round
        )?)
    }
}

fn machine() -> String {
    let said = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).output();
        let output = output.ok().filter(|output| output.status.success());
        output.map_or_else(
            || "none".to_owned(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores of {model}, Linux {}; {}, Node {}, {}.\n",
        jiff::Zoned::now().strftime("%Y-%m-%d"),
        said("uname", &["-r"]),
        said("rustc", &["--version"]),
        said("node", &["--version"]),
        said("python3", &["--version"]),
    )
}

/// The rounds of a run: by figure and by who, the value of each round.
struct Rounds(BTreeMap<(String, String), BTreeMap<u32, f64>>);

impl Rounds {
    fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut rounds: BTreeMap<_, BTreeMap<u32, f64>> = BTreeMap::new();
        for line in fs::read_to_string(folder.join(ROUNDS))?.lines().skip(1) {
            let fields: Vec<&str> = line.split(';').collect();
            let [figure, who, round, value] = fields[..] else {
                anyhow::bail!("a line of {ROUNDS} is broken: {line}");
            };
            let of = rounds
                .entry((figure.to_owned(), who.to_owned()))
                .or_default();
            of.insert(round.parse()?, value.parse()?);
        }
        Ok(Self(rounds))
    }

    fn of(&self, figure: &str, who: &str) -> Option<&BTreeMap<u32, f64>> {
        self.0.get(&(figure.to_owned(), who.to_owned()))
    }

    fn median(&self, figure: &str, who: &str) -> Option<f64> {
        median(self.of(figure, who)?.values().copied().collect())
    }

    /// The median of the rounds' ratios: what hit both in a round does not count.
    fn ratio(&self, figure: &str, who: &str, to: &str) -> Option<f64> {
        let (who, to) = (self.of(figure, who)?, self.of(figure, to)?);
        let ratios = who
            .iter()
            .filter_map(|(round, value)| Some(value / to.get(round)?));
        median(ratios.collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)? / 2;
    Some((values[middle] + values[values.len() / 2]) / 2.0)
}

/// What is wanted of a figure.
#[derive(Clone, Copy)]
enum Wanted {
    Least(f64),
    Most(f64),
}

/// A line of the table: what it is called, the figure, whose, over whose, and what is wanted.
struct Line(
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Wanted,
);

use Wanted::{Least, Most};

const LINES: [Line; 30] = [
    Line(
        "Clicks a second, 64 people, to Bolt for JavaScript",
        "clicks a second, 64 people",
        "bot",
        Some("bolt-js"),
        Least(10.0),
    ),
    Line(
        "the same, to Bolt for Python",
        "clicks a second, 64 people",
        "bot",
        Some("bolt-python"),
        Least(15.0),
    ),
    Line(
        "the same, to the floor",
        "clicks a second, 64 people",
        "bot",
        Some("floor"),
        Least(0.7),
    ),
    Line(
        "the same, to Bolt for JavaScript with commits grouped",
        "clicks a second, 64 people",
        "bot",
        Some("bolt-js-grouped"),
        Least(4.0),
    ),
    Line(
        "Clicks a second, one person, to the floor",
        "clicks a second, one person",
        "bot",
        Some("floor"),
        Least(0.8),
    ),
    Line(
        "p99 of the ack, 64 people, to Bolt for JavaScript",
        "p99 in ms, 64 people",
        "bot",
        Some("bolt-js"),
        Most(0.1),
    ),
    Line(
        "p99 of the ack, 200 clicks a second, to the floor",
        "p99 in ms, 200 clicks a second",
        "bot",
        Some("floor"),
        Most(2.0),
    ),
    Line(
        "p99.9 of the ack, 200 clicks a second, to Bolt for JavaScript",
        "p99.9 in ms, 200 clicks a second",
        "bot",
        Some("bolt-js"),
        Most(0.2),
    ),
    Line(
        "CPU a click, 64 people, to Bolt for JavaScript",
        "CPU a click in us, 64 people",
        "bot",
        Some("bolt-js"),
        Most(0.1),
    ),
    Line(
        "MiB resident, idle",
        "MiB resident, idle",
        "bot",
        None,
        Most(15.0),
    ),
    Line(
        "MiB resident, after 100,000 clicks",
        "MiB resident, after 100,000 clicks",
        "bot",
        None,
        Most(40.0),
    ),
    Line(
        "MiB resident, just started on 100,000 loops",
        "MiB resident, started on 100,000 loops",
        "bot",
        None,
        Most(80.0),
    ),
    Line(
        "Disk of 100,000 loops of 30 ratings, to SQLite",
        "MiB on disk, 100,000 loops",
        "bot",
        Some("sqlite"),
        Most(2.0),
    ),
    Line(
        "MiB of the release binary",
        "MiB, release binary",
        "bot",
        None,
        Most(15.0),
    ),
    Line(
        "ms from start to first click, empty store",
        "ms from start to first click, empty store",
        "bot",
        None,
        Most(40.0),
    ),
    Line(
        "ms from start to first click, 100,000 loops",
        "ms from start to first click, 100,000 loops",
        "bot",
        None,
        Most(225.0),
    ),
    Line(
        "A click with 100,000 loops stored, to 10, one person",
        "ms a click, one person",
        "100,000 loops",
        Some("10 loops"),
        Most(1.2),
    ),
    Line(
        "the same, 64 people",
        "ms a click, 64 people",
        "100,000 loops",
        Some("10 loops"),
        Most(1.2),
    ),
    Line(
        "A click in a full loop, to an empty one",
        "ms a click, one person",
        "full loop",
        Some("empty loop"),
        Most(1.3),
    ),
    Line(
        "Screens: Web API calls",
        "screens: Web API calls",
        "bot",
        None,
        Most(40.0),
    ),
    Line(
        "Screens: refused with 429",
        "screens: refused with 429",
        "bot",
        None,
        Most(0.0),
    ),
    Line(
        "Screens: ms until the post showed a change",
        "screens: ms until the post showed a change, longest",
        "bot",
        None,
        Most(3000.0),
    ),
    Line(
        "Screens: ms until a scorecard showed a click",
        "screens: ms until a scorecard showed a click, longest",
        "bot",
        None,
        Most(3000.0),
    ),
    Line(
        "Screens: ms from the last click to the last state",
        "screens: ms from the last click to the last state",
        "bot",
        None,
        Most(1500.0),
    ),
    Line(
        "Socket Mode's ack, to HTTP, one person",
        "ms until the ack, one person, median",
        "Socket Mode",
        Some("HTTP"),
        Most(1.3),
    ),
    Line(
        "the same, 64 people",
        "ms until the ack, 64 people, median",
        "Socket Mode",
        Some("HTTP"),
        Most(1.3),
    ),
    Line(
        "Clicks a second on PostgreSQL, 64 people, to pgbench",
        "clicks a second, 64 people",
        "bot-postgres",
        Some("pgbench"),
        Least(0.6),
    ),
    Line(
        "the same, three processes on one database",
        "clicks a second, 64 people",
        "bot-postgres-three",
        Some("pgbench"),
        Least(0.6),
    ),
    Line(
        "A click with 100,000 loops in PostgreSQL, to 10, one person",
        "ms a click, one person",
        "100,000 loops in PostgreSQL",
        Some("10 loops in PostgreSQL"),
        Most(1.2),
    ),
    Line(
        "the same, 64 people",
        "ms a click, 64 people",
        "100,000 loops in PostgreSQL",
        Some("10 loops in PostgreSQL"),
        Most(1.2),
    ),
];

/// What is no more than orientation: everybody's own figures.
const EVERYBODY: [&str; 10] = [
    "clicks a second, 64 people",
    "clicks a second, one person",
    "p99 in ms, 64 people",
    "p99 in ms, 200 clicks a second",
    "p99.9 in ms, 200 clicks a second",
    "CPU a click in us, 64 people",
    "scorecards redrawn, 64 people",
    "CPU of PostgreSQL a click in us",
    "transactions in PostgreSQL a click",
    "bytes in PostgreSQL's log a click",
];

/// Everybody in it, and what they are called there.
const COLUMNS: [(&str, &str); 9] = [
    ("bot", "bot"),
    ("floor", "floor"),
    ("floor-on-sled", "floor on sled"),
    ("bolt-js", "Bolt JS"),
    ("bolt-js-grouped", "Bolt JS, grouped"),
    ("bolt-python", "Bolt Python"),
    ("bot-postgres", "bot on PostgreSQL"),
    ("bot-postgres-three", "three of them"),
    ("pgbench", "pgbench"),
];

/// What a hundred thousand loops are to whoever keeps or moves them.
const MOVING: [&str; 8] = [
    "MiB in PostgreSQL, 100,000 loops",
    "MiB of the backup, 100,000 loops",
    "s to move 100,000 loops to PostgreSQL",
    "s to move 100,000 loops to a folder",
    "s to back up 100,000 loops from PostgreSQL",
    "s to back up 100,000 loops from a folder",
    "s to restore 100,000 loops into PostgreSQL",
    "s to restore 100,000 loops into a folder",
];

/// How long a click takes, by what is stored; in milliseconds.
const CLICKS: [(&str, &str); 4] = [
    ("ms a click, one person", "10 loops in PostgreSQL"),
    ("ms a click, one person", "100,000 loops in PostgreSQL"),
    ("ms a click, 64 people", "10 loops in PostgreSQL"),
    ("ms a click, 64 people", "100,000 loops in PostgreSQL"),
];

/// Makes the table of a run, prints it, and keeps it beside the rounds.
pub fn again(folder: &Path) -> anyhow::Result<()> {
    let rounds = Rounds::read(folder).context("the rounds cannot be read")?;
    let about = fs::read_to_string(folder.join("machine.md")).unwrap_or_default();
    let most = rounds
        .0
        .values()
        .map(BTreeMap::len)
        .max()
        .unwrap_or_default();
    let mut table = format!("{}Medians of {most} rounds.\n\n", about.replace('\n', " "));
    table.push_str("| figure | measured | wanted | |\n|---|---:|---:|---|\n");
    for Line(name, figure, who, to, wanted) in LINES {
        let value = match to {
            Some(to) => rounds.ratio(figure, who, to),
            None => rounds.median(figure, who),
        };
        let Some(value) = value else { continue };
        let (met, word, limit) = match wanted {
            Least(limit) => (value >= limit, "at least", limit),
            Most(limit) => (value <= limit, "at most", limit),
        };
        let met = if met { "yes" } else { "**no**" };
        let times = if to.is_some() { " times" } else { "" };
        writeln!(
            table,
            "| {name} | {}{times} | {word} {}{times} | {met} |",
            short(value),
            short(limit)
        )?;
    }
    everybody(&rounds, &mut table)?;
    let moving = MOVING.map(|figure| (figure.to_owned(), figure, "bot"));
    let clicks = CLICKS.map(|(figure, who)| (format!("{figure}, {who}"), figure, who));
    let mut begun = false;
    for (name, figure, who) in moving.into_iter().chain(clicks) {
        let Some(value) = rounds.median(figure, who) else {
            continue;
        };
        if !begun {
            table.push_str("\n| | measured |\n|---|---:|\n");
            begun = true;
        }
        writeln!(table, "| {name} | {} |", short(value))?;
    }
    fs::write(folder.join("table.md"), &table)?;
    println!("{table}");
    println!("The rounds and this table are in {}.", folder.display());
    Ok(())
}

/// Everybody's own figures, of everybody who was measured.
fn everybody(rounds: &Rounds, table: &mut String) -> anyhow::Result<()> {
    let figures: Vec<&str> = EVERYBODY
        .into_iter()
        .filter(|figure| {
            COLUMNS
                .iter()
                .any(|(who, _)| rounds.of(figure, who).is_some())
        })
        .collect();
    let columns: Vec<(&str, &str)> = COLUMNS
        .into_iter()
        .filter(|(who, _)| {
            figures
                .iter()
                .any(|figure| rounds.of(figure, who).is_some())
        })
        .collect();
    if columns.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
    writeln!(table, "\n| | {} |", names.join(" | "))?;
    writeln!(table, "|---|{}", "---:|".repeat(columns.len()))?;
    for figure in figures {
        write!(table, "| {figure} |")?;
        for (who, _) in &columns {
            let value = rounds.median(figure, who);
            write!(table, " {} |", value.map(short).unwrap_or_default())?;
        }
        table.push('\n');
    }
    Ok(())
}

/// Three digits of a number.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (2 - value.abs().log10().floor() as i32).max(0);
    let text = format!("{value:.*}", digits as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}
