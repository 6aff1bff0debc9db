//! What people do in a pretend Slack whose bot is a process of its own: found by label, acknowledged or not, and nobody waits for what comes of it.

use super::card::label_of;
use super::program::until;
use interview_assistant::domain::ids::LoopCode;
use interview_assistant::simulator::{
    ActionValue, Complaint, Control, MessageSeen, On, Simulator, Submission, ViewSeen,
};
use serde_json::{Map, Value, json};

/// Somebody at their Slack client, in one channel.
#[derive(Clone)]
pub struct Hands {
    pub slack: Simulator,
    pub name: String,
    pub place: String,
}

/// Something to click.
#[derive(Clone, Debug)]
pub struct Button {
    pub on: On,
    pub control: Control,
}

impl Hands {
    pub fn new(slack: &Simulator, name: &str, place: &str) -> Self {
        Self {
            slack: slack.clone(),
            name: name.to_owned(),
            place: place.to_owned(),
        }
    }

    pub fn messages(&self) -> Vec<MessageSeen> {
        self.slack.messages(&self.name, &self.place)
    }

    /// The bot's messages that everybody sees and that hold these words, oldest first.
    pub fn posts(&self, words: &str) -> Vec<MessageSeen> {
        let mut posts = self.messages();
        posts.retain(|it| it.is_bot && !it.ephemeral && it.rendered().contains(words));
        posts
    }

    /// The copies of a candidate's post, oldest first.
    pub fn posts_of(&self, name: &str) -> Vec<MessageSeen> {
        let mut posts = self.posts(name);
        posts.retain(|it| it.rendered().starts_with(name));
        posts
    }

    /// The newest button of this label beside these words, on a message.
    pub fn sees(&self, words: &str, label: &str) -> Option<Button> {
        self.messages().into_iter().rev().find_map(|message| {
            let mut controls = message.controls().into_iter();
            let control = controls.find(|control| label_of(control, label))?;
            let on = message.on();
            (message.rendered().contains(words)).then_some(Button { on, control })
        })
    }

    /// The modal on top.
    pub fn form(&self) -> Option<ViewSeen> {
        self.slack.views(&self.name).pop()
    }

    pub async fn types(&self, text: &str) -> Result<(), Complaint> {
        self.slack.types(&self.name, &self.place, None, text).await
    }

    pub async fn clicks(&self, button: &Button) -> Result<(), Complaint> {
        let Button { on, control } = button;
        let (block, action) = (&control.block_id, &control.action_id);
        let click = ActionValue::Click;
        self.slack
            .acts(&self.name, on, block, action, click, None)
            .await
    }

    /// Clicks what is there or comes soon, and is acknowledged.
    pub async fn clicks_soon(&self, words: &str, label: &str) {
        let waiting = format!("{label} beside {words} before {}", self.name);
        let button = until(&waiting, || self.sees(words, label)).await;
        let clicked = self.clicks(&button).await;
        clicked.unwrap_or_else(|complaint| panic!("{} clicks {label}: {complaint}", self.name));
    }

    /// Submits a form with a choice, a text or a tick in the fields of these labels, where it has them.
    pub async fn submits(
        &self,
        form: &ViewSeen,
        fields: &[(&str, &str)],
    ) -> Result<Submission, Complaint> {
        let filled = filled(form, fields);
        self.slack.submits(&self.name, &form.id, filled).await
    }

    /// The code of the loop whose post has these words.
    pub async fn code_of(&self, words: &str) -> LoopCode {
        let waiting = format!("the post of {words}");
        let post = until(&waiting, || self.posts_of(words).pop()).await;
        let score = post.control("Score").expect("it can be scored");
        let value: Value = serde_json::from_str(score.value.as_deref().unwrap_or_default())
            .expect("our own value");
        LoopCode::from(value["code"].as_str().expect("a code"))
    }
}

fn filled(form: &ViewSeen, fields: &[(&str, &str)]) -> Value {
    let mut state = Map::new();
    for input in form.inputs() {
        let Some((_, value)) = fields
            .iter()
            .find(|(label, _)| input.label.starts_with(label))
        else {
            continue;
        };
        let chosen = input
            .options
            .iter()
            .find(|(shown, _)| shown.contains(value));
        let chosen = chosen.map(|(shown, value)| {
            json!({ "text": { "type": "plain_text", "text": shown, "emoji": false }, "value": value })
        });
        let mut entry = json!({ "type": input.kind });
        match (input.kind.as_str(), chosen) {
            ("checkboxes", chosen) => entry["selected_options"] = json!([chosen]),
            (_, Some(chosen)) => entry["selected_option"] = chosen,
            (_, None) => entry["value"] = json!(value),
        }
        state.insert(input.block_id, json!({ input.action_id: entry }));
    }
    Value::Object(state)
}
