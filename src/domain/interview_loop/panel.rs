//! Who interviews: the panel's seats, asking to join, nudging. Filling in a scorecard is in `score`.

use super::{InterviewLoop, LARGEST_PANEL, NUDGE_EVERY, Outcome, Phase, Seat};
use crate::domain::access::Actor;
use crate::domain::event::{AuditEntry, Audited, Post, Reply};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::words::{Words, count};
use jiff::Timestamp;
use std::collections::BTreeSet;

impl InterviewLoop {
    pub(super) fn set_panel(
        mut self,
        actor: &Actor,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        let mut wanted = BTreeSet::new();
        let users: Vec<&UserId> = users
            .iter()
            .filter(|user| wanted.insert((*user).clone()))
            .collect();
        if users.is_empty() {
            return Err(Refusal::PanelEmpty);
        }
        if users.len() > LARGEST_PANEL {
            return Err(Refusal::PanelTooLarge);
        }
        let (kept, dropped): (Vec<Seat>, Vec<Seat>) = std::mem::take(&mut self.head.panel)
            .into_iter()
            .partition(|seat| wanted.contains(&seat.user));
        let staying: Vec<UserId> = dropped
            .iter()
            .filter(|seat| seat.submitted_at.is_some())
            .map(|seat| seat.user.clone())
            .collect();
        if !staying.is_empty() {
            return Err(Refusal::SubmittedStay { users: staying });
        }
        let removed: Vec<UserId> = dropped.into_iter().map(|seat| seat.user).collect();
        self.head.panel = kept;
        self.head.named_panel = true;
        let added: Vec<UserId> = users
            .into_iter()
            .filter(|user| self.head.seat(user).is_none())
            .cloned()
            .collect();
        Ok(self.seated(actor, added, removed, now))
    }

    pub(super) fn admit(
        self,
        actor: &Actor,
        user: &UserId,
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
        Ok(self.seated(actor, vec![user.clone()], Vec::new(), now))
    }

    /// Seats the new ones, invites them, and reveals if nobody owes any more.
    pub(super) fn seated(
        mut self,
        actor: &Actor,
        added: Vec<UserId>,
        removed: Vec<UserId>,
        now: Timestamp,
    ) -> Outcome {
        for user in &added {
            self.head.asked_to_join.remove(user);
            self.head.panel.push(Seat::new(user.clone()));
        }
        let code = self.code();
        let mut said = Words::from(format!(
            "The panel has {} now.",
            count(self.head.panel.len(), "interviewer")
        ));
        if !added.is_empty() {
            said = said
                .text(" ")
                .people(&added)
                .text(if added.len() == 1 { " gets" } else { " get" })
                .text(" a direct message.");
        }
        let invitations: Vec<Post> = added
            .iter()
            .map(|user| Post::Invitation {
                code: code.clone(),
                user: user.clone(),
            })
            .collect();
        let mut outcome = self.headed(actor, Audited::PanelSet { added, removed }, said, now);
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

    pub(super) fn nudge(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        let code = self.code();
        let mut nudged = Vec::new();
        let mut again_at: Option<Timestamp> = None;
        for seat in self
            .head
            .panel
            .iter_mut()
            .filter(|seat| seat.submitted_at.is_none())
        {
            let free_at = seat.nudged_at.map(|at| at + NUDGE_EVERY);
            match free_at {
                Some(free_at) if free_at > now => {
                    again_at = Some(again_at.map_or(free_at, |other| other.min(free_at)));
                }
                _ => {
                    seat.nudged_at = Some(now);
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
        let said = Words::from("Nudged: ").people(&nudged).text(".");
        let mut outcome = Outcome::unchanged(self, Reply::Said(said));
        for user in &nudged {
            outcome = outcome.owes(Post::Nudge {
                code: code.clone(),
                user: user.clone(),
                at: now.as_second(),
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
}
