//! The rules about what roles are called, by themselves and beside each other.

use super::Check;
use crate::kits::resolve::fold;
use crate::kits::rule;
use std::collections::{BTreeSet, HashMap};

/// Words that mean something after `/interview` already: no role may be called so.
pub const RESERVED: [&str; 13] = [
    "mine",
    "list",
    "help",
    "digest",
    "export",
    "erase",
    "hold",
    "kits",
    "import",
    "calibrate",
    "stats",
    "open",
    "all",
];

/// Slugs, aliases and titles of all kits beside each other: each leads to one role.
pub(super) fn names(checks: &mut [Check<'_>]) {
    let mut slugs: HashMap<&str, usize> = HashMap::new();
    // Whose a name is, and where in that kit it stands.
    let mut owners: HashMap<String, (usize, String)> = HashMap::new();
    let reserved: BTreeSet<String> = RESERVED.iter().map(|word| fold(word)).collect();
    for index in 0..checks.len() {
        let kit = checks[index].kit;
        let slug = kit.slug.as_str();
        if let Some(other) = slugs.get(slug) {
            let place = checks[*other].place("slug");
            let message = format!("the slug `{slug}` is that of {place} too");
            let hint = Some("one role, one file");
            checks[index].report(rule::DUPLICATE_SLUG, "slug", message, hint);
            continue;
        }
        slugs.insert(slug, index);
        let aliases = kit.aliases.iter().enumerate();
        let names = [
            ("slug".to_owned(), slug),
            ("title".to_owned(), kit.title.as_str()),
        ]
        .into_iter()
        .chain(aliases.map(|(index, alias)| (format!("aliases.{}", index + 1), alias.as_str())));
        for (at, name) in names {
            let folded = fold(name);
            if folded.is_empty() {
                if !name.trim().is_empty() {
                    let message = format!("`{name}` has no letter or digit to type");
                    checks[index].report(rule::EMPTY_TEXT, &at, message, None);
                }
                continue;
            }
            if reserved.contains(&folded) {
                let message = format!("`/interview {name}` means something else already");
                let hint = format!("reserved: {}", RESERVED.join(", "));
                checks[index].report(rule::RESERVED_NAME, &at, message, Some(&hint));
            }
            match owners.get(&folded) {
                Some((owner, there)) if *owner != index => {
                    let other = &checks[*owner];
                    let message = format!("`{name}` leads to `{}` already", other.kit.slug);
                    let hint = format!("see {}", other.place(there));
                    checks[index].report(rule::DUPLICATE_ALIAS, &at, message, Some(&hint));
                }
                Some(_) => {}
                None => {
                    owners.insert(folded, (index, at));
                }
            }
        }
    }
}
