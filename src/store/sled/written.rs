//! How far the store was written, kept beside sled's own files: sled opens a damaged log with whatever it can still read of it, and says nothing.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// The file's name, in the store's folder.
const NAME: &str = "written";

/// The log ends before what was on disk already.
#[derive(Debug, thiserror::Error)]
#[error(
    "its log was damaged: what was written last is not in it any more ({found} of {written}). Put a copy of the folder in its place. \
     To go on with what is left, delete the file `written` in it"
)]
pub(super) struct Lost {
    found: u64,
    written: u64,
}

/// The highest number that is on disk: the counter grows with every batch, so a store that opens with a lower one has lost some.
pub(super) struct Written(File);

impl Written {
    /// Opens the file in a folder, and holds the counter that was found in the store against it. One that is not there, or was not written
    /// whole, holds nothing against anything.
    pub(super) fn check(folder: &Path, found: u64) -> io::Result<Result<Self, Lost>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(NAME))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        match number(&bytes) {
            Some(written) if written > found => Ok(Err(Lost { found, written })),
            _ => Ok(Ok(Self(file))),
        }
    }

    /// So far it is on disk. Not synced: what a power cut takes of this makes nothing look lost.
    pub(super) fn reaches(&mut self, number: u64) -> io::Result<()> {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        bytes[8..].copy_from_slice(&(!number).to_be_bytes());
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&bytes)
    }
}

/// A number and its complement, so that one that was written in part is none.
fn number(bytes: &[u8]) -> Option<u64> {
    let (number, complement) = bytes.split_first_chunk::<8>()?;
    let number = u64::from_be_bytes(*number);
    (complement == (!number).to_be_bytes()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_fell_back_is_told_and_half_a_number_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |found| Written::check(folder.path(), found).expect("it opens");
        let mut written = check(0).expect("nothing was written");
        written.reaches(7).expect("written");
        assert!(check(7).is_ok() && check(8).is_ok());
        let Err(lost) = check(6) else {
            panic!("one is missing");
        };
        assert!(lost.to_string().contains("(6 of 7)"), "{lost}");
        for half in ["", "1234567", "123456789", "1234567812345678"] {
            std::fs::write(folder.path().join(NAME), half).expect("written");
            assert!(check(0).is_ok(), "{half}");
        }
    }
}
