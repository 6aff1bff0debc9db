//! Judges every message that came: whether it may be sent then, to them, about that.

use super::Walk;
use super::known::{Loop, Seat, Stage};
use jiff::{SignedDuration, Timestamp, Zoned};
use std::collections::BTreeSet;

impl Walk<'_> {
    /// Looks at what came since the last time, which happened as things stand now.
    pub fn looks(&mut self) {
        for who in 0..self.people.len() {
            let member = self.people[who].member.clone();
            let direct = self.slack.direct_messages(&member);
            let messages = self.slack.sim().messages(member.name(), direct.id());
            let fresh = messages.iter().filter(|it| it.is_bot && !it.ephemeral);
            let fresh: Vec<_> = fresh.skip(self.people[who].seen).cloned().collect();
            self.people[who].seen += fresh.len();
            for message in fresh {
                let (second, micro) = message.ts.split_once('.').expect("a ts");
                let second = second.parse().expect("a ts");
                let micro: i32 = micro.parse().expect("a ts");
                let at = Timestamp::new(second, micro * 1000).expect("a moment");
                let text = message.text.replace('\u{2060}', "");
                self.notes(format!(
                    "{} gets: {}",
                    member.name(),
                    text.replace('\n', " / ")
                ));
                self.judges(who, at, &text);
            }
        }
    }

    fn judges(&mut self, who: usize, at: Timestamp, text: &str) {
        let there = at.in_tz(&self.people[who].zone).expect("a zone");
        // What is said of the last reminder names some of them once more.
        let named = text.split("This is the last").next().unwrap_or_default();
        let codes: Vec<String> = named
            .match_indices("C-")
            .filter_map(|(place, _)| named.get(place..place + 6).map(str::to_owned))
            .collect();
        let about = |what: &str| format!("{what}: {there} {text}");
        let owed = |walk: &Self| -> Vec<Loop> {
            let of = |code: &String| walk.loops.iter().find(|it| it.code == *code).cloned();
            codes.iter().filter_map(of).collect()
        };
        let loops = owed(self);
        if text.contains("still to come:") {
            self.is_here(who, &there, (9, 18), true, text);
            let last = self.people[who].reminded.replace(at);
            let last = last.map(|last| last.in_tz(&self.people[who].zone).expect("a zone"));
            let asked = std::mem::take(&mut self.people[who].asked);
            self.that(
                asked || last.as_ref().is_none_or(|last| last.date() < there.date()),
                || about("a second one that day"),
            );
            let distinct: BTreeSet<&String> = codes.iter().collect();
            self.that(distinct.len() == loops.len(), || about("twice in one"));
            for it in &loops {
                self.that(it.owes(who), || about("they owe none"));
                self.that(at >= it.reminded_from(who), || about("too early"));
                let named = self.named.entry((who, it.code.clone())).or_default();
                *named += 1;
                let named = *named;
                self.that(named <= 5, || about("more than five"));
            }
        } else if text.contains("asks for your scorecard") {
            self.is_here(who, &there, (8, 20), false, text);
            let it = &loops[0];
            let owes = it.panel.get(&who).is_some_and(Seat::owes);
            self.that(owes && it.stage != Stage::Withdrawn, || {
                about("they owe none")
            });
            let last = self.nudged.insert((who, it.code.clone()), at);
            let pause = last.map(|last| at.duration_since(last));
            let half_a_day = SignedDuration::from_hours(12);
            // One that came late may be followed earlier.
            let in_time = |last: Timestamp| last > self.away + SignedDuration::from_hours(24);
            self.that(
                pause.is_none_or(|pause| pause >= half_a_day) || !last.is_some_and(in_time),
                || about("a second nudge"),
            );
        } else if text.contains("you interview") {
            let it = &loops[0];
            let begins = it.planned;
            let before = SignedDuration::from_mins(10);
            self.that(
                begins.is_some_and(|begins| at < begins && at >= begins - before),
                || about("not ten minutes before"),
            );
            self.that(it.owes(who) && self.people[who].here, || {
                about("they owe none")
            });
            let once = (who, it.code.clone(), it.plans, it.panel[&who].comings);
            let is_new = self.briefed.insert(once);
            self.that(is_new, || about("a second briefing"));
        }
    }

    /// They are here, it is by day, and a working day where that matters.
    fn is_here(&self, who: usize, there: &Zoned, hours: (i8, i8), working: bool, text: &str) {
        self.that(self.people[who].here, || {
            format!("nobody is here: {there} {text}")
        });
        let by_day = (hours.0..hours.1).contains(&there.hour());
        self.that(by_day, || format!("at night: {there} {text}"));
        let weekday = there.weekday().to_monday_zero_offset() < 5;
        self.that(!working || weekday, || {
            format!("at the weekend: {there} {text}")
        });
    }

    /// After a quiet time, whoever is here was asked five times for what they owe.
    pub fn ends(&self) {
        for it in self.loops.iter().filter(|it| it.stage == Stage::Open) {
            for who in 0..self.people.len() {
                let named = self
                    .named
                    .get(&(who, it.code.clone()))
                    .copied()
                    .unwrap_or_default();
                let enough = named + self.losses >= 5 && named > 0;
                self.that(!self.people[who].here || !it.owes(who) || enough, || {
                    format!(
                        "{} was asked {named} times for {it:?}",
                        self.people[who].member.name()
                    )
                });
            }
        }
    }
}
