//! Reading records from the database. What is written there is in `sending`.

use super::PostgresStore;
use crate::domain::calibration::Calibration;
use crate::domain::event::Reply;
use crate::domain::ids::{ChannelId, DeliveryKey, KitSlug, KitVersion, LoopCode, WorkspaceId};
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::scorecard::Scorecard;
use crate::domain::sheet::SheetId;
use crate::domain::shelf::Shelf;
use crate::store::codec::{self, Kind};
use crate::store::keys::{self, Key};
use crate::store::lists::entry_of;
use crate::store::{
    Calibrated, Glance, GlanceAt, List, Listed, Loaded, Revision, Shelved, StoreFault, Stretch,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// A key and a record's bytes.
pub(super) type Raw = (Key, Vec<u8>);

const ONE: &str = "select key, format, number, json from interview_assistant.record where key = $1";
const SOME: &str =
    "select key, format, number, json from interview_assistant.record where key = any($1)";
const RANGE: &str = "select key, format, number, json from interview_assistant.record where key >= $1 and key < $2 order by key limit $3";
/// Some records and a loop's scorecards: one statement, so one moment.
const WITH_CARDS: &str = "select key, format, number, json from interview_assistant.record where key = any($1)
    union all select key, format, number, json from interview_assistant.record where key >= $2 and key < $3";

impl PostgresStore {
    async fn raw(
        &self,
        sql: &str,
        arguments: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Raw>, StoreFault> {
        let rows = self.link.ask(sql, arguments).await?;
        Ok(rows.iter().map(raw).collect())
    }

    /// One record and its number.
    pub(super) async fn record<T: DeserializeOwned>(
        &self,
        kind: Kind,
        key: Key,
    ) -> Result<Option<(u64, T)>, StoreFault> {
        let found = self.raw(ONE, &[&key]).await?.pop();
        decoded(kind, found.map(|(_, bytes)| bytes))
    }

    /// One record.
    pub(super) async fn only<T: DeserializeOwned>(
        &self,
        kind: Kind,
        key: Key,
    ) -> Result<Option<T>, StoreFault> {
        Ok(self.record(kind, key).await?.map(|(_, record)| record))
    }

    /// The records from a key to before another one, in the order of the keys.
    pub(super) async fn range(
        &self,
        from: &[u8],
        to: &[u8],
        most: usize,
    ) -> Result<Vec<Raw>, StoreFault> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.raw(RANGE, &[&from, &to, &most]).await
    }

    /// Every record whose key begins so, in the order of the keys, with its number.
    pub(super) async fn records<T: DeserializeOwned>(
        &self,
        kind: Kind,
        prefix: &[u8],
    ) -> Result<Vec<(u64, T)>, StoreFault> {
        let found = self.range(prefix, &behind(prefix), usize::MAX).await?;
        let decoded = found.iter().map(|(_, bytes)| codec::decode(kind, bytes));
        decoded.collect()
    }

    pub(super) async fn loaded(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        needs: &Needs,
    ) -> Result<Option<Loaded>, StoreFault> {
        let head = keys::head(workspace, code);
        let keys = std::slice::from_ref(&head);
        let mut found = self.with_cards(keys, workspace, code, needs).await?;
        let head = found.remove(&head);
        loop_of(head, found.into_values())
    }

    /// What a request about a loop is judged by.
    pub(super) async fn glanced(&self, at: GlanceAt<'_>) -> Result<Glance, StoreFault> {
        let GlanceAt {
            workspace,
            actor,
            place,
            code,
            needs,
        } = at;
        let head = keys::head(workspace, code);
        let person = keys::person(workspace, actor);
        let settings = keys::sheet(workspace, &SheetId::Settings);
        let place = place.map(|channel| keys::place(workspace, channel));
        let mut keys = vec![head.clone(), person.clone(), settings.clone()];
        keys.extend(place.clone());
        let mut found = self.with_cards(&keys, workspace, code, needs).await?;
        let person = decoded(Kind::Person, found.remove(&person))?;
        let settings = decoded(Kind::Sheet, found.remove(&settings))?;
        let place = place.and_then(|place| found.remove(&place));
        let place = decoded(Kind::Place, place)?;
        let head = found.remove(&head);
        Ok(Glance {
            person: person.map(|(_, person)| person),
            place: place.map(|(_, place)| place),
            settings: settings.map(|(revision, sheet)| (sheet, Revision(revision))),
            loaded: loop_of(head, found.into_values())?,
        })
    }

    /// The records under some keys, and those scorecards of a loop that are needed.
    async fn with_cards(
        &self,
        keys: &[Key],
        workspace: &WorkspaceId,
        code: &LoopCode,
        needs: &Needs,
    ) -> Result<BTreeMap<Key, Vec<u8>>, StoreFault> {
        let (from, to) = match needs {
            Needs::Head => (Vec::new(), Vec::new()),
            Needs::Own(author) => {
                let own = keys::card(workspace, code, author);
                let to = [&own[..], &[0]].concat();
                (own, to)
            }
            Needs::All => {
                let all = keys::cards(workspace, code);
                let to = behind(&all);
                (all, to)
            }
        };
        let found = self.raw(WITH_CARDS, &[&keys, &from, &to]).await?;
        Ok(found.into_iter().collect())
    }

    pub(super) async fn answer(
        &self,
        workspace: &WorkspaceId,
        key: &DeliveryKey,
        now: Timestamp,
    ) -> Result<Option<Reply>, StoreFault> {
        let days = keys::replies(now, workspace, key);
        let mut found = self.raw(SOME, &[&days]).await?;
        // Newest first, as the days are.
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        let Some((_, bytes)) = found.first() else {
            return Ok(None);
        };
        Ok(Some(codec::decode(Kind::Reply, bytes)?.1))
    }

    /// The loops under a part of an index.
    pub(super) async fn codes(&self, prefix: &[u8]) -> Result<Vec<LoopCode>, StoreFault> {
        let codes = self.records(Kind::Namesake, prefix).await?;
        Ok(codes.into_iter().map(|(_, code)| code).collect())
    }

    pub(super) async fn listed(
        &self,
        workspace: &WorkspaceId,
        list: &List,
        stretch: &Stretch,
    ) -> Result<Vec<Listed>, StoreFault> {
        let prefix = keys::list(workspace, list).len();
        let (from, to) = keys::stretch(workspace, list, stretch);
        let found = self.range(&from, &to, stretch.most).await?;
        let mut listed = Vec::with_capacity(found.len());
        for (key, code) in found {
            listed.extend(entry_of(&key, &code, prefix, list.newest_first())?);
        }
        Ok(listed)
    }

    /// The first of each role's loops that wait in a channel: from each found one, straight to the next role.
    pub(super) async fn longest(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        most: usize,
    ) -> Result<Vec<Listed>, StoreFault> {
        let prefix = keys::waiting_in(workspace, channel);
        let last = behind(&prefix);
        let mut from = prefix.clone();
        let mut listed = Vec::new();
        while listed.len() < most {
            let Some((key, code)) = self.range(&from, &last, 1).await?.pop() else {
                break;
            };
            let Some(role) = key.get(prefix.len()) else {
                break;
            };
            let end = prefix.len() + 1 + keys::length_of(*role);
            listed.extend(entry_of(&key, &code, end, false)?);
            from = key.get(..end).unwrap_or(&key).to_vec();
            from.extend([u8::MAX; 9]);
        }
        Ok(listed)
    }

    pub(super) async fn shelved(&self, prefix: &[u8]) -> Result<Vec<Shelved>, StoreFault> {
        let shelves: Vec<(u64, (WorkspaceId, Shelf))> = self.records(Kind::Shelf, prefix).await?;
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
    pub(super) async fn versions(
        &self,
        workspace: &WorkspaceId,
        slug: &KitSlug,
    ) -> Result<BTreeMap<KitVersion, usize>, StoreFault> {
        let codes = self.codes(&keys::open_of(workspace, slug)).await?;
        let heads: Vec<Key> = codes
            .iter()
            .map(|code| keys::head(workspace, code))
            .collect();
        let mut versions = BTreeMap::new();
        for (_, bytes) in self.raw(SOME, &[&heads]).await? {
            let (_, head) = codec::decode::<Head>(Kind::Head, &bytes)?;
            *versions.entry(head.kit.version).or_default() += 1;
        }
        Ok(versions)
    }

    pub(super) async fn all_calibrations(&self) -> Result<Vec<Calibrated>, StoreFault> {
        let all: Vec<(u64, (WorkspaceId, Calibration))> = self
            .records(Kind::Calibration, &[Kind::Calibration as u8])
            .await?;
        Ok(all
            .into_iter()
            .map(|(revision, (workspace, calibration))| {
                (workspace, calibration, Revision(revision))
            })
            .collect())
    }
}

/// A record, if it is there, and its number.
fn decoded<T: DeserializeOwned>(
    kind: Kind,
    bytes: Option<Vec<u8>>,
) -> Result<Option<(u64, T)>, StoreFault> {
    bytes.map(|bytes| codec::decode(kind, &bytes)).transpose()
}

/// A loop, if its head is there.
fn loop_of(
    head: Option<Vec<u8>>,
    scorecards: impl Iterator<Item = Vec<u8>>,
) -> Result<Option<Loaded>, StoreFault> {
    let Some((revision, head)) = decoded::<Head>(Kind::Head, head)? else {
        return Ok(None);
    };
    let mut cards = BTreeMap::new();
    for bytes in scorecards {
        let (revision, card) = codec::decode::<Scorecard>(Kind::Card, &bytes)?;
        cards.insert(card.author.clone(), (card, Revision(revision)));
    }
    Ok(Some(Loaded {
        head,
        revision: Revision(revision),
        cards,
    }))
}

/// The first key behind all that begin so.
fn behind(prefix: &[u8]) -> Key {
    let mut key = prefix.to_vec();
    while let Some(last) = key.pop() {
        if let Some(next) = last.checked_add(1) {
            key.push(next);
            return key;
        }
    }
    // No key is as long, or begins so: a key begins with a letter.
    vec![u8::MAX; 300]
}

pub(super) fn raw(row: &Row) -> Raw {
    let (key, format, number, json): (Key, i16, i64, &str) =
        (row.get(0), row.get(1), row.get(2), row.get(3));
    let bytes = codec::whole(
        u8::try_from(format).unwrap_or(u8::MAX),
        key.first().copied().unwrap_or_default(),
        number.cast_unsigned(),
        json,
    );
    (key, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_beginning_is_behind_all_that_begin_so() {
        assert_eq!(behind(b"ab"), b"ac");
        assert_eq!(behind(&[b'a', 255, 255]), b"b");
        for key in [&b"ab"[..], b"ab\xff\xff", b"ab\0"] {
            assert!(key < &behind(b"ab")[..]);
        }
    }
}
