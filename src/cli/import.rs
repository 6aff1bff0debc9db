//! `kits import`: reads guides, writes kits, tells what became of every line. How a guide becomes a kit is in `kits`.

use super::{COULD_NOT, FINDINGS, OK};
use crate::kits::{self, Import, KitFile, LARGEST_GUIDE, Level, NoGuide, Report};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Make kits of recruiters' guides: every line is accounted for
#[derive(Debug, Args)]
#[command(
    long_about = "Make interview kits of recruiters' guides: plain text in English, one role in each file.

Each guide becomes one kit, OUT/<role>.toml. Questions, look-fors and pitfalls keep their order and their wording. The report \
says of every line that it was kept (as what), left out (why) or is doubtful (what was guessed), and what the guide lacks. \
Read the doubtful lines; then write what guides never have: competencies, follow-ups and anchors.

All guides are read before anything is written. If one of them is refused, nothing is written. A kit that is there already \
is left alone if it says the same, and is not overwritten without --force if it does not.",
    after_long_help = "Examples:
  interview-assistant kits import staff-data-engineer.txt
  interview-assistant kits import guides/*.txt --out kits --as-of 2026-11
  interview-assistant kits import guide.txt --stdout > kits/tester.toml
  pbpaste | interview-assistant kits import - --report json

The report goes to standard output; with --stdout the kit goes there, and the report to standard error.

Exit codes: 0 done, 1 a guide was refused or a kit is in the way (nothing was written), 2 it could not read or write."
)]
pub(super) struct ImportArgs {
    /// Guides as plain text in UTF-8; - is standard input
    #[arg(value_name = "GUIDE", required = true)]
    guides: Vec<PathBuf>,
    /// The folder for the kits; it is made if there is none
    #[arg(long, value_name = "DIR", default_value = "questions")]
    out: PathBuf,
    /// Write no file: the one kit goes to standard output
    #[arg(long, conflicts_with_all = ["out", "force"])]
    stdout: bool,
    /// How to tell what became of every line
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    report: Form,
    /// Overwrite a kit that says something else
    #[arg(long)]
    force: bool,
    /// When the salaries were true, where the guides do not say
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    as_of: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

fn month(text: &str) -> Result<String, String> {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = match text.split_once('-') {
        Some((year, month)) => {
            digits(year, 4)
                && digits(month, 2)
                && (1..=12).contains(&month.parse::<u8>().unwrap_or(0))
        }
        None => digits(text, 4),
    };
    fits.then(|| text.to_owned())
        .ok_or_else(|| "write the month as 2026-11, or the year as 2026".to_owned())
}

/// What became of one guide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    /// The kit is in its file.
    Written,
    /// It was there already, word for word.
    Unchanged,
    /// It went to standard output.
    Shown,
    /// The guide was read, but something else was in the way.
    NotWritten,
    /// The guide could not be read, or is none.
    Refused,
}

/// One guide on its way.
#[derive(Debug, Serialize)]
struct Guide {
    guide: String,
    outcome: Outcome,
    /// Where its kit is, or would be.
    kit: Option<String>,
    problems: Vec<String>,
    report: Option<Report>,
    #[serde(skip)]
    file: Option<PathBuf>,
    #[serde(skip)]
    read: Option<KitFile>,
    #[serde(skip)]
    text: String,
    /// Whether there is something to write.
    #[serde(skip)]
    fresh: bool,
    /// Whether the problems are the disk's, not the guide's.
    #[serde(skip)]
    broken: bool,
}

/// Does what the command says, and gives its exit code.
pub(super) fn import(args: &ImportArgs) -> u8 {
    if args.stdout && args.guides.len() > 1 {
        return super::refuse(&anyhow::anyhow!(
            "--stdout takes one guide: a kit is a file of its own"
        ));
    }
    let mut guides: Vec<Guide> = args
        .guides
        .iter()
        .map(|path| Guide::read(path, args.as_of.as_deref()))
        .collect();
    if args.stdout {
        show(&mut guides);
    } else {
        place(&mut guides, args);
        let clear = guides.iter().all(|guide| guide.problems.is_empty());
        if clear && let Err(why) = write(&mut guides, &args.out) {
            let why = format!("it could not be written to {}: {why}", args.out.display());
            for guide in guides
                .iter_mut()
                .filter(|guide| guide.outcome == Outcome::NotWritten)
            {
                guide.broken = true;
                guide.problems.push(why.clone());
            }
        }
    }
    // A reader that has seen enough, as `head`, closes the pipe: that is no failure of the import.
    let _ = tell(&guides, args);
    if guides.iter().any(|guide| guide.broken) {
        COULD_NOT
    } else if guides.iter().any(|guide| !guide.problems.is_empty()) {
        FINDINGS
    } else {
        OK
    }
}

impl Guide {
    fn read(path: &Path, as_of: Option<&str>) -> Self {
        let stdin = path == Path::new("-");
        let name = if stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let mut guide = Self {
            guide: name,
            outcome: Outcome::Refused,
            kit: None,
            problems: Vec::new(),
            report: None,
            file: None,
            read: None,
            text: String::new(),
            fresh: false,
            broken: false,
        };
        let bytes = if stdin {
            bytes(io::stdin().lock())
        } else {
            file(path)
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                guide.broken = true;
                guide
                    .problems
                    .push(format!("this guide cannot be read: {why}"));
                return guide;
            }
        };
        match kits::decode(&bytes).and_then(kits::import) {
            Ok(import) => guide.take(match as_of {
                Some(as_of) => import.dated(as_of),
                None => import,
            }),
            Err(why) => guide.refuse(&why),
        }
        guide
    }

    fn refuse(&mut self, why: &NoGuide) {
        self.problems.push(why.to_string());
    }

    fn take(&mut self, import: Import) {
        self.outcome = Outcome::NotWritten;
        self.text = kits::write(&import.kit);
        let name = format!("{}.toml", import.kit.slug);
        match kits::read(&name, &self.text) {
            Ok(file) => self.read = Some(file),
            Err(findings) => self
                .problems
                .extend(findings.iter().map(ToString::to_string)),
        }
        self.report = Some(import.report);
    }
}

/// The bytes of a guide's file; of one that is too large, only so many that this is seen.
fn file(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::other("this is a folder: name the guides in it"));
    }
    bytes(file)
}

fn bytes(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST_GUIDE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn show(guides: &mut [Guide]) {
    errors(guides, Vec::new());
    for guide in guides {
        if guide.problems.is_empty() {
            match io::stdout().lock().write_all(guide.text.as_bytes()) {
                Ok(()) => guide.outcome = Outcome::Shown,
                Err(why) => {
                    guide.broken = true;
                    guide.problems.push(format!(
                        "the kit could not be written to standard output: {why}"
                    ));
                }
            }
        }
    }
}

/// Finds each kit's place in the folder, and everything that is in the way.
fn place(guides: &mut [Guide], args: &ImportArgs) {
    let mut owners: BTreeMap<PathBuf, String> = BTreeMap::new();
    for guide in guides.iter_mut() {
        let Some(report) = &guide.report else {
            continue;
        };
        let path = args.out.join(format!("{}.toml", report.slug));
        guide.kit = Some(path.display().to_string());
        if let Some(other) = owners.get(&path) {
            guide.problems.push(format!(
                "its kit would be {}, as that of {other}: two guides for one role",
                path.display()
            ));
            guide.read = None;
            continue;
        }
        owners.insert(path.clone(), guide.guide.clone());
        match fs::symlink_metadata(&path) {
            Err(why)
                if matches!(
                    why.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                guide.fresh = true;
            }
            Err(why) => {
                guide.broken = true;
                guide
                    .problems
                    .push(format!("{} cannot be looked at: {why}", path.display()));
            }
            Ok(found) if found.is_dir() => {
                guide.broken = true;
                guide
                    .problems
                    .push(format!("{} is a folder", path.display()));
            }
            Ok(_) if same(&path, guide) => guide.outcome = Outcome::Unchanged,
            Ok(_) if args.force => guide.fresh = true,
            Ok(_) => guide.problems.push(format!(
                "{} says something else already: --force overwrites it",
                path.display()
            )),
        }
        guide.file = Some(path);
    }
    // The kits beside which the new ones will be used; what is wrong with those is not this command's matter.
    let beside: Vec<KitFile> = if args.out.is_dir() {
        let survey = kits::survey(std::slice::from_ref(&args.out));
        let ours = |file: &KitFile| owners.contains_key(Path::new(file.file()));
        survey.kits.into_iter().filter(|file| !ours(file)).collect()
    } else {
        Vec::new()
    };
    errors(guides, beside);
}

/// Whether a file holds this very kit.
fn same(path: &Path, guide: &Guide) -> bool {
    let Ok(text) = fs::read_to_string(path) else {
        return false;
    };
    match (kits::read(&path.display().to_string(), &text), &guide.read) {
        (Ok(there), Some(new)) => there.kit == new.kit,
        _ => false,
    }
}

/// Adds what would keep a kit from being used, by itself or beside the others.
fn errors(guides: &mut [Guide], mut all: Vec<KitFile>) {
    // Who comes later has the name that is taken.
    all.extend(guides.iter().filter_map(|guide| guide.read.clone()));
    let findings = kits::check(&all);
    for finding in findings.into_iter().filter(|one| one.level == Level::Error) {
        let whose = |guide: &&mut Guide| {
            guide
                .read
                .as_ref()
                .is_some_and(|read| read.file() == finding.file)
        };
        if let Some(guide) = guides.iter_mut().find(whose) {
            let hint = finding
                .hint
                .map(|hint| format!(" ({hint})"))
                .unwrap_or_default();
            guide.problems.push(format!(
                "its kit could not be used: {}{hint}",
                finding.message
            ));
        }
    }
}

/// Writes what is to be written: every file whole, and none before all are on the disk under another name.
fn write(guides: &mut [Guide], out: &Path) -> io::Result<()> {
    if !guides.iter().any(|guide| guide.fresh) {
        return Ok(());
    }
    fs::create_dir_all(out)?;
    let fresh = || guides.iter().filter(|guide| guide.fresh);
    let files: Vec<(&Path, &str)> = fresh()
        .filter_map(|guide| Some((guide.file.as_deref()?, &*guide.text)))
        .collect();
    let (written, result) = match kits::write_together(&files) {
        Ok(()) => (files.len(), Ok(())),
        Err((written, why)) => (written, Err(why)),
    };
    for guide in guides.iter_mut().filter(|guide| guide.fresh).take(written) {
        guide.outcome = Outcome::Written;
    }
    result
}

fn tell(guides: &[Guide], args: &ImportArgs) -> io::Result<()> {
    let mut out: Box<dyn Write> = if args.stdout {
        Box::new(io::stderr().lock())
    } else {
        Box::new(io::stdout().lock())
    };
    match args.report {
        Form::Json => {
            let all = serde_json::json!({ "guides": guides });
            writeln!(out, "{all:#}")?;
        }
        Form::Text => {
            for guide in guides {
                if let Some(report) = &guide.report {
                    writeln!(out, "{}: {}\n\n{report}\n", guide.guide, report.title)?;
                }
            }
            results(&mut out, guides)?;
        }
    }
    drop(out);
    if args.stdout && args.report == Form::Json {
        return Ok(());
    }
    let mut err = io::stderr().lock();
    for guide in guides {
        for problem in &guide.problems {
            writeln!(err, "{}: {problem}", guide.guide)?;
        }
    }
    let clear = guides.iter().all(|guide| guide.problems.is_empty());
    let written = guides.iter().any(|guide| guide.outcome == Outcome::Written);
    if !clear && !written {
        writeln!(err, "nothing was written")?;
    }
    Ok(())
}

/// What is where now, and how to go on.
fn results(out: &mut impl Write, guides: &[Guide]) -> io::Result<()> {
    for guide in guides {
        let Some(kit) = &guide.kit else { continue };
        match guide.outcome {
            Outcome::Written => writeln!(
                out,
                "{kit} is written. What it still needs: interview-assistant kits check {kit}"
            )?,
            Outcome::Unchanged => writeln!(out, "{kit} is there already and says the same.")?,
            Outcome::Shown | Outcome::NotWritten | Outcome::Refused => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_or_a_year_says_when_a_salary_was_true() {
        for good in ["2026-11", "2026"] {
            assert_eq!(month(good).as_deref(), Ok(good));
        }
        for bad in ["2026-13", "11/2026", "26-11", "2026-1", "", "2026-00"] {
            assert!(month(bad).is_err(), "{bad}");
        }
    }
}
