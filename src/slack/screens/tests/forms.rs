//! Forms, and what comes back from them.

use super::picture;
use super::samples::{self, user};
use super::shows;
use super::starting::start;
use crate::app::scene::{Scene, TimeScene};
use crate::domain::candidate::Note;
use crate::domain::event::{Deed, Request, Submission};
use crate::domain::ids::{LoopCode, QuestionId};
use crate::domain::interview_loop::{Head, Verdict};
use crate::domain::planned::{NotPlanned, Wish};
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::{Mark, Rating, Recommendation};
use crate::domain::settings::{NamingRule, Openers, RevealRule, Setting};
use crate::domain::words::Words;
use crate::slack::inbound::State;
use crate::slack::screens::form::{self, Meta};
use crate::slack::screens::{draw_modal, field_errors, notice_modal, read_form, waiting_modal};
use serde_json::{Value, json};
use slack_morphism::prelude::SlackView;

pub(super) fn modal(scene: &Scene) -> SlackView {
    draw_modal(scene).expect("the scene is a modal")
}

pub(super) fn head() -> Box<Head> {
    Box::new(samples::submits(
        samples::with_details(samples::head()),
        "ben",
    ))
}

/// What Slack sends when the form is submitted with these inputs, and all others as they were drawn.
pub(super) fn submitted(view: &SlackView, typed: &[(&str, Value)]) -> (Request, Meta) {
    let view = serde_json::to_value(view).expect("a view is JSON");
    let mut values = serde_json::Map::new();
    for block in view["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .filter(|block| block["type"] == "input")
    {
        let (name, element) = (
            block["block_id"].as_str().expect("a block id"),
            &block["element"],
        );
        assert_eq!(
            element["action_id"], name,
            "block and action are named after the field"
        );
        let given = typed
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.clone());
        let value = given.unwrap_or_else(|| {
            json!({
                "value": element["initial_value"], "selected_option": element["initial_option"],
                "selected_users": element["initial_users"], "selected_conversation": element["initial_conversation"],
                "selected_date": element["initial_date"], "selected_time": element["initial_time"],
            })
        });
        values.insert(name.to_owned(), json!({name: value}));
    }
    for (field, _) in typed {
        assert!(values.contains_key(*field), "the form has no field {field}");
    }
    let state: State =
        serde_json::from_str(&json!({"values": values}).to_string()).expect("a state");
    let text = |key: &str| view[key].as_str().expect("a form names itself").to_owned();
    read_form(&text("callback_id"), &text("private_metadata"), &state).expect("a form of ours")
}

fn deed(view: &SlackView, typed: &[(&str, Value)]) -> Deed {
    match submitted(view, typed) {
        (Request::Loop { code, deed }, meta) => {
            assert_eq!(code, LoopCode::from("C-7F3Q"));
            assert_eq!(meta.code, Some(code));
            deed
        }
        (other, _) => panic!("not about a loop: {other:?}"),
    }
}

fn evidence(note: &str) -> SlackView {
    modal(&Scene::EvidenceForm {
        head: head(),
        kit: samples::senior(),
        question: QuestionId::from("technical/2"),
        note: note.to_owned(),
    })
}

fn submit(card: Option<crate::domain::scorecard::Scorecard>) -> SlackView {
    modal(&Scene::SubmitForm {
        kit: samples::senior(),
        head: head(),
        card,
    })
}

fn settings() -> SlackView {
    modal(&Scene::SettingsForm {
        settings: Box::default(),
        drawn_from: 3,
    })
}

fn time(planned: bool) -> SlackView {
    modal(&Scene::TimeForm(Box::new(TimeScene {
        head: samples::head(),
        minutes: 45,
        planned: planned.then(|| jiff::civil::date(2026, 12, 1).at(9, 5, 0, 0)),
        zone: "Europe/Berlin".to_owned(),
    })))
}

#[test]
fn forms_look_like_this() {
    let mut changed = samples::head();
    changed.decision = samples::decided(&samples::senior()).decision;
    let all = [
        evidence("Named the query plan."),
        modal(&Scene::PanelForm(head())),
        modal(&Scene::DecideForm(head())),
        modal(&Scene::DecideForm(Box::new(changed))),
        modal(&Scene::RenameForm(head())),
        modal(&Scene::HandOverForm(head())),
        modal(&Scene::WithdrawForm(head())),
        modal(&Scene::MoveForm(head())),
        modal(&Scene::HoldForm(head())),
        modal(&Scene::EraseForm(head())),
        settings(),
        modal(&Scene::ZoneForm {
            chosen: None,
            told: Some("Europe/Berlin".to_owned()),
        }),
        time(false),
        time(true),
        waiting_modal("waits-1"),
        notice_modal(
            "Erased",
            &Words::from("This record was erased. Nothing was saved."),
        ),
    ];
    shows!(
        "forms",
        all.iter()
            .map(picture::modal)
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

#[test]
fn the_form_that_submits_asks_only_for_what_is_missing() {
    let kit = samples::senior();
    let all = [
        submit(None),
        submit(Some(samples::begun(&kit))),
        submit(Some(samples::ada(&kit))),
    ];
    shows!(
        "submit",
        all.iter()
            .map(picture::modal)
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

#[test]
fn what_is_revealed_opens_in_a_modal() {
    let kit = samples::senior();
    let mut head = samples::revealed(&kit);
    let mut cid = samples::ada(&kit);
    cid.author = user("cid");
    let mut late = crate::domain::interview_loop::Seat::new(user("cid"));
    late.late = true;
    head.panel.push(late);
    let board = Scene::EvidenceBoard {
        cards: vec![samples::ada(&kit), samples::ben(&kit), cid],
        shadows: Vec::new(),
        kit: kit.clone(),
        head: Box::new(head.clone()),
    };
    shows!("evidence_board", picture::modal(&modal(&board)));
    let questions = Scene::ByQuestion {
        kit,
        head: Box::new(head),
        leads: false,
    };
    shows!("by_question", picture::modal(&modal(&questions)));
}

#[test]
fn what_shadows_gave_is_marked_and_for_those_who_lead_the_loop() {
    let kit = samples::senior();
    let mut shadow = samples::ada(&kit);
    shadow.author = user("cid");
    let mut head = samples::with_everybody();
    head.reveal = samples::revealed(&kit).reveal;
    if let Some(reveal) = &mut head.reveal {
        reveal.shadows = vec![crate::domain::debrief::Submitted::of(&shadow)];
    }
    let board = Scene::EvidenceBoard {
        cards: vec![samples::ben(&kit)],
        shadows: vec![shadow],
        kit: kit.clone(),
        head: Box::new(head.clone()),
    };
    shows!("evidence_of_a_shadow", picture::modal(&modal(&board)));
    let questions = |leads| {
        picture::modal(&modal(&Scene::ByQuestion {
            kit: kit.clone(),
            head: Box::new(head.clone()),
            leads,
        }))
    };
    assert!(!questions(false).contains("UCID"), "{}", questions(false));
    shows!("by_question_with_a_shadow", questions(true));
    let panel = Scene::PanelForm(Box::new(head));
    shows!("panel_of_everybody", picture::modal(&modal(&panel)));
}

#[test]
fn what_a_loops_forms_hold_comes_back_as_a_deed() {
    let question = QuestionId::from("technical/2");
    let note = |text| Note::new(text);
    assert_eq!(
        deed(&evidence("Named it."), &[]),
        Deed::Write {
            question: question.clone(),
            note: note("Named it.")
        }
    );
    assert_eq!(
        deed(
            &evidence("Named it."),
            &[("evidence", json!({"value": null}))]
        ),
        Deed::Write {
            question,
            note: note("")
        }
    );
    assert_eq!(
        deed(&modal(&Scene::PanelForm(head())), &[]),
        Deed::SetPanel {
            users: vec![user("ada"), user("ben")],
            shadows: Vec::new(),
            observers: Vec::new(),
            namesakes: Vec::new(),
            anyway: false,
        }
    );
    let decide = [
        ("verdict", json!({"selected_option": {"value": "hold"}})),
        ("reason", json!({"value": "Not yet."})),
    ];
    let decided = Deed::Decide {
        verdict: Verdict::Hold,
        reason: note("Not yet."),
    };
    assert_eq!(deed(&modal(&Scene::DecideForm(head())), &decide), decided);
    let renamed = Deed::Rename {
        name: note("Jane Doe"),
        note: note("the one from Kiel"),
    };
    assert_eq!(deed(&modal(&Scene::RenameForm(head())), &[]), renamed);
    let owner = [("owner", json!({"selected_user": "UADA"}))];
    assert_eq!(
        deed(&modal(&Scene::HandOverForm(head())), &owner),
        Deed::HandOver { to: user("ada") }
    );
    let reason = [("reason", json!({"value": "Left."}))];
    assert_eq!(
        deed(&modal(&Scene::WithdrawForm(head())), &reason),
        Deed::Withdraw {
            reason: note("Left.")
        }
    );
    let reason = [("reason", json!({"value": "A dispute."}))];
    assert_eq!(
        deed(&modal(&Scene::HoldForm(head())), &reason),
        Deed::Hold {
            reason: note("A dispute.")
        }
    );
    let typed = [("code", json!({"value": "c-7f3q"}))];
    assert_eq!(
        deed(&modal(&Scene::EraseForm(head())), &typed),
        Deed::Erase {
            typed: note("c-7f3q")
        }
    );
    let channel = [("channel", json!({"selected_conversation": "C2"}))];
    assert_eq!(
        deed(&modal(&Scene::MoveForm(head())), &channel),
        Deed::Move {
            channel: "C2".into(),
            public: false
        }
    );
}

#[test]
fn a_submission_comes_back_with_the_evidence_it_asked_for() {
    let mut card = samples::begun(&samples::senior());
    card.recommendation = Some(Recommendation::Yes);
    card.reason = Note::new("Calm.");
    let typed = [
        (
            "evidence:behavioural/2",
            json!({"value": "Told of two outages."}),
        ),
        ("evidence:screening/2", json!({"value": "Ten systems."})),
        (
            "rest",
            json!({"selected_options": [{"value": "not_asked"}]}),
        ),
    ];
    let submission = Submission {
        recommendation: Some(Recommendation::Yes),
        reason: Note::new("Calm."),
        beside_the_kit: Note::default(),
        evidence: vec![
            (
                QuestionId::from("behavioural/2"),
                Note::new("Told of two outages."),
            ),
            (QuestionId::from("screening/2"), Note::new("Ten systems.")),
        ],
        rest_not_asked: true,
    };
    assert_eq!(
        deed(&submit(Some(card)), &typed),
        Deed::Submit(Box::new(submission))
    );
}

#[test]
fn a_form_of_nobodys_is_not_read() {
    let state = State::default();
    for (callback, meta) in [
        ("evidence.submit.v9", "{\"code\":\"C-7F3Q\"}"),
        (form::EVIDENCE, "{}"),
        (form::EVIDENCE, ""),
        (form::START, "{}"),
        (form::MOVE, "{\"code\":\"C-7F3Q\"}"),
    ] {
        assert!(
            read_form(callback, meta, &state).is_none(),
            "{callback} {meta}"
        );
    }
}

#[test]
fn a_refusal_stands_under_a_field_that_the_form_has() {
    let field = |callback, refusal| {
        field_errors(callback, &refusal).and_then(|errors| errors.into_keys().next())
    };
    let fields_of = |view: &SlackView| -> Vec<String> {
        let view = serde_json::to_value(view).expect("a view is JSON");
        let blocks = view["blocks"].as_array().cloned().unwrap_or_default();
        blocks
            .iter()
            .filter(|block| block["type"] == "input")
            .filter_map(|block| block["block_id"].as_str().map(str::to_owned))
            .collect()
    };
    let unexplained = || Refusal::Unexplained {
        questions: vec!["Technical 2".to_owned()],
    };
    let cases = [
        (start(false), form::START, Refusal::NameMissing, "name"),
        (start(false), form::START, Refusal::NotALink, "cv"),
        (start(false), form::START, Refusal::PanelTooLarge, "panel"),
        (
            start(false),
            form::START,
            Refusal::BotNotInChannel,
            "channel",
        ),
        (
            submit(None),
            form::SUBMIT,
            Refusal::Unrated { number: 3 },
            "rest",
        ),
        (
            submit(None),
            form::SUBMIT,
            Refusal::RecommendationMissing,
            "recommendation",
        ),
        (submit(None), form::SUBMIT, unexplained(), "reason"),
        (
            modal(&Scene::PanelForm(head())),
            form::PANEL,
            Refusal::PanelEmpty,
            "panel",
        ),
        (
            modal(&Scene::DecideForm(head())),
            form::DECIDE,
            Refusal::ReasonMissing,
            "reason",
        ),
        (
            modal(&Scene::RenameForm(head())),
            form::RENAME,
            Refusal::NameTooLong,
            "name",
        ),
        (
            modal(&Scene::HandOverForm(head())),
            form::HAND_OVER,
            Refusal::AlreadyOwner,
            "owner",
        ),
        (
            modal(&Scene::MoveForm(head())),
            form::MOVE,
            Refusal::SameChannel,
            "channel",
        ),
        (
            modal(&Scene::HoldForm(head())),
            form::HOLD,
            Refusal::HoldReasonMissing,
            "reason",
        ),
        (
            modal(&Scene::EraseForm(head())),
            form::ERASE,
            Refusal::CodeNotTyped {
                code: "C-7F3Q".into(),
            },
            "code",
        ),
        (
            start(false),
            form::START,
            NotPlanned::DayMissing.into(),
            "day",
        ),
        (
            time(false),
            form::TIME,
            NotPlanned::TimeMissing.into(),
            "time",
        ),
        (
            time(true),
            form::TIME,
            NotPlanned::Length {
                typed: "9".to_owned(),
            }
            .into(),
            "length",
        ),
    ];
    for (view, callback, refusal, name) in cases {
        assert_eq!(
            field(callback, refusal).as_deref(),
            Some(name),
            "{callback}"
        );
        assert!(
            fields_of(&view).contains(&name.to_owned()),
            "{callback} has no {name}"
        );
    }
    assert_eq!(field(form::MOVE, Refusal::NameMissing), None);
    assert_eq!(field(form::SUBMIT, Refusal::Withdrawn), None);
}

#[test]
fn a_rating_changed_to_the_middle_needs_no_evidence_any_more() {
    let mut card = samples::begun(&samples::senior());
    for mark in card.marks.values_mut() {
        *mark = Mark::Rated(Rating::Good);
    }
    let json = serde_json::to_string(&submit(Some(card))).expect("a view is JSON");
    assert!(!json.contains("evidence:"), "{json}");
}

#[test]
fn settings_come_back_as_they_were_filled_in() {
    let chosen =
        |value: &str| json!({"type": "radio_buttons", "selected_option": {"value": value}});
    let (request, _) = submitted(
        &settings(),
        &[
            ("reveal", chosen("owner")),
            ("naming", chosen("initials")),
            ("openers", chosen("administrators")),
            (
                "begins",
                json!({"type": "timepicker", "selected_time": "08:30"}),
            ),
            (
                "ends",
                json!({"type": "timepicker", "selected_time": "17:00"}),
            ),
            (
                "days",
                json!({"type": "checkboxes", "selected_options": [{"value": "Monday"}, {"value": "Friday"}]}),
            ),
        ],
    );
    let Request::Set(Setting::Workspace(filled_in)) = request else {
        panic!("not the settings: {request:?}");
    };
    assert_eq!(filled_in.drawn_from, 3);
    assert_eq!(filled_in.reveal, RevealRule::ByTheOwner);
    assert_eq!(filled_in.naming, NamingRule::Initials);
    assert_eq!(filled_in.openers, Openers::Administrators);
    let working = filled_in.working().expect("hours");
    assert_eq!(working.days.to_string(), "Mon, Fri");
    assert_eq!(working.from.to_string(), "08:30:00");
}

#[test]
fn a_refused_setting_is_told_under_its_field() {
    let told = |callback: &str, refusal: &Refusal| {
        let errors = field_errors(callback, refusal)?;
        errors.into_keys().next()
    };
    let word = || "Mars/Phobos".to_owned();
    let no_zone = Refusal::NotAZone {
        word: word(),
        near: Vec::new(),
    };
    assert_eq!(told("zone.submit.v1", &no_zone).as_deref(), Some("zone"));
    assert_eq!(
        told("settings.submit.v1", &Refusal::HoursBackwards).as_deref(),
        Some("ends")
    );
    assert_eq!(
        told("settings.submit.v1", &Refusal::DaysMissing).as_deref(),
        Some("days")
    );
    assert_eq!(told("settings.submit.v1", &Refusal::SettingsChanged), None);
}

#[test]
fn a_time_comes_back_with_the_zone_that_the_form_named() {
    let typed = [
        ("name", json!({"value": "Jane Doe"})),
        ("day", json!({"selected_date": "2026-12-01"})),
        ("time", json!({"selected_time": "14:00"})),
    ];
    let (request, _) = submitted(&start(false), &typed);
    let wish = Wish {
        day: "2026-12-01".to_owned(),
        time: "14:00".to_owned(),
        minutes: samples::senior().minutes.to_string(),
        zone: Some("Europe/Berlin".to_owned()),
    };
    let Request::Open(opening) = request else {
        panic!("{request:?}");
    };
    assert_eq!(opening.planned, Some(Box::new(wish)));
    let as_it_is = Deed::SetTime {
        wish: Wish {
            day: "2026-12-01".to_owned(),
            time: "09:05".to_owned(),
            minutes: "45".to_owned(),
            zone: Some("Europe/Berlin".to_owned()),
        },
        at: None,
    };
    assert_eq!(deed(&time(true), &[]), as_it_is);
    let drop = [(
        "drop_time",
        json!({"selected_options": [{"value": "drop"}]}),
    )];
    assert_eq!(deed(&time(true), &drop), Deed::DropTime);
}
