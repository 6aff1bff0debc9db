//! Starts whoever is measured, on an empty or a prepared store and with a sink of their own, and looks at their processes. All end with their owner.

use crate::click::{Clicks, Fixture, SECRET};
use crate::load::Line;
use crate::postgres::Postgres;
use crate::sink::Seen;
use crate::socket::Socket;
use crate::store::{self, Kept};
use anyhow::{Context, bail, ensure};
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Bot,
    /// On PostgreSQL.
    Postgres,
    /// Three of them on one database.
    Three,
    /// The database alone.
    Pgbench,
    Floor,
    /// The floor, with sled in place of a file.
    FloorOnSled,
    Js,
    JsGrouped,
    Python,
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Postgres => "bot-postgres",
            Self::Three => "bot-postgres-three",
            Self::Pgbench => "pgbench",
            Self::Floor => "floor",
            Self::FloorOnSled => "floor-on-sled",
            Self::Js => "bolt-js",
            Self::JsGrouped => "bolt-js-grouped",
            Self::Python => "bolt-python",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Bot,
            Self::Postgres,
            Self::Three,
            Self::Pgbench,
            Self::Floor,
            Self::FloorOnSled,
            Self::Js,
            Self::JsGrouped,
            Self::Python,
        ];
        all.into_iter().find(|who| who.name() == name)
    }
}

/// Where everything is that is started.
#[derive(Clone, Debug, clap::Args)]
pub struct Places {
    /// The bot's release binary
    #[arg(long)]
    pub bot: PathBuf,
    /// The folder where the bot on Bolt for JavaScript is installed
    #[arg(long)]
    pub js: Option<PathBuf>,
    /// The folder where the bot on Bolt for Python is installed
    #[arg(long)]
    pub python: Option<PathBuf>,
    /// The folder with PostgreSQL's programs, `pgbench` among them
    #[arg(long)]
    pub postgres: Option<PathBuf>,
    /// Where databases are made; on the disk that is measured, and PostgreSQL's user may come there
    #[arg(long, default_value = "/var/tmp")]
    pub databases: PathBuf,
    /// Where stores are made; on the disk that is measured
    #[arg(long)]
    pub scratch: PathBuf,
}

/// A process with all that it started; killed when it is dropped.
struct Group(Child);

impl Group {
    fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let log = File::create(log)?;
        let command = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command.process_group(0).spawn();
        child
            .map(Self)
            .with_context(|| format!("{command:?} does not start"))
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.0.id());
        let _gone = Command::new("kill")
            .args([signal, "--", &group])
            .stderr(Stdio::null())
            .status();
    }

    /// Asks it to end, and waits until it has.
    async fn stop(&mut self) -> anyhow::Result<()> {
        self.signal("-TERM");
        let began = Instant::now();
        while self.0.try_wait()?.is_none() {
            ensure!(began.elapsed() < PATIENCE, "it does not stop");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal("-KILL");
        let _gone = self.0.wait();
    }
}

/// The sink, running.
pub struct Sink {
    _group: Group,
    pub port: u16,
}

impl Sink {
    pub async fn start(folder: &Path, takes: u64, socket: Option<u16>) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "sink",
            "--port",
            &port.to_string(),
            "--takes",
            &takes.to_string(),
        ]);
        if let Some(socket) = socket {
            command.args(["--socket", &format!("ws://127.0.0.1:{socket}/")]);
        }
        let group = Group::start(&mut command, &folder.join("sink.log"))?;
        listens(port).await?;
        Ok(Self {
            _group: group,
            port,
        })
    }

    /// What was called so far.
    pub async fn seen(&self) -> anyhow::Result<Seen> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream
            .write_all(b"GET /seen HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            .await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .context("the sink said nothing")?;
        Ok(serde_json::from_slice(&answer[end + 4..])?)
    }
}

/// How somebody is started.
pub struct Setting<'a> {
    pub who: Who,
    /// A store that was made before. Who has none of that kind starts on an empty one.
    pub store: &'a Path,
    /// The database in place of the folder, and how the prepared one is called.
    pub database: Option<(&'a Arc<Postgres>, &'a str)>,
    pub fixture: &'a Fixture,
    /// How long a call to Slack takes, in milliseconds.
    pub takes: u64,
    /// Socket Mode in place of HTTP; the bot only.
    pub socket: bool,
}

/// Somebody who is measured, running.
pub struct Server {
    pub who: Who,
    pub clicks: Arc<Clicks>,
    /// One of each process that answers.
    pub ports: Vec<u16>,
    pub sink: Sink,
    pub socket: Option<Socket>,
    /// From its start to its first acknowledged click, over HTTP.
    pub first: Duration,
    groups: Vec<Group>,
    recorded: u64,
    kept: Kept,
    /// A database of its own, which goes with it.
    database: Option<(Arc<Postgres>, String)>,
    folder: TempDir,
}

impl Server {
    /// Starts it, and clicks once.
    pub async fn start(places: &Places, setting: Setting<'_>) -> anyhow::Result<Self> {
        let who = setting.who;
        Self::started(places, setting)
            .await
            .with_context(|| format!("{} did not start", who.name()))
    }

    async fn started(places: &Places, setting: Setting<'_>) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("round-")
            .tempdir_in(&places.scratch)?;
        let who = setting.who;
        let mut recorded = 0;
        let mut kept = Kept::InFolder(folder.path().join("data"));
        let mut database = None;
        if let Some((postgres, prepared)) = setting.database {
            let name = "measured".to_owned();
            postgres.copy(prepared, &name)?;
            kept = Kept::InDatabase(postgres.url(&name));
            database = Some((Arc::clone(postgres), name));
        } else if who == Who::Bot {
            copy(setting.store, &folder.path().join("data"))?;
        }
        if matches!(who, Who::Bot | Who::Postgres | Who::Three) {
            recorded = store::verify(&kept, setting.fixture).await?;
        }
        let line = if setting.socket {
            Some(tokio::net::TcpListener::bind("127.0.0.1:0").await?)
        } else {
            None
        };
        let socket_port = line.as_ref().map(|line| line.local_addr()).transpose()?;
        let sink = Sink::start(
            folder.path(),
            setting.takes,
            socket_port.map(|address| address.port()),
        )
        .await?;
        let clicks = Arc::new(Clicks::new(setting.fixture.clone(), sink.port));
        let port = free_port()?;
        let data = folder.path().join("data");
        let mut command = command(places, who, &data, port, sink.port)?;
        if let Kept::InDatabase(url) = &kept {
            command.env("INTERVIEW_DATABASE_URL", url);
        }
        if setting.socket {
            command.env_remove("SLACK_SIGNING_SECRET").env(
                "SLACK_APP_TOKEN",
                "xapp-1-A0BENCH0000-1234567890123-0123456789abcdef0123456789abcdef",
            );
        }
        let request = clicks.request(0);
        let began = Instant::now();
        let group = Group::start(&mut command, &folder.path().join("log"))?;
        let mut server = Self {
            who,
            clicks,
            ports: vec![port],
            sink,
            socket: None,
            first: Duration::ZERO,
            groups: vec![group],
            recorded,
            kept,
            database,
            folder,
        };
        if let Some(line) = line {
            // The click that was made ready is not sent over HTTP.
            server.clicks = Arc::new(Clicks::new(setting.fixture.clone(), server.sink.port));
            server.socket = Some(Socket::accept(&line).await?);
        } else if let Err(why) = server.first_click(0, &request).await {
            bail!("{why:#}; the end of its log:\n{}", server.log("log"));
        }
        server.first = began.elapsed();
        if who == Who::Three {
            for number in 2..=3 {
                server.another(places, number).await?;
            }
        }
        Ok(server)
    }

    /// Starts another process on the same database.
    async fn another(&mut self, places: &Places, number: u32) -> anyhow::Result<()> {
        let Kept::InDatabase(url) = &self.kept else {
            bail!("a folder takes one process");
        };
        let port = free_port()?;
        let data = self.folder.path().join(format!("data-{number}"));
        let mut command = command(places, self.who, &data, port, self.sink.port)?;
        command.env("INTERVIEW_DATABASE_URL", url);
        let log = format!("log-{number}");
        self.groups
            .push(Group::start(&mut command, &self.folder.path().join(&log))?);
        self.ports.push(port);
        let process = self.ports.len() - 1;
        let Err(why) = self.first_click_on(process).await else {
            return Ok(());
        };
        // Where it is refused, it takes a while to end.
        let said = self.log(&log);
        if said.contains("another process uses the database") {
            return Err(OnlyOne.into());
        }
        bail!("process {number}: {why:#}; the end of its log:\n{said}")
    }

    /// The end of what a process of it wrote.
    fn log(&self, name: &str) -> String {
        let log = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(20).collect();
        tail.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    async fn first_click_on(&mut self, process: usize) -> anyhow::Result<()> {
        // Each of them by somebody else: a person's clicks have an order.
        let request = self.clicks.request(process);
        self.first_click(process, &request).await
    }

    async fn first_click(&mut self, process: usize, request: &[u8]) -> anyhow::Result<()> {
        let began = Instant::now();
        let port = self.ports[process];
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            ensure!(self.groups[process].0.try_wait()?.is_none(), "it ended");
            ensure!(began.elapsed() < PATIENCE, "nobody listens");
            tokio::time::sleep(Duration::from_micros(250)).await;
        }
        Line::to(port).click(request).await
    }

    /// What it has kept in memory, in MiB, with all its processes.
    pub fn resident(&self) -> anyhow::Result<f64> {
        let mut kib = 0.0;
        for process in self.processes()? {
            let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let figure = line.and_then(|line| line.split_whitespace().next());
            kib += figure
                .and_then(|figure| figure.parse::<f64>().ok())
                .unwrap_or_default();
        }
        Ok(kib / 1024.0)
    }

    /// How long it has been on a processor, in seconds, with all its processes.
    pub fn busy(&self) -> anyhow::Result<f64> {
        let mut ticks = 0.0;
        for process in self.processes()? {
            let fields = stat(process)?;
            ticks += fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        }
        // Linux counts in hundredths wherever it shows this to programs.
        Ok(ticks / 100.0)
    }

    /// Its process and what that started.
    fn processes(&self) -> anyhow::Result<Vec<u32>> {
        let mut found: Vec<u32> = self.groups.iter().map(|group| group.0.id()).collect();
        let started: Vec<String> = found.iter().map(ToString::to_string).collect();
        for entry in fs::read_dir("/proc")? {
            let Ok(process) = entry?.file_name().to_string_lossy().parse() else {
                continue;
            };
            // One that has ended meanwhile is none of ours.
            if let Ok(fields) = stat(process)
                && started.contains(&fields[1])
            {
                found.push(process);
            }
        }
        Ok(found)
    }

    /// How many clicks were made in all.
    pub fn clicked(&self) -> u64 {
        let users = 0..self.clicks.fixture.users.len();
        users.map(|user| self.clicks.count(user)).sum()
    }

    /// Stops it, and counts: what was acknowledged must be on disk, each click once.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        for group in &mut self.groups {
            let stopped = group.stop().await;
            stopped.with_context(|| format!("{} did not stop", self.who.name()))?;
        }
        let fixture = &self.clicks.fixture;
        let data = self.folder.path().join("data");
        let found = match self.who {
            Who::Bot | Who::Postgres | Who::Three => {
                store::verify(&self.kept, fixture).await? - self.recorded
            }
            Who::Pgbench => bail!("it answers no clicks"),
            Who::Floor => fs::read(data.join("floor"))?
                .iter()
                .filter(|byte| **byte == b'\n')
                .count() as u64,
            Who::FloorOnSled => crate::floor::kept(&data.join("floor"))?,
            Who::Js | Who::JsGrouped | Who::Python => {
                let count = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('select count(*) from audit').fetchone()[0])";
                let output = Command::new("python3")
                    .args(["-c", count])
                    .arg(data.join("db"))
                    .output()?;
                String::from_utf8_lossy(&output.stdout)
                    .trim()
                    .parse()
                    .context("the database cannot be counted")?
            }
        };
        let clicked = self.clicked();
        ensure!(
            found == clicked,
            "{}: {clicked} clicks were acknowledged, {found} are stored",
            self.who.name()
        );
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody uses it any more.
        self.groups.clear();
        if let Some((postgres, name)) = &self.database
            && let Err(why) = postgres.forget(name)
        {
            eprint!("· {why:#} ");
        }
    }
}

/// A second process is refused.
#[derive(Debug)]
pub struct OnlyOne;

impl std::error::Error for OnlyOne {}

impl std::fmt::Display for OnlyOne {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a second process on the same database is refused")
    }
}

fn command(
    places: &Places,
    who: Who,
    data: &Path,
    port: u16,
    sink: u16,
) -> anyhow::Result<Command> {
    fs::create_dir_all(data)?;
    let mut command = match who {
        Who::Pgbench => bail!("it answers no clicks"),
        Who::Bot | Who::Postgres | Who::Three => {
            let mut command = Command::new(&places.bot);
            command
                .arg("run")
                .env("INTERVIEW_LISTEN", format!("127.0.0.1:{port}"))
                .env("INTERVIEW_DATA", data);
            command
        }
        Who::Floor | Who::FloorOnSled => {
            let mut command = Command::new(std::env::current_exe()?);
            command
                .args(["floor", "--port", &port.to_string(), "--file"])
                .arg(data.join("floor"));
            if who == Who::FloorOnSled {
                command.arg("--sled");
            }
            command
        }
        Who::Js | Who::JsGrouped => {
            let folder = places
                .js
                .as_ref()
                .context("Bolt for JavaScript is not installed")?;
            let mut command = Command::new("node");
            command.arg("app.mjs").current_dir(folder);
            command.env("GROUPED", if who == Who::JsGrouped { "1" } else { "0" });
            command
        }
        Who::Python => {
            let folder = places
                .python
                .as_ref()
                .context("Bolt for Python is not installed")?;
            let mut command = Command::new(folder.join("venv/bin/gunicorn"));
            command.current_dir(folder);
            command
        }
    };
    command
        .env(
            "SLACK_BOT_TOKEN",
            "xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
        )
        .env("SLACK_SIGNING_SECRET", SECRET)
        .env("SLACK_API_URL", format!("http://127.0.0.1:{sink}/api"))
        .env("PORT", port.to_string())
        .env("DB", data.join("db"))
        .env("NODE_ENV", "production");
    Ok(command)
}

pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until somebody listens.
pub async fn listens(port: u16) -> anyhow::Result<()> {
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        ensure!(began.elapsed() < PATIENCE, "nobody listens");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// What the system says of a process, from its state on.
pub fn stat(process: u32) -> anyhow::Result<Vec<String>> {
    let line = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = line
        .rsplit_once(") ")
        .context("the system says nothing of it")?;
    Ok(fields.split(' ').map(str::to_owned).collect())
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copied = Command::new("cp").arg("-r").args([from, to]).status()?;
    ensure!(copied.success(), "{} cannot be copied", from.display());
    Ok(())
}

/// How large a file or a folder is, in MiB.
pub fn size(path: &Path) -> anyhow::Result<f64> {
    let measured = Command::new("du").args(["-sk"]).arg(path).output()?;
    let said = String::from_utf8_lossy(&measured.stdout).into_owned();
    let kib = said.split_whitespace().next().context("du says nothing")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
