//! From nothing to a connection on which Slack said hello. Trying again is not in here.
//!
//! The upgrade goes through the same HTTP client as the Web API, so certificates and proxies are the same.

use futures_util::StreamExt;
use reqwest::StatusCode;
use reqwest::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use serde::Deserialize;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::{SocketFailure, SocketSettings};
use crate::slack::client::Client;
use crate::slack::connector::{CallError, Unreached};
use crate::slack::inbound::lenient::Maybe;

pub(super) type WebSocket = WebSocketStream<reqwest::Upgraded>;

/// A connection on which Slack said hello.
pub(super) struct Line {
    pub socket: WebSocket,
    /// What came before the hello, in order.
    pub early: Vec<Utf8Bytes>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoLine {
    #[error("no URL: {0}")]
    Call(CallError),
    #[error("{0}")]
    Unreached(CallError),
    #[error("dialling took too long")]
    TooSlow,
    #[error("the upgrade was answered with status {0}")]
    NoUpgrade(u16),
    #[error("the upgrade was answered with a wrong key")]
    WrongKey,
    #[error("no hello in time")]
    NoHello,
    #[error("closed before a hello")]
    Closed,
    #[error(
        "Slack says that this app has as many connections as it may, which are ten: so many processes, and what else uses its app token"
    )]
    TooMany,
}

/// Errors of `apps.connections.open` that stay: Slack's SDK for Node ends on the first five
/// (`UnrecoverableSocketModeStartError` of @slack/socket-mode 3.1.0), and a token does not change its kind either.
const FINAL: [&str; 10] = [
    "not_authed",
    "invalid_auth",
    "account_inactive",
    "user_removed_from_team",
    "team_disabled",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "missing_scope",
    "access_denied",
];

/// Whether asking again where to connect can only fail again.
#[must_use]
pub fn is_final(error: &CallError) -> bool {
    error.code().is_some_and(|code| FINAL.contains(&code))
}

impl NoLine {
    pub(super) fn is_final(&self) -> Option<SocketFailure> {
        match self {
            Self::Call(CallError::Unreachable(Unreached::Unsendable)) => {
                Some(SocketFailure::NoAppToken)
            }
            Self::Call(error) if is_final(error) => Some(SocketFailure::Refused(error.clone())),
            _ => None,
        }
    }
}

/// One try, each part within its time.
pub(super) async fn dial(client: &Client, settings: &SocketSettings) -> Result<Line, NoLine> {
    let socket = timeout(settings.dial_timeout, connect(client, settings))
        .await
        .map_err(|_| NoLine::TooSlow)??;
    timeout(settings.hello_timeout, hello(socket))
        .await
        .map_err(|_| NoLine::NoHello)?
}

async fn connect(client: &Client, settings: &SocketSettings) -> Result<WebSocket, NoLine> {
    let mut url = client.socket_url().await.map_err(NoLine::Call)?;
    let scheme = if url.scheme() == "wss" {
        "https"
    } else {
        "http"
    };
    url.set_scheme(scheme)
        .expect("both are schemes with a host");
    let key = generate_key();
    let request = client
        .connector()
        .upgrades()
        .get(url)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key);
    let unreached = |error: reqwest::Error| NoLine::Unreached(CallError::from_http(&error));
    let response = request.send().await.map_err(unreached)?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(NoLine::NoUpgrade(response.status().as_u16()));
    }
    let accept = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accept.is_none_or(|accept| accept.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        return Err(NoLine::WrongKey);
    }
    let upgraded = response.upgrade().await.map_err(unreached)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(settings.message_limit))
        .max_frame_size(Some(settings.message_limit));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    reason: Maybe<String>,
}

/// How many frames before the hello are kept for after it; Slack sends none.
const EARLY: usize = 16;

async fn hello(mut socket: WebSocket) -> Result<Line, NoLine> {
    let mut early = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        let read = serde_json::from_str::<Kind>(&text);
        let said = read.map(|it| {
            (
                it.kind.0.unwrap_or_default(),
                it.reason.0.unwrap_or_default(),
            )
        });
        match said {
            Ok((kind, _)) if kind == "hello" => return Ok(Line { socket, early }),
            Ok((kind, why)) if kind == "disconnect" && why == "too_many_websockets" => {
                return Err(NoLine::TooMany);
            }
            Ok((kind, _)) if kind == "disconnect" => return Err(NoLine::Closed),
            _ if early.len() < EARLY => early.push(text),
            _ => return Err(NoLine::NoHello),
        }
    }
    Err(NoLine::Closed)
}
