//! The sentences and headings that are known, and those that only look so.

use super::*;

#[test]
fn headings_are_known_in_any_case_and_with_or_without_a_colon() {
    let screening = Part::Questions(Section::Screening);
    let technical = Part::Questions(Section::Technical);
    let behavioural = Part::Questions(Section::Behavioural);
    for (text, part) in [
        ("Initial Screening Questions", screening),
        ("SCREENING QUESTIONS:", screening),
        ("Phone screen", screening),
        ("Technical Assessment Questions", technical),
        ("technical interview questions", technical),
        ("Technical Questions (45 minutes)", technical),
        ("Part 2: Technical questions for a Tester", technical),
        ("Behavioral Questions", behavioural),
        ("Behavioural interview questions:", behavioural),
        ("Behavioral and Situational Questions", behavioural),
        ("Expert hiring managers look for:", Part::LookFor),
        ("What to look for", Part::LookFor),
        ("Common pitfalls", Part::Pitfalls),
        ("Red flags:", Part::Pitfalls),
        ("Soft skills", Part::SoftSkills),
        ("Technical skills", Part::HardSkills),
        ("Salary range", Part::Salary),
        ("About the role", Part::Profile),
    ] {
        assert_eq!(heading(text), Some(part), "{text}");
    }
    for text in [
        "Culture questions",
        "What do you look for?",
        "Interview Questions for Tester",
        "Questions",
        "How do you test?",
        "",
    ] {
        assert_eq!(heading(text), None, "{text}");
    }
}

#[test]
fn title_lines_name_the_role() {
    for text in [
        "Interview Questions for Mobile Team Lead",
        "Interview Questions for Mobile Team Lead: A Recruiter's Guide",
        "25 Interview Questions for Mobile Team Lead (2026)",
        "Mobile Team Lead Interview Questions",
        "Top 25 Mobile Team Lead interview questions and answers",
        "Mobile Team Lead Hiring Guide | ResumeSorter",
        "Mobile Team Lead: A Recruiter's Guide",
    ] {
        assert_eq!(title_line(text), Some("Mobile Team Lead"), "{text}");
    }
    assert_eq!(title_line("We wrote interview questions for you."), None);
}

#[test]
fn the_sentences_around_the_lists_name_the_role() {
    let find = |text: &'static str| {
        let lower = text.to_ascii_lowercase();
        (
            opening(text, &lower),
            market(text, &lower).and_then(|market| market.plural),
            closing(text, &lower).flatten(),
        )
    };
    assert_eq!(
        find("What people told us about interviewing QA Lead candidates.").0,
        Some("QA Lead")
    );
    assert_eq!(
        find("Tips on interviewing candidates for the QA Lead role").0,
        Some("the QA Lead")
    );
    assert_eq!(
        find("Tests apps. Based on current job market analysis, successful QA Leads typically demonstrate:").1,
        Some("QA Leads")
    );
    assert_eq!(find("Successful QA Leads demonstrate:").1, Some("QA Leads"));
    assert_eq!(
        find("This comprehensive guide to QA Lead interview questions reflects practice.").2,
        Some("QA Lead")
    );
}

#[test]
fn the_lead_of_the_list_is_told_from_the_profile_before_it() {
    let text = "A QA Lead tests. Based on current job market analysis and more, successful QA Leads typically demonstrate: Care";
    let market = market(text, &text.to_ascii_lowercase()).expect("it is there");
    assert_eq!(&text[..market.begins], "A QA Lead tests. ");
    assert_eq!(&text[market.ends..], " Care");
    let text = "Runs successful teams. In our view successful QA Leads typically have:";
    let lower = text.to_ascii_lowercase();
    assert!(super::market(text, &lower).is_some());
}

#[test]
fn english_is_told_from_other_languages() {
    let english = "Tell me about a release that you pulled back. What would you measure?";
    assert!(is_english([english].into_iter()));
    for other in [
        "Erzählen Sie von einem Fehler, den Sie selbst gemacht haben. Was haben Sie daraus gelernt?",
        "Parlez-nous d'un projet difficile. Quels outils avez-vous choisis et pourquoi ?",
        "Расскажите о проекте, которым вы гордитесь.",
        "チームの対立をどう解決しましたか。",
    ] {
        assert!(!is_english([other].into_iter()), "{other}");
    }
}
