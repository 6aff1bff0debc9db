//! The panel plan, with nobody on the panel and with everybody, and the forms in which parts are taken.

use super::limits::takes;
use super::samples::{self, user};
use super::{picture, shows};
use crate::app::scene::Scene;
use crate::domain::event::{Deed, Request};
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Head, PlanPart, Seat};
use crate::domain::kit::{Kit, Section};
use crate::slack::screens::{draw, draw_modal};
use serde_json::json;
use std::sync::Arc;

fn plan(kit: &Arc<Kit>, head: Head, leads: bool) -> Scene {
    Scene::Plan {
        kit: Arc::clone(kit),
        head: Box::new(head),
        takes: true,
        assigns: leads,
    }
}

/// Everybody with the parts that come to them in turn.
fn covered(mut head: Head, kit: &Kit, each: usize) -> Head {
    let all = PlanPart::all(kit);
    for (place, seat) in head.panel.iter_mut().enumerate() {
        seat.covers = all
            .iter()
            .cycle()
            .skip(place * each)
            .take(each)
            .cloned()
            .collect();
    }
    head
}

#[test]
fn what_nobody_has_taken_comes_first() {
    let kit = samples::senior();
    let mut head = samples::with_everybody();
    let seen = |scene: &Scene| picture::message(&draw(scene));
    let mut pictures = vec![seen(&plan(&kit, head.clone(), true))];
    head.panel[0].covers = [
        PlanPart::Section(Section::Technical),
        PlanPart::Section(Section::Screening),
    ]
    .into();
    head.panel[1].covers = kit
        .competencies
        .first()
        .map(|competency| PlanPart::Competency(competency.id.clone()))
        .into_iter()
        .collect();
    pictures.push(seen(&plan(&kit, head.clone(), false)));
    head.panel[1]
        .covers
        .insert(PlanPart::Section(Section::Behavioural));
    pictures.push(seen(&plan(&kit, head.clone(), false)));
    head.panel.clear();
    pictures.push(seen(&plan(&kit, head, false)));
    shows!("plan", pictures.join("\n\n"));
}

#[test]
fn a_plan_of_any_size_fits() {
    for questions in [1, 25] {
        let kit = samples::largest_kit(questions);
        for people in [0, 1, 20, 50] {
            for each in [0, 1, 33] {
                let mut head = samples::head();
                head.panel = (0..people)
                    .map(|number| Seat::new(UserId::from(format!("U0123456{number:03}"))))
                    .collect();
                let head = covered(head, &kit, each);
                takes(
                    &format!("a plan of {people}, {each} each, of {questions}"),
                    &plan(&kit, head.clone(), true),
                );
                takes(
                    "the form of one's own part",
                    &Scene::TakeForm {
                        kit: Arc::clone(&kit),
                        user: UserId::from("U0123456000"),
                        head: Box::new(head.clone()),
                    },
                );
                takes(
                    "the form of somebody's part",
                    &Scene::AssignForm {
                        kit: Arc::clone(&kit),
                        head: Box::new(head),
                    },
                );
            }
        }
    }
}

#[test]
fn parts_come_back_as_they_were_chosen() {
    let kit = samples::senior();
    let take = Scene::TakeForm {
        kit: Arc::clone(&kit),
        head: Box::new(covered(samples::head(), &kit, 2)),
        user: user("ada"),
    };
    let assign = Scene::AssignForm {
        kit,
        head: Box::new(samples::head()),
    };
    let deed = |scene: &Scene, typed: &[(&str, serde_json::Value)]| {
        let view = draw_modal(scene).expect("the scene is a modal");
        let Request::Loop { deed, .. } = super::forms::submitted(&view, typed).0 else {
            panic!("it is about a loop");
        };
        deed
    };
    let technical = (
        "parts",
        json!({"selected_options": [{"value": "section:technical"}]}),
    );
    let parts = vec![PlanPart::Section(Section::Technical)];
    assert_eq!(
        deed(&take, std::slice::from_ref(&technical)),
        Deed::Cover {
            user: None,
            parts: parts.clone()
        }
    );
    let ben = ("interviewer", json!({"selected_user": user("ben")}));
    assert_eq!(
        deed(&assign, &[technical, ben]),
        Deed::Cover {
            user: Some(user("ben")),
            parts
        }
    );
}

#[test]
fn a_scorecard_shows_the_own_part_first() {
    let kit = samples::senior();
    let mut head = samples::head();
    head.panel[0].covers = kit
        .questions
        .iter()
        .filter(|question| question.section == Section::Technical)
        .filter_map(|question| question.competency.clone())
        .map(PlanPart::Competency)
        .skip(3)
        .take(1)
        .collect();
    let scene = Scene::Scorecard {
        card: Some(samples::begun(&kit)),
        user: user("ada"),
        kit,
        head: Box::new(head),
        section: Section::Technical,
        open: None,
    };
    shows!("scorecard_own_part", picture::message(&draw(&scene)));
}
