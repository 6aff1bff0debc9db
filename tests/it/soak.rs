//! Day after day of a team's work while everything goes wrong: nothing that anybody was told is lost, every debrief is right, nothing is sent twice
//! that may not be, and memory does not grow. `SOAK_MINUTES` makes it as long as that; it is most of a minute otherwise.

mod faults;
pub mod model;
pub mod people;

use crate::harness::hands::Hands;
use crate::harness::program::{folder, until};
use faults::Life;
use futures_util::future::join_all;
use interview_assistant::simulator::{
    Channel, MessageSeen, Misbehaviour, Pace, Person, Simulator, Workspace,
};
use interview_assistant::start::pretend_setup;
use model::{TEAM, Told, is_there};
use people::Somebody;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub const NAMES: [&str; 5] = ["rita", "ada", "ben", "cid", "dora"];
const DAY: i64 = 24 * 3600;
const MIB: u64 = 1 << 20;
/// How long it runs where nothing else is said.
const SHORT: Duration = Duration::from_secs(30);
/// From this length on it lasts long enough to tell whether memory grows.
const LONG: Duration = Duration::from_secs(240);

/// What the program lives through while people work.
pub trait Lives {
    /// One thing after the other goes wrong, until it is over.
    async fn goes_wrong(&mut self, over: &AtomicBool);
    /// Waits until everything is done and sent.
    async fn settles(&mut self);
    /// How often a message may have been doubled or lost so far.
    fn doubts(&self) -> usize;
}

/// What all of them share.
pub struct Soak {
    pub slack: Simulator,
    pub told: Mutex<Vec<Told>>,
    pub began: Instant,
    /// In which decks of faults there is one that ends the process: every one, or every so many.
    pub deadly_every: u32,
    /// When something was acknowledged, and how long that took.
    acks: Mutex<Vec<(Duration, Duration)>>,
}

impl Soak {
    /// People at work in a pretend Slack.
    pub async fn begins(long: bool) -> Self {
        let people = NAMES.map(|name| Person::new(name, name).tz("UTC"));
        let workspace = people
            .into_iter()
            .fold(Workspace::new(TEAM, "Northwind"), Workspace::person);
        let slack = Simulator::start(pretend_setup(workspace, Pace::Live))
            .await
            .expect("a port is free");
        Self {
            slack,
            told: Mutex::default(),
            began: Instant::now(),
            deadly_every: if long { 6 } else { 1 },
            acks: Mutex::default(),
        }
    }

    /// How often something was acknowledged.
    pub fn answers(&self) -> usize {
        self.acks.lock().expect("no panic").len()
    }

    pub fn acknowledged(&self, began: Instant) {
        let mut acks = self.acks.lock().expect("no panic");
        acks.push((self.began.elapsed(), began.elapsed()));
    }

    /// Moves the clock on to the next working day, to this second of it.
    fn moves_to(&self, second_of_day: i64) {
        let now = self.slack.now_millis() / 1000;
        let mut day = now / DAY + 1;
        // The first day of 1970 was a Thursday.
        while matches!((day + 4) % 7, 0 | 6) {
            day += 1;
        }
        let wait = day * DAY + second_of_day - now;
        let wait = u64::try_from(wait).expect("it is to come");
        self.slack.advance(Duration::from_secs(wait));
    }

    /// How many direct messages with these words somebody has.
    fn directs(&self, name: &str, words: &[&str]) -> usize {
        let place = self.slack.dm(name).expect("everybody has them");
        let posts = Hands::new(&self.slack, name, &place).posts(words[0]);
        let is_one = |text: String| words.iter().all(|it| text.contains(it));
        posts.iter().filter(|it| is_one(it.rendered())).count()
    }
}

/// Two days of work in a channel of its own.
pub struct Shift<'a> {
    soak: &'a Soak,
    number: u64,
    seed: u64,
    channel: String,
    /// Where its loops begin in what everybody was told.
    first: usize,
}

impl<'a> Shift<'a> {
    pub fn begins(soak: &'a Soak, number: u64, seed: u64) -> Self {
        let channel = format!("hiring-{number}");
        let channel = Channel::private(&channel).with(NAMES).with_bot();
        let mut told = soak.told.lock().expect("no panic");
        let first = told.len();
        let panels: [&[&str]; 3] = [&["ada", "ben"], &["cid", "dora", "ada"], &["ben", "dora"]];
        for (place, panel) in panels.into_iter().enumerate() {
            told.push(Told {
                name: format!("Candidate {number} {}x", ["Alpha", "Beta", "Gamma"][place]),
                panel: panel.to_vec(),
                ..Told::default()
            });
        }
        drop(told);
        Self {
            channel: soak.slack.add_channel(channel),
            soak,
            number,
            seed,
            first,
        }
    }

    fn somebody(&self, name: &'static str) -> Somebody<'a> {
        let salt = name.bytes().map(u64::from).sum::<u64>() + self.number * 1009;
        Somebody::new(self.soak, name, &self.channel, self.seed.wrapping_add(salt))
    }

    /// Three are opened and scored. Two are decided; of the third somebody owes a scorecard.
    async fn first_day(&self) {
        let rita = self.somebody("rita");
        rita.types("/interview digest 11:00 daily").await;
        for which in 0..3 {
            rita.opens(self.first + which).await;
        }
        let [alpha, beta, gamma] = [0, 1, 2].map(|it| self.first + it);
        let work: [(&str, &[usize]); 4] = [
            ("ada", &[alpha, beta]),
            ("ben", &[gamma, alpha]),
            ("cid", &[beta]),
            ("dora", &[beta]),
        ];
        let all = work.map(async |(name, loops)| {
            let mut somebody = self.somebody(name);
            for which in loops {
                somebody.scores(*which, 8).await;
                somebody.submits(*which).await;
            }
        });
        join_all(all).await;
        if !self.number.is_multiple_of(2) {
            rita.reveals(gamma).await;
        }
        rita.decides(alpha).await;
        rita.decides(beta).await;
    }

    /// The digest comes, and whoever owes is reminded; the last scorecard comes in.
    async fn second_day(&self) {
        let gamma = self.first + 2;
        let mut dora = self.somebody("dora");
        dora.scores(gamma, 4).await;
        dora.submits(gamma).await;
        let rita = self.somebody("rita");
        rita.decides(gamma).await;
        rita.types("/interview digest off").await;
    }

    /// Somebody works, and things go wrong.
    async fn through(&self, life: &mut impl Lives, work: impl Future<Output = ()>) {
        let over = AtomicBool::new(false);
        let work = async {
            work.await;
            over.store(true, Ordering::SeqCst);
        };
        tokio::join!(work, life.goes_wrong(&over));
        // What is left of it is over, and everything comes to rest.
        self.soak.slack.misbehave(Misbehaviour::Behave);
        self.soak.slack.connected().await;
        life.settles().await;
    }

    fn rita(&self) -> Hands {
        Hands::new(&self.soak.slack, "rita", &self.channel)
    }

    /// What everybody sees of it in the end.
    fn holds(&self, doubts: usize) {
        let all = self.soak.told.lock().expect("no panic").clone();
        let few = 1..=1 + doubts;
        for told in &all[self.first..self.first + 3] {
            let name = &told.name;
            let posts = self.rita().posts_of(name);
            assert!(
                few.contains(&posts.len()),
                "{} copies of {name}",
                posts.len()
            );
            let post = posts.last().map(MessageSeen::rendered).unwrap_or_default();
            assert!(told.decided && post.contains("Decided: Hire"), "{post}");
            let size = told.panel.len();
            let all_in = format!("{size} of {size} scorecards in");
            assert!(post.contains(&all_in), "{post}");
            let thread = self.somebody("rita").thread(name);
            let texts: Vec<String> = thread.iter().map(MessageSeen::rendered).collect();
            let debriefs: Vec<&String> = texts
                .iter()
                .filter(|it| it.starts_with("Debrief · "))
                .collect();
            assert!(few.contains(&debriefs.len()), "{name}: {texts:?}");
            let last = debriefs.last().expect("there is one");
            assert!(last.contains(name), "{last}");
            if !told.early {
                let count = format!("{size} scorecards");
                let yes = format!("Recommendation: {size} Yes");
                assert!(last.contains(&count) && last.contains(&yes), "{last}");
            }
            for person in &told.panel {
                let words = ["You are on the panel", name];
                let invited = self.soak.directs(person, &words);
                let fewest = usize::from(doubts == 0);
                assert!(
                    (fewest..=1).contains(&invited),
                    "{person}, {name}: {invited}"
                );
            }
        }
    }

    /// Both days.
    pub async fn is_worked(&self, life: &mut impl Lives) {
        self.soak.moves_to(10 * 3600);
        let before = life.doubts();
        self.through(life, self.first_day()).await;
        let reminded = self.soak.directs("dora", &["still to come:"]);
        self.soak.moves_to(12 * 3600);
        // Every other time nothing goes wrong until they are there.
        let digests = || self.rita().posts("Interviews here").len();
        if self.number.is_multiple_of(2) {
            until("the digest", || (digests() > 0).then_some(())).await;
            until("the reminder", || {
                (self.soak.directs("dora", &["still to come:"]) > reminded).then_some(())
            })
            .await;
        }
        self.through(life, self.second_day()).await;
        // Whoever submits first is not reminded any more, and a digest that is off does not come.
        let fewest = usize::from(self.number.is_multiple_of(2));
        assert!((fewest..=1).contains(&digests()), "{} digests", digests());
        let reminders = self.soak.directs("dora", &["still to come:"]) - reminded;
        assert!(
            (fewest..=1).contains(&reminders),
            "{reminders} reminders a day"
        );
        self.holds(life.doubts() - before);
    }
}

/// How long it shall be, in minutes under this name; a while, where nothing is said.
#[expect(
    clippy::disallowed_methods,
    reason = "how tests are run is said to the tests"
)]
pub fn length(name: &str) -> Duration {
    let minutes = std::env::var(name).ok();
    let minutes = minutes.and_then(|it| it.parse::<f64>().ok());
    minutes.map_or(SHORT, |it| Duration::from_secs_f64(it * 60.0))
}

/// Of each third of the run: what is asked of the part of these that fall into it.
fn thirds<T>(all: &[(Duration, T)], length: Duration, of: impl Fn(Vec<&T>) -> u64) -> [u64; 3] {
    [0, 1, 2].map(|third| {
        let within = all.iter().filter(|(at, _)| {
            at.as_millis() * 3 / length.as_millis().max(1) == third || (third == 2 && *at >= length)
        });
        of(within.map(|(_, it)| it).collect())
    })
}

fn percentile(mut all: Vec<&Duration>, per_mille: usize) -> u64 {
    all.sort_unstable();
    let place = all.len() * per_mille / 1000;
    let found = all.get(place.min(all.len().saturating_sub(1)));
    found.map_or(0, |it| u64::try_from(it.as_micros()).unwrap_or(u64::MAX))
}

async fn soaks(seed: u64, length: Duration) {
    let (_folder, data) = folder();
    let soak = Soak::begins(length >= LONG).await;
    let mut life = Life::begins(&soak, &data, seed).await;
    let mut shifts = 0;
    while soak.began.elapsed() < length || shifts < 2 {
        Shift::begins(&soak, shifts, seed)
            .is_worked(&mut life)
            .await;
        shifts += 1;
    }
    life.is_stopped().await;
    life.bot.is_killed();
    soak.slack.disconnected().await;
    let told = soak.told.lock().expect("no panic").clone();
    is_there(&data, &told).await;
    assert_eq!(soak.slack.breaches(), [""; 0]);
    soak.slack.stop();

    let length = soak.began.elapsed();
    let acks = soak.acks.lock().expect("no panic").clone();
    let resident: Vec<(Duration, u64)> = life.resident.iter().map(|it| (it.0, it.2)).collect();
    let most = thirds(&resident, length, |all| {
        all.into_iter().max().map_or(0, |it| it / MIB)
    });
    let oldest = life
        .resident
        .iter()
        .map(|it| it.1)
        .max()
        .unwrap_or_default();
    println!(
        "{} s, {shifts} shifts, {} loops, {} acknowledged, {} faults: {:?}",
        length.as_secs(),
        told.len(),
        acks.len(),
        life.happened.len(),
        count(&life.happened),
    );
    println!(
        "resident at most, by thirds, in MiB: {most:?}; the oldest process was {} s old",
        oldest.as_secs()
    );
    for (name, per_mille) in [("p50", 500), ("p99", 990), ("p99.9", 999)] {
        let by_thirds = thirds(&acks, length, |all| percentile(all, per_mille));
        println!("acknowledged within, by thirds, in microseconds: {name} {by_thirds:?}");
    }
    if length >= LONG {
        let [_, middle, last] = most;
        assert!(last <= middle + middle / 5 + 8, "memory grows: {most:?}");
    }
}

/// How often each happened.
fn count(happened: &[faults::Fault]) -> Vec<(faults::Fault, usize)> {
    let mut counted: Vec<(faults::Fault, usize)> = Vec::new();
    for fault in happened {
        match counted.iter_mut().find(|it| it.0 == *fault) {
            Some(it) => it.1 += 1,
            None => counted.push((*fault, 1)),
        }
    }
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_of_work_through_everything_that_goes_wrong_lose_nothing_and_double_nothing() {
    let seed = rand::random();
    println!("seed {seed}");
    Box::pin(soaks(seed, length("SOAK_MINUTES"))).await;
}
