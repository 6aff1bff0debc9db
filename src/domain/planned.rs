//! When an interview is planned, and the words in which people say so. What their words mean in a time zone is reckoned in `schedule`.

use super::digest::time_of_day;
use super::refusal::Refusal;
use super::words::{Words, shortened};
use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The shortest and the longest interview, in minutes.
pub const LENGTHS: std::ops::RangeInclusive<u16> = 5..=600;
/// How long before a planned interview each interviewer gets their kit: ten minutes.
pub const BRIEFED_BEFORE: SignedDuration = SignedDuration::from_mins(10);
/// An interview that is planned later than this from now is a slip: a year.
pub const FARTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// What somebody typed is quoted up to this length.
const QUOTED: usize = 40;

/// When an interview is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// When it begins.
    pub at: Timestamp,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// When it was to begin before it was moved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Timestamp>,
}

impl Planned {
    /// When it ends.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        let length = SignedDuration::from_mins(self.minutes.into());
        self.at.checked_add(length).unwrap_or(Timestamp::MAX)
    }
}

/// When somebody wants an interview to be, in their own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The day: `2026-12-01`, `today` or `tomorrow`.
    pub day: String,
    /// The time of day: `14:00`, `2pm`.
    pub time: String,
    /// How long, in minutes; empty: as the kit says.
    pub minutes: String,
    /// The time zone in which the words are meant; absent: that of whoever says them.
    pub zone: Option<String>,
}

impl Wish {
    /// Takes the wish off the end of what was typed in a command: `… on 2026-12-01 14:00`, with or without `at` before the time and
    /// `for 60 min` behind it.
    ///
    /// An `on` that no digit and no name of a day follows is part of a name.
    ///
    /// # Errors
    /// Where a day and a time are meant and cannot be read.
    pub fn split(words: &str) -> Result<(String, Option<Self>), NotPlanned> {
        let words: Vec<&str> = words.split_whitespace().collect();
        let begins = words.windows(2).rposition(|pair| match pair {
            [on, day] => on.eq_ignore_ascii_case("on") && is_meant_as_a_day(day),
            _ => false,
        });
        let Some(begins) = begins else {
            return Ok((words.join(" "), None));
        };
        let (rest, wish) = words.split_at(begins);
        let wish = Self::typed(&wish[1..]).ok_or_else(|| NotPlanned::Words {
            typed: quoted(&wish.join(" ")),
        })?;
        Ok((rest.join(" "), Some(wish)))
    }

    fn typed(words: &[&str]) -> Option<Self> {
        let is =
            |word: &str, one_of: &[&str]| one_of.iter().any(|it| word.eq_ignore_ascii_case(it));
        let (day, rest) = words.split_first()?;
        let rest = match rest {
            [at, rest @ ..] if is(at, &["at"]) => rest,
            rest => rest,
        };
        let (time, rest) = rest.split_first()?;
        let minutes = match rest {
            [] => "",
            [word, minutes, unit] if is(word, &["for"]) && is(unit, &["min", "minutes"]) => minutes,
            _ => return None,
        };
        Some(Self {
            day: (*day).to_owned(),
            time: (*time).to_owned(),
            minutes: minutes.to_owned(),
            zone: None,
        })
    }

    /// Whether there is no day and no time in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.day.trim().is_empty() && self.time.trim().is_empty()
    }

    /// The day that is meant, for whom it is this day today.
    ///
    /// # Errors
    /// Where there is none.
    pub fn day(&self, today: Date) -> Result<Date, NotPlanned> {
        let typed = self.day.trim();
        let read = match typed.to_lowercase().as_str() {
            "" => return Err(NotPlanned::DayMissing),
            "today" => Some(today),
            "tomorrow" => today.tomorrow().ok(),
            day => date(day),
        };
        read.ok_or_else(|| NotPlanned::Day {
            typed: quoted(typed),
        })
    }

    /// The time of day that is meant.
    ///
    /// # Errors
    /// Where there is none.
    pub fn time(&self) -> Result<Time, NotPlanned> {
        let typed = self.time.trim();
        if typed.is_empty() {
            return Err(NotPlanned::TimeMissing);
        }
        time_of_day(typed).ok_or_else(|| NotPlanned::Time {
            typed: quoted(typed),
        })
    }

    /// How long the interview shall take, where that is said.
    ///
    /// # Errors
    /// Where it is no number of minutes that an interview can take.
    pub fn length(&self) -> Result<Option<u16>, NotPlanned> {
        let typed = self.minutes.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let minutes = typed.parse().ok().filter(|it| LENGTHS.contains(it));
        minutes.map(Some).ok_or_else(|| NotPlanned::Length {
            typed: quoted(typed),
        })
    }
}

fn quoted(typed: &str) -> String {
    shortened(&super::candidate::visible(typed), QUOTED)
}

/// Whether what follows an `on` is meant as a day, well written or not.
fn is_meant_as_a_day(word: &str) -> bool {
    let word = word.to_lowercase();
    let named = ["today", "tomorrow", "next"].contains(&word.as_str());
    let weekday = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let weekday = weekday
        .iter()
        .any(|day| format!("{day:?}").to_lowercase() == word);
    named || weekday || word.contains(|letter: char| letter.is_ascii_digit())
}

/// `2026-12-01`, with two digits each or one.
fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str, most: usize| -> Option<i16> {
        let digits = part.bytes().all(|letter| letter.is_ascii_digit());
        (digits && part.len() <= most).then(|| part.parse().ok())?
    };
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (month, day) = (number(month, 2)?, number(day, 2)?);
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(number(year, 4)?, month, day).ok()
}

/// Why an interview cannot be planned so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotPlanned {
    /// What was typed after `on` is none of the forms.
    Words {
        /// As it was typed.
        typed: String,
    },
    /// A time without a day.
    DayMissing,
    /// A day without a time.
    TimeMissing,
    /// No date.
    Day {
        /// As it was typed.
        typed: String,
    },
    /// No time of day.
    Time {
        /// As it was typed.
        typed: String,
    },
    /// No length.
    Length {
        /// As it was typed.
        typed: String,
    },
    /// It is past.
    Past(Spot),
    /// It is more than [`FARTHEST`] away.
    TooFar(Spot),
    /// The clocks are put forward over it.
    Skipped {
        /// What does not exist.
        spot: Spot,
        /// The times next to it that do.
        near: [Time; 2],
    },
    /// The clocks are put back over it.
    Twice {
        /// What comes twice.
        spot: Spot,
        /// The times next to it that come once.
        near: [Time; 2],
    },
}

/// A day and a time on the clock of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The day.
    pub day: Date,
    /// The time of day.
    pub time: Time,
    /// The zone's name.
    pub zone: String,
}

impl NotPlanned {
    /// The sentence the person reads.
    #[must_use]
    pub fn words(&self) -> Words {
        let write_the_day = |words: Words| {
            words
                .text(" Write it as ")
                .code("2026-12-01")
                .text(", or ")
                .code("today")
                .text(" or ")
                .code("tomorrow")
                .text(". Nothing was saved.")
        };
        match self {
            Self::Words { typed } => Words::from("I cannot read a day and a time from ")
                .code(typed.clone())
                .text(", so nothing was opened. Write ")
                .code("on 2026-12-01 14:00")
                .text(", ")
                .code("on today 14:00")
                .text(" or ")
                .code("on tomorrow 14:00")
                .text(" at the end, in your own time; ")
                .code("for 60 min")
                .text(" may follow."),
            Self::DayMissing => {
                Words::from("Please choose the day as well, or no time. Nothing was saved.")
            }
            Self::TimeMissing => {
                Words::from("Please choose the time as well, or no day. Nothing was saved.")
            }
            Self::Day { typed } => {
                write_the_day(Words::new().code(typed.clone()).text(" is no date."))
            }
            Self::Time { typed } => Words::new()
                .code(typed.clone())
                .text(" is no time of day. Write it like ")
                .code("14:00")
                .text(" or ")
                .code("2pm")
                .text(". Nothing was saved."),
            Self::Length { typed } => Words::new().code(typed.clone()).text(format!(
                " is no length. An interview takes from {} to {} minutes. Nothing was saved.",
                LENGTHS.start(),
                LENGTHS.end()
            )),
            Self::Past(spot) => spot
                .words()
                .text(" is past. An interview can be planned from now on. Nothing was saved."),
            Self::TooFar(spot) => spot.words().text(
                " is more than a year away. Please choose an earlier day. Nothing was saved.",
            ),
            Self::Skipped { spot, near } => spot
                .words()
                .text(" does not exist: the clocks are put forward over it. ")
                .and(either(*near))
                .text(" exist on that day. Nothing was saved."),
            Self::Twice { spot, near } => spot
                .words()
                .text(" comes twice: the clocks are put back over it. ")
                .and(either(*near))
                .text(" come once on that day. Nothing was saved."),
        }
    }

    /// Which part of the wish it is about.
    #[must_use]
    pub fn part(&self) -> Part {
        match self {
            Self::Words { .. } | Self::DayMissing | Self::Day { .. } | Self::TooFar(_) => Part::Day,
            Self::Past(_)
            | Self::Skipped { .. }
            | Self::Twice { .. }
            | Self::Time { .. }
            | Self::TimeMissing => Part::Time,
            Self::Length { .. } => Part::Length,
        }
    }
}

/// A part of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The day.
    Day,
    /// The time of day.
    Time,
    /// How long.
    Length,
}

impl Spot {
    fn words(&self) -> Words {
        let time = self.time.strftime("%H:%M");
        Words::new()
            .strong(format!("{} {time}", self.day))
            .text(format!(" in {}", self.zone))
    }
}

fn either(near: [Time; 2]) -> Words {
    let [before, after] = near.map(|time| time.strftime("%H:%M").to_string());
    Words::new().code(before).text(" and ").code(after)
}

impl From<NotPlanned> for Refusal {
    fn from(why: NotPlanned) -> Self {
        Self::NotPlanned(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date as on, time as at};
    use proptest::prelude::*;

    fn wish(day: &str, time: &str, minutes: &str) -> Option<Wish> {
        Some(Wish {
            day: day.to_owned(),
            time: time.to_owned(),
            minutes: minutes.to_owned(),
            zone: None,
        })
    }

    #[test]
    fn a_wish_stands_at_the_end_of_what_was_typed() {
        for (typed, rest, read) in [
            ("senior-backend Jane Doe", "senior-backend Jane Doe", None),
            (
                "senior-backend Jane Doe on 2026-12-01 14:00",
                "senior-backend Jane Doe",
                wish("2026-12-01", "14:00", ""),
            ),
            (
                "senior-backend Jane  Doe ON Tomorrow at 9:30",
                "senior-backend Jane Doe",
                wish("Tomorrow", "9:30", ""),
            ),
            (
                "x Jane on today 14:00 for 90 min",
                "x Jane",
                wish("today", "14:00", "90"),
            ),
            (
                "x Jane on 2026-12-01 25:00 for 9 minutes",
                "x Jane",
                wish("2026-12-01", "25:00", "9"),
            ),
            // A name may hold the word.
            ("x Jon On Li", "x Jon On Li", None),
            ("x Jane on", "x Jane on", None),
            (
                "x On Kawara on tomorrow 14:00",
                "x On Kawara",
                wish("tomorrow", "14:00", ""),
            ),
        ] {
            assert_eq!(Wish::split(typed), Ok((rest.to_owned(), read)), "{typed}");
        }
    }

    #[test]
    fn what_is_meant_as_a_time_and_cannot_be_read_is_quoted_back() {
        for (typed, quoted) in [
            ("x Jane on 1.12.", "on 1.12."),
            ("x Jane on monday 14:00 sharp", "on monday 14:00 sharp"),
            ("x Jane on tomorrow", "on tomorrow"),
            ("x Jane on next", "on next"),
            (
                "x Jane on 2026-12-01 14:00 for ever",
                "on 2026-12-01 14:00 for ever",
            ),
            (
                "x Jane on 2026-12-01 14:00 for 60 hours",
                "on 2026-12-01 14:00 for 60 hours",
            ),
            ("x Jane on 2026-12-01 14:00 Doe", "on 2026-12-01 14:00 Doe"),
        ] {
            let typed = Wish::split(typed);
            let wrong = NotPlanned::Words {
                typed: quoted.to_owned(),
            };
            assert_eq!(typed, Err(wrong));
        }
    }

    #[test]
    fn days_and_times_are_read_in_a_few_forms() {
        let today = on(2026, 11, 30);
        let day = |text: &str| {
            let wish = Wish {
                day: text.to_owned(),
                ..Wish::default()
            };
            wish.day(today).ok()
        };
        assert_eq!(day("2026-12-01"), Some(on(2026, 12, 1)));
        assert_eq!(day("2028-2-29"), Some(on(2028, 2, 29)));
        assert_eq!(day("Today"), Some(today));
        assert_eq!(day("tomorrow"), Some(on(2026, 12, 1)));
        for wrong in [
            "",
            "2026-02-30",
            "2027-02-29",
            "26-12-01",
            "2026-12",
            "2026-12-01-1",
            "2026-+1-01",
            "1.12.2026",
            "12/01/2026",
            "monday",
            "20261201",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        let time = |text: &str| {
            let wish = Wish {
                time: text.to_owned(),
                ..Wish::default()
            };
            wish.time().ok()
        };
        assert_eq!(time("14:00"), Some(at(14, 0, 0, 0)));
        assert_eq!(time("9:05"), Some(at(9, 5, 0, 0)));
        assert_eq!(time("2pm"), Some(at(14, 0, 0, 0)));
        for wrong in [
            "", "25:00", "24:00", "14:60", "14:0", "14:00:00", "-1:00", "+9:00",
        ] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
        let length = |text: &str| {
            let wish = Wish {
                minutes: text.to_owned(),
                ..Wish::default()
            };
            wish.length().ok()
        };
        assert_eq!(length(""), Some(None));
        assert_eq!(length(" 60 "), Some(Some(60)));
        for wrong in ["0", "4", "601", "-60", "an hour", "1e2", "99999"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_reader(text in ".{0,60}( on .{0,40})?") {
            if let Ok((_, Some(wish))) = Wish::split(&text) {
                let _ = (wish.day(on(2026, 11, 30)), wish.time(), wish.length());
            }
        }
    }
}
