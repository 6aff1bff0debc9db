//! The payloads a pretend Slack sends, key by key as the real one does.
//!
//! Not in here: when they are sent (`verbs`) and how (`deliver`).

use serde_json::{Value, json};

use super::workspace::BOT_USER;
use super::world::{APP_ID, Message, View, World};

/// The long-deprecated verification token, still in every payload.
const LEGACY_TOKEN: &str = "legacy-fixed-value";

impl World {
    fn user_json(&self, user: &str) -> Value {
        let person = self.person(user);
        let name = person.map(|p| p.name.clone()).unwrap_or_default();
        let team = person.map_or(&self.team_id, |p| &p.team_id);
        json!({ "id": user, "username": name, "name": name, "team_id": team })
    }

    fn team_json(&self) -> Value {
        if self.wide {
            return Value::Null;
        }
        json!({ "id": self.team_id, "domain": self.domain() })
    }

    fn enterprise_json(&self) -> Value {
        let it = self.enterprise.as_ref();
        it.map_or(Value::Null, |(id, name)| json!({ "id": id, "name": name }))
    }

    fn enterprise_id(&self) -> Option<&str> {
        self.enterprise.as_ref().map(|(id, _)| id.as_str())
    }

    /// A channel's name as payloads have it: private ones do not tell.
    fn channel_name(&self, channel: &str) -> String {
        match self.channel(channel) {
            Some(c) if c.is_im() => "directmessage".to_owned(),
            Some(c) if c.is_private => "privategroup".to_owned(),
            Some(c) => c.name.clone(),
            None => String::new(),
        }
    }

    pub(crate) fn command_payload(
        &self,
        user: &str,
        channel: &str,
        text: &str,
        trigger: &str,
        response_url: &str,
    ) -> Value {
        let mut payload = json!({
            "token": LEGACY_TOKEN,
            "team_id": self.team_id,
            "team_domain": self.domain(),
            "channel_id": channel,
            "channel_name": self.channel_name(channel),
            "user_id": user,
            "user_name": self.person(user).map(|p| p.name.clone()),
            "command": self.command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": self.wide.to_string(),
            "response_url": response_url,
            "trigger_id": trigger,
        });
        if let Some((id, name)) = &self.enterprise {
            payload["enterprise_id"] = json!(id);
            payload["enterprise_name"] = json!(name);
        }
        payload
    }

    fn interaction(&self, kind: &str, user: &str) -> Value {
        json!({
            "type": kind,
            "user": self.user_json(user),
            "api_app_id": APP_ID,
            "token": LEGACY_TOKEN,
            "team": self.team_json(),
            "enterprise": self.enterprise_json(),
            "is_enterprise_install": self.wide,
        })
    }

    pub(crate) fn message_action_payload(
        &self,
        user: &str,
        channel: &str,
        message: &Message,
        action: &Value,
        values: &Value,
    ) -> Value {
        let mut payload = self.interaction("block_actions", user);
        payload["container"] = json!({
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel,
            "is_ephemeral": message.only_for.is_some(),
        });
        if let Some(thread) = &message.thread_ts {
            payload["container"]["thread_ts"] = json!(thread);
        }
        payload["channel"] = json!({ "id": channel, "name": self.channel_name(channel) });
        if message.only_for.is_none() {
            payload["message"] = self.message_json(channel, message);
        }
        payload["state"] = json!({ "values": values });
        payload["actions"] = json!([action]);
        payload
    }

    pub(crate) fn view_action_payload(&self, user: &str, view: &View, action: &Value) -> Value {
        let mut payload = self.interaction("block_actions", user);
        payload["container"] = json!({ "type": "view", "view_id": view.id });
        payload["view"] = view.json.clone();
        payload["actions"] = json!([action]);
        payload
    }

    pub(crate) fn submission_payload(&self, user: &str, view: &View) -> Value {
        let mut payload = self.interaction("view_submission", user);
        payload["view"] = view.json.clone();
        payload["response_urls"] = json!([]);
        payload
    }

    pub(crate) fn closed_payload(&self, user: &str, view: &View, is_cleared: bool) -> Value {
        let mut payload = self.interaction("view_closed", user);
        payload["view"] = view.json.clone();
        payload["view"]["state"] = json!({ "values": {} });
        payload["is_cleared"] = json!(is_cleared);
        payload
    }

    pub(crate) fn suggestion_payload(
        &self,
        user: &str,
        container: Value,
        view: Option<&View>,
        block_id: &str,
        action_id: &str,
        typed: &str,
    ) -> Value {
        let mut payload = self.interaction("block_suggestion", user);
        if let Some(channel) = container["channel_id"].as_str() {
            payload["channel"] = json!({ "id": channel, "name": self.channel_name(channel) });
        }
        payload["container"] = container;
        if let Some(view) = view {
            payload["view"] = view.json.clone();
        }
        payload["action_id"] = json!(action_id);
        payload["block_id"] = json!(block_id);
        payload["value"] = json!(typed);
        payload
    }

    pub(crate) fn shortcut_payload(
        &mut self,
        user: &str,
        callback_id: &str,
        on: Option<(&str, &Message)>,
    ) -> Value {
        let kind = if on.is_some() {
            "message_action"
        } else {
            "shortcut"
        };
        let mut payload = self.interaction(kind, user);
        payload["callback_id"] = json!(callback_id);
        payload["action_ts"] = json!(self.clock.stamp());
        if let Some((channel, message)) = on {
            payload["channel"] = json!({ "id": channel, "name": self.channel_name(channel) });
            payload["message_ts"] = json!(message.ts);
            payload["message"] = self.message_json(channel, message);
            // This kind alone does not name the app, nor the person twice.
            for (within, key) in [("", "api_app_id"), ("/user", "username")] {
                if let Some(Value::Object(fields)) = payload.pointer_mut(within) {
                    fields.remove(key);
                }
            }
        }
        payload
    }

    /// Wraps an event as the Events API does, with a fresh `event_id`.
    pub(crate) fn event_payload(&mut self, mut event: Value) -> Value {
        if event.get("event_ts").is_none() {
            event["event_ts"] = json!(self.clock.stamp());
        }
        let id = format!("Ev{:010}", self.fresh());
        let shared = event["channel"]
            .as_str()
            .and_then(|c| self.channel(c))
            .is_some_and(|c| c.is_ext_shared);
        json!({
            "token": LEGACY_TOKEN,
            "team_id": self.team_id,
            "context_team_id": self.team_id,
            "context_enterprise_id": self.enterprise_id(),
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": id,
            "event_time": self.clock.now() / super::clock::SECOND,
            "authorizations": [{
                "enterprise_id": self.enterprise_id(),
                "team_id": self.team_id,
                "user_id": BOT_USER,
                "is_bot": true,
                "is_enterprise_install": self.wide,
            }],
            "is_ext_shared_channel": shared,
            "event_context": format!("4-{id}"),
        })
    }
}
