use super::*;

const KIT: &str = r#"
slug = "tester"
title = "Software Tester"
aliases = ["qa"]
minutes = 30

[profile]
summary = "Finds out what is wrong with a product before its customers do, and says it so that somebody mends it."
hard_skills = ["SQL"]
experience = "2+ years of testing, of which at least one was spent with a team that released every week."
demand = "low"
salary = { currency = "EUR", min = 45000, max = 1060000, period = "year", source = "own survey", as_of = "2026-11" }

[[competency]]
id = "care"
name = "Care"

[[question]]
id = "technical/1"
section = "technical"
competency = "care"
ask = "What do you look at first when a build that was fine yesterday is red today?"
follow_up = ["Why that?", "What would make you look elsewhere before you had understood it?"]
note = "Any build will do."

[question.anchors]
poor = "Starts it again."
mixed = "Reads the log from the top."
good = "Looks at what changed since yesterday, and says what each answer would rule out."
excellent = "Also says how to see it sooner."

[[question]]
id = "technical/2"
section = "technical"
ask = "Old?"
retired = true

[[look_for]]
text = "Looks twice"
competency = "care"

[[pitfall]]
text = "Blames \u001b[31mthe tool"

[[sample]]
question = "technical/1"
text = "I would look at the log."

[[allow]]
rule = "thin-competency"
at = "competency.care"
reason = "a small kit"
"#;

fn kit() -> KitFile {
    kits::read("tester.toml", KIT).expect("the kit is well formed")
}

fn sheet(width: usize) -> String {
    let mut out = Vec::new();
    let mut plain = anstream::StripStream::new(&mut out);
    Sheet {
        out: &mut plain,
        width,
    }
    .kit(&kit().kit)
    .expect("a list can be written to");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn a_kit_is_shown_whole() {
    insta::assert_snapshot!(sheet(60), @"
    Software Tester
    tester · 1 question, 30 minutes · version 43e6e30f3c4e ·
    also qa

    PROFILE

    Finds out what is wrong with a product before its customers
    do, and says it so that somebody mends it.

    Experience: 2+ years of testing, of which at least one was
      spent with a team that released every week.

    Hard skills
      - SQL

    Demand: low
    Salary: EUR 45,000 to 1,060,000 a year (own survey, 2026-11)

    COMPETENCIES

      - Care: technical/1

    TECHNICAL · 1 QUESTION

     1. What do you look at first when a build that was fine
        yesterday is red today?
        Care
        - Why that?
        - What would make you look elsewhere before you had
          understood it?
        Note: Any build will do.
        1 Poor       Starts it again.
        2 Mixed      Reads the log from the top.
        3 Good       Looks at what changed since yesterday, and
                     says what each answer would rule out.
        4 Excellent  Also says how to see it sooner.

    LOOK FOR

      - Looks twice (Care)

    PITFALLS

      - Blames  [31mthe tool

    SAMPLE ANSWERS

    technical/1
      I would look at the log.

    ASKED NO MORE

      - technical/2: Old?

    SILENCED RULES OF THE CHECK

      - thin-competency at competency.care: a small kit
    ");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [30, 47, 80, 100] {
        for line in sheet(width).lines() {
            assert!(display_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn what_a_file_holds_does_not_move_the_cursor() {
    let mut out = Vec::new();
    Sheet {
        out: &mut out,
        width: 80,
    }
    .kit(&kit().kit)
    .expect("a list can be written to");
    let text = String::from_utf8(out).expect("it is text");
    assert!(text.contains(BOLD), "{text}");
    assert!(!text.contains("\u{1b}[31m"), "{text}");
}

#[test]
fn kits_are_listed_in_columns_and_titles_cut_to_the_terminal() {
    let mut out = Vec::new();
    let mut plain = anstream::StripStream::new(&mut out);
    table(&mut plain, &[kit()], usize::MAX).expect("a list can be written to");
    table(&mut plain, &[kit()], 60).expect("a list can be written to");
    insta::assert_snapshot!(String::from_utf8(out).expect("it is text"), @"
    slug    title            questions  minutes  competencies  version
    tester  Software Tester          1       30             1  43e6e30f3c4e
    slug    title  questions  minutes  competencies  version
    tester  Soft…          1       30             1  43e6e30f3c4e
    ");
}

#[test]
fn a_role_is_found_as_in_slack() {
    let files = kits::survey_embedded().kits;
    let found = |role: &str| find(&files, role).map(|kit| kit.slug.as_str().to_owned());
    assert_eq!(
        found("Senior Backend Developer").as_deref(),
        Ok("senior-backend")
    );
    assert_eq!(
        found("practice_LEAD").as_deref(),
        Ok("backend-practice-lead")
    );
    let several = found("backend").expect_err("four kits have the word");
    assert!(
        several.ends_with("head-of-backend, senior-backend"),
        "{several}"
    );
    let near = found("senior-backned").expect_err("that is a slip");
    assert!(near.contains("Did you mean senior-backend"), "{near}");
    let none = found("gardener").expect_err("there is no such kit");
    assert!(none.contains("There is: backend-platforms-lead"), "{none}");
    let rest = found("senior-backend Jane").expect_err("that is for Slack");
    assert!(rest.contains("what is “Jane”"), "{rest}");
}
