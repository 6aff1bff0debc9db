//! How often each Web API method may be called.
//!
//! Not in here: the HTTP 429 itself (`web_api`). The figures are the floors of Slack's tiers, with a
//! burst of a minute's worth; Slack promises no burst at all.

use std::collections::HashMap;

use super::clock::Micros;

/// An allowance that refills steadily.
#[derive(Debug)]
struct Bucket {
    left: f64,
    seen: Micros,
}

/// The allowances used so far, per method, or per method and channel for posting.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    buckets: HashMap<String, Bucket>,
}

/// `(burst, calls per minute)` of a method.
fn allowance(method: &str) -> (f64, f64) {
    match method {
        "chat.postMessage" => (4.0, 60.0),
        // Tier 1, but an app may hold ten connections and must be able to open them.
        "apps.connections.open" => (10.0, 1.0),
        "users.list" | "usergroups.list" | "usergroups.users.list" | "conversations.list" => {
            (20.0, 20.0)
        }
        "chat.postEphemeral"
        | "views.open"
        | "views.push"
        | "views.update"
        | "views.publish"
        | "files.getUploadURLExternal"
        | "files.completeUploadExternal"
        | "users.info"
        | "conversations.members" => (100.0, 100.0),
        "auth.test" | "chat.getPermalink" => (300.0, 300.0),
        _ => (50.0, 50.0),
    }
}

impl RateLimits {
    /// Takes one call of `method` from its allowance; `channel` counts for posting only.
    ///
    /// # Errors
    ///
    /// The whole seconds to wait (at least 1) when the allowance is used up.
    pub(crate) fn take(&mut self, method: &str, channel: &str, now: Micros) -> Result<(), u64> {
        let (burst, per_minute) = allowance(method);
        let key = if method == "chat.postMessage" {
            format!("{method} {channel}")
        } else {
            method.to_owned()
        };
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            left: burst,
            seen: now,
        });
        let passed = seconds((now - bucket.seen).max(0));
        bucket.seen = now;
        bucket.left = (bucket.left + passed * per_minute / 60.0).min(burst);
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - bucket.left) * 60.0 / per_minute;
        Err((1..3600_u32)
            .find(|&s| f64::from(s) >= wait - 1e-6)
            .map_or(3600, u64::from))
    }
}

fn seconds(span: Micros) -> f64 {
    // A day is plenty to refill any allowance, and keeps the figure exact.
    let capped = i32::try_from((span / 1000).min(86_400_000)).unwrap_or(i32::MAX);
    f64::from(capped) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::super::clock::SECOND;
    use super::*;

    #[test]
    fn posting_is_one_a_second_per_channel_after_a_small_burst() {
        let mut limits = RateLimits::default();
        for _ in 0..4 {
            assert_eq!(limits.take("chat.postMessage", "C1", 0), Ok(()));
        }
        assert_eq!(limits.take("chat.postMessage", "C1", 0), Err(1));
        assert_eq!(limits.take("chat.postMessage", "C2", 0), Ok(()));
        assert_eq!(limits.take("chat.postMessage", "C1", SECOND), Ok(()));
        assert_eq!(limits.take("chat.postMessage", "C1", SECOND), Err(1));
    }

    #[test]
    fn an_update_is_tier_three() {
        let mut limits = RateLimits::default();
        for _ in 0..50 {
            assert_eq!(limits.take("chat.update", "", 0), Ok(()));
        }
        assert_eq!(limits.take("chat.update", "", 0), Err(2));
        assert_eq!(limits.take("chat.update", "", 2 * SECOND), Ok(()));
    }

    #[test]
    fn an_eleventh_connection_waits_a_minute() {
        let mut limits = RateLimits::default();
        for _ in 0..10 {
            assert_eq!(limits.take("apps.connections.open", "", 0), Ok(()));
        }
        assert_eq!(limits.take("apps.connections.open", "", 0), Err(60));
    }
}
