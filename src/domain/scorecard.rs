//! One interviewer's scorecard: ratings, evidence, recommendation. Who may see it is in `access`.

use super::candidate::Note;
use super::clicks::Clicks;
use super::ids::{QuestionId, UserId};
use super::kit::{Kit, Section};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How good an answer was, on four steps without a middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// 1
    Poor,
    /// 2
    Mixed,
    /// 3
    Good,
    /// 4
    Excellent,
}

impl Rating {
    /// From the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::Poor, Self::Mixed, Self::Good, Self::Excellent];

    /// 1 to 4, for the arithmetic of the debrief.
    #[must_use]
    pub fn points(self) -> u32 {
        match self {
            Self::Poor => 1,
            Self::Mixed => 2,
            Self::Good => 3,
            Self::Excellent => 4,
        }
    }

    /// At either end of the scale, where a line of evidence is required.
    #[must_use]
    pub fn is_extreme(self) -> bool {
        matches!(self, Self::Poor | Self::Excellent)
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Poor => "Poor",
            Self::Mixed => "Mixed",
            Self::Good => "Good",
            Self::Excellent => "Excellent",
        };
        write!(f, "{} {word}", self.points())
    }
}

/// What an interviewer clicked on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It was asked and answered.
    Rated(Rating),
    /// It was left out; it counts nowhere.
    NotAsked,
}

impl Mark {
    /// Every button under a question, from left to right.
    pub const ALL: [Self; 5] = [
        Self::Rated(Rating::Poor),
        Self::Rated(Rating::Mixed),
        Self::Rated(Rating::Good),
        Self::Rated(Rating::Excellent),
        Self::NotAsked,
    ];

    /// The rating, if it was asked.
    #[must_use]
    pub fn rating(self) -> Option<Rating> {
        match self {
            Self::Rated(rating) => Some(rating),
            Self::NotAsked => None,
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rated(rating) => rating.fmt(f),
            Self::NotAsked => f.write_str("Not asked"),
        }
    }
}

/// What an interviewer would do. It is asked last and never merged into a mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recommendation {
    /// Certainly.
    StrongYes,
    /// Rather.
    Yes,
    /// Rather not.
    No,
    /// Certainly not.
    StrongNo,
    /// The interview did not tell.
    NotEnoughSignal,
}

impl Recommendation {
    /// In the order in which the form lists them.
    pub const ALL: [Self; 5] = [
        Self::StrongNo,
        Self::No,
        Self::Yes,
        Self::StrongYes,
        Self::NotEnoughSignal,
    ];

    /// The word on the wire: never changed, only added to.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::StrongNo => "strong_no",
            Self::No => "no",
            Self::Yes => "yes",
            Self::StrongYes => "strong_yes",
            Self::NotEnoughSignal => "not_enough_signal",
        }
    }

    /// The recommendation behind a word on the wire.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StrongNo => "Strong no",
            Self::No => "No",
            Self::Yes => "Yes",
            Self::StrongYes => "Strong yes",
            Self::NotEnoughSignal => "Not enough signal",
        })
    }
}

/// A mark that was changed when everybody could already see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateChange {
    /// Which question.
    pub question: QuestionId,
    /// What stood there.
    pub from: Option<Mark>,
    /// What stands there now.
    pub to: Mark,
    /// When.
    pub at: Timestamp,
}

/// One interviewer's ratings, evidence and recommendation. Its `Debug` prints none of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Whose it is, and until the reveal the only one who may see it.
    pub author: UserId,
    /// The last click on each question.
    #[serde(default)]
    pub marks: BTreeMap<QuestionId, Mark>,
    /// What was written under each question.
    #[serde(default)]
    pub evidence: BTreeMap<QuestionId, Note>,
    /// Asked last.
    #[serde(default)]
    pub recommendation: Option<Recommendation>,
    /// The line of evidence for the recommendation.
    #[serde(default)]
    pub reason: Note,
    /// What was asked beside the kit.
    #[serde(default)]
    pub beside_the_kit: Note,
    /// The last change of anything above.
    pub saved_at: Timestamp,
    /// Changes since the reveal; the snapshot does not move with them.
    #[serde(default)]
    pub late_changes: Vec<LateChange>,
    /// In which order the last marks were clicked.
    #[serde(default, skip_serializing_if = "Clicks::is_empty")]
    pub clicks: Clicks,
}

impl Scorecard {
    /// An empty one.
    #[must_use]
    pub fn new(author: UserId, now: Timestamp) -> Self {
        Self {
            author,
            marks: BTreeMap::new(),
            evidence: BTreeMap::new(),
            recommendation: None,
            reason: Note::default(),
            beside_the_kit: Note::default(),
            saved_at: now,
            late_changes: Vec::new(),
            clicks: Clicks::default(),
        }
    }

    /// The questions still without a mark, in the kit's order.
    pub fn unmarked<'a>(&'a self, kit: &'a Kit) -> impl Iterator<Item = &'a super::kit::Question> {
        kit.asked()
            .filter(|question| !self.marks.contains_key(&question.id))
    }

    /// The questions rated 1 or 4 with nothing written under them, in the kit's order.
    pub fn unexplained<'a>(
        &'a self,
        kit: &'a Kit,
    ) -> impl Iterator<Item = &'a super::kit::Question> {
        kit.asked().filter(|question| {
            let extreme = self
                .marks
                .get(&question.id)
                .and_then(|mark| mark.rating())
                .is_some_and(Rating::is_extreme);
            extreme && self.evidence.get(&question.id).is_none_or(Note::is_empty)
        })
    }

    /// How many questions have a mark.
    #[must_use]
    pub fn marked(&self, kit: &Kit) -> usize {
        kit.asked()
            .filter(|question| self.marks.contains_key(&question.id))
            .count()
    }

    /// How many questions of one section have a mark, and how many there are.
    #[must_use]
    pub fn progress(&self, kit: &Kit, section: Section) -> (usize, usize) {
        let all = kit.section(section).count();
        let marked = kit
            .section(section)
            .filter(|question| self.marks.contains_key(&question.id))
            .count();
        (marked, all)
    }
}

impl fmt::Debug for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scorecard")
            .field("author", &self.author)
            .finish_non_exhaustive()
    }
}
