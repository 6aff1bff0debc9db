//! What an opening may still have to ask: initials or name, which channel, the same person or another, which panel. Roles to choose from are in `lists`.

use super::loop_post::details;
use super::page::{Page, first_that_fits};
use crate::domain::ids::{DraftId, UserId};
use crate::domain::interview_loop::{Doubted, Doubts, Head, Naming, SeatRole};
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// Initials or name?
pub(super) fn naming(draft: &DraftId, initials: &str) -> Page {
    let pick = |naming| Action::PickNaming {
        draft: draft.clone(),
        naming,
    };
    let mut page = Page::new().say(Words::from("Everybody here can see this post."));
    if !initials.is_empty() {
        page =
            page.small(Words::from("With initials it says: ").strong(text::fitting(initials, 300)));
    }
    page.row(
        "naming",
        vec![
            blocks::primary("Use initials", &pick(Naming::Initials)),
            blocks::button("Use the name", &pick(Naming::Name)),
        ],
    )
}

/// A menu of the channels in which a loop may be.
pub(super) fn channel_menu(action_id: &str) -> SlackBlockConversationsSelectElement {
    let filter = SlackBlockConversationFilter::new()
        .with_include(vec![
            SlackConversationFilterInclude::Private,
            SlackConversationFilterInclude::Public,
        ])
        .with_exclude_external_shared_channels(true)
        .with_exclude_bot_users(true);
    SlackBlockConversationsSelectElement::new()
        .with_action_id(action_id.to_owned().into())
        .with_placeholder(blocks::plain("Choose a channel"))
        .with_filter(filter)
}

/// Which channel?
pub(super) fn channel(draft: &DraftId) -> Page {
    let (id, _) = Action::PickChannel {
        draft: draft.clone(),
    }
    .on_the_wire();
    let row = SlackActionsBlock::new(vec![channel_menu(&id).into()])
        .with_block_id("channel".to_owned().into());
    Page::new()
        .say(Words::from("Which channel is this for? The candidate's post and thread go there; choose one that I am in."))
        .block(row.into())
}

/// Nobody is named: as last time?
pub(super) fn last_panel(draft: &DraftId, panel: &[(UserId, SeatRole)], doubts: &Doubts) -> Page {
    let line = Words::from("Nobody is named. Last time for this role here: ").and(everybody(panel));
    let draft = || draft.clone();
    let buttons = vec![
        blocks::primary("Same panel", &Action::SamePanel { draft: draft() }),
        blocks::button("Anybody here", &Action::Anybody { draft: draft() }),
        blocks::button("Choose a panel", &Action::ChangePanel { draft: draft() }),
    ];
    said_of(Page::new().say(line.text(".")), doubts)
        .small(Words::from("With “Anybody here”, whoever is in the channel joins by scoring. Nothing is opened yet."))
        .row("panel", buttons)
}

/// `@ada and @ben; shadow: @eve; observer: @cid`.
fn everybody(panel: &[(UserId, SeatRole)]) -> Words {
    let of = |wanted: SeatRole| -> Vec<&UserId> {
        let those = panel.iter().filter(|(_, role)| *role == wanted);
        those.map(|(user, _)| user).collect()
    };
    let mut line = Words::new().people(of(SeatRole::Interviewer));
    for role in [SeatRole::Shadow, SeatRole::Observer] {
        let users = of(role);
        if !users.is_empty() {
            let s = if users.len() == 1 { "" } else { "s" };
            let label = format!("; {}{s}: ", role.word());
            line = line.text(label).people(users);
        }
    }
    line
}

fn said_of(page: Page, doubts: &Doubts) -> Page {
    doubts.words().into_iter().fold(page, Page::say)
}

/// Something gives pause about a panel. The same about the panel of a form is a form of its own, in `panel`.
pub(super) fn doubtful(what: &Doubted, doubts: &Doubts) -> Page {
    let page = said_of(Page::new(), doubts);
    match what {
        Doubted::Opening(draft) => {
            let draft = || draft.clone();
            page.small(Words::from(
                "Nothing is opened yet, and what you typed is kept.",
            ))
            .row(
                "panel",
                vec![
                    blocks::button(
                        "Open it all the same",
                        &Action::PanelStands { draft: draft() },
                    ),
                    blocks::primary("Change the panel", &Action::ChangePanel { draft: draft() }),
                ],
            )
        }
        Doubted::Admission { code, user } => {
            let admit = Action::Admit {
                code: code.clone(),
                user: user.clone(),
                anyway: true,
            };
            let panel = Action::Panel { code: code.clone() };
            page.small(Words::from("Nobody is added yet.")).row(
                "panel",
                vec![
                    blocks::button("Add them all the same", &admit),
                    blocks::button("Edit panel", &panel),
                ],
            )
        }
        Doubted::Panel { code, .. } => page.small(Words::from("Nothing is saved yet.")).row(
            "panel",
            vec![blocks::button(
                "Edit panel",
                &Action::Panel { code: code.clone() },
            )],
        ),
    }
}

/// The same name and role, already open.
pub(super) fn namesakes(draft: &DraftId, heads: &[Head]) -> Page {
    first_that_fits([15, 8, 4, 2], |most| those(draft, heads, most))
}

fn those(draft: &DraftId, heads: &[Head], most: usize) -> Page {
    let mut page = Page::new();
    if heads.is_empty() {
        page = page.say(Words::from(
            "Somebody of this name may be in an interview loop for this role already.",
        ));
    }
    for head in heads.iter().take(most) {
        let line = Words::new()
            .strong(text::fitting(head.candidate.as_str(), 300))
            .text(": ")
            .code(head.code.as_str())
            .text(", opened ")
            .day(head.opened_at)
            .text(" by ")
            .person(&head.opened_by)
            .text(":");
        page = page.say(line);
        if let Some(details) = details(head, head.public) {
            page = page.small(details);
        }
        let open = Action::ShowLoop {
            code: head.code.clone(),
        };
        page = page.row(
            &format!("loop:{}", head.code),
            vec![blocks::button("Open that one", &open)],
        );
    }
    if heads.len() > most {
        page = page.small(
            Words::from(format!("… and {} more: ", heads.len() - most)).code("/interview list"),
        );
    }
    let another = Action::AnotherPerson {
        draft: draft.clone(),
    };
    page.row("another", vec![blocks::button("Another person", &another)])
}
