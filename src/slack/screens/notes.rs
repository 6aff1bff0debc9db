//! The form for pasted notes, and where they would go. Where each line belongs is decided in `domain::pasted`.

use super::form::{self, Meta};
use super::kit::competency;
use super::page::{Page, Part};
use crate::domain::candidate::LONGEST_NOTE;
use crate::domain::ids::DraftId;
use crate::domain::interview_loop::Head;
use crate::domain::kit::{Kit, Section};
use crate::domain::pasted::Filing;
use crate::domain::words::Words;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// How many notes are shown: a modal has 100 blocks.
const SHOWN: usize = 90;
/// How much is shown of what stands there already, in UTF-16 units: a view of more than 250 kB is refused. What is pasted is at most
/// 12,000.
const KEPT: usize = 50_000;
/// How much is shown of a note that is too long to be saved.
const TOO_LONG: usize = 1500;

/// The form for pasted notes.
pub(super) fn paste(head: &Head, section: Section) -> SlackView {
    let mut page = Page::new()
        .say(super::loop_post::who(head, head.candidate.as_str()))
        .say(Words::from("Lines that begin with a question's number are filed under that question, with the lines right below them: ")
            .code("T2")
            .text(", ")
            .code("technical 2")
            .text(", ")
            .code("S1")
            .text(", ")
            .code("B3")
            .text(". Below a line that says only ")
            .code("Technical")
            .text(", ")
            .code("2.")
            .text(" is enough. A blank line ends a question's notes; everything without a number goes to what was asked beside the kit."))
        .small(Words::from("You see where everything goes before anything is saved. No rating is taken from text."));
    for number in 1..=form::BOXES {
        let name = form::notes_field(number);
        let label = match number {
            1 => "Notes".to_owned(),
            _ => format!("Notes, continued ({number})"),
        };
        page = page.block(blocks::input(
            &name,
            &label,
            "",
            number > 1,
            blocks::text_box(&name, "", true, LONGEST_NOTE as u64),
        ));
    }
    let meta = Meta {
        section: Some(section),
        ..Meta::of_loop(head)
    };
    blocks::modal(
        "Paste my notes",
        form::PASTE,
        meta.to_json(),
        Some("Show where they go"),
        page.blocks(),
    )
}

/// What the look before saving is drawn from.
pub(super) struct Shown<'a> {
    pub(super) head: &'a Head,
    pub(super) kit: &'a Kit,
    pub(super) draft: &'a DraftId,
    pub(super) filings: &'a [Filing],
    pub(super) unknown: &'a [String],
}

/// Where pasted notes would go.
pub(super) fn pasted(shown: &Shown<'_>) -> SlackView {
    let too_long = shown
        .filings
        .iter()
        .any(|filing| filing.too_long().is_some());
    let page = Page::new().say(super::loop_post::who(
        shown.head,
        shown.head.candidate.as_str(),
    ));
    let mut page = if too_long {
        page.say(Words::new().strong("This does not fit, so it cannot be saved.").text(format!(
            " A note holds {LONGEST_NOTE} characters, with what stands there already. Go back, where your text still is, and shorten it or spread it over more questions."
        )))
    } else {
        page.say(Words::new().strong("Nothing is saved yet.").text(
            " Save adds this to your scorecard; what stands there already is kept. Go back, and your text is still there to change; leave, and none of it is kept as evidence.",
        ))
    };
    if !shown.unknown.is_empty() {
        let some: Vec<&str> = shown.unknown.iter().take(20).map(String::as_str).collect();
        let more = shown.unknown.len().saturating_sub(some.len());
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        page = page.say(Words::from(format!(
            "Not in this kit: {}{more}. What you wrote there is kept with the rest, at the end.",
            some.join(", ")
        )));
    }
    let room = KEPT / shown.filings.len().clamp(1, SHOWN);
    for filing in shown.filings.iter().take(SHOWN) {
        page = page.rich(note(shown.kit, filing, room));
    }
    if shown.filings.len() > SHOWN {
        page = page.say(Words::from(format!(
            "… and {} more that are not shown here",
            shown.filings.len() - SHOWN
        )));
    }
    page = page.small(Words::from(
        "A candidate may be entitled to read what you write here.",
    ));
    let meta = Meta {
        draft: Some(shown.draft.clone()),
        ..Meta::of_loop(shown.head)
    };
    let view = blocks::modal(
        "Where your notes go",
        form::FILE,
        meta.to_json(),
        (!too_long).then_some("Save"),
        page.blocks(),
    );
    match view {
        SlackView::Modal(modal) => SlackView::Modal(modal.with_close(blocks::plain("Back"))),
        home @ SlackView::Home(_) => home,
    }
}

/// One note as it would stand: what is there, and what comes to it.
fn note(kit: &Kit, filing: &Filing, room: usize) -> Vec<Part> {
    let question = filing.question.as_ref().and_then(|id| kit.question(id));
    let competency = question
        .and_then(|question| competency(kit, question))
        .map(|name| format!(" · {name}"))
        .unwrap_or_default();
    let mut label = Words::new().strong(format!("{}{competency}", filing.label(kit)));
    if let Some(length) = filing.too_long() {
        label = label.text(format!(
            ": {length} characters, {} too many",
            length - LONGEST_NOTE
        ));
    }
    let mut parts = vec![Part::Line(label)];
    if !filing.kept.is_empty() {
        let kept = text::fitting(filing.kept.as_str(), room);
        parts.push(Part::Line(Words::from(format!("Kept: {kept}"))));
    }
    let added = match filing.too_long() {
        Some(_) => text::fitting(&filing.added, TOO_LONG),
        None => filing.added.clone(),
    };
    let lead = if filing.kept.is_empty() {
        ""
    } else {
        "Added: "
    };
    parts.push(Part::Line(Words::from(format!("{lead}{added}"))));
    parts
}
