//! Slack's side of Socket Mode: waits for the bot to connect, then sends it clicks as envelopes and measures the acknowledgements.

use crate::click::Clicks;
use crate::load::Loaded;
use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const PATIENCE: Duration = Duration::from_secs(30);

/// The bot's connection.
pub struct Socket(WebSocketStream<TcpStream>);

#[derive(Deserialize)]
struct Ack<'a> {
    #[serde(borrow)]
    envelope_id: &'a str,
    #[serde(default)]
    payload: Option<serde_json::Value>,
}

impl Socket {
    /// Waits for the bot, and says hello.
    pub async fn accept(listener: &TcpListener) -> anyhow::Result<Self> {
        let (stream, _) = tokio::time::timeout(PATIENCE, listener.accept())
            .await
            .context("the bot did not connect")??;
        stream.set_nodelay(true)?;
        let mut socket = tokio_tungstenite::accept_async(stream).await?;
        let hello = r#"{"type":"hello","num_connections":1,"connection_info":{"app_id":"A0BENCH00"},"debug_info":{"host":"bench","approximate_connection_time":18060}}"#;
        socket.send(Message::text(hello)).await?;
        Ok(Self(socket))
    }

    /// As `load::closed`, over the one connection.
    pub async fn closed(
        &mut self,
        clicks: &Clicks,
        people: usize,
        time: Duration,
    ) -> anyhow::Result<Loaded> {
        let mut loaded = Loaded::empty();
        let began = Instant::now();
        let mut sent = Vec::with_capacity(people);
        for user in 0..people {
            let envelope = envelope(clicks, user);
            sent.push(Instant::now());
            self.0.send(Message::text(envelope)).await?;
        }
        let mut under_way = people;
        while under_way > 0 {
            let heard = tokio::time::timeout(PATIENCE, self.0.next()).await;
            let heard = heard.context("an envelope was not acknowledged in 30 s")?;
            let text = match heard.context("the bot hung up")?? {
                Message::Text(text) => text,
                Message::Ping(_) | Message::Pong(_) => continue,
                other => bail!("the bot sent {other:?}"),
            };
            let ack: Ack<'_> = serde_json::from_str(&text)?;
            anyhow::ensure!(ack.payload.is_none(), "a click was answered with a payload");
            let user: usize = ack.envelope_id.parse().context("an unknown envelope")?;
            loaded.took(sent[user].elapsed());
            if began.elapsed() < time {
                let envelope = envelope(clicks, user);
                sent[user] = Instant::now();
                self.0.send(Message::text(envelope)).await?;
            } else {
                under_way -= 1;
            }
        }
        loaded.seconds = began.elapsed().as_secs_f64();
        Ok(loaded)
    }
}

fn envelope(clicks: &Clicks, user: usize) -> String {
    let payload = clicks.json(user);
    format!(
        r#"{{"envelope_id":"{user}","payload":{payload},"type":"interactive","accepts_response_payload":true}}"#
    )
}
