//! What is said of a bug that breaks off what the program was doing: where it is, and never in its own words, which may hold what people typed.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of the whole process, as the hook is.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// Something that was broken off by a bug. The log says where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a bug broke it off; the log says where")]
pub struct Panicked;

/// From now on a panic of any thread or task is noted here, and its words go nowhere.
pub fn hook() {
    std::panic::set_hook(Box::new(note));
}

/// Counts a panic and logs where it was; how it came there too, where `RUST_BACKTRACE` asks for that.
pub fn note(panic: &PanicHookInfo<'_>) {
    PANICS.fetch_add(1, Ordering::Relaxed);
    let place = panic.location().map(ToString::to_string);
    let place = place.unwrap_or_default();
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!(place, %backtrace, "a bug broke off what was being done; please report where");
    } else {
        tracing::error!(
            place,
            "a bug broke off what was being done; please report where"
        );
    }
}

/// How many there were since the process began.
#[must_use]
pub fn count() -> u64 {
    PANICS.load(Ordering::Relaxed)
}
