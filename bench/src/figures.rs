//! What is measured: each figure once a round, everybody in every round, so that whatever else the machine does hits all alike.

mod postgres;
mod screens;

use crate::click::Fixture;
use crate::load::{self, Loaded};
use crate::postgres::Postgres;
use crate::server::{Places, Server, Setting, Who, size};
use crate::store::{self, Plan};
use crate::table::{self, Samples};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How many people click at once.
const PEOPLE: usize = 64;
/// Who is measured with one person, and at a steady pace.
const ALONE: [Who; 5] = [Who::Bot, Who::Floor, Who::FloorOnSled, Who::Js, Who::Python];

/// A figure, or several that come of the same measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Figure {
    /// Clicks a second, p99 and CPU a click, of 64 people who never pause
    Clicks,
    /// The same of one person
    One,
    /// p99 and p99.9 at 200 clicks a second
    Steady,
    /// Resident memory: idle, after 100,000 clicks, with 100,000 loops
    Memory,
    /// Disk of 100,000 loops, against SQLite
    Disk,
    /// The release binary
    Size,
    /// From the start to the first acknowledged click
    Start,
    /// A click with 100,000 loops stored, against 10
    Many,
    /// A click in a full loop, against an empty one
    Full,
    /// How quickly changes are shown, in how many calls
    Screens,
    /// Socket Mode against HTTP
    Socket,
    /// The clicks of 64 people with everything in PostgreSQL, against pgbench
    Postgres,
    /// The same with three processes on one database
    PostgresThree,
    /// A click with 100,000 loops in PostgreSQL, against 10
    PostgresMany,
    /// How long 100,000 loops take to be moved, backed up and restored, and how large they are
    Moving,
}

impl Figure {
    /// Whether it needs a hundred thousand loops.
    fn wants_many(self) -> bool {
        use Figure::{Disk, Many, Memory, Moving, PostgresMany, Start};
        matches!(self, Memory | Disk | Start | Many | PostgresMany | Moving)
    }

    /// Whether it needs a PostgreSQL server.
    fn wants_postgres(self) -> bool {
        use Figure::{Moving, Postgres, PostgresMany, PostgresThree};
        matches!(self, Postgres | PostgresThree | PostgresMany | Moving)
    }
}

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// What to measure; nothing means everything
    figures: Vec<Figure>,
    /// How many rounds
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Only try whether it works: seconds become tenths, and stores are small
    #[arg(long)]
    quick: bool,
    /// Only these: bot, bot-postgres, bot-postgres-three, pgbench, floor, floor-on-sled, bolt-js, bolt-js-grouped, bolt-python
    #[arg(long, value_delimiter = ',', value_parser = |name: &str| Who::named(name).ok_or("nobody of that name"))]
    only: Vec<Who>,
    /// Where the rounds and the table go
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    places: Places,
}

/// A store that was made, and who clicks in it. The database with the same has the store's name, where one is needed.
struct Made {
    name: &'static str,
    folder: PathBuf,
    fixture: Fixture,
}

struct Bench {
    args: RunArgs,
    folder: TempDir,
    samples: Samples,
    usual: Made,
    /// Ten loops, and the same beside a hundred thousand others; only where a figure needs it.
    ten: Made,
    many: Option<Made>,
    full: Made,
    joined: Made,
    postgres: Option<Arc<Postgres>>,
}

/// Measures, and prints the table.
pub async fn run(mut args: RunArgs) -> anyhow::Result<()> {
    use clap::ValueEnum;
    if args.figures.is_empty() {
        args.figures = Figure::value_variants().to_vec();
    }
    let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        measured = measure(args) => measured,
        // What was started is ended by dropping it.
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
        _ = ended.recv() => anyhow::bail!("terminated"),
    }
}

async fn measure(args: RunArgs) -> anyhow::Result<()> {
    std::fs::create_dir_all(&args.places.scratch)?;
    let folder = tempfile::Builder::new()
        .prefix("stores-")
        .tempdir_in(&args.places.scratch)?;
    eprintln!("making stores");
    let plan = Plan {
        loops: 64,
        users: PEOPLE,
        spread: 6,
        named: true,
        stored: 0,
        full: false,
    };
    let stored = if args.quick { 5_000 } else { 100_000 };
    let made = |name: &'static str, plan: Plan| {
        let folder = folder.path().join(name);
        async move {
            let fixture = store::seed(&folder, plan).await?;
            anyhow::Ok(Made {
                name,
                folder,
                fixture,
            })
        }
    };
    let ten = Plan {
        loops: 10,
        spread: 1,
        ..plan
    };
    let many = if args.figures.iter().any(|figure| figure.wants_many()) {
        Some(made("many", Plan { stored, ..ten }).await?)
    } else {
        None
    };
    let mut bench = Bench {
        usual: made("usual", plan).await?,
        ten: made("ten", ten).await?,
        many,
        full: made(
            "full",
            Plan {
                loops: 2,
                users: 12,
                spread: 2,
                full: true,
                ..plan
            },
        )
        .await?,
        joined: made(
            "joined",
            Plan {
                loops: 1,
                users: screens::PANEL,
                spread: 1,
                named: false,
                ..plan
            },
        )
        .await?,
        samples: Samples::create(&args.out, args.quick)?,
        postgres: None,
        args,
        folder,
    };
    if bench
        .args
        .figures
        .iter()
        .any(|figure| figure.wants_postgres())
    {
        bench.make_databases().await?;
    }
    let mut failures = Vec::new();
    for round in 1..=bench.args.rounds {
        for figure in bench.args.figures.clone() {
            bench.samples.round = round;
            let began = Instant::now();
            eprint!("round {round} of {}: {figure:?} ", bench.args.rounds);
            // The rest is still worth measuring; the run fails in the end.
            if let Err(why) = bench.figure(figure).await {
                eprint!("FAILED: {why:#} ");
                failures.push(format!("{figure:?} in round {round}: {why:#}"));
            }
            eprintln!("({:.0} s)", began.elapsed().as_secs_f64());
        }
    }
    table::again(&bench.args.out)?;
    ensure!(failures.is_empty(), "this failed:\n{}", failures.join("\n"));
    Ok(())
}

impl Bench {
    async fn figure(&mut self, figure: Figure) -> anyhow::Result<()> {
        match figure {
            Figure::Clicks => self.clicks().await,
            Figure::One => self.one().await,
            Figure::Steady => self.steady().await,
            Figure::Memory => self.memory().await,
            Figure::Disk => self.disk(),
            Figure::Size => self.size(),
            Figure::Start => self.start().await,
            Figure::Many => self.many().await,
            Figure::Full => self.full().await,
            Figure::Screens => self.screens().await,
            Figure::Socket => self.socket().await,
            Figure::Postgres => self.postgres().await,
            Figure::PostgresThree => self.postgres_three().await,
            Figure::PostgresMany => self.postgres_many().await,
            Figure::Moving => self.moving().await,
        }
    }

    fn seconds(&self, seconds: u64) -> Duration {
        Duration::from_millis(seconds * if self.args.quick { 100 } else { 1000 })
    }

    /// Those of them who are there and asked for.
    fn all(&self, all: &[Who]) -> Vec<Who> {
        let (args, places) = (&self.args, &self.args.places);
        let is_there = |who: &Who| match who {
            Who::Js | Who::JsGrouped => places.js.is_some(),
            Who::Python => places.python.is_some(),
            Who::Postgres | Who::Three | Who::Pgbench => self.postgres.is_some(),
            Who::Bot | Who::Floor | Who::FloorOnSled => true,
        };
        let asked = |who: &Who| args.only.is_empty() || args.only.contains(who);
        all.iter().copied().filter(is_there).filter(asked).collect()
    }

    async fn server(&self, who: Who, made: &Made, socket: bool) -> anyhow::Result<Server> {
        let setting = Setting {
            who,
            store: &made.folder,
            database: match who {
                Who::Postgres | Who::Three => {
                    let postgres = self.postgres.as_ref().context("there is no server")?;
                    Some((postgres, made.name))
                }
                _ => None,
            },
            fixture: &made.fixture,
            takes: 100,
            socket,
        };
        Server::start(&self.args.places, setting).await
    }

    async fn clicks(&mut self) -> anyhow::Result<()> {
        let all = [
            Who::Bot,
            Who::Floor,
            Who::FloorOnSled,
            Who::Js,
            Who::JsGrouped,
            Who::Python,
        ];
        for who in self.all(&all) {
            let server = self.server(who, &self.usual, false).await?;
            load::closed(&server.clicks, &server.ports, PEOPLE, self.seconds(3)).await?;
            let before = server.busy()?;
            let loaded =
                load::closed(&server.clicks, &server.ports, PEOPLE, self.seconds(8)).await?;
            let busy = server.busy()? - before;
            let responses = server.sink.seen().await?.responses;
            server.stop().await?;
            self.samples
                .add("clicks a second, 64 people", who.name(), loaded.a_second())?;
            self.samples
                .add("p99 in ms, 64 people", who.name(), loaded.at(0.99))?;
            self.samples.add(
                "CPU a click in us, 64 people",
                who.name(),
                busy * 1e6 / loaded.clicks as f64,
            )?;
            self.samples.add(
                "scorecards redrawn, 64 people",
                who.name(),
                responses as f64,
            )?;
        }
        Ok(())
    }

    async fn one(&mut self) -> anyhow::Result<()> {
        for who in self.all(&ALONE) {
            let server = self.server(who, &self.usual, false).await?;
            load::closed(&server.clicks, &server.ports, 1, self.seconds(1)).await?;
            let loaded = load::closed(&server.clicks, &server.ports, 1, self.seconds(5)).await?;
            server.stop().await?;
            self.samples
                .add("clicks a second, one person", who.name(), loaded.a_second())?;
        }
        Ok(())
    }

    async fn steady(&mut self) -> anyhow::Result<()> {
        for who in self.all(&ALONE) {
            let server = self.server(who, &self.usual, false).await?;
            load::open(
                &server.clicks,
                &server.ports,
                PEOPLE,
                200.0,
                self.seconds(2),
            )
            .await?;
            let loaded = load::open(
                &server.clicks,
                &server.ports,
                PEOPLE,
                200.0,
                self.seconds(15),
            )
            .await?;
            server.stop().await?;
            self.samples.add(
                "p99 in ms, 200 clicks a second",
                who.name(),
                loaded.at(0.99),
            )?;
            self.samples.add(
                "p99.9 in ms, 200 clicks a second",
                who.name(),
                loaded.at(0.999),
            )?;
        }
        Ok(())
    }

    async fn memory(&mut self) -> anyhow::Result<()> {
        let clicks = if self.args.quick { 6_400 } else { 100_000 };
        for who in self.all(&[Who::Bot, Who::FloorOnSled, Who::Js]) {
            // Minutes each, and only there for orientation.
            if who != Who::Bot && self.samples.round > 1 {
                continue;
            }
            let server = self.server(who, &self.usual, false).await?;
            let idle = server.resident()?;
            load::so_many(&server.clicks, &server.ports, PEOPLE, clicks).await?;
            let after = server.resident()?;
            server.stop().await?;
            self.samples.add("MiB resident, idle", who.name(), idle)?;
            self.samples
                .add("MiB resident, after 100,000 clicks", who.name(), after)?;
        }
        let many = self.many.as_ref().context("it was made")?;
        let server = self.server(Who::Bot, many, false).await?;
        let resident = server.resident()?;
        server.stop().await?;
        self.samples.add(
            "MiB resident, started on 100,000 loops",
            Who::Bot.name(),
            resident,
        )
    }

    /// The same however often it is measured.
    fn disk(&mut self) -> anyhow::Result<()> {
        if self.samples.round > 1 {
            return Ok(());
        }
        let many = self.many.as_ref().context("it was made")?;
        let stored = size(&many.folder)?;
        self.samples
            .add("MiB on disk, 100,000 loops", Who::Bot.name(), stored)?;
        let file = self.folder.path().join("sqlite");
        let loops = if self.args.quick { "5010" } else { "100010" };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sqlite.py");
        let Ok(made) = Command::new("python3")
            .arg(script)
            .arg(&file)
            .arg(loops)
            .status()
        else {
            eprint!("· SQLite is left out: it needs python3 ");
            return Ok(());
        };
        ensure!(made.success(), "SQLite's file was not made");
        self.samples
            .add("MiB on disk, 100,000 loops", "sqlite", size(&file)?)
    }

    fn size(&mut self) -> anyhow::Result<()> {
        let bytes = std::fs::metadata(&self.args.places.bot)?.len();
        self.samples.add(
            "MiB, release binary",
            Who::Bot.name(),
            bytes as f64 / f64::from(1 << 20),
        )
    }

    async fn start(&mut self) -> anyhow::Result<()> {
        // Slack's own time, of one call before anything is served, is nobody's to save.
        for who in self.all(&[Who::Bot, Who::Js]) {
            let setting = Setting {
                who,
                store: &self.usual.folder,
                database: None,
                fixture: &self.usual.fixture,
                takes: 0,
                socket: false,
            };
            let server = Server::start(&self.args.places, setting).await?;
            self.samples.add(
                "ms from start to first click, empty store",
                who.name(),
                server.first.as_secs_f64() * 1e3,
            )?;
            server.stop().await?;
        }
        let many = self.many.as_ref().context("it was made")?;
        let setting = Setting {
            who: Who::Bot,
            store: &many.folder,
            database: None,
            fixture: &many.fixture,
            takes: 0,
            socket: false,
        };
        let server = Server::start(&self.args.places, setting).await?;
        let first = server.first.as_secs_f64() * 1e3;
        self.samples.add(
            "ms from start to first click, 100,000 loops",
            Who::Bot.name(),
            first,
        )?;
        server.stop().await
    }

    async fn many(&mut self) -> anyhow::Result<()> {
        let names = ["10 loops", "100,000 loops"];
        self.few_and_many(Who::Bot, names).await
    }

    async fn few_and_many(&mut self, who: Who, names: [&str; 2]) -> anyhow::Result<()> {
        for (name, made) in names.into_iter().zip([Some(&self.ten), self.many.as_ref()]) {
            let server = self
                .server(who, made.context("it was made")?, false)
                .await?;
            load::closed(&server.clicks, &server.ports, 1, self.seconds(1)).await?;
            let one = load::closed(&server.clicks, &server.ports, 1, self.seconds(4)).await?;
            let all = load::closed(&server.clicks, &server.ports, PEOPLE, self.seconds(4)).await?;
            server.stop().await?;
            self.samples
                .add("ms a click, one person", name, mean(&one))?;
            self.samples
                .add("ms a click, 64 people", name, 1e3 / all.a_second())?;
        }
        Ok(())
    }

    async fn full(&mut self) -> anyhow::Result<()> {
        for (name, number) in [("empty loop", 1), ("full loop", 0)] {
            let mut fixture = self.full.fixture.clone();
            fixture.loops = vec![fixture.loops[number].clone()];
            fixture.spread = 1;
            let made = Made {
                name: self.full.name,
                folder: self.full.folder.clone(),
                fixture,
            };
            let server = self.server(Who::Bot, &made, false).await?;
            load::closed(&server.clicks, &server.ports, 1, self.seconds(1)).await?;
            let loaded = load::closed(&server.clicks, &server.ports, 1, self.seconds(4)).await?;
            server.stop().await?;
            self.samples
                .add("ms a click, one person", name, mean(&loaded))?;
        }
        Ok(())
    }

    async fn socket(&mut self) -> anyhow::Result<()> {
        let (warm, time) = (self.seconds(1), self.seconds(4));
        let server = self.server(Who::Bot, &self.usual, false).await?;
        load::closed(&server.clicks, &server.ports, 1, warm).await?;
        let one = load::closed(&server.clicks, &server.ports, 1, time).await?;
        let all = load::closed(&server.clicks, &server.ports, PEOPLE, time).await?;
        server.stop().await?;
        self.add_transport("HTTP", &one, &all)?;
        let mut server = self.server(Who::Bot, &self.usual, true).await?;
        let clicks = server.clicks.clone();
        let socket = server.socket.as_mut().context("it is connected")?;
        socket.closed(&clicks, 1, warm).await?;
        let one = socket.closed(&clicks, 1, time).await?;
        let all = socket.closed(&clicks, PEOPLE, time).await?;
        server.stop().await?;
        self.add_transport("Socket Mode", &one, &all)
    }

    fn add_transport(&mut self, name: &str, one: &Loaded, all: &Loaded) -> anyhow::Result<()> {
        self.samples
            .add("ms until the ack, one person, median", name, one.at(0.5))?;
        self.samples
            .add("ms until the ack, 64 people, median", name, all.at(0.5))?;
        self.samples
            .add("ms until the ack, 64 people, p99", name, all.at(0.99))
    }
}

/// How long a click took, in milliseconds.
fn mean(loaded: &Loaded) -> f64 {
    1e3 / loaded.a_second()
}
