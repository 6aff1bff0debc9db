//! What is written is read again as the same kit, whatever is in it.

use super::write;
use crate::domain::kit::{
    Allow, Anchors, Competency, Demand, Kit, Profile, Question, Salary, Sample, Section, Trait,
};
use crate::kits::{embedded, read, version};
use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Texts of all letters, and of those that TOML, editors and people trip over.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\\",
        "\\u0041",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\0",
        "\u{1b}",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{202e}",
        "#",
        "=",
        "[[question]]",
        "{",
        "}",
        ", ",
        " ",
        "é",
        "e\u{301}",
        "👩‍💻",
        "الع",
    ])
    .prop_map(ToOwned::to_owned);
    let any = any::<char>().prop_map(String::from);
    let word = "[a-z]{1,9} ?";
    vec(prop_oneof![awkward, any, word], 0..12).prop_map(|parts| parts.concat())
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn profile() -> impl Strategy<Value = Profile> {
    let demand = option::of(prop::sample::select(vec![
        Demand::High,
        Demand::Medium,
        Demand::Low,
    ]));
    let salary = (text(), any::<u64>(), any::<u64>(), text(), text(), text()).prop_map(
        |(currency, min, max, period, source, as_of)| Salary {
            currency,
            // TOML's whole numbers end at 2^63 - 1.
            min: min >> 1,
            max: max >> 1,
            period,
            source,
            as_of,
        },
    );
    (text(), texts(), text(), texts(), demand, option::of(salary)).prop_map(
        |(summary, hard_skills, experience, soft_skills, demand, salary)| Profile {
            summary,
            hard_skills,
            experience,
            soft_skills,
            demand,
            salary,
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let anchors =
        (text(), text(), text(), text()).prop_map(|(poor, mixed, good, excellent)| Anchors {
            poor,
            mixed,
            good,
            excellent,
        });
    let section = prop::sample::select(Section::ALL.to_vec());
    (
        text(),
        section,
        competency(),
        text(),
        texts(),
        text(),
        any::<bool>(),
        option::of(anchors),
    )
        .prop_map(
            |(id, section, competency, ask, follow_up, note, retired, anchors)| Question {
                id: id.into(),
                section,
                competency,
                ask,
                follow_up,
                note,
                retired,
                anchors,
            },
        )
}

/// An empty id is no id.
fn competency() -> impl Strategy<Value = Option<crate::domain::ids::CompetencyId>> {
    option::of(text().prop_map(|id| format!("c{id}").into()))
}

fn traits() -> impl Strategy<Value = Vec<Trait>> {
    vec(
        (text(), competency()).prop_map(|(text, competency)| Trait { text, competency }),
        0..4,
    )
}

fn kit() -> impl Strategy<Value = Kit> {
    let head = (text(), text(), texts(), any::<u16>(), profile());
    let competencies = vec(
        (text(), text()).prop_map(|(id, name)| Competency {
            id: id.into(),
            name,
        }),
        0..4,
    );
    let samples = vec(
        (text(), text()).prop_map(|(question, text)| Sample {
            question: question.into(),
            text,
        }),
        0..3,
    );
    let allowed = vec(
        (text(), text(), text()).prop_map(|(rule, at, reason)| Allow { rule, at, reason }),
        0..3,
    );
    (
        head,
        competencies,
        vec(question(), 0..5),
        traits(),
        traits(),
        samples,
        allowed,
    )
        .prop_map(
            |(head, competencies, questions, look_for, pitfalls, samples, allowed)| {
                let (slug, title, aliases, minutes, profile) = head;
                Kit {
                    slug: slug.into(),
                    title,
                    aliases,
                    minutes,
                    profile,
                    competencies,
                    questions,
                    look_for,
                    pitfalls,
                    samples,
                    allowed,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_kit(kit in kit()) {
        let file = write(&kit);
        let again = read("kit.toml", &file);
        prop_assert!(again.is_ok(), "{:?}\n{file}", again.err());
        let again = again.expect("looked at a line above").kit;
        prop_assert_eq!(version(&again), version(&kit));
        prop_assert_eq!(write(&again), file);
        prop_assert_eq!(again, kit);
    }
}

#[test]
fn the_shipped_kits_come_back_word_for_word() {
    for (name, bytes) in embedded::files() {
        let text = String::from_utf8(bytes).expect("the shipped kits are text");
        let kit = read(&name, &text).expect("the shipped kits are fine").kit;
        let file = write(&kit);
        let again = read(&name, &file).expect("what is written can be read").kit;
        assert_eq!(again, kit, "{name}");
        assert_eq!(write(&again), file, "{name}");
    }
}

/// So that an edit made in Slack comes back as a change of the lines that it is about.
#[test]
fn the_shipped_kits_stand_as_they_are_written() {
    for (name, bytes) in embedded::files() {
        let text = String::from_utf8(bytes).expect("the shipped kits are text");
        let kit = read(&name, &text).expect("the shipped kits are fine").kit;
        assert!(
            write(&kit) == text,
            "`kits export` would lay out {name} otherwise"
        );
    }
}

#[test]
fn a_kit_is_laid_out_for_people() {
    let text = r#"
slug = "tester"
title = 'The "best" tester'
aliases = ["qa"]
minutes = 45
profile.summary = "Finds \\ what\nbreaks."
profile.hard_skills = ["Reading logs", "Scripting (Bash, Python)"]
profile.experience = ""
profile.soft_skills = ["Patience"]
profile.demand = "low"
profile.salary = { currency = "EUR", min = 45000, max = 60000, period = "year", source = "guide" }
[[look_for]]
text = "Rules things out"
competency = "diagnosis"
[[question]]
id = "screening/1"
section = "screening"
ask = "Why?"
[[question]]
id = "technical/1"
section = "technical"
competency = "diagnosis"
ask = "How?"
follow_up = ["What first?", "What then?"]
note = "Any product will do."
retired = true
[question.anchors]
poor = "a"
mixed = "b"
good = "c"
excellent = "d"
[[pitfall]]
text = "Blames the customer"
[[competency]]
id = "diagnosis"
name = "Diagnosis"
"#;
    let kit = read("tester.toml", text).expect("it is a kit").kit;
    assert_snapshot!(write(&kit), @r#"
    slug = "tester"
    title = "The \"best\" tester"
    aliases = ["qa"]
    minutes = 45

    [profile]
    summary = "Finds \\ what\nbreaks."
    hard_skills = [
        "Reading logs",
        "Scripting (Bash, Python)",
    ]
    soft_skills = ["Patience"]
    demand = "low"
    salary = { currency = "EUR", min = 45000, max = 60000, period = "year", source = "guide" }

    [[competency]]
    id = "diagnosis"
    name = "Diagnosis"

    # Screening: logistics. The ratings say how usable an answer is; they weigh nothing in the mean.

    [[question]]
    id = "screening/1"
    section = "screening"
    ask = "Why?"

    # Technical

    [[question]]
    id = "technical/1"
    section = "technical"
    competency = "diagnosis"
    ask = "How?"
    follow_up = [
        "What first?",
        "What then?",
    ]
    note = "Any product will do."
    retired = true

    [question.anchors]
    poor = "a"
    mixed = "b"
    good = "c"
    excellent = "d"

    # What experienced hiring managers look for, in the technical part

    [[look_for]]
    text = "Rules things out"
    competency = "diagnosis"

    [[pitfall]]
    text = "Blames the customer"
    "#);
}
