//! The rules about questions, their follow-ups, and the samples that answer them. How a question is put is in `asking`, its anchors are in `anchors`.

use super::coverage::known_competency;
use super::{Check, anchors, asking, fits, limit, nearest};
use crate::domain::kit::{Question, Section};
use crate::kits::rule;
use std::collections::BTreeSet;

pub(super) fn questions(check: &mut Check<'_>) {
    let kit = check.kit;
    let count = kit.questions.len();
    if kit.asked().next().is_none() {
        let message = "the kit asks nothing";
        let hint = Some("add a `[[question]]`");
        check.report(rule::NO_QUESTIONS, "question", message, hint);
    } else {
        for section in Section::ALL {
            if kit.section(section).next().is_none() {
                let message = format!("there is no {} question", section.slug());
                check.report(rule::SECTION_WITHOUT_QUESTIONS, "question", message, None);
            }
        }
    }
    check.at_most(limit::QUESTIONS, count, "question", "questions");
    let mut seen = BTreeSet::new();
    for (index, question) in kit.questions.iter().enumerate() {
        let id = question.id.as_str();
        let first = seen.insert(id);
        let at = if first && !id.is_empty() {
            id.to_owned()
        } else {
            format!("question.{}", index + 1)
        };
        if !first {
            let message = format!("the question `{id}` is there twice");
            let hint = Some("an id is never used again: take the next free number");
            check.report(rule::DUPLICATE_QUESTION, &format!("{at}.id"), message, hint);
        }
        one_question(check, question, &at);
    }
    for (index, sample) in kit.samples.iter().enumerate() {
        let at = format!("sample.{}", index + 1);
        check.text(
            &format!("{at}.text"),
            &sample.text,
            limit::HARD,
            rule::TOO_LONG,
        );
        if !seen.contains(sample.question.as_str()) {
            let message = format!("there is no question `{}`", sample.question);
            let known = seen.iter().copied().take(limit::QUESTIONS);
            let hint = nearest(sample.question.as_str(), known)
                .map(|near| format!("did you mean `{near}`?"));
            check.report(
                rule::UNKNOWN_QUESTION,
                &format!("{at}.question"),
                message,
                hint.as_deref(),
            );
        }
    }
}

fn one_question(check: &mut Check<'_>, question: &Question, at: &str) {
    let id = question.id.as_str();
    let section = question.section.slug();
    let number = id
        .strip_prefix(section)
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|number| {
            !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
        })
        .and_then(|number| number.parse::<u16>().ok());
    if !number.is_some_and(|number| (1..=999).contains(&number)) {
        let message = format!("`{id}` is no id for a question of the section {section}");
        let hint = format!("write `{section}/` and a number from 1 to 999");
        check.report(rule::QUESTION_ID, &format!("{at}.id"), message, Some(&hint));
    }
    let ask_at = format!("{at}.ask");
    let words = asking::words(&question.ask);
    if words > asking::MOST_WORDS && !question.retired {
        let message = format!(
            "this question has {words} words; more than {} are hard to follow when they are read aloud",
            asking::MOST_WORDS
        );
        let hint = Some("ask one thing in one sentence; what it leads to is a follow-up");
        check.report(rule::LONG_TO_READ_ALOUD, &ask_at, message, hint);
        // So many words are too many characters as well, which need not be said twice.
        check.line(&ask_at, &question.ask, limit::HARD, rule::LONG_TEXT);
    } else {
        check.line(&ask_at, &question.ask, limit::ASK, rule::LONG_TEXT);
    }
    for (index, text) in question.follow_up.iter().enumerate() {
        let at = format!("{at}.follow_up.{}", index + 1);
        check.line(&at, text, limit::FOLLOW_UP, rule::LONG_TEXT);
    }
    check.words(
        &format!("{at}.note"),
        &question.note,
        limit::NOTE,
        rule::LONG_TEXT,
    );
    match &question.competency {
        Some(competency) => {
            known_competency(check, competency.as_str(), at);
        }
        None if question.section != Section::Screening && !question.retired => {
            let message = format!("`{id}` probes no competency, so it counts for none");
            let hint = Some("add `competency = \"…\"`");
            check.report(rule::NO_COMPETENCY, at, message, hint);
        }
        None => {}
    }
    anchors::anchors(check, question, at);
    fits::follow_ups(check, question, at);
    if question.retired {
        return;
    }
    asking::asking(check, question, at);
    match question.follow_up.len() {
        0 => {
            let message = format!("`{id}` has no follow-up");
            let hint = Some(
                "write two or three: they give every candidate the same chance to reach the top anchor",
            );
            check.report(
                rule::NO_FOLLOW_UP,
                &format!("{at}.follow_up"),
                message,
                hint,
            );
        }
        1 => {
            let message = format!("`{id}` has one follow-up only");
            let hint =
                Some("two or three give every candidate the same chance to reach the top anchor");
            check.report(
                rule::FEW_FOLLOW_UPS,
                &format!("{at}.follow_up"),
                message,
                hint,
            );
        }
        2 | 3 => {}
        count if count > limit::FOLLOW_UPS => {
            let what = format!("follow-ups in `{id}`");
            check.at_most(limit::FOLLOW_UPS, count, &format!("{at}.follow_up"), &what);
        }
        count => {
            let message = format!("`{id}` has {count} follow-ups; nobody asks more than three");
            check.report(
                rule::MANY_FOLLOW_UPS,
                &format!("{at}.follow_up"),
                message,
                None,
            );
        }
    }
}
