use super::*;

fn roles() -> Vec<RoleNames> {
    let role = |slug: &str, title: &str, aliases: &[&str]| RoleNames {
        slug: slug.into(),
        title: title.into(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    };
    vec![
        role(
            "senior-backend",
            "Senior Backend Developer",
            &[
                "senior-backend-developer",
                "senior-backend-engineer",
                "backend-senior",
            ],
        ),
        role(
            "backend-practice-lead",
            "Backend Practice Lead",
            &["practice-lead"],
        ),
        role(
            "backend-platforms-lead",
            "Backend Platforms Lead",
            &["platforms-lead", "backend-platform-lead"],
        ),
        role(
            "head-of-backend",
            "Head of Backend Engineering",
            &["head-of-backend-engineering", "backend-head"],
        ),
    ]
}

fn one(words: &str, slug: &str, rest: &str) {
    let expected = Resolved::One {
        slug: slug.into(),
        rest: rest.into(),
    };
    assert_eq!(resolve(&roles(), words), expected, "{words:?}");
}

fn many(words: &str, slugs: &[&str], rest: &str) {
    let expected = Resolved::Many {
        slugs: slugs.iter().map(|slug| (*slug).into()).collect(),
        rest: rest.into(),
    };
    assert_eq!(resolve(&roles(), words), expected, "{words:?}");
}

fn none(words: &str, near: &[&str], word: &str, rest: &str) {
    let expected = Resolved::None {
        near: near.iter().map(|slug| (*slug).into()).collect(),
        word: word.into(),
        rest: rest.into(),
    };
    assert_eq!(resolve(&roles(), words), expected, "{words:?}");
}

#[test]
fn slug_alias_and_title_lead_to_the_role() {
    one("senior-backend", "senior-backend", "");
    one("backend-senior", "senior-backend", "");
    one("Senior Backend Developer", "senior-backend", "");
    one("practice-lead", "backend-practice-lead", "");
    one("backend-platform-lead", "backend-platforms-lead", "");
    one("Head of Backend Engineering", "head-of-backend", "");
}

#[test]
fn the_longest_beginning_is_the_role_and_the_rest_the_candidate() {
    one("senior backend Jane Doe", "senior-backend", "Jane Doe");
    one("senior-backend Jane  Doe ", "senior-backend", "Jane  Doe");
    one("senior backend developer Jane", "senior-backend", "Jane");
    one("head of backend Jane", "head-of-backend", "Jane");
    one(
        "head of backend engineering Jane",
        "head-of-backend",
        "Jane",
    );
    one("Backend Practice Lead Zoë", "backend-practice-lead", "Zoë");
    one(
        "backend head Ann-Marie O'Neil",
        "head-of-backend",
        "Ann-Marie O'Neil",
    );
    one(
        "senior-backend محمد <!channel> *x*",
        "senior-backend",
        "محمد <!channel> *x*",
    );
}

#[test]
fn case_spaces_underscores_and_dashes_are_alike() {
    one("  SENIOR_BACKEND  ", "senior-backend", "");
    for dash in [
        '\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '−', '－', '﹣',
    ] {
        one(
            &format!("Senior{dash}Backend Jane"),
            "senior-backend",
            "Jane",
        );
    }
    one("senior\u{A0}backend\u{3000}Jane", "senior-backend", "Jane");
    one("ｓｅｎｉｏｒ-ｂａｃｋｅｎｄ Jane", "senior-backend", "Jane");
    one("senior - backend Jane", "senior-backend", "Jane");
    one(
        "senior\u{AD}-back\u{200B}end Jane",
        "senior-backend",
        "Jane",
    );
}

#[test]
fn what_parts_the_role_from_the_name_belongs_to_neither() {
    one("senior-backend: Jane Doe", "senior-backend", "Jane Doe");
    one("`senior-backend` Jane", "senior-backend", "Jane");
    one("senior-backend — Jane", "senior-backend", "Jane");
    one("senior-backend , Jane", "senior-backend", "Jane");
}

#[test]
fn a_word_of_several_roles_offers_them() {
    many(
        "backend",
        &[
            "senior-backend",
            "backend-practice-lead",
            "backend-platforms-lead",
            "head-of-backend",
        ],
        "",
    );
    many(
        "Backend Lead Jane Doe",
        &["backend-practice-lead", "backend-platforms-lead"],
        "Jane Doe",
    );
    many(
        "lead Jane",
        &["backend-practice-lead", "backend-platforms-lead"],
        "Jane",
    );
}

#[test]
fn a_word_of_one_role_is_enough() {
    one("senior", "senior-backend", "");
    one("senior Jane", "senior-backend", "Jane");
    one("platforms Jane", "backend-platforms-lead", "Jane");
    one("senior developer Jane", "senior-backend", "Jane");
}

#[test]
fn a_slip_of_the_hand_is_offered_its_role() {
    none("senior-backned", &["senior-backend"], "senior-backned", "");
    none(
        "senior-backned Jane Doe",
        &["senior-backend"],
        "senior-backned",
        "Jane Doe",
    );
    none(
        "senior backned Jane Doe",
        &["senior-backend"],
        "senior backned",
        "Jane Doe",
    );
    none("seniorbackend", &["senior-backend"], "seniorbackend", "");
    none(
        "senior-backend-2 Jane",
        &["senior-backend"],
        "senior-backend-2",
        "Jane",
    );
    none(
        "practise lead Zoë",
        &["backend-practice-lead"],
        "practise lead",
        "Zoë",
    );
}

#[test]
fn an_unknown_role_is_quoted() {
    none("florist Jane Doe", &[], "florist", "Jane Doe");
    none("of", &[], "of", "");
    none("", &[], "", "");
    none(" \u{200B}-,_ ", &[], "\u{200B}-,_", "");
    assert_eq!(
        resolve(&[], "senior"),
        Resolved::None {
            near: vec![],
            word: "senior".into(),
            rest: String::new()
        }
    );
}

#[test]
fn long_texts_are_read_quickly() {
    let begun = std::time::Instant::now();
    for text in [
        "senior ".repeat(1000),
        "senior-".repeat(1000),
        "s".repeat(5000),
        "\u{FDFA}".repeat(5000),
        "-".repeat(5000),
    ] {
        let _ = resolve(&roles(), &text);
    }
    assert!(begun.elapsed() < std::time::Duration::from_millis(500));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_the_rest_is_as_typed(words in "\\PC{0,60}|(senior|backend|lead|head|of|[-_ —,:`]| )*\\PC{0,10}") {
        let rest = match resolve(&roles(), &words) {
            Resolved::One { rest, .. } | Resolved::Many { rest, .. } | Resolved::None { rest, .. } => rest,
        };
        proptest::prop_assert!(words.contains(&rest));
    }

    #[test]
    fn a_name_after_a_slug_is_kept(name in "[A-Za-zÀ-ž][A-Za-zÀ-ž' .-]{0,30}[A-Za-zÀ-ž]") {
        let words = format!("senior-backend-engineer {name}");
        let expected = Resolved::One { slug: "senior-backend".into(), rest: name };
        proptest::prop_assert_eq!(resolve(&roles(), &words), expected);
    }
}
