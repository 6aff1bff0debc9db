//! Whose Home tab is drawn next: pure arithmetic on who looks, what changed and what Slack allows. Who draws it is in `home`.

use crate::app::Who;
use crate::domain::event::HomePages;
use crate::domain::ids::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// How long after somebody has opened their Home tab, or done something on it, it is kept true.
const WATCHED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How often one person's is drawn anew at most, unless they open it or click on it themselves.
const ANEW_EVERY: SignedDuration = SignedDuration::from_secs(5);
/// `views.publish` is of tier 4, a hundred a minute in a workspace (<https://docs.slack.dev/apis/web-api/rate-limits>): what is only
/// drawn anew takes eighty of them, and leaves the rest to those who open theirs.
const IN_A_WORKSPACE_EVERY: SignedDuration = SignedDuration::from_millis(750);
/// How often in a row one is tried that Slack does not take.
const TRIES: u32 = 4;

/// How much somebody waits for their Home tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    /// They have just opened it, or clicked on it.
    AtOnce,
    /// Something on it has changed.
    Soon,
}

/// Somebody who looks at their Home tab.
#[derive(Debug)]
struct Looking {
    until: Timestamp,
    pages: HomePages,
    wish: Option<Wish>,
    /// When it was drawn last, or begun to be.
    drawn_at: Timestamp,
    in_flight: Option<Wish>,
    /// Slack may be asked who they are.
    ask: bool,
    /// It says that Slack is being asked.
    asking: bool,
    failures: u32,
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This one's is drawn.
    Draw(Draw),
    /// Nothing until then.
    At(Timestamp),
    /// Nothing.
    Nothing,
}

/// Whose Home tab is drawn, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draw {
    /// Whose.
    pub(super) who: Who,
    /// How far its lists are turned.
    pub(super) pages: HomePages,
    /// Slack may be asked who they are.
    pub(super) ask: bool,
}

/// How drawing one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is shown; `asking`: it says that Slack is being asked who they are.
    Shown {
        /// Slack is being asked.
        asking: bool,
    },
    /// Slack asks to wait.
    Limited(SignedDuration),
    /// Slack did not take it this time.
    Failed,
    /// Nobody is there to look at it, or Slack will never take it.
    Gone,
}

/// Everybody who looks, and Slack's pace in each workspace.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    people: HashMap<Who, Looking>,
    /// When one that is only drawn anew may be next.
    free_at: HashMap<WorkspaceId, Timestamp>,
    /// Until when Slack takes none at all.
    blocked_until: HashMap<WorkspaceId, Timestamp>,
}

impl Schedule {
    /// Somebody looks; returns until when. What was there of them stays.
    fn looks(&mut self, who: Who, now: Timestamp) -> &mut Looking {
        let looking = self.people.entry(who).or_insert_with(|| Looking {
            until: now,
            pages: HomePages::default(),
            wish: None,
            drawn_at: Timestamp::MIN,
            in_flight: None,
            ask: false,
            asking: false,
            failures: 0,
        });
        looking.until = now + WATCHED_FOR;
        looking
    }

    /// Somebody opened their Home tab or clicked on it. Absent pages stay as they are. Returns until when it is kept true.
    pub(super) fn opened(
        &mut self,
        who: Who,
        pages: Option<HomePages>,
        now: Timestamp,
    ) -> Timestamp {
        let looking = self.looks(who, now);
        looking.wish = Some(Wish::AtOnce);
        looking.ask = true;
        looking.failures = 0;
        if let Some(pages) = pages {
            looking.pages = pages;
        }
        looking.until
    }

    /// Somebody goes on with what they began there. Returns until when it is kept true.
    pub(super) fn goes_on(&mut self, who: Who, now: Timestamp) -> Timestamp {
        self.looks(who, now).until
    }

    /// Something of somebody's has changed.
    pub(super) fn concerned(&mut self, who: &Who) {
        if let Some(looking) = self.people.get_mut(who) {
            let wish = if looking.asking {
                Wish::AtOnce
            } else {
                Wish::Soon
            };
            looking.wish = Some(looking.wish.map_or(wish, |other| other.min(wish)));
        }
    }

    /// Those who look no more, and are forgotten.
    pub(super) fn forget_old(&mut self, now: Timestamp) -> Vec<Who> {
        let is_over = |looking: &Looking| {
            looking.until <= now
                && looking.in_flight.is_none()
                && looking.wish != Some(Wish::AtOnce)
        };
        let over = self.people.extract_if(|_, looking| is_over(looking));
        let over: Vec<Who> = over.map(|(who, _)| who).collect();
        let passed = |_: &WorkspaceId, moment: &mut Timestamp| *moment > now;
        self.free_at.retain(passed);
        self.blocked_until.retain(passed);
        over
    }

    /// The clock was set back: who waits would wait so much longer.
    pub(super) fn set_back(&mut self, by: SignedDuration) {
        let paces = self
            .free_at
            .values_mut()
            .chain(self.blocked_until.values_mut());
        let looking = self.people.values_mut();
        let moments = looking.flat_map(|it| [&mut it.until, &mut it.drawn_at]);
        for moment in paces.chain(moments) {
            *moment = moment.checked_sub(by).unwrap_or(Timestamp::MIN);
        }
    }

    /// When somebody's may be drawn, if they wait for it.
    fn due(&self, (workspace, _): &Who, looking: &Looking) -> Option<Timestamp> {
        let wish = looking.wish.filter(|_| looking.in_flight.is_none())?;
        let at_once = wish == Wish::AtOnce && looking.failures == 0;
        let own = if at_once {
            Timestamp::MIN
        } else {
            // After a failure the pause grows.
            let pause = ANEW_EVERY * (1 << looking.failures.min(TRIES));
            looking
                .drawn_at
                .checked_add(pause)
                .unwrap_or(Timestamp::MIN)
        };
        let moments = [
            self.blocked_until.get(workspace),
            self.free_at.get(workspace).filter(|_| !at_once),
        ];
        Some(
            moments
                .into_iter()
                .flatten()
                .copied()
                .fold(own, Timestamp::max),
        )
    }

    /// Whose is drawn now: who has just opened theirs comes first, then who has waited longest since it was drawn last.
    pub(super) fn next(&mut self, now: Timestamp) -> Next {
        let waiting = self.people.iter().filter_map(|(who, looking)| {
            let due = self.due(who, looking)?;
            Some((due > now, due.max(now), looking.wish, looking.drawn_at, who))
        });
        let Some((later, due, _, _, who)) = waiting.min() else {
            return Next::Nothing;
        };
        if later {
            return Next::At(due);
        }
        let who = who.clone();
        let free_at = self.free_at.entry(who.0.clone()).or_insert(now);
        *free_at = (*free_at).max(now) + IN_A_WORKSPACE_EVERY;
        let Some(looking) = self.people.get_mut(&who) else {
            return Next::Nothing;
        };
        looking.in_flight = looking.wish.take();
        looking.drawn_at = now;
        Next::Draw(Draw {
            pages: looking.pages.clone(),
            ask: std::mem::take(&mut looking.ask),
            who,
        })
    }

    /// Takes in how drawing somebody's ended. `false`: they are forgotten.
    pub(super) fn ended(&mut self, who: &Who, end: End, now: Timestamp) -> bool {
        let Some(looking) = self.people.get_mut(who) else {
            return false;
        };
        let wish = looking.in_flight.take();
        let again = |looking: &mut Looking| {
            looking.wish = [looking.wish, wish].into_iter().flatten().min();
        };
        match end {
            End::Shown { asking } => {
                looking.failures = 0;
                looking.asking = asking;
            }
            End::Limited(after) => {
                again(looking);
                let until = now.checked_add(after).unwrap_or(Timestamp::MAX);
                self.blocked_until.insert(who.0.clone(), until);
            }
            End::Failed => {
                looking.failures += 1;
                if looking.failures < TRIES {
                    again(looking);
                }
            }
            End::Gone => {
                self.people.remove(who);
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_262_400_000 + millis).expect("a moment")
    }

    fn who(user: &str) -> Who {
        ("T1".into(), user.into())
    }

    const SHOWN: End = End::Shown { asking: false };

    /// Who is drawn now, each at once.
    fn drawn(schedule: &mut Schedule, now: Timestamp) -> Vec<String> {
        let mut all = Vec::new();
        while let Next::Draw(draw) = schedule.next(now) {
            assert!(schedule.ended(&draw.who, SHOWN, now));
            all.push(draw.who.1.to_string());
        }
        all
    }

    #[test]
    fn who_opens_theirs_sees_it_at_once() {
        let mut schedule = Schedule::default();
        for user in ["ada", "ben", "cid"] {
            schedule.opened(who(user), None, at(0));
        }
        let mut all = drawn(&mut schedule, at(0));
        all.sort();
        assert_eq!(all, ["ada", "ben", "cid"]);
        schedule.opened(who("ada"), None, at(1));
        assert_eq!(drawn(&mut schedule, at(1)), ["ada"]);
        assert_eq!(schedule.next(at(1)), Next::Nothing);
    }

    #[test]
    fn what_changes_is_drawn_once_in_five_seconds() {
        let mut schedule = Schedule::default();
        schedule.opened(who("ada"), None, at(0));
        drawn(&mut schedule, at(0));
        for _ in 0..100 {
            schedule.concerned(&who("ada"));
        }
        assert_eq!(schedule.next(at(0)), Next::At(at(5000)));
        assert_eq!(schedule.next(at(4999)), Next::At(at(5000)));
        assert_eq!(drawn(&mut schedule, at(5000)), ["ada"]);
        assert_eq!(schedule.next(at(5000)), Next::Nothing);
        schedule.concerned(&who("nobody"));
        assert_eq!(schedule.next(at(5000)), Next::Nothing);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
        let mut schedule = Schedule::default();
        schedule.opened(who("ada"), None, at(0));
        drawn(&mut schedule, at(0));
        schedule.concerned(&who("ada"));
        schedule.set_back(SignedDuration::from_hours(1));
        let back = |millis: i64| at(millis - 3_600_000);
        assert_eq!(schedule.next(back(0)), Next::At(back(5000)));
        assert_eq!(drawn(&mut schedule, back(5000)), ["ada"]);
        assert_eq!(schedule.forget_old(back(600_000)), [who("ada")]);
    }

    #[test]
    fn nobody_is_drawn_for_who_looks_no_more() {
        let mut schedule = Schedule::default();
        let until = schedule.opened(who("ada"), None, at(0));
        assert_eq!(until, at(600_000));
        drawn(&mut schedule, at(0));
        assert_eq!(schedule.forget_old(at(599_999)), Vec::<Who>::new());
        assert_eq!(schedule.goes_on(who("ada"), at(599_999)), at(1_199_999));
        schedule.concerned(&who("ada"));
        assert_eq!(schedule.forget_old(at(1_199_999)), [who("ada")]);
        assert_eq!(schedule.next(at(1_199_999)), Next::Nothing);
    }

    #[test]
    fn eighty_a_minute_are_shared_fairly() {
        let mut schedule = Schedule::default();
        let people: Vec<Who> = (0..200).map(|number| who(&format!("u{number}"))).collect();
        for one in &people {
            schedule.opened(one.clone(), None, at(0));
        }
        assert_eq!(drawn(&mut schedule, at(0)).len(), 200);
        let mut times: HashMap<String, u32> = HashMap::new();
        let mut now = at(0);
        let mut in_a_minute = 0;
        // Everything of everybody's changes all the time, for nine and a half minutes.
        while now < at(570_000) {
            people.iter().for_each(|one| schedule.concerned(one));
            for user in drawn(&mut schedule, now) {
                *times.entry(user).or_default() += 1;
                in_a_minute += u32::from(now >= at(300_000) && now < at(360_000));
            }
            now += SignedDuration::from_millis(250);
        }
        assert_eq!(in_a_minute, 80);
        let (least, most) = (times.values().min(), times.values().max());
        assert_eq!(times.len(), 200, "everybody had a turn");
        assert!(
            most.zip(least)
                .is_some_and(|(most, least)| most - least <= 1)
        );
    }

    #[test]
    fn when_slack_asks_to_wait_nobody_is_drawn_and_nobody_is_forgotten() {
        let mut schedule = Schedule::default();
        schedule.opened(who("ada"), None, at(0));
        assert!(matches!(schedule.next(at(0)), Next::Draw(_)));
        schedule.ended(
            &who("ada"),
            End::Limited(SignedDuration::from_secs(30)),
            at(10),
        );
        schedule.opened(who("ben"), None, at(20));
        let elsewhere: Who = ("T2".into(), "eve".into());
        schedule.opened(elsewhere, None, at(20));
        assert_eq!(drawn(&mut schedule, at(20)), ["eve"]);
        assert_eq!(schedule.next(at(20)), Next::At(at(30_010)));
        let mut all = drawn(&mut schedule, at(30_010));
        all.sort();
        assert_eq!(all, ["ada", "ben"]);
    }

    #[test]
    fn what_fails_is_tried_again_with_growing_pauses_and_then_no_more() {
        let mut schedule = Schedule::default();
        schedule.opened(who("ada"), None, at(0));
        let mut now = at(0);
        let mut pauses = Vec::new();
        loop {
            match schedule.next(now) {
                Next::Draw(draw) => {
                    assert!(schedule.ended(&draw.who, End::Failed, now));
                }
                Next::At(moment) => {
                    pauses.push(moment.duration_since(now).as_secs());
                    now = moment;
                }
                Next::Nothing => break,
            }
        }
        assert_eq!(pauses, [10, 20, 40]);
        schedule.opened(who("ada"), None, now);
        assert_eq!(drawn(&mut schedule, now), ["ada"]);
    }

    #[test]
    fn slack_is_asked_once_who_somebody_is_and_its_answer_is_not_waited_for() {
        let mut schedule = Schedule::default();
        schedule.opened(who("ada"), None, at(0));
        let Next::Draw(draw) = schedule.next(at(0)) else {
            panic!("it is drawn");
        };
        assert!(draw.ask);
        schedule.ended(&draw.who, End::Shown { asking: true }, at(0));
        schedule.concerned(&who("ada"));
        let Next::Draw(draw) = schedule.next(at(1)) else {
            panic!("it is drawn at once");
        };
        assert!(!draw.ask);
    }

    #[test]
    fn what_changes_while_it_is_drawn_is_drawn_once_more() {
        let mut schedule = Schedule::default();
        let turned = HomePages {
            digests: Some("C1".into()),
            ..HomePages::default()
        };
        schedule.opened(who("ada"), Some(turned.clone()), at(0));
        assert!(matches!(schedule.next(at(0)), Next::Draw(_)));
        schedule.concerned(&who("ada"));
        schedule.opened(who("ada"), None, at(1));
        assert_eq!(schedule.next(at(1)), Next::Nothing, "one at a time");
        schedule.ended(&who("ada"), SHOWN, at(2));
        let Next::Draw(draw) = schedule.next(at(2)) else {
            panic!("it is drawn once more");
        };
        assert_eq!(draw.pages, turned, "what was turned stays turned");
        schedule.ended(&who("ada"), End::Gone, at(3));
        assert_eq!(schedule.next(at(100_000)), Next::Nothing);
    }
}
