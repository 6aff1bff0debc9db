//! Filling in several places of a scorecard at once: the rest of a section, pasted notes. One click and one note are in `score`.

use super::{InterviewLoop, Outcome, Seat};
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
        let seat = self.head.seat(&actor.user);
        let late = revealed && seat.is_some_and(Seat::is_in);
        let shown = late && seat.is_some_and(Seat::counts);
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
        Ok(if shown {
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

#[cfg(test)]
mod tests {
    use super::super::Phase;
    use super::super::tests::{does, opened, rate, refuses, submission};
    use super::*;
    use crate::domain::event::Deed;
    use crate::domain::ids::UserId;
    use crate::domain::scorecard::{Rating, Recommendation};

    fn rest(section: Section) -> Deed {
        Deed::RestNotAsked { section }
    }

    fn file(text: &str) -> Deed {
        Deed::File {
            section: Section::Technical,
            boxes: vec![Note::new(text)],
        }
    }

    fn ada() -> UserId {
        UserId::from("ada")
    }

    #[test]
    fn the_rest_of_a_section_is_what_has_no_mark_yet_and_nothing_else() {
        let state = does(
            opened(&["ada", "ben"]),
            "ada",
            &rate("technical/1", Rating::Good),
            1,
        )
        .state;
        let outcome = does(state, "ada", &rest(Section::Technical), 2);
        let card = &outcome.state.cards[&ada()];
        assert_eq!(
            card.marks[&QuestionId::from("technical/1")],
            Mark::Rated(Rating::Good)
        );
        assert_eq!(card.marks[&QuestionId::from("technical/2")], Mark::NotAsked);
        assert_eq!(card.marks.len(), 2);
        assert!(!outcome.head_changed && outcome.posts.is_empty());
        let what: Vec<&Audited> = outcome.audit.iter().map(|entry| &entry.what).collect();
        let rated = Audited::Rated {
            question: QuestionId::from("technical/2"),
            from: None,
            to: Mark::NotAsked,
        };
        assert_eq!(what, [&rated]);
        let again = does(outcome.state, "ada", &rest(Section::Technical), 3);
        assert!(again.changes_nothing());
    }

    #[test]
    fn a_rating_takes_the_place_of_not_asked_as_ever() {
        let state = does(opened(&["ada"]), "ada", &rest(Section::Technical), 1).state;
        let state = does(state, "ada", &rate("technical/2", Rating::Mixed), 2).state;
        let marks = &state.cards[&ada()].marks;
        assert_eq!(
            marks[&QuestionId::from("technical/2")],
            Mark::Rated(Rating::Mixed)
        );
    }

    #[test]
    fn marking_the_rest_joins_an_open_panel_and_is_refused_to_others() {
        let outcome = does(opened(&[]), "ada", &rest(Section::Screening), 1);
        assert!(outcome.head_changed && outcome.state.head.seat(&ada()).is_some());
        assert!(matches!(
            refuses(&opened(&["ben"]), "ada", &rest(Section::Screening)),
            Refusal::NotOnPanel { .. }
        ));
        assert!(matches!(
            refuses(&opened(&["ben"]), "ada", &file("T1 x")),
            Refusal::NotOnPanel { .. }
        ));
    }

    #[test]
    fn after_the_reveal_the_rest_is_marked_as_late_where_the_scorecard_was_in() {
        let state = does(
            opened(&["ada", "ben"]),
            "ada",
            &submission(Recommendation::Yes),
            1,
        )
        .state;
        let mut state = does(state, "rita", &Deed::Reveal, 2).state;
        assert_eq!(state.head.phase(), Phase::Revealed);
        let card = state.cards.get_mut(&ada()).expect("it is in");
        card.marks.remove(&QuestionId::from("technical/2"));
        let outcome = does(state, "ada", &rest(Section::Technical), 3);
        assert_eq!(outcome.state.cards[&ada()].late_changes.len(), 1);
        assert_eq!(
            outcome.posts,
            [Post::Debrief(outcome.state.head.code.clone())]
        );
    }

    #[test]
    fn pasted_notes_are_added_and_change_no_mark() {
        let state = does(
            opened(&["ada"]),
            "ada",
            &rate("technical/1", Rating::Good),
            1,
        )
        .state;
        let state = does(state, "ada", &file("tall\nT1 shards: 4"), 2).state;
        let outcome = does(state, "ada", &file("T1 hot ones\nT9 queues"), 3);
        let card = &outcome.state.cards[&ada()];
        assert_eq!(
            card.evidence[&QuestionId::from("technical/1")].as_str(),
            "shards: 4\nhot ones"
        );
        assert_eq!(card.beside_the_kit.as_str(), "tall\nT9 queues");
        assert_eq!(card.marks.len(), 1);
        assert_eq!(
            card.marks[&QuestionId::from("technical/1")],
            Mark::Rated(Rating::Good)
        );
        let what: Vec<Audited> = outcome
            .audit
            .iter()
            .map(|entry| entry.what.clone())
            .collect();
        assert_eq!(
            what,
            [
                Audited::Wrote {
                    question: QuestionId::from("technical/1"),
                    note: Note::new("shards: 4\nhot ones"),
                },
                Audited::Noted {
                    note: Note::new("tall\nT9 queues"),
                },
            ]
        );
    }

    #[test]
    fn notes_that_do_not_fit_change_nothing_at_all() {
        let state = does(
            opened(&["ada"]),
            "ada",
            &file(&format!("T1 {}", "x".repeat(2000))),
            1,
        )
        .state;
        let refusal = refuses(
            &state,
            "ada",
            &file(&format!("T2 short\nT1 {}", "y".repeat(1000))),
        );
        assert_eq!(
            refusal,
            Refusal::NotesTooLong {
                notes: vec![("Technical 1".to_owned(), 3001)]
            }
        );
        assert_eq!(
            refuses(&state, "ada", &file(" \n ")),
            Refusal::NothingPasted
        );
    }
}
