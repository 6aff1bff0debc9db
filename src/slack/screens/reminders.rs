//! The reminder of what somebody owes: one message, however much it is. When it is sent is decided elsewhere.

use super::loop_post::{and_planned_for, score, who};
use super::page::{Page, first_that_fits};
use crate::app::scene::{OwedScene, RemindersScene};
use crate::domain::reminders::{Later, MOST};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::blocks;

/// What the menu calls a choice.
fn label(later: Later) -> &'static str {
    match later {
        Later::TwoHours => "In 2 hours",
        Later::NextMorning => "The next working morning",
        Later::TwoDays => "In two days",
    }
}

/// Somebody is reminded of what they owe.
pub(super) fn reminders(scene: &RemindersScene) -> Page {
    first_that_fits([15, 8, 4, 2, 1], |most| some(&scene.owed, most))
}

fn some(owed: &[OwedScene], most: usize) -> Page {
    let mut page = match owed {
        [_] => Page::new().say(Words::from("Your scorecard is still to come:")),
        all => Page::new().say(Words::from(format!(
            "{} of yours are still to come:",
            count(all.len(), "scorecard")
        ))),
    };
    let shown = &owed[..owed.len().min(most)];
    for OwedScene { head, .. } in shown {
        let mut line = who(head, head.candidate.as_str())
            .text(" in ")
            .channel(&head.channel);
        line = match and_planned_for(head) {
            Some(planned) => line.and(planned),
            None => line.text(" · opened on ").day(head.opened_at),
        };
        let code = head.code.clone();
        let absent = blocks::confirmed(
            blocks::button("I did not attend", &Action::DidNotAttend { code }),
            "You were not there?",
            "You owe no scorecard for this interview then.",
            "I did not attend",
        );
        page = page.say(line).row(
            &format!("owed:{}", head.code),
            vec![blocks::primary("Continue", &score(head)), absent],
        );
    }
    if owed.len() > shown.len() {
        let rest = format!("… and {} more.", owed.len() - shown.len());
        page = page.say(Words::from(rest)).row(
            "rest",
            vec![blocks::button("My scorecards", &Action::ShowMine)],
        );
    }
    let last: Vec<&OwedScene> = owed.iter().filter(|owed| owed.last).collect();
    if last.len() < owed.len() {
        let options = Later::ALL.map(|later| (label(later), later.slug()));
        page = page.block(blocks::menu(
            "later",
            "Remind me later",
            &Action::RemindLater,
            &options,
        ));
    }
    page.small(match last.as_slice() {
        [] => Words::from(format!(
            "At most one reminder a day, and {MOST} for each. Submitting ends them."
        )),
        all if all.len() == owed.len() => Words::from("This is the last reminder."),
        some => {
            let mut words = Words::from("This is the last reminder of ");
            for (place, owed) in some.iter().take(5).enumerate() {
                words = words
                    .text(if place > 0 { ", " } else { "" })
                    .code(owed.head.code.as_str());
            }
            words.text(if some.len() > 5 { " and others." } else { "." })
        }
    })
}
