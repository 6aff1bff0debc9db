//! Reading records straight from the tree. What is written there is in `unit`.

use super::Shared;
use crate::domain::calibration::Calibration;
use crate::domain::digest::Digest;
use crate::domain::event::{AuditEntry, Delivery, Reply};
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, KitSlug, KitVersion, LoopCode, UserId, WorkspaceId,
};
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::scorecard::Scorecard;
use crate::domain::sheet::{Sheet, SheetId};
use crate::domain::shelf::Shelf;
use crate::store::codec::{self, Kind};
use crate::store::keys;
use crate::store::lists::entry_of;
use crate::store::{
    Calibrated, Glance, GlanceAt, List, Listed, Loaded, Parcel, Revision, Shelved, StoreFault,
    Stretch,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::PoisonError;

impl Shared {
    /// One record's bytes.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<::sled::IVec>, StoreFault> {
        self.tree.get(key).map_err(|error| self.cannot_read(error))
    }

    /// One record and its number.
    pub(super) fn record<T: DeserializeOwned>(
        &self,
        kind: Kind,
        key: &[u8],
    ) -> Result<Option<(u64, T)>, StoreFault> {
        self.get(key)?
            .map(|bytes| codec::decode(kind, &bytes))
            .transpose()
    }

    /// Every record whose key begins so, in the order of the keys, with its number.
    pub(super) fn records<T: DeserializeOwned>(
        &self,
        kind: Kind,
        prefix: &[u8],
        most: usize,
    ) -> Result<Vec<(u64, T)>, StoreFault> {
        let mut records = Vec::new();
        for entry in self.tree.scan_prefix(prefix).take(most) {
            let (_, bytes) = entry.map_err(|error| self.cannot_read(error))?;
            records.push(codec::decode(kind, &bytes)?);
        }
        Ok(records)
    }

    /// Sled's errors stick: after one of them nothing more is written.
    pub(super) fn cannot_read(&self, error: ::sled::Error) -> StoreFault {
        self.break_down("read from disk", super::Cause::of(error));
        self.why_not()
    }

    /// A loop as of one moment: no batch is applied while its records are read.
    pub(super) fn load(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        needs: &Needs,
    ) -> Result<Option<Loaded>, StoreFault> {
        let mut raw_cards = Vec::new();
        let head = {
            let _still = self.gate.read().unwrap_or_else(PoisonError::into_inner);
            let Some(head) = self.get(&keys::head(workspace, code))? else {
                return Ok(None);
            };
            match needs {
                Needs::Head => {}
                Needs::Own(author) => {
                    raw_cards.extend(self.get(&keys::card(workspace, code, author))?);
                }
                Needs::All => {
                    for entry in self.tree.scan_prefix(keys::cards(workspace, code)) {
                        let (_, card) = entry.map_err(|error| self.cannot_read(error))?;
                        raw_cards.push(card);
                    }
                }
            }
            head
        };
        let (revision, head) = codec::decode::<Head>(Kind::Head, &head)?;
        let mut cards: BTreeMap<UserId, (Scorecard, Revision)> = BTreeMap::new();
        for bytes in raw_cards {
            let (revision, card) = codec::decode::<Scorecard>(Kind::Card, &bytes)?;
            cards.insert(card.author.clone(), (card, Revision(revision)));
        }
        let revision = Revision(revision);
        Ok(Some(Loaded {
            head,
            revision,
            cards,
        }))
    }

    /// What a request about a loop is judged by.
    pub(super) fn glance(&self, at: GlanceAt<'_>) -> Result<Glance, StoreFault> {
        let GlanceAt {
            workspace,
            actor,
            place,
            code,
            needs,
        } = at;
        let person = self.record(Kind::Person, &keys::person(workspace, actor))?;
        let place = match place {
            Some(channel) => self.record(Kind::Place, &keys::place(workspace, channel))?,
            None => None,
        };
        Ok(Glance {
            person: person.map(|(_, person)| person),
            place: place.map(|(_, place)| place),
            settings: self.sheet(workspace, &SheetId::Settings)?,
            loaded: self.load(workspace, code, needs)?,
        })
    }

    pub(super) fn answer(
        &self,
        workspace: &WorkspaceId,
        key: &DeliveryKey,
        now: Timestamp,
    ) -> Result<Option<Reply>, StoreFault> {
        for key in keys::replies(now, workspace, key) {
            if let Some((_, reply)) = self.record(Kind::Reply, &key)? {
                return Ok(Some(reply));
            }
        }
        Ok(None)
    }

    /// The loops under a part of an index.
    pub(super) fn codes(
        &self,
        kind: Kind,
        prefix: &[u8],
        most: usize,
    ) -> Result<Vec<LoopCode>, StoreFault> {
        let codes = self.records(kind, prefix, most)?;
        Ok(codes.into_iter().map(|(_, code)| code).collect())
    }

    /// A stretch of a list.
    pub(super) fn list(
        &self,
        workspace: &WorkspaceId,
        list: &List,
        stretch: &Stretch,
    ) -> Result<Vec<Listed>, StoreFault> {
        let prefix = keys::list(workspace, list).len();
        let (from, to) = keys::stretch(workspace, list, stretch);
        let mut listed = Vec::new();
        if from < to {
            for entry in self.tree.range(from..to).take(stretch.most) {
                let (key, code) = entry.map_err(|error| self.cannot_read(error))?;
                listed.extend(entry_of(&key, &code, prefix, list.newest_first())?);
            }
        }
        Ok(listed)
    }

    /// The first of each role's loops that wait in a channel: from each found one, straight to the next role.
    pub(super) fn waiting_longest(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        most: usize,
    ) -> Result<Vec<Listed>, StoreFault> {
        let prefix = keys::waiting_in(workspace, channel);
        let mut from = prefix.clone();
        let mut listed = Vec::new();
        while listed.len() < most {
            let Some(entry) = self.tree.range(from..).next() else {
                break;
            };
            let (key, code) = entry.map_err(|error| self.cannot_read(error))?;
            let Some(role) = key.get(prefix.len()).filter(|_| key.starts_with(&prefix)) else {
                break;
            };
            let end = prefix.len() + 1 + keys::length_of(*role);
            listed.extend(entry_of(&key, &code, end, false)?);
            from = key.get(..end).unwrap_or(&key).to_vec();
            from.extend([u8::MAX; 9]);
        }
        Ok(listed)
    }

    pub(super) fn sheet(
        &self,
        workspace: &WorkspaceId,
        id: &SheetId,
    ) -> Result<Option<(Sheet, Revision)>, StoreFault> {
        let found = self.record(Kind::Sheet, &keys::sheet(workspace, id))?;
        Ok(found.map(|(revision, sheet)| (sheet, Revision(revision))))
    }

    pub(super) fn digests(&self, workspace: &WorkspaceId) -> Result<Vec<Digest>, StoreFault> {
        let sheets = self.records(Kind::Sheet, &keys::digests(workspace), usize::MAX)?;
        Ok(sheets
            .into_iter()
            .filter_map(|(_, sheet)| match sheet {
                Sheet::Digest(digest) if !digest.off => Some(digest),
                _ => None,
            })
            .collect())
    }

    pub(super) fn audit_of(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
    ) -> Result<Vec<AuditEntry>, StoreFault> {
        let commits: Vec<(u64, Vec<AuditEntry>)> =
            self.records(Kind::Audit, &keys::audit(workspace, code), usize::MAX)?;
        Ok(commits
            .into_iter()
            .flat_map(|(_, entries)| entries)
            .collect())
    }

    pub(super) fn queue(&self) -> Result<Vec<Delivery>, StoreFault> {
        let mut waiting = self.records(Kind::Waiting, &[Kind::Waiting as u8], usize::MAX)?;
        waiting.sort_by_key(|(place, _)| *place);
        Ok(waiting.into_iter().map(|(_, delivery)| delivery).collect())
    }

    pub(super) fn owed(&self) -> Result<Vec<Parcel>, StoreFault> {
        let parcels = self.records(Kind::Parcel, &[Kind::Parcel as u8], usize::MAX)?;
        Ok(parcels.into_iter().map(Parcel::stamped).collect())
    }

    pub(super) fn shelved(&self, prefix: &[u8]) -> Result<Vec<Shelved>, StoreFault> {
        let shelves: Vec<(u64, (WorkspaceId, Shelf))> =
            self.records(Kind::Shelf, prefix, usize::MAX)?;
        let mut shelves: Vec<Shelved> = shelves
            .into_iter()
            .map(|(revision, (workspace, shelf))| Shelved {
                workspace,
                shelf,
                revision: Revision(revision),
            })
            .collect();
        // The keys have an order of their own.
        shelves.sort_by(|a, b| (&a.workspace, &a.shelf.slug).cmp(&(&b.workspace, &b.shelf.slug)));
        Ok(shelves)
    }

    /// The versions that a role's open loops are on.
    pub(super) fn open_on(
        &self,
        workspace: &WorkspaceId,
        slug: &KitSlug,
    ) -> Result<BTreeMap<KitVersion, usize>, StoreFault> {
        let prefix = keys::open_of(workspace, slug);
        let mut versions = BTreeMap::new();
        for code in self.codes(Kind::Namesake, &prefix, usize::MAX)? {
            let head = self.record::<Head>(Kind::Head, &keys::head(workspace, &code))?;
            if let Some((_, head)) = head {
                *versions.entry(head.kit.version).or_default() += 1;
            }
        }
        Ok(versions)
    }

    pub(super) fn calibration(
        &self,
        workspace: &WorkspaceId,
        id: &CalibrationId,
    ) -> Result<Option<(Calibration, Revision)>, StoreFault> {
        let key = keys::calibration(workspace, id);
        let found: Option<(u64, (WorkspaceId, Calibration))> =
            self.record(Kind::Calibration, &key)?;
        Ok(found.map(|(revision, (_, calibration))| (calibration, Revision(revision))))
    }

    pub(super) fn calibrations(&self) -> Result<Vec<Calibrated>, StoreFault> {
        let all: Vec<(u64, (WorkspaceId, Calibration))> =
            self.records(Kind::Calibration, &[Kind::Calibration as u8], usize::MAX)?;
        Ok(all
            .into_iter()
            .map(|(revision, (workspace, calibration))| {
                (workspace, calibration, Revision(revision))
            })
            .collect())
    }

    /// Up to so many of the records that belong to days before this one: their keys and what they hold.
    pub(super) fn outdated(
        &self,
        kind: Kind,
        before: u32,
        most: usize,
    ) -> Result<Vec<(Vec<u8>, ::sled::IVec)>, StoreFault> {
        let range = keys::of_day(kind, 0)..keys::of_day(kind, before);
        let mut found = Vec::new();
        for entry in self.tree.range(range).take(most) {
            let (key, record) = entry.map_err(|error| self.cannot_read(error))?;
            found.push((key.to_vec(), record));
        }
        Ok(found)
    }
}
