//! What a well-formed kit may still have wrong, one rule at a time. Mistakes of form are found in `read`; nothing is mended here.

mod allow;
mod names;
mod questions;

use super::finding::{Finding, Level, is_invisible, nearest};
use super::read::KitFile;
use super::resolve::fold;
use crate::domain::kit::{Kit, Section};
use std::collections::BTreeSet;

/// Words that mean something after `/interview` already: no role may be called so.
pub const RESERVED: [&str; 13] = [
    "mine",
    "list",
    "help",
    "digest",
    "export",
    "erase",
    "hold",
    "kits",
    "import",
    "calibrate",
    "stats",
    "open",
    "all",
];

/// The rules that `[[allow]]` can silence.
const SILENCEABLE: [&str; 10] = [
    "competency-count",
    "few-follow-ups",
    "file-name",
    "long-text",
    "many-follow-ups",
    "no-anchors",
    "no-competency",
    "section-without-questions",
    "thin-competency",
    "unprobed-look-for",
];

/// The longest texts, in characters: what can be read aloud, and what fits beside a button or into the debrief's 44 columns.
pub(super) mod limit {
    /// A slug travels in button values and keys.
    pub const SLUG: usize = 40;
    pub const TITLE: usize = 60;
    pub const COMPETENCY: usize = 20;
    pub const ASK: usize = 300;
    pub const FOLLOW_UP: usize = 200;
    pub const ANCHOR: usize = 200;
    pub const LINE: usize = 200;
    pub const NOTE: usize = 500;
    pub const PARAGRAPH: usize = 1000;
    /// A section block of Slack's holds 3,000 characters; a text and what stands around it stay below that.
    pub const HARD: usize = 2500;
    pub const QUESTIONS: usize = 500;
    pub const COMPETENCIES: usize = 30;
    pub const LIST: usize = 50;
}

/// Checks kits, each by itself and all beside each other.
#[must_use]
pub fn check(files: &[KitFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        findings.extend(check_one(file));
    }
    findings.extend(names::names(files));
    findings
}

struct Check<'a> {
    file: &'a KitFile,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn report(
        &mut self,
        level: Level,
        rule: &'static str,
        at: &str,
        message: impl Into<String>,
        hint: Option<&str>,
    ) {
        let finding = finding(self.file, level, rule, at, message.into(), hint);
        self.findings.push(finding);
    }

    /// A text that must be there, be readable and be short enough.
    fn text(&mut self, at: &str, text: &str, limit: usize, excess: Level) {
        if text.trim().is_empty() {
            let message = format!("`{at}` is empty");
            self.report(Level::Error, "empty-text", at, message, None);
            return;
        }
        self.words(at, text, limit, excess);
    }

    /// A text that may be absent.
    fn words(&mut self, at: &str, text: &str, limit: usize, excess: Level) {
        if let Some(letter) = text
            .chars()
            .find(|letter| (letter.is_control() && *letter != '\n') || is_invisible(*letter))
        {
            let message = format!(
                "`{at}` holds an invisible character, {}",
                letter.escape_unicode()
            );
            let hint = Some("type that part anew");
            self.report(Level::Error, "control-character", at, message, hint);
        }
        let length = text.chars().count();
        if length > limit::HARD || (length > limit && excess == Level::Error) {
            let limit = if excess == Level::Error {
                limit
            } else {
                limit::HARD
            };
            let message =
                format!("`{at}` has {length} characters, {limit} is the most that Slack can show");
            self.report(
                Level::Error,
                "too-long",
                at,
                message,
                Some("say it in fewer words"),
            );
        } else if length > limit {
            let message = format!(
                "`{at}` has {length} characters; more than {limit} are hard to read in an interview"
            );
            self.report(
                excess,
                "long-text",
                at,
                message,
                Some("say it in fewer words"),
            );
        }
    }

    fn list(&mut self, at: &str, texts: &[String]) {
        for (index, text) in texts.iter().enumerate() {
            let at = format!("{at}.{}", index + 1);
            self.text(&at, text, limit::LINE, Level::Warning);
        }
        if texts.len() > limit::LIST {
            let message = format!("`{at}` has {} items, {} at most", texts.len(), limit::LIST);
            self.report(Level::Error, "too-many", at, message, None);
        }
    }
}

fn finding(
    file: &KitFile,
    level: Level,
    rule: &'static str,
    at: &str,
    message: String,
    hint: Option<&str>,
) -> Finding {
    // The nearest thing that is in the file: `technical/2.anchors` is not there, but `technical/2` is.
    let mut nearest = Some(at);
    let span = loop {
        match nearest {
            Some(place) => match file.spans.get(place) {
                Some(span) => break Some(span),
                None => nearest = place.rsplit_once('.').map(|(parent, _)| parent),
            },
            None => break None,
        }
    };
    file.source
        .finding(level, rule, at, span, message, hint.map(ToOwned::to_owned))
}

fn check_one(file: &KitFile) -> Vec<Finding> {
    let kit = &file.kit;
    let mut check = Check {
        file,
        findings: Vec::new(),
    };
    head(&mut check, kit);
    profile(&mut check, kit);
    competencies(&mut check, kit);
    questions::questions(&mut check, kit);
    traits(&mut check, kit);
    let findings = std::mem::take(&mut check.findings);
    let (findings, used) = allow::silence(kit, findings);
    check.findings = findings;
    allow::allows(&mut check, kit, &used);
    check.findings
}

fn head(check: &mut Check<'_>, kit: &Kit) {
    let slug = kit.slug.as_str();
    check.text("slug", slug, limit::SLUG, Level::Error);
    if !slug.is_empty() && !is_slug(slug) {
        let message = format!("`{slug}` is not a slug");
        let hint = Some(
            "use a to z, 0 to 9 and single dashes between them, beginning with a letter: `senior-backend`",
        );
        check.report(Level::Error, "slug-alphabet", "slug", message, hint);
    }
    check.text("title", &kit.title, limit::TITLE, Level::Error);
    for (index, alias) in kit.aliases.iter().enumerate() {
        let at = format!("aliases.{}", index + 1);
        check.text(&at, alias, limit::TITLE, Level::Error);
    }
    if kit.aliases.len() > limit::LIST {
        let message = format!(
            "there are {} aliases, {} at most",
            kit.aliases.len(),
            limit::LIST
        );
        check.report(Level::Error, "too-many", "aliases", message, None);
    }
    if !(5..=480).contains(&kit.minutes) {
        let message = format!("an interview of {} minutes", kit.minutes);
        let hint = Some("`minutes` is from 5 to 480");
        check.report(Level::Error, "minutes", "minutes", message, hint);
    }
    let stem = file_stem(check.file.file());
    if stem != slug && is_slug(slug) {
        let message = format!("the kit `{slug}` is in a file named `{stem}.toml`");
        let hint = format!("name it `{slug}.toml`, so that people find it");
        check.report(Level::Warning, "file-name", "slug", message, Some(&hint));
    }
}

fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

fn is_slug(slug: &str) -> bool {
    slug.starts_with(|letter: char| letter.is_ascii_lowercase())
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

fn profile(check: &mut Check<'_>, kit: &Kit) {
    let profile = &kit.profile;
    check.text(
        "profile.summary",
        &profile.summary,
        limit::PARAGRAPH,
        Level::Warning,
    );
    check.words(
        "profile.experience",
        &profile.experience,
        limit::PARAGRAPH,
        Level::Warning,
    );
    check.list("profile.hard_skills", &profile.hard_skills);
    check.list("profile.soft_skills", &profile.soft_skills);
    if let Some(salary) = &profile.salary {
        let at = "profile.salary";
        if salary.min > salary.max {
            let message = format!(
                "the salary begins at {} and ends at {}",
                salary.min, salary.max
            );
            check.report(
                Level::Error,
                "salary-range",
                at,
                message,
                Some("swap `min` and `max`"),
            );
        }
        let code = &salary.currency;
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let message = format!("`{code}` is not a currency");
            let hint = Some("use its three letters: `USD`, `EUR`");
            check.report(
                Level::Error,
                "currency",
                "profile.salary.currency",
                message,
                hint,
            );
        }
        check.text(
            "profile.salary.period",
            &salary.period,
            limit::COMPETENCY,
            Level::Error,
        );
        check.words(
            "profile.salary.source",
            &salary.source,
            limit::LINE,
            Level::Warning,
        );
        check.words(
            "profile.salary.as_of",
            &salary.as_of,
            limit::COMPETENCY,
            Level::Error,
        );
    }
}

fn competencies(check: &mut Check<'_>, kit: &Kit) {
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (index, competency) in kit.competencies.iter().enumerate() {
        let id = competency.id.as_str();
        let first = seen.insert(id);
        let at = if first && !id.is_empty() {
            format!("competency.{id}")
        } else {
            format!("competency.{}", index + 1)
        };
        check.text(&format!("{at}.id"), id, limit::SLUG, Level::Error);
        if !id.is_empty() && !is_slug(id) {
            let message = format!("`{id}` cannot be a competency's id");
            let hint = Some("use a to z, 0 to 9 and single dashes between them: `data-modelling`");
            check.report(
                Level::Error,
                "slug-alphabet",
                &format!("{at}.id"),
                message,
                hint,
            );
        }
        if !first {
            let message = format!("the competency `{id}` is there twice");
            check.report(Level::Error, "duplicate-competency", &at, message, None);
        }
        let name_at = format!("{at}.name");
        check.text(&name_at, &competency.name, limit::COMPETENCY, Level::Error);
        if !names.insert(fold(&competency.name)) {
            let message = format!("two competencies are called `{}`", competency.name);
            check.report(
                Level::Error,
                "duplicate-competency",
                &name_at,
                message,
                None,
            );
        }
        let probing = kit
            .asked()
            .filter(|question| {
                question.section != Section::Screening
                    && question.competency.as_ref() == Some(&competency.id)
            })
            .count();
        if probing < 2 && first {
            let count = if probing == 0 {
                "no question probes"
            } else {
                "only one question probes"
            };
            let message = format!("{count} `{id}`");
            let hint = Some("one question is one impression: give each competency two or more");
            check.report(Level::Warning, "thin-competency", &at, message, hint);
        }
    }
    let count = kit.competencies.len();
    if count > limit::COMPETENCIES {
        let message = format!(
            "there are {count} competencies, {} at most",
            limit::COMPETENCIES
        );
        check.report(Level::Error, "too-many", "competency", message, None);
    } else if !(4..=6).contains(&count) {
        let message = format!("there are {count} competencies; four to six serve a debrief best");
        check.report(Level::Note, "competency-count", "competency", message, None);
    }
}

fn known_competency(check: &mut Check<'_>, kit: &Kit, id: &str, at: &str) {
    let mut known = kit
        .competencies
        .iter()
        .map(|competency| competency.id.as_str());
    if known.clone().any(|known| known == id) {
        return;
    }
    let message = format!("there is no competency `{id}`");
    let hint = nearest(id, known.clone()).map_or_else(
        || match known.next() {
            None => format!("add a `[[competency]]` with `id = \"{id}\"`"),
            Some(_) => {
                let all: Vec<&str> = kit.competencies.iter().map(|one| one.id.as_str()).collect();
                format!("the kit has: {}", all.join(", "))
            }
        },
        |near| format!("did you mean `{near}`?"),
    );
    check.report(
        Level::Error,
        "unknown-competency",
        &format!("{at}.competency"),
        message,
        Some(&hint),
    );
}

fn traits(check: &mut Check<'_>, kit: &Kit) {
    for (name, traits) in [("look_for", &kit.look_for), ("pitfall", &kit.pitfalls)] {
        for (index, item) in traits.iter().enumerate() {
            let at = format!("{name}.{}", index + 1);
            check.text(
                &format!("{at}.text"),
                &item.text,
                limit::LINE,
                Level::Warning,
            );
            match &item.competency {
                Some(competency) => known_competency(check, kit, competency.as_str(), &at),
                None if name == "look_for" => {
                    let message = format!("no question probes “{}”", item.text);
                    let hint = Some(
                        "name the competency it shows in, or see it elsewhere, as in a coding exercise",
                    );
                    check.report(Level::Note, "unprobed-look-for", &at, message, hint);
                }
                None => {}
            }
        }
        if traits.len() > limit::LIST {
            let message = format!(
                "there are {} of `{name}`, {} at most",
                traits.len(),
                limit::LIST
            );
            check.report(Level::Error, "too-many", name, message, None);
        }
    }
}

#[cfg(test)]
mod tests;
