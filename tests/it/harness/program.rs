//! The program as a process of its own, which can be killed: how it is started, stopped, asked and waited for. What people do is elsewhere.

#![expect(
    clippy::disallowed_methods,
    reason = "the child is this test again, told so by its environment; what moves its clock ends with it"
)]

use interview_assistant::clock::Clock;
use interview_assistant::config::{self, Config};
use interview_assistant::simulator::Simulator;
use interview_assistant::telemetry::{self, Form};
use interview_assistant::{crash, start};
use std::io::{BufRead as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// Errors, and where it listens.
const LOG: &str = "error,interview_assistant::start=info";
/// How far the clock of a stand-in is ahead when it starts, in milliseconds; without it this is not one.
const AHEAD: &str = "STAND_IN_AHEAD";

/// Waits until there is something to see.
pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How the program is started.
#[derive(Clone)]
pub struct Start<'a> {
    pub slack: &'a Simulator,
    pub folder: &'a Path,
    /// The address of the database that is the store; none: the folder is.
    pub database: Option<&'a str>,
    /// Signed HTTP instead of Socket Mode.
    pub http: bool,
    /// The program goes by Slack's clock, which is moved. Then it is a stand-in: all of it but its command line.
    pub moved: bool,
    /// By how much a clock that is moved is ahead of Slack's.
    pub skew: Duration,
    /// A folder of kits; none: those that come with the program.
    pub kits: Option<&'a Path>,
    /// At which point it dies by itself.
    pub dies_at: Option<&'a str>,
    /// `INTERVIEW_AT_ONCE`
    pub at_once: Option<usize>,
}

impl<'a> Start<'a> {
    pub fn new(slack: &'a Simulator, folder: &'a Path) -> Self {
        Self {
            slack,
            folder,
            database: None,
            http: false,
            moved: false,
            skew: Duration::ZERO,
            kits: None,
            dies_at: None,
            at_once: None,
        }
    }

    fn command(&self) -> Command {
        // Where it dies by itself it would leave a file of all its memory.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -c 0; exec \"$0\" \"$@\""]);
        if self.moved {
            let ahead = *self.slack.ahead().borrow() + self.skew;
            let ahead = ahead.as_millis().to_string();
            command
                .arg(std::env::current_exe().expect("this program has a path"))
                .args(["harness::program::stand_in", "--exact", "--nocapture"])
                .env(AHEAD, ahead);
        } else {
            command
                .arg(env!("CARGO_BIN_EXE_interview-assistant"))
                .arg("run");
        }
        command
    }

    /// Starts it, and waits until it serves Slack.
    pub async fn starts(self) -> Program {
        let program = self.begins();
        program.listens(&self).await;
        self.slack.connected().await;
        program
    }

    /// Starts it, and waits for nothing.
    pub fn begins(&self) -> Program {
        let log = NamedTempFile::new().expect("a file can be made");
        let credentials = self.slack.credentials();
        let mut command = self.command();
        command
            .env("SLACK_BOT_TOKEN", credentials.bot_token)
            .env("SLACK_API_URL", self.slack.api_url())
            .env("INTERVIEW_LISTEN", "127.0.0.1:0")
            .env("INTERVIEW_DATA", self.folder)
            .env("INTERVIEW_LOG", LOG)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log.reopen().expect("it can be opened"));
        if let Some(url) = self.database {
            command.env("INTERVIEW_DATABASE_URL", url);
        }
        if self.http {
            command.env("SLACK_SIGNING_SECRET", credentials.signing_secret);
        } else {
            command.env("SLACK_APP_TOKEN", credentials.app_token);
        }
        if let Some(kits) = self.kits {
            command.env("INTERVIEW_KITS", kits);
        }
        if let Some(point) = self.dies_at {
            command.env("INTERVIEW_CRASH_AT", point);
        }
        if let Some(at_once) = self.at_once {
            command.env("INTERVIEW_AT_ONCE", at_once.to_string());
        }
        let mut child = command.spawn().expect("the program starts");
        let moves = self.moved.then(|| {
            let (mut ahead, skew) = (self.slack.ahead(), self.skew);
            let mut clock = child.stdin.take().expect("it is piped");
            let moves = tokio::spawn(async move {
                while ahead.changed().await.is_ok() {
                    let millis = (*ahead.borrow_and_update() + skew).as_millis();
                    // It may have ended.
                    let _ = writeln!(clock, "{millis}");
                }
            });
            moves.abort_handle()
        });
        Program { child, log, moves }
    }
}

/// A process of the program; it ends with this.
pub struct Program {
    child: Child,
    log: NamedTempFile,
    moves: Option<tokio::task::AbortHandle>,
}

impl Program {
    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).expect("the log is text")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens, once it does.
    pub fn address(&self) -> Option<String> {
        let log = self.log();
        let (_, after) = log.split_once("ready address=")?;
        after.lines().next().map(|it| it.trim().to_owned())
    }

    async fn listens(&self, start: &Start<'_>) {
        let address = until("the program to be ready", || self.address()).await;
        if start.http {
            let url = format!("http://{address}/slack/events");
            start.slack.deliver_over_http(&url);
        }
    }

    /// Its end, if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it can be asked")
    }

    /// Kills it at whatever it does.
    pub fn is_killed(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Tells it to stop, and waits for its end.
    pub async fn is_stopped(&mut self) -> ExitStatus {
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "it can be asked to stop"
        );
        until("its end", || self.ended()).await
    }

    /// Waits until it has died by itself at this point, and at no other and of nothing else.
    pub async fn dies_at(&mut self, point: &str) {
        let status = until(&format!("its death at {point}"), || self.ended()).await;
        let last = point.rsplit('>').next().unwrap_or_default();
        let log = self.log();
        assert_eq!(status.signal(), Some(6), "{point}: {status}\n{log}");
        assert!(log.contains(&format!("died at {last}\n")), "{point}: {log}");
    }

    /// What it tells a scraper.
    pub async fn figures(&self) -> Option<String> {
        let mut stream = TcpStream::connect(self.address()?).await.ok()?;
        let request = "GET /metrics HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer)
    }

    /// Waits until it owes nothing and does nothing.
    pub async fn settles(&self) {
        let began = Instant::now();
        loop {
            let figures = self.figures().await.unwrap_or_default();
            let is_zero = |name: &str| {
                let line = figures.lines().find(|line| line.starts_with(name));
                line.is_some_and(|line| line.ends_with(" 0"))
            };
            if is_zero("interview_parcels_owed ") && is_zero("interview_under_way ") {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "it does not come to rest:\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it has in memory, in bytes, where the system tells.
    pub fn resident(&self) -> Option<u64> {
        resident(self.id()).map(|(_, now)| now)
    }

    /// Whatever it logged as an error.
    pub fn errors(&self) -> Vec<String> {
        let log = self.log();
        let errors = log.lines().filter(|line| line.contains("ERROR"));
        errors.map(str::to_owned).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(moves) = &self.moves {
            moves.abort();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All of the program but its command line, by a clock that is moved from outside. In an ordinary run it is an empty test.
#[test]
fn stand_in() {
    let Some(ahead) = std::env::var(AHEAD).ok().and_then(|it| it.parse().ok()) else {
        return;
    };
    let (moves, ahead) = watch::channel(Duration::from_millis(ahead));
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        for millis in lines.filter_map(|line| line.parse().ok()) {
            moves.send_replace(Duration::from_millis(millis));
        }
        // Whoever moved it is gone, and wants nothing more of it.
        std::process::exit(3);
    });
    let config = Config::from_process(None).expect("the settings are right");
    telemetry::start(&config.log.filter, Form::Text).expect("nothing else logs");
    if let Some(course) = config::crash_at() {
        crash::arm(&course);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let ended = runtime.block_on(start::run_by(config, Clock::ahead(ahead)));
    std::process::exit(i32::from(ended.is_err()));
}

/// The most that a process ever had in memory, and what it has now, in bytes; only Linux tells.
pub fn resident(id: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let number = line.split_whitespace().next()?.parse::<u64>().ok()?;
        Some(number * 1024)
    };
    Some((of("VmHWM:")?, of("VmRSS:")?))
}

/// The folder of a child, beside what else it leaves.
pub fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = folder.path().join("data");
    (folder, data)
}
