//! The rules about how a question is put: so that it can be read aloud, is one question, and is answered with what happened. What must not be asked is in `law`.

use super::sentence::{Kind, Sentence, plain, sentences};
use super::{Check, law};
use crate::domain::kit::{Question, Section};
use crate::kits::rule;
use regex::Regex;
use std::sync::LazyLock;

/// The most words: 20 seconds at the 150 words a minute of speech; what is longer the candidate has to hold in mind instead of answering it.
pub(super) const MOST_WORDS: usize = 50;

/// Checks the question and its follow-ups.
pub(super) fn asking(check: &mut Check<'_>, question: &Question, at: &str) {
    let ask_at = format!("{at}.ask");
    let ask = plain(&question.ask);
    one(check, &ask, &ask_at);
    if question.section == Section::Behavioural && asks_for_opinion(&ask) {
        let message = "this asks for an opinion or a guess, which anybody can give";
        let hint =
            Some("ask for what happened: “Tell me about a time you …”, “What did you do when …?”");
        check.report(rule::OPINION_NOT_EVENT, &ask_at, message, hint);
    }
    for (index, text) in question.follow_up.iter().enumerate() {
        one(
            check,
            &plain(text),
            &format!("{at}.follow_up.{}", index + 1),
        );
    }
}

fn one(check: &mut Check<'_>, text: &str, at: &str) {
    let sentences = sentences(text);
    if is_double(&sentences) {
        let message = "these are two questions in one, and the candidate will answer one of them";
        let hint = Some("ask the first, and make the second a follow-up");
        check.report(rule::TWO_QUESTIONS, at, message, hint);
    } else if is_closed(&sentences) {
        let message = "yes or no would answer this";
        let hint = Some("begin with how, what, why or which, or with “tell me about …”");
        check.report(rule::CLOSED_QUESTION, at, message, hint);
    }
    law::asked(check, text, at);
}

/// How many words a text has, as it is read aloud.
pub(super) fn words(text: &str) -> usize {
    sentences(&plain(text)).iter().map(Sentence::len).sum()
}

/// One sentence is closed, and no other invites more: "Have you led a team? Tell me about it." is open.
fn is_closed(sentences: &[Sentence<'_>]) -> bool {
    let mut closed = false;
    for sentence in sentences {
        match sentence.kind() {
            Kind::Open => return false,
            Kind::Closed => closed = true,
            Kind::Statement => {}
        }
    }
    closed
}

/// Two question marks, or one question that goes on with "and how did …".
fn is_double(sentences: &[Sentence<'_>]) -> bool {
    let marks = sentences.iter().filter(|sentence| sentence.asks()).count();
    marks > 1 || sentences.iter().any(Sentence::asks_twice)
}

/// An event is named: a time, an example, the last one, what somebody is proud of.
static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[
        r"\b(?:a|an|one|another|any|some|two|three) (?:\w+ ){0,2}(?:times?|examples?|occasions?|instances?|incidents?|episodes?|story|stories)\b",
        r"\b(?:the|your) (?:last|most recent|latest) (?:\w+ ){0,3}\w+",
        r"\bthe time (?:when |that )?you\b",
        r"\bexamples? (?:of|from|where|when)\b",
        r"\bproud(?:est)? of\b",
        r"\b(?:situation|moment|case|project|decision|conflict|problem|challenge|mistake)s? (?:when|where|in which|that|which) you (?:had|were|was|felt|made|took|led|\w+ed)\b",
    ])
});

static HYPOTHESIS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[
        r"\b(?:what|how|which|who|whom|where|when|why)\b(?u:[^;?]){0,80}\b(?:would|could|might) you\b",
        r"\bhow you(?:'d| would)\b",
        r"\bif you (?:were|had|could|got|found|saw)\b",
        r"\b(?:imagine|imagining|suppose|supposing|hypothetical\w*|let's say)\b",
    ])
});

/// Something that is over is asked about.
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[
        r"\b(?:did|were|was|have|has|had) (?:you|your|the|it|they|that)\b",
        r"\byou(?:'ve| have| had|'d| were)? (?:ever |once |recently |personally |last |already |just )?(?:\w+ed|had|led|made|took|gave|got|went|came|saw|said|felt|found|kept|built|chose|learnt|taught|thought|told|wrote|ran|won|lost|held|met|dealt|grew|knew|began|brought|broke|were|was)\b",
        r"\bwhat (?:happened|went|came|led|made|changed)\b",
    ])
});

static OPINION: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[
        r"\b(?:what|which|how|why|who|where|when)\b(?u:[^;?]){0,80}\b(?:do|don't|are|aren't|can|should|will) you\b",
        r"\b(?:do|would) you (?:think|believe|feel|prefer|like|consider|enjoy|see|value|handle|deal|manage|approach|agree)\b",
        r"\bhow important\b",
        r"\b(?:is|what's|are|describe|about|explain|share|outline|define|summari[sz]e) your (?:\w+ ){0,3}(?:opinions?|style|philosophy|views?|approach|attitudes?|strengths?|weakness|weaknesses|take|ideas?|beliefs?|definition|values|thoughts|stance|goals?|motivations?)\b",
        r"\bwhat (?:motivates|drives|inspires|excites|frustrates|annoys|matters|makes an?|does)\b",
        r"\bhow you (?:usually|typically|normally|generally|keep|handle|deal|manage|approach|work|stay|prioriti[sz]e|motivate|react|respond)\b",
    ])
});

/// A plain text asks what somebody thinks, does or would do, and not what they did.
fn asks_for_opinion(text: &str) -> bool {
    let text = text.replace("at a time", "");
    if EVENT.is_match(&text) {
        return false;
    }
    HYPOTHESIS.is_match(&text) || (!PAST.is_match(&text) && OPINION.is_match(&text))
}

/// One expression that matches what any of these matches. Boundaries and classes are ASCII, since the words of the rules are.
pub(super) fn compiled(alternatives: &[&str]) -> Regex {
    Regex::new(&format!("(?-u:{})", alternatives.join("|"))).expect("the tests compile it")
}

#[cfg(test)]
mod tests;
