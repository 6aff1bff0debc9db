//! Filling in a scorecard: ratings, notes, the submission. What the owner does is in `lead`.

use super::{InterviewLoop, Outcome, Seat, SeatRole};
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::event::{AuditEntry, Audited, Post, Reply, Screen, Submission};
use crate::domain::ids::{QuestionId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::{LateChange, Mark, Scorecard};
use crate::domain::words::Words;
use jiff::Timestamp;

impl InterviewLoop {
    /// Gives the person a seat where scoring is joining.
    pub(super) fn joined(&mut self, user: &UserId, now: Timestamp) -> Option<AuditEntry> {
        if self.head.seat(user).is_some() {
            return None;
        }
        self.head
            .panel
            .push(Seat::from_now(user.clone(), SeatRole::Interviewer, now));
        Some(AuditEntry {
            at: now,
            actor: Some(user.clone()),
            what: Audited::Joined(user.clone()),
        })
    }

    pub(super) fn card_of(&mut self, user: &UserId, now: Timestamp) -> &mut Scorecard {
        self.cards
            .entry(user.clone())
            .or_insert_with(|| Scorecard::new(user.clone(), now))
    }

    pub(super) fn rate(
        mut self,
        actor: &Actor,
        question: &QuestionId,
        mark: Mark,
        clicked: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let section = self
            .kit
            .question(question)
            .ok_or(Refusal::UnknownQuestion)?
            .section;
        let card = self.cards.get(&actor.user);
        if let (Some(card), Some(clicked)) = (card, clicked)
            && card.clicks.overtook(question, clicked)
        {
            // They have clicked something else there since, and that stands already.
            let code = self.code();
            return Ok(self.shows(Screen::Scorecard {
                code,
                section: Some(section),
                open: None,
            }));
        }
        let revealed = self.head.reveal.is_some();
        let was_in = self.head.seat(&actor.user).is_some_and(Seat::is_in);
        let counts = self.head.seat(&actor.user).is_none_or(Seat::counts);
        let joined = self.joined(&actor.user, now);
        let code = self.code();
        let card = self.card_of(&actor.user, now);
        card.saved_at = now;
        let from = card.marks.insert(question.clone(), mark);
        if let Some(clicked) = clicked {
            card.clicks.note(question, clicked);
        }
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
            open: None,
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
        Ok(if late_change && counts {
            outcome.owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    pub(super) fn write(
        mut self,
        actor: &Actor,
        question: &QuestionId,
        note: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let section = self
            .kit
            .question(question)
            .ok_or(Refusal::UnknownQuestion)?
            .section;
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
            open: None,
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

    pub(super) fn submit(
        mut self,
        actor: &Actor,
        submission: &Submission,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let recommendation = submission
            .recommendation
            .ok_or(Refusal::RecommendationMissing)?;
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
        let unmarked: Vec<QuestionId> = card
            .unmarked(&kit)
            .map(|question| question.id.clone())
            .collect();
        if !unmarked.is_empty() && !submission.rest_not_asked {
            return Err(Refusal::Unrated {
                number: unmarked.len(),
            });
        }
        for question in unmarked {
            card.marks.insert(question, Mark::NotAsked);
        }
        let unexplained: Vec<String> = card
            .unexplained(&kit)
            .map(|question| format!("{} {}", question.section, question.number()))
            .collect();
        if !unexplained.is_empty() {
            return Err(Refusal::Unexplained {
                questions: unexplained,
            });
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
        outcome = outcome
            .owes(Post::Loop(code.clone()))
            .revealed_if_all_are_in(now);
        let counts = outcome
            .state
            .head
            .seat(&actor.user)
            .is_some_and(Seat::counts);
        if late && counts {
            outcome = outcome.owes(Post::Debrief(code));
        }
        outcome.reply = Reply::Said(if late {
            Words::from("In. It came after the reveal, so it is kept and marked late.")
        } else if !counts {
            Words::from(
                "In. You shadow, so it stays out of the figures. You will see the others at the reveal.",
            )
        } else if outcome.state.head.reveal.is_some() {
            Words::from("In, and it was the last one: the debrief is in the thread.")
        } else if outcome.state.head.is_complete() {
            let owner = &outcome.state.head.owner;
            Words::from("In, and it was the last one. ")
                .person(owner)
                .text(" reveals them.")
        } else {
            Words::from("In. You will see the others at the reveal.")
        });
        Ok(outcome)
    }
}
