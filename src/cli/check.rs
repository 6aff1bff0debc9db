//! `kits check`: what it prints, in three forms, and with which code it ends. What it finds is decided in `kits`.

use super::{COULD_NOT, FINDINGS, OK, plural, printed, refuse};
use crate::kits::{self, Finding, HELP, Level, Survey};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files or folders [default: the built-in kits]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(
        long,
        value_enum,
        value_name = "FORM",
        default_value_t,
        ignore_case = true
    )]
    format: Form,
    /// What shall fail the check beside errors
    #[arg(long, value_enum, value_name = "LEVEL", ignore_case = true)]
    deny: Option<Deny>,
    /// Leave the notes out, unless they are denied
    #[arg(short, long)]
    quiet: bool,
}

/// For whom the findings are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// For people: place, excerpt and remedy
    #[default]
    Text,
    /// For programs: one object
    Json,
    /// For GitHub Actions: annotations on the lines of a change
    Github,
}

/// What fails the check beside errors.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Deny {
    /// Warnings
    #[value(alias = "warning")]
    Warnings,
    /// Notes, and warnings with them
    #[value(alias = "note")]
    Notes,
}

impl Deny {
    /// The least level that fails.
    fn least(deny: Option<Self>) -> Level {
        match deny {
            None => Level::Error,
            Some(Self::Warnings) => Level::Warning,
            Some(Self::Notes) => Level::Note,
        }
    }
}

/// Checks, prints, and says how it went.
pub(super) fn check(args: &CheckArgs) -> u8 {
    let survey = match survey(&args.paths) {
        Ok(survey) => survey,
        Err(why) => return refuse(&why),
    };
    let fails = Deny::least(args.deny);
    let least = if args.quiet {
        Level::Warning.min(fails)
    } else {
        Level::Note
    };
    let mut out = io::stdout().lock();
    let report = Report::new(&survey, least);
    let result = match args.format {
        Form::Text => report.text(&mut out),
        Form::Json => report.json(&mut out),
        Form::Github => report.github(&mut out),
    };
    if !printed(result) {
        return COULD_NOT;
    }
    if survey.worst() >= Some(fails) {
        FINDINGS
    } else {
        OK
    }
}

/// The built-in kits, or those at some paths, of which each has to be there.
pub(super) fn survey(paths: &[PathBuf]) -> anyhow::Result<Survey> {
    if paths.is_empty() {
        return Ok(kits::survey_embedded());
    }
    // A link that leads nowhere is there and cannot be read: a finding.
    let absent = |path: &&PathBuf| std::fs::symlink_metadata(path.as_path()).is_err_and(gone);
    if let Some(path) = paths.iter().find(absent) {
        return Err(no_such(path));
    }
    Ok(kits::survey(paths))
}

fn gone(why: io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn no_such(path: &Path) -> anyhow::Error {
    anyhow::anyhow!("there is no file or folder {}", path.display())
}

/// What is printed: the findings of some levels, and the counts of all.
#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Row<'a>>,
    #[serde(skip)]
    whole: Vec<&'a Finding>,
    kits: usize,
    questions: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// One finding, as programs read it. What a finding does not have is null.
#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    level: String,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    at: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
    help: String,
}

impl<'a> Row<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule,
            level: finding.level.to_string(),
            file: &finding.file,
            line: finding.place.as_ref().map(|place| place.line),
            column: finding.place.as_ref().map(|place| place.column),
            at: &finding.at,
            message: &finding.message,
            hint: finding.hint.as_deref(),
            help: finding.help(),
        }
    }
}

impl<'a> Report<'a> {
    /// The findings from this level on.
    fn new(survey: &'a Survey, least: Level) -> Self {
        let all = &survey.findings;
        let count = |level| all.iter().filter(|one| one.level == level).count();
        let whole: Vec<&Finding> = all.iter().filter(|one| one.level >= least).collect();
        let questions = survey.kits.iter().map(|file| file.kit.asked().count());
        Self {
            findings: whole.iter().map(|finding| Row::new(finding)).collect(),
            whole,
            kits: survey.kits.len(),
            questions: questions.sum(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
        }
    }

    fn counts(&self) -> String {
        format!(
            "{}, {}: {}, {}, {}",
            plural(self.kits, "kit"),
            plural(self.questions, "question"),
            plural(self.errors, "error"),
            plural(self.warnings, "warning"),
            plural(self.notes, "note"),
        )
    }

    fn text(&self, out: &mut impl Write) -> io::Result<()> {
        for finding in &self.whole {
            writeln!(out, "{finding}\n")?;
        }
        writeln!(out, "{}", self.counts())?;
        if let Some(first) = self.whole.first() {
            writeln!(
                out,
                "{HELP} gives the reason and the source of each rule under its id, as {}",
                first.help()
            )?;
        }
        Ok(())
    }

    fn json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Workflow commands, one a line: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
    fn github(&self, out: &mut impl Write) -> io::Result<()> {
        for row in &self.findings {
            let command = match row.level.as_str() {
                "note" => "notice",
                level => level,
            };
            write!(out, "::{command} file={}", property(row.file))?;
            if let (Some(line), Some(column)) = (row.line, row.column) {
                write!(out, ",line={line},col={column}")?;
            }
            write!(out, ",title={}::{}", property(row.rule), data(row.message))?;
            if let Some(hint) = row.hint {
                write!(out, "%0A{}", data(hint))?;
            }
            writeln!(out, "%0A{}", data(&row.help))?;
        }
        writeln!(out, "{}", self.counts())
    }
}

/// A text after `::`, in which a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text before `::`, in which colons and commas part the properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a list can be written to");
        String::from_utf8(out).expect("it is text")
    }

    fn broken() -> (tempfile::TempDir, Survey) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("tester.toml");
        let text = "slug = 'tester'\ntittle = '100%, or: more'\nminutes = 30\nprofile = { summary = 'S' }\n";
        std::fs::write(&file, text).expect("it can be written to");
        let survey = kits::survey(&[file]);
        (folder, survey)
    }

    #[test]
    fn a_report_without_findings_is_the_count() {
        let text = said(|out| Report::new(&Survey::default(), Level::Note).text(out));
        assert_eq!(text, "0 kits, 0 questions: 0 errors, 0 warnings, 0 notes\n");
    }

    #[test]
    fn a_report_names_the_rule_and_ends_with_where_it_is_explained() {
        let (_folder, survey) = broken();
        let text = said(|out| Report::new(&survey, Level::Note).text(out));
        assert!(
            text.contains("tester.toml:2:1: error[unknown-key]: unknown key `tittle`"),
            "{text}"
        );
        assert!(text.contains("\n  did you mean `title`?\n"), "{text}");
        assert!(text.ends_with("docs/kit-check.md#unknown-key\n"), "{text}");
    }

    #[test]
    fn programs_read_one_object() {
        let (folder, survey) = broken();
        let text = said(|out| Report::new(&survey, Level::Note).json(out));
        let text = text.replace(&*folder.path().to_string_lossy(), "folder");
        insta::assert_snapshot!(text, @r#"
        {
          "findings": [
            {
              "rule": "unknown-key",
              "level": "error",
              "file": "folder/tester.toml",
              "line": 2,
              "column": 1,
              "at": "tittle",
              "message": "unknown key `tittle` in the kit",
              "hint": "did you mean `title`?",
              "help": "docs/kit-check.md#unknown-key"
            }
          ],
          "kits": 0,
          "questions": 0,
          "errors": 1,
          "warnings": 0,
          "notes": 0
        }
        "#);
    }

    #[test]
    fn github_reads_one_command_a_line() {
        let (folder, survey) = broken();
        let text = said(|out| Report::new(&survey, Level::Note).github(out));
        let text = text.replace(&*folder.path().to_string_lossy(), "folder");
        insta::assert_snapshot!(text, @"
        ::error file=folder/tester.toml,line=2,col=1,title=unknown-key::unknown key `tittle` in the kit%0Adid you mean `title`?%0Adocs/kit-check.md#unknown-key
        0 kits, 0 questions: 1 error, 0 warnings, 0 notes
        ");
    }

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("C:\\a,b\n"), "C%3A\\a%2Cb%0A");
    }
}
