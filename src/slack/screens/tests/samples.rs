//! Kits, loops and scorecards to draw.

use crate::domain::candidate::{CandidateName, LONGEST_NAME, Note};
use crate::domain::debrief::Submitted;
use crate::domain::ids::{ChannelId, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::{
    Decision, Excuse, ExcusedWhy, Head, LegalHold, Messages, Naming, Reveal, Seat, SeatRole,
    Verdict, Withdrawal,
};
use crate::domain::kit::{Kit, KitRef};
use crate::domain::planned::Planned;
use crate::domain::scorecard::{LateChange, Mark, Rating, Recommendation, Scorecard};
use jiff::Timestamp;
use serde_json::json;
use std::sync::Arc;

pub const VERSION: &str = "a81c3f0b99d2";

/// A moment, so many minutes into the sample's day.
pub fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_793_700_000 + minutes * 60).expect("a moment of 2026")
}

pub fn user(name: &str) -> UserId {
    UserId::from(format!("U{}", name.to_uppercase()))
}

pub fn senior() -> Arc<Kit> {
    read(include_str!("../../../../questions/senior-backend.toml"))
}

/// All kits that are built in.
pub fn real_kits() -> Vec<Arc<Kit>> {
    vec![
        senior(),
        read(include_str!(
            "../../../../questions/backend-platforms-lead.toml"
        )),
        read(include_str!(
            "../../../../questions/backend-practice-lead.toml"
        )),
        read(include_str!("../../../../questions/head-of-backend.toml")),
    ]
}

fn read(file: &str) -> Arc<Kit> {
    Arc::new(toml::from_str(file).expect("a built-in kit can be read"))
}

/// A kit of so many questions a section, each text as long as the check of kits lets it be.
pub fn largest_kit(questions: usize) -> Arc<Kit> {
    let long = |start: &str, length: usize| {
        format!("{start} {}", "<&> *lorem* ipsum ".repeat(40))
            .chars()
            .take(length)
            .collect::<String>()
    };
    let competencies: Vec<_> = (1..=30).map(|number| json!({"id": format!("competency-{number}"), "name": format!("Databases & more {number:>3}")})).collect();
    let all: Vec<_> = ["screening", "technical", "behavioural"]
        .iter()
        .flat_map(|section| (1..=questions).map(move |number| (section, number)))
        .map(|(section, number)| {
            json!({
                "id": format!("{section}/{number}"), "section": section, "competency": format!("competency-{}", number % 30 + 1),
                "ask": long("How?", 300), "follow_up": vec![long("Why?", 200); 10], "note": long("Listen.", 500),
                "anchors": {"poor": long("p", 200), "mixed": long("m", 200), "good": long("g", 200), "excellent": long("e", 200)},
            })
        })
        .collect();
    let traits: Vec<_> = (1..=50).map(|number| json!({"text": long("Looks", 200), "competency": format!("competency-{}", number % 30 + 1)})).collect();
    let kit = json!({
        "slug": "x".repeat(40), "title": "T&".repeat(30), "minutes": 480,
        "profile": {
            "summary": long("Does", 1000), "hard_skills": vec![long("SQL", 200); 50], "experience": long("5+", 1000),
            "soft_skills": vec![long("Kind", 200); 50], "demand": "low",
            "salary": {"currency": "USD", "min": 1, "max": 1_000_000, "period": "year"},
        },
        "competency": competencies, "question": all, "look_for": traits, "pitfall": traits,
    });
    Arc::new(serde_json::from_value(kit).expect("the largest kit is a kit"))
}

/// A loop that was just opened, with Ada and Ben on its panel.
pub fn head() -> Head {
    Head {
        code: LoopCode::from("C-7F3Q"),
        kit: KitRef {
            slug: "senior-backend".into(),
            version: KitVersion::from(VERSION),
        },
        title: "Senior Backend Developer".to_owned(),
        candidate: CandidateName::parse("Jane Doe").expect("a name"),
        note: Note::default(),
        requisition: Note::default(),
        cv: Note::default(),
        owner: user("rita"),
        opened_by: user("rita"),
        opened_at: at(0),
        channel: ChannelId::from("CHIRING"),
        public: false,
        naming: Naming::Name,
        named_panel: true,
        panel: vec![Seat::new(user("ada")), Seat::new(user("ben"))],
        reveal: None,
        decision: None,
        past_decisions: Vec::new(),
        withdrawal: None,
        hold: None,
        planned: None,
        asked_to_join: std::collections::BTreeSet::new(),
        messages: Messages::default(),
    }
}

/// With a shadow, an observer, somebody recused and somebody who was not there.
pub fn with_everybody() -> Head {
    let mut head = head();
    let excused = |name: &str, why| Seat {
        excused: Some(Excuse {
            why,
            at: at(10),
            by: user(name),
        }),
        ..Seat::new(user(name))
    };
    let mut shadow = Seat::of(user("cid"), SeatRole::Shadow);
    shadow.submitted_at = Some(at(20));
    let mut recused = excused("eve", ExcusedWhy::Recused);
    recused.submitted_at = Some(at(5));
    head.panel.extend([
        Seat::of(user("fay"), SeatRole::Shadow),
        shadow,
        Seat::of(user("dora"), SeatRole::Observer),
        recused,
        excused("gil", ExcusedWhy::DidNotAttend),
    ]);
    head
}

/// With an interview that was moved to another time.
pub fn planned(head: Head) -> Head {
    Head {
        planned: Some(Planned {
            at: at(3000),
            minutes: 45,
            moved_from: Some(at(1500)),
        }),
        ..head
    }
}

/// The same in a public channel, by initials.
pub fn in_public(head: Head) -> Head {
    Head {
        public: true,
        naming: Naming::Initials,
        requisition: Note::new("REQ-17"),
        note: Note::new("the one from Kiel"),
        cv: Note::new("https://cv.example/jane"),
        ..head
    }
}

pub fn with_details(head: Head) -> Head {
    Head {
        public: false,
        naming: Naming::Name,
        ..in_public(head)
    }
}

pub fn submits(mut head: Head, name: &str) -> Head {
    for seat in head.panel.iter_mut().filter(|seat| seat.user == user(name)) {
        seat.submitted_at = Some(at(30));
    }
    head
}

/// All are in, and shown.
pub fn revealed(kit: &Kit) -> Head {
    let mut head = submits(submits(head(), "ada"), "ben");
    head.reveal = Some(Reveal {
        at: at(40),
        by: None,
        snapshot: vec![Submitted::of(&ada(kit)), Submitted::of(&ben(kit))],
        shadows: Vec::new(),
    });
    head
}

pub fn decided(kit: &Kit) -> Head {
    let mut head = revealed(kit);
    let decision = |verdict, reason: &str, minutes| Decision {
        verdict,
        reason: Note::new(reason),
        by: user("rita"),
        at: at(minutes),
    };
    head.past_decisions = vec![decision(Verdict::Hold, "One more talk.", 50)];
    head.decision = Some(decision(
        Verdict::Hire,
        "Clear on <data> & calm in a *crisis*.",
        90,
    ));
    head
}

pub fn withdrawn() -> Head {
    Head {
        withdrawal: Some(Withdrawal {
            by: user("rita"),
            at: at(45),
            reason: Note::new("Took another offer."),
        }),
        ..head()
    }
}

/// A scorecard with the marks given in turn to the questions of the kit.
pub fn card(
    kit: &Kit,
    author: &str,
    marks: &[Mark],
    recommendation: Option<Recommendation>,
) -> Scorecard {
    let mut card = Scorecard::new(user(author), at(20));
    for (question, mark) in kit.asked().zip(marks.iter().cycle()) {
        card.marks.insert(question.id.clone(), *mark);
        if mark.rating().is_some_and(Rating::is_extreme) {
            card.evidence.insert(
                question.id.clone(),
                Note::new(&format!("What {author} heard on {}.", question.id)),
            );
        }
    }
    card.recommendation = recommendation;
    card.reason = Note::new(if recommendation.is_some() {
        "Would ship with this person."
    } else {
        ""
    });
    card
}

pub fn ada(kit: &Kit) -> Scorecard {
    let marks = [
        Mark::Rated(Rating::Good),
        Mark::Rated(Rating::Excellent),
        Mark::NotAsked,
    ];
    let mut card = card(kit, "ada", &marks, Some(Recommendation::StrongYes));
    card.beside_the_kit = Note::new("Asked about mentoring: two juniors, by name.");
    card
}

pub fn ben(kit: &Kit) -> Scorecard {
    let marks = [
        Mark::Rated(Rating::Mixed),
        Mark::Rated(Rating::Poor),
        Mark::Rated(Rating::Good),
        Mark::Rated(Rating::Mixed),
    ];
    card(kit, "ben", &marks, Some(Recommendation::No))
}

pub fn changed(mut card: Scorecard, question: &str, from: Rating, to: Rating) -> Scorecard {
    card.late_changes.push(LateChange {
        question: QuestionId::from(question),
        from: Some(Mark::Rated(from)),
        to: Mark::Rated(to),
        at: at(60),
    });
    card
}

/// A begun scorecard: two questions of each section.
pub fn begun(kit: &Kit) -> Scorecard {
    let mut card = Scorecard::new(user("ada"), at(20));
    for (number, mark) in [
        (1, Mark::Rated(Rating::Good)),
        (2, Mark::Rated(Rating::Excellent)),
    ] {
        for section in ["screening", "technical", "behavioural"] {
            card.marks
                .insert(QuestionId::from(format!("{section}/{number}")), mark);
        }
    }
    card.evidence.insert(
        QuestionId::from("technical/2"),
        Note::new("Named the query plan unasked."),
    );
    assert_eq!(card.marked(kit), 6, "the kit has two questions a section");
    card
}

/// Names that people and attackers give.
pub fn worst_names() -> Vec<String> {
    let filled = |part: &str| part.chars().cycle().take(LONGEST_NAME).collect::<String>();
    vec![
        filled("<!channel> & <@UADA> *bold* `code` _it_ "),
        filled("دنا بنت القاضي "),
        "👩‍👩‍👧‍👦".repeat(LONGEST_NAME),
        filled("&"),
    ]
}

/// A loop in which everything is as long as it can be.
pub fn worst_head(name: &str, kit: &Kit) -> Head {
    let long = Note::new(&"<!here> & *so* `on` ".repeat(400));
    let mut head = decided(kit);
    head.candidate = CandidateName::parse(name).expect("a name of the longest kind");
    head.kit.slug = kit.slug.clone();
    head.title.clone_from(&kit.title);
    head.note = long.clone();
    head.requisition = long.clone();
    head.cv = Note::new(&format!("https://cv.example/{}", "a".repeat(3000)));
    head.panel = (0..50)
        .map(|number| Seat::new(UserId::from(format!("U0123456{number:03}"))))
        .collect();
    for (number, seat) in head.panel.iter_mut().enumerate().skip(2) {
        seat.submitted_at = Some(at(30));
        seat.late = number % 2 == 0;
    }
    let snapshot: Vec<Submitted> = worst_cards(&head, kit).iter().map(Submitted::of).collect();
    head.reveal = Some(Reveal {
        at: at(40),
        by: Some(user("rita")),
        snapshot,
        shadows: Vec::new(),
    });
    if let Some(decision) = &mut head.decision {
        decision.reason = long.clone();
    }
    head.past_decisions = vec![head.decision.clone().expect("it is decided"); 30];
    head.hold = Some(LegalHold {
        by: user("rita"),
        at: at(50),
        reason: Note::new(&"<!here> & *so* `on` ".repeat(400)),
    });
    head
}

pub fn worst_cards(head: &Head, kit: &Kit) -> Vec<Scorecard> {
    let long = Note::new(&"<!here> & *so* `on` ".repeat(400));
    let all = head.panel.iter().enumerate().map(|(place, seat)| {
        let marks = if place % 2 == 0 {
            [Mark::Rated(Rating::Poor), Mark::NotAsked]
        } else {
            [Mark::Rated(Rating::Excellent), Mark::Rated(Rating::Mixed)]
        };
        let mut card = card(kit, "x", &marks, Some(Recommendation::ALL[place % 5]));
        card.author = seat.user.clone();
        card.reason = long.clone();
        card.beside_the_kit = long.clone();
        for question in kit.asked() {
            card.evidence.insert(question.id.clone(), long.clone());
            card = changed(card, question.id.as_str(), Rating::Poor, Rating::Good);
        }
        card
    });
    all.collect()
}
