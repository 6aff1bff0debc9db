//! The file of a backup. docs/backup.md says how it is laid out, for whoever reads it without this program.

use super::{Moved, PAGE, Page, Raw, Scales};
use crate::store::codec::{self, Kind};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

/// Whose backups these are.
const OF: &str = "interview-assistant";
/// The version of the layout that is written; it grows where an older program could not read it.
const VERSION: u32 = 1;
/// How much it is compressed: more takes several times as long for a few per cent.
const LEVEL: i32 = 3;
/// How everything begins that zstd packed (<https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1>).
const PACKED: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The longest line, in bytes: a hundred times the largest record.
const LONGEST: u64 = 256 << 20;

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is something else.
    #[error("this is no backup of interview-assistant")]
    NoBackup,
    /// A later program wrote it.
    #[error(
        "this backup was made by a later version of interview-assistant ({by}); restore it with that version"
    )]
    Newer {
        /// Which.
        by: String,
    },
    /// Its end is missing.
    #[error(
        "this backup was cut short: its last line is missing. Nothing was changed; use another one"
    )]
    CutShort,
    /// It is not as it was written.
    #[error("this backup was altered or damaged{0}. Nothing was changed; use another one")]
    Altered(String),
    /// There is a file of that name.
    #[error("there is such a file already; name another one")]
    Exists,
    /// The system.
    #[error("it cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct First {
    backup_of: String,
    version: u32,
    made_at: Timestamp,
    by: String,
}

/// Every other line but the last.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    /// What it is of, for people.
    kind: &'a str,
    /// The key's bytes; what is no printable ASCII is written `\x00`, the backslash `\\`.
    key: String,
    format: u8,
    number: u64,
    #[serde(
        borrow,
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    record: Option<&'a RawValue>,
    /// In place of a record that is no JSON any more: its bytes after the number, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    damaged: Option<String>,
}

/// Of some kinds nothing is said, and that is `null`.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&'de RawValue>::deserialize(deserializer).map(Some)
}

/// The last line: how many lines of records there are, and the SHA-256 of all before it, in hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Last {
    records: u64,
    sha256: String,
}

/// A file that is whole, but has another name until it is kept, and is removed if it is not.
pub(super) struct Part {
    beside: NamedTempFile,
    file: PathBuf,
    moved: Moved,
}

impl Part {
    /// Gives it its name.
    pub(super) fn keep(self) -> Result<Moved, Unfit> {
        match self.beside.persist_noclobber(&self.file) {
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(Unfit::Exists),
            Err(error) => Err(error.error.into()),
            Ok(_) => {
                // The name is on disk when its folder is.
                File::open(folder_of(&self.file))?.sync_all()?;
                Ok(self.moved)
            }
        }
    }
}

fn folder_of(file: &Path) -> &Path {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Hashes what is written.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes all pages that come, beside where the file is to be.
pub(super) fn write(
    file: &Path,
    mut pages: mpsc::Receiver<Page>,
    at: Timestamp,
) -> Result<Part, Unfit> {
    if file.try_exists()? {
        return Err(Unfit::Exists);
    }
    // For its owner alone, as every temporary file.
    let beside = tempfile::Builder::new()
        .prefix(".backup-")
        .suffix(".part")
        .tempfile_in(folder_of(file))?;
    let mut packed = zstd::Encoder::new(beside.as_file(), LEVEL)?;
    packed.include_checksum(true)?;
    let mut lines = Hashed {
        inner: packed,
        hash: Sha256::new(),
    };
    let first = First {
        backup_of: OF.to_owned(),
        version: VERSION,
        made_at: at,
        by: env!("CARGO_PKG_VERSION").to_owned(),
    };
    add(&mut lines, &first)?;
    let (mut scales, mut records) = (Scales::default(), 0);
    while let Some(page) = pages.blocking_recv() {
        for record in page {
            scales.weigh(&record);
            records += 1;
            add_record(&mut lines, &record)?;
        }
    }
    let Hashed { mut inner, hash } = lines;
    let sha256 = hex::encode(hash.finalize());
    add(&mut inner, &Last { records, sha256 })?;
    inner.finish()?.sync_all()?;
    Ok(Part {
        beside,
        file: file.to_owned(),
        moved: scales.read(),
    })
}

fn add(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}

fn add_record(out: &mut impl Write, record: &Raw) -> Result<(), Unfit> {
    let Some((format, number, rest)) = codec::split(&record.bytes) else {
        let why = "the store holds a record without a beginning; stop the bot and copy its folder instead";
        return Err(io::Error::other(why).into());
    };
    let json = serde_json::from_slice(rest).ok();
    let line = Line {
        kind: record.kind().map_or("other", Kind::name),
        key: record.key.escape_ascii().to_string(),
        format,
        number,
        // What is damaged is no reason to have no backup of the others.
        damaged: json.is_none().then(|| hex::encode(rest)),
        record: json,
    };
    Ok(add(out, &line)?)
}

/// Reads a file to its end, hands its records on if somebody takes them, and says whether it is as it was written.
pub(super) fn read(file: &Path, pages: Option<&mpsc::Sender<Page>>) -> Result<(), Unfit> {
    let mut packed = BufReader::new(File::open(file)?);
    if !packed.fill_buf()?.starts_with(&PACKED) {
        return Err(Unfit::NoBackup);
    }
    let unpacked = zstd::Decoder::with_buffer(packed).map_err(torn)?;
    let mut lines = BufReader::with_capacity(1 << 16, unpacked);
    let mut hash = Sha256::new();
    let first = line(&mut lines).map_err(torn)?.ok_or(Unfit::CutShort)?;
    hash.update(&first);
    known(&first)?;
    let mut page = Page::new();
    let mut records = 0;
    loop {
        let next = line(&mut lines).map_err(torn)?.ok_or(Unfit::CutShort)?;
        if let Ok(last) = serde_json::from_slice::<Last>(&next) {
            let same = last.sha256 == hex::encode(hash.finalize()) && last.records == records;
            // Nothing follows it.
            let ends = line(&mut lines).map_err(torn)?.is_none();
            if !same || !ends {
                return Err(Unfit::Altered(String::new()));
            }
            hand_on(pages, &mut page);
            return Ok(());
        }
        hash.update(&next);
        records += 1;
        let record =
            record(&next).ok_or_else(|| Unfit::Altered(format!(" at line {}", records + 1)))?;
        page.push(record);
        if page.len() == PAGE && !hand_on(pages, &mut page) {
            // Whoever took them knows why it does not any more.
            return Ok(());
        }
    }
}

/// Whether somebody still takes what is read.
fn hand_on(pages: Option<&mpsc::Sender<Page>>, page: &mut Page) -> bool {
    let page = std::mem::take(page);
    pages.is_none_or(|pages| pages.blocking_send(page).is_ok())
}

/// What zstd says of a file that was cut or altered.
fn torn(error: io::Error) -> Unfit {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Unfit::CutShort,
        io::ErrorKind::Other | io::ErrorKind::InvalidData => Unfit::Altered(String::new()),
        _ => Unfit::Io(error),
    }
}

/// The next line with its end; `None` at the end of the file, also in the middle of a line.
fn line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    lines.take(LONGEST).read_until(b'\n', &mut line)?;
    Ok(line.ends_with(b"\n").then_some(line))
}

fn known(first: &[u8]) -> Result<(), Unfit> {
    let first: First = serde_json::from_slice(first).map_err(|_| Unfit::NoBackup)?;
    if first.backup_of != OF {
        return Err(Unfit::NoBackup);
    }
    if first.version > VERSION {
        return Err(Unfit::Newer { by: first.by });
    }
    Ok(())
}

fn record(line: &[u8]) -> Option<Raw> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let key = unescaped(&line.key)?;
    let kind = *key.first()?;
    let damaged;
    let rest = match (line.record, line.damaged) {
        (Some(record), None) => record.get().as_bytes(),
        (None, Some(digits)) => {
            damaged = hex::decode(digits).ok()?;
            &damaged
        }
        _ => return None,
    };
    Some(Raw {
        bytes: codec::joined(line.format, kind, line.number, rest),
        key,
    })
}

/// What `escape_ascii` wrote.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                }
                b't' => b'\t',
                b'r' => b'\r',
                b'n' => b'\n',
                mark @ (b'\\' | b'\'' | b'"') => mark,
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_key_comes_back(key in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(unescaped(&key.escape_ascii().to_string()), Some(key));
        }
    }
}
