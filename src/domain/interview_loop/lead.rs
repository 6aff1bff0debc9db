//! What a loop's owner does: reveal, decide, rename, hand over, reopen, withdraw, move. The panel is in `panel`.

use super::{Decision, InterviewLoop, Naming, Outcome, Phase, Reveal, Seat, Verdict, Withdrawal};
use crate::domain::access::Actor;
use crate::domain::candidate::{CandidateName, NotAName, Note};
use crate::domain::debrief::Submitted;
use crate::domain::event::{AuditEntry, Audited, Post, Reply};
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::settings::RevealRule;
use crate::domain::words::{Words, count};
use jiff::Timestamp;

impl InterviewLoop {
    pub(super) fn reveal(self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        match self.head.phase() {
            Phase::Open => {}
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => return Err(Refusal::AlreadyRevealed),
        }
        if self.head.submitted() == 0 {
            return Err(Refusal::NothingToReveal);
        }
        if self.head.seat(&actor.user).is_some_and(Seat::owes) {
            return Err(Refusal::OwnerOwesScorecard);
        }
        let said = Words::from(format!(
            "{} revealed: the debrief is in the thread.",
            count(self.head.submitted(), "scorecard")
        ));
        let mut outcome = Outcome::unchanged(self, Reply::Said(said));
        outcome.reveal_now(Some(actor.user.clone()), now);
        Ok(outcome)
    }

    pub(super) fn decide(
        mut self,
        actor: &Actor,
        verdict: Verdict,
        reason: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        match self.head.phase() {
            Phase::Open => return Err(Refusal::NotRevealed),
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => {}
        }
        if reason.is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        let decision = Decision {
            verdict,
            reason: reason.clone(),
            by: actor.user.clone(),
            at: now,
        };
        if let Some(past) = self.head.decision.replace(decision) {
            self.head.past_decisions.push(past);
        }
        let entry = Audited::Decided {
            verdict,
            reason: reason.clone(),
        };
        let code = self.code();
        let said = Words::from("Decided; it is in the thread. Nothing is sent to the candidate.");
        Ok(self
            .headed(actor, entry, said, now)
            .owes(Post::Decision(code.clone()))
            .owes(Post::Debrief(code)))
    }

    pub(super) fn rename(
        mut self,
        actor: &Actor,
        name: &Note,
        note: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        let name = CandidateName::parse(name.as_str()).map_err(|no| match no {
            NotAName::Empty => Refusal::NameMissing,
            NotAName::TooLong => Refusal::NameTooLong,
        })?;
        let from = std::mem::replace(&mut self.head.candidate, name);
        self.head.note = note.clone();
        let code = self.code();
        let revealed = self.head.reveal.is_some();
        let outcome = self.headed(
            actor,
            Audited::Renamed { from },
            Words::from("Renamed; the post follows."),
            now,
        );
        Ok(if revealed {
            outcome.owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    pub(super) fn hand_over(
        mut self,
        actor: &Actor,
        to: &UserId,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if self.head.owner == *to {
            return Err(Refusal::AlreadyOwner);
        }
        if self.head.is_recused(to) {
            return Err(Refusal::RecusedCannotOwn { user: to.clone() });
        }
        let from = std::mem::replace(&mut self.head.owner, to.clone());
        let said = Words::new()
            .person(to)
            .text(" owns the loop now and was told so.");
        let handed = Post::Handed {
            code: self.code(),
            user: to.clone(),
        };
        Ok(self
            .headed(
                actor,
                Audited::HandedOver {
                    from,
                    to: to.clone(),
                },
                said,
                now,
            )
            .owes(handed))
    }

    pub(super) fn reopen(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        let code = self.code();
        let withdrawn = self.head.withdrawal.take().is_some();
        let decided = if withdrawn {
            None
        } else {
            self.head.decision.take()
        };
        if !withdrawn && decided.is_none() {
            return Err(Refusal::NothingToReopen);
        }
        let had_decision = decided.is_some();
        self.head.past_decisions.extend(decided);
        let outcome = self
            .headed(
                actor,
                Audited::Reopened,
                Words::from("Reopened; the post follows."),
                now,
            )
            .revealed_if_all_are_in(now);
        Ok(if had_decision {
            outcome
                .owes(Post::Decision(code.clone()))
                .owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    pub(super) fn withdraw(
        mut self,
        actor: &Actor,
        reason: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        match self.head.phase() {
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Decided => return Err(Refusal::Closed),
            Phase::Open | Phase::Revealed => {}
        }
        self.head.withdrawal = Some(Withdrawal {
            by: actor.user.clone(),
            at: now,
            reason: reason.clone(),
        });
        let what = Audited::Withdrawn {
            reason: reason.clone(),
        };
        Ok(self.headed(
            actor,
            what,
            Words::from("Withdrawn. Nobody is asked for a scorecard any more."),
            now,
        ))
    }

    pub(super) fn move_to(
        mut self,
        actor: &Actor,
        channel: &ChannelId,
        public: bool,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if self.head.channel == *channel {
            return Err(Refusal::SameChannel);
        }
        let from = std::mem::replace(&mut self.head.channel, channel.clone());
        let left_behind = std::mem::take(&mut self.head.messages).sent_to(&from);
        let code = self.code();
        let (revealed, decided) = (self.head.reveal.is_some(), self.head.decision.is_some());
        let said = Words::from("It goes on in ").channel(channel);
        let said = if public && !self.head.public {
            // Nobody was asked about the name for people beyond the hiring team.
            self.head.naming = Naming::Initials;
            said.text(". Everybody there can read the post, so it has the initials.")
        } else {
            said.text(".")
        };
        self.head.public = public;
        let mut outcome = self.headed(
            actor,
            Audited::Moved {
                from,
                to: channel.clone(),
            },
            said,
            now,
        );
        outcome.sent = left_behind;
        if revealed {
            outcome = outcome.owes(Post::Debrief(code.clone()));
        }
        Ok(if decided {
            outcome.owes(Post::Decision(code))
        } else {
            outcome
        })
    }
}

impl Outcome {
    /// A loop with a named panel reveals itself when no interviewer owes a scorecard and at least one is in, unless the workspace leaves
    /// that to its owner. It waits for no shadow.
    pub(super) fn revealed_if_all_are_in(mut self, now: Timestamp) -> Self {
        if self.state.head.is_complete() && self.state.rule == RevealRule::WhenAllAreIn {
            self.reveal_now(None, now);
        }
        self
    }

    /// Takes the snapshot: what is submitted at this instant, and never anything later.
    pub(super) fn reveal_now(&mut self, by: Option<UserId>, now: Timestamp) {
        let state = &mut self.state;
        let taken = |wanted: fn(&Seat) -> bool| -> Vec<Submitted> {
            let seats = state.head.panel.iter();
            seats
                .filter(|seat| seat.is_in() && wanted(seat))
                .filter_map(|seat| state.cards.get(&seat.user))
                .map(Submitted::of)
                .collect()
        };
        let snapshot = taken(Seat::counts);
        let shadows = taken(Seat::shadows);
        let early = state.head.awaited().next().is_some();
        self.audit.push(AuditEntry {
            at: now,
            actor: by.clone(),
            what: Audited::Revealed {
                early,
                scorecards: snapshot.len(),
            },
        });
        state.head.reveal = Some(Reveal {
            at: now,
            by,
            snapshot,
            shadows,
        });
        self.head_changed = true;
        let code = state.head.code.clone();
        for post in [Post::Loop(code.clone()), Post::Debrief(code)] {
            if !self.posts.contains(&post) {
                self.posts.push(post);
            }
        }
    }
}
