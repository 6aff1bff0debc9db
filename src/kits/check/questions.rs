//! The rules about questions, their anchors and follow-ups, and the samples that answer them.

use super::{Check, known_competency, limit};
use crate::domain::kit::{Kit, Question, Section};
use crate::kits::finding::{Level, nearest};
use std::collections::BTreeSet;

pub(super) fn questions(check: &mut Check<'_>, kit: &Kit) {
    let count = kit.questions.len();
    if kit.asked().next().is_none() {
        let message = "the kit asks nothing";
        let hint = Some("add a `[[question]]`");
        check.report(Level::Error, "no-questions", "question", message, hint);
    } else {
        for section in Section::ALL {
            if kit.section(section).next().is_none() {
                let message = format!("there is no {} question", section.slug());
                check.report(
                    Level::Note,
                    "section-without-questions",
                    "question",
                    message,
                    None,
                );
            }
        }
    }
    if count > limit::QUESTIONS {
        let message = format!("there are {count} questions, {} at most", limit::QUESTIONS);
        check.report(Level::Error, "too-many", "question", message, None);
    }
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
            check.report(
                Level::Error,
                "duplicate-question",
                &format!("{at}.id"),
                message,
                hint,
            );
        }
        one_question(check, kit, question, &at);
    }
    for (index, sample) in kit.samples.iter().enumerate() {
        let at = format!("sample.{}", index + 1);
        check.text(
            &format!("{at}.text"),
            &sample.text,
            limit::HARD,
            Level::Error,
        );
        if !kit
            .questions
            .iter()
            .any(|question| question.id == sample.question)
        {
            let message = format!("there is no question `{}`", sample.question);
            let known = kit.questions.iter().map(|question| question.id.as_str());
            let hint = nearest(sample.question.as_str(), known)
                .map(|near| format!("did you mean `{near}`?"));
            check.report(
                Level::Error,
                "unknown-question",
                &format!("{at}.question"),
                message,
                hint.as_deref(),
            );
        }
    }
}

fn one_question(check: &mut Check<'_>, kit: &Kit, question: &Question, at: &str) {
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
        check.report(
            Level::Error,
            "question-id",
            &format!("{at}.id"),
            message,
            Some(&hint),
        );
    }
    check.text(
        &format!("{at}.ask"),
        &question.ask,
        limit::ASK,
        Level::Warning,
    );
    for (index, text) in question.follow_up.iter().enumerate() {
        let at = format!("{at}.follow_up.{}", index + 1);
        check.text(&at, text, limit::FOLLOW_UP, Level::Warning);
    }
    check.words(
        &format!("{at}.note"),
        &question.note,
        limit::NOTE,
        Level::Warning,
    );
    match &question.competency {
        Some(competency) => known_competency(check, kit, competency.as_str(), at),
        None if question.section != Section::Screening && !question.retired => {
            let message = format!("`{id}` probes no competency, so it counts for none");
            let hint = Some("add `competency = \"…\"`");
            check.report(Level::Warning, "no-competency", at, message, hint);
        }
        None => {}
    }
    if let Some(anchors) = &question.anchors {
        for (name, text) in [
            ("poor", &anchors.poor),
            ("mixed", &anchors.mixed),
            ("good", &anchors.good),
            ("excellent", &anchors.excellent),
        ] {
            check.text(
                &format!("{at}.anchors.{name}"),
                text,
                limit::ANCHOR,
                Level::Warning,
            );
        }
    }
    if question.retired {
        return;
    }
    if question.anchors.is_none() {
        let message = format!("`{id}` does not say what each rating sounds like");
        let hint = Some("add `[question.anchors]` with poor, mixed, good and excellent");
        check.report(Level::Note, "no-anchors", at, message, hint);
    }
    match question.follow_up.len() {
        0 | 1 => {
            let message = format!("`{id}` has fewer than two follow-ups");
            let hint =
                Some("two or three give every candidate the same chance to reach the top anchor");
            check.report(
                Level::Note,
                "few-follow-ups",
                &format!("{at}.follow_up"),
                message,
                hint,
            );
        }
        2 | 3 => {}
        count if count > 10 => {
            let message = format!("`{id}` has {count} follow-ups, 10 at most");
            check.report(
                Level::Error,
                "too-many",
                &format!("{at}.follow_up"),
                message,
                None,
            );
        }
        count => {
            let message = format!("`{id}` has {count} follow-ups; nobody asks more than three");
            check.report(
                Level::Note,
                "many-follow-ups",
                &format!("{at}.follow_up"),
                message,
                None,
            );
        }
    }
}
