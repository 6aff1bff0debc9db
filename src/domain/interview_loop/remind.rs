//! From when on a scorecard is owed, and what may become due when a loop changes. When somebody is at work is reckoned in `schedule`.

use super::{Head, Phase, Seat};
use crate::domain::event::Post;
use crate::domain::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How long after the end of an interview, or after the panel's first scorecard, the others are reminded of theirs.
const AFTER_THE_INTERVIEW: SignedDuration = SignedDuration::from_hours(1);
/// How long after the opening, where nobody has submitted.
const AFTER_THE_OPENING: SignedDuration = SignedDuration::from_hours(24);

impl Head {
    /// From when on scorecards are owed: the end of the planned interview, else the opening.
    #[must_use]
    pub fn owed_from(&self) -> Timestamp {
        match &self.planned {
            Some(planned) => planned.ends(),
            None => self.opened_at,
        }
    }

    /// Before when nobody reminds somebody of the scorecard that they owe; `None`: they owe none.
    ///
    /// Who came onto the panel later counts from then: what went before was not theirs.
    #[must_use]
    pub fn reminded_from(&self, user: &UserId) -> Option<Timestamp> {
        let seat = self.debtor(user)?;
        let since = seat.since.unwrap_or(self.opened_at);
        let after = |moment: Timestamp, pause| moment.checked_add(pause).unwrap_or(Timestamp::MAX);
        let by_itself = after(since, AFTER_THE_OPENING);
        let interview = match &self.planned {
            Some(planned) => Some(planned.ends()).filter(|ends| *ends >= since),
            None => self
                .first_submission()
                .filter(|first| *first >= since && *first <= by_itself),
        };
        Some(interview.map_or(by_itself, |moment| after(moment, AFTER_THE_INTERVIEW)))
    }

    fn first_submission(&self) -> Option<Timestamp> {
        let scoring = self.panel.iter().filter(|seat| seat.scores());
        scoring.filter_map(|seat| seat.submitted_at).min()
    }

    /// The place of somebody who owes a scorecard to a loop that is open.
    #[must_use]
    pub fn debtor(&self, user: &UserId) -> Option<&Seat> {
        let open = self.phase() == Phase::Open;
        self.seat(user).filter(|seat| open && seat.owes())
    }

    fn debtors(&self) -> BTreeMap<&UserId, &Seat> {
        let open = self.phase() == Phase::Open;
        let all = self.panel.iter().filter(|seat| open && seat.owes());
        all.map(|seat| (&seat.user, seat)).collect()
    }
}

/// What has to be looked at once more since a loop changed: reminders of whoever owes a scorecard now or did before, and briefings.
/// None of them is sent before its time, nor where there is nothing to say then.
#[must_use]
pub fn stirred(was: Option<&Head>, now: &Head) -> Vec<Post> {
    let (before, after) = (was.map(Head::debtors).unwrap_or_default(), now.debtors());
    let starts = |head: &Head| head.planned.map(|planned| planned.at);
    let for_all = was.is_none_or(|was| {
        was.planned != now.planned || was.first_submission() != now.first_submission()
    });
    let another_time = was.and_then(starts) != starts(now);
    let mut posts = Vec::new();
    for (user, seat) in &after {
        let same = before.get(user) == Some(seat);
        if for_all || !same {
            posts.push(Post::Reminders((*user).clone()));
        }
        if another_time || (now.planned.is_some() && !before.contains_key(user)) {
            posts.push(Post::Briefing {
                code: now.code.clone(),
                user: (*user).clone(),
            });
        }
    }
    let gone = before.keys().filter(|user| !after.contains_key(*user));
    posts.extend(gone.map(|user| Post::Reminders((*user).clone())));
    posts
}

#[cfg(test)]
mod tests {
    use super::super::tests::{does, opened, rate, submission};
    use super::*;
    use crate::domain::event::Deed;
    use crate::domain::planned::Planned;
    use crate::domain::scorecard::{Rating, Recommendation};

    fn id(name: &str) -> UserId {
        UserId::from(name)
    }

    /// How many minutes after the opening the first reminder may come.
    fn from(head: &Head, name: &str) -> Option<i64> {
        let from = head.reminded_from(&id(name))?;
        Some(from.duration_since(head.opened_at).as_mins())
    }

    fn yes() -> Deed {
        submission(Recommendation::Yes)
    }

    fn minutes(head: &Head, minutes: i64) -> Timestamp {
        head.opened_at + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn the_others_are_reminded_an_hour_after_the_first_scorecard_or_a_day_after_the_opening() {
        let mut head = opened(&["ada", "ben"]).head;
        assert_eq!(from(&head, "ada"), Some(24 * 60));
        assert_eq!(from(&head, "rita"), None);
        head.panel[0].submitted_at = Some(minutes(&head, 90));
        assert_eq!(from(&head, "ada"), None);
        assert_eq!(from(&head, "ben"), Some(90 + 60));
        head.panel[0].submitted_at = Some(minutes(&head, 24 * 60 + 1));
        assert_eq!(from(&head, "ben"), Some(24 * 60));
    }

    #[test]
    fn where_an_interview_is_planned_its_end_counts() {
        let mut head = opened(&["ada", "ben"]).head;
        head.planned = Some(Planned {
            at: minutes(&head, 3000),
            minutes: 45,
            moved_from: None,
        });
        assert_eq!(from(&head, "ada"), Some(3000 + 45 + 60));
        assert_eq!(head.owed_from(), minutes(&head, 3045));
        head.panel[0].submitted_at = Some(minutes(&head, 10));
        assert_eq!(from(&head, "ben"), Some(3000 + 45 + 60));
        // Who came when it was over has a day.
        head.panel[1].since = Some(minutes(&head, 4000));
        assert_eq!(from(&head, "ben"), Some(4000 + 24 * 60));
    }

    #[test]
    fn whoever_came_later_is_not_reminded_of_what_went_before() {
        let mut head = opened(&["ada", "ben"]).head;
        head.panel[0].submitted_at = Some(minutes(&head, 90));
        head.panel[1].since = Some(minutes(&head, 100));
        assert_eq!(from(&head, "ben"), Some(100 + 24 * 60));
        head.panel[0].submitted_at = Some(minutes(&head, 110));
        assert_eq!(from(&head, "ben"), Some(110 + 60));
    }

    #[test]
    fn nobody_is_reminded_of_a_loop_that_is_not_open() {
        let state = does(opened(&["ada", "ben"]), "ada", &yes(), 1).state;
        assert!(from(&state.head, "ben").is_some());
        let state = does(state, "rita", &Deed::Reveal, 2).state;
        assert_eq!(from(&state.head, "ben"), None);
    }

    #[test]
    fn what_may_become_due_is_looked_at_once_more() {
        let reminders = |names: &[&str]| -> Vec<Post> {
            names.iter().map(|name| Post::Reminders(id(name))).collect()
        };
        let state = opened(&["ada", "ben", "cid"]);
        assert_eq!(
            stirred(None, &state.head),
            reminders(&["ada", "ben", "cid"])
        );
        let rated = does(state.clone(), "ada", &rate("technical/1", Rating::Good), 1).state;
        assert_eq!(stirred(Some(&state.head), &rated.head), []);
        // The first scorecard makes the others' due, the second one only ends its author's.
        let first = does(state.clone(), "ben", &yes(), 2).state;
        assert_eq!(
            stirred(Some(&state.head), &first.head),
            reminders(&["ada", "cid", "ben"])
        );
        let second = does(first.clone(), "ada", &yes(), 3).state;
        assert_eq!(
            stirred(Some(&first.head), &second.head),
            reminders(&["ada"])
        );
        let revealed = does(second.clone(), "rita", &Deed::Reveal, 4).state;
        assert_eq!(
            stirred(Some(&second.head), &revealed.head),
            reminders(&["cid"])
        );
        let nudged = does(second.clone(), "rita", &Deed::Nudge, 4).state;
        assert_eq!(
            stirred(Some(&second.head), &nudged.head),
            reminders(&["cid"])
        );
    }

    #[test]
    fn a_briefing_is_looked_at_when_the_time_is_another_one_or_somebody_comes() {
        let briefed = |was: Option<&Head>, now: &Head| -> Vec<String> {
            let posts = stirred(was, now).into_iter();
            posts
                .filter_map(|post| match post {
                    Post::Briefing { user, .. } => Some(user.to_string()),
                    _ => None,
                })
                .collect()
        };
        let none: [&str; 0] = [];
        let mut head = opened(&["ada", "ben"]).head;
        assert_eq!(briefed(None, &head), none);
        let was = head.clone();
        let planned = |at| {
            Some(Planned {
                at,
                minutes: 45,
                moved_from: None,
            })
        };
        head.planned = planned(minutes(&head, 100));
        assert_eq!(briefed(Some(&was), &head), ["ada", "ben"]);
        assert_eq!(briefed(None, &head), ["ada", "ben"]);
        let was = head.clone();
        head.planned.as_mut().expect("it is planned").minutes = 90;
        assert_eq!(briefed(Some(&was), &head), none);
        head.planned = planned(minutes(&head, 200));
        assert_eq!(briefed(Some(&was), &head), ["ada", "ben"]);
        let was = head.clone();
        head.panel.push(Seat::from_now(
            id("cid"),
            crate::domain::interview_loop::SeatRole::Interviewer,
            minutes(&head, 1),
        ));
        assert_eq!(briefed(Some(&was), &head), ["cid"]);
        // So is one that is not to come.
        head.planned = None;
        assert_eq!(briefed(Some(&was), &head), ["ada", "ben", "cid"]);
    }
}
