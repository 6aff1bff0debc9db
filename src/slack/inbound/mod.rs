//! What Slack sent, read into small structs of our own. What it means, and what to answer, is not in here.
//!
//! Read in two steps: the kind first, then only the fields we use. Unknown kinds are [`Inbound::Ignored`], unknown
//! fields are skipped, and a field that is null or of another type counts as missing; slack-morphism's models lose
//! whole payloads over less (`team: null` of an org-wide install, a new container type).
//!
//! The structs hold what people typed and URLs that work without a token, so their `Debug` prints only their name.

mod command;
mod event;
mod interaction;
pub(crate) mod lenient;
mod payload;
mod state;
mod wire;
mod workspace;

#[cfg(test)]
mod tests;

use crate::telemetry::figures::Kind;
use std::fmt;

pub use self::command::{CommandIn, read_command_form, read_command_json};
pub use self::event::{Event, EventIn, read_event};
pub use self::interaction::{
    ActionIn, ClosedIn, MessageShortcutIn, ShortcutIn, SubmissionIn, SuggestionIn, ViewIn,
    read_interaction,
};
pub use self::state::{Chosen, State};

/// One thing Slack sent.
pub enum Inbound {
    /// A slash command.
    Command(CommandIn),
    /// A click or a choice in a message, a modal or Home.
    Action(Box<ActionIn>),
    /// A modal's submit button.
    Submission(Box<SubmissionIn>),
    /// A modal was closed without submitting; only sent for views with `notify_on_close`.
    Closed(ClosedIn),
    /// A global shortcut.
    Shortcut(ShortcutIn),
    /// A shortcut in a message's menu.
    MessageShortcut(MessageShortcutIn),
    /// A menu asks for its options.
    Suggestion(SuggestionIn),
    /// Something happened.
    Event(EventIn),
    /// Slack checks that the request URL is ours.
    UrlVerification {
        /// To be sent back.
        challenge: String,
    },
    /// Slack checks our certificate (<https://docs.slack.dev/interactivity/implementing-slash-commands>).
    SslCheck,
    /// Something we have no use for; it is acknowledged.
    Ignored {
        /// Slack's name of it, never longer than [`Inbound::KIND_LENGTH`] characters.
        kind: String,
    },
}

impl Inbound {
    /// How much of an unknown kind's name is kept, in characters: it goes to the log.
    pub const KIND_LENGTH: usize = 64;

    pub(crate) fn ignored(kind: &str) -> Self {
        Self::Ignored {
            kind: kind.chars().take(Self::KIND_LENGTH).collect(),
        }
    }

    /// Slack's name for this kind of thing, for logs.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Command(_) => "slash_command",
            Self::Action(_) => "block_actions",
            Self::Submission(_) => "view_submission",
            Self::Closed(_) => "view_closed",
            Self::Shortcut(_) => "shortcut",
            Self::MessageShortcut(_) => "message_action",
            Self::Suggestion(_) => "block_suggestion",
            Self::Event(event) => event.event.kind(),
            Self::UrlVerification { .. } => "url_verification",
            Self::SslCheck => "ssl_check",
            Self::Ignored { kind } => kind,
        }
    }

    /// What sort of thing it is, for counting.
    #[must_use]
    pub fn sort(&self) -> Kind {
        match self {
            Self::Command(_) => Kind::command,
            Self::Action(_) => Kind::action,
            Self::Submission(_) => Kind::submission,
            Self::Closed(_) => Kind::closed,
            Self::Shortcut(_) | Self::MessageShortcut(_) => Kind::shortcut,
            Self::Suggestion(_) => Kind::suggestion,
            Self::Event(_) => Kind::event,
            Self::UrlVerification { .. } | Self::SslCheck => Kind::handshake,
            Self::Ignored { .. } => Kind::ignored,
        }
    }

    /// What makes two deliveries the same one: an event's id, else the trigger id, which is fresh for every click (with
    /// the action's name, because a trigger may carry several). Never the socket's envelope id, which is new each time.
    ///
    /// `None` where Slack sends neither: a closed modal, a menu's question, things we ignore.
    #[must_use]
    pub fn delivery_key(&self) -> Option<String> {
        match self {
            Self::Event(event) => event.event_id.clone(),
            Self::Action(action) => {
                let trigger = action.trigger_id.as_ref()?;
                Some(format!("{trigger}/{}", action.action_id))
            }
            Self::Command(command) => command.trigger_id.clone(),
            Self::Submission(submission) => submission.trigger_id.clone(),
            Self::Closed(closed) => closed.trigger_id.clone(),
            Self::Shortcut(shortcut) => shortcut.trigger_id.clone(),
            Self::MessageShortcut(shortcut) => shortcut.trigger_id.clone(),
            Self::Suggestion(_)
            | Self::UrlVerification { .. }
            | Self::SslCheck
            | Self::Ignored { .. } => None,
        }
    }

    /// The workspace it belongs to: the team's id, or the enterprise's where an org-wide installation names no team.
    #[must_use]
    pub fn workspace(&self) -> Option<&str> {
        Some(match self {
            Self::Command(it) => &it.workspace,
            Self::Action(it) => &it.workspace,
            Self::Submission(it) => &it.workspace,
            Self::Closed(it) => &it.workspace,
            Self::Shortcut(it) => &it.workspace,
            Self::MessageShortcut(it) => &it.workspace,
            Self::Suggestion(it) => &it.workspace,
            Self::Event(it) => &it.workspace,
            Self::UrlVerification { .. } | Self::SslCheck | Self::Ignored { .. } => return None,
        })
    }
}

impl Inbound {
    /// The organisation whose org-wide installation it was sent for; none where it was a workspace's own.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        match self {
            Self::Command(it) => it.organisation.as_deref(),
            Self::Action(it) => it.organisation.as_deref(),
            Self::Submission(it) => it.organisation.as_deref(),
            Self::Closed(it) => it.organisation.as_deref(),
            Self::Shortcut(it) => it.organisation.as_deref(),
            Self::MessageShortcut(it) => it.organisation.as_deref(),
            Self::Suggestion(it) => it.organisation.as_deref(),
            Self::Event(it) => it.organisation.as_deref(),
            Self::UrlVerification { .. } | Self::SslCheck | Self::Ignored { .. } => None,
        }
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbound({})", self.kind())
    }
}

/// A payload that cannot be used. Says what was missing and nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, not an object, or nested too deep.
    #[error("it is not a JSON object")]
    NotJson,
    /// Neither a command nor an interaction.
    #[error("the form has neither a command nor a payload")]
    NotOurs,
    /// Something we cannot do without.
    #[error("it has no {0}")]
    Missing(&'static str),
}

/// Structs that hold what people typed print only their name.
macro_rules! quiet_debug {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}
pub(crate) use quiet_debug;
