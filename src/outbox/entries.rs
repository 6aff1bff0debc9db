//! The posts that wait, and the order in which they are looked at. When each is due is said by whoever looked at it.

use super::Key;
use crate::domain::ids::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use tracing::Span;

/// A post that waits.
pub(super) struct Entry {
    /// When it is looked at next; its place in the queue, unless it is in flight.
    at: Timestamp,
    /// Its own time has not come: it is not late, and nobody waits for it.
    rests: bool,
    /// Since when somebody waits for it, and a number of its own.
    since: (Timestamp, u64),
    /// The delivery that last owed it.
    pub(super) because: Span,
    pub(super) failures: u32,
    /// The stamp under which it was read last.
    stamp: Option<i128>,
    pub(super) in_flight: bool,
    /// Owed anew while it was in flight.
    pub(super) again: bool,
}

impl Entry {
    /// To be looked at, at once.
    fn new(since: (Timestamp, u64), because: Span) -> Self {
        Self {
            at: Timestamp::MIN,
            rests: false,
            since,
            because,
            failures: 0,
            stamp: None,
            in_flight: false,
            again: false,
        }
    }
}

/// The posts that wait, and the order in which they are looked at. What rests costs nothing until its time comes.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) by_key: HashMap<Key, Entry>,
    pub(super) queue: BTreeSet<(Timestamp, Key)>,
    /// What does not rest, by its age.
    pub(super) awaited: BTreeSet<(Timestamp, u64)>,
    /// How many were ever owed.
    numbers: u64,
}

impl Entries {
    /// Something is owed, once more or for the first time.
    pub(super) fn owe(&mut self, key: Key, now: Timestamp, because: Span) {
        match self.by_key.get_mut(&key) {
            Some(entry) if entry.in_flight => {
                entry.again = true;
                entry.because = because;
            }
            // What failed waits out its pause; what rests may have become due.
            Some(entry) if !entry.rests => entry.because = because,
            _ => {
                self.remove(&key);
                self.numbers += 1;
                let since = (now, self.numbers);
                self.awaited.insert(since);
                self.queue.insert((Timestamp::MIN, key.clone()));
                self.by_key.insert(key, Entry::new(since, because));
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<Entry> {
        let entry = self.by_key.remove(key)?;
        self.queue.remove(&(entry.at, key.clone()));
        self.awaited.remove(&entry.since);
        Some(entry)
    }

    /// Forgets the posts of a workspace. Calls that run go on.
    pub(super) fn forget(&mut self, workspace: &WorkspaceId) {
        let its: Vec<Key> = self
            .by_key
            .keys()
            .filter(|(of, _)| of == workspace)
            .cloned()
            .collect();
        for key in its {
            self.remove(&key);
        }
    }

    /// Whether a call for a post of a workspace runs.
    pub(super) fn is_busy(&self, workspace: &WorkspaceId) -> bool {
        let mut all = self.by_key.iter();
        all.any(|((of, _), entry)| of == workspace && entry.in_flight)
    }

    /// A post was read, to be sent.
    pub(super) fn read(&mut self, key: &Key, stamp: i128) {
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.stamp = Some(stamp);
        }
    }

    /// Whether a post waits to be read, or was read as it is owed now.
    pub(super) fn knows(&self, key: &Key, stamp: i128) -> bool {
        let entry = self.by_key.get(key);
        entry.is_some_and(|entry| entry.stamp.is_none_or(|read| read >= stamp))
    }

    /// Puts a post in its place in the queue.
    pub(super) fn put(&mut self, key: &Key, at: Timestamp, rests: bool) {
        if let Some(entry) = self.by_key.get_mut(key) {
            self.queue.remove(&(entry.at, key.clone()));
            entry.at = at;
            if entry.rests && !rests {
                entry.since.0 = at;
            }
            entry.rests = rests;
            if rests {
                self.awaited.remove(&entry.since);
            } else {
                self.awaited.insert(entry.since);
            }
            self.queue.insert((at, key.clone()));
        }
    }

    /// Takes the first post whose time has come out of the queue. It stays an entry.
    pub(super) fn next(&mut self, now: Timestamp) -> Option<Key> {
        self.queue.first().filter(|(at, _)| *at <= now)?;
        self.queue.pop_first().map(|(_, key)| key)
    }

    /// What rests in a workspace is looked at once more.
    pub(super) fn stir(&mut self, workspace: &WorkspaceId, now: Timestamp) {
        let resting: Vec<Key> = self
            .by_key
            .iter()
            .filter(|((of, _), entry)| of == workspace && entry.rests)
            .map(|(key, _)| key.clone())
            .collect();
        for key in resting {
            self.owe(key, now, Span::none());
        }
    }

    /// Begins to send one; returns on whose account.
    pub(super) fn begin(&mut self, key: &Key, now: Timestamp) -> Span {
        let Some(entry) = self.by_key.get_mut(key) else {
            return Span::none();
        };
        if std::mem::take(&mut entry.rests) {
            entry.since.0 = now;
            self.awaited.insert(entry.since);
        }
        entry.in_flight = true;
        entry.again = false;
        entry.because.clone()
    }

    /// The clock was set back: who waits for a moment would wait so much longer, and what rests may be due at another one by now.
    pub(super) fn set_back(&mut self, by: SignedDuration, now: Timestamp) {
        for entry in self.by_key.values_mut().filter(|entry| !entry.rests) {
            self.awaited.remove(&entry.since);
            entry.since.0 = earlier(entry.since.0, by);
            self.awaited.insert(entry.since);
        }
        let queue = std::mem::take(&mut self.queue);
        for (at, key) in queue {
            let rests = self.by_key.get(&key).is_some_and(|entry| entry.rests);
            let at = if rests { now } else { earlier(at, by) };
            if let Some(entry) = self.by_key.get_mut(&key) {
                entry.at = at;
                self.queue.insert((at, key));
            }
        }
    }
}

/// A moment so much before another, or the first there is.
pub(super) fn earlier(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Post;
    use crate::domain::ids::LoopCode;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_262_400 + seconds).expect("a moment")
    }

    fn key(code: &str) -> Key {
        (WorkspaceId::from("T1"), Post::Loop(LoopCode::from(code)))
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
        let mut entries = Entries::default();
        let (waits, rests) = (key("C-0001"), key("C-0002"));
        for one in [&waits, &rests] {
            entries.owe(one.clone(), at(0), Span::none());
            assert_eq!(entries.next(at(0)).as_ref(), Some(one));
        }
        entries.put(&waits, at(30), false);
        entries.put(&rests, at(7200), true);
        entries.set_back(SignedDuration::from_hours(1), at(-3600));
        // It may be due at another moment by now.
        assert_eq!(entries.next(at(-3600)), Some(rests));
        assert_eq!(entries.next(at(-3571)), None);
        assert_eq!(entries.next(at(-3570)), Some(waits.clone()));
        let age = entries.awaited.first().map(|(since, _)| *since);
        assert_eq!(age, Some(at(-3600)));
        entries.put(&waits, at(-3500), false);
        assert!(entries.remove(&waits).is_some());
        assert!(entries.awaited.is_empty() && entries.queue.is_empty());
    }
}
