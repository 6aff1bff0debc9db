//! The order of what one person sees in one place: one picture at a time, the newest last. What is on a picture is elsewhere.

use super::understand::{From, Route};
use crate::app::Viewer;
use crate::clock::Clock;
use crate::domain::event::Screen;
use crate::domain::ids::QuestionId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a response URL serves (<https://docs.slack.dev/interactivity/handling-user-interaction>), less a minute for the way.
const URL_LASTS: SignedDuration = SignedDuration::from_mins(29);
/// How many posts it serves, less one in reserve.
const URL_SERVES: u8 = 4;
/// How many people's last pictures are remembered before all are forgotten.
const REMEMBERED: usize = 10_000;

/// A place where pictures follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot(String);

/// What to draw, for whom and where.
pub type Picture = (Viewer, Route, Screen);

/// Over all slots, and all processes, so many pictures begin within the time between two of one slot: with 0.4 seconds, a hundred a second. That is what a
/// hundred people see who click without a pause; of more, each sees fewer, and the machine has time for what they click.
const WITHIN_APART: u32 = 40;
/// However many they are, nobody's picture waits longer than this for those of others.
const LATEST: Duration = Duration::from_secs(2);

/// How many slots are kept before those are looked for in which nothing happens any more.
const SLOTS: usize = 4096;

/// The pictures that wait, and where each person saw a loop's scorecard last.
pub struct Pictures {
    /// So long after one picture began the next of its slot may begin: who clicks quickly gets the first at once and then the newest, which
    /// is as fast as anybody looks.
    apart: Duration,
    clock: Clock,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: HashMap<Slot, Place>,
    last: HashMap<String, Last>,
    /// Until when pictures of all slots have taken their places in the order.
    taken_until: Timestamp,
}

/// What happens in a slot.
struct Place {
    /// The newest picture that nobody has drawn yet.
    waiting: Option<Picture>,
    /// Somebody draws for it.
    busy: bool,
    /// Since when there is somebody, or the last picture began: at most a few seconds ago while they are busy.
    began: Timestamp,
    /// The next picture may begin.
    free_at: Timestamp,
}

struct Last {
    url: String,
    since: Timestamp,
    used: u8,
    /// The question whose follow-ups were shown.
    open: Option<QuestionId>,
}

impl Pictures {
    /// Pictures of one slot begin so long apart.
    #[must_use]
    pub fn new(apart: Duration, clock: Clock) -> Self {
        Self {
            apart,
            clock,
            inner: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing is left half-changed under this lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes where somebody clicked: what follows a modal goes there.
    pub fn clicked(&self, viewer: &Viewer, route: &Route, now: Timestamp) {
        self.lock().clicked(viewer, route, now);
    }
}

impl Inner {
    fn clicked(&mut self, viewer: &Viewer, route: &Route, now: Timestamp) {
        let Some(subject) = route.subject() else {
            return;
        };
        let key = name(viewer, subject);
        match (route.from, &route.response_url) {
            (From::Ephemeral, Some(url)) => {
                let last = Last {
                    url: url.clone(),
                    since: now,
                    used: 0,
                    open: route.open.clone(),
                };
                self.remember(key, last);
            }
            // A message that everybody sees is not replaced by what one of them is told.
            (From::Message, _) => drop(self.last.remove(&key)),
            _ => {}
        }
    }

    fn remember(&mut self, key: String, last: Last) {
        if self.last.len() >= REMEMBERED {
            // What is forgotten is posted anew instead of redrawn.
            self.last.clear();
        }
        self.last.insert(key, last);
    }
}

impl Pictures {
    /// The place that a reply redraws; `None`: it is shown as something new.
    pub fn slot(&self, viewer: &Viewer, route: &Route) -> Option<Slot> {
        match route.from {
            From::Ephemeral => Some(Slot(name(viewer, route.message_ts.as_ref()?))),
            From::Window => Some(Slot(name(viewer, route.window.as_ref()?))),
            From::Modal => Some(Slot(name(
                viewer,
                route.window.as_deref().or(route.subject())?,
            ))),
            From::Command | From::Message | From::Home => None,
        }
    }

    /// The response URL of the last click that led to this modal, while it still serves.
    pub fn last_url(&self, viewer: &Viewer, route: &Route, now: Timestamp) -> Option<String> {
        let key = name(viewer, route.subject()?);
        let mut inner = self.lock();
        let last = inner.last.get_mut(&key)?;
        last.used += 1;
        if last.used > URL_SERVES || now.duration_since(last.since) > URL_LASTS {
            inner.last.remove(&key);
            return None;
        }
        Some(last.url.clone())
    }

    /// The question whose follow-ups are shown on the scorecard that a reply redraws.
    pub fn open(&self, viewer: &Viewer, route: &Route) -> Option<QuestionId> {
        if route.from != From::Modal || route.window.is_some() {
            return route.open.clone();
        }
        let key = name(viewer, route.code.as_ref()?.as_str());
        self.lock().last.get(&key)?.open.clone()
    }

    /// When the last picture of a slot began, or somebody began to draw there; none where that is forgotten.
    pub fn began(&self, slot: &Slot) -> Option<Timestamp> {
        self.lock().slots.get(slot).map(|place| place.began)
    }

    /// Leaves a picture where somebody draws for this slot already, and will take it, and notes where it was clicked; else it is given back.
    pub fn leave(&self, slot: &Slot, picture: Picture) -> Option<Picture> {
        let mut inner = self.lock();
        let Some(place) = inner.slots.get(slot).filter(|place| place.busy) else {
            return Some(picture);
        };
        let since = place.began;
        inner.clicked(&picture.0, &picture.1, since);
        if let Some(place) = inner.slots.get_mut(slot) {
            place.waiting = Some(picture);
        }
        None
    }

    /// Leaves a picture. `None`: somebody draws for this slot already, and will take it; else the caller draws.
    pub fn put<'a>(&'a self, slot: &'a Slot, picture: Picture) -> Option<Turn<'a>> {
        let now = self.clock.now();
        let mut inner = self.lock();
        if inner.slots.len() >= SLOTS {
            inner
                .slots
                .retain(|_, place| place.busy || place.free_at > now);
        }
        let place = inner.slots.entry(slot.clone()).or_insert(Place {
            waiting: None,
            busy: false,
            began: now,
            free_at: now,
        });
        place.began = now;
        place.waiting = Some(picture);
        if std::mem::replace(&mut place.busy, true) {
            return None;
        }
        Some(Turn {
            pictures: self,
            slot,
            over: false,
        })
    }
}

/// Whoever has it draws for a slot, until no picture waits. Breaking off in between gives the slot free.
pub struct Turn<'a> {
    pictures: &'a Pictures,
    slot: &'a Slot,
    over: bool,
}

impl Turn<'_> {
    /// The newest picture that waits, once its time has come; `None`: none does, and the turn is over. So many processes draw.
    pub async fn take(&mut self, processes: usize) -> Option<Picture> {
        let Pictures { apart, clock, .. } = self.pictures;
        let now = clock.now();
        if let Ok(rest) = Duration::try_from(self.free_at(now, processes)?.duration_since(now)) {
            clock.sleep(rest).await;
        }
        let mut inner = self.pictures.lock();
        let place = inner.slots.get_mut(self.slot)?;
        place.began = clock.now();
        place.free_at = later(place.began, *apart);
        place.waiting.take()
    }

    /// When the picture that waits may begin: it takes its place behind those of all slots. Where none waits, the turn is over.
    fn free_at(&mut self, now: Timestamp, processes: usize) -> Option<Timestamp> {
        let mut guard = self.pictures.lock();
        let inner = &mut *guard;
        let place = inner.slots.get_mut(self.slot)?;
        if place.waiting.is_some() {
            let latest = later(now, LATEST);
            // Either is later than it can be only where the clock was set back.
            let turn = if inner.taken_until > latest {
                now
            } else {
                inner.taken_until.max(now)
            };
            let processes = u32::try_from(processes.max(1)).unwrap_or(u32::MAX);
            let next = later(
                turn,
                (self.pictures.apart / WITHIN_APART).saturating_mul(processes),
            );
            inner.taken_until = next.min(latest);
            let free_at = place.free_at.min(later(now, self.pictures.apart));
            return Some(turn.max(free_at));
        }
        place.busy = false;
        self.over = true;
        None
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.pictures.lock().slots.remove(self.slot);
        }
    }
}

/// A moment so long after another, or the last there is.
fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn name(viewer: &Viewer, what: &str) -> String {
    format!("{}/{}/{what}", viewer.workspace, viewer.user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{UserId, WorkspaceId};
    use futures_util::FutureExt as _;

    const APART: Duration = Duration::from_millis(400);

    fn picture(screen: Screen) -> Picture {
        let viewer = Viewer {
            workspace: WorkspaceId::from("T1"),
            user: UserId::from("U1"),
            place: None,
        };
        (viewer, Route::default(), screen)
    }

    fn held() -> (Pictures, Clock) {
        let clock = Clock::held(Timestamp::UNIX_EPOCH);
        (Pictures::new(APART, clock.clone()), clock)
    }

    /// What is drawn now, or that it is not time yet, or that nothing waits.
    fn now(turn: &mut Turn<'_>) -> Option<Option<Screen>> {
        let drawn = turn.take(1).now_or_never()?;
        Some(drawn.map(|(_, _, screen)| screen))
    }

    #[test]
    fn the_first_is_drawn_at_once_and_then_the_newest_when_its_time_has_come() {
        let (pictures, clock) = held();
        let slot = Slot("one".to_owned());
        let put = |screen| pictures.put(&slot, picture(screen));
        let mut turn = put(Screen::Help).expect("nobody draws yet");
        assert_eq!(now(&mut turn), Some(Some(Screen::Help)));
        assert!(put(Screen::Mine).is_none());
        assert!(pictures.leave(&slot, picture(Screen::List)).is_none());
        assert_eq!(now(&mut turn), None);
        clock.advance(APART);
        assert_eq!(now(&mut turn), Some(Some(Screen::List)));
        assert_eq!(now(&mut turn), Some(None));
        assert!(pictures.leave(&slot, picture(Screen::Help)).is_some());

        // A turn of its own waits just so, and who clicks after a pause waits for nothing.
        let mut turn = put(Screen::Mine).expect("nobody draws any more");
        assert_eq!(now(&mut turn), None);
        clock.advance(APART);
        assert_eq!(now(&mut turn), Some(Some(Screen::Mine)));
        assert_eq!(now(&mut turn), Some(None));
        clock.advance(APART);
        let mut turn = put(Screen::Help).expect("nobody draws any more");
        assert_eq!(now(&mut turn), Some(Some(Screen::Help)));
    }

    #[test]
    fn of_a_crowd_each_sees_fewer_and_nobody_waits_long_for_the_others() {
        for (processes, first, before_the_latest) in
            [(1, [1, 11, 21, 31], 191), (3, [1, 4, 7, 11], 64)]
        {
            let (pictures, clock) = held();
            let slots: Vec<Slot> = (0..300).map(|number| Slot(number.to_string())).collect();
            let put = |slot| pictures.put(slot, picture(Screen::Help));
            let turns = slots
                .iter()
                .map(|slot| put(slot).expect("nobody draws yet"));
            let mut turns: Vec<Turn<'_>> = turns.collect();
            let mut waiting: Vec<_> = turns
                .iter_mut()
                .map(|turn| Box::pin(turn.take(processes)))
                .collect();
            let mut drawn = Vec::new();
            for _ in 0..=20 {
                waiting.retain_mut(|turn| turn.as_mut().now_or_never().is_none());
                drawn.push(300 - waiting.len());
                clock.advance(Duration::from_millis(100));
            }
            assert_eq!(drawn[..4], first);
            assert_eq!(drawn[19..], [before_the_latest, 300]);
        }
    }

    #[test]
    fn where_nothing_has_to_wait_the_newest_is_drawn_last() {
        let clock = Clock::held(Timestamp::UNIX_EPOCH);
        let pictures = Pictures::new(Duration::ZERO, clock);
        let slot = Slot("one".to_owned());
        let put = |screen| pictures.put(&slot, picture(screen));
        let mut turn = put(Screen::Help).expect("nobody draws yet");
        assert_eq!(now(&mut turn), Some(Some(Screen::Help)));
        assert!(put(Screen::Mine).is_none() && put(Screen::List).is_none());
        assert_eq!(now(&mut turn), Some(Some(Screen::List)));
        assert_eq!(now(&mut turn), Some(None));
        drop(turn);
        assert!(put(Screen::Help).is_some());
    }

    #[test]
    fn what_rests_is_forgotten_where_there_is_much_of_it() {
        let (pictures, clock) = held();
        for number in 0..SLOTS {
            let slot = Slot(number.to_string());
            let mut turn = pictures
                .put(&slot, picture(Screen::Help))
                .expect("nobody draws yet");
            clock.advance(APART);
            while now(&mut turn) != Some(None) {}
        }
        clock.advance(APART);
        let slot = Slot("one".to_owned());
        let turn = pictures.put(&slot, picture(Screen::Help));
        assert!(turn.is_some());
        assert_eq!(pictures.lock().slots.len(), 1);
    }

    #[test]
    fn a_turn_that_is_broken_off_gives_its_slot_free() {
        let (pictures, _) = held();
        let slot = Slot("one".to_owned());
        let put = |screen| pictures.put(&slot, picture(screen));
        let mut turn = put(Screen::Help).expect("nobody draws yet");
        assert!(now(&mut turn).is_some());
        drop(turn);
        assert!(put(Screen::Mine).is_some());
    }
}
