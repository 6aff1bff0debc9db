//! Ranges, currencies, periods, demand and dates in the ways in which people write them.

use super::*;

#[track_caller]
fn figures(text: &str) -> (String, u64, u64, String, usize) {
    let pay = read(text);
    let salary = pay
        .salary
        .unwrap_or_else(|| panic!("{text}: {:?}", pay.doubts));
    (
        salary.currency,
        salary.min,
        salary.max,
        salary.period,
        pay.doubts.len(),
    )
}

#[test]
fn a_range_is_read_in_every_way_of_writing_it() {
    for text in [
        "€85,000 - €120,000 per year",
        "€85.000 – 120.000 a year",
        "85 000 to 120 000 EUR per annum",
        "EUR 85'000—120'000 p.a.",
        "between EUR 85000 and EUR 120000 annually",
        "€85k-€120k/year",
        "85-120k € / yr",
        "85.000,00 € - 120.000,00 € yearly",
        "85,000€ - 120,000€ each year",
    ] {
        assert_eq!(
            figures(text),
            ("EUR".to_owned(), 85_000, 120_000, "year".to_owned(), 0),
            "{text}"
        );
    }
}

#[test]
fn the_currency_comes_from_the_sign_or_the_code() {
    for (text, currency) in [
        ("$100,000 - $150,000", "USD"),
        ("USD 100,000 - 150,000", "USD"),
        ("US$100,000 - US$150,000", "USD"),
        ("A$100,000 - A$150,000", "AUD"),
        ("£100,000 - £150,000", "GBP"),
        ("CHF 100'000 - 150'000", "CHF"),
        ("CHF100,000-150,000", "CHF"),
        ("100,000-150,000 PLN", "PLN"),
        ("₹1,00,000 - ₹1,50,000", "INR"),
    ] {
        let (found, min, max, ..) = figures(text);
        assert_eq!((&*found, min, max), (currency, 100_000, 150_000), "{text}");
    }
    assert_eq!(figures("¥9,000,000 - ¥12,000,000").4, 1);
    assert_eq!(read("a range of 100,000 - 150,000").salary, None);
    assert_eq!(read("a range of 100,000 - 150,000").doubts.len(), 1);
}

#[test]
fn the_period_is_a_year_if_none_is_named_and_that_is_said() {
    assert!(
        read("$100,000 - $150,000")
            .assumed
            .iter()
            .any(|one| one.contains("for a year"))
    );
    assert_eq!(figures("£500 to £650 per day").3, "day");
    assert_eq!(figures("€6,000 - €7,500 a month").3, "month");
    assert_eq!(
        figures("$52.50 - $60 hourly"),
        ("USD".to_owned(), 52, 60, "hour".to_owned(), 1)
    );
    assert_eq!(figures("$87.5k - $100k").1, 87_500);
}

#[test]
fn guesses_are_doubted() {
    assert_eq!(
        figures("up to $120,000"),
        ("USD".to_owned(), 120_000, 120_000, "year".to_owned(), 1)
    );
    assert_eq!(
        figures("$150,000 - $110,000"),
        ("USD".to_owned(), 110_000, 150_000, "year".to_owned(), 1)
    );
    assert_eq!(figures("$110,000 - €150,000").4, 1);
    assert_eq!(read("$0 - $0").salary, None);
    assert_eq!(read("7-10 years, 24/7, S3, 2026").salary, None);
    assert_eq!(read("$99999999999999999999 - $1").salary, None);
    assert_eq!(
        figures("In 2026 the range is $1,000 - $2,000 for 3 of 4").1,
        1000
    );
}

#[test]
fn demand_is_read_before_or_after_its_word() {
    for (text, expected) in [
        ("with High demand in the market", Some(Demand::High)),
        ("MEDIUM demand", Some(Demand::Medium)),
        ("demand is currently low", Some(Demand::Low)),
        ("Demand: high", Some(Demand::High)),
        ("demand", None),
        ("a high salary", None),
    ] {
        assert_eq!(demand(text), expected, "{text}");
    }
}

#[test]
fn a_date_is_a_month_or_a_year() {
    for (text, expected) in [
        ("as of November 2026, $1", Some("2026-11")),
        ("(Nov. 2026)", Some("2026-11")),
        ("2026-03 figures", Some("2026-03")),
        ("in 2025", Some("2025")),
        ("(2025)", Some("2025")),
        ("€2050 a month", None),
        ("2026-13", None),
    ] {
        assert_eq!(date(text).as_deref(), expected, "{text}");
    }
}
