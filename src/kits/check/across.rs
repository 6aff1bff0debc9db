//! The rules about questions beside each other, in one kit and in several. What the kits are called is compared in `names`.

use super::{Check, anchors, fold, names};
use crate::kits::rule;
use std::collections::HashMap;

/// Where something was said first.
#[derive(Clone)]
struct First {
    kit: usize,
    /// The question's id, and the words of what it asks, folded.
    id: String,
    ask: String,
}

/// Reports at the later of two places what they share and should not.
pub(super) fn across(checks: &mut [Check<'_>]) {
    names::names(checks);
    questions(checks);
}

/// Each text is looked up by its folded words, so that a thousand kits cost a thousand times one.
fn questions(checks: &mut [Check<'_>]) {
    let mut asks: HashMap<String, First> = HashMap::new();
    let mut said: HashMap<String, First> = HashMap::new();
    for index in 0..checks.len() {
        // Within one kit a question may be there twice even where another kit asked it first.
        let mut here: HashMap<String, String> = HashMap::new();
        for question in checks[index].kit.asked() {
            let ask = fold(&question.ask);
            if ask.is_empty() {
                continue;
            }
            let id = question.id.as_str();
            let first = First {
                kit: index,
                id: id.to_owned(),
                ask: ask.clone(),
            };
            let elsewhere = asks.entry(ask.clone()).or_insert_with(|| first.clone());
            let at = format!("{id}.ask");
            if let Some(earlier) = here.get(&ask) {
                let message = format!("this asks the same as `{earlier}`");
                let hint = Some("take one of them out, or ask for something else");
                checks[index].report(rule::SAME_QUESTION, &at, message, hint);
            } else if elsewhere.kit != index && elsewhere.id != id {
                let place = checks[elsewhere.kit].place(&format!("{}.ask", elsewhere.id));
                let message = format!("`{}` in {place} asks the same", elsewhere.id);
                let hint = Some("where one id means one question, answers can be compared");
                checks[index].report(rule::SAME_QUESTION_ELSEWHERE, &at, message, hint);
            }
            here.entry(ask.clone()).or_insert_with(|| id.to_owned());
            copied(checks, &mut said, question, &first);
        }
    }
}

/// Anchors are written for one question. A question that stands in two kits may bring its own along.
fn copied(
    checks: &mut [Check<'_>],
    said: &mut HashMap<String, First>,
    question: &crate::domain::kit::Question,
    this: &First,
) {
    let mut copies: Vec<(&str, First)> = Vec::new();
    for (name, text) in question.anchors.iter().flat_map(anchors::named) {
        let folded = fold(text);
        if folded.is_empty() {
            continue;
        }
        let first = said.entry(folded).or_insert_with(|| this.clone());
        let other_question = first.kit != this.kit || first.id != this.id;
        if other_question && first.ask != this.ask {
            copies.push((name, first.clone()));
        }
    }
    let Some((_, first)) = copies.first().cloned() else {
        return;
    };
    let from_there: Vec<&str> = copies
        .iter()
        .filter(|(_, other)| other.kit == first.kit && other.id == first.id)
        .map(|(name, _)| *name)
        .collect();
    let place = if first.kit == this.kit {
        format!("`{}`", first.id)
    } else {
        let place = checks[first.kit].place(&format!("{}.anchors", first.id));
        format!("`{}` in {place}", first.id)
    };
    let (verb, names) = match from_there[..] {
        [name] => ("is", format!("`{name}`")),
        _ => ("are", format!("`{}`", from_there.join("`, `"))),
    };
    let message = format!("{names} {verb} copied from {place}");
    let hint = Some("write for this question what is heard at each rating");
    let at = format!("{}.anchors", this.id);
    checks[this.kit].report(rule::COPIED_ANCHOR, &at, message, hint);
}
