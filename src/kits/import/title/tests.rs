//! Names for one and for several, and the slugs made of them.

use super::*;

#[test]
fn several_people_become_one() {
    for (several, one) in [
        ("Mobile Team Leads", "Mobile Team Lead"),
        ("Directors of Engineering", "Director of Engineering"),
        ("Heads of Sales", "Head of Sales"),
        ("Data Analysts", "Data Analyst"),
        ("Executive Secretaries", "Executive Secretary"),
        ("Chiefs of Staff", "Chief of Staff"),
        ("Salespeople", "Salesperson"),
        ("Foremen", "Foreman"),
        ("Sous-Chefs", "Sous-Chef"),
        ("Engineers (Mobile)", "Engineer (Mobile)"),
        ("QA LEADS", "QA LEAD"),
        ("SREs", "SRE"),
    ] {
        assert_eq!(singular(several, true), one);
    }
    for one in [
        "VP Sales",
        "Head of Operations",
        "Director of Sales",
        "DevOps",
        "Boss",
        "Mobile Team Lead",
        "Head of Systems",
    ] {
        assert_eq!(singular(one, false), one);
    }
    assert_eq!(singular("Mobile Team Leads", false), "Mobile Team Lead");
}

#[test]
fn a_title_becomes_a_slug() {
    for (title, expected) in [
        ("Mobile Team Lead", "mobile-team-lead"),
        ("Leiter für Größe & Maß", "leiter-fur-grosse-and-mass"),
        ("C++ Developer", "c-plus-plus-developer"),
        ("C# / .NET Engineer", "c-sharp-net-engineer"),
        ("Node.js Developer", "nodejs-developer"),
        ("3D Artist", "role-3d-artist"),
        ("Łukasz Ørsted Æon", "lukasz-orsted-aeon"),
        ("Import", "import-role"),
        ("Инженер", "role"),
        (
            "Senior Principal Distributed Systems Reliability Engineer",
            "senior-principal-distributed-systems",
        ),
    ] {
        assert_eq!(slug(title), expected);
    }
    assert_eq!(slug(&"x".repeat(60)).len(), 40);
}

fn named(source: Source, line: usize, role: &str) -> Candidate {
    Candidate::new(source, line, role).expect("it can be a role's name")
}

#[test]
fn the_title_is_one_person_in_mixed_case() {
    let choice = choose(&[
        named(Source::TitleLine, 1, "MOBILE TEAM LEADS"),
        named(Source::Market, 9, "Mobile Team Leads"),
        named(Source::Opening, 3, "Mobile Team Lead"),
    ]);
    let choice = choice.expect("there are three");
    assert_eq!(
        (&*choice.title, choice.guess, choice.other),
        ("Mobile Team Lead", None, None)
    );
    let choice =
        choose(&[named(Source::Market, 9, "Directors of Engineering")]).expect("there is one");
    assert_eq!(choice.title, "Director of Engineering");
    assert!(choice.guess.is_some());
}

#[test]
fn names_that_differ_are_two_roles() {
    let one = named(Source::TitleLine, 1, "Tester");
    let two = named(Source::TitleLine, 40, "Data Analyst");
    let same = named(Source::TitleLine, 3, "Testers");
    assert_eq!(two_roles(&[one.clone(), same.clone()]), None);
    assert_eq!(
        two_roles(&[one.clone(), same, two.clone()]),
        Some([&one, &two])
    );
}

#[test]
fn what_names_nobody_is_no_title() {
    assert_eq!(Candidate::new(Source::Opening, 1, "strong"), None);
    assert_eq!(Candidate::new(Source::TitleLine, 1, "…"), None);
    assert_eq!(
        named(Source::Opening, 1, "the QA Lead role").role,
        "QA Lead"
    );
}
