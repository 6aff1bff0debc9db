use super::*;
use crate::kits::{Survey, finish, take};
use std::collections::BTreeSet;

/// A kit in which no rule finds anything.
const GOOD: &str = r#"
slug = "tester"
title = "Software Tester"
aliases = ["qa"]
minutes = 30

[profile]
summary = "Tests."
experience = "2+ years of testing."
hard_skills = ["SQL"]
demand = "low"
salary = { currency = "EUR", min = 1, max = 2, period = "year", source = "own survey", as_of = "2026-11" }

[[competency]]
id = "care"
name = "Care"

[[question]]
id = "technical/1"
section = "technical"
competency = "care"
ask = "What do you look at first?"
follow_up = ["Why that?", "What then?"]
anchors = { poor = "Nothing", mixed = "The log", good = "The change", excellent = "What the change broke" }

[[question]]
id = "behavioural/1"
section = "behavioural"
competency = "care"
ask = "Tell me about a bug you missed."
follow_up = ["How did you learn of it?", "What did you change?"]
anchors = { poor = "p", mixed = "m", good = "g", excellent = "e" }

[[question]]
id = "screening/1"
section = "screening"
ask = "Why here?"
follow_up = ["What else?", "What would make it the wrong place?"]
anchors = { poor = "1", mixed = "2", good = "3", excellent = "4" }

[[look_for]]
text = "Looks twice"
competency = "care"

[[pitfall]]
text = "Blames the tool"

[[allow]]
rule = "competency-count"
at = "competency"
reason = "a small kit for tests"
"#;

/// What is checked together: names and contents.
type Files = Vec<(&'static str, Vec<u8>)>;

fn file(text: impl Into<Vec<u8>>) -> Files {
    vec![("tester.toml", text.into())]
}

/// The good kit with one text in place of another.
#[track_caller]
fn swapped(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "`{from}` is in the kit");
    GOOD.replacen(from, to, 1)
}

#[track_caller]
fn swap(from: &str, to: &str) -> Files {
    file(swapped(from, to))
}

/// The good kit and a second one, changed so that nothing is in both unless `from` and `to` bring it in.
#[track_caller]
fn beside(from: &str, to: &str) -> Files {
    let mut other = GOOD
        .replace("\"tester\"", "\"auditor\"")
        .replace("Software Tester", "Auditor")
        .replace("\"qa\"", "\"inspector\"")
        .replace("look at first", "count first")
        .replace("a bug you missed", "an error you made")
        .replace("Why here", "What draws you here");
    for word in ["Nothing", "The log", "The change", "What the change broke"] {
        other = other.replace(&format!("\"{word}\""), &format!("\"{word}, counted\""));
    }
    for letter in ["p", "m", "g", "e", "1", "2", "3", "4"] {
        other = other.replace(&format!("= \"{letter}\""), &format!("= \"{letter} too\""));
    }
    assert!(other.contains(from), "`{from}` is in the other kit");
    vec![
        ("tester.toml", GOOD.into()),
        ("auditor.toml", other.replacen(from, to, 1).into()),
    ]
}

/// So many technical questions more, each with a text in its place.
fn with_questions(count: usize, note: &str) -> Files {
    let more = (2..=count).map(|number| {
        format!(
            "[[question]]\nid = \"technical/{number}\"\nsection = \"technical\"\ncompetency = \"care\"\nask = \"What of {number}?\"\n\
             follow_up = [\"Why {number}?\", \"And then?\"]\nnote = \"{note}\"\n\
             anchors = {{ poor = \"p {number}\", mixed = \"m {number}\", good = \"g {number}\", excellent = \"e {number}\" }}\n"
        )
    });
    file(format!("{GOOD}\n{}", more.collect::<String>()))
}

fn found(files: &Files) -> Vec<(String, String)> {
    let mut survey = Survey::default();
    for (name, bytes) in files {
        take(&mut survey, name, bytes.clone());
    }
    let findings = finish(survey).findings.into_iter();
    findings
        .map(|one| (one.rule.to_owned(), one.to_string()))
        .collect()
}

/// For each rule a kit that fails it and one that passes: the smallest change that mends it, where there is one.
fn cases() -> Vec<(Rule, Files, Files)> {
    let ask = |text: &str| swap("What do you look at first?", text);
    let behave = |text: &str| swap("Tell me about a bug you missed.", text);
    let allow = |rule: &str, at: &str| {
        file(format!(
            "{GOOD}\n[[allow]]\nrule = \"{rule}\"\nat = \"{at}\"\nreason = \"r\"\n"
        ))
    };
    let law = |rule: Rule, fails: &str, passes: &str| (rule, ask(fails), ask(passes));
    let anchors = |poor: &str, mixed: &str| {
        swap(
            "poor = \"Nothing\", mixed = \"The log\"",
            &format!("poor = \"{poor}\", mixed = \"{mixed}\""),
        )
    };
    let follow_ups = |list: &str| swap("[\"Why that?\", \"What then?\"]", list);
    let long = "word ".repeat(51);
    vec![
        (UNREADABLE, file(b"\xff\xfe\x00"), file(GOOD)),
        (SYNTAX, swap("minutes = 30", "minutes = "), file(GOOD)),
        (UNKNOWN_KEY, swap("title =", "tittle ="), file(GOOD)),
        (MISSING_KEY, swap("minutes = 30", ""), file(GOOD)),
        (WRONG_TYPE, swap("= 30", "= \"30\""), file(GOOD)),
        (
            WRONG_VALUE,
            swap("\"low\"", "\"lowest\""),
            swap("\"low\"", "\"high\""),
        ),
        (
            EMPTY_TEXT,
            swap("Software Tester", " "),
            swap("Software Tester", "T"),
        ),
        (
            CONTROL_CHARACTER,
            ask("What\\u200B first?"),
            ask("What\u{a0}first?"),
        ),
        (
            FILE_NAME,
            vec![("other.toml", GOOD.into())],
            vec![("kits/tester.toml", GOOD.into())],
        ),
        (SLUG_ALPHABET, swap("\"tester\"", "\"Tester\""), file(GOOD)),
        (
            RESERVED_NAME,
            swap("\"qa\"", "\"List\""),
            swap("\"qa\"", "\"lists\""),
        ),
        (
            DUPLICATE_SLUG,
            beside("\"auditor\"", "\"tester\""),
            beside("Auditor", "Auditor"),
        ),
        (
            DUPLICATE_ALIAS,
            beside("\"inspector\"", "\"QA\""),
            beside("\"inspector\"", "\"q\""),
        ),
        (
            QUESTION_ID,
            swap("\"technical/1\"", "\"technical/01\""),
            swap("\"technical/1\"", "\"technical/10\""),
        ),
        (
            DUPLICATE_QUESTION,
            swap(
                "\"behavioural/1\"\nsection = \"behavioural\"",
                "\"technical/1\"\nsection = \"technical\"",
            ),
            swap(
                "\"behavioural/1\"\nsection = \"behavioural\"",
                "\"technical/2\"\nsection = \"technical\"",
            ),
        ),
        (
            UNKNOWN_QUESTION,
            file(format!(
                "{GOOD}\n[[sample]]\nquestion = \"technical/9\"\ntext = \"t\"\n"
            )),
            file(format!(
                "{GOOD}\n[[sample]]\nquestion = \"technical/1\"\ntext = \"t\"\n"
            )),
        ),
        (
            DUPLICATE_COMPETENCY,
            file(format!(
                "{GOOD}\n[[competency]]\nid = \"more-care\"\nname = \"CARE\"\n"
            )),
            file(format!(
                "{GOOD}\n[[competency]]\nid = \"more-care\"\nname = \"More care\"\n"
            )),
        ),
        (
            UNKNOWN_COMPETENCY,
            swap("competency = \"care\"\nask", "competency = \"caer\"\nask"),
            file(GOOD),
        ),
        (MINUTES, swap("= 30", "= 4"), swap("= 30", "= 5")),
        (
            SALARY_RANGE,
            swap("min = 1", "min = 3"),
            swap("min = 1", "min = 2"),
        ),
        (CURRENCY, swap("EUR", "eur"), swap("EUR", "USD")),
        (
            SALARY_WITHOUT_SOURCE,
            swap("source = \"own survey\", ", ""),
            swap("own survey", "a guide"),
        ),
        (
            UPPER_BOUND_ON_EXPERIENCE,
            swap("2+ years", "2 to 5 years"),
            swap("2+ years", "At least 2 years"),
        ),
        (
            NO_QUESTIONS,
            file(GOOD.replace("section =", "retired = true\nsection =")),
            swap("section =", "retired = true\nsection ="),
        ),
        (
            SECTION_WITHOUT_QUESTIONS,
            swap(
                "section = \"screening\"",
                "section = \"screening\"\nretired = true",
            ),
            file(GOOD),
        ),
        (
            COMPETENCY_COUNT,
            swap("\"competency-count\"", "\"thin-competency\""),
            file(GOOD),
        ),
        (
            UNPROBED_COMPETENCY,
            file(GOOD.replace("competency = \"care\"\nask", "ask")),
            swap("competency = \"care\"\nask", "ask"),
        ),
        (
            THIN_COMPETENCY,
            swap("competency = \"care\"\nask", "ask"),
            file(GOOD),
        ),
        (
            NO_COMPETENCY,
            swap("competency = \"care\"\nask", "ask"),
            file(GOOD),
        ),
        (
            UNPROBED_TRAIT,
            file(GOOD.replace("competency = \"care\"\nask", "ask")),
            swap("competency = \"care\"\nask", "ask"),
        ),
        (
            UNPROBED_LOOK_FOR,
            swap("\"Looks twice\"\ncompetency = \"care\"", "\"Looks twice\""),
            file(GOOD),
        ),
        (
            NO_ANCHORS,
            swap(
                "anchors = { poor = \"p\", mixed = \"m\", good = \"g\", excellent = \"e\" }",
                "",
            ),
            file(GOOD),
        ),
        (
            SAME_ANCHOR,
            anchors("The log", "the LOG."),
            anchors("Nothing", "The log"),
        ),
        (
            INDISTINCT_ANCHORS,
            anchors("The log first", "First, the log"),
            anchors("The log first", "First, the change"),
        ),
        (
            COPIED_ANCHOR,
            swap("excellent = \"e\"", "excellent = \"The change!\""),
            swap("excellent = \"e\"", "excellent = \"The changes\""),
        ),
        (
            COPIED_ANCHOR,
            beside("\"The log, counted\"", "\"The log\""),
            beside("\"The log, counted\"", "\"The logs\""),
        ),
        (
            NO_FOLLOW_UP,
            follow_ups("[]"),
            follow_ups("[\"Why that?\"]"),
        ),
        (FEW_FOLLOW_UPS, follow_ups("[\"Why that?\"]"), file(GOOD)),
        (
            MANY_FOLLOW_UPS,
            follow_ups("[\"A?\", \"B?\", \"C?\", \"D?\"]"),
            follow_ups("[\"A?\", \"B?\", \"C?\"]"),
        ),
        (
            CLOSED_QUESTION,
            ask("Do you know SQL?"),
            ask("How do you know SQL?"),
        ),
        (
            CLOSED_QUESTION,
            follow_ups("[\"Why that?\", \"Did it work?\"]"),
            follow_ups("[\"Why that?\", \"How did it work?\"]"),
        ),
        (
            TWO_QUESTIONS,
            ask("What do you look at, and how do you choose it?"),
            ask("What do you look at, and why?"),
        ),
        (
            OPINION_NOT_EVENT,
            behave("What would you do about a bug?"),
            behave("What did you do about the bug?"),
        ),
        (LONG_TO_READ_ALOUD, ask(&long), ask(&"word ".repeat(50))),
        (
            SAME_QUESTION,
            swap("Why here?", "what do you look at first"),
            swap("Why here?", "What do you look at last?"),
        ),
        (
            SAME_QUESTION_ELSEWHERE,
            beside("What draws you here?", "What do you look at first?"),
            beside("What do you count first?", "What do you look at first?"),
        ),
        law(
            LAW_AGE,
            "How old are you?",
            "How old is the oldest code that you look after?",
        ),
        law(
            LAW_FAMILY,
            "How many children do you have?",
            "How many children may a node have?",
        ),
        law(
            LAW_PREGNANCY,
            "When are you expecting a baby?",
            "When do you expect an answer?",
        ),
        law(
            LAW_ORIGIN,
            "Where are you originally from?",
            "Where are your logs?",
        ),
        law(
            LAW_RELIGION,
            "Which church do you go to?",
            "Which conferences do you go to?",
        ),
        law(
            LAW_HEALTH,
            "How is your health?",
            "How is your service's health checked?",
        ),
        law(
            LAW_DISABILITY,
            "What disability do you have?",
            "What do users with a disability need?",
        ),
        law(
            LAW_CONVICTIONS,
            "When were you arrested?",
            "What did you do about an arrested deployment?",
        ),
        law(
            LAW_SALARY_HISTORY,
            "What is your current salary?",
            "What are your salary expectations?",
        ),
        (
            LAW_AGE,
            swap("Looks twice", "Is young and energetic"),
            swap("Looks twice", "Knows a young codebase"),
        ),
        (TOO_LONG, ask(&"w".repeat(2501)), ask(&"w".repeat(2500))),
        (TOO_LONG, ask(&"🦀".repeat(1251)), ask(&"🦀".repeat(1250))),
        (
            TOO_LONG,
            swap("\"Care\"", "\"注意深さと丁寧さと根気強\""),
            swap("\"Care\"", "\"注意深さと丁寧さと根\""),
        ),
        (TOO_MANY, with_questions(499, ""), with_questions(498, "")),
        (LONG_TEXT, ask(&"w".repeat(301)), ask(&"w".repeat(300))),
        (
            SLACK_FOLLOW_UPS,
            follow_ups(&format!(
                "[\"{}\", \"{}\"]",
                "a".repeat(1500),
                "b".repeat(1500)
            )),
            follow_ups(&format!(
                "[\"{}\", \"{}\"]",
                "a".repeat(1500),
                "b".repeat(1499)
            )),
        ),
        (
            SLACK_LINE_BREAK,
            ask("What do you\\nlook at first?"),
            ask("What do you look at first?\\n"),
        ),
        (
            SLACK_CROWDED_SECTION,
            with_questions(23, ""),
            with_questions(22, ""),
        ),
        (
            SLACK_SHORTENED,
            with_questions(20, &"n".repeat(450)),
            with_questions(20, ""),
        ),
        (
            UNKNOWN_RULE,
            allow("clossed-question", "technical/1"),
            file(GOOD),
        ),
        (UNKNOWN_RULE, allow("minutes", "minutes"), file(GOOD)),
        (
            UNUSED_ALLOW,
            allow("closed-question", "technical/1"),
            file(GOOD),
        ),
    ]
}

#[test]
fn each_rule_has_a_kit_that_fails_it_and_one_that_passes() {
    assert_eq!(found(&file(GOOD)), []);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (rule, fails, passes) in cases() {
        seen.insert(rule.id);
        let of_rule = |files: &Files| {
            let all = found(files).into_iter().filter(|(id, _)| id == rule.id);
            all.map(|(_, text)| text).collect::<Vec<_>>()
        };
        if of_rule(&fails).is_empty() {
            wrong.push(format!("{} finds nothing; {:?}", rule.id, found(&fails)));
        }
        if !of_rule(&passes).is_empty() {
            wrong.push(format!("{} finds {:?}", rule.id, of_rule(&passes)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(seen, all);
}

#[test]
fn every_warning_and_note_can_be_silenced_where_it_is_found_and_no_error() {
    let mut wrong = Vec::new();
    for (rule, fails, _) in cases() {
        let mut survey = Survey::default();
        for (name, bytes) in &fails {
            take(&mut survey, name, bytes.clone());
        }
        let places: Vec<(String, String)> = finish(survey)
            .findings
            .into_iter()
            .filter(|one| one.rule == rule.id)
            .map(|one| (one.file, one.at))
            .collect();
        let silenced: Files = fails
            .iter()
            .map(|(name, bytes)| {
                let mut text = bytes.clone();
                for (_, at) in places.iter().filter(|(file, _)| file == name) {
                    let allow = format!(
                        "\n[[allow]]\nrule = \"{}\"\nat = \"{at}\"\nreason = \"r\"\n",
                        rule.id
                    );
                    text.extend(allow.bytes());
                }
                (*name, text)
            })
            .collect();
        let still = found(&silenced).iter().any(|(id, _)| id == rule.id);
        if still == rule.silenceable() {
            wrong.push(rule.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_id_is_there_once_and_can_be_typed() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for rule in RULES {
        let lower = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        assert!(rule.id.chars().all(lower), "{}", rule.id);
        assert!(rule.help().ends_with(&format!("#{}", rule.id)));
    }
}

/// A section of the page on rules.
struct Section<'a> {
    id: &'a str,
    body: &'a str,
}

fn sections(page: &str) -> Vec<Section<'_>> {
    page.split("\n### ")
        .skip(1)
        .map(|part| {
            let (id, body) = part.split_once('\n').unwrap_or((part, ""));
            let body = body.split("\n## ").next().unwrap_or(body);
            Section { id, body }
        })
        .collect()
}

#[test]
fn every_rule_has_its_section_on_the_page_and_every_section_its_rule() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(HELP);
    let page = std::fs::read_to_string(path).expect("the page is there");
    let sections = sections(&page);
    let ids: Vec<&str> = sections.iter().map(|section| section.id).collect();
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids, rules, "in one order");
    for (section, rule) in sections.iter().zip(RULES) {
        let first = section.body.trim_start().lines().next().unwrap_or_default();
        let expected = format!("**{}**: {}.", rule.level, rule.finds);
        assert_eq!(first, expected, "{}", rule.id);
        for part in ["Fails: ", "Passes: ", "Source: "] {
            let line = section.body.lines().find(|line| line.starts_with(part));
            let said = line.and_then(|line| line.strip_prefix(part));
            assert!(
                said.is_some_and(|said| said.len() > 3),
                "{}: {part}",
                rule.id
            );
        }
    }
}

/// What the page shows as `ask = "…"` fails and passes as it says.
#[test]
fn the_questions_on_the_page_fail_and_pass_as_it_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(HELP);
    let page = std::fs::read_to_string(path).expect("the page is there");
    let mut tried = 0;
    for section in sections(&page) {
        for (part, fails) in [("Fails: `ask = \"", true), ("Passes: `ask = \"", false)] {
            for line in section.body.lines() {
                let Some((text, _)) = line
                    .strip_prefix(part)
                    .and_then(|rest| rest.split_once("\"`"))
                else {
                    continue;
                };
                tried += 1;
                let files = if section.id == OPINION_NOT_EVENT.id {
                    swap("Tell me about a bug you missed.", text)
                } else {
                    swap("What do you look at first?", text)
                };
                let finds = found(&files).iter().any(|(id, _)| id == section.id);
                assert_eq!(finds, fails, "{}: {text}", section.id);
            }
        }
    }
    assert!(tried >= 24, "{tried}");
}
