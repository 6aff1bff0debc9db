//! Slack's limits, on the worst that people and kits can hold (<https://docs.slack.dev/reference/block-kit>).

use super::samples::{self, user};
use crate::app::scene::{DebriefScene, LoopEntry, PostScene, Scene};
use crate::domain::access::Offer;
use crate::domain::candidate::Note;
use crate::domain::event::{KitTab, RolesWhy, Trouble};
use crate::domain::ids::{DraftId, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::Head;
use crate::domain::kit::{Kit, Section};
use crate::domain::scorecard::Scorecard;
use crate::slack::screens::{Drawn, columns, draw, draw_modal, draw_post, page};
use crate::slack::text::units;
use serde_json::Value;
use slack_morphism::prelude::SlackView;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is wrong with a payload, each with its place.
struct Check {
    faults: Vec<String>,
    blocks: BTreeSet<String>,
    actions: BTreeSet<String>,
}

impl Check {
    fn new() -> Self {
        Self {
            faults: Vec::new(),
            blocks: BTreeSet::new(),
            actions: BTreeSet::new(),
        }
    }

    fn that(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn text(&mut self, at: &str, text: &Value, most: usize) {
        let text = text["text"].as_str().or(text.as_str()).unwrap_or_default();
        self.that(!text.is_empty() && units(text) <= most, || format!("{at}: {} of 1 to {most} units", units(text)));
    }

    fn message(&mut self, drawn: &Drawn) {
        let blocks = serde_json::to_value(&drawn.blocks).expect("blocks are JSON");
        self.text("text", &Value::from(drawn.text.clone()), 4000);
        self.that(!drawn.blocks.is_empty() && drawn.blocks.len() <= 50, || format!("{} blocks", drawn.blocks.len()));
        let weight = page::weight(&blocks);
        self.that(weight <= 10_000, || format!("{weight} units of text in all"));
        self.blocks(&blocks);
    }

    fn view(&mut self, view: &SlackView) {
        let view = serde_json::to_value(view).expect("a view is JSON");
        let (size, number) = (view.to_string().len(), view["blocks"].as_array().map_or(0, Vec::len));
        self.that(size <= 250_000, || format!("a view of {size} bytes"));
        self.that((1..=100).contains(&number), || format!("{number} blocks"));
        self.text("title", &view["title"], 24);
        self.text("close", &view["close"], 24);
        self.text("callback_id", &view["callback_id"], 255);
        self.text("private_metadata", &view["private_metadata"], 3000);
        let has_input = view["blocks"].to_string().contains("\"type\":\"input\"");
        self.that(has_input == view.get("submit").is_some(), || "inputs and a submit button go together".to_owned());
        self.blocks(&view["blocks"]);
    }

    fn blocks(&mut self, blocks: &Value) {
        for (place, block) in blocks.as_array().into_iter().flatten().enumerate() {
            let at = format!("/{place}");
            if let Some(id) = block["block_id"].as_str() {
                self.that(units(id) <= 255, || format!("{at}: a long block id"));
                let fresh = self.blocks.insert(id.to_owned());
                self.that(fresh, || format!("{at}: the block id {id} twice"));
            }
            let elements = block["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
            match block["type"].as_str().unwrap_or_default() {
                "header" => self.text(&at, &block["text"], 150),
                "section" => self.text(&at, &block["text"], 3000),
                "context" => {
                    self.that((1..=10).contains(&elements.len()), || format!("{at}: {} elements", elements.len()));
                    for element in elements {
                        self.text(&at, element, 3000);
                        self.that(element["verbatim"] == true, || format!("{at}: names are looked for in it"));
                    }
                }
                "actions" => {
                    self.that((1..=25).contains(&elements.len()), || format!("{at}: {} elements", elements.len()));
                    for element in elements {
                        self.element(&at, element);
                    }
                }
                "input" => {
                    self.text(&at, &block["label"], 2000);
                    if block.get("hint").is_some() {
                        self.text(&at, &block["hint"], 2000);
                    }
                    self.element(&at, &block["element"]);
                }
                "rich_text" => {
                    self.that(!elements.is_empty(), || format!("{at}: nothing in it"));
                    let weight = page::weight(block);
                    self.that(weight <= 9000, || format!("{at}: rich text of {weight}"));
                }
                other => self.that(false, || format!("{at}: a block of another kind, {other}")),
            }
        }
    }

    fn element(&mut self, at: &str, element: &Value) {
        let id = element["action_id"].as_str().unwrap_or_default().to_owned();
        self.that(!id.is_empty() && units(&id) <= 255, || format!("{at}: the action id {id}"));
        let fresh = self.actions.insert(id.clone());
        self.that(fresh, || format!("{at}: the action id {id} twice"));
        if element.get("placeholder").is_some() {
            self.text(at, &element["placeholder"], 150);
        }
        let options = element["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        match element["type"].as_str().unwrap_or_default() {
            "button" => {
                self.text(at, &element["text"], 75);
                self.text(at, &element["value"], 2000);
                if element.get("accessibility_label").is_some() {
                    self.text(at, &element["accessibility_label"], 75);
                }
                if let Some(confirm) = element.get("confirm") {
                    self.text(at, &confirm["title"], 100);
                    self.text(at, &confirm["text"], 300);
                    self.text(at, &confirm["confirm"], 30);
                    self.text(at, &confirm["deny"], 30);
                }
            }
            "plain_text_input" => {
                let most = element["max_length"].as_u64().unwrap_or(3000);
                self.that((1..=3000).contains(&most), || format!("{at}: max_length {most}"));
                let initial = element["initial_value"].as_str().unwrap_or_default();
                self.that(units(initial) as u64 <= most, || format!("{at}: {} of {most} filled in", units(initial)));
            }
            "radio_buttons" | "checkboxes" => {
                self.that((1..=10).contains(&options.len()), || format!("{at}: {} options", options.len()));
                for option in options {
                    self.text(at, &option["text"], 75);
                    self.text(at, &option["value"], 150);
                }
                let initial = &element["initial_option"];
                self.that(initial.is_null() || options.contains(initial), || format!("{at}: what is chosen is no option"));
            }
            "multi_users_select" | "users_select" | "conversations_select" => {}
            other => self.that(false, || format!("{at}: an element of another kind, {other}")),
        }
    }

    fn passes(self, what: &str) {
        assert!(self.faults.is_empty(), "{what}: {:#?}", self.faults);
    }
}

fn takes_message(what: &str, drawn: &Drawn) {
    let mut check = Check::new();
    check.message(drawn);
    check.passes(what);
    for syntax in ["<!", "<http"] {
        assert!(!drawn.text.replace("<!date", "").contains(syntax), "{what}: {syntax} in {}", drawn.text);
    }
}

fn takes(what: &str, scene: &Scene) {
    if let Some(view) = draw_modal(scene) {
        let mut check = Check::new();
        check.view(&view);
        check.passes(what);
    }
    takes_message(what, &draw(scene));
}

const OFFERS: [Offer; 12] = [
    Offer::Score,
    Offer::Progress,
    Offer::Nudge,
    Offer::Panel,
    Offer::Reveal,
    Offer::Evidence,
    Offer::Decide,
    Offer::Rename,
    Offer::HandOver,
    Offer::Reopen,
    Offer::Move,
    Offer::Withdraw,
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
        newer: false,
        tab,
    }
}

#[test]
fn every_part_of_the_built_in_kits_is_shown_whole() {
    for kit in samples::real_kits() {
        for tab in TABS {
            takes(kit.slug.as_str(), &kit_scene(&kit, tab));
            let json = serde_json::to_string(&draw(&kit_scene(&kit, tab)).blocks).expect("blocks are JSON");
            assert!(!json.contains('…'), "{} is cut", kit.slug);
        }
        for section in Section::ALL {
            let scene = scorecard(&kit, samples::head(), Some(samples::ada(&kit)), section);
            takes(kit.slug.as_str(), &scene);
            let json = serde_json::to_string(&draw(&scene).blocks).expect("blocks are JSON");
            assert!(!json.contains('…'), "the scorecard of {} is cut", kit.slug);
        }
    }
}

fn scorecard(kit: &Arc<Kit>, head: Head, card: Option<Scorecard>, section: Section) -> Scene {
    Scene::Scorecard {
        kit: Arc::clone(kit),
        head: Box::new(head),
        card,
        section,
    }
}

#[test]
fn kits_of_any_size_fit() {
    for questions in [1, 14, 15, 22, 23, 25, 60, 160] {
        let kit = samples::largest_kit(questions);
        for tab in TABS {
            takes(&format!("a kit of {questions}, {tab:?}"), &kit_scene(&kit, tab));
        }
        for name in samples::worst_names() {
            let mut head = samples::head();
            head.candidate = crate::domain::candidate::CandidateName::parse(&name).expect("a name");
            for card in [None, Some(samples::ada(&kit))] {
                takes(&format!("a scorecard of {questions}"), &scorecard(&kit, head.clone(), card, Section::Technical));
            }
        }
        let mut unexplained = samples::ada(&kit);
        unexplained.evidence.clear();
        for card in [None, Some(unexplained), Some(Scorecard::new(user("ada"), samples::at(0)))] {
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
    let (boxed, draft) = (|| Box::new(head.clone()), || DraftId::from("00ff00ff00ff00ff"));
    let cards = samples::worst_cards(head, kit);
    let counts: std::collections::BTreeMap<_, _> = Section::ALL.into_iter().map(|section| (section, (10, 25))).collect();
    let entry = |number: usize| LoopEntry {
        head: Head {
            code: LoopCode(format!("C-00{number:02}")),
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
            rows: head.panel.iter().map(|seat| (seat.user.clone(), counts.clone())).collect(),
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
        Scene::StartForm {
            kit: Arc::clone(kit),
            channel: Some(head.channel.clone()),
            public: true,
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
        Scene::EvidenceBoard {
            kit: Arc::clone(kit),
            head: boxed(),
            cards,
        },
        Scene::ByQuestion {
            kit: Arc::clone(kit),
            head: boxed(),
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
            PostScene::Invitation(Box::new(head.clone())),
            PostScene::Nudge(Box::new(head.clone())),
            PostScene::Handed(Box::new(head.clone())),
            PostScene::JoinRequest {
                head: Box::new(head.clone()),
                user: user("cid"),
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
        ];
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
    let roles: Vec<_> = (0..150).map(|number| (format!("role-{number}").as_str().into(), format!("{} {number}", "T&".repeat(28)))).collect();
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
    let names = ["Databases", "ソフトウェア設計の一般的な原則と実践", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "An unbearably long name of a competency"];
    for (competency, name) in kit.competencies.iter_mut().zip(names) {
        competency.name = name.to_owned();
    }
    let cards = [samples::ada(&kit), samples::ben(&kit)].map(|card| crate::domain::debrief::Submitted::of(&card));
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
        cards,
    };
    let json = serde_json::to_string(&draw_modal(&scene)).expect("a view is JSON");
    assert!(json.contains("… more in the export"), "{json}");
    for author in authors {
        assert!(json.contains(author.as_str()), "{author} is missing");
    }
}
