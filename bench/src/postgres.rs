//! A PostgreSQL server of our own, with its settings as they come: started for a run, gone with it, a database for each measurement.

use crate::server::{free_port, listens, stat};
use anyhow::{Context, ensure};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the server may take to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server, running.
pub struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
    child: Child,
}

/// PostgreSQL does not run as root: then it is the user that its package has made.
fn as_its_user(program: &Path) -> anyhow::Result<Command> {
    let id = Command::new("id").arg("-u").output()?;
    let mut command = if id.stdout.trim_ascii() == b"0" {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--",
        ]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    Ok(command)
}

/// What a program says, where it ends well.
fn said(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{command:?} does not start"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

impl Postgres {
    /// Makes one under this folder, with the programs of that one.
    pub async fn start(bin: &Path, under: &Path) -> anyhow::Result<Self> {
        let place = under.join("postgres-XXXXXX");
        let mut make = as_its_user(Path::new("mktemp"))?;
        let folder = PathBuf::from(said(make.arg("-d").arg(place))?);
        let mut random = [0; 16];
        fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
        let password = hex::encode(random);
        let script = r#"umask 077 && cat >"$2/password" && exec "$1" -D "$2/data" -U postgres -E UTF8 --locale=C \
            --no-instructions --auth=scram-sha-256 --pwfile="$2/password""#;
        let mut make = as_its_user(Path::new("sh"))?;
        make.args(["-c", script, "sh"])
            .arg(bin.join("initdb"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut making = make.spawn().context("initdb does not start")?;
        let mut input = making.stdin.take().context("it listens")?;
        std::io::Write::write_all(&mut input, password.as_bytes())?;
        drop(input);
        let made = making.wait_with_output()?;
        ensure!(
            made.status.success(),
            "initdb failed: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = free_port()?;
        let mut command = as_its_user(&bin.join("postgres"))?;
        let log = fs::File::create(folder.join("log"))?;
        command
            .arg("-D")
            .arg(folder.join("data"))
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        // So that Ctrl-C reaches only us, and the server ends when we say so.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let server = Self {
            bin: bin.to_owned(),
            folder,
            port,
            password,
            child: command.spawn().context("postgres does not start")?,
        };
        listens(port).await?;
        let began = Instant::now();
        while let Err(why) = server.says("postgres", "select 1") {
            ensure!(began.elapsed() < PATIENCE, "PostgreSQL: {why:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let (password, port) = (&self.password, self.port);
        format!("postgresql://postgres:{password}@127.0.0.1:{port}/{database}")
    }

    /// One of its programs, for one of its databases.
    pub fn program(&self, name: &str, database: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", "postgres")
            .env("PGPASSWORD", &self.password)
            .env("PGDATABASE", database);
        command
    }

    /// What it says to some SQL.
    pub fn says(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        let mut psql = self.program("psql", database);
        said(psql.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]))
    }

    /// The same, where it is a number.
    pub fn number(&self, database: &str, sql: &str) -> anyhow::Result<f64> {
        let said = self.says(database, sql)?;
        said.parse()
            .with_context(|| format!("{sql} says {said:?}, not a number"))
    }

    /// Makes an empty database.
    pub fn create(&self, database: &str) -> anyhow::Result<()> {
        self.says("postgres", &format!("create database {database}"))?;
        Ok(())
    }

    /// Makes a database like a prepared one. Whatever the server was still writing is written before anything is measured.
    pub fn copy(&self, prepared: &str, database: &str) -> anyhow::Result<()> {
        let copy = format!("create database {database} template {prepared} strategy file_copy");
        self.says("postgres", &copy)?;
        self.says("postgres", "checkpoint")?;
        Ok(())
    }

    /// Takes away a database.
    pub fn forget(&self, database: &str) -> anyhow::Result<()> {
        let drop = format!("drop database {database} with (force)");
        self.says("postgres", &drop)?;
        Ok(())
    }

    /// How many transactions were done in a database, as far as it has counted.
    pub fn transactions(&self, database: &str) -> anyhow::Result<f64> {
        let count =
            format!("select xact_commit from pg_stat_database where datname = '{database}'");
        self.number("postgres", &count)
    }

    /// How many bytes it has written to its log of changes.
    pub fn logged(&self) -> anyhow::Result<f64> {
        self.number(
            "postgres",
            "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')",
        )
    }

    /// How long it has been on a processor, in seconds, with all its processes, also those that have ended.
    pub fn busy(&self) -> anyhow::Result<f64> {
        let server = self.child.id();
        let mut ticks = 0.0;
        for entry in fs::read_dir("/proc")? {
            let Ok(process) = entry?.file_name().to_string_lossy().parse::<u32>() else {
                continue;
            };
            // One that has ended meanwhile is counted by the server.
            let Ok(fields) = stat(process) else { continue };
            let ours = if process == server {
                11..15
            } else if fields[1] == server.to_string() {
                11..13
            } else {
                continue;
            };
            for field in &fields[ours] {
                ticks += field.parse::<f64>()?;
            }
        }
        Ok(ticks / 100.0)
    }
}

impl Drop for Postgres {
    /// Ends it at once: nothing of it is needed any more.
    fn drop(&mut self) {
        let server = self.child.id().to_string();
        let signal = |signal: &str| {
            let _gone = Command::new("kill")
                .args([signal, &server])
                .stderr(Stdio::null())
                .status();
        };
        signal("-QUIT");
        let began = Instant::now();
        while let Ok(None) = self.child.try_wait() {
            if began.elapsed() > PATIENCE {
                signal("-KILL");
                let _gone = self.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _gone = fs::remove_dir_all(&self.folder);
    }
}
