//! The stored inputs of the fuzz targets, as a plain test: what was found once is not found again.

#[path = "../../fuzz/promises.rs"]
mod promises;

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
