//! The seam: load, handle, commit, answer. It does not know Slack, and Slack does not know the store.

mod activity;
pub mod away;
mod backup;
mod calibrations;
mod deeds;
mod digest_read;
mod digests;
mod erasing;
mod export;
mod facts;
mod gate;
mod guides;
pub mod home;
mod installs;
mod kit_deeds;
mod kits_shown;
mod library;
mod look;
mod looking_back;
mod members;
mod news;
mod notes;
mod opening;
mod peers;
mod planning;
mod posts;
mod reach;
mod reminding;
mod retention;
pub mod scene;
mod settings;
mod sheets;
mod starting;
mod watchers;

pub use activity::{Activity, UnderWay};
pub use export::{Exported, NoExport};
pub use facts::Question;
pub use gate::{Gate, Pass};
pub use kit_deeds::told;
pub use library::{CannotBegin, Reloaded};
pub use look::Viewer;
pub use news::{News, Owing};
pub use watchers::Who;

use crate::clock::Clock;
use crate::domain::event::{Delivery, Post, Reply, Request, Screen};
use crate::domain::ids::{KitVersion, LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::{InterviewLoop, Needs};
use crate::domain::kit::Kit;
use crate::domain::refusal::Refusal;
use crate::domain::sheet::Sheet;
use crate::store::{Change, Commit, Committed, Store, StoreFault};
use facts::{Known, Waiting};
use futures_util::FutureExt as _;
use library::Library;
use news::Owed;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Notify;
use tracing::Instrument;
use watchers::Watchers;

/// How long a delivery may take, of the three seconds that Slack grants: the rest is for the way.
const BUDGET: Duration = Duration::from_secs(2);
/// How often a conflict is answered by asking again. Each round somebody else made progress, so this is never reached in practice.
const ROUNDS: usize = 200;

/// How much is taken at once where nothing else is said. What one delivery holds while it is handled is some 30 KB, most of it the message
/// that was clicked, so this is about 16 MB; and at 10,000 commits a second the last of so many waits 50 ms.
pub const MOST_AT_ONCE: usize = 512;

/// What an application begins with.
#[derive(Clone, Debug)]
pub struct AppOptions {
    /// The folder of kits; `None` means the embedded ones.
    pub kits: Option<PathBuf>,
    /// Who administers interviews; nobody means the workspace's own administrators.
    pub administrators: Vec<UserId>,
    /// How many deliveries are handled at once, and as many may wait for what Slack has to tell. One person has a sixteenth of it, one
    /// channel a quarter.
    pub most_at_once: usize,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self {
            kits: None,
            administrators: Vec::new(),
            most_at_once: MOST_AT_ONCE,
        }
    }
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Clock,
    administrators: Vec<UserId>,
    most_at_once: usize,
    gate: Gate,
    library: Library,
    kits: RwLock<HashMap<KitVersion, Arc<Kit>>>,
    waiting: Mutex<Waiting>,
    asked: Notify,
    owed: Mutex<Owed>,
    owed_more: Notify,
    watchers: Watchers,
    activity: Activity,
}

/// What the edge is told about a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is done, and on disk.
    Done(Reply),
    /// It was done before; this was the answer.
    Repeated(Reply),
    /// It is on disk and waits for what Slack has to tell first.
    Waiting,
}

/// Something on our side broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store did.
    #[error("the store failed")]
    Store(#[from] StoreFault),
    /// More comes in at once than is taken, of all, of one person or of one channel.
    #[error("too much comes in at once")]
    Busy,
    /// It took longer than Slack waits.
    #[error("the answer took more than {} seconds", BUDGET.as_secs())]
    TooSlow,
    /// A bug broke it off.
    #[error("a bug broke it off; the log says where")]
    Panicked,
    /// Too many changed the same thing at once.
    #[error("too many conflicts in a row")]
    Contended,
    /// A loop refers to a version of a kit that is not there.
    #[error("a kit's version is missing from the store")]
    KitMissing,
}

impl Fault {
    /// Whether nothing is taken any more after it: the process has to end.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreFault::Broken { .. } | StoreFault::Closed)
        )
    }

    /// Whether it was another process's business: nothing was done, and there is nothing to do.
    #[must_use]
    pub fn is_anothers(&self) -> bool {
        matches!(self, Self::Store(StoreFault::LeaseLost))
    }

    /// Whether it is about what was read alone: everything else goes on.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.is_final() && !self.passes() && !self.is_anothers()
    }

    /// Whether it is over when the store is back, which may be at any moment.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Store(StoreFault::Away { .. }))
    }

    /// Whether what was asked for may have been saved all the same.
    #[must_use]
    pub fn maybe_saved(&self) -> bool {
        match self {
            Self::Store(StoreFault::Away { maybe_saved, .. }) => *maybe_saved,
            Self::Store(fault) => !matches!(
                fault,
                StoreFault::Closed | StoreFault::Damaged { .. } | StoreFault::LeaseLost
            ),
            Self::TooSlow | Self::Panicked => true,
            Self::Busy | Self::Contended | Self::KitMissing => false,
        }
    }
}

/// Why something does not go on: a polite no, or a fault of ours.
enum Halt {
    Refused(Refusal),
    Broke(Fault),
}

/// What goes on, or why it does not.
type Going<T> = Result<T, Halt>;

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<F: Into<Fault>> From<F> for Halt {
    fn from(fault: F) -> Self {
        Self::Broke(fault.into())
    }
}

/// How doing what was asked ended: a commit's delivery was new, or known.
enum Done {
    Now(Reply),
    Before(Reply),
}

impl App {
    /// Brings the kits of a folder, or the embedded ones, into the store, and takes up what waits there. A broken file is told
    /// in the log where the store has a good version of it.
    ///
    /// # Errors
    /// When the store fails, or a kit is broken and the store has none to go on with.
    pub async fn start(
        store: Arc<dyn Store>,
        clock: Clock,
        options: AppOptions,
    ) -> Result<Self, CannotBegin> {
        let activity = Activity::default();
        // Where others may handle them, whoever handles the workspace's mail takes them up.
        let waiting = if store.is_shared() {
            Vec::new()
        } else {
            store.waiting().await.map_err(Fault::from)?
        };
        let waiting = Waiting::new(waiting, &activity);
        let app = Self {
            inner: Arc::new(Inner {
                store,
                clock,
                administrators: options.administrators,
                most_at_once: options.most_at_once,
                gate: Gate::new(options.most_at_once),
                library: Library::new(options.kits),
                kits: RwLock::default(),
                waiting: Mutex::new(waiting),
                asked: Notify::new(),
                owed: Mutex::default(),
                owed_more: Notify::new(),
                watchers: Watchers::default(),
                activity,
            }),
        };
        app.read_files().await?;
        Ok(app)
    }

    /// What is in flight. The edge counts its own replies in it.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.inner.activity
    }

    /// Waits until nothing is in flight and nothing is due.
    pub async fn idle(&self) {
        self.inner.activity.idle().await;
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// How many deliveries are handled at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.inner.most_at_once
    }

    /// Takes one thing that Slack sent. What is answered is on disk.
    ///
    /// # Errors
    /// A [`Fault`]; it says whether something may have been saved.
    pub async fn accept(&self, delivery: Delivery) -> Result<Answer, Fault> {
        let place = delivery.place.as_ref();
        let entered = self
            .inner
            .gate
            .enter(&delivery.workspace, &delivery.actor, place);
        let pass = entered.ok_or(Fault::Busy)?;
        let under_way = self.inner.activity.begin();
        let app = self.clone();
        let mut taken = Box::pin(async move {
            let taking = pin!(app.take(delivery));
            let answer = AssertUnwindSafe(taking).catch_unwind().await;
            drop((under_way, pass));
            answer.unwrap_or(Err(Fault::Panicked))
        });
        if let Ok(answer) = tokio::time::timeout(BUDGET, &mut taken).await {
            return answer;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "what takes too long is finished all the same, and counted until then"
        )]
        tokio::spawn(taken.in_current_span());
        Err(Fault::TooSlow)
    }

    async fn take(&self, delivery: Delivery) -> Result<Answer, Fault> {
        let mut known = self.known(&delivery).await?;
        let missing = std::mem::take(&mut known.missing);
        if !missing.is_empty() || self.has_waiting(&delivery) {
            // A form says at once what is wrong in it: once it waits, what was filled in is gone.
            if let Request::Open(opening) = &delivery.request
                && let Err(refusal) = opening::written(opening, self.inner.clock.now())
                && let Done::Now(reply) | Done::Before(reply) =
                    self.refused(&delivery, refusal, true).await?
            {
                return Ok(Answer::Done(reply));
            }
            return self.wait(delivery, missing).await;
        }
        Ok(match self.perform(&delivery, known, true).await? {
            Done::Now(reply) => Answer::Done(reply),
            Done::Before(reply) => Answer::Repeated(reply),
        })
    }

    /// Does what is asked for, or refuses. `fresh`: it did not have to wait, so its key is recorded with what it does.
    async fn perform(&self, delivery: &Delivery, known: Known, fresh: bool) -> Result<Done, Fault> {
        match self.act(delivery, known, fresh).await {
            Ok(done) => Ok(done),
            Err(Halt::Refused(refusal)) => self.refused(delivery, refusal, fresh).await,
            Err(Halt::Broke(fault)) => Err(fault),
        }
    }

    /// A refusal commits nothing, but a repetition of what was done before gets the answer of then.
    async fn refused(
        &self,
        delivery: &Delivery,
        refusal: Refusal,
        fresh: bool,
    ) -> Result<Done, Fault> {
        if fresh {
            let before = self
                .inner
                .store
                .answered(&delivery.workspace, &delivery.key, self.inner.clock.now())
                .await?;
            if let Some(reply) = before {
                return Ok(Done::Before(reply));
            }
        } else {
            self.commit(delivery, false, Vec::new(), Reply::Nothing)
                .await?;
        }
        tracing::debug!("refused");
        Ok(Done::Now(Reply::Refused(refusal)))
    }

    async fn act(&self, delivery: &Delivery, known: Known, fresh: bool) -> Going<Done> {
        let person = known.actor.as_ref();
        let actor = &self.actor(&delivery.workspace, &delivery.actor, person)?;
        // In boxes, so that a click takes no room for all that it is not.
        let acting = match &delivery.request {
            Request::Loop { code, deed } => {
                let doing = self.do_deed(delivery, actor, code, deed, known.seen, fresh);
                return doing.await;
            }
            Request::Reach { root, goal } => self.reach(delivery, root, *goal, fresh).boxed(),
            Request::Calibrate(step) => self.calibrate(delivery, actor, step, fresh).boxed(),
            Request::Stats(words) => self.ask_for_stats(delivery, actor, words, fresh).boxed(),
            Request::RemindLater(later) => {
                self.remind_later(delivery, actor, *later, fresh).boxed()
            }
            Request::Paste { .. } | Request::File(_) => self.notes(delivery, actor, fresh).boxed(),
            Request::Look(screen) => self.shown(delivery, screen, fresh).boxed(),
            Request::Digest(deed) => self.do_digest_deed(delivery, actor, deed, fresh).boxed(),
            Request::Set(setting) => self.set(delivery, actor, setting, fresh).boxed(),
            Request::ShareKit(slug) => self.share_kit(delivery, slug, fresh).boxed(),
            Request::Kit { slug, deed } => {
                self.do_kit_deed(delivery, actor, slug, deed, fresh).boxed()
            }
            Request::ReloadKits => self.reload_kits(delivery, actor, fresh).boxed(),
            Request::ReadGuide { text } => self.read_guide(delivery, actor, text, fresh).boxed(),
            Request::SaveGuide { draft, title, slug } => self
                .save_guide(delivery, actor, draft, (title, slug), fresh)
                .boxed(),
            Request::Interview { .. } | Request::Open(_) | Request::Resume { .. } => {
                self.opening(delivery, actor, fresh).boxed()
            }
        };
        acting.await
    }

    async fn shown(&self, delivery: &Delivery, screen: &Screen, fresh: bool) -> Going<Done> {
        let reply = Reply::Show(screen.clone());
        let done = self.commit(delivery, fresh, Vec::new(), reply).await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }

    /// Writes what a delivery does, together with its key. `None`: what it was computed from has changed meanwhile.
    async fn commit(
        &self,
        delivery: &Delivery,
        fresh: bool,
        mut changes: Vec<Change>,
        reply: Reply,
    ) -> Result<Option<Done>, Fault> {
        if !fresh {
            changes.push(Change::Unwait(delivery.key.clone()));
        }
        let posts = owed_in(&changes);
        let concerned = self.whom_these_concern(&changes);
        let stirs = changes.iter().any(decides_when);
        let commit = Commit {
            workspace: delivery.workspace.clone(),
            at: self.inner.clock.now(),
            delivery: fresh.then(|| (delivery.key.clone(), reply.clone())),
            changes,
        };
        crate::crash::at("app.commit");
        Ok(match self.inner.store.commit(commit).await? {
            Committed::Done => {
                self.owe(&delivery.workspace, posts);
                self.concern(&delivery.workspace, concerned);
                if stirs {
                    self.stir(&delivery.workspace);
                }
                Some(Done::Now(reply))
            }
            // Another process may have done it, and asking again would change nothing.
            Committed::Conflict if !fresh && !self.still_waits(delivery).await? => {
                Some(Done::Before(Reply::Nothing))
            }
            Committed::Conflict => None,
            Committed::Duplicate(reply) => Some(Done::Before(reply)),
        })
    }

    /// One version of a kit, from the store where it was not needed yet.
    async fn kit(&self, version: &KitVersion) -> Result<Arc<Kit>, Fault> {
        let cached = self
            .inner
            .kits
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(version)
            .cloned();
        if let Some(kit) = cached {
            return Ok(kit);
        }
        let kit = Arc::new(
            self.inner
                .store
                .kit(version)
                .await?
                .ok_or(Fault::KitMissing)?,
        );
        let mut kits = self
            .inner
            .kits
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        kits.insert(version.clone(), Arc::clone(&kit));
        Ok(kit)
    }

    /// A loop with its kit, for looking.
    async fn load(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        needs: &Needs,
    ) -> Result<Option<InterviewLoop>, Fault> {
        let Some(loaded) = self.inner.store.load(workspace, code, needs).await? else {
            return Ok(None);
        };
        let kit = self.kit(&loaded.head.kit.version).await?;
        Ok(Some(deeds::begin(loaded, kit, needs).0))
    }
}

/// Whether a change decides when things are due that rest.
fn decides_when(change: &Change) -> bool {
    matches!(change, Change::Sheet(_, sheet) if matches!(**sheet, Sheet::Settings(_) | Sheet::Preferences(_)))
}

fn owed_in(changes: &[Change]) -> Vec<Post> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Owe(post) => Some(post.clone()),
            _ => None,
        })
        .collect()
}

/// An unknown code and a forbidden one get the same answer.
fn unknown(code: &LoopCode) -> Refusal {
    Refusal::UnknownLoop {
        code: code.to_string(),
    }
}

/// Nothing is ever left half-changed under these locks, so a panic elsewhere does not spoil them.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
