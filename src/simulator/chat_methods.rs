//! What `chat.*` does: posting, changing and deleting the bot's messages.
//!
//! Not in here: answers through a response URL (`responses`).

use serde_json::{Value, json};

use super::block_kit::{Surface, check_blocks, units};
use super::input_state::normalise;
use super::web_api::{Answer, ApiError};
use super::workspace::{BOT_USER, Channel};
use super::world::{Message, World};

/// Text and blocks that passed all checks.
pub(crate) struct Content {
    pub text: String,
    pub blocks: Option<Value>,
}

impl World {
    pub(crate) fn chat_method(&mut self, method: &str, args: &Value) -> Answer {
        match method {
            "chat.postMessage" => self.post_message(args),
            "chat.update" => self.update_message(args),
            "chat.delete" => self.delete_message(args),
            "chat.postEphemeral" => self.post_ephemeral(args),
            _ => Err("unknown_method".into()),
        }
    }

    /// Checks the content of a message by Slack's rules; every fault is a breach as well.
    pub(crate) fn content(&mut self, what: &str, args: &Value) -> Result<Content, ApiError> {
        let mut text = match args.get("text") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.breach(format!("{what}: text is not a string"));
                return Err("invalid_arguments".into());
            }
        };
        if units(&text) > 40_000 {
            self.breach(format!("{what}: text over 40000 characters was cut"));
            let mut room = 40_000;
            text = text
                .chars()
                .take_while(|c| {
                    room -= i64::try_from(c.len_utf16()).unwrap_or(2);
                    room >= 0
                })
                .collect();
        }
        let blocks = match args.get("blocks") {
            None | Some(Value::Null) => None,
            Some(Value::Array(list)) if list.is_empty() => None,
            Some(blocks) => Some(self.checked(what, blocks)?),
        };
        if text.is_empty() && blocks.is_none() {
            self.breach(format!("{what}: neither text nor blocks"));
            return Err("no_text".into());
        }
        Ok(Content { text, blocks })
    }

    fn checked(&mut self, what: &str, blocks: &Value) -> Result<Value, ApiError> {
        let faults = check_blocks(blocks, Surface::Message);
        if !faults.is_empty() {
            for fault in &faults {
                self.breach(format!("{what}: invalid_blocks: {fault}"));
            }
            let error = if faults.iter().any(|f| f.starts_with("msg_blocks_too_long")) {
                "msg_blocks_too_long"
            } else {
                "invalid_blocks"
            };
            let messages = faults.into_iter().map(|f| format!("[ERROR] {f}")).collect();
            return Err(ApiError {
                messages,
                ..ApiError::from(error)
            });
        }
        let mut blocks = blocks.clone();
        normalise(&mut blocks, || self.fresh());
        Ok(blocks)
    }

    fn metadata(&mut self, what: &str, args: &Value) -> Result<Option<Value>, ApiError> {
        let Some(metadata) = args.get("metadata") else {
            return Ok(None);
        };
        let is_empty = metadata.as_object().is_some_and(serde_json::Map::is_empty);
        let is_right = metadata["event_type"].is_string() && metadata["event_payload"].is_object();
        if !is_empty && !is_right {
            self.breach(format!(
                "{what}: metadata needs event_type and event_payload"
            ));
            return Err("invalid_metadata_format".into());
        }
        Ok(Some(metadata.clone()))
    }

    /// The conversation the bot may post to.
    pub(crate) fn postable(&mut self, channel: &str) -> Result<Channel, ApiError> {
        if channel.starts_with(['U', 'W']) {
            let Some(person) = self.person(channel) else {
                return Err("channel_not_found".into());
            };
            if person.is_bot || person.is_stranger {
                return Err("channel_not_found".into());
            }
            if person.deleted {
                return Err("user_disabled".into());
            }
            let id = person.id.clone();
            return self
                .dm_of(&id)
                .cloned()
                .ok_or_else(|| "channel_not_found".into());
        }
        let known = self.channels.iter().find(|c| c.id == channel).cloned();
        let Some(channel) = known else {
            return Err("channel_not_found".into());
        };
        if !channel.members.contains(BOT_USER) {
            if channel.is_private {
                return Err("channel_not_found".into());
            }
            if !self.granted("chat:write.public") {
                return Err("not_in_channel".into());
            }
        }
        if channel.is_archived {
            return Err("is_archived".into());
        }
        Ok(channel)
    }

    /// The thread to post into: the parent's ts, never a reply's.
    pub(crate) fn thread(
        &mut self,
        channel: &str,
        args: &Value,
    ) -> Result<Option<String>, ApiError> {
        let Some(ts) = args["thread_ts"].as_str().filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        match self.message(channel, ts) {
            Some(m) if m.is_top_level() && m.only_for.is_none() => Ok(Some(ts.to_owned())),
            Some(_) => {
                self.breach(format!(
                    "thread_ts {ts} is a reply or an ephemeral, not a parent"
                ));
                Err("cannot_reply_to_message".into())
            }
            None => Err("cannot_reply_to_message".into()),
        }
    }

    fn post_message(&mut self, args: &Value) -> Answer {
        let channel = self
            .postable(args["channel"].as_str().unwrap_or_default())?
            .id;
        let thread_ts = self.thread(&channel, args)?;
        let content = self.content("chat.postMessage", args)?;
        let metadata = self.metadata("chat.postMessage", args)?;
        let ts = self.post(
            &channel,
            Message {
                thread_ts,
                user: BOT_USER.to_owned(),
                text: content.text,
                blocks: content.blocks,
                metadata: metadata.filter(|m| m.get("event_type").is_some()),
                ..Message::default()
            },
        );
        let message = self
            .message(&channel, &ts)
            .map(|m| self.message_json(&channel, m));
        Ok(json!({ "channel": channel, "ts": ts, "message": message }))
    }

    /// The bot's own message, for changing or deleting.
    fn own(&mut self, args: &Value, refused: &str) -> Result<(Channel, String), ApiError> {
        let id = args["channel"].as_str().unwrap_or_default();
        let known = self.channels.iter().find(|c| c.id == id).cloned();
        let Some(channel) = known.filter(|c| !c.is_private || c.members.contains(BOT_USER)) else {
            return Err("channel_not_found".into());
        };
        let ts = args["ts"].as_str().unwrap_or_default().to_owned();
        match self
            .message(&channel.id, &ts)
            .filter(|m| m.only_for.is_none() && !m.deleted)
        {
            None => Err("message_not_found".into()),
            Some(message) if message.user != BOT_USER => Err(refused.into()),
            Some(_) => Ok((channel, ts)),
        }
    }

    fn update_message(&mut self, args: &Value) -> Answer {
        let (channel, ts) = self.own(args, "cant_update_message")?;
        if channel.is_archived {
            return Err("is_inactive".into());
        }
        if args["text"].as_str().is_some_and(|t| units(t) > 4000) {
            self.breach("chat.update: text over 4000 characters");
            return Err("msg_too_long".into());
        }
        let content = self.content("chat.update", args)?;
        let metadata = self.metadata("chat.update", args)?;
        let channel = channel.id;
        let drawn = self.drawing.clone();
        if let Some(message) = self.message_mut(&channel, &ts) {
            message.drawn = drawn;
            message.text.clone_from(&content.text);
            message.edited = content.blocks.is_none();
            message.blocks = content.blocks;
            if let Some(metadata) = metadata {
                message.metadata = Some(metadata).filter(|m| m.get("event_type").is_some());
            }
        }
        self.channel_changed(&channel);
        let message = self
            .message(&channel, &ts)
            .map(|m| self.message_json(&channel, m));
        Ok(json!({ "channel": channel, "ts": ts, "text": content.text, "message": message }))
    }

    fn delete_message(&mut self, args: &Value) -> Answer {
        let (channel, ts) = self.own(args, "cant_delete_message")?;
        self.remove(&channel.id, &ts);
        Ok(json!({ "channel": channel.id, "ts": ts }))
    }

    fn post_ephemeral(&mut self, args: &Value) -> Answer {
        let asked = args["channel"].as_str().unwrap_or_default();
        if !asked.starts_with(['C', 'D', 'G']) {
            return Err("channel_not_found".into());
        }
        let channel = self.postable(asked)?;
        let user = args["user"].as_str().unwrap_or_default().to_owned();
        if !channel.members.contains(&user) {
            return Err("user_not_in_channel".into());
        }
        let thread_ts = self.thread(&channel.id, args)?;
        let content = self.content("chat.postEphemeral", args)?;
        let ts = self.post_only_for(&channel.id, &user, thread_ts, content);
        Ok(json!({ "message_ts": ts }))
    }

    /// Puts an ephemeral before one person and returns its ts.
    pub(crate) fn post_only_for(
        &mut self,
        channel: &str,
        user: &str,
        thread_ts: Option<String>,
        content: Content,
    ) -> String {
        self.post(
            channel,
            Message {
                thread_ts,
                user: BOT_USER.to_owned(),
                text: content.text,
                blocks: content.blocks,
                only_for: Some(user.to_owned()),
                ..Message::default()
            },
        )
    }

    pub(crate) fn permalink(&mut self, base: &str, args: &Value) -> Answer {
        let channel = args["channel"].as_str().unwrap_or_default();
        let ts = args["message_ts"].as_str().unwrap_or_default();
        let known = self.channels.iter().find(|c| c.id == channel);
        if known.is_none_or(|c| c.is_private && !c.members.contains(BOT_USER)) {
            return Err("channel_not_found".into());
        }
        let Some(message) = self.message(channel, ts).filter(|m| m.only_for.is_none()) else {
            return Err("message_not_found".into());
        };
        let mut link = format!("{base}/archives/{channel}/p{}", ts.replace('.', ""));
        if let Some(thread) = message.thread_ts.as_ref().filter(|t| *t != ts) {
            link.push_str(&format!("?thread_ts={thread}&cid={channel}"));
        }
        Ok(json!({ "channel": channel, "permalink": link }))
    }
}
