//! `kits list` and `kits show`: kits on a terminal. How Slack shows them is in `slack::screens`.

use super::check::survey;
use super::{COULD_NOT, FINDINGS, OK, plural, printed, refuse};
use crate::domain::ids::KitSlug;
use crate::domain::kit::{Anchors, Demand, Kit, Question, Section, Trait};
use crate::kits::{self, KitFile, Level, Resolved, RoleNames, Survey};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;
use textwrap::core::display_width;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Files or folders [default: the built-in kits]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The role, as in Slack: slug, alias, title or a part of it
    #[arg(value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// A file or folder of kits [default: the built-in kits]
    #[arg(long, value_name = "PATH")]
    path: Vec<PathBuf>,
}

/// The widest lines that are still read well, in columns.
const WIDEST: usize = 100;
/// What is printed where there is no terminal to ask.
const USUAL: usize = 80;
const NARROWEST: usize = 30;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// How wide the terminal is; none if it is none.
fn terminal() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Prints one line a kit.
pub(super) fn list(args: &ListArgs) -> u8 {
    let survey = match survey(&args.paths) {
        Ok(survey) => survey,
        Err(why) => return refuse(&why),
    };
    let width = terminal().unwrap_or(usize::MAX);
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    if !printed(table(&mut out, &survey.kits, width)) {
        return COULD_NOT;
    }
    tell_broken(&survey)
}

/// Prints a whole kit.
pub(super) fn show(args: &ShowArgs) -> u8 {
    let survey = match survey(&args.path) {
        Ok(survey) => survey,
        Err(why) => return refuse(&why),
    };
    let kit = match find(&survey.kits, &args.role.join(" ")) {
        Ok(kit) => kit,
        Err(why) => {
            tell_broken(&survey);
            return refuse(&anyhow::anyhow!(why));
        }
    };
    let width = terminal().unwrap_or(USUAL).clamp(NARROWEST, WIDEST);
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    if printed(
        Sheet {
            out: &mut out,
            width,
        }
        .kit(kit),
    ) {
        OK
    } else {
        COULD_NOT
    }
}

/// Says which files hold no kit that can be read.
fn tell_broken(survey: &Survey) -> u8 {
    let whole = |file: &str| survey.kits.iter().any(|kit| kit.file() == file);
    let mut broken: Vec<&str> = survey
        .findings
        .iter()
        .filter(|one| one.level == Level::Error && !whole(&one.file))
        .map(|one| one.file.as_str())
        .collect();
    broken.dedup();
    if broken.is_empty() {
        return OK;
    }
    let _ = writeln!(
        io::stderr().lock(),
        "not read: {}. `interview-assistant kits check PATH` says why",
        broken.join(", ")
    );
    FINDINGS
}

/// The one kit that is meant, or what to type instead.
fn find<'a>(files: &'a [KitFile], role: &str) -> Result<&'a Kit, String> {
    let names: Vec<RoleNames> = files
        .iter()
        .map(|file| RoleNames::from(&file.kit))
        .collect();
    let of = |slug| {
        files
            .iter()
            .map(|file| &file.kit)
            .find(|kit| kit.slug == slug)
    };
    match kits::resolve(&names, role) {
        Resolved::One { slug, rest } if rest.is_empty() => {
            of(slug).ok_or_else(|| format!("there is no role `{role}`"))
        }
        Resolved::One { slug, rest } => Err(format!(
            "`{slug}` is a role, but what is “{rest}”? Type `kits show {slug}`"
        )),
        Resolved::Many { slugs, .. } => {
            let slugs: Vec<&str> = slugs.iter().map(KitSlug::as_str).collect();
            Err(format!("`{role}` may be any of: {}", slugs.join(", ")))
        }
        Resolved::None { near, .. } if near.is_empty() => {
            let all: Vec<&str> = files.iter().map(|file| file.kit.slug.as_str()).collect();
            Err(match all[..] {
                [] => "there is no kit".to_owned(),
                _ => format!("there is no role `{role}`. There is: {}", all.join(", ")),
            })
        }
        Resolved::None { near, .. } => {
            let near: Vec<&str> = near.iter().map(KitSlug::as_str).collect();
            Err(format!(
                "there is no role `{role}`. Did you mean {}?",
                near.join(" or ")
            ))
        }
    }
}

/// One line a kit, in columns; the titles are cut where the terminal is narrow.
fn table(out: &mut impl Write, files: &[KitFile], width: usize) -> io::Result<()> {
    let mut rows = vec![
        [
            "slug",
            "title",
            "questions",
            "minutes",
            "competencies",
            "version",
        ]
        .map(ToOwned::to_owned),
    ];
    for KitFile { kit, .. } in files {
        rows.push([
            seen(kit.slug.as_str()),
            seen(&kit.title),
            kit.asked().count().to_string(),
            kit.minutes.to_string(),
            kit.competencies.len().to_string(),
            kits::version(kit).to_string(),
        ]);
    }
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = display_width(cell).max(*width);
        }
    }
    let others: usize = widths.iter().sum::<usize>() - widths[1] + 2 * (widths.len() - 1);
    widths[1] = widths[1].min(width.saturating_sub(others).max("title".len()));
    for (place, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let cell = cut(cell, widths[column]);
            let room = " ".repeat(widths[column] - display_width(&cell));
            // Figures stand on the right.
            let padded = if (2..=4).contains(&column) {
                format!("{room}{cell}")
            } else {
                format!("{cell}{room}")
            };
            line.push_str(&padded);
            line.push_str("  ");
        }
        let line = line.trim_end();
        if place == 0 {
            writeln!(out, "{BOLD}{line}{PLAIN}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn cut(text: &str, most: usize) -> String {
    if display_width(text) <= most {
        return text.to_owned();
    }
    let mut shorter = String::new();
    for letter in text.chars() {
        let longer = format!("{shorter}{letter}");
        if display_width(&longer) + 1 > most {
            break;
        }
        shorter = longer;
    }
    shorter.push('…');
    shorter
}

/// A text from a file, without what would move the cursor.
fn seen(text: &str) -> String {
    let letters = text.chars();
    let letters = letters.map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.collect::<String>().trim().to_owned()
}

/// A kit while it is printed.
struct Sheet<'a, W> {
    out: &'a mut W,
    width: usize,
}

impl<W: Write> Sheet<'_, W> {
    /// A paragraph, with what stands before its first line and before its other lines.
    fn paragraph(&mut self, first: &str, others: &str, style: &str, text: &str) -> io::Result<()> {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&seen(text), options) {
            if style.is_empty() {
                writeln!(self.out, "{line}")?;
            } else {
                writeln!(self.out, "{style}{line}{PLAIN}")?;
            }
        }
        Ok(())
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out, "\n{BOLD}{}{PLAIN}\n", heading.to_uppercase())
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        self.paragraph("  - ", "    ", "", text)
    }

    fn kit(mut self, kit: &Kit) -> io::Result<()> {
        self.paragraph("", "", BOLD, &kit.title)?;
        let mut facts = format!(
            "{} · {}, {} minutes · version {}",
            kit.slug,
            plural(kit.asked().count(), "question"),
            kit.minutes,
            kits::version(kit)
        );
        if !kit.aliases.is_empty() {
            facts.push_str(&format!(" · also {}", kit.aliases.join(", ")));
        }
        self.paragraph("", "", DIM, &facts)?;
        self.profile(kit)?;
        if !kit.competencies.is_empty() {
            self.heading("Competencies")?;
            for competency in &kit.competencies {
                let those = kit
                    .asked()
                    .filter(|one| one.competency.as_ref() == Some(&competency.id));
                let those: Vec<&str> = those.map(|one| one.id.as_str()).collect();
                let by = if those.is_empty() {
                    "no question".to_owned()
                } else {
                    those.join(", ")
                };
                self.item(&format!("{}: {by}", competency.name))?;
            }
        }
        for section in Section::ALL {
            let questions: Vec<&Question> = kit.section(section).collect();
            if questions.is_empty() {
                continue;
            }
            let count = plural(questions.len(), "question");
            self.heading(&format!("{section} · {count}"))?;
            for (place, question) in questions.into_iter().enumerate() {
                if place > 0 {
                    writeln!(self.out)?;
                }
                self.question(kit, question)?;
            }
        }
        self.traits(kit, "Look for", &kit.look_for)?;
        self.traits(kit, "Pitfalls", &kit.pitfalls)?;
        self.rest(kit)
    }

    fn profile(&mut self, kit: &Kit) -> io::Result<()> {
        let profile = &kit.profile;
        self.heading("Profile")?;
        self.paragraph("", "", "", &profile.summary)?;
        if !profile.experience.is_empty() {
            writeln!(self.out)?;
            self.paragraph("Experience: ", "  ", "", &profile.experience)?;
        }
        for (name, skills) in [
            ("Hard skills", &profile.hard_skills),
            ("Soft skills", &profile.soft_skills),
        ] {
            if !skills.is_empty() {
                writeln!(self.out, "\n{name}")?;
                for skill in skills {
                    self.item(skill)?;
                }
            }
        }
        if profile.demand.is_some() || profile.salary.is_some() {
            writeln!(self.out)?;
        }
        if let Some(demand) = profile.demand {
            let demand = match demand {
                Demand::High => "high",
                Demand::Medium => "medium",
                Demand::Low => "low",
            };
            writeln!(self.out, "Demand: {demand}")?;
        }
        if let Some(salary) = &profile.salary {
            self.paragraph("Salary: ", "  ", "", &salary.to_string())?;
        }
        Ok(())
    }

    fn question(&mut self, kit: &Kit, question: &Question) -> io::Result<()> {
        let number = format!("{:>2}. ", question.number());
        let indent = " ".repeat(display_width(&number));
        self.paragraph(&number, &indent, BOLD, &question.ask)?;
        let competency = question
            .competency
            .as_ref()
            .and_then(|id| kit.competency(id));
        if let Some(competency) = competency {
            self.paragraph(&indent, &indent, DIM, &competency.name)?;
        }
        for text in &question.follow_up {
            self.paragraph(&format!("{indent}- "), &format!("{indent}  "), "", text)?;
        }
        if !question.note.is_empty() {
            self.paragraph(
                &format!("{indent}Note: "),
                &format!("{indent}      "),
                "",
                &question.note,
            )?;
        }
        if let Some(anchors) = &question.anchors {
            self.anchors(anchors, &indent)?;
        }
        Ok(())
    }

    fn anchors(&mut self, anchors: &Anchors, indent: &str) -> io::Result<()> {
        for (rating, text) in [
            ("1 Poor     ", &anchors.poor),
            ("2 Mixed    ", &anchors.mixed),
            ("3 Good     ", &anchors.good),
            ("4 Excellent", &anchors.excellent),
        ] {
            let others = format!("{indent}{}  ", " ".repeat(rating.len()));
            self.paragraph(&format!("{indent}{rating}  "), &others, "", text)?;
        }
        Ok(())
    }

    fn traits(&mut self, kit: &Kit, heading: &str, traits: &[Trait]) -> io::Result<()> {
        if traits.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        for one in traits {
            let competency = one.competency.as_ref().and_then(|id| kit.competency(id));
            match competency {
                Some(competency) => self.item(&format!("{} ({})", one.text, competency.name))?,
                None => self.item(&one.text)?,
            }
        }
        Ok(())
    }

    /// What no interviewer needs at the table: samples, retired questions, silenced rules.
    fn rest(&mut self, kit: &Kit) -> io::Result<()> {
        if !kit.samples.is_empty() {
            self.heading("Sample answers")?;
            for (place, sample) in kit.samples.iter().enumerate() {
                if place > 0 {
                    writeln!(self.out)?;
                }
                writeln!(self.out, "{}", seen(sample.question.as_str()))?;
                self.paragraph("  ", "  ", "", &sample.text)?;
            }
        }
        let retired: Vec<&Question> = kit.questions.iter().filter(|one| one.retired).collect();
        if !retired.is_empty() {
            self.heading("Asked no more")?;
            for question in retired {
                self.item(&format!("{}: {}", question.id, question.ask))?;
            }
        }
        if !kit.allowed.is_empty() {
            self.heading("Silenced rules of the check")?;
            for allow in &kit.allowed {
                self.item(&format!("{} at {}: {}", allow.rule, allow.at, allow.reason))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
