//! A list of skills in one line, split where its commas separate. A guess is made where they may not, and said.

use super::report::cut;
use std::ops::Range;

/// The skills of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Skills {
    pub items: Vec<String>,
    /// What was guessed, in sentences.
    pub doubts: Vec<String>,
}

/// Words after which an enumeration comes whose commas separate no skills.
const OPENERS: [&str; 12] = [
    "one of ",
    "one or more of ",
    "two of ",
    "any of ",
    "either ",
    "such as ",
    " like ",
    "including ",
    "e.g. ",
    "for example ",
    "for instance ",
    ": ",
];
/// How many commas an enumeration may have.
const ENUMERATION: usize = 8;
/// More doubts than this about one line help nobody.
const DOUBTS: usize = 12;

/// Words with which the rest of a skill begins, after its comma.
const CLAUSES: [&str; 53] = [
    "across",
    "although",
    "as",
    "at",
    "based",
    "because",
    "both",
    "but",
    "by",
    "e.g",
    "e.g.",
    "especially",
    "even",
    "for",
    "from",
    "i.e",
    "i.e.",
    "ideally",
    "if",
    "in",
    "including",
    "into",
    "like",
    "mainly",
    "mostly",
    "not",
    "of",
    "on",
    "or",
    "over",
    "particularly",
    "preferably",
    "primarily",
    "so",
    "such",
    "that",
    "through",
    "to",
    "towards",
    "under",
    "unless",
    "using",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whose",
    "with",
    "within",
    "without",
    "yet",
];

/// Splits a line into skills: at commas outside of brackets, or at semicolons where there are any.
pub(super) fn split(text: &str) -> Skills {
    let text = without_stop(text.trim());
    let (masked, closed) = mask(text);
    let mut skills = Skills::default();
    if !closed {
        skills.doubt("a bracket is opened or closed without the other".to_owned());
    }
    let by = if masked.contains(';') { ';' } else { ',' };
    if by == ';' && masked.contains(',') {
        skills.doubt("the semicolons separate the skills, the commas do not".to_owned());
    }
    let segments = segments(&masked, by);
    let line = Line {
        text,
        masked: &masked,
        small: masked.to_ascii_lowercase(),
        titled: is_titled(text, &segments),
        segments,
    };
    line.gather(&mut skills);
    skills
}

/// A sentence's full stop is none of its last skill's.
fn without_stop(text: &str) -> &str {
    match text.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') && !rest.ends_with("etc") && !rest.contains(". ") => {
            rest
        }
        _ => text,
    }
}

/// The text with spaces in place of what stands in brackets, byte for byte, and whether every bracket has its other half.
fn mask(text: &str) -> (String, bool) {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut pairs: Vec<Range<usize>> = Vec::new();
    let mut closed = true;
    for (at, letter) in text.char_indices() {
        let other = match letter {
            '(' | '[' | '{' => {
                open.push((letter, at));
                continue;
            }
            ')' => '(',
            ']' => '[',
            '}' => '{',
            _ => continue,
        };
        match open.last() {
            Some((letter, begin)) if *letter == other => {
                pairs.push(*begin..at + 1);
                open.pop();
            }
            _ => closed = false,
        }
    }
    closed &= open.is_empty();
    pairs.sort_by_key(|pair| pair.start);
    let mut masked = String::with_capacity(text.len());
    for pair in pairs {
        if pair.start >= masked.len() {
            masked.push_str(&text[masked.len()..pair.start]);
            masked.extend(std::iter::repeat_n(' ', pair.len()));
        }
    }
    masked.push_str(&text[masked.len()..]);
    (masked, closed)
}

/// The places of what stands between the separators, without the spaces around.
fn segments(masked: &str, by: char) -> Vec<Range<usize>> {
    let bytes = masked.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut segments = Vec::new();
    let mut begin = 0;
    let cuts = masked
        .match_indices(by)
        .map(|(at, _)| at)
        // "1,000 users"
        .filter(|at| !(digit(at.checked_sub(1)) && digit(Some(at + 1))))
        .chain([masked.len()]);
    for end in cuts {
        segments.push(begin..end);
        begin = end + 1;
    }
    segments
}

/// Whether most skills begin with a capital: then a small letter says that something goes on.
fn is_titled(text: &str, segments: &[Range<usize>]) -> bool {
    let small = segments.iter().filter(|segment| {
        let first = text[(*segment).clone()].split_whitespace().next();
        // A product may be called iOS.
        first.is_some_and(|word| {
            word.starts_with(char::is_lowercase) && !word.contains(char::is_uppercase)
        })
    });
    small.count() * 2 < segments.len()
}

impl Skills {
    fn doubt(&mut self, doubt: String) {
        if self.doubts.len() < DOUBTS {
            self.doubts.push(doubt);
        }
    }
}

/// A line in the making.
struct Line<'t> {
    text: &'t str,
    masked: &'t str,
    small: String,
    titled: bool,
    segments: Vec<Range<usize>>,
}

impl Line<'_> {
    fn gather(&self, skills: &mut Skills) {
        let mut items: Vec<Range<usize>> = Vec::new();
        let last = self.segments.len().saturating_sub(1);
        let mut with_and = false;
        let mut index = 0;
        while index < self.segments.len() {
            let mut segment = self.trim(self.segments[index].clone());
            let mut end = index;
            if segment.is_empty() {
                index += 1;
                continue;
            }
            if let Some(close) = self.enumeration(index, &segment, skills) {
                end = close;
                segment.end = self.trim(self.segments[close].clone()).end;
                skills.doubt(format!(
                    "`{}` is taken as one skill: its commas enumerate",
                    shown(&self.text[segment.clone()])
                ));
            }
            let (and, segment) = self.without_and(segment, !items.is_empty());
            with_and |= and;
            match items.last_mut() {
                Some(before) if !and && self.goes_on(&segment) => {
                    skills.doubt(format!(
                        "`{}` is taken as a part of `{}`",
                        shown(&self.text[segment.clone()]),
                        shown(&self.text[before.clone()])
                    ));
                    before.end = segment.end;
                }
                before => {
                    let alone = end == index && before.is_some() && !and;
                    if alone {
                        self.doubt_alone(&segment, index == last && !with_and, skills);
                    }
                    if !segment.is_empty() {
                        items.push(segment);
                    }
                }
            }
            index = end + 1;
        }
        skills.items = items
            .into_iter()
            .map(|item| self.text[item].to_owned())
            .collect();
    }

    fn trim(&self, range: Range<usize>) -> Range<usize> {
        let part = &self.text[range.clone()];
        let begin = range.start + (part.len() - part.trim_start().len());
        begin..begin + part.trim().len()
    }

    /// Where the enumeration ends that begins in a segment, if one does.
    fn enumeration(
        &self,
        index: usize,
        segment: &Range<usize>,
        skills: &mut Skills,
    ) -> Option<usize> {
        let small = &self.small[segment.clone()];
        let after = OPENERS
            .iter()
            .filter_map(|opener| small.find(opener).map(|at| at + opener.len()))
            .max()?;
        let rest = &small[after..];
        if rest.contains(" or ") || rest.contains(" and ") {
            return None;
        }
        let following = self
            .segments
            .iter()
            .enumerate()
            .skip(index + 1)
            .take(ENUMERATION);
        for (at, segment) in following {
            let small = self.small[segment.clone()].trim();
            let closes = ["or ", "and ", "etc"]
                .iter()
                .any(|word| small.starts_with(word))
                || small.contains(" or ")
                || small.contains(" and ");
            if closes {
                return Some(at);
            }
        }
        if index + 1 < self.segments.len() {
            skills.doubt(format!(
                "the commas after `{}` are taken to separate skills",
                shown(&self.text[segment.clone()])
            ));
        }
        None
    }

    /// Drops the "and" before the last of a list.
    fn without_and(&self, segment: Range<usize>, follows: bool) -> (bool, Range<usize>) {
        let small = &self.small[segment.clone()];
        let and = ["and ", "& "]
            .iter()
            .find(|and| follows && small.starts_with(**and));
        match and {
            Some(and) => (true, self.trim(segment.start + and.len()..segment.end)),
            None => (false, segment),
        }
    }

    /// Whether a segment is the rest of the skill before it.
    fn goes_on(&self, segment: &Range<usize>) -> bool {
        let text = &self.text[segment.clone()];
        let mut words = text.split(' ');
        let first = words.next().unwrap_or_default();
        if !first.starts_with(char::is_lowercase) {
            return false;
        }
        let first = first.trim_end_matches([':', ',']);
        let clause = CLAUSES.contains(&first) || first == "etc." || first == "etc";
        let plain = first.chars().all(char::is_lowercase);
        clause || (self.titled && plain && words.next().is_some())
    }

    /// Says where a segment that stands by itself may not.
    fn doubt_alone(&self, segment: &Range<usize>, is_last: bool, skills: &mut Skills) {
        let text = &self.text[segment.clone()];
        let small = &self.small[segment.clone()];
        let few = self.masked[segment.clone()]
            .split_whitespace()
            .take(6)
            .count()
            < 6;
        if few && small.contains(" or ") {
            skills.doubt(format!(
                "`{}` may belong to the skill before it",
                shown(text)
            ));
        } else if few && is_last && small.contains(" and ") {
            skills.doubt(format!("`{}` may be two skills", shown(text)));
        } else if self.titled && text.chars().all(char::is_lowercase) {
            skills.doubt(format!(
                "`{}` may belong to the skill before it",
                shown(text)
            ));
        }
    }
}

/// A skill as a sentence of the report shows it.
fn shown(text: &str) -> String {
    cut(text, 60)
}

#[cfg(test)]
mod tests;
