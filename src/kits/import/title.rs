//! The role's name, from whichever lines of a guide name it, and the slug made of it. Which lines those are is in `known`.

use crate::kits::check::{RESERVED, limit};
use crate::kits::resolve::fold;
use unicode_normalization::UnicodeNormalization;

/// What kind of line names the role, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// "Interview Questions for X".
    TitleLine,
    /// "… interviewing X candidates".
    Opening,
    /// "This comprehensive guide to X interview questions …".
    Closing,
    /// "successful Xs typically demonstrate".
    Market,
    /// "Why this X role?".
    Question,
    /// "The X is responsible for …".
    Profile,
    /// A short line at the very top.
    FirstLine,
}

/// A name that a line gives the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub source: Source,
    pub line: usize,
    pub role: String,
}

impl Candidate {
    /// The role that some words name, without article and quotes; nothing if they cannot be a role's name.
    pub(super) fn new(source: Source, line: usize, words: &str) -> Option<Self> {
        let mut role = words
            .trim()
            .trim_matches(['"', '\'', '*', ',', ':', '-', '–', '—', ' ']);
        if let Some((first, rest)) = role.split_once(' ') {
            let article = ["a", "an", "the", "your", "our", "their", "this", "any"];
            if article.contains(&&*first.to_ascii_lowercase()) {
                role = rest.trim_start();
            }
        }
        for tail in [" candidates", " candidate", " position", " role"] {
            let cut = role.len().saturating_sub(tail.len());
            if role
                .get(cut..)
                .is_some_and(|end| end.eq_ignore_ascii_case(tail))
            {
                role = &role[..cut];
            }
        }
        let fits = (2..=limit::TITLE - SUFFIX.len()).contains(&role.encode_utf16().count());
        let named = role.chars().any(char::is_alphabetic);
        // "interviewing strong candidates" names nobody.
        let proper = source == Source::TitleLine
            || role.chars().any(char::is_uppercase)
            || role.contains(' ') && words.chars().all(|letter| !letter.is_uppercase());
        (fits && named && proper).then(|| Self {
            source,
            line,
            role: role.to_owned(),
        })
    }

    /// The name as it is compared: one person of that role, in small letters.
    fn key(&self) -> String {
        fold(&self.singular())
    }

    /// The name for one person.
    fn singular(&self) -> String {
        match self.source {
            Source::Market => singular(&self.role, true),
            Source::TitleLine | Source::FirstLine => singular(&self.role, false),
            _ => self.role.clone(),
        }
    }
}

/// The title that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    pub title: String,
    /// The line it was taken from.
    pub line: usize,
    /// Why it is a guess, if it is one.
    pub guess: Option<String>,
    /// Another line that names the role otherwise, and how.
    pub other: Option<(usize, String)>,
}

/// Chooses the role's name; nothing if no line gives one.
pub(super) fn choose(candidates: &[Candidate]) -> Option<Title> {
    let first = candidates.iter().min_by_key(|one| (one.source, one.line))?;
    let key = first.key();
    // The same words, for one person and in mixed case, wherever they stand.
    let same = || candidates.iter().filter(|one| one.key() == key);
    let plain = |one: &&Candidate| one.singular() == one.role;
    let mixed = |one: &&Candidate| is_mixed(&one.role);
    let best = same()
        .filter(plain)
        .find(mixed)
        .or_else(|| same().find(mixed))
        .unwrap_or(first);
    let title = best.singular();
    let guess = if title != best.role {
        Some(format!(
            "`{title}` is the singular of `{}`, line {}",
            best.role, best.line
        ))
    } else if best.source >= Source::Question {
        let line = best.line;
        Some(format!(
            "no line says whom the guide is for; line {line} names `{title}`"
        ))
    } else {
        None
    };
    let other = candidates
        .iter()
        .find(|one| one.source < Source::Question && one.key() != key)
        .map(|one| (one.line, one.role.clone()));
    Some(Title {
        title: usable(title),
        line: best.line,
        guess,
        other,
    })
}

/// Two title lines, or two of another kind, that name different roles.
pub(super) fn two_roles(candidates: &[Candidate]) -> Option<[&Candidate; 2]> {
    for source in [Source::TitleLine, Source::Opening, Source::Market] {
        let mut same = candidates.iter().filter(|one| one.source == source);
        let Some(first) = same.next() else { continue };
        let key = first.key();
        let second = same.find(|one| {
            let other = one.key();
            !other.contains(&key) && !key.contains(&other)
        });
        if let Some(second) = second {
            return Some([first, second]);
        }
    }
    None
}

fn is_mixed(role: &str) -> bool {
    role.chars().any(char::is_lowercase) && role.chars().any(char::is_uppercase)
}

/// What tells a title from a command.
const SUFFIX: &str = " (role)";

/// A title that means a command to the bot would not be found.
fn usable(title: String) -> String {
    if is_reserved(&title) {
        format!("{title}{SUFFIX}")
    } else {
        title
    }
}

fn is_reserved(name: &str) -> bool {
    let folded = fold(name);
    folded.is_empty() || RESERVED.iter().any(|word| fold(word) == folded)
}

/// Words that end in `s` and mean one thing.
const SINGULAR: [&str; 36] = [
    "access",
    "analytics",
    "atlas",
    "aws",
    "business",
    "campus",
    "chess",
    "communications",
    "devops",
    "devsecops",
    "economics",
    "electronics",
    "express",
    "finops",
    "gis",
    "graphics",
    "ios",
    "kubernetes",
    "logistics",
    "macos",
    "mlops",
    "news",
    "operations",
    "ops",
    "physics",
    "process",
    "redis",
    "relations",
    "robotics",
    "sales",
    "series",
    "services",
    "statistics",
    "success",
    "systems",
    "windows",
];

/// How words end that name several people.
const PEOPLE: [&str; 20] = [
    "ants", "ates", "ects", "eads", "ees", "chefs", "chiefs", "ents", "erks", "erns", "ers",
    "ians", "ists", "ives", "men", "ors", "people", "reps", "taries", "ysts",
];

/// The name of one of those whom the words name: "Heads of Data" gives "Head of Data". Words that may mean one person
/// already are left alone, unless they are known to mean several.
fn singular(role: &str, several: bool) -> String {
    let lower = role.to_ascii_lowercase();
    let end = [" of ", " for ", " in ", ", ", " (", " - ", " – ", " / "]
        .iter()
        .filter_map(|sign| lower.find(sign))
        .min()
        .unwrap_or(role.len());
    let (head, tail) = role.split_at(end);
    let begin = head.rfind([' ', '-', '/']).map_or(0, |at| at + 1);
    let (before, noun) = head.split_at(begin);
    let small = noun.to_ascii_lowercase();
    let person = PEOPLE.iter().any(|ending| small.ends_with(ending)) || small == "heads";
    if SINGULAR.contains(&&*small) || !(several || person) {
        return role.to_owned();
    }
    let cut = |count: usize, ending: &str| {
        let stem = noun.get(..noun.len() - count).unwrap_or(noun);
        let loud = noun.chars().any(char::is_alphabetic) && !noun.chars().any(char::is_lowercase);
        let ending = if loud {
            ending.to_uppercase()
        } else {
            ending.to_owned()
        };
        format!("{before}{stem}{ending}{tail}")
    };
    if small == "people" || small.ends_with("speople") || small.ends_with("spersons") {
        let count = if small.ends_with("people") { 6 } else { 7 };
        return cut(count, "person");
    }
    if small.len() > 3 && small.ends_with("men") {
        return cut(2, "an");
    }
    if small.len() > 4 && small.ends_with("ies") {
        return cut(3, "y");
    }
    let hissing = ["sses", "xes", "ches", "shes", "zes"];
    if hissing.iter().any(|ending| small.ends_with(ending)) {
        return cut(2, "");
    }
    if small.len() > 2 && small.ends_with('s') && !small.ends_with("ss") && !small.ends_with("us") {
        return cut(1, "");
    }
    role.to_owned()
}

/// What people type for a title: a to z, 0 to 9 and single dashes, beginning with a letter, 40 characters at most.
pub(super) fn slug(title: &str) -> String {
    let mut plain = String::new();
    for letter in title.nfkd() {
        match letter {
            'ß' => plain.push_str("ss"),
            'Æ' | 'æ' => plain.push_str("ae"),
            'Œ' | 'œ' => plain.push_str("oe"),
            'Ø' | 'ø' => plain.push('o'),
            'Ł' | 'ł' => plain.push('l'),
            'Đ' | 'đ' | 'Ð' | 'ð' => plain.push('d'),
            'Þ' | 'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            '&' => plain.push_str(" and "),
            '+' => plain.push_str(" plus "),
            '#' => plain.push_str(" sharp "),
            '\'' | '.' | '\u{2019}' => {}
            letter if letter.is_ascii_alphanumeric() => plain.push(letter.to_ascii_lowercase()),
            letter if unicode_normalization::char::is_combining_mark(letter) => {}
            _ => plain.push(' '),
        }
    }
    let mut slug = String::new();
    for word in plain.split_whitespace() {
        let room = limit::SLUG - slug.len();
        if slug.is_empty() {
            let begins = word.starts_with(|first: char| first.is_ascii_lowercase());
            slug.push_str(if begins { "" } else { "role-" });
            slug.extend(word.chars().take(limit::SLUG - slug.len()));
        } else if word.len() < room {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() {
        slug.push_str("role");
    }
    if is_reserved(&slug) {
        slug.push_str("-role");
    }
    slug
}

#[cfg(test)]
mod tests;
