//! The HTTP side of the web page: its files, what a person sees as JSON, and their verbs.
//!
//! Not in here: what the verbs do (`verbs`); this only passes them on.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::page_clock;
use super::page_payload;
use super::seen::{ChannelSeen, MessageSeen};
use super::world::{Change, World};
use super::{ActionValue, Complaint, Misbehaviour, On, Simulator, Submission};

/// Colours of the people's pictures.
const COLOURS: &[&str] = &[
    "#4a7a8c", "#8c5a4a", "#5a7a3a", "#7a4a8c", "#7d6c2f", "#3a6a5a", "#8c4a6a", "#4a5a8c",
];

pub(crate) fn routes() -> Router<Simulator> {
    Router::new()
        .route(
            "/",
            get(|| async { served("text/html", include_str!("page/index.html")) }),
        )
        .route("/page/{file}", get(file))
        .route("/page/state", get(state))
        .route("/page/events", get(events))
        .route("/page/channel/{channel}", get(channel))
        .route("/page/thread/{channel}/{ts}", get(thread))
        .route("/page/views", get(views))
        .route("/page/home", get(home))
        .route("/page/tab_opened", post(tab_opened))
        .route("/page/shortcut", post(shortcut))
        .route("/page/type", post(types))
        .route("/page/act", post(acts))
        .route("/page/submit", post(submits))
        .route("/page/close", post(closes))
        .route("/page/read", post(read))
        .route("/page/payload", get(page_payload::payload))
        .route("/page/file/{id}", get(page_payload::file))
        .route(
            "/page/clock",
            get(page_clock::offered).post(page_clock::moved),
        )
        .route("/page/misbehave", post(misbehave))
        .route("/archives/{channel}/{message}", get(archive))
}

/// Everything the page needs comes from here, except pictures.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async fn file(Path(name): Path<String>) -> Response {
    let script = match name.as_str() {
        "style.css" => return served("text/css", include_str!("page/style.css")),
        "app.js" => include_str!("page/app.js"),
        "bar.js" => include_str!("page/bar.js"),
        "home.js" => include_str!("page/home.js"),
        "messages.js" => include_str!("page/messages.js"),
        "payload.js" => include_str!("page/payload.js"),
        "time.js" => include_str!("page/time.js"),
        "util.js" => include_str!("page/util.js"),
        "text.js" => include_str!("page/text.js"),
        "blocks.js" => include_str!("page/blocks.js"),
        "widgets.js" => include_str!("page/widgets.js"),
        "modal.js" => include_str!("page/modal.js"),
        "composer.js" => include_str!("page/composer.js"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    served("text/javascript", script)
}

fn served(kind: &str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}

#[derive(Deserialize)]
pub(crate) struct As {
    #[serde(rename = "as")]
    pub user: String,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what is made for it"
)]
pub(crate) fn refusal(sentence: impl ToString) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "error": sentence.to_string() })),
    )
        .into_response()
}

fn done(result: Result<(), Complaint>) -> Json<Value> {
    Json(match result {
        Ok(()) => json!({ "ok": true }),
        Err(complaint) => json!({ "ok": false, "error": complaint.to_string() }),
    })
}

async fn state(State(sim): State<Simulator>, Query(As { mut user }): Query<As>) -> Response {
    if user.is_empty() {
        // Whoever opens the page first is the first of the people to act as.
        let world = sim.world();
        user = world
            .people
            .iter()
            .find(|p| p.playable)
            .map(|p| p.id.clone())
            .unwrap_or_default();
    }
    let channels: Vec<Value> = sim.channels(&user).iter().map(channel_json).collect();
    let world = sim.world();
    let Ok(me) = world.who(&user) else {
        return refusal(Complaint::NoSuchPerson(user));
    };
    let people: Vec<Value> = world
        .people
        .iter()
        .enumerate()
        .map(|(n, p)| {
            let initials: String = p
                .real_name
                .split_whitespace()
                .filter_map(|w| w.chars().next())
                .take(2)
                .collect();
            json!({
                "id": p.id,
                "name": p.name,
                "real_name": p.real_name,
                "title": p.title,
                "guest": p.is_restricted,
                "bot": p.is_bot,
                "color": COLOURS[n % COLOURS.len()],
                "initials": initials.to_uppercase(),
                "playable": p.playable,
            })
        })
        .collect();
    let shortcuts: Vec<Value> = world
        .shortcuts
        .iter()
        .map(|s| {
            json!({
                "callback_id": s.callback_id, "name": s.name, "description": s.description,
                "on_messages": s.on_messages,
            })
        })
        .collect();
    Json(json!({
        "workspace": { "id": world.team_id, "name": world.team_name },
        "me": me,
        "command": {
            "name": world.command,
            "hint": world.command_hint,
            "description": world.command_description,
        },
        "people": people,
        "channels": channels,
        "misbehaviour": {
            "rate_limit": world.misdeeds.rate_limits_left(),
            "server_error": world.misdeeds.server_errors_left(),
            "duplicate": world.misdeeds.duplicate,
            "slow": world.misdeeds.slow_millis,
        },
        "transport": match (&world.request_url, world.socket_is_next) {
            (None, _) => "socket",
            (Some(_), None) => "http",
            (Some(_), Some(_)) => "both",
        },
        "connected": world.is_connected(),
        "clock": world.clock_json(&me),
        "suggestions": world.suggestions,
        "home": world.has_home,
        "shortcuts": shortcuts,
    }))
    .into_response()
}

fn channel_json(channel: &ChannelSeen) -> Value {
    json!({
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "with": channel.with,
        "topic": channel.topic,
        "unread": channel.unread,
        "archived": channel.archived,
        "shared": channel.shared,
    })
}

async fn events(
    State(sim): State<Simulator>,
    Query(As { user }): Query<As>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let user = sim.world().who(&user).unwrap_or(user);
    let changes = sim.changes();
    let stream = stream::unfold((changes, user), |(mut changes, user)| async move {
        loop {
            let change = match changes.recv().await {
                Ok(change) => change,
                // Missed some: let the page fetch everything.
                Err(RecvError::Lagged(_)) => Change {
                    views: true,
                    state: true,
                    ..Change::default()
                },
                Err(RecvError::Closed) => return None,
            };
            let for_others = change.notice.as_ref().is_some_and(|(who, _)| *who != user);
            if for_others {
                continue;
            }
            let mut data = json!({
                "channels": change.channels, "views": change.views, "state": change.state,
            });
            if let Some((_, sentence)) = change.notice {
                data["notice"] = json!(sentence);
            }
            let event = Event::default().event("change").data(data.to_string());
            return Some((Ok(event), (changes, user)));
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

fn message_json(world: &World, message: &MessageSeen) -> Value {
    let replies = world.replies(&message.channel, &message.ts);
    let mut users: Vec<&str> = Vec::new();
    for reply in &replies {
        if !users.contains(&reply.user.as_str()) {
            users.push(&reply.user);
        }
    }
    let files: Vec<Value> = message
        .files
        .iter()
        .map(|f| json!({ "id": f.id, "name": f.name, "title": f.title, "alt": f.alt_text, "picture": f.is_picture }))
        .collect();
    json!({
        "ts": message.ts,
        "user": message.user,
        "bot": message.is_bot,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "ephemeral": message.ephemeral,
        "thread_ts": message.thread_ts,
        "reply_count": message.reply_count,
        "reply_users": users,
        "last_reply": replies.last().map(|r| r.ts.clone()),
        "deleted": message.deleted,
        "metadata": message.metadata,
        "files": files,
    })
}

async fn channel(
    State(sim): State<Simulator>,
    Path(channel): Path<String>,
    Query(As { user }): Query<As>,
) -> Response {
    let messages = sim.messages(&user, &channel);
    let world = sim.world();
    let (user, channel) = match world.place(&user, &channel) {
        Ok(place) => place,
        Err(complaint) => return refusal(complaint),
    };
    let messages: Vec<Value> = messages.iter().map(|m| message_json(&world, m)).collect();
    let channel = channel_json(&world.channel_seen(&user, &channel));
    Json(json!({ "channel": channel, "messages": messages })).into_response()
}

async fn thread(
    State(sim): State<Simulator>,
    Path((channel, ts)): Path<(String, String)>,
    Query(As { user }): Query<As>,
) -> Response {
    let messages = sim.thread(&user, &channel, &ts);
    let world = sim.world();
    let mut messages = messages.iter().map(|m| message_json(&world, m));
    match messages.next() {
        Some(parent) if parent["ts"] == ts.as_str() => {
            Json(json!({ "parent": parent, "replies": messages.collect::<Vec<_>>() }))
                .into_response()
        }
        _ => refusal(Complaint::NoSuchMessage),
    }
}

async fn views(State(sim): State<Simulator>, Query(As { user }): Query<As>) -> Json<Value> {
    let world = sim.world();
    let stack = world.who(&user).ok().and_then(|u| world.modals.get(&u));
    let views: Vec<Value> = stack
        .into_iter()
        .flatten()
        .map(|v| json!({ "id": v.id, "hash": v.json["hash"], "view": v.json, "errors": v.errors }))
        .collect();
    Json(json!({ "views": views }))
}

async fn home(State(sim): State<Simulator>, Query(As { user }): Query<As>) -> Json<Value> {
    let view = sim.home(&user).map(|v| v.json);
    Json(json!({ "view": view }))
}

#[derive(Deserialize)]
struct Tab {
    #[serde(rename = "as")]
    user: String,
    tab: String,
}

async fn tab_opened(State(sim): State<Simulator>, Json(opened): Json<Tab>) -> Json<Value> {
    done(match opened.tab.as_str() {
        "home" => sim.opens_home(&opened.user).await,
        _ => sim.opens_messages(&opened.user).await,
    })
}

#[derive(Deserialize)]
struct Shortcut {
    #[serde(rename = "as")]
    user: String,
    callback_id: String,
    channel: Option<String>,
    ts: Option<String>,
}

async fn shortcut(State(sim): State<Simulator>, Json(used): Json<Shortcut>) -> Json<Value> {
    let on = used.channel.as_deref().zip(used.ts.as_deref());
    done(sim.uses_shortcut(&used.user, &used.callback_id, on).await)
}

#[derive(Deserialize)]
struct Type {
    #[serde(rename = "as")]
    user: String,
    channel: String,
    thread_ts: Option<String>,
    text: String,
}

async fn types(State(sim): State<Simulator>, Json(said): Json<Type>) -> Json<Value> {
    done(
        sim.types(
            &said.user,
            &said.channel,
            said.thread_ts.as_deref(),
            &said.text,
        )
        .await,
    )
}

#[derive(Deserialize)]
struct Place {
    channel: Option<String>,
    ts: Option<String>,
    #[serde(default)]
    ephemeral: bool,
    view: Option<String>,
}

#[derive(Deserialize)]
struct Act {
    #[serde(rename = "as")]
    user: String,
    #[serde(rename = "in")]
    place: Place,
    block_id: String,
    action_id: String,
    value: Option<Value>,
    state: Option<Value>,
    /// The element as it was drawn when it was clicked.
    element: Option<Value>,
}

async fn acts(State(sim): State<Simulator>, Json(act): Json<Act>) -> Response {
    let on = match act.place {
        Place { view: Some(id), .. } => On::View { id },
        Place {
            channel: Some(channel),
            ts: Some(ts),
            ephemeral: true,
            ..
        } => On::Ephemeral { channel, ts },
        Place {
            channel: Some(channel),
            ts: Some(ts),
            ..
        } => On::Message { channel, ts },
        _ => return refusal("Say where: a channel and ts, or a view."),
    };
    let value = act
        .value
        .filter(Value::is_object)
        .map_or(ActionValue::Click, ActionValue::Raw);
    let state = act.state.filter(Value::is_object);
    let drawn = act
        .element
        .filter(|e| e["action_id"] == act.action_id.as_str());
    let (user, block, action) = (&act.user, &act.block_id, &act.action_id);
    done(
        sim.acts_on_drawn(user, &on, block, action, drawn, value, state)
            .await,
    )
    .into_response()
}

#[derive(Deserialize)]
struct Submit {
    #[serde(rename = "as")]
    user: String,
    view: String,
    #[serde(default)]
    state: Value,
}

async fn submits(State(sim): State<Simulator>, Json(submit): Json<Submit>) -> Json<Value> {
    Json(
        match sim.submits(&submit.user, &submit.view, submit.state).await {
            Ok(Submission::Errors(errors)) => json!({ "ok": false, "errors": errors }),
            Ok(_) => json!({ "ok": true }),
            Err(complaint) => json!({ "ok": false, "errors": {}, "error": complaint.to_string() }),
        },
    )
}

#[derive(Deserialize)]
struct Close {
    #[serde(rename = "as")]
    user: String,
    view: String,
    #[serde(default)]
    all: bool,
}

async fn closes(State(sim): State<Simulator>, Json(close): Json<Close>) -> Json<Value> {
    if close.all {
        sim.closes_all(&close.user).await;
    } else {
        sim.closes(&close.user, &close.view).await;
    }
    Json(json!({ "ok": true }))
}

#[derive(Deserialize)]
struct Read {
    #[serde(rename = "as")]
    user: String,
    channel: String,
}

async fn read(State(sim): State<Simulator>, Json(read): Json<Read>) -> Json<Value> {
    sim.reads(&read.user, &read.channel);
    Json(json!({ "ok": true }))
}

#[derive(Deserialize)]
struct Misbehave {
    what: String,
    #[serde(default)]
    n: u32,
}

async fn misbehave(State(sim): State<Simulator>, Json(ask): Json<Misbehave>) -> Response {
    sim.misbehave(match ask.what.as_str() {
        "rate_limit" => Misbehaviour::RateLimit {
            method: None,
            times: ask.n,
            retry_after: 5,
        },
        "server_error" => Misbehaviour::ServerError {
            method: None,
            times: ask.n,
        },
        "drop_socket" => Misbehaviour::DropSockets,
        "duplicate" => Misbehaviour::DuplicateDeliveries(ask.n != 0),
        "slow" => Misbehaviour::Slow {
            millis: ask.n.into(),
        },
        "none" => Misbehaviour::Behave,
        other => return refusal(format!("There is no misbehaviour called {other}.")),
    });
    Json(json!({ "ok": true })).into_response()
}

/// A permalink: leads to the page, which knows how to show the message.
async fn archive(
    Path((channel, message)): Path<(String, String)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> axum::response::Redirect {
    let digits = message.trim_start_matches('p');
    let ts = match digits.len().checked_sub(6) {
        Some(at) if digits.is_ascii() => format!("{}.{}", &digits[..at], &digits[at..]),
        _ => digits.to_owned(),
    };
    let thread = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(k, _)| k == "thread_ts")
        .map(|(_, v)| format!("/{v}"))
        .unwrap_or_default();
    axum::response::Redirect::to(&format!("/#{channel}/{ts}{thread}"))
}
