//! Every record of one store into another, or into a file and out of it. Which records there are is in `keys`; how the file is laid out, in `backup`.

mod backup;
#[cfg(test)]
mod tests;

pub use backup::Unfit;

use super::codec::{self, Kind};
use super::keys::{self, Key};
use super::{Store, StoreFault};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;

/// How many records go together. A scorecard with long notes has some 15 KB, so this is some megabytes at worst.
pub const PAGE: usize = 256;
/// How many pages wait for whoever takes them.
const PAGES: usize = 4;
/// Which lists this program keeps. It grows with each list that comes new, or that takes in other loops than before.
pub(super) const LISTS: u64 = 2;

/// One record as every store has it: its key, and the bytes that `codec` reads.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw {
    pub(super) key: Key,
    pub(super) bytes: Vec<u8>,
}

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It holds names and ratings.
        f.write_str("Raw")
    }
}

impl Raw {
    fn kind(&self) -> Option<Kind> {
        let letter = *self.key.first()?;
        Kind::ALL.into_iter().find(|kind| *kind as u8 == letter)
    }

    /// Its version, its number and its JSON.
    pub(super) fn parts(&self) -> Result<(u8, u64, &str), StoreFault> {
        let damaged = |source: Box<dyn std::error::Error + Send + Sync>| StoreFault::Damaged {
            kind: self.kind().map_or("other", Kind::name),
            source,
        };
        let split = codec::split(&self.bytes);
        let (version, number, rest) = split.ok_or_else(|| damaged("it is too short".into()))?;
        let json = std::str::from_utf8(rest).map_err(|error| damaged(error.into()))?;
        Ok((version, number, json))
    }

    /// What each store has of its own: it comes along, but is not compared.
    fn is_of_the_store(&self) -> bool {
        matches!(self.kind(), Some(Kind::Counter | Kind::ListsKept))
    }
}

/// Some records, in the order of their keys.
pub type Page = Vec<Raw>;

/// What every store can do, so that everything may come out of it and into it.
pub trait Ends {
    /// Hands out every record as of one moment, in the order of the keys; ends early where nobody takes them any more. One at a time.
    fn copy_out(&self, pages: mpsc::Sender<Page>) -> BoxFuture<'_, Result<(), StoreFault>>;

    /// Keeps records as they are, in place of what stands under their keys: for a store that is being filled, and serves nobody until it was
    /// opened once more.
    fn copy_in(&self, page: Page) -> BoxFuture<'_, Result<(), StoreFault>>;

    /// Says whether it is being filled.
    fn set_filling(&self, filling: bool) -> BoxFuture<'_, Result<(), StoreFault>>;

    /// Whether it is being filled, and does not hold everything yet.
    fn is_filling(&self) -> BoxFuture<'_, Result<bool, StoreFault>>;
}

/// What was moved: how much, and a hash of it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// How many records.
    pub records: u64,
    hash: [u8; 32],
}

/// Why it was not, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    /// The destination holds something.
    #[error("the destination is not empty; nothing was changed. Name an empty one")]
    NotEmpty,
    /// What came out at the other end is not what went in.
    #[error(
        "what is in the destination now is not what is in the source ({found} records of {wanted}): the source may have been used in \
         between. Empty the destination and begin again; the bot does not start on it as it is"
    )]
    Differs {
        /// How many records there are.
        found: u64,
        /// How many there should be.
        wanted: u64,
    },
    /// The file.
    #[error("{file}: {why}")]
    File {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: Unfit,
    },
    /// A store.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Counts and hashes what passes by.
#[derive(Default)]
struct Scales {
    records: u64,
    hash: Sha256,
}

impl Scales {
    fn weigh(&mut self, record: &Raw) {
        if record.is_of_the_store() {
            return;
        }
        self.records += 1;
        for part in [&record.key, &record.bytes] {
            self.hash.update((part.len() as u64).to_be_bytes());
            self.hash.update(part);
        }
    }

    fn read(self) -> Moved {
        Moved {
            records: self.records,
            hash: self.hash.finalize().into(),
        }
    }
}

/// What a store holds.
struct Held {
    /// The last key, of what every store has alike.
    last: Option<Key>,
    moved: Moved,
}

async fn held_by(store: &dyn Store) -> Result<Held, StoreFault> {
    let (pages, mut taken) = mpsc::channel(PAGES);
    let look = async {
        let mut scales = Scales::default();
        let mut last = None;
        while let Some(page) = taken.recv().await {
            for record in page {
                scales.weigh(&record);
                let tally = record.kind() == Some(Kind::Tally);
                if !tally && !record.is_of_the_store() {
                    last = Some(record.key);
                }
            }
        }
        Held {
            last,
            moved: scales.read(),
        }
    };
    let (copied, held) = tokio::join!(store.copy_out(pages), look);
    copied.map(|()| held)
}

/// Fills a store that is empty, or that was being filled when this was interrupted.
async fn fill(
    mut pages: mpsc::Receiver<Page>,
    to: &dyn Store,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Moved, NotMoved> {
    let before = held_by(to).await?;
    if before.last.is_some() && !to.is_filling().await? {
        return Err(NotMoved::NotEmpty);
    }
    to.set_filling(true).await?;
    let mut scales = Scales::default();
    while let Some(page) = pages.recv().await {
        page.iter().for_each(|record| scales.weigh(record));
        // What is in the middle of the order and differs from store to store is written each time.
        let missing = page.into_iter().filter(|record| {
            before.last.as_ref().is_none_or(|last| record.key > *last)
                || record.kind() == Some(Kind::Tally)
                || record.is_of_the_store()
        });
        to.copy_in(missing.collect()).await?;
        told(scales.records);
    }
    Ok(scales.read())
}

/// Opens a store that was filled, if it holds what it should.
async fn finish(to: &dyn Store, wanted: Moved) -> Result<Moved, NotMoved> {
    let found = held_by(to).await?.moved;
    if found != wanted {
        return Err(NotMoved::Differs {
            found: found.records,
            wanted: wanted.records,
        });
    }
    to.set_filling(false).await?;
    Ok(found)
}

/// Moves everything from one store to another one, and looks whether it is there. Where it is interrupted, the same goes on where it was. `told`: how
/// many records have come so far.
///
/// # Errors
/// [`NotMoved`]. After [`NotMoved::NotEmpty`] nothing was changed; after anything else the destination is refused by [`refuse_half_filled`].
pub async fn transfer(
    from: &dyn Store,
    to: &dyn Store,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Moved, NotMoved> {
    let (pages, taken) = mpsc::channel(PAGES);
    let (copied, filled) = tokio::join!(from.copy_out(pages), fill(taken, to, told));
    let wanted = filled?;
    copied?;
    finish(to, wanted).await
}

/// Writes everything as of this moment into a new file, which only its owner may read. The store may be in use.
///
/// # Errors
/// [`NotMoved`]; there is no such file then, unless there was one before.
pub async fn back_up(from: &dyn Store, file: &Path, at: Timestamp) -> Result<Moved, NotMoved> {
    let (pages, taken) = mpsc::channel(PAGES);
    let unfit = |why| NotMoved::File {
        file: file.to_owned(),
        why,
    };
    let path = file.to_owned();
    let writing = tokio::task::spawn_blocking(move || backup::write(&path, taken, at));
    let (copied, written) = tokio::join!(from.copy_out(pages), writing);
    let written = written.unwrap_or_else(|error| Err(Unfit::Io(std::io::Error::other(error))));
    let part = written.map_err(unfit)?;
    // What is not copied to its end is left behind under no name.
    copied?;
    part.keep().map_err(unfit)
}

/// A file with a backup that was read to its end, and is as it was written.
#[derive(Debug)]
pub struct Backup(PathBuf);

impl Backup {
    /// Reads a file to its end.
    ///
    /// # Errors
    /// [`NotMoved::File`].
    pub async fn check(file: &Path) -> Result<Self, NotMoved> {
        let backup = Self(file.to_owned());
        backup.read(None).await?;
        Ok(backup)
    }

    async fn read(&self, pages: Option<mpsc::Sender<Page>>) -> Result<(), NotMoved> {
        let file = self.0.clone();
        let reading = tokio::task::spawn_blocking(move || backup::read(&file, pages.as_ref()));
        let read = reading.await;
        let read = read.unwrap_or_else(|error| Err(Unfit::Io(std::io::Error::other(error))));
        read.map_err(|why| NotMoved::File {
            file: self.0.clone(),
            why,
        })
    }

    /// Puts everything into an empty store. Where it is interrupted, the same goes on where it was.
    ///
    /// # Errors
    /// As for [`transfer`].
    pub async fn restore(
        &self,
        to: &dyn Store,
        told: &(dyn Fn(u64) + Sync),
    ) -> Result<Moved, NotMoved> {
        let (pages, taken) = mpsc::channel(PAGES);
        let (read, filled) = tokio::join!(self.read(Some(pages)), fill(taken, to, told));
        let wanted = filled?;
        read?;
        finish(to, wanted).await
    }
}

/// Refuses a store into which not everything has come yet.
///
/// # Errors
/// [`StoreFault::HalfFilled`].
pub async fn refuse_half_filled(store: &dyn Store) -> Result<(), StoreFault> {
    if store.is_filling().await? {
        return Err(StoreFault::HalfFilled);
    }
    Ok(())
}

/// The record that says that not everything has come yet.
pub(super) fn filling() -> Raw {
    Raw {
        key: keys::filling(),
        bytes: codec::encode(Kind::Filling, 0, &()),
    }
}
