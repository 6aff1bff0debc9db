//! The rules of a loop, and random walks over them.

use super::*;
use crate::domain::access::{Actor, Offer, offers};
use crate::domain::event::{Audited, PostResult, Screen, Submission};
use crate::domain::export::Exported;
use crate::domain::ids::QuestionId;
use crate::domain::refusal::Refusal;
use crate::domain::samples::{actor, kit};
use crate::domain::scorecard::{Mark, Rating, Recommendation};
use proptest::prelude::*;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a moment")
}

pub(super) fn opened(panel: &[&str]) -> InterviewLoop {
    let new = NewLoop {
        code: LoopCode::from("C-0001"),
        kit: Arc::new(kit()),
        version: KitVersion::from("a81c3f00a81c"),
        candidate: CandidateName::parse("Jane Doe").expect("a name"),
        note: Note::default(),
        requisition: Note::default(),
        cv: Note::default(),
        owner: UserId::from("rita"),
        channel: ChannelId::from("C1"),
        public: false,
        naming: Naming::Name,
        panel: panel
            .iter()
            .map(|user| (UserId::from(*user), SeatRole::Interviewer))
            .collect(),
        planned: None,
    };
    open(new, at(0)).state
}

pub(super) fn rate(question: &str, rating: Rating) -> Deed {
    Deed::Rate {
        question: QuestionId::from(question),
        mark: Mark::Rated(rating),
        clicked: None,
    }
}

#[test]
fn of_two_clicks_on_a_question_the_later_one_stands_in_whatever_order_they_arrive() {
    let clicked = |rating, millis: i64| Deed::Rate {
        question: QuestionId::from("technical/1"),
        mark: Mark::Rated(rating),
        clicked: Timestamp::from_millisecond(millis).ok(),
    };
    let ada = UserId::from("ada");
    let state = does(opened(&["ada"]), "ada", &clicked(Rating::Mixed, 2000), 1).state;
    let outcome = does(state, "ada", &clicked(Rating::Good, 1000), 2);
    assert!(outcome.changes_nothing() && outcome.audit.is_empty());
    let marks = &outcome.state.cards[&ada].marks;
    assert_eq!(
        marks[&QuestionId::from("technical/1")],
        Mark::Rated(Rating::Mixed)
    );
    let state = does(outcome.state, "ada", &clicked(Rating::Good, 2001), 3).state;
    let marks = &state.cards[&ada].marks;
    assert_eq!(
        marks[&QuestionId::from("technical/1")],
        Mark::Rated(Rating::Good)
    );
}

pub(super) fn panel_of(users: &[&str], shadows: &[&str], observers: &[&str]) -> Deed {
    let people = |names: &[&str]| names.iter().map(|name| UserId::from(*name)).collect();
    Deed::SetPanel {
        users: people(users),
        shadows: people(shadows),
        observers: people(observers),
        namesakes: Vec::new(),
        anyway: false,
    }
}

pub(super) fn submission(recommendation: Recommendation) -> Deed {
    Deed::Submit(Box::new(Submission {
        recommendation: Some(recommendation),
        reason: Note::new("Clear and concrete."),
        beside_the_kit: Note::default(),
        evidence: Vec::new(),
        rest_not_asked: true,
    }))
}

pub(super) fn does(state: InterviewLoop, user: &str, deed: &Deed, second: i64) -> Outcome {
    state
        .handle(&actor(user), deed, at(second))
        .expect("it is allowed")
}

pub(super) fn refuses(state: &InterviewLoop, user: &str, deed: &Deed) -> Refusal {
    state
        .clone()
        .handle(&actor(user), deed, at(500))
        .expect_err("it is refused")
}

#[test]
fn a_click_changes_one_scorecard_and_nothing_else() {
    let outcome = does(
        opened(&["ada", "ben"]),
        "ada",
        &rate("technical/1", Rating::Good),
        1,
    );
    assert!(!outcome.head_changed);
    assert_eq!(outcome.cards_changed, BTreeSet::from([UserId::from("ada")]));
    assert!(outcome.posts.is_empty());
    assert_eq!(
        outcome.reply,
        Reply::Show(Screen::Scorecard {
            code: LoopCode::from("C-0001"),
            section: Some(crate::domain::kit::Section::Technical),
            open: None,
        })
    );
}

#[test]
fn whoever_scores_joins_a_loop_without_a_named_panel() {
    let outcome = does(opened(&[]), "ada", &rate("technical/1", Rating::Good), 1);
    assert!(outcome.head_changed);
    assert_eq!(outcome.posts, [Post::Loop(LoopCode::from("C-0001"))]);
    assert!(outcome.state.head.seat(&UserId::from("ada")).is_some());
}

#[test]
fn who_is_not_on_a_named_panel_is_refused() {
    let refusal = refuses(&opened(&["ada"]), "cid", &rate("technical/1", Rating::Good));
    assert!(matches!(refusal, Refusal::NotOnPanel { .. }));
}

#[test]
fn an_unrated_scorecard_cannot_be_submitted() {
    let deed = Deed::Submit(Box::new(Submission {
        recommendation: Some(Recommendation::Yes),
        reason: Note::new("x"),
        beside_the_kit: Note::default(),
        evidence: Vec::new(),
        rest_not_asked: false,
    }));
    assert_eq!(
        refuses(&opened(&["ada"]), "ada", &deed),
        Refusal::Unrated { number: 4 }
    );
}

#[test]
fn a_one_or_a_four_needs_a_word_of_evidence() {
    let state = does(
        opened(&["ada"]),
        "ada",
        &rate("technical/1", Rating::Excellent),
        1,
    )
    .state;
    assert_eq!(
        refuses(&state, "ada", &submission(Recommendation::Yes)),
        Refusal::Unexplained {
            questions: vec!["Technical 1".to_owned()]
        }
    );
}

#[test]
fn the_last_scorecard_reveals_all() {
    let state = does(
        opened(&["ada", "ben"]),
        "ada",
        &submission(Recommendation::Yes),
        1,
    )
    .state;
    assert_eq!(state.head.phase(), Phase::Open);
    let outcome = does(state, "ben", &submission(Recommendation::No), 2);
    assert_eq!(outcome.state.head.phase(), Phase::Revealed);
    assert!(
        outcome
            .posts
            .contains(&Post::Debrief(LoopCode::from("C-0001")))
    );
}

#[test]
fn dropping_the_last_who_owes_reveals_if_one_is_in() {
    let state = opened(&["ada", "ben"]);
    let drop_ben = panel_of(&["ada"], &[], &[]);
    let untouched = does(state.clone(), "rita", &drop_ben, 1).state;
    assert_eq!(untouched.head.phase(), Phase::Open, "nobody is in");
    let state = does(state, "ada", &submission(Recommendation::Yes), 1).state;
    assert_eq!(
        does(state, "rita", &drop_ben, 2).state.head.phase(),
        Phase::Revealed
    );
}

#[test]
fn an_owner_on_the_panel_submits_before_revealing() {
    let state = does(
        opened(&["rita", "ada"]),
        "ada",
        &submission(Recommendation::Yes),
        1,
    )
    .state;
    assert_eq!(
        refuses(&state, "rita", &Deed::Reveal),
        Refusal::OwnerOwesScorecard
    );
    assert!(matches!(
        refuses(&state, "ben", &Deed::Reveal),
        Refusal::NotYours { .. }
    ));
}

#[test]
fn what_comes_after_the_reveal_is_marked_and_does_not_move_the_snapshot() {
    let state = does(
        opened(&["ada", "ben"]),
        "ada",
        &submission(Recommendation::Yes),
        1,
    )
    .state;
    let state = does(state, "rita", &Deed::Reveal, 2).state;
    let snapshot = state.head.reveal.clone();
    let edited = does(state.clone(), "ada", &rate("technical/1", Rating::Mixed), 3);
    assert_eq!(edited.state.head.reveal, snapshot);
    assert_eq!(
        edited.state.cards[&UserId::from("ada")].late_changes.len(),
        1
    );
    assert!(
        edited
            .posts
            .contains(&Post::Debrief(LoopCode::from("C-0001")))
    );
    let late = does(state, "ben", &submission(Recommendation::No), 4);
    assert_eq!(late.state.head.reveal, snapshot);
    assert!(
        late.state
            .head
            .seat(&UserId::from("ben"))
            .expect("a seat")
            .late
    );
}

#[test]
fn nudges_are_twelve_hours_apart() {
    let state = does(opened(&["ada", "ben"]), "rita", &Deed::Nudge, 0).state;
    assert_eq!(
        refuses(&state, "rita", &Deed::Nudge),
        Refusal::NudgedLately {
            again_at: at(12 * 3600)
        }
    );
    assert_eq!(does(state, "rita", &Deed::Nudge, 12 * 3600).posts.len(), 2);
}

#[test]
fn a_decision_needs_a_reveal_and_a_reason_and_can_be_changed_and_taken_back() {
    let decide = |verdict, reason: &str| Deed::Decide {
        verdict,
        reason: Note::new(reason),
    };
    let state = does(
        opened(&["ada", "ben"]),
        "ada",
        &submission(Recommendation::Yes),
        1,
    )
    .state;
    assert_eq!(
        refuses(&state, "rita", &decide(Verdict::Hire, "x")),
        Refusal::NotRevealed
    );
    let state = does(state, "rita", &Deed::Reveal, 2).state;
    assert_eq!(
        refuses(&state, "rita", &decide(Verdict::Hire, " ")),
        Refusal::ReasonMissing
    );
    let state = does(state, "rita", &decide(Verdict::Hire, "Strong."), 3).state;
    let state = does(state, "rita", &decide(Verdict::Hold, "Budget."), 4).state;
    assert_eq!(state.head.past_decisions.len(), 1);
    let state = does(state, "rita", &Deed::Reopen, 5).state;
    assert_eq!(
        (state.head.phase(), state.head.past_decisions.len()),
        (Phase::Revealed, 2)
    );
}

#[test]
fn a_withdrawn_loop_takes_nothing_until_it_is_reopened() {
    let state = does(
        opened(&["ada"]),
        "rita",
        &Deed::Withdraw {
            reason: Note::default(),
        },
        1,
    )
    .state;
    assert_eq!(
        refuses(&state, "ada", &rate("technical/1", Rating::Good)),
        Refusal::Withdrawn
    );
    let state = does(state, "rita", &Deed::Reopen, 2).state;
    does(state, "ada", &rate("technical/1", Rating::Good), 3);
}

#[test]
fn a_deleted_post_is_posted_anew_once_and_then_the_owner_is_told_once() {
    let post = Post::Loop(LoopCode::from("C-0001"));
    let stands = PostResult::Standing {
        channel: ChannelId::from("C1"),
        ts: MessageTs::from("1.0"),
    };
    let state = opened(&["ada"]).observe(&post, &stands).state;
    let outcome = state.observe(&post, &PostResult::Gone);
    assert_eq!(outcome.posts, std::slice::from_ref(&post));
    let state = outcome.state.observe(&post, &stands).state;
    let outcome = state.observe(&post, &PostResult::Gone);
    assert!(matches!(
        outcome.posts[..],
        [Post::Trouble {
            trouble: Trouble::Deleted,
            ..
        }]
    ));
    assert!(
        outcome
            .state
            .observe(&post, &PostResult::Gone)
            .posts
            .is_empty()
    );
}

#[test]
fn the_owner_is_told_of_an_archived_channel_once() {
    let post = Post::Loop(LoopCode::from("C-0001"));
    let outcome = opened(&["ada"]).observe(&post, &PostResult::Stuck(Trouble::Archived));
    assert!(matches!(outcome.posts[..], [Post::Trouble { .. }]));
    assert!(
        outcome
            .state
            .observe(&post, &PostResult::Stuck(Trouble::Archived))
            .posts
            .is_empty()
    );
}

/// Anything anybody may try.
fn any_deed() -> impl Strategy<Value = (usize, Deed)> {
    let user = || prop::sample::select(vec!["rita", "ada", "ben", "cid"]).prop_map(UserId::from);
    let people = || prop::collection::vec(user(), 0..3);
    let question = prop::sample::select(vec![
        "screening/1",
        "technical/1",
        "technical/2",
        "behavioural/1",
        "technical/9",
    ]);
    let mark = prop::sample::select(Mark::ALL.to_vec());
    let deed = prop_oneof![
        8 => (question.clone(), mark).prop_map(|(question, mark)| Deed::Rate { question: QuestionId::from(question), mark, clicked: None }),
        2 => (question, ".{0,3}").prop_map(|(question, note)| Deed::Write { question: QuestionId::from(question), note: Note::new(&note) }),
        6 => (prop::sample::select(Recommendation::ALL.to_vec()), any::<bool>(), ".{0,2}").prop_map(|(recommendation, rest, note)| {
            let evidence = ["screening/1", "technical/1", "technical/2", "behavioural/1"];
            Deed::Submit(Box::new(Submission {
                recommendation: Some(recommendation),
                reason: Note::new("why"),
                beside_the_kit: Note::default(),
                evidence: evidence.iter().map(|id| (QuestionId::from(*id), Note::new(&note))).collect(),
                rest_not_asked: rest,
            }))
        }),
        1 => Just(Deed::Reveal),
        1 => prop::sample::select(Verdict::ALL.to_vec()).prop_map(|verdict| Deed::Decide { verdict, reason: Note::new("why") }),
        1 => (people(), people(), people(), people(), any::<bool>()).prop_map(|(users, shadows, observers, namesakes, anyway)| {
            Deed::SetPanel { users, shadows, observers, namesakes, anyway }
        }),
        1 => Just(Deed::Recuse),
        1 => Just(Deed::DidNotAttend),
        1 => (user(), any::<bool>(), any::<bool>()).prop_map(|(user, namesake, anyway)| Deed::Admit { user, namesake, anyway }),
        1 => user().prop_map(|to| Deed::HandOver { to }),
        1 => Just(Deed::AskToJoin),
        1 => Just(Deed::Nudge),
        1 => Just(Deed::Reopen),
        1 => ".{0,1}".prop_map(|reason| Deed::Hold { reason: Note::new(&reason) }),
        1 => Just(Deed::LiftHold),
        1 => prop::sample::select(vec!["C-0001", "c0001", "C-0002", ""]).prop_map(|typed| Deed::Erase { typed: Note::new(typed) }),
        1 => Just(Deed::Withdraw { reason: Note::default() }),
        1 => prop::sample::select(vec!["C1", "C2"]).prop_map(|channel| Deed::Move { channel: ChannelId::from(channel), public: false }),
        1 => ".{0,5}".prop_map(|name| Deed::Rename { name: Note::new(&name), note: Note::default() }),
    ];
    (0usize..4, deed)
}

proptest! {
    #[test]
    fn whatever_people_try_the_rules_hold(named in any::<bool>(), deeds in prop::collection::vec(any_deed(), 0..60)) {
        let people: Vec<Actor> = ["rita", "ada", "ben", "cid"].into_iter().map(actor).collect();
        let mut state = opened(if named { &["ada", "ben"] } else { &[] });
        let mut audit = Vec::new();
        for (step, (who, deed)) in deeds.iter().enumerate() {
            let before = state.clone();
            let now = at(i64::try_from(step).expect("few") * 60);
            let Ok(outcome) = state.handle(&people[*who], deed, now) else {
                state = before;
                continue;
            };
            let after = &outcome.state;
            // What is erased is what somebody who leads it named, and no hold keeps; it changes nothing else.
            prop_assert_eq!(outcome.erased.is_some(), matches!(deed, Deed::Erase { .. }), "{:?}", deed);
            if outcome.erased.is_some() {
                prop_assert!(people[*who].leads(&before.head) && before.head.hold.is_none());
                prop_assert_eq!(after, &before);
            }
            // A hold is lifted by administrators, and by nothing else that happens.
            if before.head.hold.is_some() && after.head.hold.is_none() {
                prop_assert!(people[*who].administrator && *deed == Deed::LiftHold);
            }
            // The snapshot never moves.
            if before.head.reveal.is_some() {
                prop_assert_eq!(&after.head.reveal, &before.head.reveal);
            }
            // Only the author writes a scorecard.
            for (author, card) in &after.cards {
                if *author != people[*who].user {
                    prop_assert_eq!(Some(card), before.cards.get(author));
                }
            }
            // Nothing changes unsaid.
            prop_assert!(outcome.head_changed || after.head == before.head, "{:?}", deed);
            for (author, card) in &after.cards {
                prop_assert!(before.cards.get(author) == Some(card) || outcome.cards_changed.contains(author));
            }
            // The reveal takes what counts, and shadows apart; it waits for no shadow and for every interviewer.
            if let (None, Some(reveal)) = (&before.head.reveal, &after.head.reveal) {
                for card in &reveal.snapshot {
                    prop_assert!(after.head.seat(&card.author).is_some_and(Seat::counts));
                }
                for card in &reveal.shadows {
                    prop_assert!(after.head.seat(&card.author).is_some_and(Seat::shadows));
                }
                prop_assert_eq!(reveal.snapshot.len(), after.head.submitted());
            }
            if after.head.phase() == Phase::Open && after.head.named_panel && after.head.submitted() > 0 {
                prop_assert!(after.head.awaited().next().is_some(), "{:?}", deed);
            }
            // Whoever recused themself sees nothing of what the others gave.
            for person in &people {
                let offers = offers(person, &after.head);
                let recused = after.head.is_recused(&person.user);
                prop_assert!(!recused || !offers.iter().any(|offer| matches!(offer, Offer::Evidence | Offer::Score | Offer::Reveal | Offer::Decide)));
                prop_assert!(!recused || !person.reads_evidence(&after.head));
            }
            prop_assert!(!after.head.is_recused(&after.head.owner));
            // A file holds nobody else's scorecard before the reveal, and afterwards only what is in; its history no more than that.
            audit.extend(outcome.audit.iter().cloned());
            for person in &people {
                let file = Exported::of(after, audit.clone(), person, at(0));
                let own = |user: &UserId| *user == person.user;
                let reads = person.reads_evidence(&after.head);
                for card in &file.scorecards {
                    let is_in = after.head.seat(&card.interviewer).is_some_and(|seat| seat.is_in() && seat.scores());
                    prop_assert!(own(&card.interviewer) || (reads && is_in));
                }
                // Whoever is excused has no scorecard here any more, as on every screen.
                let excused = after.head.seat(&person.user).is_some_and(|seat| seat.excused.is_some());
                prop_assert!(!excused || !file.scorecards.iter().any(|card| own(&card.interviewer)));
                // What counts is what the figures are of.
                if let Some(reveal) = &after.head.reveal {
                    for card in &file.scorecards {
                        prop_assert_eq!(card.counts, reveal.snapshot.iter().any(|it| it.author == card.interviewer));
                    }
                }
                prop_assert!(file.debrief.is_none() || (after.head.reveal.is_some() && !after.head.is_recused(&person.user)));
                for entry in file.history.iter().flatten() {
                    let gave = matches!(entry.what, Audited::Rated { .. } | Audited::Wrote { .. } | Audited::Noted { .. } | Audited::Submitted { .. });
                    prop_assert!(!gave || file.scorecards.iter().any(|card| entry.actor.as_ref() == Some(&card.interviewer)));
                }
                prop_assert!(file.history.is_none() || person.leads(&after.head));
            }
            // A reveal has at least one scorecard in it, and every one in it was submitted.
            if let Some(reveal) = &after.head.reveal {
                prop_assert!(!reveal.snapshot.is_empty());
                for card in &reveal.snapshot {
                    prop_assert!(after.head.seat(&card.author).is_some_and(|seat| seat.submitted_at.is_some()));
                }
            }
            // A debrief is owed only once it is revealed.
            prop_assert!(after.head.reveal.is_some() || !outcome.posts.iter().any(|post| matches!(post, Post::Debrief(_))));
            // Whoever is in stays in.
            for seat in before.head.panel.iter().filter(|seat| seat.submitted_at.is_some()) {
                prop_assert!(after.head.seat(&seat.user).is_some_and(|now| now.submitted_at == seat.submitted_at));
            }
            // A late scorecard is never in the snapshot.
            let late = outcome.audit.iter().any(|entry| matches!(entry.what, Audited::Submitted { late: true, .. }));
            prop_assert!(!late || before.head.reveal.is_some());
            state = outcome.state;
        }
    }
}
