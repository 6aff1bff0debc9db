//! Which role somebody means by what they typed, and what of it is left over for the candidate's name. What is done with either is elsewhere.

use crate::domain::ids::KitSlug;
use crate::domain::kit::Kit;
use unicode_normalization::UnicodeNormalization;

/// What a role is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleNames {
    /// What people type.
    pub slug: KitSlug,
    /// What people read.
    pub title: String,
    /// Other words for the slug.
    pub aliases: Vec<String>,
}

impl From<&Kit> for RoleNames {
    fn from(kit: &Kit) -> Self {
        Self {
            slug: kit.slug.clone(),
            title: kit.title.clone(),
            aliases: kit.aliases.clone(),
        }
    }
}

/// What was meant. Every `rest` and `word` is a part of the words exactly as they were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This role; the rest is the candidate's.
    One {
        /// The role.
        slug: KitSlug,
        /// What followed it.
        rest: String,
    },
    /// One of these, and only the person knows which.
    Many {
        /// In the order of the kits; two or more.
        slugs: Vec<KitSlug>,
        /// What followed the words that they share.
        rest: String,
    },
    /// No role of that name.
    None {
        /// The roles whose names are most like it, nearest first; perhaps none.
        near: Vec<KitSlug>,
        /// What was taken for the role's name; empty if nothing was typed.
        word: String,
        /// What followed it, for the buttons that offer the near ones.
        rest: String,
    },
}

/// A word of what was typed.
#[derive(Debug)]
struct Word {
    /// As it is compared; never empty.
    folded: String,
    /// Where it ends in the text, its punctuation included.
    end: usize,
    /// Whether a space follows it (or nothing), rather than a dash.
    last_of_chunk: bool,
}

/// More than this of a word is not compared.
const LONGEST: usize = 64;
/// How like a name what was typed must be to be offered, from 0 to 1.
const LIKE: f64 = 0.6;
/// How like a longer name it must be to be offered although a shorter beginning would match: a slip of the hand.
const VERY_LIKE: f64 = 0.8;
/// How many near misses are offered.
const OFFERED: usize = 4;
/// Words that say nothing by themselves.
const SMALL: [&str; 6] = ["of", "and", "the", "for", "a", "in"];

/// Finds the role at the beginning of some words.
///
/// The longest beginning that is a slug, an alias or a title is the role. Else the longest beginning whose whole words
/// occur, in their order, in some role's name: one role is meant, or several are offered. Else the most similar names are offered.
/// Case, spaces, `_` and all dashes are alike; a name ends at a space, so `senior-backend-2` is not `senior-backend`.
#[must_use]
pub fn resolve(roles: &[RoleNames], words: &str) -> Resolved {
    let names = names(roles);
    let most = names
        .iter()
        .map(|(_, name)| name.len())
        .max()
        .unwrap_or_default();
    let typed = split(words, most + 2);
    let rest = |count: usize| rest_of(words, typed[count - 1].end);
    let ends: Vec<usize> = (1..=typed.len())
        .rev()
        .filter(|count| typed[count - 1].last_of_chunk)
        .collect();

    for &count in &ends {
        let slugs = roles_where(roles, &names, |name| {
            name.len() == count
                && name
                    .iter()
                    .zip(&typed)
                    .all(|(one, other)| *one == other.folded)
        });
        if let Some(found) = found(slugs, || rest(count)) {
            return found;
        }
    }

    let near = near_misses(roles, &names, &typed, &ends);
    for &count in &ends {
        let beginning = &typed[..count];
        if beginning
            .iter()
            .all(|word| SMALL.contains(&word.folded.as_str()))
        {
            continue;
        }
        if let Some(slip) = &near
            && slip.likeness >= VERY_LIKE
            && slip.count > count
        {
            break;
        }
        let slugs = roles_where(roles, &names, |name| occur_in(beginning, name));
        if let Some(found) = found(slugs, || rest(count)) {
            return found;
        }
    }

    if let Some(near) = near {
        let end = typed[near.count - 1].end;
        return Resolved::None {
            near: near.slugs,
            word: words[..end].trim().to_owned(),
            rest: rest(near.count),
        };
    }
    let start = words.trim_start();
    let word = start.split(char::is_whitespace).next().unwrap_or_default();
    Resolved::None {
        near: Vec::new(),
        word: word.to_owned(),
        rest: start[word.len()..].trim().to_owned(),
    }
}

/// A name as it is compared: its words in lower case and compatibility form, with single spaces between them.
pub(super) fn fold(name: &str) -> String {
    let words = split(name, usize::MAX);
    let folded: Vec<String> = words.into_iter().map(|word| word.folded).collect();
    folded.join(" ")
}

fn found(mut slugs: Vec<KitSlug>, rest: impl Fn() -> String) -> Option<Resolved> {
    match slugs.len() {
        0 => None,
        1 => slugs.pop().map(|slug| Resolved::One { slug, rest: rest() }),
        _ => Some(Resolved::Many {
            slugs,
            rest: rest(),
        }),
    }
}

/// Every name of every role, as words, with the role's index.
fn names(roles: &[RoleNames]) -> Vec<(usize, Vec<String>)> {
    let mut names = Vec::new();
    for (index, role) in roles.iter().enumerate() {
        let all = [role.slug.as_str(), role.title.as_str()];
        for name in all
            .into_iter()
            .chain(role.aliases.iter().map(String::as_str))
        {
            let words: Vec<String> = split(name, usize::MAX)
                .into_iter()
                .map(|word| word.folded)
                .collect();
            if !words.is_empty() {
                names.push((index, words));
            }
        }
    }
    names
}

fn roles_where(
    roles: &[RoleNames],
    names: &[(usize, Vec<String>)],
    matches: impl Fn(&[String]) -> bool,
) -> Vec<KitSlug> {
    let mut indices: Vec<usize> = names
        .iter()
        .filter(|(_, name)| matches(name))
        .map(|(index, _)| *index)
        .collect();
    indices.dedup();
    indices
        .into_iter()
        .map(|index| roles[index].slug.clone())
        .collect()
}

/// Whether these words are words of the name, in their order.
fn occur_in(words: &[Word], name: &[String]) -> bool {
    let mut name = name.iter();
    words
        .iter()
        .all(|word| name.any(|other| *other == word.folded))
}

struct NearMisses {
    slugs: Vec<KitSlug>,
    /// How many words were taken for the role's name.
    count: usize,
    likeness: f64,
}

fn near_misses(
    roles: &[RoleNames],
    names: &[(usize, Vec<String>)],
    typed: &[Word],
    ends: &[usize],
) -> Option<NearMisses> {
    // Per role: how like its most similar name is, and to how many words.
    let mut best: Vec<(f64, usize, usize)> = Vec::new();
    for (index, name) in names {
        let name = name.join(" ");
        for &count in ends {
            let words: Vec<&str> = typed[..count]
                .iter()
                .map(|word| word.folded.as_str())
                .collect();
            let likeness = strsim::normalized_damerau_levenshtein(&words.join(" "), &name);
            if likeness >= LIKE {
                best.push((likeness, count, *index));
            }
        }
    }
    best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(&other.2)));
    let &(likeness, count, _) = best.first()?;
    let mut slugs: Vec<KitSlug> = Vec::new();
    for (_, _, index) in best
        .iter()
        .filter(|(other, _, _)| *other >= likeness - 0.15)
    {
        let slug = &roles[*index].slug;
        if !slugs.contains(slug) && slugs.len() < OFFERED {
            slugs.push(slug.clone());
        }
    }
    Some(NearMisses {
        slugs,
        count,
        likeness,
    })
}

/// What follows a role's name: without the space, dash or punctuation that parts the two, else as it was typed.
fn rest_of(words: &str, end: usize) -> String {
    let rest = &words[end..];
    let rest = rest.trim_start_matches(|letter: char| parts(letter) != Parts::Not);
    rest.trim_end().to_owned()
}

#[derive(Clone, Copy, PartialEq)]
enum Parts {
    Not,
    Dash,
    Space,
}

/// Whether a character parts two words.
fn parts(letter: char) -> Parts {
    if letter.is_whitespace() {
        return Parts::Space;
    }
    match letter {
        '_' | '-' | '\u{FF3F}' | '\u{203F}' | '\u{2040}' | '\u{FE4D}'..='\u{FE4F}' => Parts::Dash,
        // The category "dash punctuation", and the minus signs that people type for one.
        '\u{058A}'
        | '\u{05BE}'
        | '\u{1400}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2E17}'
        | '\u{2E1A}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{2E40}'
        | '\u{2E5D}'
        | '\u{301C}'
        | '\u{3030}'
        | '\u{30A0}'
        | '\u{FE31}'
        | '\u{FE32}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}'
        | '\u{10D6E}'
        | '\u{10EAD}'
        | '\u{2212}'
        | '\u{02D7}'
        | '\u{207B}'
        | '\u{208B}'
        | '\u{2796}' => Parts::Dash,
        _ => Parts::Not,
    }
}

/// The first words of a text.
fn split(text: &str, most: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    for (offset, letter) in text.char_indices() {
        let parting = parts(letter);
        if parting == Parts::Not {
            start.get_or_insert(offset);
            continue;
        }
        if let Some(start) = start.take() {
            push(&mut words, text, start, offset);
        }
        if parting == Parts::Space
            && let Some(last) = words.last_mut()
        {
            last.last_of_chunk = true;
        }
        if words.len() > most {
            words.truncate(most);
            return words;
        }
    }
    if let Some(start) = start {
        push(&mut words, text, start, text.len());
    }
    if let Some(last) = words.last_mut() {
        last.last_of_chunk = true;
    }
    words.truncate(most);
    words
}

fn push(words: &mut Vec<Word>, text: &str, start: usize, end: usize) {
    let folded: String = text[start..end]
        .chars()
        .take(LONGEST)
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfkc()
        .filter(|letter| !super::finding::is_invisible(*letter))
        .collect();
    let folded = folded.trim_matches(is_punctuation);
    if folded.is_empty() {
        // A lone comma or quotation mark belongs to the word before it.
        if let Some(last) = words.last_mut() {
            last.end = end;
        }
    } else {
        words.push(Word {
            folded: folded.to_owned(),
            end,
            last_of_chunk: false,
        });
    }
}

/// What people put around or after a role's name, or copy with it.
fn is_punctuation(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '`' | '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | ',' | ':' | ';' | '.' | '!' | '?'
        )
}

#[cfg(test)]
mod tests;
