//! Which deliveries got a reply. What it says is elsewhere.

use super::lock;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};

/// How many deliveries are remembered as replied to: a repetition of one of them gets its acknowledgement and no second message.
const REMEMBERED: usize = 4096;

/// That one delivery is replied to here and nowhere else. It counts once it is kept: where handling it broke off, for whatever reason, the
/// repetition is replied to.
pub(super) struct Claim<'a> {
    replied: &'a Mutex<Replied>,
    key: String,
    first: bool,
    kept: bool,
}

impl<'a> Claim<'a> {
    pub(super) fn begin(replied: &'a Mutex<Replied>, key: String) -> Self {
        let first = lock(replied).claim(&key);
        Self {
            replied,
            key,
            first,
            kept: false,
        }
    }

    /// Whether it is this one that is replied to.
    pub(super) fn keep(mut self) -> bool {
        self.kept = true;
        self.first
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if self.first && !self.kept {
            lock(self.replied).give_up(&self.key);
        }
    }
}

/// Which deliveries are replied to, or are about to be: the last few thousand.
#[derive(Default)]
pub(super) struct Replied {
    known: HashSet<Arc<str>>,
    oldest_first: VecDeque<Arc<str>>,
}

impl Replied {
    /// Whether nobody else replies to it.
    fn claim(&mut self, key: &str) -> bool {
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

    /// Takes it back: it came to nothing: when it is delivered again, that is replied to.
    fn give_up(&mut self, key: &str) {
        if self.known.remove(key) {
            self.oldest_first.retain(|other| **other != *key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_is_not_kept_is_taken_back_by_whoever_was_first() {
        let replied = Mutex::default();
        let begin = || Claim::begin(&replied, "a".to_owned());
        let first = begin();
        drop(begin());
        assert!(!begin().keep(), "the first still has it");
        drop(first);
        assert!(begin().keep());
        assert!(!begin().keep());
    }

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
