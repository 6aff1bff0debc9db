//! Pictures, and the same in words.

use super::canvas::{self, Mark};
use super::{ALT_TEXT, Sketch, debrief, draw, stats};
use crate::app::scene::{DebriefScene, Scene};
use crate::domain::candidate::CandidateName;
use crate::domain::debrief::Submitted;
use crate::domain::kit::Kit;
use crate::slack::screens::tests::looking_back::scene;
use crate::slack::screens::tests::samples;
use crate::slack::text::units;
use std::sync::Arc;
use tiny_skia::Pixmap;

/// Text smaller than this is not read on a phone.
const SMALLEST: f32 = 30.0;

fn revealed(kit: &Arc<Kit>) -> DebriefScene {
    DebriefScene {
        kit: Arc::clone(kit),
        head: samples::revealed(kit),
        later: Vec::new(),
    }
}

/// The sample kit, of which nobody asked the third question.
fn with_a_gap() -> DebriefScene {
    let kit = samples::senior();
    let mut scene = revealed(&kit);
    let uncovered = kit.competencies[2].id.clone();
    let questions = kit
        .questions
        .iter()
        .filter(|question| question.competency.as_ref() == Some(&uncovered));
    let reveal = scene.head.reveal.as_mut().expect("it is revealed");
    for question in questions {
        for card in &mut reveal.snapshot {
            card.marks.remove(&question.id);
        }
    }
    scene
}

fn texts(sketch: &Sketch) -> Vec<&str> {
    sketch
        .paper
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { text, .. } if !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// Every text large enough, within the paper, and beside the others.
fn reads_well(what: &str, sketch: &Sketch) {
    let mut boxes: Vec<(f32, f32, f32, f32, &str)> = Vec::new();
    for mark in &sketch.paper.marks {
        match mark {
            Mark::Text {
                x, y, size, text, ..
            } => {
                assert!(*size >= SMALLEST, "{what}: {text} is too small");
                let right = x + canvas::width(text, *size);
                let (top, bottom) = (y - size * 0.78, y + size * 0.24);
                assert!(
                    *x >= 0.0 && right <= canvas::WIDTH && top >= 0.0 && bottom <= sketch.paper.y,
                    "{what}: {text} leaves the paper"
                );
                for (left, up, to, down, other) in &boxes {
                    let apart = right <= *left || *to <= *x || bottom <= *up || *down <= top;
                    assert!(apart || text.is_empty(), "{what}: {text} lies over {other}");
                }
                boxes.push((*x, top, right, bottom, text));
            }
            Mark::Bar {
                x,
                y,
                width,
                height,
                ..
            } => {
                assert!(
                    *x >= 0.0 && x + width <= canvas::WIDTH && y + height <= sketch.paper.y,
                    "{what}: {mark:?}"
                );
            }
            Mark::Dot { x, y, radius, .. } => {
                assert!(
                    *x > *radius && x + radius < canvas::WIDTH && y + radius < sketch.paper.y,
                    "{what}: {mark:?}"
                );
            }
        }
    }
    assert!(
        units(&sketch.alt) <= ALT_TEXT,
        "{what}: {}",
        sketch.alt.len()
    );
    let sober = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    assert!(
        sketch.filename.chars().all(sober),
        "{what}: {}",
        sketch.filename
    );
}

fn colors(scene: &Scene) -> (Pixmap, Vec<[u8; 3]>) {
    let chart = draw(scene).expect("it has a picture").expect("drawn");
    let picture = Pixmap::decode_png(&chart.png).expect("a PNG");
    let colors = picture
        .pixels()
        .iter()
        .map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    (picture, colors)
}

const STRONG: [u8; 3] = [0x0b, 0x4f, 0x8a];
const LIGHT: [u8; 3] = [0x9c, 0xc3, 0xe6];

#[test]
fn a_debriefs_picture_says_what_its_table_says() {
    let sketch = debrief::sketch(&with_a_gap());
    reads_well("a debrief", &sketch);
    insta::assert_snapshot!("debrief_picture", texts(&sketch).join("\n"));
    insta::assert_snapshot!("debrief_alt", sketch.alt);
    assert_eq!(sketch.title, "Debrief C-7F3Q · Senior Backend Developer");
}

#[test]
fn no_picture_names_the_candidate() {
    let kit = samples::senior();
    let mut scene = revealed(&kit);
    scene.head.candidate = CandidateName::parse("Zsófia").expect("a name");
    let sketch = debrief::sketch(&scene);
    let all = format!(
        "{} {} {} {}",
        texts(&sketch).join(" "),
        sketch.alt,
        sketch.title,
        sketch.filename
    );
    assert!(!all.contains("Zs"), "{all}");
    assert_eq!(
        format!("{:?}", draw(&Scene::Debrief(Box::new(scene)))),
        "Some(Ok(Chart))"
    );
}

#[test]
fn bars_reach_from_the_lowest_to_the_highest_and_dots_are_the_means() {
    let kit = samples::senior();
    let scene = revealed(&kit);
    let lines = crate::domain::debrief::by_competency(
        &kit,
        &scene.head.reveal.as_ref().expect("revealed").snapshot,
    );
    let sketch = debrief::sketch(&scene);
    let at = |tenths: u128| {
        90.0 + (f32::from(u8::try_from(tenths).expect("small")) / 10.0 - 1.0) * 180.0
    };
    let dots: Vec<f32> = sketch
        .paper
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Dot { x, .. } => Some(*x),
            _ => None,
        })
        .collect();
    let means: Vec<f32> = lines
        .iter()
        .filter_map(|line| Some(at(line.mean?.tenths())))
        .collect();
    assert_eq!(dots, means);
    let bars: Vec<(f32, f32)> = sketch
        .paper
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Bar {
                x,
                width,
                ink: canvas::Ink::Light,
                ..
            } => Some((*x, *width)),
            _ => None,
        })
        .collect();
    let ranges: Vec<(f32, f32)> = lines
        .iter()
        .filter(|line| line.low < line.high)
        .filter_map(|line| {
            Some((
                at(line.low?.tenths()),
                at(line.high?.tenths()) - at(line.low?.tenths()),
            ))
        })
        .collect();
    assert_eq!(bars, ranges);
    assert!(!bars.is_empty());

    let (picture, colors) = colors(&Scene::Debrief(Box::new(scene)));
    assert_eq!(picture.width(), 1000);
    assert!(colors.contains(&STRONG) && colors.contains(&LIGHT) && colors.contains(&[0xff; 3]));
}

#[test]
fn a_name_that_the_font_has_no_letters_for_is_pointed_to() {
    let mut kit = Kit::clone(&samples::senior());
    for (competency, name) in
        kit.competencies
            .iter_mut()
            .zip(["設計", "قواعد البيانات", "Größe & Güte", "Базы данных"])
    {
        name.clone_into(&mut competency.name);
    }
    kit.title = "バックエンド".to_owned();
    let kit = Arc::new(kit);
    let mut scene = revealed(&kit);
    scene.head.title.clone_from(&kit.title);
    let sketch = debrief::sketch(&scene);
    reads_well("names of all scripts", &sketch);
    let shown = texts(&sketch).join("\n");
    assert!(
        shown.contains("Größe & Güte") && shown.contains("Базы данных"),
        "{shown}"
    );
    assert!(
        shown.contains("senior-backend") && shown.contains("of the table"),
        "{shown}"
    );
    assert!(!shown.contains('設') && !shown.contains("قواعد"), "{shown}");
    for name in ["設計", "قواعد البيانات", "バックエンド"] {
        assert!(
            sketch.alt.contains(name),
            "{name} is missing in {}",
            sketch.alt
        );
    }
    // Set from an accent of its own, it is one letter.
    assert!(
        canvas::is_drawable("Cafe\u{301}")
            && !canvas::is_drawable("a\u{202e}b")
            && !canvas::is_drawable(" ")
    );
}

#[test]
fn looking_back_at_any_number_of_loops_reads_well() {
    for (loops, roles, one) in [
        (0, 1, false),
        (0, 1, true),
        (1, 1, true),
        (1, 1, false),
        (20, 1, true),
        (500, 1, true),
        (60, 3, false),
        (2500, 250, false),
    ] {
        let scene = scene(loops, roles, one);
        let what = format!("{loops} loops of {roles} roles");
        reads_well(&what, &stats::sketch(&scene));
        let (picture, _) = colors(&Scene::Stats(Box::new(scene)));
        assert!(picture.height() < 4000, "{what}: {}", picture.height());
    }
    let sketch = stats::sketch(&scene(500, 1, true));
    insta::assert_snapshot!("stats_picture", texts(&sketch).join("\n"));
    insta::assert_snapshot!("stats_alt", sketch.alt);
    let sketch = stats::sketch(&scene(60, 3, false));
    insta::assert_snapshot!("stats_roles_picture", texts(&sketch).join("\n"));
    insta::assert_snapshot!("stats_roles_alt", sketch.alt);
}

#[test]
fn the_largest_kit_and_the_longest_names_fit() {
    let mut kit = Kit::clone(&samples::largest_kit(25));
    for competency in &mut kit.competencies {
        competency.name = "W".repeat(300);
    }
    let kit = Arc::new(kit);
    for name in samples::worst_names() {
        let head = samples::worst_head(&name, &kit);
        let scene = DebriefScene {
            kit: Arc::clone(&kit),
            head,
            later: Vec::new(),
        };
        let mut sketch = debrief::sketch(&scene);
        sketch.alt = crate::slack::text::fitting(&sketch.alt, ALT_TEXT);
        reads_well("the largest kit", &sketch);
        let chart = draw(&Scene::Debrief(Box::new(scene)))
            .expect("it has a picture")
            .expect("drawn");
        assert!(units(&chart.alt) <= ALT_TEXT);
    }
    let mut none = Kit::clone(&samples::senior());
    none.competencies.clear();
    let sketch = debrief::sketch(&revealed(&Arc::new(none)));
    reads_well("a kit without competencies", &sketch);
    assert!(texts(&sketch).contains(&"This kit names no competencies."));
}

#[test]
fn the_built_in_kits_are_described_whole_in_what_a_file_takes() {
    for kit in samples::real_kits() {
        let mut scene = revealed(&kit);
        let cards = [samples::ada(&kit), samples::ben(&kit)];
        scene.head.reveal.as_mut().expect("revealed").snapshot =
            cards.iter().map(Submitted::of).collect();
        let sketch = debrief::sketch(&scene);
        assert!(
            units(&sketch.alt) <= crate::slack::client::FILE_ALT_TEXT,
            "{}",
            sketch.alt
        );
    }
}

#[test]
fn scenes_without_a_picture_have_none() {
    assert!(draw(&Scene::Help).is_none());
    assert!(canvas::width("W", 30.0) > canvas::width("i", 30.0));
    assert_eq!(canvas::cut("Databases", 30.0, 0.0), "");
}
