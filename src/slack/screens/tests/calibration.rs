//! The screens of a calibration: what everybody sees before the spread and after, and what one person sees.

use super::check::Check;
use super::picture;
use super::samples::{self, at, user};
use super::shows;
use crate::app::scene::{CalibrationPost, CalibrationScene, CalibrationStage, PostScene, Scene};
use crate::domain::calibration::Spread;
use crate::domain::candidate::Note;
use crate::domain::event::RolesWhy;
use crate::domain::ids::{CalibrationId, KitVersion, QuestionId};
use crate::domain::kit::{Kit, Sample};
use crate::domain::scorecard::Rating;
use crate::slack::screens::{draw, draw_post};
use std::sync::Arc;

fn with_samples(kit: &Kit, texts: &[(&str, &str)]) -> Arc<Kit> {
    let mut kit = kit.clone();
    kit.samples = texts
        .iter()
        .map(|(question, text)| Sample {
            question: QuestionId::from(*question),
            text: (*text).to_owned(),
        })
        .collect();
    Arc::new(kit)
}

fn kit() -> Arc<Kit> {
    with_samples(
        &samples::senior(),
        &[
            (
                "technical/2",
                "We put <HTTPS> in front of it & checked *tokens*.\nThen we were done.",
            ),
            ("technical/2", "I began with who could want what."),
            ("behavioural/1", "I told them."),
        ],
    )
}

fn post(kit: &Arc<Kit>, question: &str, stage: CalibrationStage) -> PostScene {
    PostScene::Calibration(Box::new(CalibrationPost {
        id: CalibrationId::from("00ff"),
        kit: Arc::clone(kit),
        version: KitVersion::from(samples::VERSION),
        question: QuestionId::from(question),
        sample: 'A',
        stage,
    }))
}

fn open(number: usize) -> CalibrationStage {
    CalibrationStage::Open {
        started_by: user("rita"),
        number,
    }
}

fn spread(counts: [usize; 4]) -> CalibrationStage {
    CalibrationStage::Shown(Spread { counts, at: at(0) })
}

#[test]
fn a_calibrations_post_says_how_many_are_in_and_then_how_far_apart() {
    let kit = kit();
    let mut without_anchors = (*kit).clone();
    for question in &mut without_anchors.questions {
        question.anchors = None;
    }
    let without_anchors = Arc::new(without_anchors);
    let posts = [
        post(&kit, "technical/2", open(0)),
        post(&kit, "technical/2", open(1)),
        post(&kit, "technical/2", open(2)),
        post(&kit, "technical/2", spread([1, 0, 3, 30])),
        post(&kit, "technical/2", spread([0, 2, 1, 0])),
        post(&without_anchors, "technical/2", spread([0, 0, 2, 0])),
        post(&kit, "technical/2", CalibrationStage::Lapsed),
    ];
    let pictures = posts.map(|scene| picture::message(&draw_post(&scene)));
    shows!("calibration_post", pictures.join("\n\n"));
}

#[test]
fn one_person_sees_the_answers_by_letter_and_what_they_gave() {
    let kit = kit();
    let roles = vec![(kit.slug.clone(), kit.title.clone())];
    let scenes = [
        CalibrationScene::Roles {
            roles: roles.clone(),
            why: RolesWhy::All,
        },
        CalibrationScene::Roles {
            roles,
            why: RolesWhy::Near {
                word: Note::new("senoir"),
            },
        },
        CalibrationScene::Samples {
            kit,
            version: KitVersion::from(samples::VERSION),
        },
        CalibrationScene::Own {
            rating: Some(Rating::Mixed),
        },
        CalibrationScene::Own { rating: None },
    ];
    let pictures = scenes.map(|scene| picture::message(&draw(&Scene::Calibration(scene))));
    shows!("calibration_own", pictures.join("\n\n"));
}

/// The type holds it already: the scene knows no rating. The test is for whoever changes that.
#[test]
fn an_open_post_is_the_same_whatever_was_rated() {
    let kit = kit();
    let drawn = draw_post(&post(&kit, "technical/2", open(3)));
    let json = serde_json::to_string(&drawn.blocks).expect("blocks are JSON");
    for rating in Rating::ALL {
        assert_eq!(
            json.matches(&format!("\"text\":\"{rating}\"")).count(),
            1,
            "one button and nothing else: {json}"
        );
        assert!(!drawn.text.contains(&rating.to_string()), "{}", drawn.text);
    }
}

#[test]
fn calibrations_of_the_largest_kits_fit() {
    for questions in [1, 30, 160] {
        let largest = samples::largest_kit(questions);
        let text = "<&> *so* "
            .repeat(300)
            .chars()
            .take(2400)
            .collect::<String>();
        let mut kit = (*largest).clone();
        for question in &largest.questions {
            for letter in 'a'..='z' {
                kit.samples.push(Sample {
                    question: question.id.clone(),
                    text: format!("{letter}{text}"),
                });
            }
        }
        let kit = Arc::new(kit);
        let offered = Scene::Calibration(CalibrationScene::Samples {
            kit: Arc::clone(&kit),
            version: KitVersion::from(samples::VERSION),
        });
        let posts = [
            open(0),
            open(9),
            spread([1000, 1, 0, 7]),
            CalibrationStage::Lapsed,
        ]
        .map(|stage| draw_post(&post(&kit, "technical/1", stage)));
        for drawn in posts.iter().chain([&draw(&offered)]) {
            let mut check = Check::new();
            check.message(drawn);
            check.passes(&format!("a calibration of {questions} questions"));
        }
    }
}
