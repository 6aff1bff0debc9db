//! Interview kits as files: read, written, imported, checked, versioned, found by what people type. What a kit is, is in `domain`; where kits are kept, in `store`.

mod check;
mod embedded;
mod finding;
mod import;
mod read;
mod resolve;
mod version;
mod write;

pub use check::{RESERVED, check};
pub use finding::{Finding, Level, Place, Problems};
pub use import::{Fate, Import, LARGEST_GUIDE, NoGuide, Report, Told, Warning, decode, import};
pub use read::{KitFile, read};
pub use resolve::{Resolved, RoleNames, resolve};
pub use version::version;
pub use write::write;

use crate::domain::kit::Kit;
use finding::Source;
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

/// Reads and checks files, and all `*.toml` files of folders, together.
#[must_use]
pub fn survey(paths: &[PathBuf]) -> Survey {
    let mut survey = Survey::default();
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
                        take_file(&mut survey, &file);
                    }
                }
                Err(why) => survey.findings.push(unreadable(
                    path,
                    format!("this folder cannot be read: {why}"),
                    "check its permissions",
                )),
            }
        } else {
            take_file(&mut survey, path);
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

fn take_file(survey: &mut Survey, path: &Path) {
    let largest = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > LARGEST);
    if largest {
        let message = format!("this file is larger than {} KiB", LARGEST / 1024);
        let hint = "a kit is a page or two of text";
        survey.findings.push(unreadable(path, message, hint));
        return;
    }
    match std::fs::read(path) {
        Ok(bytes) => take(survey, &path.display().to_string(), bytes),
        Err(why) => survey.findings.push(unreadable(
            path,
            format!("this file cannot be read: {why}"),
            "check the path and its permissions",
        )),
    }
}

fn take(survey: &mut Survey, name: &str, bytes: Vec<u8>) {
    match String::from_utf8(bytes) {
        Ok(text) => match read(name, &text) {
            Ok(file) => survey.kits.push(file),
            Err(findings) => survey.findings.extend(findings),
        },
        Err(why) => {
            let valid = why.utf8_error().valid_up_to();
            let source = Source {
                file: name.to_owned(),
                text: String::from_utf8_lossy(why.as_bytes()).into_owned(),
            };
            survey.findings.push(source.finding(
                Level::Error,
                "unreadable",
                "",
                Some(&(valid..valid + 1)),
                "this file is not UTF-8 text".to_owned(),
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
    let source = Source {
        file: path.display().to_string(),
        text: String::new(),
    };
    let hint = Some(hint.to_owned());
    source.finding(Level::Error, "unreadable", "", None, message, hint)
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
    fn the_embedded_kits_load() {
        assert_eq!(load(None).expect("the shipped kits are fine").len(), 4);
    }
}
