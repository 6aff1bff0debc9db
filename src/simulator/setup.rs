//! What a pretend Slack begins with.
//!
//! Not in here: the people and channels (`workspace`).

use super::clock::Pace;
use super::workspace::Workspace;

/// The scopes granted when nothing else is said; a test or demo gives those of its manifest.
pub const DEFAULT_SCOPES: &[&str] = &[
    "commands",
    "chat:write",
    "users:read",
    "channels:read",
    "groups:read",
    "im:write",
    "im:read",
    "usergroups:read",
    "app_mentions:read",
    "team:read",
];

/// The events subscribed to when nothing else is said: all that the simulator tells of.
pub const DEFAULT_EVENTS: &[&str] = &[
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_unarchive",
    "message.im",
    "user_change",
];

/// One of the app's shortcuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The app's id of it.
    pub callback_id: String,
    /// What stands in the menu.
    pub name: String,
    /// What it does, in a few words; may be empty.
    pub description: String,
    /// In the menu of every message; else in Slack's own menu.
    pub on_messages: bool,
}

/// What a pretend Slack begins with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// People and channels.
    pub workspace: Workspace,
    /// How its time passes.
    pub pace: Pace,
    /// The TCP port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// The bot scopes granted.
    pub scopes: Vec<String>,
    /// The events the app subscribes to, as its manifest names them (`message.im`).
    pub events: Vec<String>,
    /// Whether the app has a Home tab.
    pub home: bool,
    /// The app's shortcuts.
    pub shortcuts: Vec<Shortcut>,
    /// The app's slash command, with its slash.
    pub command: String,
    /// What stands beside the command where people type it.
    pub command_hint: String,
    /// What the command does, in a few words.
    pub command_description: String,
    /// Lines that the page offers to try.
    pub suggestions: Vec<String>,
    /// The bot's handle, as in `@interview-assistant`.
    pub bot_name: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            workspace: Workspace::hiring_team(),
            pace: Pace::Stepped,
            port: 0,
            scopes: DEFAULT_SCOPES.iter().map(|s| (*s).to_owned()).collect(),
            events: DEFAULT_EVENTS.iter().map(|e| (*e).to_owned()).collect(),
            home: true,
            shortcuts: Vec::new(),
            command: "/interview".to_owned(),
            command_hint: String::new(),
            command_description: String::new(),
            suggestions: Vec::new(),
            bot_name: "interview-assistant".to_owned(),
        }
    }
}
