//! The forms that put a loop under a legal hold and that erase it, and the receipt of what went. What goes is decided in `app`.

use super::form::{self, field};
use super::forms::{about, of_loop};
use super::page::{Page, Part};
use crate::domain::candidate::{LONGEST_NOTE, Note};
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::Trouble;
use crate::domain::ids::ChannelId;
use crate::domain::interview_loop::{Head, LegalHold};
use crate::domain::words::{Words, count};
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;

/// The longest code the box takes: more than one has, so that the refusal can say what is meant.
const CODE_BOX: u64 = 40;

/// The most channels of which the receipt says why something is left there: a loop that was moved more often than that is rare.
const PLACES: usize = 10;

/// Keeps a loop from being erased.
pub(super) fn hold(head: &Head) -> SlackView {
    let page = about(head)
        .say(Words::from(
            "Nobody can erase a loop under a legal hold, until an administrator lifts it. All else goes on, and the channel is not told.",
        ))
        .block(blocks::input(
            field::REASON,
            "Reason",
            "In your own words: a dispute, a request of the authorities.",
            false,
            blocks::text_box(field::REASON, Note::default().as_str(), true, LONGEST_NOTE as u64),
        ));
    of_loop("Legal hold", form::HOLD, head, "Hold", page)
}

/// Since when, by whom and why a loop is held.
pub(super) fn held(hold: &LegalHold) -> Words {
    Words::from("Under a legal hold since ")
        .day(hold.at)
        .text(", by ")
        .person(&hold.by)
        .text(format!(": {}", text::fitting(hold.reason.as_str(), 600)))
}

/// Removes all of a loop.
pub(super) fn erase(head: &Head) -> SlackView {
    let code = head.code.as_str();
    let goes = vec![
        Words::from("every scorecard, with all that was written"),
        Words::from("the debrief, the decision, and the record of who did what"),
        Words::from(
            "my messages about it, in channels and in direct messages, and the charts and files I sent of it",
        ),
    ];
    let stays = vec![
        Words::from("what people wrote in its thread"),
        Words::from("digests and reminders in which it was one of several"),
        Words::from("backups that were made until now, and files that people saved"),
    ];
    let page = about(head)
        .rich(vec![
            Part::Line(Words::from("This goes, for good:")),
            Part::Bullets(goes),
        ])
        .rich(vec![
            Part::Line(Words::from("This is not mine to remove:")),
            Part::Bullets(stays),
        ])
        .block(blocks::input(
            field::CODE,
            &format!("Type {code} to erase it"),
            "It cannot be taken back. You get a list of what went and what stays.",
            false,
            blocks::text_box(field::CODE, "", false, CODE_BOX),
        ));
    of_loop("Erase", form::ERASE, head, "Erase", page)
}

/// What went, and what a person has to remove.
pub(super) fn receipt(erased: &Erased) -> Page {
    let line = Words::from("You erased ")
        .code(erased.code.as_str())
        .text(", an interview loop that was opened on ")
        .day(erased.opened_at)
        .text(" in ")
        .channel(&erased.channel)
        .text(".");
    let went = vec![
        Words::from(count(erased.scorecards, "scorecard")),
        Words::from(match erased.entries {
            1 => "1 entry of its record".to_owned(),
            entries => format!("{entries} entries of its record"),
        }),
        Words::from(match erased.taken_back {
            1 => "1 message or file of mine".to_owned(),
            messages => format!("{messages} messages and files of mine"),
        }),
    ];
    let mut stays = left(&erased.left);
    stays.extend([
        Words::from("What people wrote in its thread in ").and(channels(erased)),
        Words::from("Digests in ")
            .and(channels(erased))
            .text(", and daily reminders, that named the candidate between ")
            .day(erased.opened_at)
            .text(" and ")
            .day(erased.at),
        Words::from("Backups that were made before ")
            .time(erased.at)
            .text(": whoever restores one has the loop again"),
    ]);
    Page::new()
        .say(line)
        .rich(vec![
            Part::Line(Words::from("This went:")),
            Part::Bullets(went),
        ])
        .rich(vec![
            Part::Line(Words::from(
                "This stays until somebody removes it; for messages that is an administrator of the workspace:",
            )),
            Part::Bullets(stays),
        ])
        .small(Words::from(
            "What was typed and answered about it in the last days is forgotten within three days. Nothing else of it is kept but what stands here.",
        ))
}

/// What Slack did not let the bot take back, by where it is and why.
fn left(left: &[(Sent, Trouble)]) -> Vec<Words> {
    let mut places: BTreeMap<(Place, Trouble), usize> = BTreeMap::new();
    for (sent, why) in left {
        let place = match sent {
            Sent::Message { channel, .. } if channel.is_direct() => Place::Directs,
            Sent::Message { channel, .. } => Place::Channel(channel),
            Sent::File(_) => Place::Files,
        };
        *places.entry((place, *why)).or_default() += 1;
    }
    let line = |((place, why), number): ((Place, Trouble), usize)| {
        let mine = |noun| format!("{} of mine in ", count(number, noun));
        let words = match place {
            Place::Directs => Words::from(mine("message")).text("direct messages"),
            Place::Channel(channel) => Words::from(mine("message")).channel(channel),
            Place::Files => Words::from(mine("file")).text("direct messages"),
        };
        words.text(match why {
            Trouble::Archived => ": the channel is archived",
            Trouble::NotInChannel => ": I am not in that channel any more",
            Trouble::Forbidden => ": the rules of this workspace keep me from removing it",
            Trouble::Shared | Trouble::Deleted | Trouble::Rejected => {
                ": Slack did not let me remove it"
            }
        })
    };
    let mut places = places.into_iter();
    let mut lines: Vec<Words> = places.by_ref().take(PLACES).map(line).collect();
    let (more, messages) = places.fold((0, 0), |(more, all), (_, number)| (more + 1, all + number));
    if more > 0 {
        let messages = count(messages, "message");
        lines.push(Words::from(format!(
            "{messages} of mine in {more} more channels"
        )));
    }
    lines
}

/// Where something is that was left.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Directs,
    Files,
    Channel(&'a ChannelId),
}

/// The channels that a loop was in, the last one first.
fn channels(erased: &Erased) -> Words {
    let mut words = Words::new().channel(&erased.channel);
    for (number, channel) in erased.before.iter().enumerate().take(PLACES) {
        let last = number + 1 == erased.before.len().min(PLACES);
        words = words
            .text(if last { " and " } else { ", " })
            .channel(channel);
    }
    words
}
