//! Who may know whom: the import table of ARCHITECTURE.md, held against every file under `src`.

mod scan;

use scan::{Import, Source};
use std::path::{Path, PathBuf};

/// Each module with those of ours it may import. `main.rs` and `lib.rs` are the doors and may name all.
const TABLE: [(&str, &[&str]); 18] = [
    ("domain", &[]),
    ("clock", &[]),
    ("config", &[]),
    ("crash", &[]),
    ("telemetry", &[]),
    ("manifest", &[]),
    ("simulator", &[]),
    ("seal", &["domain"]),
    ("store", &["domain", "telemetry", "crash"]),
    ("kits", &["domain"]),
    (
        "app",
        &[
            "domain",
            "store",
            "kits",
            "clock",
            "schedule",
            "telemetry",
            "crash",
        ],
    ),
    (
        "slack",
        &["domain", "seal", "app", "clock", "telemetry", "crash"],
    ),
    (
        "outbox",
        &[
            "domain",
            "store",
            "app",
            "slack",
            "clock",
            "crash",
            "telemetry",
        ],
    ),
    ("schedule", &["domain"]),
    ("control", &["domain", "app", "slack", "telemetry"]),
    ("cli", ALL),
    ("start", ALL),
    ("main", ALL),
];

const ALL: &[&str] = &[
    "domain",
    "clock",
    "config",
    "crash",
    "telemetry",
    "manifest",
    "simulator",
    "seal",
    "store",
    "kits",
    "app",
    "slack",
    "outbox",
    "schedule",
    "control",
    "cli",
    "start",
];

/// Crates that one module only may name, so that they can be replaced there.
const OWNED: [(&str, &str); 6] = [
    ("ring", "seal"),
    ("slack_morphism", "slack"),
    ("sled", "store"),
    ("tokio_postgres", "store"),
    ("deadpool_postgres", "store"),
    ("prometheus_client", "telemetry"),
];

/// The longest file, in lines.
const LONGEST: usize = 600;

/// What is wrong with one file, in sentences.
fn violations(path: &str, text: &str) -> Vec<String> {
    let source = Source::new(path, text);
    let mut found = Vec::new();
    if path != "lib.rs" {
        let module = source.module();
        match TABLE.iter().find(|(name, _)| *name == module) {
            None => found.push(format!(
                "src/{path}: the module `{module}` has no row in the import table"
            )),
            Some((_, allowed)) => {
                for Import { line, target } in source.imports() {
                    if target != module && !allowed.contains(&target.as_str()) {
                        found.push(format!(
                            "src/{path}:{line}: `{module}` may not import `{target}`"
                        ));
                    }
                }
            }
        }
        for (name, owner) in OWNED {
            for line in source.names(name) {
                if module != owner {
                    found.push(format!(
                        "src/{path}:{line}: only `{owner}` may name `{name}`"
                    ));
                }
            }
        }
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!(
            "src/{path}: {lines} lines, {LONGEST} at most: split it"
        ));
    }
    found
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_import_rolls_down_the_hill() {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    assert!(files.len() > 10, "the scan has found the sources");
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the file is text");
        let path = file.strip_prefix(&src).expect("it is under src");
        found.extend(violations(
            &path.to_string_lossy().replace('\\', "/"),
            &text,
        ));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_test_file_is_too_long() {
    let mut files = Vec::new();
    rust_files(&root().join("tests"), &mut files);
    for file in files {
        let lines = std::fs::read_to_string(&file)
            .expect("the file is text")
            .lines()
            .count();
        assert!(lines <= LONGEST, "{}: {lines} lines", file.display());
    }
}

#[test]
fn a_planted_violation_is_found() {
    let cases = [
        ("domain/kit.rs", "use crate::store::Store;"),
        ("domain/kit.rs", "fn f() { crate::clock::now() }"),
        (
            "app/mod.rs",
            "use crate::{store::{Store, codec}, outbox::Parcel};",
        ),
        (
            "simulator/page.rs",
            "use crate :: { self as house, slack };",
        ),
        ("app.rs", "use super::slack::Client;"),
        ("app/reply.rs", "pub use super::super::slack;"),
        (
            "store/sled.rs",
            "mod tests { use super::super::super::app::App; }",
        ),
        (
            "kits/mod.rs",
            "mod a { mod b { use super::super::super::config::Config; } }",
        ),
        (
            "slack/mod.rs",
            "macro_rules! m { () => { $crate::store::x() } }",
        ),
        ("app/mod.rs", "use crate::*;"),
        ("schedule.rs", "type T = interview_assistant::store::Sled;"),
        ("outbox.rs", "use slack_morphism::prelude::*;"),
        ("app.rs", "fn f(db: sled::Db) {}"),
        ("start.rs", "use ::sled;"),
        ("helper.rs", "fn f() {}"),
    ];
    for (path, text) in cases {
        assert_eq!(
            violations(path, text).len(),
            1,
            "{path}: {text}: {:?}",
            violations(path, text)
        );
    }
    let long = "\n".repeat(LONGEST + 1);
    assert_eq!(violations("domain/mod.rs", &long).len(), 1);
}

#[test]
fn what_is_allowed_is_let_through() {
    let cases = [
        (
            "domain/kit.rs",
            "use super::ids::KitSlug; use crate::domain::ids;",
        ),
        (
            "domain/mod.rs",
            "// use crate::store\n/* crate::app /* nested */ */ pub mod ids;",
        ),
        (
            "store/mod.rs",
            "mod sled; pub use self::sled::Sled; use crate::domain::ids;",
        ),
        (
            "store/sled.rs",
            "use ::sled::Db; use super::Store; mod tests { use super::super::codec; }",
        ),
        ("start.rs", "use crate::store::sled::Sled; let sled = 1;"),
        (
            "telemetry.rs",
            "const T: &str = \"slack_morphism\"; const C: char = '\"'; const R: &str = r#\"crate::app \" \"#;",
        ),
        (
            "app.rs",
            "fn f<'a>(x: &'a str) {} use crate::{clock::Clock, domain::{ids, kit}, kits as k};",
        ),
        (
            "kits/mod.rs",
            "mod tests { use super::*; } pub(crate) fn f() {}",
        ),
        ("main.rs", "fn main() { interview_assistant::cli::main() }"),
        ("lib.rs", "pub mod domain;"),
    ];
    for (path, text) in cases {
        assert_eq!(
            violations(path, text),
            Vec::<String>::new(),
            "{path}: {text}"
        );
    }
}
