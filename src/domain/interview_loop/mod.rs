//! One candidate's run through one role's kit in one channel: its state. What people do with it is in `handle`, what Slack tells it in `observe`.

mod doubt;
mod erase;
mod fill;
mod handle;
mod lead;
mod observe;
mod open;
mod panel;
#[cfg(test)]
mod panel_tests;
mod plan;
mod remind;
mod score;
mod seat;
#[cfg(test)]
mod tests;
mod time;

pub use doubt::{Doubted, Doubts, ENOUGH_INTERVIEWERS, interviewers};
pub use open::{NewLoop, open};
pub use plan::{Covered, PlanPart, coverage};
pub use remind::stirred;
pub use seat::{Excuse, ExcusedWhy, Seat, SeatRole, named};

use super::candidate::{CandidateName, Note};
use super::debrief::Submitted;
use super::erasure::{Erased, Sent};
use super::event::{AuditEntry, Deed, Post, Reply, Trouble};
use super::ids::{ChannelId, KitVersion, LoopCode, MessageTs, UserId};
use super::kit::{Kit, KitRef};
use super::planned::Planned;
use super::scorecard::Scorecard;
use super::settings::RevealRule;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The largest panel taken: more is a slip.
pub const LARGEST_PANEL: usize = 50;
/// How long after one nudge the next one may follow: twelve hours.
pub const NUDGE_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(12);

/// Everything of a loop but its scorecards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Its name for ever.
    pub code: LoopCode,
    /// The kit it began with, and keeps.
    pub kit: KitRef,
    /// The role's title in that kit.
    pub title: String,
    /// Who is interviewed.
    pub candidate: CandidateName,
    /// What tells namesakes apart.
    #[serde(default)]
    pub note: Note,
    /// Which opening of the company's.
    #[serde(default)]
    pub requisition: Note,
    /// A link to the CV.
    #[serde(default)]
    pub cv: Note,
    /// Who leads it.
    pub owner: UserId,
    /// Who opened it.
    pub opened_by: UserId,
    /// When.
    pub opened_at: Timestamp,
    /// When the interview is, where that is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    /// Where its post is.
    pub channel: ChannelId,
    /// Whether everybody in the workspace can read that channel.
    pub public: bool,
    /// What the post calls the candidate.
    pub naming: Naming,
    /// Somebody named the panel; else whoever scores joins it.
    pub named_panel: bool,
    /// Who interviews, shadows or observes, in the order of joining.
    pub panel: Vec<Seat>,
    /// All scorecards shown to all.
    #[serde(default)]
    pub reveal: Option<Reveal>,
    /// The decision that stands.
    #[serde(default)]
    pub decision: Option<Decision>,
    /// Decisions that were changed or taken back.
    #[serde(default)]
    pub past_decisions: Vec<Decision>,
    /// It stopped without a decision.
    #[serde(default)]
    pub withdrawal: Option<Withdrawal>,
    /// It may not be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<LegalHold>,
    /// Who asked to join the panel.
    #[serde(default)]
    pub asked_to_join: BTreeSet<UserId>,
    /// Its messages in Slack.
    #[serde(default)]
    pub messages: Messages,
}

/// What a post calls the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// The whole name.
    Name,
    /// The initials.
    Initials,
}

/// All scorecards shown to all: what was in at that instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveal {
    /// When.
    pub at: Timestamp,
    /// By whom; absent where it followed from the last scorecard.
    pub by: Option<UserId>,
    /// What was in and counts; it never changes.
    pub snapshot: Vec<Submitted>,
    /// What shadows had in: in no figure, and for those who lead the loop only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shadows: Vec<Submitted>,
}

/// A person's decision, with a reason of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which.
    pub verdict: Verdict,
    /// Why.
    pub reason: Note,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Make an offer.
    Hire,
    /// Decide later.
    Hold,
    /// No offer.
    Reject,
}

impl Verdict {
    /// In the order in which the form lists them.
    pub const ALL: [Self; 3] = [Self::Hire, Self::Hold, Self::Reject];

    /// The word on the wire: never changed, only added to.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Hire => "hire",
            Self::Hold => "hold",
            Self::Reject => "reject",
        }
    }

    /// The verdict behind a word on the wire.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hire => "Hire",
            Self::Hold => "Hold",
            Self::Reject => "Reject",
        })
    }
}

/// The end of a loop without a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Note,
}

/// Somebody keeps a loop from being erased: a dispute, or a request of the authorities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Note,
}

/// Where a loop's messages stand in Slack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// The channel's post, the root of the candidate's thread.
    #[serde(default)]
    pub post: Option<MessageTs>,
    /// The debrief.
    #[serde(default)]
    pub debrief: Option<MessageTs>,
    /// The decision.
    #[serde(default)]
    pub decision: Option<MessageTs>,
    /// The post was deleted by hand once and posted anew.
    #[serde(default)]
    pub posted_anew: bool,
    /// What the owner was told already.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// Where a loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Scorecards are coming in; nobody sees another's.
    Open,
    /// All is shown.
    Revealed,
    /// A person decided.
    Decided,
    /// It stopped without a decision.
    Withdrawn,
}

impl Head {
    /// Where the loop stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.withdrawal.is_some() {
            Phase::Withdrawn
        } else if self.decision.is_some() {
            Phase::Decided
        } else if self.reveal.is_some() {
            Phase::Revealed
        } else {
            Phase::Open
        }
    }

    /// When it was decided or withdrawn, if that stands.
    #[must_use]
    pub fn closed_at(&self) -> Option<Timestamp> {
        match (&self.withdrawal, &self.decision) {
            (Some(withdrawal), _) => Some(withdrawal.at),
            (None, decision) => decision.as_ref().map(|decision| decision.at),
        }
    }

    /// What a post in the loop's channel calls the candidate.
    #[must_use]
    pub fn public_name(&self) -> String {
        match self.naming {
            Naming::Name => self.candidate.as_str().to_owned(),
            Naming::Initials => self.candidate.initials(),
        }
    }
}

/// A loop, with as many of its scorecards as the request at hand needs.
#[derive(Clone, Debug, PartialEq)]
pub struct InterviewLoop {
    /// The kit it is pinned to.
    pub kit: Arc<Kit>,
    /// Everything but the scorecards.
    pub head: Head,
    /// Those that were loaded: see [`Needs`].
    pub cards: BTreeMap<UserId, Scorecard>,
    /// When it reveals itself, as the workspace has it set at this moment.
    pub rule: RevealRule,
}

/// Which scorecards a request has to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None.
    Head,
    /// One person's: the cost of a click does not grow with the panel.
    Own(UserId),
    /// Everybody's.
    All,
}

impl Deed {
    /// Which scorecards the deed has to see.
    #[must_use]
    pub fn needs(&self, actor: &UserId) -> Needs {
        match self {
            Self::Rate { .. }
            | Self::RestNotAsked { .. }
            | Self::Write { .. }
            | Self::File { .. } => Needs::Own(actor.clone()),
            Self::Submit(_)
            | Self::Reveal
            | Self::Erase { .. }
            | Self::SetPanel { .. }
            | Self::Recuse
            | Self::DidNotAttend => Needs::All,
            _ => Needs::Head,
        }
    }
}

/// What follows from a request or a fact: the state to keep, what to tell, what is owed to Slack.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The loop as it is from now on.
    pub state: InterviewLoop,
    /// Its head changed.
    pub head_changed: bool,
    /// Whose scorecards changed.
    pub cards_changed: BTreeSet<UserId>,
    /// Who did what.
    pub audit: Vec<AuditEntry>,
    /// What to refresh in Slack.
    pub posts: Vec<Post>,
    /// What stands in Slack from now on beside what the head names, to be taken back should the loop be erased.
    pub sent: Vec<Sent>,
    /// It is erased, and this stays.
    pub erased: Option<Erased>,
    /// What the person who acted is told.
    pub reply: Reply,
}

impl Outcome {
    fn unchanged(state: InterviewLoop, reply: Reply) -> Self {
        Self {
            state,
            head_changed: false,
            cards_changed: BTreeSet::new(),
            audit: Vec::new(),
            posts: Vec::new(),
            sent: Vec::new(),
            erased: None,
            reply,
        }
    }

    fn owes(mut self, post: Post) -> Self {
        if !self.posts.contains(&post) {
            self.posts.push(post);
        }
        self
    }

    /// Whether there is anything to keep.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        !self.head_changed
            && self.cards_changed.is_empty()
            && self.audit.is_empty()
            && self.posts.is_empty()
            && self.sent.is_empty()
            && self.erased.is_none()
    }
}

/// The version of a kit that a loop is pinned to, shortened to what people compare by eye.
#[must_use]
pub fn short(version: &KitVersion) -> &str {
    version.as_str().get(..6).unwrap_or(version.as_str())
}
