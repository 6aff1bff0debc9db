//! The simulator's time: what stamps messages and expires triggers.
//!
//! Not in here: the three seconds an app has for its ack. Those are always real seconds.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How time passes in the pretend Slack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// With the system's clock, as in a demo.
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
    base: Micros,
    since: Instant,
    last_ts: Micros,
}

impl Clock {
    pub(crate) fn new(pace: Pace) -> Self {
        let base = match pace {
            Pace::Live => real_seconds() * SECOND,
            Pace::Stepped => STEPPED_START * SECOND,
        };
        Self {
            pace,
            base,
            since: Instant::now(),
            last_ts: 0,
        }
    }

    /// Now, in microseconds since the epoch.
    pub(crate) fn now(&self) -> Micros {
        match self.pace {
            Pace::Live => self.base + micros(self.since.elapsed()),
            Pace::Stepped => self.base,
        }
    }

    /// Moves on. A live clock can be moved too; it goes on running from there.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.base += micros(by);
    }

    /// Moves to an instant given in unix seconds; backwards is allowed, timestamps still increase.
    pub(crate) fn set(&mut self, unix_seconds: i64) {
        self.base = unix_seconds * SECOND;
        self.since = Instant::now();
    }

    /// A new timestamp in Slack's form: seconds, a dot, six digits; unique and strictly increasing.
    pub(crate) fn stamp(&mut self) -> String {
        self.last_ts = (self.last_ts + 100).max(self.now());
        format!("{}.{:06}", self.last_ts / SECOND, self.last_ts % SECOND)
    }
}

/// The system's clock in unix seconds: for signatures, which an app compares with its own.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulator has no clock of ours"
)]
pub(crate) fn real_seconds() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
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
    }
}
