//! `kits import` as it is called: what it writes, what it leaves alone, what it refuses, and what it says of it.

use interview_assistant::kits::{self, Level};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An invented guide for a role.
fn guide(role: &str) -> String {
    format!(
        "Interview Questions for {role}

A {role} keeps things going.
Based on current job market analysis, successful {role}s typically demonstrate:
- Scripting, Reading logs
- 3+ years of it.
- Patience
The typical salary range for this position is $90,000 - $120,000, with High demand in the market.
Screening Questions
- Why this work?
Technical Questions
- How do you start?
Behavioral Questions
- Tell me about a mistake.
"
    )
}

/// A folder with guides in it.
struct Desk(tempfile::TempDir);

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let desk = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        for (name, bytes) in files {
            fs::write(desk.path(name), bytes).expect("it can be written to");
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// Everything in a folder, hidden files too.
    fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("it can be listed")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    fn import(&self, words: &str) -> Said {
        self.import_with(words, b"")
    }

    fn import_with(&self, words: &str, input: &[u8]) -> Said {
        let mut child = Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
            .args(["kits", "import"])
            .args(words.split(' '))
            .env_clear()
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("it was asked for");
        // It may be refused before it is read to its end.
        let _ = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        Said {
            code: output.status.code().expect("nobody killed it"),
            out: String::from_utf8(output.stdout).expect("it is text"),
            err: String::from_utf8(output.stderr).expect("it is text"),
        }
    }
}

fn load(folder: &Path) -> Vec<String> {
    let survey = kits::survey(&[folder.to_owned()]);
    assert_ne!(survey.worst(), Some(Level::Error), "{:?}", survey.findings);
    survey.kits.into_iter().map(|file| file.kit.title).collect()
}

#[test]
fn a_guide_becomes_a_kit_that_loads_and_the_report_says_how_to_go_on() {
    let desk = Desk::new(&[("tester.txt", guide("Tester").as_bytes())]);
    let said = desk.import("tester.txt");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(desk.list("questions"), ["tester.toml"]);
    assert_eq!(load(&desk.path("questions")), ["Tester"]);
    assert!(
        said.out.contains("  12  kept      technical question 1  "),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("interview-assistant kits check questions/tester.toml"),
        "{}",
        said.out
    );
    assert_eq!(said.err, "");
}

#[test]
fn many_guides_become_many_kits_in_a_folder_of_ones_own() {
    let desk = Desk::new(&[
        ("a.txt", guide("Tester").as_bytes()),
        ("b.txt", guide("Data Analyst").as_bytes()),
    ]);
    let said = desk.import("a.txt b.txt --out deep/kits --as-of 2026-11");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(desk.list("deep/kits"), ["data-analyst.toml", "tester.toml"]);
    assert!(
        desk.text("deep/kits/tester.toml")
            .contains("as_of = \"2026-11\"")
    );
    assert_eq!(load(&desk.path("deep/kits")).len(), 2);
}

#[test]
fn with_stdout_the_kit_stands_alone_there_and_no_file_is_written() {
    let desk = Desk::new(&[("a.txt", guide("Tester").as_bytes())]);
    let said = desk.import("a.txt --stdout");
    assert_eq!(said.code, 0);
    let kit = kits::read("tester.toml", &said.out)
        .expect("it is a kit and nothing else")
        .kit;
    assert_eq!(kit.title, "Tester");
    assert!(said.err.contains("Assumed"), "{}", said.err);
    assert_eq!(desk.list("."), ["a.txt"]);
    let json = desk.import("a.txt --stdout --report json");
    assert_eq!(json.out, said.out);
    let report: serde_json::Value =
        serde_json::from_str(&json.err).expect("it is JSON and nothing else");
    assert_eq!(report["guides"][0]["outcome"], "shown");
    assert_eq!(desk.import("a.txt a.txt --stdout").code, 2);
    assert_eq!(desk.import("a.txt --stdout --force").code, 2);
}

#[test]
fn a_guide_may_come_from_standard_input() {
    let desk = Desk::new(&[]);
    let said = desk.import_with("- --report json", guide("Tester").as_bytes());
    assert_eq!(said.code, 0, "{}", said.err);
    let report: serde_json::Value =
        serde_json::from_str(&said.out).expect("it is JSON and nothing else");
    let one = &report["guides"][0];
    assert_eq!(one["guide"], "standard input");
    assert_eq!(one["outcome"], "written");
    assert_eq!(one["kit"], "questions/tester.toml");
    assert_eq!(one["report"]["title"], "Tester");
    assert_eq!(one["report"]["lines"][0]["fate"], "kept");
    assert_eq!(one["report"]["lines"][2]["fate"], "left-out");
}

#[test]
fn a_kit_that_says_the_same_is_left_alone_and_another_is_not_overwritten() {
    let desk = Desk::new(&[("a.txt", guide("Tester").as_bytes())]);
    assert_eq!(desk.import("a.txt").code, 0);
    // The same kit in another layout.
    let other = format!("# mine\n{}", desk.text("questions/tester.toml"));
    fs::write(desk.path("questions/tester.toml"), &other).expect("it can be written to");
    let said = desk.import("a.txt");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("says the same"), "{}", said.out);
    assert_eq!(desk.text("questions/tester.toml"), other);

    let changed = other.replace("Why this work?", "Why us?");
    fs::write(desk.path("questions/tester.toml"), &changed).expect("it can be written to");
    let said = desk.import("a.txt");
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains(
            "a.txt: questions/tester.toml says something else already: --force overwrites it"
        ),
        "{}",
        said.err
    );
    assert!(said.err.contains("nothing was written"), "{}", said.err);
    assert_eq!(desk.text("questions/tester.toml"), changed);

    assert_eq!(desk.import("a.txt --force").code, 0);
    assert!(
        desk.text("questions/tester.toml")
            .contains("Why this work?")
    );
    assert_eq!(
        desk.list("questions"),
        ["tester.toml"],
        "no temporary file is left"
    );
}

#[test]
fn nothing_is_written_if_one_guide_is_refused_and_every_problem_is_told() {
    let both = format!("{}\n{}", guide("Tester"), guide("Cook"));
    let large = vec![b'a'; 50_000_000];
    let desk = Desk::new(&[
        ("good.txt", guide("Data Analyst").as_bytes()),
        ("two.txt", both.as_bytes()),
        ("large.txt", &large),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0"),
        ("program.txt", b"a\nb\0c"),
        (
            "german.txt",
            "Warum möchten Sie bei uns arbeiten?\nWas haben Sie zuletzt gebaut?\n".as_bytes(),
        ),
        ("sixteen.txt", b"\xff\xfeI\0n\0"),
        ("latin.txt", b"Technical\nna\xefve"),
        ("empty.txt", b"\n\n"),
    ]);
    let said = desk.import(
        "good.txt two.txt large.txt picture.txt program.txt german.txt sixteen.txt latin.txt empty.txt",
    );
    assert_eq!(said.code, 1);
    for sentence in [
        "two.txt: there are two roles in the guide: line 1 says “Tester”, line 16 “Cook”",
        "large.txt: the guide is larger than 1024 KiB",
        "picture.txt: line 3 holds the character \\u{0}: this is no plain text",
        "program.txt: line 2 holds the character \\u{0}",
        "german.txt: the guide is in another language than English",
        "sixteen.txt: the guide is in UTF-16: save it as UTF-8",
        "latin.txt: line 2 is not UTF-8 text: save the guide as UTF-8",
        "empty.txt: the guide is empty",
        "nothing was written",
    ] {
        assert!(said.err.contains(sentence), "{sentence}: {}", said.err);
    }
    assert_eq!(desk.list("questions"), Vec::<String>::new());
}

#[test]
fn roles_that_would_share_a_name_are_refused() {
    let desk = Desk::new(&[
        ("a.txt", guide("Tester").as_bytes()),
        ("b.txt", guide("Tester").as_bytes()),
    ]);
    let said = desk.import("a.txt b.txt");
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("b.txt: its kit would be questions/tester.toml, as that of a.txt"),
        "{}",
        said.err
    );
    assert_eq!(desk.list("questions"), Vec::<String>::new());

    fs::create_dir(desk.path("questions")).expect("a folder can be made");
    let taken = "slug = 'qa'\ntitle = 'QA'\naliases = ['tester']\nminutes = 30\n[profile]\nsummary = 'S'\n[[question]]\nid = 'technical/1'\nsection = 'technical'\nask = 'Why?'\n";
    fs::write(desk.path("questions/qa.toml"), taken).expect("it can be written to");
    let said = desk.import("a.txt");
    assert_eq!(said.code, 1);
    assert!(said.err.contains("leads to `qa` already"), "{}", said.err);
    assert_eq!(desk.list("questions"), ["qa.toml"]);
}

#[test]
fn what_cannot_be_read_or_written_is_told_apart_from_what_is_refused() {
    let desk = Desk::new(&[("a.txt", guide("Tester").as_bytes()), ("file", b"")]);
    for (words, sentence) in [
        ("nowhere.txt", "nowhere.txt: this guide cannot be read"),
        (".", ".: this guide cannot be read: this is a folder"),
        ("a.txt --out file", "it could not be written to file"),
        ("a.txt --as-of November", "write the month as 2026-11"),
    ] {
        let said = desk.import(words);
        assert_eq!(said.code, 2, "{words}: {}", said.err);
        assert!(said.err.contains(sentence), "{words}: {}", said.err);
    }
    fs::create_dir_all(desk.path("questions/tester.toml")).expect("a folder can be made");
    let said = desk.import("a.txt");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("questions/tester.toml is a folder"),
        "{}",
        said.err
    );
}

#[test]
fn the_samples_import_from_where_they_lie() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/guide-samples");
    let guides =
        ["mobile-team-lead", "staff-data-engineer"].map(|name| folder.join(format!("{name}.txt")));
    if !guides.iter().all(|guide| guide.exists()) {
        eprintln!("skipped: the samples are not in {}", folder.display());
        return;
    }
    let desk = Desk::new(&[]);
    let said = desk.import(&guides.map(|guide| guide.display().to_string()).join(" "));
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        load(&desk.path("questions")),
        ["Mobile Team Lead", "Staff Data Engineer"]
    );
}
