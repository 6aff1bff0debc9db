//! How long the check of many kits takes, as in CI: reading a folder, and every rule, also those that compare kits. The importer has its own.

use divan::Bencher;
use divan::counter::ItemsCount;
use interview_assistant::domain::kit::Kit;
use interview_assistant::kits::{self, Level};

fn main() {
    divan::main();
}

/// A shipped kit, with fifteen questions, anchors and follow-ups.
fn sample() -> Kit {
    let files = kits::survey_embedded().kits;
    let senior = files
        .into_iter()
        .find(|file| file.kit.slug.as_str() == "senior-backend");
    senior.expect("the kit is shipped").kit
}

/// The kit under another name. With words of its own, nothing in it is in another one.
fn numbered(kit: &Kit, number: usize, own_words: bool) -> Kit {
    let mut kit = kit.clone();
    kit.slug = format!("kit-{number}").as_str().into();
    kit.title = format!("Kit {number}");
    kit.aliases = vec![format!("also-{number}")];
    if own_words {
        for question in &mut kit.questions {
            question.ask = format!("In role {number}, {}", question.ask);
            if let Some(anchors) = &mut question.anchors {
                for text in [
                    &mut anchors.poor,
                    &mut anchors.mixed,
                    &mut anchors.good,
                    &mut anchors.excellent,
                ] {
                    *text = format!("{text} ({number})");
                }
            }
        }
    }
    kit
}

fn folder(count: usize, own_words: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let kit = sample();
    for number in 0..count {
        let kit = numbered(&kit, number, own_words);
        let file = folder.path().join(format!("{}.toml", kit.slug));
        std::fs::write(file, kits::write(&kit)).expect("a file");
    }
    folder
}

fn check(bencher: Bencher<'_, '_>, count: usize, own_words: bool) {
    let folder = folder(count, own_words);
    let paths = [folder.path().to_owned()];
    let survey = kits::survey(&paths);
    assert_eq!(survey.kits.len(), count);
    assert!(survey.worst() < Some(Level::Error));
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| kits::survey(&paths));
}

/// Kits in which every question and anchor is its own.
#[divan::bench(args = [100, 300, 1000], sample_count = 10)]
fn kits_of_their_own(bencher: Bencher<'_, '_>, count: usize) {
    check(bencher, count, true);
}

/// Kits with the same questions and anchors, which are all found again in one another.
#[divan::bench(args = [100, 300, 1000], sample_count = 10)]
fn kits_that_are_copies(bencher: Bencher<'_, '_>, count: usize) {
    check(bencher, count, false);
}

/// One kit with so many questions, as somebody pastes it together.
#[divan::bench(args = [50, 150, 500], sample_count = 20)]
fn questions_in_one_kit(bencher: Bencher<'_, '_>, count: usize) {
    let kit = sample();
    let mut long = kit.clone();
    long.questions = (0..count)
        .map(|number| {
            let mut question = numbered(&kit, number, true).questions[number % 15].clone();
            question.id = format!("{}/{}", question.section.slug(), number + 1)
                .as_str()
                .into();
            question
        })
        .collect();
    let text = kits::write(&long);
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let file = kits::read("senior-backend.toml", &text).expect("the kit is well formed");
        kits::check(&[file])
    });
}
