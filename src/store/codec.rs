//! How a record is written as bytes, and read again for ever: version, kind, number, then JSON. Where it is kept is in `keys`.
//!
//! ```text
//! byte 0      the version of the format: 1, or 2 where the JSON is packed
//! byte 1      the kind
//! bytes 2-9   a number, big-endian: a revision, a day, a stamp, a place in a queue; else zero
//! bytes 10-   the record as JSON; in version 2 as `packing` has packed it
//! ```
//!
//! Only sled's folder has packed records: PostgreSQL packs what is long by itself, and people read what is there.
//!
//! The number has a fixed place, so that a revision is compared without reading the record. A record that this program wrote once
//! is read by every later one: a field that comes new has a default, and the tests keep samples of every kind.

use super::{StoreFault, packing};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version that is written.
pub(super) const VERSION: u8 = 1;
/// The version of a record that is packed.
const PACKED: u8 = 2;
/// Where the JSON begins.
const HEADER: usize = 10;

/// What a record is of. The letters are part of the format and of the keys: they never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(super) enum Kind {
    /// A loop without its scorecards; the number is its revision.
    Head = b'h',
    /// A scorecard; the number is its revision.
    Card = b'c',
    /// What one commit did to a loop.
    Audit = b'a',
    /// The answer to a delivery.
    Reply = b'd',
    /// Something that waits for its author; the number is the day it was put there.
    Draft = b'o',
    /// That a draft was put there on a day: its key.
    DraftOfDay = b'O',
    /// A delivery that waits for facts; the number is its place in the queue.
    Waiting = b'w',
    /// A post owed to Slack; the number is its stamp.
    Parcel = b'q',
    /// A person.
    Person = b'p',
    /// A channel.
    Place = b'l',
    /// A user group.
    Group = b'g',
    /// A kit's version.
    Kit = b'k',
    /// What is served for a role, with the workspace that serves it; the number is its revision. (`K` was a version alone.)
    Shelf = b's',
    /// A calibration; the number is its revision.
    Calibration = b'r',
    /// A loop in the list of one of its people.
    OfUser = b'u',
    /// A loop in the list of its channel.
    InChannel = b'i',
    /// A loop in one of the other lists; a letter in the key says which.
    Listed = b'L',
    /// Which lists are kept: the number, which grows with each list that comes new.
    ListsKept = b'v',
    /// A sheet; a letter in the key says of what; the number is its revision.
    Sheet = b'e',
    /// A loop under the message that is its post.
    AtPost = b'm',
    /// A loop under its candidate's name.
    Namesake = b'n',
    /// An installation of the app, its tokens sealed; the number is its revision.
    Install = b'I',
    /// A message or a file of a loop's, under what it is: what is to be taken back if the loop is erased.
    Sent = b'S',
    /// What stays of a loop that was erased; the number is its revision.
    Erased = b'E',
    /// How many places in queues were given away: the number.
    Counter = b'#',
    /// How many loops stand where.
    Tally = b't',
    /// That the store is being filled from another one or from a backup, and does not hold everything yet.
    Filling = b'!',
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 27] = [
        Self::Head,
        Self::Card,
        Self::Audit,
        Self::Reply,
        Self::Draft,
        Self::DraftOfDay,
        Self::Waiting,
        Self::Parcel,
        Self::Person,
        Self::Place,
        Self::Group,
        Self::Kit,
        Self::Shelf,
        Self::Calibration,
        Self::OfUser,
        Self::InChannel,
        Self::Listed,
        Self::ListsKept,
        Self::Sheet,
        Self::AtPost,
        Self::Namesake,
        Self::Install,
        Self::Sent,
        Self::Erased,
        Self::Counter,
        Self::Tally,
        Self::Filling,
    ];

    /// Those whose records are packed: every loop and every click has some. Others are few, or short.
    const PACKED: [Self; 4] = [Self::Head, Self::Card, Self::Audit, Self::Reply];

    /// How an error names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Head => "loop",
            Self::Card => "scorecard",
            Self::Audit => "audit",
            Self::Reply => "answer",
            Self::Draft => "draft",
            Self::DraftOfDay => "day's draft",
            Self::Waiting => "waiting delivery",
            Self::Parcel => "parcel",
            Self::Person => "person",
            Self::Place => "channel",
            Self::Group => "group",
            Self::Kit => "kit",
            Self::Shelf => "shelf",
            Self::Calibration => "calibration",
            Self::OfUser => "person's loop",
            Self::InChannel => "channel's loop",
            Self::Listed => "list's loop",
            Self::ListsKept => "lists' version",
            Self::Sheet => "sheet",
            Self::AtPost => "post's loop",
            Self::Namesake => "namesake",
            Self::Install => "installation",
            Self::Sent => "message",
            Self::Erased => "erased loop",
            Self::Counter => "counter",
            Self::Tally => "tally",
            Self::Filling => "filling",
        }
    }
}

/// Why bytes are no record. It says where, never what: a record holds names and ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// Not even a header.
    #[error("it has {0} bytes")]
    Short(usize),
    /// Written by a later program, or damaged.
    #[error("its format has version {0}")]
    Version(u8),
    /// Something else stands in its place.
    #[error("it is of kind {0}")]
    Kind(u8),
    /// It was packed, and cannot be unpacked.
    #[error("it cannot be unpacked")]
    Packed,
    /// The JSON does not hold what it should.
    #[error("its content cannot be read at line {line}, column {column}")]
    Content {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
}

impl Unreadable {
    fn of(self, kind: Kind) -> StoreFault {
        StoreFault::Damaged {
            kind: kind.name(),
            source: Box::new(self),
        }
    }
}

/// A record's bytes.
pub(super) fn encode<T: Serialize>(kind: Kind, number: u64, record: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend([VERSION, kind as u8]);
    bytes.extend(number.to_be_bytes());
    serde_json::to_writer(&mut bytes, record)
        .expect("a record's maps have text for keys, and a vector takes every byte");
    bytes
}

/// The same record with another number.
pub(super) fn renumber(bytes: &mut [u8], number: u64) {
    if let Some(place) = bytes.get_mut(2..HEADER) {
        place.copy_from_slice(&number.to_be_bytes());
    }
}

/// A record's number, without reading the record.
pub(super) fn number(kind: Kind, bytes: &[u8]) -> Result<u64, StoreFault> {
    header(kind, bytes)
        .map(|(number, _)| number)
        .map_err(|why| why.of(kind))
}

/// A record and its number.
pub(super) fn decode<T: DeserializeOwned>(
    kind: Kind,
    bytes: &[u8],
) -> Result<(u64, T), StoreFault> {
    let (number, json) = header(kind, bytes).map_err(|why| why.of(kind))?;
    let unpacked = unpacked(bytes).map_err(|why| why.of(kind))?;
    let record = serde_json::from_slice(unpacked.as_deref().unwrap_or(json)).map_err(|error| {
        // The error itself may quote the record.
        let (line, column) = (error.line(), error.column());
        Unreadable::Content { line, column }.of(kind)
    })?;
    Ok((number, record))
}

/// A record in less room, if it is of a kind that is packed.
pub(super) fn packed(record: Vec<u8>) -> Vec<u8> {
    let Some((&[VERSION, kind, ..], json)) = record.split_first_chunk::<HEADER>() else {
        return record;
    };
    if !Kind::PACKED.iter().any(|packed| *packed as u8 == kind) {
        return record;
    }
    match packing::packed(json) {
        Some(packed) => exchanged(&record, PACKED, &packed),
        None => record,
    }
}

/// A record as it was before it was packed; one that cannot be unpacked stays as it is.
pub(super) fn plain(record: &[u8]) -> Vec<u8> {
    match unpacked(record) {
        Ok(Some(json)) => exchanged(record, VERSION, &json),
        Ok(None) | Err(_) => record.to_vec(),
    }
}

/// The JSON of a record that is packed.
fn unpacked(record: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    match record.split_first_chunk::<HEADER>() {
        Some(([PACKED, ..], rest)) => {
            let json = packing::unpacked(rest);
            json.map(Some).map_err(|_| Unreadable::Packed)
        }
        _ => Ok(None),
    }
}

/// The same header but for the version, and something else behind it.
fn exchanged(record: &[u8], version: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + rest.len());
    bytes.push(version);
    bytes.extend(record.get(1..HEADER).unwrap_or_default());
    bytes.extend(rest);
    bytes
}

/// A record's number and its JSON, for a store that keeps them apart; of no record, zero and nothing.
pub(super) fn parts(bytes: &[u8]) -> (u64, &str) {
    let Some((header, json)) = bytes.split_first_chunk::<HEADER>() else {
        return (0, "");
    };
    let [_, _, number @ ..] = *header;
    let json = std::str::from_utf8(json).expect("JSON of our own making is text");
    (u64::from_be_bytes(number), json)
}

/// A record's bytes, from a store that keeps its parts apart.
pub(super) fn whole(version: u8, kind: u8, number: u64, json: &str) -> Vec<u8> {
    joined(version, kind, number, json.as_bytes())
}

/// Any record's version, number, and what should be its JSON, also of one that is damaged. `None`: it has not even a header.
pub(super) fn split(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
    let [version, _, number @ ..] = *header;
    Some((version, u64::from_be_bytes(number), rest))
}

/// The same together again.
pub(super) fn joined(version: u8, kind: u8, number: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + rest.len());
    bytes.extend([version, kind]);
    bytes.extend(number.to_be_bytes());
    bytes.extend(rest);
    bytes
}

fn header(kind: Kind, bytes: &[u8]) -> Result<(u64, &[u8]), Unreadable> {
    let short = Unreadable::Short(bytes.len());
    let (header, json) = bytes.split_first_chunk::<HEADER>().ok_or(short)?;
    let [version, found, number @ ..] = *header;
    if !matches!(version, VERSION | PACKED) {
        return Err(Unreadable::Version(version));
    }
    if found != kind as u8 {
        return Err(Unreadable::Kind(found));
    }
    Ok((u64::from_be_bytes(number), json))
}
