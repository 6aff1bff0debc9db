//! What people do with a loop: each deed is refused or has an outcome. Who may see what is in `access`.

use super::{
    Decision, InterviewLoop, LARGEST_PANEL, NUDGE_EVERY, Outcome, Phase, Reveal, Seat, Verdict, Withdrawal,
};
use crate::domain::access::Actor;
use crate::domain::candidate::{CandidateName, NotAName, Note};
use crate::domain::debrief::Submitted;
use crate::domain::event::{AuditEntry, Audited, Deed, Post, Reply, Screen, Submission};
use crate::domain::ids::{ChannelId, LoopCode, QuestionId, UserId};
use crate::domain::kit::Section;
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::{LateChange, Mark, Scorecard};
use crate::domain::words::{Words, count};
use jiff::Timestamp;
use std::collections::BTreeSet;

impl InterviewLoop {
    /// Does what somebody asks for, or says why not.
    ///
    /// By value and pure: on a conflict the caller loads the loop again and asks again.
    ///
    /// # Errors
    /// A [`Refusal`], which changes nothing.
    pub fn handle(self, actor: &Actor, deed: &Deed, now: Timestamp) -> Result<Outcome, Refusal> {
        match deed {
            Deed::Rate { question, mark } => self.rate(actor, question, *mark, now),
            Deed::Write { question, note } => self.write(actor, question, note, now),
            Deed::Submit(submission) => self.submit(actor, submission, now),
            Deed::Reveal => self.reveal(actor, now),
            Deed::Decide { verdict, reason } => self.decide(actor, *verdict, reason, now),
            Deed::Rename { name, note } => self.rename(actor, name, note, now),
            Deed::HandOver { to } => self.hand_over(actor, to, now),
            Deed::SetPanel { users } => self.set_panel(actor, users, now),
            Deed::Admit { user } => self.admit(actor, user, now),
            Deed::AskToJoin => self.ask_to_join(actor, now),
            Deed::Nudge => self.nudge(actor, now),
            Deed::Reopen => self.reopen(actor, now),
            Deed::Withdraw { reason } => self.withdraw(actor, reason, now),
            Deed::Move { channel } => self.move_to(actor, channel, now),
        }
    }

    /// Whether this person may fill in a scorecard here now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_score(&self, user: &UserId) -> Result<(), Refusal> {
        let head = &self.head;
        match head.phase() {
            Phase::Withdrawn => Err(Refusal::Withdrawn),
            _ if head.seat(user).is_some() => Ok(()),
            Phase::Open if !head.named_panel => Ok(()),
            Phase::Open => Err(Refusal::NotOnPanel { code: head.code.clone() }),
            Phase::Revealed | Phase::Decided if head.named_panel => Err(Refusal::NotOnPanel { code: head.code.clone() }),
            Phase::Revealed | Phase::Decided => Err(Refusal::TooLateToJoin),
        }
    }

    fn code(&self) -> LoopCode {
        self.head.code.clone()
    }

    /// An outcome that says only what is shown; the functions below add what changed.
    fn shows(self, screen: Screen) -> Outcome {
        Outcome::unchanged(self, Reply::Show(screen))
    }

    /// Gives the person a seat where scoring is joining.
    fn joined(&mut self, user: &UserId, now: Timestamp) -> Option<AuditEntry> {
        if self.head.seat(user).is_some() {
            return None;
        }
        self.head.panel.push(Seat::new(user.clone()));
        Some(AuditEntry {
            at: now,
            actor: Some(user.clone()),
            what: Audited::Joined(user.clone()),
        })
    }

    fn card_of(&mut self, user: &UserId, now: Timestamp) -> &mut Scorecard {
        self.cards
            .entry(user.clone())
            .or_insert_with(|| Scorecard::new(user.clone(), now))
    }

    fn rate(mut self, actor: &Actor, question: &QuestionId, mark: Mark, now: Timestamp) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let section = self.kit.question(question).ok_or(Refusal::UnknownQuestion)?.section;
        let revealed = self.head.reveal.is_some();
        let was_in = self.head.seat(&actor.user).is_some_and(|seat| seat.submitted_at.is_some());
        let joined = self.joined(&actor.user, now);
        let code = self.code();
        let card = self.card_of(&actor.user, now);
        card.saved_at = now;
        let from = card.marks.insert(question.clone(), mark);
        let changed = from != Some(mark);
        let late_change = changed && revealed && was_in;
        if late_change {
            card.late_changes.push(LateChange {
                question: question.clone(),
                from,
                to: mark,
                at: now,
            });
        }
        let mut outcome = self.shows(Screen::Scorecard {
            code: code.clone(),
            section: Some(section),
        });
        outcome.cards_changed.insert(actor.user.clone());
        outcome.audit.extend(joined);
        if !outcome.audit.is_empty() {
            outcome.head_changed = true;
            outcome = outcome.owes(Post::Loop(code.clone()));
        }
        if changed {
            outcome.audit.push(AuditEntry {
                at: now,
                actor: Some(actor.user.clone()),
                what: Audited::Rated {
                    question: question.clone(),
                    from,
                    to: mark,
                },
            });
        }
        Ok(if late_change { outcome.owes(Post::Debrief(code)) } else { outcome })
    }

    fn write(mut self, actor: &Actor, question: &QuestionId, note: &Note, now: Timestamp) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let section = self.kit.question(question).ok_or(Refusal::UnknownQuestion)?.section;
        let joined = self.joined(&actor.user, now);
        let code = self.code();
        let card = self.card_of(&actor.user, now);
        card.saved_at = now;
        if note.is_empty() {
            card.evidence.remove(question);
        } else {
            card.evidence.insert(question.clone(), note.clone());
        }
        let mut outcome = self.shows(Screen::Scorecard {
            code: code.clone(),
            section: Some(section),
        });
        outcome.cards_changed.insert(actor.user.clone());
        if joined.is_some() {
            outcome.head_changed = true;
            outcome = outcome.owes(Post::Loop(code));
        }
        outcome.audit.extend(joined);
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what: Audited::Wrote {
                question: question.clone(),
                note: note.clone(),
            },
        });
        Ok(outcome)
    }

    fn submit(mut self, actor: &Actor, submission: &Submission, now: Timestamp) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let recommendation = submission.recommendation.ok_or(Refusal::RecommendationMissing)?;
        if submission.reason.is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        let kit = self.kit.clone();
        let late = self.head.reveal.is_some();
        let joined = self.joined(&actor.user, now);
        let code = self.code();
        let card = self.card_of(&actor.user, now);
        for (question, note) in &submission.evidence {
            if !note.is_empty() && kit.question(question).is_some() {
                card.evidence.insert(question.clone(), note.clone());
            }
        }
        let unmarked: Vec<QuestionId> = card.unmarked(&kit).map(|question| question.id.clone()).collect();
        if !unmarked.is_empty() && !submission.rest_not_asked {
            return Err(Refusal::Unrated { number: unmarked.len() });
        }
        for question in unmarked {
            card.marks.insert(question, Mark::NotAsked);
        }
        let unexplained: Vec<String> = card
            .unexplained(&kit)
            .map(|question| format!("{} {}", question.section, question.number()))
            .collect();
        if !unexplained.is_empty() {
            return Err(Refusal::Unexplained { questions: unexplained });
        }
        card.recommendation = Some(recommendation);
        card.reason = submission.reason.clone();
        card.beside_the_kit = submission.beside_the_kit.clone();
        card.saved_at = now;
        if let Some(seat) = self.head.seat_mut(&actor.user) {
            // A second submission keeps the instant of the first: what was in time stays in time.
            if seat.submitted_at.is_none() {
                seat.submitted_at = Some(now);
                seat.late = late;
            }
        }
        let mut outcome = Outcome::unchanged(self, Reply::Nothing);
        outcome.head_changed = true;
        outcome.cards_changed.insert(actor.user.clone());
        outcome.audit.extend(joined);
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what: Audited::Submitted {
                recommendation,
                reason: submission.reason.clone(),
                late,
            },
        });
        outcome = outcome.owes(Post::Loop(code.clone())).revealed_if_all_are_in(now);
        if late {
            outcome = outcome.owes(Post::Debrief(code));
        }
        outcome.reply = Reply::Said(if late {
            Words::from("In. It came after the reveal, so it is kept and marked late.")
        } else if outcome.state.head.reveal.is_some() {
            Words::from("In, and it was the last one: the debrief is in the thread.")
        } else {
            Words::from("In. You will see the others at the reveal.")
        });
        Ok(outcome)
    }

    fn reveal(self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        match self.head.phase() {
            Phase::Open => {}
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => return Err(Refusal::AlreadyRevealed),
        }
        if self.head.submitted() == 0 {
            return Err(Refusal::NothingToReveal);
        }
        let owes = self.head.seat(&actor.user).is_some_and(|seat| seat.submitted_at.is_none());
        if owes {
            return Err(Refusal::OwnerOwesScorecard);
        }
        let said = Words::from(format!("{} revealed: the debrief is in the thread.", count(self.head.submitted(), "scorecard")));
        let mut outcome = Outcome::unchanged(self, Reply::Said(said));
        outcome.reveal_now(Some(actor.user.clone()), now);
        Ok(outcome)
    }

    fn decide(mut self, actor: &Actor, verdict: Verdict, reason: &Note, now: Timestamp) -> Result<Outcome, Refusal> {
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

    /// A change of the head that the channel's post shows.
    fn headed(self, actor: &Actor, what: Audited, said: Words, now: Timestamp) -> Outcome {
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

    fn rename(mut self, actor: &Actor, name: &Note, note: &Note, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        let name = CandidateName::parse(name.as_str()).map_err(|no| match no {
            NotAName::Empty => Refusal::NameMissing,
            NotAName::TooLong => Refusal::NameTooLong,
        })?;
        let from = std::mem::replace(&mut self.head.candidate, name);
        self.head.note = note.clone();
        let code = self.code();
        let revealed = self.head.reveal.is_some();
        let outcome = self.headed(actor, Audited::Renamed { from }, Words::from("Renamed; the post follows."), now);
        Ok(if revealed { outcome.owes(Post::Debrief(code)) } else { outcome })
    }

    fn hand_over(mut self, actor: &Actor, to: &UserId, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if self.head.owner == *to {
            return Err(Refusal::AlreadyOwner);
        }
        let from = std::mem::replace(&mut self.head.owner, to.clone());
        let said = Words::new().person(to).text(" owns the loop now and was told so.");
        let handed = Post::Handed {
            code: self.code(),
            user: to.clone(),
        };
        Ok(self
            .headed(actor, Audited::HandedOver { from, to: to.clone() }, said, now)
            .owes(handed))
    }

    fn set_panel(mut self, actor: &Actor, users: &[UserId], now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        let mut wanted = BTreeSet::new();
        let users: Vec<&UserId> = users.iter().filter(|user| wanted.insert((*user).clone())).collect();
        if users.is_empty() {
            return Err(Refusal::PanelEmpty);
        }
        if users.len() > LARGEST_PANEL {
            return Err(Refusal::PanelTooLarge);
        }
        let (kept, dropped): (Vec<Seat>, Vec<Seat>) =
            std::mem::take(&mut self.head.panel).into_iter().partition(|seat| wanted.contains(&seat.user));
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
        let added: Vec<UserId> = users.into_iter().filter(|user| self.head.seat(user).is_none()).cloned().collect();
        Ok(self.seated(actor, added, removed, now))
    }

    fn admit(self, actor: &Actor, user: &UserId, now: Timestamp) -> Result<Outcome, Refusal> {
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
    fn seated(mut self, actor: &Actor, added: Vec<UserId>, removed: Vec<UserId>, now: Timestamp) -> Outcome {
        for user in &added {
            self.head.asked_to_join.remove(user);
            self.head.panel.push(Seat::new(user.clone()));
        }
        let code = self.code();
        let mut said = Words::from(format!("The panel has {} now.", count(self.head.panel.len(), "interviewer")));
        if !added.is_empty() {
            said = said.text(" ").people(&added).text(if added.len() == 1 { " gets" } else { " get" }).text(" a direct message.");
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

    fn ask_to_join(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        match self.head.phase() {
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Decided => return Err(Refusal::Closed),
            Phase::Open | Phase::Revealed => {}
        }
        if self.head.seat(&actor.user).is_some() {
            return Err(Refusal::AlreadyOnPanel);
        }
        let said = Words::new().person(&self.head.owner).text(" was asked to add you to the panel.");
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

    fn nudge(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if matches!(self.head.phase(), Phase::Decided | Phase::Withdrawn) {
            return Err(Refusal::Closed);
        }
        let code = self.code();
        let mut nudged = Vec::new();
        let mut again_at: Option<Timestamp> = None;
        for seat in self.head.panel.iter_mut().filter(|seat| seat.submitted_at.is_none()) {
            let free_at = seat.nudged_at.map(|at| at + NUDGE_EVERY);
            match free_at {
                Some(free_at) if free_at > now => again_at = Some(again_at.map_or(free_at, |other| other.min(free_at))),
                _ => {
                    seat.nudged_at = Some(now);
                    nudged.push(seat.user.clone());
                }
            }
        }
        if nudged.is_empty() {
            return Err(again_at.map_or(Refusal::NobodyOwes, |again_at| Refusal::NudgedLately { again_at }));
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

    fn reopen(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        let code = self.code();
        let withdrawn = self.head.withdrawal.take().is_some();
        let decided = if withdrawn { None } else { self.head.decision.take() };
        if !withdrawn && decided.is_none() {
            return Err(Refusal::NothingToReopen);
        }
        let had_decision = decided.is_some();
        self.head.past_decisions.extend(decided);
        let outcome = self
            .headed(actor, Audited::Reopened, Words::from("Reopened; the post follows."), now)
            .revealed_if_all_are_in(now);
        Ok(if had_decision {
            outcome.owes(Post::Decision(code.clone())).owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    fn withdraw(mut self, actor: &Actor, reason: &Note, now: Timestamp) -> Result<Outcome, Refusal> {
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
        let what = Audited::Withdrawn { reason: reason.clone() };
        Ok(self.headed(actor, what, Words::from("Withdrawn. Nobody is asked for a scorecard any more."), now))
    }

    fn move_to(mut self, actor: &Actor, channel: &ChannelId, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if self.head.channel == *channel {
            return Err(Refusal::SameChannel);
        }
        let from = std::mem::replace(&mut self.head.channel, channel.clone());
        self.head.messages = super::Messages::default();
        let code = self.code();
        let (revealed, decided) = (self.head.reveal.is_some(), self.head.decision.is_some());
        let said = Words::from("It goes on in ").channel(channel).text(".");
        let mut outcome = self.headed(actor, Audited::Moved { from, to: channel.clone() }, said, now);
        if revealed {
            outcome = outcome.owes(Post::Debrief(code.clone()));
        }
        Ok(if decided { outcome.owes(Post::Decision(code)) } else { outcome })
    }
}

impl Outcome {
    /// A loop with a named panel reveals itself when nobody owes a scorecard and at least one is in.
    fn revealed_if_all_are_in(mut self, now: Timestamp) -> Self {
        let head = &self.state.head;
        let all_in = head.submitted() > 0 && head.owing().next().is_none();
        if head.phase() == Phase::Open && head.named_panel && all_in {
            self.reveal_now(None, now);
        }
        self
    }

    /// Takes the snapshot: what is submitted at this instant, and never anything later.
    fn reveal_now(&mut self, by: Option<UserId>, now: Timestamp) {
        let state = &mut self.state;
        let snapshot: Vec<Submitted> = state
            .head
            .panel
            .iter()
            .filter(|seat| seat.submitted_at.is_some())
            .filter_map(|seat| state.cards.get(&seat.user))
            .map(Submitted::of)
            .collect();
        let early = state.head.owing().next().is_some();
        self.audit.push(AuditEntry {
            at: now,
            actor: by.clone(),
            what: Audited::Revealed {
                early,
                scorecards: snapshot.len(),
            },
        });
        state.head.reveal = Some(Reveal { at: now, by, snapshot });
        self.head_changed = true;
        let code = state.head.code.clone();
        for post in [Post::Loop(code.clone()), Post::Debrief(code)] {
            if !self.posts.contains(&post) {
                self.posts.push(post);
            }
        }
    }
}

impl InterviewLoop {
    /// The section a scorecard opens on: the first with something still to rate.
    #[must_use]
    pub fn first_open_section(&self, user: &UserId) -> Section {
        let card = self.cards.get(user);
        Section::ALL
            .into_iter()
            .find(|section| {
                self.kit
                    .section(*section)
                    .any(|question| card.is_none_or(|card| !card.marks.contains_key(&question.id)))
            })
            .unwrap_or(Section::Screening)
    }
}
