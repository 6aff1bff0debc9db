//! The rules about what roles are called, by themselves and beside each other.

use super::{RESERVED, finding};
use crate::kits::finding::{Finding, Level};
use crate::kits::read::KitFile;
use crate::kits::resolve::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Slugs, aliases and titles of all kits beside each other: each leads to one role.
pub(super) fn names(files: &[KitFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut slugs: BTreeMap<&str, &KitFile> = BTreeMap::new();
    let mut owners: BTreeMap<String, (usize, &KitFile)> = BTreeMap::new();
    let reserved: BTreeSet<String> = RESERVED.iter().map(|word| fold(word)).collect();
    for (index, file) in files.iter().enumerate() {
        let slug = file.kit.slug.as_str();
        if let Some(other) = slugs.get(slug) {
            let message = format!("the slug `{slug}` is that of {} too", other.file());
            let hint = Some("one role, one file");
            findings.push(finding(
                file,
                Level::Error,
                "duplicate-slug",
                "slug",
                message,
                hint,
            ));
            continue;
        }
        slugs.insert(slug, file);
        let aliases = file.kit.aliases.iter().enumerate();
        let names = [
            ("slug".to_owned(), slug),
            ("title".to_owned(), file.kit.title.as_str()),
        ]
        .into_iter()
        .chain(aliases.map(|(index, alias)| (format!("aliases.{}", index + 1), alias.as_str())));
        for (at, name) in names {
            let folded = fold(name);
            if folded.is_empty() {
                if !name.trim().is_empty() {
                    let message = format!("`{name}` has no letter or digit to type");
                    findings.push(finding(
                        file,
                        Level::Error,
                        "empty-text",
                        &at,
                        message,
                        None,
                    ));
                }
                continue;
            }
            if reserved.contains(&folded) {
                let message = format!("`/interview {name}` means something else already");
                let hint = format!("reserved: {}", RESERVED.join(", "));
                findings.push(finding(
                    file,
                    Level::Error,
                    "reserved-name",
                    &at,
                    message,
                    Some(&hint),
                ));
            }
            match owners.get(&folded) {
                Some((owner, other)) if *owner != index => {
                    let message = format!("`{name}` leads to `{}` already", other.kit.slug);
                    let hint = format!("see {}", other.file());
                    findings.push(finding(
                        file,
                        Level::Error,
                        "duplicate-alias",
                        &at,
                        message,
                        Some(&hint),
                    ));
                }
                Some(_) => {}
                None => {
                    owners.insert(folded, (index, file));
                }
            }
        }
    }
    findings
}
