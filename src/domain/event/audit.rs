//! Who did what to a loop: kept for ever beside it. What it led to is in the loop's own state.

use crate::domain::candidate::{CandidateName, Note};
use crate::domain::ids::{ChannelId, QuestionId, UserId};
use crate::domain::interview_loop::{PlanPart, SeatRole, Verdict};
use crate::domain::scorecard::{Mark, Recommendation};
use serde::{Deserialize, Serialize};

/// Who did what to a loop, and when: kept for ever beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: jiff::Timestamp,
    /// Who; absent where it follows from what others did.
    pub actor: Option<UserId>,
    /// What.
    pub what: Audited,
}

/// What was done. Its `Debug` may hold ratings and is never logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audited {
    /// The loop began.
    Opened,
    /// Somebody joined the panel.
    Joined(UserId),
    /// A mark.
    Rated {
        /// Which question.
        question: QuestionId,
        /// What stood there.
        from: Option<Mark>,
        /// What stands there.
        to: Mark,
    },
    /// A note.
    Wrote {
        /// Which question.
        question: QuestionId,
        /// What it says now.
        note: Note,
    },
    /// The notes on what was asked beside the kit.
    Noted {
        /// What they say now.
        note: Note,
    },
    /// A scorecard came in.
    Submitted {
        /// What they would do.
        recommendation: Recommendation,
        /// Their line of evidence.
        reason: Note,
        /// After the reveal.
        late: bool,
    },
    /// All scorecards were shown.
    Revealed {
        /// By its owner, before all were in.
        early: bool,
        /// How many were in.
        scorecards: usize,
    },
    /// Hire, hold or reject.
    Decided {
        /// Which.
        verdict: Verdict,
        /// Why.
        reason: Note,
    },
    /// Another name.
    Renamed {
        /// The name until then.
        from: CandidateName,
    },
    /// Another owner.
    HandedOver {
        /// Until then.
        from: UserId,
        /// From then on.
        to: UserId,
    },
    /// The panel changed.
    PanelSet {
        /// Who came.
        added: Vec<UserId>,
        /// Who went.
        removed: Vec<UserId>,
    },
    /// Those who owe were reminded.
    Nudged(Vec<UserId>),
    /// Somebody asked to join.
    AskedToJoin,
    /// Somebody takes these parts of the interview from now on.
    Covers {
        /// Who.
        user: UserId,
        /// All that they take.
        parts: Vec<PlanPart>,
    },
    /// Somebody recused themself.
    Recused,
    /// Somebody said that they were not there.
    DidNotAttend,
    /// People who were excused owe a scorecard again.
    PutBack(Vec<UserId>),
    /// What people on the panel are there for from now on.
    RolesSet(Vec<(UserId, SeatRole)>),
    /// The interview was planned, moved, or is not planned any more.
    Planned {
        /// For when it was planned until then.
        from: Option<jiff::Timestamp>,
        /// For when it is planned from then on.
        to: Option<jiff::Timestamp>,
    },
    /// A decision or a withdrawal was taken back.
    Reopened,
    /// It stopped without a decision.
    Withdrawn {
        /// Why.
        reason: Note,
    },
    /// A legal hold keeps it from being erased.
    Held {
        /// Why.
        reason: Note,
    },
    /// It may be erased again.
    HoldLifted,
    /// It goes on in another channel.
    Moved {
        /// Until then.
        from: ChannelId,
        /// From then on.
        to: ChannelId,
    },
}
