//! Slack's limits, on the worst that people and kits can hold (<https://docs.slack.dev/reference/block-kit>).

use super::check::Check;
use super::samples::{self, user};
use crate::app::scene::{
    BriefingScene, DebriefScene, LoopEntry, OwedScene, PostScene, RemindersScene, Scene,
    StartScene, TimeScene,
};
use crate::domain::access::Offer;
use crate::domain::candidate::Note;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::{KitTab, Opening, RolesWhy, Trouble};
use crate::domain::ids::{ChannelId, DraftId, KitVersion, LoopCode, MessageTs, QuestionId, UserId};
use crate::domain::interview_loop::{Doubted, Doubts, Head, LARGEST_PANEL, SeatRole};
use crate::domain::kit::{Kit, Section};
use crate::domain::scorecard::Scorecard;
use crate::domain::settings::NamingRule;
use crate::slack::screens::{Drawn, columns, draw, draw_modal, draw_post};
use std::sync::Arc;

pub(super) fn takes_message(what: &str, drawn: &Drawn) {
    let mut check = Check::new();
    check.message(drawn);
    check.passes(what);
    for syntax in ["<!", "<http"] {
        assert!(
            !drawn.text.replace("<!date", "").contains(syntax),
            "{what}: {syntax} in {}",
            drawn.text
        );
    }
}

pub(super) fn takes(what: &str, scene: &Scene) {
    if let Some(view) = draw_modal(scene) {
        let mut check = Check::new();
        check.view(&view);
        check.passes(what);
    }
    takes_message(what, &draw(scene));
}

fn largest_panel() -> Vec<(UserId, SeatRole)> {
    let user = |number| UserId::from(format!("U0123456{number:04}").as_str());
    (0..LARGEST_PANEL)
        .map(|number| (user(number), SeatRole::Interviewer))
        .collect()
}

fn all_in_doubt() -> Doubts {
    let namesakes = largest_panel().into_iter().map(|(user, _)| user);
    Doubts::of(LARGEST_PANEL, 0, namesakes.collect())
}

fn longest_opening(head: &Head) -> Opening {
    let mut opening = Opening {
        candidate: Note::new(&"n".repeat(500)),
        requisition: Note::new(&"r".repeat(200)),
        note: Note::new(&"n".repeat(3000)),
        cv: Note::new(&format!("https://{}", "c".repeat(2900))),
        channel: Some(head.channel.clone()),
        ..Opening::default()
    };
    opening.take_panel(&largest_panel());
    opening
}

/// Of a loop that was moved a hundred times, each time out of a channel that was archived then.
fn worst_erased(head: &Head) -> Erased {
    let left = (0..100).map(|number| {
        let sent = Sent::Message {
            channel: ChannelId::from(format!("C0123456{number:03}")),
            ts: MessageTs::from("1795262400.000100"),
        };
        (sent, Trouble::Archived)
    });
    Erased {
        code: head.code.clone(),
        at: samples::at(0),
        by: Some(user("rita")),
        channel: head.channel.clone(),
        before: Vec::new(),
        opened_at: head.opened_at,
        scorecards: LARGEST_PANEL,
        entries: usize::MAX,
        taken_back: usize::MAX,
        left: left.collect(),
        told: false,
    }
}

const OFFERS: [Offer; 18] = [
    Offer::Score,
    Offer::Progress,
    Offer::Nudge,
    Offer::Panel,
    Offer::Time,
    Offer::Reveal,
    Offer::Evidence,
    Offer::Decide,
    Offer::Rename,
    Offer::HandOver,
    Offer::Reopen,
    Offer::Move,
    Offer::Withdraw,
    Offer::Export,
    Offer::Recuse,
    Offer::Hold,
    Offer::LiftHold,
    Offer::Erase,
];

const TABS: [KitTab; 7] = [
    KitTab::Overview,
    KitTab::Questions(Section::Screening),
    KitTab::Questions(Section::Technical),
    KitTab::Questions(Section::Behavioural),
    KitTab::LookFor,
    KitTab::Pitfalls,
    KitTab::Profile,
];

fn kit_scene(kit: &Arc<Kit>, tab: KitTab) -> Scene {
    Scene::Kit {
        kit: Arc::clone(kit),
        version: KitVersion::from(samples::VERSION),
        pinned: false,
        newer: None,
        edition: None,
        editable: true,
        opens: true,
        shareable: true,
        tab,
    }
}

#[test]
fn every_part_of_the_built_in_kits_is_shown_whole() {
    for kit in samples::real_kits() {
        for tab in TABS {
            takes(kit.slug.as_str(), &kit_scene(&kit, tab));
            let json = serde_json::to_string(&draw(&kit_scene(&kit, tab)).blocks)
                .expect("blocks are JSON");
            assert!(!json.contains('…'), "{} is cut", kit.slug);
        }
        for section in Section::ALL {
            let scene = scorecard(&kit, samples::head(), Some(samples::ada(&kit)), section);
            takes(kit.slug.as_str(), &scene);
            let json = serde_json::to_string(&draw(&scene).blocks).expect("blocks are JSON");
            assert!(!json.contains('…'), "the scorecard of {} is cut", kit.slug);
            for number in 1..=5 {
                let scene = opened(scene.clone(), Some(number));
                takes(kit.slug.as_str(), &scene);
                let json = serde_json::to_string(&draw(&scene).blocks).expect("blocks are JSON");
                assert!(
                    !json.contains('…'),
                    "an opened scorecard of {} is cut",
                    kit.slug
                );
            }
        }
    }
}

/// With the follow-ups of a technical question shown.
fn opened(mut scene: Scene, number: Option<usize>) -> Scene {
    if let Scene::Scorecard { open, .. } = &mut scene {
        *open = number.map(|number| QuestionId::from(format!("technical/{number}")));
    }
    scene
}

fn scorecard(kit: &Arc<Kit>, head: Head, card: Option<Scorecard>, section: Section) -> Scene {
    Scene::Scorecard {
        kit: Arc::clone(kit),
        head: Box::new(head),
        card,
        user: user("ada"),
        section,
        open: None,
    }
}

#[test]
fn kits_of_any_size_fit() {
    for questions in [1, 14, 15, 22, 23, 25, 60, 160] {
        let kit = samples::largest_kit(questions);
        for tab in TABS {
            takes(
                &format!("a kit of {questions}, {tab:?}"),
                &kit_scene(&kit, tab),
            );
        }
        for name in samples::worst_names() {
            let mut head = samples::head();
            head.candidate = crate::domain::candidate::CandidateName::parse(&name).expect("a name");
            for card in [None, Some(samples::ada(&kit))] {
                for open in [None, Some(1), Some(questions.min(45))] {
                    let scene = opened(
                        scorecard(&kit, head.clone(), card.clone(), Section::Technical),
                        open,
                    );
                    takes(&format!("a scorecard of {questions}, {open:?}"), &scene);
                }
            }
        }
        let mut unexplained = samples::ada(&kit);
        unexplained.evidence.clear();
        for card in [
            None,
            Some(unexplained),
            Some(Scorecard::new(user("ada"), samples::at(0))),
        ] {
            let scene = Scene::SubmitForm {
                kit: Arc::clone(&kit),
                head: Box::new(samples::head()),
                card,
            };
            takes(&format!("a submission of {questions}"), &scene);
        }
    }
}

fn scenes_of(head: &Head, kit: &Arc<Kit>) -> Vec<Scene> {
    let (boxed, draft) = (
        || Box::new(head.clone()),
        || DraftId::from("00ff00ff00ff00ff"),
    );
    let cards = samples::worst_cards(head, kit);
    let counts: std::collections::BTreeMap<_, _> = Section::ALL
        .into_iter()
        .map(|section| (section, (10, 25)))
        .collect();
    let entry = |number: usize| LoopEntry {
        head: Head {
            code: LoopCode::from(format!("C-00{number:02}")),
            ..head.clone()
        },
        owes: true,
        scores: true,
    };
    vec![
        Scene::Loops {
            mine: true,
            entries: (0..15).map(entry).collect(),
            more: true,
        },
        Scene::NamingQuestion {
            draft: draft(),
            initials: head.candidate.initials(),
        },
        Scene::ChannelQuestion { draft: draft() },
        Scene::Namesakes {
            draft: draft(),
            heads: (0..15).map(|number| entry(number).head).collect(),
        },
        Scene::More {
            head: boxed(),
            offers: OFFERS.to_vec(),
        },
        Scene::Progress {
            head: boxed(),
            rows: head
                .panel
                .iter()
                .map(|seat| (seat.user.clone(), counts.clone()))
                .collect(),
            offers: OFFERS.to_vec(),
        },
        Scene::Debrief(Box::new(DebriefScene {
            kit: Arc::clone(kit),
            head: head.clone(),
            later: cards.clone(),
        })),
        Scene::Loop {
            head: boxed(),
            scores: true,
        },
        Scene::RoleForm {
            roles: many_roles(250),
        },
        Scene::StartForm(Box::new(StartScene {
            kit: Arc::clone(kit),
            public: true,
            naming: NamingRule::Ask,
            planned: None,
            minutes: None,
            zone: "America/Argentina/ComodRivadavia".to_owned(),
            filled: longest_opening(head),
            draft: Some(DraftId::from("f".repeat(16))),
        })),
        Scene::LastPanel {
            draft: DraftId::from("f".repeat(16)),
            panel: largest_panel(),
            doubts: all_in_doubt(),
        },
        Scene::Doubtful {
            what: Doubted::Opening(DraftId::from("f".repeat(16))),
            doubts: all_in_doubt(),
            head: None,
        },
        Scene::Doubtful {
            what: Doubted::Panel {
                code: head.code.clone(),
                panel: largest_panel(),
            },
            doubts: all_in_doubt(),
            head: Some(boxed()),
        },
        Scene::Doubtful {
            what: Doubted::Admission {
                code: head.code.clone(),
                user: UserId::from("U0123456789"),
            },
            doubts: all_in_doubt(),
            head: Some(boxed()),
        },
        Scene::SettingsForm {
            settings: Box::default(),
            drawn_from: u64::MAX,
        },
        Scene::ZoneForm {
            chosen: Some("America/Argentina/ComodRivadavia".to_owned()),
            told: Some("Europe/Berlin".to_owned()),
        },
        Scene::EvidenceForm {
            head: boxed(),
            kit: Arc::clone(kit),
            question: QuestionId::from("technical/1"),
            note: "x".repeat(3000),
        },
        Scene::SubmitForm {
            kit: Arc::clone(kit),
            head: boxed(),
            card: cards.first().cloned(),
        },
        Scene::PanelForm(boxed()),
        Scene::DecideForm(boxed()),
        Scene::RenameForm(boxed()),
        Scene::HandOverForm(boxed()),
        Scene::WithdrawForm(boxed()),
        Scene::MoveForm(boxed()),
        Scene::HoldForm(boxed()),
        Scene::EraseForm(boxed()),
        Scene::TimeForm(Box::new(TimeScene {
            head: head.clone(),
            minutes: 600,
            planned: Some(jiff::civil::date(2026, 12, 1).at(14, 0, 0, 0)),
            zone: "America/Argentina/ComodRivadavia".to_owned(),
        })),
        Scene::EvidenceBoard {
            kit: Arc::clone(kit),
            head: boxed(),
            shadows: cards[..25].to_vec(),
            cards: cards[25..].to_vec(),
        },
        Scene::ByQuestion {
            kit: Arc::clone(kit),
            head: boxed(),
            leads: true,
        },
    ]
}

#[test]
fn the_worst_that_a_loop_can_hold_fits() {
    let kit = samples::largest_kit(25);
    for name in samples::worst_names() {
        let head = samples::worst_head(&name, &kit);
        for (number, scene) in scenes_of(&head, &kit).iter().enumerate() {
            takes(&format!("scene {number} of {name}"), scene);
        }
        let mut posts = vec![
            PostScene::Loop(Box::new(head.clone())),
            PostScene::Loop(Box::new(samples::in_public(head.clone()))),
            PostScene::Debrief(Box::new(DebriefScene {
                kit: Arc::clone(&kit),
                head: head.clone(),
                later: samples::worst_cards(&head, &kit),
            })),
            PostScene::DebriefReady(Box::new(head.clone())),
            PostScene::Invitation {
                head: Box::new(head.clone()),
                user: head.panel[3].user.clone(),
                part: "<&> ".repeat(500),
            },
            PostScene::Nudge(Box::new(head.clone())),
            PostScene::Handed(Box::new(head.clone())),
            PostScene::JoinRequest {
                head: Box::new(head.clone()),
                user: user("cid"),
            },
            PostScene::Recused {
                head: Box::new(head.clone()),
                user: head.panel[2].user.clone(),
            },
            PostScene::Trouble {
                head: Box::new(head.clone()),
                trouble: Trouble::NotInChannel,
            },
            PostScene::SharedKit {
                kit: Arc::clone(&kit),
                version: KitVersion::from(samples::VERSION),
                by: user("rita"),
            },
            PostScene::Erased(Box::new(worst_erased(&head))),
        ];
        let mut open = samples::planned(head.clone());
        (open.reveal, open.decision) = (None, None);
        posts.extend([
            PostScene::Loop(Box::new(open.clone())),
            PostScene::Replanned {
                head: Box::new(open.clone()),
                user: user("ada"),
            },
            PostScene::Briefing(Box::new(BriefingScene {
                kit: Arc::clone(&kit),
                head: open.clone(),
                user: user("ada"),
                part: "&".repeat(2000),
            })),
        ]);
        for (owed, last) in [(1, 1), (2, 1), (15, 0), (60, 20)] {
            let owed = (0..owed).map(|number| OwedScene {
                head: Head {
                    code: LoopCode::from(format!("C-00{number:02}")),
                    ..open.clone()
                },
                last: number < last,
            });
            let scene = RemindersScene {
                owed: owed.collect(),
            };
            posts.push(PostScene::Reminders(scene));
        }
        for public in [true, false] {
            posts.push(PostScene::Decision {
                head: Box::new(head.clone()),
                public,
            });
        }
        for (number, post) in posts.iter().enumerate() {
            takes_message(&format!("post {number} of {name}"), &draw_post(post));
        }
    }
}

#[test]
fn a_hundred_roles_and_a_word_of_any_length_fit() {
    let roles: Vec<_> = (0..150)
        .map(|number| {
            (
                format!("role-{number}").as_str().into(),
                format!("{} {number}", "T&".repeat(28)),
            )
        })
        .collect();
    let near = RolesWhy::Near {
        word: Note::new(&"`<!channel>` ".repeat(500)),
    };
    for why in [RolesWhy::All, RolesWhy::Several, near] {
        let scene = Scene::Roles {
            roles: roles.clone(),
            why,
            draft: Some(DraftId::from("00ff")),
        };
        takes("roles", &scene);
    }
    takes("help", &Scene::Help);
}

#[test]
fn a_debrief_is_at_most_44_columns_wide() {
    let mut kit = Kit::clone(&samples::senior());
    let names = [
        "Databases",
        "ソフトウェア設計の一般的な原則と実践",
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
        "An unbearably long name of a competency",
    ];
    for (competency, name) in kit.competencies.iter_mut().zip(names) {
        competency.name = name.to_owned();
    }
    let cards = [samples::ada(&kit), samples::ben(&kit)]
        .map(|card| crate::domain::debrief::Submitted::of(&card));
    let lines = crate::domain::debrief::by_competency(&kit, &cards);
    let table = columns::table(&lines);
    for line in table.lines() {
        assert!(columns::width(line) <= columns::WIDEST, "{line}");
    }
    super::shows!("debrief_table", table);
}

#[test]
fn everybody_gets_a_word_on_the_board() {
    let kit = samples::largest_kit(25);
    let head = samples::worst_head("Jane Doe", &kit);
    let cards = samples::worst_cards(&head, &kit);
    let authors: Vec<UserId> = cards.iter().map(|card| card.author.clone()).collect();
    let scene = Scene::EvidenceBoard {
        kit,
        head: Box::new(head),
        shadows: Vec::new(),
        cards,
    };
    let json = serde_json::to_string(&draw_modal(&scene)).expect("a view is JSON");
    assert!(json.contains("… more in the export"), "{json}");
    for author in authors {
        assert!(json.contains(author.as_str()), "{author} is missing");
    }
}

/// Roles with the longest titles there are.
pub(super) fn many_roles(number: usize) -> Vec<(crate::domain::ids::KitSlug, String)> {
    (0..number)
        .map(|number| {
            let slug = format!("{}-{number}", "very-long".repeat(8));
            (slug.as_str().into(), "A role of many words ".repeat(9))
        })
        .collect()
}
