//! The rules about what must not be asked of a candidate, nor wanted of one. Which words give each subject away is in the files below; how a question is put is in `asking`.
//!
//! A subject is found by what is said to or of a person: "how old are you", never "old" alone, since caches have an age, processes have
//! children, and services are checked for their health.

mod circumstances;
mod person;

use super::Check;
use super::anchors::named;
use super::asking::compiled;
use super::sentence::plain;
use crate::domain::kit::Kit;
use crate::kits::rule::Rule;
use regex::Regex;
use std::sync::LazyLock;

/// One subject, in English phrases in lower case with plain apostrophes and dashes.
struct Subject {
    rule: Rule,
    /// What it is about: "the candidate's age".
    about: &'static str,
    /// What to ask, or to write, instead.
    instead: &'static str,
    /// Questions about it.
    asked: &'static [&'static str],
    /// Traits and expectations that rest on it; in a question they are as bad.
    wanted: &'static [&'static str],
    /// Phrases that contain one of the above and are about something else.
    unless: &'static [&'static str],
}

struct Compiled {
    subject: &'static Subject,
    asked: Regex,
    wanted: Regex,
    unless: Option<Regex>,
}

static SUBJECTS: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    person::SUBJECTS
        .iter()
        .chain(circumstances::SUBJECTS)
        .map(|subject| Compiled {
            subject,
            asked: compiled(&[subject.asked, subject.wanted].concat()),
            wanted: compiled(subject.wanted),
            unless: (!subject.unless.is_empty()).then(|| compiled(subject.unless)),
        })
        .collect()
});

impl Compiled {
    /// The words of a plain text that are about this subject.
    fn found(&self, words: &Regex, text: &str) -> Option<String> {
        words.find(text)?;
        let rest = match &self.unless {
            Some(unless) => unless.replace_all(text, "~"),
            None => text.into(),
        };
        let found = words.find(&rest)?;
        Some(
            found
                .as_str()
                .trim_matches([' ', '.', ',', '?', '!', ';'])
                .to_owned(),
        )
    }
}

/// Checks a question or a follow-up, given as a plain text.
pub(super) fn asked(check: &mut Check<'_>, text: &str, at: &str) {
    for one in SUBJECTS.iter() {
        if let Some(words) = one.found(&one.asked, text) {
            let message = format!("“{words}” asks about {}", one.subject.about);
            check.report(one.subject.rule, at, message, Some(one.subject.instead));
        }
    }
}

/// Checks what a kit wants or warns of: its profile, look-fors, pitfalls and anchors.
pub(super) fn wanted(check: &mut Check<'_>) {
    let kit = check.kit;
    for (at, text) in expectations(kit) {
        let text = plain(text);
        for one in SUBJECTS.iter() {
            if let Some(words) = one.found(&one.wanted, &text) {
                let message = format!("“{words}” rests on {}", one.subject.about);
                check.report(one.subject.rule, &at, message, Some(one.subject.instead));
            }
        }
    }
}

fn expectations(kit: &Kit) -> Vec<(String, &str)> {
    let profile = &kit.profile;
    let mut all: Vec<(String, &str)> = vec![
        ("profile.summary".to_owned(), &profile.summary),
        ("profile.experience".to_owned(), &profile.experience),
    ];
    for (at, list) in [
        ("profile.hard_skills", &profile.hard_skills),
        ("profile.soft_skills", &profile.soft_skills),
    ] {
        let items = list.iter().enumerate();
        all.extend(items.map(|(index, text)| (format!("{at}.{}", index + 1), text.as_str())));
    }
    for (at, traits) in [("look_for", &kit.look_for), ("pitfall", &kit.pitfalls)] {
        let items = traits.iter().enumerate();
        all.extend(
            items.map(|(index, one)| (format!("{at}.{}.text", index + 1), one.text.as_str())),
        );
    }
    for question in kit.asked() {
        let anchors = question.anchors.iter().flat_map(named);
        all.extend(anchors.map(|(name, text)| (format!("{}.anchors.{name}", question.id), text)));
    }
    all
}

#[cfg(test)]
mod tests;
