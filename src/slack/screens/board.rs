//! What each interviewer wrote, and who rated which question how: both revealed. The figures made of them are in `debrief`.

use super::kit::competency;
use super::page::{PIECE, Page, Part};
use super::weight::weight;
use crate::domain::debrief::by_question;
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Head, SeatRole};
use crate::domain::kit::Kit;
use crate::domain::scorecard::{Mark, Scorecard};
use crate::domain::words::Words;
use crate::slack::blocks;
use crate::slack::text;
use slack_morphism::prelude::*;

/// How many blocks of a modal are for what was written; the rest is for what stands around it.
const BLOCKS: usize = 96;
/// The longest note shown whole.
const NOTE: usize = 1500;
/// How much text all of it together may have: a view of more than 250 kB is refused.
const TEXT: usize = 60_000;

/// What each interviewer wrote, then what each shadow did.
pub(super) fn evidence(
    kit: &Kit,
    head: &Head,
    cards: &[Scorecard],
    shadows: &[Scorecard],
) -> Vec<SlackBlock> {
    let cards: Vec<&Scorecard> = cards.iter().chain(shadows).collect();
    let mut page = Page::new().say(super::loop_post::who(head, head.candidate.as_str()));
    if cards.is_empty() {
        page = page.say(Words::from("No scorecard is in yet."));
    }
    // Everybody gets the same room, so that nobody's words are pushed out by another's.
    let (blocks, room) = (BLOCKS / cards.len().max(1), TEXT / cards.len().max(1));
    for card in cards.into_iter().take(BLOCKS) {
        page = one(page, kit, head, card, blocks.max(1), room);
    }
    page.blocks()
}

/// One interviewer's words, in at most so many blocks and units of text.
fn one(
    mut page: Page,
    kit: &Kit,
    head: &Head,
    card: &Scorecard,
    blocks: usize,
    room: usize,
) -> Page {
    let more = || Part::Line(Words::from("… more in the export"));
    let mut lines = written(kit, head, card, (room / 6).clamp(200, NOTE)).peekable();
    let (mut left, mut blocks_left) = (room, blocks);
    while blocks_left > 0 && lines.peek().is_some() {
        let mut parts = Vec::new();
        let mut used = 0;
        blocks_left -= 1;
        while let Some(line) =
            lines.next_if(|line| used + text::units(&text::mrkdwn(line)) < PIECE.min(left))
        {
            used += text::units(&text::mrkdwn(&line)) + 1;
            parts.push(Part::Line(line));
        }
        left = left.saturating_sub(used);
        let stuck = parts.is_empty();
        if lines.peek().is_some() && (blocks_left == 0 || stuck) {
            parts.push(more());
            blocks_left = 0;
        }
        page = page.rich(parts);
    }
    page
}

/// The lines of one interviewer, the recommendation and its reason first; no note longer than so many units.
fn written<'a>(
    kit: &'a Kit,
    head: &Head,
    card: &'a Scorecard,
    most: usize,
) -> impl Iterator<Item = Words> + 'a {
    let recommendation = card
        .recommendation
        .map_or("no recommendation".to_owned(), |it| it.to_string());
    let seat = head.seat(&card.author);
    let late = if seat.is_some_and(|seat| seat.late) {
        " (late)"
    } else {
        ""
    };
    let shadow = if seat.is_some_and(|seat| seat.role == SeatRole::Shadow) {
        " (shadow, in no figure): "
    } else {
        ": "
    };
    let first = Words::new()
        .person(&card.author)
        .text(shadow)
        .strong(recommendation)
        .text(late);
    let reason =
        (!card.reason.is_empty()).then(|| Words::from(text::fitting(card.reason.as_str(), most)));
    let notes = kit.asked().filter_map(move |question| {
        let note = card
            .evidence
            .get(&question.id)
            .filter(|note| !note.is_empty())?;
        let mark = card
            .marks
            .get(&question.id)
            .map_or("not rated".to_owned(), Mark::to_string);
        let competency = competency(kit, question)
            .map(|name| format!(" · {name}"))
            .unwrap_or_default();
        let words = Words::new().strong(format!(
            "{} {}{competency}: {mark}",
            question.section,
            question.number()
        ));
        Some(words.text(format!(" {}", text::fitting(note.as_str(), most))))
    });
    let beside = (!card.beside_the_kit.is_empty()).then(|| {
        let words = Words::new().strong("Beside the kit");
        words.text(format!(
            " {}",
            text::fitting(card.beside_the_kit.as_str(), most)
        ))
    });
    // Only as many lines are made as there is room for.
    std::iter::once(first)
        .chain(reason)
        .chain(notes)
        .chain(beside)
}

/// Every question, with who rated it how at the reveal. `leads`: what the shadows gave is shown beside it.
pub(super) fn questions(kit: &Kit, head: &Head, leads: bool) -> Vec<SlackBlock> {
    let reveal = head.reveal.as_ref();
    let snapshot = reveal
        .map(|reveal| reveal.snapshot.as_slice())
        .unwrap_or_default();
    let shadows = reveal
        .filter(|_| leads)
        .map(|reveal| reveal.shadows.as_slice())
        .unwrap_or_default();
    let mut page = Page::new()
        .say(super::loop_post::who(head, head.candidate.as_str()))
        .small(Words::from(
            "As it was at the reveal. Screening answers weigh nothing in the means.",
        ));
    let late: Vec<&UserId> = head
        .panel
        .iter()
        .filter(|seat| seat.late && seat.counts())
        .map(|seat| &seat.user)
        .collect();
    if !late.is_empty() {
        page = page.small(Words::from("Late, and not in here: ").people(late));
    }
    let beside = by_question(kit, shadows);
    let rows = by_question(kit, snapshot);
    let mut used = 0;
    for (place, (question, marks)) in rows.iter().enumerate() {
        let competency = competency(kit, question)
            .map(|name| format!(" · {name}"))
            .unwrap_or_default();
        let mut words = Words::new().strong(format!(
            "{} {}{competency}",
            question.section,
            question.number()
        ));
        words = words.text(format!(": {}\n", text::fitting(&question.ask, 150)));
        words = words.and(who_rated(marks));
        if let Some((_, marks)) = beside.get(place).filter(|(_, marks)| !marks.is_empty()) {
            words = words
                .text("\nShadows, in no figure: ")
                .and(who_rated(marks));
        }
        let block = blocks::section(&words);
        used += weight(&block);
        if page.len() >= BLOCKS || used > TEXT {
            return page
                .say(Words::from(format!(
                    "… {} more in the export",
                    rows.len() - place
                )))
                .blocks();
        }
        page = page.block(block);
    }
    page.blocks()
}

/// `@ada 3 Good · @ben 1 Poor`
fn who_rated(marks: &[(&UserId, Mark)]) -> Words {
    if marks.is_empty() {
        return Words::from("nobody");
    }
    let mut words = Words::new();
    for (place, (user, mark)) in marks.iter().enumerate() {
        if place > 0 {
            words = words.text(" · ");
        }
        words = words.person(user).text(format!(" {mark}"));
    }
    words
}
