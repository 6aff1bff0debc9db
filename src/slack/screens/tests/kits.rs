//! How kits are listed, edited and compared, and that the largest of them fit.

use super::limits::{takes, takes_message};
use super::picture;
use super::samples::{self, at, user};
use super::shows;
use crate::app::scene::{DiffersScene, GuideScene, KitRow, PostScene, QuestionScene, Scene};
use crate::domain::event::KitTab;
use crate::domain::ids::{KitVersion, QuestionId};
use crate::domain::kit::{Kit, Section};
use crate::domain::kit_edit::Part;
use crate::domain::shelf::{Edition, Origin};
use crate::slack::screens::{draw, draw_modal, draw_post};
use std::sync::Arc;

fn edition(version: &str, origin: Origin) -> Edition {
    Edition {
        version: KitVersion::from(version),
        origin,
        at: at(0),
    }
}

fn file(version: &str) -> Edition {
    edition(version, Origin::File("senior-backend.toml".to_owned()))
}

fn edited(version: &str) -> Edition {
    edition(version, Origin::Edited(user("rita")))
}

fn row(kit: &Arc<Kit>, differs: Option<Edition>) -> KitRow {
    KitRow {
        kit: Arc::clone(kit),
        edition: edited("a81c3f000000"),
        differs,
        open: vec![
            (
                KitVersion::from("a81c3f000000"),
                3,
                Some(edited("a81c3f000000")),
            ),
            (
                KitVersion::from("9bd211000000"),
                1,
                Some(file("9bd211000000")),
            ),
            (KitVersion::from("77aa11000000"), 2, None),
        ],
    }
}

fn question(kit: &Arc<Kit>, number: usize) -> Scene {
    let question = kit.section(Section::Technical).nth(number).cloned();
    Scene::QuestionForm(Box::new(QuestionScene {
        kit: Arc::clone(kit),
        version: KitVersion::from(samples::VERSION),
        channel: None,
        section: Section::Technical,
        history: question
            .iter()
            .map(|_| (vec![Part::Ask, Part::FollowUps], edited("a81c3f000000")))
            .collect(),
        question,
    }))
}

fn differing(kit: &Arc<Kit>, questions: usize) -> PostScene {
    let differs = |number| {
        let id = QuestionId::from(format!("technical/{number}"));
        (id, vec![Part::Ask, Part::Anchors])
    };
    PostScene::KitDiffers(Box::new(DiffersScene {
        kit: Arc::clone(kit),
        edition: edited("a81c3f000000"),
        file: file("9bd211000000"),
        questions: (1..=questions).map(differs).collect(),
        elsewhere: true,
    }))
}

#[test]
fn the_list_of_kits_says_which_versions_are_in_use() {
    let kit = samples::senior();
    let scene = |administrator| Scene::Kits {
        rows: vec![row(&kit, Some(file("9bd211000000"))), row(&kit, None)],
        administrator,
    };
    let [all, own] = [true, false].map(|who| picture::message(&draw(&scene(who))));
    assert!(!own.contains("Take the file's"), "{own}");
    shows!("kits", all);
}

#[test]
fn a_question_is_edited_in_one_form() {
    let kit = samples::senior();
    let view = draw_modal(&question(&kit, 2)).expect("a modal");
    shows!("question_form", picture::modal(&view));
}

#[test]
fn file_and_edit_are_compared_in_one_message() {
    let drawn = draw_post(&differing(&samples::senior(), 2));
    shows!("kit_differs", picture::message(&drawn));
}

#[test]
fn whoever_may_edit_a_kit_sees_how() {
    let mut kit = Kit::clone(&samples::senior());
    kit.questions
        .retain(|question| question.section == Section::Technical);
    kit.questions.truncate(3);
    kit.questions[1].retired = true;
    let scene = Scene::Kit {
        kit: Arc::new(kit),
        version: KitVersion::from(samples::VERSION),
        pinned: false,
        newer: None,
        edition: Some(edited(samples::VERSION)),
        editable: true,
        opens: true,
        shareable: true,
        tab: KitTab::Questions(Section::Technical),
    };
    shows!("kit_editable", picture::message(&draw(&scene)));
}

fn guide(lines: usize, line: &str) -> Scene {
    let list = |name: &str| vec![format!("12 {name}: {line}"); lines];
    Scene::Guide(Box::new(GuideScene {
        draft: "00ff".into(),
        channel: None,
        title: line.to_owned(),
        slug: "release-manager".into(),
        questions: lines,
        doubtful: list("salary"),
        warnings: list("heading"),
        assumed: list("title"),
        lacks: list("anchors"),
        left_out: list("advertisement"),
        kept: list("technical question 2"),
    }))
}

#[test]
fn a_guide_is_pasted_and_shown_in_forms_that_slack_takes() {
    takes("the form of a guide", &Scene::GuideForm { channel: None });
    for lines in [0, 1, 80, 5000] {
        for line in ["Release Manager", &"<!channel> & *bold* ".repeat(200)] {
            takes("what becomes of a guide", &guide(lines, line));
        }
    }
    let view = draw_modal(&Scene::GuideForm { channel: None }).expect("a modal");
    shows!("guide_form", picture::modal(&view));
}

#[test]
fn the_largest_kits_are_listed_edited_and_compared_within_the_limits() {
    for questions in [1, 25, 160] {
        let kit = samples::largest_kit(questions);
        for rows in [0, 1, 7, 30] {
            let numbered = |number: usize| {
                let mut kit = Kit::clone(&kit);
                kit.slug = format!("{}-{number:03}", "x".repeat(36)).into();
                row(&Arc::new(kit), Some(file("9bd211000000")))
            };
            let rows: Vec<KitRow> = (0..rows).map(numbered).collect();
            for administrator in [true, false] {
                let rows = rows.clone();
                takes(
                    "kits",
                    &Scene::Kits {
                        rows,
                        administrator,
                    },
                );
            }
        }
        takes("a new question", &question(&kit, 999));
        takes("a question", &question(&kit, 0));
        takes_message("a comparison", &draw_post(&differing(&kit, questions)));
    }
    let mut kit = Kit::clone(&samples::largest_kit(3));
    kit.questions[4].follow_up = vec!["Why? ".repeat(100); 10];
    let kit = Arc::new(kit);
    let scene = question(&kit, 1);
    takes("a question that no form holds", &scene);
    let view = picture::modal(&draw_modal(&scene).expect("a modal"));
    assert!(view.contains("edit the kit's file"), "{view}");
}
