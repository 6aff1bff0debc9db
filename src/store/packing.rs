//! Packs what there is most of: a record's text, with zstd and a dictionary of what stands in every such record.
//!
//! A loop's records say the same words over and over, and each of them is too short for zstd to find that out. So it is told beforehand:
//! [`WORDS`] is text as it stands in records, what is most frequent last. What was packed with it can only be unpacked with it, so
//! **it never changes**; other words would be another version of the format.

use std::io;
use std::sync::{LazyLock, Mutex, PoisonError};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// What is shorter than this, in bytes, stays as it is.
const SHORTEST: usize = 40;
/// What is longer than this, in bytes, stays as it is; so nothing that is unpacked takes more, whatever it says of itself.
const LONGEST: usize = 1024 * 1024;
/// zstd's level: its quickest but for the negative ones. Level 3 needed a twentieth less room.
const LEVEL: i32 = 1;

/// What stands in records. It never changes.
const WORDS: &str = concat!(
    r#""withdrawal":{"by":"U0","at":"2026-","reason":""},"asked_to_join":["U0"],"past_decisions":[{"verdict":"hold","reason":"","by":"U0","at":"2026-"}]"#,
    r#","decision":{"verdict":"no_hire","reason":"","by":"U0","at":"2027-"},"planned":{"at":"2027-01-01T09:00:00Z","minutes":45},"role":"observer""#,
    r#","reveal":{"at":"2026-","by":"U0","snapshot":[{"author":"U0","marks":{"technical/1":"not_asked"},"recommendation":"strong_no"}]},"naming":"initials""#,
    r#"{"code":"C-","kit":{"slug":"head-of-backend","version":"0"},"title":"Head of Backend Engineering""#,
    r#"{"code":"C-","kit":{"slug":"backend-platforms-lead","version":"0"},"title":"Backend Platforms Lead""#,
    r#"{"code":"C-","kit":{"slug":"backend-practice-lead","version":"0"},"title":"Backend Practice Lead""#,
    r#"{"code":"C-","kit":{"slug":"senior-backend","version":"0"},"title":"Senior Backend Developer","candidate":"Candidate ","note":"","requisition":"","#,
    r#""cv":"https://","owner":"U0","opened_by":"U0","opened_at":"2026-01-01T09:00:00.123456789Z","channel":"C0","public":false,"naming":"name","#,
    r#""named_panel":true,"panel":[{"user":"U0","role":"shadow","submitted_at":"2026-01-01T09:00:00.123456789Z","late":false,"nudged_at":null,"since":"2026-"},"#,
    r#"{"user":"U0","submitted_at":null,"late":false,"nudged_at":null},{"user":"U0","submitted_at":null,"late":false,"nudged_at":null}],"#,
    r#""reveal":null,"decision":null,"past_decisions":[],"withdrawal":null,"asked_to_join":[],"messages":{"post":"1795000000.000100","debrief":null,"#,
    r#""decision":null,"posted_anew":false,"trouble":null}}"#,
    r#"[{"at":"2026-01-01T09:00:00.123456789Z","actor":"U0","what":"opened"},{"at":"2027-","actor":null,"what":{"revealed":{"early":false,"scorecards":4}}},"#,
    r#""what":{"wrote":{"question":"technical/1","note":""}}},"what":{"submitted":{"recommendation":"strong_yes","reason":"","late":false}}},"#,
    r#""what":{"decided":{"verdict":"hire","reason":""}}},"what":{"joined":"U0"}}]"#,
    r#"{"said":[]}{"refused":""}"nothing"{"show":{"debrief":{"code":"C-"}}}{"show":{"scorecard":{"code":"C-","section":"technical"}}}"#,
    r#"{"author":"U0","marks":{"behavioural/1":{"rated":"poor"},"behavioural/2":{"rated":"excellent"},"behavioural/3":{"rated":"mixed"},"#,
    r#""behavioural/4":{"rated":"good"},"behavioural/5":{"rated":"good"},"behavioural/6":{"rated":"good"},"screening/1":{"rated":"poor"},"#,
    r#""screening/2":{"rated":"excellent"},"screening/3":{"rated":"mixed"},"screening/4":{"rated":"good"},"screening/5":{"rated":"good"},"#,
    r#""technical/1":{"rated":"poor"},"technical/10":{"rated":"excellent"},"technical/11":{"rated":"mixed"},"technical/12":{"rated":"good"},"#,
    r#""technical/2":{"rated":"poor"},"technical/3":{"rated":"excellent"},"technical/4":{"rated":"mixed"},"technical/5":{"rated":"good"},"#,
    r#""technical/6":{"rated":"good"},"technical/7":{"rated":"good"},"technical/8":{"rated":"good"},"technical/9":{"rated":"good"}},"#,
    r#""evidence":{"technical/1":""},"recommendation":"yes","reason":"","beside_the_kit":"","saved_at":"2026-01-01T09:00:00.123456789Z","#,
    r#""late_changes":[{"question":"technical/1","from":null,"to":"not_asked","at":"2026-"}],"clicks":[["technical/1",1795000000123456],["technical/2",1796000000000000]]}"#,
    r#""evidence":{},"recommendation":null,"reason":"","beside_the_kit":"","saved_at":"2026-01-01T09:00:00.123456789Z","late_changes":[]}"#,
    r#"[{"at":"2026-01-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"screening/1","from":{"rated":"poor"},"to":{"rated":"poor"}}}}]"#,
    r#"[{"at":"2026-01-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"behavioural/1","from":{"rated":"excellent"},"to":{"rated":"excellent"}}}}]"#,
    r#"[{"at":"2026-01-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"technical/1","from":{"rated":"mixed"},"to":{"rated":"mixed"}}}}]"#,
    r#"[{"at":"2027-01-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"screening/1","from":null,"to":{"rated":"excellent"}}}}]"#,
    r#"[{"at":"2027-01-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"behavioural/1","from":null,"to":{"rated":"mixed"}}}}]"#,
    r#"[{"at":"2026-12-01T09:00:00.123456789Z","actor":"U0","what":{"rated":{"question":"technical/1","from":null,"to":{"rated":"good"}}}}]"#,
);

/// How many packers, and how many unpackers, are kept for what comes: each has tables of its own, and many work at once only where many threads scan.
const KEPT: usize = 8;

/// Packers and unpackers that nobody uses at the moment: making one takes longer than its work.
static PACKERS: Idle<Compressor<'static>> = Idle(Mutex::new(Vec::new()));
static UNPACKERS: Idle<Decompressor<'static>> = Idle(Mutex::new(Vec::new()));

struct Idle<T>(Mutex<Vec<T>>);

impl<T> Idle<T> {
    /// Does something with one of them. One that could not do it is not kept.
    fn with<R>(
        &self,
        another: impl FnOnce() -> io::Result<T>,
        does: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let idle = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut one = taken.map_or_else(another, Ok)?;
        let done = does(&mut one)?;
        let mut idle = idle();
        if idle.len() < KEPT {
            idle.push(one);
        }
        Ok(done)
    }
}

/// A text in less room; `None` where there is nothing to be had.
pub(super) fn packed(text: &[u8]) -> Option<Vec<u8>> {
    static DICTIONARY: LazyLock<EncoderDictionary<'static>> =
        LazyLock::new(|| EncoderDictionary::copy(WORDS.as_bytes(), LEVEL));
    if !(SHORTEST..=LONGEST).contains(&text.len()) {
        return None;
    }
    let another = || Compressor::with_prepared_dictionary(&DICTIONARY);
    // What cannot be packed is kept as it is.
    let packed = PACKERS.with(another, |packer| packer.compress(text)).ok()?;
    (packed.len() < text.len()).then_some(packed)
}

/// What was packed, as it was before.
///
/// # Errors
/// It was not packed here, was damaged, or would be longer than anything that is packed.
pub(super) fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    static DICTIONARY: LazyLock<DecoderDictionary<'static>> =
        LazyLock::new(|| DecoderDictionary::copy(WORDS.as_bytes()));
    let another = || Decompressor::with_prepared_dictionary(&DICTIONARY);
    // To zstd nothing at all is nothing, packed.
    if packed.is_empty() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    UNPACKERS.with(another, |unpacker| unpacker.decompress(packed, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    #[test]
    fn the_words_are_those_of_the_first_day() {
        let hash = hex::encode(Sha256::digest(WORDS));
        assert_eq!(
            hash,
            "4d922a098f4b4ad71dc672f12efde3e60e388b209c3b3e0bbdc417c54c29f79e"
        );
    }

    #[test]
    fn what_is_too_short_too_long_or_without_a_pattern_stays_as_it_is() {
        assert_eq!(packed(&[b'a'; SHORTEST - 1]), None);
        assert!(packed(&[b'a'; SHORTEST]).is_some_and(|it| it.len() < SHORTEST));
        assert!(packed(&vec![b'a'; LONGEST]).is_some_and(|it| it.len() < SHORTEST * 10));
        assert_eq!(packed(&vec![b'a'; LONGEST + 1]), None);
        assert_eq!(packed(&rand::random::<[u8; 64]>()), None);
    }

    #[test]
    fn what_says_it_is_longer_than_anything_is_not_unpacked() {
        let mut huge = Compressor::with_dictionary(LEVEL, WORDS.as_bytes()).expect("a packer");
        let huge = huge.compress(&vec![b'a'; LONGEST + 1]).expect("packed");
        assert!(unpacked(&huge).is_err());
        let few = packed(&vec![b'a'; LONGEST]).expect("packed");
        assert!(unpacked(&few).is_ok_and(|it| it.len() == LONGEST));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_the_same(text in "([a-z\":{}]{1,9}|\"rated\":\"good\"|technical/){1,90}") {
            if let Some(packed) = packed(text.as_bytes()) {
                prop_assert_eq!(unpacked(&packed).expect("it was packed here"), text.as_bytes());
            }
        }

        #[test]
        fn damage_is_an_error_or_another_text_and_no_panic(place in 0_usize..80, byte: u8, cut in 0_usize..80) {
            let mut packed = packed(&WORDS.as_bytes()[..400]).expect("it is full of words");
            if let Some(one) = packed.get_mut(place) {
                *one = byte;
            }
            let _ = unpacked(&packed);
            if cut < packed.len() {
                prop_assert!(unpacked(&packed[..cut]).is_err());
            }
        }
    }
}
