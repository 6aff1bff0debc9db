//! The program as it is called: exit codes, and what it says before anything is opened.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program with words as they stand in the README, without the environment of whoever runs the tests.
fn call(line: &str) -> Output {
    call_in(Path::new(env!("CARGO_MANIFEST_DIR")), line)
}

/// The same, in a folder.
fn call_in(folder: &Path, line: &str) -> Output {
    let mut words = line.split(' ');
    assert_eq!(words.next(), Some("interview-assistant"));
    Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
        .args(words)
        .env_clear()
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

#[track_caller]
fn ends(line: &str, code: i32, says: &str) {
    let output = call(line);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{line}: {text}");
    assert!(text.contains(says), "{line}: {text}");
}

#[test]
fn the_shipped_kits_pass_the_check() {
    ends(
        "interview-assistant kits check",
        0,
        "4 kits, 60 questions: 0 errors, 0 warnings",
    );
    ends(
        "interview-assistant kits check questions",
        0,
        "4 kits, 60 questions",
    );
    ends(
        "interview-assistant kits check --quiet questions/senior-backend.toml",
        0,
        "1 kit, 15 questions",
    );
}

#[test]
fn a_guide_is_imported_as_the_readme_says() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let guide = "Interview Questions for Tester\nTechnical Questions\n- How do you start?\n";
    std::fs::write(folder.path().join("guide.txt"), guide).expect("it can be written to");
    let output = call_in(
        folder.path(),
        "interview-assistant kits import guide.txt --out kits",
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let kit = folder.path().join("kits/tester.toml");
    assert!(kit.is_file());
    let line = format!("interview-assistant kits check --quiet {}", kit.display());
    assert_ne!(call(&line).status.code(), Some(2));
    ends(
        "interview-assistant kits import nowhere.txt",
        2,
        "nowhere.txt: this guide cannot be read",
    );
}

#[test]
fn a_bad_kit_fails_the_check_with_line_and_column() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("tester.toml");
    std::fs::write(&file, "slug = 'tester'\ntittle = 'Tester'\n").expect("it can be written to");
    let line = format!("interview-assistant kits check {}", file.display());
    ends(&line, 1, "tester.toml:2:1: error[unknown-key]");
    ends(&line, 1, "did you mean `title`?");
}

#[test]
fn what_cannot_be_checked_is_told_apart_from_what_fails() {
    ends(
        "interview-assistant kits check nowhere",
        2,
        "no file or folder nowhere",
    );
}

#[test]
fn run_refuses_to_start_without_tokens_and_says_all_that_is_missing() {
    ends(
        "interview-assistant run",
        2,
        "SLACK_BOT_TOKEN: this is not set",
    );
    ends(
        "interview-assistant run",
        2,
        "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
    );
    ends(
        "interview-assistant run --config bot.toml",
        2,
        "bot.toml: this file cannot be read",
    );
}

#[test]
fn help_is_there_for_every_command() {
    ends("interview-assistant --help", 0, "interview-assistant demo");
    ends("interview-assistant run --help", 0, "SLACK_BOT_TOKEN");
    ends("interview-assistant demo --help", 0, "--data");
    ends("interview-assistant kits check --help", 0, "Exit codes");
    ends("interview-assistant kits import --help", 0, "Exit codes");
    ends(
        "interview-assistant --version",
        0,
        env!("CARGO_PKG_VERSION"),
    );
    ends("interview-assistant sing", 2, "unrecognized subcommand");
}
