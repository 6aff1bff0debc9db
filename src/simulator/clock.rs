//! The simulator's time: what stamps messages and signatures, and expires triggers.
//!
//! Not in here: the three seconds an app has for its ack. Those are always real seconds. Nor what the
//! page offers to move it (`page_clock`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// How time passes in the pretend Slack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// With the system's clock, as in a demo. It can be moved ahead.
    Live,
    /// Not at all, until [`advance`](super::Simulator::advance) is called. It begins at
    /// [`STEPPED_START`].
    Stepped,
}

/// Where a stepped clock begins, in unix seconds: Thursday 21 November 2024, 23:00 UTC.
pub const STEPPED_START: i64 = 1_732_230_000;

/// Microseconds since the epoch, on the simulator's own clock.
pub(crate) type Micros = i64;

/// A second, in the clock's unit.
pub(crate) const SECOND: Micros = 1_000_000;

/// The simulator's clock and the source of message timestamps.
#[derive(Debug)]
pub(crate) struct Clock {
    pace: Pace,
    /// Where a stepped clock stands.
    base: Micros,
    /// How far a live clock is ahead of the system's.
    ahead: watch::Sender<Duration>,
    last_ts: Micros,
}

impl Clock {
    pub(crate) fn new(pace: Pace) -> Self {
        Self {
            pace,
            base: STEPPED_START * SECOND,
            ahead: watch::Sender::new(Duration::ZERO),
            last_ts: 0,
        }
    }

    /// Now, in microseconds since the epoch.
    pub(crate) fn now(&self) -> Micros {
        match self.pace {
            Pace::Live => micros(since_epoch() + *self.ahead.borrow()),
            Pace::Stepped => self.base,
        }
    }

    /// Whether it goes by itself.
    pub(crate) fn is_live(&self) -> bool {
        self.pace == Pace::Live
    }

    /// Moves on. A live clock goes on running from there, and whoever watches is told.
    pub(crate) fn advance(&mut self, by: Duration) {
        match self.pace {
            Pace::Live => self
                .ahead
                .send_modify(|ahead| *ahead = ahead.saturating_add(by)),
            Pace::Stepped => self.base = self.base.saturating_add(micros(by)),
        }
    }

    /// How far a live clock is ahead of the system's.
    pub(crate) fn ahead(&self) -> watch::Receiver<Duration> {
        self.ahead.subscribe()
    }

    /// A new timestamp in Slack's form: seconds, a dot, six digits; unique and strictly increasing.
    pub(crate) fn stamp(&mut self) -> String {
        self.last_ts = (self.last_ts + 100).max(self.now());
        format!("{}.{:06}", self.last_ts / SECOND, self.last_ts % SECOND)
    }
}

/// The system's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulator has no clock of ours"
)]
fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

fn micros(span: Duration) -> Micros {
    Micros::try_from(span.as_micros()).unwrap_or(Micros::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_increase_while_the_clock_stands_still() {
        let mut clock = Clock::new(Pace::Stepped);
        let (first, second) = (clock.stamp(), clock.stamp());
        assert_eq!(first, "1732230000.000000");
        assert!(first < second, "{first} {second}");
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.stamp(), "1732230060.000000");
        assert_eq!(*clock.ahead().borrow(), Duration::ZERO);
    }

    #[test]
    fn a_live_clock_goes_on_from_where_it_was_moved_and_tells_how_far() {
        let mut clock = Clock::new(Pace::Live);
        let hour = Duration::from_secs(3600);
        let mut ahead = clock.ahead();
        let before = clock.now();
        clock.advance(hour);
        clock.advance(hour);
        assert!(clock.now() >= before + 7200 * SECOND);
        assert!(ahead.has_changed().expect("the clock is there"));
        assert_eq!(*ahead.borrow_and_update(), hour * 2);
    }
}
