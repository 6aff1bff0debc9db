//! Which deliveries got a reply. What it says is elsewhere.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// How many deliveries are remembered as replied to: a repetition of one of them gets its acknowledgement and no second message.
const REMEMBERED: usize = 4096;

/// Which deliveries are replied to, or are about to be: the last few thousand.
#[derive(Default)]
pub(super) struct Replied {
    known: HashSet<Arc<str>>,
    oldest_first: VecDeque<Arc<str>>,
}

impl Replied {
    /// Whether nobody else replies to it.
    pub(super) fn claim(&mut self, key: &str) -> bool {
        if self.known.contains(key) {
            return false;
        }
        if self.oldest_first.len() == REMEMBERED
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
        let key: Arc<str> = key.into();
        self.oldest_first.push_back(Arc::clone(&key));
        self.known.insert(key)
    }

    /// It came to nothing: when it is delivered again, that is replied to.
    pub(super) fn give_up(&mut self, key: &str) {
        if self.known.remove(key) {
            self.oldest_first.retain(|other| **other != *key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_is_replied_to_unless_the_first_came_to_nothing() {
        let mut replied = Replied::default();
        assert!(replied.claim("a"));
        assert!(!replied.claim("a"));
        replied.give_up("a");
        assert!(replied.claim("a"));
        for number in 0..REMEMBERED {
            assert!(replied.claim(&number.to_string()));
        }
        assert!(replied.claim("a"), "it is long ago");
        assert_eq!(replied.known.len(), REMEMBERED);
        assert_eq!(replied.oldest_first.len(), REMEMBERED);
    }
}
