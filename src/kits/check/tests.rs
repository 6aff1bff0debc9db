use super::*;
use crate::kits::finding::Level;
use crate::kits::read::read;

const GOOD: &str = r#"
slug = "tester"
title = "Software Tester"
aliases = ["qa"]
minutes = 30

[profile]
summary = "Tests."
experience = "Some."

[[competency]]
id = "care"
name = "Care"

[[question]]
id = "technical/1"
section = "technical"
competency = "care"
ask = "What do you look at first?"
follow_up = ["Why?", "What then?"]
anchors = { poor = "p1", mixed = "m1", good = "g1", excellent = "e1" }

[[question]]
id = "behavioural/1"
section = "behavioural"
competency = "care"
ask = "Tell me about a bug."
follow_up = ["Why?", "What then?"]
anchors = { poor = "p2", mixed = "m2", good = "g2", excellent = "e2" }

[[question]]
id = "screening/1"
section = "screening"
ask = "Why here?"
follow_up = ["Why?", "What then?"]
anchors = { poor = "p3", mixed = "m3", good = "g3", excellent = "e3" }

[[look_for]]
text = "Looks twice"
competency = "care"

[[allow]]
rule = "competency-count"
at = "competency"
reason = "a small kit for tests"
"#;

fn parse(name: &str, text: &str) -> KitFile {
    read(name, text).unwrap_or_else(|findings| panic!("well formed: {findings:?}"))
}

fn rules(text: &str) -> Vec<(Level, &'static str, String)> {
    check(&[parse("tester.toml", text)])
        .into_iter()
        .map(|finding| (finding.level, finding.rule, finding.at))
        .collect()
}

fn only(text: &str, level: Level, rule: &'static str, at: &str) {
    assert_eq!(rules(text), [(level, rule, at.to_owned())]);
}

#[test]
fn a_good_kit_has_no_findings() {
    assert_eq!(rules(GOOD), []);
}

#[test]
fn each_rule_finds_its_mistake_and_nothing_else() {
    let swap = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "`{from}` is in the kit");
        GOOD.replacen(from, to, 1)
    };
    use Level::{Error, Note, Warning};
    only(
        &swap("\"tester\"", "\"Tester\""),
        Error,
        "slug-alphabet",
        "slug",
    );
    only(
        &swap("\"tester\"", "\"examiner\""),
        Warning,
        "file-name",
        "slug",
    );
    only(
        &swap("\"qa\"", "\"List\""),
        Error,
        "reserved-name",
        "aliases.1",
    );
    only(&swap("Software Tester", " "), Error, "empty-text", "title");
    only(
        &swap("Software Tester", &"t".repeat(61)),
        Error,
        "too-long",
        "title",
    );
    only(
        &swap("minutes = 30", "minutes = 0"),
        Error,
        "minutes",
        "minutes",
    );
    only(
        &swap("\"technical/1\"", "\"technical/01\""),
        Error,
        "question-id",
        "technical/01.id",
    );
    only(
        &swap("\"technical/1\"", "\"behavioural/7\""),
        Error,
        "question-id",
        "behavioural/7.id",
    );
    only(
        &swap("\"Care\"", "\"Care and more than care\""),
        Error,
        "too-long",
        "competency.care.name",
    );
    only(
        &swap("What do you look at first?", &"w".repeat(301)),
        Warning,
        "long-text",
        "technical/1.ask",
    );
    only(
        &swap("What do you look at first?", &"w".repeat(2501)),
        Error,
        "too-long",
        "technical/1.ask",
    );
    only(
        &swap("What do you look at first?", "a\\u202Eb"),
        Error,
        "control-character",
        "technical/1.ask",
    );
    only(
        &swap("[\"Why?\", \"What then?\"]", "[\"Why?\"]"),
        Note,
        "few-follow-ups",
        "technical/1.follow_up",
    );
    only(
        &swap(
            "anchors = { poor = \"p1\", mixed = \"m1\", good = \"g1\", excellent = \"e1\" }",
            "",
        ),
        Note,
        "no-anchors",
        "technical/1",
    );
    only(
        &swap(
            "text = \"Looks twice\"\ncompetency = \"care\"",
            "text = \"x\"",
        ),
        Note,
        "unprobed-look-for",
        "look_for.1",
    );
    assert_eq!(
        rules(&swap("\"competency-count\"", "\"competency-cuont\"")),
        [
            (Note, "competency-count", "competency".to_owned()),
            (Note, "unknown-rule", "allow.1.rule".to_owned()),
        ]
    );
}

#[test]
fn an_unknown_competency_is_named_with_the_nearest_one() {
    let text = GOOD.replace("competency = \"care\"", "competency = \"caer\"");
    let findings = check(&[parse("tester.toml", &text)]);
    let unknown: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == "unknown-competency")
        .collect();
    assert_eq!(unknown.len(), 3);
    assert_eq!(unknown[0].hint.as_deref(), Some("did you mean `care`?"));
    let place = unknown[0].place.as_ref().expect("it is in the file");
    assert_eq!((place.line, place.column), (18, 14));
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule == "unprobed-competency")
    );
}

#[test]
fn a_question_without_competency_leaves_its_competency_thin() {
    let text = GOOD.replacen("competency = \"care\"\nask", "ask", 1);
    assert_eq!(
        rules(&text),
        [
            (
                Level::Warning,
                "thin-competency",
                "competency.care".to_owned()
            ),
            (Level::Warning, "no-competency", "technical/1".to_owned()),
        ]
    );
}

#[test]
fn an_id_is_used_once() {
    let text = GOOD.replace(
        "\"behavioural/1\"\nsection = \"behavioural\"",
        "\"technical/1\"\nsection = \"technical\"",
    );
    assert!(rules(&text).contains(&(
        Level::Error,
        "duplicate-question",
        "question.2.id".to_owned()
    )));
}

#[test]
fn two_kits_do_not_share_a_name() {
    let other = GOOD
        .replace("\"tester\"", "\"examiner\"")
        .replace("Software Tester", "Examiner")
        .replace("\"qa\"", "\"software_TESTER\"");
    let findings = check(&[
        parse("tester.toml", GOOD),
        parse("examiner.toml", &other),
        parse("again/tester.toml", GOOD),
    ]);
    let rules: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.rule, finding.at.as_str()))
        .collect();
    assert_eq!(
        rules,
        [("duplicate-alias", "aliases.1"), ("duplicate-slug", "slug")]
    );
}

#[test]
fn what_is_silenced_without_effect_is_said() {
    let text =
        format!("{GOOD}\n[[allow]]\nrule = \"long-text\"\nat = \"technical/1\"\nreason = \"r\"\n");
    only(&text, Level::Note, "unused-allow", "allow.2");
}

#[test]
fn an_error_is_not_silenced() {
    let text = GOOD.replace("minutes = 30", "minutes = 0")
        + "\n[[allow]]\nrule = \"minutes\"\nat = \"minutes\"\nreason = \"r\"\n";
    assert!(
        rules(&text)
            .iter()
            .any(|(level, rule, _)| *level == Level::Error && *rule == "minutes")
    );
}

#[test]
fn a_kit_in_no_file_is_checked_by_the_same_rules_beside_the_others() {
    let good = parse("tester.toml", GOOD).kit;
    let mut edited = good.clone();
    edited.questions[0].ask = String::new();
    edited.aliases = vec!["auditor".into()];
    let mut other = good.clone();
    other.slug = "examiner".into();
    other.title = "Auditor".into();
    other.aliases.clear();
    let findings: Vec<_> = check_kit(&edited, &[&good, &other])
        .into_iter()
        .map(|finding| (finding.rule, finding.file, finding.at, finding.place))
        .collect();
    let found = |rule, at: &str| (rule, "tester".to_owned(), at.to_owned(), None);
    assert!(findings.contains(&found("empty-text", "technical/1.ask")));
    assert!(findings.contains(&found("duplicate-alias", "aliases.1")));
    assert!(findings.iter().all(|(rule, ..)| *rule != "duplicate-slug"));
}
