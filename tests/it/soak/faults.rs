//! What goes wrong meanwhile: each kind in turn, in a random order, at random moments.

use super::model::is_there;
use super::{Lives, Soak};
use crate::harness::chance::Chance;
use crate::harness::program::{Program, Start};
use interview_assistant::simulator::Misbehaviour;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Kill,
    Stop,
    DropSockets,
    RefreshSockets,
    Limited,
    Down,
    Hangs,
    LosesAnswers,
    Doubles,
    Slow,
}

const ALL: [Fault; 10] = [
    Fault::Kill,
    Fault::Stop,
    Fault::DropSockets,
    Fault::RefreshSockets,
    Fault::Limited,
    Fault::Down,
    Fault::Hangs,
    Fault::LosesAnswers,
    Fault::Doubles,
    Fault::Slow,
];
const METHODS: [&str; 4] = [
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "response_url",
];

impl Fault {
    /// The process ends.
    fn is_deadly(self) -> bool {
        matches!(self, Self::Kill | Self::Stop)
    }

    /// A message may be sent twice, or be lost.
    fn leaves_doubt(self) -> bool {
        matches!(
            self,
            Self::Kill | Self::Stop | Self::Hangs | Self::LosesAnswers | Self::Down
        )
    }
}

/// The program, and what befalls it.
pub struct Life<'a> {
    soak: &'a Soak,
    data: &'a Path,
    pub bot: Program,
    since: Instant,
    chance: Chance,
    deck: Vec<Fault>,
    decks: u32,
    pub happened: Vec<Fault>,
    /// How often a message may have been doubled or lost.
    pub doubts: usize,
    /// When, how old the process was, and what it had in memory.
    pub resident: Vec<(Duration, Duration, u64)>,
}

impl<'a> Life<'a> {
    pub async fn begins(soak: &'a Soak, data: &'a Path, seed: u64) -> Self {
        Self {
            bot: start(soak, data).starts().await,
            soak,
            data,
            since: Instant::now(),
            chance: Chance(seed),
            deck: Vec::new(),
            decks: 0,
            happened: Vec::new(),
            doubts: 0,
            resident: Vec::new(),
        }
    }

    /// Looks how the process is.
    pub fn looks(&mut self) {
        let ended = self.bot.ended();
        assert_eq!(ended, None, "{}", self.bot.log());
        if let Some(resident) = self.bot.resident() {
            let (at, age) = (self.soak.began.elapsed(), self.since.elapsed());
            self.resident.push((at, age, resident));
        }
    }

    /// The next of the deck, which has each kind once; in a long run the process is left alone for most of the decks.
    fn next(&mut self) -> Fault {
        if self.deck.is_empty() {
            let spared = !self.decks.is_multiple_of(self.soak.deadly_every);
            self.deck = ALL
                .into_iter()
                .filter(|it| !(spared && it.is_deadly()))
                .collect();
            self.decks += 1;
        }
        let place = self.chance.below(self.deck.len() as u64);
        self.deck
            .swap_remove(usize::try_from(place).expect("a place"))
    }

    async fn happens(&mut self, fault: Fault) {
        self.happened.push(fault);
        self.doubts += usize::from(fault.leaves_doubt());
        let method = || METHODS.map(|it| Some(it.to_owned()));
        let method = self.chance.one_of(&method()).expect("there are some");
        let slack = &self.soak.slack;
        let times = 1 + u32::try_from(self.chance.below(3)).expect("few");
        let order = match fault {
            Fault::Kill => return self.dies().await,
            Fault::Stop => return self.is_stopped().await,
            Fault::DropSockets | Fault::RefreshSockets => {
                slack.advance(Duration::from_secs(61));
                if fault == Fault::DropSockets {
                    Misbehaviour::DropSockets
                } else {
                    Misbehaviour::RefreshSockets
                }
            }
            Fault::Limited => {
                let retry_after = 1 + self.chance.below(2);
                Misbehaviour::RateLimit {
                    method,
                    times,
                    retry_after,
                }
            }
            Fault::Down => Misbehaviour::ServerError { method, times },
            Fault::Hangs => {
                let performs = self.chance.below(2) == 0;
                Misbehaviour::Hang {
                    method,
                    times: 1,
                    performs,
                }
            }
            Fault::LosesAnswers => Misbehaviour::LoseAnswer { method, times },
            Fault::Doubles => Misbehaviour::DuplicateDeliveries(self.chance.below(2) == 0),
            Fault::Slow => {
                let millis = self.chance.below(3) * 70;
                Misbehaviour::Slow { millis }
            }
        };
        slack.misbehave(order);
    }

    async fn dies(&mut self) {
        self.bot.is_killed();
        self.soak.slack.disconnected().await;
        self.is_found_and_goes_on().await;
    }

    pub async fn is_stopped(&mut self) {
        let status = self.bot.is_stopped().await;
        assert_eq!(status.code(), Some(0), "{}", self.bot.log());
        self.soak.slack.disconnected().await;
        self.is_found_and_goes_on().await;
    }

    async fn is_found_and_goes_on(&mut self) {
        let log = self.bot.log();
        assert!(!log.contains("ERROR") && !log.contains("panicked"), "{log}");
        // The last dozen are what may be under way; all are looked at in the end.
        let told = self.soak.told.lock().expect("no panic").clone();
        let late = told.len().saturating_sub(12);
        is_there(self.data, &told[late..]).await;
        self.soak.slack.advance(Duration::from_secs(61));
        self.bot = start(self.soak, self.data).starts().await;
        self.since = Instant::now();
    }
}

impl Lives for Life<'_> {
    async fn goes_wrong(&mut self, over: &AtomicBool) {
        while !over.load(Ordering::SeqCst) {
            let pause = 200 + self.chance.below(900);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.looks();
            let fault = self.next();
            self.happens(fault).await;
        }
    }

    async fn settles(&mut self) {
        self.bot.settles().await;
    }

    fn doubts(&self) -> usize {
        self.doubts
    }
}

fn start<'a>(soak: &'a Soak, data: &'a Path) -> Start<'a> {
    Start {
        moved: true,
        ..Start::new(&soak.slack, data)
    }
}
