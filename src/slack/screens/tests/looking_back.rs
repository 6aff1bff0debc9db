//! Looking back, on nothing and on a lot.

use super::limits::{takes, takes_message};
use super::samples::{self, at, user};
use super::{picture, shows};
use crate::app::scene::{Scene, StatsScene};
use crate::domain::debrief::Submitted;
use crate::domain::event::RolesWhy;
use crate::domain::ids::LoopCode;
use crate::domain::interview_loop::{Decision, Head, Reveal, Seat, Verdict, Withdrawal};
use crate::domain::kit::Kit;
use crate::domain::scorecard::{Mark, Rating, Recommendation};
use crate::domain::stats::Tally;
use crate::slack::screens::draw;

/// A loop in which everything follows from its number.
fn head(number: u32, kit: &Kit) -> Head {
    let opened = i64::from(number) * 600;
    let mut head = Head {
        code: LoopCode::from_random(number),
        opened_at: at(opened),
        title: kit.title.clone(),
        ..samples::head()
    };
    head.kit.slug = kit.slug.clone();
    if number % 10 == 9 {
        head.withdrawal = Some(Withdrawal {
            by: user("rita"),
            at: at(opened + 50),
            reason: crate::domain::candidate::Note::default(),
        });
    }
    if number % 5 == 4 {
        return head;
    }
    let marks = |seed: u32| {
        (0..3).map(move |place| {
            if (seed + place) % 4 == 3 {
                Mark::NotAsked
            } else {
                Mark::Rated(Rating::ALL[((seed + place) % 4) as usize])
            }
        })
    };
    let snapshot = (0..2 + number % 2).map(|place| {
        let marks: Vec<Mark> = marks(number + place * 2).collect();
        let author = format!("u{place}");
        let card = samples::card(kit, &author, &marks, Some(Recommendation::Yes));
        let mut card = Submitted::of(&card);
        // Now and then there is no time for one competency, and more rarely for two.
        let left_out = usize::from(number % 4 == 1) + usize::from(number % 12 == 1);
        for competency in &kit.competencies[..left_out] {
            let of_it = kit
                .questions
                .iter()
                .filter(|question| question.competency.as_ref() == Some(&competency.id));
            for question in of_it {
                card.marks.remove(&question.id);
            }
        }
        card
    });
    let snapshot: Vec<Submitted> = snapshot.collect();
    head.panel = snapshot
        .iter()
        .map(|card| Seat {
            submitted_at: Some(at(opened + 1000)),
            late: number % 7 == 3,
            ..Seat::new(card.author.clone())
        })
        .collect();
    head.reveal = Some(Reveal {
        at: at(opened + 2000 + i64::from(number % 6) * 900),
        by: None,
        snapshot,
        shadows: Vec::new(),
    });
    if number % 5 < 3 {
        head.decision = Some(Decision {
            verdict: Verdict::Hire,
            reason: crate::domain::candidate::Note::default(),
            by: user("rita"),
            at: at(opened + 9000 + i64::from(number % 3) * 700),
        });
    }
    head
}

/// What so many loops of so many roles come to.
pub(in crate::slack) fn scene(loops: u32, roles: u32, one: bool) -> StatsScene {
    let mut tally = Tally::default();
    let kits: Vec<Kit> = (0..roles)
        .map(|number| {
            let mut kit = Kit::clone(&samples::senior());
            if number > 0 {
                kit.slug = format!("role-{number:03}").as_str().into();
                kit.title = format!("R&D Engineer <of> the {number:03}th kind there is");
            }
            kit
        })
        .collect();
    for number in 0..loops {
        // Every role of them has the same mixture of loops.
        let kit = &kits[(number / 10 % roles) as usize];
        tally.add(&head(number, kit), kit);
    }
    let kit = samples::senior();
    StatsScene {
        whole: !one,
        role: one.then(|| (kit.slug.clone(), kit.title.clone())),
        roles: tally.figures(),
    }
}

fn seen(scene: StatsScene) -> String {
    picture::message(&draw(&Scene::Stats(Box::new(scene))))
}

#[test]
fn nothing_to_look_back_on_says_so() {
    shows!("stats_none", seen(scene(0, 1, false)));
    shows!("stats_none_of_role", seen(scene(0, 1, true)));
}

#[test]
fn one_loop_and_twenty_and_five_hundred_of_a_role_read_well() {
    shows!("stats_1", seen(scene(1, 1, true)));
    shows!("stats_20", seen(scene(20, 1, true)));
    shows!("stats_500", seen(scene(500, 1, true)));
}

#[test]
fn few_roles_are_shown_in_full_and_many_in_a_table() {
    shows!("stats_few_roles", seen(scene(60, 3, false)));
    shows!("stats_many_roles", seen(scene(500, 50, false)));
}

#[test]
fn any_number_of_loops_and_roles_fits_and_the_words_say_all() {
    for (loops, roles) in [
        (0, 1),
        (1, 1),
        (20, 2),
        (120, 8),
        (120, 12),
        (500, 50),
        (700, 70),
        (2500, 250),
    ] {
        for one in [false, true] {
            let scene = scene(loops, roles, one && roles == 1);
            let shown = scene.roles.len().min(20);
            let titles: Vec<String> = scene
                .roles
                .iter()
                .map(|role| role.title.chars().take(12).collect())
                .collect();
            let scene = Scene::Stats(Box::new(scene));
            takes(&format!("{loops} loops of {roles} roles"), &scene);
            let text = draw(&scene).text;
            assert!(!text.ends_with('…'), "cut: {text}");
            for title in titles.iter().take(shown) {
                let title = crate::slack::text::escaped(title);
                assert!(text.contains(&title), "{title} is missing in {text}");
            }
        }
    }
    let roles = Scene::StatsRoles {
        roles: vec![(
            "senior-backend".into(),
            "Senior Backend Developer".to_owned(),
        )],
        why: RolesWhy::Near {
            word: crate::domain::candidate::Note::new("senior-backned"),
        },
    };
    takes_message("roles", &draw(&roles));
    shows!("stats_near_miss", picture::message(&draw(&roles)));
}

#[test]
fn the_largest_kit_fits_too() {
    let mut kit = Kit::clone(&samples::largest_kit(25));
    for (number, competency) in kit.competencies.iter_mut().enumerate() {
        competency.name = format!("{} {number}", "W&<".repeat(60));
    }
    let mut tally = Tally::default();
    for number in 0..30 {
        tally.add(&head(number, &kit), &kit);
    }
    let scene = StatsScene {
        whole: true,
        role: Some((kit.slug.clone(), kit.title.clone())),
        roles: tally.figures(),
    };
    takes("the largest kit", &Scene::Stats(Box::new(scene)));
}
