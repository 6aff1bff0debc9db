//! Reading records from the database, single ones together with those who ask meanwhile. What is written there is in `sending`.

use super::PostgresStore;
use super::groups::{Asked, Groups};
use super::link::Link;
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
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// A key and a record's bytes.
pub(super) type Raw = (Key, Vec<u8>);

const SOME: &str =
    "select key, format, number, json from interview_assistant.record where key = any($1)";
const RANGE: &str = "select key, format, number, json from interview_assistant.record where key >= $1 and key < $2 order by key limit $3";
/// Some records and some ranges, those of loops' scorecards: one statement, so one moment.
const WITH_RANGES: &str = "select key, format, number, json from interview_assistant.record where key = any($1)
    union all select r.key, r.format, r.number, r.json from unnest($2::bytea[], $3::bytea[]) as s (low, high),
    lateral (select * from interview_assistant.record t where t.key >= s.low and t.key < s.high offset 0) r";

/// What somebody wants to read at one moment.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    keys: Vec<Key>,
    /// From a key to before another one.
    range: Option<(Key, Key)>,
}

/// The records that were found for somebody, and maybe for others.
type Found = BTreeMap<Key, Vec<u8>>;

/// Where those who read single records and loops go together. `None`: nothing was read, and everybody asks alone.
pub(super) type Reading = Groups<Arc<Wanted>, Option<Arc<Found>>>;

/// Asks for what is wanted over this link. What one reads is a moment that began after they asked.
pub(super) fn reading(link: Link) -> Reading {
    Groups::of(move |all| {
        let link = link.clone();
        async move { find(&link, all).await }
    })
}

async fn find(link: &Link, all: Vec<Asked<Arc<Wanted>, Option<Arc<Found>>>>) {
    let question = Together::of(all.iter().map(|(wanted, _)| &**wanted));
    let (sql, arguments) = question.asked();
    let rows = link.once(sql, &arguments).await;
    let found = rows
        .ok()
        .map(|rows| Arc::new(rows.iter().map(raw).collect()));
    for (_, answer) in all {
        // Who does not wait any more has no use for it.
        let _ = answer.send(found.clone());
    }
}

/// What some want to read, as one question.
#[derive(Default)]
struct Together<'a> {
    keys: Vec<&'a [u8]>,
    low: Vec<&'a [u8]>,
    high: Vec<&'a [u8]>,
}

impl<'a> Together<'a> {
    fn of(all: impl Iterator<Item = &'a Wanted>) -> Self {
        let (mut keys, mut ranges) = (BTreeSet::new(), BTreeSet::new());
        for wanted in all {
            keys.extend(wanted.keys.iter().map(Vec::as_slice));
            let range = wanted.range.as_ref();
            ranges.extend(range.map(|(low, high)| (low.as_slice(), high.as_slice())));
        }
        let (low, high) = ranges.into_iter().unzip();
        let keys = keys.into_iter().collect();
        Self { keys, low, high }
    }

    fn asked(&self) -> (&'static str, Vec<&(dyn ToSql + Sync)>) {
        if self.low.is_empty() {
            (SOME, vec![&self.keys])
        } else {
            (WITH_RANGES, vec![&self.keys, &self.low, &self.high])
        }
    }
}

/// Those of some found records that somebody wanted.
struct Own(Arc<Found>);

impl Own {
    fn decoded<T: DeserializeOwned>(
        &self,
        kind: Kind,
        key: &Key,
    ) -> Result<Option<(u64, T)>, StoreFault> {
        let bytes = self.0.get(key);
        bytes.map(|bytes| codec::decode(kind, bytes)).transpose()
    }

    /// A loop, if its head is there, with those scorecards that were wanted.
    fn loop_of(&self, head: &Key, cards: &Cards) -> Result<Option<Loaded>, StoreFault> {
        let Some((revision, head)) = self.decoded::<Head>(Kind::Head, head)? else {
            return Ok(None);
        };
        let decoded = cards.of(&self.0).map(|bytes| {
            let (revision, card) = codec::decode::<Scorecard>(Kind::Card, bytes)?;
            Ok((card.author.clone(), (card, Revision(revision))))
        });
        Ok(Some(Loaded {
            head,
            revision: Revision(revision),
            cards: decoded.collect::<Result<_, StoreFault>>()?,
        }))
    }
}

/// Which scorecards of a loop are needed.
enum Cards {
    None,
    One(Key),
    All(Key, Key),
}

impl Cards {
    fn needed(workspace: &WorkspaceId, code: &LoopCode, needs: &Needs) -> Self {
        match needs {
            Needs::Head => Self::None,
            Needs::Own(author) => Self::One(keys::card(workspace, code, author)),
            Needs::All => {
                let all = keys::cards(workspace, code);
                let to = behind(&all);
                Self::All(all, to)
            }
        }
    }

    fn with(&self, keys: Vec<Key>) -> Wanted {
        let mut wanted = Wanted { keys, range: None };
        match self {
            Self::None => {}
            Self::One(key) => wanted.keys.push(key.clone()),
            Self::All(low, high) => wanted.range = Some((low.clone(), high.clone())),
        }
        wanted
    }

    fn of<'a>(&'a self, found: &'a Found) -> impl Iterator<Item = &'a Vec<u8>> {
        let range = match self {
            Self::All(low, high) => Some(found.range::<Key, _>(low..high)),
            _ => None,
        };
        let one = match self {
            Self::One(key) => found.get(key),
            _ => None,
        };
        let range = range.into_iter().flatten().map(|(_, bytes)| bytes);
        one.into_iter().chain(range)
    }
}

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
        let wanted = Wanted {
            keys: vec![key.clone()],
            range: None,
        };
        self.found(wanted).await?.decoded(kind, &key)
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
        let cards = Cards::needed(workspace, code, needs);
        let found = self.found(cards.with(vec![head.clone()])).await?;
        found.loop_of(&head, &cards)
    }

    /// What is wanted, and maybe what others want: together with them, or alone where that fails, whatever the reason.
    async fn found(&self, wanted: Wanted) -> Result<Own, StoreFault> {
        let wanted = Arc::new(wanted);
        if let Some(Some(found)) = self.reading.ask(Arc::clone(&wanted)).await {
            return Ok(Own(found));
        }
        let question = Together::of(std::iter::once(&*wanted));
        let (sql, arguments) = question.asked();
        let found = self.raw(sql, &arguments).await?;
        Ok(Own(Arc::new(found.into_iter().collect())))
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
        let cards = Cards::needed(workspace, code, needs);
        let found = self.found(cards.with(keys)).await?;
        let person = found.decoded(Kind::Person, &person)?;
        let settings = found.decoded(Kind::Sheet, &settings)?;
        let place = match &place {
            Some(place) => found.decoded(Kind::Place, place)?,
            None => None,
        };
        Ok(Glance {
            person: person.map(|(_, person)| person),
            place: place.map(|(_, place)| place),
            settings: settings.map(|(revision, sheet)| (sheet, Revision(revision))),
            loaded: found.loop_of(&head, &cards)?,
        })
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
