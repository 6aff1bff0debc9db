//! What the methods say that only ask: people, channels, groups, the team.
//!
//! Not in here: anything that changes something for a person to see.

use serde_json::{Value, json};

use super::web_api::{Answer, ApiError, missing_scope};
use super::workspace::{BOT_USER, Channel, Person};
use super::world::{APP_ID, BOT_ID, World};

impl World {
    pub(crate) fn info_method(&mut self, method: &str, args: &Value, base: &str) -> Answer {
        let arg = |key: &str| args[key].as_str().unwrap_or_default();
        match method {
            "auth.test" => Ok(json!({
                "url": format!("{base}/"),
                "team": self.team_name,
                "user": self.bot_name,
                "team_id": self.team_id,
                "user_id": BOT_USER,
                "bot_id": BOT_ID,
                "app_id": APP_ID,
                "is_enterprise_install": false,
            })),
            "team.info" => Ok(json!({ "team": {
                "id": self.team_id, "name": self.team_name, "domain": self.domain(),
            } })),
            "users.info" => match self.people.iter().find(|p| p.id == arg("user")) {
                Some(person) => Ok(json!({ "user": person_json(person) })),
                None => Err("user_not_found".into()),
            },
            "users.list" => {
                let (page, cursor) = self.page(self.people.len(), args)?;
                let members: Vec<Value> = self.people[page].iter().map(person_json).collect();
                Ok(json!({ "members": members, "response_metadata": { "next_cursor": cursor } }))
            }
            "usergroups.list" => {
                let groups: Vec<Value> = self.groups.iter().map(|g| json!({
                    "id": g.id, "team_id": self.team_id, "handle": g.handle, "name": g.handle,
                    "is_usergroup": true, "date_delete": 0, "user_count": g.members.len(),
                })).collect();
                Ok(json!({ "usergroups": groups }))
            }
            "usergroups.users.list" => {
                match self.groups.iter().find(|g| g.id == arg("usergroup")) {
                    Some(group) => Ok(json!({ "users": group.members })),
                    None => Err("no_such_subteam".into()),
                }
            }
            "conversations.open" => self.open_conversation(args),
            "conversations.info" => {
                let channel = self.readable(method, arg("channel"))?;
                Ok(json!({ "channel": self.channel_json(&channel) }))
            }
            "conversations.members" => {
                let channel = self.readable(method, arg("channel"))?;
                let members: Vec<&String> = channel.members.iter().collect();
                let (page, cursor) = self.page(members.len(), args)?;
                Ok(json!({
                    "members": &members[page],
                    "response_metadata": { "next_cursor": cursor },
                }))
            }
            _ => Err("unknown_method".into()),
        }
    }

    /// The team's part of its address.
    pub(crate) fn domain(&self) -> String {
        self.team_name.to_lowercase().replace(' ', "-")
    }

    /// The slice that a cursor and limit ask for, and the cursor of the next one.
    fn page(
        &self,
        total: usize,
        args: &Value,
    ) -> Result<(std::ops::Range<usize>, String), ApiError> {
        let number = |key: &str| match &args[key] {
            Value::Number(n) => n.as_u64(),
            Value::String(s) => s.parse().ok(),
            _ => None,
        };
        let limit = usize::try_from(number("limit").unwrap_or(100))
            .unwrap_or(100)
            .clamp(1, 1000);
        let start = match args["cursor"].as_str().filter(|c| !c.is_empty()) {
            None => 0,
            Some(cursor) => cursor
                .strip_prefix("next-")
                .and_then(|n| n.parse().ok())
                .filter(|n| *n <= total)
                .ok_or_else(|| ApiError::from("invalid_cursor"))?,
        };
        let end = (start + limit).min(total);
        let next = if end < total {
            format!("next-{end}")
        } else {
            String::new()
        };
        Ok((start..end, next))
    }

    /// A channel the bot may know of, with the scope for its kind.
    fn readable(&mut self, method: &str, id: &str) -> Result<Channel, ApiError> {
        let known = self.channels.iter().find(|c| c.id == id).cloned();
        let Some(channel) = known.filter(|c| !c.is_private || c.members.contains(BOT_USER)) else {
            return Err("channel_not_found".into());
        };
        let scope = match (channel.is_im(), channel.is_private) {
            (true, _) => "im:read",
            (_, true) => "groups:read",
            _ => "channels:read",
        };
        if !self.granted(scope) {
            return Err(missing_scope(self, method, scope));
        }
        Ok(channel)
    }

    fn open_conversation(&mut self, args: &Value) -> Answer {
        if let Some(id) = args["channel"].as_str() {
            let known = self.channels.iter().any(|c| c.id == id && c.is_im());
            return if known {
                Ok(json!({ "channel": { "id": id } }))
            } else {
                Err("channel_not_found".into())
            };
        }
        let users = args["users"].as_str().unwrap_or_default();
        if users.is_empty() {
            return Err("users_list_not_supplied".into());
        }
        if users.contains(',') {
            self.breach("conversations.open with several people is not copied here");
            return Err("method_not_supported_for_channel_type".into());
        }
        let Some(person) = self.people.iter().find(|p| p.id == users) else {
            return Err("user_not_found".into());
        };
        if person.deleted {
            return Err("user_disabled".into());
        }
        if person.is_bot {
            return Err("cannot_dm_bot".into());
        }
        match self.dm_of(users) {
            Some(channel) => {
                Ok(json!({ "channel": { "id": channel.id, "is_im": true, "user": users } }))
            }
            None => Err("user_not_visible".into()),
        }
    }

    fn channel_json(&self, channel: &Channel) -> Value {
        let mut out = json!({
            "id": channel.id,
            "is_channel": !channel.is_im() && !channel.is_private,
            "is_group": !channel.is_im() && channel.is_private,
            "is_im": channel.is_im(),
            "is_mpim": false,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_ext_shared": channel.is_ext_shared,
            "is_pending_ext_shared": false,
            "is_org_shared": false,
            "is_shared": channel.is_ext_shared,
            "created": 1_700_000_000,
            "context_team_id": self.team_id,
        });
        if let Some(user) = &channel.with {
            out["user"] = json!(user);
            out["is_user_deleted"] = json!(self.person(user).is_some_and(|p| p.deleted));
        } else {
            out["name"] = json!(channel.name);
            out["name_normalized"] = json!(channel.name);
            out["is_general"] = json!(channel.name == "general");
            out["is_member"] = json!(channel.members.contains(BOT_USER));
            out["creator"] = json!("U0OLGA");
            out["topic"] = json!({ "value": channel.topic, "creator": "", "last_set": 0 });
            out["purpose"] = json!({ "value": "", "creator": "", "last_set": 0 });
        }
        out
    }
}

/// A person as `users.info` and `user_change` tell of them.
pub(crate) fn person_json(person: &Person) -> Value {
    json!({
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": tz_offset(&person.tz),
        "profile": {
            "title": person.title,
            "real_name": person.real_name,
            "display_name": person.name,
            "real_name_normalized": person.real_name,
            "display_name_normalized": person.name,
            "team": person.team_id,
        },
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": false,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_stranger": person.is_stranger,
        "is_bot": person.is_bot,
        "is_app_user": false,
        "updated": 1_700_000_000,
    })
}

fn tz_offset(tz: &str) -> i32 {
    let at = jiff::Timestamp::from_second(super::clock::STEPPED_START).unwrap_or_default();
    jiff::tz::TimeZone::get(tz).map_or(0, |zone| zone.to_offset(at).seconds())
}
