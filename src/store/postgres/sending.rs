//! A commit as the database takes it: checks and writes as arrays, and the locks under which they are judged. What is done with them is in
//! `migrations`.
//!
//! **Correctness is in the locks.** Everything that a commit checks or writes has a lock, taken for the length of the transaction, shared
//! where it is only checked, and all locks are taken in the order of their numbers before anything is read. So two commits that touch the
//! same thing are written one after the other, nothing that was checked changes before it is written, what is *not* there is guarded like
//! what is, and no two can wait for each other. A lock's number is a hash: where two things have the same, they wait needlessly, no more.
//!
//! Three things have a lock together. The answers to a delivery, on whatever day they stand. The parcels of a slot, which share the last
//! stamp. And what stands in lists, in the audit, and under a post or a name: it follows a head, and goes with the head's lock.

use crate::domain::interview_loop::Phase;
use crate::store::codec::{self, Kind};
use crate::store::keys::Key;
use crate::store::unit::{Check, Unit, Write};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::types::ToSql;

/// How much text is written together with others: what is longer goes alone, like what is copied in.
const LARGEST_SIMPLE: usize = 64 * 1024;

/// A commit as the arguments of `commit_unit`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sending {
    pub(super) id: Vec<u8>,
    at: i64,
    format: i16,
    locks: Vec<i64>,
    alone: Vec<bool>,
    /// One letter a check: `a` a known answer ends it; `u` leaves out as many checks as the number says, if there is such a record; `r` the
    /// record has this number, zero where there is none; `t` there is such a record.
    pub(super) checks: String,
    pub(super) check_keys: Vec<Key>,
    pub(super) check_numbers: Vec<i64>,
    /// One letter a write: `p` put; `x` remove; `z` remove all that begin so; `a` append; `e` enqueue; `o` owe, in this slot; `b` an attempt begins, if the number is this
    /// one; `s` settle, if it is; `f` forget, if it is lower.
    pub(super) writes: String,
    pub(super) write_keys: Vec<Key>,
    pub(super) write_numbers: Vec<i64>,
    pub(super) write_jsons: Vec<String>,
    tally_slot: i16,
    tally_states: Vec<i16>,
    tally_steps: Vec<i64>,
}

/// Names a commit, so that it is known again: the moment first, so that old ones are together.
pub(super) fn name(at_second: i64) -> Vec<u8> {
    let mut name = before(at_second);
    name.extend(rand::random::<[u8; 16]>());
    name
}

/// What comes before the names of all commits of this moment and of later ones.
pub(super) fn before(at_second: i64) -> Vec<u8> {
    at_second.max(0).to_be_bytes().to_vec()
}

impl Sending {
    /// Lays a commit out.
    pub(super) fn of(unit: Unit, id: Vec<u8>) -> Self {
        let mut sending = Self {
            at: signed(unit.at),
            format: codec::VERSION.into(),
            tally_slot: id.last().copied().unwrap_or_default().into(),
            id,
            ..Self::default()
        };
        let mut locks = BTreeMap::new();
        for check in unit.checks {
            sending.check(check, &mut locks);
        }
        for write in unit.writes {
            sending.write(write, &mut locks);
        }
        let mut steps: BTreeMap<i16, i64> = BTreeMap::new();
        for (from, to) in unit.moves {
            if let Some(from) = from {
                *steps.entry(state(from)).or_default() -= 1;
            }
            if let Some(to) = to {
                *steps.entry(state(to)).or_default() += 1;
            }
        }
        (sending.tally_states, sending.tally_steps) = steps.into_iter().unzip();
        (sending.locks, sending.alone) = locks.into_iter().unzip();
        sending
    }

    /// Whether it neither checks nor writes anything.
    pub(super) fn is_empty(&self) -> bool {
        self.checks.is_empty() && self.writes.is_empty()
    }

    /// Whether it may go together with others.
    pub(super) fn is_simple(&self) -> bool {
        let letters = |text: &str, of: &[char]| text.chars().all(|letter| of.contains(&letter));
        let mut puts = BTreeSet::new();
        let keys = self.writes.chars().zip(&self.write_keys);
        // What follows another record's lock may be written by somebody else of the group, and nothing is put twice by one statement.
        let puts_once = keys
            .filter(|(what, _)| *what == 'p')
            .all(|(_, key)| lock_of(key).is_some() && puts.insert(key));
        let size = self.write_jsons.iter().map(String::len).sum::<usize>();
        letters(&self.checks, &['a', 'r', 't'])
            && letters(&self.writes, &['p', 'a'])
            && puts_once
            && !self.locks.is_empty()
            && !self.moves()
            && size <= LARGEST_SIMPLE
    }

    /// Adds its locks to those of a group, and says so; unless one of the group touches what this one writes, or the other way round.
    pub(super) fn joins(&self, group: &mut BTreeMap<i64, bool>) -> bool {
        let own = || self.locks.iter().zip(&self.alone);
        let meets = |(lock, alone): (&i64, &bool)| group.get(lock).is_some_and(|it| *alone || *it);
        if own().any(meets) {
            return false;
        }
        group.extend(own());
        true
    }

    /// Whether a loop goes into another state.
    pub(super) fn moves(&self) -> bool {
        !self.tally_states.is_empty()
    }

    fn check(&mut self, check: Check, locks: &mut BTreeMap<i64, bool>) {
        match check {
            Check::Unanswered(answers) => self.answers(answers, locks),
            Check::UnansweredUnless { waits, answers } => {
                let count = i64::try_from(answers.len()).unwrap_or_default();
                self.one_check('u', waits, count, locks);
                self.answers(answers, locks);
            }
            Check::Revision(_, key, number) => self.one_check('r', key, signed(number), locks),
            Check::There(key) => self.one_check('t', key, 0, locks),
        }
    }

    fn answers(&mut self, answers: Vec<Key>, locks: &mut BTreeMap<i64, bool>) {
        for key in answers {
            self.one_check('a', key, 0, locks);
        }
    }

    fn one_check(&mut self, what: char, key: Key, number: i64, locks: &mut BTreeMap<i64, bool>) {
        if let Some(lock) = lock_of(&key) {
            locks.entry(lock).or_default();
        }
        self.checks.push(what);
        self.check_keys.push(key);
        self.check_numbers.push(number);
    }

    fn write(&mut self, write: Write, locks: &mut BTreeMap<i64, bool>) {
        match write {
            Write::Put(key, record) => self.one_write('p', key, None, &record, locks),
            Write::Remove(key) => self.one_write('x', key, None, &[], locks),
            Write::RemoveAll(prefix) => self.one_write('z', prefix, None, &[], locks),
            Write::Append(key, record) => self.one_write('a', key, None, &record, locks),
            Write::Enqueue(key, record) => self.one_write('e', key, None, &record, locks),
            Write::Owe(key, parcel) => {
                let slot = i64::from(slot_of(&key));
                let record = codec::encode(Kind::Parcel, 0, &parcel);
                self.one_write('o', key, Some(slot), &record, locks);
            }
            Write::Attempt(key, stamp, parcel) => {
                let record = codec::encode(Kind::Parcel, stamp, &parcel);
                self.one_write('b', key, None, &record, locks);
            }
            Write::Settle(key, stamp) => {
                self.one_write('s', key, Some(signed(stamp)), &[], locks);
            }
            Write::Forget(key, day) => self.one_write('f', key, Some(day.into()), &[], locks),
            #[cfg(test)]
            Write::Fail | Write::Panic => panic!("sled's own"),
        }
    }

    fn one_write(
        &mut self,
        what: char,
        key: Key,
        number: Option<i64>,
        record: &[u8],
        locks: &mut BTreeMap<i64, bool>,
    ) {
        if let Some(lock) = lock_of(&key) {
            locks.insert(lock, true);
        }
        let (inner, json) = codec::parts(record);
        self.writes.push(what);
        self.write_keys.push(key);
        self.write_numbers.push(number.unwrap_or(signed(inner)));
        self.write_jsons.push(json.to_owned());
    }

    /// The arguments, but for the last.
    pub(super) fn arguments(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.id,
            &self.at,
            &self.format,
            &self.locks,
            &self.alone,
            &self.checks,
            &self.check_keys,
            &self.check_numbers,
            &self.writes,
            &self.write_keys,
            &self.write_numbers,
            &self.write_jsons,
            &self.tally_slot,
            &self.tally_states,
            &self.tally_steps,
        ]
    }
}

/// A number as a column has it: stamps are nanoseconds, and there is room for them until the year 2262.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Which parcels share a last stamp. It is kept, so it never changes.
fn slot_of(key: &[u8]) -> u8 {
    let hash: [u8; 32] = Sha256::digest(key).into();
    hash[0]
}

/// The lock of what stands at a key; none where it goes with another one.
pub(super) fn lock_of(key: &[u8]) -> Option<i64> {
    const REPLY: u8 = Kind::Reply as u8;
    const PARCEL: u8 = Kind::Parcel as u8;
    const FOLLOW: [u8; 7] = [
        Kind::Audit as u8,
        Kind::OfUser as u8,
        Kind::InChannel as u8,
        Kind::Listed as u8,
        Kind::AtPost as u8,
        Kind::Namesake as u8,
        // It follows its draft.
        Kind::DraftOfDay as u8,
    ];
    let hash = match key.first()? {
        letter if FOLLOW.contains(letter) => return None,
        // Four bytes are the day.
        &REPLY => Sha256::new_with_prefix([REPLY]).chain_update(key.get(5..)?),
        &PARCEL => Sha256::new_with_prefix([PARCEL, slot_of(key)]),
        _ => Sha256::new_with_prefix(key),
    };
    let bytes: [u8; 32] = hash.finalize().into();
    let (first, _) = bytes.split_first_chunk::<8>()?;
    Some(i64::from_be_bytes(*first))
}

/// A state's number in the tally.
fn state(phase: Phase) -> i16 {
    match phase {
        Phase::Open => 0,
        Phase::Revealed => 1,
        Phase::Decided => 2,
        Phase::Withdrawn => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{DeliveryKey, LoopCode, WorkspaceId};
    use crate::store::contract::at;
    use crate::store::keys;

    #[test]
    fn the_answers_to_a_delivery_have_one_lock_on_all_days() {
        let answers = |workspace: &str, key: &str| {
            let (workspace, key) = (WorkspaceId::from(workspace), DeliveryKey::from(key));
            let days = [0, 86_400, 86_400 * 400];
            let mut locks =
                Vec::from(days.map(|day| lock_of(&keys::reply_now(at(day), &workspace, &key))));
            locks.dedup();
            assert_eq!(locks.len(), 1);
            locks[0]
        };
        assert_eq!(answers("T1", "K1"), answers("T1", "K1"));
        assert_ne!(answers("T1", "K1"), answers("T1", "K2"));
        assert_ne!(answers("T1", "K1"), answers("T2", "K1"));
    }

    #[test]
    fn what_is_written_is_locked_alone_and_what_is_checked_is_shared() {
        let workspace = WorkspaceId::from("T1");
        let [one, two] =
            [1, 2].map(|number| keys::head(&workspace, &LoopCode::from_random(number)));
        let unit = Unit {
            checks: vec![
                Check::Revision(Kind::Head, one.clone(), 3),
                Check::Revision(Kind::Head, two.clone(), 0),
            ],
            writes: vec![Write::Put(two.clone(), codec::encode(Kind::Head, 1, &()))],
            ..Unit::default()
        };
        let sending = Sending::of(unit, name(7));
        assert!(sending.locks.is_sorted());
        let alone = |key: &Key| {
            let lock = lock_of(key).expect("it has one");
            let place = sending.locks.iter().position(|other| *other == lock);
            sending.alone[place.expect("it is taken")]
        };
        assert!(!alone(&one) && alone(&two));
        assert_eq!(sending.check_numbers, [3, 0]);
        assert_eq!(
            (&*sending.writes, &sending.write_numbers[..]),
            ("p", &[1][..])
        );
        assert_eq!(sending.write_jsons, ["null"]);
    }

    #[test]
    fn names_of_commits_are_in_the_order_of_their_moments() {
        assert!(name(7) < before(8) && before(7) < name(7));
        assert_ne!(name(7), name(7));
        assert!(before(-5) < name(0));
    }
}
