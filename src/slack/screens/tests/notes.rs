//! The form for pasted notes, and the look before they are saved.

use super::check::Check;
use super::forms::{modal, submitted};
use super::picture;
use super::samples::{self, at, user};
use super::shows;
use crate::app::scene::Scene;
use crate::domain::candidate::{LONGEST_NOTE, Note};
use crate::domain::event::Request;
use crate::domain::ids::{DraftId, LoopCode, QuestionId};
use crate::domain::kit::{Kit, Section};
use crate::domain::pasted::Filed;
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::Scorecard;
use crate::slack::screens::field_errors;
use crate::slack::screens::form::{self, Meta};
use serde_json::json;
use std::sync::Arc;

fn paste() -> Scene {
    Scene::PasteForm {
        head: Box::new(samples::head()),
        section: Section::Technical,
    }
}

fn pasted(kit: &Arc<Kit>, card: &Scorecard, boxes: &[Note]) -> Scene {
    let filed = Filed::of(kit, boxes);
    Scene::Pasted {
        head: Box::new(samples::head()),
        draft: DraftId::from("00ff"),
        filings: filed.onto(Some(card)),
        unknown: filed.unknown,
        kit: Arc::clone(kit),
    }
}

const TEXT: &str = "On time.\nTechnical\n1. Two services, drawn <first>\n   then the queue\nT2: query plan again: 4\nT9 & what was that?\n\nWould work with her.";

#[test]
fn pasted_notes_are_shown_where_they_go_before_they_are_saved() {
    let kit = samples::senior();
    let card = samples::begun(&kit);
    let text = [Note::new(TEXT)];
    let long = [Note::new(&format!("T2 {}", "x".repeat(LONGEST_NOTE - 3)))];
    let views = [
        paste(),
        pasted(&kit, &card, &text),
        pasted(&kit, &card, &long),
    ]
    .map(|scene| picture::modal(&modal(&scene)));
    shows!("pasted_notes", views.join("\n\n"));
}

#[test]
fn what_comes_back_from_the_form_is_what_was_pasted_and_nothing_of_it_from_the_look() {
    let typed = [
        ("notes:1", json!({"value": "T1 one"})),
        ("notes:3", json!({"value": "three"})),
        ("notes:4", json!({"value": "  "})),
    ];
    let (request, meta) = submitted(&modal(&paste()), &typed);
    assert_eq!(
        request,
        Request::Paste {
            code: LoopCode::from("C-7F3Q"),
            section: Section::Technical,
            boxes: vec![Note::new("T1 one"), Note::new("three")],
        }
    );
    assert_eq!(meta.channel, Some(samples::head().channel));
    let kit = samples::senior();
    let view = modal(&pasted(&kit, &samples::begun(&kit), &[Note::new(TEXT)]));
    let (request, meta) = submitted(&view, &[]);
    assert_eq!(request, Request::File(DraftId::from("00ff")));
    assert_eq!(meta.code, Some(LoopCode::from("C-7F3Q")));
    assert!(form::ends_all(form::FILE) && !form::ends_all(form::PASTE));
}

#[test]
fn a_form_with_nothing_in_it_says_so_under_its_first_box() {
    let errors =
        field_errors(form::PASTE, &Refusal::NothingPasted).expect("the form has the field");
    assert!(errors["notes:1"].starts_with("There is nothing in here"));
    assert_eq!(field_errors(form::FILE, &Refusal::NotesGone), None);
}

#[test]
fn notes_of_any_size_fit_a_modal() {
    for questions in [1, 25, 160] {
        let kit = samples::largest_kit(questions);
        let mut card = Scorecard::new(user("ada"), at(0));
        for question in kit.asked() {
            card.evidence
                .insert(question.id.clone(), Note::new(&"<&> *so* ".repeat(300)));
        }
        let named: Vec<String> = kit
            .asked()
            .map(|question| format!("{} <b>", question.id))
            .collect();
        let everything = named.join("\n");
        let mut boxes: Vec<Note> = everything
            .as_bytes()
            .chunks(2900)
            .take(4)
            .map(|chunk| Note::new(&String::from_utf8_lossy(chunk)))
            .collect();
        let full = Note::new(&"<&\u{1F469} ".repeat(2000));
        for wild in [
            boxes.clone(),
            vec![full.clone(); 4],
            vec![Note::new("T1"), full.clone(), full],
        ] {
            boxes = wild;
            let mut check = Check::new();
            check.view(&modal(&pasted(&kit, &card, &boxes)));
            check.passes(&format!("notes on {questions} questions"));
        }
    }
    let name = Meta {
        question: Some(QuestionId::from("technical/1")),
        ..Meta::default()
    };
    assert_eq!(Meta::parse(&name.to_json()), Some(name));
}
