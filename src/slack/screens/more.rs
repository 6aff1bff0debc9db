//! What one person may do with a loop, and who is how far. Scores are not in here.

use super::erasing::held;
use super::loop_post::{details, more, name_for, planned_for, score, scorecards_in, state, who};
use super::page::{Page, Part};
use crate::domain::access::Offer;
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Head, Phase, SeatRole};
use crate::domain::kit::Section;
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;

/// A panellist, with the numbers of marked and of all questions by section.
type Row = (UserId, BTreeMap<Section, (usize, usize)>);

/// What somebody may do with a loop.
pub(super) fn menu(head: &Head, offers: &[Offer]) -> Page {
    let leads = offers.contains(&Offer::Progress);
    let mut page = Page::new()
        .say(
            who(head, &name_for(head, offers))
                .text(" · ")
                .and(state(head, head.public && !leads)),
        )
        .small(
            Words::from("Owned by ")
                .person(&head.owner)
                .text(" · opened on ")
                .day(head.opened_at)
                .text(" in ")
                .channel(&head.channel),
        );
    if let Some(planned) = planned_for(head) {
        page = page.small(planned);
    }
    if let Some(details) = details(head, head.public && !leads) {
        page = page.small(details);
    }
    if let Some(withdrawal) = head
        .withdrawal
        .as_ref()
        .filter(|it| leads && !it.reason.is_empty())
    {
        page = page.small(
            Words::from("Withdrawn on ")
                .day(withdrawal.at)
                .text(format!(
                    ": {}",
                    text::fitting(withdrawal.reason.as_str(), 600)
                )),
        );
    }
    if let Some(hold) = head.hold.as_ref().filter(|_| leads) {
        page = page.small(held(hold));
    }
    if leads && matches!(head.phase(), Phase::Open | Phase::Revealed) {
        let owing: Vec<&UserId> = head.owing().collect();
        if !owing.is_empty() {
            page = page.small(Words::from("Still owed by ").people(owing));
        }
    }
    let buttons: Vec<_> = offers.iter().map(|offer| button(head, *offer)).collect();
    if buttons.is_empty() {
        return page.say(Words::from("There is nothing for you to do here."));
    }
    page.row("more", buttons)
}

pub(super) fn button(head: &Head, offer: Offer) -> SlackBlockButtonElement {
    let code = head.code.clone();
    match offer {
        Offer::Score => blocks::primary("Score", &score(head)),
        Offer::Join => blocks::button("Ask to join", &Action::Join { code }),
        Offer::Progress => blocks::button("Progress", &Action::Progress { code }),
        Offer::Nudge => blocks::button("Nudge", &Action::Nudge { code }),
        Offer::Time => blocks::button(
            if head.planned.is_some() {
                "Change the time"
            } else {
                "Plan a time"
            },
            &Action::Time { code },
        ),
        Offer::Panel => blocks::button("Edit panel", &Action::Panel { code }),
        Offer::Reveal => {
            let question = format!(
                "{} The panel then sees all that are in, and this cannot be taken back.",
                reveals(head)
            );
            blocks::confirmed(
                blocks::button("Reveal", &Action::Reveal { code }),
                "Reveal the scorecards?",
                &question,
                "Reveal",
            )
        }
        Offer::Evidence => blocks::button("Evidence", &Action::ShowEvidence { code }),
        Offer::Export => blocks::button("Export", &Action::Export { code }),
        Offer::Decide => blocks::button("Decide", &Action::Decide { code }),
        Offer::ChangeDecision => blocks::button("Change the decision", &Action::Decide { code }),
        Offer::Rename => blocks::button("Rename", &Action::Rename { code }),
        Offer::HandOver => blocks::button("Hand over", &Action::HandOver { code }),
        Offer::Reopen => {
            let question = if head.phase() == Phase::Withdrawn {
                "The loop goes on where it stopped."
            } else {
                "The decision is taken back. The thread says so."
            };
            blocks::confirmed(
                blocks::button("Reopen", &Action::Reopen { code }),
                "Reopen this loop?",
                question,
                "Reopen",
            )
        }
        Offer::Recuse => blocks::confirmed(
            blocks::button("Recuse myself", &Action::Recuse { code }),
            "Recuse yourself?",
            "You owe no scorecard here then, and one that is in does not count. You will not see this loop's debrief. Its owner is told.",
            "Recuse myself",
        ),
        Offer::Hold => blocks::button("Legal hold", &Action::Hold { code }),
        Offer::LiftHold => blocks::confirmed(
            blocks::button("Lift the hold", &Action::LiftHold { code }),
            "Lift the legal hold?",
            "Whoever leads the loop can erase it then.",
            "Lift the hold",
        ),
        Offer::Erase => blocks::danger("Erase", &Action::Erase { code }),
        Offer::Move => blocks::button("Move", &Action::Move { code }),
        Offer::Withdraw => blocks::button("Withdraw", &Action::Withdraw { code }),
    }
}

/// `2 scorecards are in, 1 is still owed.`
fn reveals(head: &Head) -> String {
    let are = |number: usize| if number == 1 { "is" } else { "are" };
    let (submitted, owed) = (head.submitted(), head.awaited().count());
    let start = format!("{} {} in", count(submitted, "scorecard"), are(submitted));
    if owed == 0 {
        format!("{start}.")
    } else {
        format!("{start}; {owed} {} still owed.", are(owed))
    }
}

/// Who is how far: marks counted, never shown.
pub(super) fn progress(head: &Head, rows: &[Row], offers: &[Offer]) -> Page {
    let mut items: Vec<Words> = rows
        .iter()
        .map(|(user, counts)| {
            let mut words = Words::new().person(user);
            if let Some(seat) = head.seat(user) {
                if seat.role != SeatRole::Interviewer {
                    words = words.text(format!(" ({})", seat.role.word()));
                }
                if let Some(excuse) = &seat.excused {
                    return words.text(format!(": {}", excuse.why.words()));
                }
                if seat.role == SeatRole::Observer {
                    return words;
                }
                if seat.is_in() {
                    return words.text(if seat.late {
                        ": submitted, late"
                    } else {
                        ": submitted"
                    });
                }
            }
            let words = words.text(": ");
            let sections: Vec<String> = counts
                .iter()
                .filter(|(_, (_, all))| *all > 0)
                .map(|(section, (marked, all))| format!("{section} {marked} of {all}"))
                .collect();
            words.text(sections.join(" · "))
        })
        .collect();
    if items.is_empty() {
        items.push(Words::from("Nobody has begun yet."));
    }
    let name = head.candidate.as_str();
    let page = Page::new()
        .say(who(head, name).text(format!(" · {}", scorecards_in(head))))
        .rich(vec![Part::Bullets(items)]);
    let mut buttons: Vec<_> = [Offer::Nudge, Offer::Panel, Offer::Reveal]
        .into_iter()
        .filter(|offer| offers.contains(offer))
        .map(|offer| button(head, offer))
        .collect();
    buttons.push(blocks::button("Back", &more(head)));
    page.row("progress", buttons)
}
