//! What time it is, and waiting for a time: the only drawer with the system's clock in it. When something is due is decided elsewhere.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
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
    sleepers: BTreeMap<(Timestamp, u64), Sleeping>,
    /// After so many readings the next one panics with these words.
    breaks: Option<(u32, String)>,
}

#[derive(Debug)]
struct Sleeping {
    waking: oneshot::Sender<()>,
    /// For a while, and not until a moment.
    a_while: bool,
}

/// The system's clock may be set while somebody sleeps by it; after this long it is read again.
const GLANCE: Duration = Duration::from_secs(60);
/// A clock that goes slower than it should by so much was set back.
const SLACK: Duration = Duration::from_secs(1);

/// Notices that a clock was set back, for whoever reckons pauses and paces as moments.
#[derive(Debug, Default)]
pub struct SetBack(Option<Timestamp>);

impl SetBack {
    /// By how much it was set back since this was asked last.
    pub fn since_then(&mut self, now: Timestamp) -> Option<SignedDuration> {
        let last = self.0.replace(now)?;
        (now < last).then(|| last.duration_since(now))
    }
}

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
            breaks: None,
        }))))
    }

    /// Now.
    ///
    /// # Panics
    /// Where [`break_at`](Self::break_at) wants it.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the system's clock"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::Ahead(by) => after(Timestamp::now(), *by.borrow()),
            Kind::Held(held) => {
                let mut guard = lock(held);
                if let Some((left, _)) = &mut guard.breaks {
                    if let Some(less) = left.checked_sub(1) {
                        *left = less;
                    } else if let Some((_, words)) = guard.breaks.take() {
                        drop(guard);
                        panic!("{words}");
                    }
                }
                guard.now
            }
        }
    }

    /// Sleeps for a while, whatever this clock is set to meanwhile.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Kind::System => tokio::time::sleep(duration).await,
            Kind::Ahead(by) => {
                let (began, mut by) = (Instant::now(), by.clone());
                let first = *by.borrow();
                loop {
                    let passed = began.elapsed() + by.borrow().saturating_sub(first);
                    let left = duration.saturating_sub(passed);
                    if left.is_zero() {
                        return;
                    }
                    wait(left, &mut by).await;
                }
            }
            Kind::Held(held) => sleep_held(held, after(self.now(), duration), true).await,
        }
    }

    /// Sleeps until a moment by this clock; not at all, if it is past. Where the clock is set back meanwhile it ends early, within a minute:
    /// whoever sleeps has to reckon anew. To stop waiting, drop the future.
    pub async fn sleep_until(&self, moment: Timestamp) {
        let mut by = match &self.0 {
            Kind::Held(held) => return sleep_held(held, moment, false).await,
            Kind::System => None,
            Kind::Ahead(by) => Some(by.clone()),
        };
        while let Some(left) = self.left(moment) {
            let (before, began) = (self.now(), Instant::now());
            match &mut by {
                Some(by) => wait(left.min(GLANCE), by).await,
                None => tokio::time::sleep(left.min(GLANCE)).await,
            }
            if went_back(before, self.now(), began.elapsed()) {
                return;
            }
        }
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
        for sleeping in due.into_values() {
            // Whoever has stopped waiting does not mind.
            let _ = sleeping.waking.send(());
        }
    }

    /// Whoever reads a held clock after so many readings more panics with these words, as a bug in that place would; `None`: nobody does.
    /// Tells whether nobody has met the one before.
    ///
    /// # Panics
    /// On any other clock.
    pub fn break_at(&self, reading: Option<(u32, &str)>) -> bool {
        let held = self
            .held_in_hand()
            .expect("only a held clock can be broken");
        let breaks = reading.map(|(left, words)| (left, words.to_owned()));
        std::mem::replace(&mut lock(held).breaks, breaks).is_some()
    }

    /// Sets a held clock back, and wakes those who sleep until a moment: they have to reckon anew.
    ///
    /// # Panics
    /// On any other, which is not moved from here.
    pub fn set_back(&self, duration: Duration) {
        let held = self
            .held_in_hand()
            .expect("only a held clock can be set back");
        let earlier = |moment: Timestamp| moment.checked_sub(duration).unwrap_or(Timestamp::MIN);
        let mut guard = lock(held);
        guard.now = earlier(guard.now);
        let sleepers = std::mem::take(&mut guard.sleepers);
        let (mut staying, mut woken) = (BTreeMap::new(), Vec::new());
        for ((moment, number), sleeping) in sleepers {
            if sleeping.a_while {
                staying.insert((earlier(moment), number), sleeping);
            } else {
                woken.push(sleeping);
            }
        }
        guard.sleepers = staying;
        drop(guard);
        for sleeping in woken {
            // Whoever has stopped waiting does not mind.
            let _ = sleeping.waking.send(());
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

async fn sleep_held(held: &Mutex<Held>, moment: Timestamp, a_while: bool) {
    let (waking, woken) = oneshot::channel();
    let sleeper = {
        let mut guard = lock(held);
        if guard.now >= moment {
            return;
        }
        let number = guard.next;
        guard.next += 1;
        let sleeping = Sleeping { waking, a_while };
        guard.sleepers.insert((moment, number), sleeping);
        Sleeper { held, number }
    };
    // It errs if the sender is dropped, which is done after sending only.
    let _ = woken.await;
    drop(sleeper);
}

/// Waits so long, or until somebody says that it is later.
async fn wait(left: Duration, by: &mut watch::Receiver<Duration>) {
    // Once nobody can say more, it goes on as far ahead as it is.
    tokio::select! {
        () = tokio::time::sleep(left) => {}
        Ok(()) = by.changed() => {}
    }
}

/// Whether a clock was set back that showed these two times so far apart.
fn went_back(before: Timestamp, after: Timestamp, elapsed: Duration) -> bool {
    self::after(after, SLACK) < self::after(before, elapsed)
}

/// Takes a sleeper off the list when it wakes, or when it is given up.
struct Sleeper<'a> {
    held: &'a Mutex<Held>,
    number: u64,
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut held = lock(self.held);
        held.sleepers
            .retain(|(_, number), _| *number != self.number);
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
    async fn a_clock_that_is_set_back_wakes_those_who_sleep_until_a_moment_and_no_others() {
        let clock = Clock::held(noon());
        let minute = Duration::from_secs(60);
        let mut a_while = pin!(clock.sleep(minute));
        let mut until = pin!(clock.sleep_until(after(noon(), minute)));
        assert!(!done(a_while.as_mut()).await && !done(until.as_mut()).await);
        clock.advance(minute / 2);
        clock.set_back(minute * 60);
        assert!(clock.now() < noon());
        assert!(done(until.as_mut()).await && !done(a_while.as_mut()).await);
        clock.advance(minute / 2);
        assert!(done(a_while.as_mut()).await);
        assert_eq!(clock.next_waking(), None);
    }

    #[test]
    fn a_clock_was_set_back_if_it_shows_less_than_has_passed() {
        let minute = Duration::from_secs(60);
        let later = |seconds| after(noon(), Duration::from_secs(seconds));
        assert!(!went_back(noon(), later(60), minute));
        // It is set right by a little now and then, and may be put forward.
        assert!(!went_back(noon(), later(59), minute));
        assert!(!went_back(noon(), later(6000), minute));
        assert!(went_back(noon(), later(30), minute));
        assert!(went_back(later(90), noon(), minute));
        let mut set_back = SetBack::default();
        assert_eq!(set_back.since_then(later(9)), None);
        assert_eq!(set_back.since_then(later(9)), None);
        assert_eq!(
            set_back.since_then(later(4)),
            Some(SignedDuration::from_secs(5))
        );
        assert_eq!(set_back.since_then(later(5)), None);
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
