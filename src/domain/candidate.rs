//! A candidate's name and the words people write, made safe to keep and to show. What is shown where is decided by screens.

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// The longest name taken, in characters as people count them: it has to fit the first line of a post.
pub const LONGEST_NAME: usize = 120;
/// The longest note taken, in UTF-16 units: what one box of a Slack modal holds.
pub const LONGEST_NOTE: usize = 3000;

/// A candidate's name, as people write it, without what cannot be seen. Its `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CandidateName(String);

/// Why some text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing that can be seen.
    #[error("no name")]
    Empty,
    /// Longer than [`LONGEST_NAME`].
    #[error("a name of more than {LONGEST_NAME} characters")]
    TooLong,
}

impl CandidateName {
    /// Reads a name: control characters and directional overrides are dropped, white space is folded.
    ///
    /// # Errors
    /// When nothing is left, or more than [`LONGEST_NAME`] characters.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let name = visible(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if name.is_empty() {
            return Err(NotAName::Empty);
        }
        if name.graphemes(true).count() > LONGEST_NAME {
            return Err(NotAName::TooLong);
        }
        Ok(Self(name))
    }

    /// The name as people wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `J. D.` for Jane Doe: for posts that more people can read than should know the name.
    #[must_use]
    pub fn initials(&self) -> String {
        self.0
            .split_whitespace()
            .filter_map(|part| {
                part.graphemes(true)
                    .find(|letter| letter.chars().any(char::is_alphanumeric))
            })
            .map(|letter| format!("{}.", letter.to_uppercase()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What two spellings of one name have in common: letters and digits, in small letters.
    #[must_use]
    pub fn likeness(&self) -> Likeness {
        use unicode_normalization::UnicodeNormalization as _;
        let letters = self.0.nfkd().filter(|letter| letter.is_alphanumeric());
        Likeness(letters.flat_map(char::to_lowercase).collect())
    }
}

impl fmt::Debug for CandidateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CandidateName(..)")
    }
}

/// What two spellings of one name have in common. Its `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Likeness(String);

impl Likeness {
    /// Of the name that Slack shows of somebody; none where it has no letter and no digit.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let likeness = CandidateName::parse(name).ok()?.likeness();
        (!likeness.0.is_empty()).then_some(likeness)
    }

    /// Letters and digits, in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Likeness(..)")
    }
}

/// A note somebody wrote about a candidate. Its `Debug` does not print it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

impl Note {
    /// Keeps what can be seen, and line breaks; cut at [`LONGEST_NOTE`], which a modal's box cannot exceed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut note = visible(text).trim().to_owned();
        if note.encode_utf16().count() > LONGEST_NOTE {
            let mut units = 0;
            note = note
                .graphemes(true)
                .take_while(|part| {
                    units += part.encode_utf16().count();
                    units <= LONGEST_NOTE
                })
                .collect();
        }
        Self(note)
    }

    /// What was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note(..)")
    }
}

/// Text without control characters and without the marks that turn the text around them (overrides, embeddings, isolates).
#[must_use]
pub fn visible(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|letter| if letter == '\r' { '\n' } else { letter })
        .filter(|letter| *letter == '\n' || *letter == '\t' || !letter.is_control())
        .filter(|letter| !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_can_be_seen() {
        let name = CandidateName::parse("  Zoë \u{202E}<!channel>\u{0} \n Doe ").expect("a name");
        assert_eq!(name.as_str(), "Zoë <!channel> Doe");
        assert_eq!(format!("{name:?}"), "CandidateName(..)");
    }

    #[test]
    fn a_name_of_nothing_or_of_five_thousand_letters_is_refused() {
        assert_eq!(CandidateName::parse("\u{7}  "), Err(NotAName::Empty));
        assert_eq!(
            CandidateName::parse(&"x".repeat(5000)),
            Err(NotAName::TooLong)
        );
    }

    #[test]
    fn initials_are_of_every_part() {
        let name = |text| CandidateName::parse(text).expect("a name").initials();
        assert_eq!(name("jane  van Doe"), "J. V. D.");
        assert_eq!(name("李 小龙"), "李. 小.");
        assert_eq!(name("(Jane) 👩 Doe"), "J. D.");
    }

    #[test]
    fn two_spellings_of_one_name_are_alike() {
        let likeness = |text| CandidateName::parse(text).expect("a name").likeness();
        assert_eq!(likeness("Zoë  O'Brien"), likeness("zoe obrien"));
        assert_ne!(likeness("Jane Doe"), likeness("Jane Roe"));
        assert_eq!(Likeness::of("ZOË obrien"), Some(likeness("Zoe O'Brien")));
        assert_eq!(Likeness::of("!?"), None);
        assert_eq!(format!("{:?}", likeness("Jane Doe")), "Likeness(..)");
    }

    #[test]
    fn a_note_keeps_its_lines_and_fits_a_box() {
        assert_eq!(Note::new("one\r\ntwo\u{1}").as_str(), "one\ntwo");
        assert_eq!(
            Note::new(&"👩".repeat(5000))
                .as_str()
                .encode_utf16()
                .count(),
            LONGEST_NOTE
        );
    }
}
