//! From a recruiter's guide, as plain text, to a kit and an account of every line. Nothing is read from a disk or written to one here.
//!
//! `lines` normalises and numbers, `blocks` puts broken lines together, `known` tells what guides say in nearly the same
//! words, `title`, `skills` and `salary` read one kind of line each, `gather`, `sentences` and `top` put everything in its place,
//! `account` remembers what became of each line.

mod account;
mod blocks;
mod gather;
mod known;
mod lines;
mod refusal;
mod report;
mod salary;
mod sentences;
mod skills;
mod title;
mod top;

pub use refusal::{LARGEST as LARGEST_GUIDE, NoGuide, decode};
pub use report::{Fate, Report, Told, Warning};

use crate::domain::kit::{Kit, Profile, Question, Section, Trait};
use blocks::{Block, Kind};
use gather::{Found, Gather};
use known::Part;
use lines::Line;
use title::{Candidate, Source, Title};

/// What a guide became.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The kit: it loads, and lacks what guides lack.
    pub kit: Kit,
    /// What became of every line.
    pub report: Report,
}

/// What a salary without a date lacks.
const UNDATED: &str = "when the salary was true: add `as_of`, as in `as_of = \"2026-11\"`";

impl Import {
    /// Says when the salary was true, as `2026-11` or `2026`, where the guide does not.
    #[must_use]
    pub fn dated(mut self, as_of: &str) -> Self {
        if let Some(salary) = &mut self.kit.profile.salary
            && salary.as_of.is_empty()
        {
            as_of.clone_into(&mut salary.as_of);
            self.report.lacks.retain(|lack| lack != UNDATED);
            let assumed = format!("the salary was true in {as_of}, as you say");
            self.report.assumed.push(assumed);
        }
        self
    }
}

/// Makes a kit of a guide.
///
/// The wording of questions, look-fors and pitfalls is the guide's; only its typography is normalised.
///
/// # Errors
/// If the text is no guide, or holds two: see [`NoGuide`].
pub fn import(text: &str) -> Result<Import, NoGuide> {
    refusal::plain(text)?;
    let (lines, blank) = lines::lines(text);
    if lines.is_empty() {
        return Err(NoGuide::Empty);
    }
    let blocks = blocks::blocks(&lines);
    let headings = blocks
        .iter()
        .any(|block| matches!(block.kind, Kind::Heading(_)));
    if !headings && !known::is_english(lines.iter().map(|line| &*line.text)) {
        return Err(NoGuide::NotEnglish);
    }
    let candidates = candidates(&lines, &blocks);
    one_role(&lines, &blocks, &candidates)?;
    let title = title::choose(&candidates);
    let first_line = title.as_ref().and_then(|title| {
        let first = candidates
            .iter()
            .find(|one| one.source == Source::FirstLine)?;
        (first.role == title.title).then_some(first.line)
    });
    let name = title.as_ref().map_or("", |title| &title.title);
    let mut gather = Gather::new(&lines, &blocks, name, first_line);
    gather.walk()?;
    let asked = gather.found.questions.iter().flatten().count();
    if asked == 0 {
        return Err(NoGuide::NoQuestions);
    }
    let title = title.ok_or(NoGuide::NoTitle)?;
    Ok(assemble(gather, title, blank))
}

/// Every name that the guide gives the role.
fn candidates(lines: &[Line], blocks: &[Block]) -> Vec<Candidate> {
    let number = |block: &Block| lines[block.lines[0]].number;
    let mut found = Vec::new();
    for block in blocks {
        let mut add = |source, words: Option<&str>| {
            found.extend(words.and_then(|words| Candidate::new(source, number(block), words)));
        };
        match &block.kind {
            Kind::Title(role) => add(Source::TitleLine, Some(role)),
            Kind::Words => {
                let (text, lower) = (&block.text, &block.lower);
                add(Source::Opening, known::opening(text, lower));
                add(
                    Source::Market,
                    known::market(text, lower).and_then(|market| market.plural),
                );
                add(Source::Closing, known::closing(text, lower).flatten());
            }
            _ => {}
        }
    }
    if found.is_empty() {
        guessed(lines, blocks, &mut found);
    }
    found
}

/// Names from lines that are there for something else.
fn guessed(lines: &[Line], blocks: &[Block], found: &mut Vec<Candidate>) {
    let number = |block: &Block| lines[block.lines[0]].number;
    let first_heading = blocks
        .iter()
        .position(|block| matches!(block.kind, Kind::Heading(_)))
        .unwrap_or(blocks.len());
    for block in &blocks[..first_heading] {
        if block.kind == Kind::Words && block.is_closed() {
            let words = known::subject(&block.text);
            found.extend(
                words.and_then(|words| Candidate::new(Source::Profile, number(block), words)),
            );
        }
    }
    if let Some(block) = blocks.first()
        && block.kind == Kind::Words
        && !block.is_closed()
        && block.text.split(' ').take(7).count() < 7
        && !known::calls(&block.lower)
    {
        found.extend(Candidate::new(
            Source::FirstLine,
            number(block),
            &block.text,
        ));
    }
    for block in &blocks[first_heading..] {
        if block.kind == Kind::Item {
            let words = known::asked_for(&block.text, &block.lower);
            found.extend(
                words.and_then(|words| Candidate::new(Source::Question, number(block), words)),
            );
        }
    }
}

/// Refuses a text that holds two guides: two names for the role, or one part twice.
fn one_role(lines: &[Line], blocks: &[Block], candidates: &[Candidate]) -> Result<(), NoGuide> {
    if let Some([first, second]) = title::two_roles(candidates) {
        return Err(NoGuide::TwoRoles {
            first: first.line,
            one: first.role.clone(),
            second: second.line,
            other: second.role.clone(),
        });
    }
    let mut seen: [Option<&Block>; 3] = [None; 3];
    let mut open: Option<(usize, &Block)> = None;
    for block in blocks {
        match block.kind {
            Kind::Heading(Part::Questions(section)) => {
                // The second page of a long list is the same list.
                let goes_on = block.lower.contains("continued") || block.lower.contains("(cont");
                let place = Section::ALL
                    .iter()
                    .position(|one| *one == section)
                    .unwrap_or_default();
                open = (!goes_on).then_some((place, block));
            }
            Kind::Heading(_) => open = None,
            // A heading below which nothing is asked may stand in a table of contents.
            Kind::Item | Kind::Words if block.kind == Kind::Item || block.text.ends_with('?') => {
                let Some((place, heading)) = open.take() else {
                    continue;
                };
                if let Some(first) = seen[place] {
                    return Err(NoGuide::TwoRoles {
                        first: lines[first.lines[0]].number,
                        one: first.text.clone(),
                        second: lines[heading.lines[0]].number,
                        other: heading.text.clone(),
                    });
                }
                seen[place] = Some(heading);
            }
            _ => {}
        }
    }
    Ok(())
}

fn assemble(mut gather: Gather<'_>, title: Title, blank: usize) -> Import {
    let mut summary = gather.summary();
    let mut experience = gather.found.experience.join(" ");
    if gather::is_too_long(&experience) {
        experience = String::new();
        gather.take_back(Part::Experience.name());
    }
    gather.note(
        title.line,
        format!("the title, `{}`, is taken from it", title.title),
    );
    let lines = gather.tell();
    let Gather {
        found, warnings, ..
    } = gather;
    let slug = title::slug(&title.title);
    let mut report = Report {
        title: title.title.clone(),
        slug: slug.clone(),
        lines,
        blank,
        assumed: Vec::new(),
        lacks: lacks(&found, &summary, &experience),
        warnings,
    };
    report.assumed.extend(title.guess);
    if let Some((line, role)) = title.other {
        report.warnings.push(Warning {
            line: Some(line),
            message: format!("this line names the role otherwise: \u{201C}{role}\u{201D}"),
        });
    }
    report.warnings.sort_by_key(|warning| warning.line);
    if summary.is_empty() {
        summary = format!("The guide for {} describes no profile.", title.title);
    }
    let Found {
        hard_skills,
        soft_skills,
        pay,
        dated,
        questions,
        look_for,
        pitfalls,
        ..
    } = found;
    let asked: usize = questions.iter().map(Vec::len).sum();
    let minutes = minutes(asked);
    report.assumed.push(format!(
        "an interview takes {minutes} minutes: three for each question, thirty at least"
    ));
    report.assumed.extend(pay.assumed);
    let salary = pay.salary.map(|mut salary| {
        if salary.as_of.is_empty() {
            salary.as_of = dated.unwrap_or_default();
        }
        if salary.as_of.is_empty() {
            report.lacks.push(UNDATED.to_owned());
        }
        salary
    });
    report.lacks.push("competencies, follow-ups and anchors: guides have none; `kits check` says where they belong".to_owned());
    let kit = Kit {
        slug: slug.into(),
        title: title.title,
        aliases: Vec::new(),
        minutes,
        profile: Profile {
            summary,
            hard_skills,
            experience,
            soft_skills,
            demand: pay.demand,
            salary,
        },
        competencies: Vec::new(),
        questions: numbered(questions),
        look_for: traits(look_for),
        pitfalls: traits(pitfalls),
        samples: Vec::new(),
        allowed: Vec::new(),
    };
    Import { kit, report }
}

/// Three minutes a question and thirty at least, in steps of five.
fn minutes(questions: usize) -> u16 {
    let minutes = (questions * 3).next_multiple_of(5).clamp(30, 480);
    u16::try_from(minutes).unwrap_or(480)
}

fn numbered(questions: [Vec<String>; 3]) -> Vec<Question> {
    let sections = Section::ALL.into_iter().zip(questions);
    let all = sections.flat_map(|(section, asked)| {
        asked
            .into_iter()
            .enumerate()
            .map(move |(index, ask)| Question {
                id: format!("{}/{}", section.slug(), index + 1).into(),
                section,
                competency: None,
                ask,
                follow_up: Vec::new(),
                note: String::new(),
                retired: false,
                anchors: None,
            })
    });
    all.collect()
}

fn traits(texts: Vec<String>) -> Vec<Trait> {
    let traits = texts.into_iter().map(|text| Trait {
        text,
        competency: None,
    });
    traits.collect()
}

/// What a kit has and the guide has not.
fn lacks(found: &Found, summary: &str, experience: &str) -> Vec<String> {
    let mut lacks = Vec::new();
    let mut lack = |missing: bool, what: &str| {
        if missing {
            lacks.push(what.to_owned());
        }
    };
    lack(
        summary.is_empty(),
        "the profile: say in one paragraph, as `summary`, what the role does",
    );
    lack(
        found.hard_skills.is_empty(),
        "hard skills: add `hard_skills` to `[profile]`",
    );
    lack(
        experience.is_empty(),
        "the experience: add `experience` to `[profile]`",
    );
    lack(
        found.soft_skills.is_empty(),
        "soft skills: add `soft_skills` to `[profile]`",
    );
    lack(
        found.pay.salary.is_none(),
        "the salary: add `salary` to `[profile]`, if you want it shown",
    );
    lack(
        found.pay.demand.is_none(),
        "the demand: add `demand` to `[profile]`, if you know it",
    );
    for (section, asked) in Section::ALL.into_iter().zip(&found.questions) {
        let name = section.slug();
        lack(
            asked.is_empty(),
            &format!("{name} questions: add `[[question]]` with `section = \"{name}\"`"),
        );
    }
    lack(
        found.look_for.is_empty(),
        "what hiring managers look for: add `[[look_for]]`",
    );
    lack(found.pitfalls.is_empty(), "pitfalls: add `[[pitfall]]`");
    lacks
}

#[cfg(test)]
mod tests;
