//! A block of pasted notes, taken apart: which lines are evidence for which question, and which are general notes. What comes of it is in `interview_loop`.
//!
//! The rules, as people can follow them by eye:
//! - A line that begins with a question's number belongs to it: `T2`, `t2:`, `technical 2`, `Technical/2:`, `- B3 …`. The letters are those
//!   of the sections; `tech` and `behavioral` are taken too.
//! - A line that holds only a section's name (`Technical`, `## Technical questions:`) is a heading. Below it a bare number counts as
//!   well (`2.`, `2)`, `2:`), until a line names a question in full: from there on bare numbers are lists of the interviewer's own.
//! - Lines without a number belong to the question right above them. A blank line, a heading and `General` end that: evidence that is
//!   filed under the wrong question does more harm than a remark among the general notes.
//! - Everything else is general notes, with it every line that names a question the kit does not ask.
//!
//! Nothing is read out of the text but where it belongs: `T2: 3` is three as somebody wrote it, and no rating.

use super::candidate::{LONGEST_NOTE, Note};
use super::ids::QuestionId;
use super::kit::{Kit, Section};
use super::scorecard::Scorecard;

/// Pasted notes, each line where it belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// What was written about each question, in the kit's order.
    pub evidence: Vec<(QuestionId, String)>,
    /// What was written about none.
    pub general: String,
    /// Questions that were named and are not in the kit, as they were written: what was said there is among the general notes.
    pub unknown: Vec<String>,
}

/// What one note says now, and what would come to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The question; none: the general notes.
    pub question: Option<QuestionId>,
    /// What stands there already, and stays.
    pub kept: Note,
    /// What is added below it.
    pub added: String,
}

impl Filing {
    /// The note as it would stand.
    #[must_use]
    pub fn whole(&self) -> String {
        if self.kept.is_empty() {
            self.added.clone()
        } else {
            format!("{}\n{}", self.kept.as_str(), self.added)
        }
    }

    /// How long the note would be where that is more than a note holds, in UTF-16 units.
    #[must_use]
    pub fn too_long(&self) -> Option<usize> {
        let length = self.whole().encode_utf16().count();
        (length > LONGEST_NOTE).then_some(length)
    }

    /// How people are told of it: `Technical 2`.
    #[must_use]
    pub fn label(&self, kit: &Kit) -> String {
        let question = self.question.as_ref().and_then(|id| kit.question(id));
        match question {
            Some(question) => format!("{} {}", question.section, question.number()),
            None => "Asked beside the kit".to_owned(),
        }
    }
}

impl Filed {
    /// Reads what was pasted. A box goes on where the one before it ends.
    #[must_use]
    pub fn of(kit: &Kit, boxes: &[Note]) -> Self {
        let boxes: Vec<&str> = boxes.iter().map(Note::as_str).collect();
        let text = boxes.join("\n");
        let (lines, unknown) = lines(kit, &text);
        let said_of = |wanted: &To| {
            let said = lines.iter().filter(|line| line.to == *wanted);
            joined(said.map(|line| line.said))
        };
        let evidence = kit
            .asked()
            .map(|question| (question.id.clone(), said_of(&To::Question(&question.id))))
            .filter(|(_, said)| !said.is_empty())
            .collect();
        Self {
            evidence,
            general: said_of(&To::General),
            unknown,
        }
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.evidence.is_empty() && self.general.is_empty()
    }

    /// The notes that would change on somebody's scorecard, the general ones last. What stands there is kept.
    #[must_use]
    pub fn onto(&self, card: Option<&Scorecard>) -> Vec<Filing> {
        let evidence = self.evidence.iter().map(|(question, added)| Filing {
            kept: card
                .and_then(|card| card.evidence.get(question))
                .cloned()
                .unwrap_or_default(),
            question: Some(question.clone()),
            added: added.clone(),
        });
        let general = (!self.general.is_empty()).then(|| Filing {
            question: None,
            kept: card
                .map(|card| card.beside_the_kit.clone())
                .unwrap_or_default(),
            added: self.general.clone(),
        });
        evidence.chain(general).collect()
    }
}

/// Lines one below the other, without blank ones at the ends and without two in a row.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut all = String::new();
    let mut gap = false;
    for line in lines {
        if line.trim().is_empty() {
            gap = !all.is_empty();
            continue;
        }
        if !all.is_empty() {
            all.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        all.push_str(line.trim_end());
    }
    all
}

/// Where a line belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To<'k> {
    /// To a question.
    Question(&'k QuestionId),
    /// To the general notes.
    General,
    /// It only says what the lines below it are about.
    Heading,
}

/// A line, cut in two: where it says it belongs, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line<'k, 't> {
    names: &'t str,
    said: &'t str,
    to: To<'k>,
}

fn lines<'k, 't>(kit: &'k Kit, text: &'t str) -> (Vec<Line<'k, 't>>, Vec<String>) {
    let mut unknown: Vec<String> = Vec::new();
    let mut current = To::General;
    // The section that bare numbers count in, and the one that was named last.
    let (mut bare, mut amid) = (None, None);
    let whole = |line, to| Line {
        names: "",
        said: line,
        to,
    };
    let cut = text.split('\n').map(|line| {
        if line.trim().is_empty() {
            current = To::General;
            return whole(line, To::General);
        }
        if let Some(heading) = heading(line) {
            (bare, amid) = (heading, heading);
            current = To::General;
            return Line {
                names: line,
                said: "",
                to: To::Heading,
            };
        }
        let Some(named) = named(line, bare, amid) else {
            return whole(line, current);
        };
        if !named.bare {
            bare = None;
        }
        amid = Some(named.section);
        let question = kit
            .section(named.section)
            .find(|question| question.number() == named.number);
        if let Some(question) = question {
            current = To::Question(&question.id);
            let (names, said) = line.split_at(named.length);
            return Line {
                names,
                said,
                to: current,
            };
        }
        let label = format!("{} {}", named.section, named.number);
        if !unknown.contains(&label) {
            unknown.push(label);
        }
        current = To::General;
        whole(line, To::General)
    });
    let lines = cut.collect();
    (lines, unknown)
}

/// The marks that people put around a heading or before a line.
const ORNAMENTS: [char; 9] = ['#', '*', '_', '>', '-', '–', '—', '•', '='];

fn section_of(word: &str) -> Option<Section> {
    Some(match word {
        "s" | "screening" => Section::Screening,
        "t" | "tech" | "technical" => Section::Technical,
        "b" | "behavioural" | "behavioral" => Section::Behavioural,
        _ => return None,
    })
}

/// Whether a line is a heading, and of which section; of none: what follows is general.
fn heading(line: &str) -> Option<Option<Section>> {
    let ornament =
        |letter: char| letter.is_whitespace() || letter == ':' || ORNAMENTS.contains(&letter);
    let words = line.trim_matches(ornament).to_lowercase();
    let mut words = words.split_whitespace();
    let (first, second, end) = (words.next()?, words.next(), words.next());
    let belongs = second
        .is_none_or(|word| ["questions", "notes", "part", "section", "interview"].contains(&word));
    if !belongs || end.is_some() {
        return None;
    }
    match first {
        "general" | "overall" | "other" => Some(None),
        "notes" if second.is_none() => Some(None),
        word if word.len() > 1 => section_of(word).map(Some),
        _ => None,
    }
}

/// The question that a line begins with.
struct Named<'t> {
    section: Section,
    number: &'t str,
    /// The number stood alone.
    bare: bool,
    /// How much of the line it takes, with what separates it from the rest, in bytes.
    length: usize,
}

fn named(line: &str, bare: Option<Section>, amid: Option<Section>) -> Option<Named<'_>> {
    let rest = line
        .trim_start_matches(|letter: char| letter.is_whitespace() || ORNAMENTS.contains(&letter));
    let letters = rest
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (word, mut rest) = rest.split_at(letters);
    let word = word.to_ascii_lowercase();
    let section = if word.is_empty() {
        bare?
    } else {
        section_of(&word)?
    };
    if word.len() > 1 {
        rest = rest.trim_start_matches([' ', '\t', '/', '-', '#']);
        for filler in ["question", "Question"] {
            rest = rest.strip_prefix(filler).map_or(rest, str::trim_start);
        }
    } else if !word.is_empty() {
        rest = rest.strip_prefix(['/', ' ']).unwrap_or(rest);
    }
    let digits = rest
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, rest) = rest.split_at(digits);
    let number = number.trim_start_matches('0');
    let after = rest.trim_start_matches(['*', '_']);
    let (mark, said) = parted(after)?;
    let is_number = (1..=3).contains(&number.len())
        && (!word.is_empty() || mark.is_some_and(|mark| [':', '.', ')'].contains(&mark)));
    // Amid other questions, S3 is where files are kept.
    let storage = word == "s" && number == "3" && mark.is_none() && !said.is_empty();
    if !is_number || (storage && amid.is_some_and(|amid| amid != Section::Screening)) {
        return None;
    }
    Some(Named {
        section,
        number,
        bare: word.is_empty(),
        length: line.len() - said.len(),
    })
}

/// What parts a number from what is said about it, and that; `None`: nothing does, and it is no number (`T2-based`, `T2.5`, `T2x`).
fn parted(after: &str) -> Option<(Option<char>, &str)> {
    let inner = after.trim_start();
    let spaced = inner.len() < after.len();
    let Some(first) = inner.chars().next() else {
        return Some((None, inner));
    };
    let rest = &inner[first.len_utf8()..];
    let alone = rest.chars().next().is_none_or(char::is_whitespace);
    let parts = match first {
        ':' => true,
        ')' | ']' => !spaced,
        '.' | ',' => !spaced && alone,
        '-' | '–' | '—' => alone,
        _ => false,
    };
    if parts {
        // The end of what was set in bold with it.
        let rest = rest.trim_start_matches(['*', '_']);
        return Some((Some(first), rest.trim_start()));
    }
    spaced.then_some((None, inner))
}

#[cfg(test)]
#[path = "pasted_tests.rs"]
mod tests;
