//! A door for the fuzz targets and the benchmarks: any bytes, read as whatever record they say they are. The program itself always knows what it reads.

use super::codec::{self, Kind};
use super::{Members, Parcel};
use crate::domain::access::{Person, Place};
use crate::domain::calibration::Calibration;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::{AuditEntry, Delivery, Draft, Reply};
use crate::domain::ids::{LoopCode, WorkspaceId};
use crate::domain::install::Install;
use crate::domain::interview_loop::Head;
use crate::domain::kit::Kit;
use crate::domain::scorecard::Scorecard;
use crate::domain::sheet::Sheet;
use crate::domain::shelf::Shelf;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a record would be written as, if the bytes are one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Vec<u8>> {
    use Kind::{
        AtPost, Audit, Card, Counter, DraftOfDay, Filling, Group, InChannel, Listed, ListsKept,
        Namesake, OfUser, Parcel as Owed, Person as Human, Place as Room, Reply as Answer, Tally,
        Waiting,
    };
    let kind = of(*bytes.get(1)?)?;
    match kind {
        Kind::Head => again::<Head>(kind, bytes),
        Card => again::<Scorecard>(kind, bytes),
        Audit => again::<Vec<AuditEntry>>(kind, bytes),
        Answer => again::<Reply>(kind, bytes),
        Kind::Draft => again::<Draft>(kind, bytes),
        DraftOfDay => again::<Vec<u8>>(kind, bytes),
        Waiting => again::<Delivery>(kind, bytes),
        Owed => again::<Parcel>(kind, bytes),
        Human => again::<Person>(kind, bytes),
        Room => again::<Place>(kind, bytes),
        Group => again::<Members>(kind, bytes),
        Kind::Kit => again::<Kit>(kind, bytes),
        Kind::Shelf => again::<(WorkspaceId, Shelf)>(kind, bytes),
        Kind::Calibration => again::<(WorkspaceId, Calibration)>(kind, bytes),
        Kind::Sheet => again::<Sheet>(kind, bytes),
        Kind::Install => again::<Install>(kind, bytes),
        Kind::Sent => again::<Sent>(kind, bytes),
        Kind::Erased => again::<Erased>(kind, bytes),
        OfUser | InChannel | Listed | AtPost | Namesake => again::<LoopCode>(kind, bytes),
        Tally => again::<[u64; 4]>(kind, bytes),
        Filling | ListsKept | Counter => again::<()>(kind, bytes),
    }
}

/// A record as it would be written, by its kind's letter. For the benchmarks alone.
#[doc(hidden)]
#[must_use]
pub fn encode<T: Serialize>(kind: u8, record: &T) -> Option<Vec<u8>> {
    Some(codec::encode(of(kind)?, 1, record))
}

/// What was written, read. For the benchmarks alone.
#[doc(hidden)]
#[must_use]
pub fn decode<T: DeserializeOwned>(kind: u8, bytes: &[u8]) -> Option<T> {
    let (_, record) = codec::decode(of(kind)?, bytes).ok()?;
    Some(record)
}

/// A record as a folder keeps it. For the benchmarks alone.
#[doc(hidden)]
#[must_use]
pub fn packed(record: Vec<u8>) -> Vec<u8> {
    codec::packed(record)
}

/// The kind of a letter.
fn of(letter: u8) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| *kind as u8 == letter)
}

fn again<T: DeserializeOwned + Serialize>(kind: Kind, bytes: &[u8]) -> Option<Vec<u8>> {
    let (number, record) = codec::decode::<T>(kind, bytes).ok()?;
    Some(codec::encode(kind, number, &record))
}
