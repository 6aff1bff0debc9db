//! The order of what one person sees in one place: one picture at a time, the newest last. What is on a picture is elsewhere.

use super::understand::{From, Route};
use crate::app::Viewer;
use crate::domain::event::Screen;
use crate::domain::ids::QuestionId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// The pictures that wait, and where each person saw a loop's scorecard last.
#[derive(Default)]
pub struct Pictures {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// A slot is there while somebody draws for it; the picture in it waits.
    slots: HashMap<Slot, Option<Picture>>,
    last: HashMap<String, Last>,
}

struct Last {
    url: String,
    since: Timestamp,
    used: u8,
    /// The question whose follow-ups were shown.
    open: Option<QuestionId>,
}

impl Pictures {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing is left half-changed under this lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes where somebody clicked: what follows a modal goes there.
    pub fn clicked(&self, viewer: &Viewer, route: &Route, now: Timestamp) {
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
            (From::Message, _) => drop(self.lock().last.remove(&key)),
            _ => {}
        }
    }

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

    fn remember(&self, key: String, last: Last) {
        let mut inner = self.lock();
        if inner.last.len() >= REMEMBERED {
            // What is forgotten is posted anew instead of redrawn.
            inner.last.clear();
        }
        inner.last.insert(key, last);
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

    /// Leaves a picture. `None`: somebody draws for this slot already, and will take it; else the caller draws.
    pub fn put<'a>(&'a self, slot: &'a Slot, picture: Picture) -> Option<Turn<'a>> {
        let mut inner = self.lock();
        match inner.slots.get_mut(slot) {
            Some(waiting) => {
                *waiting = Some(picture);
                None
            }
            None => {
                inner.slots.insert(slot.clone(), Some(picture));
                Some(Turn {
                    pictures: self,
                    slot,
                    over: false,
                })
            }
        }
    }
}

/// Whoever has it draws for a slot, until no picture waits. Breaking off in between gives the slot free.
pub struct Turn<'a> {
    pictures: &'a Pictures,
    slot: &'a Slot,
    over: bool,
}

impl Turn<'_> {
    /// The newest picture that waits; `None`: none does, and the turn is over.
    pub fn take(&mut self) -> Option<Picture> {
        let mut inner = self.pictures.lock();
        let picture = inner.slots.get_mut(self.slot).and_then(Option::take);
        if picture.is_none() {
            inner.slots.remove(self.slot);
            self.over = true;
        }
        picture
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.pictures.lock().slots.remove(self.slot);
        }
    }
}

fn name(viewer: &Viewer, what: &str) -> String {
    format!("{}/{}/{what}", viewer.workspace, viewer.user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{UserId, WorkspaceId};

    fn picture(screen: Screen) -> Picture {
        let viewer = Viewer {
            workspace: WorkspaceId::from("T1"),
            user: UserId::from("U1"),
            place: None,
        };
        (viewer, Route::default(), screen)
    }

    #[test]
    fn an_overtaken_picture_is_dropped_and_the_newest_is_drawn_last() {
        let pictures = Pictures::default();
        let slot = Slot("one".to_owned());
        let mut turn = pictures
            .put(&slot, picture(Screen::Help))
            .expect("nobody draws yet");
        assert!(turn.take().is_some());
        assert!(pictures.put(&slot, picture(Screen::Mine)).is_none());
        assert!(pictures.put(&slot, picture(Screen::List)).is_none());
        assert_eq!(turn.take().map(|(_, _, screen)| screen), Some(Screen::List));
        assert!(turn.take().is_none());
        drop(turn);
        assert!(pictures.put(&slot, picture(Screen::Help)).is_some());
    }

    #[test]
    fn a_turn_that_is_broken_off_gives_its_slot_free() {
        let pictures = Pictures::default();
        let slot = Slot("one".to_owned());
        let mut turn = pictures
            .put(&slot, picture(Screen::Help))
            .expect("nobody draws yet");
        turn.take();
        drop(turn);
        assert!(pictures.put(&slot, picture(Screen::Mine)).is_some());
    }
}
