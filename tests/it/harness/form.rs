//! Filling in a modal by its labels, and what came of submitting it.

use super::card::{Card, What};
use interview_assistant::simulator::{Control, Submission, user_id};
use serde_json::{Value, json};

impl Card {
    fn field(&self, label: &str) -> Control {
        let inputs = self.view().map(|view| view.inputs()).unwrap_or_default();
        let found = inputs
            .iter()
            .find(|input| input.label == label || input.label.starts_with(label));
        found
            .unwrap_or_else(|| panic!("no field {label} on:\n{}", self.text()))
            .clone()
    }

    fn enters(self, field: &Control, key: &str, value: Value) -> Self {
        let mut filled = self.filled.borrow_mut();
        let mut entry = json!({ "type": field.kind });
        entry[key] = value;
        if !filled[&field.block_id].is_object() {
            filled[&field.block_id] = json!({});
        }
        filled[&field.block_id][&field.action_id] = entry;
        drop(filled);
        self
    }

    /// Types into a box; sets a date (`2026-12-01`), a time (`14:00`), or a moment (in unix seconds). Nothing empties it.
    pub fn fills(self, label: &str, text: &str) -> Self {
        let field = self.field(label);
        let (key, value) = match field.kind.as_str() {
            "datepicker" => ("selected_date", json!(text)),
            "timepicker" => ("selected_time", json!(text)),
            "datetimepicker" => ("selected_date_time", json!(text.parse::<i64>().ok())),
            _ => return self.enters(&field, "value", json!(text)),
        };
        let value = if text.is_empty() { Value::Null } else { value };
        self.enters(&field, key, value)
    }

    fn option(&self, field: &Control, label: &str) -> Value {
        let found = field
            .options
            .iter()
            .find(|(shown, value)| shown == label || value == label);
        let (shown, value) =
            found.unwrap_or_else(|| panic!("no option {label} on:\n{}", self.text()));
        json!({ "text": { "type": "plain_text", "text": shown, "emoji": false }, "value": value })
    }

    /// Chooses an option; where several may be chosen, beside those that are.
    pub fn chooses(self, label: &str, option: &str) -> Self {
        let field = self.field(label);
        let option = self.option(&field, option);
        if !matches!(field.kind.as_str(), "checkboxes" | "multi_static_select") {
            return self.enters(&field, "selected_option", option);
        }
        let key = "selected_options";
        let filled = self.filled.borrow()[&field.block_id][&field.action_id][key].clone();
        let current = field.current.as_ref().map(|it| it[key].clone());
        let begun = if filled.is_null() {
            current.unwrap_or_default()
        } else {
            filled
        };
        let mut chosen = begun.as_array().cloned().unwrap_or_default();
        chosen.retain(|one| one["value"] != option["value"]);
        chosen.push(option);
        self.enters(&field, key, json!(chosen))
    }

    /// Chooses several options, and no others.
    pub fn chooses_all<const N: usize>(self, label: &str, options: [&str; N]) -> Self {
        let field = self.field(label);
        let options = options.map(|option| self.option(&field, option));
        self.enters(&field, "selected_options", json!(options.to_vec()))
    }

    /// Ticks the only box of a field.
    pub fn ticks(self, label: &str) -> Self {
        let field = self.field(label);
        let only = field
            .options
            .first()
            .expect("there is a box to tick")
            .1
            .clone();
        let option = self.option(&field, &only);
        self.enters(&field, "selected_options", json!([option]))
    }

    /// Takes all ticks and choices out of a field.
    pub fn unticks(self, label: &str) -> Self {
        let field = self.field(label);
        self.enters(&field, "selected_options", json!([]))
    }

    /// Chooses people.
    pub fn names<const N: usize>(self, label: &str, people: [&str; N]) -> Self {
        let field = self.field(label);
        let ids: Vec<String> = people.iter().map(|name| user_id(name)).collect();
        if field.kind == "users_select" {
            let only = ids.first().cloned();
            return self.enters(&field, "selected_user", json!(only));
        }
        self.enters(&field, "selected_users", json!(ids))
    }

    /// Chooses a channel.
    pub fn goes_to(self, label: &str, channel: &super::Place) -> Self {
        let field = self.field(label);
        let key = if field.kind == "channels_select" {
            "selected_channel"
        } else {
            "selected_conversation"
        };
        self.enters(&field, key, json!(channel.id()))
    }

    /// Presses the form's button; returns what came of it: the same form with its complaints, another one, or what else is shown.
    pub async fn submits(&self) -> Card {
        let What::Modal(id) = &self.what else {
            panic!("there is no form to submit: {}", self.text());
        };
        let before = self.member.eyes();
        let slack = &self.member.slack;
        let filled = self.filled.borrow().clone();
        slack.signs_now();
        let submission = slack
            .sim()
            .submits(self.member.name(), id, filled)
            .await
            .unwrap_or_else(|complaint| {
                panic!("{} submits a form: {complaint}", self.member.name())
            });
        slack.settle().await;
        match submission {
            Submission::Errors(_) => self.clone(),
            _ => self.member.what_came(&before, What::Nothing),
        }
    }

    /// Presses the form's button, and goes on as soon as it is acknowledged.
    pub async fn submits_and_goes_on(&self) {
        let What::Modal(id) = &self.what else {
            panic!("there is no form to submit: {}", self.text());
        };
        let slack = &self.member.slack;
        let filled = self.filled.borrow().clone();
        slack.signs_now();
        let submission = slack.sim().submits(self.member.name(), id, filled).await;
        assert_eq!(submission, Ok(Submission::Closed), "{}", self.text());
    }

    /// The sentences under the fields of a form, each after its field's label.
    pub fn complaints(&self) -> String {
        let Some(view) = self.view() else {
            return String::new();
        };
        let inputs = view.inputs();
        let lines: Vec<String> = view
            .errors
            .iter()
            .map(|(block, sentence)| {
                let field = inputs.iter().find(|input| input.block_id == *block);
                format!(
                    "{}: {sentence}",
                    field.map_or(block.as_str(), |field| field.label.as_str())
                )
            })
            .collect();
        lines.join("\n")
    }
}

/// Text without what differs from one telling to the next, or with every word of a kit: codes of loops and versions of kits.
pub(super) fn words_of(text: &str) -> String {
    let is_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let is_hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
    // What holds marks apart in small print is not seen.
    let text = text.replace(['\u{2060}', '\u{2068}', '\u{2069}'], "");
    let without_codes = masked(&text, "C-", 4, is_code, "XXXX");
    masked(&without_codes, "kit ", 6, is_hex, "xxxxxx")
}

/// Puts a mask in place of so many letters of a kind after some words.
fn masked(
    text: &str,
    after: &str,
    length: usize,
    kind: impl Fn(char) -> bool,
    mask: &str,
) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(after) {
        let (before, tail) = rest.split_at(start + after.len());
        out.push_str(before);
        rest = tail;
        if tail.chars().take(length).filter(|c| kind(*c)).count() == length {
            out.push_str(mask);
            rest = &tail[length..];
        }
    }
    out.push_str(rest);
    out
}
