use super::*;

const GOOD: &str = "slug = 'tester'\ntitle = 'Tester'\nminutes = 30\n[profile]\nsummary = 'S'\n[[question]]\nid = 'technical/1'\nsection = 'technical'\nask = 'Why?'\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("it can be written to");
    }
    folder
}

#[test]
fn a_folder_replaces_the_embedded_kits() {
    let folder = folder(&[
        ("tester.toml", GOOD.as_bytes()),
        ("README.md", b"# hello"),
        (".hidden.toml", b"rubbish"),
    ]);
    let (kits, broken) = to_serve(Some(folder.path()));
    assert!(broken.is_empty(), "{broken:?}");
    assert_eq!(kits.len(), 1);
    assert_eq!(kits[0].kit.title, "Tester");
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let folder = folder(&[
        ("a.toml", b"slug = 3"),
        ("b.toml", b"\xff\xfe"),
        ("c.toml", GOOD.as_bytes()),
        ("d.toml", GOOD.as_bytes()),
    ]);
    let (kits, broken) = to_serve(Some(folder.path()));
    let files: Vec<&str> = broken
        .keys()
        .map(|file| file.rsplit('/').next().unwrap_or(file))
        .collect();
    assert_eq!(files, ["a.toml", "b.toml", "d.toml"]);
    assert_eq!(
        kits.len(),
        1,
        "the sound one is not held back by the others"
    );
    let rules: Vec<&str> = broken
        .values()
        .flatten()
        .map(|finding| finding.rule)
        .collect();
    for rule in ["wrong-type", "missing-key", "unreadable", "duplicate-slug"] {
        assert!(rules.contains(&rule), "{rules:?}");
    }
}

#[test]
fn an_empty_or_absent_folder_is_a_problem() {
    let empty = folder(&[]);
    let first = |folder: &Path| survey(&[folder.to_owned()]).findings.remove(0).to_string();
    assert!(first(empty.path()).contains("no kit in this folder"));
    assert!(first(&empty.path().join("nowhere")).contains("cannot be read"));
}

#[test]
fn what_is_no_kit_is_a_finding_that_names_the_file() {
    let folder = folder(&[
        ("binary.toml", b"\x7fELF\x00\x01\xff\xfe"),
        ("zeros.toml", b"slug = 'a'\n\x00\x00"),
        ("huge.toml", &vec![b'#'; 1 << 21]),
    ]);
    std::fs::create_dir(folder.path().join("folder.toml")).expect("a folder can be made");
    let survey = survey(&[folder.path().to_owned()]);
    let found: Vec<String> = survey
        .findings
        .iter()
        .filter(|one| one.level == Level::Error)
        .map(|one| {
            let name = one.file.rsplit('/').next().unwrap_or_default();
            let line = one.place.as_ref().map_or(0, |place| place.line);
            format!("{name}:{line} {} {}", one.rule, one.message)
        })
        .collect();
    let found = found.join("\n");
    assert!(
        found.contains("binary.toml:1 unreadable this file is not text"),
        "{found}"
    );
    assert!(found.contains("zeros.toml:2 syntax"), "{found}");
    assert!(
        found.contains("huge.toml:0 unreadable this file is larger than 1024 KiB"),
        "{found}"
    );
    assert!(
        found.contains("folder.toml:0 unreadable this is a folder"),
        "{found}"
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_circles_and_devices_are_findings() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("tester.toml", GOOD.as_bytes())]);
    let at = |name: &str| folder.path().join(name);
    symlink(at("one.toml"), at("two.toml")).expect("a link can be made");
    symlink(at("two.toml"), at("one.toml")).expect("a link can be made");
    symlink(at("nowhere"), at("gone.toml")).expect("a link can be made");
    symlink("/dev/zero", at("zero.toml")).expect("a link can be made");
    symlink(at("tester.toml"), at("again.toml")).expect("a link can be made");
    symlink(folder.path(), at("loop.toml")).expect("a link can be made");
    let survey = survey(&[folder.path().to_owned(), at("tester.toml")]);
    let mut broken: Vec<&str> = survey
        .findings
        .iter()
        .filter(|one| one.rule == "unreadable")
        .map(|one| one.file.rsplit('/').next().unwrap_or_default())
        .collect();
    broken.dedup();
    assert_eq!(
        broken,
        [
            "gone.toml",
            "loop.toml",
            "one.toml",
            "two.toml",
            "zero.toml"
        ]
    );
    assert_eq!(survey.kits.len(), 1, "a file under two names is one kit");
}

#[test]
fn two_kits_of_one_name_name_each_other_with_the_line() {
    let other = GOOD
        .replace("'tester'", "'examiner'")
        .replace("'Tester'", "'Examiner'");
    let folder = folder(&[
        ("a.toml", GOOD.as_bytes()),
        ("b.toml", GOOD.as_bytes()),
        (
            "c.toml",
            other
                .replace("minutes", "aliases = ['TESTER']\nminutes")
                .as_bytes(),
        ),
    ]);
    let findings = survey(&[folder.path().to_owned()]).findings;
    let text: String = findings.iter().map(|one| format!("{one}\n")).collect();
    assert!(text.contains("b.toml:1:8: error[duplicate-slug]"), "{text}");
    assert!(text.contains("a.toml:1 too"), "{text}");
    assert!(
        text.contains("c.toml:3:12: error[duplicate-alias]"),
        "{text}"
    );
    assert!(text.contains("a.toml:1\n"), "{text}");
}

#[test]
fn a_kit_with_too_many_questions_is_told_where_it_begins_to_be_too_many() {
    let question = |number: usize| {
        format!(
            "[[question]]\nid = 'technical/{number}'\nsection = 'technical'\nask = 'Why {number}?'\n"
        )
    };
    let text = format!("{GOOD}{}", (2..=520).map(question).collect::<String>());
    let folder = folder(&[("tester.toml", text.as_bytes())]);
    let findings = survey(&[folder.path().to_owned()]).findings;
    let first = findings.iter().find(|one| one.level == Level::Error);
    let first = first.expect("that is too many");
    assert_eq!(first.rule, "too-many");
    // Nine lines for the first, four for each of the others.
    assert_eq!(
        first.place.as_ref().map(|place| place.line),
        Some(6 + 4 * 500)
    );
}

#[test]
fn a_file_with_a_hundred_thousand_mistakes_is_read_quickly_and_told_in_part() {
    let tables = format!("question = [{}]\n", "{},".repeat(100_000));
    let follow_ups = format!(
        "{GOOD}follow_up = [{}]\n# {}\n",
        "'é',".repeat(100_000),
        "é".repeat(9)
    );
    let folder = folder(&[
        ("tables.toml", tables.as_bytes()),
        (
            "follow-ups.toml",
            follow_ups.replace("'é'", "''").as_bytes(),
        ),
    ]);
    let began = std::time::Instant::now();
    let findings = survey(&[folder.path().to_owned()]).findings;
    let took = began.elapsed();
    let count = |rule: &str| findings.iter().filter(|one| one.rule == rule).count();
    assert_eq!((count("missing-key"), count("empty-text")), (1000, 1000));
    // Each mistake alone would cost a millisecond if the line were read for it.
    assert!(took.as_secs() < 20, "{took:?}");
}

#[test]
fn the_embedded_kits_load() {
    let (kits, broken) = to_serve(None);
    assert!(broken.is_empty(), "{broken:?}");
    assert_eq!(kits.len(), 4);
}
