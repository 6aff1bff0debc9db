//! The salary line: currency, range, period, demand and date, out of one sentence. What is said of the line is in `gather`.

use crate::domain::kit::{Demand, Salary};
use std::ops::Range;

/// What a line says of pay and demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pay {
    pub salary: Option<Salary>,
    pub demand: Option<Demand>,
    /// What no word says, and is taken to be so.
    pub assumed: Vec<String>,
    /// What was guessed.
    pub doubts: Vec<String>,
}

/// Signs and codes, the longer before the shorter that they begin with.
const CURRENCIES: [(&str, &str); 46] = [
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("₪", "ILS"),
    ("zł", "PLN"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("CHF", "CHF"),
    ("JPY", "JPY"),
    ("CNY", "CNY"),
    ("INR", "INR"),
    ("AUD", "AUD"),
    ("CAD", "CAD"),
    ("NZD", "NZD"),
    ("SGD", "SGD"),
    ("HKD", "HKD"),
    ("SEK", "SEK"),
    ("NOK", "NOK"),
    ("DKK", "DKK"),
    ("PLN", "PLN"),
    ("CZK", "CZK"),
    ("HUF", "HUF"),
    ("RON", "RON"),
    ("BRL", "BRL"),
    ("MXN", "MXN"),
    ("ZAR", "ZAR"),
    ("AED", "AED"),
    ("ILS", "ILS"),
    ("TRY", "TRY"),
    ("KRW", "KRW"),
    ("UAH", "UAH"),
];
/// No salary is larger, in any currency.
const LARGEST: u64 = 1_000_000_000_000;
/// More figures than this are not looked at.
const FIGURES: usize = 40;

/// A figure, with its sign and what multiplies it.
#[derive(Debug)]
struct Amount {
    /// With its currency.
    place: Range<usize>,
    /// In thousandths, as it is written.
    milli: u64,
    /// Whether a `k` follows.
    thousands: bool,
    currency: Option<(&'static str, &'static str)>,
}

/// Reads a line.
pub(super) fn read(text: &str) -> Pay {
    let mut pay = Pay {
        demand: demand(text),
        ..Pay::default()
    };
    let amounts = amounts(text);
    let range = amounts.windows(2).find_map(|pair| match pair {
        [low, high] if is_range(text, low, high) => Some((low, high)),
        _ => None,
    });
    let (low, high) = match range {
        Some(range) => range,
        None => match amounts.iter().find(|amount| amount.currency.is_some()) {
            Some(amount) => {
                pay.doubts.push(
                    "there is one figure only: it is taken for both ends of the range".to_owned(),
                );
                (amount, amount)
            }
            None => return pay,
        },
    };
    let Some((sign, currency)) = low.currency.or(high.currency) else {
        pay.doubts
            .push("the figures have no currency, so they are not kept".to_owned());
        return pay;
    };
    if let (Some((_, one)), Some((_, other))) = (low.currency, high.currency)
        && one != other
    {
        pay.doubts.push(format!(
            "the range begins in {one} and ends in {other}: {one} is taken for both"
        ));
    }
    match sign {
        "$" => pay
            .assumed
            .push("`$` is the US dollar: `currency` is USD".to_owned()),
        "¥" => pay
            .doubts
            .push("`¥` is taken for the yen; the yuan has the same sign".to_owned()),
        _ => {}
    }
    // "100-150k": the `k` is meant for both.
    let [(mut min, cut), (mut max, also_cut)] = [(low, high), (high, low)].map(|(one, other)| {
        let thousands = one.thousands || (other.thousands && one.milli < 1_000_000);
        let units = if thousands {
            one.milli
        } else {
            one.milli / 1000
        };
        (units, !thousands && one.milli % 1000 != 0)
    });
    if cut || also_cut {
        pay.doubts
            .push("the figures are cut to whole units of the currency".to_owned());
    }
    if min > max {
        std::mem::swap(&mut min, &mut max);
        pay.doubts
            .push("the range ends below its beginning: the ends are swapped".to_owned());
    }
    if max == 0 || max > LARGEST {
        pay.doubts
            .push("the figures cannot be a salary, so they are not kept".to_owned());
        return pay;
    }
    let period = period(text).unwrap_or_else(|| {
        pay.assumed
            .push("the salary is for a year: no period is named".to_owned());
        "year"
    });
    let as_of = date(text).unwrap_or_default();
    if !as_of.is_empty() {
        pay.doubts
            .push(format!("`{as_of}` is taken for when the figures were true"));
    }
    pay.salary = Some(Salary {
        currency: currency.to_owned(),
        min,
        max,
        period: period.to_owned(),
        source: "guide".to_owned(),
        as_of,
    });
    pay
}

/// Every figure of a line that could be pay.
fn amounts(text: &str) -> Vec<Amount> {
    let mut amounts: Vec<Amount> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(|letter: char| letter.is_ascii_digit()) {
        let begin = at + found;
        let (number, end) = number(&text[begin..]);
        let end = begin + end;
        at = end;
        let floor = amounts.last().map_or(0, |before| before.place.end);
        let before = currency_before(&text[floor..begin]);
        let joined = text[..begin]
            .chars()
            .next_back()
            .is_some_and(char::is_alphabetic)
            && before.is_none();
        if joined {
            continue;
        }
        let mut after = end;
        let rest = text[after..].trim_start_matches(' ');
        let thousands = rest
            .strip_prefix(['k', 'K'])
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        if thousands {
            after = text.len() - rest.len() + 1;
        }
        let mut place = begin..after;
        let mut currency = None;
        if let Some((length, found)) = before {
            place.start = begin - length;
            currency = Some(found);
        } else if let Some((length, found)) = currency_after(&text[after..]) {
            place.end = after + length;
            currency = Some(found);
        }
        at = place.end;
        // What is no figure is kept as one that cannot be a salary, so that half a range is not taken for all of it.
        let milli = match number {
            Some(milli) => milli,
            None if currency.is_some() => u64::MAX,
            None => continue,
        };
        amounts.push(Amount {
            place,
            milli,
            thousands,
            currency,
        });
        if amounts.len() == FIGURES {
            break;
        }
    }
    amounts
}

/// A number with separators of any kind at the beginning of a text, in thousandths, and where it ends.
fn number(text: &str) -> (Option<u64>, usize) {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    let mut whole = text[..end].to_owned();
    let mut groups: Vec<(char, &str)> = Vec::new();
    loop {
        let mut rest = text[end..].chars();
        let Some(sign) = rest
            .next()
            .filter(|sign| matches!(sign, ',' | '.' | '\'' | ' ' | '_'))
        else {
            break;
        };
        let begin = end + sign.len_utf8();
        let count = digits(begin);
        // A space separates thousands, or a figure from what follows.
        if count == 0 || count > 3 || (sign == ' ' && count != 3) || groups.len() == 6 {
            break;
        }
        groups.push((sign, &text[begin..begin + count]));
        end = begin + count;
    }
    let mut milli = 0;
    if let Some((sign, last)) = groups.last().copied()
        && last.len() < 3
        && matches!(sign, '.' | ',')
        && groups.iter().filter(|(other, _)| *other == sign).count() == 1
    {
        groups.pop();
        milli = last.parse::<u64>().unwrap_or_default() * if last.len() == 1 { 100 } else { 10 };
    }
    // 10,00,000 is a million, in India.
    let count = groups.len();
    let regular = groups
        .iter()
        .enumerate()
        .all(|(index, (_, group))| group.len() == 3 || (group.len() == 2 && index + 1 < count));
    if !regular || whole.len() > 15 || (count > 0 && whole.len() > 3) {
        return (None, end);
    }
    whole.extend(groups.iter().map(|(_, group)| *group));
    let value = whole
        .parse::<u64>()
        .ok()
        .and_then(|units| units.checked_mul(1000))
        .map(|value| value + milli);
    (value, end)
}

/// The currency that stands directly before a figure, with its length and the spaces'.
fn currency_before(text: &str) -> Option<(usize, (&'static str, &'static str))> {
    let trimmed = text.trim_end_matches(' ');
    let spaces = text.len() - trimmed.len();
    CURRENCIES
        .into_iter()
        .find(|(sign, _)| {
            let Some(rest) = trimmed.strip_suffix(sign) else {
                return false;
            };
            let word = sign.starts_with(char::is_alphabetic);
            !(word && rest.ends_with(char::is_alphabetic))
        })
        .map(|found| (found.0.len() + spaces, found))
}

/// The currency that stands directly after a figure.
fn currency_after(text: &str) -> Option<(usize, (&'static str, &'static str))> {
    let trimmed = text.trim_start_matches(' ');
    let spaces = text.len() - trimmed.len();
    CURRENCIES
        .into_iter()
        .find(|(sign, _)| {
            let Some(rest) = trimmed.strip_prefix(sign) else {
                return false;
            };
            !(sign.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic))
        })
        .map(|found| (found.0.len() + spaces, found))
}

/// Whether two figures are the ends of a range.
fn is_range(text: &str, low: &Amount, high: &Amount) -> bool {
    let between = text[low.place.end..high.place.start]
        .trim()
        .to_ascii_lowercase();
    let joins = matches!(
        &*between,
        "-" | "–" | "—" | "−" | "~" | "to" | "and" | "until" | "up to" | "through"
    );
    let pays = |amount: &Amount| {
        amount.currency.is_some() || amount.thousands || amount.milli >= 1_000_000
    };
    joins
        && pays(low) | pays(high)
        && (low.currency.is_some() || high.currency.is_some() || pays(low) && pays(high))
}

/// The period that the words name.
fn period(text: &str) -> Option<&'static str> {
    const PERIODS: [(&str, &[&str]); 5] = [
        (
            "hour",
            &["per hour", "an hour", "hourly", "/hour", "/hr", "/h"],
        ),
        ("day", &["per day", "a day", "daily", "/day", "per diem"]),
        ("week", &["per week", "a week", "weekly", "/week"]),
        (
            "month",
            &["per month", "a month", "monthly", "/month", "/mo"],
        ),
        (
            "year",
            &[
                "per year",
                "a year",
                "annual",
                "annually",
                "annum",
                "yearly",
                "/year",
                "/yr",
                "p.a",
                "each year",
                "pa",
            ],
        ),
    ];
    let lower = text.to_ascii_lowercase().replace("/ ", "/");
    let whole = |at: usize, words: &str| {
        let before = lower[..at].chars().next_back();
        let after = lower[at + words.len()..].chars().next();
        let apart = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
        (words.starts_with('/') || apart(before)) && apart(after)
    };
    PERIODS
        .iter()
        .flat_map(|(period, words)| words.iter().map(move |words| (*period, *words)))
        .filter_map(|(period, words)| {
            let at = lower
                .match_indices(words)
                .find(|(at, _)| whole(*at, words))?
                .0;
            Some((at, period))
        })
        .min()
        .map(|(_, period)| period)
}

/// How sought after the words say that such people are.
pub(super) fn demand(text: &str) -> Option<Demand> {
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let at = words.iter().position(|word| *word == "demand")?;
    // The nearest word first: before it, as in "high demand", or after it, as in "demand is high".
    let before = words[..at].iter().rev().take(3);
    let after = words[at + 1..].iter().take(4);
    before.chain(after).find_map(|word| match *word {
        "high" | "strong" | "hot" => Some(Demand::High),
        "medium" | "moderate" | "average" => Some(Demand::Medium),
        "low" | "weak" => Some(Demand::Low),
        _ => None,
    })
}

/// The month or the year that the words name, as `2026-11` or `2026`.
pub(super) fn date(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let mut before = "";
    let mut words = text
        .split([' ', '(', ')', ',', ';', ':'])
        .filter(|word| !word.is_empty());
    words.find_map(|word| {
        let last = std::mem::replace(&mut before, word);
        let word = word.trim_end_matches('.');
        let (year, month) = match word.split_once('-') {
            Some((year, month)) if month.len() == 2 => (year, Some(month.parse::<usize>().ok()?)),
            Some(_) => return None,
            None => (word, None),
        };
        let is_year = year.len() == 4
            && year.starts_with("20")
            && year.bytes().all(|byte| byte.is_ascii_digit());
        if !is_year {
            return None;
        }
        let named = last.trim_end_matches('.').to_ascii_lowercase();
        let named = MONTHS
            .iter()
            .position(|month| named.len() >= 3 && month.starts_with(&named))
            .map(|at| at + 1);
        match month.or(named) {
            Some(month) if (1..=12).contains(&month) => Some(format!("{year}-{month:02}")),
            Some(_) => None,
            None => {
                let dated = ["in", "of", "from", "for", "since", "updated", "year"];
                // A word is a part of the text: so what stands around it is known.
                let at = word.as_ptr() as usize - text.as_ptr() as usize;
                let bracketed = text[..at].ends_with('(');
                let of_data = text[at + word.len()..].starts_with(" data");
                (bracketed || of_data || dated.contains(&&*last.to_ascii_lowercase()))
                    .then(|| year.to_owned())
            }
        }
    })
}

#[cfg(test)]
mod tests;
