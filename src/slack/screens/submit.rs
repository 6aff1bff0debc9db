//! The form behind **[Recommend and submit]**. The scorecard itself is in `scorecard`.

use super::form::{self, Meta, field};
use super::page::Page;
use crate::domain::candidate::LONGEST_NOTE;
use crate::domain::interview_loop::Head;
use crate::domain::kit::{Kit, Question, Section};
use crate::domain::scorecard::{Recommendation, Scorecard};
use crate::domain::words::{Words, count};
use crate::slack::blocks;
use slack_morphism::prelude::*;

/// How many boxes for evidence fit a modal of 100 blocks beside everything else.
const BOXES: usize = 85;

/// Recommendation and submission.
pub(super) fn submit(kit: &Kit, head: &Head, card: Option<&Scorecard>) -> SlackView {
    let unmarked: Vec<&Question> = card.map_or_else(
        || kit.asked().collect(),
        |card| card.unmarked(kit).collect(),
    );
    let mut page = Page::new()
        .say(super::loop_post::who(head, head.candidate.as_str()))
        .say(Words::from(
            "A candidate may be entitled to read what you write here.",
        ));
    if head.reveal.is_some() {
        page = page.small(Words::from(
            "The scorecards are revealed: what you submit now is marked as after the reveal.",
        ));
    }
    if !unmarked.is_empty() {
        page = page
            .say(
                Words::new()
                    .strong("Still unrated")
                    .text(format!(": {}", listed(&unmarked))),
            )
            .block(rest(unmarked.len()));
    }
    if let Some(card) = card {
        for question in card.unexplained(kit).take(BOXES) {
            page = page.block(evidence(question, card));
        }
    }
    let reason = card.map(|card| card.reason.as_str()).unwrap_or_default();
    let beside = card
        .map(|card| card.beside_the_kit.as_str())
        .unwrap_or_default();
    let page = page
        .block(recommendation(card.and_then(|card| card.recommendation)))
        .block(blocks::input(
            field::REASON,
            "Why? A line of evidence",
            "What you heard, in your own words.",
            false,
            blocks::text_box(field::REASON, reason, true, LONGEST_NOTE as u64),
        ))
        .block(blocks::input(
            field::BESIDE_THE_KIT,
            "Asked beside the kit",
            "Questions you asked that are not in the kit, what you heard, and what else you noted.",
            true,
            blocks::text_box(field::BESIDE_THE_KIT, beside, true, LONGEST_NOTE as u64),
        ));
    blocks::modal(
        "Recommend and submit",
        form::SUBMIT,
        Meta::of_loop(head).to_json(),
        Some("Submit"),
        page.blocks(),
    )
}

fn recommendation(chosen: Option<Recommendation>) -> SlackBlock {
    let option =
        |one: Recommendation| blocks::option::<SlackBlockText>(&one.to_string(), one.slug());
    let radio =
        SlackBlockRadioButtonsElement::new(Recommendation::ALL.into_iter().map(option).collect())
            .with_action_id(field::RECOMMENDATION.to_owned().into());
    let radio = match chosen {
        Some(chosen) => radio.with_initial_option(option(chosen)),
        None => radio,
    };
    blocks::input(
        field::RECOMMENDATION,
        "Recommendation",
        "Would you hire this person for this role?",
        false,
        radio,
    )
}

/// `Technical 2, 3 · Behavioural 1`
fn listed(questions: &[&Question]) -> String {
    let of = |section: Section| -> Vec<&str> {
        let those = questions
            .iter()
            .filter(|question| question.section == section);
        those.map(|question| question.number()).collect()
    };
    let sections = Section::ALL.into_iter().filter_map(|section| {
        let numbers = of(section);
        (!numbers.is_empty()).then(|| format!("{section} {}", numbers.join(", ")))
    });
    sections.collect::<Vec<_>>().join(" · ")
}

fn rest(number: usize) -> SlackBlock {
    let label = format!(
        "Mark the {} as Not asked",
        count(number, "unrated question")
    );
    let boxes = SlackBlockCheckboxesElement::new(vec![blocks::option::<SlackBlockText>(
        &label,
        form::NOT_ASKED,
    )])
    .with_action_id(field::REST.to_owned().into());
    blocks::input(
        field::REST,
        "Unrated questions",
        "Or close this form and rate them first.",
        true,
        boxes,
    )
}

fn evidence(question: &Question, card: &Scorecard) -> SlackBlock {
    let name = form::evidence_field(&question.id);
    let mark = card
        .marks
        .get(&question.id)
        .map(ToString::to_string)
        .unwrap_or_default();
    let label = format!(
        "{} {}, rated {mark}: what did you hear?",
        question.section,
        question.number()
    );
    blocks::input(
        &name,
        &label,
        &question.ask,
        false,
        blocks::text_box(&name, "", true, LONGEST_NOTE as u64),
    )
}
