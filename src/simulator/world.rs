//! Everything that is true in the pretend Slack at this moment.
//!
//! Not in here: how it is asked for (`web_api`, `page`) or made to happen (`verbs`). One mutex guards
//! it, which nobody holds across an await.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::Shortcut;
use super::clock::{Clock, Micros, SECOND};
use super::files::File;
use super::misbehaviour::Misdeeds;
use super::rate_limits::RateLimits;
use super::workspace::{BOT_USER, Channel, Group, Person, Workspace};

/// What the page is told when something changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// Channels whose messages changed.
    pub channels: Vec<String>,
    /// Somebody's modals or Home tab changed.
    pub views: bool,
    /// People, channels, connection or misbehaviour changed.
    pub state: bool,
    /// What Slackbot tells one person: the person and the sentence.
    pub notice: Option<(String, String)>,
}

/// A message, or an ephemeral when `only_for` is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub ts: String,
    pub thread_ts: Option<String>,
    pub user: String,
    pub text: String,
    pub blocks: Option<Value>,
    pub edited: bool,
    pub deleted: bool,
    pub metadata: Option<Value>,
    pub only_for: Option<String>,
    /// The ids of files.
    pub files: Vec<String>,
    /// What of the app's made it as it is.
    pub drawn: Option<Arc<Drawn>>,
    /// What the last click on it sent.
    pub acted: Option<Arc<Value>>,
}

/// What an app said to make something that people see: a call, or the body of an ack.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// A method, `response_url`, or whose ack it was.
    pub how: String,
    pub said: Value,
    pub at: Micros,
}

impl Message {
    /// Whether it stands in the channel itself, not in a thread.
    pub(crate) fn is_top_level(&self) -> bool {
        self.thread_ts.as_ref().is_none_or(|t| *t == self.ts)
    }

    /// Whether this person may see it.
    pub(crate) fn is_for(&self, user: &str) -> bool {
        self.only_for.as_ref().is_none_or(|u| u == user)
    }
}

/// An open modal or a Home tab.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub id: String,
    /// The full view as Slack sends it.
    pub json: Value,
    /// The app's complaints about the last submission, by block id.
    pub errors: Option<Value>,
    /// What of the app's made it as it is.
    pub drawn: Option<Arc<Drawn>>,
    /// What the last click on it or its submission sent.
    pub acted: Option<Arc<Value>>,
}

/// A permission to open a modal, once, within three seconds.
#[derive(Debug)]
pub(crate) struct Trigger {
    pub user: String,
    pub expires: Micros,
    pub used: bool,
    pub from_view: Option<String>,
}

/// Where an app may answer one command or click.
#[derive(Clone, Debug)]
pub(crate) struct ResponseUrl {
    pub user: String,
    pub channel: String,
    /// The message clicked on; none for a command.
    pub source: Option<String>,
    pub posts_left: u8,
    pub expires: Micros,
}

/// A call that the simulator received.
#[derive(Clone, Debug)]
pub struct Call {
    /// The Web API method; `response_url` for a post to one.
    pub method: String,
    /// The arguments as JSON; for a `response_url` with its `url`.
    pub args: Value,
    /// What it was answered, also when the answer was lost on the way.
    pub answer: Value,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Milliseconds since the epoch, on the simulator's clock.
    pub at: i64,
}

/// What a socket's task is told to do.
#[derive(Debug)]
pub(crate) enum SocketOrder {
    Send(String),
    /// Close with a close frame.
    Close,
    /// Let the TCP connection go without a word.
    Drop,
}

/// One live Socket Mode connection.
#[derive(Debug)]
pub(crate) struct Socket {
    pub id: u64,
    pub orders: mpsc::UnboundedSender<SocketOrder>,
    /// Told to reconnect; gets no new payloads.
    pub retiring: bool,
}

/// An envelope whose ack is awaited, or came too late.
#[derive(Debug)]
pub(crate) struct Pending {
    pub answer: Option<oneshot::Sender<Option<Value>>>,
    pub socket: u64,
    pub sent: Instant,
    pub what: String,
    pub accepts_payload: bool,
}

/// An event that was not acknowledged and is due again.
#[derive(Clone, Debug)]
pub(crate) struct OwedEvent {
    pub due: Micros,
    pub payload: Value,
    pub attempt: u8,
    pub reason: String,
}

/// Something delivered, kept for delivering it again.
#[derive(Clone, Debug)]
pub(crate) struct Delivered {
    pub kind: super::deliver::Kind,
    pub payload: Value,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct World {
    pub clock: Clock,
    pub team_id: String,
    pub team_name: String,
    /// The organisation it belongs to, with its name.
    pub enterprise: Option<(String, String)>,
    /// The app is installed for the whole organisation.
    pub wide: bool,
    pub bot_name: String,
    pub command: String,
    pub command_hint: String,
    pub command_description: String,
    pub suggestions: Vec<String>,
    pub scopes: BTreeSet<String>,
    pub people: Vec<Person>,
    pub channels: Vec<Channel>,
    pub groups: Vec<Group>,
    pub messages: HashMap<String, Vec<Message>>,
    pub files: Vec<File>,
    /// What the app says at this moment, while it is done.
    pub drawing: Option<Arc<Drawn>>,
    pub modals: HashMap<String, Vec<View>>,
    pub homes: HashMap<String, View>,
    pub triggers: HashMap<String, Trigger>,
    pub response_urls: HashMap<String, ResponseUrl>,
    pub limits: RateLimits,
    pub calls: Vec<Call>,
    pub breaches: Vec<String>,
    pub notices: Vec<(String, String)>,
    pub unread: HashMap<(String, String), usize>,
    pub misdeeds: Misdeeds,
    pub sockets: Vec<Socket>,
    pub pending: HashMap<String, Pending>,
    pub tickets: HashSet<String>,
    pub request_url: Option<String>,
    /// Deliveries go over sockets as well as to the URL: whether a socket is next.
    pub socket_is_next: Option<bool>,
    pub owed_events: VecDeque<OwedEvent>,
    pub last_delivered: Option<Delivered>,
    pub signed_at: Option<i64>,
    pub shortcuts: Vec<Shortcut>,
    /// The events the app subscribes to.
    pub events: BTreeSet<String>,
    pub has_home: bool,
    turn: usize,
    counter: u64,
    changes: broadcast::Sender<Change>,
}

/// The app's ids; there is only one app.
pub(crate) const APP_ID: &str = "A0APP";
pub(crate) const BOT_ID: &str = "B0BOT";

impl World {
    pub(crate) fn new(setup: super::Setup, changes: broadcast::Sender<Change>) -> Self {
        let Workspace {
            id,
            name,
            people,
            channels,
            groups,
        } = setup.workspace;
        let mut world = Self {
            clock: Clock::new(setup.pace),
            team_id: id,
            team_name: name,
            enterprise: None,
            wide: false,
            bot_name: setup.bot_name,
            command: setup.command,
            command_hint: setup.command_hint,
            command_description: setup.command_description,
            suggestions: setup.suggestions,
            scopes: setup.scopes.into_iter().collect(),
            people,
            channels,
            groups,
            messages: HashMap::new(),
            files: Vec::new(),
            drawing: None,
            modals: HashMap::new(),
            homes: HashMap::new(),
            triggers: HashMap::new(),
            response_urls: HashMap::new(),
            limits: RateLimits::default(),
            calls: Vec::new(),
            breaches: Vec::new(),
            notices: Vec::new(),
            unread: HashMap::new(),
            misdeeds: Misdeeds::default(),
            sockets: Vec::new(),
            pending: HashMap::new(),
            tickets: HashSet::new(),
            request_url: None,
            socket_is_next: None,
            owed_events: VecDeque::new(),
            last_delivered: None,
            signed_at: None,
            shortcuts: setup.shortcuts,
            events: setup.events.into_iter().collect(),
            has_home: setup.home,
            turn: 0,
            counter: 0,
            changes,
        };
        let mut bot = Person::new("bot", &world.bot_name.clone()).bot();
        BOT_USER.clone_into(&mut bot.id);
        bot.name.clone_from(&world.bot_name);
        bot.team_id.clone_from(&world.team_id);
        world.people.push(bot);
        let people: Vec<String> = world
            .people
            .iter()
            .filter(|p| !p.is_bot && !p.is_stranger)
            .map(|p| p.id.clone())
            .collect();
        for user in people {
            world.channels.push(Channel::direct(&user));
        }
        world
    }

    pub(crate) fn tell(&self, change: Change) {
        // Nobody listening is fine: the page may be closed.
        let _ = self.changes.send(change);
    }

    pub(crate) fn channel_changed(&self, channel: &str) {
        self.tell(Change {
            channels: vec![channel.to_owned()],
            ..Change::default()
        });
    }

    pub(crate) fn views_changed(&self) {
        self.tell(Change {
            views: true,
            ..Change::default()
        });
    }

    pub(crate) fn state_changed(&self) {
        self.tell(Change {
            state: true,
            ..Change::default()
        });
    }

    pub(crate) fn notice(&mut self, user: &str, sentence: &str) {
        self.notices.push((user.to_owned(), sentence.to_owned()));
        self.tell(Change {
            notice: Some((user.to_owned(), sentence.to_owned())),
            ..Change::default()
        });
    }

    pub(crate) fn breach(&mut self, what: impl Into<String>) {
        let what = what.into();
        tracing::warn!(target: "simulator", "breach: {what}");
        self.breaches.push(what);
    }

    /// From now on, what the app makes is made by this; until [`drawing`](Self::drawing) is emptied.
    pub(crate) fn draws(&mut self, how: impl Into<String>, said: &Value) {
        self.drawing = Some(Arc::new(Drawn {
            how: how.into(),
            said: said.clone(),
            at: self.clock.now(),
        }));
    }

    /// A number that was not given out before.
    pub(crate) fn fresh(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    pub(crate) fn granted(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Whether the app hears of this: it subscribes to the event, and has the scope for it.
    pub(crate) fn hears(&self, event: &str, scope: &str) -> bool {
        self.events.contains(event) && self.granted(scope)
    }

    /// By id, or by name with or without `@`.
    pub(crate) fn person(&self, who: &str) -> Option<&Person> {
        let name = who.trim_start_matches('@');
        self.people
            .iter()
            .find(|p| p.id == who)
            .or_else(|| self.people.iter().find(|p| p.name == name))
    }

    /// By id, or by name with or without `#`.
    pub(crate) fn channel(&self, which: &str) -> Option<&Channel> {
        let name = which.trim_start_matches('#');
        self.channels.iter().find(|c| c.id == which).or_else(|| {
            self.channels
                .iter()
                .find(|c| !c.name.is_empty() && c.name == name)
        })
    }

    pub(crate) fn channel_mut(&mut self, which: &str) -> Option<&mut Channel> {
        let id = self.channel(which)?.id.clone();
        self.channels.iter_mut().find(|c| c.id == id)
    }

    /// The bot's direct message with this person.
    pub(crate) fn dm_of(&self, user: &str) -> Option<&Channel> {
        self.channels
            .iter()
            .find(|c| c.with.as_deref() == Some(user))
    }

    /// Whether a person sees a channel at all: as a member, or since it is public and they are no guest.
    pub(crate) fn sees(&self, user: &str, channel: &Channel) -> bool {
        let outsider = self
            .person(user)
            .is_none_or(|p| p.is_restricted || p.is_stranger);
        channel.members.contains(user) || (!channel.is_private && !outsider)
    }

    pub(crate) fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.messages.get(channel)?.iter().find(|m| m.ts == ts)
    }

    pub(crate) fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        self.messages
            .get_mut(channel)?
            .iter_mut()
            .find(|m| m.ts == ts)
    }

    /// Puts a message into a channel and returns its ts.
    pub(crate) fn post(&mut self, channel: &str, mut message: Message) -> String {
        message.ts = self.clock.stamp();
        message.drawn.clone_from(&self.drawing);
        let ts = message.ts.clone();
        if message.only_for.is_none() {
            let readers: Vec<String> = self
                .channel(channel)
                .map(|c| {
                    c.members
                        .iter()
                        .filter(|u| **u != message.user)
                        .cloned()
                        .collect()
                })
                .unwrap_or_default();
            for reader in readers {
                *self.unread.entry((reader, channel.to_owned())).or_default() += 1;
            }
        }
        self.messages
            .entry(channel.to_owned())
            .or_default()
            .push(message);
        self.channel_changed(channel);
        ts
    }

    /// Takes a message away; a parent with replies leaves a tombstone, as in Slack.
    pub(crate) fn remove(&mut self, channel: &str, ts: &str) -> bool {
        let replies = self.replies(channel, ts).len();
        let Some(messages) = self.messages.get_mut(channel) else {
            return false;
        };
        let Some(at) = messages.iter().position(|m| m.ts == ts && !m.deleted) else {
            return false;
        };
        if replies > 0 {
            let message = &mut messages[at];
            message.deleted = true;
            message.blocks = None;
            message.metadata = None;
            "This message was deleted.".clone_into(&mut message.text);
        } else {
            messages.remove(at);
        }
        self.channel_changed(channel);
        true
    }

    /// The replies everybody sees in a thread, oldest first.
    pub(crate) fn replies(&self, channel: &str, ts: &str) -> Vec<&Message> {
        self.messages
            .get(channel)
            .into_iter()
            .flatten()
            .filter(|m| m.thread_ts.as_deref() == Some(ts) && m.ts != ts && m.only_for.is_none())
            .collect()
    }

    pub(crate) fn new_trigger(&mut self, user: &str, from_view: Option<String>) -> String {
        let n = self.fresh();
        let id = format!("{}.{}.{:032x}", 1000 + n, 4242, rand::random::<u128>());
        let expires = self.clock.now() + 3 * SECOND;
        self.triggers.insert(
            id.clone(),
            Trigger {
                user: user.to_owned(),
                expires,
                used: false,
                from_view,
            },
        );
        id
    }

    /// Registers a response URL and returns its path on this server.
    pub(crate) fn new_response_url(
        &mut self,
        user: &str,
        channel: &str,
        source: Option<String>,
    ) -> String {
        let kind = if source.is_some() {
            "actions"
        } else {
            "commands"
        };
        let n = self.fresh();
        let path = format!(
            "/{kind}/{}/{n}/{:016x}",
            self.team_id,
            rand::random::<u64>()
        );
        let expires = self.clock.now() + 30 * 60 * SECOND;
        self.response_urls.insert(
            path.clone(),
            ResponseUrl {
                user: user.to_owned(),
                channel: channel.to_owned(),
                source,
                posts_left: 5,
                expires,
            },
        );
        path
    }

    /// Any live socket, in turn: an app must not count on an order.
    pub(crate) fn next_socket(&mut self) -> Option<&Socket> {
        self.turn += 1;
        let live: Vec<&Socket> = self.sockets.iter().filter(|s| !s.retiring).collect();
        let at = self.turn.checked_rem(live.len())?;
        live.get(at).copied()
    }

    pub(crate) fn has_socket(&self) -> bool {
        self.sockets.iter().any(|s| !s.retiring)
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.request_url.is_some() || self.has_socket()
    }

    pub(crate) fn view(&self, id: &str) -> Option<(&str, &View)> {
        self.modals
            .iter()
            .flat_map(|(user, stack)| stack.iter().map(move |v| (user.as_str(), v)))
            .chain(self.homes.iter().map(|(user, v)| (user.as_str(), v)))
            .find(|(_, v)| v.id == id)
    }

    pub(crate) fn view_mut(&mut self, id: &str) -> Option<&mut View> {
        self.modals
            .values_mut()
            .flatten()
            .chain(self.homes.values_mut())
            .find(|v| v.id == id)
    }

    /// The message as Slack puts it into payloads and answers.
    pub(crate) fn message_json(&self, channel: &str, message: &Message) -> Value {
        let mut out = json!({
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self.team_id,
        });
        if message.user == BOT_USER {
            out["bot_id"] = json!(BOT_ID);
            out["app_id"] = json!(APP_ID);
        }
        if let Some(blocks) = &message.blocks {
            out["blocks"] = blocks.clone();
        }
        if message.edited {
            out["edited"] = json!({ "user": message.user, "ts": message.ts });
        }
        if !message.files.is_empty() {
            let known = |id: &String| self.files.iter().find(|f| f.id == *id);
            let files = message.files.iter().filter_map(known);
            let files: Vec<Value> = files.map(|f| f.json(&self.team_id)).collect();
            out["files"] = json!(files);
            out["upload"] = json!(false);
        }
        let replies = self.replies(channel, &message.ts);
        if let Some(last) = replies.last() {
            out["thread_ts"] = json!(message.ts);
            out["reply_count"] = json!(replies.len());
            out["latest_reply"] = json!(last.ts);
        }
        if let Some(thread) = &message.thread_ts {
            out["thread_ts"] = json!(thread);
            if let Some(parent) = self.message(channel, thread) {
                out["parent_user_id"] = json!(parent.user);
            }
        }
        if let Some(metadata) = &message.metadata {
            // Without `include_all_metadata` only the event's type is shown.
            out["metadata"] = json!({ "event_type": metadata["event_type"] });
        }
        out
    }
}
