//! The floor: what nothing on the same HTTP stack can be quicker than. Checks the signature, reads what a rating needs, appends it to a file, and
//! answers once it is on disk. One thread takes what waits, writes it, syncs once and answers all. On request it keeps three records in sled in place of
//! the line, as the bot does for a click: what keeping clicks there comes to without any bot.

use crate::click::SECRET;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Where it listens and what it appends to.
#[derive(Clone, Debug, clap::Args)]
pub struct FloorArgs {
    #[arg(long)]
    pub port: u16,
    #[arg(long)]
    pub file: PathBuf,
    /// Whether that is a folder of sled's
    #[arg(long)]
    pub sled: bool,
}

/// What a click comes to.
struct Record {
    line: Vec<u8>,
    /// Where the person in it ends.
    person: usize,
    /// Where the delivery in it ends.
    delivery: usize,
}

type Waiting = (Record, oneshot::Sender<()>);

#[derive(Clone)]
struct Floor {
    key: Hmac<Sha256>,
    writer: Sender<Waiting>,
}

#[derive(Deserialize)]
struct Click<'a> {
    #[serde(borrow)]
    user: User<'a>,
    trigger_id: &'a str,
    response_url: &'a str,
    #[serde(borrow)]
    actions: Vec<Action<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct Action<'a> {
    action_id: &'a str,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

pub async fn serve(args: FloorArgs) -> anyhow::Result<()> {
    let (writer, waiting) = mpsc::channel();
    if args.sled {
        let store = sled(&args.file).open()?;
        let log = File::open(args.file.join("db"))?;
        std::thread::spawn(move || keep(&store, &log, &waiting));
    } else {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(args.file)?;
        std::thread::spawn(move || write(file, &waiting));
    }
    let floor = Floor {
        key: Hmac::new_from_slice(SECRET.as_bytes()).expect("any length will do"),
        writer,
    };
    let routes = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/slack/events", post(take))
        .with_state(floor);
    let listener = TcpListener::bind(("127.0.0.1", args.port)).await?;
    Ok(axum::serve(listener, routes).await?)
}

/// The bot's settings of sled.
fn sled(folder: &Path) -> sled::Config {
    let config = sled::Config::new().path(folder);
    config.cache_capacity(4 << 20).flush_every_ms(None)
}

/// How many clicks are kept in a folder of sled's.
pub fn kept(folder: &Path) -> anyhow::Result<u64> {
    let store = sled(folder).open()?;
    Ok(store.scan_prefix(b"a").count() as u64)
}

fn keep(store: &sled::Db, log: &File, waiting: &Receiver<Waiting>) {
    let mut place = 0_u64;
    while let Ok(first) = waiting.recv() {
        let mut batch = sled::Batch::default();
        let mut answers = Vec::new();
        for (record, answer) in std::iter::once(first).chain(waiting.try_iter()) {
            place += 1;
            let (delivery, rest) = record.line.split_at(record.delivery);
            let person = &delivery[..record.person];
            batch.insert([b"d", delivery].concat(), b"done");
            batch.insert([b"c", person].concat(), rest);
            batch.insert([b"a", person, &place.to_be_bytes()].concat(), rest);
            answers.push(answer);
        }
        store.apply_batch(batch).expect("sled takes it");
        store.flush().expect("sled writes it");
        log.sync_data().expect("the disk keeps it");
        for answer in answers {
            let _hung_up = answer.send(());
        }
    }
}

fn write(mut file: File, waiting: &Receiver<Waiting>) {
    while let Ok(first) = waiting.recv() {
        let mut bytes = Vec::new();
        let mut answers = Vec::new();
        for (record, answer) in std::iter::once(first).chain(waiting.try_iter()) {
            bytes.extend_from_slice(&record.line);
            answers.push(answer);
        }
        file.write_all(&bytes).expect("the disk takes it");
        file.sync_data().expect("the disk keeps it");
        for answer in answers {
            let _hung_up = answer.send(());
        }
    }
}

async fn take(State(floor): State<Floor>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(record) = floor.read(&headers, &body) else {
        return StatusCode::UNAUTHORIZED;
    };
    let (answer, answered) = oneshot::channel();
    if floor.writer.send((record, answer)).is_err() || answered.await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}

impl Floor {
    /// What a rating comes to, if it is signed.
    fn read(&self, headers: &HeaderMap, body: &[u8]) -> Option<Record> {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let mut mac = self.key.clone();
        mac.update(b"v0:");
        mac.update(header("x-slack-request-timestamp")?.as_bytes());
        mac.update(b":");
        mac.update(body);
        let signature = hex::decode(header("x-slack-signature")?.strip_prefix("v0=")?).ok()?;
        mac.verify_slice(&signature).ok()?;
        let (_, payload) = form_urlencoded::parse(body).find(|(key, _)| key == "payload")?;
        let click: Click<'_> = serde_json::from_str(&payload).ok()?;
        let action = click.actions.first()?;
        let line = format!(
            "{}\t{}\t{}\t{}\t{}\n",
            click.user.id, click.trigger_id, action.action_id, action.value, click.response_url
        );
        let person = click.user.id.len();
        Some(Record {
            line: line.into_bytes(),
            person,
            delivery: person + 1 + click.trigger_id.len(),
        })
    }
}
