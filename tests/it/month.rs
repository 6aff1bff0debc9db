//! A month of a team's life, at random, over the changes of the clock: whatever happens, nobody gets a message at night, none twice, none
//! for what is over, no more than five for one scorecard and one a day; and whatever is owed long enough is asked for.

mod judge;
mod known;

use crate::harness::chance::Chance;
use crate::harness::{Member, Place, Slack, story};
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{Deed, Opening, Reply, Request, Submission};
use interview_assistant::domain::ids::{ChannelId, KitSlug, LoopCode, UserId};
use interview_assistant::domain::planned::Wish;
use interview_assistant::domain::reminders::Later;
use interview_assistant::domain::scorecard::Recommendation;
use interview_assistant::domain::words::Word;
use interview_assistant::simulator::{Misbehaviour, Person};
use jiff::{SignedDuration, Timestamp};
use known::{Loop, Seat, Somebody, Stage};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
/// How long a telling lives, and how long it is quiet at its end.
const LIVES: u64 = 30 * DAY;
const QUIET: u64 = 12 * DAY;
/// The most loops at once that are open.
const OPEN: usize = 7;

const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Europe/London",
];

struct Walk<'a> {
    slack: &'a Slack,
    chance: Chance,
    rita: Member,
    hiring: Place,
    people: Vec<Somebody>,
    loops: Vec<Loop>,
    /// How many reminders named somebody's scorecard.
    named: BTreeMap<(usize, String), usize>,
    nudged: BTreeMap<(usize, String), Timestamp>,
    briefed: BTreeSet<(usize, String, usize, usize)>,
    /// How often a message may have been lost: killed, or cut off before it was done.
    losses: usize,
    /// When Slack or the bot was away last.
    away: Timestamp,
    done: Vec<String>,
}

impl Walk<'_> {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.slack.now()).expect("a moment")
    }

    fn notes(&mut self, what: impl std::fmt::Display) {
        let now = self.now();
        self.done.push(format!("{now} {what}"));
    }

    fn that(&self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            let last = self.done.len().saturating_sub(25);
            let (seed, last) = (&self.done[0], self.done[last..].join("\n"));
            panic!("{}\nin the month of {seed}, after:\n{last}", what());
        }
    }

    async fn deed(&mut self, who: &Member, code: &str, deed: Deed) -> Reply {
        self.notes(format!("{} {code} {deed:?}", who.name()));
        let request = Request::Loop {
            code: LoopCode::from(code),
            deed,
        };
        let hiring = self.hiring.clone();
        self.slack.asks(who, &hiring, request).await
    }

    /// Loops of a stage.
    fn of(&self, stage: Stage) -> Vec<usize> {
        let all = self.loops.iter().enumerate();
        all.filter(|(_, it)| it.stage == stage)
            .map(|(place, _)| place)
            .collect()
    }

    fn user(&self, who: usize) -> UserId {
        UserId::from(self.people[who].member.id())
    }

    /// Somebody who is here.
    fn somebody(&mut self) -> usize {
        let here: Vec<usize> = (0..self.people.len())
            .filter(|who| self.people[*who].here)
            .collect();
        self.chance.one_of(&here).expect("somebody always is here")
    }

    /// A wish for a time within the next days, as somebody in Berlin would say it.
    fn wish(&mut self) -> (Wish, Timestamp) {
        let minutes = i64::try_from(10 + self.chance.below(3 * 24 * 60)).expect("a few days");
        let at = self.now() + SignedDuration::from_mins(minutes);
        let at = at.in_tz("Europe/Berlin").expect("a zone");
        let at = at.round(jiff::Unit::Minute).expect("a minute");
        let wish = Wish {
            day: at.date().to_string(),
            time: at.strftime("%H:%M").to_string(),
            minutes: "45".to_owned(),
            zone: Some("Europe/Berlin".to_owned()),
        };
        (wish, at.timestamp())
    }

    async fn opens(&mut self) {
        let mut panel = BTreeSet::new();
        for _ in 0..=self.chance.below(3) {
            panel.insert(self.somebody());
        }
        let planned = (self.chance.below(3) == 0).then(|| self.wish());
        let opening = Opening {
            slug: Some(KitSlug::from("senior-backend")),
            candidate: Note::new(&format!("Candidate {}", self.loops.len())),
            panel: panel.iter().map(|who| self.user(*who)).collect(),
            channel: Some(ChannelId::from(self.hiring.id())),
            another_person: true,
            anybody: true,
            planned: planned.clone().map(|(wish, _)| Box::new(wish)),
            ..Opening::default()
        };
        self.notes(format!(
            "opens for {panel:?}, planned for {:?}",
            planned.as_ref().map(|it| it.1)
        ));
        let now = self.now();
        let (rita, hiring) = (self.rita.clone(), self.hiring.clone());
        let reply = self
            .slack
            .asks(&rita, &hiring, Request::Open(Box::new(opening)))
            .await;
        let Reply::Said(words) = &reply else {
            // The hour that comes twice is asked for anew.
            return self.that(planned.is_some(), || format!("{reply:?}"));
        };
        let code = words.0.iter().find_map(|word| match word {
            Word::Code(code) => Some(code.clone()),
            _ => None,
        });
        let seat = Seat {
            since: now,
            submitted: None,
            absent: false,
            comings: 0,
        };
        self.loops.push(Loop {
            code: code.expect("it is opened"),
            opened: now,
            stage: Stage::Open,
            panel: panel.into_iter().map(|who| (who, seat.clone())).collect(),
            planned: planned.map(|(_, at)| at),
            plans: 0,
        });
    }

    async fn submits(&mut self, place: usize) {
        let owing: Vec<usize> = (0..self.people.len())
            .filter(|who| self.people[*who].here && self.loops[place].owes(*who))
            .collect();
        let Some(who) = self.chance.one_of(&owing) else {
            return;
        };
        let submission = Submission {
            recommendation: Some(Recommendation::Yes),
            reason: Note::new("Knows the trade"),
            beside_the_kit: Note::default(),
            evidence: Vec::new(),
            rest_not_asked: true,
        };
        let now = self.now();
        let member = self.people[who].member.clone();
        let code = self.loops[place].code.clone();
        self.deed(&member, &code, Deed::Submit(Box::new(submission)))
            .await;
        let it = &mut self.loops[place];
        it.panel.get_mut(&who).expect("they owe").submitted = Some(now);
        it.may_be_revealed();
    }

    async fn sets_the_panel(&mut self, place: usize) {
        let now = self.now();
        let somebody = self.somebody();
        let mut panel = self.loops[place].panel.clone();
        let fresh = Seat {
            since: now,
            submitted: None,
            absent: false,
            comings: self.done.len(),
        };
        match panel.get(&somebody) {
            Some(seat) if seat.owes() => drop(panel.remove(&somebody)),
            Some(seat) if seat.submitted.is_some() => return,
            // They are put back, or come.
            _ => drop(panel.insert(somebody, fresh)),
        }
        let wanted: Vec<usize> = panel
            .iter()
            .filter(|(_, seat)| !seat.absent)
            .map(|(who, _)| *who)
            .collect();
        // Whoever has left cannot be named again, and somebody has to be.
        if wanted.is_empty() || wanted.iter().any(|who| !self.people[*who].here) {
            return;
        }
        let deed = Deed::SetPanel {
            users: wanted.iter().map(|who| self.user(*who)).collect(),
            shadows: Vec::new(),
            observers: Vec::new(),
            namesakes: Vec::new(),
            anyway: true,
        };
        let (rita, code) = (self.rita.clone(), self.loops[place].code.clone());
        self.deed(&rita, &code, deed).await;
        let it = &mut self.loops[place];
        it.panel = panel;
        it.may_be_revealed();
    }

    async fn was_not_there(&mut self, place: usize) {
        let owing: Vec<usize> = (0..self.people.len())
            .filter(|who| self.people[*who].here && self.loops[place].owes(*who))
            .collect();
        let Some(who) = self.chance.one_of(&owing) else {
            return;
        };
        let (member, code) = (
            self.people[who].member.clone(),
            self.loops[place].code.clone(),
        );
        self.deed(&member, &code, Deed::DidNotAttend).await;
        let it = &mut self.loops[place];
        it.panel.get_mut(&who).expect("they owe").absent = true;
        it.may_be_revealed();
    }

    async fn plans(&mut self, place: usize) {
        let (rita, code) = (self.rita.clone(), self.loops[place].code.clone());
        if self.loops[place].planned.is_some() && self.chance.below(3) == 0 {
            self.deed(&rita, &code, Deed::DropTime).await;
            self.loops[place].planned = None;
        } else {
            let (wish, at) = self.wish();
            let reply = self
                .deed(&rita, &code, Deed::SetTime { wish, at: None })
                .await;
            if matches!(reply, Reply::Refused(_)) {
                return;
            }
            self.loops[place].planned = Some(at);
        }
        self.loops[place].plans += 1;
    }

    async fn does_something(&mut self) {
        let open = self.of(Stage::Open);
        let some = self.chance.one_of(&open);
        let rita = self.rita.clone();
        match (self.chance.below(20), some) {
            (0..=3, _) | (_, None) => {
                if open.len() < OPEN {
                    self.opens().await;
                }
            }
            (4 | 5, Some(place)) => self.submits(place).await,
            (6, Some(place)) if self.chance.below(2) == 0 => self.was_not_there(place).await,
            (6, Some(place)) => self.submits(place).await,
            (7, Some(place)) => {
                let code = self.loops[place].code.clone();
                let reply = self.deed(&rita, &code, Deed::Reveal).await;
                if !matches!(reply, Reply::Refused(_)) {
                    self.loops[place].stage = Stage::Revealed;
                }
            }
            (8, Some(place)) => {
                let code = self.loops[place].code.clone();
                let reason = Note::default();
                self.deed(&rita, &code, Deed::Withdraw { reason }).await;
                self.loops[place].stage = Stage::Withdrawn;
            }
            (9, _) => {
                let withdrawn = self.of(Stage::Withdrawn);
                let Some(place) = self.chance.one_of(&withdrawn) else {
                    return;
                };
                let code = self.loops[place].code.clone();
                self.deed(&rita, &code, Deed::Reopen).await;
                self.loops[place].stage = Stage::Open;
                self.loops[place].may_be_revealed();
            }
            (10 | 11, Some(place)) => self.sets_the_panel(place).await,
            (12 | 13, Some(place)) => {
                let code = self.loops[place].code.clone();
                self.deed(&rita, &code, Deed::Nudge).await;
            }
            (14 | 15, Some(place)) => self.plans(place).await,
            (16 | 17, _) => {
                let who = self.somebody();
                let later = self.chance.one_of(&Later::ALL).expect("there are some");
                let member = self.people[who].member.clone();
                self.notes(format!("{} wants to be reminded {later:?}", member.name()));
                let direct = self.slack.direct_messages(&member);
                let reply = self
                    .slack
                    .asks(&member, &direct, Request::RemindLater(later))
                    .await;
                if matches!(reply, Reply::Said(_)) {
                    self.people[who].asked = true;
                }
            }
            (18, _) => {
                let who = self.somebody();
                let zone = self.chance.one_of(&ZONES).expect("there are some");
                let name = self.people[who].member.name().to_owned();
                self.notes(format!("{name} moves to {zone}"));
                zone.clone_into(&mut self.people[who].zone);
                let change = |it: &mut Person| zone.clone_into(&mut it.tz);
                self.slack.sim().change_person(&name, change).await;
                self.slack.settle().await;
            }
            _ => self.somebody_leaves_or_comes_back().await,
        }
    }

    async fn somebody_leaves_or_comes_back(&mut self) {
        let gone = (0..self.people.len()).find(|who| !self.people[*who].here);
        let who = gone.unwrap_or_else(|| self.somebody());
        let here = gone.is_some();
        self.people[who].here = here;
        let name = self.people[who].member.name().to_owned();
        self.notes(format!(
            "{name} {}",
            if here { "comes back" } else { "leaves" }
        ));
        let change = |it: &mut Person| it.deleted = !here;
        self.slack.sim().change_person(&name, change).await;
        self.slack.settle().await;
    }

    /// Lets time pass, mostly without trouble.
    async fn lives_on(&mut self, seconds: u64) {
        let by = Duration::from_secs(seconds);
        let post = || Some("chat.postMessage".to_owned());
        match self.chance.below(24) {
            0 => {
                self.notes("the bot is away");
                self.away = self.now() + SignedDuration::from_hours(9);
                self.slack.stops().await;
                self.slack.moves_on_by(by);
                self.slack.restarts().await;
            }
            1 => {
                self.notes("the bot is started anew");
                self.slack.lives_on(by).await;
                self.slack.restarts().await;
            }
            2 => {
                let steps = self.chance.below(60);
                self.notes(format!("the bot is killed after {steps} steps"));
                self.away = self.now() + SignedDuration::from_hours(9);
                self.losses += 1;
                self.slack.wakes_and_is_killed(by, steps).await;
            }
            3 => {
                self.notes("an answer is lost");
                let times = 1;
                let method = post();
                self.slack
                    .misbehaves(Misbehaviour::LoseAnswer { method, times });
                self.slack.lives_on(by).await;
            }
            4 => {
                self.notes("Slack asks to wait");
                self.away = self.now() + SignedDuration::from_hours(9);
                let (times, retry_after) = (2, 900);
                let method = post();
                self.slack.misbehaves(Misbehaviour::RateLimit {
                    method,
                    times,
                    retry_after,
                });
                self.slack.lives_on(by).await;
            }
            5 => {
                self.notes("Slack is down");
                self.away = self.now() + SignedDuration::from_hours(9);
                self.losses += 3;
                let times = 3;
                let method = post();
                self.slack
                    .misbehaves(Misbehaviour::ServerError { method, times });
                self.slack.lives_on(by).await;
            }
            _ => self.slack.lives_on(by).await,
        }
        self.slack.misbehaves(Misbehaviour::Behave);
    }
}

async fn a_month(slack: &Slack, seed: u64) {
    // Monday, 3 March 2025: the Americas, then Europe, then New Zealand change their clocks.
    let begins: Timestamp = "2025-03-03T06:00:00Z".parse().expect("a moment");
    let first = u64::try_from(begins.as_second() - slack.now()).expect("it is to come");
    slack.advance(Duration::from_secs(first)).await;
    let [rita] = slack.members(["rita"]);
    let names = ["ada", "ben", "cid", "dora", "eve", "finn"];
    let mut people = Vec::new();
    for (name, zone) in names.iter().zip(ZONES) {
        people.push(Somebody {
            member: slack.joins(Person::new(name, name).tz(zone)),
            zone: zone.to_owned(),
            here: true,
            seen: 0,
            reminded: None,
            asked: false,
        });
    }
    let hiring = slack.private_channel("#hiring");
    rita.types(&hiring, "/interview mine").await;
    for it in &people {
        it.member.types(&hiring, "/interview mine").await;
    }
    slack.rest_is_read();
    let mut walk = Walk {
        slack,
        chance: Chance(seed),
        rita,
        hiring,
        people,
        loops: Vec::new(),
        named: BTreeMap::new(),
        nudged: BTreeMap::new(),
        briefed: BTreeSet::new(),
        losses: 0,
        away: Timestamp::UNIX_EPOCH,
        done: vec![format!("seed {seed}")],
    };
    let until = walk.now() + Duration::from_secs(LIVES);
    while walk.now() < until {
        walk.does_something().await;
        walk.looks();
        let seconds = 300 + walk.chance.below(9 * HOUR);
        walk.lives_on(seconds).await;
        walk.looks();
    }
    slack.lives_on(Duration::from_secs(QUIET)).await;
    walk.looks();
    walk.ends();
    let reminders: usize = walk.named.values().sum();
    assert!(reminders > 30, "only {reminders} reminders came");
}

#[tokio::test]
async fn nobody_is_bothered_at_night_twice_or_for_what_is_over() {
    let seed: u64 = rand::random();
    for seed in [1, seed] {
        story(async |slack| a_month(slack, seed).await).await;
    }
}
