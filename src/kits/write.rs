//! From a kit to its file: TOML in the layout of the shipped kits. Nothing is read or judged here, and no file is touched.

use crate::domain::ids::CompetencyId;
use crate::domain::kit::{Demand, Kit, Profile, Question, Salary, Section, Trait};
use std::fmt::Write;
use toml_writer::{ToTomlValue, TomlStringBuilder};

/// The columns into which a list of texts has to fit to stand on one line.
const COLUMNS: usize = 100;

/// A kit as a file: what `read` makes this very kit of, in the layout of the shipped ones, with a comment line above
/// each part. What is empty and may be absent is left out. The same kit is always the same text.
#[must_use]
pub fn write(kit: &Kit) -> String {
    let mut page = Page(String::new());
    page.text("slug", kit.slug.as_str());
    page.text("title", &kit.title);
    if !kit.aliases.is_empty() {
        page.short_list("aliases", &kit.aliases);
    }
    page.raw("minutes", &kit.minutes.to_string());

    page.head("[profile]");
    profile(&mut page, &kit.profile);

    for competency in &kit.competencies {
        page.head("[[competency]]");
        page.text("id", competency.id.as_str());
        page.text("name", &competency.name);
    }

    let mut section = None;
    for one in &kit.questions {
        if section != Some(one.section) {
            page.comment(match one.section {
                Section::Screening => {
                    "Screening: logistics. The ratings say how usable an answer is; they weigh nothing in the mean."
                }
                Section::Technical => "Technical",
                Section::Behavioural => "Behavioural",
            });
            section = Some(one.section);
        }
        question(&mut page, one);
    }

    if !kit.look_for.is_empty() {
        page.comment("What experienced hiring managers look for, in the technical part");
    }
    traits(&mut page, "[[look_for]]", &kit.look_for);
    traits(&mut page, "[[pitfall]]", &kit.pitfalls);

    if !kit.samples.is_empty() {
        page.comment("Written answers to calibrate with");
    }
    for sample in &kit.samples {
        page.head("[[sample]]");
        page.text("question", sample.question.as_str());
        page.text("text", &sample.text);
    }

    if !kit.allowed.is_empty() {
        page.comment("Rules of the check that are switched off here");
    }
    for allow in &kit.allowed {
        page.head("[[allow]]");
        page.text("rule", &allow.rule);
        page.text("at", &allow.at);
        page.text("reason", &allow.reason);
    }
    page.0
}

fn profile(page: &mut Page, profile: &Profile) {
    page.text("summary", &profile.summary);
    page.list("hard_skills", &profile.hard_skills);
    page.optional("experience", &profile.experience);
    page.list("soft_skills", &profile.soft_skills);
    if let Some(demand) = profile.demand {
        page.text(
            "demand",
            match demand {
                Demand::High => "high",
                Demand::Medium => "medium",
                Demand::Low => "low",
            },
        );
    }
    if let Some(salary) = &profile.salary {
        page.raw("salary", &inline(salary));
    }
}

/// A salary on one line, as it reads best.
fn inline(salary: &Salary) -> String {
    let Salary {
        currency,
        min,
        max,
        period,
        source,
        as_of,
    } = salary;
    let mut table = format!(
        "{{ currency = {}, min = {min}, max = {max}, period = {}",
        quoted(currency),
        quoted(period)
    );
    for (key, text) in [("source", source), ("as_of", as_of)] {
        if !text.is_empty() {
            let _ = write!(table, ", {key} = {}", quoted(text));
        }
    }
    table.push_str(" }");
    table
}

fn question(page: &mut Page, question: &Question) {
    page.head("[[question]]");
    page.text("id", question.id.as_str());
    page.text("section", question.section.slug());
    page.competency(question.competency.as_ref());
    page.text("ask", &question.ask);
    page.list("follow_up", &question.follow_up);
    page.optional("note", &question.note);
    if question.retired {
        page.raw("retired", "true");
    }
    if let Some(anchors) = &question.anchors {
        page.head("[question.anchors]");
        page.text("poor", &anchors.poor);
        page.text("mixed", &anchors.mixed);
        page.text("good", &anchors.good);
        page.text("excellent", &anchors.excellent);
    }
}

fn traits(page: &mut Page, head: &str, traits: &[Trait]) {
    for one in traits {
        page.head(head);
        page.text("text", &one.text);
        page.competency(one.competency.as_ref());
    }
}

/// A text in double quotes on one line, whatever is in it.
fn quoted(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

/// A file in the making.
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A table's name, with an empty line above it.
    fn head(&mut self, head: &str) {
        self.line("");
        self.line(head);
    }

    fn comment(&mut self, words: &str) {
        self.line("");
        self.line(&format!("# {words}"));
    }

    fn raw(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {value}"));
    }

    fn text(&mut self, key: &str, text: &str) {
        self.raw(key, &quoted(text));
    }

    fn optional(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.text(key, text);
        }
    }

    /// No id and an empty one are the same to whoever reads the file.
    fn competency(&mut self, id: Option<&CompetencyId>) {
        if let Some(id) = id {
            self.optional("competency", id.as_str());
        }
    }

    /// Texts one below the other, if there are two or they do not fit on one line.
    fn list(&mut self, key: &str, texts: &[String]) {
        match texts {
            [] => {}
            [_] => self.short_list(key, texts),
            _ => self.long_list(key, texts),
        }
    }

    /// Texts on one line, if they fit there.
    fn short_list(&mut self, key: &str, texts: &[String]) {
        let items: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let line = format!("{key} = [{}]", items.join(", "));
        if line.chars().count() <= COLUMNS {
            self.line(&line);
        } else {
            self.long_list(key, texts);
        }
    }

    fn long_list(&mut self, key: &str, texts: &[String]) {
        self.line(&format!("{key} = ["));
        for text in texts {
            self.line(&format!("    {},", quoted(text)));
        }
        self.line("]");
    }
}

#[cfg(test)]
mod tests;
