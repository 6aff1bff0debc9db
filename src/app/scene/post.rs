//! What a message is drawn from, and where it goes. What one person asks to see is in the drawer above.

use super::{CalibrationPost, DebriefScene, DiffersScene, DigestScene, PausedDigest};
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::Trouble;
use crate::domain::ids::{ChannelId, KitVersion, UserId};
use crate::domain::interview_loop::Head;
use crate::domain::kit::Kit;
use jiff::Timestamp;
use std::sync::Arc;

/// What a message to a channel or to one person is drawn from. None of it holds a score before the reveal.
#[derive(Clone, Debug, PartialEq)]
pub enum PostScene {
    /// The channel's one post.
    Loop(Box<Head>),
    /// The debrief, to a channel whose members may all read it.
    Debrief(Box<DebriefScene>),
    /// The debrief is ready; it is shown to those who may see it, one by one.
    DebriefReady(Box<Head>),
    /// The decision, and those before it.
    Decision {
        /// The loop.
        head: Box<Head>,
        /// Everybody can read the channel: the reason is not shown.
        public: bool,
    },
    /// A panellist is invited.
    Invitation {
        /// The loop.
        head: Box<Head>,
        /// Who.
        user: UserId,
        /// What they cover; empty: nothing yet.
        part: String,
    },
    /// The owner reminds a panellist.
    Nudge(Box<Head>),
    /// Somebody asks to join.
    JoinRequest {
        /// The loop.
        head: Box<Head>,
        /// Who asks.
        user: UserId,
    },
    /// The owner is told that somebody recused themself.
    Recused {
        /// The loop.
        head: Box<Head>,
        /// Who.
        user: UserId,
    },
    /// The owner is told what only a person can mend.
    Trouble {
        /// The loop.
        head: Box<Head>,
        /// What.
        trouble: Trouble,
    },
    /// A new owner is told so.
    Handed(Box<Head>),
    /// Somebody is reminded of what they owe.
    Reminders(RemindersScene),
    /// Somebody gets the kit shortly before a planned interview.
    Briefing(Box<BriefingScene>),
    /// Somebody on the panel is told for when the interview is planned now.
    Replanned {
        /// The loop.
        head: Box<Head>,
        /// Who.
        user: UserId,
    },
    /// Whoever erased a loop gets the receipt.
    Erased(Box<Erased>),
    /// A kit was edited in Slack, and its file has changed as well.
    KitDiffers(Box<DiffersScene>),
    /// The one post of a calibration.
    Calibration(Box<CalibrationPost>),
    /// A channel's digest.
    Digest(Box<DigestScene>),
    /// A digest rests.
    DigestPaused(PausedDigest),
    /// A kit, shared with a channel.
    SharedKit {
        /// The kit.
        kit: Arc<Kit>,
        /// Its version.
        version: KitVersion,
        /// Who shares it.
        by: UserId,
    },
}

/// What a reminder is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct RemindersScene {
    /// What is owed, at least one.
    pub owed: Vec<OwedScene>,
}

/// A scorecard that somebody is reminded of.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedScene {
    /// Its loop.
    pub head: Head,
    /// No reminder names it again.
    pub last: bool,
}

/// What a message before a planned interview is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct BriefingScene {
    /// The pinned kit.
    pub kit: Arc<Kit>,
    /// The loop; its interview is planned.
    pub head: Head,
    /// Who gets it.
    pub user: UserId,
    /// What they cover; empty: nothing yet.
    pub part: String,
}

/// A post that is due, with where it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Addressed {
    /// A channel, or a person for a direct message.
    pub to: Address,
    /// The message to change; absent: a new one.
    pub standing: Option<crate::domain::ids::MessageTs>,
    /// The thread it belongs to.
    pub thread: Option<crate::domain::ids::MessageTs>,
    /// What it is drawn from.
    pub scene: PostScene,
    /// When it was read.
    pub as_of: Timestamp,
}

/// Where a post goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// To a channel.
    Channel(ChannelId),
    /// To one person.
    Person(UserId),
}

/// What to do with a post that is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// Send it, or change what stands.
    Send(Box<Addressed>),
    /// Take this back; what follows is asked for again.
    TakeBack(Sent),
    /// Its time comes then, as things stand.
    Later(Timestamp),
    /// Another post has to stand first: its thread's root.
    After(crate::domain::event::Post),
    /// Nobody waits for it any more.
    Drop,
}
