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
        "interview-assistant kits check --deny warnings",
        0,
        "4 kits, 60 questions: 0 errors, 0 warnings",
    );
    ends(
        "interview-assistant kits check questions --deny warnings",
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
fn without_a_configuration_the_doctor_says_what_is_missing() {
    ends("interview-assistant doctor", 2, "SLACK_BOT_TOKEN");
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

/// A folder with one file, and the words that check it.
fn with_kit(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("tester.toml");
    std::fs::write(&file, text).expect("it can be written to");
    let line = format!("interview-assistant kits check {}", file.display());
    (folder, line)
}

/// A kit with one warning, some notes and no error.
const CLOSED: &str = "slug = 'tester'\ntitle = 'Tester'\nminutes = 30\n[profile]\nsummary = 'S'\n[[question]]\nid = 'screening/1'\nsection = \
    'screening'\nask = 'Do you know us?'\nfollow_up = ['How?', 'Since when?']\n";

#[test]
fn a_bad_kit_fails_the_check_with_line_and_column() {
    let (_folder, line) = with_kit("slug = 'tester'\ntittle = 'Tester'\n");
    ends(&line, 1, "tester.toml:2:1: error[unknown-key]");
    ends(&line, 1, "did you mean `title`?");
    ends(&line, 1, "docs/kit-check.md#missing-key");
}

#[test]
fn a_warning_fails_the_check_only_where_it_is_denied() {
    let (_folder, line) = with_kit(CLOSED);
    ends(&line, 0, "warning[closed-question]: yes or no");
    ends(&line, 0, "note[no-anchors]");
    ends(&format!("{line} --deny warnings"), 1, "1 warning");
    ends(&format!("{line} --deny WARNINGS"), 1, "1 warning");
    let (_folder, line) = with_kit(&CLOSED.replace("Do you know us?", "How do you know us?"));
    ends(&format!("{line} --deny warnings"), 0, "0 warnings");
    ends(&format!("{line} --deny notes"), 1, "0 warnings");
    ends(&format!("{line} --deny notes --quiet"), 1, "no-anchors");
    ends(&format!("{line} --deny everything"), 2, "invalid value");
}

#[test]
fn programs_and_github_read_what_is_found() {
    let (folder, line) = with_kit(CLOSED);
    let output = call(&format!("{line} --format json --quiet"));
    let json: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("one object is printed");
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], "closed-question", "{json}");
    assert_eq!(finding["level"], "warning", "{json}");
    assert_eq!(finding["at"], "screening/1.ask", "{json}");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&9.into(), &7.into()),
        "{json}"
    );
    assert_eq!(
        finding["help"], "docs/kit-check.md#closed-question",
        "{json}"
    );
    assert_eq!(json["warnings"], 1, "{json}");
    let file = folder.path().join("tester.toml");
    ends(
        &format!("{line} --format github"),
        0,
        &format!(
            "::warning file={},line=9,col=7,title=closed-question::yes or no would answer this%0A",
            file.display()
        ),
    );
}

#[test]
fn a_broken_file_does_not_hide_what_is_wrong_with_the_others() {
    let (folder, _) = with_kit(CLOSED);
    std::fs::write(folder.path().join("broken.toml"), "slug = ").expect("it can be written to");
    std::fs::write(folder.path().join("picture.toml"), b"\x89PNG\x00\xff")
        .expect("it can be written to");
    let line = format!("interview-assistant kits check {}", folder.path().display());
    ends(&line, 1, "broken.toml:1:8: error[syntax]");
    ends(
        &line,
        1,
        "picture.toml:1:1: error[unreadable]: this file is not text",
    );
    ends(&line, 1, "tester.toml:9:7: warning[closed-question]");
}

#[test]
fn what_cannot_be_checked_is_told_apart_from_what_fails() {
    ends(
        "interview-assistant kits check nowhere",
        2,
        "no file or folder nowhere",
    );
    ends(
        "interview-assistant kits list nowhere",
        2,
        "no file or folder nowhere",
    );
    #[cfg(unix)]
    {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink("link.toml", &link).expect("a link can be made");
        let line = format!("interview-assistant kits check {}", link.display());
        ends(&line, 1, "link.toml: error[unreadable]");
    }
}

#[test]
fn kits_are_listed() {
    ends(
        "interview-assistant kits list",
        0,
        "\nsenior-backend          Senior Backend Developer",
    );
    ends(
        "interview-assistant kits list questions",
        0,
        "head-of-backend",
    );
    let (folder, _) = with_kit("slug = ");
    let line = format!("interview-assistant kits list {}", folder.path().display());
    ends(&line, 1, "tester.toml");
}

#[test]
fn a_kit_is_shown_by_any_of_its_names() {
    for role in [
        "senior-backend",
        "Senior Backend Developer",
        "backend_senior",
    ] {
        ends(
            &format!("interview-assistant kits show {role}"),
            0,
            "How do you secure the APIs that you build?",
        );
    }
    ends(
        "interview-assistant kits show senior-backned",
        2,
        "Did you mean senior-backend?",
    );
    ends(
        "interview-assistant kits show backend",
        2,
        "head-of-backend",
    );
    let (folder, _) = with_kit(CLOSED);
    let line = format!(
        "interview-assistant kits show tester --path {}",
        folder.path().display()
    );
    ends(&line, 0, "Do you know us?");
    let output = call("interview-assistant kits show senior-backend");
    assert!(
        !output.stdout.contains(&0x1b),
        "nothing is coloured in a pipe"
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for words in ["check", "list", "show senior-backend"] {
        let mut shown = Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
            .arg("kits")
            .args(words.split(' '))
            .env_clear()
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(shown.stdout.take());
        let output = shown.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), said.as_str()),
            (Some(0), ""),
            "{words}"
        );
    }
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
    ends("interview-assistant kits check --help", 0, "--deny");
    ends("interview-assistant kits show --help", 0, "NO_COLOR");
    ends("interview-assistant kits import --help", 0, "Exit codes");
    ends(
        "interview-assistant --version",
        0,
        env!("CARGO_PKG_VERSION"),
    );
    ends("interview-assistant sing", 2, "unrecognized subcommand");
}

#[test]
fn without_a_bot_or_its_store_there_is_nothing_to_reload_or_to_export() {
    ends(
        "interview-assistant kits reload",
        2,
        "no bot runs on ./data",
    );
    ends(
        "interview-assistant kits export --out questions",
        2,
        "there is no store in ./data; INTERVIEW_DATA names its folder",
    );
}

#[test]
fn without_a_store_or_a_backup_there_is_nothing_to_move() {
    ends(
        "interview-assistant backup interviews.jsonl.zst",
        2,
        "there is no store in ./data",
    );
    ends(
        "interview-assistant restore interviews.jsonl.zst",
        2,
        "interviews.jsonl.zst: it cannot be read",
    );
    ends(
        "interview-assistant transfer --from sled:./data --to postgres:",
        2,
        "INTERVIEW_DATABASE_URL, and that is not set",
    );
}

#[test]
fn a_broken_kit_keeps_a_bot_that_never_had_a_good_one_from_starting() {
    let (kits, _) = with_kit("slug = 'tester'\ntittle = 'Tester'\n");
    let data = tempfile::tempdir().expect("a temporary folder can be made");
    let output = Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
        .arg("run")
        .env_clear()
        .env("SLACK_BOT_TOKEN", "xoxb-1111-2222-abcdef")
        .env("SLACK_APP_TOKEN", "xapp-1111-2222-abcdef")
        .env("SLACK_API_URL", "http://127.0.0.1:9/api")
        .env("INTERVIEW_LISTEN", "127.0.0.1:0")
        .env("INTERVIEW_DATA", data.path())
        .env("INTERVIEW_KITS", kits.path())
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the interview kits cannot be used"), "{said}");
    assert!(
        said.contains("tester.toml:2:1: error[unknown-key]"),
        "{said}"
    );
    assert!(said.contains("missing-key"), "all of it at once: {said}");
}
