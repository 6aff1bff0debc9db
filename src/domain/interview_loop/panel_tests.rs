//! Interviewers, shadows, observers and the excused: who counts, who owes, and what that reveals.

use super::tests::{at, does, opened, panel_of, rate, refuses, submission};
use super::*;
use crate::domain::access::{Offer, offers};
use crate::domain::event::{Audited, Screen};
use crate::domain::refusal::Refusal;
use crate::domain::samples::actor;
use crate::domain::scorecard::{Rating, Recommendation};

fn with_panel(users: &[&str], shadows: &[&str], observers: &[&str]) -> InterviewLoop {
    let deed = panel_of(users, shadows, observers);
    does(opened(&users[..1]), "rita", &deed, 1).state
}

fn submits(state: InterviewLoop, user: &str, second: i64) -> Outcome {
    does(state, user, &submission(Recommendation::Yes), second)
}

fn names<'a>(users: impl Iterator<Item = &'a UserId>) -> Vec<&'a str> {
    users.map(UserId::as_str).collect()
}

#[test]
fn a_shadow_scores_like_everybody_and_counts_nowhere() {
    let state = with_panel(&["ada", "ben"], &["cid"], &[]);
    assert_eq!((state.head.submitted(), state.head.expected()), (0, 2));
    assert_eq!(names(state.head.owing()), ["ada", "ben", "cid"]);
    assert_eq!(names(state.head.awaited()), ["ada", "ben"]);
    let state = submits(state, "cid", 2).state;
    assert_eq!((state.head.submitted(), state.head.expected()), (0, 2));
    assert_eq!(
        refuses(&state, "rita", &Deed::Reveal),
        Refusal::NothingToReveal
    );
    let state = submits(state, "ada", 3).state;
    assert_eq!(state.head.phase(), Phase::Open);
    let head = submits(state, "ben", 4).state.head;
    let reveal = head.reveal.expect("the last interviewer is in");
    assert_eq!(
        names(reveal.snapshot.iter().map(|card| &card.author)),
        ["ada", "ben"]
    );
    assert_eq!(
        names(reveal.shadows.iter().map(|card| &card.author)),
        ["cid"]
    );
}

#[test]
fn a_reveal_waits_for_no_shadow_and_no_observer() {
    let state = with_panel(&["ada"], &["cid"], &["dora"]);
    let state = submits(state, "ada", 2).state;
    assert_eq!(state.head.phase(), Phase::Revealed);
    let late = submits(state, "cid", 3);
    let seat = late.state.head.seat(&UserId::from("cid")).expect("a seat");
    assert!(seat.late);
    let debrief = Post::Debrief(LoopCode::from("C-0001"));
    assert!(!late.posts.contains(&debrief), "the figures know no shadow");
    let changed = does(late.state, "cid", &rate("technical/1", Rating::Good), 4);
    assert!(changed.posts.is_empty(), "{:?}", changed.posts);
}

#[test]
fn an_observer_has_no_scorecard() {
    let state = with_panel(&["ada"], &[], &["dora"]);
    assert_eq!(names(state.head.owing()), ["ada"]);
    let deed = rate("technical/1", Rating::Good);
    assert_eq!(refuses(&state, "dora", &deed), Refusal::Observes);
    assert_eq!(
        refuses(&state, "dora", &submission(Recommendation::No)),
        Refusal::Observes
    );
    assert_eq!(offers(&actor("dora"), &state.head), [Offer::Export]);
    assert!(actor("dora").knows(&state.head));
}

#[test]
fn recusing_the_last_who_owes_reveals_if_one_is_in() {
    let state = opened(&["ada", "ben"]);
    let alone = does(state.clone(), "ben", &Deed::Recuse, 1).state;
    assert_eq!(alone.head.phase(), Phase::Open, "nobody is in");
    let state = submits(state, "ada", 1).state;
    let outcome = does(state, "ben", &Deed::Recuse, 2);
    assert_eq!(outcome.state.head.phase(), Phase::Revealed);
    let told = Post::Recused {
        code: LoopCode::from("C-0001"),
        user: UserId::from("ben"),
    };
    assert!(outcome.posts.contains(&told));
    assert_eq!(outcome.audit[0].what, Audited::Recused);
    assert_eq!(outcome.state.head.expected(), 1);
}

#[test]
fn a_scorecard_that_is_in_is_kept_and_does_not_count_once_its_author_is_recused() {
    let state = submits(opened(&["ada", "ben"]), "ben", 1).state;
    let state = does(state, "ben", &Deed::Recuse, 2).state;
    assert_eq!((state.head.submitted(), state.head.expected()), (0, 1));
    assert!(state.cards.contains_key(&UserId::from("ben")));
    let deed = rate("technical/1", Rating::Good);
    assert_eq!(refuses(&state, "ben", &deed), Refusal::Recused);
    assert_eq!(
        refuses(&state, "ben", &Deed::Recuse),
        Refusal::ExcusedAlready
    );
    let state = submits(state, "ada", 3).state;
    let reveal = state.head.reveal.as_ref().expect("nobody else owes");
    assert_eq!(
        names(reveal.snapshot.iter().map(|card| &card.author)),
        ["ada"]
    );
    assert!(!actor("ben").reads_evidence(&state.head));
    assert_eq!(offers(&actor("ben"), &state.head), []);
}

#[test]
fn whoever_leads_the_loop_and_is_recused_leads_it_no_more() {
    let mut olga = actor("olga");
    olga.administrator = true;
    let state = opened(&["ada", "olga"]);
    assert!(olga.leads(&state.head));
    let state = does(state, "olga", &Deed::Recuse, 1).state;
    assert!(!olga.leads(&state.head));
    let hand = Deed::HandOver {
        to: UserId::from("olga"),
    };
    assert!(matches!(
        refuses(&state, "rita", &hand),
        Refusal::RecusedCannotOwn { .. }
    ));
    let own = opened(&["rita", "ada"]);
    assert_eq!(
        refuses(&own, "rita", &Deed::Recuse),
        Refusal::OwnerCannotRecuse
    );
    assert!(!offers(&actor("rita"), &own.head).contains(&Offer::Recuse));
    assert!(offers(&actor("ada"), &own.head).contains(&Offer::Recuse));
}

#[test]
fn after_the_reveal_nobody_recuses_themself() {
    let state = submits(opened(&["ada", "ben"]), "ada", 1).state;
    let state = does(state, "rita", &Deed::Reveal, 2).state;
    for user in ["ada", "ben"] {
        assert_eq!(
            refuses(&state, user, &Deed::Recuse),
            Refusal::TooLateToRecuse
        );
    }
    assert!(!offers(&actor("ada"), &state.head).contains(&Offer::Recuse));
    assert!(matches!(
        refuses(&state, "cid", &Deed::Recuse),
        Refusal::NotOnPanel { .. }
    ));
}

#[test]
fn whoever_was_not_there_owes_nothing_and_keeps_the_debrief() {
    let state = submits(opened(&["ada", "ben", "cid"]), "ada", 1).state;
    assert_eq!(
        refuses(&state, "ada", &Deed::DidNotAttend),
        Refusal::AttendedAlready
    );
    let state = does(state, "ben", &Deed::DidNotAttend, 2).state;
    assert_eq!(
        refuses(&state, "ben", &Deed::DidNotAttend),
        Refusal::ExcusedAlready
    );
    assert_eq!(names(state.head.owing()), ["cid"]);
    let outcome = does(state, "cid", &Deed::DidNotAttend, 3);
    assert_eq!(outcome.state.head.phase(), Phase::Revealed);
    assert!(!outcome.state.head.has_recused());
    assert!(actor("ben").knows(&outcome.state.head));
    let code = outcome.state.code();
    assert_eq!(
        outcome.posts,
        [Post::Loop(code.clone()), Post::Debrief(code)]
    );
    let deed = rate("technical/1", Rating::Good);
    assert_eq!(refuses(&outcome.state, "ben", &deed), Refusal::Absent);
}

#[test]
fn the_owner_puts_back_who_was_excused_and_nobody_else_does() {
    let state = submits(opened(&["ada", "ben", "cid"]), "ben", 1).state;
    let state = does(state, "ben", &Deed::Recuse, 2).state;
    let state = does(state, "cid", &Deed::DidNotAttend, 3).state;
    // Left out of the form they stay as they are: excused.
    let same = does(state.clone(), "rita", &panel_of(&["ada"], &[], &[]), 4).state;
    assert_eq!(same.head.panel.len(), 3);
    assert_eq!(same.head.expected(), 1);
    let outcome = does(state, "rita", &panel_of(&["ada", "ben"], &["cid"], &[]), 4);
    assert_eq!(
        (
            outcome.state.head.submitted(),
            outcome.state.head.expected()
        ),
        (1, 2)
    );
    let what: Vec<Audited> = outcome
        .audit
        .iter()
        .map(|entry| entry.what.clone())
        .collect();
    let (ben, cid) = (UserId::from("ben"), UserId::from("cid"));
    assert_eq!(
        what,
        [
            Audited::RolesSet(vec![(cid.clone(), SeatRole::Shadow)]),
            Audited::PutBack(vec![ben, cid]),
        ]
    );
}

#[test]
fn whoever_is_put_back_after_the_reveal_is_late() {
    let state = submits(opened(&["ada", "ben"]), "ben", 1).state;
    let state = does(state, "ben", &Deed::Recuse, 2).state;
    let state = submits(state, "ada", 3).state;
    let outcome = does(state, "rita", &panel_of(&["ada", "ben"], &[], &[]), 4);
    let seat = outcome
        .state
        .head
        .seat(&UserId::from("ben"))
        .expect("a seat");
    assert!(seat.late && seat.counts());
    let reveal = outcome.state.head.reveal.expect("it was revealed");
    assert_eq!(
        names(reveal.snapshot.iter().map(|card| &card.author)),
        ["ada"]
    );
}

#[test]
fn what_somebody_is_there_for_stays_once_they_are_in() {
    let state = submits(with_panel(&["ada", "ben"], &["cid"], &[]), "ada", 2).state;
    let state = submits(state, "cid", 3).state;
    let ada = vec![UserId::from("ada")];
    assert_eq!(
        refuses(&state, "rita", &panel_of(&["ben"], &["ada", "cid"], &[])),
        Refusal::SubmittedKeepRole { users: ada.clone() }
    );
    assert_eq!(
        refuses(&state, "rita", &panel_of(&["ben", "cid"], &[], &["ada"])),
        Refusal::SubmittedKeepRole {
            users: vec![UserId::from("ada"), UserId::from("cid")]
        }
    );
    assert_eq!(
        refuses(&state, "rita", &panel_of(&["ben"], &["cid"], &[])),
        Refusal::SubmittedStay { users: ada }
    );
    let moved = does(state, "rita", &panel_of(&["ada"], &["cid"], &["ben"]), 4);
    assert_eq!(
        moved.state.head.phase(),
        Phase::Revealed,
        "nobody owes any more"
    );
}

#[test]
fn a_panel_names_an_interviewer_and_everybody_once() {
    let state = opened(&["ada"]);
    assert_eq!(
        refuses(&state, "rita", &panel_of(&[], &["ada"], &[])),
        Refusal::PanelEmpty
    );
    assert_eq!(
        refuses(&state, "rita", &panel_of(&["ada", "ada"], &["ada"], &[])),
        Refusal::TwoRoles {
            user: UserId::from("ada"),
            role: SeatRole::Shadow
        }
    );
    let outcome = does(
        state,
        "rita",
        &panel_of(&["ben", "ada"], &["cid"], &["dora", "eve"]),
        1,
    );
    let Reply::Said(said) = outcome.reply else {
        panic!("{:?}", outcome.reply)
    };
    let said = format!("{said:?}");
    assert!(
        said.contains("The panel has 2 interviewers, 1 shadow and 2 observers now."),
        "{said}"
    );
}

#[test]
fn nudges_reach_shadows_and_nobody_who_is_excused() {
    let state = with_panel(&["ada", "ben"], &["cid"], &["dora"]);
    let state = does(state, "ben", &Deed::DidNotAttend, 2).state;
    let nudged = does(state, "rita", &Deed::Nudge, 3);
    let to: Vec<&UserId> = nudged
        .posts
        .iter()
        .filter_map(|post| match post {
            Post::Nudge { user, .. } => Some(user),
            _ => None,
        })
        .collect();
    assert_eq!(names(to.into_iter()), ["ada", "cid"]);
    assert_eq!(nudged.audit[0].at, at(3));
}

/// The question that a deed comes to, with everything left as it was.
fn asks(state: &InterviewLoop, deed: &Deed) -> Option<(Doubted, Doubts)> {
    let outcome = does(state.clone(), "rita", deed, 9);
    let Reply::Show(Screen::Doubtful { what, doubts }) = outcome.reply else {
        return None;
    };
    assert_eq!(outcome.state.head, state.head, "nothing is changed");
    assert!(!outcome.head_changed && outcome.posts.is_empty() && outcome.audit.is_empty());
    Some((what, doubts))
}

fn anyway(deed: Deed) -> Deed {
    match deed {
        Deed::SetPanel {
            users,
            shadows,
            observers,
            namesakes,
            ..
        } => Deed::SetPanel {
            users,
            shadows,
            observers,
            namesakes,
            anyway: true,
        },
        deed => deed,
    }
}

#[test]
fn a_fifth_interviewer_gives_pause_until_it_is_meant_and_others_do_not() {
    let four = ["ada", "ben", "cid", "dee"];
    let five = ["ada", "ben", "cid", "dee", "eve"];
    let state = with_panel(&["ada"], &[], &[]);
    assert_eq!(
        asks(&state, &panel_of(&four, &["eve"], &["fay", "gil"])),
        None
    );
    let (what, doubts) = asks(&state, &panel_of(&five, &["fay"], &[])).expect("it gives pause");
    assert_eq!(doubts.interviewers, Some(5));
    let Doubted::Panel { panel, .. } = what else {
        panic!("{what:?}");
    };
    assert_eq!(panel.len(), 6, "the shadow is kept as well");

    let state = does(state, "rita", &anyway(panel_of(&five, &[], &[])), 2).state;
    assert_eq!(state.head.number_of(SeatRole::Interviewer), 5);
    // As many as before, or fewer, are asked about no more; one more is.
    let others = ["ada", "ben", "cid", "dee", "gil"];
    assert_eq!(asks(&state, &panel_of(&others, &[], &[])), None);
    let six = ["ada", "ben", "cid", "dee", "eve", "fay"];
    let doubts = asks(&state, &panel_of(&six, &[], &[]));
    assert_eq!(doubts.expect("it gives pause").1.interviewers, Some(6));
}

#[test]
fn whoever_is_excused_is_not_counted_and_counts_when_they_are_put_back() {
    let four = ["ada", "ben", "cid", "dee"];
    let state = with_panel(&four, &[], &[]);
    let state = does(state, "dee", &Deed::Recuse, 2).state;
    let admit = |user: &str, anyway| Deed::Admit {
        user: UserId::from(user),
        namesake: false,
        anyway,
    };
    assert_eq!(asks(&state, &admit("eve", false)), None);
    let state = does(state, "rita", &admit("eve", false), 3).state;
    let doubts = asks(&state, &admit("fay", false))
        .expect("it gives pause")
        .1;
    assert_eq!(doubts.interviewers, Some(5));
    let all = ["ada", "ben", "cid", "dee", "eve"];
    let doubts = asks(&state, &panel_of(&all, &[], &[]))
        .expect("it gives pause")
        .1;
    assert_eq!(doubts.interviewers, Some(5));
    let state = does(state, "rita", &admit("fay", true), 4).state;
    assert_eq!(state.head.number_of(SeatRole::Interviewer), 5);
}

#[test]
fn a_namesake_of_the_candidate_gives_pause_in_any_role() {
    let state = with_panel(&["ada"], &[], &[]);
    let jane = || UserId::from("jane");
    let deed = |anyway| Deed::SetPanel {
        users: vec![UserId::from("ada")],
        shadows: Vec::new(),
        observers: vec![jane()],
        namesakes: vec![jane()],
        anyway,
    };
    let (_, doubts) = asks(&state, &deed(false)).expect("it gives pause");
    assert_eq!(
        doubts,
        Doubts {
            interviewers: None,
            namesakes: vec![jane()]
        }
    );
    let admit = Deed::Admit {
        user: jane(),
        namesake: true,
        anyway: false,
    };
    let (what, _) = asks(&state, &admit).expect("it gives pause");
    assert_eq!(
        what,
        Doubted::Admission {
            code: state.head.code.clone(),
            user: jane()
        }
    );
    let state = does(state, "rita", &deed(true), 2).state;
    assert_eq!(state.head.number_of(SeatRole::Observer), 1);
}

#[test]
fn what_is_refused_is_refused_before_anything_gives_pause() {
    let five = ["ada", "ben", "cid", "dee", "eve"];
    let state = submits(with_panel(&["ada", "zoe"], &[], &[]), "zoe", 2).state;
    let users = vec![UserId::from("zoe")];
    assert_eq!(
        refuses(&state, "rita", &panel_of(&five, &[], &[])),
        Refusal::SubmittedStay { users }
    );
}
