//! When something is due: pure arithmetic on days, times and zones. Who sleeps until then is the outbox.
//!
//! A time of day that a date does not have, since the clock was put forward over it, is taken as much later as the clock was put
//! forward; one that a date has twice is taken the first time. So every date has every time of day once.

mod planned;
mod reminders;

pub use planned::planned;
pub use reminders::{
    DAY_BEGINS, DAY_ENDS, Owing, at_work, by_day, morning_after, put_off, reminders,
};

use crate::domain::days::Days;
use crate::domain::digest::Digest;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The zone of an IANA name, in any case; `None` for every other name, abbreviations among them.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    // Without a slash there are abbreviations and countries, which change what they mean.
    let known = name.contains('/') || name.eq_ignore_ascii_case("UTC");
    known.then(|| TimeZone::get(name).ok()).flatten()
}

/// Up to three zones that somebody may have meant by a name that is none: the same place, or nearly the same letters.
#[must_use]
pub fn zones_like(name: &str) -> Vec<String> {
    let place = |name: &str| {
        let place = name.rsplit('/').next().unwrap_or(name);
        place.replace(['_', ' '], "").to_lowercase()
    };
    let wanted = place(name);
    let mut near: Vec<(f64, String)> = jiff::tz::db()
        .available()
        .map(|known| known.as_str().to_owned())
        .filter(|known| zone(known).is_some())
        .map(|known| (strsim::jaro_winkler(&wanted, &place(&known)), known))
        .filter(|(likeness, _)| *likeness > 0.9)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    near.into_iter().take(3).map(|(_, known)| known).collect()
}

/// The moment of a time of day on a date.
#[must_use]
pub fn moment(date: Date, time: Time, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(date.to_datetime(time))
        .compatible()
        // Only at the ends of time.
        .unwrap_or(Timestamp::MAX)
}

/// The date that somebody in a zone reads on their calendar.
#[must_use]
pub fn date(now: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(now).date()
}

/// The first date from this one on that is one of the days.
#[must_use]
pub fn first_of(days: Days, from: Date) -> Date {
    let mut date = from;
    while !days.contains(date.weekday()) {
        date = after(date);
        if date == Date::MAX {
            break;
        }
    }
    date
}

fn after(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

/// Whether something that is kept as past can be: a clock may have been set back since, but what lies further ahead than a week comes from one
/// that was wrong, and nobody shall hear nothing for so long because of it.
fn is_believed(past: Timestamp, now: Timestamp) -> bool {
    past.duration_since(now) <= SignedDuration::from_hours(7 * 24)
}

/// When a channel's digest is due next; a moment that is past is due now.
///
/// One a local date of its zone: never on the date of the last one, and of the dates that went by only today's is made up for.
/// It begins with the first time that comes after it was set up.
#[must_use]
pub fn next_digest(digest: &Digest, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let rhythm = &digest.rhythm;
    let mut from = date(now, zone);
    if let Some(last) = digest.last.filter(|last| is_believed(last.due, now)) {
        from = from.max(after(date(last.due, zone)));
    }
    let day = first_of(rhythm.days, from);
    let due = moment(day, rhythm.at, zone);
    if due > digest.set_at {
        return due;
    }
    let day = first_of(rhythm.days, after(day));
    moment(day, rhythm.at, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::digest::{LastDigest, Rhythm};
    use crate::domain::ids::{ChannelId, UserId};
    use crate::domain::words::{Word, Words};

    /// A sentence without what is emphasised in it.
    pub(super) fn text_of(words: &Words) -> String {
        let text = words.0.iter().map(|word| match word {
            Word::Plain(text) | Word::Strong(text) | Word::Code(text) => text.as_str(),
            _ => "?",
        });
        text.collect()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn berlin() -> TimeZone {
        zone("Europe/Berlin").expect("a zone")
    }

    fn digest(time: Time, days: Days, set_at: &str) -> Digest {
        Digest {
            channel: ChannelId::from("C1"),
            rhythm: Rhythm {
                at: time,
                days,
                zone: "Europe/Berlin".to_owned(),
            },
            even_if_empty: false,
            set_by: UserId::from("U1"),
            set_at: at(set_at),
            last: None,
            previous: None,
            paused: None,
            off: false,
        }
    }

    fn nine() -> Time {
        Time::constant(9, 0, 0, 0)
    }

    #[test]
    fn zones_are_named_as_the_database_names_them() {
        for name in [
            "Europe/Berlin",
            "europe/berlin",
            "UTC",
            "America/Argentina/Ushuaia",
        ] {
            assert!(zone(name).is_some(), "{name}");
        }
        for name in [
            "",
            "CET",
            "EST",
            "IST",
            "Berlin",
            "Mars/Phobos",
            "+01:00",
            "../etc/passwd",
        ] {
            assert!(zone(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_nearly_one_leads_to_it() {
        assert_eq!(zones_like("Berlin")[0], "Europe/Berlin");
        assert_eq!(zones_like("Europe/Berln")[0], "Europe/Berlin");
        assert_eq!(zones_like("america/new york")[0], "America/New_York");
        assert_eq!(zones_like("Mars/Phobos"), [""; 0]);
    }

    #[test]
    fn every_date_has_every_time_of_day_once() {
        let half_past_two = Time::constant(2, 30, 0, 0);
        let of = |date: &str| {
            let date = date.parse().expect("a date");
            moment(date, half_past_two, &berlin()).to_string()
        };
        // The clock goes from two to three: half past two is at half past three.
        assert_eq!(of("2026-03-29"), "2026-03-29T01:30:00Z");
        // The clock goes from three to two: the first half past two is in summer time.
        assert_eq!(of("2026-10-25"), "2026-10-25T00:30:00Z");
        assert_eq!(of("2026-10-26"), "2026-10-26T01:30:00Z");
    }

    #[test]
    fn a_digest_begins_with_the_first_time_after_it_was_set_up() {
        let early = digest(nine(), Days::DAILY, "2026-11-27T06:00:00Z");
        let now = at("2026-11-27T06:00:00Z");
        assert_eq!(
            next_digest(&early, &berlin(), now),
            at("2026-11-27T08:00:00Z")
        );
        let late = digest(nine(), Days::DAILY, "2026-11-27T09:00:00Z");
        let now = at("2026-11-27T09:00:00Z");
        assert_eq!(
            next_digest(&late, &berlin(), now),
            at("2026-11-28T08:00:00Z")
        );
        // 27 November 2026 is a Friday.
        let late = digest(nine(), Days::WEEKDAYS, "2026-11-27T09:00:00Z");
        assert_eq!(
            next_digest(&late, &berlin(), now),
            at("2026-11-30T08:00:00Z")
        );
    }

    #[test]
    fn after_downtime_only_todays_is_made_up_for() {
        let mut digest = digest(nine(), Days::DAILY, "2026-11-01T00:00:00Z");
        digest.last = Some(LastDigest {
            due: at("2026-11-23T08:00:00Z"),
            until: at("2026-11-23T08:00:00Z"),
        });
        let next = |now| next_digest(&digest, &berlin(), at(now));
        assert_eq!(next("2026-11-27T15:00:00Z"), at("2026-11-27T08:00:00Z"));
        assert_eq!(next("2026-11-27T22:59:59Z"), at("2026-11-27T08:00:00Z"));
        // Midnight in Berlin: that day is over.
        assert_eq!(next("2026-11-27T23:00:00Z"), at("2026-11-28T08:00:00Z"));
        // The clock was put back by days: not one more for a date that had one.
        assert_eq!(next("2026-11-20T00:00:00Z"), at("2026-11-24T08:00:00Z"));
        // The clock was wrong by a month for a while: it is not waited for.
        digest.set_at = at("2026-10-20T00:00:00Z");
        let next = |now| next_digest(&digest, &berlin(), at(now));
        assert_eq!(next("2026-10-27T12:00:00Z"), at("2026-10-27T08:00:00Z"));
    }

    #[test]
    fn a_date_has_one_digest_whatever_becomes_of_rhythm_and_zone() {
        let mut digest = digest(nine(), Days::DAILY, "2026-11-27T10:00:00Z");
        digest.last = Some(LastDigest {
            due: at("2026-11-27T08:00:00Z"),
            until: at("2026-11-27T08:00:00Z"),
        });
        digest.rhythm.at = Time::constant(17, 0, 0, 0);
        let now = at("2026-11-27T10:00:00Z");
        assert_eq!(
            next_digest(&digest, &berlin(), now),
            at("2026-11-28T16:00:00Z")
        );
        // Nine in Berlin was three in the morning in New York: the same date.
        let new_york = zone("America/New_York").expect("a zone");
        assert_eq!(
            next_digest(&digest, &new_york, now),
            at("2026-11-28T22:00:00Z")
        );
        // And seven in the evening of that date in Auckland… plus two hours: the next date's comes first.
        let auckland = zone("Pacific/Auckland").expect("a zone");
        assert_eq!(
            next_digest(&digest, &auckland, now),
            at("2026-11-28T04:00:00Z")
        );
    }
}
