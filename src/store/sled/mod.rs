//! The store in one folder, for one process. What a commit means is in the trait; the thread that writes is in `writer`.
//!
//! Reads come straight from the tree, also what is written but not yet on disk; commits go through one thread. What leaves the house
//! without a commit of its own (the answer to a repeated delivery, what is owed to Slack, what waits) is read only once it is on
//! disk. For anything else an empty commit is a barrier: when it is answered, all that was read before is on disk.

mod copying;
mod erasing;
mod installs;
mod listing;
mod mail;
mod read;
mod tally;
mod writer;
mod written;

#[cfg(test)]
mod tests;

use super::codec::{self, Kind};
use super::keys;
use super::unit::{Unit, Write};
use super::{
    Calibrated, Commit, Committed, Glance, GlanceAt, List, Listed, Loaded, Members, Parcel,
    Revision, Shelved, Store, StoreFault, Stretch,
};
use crate::domain::access::{Person, Place};
use crate::domain::calibration::Calibration;
use crate::domain::digest::Digest;
use crate::domain::event::{AuditEntry, Delivery, Draft, Post, Reply};
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, UserId, WorkspaceId,
};
use crate::domain::interview_loop::Needs;
use crate::domain::kit::Kit;
use crate::domain::sheet::{Sheet, SheetId};
use crate::telemetry::figures::OfStore;
use crate::telemetry::panics::Panicked;
use copying::Copying;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};
use tally::Tally;
use tokio::sync::{mpsc, oneshot, watch};
use writer::{Disk, Message, Writer};

/// How much of the tree sled keeps in memory, as it counts it; what that takes is several times as much. With sled's own default a scan of a
/// million records took five times as long. With a quarter of this, 100,000 clicks left 5 MiB less, and each took an eighth more CPU.
const CACHE: u64 = 4 * 1024 * 1024;
/// How many commits may wait for the writer; who comes later waits to be let in.
const QUEUE: usize = 4096;
/// How many outdated records are forgotten at once, so that clicks get between them.
const SWEPT_AT_ONCE: usize = 512;
/// How long an opening waits for another process to leave: a rolling restart.
const WAITS: Duration = Duration::from_secs(10);
/// How often it looks.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// The store in one folder. Its last drop waits for the disk for a moment.
pub struct SledStore {
    queue: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

/// What readers and the writer share.
struct Shared {
    tree: ::sled::Db,
    /// Held while a batch is applied, and while several records are read as of one moment.
    gate: RwLock<()>,
    /// The last batch that readers may see.
    applied: AtomicU64,
    /// What is being copied out.
    copying: Mutex<Option<Copying>>,
    /// Held by whoever copies out.
    copies: tokio::sync::Mutex<()>,
    /// What is on disk, and whether it goes on.
    progress: watch::Sender<Progress>,
    figures: OfStore,
    /// Given back last, when sled has let go of its files.
    _lock: File,
}

#[derive(Default)]
struct Progress {
    /// The last batch that is on disk.
    on_disk: u64,
    /// What the store could not do, and why.
    broken: Option<(&'static str, Cause)>,
}

/// Why the store broke, for everybody who asks.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(String);

impl Cause {
    fn of(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        Self(text)
    }
}

impl SledStore {
    /// Opens the store in a folder, which is made if it is not there. Blocks: up to ten seconds while another process has it.
    ///
    /// # Errors
    /// [`StoreFault::InUse`] when the other process stays, [`StoreFault::Open`] when the folder does not hold a store that can be read.
    pub fn open(folder: &Path) -> Result<Self, StoreFault> {
        Self::open_within(folder, WAITS)
    }

    /// The same, with another patience towards the process that has it.
    ///
    /// # Errors
    /// As for [`SledStore::open`].
    pub fn open_within(folder: &Path, patience: Duration) -> Result<Self, StoreFault> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| StoreFault::Open {
            folder: folder.display().to_string(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(error.into()))?;
        let lock = lock(folder, patience)?;
        remove_unfinished_snapshots(folder).map_err(|error| failed(error.into()))?;
        let tree = open_sled(folder, patience).map_err(|error| failed(error.into()))?;
        listing::bring_up_to_date(&tree).map_err(|error| failed(error.into()))?;
        let tally = Tally::kept_in(&tree).map_err(|error| failed(error.into()))?;
        let disk = Disk::of(folder).map_err(|error| failed(error.into()))?;
        let shared = Arc::new(Shared {
            tree,
            gate: RwLock::new(()),
            applied: AtomicU64::new(0),
            copying: Mutex::default(),
            copies: tokio::sync::Mutex::default(),
            progress: watch::Sender::new(Progress::default()),
            figures: OfStore::default(),
            _lock: lock,
        });
        let (queue, commits) = mpsc::channel(QUEUE);
        let writer = Writer::new(folder, Arc::clone(&shared), commits, disk, tally)?;
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(|| writer.run())
            .map_err(|error| failed(error.into()))?;
        Ok(Self { queue, shared })
    }

    async fn write(&self, unit: Unit) -> Result<Committed, StoreFault> {
        let began = Instant::now();
        let answer = self.written(unit).await;
        self.shared.figures.committed(began.elapsed());
        tracing::debug!(micros = began.elapsed().as_micros(), "on disk");
        answer
    }

    async fn written(&self, unit: Unit) -> Result<Committed, StoreFault> {
        if self.shared.is_broken() {
            return Err(self.shared.why_not());
        }
        let (answer, answered) = oneshot::channel();
        if self.queue.send(Message::Write(unit, answer)).await.is_err() {
            return Err(self.shared.why_not());
        }
        // The writer answers everything, unless it panics.
        answered.await.unwrap_or_else(|error| {
            Err(StoreFault::Broken {
                doing: "go on writing",
                source: error.into(),
            })
        })
    }

    /// Reads many records, where a thread may wait for the disk.
    async fn scan<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Shared) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let shared = Arc::clone(&self.shared);
        let scanned = tokio::task::spawn_blocking(move || read(&shared)).await;
        scanned.unwrap_or_else(|_| {
            Err(StoreFault::Broken {
                doing: "read from disk",
                source: Panicked.into(),
            })
        })
    }

    /// Removes what belongs to days before this one, a little at a time.
    async fn forget(&self, kind: Kind, before: u32) -> Result<(), StoreFault> {
        loop {
            let outdated = self
                .scan(move |shared| shared.outdated(kind, before, SWEPT_AT_ONCE))
                .await?;
            if outdated.is_empty() {
                return Ok(());
            }
            let mut unit = Unit::default();
            for (key, record) in outdated {
                if kind == Kind::DraftOfDay {
                    // A damaged entry names no draft; it goes nevertheless.
                    if let Ok((_, draft)) = codec::decode(kind, &record) {
                        unit.writes.push(Write::Forget(draft, before));
                    }
                }
                unit.writes.push(Write::Remove(key));
            }
            self.write(unit).await?;
        }
    }
}

impl Shared {
    /// Resolves when all that could be read until now is on disk.
    async fn on_disk(&self) -> Result<(), StoreFault> {
        let applied = self.applied.load(Ordering::SeqCst);
        let mut progress = self.progress.subscribe();
        let reached = progress
            .wait_for(|progress| progress.on_disk >= applied || progress.broken.is_some())
            .await;
        if reached.is_ok_and(|progress| progress.on_disk >= applied) {
            Ok(())
        } else {
            Err(self.why_not())
        }
    }

    fn break_down(&self, doing: &'static str, cause: Cause) {
        self.progress.send_modify(|progress| {
            progress.broken.get_or_insert((doing, cause));
        });
    }

    fn is_broken(&self) -> bool {
        self.progress.borrow().broken.is_some()
    }

    /// Why nothing is written any more.
    fn why_not(&self) -> StoreFault {
        match &self.progress.borrow().broken {
            Some((doing, cause)) => StoreFault::Broken {
                doing,
                source: Box::new(cause.clone()),
            },
            None => StoreFault::Closed,
        }
    }
}

/// Takes the folder for this process. Without it one opening might remove what another one is about to read.
fn lock(folder: &Path, patience: Duration) -> Result<File, StoreFault> {
    let failed = |source: std::io::Error| StoreFault::Open {
        folder: folder.display().to_string(),
        source: source.into(),
    };
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))
        .map_err(failed)?;
    let mut looks = patience.as_millis() / LOOKS_EVERY.as_millis();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if looks == 0 => {
                return Err(StoreFault::InUse {
                    folder: folder.display().to_string(),
                });
            }
            Err(TryLockError::WouldBlock) => {
                looks -= 1;
                std::thread::sleep(LOOKS_EVERY);
            }
        }
    }
}

/// Opens sled, whose own threads may hold its file for a moment longer than the store of before did.
fn open_sled(folder: &Path, patience: Duration) -> ::sled::Result<::sled::Db> {
    let mut looks = patience.as_millis() / LOOKS_EVERY.as_millis();
    loop {
        let opened = ::sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .flush_every_ms(None)
            .open();
        match opened {
            // sled has no kind for this.
            Err(::sled::Error::Io(error))
                if looks > 0 && error.to_string().contains("could not acquire lock") =>
            {
                looks -= 1;
                std::thread::sleep(LOOKS_EVERY);
            }
            opened => return opened,
        }
    }
}

/// An opening that was interrupted leaves `snap.<n>.generating`, and sled refuses to open beside one. It holds nothing that is not elsewhere.
fn remove_unfinished_snapshots(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Store for SledStore {
    fn load<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
        needs: &'a Needs,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreFault>> {
        Box::pin(async move { self.shared.load(workspace, code, needs) })
    }

    fn glance<'a>(&'a self, at: GlanceAt<'a>) -> BoxFuture<'a, Result<Glance, StoreFault>> {
        Box::pin(async move { self.shared.glance(at) })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<'_, Result<Committed, StoreFault>> {
        Box::pin(async move { self.write(Unit::of(&commit)).await })
    }

    fn answered<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        key: &'a DeliveryKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Reply>, StoreFault>> {
        Box::pin(async move {
            let reply = self.shared.answer(workspace, key, now)?;
            if reply.is_some() {
                self.shared.on_disk().await?;
            }
            Ok(reply)
        })
    }

    fn person<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        user: &'a UserId,
    ) -> BoxFuture<'a, Result<Option<Person>, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .shared
                .record(Kind::Person, &keys::person(workspace, user))?
                .map(second))
        })
    }

    fn place<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
    ) -> BoxFuture<'a, Result<Option<Place>, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .shared
                .record(Kind::Place, &keys::place(workspace, channel))?
                .map(second))
        })
    }

    fn group<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        group: &'a GroupId,
    ) -> BoxFuture<'a, Result<Option<Members>, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .shared
                .record(Kind::Group, &keys::group(workspace, group))?
                .map(second))
        })
    }

    fn draft<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        draft: &'a DraftId,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .shared
                .record(Kind::Draft, &keys::draft(workspace, draft))?
                .map(second))
        })
    }

    fn namesakes<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
        likeness: &'a str,
    ) -> BoxFuture<'a, Result<Vec<LoopCode>, StoreFault>> {
        let prefix = keys::namesakes(workspace, slug, likeness);
        Box::pin(self.scan(move |shared| shared.codes(Kind::Namesake, &prefix, usize::MAX)))
    }

    fn list<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        list: &'a List,
        stretch: Stretch,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>> {
        let (workspace, list) = (workspace.clone(), list.clone());
        Box::pin(self.scan(move |shared| shared.list(&workspace, &list, &stretch)))
    }

    fn waiting_longest<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>> {
        let (workspace, channel) = (workspace.clone(), channel.clone());
        Box::pin(self.scan(move |shared| shared.waiting_longest(&workspace, &channel, most)))
    }

    fn loop_at<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        post: &'a MessageTs,
    ) -> BoxFuture<'a, Result<Option<LoopCode>, StoreFault>> {
        let key = keys::at_post(workspace, channel, post);
        Box::pin(self.scan(move |shared| {
            let found = shared.record(Kind::AtPost, &key)?;
            Ok(found.map(|(_, code)| code))
        }))
    }

    fn audit<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Vec<AuditEntry>, StoreFault>> {
        let (workspace, code) = (workspace.clone(), code.clone());
        Box::pin(self.scan(move |shared| shared.audit_of(&workspace, &code)))
    }

    fn waiting(&self) -> BoxFuture<'_, Result<Vec<Delivery>, StoreFault>> {
        Box::pin(async move {
            let waiting = self.scan(Shared::queue).await?;
            self.shared.on_disk().await?;
            Ok(waiting)
        })
    }

    fn parcels(&self) -> BoxFuture<'_, Result<Vec<Parcel>, StoreFault>> {
        Box::pin(async move {
            let parcels = self.scan(Shared::owed).await?;
            self.shared.on_disk().await?;
            Ok(parcels)
        })
    }

    fn parcel<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        post: &'a Post,
    ) -> BoxFuture<'a, Result<Option<Parcel>, StoreFault>> {
        Box::pin(async move {
            let parcel = self
                .shared
                .record(Kind::Parcel, &keys::parcel(workspace, post))?
                .map(Parcel::stamped);
            self.shared.on_disk().await?;
            Ok(parcel)
        })
    }

    fn shelves<'a>(
        &'a self,
        workspace: Option<&'a WorkspaceId>,
    ) -> BoxFuture<'a, Result<Vec<Shelved>, StoreFault>> {
        let prefix = workspace.map_or_else(|| vec![Kind::Shelf as u8], keys::shelves);
        Box::pin(self.scan(move |shared| shared.shelved(&prefix)))
    }

    fn open_on<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
    ) -> BoxFuture<'a, Result<BTreeMap<KitVersion, usize>, StoreFault>> {
        let (workspace, slug) = (workspace.clone(), slug.clone());
        Box::pin(self.scan(move |shared| shared.open_on(&workspace, &slug)))
    }

    fn kit<'a>(
        &'a self,
        version: &'a KitVersion,
    ) -> BoxFuture<'a, Result<Option<Kit>, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .shared
                .record(Kind::Kit, &keys::kit(version))?
                .map(second))
        })
    }

    fn calibration<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a CalibrationId,
    ) -> BoxFuture<'a, Result<Option<(Calibration, Revision)>, StoreFault>> {
        Box::pin(async move { self.shared.calibration(workspace, id) })
    }

    fn sheet<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a SheetId,
    ) -> BoxFuture<'a, Result<Option<(Sheet, Revision)>, StoreFault>> {
        Box::pin(async move { self.shared.sheet(workspace, id) })
    }

    fn digests<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Digest>, StoreFault>> {
        let workspace = workspace.clone();
        Box::pin(self.scan(move |shared| shared.digests(&workspace)))
    }

    fn calibrations(&self) -> BoxFuture<'_, Result<Vec<Calibrated>, StoreFault>> {
        Box::pin(self.scan(Shared::calibrations))
    }

    fn sweep(&self, now: Timestamp) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(async move {
            let before = keys::first_kept(now);
            self.forget(Kind::Reply, before).await?;
            self.forget(Kind::DraftOfDay, before).await
        })
    }

    fn broken(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut progress = self.shared.progress.subscribe();
            // The sender lives as long as the store: this ends with a breakdown or not at all.
            let _ = progress
                .wait_for(|progress| progress.broken.is_some())
                .await;
        })
    }

    fn returned(&self) -> watch::Receiver<u64> {
        // A folder does not go away and come back.
        watch::Sender::new(0).subscribe()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let (done, closed) = oneshot::channel();
            if self.queue.send(Message::Close(done)).await.is_ok() {
                // An error says that the writer has ended, which is what is wanted.
                let _ = closed.await;
            }
        })
    }

    fn works(&self) -> Result<(), StoreFault> {
        if self.shared.is_broken() {
            return Err(self.shared.why_not());
        }
        Ok(())
    }

    fn figures(&self) -> &OfStore {
        &self.shared.figures
    }

    fn waiting_commits(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

fn second<T>((_, record): (u64, T)) -> T {
    record
}
