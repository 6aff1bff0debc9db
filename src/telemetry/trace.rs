//! One name for each delivery, which every line of the log about it carries: from the wire to the disk and to Slack.

use std::hash::{DefaultHasher, Hash, Hasher};
use tracing::Span;

/// The span of a delivery, by what makes two deliveries the same one: a repetition has the name of the first. Without that, a name of
/// its own. What Slack sent (a trigger, an event's id) is not to be had from the name.
#[must_use]
pub fn delivery(key: Option<&str>, kind: &str) -> Span {
    let id = name(key);
    tracing::info_span!("delivery", id = %format_args!("{id:012x}"), kind)
}

fn name(key: Option<&str>) -> u64 {
    let Some(key) = key else {
        return rand::random::<u64>() >> 16;
    };
    // With keys that never change, so that the name is the same after a restart.
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish() >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_has_the_name_of_the_first_and_others_have_their_own() {
        assert_eq!(name(Some("1.2.abc")), name(Some("1.2.abc")));
        assert_ne!(name(Some("1.2.abc")), name(Some("1.2.abd")));
        assert_ne!(name(None), name(None));
    }
}
