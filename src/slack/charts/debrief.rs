//! A debrief as a picture: each competency with its mean and range, in the order of the table. Nothing in it ranks anybody, and no colour says good or bad.

use super::canvas::{self, Ink, Paper, WIDTH};
use super::{BODY, INNER, MARGIN, NAME, SMALL, Sketch, foot, head, written};
use crate::app::scene::DebriefScene;
use crate::domain::debrief::{Line, by_competency, recommendations};
use crate::domain::interview_loop::short;
use crate::domain::scorecard::Rating;
use crate::domain::words::count;

/// Where a 1 stands.
const FIRST: f32 = 90.0;
/// From one rating to the next.
const STEP: f32 = 180.0;
/// Where the figures beside the bars begin.
const FIGURES: f32 = 700.0;
/// How high one competency is.
const ROW: f32 = 128.0;
/// How high one is that nobody asked about.
const UNASKED: f32 = 72.0;

/// The debrief, which names the code and not the candidate.
pub(super) fn sketch(scene: &DebriefScene) -> Sketch {
    let loop_ = &scene.head;
    let reveal = loop_.reveal.as_ref();
    let snapshot = reveal.map(|reveal| reveal.snapshot.as_slice());
    let snapshot = snapshot.unwrap_or_default();
    let lines = by_competency(&scene.kit, snapshot);
    let title = format!("Debrief {}", loop_.code);
    let of = format!(
        "kit {} · {}",
        short(&loop_.kit.version),
        count(snapshot.len(), "scorecard")
    );
    let role = written(&loop_.title, loop_.kit.slug.as_str());
    let recommended = format!("Recommendation: {}", recommendations(snapshot));
    let mut paper = head(&title, &[role.to_owned(), of.clone()]);
    if lines.is_empty() {
        paper.y += 40.0;
        paper.text(
            (MARGIN, paper.y),
            INNER,
            BODY,
            "This kit names no competencies.",
        );
    } else {
        axis(&mut paper);
    }
    for (place, line) in lines.iter().enumerate() {
        row(&mut paper, place + 1, line);
    }
    let mut below = vec![recommended.clone()];
    if !lines.is_empty() {
        below.push("Dot: mean. Bar: from the lowest interviewer to the highest.".to_owned());
        below.push("As it was at the reveal.".to_owned());
    }
    foot(&mut paper, &below);
    let told: Vec<String> = lines.iter().map(in_words).collect();
    let alt = format!(
        "Debrief {}, {}, {of}. On a scale from 1 to 4, widest disagreement first: {}. {recommended}. As it was at the reveal.",
        loop_.code,
        loop_.title,
        if told.is_empty() {
            "this kit names no competencies".to_owned()
        } else {
            told.join("; ")
        }
    );
    Sketch {
        paper,
        filename: format!("debrief-{}.png", loop_.code),
        title: format!("Debrief {} · {}", loop_.code, loop_.title),
        alt,
    }
}

/// The words of the scale, above the rows.
fn axis(paper: &mut Paper) {
    paper.y += 44.0;
    for rating in Rating::ALL {
        let label = rating.to_string();
        let half = canvas::width(&label, SMALL.0) / 2.0;
        let x = at(u128::from(rating.points()) * 10);
        paper.text((x - half, paper.y), 2.0 * half + 1.0, SMALL, &label);
    }
    paper.y += 4.0;
}

/// Where so many tenths of a point stand.
fn at(tenths: u128) -> f32 {
    let tenths = f32::from(u8::try_from(tenths).unwrap_or(u8::MAX));
    FIRST + (tenths / 10.0 - 1.0) * STEP
}

fn row(paper: &mut Paper, number: usize, line: &Line) {
    let instead = format!("Line {number} of the table");
    let name = written(&line.name, &instead);
    let edge = WIDTH - MARGIN;
    let remark = line.remark().unwrap_or_default();
    let taken = canvas::width(&remark, SMALL.0);
    let text = paper.y + 52.0;
    paper.text((MARGIN, text), INNER - taken - 30.0, NAME, name);
    paper.text_to((edge, text), taken + 1.0, SMALL, &remark);
    let (Some(mean), Some(low), Some(high)) = (line.mean, line.low, line.high) else {
        paper.y += UNASKED;
        return;
    };
    let bar = paper.y + 92.0;
    for rating in Rating::ALL {
        let x = at(u128::from(rating.points()) * 10);
        paper.bar((x - 1.5, bar - 24.0), (3.0, 48.0), Ink::Faint);
    }
    let (from, to) = (at(low.tenths()), at(high.tenths()));
    if to > from {
        paper.bar((from, bar - 11.0), (to - from, 22.0), Ink::Light);
    }
    paper.dot((at(mean.tenths()), bar), 16.0, Ink::Strong);
    paper.text((FIGURES, bar + 12.0), 80.0, NAME, &mean.one_decimal());
    let figures = format!("{} · n {}", line.range(), line.raters);
    let beside = FIGURES + 84.0;
    paper.text((beside, bar + 12.0), edge - beside, SMALL, &figures);
    paper.y += ROW;
}

/// `Databases 2.5, range 1-4, n 2, discuss first: 3 steps apart`
fn in_words(line: &Line) -> String {
    let remark = line.remark().map(|remark| format!(", {remark}"));
    let remark = remark.unwrap_or_default();
    match line.mean {
        Some(mean) => format!(
            "{} {}, range {}, n {}{remark}",
            line.name,
            mean.one_decimal(),
            line.range(),
            line.raters
        ),
        None => format!("{}{remark}", line.name),
    }
}
