//! Something before a person's eyes: a message, an answer for them alone, a modal.

use super::form::words_of;
use super::places::Member;
use interview_assistant::simulator::{ActionValue, Control, MessageSeen, On, ViewSeen};
use serde_json::Value;
use std::cell::RefCell;

/// What a person looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Nothing,
    Message {
        channel: String,
        ts: String,
        thread: Option<String>,
        ephemeral: bool,
    },
    Modal(String),
    /// The bot's Home tab, by the id of its view.
    Home(String),
}

impl What {
    pub(super) fn message(message: &MessageSeen) -> Self {
        Self::Message {
            channel: message.channel.clone(),
            ts: message.ts.clone(),
            thread: message.thread_ts.clone(),
            ephemeral: message.ephemeral,
        }
    }

    pub(super) fn on(&self) -> Option<On> {
        Some(match self {
            Self::Nothing => return None,
            Self::Message {
                channel,
                ts,
                ephemeral: true,
                ..
            } => On::Ephemeral {
                channel: channel.clone(),
                ts: ts.clone(),
            },
            Self::Message { channel, ts, .. } => On::Message {
                channel: channel.clone(),
                ts: ts.clone(),
            },
            Self::Modal(id) | Self::Home(id) => On::View { id: id.clone() },
        })
    }
}

/// Whether a control says this: exactly, or beside a mark (`✓ 3 Good`, `• Technical 2/8`).
pub(super) fn label_of(control: &Control, label: &str) -> bool {
    let text = control.label.trim_start_matches(['✓', '•']).trim_start();
    let without_count = match text.rsplit_once(' ') {
        Some((words, count)) if count.contains('/') => words,
        _ => text,
    };
    [control.label.as_str(), text, without_count].contains(&label)
}

/// Something before a person's eyes.
#[derive(Clone)]
pub struct Card {
    pub(super) member: Member,
    pub(super) what: What,
    /// What was typed and chosen in a form and not submitted yet: `state.values`.
    pub(super) filled: RefCell<Value>,
}

impl Card {
    pub(super) fn new(member: &Member, what: What) -> Self {
        Self {
            member: member.clone(),
            what,
            filled: RefCell::new(Value::Object(serde_json::Map::new())),
        }
    }

    pub(super) fn of_message(member: &Member, message: &MessageSeen) -> Self {
        Self::new(member, What::message(message))
    }

    /// Whether only this person sees it.
    pub fn is_only_for_you(&self) -> bool {
        match &self.what {
            What::Message { ephemeral, .. } => *ephemeral,
            What::Modal(_) | What::Home(_) => true,
            What::Nothing => false,
        }
    }

    /// Whether it is the Home tab.
    pub fn is_home(&self) -> bool {
        matches!(self.what, What::Home(_))
    }

    /// Whether it is a modal.
    pub fn is_modal(&self) -> bool {
        matches!(self.what, What::Modal(_))
    }

    pub(super) fn message(&self) -> Option<MessageSeen> {
        let What::Message {
            channel,
            ts,
            thread,
            ..
        } = &self.what
        else {
            return None;
        };
        let (sim, name) = (self.member.slack.sim(), self.member.name());
        let all = match thread {
            Some(root) => sim.thread(name, channel, root),
            None => sim.messages(name, channel),
        };
        all.into_iter().find(|message| message.ts == *ts)
    }

    pub(super) fn view(&self) -> Option<ViewSeen> {
        let (sim, name) = (self.member.slack.sim(), self.member.name());
        match &self.what {
            What::Modal(id) => sim.views(name).into_iter().find(|view| view.id == *id),
            What::Home(id) => sim.home(name).filter(|view| view.id == *id),
            What::Nothing | What::Message { .. } => None,
        }
    }

    /// What it says now; a modal with its title. Empty when it is gone.
    pub fn text(&self) -> String {
        if let Some(view) = self.view() {
            if self.is_home() {
                return words_of(&view.rendered());
            }
            return words_of(&format!("[{}]\n{}", view.title, view.rendered()));
        }
        let Some(message) = self.message() else {
            return String::new();
        };
        self.member.slack.reads(&message.channel, &message.ts);
        words_of(&message.rendered())
    }

    /// What it says without what can be clicked: the lines that hold no buttons.
    pub fn says(&self) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('[')).collect();
        lines.join("\n")
    }

    /// Its first lines.
    pub fn head(&self, lines: usize) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().take(lines).collect();
        lines.join("\n")
    }

    /// Its last line.
    pub fn foot(&self) -> String {
        self.text().lines().last().unwrap_or_default().to_owned()
    }

    /// Everything that can be clicked, chosen or filled in.
    pub fn controls(&self) -> Vec<Control> {
        match (self.view(), self.message()) {
            (Some(view), _) => view.controls(),
            (None, Some(message)) => message.controls(),
            (None, None) => Vec::new(),
        }
    }

    /// The labels of what can be clicked.
    pub fn offers(&self) -> Vec<String> {
        self.controls()
            .into_iter()
            .map(|control| control.label)
            .collect()
    }

    pub(super) fn control(&self, label: &str) -> Control {
        let controls = self.controls();
        let found = controls.iter().find(|control| label_of(control, label));
        found
            .unwrap_or_else(|| {
                panic!(
                    "{} sees no [{label}] on:\n{}",
                    self.member.name(),
                    self.text()
                )
            })
            .clone()
    }

    /// The control of this label that stands in the block with these words, or in the first block with controls below it.
    pub fn beside(&self, words: &str, label: &str) -> Control {
        let blocks = match (self.view(), self.message()) {
            (Some(view), _) => view.json["blocks"].clone(),
            (None, message) => message.and_then(|it| it.blocks).unwrap_or_default(),
        };
        let mut found = false;
        for block in blocks.as_array().into_iter().flatten() {
            found |= texts(block).any(|text| text.contains(words));
            let id = block["block_id"].as_str().unwrap_or_default();
            let mut row = self.controls();
            row.retain(|control| control.block_id == id);
            if found && !row.is_empty() {
                let control = row.into_iter().find(|control| label_of(control, label));
                return control
                    .unwrap_or_else(|| panic!("no [{label}] beside {words} on:\n{}", self.text()));
            }
        }
        panic!(
            "{} sees no {words} on:\n{}",
            self.member.name(),
            self.text()
        );
    }

    /// Clicks what stands beside these words.
    pub async fn clicks_beside(&self, words: &str, label: &str) -> Card {
        self.text();
        self.clicks_on(&self.beside(words, label)).await
    }

    /// Clicks a button with this name and value as if it stood here.
    pub async fn clicks_drawn(&self, action: &str, value: &str) -> Card {
        self.member
            .clicks_drawn_on(&self.what, self.what.clone(), action, value)
            .await
    }

    /// What is asked before a click on this counts.
    pub fn asks_before(&self, label: &str) -> Option<String> {
        self.control(label).confirm
    }

    /// Clicks; a confirmation is given. Returns what came of it.
    pub async fn clicks(&self, label: &str) -> Card {
        self.text();
        self.clicks_on(&self.control(label)).await
    }

    /// Clicks one of several controls of the same label.
    pub async fn clicks_on(&self, control: &Control) -> Card {
        self.member
            .acts(
                &self.what,
                &control.block_id,
                &control.action_id,
                ActionValue::Click,
            )
            .await
    }

    pub(super) async fn presses(&self, control: &Control) {
        let on = self.what.on().expect("there is something to click");
        self.member.slack.signs_now();
        self.member
            .slack
            .sim()
            .acts(
                self.member.name(),
                &on,
                &control.block_id,
                &control.action_id,
                ActionValue::Click,
                None,
            )
            .await
            .unwrap_or_else(|complaint| {
                panic!(
                    "{} clicks {}: {complaint}",
                    self.member.name(),
                    control.label
                )
            });
    }

    /// Clicks, and goes on as soon as it is acknowledged.
    pub async fn clicks_and_goes_on(&self, label: &str) {
        self.presses(&self.control(label)).await;
    }

    /// Clicks twice, the second time before anything came of the first.
    pub async fn double_clicks(&self, label: &str) {
        let control = self.control(label);
        let on = self.what.on().expect("there is something to click");
        self.member.slack.signs_now();
        let (sim, name) = (self.member.slack.sim(), self.member.name());
        let click = || {
            sim.acts(
                name,
                &on,
                &control.block_id,
                &control.action_id,
                ActionValue::Click,
                None,
            )
        };
        let (first, second) = tokio::join!(click(), click());
        first.and(second).expect("both are acknowledged");
        self.member.slack.settle().await;
    }

    /// Chooses, ticks or sets something that acts at once, by its label.
    pub async fn sets_at_once(&self, label: &str, value: ActionValue) -> Card {
        self.text();
        let control = self.control(label);
        self.member
            .acts(&self.what, &control.block_id, &control.action_id, value)
            .await
    }

    /// Chooses in a menu that acts at once.
    pub async fn picks(&self, value: ActionValue) -> Card {
        let controls = self.controls();
        let menu = controls
            .iter()
            .find(|control| control.kind != "button")
            .expect("there is a menu");
        self.member
            .acts(&self.what, &menu.block_id, &menu.action_id, value)
            .await
    }
}

/// Every piece of text in a block.
fn texts(block: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match block {
        Value::Object(fields) => Box::new(fields.iter().flat_map(|(key, value)| match value {
            Value::String(text) if key == "text" => Box::new(std::iter::once(text.as_str())),
            other => texts(other),
        })),
        Value::Array(items) => Box::new(items.iter().flat_map(texts)),
        _ => Box::new(std::iter::empty()),
    }
}
