//! Slack as far as calls to it go: answers each after the time Slack takes, counts it, and refuses what is over Slack's limits
//! (<https://docs.slack.dev/apis/web-api/rate-limits>).

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

/// How the sink behaves.
#[derive(Clone, Debug, clap::Args)]
pub struct SinkArgs {
    #[arg(long)]
    pub port: u16,
    /// How long a call takes, in milliseconds; Slack's take about a hundred
    #[arg(long, default_value_t = 100)]
    pub takes: u64,
    /// Where Socket Mode connects to
    #[arg(long)]
    pub socket: Option<String>,
}

/// What was called.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Web API calls that were taken, by method.
    pub calls: BTreeMap<String, u64>,
    /// Web API calls that were refused with 429.
    pub refused: u64,
    /// Posts to response URLs.
    pub responses: u64,
    /// When each `chat.update` and `chat.postMessage` was shown: milliseconds since 1970.
    pub posts: Vec<u64>,
    /// Of each user the scorecards that were shown: the click whose response URL it went to, and when.
    pub scorecards: HashMap<String, Vec<(u64, u64)>>,
}

struct Sink {
    args: SinkArgs,
    seen: Mutex<Seen>,
    /// When what is limited together was called last.
    windows: Mutex<HashMap<String, VecDeque<Instant>>>,
}

pub fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

pub async fn serve(args: SinkArgs) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", args.port)).await?;
    let sink = Arc::new(Sink {
        args,
        seen: Mutex::default(),
        windows: Mutex::default(),
    });
    let routes = Router::new()
        .route("/api/{method}", any(call))
        .route("/respond/{user}/{click}", post(respond))
        .route("/seen", get(seen))
        .with_state(sink);
    Ok(axum::serve(listener, routes).await?)
}

async fn seen(State(sink): State<Arc<Sink>>) -> Json<Seen> {
    Json(lock(&sink.seen).clone())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many calls in how long, and what they are counted by.
fn limit(method: &str, channel: &str) -> (usize, Duration, String) {
    let minute = Duration::from_secs(60);
    match method {
        "chat.postMessage" => (1, Duration::from_secs(1), format!("post/{channel}")),
        "chat.update" | "conversations.info" => (50, minute, method.to_owned()),
        "users.info" | "chat.postEphemeral" | "views.open" | "views.update" | "views.push"
        | "views.publish" => (100, minute, method.to_owned()),
        _ => (1_000, minute, method.to_owned()),
    }
}

impl Sink {
    /// How long to wait, where it is too much.
    fn over(&self, method: &str, channel: &str) -> Option<Duration> {
        let (most, within, key) = limit(method, channel);
        let mut windows = lock(&self.windows);
        let window = windows.entry(key).or_default();
        let now = Instant::now();
        while window
            .front()
            .is_some_and(|&first| now.duration_since(first) >= within)
        {
            window.pop_front();
        }
        if window.len() < most {
            window.push_back(now);
            return None;
        }
        window
            .front()
            .map(|&first| within.saturating_sub(now.duration_since(first)))
    }
}

/// The fields of a call, whether they come as a form, as JSON or behind a question mark.
fn field(query: Option<&str>, body: &[u8], name: &str) -> Option<String> {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return json[name].as_str().map(str::to_owned);
    }
    let parts = [query.unwrap_or_default().as_bytes(), body];
    let mut pairs = parts
        .into_iter()
        .flat_map(|part| form_urlencoded::parse(part));
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

async fn call(
    State(sink): State<Arc<Sink>>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let field = |name: &str| field(query.as_deref(), &body, name).unwrap_or_default();
    let channel = field("channel");
    if let Some(wait) = sink.over(&method, &channel) {
        lock(&sink.seen).refused += 1;
        let seconds = wait.as_secs() + 1;
        let said = Json(json!({"ok": false, "error": "ratelimited"}));
        let after = [(RETRY_AFTER, seconds.to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, after, said).into_response();
    }
    let is_post = matches!(method.as_str(), "chat.update" | "chat.postMessage");
    {
        let mut seen = lock(&sink.seen);
        *seen.calls.entry(method.clone()).or_default() += 1;
        if is_post {
            seen.posts.push(now());
        }
    }
    tokio::time::sleep(Duration::from_millis(sink.args.takes)).await;
    let ts = match field("ts") {
        ts if ts.is_empty() => format!("{}.000100", now() / 1000),
        ts => ts,
    };
    let answer = match method.as_str() {
        "auth.test" => {
            json!({"ok": true, "url": "https://northwind.slack.com/", "team": "Northwind", "user": "bot",
            "team_id": crate::click::WORKSPACE, "user_id": "U0BOT0000", "bot_id": "B0BENCH00"})
        }
        "apps.connections.open" => json!({"ok": true, "url": sink.args.socket}),
        "users.info" => {
            json!({"ok": true, "user": {"id": field("user"), "team_id": crate::click::WORKSPACE,
            "name": "ada", "real_name": "Ada", "tz": "Europe/Berlin", "profile": {}}})
        }
        "conversations.info" => {
            json!({"ok": true, "channel": {"id": channel, "name": "hiring", "is_channel": true,
            "is_private": true, "is_member": true}})
        }
        _ => json!({"ok": true, "channel": channel, "ts": ts, "message": {"ts": ts, "text": ""}}),
    };
    Json(answer).into_response()
}

async fn respond(
    State(sink): State<Arc<Sink>>,
    Path((user, click)): Path<(String, u64)>,
    _body: Bytes,
) -> &'static str {
    {
        let mut seen = lock(&sink.seen);
        seen.responses += 1;
        let shown = seen.scorecards.entry(user).or_default();
        shown.push((click, now()));
    }
    tokio::time::sleep(Duration::from_millis(sink.args.takes)).await;
    "ok"
}
