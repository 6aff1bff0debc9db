//! A place on the panel: what somebody is there for, whether they are excused, and who counts where. How places come and go is in `panel`.

use super::{Head, Phase, PlanPart};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::words::count;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody's place on the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who.
    pub user: UserId,
    /// What they are there for.
    #[serde(default, skip_serializing_if = "SeatRole::is_interviewer")]
    pub role: SeatRole,
    /// What of the interview they take.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub covers: BTreeSet<PlanPart>,
    /// They owe no scorecard, and one that is in does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excused: Option<Excuse>,
    /// When their scorecard came in.
    #[serde(default)]
    pub submitted_at: Option<Timestamp>,
    /// It came in after the reveal.
    #[serde(default)]
    pub late: bool,
    /// When the owner's last nudge reached them, or will: at night it waits for the morning.
    #[serde(default)]
    pub nudged_at: Option<Timestamp>,
    /// From when on they are to score, where that is later than the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// What somebody on the panel is there for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    /// Scores, and counts.
    #[default]
    Interviewer,
    /// Learns: scores like everybody, blind, and counts nowhere.
    Shadow,
    /// Listens: no scorecard.
    Observer,
}

impl SeatRole {
    fn is_interviewer(&self) -> bool {
        *self == Self::Interviewer
    }

    /// The word people read.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Interviewer => "interviewer",
            Self::Shadow => "shadow",
            Self::Observer => "observer",
        }
    }
}

/// That somebody on the panel owes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// Why.
    pub why: ExcusedWhy,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
}

/// Why somebody owes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExcusedWhy {
    /// They should not judge this candidate, and see nothing of what the others gave.
    Recused,
    /// They were not there.
    DidNotAttend,
}

impl Excuse {
    /// What they are told who try to score all the same.
    pub(super) fn refusal(&self) -> Refusal {
        match self.why {
            ExcusedWhy::Recused => Refusal::Recused,
            ExcusedWhy::DidNotAttend => Refusal::Absent,
        }
    }
}

impl ExcusedWhy {
    /// The words people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Recused => "recused",
            Self::DidNotAttend => "did not attend",
        }
    }
}

impl Seat {
    /// An interviewer who has not submitted yet.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self::of(user, SeatRole::Interviewer)
    }

    /// Somebody who has not submitted yet.
    #[must_use]
    pub fn of(user: UserId, role: SeatRole) -> Self {
        Self {
            user,
            role,
            covers: BTreeSet::new(),
            excused: None,
            submitted_at: None,
            late: false,
            nudged_at: None,
            since: None,
        }
    }

    /// Somebody who comes onto the panel of an open loop.
    #[must_use]
    pub fn from_now(user: UserId, role: SeatRole, now: Timestamp) -> Self {
        Self {
            since: Some(now),
            ..Self::of(user, role)
        }
    }

    /// Their ratings go into means, numbers and ranges: interviewers who are not excused.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.role == SeatRole::Interviewer && self.excused.is_none()
    }

    /// They may fill in a scorecard: interviewers and shadows who are not excused.
    #[must_use]
    pub fn scores(&self) -> bool {
        self.role != SeatRole::Observer && self.excused.is_none()
    }

    /// Their scorecard is shown apart, to those who lead the loop: shadows who are not excused.
    #[must_use]
    pub fn shadows(&self) -> bool {
        self.role == SeatRole::Shadow && self.excused.is_none()
    }

    /// They still have to submit one.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.scores() && self.submitted_at.is_none()
    }

    /// Their scorecard is in.
    #[must_use]
    pub fn is_in(&self) -> bool {
        self.submitted_at.is_some()
    }

    /// They must not see what the others gave.
    #[must_use]
    pub fn is_recused(&self) -> bool {
        self.excused
            .as_ref()
            .is_some_and(|excuse| excuse.why == ExcusedWhy::Recused)
    }
}

/// Who counts where.
impl Head {
    /// Somebody's place on the panel.
    #[must_use]
    pub fn seat(&self, user: &UserId) -> Option<&Seat> {
        self.panel.iter().find(|seat| seat.user == *user)
    }

    pub(super) fn seat_mut(&mut self, user: &UserId) -> Option<&mut Seat> {
        self.panel.iter_mut().find(|seat| seat.user == *user)
    }

    /// How many scorecards are in that count.
    #[must_use]
    pub fn submitted(&self) -> usize {
        self.counting().filter(|seat| seat.is_in()).count()
    }

    /// How many scorecards there will be that count: the m of "n of m in".
    #[must_use]
    pub fn expected(&self) -> usize {
        self.counting().count()
    }

    fn counting(&self) -> impl Iterator<Item = &Seat> {
        self.panel.iter().filter(|seat| seat.counts())
    }

    /// Who owes a scorecard, shadows included, in the order of joining: whom to remind.
    pub fn owing(&self) -> impl Iterator<Item = &UserId> {
        self.panel
            .iter()
            .filter(|seat| seat.owes())
            .map(|seat| &seat.user)
    }

    /// Whose scorecard a reveal waits for, in the order of joining: no shadow's.
    pub fn awaited(&self) -> impl Iterator<Item = &UserId> {
        self.counting()
            .filter(|seat| !seat.is_in())
            .map(|seat| &seat.user)
    }

    /// Whether all that a reveal of a named panel waits for are in, and nothing is revealed: then it reveals itself, or its owner does,
    /// where the workspace leaves that to them.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let all_in = self.submitted() > 0 && self.awaited().next().is_none();
        self.phase() == Phase::Open && self.named_panel && all_in
    }

    /// Whether this person must not see what the others gave.
    #[must_use]
    pub fn is_recused(&self, user: &UserId) -> bool {
        self.seat(user).is_some_and(Seat::is_recused)
    }

    /// Whether anybody must not see what the others gave: then the debrief is shown one by one.
    #[must_use]
    pub fn has_recused(&self) -> bool {
        self.panel.iter().any(Seat::is_recused)
    }

    /// How many there are on the panel for this, the excused left out.
    #[must_use]
    pub fn number_of(&self, role: SeatRole) -> usize {
        self.panel
            .iter()
            .filter(|seat| seat.role == role && seat.excused.is_none())
            .count()
    }

    /// `3 interviewers, 1 shadow and 2 observers`, the excused left out.
    pub(super) fn on_the_panel(&self) -> String {
        let all = [SeatRole::Interviewer, SeatRole::Shadow, SeatRole::Observer];
        let some: Vec<String> = all
            .into_iter()
            .map(|role| (role, self.number_of(role)))
            .filter(|(role, number)| *number > 0 || *role == SeatRole::Interviewer)
            .map(|(role, number)| count(number, role.word()))
            .collect();
        match some.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

/// Everybody who is named for a panel, each once, in the order in which they were named.
///
/// # Errors
/// [`Refusal::TwoRoles`] where somebody is named for two things.
pub fn named(
    interviewers: &[UserId],
    shadows: &[UserId],
    observers: &[UserId],
) -> Result<Vec<(UserId, SeatRole)>, Refusal> {
    let mut seats: Vec<(UserId, SeatRole)> = Vec::new();
    for (role, users) in [
        (SeatRole::Interviewer, interviewers),
        (SeatRole::Shadow, shadows),
        (SeatRole::Observer, observers),
    ] {
        for user in users {
            match seats.iter().find(|(named, _)| named == user) {
                None => seats.push((user.clone(), role)),
                Some((_, before)) if *before == role => {}
                Some(_) => {
                    return Err(Refusal::TwoRoles {
                        user: user.clone(),
                        role,
                    });
                }
            }
        }
    }
    Ok(seats)
}
