//! What time it is, and waiting for a time: the only drawer with the system's clock in it. When something is due is decided elsewhere.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// The system's clock, one that runs ahead of it, or one that a test holds in its hand. Clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    /// The system's, ahead by as much as somebody else says.
    Ahead(watch::Receiver<Duration>),
    Held(Arc<Mutex<Held>>),
}

#[derive(Debug)]
struct Held {
    now: Timestamp,
    /// Tells sleepers of the same moment apart.
    next: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

/// The system's clock may be set while somebody sleeps by it; after this long it is read again.
const GLANCE: Duration = Duration::from_secs(60);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// The system's clock, ahead by as much as the other end says at each moment. When it says more, those wake whose moment has come.
    #[must_use]
    pub fn ahead(by: watch::Receiver<Duration>) -> Self {
        Self(Kind::Ahead(by))
    }

    /// A clock that stands still until it is advanced.
    #[must_use]
    pub fn held(start: Timestamp) -> Self {
        Self(Kind::Held(Arc::new(Mutex::new(Held {
            now: start,
            next: 0,
            sleepers: BTreeMap::new(),
        }))))
    }

    /// Now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the system's clock"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::Ahead(by) => after(Timestamp::now(), *by.borrow()),
            Kind::Held(held) => lock(held).now,
        }
    }

    /// Sleeps for a while by this clock.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(after(self.now(), duration)).await;
    }

    /// Sleeps until a moment by this clock; not at all, if it is past. To stop waiting, drop the future.
    pub async fn sleep_until(&self, moment: Timestamp) {
        let held = match &self.0 {
            Kind::Held(held) => held,
            Kind::System => {
                while let Some(left) = self.left(moment) {
                    tokio::time::sleep(left.min(GLANCE)).await;
                }
                return;
            }
            Kind::Ahead(by) => {
                let mut by = by.clone();
                while let Some(left) = self.left(moment) {
                    // Once nobody can say more, it goes on as far ahead as it is.
                    tokio::select! {
                        () = tokio::time::sleep(left.min(GLANCE)) => {}
                        Ok(()) = by.changed() => {}
                    }
                }
                return;
            }
        };
        let (waking, woken) = oneshot::channel();
        let sleeper = {
            let mut guard = lock(held);
            if guard.now >= moment {
                return;
            }
            let key = (moment, guard.next);
            guard.next += 1;
            guard.sleepers.insert(key, waking);
            Sleeper { held, key }
        };
        // It errs if the sender is dropped, which is done after sending only.
        let _ = woken.await;
        drop(sleeper);
    }

    /// How long it is until a moment by this clock; nothing if it is past.
    fn left(&self, moment: Timestamp) -> Option<Duration> {
        let left = Duration::try_from(moment.duration_since(self.now())).ok()?;
        (!left.is_zero()).then_some(left)
    }

    fn held_in_hand(&self) -> Option<&Mutex<Held>> {
        match &self.0 {
            Kind::Held(held) => Some(held),
            Kind::System | Kind::Ahead(_) => None,
        }
    }

    /// Moves a held clock on and wakes those whose moment has come, the earliest first.
    ///
    /// # Panics
    /// On any other, which is not moved from here.
    pub fn advance(&self, duration: Duration) {
        let held = self
            .held_in_hand()
            .expect("only a held clock can be advanced");
        let mut guard = lock(held);
        guard.now = after(guard.now, duration);
        let now = guard.now;
        let later = guard.sleepers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut guard.sleepers, later);
        drop(guard);
        for waking in due.into_values() {
            // Whoever has stopped waiting does not mind.
            let _ = waking.send(());
        }
    }

    /// The earliest moment that somebody sleeps until by a held clock; `None` for any other.
    #[must_use]
    pub fn next_waking(&self) -> Option<Timestamp> {
        let guard = lock(self.held_in_hand()?);
        guard
            .sleepers
            .first_key_value()
            .map(|((moment, _), _)| *moment)
    }
}

/// Takes a sleeper off the list when it wakes, or when it is given up.
struct Sleeper<'a> {
    held: &'a Mutex<Held>,
    key: (Timestamp, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        lock(self.held).sleepers.remove(&self.key);
    }
}

/// Nothing panics while it holds the lock, so what is in it is whole.
fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A moment after another, or the last there is.
fn after(moment: Timestamp, duration: Duration) -> Timestamp {
    moment.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::Poll;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().expect("it is a time")
    }

    /// Whether a future is done, after asking it once.
    async fn done(future: std::pin::Pin<&mut impl Future<Output = ()>>) -> bool {
        let mut future = future;
        std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
    }

    #[tokio::test]
    async fn a_held_clock_stands_still_until_it_is_advanced() {
        let clock = Clock::held(noon());
        let other = clock.clone();
        assert_eq!(clock.now(), noon());
        clock.advance(Duration::from_secs(90));
        assert_eq!(other.now().to_string(), "2026-11-21T12:01:30Z");
    }

    #[tokio::test]
    async fn sleepers_wake_when_their_moment_has_come_and_not_before() {
        let clock = Clock::held(noon());
        let mut minute = pin!(clock.sleep(Duration::from_secs(60)));
        let mut hour = pin!(clock.sleep(Duration::from_secs(3600)));
        assert!(!done(hour.as_mut()).await);
        assert!(!done(minute.as_mut()).await);
        assert_eq!(
            clock.next_waking(),
            Some(after(noon(), Duration::from_secs(60)))
        );

        clock.advance(Duration::from_secs(59));
        assert!(!done(minute.as_mut()).await);
        clock.advance(Duration::from_secs(1));
        assert!(done(minute.as_mut()).await);
        assert!(!done(hour.as_mut()).await);
        assert_eq!(
            clock.next_waking(),
            Some(after(noon(), Duration::from_secs(3600)))
        );
    }

    #[tokio::test]
    async fn a_moment_that_is_past_is_not_waited_for() {
        let (_say, by) = watch::channel(Duration::ZERO);
        for clock in [Clock::held(noon()), Clock::system(), Clock::ahead(by)] {
            clock.sleep_until(Timestamp::UNIX_EPOCH).await;
            clock.sleep(Duration::ZERO).await;
            assert_eq!(clock.next_waking(), None);
        }
    }

    #[tokio::test]
    async fn who_stops_waiting_is_forgotten() {
        let clock = Clock::held(noon());
        {
            let mut sleep = pin!(clock.sleep(Duration::from_secs(5)));
            assert!(!done(sleep.as_mut()).await);
            assert!(clock.next_waking().is_some());
        }
        assert_eq!(clock.next_waking(), None);
        clock.advance(Duration::from_secs(10));
    }

    #[tokio::test]
    async fn many_tasks_sleep_by_one_clock() {
        let clock = Clock::held(noon());
        let sleeps = (1..=50).map(|seconds| clock.sleep(Duration::from_secs(seconds)));
        let mut all = pin!(async {
            futures_util::future::join_all(sleeps).await;
        });
        let mut turns = 0;
        while !done(all.as_mut()).await {
            let next = clock.next_waking().expect("somebody sleeps");
            let wait = next.duration_since(clock.now());
            clock.advance(Duration::try_from(wait).expect("it is to come"));
            turns += 1;
        }
        assert_eq!(turns, 50);
    }

    #[tokio::test]
    async fn an_endless_sleep_does_not_overflow() {
        let clock = Clock::held(noon());
        let mut sleep = pin!(clock.sleep(Duration::MAX));
        assert!(!done(sleep.as_mut()).await);
        assert_eq!(clock.next_waking(), Some(Timestamp::MAX));
    }

    #[tokio::test]
    async fn a_clock_that_is_moved_ahead_wakes_those_whose_moment_has_come() {
        let (say, by) = watch::channel(Duration::ZERO);
        let (clock, system) = (Clock::ahead(by), Clock::system());
        let hour = Duration::from_secs(3600);
        let (before, due) = (system.now(), after(clock.now(), hour));
        assert!(before <= clock.now() && clock.now() <= system.now());
        let mut soon = pin!(clock.sleep(hour));
        let mut later = pin!(clock.sleep(hour * 30));
        assert!(!done(soon.as_mut()).await && !done(later.as_mut()).await);

        say.send_replace(hour / 2);
        assert!(!done(soon.as_mut()).await);
        say.send_replace(hour * 2);
        soon.await;
        assert!(clock.now() > due);
        assert!(!done(later.as_mut()).await);
        // Whoever could move it is gone: it goes on from there.
        drop(say);
        assert!(!done(later.as_mut()).await);
        assert!(clock.now() >= after(before, hour * 2));
        clock.sleep(Duration::from_millis(5)).await;
    }

    #[tokio::test]
    async fn the_systems_clock_goes() {
        let clock = Clock::system();
        let before = clock.now();
        clock.sleep(Duration::from_millis(5)).await;
        assert!(clock.now() > before);
    }
}
