//! Days of the week, as people name them. What happens on them is elsewhere.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The days with their names, Monday first.
const NAMES: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "Monday", "Mon"),
    (Weekday::Tuesday, "Tuesday", "Tue"),
    (Weekday::Wednesday, "Wednesday", "Wed"),
    (Weekday::Thursday, "Thursday", "Thu"),
    (Weekday::Friday, "Friday", "Fri"),
    (Weekday::Saturday, "Saturday", "Sat"),
    (Weekday::Sunday, "Sunday", "Sun"),
];

/// A set of days of the week, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days(u8);

/// Words that name no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no days of the week")]
pub struct NoDays;

impl Days {
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// All seven.
    pub const DAILY: Self = Self(0b111_1111);

    /// `weekdays`, `daily`, `mon,wed,fri`, `Mon-Fri`, `mondays`, in any case.
    ///
    /// # Errors
    /// Where a word is none of these, or there is none.
    pub fn parse(text: &str) -> Result<Self, NoDays> {
        let text = text.trim().to_lowercase();
        match text.as_str() {
            "weekdays" | "workdays" => return Ok(Self::WEEKDAYS),
            "daily" | "everyday" => return Ok(Self::DAILY),
            _ => {}
        }
        let mut days = 0;
        for word in text.split(',').map(str::trim) {
            days |= match word.split_once(['-', '\u{2013}']) {
                Some((first, last)) => {
                    let (first, last) = (place(first)?, place(last)?);
                    // From Friday to Monday goes over the end of the week.
                    let length = (last + 7 - first) % 7;
                    (0..=length).fold(0, |days, step| days | 1 << ((first + step) % 7))
                }
                None => 1 << place(word)?,
            };
        }
        Ok(Self(days))
    }

    /// All that several words name together; at least one word.
    ///
    /// # Errors
    /// As [`Days::parse`], for any of them.
    pub fn parse_all(words: &[impl AsRef<str>]) -> Result<Self, NoDays> {
        let mut all = 0;
        for word in words {
            all |= Self::parse(word.as_ref())?.0;
        }
        if all == 0 { Err(NoDays) } else { Ok(Self(all)) }
    }

    /// Each day of the week with its name, Monday first.
    pub fn week() -> impl Iterator<Item = (Weekday, &'static str)> {
        NAMES.iter().map(|(day, name, _)| (*day, *name))
    }

    /// Whether a day is one of them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }
}

/// A day's place in the week, from 0.
fn place(word: &str) -> Result<usize, NoDays> {
    let word = word.trim();
    let found = NAMES.iter().position(|(_, name, _)| {
        let name = name.to_lowercase();
        let start = name.starts_with(word) && word.len() >= 2;
        start || word.strip_suffix('s') == Some(name.as_str())
    });
    found.ok_or(NoDays)
}

impl fmt::Display for Days {
    /// `weekdays`, `daily`, else `Mon, Wed, Fri`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::WEEKDAYS => f.write_str("weekdays"),
            Self::DAILY => f.write_str("daily"),
            days => {
                let names: Vec<&str> = NAMES
                    .iter()
                    .filter(|(day, ..)| days.contains(*day))
                    .map(|(_, _, short)| *short)
                    .collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

impl TryFrom<String> for Days {
    type Error = NoDays;

    fn try_from(text: String) -> Result<Self, NoDays> {
        Self::parse(&text)
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        days.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_read_as_people_name_them() {
        let read = |text| Days::parse(text).map(|days| days.to_string());
        assert_eq!(read("Weekdays"), Ok("weekdays".to_owned()));
        assert_eq!(read("mon-fri"), Ok("weekdays".to_owned()));
        assert_eq!(read("daily"), Ok("daily".to_owned()));
        assert_eq!(read("fri,mon, wed"), Ok("Mon, Wed, Fri".to_owned()));
        assert_eq!(read("tuesdays,thurs"), Ok("Tue, Thu".to_owned()));
        assert_eq!(read("sat\u{2013}mon"), Ok("Mon, Sat, Sun".to_owned()));
        for wrong in ["", "m", "mon,", "someday", "mon-", "1"] {
            assert_eq!(read(wrong), Err(NoDays), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bits in 1_u8..128) {
            let days = Days(bits);
            prop_assert_eq!(Days::parse(&days.to_string()), Ok(days));
        }

        #[test]
        fn nothing_typed_breaks_the_reader(text in ".{0,40}") {
            let _ = Days::parse(&text);
        }
    }
}
