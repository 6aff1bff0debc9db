//! What digests are drawn from: what they say, how they are set, why they rest.

use crate::domain::digest::{Digest, Rhythm};
use crate::domain::event::Trouble;
use crate::domain::ids::ChannelId;
use crate::domain::interview_loop::Head;
use jiff::Timestamp;

/// A digest, as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDigest {
    /// It.
    pub digest: Digest,
    /// When it comes, as it can be typed.
    pub when: String,
    /// When the next one comes; absent while it rests.
    pub next: Option<Timestamp>,
}

/// What the form of a digest begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestForm {
    /// Which channel's.
    pub channel: ChannelId,
    /// When it comes, or would.
    pub rhythm: Rhythm,
    /// Also when there is nothing to say.
    pub even_if_empty: bool,
}

/// What a digest says: who is interviewed and what is owed, never a score, and nobody who owes.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestScene {
    /// Where.
    pub channel: ChannelId,
    /// What was opened and decided after this.
    pub since: Timestamp,
    /// Up to now.
    pub as_of: Timestamp,
    /// People beyond the hiring team can read the channel.
    pub open_to_all: bool,
    /// Opened since then.
    pub opened: LoopLines,
    /// Scorecards are owed.
    pub owed: LoopLines,
    /// Revealed, and to be decided.
    pub ready: LoopLines,
    /// Decided since then.
    pub decided: LoopLines,
    /// Of each role the one that waits longest for its decision.
    pub waiting: LoopLines,
    /// When the digest comes, as it can be typed; absent where it was only asked for.
    pub set: Option<String>,
}

impl DigestScene {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [
            &self.opened,
            &self.owed,
            &self.ready,
            &self.decided,
            &self.waiting,
        ]
        .iter()
        .all(|lines| lines.number == 0)
    }
}

/// Some loops of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoopLines {
    /// The first ones.
    pub heads: Vec<Head>,
    /// How many there are, counted up to a limit.
    pub number: usize,
    /// There are more than were counted.
    pub and_more: bool,
}

/// A digest that rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PausedDigest {
    /// Which channel's.
    pub channel: ChannelId,
    /// Why.
    pub trouble: Trouble,
}
