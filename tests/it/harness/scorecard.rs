//! What an interviewer does on a scorecard.

use super::card::{Card, label_of};
use super::places::{Member, Place};
use interview_assistant::simulator::{ActionValue, Control};
use serde_json::Value;

/// A whole scorecard in few words: one question rated, the rest not asked, a yes.
pub async fn submits(member: &Member, place: &Place) {
    let card = member.clicks(place, "Score").await;
    card.rates("technical/1", "3 Good").await;
    card.submits_with("Yes", "Knows the trade").await;
}

impl Card {
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
        let blocks = match (self.view(), self.message()) {
            (Some(view), _) => view.json["blocks"].clone(),
            (None, message) => message.and_then(|it| it.blocks).unwrap_or_default(),
        };
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

    /// Clicks one thing under a question so many times at once, as a program could, and does not wait for what comes of it. Says how many
    /// of the clicks were acknowledged.
    pub async fn floods(&self, question: &str, label: &str, times: usize) -> usize {
        let row = self.question(question).await;
        let on = self.what.on().expect("there is something to click");
        let control = row.iter().find(|control| label_of(control, label));
        let control = control.expect("it is offered");
        self.member.slack.signs_now();
        let (sim, name) = (self.member.slack.sim(), self.member.name());
        let clicks = (0..times).map(|_| {
            let (block, action) = (&control.block_id, &control.action_id);
            sim.acts(name, &on, block, action, ActionValue::Click, None)
        });
        let answers = futures_util::future::join_all(clicks).await;
        answers.iter().filter(|answer| answer.is_ok()).count()
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

    /// Clicks a rating, and goes on as soon as it is acknowledged; the section is looked for until it is shown.
    pub async fn rates_and_goes_on(&self, question: &str, mark: &str) {
        let row = self.question(question).await;
        let control = row
            .iter()
            .find(|control| label_of(control, mark))
            .expect("it is offered");
        self.presses(control).await;
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
