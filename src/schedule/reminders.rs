//! When somebody is reminded: by day, at work, once a local day. What they are reminded of is read in `app`.

use super::{after, date, first_of, is_believed, moment};
use crate::domain::reminders::{Later, Reminded};
use crate::domain::settings::WorkingHours;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Nothing is sent before this time of day, whatever the working hours.
pub const DAY_BEGINS: Time = Time::constant(8, 0, 0, 0);
/// Nothing is sent from this time of day on.
pub const DAY_ENDS: Time = Time::constant(20, 0, 0, 0);

/// This moment if it is by day there, else the next morning.
#[must_use]
pub fn by_day(at: Timestamp, zone: &TimeZone) -> Timestamp {
    within(at, date(at, zone), (DAY_BEGINS, DAY_ENDS), zone, after)
}

/// This moment if somebody there is at work and it is by day, else the next beginning of work.
#[must_use]
pub fn at_work(at: Timestamp, hours: &WorkingHours, zone: &TimeZone) -> Timestamp {
    from_day(at, date(at, zone), hours, zone)
}

/// When work begins on the first working day after the one of this moment.
#[must_use]
pub fn morning_after(at: Timestamp, hours: &WorkingHours, zone: &TimeZone) -> Timestamp {
    from_day(Timestamp::MIN, after(date(at, zone)), hours, zone)
}

/// Until when somebody is left alone who asks for it now.
#[must_use]
pub fn put_off(later: Later, now: Timestamp, hours: &WorkingHours, zone: &TimeZone) -> Timestamp {
    match later {
        Later::TwoHours => now
            .checked_add(SignedDuration::from_hours(2))
            .unwrap_or(Timestamp::MAX),
        Later::NextMorning => morning_after(now, hours, zone),
        Later::TwoDays => {
            let day = after(after(date(now, zone)));
            from_day(Timestamp::MIN, day, hours, zone)
        }
    }
}

/// What there is to know of one owed scorecard, to tell when a reminder names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owing {
    /// Nobody is reminded of it before.
    pub from: Timestamp,
    /// When the owner's nudge for it reached the person.
    pub nudged: Option<Timestamp>,
    /// How often they were reminded of it.
    pub reminded: Reminded,
}

/// When a reminder may name each of somebody's owed scorecards, from now on; `None`: never again. `last`: when their last reminder was
/// sent.
///
/// There is one reminder a local day. So what becomes owed on a day that had one, or of which the owner's nudge spoke that day, waits for
/// the next morning of work. Only what somebody asked to be reminded of at a time comes at that time, if they are at work, and all else of
/// that day waits for it.
#[must_use]
pub fn reminders(
    owed: &[Owing],
    last: Option<Timestamp>,
    now: Timestamp,
    hours: &WorkingHours,
    zone: &TimeZone,
) -> Vec<Option<Timestamp>> {
    let last = last.filter(|last| is_believed(*last, now));
    let is_over = |it: &Owing| it.reminded.is_over();
    let asked = owed.iter().filter(|it| !is_over(it));
    let asked = asked.filter_map(|it| it.asked_for(last)).max();
    let asked = asked.map(|asked| at_work(asked.max(now), hours, zone));
    let due = |it: &Owing| {
        if let Some(asked) = it.asked_for(last) {
            return at_work(asked.max(now), hours, zone);
        }
        let nudged = it.nudged.filter(|nudged| is_believed(*nudged, now));
        let past = [last, nudged].into_iter().flatten();
        let due = past
            .map(|past| morning_after(past, hours, zone))
            .fold(it.from, Timestamp::max);
        let due = at_work(due.max(now), hours, zone);
        let waits = |asked: &Timestamp| *asked > due && date(*asked, zone) == date(due, zone);
        asked.filter(waits).unwrap_or(due)
    };
    owed.iter()
        .map(|it| (!is_over(it)).then(|| due(it)))
        .collect()
}

impl Owing {
    /// When they asked to be reminded of it, if that still holds: the interview was not put off since, and what they asked for did not go
    /// by while they did not owe it.
    fn asked_for(&self, last: Option<Timestamp>) -> Option<Timestamp> {
        let holds = |at: &Timestamp| *at >= self.from && last.is_none_or(|last| *at > last);
        self.reminded.not_before.filter(holds)
    }
}

fn from_day(at: Timestamp, day: Date, hours: &WorkingHours, zone: &TimeZone) -> Timestamp {
    let next = |day| first_of(hours.days, after(day));
    within(at, first_of(hours.days, day), by_day_of(hours), zone, next)
}

/// The working hours, as far as they are by day. Of those that are not at all, as a night shift's, the whole day is left.
fn by_day_of(hours: &WorkingHours) -> (Time, Time) {
    let (from, to) = (hours.from.max(DAY_BEGINS), hours.to.min(DAY_ENDS));
    if from < to {
        (from, to)
    } else {
        (DAY_BEGINS, DAY_ENDS)
    }
}

/// The first moment from this one on that lies between two times of day, on this day or one of the next.
fn within(
    at: Timestamp,
    mut day: Date,
    (from, to): (Time, Time),
    zone: &TimeZone,
    next: impl Fn(Date) -> Date,
) -> Timestamp {
    while day < Date::MAX {
        let (begins, ends) = (moment(day, from, zone), moment(day, to, zone));
        // A zone that moves over the date line leaves a date out.
        if at < ends && date(begins, zone) == day {
            return at.max(begins);
        }
        day = next(day);
    }
    Timestamp::MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::days::Days;
    use crate::schedule::zone;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn of(name: &str) -> TimeZone {
        zone(name).expect("a zone")
    }

    fn usual() -> WorkingHours {
        WorkingHours::default()
    }

    fn owing(from: &str) -> Owing {
        Owing {
            from: at(from),
            nudged: None,
            reminded: Reminded::default(),
        }
    }

    /// When the reminder is due, as seen at its beginning.
    fn next(owing: &Owing, last: Option<&str>, zone: &str) -> String {
        let last = last.map(at);
        // No earlier than what is past.
        let now = last.max(owing.nudged).unwrap_or(Timestamp::MIN);
        let all = std::slice::from_ref(owing);
        let due = reminders(all, last, now, &usual(), &of(zone));
        due[0].expect("it is due some time").to_string()
    }

    #[test]
    fn nothing_is_sent_at_night() {
        let berlin = of("Europe/Berlin");
        let day = |text: &str| by_day(at(text), &berlin).to_string();
        assert_eq!(day("2026-11-27T07:00:00Z"), "2026-11-27T07:00:00Z");
        assert_eq!(day("2026-11-27T18:59:59Z"), "2026-11-27T18:59:59Z");
        assert_eq!(day("2026-11-27T19:00:00Z"), "2026-11-28T07:00:00Z");
        assert_eq!(day("2026-11-27T23:30:00Z"), "2026-11-28T07:00:00Z");
        assert_eq!(day("2026-11-28T06:59:59Z"), "2026-11-28T07:00:00Z");
        // The nights in which the clocks change are an hour shorter and an hour longer.
        assert_eq!(day("2026-03-28T22:00:00Z"), "2026-03-29T06:00:00Z");
        assert_eq!(day("2026-10-24T22:00:00Z"), "2026-10-25T07:00:00Z");
    }

    #[test]
    fn a_reminder_waits_for_work_in_the_persons_own_zone() {
        // A Friday, six in the evening in Berlin.
        let evening = owing("2026-11-27T17:00:00Z");
        assert_eq!(
            next(&evening, None, "Europe/Berlin"),
            "2026-11-30T08:00:00Z"
        );
        assert_eq!(
            next(&evening, None, "America/New_York"),
            "2026-11-27T17:00:00Z"
        );
        assert_eq!(next(&evening, None, "Asia/Tokyo"), "2026-11-30T00:00:00Z");
        assert_eq!(next(&evening, None, "Asia/Kolkata"), "2026-11-30T03:30:00Z");
        assert_eq!(
            next(&evening, None, "Pacific/Auckland"),
            "2026-11-29T20:00:00Z"
        );
        // Over both changes of the clock: nine is nine.
        let spring = owing("2026-03-27T18:00:00Z");
        assert_eq!(next(&spring, None, "Europe/Berlin"), "2026-03-30T07:00:00Z");
        assert_eq!(
            next(&spring, None, "America/New_York"),
            "2026-03-27T18:00:00Z"
        );
        let autumn = owing("2026-10-23T17:00:00Z");
        assert_eq!(next(&autumn, None, "Europe/Berlin"), "2026-10-26T08:00:00Z");
        assert_eq!(
            next(&owing("2026-10-30T22:30:00Z"), None, "America/New_York"),
            "2026-11-02T14:00:00Z"
        );
    }

    #[test]
    fn there_is_one_reminder_a_local_day() {
        // Monday at eleven in Berlin, a reminder at nine.
        let later = owing("2026-11-30T10:00:00Z");
        let (berlin, last) = ("Europe/Berlin", Some("2026-11-30T08:00:00Z"));
        assert_eq!(next(&later, last, berlin), "2026-12-01T08:00:00Z");
        let once = Owing {
            reminded: Reminded {
                times: 1,
                not_before: None,
            },
            ..later
        };
        assert_eq!(next(&once, last, berlin), "2026-12-01T08:00:00Z");
        assert_eq!(
            next(&once, Some("2026-12-04T08:00:00Z"), berlin),
            "2026-12-07T08:00:00Z"
        );
        // Whoever flew west was reminded on the day before, there; whoever flew east on this very day.
        assert_eq!(
            next(&once, Some("2026-12-01T20:00:00Z"), "Pacific/Auckland"),
            "2026-12-02T20:00:00Z"
        );
        assert_eq!(
            next(&once, Some("2026-12-01T20:00:00Z"), "America/Los_Angeles"),
            "2026-12-02T17:00:00Z"
        );
        let nudged = Owing {
            nudged: Some(at("2026-11-30T09:00:00Z")),
            ..later
        };
        assert_eq!(next(&nudged, None, berlin), "2026-12-01T08:00:00Z");
    }

    #[test]
    fn what_somebody_asked_for_comes_when_they_asked_for_it() {
        let (berlin, hours) = (of("Europe/Berlin"), usual());
        // Thursday at ten.
        let now = at("2026-11-26T09:00:00Z");
        let later = |later, now| put_off(later, now, &hours, &berlin).to_string();
        assert_eq!(later(Later::TwoHours, now), "2026-11-26T11:00:00Z");
        assert_eq!(later(Later::NextMorning, now), "2026-11-27T08:00:00Z");
        assert_eq!(later(Later::TwoDays, now), "2026-11-30T08:00:00Z");
        let friday = at("2026-11-27T09:00:00Z");
        assert_eq!(later(Later::NextMorning, friday), "2026-11-30T08:00:00Z");
        assert_eq!(later(Later::TwoDays, friday), "2026-11-30T08:00:00Z");
        let asked = |until: &str| Owing {
            reminded: Reminded {
                times: 1,
                not_before: Some(at(until)),
            },
            ..owing("2026-11-26T08:00:00Z")
        };
        let last = Some("2026-11-26T09:00:00Z");
        assert_eq!(
            next(&asked("2026-11-26T11:00:00Z"), last, "Europe/Berlin"),
            "2026-11-26T11:00:00Z"
        );
        assert_eq!(
            next(&asked("2026-11-26T17:30:00Z"), last, "Europe/Berlin"),
            "2026-11-27T08:00:00Z"
        );
        // Unless the interview was put off.
        let put_off = Owing {
            from: at("2026-11-26T13:00:00Z"),
            ..asked("2026-11-26T11:00:00Z")
        };
        assert_eq!(
            next(&put_off, last, "Europe/Berlin"),
            "2026-11-27T08:00:00Z"
        );
        // Or another reminder has come since.
        assert_eq!(
            next(&asked("2026-11-26T08:30:00Z"), last, "Europe/Berlin"),
            "2026-11-27T08:00:00Z"
        );
    }

    #[test]
    fn whoever_asked_to_be_left_alone_is_for_so_long() {
        let berlin = of("Europe/Berlin");
        let asked = Owing {
            reminded: Reminded {
                times: 1,
                not_before: Some(at("2026-11-26T11:00:00Z")),
            },
            ..owing("2026-11-25T08:00:00Z")
        };
        // Owed since the night, since ten, since noon.
        let others = [
            "2026-11-26T00:00:00Z",
            "2026-11-26T09:00:00Z",
            "2026-11-26T11:30:00Z",
        ];
        let [night, ten, noon] = others.map(owing);
        let due = |last: &str| -> Vec<String> {
            let all = [asked, night, ten, noon];
            let now = at("2026-11-26T07:00:00Z");
            let due = reminders(&all, Some(at(last)), now, &usual(), &berlin);
            due.into_iter()
                .flatten()
                .map(|due| due.to_string())
                .collect()
        };
        let then = "2026-11-26T11:00:00Z";
        assert_eq!(
            due("2026-11-25T08:00:00Z"),
            [then, then, then, "2026-11-26T11:30:00Z"]
        );
        // Where one has come that day already, the others wait for the morning.
        let morning = "2026-11-27T08:00:00Z";
        assert_eq!(
            due("2026-11-26T08:00:00Z"),
            [then, morning, morning, morning]
        );
    }

    #[test]
    fn a_reminder_of_a_time_that_a_wrong_clock_showed_silences_nobody() {
        let owing = owing("2026-11-26T08:00:00Z");
        let due = |last: &str| {
            let (now, last) = (at("2026-11-26T09:00:00Z"), at(last));
            reminders(&[owing], Some(last), now, &usual(), &TimeZone::UTC)[0]
        };
        assert_eq!(
            due("2026-11-27T09:00:00Z"),
            Some(at("2026-11-30T09:00:00Z"))
        );
        assert_eq!(
            due("2027-11-26T09:00:00Z"),
            Some(at("2026-11-26T09:00:00Z"))
        );
    }

    #[test]
    fn five_times_is_the_most() {
        let five = Owing {
            reminded: Reminded {
                times: 5,
                not_before: Some(at("2026-11-27T09:00:00Z")),
            },
            ..owing("2026-11-26T08:00:00Z")
        };
        let now = at("2026-11-26T08:00:00Z");
        let none = reminders(&[five], None, now, &usual(), &TimeZone::UTC);
        assert_eq!(none, [None]);
    }

    #[test]
    fn a_morning_that_went_by_is_made_up_for_at_work() {
        let owing = owing("2026-11-27T08:00:00Z");
        let due = |now: &str| {
            let due = reminders(&[owing], None, at(now), &usual(), &of("Europe/Berlin"));
            due[0].map(|due| due.to_string())
        };
        assert_eq!(
            due("2026-11-27T11:11:11Z").as_deref(),
            Some("2026-11-27T11:11:11Z")
        );
        assert_eq!(
            due("2026-11-27T21:00:00Z").as_deref(),
            Some("2026-11-30T08:00:00Z")
        );
    }

    #[test]
    fn a_date_that_a_zone_leaves_out_has_no_work() {
        // Samoa went from the 29th, a Thursday, to the 31st.
        let (apia, hours) = (of("Pacific/Apia"), usual());
        let next = morning_after(at("2011-12-29T20:00:00Z"), &hours, &apia);
        assert_eq!(next, at("2012-01-01T19:00:00Z"));
    }

    fn hours() -> impl Strategy<Value = WorkingHours> {
        (0_i8..24, 0_i8..60, 0_i8..24, 0_i8..60, 1_usize..8).prop_map(
            |(from, since, to, until, days)| WorkingHours {
                from: jiff::civil::time(from, since, 0, 0),
                to: jiff::civil::time(to, until, 0, 0),
                days: Days::parse(
                    &["mon", "tue", "wed", "thu", "fri", "sat", "sun"][..days].join(","),
                )
                .expect("days"),
            },
        )
    }

    const ZONES: [&str; 8] = [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Santiago",
        "Africa/Casablanca",
        "UTC",
    ];

    proptest! {
        #[test]
        fn whatever_the_hours_and_the_zone_it_is_by_day_and_on_a_working_day(
            second in 1_300_000_000_i64..1_900_000_000,
            hours in hours(),
            zone in prop::sample::select(ZONES.to_vec()),
        ) {
            let (now, zone) = (Timestamp::from_second(second).expect("a moment"), of(zone));
            let due = at_work(now, &hours, &zone);
            let there = zone.to_datetime(due);
            prop_assert!(due >= now && due.duration_since(now) < SignedDuration::from_hours(9 * 24));
            prop_assert!(there.time() >= DAY_BEGINS && there.time() < DAY_ENDS);
            prop_assert!(hours.days.contains(there.date().weekday()));
            prop_assert_eq!(at_work(due, &hours, &zone), due);
            let morning = morning_after(now, &hours, &zone);
            prop_assert!(date(morning, &zone) > date(now, &zone));
            let by_day = by_day(now, &zone);
            let there = zone.to_datetime(by_day).time();
            prop_assert!(there >= DAY_BEGINS && there < DAY_ENDS && by_day <= due);
        }
    }
}
