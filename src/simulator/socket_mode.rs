//! The app's live WebSocket connections.
//!
//! Not in here: where their tickets come from (`web_api`) and what is sent over them (`deliver`).

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Simulator;
use super::world::{APP_ID, Socket, SocketOrder};

/// How often Slack's side pings, in real time.
const PING_EVERY: Duration = Duration::from_secs(10);

/// Slack's limit of connections per app.
const MOST_CONNECTIONS: usize = 10;

#[derive(Deserialize)]
pub(crate) struct Ticket {
    ticket: String,
}

/// `GET /link/?ticket=…`: a ticket opens one connection, once.
pub(crate) async fn link(
    State(sim): State<Simulator>,
    Query(Ticket { ticket }): Query<Ticket>,
    upgrade: WebSocketUpgrade,
) -> Response {
    {
        let mut world = sim.world();
        if !world.tickets.remove(&ticket) {
            world.breach("a socket was opened with a used or unknown ticket");
            return (StatusCode::FORBIDDEN, "ticket expired").into_response();
        }
    }
    upgrade.on_upgrade(move |socket| serve(sim, socket))
}

async fn serve(sim: Simulator, mut socket: WebSocket) {
    let (orders, mut inbox) = mpsc::unbounded_channel();
    let registered = {
        let mut world = sim.world();
        if world.sockets.len() >= MOST_CONNECTIONS {
            world.breach("more than ten connections");
            Err(world.sockets.len())
        } else {
            let id = world.fresh();
            world.sockets.push(Socket {
                id,
                orders,
                retiring: true,
            });
            Ok((id, world.sockets.len()))
        }
    };
    let (id, connections) = match registered {
        Ok(registered) => registered,
        Err(connections) => {
            let frame = disconnect("too_many_websockets", connections);
            // The connection ends either way.
            let _ = socket.send(Message::Text(frame.to_string().into())).await;
            return;
        }
    };
    let hello = json!({
        "type": "hello",
        "num_connections": connections,
        "connection_info": { "app_id": APP_ID },
        "debug_info": {
            "host": "applink-simulator",
            "build_number": 1,
            "approximate_connection_time": 3600,
        },
    });
    if socket
        .send(Message::Text(hello.to_string().into()))
        .await
        .is_ok()
    {
        {
            let mut world = sim.world();
            if let Some(socket) = world.sockets.iter_mut().find(|s| s.id == id) {
                socket.retiring = false;
            }
            world.state_changed();
        }
        sim.note_connection();
        talk(&sim, &mut socket, id, &mut inbox).await;
    }
    let mut world = sim.world();
    world.sockets.retain(|s| s.id != id);
    // Dropping what was pending tells those who wait.
    world.pending.retain(|_, p| p.socket != id);
    world.state_changed();
    drop(world);
    sim.note_connection();
}

async fn talk(
    sim: &Simulator,
    socket: &mut WebSocket,
    id: u64,
    inbox: &mut mpsc::UnboundedReceiver<SocketOrder>,
) {
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            order = inbox.recv() => match order {
                Some(SocketOrder::Send(text)) => {
                    if socket.send(Message::Text(text.into())).await.is_err() {
                        return;
                    }
                }
                Some(SocketOrder::Close) => {
                    let frame = CloseFrame { code: 1000, reason: "".into() };
                    // The other side may be gone already.
                    let _ = socket.send(Message::Close(Some(frame))).await;
                    return;
                }
                Some(SocketOrder::Drop) | None => return,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => match serde_json::from_str::<Value>(&text) {
                    Ok(ack) => sim.acknowledged(id, &ack),
                    Err(_) => sim.world().breach("a frame that is not JSON"),
                },
                Some(Ok(Message::Binary(_))) => sim.world().breach("a binary frame"),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            _ = ping.tick() => {
                if socket.send(Message::Ping("Ping from simulator".into())).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn disconnect(reason: &str, connections: usize) -> Value {
    json!({
        "type": "disconnect",
        "reason": reason,
        "num_connections": connections,
        "debug_info": { "host": "applink-simulator" },
        "connection_info": { "app_id": APP_ID },
    })
}

impl Simulator {
    /// Lets go of all sockets without a word.
    pub(crate) fn drop_sockets(&self) {
        let mut world = self.world();
        for socket in &mut world.sockets {
            socket.retiring = true;
            // A socket whose task is gone needs no order.
            let _ = socket.orders.send(SocketOrder::Drop);
        }
        drop(world);
        self.note_connection();
    }

    /// Asks the app to reconnect, and closes the old sockets a real second later.
    pub(crate) fn refresh_sockets(&self) {
        let mut world = self.world();
        let connections = world.sockets.len();
        let frame = disconnect("refresh_requested", connections).to_string();
        let mut old = Vec::new();
        for socket in &mut world.sockets {
            socket.retiring = true;
            // As above.
            let _ = socket.orders.send(SocketOrder::Send(frame.clone()));
            old.push(socket.orders.clone());
        }
        drop(world);
        self.note_connection();
        self.spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            for orders in old {
                // As above.
                let _ = orders.send(SocketOrder::Close);
            }
        });
    }
}
