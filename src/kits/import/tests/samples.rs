//! The two samples, imported exactly. They lie beside the project, and are read there or not at all.

use super::*;
use insta::assert_snapshot;
use std::path::Path;

/// A sample, if it lies where it should.
fn sample(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/guide-samples")
        .join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: there is no {}", path.display());
    }
    text
}

#[test]
fn the_mobile_team_lead_is_imported_exactly() {
    let Some(text) = sample("mobile-team-lead.txt") else {
        return;
    };
    let import = imported(&text);
    assert_snapshot!(import.report, @r#"
       1  kept      title                           Interview Questions for Mobile Team Lead
       3  left out  the title again                 Interview Questions for Mobile Team Lead: A Recruiter's Guide
       5  left out  boilerplate: opening sentence   This hiring guide gathers what recruiters and hiring managers t…
       7  left out  advertisement                   Hire faster with less reading
       9  left out  advertisement                   ResumeSorter reads the pile for you and shows the ten applicati…
      11  left out  advertisement                   Try it free
      13  kept      profile                         The Mobile Team Lead is responsible for the company's iOS and A…
                    left out as boilerplate: `Based on current job market analysis and industry standards…`
      15  kept      hard skills                     • Swift and Kotlin, Release engineering (TestFlight, Play Conso…
      16  kept      experience                      • 6+ years in mobile development, with at least 1 year in a lea…
      17  kept      soft skills                     • Calm under release pressure, Coaching, Product sense
      19  kept      salary and demand               According to recent market data, the typical salary range for t…
      21  left out  heading: screening questions    Initial Screening Questions
      23  left out  boilerplate: introduces a list  Industry-standard screening questions used by hiring teams:
      25  kept      screening question 1            • What attracted you to the Mobile Team Lead role?
      26  kept      screening question 2            • What's your current notice period?
      28  left out  heading: technical questions    Technical Assessment Questions
      30  left out  boilerplate: introduces a list  These questions are compiled from technical interviews and hiri…
      32  kept      technical question 1            • How do you keep the start-up time of an app in check over yea…
      33  kept      technical question 2            • What belongs in a shared module, and what doesn't?
      34  left out  heading: look-fors              Expert hiring managers look for:
      35  kept      look-for 1                      • Measures on real devices
      36  kept      look-for 2                      • Knows both platforms' review rules
      37  left out  heading: pitfalls               Common pitfalls:
      38  kept      pitfall 1                       • Blames the store for every delay
      39  kept      pitfall 2                       • Never mentions crash rates
      41  left out  heading: behavioural questions  Behavioral Questions
      43  left out  boilerplate: introduces a list  Based on research and expert interviews, these behavioral quest…
      45  kept      behavioural question 1          • Tell me about a release that you pulled back.
      46  kept      behavioural question 2          • How do you split your time between code and people?
      48  left out  boilerplate: closing sentence   This comprehensive guide to Mobile Team Lead interview question…

    Assumed
      an interview takes 30 minutes: three for each question, thirty at least
      `$` is the US dollar: `currency` is USD
      the salary is for a year: no period is named

    Lacking
      when the salary was true: add `as_of`, as in `as_of = "2026-11"`
      competencies, follow-ups and anchors: guides have none; `kits check` says where they belong

    48 lines: 16 kept, 14 left out, 0 doubtful, 18 blank
    "#);
    assert_snapshot!(write(&import.kit), @r#"
    slug = "mobile-team-lead"
    title = "Mobile Team Lead"
    minutes = 30

    [profile]
    summary = "The Mobile Team Lead is responsible for the company's iOS and Android applications and for the six people who build them."
    hard_skills = [
        "Swift and Kotlin",
        "Release engineering (TestFlight, Play Console)",
        "Performance on old devices",
        "Accessibility",
    ]
    experience = "6+ years in mobile development, with at least 1 year in a leadership role."
    soft_skills = [
        "Calm under release pressure",
        "Coaching",
        "Product sense",
    ]
    demand = "high"
    salary = { currency = "USD", min = 110000, max = 150000, period = "year", source = "guide" }

    # Screening: logistics. The ratings say how usable an answer is; they weigh nothing in the mean.

    [[question]]
    id = "screening/1"
    section = "screening"
    ask = "What attracted you to the Mobile Team Lead role?"

    [[question]]
    id = "screening/2"
    section = "screening"
    ask = "What's your current notice period?"

    # Technical

    [[question]]
    id = "technical/1"
    section = "technical"
    ask = "How do you keep the start-up time of an app in check over years of features?"

    [[question]]
    id = "technical/2"
    section = "technical"
    ask = "What belongs in a shared module, and what doesn't?"

    # Behavioural

    [[question]]
    id = "behavioural/1"
    section = "behavioural"
    ask = "Tell me about a release that you pulled back."

    [[question]]
    id = "behavioural/2"
    section = "behavioural"
    ask = "How do you split your time between code and people?"

    # What experienced hiring managers look for, in the technical part

    [[look_for]]
    text = "Measures on real devices"

    [[look_for]]
    text = "Knows both platforms' review rules"

    [[pitfall]]
    text = "Blames the store for every delay"

    [[pitfall]]
    text = "Never mentions crash rates"
    "#);
}

#[test]
fn the_staff_data_engineer_is_imported_exactly() {
    let Some(text) = sample("staff-data-engineer.txt") else {
        return;
    };
    let import = imported(&text);
    assert_snapshot!(import.report, @r#"
       1  left out  boilerplate: opening sentence   This hiring guide gathers what recruiters and hiring managers t…
                    the title, `Staff Data Engineer`, is taken from it
       2  left out  advertisement                   Hire faster with less reading
       3  left out  advertisement                   ResumeSorter reads the pile for you and shows the ten applicati…
       4  left out  advertisement                   Try it free
       5  kept      profile                         A Staff Data Engineer owns the pipelines and the warehouse that…
       6  left out  boilerplate: leads to the list  Based on current job market analysis and industry standards, su…
       7  doubtful  hard skills                     - Fluency in SQL and one of Python, Scala or Java, Distributed…
                    `Fluency in SQL and one of Python, Scala or Java` is taken as one skill: its commas enumerate
       8  kept      experience                      - 7-10 years in data engineering, at least 3 of them setting di…
       9  doubtful  soft skills                     - Clear writing, Patience with stakeholders, Ability to say no,…
                    `with reasons` is taken as a part of `Ability to say no`
      10  kept      salary and demand               According to recent market data, the typical salary range for t…
      11  left out  heading: screening questions    Initial Screening Questions
      12  left out  boilerplate: introduces a list  Industry-standard screening questions used by hiring teams:
      13  kept      screening question 1            - Why this Staff Data Engineer role, and why now?
      14  kept      screening question 2            - Which data platform that you built are you proudest of?
      15  kept      screening question 3            - How much notice do you have to give?
      16  left out  heading: technical questions    Technical Assessment Questions
      17  left out  boilerplate: introduces a list  These questions are compiled from technical interviews and hiri…
      18  kept      technical question 1            - How would you backfill a year of events without stopping the…
      19  kept      technical question 2            - When is a slowly changing dimension the wrong tool?
      20  kept      technical question 3            - What would you measure to know that a table can be trusted?
      21  left out  heading: look-fors              Expert hiring managers look for:
      22  kept      look-for 1                      - Thinks about late and duplicate data before being asked
      23  kept      look-for 2                      - Names the cost of a design, not just its virtue
      24  left out  heading: pitfalls               Common pitfalls:
      25  kept      pitfall 1                       - Reaches for streaming where a daily batch would do
      26  kept      pitfall 2                       - Cannot say who reads the tables
      27  left out  heading: behavioural questions  Behavioral Questions
      28  left out  boilerplate: introduces a list  Based on research and expert interviews, these behavioral quest…
      29  kept      behavioural question 1          - Tell me about a data incident that you caused. What changed a…
      30  kept      behavioural question 2          - When did you talk a team out of building a pipeline?
      31  left out  boilerplate: closing sentence   This comprehensive guide to Staff Data Engineer interview quest…

    Assumed
      an interview takes 30 minutes: three for each question, thirty at least

    Lacking
      when the salary was true: add `as_of`, as in `as_of = "2026-11"`
      competencies, follow-ups and anchors: guides have none; `kits check` says where they belong

    31 lines: 15 kept, 14 left out, 2 doubtful, 0 blank
    "#);
    assert_snapshot!(write(&import.kit), @r#"
    slug = "staff-data-engineer"
    title = "Staff Data Engineer"
    minutes = 30

    [profile]
    summary = "A Staff Data Engineer owns the pipelines and the warehouse that the whole company reads from, sets the standards for data modelling, and helps other teams publish data that can be trusted."
    hard_skills = [
        "Fluency in SQL and one of Python, Scala or Java",
        "Distributed processing (Spark, Flink, etc.)",
        "Data modelling (dimensional, Data Vault)",
        "Orchestration (Airflow, Dagster)",
        "Cloud warehouses (Snowflake, BigQuery)",
    ]
    experience = "7-10 years in data engineering, at least 3 of them setting direction for other engineers."
    soft_skills = [
        "Clear writing",
        "Patience with stakeholders",
        "Ability to say no, with reasons",
        "Curiosity",
    ]
    demand = "medium"
    salary = { currency = "EUR", min = 85000, max = 120000, period = "year", source = "guide" }

    # Screening: logistics. The ratings say how usable an answer is; they weigh nothing in the mean.

    [[question]]
    id = "screening/1"
    section = "screening"
    ask = "Why this Staff Data Engineer role, and why now?"

    [[question]]
    id = "screening/2"
    section = "screening"
    ask = "Which data platform that you built are you proudest of?"

    [[question]]
    id = "screening/3"
    section = "screening"
    ask = "How much notice do you have to give?"

    # Technical

    [[question]]
    id = "technical/1"
    section = "technical"
    ask = "How would you backfill a year of events without stopping the daily load?"

    [[question]]
    id = "technical/2"
    section = "technical"
    ask = "When is a slowly changing dimension the wrong tool?"

    [[question]]
    id = "technical/3"
    section = "technical"
    ask = "What would you measure to know that a table can be trusted?"

    # Behavioural

    [[question]]
    id = "behavioural/1"
    section = "behavioural"
    ask = "Tell me about a data incident that you caused. What changed afterwards?"

    [[question]]
    id = "behavioural/2"
    section = "behavioural"
    ask = "When did you talk a team out of building a pipeline?"

    # What experienced hiring managers look for, in the technical part

    [[look_for]]
    text = "Thinks about late and duplicate data before being asked"

    [[look_for]]
    text = "Names the cost of a design, not just its virtue"

    [[pitfall]]
    text = "Reaches for streaming where a daily batch would do"

    [[pitfall]]
    text = "Cannot say who reads the tables"
    "#);
}
