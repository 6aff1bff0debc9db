//! What a person sees: channels, messages, threads, modals, and the controls on them.
//!
//! Not in here: how a click is made (`verbs`).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Simulator;
use super::block_elements::all_options;
use super::input_state::{Placed, elements, filled};
use super::world::{Message, View, World};

/// A channel in somebody's sidebar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSeen {
    /// `C…` or `D…`.
    pub id: String,
    /// Without the `#`; the bot's name for a direct message.
    pub name: String,
    /// `private`, `public` or `im`.
    pub kind: &'static str,
    /// The bot, in a direct message.
    pub with: Option<String>,
    /// May be empty.
    pub topic: String,
    /// Messages since this person last read it.
    pub unread: usize,
    /// Nothing can be posted.
    pub archived: bool,
    /// Shared with another company.
    pub shared: bool,
}

/// A message before somebody's eyes.
#[derive(Clone, Debug)]
pub struct MessageSeen {
    /// The channel's id.
    pub channel: String,
    /// Slack's timestamp, the message's id in its channel.
    pub ts: String,
    /// The author's id.
    pub user: String,
    /// Whether the app wrote it.
    pub is_bot: bool,
    /// The `text` field as sent: what notifications and screen readers get.
    pub text: String,
    /// The blocks as kept by Slack (ids filled in).
    pub blocks: Option<Value>,
    /// Only this person sees it.
    pub ephemeral: bool,
    /// The parent's ts, for a reply.
    pub thread_ts: Option<String>,
    /// Replies in its thread that everybody sees.
    pub reply_count: usize,
    /// Marked as edited.
    pub edited: bool,
    /// A tombstone over a thread.
    pub deleted: bool,
    /// The metadata sent along, if any.
    pub metadata: Option<Value>,
    /// The files shared with it.
    pub files: Vec<FileSeen>,
    rendered: String,
    controls: Vec<Control>,
}

/// A file before somebody's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// `F…`.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// What stands above it.
    pub title: String,
    /// What a screen reader says of a picture; may be empty.
    pub alt_text: String,
    /// Whether it is shown as a picture.
    pub is_picture: bool,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

impl MessageSeen {
    /// The message as a person reads it: all blocks in order, else its text, then its files. Mentions are
    /// `@name`, buttons `[Label]`, dates are in UTC; marks such as `*` stay as written. A picture is its
    /// title and `[image: …]` with its alternative text.
    #[must_use]
    pub fn rendered(&self) -> String {
        self.rendered.clone()
    }

    /// The buttons, selects and inputs, in order.
    #[must_use]
    pub fn controls(&self) -> Vec<Control> {
        self.controls.clone()
    }

    /// The first control with this label.
    #[must_use]
    pub fn control(&self, label: &str) -> Option<Control> {
        self.controls.iter().find(|c| c.label == label).cloned()
    }

    /// Where its controls are, for [`Simulator::acts`].
    #[must_use]
    pub fn on(&self) -> super::On {
        let (channel, ts) = (self.channel.clone(), self.ts.clone());
        if self.ephemeral {
            super::On::Ephemeral { channel, ts }
        } else {
            super::On::Message { channel, ts }
        }
    }
}

/// Something to click, choose or fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// A button's text, an input's label, else the placeholder or the text beside it.
    pub label: String,
    /// Slack's id of the block.
    pub block_id: String,
    /// The app's id of the action.
    pub action_id: String,
    /// Slack's element type: `button`, `static_select`, `plain_text_input` and so on.
    pub kind: String,
    /// A button's value.
    pub value: Option<String>,
    /// The question asked before a click counts.
    pub confirm: Option<String>,
    /// The labels and values to choose from.
    pub options: Vec<(String, String)>,
    /// `primary` or `danger`.
    pub style: Option<String>,
    /// Where a button leads.
    pub url: Option<String>,
    /// What stands in an input now (an entry of `state.values`), for views.
    pub current: Option<Value>,
    /// An input that may stay empty.
    pub optional: bool,
}

/// An open modal, or a Home tab.
#[derive(Clone, Debug)]
pub struct ViewSeen {
    /// `V…`.
    pub id: String,
    /// `modal` or `home`.
    pub kind: String,
    /// Empty for a Home tab.
    pub title: String,
    /// The app's name for it.
    pub callback_id: String,
    /// The app's own note, which the person does not see.
    pub private_metadata: String,
    /// The submit button's label.
    pub submit: Option<String>,
    /// Sentences shown under inputs, by block id.
    pub errors: BTreeMap<String, String>,
    /// The full view as Slack sends it.
    pub json: Value,
    rendered: String,
    controls: Vec<Control>,
}

impl ViewSeen {
    /// The view's blocks as a person reads them, without its title.
    #[must_use]
    pub fn rendered(&self) -> String {
        self.rendered.clone()
    }

    /// Everything to click, choose or fill in, in order.
    #[must_use]
    pub fn controls(&self) -> Vec<Control> {
        self.controls.clone()
    }

    /// The inputs only: what is sent with a submission.
    #[must_use]
    pub fn inputs(&self) -> Vec<Control> {
        self.controls
            .iter()
            .filter(|c| c.current.is_some())
            .cloned()
            .collect()
    }

    /// The first control with this label.
    #[must_use]
    pub fn control(&self, label: &str) -> Option<Control> {
        self.controls.iter().find(|c| c.label == label).cloned()
    }

    /// Where its controls are, for [`Simulator::acts`].
    #[must_use]
    pub fn on(&self) -> super::On {
        super::On::View {
            id: self.id.clone(),
        }
    }
}

impl Simulator {
    /// The channels in a person's sidebar: those they are in, and public ones.
    #[must_use]
    pub fn channels(&self, user: &str) -> Vec<ChannelSeen> {
        let world = self.world();
        let Ok(user) = world.who(user) else {
            return Vec::new();
        };
        world
            .channels
            .iter()
            .filter(|c| world.sees(&user, c))
            .map(|c| world.channel_seen(&user, &c.id))
            .collect()
    }

    /// A channel's messages and ephemerals outside threads, oldest first; none if the person does not
    /// see the channel.
    #[must_use]
    pub fn messages(&self, user: &str, channel: &str) -> Vec<MessageSeen> {
        let world = self.world();
        let Ok((user, channel)) = world.place(user, channel) else {
            return Vec::new();
        };
        let all = world.messages.get(&channel).into_iter().flatten();
        all.filter(|m| m.is_for(&user) && m.is_top_level())
            .map(|m| world.message_seen(&channel, m))
            .collect()
    }

    /// A thread: its parent, then the replies and ephemerals in it, oldest first.
    #[must_use]
    pub fn thread(&self, user: &str, channel: &str, ts: &str) -> Vec<MessageSeen> {
        let world = self.world();
        let Ok((user, channel)) = world.place(user, channel) else {
            return Vec::new();
        };
        let all = world.messages.get(&channel).into_iter().flatten();
        all.filter(|m| m.is_for(&user) && (m.ts == ts || m.thread_ts.as_deref() == Some(ts)))
            .map(|m| world.message_seen(&channel, m))
            .collect()
    }

    /// A person's open modals, the topmost last.
    #[must_use]
    pub fn views(&self, user: &str) -> Vec<ViewSeen> {
        let world = self.world();
        let stack = world.who(user).ok().and_then(|u| world.modals.get(&u));
        stack
            .into_iter()
            .flatten()
            .map(|v| world.view_seen(v))
            .collect()
    }

    /// A person's Home tab, once the app has published one.
    #[must_use]
    pub fn home(&self, user: &str) -> Option<ViewSeen> {
        let world = self.world();
        let home = world.who(user).ok().and_then(|u| world.homes.get(&u))?;
        Some(world.view_seen(home))
    }

    /// What Slackbot told a person: failed commands and the like, oldest first.
    #[must_use]
    pub fn notices(&self, user: &str) -> Vec<String> {
        let world = self.world();
        let Ok(user) = world.who(user) else {
            return Vec::new();
        };
        world
            .notices
            .iter()
            .filter(|(u, _)| *u == user)
            .map(|(_, n)| n.clone())
            .collect()
    }

    /// Forgets what Slackbot told a person so far and returns it: for tests that provoke some.
    pub fn take_notices(&self, user: &str) -> Vec<String> {
        let told = self.notices(user);
        let mut world = self.world();
        if let Ok(user) = world.who(user) {
            world.notices.retain(|(told, _)| *told != user);
        }
        told
    }
}

impl World {
    pub(crate) fn channel_seen(&self, user: &str, channel: &str) -> ChannelSeen {
        let found = self.channel(channel).cloned();
        let channel = found.unwrap_or_else(|| super::Channel::public(channel));
        let kind = match (channel.is_im(), channel.is_private) {
            (true, _) => "im",
            (_, true) => "private",
            _ => "public",
        };
        ChannelSeen {
            name: if channel.is_im() {
                self.bot_name.clone()
            } else {
                channel.name.clone()
            },
            kind,
            with: channel
                .is_im()
                .then(|| super::workspace::BOT_USER.to_owned()),
            topic: channel.topic.clone(),
            unread: self
                .unread
                .get(&(user.to_owned(), channel.id.clone()))
                .copied()
                .unwrap_or_default(),
            archived: channel.is_archived,
            shared: channel.is_ext_shared,
            id: channel.id,
        }
    }

    pub(crate) fn message_seen(&self, channel: &str, message: &Message) -> MessageSeen {
        let files = self.files_seen(message);
        let rendered = match &message.blocks {
            Some(blocks) => self.render_blocks(blocks),
            None => self.render_mrkdwn(&message.text),
        };
        let shown = files.iter().map(|file| {
            if file.is_picture {
                format!("{}\n[image: {}]", file.title, file.alt_text)
            } else {
                format!("[file: {}]", file.title)
            }
        });
        let parts = std::iter::once(rendered).chain(shown);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        let rendered = parts.join("\n");
        let controls = message
            .blocks
            .as_ref()
            .map(|b| self.controls(b, None))
            .unwrap_or_default();
        MessageSeen {
            channel: channel.to_owned(),
            ts: message.ts.clone(),
            user: message.user.clone(),
            is_bot: message.user == super::workspace::BOT_USER,
            text: message.text.clone(),
            blocks: message.blocks.clone(),
            ephemeral: message.only_for.is_some(),
            thread_ts: message.thread_ts.clone(),
            reply_count: self.replies(channel, &message.ts).len(),
            edited: message.edited,
            deleted: message.deleted,
            metadata: message.metadata.clone(),
            files,
            rendered,
            controls,
        }
    }

    fn files_seen(&self, message: &Message) -> Vec<FileSeen> {
        let known = |id: &String| self.files.iter().find(|f| f.id == *id);
        let files = message.files.iter().filter_map(known);
        files
            .map(|file| FileSeen {
                id: file.id.clone(),
                name: file.name.clone(),
                title: file.title.clone(),
                alt_text: file.alt_text.clone(),
                is_picture: file.is_picture(),
                bytes: file.bytes.clone().unwrap_or_else(|| Arc::from([])),
            })
            .collect()
    }

    pub(crate) fn view_seen(&self, view: &View) -> ViewSeen {
        let text = |key: &str| view.json[key].as_str().unwrap_or_default().to_owned();
        let blocks = &view.json["blocks"];
        let errors = view
            .errors
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        ViewSeen {
            id: view.id.clone(),
            kind: text("type"),
            title: if view.json["type"] == "home" {
                String::new()
            } else {
                self.render_text(&view.json["title"])
            },
            callback_id: text("callback_id"),
            private_metadata: text("private_metadata"),
            submit: view.json["submit"]
                .is_object()
                .then(|| self.render_text(&view.json["submit"])),
            errors: errors
                .map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()))
                .collect(),
            json: view.json.clone(),
            rendered: self.render_blocks(&filled(blocks, &view.json["state"]["values"])),
            controls: self.controls(blocks, Some(&view.json["state"]["values"])),
        }
    }

    fn controls(&self, blocks: &Value, values: Option<&Value>) -> Vec<Control> {
        elements(blocks)
            .into_iter()
            .map(|placed| self.control(placed, values))
            .collect()
    }

    fn control(&self, placed: Placed<'_>, values: Option<&Value>) -> Control {
        let Placed { block, element } = placed;
        let string = |key: &str| element[key].as_str().map(str::to_owned);
        let label = [
            &element["text"],
            &block["label"],
            &element["placeholder"],
            &block["text"],
        ]
        .into_iter()
        .find(|t| t.is_object())
        .map(|t| self.render_text(t))
        .unwrap_or_default();
        let confirm = element["confirm"].is_object().then(|| {
            let dialog = &element["confirm"];
            format!(
                "{}: {}",
                self.render_text(&dialog["title"]),
                self.render_text(&dialog["text"])
            )
        });
        let is_input = block["type"] == "input";
        let current = values
            .filter(|_| is_input)
            .map(|v| v[placed.block_id()][placed.action_id()].clone());
        Control {
            label,
            block_id: placed.block_id().to_owned(),
            action_id: placed.action_id().to_owned(),
            kind: placed.kind().to_owned(),
            value: string("value"),
            confirm,
            options: all_options(element)
                .map(|o| {
                    let value = o["value"].as_str().unwrap_or_default().to_owned();
                    (self.render_text(&o["text"]), value)
                })
                .collect(),
            style: string("style"),
            url: string("url"),
            current,
            optional: block["optional"] == json!(true),
        }
    }
}
