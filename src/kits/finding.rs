//! What is wrong with a kit's file, and where: a rule, a sentence, a place, a remedy. Finding it is in `read` and `check`.

use super::rule::{self, Rule};
use std::fmt;
use std::ops::Range;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something a kit may well do without.
    Note,
    /// The kit works, but an interview with it is worse for it. It may be silenced with `[[allow]]`.
    Warning,
    /// The kit cannot be used. It fails the check and the start.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Where in a file: line and column count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The line's text, cut to what a terminal shows.
    pub excerpt: String,
    /// The excerpt's columns before the first marked one.
    indent: usize,
    /// How many characters of the excerpt are meant.
    width: usize,
}

/// One thing to mend in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// The rule's id, as `[[allow]]` names it.
    pub rule: &'static str,
    /// The file, as it was given; the kit's slug where there is no file.
    pub file: String,
    /// Where in the kit, as `[[allow]]` names it: `profile.experience`, `technical/2.ask`; empty for the whole file.
    pub at: String,
    /// Where in the file, if it is anywhere.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Finding {
    /// Where the rule is explained: a page of the project and a heading on it.
    #[must_use]
    pub fn help(&self) -> String {
        rule::help(self.rule)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.file))?;
        if let Some(place) = &self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}[{}]: {}", self.level, self.rule, self.message)?;
        if let Some(place) = &self.place {
            let number = place.line.to_string();
            let gutter = " ".repeat(number.len());
            write!(f, "\n  {number} | {}", place.excerpt)?;
            write!(
                f,
                "\n  {gutter} | {}{}",
                " ".repeat(place.indent),
                "^".repeat(place.width.max(1))
            )?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  {hint}")?;
        }
        Ok(())
    }
}

/// Everything that keeps the kits from being used, all at once.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", sentences(.0))]
pub struct Problems(
    /// In the order of files and lines; never empty.
    pub Vec<Finding>,
);

fn sentences(findings: &[Finding]) -> String {
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

/// The columns of an excerpt.
const EXCERPT: usize = 100;

/// A file's name and text, which turns offsets into places.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) file: String,
    text: String,
    /// Where each line begins, so that a file with thousands of mistakes is not read thousands of times.
    lines: Vec<usize>,
}

impl Source {
    pub(super) fn new(file: &str, text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            lines: std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect(),
        }
    }

    /// Where a span of bytes is. A span outside of the text is at its end.
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        let text = &self.text;
        let start = floor(text, span.start);
        // A line's beginning is in the list, or the beginning before it is the line's.
        let line = self.lines.partition_point(|begin| *begin <= start);
        let line_start = self.lines[line - 1];
        let line_end = self.lines.get(line).map_or(text.len(), |next| next - 1);
        let end = floor(text, span.end).clamp(start, line_end);
        let column = text[line_start..start].chars().count() + 1;
        let skipped = if column > EXCERPT * 3 / 4 {
            column - EXCERPT / 2
        } else {
            0
        };
        let excerpt: String = text[line_start..line_end]
            .trim_end_matches('\r')
            .chars()
            .skip(skipped)
            .take(EXCERPT)
            .map(seen)
            .collect();
        let indent = column - 1 - skipped;
        let room = excerpt.chars().count().saturating_sub(indent);
        Place {
            line,
            column,
            indent,
            width: text[start..end].chars().count().min(room),
            excerpt,
        }
    }

    /// A finding in this file.
    pub(super) fn finding(
        &self,
        rule: Rule,
        at: &str,
        span: Option<&Range<usize>>,
        message: String,
        hint: Option<String>,
    ) -> Finding {
        Finding {
            level: rule.level,
            rule: rule.id,
            file: self.file.clone(),
            at: at.to_owned(),
            place: span.map(|span| self.place(span)),
            message: shown(&message),
            hint: hint.map(|hint| shown(&hint)),
        }
    }
}

/// A text without what would move a terminal's cursor or begin a line of its own: kits quote whatever stands in a file.
fn shown(text: &str) -> String {
    text.chars().map(seen).collect()
}

fn seen(letter: char) -> char {
    if letter.is_control() || is_invisible(letter) {
        ' '
    } else {
        letter
    }
}

/// The beginning of a text, for quoting it in a sentence.
pub(super) fn beginning(text: &str) -> String {
    let mut letters = text.trim().chars();
    let mut cut: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        cut.push('…');
    }
    cut
}

/// The nearest offset at or before this one at which a character begins.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Characters that are not seen, or that turn the direction of what is: they have no place in a text to be read aloud.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The known word nearest to a mistyped one, if any is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(word, candidate),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let source = Source::new("x.toml", "one\nzwölf = 3\r\n");
        let place = source.place(&(11..12));
        assert_eq!((place.line, place.column), (2, 7));
        assert_eq!(place.excerpt, "zwölf = 3");
        let end = source.place(&(900..1000));
        assert_eq!((end.line, end.column), (3, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_the_mistake() {
        let text = format!("{}HERE{}", "é".repeat(300), "-".repeat(300));
        let source = Source::new("x.toml", &text);
        let start = "é".len() * 300;
        let place = source.place(&(start..start + 4));
        assert_eq!(place.column, 301);
        let marked: String = place
            .excerpt
            .chars()
            .skip(place.indent)
            .take(place.width)
            .collect();
        assert_eq!(marked, "HERE");
    }

    #[test]
    fn the_nearest_word_is_one_that_could_have_been_meant() {
        assert_eq!(nearest("tittle", ["title", "slug"]), Some("title"));
        assert_eq!(nearest("colour", ["title", "slug"]), None);
    }
}
