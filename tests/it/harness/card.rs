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
            Self::Modal(id) => On::View { id: id.clone() },
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

    /// Whether nothing came of an act.
    pub fn is_nothing(&self) -> bool {
        self.what == What::Nothing
    }

    /// Whether only this person sees it.
    pub fn is_only_for_you(&self) -> bool {
        match &self.what {
            What::Message { ephemeral, .. } => *ephemeral,
            What::Modal(_) => true,
            What::Nothing => false,
        }
    }

    /// Whether it is a modal.
    pub fn is_modal(&self) -> bool {
        matches!(self.what, What::Modal(_))
    }

    fn message(&self) -> Option<MessageSeen> {
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
        let What::Modal(id) = &self.what else {
            return None;
        };
        let views = self.member.slack.sim().views(self.member.name());
        views.into_iter().find(|view| view.id == *id)
    }

    /// What it says now; a modal with its title. Empty when it is gone.
    pub fn text(&self) -> String {
        if let Some(view) = self.view() {
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

    /// What is asked before a click on this counts.
    pub fn asks_before(&self, label: &str) -> Option<String> {
        self.control(label).confirm
    }

    /// Clicks; a confirmation is given. Returns what came of it.
    pub async fn clicks(&self, label: &str) -> Card {
        self.text();
        let control = self.control(label);
        self.member
            .acts(
                &self.what,
                &control.block_id,
                &control.action_id,
                ActionValue::Click,
            )
            .await
    }

    async fn presses(&self, control: &Control) {
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

    /// Clicks a rating, and goes on as soon as it is acknowledged; the section is looked for until it is shown.
    pub async fn rates_and_goes_on(&self, question: &str, mark: &str) {
        let row = self.question(question).await;
        let control = row
            .iter()
            .find(|control| label_of(control, mark))
            .expect("it is offered");
        self.presses(control).await;
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

    /// The buttons under a question. It is named by words it holds, in the section shown, or as `technical/3`.
    pub async fn question(&self, question: &str) -> Vec<Control> {
        let number = match question.split_once('/') {
            Some((section, number)) => {
                let tab = format!("{}{}", section[..1].to_uppercase(), &section[1..]);
                if !self.shows_tab(&tab) {
                    self.clicks(&tab).await;
                }
                Some(format!("{number}. "))
            }
            None => None,
        };
        let message = self.message().expect("a scorecard is a message");
        let blocks = message.blocks.unwrap_or_default();
        let mut found = false;
        for block in blocks.as_array().into_iter().flatten() {
            if block["type"] == "actions" && found {
                let id = block["block_id"].as_str().unwrap_or_default();
                return message_controls(&self.controls(), id);
            }
            let first = first_text(block);
            found |= match &number {
                Some(number) => first.starts_with(number.as_str()),
                None => first.contains(question),
            };
        }
        panic!(
            "{} sees no question {question} on:\n{}",
            self.member.name(),
            self.text()
        );
    }

    fn shows_tab(&self, tab: &str) -> bool {
        let current = format!("• {tab}");
        self.controls()
            .iter()
            .any(|control| control.label.starts_with(&current))
    }

    /// Clicks a rating under a question.
    pub async fn rates(&self, question: &str, mark: &str) -> Card {
        self.under(question, mark).await
    }

    /// Clicks something under a question.
    pub async fn under(&self, question: &str, label: &str) -> Card {
        let row = self.question(question).await;
        let control = row.iter().find(|control| label_of(control, label));
        let control =
            control.unwrap_or_else(|| panic!("no [{label}] under {question} on:\n{}", self.text()));
        self.member
            .acts(
                &self.what,
                &control.block_id,
                &control.action_id,
                ActionValue::Click,
            )
            .await
    }

    /// Clicks several things under a question without waiting for what comes of them; each is acknowledged before the next.
    pub async fn clicks_quickly(&self, question: &str, labels: &[&str]) {
        let row = self.question(question).await;
        let on = self.what.on().expect("there is something to click");
        for label in labels {
            let control = row
                .iter()
                .find(|control| label_of(control, label))
                .expect("it is offered");
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
                .expect("it is acknowledged");
        }
        self.member.slack.settle().await;
    }

    /// The marks that are chosen, in the section shown.
    pub fn chosen(&self) -> Vec<String> {
        let chosen = self.controls().into_iter().map(|control| control.label);
        chosen.filter(|label| label.starts_with('✓')).collect()
    }

    /// Writes evidence under a question.
    pub async fn writes(&self, question: &str, note: &str) -> Card {
        let form = self.under(question, "Evidence").await;
        form.fills("What did you hear?", note).submits().await
    }

    /// Marks every question of every section, in their order.
    pub async fn rates_all(&self, mark: &str) {
        for tab in ["Screening", "Technical", "Behavioural"] {
            if !self.shows_tab(tab) {
                self.clicks(tab).await;
            }
            let controls: Vec<Control> = self
                .controls()
                .into_iter()
                .filter(|control| label_of(control, mark))
                .collect();
            for control in controls {
                self.member
                    .acts(
                        &self.what,
                        &control.block_id,
                        &control.action_id,
                        ActionValue::Click,
                    )
                    .await;
            }
        }
    }

    /// Recommends and submits, marking the rest as not asked where any is left.
    pub async fn submits_with(&self, recommendation: &str, reason: &str) -> Card {
        let form = self.clicks("Recommend and submit").await;
        let form = form
            .chooses("Recommendation", recommendation)
            .fills("Why? A line of evidence", reason);
        let form = if form
            .offers()
            .iter()
            .any(|label| label == "Unrated questions")
        {
            form.ticks("Unrated questions")
        } else {
            form
        };
        form.submits().await
    }
}

fn message_controls(controls: &[Control], block: &str) -> Vec<Control> {
    controls
        .iter()
        .filter(|control| control.block_id == block)
        .cloned()
        .collect()
}

/// The first piece of text in a block.
fn first_text(block: &Value) -> &str {
    match block {
        Value::Object(fields) => match fields.get("text") {
            Some(Value::String(text)) => text,
            _ => fields
                .values()
                .map(first_text)
                .find(|text| !text.is_empty())
                .unwrap_or_default(),
        },
        Value::Array(items) => items
            .iter()
            .map(first_text)
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        _ => "",
    }
}
