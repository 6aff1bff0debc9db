//! Events: what happened in the workspace. What follows from one is not in here.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::{Id, Maybe};
use super::workspace::{Authorization, Flag, Team, Whose};
use super::{Inbound, Unreadable, quiet_debug};
use crate::slack::seen::PersonSeen;

/// An event with its envelope (<https://docs.slack.dev/apis/events-api>).
#[derive(Clone, PartialEq, Eq)]
pub struct EventIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// When it happened, by Slack's clock.
    pub at: Option<Timestamp>,
    /// The same in every repetition of the same event.
    pub event_id: Option<String>,
    /// What happened.
    pub event: Event,
}

/// What happened. Slack promises no order.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// `user_change`, `team_join`: a person is new or different.
    Person {
        /// Who.
        user: String,
        /// As they are now.
        seen: PersonSeen,
    },
    /// `channel_archive`, `group_archive`.
    ChannelArchived {
        /// Which.
        channel: String,
    },
    /// `channel_unarchive`, `group_unarchive`.
    ChannelUnarchived {
        /// Which.
        channel: String,
    },
    /// `channel_shared`: people of another company may read along from now on.
    ChannelShared {
        /// Which.
        channel: String,
    },
    /// `channel_unshared`: one other company less, perhaps not the last.
    ChannelUnshared {
        /// Which.
        channel: String,
        /// Whether it is still shared with somebody; `None` when Slack did not say.
        is_ext_shared: Option<bool>,
    },
    /// `app_mention`: somebody wrote to the bot in a channel.
    Mention(Wrote),
    /// `message`: somebody, or something, wrote; only where the bot was subscribed.
    Message(Wrote),
    /// `app_home_opened`, for both of its tabs.
    HomeOpened {
        /// Who looks.
        user: String,
        /// The direct message with the bot.
        channel: Option<String>,
        /// `home` or `messages`.
        tab: Option<String>,
    },
    /// `app_uninstalled`: somebody removed the app.
    Uninstalled,
    /// `tokens_revoked`, of the bot: its token is of no use any more.
    TokensRevoked,
}

/// A message as an event tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrote {
    /// Who; none for bots and for some subtypes.
    pub user: Option<String>,
    /// The bot that wrote it.
    pub bot_id: Option<String>,
    /// Where.
    pub channel: String,
    /// `im`, `mpim`, `channel` or `group`.
    pub channel_type: Option<String>,
    /// Its id in the channel.
    pub ts: Option<String>,
    /// Its thread, where it is in one.
    pub thread_ts: Option<String>,
    /// What kind of message, where it is not a plain one: `message_changed` and the like.
    pub subtype: Option<String>,
    /// What was written, escaped.
    pub text: String,
}

impl Wrote {
    /// The person who wrote it; none for what a program wrote, and for what only happened to a message (it was changed, somebody
    /// joined).
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        let plain = match self.subtype.as_deref() {
            None => true,
            Some(subtype) => matches!(subtype, "file_share" | "thread_broadcast"),
        };
        let user = self.user.as_deref()?;
        (plain && self.bot_id.is_none()).then_some(user)
    }
}

quiet_debug!(EventIn, Wrote);

impl Event {
    /// Slack's name for it, for logs (`channel_archive` also stands for `group_archive`).
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person { .. } => "user_change",
            Self::ChannelArchived { .. } => "channel_archive",
            Self::ChannelUnarchived { .. } => "channel_unarchive",
            Self::ChannelShared { .. } => "channel_shared",
            Self::ChannelUnshared { .. } => "channel_unshared",
            Self::Mention(_) => "app_mention",
            Self::Message(_) => "message",
            Self::HomeOpened { .. } => "app_home_opened",
            Self::Uninstalled => "app_uninstalled",
            Self::TokensRevoked => "tokens_revoked",
        }
    }
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Event({})", self.kind())
    }
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    challenge: Maybe<String>,
    #[serde(default)]
    event_id: Maybe<String>,
    #[serde(default)]
    event_time: Maybe<i64>,
    #[serde(default)]
    is_enterprise_install: Flag,
    #[serde(default)]
    team: Team,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default)]
    enterprise: Id,
    #[serde(default)]
    enterprise_id: Maybe<String>,
    #[serde(default)]
    authorizations: Maybe<Vec<Maybe<Authorization>>>,
    #[serde(default, borrow)]
    event: Maybe<&'a RawValue>,
}

/// The event inside; which fields it has depends on its type.
#[derive(Default, Deserialize)]
struct EventWire<'a> {
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    team: Team,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default, borrow)]
    user: Maybe<&'a RawValue>,
    #[serde(default)]
    bot_id: Maybe<String>,
    #[serde(default)]
    channel: Id,
    #[serde(default)]
    channel_type: Maybe<String>,
    #[serde(default)]
    tab: Maybe<String>,
    #[serde(default)]
    ts: Maybe<String>,
    #[serde(default)]
    thread_ts: Maybe<String>,
    #[serde(default)]
    subtype: Maybe<String>,
    #[serde(default)]
    text: Maybe<String>,
    #[serde(default)]
    is_ext_shared: Maybe<bool>,
    #[serde(default)]
    tokens: Maybe<RevokedWire>,
}

/// Whose tokens were revoked: people's ids, no tokens.
#[derive(Default, Deserialize)]
struct RevokedWire {
    #[serde(default)]
    bot: Maybe<Vec<Maybe<String>>>,
}

#[derive(Default, Deserialize)]
struct UserTeam {
    #[serde(default)]
    team_id: Maybe<String>,
}

/// Reads the JSON of an event: the body of a request, or a socket envelope's payload.
///
/// # Errors
///
/// Names what is missing, for the kinds we know.
pub fn read_event(json: &[u8]) -> Result<Inbound, Unreadable> {
    let wire: Wire<'_> = serde_json::from_slice(json).map_err(|_| Unreadable::NotJson)?;
    match wire.kind.0.as_deref() {
        Some("event_callback") => wire.event(),
        Some("url_verification") => Ok(Inbound::UrlVerification {
            challenge: wire
                .challenge
                .text()
                .ok_or(Unreadable::Missing("challenge"))?,
        }),
        Some(other) => Ok(Inbound::ignored(other)),
        None => Err(Unreadable::Missing("type")),
    }
}

impl Wire<'_> {
    fn event(self) -> Result<Inbound, Unreadable> {
        let event = self.event.0.ok_or(Unreadable::Missing("event"))?.get();
        let event: EventWire<'_> = serde_json::from_str(event).unwrap_or_default();
        let kind = event
            .kind
            .0
            .as_deref()
            .ok_or(Unreadable::Missing("event.type"))?;
        let Some(happened) = event.read(kind)? else {
            return Ok(Inbound::ignored(kind));
        };
        let (workspace, organisation) = self.whose(&event);
        let at = self.event_time.0;
        Ok(Inbound::Event(EventIn {
            workspace: workspace.ok_or(Unreadable::Missing("workspace"))?,
            organisation,
            at: at.and_then(|at| Timestamp::from_second(at).ok()),
            event_id: self.event_id.text(),
            event: happened,
        }))
    }

    /// The workspace, and the organisation.
    fn whose(&self, event: &EventWire<'_>) -> (Option<String>, Option<String>) {
        let authorization = self
            .authorizations
            .0
            .as_ref()
            .and_then(|all| all.first()?.0.as_ref());
        let user_team: UserTeam = event.user_object().unwrap_or_default();
        let is_wide =
            authorization.map_or(self.is_enterprise_install, |it| it.is_enterprise_install);
        let whose = Whose {
            teams: [
                self.team.id.as_deref(),
                authorization.and_then(|it| it.team_id.0.as_deref()),
                self.team_id.0.as_deref(),
                event.team.id.as_deref(),
                event.team_id.0.as_deref(),
                user_team.team_id.0.as_deref(),
            ],
            enterprises: [
                self.enterprise.0.as_deref(),
                authorization.and_then(|it| it.enterprise_id.0.as_deref()),
                self.enterprise_id.0.as_deref(),
                self.team.enterprise_id.as_deref(),
            ],
        };
        (whose.workspace(), whose.organisation(is_wide.0))
    }
}

impl<'a> EventWire<'a> {
    /// `user` as an object, where it is one.
    fn user_object<T: Deserialize<'a>>(&self) -> Option<T> {
        serde_json::from_str(self.user.0?.get()).ok()
    }

    /// `user`, whether an id or an object with one.
    fn user_id(&self) -> Option<String> {
        self.user_object::<Id>()?.0
    }

    fn channel(&self) -> Result<String, Unreadable> {
        self.channel.0.clone().ok_or(Unreadable::Missing("channel"))
    }

    fn user(&self) -> Result<String, Unreadable> {
        self.user_id().ok_or(Unreadable::Missing("user"))
    }

    /// `None` for an event we have no use for.
    fn read(&self, kind: &str) -> Result<Option<Event>, Unreadable> {
        Ok(Some(match kind {
            "user_change" | "team_join" => Event::Person {
                user: self.user()?,
                seen: self.user_object().ok_or(Unreadable::Missing("user"))?,
            },
            "channel_archive" | "group_archive" => Event::ChannelArchived {
                channel: self.channel()?,
            },
            "channel_unarchive" | "group_unarchive" => Event::ChannelUnarchived {
                channel: self.channel()?,
            },
            "channel_shared" => Event::ChannelShared {
                channel: self.channel()?,
            },
            "channel_unshared" => Event::ChannelUnshared {
                channel: self.channel()?,
                is_ext_shared: self.is_ext_shared.0,
            },
            // Words said nowhere can only be passed over.
            "app_mention" | "message" if self.channel.0.is_none() => return Ok(None),
            "app_mention" => Event::Mention(self.wrote()?),
            "message" => Event::Message(self.wrote()?),
            "app_home_opened" => Event::HomeOpened {
                user: self.user()?,
                channel: self.channel.0.clone(),
                tab: self.tab.0.clone(),
            },
            "app_uninstalled" => Event::Uninstalled,
            // Of people's tokens there are none.
            "tokens_revoked" if !self.bots_revoked() => return Ok(None),
            "tokens_revoked" => Event::TokensRevoked,
            _ => return Ok(None),
        }))
    }

    fn bots_revoked(&self) -> bool {
        let bots = self
            .tokens
            .0
            .as_ref()
            .and_then(|tokens| tokens.bot.0.as_ref());
        bots.is_some_and(|bots| !bots.is_empty())
    }

    fn wrote(&self) -> Result<Wrote, Unreadable> {
        Ok(Wrote {
            user: self.user_id(),
            bot_id: self.bot_id.0.clone(),
            channel: self.channel()?,
            channel_type: self.channel_type.0.clone(),
            ts: self.ts.0.clone(),
            thread_ts: self.thread_ts.0.clone(),
            subtype: self.subtype.0.clone(),
            text: self.text.0.clone().unwrap_or_default(),
        })
    }
}
