//! What recruiters' guides say in nearly the same words: headings, the sentences around the lists, title lines. What becomes of a line is decided in `gather`.

use crate::domain::kit::Section;

/// The part of a guide that a heading opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Questions(Section),
    LookFor,
    Pitfalls,
    HardSkills,
    Experience,
    SoftSkills,
    Salary,
    Demand,
    Profile,
}

impl Part {
    /// How a person names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Questions(Section::Screening) => "screening questions",
            Self::Questions(Section::Technical) => "technical questions",
            Self::Questions(Section::Behavioural) => "behavioural questions",
            Self::LookFor => "look-fors",
            Self::Pitfalls => "pitfalls",
            Self::HardSkills => "hard skills",
            Self::Experience => "experience",
            Self::SoftSkills => "soft skills",
            Self::Salary => "salary",
            Self::Demand => "demand",
            Self::Profile => "profile",
        }
    }
}

/// More words than this are no heading.
const HEADING_WORDS: usize = 9;
/// More characters than this are no heading and no title line.
const HEADING: usize = 120;

/// Words that may stand in a heading without changing what it means.
const FILLERS: [&str; 30] = [
    "a",
    "an",
    "and",
    "ask",
    "asked",
    "assessment",
    "common",
    "essential",
    "for",
    "in",
    "initial",
    "interview",
    "interviews",
    "key",
    "list",
    "of",
    "our",
    "part",
    "question",
    "questions",
    "recommended",
    "round",
    "sample",
    "section",
    "stage",
    "step",
    "the",
    "to",
    "top",
    "your",
];

/// The part that a line opens, if it is one of the headings that are known, in any case, with or without a colon.
pub(super) fn heading(text: &str) -> Option<Part> {
    if text.len() > HEADING || text.ends_with(['?', '!', ';']) {
        return None;
    }
    let text = text.trim_end_matches([':', '.', ' ', '-', '–', '—']);
    // "Technical questions (45 minutes)"
    let text = match text.rfind('(') {
        Some(open) if text.ends_with(')') && open > 0 => &text[..open],
        _ => text,
    };
    let lower = text.to_ascii_lowercase().replace('\'', "");
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() || words.len() > HEADING_WORDS {
        return None;
    }
    if let Some(part) = of_the_technical_part(&words) {
        return Some(part);
    }
    // "Technical interview questions for a tester"
    let named = words.iter().position(|word| word.starts_with("question"));
    let end = match (named, words.iter().rposition(|word| *word == "for")) {
        (Some(named), Some(end)) if end > named => end,
        _ => words.len(),
    };
    let bare: Vec<&str> = words[..end]
        .iter()
        .copied()
        .filter(|word| !FILLERS.contains(word) && !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    Some(match bare[..] {
        ["screening" | "prescreening" | "screen"]
        | ["pre" | "phone" | "recruiter", "screening" | "screen"] => {
            Part::Questions(Section::Screening)
        }
        ["technical"] | ["technical", "knowledge" | "competency" | "expertise"] => {
            Part::Questions(Section::Technical)
        }
        ["behavioural" | "behavioral" | "behaviour" | "behavior"]
        | ["behavioural" | "behavioral", "situational"]
        | ["situational", "behavioural" | "behavioral"] => Part::Questions(Section::Behavioural),
        ["hard" | "technical" | "required", "skills"] => Part::HardSkills,
        ["soft" | "interpersonal", "skills"] => Part::SoftSkills,
        ["experience"] | ["required" | "relevant", "experience"] | ["experience", "required"] => {
            Part::Experience
        }
        ["salary" | "compensation" | "pay"]
        | ["salary" | "pay" | "compensation", "range"]
        | ["typical", "salary", "range"] => Part::Salary,
        ["demand"] | ["market", "demand"] => Part::Demand,
        ["profile" | "summary" | "overview"]
        | [
            "role" | "job" | "candidate",
            "profile" | "summary" | "overview" | "description",
        ]
        | ["about", "role" | "job"] => Part::Profile,
        _ => return None,
    })
}

fn of_the_technical_part(words: &[&str]) -> Option<Part> {
    let looks = |pair: &[&str]| matches!(pair, ["look" | "looks" | "looking", "for"]);
    if words.windows(2).any(looks) || words == ["look", "fors"] {
        return Some(Part::LookFor);
    }
    let pitfalls = words.iter().any(|word| word.starts_with("pitfall"))
        || matches!(words, [.., "red" | "warning", "flags" | "signs"])
        || matches!(words, ["common", "mistakes", ..]);
    pitfalls.then_some(Part::Pitfalls)
}

/// A label before a bullet's words, as in "Hard skills: …", and what follows it.
pub(super) fn label(text: &str) -> Option<(Part, &str)> {
    let (before, after) = text.split_once(':')?;
    let part = heading(before.trim().trim_matches('*'))?;
    let labelled = !matches!(part, Part::Questions(_) | Part::LookFor | Part::Pitfalls);
    let after = after.trim_start().trim_start_matches("**").trim();
    (labelled && !after.is_empty()).then_some((part, after))
}

/// The role that a title line names, if this is one: "Interview Questions for X: A Recruiter's Guide".
pub(super) fn title_line(text: &str) -> Option<&str> {
    if text.len() > HEADING || text.ends_with(['?', '.', '!', ';']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let after = [
        "interview questions for ",
        "interview questions to ask ",
        "interview questions: ",
        "interview questions - ",
        "interview guide for ",
        "interview guide: ",
        "hiring guide for ",
        "hiring guide: ",
        "recruiter's guide to ",
        "interview kit for ",
        "interview kit: ",
    ];
    for words in after {
        if let Some(at) = lower.find(words).filter(|at| *at <= 40) {
            return Some(subtitle_cut(&text[at + words.len()..]));
        }
    }
    for words in [
        " interview questions",
        " interview guide",
        " hiring guide",
        ": a recruiter's guide",
    ] {
        let Some(at) = lower.find(words) else {
            continue;
        };
        let rest = lower[at + words.len()..].trim_start();
        let ends = rest.is_empty()
            || rest.starts_with([':', '|', '-', '–', '—', '('])
            || rest.starts_with("and answers");
        if ends {
            return Some(numbered_cut(&text[..at]));
        }
    }
    None
}

/// What stands before a title's second half.
fn subtitle_cut(text: &str) -> &str {
    let end = [": ", " | ", " - ", " – ", " — ", " ("]
        .iter()
        .filter_map(|sign| text.find(sign))
        .min()
        .unwrap_or(text.len());
    text[..end].trim_end_matches([':', ' '])
}

/// "Top 25 X" names X.
fn numbered_cut(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((word, after)) = rest.split_once(' ') {
        let lower = word.to_ascii_lowercase();
        let counts =
            lower.bytes().all(|byte| byte.is_ascii_digit()) || matches!(&*lower, "top" | "best");
        if !counts {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// The role in "… about interviewing X candidates.", if this is such a sentence. It may not be a role: see `title`.
pub(super) fn opening<'t>(text: &'t str, lower: &str) -> Option<&'t str> {
    for (begins, ends) in [
        ("interviewing candidates for ", " role"),
        ("interviewing candidates for ", " position"),
        ("interviewing ", " candidates"),
    ] {
        let found = lower
            .find(begins)
            .and_then(|at| between(text, lower, at + begins.len(), ends));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The sentence that leads to the first list: "Based on …, successful Xs typically demonstrate:".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Market<'t> {
    /// Where it begins; what stands before it is the profile.
    pub begins: usize,
    /// Where it ends.
    pub ends: usize,
    /// "Xs", where it is named.
    pub plural: Option<&'t str>,
}

/// The verbs after which the first list comes.
const DEMONSTRATE: [&str; 7] = [
    " typically demonstrate",
    " typically possess",
    " typically show",
    " typically have",
    " usually demonstrate",
    " tend to demonstrate",
    " demonstrate",
];

/// Finds the sentence that leads to the first list.
pub(super) fn market<'t>(text: &'t str, lower: &str) -> Option<Market<'t>> {
    let based = lower.find("based on current job market");
    let begin = based.unwrap_or(0);
    let named = DEMONSTRATE.iter().find_map(|verb| {
        let end = begin + lower[begin..].find(verb)?;
        let from = begin + lower[begin..end].rfind("successful ")? + "successful ".len();
        between(text, lower, from, verb).map(|plural| (from, plural))
    });
    let (begins, plural) = match (based, named) {
        (Some(based), named) => (based, named.map(|(_, plural)| plural)),
        (None, Some((at, plural))) => {
            let sentence = lower[..at].rfind(". ").map_or(0, |end| end + 2);
            (sentence, Some(plural))
        }
        (None, None) => return None,
    };
    let from = named.map_or(begins, |(from, plural)| from + plural.len());
    let ends = lower[from..]
        .find([':', '.'])
        .map_or(lower.len(), |at| from + at + 1);
    Some(Market {
        begins,
        ends,
        plural,
    })
}

/// The role in the last sentence, "This comprehensive guide to X interview questions reflects …", or nothing in it.
pub(super) fn closing<'t>(text: &'t str, lower: &str) -> Option<Option<&'t str>> {
    let guide = [
        "comprehensive guide to ",
        "this guide to ",
        "hiring guide to ",
    ]
    .iter()
    .find_map(|words| lower.find(words).map(|at| at + words.len()));
    if let Some(from) = guide {
        return Some(between(text, lower, from, " interview questions"));
    }
    lower
        .starts_with("while every organization")
        .then_some(None)
}

/// Whether a line cannot be the rest of the one above it, although it begins with a small letter.
pub(super) fn begins_anew(lower: &str) -> bool {
    [
        "this comprehensive guide",
        "this hiring guide",
        "according to recent",
        "based on ",
        "these questions ",
        "industry-standard ",
    ]
    .iter()
    .any(|words| lower.starts_with(words))
}

/// Whether a line speaks of the salary and gives a figure, or begins as that sentence does.
pub(super) fn salary(text: &str, lower: &str) -> bool {
    let speaks = ["salary", "compensation", "pay range", "base pay"]
        .iter()
        .any(|word| lower.contains(word));
    let figure = text.bytes().any(|byte| byte.is_ascii_digit());
    !text.ends_with('?')
        && (speaks && figure || lower.starts_with("according to recent market data"))
}

/// The words between an offset and the next occurrence of an end, if they are few.
fn between<'t>(text: &'t str, lower: &str, from: usize, end: &str) -> Option<&'t str> {
    let length = lower[from..].find(end)?;
    let words = text[from..from + length].trim();
    let few = !words.is_empty()
        && words.chars().count() <= 80
        && !words.contains(". ")
        && !words.contains(';');
    few.then_some(words)
}

/// Words that an advertisement tries to move people with.
const CALLS: [&str; 21] = [
    " for free ",
    " it free ",
    " free trial ",
    " try ",
    " hire faster ",
    " hire better ",
    " sign up ",
    " book a demo ",
    " request a demo ",
    " get started ",
    " learn more ",
    " subscribe ",
    " download ",
    " click here ",
    " start now ",
    " start hiring ",
    " join ",
    " powered by ",
    " sponsored ",
    " advertisement ",
    " discount ",
];

/// Whether a short line calls for something, as advertisements do.
pub(super) fn calls(lower: &str) -> bool {
    if lower.len() > 160 {
        return false;
    }
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let spaced = format!(" {} ", words.join(" "));
    CALLS.iter().any(|call| spaced.contains(call))
}

/// The role with which a profile begins: "The Head of Data owns …" gives "Head of Data".
pub(super) fn subject(text: &str) -> Option<&str> {
    let rest = ["The ", "A ", "An ", "Our ", "As a ", "As an "]
        .iter()
        .find_map(|article| text.strip_prefix(article))?;
    let mut end = 0;
    let mut at = 0;
    for word in rest.split(' ').take(9) {
        let proper = word.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit());
        if proper {
            end = at + word.len();
        } else if end == 0 || !matches!(word, "of" | "for" | "and" | "&" | "in") {
            break;
        }
        at += word.len() + 1;
    }
    Some(&rest[..end]).filter(|role| !role.is_empty())
}

/// The role in a question such as "What attracted you to the QA Lead role?".
pub(super) fn asked_for<'t>(text: &'t str, lower: &str) -> Option<&'t str> {
    let end = lower.find(" role").or_else(|| lower.find(" position"))?;
    let begin = [" the ", " this ", " our ", " a "]
        .iter()
        .filter_map(|word| lower[..end].rfind(word).map(|at| at + word.len()))
        .max()?;
    let words = &text[begin..end];
    let proper = words.split(' ').all(|word| {
        word.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit())
            || word == "of"
    });
    (proper && words.split(' ').count() <= 7).then_some(words)
}

/// Words with which a question begins.
const ASKING: [&str; 34] = [
    "can", "could", "describe", "did", "discuss", "do", "explain", "give", "have", "how", "if",
    "imagine", "in", "is", "list", "name", "outline", "say", "share", "show", "suppose", "take",
    "talk", "tell", "think", "walk", "what", "when", "where", "which", "who", "why", "would",
    "your",
];

/// Whether a text asks for something.
pub(super) fn asks(text: &str) -> bool {
    let first = text
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    text.ends_with('?') || ASKING.contains(&first.trim_end_matches([',', '\'']))
}

/// Whether a sentence below a heading speaks of the questions that follow.
pub(super) fn introduces(lower: &str) -> bool {
    lower.contains("question") || lower.contains("interview")
}

/// Common small words of English, by which a text is told to be in it.
const ENGLISH: [&str; 40] = [
    "the", "of", "and", "to", "is", "for", "with", "you", "your", "what", "how", "do", "did",
    "that", "are", "at", "be", "this", "have", "or", "tell", "about", "when", "it", "its", "why",
    "which", "from", "by", "on", "as", "we", "they", "their", "would", "can", "not", "has", "who",
    "our",
];

/// Whether a text has as many of the common small words of English as English has, or nearly.
pub(super) fn is_english<'t>(lines: impl Iterator<Item = &'t str>) -> bool {
    let (mut words, mut small) = (0_usize, 0_usize);
    for line in lines {
        for word in line.split(|letter: char| !letter.is_alphabetic()) {
            if !word.is_empty() {
                words += 1;
                let short = word.len() <= 5;
                small += usize::from(short && ENGLISH.contains(&&*word.to_ascii_lowercase()));
            }
        }
    }
    small * 10 >= words
}

#[cfg(test)]
mod tests;
