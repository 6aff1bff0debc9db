//! The panel plan: what nobody has taken, what is taken twice, who covers what; and the forms in which parts are taken and assigned. No score is in here.

use super::form::{self, field};
use super::forms::{about, of_loop};
use super::loop_post::who;
use super::page::{Page, Part, first_that_fits};
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Covered, Head, PlanPart, Seat, SeatRole, coverage};
use crate::domain::kit::{Kit, Section};
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// The most parts in a menu: Slack takes a hundred options.
const OPTIONS: usize = 100;

/// The plan. `takes`: the viewer may take parts; `assigns`: they may give parts to others.
pub(super) fn plan(kit: &Kit, head: &Head, takes: bool, assigns: bool) -> Page {
    first_that_fits([60, 30, 12, 4], |most| {
        drawn(kit, head, takes, assigns, most)
    })
}

fn drawn(kit: &Kit, head: &Head, takes: bool, assigns: bool, most: usize) -> Page {
    let rows = coverage(kit, head);
    let nobody: Vec<&Covered> = rows.iter().filter(|row| row.by.is_empty()).collect();
    let twice: Vec<&Covered> = rows.iter().filter(|row| row.by.len() > 1).collect();
    let mut page = Page::new().say(who(head, &head.public_name()).text(" · panel plan"));
    page = if nobody.is_empty() {
        page.say(Words::from("Somebody covers everything."))
    } else {
        page.rich(vec![
            Part::Line(Words::new().strong("Nobody has taken")),
            Part::Bullets(limited(by_section(&nobody), most)),
        ])
    };
    if !twice.is_empty() {
        let items = twice.iter().map(|row| {
            Words::from(format!("{}: ", named(row)))
                .people(row.by.iter().take(most))
                .text(beyond(row.by.len(), most))
        });
        page = page.rich(vec![
            Part::Line(Words::new().strong("Taken by several")),
            Part::Bullets(limited(items.collect(), most)),
        ]);
    }
    let seats = head.panel.iter().filter(|seat| seat.excused.is_none());
    let people: Vec<Words> = seats.map(|seat| covers(kit, seat)).collect();
    page = if people.is_empty() {
        page.say(Words::from("Nobody is on the panel yet."))
    } else {
        page.rich(vec![
            Part::Line(Words::new().strong("Who covers what")),
            Part::Bullets(limited(people, most)),
        ])
    };
    let code = || head.code.clone();
    let mut buttons = Vec::new();
    if takes {
        let take = Action::TakeParts { code: code() };
        buttons.push(blocks::primary("Take or give back", &take));
    }
    if assigns {
        buttons.push(blocks::button(
            "Assign",
            &Action::AssignParts { code: code() },
        ));
    }
    buttons.push(blocks::button("Back", &super::loop_post::more(head)));
    page.row("plan", buttons)
}

fn covers(kit: &Kit, seat: &Seat) -> Words {
    let words = Words::new().person(&seat.user);
    if seat.role != SeatRole::Interviewer {
        return words.text(format!(" ({})", seat.role.word()));
    }
    let part = seat.part(kit);
    words.text(": ").text(if part.is_empty() {
        "nothing yet".to_owned()
    } else {
        text::fitting(&part, 200)
    })
}

/// `Technical: Databases`, or only the section where its questions probe nothing.
fn named(row: &Covered) -> String {
    if row.competency.is_empty() {
        row.section.to_string()
    } else {
        format!("{}: {}", row.section, row.competency)
    }
}

/// One line a section: `Technical: Databases, API design`.
fn by_section(rows: &[&Covered]) -> Vec<Words> {
    let of = |section: Section| {
        let those: Vec<&&Covered> = rows.iter().filter(|row| row.section == section).collect();
        let names: Vec<&str> = those
            .iter()
            .map(|row| row.competency.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        (!those.is_empty()).then(|| {
            Words::from(if names.is_empty() {
                section.to_string()
            } else {
                format!("{section}: {}", text::fitting(&names.join(", "), 1000))
            })
        })
    };
    Section::ALL.into_iter().filter_map(of).collect()
}

fn limited(mut items: Vec<Words>, most: usize) -> Vec<Words> {
    let all = items.len();
    items.truncate(most);
    if all > most {
        items.push(Words::from(format!("… and {} more", all - most)));
    }
    items
}

fn beyond(all: usize, most: usize) -> String {
    if all > most {
        format!(" and {} more", all - most)
    } else {
        String::new()
    }
}

fn parts_menu(kit: &Kit, chosen: Option<&Seat>) -> SlackBlockMultiStaticSelectElement {
    let all: Vec<PlanPart> = PlanPart::all(kit).into_iter().take(OPTIONS).collect();
    let option = |part: &PlanPart| {
        let name = match part {
            PlanPart::Section(section) => format!("All of {section}"),
            PlanPart::Competency(_) => part.name(kit),
        };
        blocks::option::<SlackBlockPlainTextOnly>(&name, &part.slug())
    };
    let menu = SlackBlockMultiStaticSelectElement::new()
        .with_action_id(field::PARTS.to_owned().into())
        .with_placeholder(blocks::plain("Choose parts"))
        .with_options(all.iter().map(option).collect());
    let initial: Vec<_> = all
        .iter()
        .filter(|part| chosen.is_some_and(|seat| seat.covers.contains(part)))
        .map(option)
        .collect();
    if initial.is_empty() {
        menu
    } else {
        menu.with_initial_options(initial)
    }
}

/// What the viewer takes.
pub(super) fn take(kit: &Kit, head: &Head, user: &UserId) -> SlackView {
    let page = about(head).block(blocks::input(
        field::PARTS,
        "Your part",
        "Your scorecard opens on it, and shows the rest as well. Take out what you give back.",
        true,
        parts_menu(kit, head.seat(user)),
    ));
    of_loop("Your part", form::TAKE_PARTS, head, "Save", page)
}

/// What the owner gives to somebody.
pub(super) fn assign(kit: &Kit, head: &Head) -> SlackView {
    let menu = SlackBlockUsersSelectElement::new()
        .with_action_id(field::INTERVIEWER.to_owned().into())
        .with_placeholder(blocks::plain("Choose a person"));
    let page = about(head)
        .block(blocks::input(
            field::INTERVIEWER,
            "Interviewer",
            "Somebody who interviews on this panel.",
            false,
            menu,
        ))
        .block(blocks::input(
            field::PARTS,
            "Part",
            "It takes the place of what they had. Choose nothing to take everything back.",
            true,
            parts_menu(kit, None),
        ));
    of_loop("Assign", form::ASSIGN_PARTS, head, "Save", page)
}
