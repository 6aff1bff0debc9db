//! Messages to one person. When they are sent is decided elsewhere.

use super::kit::in_numbers;
use super::loop_post::{details, kit, more, planned_for, score, who};
use super::page::Page;
use crate::app::scene::BriefingScene;
use crate::domain::event::Trouble;
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{Head, Seat, SeatRole};
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::SlackBlockButtonElement;

fn about(head: &Head) -> Words {
    who(head, head.candidate.as_str())
}

fn role_of(head: &Head, user: &UserId) -> SeatRole {
    head.seat(user).map(|seat| seat.role).unwrap_or_default()
}

/// A panellist is invited.
pub(super) fn invitation(head: &Head, user: &UserId, part: &str) -> Page {
    let role = role_of(head, user);
    let (start, how) = match role {
        SeatRole::Interviewer => ("You are on the panel for ", None),
        SeatRole::Shadow => (
            "You shadow the interview of ",
            Some(
                "You fill in a scorecard like everybody, without seeing the others' before the reveal. It stays out of every figure; the owner sees it then.",
            ),
        ),
        SeatRole::Observer => (
            "You observe the interview of ",
            Some("You fill in no scorecard. You can read the debrief after the reveal."),
        ),
    };
    let line = Words::from(start)
        .and(about(head))
        .text(". Opened by ")
        .person(&head.opened_by)
        .text(" in ")
        .channel(&head.channel)
        .text(".");
    let mut page = Page::new().say(line);
    if let Some(how) = how {
        page = page.small(Words::from(how));
    }
    if let Some(planned) = planned_for(head) {
        page = page.say(planned);
    }
    if let Some(part) = your_part(part) {
        page = page.small(part);
    }
    if let Some(details) = details(head, false) {
        page = page.small(details);
    }
    page.row("loop", score_and_kit(head, role))
}

fn your_part(part: &str) -> Option<Words> {
    (!part.is_empty()).then(|| Words::from("Your part: ").strong(text::fitting(part, 600)))
}

fn score_and_kit(head: &Head, role: SeatRole) -> Vec<SlackBlockButtonElement> {
    let mut buttons = vec![blocks::button("Kit", &kit(head))];
    if role != SeatRole::Observer {
        buttons.insert(0, blocks::primary("Score", &score(head)));
    }
    buttons
}

/// Somebody gets the kit shortly before a planned interview.
pub(super) fn briefing(scene: &BriefingScene) -> Page {
    let head = &scene.head;
    let what = match role_of(head, &scene.user) {
        SeatRole::Shadow => " you shadow the interview of ",
        SeatRole::Interviewer | SeatRole::Observer => " you interview ",
    };
    let begins = head.planned.map_or(head.opened_at, |planned| planned.at);
    let line = Words::from("At ").clock(begins).text(what);
    let mut page = Page::new().say(line.and(about(head)).text("."));
    if let Some(part) = your_part(&scene.part) {
        page = page.say(part);
    }
    if let Some(details) = details(head, false) {
        page = page.small(details);
    }
    page.small(Words::from(format!("{}.", in_numbers(&scene.kit))))
        .row(
            "loop",
            vec![
                blocks::primary("Kit", &kit(head)),
                blocks::button("Score", &score(head)),
            ],
        )
}

/// Somebody on the panel is told for when the interview is planned now.
pub(super) fn replanned(head: &Head, user: &UserId) -> Page {
    let line = Words::from("The interview of ").and(about(head));
    let line = match &head.planned {
        None => line.text(" has no time any more. What was planned does not hold."),
        Some(planned) => {
            let line = match planned.moved_from {
                Some(before) => line.text(" moved from ").time(before).text(" to "),
                None => line.text(" is planned for "),
            };
            line.time(planned.at)
                .text(format!(", {} minutes.", planned.minutes))
        }
    };
    let role = role_of(head, user);
    Page::new().say(line).row("loop", score_and_kit(head, role))
}

/// The owner reminds a panellist.
pub(super) fn nudge(head: &Head) -> Page {
    let line = Words::new()
        .person(&head.owner)
        .text(" asks for your scorecard: ")
        .and(about(head))
        .text(".");
    Page::new()
        .say(line)
        .row("loop", score_and_kit(head, SeatRole::Interviewer))
}

/// Somebody asks the owner to be let onto the panel.
pub(super) fn join_request(head: &Head, user: &UserId) -> Page {
    let admit = Action::Admit {
        code: head.code.clone(),
        user: user.clone(),
        anyway: false,
    };
    let line = Words::new()
        .person(user)
        .text(" asks to join the panel for ")
        .and(about(head))
        .text(".");
    Page::new().say(line).row(
        "join",
        vec![
            blocks::primary("Add to the panel", &admit),
            blocks::button("More", &more(head)),
        ],
    )
}

/// The owner is told that somebody recused themself.
pub(super) fn recused(head: &Head, user: &UserId) -> Page {
    let what = if head.seat(user).is_some_and(Seat::is_in) {
        ". They had submitted a scorecard; it is kept and does not count."
    } else {
        ". They owe no scorecard any more."
    };
    let line = Words::new()
        .person(user)
        .text(" recused themself from the panel for ")
        .and(about(head))
        .text(what);
    let panel = Action::Panel {
        code: head.code.clone(),
    };
    Page::new()
        .say(line)
        .small(Words::from(
            "The debrief is shown one by one, and not to them.",
        ))
        .row(
            "recused",
            vec![
                blocks::button("Edit panel", &panel),
                blocks::button("More", &more(head)),
            ],
        )
}

/// The owner is told what only a person can mend.
pub(super) fn trouble(head: &Head, trouble: Trouble) -> Page {
    let channel = &head.channel;
    let (what, remedy) = match trouble {
        Trouble::Archived => (
            Words::new()
                .channel(channel)
                .text(" is archived, so nothing can be posted there."),
            Words::from("Unarchive it, or move the thread to another channel."),
        ),
        Trouble::NotInChannel => (
            Words::from("I am not in ")
                .channel(channel)
                .text(", so nothing can be posted there."),
            Words::from("Invite me there: ")
                .code("/invite @interview-assistant")
                .text(", or move the thread to another channel."),
        ),
        Trouble::Forbidden => (
            Words::from("The rules of this workspace keep me from posting to ")
                .channel(channel)
                .text("."),
            Words::from(
                "Ask an administrator of the workspace, or move the thread to another channel.",
            ),
        ),
        Trouble::Shared => (
            Words::new()
                .channel(channel)
                .text(" is shared with another company, so nothing is posted there."),
            Words::from("Move the thread to a channel of your own."),
        ),
        Trouble::Deleted => (
            Words::from("The post in ")
                .channel(channel)
                .text(" was deleted a second time, so it is not posted again."),
            Words::from("To have a post again, move the thread to another channel."),
        ),
        Trouble::Rejected => (
            Words::from("Slack did not take the post for ")
                .channel(channel)
                .text("; the fault is on our side."),
            Words::from(
                "Please tell whoever runs this bot. Moving the thread to another channel may help.",
            ),
        ),
    };
    let move_it = Action::Move {
        code: head.code.clone(),
    };
    Page::new()
        .say(
            about(head)
                .text(": ")
                .and(what)
                .text(" All scores are kept."),
        )
        .say(remedy)
        .row(
            "trouble",
            vec![
                blocks::button("Move to another channel", &move_it),
                blocks::button("More", &more(head)),
            ],
        )
}

/// A new owner is told so.
pub(super) fn handed(head: &Head) -> Page {
    let line = Words::from("You own the interview loop for ")
        .and(about(head))
        .text(" in ")
        .channel(&head.channel)
        .text(" now.");
    Page::new()
        .say(line)
        .row("loop", vec![blocks::button("More", &more(head))])
}
