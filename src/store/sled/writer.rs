//! The one thread that writes: it takes all that waits, judges it, writes it as one batch, waits for the disk once, answers everybody.
//! How a commit is encoded is in `unit`.
//!
//! Each batch is flushed *and* synced: sled's `flush` alone ends in `sync_file_range`, which a power cut outruns, and what is too large
//! for its log (half a megabyte: sixteen long scorecards) it writes to files of their own, without any sync. `flush_async` is never
//! used: from seven callers on it locks up for good.

use super::tally::Tally;
use super::written::Written;
use super::{Cause, Shared};
use crate::store::codec::{self, Kind};
use crate::store::keys::{self, Key};
use crate::store::unit::{Check, Unit, Write};
use crate::store::{Committed, StoreFault};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// The most commits of one batch: what a thousand clicks write takes a few milliseconds, and readers wait meanwhile.
const LARGEST_BATCH: usize = 1024;

/// From so many commits of one batch on, there is a crowd: then the next batch waits for more of them.
const CROWD: usize = 4;
/// How long it waits at most, and how often it looks. A batch costs some half a millisecond whatever it holds, and who clicks alone never waits.
const GATHERS: Duration = Duration::from_millis(2);
const LOOKS_EVERY: Duration = Duration::from_micros(250);

/// What the thread is told.
pub(super) enum Message {
    /// To write, and to answer when it is on disk.
    Write(Unit, oneshot::Sender<Result<Committed, StoreFault>>),
    /// To write what waits, and to end.
    Close(oneshot::Sender<()>),
}

/// What is written in the batch at hand: the newest state of every record it touches.
pub(super) type Overlay = HashMap<Key, Option<Vec<u8>>>;

/// Sled's files: its own handles are not to be had.
pub(super) struct Disk {
    /// Its log, which holds nearly everything.
    db: File,
    /// Where it puts what is too large for the log.
    large: PathBuf,
    /// What lies there and is on disk.
    synced: HashSet<OsString>,
}

impl Disk {
    pub(super) fn of(folder: &Path) -> std::io::Result<Self> {
        // A new file's name has to be on disk as well.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        let mut disk = Self {
            db: File::open(folder.join("db"))?,
            large: folder.join("blobs"),
            synced: HashSet::new(),
        };
        disk.sync()?;
        Ok(disk)
    }

    /// Returns when all that sled has written is on disk.
    fn sync(&mut self) -> std::io::Result<()> {
        let mut there = HashSet::new();
        let mut new = false;
        for entry in std::fs::read_dir(&self.large)? {
            let name = entry?.file_name();
            if !self.synced.contains(&name) {
                match File::open(self.large.join(&name)) {
                    Ok(file) => file.sync_all()?,
                    // Sled has no use for it any more.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                }
                new = true;
            }
            there.insert(name);
        }
        #[cfg(unix)]
        if new {
            File::open(&self.large)?.sync_all()?;
        }
        self.synced = there;
        self.db.sync_data()
    }
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Message>,
    disk: Disk,
    written: Written,
    /// How many places in queues were given away.
    places: u64,
    /// The last stamp given to a parcel.
    stamp: u64,
    /// How many batches were written.
    batches: u64,
    /// How many loops stand where, with the batch at hand.
    tally: Tally,
}

impl Writer {
    pub(super) fn new(
        folder: &Path,
        shared: Arc<Shared>,
        queue: mpsc::Receiver<Message>,
        disk: Disk,
        tally: Tally,
    ) -> Result<Self, StoreFault> {
        let places = match shared.get(&keys::counter())? {
            Some(record) => codec::number(Kind::Counter, &record)?,
            None => 0,
        };
        let cannot = |source: Box<dyn std::error::Error + Send + Sync>| StoreFault::Open {
            folder: folder.display().to_string(),
            source,
        };
        let written = Written::check(folder, places)
            .map_err(|error| cannot(error.into()))?
            .map_err(|lost| cannot(lost.into()))?;
        shared.figures.stands_at(tally.0);
        Ok(Self {
            shared,
            queue,
            disk,
            written,
            places,
            stamp: 0,
            batches: 0,
            tally,
        })
    }

    /// Works until nobody can ask any more, until it is told to end, or until something breaks. Then every later commit fails.
    pub(super) fn run(mut self) {
        let ended = catch_unwind(AssertUnwindSafe(|| self.work()));
        if ended.is_err() {
            self.shared
                .break_down("go on writing", Cause("the writer panicked".to_owned()));
        }
        self.queue.close();
        while let Ok(message) = self.queue.try_recv() {
            match message {
                Message::Write(_, answer) => drop(answer.send(Err(self.shared.why_not()))),
                Message::Close(done) => drop(done.send(())),
            }
        }
    }

    fn work(&mut self) {
        let mut closing = Vec::new();
        let mut batch = Vec::new();
        let mut last = 0;
        while let Some(first) = self.queue.blocking_recv() {
            self.gather(last);
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Write(unit, answer) => batch.push((unit, answer)),
                    Message::Close(done) => {
                        // What was sent until now is still taken; nothing comes after it.
                        self.queue.close();
                        closing.push(done);
                    }
                }
                next = (batch.len() < LARGEST_BATCH)
                    .then(|| self.queue.try_recv().ok())
                    .flatten();
            }
            last = batch.len();
            if !self.answer(&mut batch) {
                return;
            }
        }
        for done in closing {
            // Nobody has to wait for it.
            let _ = done.send(());
        }
    }

    /// Waits until a crowd has come that is larger than the last one.
    fn gather(&self, last: usize) {
        let mut naps = GATHERS.as_micros() / LOOKS_EVERY.as_micros();
        let enough = (last + last / 2).min(LARGEST_BATCH);
        while last >= CROWD && naps > 0 && self.queue.len() < enough && !self.queue.is_closed() {
            naps -= 1;
            std::thread::sleep(LOOKS_EVERY);
        }
    }

    /// Writes a batch and answers it. False: the store is broken.
    fn answer(
        &mut self,
        batch: &mut Vec<(Unit, oneshot::Sender<Result<Committed, StoreFault>>)>,
    ) -> bool {
        let mut overlay = Overlay::new();
        let mut results = Vec::with_capacity(batch.len());
        let mut answers = Vec::with_capacity(batch.len());
        let mut written = Ok(());
        for (unit, answer) in batch.drain(..) {
            answers.push(answer);
            if written.is_ok() {
                let judged = self.judge(&overlay, &unit.checks);
                if matches!(judged, Ok(Committed::Done)) {
                    written = self.stage(&mut overlay, unit);
                }
                results.push(judged);
            }
        }
        if written.is_ok() && !overlay.is_empty() {
            let began = Instant::now();
            written = self.write(overlay);
            let figures = &self.shared.figures;
            figures.wrote(answers.len(), began.elapsed());
            figures.stands_at(self.tally.0);
        }
        if let Err(cause) = written {
            self.shared.break_down("write to disk", cause);
        }
        // A read may have broken it meanwhile: sled's errors stick.
        if self.shared.is_broken() {
            for answer in answers {
                let _ = answer.send(Err(self.shared.why_not()));
            }
            return false;
        }
        for (answer, result) in answers.into_iter().zip(results) {
            // Who does not wait any more has no use for it.
            let _ = answer.send(result);
        }
        true
    }

    /// Whether a commit holds against what is stored and what the batch has written already.
    fn judge(&self, overlay: &Overlay, checks: &[Check]) -> Result<Committed, StoreFault> {
        for check in checks {
            let end = match check {
                Check::Unanswered(answers) => self.answered(overlay, answers)?,
                Check::UnansweredUnless { waits, .. } if self.has(overlay, waits)? => None,
                Check::UnansweredUnless { answers, .. } => self.answered(overlay, answers)?,
                Check::Revision(kind, key, wanted) => {
                    let found = self.look(overlay, key, |record| codec::number(*kind, record))?;
                    let found = found.transpose()?.unwrap_or(0);
                    (found != *wanted).then_some(Committed::Conflict)
                }
                Check::There(key) => (!self.has(overlay, key)?).then_some(Committed::Conflict),
            };
            if let Some(end) = end {
                return Ok(end);
            }
        }
        Ok(Committed::Done)
    }

    fn answered(
        &self,
        overlay: &Overlay,
        answers: &[Key],
    ) -> Result<Option<Committed>, StoreFault> {
        for key in answers {
            if let Some(reply) =
                self.look(overlay, key, |record| codec::decode(Kind::Reply, record))?
            {
                let (_, reply) = reply?;
                return Ok(Some(Committed::Duplicate(reply)));
            }
        }
        Ok(None)
    }

    fn has(&self, overlay: &Overlay, key: &Key) -> Result<bool, StoreFault> {
        Ok(self.look(overlay, key, |_| ())?.is_some())
    }

    fn look<T>(
        &self,
        overlay: &Overlay,
        key: &Key,
        read: impl Fn(&[u8]) -> T,
    ) -> Result<Option<T>, StoreFault> {
        match overlay.get(key) {
            Some(record) => Ok(record.as_deref().map(read)),
            None => Ok(self.shared.get(key)?.as_deref().map(read)),
        }
    }

    /// Adds what a commit writes to the batch.
    fn stage(&mut self, overlay: &mut Overlay, unit: Unit) -> Result<(), Cause> {
        if !unit.moves.is_empty() {
            unit.moves.into_iter().for_each(|it| self.tally.moves(it));
            overlay.insert(keys::tally(), Some(self.tally.record()));
        }
        for write in unit.writes {
            match write {
                Write::Put(key, record) => {
                    self.take_over(&key, &record).map_err(Cause::of)?;
                    overlay.insert(key, Some(record));
                }
                Write::Remove(key) => drop(overlay.insert(key, None)),
                Write::RemoveAll(prefix) => self.remove_all(overlay, &prefix)?,
                Write::Append(mut key, record) => {
                    key.extend(self.next_place().to_be_bytes());
                    overlay.insert(key, Some(record));
                }
                Write::Enqueue(key, mut record) => {
                    if !self.has(overlay, &key).map_err(Cause::of)? {
                        codec::renumber(&mut record, self.next_place());
                        overlay.insert(key, Some(record));
                    }
                }
                Write::Owe(key, mut parcel) => {
                    let before = self.numbered(overlay, Kind::Parcel, &key)?.unwrap_or(0);
                    self.stamp = unit
                        .at
                        .max(before.saturating_add(1))
                        .max(self.stamp.saturating_add(1));
                    parcel.stamp = self.stamp.into();
                    overlay.insert(key, Some(codec::encode(Kind::Parcel, self.stamp, &parcel)));
                }
                Write::Attempt(key, stamp, parcel) => {
                    if self.numbered(overlay, Kind::Parcel, &key)? == Some(stamp) {
                        overlay.insert(key, Some(codec::encode(Kind::Parcel, stamp, &parcel)));
                    }
                }
                Write::Settle(key, stamp) => {
                    if self.numbered(overlay, Kind::Parcel, &key)? == Some(stamp) {
                        overlay.insert(key, None);
                    }
                }
                Write::Forget(key, before) => {
                    if self
                        .numbered(overlay, Kind::Draft, &key)?
                        .is_some_and(|day| day < before.into())
                    {
                        overlay.insert(key, None);
                    }
                }
                #[cfg(test)]
                Write::Fail => return Err(Cause("no space left on device".to_owned())),
                #[cfg(test)]
                Write::Panic => panic!("a test wants it"),
            }
        }
        Ok(())
    }

    /// Removes what begins so, of the tree and of the batch.
    fn remove_all(&self, overlay: &mut Overlay, prefix: &[u8]) -> Result<(), Cause> {
        for key in self.shared.tree.scan_prefix(prefix).keys() {
            overlay.insert(key.map_err(Cause::of)?.to_vec(), None);
        }
        for (_, record) in overlay
            .iter_mut()
            .filter(|(key, _)| key.starts_with(prefix))
        {
            *record = None;
        }
        Ok(())
    }

    /// What the writer itself keeps follows what is copied in.
    fn take_over(&mut self, key: &Key, record: &[u8]) -> Result<(), StoreFault> {
        if *key == keys::counter() {
            self.places = self.places.max(codec::number(Kind::Counter, record)?);
        } else if *key == keys::tally() {
            self.tally = Tally(codec::decode(Kind::Tally, record)?.1);
        }
        Ok(())
    }

    /// A record's number; a damaged one is as good as none, and is written anew.
    fn numbered(&self, overlay: &Overlay, kind: Kind, key: &Key) -> Result<Option<u64>, Cause> {
        let number = self
            .look(overlay, key, |record| codec::number(kind, record).ok())
            .map_err(Cause::of)?;
        Ok(number.flatten())
    }

    fn next_place(&mut self) -> u64 {
        self.places += 1;
        self.places
    }

    /// One batch, one flush, one sync.
    fn write(&mut self, mut overlay: Overlay) -> Result<(), Cause> {
        // Each batch has a number of its own, so that it is noticed where one is missing.
        self.next_place();
        overlay.insert(
            keys::counter(),
            Some(codec::encode(Kind::Counter, self.places, &())),
        );
        self.batches += 1;
        // Before the gate: nobody has to wait for it.
        for record in overlay.values_mut().flatten() {
            *record = codec::packed(std::mem::take(record));
        }
        crate::crash::at("store.batch");
        // First said, then done: who reads the batch knows that it may not be on disk yet.
        self.shared.applied.store(self.batches, Ordering::SeqCst);
        {
            let _alone = self
                .shared
                .gate
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            self.shared.keep_for_copy(&overlay)?;
            let mut batch = ::sled::Batch::default();
            for (key, record) in overlay {
                match record {
                    Some(record) => batch.insert(key, record),
                    None => batch.remove(key),
                }
            }
            self.shared.tree.apply_batch(batch).map_err(Cause::of)?;
        }
        crate::crash::at("store.applied");
        self.shared.tree.flush().map_err(Cause::of)?;
        crate::crash::at("store.flushed");
        self.disk.sync().map_err(Cause::of)?;
        crate::crash::at("store.synced");
        self.written.reaches(self.places).map_err(Cause::of)?;
        crate::crash::at("store.written");
        self.shared
            .progress
            .send_modify(|progress| progress.on_disk = self.batches);
        Ok(())
    }
}
