//! A revealed loop: the competencies, the recommendations, what came later. What each interviewer wrote is in `board`; nothing here ranks anybody.

use super::columns::table;
use super::kit::competency;
use super::page::{Page, Part};
use crate::app::scene::DebriefScene;
use crate::domain::debrief::{by_competency, recommendations};
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Head, Phase, short};
use crate::domain::kit::Kit;
use crate::domain::scorecard::{LateChange, Mark, Scorecard};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};

/// More changes than these are counted, not told.
const CHANGES: usize = 10;

/// The debrief. `name`: what its readers may call the candidate.
pub(super) fn debrief(scene: &DebriefScene, name: &str) -> Page {
    let head = &scene.head;
    let snapshot = head
        .reveal
        .as_ref()
        .map(|reveal| reveal.snapshot.as_slice())
        .unwrap_or_default();
    let title = Words::new()
        .strong("Debrief")
        .text(" · ")
        .strong(text::fitting(name, 300))
        .text(format!(
            " · {} · kit {} · {}",
            head.title,
            short(&head.kit.version),
            count(snapshot.len(), "scorecard")
        ));
    let lines = by_competency(&scene.kit, snapshot);
    let figures = if lines.is_empty() {
        Part::Line(Words::from(
            "This kit names no competencies; By question shows every rating.",
        ))
    } else {
        Part::Fixed(table(&lines))
    };
    let mut parts = vec![
        Part::Line(title),
        figures,
        Part::Line(Words::from("Recommendation: ").text(recommendations(snapshot))),
    ];
    parts.extend(later(scene).into_iter().map(Part::Line));
    Page::new().rich(parts).row("debrief", buttons(head))
}

fn buttons(head: &Head) -> Vec<slack_morphism::prelude::SlackBlockButtonElement> {
    let code = || head.code.clone();
    let mut buttons = vec![
        blocks::button("Evidence", &Action::ShowEvidence { code: code() }),
        blocks::button("By question", &Action::ShowQuestions { code: code() }),
    ];
    buttons.push(blocks::button(
        "Chart",
        &Action::ChartDebrief { code: code() },
    ));
    if head.phase() == Phase::Revealed {
        buttons.push(blocks::button("Decide", &Action::Decide { code: code() }));
    }
    buttons
}

/// What the snapshot does not hold: who was not in, who came late, what was changed since.
fn later(scene: &DebriefScene) -> Vec<Words> {
    let head = &scene.head;
    let mut lines = Vec::new();
    let owing: Vec<&UserId> = head.awaited().collect();
    if !owing.is_empty() {
        lines.push(Words::from("Not in: ").people(owing));
    }
    let is_late = |card: &&Scorecard| head.seat(&card.author).is_some_and(|seat| seat.late);
    for card in scene.later.iter().filter(is_late) {
        let recommendation = card
            .recommendation
            .map(|recommendation| format!(": {recommendation}"))
            .unwrap_or_default();
        lines.push(
            Words::new()
                .person(&card.author)
                .text(format!(" (late, not in the figures){recommendation}")),
        );
    }
    let mut changes: Vec<(&UserId, &LateChange)> = scene
        .later
        .iter()
        .flat_map(|card| {
            card.late_changes
                .iter()
                .map(|change| (&card.author, change))
        })
        .collect();
    changes.sort_by_key(|(_, change)| change.at);
    let earlier = changes.len().saturating_sub(CHANGES);
    if earlier > 0 {
        lines.push(Words::from(format!(
            "{} after the reveal before these:",
            count(earlier, "change")
        )));
    }
    for (author, change) in changes.into_iter().skip(earlier) {
        lines.push(Words::new().person(author).text(format!(
            " changed {} after the reveal",
            changed(&scene.kit, change)
        )));
    }
    lines
}

/// `Databases 1 to 3`, or `Screening 2 from 1 to 3` where the question probes no competency.
fn changed(kit: &Kit, change: &LateChange) -> String {
    let question = kit.question(&change.question);
    let name = match question.and_then(|question| competency(kit, question)) {
        Some(competency) => competency.to_owned(),
        None => question.map_or_else(
            || format!("{} from", change.question),
            |question| format!("{} {} from", question.section, question.number()),
        ),
    };
    let points = |mark: Mark| {
        mark.rating()
            .map_or("Not asked".to_owned(), |rating| rating.points().to_string())
    };
    match change.from {
        Some(from) => format!("{name} {} to {}", points(from), points(change.to)),
        None => format!(
            "{} to {}",
            name.trim_end_matches(" from"),
            points(change.to)
        ),
    }
}

/// The debrief exists; where everybody can read the channel, it is shown only to those who may see it.
pub(super) fn ready(head: &Head) -> Page {
    let show = Action::ShowDebrief {
        code: head.code.clone(),
    };
    let who = if head.public {
        "The debrief is ready. It is shown to the panel and the owner only."
    } else {
        "The debrief is ready. Each of you opens it for yourself."
    };
    Page::new()
        .say(Words::from(who))
        .row("debrief", vec![blocks::button("Show the debrief", &show)])
}
