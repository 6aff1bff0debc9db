//! Calibrations: the sample answers there are, the one post that everybody rates, and what each gave, for themselves alone. No candidate is ever in here.

use super::kit::competency;
use super::lists;
use super::page::{BLOCKS, Page, Part, first_that_fits};
use crate::app::scene::{CalibrationPost, CalibrationScene, CalibrationStage};
use crate::domain::calibration::{ENOUGH, Spread, offered, sample};
use crate::domain::ids::{KitSlug, KitVersion};
use crate::domain::interview_loop::short;
use crate::domain::kit::{Anchors, Kit, Question};
use crate::domain::scorecard::Rating;
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};

/// The longest row of marks in the spread, in columns: with the label and the figure it is less than 44.
const LONGEST_ROW: usize = 24;
/// More questions than any kit has.
const ALL: usize = usize::MAX;

/// What one person sees.
pub(super) fn seen(scene: &CalibrationScene) -> Page {
    match scene {
        CalibrationScene::Roles { roles, why } => {
            let pick = |slug: &KitSlug| Action::Calibrate {
                slug: Some(slug.clone()),
            };
            lists::roles(roles, why, pick, &Action::Calibrate { slug: None })
        }
        CalibrationScene::Samples { kit, version } => samples(kit, version),
        CalibrationScene::Own { rating } => own(*rating),
    }
}

fn own(rating: Option<Rating>) -> Page {
    Page::new().say(match rating {
        Some(rating) => Words::from("You gave ").strong(rating.to_string()).text(
            ". It is kept until the spread is shown, and nobody sees it; click another to change it.",
        ),
        None => Words::from("Your rating is in the spread, which the post shows by now."),
    })
}

/// The questions with sample answers, and a button for each answer.
fn samples(kit: &Kit, version: &KitVersion) -> Page {
    let levels = [(300, ALL), (120, ALL), (40, ALL), (40, 12), (40, 6)];
    first_that_fits(levels, |(most, questions)| {
        let mut page = Page::new()
            .header(&format!("Calibrate: {}", kit.title))
            .small(Words::from(format!("kit {}", short(version))))
            .say(Words::from(
                "Everybody in this channel rates one written answer, without seeing what the others give. Then you look at the spread together. The letters say nothing about the answers.",
            ));
        let offered = offered(kit);
        let room = questions.min((BLOCKS - page.len() - 1) / 2);
        for (question, answers) in offered.iter().take(room) {
            let ask = text::fitting(&question.ask, most);
            page = page.say(about(kit, question).text(format!(": {ask}")));
            let buttons = answers.iter().map(|(letter, _)| {
                let action = Action::StartCalibration {
                    version: version.clone(),
                    question: question.id.clone(),
                    sample: *letter,
                };
                blocks::button(&format!("Start: answer {letter}"), &action)
            });
            page = page.row(&format!("samples:{}", question.id), buttons.collect());
        }
        if offered.len() > room {
            let more = count(offered.len() - room, "question");
            page = page.small(Words::from(format!("… and {more} more")));
        }
        page
    })
}

/// `Technical 2 · API design`
fn about(kit: &Kit, question: &Question) -> Words {
    let words = Words::new().strong(format!("{} {}", question.section, question.number()));
    match competency(kit, question) {
        Some(competency) => words.text(format!(" · {competency}")),
        None => words,
    }
}

/// The one post of a calibration.
pub(super) fn post(post: &CalibrationPost) -> Page {
    first_that_fits([3000, 1500, 700, 200], |most| draw(post, most))
}

fn draw(post: &CalibrationPost, most: usize) -> Page {
    let kit = &*post.kit;
    let facts = |words: Words| {
        let words = words.text(format!(
            " · answer {} · kit {}",
            post.sample,
            short(&post.version)
        ));
        match &post.stage {
            CalibrationStage::Open { started_by, .. } => {
                words.text(" · started by ").person(started_by)
            }
            CalibrationStage::Shown(_) | CalibrationStage::Lapsed => words,
        }
    };
    let page = Page::new().header(&format!("Calibration: {}", kit.title));
    let Some(question) = kit.question(&post.question) else {
        return page.say(Words::from("This question is not asked any more."));
    };
    let answer = sample(kit, &post.question, post.sample)
        .map(|sample| text::fitting(&sample.text, most))
        .unwrap_or_default();
    let page = page
        .small(facts(about(kit, question)))
        .rich(vec![
            Part::Line(Words::new().strong("The question")),
            Part::Line(Words::from(text::fitting(&question.ask, most))),
        ])
        .rich(vec![
            Part::Line(Words::new().strong("An answer, written for practice")),
            Part::Line(Words::from(answer)),
        ]);
    match &post.stage {
        CalibrationStage::Open { number, .. } => open(page, post, *number),
        CalibrationStage::Shown(spread) => shown(page, question, spread, most),
        CalibrationStage::Lapsed => page.say(Words::from(
            "This was open for thirty days, and nobody asked for the spread. The ratings were erased.",
        )),
    }
}

/// While ratings come in: how many, and nothing else of them.
fn open(page: Page, post: &CalibrationPost, number: usize) -> Page {
    let rating = |rating: Rating| {
        let action = Action::RateSample {
            id: post.id.clone(),
            rating,
        };
        blocks::button(&rating.to_string(), &action)
    };
    let mut page = page
        .say(Words::from(
            "Rate it as if you had heard it, before you talk about it. Nobody sees who gives what, now or later.",
        ))
        .row("ratings", Rating::ALL.into_iter().map(rating).collect());
    if number >= ENOUGH {
        let show = blocks::button(
            "Show the spread",
            &Action::ShowSpread {
                id: post.id.clone(),
            },
        );
        let show = blocks::confirmed(
            show,
            "Show the spread?",
            "Everybody here sees how many gave which rating. It ends the calibration, and who gave what is erased.",
            "Show it",
        );
        page = page.row("spread", vec![show]);
    }
    page.small(Words::from(format!("{} in", count(number, "rating"))))
}

/// The spread, with what each rating should sound like.
fn shown(page: Page, question: &Question, spread: &Spread, most: usize) -> Page {
    let all = spread.all();
    let range = match spread.range() {
        Some((lowest, highest)) if lowest == highest => format!("all gave {lowest}"),
        Some((lowest, highest)) => format!(
            "from {lowest} to {highest}, {} apart",
            count((highest.points() - lowest.points()) as usize, "step")
        ),
        None => "none".to_owned(),
    };
    let most_given = spread.counts.iter().copied().max().unwrap_or(0).max(1);
    let rows: Vec<String> = spread
        .by_rating()
        .map(|(rating, number)| {
            // A row for whoever gave it, shortened where many did, and never to nothing.
            let length = if most_given <= LONGEST_ROW {
                number
            } else {
                (number * LONGEST_ROW).div_ceil(most_given)
            };
            let row = "■".repeat(length);
            format!("{:<12} {number:>3} {row}", rating.to_string())
                .trim_end()
                .to_owned()
        })
        .collect();
    let page = page.rich(vec![
        Part::Line(
            Words::new()
                .strong(format!("{}, ", count(all, "rating")))
                .text(range),
        ),
        Part::Fixed(rows.join("\n")),
    ]);
    let page = match &question.anchors {
        Some(anchors) => side_by_side(page, anchors, most),
        None => page.say(Words::from(
            "This question has no anchors in this version of the kit: what would each rating sound like?",
        )),
    };
    page.say(Words::from(hint(spread)))
}

/// What each rating should sound like, two beside two.
fn side_by_side(page: Page, anchors: &Anchors, most: usize) -> Page {
    let four = [
        (Rating::Poor, &anchors.poor),
        (Rating::Mixed, &anchors.mixed),
        (Rating::Good, &anchors.good),
        (Rating::Excellent, &anchors.excellent),
    ];
    let fields: Vec<Words> = four
        .into_iter()
        .map(|(rating, anchor)| {
            Words::new()
                .strong(rating.to_string())
                .text(format!("\n{}", text::fitting(anchor, most.min(400))))
        })
        .collect();
    let heard = four.map(|(rating, anchor)| Words::from(format!("{rating}: {anchor}")));
    let mut page = page.block(blocks::fields(&fields));
    for words in heard {
        page = page.heard(words);
    }
    page
}

/// What to talk about now.
fn hint(spread: &Spread) -> String {
    match spread.range() {
        Some((lowest, highest)) if highest.points() - lowest.points() > 1 => format!(
            "Now talk: those who gave {} and {}, which words of the answer, and which anchor, did you go by?",
            lowest.points(),
            highest.points()
        ),
        Some((lowest, highest)) if highest > lowest => format!(
            "You are close. Those who gave {} and {}: which word of the two anchors made the difference?",
            lowest.points(),
            highest.points()
        ),
        _ => "You agree. Did you go by the same anchor, and by the same words of the answer?"
            .to_owned(),
    }
}
