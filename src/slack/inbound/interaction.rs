//! Clicks, modals, shortcuts and menus. What an action's name means is not in here.

use super::state::{Chosen, State};
use super::wire::Wire;
use super::{Inbound, Unreadable, quiet_debug};
use jiff::Timestamp;

/// A click or a choice (<https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>). Slack's list of
/// actions has held one entry ever since Block Kit; the first counts.
#[derive(Clone, PartialEq, Eq)]
pub struct ActionIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who clicked.
    pub user: String,
    /// Where the message is; none in a modal or Home.
    pub channel: Option<String>,
    /// The element's name, ours.
    pub action_id: String,
    /// Its block's name, ours or made by Slack.
    pub block_id: Option<String>,
    /// When it was clicked, by Slack's clock.
    pub clicked_at: Option<Timestamp>,
    /// What was clicked, typed or picked.
    pub chosen: Chosen,
    /// What else stands in the message or view at this moment.
    pub state: State,
    /// The modal or Home it was in.
    pub view: Option<ViewIn>,
    /// The message it was on.
    pub message_ts: Option<String>,
    /// That message's thread, where it is in one.
    pub thread_ts: Option<String>,
    /// Whether only the clicker sees that message.
    pub is_ephemeral: bool,
    /// For opening a modal within three seconds, once.
    pub trigger_id: Option<String>,
    /// For up to five answers within half an hour; messages only. Works without a token: never log it.
    pub response_url: Option<String>,
}

/// A modal's submit button (<https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload>).
#[derive(Clone, PartialEq, Eq)]
pub struct SubmissionIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who submitted.
    pub user: String,
    /// What was submitted.
    pub view: ViewIn,
    /// What was filled in.
    pub state: State,
    /// For opening a modal within three seconds, once.
    pub trigger_id: Option<String>,
    /// The first of `response_urls`: only where a conversation menu asked for one.
    pub response_url: Option<String>,
}

/// A modal closed without submitting.
#[derive(Clone, PartialEq, Eq)]
pub struct ClosedIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who closed it.
    pub user: String,
    /// The view closed, or the root view.
    pub view: ViewIn,
    /// Whether the whole stack went.
    pub is_cleared: bool,
    /// Not documented; taken where it comes.
    pub trigger_id: Option<String>,
}

/// A global shortcut (<https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload>).
#[derive(Clone, PartialEq, Eq)]
pub struct ShortcutIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who chose it.
    pub user: String,
    /// The shortcut's name, ours.
    pub callback_id: String,
    /// For opening a modal within three seconds, once.
    pub trigger_id: Option<String>,
}

/// A shortcut in a message's menu.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageShortcutIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who chose it.
    pub user: String,
    /// The shortcut's name, ours.
    pub callback_id: String,
    /// Where the message is.
    pub channel: Option<String>,
    /// The message.
    pub message_ts: Option<String>,
    /// Its thread, where it is in one.
    pub thread_ts: Option<String>,
    /// What the message says, in Slack's own writing.
    pub text: Option<String>,
    /// For opening a modal within three seconds, once.
    pub trigger_id: Option<String>,
    /// For up to five answers within half an hour. Works without a token: never log it.
    pub response_url: Option<String>,
}

/// A menu asks for its options; answered with `{"options": […]}`, at most 100
/// (<https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element>).
#[derive(Clone, PartialEq, Eq)]
pub struct SuggestionIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who is looking.
    pub user: String,
    /// Where the message is; none in a modal.
    pub channel: Option<String>,
    /// The menu's name, ours.
    pub action_id: String,
    /// Its block's name.
    pub block_id: Option<String>,
    /// What was typed so far; may be empty.
    pub typed: String,
    /// The modal it is in.
    pub view: Option<ViewIn>,
}

/// A modal or Home as it comes back.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ViewIn {
    /// Its id, for `views.update`.
    pub id: String,
    /// Whether it is the Home tab, and no modal.
    pub is_home: bool,
    /// Its version: an update that names an older one is refused.
    pub hash: Option<String>,
    /// Its name, ours.
    pub callback_id: Option<String>,
    /// What we put in; the person's client could have changed it, so never trust it.
    pub private_metadata: Option<String>,
    /// The first view of its stack.
    pub root_id: Option<String>,
    /// The view right below it.
    pub previous_id: Option<String>,
}

impl ViewIn {
    /// Whether it is the last that a stack of three has room for.
    #[must_use]
    pub fn is_third(&self) -> bool {
        self.previous_id.is_some() && self.previous_id != self.root_id
    }
}

quiet_debug!(
    ActionIn,
    SubmissionIn,
    ClosedIn,
    ShortcutIn,
    MessageShortcutIn,
    SuggestionIn,
    ViewIn,
);

/// Reads the JSON of an interaction: a form's `payload`, or a socket envelope's.
///
/// # Errors
///
/// Names what is missing, for the kinds we know.
pub fn read_interaction(json: &[u8]) -> Result<Inbound, Unreadable> {
    read(std::str::from_utf8(json).map_err(|_| Unreadable::NotJson)?)
}

/// The same of text.
pub(super) fn read(json: &str) -> Result<Inbound, Unreadable> {
    let wire: Wire = serde_json::from_str(json).map_err(|_| Unreadable::NotJson)?;
    match wire.kind() {
        // Nobody, nowhere: a template from a test-suite, not something a person did.
        Some(kind) if wire.is_nobodys() => Ok(Inbound::ignored(kind)),
        Some("block_actions") => wire.action(),
        Some("view_submission") => wire.submission(),
        Some("view_closed") => wire.closed(),
        Some("shortcut") => wire.shortcut(),
        Some("message_action") => wire.message_shortcut(),
        Some("block_suggestion") => wire.suggestion(),
        Some(other) => Ok(Inbound::ignored(other)),
        None => Err(Unreadable::Missing("type")),
    }
}
