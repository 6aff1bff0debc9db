//! Commits on their way to the database: alone, or in one transaction with those that came while others were under way.
//!
//! What is simple may go together: it puts and appends records that have a lock of their own, as a rating does. Of one group none touches what
//! another one writes, so all are judged at once, and then written at once. Who does not fit goes alone, and so does everybody whose group
//! failed, whatever the reason: that is a second try, each under its own name, and nobody fails because of another one.

use super::groups::{Asked, Groups};
use super::link::{Cause, Link};
use super::sending::Sending;
use crate::store::codec::{self, Kind};
use crate::store::{Committed, StoreFault};
use crate::telemetry::figures::OfStore;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

pub(super) const COMMIT: &str =
    "select outcome, found_format, found_json from interview_assistant.commit_unit(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

pub(super) const COMMIT_SOME: &str =
    "select outcome, found_format, found_json, unit from interview_assistant.commit_units(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

/// What became of a commit that was handed over.
#[derive(Debug)]
pub(super) enum Handed {
    /// It was judged.
    Judged(Result<Committed, StoreFault>),
    /// It has to go alone.
    Back {
        /// It may have been written nevertheless.
        maybe_saved: bool,
    },
}

/// Where commits go together.
pub(super) type Together = Groups<Arc<Sending>, Handed>;

/// Sends what comes in over this link.
pub(super) fn together(link: Link, figures: OfStore) -> Together {
    Groups::of(move |all| {
        let (link, figures) = (link.clone(), figures.clone());
        async move { send(&link, &figures, all).await }
    })
}

async fn send(link: &Link, figures: &OfStore, all: Vec<Asked<Arc<Sending>, Handed>>) {
    let mut locks = BTreeMap::new();
    let mut group = Vec::with_capacity(all.len());
    for (sending, answer) in all {
        if sending.joins(&mut locks) {
            group.push((sending, answer));
        } else {
            let _ = answer.send(Handed::Back { maybe_saved: false });
        }
    }
    let began = Instant::now();
    let sent = match &group[..] {
        [] => return,
        [(only, _)] => {
            let mut arguments = only.arguments();
            arguments.push(&false);
            link.once(COMMIT, &arguments).await
        }
        _ => {
            let units: Vec<&Sending> = group.iter().map(|(sending, _)| &**sending).collect();
            let several = Several::of(&units, &locks);
            link.once(COMMIT_SOME, &several.arguments()).await
        }
    };
    let rows = match sent {
        Ok(rows) => rows,
        Err(maybe_saved) => {
            for (_, answer) in group {
                let _ = answer.send(Handed::Back { maybe_saved });
            }
            return;
        }
    };
    let Some(ends) = ends_of(group.len(), &rows) else {
        // Nobody is told that something is saved on the strength of an answer that is not understood.
        for (_, answer) in group {
            let _ = answer.send(Handed::Back { maybe_saved: true });
        }
        return;
    };
    let written = ends.iter().filter(|end| matches!(end, Ok(Committed::Done)));
    let written = written.count();
    if written > 0 {
        // They share a transaction, and one wait for the disk.
        figures.wrote(written, began.elapsed());
    }
    for ((_, answer), end) in group.into_iter().zip(ends) {
        // Who does not wait any more has no use for it.
        let _ = answer.send(Handed::Judged(end));
    }
}

/// What became of each of a group: of one alone there is a row, of several those have one that were not written. `None`: a row is of nobody.
fn ends_of(group: usize, rows: &[Row]) -> Option<Vec<Result<Committed, StoreFault>>> {
    if group == 1 {
        return Some(vec![judged(rows.first()?)]);
    }
    let mut ends = Vec::from_iter((0..group).map(|_| Ok(Committed::Done)));
    for row in rows {
        let place: i32 = row.get(3);
        let place = usize::try_from(place).ok()?.checked_sub(1)?;
        *ends.get_mut(place)? = judged(row);
    }
    Some(ends)
}

/// What the database says of a commit.
pub(super) fn judged(row: &Row) -> Result<Committed, StoreFault> {
    match row.get(0) {
        "done" => Ok(Committed::Done),
        "conflict" => Ok(Committed::Conflict),
        "lost" => Err(StoreFault::LeaseLost),
        "duplicate" => {
            let (format, json): (i16, &str) = (row.get(1), row.get(2));
            let format = u8::try_from(format).unwrap_or(u8::MAX);
            let bytes = codec::whole(format, Kind::Reply as u8, 0, json);
            Ok(Committed::Duplicate(codec::decode(Kind::Reply, &bytes)?.1))
        }
        _ => Err(odd("the database answers something else")),
    }
}

/// An answer that nobody understands.
pub(super) fn odd(why: &str) -> StoreFault {
    StoreFault::Damaged {
        kind: "answer",
        source: Box::new(Cause(why.to_owned())),
    }
}

/// Some commits as the arguments of `commit_units`.
#[derive(Default)]
pub(super) struct Several<'a> {
    names: Vec<&'a [u8]>,
    format: i16,
    locks: Vec<i64>,
    alone: Vec<bool>,
    checks: Vec<&'a str>,
    check_units: Vec<i32>,
    check_keys: Vec<&'a [u8]>,
    check_numbers: Vec<i64>,
    writes: Vec<&'a str>,
    write_units: Vec<i32>,
    write_keys: Vec<&'a [u8]>,
    write_numbers: Vec<i64>,
    write_jsons: Vec<&'a str>,
}

impl<'a> Several<'a> {
    pub(super) fn of(units: &[&'a Sending], locks: &BTreeMap<i64, bool>) -> Self {
        let mut several = Self {
            format: codec::VERSION.into(),
            ..Self::default()
        };
        (several.locks, several.alone) = locks.iter().map(|(lock, alone)| (*lock, *alone)).unzip();
        for (place, unit) in (1..).zip(units) {
            several.names.push(&unit.id);
            several.checks.extend(letters(&unit.checks));
            several.check_units.resize(several.checks.len(), place);
            several
                .check_keys
                .extend(unit.check_keys.iter().map(Vec::as_slice));
            several.check_numbers.extend(&unit.check_numbers);
            several.writes.extend(letters(&unit.writes));
            several.write_units.resize(several.writes.len(), place);
            several
                .write_keys
                .extend(unit.write_keys.iter().map(Vec::as_slice));
            several.write_numbers.extend(&unit.write_numbers);
            several
                .write_jsons
                .extend(unit.write_jsons.iter().map(String::as_str));
        }
        several
    }

    pub(super) fn arguments(&self) -> [&(dyn ToSql + Sync); 13] {
        [
            &self.names,
            &self.format,
            &self.locks,
            &self.alone,
            &self.checks,
            &self.check_units,
            &self.check_keys,
            &self.check_numbers,
            &self.writes,
            &self.write_units,
            &self.write_keys,
            &self.write_numbers,
            &self.write_jsons,
        ]
    }
}

/// One text a letter.
fn letters(text: &str) -> impl Iterator<Item = &str> {
    text.split("").filter(|letter| !letter.is_empty())
}
