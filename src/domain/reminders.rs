//! What somebody was reminded of, so that nobody is reminded too often. When a reminder is due is reckoned in `schedule`.

use super::ids::{LoopCode, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many reminders name one loop, at most.
pub const MOST: u32 = 5;

/// What one person was reminded of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// Who.
    pub user: UserId,
    /// By loop, for those of which they may have to be reminded again.
    #[serde(default)]
    pub loops: BTreeMap<LoopCode, Reminded>,
    /// When the last one was begun: there is one a local day, whatever becomes of their time zone.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// What stood here before the last one was begun: so it is again, where the call for it certainly did nothing.
    #[serde(default)]
    pub before: Option<Before>,
}

/// What stood before a reminder was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The loops that it names, as they were.
    pub loops: BTreeMap<LoopCode, Reminded>,
    /// When the one before it was begun.
    pub last: Option<Timestamp>,
}

/// How often somebody was reminded of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// How many reminders named it.
    #[serde(default)]
    pub times: u32,
    /// They asked to be left alone until then, and to be reminded then.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
}

impl Reminded {
    /// Whether no reminder names it any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.times >= MOST
    }
}

/// For how long somebody wants to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Later {
    /// Two hours.
    TwoHours,
    /// Until the next morning of work.
    NextMorning,
    /// Until the morning in two days, or the next one of work.
    TwoDays,
}

impl Later {
    /// In the order in which the menu lists them.
    pub const ALL: [Self; 3] = [Self::TwoHours, Self::NextMorning, Self::TwoDays];

    /// The word on the wire: never changed, only added to.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::TwoHours => "two_hours",
            Self::NextMorning => "next_morning",
            Self::TwoDays => "two_days",
        }
    }

    /// What is behind a word on the wire.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }
}

impl Reminders {
    /// Of somebody who was reminded of nothing yet.
    #[must_use]
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            loops: BTreeMap::new(),
            last: None,
            before: None,
        }
    }

    /// How often they were reminded of a loop.
    #[must_use]
    pub fn of_loop(&self, code: &LoopCode) -> Reminded {
        self.loops.get(code).copied().unwrap_or_default()
    }

    /// A reminder that names these loops is about to be sent.
    pub fn begin(&mut self, codes: &[LoopCode], at: Timestamp) {
        let named = codes.iter().map(|code| (code.clone(), self.of_loop(code)));
        self.before = Some(Before {
            loops: named.collect(),
            last: self.last.replace(at),
        });
        for code in codes {
            let reminded = self.loops.entry(code.clone()).or_default();
            reminded.times += 1;
            reminded.not_before = None;
        }
    }

    /// The reminder that was begun last certainly was not sent.
    pub fn take_back(&mut self) {
        let Some(before) = self.before.take() else {
            return;
        };
        self.last = before.last;
        for (code, was) in before.loops {
            if let Some(reminded) = self.loops.get_mut(&code) {
                reminded.times = was.times;
                // What they asked for meanwhile holds.
                reminded.not_before = reminded.not_before.or(was.not_before);
            }
        }
    }

    /// They want to be left alone with what they were reminded of. Tells which loops of these that is.
    pub fn put_off<'a>(&mut self, owed: &'a [LoopCode], until: Timestamp) -> Vec<&'a LoopCode> {
        let mut put_off = Vec::new();
        for code in owed {
            let reminded = self.loops.get_mut(code);
            if let Some(reminded) = reminded.filter(|it| it.times > 0 && !it.is_over()) {
                reminded.not_before = Some(until);
                put_off.push(code);
            }
        }
        put_off
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn codes() -> [LoopCode; 3] {
        ["C-0001", "C-0002", "C-0003"].map(LoopCode::from)
    }

    #[test]
    fn a_reminder_that_was_not_sent_counts_for_nothing() {
        let [one, two, _] = codes();
        let mut reminders = Reminders::of(UserId::from("U1"));
        reminders.begin(std::slice::from_ref(&one), at(1));
        reminders.put_off(std::slice::from_ref(&one), at(5));
        let before = reminders.clone();
        reminders.begin(&[one.clone(), two.clone()], at(9));
        assert_eq!(reminders.of_loop(&one).times, 2);
        assert_eq!(reminders.of_loop(&one).not_before, None);
        assert_eq!(
            (reminders.of_loop(&two).times, reminders.last),
            (1, Some(at(9)))
        );
        reminders.take_back();
        assert_eq!(reminders.last, before.last);
        assert_eq!(reminders.of_loop(&one), before.of_loop(&one));
        assert_eq!(reminders.of_loop(&two), Reminded::default());
        let once = reminders.clone();
        reminders.take_back();
        assert_eq!(reminders, once);
    }

    #[test]
    fn only_what_they_were_reminded_of_is_put_off() {
        let codes = codes();
        let [one, two, _] = &codes;
        let mut reminders = Reminders::of(UserId::from("U1"));
        for second in 0..5 {
            reminders.begin(std::slice::from_ref(two), at(second));
        }
        reminders.begin(std::slice::from_ref(one), at(9));
        assert!(reminders.of_loop(two).is_over());
        assert_eq!(reminders.put_off(&codes, at(20)), [one]);
        assert_eq!(reminders.of_loop(one).not_before, Some(at(20)));
    }
}
