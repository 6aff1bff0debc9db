//! Reminders: what somebody owes, when they are reminded of it, what was begun. When is reckoned in `schedule`.
//!
//! There is one parcel a person. It rests until their next reminder is due, names then all that is due, and rests again for the next
//! morning. Whatever changes what they owe owes it anew, so that it is looked at once more.

#[cfg(test)]
mod tests;

use super::scene::{Address, Addressed, Due, OwedScene, PostScene, RemindersScene};
use super::{App, Done, Fault, Going, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::event::{Delivery, Post, Reply};
use crate::domain::ids::{LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::{Head, Seat};
use crate::domain::refusal::Refusal;
use crate::domain::reminders::{Later, Reminders};
use crate::domain::settings::WorkingHours;
use crate::domain::sheet::{Sheet, SheetId};
use crate::domain::words::Words;
use crate::schedule::{self, Owing};
use crate::store::{Change, List, Listed, Parcel, Revision, Stretch};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// How much of the list of what somebody owes is read at once.
const AT_ONCE: usize = 200;

/// What somebody owes, and how they live.
struct Debts {
    /// The loops of which they can be reminded still, and what there is to know of each.
    heads: Vec<Head>,
    owing: Vec<Owing>,
    /// All that they owe.
    codes: BTreeSet<LoopCode>,
    /// What they were reminded of.
    reminders: Reminders,
    revision: Revision,
    hours: WorkingHours,
    zone: TimeZone,
    /// They may be reminded at all: they want to be, and are here.
    reachable: bool,
}

impl Debts {
    /// When each is due to be named, from now on.
    fn due(&self, now: Timestamp) -> Vec<Option<Timestamp>> {
        let last = self.reminders.last;
        schedule::reminders(&self.owing, last, now, &self.hours, &self.zone)
    }

    /// When the next reminder is due.
    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.due(now).into_iter().flatten().min()
    }

    /// What a reminder names now.
    fn due_now(&self, now: Timestamp) -> Vec<(&Head, &Owing)> {
        if !self.reachable {
            return Vec::new();
        }
        let all = self.heads.iter().zip(&self.owing).zip(self.due(now));
        all.filter(|(_, due)| *due == Some(now))
            .map(|(it, _)| it)
            .collect()
    }
}

impl App {
    /// When somebody's next reminder is due, and what it says if that is now.
    pub(super) async fn reminders_due(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<Due, Fault> {
        let now = self.inner.clock.now();
        let debts = self.debts(workspace, user).await?;
        let Some(next) = debts.next(now) else {
            return Ok(Due::Drop);
        };
        if !debts.reachable {
            // It is looked at once more when they want to be reminded again, or come back.
            return Ok(Due::Later(Timestamp::MAX));
        }
        if next > now {
            return Ok(Due::Later(next));
        }
        let named = debts.due_now(now).into_iter();
        let owed = named.map(|(head, owing)| {
            let mut reminded = owing.reminded;
            reminded.times += 1;
            OwedScene {
                last: reminded.is_over(),
                head: head.clone(),
            }
        });
        let scene = RemindersScene {
            owed: owed.collect(),
        };
        Ok(Due::Send(Box::new(Addressed {
            to: Address::Person(user.clone()),
            standing: None,
            thread: None,
            scene: PostScene::Reminders(scene),
            as_of: now,
        })))
    }

    /// Records that a reminder is about to be sent: in one commit the attempt, and what it names. `false`: something has changed since
    /// it was drawn.
    pub(super) async fn reminders_begin(
        &self,
        parcel: &Parcel,
        user: &UserId,
        as_of: Timestamp,
        attempt: Change,
    ) -> Result<bool, Fault> {
        let workspace = &parcel.workspace;
        let debts = self.debts(workspace, user).await?;
        let named = debts.due_now(as_of).into_iter();
        let named: Vec<LoopCode> = named.map(|(head, _)| head.code.clone()).collect();
        if named.is_empty() {
            return Ok(false);
        }
        let mut reminders = debts.reminders;
        self.prune(workspace, &mut reminders, &debts.codes).await?;
        reminders.begin(&named, as_of);
        // What changes what somebody owes owes the reminder anew: under this stamp it is as it was drawn.
        let unchanged = Change::Owed {
            post: parcel.post.clone(),
            stamp: parcel.stamp,
        };
        let sheet = Change::Sheet(debts.revision, Box::new(Sheet::Reminders(reminders)));
        self.written(workspace, vec![unchanged, attempt, sheet])
            .await
    }

    /// The call for a reminder certainly did nothing: it does not count.
    pub(super) async fn reminders_did_not_begin(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        attempt: Change,
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            let (mut reminders, revision) = self.reminders(workspace, user).await?;
            reminders.take_back();
            let sheet = Change::Sheet(revision, Box::new(Sheet::Reminders(reminders)));
            if self
                .written(workspace, vec![attempt.clone(), sheet])
                .await?
            {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// A reminder was sent, or given up: it rests until the next one, while there is one to come.
    pub(super) async fn reminders_observed(
        &self,
        parcel: &Parcel,
        user: &UserId,
    ) -> Result<(), Fault> {
        let workspace = &parcel.workspace;
        let debts = self.debts(workspace, user).await?;
        let mut changes = vec![parcel.settled()];
        let goes_on = debts.next(self.inner.clock.now()).is_some();
        changes.extend(goes_on.then(|| Change::Owe(parcel.post.clone())));
        self.write(workspace, changes).await?;
        if goes_on {
            self.owe(workspace, vec![parcel.post.clone()]);
        }
        Ok(())
    }

    /// Leaves somebody alone for a while with what they were reminded of.
    pub(super) async fn remind_later(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        later: Later,
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..ROUNDS {
            let debts = self.debts(&actor.workspace, &actor.user).await?;
            let now = self.inner.clock.now();
            let until = schedule::put_off(later, now, &debts.hours, &debts.zone);
            let mut reminders = debts.reminders.clone();
            let codes: Vec<LoopCode> = debts.codes.iter().cloned().collect();
            if reminders.put_off(&codes, until).is_empty() {
                return Err(Refusal::NothingToPutOff.into());
            }
            let at = schedule::at_work(until, &debts.hours, &debts.zone);
            let said = if debts.reachable {
                Words::from("You are reminded again on ").time(at).text(".")
            } else {
                Words::from("You have switched reminders off, so none comes.")
            };
            let changes = vec![
                Change::Sheet(debts.revision, Box::new(Sheet::Reminders(reminders))),
                Change::Owe(Post::Reminders(actor.user.clone())),
            ];
            let done = self
                .commit(delivery, fresh, changes, Reply::Said(said))
                .await?;
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    async fn reminders(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<(Reminders, Revision), Fault> {
        let id = SheetId::Reminders(user.clone());
        Ok(match self.inner.store.sheet(workspace, &id).await? {
            Some((Sheet::Reminders(reminders), revision)) => (reminders, revision),
            _ => (Reminders::of(user.clone()), Revision::default()),
        })
    }

    async fn debts(&self, workspace: &WorkspaceId, user: &UserId) -> Result<Debts, Fault> {
        let (reminders, revision) = self.reminders(workspace, user).await?;
        let mut codes = BTreeSet::new();
        let (mut heads, mut owing) = (Vec::new(), Vec::new());
        let mut after: Option<Listed> = None;
        loop {
            let stretch = Stretch {
                after,
                ..Stretch::first(AT_ONCE)
            };
            let of = List::OwedBy(user.clone());
            let some = self.inner.store.list(workspace, &of, stretch).await?;
            let is_last = some.len() < AT_ONCE;
            after = some.last().cloned();
            for Listed { code, .. } in some {
                // What they were reminded of for the last time costs nothing any more.
                let reminded = reminders.of_loop(&code);
                if !reminded.is_over()
                    && let Some(head) = self.head(workspace, &code).await?
                    && let Some(from) = head.reminded_from(user)
                {
                    let nudged = head.seat(user).and_then(|seat| seat.nudged_at);
                    owing.push(Owing {
                        from,
                        nudged,
                        reminded,
                    });
                    heads.push(head);
                }
                codes.insert(code);
            }
            if is_last {
                break;
            }
        }
        let (preferences, _) = self.preferences(workspace, user).await?;
        let (settings, _) = self.settings(workspace).await?;
        let (_, zone) = self.zone_of(workspace, user).await?;
        Ok(Debts {
            heads,
            owing,
            codes,
            reminders,
            revision,
            hours: settings.working,
            zone,
            reachable: preferences.reminders && self.takes_part(workspace, user).await?,
        })
    }

    /// Whether somebody is here, and may score.
    pub(super) async fn takes_part(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<bool, Fault> {
        let person = self.known_person(workspace, user).await?;
        Ok(person.is_none_or(|person| person.may_take_part().is_ok()))
    }

    /// Forgets loops of which they cannot be reminded again. One that was withdrawn can be reopened, and counts on then.
    async fn prune(
        &self,
        workspace: &WorkspaceId,
        reminders: &mut Reminders,
        owed: &BTreeSet<LoopCode>,
    ) -> Result<(), Fault> {
        let user = reminders.user.clone();
        let rest: Vec<LoopCode> = reminders
            .loops
            .keys()
            .filter(|code| !owed.contains(*code))
            .cloned()
            .collect();
        for code in rest {
            let head = self.head(workspace, &code).await?;
            let may_be_owed = head.is_some_and(|head| {
                head.reveal.is_none() && !head.seat(&user).is_some_and(Seat::is_in)
            });
            if !may_be_owed {
                reminders.loops.remove(&code);
            }
        }
        Ok(())
    }
}
