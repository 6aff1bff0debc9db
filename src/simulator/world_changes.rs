//! Altering the pretend workspace while it runs: people come and go, channels are archived.
//!
//! Not in here: what people do in it (`verbs`).

use serde_json::{Value, json};

use super::info_methods::person_json;
use super::workspace::{BOT_USER, Channel, Person, user_id};
use super::world::Message;
use super::{Complaint, Simulator};

impl Simulator {
    /// Adds a person, with a direct message to the bot; returns their id.
    pub fn add_person(&self, mut person: Person) -> String {
        let mut world = self.world();
        if person.team_id.is_empty() {
            person.team_id.clone_from(&world.team_id);
        }
        let id = person.id.clone();
        if !person.is_bot && !person.is_stranger {
            world.channels.push(Channel::direct(&id));
        }
        world.people.push(person);
        world.state_changed();
        id
    }

    /// Adds a channel; returns its id.
    pub fn add_channel(&self, channel: Channel) -> String {
        let mut world = self.world();
        let id = channel.id.clone();
        world.channels.push(channel);
        world.state_changed();
        id
    }

    /// Adds a user group with members by name or id; returns its id.
    pub fn add_group(&self, handle: &str, members: &[&str]) -> String {
        let seed = super::Workspace::new("", "").group(handle, members.iter().copied());
        let mut world = self.world();
        let mut id = String::new();
        for group in seed.groups {
            id.clone_from(&group.id);
            world.groups.push(group);
        }
        id
    }

    /// Puts a person into a channel.
    pub fn join(&self, user: &str, channel: &str) {
        self.change_channel(channel, |c| {
            c.members.insert(user_id(user));
        });
    }

    /// Takes a person out of a channel.
    pub fn leave(&self, user: &str, channel: &str) {
        self.change_channel(channel, |c| {
            c.members.remove(&user_id(user));
        });
    }

    /// Archives a channel, and tells the app where it may know of it.
    pub async fn archive(&self, channel: &str) {
        self.set_archived(channel, true).await;
    }

    /// Takes a channel out of the archive, and tells the app where it may know of it.
    pub async fn unarchive(&self, channel: &str) {
        self.set_archived(channel, false).await;
    }

    async fn set_archived(&self, channel: &str, archived: bool) {
        let Some(found) = self.change_channel(channel, |c| c.is_archived = archived) else {
            return;
        };
        let (scope, kind) = if found.is_private {
            ("groups:read", "group")
        } else {
            ("channels:read", "channel")
        };
        let verb = if archived { "archive" } else { "unarchive" };
        let event = format!("{kind}_{verb}");
        if found.members.contains(BOT_USER) && self.world().hears(&event, scope) {
            self.event(json!({ "type": event, "channel": found.id, "user": user_id("olga") }))
                .await;
        }
    }

    /// Shares a channel with another company; the app is told where it may know of it.
    pub async fn share_channel(&self, channel: &str) {
        self.set_shared(channel, true).await;
    }

    /// Ends the sharing of a channel; the app is told where it may know of it.
    pub async fn unshare_channel(&self, channel: &str) {
        self.set_shared(channel, false).await;
    }

    async fn set_shared(&self, channel: &str, shared: bool) {
        let Some(found) = self.change_channel(channel, |c| c.is_ext_shared = shared) else {
            return;
        };
        let verb = if shared { "shared" } else { "unshared" };
        let scope = if found.is_private {
            "groups:read"
        } else {
            "channels:read"
        };
        let event = format!("channel_{verb}");
        if found.members.contains(BOT_USER) && self.world().hears(&event, scope) {
            self.event(json!({
                "type": event, "channel": found.id, "connected_team_id": "T0OTHER",
            }))
            .await;
        }
    }

    /// Takes the bot out of a channel.
    pub fn remove_bot(&self, channel: &str) {
        self.change_channel(channel, |c| {
            c.members.remove(BOT_USER);
        });
    }

    /// Invites the bot into a channel. No `member_joined_channel` is sent.
    pub fn invite_bot(&self, channel: &str) {
        self.change_channel(channel, |c| {
            c.members.insert(BOT_USER.to_owned());
        });
    }

    /// Deactivates a person, and tells the app with `user_change` if it may read users.
    pub async fn deactivate(&self, user: &str) {
        self.change_person(user, |p| p.deleted = true).await;
    }

    /// Makes a person a guest, and tells the app with `user_change` if it may read users.
    pub async fn make_guest(&self, user: &str) {
        self.change_person(user, |p| p.is_restricted = true).await;
    }

    /// Changes anything about a person, and tells the app with `user_change` if it may read users.
    pub async fn change_person(&self, user: &str, change: impl FnOnce(&mut Person)) {
        let told: Option<Value> = {
            let mut world = self.world();
            let Ok(id) = world.who(user) else { return };
            let Some(person) = world.people.iter_mut().find(|p| p.id == id) else {
                return;
            };
            change(person);
            let json = person_json(person);
            world.state_changed();
            world.hears("user_change", "users:read").then_some(json)
        };
        if let Some(person) = told {
            self.event(json!({ "type": "user_change", "user": person }))
                .await;
        }
    }

    /// Deletes a message by hand, whosever it is. False when there was none.
    pub fn delete_message(&self, channel: &str, ts: &str) -> bool {
        let mut world = self.world();
        let Some(id) = world.channel(channel).map(|c| c.id.clone()) else {
            return false;
        };
        world.remove(&id, ts)
    }

    /// Reloads a person's client: ephemerals vanish and modals close, without a word to the app.
    pub fn reload(&self, user: &str) {
        let mut world = self.world();
        let Ok(user) = world.who(user) else { return };
        for messages in world.messages.values_mut() {
            messages.retain(|m| m.only_for.as_ref() != Some(&user));
        }
        world.modals.remove(&user);
        let channels = world.channels.iter().map(|c| c.id.clone()).collect();
        world.tell(super::world::Change {
            channels,
            views: true,
            ..Default::default()
        });
    }

    /// The id of a person's direct message with the bot; none for bots and strangers.
    #[must_use]
    pub fn dm(&self, user: &str) -> Option<String> {
        let world = self.world();
        let user = world.who(user).ok()?;
        world.dm_of(&user).map(|c| c.id.clone())
    }

    /// Puts a message of the bot's into a channel as if it had been sent long ago, by an earlier version
    /// for instance; returns its ts.
    ///
    /// # Errors
    ///
    /// When there is no such channel.
    pub fn plant_bot_message(
        &self,
        channel: &str,
        thread: Option<&str>,
        text: &str,
        blocks: Option<Value>,
    ) -> Result<String, Complaint> {
        let mut world = self.world();
        let id = world.channel(channel).map(|c| c.id.clone());
        let id = id.ok_or_else(|| Complaint::NoSuchChannel(channel.to_owned()))?;
        let mut blocks = blocks;
        if let Some(blocks) = &mut blocks {
            super::input_state::normalise(blocks, || world.fresh());
        }
        Ok(world.post(
            &id,
            Message {
                thread_ts: thread.map(str::to_owned),
                user: BOT_USER.to_owned(),
                text: text.to_owned(),
                blocks,
                ..Message::default()
            },
        ))
    }

    /// Puts a Home tab before a person as if the app had published it long ago, in an earlier version
    /// for instance.
    ///
    /// # Errors
    ///
    /// When there is nobody of this name, or Slack would not have taken it.
    pub fn plant_home(&self, user: &str, view: &Value) -> Result<(), Complaint> {
        let mut world = self.world();
        let user = world.who(user)?;
        world.has_home = true;
        world.state_changed();
        let args = json!({ "user_id": user, "view": view });
        world.draws("views.publish", &args);
        let published = world.views_publish(&args);
        world.drawing = None;
        published.map(drop).map_err(|_| Complaint::BadAnswer)
    }

    /// Marks a channel as read.
    pub fn reads(&self, user: &str, channel: &str) {
        let mut world = self.world();
        if let Ok(place) = world.place(user, channel) {
            world.unread.remove(&place);
            world.state_changed();
        }
    }

    /// Grants a scope, or takes it away.
    pub fn grant(&self, scope: &str, granted: bool) {
        let mut world = self.world();
        if granted {
            world.scopes.insert(scope.to_owned());
        } else {
            world.scopes.remove(scope);
        }
    }

    fn change_channel(&self, channel: &str, change: impl FnOnce(&mut Channel)) -> Option<Channel> {
        let mut world = self.world();
        let found = world.channel_mut(channel)?;
        change(found);
        let found = found.clone();
        world.state_changed();
        Some(found)
    }
}
