//! What administrators set for everybody, and what people set for themselves. Who may set it is in `access`.

use super::candidate::Note;
use super::days::Days;
use super::digest::time_of_day;
use super::ids::UserId;
use super::refusal::Refusal;
use super::words::shortened;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
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
    /// How long loops are kept; absent: for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// Who changed them last; absent while nobody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Changed>,
}

/// How long loops are kept once they are decided or withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// So many months.
    pub months: u16,
    /// Since when it is set.
    pub since: Timestamp,
}

impl Retention {
    /// What may be chosen: a slip of a digit erases nothing.
    pub const MONTHS: [u16; 5] = [3, 6, 12, 24, 36];
    /// How long nothing is erased after it was set: whoever did has a week to think better of it, and others to put a hold on what they need.
    pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// When the time of a loop is up that was closed then.
    #[must_use]
    pub fn ends(&self, closed: Timestamp) -> Timestamp {
        let kept = Span::new().months(self.months);
        let ends = closed.to_zoned(TimeZone::UTC).checked_add(kept);
        let ends = ends.map_or(Timestamp::MAX, |ends| ends.timestamp());
        ends.max(self.starts())
    }

    /// Before when nothing is erased.
    #[must_use]
    pub fn starts(&self) -> Timestamp {
        let starts = self.since.checked_add(Self::GRACE);
        starts.unwrap_or(Timestamp::MAX)
    }
}

/// Who changed something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
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

/// What somebody sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// For themselves: to be reminded of scorecards they owe.
    Reminders(bool),
    /// For themselves: to get the kit and their part before a planned interview.
    Briefings(bool),
    /// For themselves: the time zone they live in, as they typed it; empty: the one that Slack tells.
    Zone(Note),
    /// For everybody.
    Workspace(FilledIn),
}

/// What administrators filled in for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledIn {
    /// How often the settings had been written when the form was drawn.
    pub drawn_from: u64,
    /// When people begin to work, `09:00`.
    pub begins: String,
    /// When they end.
    pub ends: String,
    /// The days on which they work, by name.
    pub days: Vec<String>,
    /// When a loop with a named panel reveals itself.
    pub reveal: RevealRule,
    /// What a post in a public channel calls the candidate.
    pub naming: NamingRule,
    /// Who may open loops.
    pub openers: Openers,
    /// For how many months loops are kept; absent: for good.
    #[serde(default)]
    pub retention: Option<u16>,
}

impl FilledIn {
    /// How long loops are kept, in place of what was set until now. What stays as it was counts since it was set.
    #[must_use]
    pub fn retention(&self, before: Option<Retention>, now: Timestamp) -> Option<Retention> {
        let months = self.retention.filter(|it| Retention::MONTHS.contains(it))?;
        let same = before.filter(|before| before.months == months);
        Some(same.unwrap_or(Retention { months, since: now }))
    }

    /// The hours in which people work.
    ///
    /// # Errors
    /// Where there is no day, or they end before they begin.
    pub fn working(&self) -> Result<WorkingHours, Refusal> {
        let time = |text: &str| {
            time_of_day(text).ok_or_else(|| Refusal::NotATime {
                word: shortened(text, 40),
            })
        };
        let hours = WorkingHours {
            from: time(&self.begins)?,
            to: time(&self.ends)?,
            days: Days::parse_all(&self.days).map_err(|_| Refusal::DaysMissing)?,
        };
        if hours.to <= hours.from {
            return Err(Refusal::HoursBackwards);
        }
        Ok(hours)
    }
}
