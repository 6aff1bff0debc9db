//! The form that opens a loop, and the questions that may come of it.

use super::forms::{head, modal, submitted};
use super::picture;
use super::samples::{self, user};
use super::shows;
use crate::app::scene::{Scene, StartScene};
use crate::domain::candidate::Note;
use crate::domain::event::{Deed, DraftAnswer, Opening, Request};
use crate::domain::ids::{ChannelId, DraftId, LoopCode, UserId};
use crate::domain::interview_loop::{Doubted, Doubts, LARGEST_PANEL, Naming, SeatRole};
use crate::domain::planned::Wish;
use crate::domain::settings::NamingRule;
use crate::slack::screens::draw;
use serde_json::json;
use slack_morphism::prelude::SlackView;

pub(super) fn start(public: bool) -> SlackView {
    modal(&Scene::StartForm(Box::new(starting(public))))
}

pub(super) fn starting(public: bool) -> StartScene {
    StartScene {
        kit: samples::senior(),
        public,
        naming: NamingRule::Ask,
        planned: None,
        minutes: None,
        zone: "Europe/Berlin".to_owned(),
        filled: Opening {
            channel: Some(ChannelId::from("CHIRING")),
            ..Opening::default()
        },
        draft: None,
    }
}

fn doubtful() -> Vec<(UserId, SeatRole)> {
    let interviewers =
        ["ada", "ben", "cid", "dee", "jane"].map(|name| (user(name), SeatRole::Interviewer));
    let mut panel = Vec::from(interviewers);
    panel.push((user("eve"), SeatRole::Shadow));
    panel
}

/// Everything that was typed, as the form is opened once more.
fn again() -> StartScene {
    let mut filled = Opening {
        slug: Some(samples::senior().slug.clone()),
        candidate: Note::new("Jane Doe"),
        note: Note::new("the one from Kiel"),
        requisition: Note::new("R-12"),
        cv: Note::new("https://example.com/cv"),
        channel: Some(ChannelId::from("CHIRING")),
        offered: doubtful(),
        ..Opening::default()
    };
    filled.take_panel(&doubtful());
    StartScene {
        planned: Some(jiff::civil::date(2026, 12, 1).at(9, 5, 0, 0)),
        minutes: Some(60),
        draft: Some(DraftId::from("00000000000000ff")),
        filled,
        ..starting(false)
    }
}

fn over_the_form(panel: Vec<(UserId, SeatRole)>) -> SlackView {
    modal(&Scene::Doubtful {
        doubts: Doubts::of(panel.len(), 2, vec![user("jane")]),
        what: Doubted::Panel {
            code: samples::head().code,
            panel,
        },
        head: Some(head()),
    })
}

#[test]
fn the_form_looks_like_this() {
    let by_initials = StartScene {
        naming: NamingRule::Initials,
        ..starting(true)
    };
    let all = [
        start(true),
        modal(&Scene::StartForm(Box::new(by_initials))),
        modal(&Scene::StartForm(Box::new(again()))),
        over_the_form(doubtful()),
    ];
    let all = all.map(|view| picture::modal(&view));
    shows!("starting", all.join("\n\n=====\n\n"));
}

#[test]
fn the_questions_look_like_this() {
    let draft = || DraftId::from("00000000000000ff");
    let both = || Doubts::of(5, 0, vec![user("jane")]);
    let code = || LoopCode::from("C-7F3Q");
    let in_doubt = |what, head| Scene::Doubtful {
        what,
        doubts: both(),
        head,
    };
    let admission = Doubted::Admission {
        code: code(),
        user: user("jane"),
    };
    let all = [
        Scene::LastPanel {
            draft: draft(),
            panel: doubtful(),
            doubts: Doubts::default(),
        },
        Scene::LastPanel {
            draft: draft(),
            panel: doubtful(),
            doubts: Doubts::of(5, 0, Vec::new()),
        },
        in_doubt(Doubted::Opening(draft()), None),
        in_doubt(admission, Some(head())),
    ];
    let all = all.map(|scene| picture::message(&draw(&scene)));
    shows!("panel_questions", all.join("\n\n=====\n\n"));
}

#[test]
fn what_waits_comes_back_from_its_form_whole() {
    let scene = again();
    let (request, meta) = submitted(&modal(&Scene::StartForm(Box::new(scene.clone()))), &[]);
    let draft = DraftId::from("00000000000000ff");
    assert_eq!(meta.draft, Some(draft.clone()));
    let mut opening = scene.filled;
    opening.offered = Vec::new();
    // Whatever stands in the form is meant.
    opening.anybody = true;
    opening.planned = Some(Box::new(Wish {
        day: "2026-12-01".to_owned(),
        time: "09:05".to_owned(),
        minutes: "60".to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
    }));
    let answer = DraftAnswer::Filled(Box::new(opening));
    assert_eq!(request, Request::Resume { draft, answer });
}

#[test]
fn the_largest_panel_comes_back_from_the_question_about_it() {
    let user = |number| UserId::from(format!("U0123456{number:04}").as_str());
    let users: Vec<UserId> = (0..LARGEST_PANEL).map(user).collect();
    let panel = users.iter().cloned();
    let view = over_the_form(panel.map(|user| (user, SeatRole::Interviewer)).collect());
    let meta = serde_json::to_value(&view).expect("a view is JSON");
    let meta = meta["private_metadata"].as_str().expect("it remembers");
    assert!(meta.len() <= 3000, "{}", meta.len());
    let (request, _) = submitted(&view, &[]);
    let deed = Deed::SetPanel {
        users,
        shadows: Vec::new(),
        observers: Vec::new(),
        namesakes: Vec::new(),
        anyway: true,
    };
    let code = samples::head().code;
    assert_eq!(request, Request::Loop { code, deed });
}

#[test]
fn an_opening_comes_back_as_it_was_filled_in() {
    let typed = [
        ("name", json!({"value": " Jane  Doe "})),
        ("panel", json!({"selected_users": ["UADA", "UBEN"]})),
        ("naming", json!({"selected_option": {"value": "initials"}})),
        ("cv", json!({"value": "https://cv.example/jane"})),
    ];
    let (request, meta) = submitted(&start(true), &typed);
    assert_eq!(meta.slug, Some("senior-backend".into()));
    let opening = Opening {
        slug: Some("senior-backend".into()),
        candidate: Note::new("Jane  Doe"),
        panel: vec![user("ada"), user("ben")],
        channel: Some(ChannelId::from("CHIRING")),
        requisition: Note::default(),
        note: Note::default(),
        cv: Note::new("https://cv.example/jane"),
        naming: Some(Naming::Initials),
        anybody: true,
        ..Opening::default()
    };
    assert_eq!(request, Request::Open(Box::new(opening)));
}
