//! What an opening may still have to ask: initials or name, which channel, the same person or another. Roles to choose from are in `lists`.

use super::loop_post::details;
use super::page::{Page, first_that_fits};
use crate::domain::ids::DraftId;
use crate::domain::interview_loop::{Head, Naming};
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
