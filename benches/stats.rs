//! How long looking back takes: the figures of many loops, from memory and from disk, and their picture.

mod filled;

use divan::Bencher;
use divan::counter::ItemsCount;
use interview_assistant::app::scene::{DebriefScene, Scene, StatsScene};
use interview_assistant::domain::debrief::Submitted;
use interview_assistant::domain::ids::{KitSlug, LoopCode, UserId};
use interview_assistant::domain::interview_loop::{Head, Needs, Reveal, Seat};
use interview_assistant::domain::kit::Kit;
use interview_assistant::domain::scorecard::{Mark, Rating, Recommendation};
use interview_assistant::domain::stats::{RoleStats, Tally};
use interview_assistant::slack::charts;
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{List, Store, Stretch};
use jiff::Timestamp;
use std::sync::Arc;

fn main() {
    divan::main();
}

/// How many loops are looked back on.
const LOOPS: [u32; 2] = [1_000, 10_000];

fn at(minutes: u32) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + i64::from(minutes) * 60).expect("a moment")
}

fn kit() -> Kit {
    toml::from_str(include_str!("../questions/senior-backend.toml")).expect("a built-in kit")
}

/// A revealed loop with a panel of three who rated everything.
fn head(number: u32, kit: &Kit) -> Head {
    let mut head: Head = serde_json::from_value(serde_json::json!({
        "code": LoopCode::from_random(number), "kit": {"slug": kit.slug, "version": "0123456789ab"}, "title": kit.title,
        "candidate": "Jane Doe", "owner": "U9", "opened_by": "U9", "opened_at": at(number), "channel": "C1", "public": false,
        "naming": "name", "named_panel": true, "panel": [],
    }))
    .expect("a head");
    let snapshot = (0..3_u32).map(|place| Submitted {
        author: UserId::from(format!("U{place}")),
        marks: kit
            .asked()
            .zip(number + place..)
            .map(|(question, seed)| {
                let rating = Rating::ALL[(seed % 4) as usize];
                (question.id.clone(), Mark::Rated(rating))
            })
            .collect(),
        recommendation: Recommendation::Yes,
    });
    let snapshot: Vec<Submitted> = snapshot.collect();
    head.panel = snapshot
        .iter()
        .map(|card| Seat {
            submitted_at: Some(at(number + 60)),
            ..Seat::new(card.author.clone())
        })
        .collect();
    head.reveal = Some(Reveal {
        at: at(number + 60 + number % 600),
        by: None,
        snapshot,
        shadows: Vec::new(),
    });
    head
}

fn figures<'a>(heads: impl Iterator<Item = &'a Head>, kit: &Kit) -> Vec<RoleStats> {
    let mut tally = Tally::default();
    for head in heads {
        tally.add(head, kit);
    }
    tally.figures()
}

/// The arithmetic alone.
#[divan::bench(args = LOOPS)]
fn from_memory(bencher: Bencher, loops: u32) {
    let kit = kit();
    let heads: Vec<Head> = (0..loops).map(|number| head(number, &kit)).collect();
    bencher
        .counter(ItemsCount::new(loops))
        .bench(|| figures(heads.iter(), &kit));
}

/// With reading every head, in pages, as the application does it.
#[divan::bench(args = LOOPS, sample_count = 10)]
fn from_disk(bencher: Bencher, loops: u32) {
    let kit = kit();
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = filled::runtime();
    let heads = (0..loops).map(|number| head(number, &kit));
    filled::fill(&runtime, folder.path(), heads);
    let store = SledStore::open(folder.path()).expect("the store opens");
    bencher
        .counter(ItemsCount::new(loops))
        .bench(|| runtime.block_on(read(&store, &kit)));
}

async fn read(store: &SledStore, kit: &Kit) -> Vec<RoleStats> {
    let workspace = filled::workspace();
    let list = List::OfRole(KitSlug::from(kit.slug.as_str()));
    let mut tally = Tally::default();
    let mut stretch = Stretch::first(200);
    loop {
        let page = store.list(&workspace, &list, stretch.clone()).await;
        let page = page.expect("read");
        for one in &page {
            let loaded = store.load(&workspace, &one.code, &Needs::Head).await;
            tally.add(&loaded.expect("read").expect("it is there").head, kit);
        }
        stretch.after = page.into_iter().last();
        if stretch.after.is_none() {
            return tally.figures();
        }
    }
}

/// A debrief's picture, as PNG.
#[divan::bench]
fn picture_of_a_debrief(bencher: Bencher) {
    let kit = kit();
    let scene = Scene::Debrief(Box::new(DebriefScene {
        head: head(7, &kit),
        kit: Arc::new(kit),
        later: Vec::new(),
    }));
    bencher.bench(|| charts::draw(&scene));
}

/// A role's picture, as PNG.
#[divan::bench]
fn picture_of_a_role(bencher: Bencher) {
    let kit = kit();
    let heads: Vec<Head> = (0..100).map(|number| head(number, &kit)).collect();
    let scene = Scene::Stats(Box::new(StatsScene {
        whole: true,
        role: Some((kit.slug.clone(), kit.title.clone())),
        roles: figures(heads.iter(), &kit),
    }));
    bencher.bench(|| charts::draw(&scene));
}
