//! A commit as the writer takes it: what has to hold, and what is written then, encoded already. Whether it holds is decided by the store that writes it.
//!
//! All the encoding is done here, by whoever commits, so that whoever writes has little to do.

use super::keys::{self, Key};
use crate::domain::erasure::Erased;
use crate::domain::event::Fact;
use crate::domain::ids::{LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::Phase;
use crate::store::codec::{self, Kind};
use crate::store::{Base, Change, Commit, Lease, LoopChange, Parcel, Revision};

/// What has to hold for a commit to be written. Judged before any of it is.
pub(in crate::store) enum Check {
    /// Nothing stands at any of these keys; the answer that does is the commit's.
    Unanswered(Vec<Key>),
    /// The same, unless the delivery waits already.
    UnansweredUnless {
        /// Where it waits.
        waits: Key,
        /// Where an answer may stand.
        answers: Vec<Key>,
    },
    /// The record has this revision; zero: it is not there.
    Revision(Kind, Key, u64),
    /// The record is there.
    There(Key),
}

/// What is written, in this order.
pub(in crate::store) enum Write {
    /// A record.
    Put(Key, Vec<u8>),
    /// A record that is not there any more.
    Remove(Key),
    /// All records whose keys begin like this are not there any more. Whoever writes one of them checks a record that this commit writes.
    RemoveAll(Key),
    /// A record that goes behind all that begin like it: its place is added to the key.
    Append(Key, Vec<u8>),
    /// A record that takes the next place in a queue, unless it has one.
    Enqueue(Key, Vec<u8>),
    /// Something owed, under a stamp that is later than any before.
    Owe(Key, Box<Parcel>),
    /// A parcel whose sending begins, if it has this stamp still.
    Attempt(Key, u64, Box<Parcel>),
    /// A parcel that is delivered, if it has this stamp still.
    Settle(Key, u64),
    /// A draft, if it was put there before this day.
    Forget(Key, u32),
    /// The disk fails.
    #[cfg(test)]
    Fail,
    /// The program fails.
    #[cfg(test)]
    Panic,
}

/// A commit, ready to be written.
#[derive(Default)]
pub(in crate::store) struct Unit {
    /// When, as a stamp.
    pub(in crate::store) at: u64,
    /// What has to hold.
    pub(in crate::store) checks: Vec<Check>,
    /// What is written.
    pub(in crate::store) writes: Vec<Write>,
    /// Whose mail there is to handle, once this is written.
    pub(in crate::store) mail: Option<WorkspaceId>,
    /// Under which lease it is written: that of another process writes nothing.
    pub(in crate::store) held: Option<(WorkspaceId, Lease)>,
    /// The loops that come from one phase, or from nowhere, into another, or are gone.
    pub(in crate::store) moves: Vec<(Option<Phase>, Option<Phase>)>,
}

impl Unit {
    /// Encodes a commit.
    pub(in crate::store) fn of(commit: &Commit) -> Self {
        let Commit {
            workspace,
            at,
            delivery,
            changes,
        } = commit;
        let mut unit = Self {
            at: stamp(at.as_nanosecond()),
            ..Self::default()
        };
        if let Some((key, reply)) = delivery {
            unit.checks
                .push(Check::Unanswered(keys::replies(*at, workspace, key)));
            let reply = codec::encode(Kind::Reply, 0, reply);
            unit.put(keys::reply_now(*at, workspace, key), reply);
        }
        for change in changes {
            unit.add(workspace, commit, change);
        }
        unit
    }

    fn put(&mut self, key: Key, record: Vec<u8>) {
        self.writes.push(Write::Put(key, record));
    }

    fn add(&mut self, workspace: &WorkspaceId, commit: &Commit, change: &Change) {
        match change {
            Change::Loop(change) => self.add_loop(workspace, change),
            Change::Erase(base, erased) => self.erase(workspace, base, erased),
            Change::Erased(revision, erased) => {
                let key = keys::erased(workspace, &erased.code);
                self.checks
                    .push(Check::Revision(Kind::Erased, key.clone(), revision.0));
                let record = codec::encode(Kind::Erased, revision.0 + 1, erased);
                self.put(key, record);
            }
            Change::Sent(code, sent) => {
                let key = keys::sent(workspace, code, sent);
                self.put(key, codec::encode(Kind::Sent, 0, sent));
            }
            Change::TakenBack(code, sent) => {
                let key = keys::sent(workspace, code, sent);
                self.writes.push(Write::Remove(key));
            }
            Change::Owe(post) => {
                let parcel = Parcel {
                    workspace: workspace.clone(),
                    post: post.clone(),
                    stamp: 0,
                    attempt: None,
                    lease: None,
                };
                let key = keys::parcel(workspace, post);
                self.mail = Some(workspace.clone());
                self.writes.push(Write::Owe(key, Box::new(parcel)));
            }
            Change::Attempt {
                post,
                stamp: at,
                attempt,
                lease,
            } => {
                let parcel = Parcel {
                    workspace: workspace.clone(),
                    post: post.clone(),
                    stamp: *at,
                    attempt: Some(attempt.clone()),
                    lease: None,
                };
                self.held = self
                    .held
                    .take()
                    .or(lease.map(|lease| (workspace.clone(), lease)));
                let key = keys::parcel(workspace, post);
                self.writes
                    .push(Write::Attempt(key, stamp(*at), Box::new(parcel)));
            }
            Change::Settle {
                post,
                stamp: at,
                lease,
            } => {
                self.held = self
                    .held
                    .take()
                    .or(lease.map(|lease| (workspace.clone(), lease)));
                let key = keys::parcel(workspace, post);
                self.writes.push(Write::Settle(key, stamp(*at)));
            }
            Change::Owed { post, stamp: at } => {
                let key = keys::parcel(workspace, post);
                self.checks
                    .push(Check::Revision(Kind::Parcel, key, stamp(*at)));
            }
            Change::Fact(Fact::Person(user, person)) => {
                self.put(
                    keys::person(workspace, user),
                    codec::encode(Kind::Person, 0, person),
                );
            }
            Change::Fact(Fact::Place(channel, place)) => {
                self.put(
                    keys::place(workspace, channel),
                    codec::encode(Kind::Place, 0, place),
                );
            }
            Change::Fact(Fact::Group(group, members)) => {
                let told = (members, commit.at);
                self.put(
                    keys::group(workspace, group),
                    codec::encode(Kind::Group, 0, &told),
                );
            }
            Change::PutDraft(id, draft) => {
                let day = keys::day(commit.at);
                let key = keys::draft(workspace, id);
                self.put(
                    keys::draft_of_day(day, workspace, id),
                    codec::encode(Kind::DraftOfDay, 0, &key),
                );
                self.put(key, codec::encode(Kind::Draft, day.into(), draft));
            }
            Change::TakeDraft(id) => {
                let key = keys::draft(workspace, id);
                self.checks.push(Check::There(key.clone()));
                self.writes.push(Write::Remove(key));
            }
            Change::Wait(delivery) => {
                let waits = keys::waiting(workspace, &delivery.key);
                let answers = keys::replies(commit.at, workspace, &delivery.key);
                let record = codec::encode(Kind::Waiting, 0, delivery);
                self.mail = Some(workspace.clone());
                self.checks.push(Check::UnansweredUnless {
                    waits: waits.clone(),
                    answers,
                });
                self.writes.push(Write::Enqueue(waits, record));
            }
            Change::Unwait(key) => {
                let key = keys::waiting(workspace, key);
                self.checks.push(Check::There(key.clone()));
                self.writes.push(Write::Remove(key));
            }
            Change::Kit(version, kit) => {
                self.put(keys::kit(version), codec::encode(Kind::Kit, 0, kit));
            }
            Change::Calibration(revision, calibration) => {
                let key = keys::calibration(workspace, &calibration.id);
                self.checks
                    .push(Check::Revision(Kind::Calibration, key.clone(), revision.0));
                let owned = (workspace, calibration);
                let record = codec::encode(Kind::Calibration, revision.0 + 1, &owned);
                self.put(key, record);
            }
            Change::Sheet(revision, sheet) => {
                let key = keys::sheet(workspace, &sheet.id());
                self.checks
                    .push(Check::Revision(Kind::Sheet, key.clone(), revision.0));
                let record = codec::encode(Kind::Sheet, revision.0 + 1, sheet);
                self.put(key, record);
            }
            Change::Install(revision, install) => {
                let key = keys::install(workspace);
                self.checks
                    .push(Check::Revision(Kind::Install, key.clone(), revision.0));
                let record = codec::encode(Kind::Install, revision.0 + 1, install);
                self.put(key, record);
            }
            Change::Shelf(revision, shelf) => {
                let key = keys::shelf(workspace, &shelf.slug);
                self.checks
                    .push(Check::Revision(Kind::Shelf, key.clone(), revision.0));
                let record = codec::encode(Kind::Shelf, revision.0 + 1, &(workspace, shelf));
                self.put(key, record);
            }
        }
    }

    fn add_loop(&mut self, workspace: &WorkspaceId, change: &LoopChange) {
        let LoopChange {
            code,
            base,
            head,
            cards,
            audit,
        } = change;
        let revision = self.check_base(workspace, code, base);
        if *base == Base::Absent {
            // A code names one loop for ever.
            let erased = keys::erased(workspace, code);
            self.checks
                .push(Check::Revision(Kind::Erased, erased, Revision::default().0));
        }
        if let Some(new) = head {
            let old = match base {
                Base::Absent => Vec::new(),
                Base::Read { was, .. } => keys::listings(workspace, was),
            };
            let before = match base {
                Base::Absent => None,
                Base::Read { was, .. } => Some(was.phase()),
            };
            if before != Some(new.phase()) {
                self.moves.push((before, Some(new.phase())));
            }
            let listings = keys::listings(workspace, new);
            for (_, key) in old.iter().filter(|old| !listings.contains(old)) {
                self.writes.push(Write::Remove(key.clone()));
            }
            for (kind, key) in listings.into_iter().filter(|new| !old.contains(new)) {
                self.put(key, codec::encode(kind, 0, code));
            }
            let record = codec::encode(Kind::Head, revision.0 + 1, new);
            self.put(keys::head(workspace, code), record);
        }
        for card in cards {
            let revision = match base {
                Base::Read { cards, .. } => cards.get(&card.author).copied(),
                Base::Absent => None,
            };
            if revision.is_none() {
                // Nobody looked: then nothing may be overwritten.
                self.check_card(workspace, code, &card.author, Revision(0));
            }
            let record = codec::encode(Kind::Card, revision.unwrap_or_default().0 + 1, card);
            self.put(keys::card(workspace, code, &card.author), record);
        }
        if !audit.is_empty() {
            let record = codec::encode(Kind::Audit, 0, audit);
            self.writes
                .push(Write::Append(keys::audit(workspace, code), record));
        }
    }

    /// That a loop is as it was read. Returns the revision of its head.
    fn check_base(&mut self, workspace: &WorkspaceId, code: &LoopCode, base: &Base) -> Revision {
        let key = keys::head(workspace, code);
        let Base::Read { head, cards, .. } = base else {
            self.checks.push(Check::Revision(Kind::Head, key, 0));
            return Revision::default();
        };
        self.checks.push(Check::Revision(Kind::Head, key, head.0));
        for (author, revision) in cards {
            self.check_card(workspace, code, author, *revision);
        }
        *head
    }

    /// Removes a loop and all that stands beside it. What was sent of it stays listed until it is taken back.
    fn erase(&mut self, workspace: &WorkspaceId, base: &Base, erased: &Erased) {
        let code = &erased.code;
        self.check_base(workspace, code, base);
        if let Base::Read { was, .. } = base {
            for (_, key) in keys::listings(workspace, was) {
                self.writes.push(Write::Remove(key));
            }
            self.moves.push((Some(was.phase()), None));
        }
        self.writes.push(Write::Remove(keys::head(workspace, code)));
        for prefix in [keys::cards(workspace, code), keys::audit(workspace, code)] {
            self.writes.push(Write::RemoveAll(prefix));
        }
        let record = codec::encode(Kind::Erased, 1, erased);
        self.put(keys::erased(workspace, code), record);
    }

    fn check_card(
        &mut self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        author: &UserId,
        revision: Revision,
    ) {
        let key = keys::card(workspace, code, author);
        self.checks
            .push(Check::Revision(Kind::Card, key, revision.0));
    }
}

/// A moment in nanoseconds as a record's number: enough until the year 2554.
pub(in crate::store) fn stamp(nanoseconds: i128) -> u64 {
    u64::try_from(nanoseconds.max(0)).unwrap_or(u64::MAX)
}
