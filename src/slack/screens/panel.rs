//! Who is on a panel, as it is chosen in a form. What each of them covers is in `plan`.

use super::form::{self, Meta, field};
use super::forms::{about, of_loop};
use super::page::Page;
use crate::domain::ids::UserId;
use crate::domain::interview_loop::{
    Doubts, ExcusedWhy, Head, LARGEST_PANEL, Phase, Seat, SeatRole,
};
use crate::domain::words::Words;
use crate::slack::blocks;
use slack_morphism::prelude::*;

fn people_menu(name: &str, chosen: &[UserId]) -> SlackBlockMultiUsersSelectElement {
    let menu = SlackBlockMultiUsersSelectElement::new()
        .with_action_id(name.to_owned().into())
        .with_placeholder(blocks::plain("Choose people"))
        .with_max_selected_items(LARGEST_PANEL as u64);
    if chosen.is_empty() {
        menu
    } else {
        menu.with_initial_users(chosen.iter().map(ToString::to_string).collect())
    }
}

/// The three menus: interviewers, shadows, observers. `open`: nobody has to be named.
pub(super) fn menus(page: Page, chosen: &[(UserId, SeatRole)], hint: &str, open: bool) -> Page {
    let of = |wanted: SeatRole| -> Vec<UserId> {
        let those = chosen.iter().filter(|(_, role)| *role == wanted);
        those.map(|(user, _)| user.clone()).collect()
    };
    page.block(blocks::input(
        field::PANEL,
        "Panel",
        hint,
        open,
        people_menu(field::PANEL, &of(SeatRole::Interviewer)),
    ))
    .block(blocks::input(
        field::SHADOWS,
        "Shadows",
        "They learn: they fill in a scorecard like everybody, and it stays out of every figure.",
        true,
        people_menu(field::SHADOWS, &of(SeatRole::Shadow)),
    ))
    .block(blocks::input(
        field::OBSERVERS,
        "Observers",
        "They have no scorecard, and may read the debrief.",
        true,
        people_menu(field::OBSERVERS, &of(SeatRole::Observer)),
    ))
}

/// Something gives pause about the panel of the form below, which stays as it was filled in.
pub(super) fn doubtful(head: &Head, panel: &[(UserId, SeatRole)], doubts: &Doubts) -> SlackView {
    let page = doubts.words().into_iter().fold(about(head), Page::say);
    let page = page.small(Words::from(
        "Nothing is saved yet. Going back leads to the panel as you chose it.",
    ));
    let meta = Meta {
        panel: panel.to_vec(),
        ..Meta::of_loop(head)
    };
    blocks::modal(
        "Is it meant?",
        form::PANEL_ANYWAY,
        meta.to_json(),
        Some("Save it anyway"),
        page.blocks(),
    )
}

/// Who interviews, shadows and observes.
pub(super) fn panel(head: &Head) -> SlackView {
    let chosen: Vec<(UserId, SeatRole)> = head
        .panel
        .iter()
        .filter(|seat| seat.excused.is_none())
        .map(|seat| (seat.user.clone(), seat.role))
        .collect();
    let those = |test: &dyn Fn(&Seat) -> bool| -> Vec<&UserId> {
        let seats = head.panel.iter().filter(|seat| test(seat));
        seats.map(|seat| &seat.user).collect()
    };
    let mut page = about(head);
    let submitted = those(&|seat| seat.is_in() && seat.excused.is_none());
    if !submitted.is_empty() {
        let has = if submitted.len() == 1 {
            " has submitted and stays"
        } else {
            " have submitted and stay"
        };
        page = page.say(
            Words::new()
                .people(submitted)
                .text(has)
                .text(" on the panel."),
        );
    }
    for why in [ExcusedWhy::Recused, ExcusedWhy::DidNotAttend] {
        let excused = those(&|seat| {
            let excuse = seat.excused.as_ref();
            excuse.is_some_and(|excuse| excuse.why == why)
        });
        if !excused.is_empty() {
            page = page.say(
                Words::new()
                    .people(excused)
                    .text(format!(": {}. Choose them to put them back.", why.words())),
            );
        }
    }
    if head.phase() == Phase::Open {
        page = page.say(Words::from("When the last interviewer's scorecard is in, or the last one owing is dismissed, the scorecards are revealed, unless your workspace leaves that to you."));
    }
    let hint =
        "All interviewers. Who is new gets a message; whoever you remove owes nothing any more.";
    of_loop(
        "Edit panel",
        form::PANEL,
        head,
        "Save",
        menus(page, &chosen, hint, false),
    )
}
