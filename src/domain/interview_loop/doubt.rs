//! What gives pause about a panel: more interviewers than help, or somebody with the candidate's name. Whoever makes it may go on all the same.

use super::SeatRole;
use crate::domain::ids::{DraftId, LoopCode, UserId};
use crate::domain::words::{Words, count};
use serde::{Deserialize, Serialize};

/// From one more interviewer on, somebody is asked whether they mean it. Google found that four interviews told as much as any larger
/// number (its "rule of four").
pub const ENOUGH_INTERVIEWERS: usize = 4;

/// What gives pause about a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Doubts {
    /// How many interviewers there would be, where those are more than [`ENOUGH_INTERVIEWERS`] and more than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interviewers: Option<usize>,
    /// Who is new on it and has the candidate's name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namesakes: Vec<UserId>,
}

/// The panel that gives pause, as far as it has to be kept until somebody goes on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubted {
    /// That of a loop to be opened, which waits.
    Opening(DraftId),
    /// The whole panel of a loop, anew.
    Panel {
        /// Which loop.
        code: LoopCode,
        /// Who, for what.
        panel: Vec<(UserId, SeatRole)>,
    },
    /// One more on the panel of a loop.
    Admission {
        /// Which loop.
        code: LoopCode,
        /// Who.
        user: UserId,
    },
}

impl Doubts {
    /// About a panel of so many interviewers, where there were so many before.
    #[must_use]
    pub fn of(interviewers: usize, before: usize, namesakes: Vec<UserId>) -> Self {
        let many = interviewers > ENOUGH_INTERVIEWERS.max(before);
        Self {
            interviewers: many.then_some(interviewers),
            namesakes,
        }
    }

    /// Nothing gives pause.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.interviewers.is_none() && self.namesakes.is_empty()
    }

    /// A paragraph for each.
    #[must_use]
    pub fn words(&self) -> Vec<Words> {
        let many = self.interviewers.map(|number| {
            let number = count(number, SeatRole::Interviewer.word());
            Words::from(format!("That makes {number}; four usually suffice. One more seldom changes what is decided, and costs the candidate as much time as the others did."))
        });
        let namesakes = (!self.namesakes.is_empty()).then(|| {
            let has = if self.namesakes.len() == 1 {
                " has the candidate's name. Nobody interviews themself: unless that is somebody else, leave them out."
            } else {
                " have the candidate's name. Nobody interviews themself: unless those are others, leave them out."
            };
            Words::new().people(&self.namesakes).text(has)
        });
        many.into_iter().chain(namesakes).collect()
    }
}

/// How many of a panel interview.
#[must_use]
pub fn interviewers(panel: &[(UserId, SeatRole)]) -> usize {
    let interview = |(_, role): &&(UserId, SeatRole)| *role == SeatRole::Interviewer;
    panel.iter().filter(interview).count()
}
