//! The rules about what each rating sounds like, within one question. Anchors that two questions share are found in `across`.

use super::{Check, fold, limit};
use crate::domain::kit::{Anchors, Question};
use crate::kits::rule;
use std::collections::BTreeSet;

/// The anchors with their names, from 1 to 4.
pub(super) fn named(anchors: &Anchors) -> [(&'static str, &str); 4] {
    [
        ("poor", &anchors.poor),
        ("mixed", &anchors.mixed),
        ("good", &anchors.good),
        ("excellent", &anchors.excellent),
    ]
}

/// The anchors of a question, which may be retired.
pub(super) fn anchors(check: &mut Check<'_>, question: &Question, at: &str) {
    let Some(anchors) = &question.anchors else {
        if !question.retired {
            let message = format!(
                "`{}` does not say what each rating sounds like",
                question.id
            );
            let hint = Some("add `[question.anchors]` with poor, mixed, good and excellent");
            check.report(rule::NO_ANCHORS, at, message, hint);
        }
        return;
    };
    let named = named(anchors);
    for (name, text) in named {
        let at = format!("{at}.anchors.{name}");
        check.line(&at, text, limit::ANCHOR, rule::LONG_TEXT);
    }
    if question.retired {
        return;
    }
    let folded = named.map(|(_, text)| fold(text));
    for later in 1..named.len() {
        let name = named[later].0;
        let at = format!("{at}.anchors.{name}");
        let same = (0..later)
            .find(|earlier| folded[*earlier] == folded[later] && !folded[later].is_empty());
        if let Some(earlier) = same {
            let message = format!("`{name}` says the same as `{}`", named[earlier].0);
            let hint = Some("say what is heard at this rating and not at the other");
            check.report(rule::SAME_ANCHOR, &at, message, hint);
        } else if words(&folded[later - 1]) == words(&folded[later]) && !folded[later].is_empty() {
            let message = format!("no word tells `{name}` from `{}`", named[later - 1].0);
            let hint = Some("two colleagues who hear one answer must come to one of the two");
            check.report(rule::INDISTINCT_ANCHORS, &at, message, hint);
        }
    }
}

/// The words of a folded text, whatever their order.
fn words(folded: &str) -> BTreeSet<&str> {
    folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}
