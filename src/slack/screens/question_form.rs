//! The form for a question of a kit: how it looks, and how it is read. Whether the kit may be so is decided in `app`.

use super::form::Meta;
use super::kit::origin;
use super::page::Page;
use crate::app::scene::QuestionScene;
use crate::domain::candidate::visible;
use crate::domain::event::{KitDeed, Request};
use crate::domain::ids::CompetencyId;
use crate::domain::interview_loop::short;
use crate::domain::kit::{Anchors, Kit, Question};
use crate::domain::kit_edit::QuestionEdit;
use crate::domain::refusal::{KitField, Refusal};
use crate::domain::words::Words;
use crate::slack::inbound::State;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;

/// The form's name.
pub(super) const QUESTION: &str = "question.submit.v1";

/// What a box of Slack's holds.
const BOX: u64 = 3000;
/// The names of the fields.
const ASK: &str = "ask";
const FOLLOW_UPS: &str = "follow_ups";
const NOTE: &str = "note";
const COMPETENCY: &str = "competency";
const NEW_COMPETENCY: &str = "new_competency";
const PLACE: &str = "place";
const RETIRED: &str = "retired";
const ANYWAY: &str = "anyway";
const ANCHORS: [(&str, &str); 4] = [
    ("poor", "1 Poor sounds like"),
    ("mixed", "2 Mixed sounds like"),
    ("good", "3 Good sounds like"),
    ("excellent", "4 Excellent sounds like"),
];
/// The value of a ticked box.
const YES: &str = "yes";
/// The value of "none" in the menu of competencies: no id looks like it.
const NONE: &str = "-";
/// A menu has at most so many options.
const OPTIONS: usize = 100;

/// Whether the boxes of the form hold a question: what is cut would be lost when it is saved.
fn holds(question: &Question) -> bool {
    let follow_ups = question.follow_up.join("\n");
    let texts = [question.ask.as_str(), &question.note, &follow_ups];
    texts
        .into_iter()
        .chain(anchors_of(question))
        .all(|text| text::units(text) as u64 <= BOX)
}

/// The form.
pub(super) fn form(scene: &QuestionScene) -> SlackView {
    let none = Question::blank("".into(), scene.section);
    let question = scene.question.as_ref().unwrap_or(&none);
    if !holds(question) {
        let words = Words::from(format!(
            "{} is longer than a form of Slack's can hold, so it cannot be edited here. Please edit the kit's file.",
            question.id
        ));
        return super::notice_modal("Edit a question", &words);
    }
    let about = match &scene.question {
        Some(question) => format!(" · {} {}", question.section, question.number()),
        None => format!(" · a new {} question", scene.section.slug()),
    };
    let mut page = Page::new()
        .say(Words::new().strong(&*scene.kit.title).text(about))
        .small(Words::from(
            "Saving makes a new version of the kit. New loops get it; loops under way stay on theirs.",
        ))
        .block(blocks::input(
            ASK,
            "Question",
            "One question, read aloud as it stands.",
            false,
            blocks::text_box(ASK, &question.ask, true, BOX),
        ))
        .block(blocks::input(
            FOLLOW_UPS,
            "Follow-ups",
            "One a line; two or three serve best.",
            true,
            blocks::text_box(FOLLOW_UPS, &question.follow_up.join("\n"), true, BOX),
        ));
    for ((name, label), anchor) in ANCHORS.iter().zip(anchors_of(question)) {
        let element = blocks::text_box(name, anchor, true, BOX);
        page = page.block(blocks::input(name, label, "", true, element));
    }
    page = page
        .block(blocks::input(
            COMPETENCY,
            "Competency",
            "What it probes.",
            true,
            competencies(&scene.kit, question),
        ))
        .block(blocks::input(
            NEW_COMPETENCY,
            "A competency that is not in the list",
            "Its name as the debrief prints it: 20 characters at most.",
            true,
            blocks::text_box(NEW_COMPETENCY, "", false, 100),
        ))
        .block(blocks::input(
            NOTE,
            "Note for the interviewer",
            "",
            true,
            blocks::text_box(NOTE, &question.note, true, BOX),
        ))
        .block(blocks::input(
            PLACE,
            "Place",
            "",
            true,
            places(&scene.kit, question),
        ));
    if scene.question.is_some() {
        page = page.block(blocks::input(
            RETIRED,
            "Retire",
            "A retired question is asked no more. It keeps its number and its past ratings, and can be brought back here.",
            true,
            tick(RETIRED, "Ask it no more", question.retired),
        ));
    }
    page = page.block(blocks::input(
        ANYWAY,
        "Check",
        "The kit is checked when you save. A warning can be overruled, an error cannot.",
        true,
        tick(ANYWAY, "Save even if the check warns", false),
    ));
    for (parts, edition) in &scene.history {
        let parts: Vec<&str> = parts.iter().map(|part| part.name()).collect();
        page = page.small(
            Words::new()
                .day(edition.at)
                .text(": ")
                .strong(parts.join(", "))
                .text(", ")
                .and(origin(edition))
                .text(format!(" · kit {}", short(&edition.version))),
        );
    }
    let meta = Meta {
        slug: Some(scene.kit.slug.clone()),
        version: Some(scene.version.clone()),
        section: Some(scene.section),
        channel: scene.channel.clone(),
        question: scene.question.as_ref().map(|question| question.id.clone()),
        ..Meta::default()
    };
    let title = if scene.question.is_some() {
        "Edit a question"
    } else {
        "Add a question"
    };
    blocks::modal(title, QUESTION, meta.to_json(), Some("Save"), page.blocks())
}

fn anchors_of(question: &Question) -> [&str; 4] {
    question.anchors.as_ref().map_or([""; 4], |anchors| {
        [
            &anchors.poor,
            &anchors.mixed,
            &anchors.good,
            &anchors.excellent,
        ]
        .map(String::as_str)
    })
}

fn menu(name: &str, options: &[(String, String)], chosen: &str) -> SlackBlockStaticSelectElement {
    let option =
        |(label, value): &(String, String)| blocks::option::<SlackBlockPlainTextOnly>(label, value);
    let initial = options
        .iter()
        .find(|(_, value)| value == chosen)
        .map(option);
    let menu = SlackBlockStaticSelectElement::new()
        .with_action_id(name.to_owned().into())
        .with_placeholder(blocks::plain("Choose"))
        .with_options(options.iter().map(option).collect());
    match initial {
        Some(initial) => menu.with_initial_option(initial),
        None => menu,
    }
}

fn competencies(kit: &Kit, question: &Question) -> SlackBlockStaticSelectElement {
    let mut options = vec![("None".to_owned(), NONE.to_owned())];
    options.extend(
        kit.competencies
            .iter()
            .take(OPTIONS - 1)
            .map(|competency| (competency.name.clone(), competency.id.to_string())),
    );
    let chosen = question
        .competency
        .as_ref()
        .map_or(NONE, CompetencyId::as_str);
    menu(COMPETENCY, &options, chosen)
}

/// Where a question may stand: nothing chosen leaves it where it is.
fn places(kit: &Kit, question: &Question) -> SlackBlockStaticSelectElement {
    let others: Vec<&Question> = kit
        .section(question.section)
        .filter(|other| other.id != question.id)
        .take(OPTIONS - 1)
        .collect();
    let mut options = vec![("First".to_owned(), "1".to_owned())];
    for (place, other) in others.iter().enumerate() {
        let label = format!("After {}. {}", other.number(), other.ask);
        options.push((text::fitting(&label, 75), (place + 2).to_string()));
    }
    menu(PLACE, &options, "")
}

fn tick(name: &str, label: &str, ticked: bool) -> SlackBlockCheckboxesElement {
    let option = || blocks::option::<SlackBlockText>(label, YES);
    let boxes =
        SlackBlockCheckboxesElement::new(vec![option()]).with_action_id(name.to_owned().into());
    if ticked {
        boxes.with_initial_options(vec![option()])
    } else {
        boxes
    }
}

/// What the submitted form asks for; `None` for one that no version of the bot sent.
pub(super) fn read(meta: &Meta, state: &State) -> Option<Request> {
    let line = |name: &str| one_line(state.text(name, name).unwrap_or_default());
    let ticked = |name: &str| state.options(name, name).iter().any(|value| value == YES);
    let [poor, mixed, good, excellent] = ANCHORS.map(|(name, _)| line(name));
    let anchors = Anchors {
        poor,
        mixed,
        good,
        excellent,
    };
    let empty = Anchors {
        poor: String::new(),
        mixed: String::new(),
        good: String::new(),
        excellent: String::new(),
    };
    let lines = state.text(FOLLOW_UPS, FOLLOW_UPS).unwrap_or_default();
    let edit = QuestionEdit {
        question: meta.question.clone(),
        section: meta.section?,
        competency: state
            .option(COMPETENCY, COMPETENCY)
            .filter(|chosen| *chosen != NONE)
            .map(CompetencyId::from),
        new_competency: line(NEW_COMPETENCY),
        ask: line(ASK),
        follow_up: lines
            .lines()
            .map(one_line)
            .filter(|line| !line.is_empty())
            .collect(),
        note: line(NOTE),
        anchors: (anchors != empty).then_some(anchors),
        place: state
            .option(PLACE, PLACE)
            .and_then(|place| place.parse().ok()),
        retired: ticked(RETIRED),
    };
    Some(Request::Kit {
        slug: meta.slug.clone()?,
        deed: KitDeed::Edit {
            from: meta.version.clone()?,
            edit: Box::new(edit),
            anyway: ticked(ANYWAY),
        },
    })
}

/// What was typed as one line, without what cannot be seen.
fn one_line(typed: &str) -> String {
    visible(typed)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The sentences of a refusal, each under the field it is about.
pub(super) fn errors(refusal: &Refusal) -> Option<BTreeMap<String, String>> {
    let Refusal::KitUnfit {
        findings,
        can_be_saved,
    } = refusal
    else {
        let sentence = text::bare(&refusal.words());
        return Some(BTreeMap::from([(ASK.to_owned(), sentence)]));
    };
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    for (field, finding) in findings {
        let said = errors.entry(name_of(*field).to_owned()).or_default();
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(finding);
    }
    if *can_be_saved {
        let hint = "Nothing was saved. Tick this box to save it all the same.";
        errors.insert(ANYWAY.to_owned(), hint.to_owned());
    }
    Some(errors)
}

fn name_of(field: KitField) -> &'static str {
    match field {
        KitField::Ask => ASK,
        KitField::FollowUps => FOLLOW_UPS,
        KitField::Note => NOTE,
        KitField::Competency => COMPETENCY,
        KitField::Poor => ANCHORS[0].0,
        KitField::Mixed => ANCHORS[1].0,
        KitField::Good => ANCHORS[2].0,
        KitField::Excellent => ANCHORS[3].0,
    }
}
