//! From a TOML text to a kit, with every mistake of form at once. What a well-formed kit may still have wrong is in `check`.

use super::finding::{Finding, Source, Tally, nearest};
use super::rule::{self, Rule};
use crate::domain::ids::{CompetencyId, KitSlug, QuestionId};
use crate::domain::kit::{
    Allow, Anchors, Competency, Demand, Kit, Profile, Question, Salary, Sample, Section, Trait,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A kit with the places of its parts in its file.
#[derive(Clone, Debug)]
pub struct KitFile {
    /// What the file says.
    pub kit: Kit,
    pub(super) source: Source,
    pub(super) spans: BTreeMap<String, Range<usize>>,
}

impl KitFile {
    /// The file's name, as it was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.source.file
    }
}

/// Reads one kit.
///
/// # Errors
/// All mistakes of form: what is not TOML, unknown and missing keys, values of the wrong type.
pub fn read(file: &str, text: &str) -> Result<KitFile, Vec<Finding>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let source = Source::new(file, text);
    let (root, mistakes) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        source: &source,
        findings: Vec::new(),
        tally: Tally::default(),
        spans: BTreeMap::new(),
    };
    let kit = reader.kit(&root);
    let Reader {
        mut findings,
        spans,
        ..
    } = reader;
    if !mistakes.is_empty() {
        // After a broken line the tree has holes: what seems missing may be there, what is unknown is certain.
        findings.retain(|finding| finding.rule == rule::UNKNOWN_KEY.id);
        for mistake in mistakes {
            let span = mistake.span().unwrap_or(text.len()..text.len());
            let message = mistake.message().replace('\n', ", ");
            findings.push(source.finding(rule::SYNTAX, "", Some(&span), message, None));
        }
    }
    if findings.is_empty() {
        return Ok(KitFile { kit, source, spans });
    }
    findings.sort_by_key(|finding| {
        finding
            .place
            .as_ref()
            .map_or((0, 0), |place| (place.line, place.column))
    });
    Err(findings)
}

/// One table of the file while its keys are taken out of it.
struct Fields<'t, 'i> {
    table: &'t DeTable<'i>,
    /// How a person names it: `[profile]`.
    name: String,
    /// How `[[allow]]` names it: `profile`.
    at: String,
    span: Range<usize>,
    known: BTreeSet<&'static str>,
}

impl<'t, 'i> Fields<'t, 'i> {
    fn new(table: &'t DeTable<'i>, name: &str, at: &str, span: Range<usize>) -> Self {
        Self {
            table,
            name: name.to_owned(),
            at: at.to_owned(),
            span,
            known: BTreeSet::new(),
        }
    }

    fn take(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.insert(key);
        self.table.get(key)
    }

    fn path(&self, key: &str) -> String {
        join(&self.at, key)
    }
}

fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Need {
    Required,
    Optional,
}
use Need::{Optional, Required};

struct Reader<'s> {
    source: &'s Source,
    findings: Vec<Finding>,
    tally: Tally,
    spans: BTreeMap<String, Range<usize>>,
}

impl Reader<'_> {
    fn report(
        &mut self,
        rule: Rule,
        at: &str,
        span: &Range<usize>,
        message: String,
        hint: Option<String>,
    ) {
        let finding = self.source.finding(rule, at, Some(span), message, hint);
        self.findings.push(finding);
    }

    /// Takes a key out of a table; a required one that is not there is reported.
    fn take<'t, 'i>(
        &mut self,
        fields: &mut Fields<'t, 'i>,
        key: &'static str,
        need: Need,
    ) -> Option<&'t Spanned<DeValue<'i>>> {
        let value = fields.take(key);
        match value {
            Some(value) => {
                self.spans.insert(fields.path(key), value.span());
            }
            None if need == Required && self.tally.room(rule::MISSING_KEY) => {
                let at = fields.path(key);
                let message = format!("`{key}` is missing in {}", fields.name);
                // The kit as a whole has no line of its own.
                let span = (!fields.at.is_empty()).then_some(&fields.span);
                let source = self.source;
                self.findings
                    .push(source.finding(rule::MISSING_KEY, &at, span, message, None));
            }
            None => {}
        }
        value
    }

    /// Reports every key of a table that nobody has asked for.
    fn finish(&mut self, fields: &Fields<'_, '_>) {
        for key in fields.table.keys() {
            let word = key.get_ref();
            if fields.known.contains(&**word) {
                continue;
            }
            let hint = match nearest(word, fields.known.iter().copied()) {
                Some(near) => {
                    // One slip is one finding.
                    let meant = fields.path(near);
                    self.findings
                        .retain(|other| other.rule != rule::MISSING_KEY.id || other.at != meant);
                    format!("did you mean `{near}`?")
                }
                None => {
                    let known: Vec<&str> = fields.known.iter().copied().collect();
                    format!("known here: {}", known.join(", "))
                }
            };
            let message = format!("unknown key `{word}` in {}", fields.name);
            let at = fields.path(word);
            self.report(rule::UNKNOWN_KEY, &at, &key.span(), message, Some(hint));
        }
    }

    fn wrong_type(&mut self, at: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let message = format!(
            "`{at}` is {}, where {expected} is expected",
            kind(value.get_ref())
        );
        self.report(rule::WRONG_TYPE, at, &value.span(), message, None);
    }

    fn text(&mut self, fields: &mut Fields<'_, '_>, key: &'static str, need: Need) -> String {
        let Some(value) = self.take(fields, key, need) else {
            return String::new();
        };
        match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong_type(&fields.path(key), value, "a text in quotes");
                String::new()
            }
        }
    }

    fn number(&mut self, fields: &mut Fields<'_, '_>, key: &'static str, need: Need) -> u64 {
        let Some(value) = self.take(fields, key, need) else {
            return 0;
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok());
        number.unwrap_or_else(|| {
            self.wrong_type(&fields.path(key), value, "a whole number from 0");
            0
        })
    }

    fn truth(&mut self, fields: &mut Fields<'_, '_>, key: &'static str) -> bool {
        let Some(value) = self.take(fields, key, Optional) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(&fields.path(key), value, "true or false");
            false
        })
    }

    fn texts(&mut self, fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<String> {
        let Some(value) = self.take(fields, key, Optional) else {
            return Vec::new();
        };
        let at = fields.path(key);
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(&at, value, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}.{}", index + 1);
            self.spans.insert(at.clone(), item.span());
            match item.get_ref() {
                DeValue::String(text) => texts.push(text.to_string()),
                _ => self.wrong_type(&at, item, "a text in quotes"),
            }
        }
        texts
    }

    /// One of a few words.
    fn choice<T: Copy>(
        &mut self,
        fields: &mut Fields<'_, '_>,
        key: &'static str,
        need: Need,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let value = self.take(fields, key, need)?;
        let at = fields.path(key);
        let Some(word) = value.get_ref().as_str() else {
            self.wrong_type(&at, value, "a text in quotes");
            return None;
        };
        if let Some((_, meaning)) = words.iter().find(|(known, _)| *known == word) {
            return Some(*meaning);
        }
        let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
        let hint = match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of: {}", known.join(", ")),
        };
        let message = format!("`{key}` cannot be `{word}`");
        self.report(rule::WRONG_VALUE, &at, &value.span(), message, Some(hint));
        None
    }

    fn table<'t, 'i>(
        &mut self,
        fields: &mut Fields<'t, 'i>,
        key: &'static str,
        need: Need,
    ) -> Option<Fields<'t, 'i>> {
        let value = self.take(fields, key, need)?;
        let at = fields.path(key);
        match value.get_ref() {
            DeValue::Table(table) => {
                Some(Fields::new(table, &format!("`{key}`"), &at, value.span()))
            }
            _ => {
                self.wrong_type(&at, value, "a table");
                None
            }
        }
    }

    /// A list of tables: `[[question]]`.
    fn tables<'t, 'i>(
        &mut self,
        fields: &mut Fields<'t, 'i>,
        key: &'static str,
    ) -> Vec<Fields<'t, 'i>> {
        let Some(value) = self.take(fields, key, Optional) else {
            return Vec::new();
        };
        let at = fields.path(key);
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!(
                "`{key}` is {}, where a list is expected",
                kind(value.get_ref())
            );
            let hint = format!("write `[[{key}]]`, with two brackets, above each one");
            self.report(rule::WRONG_TYPE, &at, &value.span(), message, Some(hint));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}.{}", index + 1);
            match item.get_ref() {
                DeValue::Table(table) => {
                    let name = format!("`[[{key}]]` number {}", index + 1);
                    self.spans.insert(at.clone(), item.span());
                    tables.push(Fields::new(table, &name, &at, item.span()));
                }
                _ => self.wrong_type(&at, item, "a table"),
            }
        }
        tables
    }

    fn kit(&mut self, root: &Spanned<DeTable<'_>>) -> Kit {
        let mut fields = Fields::new(root.get_ref(), "the kit", "", 0..0);
        let slug = KitSlug::from(self.text(&mut fields, "slug", Required));
        let title = self.text(&mut fields, "title", Required);
        let aliases = self.texts(&mut fields, "aliases");
        let minutes = self.number(&mut fields, "minutes", Required);
        let profile = self.table(&mut fields, "profile", Required);
        let profile = profile.map_or_else(empty_profile, |fields| self.profile(fields));
        let competencies = self
            .tables(&mut fields, "competency")
            .into_iter()
            .map(|fields| self.competency(fields))
            .collect();
        let questions = self
            .tables(&mut fields, "question")
            .into_iter()
            .map(|fields| self.question(fields))
            .collect();
        let look_for = self.traits(&mut fields, "look_for");
        let pitfalls = self.traits(&mut fields, "pitfall");
        let samples = self
            .tables(&mut fields, "sample")
            .into_iter()
            .map(|mut fields| {
                let sample = Sample {
                    question: QuestionId::from(self.text(&mut fields, "question", Required)),
                    text: self.text(&mut fields, "text", Required),
                };
                self.finish(&fields);
                sample
            })
            .collect();
        let allowed = self
            .tables(&mut fields, "allow")
            .into_iter()
            .map(|mut fields| {
                let allow = Allow {
                    rule: self.text(&mut fields, "rule", Required),
                    at: self.text(&mut fields, "at", Required),
                    reason: self.text(&mut fields, "reason", Required),
                };
                self.finish(&fields);
                allow
            })
            .collect();
        self.finish(&fields);
        Kit {
            slug,
            title,
            aliases,
            minutes: u16::try_from(minutes).unwrap_or(u16::MAX),
            profile,
            competencies,
            questions,
            look_for,
            pitfalls,
            samples,
            allowed,
        }
    }

    fn profile(&mut self, mut fields: Fields<'_, '_>) -> Profile {
        let summary = self.text(&mut fields, "summary", Required);
        let hard_skills = self.texts(&mut fields, "hard_skills");
        let experience = self.text(&mut fields, "experience", Optional);
        let soft_skills = self.texts(&mut fields, "soft_skills");
        let demands = [
            ("high", Demand::High),
            ("medium", Demand::Medium),
            ("low", Demand::Low),
        ];
        let demand = self.choice(&mut fields, "demand", Optional, &demands);
        let salary = self
            .table(&mut fields, "salary", Optional)
            .map(|mut fields| {
                let salary = Salary {
                    currency: self.text(&mut fields, "currency", Required),
                    min: self.number(&mut fields, "min", Required),
                    max: self.number(&mut fields, "max", Required),
                    period: self.text(&mut fields, "period", Required),
                    source: self.text(&mut fields, "source", Optional),
                    as_of: self.text(&mut fields, "as_of", Optional),
                };
                self.finish(&fields);
                salary
            });
        self.finish(&fields);
        Profile {
            summary,
            hard_skills,
            experience,
            soft_skills,
            demand,
            salary,
        }
    }

    fn competency(&mut self, mut fields: Fields<'_, '_>) -> Competency {
        self.rename(&mut fields, "id", |id| format!("competency.{id}"));
        let competency = Competency {
            id: CompetencyId::from(self.text(&mut fields, "id", Required)),
            name: self.text(&mut fields, "name", Required),
        };
        self.finish(&fields);
        competency
    }

    fn question(&mut self, mut fields: Fields<'_, '_>) -> Question {
        self.rename(&mut fields, "id", ToOwned::to_owned);
        let id = QuestionId::from(self.text(&mut fields, "id", Required));
        let sections = Section::ALL.map(|section| (section.slug(), section));
        let section = self.choice(&mut fields, "section", Required, &sections);
        let competency = self.text(&mut fields, "competency", Optional);
        let ask = self.text(&mut fields, "ask", Required);
        let follow_up = self.texts(&mut fields, "follow_up");
        let note = self.text(&mut fields, "note", Optional);
        let retired = self.truth(&mut fields, "retired");
        let anchors = self
            .table(&mut fields, "anchors", Optional)
            .map(|mut fields| {
                let anchors = Anchors {
                    poor: self.text(&mut fields, "poor", Required),
                    mixed: self.text(&mut fields, "mixed", Required),
                    good: self.text(&mut fields, "good", Required),
                    excellent: self.text(&mut fields, "excellent", Required),
                };
                self.finish(&fields);
                anchors
            });
        self.finish(&fields);
        Question {
            id,
            section: section.unwrap_or(Section::Screening),
            competency: (!competency.is_empty()).then_some(CompetencyId::from(competency)),
            ask,
            follow_up,
            note,
            retired,
            anchors,
        }
    }

    fn traits(&mut self, fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Trait> {
        self.tables(fields, key)
            .into_iter()
            .map(|mut fields| {
                let text = self.text(&mut fields, "text", Required);
                let competency = self.text(&mut fields, "competency", Optional);
                self.finish(&fields);
                Trait {
                    text,
                    competency: (!competency.is_empty()).then_some(CompetencyId::from(competency)),
                }
            })
            .collect()
    }

    /// Names a table by its own id from here on, so that `[[allow]]` still means it after a reordering.
    fn rename(
        &mut self,
        fields: &mut Fields<'_, '_>,
        key: &'static str,
        name: impl Fn(&str) -> String,
    ) {
        let id = fields.table.get(key).and_then(|id| id.get_ref().as_str());
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let named = name(id);
            if !self.spans.contains_key(&named) {
                fields.at = named;
                self.spans.insert(fields.at.clone(), fields.span.clone());
            }
        }
    }
}

fn empty_profile() -> Profile {
    Profile {
        summary: String::new(),
        hard_skills: Vec::new(),
        experience: String::new(),
        soft_skills: Vec::new(),
        demand: None,
        salary: None,
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests;
