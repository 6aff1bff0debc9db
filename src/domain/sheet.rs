//! Small records that stand on their own: settings, preferences, digests, reminders, and to which organisation a workspace belongs. What is in them is in their own drawers.

use super::digest::Digest;
use super::ids::{ChannelId, UserId, WorkspaceId};
use super::reminders::Reminders;
use super::settings::{Preferences, Settings};
use serde::{Deserialize, Serialize};

/// Which sheet of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SheetId {
    /// What administrators set for everybody.
    Settings,
    /// What somebody set for themselves.
    Preferences(UserId),
    /// A channel's digest.
    Digest(ChannelId),
    /// What somebody was reminded of.
    Reminders(UserId),
    /// The organisation whose installation serves the workspace.
    Organisation,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    /// What administrators set for everybody.
    Settings(Settings),
    /// What somebody set for themselves.
    Preferences(Preferences),
    /// A channel's digest.
    Digest(Digest),
    /// What somebody was reminded of.
    Reminders(Reminders),
    /// The organisation whose installation serves the workspace.
    Organisation(WorkspaceId),
}

impl Sheet {
    /// Which one it is.
    #[must_use]
    pub fn id(&self) -> SheetId {
        match self {
            Self::Settings(_) => SheetId::Settings,
            Self::Preferences(preferences) => SheetId::Preferences(preferences.user.clone()),
            Self::Digest(digest) => SheetId::Digest(digest.channel.clone()),
            Self::Reminders(reminders) => SheetId::Reminders(reminders.user.clone()),
            Self::Organisation(_) => SheetId::Organisation,
        }
    }
}
