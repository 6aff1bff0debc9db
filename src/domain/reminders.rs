//! What somebody was reminded of, so that nobody is reminded too often. When a reminder is due is reckoned in `schedule`.

use super::ids::{LoopCode, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one person was reminded of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// Who.
    pub user: UserId,
    /// By loop, for those to which they owe a scorecard.
    #[serde(default)]
    pub loops: BTreeMap<LoopCode, Reminded>,
}

impl Reminders {
    /// Of somebody who was reminded of nothing yet.
    #[must_use]
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            loops: BTreeMap::new(),
        }
    }
}

/// How often somebody was reminded of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// How many reminders named it.
    #[serde(default)]
    pub times: u32,
    /// The local date of the last one.
    #[serde(default)]
    pub last: Option<Date>,
    /// They asked to be left alone until then.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
}
