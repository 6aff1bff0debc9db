//! Interview kits as files: read, checked, versioned, found by what people type. What a kit is, is in `domain`; where kits are kept, in `store`.

mod check;
mod embedded;
mod finding;
mod read;
mod resolve;
mod rule;
mod version;

pub use check::{RESERVED, check, check_kit};
pub use finding::{Finding, Level, Place, Problems};
pub use read::{KitFile, read};
pub use resolve::{Resolved, RoleNames, resolve};
pub use rule::{HELP, RULES, Rule, rule};
pub use version::version;

use crate::domain::kit::Kit;
use finding::Source;
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is taken for a kit, in bytes.
const LARGEST: u64 = 1 << 20;

/// What there is to check: the kits that could be read, and what is wrong with them and with the others.
#[derive(Debug, Default)]
pub struct Survey {
    /// In the order of their files.
    pub kits: Vec<KitFile>,
    /// Of every level, in the order of files and lines.
    pub findings: Vec<Finding>,
}

impl Survey {
    /// The gravest level found.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

/// The kits to serve: the embedded ones, or those of a folder, which replace them all.
///
/// # Errors
/// Every error in every file, if there is one; warnings and notes do not keep a kit from being used.
pub fn load(folder: Option<&Path>) -> Result<Vec<Kit>, Problems> {
    let survey = match folder {
        None => survey_embedded(),
        Some(folder) => survey(&[folder.to_owned()]),
    };
    let errors: Vec<Finding> = survey
        .findings
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .collect();
    if errors.is_empty() {
        Ok(survey.kits.into_iter().map(|file| file.kit).collect())
    } else {
        Err(Problems(errors))
    }
}

/// Reads and checks the embedded kits.
#[must_use]
pub fn survey_embedded() -> Survey {
    let mut survey = Survey::default();
    for (name, bytes) in embedded::files() {
        take(&mut survey, &name, bytes);
    }
    finish(survey)
}

/// Reads and checks files, and all `*.toml` files of folders, together. A file that is named twice is read once.
#[must_use]
pub fn survey(paths: &[PathBuf]) -> Survey {
    let mut survey = Survey::default();
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_dir() {
            match toml_files(path) {
                Ok(files) if files.is_empty() => {
                    let hint = "a kit is one file for one role: `<slug>.toml`";
                    survey.findings.push(unreadable(
                        path,
                        "there is no kit in this folder".to_owned(),
                        hint,
                    ));
                }
                Ok(files) => {
                    for file in files {
                        take_file(&mut survey, &mut seen, &file);
                    }
                }
                Err(why) => survey.findings.push(unreadable(
                    path,
                    format!("this folder cannot be read: {why}"),
                    "check its permissions",
                )),
            }
        } else {
            take_file(&mut survey, &mut seen, path);
        }
    }
    finish(survey)
}

fn toml_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if !hidden
            && path
                .extension()
                .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn take_file(survey: &mut Survey, seen: &mut HashSet<PathBuf>, path: &Path) {
    // What has no canonical path cannot be read either, and is reported below.
    if std::fs::canonicalize(path).is_ok_and(|real| !seen.insert(real)) {
        return;
    }
    match contents(path) {
        Ok(bytes) => take(survey, &path.display().to_string(), bytes),
        Err((message, hint)) => survey.findings.push(unreadable(path, message, hint)),
    }
}

/// The bytes of a file that is no larger than a kit may be; a larger one is never read whole.
fn contents(path: &Path) -> Result<Vec<u8>, (String, &'static str)> {
    let fails = |why: std::io::Error| {
        let hint = "check the path and its permissions";
        (format!("this file cannot be read: {why}"), hint)
    };
    let hint = "a kit is a page or two of text, in a file of its own";
    let metadata = std::fs::metadata(path).map_err(fails)?;
    if metadata.is_dir() {
        return Err(("this is a folder, named like a kit".to_owned(), hint));
    }
    // A pipe or a device may never end.
    if !metadata.is_file() {
        return Err(("this is no ordinary file".to_owned(), hint));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fails)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(fails)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("this file is larger than {} KiB", LARGEST / 1024);
        return Err((message, hint));
    }
    Ok(bytes)
}

fn take(survey: &mut Survey, name: &str, bytes: Vec<u8>) {
    match String::from_utf8(bytes) {
        Ok(text) => match read(name, &text) {
            Ok(file) => survey.kits.push(file),
            Err(findings) => survey.findings.extend(findings),
        },
        Err(why) => {
            let valid = why.utf8_error().valid_up_to();
            let source = Source::new(name, &String::from_utf8_lossy(why.as_bytes()));
            survey.findings.push(source.finding(
                rule::UNREADABLE,
                "",
                Some(&(valid..valid + 1)),
                if why.as_bytes().contains(&0) {
                    "this file is not text".to_owned()
                } else {
                    "this file is not UTF-8 text".to_owned()
                },
                Some("save it as UTF-8".to_owned()),
            ));
        }
    }
}

fn finish(mut survey: Survey) -> Survey {
    survey.findings.extend(check(&survey.kits));
    survey.findings.sort_by(|one, other| {
        let key = |finding: &Finding| {
            let place = finding.place.as_ref();
            place.map_or((0, 0), |place| (place.line, place.column))
        };
        (&one.file, key(one)).cmp(&(&other.file, key(other)))
    });
    survey
}

fn unreadable(path: &Path, message: String, hint: &str) -> Finding {
    let source = Source::new(&path.display().to_string(), "");
    let hint = Some(hint.to_owned());
    source.finding(rule::UNREADABLE, "", None, message, hint)
}

#[cfg(test)]
mod tests {
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
        let kits = load(Some(folder.path())).expect("the kit has no errors");
        assert_eq!(kits.len(), 1);
        assert_eq!(kits[0].title, "Tester");
    }

    #[test]
    fn all_problems_of_all_files_come_at_once() {
        let folder = folder(&[
            ("a.toml", b"slug = 3"),
            ("b.toml", b"\xff\xfe"),
            ("c.toml", GOOD.as_bytes()),
            ("d.toml", GOOD.as_bytes()),
        ]);
        let problems = load(Some(folder.path())).expect_err("three files have errors");
        let rules: Vec<&str> = problems.0.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&"wrong-type"), "{problems}");
        assert!(rules.contains(&"missing-key"), "{problems}");
        assert!(rules.contains(&"unreadable"), "{problems}");
        assert!(rules.contains(&"duplicate-slug"), "{problems}");
    }

    #[test]
    fn an_empty_or_absent_folder_is_a_problem() {
        let empty = folder(&[]);
        let problems = load(Some(empty.path())).expect_err("there is no kit");
        assert!(problems.to_string().contains("no kit in this folder"));
        let problems =
            load(Some(&empty.path().join("nowhere"))).expect_err("there is no such folder");
        assert!(problems.to_string().contains("cannot be read"));
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
        let problems = load(Some(folder.path())).expect_err("two kits have one slug");
        let text = problems.to_string();
        assert!(text.contains("b.toml:1:8: error[duplicate-slug]"), "{text}");
        assert!(text.contains("a.toml:1 too"), "{text}");
        assert!(
            text.contains("c.toml:3:12: error[duplicate-alias]"),
            "{text}"
        );
        assert!(
            text.contains("a.toml:1\n") || text.ends_with("a.toml:1"),
            "{text}"
        );
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
        let problems = load(Some(folder.path())).expect_err("that is too many");
        let first = &problems.0[0];
        assert_eq!(first.rule, "too-many");
        // Nine lines for the first, four for each of the others.
        assert_eq!(
            first.place.as_ref().map(|place| place.line),
            Some(6 + 4 * 500)
        );
    }

    #[test]
    fn the_embedded_kits_load() {
        assert_eq!(load(None).expect("the shipped kits are fine").len(), 4);
    }
}
