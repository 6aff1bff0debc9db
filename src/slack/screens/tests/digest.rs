//! The digest, how it is set, and its form, inside Slack's limits whatever they hold.

use super::limits::{takes, takes_message};
use super::picture;
use super::samples::{self, at, user};
use super::shows;
use crate::app::scene::{
    DigestForm, DigestScene, LoopEntry, LoopLines, PausedDigest, PostScene, Scene, SetDigest,
};
use crate::domain::days::Days;
use crate::domain::digest::{Digest, Rhythm};
use crate::domain::event::Trouble;
use crate::domain::ids::{ChannelId, LoopCode, MessageTs};
use crate::domain::interview_loop::Head;
use crate::slack::screens::{draw, draw_linked, draw_post};
use url::Url;

fn rhythm() -> Rhythm {
    Rhythm {
        at: jiff::civil::time(9, 0, 0, 0),
        days: Days::WEEKDAYS,
        zone: "Europe/Berlin".to_owned(),
    }
}

fn lines(heads: Vec<Head>, number: usize, and_more: bool) -> LoopLines {
    LoopLines {
        heads,
        number,
        and_more,
    }
}

/// Days after the sample's day.
fn days(number: i64) -> jiff::Timestamp {
    at(number * 24 * 60)
}

fn scene(heads: [LoopLines; 5]) -> DigestScene {
    let [opened, owed, ready, decided, waiting] = heads;
    DigestScene {
        channel: ChannelId::from("C0HIRING"),
        since: days(11),
        as_of: days(12),
        open_to_all: false,
        opened,
        owed,
        ready,
        decided,
        waiting,
        set: Some("09:00 weekdays europe/berlin".to_owned()),
    }
}

fn posted(scene: DigestScene) -> PostScene {
    PostScene::Digest(Box::new(scene))
}

#[test]
fn a_digest_says_what_is_owed_and_ready_and_never_a_score() {
    let kit = samples::senior();
    let one = |head: Head| lines(vec![head], 1, false);
    let few = scene([
        one(samples::head()),
        lines(vec![samples::head()], 12, false),
        one(samples::revealed(&kit)),
        one(samples::decided(&kit)),
        lines(vec![samples::head()], 1000, true),
    ]);
    let open_to_all = DigestScene {
        open_to_all: true,
        ..few.clone()
    };
    let nothing = scene(std::array::from_fn(|_| LoopLines::default()));
    let drawn = [few, open_to_all, nothing].map(|scene| draw_post(&posted(scene)));
    shows!(
        "digest",
        drawn.map(|drawn| picture::message(&drawn)).join("\n\n")
    );
}

#[test]
fn a_name_in_a_digest_links_to_its_thread() {
    let mut head = samples::head();
    head.messages.post = Some(MessageTs::from("1732230000.000100"));
    let one = scene([
        lines(vec![head], 1, false),
        LoopLines::default(),
        LoopLines::default(),
        LoopLines::default(),
        LoopLines::default(),
    ]);
    let home = Url::parse("https://northwind.slack.com/").expect("a URL");
    let drawn = draw_linked(&posted(one), Some(&home));
    let blocks = serde_json::to_string(&drawn.blocks).expect("blocks are JSON");
    let channel = &samples::head().channel;
    let link = format!("https://northwind.slack.com/archives/{channel}/p1732230000000100");
    assert!(blocks.contains(&link), "{blocks}");
    assert!(!drawn.text.contains("https://"), "{}", drawn.text);
}

#[test]
fn a_digest_of_any_size_fits_and_is_read_aloud_whole() {
    let kit = samples::largest_kit(5);
    let home = Url::parse("https://northwind.slack.com/").expect("a URL");
    for name in ["Jane Doe", "<!channel> & 👩‍👩‍👧‍👦 <b> &&&&&&&&&&&&&&&&&&&&&&&&&&"]
    {
        let mut head = samples::worst_head(name, &kit);
        head.messages.post = Some(MessageTs::from("1732230000.000100"));
        for (shown, number) in [(0, 0), (1, 1), (5, 5), (10, 20), (10, 500), (10, 1000)] {
            let all: [LoopLines; 5] =
                std::array::from_fn(|_| lines(vec![head.clone(); shown], number, number == 1000));
            let drawn = draw_linked(&posted(scene(all)), Some(&home));
            takes_message(&format!("{number} of {name}"), &drawn);
            assert!(!drawn.text.ends_with('…'), "{}", drawn.text);
            assert!(
                drawn.text.contains("/interview digest show"),
                "{}",
                drawn.text
            );
        }
    }
}

fn digest(paused: Option<Trouble>) -> Digest {
    Digest {
        channel: ChannelId::from("C0HIRING"),
        rhythm: rhythm(),
        even_if_empty: false,
        set_by: user("rita"),
        set_at: at(0),
        last: None,
        previous: None,
        paused,
        off: false,
    }
}

#[test]
fn how_a_digest_is_set_and_why_it_rests() {
    let set = |paused: Option<Trouble>| {
        Scene::Digest(SetDigest {
            next: paused.is_none().then(|| at(600)),
            when: "09:00 weekdays Europe/Berlin".to_owned(),
            digest: digest(paused),
        })
    };
    let mut pictures = [set(None), set(Some(Trouble::NotInChannel))]
        .iter()
        .map(|scene| picture::message(&draw(scene)))
        .collect::<Vec<_>>();
    for trouble in [
        Trouble::Archived,
        Trouble::NotInChannel,
        Trouble::Forbidden,
        Trouble::Shared,
    ] {
        let drawn = draw_post(&PostScene::DigestPaused(PausedDigest {
            channel: ChannelId::from("C0HIRING"),
            trouble,
        }));
        takes_message("a digest rests", &drawn);
        pictures.push(picture::message(&drawn));
    }
    shows!("digest_set", pictures.join("\n\n"));
    takes(
        "the form of a digest",
        &Scene::DigestForm(DigestForm {
            channel: ChannelId::from("C0HIRING"),
            rhythm: Rhythm {
                days: Days::parse("sun").expect("a day"),
                ..rhythm()
            },
            even_if_empty: true,
        }),
    );
}

#[test]
fn a_page_of_open_loops_fits() {
    let kit = samples::largest_kit(5);
    let entry = |number: u32| LoopEntry {
        head: Head {
            code: LoopCode::from_random(number),
            ..samples::worst_head("Jane Doe", &kit)
        },
        owes: true,
        scores: true,
    };
    for number in [0, 1, 10] {
        for begins in [true, false] {
            takes(
                "open loops",
                &Scene::Undecided {
                    channel: ChannelId::from("C0HIRING"),
                    entries: (0..number).map(entry).collect(),
                    begins,
                    next: Some((at(0), LoopCode::from("C-7F3Q"))),
                },
            );
        }
    }
}
