//! What `[[allow]]` silences, and the rules about `[[allow]]` itself.

use super::Check;
use crate::domain::kit::{Allow, Kit};
use crate::kits::finding::{Finding, Level, nearest};
use crate::kits::rule::{self, RULES, rule};
use std::collections::{BTreeSet, HashMap};

/// Keeps those findings that no `[[allow]]` silences, and adds what is wrong with the `[[allow]]`s.
pub(super) fn settle(check: &mut Check<'_>, findings: Vec<Finding>) {
    let kit = check.kit;
    let mut used = BTreeSet::new();
    let kept = silence(kit, findings, &mut used);
    // Those about the rules of `[[allow]]` itself come second: what they silence is found here.
    let about_these = |allow: &Allow| {
        [rule::UNKNOWN_RULE.id, rule::UNUSED_ALLOW.id].contains(&allow.rule.as_str())
    };
    allows(check, &used, |allow| !about_these(allow));
    let own = std::mem::take(&mut check.findings);
    let own = silence(kit, own, &mut used);
    allows(check, &used, about_these);
    let last = std::mem::take(&mut check.findings);
    check.findings = kept.into_iter().chain(own).chain(last).collect();
}

/// Takes out what is silenced, and notes which `[[allow]]` silenced anything.
fn silence(kit: &Kit, findings: Vec<Finding>, used: &mut BTreeSet<usize>) -> Vec<Finding> {
    let mut by_rule: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for (index, allow) in kit.allowed.iter().enumerate() {
        let places = by_rule.entry(&allow.rule).or_default();
        places.push((index, &allow.at));
    }
    let mut kept = Vec::new();
    for finding in findings {
        let places = by_rule
            .get(finding.rule)
            .filter(|_| finding.level < Level::Error);
        let mut silenced = false;
        for (index, at) in places.into_iter().flatten() {
            let rest = finding.at.strip_prefix(at);
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
                used.insert(*index);
                silenced = true;
            }
        }
        if !silenced {
            kept.push(finding);
        }
    }
    kept
}

fn allows(check: &mut Check<'_>, used: &BTreeSet<usize>, which: impl Fn(&Allow) -> bool) {
    for (index, allow) in check.kit.allowed.iter().enumerate() {
        if !which(allow) {
            continue;
        }
        let at = format!("allow.{}", index + 1);
        if allow.reason.trim().is_empty() {
            let message = "an `[[allow]]` without a reason";
            let hint = Some("say why, for whoever reads the kit");
            check.report(rule::EMPTY_TEXT, &format!("{at}.reason"), message, hint);
        }
        let rule_at = format!("{at}.rule");
        match rule(&allow.rule) {
            None => {
                let message = format!("there is no rule `{}` to silence", allow.rule);
                let silenceable = RULES.iter().filter(|rule| rule.silenceable());
                let hint = nearest(&allow.rule, silenceable.map(|rule| rule.id))
                    .map(|near| format!("did you mean `{near}`?"));
                check.report(rule::UNKNOWN_RULE, &rule_at, message, hint.as_deref());
            }
            Some(rule) if !rule.silenceable() => {
                let message = format!("`{}` is an error, which cannot be silenced", rule.id);
                check.report(rule::UNKNOWN_RULE, &rule_at, message, None);
            }
            Some(_) if !used.contains(&index) => {
                let message = format!("`{}` finds nothing at `{}`", allow.rule, allow.at);
                let hint = Some("this `[[allow]]` can go");
                check.report(rule::UNUSED_ALLOW, &at, message, hint);
            }
            Some(_) => {}
        }
    }
}
