//! What became of every line of a guide, for the person who imported it. Deciding it is in `gather`.

use serde::Serialize;
use std::fmt;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is in the kit, word for word.
    Kept,
    /// It is not in the kit, for a known reason.
    LeftOut,
    /// Something was guessed: a person has to look at it.
    Doubtful,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kept => "kept",
            Self::LeftOut => "left out",
            Self::Doubtful => "doubtful",
        })
    }
}

/// One line of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its number, from 1.
    pub line: usize,
    /// What became of it.
    pub fate: Fate,
    /// Whether it, or a part of it, is in the kit.
    pub kept: bool,
    /// As what it is kept (`technical question 2`), or what it was taken for (`advertisement`).
    pub what: String,
    /// What was guessed, or left out of a line that is kept; sentences.
    pub why: Vec<String>,
    /// The line, with its typography normalised.
    pub text: String,
}

/// Something that a person should know beside what became of each line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where, if it is anywhere.
    pub line: Option<usize>,
    /// What.
    pub message: String,
}

/// How an import went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The kit's title.
    pub title: String,
    /// The kit's slug, and so its file's name.
    pub slug: String,
    /// Every line that is not blank, once, in their order.
    pub lines: Vec<Told>,
    /// How many lines are blank.
    pub blank: usize,
    /// What no line says, and was taken to be so.
    pub assumed: Vec<String>,
    /// What a kit has and this guide has not.
    pub lacks: Vec<String>,
    /// Empty lists, unknown headings and the like.
    pub warnings: Vec<Warning>,
}

impl Report {
    /// How many lines had this fate.
    #[must_use]
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|told| told.fate == fate).count()
    }
}

/// The columns that a line's text gets.
const TEXT: usize = 64;
/// The columns that its fate's name gets, at most.
const WHAT: usize = 34;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self
            .lines
            .last()
            .map_or(1, |told| told.line)
            .to_string()
            .len();
        let number = number.max(4);
        let widths = self.lines.iter().map(|told| told.what.chars().count());
        let what = widths.max().unwrap_or_default().min(WHAT);
        for told in &self.lines {
            let text = cut(&told.text, TEXT);
            writeln!(
                f,
                "{:>number$}  {:<8}  {:<what$}  {text}",
                told.line, told.fate, told.what
            )?;
            for why in &told.why {
                writeln!(f, "{:number$}            {why}", "")?;
            }
        }
        for (name, sentences) in [("Assumed", &self.assumed), ("Lacking", &self.lacks)] {
            if !sentences.is_empty() {
                writeln!(f, "\n{name}")?;
                for sentence in sentences {
                    writeln!(f, "  {sentence}")?;
                }
            }
        }
        if !self.warnings.is_empty() {
            writeln!(f, "\nWarnings")?;
            for warning in &self.warnings {
                match warning.line {
                    Some(line) => writeln!(f, "  line {line}: {}", warning.message)?,
                    None => writeln!(f, "  {}", warning.message)?,
                }
            }
        }
        let all = self.lines.len() + self.blank;
        write!(
            f,
            "\n{all} lines: {} kept, {} left out, {} doubtful, {} blank",
            self.count(Fate::Kept),
            self.count(Fate::LeftOut),
            self.count(Fate::Doubtful),
            self.blank
        )
    }
}

/// The beginning of a text, with a sign where it goes on.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.chars().nth(columns).is_none() {
        return text.to_owned();
    }
    let begin: String = text.chars().take(columns - 1).collect();
    format!("{}…", begin.trim_end())
}
