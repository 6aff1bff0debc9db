//! The rules about what Slack can show of a kit as a whole: sections, lists, the forms in which a question is edited. The limits of single texts are in `check` itself.

use super::anchors::named;
use super::{Check, limit};
use crate::domain::kit::{Question, Section, Trait};
use crate::kits::rule;

/// A box of a form takes 3,000 characters, which Slack counts in UTF-16 units.
const BOX: usize = 3000;
/// With more questions a section's scorecard has no room for the anchors beside the buttons: a message has 50 blocks.
const WITH_ANCHORS: usize = 22;
/// The kit shows one question a block, beside six blocks of its own.
const SHOWN: usize = 44;
/// A scorecard shows no more than this.
const RATED: usize = 50;
/// Slack refuses a message with about 11,000 units of text and does not say where it begins to; the kit is drawn within 9,500, of which
/// heading, tabs and buttons take some.
const MESSAGE: usize = 9000;
/// What stands around one question: its number, its competency, the labels of its buttons.
const AROUND: usize = 90;

pub(super) fn fits(check: &mut Check<'_>) {
    let kit = check.kit;
    for section in Section::ALL {
        let count = kit.section(section).count();
        if count > WITH_ANCHORS {
            let name = section.slug();
            let lost = match count {
                _ if count > RATED => format!("a scorecard shows {RATED} of them"),
                _ if count > SHOWN => format!("**Kit** shows {SHOWN} of them"),
                _ => "a scorecard shows them without their anchors".to_owned(),
            };
            let message = format!("there are {count} {name} questions; {lost}");
            let hint =
                format!("{WITH_ANCHORS} are the most; retire those that nobody has time to ask");
            check.report(
                rule::SLACK_CROWDED_SECTION,
                "question",
                message,
                Some(&hint),
            );
        }
        let texts = kit.section(section).map(question_units).sum();
        shortened(
            check,
            texts,
            &format!("the {} questions", section.slug()),
            "question",
        );
    }
    let profile = &kit.profile;
    let lists = profile.hard_skills.iter().chain(&profile.soft_skills);
    let texts = [&profile.summary, &profile.experience];
    let units = lists.chain(texts).map(|text| units(text)).sum();
    shortened(check, units, "the profile", "profile");
    for (at, traits) in [("look_for", &kit.look_for), ("pitfall", &kit.pitfalls)] {
        let units = traits.iter().map(trait_units).sum();
        shortened(check, units, &format!("all of `{at}`"), at);
    }
}

fn shortened(check: &mut Check<'_>, units: usize, what: &str, at: &str) {
    if units > MESSAGE {
        let message = format!(
            "{what} have {units} characters together; one message shows {MESSAGE}, so each is cut"
        );
        let hint = Some("say it in fewer words, or in fewer items");
        check.report(rule::SLACK_SHORTENED, at, message, hint);
    }
}

/// Follow-ups are edited one a line in one box.
pub(super) fn follow_ups(check: &mut Check<'_>, question: &Question, at: &str) {
    let lines = question.follow_up.len().saturating_sub(1);
    let units = question
        .follow_up
        .iter()
        .map(|text| text.encode_utf16().count())
        .sum::<usize>()
        + lines;
    if units > BOX {
        let message = format!(
            "the follow-ups have {units} characters together, {BOX} fit the box in which they are edited"
        );
        let hint = format!("three of up to {} characters are enough", limit::FOLLOW_UP);
        check.report(
            rule::SLACK_FOLLOW_UPS,
            &format!("{at}.follow_up"),
            message,
            Some(&hint),
        );
    }
}

fn question_units(question: &Question) -> usize {
    let anchors = question
        .anchors
        .iter()
        .flat_map(named)
        .map(|(_, text)| units(text));
    let follow_ups = question.follow_up.iter().map(|text| units(text));
    units(&question.ask)
        + units(&question.note)
        + AROUND
        + anchors.sum::<usize>()
        + follow_ups.sum::<usize>()
}

fn trait_units(one: &Trait) -> usize {
    // Its competency stands behind it.
    units(&one.text) + one.competency.as_ref().map_or(0, |_| limit::COMPETENCY + 3)
}

/// UTF-16 units, escaped as Slack escapes: `&` is sent as `&amp;`.
fn units(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| b"&<>".contains(byte)).count();
    text.encode_utf16().count() + escaped * 4
}
