//! What a well-formed kit may still have wrong, one rule at a time. Mistakes of form are found in `read`; nothing is mended here.

mod across;
mod allow;
mod anchors;
mod asking;
mod coverage;
mod fits;
mod head;
mod law;
mod names;
mod questions;
mod sentence;
mod years;

use super::finding::{Finding, Source, is_invisible, nearest};
use super::read::KitFile;
use super::resolve::fold;
use super::rule::{self, Rule};
use crate::domain::kit::Kit;
use std::collections::HashSet;

pub use names::RESERVED;

/// The longest texts: what can be read aloud, what fits beside a button or into the debrief's 44 columns. In UTF-16 units, as Slack
/// counts, where Slack sets the limit, else in characters.
pub(super) mod limit {
    /// A slug travels in the values of buttons and in keys.
    pub const SLUG: usize = 40;
    /// A button takes 75 characters and shows about 30; a title also stands in headings.
    pub const TITLE: usize = 60;
    /// A row label in the debrief's table, in columns.
    pub const COMPETENCY: usize = 20;
    /// About 50 words.
    pub const ASK: usize = 300;
    pub const FOLLOW_UP: usize = 200;
    pub const ANCHOR: usize = 200;
    pub const LINE: usize = 200;
    pub const NOTE: usize = 500;
    pub const PARAGRAPH: usize = 1000;
    /// A section block and a box of a form hold 3,000; a text and what stands around it stay below that.
    pub const HARD: usize = 2500;
    pub const QUESTIONS: usize = 500;
    pub const COMPETENCIES: usize = 30;
    pub const LIST: usize = 50;
    pub const FOLLOW_UPS: usize = 10;
}

/// Checks kits, each by itself and all beside each other.
#[must_use]
pub fn check(files: &[KitFile]) -> Vec<Finding> {
    let mut checks: Vec<Check<'_>> = files.iter().map(Check::of_file).collect();
    checks.iter_mut().for_each(one);
    across::across(&mut checks);
    checks.into_iter().flat_map(Check::finish).collect()
}

/// Checks a kit that is in no file, by the same rules and beside the others. Findings name the place in the kit and no place in
/// a file; one among `others` with the same slug is taken for an earlier version of it and left out.
#[must_use]
pub fn check_kit(kit: &Kit, others: &[&Kit]) -> Vec<Finding> {
    let mut checks: Vec<Check<'_>> = others
        .iter()
        .filter(|other| other.slug != kit.slug)
        .map(|other| Check::of_kit(other))
        .collect();
    let mut this = Check::of_kit(kit);
    one(&mut this);
    // What two kits share is reported at the later one.
    checks.push(this);
    across::across(&mut checks);
    checks.pop().map_or_else(Vec::new, Check::finish)
}

/// One kit while it is checked.
struct Check<'a> {
    kit: &'a Kit,
    file: Option<&'a KitFile>,
    /// The ids of the kit's competencies.
    competencies: HashSet<&'a str>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn of_file(file: &'a KitFile) -> Self {
        Self {
            file: Some(file),
            ..Self::of_kit(&file.kit)
        }
    }

    fn of_kit(kit: &'a Kit) -> Self {
        let competencies = kit.competencies.iter().map(|one| one.id.as_str());
        Self {
            kit,
            file: None,
            competencies: competencies.collect(),
            findings: Vec::new(),
        }
    }

    /// The file's name, or else the slug.
    fn name(&self) -> &'a str {
        self.file.map_or(self.kit.slug.as_str(), |file| file.file())
    }

    /// File and line of a place in the kit, for a finding in another kit that points here.
    fn place(&self, at: &str) -> String {
        let span = self
            .file
            .and_then(|file| span(file, at).map(|span| file.source.place(span)));
        match span {
            Some(place) => format!("{}:{}", self.name(), place.line),
            None => self.name().to_owned(),
        }
    }

    fn report(&mut self, rule: Rule, at: &str, message: impl Into<String>, hint: Option<&str>) {
        let hint = hint.map(ToOwned::to_owned);
        let finding = match self.file {
            Some(file) => file
                .source
                .finding(rule, at, span(file, at), message.into(), hint),
            None => Source::new(self.name(), "").finding(rule, at, None, message.into(), hint),
        };
        self.findings.push(finding);
    }

    /// A text that must be there, be readable and be short enough.
    fn text(&mut self, at: &str, text: &str, limit: usize, excess: Rule) {
        if text.trim().is_empty() {
            let message = format!("`{at}` is empty");
            self.report(rule::EMPTY_TEXT, at, message, None);
            return;
        }
        self.words(at, text, limit, excess);
    }

    /// A text that may be absent.
    fn words(&mut self, at: &str, text: &str, limit: usize, excess: Rule) {
        if let Some(letter) = text
            .chars()
            .find(|letter| (letter.is_control() && *letter != '\n') || is_invisible(*letter))
        {
            let message = format!(
                "`{at}` holds an invisible character, {}",
                letter.escape_unicode()
            );
            let hint = Some("type that part anew");
            self.report(rule::CONTROL_CHARACTER, at, message, hint);
        }
        let length = text.chars().count();
        let units = text.encode_utf16().count();
        let hint = Some("say it in fewer words");
        if units > limit::HARD || (units > limit && excess == rule::TOO_LONG) {
            let limit = if excess == rule::TOO_LONG {
                limit.min(limit::HARD)
            } else {
                limit::HARD
            };
            let message =
                format!("`{at}` has {units} characters, {limit} is the most that Slack can show");
            self.report(rule::TOO_LONG, at, message, hint);
        } else if length > limit {
            let message = format!(
                "`{at}` has {length} characters; more than {limit} are hard to read in an interview"
            );
            self.report(excess, at, message, hint);
        }
    }

    /// A text of one line.
    fn line(&mut self, at: &str, text: &str, limit: usize, excess: Rule) {
        self.text(at, text, limit, excess);
        if text.trim().contains(['\n', '\r']) {
            let message = format!("`{at}` has more than one line");
            let hint = Some("write it as one line; a second thought is a text of its own");
            self.report(rule::SLACK_LINE_BREAK, at, message, hint);
        }
    }

    fn list(&mut self, at: &str, texts: &[String]) {
        for (index, text) in texts.iter().enumerate() {
            let at = format!("{at}.{}", index + 1);
            self.line(&at, text, limit::LINE, rule::LONG_TEXT);
        }
        let what = format!("items in `{at}`");
        self.at_most(limit::LIST, texts.len(), at, &what);
    }

    /// More of something than there may be, reported where it begins to be too many.
    fn at_most(&mut self, most: usize, count: usize, at: &str, what: &str) {
        if count > most {
            let message = format!("there are {count} {what}, {most} at most");
            let first = format!("{at}.{}", most + 1);
            self.report(rule::TOO_MANY, &first, message, None);
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let findings = std::mem::take(&mut self.findings);
        allow::settle(&mut self, findings);
        self.findings
    }
}

/// The nearest thing that is in the file: `technical/2.anchors` may not be there, but `technical/2` is.
fn span<'a>(file: &'a KitFile, at: &str) -> Option<&'a std::ops::Range<usize>> {
    let mut nearest = Some(at);
    while let Some(place) = nearest {
        if let Some(span) = file.spans.get(place) {
            return Some(span);
        }
        nearest = place.rsplit_once('.').map(|(parent, _)| parent);
    }
    None
}

/// The rules that need no other kit.
fn one(check: &mut Check<'_>) {
    head::head(check);
    head::profile(check);
    coverage::competencies(check);
    questions::questions(check);
    coverage::traits(check);
    years::years(check);
    law::wanted(check);
    fits::fits(check);
}

fn is_slug(slug: &str) -> bool {
    slug.starts_with(|letter: char| letter.is_ascii_lowercase())
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests;
