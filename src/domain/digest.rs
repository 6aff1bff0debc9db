//! A channel's digest: when it comes, and what it was last. What it says is read in `app`, when it is due is reckoned in `schedule`.

use super::candidate::Note;
use super::days::Days;
use super::event::Trouble;
use super::ids::{ChannelId, UserId};
use super::refusal::Refusal;
use super::words::shortened;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// A channel's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Where.
    pub channel: ChannelId,
    /// When it comes.
    pub rhythm: Rhythm,
    /// It also comes when there is nothing to say.
    #[serde(default)]
    pub even_if_empty: bool,
    /// Who set it up: told when it cannot be posted any more.
    pub set_by: UserId,
    /// When it was set up, or changed last.
    pub set_at: Timestamp,
    /// The last one that was begun, or found to have nothing to say.
    #[serde(default)]
    pub last: Option<LastDigest>,
    /// The one before it: the last one again, where the call for the last one certainly did nothing.
    #[serde(default)]
    pub previous: Option<LastDigest>,
    /// Why it rests: who set it up was told so.
    #[serde(default)]
    pub paused: Option<Trouble>,
    /// It was switched off; what it was last is kept, so that switching it on again makes no second one that day.
    #[serde(default)]
    pub off: bool,
}

impl Digest {
    /// Whether it comes at all, as things stand.
    #[must_use]
    pub fn comes(&self) -> bool {
        !self.off && self.paused.is_none()
    }

    /// Its call is about to begin, or there was nothing to say.
    pub fn begin(&mut self, due: Timestamp, until: Timestamp) {
        self.previous = self.last.replace(LastDigest { due, until });
    }

    /// The call that was begun certainly did nothing.
    pub fn take_back(&mut self) {
        self.last = self.previous.take();
    }
}

/// When a digest comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// The time of day.
    pub at: Time,
    /// On these days.
    pub days: Days,
    /// The IANA name of the time zone.
    pub zone: String,
}

/// A digest that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDigest {
    /// The moment that it was due: there is one a local day, whatever becomes of the clock, the rhythm or the zone.
    pub due: Timestamp,
    /// Up to when it tells: the next one goes on from here.
    pub until: Timestamp,
}

/// What somebody wants of a channel's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestDeed {
    /// To have it, at the times that were typed.
    Type(Note),
    /// To have it, as a form says.
    FillIn {
        /// Which channel's.
        channel: ChannelId,
        /// The time of day, `09:00`.
        at: String,
        /// The days, by name.
        days: Vec<String>,
        /// The zone as it was typed.
        zone: String,
        /// Also when there is nothing to say.
        even_if_empty: bool,
    },
    /// Not to have it any more; absent: where they are.
    Off(Option<ChannelId>),
    /// To have one at once.
    Now,
}

/// When a digest shall come, as somebody says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The time of day.
    pub at: Time,
    /// The days.
    pub days: Days,
    /// The name of a zone, not looked up yet; absent: the person's own.
    pub zone: Option<String>,
}

/// Reads `09:00 weekdays Europe/Berlin`, in any order; without days it is weekdays.
///
/// # Errors
/// A sentence about the first word that cannot be meant.
pub fn read_times(words: &str) -> Result<Asked, Refusal> {
    let mut at = None;
    let mut days: Vec<&str> = Vec::new();
    let mut zone = None;
    let mut rest = words.split_whitespace().peekable();
    while let Some(word) = rest.next() {
        let half = rest.peek().copied().filter(|next| is_half(next));
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            if at.is_some() {
                return Err(unreadable(word));
            }
            let whole = half.map_or_else(|| word.to_owned(), |half| format!("{word}{half}"));
            rest.next_if(|_| half.is_some());
            at = Some(time_of_day(&whole).ok_or_else(|| Refusal::NotATime {
                word: shortened(&whole, 40),
            })?);
        } else if word.contains('/') || word.eq_ignore_ascii_case("utc") {
            if zone.replace(word.to_owned()).is_some() {
                return Err(unreadable(word));
            }
        } else if Days::parse(word.trim_matches(',')).is_ok() {
            days.push(word.trim_matches(','));
        } else {
            return Err(unreadable(word));
        }
    }
    let Some(at) = at else {
        return Err(Refusal::TimeMissing);
    };
    let days = match days.as_slice() {
        [] => Days::WEEKDAYS,
        words => Days::parse_all(words).map_err(|_| unreadable(&words.join(" ")))?,
    };
    Ok(Asked { at, days, zone })
}

/// Abbreviations are told apart from words that mean nothing: they look as if they should do.
fn unreadable(word: &str) -> Refusal {
    let abbreviates =
        (2..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let word = shortened(word, 40);
    if abbreviates {
        Refusal::AmbiguousZone { word }
    } else {
        Refusal::NotATimeOfDigests { word }
    }
}

fn is_half(word: &str) -> bool {
    word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm")
}

/// A time of day as people write it: `09:00`, `9`, `9am`, `9:30pm`, `21.15`.
#[must_use]
pub fn time_of_day(text: &str) -> Option<Time> {
    let text = text.trim().to_ascii_lowercase();
    let half = |suffix| text.strip_suffix(suffix).map(str::trim_end);
    let (digits, afternoon) = match (half("am"), half("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "00"));
    let number = |digits: &str, longest: usize| -> Option<i8> {
        let plain = (1..=longest).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let (hour, minute) = (
        number(hour, 2)?,
        number(minute, 2).filter(|_| minute.len() == 2)?,
    );
    let hour = match afternoon {
        None => hour,
        // Twelve comes before one.
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(words: &str) -> String {
        match read_times(words) {
            Ok(asked) => format!(
                "{} {} {}",
                asked.at.strftime("%H:%M"),
                asked.days,
                asked.zone.unwrap_or_default()
            ),
            Err(refusal) => format!("{refusal:?}"),
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let read = |text| time_of_day(text).map(|time| time.strftime("%H:%M").to_string());
        for (text, expected) in [
            ("09:00", "09:00"),
            ("9", "09:00"),
            ("9am", "09:00"),
            ("9:30PM", "21:30"),
            ("12am", "00:00"),
            ("12:15pm", "12:15"),
            ("21.15", "21:15"),
            ("23:59", "23:59"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for wrong in [
            "25:00", "24:00", "9:60", "9:5", "13pm", "0am", "", "am", "0900", "-1", "9:00:00",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_words_of_a_digest_come_in_any_order() {
        assert_eq!(
            said("09:00 weekdays Europe/Berlin"),
            "09:00 weekdays Europe/Berlin"
        );
        assert_eq!(said("9am"), "09:00 weekdays ");
        assert_eq!(said("UTC daily 5 pm"), "17:00 daily UTC");
        assert_eq!(said("mon, wed fri 8"), "08:00 Mon, Wed, Fri ");
        assert_eq!(said("mon,wed,fri 8:15"), "08:15 Mon, Wed, Fri ");
    }

    #[test]
    fn what_cannot_be_meant_is_quoted() {
        assert_eq!(said("25:00 daily"), "NotATime { word: \"25:00\" }");
        assert_eq!(said("daily Europe/Berlin"), "TimeMissing");
        assert_eq!(said("09:00 IST"), "AmbiguousZone { word: \"IST\" }");
        assert_eq!(
            said("09:00 someday"),
            "NotATimeOfDigests { word: \"someday\" }"
        );
        assert_eq!(said("09:00 17:00"), "NotATimeOfDigests { word: \"17:00\" }");
        assert_eq!(
            said("9 UTC Europe/Berlin"),
            "NotATimeOfDigests { word: \"Europe/Berlin\" }"
        );
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_reader(words in ".{0,80}") {
            let _ = read_times(&words);
        }
    }
}
