//! When a loop's interview is: planned, moved, taken back. What a wish means on somebody's clock is reckoned in `schedule`.

use super::{Head, InterviewLoop, Outcome, Phase};
use crate::domain::access::Actor;
use crate::domain::event::{Audited, Post};
use crate::domain::ids::UserId;
use crate::domain::planned::{NotPlanned, Planned, Wish};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use jiff::Timestamp;

impl InterviewLoop {
    pub(super) fn set_time(
        mut self,
        actor: &Actor,
        wish: &Wish,
        at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.may_be_planned(actor)?;
        let at = at.ok_or(NotPlanned::DayMissing)?;
        let before = self.head.planned;
        let minutes = match (wish.length()?, &before) {
            (Some(minutes), _) => minutes,
            (None, Some(before)) => before.minutes,
            (None, None) => self.kit.minutes,
        };
        let planned = Planned {
            at,
            minutes,
            moved_from: before
                .filter(|before| before.at != at)
                .map_or_else(|| before.and_then(|it| it.moved_from), |it| Some(it.at)),
        };
        let said = Words::from("Planned for ").time(at).text(".");
        if before == Some(planned) {
            return Ok(Outcome::unchanged(
                self,
                crate::domain::event::Reply::Said(said),
            ));
        }
        self.head.planned = Some(planned);
        Ok(self.replanned(actor, before, said, now))
    }

    pub(super) fn drop_time(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        self.may_be_planned(actor)?;
        let before = self.head.planned.take();
        if before.is_none() {
            return Err(Refusal::NothingPlanned);
        }
        let said = Words::from("No time is planned any more.");
        Ok(self.replanned(actor, before, said, now))
    }

    fn may_be_planned(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.must_lead(&self.head)?;
        match self.head.phase() {
            Phase::Open => Ok(()),
            Phase::Withdrawn => Err(Refusal::Withdrawn),
            Phase::Revealed | Phase::Decided => Err(Refusal::AlreadyRevealed),
        }
    }

    /// What follows from another plan: where the beginning is another one, those who come are told, but for whoever planned it.
    fn replanned(
        self,
        actor: &Actor,
        before: Option<Planned>,
        said: Words,
        now: Timestamp,
    ) -> Outcome {
        let (from, to) = (before.map(|it| it.at), self.head.planned.map(|it| it.at));
        let told: Vec<UserId> = if from == to {
            Vec::new()
        } else {
            let others = self.head.coming().filter(|user| **user != actor.user);
            others.cloned().collect()
        };
        let said = if told.is_empty() {
            said
        } else {
            said.text(" The panel is told.")
        };
        let code = self.code();
        let mut outcome = self.headed(actor, Audited::Planned { from, to }, said, now);
        for user in told {
            outcome = outcome.owes(Post::Replanned {
                code: code.clone(),
                user,
            });
        }
        outcome
    }
}

impl Head {
    /// Who comes to the interview, as far as is known: the panel, observers too, without those who are excused or whose scorecard is in.
    pub fn coming(&self) -> impl Iterator<Item = &UserId> {
        self.panel
            .iter()
            .filter(|seat| seat.excused.is_none() && !seat.is_in())
            .map(|seat| &seat.user)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{does, opened, refuses, submission};
    use super::*;
    use crate::domain::event::Deed;
    use crate::domain::scorecard::Recommendation;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3600).expect("a moment")
    }

    fn time(hour: i64, minutes: &str) -> Deed {
        Deed::SetTime {
            wish: Wish {
                minutes: minutes.to_owned(),
                ..Wish::default()
            },
            at: Some(at(hour)),
        }
    }

    fn told(outcome: &Outcome) -> Vec<&str> {
        let told = outcome.posts.iter().filter_map(|post| match post {
            Post::Replanned { user, .. } => Some(user.as_str()),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn an_interview_is_planned_moved_and_taken_back_and_the_panel_is_told() {
        let outcome = does(opened(&["ada", "ben"]), "rita", &time(1, ""), 1);
        let planned = outcome.state.head.planned.expect("it is planned");
        assert_eq!((planned.at, planned.moved_from), (at(1), None));
        assert_eq!(planned.minutes, outcome.state.kit.minutes);
        assert_eq!(told(&outcome), ["ada", "ben"]);
        let outcome = does(outcome.state, "rita", &time(2, "90"), 2);
        let planned = outcome.state.head.planned.expect("it is planned");
        assert_eq!((planned.at, planned.minutes), (at(2), 90));
        assert_eq!(planned.moved_from, Some(at(1)));
        // The length alone moves nobody.
        let outcome = does(outcome.state, "rita", &time(2, "60"), 3);
        assert_eq!(told(&outcome), [""; 0]);
        let planned = outcome.state.head.planned.expect("it is planned");
        assert_eq!((planned.minutes, planned.moved_from), (60, Some(at(1))));
        let again = does(outcome.state, "rita", &time(2, "60"), 4);
        assert!(again.changes_nothing());
        let outcome = does(again.state, "rita", &Deed::DropTime, 5);
        assert_eq!(outcome.state.head.planned, None);
        assert_eq!(told(&outcome), ["ada", "ben"]);
        assert_eq!(
            refuses(&outcome.state, "rita", &Deed::DropTime),
            Refusal::NothingPlanned
        );
    }

    #[test]
    fn only_those_who_still_come_are_told() {
        let state = does(
            opened(&["ada", "ben"]),
            "ada",
            &submission(Recommendation::Yes),
            1,
        );
        assert_eq!(told(&does(state.state, "rita", &time(1, ""), 2)), ["ben"]);
    }

    #[test]
    fn only_who_leads_an_open_loop_plans_it() {
        let state = opened(&["ada"]);
        assert!(matches!(
            refuses(&state, "ada", &time(1, "")),
            Refusal::NotYours { .. }
        ));
        let state = does(state, "ada", &submission(Recommendation::Yes), 1).state;
        assert_eq!(
            refuses(&state, "rita", &time(1, "")),
            Refusal::AlreadyRevealed
        );
        let state = does(
            opened(&["ada"]),
            "rita",
            &Deed::Withdraw {
                reason: crate::domain::candidate::Note::default(),
            },
            1,
        )
        .state;
        assert_eq!(refuses(&state, "rita", &Deed::DropTime), Refusal::Withdrawn);
    }
}
