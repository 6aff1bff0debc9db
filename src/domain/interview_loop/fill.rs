//! Filling in several places of a scorecard at once: the rest of a section, pasted notes. One click and one note are in `score`.

use super::{InterviewLoop, Outcome};
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::event::{AuditEntry, Audited, Post, Screen};
use crate::domain::ids::QuestionId;
use crate::domain::kit::Section;
use crate::domain::pasted::Filed;
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::{LateChange, Mark};
use jiff::Timestamp;

impl InterviewLoop {
    /// Marks every question of a section that has no mark yet; a click on a rating changes each of them as ever.
    pub(super) fn rest_not_asked(
        mut self,
        actor: &Actor,
        section: Section,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let marks = self.cards.get(&actor.user).map(|card| &card.marks);
        let rest: Vec<QuestionId> = self
            .kit
            .section(section)
            .map(|question| question.id.clone())
            .filter(|question| marks.is_none_or(|marks| !marks.contains_key(question)))
            .collect();
        if rest.is_empty() {
            return Ok(self.shows_section(section));
        }
        let revealed = self.head.reveal.is_some();
        let late = revealed
            && self
                .head
                .seat(&actor.user)
                .is_some_and(|seat| seat.submitted_at.is_some());
        let joined = self.joined(&actor.user, now);
        let card = self.card_of(&actor.user, now);
        card.saved_at = now;
        for question in &rest {
            card.marks.insert(question.clone(), Mark::NotAsked);
            if late {
                card.late_changes.push(LateChange {
                    question: question.clone(),
                    from: None,
                    to: Mark::NotAsked,
                    at: now,
                });
            }
        }
        let audit = rest.into_iter().map(|question| Audited::Rated {
            question,
            from: None,
            to: Mark::NotAsked,
        });
        let outcome = self.filled(actor, section, joined, audit, now);
        Ok(if late {
            let code = outcome.state.code();
            outcome.owes(Post::Debrief(code))
        } else {
            outcome
        })
    }

    /// Adds pasted notes to what stands under the questions that they name, and the others to what was asked beside the kit.
    pub(super) fn file(
        mut self,
        actor: &Actor,
        section: Section,
        boxes: &[Note],
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_score(&actor.user)?;
        let filed = Filed::of(&self.kit, boxes);
        if filed.is_empty() {
            return Err(Refusal::NothingPasted);
        }
        let filings = filed.onto(self.cards.get(&actor.user));
        let too_long: Vec<(String, usize)> = filings
            .iter()
            .filter_map(|filing| Some((filing.label(&self.kit), filing.too_long()?)))
            .collect();
        if !too_long.is_empty() {
            return Err(Refusal::NotesTooLong { notes: too_long });
        }
        let joined = self.joined(&actor.user, now);
        let card = self.card_of(&actor.user, now);
        card.saved_at = now;
        let mut audit = Vec::new();
        for filing in filings {
            let note = Note::new(&filing.whole());
            match filing.question {
                Some(question) => {
                    card.evidence.insert(question.clone(), note.clone());
                    audit.push(Audited::Wrote { question, note });
                }
                None => {
                    card.beside_the_kit = note.clone();
                    audit.push(Audited::Noted { note });
                }
            }
        }
        Ok(self.filled(actor, section, joined, audit, now))
    }

    fn shows_section(self, section: Section) -> Outcome {
        let code = self.code();
        self.shows(Screen::Scorecard {
            code,
            section: Some(section),
            open: None,
        })
    }

    /// The outcome of a change to the actor's own scorecard, with the entry of their joining if they did.
    fn filled(
        self,
        actor: &Actor,
        section: Section,
        joined: Option<AuditEntry>,
        audit: impl IntoIterator<Item = Audited>,
        now: Timestamp,
    ) -> Outcome {
        let code = self.code();
        let mut outcome = self.shows_section(section);
        outcome.cards_changed.insert(actor.user.clone());
        if joined.is_some() {
            outcome.head_changed = true;
            outcome = outcome.owes(Post::Loop(code));
        }
        outcome.audit.extend(joined);
        let entries = audit.into_iter().map(|what| AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what,
        });
        outcome.audit.extend(entries);
        outcome
    }
}
