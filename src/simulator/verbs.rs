//! What a person can do: type, click, submit, close, and open the Home tab.
//!
//! Not in here: what they can see (`seen`).

use std::sync::Arc;

use serde_json::{Value, json};

use super::acts::Click;
use super::deliver::Kind;
use super::escaping::Typed;
use super::input_state::{overlay, state_values};
use super::views::{check_inputs, stray_input};
use super::workspace::BOT_USER;
use super::world::{Message, World};
use super::{ActionValue, Complaint, On, Shortcut, Simulator, Submission};

impl Simulator {
    /// Types a message, or the app's slash command, into a channel's composer. Users and channels are
    /// named (`rita`, `#hiring`) or given by id.
    ///
    /// # Errors
    ///
    /// When Slack would not let them, or the app did not acknowledge in time.
    pub async fn types(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
    ) -> Result<(), Complaint> {
        let (user, channel) = self.world().place(user, channel)?;
        self.world().may_write(&user, &channel)?;
        if let Some(rest) = text.strip_prefix('/') {
            let name = rest.split_whitespace().next().unwrap_or_default();
            return self.command(&user, &channel, thread, name, text).await;
        }
        let events = {
            let mut world = self.world();
            let text = world.typed(text, Typed::Message);
            world.say(&user, &channel, thread, &text)?
        };
        for event in events {
            self.deliver_event(event).await;
        }
        Ok(())
    }

    async fn command(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        name: &str,
        typed: &str,
    ) -> Result<(), Complaint> {
        let (payload, url) = {
            let mut world = self.world();
            if format!("/{name}") != world.command {
                world.notice(user, &format!("/{name} is not a valid command."));
                return Err(Complaint::UnknownCommand(format!("/{name}")));
            }
            if thread.is_some() {
                world.notice(
                    user,
                    &format!("/{name} is not supported in threads. Sorry!"),
                );
                return Err(Complaint::CommandInThread);
            }
            if !world.granted("commands") {
                world.breach("the command is used, but the scope commands is not granted");
                return Err(Complaint::UnknownCommand(format!("/{name}")));
            }
            let text = typed[name.len() + 1..].trim();
            let text = world.typed(text, Typed::Command);
            let trigger = world.new_trigger(user, None);
            let path = world.new_response_url(user, channel, None);
            let response_url = format!("{}{path}", self.base());
            let payload = world.command_payload(user, channel, &text, &trigger, &response_url);
            let url = world.response_urls.get(&path).cloned();
            (payload, url)
        };
        match self.deliver(Kind::Command, payload).await {
            Ok(None) => Ok(()),
            Ok(Some(said)) => {
                let said = if said.is_string() {
                    json!({ "text": said })
                } else {
                    said
                };
                if let Some(url) = url {
                    let mut world = self.world();
                    world.draws(format!("ack of /{name}"), &said);
                    world.answer_command(&url, typed, &said);
                    world.drawing = None;
                }
                Ok(())
            }
            Err(complaint) => {
                let word = complaint.slack_word();
                let sentence = format!("/{name} failed with the error \"{word}\"");
                self.world().notice(user, &sentence);
                Err(complaint)
            }
        }
    }

    /// Clicks a button or chooses in a select. `state` is what stands in the other inputs at that
    /// moment (`state.values`), where it is not what they began with. A confirmation is given.
    ///
    /// # Errors
    ///
    /// When there is no such control before this person, or the app did not acknowledge in time.
    pub async fn acts(
        &self,
        user: &str,
        on: &On,
        block_id: &str,
        action_id: &str,
        value: ActionValue,
        state: Option<Value>,
    ) -> Result<(), Complaint> {
        self.acts_on_drawn(user, on, block_id, action_id, None, value, state)
            .await
    }

    /// Like [`acts`](Self::acts), with the element as it was drawn when it was clicked: if it has been
    /// redrawn meanwhile and is gone, the click is still delivered as it was made, as Slack does.
    ///
    /// # Errors
    ///
    /// As for [`acts`](Self::acts).
    #[expect(
        clippy::too_many_arguments,
        reason = "a click has that many coordinates"
    )]
    pub async fn acts_on_drawn(
        &self,
        user: &str,
        on: &On,
        block_id: &str,
        action_id: &str,
        drawn: Option<Value>,
        value: ActionValue,
        state: Option<Value>,
    ) -> Result<(), Complaint> {
        let (user, payload) = {
            let mut world = self.world();
            let user = world.who(user)?;
            let given = state.map_or(Value::Null, unwrap_values);
            let click = Click {
                block_id,
                action_id,
                drawn: drawn.as_ref(),
                value: &value,
                given: &given,
            };
            let payload = match on {
                On::Message { channel, ts } | On::Ephemeral { channel, ts } => {
                    world.act_on_message(self.base(), &user, channel, ts, &click)?
                }
                On::View { id } => world.act_on_view(&user, id, &click)?,
            };
            (user, payload)
        };
        match self
            .deliver(Kind::Interactive { answered: false }, payload)
            .await
        {
            Ok(_) => Ok(()),
            Err(complaint) => {
                self.world().notice(
                    &user,
                    "This app didn't respond. Try again, or contact its owner.",
                );
                Err(complaint)
            }
        }
    }

    /// Presses a modal's submit button, with `state` (`state.values`) laid over what stands in its
    /// inputs. Slack's own checks come first and keep a faulty submission from the app.
    ///
    /// # Errors
    ///
    /// When this person has no such modal on top, or the app did not acknowledge in time.
    pub async fn submits(
        &self,
        user: &str,
        view_id: &str,
        state: Value,
    ) -> Result<Submission, Complaint> {
        let (user, view, payload) = {
            let mut world = self.world();
            let user = world.who(user)?;
            let stack = world
                .modals
                .get(&user)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let Some(mut view) = stack.last().filter(|v| v.id == view_id).cloned() else {
                return Err(Complaint::NoSuchView);
            };
            if view.json["submit"].is_null() {
                return Err(Complaint::NoSuchControl("submit".to_owned()));
            }
            let given = unwrap_values(state);
            if let Some(stray) = stray_input(&view.json["blocks"], &given) {
                return Err(Complaint::NoSuchControl(stray));
            }
            let mut entered = view.json["state"]["values"].take();
            overlay(&mut entered, &given);
            view.json["state"]["values"] = state_values(&view.json["blocks"], &entered);
            let errors = check_inputs(&view.json["blocks"], &view.json["state"]["values"]);
            view.errors = (!errors.is_empty()).then(|| json!(errors));
            if let Some(place) = world.view_mut(view_id) {
                *place = view.clone();
            }
            if !errors.is_empty() {
                world.views_changed();
                return Ok(Submission::Errors(errors));
            }
            let trigger = world.new_trigger(&user, Some(view_id.to_owned()));
            let mut payload = world.submission_payload(&user, &view);
            payload["trigger_id"] = json!(trigger);
            if let Some(place) = world.view_mut(view_id) {
                place.acted = Some(Arc::new(payload.clone()));
            }
            (user, view, payload)
        };
        match self
            .deliver(Kind::Interactive { answered: true }, payload)
            .await
        {
            Ok(said) => {
                let said = said.unwrap_or(Value::Null);
                let mut world = self.world();
                world.draws("ack of view_submission", &said);
                let came = world.after_submission(&user, &view, &said);
                world.drawing = None;
                came
            }
            Err(complaint) => {
                self.world()
                    .notice(&user, "We had some trouble connecting. Try again?");
                Err(complaint)
            }
        }
    }

    /// Cancels a modal; the one below appears. The app hears of it if it asked to.
    pub async fn closes(&self, user: &str, view_id: &str) {
        self.close(user, view_id, false).await;
    }

    /// Closes a person's whole stack of modals, with the cross at the top right.
    pub async fn closes_all(&self, user: &str) {
        let root = {
            let world = self.world();
            let stack = world.who(user).ok().and_then(|u| world.modals.get(&u));
            stack.and_then(|s| s.first()).map(|v| v.id.clone())
        };
        if let Some(root) = root {
            self.close(user, &root, true).await;
        }
    }

    async fn close(&self, user: &str, view_id: &str, all: bool) {
        let payload = {
            let mut world = self.world();
            let Ok(user) = world.who(user) else { return };
            let Some(stack) = world.modals.get_mut(&user) else {
                return;
            };
            let Some(at) = stack.iter().position(|v| v.id == view_id) else {
                return;
            };
            let view = stack[at].clone();
            if all || view.json["clear_on_close"] == json!(true) {
                stack.clear();
            } else {
                stack.truncate(at);
            }
            world.views_changed();
            (view.json["notify_on_close"] == json!(true))
                .then(|| world.closed_payload(&user, &view, all))
        };
        if let Some(payload) = payload {
            // A lost ack is noted as a breach; there is nothing to show to the person.
            let _ = self
                .deliver(Kind::Interactive { answered: false }, payload)
                .await;
        }
    }

    /// Opens the app's Home tab. The app hears of it, with what it published last, if it subscribes to
    /// `app_home_opened`; what is shown until then and afterwards is [`home`](Self::home).
    ///
    /// # Errors
    ///
    /// When the app has no Home tab, or there is nobody of this name who could open it.
    pub async fn opens_home(&self, user: &str) -> Result<(), Complaint> {
        if !self.world().has_home {
            return Err(Complaint::NoHome);
        }
        self.opens_tab(user, "home").await
    }

    /// Opens the direct message with the app, beside its Home tab. The app hears of that too.
    ///
    /// # Errors
    ///
    /// When there is nobody of this name who could open it.
    pub async fn opens_messages(&self, user: &str) -> Result<(), Complaint> {
        self.opens_tab(user, "messages").await
    }

    async fn opens_tab(&self, user: &str, tab: &str) -> Result<(), Complaint> {
        let payload = {
            let mut world = self.world();
            let user = world.who(user)?;
            if world.person(&user).is_none_or(|p| p.deleted) {
                return Err(Complaint::NoSuchPerson(user));
            }
            let Some(channel) = world.dm_of(&user).map(|c| c.id.clone()) else {
                return Err(Complaint::NoSuchChannel(user));
            };
            if !world.events.contains("app_home_opened") {
                return Ok(());
            }
            let mut event = json!({
                "type": "app_home_opened", "user": user, "channel": channel, "tab": tab,
            });
            if let Some(home) = world.homes.get(&user).filter(|_| tab == "home") {
                event["view"] = home.json.clone();
            }
            world.event_payload(event)
        };
        self.deliver_event(payload).await;
        Ok(())
    }

    /// Uses one of the app's shortcuts: on a message when given (`channel`, `ts`), else the global one.
    ///
    /// # Errors
    ///
    /// When there is no such shortcut or message, or the app did not acknowledge in time.
    pub async fn uses_shortcut(
        &self,
        user: &str,
        callback_id: &str,
        on: Option<(&str, &str)>,
    ) -> Result<(), Complaint> {
        let payload = {
            let mut world = self.world();
            let user = world.who(user)?;
            let known =
                |s: &Shortcut| s.callback_id == callback_id && s.on_messages == on.is_some();
            if !world.shortcuts.iter().any(known) {
                return Err(Complaint::NoSuchControl(format!("shortcut {callback_id}")));
            }
            let found = match on {
                None => None,
                Some((channel, ts)) => {
                    let (_, channel) = world.place(&user, channel)?;
                    let message = world.message(&channel, ts).filter(|m| m.only_for.is_none());
                    let message = message.cloned().ok_or(Complaint::NoSuchMessage)?;
                    Some((channel, message))
                }
            };
            let on = found.as_ref().map(|(c, m)| (c.as_str(), m));
            let mut payload = world.shortcut_payload(&user, callback_id, on);
            payload["trigger_id"] = json!(world.new_trigger(&user, None));
            if let Some((channel, message)) = &found {
                let path = world.new_response_url(&user, channel, Some(message.ts.clone()));
                payload["response_url"] = json!(format!("{}{path}", self.base()));
            }
            payload
        };
        self.deliver(Kind::Interactive { answered: false }, payload)
            .await
            .map(drop)
    }

    /// Types into an external select, and returns the options (or option groups) the app offers.
    ///
    /// # Errors
    ///
    /// When there is no such control, or the app did not acknowledge in time.
    pub async fn looks_up(
        &self,
        user: &str,
        on: &On,
        block_id: &str,
        action_id: &str,
        typed: &str,
    ) -> Result<Value, Complaint> {
        let payload = {
            let world = self.world();
            let user = world.who(user)?;
            match on {
                On::Message { channel, ts } | On::Ephemeral { channel, ts } => {
                    let (_, channel) = world.place(&user, channel)?;
                    let message = world.message(&channel, ts).filter(|m| m.is_for(&user));
                    let message = message.ok_or(Complaint::NoSuchMessage)?;
                    let container = json!({
                        "type": "message", "message_ts": ts, "channel_id": channel,
                        "is_ephemeral": message.only_for.is_some(),
                    });
                    world.suggestion_payload(&user, container, None, block_id, action_id, typed)
                }
                On::View { id } => {
                    let view = world.view(id).filter(|(u, _)| *u == user).map(|(_, v)| v);
                    let view = view.ok_or(Complaint::NoSuchView)?;
                    let container = json!({ "type": "view", "view_id": id });
                    world.suggestion_payload(
                        &user,
                        container,
                        Some(view),
                        block_id,
                        action_id,
                        typed,
                    )
                }
            }
        };
        let said = self
            .deliver(Kind::Interactive { answered: true }, payload)
            .await?;
        Ok(said.unwrap_or(Value::Null))
    }

    /// Sends any event, wrapped as `event_callback`, and waits for its ack.
    pub async fn event(&self, event: Value) {
        let payload = self.world().event_payload(event);
        self.deliver_event(payload).await;
    }

    /// Delivers the last payload again, with the same ids. What the app answers has no effect.
    pub async fn redeliver_last(&self) {
        let last = self.world().last_delivered.clone();
        if let Some(last) = last {
            // A lost ack is noted as a breach.
            let _ = self.once(last.kind, &last.payload, None).await;
        }
    }
}

/// `{"values": …}` or the values themselves.
fn unwrap_values(state: Value) -> Value {
    match state {
        Value::Object(mut fields) if fields.len() == 1 && fields.contains_key("values") => {
            fields["values"].take()
        }
        other => other,
    }
}

impl World {
    pub(crate) fn who(&self, user: &str) -> Result<String, Complaint> {
        self.person(user)
            .map(|p| p.id.clone())
            .ok_or_else(|| Complaint::NoSuchPerson(user.to_owned()))
    }

    /// The ids of a person and of a channel that they see.
    pub(crate) fn place(&self, user: &str, channel: &str) -> Result<(String, String), Complaint> {
        let user = self.who(user)?;
        let channel = self
            .channel(channel)
            .filter(|c| self.sees(&user, c))
            .ok_or_else(|| Complaint::NoSuchChannel(channel.to_owned()))?;
        Ok((user, channel.id.clone()))
    }

    fn may_write(&self, user: &str, channel: &str) -> Result<(), Complaint> {
        let deleted = self.person(user).is_none_or(|p| p.deleted);
        match self.channel(channel) {
            _ if deleted => Err(Complaint::NoSuchPerson(user.to_owned())),
            Some(c) if c.is_archived => Err(Complaint::Archived),
            Some(c) if !c.members.contains(user) => Err(Complaint::NotAMember),
            _ => Ok(()),
        }
    }

    /// Puts a person's message into a channel; returns the events it causes.
    fn say(
        &mut self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
    ) -> Result<Vec<Value>, Complaint> {
        if thread.is_some_and(|t| self.message(channel, t).is_none()) {
            return Err(Complaint::NoSuchMessage);
        }
        let ts = self.post(
            channel,
            Message {
                thread_ts: thread.map(str::to_owned),
                user: user.to_owned(),
                text: text.to_owned(),
                ..Message::default()
            },
        );
        let (is_im, bot_is_in) = self.channel(channel).map_or((false, false), |c| {
            (c.is_im(), c.members.contains(BOT_USER))
        });
        let mut event = json!({
            "client_msg_id": format!("{:032x}", rand::random::<u128>()),
            "user": user,
            "text": text,
            "ts": ts,
            "team": self.team_id,
            "channel": channel,
            "event_ts": ts,
            "blocks": [{ "type": "rich_text", "block_id": "typed", "elements": [
                { "type": "rich_text_section", "elements": [{ "type": "text", "text": text }] },
            ] }],
        });
        if let Some(thread) = thread {
            event["thread_ts"] = json!(thread);
        }
        let mut events = Vec::new();
        if is_im && self.hears("message.im", "im:history") {
            event["type"] = json!("message");
            event["channel_type"] = json!("im");
            events.push(self.event_payload(event));
        } else if !is_im
            && bot_is_in
            && text.contains(&format!("<@{BOT_USER}>"))
            && self.hears("app_mention", "app_mentions:read")
        {
            event["type"] = json!("app_mention");
            events.push(self.event_payload(event));
        }
        Ok(events)
    }
}
