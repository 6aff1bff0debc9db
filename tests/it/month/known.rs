//! What the walk knows of the team: its loops, who owes what, how the people live. What the bot does is not in here.

use crate::harness::Member;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Open,
    Revealed,
    Withdrawn,
}

#[derive(Clone, Debug)]
pub struct Seat {
    pub since: Timestamp,
    pub submitted: Option<Timestamp>,
    /// They were not there.
    pub absent: bool,
    /// Grows whenever they come anew.
    pub comings: usize,
}

impl Seat {
    pub fn owes(&self) -> bool {
        self.submitted.is_none() && !self.absent
    }
}

/// What the walk knows of a loop.
#[derive(Clone, Debug)]
pub struct Loop {
    pub code: String,
    pub opened: Timestamp,
    pub stage: Stage,
    pub panel: BTreeMap<usize, Seat>,
    pub planned: Option<Timestamp>,
    /// Grows with every change of the plan.
    pub plans: usize,
}

/// How long a planned interview takes.
pub const LENGTH: SignedDuration = SignedDuration::from_mins(45);

impl Loop {
    pub fn owes(&self, who: usize) -> bool {
        self.stage == Stage::Open && self.panel.get(&who).is_some_and(Seat::owes)
    }

    /// A panel reveals itself when nobody on it owes and somebody has submitted.
    pub fn may_be_revealed(&mut self) {
        let all = || self.panel.values();
        let is_in = all().any(|it| it.submitted.is_some() && !it.absent);
        if self.stage == Stage::Open && is_in && !all().any(Seat::owes) {
            self.stage = Stage::Revealed;
        }
    }

    /// Before when nobody is reminded.
    pub fn reminded_from(&self, who: usize) -> Timestamp {
        let since = self.panel[&who].since.max(self.opened);
        let a_day = since + SignedDuration::from_hours(24);
        let first = self.panel.values().filter_map(|it| it.submitted).min();
        let hour = SignedDuration::from_hours(1);
        match (self.planned, first) {
            (Some(begins), _) if begins + LENGTH >= since => begins + LENGTH + hour,
            (None, Some(first)) if first >= since && first <= a_day => first + hour,
            _ => a_day,
        }
    }
}

pub struct Somebody {
    pub member: Member,
    pub zone: String,
    pub here: bool,
    /// How many of their messages were looked at.
    pub seen: usize,
    pub reminded: Option<Timestamp>,
    /// They asked to be reminded later since the last reminder.
    pub asked: bool,
}
