//! The figures, on small examples and against a second computation that is slow and plain.

use super::*;
use crate::domain::debrief::Submitted;
use crate::domain::ids::{ChannelId, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::{
    Decision, Excuse, ExcusedWhy, Reveal, Seat, SeatRole, Verdict, Withdrawal,
};
use crate::domain::kit::{KitRef, Section};
use crate::domain::samples;
use crate::domain::scorecard::{Mark, Rating, Recommendation};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_793_700_000 + minutes * 60).expect("a moment")
}

fn head(number: u32, slug: &str, opened: i64) -> Head {
    let head = serde_json::json!({
        "code": LoopCode::from_random(number), "kit": KitRef { slug: slug.into(), version: KitVersion::from("0123456789ab") },
        "title": format!("Title of {slug}"), "candidate": "Jane Doe", "owner": "UO", "opened_by": "UO", "opened_at": at(opened),
        "channel": ChannelId::from("C1"), "public": false, "naming": "name", "named_panel": true, "panel": [],
    });
    serde_json::from_value(head).expect("a head")
}

fn submitted(author: &str, marks: &[(&str, Rating)]) -> Submitted {
    Submitted {
        author: UserId::from(author),
        marks: marks
            .iter()
            .map(|(question, rating)| (QuestionId::from(*question), Mark::Rated(*rating)))
            .collect(),
        recommendation: Recommendation::Yes,
    }
}

/// A loop of the sample kit, revealed an hour after its opening.
fn revealed(number: u32, opened: i64, snapshot: Vec<Submitted>) -> Head {
    let mut head = head(number, "sample", opened);
    head.panel = snapshot
        .iter()
        .map(|card| Seat {
            submitted_at: Some(at(opened + 30)),
            ..Seat::new(card.author.clone())
        })
        .collect();
    head.reveal = Some(Reveal {
        at: at(opened + 60),
        by: None,
        snapshot,
        shadows: Vec::new(),
    });
    head
}

fn decided(mut head: Head, minutes: i64) -> Head {
    head.decision = Some(Decision {
        verdict: Verdict::Hire,
        reason: crate::domain::candidate::Note::default(),
        by: UserId::from("UO"),
        at: at(minutes),
    });
    head
}

fn figures(heads: &[Head]) -> RoleStats {
    let kit = samples::kit();
    let mut tally = Tally::default();
    for head in heads {
        tally.add(head, &kit);
    }
    let mut figures = tally.figures();
    assert_eq!(figures.len(), 1, "one role");
    figures.remove(0)
}

fn apart(number: u32) -> Head {
    // Databases: 1 and (3 + 4) / 2, so 2.5 apart. Teamwork: one opinion. Coding: nobody asked.
    revealed(
        number,
        i64::from(number),
        vec![
            submitted("A", &[("technical/1", Rating::Poor)]),
            submitted(
                "B",
                &[
                    ("technical/1", Rating::Good),
                    ("technical/2", Rating::Excellent),
                    ("behavioural/1", Rating::Good),
                ],
            ),
        ],
    )
}

#[test]
fn nothing_opened_has_no_figures() {
    assert_eq!(Tally::default().figures(), Vec::new());
}

#[test]
fn an_open_loop_is_counted_and_gives_no_score() {
    let mut open = apart(1);
    open.reveal = None;
    let figures = figures(&[open]);
    assert_eq!((figures.opened, figures.revealed), (1, 0));
    assert_eq!(figures.since, at(1));
    assert_eq!(figures.gaps, Vec::new());
    assert_eq!(figures.agreement, Agreement::default());
    assert_eq!(figures.to_reveal, Median::default());
    assert_eq!(figures.late, Share::default());
}

#[test]
fn under_ten_candidates_with_two_ratings_agreement_is_not_told() {
    let nine: Vec<Head> = (0..9).map(apart).collect();
    let few = figures(&nine).agreement;
    assert_eq!((few.candidates, few.pairs, few.distance), (9, 9, None));
    // A tenth, but with one rating only of anything.
    let alone = revealed(
        10,
        0,
        vec![submitted("A", &[("technical/1", Rating::Poor)])],
    );
    let still = figures(&[nine.clone(), vec![alone]].concat()).agreement;
    assert_eq!((still.candidates, still.distance), (9, None));
    let enough = figures(&[nine, vec![apart(9)]].concat()).agreement;
    assert_eq!((enough.candidates, enough.pairs), (10, 10));
    assert_eq!(
        enough.distance.map(Score::one_decimal).as_deref(),
        Some("2.5")
    );
}

#[test]
fn what_nobody_asked_most_often_comes_first() {
    let asked = revealed(
        1,
        1,
        vec![submitted(
            "A",
            &[
                ("behavioural/1", Rating::Good),
                ("screening/1", Rating::Good),
            ],
        )],
    );
    let figures = figures(&[apart(0), asked]);
    let gaps: Vec<(&str, usize, usize)> = figures
        .gaps
        .iter()
        .map(|gap| (gap.name.as_str(), gap.unasked.part, gap.unasked.of))
        .collect();
    assert_eq!(
        gaps,
        [("Coding", 2, 2), ("Databases", 1, 2), ("Teamwork", 0, 2)]
    );
}

#[test]
fn versions_of_a_kit_are_joined_by_the_ids_of_their_competencies() {
    let old = samples::kit();
    let mut new = samples::kit();
    new.competencies
        .retain(|competency| competency.id.as_str() != "teamwork");
    for competency in &mut new.competencies {
        competency.name = format!("{} anew", competency.name);
    }
    let mut tally = Tally::default();
    // The newest loop gives the name, in whatever order they come.
    tally.add(&apart(5), &new);
    tally.add(&apart(1), &old);
    let figures = tally.figures().remove(0);
    let mut gaps: Vec<(&str, usize)> = figures
        .gaps
        .iter()
        .map(|gap| (gap.name.as_str(), gap.unasked.of))
        .collect();
    gaps.sort_unstable();
    assert_eq!(
        gaps,
        [("Coding anew", 2), ("Databases anew", 2), ("Teamwork", 1)]
    );
}

#[test]
fn what_shadows_gave_is_in_no_figure() {
    let without: Vec<Head> = (0..12).map(apart).collect();
    let mut with = without.clone();
    for head in &mut with {
        let shadow = submitted(
            "S",
            &[
                ("technical/1", Rating::Excellent),
                ("behavioural/1", Rating::Poor),
            ],
        );
        head.panel.push(Seat {
            submitted_at: Some(at(1)),
            ..Seat::of(shadow.author.clone(), SeatRole::Shadow)
        });
        head.reveal
            .as_mut()
            .expect("it is revealed")
            .shadows
            .push(shadow);
    }
    assert_eq!(figures(&with), figures(&without));
}

#[test]
fn the_times_are_medians_from_the_opening() {
    let heads = [
        decided(apart(0), 100),
        decided(apart(10), 10 + 200),
        decided(apart(20), 20 + 330),
        apart(30),
    ];
    let figures = figures(&heads);
    assert_eq!(figures.decided, 3);
    assert_eq!(
        figures.to_reveal,
        Median {
            span: Some(SignedDuration::from_mins(60)),
            n: 4
        }
    );
    assert_eq!(
        figures.to_decision,
        Median {
            span: Some(SignedDuration::from_mins(200)),
            n: 3
        }
    );
    // Of an even number: between the two in the middle; a clock that was set back is no time.
    assert_eq!(
        median(vec![
            SignedDuration::from_secs(4),
            SignedDuration::from_secs(1)
        ])
        .span,
        Some(SignedDuration::from_secs(2))
    );
    assert_eq!(passed(at(5), at(1)), SignedDuration::ZERO);
}

#[test]
fn scorecards_that_came_after_the_reveal_are_late() {
    let mut head = apart(0);
    head.panel.push(Seat {
        submitted_at: Some(at(100)),
        late: true,
        ..Seat::new(UserId::from("C"))
    });
    head.panel.push(Seat::new(UserId::from("D")));
    // Neither a shadow's counts, nor that of somebody who is excused.
    head.panel.push(Seat {
        submitted_at: Some(at(100)),
        late: true,
        ..Seat::of(UserId::from("E"), SeatRole::Shadow)
    });
    head.panel.push(Seat {
        submitted_at: Some(at(100)),
        late: true,
        excused: Some(Excuse {
            why: ExcusedWhy::Recused,
            at: at(110),
            by: UserId::from("F"),
        }),
        ..Seat::new(UserId::from("F"))
    });
    assert_eq!(figures(&[head, apart(1)]).late, Share { part: 1, of: 5 });
}

/// Loops of three kinds of kits under two slugs, in whatever state.
fn loops() -> impl Strategy<Value = Vec<(Head, Kit)>> {
    let rating = || select(Rating::ALL.to_vec());
    let question = || {
        select(vec![
            "screening/1",
            "technical/1",
            "technical/2",
            "behavioural/1",
        ])
    };
    let marks = || proptest::collection::vec((question(), rating()), 0..5);
    let role = select(vec![
        SeatRole::Interviewer,
        SeatRole::Interviewer,
        SeatRole::Shadow,
    ]);
    let cards = proptest::collection::vec((marks(), any::<bool>(), any::<bool>(), role), 0..5);
    let one = (
        select(vec!["sample", "other"]),
        0_i64..5000,
        proptest::option::of(0_i64..3000),
        proptest::option::of(0_i64..3000),
        any::<bool>(),
        0_usize..3,
        cards,
    );
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(
                |(number, (slug, opened, reveal, decision, withdrawn, without, cards))| {
                    let number = u32::try_from(number).expect("small");
                    let mut head = head(number, slug, opened);
                    let (mut snapshot, mut shadows) = (Vec::new(), Vec::new());
                    for (place, (marks, late, owes, role)) in cards.into_iter().enumerate() {
                        let author = format!("U{place}");
                        head.panel.push(Seat {
                            submitted_at: (!owes).then(|| at(opened + 1)),
                            late,
                            ..Seat::of(UserId::from(author.as_str()), role)
                        });
                        if !late && !owes {
                            let counts = role == SeatRole::Interviewer;
                            let to = if counts { &mut snapshot } else { &mut shadows };
                            to.push(submitted(&author, &marks));
                        }
                    }
                    head.reveal = reveal.map(|after| Reveal {
                        at: at(opened + after),
                        by: None,
                        snapshot,
                        shadows,
                    });
                    if let Some(after) = decision {
                        head = decided(head, opened + after);
                    } else if withdrawn {
                        head.withdrawal = Some(Withdrawal {
                            by: UserId::from("UO"),
                            at: at(opened),
                            reason: crate::domain::candidate::Note::default(),
                        });
                    }
                    let mut kit = samples::kit();
                    kit.competencies.truncate(3 - without);
                    (head, kit)
                },
            )
            .collect()
    })
}

/// What interviewers gave on a competency of a loop: each one's points and how many questions they are of.
fn given(head: &Head, kit: &Kit, competency: &str) -> Vec<(i128, i128)> {
    let mut all = Vec::new();
    let Some(reveal) = &head.reveal else {
        return all;
    };
    for card in &reveal.snapshot {
        let (mut points, mut number) = (0, 0);
        for question in &kit.questions {
            let counts = question.section != Section::Screening
                && question.competency.as_ref().map(CompetencyId::as_str) == Some(competency);
            if let (true, Some(Mark::Rated(rating))) = (counts, card.marks.get(&question.id)) {
                points += i128::from(rating.points());
                number += 1;
            }
        }
        if number > 0 {
            all.push((points, number));
        }
    }
    all
}

proptest! {
    #[test]
    fn the_figures_are_those_of_a_slow_and_plain_computation(loops in loops()) {
        let mut tally = Tally::default();
        for (head, kit) in &loops {
            tally.add(head, kit);
        }
        let figures = tally.figures();
        let slugs: BTreeSet<&str> = loops.iter().map(|(head, _)| head.kit.slug.as_str()).collect();
        prop_assert_eq!(figures.len(), slugs.len());
        for role in figures {
            let own: Vec<&(Head, Kit)> = loops.iter().filter(|(head, _)| head.kit.slug == role.slug).collect();
            let count = |test: &dyn Fn(&Head) -> bool| own.iter().filter(|(head, _)| test(head)).count();
            prop_assert_eq!(role.opened, own.len());
            prop_assert_eq!(Some(role.since), own.iter().map(|(head, _)| head.opened_at).min());
            prop_assert_eq!(role.revealed, count(&|head| head.reveal.is_some()));
            prop_assert_eq!(role.decided, count(&|head| head.decision.is_some()));
            prop_assert_eq!(role.withdrawn, count(&|head| head.withdrawal.is_some()));
            for (told, moment) in [
                (role.to_reveal, &(|head: &Head| head.reveal.as_ref().map(|it| it.at)) as &dyn Fn(&Head) -> Option<Timestamp>),
                (role.to_decision, &|head| head.decision.as_ref().map(|it| it.at)),
            ] {
                let spans: Vec<i64> = own.iter().filter_map(|(head, _)| Some(moment(head)?.as_second() - head.opened_at.as_second())).collect();
                prop_assert_eq!(told.n, spans.len());
                // A median: no more than half are below it, and no more than half above.
                if let Some(median) = told.span {
                    let below = spans.iter().filter(|span| **span < median.as_secs()).count();
                    let above = spans.iter().filter(|span| **span > median.as_secs()).count();
                    prop_assert!(below * 2 <= spans.len() && above * 2 <= spans.len(), "{:?} of {:?}", median, spans);
                } else {
                    prop_assert!(spans.is_empty());
                }
            }
            let came: Vec<bool> = own.iter()
                .filter(|(head, _)| head.reveal.is_some())
                .flat_map(|(head, _)| head.panel.iter().filter(|seat| seat.role == SeatRole::Interviewer && seat.excused.is_none() && seat.submitted_at.is_some()).map(|seat| seat.late))
                .collect();
            prop_assert_eq!(role.late, Share { part: came.iter().filter(|late| **late).count(), of: came.len() });

            // Twelfths hold the distance of any two means of one to four ratings.
            let (mut twelfths, mut pairs, mut candidates) = (0_i128, 0_usize, BTreeSet::new());
            let mut gaps: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for (head, kit) in own {
                for competency in &kit.competencies {
                    let given = given(head, kit, competency.id.as_str());
                    if head.reveal.is_some() {
                        let gap = gaps.entry(competency.name.as_str()).or_default();
                        gap.0 += usize::from(given.is_empty());
                        gap.1 += 1;
                    }
                    for (place, (points, number)) in given.iter().enumerate() {
                        for (other, of) in given.iter().skip(place + 1) {
                            twelfths += (12 * points / number - 12 * other / of).abs();
                            pairs += 1;
                            candidates.insert(head.code.clone());
                        }
                    }
                }
            }
            let told: BTreeMap<&str, (usize, usize)> = role.gaps.iter().map(|gap| (gap.name.as_str(), (gap.unasked.part, gap.unasked.of))).collect();
            prop_assert_eq!(told, gaps);
            prop_assert!(role.gaps.windows(2).all(|two| two[0].unasked.part * two[1].unasked.of >= two[1].unasked.part * two[0].unasked.of));
            prop_assert_eq!((role.agreement.pairs, role.agreement.candidates), (pairs, candidates.len()));
            let mean = Score::new(u128::try_from(twelfths).expect("a sum"), 12 * pairs.max(1) as u128);
            prop_assert_eq!(role.agreement.distance, (candidates.len() >= 10).then_some(mean));
        }
    }

    #[test]
    fn the_order_in_which_loops_come_changes_nothing(loops in loops()) {
        // Two loops opened at the same instant may differ in the name they give.
        let mut seen = BTreeSet::new();
        let loops: Vec<_> = loops.into_iter().filter(|(head, _)| seen.insert((head.kit.slug.clone(), head.opened_at))).collect();
        let told = |loops: &mut dyn Iterator<Item = &(Head, Kit)>| {
            let mut tally = Tally::default();
            for (head, kit) in loops {
                tally.add(head, kit);
            }
            tally.figures()
        };
        prop_assert_eq!(told(&mut loops.iter()), told(&mut loops.iter().rev()));
    }
}
