//! Everything in which guides differ, one at a time, from the usual one.

use super::*;

/// The usual guide with some words replaced, which must be there.
#[track_caller]
fn with(changes: &[(&str, &str)]) -> String {
    let mut text = USUAL.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

#[track_caller]
fn same_kit(text: &str) -> Import {
    let import = imported(text);
    assert_eq!(import.kit, usual(), "{text}\n{}", import.report);
    import
}

#[test]
fn line_ends_a_byte_order_mark_and_odd_spaces_change_nothing() {
    same_kit(&USUAL.replace('\n', "\r\n"));
    same_kit(&USUAL.replace('\n', "\r"));
    same_kit(&format!("\u{feff}{USUAL}"));
    same_kit(
        &USUAL
            .replace("- ", "-\u{a0}")
            .replace(" candidates", "\u{a0}candidates"),
    );
    same_kit(
        &USUAL
            .replace("the", "t\u{200b}he")
            .replace("Lead", "\u{2060}Lead\u{ad}"),
    );
    same_kit(&USUAL.replace('\n', "  \n").replace(' ', "  "));
    same_kit(USUAL.trim_end());
}

#[test]
fn blank_lines_may_stand_anywhere() {
    let import = same_kit(&USUAL.replace('\n', "\n\n"));
    assert_eq!(import.report.blank, 28);
    same_kit(&format!("\n\n\n{}", USUAL.replace('\n', "\n \u{a0}\n\t\n")));
}

#[test]
fn bullets_of_every_kind_are_bullets() {
    for bullet in [
        "* ", "• ", "  • ", "– ", "· ", "+ ", "    - ", "\t• ", "•", "-",
    ] {
        let import = same_kit(&USUAL.replace("\n- ", &format!("\n{bullet}")));
        assert_eq!(
            import.report.count(Fate::Doubtful),
            0,
            "{bullet}\n{}",
            import.report
        );
    }
    for (before, after) in [("", ". "), ("", ") "), ("(", ") "), ("  ", ". ")] {
        let mut number = 0;
        let lines = USUAL.lines().map(|line| match line.strip_prefix("- ") {
            Some(words) => {
                number += 1;
                format!("{before}{number}{after}{words}\n")
            }
            None => format!("{line}\n"),
        });
        same_kit(&lines.collect::<String>());
    }
}

#[test]
fn a_bullet_may_stand_alone_above_its_words() {
    let import = same_kit(&USUAL.replace("\n- ", "\n•\n"));
    assert_eq!(
        told(&import, "Why testing?"),
        (Fate::Doubtful, true, "screening question 1".into())
    );
}

#[test]
fn marks_without_words_are_left_out() {
    let import = same_kit(&with(&[("- Why testing?", "-\n##\n- \n- Why testing?")]));
    assert_eq!(
        told(&import, "##"),
        (Fate::LeftOut, false, "a mark without words".into())
    );
}

#[test]
fn words_without_any_bullet_are_items_with_doubts() {
    let import = same_kit(&USUAL.replace("\n- ", "\n"));
    assert_eq!(told(&import, "Why testing?").0, Fate::Doubtful);
    assert_eq!(told(&import, "Tell me about").2, "behavioural question 1");
    assert_eq!(told(&import, "Weighs risk").2, "look-for 1");
}

#[test]
fn headings_are_headings_in_any_case_and_with_any_mark() {
    let headings = [
        "Initial Screening Questions",
        "Technical Assessment Questions",
        "Expert hiring managers look for:",
        "Common pitfalls:",
        "Behavioral Questions",
    ];
    let changed = |change: &dyn Fn(&str) -> String| {
        let lines = USUAL.lines().map(|line| {
            let line = if headings.contains(&line) {
                change(line)
            } else {
                line.to_owned()
            };
            format!("{line}\n")
        });
        lines.collect::<String>()
    };
    same_kit(&changed(&|line| line.to_uppercase()));
    same_kit(&changed(&|line| line.to_lowercase()));
    same_kit(&changed(&|line| format!("{}:", line.trim_end_matches(':'))));
    same_kit(&changed(&|line| line.trim_end_matches(':').to_owned()));
    same_kit(&changed(&|line| format!("## {line}")));
    same_kit(&changed(&|line| format!("### **{line}** ###")));
    same_kit(&changed(&|line| format!("**{line}**")));
    same_kit(&changed(&|line| format!("   {line}   ")));
    same_kit(&changed(&|line| format!("{line}\n---")));
    same_kit(
        &USUAL
            .replace("Behavioral Q", "Behavioural Q")
            .replace("behavioral", "behavioural"),
    );
    same_kit(&with(&[
        ("Initial Screening Questions", "1. Screening"),
        (
            "Technical Assessment Questions",
            "2. Technical interview questions",
        ),
        ("Behavioral Questions", "3) Behavioural interview"),
    ]));
}

#[test]
fn items_in_bold_lose_their_marks() {
    let lines = USUAL.lines().map(|line| match line.strip_prefix("- ") {
        Some(words) => format!("* **{words}**\n"),
        None => format!("{line}\n"),
    });
    same_kit(&lines.collect::<String>());
}

#[test]
fn quotes_are_straightened_and_other_signs_are_left() {
    let import = imported(&with(&[(
        "Why testing?",
        "What\u{2019}s \u{201c}done\u{201d} \u{2013} and when\u{2026}?",
    )]));
    assert_eq!(
        asks(&import.kit, Section::Screening)[0],
        "What's \"done\" \u{2013} and when\u{2026}?"
    );
}

#[test]
fn the_title_comes_from_whichever_line_names_the_role() {
    let no_title = USUAL.lines().skip(2).collect::<Vec<&str>>().join("\n");
    assert_eq!(imported(&no_title).kit.title, "QA Lead");
    let no_opening: String = no_title.lines().skip(1).collect::<Vec<&str>>().join("\n");
    assert_eq!(imported(&no_opening).kit.title, "QA Lead");
    let no_closing: Vec<&str> = no_opening
        .lines()
        .filter(|line| !line.starts_with("This comp"))
        .collect();
    let import = imported(&no_closing.join("\n"));
    assert_eq!(import.kit.title, "QA Lead");
    assert!(
        import.report.assumed[0].contains("`QA Lead` is the singular of `QA Leads`"),
        "{}",
        import.report
    );
    let no_market: Vec<&str> = no_closing
        .iter()
        .copied()
        .filter(|line| !line.starts_with("Based on current"))
        .collect();
    let import = imported(&no_market.join("\n"));
    assert_eq!(import.kit.title, "QA Lead");
    assert!(
        import.report.assumed[0].contains("no line says whom the guide is for"),
        "{}",
        import.report
    );
    let first = imported("Mobile QA Lead\n\nTechnical questions\n- What makes a test flaky?\n");
    assert_eq!(
        (&*first.kit.title, first.kit.slug.as_str()),
        ("Mobile QA Lead", "mobile-qa-lead")
    );
    assert_eq!(
        told(&first, "Mobile QA Lead"),
        (Fate::Kept, true, "title".into())
    );
    let asked = imported("Screening questions\n- What attracted you to the Mobile QA Lead role?\n");
    assert_eq!(asked.kit.title, "Mobile QA Lead");
}

#[test]
fn the_title_is_singular_and_in_mixed_case() {
    for (several, one, slug) in [
        (
            "Directors of Engineering",
            "Director of Engineering",
            "director-of-engineering",
        ),
        ("Heads of Sales", "Head of Sales", "head-of-sales"),
        ("Data Analysts", "Data Analyst", "data-analyst"),
    ] {
        let text = format!(
            "Based on current job market analysis, successful {several} typically demonstrate:\n- A\nTechnical questions\n- Why?\n"
        );
        let import = imported(&text);
        assert_eq!((&*import.kit.title, import.kit.slug.as_str()), (one, slug));
    }
    let import = imported(&with(&[(
        "Interview Questions for QA Lead\n",
        "INTERVIEW QUESTIONS FOR QA LEADS\n",
    )]));
    assert_eq!(import.kit.title, "QA Lead");
}

#[test]
fn a_role_named_otherwise_elsewhere_is_warned_of() {
    let import = imported(&with(&[(
        "guide to QA Lead interview",
        "guide to Test Lead interview",
    )]));
    assert_eq!(import.kit.title, "QA Lead");
    assert_eq!(import.report.warnings.len(), 1);
    assert_eq!(import.report.warnings[0].line, Some(28));
}

#[test]
fn the_profile_may_run_on_into_the_next_sentence() {
    let run_on = with(&[("is done.\nBased on current", "is done. Based on current")]);
    let import = same_kit(&run_on);
    assert_eq!(
        told(&import, "decides how"),
        (Fate::Kept, true, "profile".into())
    );
    let told = &import.report.lines[6];
    assert!(
        told.why[0].starts_with("left out as boilerplate: `Based on current"),
        "{told:?}"
    );
}

#[test]
fn an_advertisement_is_left_out_wherever_it_stands_near_the_top() {
    let advertisement = "Hire faster with less reading\nRoboSieve ranks your pile\nTry it free\n";
    for text in [
        with(&[(advertisement, "")]),
        format!("{advertisement}{}", with(&[(advertisement, "")])),
        with(&[
            (advertisement, ""),
            ("is done.\n", &format!("is done.\n{advertisement}")),
        ]),
        with(&[(
            advertisement,
            "Screen ten times quicker.\nRoboSieve ranks your pile.\nGet started today!\n",
        )]),
        with(&[(
            advertisement,
            "Half the time, all the talent\nRoboSieve ranks your pile\nSee how it works\n",
        )]),
    ] {
        let import = same_kit(&text);
        assert_eq!(import.report.count(Fate::Doubtful), 0, "{}", import.report);
    }
    let import = same_kit(&with(&[(advertisement, "5 min read\n")]));
    assert_eq!(
        told(&import, "5 min read"),
        (Fate::Doubtful, false, "advertisement".into())
    );
}

#[test]
fn broken_bullets_and_paragraphs_are_put_together_with_doubts() {
    let import = same_kit(&with(&[
        ("How do you choose what", "How do you choose\n  what"),
        ("decides how testing", "decides how\ntesting"),
        ("Tell me about a bug", "Tell me about a\nbug"),
    ]));
    assert_eq!(
        told(&import, "what not to test?"),
        (Fate::Doubtful, true, "technical question 1".into())
    );
    assert_eq!(
        told(&import, "testing is done."),
        (Fate::Doubtful, true, "profile".into())
    );
}

#[test]
fn an_unknown_heading_is_reported_with_its_line_and_so_is_what_stands_below_it() {
    let import = imported(&with(&[(
        "Behavioral Questions",
        "Culture questions\n- What do you value?\nBehavioral Questions",
    )]));
    assert_eq!(import.kit, usual());
    assert_eq!(
        told(&import, "Culture"),
        (Fate::Doubtful, false, "a heading".into())
    );
    assert_eq!(
        told(&import, "What do you value?"),
        (Fate::Doubtful, false, "an item".into())
    );
    assert_eq!(import.report.warnings.len(), 1);
    assert_eq!(import.report.warnings[0].line, Some(25));
    // A heading within a list of questions divides it.
    let import = imported(&with(&[(
        "- What makes a test flaky?",
        "Automation\n- What makes a test flaky?\n- Bring a laptop",
    )]));
    assert_eq!(import.kit, usual());
    assert_eq!(
        told(&import, "What makes"),
        (Fate::Doubtful, true, "technical question 2".into())
    );
    assert_eq!(
        told(&import, "laptop"),
        (Fate::Doubtful, false, "an item".into())
    );
}

#[test]
fn an_empty_list_and_a_missing_part_are_reported() {
    let import = imported(&with(&[("- Wants to test everything\n", "")]));
    assert!(import.kit.pitfalls.is_empty());
    assert_eq!(import.report.warnings[0].line, Some(23));
    assert!(
        import
            .report
            .lacks
            .iter()
            .any(|lack| lack.starts_with("pitfalls: add"))
    );

    let start = USUAL.find("Behavioral Questions").expect("it is there");
    let import = imported(&USUAL[..start]);
    assert!(
        import
            .report
            .lacks
            .iter()
            .any(|lack| lack.starts_with("behavioural questions: add"))
    );

    let import = imported(
        "Interview Questions for QA Lead\nTechnical questions\n- What makes a test flaky?\n",
    );
    let lacks = import.report.lacks.join("\n");
    for missing in [
        "the profile",
        "hard skills",
        "the experience",
        "soft skills",
        "the salary",
        "the demand",
        "screening",
        "behavioural",
        "look for",
        "pitfalls",
        "anchors",
    ] {
        assert!(lacks.contains(missing), "{missing} in {lacks}");
    }
    assert_eq!(
        import.kit.profile.summary,
        "The guide for QA Lead describes no profile."
    );
}

#[test]
fn a_first_list_of_another_length_is_doubted() {
    let import = imported(&with(&[("- Patience, Plain speech\n", "")]));
    assert_eq!(
        told(&import, "4+ years"),
        (Fate::Doubtful, true, "experience".into())
    );
    assert!(import.kit.profile.soft_skills.is_empty());
    let import = imported(&with(&[(
        "- 4+ years in testing.\n",
        "- SQL\n- 4+ years in testing.\n",
    )]));
    assert_eq!(import.kit.profile.hard_skills.len(), 4);
    assert_eq!(
        told(&import, "SQL"),
        (Fate::Doubtful, true, "hard skills".into())
    );
    let labelled = with(&[
        ("- Test design", "- Hard skills: Test design"),
        ("- 4+ years", "- **Experience:** 4+ years"),
        ("- Patience", "- Soft skills: Patience"),
    ]);
    same_kit(&labelled);
    let headed = with(&[
        ("- Test design", "Hard skills\n- Test design"),
        ("- 4+ years", "Experience:\n- 4+ years"),
        ("- Patience", "Soft skills\n- Patience"),
        ("According to", "Salary\nAccording to"),
    ]);
    same_kit(&headed);
}

#[test]
fn the_salary_is_dated_by_the_guide_or_by_the_caller() {
    let salary = |import: Import| import.kit.profile.salary.expect("there is one").as_of;
    assert_eq!(
        salary(imported(&with(&[(
            "recent market data",
            "market data of March 2026"
        )]))),
        "2026-03"
    );
    let import = imported(&with(&[(
        "Hire faster",
        "Last updated: 2026-05\nHire faster",
    )]));
    assert_eq!(
        told(&import, "Last updated"),
        (Fate::Doubtful, true, "date".into())
    );
    assert_eq!(salary(import), "2026-05");
    let import = imported(USUAL);
    assert!(import.report.lacks[0].contains("as_of"));
    let import = import.dated("2026-11");
    assert!(!import.report.lacks[0].contains("as_of"));
    assert_eq!(salary(import), "2026-11");
}

#[test]
fn a_salary_that_cannot_be_read_is_told_and_not_kept() {
    let import = imported(&with(&[("$90,000 - $120,000 per year", "competitive")]));
    assert_eq!(
        told(&import, "competitive"),
        (Fate::Doubtful, true, "demand".into())
    );
    assert_eq!(import.kit.profile.salary, None);
    let import = imported(&with(&[(" per year, with Low demand in the market", "")]));
    assert!(
        import
            .report
            .assumed
            .iter()
            .any(|one| one.contains("for a year"))
    );
    assert!(
        import
            .report
            .lacks
            .iter()
            .any(|lack| lack.starts_with("the demand"))
    );
}

#[test]
fn what_is_asked_twice_is_warned_of() {
    let import = imported(&with(&[(
        "- When could you start?",
        "- When could you start?\n- Why testing?",
    )]));
    let warnings: Vec<(Option<usize>, &str)> = import
        .report
        .warnings
        .iter()
        .map(|one| (one.line, &*one.message))
        .collect();
    assert_eq!(warnings, [(Some(17), "line 15 says the same")]);
}

#[test]
fn bullets_before_the_first_list_are_no_skills() {
    let import = same_kit(&with(&[(
        "The QA Lead decides",
        "- 5 minutes to read\nThe QA Lead decides",
    )]));
    assert_eq!(
        told(&import, "5 minutes"),
        (Fate::Doubtful, false, "an item".into())
    );
}

#[test]
fn a_title_line_that_names_nobody_is_doubted() {
    let import = same_kit(&format!(
        "Interview Questions for {}\n{USUAL}",
        "very ".repeat(13)
    ));
    assert_eq!(
        told(&import, "very very"),
        (Fate::Doubtful, false, "title".into())
    );
}

#[test]
fn a_title_that_cannot_be_typed_becomes_a_slug_that_can() {
    for (title, slug) in [
        ("Инженер", "role"),
        ("3D Artist", "role-3d-artist"),
        ("Export", "export-role"),
        ("Größenwahn & Co", "grossenwahn-and-co"),
    ] {
        let import = imported(&format!(
            "Interview Questions for {title}\nTechnical questions\n- What is it?\n"
        ));
        assert_eq!(import.kit.slug.as_str(), slug);
    }
}

#[test]
fn what_is_too_long_for_slack_is_left_out_and_told() {
    let long = format!("How {}?", "very ".repeat(600));
    let import = imported(&with(&[
        ("What makes a test flaky?", &long),
        ("4+ years in testing.", &long),
        ("decides how testing is done", &long),
    ]));
    assert!(!told(&import, "- How very").1);
    assert_eq!(import.kit.profile.experience, "");
    assert!(import.kit.profile.summary.contains("describes no profile"));
    let many: String = (0..60).map(|one| format!("- Trait {one}\n")).collect();
    let import = imported(&with(&[("- Wants to test everything\n", &many)]));
    assert_eq!(import.kit.pitfalls.len(), 50);
    assert_eq!(
        told(&import, "Trait 50"),
        (Fate::LeftOut, false, "too many".into())
    );
    let many: Vec<String> = (0..60).map(|one| format!("Skill {one}")).collect();
    let import = imported(&with(&[("Patience, Plain speech", &many.join(", "))]));
    assert_eq!(import.kit.profile.soft_skills.len(), 50);
    assert_eq!(told(&import, "Skill 59").0, Fate::Doubtful);
}

#[test]
fn a_table_of_contents_is_left_out() {
    let contents =
        "- Initial Screening Questions\n- Technical Assessment Questions\n- Behavioral Questions\n";
    let import = same_kit(&with(&[(
        "The QA Lead decides",
        &format!("{contents}The QA Lead decides"),
    )]));
    assert_eq!(
        told(&import, "- Behavioral"),
        (Fate::LeftOut, false, "table of contents".into())
    );
    same_kit(&with(&[(
        "The QA Lead decides",
        "Screening Questions\nTechnical Questions\nBehavioral Questions\n\nThe QA Lead decides",
    )]));
}
