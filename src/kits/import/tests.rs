//! Whole guides: the samples word for word, and invented ones for everything that varies.

mod refused;
mod render;
mod samples;
mod varied;

use super::*;
use crate::domain::kit::Demand;
use crate::kits::{Level, check, read, write};

/// An invented guide in the usual layout.
const USUAL: &str = "Interview Questions for QA Lead
Interview Questions for QA Lead: A Recruiter's Guide
This hiring guide gathers what people told us about interviewing QA Lead candidates.
Hire faster with less reading
RoboSieve ranks your pile
Try it free
The QA Lead decides how testing is done.
Based on current job market analysis and industry standards, successful QA Leads typically demonstrate:
- Test design (pairwise, boundary values), Scripting, and Reading logs
- 4+ years in testing.
- Patience, Plain speech
According to recent market data, the typical salary range for this position is $90,000 - $120,000 per year, with Low demand in the market.
Initial Screening Questions
Industry-standard screening questions used by hiring teams:
- Why testing?
- When could you start?
Technical Assessment Questions
These questions are compiled from technical interviews and hiring manager feedback:
- How do you choose what not to test?
- What makes a test flaky?
Expert hiring managers look for:
- Weighs risk against time
Common pitfalls:
- Wants to test everything
Behavioral Questions
Based on research and expert interviews, these behavioral questions are most effective:
- Tell me about a bug that you let through.
This comprehensive guide to QA Lead interview questions reflects current practice.
";

/// Imports a guide, and holds what every import must keep: each line is accounted for once, and the kit can be used.
#[track_caller]
fn imported(text: &str) -> Import {
    let import = import(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    if let Err(broken) = holds(text, &import) {
        panic!("{broken}\n{text}\n{}", import.report);
    }
    import
}

/// What every import must keep.
fn holds(text: &str, import: &Import) -> Result<(), String> {
    let invisible =
        |letter: char| letter.is_whitespace() || crate::kits::finding::is_invisible(letter);
    let whole = text.replace("\r\n", "\n").replace('\r', "\n");
    let expected: Vec<usize> = whole
        .split('\n')
        .enumerate()
        .filter(|(_, line)| !line.chars().all(invisible))
        .map(|(index, _)| index + 1)
        .collect();
    let told: Vec<usize> = import.report.lines.iter().map(|told| told.line).collect();
    if told != expected {
        return Err(format!(
            "the report tells of the lines {told:?}, the guide has {expected:?}"
        ));
    }
    for told in &import.report.lines {
        if told.fate == Fate::Kept && !told.kept || told.fate == Fate::LeftOut && told.kept {
            return Err(format!("this is no fate: {told:?}"));
        }
        if told.what.is_empty()
            || told.text.is_empty()
            || (told.fate == Fate::Doubtful && told.why.is_empty())
        {
            return Err(format!("this does not say why: {told:?}"));
        }
    }
    let file = write(&import.kit);
    let name = format!("{}.toml", import.kit.slug);
    let again =
        read(&name, &file).map_err(|findings| format!("the kit cannot be read: {findings:?}"))?;
    if again.kit != import.kit {
        return Err("the kit is another one when it is read again".to_owned());
    }
    let errors: Vec<String> = check(&[again])
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| finding.to_string())
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

/// The kit of the usual guide.
fn usual() -> Kit {
    imported(USUAL).kit
}

fn asks(kit: &Kit, section: Section) -> Vec<&str> {
    kit.section(section)
        .map(|question| &*question.ask)
        .collect()
}

/// What the report says of the line that holds some words.
#[track_caller]
fn told(import: &Import, words: &str) -> (Fate, bool, String) {
    let found = import
        .report
        .lines
        .iter()
        .find(|told| told.text.contains(words));
    let told = found.unwrap_or_else(|| panic!("no line holds {words}\n{}", import.report));
    (told.fate, told.kept, told.what.clone())
}

#[test]
fn the_usual_guide_is_kept_whole() {
    let import = imported(USUAL);
    let kit = &import.kit;
    assert_eq!(
        (&*kit.title, kit.slug.as_str(), kit.minutes),
        ("QA Lead", "qa-lead", 30)
    );
    assert_eq!(
        kit.profile.summary,
        "The QA Lead decides how testing is done."
    );
    assert_eq!(
        kit.profile.hard_skills,
        [
            "Test design (pairwise, boundary values)",
            "Scripting",
            "Reading logs"
        ]
    );
    assert_eq!(kit.profile.experience, "4+ years in testing.");
    assert_eq!(kit.profile.soft_skills, ["Patience", "Plain speech"]);
    assert_eq!(kit.profile.demand, Some(Demand::Low));
    let salary = kit.profile.salary.as_ref().expect("there is one");
    assert_eq!(
        (&*salary.currency, salary.min, salary.max),
        ("USD", 90_000, 120_000)
    );
    assert_eq!(
        (&*salary.period, &*salary.source, &*salary.as_of),
        ("year", "guide", "")
    );
    assert_eq!(
        asks(kit, Section::Screening),
        ["Why testing?", "When could you start?"]
    );
    assert_eq!(
        asks(kit, Section::Technical),
        [
            "How do you choose what not to test?",
            "What makes a test flaky?"
        ]
    );
    assert_eq!(
        asks(kit, Section::Behavioural),
        ["Tell me about a bug that you let through."]
    );
    assert_eq!(kit.look_for[0].text, "Weighs risk against time");
    assert_eq!(kit.pitfalls[0].text, "Wants to test everything");
    assert_eq!(import.report.count(Fate::Doubtful), 0, "{}", import.report);
    assert!(import.report.warnings.is_empty());
}
