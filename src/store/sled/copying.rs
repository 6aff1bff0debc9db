//! Copying everything out as of one moment, while commits go on: the writer keeps what it is about to change and was not copied yet.

use super::writer::Overlay;
use super::{Cause, Shared, SledStore};
use crate::store::StoreFault;
use crate::store::codec;
use crate::store::keys::{self, Key};
use crate::store::moving::{self, Ends, PAGE, Page, Raw};
use crate::store::unit::{Unit, Write};
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// How far a copy has come.
#[derive(Default)]
pub(super) struct Copying {
    /// Everything up to this key is copied.
    upto: Key,
    /// Of what is not copied yet and was changed since the beginning, what stood there then.
    before: BTreeMap<Key, Option<Vec<u8>>>,
}

/// Ends a copy, wherever it is broken off.
struct Ending<'a>(&'a Shared);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        *self.0.copying() = None;
    }
}

impl Ends for SledStore {
    fn copy_out(&self, pages: mpsc::Sender<Page>) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(self.copied_out(pages))
    }

    fn copy_in(&self, page: Page) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(async move {
            let mut unit = Unit::default();
            let writes = page.into_iter().map(|raw| Write::Put(raw.key, raw.bytes));
            unit.writes.extend(writes);
            self.write(unit).await.map(drop)
        })
    }

    fn set_filling(&self, filling: bool) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(async move {
            let Raw { key, bytes } = moving::filling();
            let mut unit = Unit::default();
            unit.writes.push(if filling {
                Write::Put(key, bytes)
            } else {
                Write::Remove(key)
            });
            self.write(unit).await.map(drop)
        })
    }

    fn is_filling(&self) -> BoxFuture<'_, Result<bool, StoreFault>> {
        Box::pin(async move { Ok(self.shared.get(&keys::filling())?.is_some()) })
    }
}

impl SledStore {
    async fn copied_out(&self, pages: mpsc::Sender<Page>) -> Result<(), StoreFault> {
        let _alone = self.shared.copies.lock().await;
        self.shared.begin_copy();
        let _ending = Ending(&self.shared);
        loop {
            let page = self.scan(Shared::next_page).await?;
            if page.is_empty() {
                // What was read may not have been on disk yet.
                return self.shared.on_disk().await;
            }
            if pages.send(page).await.is_err() {
                return Ok(());
            }
        }
    }
}

impl Shared {
    fn copying(&self) -> MutexGuard<'_, Option<Copying>> {
        // Nothing is left half-changed under it.
        self.copying.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on: no batch is half-way through.
    fn begin_copy(&self) {
        let _still = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        *self.copying() = Some(Copying::default());
    }

    /// Keeps what a batch is about to change, for a copy that has not come so far. The gate is held alone.
    pub(super) fn keep_for_copy(&self, overlay: &Overlay) -> Result<(), Cause> {
        let mut copying = self.copying();
        let Some(Copying { upto, before }) = &mut *copying else {
            return Ok(());
        };
        for key in overlay.keys() {
            if key > upto && !before.contains_key(key) {
                let stood = self.tree.get(key).map_err(Cause::of)?;
                before.insert(key.clone(), stood.map(|record| record.to_vec()));
            }
        }
        Ok(())
    }

    /// The next records as they were at the beginning; none: that was all.
    fn next_page(&self) -> Result<Page, StoreFault> {
        loop {
            // No batch is applied meanwhile.
            let _still = self.gate.read().unwrap_or_else(PoisonError::into_inner);
            let mut copying = self.copying();
            let Some(Copying { upto, before }) = &mut *copying else {
                return Ok(Page::new());
            };
            let mut found: BTreeMap<Key, Option<Vec<u8>>> = BTreeMap::new();
            let behind = (Bound::Excluded(upto.clone()), Bound::Unbounded);
            for entry in self.tree.range::<Key, _>(behind).take(PAGE) {
                let (key, record) = entry.map_err(|error| self.cannot_read(error))?;
                found.insert(key.to_vec(), Some(record.to_vec()));
            }
            // What was removed since stands behind the last of them only where there are more.
            let last = (found.len() == PAGE).then(|| found.keys().next_back().cloned());
            let later = match last.flatten() {
                Some(last) => {
                    let later = before.split_off(&last);
                    *upto = last;
                    later
                }
                None => BTreeMap::new(),
            };
            let ends = found.len() < PAGE;
            let mut stood = std::mem::replace(before, later);
            if let Some(same) = before.remove(upto) {
                stood.insert(upto.clone(), same);
            }
            found.extend(stood);
            if ends {
                // Behind every key.
                *upto = vec![u8::MAX; 8];
                before.clear();
            }
            let page = found.into_iter().filter(|(key, _)| *key != keys::filling());
            let page: Page = page
                .filter_map(|(key, record)| {
                    Some(Raw {
                        key,
                        bytes: codec::plain(&record?),
                    })
                })
                .collect();
            if ends || !page.is_empty() {
                return Ok(page);
            }
        }
    }
}
