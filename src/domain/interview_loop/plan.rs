//! The panel plan: who takes which part of the interview, what is taken twice and what nobody has taken. How it is shown is at the edge.

use super::{Head, InterviewLoop, Outcome, Phase, Seat};
use crate::domain::access::Actor;
use crate::domain::event::{AuditEntry, Audited, Reply, Screen};
use crate::domain::ids::{CompetencyId, UserId};
use crate::domain::kit::{Kit, Question, Section};
use crate::domain::refusal::Refusal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A part of the interview that somebody may take.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanPart {
    /// A whole section.
    Section(Section),
    /// Everything that probes a competency, in whatever section.
    Competency(CompetencyId),
}

impl PlanPart {
    /// The parts of a kit, sections first, in the kit's order. Nothing that has no question.
    #[must_use]
    pub fn all(kit: &Kit) -> Vec<Self> {
        let sections = Section::ALL
            .into_iter()
            .filter(|section| kit.section(*section).next().is_some())
            .map(Self::Section);
        let competencies = kit
            .competencies
            .iter()
            .map(|competency| Self::Competency(competency.id.clone()))
            .filter(|part| kit.asked().any(|question| part.holds(question)));
        sections.chain(competencies).collect()
    }

    /// Whether a question belongs to it.
    #[must_use]
    pub fn holds(&self, question: &Question) -> bool {
        match self {
            Self::Section(section) => question.section == *section,
            Self::Competency(competency) => question.competency.as_ref() == Some(competency),
        }
    }

    /// The words people read.
    #[must_use]
    pub fn name(&self, kit: &Kit) -> String {
        match self {
            Self::Section(section) => section.title().to_owned(),
            Self::Competency(id) => kit
                .competency(id)
                .map_or_else(|| id.to_string(), |competency| competency.name.clone()),
        }
    }

    /// As it stands in a form.
    #[must_use]
    pub fn slug(&self) -> String {
        match self {
            Self::Section(section) => format!("section:{}", section.slug()),
            Self::Competency(id) => format!("competency:{id}"),
        }
    }

    /// The part behind a word in a form.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        let (kind, name) = slug.split_once(':')?;
        match kind {
            "section" => Section::ALL
                .into_iter()
                .find(|section| section.slug() == name)
                .map(Self::Section),
            "competency" => Some(Self::Competency(CompetencyId::from(name))),
            _ => None,
        }
    }
}

impl Seat {
    /// Whether a question is of the part that this person took.
    #[must_use]
    pub fn covers(&self, question: &Question) -> bool {
        self.covers.iter().any(|part| part.holds(question))
    }

    /// What this person took, in the kit's order: `Technical, Teamwork`. Empty: nothing.
    #[must_use]
    pub fn part(&self, kit: &Kit) -> String {
        let names: Vec<String> = PlanPart::all(kit)
            .into_iter()
            .filter(|part| self.covers.contains(part))
            .map(|part| part.name(kit))
            .collect();
        names.join(", ")
    }
}

/// What of one section probes one thing, with who takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Which section.
    pub section: Section,
    /// Which competency; empty: what probes none.
    pub competency: String,
    /// Who takes it.
    pub by: Vec<UserId>,
}

/// Everything that is asked, by section and competency in the kit's order, with the interviewers who take it.
#[must_use]
pub fn coverage(kit: &Kit, head: &Head) -> Vec<Covered> {
    let mut rows: Vec<Covered> = Vec::new();
    for section in Section::ALL {
        for question in kit.section(section) {
            let competency = question.competency.as_ref();
            let competency = competency.and_then(|id| kit.competency(id));
            let name = competency.map_or(String::new(), |competency| competency.name.clone());
            let known = rows
                .iter()
                .any(|row| row.section == section && row.competency == name);
            if !known {
                let takers = head.panel.iter();
                let takers = takers.filter(|seat| seat.counts() && seat.covers(question));
                rows.push(Covered {
                    section,
                    competency: name,
                    by: takers.map(|seat| seat.user.clone()).collect(),
                });
            }
        }
    }
    rows
}

impl InterviewLoop {
    /// Somebody takes exactly these parts: an interviewer for themself, or whoever leads the loop for them.
    pub(super) fn cover(
        mut self,
        actor: &Actor,
        user: &UserId,
        parts: &[PlanPart],
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        if *user != actor.user {
            actor.must_lead(&self.head)?;
        }
        match self.head.phase() {
            Phase::Open => {}
            Phase::Withdrawn => return Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => return Err(Refusal::PlanIsOver),
        }
        match self.head.seat(user) {
            Some(seat) if seat.counts() => {}
            Some(seat) if *user == actor.user => {
                let excuse = seat.excused.as_ref();
                return Err(
                    excuse.map_or(Refusal::CannotCover { user: user.clone() }, |excuse| {
                        excuse.refusal()
                    }),
                );
            }
            None if *user == actor.user => self.may_score(user)?,
            _ => return Err(Refusal::CannotCover { user: user.clone() }),
        }
        let all = PlanPart::all(&self.kit);
        if parts.iter().any(|part| !all.contains(part)) {
            return Err(Refusal::UnknownPart);
        }
        let joined = self.joined(user, now);
        let parts: BTreeSet<PlanPart> = parts.iter().cloned().collect();
        let code = self.code();
        let seat = self.head.seat_mut(user);
        let changed = seat.is_some_and(|seat| {
            let changed = seat.covers != parts;
            seat.covers.clone_from(&parts);
            changed
        });
        let mut outcome = Outcome::unchanged(self, Reply::Show(Screen::Plan(code.clone())));
        if let Some(joined) = joined {
            outcome.head_changed = true;
            outcome.audit.push(joined);
            outcome = outcome.owes(crate::domain::event::Post::Loop(code));
        }
        if changed {
            outcome.head_changed = true;
            outcome.audit.push(AuditEntry {
                at: now,
                actor: Some(actor.user.clone()),
                what: Audited::Covers {
                    user: user.clone(),
                    parts: parts.into_iter().collect(),
                },
            });
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{does, opened, panel_of, refuses, submission};
    use super::*;
    use crate::domain::event::Deed;
    use crate::domain::scorecard::Recommendation;

    fn covers(user: &str, parts: &[&str]) -> Deed {
        let parts = parts.iter().map(|slug| PlanPart::from_slug(slug));
        Deed::Cover {
            user: Some(UserId::from(user)),
            parts: parts.map(|part| part.expect("a part")).collect(),
        }
    }

    fn plan(state: &InterviewLoop) -> Vec<String> {
        let rows = coverage(&state.kit, &state.head);
        rows.iter()
            .map(|row| {
                let by: Vec<&str> = row.by.iter().map(UserId::as_str).collect();
                format!("{} {}: {}", row.section, row.competency, by.join(" "))
            })
            .collect()
    }

    #[test]
    fn the_plan_shows_what_nobody_has_taken_and_what_is_taken_twice() {
        let state = opened(&["ada", "ben"]);
        assert_eq!(
            plan(&state),
            [
                "Screening : ",
                "Technical Databases: ",
                "Behavioural Teamwork: "
            ]
        );
        let deed = covers("ada", &["section:technical", "section:screening"]);
        let state = does(state, "ada", &deed, 1).state;
        let state = does(state, "rita", &covers("ben", &["competency:databases"]), 2).state;
        assert_eq!(
            plan(&state),
            [
                "Screening : ada",
                "Technical Databases: ada ben",
                "Behavioural Teamwork: "
            ]
        );
        let ada = state.head.seat(&UserId::from("ada")).expect("a seat");
        assert_eq!(ada.part(&state.kit), "Screening, Technical");
        let state = does(state, "ada", &covers("ada", &[]), 3).state;
        assert_eq!(plan(&state)[0], "Screening : ");
    }

    #[test]
    fn parts_are_taken_by_interviewers_for_themselves_or_given_by_the_owner() {
        let state = opened(&["ada", "ben"]);
        let deed = covers("ben", &["section:technical"]);
        assert!(matches!(
            refuses(&state, "ada", &deed),
            Refusal::NotYours { .. }
        ));
        let cid = covers("cid", &["section:technical"]);
        assert!(matches!(
            refuses(&state, "cid", &cid),
            Refusal::NotOnPanel { .. }
        ));
        assert!(matches!(
            refuses(&state, "rita", &cid),
            Refusal::CannotCover { .. }
        ));
        let unknown = covers("ada", &["competency:coding"]);
        assert_eq!(refuses(&state, "ada", &unknown), Refusal::UnknownPart);
        let state = does(state, "rita", &panel_of(&["ada"], &["ben"], &[]), 1).state;
        assert!(matches!(
            refuses(&state, "ben", &deed),
            Refusal::CannotCover { .. }
        ));
        let state = does(state, "ada", &submission(Recommendation::Yes), 2).state;
        let late = covers("ada", &["section:technical"]);
        assert_eq!(refuses(&state, "ada", &late), Refusal::PlanIsOver);
    }

    #[test]
    fn taking_a_part_joins_an_open_panel_and_is_kept_once_on_record() {
        let outcome = does(
            opened(&[]),
            "ada",
            &covers("ada", &["section:technical"]),
            1,
        );
        assert_eq!(outcome.audit.len(), 2);
        let again = does(
            outcome.state,
            "ada",
            &covers("ada", &["section:technical"]),
            2,
        );
        assert!(again.changes_nothing());
    }

    #[test]
    fn whoever_is_excused_or_shadows_covers_nothing() {
        let state = does(
            opened(&["ada", "ben"]),
            "ada",
            &covers("ada", &["section:technical"]),
            1,
        );
        let state = does(state.state, "ada", &Deed::Recuse, 2).state;
        assert_eq!(plan(&state)[1], "Technical Databases: ");
        assert_eq!(
            refuses(&state, "ada", &covers("ada", &[])),
            Refusal::Recused
        );
    }

    #[test]
    fn a_scorecard_opens_on_the_part_of_its_author() {
        let state = opened(&["ada"]);
        let ada = UserId::from("ada");
        assert_eq!(state.first_open_section(&ada), Section::Screening);
        let state = does(state, "ada", &covers("ada", &["competency:teamwork"]), 1).state;
        assert_eq!(state.first_open_section(&ada), Section::Behavioural);
        let rest = Deed::RestNotAsked {
            section: Section::Behavioural,
        };
        let state = does(state, "ada", &rest, 2).state;
        assert_eq!(state.first_open_section(&ada), Section::Screening);
    }
}
