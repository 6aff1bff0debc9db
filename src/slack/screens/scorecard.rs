//! An interviewer's own scorecard, one section at a time. How it is submitted is in `submit`; what the others gave is in `debrief`.

use super::kit::competency;
use super::page::{Page, Part, first_that_fits};
use crate::domain::ids::{QuestionId, UserId};
use crate::domain::interview_loop::{Head, Seat, short};
use crate::domain::kit::{Anchors, Kit, Question, Section};
use crate::domain::scorecard::{Mark, Scorecard};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// With so many questions a section, the anchors have a block of their own.
const ROOMY: usize = 14;
/// With so many, each question still has a row of its own.
const ROWS: usize = 22;
/// More than this are not shown in one section.
const MOST: usize = 45;
/// How many questions share a row of buttons where there are more: Slack takes 25 buttons in one.
const IN_ONE_ROW: usize = 3;
/// Longer than anything that a kit may hold.
const ALL: usize = 3000;

/// What a scorecard is drawn from.
pub(super) struct Shown<'a> {
    pub(super) kit: &'a Kit,
    pub(super) head: &'a Head,
    pub(super) card: Option<&'a Scorecard>,
    /// Whose it is.
    pub(super) viewer: &'a UserId,
    pub(super) section: Section,
    /// The question whose follow-ups are shown under its buttons.
    pub(super) open: Option<&'a QuestionId>,
}

impl Shown<'_> {
    fn mark(&self, question: &Question) -> Option<Mark> {
        self.card?.marks.get(&question.id).copied()
    }

    fn has_evidence(&self, question: &Question) -> bool {
        self.card.is_some_and(|card| {
            card.evidence
                .get(&question.id)
                .is_some_and(|note| !note.is_empty())
        })
    }

    fn seat(&self) -> Option<&Seat> {
        self.head.seat(self.viewer)
    }

    /// Whether a question is of the part that the author took.
    fn is_own(&self, question: &Question) -> bool {
        self.seat().is_some_and(|seat| seat.covers(question))
    }

    fn is_open(&self, question: &Question) -> bool {
        self.open == Some(&question.id)
    }

    fn submitted(&self) -> bool {
        self.seat().is_some_and(Seat::is_in)
    }
}

/// One section of a scorecard. What is opened is the last to be cut: it was asked for.
pub(super) fn scorecard(shown: &Shown<'_>) -> Page {
    let opened = [ALL, 100, 30, 10];
    let all = [400, 200, 120, 60].map(|most| (most, ALL));
    let levels = all.into_iter().chain(opened.map(|opened| (0, opened)));
    first_that_fits(levels, |(most, opened)| draw(shown, most, opened))
}

fn draw(shown: &Shown<'_>, most: usize, opened: usize) -> Page {
    let head = shown.head;
    let about = Words::from(format!("{} · ", head.title))
        .code(head.code.as_str())
        .text(format!(" · kit {}", short(&head.kit.version)));
    let mut page = Page::new()
        .header(&format!("Scorecard: {}", head.candidate.as_str()))
        .small(about)
        // Where the words have to be cut, this must not be what is missing.
        .heard(foot(shown))
        .row("tabs", tabs(shown));
    if let Some(own) = own_part(shown) {
        page = page.small(own);
    }
    let mut questions: Vec<&Question> = shown.kit.section(shown.section).collect();
    // A stable sort: one's own part first, each half in the kit's order.
    questions.sort_by_key(|question| !shown.is_own(question));
    if questions.is_empty() {
        page = page.say(Words::from(format!(
            "This kit has no {} questions.",
            shown.section.slug()
        )));
    }
    let shown_here = &questions[..questions.len().min(MOST)];
    if questions.len() <= ROWS {
        for question in shown_here {
            page = with_own_row(page, shown, question, most, questions.len() <= ROOMY);
            page = with_opened(page, shown, question, most, opened);
        }
    } else {
        for (place, group) in shown_here.chunks(IN_ONE_ROW).enumerate() {
            page = with_one_row(page, shown, group, place, most);
            for question in group {
                page = with_opened(page, shown, question, most, opened);
            }
        }
    }
    if questions.len() > MOST {
        page = page.say(Words::from(format!(
            "… and {} more",
            questions.len() - MOST
        )));
    }
    page.row("next", next(shown))
        .block(blocks::context(&foot(shown)))
}

fn tabs(shown: &Shown<'_>) -> Vec<SlackBlockButtonElement> {
    let code = &shown.head.code;
    let tab = |section: Section| {
        let none = (0, shown.kit.section(section).count());
        let (marked, all) = shown
            .card
            .map_or(none, |card| card.progress(shown.kit, section));
        let current = if section == shown.section { "• " } else { "" };
        let action = Action::Score {
            code: code.clone(),
            section: Some(section),
            at_foot: false,
        };
        blocks::button(&format!("{current}{section} {marked}/{all}"), &action)
    };
    let mut tabs: Vec<_> = Section::ALL.into_iter().map(tab).collect();
    tabs.push(blocks::primary(
        "Recommend and submit",
        &Action::Recommend {
            code: code.clone(),
            at_foot: false,
        },
    ));
    tabs
}

/// What comes next, for whoever has just rated the last question and would have to scroll back up.
fn next(shown: &Shown<'_>) -> Vec<SlackBlockButtonElement> {
    let code = &shown.head.code;
    let after = Section::ALL
        .into_iter()
        .skip_while(|section| *section != shown.section)
        .nth(1);
    let mut buttons = Vec::new();
    let none = (0, shown.kit.section(shown.section).count());
    let (marked, all) = shown
        .card
        .map_or(none, |card| card.progress(shown.kit, shown.section));
    if marked < all {
        let action = Action::RestNotAsked {
            code: code.clone(),
            section: shown.section,
            open: shown.open.cloned(),
        };
        let heard = format!(
            "Mark {} of this section as Not asked",
            count(all - marked, "unrated question")
        );
        buttons.push(
            blocks::button("Rest of section: Not asked", &action)
                .with_accessibility_label(heard.into()),
        );
    }
    buttons.extend(after.map(|section| {
        let action = Action::Score {
            code: code.clone(),
            section: Some(section),
            at_foot: true,
        };
        blocks::button(&format!("Next: {section}"), &action)
    }));
    buttons.push(blocks::button(
        "Recommend and submit",
        &Action::Recommend {
            code: code.clone(),
            at_foot: true,
        },
    ));
    let paste = Action::PasteNotes {
        code: code.clone(),
        section: shown.section,
    };
    buttons.push(blocks::button("Paste my notes", &paste));
    buttons
}

fn asked(shown: &Shown<'_>, question: &Question, most: usize) -> Words {
    // The question itself is what an interviewer reads aloud: it is the last thing to be cut.
    let ask = text::fitting(&question.ask, (most * 4).max(70));
    let words = Words::new().strong(format!("{}. {ask}", question.number()));
    let words = match competency(shown.kit, question) {
        Some(competency) => words.text(format!(" · {competency}")),
        None => words,
    };
    if shown.is_own(question) {
        words.text(" · your part")
    } else {
        words
    }
}

/// `Your part: Technical, Teamwork · 3 of 7 rated`
fn own_part(shown: &Shown<'_>) -> Option<Words> {
    let part = shown.seat()?.part(shown.kit);
    let own: Vec<&Question> = shown
        .kit
        .asked()
        .filter(|question| shown.is_own(question))
        .collect();
    let marked = own.iter().filter(|question| shown.mark(question).is_some());
    let marked = marked.count();
    (!part.is_empty()).then(|| {
        Words::from("Your part: ")
            .strong(text::fitting(&part, 300))
            .text(format!(" · {marked} of {} rated", own.len()))
    })
}

fn anchor_lines(anchors: &Anchors, most: usize) -> Vec<Words> {
    in_order(anchors)
        .map(|(points, anchor)| Words::from(format!("{points} {}", text::fitting(anchor, most))))
        .to_vec()
}

fn in_order(anchors: &Anchors) -> [(u8, &String); 4] {
    [
        (1, &anchors.poor),
        (2, &anchors.mixed),
        (3, &anchors.good),
        (4, &anchors.excellent),
    ]
}

/// What a question has beside what is shown of it anyway: the names of the buttons that show and hide it.
fn extras(question: &Question, most: usize) -> Option<(&'static str, &'static str)> {
    if !question.follow_up.is_empty() {
        Some(("Follow-ups", "Hide follow-ups"))
    } else if !question.note.is_empty() {
        Some(("Note", "Hide note"))
    } else {
        are_cut(question, most).then_some(("Anchors", "Hide anchors"))
    }
}

fn are_cut(question: &Question, most: usize) -> bool {
    question.anchors.as_ref().is_some_and(|anchors| {
        in_order(anchors)
            .iter()
            .any(|(_, anchor)| text::fitting(anchor, most) != **anchor)
    })
}

/// The follow-ups below the buttons, so that nothing above them moves or goes; with the note, and the anchors where they had to be cut.
fn with_opened(
    page: Page,
    shown: &Shown<'_>,
    question: &Question,
    most: usize,
    opened: usize,
) -> Page {
    if !shown.is_open(question) || extras(question, most).is_none() {
        return page;
    }
    let mut parts = Vec::new();
    if !question.follow_up.is_empty() {
        let lead = format!("Follow-ups to question {}", question.number());
        parts.push(Part::Line(Words::new().strong(lead)));
        let items = question
            .follow_up
            .iter()
            .map(|item| Words::from(text::fitting(item, opened)));
        parts.push(Part::Bullets(items.collect()));
    }
    if !question.note.is_empty() {
        let note = text::fitting(&question.note, opened);
        parts.push(Part::Line(Words::new().strong("Note: ").text(note)));
    }
    if let Some(anchors) = &question.anchors
        && are_cut(question, most)
    {
        parts.extend(anchor_lines(anchors, opened).into_iter().map(Part::Line));
    }
    page.rich(parts)
}

fn with_own_row(
    page: Page,
    shown: &Shown<'_>,
    question: &Question,
    most: usize,
    roomy: bool,
) -> Page {
    let mut parts = vec![Part::Line(asked(shown, question, most))];
    let anchors = question
        .anchors
        .as_ref()
        .filter(|_| most > 0)
        .map(|anchors| anchor_lines(anchors, most))
        .unwrap_or_default();
    let page = if roomy {
        let page = page.rich(parts);
        if anchors.is_empty() {
            page
        } else {
            page.small(lines(anchors))
        }
    } else {
        parts.extend(anchors.into_iter().map(Part::Line));
        page.rich(parts)
    };
    let buttons = marks(shown, question, "", most);
    page.heard(chosen(shown, question))
        .row(&format!("rate:{}", question.id), buttons)
}

/// A few questions, then their buttons, each naming its question: only so do more than [`ROWS`] fit a message.
fn with_one_row(
    page: Page,
    shown: &Shown<'_>,
    group: &[&Question],
    place: usize,
    most: usize,
) -> Page {
    let parts = group
        .iter()
        .map(|question| Part::Line(asked(shown, question, most)))
        .collect();
    let mut page = page.rich(parts);
    let mut buttons = Vec::new();
    for question in group {
        page = page.heard(chosen(shown, question));
        buttons.extend(marks(
            shown,
            question,
            &format!("{}: ", question.number()),
            most,
        ));
    }
    page.row(&format!("rate:{}:{place}", shown.section.slug()), buttons)
}

fn lines(lines: Vec<Words>) -> Words {
    let mut all = Words::new();
    for (place, line) in lines.into_iter().enumerate() {
        if place > 0 {
            all = all.text("\n");
        }
        all = all.and(line);
    }
    all
}

/// What the buttons say by their looks.
fn chosen(shown: &Shown<'_>, question: &Question) -> Words {
    let mark = shown
        .mark(question)
        .map_or("not rated yet".to_owned(), |mark| mark.to_string());
    let evidence = if shown.has_evidence(question) {
        ", with evidence"
    } else {
        ""
    };
    Words::from(format!("Question {}: {mark}{evidence}", question.number()))
}

fn marks(
    shown: &Shown<'_>,
    question: &Question,
    prefix: &str,
    most: usize,
) -> Vec<SlackBlockButtonElement> {
    let code = &shown.head.code;
    let current = shown.mark(question);
    let number = question.number();
    let mut buttons: Vec<_> = Mark::ALL
        .into_iter()
        .map(|mark| {
            let action = Action::Rate {
                code: code.clone(),
                question: question.id.clone(),
                mark,
                open: shown.open.cloned(),
            };
            if current == Some(mark) {
                let heard = format!("{mark}, chosen for question {number}");
                blocks::primary(&format!("{prefix}✓ {mark}"), &action)
                    .with_accessibility_label(heard.into())
            } else {
                let heard = format!("{mark}, for question {number}");
                blocks::button(&format!("{prefix}{mark}"), &action)
                    .with_accessibility_label(heard.into())
            }
        })
        .collect();
    let action = Action::Evidence {
        code: code.clone(),
        question: question.id.clone(),
        open: shown.open.cloned(),
    };
    let written = shown.has_evidence(question);
    let label = if written { "Evidence ✓" } else { "Evidence" };
    let heard = format!(
        "Evidence for question {number}{}",
        if written { ", written" } else { "" }
    );
    buttons.push(
        blocks::button(&format!("{prefix}{label}"), &action).with_accessibility_label(heard.into()),
    );
    if let Some((show, hide)) = extras(question, most) {
        let is_open = shown.is_open(question);
        let label = if is_open { hide } else { show };
        let action = Action::FollowUps {
            code: code.clone(),
            section: question.section,
            question: (!is_open).then(|| question.id.clone()),
        };
        buttons.push(
            blocks::button(&format!("{prefix}{label}"), &action)
                .with_accessibility_label(format!("{label} for question {number}").into()),
        );
    }
    buttons
}

/// `saved 14:02 · 6 of 15`, and who can see it.
fn foot(shown: &Shown<'_>) -> Words {
    let all = shown.kit.asked().count();
    let words = match shown.card {
        Some(card) => Words::from("saved ")
            .clock(card.saved_at)
            .text(format!(" · {} of {all}", card.marked(shown.kit))),
        None => Words::from(format!("nothing rated yet · 0 of {all}")),
    };
    words
        .text(" · ")
        .text(match (shown.head.reveal.is_some(), shown.submitted()) {
            (false, false) => "Only you see this until the reveal",
            (false, true) => "Submitted; you can change anything until the reveal",
            (true, true) => "Changes now are marked as after the reveal",
            (true, false) => "The scorecards are revealed; yours will be marked late",
        })
}
