//! Sends clicks and measures how long each acknowledgement takes. Closed loop: the next click follows the last answer. Open loop: clicks come
//! at their times whatever is answered, and each is measured from the time it was meant to go out.

use crate::click::Clicks;
use anyhow::{Context, bail, ensure};
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long one answer may take before the measurement counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came out. Only clicks that were acknowledged are in it; one that was not fails the whole measurement.
pub struct Loaded {
    pub clicks: u64,
    pub seconds: f64,
    /// Microseconds.
    pub waits: Histogram<u64>,
}

impl Loaded {
    pub fn empty() -> Self {
        Self {
            clicks: 0,
            seconds: 0.0,
            waits: Histogram::new_with_bounds(1, 60_000_000, 3).expect("a minute in three digits"),
        }
    }

    pub fn took(&mut self, wait: Duration) {
        self.clicks += 1;
        self.waits
            .saturating_record(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn a_second(&self) -> f64 {
        self.clicks as f64 / self.seconds
    }

    /// Milliseconds.
    pub fn at(&self, quantile: f64) -> f64 {
        self.waits.value_at_quantile(quantile) as f64 / 1000.0
    }

    fn gather(parts: Vec<Self>, began: Instant) -> Self {
        let mut all = Self::empty();
        for part in parts {
            all.clicks += part.clicks;
            all.waits
                .add(&part.waits)
                .expect("they have the same bounds");
        }
        all.seconds = began.elapsed().as_secs_f64();
        all
    }
}

/// A connection that is kept open.
pub struct Line {
    port: u16,
    stream: Option<TcpStream>,
    heard: Vec<u8>,
}

impl Line {
    pub fn to(port: u16) -> Self {
        Self {
            port,
            stream: None,
            heard: Vec::with_capacity(4096),
        }
    }

    /// Sends a click and waits until it is acknowledged: with 200 and nothing else.
    pub async fn click(&mut self, request: &[u8]) -> anyhow::Result<()> {
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        answered.context("a click was not acknowledged in 30 s")?
    }

    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<()> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().context("just connected")?;
        stream.write_all(request).await?;
        self.heard.clear();
        loop {
            ensure!(
                stream.read_buf(&mut self.heard).await? > 0,
                "the connection ended before the acknowledgement"
            );
            if let Some(answer) = Answer::read(&self.heard)? {
                if answer.closes {
                    self.stream = None;
                }
                return Ok(());
            }
        }
    }
}

/// One person's connections, to all processes of a bot: each click goes to the next one, as a balancer would send it.
struct Lines {
    lines: Vec<Line>,
    turn: usize,
}

impl Lines {
    /// The first goes to another one for each person.
    fn to(ports: &[u16], first: usize) -> Self {
        let lines = ports.iter().map(|port| Line::to(*port)).collect();
        Self { lines, turn: first }
    }

    fn next(&mut self) -> &mut Line {
        self.turn += 1;
        let turn = self.turn % self.lines.len();
        &mut self.lines[turn]
    }
}

struct Answer {
    closes: bool,
}

impl Answer {
    /// `None`: there is more to come.
    fn read(heard: &[u8]) -> anyhow::Result<Option<Self>> {
        let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&heard[..end])?.to_ascii_lowercase();
        let body = &heard[end + 4..];
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(':'));
            lines.find_map(|(key, value)| (key == name).then(|| value.trim()))
        };
        ensure!(
            head.starts_with("http/1.1 200"),
            "a click was answered with {}",
            head.lines().next().unwrap_or_default()
        );
        let whole = match (header("content-length"), header("transfer-encoding")) {
            (Some("0"), _) => true,
            (None, Some("chunked")) if b"0\r\n\r\n".starts_with(body) => body.len() == 5,
            _ => bail!("a click was answered with a body"),
        };
        Ok(whole.then(|| Self {
            closes: header("connection") == Some("close"),
        }))
    }
}

/// So many people who click again as soon as the last click is acknowledged, for so long.
pub async fn closed(
    clicks: &Arc<Clicks>,
    ports: &[u16],
    people: usize,
    time: Duration,
) -> anyhow::Result<Loaded> {
    let began = Instant::now();
    let parts = (0..people).map(|user| {
        let clicks = Arc::clone(clicks);
        let mut lines = Lines::to(ports, user);
        let task = tokio::spawn(async move {
            let mut mine = Loaded::empty();
            while began.elapsed() < time {
                let request = clicks.request(user);
                let sent = Instant::now();
                lines.next().click(&request).await?;
                mine.took(sent.elapsed());
            }
            anyhow::Ok(mine)
        });
        async { task.await? }
    });
    Ok(Loaded::gather(try_join_all(parts).await?, began))
}

/// So many clicks of these people in all, one after the other for each of them.
pub async fn so_many(
    clicks: &Arc<Clicks>,
    ports: &[u16],
    people: usize,
    count: u64,
) -> anyhow::Result<Loaded> {
    let began = Instant::now();
    let parts = (0..people).map(|user| {
        let clicks = Arc::clone(clicks);
        let mut lines = Lines::to(ports, user);
        let task = tokio::spawn(async move {
            let mut mine = Loaded::empty();
            for _ in 0..count / people as u64 {
                let request = clicks.request(user);
                let sent = Instant::now();
                lines.next().click(&request).await?;
                mine.took(sent.elapsed());
            }
            anyhow::Ok(mine)
        });
        async { task.await? }
    });
    Ok(Loaded::gather(try_join_all(parts).await?, began))
}

/// So many clicks a second, by people in turn, for so long.
pub async fn open(
    clicks: &Arc<Clicks>,
    ports: &[u16],
    people: usize,
    rate: f64,
    time: Duration,
) -> anyhow::Result<Loaded> {
    let began = Instant::now() + Duration::from_millis(20);
    let parts = (0..people).map(|user| {
        let clicks = Arc::clone(clicks);
        let mut lines = Lines::to(ports, user);
        let task = tokio::spawn(async move {
            let mut mine = Loaded::empty();
            for turn in (user..).step_by(people) {
                let after = Duration::from_secs_f64(turn as f64 / rate);
                if after >= time {
                    break;
                }
                let meant = began + after;
                let request = clicks.request(user);
                tokio::time::sleep_until(meant.into()).await;
                lines.next().click(&request).await?;
                mine.took(meant.elapsed());
            }
            anyhow::Ok(mine)
        });
        async { task.await? }
    });
    Ok(Loaded::gather(try_join_all(parts).await?, began))
}
