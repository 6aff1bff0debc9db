//! What a person can do: type, click, submit, close, and open the Home tab.
//!
//! Not in here: what they can see (`seen`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::block_elements::all_options;
use super::deliver::Kind;
use super::escaping::Typed;
use super::input_state::{Placed, elements, overlay, slot, state_values};
use super::views::{check_inputs, stray_input};
use super::workspace::BOT_USER;
use super::world::{Message, View, World};
use super::{ActionValue, Complaint, On, Simulator, Submission};

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
            world.say(&user, &channel, thread, text)?
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
                world.notice(user, &format!("/{name} is not supported in threads. Sorry!"));
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
                let said = if said.is_string() { json!({ "text": said }) } else { said };
                if let Some(url) = url {
                    self.world().answer_command(&url, typed, &said);
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
        self.acts_on_drawn(user, on, block_id, action_id, None, value, state).await
    }

    /// Like [`acts`](Self::acts), with the element as it was drawn when it was clicked: if it has been
    /// redrawn meanwhile and is gone, the click is still delivered as it was made, as Slack does.
    ///
    /// # Errors
    ///
    /// As for [`acts`](Self::acts).
    #[expect(clippy::too_many_arguments, reason = "a click has that many coordinates")]
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
            let click = Click { block_id, action_id, drawn: drawn.as_ref(), value: &value, given: &given };
            let payload = match on {
                On::Message { channel, ts } | On::Ephemeral { channel, ts } => {
                    world.act_on_message(self.base(), &user, channel, ts, &click)?
                }
                On::View { id } => world.act_on_view(&user, id, &click)?,
            };
            (user, payload)
        };
        match self.deliver(Kind::Interactive { answered: false }, payload).await {
            Ok(_) => Ok(()),
            Err(complaint) => {
                self.world().notice(&user, "This app didn't respond. Try again, or contact its owner.");
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
            let stack = world.modals.get(&user).map(Vec::as_slice).unwrap_or_default();
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
            overlay(&mut view.json["state"]["values"], &given);
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
            (user, view, payload)
        };
        match self.deliver(Kind::Interactive { answered: true }, payload).await {
            Ok(said) => self.world().after_submission(&user, &view, said.unwrap_or(Value::Null)),
            Err(complaint) => {
                self.world().notice(&user, "We had some trouble connecting. Try again?");
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
            let Some(stack) = world.modals.get_mut(&user) else { return };
            let Some(at) = stack.iter().position(|v| v.id == view_id) else { return };
            let view = stack[at].clone();
            if all { stack.clear() } else { stack.truncate(at) }
            world.views_changed();
            (view.json["notify_on_close"] == json!(true))
                .then(|| world.closed_payload(&user, &view, all))
        };
        if let Some(payload) = payload {
            // A lost ack is noted as a breach; there is nothing to show to the person.
            let _ = self.deliver(Kind::Interactive { answered: false }, payload).await;
        }
    }

    /// Opens the app's Home tab.
    pub async fn opens_home(&self, user: &str) {
        let payload = {
            let mut world = self.world();
            let Ok(user) = world.who(user) else { return };
            let channel = world.dm_of(&user).map(|c| c.id.clone());
            let mut event = json!({
                "type": "app_home_opened", "user": user, "channel": channel, "tab": "home",
            });
            if let Some(home) = world.homes.get(&user) {
                event["view"] = home.json.clone();
            }
            world.event_payload(event)
        };
        self.deliver_event(payload).await;
    }

    /// Uses one of the app's shortcuts: on a message when given (`channel`, `ts`), else the global one.
    ///
    /// # Errors
    ///
    /// When there is no such message, or the app did not acknowledge in time.
    pub async fn uses_shortcut(
        &self,
        user: &str,
        callback_id: &str,
        on: Option<(&str, &str)>,
    ) -> Result<(), Complaint> {
        let payload = {
            let mut world = self.world();
            let user = world.who(user)?;
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
        self.deliver(Kind::Interactive { answered: false }, payload).await.map(drop)
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
                    world.suggestion_payload(&user, container, Some(view), block_id, action_id, typed)
                }
            }
        };
        let said = self.deliver(Kind::Interactive { answered: true }, payload).await?;
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

/// One click: on which control, as it was drawn, with what value, and what else stood in the inputs.
struct Click<'a> {
    block_id: &'a str,
    action_id: &'a str,
    drawn: Option<&'a Value>,
    value: &'a ActionValue,
    given: &'a Value,
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
        text: String,
    ) -> Result<Vec<Value>, Complaint> {
        if thread.is_some_and(|t| self.message(channel, t).is_none()) {
            return Err(Complaint::NoSuchMessage);
        }
        let ts = self.post(
            channel,
            Message {
                ts: String::new(),
                thread_ts: thread.map(str::to_owned),
                user: user.to_owned(),
                text: text.clone(),
                blocks: None,
                edited: false,
                deleted: false,
                metadata: None,
                only_for: None,
            },
        );
        let (is_im, bot_is_in) = self
            .channel(channel)
            .map_or((false, false), |c| (c.is_im(), c.members.contains(BOT_USER)));
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
        if is_im && self.granted("im:history") {
            event["type"] = json!("message");
            event["channel_type"] = json!("im");
            events.push(self.event_payload(event));
        } else if !is_im
            && bot_is_in
            && text.contains(&format!("<@{BOT_USER}>"))
            && self.granted("app_mentions:read")
        {
            event["type"] = json!("app_mention");
            events.push(self.event_payload(event));
        }
        Ok(events)
    }

    fn act_on_message(
        &mut self,
        base: &str,
        user: &str,
        channel: &str,
        ts: &str,
        click: &Click<'_>,
    ) -> Result<Value, Complaint> {
        let (_, channel) = self.place(user, channel)?;
        let message = self.message(&channel, ts).filter(|m| m.is_for(user));
        let message = message.cloned().ok_or(Complaint::NoSuchMessage)?;
        let blocks = message.blocks.clone().unwrap_or(Value::Null);
        let action_ts = self.clock.stamp();
        let (action, mut values) = self.act(&blocks, &Value::Null, click, &action_ts)?;
        if values.is_null() {
            values = json!({});
        }
        let mut payload = self.message_action_payload(user, &channel, &message, &action, &values);
        payload["trigger_id"] = json!(self.new_trigger(user, None));
        let path = self.new_response_url(user, &channel, Some(ts.to_owned()));
        payload["response_url"] = json!(format!("{base}{path}"));
        Ok(payload)
    }

    fn act_on_view(
        &mut self,
        user: &str,
        id: &str,
        click: &Click<'_>,
    ) -> Result<Value, Complaint> {
        let view = self.view(id).filter(|(u, _)| *u == user).map(|(_, v)| v.clone());
        let mut view = view.ok_or(Complaint::NoSuchView)?;
        let action_ts = self.clock.stamp();
        let kept = view.json["state"]["values"].clone();
        let blocks = view.json["blocks"].clone();
        let (action, values) = self.act(&blocks, &kept, click, &action_ts)?;
        view.json["state"] = json!({ "values": values });
        if let Some(place) = self.view_mut(id) {
            place.json = view.json.clone();
        }
        let mut payload = self.view_action_payload(user, &view, &action);
        payload["trigger_id"] = json!(self.new_trigger(user, Some(id.to_owned())));
        Ok(payload)
    }

    /// The entry of `actions`, and the `state.values` after the act.
    fn act(
        &self,
        blocks: &Value,
        kept: &Value,
        click: &Click<'_>,
        action_ts: &str,
    ) -> Result<(Value, Value), Complaint> {
        let Click { block_id, action_id, drawn, value, given } = *click;
        let missing = || Complaint::NoSuchControl(format!("{block_id}/{action_id}"));
        let all = elements(blocks);
        let gone = json!({ "type": "actions", "block_id": block_id });
        let placed = all
            .iter()
            .find(|p| p.action_id() == action_id && (block_id.is_empty() || p.block_id() == block_id))
            .copied()
            .or(drawn.map(|element| Placed { block: &gone, element }))
            .ok_or_else(missing)?;
        if placed.block["type"] == "input" && placed.block["dispatch_action"] != json!(true) {
            return Err(missing());
        }
        let mut action = json!({
            "type": placed.kind(),
            "action_id": placed.action_id(),
            "block_id": placed.block_id(),
            "action_ts": action_ts,
        });
        let mut kept = if kept.is_null() { json!({}) } else { kept.clone() };
        overlay(&mut kept, given);
        if placed.kind() == "button" {
            for key in ["text", "value", "style"] {
                if let Some(field) = placed.element.get(key) {
                    action[key] = field.clone();
                }
            }
        } else {
            let chosen = self.chosen(&placed, value)?;
            for (key, field) in chosen.as_object().into_iter().flatten() {
                action[key] = field.clone();
            }
            if slot(placed.kind()).is_some() {
                let mut entry = chosen;
                entry["type"] = json!(placed.kind());
                let mut over = json!({});
                over[placed.block_id()] = json!({ placed.action_id(): entry });
                overlay(&mut kept, &over);
            }
        }
        Ok((action, state_values(blocks, &kept)))
    }

    /// What was chosen, in the form of the element: `{"selected_option": …}` and the like.
    fn chosen(&self, placed: &Placed<'_>, value: &ActionValue) -> Result<Value, Complaint> {
        let option = |wanted: &str| {
            all_options(placed.element)
                .find(|o| o["value"] == wanted || o["text"]["text"] == wanted)
                .cloned()
                .ok_or_else(|| Complaint::NoSuchControl(format!("option {wanted}")))
        };
        let key = slot(placed.kind()).map_or("selected_option", |(key, _, _)| key);
        let several = key.ends_with('s');
        let person = |who: &String| self.who(who);
        let channel = |which: &String| {
            let found = self.channel(which).map(|c| c.id.clone());
            found.ok_or_else(|| Complaint::NoSuchChannel(which.clone()))
        };
        let value = match value {
            ActionValue::Click => return Err(Complaint::NoSuchControl("a button".to_owned())),
            ActionValue::Raw(fields) => return Ok(fields.clone()),
            ActionValue::Option(wanted) if several => json!([option(wanted)?]),
            ActionValue::Option(wanted) => option(wanted)?,
            ActionValue::Options(wanted) => {
                json!(wanted.iter().map(|w| option(w)).collect::<Result<Vec<_>, _>>()?)
            }
            ActionValue::Users(users) if several => {
                json!(users.iter().map(person).collect::<Result<Vec<_>, _>>()?)
            }
            ActionValue::Users(users) => json!(users.first().map(person).transpose()?),
            ActionValue::Channels(channels) if several => {
                json!(channels.iter().map(channel).collect::<Result<Vec<_>, _>>()?)
            }
            ActionValue::Channels(channels) => json!(channels.first().map(channel).transpose()?),
            ActionValue::Text(text) => json!(text),
            ActionValue::Moment(seconds) => json!(seconds),
        };
        Ok(json!({ key: value }))
    }

    /// Does what the app answered to a submission.
    fn after_submission(
        &mut self,
        user: &str,
        view: &View,
        said: Value,
    ) -> Result<Submission, Complaint> {
        let stack = self.modals.entry(user.to_owned()).or_default();
        let at = stack.iter().position(|v| v.id == view.id);
        match said["response_action"].as_str() {
            None => {
                if said.as_object().is_some_and(|f| !f.is_empty()) {
                    self.breach(format!("a submission's ack that says nothing known: {said}"));
                }
                let stack = self.modals.entry(user.to_owned()).or_default();
                if let Some(at) = at {
                    stack.truncate(at);
                }
                self.views_changed();
                Ok(Submission::Closed)
            }
            Some("clear") => {
                stack.clear();
                self.views_changed();
                Ok(Submission::Closed)
            }
            Some("errors") => {
                let mut errors = BTreeMap::new();
                for (block, text) in said["errors"].as_object().into_iter().flatten() {
                    errors.insert(block.clone(), text.as_str().unwrap_or_default().to_owned());
                }
                let blocks = view.json["blocks"].as_array().into_iter().flatten();
                let inputs: Vec<&str> = blocks
                    .filter(|b| b["type"] == "input")
                    .filter_map(|b| b["block_id"].as_str())
                    .collect();
                for block in errors.keys().filter(|b| !inputs.contains(&b.as_str())) {
                    self.breach(format!("an error for {block}, which is no input block"));
                }
                if errors.is_empty() {
                    self.breach("response_action errors without errors");
                }
                if let Some(place) = self.view_mut(&view.id) {
                    place.errors = Some(json!(errors));
                }
                self.views_changed();
                Ok(Submission::Errors(errors))
            }
            Some("update") => {
                let new = self.checked_answer(&said["view"])?;
                self.replace(view, &new);
                Ok(Submission::Updated)
            }
            Some("push") => {
                let new = self.checked_answer(&said["view"])?;
                self.push(user, &new).map_err(|_| Complaint::BadAnswer)?;
                Ok(Submission::Pushed)
            }
            Some(other) => {
                self.breach(format!("unknown response_action {other}"));
                Err(Complaint::BadAnswer)
            }
        }
    }

    fn checked_answer(&mut self, view: &Value) -> Result<Value, Complaint> {
        self.checked_view("response_action", view, "modal").map_err(|_| Complaint::BadAnswer)
    }
}
