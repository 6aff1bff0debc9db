//! What administrators set for everybody, and what people set for themselves. Who may set it is in `access`.

use super::days::Days;
use super::ids::UserId;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// What administrators set for everybody in a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// When people are at work, each in their own time zone.
    pub working: WorkingHours,
    /// When a loop with a named panel reveals itself.
    pub reveal: RevealRule,
    /// What a post in a public channel calls the candidate.
    pub naming: NamingRule,
    /// Who may open loops.
    pub openers: Openers,
}

/// The hours in which people are reminded, each in their own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// From this time of day on.
    pub from: Time,
    /// Until this time of day.
    pub to: Time,
    /// On these days.
    pub days: Days,
}

impl Default for WorkingHours {
    /// From nine to six on weekdays.
    fn default() -> Self {
        Self {
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(18, 0, 0, 0),
            days: Days::WEEKDAYS,
        }
    }
}

/// When a loop with a named panel reveals itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealRule {
    /// When the last scorecard is in.
    #[default]
    WhenAllAreIn,
    /// Never by itself: its owner does it.
    ByTheOwner,
}

/// What a post in a public channel calls the candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamingRule {
    /// Whoever opens the loop is asked.
    #[default]
    Ask,
    /// Always the initials.
    Initials,
}

/// Who may open loops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Openers {
    /// Every member.
    #[default]
    Everybody,
    /// Administrators.
    Administrators,
}

/// What somebody set for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Whose.
    pub user: UserId,
    /// They are reminded of scorecards they owe.
    #[serde(default = "yes")]
    pub reminders: bool,
    /// They get the kit and their part before a planned interview.
    #[serde(default = "yes")]
    pub briefings: bool,
    /// The IANA name of the time zone they chose; absent: the one that Slack tells.
    #[serde(default)]
    pub zone: Option<String>,
}

impl Preferences {
    /// Of somebody who has set nothing.
    #[must_use]
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            reminders: true,
            briefings: true,
            zone: None,
        }
    }
}

fn yes() -> bool {
    true
}
