use super::*;
use std::collections::BTreeSet;

#[test]
fn every_id_is_there_once() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}
