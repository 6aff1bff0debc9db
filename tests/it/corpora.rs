//! The stored inputs of the fuzz targets, as a plain test: what was found once is not found again.

#[path = "../../fuzz/promises.rs"]
mod promises;

use interview_assistant::slack::action::Action;
use interview_assistant::slack::understand::{Understood, understand};
use interview_assistant::slack::{inbound, socket};
use interview_assistant::store::damage;
use std::path::Path;

/// Runs every stored input of a target.
fn run(target: &str, promise: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the inputs are there") {
        let path = entry.expect("it can be listed").path();
        let bytes = std::fs::read(&path).expect("it can be read");
        // Named before, so that a failure tells which it was.
        println!("{}", path.display());
        promise(&bytes);
        count += 1;
    }
    assert!(count >= 3, "{count} inputs in {}", folder.display());
}

#[test]
fn every_stored_guide_keeps_its_promises() {
    run("guide", promises::guide);
}

#[test]
fn every_stored_kit_keeps_its_promises() {
    run("kit", promises::kit);
}

#[test]
fn every_stored_request_keeps_its_promises() {
    run("request", promises::request);
}

#[test]
fn every_stored_command_keeps_its_promises() {
    run("command", promises::command);
}

#[test]
fn every_stored_action_keeps_its_promises() {
    run("action", promises::action);
}

#[test]
fn every_stored_record_keeps_its_promises() {
    run("record", promises::record);
}

#[test]
fn every_stored_text_keeps_its_promises() {
    run("words", promises::words);
}

/// Every stored input of a target.
fn stored(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let entries = std::fs::read_dir(folder.join(target)).expect("the inputs are there");
    entries
        .map(|entry| std::fs::read(entry.expect("it can be listed").path()).expect("read"))
        .collect()
}

#[test]
fn the_stored_inputs_reach_what_they_are_for() {
    let read = stored("record");
    let read = read.iter().filter(|bytes| damage::read(bytes).is_some());
    assert!(read.count() >= 8, "old records are read");
    let asked = |bytes: &Vec<u8>| {
        let text = String::from_utf8_lossy(bytes);
        let found = [
            inbound::read_command_form(&mut bytes.clone()).ok(),
            inbound::read_event(bytes).ok(),
            inbound::read_interaction(bytes).ok(),
            socket::read_frame(&text).and_then(Result::ok),
        ];
        let mut found = found.into_iter().flatten();
        found.any(|inbound| matches!(understand(&inbound), Understood::Asked(..)))
    };
    let understood = stored("request").iter().filter(|one| asked(one)).count();
    assert!(understood >= 6, "{understood} requests are understood");
    let known = |bytes: &Vec<u8>| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (id, value) = text.split_once('\n').unwrap_or((&text, ""));
        Action::parse(id, Some(value)).is_ok()
    };
    let known = stored("action").iter().filter(|one| known(one)).count();
    assert!(known >= 3, "{known} buttons are known");
}
