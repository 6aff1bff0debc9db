//! The rules about a kit's head and profile. What a kit is called beside others is in `names`.

use super::{Check, is_slug, limit};
use crate::kits::rule;

pub(super) fn head(check: &mut Check<'_>) {
    let kit = check.kit;
    let slug = kit.slug.as_str();
    check.line("slug", slug, limit::SLUG, rule::TOO_LONG);
    if !slug.is_empty() && !is_slug(slug) {
        let message = format!("`{slug}` is not a slug");
        let hint = Some(
            "use a to z, 0 to 9 and single dashes between them, beginning with a letter: `senior-backend`",
        );
        check.report(rule::SLUG_ALPHABET, "slug", message, hint);
    }
    check.line("title", &kit.title, limit::TITLE, rule::TOO_LONG);
    for (index, alias) in kit.aliases.iter().enumerate() {
        let at = format!("aliases.{}", index + 1);
        check.line(&at, alias, limit::TITLE, rule::TOO_LONG);
    }
    check.at_most(limit::LIST, kit.aliases.len(), "aliases", "aliases");
    if !(5..=480).contains(&kit.minutes) {
        let message = format!("an interview of {} minutes", kit.minutes);
        let hint = Some("`minutes` is from 5 to 480");
        check.report(rule::MINUTES, "minutes", message, hint);
    }
    if let Some(file) = check.file {
        let stem = file_stem(file.file());
        if stem != slug && is_slug(slug) {
            let message = format!("the kit `{slug}` is in a file named `{stem}.toml`");
            let hint = format!("name it `{slug}.toml`, so that people find it");
            check.report(rule::FILE_NAME, "slug", message, Some(&hint));
        }
    }
}

fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

pub(super) fn profile(check: &mut Check<'_>) {
    let profile = &check.kit.profile;
    for (at, text, needed) in [
        ("profile.summary", &profile.summary, true),
        ("profile.experience", &profile.experience, false),
    ] {
        if needed {
            check.text(at, text, limit::PARAGRAPH, rule::LONG_TEXT);
        } else {
            check.words(at, text, limit::PARAGRAPH, rule::LONG_TEXT);
        }
    }
    check.list("profile.hard_skills", &profile.hard_skills);
    check.list("profile.soft_skills", &profile.soft_skills);
    let Some(salary) = &profile.salary else {
        return;
    };
    let at = "profile.salary";
    if salary.min > salary.max {
        let message = format!(
            "the salary begins at {} and ends at {}",
            salary.min, salary.max
        );
        check.report(
            rule::SALARY_RANGE,
            at,
            message,
            Some("swap `min` and `max`"),
        );
    }
    let code = &salary.currency;
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let message = format!("`{code}` is not a currency");
        let hint = Some("use its three letters: `USD`, `EUR`");
        check.report(rule::CURRENCY, "profile.salary.currency", message, hint);
    }
    check.line(
        "profile.salary.period",
        &salary.period,
        limit::COMPETENCY,
        rule::TOO_LONG,
    );
    check.words(
        "profile.salary.source",
        &salary.source,
        limit::LINE,
        rule::LONG_TEXT,
    );
    check.words(
        "profile.salary.as_of",
        &salary.as_of,
        limit::COMPETENCY,
        rule::TOO_LONG,
    );
    let missing = match (
        salary.source.trim().is_empty(),
        salary.as_of.trim().is_empty(),
    ) {
        (true, true) => "says neither who gave it nor when it was true",
        (true, false) => "does not say who gave it",
        (false, true) => "does not say when it was true",
        (false, false) => return,
    };
    let message = format!("the salary {missing}");
    let hint =
        Some("add `source`, as \"own survey\", and `as_of`, as \"2026-11\": a figure grows old");
    check.report(rule::SALARY_WITHOUT_SOURCE, at, message, hint);
}
