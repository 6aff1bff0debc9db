//! Several processes of the program on one database, with sockets, behind a small proxy, or some so and some so. What people do is elsewhere.

#![expect(clippy::disallowed_methods, reason = "what a test begins ends with it")]

use super::postgres::Server;
use super::program::{Program, Start};
use interview_assistant::simulator::Simulator;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// How long anything may take among several before a test gives up: leases have to end, and the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(3);

/// Waits until there is something to see.
pub async fn at_last<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What is owed and has no time of its own to rest for.
const UNSENT: &str = "select count(*) from interview_assistant.record
    where (key >= 'q'::bytea and key < 'r'::bytea and not json::jsonb -> 'post' ?| array['digest', 'reminders', 'briefing', 'nudge'])
    or (key >= 'w'::bytea and key < 'x'::bytea)";

/// Where a proxy may send a connection: the addresses of those that run.
type Backends = Arc<Mutex<Vec<Option<String>>>>;

/// Hands connections round.
struct Proxy {
    url: String,
    serves: AbortHandle,
}

impl Proxy {
    async fn starts(backends: Backends) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let serves = tokio::spawn(async move {
            for turn in 0_usize.. {
                if let Ok((caller, _)) = listener.accept().await {
                    tokio::spawn(passed_on(caller, Arc::clone(&backends), turn));
                }
            }
        });
        Self {
            url: format!("http://{address}/slack/events"),
            serves: serves.abort_handle(),
        }
    }
}

/// To the next one that takes it.
async fn passed_on(mut caller: TcpStream, backends: Backends, turn: usize) {
    let addresses = backends.lock().expect("no panic").clone();
    for place in 0..addresses.len() {
        let address = &addresses[(turn + place) % addresses.len()];
        let Some(address) = address else { continue };
        if let Ok(mut backend) = TcpStream::connect(address).await {
            // Whoever breaks off is noticed at the other end.
            let _ = copy_bidirectional(&mut caller, &mut backend).await;
            return;
        }
    }
}

/// The processes.
pub struct Cluster<'a> {
    pub slack: Simulator,
    pub server: &'a Server,
    pub database: String,
    pub url: String,
    folders: Vec<TempDir>,
    pub bots: Vec<Option<Program>>,
    /// By how much each one's clock is ahead of Slack's; then all go by clocks that are moved.
    skews: Vec<Duration>,
    /// A folder of kits of its own for each that has one.
    pub kits: BTreeMap<usize, TempDir>,
    /// The first so many have sockets; the others are behind the proxy.
    sockets: usize,
    backends: Backends,
    proxy: Option<Proxy>,
}

impl<'a> Cluster<'a> {
    /// So many with sockets and so many behind a proxy, none of which runs yet. Slack delivers whichever way there is; both ways in turn, where there are both.
    pub async fn of(slack: &Simulator, server: &'a Server, sockets: usize, behind: usize) -> Self {
        let database = server.database();
        let count = sockets + behind;
        let backends = Backends::new(Mutex::new(vec![None; count]));
        let proxy = if behind == 0 {
            None
        } else {
            let proxy = Proxy::starts(Arc::clone(&backends)).await;
            if sockets == 0 {
                slack.deliver_over_http(&proxy.url);
            } else {
                slack.deliver_over_both(&proxy.url);
            }
            Some(proxy)
        };
        let folder = |_| tempfile::tempdir().expect("a folder can be made");
        Self {
            slack: slack.clone(),
            url: server.url(&database),
            server,
            database,
            folders: (0..count).map(folder).collect(),
            bots: (0..count).map(|_| None).collect(),
            skews: Vec::new(),
            kits: BTreeMap::new(),
            sockets,
            backends,
            proxy,
        }
    }

    /// All go by clocks that are moved with Slack's, each so much ahead of it.
    pub fn with_clocks(mut self, skews: Vec<Duration>) -> Self {
        self.skews = skews;
        self
    }

    /// All of them run.
    pub async fn all_start(mut self) -> Self {
        for place in 0..self.bots.len() {
            self.starts(place).await;
        }
        self
    }

    fn is_behind(&self, place: usize) -> bool {
        place >= self.sockets
    }

    /// One starts, and serves Slack.
    pub async fn starts(&mut self, place: usize) {
        let start = Start {
            database: Some(&self.url),
            http: self.is_behind(place),
            moved: !self.skews.is_empty(),
            skew: self.skews.get(place).copied().unwrap_or_default(),
            kits: self.kits.get(&place).map(TempDir::path),
            ..Start::new(&self.slack, self.folders[place].path())
        };
        let mut bot = start.begins();
        at_last("one to be ready", async || {
            let ended = bot.ended();
            assert_eq!(ended, None, "{}", bot.log());
            figure(&bot, "interview_ready").await.filter(|it| *it == 1)
        })
        .await;
        if self.is_behind(place) {
            self.backends.lock().expect("no panic")[place] = bot.address();
        }
        self.bots[place] = Some(bot);
    }

    /// One is killed at whatever it does.
    pub fn kills(&mut self, place: usize) -> Program {
        let mut bot = self.bots[place].take().expect("it runs");
        bot.is_killed();
        self.backends.lock().expect("no panic")[place] = None;
        bot
    }

    /// The proxy sends one nothing more.
    pub fn is_left_out(&self, place: usize) {
        self.backends.lock().expect("no panic")[place] = None;
    }

    /// One is told to stop; the proxy sends it nothing more.
    pub async fn stops(&mut self, place: usize) {
        self.backends.lock().expect("no panic")[place] = None;
        let mut bot = self.bots[place].take().expect("it runs");
        let status = bot.is_stopped().await;
        assert_eq!(status.code(), Some(0), "{status}\n{}", bot.log());
    }

    pub fn running(&self) -> impl Iterator<Item = &Program> {
        self.bots.iter().flatten()
    }

    /// Which one sends the posts, once one alone does.
    pub async fn who_sends(&self) -> usize {
        at_last("one to send the posts", async || {
            let mut who = Vec::new();
            for (place, bot) in self.bots.iter().enumerate() {
                if let Some(bot) = bot
                    && figure(bot, "interview_mail_workspaces").await? == 1
                {
                    who.push(place);
                }
            }
            (who.len() == 1).then(|| who[0])
        })
        .await
    }

    /// Waits until everything is sent that has not to wait for its time, and nothing waits for what Slack has to tell.
    pub async fn has_sent_all(&self) {
        let sent = async || (self.server.does(&self.database, UNSENT) == "0").then_some(());
        at_last("everything to be sent", sent).await;
    }

    /// The same, and until nothing else is under way.
    pub async fn settles(&self) {
        self.has_sent_all().await;
        for bot in self.running() {
            at_last("nothing to be under way", async || {
                let under_way = figure(bot, "interview_under_way").await;
                under_way.filter(|it| *it == 0)
            })
            .await;
        }
    }

    /// Whatever any of them logged as an error.
    pub fn errors(&self) -> Vec<String> {
        self.running().flat_map(Program::errors).collect()
    }
}

impl Drop for Cluster<'_> {
    fn drop(&mut self) {
        if let Some(proxy) = &self.proxy {
            proxy.serves.abort();
        }
    }
}

/// One of its figures, if it answers.
pub async fn figure(bot: &Program, name: &str) -> Option<i64> {
    let figures = bot.figures().await?;
    let line = figures.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.strip_prefix(' ')
    })?;
    line.trim().parse().ok()
}
