//! From a day and a time on somebody's clock to the moment of an interview. How a moment is written is decided by whoever shows it.

use super::date;
use crate::domain::planned::{FARTHEST, NotPlanned, Spot, Wish};
use jiff::civil::Time;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

/// The moment that a wish names on the clock of a zone.
///
/// A digest takes a time that a date has twice, or not at all, as it comes; an interview, to which people have to come, is asked for anew.
///
/// # Errors
/// Where the wish cannot be read, or names no moment of the coming year, or two.
pub fn planned(
    wish: &Wish,
    name: &str,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Timestamp, NotPlanned> {
    let (day, time) = (wish.day(date(now, zone))?, wish.time()?);
    wish.length()?;
    let spot = || Spot {
        day,
        time,
        zone: name.to_owned(),
    };
    let there = zone.to_ambiguous_timestamp(day.to_datetime(time));
    let moment = match there.offset() {
        AmbiguousOffset::Unambiguous { .. } => there.compatible(),
        AmbiguousOffset::Gap { before, after } => {
            let near = near(time, after.duration_since(before));
            return Err(NotPlanned::Skipped { spot: spot(), near });
        }
        AmbiguousOffset::Fold { before, after } => {
            let near = near(time, before.duration_since(after));
            return Err(NotPlanned::Twice { spot: spot(), near });
        }
    };
    // Only at the ends of time.
    let moment = moment.map_err(|_| NotPlanned::TooFar(spot()))?;
    if moment <= now {
        Err(NotPlanned::Past(spot()))
    } else if moment.duration_since(now) > FARTHEST {
        Err(NotPlanned::TooFar(spot()))
    } else {
        Ok(moment)
    }
}

/// The times as far away as the clocks are changed: on both sides of what does not exist, or comes twice.
fn near(time: Time, change: SignedDuration) -> [Time; 2] {
    let change = Span::new().seconds(change.as_secs().clamp(0, 86_399));
    [time.wrapping_sub(change), time.wrapping_add(change)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::zone;

    fn planned_in(name: &str, day: &str, time: &str) -> Result<String, String> {
        let now = "2026-03-01T12:00:00Z".parse().expect("a moment");
        let wish = Wish {
            day: day.to_owned(),
            time: time.to_owned(),
            ..Wish::default()
        };
        planned(&wish, name, &zone(name).expect("a zone"), now)
            .map(|moment| moment.to_string())
            .map_err(|why| crate::schedule::tests::text_of(&why.words()))
    }

    fn in_berlin(day: &str, time: &str) -> Result<String, String> {
        planned_in("Europe/Berlin", day, time)
    }

    #[test]
    fn an_interview_is_planned_on_the_clock_of_whoever_plans_it() {
        let at = |text: &str| Ok(text.to_owned());
        assert_eq!(in_berlin("2026-12-01", "14:00"), at("2026-12-01T13:00:00Z"));
        assert_eq!(in_berlin("tomorrow", "9:00"), at("2026-03-02T08:00:00Z"));
        assert_eq!(in_berlin("today", "13:01"), at("2026-03-01T12:01:00Z"));
        // It is the second of March there already.
        assert_eq!(
            planned_in("Pacific/Auckland", "today", "9:00"),
            at("2026-03-01T20:00:00Z")
        );
        assert_eq!(
            planned_in("Asia/Kolkata", "2026-12-01", "14:00"),
            at("2026-12-01T08:30:00Z")
        );
    }

    #[test]
    fn what_is_no_moment_to_come_is_refused_with_what_would_be() {
        let no = |text: &str| Err(text.to_owned());
        assert_eq!(
            in_berlin("2026-03-29", "02:30"),
            no(
                "2026-03-29 02:30 in Europe/Berlin does not exist: the clocks are put forward over it. 01:30 and 03:30 exist on that day. Nothing was saved."
            )
        );
        assert_eq!(
            in_berlin("2026-10-25", "02:00"),
            no(
                "2026-10-25 02:00 in Europe/Berlin comes twice: the clocks are put back over it. 01:00 and 03:00 come once on that day. Nothing was saved."
            )
        );
        assert_eq!(
            planned_in("Australia/Lord_Howe", "2026-04-05", "01:45"),
            no(
                "2026-04-05 01:45 in Australia/Lord_Howe comes twice: the clocks are put back over it. 01:15 and 02:15 come once on that day. Nothing was saved."
            )
        );
        assert_eq!(
            in_berlin("2026-02-28", "14:00"),
            no(
                "2026-02-28 14:00 in Europe/Berlin is past. An interview can be planned from now on. Nothing was saved."
            )
        );
        assert_eq!(
            in_berlin("today", "13:00"),
            no(
                "2026-03-01 13:00 in Europe/Berlin is past. An interview can be planned from now on. Nothing was saved."
            )
        );
        assert_eq!(
            in_berlin("2062-12-01", "14:00"),
            no(
                "2062-12-01 14:00 in Europe/Berlin is more than a year away. Please choose an earlier day. Nothing was saved."
            )
        );
        assert!(in_berlin("9999-12-31", "23:59").is_err());
        assert_eq!(
            in_berlin("2026-12-01", "25:00"),
            no("25:00 is no time of day. Write it like 14:00 or 2pm. Nothing was saved.")
        );
        assert_eq!(
            in_berlin("2026-02-30", "14:00"),
            no(
                "2026-02-30 is no date. Write it as 2026-12-01, or today or tomorrow. Nothing was saved."
            )
        );
    }

    #[test]
    fn what_is_offered_in_place_of_a_time_exists_once() {
        for (name, day, time) in [
            ("Europe/Berlin", "2026-03-29", "02:59"),
            ("Europe/Berlin", "2026-10-25", "02:00"),
            ("Australia/Lord_Howe", "2026-10-04", "02:00"),
            ("America/New_York", "2026-11-01", "01:30"),
        ] {
            let wish = Wish {
                day: day.to_owned(),
                time: time.to_owned(),
                ..Wish::default()
            };
            let now = "2026-03-01T12:00:00Z".parse().expect("a moment");
            let no = planned(&wish, name, &zone(name).expect("a zone"), now);
            let Err(NotPlanned::Skipped { near, .. } | NotPlanned::Twice { near, .. }) = no else {
                panic!("{name} {day} {time}: {no:?}");
            };
            for time in near {
                let time = time.strftime("%H:%M").to_string();
                assert!(planned_in(name, day, &time).is_ok(), "{name} {day} {time}");
            }
        }
    }
}
