//! The rules about what is probed by what: competencies, look-fors and pitfalls. The questions themselves are in `questions`.

use super::{Check, fold, is_slug, limit, nearest};
use crate::domain::kit::{Kit, Section};
use crate::kits::finding::beginning;
use crate::kits::rule;
use std::collections::{BTreeMap, BTreeSet};
use textwrap::core::display_width;

/// How many questions that are still asked, and that count, probe each competency.
fn probing(kit: &Kit) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for question in kit.asked() {
        if question.section != Section::Screening
            && let Some(competency) = &question.competency
        {
            *counts.entry(competency.as_str()).or_default() += 1;
        }
    }
    counts
}

pub(super) fn competencies(check: &mut Check<'_>) {
    let kit = check.kit;
    let probing = probing(kit);
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (index, competency) in kit.competencies.iter().enumerate() {
        let id = competency.id.as_str();
        let first = seen.insert(id);
        let at = if first && !id.is_empty() {
            format!("competency.{id}")
        } else {
            format!("competency.{}", index + 1)
        };
        let id_at = format!("{at}.id");
        check.line(&id_at, id, limit::SLUG, rule::TOO_LONG);
        if !id.is_empty() && !is_slug(id) {
            let message = format!("`{id}` cannot be a competency's id");
            let hint = Some("use a to z, 0 to 9 and single dashes between them: `data-modelling`");
            check.report(rule::SLUG_ALPHABET, &id_at, message, hint);
        }
        if !first {
            let message = format!("the competency `{id}` is there twice");
            check.report(rule::DUPLICATE_COMPETENCY, &at, message, None);
        }
        let name_at = format!("{at}.name");
        check.line(&name_at, &competency.name, limit::HARD, rule::TOO_LONG);
        let columns = display_width(&competency.name);
        if columns > limit::COMPETENCY {
            let message = format!(
                "`{name_at}` is {columns} columns wide, {} stand beside the figures of a debrief",
                limit::COMPETENCY
            );
            let hint = Some("one or two words: “Data modelling”");
            check.report(rule::TOO_LONG, &name_at, message, hint);
        }
        if !names.insert(fold(&competency.name)) {
            let message = format!("two competencies are called `{}`", competency.name);
            check.report(rule::DUPLICATE_COMPETENCY, &name_at, message, None);
        }
        if !first {
            continue;
        }
        match probing.get(id) {
            None => {
                let message = format!("no question probes `{id}`");
                let hint = Some("name it in two questions or more, or take it out");
                check.report(rule::UNPROBED_COMPETENCY, &at, message, hint);
            }
            Some(1) => {
                let message = format!("only one question probes `{id}`");
                let hint = Some("one question is one impression: give each competency two or more");
                check.report(rule::THIN_COMPETENCY, &at, message, hint);
            }
            Some(_) => {}
        }
    }
    let count = kit.competencies.len();
    if count > limit::COMPETENCIES {
        check.at_most(limit::COMPETENCIES, count, "competency", "competencies");
    } else if !(4..=6).contains(&count) {
        let message = format!("there are {count} competencies; four to six serve a debrief best");
        check.report(rule::COMPETENCY_COUNT, "competency", message, None);
    }
}

/// Whether the kit has this competency; if not, that is reported.
pub(super) fn known_competency(check: &mut Check<'_>, id: &str, at: &str) -> bool {
    if check.competencies.contains(id) {
        return true;
    }
    let all = check.kit.competencies.iter().map(|one| one.id.as_str());
    let all = all.take(limit::COMPETENCIES);
    let message = format!("there is no competency `{id}`");
    let hint = match nearest(id, all.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if check.kit.competencies.is_empty() => {
            format!("add a `[[competency]]` with `id = \"{id}\"`")
        }
        None => format!("the kit has: {}", all.collect::<Vec<_>>().join(", ")),
    };
    check.report(
        rule::UNKNOWN_COMPETENCY,
        &format!("{at}.competency"),
        message,
        Some(&hint),
    );
    false
}

pub(super) fn traits(check: &mut Check<'_>) {
    let kit = check.kit;
    let probing = probing(kit);
    for (name, traits) in [("look_for", &kit.look_for), ("pitfall", &kit.pitfalls)] {
        for (index, item) in traits.iter().enumerate() {
            let at = format!("{name}.{}", index + 1);
            check.line(
                &format!("{at}.text"),
                &item.text,
                limit::LINE,
                rule::LONG_TEXT,
            );
            match &item.competency {
                Some(competency) => {
                    let id = competency.as_str();
                    if known_competency(check, id, &at) && !probing.contains_key(id) {
                        let message = format!(
                            "no question probes `{id}`, so nobody hears “{}”",
                            beginning(&item.text)
                        );
                        let hint = Some(
                            "ask a question that probes it, or name the competency it shows in",
                        );
                        check.report(rule::UNPROBED_TRAIT, &at, message, hint);
                    }
                }
                None if name == "look_for" => {
                    let message = format!("no question probes “{}”", beginning(&item.text));
                    let hint = Some(
                        "name the competency it shows in, or see it elsewhere, as in a coding exercise",
                    );
                    check.report(rule::UNPROBED_LOOK_FOR, &at, message, hint);
                }
                None => {}
            }
        }
        check.at_most(limit::LIST, traits.len(), name, &format!("of `{name}`"));
    }
}
