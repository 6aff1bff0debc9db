//! What people see, drawn from scenes: messages, modals, sentences. What may be shown to whom is decided before, in `app`; how it is sent, elsewhere at the edge.

mod board;
mod calibration;
mod columns;
mod debrief;
mod digest;
mod direct;
mod erasing;
mod exports;
pub mod form;
mod forms;
mod guide;
mod help;
mod home;
mod kit;
mod kits;
mod lists;
pub(super) mod looking_back;
mod loop_post;
mod more;
mod notes;
mod page;
mod panel;
mod plan;
mod question_form;
mod questions;
mod reminders;
mod scorecard;
mod settings;
mod submit;
mod time_form;
mod weight;

#[cfg(test)]
pub(super) mod tests;

pub use form::{Meta, field_errors, read_form};
pub use help::COMMANDS;
pub use home::{broke as home_broke, home};

use self::page::{PIECE, Page, cut};
use super::action::Action;
use super::blocks;
use crate::app::scene::{PostScene, Scene};
use crate::domain::ids::{ChannelId, KitSlug, LoopCode};
use crate::domain::interview_loop::Doubted;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use slack_morphism::prelude::*;
use url::Url;

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Everything that a notification or a screen reader needs: escaped, and short enough for `chat.update`.
    pub text: String,
    /// The same to look at and to click.
    pub blocks: Vec<SlackBlock>,
}

/// Draws what somebody asked to see as a message, for them alone. Scenes that are modals are drawn by [`draw_modal`].
#[must_use]
pub fn draw(scene: &Scene) -> Drawn {
    page(scene).drawn()
}

fn page(scene: &Scene) -> Page {
    match scene {
        Scene::Help => help::help(),
        Scene::Kit {
            kit,
            version,
            pinned,
            newer,
            edition,
            editable,
            opens,
            shareable,
            tab,
        } => {
            let shown = kit::Shown {
                kit,
                version,
                pinned: *pinned,
                newer: newer.as_ref(),
                edition: edition.as_ref(),
                editable: *editable,
                opens: *opens,
                shareable: *shareable,
            };
            kit::kit(&shown, *tab)
        }
        Scene::Kits {
            rows,
            administrator,
        } => kits::kits(rows, *administrator),
        Scene::Roles { roles, why, draft } => {
            let pick = |slug: &KitSlug| Action::PickRole {
                slug: slug.clone(),
                draft: draft.clone(),
            };
            let all = Action::ShowRoles {
                draft: draft.clone(),
            };
            lists::roles(roles, why, pick, &all)
        }
        Scene::Calibration(scene) => calibration::seen(scene),
        Scene::Stats(scene) => looking_back::stats(scene),
        Scene::StatsRoles { roles, why } => {
            let all = Action::ShowStats { slug: None };
            lists::roles(roles, why, looking_back::pick, &all)
        }
        Scene::Loops {
            mine,
            entries,
            more,
        } => lists::loops(*mine, entries, *more),
        Scene::Undecided {
            channel,
            entries,
            begins,
            next,
        } => digest::undecided(channel, entries, *begins, next.as_ref()),
        Scene::Digest(set) => digest::set(set),
        Scene::NamingQuestion { draft, initials } => questions::naming(draft, initials),
        Scene::ChannelQuestion { draft } => questions::channel(draft),
        Scene::Namesakes { draft, heads } => questions::namesakes(draft, heads),
        Scene::LastPanel {
            draft,
            panel,
            doubts,
        } => questions::last_panel(draft, panel, doubts),
        Scene::Doubtful { what, doubts, .. } => questions::doubtful(what, doubts),
        Scene::Scorecard {
            kit,
            head,
            card,
            user,
            section,
            open,
        } => scorecard::scorecard(&scorecard::Shown {
            kit,
            head,
            card: card.as_ref(),
            viewer: user,
            section: *section,
            open: open.as_ref(),
        }),
        Scene::Plan {
            kit,
            head,
            takes,
            assigns,
        } => plan::plan(kit, head, *takes, *assigns),
        Scene::More { head, offers } => more::menu(head, offers),
        Scene::Progress { head, rows, offers } => more::progress(head, rows, offers),
        Scene::Debrief(scene) => debrief::debrief(scene, scene.head.candidate.as_str()),
        Scene::Exports { head, sight } => exports::offered(head, *sight),
        Scene::Loop { head, scores } => loop_post::in_short(head, *scores),
        Scene::RoleForm { .. }
        | Scene::SettingsForm { .. }
        | Scene::ZoneForm { .. }
        | Scene::StartForm(_)
        | Scene::EvidenceForm { .. }
        | Scene::PasteForm { .. }
        | Scene::Pasted { .. }
        | Scene::SubmitForm { .. }
        | Scene::PanelForm(_)
        | Scene::TakeForm { .. }
        | Scene::AssignForm { .. }
        | Scene::DecideForm(_)
        | Scene::RenameForm(_)
        | Scene::HandOverForm(_)
        | Scene::WithdrawForm(_)
        | Scene::MoveForm(_)
        | Scene::HoldForm(_)
        | Scene::EraseForm(_)
        | Scene::TimeForm(_)
        | Scene::EvidenceBoard { .. }
        | Scene::QuestionForm(_)
        | Scene::GuideForm { .. }
        | Scene::DigestForm(_)
        | Scene::Guide(_)
        | Scene::Export(_)
        | Scene::ByQuestion { .. } => Page::new().say(Words::from(
            "This opens in a window of its own. Please click the button again.",
        )),
    }
}

/// Draws what somebody asked to see as a modal; `None` for scenes that are messages.
#[must_use]
pub fn draw_modal(scene: &Scene) -> Option<SlackView> {
    Some(match scene {
        Scene::RoleForm { roles } => forms::role(roles),
        Scene::StartForm(scene) => forms::start(scene),
        Scene::Doubtful {
            what: Doubted::Panel { panel, .. },
            doubts,
            head: Some(head),
        } => panel::doubtful(head, panel, doubts),
        Scene::SettingsForm {
            settings,
            drawn_from,
        } => settings::workspace(settings, *drawn_from),
        Scene::ZoneForm { chosen, told } => settings::zone(chosen.as_deref(), told.as_deref()),
        Scene::EvidenceForm {
            head,
            kit,
            question,
            note,
        } => forms::evidence(head, kit, question, note),
        Scene::PasteForm { head, section } => notes::paste(head, *section),
        Scene::Pasted {
            head,
            kit,
            draft,
            filings,
            unknown,
        } => notes::pasted(&notes::Shown {
            head,
            kit,
            draft,
            filings,
            unknown,
        }),
        Scene::SubmitForm { kit, head, card } => submit::submit(kit, head, card.as_ref()),
        Scene::QuestionForm(scene) => question_form::form(scene),
        Scene::DigestForm(scene) => digest::form(scene),
        Scene::GuideForm { channel } => guide::form(channel.as_ref()),
        Scene::Guide(scene) => guide::report(scene),
        Scene::PanelForm(head) => panel::panel(head),
        Scene::TakeForm { kit, head, user } => plan::take(kit, head, user),
        Scene::AssignForm { kit, head } => plan::assign(kit, head),
        Scene::DecideForm(head) => forms::decide(head),
        Scene::RenameForm(head) => forms::rename(head),
        Scene::HandOverForm(head) => forms::hand_over(head),
        Scene::WithdrawForm(head) => forms::withdraw(head),
        Scene::MoveForm(head) => forms::move_it(head),
        Scene::HoldForm(head) => erasing::hold(head),
        Scene::EraseForm(head) => erasing::erase(head),
        Scene::TimeForm(scene) => time_form::form(scene),
        Scene::EvidenceBoard {
            kit,
            head,
            cards,
            shadows,
        } => shows(
            "Evidence",
            &Meta::of_loop(head),
            board::evidence(kit, head, cards, shadows),
        ),
        Scene::ByQuestion { kit, head, leads } => shows(
            "By question",
            &Meta::of_loop(head),
            board::questions(kit, head, *leads),
        ),
        _ => return None,
    })
}

/// The name of windows: modals that show what is shown as a message elsewhere.
pub const WINDOW: &str = "window.v1";

/// Draws what somebody asked to see as a modal: a form, or a window.
#[must_use]
pub fn draw_view(scene: &Scene) -> SlackView {
    draw_modal(scene).unwrap_or_else(|| window(title(scene), &draw(scene)))
}

/// A message in a window, for where there are no messages.
#[must_use]
pub fn window(title: &str, drawn: &Drawn) -> SlackView {
    let meta = Meta::default().to_json();
    blocks::modal(title, WINDOW, meta, None, drawn.blocks.clone())
}

/// The title of what is shown as a message, where it is shown in a window.
#[must_use]
pub fn title(scene: &Scene) -> &'static str {
    match scene {
        Scene::Help => "Help",
        Scene::Kit { .. } => "Interview kit",
        Scene::Kits { .. } => "Interview kits",
        Scene::Roles { .. } => "Roles",
        Scene::Calibration(_) => "Calibration",
        Scene::Loops { mine: true, .. } => "Yours",
        Scene::Loops { .. } | Scene::Undecided { .. } => "Interview loops",
        Scene::Digest(_) => "Daily digest",
        Scene::Stats(_) | Scene::StatsRoles { .. } => "Looking back",
        Scene::Plan { .. } => "Panel plan",
        Scene::Scorecard { .. } => "Scorecard",
        Scene::Progress { .. } => "Progress",
        Scene::Debrief(_) => "Debrief",
        Scene::Exports { .. } => "Export",
        Scene::NamingQuestion { .. }
        | Scene::ChannelQuestion { .. }
        | Scene::LastPanel { .. }
        | Scene::Doubtful { .. }
        | Scene::Namesakes { .. } => "One more question",
        _ => "Interview loop",
    }
}

/// Draws a message to a channel or to one person.
#[must_use]
pub fn draw_post(scene: &PostScene) -> Drawn {
    draw_linked(scene, None)
}

/// The same with links into the workspace, which Slack shows under this URL.
#[must_use]
pub fn draw_linked(scene: &PostScene, home: Option<&Url>) -> Drawn {
    match scene {
        PostScene::Loop(head) => loop_post::post(head),
        PostScene::Debrief(scene) => debrief::debrief(scene, &scene.head.public_name()),
        PostScene::DebriefReady(head) => debrief::ready(head),
        PostScene::Decision { head, public } => loop_post::decision(head, *public),
        PostScene::Invitation { head, user, part } => direct::invitation(head, user, part),
        PostScene::Nudge(head) => direct::nudge(head),
        PostScene::JoinRequest { head, user } => direct::join_request(head, user),
        PostScene::Recused { head, user } => direct::recused(head, user),
        PostScene::Trouble { head, trouble } => direct::trouble(head, *trouble),
        PostScene::Handed(head) => direct::handed(head),
        PostScene::Reminders(scene) => reminders::reminders(scene),
        PostScene::Briefing(scene) => direct::briefing(scene),
        PostScene::Replanned { head, user } => direct::replanned(head, user),
        PostScene::Erased(erased) => erasing::receipt(erased),
        PostScene::KitDiffers(scene) => kits::differs(scene),
        PostScene::Calibration(post) => calibration::post(post),
        PostScene::Digest(scene) => digest::digest(scene, home),
        PostScene::DigestPaused(scene) => digest::paused(scene),
        PostScene::SharedKit { kit, version, by } => kit::shared(kit, version, by),
    }
    .drawn()
}

/// A sentence, with buttons that help.
#[must_use]
pub fn said(words: &Words, buttons: &[(&str, Action)]) -> Drawn {
    let row = buttons
        .iter()
        .map(|(label, action)| blocks::button(label, action))
        .collect();
    Page::new()
        .say(cut(words.clone(), PIECE))
        .row("said", row)
        .drawn()
}

/// A polite no, with the button that helps.
#[must_use]
pub fn refused(refusal: &Refusal) -> Drawn {
    let button = match refusal {
        Refusal::NotOnPanel { code } => Some(("Ask to join", Action::Join { code: code.clone() })),
        Refusal::UnknownRole => Some(("All roles", Action::ShowRoles { draft: None })),
        Refusal::NoDigest => Some(("Set up a digest", Action::ChangeDigest)),
        Refusal::OldButton | Refusal::NoLoopHere => Some(("My scorecards", Action::ShowMine)),
        _ => None,
    };
    said(&refusal.words(), button.as_slice())
}

/// A fault of ours: whether the change may have been saved, and what to quote.
#[must_use]
pub fn broke(maybe_saved: bool, code: &str) -> Drawn {
    said(&broken(maybe_saved, code), &[])
}

/// More comes in at once than is taken.
#[must_use]
pub fn busy() -> Words {
    Words::from("Busy: too much is coming in at once, so what you just did was ")
        .strong("not")
        .text(" saved. Please try again in a moment.")
}

/// The same on top of the form that was submitted.
#[must_use]
pub fn broke_modal(maybe_saved: bool, code: &str) -> SlackView {
    notice_modal("Something broke", &broken(maybe_saved, code))
}

fn broken(maybe_saved: bool, code: &str) -> Words {
    let words = Words::from("Something broke on our side; ");
    let words = if maybe_saved {
        words.text("your change may not have been saved: look before you do it again.")
    } else {
        words.text("your change was ").strong("not").text(" saved.")
    };
    words.text(" Quote ").code(code).text(".")
}

/// What an older copy of a calibration's post turns into.
#[must_use]
pub fn retired_calibration() -> Drawn {
    let words = Words::from(
        "This is an older copy of a calibration. The present one is in this channel, and your click counts there.",
    );
    said(&words, &[])
}

/// What an older copy of a loop's post turns into.
#[must_use]
pub fn retired(code: &LoopCode, channel: &ChannelId) -> Drawn {
    let words = Words::from("This is an older copy of the post of ")
        .code(code.as_str())
        .text(". The present one is in ")
        .channel(channel)
        .text(".");
    said(&words, &[])
}

/// A modal that only says something.
#[must_use]
pub fn notice_modal(title: &str, words: &Words) -> SlackView {
    shows(
        title,
        &Meta::default(),
        Page::new().say(cut(words.clone(), PIECE)).blocks(),
    )
}

/// The same modal under a name, by which it is reached later; closing it may close those below as well.
pub(super) fn named(view: SlackView, name: &str, closes_all: bool) -> SlackView {
    match view {
        SlackView::Modal(modal) => SlackView::Modal(
            modal
                .with_external_id(name.to_owned())
                .with_clear_on_close(closes_all),
        ),
        home @ SlackView::Home(_) => home,
    }
}

/// A modal on top of a form for as long as Slack is asked who people are; by its name it is told the end of it.
#[must_use]
pub fn waiting_modal(name: &str) -> SlackView {
    let words = Words::from(
        "One moment… Slack is being asked who may do this. If this stays, close it and submit again.",
    );
    named(notice_modal("One moment…", &words), name, false)
}

/// The end of what a form waited for. If it is `done`, closing this closes the form below as well; else the form is still
/// there, with what was typed into it.
#[must_use]
pub fn waited_modal(name: &str, words: &Words, done: bool) -> SlackView {
    let title = if done { "Done" } else { "Not yet" };
    named(notice_modal(title, words), name, done)
}

fn shows(title: &str, meta: &Meta, blocks: Vec<SlackBlock>) -> SlackView {
    blocks::modal(title, "show.v1", meta.to_json(), None, blocks)
}
