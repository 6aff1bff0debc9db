//! What `[[allow]]` silences, and the rules about `[[allow]]` itself.

use super::{Check, SILENCEABLE};
use crate::domain::kit::Kit;
use crate::kits::finding::{Finding, Level, nearest};
use std::collections::BTreeSet;

/// Takes out what `[[allow]]` silences, and tells which of them silenced anything.
pub(super) fn silence(kit: &Kit, findings: Vec<Finding>) -> (Vec<Finding>, BTreeSet<usize>) {
    let mut used = BTreeSet::new();
    let kept = findings
        .into_iter()
        .filter(|finding| {
            let mut silenced = false;
            for (index, allow) in kit.allowed.iter().enumerate() {
                let here = allow.at == finding.at
                    || finding
                        .at
                        .strip_prefix(&allow.at)
                        .is_some_and(|rest| rest.starts_with('.'));
                if finding.level != Level::Error && allow.rule == finding.rule && here {
                    used.insert(index);
                    silenced = true;
                }
            }
            !silenced
        })
        .collect();
    (kept, used)
}

pub(super) fn allows(check: &mut Check<'_>, kit: &Kit, used: &BTreeSet<usize>) {
    for (index, allow) in kit.allowed.iter().enumerate() {
        let at = format!("allow.{}", index + 1);
        if allow.reason.trim().is_empty() {
            let message = "an `[[allow]]` without a reason";
            let hint = Some("say why, for whoever reads the kit");
            check.report(
                Level::Error,
                "empty-text",
                &format!("{at}.reason"),
                message,
                hint,
            );
        }
        if !SILENCEABLE.contains(&allow.rule.as_str()) {
            let message = format!("there is no rule `{}` to silence", allow.rule);
            let hint =
                nearest(&allow.rule, SILENCEABLE).map(|near| format!("did you mean `{near}`?"));
            check.report(
                Level::Note,
                "unknown-rule",
                &format!("{at}.rule"),
                message,
                hint.as_deref(),
            );
        } else if !used.contains(&index) {
            let message = format!("`{}` finds nothing at `{}`", allow.rule, allow.at);
            let hint = Some("this `[[allow]]` can go");
            check.report(Level::Note, "unused-allow", &at, message, hint);
        }
    }
}
