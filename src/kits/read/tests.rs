use super::*;

const SMALL: &str = r#"
slug = "tester"
title = "Tester"
minutes = 30
[profile]
summary = "Tests."
[[competency]]
id = "care"
name = "Care"
[[question]]
id = "technical/1"
section = "technical"
competency = "care"
ask = "What do you look at first?"
"#;

fn mistakes(text: &str) -> String {
    let findings = read("t.toml", text).expect_err("the text has mistakes");
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn a_small_kit_is_read() {
    let file = read("t.toml", SMALL).expect("the kit is well formed");
    assert_eq!(file.kit.slug, KitSlug::from("tester"));
    assert_eq!(file.kit.questions[0].section, Section::Technical);
    assert_eq!(
        file.kit.questions[0].competency,
        Some(CompetencyId::from("care"))
    );
    assert!(file.spans.contains_key("technical/1.ask"));
    assert!(file.spans.contains_key("competency.care.name"));
}

#[test]
fn the_reader_and_serde_agree() {
    let kit = read("t.toml", SMALL).expect("the kit is well formed").kit;
    assert_eq!(toml::from_str::<Kit>(SMALL).expect("serde reads it"), kit);
}

#[test]
fn every_mistake_is_reported_at_once_with_its_place_and_a_hint() {
    let text = SMALL
        .replace("title =", "tittle =")
        .replace("minutes = 30", "minutes = \"30\"")
        .replace("section = \"technical\"", "section = \"technicol\"")
        .replace("ask =", "asks =");
    insta::assert_snapshot!(mistakes(&text), @r#"
    t.toml:3:1: error[unknown-key]: unknown key `tittle` in the kit
      3 | tittle = "Tester"
        | ^^^^^^
      did you mean `title`?
    t.toml:4:11: error[wrong-type]: `minutes` is a text, where a whole number from 0 is expected
      4 | minutes = "30"
        |           ^^^^
    t.toml:12:11: error[wrong-value]: `section` cannot be `technicol`
      12 | section = "technicol"
         |           ^^^^^^^^^^^
      did you mean `technical`?
    t.toml:14:1: error[unknown-key]: unknown key `asks` in `[[question]]` number 1
      14 | asks = "What do you look at first?"
         | ^^^^
      did you mean `ask`?
    "#);
}

#[test]
fn a_single_bracket_is_explained() {
    let text = SMALL.replace("[[question]]", "[question]");
    insta::assert_snapshot!(mistakes(&text), @r#"
    t.toml:10:1: error[wrong-type]: `question` is a table, where a list is expected
      10 | [question]
         | ^^^^^^^^^^
      write `[[question]]`, with two brackets, above each one
    "#);
}

#[test]
fn broken_toml_has_a_line_and_a_column() {
    let text = SMALL
        .replace("minutes = 30", "minutes = ")
        .replace("name = \"Care\"", "nam = \"Care\"");
    insta::assert_snapshot!(mistakes(&text), @r#"
    t.toml:4:11: error[syntax]: string values must be quoted, expected literal string
      4 | minutes = 
        |           ^
    t.toml:9:1: error[unknown-key]: unknown key `nam` in `[[competency]]` number 1
      9 | nam = "Care"
        | ^^^
      did you mean `name`?
    "#);
}

#[test]
fn an_empty_file_and_rubbish_are_mistakes_not_crashes() {
    assert!(mistakes("").contains("`slug` is missing"));
    assert!(mistakes("\u{0}\u{FFFD}][[=").contains("syntax"));
    assert!(mistakes(&"[".repeat(10_000)).contains("syntax"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]a-z_/=\"'\n .0-9{}#é\u{0}]{0,200}") {
        let _ = read("t.toml", &text);
    }
}
