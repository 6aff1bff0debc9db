//! Who interviews: the panel's seats, asking to join, nudging, dismissing oneself. Filling in a scorecard is in `score`.

use super::{
    Doubted, Doubts, Excuse, ExcusedWhy, InterviewLoop, LARGEST_PANEL, NUDGE_EVERY, Outcome, Phase,
    Seat, SeatRole, interviewers,
};
use crate::domain::access::Actor;
use crate::domain::event::{AuditEntry, Audited, Post, Reply, Screen};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use jiff::Timestamp;
use std::collections::BTreeMap;

impl InterviewLoop {
    /// `namesakes`: who of them is new and has the candidate's name; absent: it is settled that nothing gives pause.
    pub(super) fn set_panel(
        mut self,
        actor: &Actor,
        wanted: &[(UserId, SeatRole)],
        namesakes: Option<&[UserId]>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        if !wanted
            .iter()
            .any(|(_, role)| *role == SeatRole::Interviewer)
        {
            return Err(Refusal::PanelEmpty);
        }
        let role_of = |user: &UserId| {
            let found = wanted.iter().find(|(named, _)| named == user);
            found.map(|(_, role)| *role)
        };
        let excused = |seat: &&Seat| seat.excused.is_some() && role_of(&seat.user).is_none();
        if wanted.len() + self.head.panel.iter().filter(excused).count() > LARGEST_PANEL {
            return Err(Refusal::PanelTooLarge);
        }
        // What somebody is there for decides whether their scorecard counts: nobody moves it once it is in.
        let in_and = |test: &dyn Fn(&Seat) -> bool| -> Vec<UserId> {
            let seats = self.head.panel.iter();
            seats
                .filter(|seat| seat.is_in() && test(seat))
                .map(|seat| seat.user.clone())
                .collect()
        };
        let staying = in_and(&|seat| seat.excused.is_none() && role_of(&seat.user).is_none());
        if !staying.is_empty() {
            return Err(Refusal::SubmittedStay { users: staying });
        }
        let moved = in_and(&|seat| role_of(&seat.user).is_some_and(|role| role != seat.role));
        if !moved.is_empty() {
            return Err(Refusal::SubmittedKeepRole { users: moved });
        }
        if let Some(namesakes) = namesakes {
            let before = self.head.number_of(SeatRole::Interviewer);
            let doubts = Doubts::of(interviewers(wanted), before, namesakes.to_vec());
            let what = Doubted::Panel {
                code: self.code(),
                panel: wanted.to_vec(),
            };
            if !doubts.is_empty() {
                return Ok(self.doubted(what, doubts));
            }
        }
        let mut change = PanelChange::default();
        let revealed = self.head.reveal.is_some();
        self.head.named_panel = true;
        self.head.panel.retain_mut(|seat| {
            let Some(role) = role_of(&seat.user) else {
                let stays = seat.excused.is_some();
                if !stays {
                    change.removed.push(seat.user.clone());
                }
                return stays;
            };
            let owed = seat.owes();
            if seat.role != role {
                seat.role = role;
                change.roles.push((seat.user.clone(), role));
            }
            if seat.excused.take().is_some() {
                // It is in no figure of the reveal.
                seat.late |= revealed && seat.is_in();
                change.put_back.push(seat.user.clone());
            }
            if !owed && seat.owes() {
                seat.since = Some(now);
            }
            true
        });
        for (user, role) in wanted {
            if self.head.seat(user).is_none() {
                change.added.push((user.clone(), *role));
            }
        }
        Ok(self.seated(actor, change, now))
    }

    /// `namesake`: they have the candidate's name; absent: it is settled that nothing gives pause.
    pub(super) fn admit(
        self,
        actor: &Actor,
        user: &UserId,
        namesake: Option<bool>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        if self.head.seat(user).is_some() {
            return Err(Refusal::AlreadyOnPanel);
        }
        if self.head.panel.len() >= LARGEST_PANEL {
            return Err(Refusal::PanelTooLarge);
        }
        if let Some(namesake) = namesake {
            let before = self.head.number_of(SeatRole::Interviewer);
            let namesakes = namesake.then(|| user.clone()).into_iter().collect();
            let doubts = Doubts::of(before + 1, before, namesakes);
            let what = Doubted::Admission {
                code: self.code(),
                user: user.clone(),
            };
            if !doubts.is_empty() {
                return Ok(self.doubted(what, doubts));
            }
        }
        let change = PanelChange {
            added: vec![(user.clone(), SeatRole::Interviewer)],
            ..PanelChange::default()
        };
        Ok(self.seated(actor, change, now))
    }

    /// Changes nothing and asks whether it is meant.
    fn doubted(self, what: Doubted, doubts: Doubts) -> Outcome {
        Outcome::unchanged(self, Reply::Show(Screen::Doubtful { what, doubts }))
    }

    /// Seats the new ones, invites them, and reveals if no interviewer owes any more.
    fn seated(mut self, actor: &Actor, change: PanelChange, now: Timestamp) -> Outcome {
        for (user, role) in &change.added {
            self.head.asked_to_join.remove(user);
            let seat = Seat::from_now(user.clone(), *role, now);
            self.head.panel.push(seat);
        }
        let code = self.code();
        let told: Vec<UserId> = change.told().cloned().collect();
        let mut said = Words::from(format!("The panel has {} now.", self.head.on_the_panel()));
        if !told.is_empty() {
            said = said
                .text(" ")
                .people(&told)
                .text(if told.len() == 1 { " gets" } else { " get" })
                .text(" a direct message.");
        }
        let invitations = told.into_iter().map(|user| Post::Invitation {
            code: code.clone(),
            user,
        });
        let mut entries = change.audited().into_iter();
        let first = entries.next().unwrap_or_else(|| Audited::PanelSet {
            added: Vec::new(),
            removed: Vec::new(),
        });
        let mut outcome = self.headed(actor, first, said, now);
        outcome.audit.extend(entries.map(|what| AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what,
        }));
        outcome.posts.extend(invitations);
        if outcome.state.head.reveal.is_some() {
            // The debrief says who is not in.
            outcome = outcome.owes(Post::Debrief(code));
        }
        outcome.revealed_if_all_are_in(now)
    }

    pub(super) fn ask_to_join(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        match self.head.phase() {
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Decided => return Err(Refusal::Closed),
            Phase::Open | Phase::Revealed => {}
        }
        if self.head.seat(&actor.user).is_some() {
            return Err(Refusal::AlreadyOnPanel);
        }
        let said = Words::new()
            .person(&self.head.owner)
            .text(" was asked to add you to the panel.");
        if !self.head.asked_to_join.insert(actor.user.clone()) {
            return Ok(Outcome::unchanged(self, Reply::Said(said)));
        }
        let asked = Post::JoinRequest {
            code: self.code(),
            user: actor.user.clone(),
        };
        let mut outcome = Outcome::unchanged(self, Reply::Said(said)).owes(asked);
        outcome.head_changed = true;
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what: Audited::AskedToJoin,
        });
        Ok(outcome)
    }

    /// `asleep`: for whom it is night, and when their day begins: they get the nudge then.
    pub(super) fn nudge(
        mut self,
        actor: &Actor,
        asleep: &BTreeMap<UserId, Timestamp>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        let code = self.code();
        let mut nudged = Vec::new();
        let mut again_at: Option<Timestamp> = None;
        for seat in self.head.panel.iter_mut().filter(|seat| seat.owes()) {
            let free_at = seat.nudged_at.map(|at| at + NUDGE_EVERY);
            match free_at {
                Some(free_at) if free_at > now => {
                    again_at = Some(again_at.map_or(free_at, |other| other.min(free_at)));
                }
                _ => {
                    seat.nudged_at = Some(asleep.get(&seat.user).copied().unwrap_or(now));
                    nudged.push(seat.user.clone());
                }
            }
        }
        if nudged.is_empty() {
            return Err(
                again_at.map_or(Refusal::NobodyOwes, |again_at| Refusal::NudgedLately {
                    again_at,
                }),
            );
        }
        let (later, at_once): (Vec<&UserId>, Vec<&UserId>) =
            nudged.iter().partition(|user| asleep.contains_key(*user));
        let mut said = Words::new();
        if !at_once.is_empty() {
            said = said.text("Nudged: ").people(at_once).text(".");
        }
        if !later.is_empty() {
            let start = if said.0.is_empty() { "It" } else { " It" };
            said = said
                .text(format!("{start} is night for "))
                .people(later)
                .text(": they get it at 08:00 their time.");
        }
        let mut outcome = Outcome::unchanged(self, Reply::Said(said));
        for user in &nudged {
            let at = asleep.get(user).copied().unwrap_or(now);
            outcome = outcome.owes(Post::Nudge {
                code: code.clone(),
                user: user.clone(),
                at: at.as_second(),
            });
        }
        outcome.head_changed = true;
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what: Audited::Nudged(nudged),
        });
        Ok(outcome)
    }

    pub(super) fn recuse(self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        let seat = self.own_seat(actor)?;
        match self.head.phase() {
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => return Err(Refusal::TooLateToRecuse),
            Phase::Open => {}
        }
        if seat.is_recused() {
            return Err(Refusal::ExcusedAlready);
        }
        if self.head.owner == actor.user {
            return Err(Refusal::OwnerCannotRecuse);
        }
        let said = Words::from(if seat.is_in() {
            "You are recused: your scorecard is kept, but does not count. "
        } else {
            "You are recused: you owe no scorecard here. "
        })
        .person(&self.head.owner)
        .text(" is told.");
        let code = self.code();
        let told = Post::Recused {
            code,
            user: actor.user.clone(),
        };
        Ok(self
            .excused(actor, ExcusedWhy::Recused, said, now)
            .owes(told))
    }

    pub(super) fn did_not_attend(self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        let seat = self.own_seat(actor)?;
        match self.head.phase() {
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Decided => return Err(Refusal::Closed),
            Phase::Open | Phase::Revealed => {}
        }
        if seat.excused.is_some() {
            return Err(Refusal::ExcusedAlready);
        }
        if seat.is_in() {
            return Err(Refusal::AttendedAlready);
        }
        let said = Words::from("Noted. You owe no scorecard for this interview.");
        let code = self.code();
        let outcome = self.excused(actor, ExcusedWhy::DidNotAttend, said, now);
        Ok(if outcome.state.head.reveal.is_some() {
            // The debrief says who is not in.
            outcome.owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    fn own_seat(&self, actor: &Actor) -> Result<&Seat, Refusal> {
        let head = &self.head;
        head.seat(&actor.user).ok_or_else(|| Refusal::NotOnPanel {
            code: head.code.clone(),
        })
    }

    /// Dismisses the actor, and reveals if nobody else owes.
    fn excused(mut self, actor: &Actor, why: ExcusedWhy, said: Words, now: Timestamp) -> Outcome {
        if let Some(seat) = self.head.seat_mut(&actor.user) {
            seat.excused = Some(Excuse {
                why,
                at: now,
                by: actor.user.clone(),
            });
        }
        let what = match why {
            ExcusedWhy::Recused => Audited::Recused,
            ExcusedWhy::DidNotAttend => Audited::DidNotAttend,
        };
        self.headed(actor, what, said, now)
            .revealed_if_all_are_in(now)
    }
}

/// What becomes of a panel.
#[derive(Default)]
struct PanelChange {
    added: Vec<(UserId, SeatRole)>,
    removed: Vec<UserId>,
    put_back: Vec<UserId>,
    roles: Vec<(UserId, SeatRole)>,
}

impl PanelChange {
    /// Whoever has something new to do.
    fn told(&self) -> impl Iterator<Item = &UserId> {
        self.added
            .iter()
            .map(|(user, _)| user)
            .chain(&self.put_back)
    }

    fn audited(self) -> Vec<Audited> {
        let mut entries = Vec::new();
        let mut roles = self.roles;
        let others = |(_, role): &&(UserId, SeatRole)| *role != SeatRole::Interviewer;
        roles.extend(self.added.iter().filter(others).cloned());
        if !self.added.is_empty() || !self.removed.is_empty() {
            entries.push(Audited::PanelSet {
                added: self.added.into_iter().map(|(user, _)| user).collect(),
                removed: self.removed,
            });
        }
        if !roles.is_empty() {
            entries.push(Audited::RolesSet(roles));
        }
        if !self.put_back.is_empty() {
            entries.push(Audited::PutBack(self.put_back));
        }
        entries
    }
}
