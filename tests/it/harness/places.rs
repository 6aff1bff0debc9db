//! Who and where: people with their verbs, channels, threads.

use super::card::{Card, What, label_of};
use super::form::words_of;
use super::{Slack, Transport};
use interview_assistant::simulator::{ActionValue, Complaint, MessageSeen, ViewSeen};

/// A channel, or a thread in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    channel: String,
    /// What its first message says, for a thread.
    thread_of: Option<String>,
}

impl Place {
    pub(super) fn new(channel: &str) -> Self {
        Self {
            channel: channel.to_owned(),
            thread_of: None,
        }
    }

    /// The channel's id.
    pub fn id(&self) -> &str {
        &self.channel
    }

    /// The thread under the newest post of the bot's that names somebody so.
    pub fn thread_of(&self, who: &str) -> Self {
        Self {
            thread_of: Some(who.to_owned()),
            ..self.clone()
        }
    }

    /// The ts of the thread's first message.
    pub(super) fn root(&self, member: &Member) -> Option<String> {
        let who = self.thread_of.as_ref()?;
        let posts = member.slack.sim().messages(&member.name, &self.channel);
        let of_them =
            |post: &&MessageSeen| post.is_bot && !post.ephemeral && post.rendered().contains(who);
        let root = posts.iter().rev().find(of_them);
        Some(
            root.unwrap_or_else(|| panic!("{} sees no post about {who}", member.name))
                .ts
                .clone(),
        )
    }

    /// What a person can see there, oldest first.
    pub(super) fn messages(&self, member: &Member) -> Vec<MessageSeen> {
        match self.root(member) {
            None => member.slack.sim().messages(&member.name, &self.channel),
            Some(root) => {
                let mut thread = member
                    .slack
                    .sim()
                    .thread(&member.name, &self.channel, &root);
                thread.retain(|message| message.ts != root);
                thread
            }
        }
    }

    /// Everything a person can see anywhere.
    pub(super) fn all_messages(slack: &Slack, member: &str) -> Vec<MessageSeen> {
        let sim = slack.sim();
        let mut all = Vec::new();
        for channel in sim.channels(member) {
            for message in sim.messages(member, &channel.id) {
                let replies = sim.thread(member, &channel.id, &message.ts);
                all.extend(replies.into_iter().filter(|reply| reply.ts != message.ts));
                all.push(message);
            }
        }
        all
    }
}

/// Somebody with a Slack client before them.
#[derive(Clone)]
pub struct Member {
    pub(super) slack: Slack,
    name: String,
    id: String,
}

impl Member {
    pub(super) fn new(slack: &Slack, name: &str, id: &str) -> Self {
        Self {
            slack: slack.clone(),
            name: name.to_owned(),
            id: id.to_owned(),
        }
    }

    /// The handle.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Slack's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Types into the composer of a channel; returns what came of it.
    pub async fn types(&self, place: &Place, text: &str) -> Card {
        let before = self.eyes();
        self.tries_to_type(place, text)
            .await
            .unwrap_or_else(|complaint| panic!("{} types {text}: {complaint}", self.name));
        self.slack.settle().await;
        self.what_came(&before, What::Nothing)
    }

    /// Types, and does not wait for what comes of it.
    pub async fn tries_to_type(&self, place: &Place, text: &str) -> Result<(), Complaint> {
        self.slack.signs_now();
        let thread = place.root(self);
        self.slack
            .sim()
            .types(&self.name, place.id(), thread.as_deref(), text)
            .await
    }

    /// Clicks the newest control of this label in a place; a confirmation is given. Returns what came of it.
    pub async fn clicks(&self, place: &Place, label: &str) -> Card {
        self.card_with(place, label).clicks(label).await
    }

    /// The newest message in a place that offers this.
    pub fn card_with(&self, place: &Place, label: &str) -> Card {
        let messages = place.messages(self);
        let offers = |message: &&MessageSeen| {
            message
                .controls()
                .iter()
                .any(|control| label_of(control, label))
        };
        let found = messages.iter().rev().find(offers);
        let found = found
            .unwrap_or_else(|| panic!("{} sees no [{label}] in:\n{}", self.name, self.sees(place)));
        Card::new(self, What::message(found))
    }

    /// Does something to the control before them, and waits for what comes of it.
    pub(super) async fn acts(
        &self,
        on: &What,
        block: &str,
        action: &str,
        value: ActionValue,
    ) -> Card {
        let before = self.eyes();
        self.slack.signs_now();
        let on_control = on.on().expect("there is something to click");
        self.slack
            .sim()
            .acts(&self.name, &on_control, block, action, value, None)
            .await
            .unwrap_or_else(|complaint| panic!("{} clicks {action}: {complaint}", self.name));
        self.slack.settle().await;
        self.what_came(&before, on.clone())
    }

    /// Everything in a place that everybody there sees, as this person reads it.
    pub fn sees(&self, place: &Place) -> String {
        let messages = place.messages(self);
        let texts: Vec<String> = messages
            .iter()
            .filter(|message| !message.ephemeral)
            .map(|message| {
                self.slack.reads(&message.channel, &message.ts);
                if message.deleted {
                    "(deleted)".to_owned()
                } else if message.is_bot {
                    words_of(&message.rendered())
                } else {
                    format!("{}: {}", message.user, words_of(&message.rendered()))
                }
            })
            .collect();
        texts.join("\n\n")
    }

    /// The newest message in a place that only this person sees; empty if there is none.
    pub fn sees_only_you(&self, place: &Place) -> String {
        let messages = place.messages(self);
        let newest = messages.iter().rev().find(|message| message.ephemeral);
        newest
            .map(|message| words_of(&message.rendered()))
            .unwrap_or_default()
    }

    /// How many messages in a place only this person sees.
    pub fn ephemerals(&self, place: &Place) -> usize {
        place
            .messages(self)
            .iter()
            .filter(|message| message.ephemeral)
            .count()
    }

    /// The code of the loop that the newest post about somebody belongs to.
    pub fn code_of(&self, place: &Place, who: &str) -> String {
        let root = place.thread_of(who).root(self);
        let posts = self.slack.sim().messages(&self.name, place.id());
        let post = posts
            .into_iter()
            .find(|post| Some(&post.ts) == root.as_ref())
            .expect("it was just found");
        let text = post.rendered();
        let start = text.find("C-").expect("a post names its code");
        text[start..start + 6].to_owned()
    }

    /// Everything before this person's eyes anywhere, as it was sent.
    pub fn everything_seen(&self) -> String {
        let eyes = self.eyes();
        let messages = eyes
            .messages
            .iter()
            .map(|message| format!("{} {:?}", message.text, message.blocks));
        let views = eyes.views.iter().chain(&eyes.home);
        let views = views.map(|view| view.json.to_string());
        messages.chain(views).collect::<Vec<_>>().join("\n")
    }

    /// Clicks a button that was never offered to them, on the newest message of the bot's in a place, as a program could.
    pub async fn clicks_forged(&self, place: &Place, name: &str, code: &str) -> Card {
        let value = serde_json::json!({ "do": name, "code": code });
        self.clicks_drawn(place, &format!("{name}:{code}"), &value.to_string())
            .await
    }

    /// Clicks a button with this name and value as if it stood on the newest message of the bot's in a place.
    pub async fn clicks_drawn(&self, place: &Place, action: &str, value: &str) -> Card {
        let messages = place.messages(self);
        let mut newest = messages.iter().rev();
        let on = newest.find(|message| message.is_bot && !message.ephemeral);
        let on = What::message(on.expect("there is a message"));
        self.clicks_drawn_on(&on, What::Nothing, action, value)
            .await
    }

    /// The same on something else that is before them.
    pub(super) async fn clicks_drawn_on(
        &self,
        on: &What,
        otherwise: What,
        action: &str,
        value: &str,
    ) -> Card {
        let before = self.eyes();
        self.slack.signs_now();
        let drawn = serde_json::json!({
            "type": "button", "action_id": action, "value": value, "text": { "type": "plain_text", "text": "?", "emoji": false },
        });
        self.slack
            .sim()
            .acts_on_drawn(
                &self.name,
                &on.on().expect("there is something to click"),
                "",
                action,
                Some(drawn),
                ActionValue::Click,
                None,
            )
            .await
            .unwrap_or_else(|complaint| panic!("{} clicks {action}: {complaint}", self.name));
        self.slack.settle().await;
        self.what_came(&before, otherwise)
    }

    /// Opens the bot's Home tab; returns what is shown there once the bot has drawn it.
    pub async fn opens_home(&self) -> Card {
        self.slack.signs_now();
        self.slack
            .sim()
            .opens_home(&self.name)
            .await
            .unwrap_or_else(|complaint| panic!("{} opens the Home tab: {complaint}", self.name));
        self.slack.settle().await;
        self.home()
            .unwrap_or_else(|| panic!("{} opens the Home tab and sees nothing", self.name))
    }

    /// What is shown on the Home tab, without opening it: nothing if the bot has drawn none yet.
    pub fn home(&self) -> Option<Card> {
        let home = self.slack.sim().home(&self.name)?;
        Some(Card::new(self, What::Home(home.id)))
    }

    /// The modal on top, if one is open.
    pub fn modal(&self) -> Option<Card> {
        let top = self.slack.sim().views(&self.name).pop()?;
        Some(Card::new(self, What::Modal(top.id)))
    }

    /// Closes the modal on top, and tells what lies below it.
    pub async fn closes_top(&self) -> Option<Card> {
        self.slack.signs_now();
        let top = self.slack.sim().views(&self.name).pop()?;
        self.slack.sim().closes(&self.name, &top.id).await;
        self.slack.settle().await;
        self.modal()
    }

    /// Uses a shortcut from the menu of the newest message that a person wrote in a place.
    pub async fn uses(&self, place: &Place, shortcut: &str) -> Card {
        self.uses_on(place, shortcut, |message| !message.is_bot)
            .await
    }

    /// Uses a shortcut from the menu of the newest message of this kind in a place that everybody there sees.
    pub async fn uses_on(
        &self,
        place: &Place,
        shortcut: &str,
        is_it: impl Fn(&MessageSeen) -> bool,
    ) -> Card {
        let (_, callback, _) = interview_assistant::manifest::MESSAGE_SHORTCUTS
            .into_iter()
            .find(|(name, ..)| *name == shortcut)
            .unwrap_or_else(|| panic!("there is no shortcut {shortcut}"));
        let messages = place.messages(self);
        let message = messages
            .iter()
            .rev()
            .find(|message| !message.ephemeral && is_it(message))
            .expect("there is such a message");
        let before = self.eyes();
        self.slack.signs_now();
        self.slack
            .sim()
            .uses_shortcut(&self.name, callback, Some((place.id(), &message.ts)))
            .await
            .unwrap_or_else(|complaint| panic!("{} uses {shortcut}: {complaint}", self.name));
        self.slack.settle().await;
        self.what_came(&before, What::Nothing)
    }

    /// Uses a shortcut from Slack's own menu.
    pub async fn uses_anywhere(&self, shortcut: &str) -> Card {
        let (_, callback, _) = interview_assistant::manifest::GLOBAL_SHORTCUTS
            .into_iter()
            .find(|(name, ..)| *name == shortcut)
            .unwrap_or_else(|| panic!("there is no shortcut {shortcut}"));
        let before = self.eyes();
        self.slack.signs_now();
        self.slack
            .sim()
            .uses_shortcut(&self.name, callback, None)
            .await
            .unwrap_or_else(|complaint| panic!("{} uses {shortcut}: {complaint}", self.name));
        self.slack.settle().await;
        self.what_came(&before, What::Nothing)
    }

    /// Closes all modals.
    pub async fn closes_all(&self) {
        self.slack.signs_now();
        self.slack.sim().closes_all(&self.name).await;
        self.slack.settle().await;
    }

    /// Reloads the client: what only this person saw is gone.
    pub fn reloads(&self) {
        self.slack.sim().reload(&self.name);
    }

    /// Everything before this person's eyes, for telling what came of an act.
    pub(super) fn eyes(&self) -> Eyes {
        Eyes {
            views: self.slack.sim().views(&self.name),
            messages: Place::all_messages(&self.slack, &self.name),
            home: self.slack.sim().home(&self.name),
        }
    }

    /// What changed since: a modal, else an answer for them alone, else a direct message, else something for all; else what was clicked.
    /// Whoever clicked on the Home tab still has it before them, unless a modal or an answer for them alone lies over it.
    pub(super) fn what_came(&self, before: &Eyes, clicked: What) -> Card {
        let now = self.eyes();
        if let Some(top) = now.views.last() {
            let was = before.views.last();
            if was.is_none_or(|was| {
                was.id != top.id
                    || was.json["blocks"] != top.json["blocks"]
                    || was.errors != top.errors
            }) {
                return Card::new(self, What::Modal(top.id.clone()));
            }
        }
        let is_new = |message: &&MessageSeen| {
            let was = before
                .messages
                .iter()
                .find(|was| was.ts == message.ts && was.channel == message.channel);
            message.is_bot
                && was.is_none_or(|was| was.blocks != message.blocks || was.text != message.text)
        };
        let mut changed: Vec<&MessageSeen> = now.messages.iter().filter(is_new).collect();
        if matches!(clicked, What::Home(_)) {
            changed.retain(|message| message.ephemeral);
        }
        changed.sort_by_key(|message| {
            (
                message.ephemeral,
                message.channel.starts_with('D'),
                message.ts.clone(),
            )
        });
        let what = changed
            .last()
            .map_or(clicked, |message| What::message(message));
        Card::new(self, what)
    }
}

/// What somebody saw at one moment.
pub(super) struct Eyes {
    views: Vec<ViewSeen>,
    messages: Vec<MessageSeen>,
    home: Option<ViewSeen>,
}

impl Slack {
    /// Over HTTP, what is sent is signed by the story's clock.
    pub fn signs_now(&self) {
        if self.0.transport == Transport::Http {
            self.sim().sign_as_of(Some(self.0.clock.now().as_second()));
        }
    }
}
