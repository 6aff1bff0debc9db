//! The channel's one post of a loop, the decision under it, and a loop in short. No score is ever in here.

use super::page::{Page, Part};
use crate::domain::access::Offer;
use crate::domain::event::KitTab;
use crate::domain::interview_loop::{Decision, Head, Naming, Phase, short};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// `Jane Doe · Senior Backend Developer · C-7F3Q`
pub(super) fn who(head: &Head, name: &str) -> Words {
    Words::new()
        .strong(text::fitting(name, 300))
        .text(format!(" · {} · ", head.title))
        .code(head.code.as_str())
}

/// What somebody may call the candidate: the name for those who lead the loop, what its post says for all others.
pub(super) fn name_for(head: &Head, offers: &[Offer]) -> String {
    if offers.contains(&Offer::Progress) {
        head.candidate.as_str().to_owned()
    } else {
        head.public_name()
    }
}

/// `1 of 2 scorecards in`
pub(super) fn scorecards_in(head: &Head) -> String {
    let submitted = head.submitted();
    if head.named_panel {
        format!("{submitted} of {} in", count(head.expected(), "scorecard"))
    } else {
        format!("{} in", count(submitted, "scorecard"))
    }
}

/// Where a loop stands. `open_to_all`: people beyond the hiring team read it, so it does not say what was decided.
pub(super) fn state(head: &Head, open_to_all: bool) -> Words {
    let words = Words::from(scorecards_in(head));
    match (head.phase(), &head.decision, &head.withdrawal) {
        (Phase::Withdrawn, _, Some(withdrawal)) => {
            Words::from("withdrawn by ").person(&withdrawal.by)
        }
        (Phase::Decided, Some(decision), _) if open_to_all => {
            words.text(" · decided by ").person(&decision.by)
        }
        (Phase::Decided, Some(decision), _) => words
            .text(" · Decided: ")
            .strong(decision.verdict.to_string())
            .text(" by ")
            .person(&decision.by),
        (Phase::Revealed, ..) => words.text(if open_to_all || head.has_recused() {
            " · debrief is ready"
        } else {
            " · debrief in the thread"
        }),
        _ if head.is_complete() => words.text(" · ").person(&head.owner).text(" reveals them"),
        _ => words,
    }
}

/// The buttons of a loop's post.
pub(super) fn buttons(head: &Head, scores: bool) -> Vec<SlackBlockButtonElement> {
    let mut buttons = Vec::new();
    if scores {
        buttons.push(blocks::primary("Score", &score(head)));
    }
    buttons.push(blocks::button("Kit", &kit(head)));
    if head.phase() != Phase::Withdrawn {
        let plan = Action::Plan {
            code: head.code.clone(),
        };
        buttons.push(blocks::button("Plan", &plan));
    }
    buttons.push(blocks::button("More", &more(head)));
    buttons
}

pub(super) fn score(head: &Head) -> Action {
    Action::Score {
        code: head.code.clone(),
        section: None,
        at_foot: false,
    }
}

pub(super) fn kit(head: &Head) -> Action {
    Action::ShowKit {
        slug: head.kit.slug.clone(),
        version: Some(head.kit.version.clone()),
        tab: KitTab::Overview,
    }
}

pub(super) fn more(head: &Head) -> Action {
    Action::More {
        code: head.code.clone(),
    }
}

/// The channel's one post.
pub(super) fn post(head: &Head) -> Page {
    let line = who(head, &head.public_name())
        .text(" · opened by ")
        .person(&head.opened_by)
        .text(" · ")
        .and(state(head, head.public));
    let mut page = Page::new().say(line);
    if let Some(planned) = planned_for(head) {
        page = page.say(planned);
    }
    if let Some(details) = details(head, head.public) {
        page = page.small(details);
    }
    if !head.named_panel && head.phase() == Phase::Open {
        page = page.small(Words::from("Anybody here can join by scoring."));
    }
    page.row("loop", buttons(head, head.phase() != Phase::Withdrawn))
}

/// `Planned for 1 Dec at 14:00, 60 minutes`, while the interview or its scorecards are to come.
pub(super) fn planned_for(head: &Head) -> Option<Words> {
    planned(head, "Planned for ")
}

/// The same after a line: ` · planned for 1 Dec at 14:00, 60 minutes`.
pub(super) fn and_planned_for(head: &Head) -> Option<Words> {
    planned(head, " · planned for ")
}

fn planned(head: &Head, start: &str) -> Option<Words> {
    let planned = head.planned.filter(|_| head.phase() == Phase::Open)?;
    let words = Words::from(start).time(planned.at);
    Some(words.text(format!(", {} minutes", planned.minutes)))
}

/// Requisition, note and CV, as far as the readers may know them.
pub(super) fn details(head: &Head, open_to_all: bool) -> Option<Words> {
    let mut parts: Vec<Words> = Vec::new();
    if !head.requisition.is_empty() {
        parts.push(Words::from(format!(
            "Requisition: {}",
            text::fitting(head.requisition.as_str(), 200)
        )));
    }
    // A note and a CV say more of a person than a public channel should know.
    if !open_to_all && !head.note.is_empty() {
        parts.push(Words::from(format!(
            "Note: {}",
            text::fitting(head.note.as_str(), 600)
        )));
    }
    if !open_to_all && head.cv.as_str().starts_with("https://") {
        let url = head.cv.as_str();
        // A link that has to be cut leads nowhere.
        parts.push(if text::units(url) <= 1000 {
            Words::new().link(url, "CV")
        } else {
            Words::from("CV: the link is too long to show")
        });
    }
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    Some(parts.fold(first, |words, part| words.text(" · ").and(part)))
}

/// A loop in short, for one person.
pub(super) fn in_short(head: &Head, scores: bool) -> Page {
    let line = who(head, &head.public_name())
        .text(" · ")
        .and(state(head, head.public));
    let place = Words::from("Opened by ")
        .person(&head.opened_by)
        .text(" in ")
        .channel(&head.channel)
        .text(" on ")
        .day(head.opened_at)
        .text(format!(" · kit {}", short(&head.kit.version)));
    let mut page = Page::new().say(line);
    if let Some(planned) = planned_for(head) {
        page = page.say(planned);
    }
    let mut page = page.small(place);
    if head.naming == Naming::Initials {
        page = page.small(Words::from("The post shows the initials only."));
    }
    page.row("loop", buttons(head, scores))
}

/// The decision, and those before it.
pub(super) fn decision(head: &Head, open_to_all: bool) -> Page {
    let line = |start: &str, decision: &Decision| {
        let words = Words::from(start);
        let words = if open_to_all {
            words.text("decided by ")
        } else {
            words.strong(decision.verdict.to_string()).text(" by ")
        };
        words.person(&decision.by).text(" on ").day(decision.at)
    };
    let mut parts = Vec::new();
    match &head.decision {
        Some(decision) if open_to_all => parts.push(Part::Line(line("Decision: ", decision))),
        Some(decision) => {
            parts.push(Part::Line(line("Decision: ", decision)));
            parts.push(Part::Line(Words::from(text::fitting(
                decision.reason.as_str(),
                2000,
            ))));
        }
        None => parts.push(Part::Line(Words::from("The decision was taken back."))),
    }
    // The latest of them: a loop is rarely decided three times.
    for past in head.past_decisions.iter().rev().take(5) {
        parts.push(Part::Struck(line("before: ", past)));
    }
    Page::new().rich(parts)
}
