//! What one person sees.

use super::picture;
use super::samples::{self, at, user};
use super::shows;
use crate::app::scene::{DebriefScene, LoopEntry, Scene};
use crate::domain::access::Offer;
use crate::domain::candidate::Note;
use crate::domain::event::{KitTab, RolesWhy};
use crate::domain::ids::{DraftId, KitVersion};
use crate::domain::interview_loop::{Head, Phase};
use crate::domain::kit::Section;
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::Rating;
use crate::domain::shelf::{Edition, Origin};
use crate::domain::words::Words;
use crate::slack::screens::{broke, draw, refused, said};

fn seen(scene: &Scene) -> String {
    picture::message(&draw(scene))
}

fn kit(tab: KitTab, pinned: bool, newer: bool) -> Scene {
    Scene::Kit {
        kit: samples::senior(),
        version: KitVersion::from(samples::VERSION),
        pinned,
        newer: newer.then(|| Edition {
            version: KitVersion::from("0123456789ab"),
            origin: Origin::Edited(super::samples::user("rita")),
            at: samples::at(0),
        }),
        edition: None,
        editable: false,
        opens: true,
        shareable: true,
        tab,
    }
}

#[test]
fn a_kit_is_read_part_by_part() {
    shows!("kit_overview", seen(&kit(KitTab::Overview, false, false)));
    shows!(
        "kit_technical",
        seen(&kit(KitTab::Questions(Section::Technical), false, false))
    );
    shows!("kit_look_for", seen(&kit(KitTab::LookFor, false, false)));
    shows!("kit_pitfalls", seen(&kit(KitTab::Pitfalls, true, false)));
    shows!(
        "kit_profile_pinned",
        seen(&kit(KitTab::Profile, true, true))
    );
}

fn scorecard(head: Head, begun: bool, section: Section) -> Scene {
    let kit = samples::senior();
    Scene::Scorecard {
        card: begun.then(|| samples::begun(&kit)),
        kit,
        head: Box::new(head),
        user: user("ada"),
        section,
        open: None,
    }
}

#[test]
fn a_scorecard_shows_the_last_click_in_words() {
    shows!(
        "scorecard_begun",
        seen(&scorecard(samples::head(), true, Section::Technical))
    );
}

#[test]
fn follow_ups_are_shown_under_the_buttons_of_their_question() {
    let mut scene = scorecard(samples::head(), true, Section::Technical);
    if let Scene::Scorecard { open, .. } = &mut scene {
        *open = Some("technical/2".into());
    }
    shows!("scorecard_opened", seen(&scene));
}

#[test]
fn a_scorecard_says_who_sees_it() {
    let foot = |head, begun| {
        let picture = seen(&scorecard(head, begun, Section::Screening));
        let end = picture
            .split("--- read aloud")
            .next()
            .unwrap_or_default()
            .trim_end()
            .lines()
            .last()
            .unwrap_or_default();
        end.to_owned()
    };
    let senior = samples::senior();
    let mut early = samples::revealed(&senior);
    early.panel[0].submitted_at = None;
    let feet = [
        foot(samples::head(), false),
        foot(samples::head(), true),
        foot(samples::submits(samples::head(), "ada"), true),
        foot(early, true),
        foot(samples::revealed(&senior), true),
    ];
    shows!("scorecard_feet", feet.join("\n"));
}

#[test]
fn more_offers_only_what_works() {
    let open = vec![
        Offer::Score,
        Offer::Progress,
        Offer::Nudge,
        Offer::Panel,
        Offer::Reveal,
        Offer::Rename,
        Offer::HandOver,
        Offer::Move,
        Offer::Withdraw,
    ];
    let more = |head, offers| {
        seen(&Scene::More {
            head: Box::new(head),
            offers,
        })
    };
    shows!(
        "more_open",
        more(
            samples::submits(samples::with_details(samples::head()), "ada"),
            open
        )
    );
    let closed = vec![
        Offer::Evidence,
        Offer::Progress,
        Offer::ChangeDecision,
        Offer::Reopen,
    ];
    shows!(
        "more_decided",
        more(samples::decided(&samples::senior()), closed)
    );
    shows!(
        "more_of_a_panellist",
        more(samples::head(), vec![Offer::Score, Offer::Recuse])
    );
    shows!(
        "more_bystander",
        more(samples::in_public(samples::head()), Vec::new())
    );
}

#[test]
fn progress_counts_marks_and_shows_none() {
    let counts = |marked| {
        Section::ALL
            .into_iter()
            .map(|section| (section, (marked, 5)))
            .collect()
    };
    let scene = Scene::Progress {
        head: Box::new(samples::submits(samples::head(), "ben")),
        rows: vec![(user("ada"), counts(3)), (user("ben"), counts(5))],
        offers: vec![Offer::Progress, Offer::Nudge, Offer::Panel, Offer::Reveal],
    };
    shows!("progress", seen(&scene));
    let mut head = samples::submits(samples::with_everybody(), "ben");
    head.panel[3].late = true;
    let rows = head.panel.iter();
    let rows = rows.map(|seat| (seat.user.clone(), counts(2))).collect();
    let scene = Scene::Progress {
        rows,
        head: Box::new(head),
        offers: vec![Offer::Progress, Offer::Panel],
    };
    shows!("progress_of_everybody", seen(&scene));
}

#[test]
fn a_debrief_starts_with_disagreement_and_tells_what_came_later() {
    let kit = samples::senior();
    let mut head = samples::revealed(&kit);
    let mut late = crate::domain::interview_loop::Seat::new(user("cid"));
    late.submitted_at = Some(at(70));
    late.late = true;
    head.panel.push(late);
    head.panel
        .push(crate::domain::interview_loop::Seat::new(user("dora")));
    let changed = samples::changed(
        samples::ben(&kit),
        "technical/1",
        Rating::Poor,
        Rating::Good,
    );
    let changed = samples::changed(changed, "screening/2", Rating::Poor, Rating::Mixed);
    let mut cid = samples::ada(&kit);
    cid.author = user("cid");
    let scene = DebriefScene {
        kit,
        head,
        later: vec![changed, cid],
    };
    shows!("debrief", seen(&Scene::Debrief(Box::new(scene))));
}

#[test]
fn lists_say_where_each_loop_stands() {
    let kit = samples::senior();
    let entry = |head: Head, owes| LoopEntry {
        scores: head.phase() != Phase::Withdrawn,
        head,
        owes,
    };
    let mut entries = vec![
        entry(samples::in_public(samples::head()), true),
        entry(samples::revealed(&kit), false),
        entry(samples::decided(&kit), false),
        entry(samples::withdrawn(), false),
    ];
    for (number, entry) in entries.iter_mut().enumerate() {
        entry.head.code = crate::domain::ids::LoopCode::from(format!("C-7F3{number}"));
    }
    let list = |mine, entries, more| {
        seen(&Scene::Loops {
            mine,
            entries,
            more,
        })
    };
    shows!("list_mine", list(true, entries.clone(), false));
    shows!("list_channel", list(false, entries, true));
    shows!("list_empty", list(true, Vec::new(), false));
}

#[test]
fn roles_are_offered_with_the_reason() {
    let roles = |why, number, draft: Option<&str>| {
        let roles = samples::real_kits()
            .iter()
            .take(number)
            .map(|kit| (kit.slug.clone(), kit.title.clone()))
            .collect();
        let draft = draft.map(DraftId::from);
        seen(&Scene::Roles { roles, why, draft })
    };
    let near = || RolesWhy::Near {
        word: Note::new("senior-backned"),
    };
    let all = [
        roles(RolesWhy::All, 4, None),
        roles(RolesWhy::Several, 4, Some("00ff")),
        roles(near(), 1, None),
        roles(near(), 0, None),
    ];
    shows!("roles", all.join("\n\n"));
}

#[test]
fn an_opening_asks_for_what_it_lacks() {
    let draft = || DraftId::from("00ff");
    let mut other = samples::with_details(samples::head());
    other.code = "C-9ZZZ".into();
    let scenes = [
        Scene::NamingQuestion {
            draft: draft(),
            initials: "J. D.".to_owned(),
        },
        Scene::ChannelQuestion { draft: draft() },
        Scene::Namesakes {
            draft: draft(),
            heads: vec![samples::head(), other],
        },
        Scene::Namesakes {
            draft: draft(),
            heads: Vec::new(),
        },
    ];
    shows!(
        "questions",
        scenes.iter().map(seen).collect::<Vec<_>>().join("\n\n")
    );
}

#[test]
fn help_fits_one_screen() {
    shows!("help", seen(&Scene::Help));
}

#[test]
fn a_loop_in_short_names_the_candidate_as_its_post_does() {
    let scene = |head, scores| {
        seen(&Scene::Loop {
            head: Box::new(head),
            scores,
        })
    };
    let both = [
        scene(samples::head(), true),
        scene(samples::in_public(samples::head()), false),
    ];
    shows!("loop_in_short", both.join("\n\n"));
}

#[test]
fn sentences_come_with_the_button_that_helps() {
    let all = [
        said(
            &Words::from("In. You will see the others at the reveal."),
            &[],
        ),
        refused(&Refusal::NotOnPanel {
            code: "C-7F3Q".into(),
        }),
        refused(&Refusal::UnknownRole),
        refused(&Refusal::OldButton),
        refused(&Refusal::NameMissing),
        broke(false, "K7-3F"),
        broke(true, "K7-3F"),
    ];
    shows!(
        "sentences",
        all.iter()
            .map(picture::message)
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}
