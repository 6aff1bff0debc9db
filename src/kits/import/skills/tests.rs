//! Commas that separate, and commas that do not.

use super::*;

#[track_caller]
fn gives(text: &str, items: &[&str], doubts: usize) {
    let skills = split(text);
    assert_eq!(skills.items, items, "{text}");
    assert_eq!(skills.doubts.len(), doubts, "{text}: {:?}", skills.doubts);
}

#[test]
fn commas_outside_of_brackets_separate() {
    gives(
        "Cloud services (AWS, Azure), Git, CI/CD [Jenkins, {a, b}]",
        &[
            "Cloud services (AWS, Azure)",
            "Git",
            "CI/CD [Jenkins, {a, b}]",
        ],
        0,
    );
    gives("Reading logs", &["Reading logs"], 0);
    gives("A, , B,", &["A", "B"], 0);
    gives(
        "Scale (1,000 users), Load of 10,000 requests",
        &["Scale (1,000 users)", "Load of 10,000 requests"],
        0,
    );
    gives(
        "Swift and Kotlin, Coaching.",
        &["Swift and Kotlin", "Coaching"],
        0,
    );
    gives(
        "Data (Spark, Flink, etc.), Tools etc.",
        &["Data (Spark, Flink, etc.)", "Tools etc."],
        0,
    );
    gives("Broken (bracket, Git", &["Broken (bracket", "Git"], 1);
    gives("Broken) bracket, Git", &["Broken) bracket", "Git"], 1);
}

#[test]
fn a_leading_and_is_dropped() {
    gives(
        "Coaching, Patience, and Curiosity",
        &["Coaching", "Patience", "Curiosity"],
        0,
    );
    gives(
        "coaching, patience, and with luck",
        &["coaching", "patience", "with luck"],
        0,
    );
    gives("Coaching, & Curiosity", &["Coaching", "Curiosity"], 0);
    gives(
        "Coaching, Patience and Curiosity",
        &["Coaching", "Patience and Curiosity"],
        1,
    );
}

#[test]
fn an_enumeration_in_running_words_is_one_skill() {
    gives(
        "Fluency in SQL and one of Python, Scala or Java, Modelling",
        &[
            "Fluency in SQL and one of Python, Scala or Java",
            "Modelling",
        ],
        1,
    );
    gives(
        "Languages such as A, B, or C, Git",
        &["Languages such as A, B, or C", "Git"],
        1,
    );
    gives(
        "Clouds like AWS, Azure, etc., Git",
        &["Clouds like AWS, Azure, etc.", "Git"],
        1,
    );
    gives(
        "Languages: Go, Rust and C, Git",
        &["Languages: Go, Rust and C", "Git"],
        1,
    );
    gives("Either Go or Rust, Git", &["Either Go or Rust", "Git"], 0);
    gives(
        "Languages such as A, Databases, Git",
        &["Languages such as A", "Databases", "Git"],
        1,
    );
    gives("Python, Ruby or Go", &["Python", "Ruby or Go"], 1);
}

#[test]
fn a_trailing_clause_stays_with_its_skill() {
    gives(
        "Patience with stakeholders, Ability to say no, with reasons, Curiosity",
        &[
            "Patience with stakeholders",
            "Ability to say no, with reasons",
            "Curiosity",
        ],
        1,
    );
    gives(
        "ability to say no, with reasons, curiosity",
        &["ability to say no, with reasons", "curiosity"],
        1,
    );
    gives(
        "Says no, explaining why, Curiosity",
        &["Says no, explaining why", "Curiosity"],
        1,
    );
    gives("Swift, iOS, dbt, Git", &["Swift", "iOS", "dbt", "Git"], 1);
    gives(
        "Strong communication, teamwork, attention to detail",
        &["Strong communication", "teamwork", "attention to detail"],
        0,
    );
}

#[test]
fn semicolons_separate_where_there_are_any() {
    gives(
        "Go, Rust or C; Databases (SQL; NoSQL)",
        &["Go, Rust or C", "Databases (SQL; NoSQL)"],
        1,
    );
}
