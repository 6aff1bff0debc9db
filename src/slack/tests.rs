//! A Slack of one process for the tests of the client and the socket, with TLS when wanted.

#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

use rustls::pki_types::CertificateDer;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::Url;

use super::client::{Client, ClientSettings};
use super::secret::Secret;

/// One call to the Web API, as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub method: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

type Replies = Arc<Mutex<VecDeque<Response>>>;

#[derive(Clone)]
struct Shared {
    links: mpsc::UnboundedSender<WebSocket>,
    calls: Arc<Mutex<Vec<Call>>>,
    replies: Replies,
    socket_url: String,
}

pub(super) struct Slack {
    pub api_url: Url,
    links: mpsc::UnboundedReceiver<WebSocket>,
    shared: Shared,
    ca: Option<CertificateDer<'static>>,
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.expect("a connection");
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn method(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.uri.path().rsplit('/').next().unwrap_or_default();
    let call = Call {
        method: method.to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: to_bytes(body, 1 << 20).await.expect("a body"),
    };
    let mut calls = shared.calls.lock().expect("no panic in a call");
    calls.push(call);
    drop(calls);
    let reply = shared
        .replies
        .lock()
        .expect("no panic in a call")
        .pop_front();
    reply.unwrap_or_else(|| {
        axum::Json(json!({"ok": true, "url": shared.socket_url})).into_response()
    })
}

async fn link(State(shared): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| async move {
        let _gone = shared.links.send(socket);
    })
}

impl Slack {
    pub(super) async fn start() -> Self {
        Self::listen(false).await
    }

    pub(super) async fn start_with_tls() -> Self {
        Self::listen(true).await
    }

    async fn listen(secure: bool) -> Self {
        super::tls::install();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let s = if secure { "s" } else { "" };
        let (links, arriving) = mpsc::unbounded_channel();
        let shared = Shared {
            links,
            calls: Arc::default(),
            replies: Arc::default(),
            socket_url: format!("ws{s}://localhost:{port}/link?ticket=secret"),
        };
        let router = Router::new()
            .route("/api/{method}", any(method))
            .route("/link", get(link))
            .with_state(shared.clone());
        let ca = if secure {
            let (acceptor, ca) = certificate();
            let listener = Tls { listener, acceptor };
            tokio::spawn(async move { axum::serve(listener, router).await });
            Some(ca)
        } else {
            tokio::spawn(async move { axum::serve(listener, router).await });
            None
        };
        Self {
            api_url: Url::parse(&format!("http{s}://localhost:{port}/api")).expect("a URL"),
            links: arriving,
            shared,
            ca,
        }
    }

    pub(super) fn ca(&self) -> Vec<CertificateDer<'static>> {
        self.ca.iter().cloned().collect()
    }

    pub(super) fn settings(&self) -> ClientSettings {
        let mut settings = ClientSettings::new(Secret::new("xoxb-hidden"));
        settings.api_url = self.api_url.clone();
        settings.app_token = Some(Secret::new("xapp-hidden"));
        settings.extra_ca = self.ca();
        settings.timeout = Duration::from_secs(2);
        settings
    }

    pub(super) fn client(&self) -> Client {
        Client::new(&self.settings()).expect("a client")
    }

    /// What the next call is answered with, whichever it is.
    pub(super) fn replies(&self, reply: impl IntoResponse) {
        let mut replies = self.shared.replies.lock().expect("no panic in a call");
        replies.push_back(reply.into_response());
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.shared
            .calls
            .lock()
            .expect("no panic in a call")
            .clone()
    }

    /// The next connection of a socket, within five seconds.
    pub(super) async fn link(&mut self) -> Link {
        let socket = tokio::time::timeout(Duration::from_secs(5), self.links.recv()).await;
        Link(socket.expect("a connection in time").expect("a server"))
    }

    /// The next connection, with its hello.
    pub(super) async fn greeted(&mut self) -> Link {
        let mut link = self.link().await;
        link.send(&json!({"type": "hello", "num_connections": 1}))
            .await;
        link
    }

    pub(super) fn is_being_dialled(&mut self) -> bool {
        !self.links.is_empty()
    }
}

fn certificate() -> (TlsAcceptor, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]);
    let made = made.expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der());
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.expect("a key"))
        .expect("a server's settings");
    (TlsAcceptor::from(Arc::new(config)), made.cert.der().clone())
}

/// Slack's end of a socket.
pub(super) struct Link(WebSocket);

impl Link {
    pub(super) async fn send(&mut self, frame: &Value) {
        self.raw(&frame.to_string()).await;
    }

    pub(super) async fn raw(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("sent");
    }

    /// A slash command in an envelope; its text tells the receiver what to do.
    pub(super) async fn command(&mut self, envelope: &str, text: &str) {
        self.send(&json!({
            "envelope_id": envelope, "type": "slash_commands", "accepts_response_payload": true,
            "payload": {"command": "/i", "text": text, "team_id": "T1", "user_id": "U1", "trigger_id": envelope},
        }))
        .await;
    }

    /// The next text frame; `None` when closed. At most five seconds.
    pub(super) async fn next(&mut self) -> Option<Value> {
        let next = async {
            loop {
                match self.0.recv().await {
                    Some(Ok(Message::Text(text))) => {
                        return Some(serde_json::from_str(&text).expect("JSON"));
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), next)
            .await
            .expect("a frame in time")
    }

    /// Any frame at all, pings left out.
    pub(super) async fn next_frame(&mut self) -> Option<()> {
        loop {
            match self.0.recv().await {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_)) => return Some(()),
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub(super) async fn acked(&mut self) -> String {
        let frame = self.next().await.expect("an acknowledgement");
        frame["envelope_id"].as_str().expect("an id").to_owned()
    }
}
