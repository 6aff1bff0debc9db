//! How to use the bot, on one short screen. What the commands do is in `domain`.

use super::page::{Page, Part};
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::blocks;

/// What can be typed, with an example each. A new command gets its line here.
pub const COMMANDS: [(&str, &str); 16] = [
    ("/interview", "all roles"),
    (
        "/interview senior-backend",
        "the interview kit, for you alone",
    ),
    (
        "/interview senior-backend Jane Doe @ada @ben",
        "opens Jane's loop in this channel, with a panel of two",
    ),
    (
        "/interview senior-backend Jane Doe @ada on 2026-12-01 14:00",
        "the same, with a time; also on today 2pm, on tomorrow 14:00 for 60 min",
    ),
    ("/interview mine", "your scorecards and loops"),
    ("/interview list", "the loops of this channel and yours"),
    (
        "/interview digest 09:00 weekdays",
        "one post a day here: what is owed, what is ready to decide; off, now, show",
    ),
    (
        "/interview kits",
        "the kits, their versions and the loops on each",
    ),
    (
        "/interview kits reload",
        "reads the kits' files again (administrators)",
    ),
    (
        "/interview import",
        "makes a kit of a recruiter's guide (administrators)",
    ),
    (
        "/interview calibrate senior-backend",
        "a sample answer that everybody here rates, blind",
    ),
    (
        "/interview stats senior-backend",
        "how long its loops take, what nobody asks (owners, administrators)",
    ),
    (
        "/interview export C-7F3Q",
        "a loop as a file, in your direct messages; Markdown, CSV, JSON",
    ),
    (
        "/interview hold C-7F3Q why",
        "a legal hold: nobody can erase the loop (owners, administrators); off (administrators)",
    ),
    (
        "/interview erase C-7F3Q",
        "removes a loop for good (owners, administrators)",
    ),
    ("/interview help", "this page"),
];

/// What makes it fair.
const RULES: [&str; 3] = [
    "Nobody sees anybody's scores before the reveal, the owner included.",
    "Everybody's ratings weigh the same, and anyone can check a figure by hand.",
    "People decide, with a reason of their own. Nothing is sent to the candidate.",
];

/// How to use the bot.
pub(super) fn help() -> Page {
    let commands = COMMANDS
        .iter()
        .map(|(typed, what)| Words::new().code(*typed).text(format!(": {what}")))
        .collect();
    let rules = RULES.iter().map(|rule| Words::from(*rule)).collect();
    Page::new()
        .header("Structured interviews")
        .rich(vec![
            Part::Line(Words::from("Type, in any channel:")),
            Part::Bullets(commands),
        ])
        .rich(vec![
            Part::Line(Words::from("What makes it fair:")),
            Part::Bullets(rules),
        ])
        .small(Words::from(
            "Commands don't work in a thread: mention me there, or choose Score this candidate in a message's menu. In a direct message to me, type what comes after /interview.",
        ))
        .small(Words::from(
            "My Home tab shows your open scorecards, the loops you own and what is next, and your settings.",
        ))
        .small(Words::from(
            "Every click on a scorecard is saved at once; Score brings you back to it.",
        ))
        .row(
            "help",
            vec![
                blocks::button("All roles", &Action::ShowRoles { draft: None }),
                blocks::button("My scorecards", &Action::ShowMine),
            ],
        )
}
