//! A PostgreSQL server of the tests' own, from the machine's packages: started once a process, gone with it, a database for each test.
//!
//! Where there is no server to start, tests that want one say so and pass, unless `POSTGRES_TEST` is `required`.

#![allow(
    dead_code,
    reason = "each of the two crates that have it uses a part of it"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The password of `postgres`, the server's own administrator.
pub const PASSWORD: &str = "pretend password";

/// Makes a server in a folder of its own, says which, and ends it with its input: so that it is gone however the tests end.
const KEEPER: &str = r#"
set -eu
bin=$1 port=$2
folder=$(mktemp -d)
cleanup() {
    "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >"$folder/stop" 2>&1 || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap '' INT
printf '%s' "$3" >"$folder/password"
if [ -n "$4" ]; then
    "$bin/pg_basebackup" -D "$folder/data" -R -X stream -c fast --no-sync -h "$4" -p "$5" -U postgres >"$folder/made" 2>&1 || { cat "$folder/made" >&2; exit 1; }
else
    "$bin/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C --no-sync --no-instructions \
        --auth-local=trust --auth-host=scram-sha-256 --pwfile="$folder/password" >"$folder/made" 2>&1 || { cat "$folder/made" >&2; exit 1; }
fi
cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 32MB
fsync = off
log_line_prefix = '%m [%p] %q%a '
END
"$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start >"$folder/started" 2>&1 || { cat "$folder/started" "$folder/log" >&2; exit 1; }
echo "$folder"
cat >/dev/null
"#;

/// A server.
pub struct Server {
    bin: PathBuf,
    pub folder: PathBuf,
    pub port: u16,
    keeper: Child,
    /// The server lives until this is closed.
    alive: Option<ChildStdin>,
}

/// Where the machine's newest server is, if it has one.
fn binaries() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten() {
        let bin = entry.path().join("bin");
        let version = entry.file_name().to_string_lossy().parse().ok();
        if let Some(version) = version.filter(|_| bin.join("initdb").exists()) {
            found.push((version, bin));
        }
    }
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// PostgreSQL does not run as root: then it is the user that its package has made.
fn as_nobody_special(program: &str) -> Command {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .expect("there is `id`");
    if id.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--",
        ])
        .arg(program);
    command
}

impl Server {
    /// Starts one; `None` where the machine has none, which is said.
    pub fn starts() -> Option<Self> {
        Self::starts_from(None)
    }

    /// Starts one that follows another one, and takes no writes until [`Server::is_promoted`].
    pub fn starts_behind(primary: &Self) -> Self {
        Self::starts_from(Some(primary)).expect("there is one already")
    }

    fn starts_from(primary: Option<&Self>) -> Option<Self> {
        let Some(bin) = binaries() else {
            #[expect(clippy::disallowed_methods, reason = "it is the tests' own setting")]
            let required = std::env::var_os("POSTGRES_TEST").is_some_and(|it| it == "required");
            assert!(
                !required,
                "there is no PostgreSQL server on this machine: install the package postgresql"
            );
            // Not through `print`, which the test runner keeps to itself.
            let _ = writeln!(
                std::io::stderr().lock(),
                "skipped: this test wants a PostgreSQL server, from the package postgresql"
            );
            return None;
        };
        let free = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = free.local_addr().expect("it has an address").port();
        drop(free);
        let mut keeper = as_nobody_special("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&bin)
            .args([&port.to_string(), PASSWORD])
            .arg(primary.map_or(Path::new(""), |it| &it.folder))
            .arg(primary.map_or(0, |it| it.port).to_string())
            .current_dir("/")
            .env("TMPDIR", "/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let alive = keeper.stdin.take().expect("it listens");
        let mut folder = String::new();
        let stdout = keeper.stdout.take().expect("it tells");
        BufReader::new(stdout)
            .read_line(&mut folder)
            .expect("it tells");
        let folder = PathBuf::from(folder.trim());
        assert!(
            folder.is_absolute(),
            "the server does not start; what it said is above"
        );
        Some(Self {
            bin,
            folder,
            port,
            keeper,
            alive: Some(alive),
        })
    }

    /// The one that tests share.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Self::starts).as_ref()
    }

    /// A new database's name.
    pub fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        self.does("postgres", &format!("create database {name}"));
        name
    }

    /// The address of a database of this server.
    pub fn url(&self, database: &str) -> String {
        let password = PASSWORD.replace(' ', "%20");
        format!(
            "postgresql://postgres:{password}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// What a statement says, by the server's own program.
    pub fn does(&self, database: &str, sql: &str) -> String {
        let said = Command::new(self.bin.join("psql"))
            .args([
                "-X",
                "-A",
                "-t",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
            ])
            .arg("-h")
            .arg(&self.folder)
            .args(["-p", &self.port.to_string(), "-d", database, "-c", sql])
            .output()
            .expect("psql starts");
        assert!(
            said.status.success(),
            "{sql}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    }

    fn control(&self, words: &[&str]) {
        let status = as_nobody_special(&self.bin.join("pg_ctl").to_string_lossy())
            .arg("-D")
            .arg(self.folder.join("data"))
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(words)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .expect("pg_ctl starts");
        assert!(status.success(), "{words:?}");
    }

    /// Ends the server as a crash would, until [`Server::comes_back`].
    pub fn crashes(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// Ends the server, until [`Server::comes_back`].
    pub fn stops(&self) {
        self.control(&["-m", "fast", "-w", "stop"]);
    }

    /// A server that followed takes writes from now on.
    pub fn is_promoted(&self) {
        self.control(&["-w", "promote"]);
    }

    /// Starts it again.
    pub fn comes_back(&self) {
        self.control(&["-w", "-t", "60", "start"]);
    }

    /// Adds lines to the server's settings, and restarts it.
    pub fn is_set_to(&self, lines: &str) {
        self.stops();
        let path = self.folder.join("data/postgresql.conf");
        let mut file = std::fs::File::options()
            .append(true)
            .open(path)
            .expect("the settings");
        writeln!(file, "{lines}").expect("written");
        self.comes_back();
    }

    /// Puts a file into the server's folder, as the server wants its own.
    pub fn has_file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join("data").join(name);
        let mut put = as_nobody_special("sh")
            .args(["-c", "umask 077 && cat >\"$1\"", "put"])
            .arg(&path)
            .current_dir("/")
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let mut input = put.stdin.take().expect("it listens");
        input.write_all(content.as_bytes()).expect("written");
        drop(input);
        assert!(put.wait().expect("it ends").success());
        path
    }

    /// The folder with the server's Unix socket.
    pub fn socket(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The keeper does the rest. The shared one is never dropped: its keeper notices the end of the process.
        drop(self.alive.take());
        let _ = self.keeper.wait();
    }
}
