//! How much is taken at once: in all, of one channel and of one person, so that memory has a ceiling and a flood from one starves nobody.

use crate::domain::ids::{ChannelId, UserId, WorkspaceId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// One person may have this part of all: who clicks by hand has one or two under way, a meeting's worth of people fit beside a flood.
const OF_ONE_PERSON: usize = 16;
/// One channel may have this part of all.
const OF_ONE_CHANNEL: usize = 4;
/// Whatever the whole is: a quick series of clicks and their repetitions.
const LEAST: usize = 4;

fn share(most: usize, part: usize) -> usize {
    (most / part).max(LEAST)
}

/// How many of all are one person's at most.
pub(super) fn of_one_person(most: usize) -> usize {
    share(most, OF_ONE_PERSON)
}

/// Lets in as many as there is room for. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {
    most: usize,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    all: usize,
    people: HashMap<(WorkspaceId, UserId), usize>,
    channels: HashMap<(WorkspaceId, ChannelId), usize>,
}

/// Somebody inside, until it is dropped.
#[derive(Debug)]
pub struct Pass {
    inside: Arc<Mutex<Inside>>,
    person: (WorkspaceId, UserId),
    channel: Option<(WorkspaceId, ChannelId)>,
}

impl Gate {
    /// Room for so many at once.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            inside: Arc::default(),
        }
    }

    /// Lets in what somebody does in a channel, or outside of any; `None`: there is no room for it.
    #[must_use]
    pub fn enter(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        channel: Option<&ChannelId>,
    ) -> Option<Pass> {
        let person = (workspace.clone(), user.clone());
        let channel = channel.map(|channel| (workspace.clone(), channel.clone()));
        let mut inside = lock(&self.inside);
        let count = |there: Option<&usize>| there.copied().unwrap_or(0);
        let here = channel.as_ref();
        let full = inside.all >= self.most
            || count(inside.people.get(&person)) >= of_one_person(self.most)
            || here.is_some_and(|here| {
                count(inside.channels.get(here)) >= share(self.most, OF_ONE_CHANNEL)
            });
        if full {
            return None;
        }
        inside.all += 1;
        *inside.people.entry(person.clone()).or_default() += 1;
        if let Some(channel) = &channel {
            *inside.channels.entry(channel.clone()).or_default() += 1;
        }
        drop(inside);
        Some(Pass {
            inside: Arc::clone(&self.inside),
            person,
            channel,
        })
    }

    /// How many are inside.
    #[must_use]
    pub fn inside(&self) -> usize {
        lock(&self.inside).all
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = lock(&self.inside);
        inside.all -= 1;
        one_less(&mut inside.people, self.person.clone());
        if let Some(channel) = self.channel.take() {
            one_less(&mut inside.channels, channel);
        }
    }
}

/// Who has nothing inside any more is forgotten.
fn one_less<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    if let Entry::Occupied(mut entry) = counts.entry(key) {
        *entry.get_mut() -= 1;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}

fn lock(inside: &Mutex<Inside>) -> std::sync::MutexGuard<'_, Inside> {
    // Nothing is left half-changed under this lock.
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enters(gate: &Gate, user: &str, channel: &str) -> Option<Pass> {
        let channel = (!channel.is_empty()).then(|| ChannelId::from(channel));
        gate.enter(
            &WorkspaceId::from("T1"),
            &UserId::from(user),
            channel.as_ref(),
        )
    }

    #[test]
    fn one_person_leaves_room_for_others_and_gets_in_again() {
        let gate = Gate::new(160);
        let mut ada: Vec<Pass> = (0..100).filter_map(|_| enters(&gate, "ada", "")).collect();
        assert_eq!(ada.len(), 10);
        assert!(enters(&gate, "ada", "").is_none());
        assert!(enters(&gate, "ben", "").is_some());
        ada.pop();
        assert!(enters(&gate, "ada", "").is_some());
        drop(ada);
        assert_eq!(gate.inside(), 0);
    }

    #[test]
    fn one_channel_leaves_room_for_others() {
        let gate = Gate::new(160);
        let flood: Vec<Pass> = (0..200)
            .filter_map(|number| enters(&gate, &format!("u{number}"), "C1"))
            .collect();
        assert_eq!(flood.len(), 40);
        assert!(enters(&gate, "zoe", "C2").is_some());
        assert!(enters(&gate, "zoe", "").is_some());
    }

    #[test]
    fn there_is_an_end_to_all() {
        let gate = Gate::new(160);
        let all: Vec<Pass> = (0..1000)
            .filter_map(|number| enters(&gate, &format!("u{number}"), &format!("C{number}")))
            .collect();
        assert_eq!((all.len(), gate.inside()), (160, 160));
        drop(all);
        let inside = lock(&gate.inside);
        assert!(inside.people.is_empty() && inside.channels.is_empty());
    }
}
