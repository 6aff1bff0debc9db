//! Answers to commands and clicks: the body of an ack, and posts to a response URL.
//!
//! Not in here: `chat.*`, which needs the bot to be in the channel; a response URL does not.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Value, json};

use super::Simulator;
use super::web_api::{Answer, ApiError};
use super::workspace::BOT_USER;
use super::world::{Message, ResponseUrl, World};

/// What a response may say.
const FIELDS: &[&str] = &[
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "parse",
    "mrkdwn",
];

/// `POST /commands/…` and `POST /actions/…`: no token, the URL itself is the permission.
pub(crate) async fn respond(State(sim): State<Simulator>, uri: Uri, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let team = path.split('/').nth(2).unwrap_or_default();
    let sim = sim.at_team(team).unwrap_or(sim);
    let url = format!("{}{path}", sim.base());
    let args = match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut fields)) => {
            fields.retain(|_, v| !v.is_null());
            fields.insert("url".to_owned(), json!(url));
            Ok(Value::Object(fields))
        }
        _ => Err(ApiError::from("invalid_payload")),
    };
    sim.receive("response_url", args, |_, world, args| {
        world.post_to_response_url(&path, args)
    })
    .await
}

impl World {
    fn post_to_response_url(&mut self, path: &str, args: &Value) -> Answer {
        let now = self.clock.now();
        let Some(url) = self.response_urls.get_mut(path) else {
            return Err("invalid_url".into());
        };
        if now > url.expires {
            return Err("expired_url".into());
        }
        if url.posts_left == 0 {
            return Err("used_url".into());
        }
        url.posts_left -= 1;
        let url = url.clone();
        let mut said = args.clone();
        if let Some(fields) = said.as_object_mut() {
            fields.remove("url");
        }
        self.answer(&url, &said)?;
        Ok(json!({}))
    }

    /// Does what an answer says. Booleans may be written as strings, as some of Slack's pages do.
    pub(crate) fn answer(&mut self, url: &ResponseUrl, said: &Value) -> Result<(), ApiError> {
        for key in said.as_object().into_iter().flat_map(|f| f.keys()) {
            if !FIELDS.contains(&key.as_str()) {
                self.breach(format!("response: unknown field {key}"));
            }
        }
        let is = |key: &str| said[key] == json!(true) || said[key] == json!("true");
        let channel = url.channel.clone();
        if is("delete_original") || is("replace_original") {
            let Some(source) = &url.source else {
                self.breach("response: a command's own message cannot be replaced or deleted");
                return Err("invalid_payload".into());
            };
            if is("delete_original") {
                self.remove(&channel, source);
                return Ok(());
            }
            let content = self.content("response", said)?;
            let drawn = self.drawing.clone();
            // An ephemeral that was reloaded away is replaced without effect, as in Slack.
            if let Some(message) = self.message_mut(&channel, source).filter(|m| !m.deleted) {
                message.drawn = drawn;
                message.text = content.text;
                message.blocks = content.blocks;
            }
            self.channel_changed(&channel);
            return Ok(());
        }
        let thread_ts = self.thread(&channel, said)?;
        let content = self.content("response", said)?;
        match said["response_type"].as_str() {
            Some("in_channel") => {
                self.post(
                    &channel,
                    Message {
                        thread_ts,
                        user: BOT_USER.to_owned(),
                        text: content.text,
                        blocks: content.blocks,
                        ..Message::default()
                    },
                );
            }
            None | Some("ephemeral") => {
                self.post_only_for(&channel, &url.user, thread_ts, content);
            }
            Some(other) => {
                self.breach(format!("response: unknown response_type {other}"));
                return Err("invalid_payload".into());
            }
        }
        Ok(())
    }

    /// Does what the body of a command's ack says. `typed` is the whole command, shown to the channel
    /// by an answer that is `in_channel`.
    pub(crate) fn answer_command(&mut self, url: &ResponseUrl, typed: &str, said: &Value) {
        if said["response_type"] == "in_channel" {
            self.post(
                &url.channel,
                Message {
                    user: url.user.clone(),
                    text: typed.to_owned(),
                    ..Message::default()
                },
            );
            if said.get("text").is_none() && said.get("blocks").is_none() {
                return;
            }
        }
        if said.as_object().is_some_and(serde_json::Map::is_empty) {
            return;
        }
        if let Err(error) = self.answer(url, said) {
            self.breach(format!("the ack of {typed} was refused: {}", error.error));
        }
    }
}
