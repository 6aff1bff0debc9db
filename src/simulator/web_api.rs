//! The front door of the Web API: tokens, arguments, scopes, rate limits, and spoilt answers.
//!
//! Not in here: what the methods do (`chat_methods`, `info_methods`, `views`).

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Map, Value, json};

use super::Simulator;
use super::misbehaviour::Fate;
use super::world::{Call, World};

/// Why a method did not do what it was asked.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub error: String,
    /// For `response_metadata.messages`.
    pub messages: Vec<String>,
    /// For `missing_scope`.
    pub needed: Option<String>,
}

impl From<&str> for ApiError {
    fn from(error: &str) -> Self {
        Self {
            error: error.to_owned(),
            messages: Vec::new(),
            needed: None,
        }
    }
}

pub(crate) type Answer = Result<Value, ApiError>;

/// A method's arguments and scopes. A trailing `!` marks an argument that must be there.
struct Rule {
    method: &'static str,
    args: &'static [&'static str],
    /// Any one of these is enough; none are needed when empty.
    scopes: &'static [&'static str],
}

#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule { method: "apps.connections.open", args: &[], scopes: &[] },
    Rule { method: "auth.test", args: &[], scopes: &[] },
    Rule { method: "chat.postMessage", args: &["channel!", "text", "blocks", "thread_ts", "metadata", "unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names", "reply_broadcast"], scopes: &["chat:write"] },
    Rule { method: "chat.update", args: &["channel!", "ts!", "text", "blocks", "metadata", "parse", "link_names", "reply_broadcast", "unfurl_links", "unfurl_media"], scopes: &["chat:write"] },
    Rule { method: "chat.delete", args: &["channel!", "ts!"], scopes: &["chat:write"] },
    Rule { method: "chat.postEphemeral", args: &["channel!", "user!", "text", "blocks", "thread_ts", "parse", "link_names"], scopes: &["chat:write"] },
    Rule { method: "chat.getPermalink", args: &["channel!", "message_ts!"], scopes: &[] },
    Rule { method: "conversations.open", args: &["channel", "users", "return_im", "prevent_creation"], scopes: &["im:write"] },
    Rule { method: "conversations.info", args: &["channel!", "include_locale", "include_num_members"], scopes: &["channels:read", "groups:read", "im:read"] },
    Rule { method: "conversations.members", args: &["channel!", "cursor", "limit"], scopes: &["channels:read", "groups:read", "im:read"] },
    Rule { method: "users.info", args: &["user!", "include_locale"], scopes: &["users:read"] },
    Rule { method: "users.list", args: &["cursor", "limit", "include_locale", "team_id"], scopes: &["users:read"] },
    Rule { method: "usergroups.list", args: &["include_count", "include_disabled", "include_users", "team_id"], scopes: &["usergroups:read"] },
    Rule { method: "usergroups.users.list", args: &["usergroup!", "include_disabled", "team_id"], scopes: &["usergroups:read"] },
    Rule { method: "team.info", args: &["team", "domain"], scopes: &["team:read"] },
    Rule { method: "files.getUploadURLExternal", args: &["filename!", "length!", "alt_txt", "snippet_type"], scopes: &["files:write"] },
    Rule { method: "files.completeUploadExternal", args: &["files!", "channel_id", "thread_ts", "initial_comment"], scopes: &["files:write"] },
    Rule { method: "files.delete", args: &["file!"], scopes: &["files:write"] },
    Rule { method: "oauth.v2.access", args: &["code", "redirect_uri", "code_verifier", "grant_type", "refresh_token"], scopes: &[] },
    Rule { method: "oauth.v2.exchange", args: &["token!"], scopes: &[] },
    Rule { method: "views.open", args: &["trigger_id!", "view!"], scopes: &[] },
    Rule { method: "views.push", args: &["trigger_id!", "view!"], scopes: &[] },
    Rule { method: "views.update", args: &["view_id", "external_id", "view!", "hash"], scopes: &[] },
    Rule { method: "views.publish", args: &["user_id!", "view!", "hash"], scopes: &[] },
];

/// `POST /api/{method}` (and `GET`, for what only reads).
pub(crate) async fn call(
    State(sim): State<Simulator>,
    Path(method): Path<String>,
    http_method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let mut args = if method == "files.getUploadURLExternal" && is_json(&headers) {
        // Slack reads no JSON here, and misses what is in it.
        arguments(&headers, query.as_deref(), b"")
    } else {
        arguments(&headers, query.as_deref(), &body)
    };
    if method.starts_with("oauth.v2.") {
        let authorization = headers.get(header::AUTHORIZATION);
        let authorization = authorization.and_then(|it| it.to_str().ok());
        return sim
            .receive(&method, args, |sim, world, args| {
                check_rule(world, &method, args)?;
                sim.oauth_method(world, &method, authorization, args)
            })
            .await;
    }
    let token = bearer(&headers, args.as_mut().ok());
    let none = Value::Null;
    let at = sim.at_token(
        token.as_deref().unwrap_or_default(),
        args.as_ref().unwrap_or(&none),
    );
    let (sim, known) = match at {
        Ok(Some(there)) => (there, Ok(true)),
        Ok(None) => (sim, Ok(false)),
        Err(error) => (sim, Err(error)),
    };
    if let (Ok(true), Ok(args)) = (&known, &args) {
        sim.notes_strangers(&method, args);
    }
    sim.receive(&method, args, |sim, world, args| {
        if http_method != Method::POST && !reads_only(&method) {
            world.breach(format!("{method} called with {http_method}"));
        }
        if !known? {
            authorise(sim, world, &method, token.as_deref())?;
        }
        check_rule(world, &method, args)?;
        perform(sim, world, &method, args)
    })
    .await
}

fn reads_only(method: &str) -> bool {
    [".info", ".list", ".members", ".getPermalink", ".test"]
        .iter()
        .any(|end| method.ends_with(end))
}

impl Simulator {
    /// Takes one call through misbehaviour and rate limits, and answers it. Shared with response URLs.
    pub(crate) async fn receive(
        &self,
        method: &str,
        args: Result<Value, ApiError>,
        perform: impl FnOnce(&Simulator, &mut World, &Value) -> Answer,
    ) -> Response {
        let (fate, slow) = {
            let mut world = self.world();
            (world.misdeeds.fate(method), world.misdeeds.slow_millis)
        };
        if slow > 0 {
            tokio::time::sleep(Duration::from_millis(slow)).await;
        }
        let log = args.as_ref().cloned().unwrap_or(Value::Null);
        let (status, answer) = match &fate {
            Some(Fate::RateLimited(wait)) => (429, limited(*wait)),
            Some(Fate::ServerError) => (503, Value::Null),
            Some(Fate::Page(status)) => (*status, Value::Null),
            Some(Fate::Hang { performs: false }) => (0, Value::Null),
            Some(Fate::Refused(error)) => (200, json!({ "ok": false, "error": error })),
            Some(Fate::Hang { performs: true } | Fate::LoseAnswer | Fate::CutShort { .. })
            | None => self.perform_limited(method, args, perform),
        };
        {
            let mut world = self.world();
            let at = world.clock.now() / 1000;
            let reached = match fate {
                Some(Fate::Hang { .. } | Fate::LoseAnswer | Fate::CutShort { .. }) => 0,
                _ => status,
            };
            world.calls.push(Call {
                method: method.to_owned(),
                args: log,
                answer: answer.clone(),
                status: reached,
                at,
            });
        }
        match fate {
            Some(Fate::Hang { .. }) => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                broken()
            }
            Some(Fate::LoseAnswer) => broken(),
            Some(Fate::Page(status)) => page(status),
            Some(Fate::CutShort { announced }) => cut_short(&answer, announced),
            _ => respond(self, status, &answer),
        }
    }

    fn perform_limited(
        &self,
        method: &str,
        args: Result<Value, ApiError>,
        perform: impl FnOnce(&Simulator, &mut World, &Value) -> Answer,
    ) -> (u16, Value) {
        let mut world = self.world();
        let args = match args {
            Ok(args) => args,
            Err(error) => {
                world.breach(format!("{method}: {}", error.error));
                return (200, failure(&world, error));
            }
        };
        if method != "response_url" {
            let now = world.clock.now();
            let channel = args["channel"].as_str().unwrap_or_default().to_owned();
            if let Err(wait) = world.limits.take(method, &channel, now) {
                return (429, limited(Some(wait)));
            }
        }
        world.draws(method, &args);
        let performed = perform(self, &mut world, &args);
        world.drawing = None;
        match performed {
            Ok(mut answer) => {
                answer["ok"] = json!(true);
                (200, answer)
            }
            Err(error) => {
                // The Web API says no with 200; only response URLs use HTTP statuses.
                let status = match error.error.as_str() {
                    _ if method != "response_url" => 200,
                    "used_url" | "expired_url" | "invalid_url" => 404,
                    _ => 400,
                };
                (status, failure(&world, error))
            }
        }
    }
}

/// `retry_after` becomes a header, where it is said.
fn limited(wait: Option<u64>) -> Value {
    json!({ "ok": false, "error": "ratelimited", "retry_after": wait })
}

fn failure(world: &World, error: ApiError) -> Value {
    let mut out = json!({ "ok": false, "error": error.error });
    if let Some(needed) = error.needed {
        out["needed"] = json!(needed);
        out["provided"] = json!(world.scopes.iter().cloned().collect::<Vec<_>>().join(","));
    }
    if !error.messages.is_empty() {
        out["errors"] = json!(error.messages);
        out["response_metadata"] = json!({ "messages": error.messages });
    }
    out
}

fn respond(sim: &Simulator, status: u16, answer: &Value) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if answer.is_null() {
        return (code, "upstream connect error").into_response();
    }
    let mut answer = answer.clone();
    let mut headers = HeaderMap::new();
    if status == 429
        && let Some(fields) = answer.as_object_mut()
        && let Some(wait) = fields.remove("retry_after").and_then(|wait| wait.as_u64())
    {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    let scopes = sim
        .world()
        .scopes
        .iter()
        .cloned()
        .collect::<Vec<_>>()
        .join(",");
    if let Ok(scopes) = scopes.parse() {
        headers.insert("x-oauth-scopes", scopes);
    }
    // The head of Slack's answers tells its time; ours, where the clock was moved.
    let at = jiff::Timestamp::from_microsecond(sim.world().clock.now()).unwrap_or_default();
    if let Ok(date) = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at)
        && let Ok(date) = date.parse()
    {
        headers.insert(header::DATE, date);
    }
    (code, headers, axum::Json(answer)).into_response()
}

/// What something between Slack and the app shows to people.
fn page(status: u16) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let text = "<!DOCTYPE html>\n<html><head><title>Slack</title></head><body><p>We are having trouble.</p></body></html>\n";
    (code, kind, text).into_response()
}

/// The first half of an answer.
fn cut_short(answer: &Value, announced: bool) -> Response {
    let whole = answer.to_string();
    let half = Bytes::copy_from_slice(&whole.as_bytes()[..whole.len() / 2]);
    let kind = (header::CONTENT_TYPE, "application/json".to_owned());
    if !announced {
        return ([kind], half).into_response();
    }
    let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(stream::iter([Ok(half), Err(cut)]));
    let length = (header::CONTENT_LENGTH, whole.len().to_string());
    ([kind, length], body).into_response()
}

/// An answer that breaks off: the client has sent everything and never learns what came of it.
pub(crate) fn broken() -> Response {
    let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(stream::iter([Err::<Bytes, _>(cut)]));
    (
        [
            (header::CONTENT_LENGTH, "512"),
            (header::CONTENT_TYPE, "application/json"),
        ],
        body,
    )
        .into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// The arguments, from a JSON body, a form or the query; nulls left out.
fn arguments(headers: &HeaderMap, query: Option<&str>, body: &[u8]) -> Result<Value, ApiError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let mut args = Map::new();
    take_form(&mut args, query.unwrap_or_default().as_bytes());
    if is_json(headers) {
        if !body.is_empty() {
            match serde_json::from_slice(body) {
                Ok(Value::Object(given)) => {
                    args.extend(given.into_iter().filter(|(_, v)| !v.is_null()));
                }
                Ok(Value::Null) => {}
                _ => return Err("invalid_json".into()),
            }
        }
    } else if content_type.starts_with("application/x-www-form-urlencoded") {
        take_form(&mut args, body);
    } else if !body.is_empty() {
        return Err("invalid_post_type".into());
    }
    for key in ["blocks", "view", "metadata", "files"] {
        if let Some(Value::String(text)) = args.get(key) {
            let parsed = serde_json::from_str(text).map_err(|_| ApiError::from("invalid_json"))?;
            args.insert(key.to_owned(), parsed);
        }
    }
    Ok(Value::Object(args))
}

fn take_form(args: &mut Map<String, Value>, form: &[u8]) {
    for (key, value) in form_urlencoded::parse(form) {
        args.insert(key.into_owned(), Value::String(value.into_owned()));
    }
}

/// The token, from the header or (as Slack still allows in forms) an argument.
fn bearer(headers: &HeaderMap, args: Option<&mut Value>) -> Option<String> {
    let from_args = args
        .and_then(|a| a.as_object_mut())
        .and_then(|a| a.remove("token"));
    headers
        .get(header::AUTHORIZATION)
        .and_then(|h| h.to_str().ok())
        .and_then(|h| h.strip_prefix("Bearer "))
        .map(str::to_owned)
        .or_else(|| from_args.and_then(|t| t.as_str().map(str::to_owned)))
}

fn authorise(
    sim: &Simulator,
    world: &mut World,
    method: &str,
    token: Option<&str>,
) -> Result<(), ApiError> {
    let credentials = sim.credentials();
    let (right, wrong) = if method == "apps.connections.open" {
        (&credentials.app_token, &credentials.bot_token)
    } else {
        (&credentials.bot_token, &credentials.app_token)
    };
    match token {
        Some(token) if token == right => Ok(()),
        Some(token) if token == wrong => {
            world.breach(format!("{method} called with the wrong kind of token"));
            Err("not_allowed_token_type".into())
        }
        Some(_) => Err("invalid_auth".into()),
        None => Err("not_authed".into()),
    }
}

fn check_rule(world: &mut World, method: &str, args: &Value) -> Result<(), ApiError> {
    let Some(rule) = RULES.iter().find(|r| r.method == method) else {
        world.breach(format!("unknown method {method}"));
        return Err("unknown_method".into());
    };
    let mut missing = Vec::new();
    for arg in rule.args {
        if let Some(name) = arg.strip_suffix('!')
            && args.get(name).is_none_or(|v| v.as_str() == Some(""))
        {
            missing.push(format!("[ERROR] missing required field: {name}"));
        }
    }
    for name in args.as_object().into_iter().flat_map(Map::keys) {
        if !rule.args.iter().any(|a| a.trim_end_matches('!') == name) {
            world.breach(format!("{method}: unknown argument {name}"));
        }
    }
    if !rule.scopes.is_empty() && !rule.scopes.iter().any(|s| world.granted(s)) {
        return Err(missing_scope(world, method, rule.scopes[0]));
    }
    if !missing.is_empty() {
        world.breach(format!("{method}: {}", missing.join(", ")));
        return Err(ApiError {
            messages: missing,
            ..ApiError::from("invalid_arguments")
        });
    }
    Ok(())
}

/// The error for a scope that was not granted; a breach too.
pub(crate) fn missing_scope(world: &mut World, method: &str, needed: &str) -> ApiError {
    world.breach(format!(
        "{method} needs the scope {needed}, which is not granted"
    ));
    ApiError {
        needed: Some(needed.to_owned()),
        ..ApiError::from("missing_scope")
    }
}

fn perform(sim: &Simulator, world: &mut World, method: &str, args: &Value) -> Answer {
    match method {
        "apps.connections.open" => {
            let ticket = format!("{:032x}", rand::random::<u128>());
            world.tickets.insert(ticket.clone());
            let host = sim.base().replacen("http", "ws", 1);
            Ok(json!({ "url": format!("{host}/link/?ticket={ticket}&app_id=simulated") }))
        }
        "views.open" => world.views_open(args),
        "views.push" => world.views_push(args),
        "views.update" => world.views_update(args),
        "views.publish" => world.views_publish(args),
        files if files.starts_with("files.") => world.files_method(method, args, sim.base()),
        "chat.getPermalink" => world.permalink(sim.base(), args),
        chat if chat.starts_with("chat.") => world.chat_method(method, args),
        _ => world.info_method(method, args, sim.base()),
    }
}
