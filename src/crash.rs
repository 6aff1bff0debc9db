//! Where a test may have the process die as `kill -9` does: at once, with nothing flushed and nothing closed. A release build has none of it.
//!
//! What is tried with it, and what holds afterwards, is in the tests. `delivery.read>store.applied` stands for the first batch that is applied
//! after something was delivered.

use std::fmt::Debug;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The points that are passed one after the other; at the last one the process dies.
struct Course {
    points: Vec<String>,
    passed: AtomicUsize,
}

/// Of the whole process, since it is the process that dies. Empty, unless a test has set it.
static COURSE: OnceLock<Course> = OnceLock::new();

/// From now on the process dies at the last of these points, which are parted by `>`, once it has passed those before it in their order.
pub fn arm(course: &str) {
    if cfg!(debug_assertions) {
        let points = course.split('>').map(|point| point.trim().to_owned());
        // The first one stays.
        let _ = COURSE.set(Course {
            points: points.collect(),
            passed: AtomicUsize::new(0),
        });
    }
}

/// A point in the course of things. In a release build this is nothing.
#[inline]
pub fn at(point: &str) {
    if cfg!(debug_assertions)
        && let Some(course) = COURSE.get()
    {
        course.passes(point);
    }
}

/// A point that many kinds of things pass, each under a name of its own: `outbox.due.Debrief`. In a release build this is nothing.
#[inline]
pub fn at_one(point: &str, of: &impl Debug) {
    if cfg!(debug_assertions)
        && let Some(course) = COURSE.get()
    {
        let whole = format!("{of:?}");
        let kind = whole.split(|it: char| !it.is_alphanumeric()).next();
        course.passes(&format!("{point}.{}", kind.unwrap_or_default()));
    }
}

impl Course {
    fn passes(&self, point: &str) {
        let passed = self.passed.load(Ordering::SeqCst);
        let order = Ordering::SeqCst;
        if self.points.get(passed).is_some_and(|next| next == point)
            && self
                .passed
                .compare_exchange(passed, passed + 1, order, order)
                .is_ok()
            && self.is_over()
        {
            // So that whoever looks at the log can tell this end from any other.
            let _ = writeln!(std::io::stderr(), "died at {point}");
            std::process::abort();
        }
    }

    fn is_over(&self) -> bool {
        self.passed.load(Ordering::SeqCst) == self.points.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_passed_in_their_order() {
        let course = Course {
            points: ["a", "b", "a", "z"].map(str::to_owned).to_vec(),
            passed: AtomicUsize::new(0),
        };
        let passed = |point: &str| {
            course.passes(point);
            course.passed.load(Ordering::SeqCst)
        };
        assert_eq!(
            ["b", "a", "a", "c", "b", "a"].map(passed),
            [0, 1, 1, 1, 2, 3]
        );
        assert!(!course.is_over());
    }
}
