//! Interview kits as files: read, written, imported, checked, versioned, found by what people type. What a kit is, is in `domain`; where kits are kept, in `store`.

mod check;
mod embedded;
mod finding;
mod folder;
mod import;
mod read;
mod resolve;
mod rule;
mod version;
mod write;

pub use check::{RESERVED, check, check_kit};
pub use finding::{Finding, Level, Place, Problems};
pub use folder::{write_together, write_whole};
pub use import::{Fate, Import, LARGEST_GUIDE, NoGuide, Report, Told, Warning, decode, import};
pub use read::{KitFile, read};
pub use resolve::{Resolved, RoleNames, resolve};
pub use rule::{HELP, RULES, Rule, rule};
pub use version::version;
pub use write::write;

use finding::Source;
use std::collections::{BTreeMap, HashSet};
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
    /// The kits whose files have no error, and the files that have one: named as they were given, each with its errors.
    #[must_use]
    pub fn sound(self) -> (Vec<KitFile>, BTreeMap<String, Vec<Finding>>) {
        let mut broken: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in self.findings {
            if finding.level == Level::Error {
                broken
                    .entry(finding.file.clone())
                    .or_default()
                    .push(finding);
            }
        }
        let mut kits = self.kits;
        kits.retain(|kit| !broken.contains_key(kit.file()));
        (kits, broken)
    }

    /// The gravest level found.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

/// The kits that can be served, and the files that are broken, each with its errors: of a folder, or else the embedded ones. Those were
/// checked when the program was tested, so a start does not wait for that.
#[must_use]
pub fn to_serve(folder: Option<&Path>) -> (Vec<KitFile>, BTreeMap<String, Vec<Finding>>) {
    match folder {
        None => read_embedded().sound(),
        Some(folder) => survey(&[folder.to_owned()]).sound(),
    }
}

/// Reads and checks the embedded kits.
#[must_use]
pub fn survey_embedded() -> Survey {
    finish(read_embedded())
}

fn read_embedded() -> Survey {
    let mut survey = Survey::default();
    for (name, bytes) in embedded::files() {
        take(&mut survey, &name, bytes);
    }
    survey
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
mod tests;
