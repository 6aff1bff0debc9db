//! What a role's interview asks: the kit's profile, questions, look-fors and pitfalls. How files become kits is in `kits`.

use super::ids::{CompetencyId, KitSlug, KitVersion, QuestionId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One role's interview kit, as its file holds it. Its field order is the order in which its content is hashed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// What people type.
    pub slug: KitSlug,
    /// What people read.
    pub title: String,
    /// Other words for the slug.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How long an interview with it takes, in minutes.
    pub minutes: u16,
    /// Whom the role looks for.
    pub profile: Profile,
    /// What the questions probe.
    #[serde(default, rename = "competency")]
    pub competencies: Vec<Competency>,
    /// In the order in which they are asked.
    #[serde(default, rename = "question")]
    pub questions: Vec<Question>,
    /// What experienced hiring managers look for.
    #[serde(default, rename = "look_for")]
    pub look_for: Vec<Trait>,
    /// What goes wrong.
    #[serde(default, rename = "pitfall")]
    pub pitfalls: Vec<Trait>,
    /// Written answers to calibrate with.
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
    /// Rules of the check that are silenced here, each with a reason.
    #[serde(default, rename = "allow")]
    pub allowed: Vec<Allow>,
}

/// Whom a role looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// One paragraph.
    pub summary: String,
    /// An item may hold examples in brackets.
    #[serde(default)]
    pub hard_skills: Vec<String>,
    /// In words.
    #[serde(default)]
    pub experience: String,
    /// As people name them.
    #[serde(default)]
    pub soft_skills: Vec<String>,
    /// How sought after such people are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
    /// What the market pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salary: Option<Salary>,
}

/// How sought after a role is on the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Demand {
    /// More openings than people.
    High,
    /// About as many.
    Medium,
    /// Fewer openings than people.
    Low,
}

/// A range of pay, with where it comes from and when it was true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Salary {
    /// ISO 4217, as `USD`.
    pub currency: String,
    /// In whole units of the currency.
    pub min: u64,
    /// In whole units of the currency.
    pub max: u64,
    /// What the figures are for: `year`.
    pub period: String,
    /// Who says so.
    #[serde(default)]
    pub source: String,
    /// When it was true, as `2026-11`.
    #[serde(default)]
    pub as_of: String,
}

/// `USD 100,000 to 150,000 a year (role guide, 2026-11)`
impl fmt::Display for Salary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (thousands(self.min), thousands(self.max));
        write!(f, "{} {min} to {max} a {}", self.currency, self.period)?;
        match (self.source.as_str(), self.as_of.as_str()) {
            ("", "") => Ok(()),
            ("", one) | (one, "") => write!(f, " ({one})"),
            (source, as_of) => write!(f, " ({source}, {as_of})"),
        }
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What a question probes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competency {
    /// What the questions refer to.
    pub id: CompetencyId,
    /// What the debrief prints: short.
    pub name: String,
}

/// The three parts of an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// Logistics: rated, but without weight.
    Screening,
    /// What they know and do.
    Technical,
    /// What they did.
    Behavioural,
}

impl Section {
    /// In the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Screening, Self::Technical, Self::Behavioural];

    /// The heading people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Screening => "Screening",
            Self::Technical => "Technical",
            Self::Behavioural => "Behavioural",
        }
    }

    /// The word in a question's id.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Screening => "screening",
            Self::Technical => "technical",
            Self::Behavioural => "behavioural",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// One thing to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable for ever, never reused.
    pub id: QuestionId,
    /// Which part of the interview.
    pub section: Section,
    /// What it probes; a screening question needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<CompetencyId>,
    /// Read aloud as it stands.
    pub ask: String,
    /// For when the first answer is thin.
    #[serde(default)]
    pub follow_up: Vec<String>,
    /// For the interviewer's eyes.
    #[serde(default)]
    pub note: String,
    /// Asked no more; it keeps its id.
    #[serde(default)]
    pub retired: bool,
    /// What each rating sounds like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Anchors>,
}

impl Question {
    /// A question that says nothing yet.
    #[must_use]
    pub fn blank(id: QuestionId, section: Section) -> Self {
        Self {
            id,
            section,
            competency: None,
            ask: String::new(),
            follow_up: Vec::new(),
            note: String::new(),
            retired: false,
            anchors: None,
        }
    }

    /// The number within its section: 3 of `technical/3`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.id.as_str().rsplit('/').next().unwrap_or_default()
    }
}

/// What a poor, a mixed, a good and an excellent answer sounds like, for one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// 1
    pub poor: String,
    /// 2
    pub mixed: String,
    /// 3
    pub good: String,
    /// 4
    pub excellent: String,
}

/// A look-for or a pitfall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trait {
    /// One line.
    pub text: String,
    /// Where it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<CompetencyId>,
}

/// A written answer to calibrate with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The question it answers.
    pub question: QuestionId,
    /// The answer.
    pub text: String,
}

/// A rule of the check, silenced with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The rule's id.
    pub rule: String,
    /// Where in the kit.
    pub at: String,
    /// Why; for whoever reads the kit.
    pub reason: String,
}

/// Which kit, and which version of it: what a loop is pinned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitRef {
    /// The role.
    pub slug: KitSlug,
    /// The content.
    pub version: KitVersion,
}

impl Kit {
    /// The questions still asked, in order.
    pub fn asked(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| !question.retired)
    }

    /// The questions still asked in one part of the interview.
    pub fn section(&self, section: Section) -> impl Iterator<Item = &Question> {
        self.asked()
            .filter(move |question| question.section == section)
    }

    /// A question by its id, if it is still asked.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.asked().find(|question| question.id == *id)
    }

    /// A competency by its id.
    #[must_use]
    pub fn competency(&self, id: &CompetencyId) -> Option<&Competency> {
        self.competencies
            .iter()
            .find(|competency| competency.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_is_read_with_its_source_and_its_date_where_they_are_known() {
        let pay = |min, source: &str, as_of: &str| {
            let salary = Salary {
                currency: "USD".to_owned(),
                min,
                max: 1_250_000,
                period: "year".to_owned(),
                source: source.to_owned(),
                as_of: as_of.to_owned(),
            };
            salary.to_string()
        };
        assert_eq!(pay(7, "", ""), "USD 7 to 1,250,000 a year");
        assert_eq!(
            pay(1000, "guide", ""),
            "USD 1,000 to 1,250,000 a year (guide)"
        );
        assert_eq!(
            pay(100_000, "guide", "2026-11"),
            "USD 100,000 to 1,250,000 a year (guide, 2026-11)"
        );
    }
}
