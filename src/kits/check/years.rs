//! The rule about years of experience: a least number is a requirement, a highest one keeps out whoever is older. Other hints at age are in `law`.

use super::Check;
use super::asking::compiled;
use super::sentence::plain;
use crate::kits::rule;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! number {
    () => {
        r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
    };
}
macro_rules! years {
    () => {
        r"(?: full| whole| or so)? ?(?:years?|yrs?)\b"
    };
}

static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[
        concat!(
            r"\b",
            number!(),
            r"(?: years?)? ?(?:-|to|and|or|bis) ?",
            number!(),
            years!()
        ),
        concat!(
            r"\b(?:up to|no more than|not more than|at most|at the most|a maximum of|maximum of|maximum|max\.?|less than|fewer than|under|below|not over|not exceeding|no longer than) (?:about |around )?",
            number!(),
            years!()
        ),
        concat!(
            r"\b",
            number!(),
            years!(),
            r" ?(?:\((?:max|maximum|at most)\.?\)|at most|at the most|maximum|max\b|or less|or fewer|or under|tops)"
        ),
        concat!(
            r"\bmaximum (?:\w+ ){1,3}(?:of |is |: )",
            number!(),
            years!()
        ),
    ])
});

/// How recent something is, or how long it lasts, is no bound on experience.
static RECENT: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&[concat!(
        r"\b(?:last|past|next|previous|coming|recent|every|within|over a|term of|over the|notice of|horizon of|roadmap of|lifetime of) (?:about )?",
        number!(),
        r"(?: years?)? ?(?:-|to|and|or)? ?(?:",
        number!(),
        ")?",
        years!()
    )])
});

/// The words of a plain text that bound experience from above.
fn bound(text: &str) -> Option<String> {
    BOUND.find(text)?;
    let rest = RECENT.replace_all(text, "~");
    BOUND
        .find(&rest)
        .map(|found| found.as_str().trim().to_owned())
}

/// Checks everything that says what a role requires.
pub(super) fn years(check: &mut Check<'_>) {
    let kit = check.kit;
    let profile = &kit.profile;
    let mut texts = vec![
        ("profile.experience".to_owned(), &profile.experience),
        ("profile.summary".to_owned(), &profile.summary),
    ];
    let skills = profile.hard_skills.iter().enumerate();
    texts.extend(skills.map(|(index, text)| (format!("profile.hard_skills.{}", index + 1), text)));
    let traits = kit.look_for.iter().enumerate();
    texts.extend(traits.map(|(index, one)| (format!("look_for.{}.text", index + 1), &one.text)));
    for (at, text) in texts {
        if let Some(words) = bound(&plain(text)) {
            let message = format!("“{words}” has an upper bound, which keeps out older people");
            let hint = Some(
                "name the least the work needs, as “5+ years”, or better what somebody must be able to do",
            );
            check.report(rule::UPPER_BOUND_ON_EXPERIENCE, &at, message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_highest_number_of_years_is_found() {
        for text in [
            "8 to 12 years of backend development",
            "Up to 3 years of supporting a product in use.",
            "No more than 5 years in the job",
            "7-10 years in data engineering, at least 3 of them setting direction.",
            "7–10 years",
            "A maximum of four years",
            "Between 3 and 7 years of experience",
            "3 years or less",
            "Three to five years of Rust",
            "less than 10 years of practice",
            "Maximum experience of 6 years",
            "2 years to 4 years as a lead",
            "5 years max",
            "under ten years",
        ] {
            assert!(bound(&plain(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn a_least_number_of_years_and_other_spans_are_let_through() {
        for text in [
            "5+ years of backend development, at least 2 of them leading a team of developers and its projects.",
            "8+ years of backend development with a strong portfolio",
            "At least 3 years",
            "Ten years or more",
            "a minimum of 4 years",
            "more than 6 years of experience",
            "Has led a team for over 5 years",
            "Built something in the last 3 to 5 years",
            "Plans for the next 2 to 3 years",
            "Up to 3 teams at once",
            "up to 30 people, 7-10 services",
            "Knows HTTP/1 to HTTP/3 after years of use",
            "",
        ] {
            assert_eq!(bound(&plain(text)), None, "{text}");
        }
    }
}
