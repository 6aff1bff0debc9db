//! Where everything is kept: one trait, shaped by what the application does, and sled or PostgreSQL behind it. What is kept is decided elsewhere.

mod codec;
#[cfg(test)]
mod codec_tests;
#[cfg(test)]
mod contract;
#[doc(hidden)]
pub mod damage;
pub mod erasing;
pub mod installs;
mod keys;
mod lists;
mod mail;
pub mod moving;
mod packing;
pub mod postgres;
pub mod sled;
mod unit;

pub use lists::{List, Listed, Stretch};
pub use mail::{Held, Holding, Lease, Peers, Word};

use crate::domain::access::{Person, Place};
use crate::domain::calibration::Calibration;
use crate::domain::digest::Digest;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::{AuditEntry, Delivery, Draft, Fact, Post, Reply};
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, UserId, WorkspaceId,
};
use crate::domain::install::Install;
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::kit::Kit;
use crate::domain::scorecard::Scorecard;
use crate::domain::sheet::{Sheet, SheetId};
use crate::domain::shelf::Shelf;
use crate::telemetry::figures::OfStore;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// How often a record was written. Zero: it is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Revision(pub u64);

/// A loop as it was read, with the revisions a commit has to name.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Everything but the scorecards.
    pub head: Head,
    /// The head's revision.
    pub revision: Revision,
    /// The scorecards that were asked for and are there.
    pub cards: BTreeMap<UserId, (Scorecard, Revision)>,
}

/// What a glance is at.
#[derive(Clone, Copy, Debug)]
pub struct GlanceAt<'a> {
    /// Where; nothing crosses it.
    pub workspace: &'a WorkspaceId,
    /// Who acts.
    pub actor: &'a UserId,
    /// The channel they are in.
    pub place: Option<&'a ChannelId>,
    /// The loop.
    pub code: &'a LoopCode,
    /// Which of its scorecards.
    pub needs: &'a Needs,
}

/// What a request about a loop is judged by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance {
    /// What Slack last told of who acts.
    pub person: Option<Person>,
    /// What Slack last told of the channel they are in, if they are in one.
    pub place: Option<Place>,
    /// The workspace's settings, with the revision that a change has to name.
    pub settings: Option<(Sheet, Revision)>,
    /// The loop.
    pub loaded: Option<Loaded>,
}

/// What a change of a loop was computed from. A commit on anything else is a conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum Base {
    /// Nothing has that code yet.
    Absent,
    /// These revisions; a scorecard that was looked for and is not there has revision zero.
    Read {
        /// The head's, whether or not it is written: whoever rates checks that the loop has not moved on.
        head: Revision,
        /// Of the scorecards that were read.
        cards: BTreeMap<UserId, Revision>,
        /// The head as it was read: what it was listed under.
        was: Box<Head>,
    },
}

/// What becomes of one loop. Only what is named is written.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopChange {
    /// Which.
    pub code: LoopCode,
    /// What it was computed from.
    pub base: Base,
    /// The new head, if it changed.
    pub head: Option<Head>,
    /// The scorecards that changed.
    pub cards: Vec<Scorecard>,
    /// Who did what.
    pub audit: Vec<AuditEntry>,
}

/// Something owed to Slack: a post that awaits delivery. One of a kind: owing it again folds into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Where.
    pub workspace: WorkspaceId,
    /// What to refresh.
    pub post: Post,
    /// When it was last owed, in nanoseconds since 1970: what a delivery settles, unless it was owed anew meanwhile.
    pub stamp: i128,
    /// The attempt whose end is not known: recorded before the call.
    pub attempt: Option<String>,
    /// Under which lease it is handled; none where only this process can use the store. It is not kept.
    #[serde(skip)]
    pub lease: Option<Lease>,
}

impl Parcel {
    /// A parcel as it was kept: its stamp is the record's number, which whoever wrote it gave.
    fn stamped((stamp, parcel): (u64, Self)) -> Self {
        Self {
            stamp: stamp.into(),
            ..parcel
        }
    }

    /// That a call for it is about to begin.
    #[must_use]
    pub fn attempted(&self, attempt: &str) -> Change {
        Change::Attempt {
            post: self.post.clone(),
            stamp: self.stamp,
            attempt: attempt.to_owned(),
            lease: self.lease,
        }
    }

    /// That it is delivered, or given up.
    #[must_use]
    pub fn settled(&self) -> Change {
        Change::Settle {
            post: self.post.clone(),
            stamp: self.stamp,
            lease: self.lease,
        }
    }
}

/// One thing to write. All of a commit's changes are written, or none.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A loop.
    Loop(Box<LoopChange>),
    /// A loop is removed with its scorecards, its history and its places in lists; this stays. A conflict where it is not as it was read.
    Erase(Base, Box<Erased>),
    /// What stays of a loop that was erased. A conflict where it has another revision than this one by now.
    Erased(Revision, Box<Erased>),
    /// A message or a file of a loop's was sent. Whoever writes it checks that the loop is there, or owes its removal.
    Sent(LoopCode, Sent),
    /// It is not there any more.
    TakenBack(LoopCode, Sent),
    /// Owes a post; one that is owed already is stamped anew and forgets its attempt.
    Owe(Post),
    /// A call to Slack is about to begin. Nothing happens where the stamp is not this one any more.
    Attempt {
        /// What for.
        post: Post,
        /// As it was read.
        stamp: i128,
        /// The attempt's name.
        attempt: String,
        /// The commit is refused where this lease is another process's by now.
        lease: Option<Lease>,
    },
    /// A post is delivered or given up. It stays owed where the stamp is not this one any more.
    Settle {
        /// Which.
        post: Post,
        /// As it was read.
        stamp: i128,
        /// The commit is refused where this lease is another process's by now.
        lease: Option<Lease>,
    },
    /// Writes nothing: a conflict where a post is not owed under this stamp any more.
    Owed {
        /// Which.
        post: Post,
        /// As it was read.
        stamp: i128,
    },
    /// What Slack told.
    Fact(Fact),
    /// Something that waits for its author.
    PutDraft(DraftId, Box<Draft>),
    /// A draft that goes on. A conflict where it is not there.
    TakeDraft(DraftId),
    /// A delivery that waits for facts.
    Wait(Box<Delivery>),
    /// A delivery that waits no more. A conflict where it is not there.
    Unwait(DeliveryKey),
    /// A kit's version.
    Kit(KitVersion, Box<Kit>),
    /// What is served for a role, by this workspace, or by the files where the commit's workspace is [`FILES`]. A conflict
    /// where the shelf has another revision than this one by now.
    Shelf(Revision, Box<Shelf>),
    /// A calibration. A conflict where it has another revision than this one by now.
    Calibration(Revision, Box<Calibration>),
    /// A sheet. A conflict where it has another revision than this one by now.
    Sheet(Revision, Box<Sheet>),
    /// An installation of the app in the commit's workspace or organisation. A conflict where it has another revision than this one by now.
    Install(Revision, Box<Install>),
}

/// A unit of work: atomic, and on disk when it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Where; nothing crosses it.
    pub workspace: WorkspaceId,
    /// When.
    pub at: Timestamp,
    /// What Slack sent and what was answered: kept for at least 48 hours, so that a repetition gets the same answer.
    pub delivery: Option<(DeliveryKey, Reply)>,
    /// What to write.
    pub changes: Vec<Change>,
}

/// How a commit ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Committed {
    /// It is on disk.
    Done,
    /// Something it was computed from has changed: nothing was written; load and ask again.
    Conflict,
    /// This delivery was handled before: nothing was written; this was the answer.
    Duplicate(Reply),
}

/// A calibration, with whose it is and the revision that a change has to name.
pub type Calibrated = (WorkspaceId, Calibration, Revision);

/// The workspace under whose name the files' own shelves stand.
pub const FILES: &str = "";

/// A shelf, with whose it is and the revision that a change has to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The workspace, or [`FILES`].
    pub workspace: WorkspaceId,
    /// What is served.
    pub shelf: Shelf,
    /// Its revision.
    pub revision: Revision,
}

/// Who is in a user group, and when Slack told it.
pub type Members = (Vec<UserId>, Timestamp);

/// The store broke. Whether a commit was written is not known then, except where it says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// The store cannot be opened.
    #[error("the store in {folder} cannot be opened")]
    Open {
        /// Which folder.
        folder: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database cannot be used as it is.
    #[error("the database cannot be used: {why}")]
    Unusable {
        /// Why, and what is to be done.
        why: String,
    },
    /// The database is away, or did not do it in time. It may be back at any moment.
    #[error("the store cannot {doing}")]
    Away {
        /// What it was doing.
        doing: &'static str,
        /// Whether what was to be written may be there all the same.
        maybe_saved: bool,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A restore or a transfer into it was interrupted.
    #[error(
        "the store does not hold everything yet: a restore or a transfer into it was interrupted. Run the same once more, or empty it"
    )]
    HalfFilled,
    /// Another process handles the mail of this workspace by now. Nothing was written.
    #[error("another process handles the mail of this workspace by now")]
    LeaseLost,
    /// Another process has it.
    #[error("the store in {folder} is in use by another process")]
    InUse {
        /// Which folder.
        folder: String,
    },
    /// Reading or writing failed. The store takes no more work: the process has to end.
    #[error("the store cannot {doing}")]
    Broken {
        /// What it was doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A record that cannot be read.
    #[error("a record of kind {kind} cannot be read")]
    Damaged {
        /// Its kind.
        kind: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store is closed; nothing was written.
    #[error("the store is closed")]
    Closed,
}

/// The promises every store keeps, shown by the contract test: a commit is atomic; it is on disk when it is answered; commits
/// are in one order; a commit computed from something that has changed since is refused; a delivery has one effect.
pub trait Store:
    moving::Ends + installs::Installs + erasing::Erasing + Peers + Send + Sync
{
    /// Reads a loop, with the scorecards that are needed, as of one moment.
    fn load<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
        needs: &'a Needs,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreFault>>;

    /// Reads all that a request about a loop is judged by. One look, where each of its parts would be a way to the database of its own.
    fn glance<'a>(&'a self, at: GlanceAt<'a>) -> BoxFuture<'a, Result<Glance, StoreFault>>;

    /// Writes, on disk, all or nothing.
    fn commit(&self, commit: Commit) -> BoxFuture<'_, Result<Committed, StoreFault>>;

    /// The answer to a delivery that was handled before.
    fn answered<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        key: &'a DeliveryKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Reply>, StoreFault>>;

    /// What Slack last told of a person.
    fn person<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        user: &'a UserId,
    ) -> BoxFuture<'a, Result<Option<Person>, StoreFault>>;

    /// What Slack last told of a channel.
    fn place<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
    ) -> BoxFuture<'a, Result<Option<Place>, StoreFault>>;

    /// Who was in a user group when Slack last told, and when that was.
    fn group<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        group: &'a GroupId,
    ) -> BoxFuture<'a, Result<Option<Members>, StoreFault>>;

    /// Something that waits for its author.
    fn draft<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        draft: &'a DraftId,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreFault>>;

    /// The loops neither decided nor withdrawn for a role and a name's likeness.
    fn namesakes<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
        likeness: &'a str,
    ) -> BoxFuture<'a, Result<Vec<LoopCode>, StoreFault>>;

    /// A stretch of a list of loops, in its order.
    fn list<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        list: &'a List,
        stretch: Stretch,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>>;

    /// Of each role's loops in a channel that are neither decided nor withdrawn, the one that was opened first; by role, at most so many.
    fn waiting_longest<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>>;

    /// The loop whose post is this message.
    fn loop_at<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        post: &'a MessageTs,
    ) -> BoxFuture<'a, Result<Option<LoopCode>, StoreFault>>;

    /// Who did what to a loop, in order.
    fn audit<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Vec<AuditEntry>, StoreFault>>;

    /// The deliveries that wait for facts, in the order in which they came.
    fn waiting(&self) -> BoxFuture<'_, Result<Vec<Delivery>, StoreFault>>;

    /// Everything owed to Slack.
    fn parcels(&self) -> BoxFuture<'_, Result<Vec<Parcel>, StoreFault>>;

    /// Everything owed to Slack in one workspace.
    fn parcels_of<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Parcel>, StoreFault>> {
        Box::pin(async move {
            let mut parcels = self.parcels().await?;
            parcels.retain(|parcel| parcel.workspace == *workspace);
            Ok(parcels)
        })
    }

    /// The deliveries of one workspace that wait for facts, in the order in which they came.
    fn waiting_in<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Delivery>, StoreFault>> {
        Box::pin(async move {
            let mut waiting = self.waiting().await?;
            waiting.retain(|delivery| delivery.workspace == *workspace);
            Ok(waiting)
        })
    }

    /// One thing owed to Slack, as it is now.
    fn parcel<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        post: &'a Post,
    ) -> BoxFuture<'a, Result<Option<Parcel>, StoreFault>>;

    /// The shelves of one workspace, or of [`FILES`], by role; of everybody where none is named.
    fn shelves<'a>(
        &'a self,
        workspace: Option<&'a WorkspaceId>,
    ) -> BoxFuture<'a, Result<Vec<Shelved>, StoreFault>>;

    /// How many loops of a role are neither decided nor withdrawn, by the version of the kit they are on.
    fn open_on<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
    ) -> BoxFuture<'a, Result<BTreeMap<KitVersion, usize>, StoreFault>>;

    /// One version of a kit.
    fn kit<'a>(&'a self, version: &'a KitVersion)
    -> BoxFuture<'a, Result<Option<Kit>, StoreFault>>;

    /// A calibration, with the revision that a change has to name.
    fn calibration<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a CalibrationId,
    ) -> BoxFuture<'a, Result<Option<(Calibration, Revision)>, StoreFault>>;

    /// A sheet, with the revision that a change has to name.
    fn sheet<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a SheetId,
    ) -> BoxFuture<'a, Result<Option<(Sheet, Revision)>, StoreFault>>;

    /// The digests of one workspace that are not switched off.
    fn digests<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Digest>, StoreFault>>;

    /// Every calibration, with its workspace: for finding those that were left open.
    fn calibrations(&self) -> BoxFuture<'_, Result<Vec<Calibrated>, StoreFault>>;

    /// Forgets answers and drafts older than two days.
    fn sweep(&self, now: Timestamp) -> BoxFuture<'_, Result<(), StoreFault>>;

    /// Resolves when the store is broken and the process has to end.
    fn broken(&self) -> BoxFuture<'_, ()>;

    /// Counts how often it came back after it was away. What somebody was told about meanwhile may be out of date: a commit that was reported as
    /// perhaps written may have been.
    fn returned(&self) -> watch::Receiver<u64>;

    /// Answers what it took, then closes; everything answered is on disk.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// Whether it can write at this moment.
    ///
    /// # Errors
    /// What is wrong: [`StoreFault::Away`] where it may be right again, [`StoreFault::Broken`] where the process has to end.
    fn works(&self) -> Result<(), StoreFault>;

    /// What it counts.
    fn figures(&self) -> &OfStore;

    /// How many commits are not answered yet.
    fn waiting_commits(&self) -> usize;
}
