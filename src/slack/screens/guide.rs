//! A recruiter's guide: the form it is pasted into, and what would become of it. How it is read is decided in `kits`.

use super::form::{BOXES, Meta};
use super::page::{Page, Part};
use crate::app::scene::GuideScene;
use crate::domain::event::Request;
use crate::domain::ids::ChannelId;
use crate::domain::refusal::Refusal;
use crate::domain::words::{Words, count};
use crate::slack::inbound::State;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;

/// The form that a guide is pasted into.
pub(super) const READ: &str = "guide.submit.v1";
/// The form that saves what it became.
pub(super) const SAVE: &str = "guide.save.v1";

/// What a box of Slack's holds.
const BOX: u64 = 3000;
const TITLE: &str = "title";
const SLUG: &str = "slug";
/// How many lines of each fate are shown.
const SHOWN: usize = 80;
/// How many lines stand in one block: Slack refuses a block of very long text.
const LINES_EACH: usize = 40;
/// How much of each line is shown.
const LINE: usize = 160;

fn box_name(number: usize) -> String {
    format!("guide{number}")
}

/// The form that a guide is pasted into.
pub(super) fn form(channel: Option<&ChannelId>) -> SlackView {
    let mut page = Page::new().say(Words::from(
        "Paste a recruiter's guide for one role: its text, with its headings and lists. You see what becomes of every line before anything is saved.",
    ));
    for number in 1..=BOXES {
        let name = box_name(number);
        let label = match number {
            1 => "Guide".to_owned(),
            _ => format!("Guide, continued ({number})"),
        };
        let hint = match number {
            1 => "A box holds 3,000 characters; a longer guide goes on in the next one.",
            _ => "",
        };
        let element = blocks::text_box(&name, "", true, BOX);
        page = page.block(blocks::input(&name, &label, hint, number > 1, element));
    }
    let meta = Meta {
        channel: channel.cloned(),
        ..Meta::default()
    };
    blocks::modal(
        "Import a guide",
        READ,
        meta.to_json(),
        Some("Read it"),
        page.blocks(),
    )
}

/// What the first form holds. A line may be cut where one box ends and the next begins.
pub(super) fn read(state: &State) -> Request {
    let boxes = (1..=BOXES).filter_map(|number| {
        let name = box_name(number);
        state.text(&name, &name).map(str::to_owned)
    });
    let all: Vec<String> = boxes.filter(|text| !text.trim().is_empty()).collect();
    Request::ReadGuide {
        text: all.join("\n"),
    }
}

/// What would become of a guide, with the last word on its names.
pub(super) fn report(scene: &GuideScene) -> SlackView {
    let mut page = Page::new()
        .say(Words::new().strong("Nothing is saved yet.").text(format!(
            " This would be a kit of {}: {} lines kept, {} left out, {} doubtful.",
            count(scene.questions, "question"),
            scene.kept.len(),
            scene.left_out.len(),
            scene.doubtful.len(),
        )))
        .block(blocks::input(
            TITLE,
            "Title",
            "",
            false,
            blocks::text_box(TITLE, &text::fitting(&scene.title, 60), false, 100),
        ))
        .block(blocks::input(
            SLUG,
            "Short name",
            "What people type after /interview: a to z, 0 to 9 and dashes.",
            false,
            blocks::text_box(SLUG, &text::fitting(scene.slug.as_str(), 40), false, 100),
        ));
    for (heading, lines) in [
        ("Doubtful: please look at these", &scene.doubtful),
        ("Odd", &scene.warnings),
        ("Assumed", &scene.assumed),
        ("Lacking", &scene.lacks),
        ("Left out", &scene.left_out),
        ("Kept", &scene.kept),
    ] {
        if lines.is_empty() {
            continue;
        }
        let mut items: Vec<Words> = lines
            .iter()
            .take(SHOWN)
            .map(|line| Words::from(text::fitting(line, LINE)))
            .collect();
        if lines.len() > SHOWN {
            items.push(Words::from(format!("… and {} more", lines.len() - SHOWN)));
        }
        page = page.say(Words::new().strong(heading));
        for some in items.chunks(LINES_EACH) {
            page = page.rich(vec![Part::Bullets(some.to_vec())]);
        }
    }
    let meta = Meta {
        draft: Some(scene.draft.clone()),
        channel: scene.channel.clone(),
        ..Meta::default()
    };
    blocks::modal(
        "What becomes of it",
        SAVE,
        meta.to_json(),
        Some("Save the kit"),
        page.blocks(),
    )
}

/// What the second form holds; `None` for one that no version of the bot sent.
pub(super) fn read_save(meta: &Meta, state: &State) -> Option<Request> {
    let typed = |name: &str| state.text(name, name).unwrap_or_default().to_owned();
    Some(Request::SaveGuide {
        draft: meta.draft.clone()?,
        title: typed(TITLE),
        slug: typed(SLUG),
    })
}

/// The sentence of a refusal, under the field that it is about.
pub(super) fn errors(callback: &str, refusal: &Refusal) -> Option<BTreeMap<String, String>> {
    let name = match (callback, refusal) {
        (READ, _) => box_name(1),
        (_, Refusal::RoleTaken { .. } | Refusal::NotAKit { .. }) => SLUG.to_owned(),
        _ => return None,
    };
    Some(BTreeMap::from([(name, text::bare(&refusal.words()))]))
}
