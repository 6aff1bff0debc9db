//! What channels and direct messages get.

use super::picture;
use super::samples::{self, user};
use super::shows;
use crate::app::scene::{BriefingScene, DebriefScene, OwedScene, PostScene, RemindersScene};
use crate::domain::event::Trouble;
use crate::domain::ids::{KitVersion, LoopCode};
use crate::domain::interview_loop::{Head, SeatRole};
use crate::domain::scorecard::{Mark, Recommendation};
use crate::slack::screens::draw_post;

fn posted(scene: &PostScene) -> String {
    picture::message(&draw_post(scene))
}

fn joined(scenes: &[PostScene]) -> String {
    scenes.iter().map(posted).collect::<Vec<_>>().join("\n\n")
}

fn replanned(head: Head, name: &str) -> PostScene {
    PostScene::Replanned {
        head: boxed(head),
        user: user(name),
    }
}

fn boxed(head: Head) -> Box<Head> {
    Box::new(head)
}

#[test]
fn a_loop_has_one_post_that_says_where_it_stands() {
    let kit = samples::senior();
    let nobody_named = Head {
        named_panel: false,
        panel: Vec::new(),
        ..samples::head()
    };
    let heads = [
        samples::head(),
        samples::submits(samples::with_details(samples::head()), "ada"),
        nobody_named,
        samples::revealed(&kit),
        samples::decided(&kit),
        samples::withdrawn(),
    ];
    shows!(
        "post",
        joined(&heads.map(|head| PostScene::Loop(boxed(head))))
    );
}

#[test]
fn in_a_public_channel_a_post_says_less() {
    let kit = samples::senior();
    let heads = [
        samples::head(),
        samples::revealed(&kit),
        samples::decided(&kit),
    ];
    let picture = joined(&heads.map(|head| PostScene::Loop(boxed(samples::in_public(head)))));
    for secret in ["Jane", "Kiel", "cv.example", "Hire"] {
        assert!(!picture.contains(secret), "{secret} in {picture}");
    }
    shows!("post_public", picture);
}

#[test]
fn the_debrief_and_the_decision_stand_in_the_thread() {
    let kit = samples::senior();
    let debrief = |head| {
        PostScene::Debrief(Box::new(DebriefScene {
            kit: samples::senior(),
            head,
            later: Vec::new(),
        }))
    };
    let mut reopened = samples::decided(&kit);
    reopened.past_decisions.extend(reopened.decision.take());
    let decision = |head, public| PostScene::Decision {
        head: boxed(head),
        public,
    };
    let scenes = [
        debrief(samples::revealed(&kit)),
        debrief(samples::decided(&kit)),
        PostScene::DebriefReady(boxed(samples::in_public(samples::revealed(&kit)))),
        PostScene::DebriefReady(boxed(samples::revealed(&kit))),
        decision(samples::decided(&kit), false),
        decision(reopened.clone(), false),
        decision(samples::decided(&kit), true),
        decision(reopened, true),
    ];
    shows!("thread", joined(&scenes));
    assert!(
        !posted(&scenes[6]).contains("Hire"),
        "a public channel is not told the verdict"
    );
}

fn invitation(head: Box<Head>, name: &str) -> PostScene {
    PostScene::Invitation {
        head,
        user: user(name),
        part: if name == "ben" {
            "Technical, Teamwork".to_owned()
        } else {
            String::new()
        },
    }
}

#[test]
fn direct_messages_say_what_to_do() {
    let head = || boxed(samples::with_details(samples::head()));
    let mut scenes = vec![
        invitation(head(), "ada"),
        invitation(head(), "ben"),
        invitation(boxed(samples::with_everybody()), "fay"),
        invitation(boxed(samples::with_everybody()), "dora"),
        PostScene::Nudge(head()),
        PostScene::JoinRequest {
            head: head(),
            user: user("cid"),
        },
        PostScene::Handed(head()),
        PostScene::Recused {
            head: head(),
            user: user("ada"),
        },
        PostScene::Recused {
            head: boxed(samples::with_everybody()),
            user: user("eve"),
        },
    ];
    for trouble in [
        Trouble::Archived,
        Trouble::NotInChannel,
        Trouble::Forbidden,
        Trouble::Deleted,
        Trouble::Rejected,
    ] {
        scenes.push(PostScene::Trouble {
            head: head(),
            trouble,
        });
    }
    shows!("direct", joined(&scenes));
}

#[test]
fn a_reminder_names_all_that_is_owed() {
    let owed = |number: u32, last| OwedScene {
        head: Head {
            code: LoopCode::from(format!("C-000{number}")),
            ..samples::with_details(samples::head())
        },
        last,
    };
    let mut planned = owed(2, false);
    planned.head = samples::planned(planned.head);
    let all = |number| (0..number).map(|number| owed(number, false)).collect();
    let scenes = [
        vec![owed(1, false)],
        vec![owed(1, true), planned],
        vec![owed(1, true)],
        vec![owed(1, true), owed(2, true)],
        all(17),
    ];
    let scenes = scenes.map(|owed| PostScene::Reminders(RemindersScene { owed }));
    shows!("reminders", joined(&scenes));
}

#[test]
fn a_planned_interview_is_announced_moved_and_begun() {
    let planned = || samples::planned(samples::with_details(samples::head()));
    let mut first = planned();
    if let Some(planned) = &mut first.planned {
        planned.moved_from = None;
    }
    let observed = samples::with_everybody();
    let mut shadowed = planned();
    shadowed.panel[1].role = SeatRole::Shadow;
    let scenes = [
        PostScene::Loop(boxed(samples::in_public(planned()))),
        PostScene::Invitation {
            head: boxed(planned()),
            user: user("ada"),
            part: String::new(),
        },
        replanned(first, "ada"),
        replanned(planned(), "ada"),
        replanned(observed, "dora"),
        PostScene::Briefing(Box::new(BriefingScene {
            kit: samples::senior(),
            head: planned(),
            user: user("ada"),
            part: "Technical, Teamwork".to_owned(),
        })),
        PostScene::Briefing(Box::new(BriefingScene {
            kit: samples::senior(),
            head: shadowed,
            user: user("ben"),
            part: String::new(),
        })),
    ];
    shows!("planned", joined(&scenes));
}

#[test]
fn a_shared_kit_is_an_invitation_to_open_it() {
    let scene = PostScene::SharedKit {
        kit: samples::senior(),
        version: KitVersion::from(samples::VERSION),
        by: user("rita"),
    };
    shows!("shared_kit", posted(&scene));
}

/// The types hold this already, for a head has no score before the reveal; the test is for whoever changes them.
#[test]
fn no_post_before_the_reveal_holds_a_mark_or_a_recommendation() {
    let head = boxed(samples::submits(
        samples::with_details(samples::head()),
        "ada",
    ));
    let trouble = Trouble::Archived;
    let scenes = [
        PostScene::Loop(head.clone()),
        PostScene::Loop(boxed(samples::in_public(*head.clone()))),
        PostScene::Decision {
            head: head.clone(),
            public: false,
        },
        invitation(head.clone(), "ben"),
        PostScene::Nudge(head.clone()),
        PostScene::Handed(head.clone()),
        PostScene::Recused {
            head: head.clone(),
            user: user("ada"),
        },
        PostScene::JoinRequest {
            head: head.clone(),
            user: user("cid"),
        },
        replanned(samples::planned(*head.clone()), "ada"),
        PostScene::Briefing(Box::new(BriefingScene {
            kit: samples::senior(),
            head: samples::planned(*head.clone()),
            user: user("ada"),
            part: String::new(),
        })),
        PostScene::Reminders(RemindersScene {
            owed: vec![OwedScene {
                head: *head.clone(),
                last: false,
            }],
        }),
        PostScene::Trouble { head, trouble },
    ];
    let words: Vec<String> = Mark::ALL
        .iter()
        .map(ToString::to_string)
        .chain(Recommendation::ALL.iter().map(ToString::to_string))
        .collect();
    for scene in &scenes {
        let drawn = draw_post(scene);
        let json = serde_json::to_string(&drawn.blocks).expect("blocks are JSON");
        for text in [&drawn.text, &json] {
            let pieces: Vec<&str> = text
                .split(|letter: char| !letter.is_alphanumeric() && letter != ' ')
                .map(str::trim)
                .collect();
            for word in &words {
                assert!(!pieces.contains(&word.as_str()), "{word:?} in {text}");
            }
        }
    }
}
