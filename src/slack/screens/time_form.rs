//! The fields for the time of an interview, in the form that opens a loop and in the one that plans it later; and how they are read.

use super::form::{self, Meta, field};
use super::page::Page;
use crate::app::scene::TimeScene;
use crate::domain::planned::{LENGTHS, Wish};
use crate::domain::words::Words;
use crate::slack::blocks;
use crate::slack::inbound::State;
use jiff::civil::DateTime;
use slack_morphism::prelude::*;

/// The value of the box that takes the time back.
const DROP: &str = "drop";
/// More than a number of minutes needs, so that the refusal can say what is one.
const LENGTH_BOX: u64 = 20;

/// The fields for a time. `shown`: what they begin with, on the clock of that zone.
pub(super) fn fields(
    page: Page,
    zone: &str,
    shown: Option<DateTime>,
    minutes: u16,
    optional: bool,
) -> Page {
    let mut day = SlackBlockDatePickerElement::new()
        .with_action_id(field::DAY.to_owned().into())
        .with_placeholder(blocks::plain("Choose a day"));
    let mut time = SlackBlockTimePickerElement::new()
        .with_action_id(field::TIME.to_owned().into())
        .with_placeholder(blocks::plain("Choose a time"))
        .with_timezone(zone.to_owned());
    if let Some(shown) = shown {
        day = day.with_initial_date(shown.date().to_string());
        time = time.with_initial_time(shown.time().strftime("%H:%M").to_string());
    }
    let length = blocks::text_box(field::LENGTH, &minutes.to_string(), false, LENGTH_BOX);
    let hint = format!("From {} to {}.", LENGTHS.start(), LENGTHS.end());
    let in_zone = format!("In {zone}; everybody sees it in their own time.");
    page.block(blocks::input(
        field::DAY,
        "Day of the interview",
        "",
        optional,
        day,
    ))
    .block(blocks::input(
        field::TIME,
        "Time of the interview",
        &in_zone,
        optional,
        time,
    ))
    .block(blocks::input(
        field::LENGTH,
        "Length in minutes",
        &hint,
        true,
        length,
    ))
}

/// When the interview is.
pub(super) fn form(scene: &TimeScene) -> SlackView {
    let head = &scene.head;
    let page = super::forms::about(head).say(Words::from(
        "The panel is told, and everybody gets the kit ten minutes before.",
    ));
    let mut page = fields(page, &scene.zone, scene.planned, scene.minutes, false);
    if scene.planned.is_some() {
        let option = blocks::option::<SlackBlockText>("No time is planned any more", DROP);
        let boxes = SlackBlockCheckboxesElement::new(vec![option])
            .with_action_id(field::DROP_TIME.to_owned().into());
        page = page.block(blocks::input(
            field::DROP_TIME,
            "Or take it back",
            "",
            true,
            boxes,
        ));
    }
    let meta = Meta {
        zone: Some(scene.zone.clone()),
        ..Meta::of_loop(head)
    };
    blocks::modal(
        "Plan a time",
        form::TIME,
        meta.to_json(),
        Some("Save"),
        page.blocks(),
    )
}

/// What was filled into the fields for a time.
pub(super) fn wish(meta: &Meta, state: &State) -> Wish {
    let of = |name| state.chosen(name, name);
    let day = of(field::DAY).and_then(|chosen| chosen.date.clone());
    let time = of(field::TIME).and_then(|chosen| chosen.time.clone());
    let minutes = of(field::LENGTH).and_then(|chosen| chosen.value.clone());
    Wish {
        day: day.unwrap_or_default(),
        time: time.unwrap_or_default(),
        minutes: minutes.unwrap_or_default(),
        zone: meta.zone.clone(),
    }
}

/// Whether the time is to be taken back.
pub(super) fn is_dropped(state: &State) -> bool {
    let ticked = state.options(field::DROP_TIME, field::DROP_TIME);
    ticked.iter().any(|ticked| ticked == DROP)
}
