//! What people do with a loop: each deed is refused or has an outcome. Who may see what is in `access`.

use super::{InterviewLoop, Outcome, Phase, named};
use crate::domain::access::Actor;
use crate::domain::event::{AuditEntry, Audited, Deed, Post, Reply, Screen};
use crate::domain::ids::{LoopCode, UserId};
use crate::domain::kit::Section;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use jiff::Timestamp;
use std::collections::BTreeMap;

impl InterviewLoop {
    /// Does what somebody asks for, or says why not.
    ///
    /// By value and pure: on a conflict the caller loads the loop again and asks again.
    ///
    /// # Errors
    /// A [`Refusal`], which changes nothing.
    pub fn handle(self, actor: &Actor, deed: &Deed, now: Timestamp) -> Result<Outcome, Refusal> {
        match deed {
            Deed::Rate {
                question,
                mark,
                clicked,
            } => self.rate(actor, question, *mark, *clicked, now),
            Deed::Write { question, note } => self.write(actor, question, note, now),
            Deed::RestNotAsked { section } => self.rest_not_asked(actor, *section, now),
            Deed::File { section, boxes } => self.file(actor, *section, boxes, now),
            Deed::Submit(submission) => self.submit(actor, submission, now),
            Deed::Reveal => self.reveal(actor, now),
            Deed::Decide { verdict, reason } => self.decide(actor, *verdict, reason, now),
            Deed::Rename { name, note } => self.rename(actor, name, note, now),
            Deed::HandOver { to } => self.hand_over(actor, to, now),
            Deed::SetPanel {
                users,
                shadows,
                observers,
                namesakes,
                anyway,
            } => {
                let panel = named(users, shadows, observers)?;
                let namesakes = (!anyway).then_some(&**namesakes);
                self.set_panel(actor, &panel, namesakes, now)
            }
            Deed::Admit {
                user,
                namesake,
                anyway,
            } => self.admit(actor, user, (!anyway).then_some(*namesake), now),
            Deed::AskToJoin => self.ask_to_join(actor, now),
            Deed::Nudge => self.nudge(actor, &BTreeMap::new(), now),
            Deed::NudgeByDay { asleep } => self.nudge(actor, asleep, now),
            Deed::SetTime { wish, at } => self.set_time(actor, wish, *at, now),
            Deed::DropTime => self.drop_time(actor, now),
            Deed::Cover { user, parts } => {
                let user = user.as_ref().unwrap_or(&actor.user);
                self.cover(actor, user, parts, now)
            }
            Deed::Recuse => self.recuse(actor, now),
            Deed::DidNotAttend => self.did_not_attend(actor, now),
            Deed::Reopen => self.reopen(actor, now),
            Deed::Withdraw { reason } => self.withdraw(actor, reason, now),
            Deed::Hold { reason } => self.hold(actor, reason, now),
            Deed::LiftHold => self.lift_hold(actor, now),
            Deed::Erase { typed } => self.erase(actor, typed, now),
            Deed::Move { channel, public } => self.move_to(actor, channel, *public, now),
        }
    }

    /// Whether this person may fill in a scorecard here now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_score(&self, user: &UserId) -> Result<(), Refusal> {
        let head = &self.head;
        if head.phase() == Phase::Withdrawn {
            return Err(Refusal::Withdrawn);
        }
        if let Some(seat) = head.seat(user) {
            return match &seat.excused {
                Some(excuse) => Err(excuse.refusal()),
                None if seat.scores() => Ok(()),
                None => Err(Refusal::Observes),
            };
        }
        match head.phase() {
            Phase::Withdrawn => Err(Refusal::Withdrawn),
            Phase::Open if !head.named_panel => Ok(()),
            Phase::Open => Err(Refusal::NotOnPanel {
                code: head.code.clone(),
            }),
            Phase::Revealed | Phase::Decided if head.named_panel => Err(Refusal::NotOnPanel {
                code: head.code.clone(),
            }),
            Phase::Revealed | Phase::Decided => Err(Refusal::TooLateToJoin),
        }
    }

    pub(super) fn code(&self) -> LoopCode {
        self.head.code.clone()
    }

    /// An outcome that says only what is shown; the functions below add what changed.
    pub(super) fn shows(self, screen: Screen) -> Outcome {
        Outcome::unchanged(self, Reply::Show(screen))
    }

    /// A change of the head that the channel's post shows.
    pub(super) fn headed(
        self,
        actor: &Actor,
        what: Audited,
        said: Words,
        now: Timestamp,
    ) -> Outcome {
        let code = self.code();
        let mut outcome = Outcome::unchanged(self, Reply::Said(said)).owes(Post::Loop(code));
        outcome.head_changed = true;
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what,
        });
        outcome
    }
}

impl InterviewLoop {
    /// The section a scorecard opens on: the first with something of the author's own part still to rate, else with anything.
    #[must_use]
    pub fn first_open_section(&self, user: &UserId) -> Section {
        let card = self.cards.get(user);
        let seat = self.head.seat(user);
        let first = |own: bool| {
            Section::ALL.into_iter().find(|section| {
                self.kit.section(*section).any(|question| {
                    card.is_none_or(|card| !card.marks.contains_key(&question.id))
                        && (!own || seat.is_some_and(|seat| seat.covers(question)))
                })
            })
        };
        first(true)
            .or_else(|| first(false))
            .unwrap_or(Section::Screening)
    }
}
