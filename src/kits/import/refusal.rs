//! Why a file is no guide, in sentences that say what to do. What a guide may lack is in `report`.

use crate::kits::check::limit;

/// The largest guide, in bytes.
pub const LARGEST: u64 = 1 << 20;
/// The most questions that a kit may ask.
pub(super) const QUESTIONS: usize = limit::QUESTIONS;

/// The reason for which nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGuide {
    /// No line says anything.
    #[error("the guide is empty")]
    Empty,
    /// More than a guide can be.
    #[error("the guide is larger than {} KiB: a guide is a page or two of text, one role in each file", LARGEST / 1024)]
    TooLarge,
    /// Text, but not in the encoding that is read.
    #[error("the guide is in UTF-16: save it as UTF-8")]
    Utf16,
    /// Bytes that are no UTF-8.
    #[error("line {line} is not UTF-8 text: save the guide as UTF-8")]
    NotUtf8 {
        /// The first such line.
        line: usize,
    },
    /// Characters that no text holds.
    #[error("line {line} holds the character {}: this is no plain text", letter.escape_unicode())]
    NotText {
        /// The first such line.
        line: usize,
        /// The character.
        letter: char,
    },
    /// No known heading, and hardly an English word.
    #[error(
        "the guide is in another language than English, or is no guide: none of its lines is a heading such as \
         \u{201C}Technical Assessment Questions\u{201D}, and hardly a word is one of English's small words (the, of, what, how)"
    )]
    NotEnglish,
    /// Nothing to ask.
    #[error(
        "there is no question in the guide: put each on a line of its own, below \u{201C}Initial Screening Questions\u{201D}, \
         \u{201C}Technical Assessment Questions\u{201D} or \u{201C}Behavioral Questions\u{201D}"
    )]
    NoQuestions,
    /// More than one guide.
    #[error(
        "there are two roles in the guide: line {first} says \u{201C}{one}\u{201D}, line {second} \u{201C}{other}\u{201D}; \
         put each role into a file of its own"
    )]
    TwoRoles {
        /// Where the first begins.
        first: usize,
        /// What stands there.
        one: String,
        /// Where the second begins.
        second: usize,
        /// What stands there.
        other: String,
    },
    /// More than an interview can ask.
    #[error("line {line} is question {}: a kit holds {QUESTIONS} at most", QUESTIONS + 1)]
    TooManyQuestions {
        /// The first that is too many.
        line: usize,
    },
    /// Nobody to interview.
    #[error(
        "no line names the role: put \u{201C}Interview Questions for …\u{201D} with its name at the top"
    )]
    NoTitle,
}

/// The text of a file.
///
/// # Errors
/// If it is too large, or is no UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, NoGuide> {
    if bytes.len() as u64 > LARGEST {
        return Err(NoGuide::TooLarge);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(NoGuide::Utf16);
    }
    std::str::from_utf8(bytes).map_err(|why| {
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return NoGuide::NotText {
                line: line_of(&bytes[..at]),
                letter: '\0',
            };
        }
        let (before, _) = bytes.split_at(why.valid_up_to());
        NoGuide::NotUtf8 {
            line: line_of(before),
        }
    })
}

/// Refuses what no text holds: a program, a picture, an archive.
pub(super) fn plain(text: &str) -> Result<(), NoGuide> {
    if text.len() as u64 > LARGEST {
        return Err(NoGuide::TooLarge);
    }
    let allowed = ['\n', '\r', '\t', '\u{b}', '\u{c}', '\u{85}'];
    let strange = text
        .char_indices()
        .find(|(_, letter)| letter.is_control() && !allowed.contains(letter));
    match strange {
        Some((at, letter)) => Err(NoGuide::NotText {
            line: line_of(&text.as_bytes()[..at]),
            letter,
        }),
        None => Ok(()),
    }
}

/// The number of the line that follows some bytes.
fn line_of(before: &[u8]) -> usize {
    let ends = before.iter().enumerate().filter(|(at, byte)| {
        // CRLF ends one line.
        **byte == b'\r' || (**byte == b'\n' && (*at == 0 || before[at - 1] != b'\r'))
    });
    ends.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        assert_eq!(decode(b"\xff\xfea\0"), Err(NoGuide::Utf16));
        assert_eq!(decode(b"a\r\nb\n\xe9"), Err(NoGuide::NotUtf8 { line: 3 }));
        assert_eq!(decode(&vec![b'a'; 2 << 20]), Err(NoGuide::TooLarge));
        assert_eq!(decode("\u{feff}é".as_bytes()), Ok("\u{feff}é"));
        let strange = NoGuide::NotText {
            line: 2,
            letter: '\0',
        };
        assert_eq!(plain("PK\r\0"), Err(strange.clone()));
        assert_eq!(
            strange.to_string(),
            "line 2 holds the character \\u{0}: this is no plain text"
        );
        assert_eq!(plain("a\tb\u{c}\r\n"), Ok(()));
    }
}
