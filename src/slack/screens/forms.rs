//! The small forms: opening a loop, a note, the decision, and what else a loop's owner changes. The one that submits is in `submit`; what comes back is read in `form`.

use super::form::{self, Meta, field};
use super::page::Page;
use super::questions::channel_menu;
use crate::app::scene::StartScene;
use crate::domain::candidate::{LONGEST_NOTE, Note};
use crate::domain::ids::{KitSlug, QuestionId};
use crate::domain::interview_loop::{Head, Naming, Verdict, named};
use crate::domain::kit::Kit;
use crate::domain::settings::NamingRule;
use crate::domain::words::Words;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// The longest name the box takes: more than a name may have, so that the refusal can say so.
const NAME_BOX: u64 = 500;
/// The most options of a menu, and of each of its groups; as many groups may be.
const OPTIONS: usize = 100;
/// The longest requisition.
const SHORT_BOX: u64 = 200;

fn note_box(name: &str, initial: &Note, multiline: bool) -> SlackBlockPlainTextInputElement {
    blocks::text_box(name, initial.as_str(), multiline, LONGEST_NOTE as u64)
}

fn radio(name: &str, options: &[(&str, &str)]) -> SlackBlockRadioButtonsElement {
    let options = options
        .iter()
        .map(|(label, value)| blocks::option::<SlackBlockText>(label, value))
        .collect();
    SlackBlockRadioButtonsElement::new(options).with_action_id(name.to_owned().into())
}

/// A form about one loop, with the candidate named on top.
pub(super) fn about(head: &Head) -> Page {
    Page::new().say(super::loop_post::who(head, head.candidate.as_str()))
}

pub(super) fn of_loop(
    title: &str,
    callback: &str,
    head: &Head,
    submit: &str,
    page: Page,
) -> SlackView {
    blocks::modal(
        title,
        callback,
        Meta::of_loop(head).to_json(),
        Some(submit),
        page.blocks(),
    )
}

/// A menu of roles, at least one.
pub(super) fn role_menu(
    action_id: &str,
    roles: &[(KitSlug, String)],
) -> SlackBlockStaticSelectElement {
    let menu = SlackBlockStaticSelectElement::new()
        .with_action_id(action_id.to_owned().into())
        .with_placeholder(blocks::plain("Choose a role"));
    let option = |(slug, title): &(KitSlug, String)| {
        blocks::option::<SlackBlockPlainTextOnly>(title, slug.as_str())
    };
    if roles.len() <= OPTIONS {
        return menu.with_options(roles.iter().map(option).collect());
    }
    let group = |some: &[(KitSlug, String)]| {
        let ends = [some.first(), some.last()].map(|end| end.map_or("", |(slug, _)| slug.as_str()));
        let label = ends.map(|slug| text::fitting(slug, 30)).join(" to ");
        SlackBlockOptionGroup::new(blocks::plain(label), some.iter().map(option).collect())
    };
    menu.with_option_groups(roles.chunks(OPTIONS).take(OPTIONS).map(group).collect())
}

/// Asks for the role.
pub(super) fn role(roles: &[(KitSlug, String)]) -> SlackView {
    let menu = role_menu(field::ROLE, roles);
    let page = Page::new().block(blocks::input(
        field::ROLE,
        "Role",
        "Its interview kit says what to ask, and what each rating sounds like.",
        false,
        menu,
    ));
    let meta = Meta::default().to_json();
    blocks::modal(
        "Start an interview",
        form::ROLE,
        meta,
        Some("Next"),
        page.blocks(),
    )
}

/// Opens a loop.
pub(super) fn start(scene: &StartScene) -> SlackView {
    let StartScene { kit, filled, .. } = scene;
    let menu = channel_menu(field::CHANNEL);
    let menu = match &filled.channel {
        Some(channel) => menu.with_initial_conversation(channel.as_str().to_owned().into()),
        None => menu,
    };
    let mut page = Page::new()
        .say(Words::new().strong(&*kit.title))
        .block(blocks::input(
            field::NAME,
            "Candidate's name",
            "",
            false,
            blocks::text_box(field::NAME, filled.candidate.as_str(), false, NAME_BOX),
        ));
    let hint = if filled.offered.is_empty() {
        "Who interviews. If nobody is named, anybody in the channel can join by scoring."
    } else {
        "Who interviewed last time. If nobody is named, anybody in the channel can join by scoring."
    };
    let panel = named(&filled.panel, &filled.shadows, &filled.observers).unwrap_or_default();
    page = super::panel::menus(page, &panel, hint, true).block(blocks::input(
        field::CHANNEL,
        "Channel",
        "The candidate's post and thread go there.",
        false,
        menu,
    ));
    if scene.public && scene.naming == NamingRule::Initials {
        page = page.small(Words::from(
            "Everybody in that channel can see the post, so it has the initials only.",
        ));
    } else if scene.public {
        let options = [
            ("Use initials", form::INITIALS),
            ("Use the name", form::WHOLE_NAME),
        ];
        let label = "Everybody there can see this post";
        page = page.block(blocks::input(
            field::NAMING,
            label,
            "",
            false,
            radio(field::NAMING, &options),
        ));
    }
    let minutes = scene.minutes.unwrap_or(kit.minutes);
    let page = super::time_form::fields(page, &scene.zone, scene.planned, minutes, true);
    let page = page
        .block(blocks::input(
            field::REQUISITION,
            "Requisition",
            "Which opening of yours this is for.",
            true,
            blocks::text_box(
                field::REQUISITION,
                filled.requisition.as_str(),
                false,
                SHORT_BOX,
            ),
        ))
        .block(blocks::input(
            field::NOTE,
            "Note",
            "What tells namesakes apart.",
            true,
            note_box(field::NOTE, &filled.note, false),
        ))
        .block(blocks::input(
            field::CV,
            "Link to the CV",
            "It begins with https://.",
            true,
            note_box(field::CV, &filled.cv, false),
        ));
    let meta = Meta {
        slug: Some(kit.slug.clone()),
        channel: filled.channel.clone(),
        draft: scene.draft.clone(),
        zone: Some(scene.zone.clone()),
        ..Meta::default()
    };
    blocks::modal(
        "Start a candidate",
        form::START,
        meta.to_json(),
        Some("Start"),
        page.blocks(),
    )
}

/// A note under a question.
pub(super) fn evidence(head: &Head, kit: &Kit, question: &QuestionId, note: &str) -> SlackView {
    let asked = kit.question(question);
    let mut page = about(head);
    if let Some(asked) = asked {
        page = page.say(
            Words::new()
                .strong(format!("{} {}", asked.section, asked.number()))
                .text(format!(": {}", text::fitting(&asked.ask, 1000))),
        );
    }
    let page = page
        .block(blocks::input(
            field::EVIDENCE,
            "What did you hear?",
            "The answer, not your opinion of it. Leave it empty to take the note back.",
            true,
            blocks::text_box(field::EVIDENCE, note, true, LONGEST_NOTE as u64),
        ))
        .small(Words::from(
            "A candidate may be entitled to read what you write here.",
        ));
    let meta = Meta {
        question: Some(question.clone()),
        ..Meta::of_loop(head)
    };
    blocks::modal(
        "Evidence",
        form::EVIDENCE,
        meta.to_json(),
        Some("Save"),
        page.blocks(),
    )
}

/// Hire, hold or reject.
pub(super) fn decide(head: &Head) -> SlackView {
    let mut page = about(head);
    if let Some(decision) = &head.decision {
        page = page.say(
            Words::from("Decided: ")
                .strong(decision.verdict.to_string())
                .text(" by ")
                .person(&decision.by)
                .text(" on ")
                .day(decision.at)
                .text(". What you choose now takes its place; the old one stays on record."),
        );
    }
    if head.owing().next().is_some() {
        page = page.say(
            Words::from("Still owed by ")
                .people(head.owing())
                .text(". A late scorecard is kept and marked late."),
        );
    }
    let names: Vec<(String, &str)> = Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict.to_string(), verdict.slug()))
        .collect();
    let options: Vec<(&str, &str)> = names
        .iter()
        .map(|(name, slug)| (name.as_str(), *slug))
        .collect();
    let page = page
        .block(blocks::input(
            field::VERDICT,
            "Decision",
            "",
            false,
            radio(field::VERDICT, &options),
        ))
        .block(blocks::input(
            field::REASON,
            "Reason",
            "In your own words. Nothing is sent to the candidate.",
            false,
            note_box(field::REASON, &Note::default(), true),
        ))
        .small(Words::from(
            "A candidate may be entitled to read what you write here.",
        ));
    of_loop("Decide", form::DECIDE, head, "Decide", page)
}

/// Another name.
pub(super) fn rename(head: &Head) -> SlackView {
    let page = about(head)
        .block(blocks::input(
            field::NAME,
            "Candidate's name",
            "",
            false,
            blocks::text_box(
                field::NAME,
                head.candidate.as_str(),
                false,
                NAME_BOX.max(text::units(head.candidate.as_str()) as u64),
            ),
        ))
        .block(blocks::input(
            field::NOTE,
            "Note",
            "What tells namesakes apart.",
            true,
            note_box(field::NOTE, &head.note, false),
        ));
    of_loop("Rename", form::RENAME, head, "Save", page)
}

/// Another owner.
pub(super) fn hand_over(head: &Head) -> SlackView {
    let menu = SlackBlockUsersSelectElement::new()
        .with_action_id(field::OWNER.to_owned().into())
        .with_placeholder(blocks::plain("Choose a person"));
    let page = about(head)
        .say(
            Words::from("Owned by ")
                .person(&head.owner)
                .text(" until now."),
        )
        .block(blocks::input(
            field::OWNER,
            "New owner",
            "They get a message.",
            false,
            menu,
        ));
    of_loop("Hand over", form::HAND_OVER, head, "Hand over", page)
}

/// Stop without a decision.
pub(super) fn withdraw(head: &Head) -> SlackView {
    let page = about(head)
        .say(Words::from("The loop stops without a decision. What was scored is kept, and the loop can be reopened."))
        .block(blocks::input(field::REASON, "Reason", "In your own words.", true, note_box(field::REASON, &Note::default(), true)));
    of_loop("Withdraw", form::WITHDRAW, head, "Withdraw", page)
}

/// Another channel.
pub(super) fn move_it(head: &Head) -> SlackView {
    let page = about(head)
        .say(
            Words::from("It posts to ")
                .channel(&head.channel)
                .text(" until now. A new post and thread begin in the channel you choose."),
        )
        .block(blocks::input(
            field::CHANNEL,
            "Channel",
            "One that I am in.",
            false,
            channel_menu(field::CHANNEL),
        ));
    of_loop("Move", form::MOVE, head, "Move", page)
}

/// What stands in the form for how a public post names the candidate.
pub(super) fn naming_of(value: &str) -> Option<Naming> {
    match value {
        form::INITIALS => Some(Naming::Initials),
        form::WHOLE_NAME => Some(Naming::Name),
        _ => None,
    }
}
