//! What is no guide, or more than one.

use super::*;

#[track_caller]
fn refuses(text: &str) -> String {
    match import(text) {
        Ok(import) => panic!("this was imported:\n{}", import.report),
        Err(why) => why.to_string(),
    }
}

#[test]
fn an_empty_text_is_no_guide() {
    for text in ["", "\n\r\n \t\n", "\u{feff}", "\u{200b}\n\u{a0}"] {
        assert_eq!(import(text), Err(NoGuide::Empty));
    }
}

#[test]
fn a_large_text_is_refused_by_its_size() {
    let large = "- Why?\n".repeat(200_000);
    assert_eq!(import(&large), Err(NoGuide::TooLarge));
    assert!(
        NoGuide::TooLarge
            .to_string()
            .contains("larger than 1024 KiB")
    );
}

#[test]
fn a_binary_file_is_refused_with_the_line_and_the_character() {
    let text = format!("{USUAL}\n\u{1b}[31m");
    assert_eq!(
        import(&text),
        Err(NoGuide::NotText {
            line: 30,
            letter: '\u{1b}'
        })
    );
}

#[test]
fn a_guide_in_another_language_is_refused_and_told_what_was_looked_for() {
    for text in [
        "Fragen für das Vorstellungsgespräch: Testleiter\n\nTechnische Fragen\n- Wie wählen Sie aus, was Sie nicht testen?\n- Was macht einen Test unzuverlässig?\n",
        "Questions techniques\n- Comment choisissez-vous ce que vous ne testez pas ?\n- Racontez-nous un bogue que vous avez laissé passer.\n",
        "Технические вопросы\n- Как вы решаете, что не тестировать?\n",
        "技術的な質問\n・テストしないものをどのように選びますか。\n",
    ] {
        assert_eq!(import(text), Err(NoGuide::NotEnglish), "{text}");
    }
    assert!(
        NoGuide::NotEnglish
            .to_string()
            .contains("Technical Assessment Questions")
    );
}

#[test]
fn a_text_without_a_question_is_no_guide() {
    let letter = "Dear all,\nthe office is closed on Friday and we will be back on Monday.\n";
    assert_eq!(import(letter), Err(NoGuide::NoQuestions));
    let skills = "Interview Questions for QA Lead\nTechnical Questions\nCommon pitfalls\n- Wants to test everything\n";
    assert_eq!(import(skills), Err(NoGuide::NoQuestions));
}

#[test]
fn two_roles_in_one_file_are_refused_with_both_lines() {
    let other = USUAL.replace("QA Lead", "Data Analyst");
    let why = refuses(&format!("{USUAL}\n{other}"));
    assert!(why.contains("line 1 says \u{201C}QA Lead\u{201D}"), "{why}");
    assert!(
        why.contains("line 30 \u{201C}Data Analyst\u{201D}"),
        "{why}"
    );
    // Without title lines, too.
    let untitled = |text: &str| text.lines().skip(2).collect::<Vec<&str>>().join("\n");
    let why = refuses(&format!("{}\n{}", untitled(USUAL), untitled(&other)));
    assert!(why.contains("line 1 says \u{201C}QA Lead\u{201D}"), "{why}");
    assert!(
        why.contains("line 27 \u{201C}Data Analyst\u{201D}"),
        "{why}"
    );
}

#[test]
fn one_guide_pasted_twice_is_refused_with_both_headings() {
    let why = refuses(&format!("{USUAL}{USUAL}"));
    assert!(why.contains("line 13 says"), "{why}");
    assert!(why.contains("line 41 "), "{why}");
    let again = format!("{USUAL}Technical Questions (continued)\n- What is a mock?\n");
    assert_eq!(asks(&imported(&again).kit, Section::Technical).len(), 3);
}

#[test]
fn five_hundred_questions_are_the_most() {
    let guide = |count: usize| {
        let questions: String = (1..=count).map(|one| format!("- Why {one}?\n")).collect();
        format!("Interview Questions for QA Lead\nScreening Questions\n{questions}")
    };
    let import = imported(&guide(500));
    assert_eq!((import.kit.questions.len(), import.kit.minutes), (500, 480));
    assert_eq!(
        super::super::import(&guide(501)),
        Err(NoGuide::TooManyQuestions { line: 503 })
    );
}

#[test]
fn a_guide_that_names_no_role_is_refused() {
    let text = "Technical Questions\n- What makes a test flaky?\n- How do you choose?\n";
    assert_eq!(import(text), Err(NoGuide::NoTitle));
}
