//! What the page offers to move the clock, in the zone of whoever is played.
//!
//! Not in here: the clock (`clock`).

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit, Zoned};
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::{As, refusal};
use super::world::World;
use super::{Complaint, Simulator};

/// Where `tomorrow` and `next working day` lead.
const MORNING: i8 = 9;

/// As far as it can be moved at once.
const YEARS: i32 = 10;

impl World {
    fn zone_of(&self, user: &str) -> TimeZone {
        let name = self.person(user).map(|p| p.tz.as_str());
        name.and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC)
    }

    /// The time before whoever is played.
    fn local_time(&self, user: &str) -> Zoned {
        let now = Timestamp::from_microsecond(self.clock.now()).unwrap_or_default();
        now.to_zoned(self.zone_of(user))
    }

    /// What the page says of the clock.
    pub(crate) fn clock_json(&self, user: &str) -> Value {
        json!({
            "now": self.clock.now() / 1000,
            "zone": self.zone_of(user).iana_name().unwrap_or("UTC"),
            "live": self.clock.is_live(),
        })
    }
}

/// The moments offered: a name, a label, when.
fn choices(now: &Zoned) -> Vec<(&'static str, &'static str, Zoned)> {
    let morning = |days: i64| {
        let date = now.date().checked_add(days.days()).ok()?;
        date.at(MORNING, 0, 0, 0)
            .to_zoned(now.time_zone().clone())
            .ok()
    };
    let works = |at: &Zoned| !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
    let all = [
        ("hour", "One hour later", now.checked_add(1.hour()).ok()),
        ("tomorrow", "Tomorrow 09:00", morning(1)),
        (
            "working-day",
            "Next working day 09:00",
            (1..=3).filter_map(morning).find(works),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, label, at)| Some((name, label, at?)))
        .collect()
}

/// Where an answer of the page leads: the name of a choice, or a local date and time.
fn target(now: &Zoned, asked: &str) -> Result<Zoned, String> {
    if let Some((.., at)) = choices(now).into_iter().find(|(name, ..)| *name == asked) {
        return Ok(at);
    }
    let said = |at: &Zoned| at.strftime("%A %-d %B %Y, %H:%M").to_string();
    let at = asked
        .parse::<DateTime>()
        .and_then(|local| local.to_zoned(now.time_zone().clone()))
        .map_err(|_| "Give a date and a time, such as 2026-12-01T09:00.".to_owned())?;
    if at <= *now {
        let now = said(now);
        return Err(format!(
            "This clock only goes forward: give a moment after {now}."
        ));
    }
    match now.checked_add(YEARS.years()) {
        Ok(last) if at > last => {
            let last = said(&last);
            Err(format!("That is too far: give a moment before {last}."))
        }
        _ => Ok(at),
    }
}

/// `GET /page/clock`: the moments to choose from.
pub(crate) async fn offered(
    State(sim): State<Simulator>,
    Query(As { user }): Query<As>,
) -> Json<Value> {
    let now = sim.world().local_time(&user);
    let choices: Vec<Value> = choices(&now)
        .into_iter()
        .map(|(name, label, at)| {
            let told = at.strftime("%a %-d %b, %H:%M").to_string();
            json!({ "to": name, "label": label, "detail": told })
        })
        .collect();
    let round = now.round(Unit::Minute).unwrap_or_else(|_| now.clone());
    Json(json!({
        "choices": choices,
        "now": round.strftime("%Y-%m-%dT%H:%M").to_string(),
        "zone": now.time_zone().iana_name().unwrap_or("UTC"),
    }))
}

#[derive(Deserialize)]
pub(crate) struct Move {
    #[serde(rename = "as")]
    user: String,
    to: String,
}

/// `POST /page/clock`: moves it.
pub(crate) async fn moved(State(sim): State<Simulator>, Json(asked): Json<Move>) -> Response {
    match sim.moves_clock(&asked.user, &asked.to) {
        Ok(at) => {
            let told = at.strftime("%A %-d %B, %H:%M").to_string();
            Json(json!({ "ok": true, "at": told })).into_response()
        }
        Err(sentence) => refusal(sentence),
    }
}

impl Simulator {
    fn moves_clock(&self, user: &str, to: &str) -> Result<Zoned, String> {
        let (by, at) = {
            let world = self.world();
            let user = world.who(user).map_err(|c: Complaint| c.to_string())?;
            let now = world.local_time(&user);
            let at = target(&now, to)?;
            let by = Duration::try_from(at.timestamp().duration_since(now.timestamp()));
            (by.unwrap_or_default(), at)
        };
        self.advance(by);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(moment: &str) -> Zoned {
        moment.parse().expect("it is a moment")
    }

    fn offered(now: &str) -> Vec<String> {
        choices(&at(now))
            .into_iter()
            .map(|(name, _, at)| format!("{name} {}", at.strftime("%a %F %H:%M %Z")))
            .collect()
    }

    #[test]
    fn mornings_are_those_of_whoever_is_played() {
        assert_eq!(
            offered("2026-11-27T00:30[Asia/Tokyo]"),
            [
                "hour Fri 2026-11-27 01:30 JST",
                "tomorrow Sat 2026-11-28 09:00 JST",
                "working-day Mon 2026-11-30 09:00 JST"
            ]
        );
        // The clocks go forward on that Sunday.
        assert_eq!(
            offered("2026-03-28T23:30[Europe/Berlin]")[..2],
            [
                "hour Sun 2026-03-29 00:30 CET",
                "tomorrow Sun 2026-03-29 09:00 CEST"
            ]
        );
    }

    #[test]
    fn any_later_moment_can_be_given_and_no_earlier_one() {
        let now = at("2026-11-27T09:00[Europe/Berlin]");
        let to = |asked: &str| target(&now, asked).map(|at| at.to_string());
        assert_eq!(
            to("2026-12-01T14:05").as_deref(),
            Ok("2026-12-01T14:05:00+01:00[Europe/Berlin]")
        );
        assert_eq!(
            to("2026-11-27T09:00").expect_err("it is now"),
            "This clock only goes forward: give a moment after Friday 27 November 2026, 09:00."
        );
        for wrong in ["", "soon", "2026-02-30T09:00", "2026-12-01T25:00"] {
            let said = to(wrong).expect_err("it is none");
            assert!(said.starts_with("Give a date and a time"), "{said}");
        }
        assert!(
            to("2036-11-28T09:00")
                .expect_err("too far")
                .contains("before")
        );
    }
}
