//! A loop as a file: what it would hold, and in which form. The files themselves are written in `exports`.

use super::loop_post::{more, state, who};
use super::page::Page;
use crate::domain::export::{Format, Sight};
use crate::domain::interview_loop::Head;
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::blocks;

/// In which form?
pub(super) fn offered(head: &Head, sight: Sight) -> Page {
    let holds = match (head.reveal.is_some(), sight.evidence, sight.debrief) {
        (false, ..) => {
            "It holds the loop, its panel and your own scorecard, if you began one. The others' are not in it before the reveal."
        }
        (true, true, _) => {
            "It holds the loop, its panel, the debrief and the scorecards that are in."
        }
        (true, false, true) => {
            "It holds the loop, its panel, the debrief and your own scorecard, if you began one. What each of the others gave is for those who submitted."
        }
        (true, false, false) => {
            "It holds the loop, its panel and your own scorecard, if you began one."
        }
    };
    let mut words = Words::from("As a file, in your direct messages with me? ").text(holds);
    if sight.leads {
        words = words.text(" JSON also says who did what, and when.");
    }
    let mut buttons: Vec<_> = Format::ALL
        .into_iter()
        .map(|format| {
            let code = head.code.clone();
            blocks::button(format.title(), &Action::ExportAs { code, format })
        })
        .collect();
    buttons.push(blocks::button("Back", &more(head)));
    Page::new()
        .say(
            who(head, head.candidate.as_str())
                .text(" · ")
                .and(state(head, head.public && !sight.leads)),
        )
        .say(words)
        .small(Words::from(
            "Markdown is to read, CSV for a spreadsheet, JSON for programs. A file is a copy: it does not change with the loop, and whoever has it can read it.",
        ))
        .row("export", buttons)
}
