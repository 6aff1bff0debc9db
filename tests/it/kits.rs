//! The four kits that are shipped: the facts they must state, and what each question must carry.

use interview_assistant::domain::kit::{Demand, Kit, Section};
use interview_assistant::kits::{self, Resolved, RoleNames, resolve};

struct Facts {
    slug: &'static str,
    title: &'static str,
    aliases: &'static [&'static str],
    salary: (u64, u64),
    experience: &'static [&'static str],
    hard_skills: usize,
    soft_skills: usize,
    look_for: usize,
    pitfalls: usize,
}

const ROLES: [Facts; 4] = [
    Facts {
        slug: "senior-backend",
        title: "Senior Backend Developer",
        aliases: &[
            "senior-backend-developer",
            "senior-backend-engineer",
            "backend-senior",
        ],
        salary: (100_000, 150_000),
        experience: &["5+ years"],
        hard_skills: 7,
        soft_skills: 5,
        look_for: 4,
        pitfalls: 4,
    },
    Facts {
        slug: "backend-practice-lead",
        title: "Backend Practice Lead",
        aliases: &["practice-lead"],
        salary: (120_000, 180_000),
        experience: &["8+ years"],
        hard_skills: 8,
        soft_skills: 6,
        look_for: 5,
        pitfalls: 5,
    },
    Facts {
        slug: "backend-platforms-lead",
        title: "Backend Platforms Lead",
        aliases: &["platforms-lead", "backend-platform-lead"],
        salary: (120_000, 160_000),
        experience: &["5+ years", "at least 2"],
        hard_skills: 9,
        soft_skills: 6,
        look_for: 5,
        pitfalls: 5,
    },
    Facts {
        slug: "head-of-backend",
        title: "Head of Backend Engineering",
        aliases: &["head-of-backend-engineering", "backend-head"],
        salary: (150_000, 250_000),
        experience: &["8 to 12 years", "at least 5"],
        hard_skills: 6,
        soft_skills: 5,
        look_for: 5,
        pitfalls: 5,
    },
];

fn shipped() -> Vec<Kit> {
    let survey = kits::survey_embedded();
    let (files, broken) = survey.sound();
    assert!(broken.is_empty(), "{broken:?}");
    files.into_iter().map(|file| file.kit).collect()
}

fn kit(slug: &str) -> Kit {
    shipped()
        .into_iter()
        .find(|kit| kit.slug.as_str() == slug)
        .unwrap_or_else(|| panic!("there is a kit {slug}"))
}

#[test]
fn the_four_roles_state_their_facts() {
    assert_eq!(shipped().len(), ROLES.len());
    for facts in ROLES {
        let kit = kit(facts.slug);
        assert_eq!(kit.title, facts.title);
        assert_eq!(kit.aliases, facts.aliases);
        let profile = &kit.profile;
        let salary = profile.salary.as_ref().expect("the guide has a range");
        assert_eq!((salary.min, salary.max), facts.salary, "{}", facts.slug);
        assert_eq!((&*salary.currency, &*salary.period), ("USD", "year"));
        assert_eq!(profile.demand, Some(Demand::High));
        for years in facts.experience {
            assert!(profile.experience.contains(years), "{}", profile.experience);
        }
        assert_eq!(
            profile.hard_skills.len(),
            facts.hard_skills,
            "{}",
            facts.slug
        );
        assert_eq!(
            profile.soft_skills.len(),
            facts.soft_skills,
            "{}",
            facts.slug
        );
        assert_eq!(kit.look_for.len(), facts.look_for, "{}", facts.slug);
        assert_eq!(kit.pitfalls.len(), facts.pitfalls, "{}", facts.slug);
    }
}

#[test]
fn there_are_sixty_questions_with_stable_ids() {
    let mut count = 0;
    for kit in shipped() {
        let ids: Vec<&str> = kit.questions.iter().map(|one| one.id.as_str()).collect();
        let expected: Vec<String> = Section::ALL
            .iter()
            .flat_map(|section| (1..=5).map(move |number| format!("{}/{number}", section.slug())))
            .collect();
        assert_eq!(ids, expected, "{}", kit.slug);
        count += kit.asked().count();
    }
    assert_eq!(count, 60);
}

#[test]
fn every_question_has_follow_ups_and_a_competency() {
    for kit in shipped() {
        for question in kit.asked() {
            let name = format!("{} {}", kit.slug, question.id);
            assert!((2..=3).contains(&question.follow_up.len()), "{name}");
            assert_eq!(
                question.competency.is_none(),
                question.section == Section::Screening,
                "{name}"
            );
        }
    }
}

#[test]
fn every_question_says_what_each_rating_sounds_like_in_words_of_its_own() {
    let mut all = Vec::new();
    for kit in shipped() {
        for question in kit.asked() {
            let anchors = question.anchors.clone();
            let anchors =
                anchors.unwrap_or_else(|| panic!("{} {} has anchors", kit.slug, question.id));
            all.extend([anchors.poor, anchors.mixed, anchors.good, anchors.excellent]);
        }
    }
    assert_eq!(all.len(), 4 * 60);
    for anchor in &all {
        assert!(anchor.chars().count() <= 140, "{anchor}");
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4 * 60, "each is written for its question");
}

#[test]
fn every_technical_question_has_two_answers_to_calibrate_with() {
    let mut texts = Vec::new();
    for kit in shipped() {
        for question in kit.section(Section::Technical) {
            let answers = kit
                .samples
                .iter()
                .filter(|sample| sample.question == question.id);
            let answers: Vec<&str> = answers.map(|sample| sample.text.as_str()).collect();
            assert_eq!(answers.len(), 2, "{} {}", kit.slug, question.id);
            for answer in answers {
                let words = answer.split_whitespace().count();
                assert!((60..=160).contains(&words), "{words} words: {answer}");
                texts.push(answer.to_owned());
            }
        }
    }
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 40, "each is an answer of its own");
}

#[test]
fn salary_history_is_never_asked_for_and_the_note_says_so() {
    for kit in shipped() {
        let question = kit
            .question(&"screening/4".into())
            .expect("it asks about salary");
        let ask = question.ask.to_lowercase();
        assert!(ask.contains("salary") || ask.contains("pay"), "{ask}");
        for past in [
            "current", "history", "last", "previous", "earn now", "paid now",
        ] {
            assert!(!ask.contains(past), "{ask}");
        }
        assert!(
            question.note.contains("unlawful"),
            "{}: {}",
            kit.slug,
            question.note
        );
    }
}

#[test]
fn the_check_finds_nothing_in_the_shipped_kits() {
    let survey = kits::survey_embedded();
    let grave: Vec<String> = survey.findings.iter().map(ToString::to_string).collect();
    assert_eq!(grave, Vec::<String>::new());
}

#[test]
fn a_kits_version_is_twelve_hexadecimal_digits_and_its_own() {
    let mut versions: Vec<_> = shipped().iter().map(kits::version).collect();
    assert!(versions.iter().all(|version| version.as_str().len() == 12));
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 4);
}

#[test]
fn what_people_type_leads_to_the_shipped_roles() {
    let roles: Vec<RoleNames> = shipped().iter().map(RoleNames::from).collect();
    for facts in ROLES {
        for name in [facts.slug, facts.title].iter().chain(facts.aliases) {
            let expected = Resolved::One {
                slug: facts.slug.into(),
                rest: "Zoë O'Neil-Doe".into(),
            };
            assert_eq!(resolve(&roles, &format!("{name} Zoë O'Neil-Doe")), expected);
        }
    }
    let Resolved::Many { slugs, .. } = resolve(&roles, "backend") else {
        panic!("`backend` is a word of all four");
    };
    assert_eq!(slugs.len(), 4);
}
