//! Tells a story: the bot and a pretend Slack over real sockets, people with the verbs they have, and what they read.
//!
//! A story finds things by their labels and fails at its end on anything Slack forbids, on a post still owed, on an error in the log,
//! on a candidate's name in the log or in a panic's words, and on a message of the bot's that nobody read.

mod bot;
mod card;
pub mod chance;
pub mod cluster;
mod form;
pub mod hands;
pub mod installs;
mod log;
mod places;
pub mod postgres;
pub mod program;
mod scorecard;
pub mod told;
mod watch;

pub use card::Card;
pub use places::{Member, Place};
pub use scorecard::submits;

use bot::Running;
use interview_assistant::clock::Clock;
use interview_assistant::config::Installing;
use interview_assistant::simulator::{
    Channel, Misbehaviour, Pace, Person, STEPPED_START, Simulator, Workspace,
};
use interview_assistant::start::pretend_setup;
use jiff::Timestamp;
use log::Log;
use postgres::Server;
use secrecy::SecretString;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// `insta::assert_snapshot!` for text that is told again over the other transport.
macro_rules! assert_snapshot {
    ($text:expr, @$snapshot:literal) => {
        let text = &$text;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @$snapshot) }
    };
}
pub(crate) use assert_snapshot;

/// How payloads reach the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Socket Mode.
    Sockets,
    /// Signed HTTP.
    Http,
}

/// Tells a story over Socket Mode.
pub async fn story(tell: impl AsyncFn(&Slack)) {
    story_over(Transport::Sockets, tell).await;
}

/// Tells the same story over each transport.
pub async fn on_both(tell: impl AsyncFn(&Slack)) {
    story_over(Transport::Sockets, &tell).await;
    story_over(Transport::Http, &tell).await;
}

/// Tells a story over each transport, with a PostgreSQL database as the store; where there is no server, nothing is told.
pub async fn on_postgres(tell: impl AsyncFn(&Slack)) {
    for transport in [Transport::Sockets, Transport::Http] {
        let Some(server) = Server::shared() else {
            return;
        };
        let url = server.url(&server.database());
        let slack = Slack::start(transport, Log::start(), Some(SecretString::from(url))).await;
        tell(&slack).await;
        slack.ends(transport).await;
    }
}

/// With `STORY_STORE=postgres`, all stories are told on a database of their own.
fn database_of_every_story() -> Option<SecretString> {
    #[expect(clippy::disallowed_methods, reason = "it is the tests' own setting")]
    let asked = std::env::var_os("STORY_STORE").is_some_and(|it| it == "postgres");
    let server = asked.then(Server::shared)??;
    Some(SecretString::from(server.url(&server.database())))
}

/// Tells a story over one transport.
pub async fn story_over(transport: Transport, tell: impl AsyncFn(&Slack)) {
    let log = Log::start();
    let slack = Slack::start(transport, log, database_of_every_story()).await;
    tell(&slack).await;
    slack.ends(transport).await;
}

/// A workspace with the bot in it, for one story. Clones are the same one.
#[derive(Clone)]
pub struct Slack(Rc<Inner>);

struct Inner {
    sim: Simulator,
    clock: Clock,
    transport: Transport,
    folder: Rc<tempfile::TempDir>,
    /// Every workspace that the bot serves.
    all: Rc<RefCell<Vec<Simulator>>>,
    /// What it takes to be installed by many workspaces; none: there is one.
    installing: Rc<RefCell<Option<Installing>>>,
    /// The database that is the store; none: the folder is.
    database: Option<SecretString>,
    running: Rc<RefCell<Option<Running>>>,
    log: Rc<Log>,
    /// Channel and ts of the messages somebody read.
    read: RefCell<BTreeSet<(String, String)>>,
    members: RefCell<Vec<String>>,
    shown_to_all: RefCell<BTreeSet<String>>,
    /// What the log must not hold.
    confidential: RefCell<Vec<String>>,
    /// A folder of kits; none: those that come with the bot.
    kits: RefCell<Option<PathBuf>>,
    /// How many deliveries the bot handles at once; none: as many as it thinks right.
    at_once: Cell<Option<usize>>,
    rest_is_read: Cell<bool>,
    held: Cell<bool>,
    /// Errors in the log are expected, and panics.
    breaks: Cell<bool>,
}

/// Candidates, evidence and reasons that the stories use: none of it belongs into a log.
const CONFIDENTIAL: [&str; 6] = [
    "Jane Doe",
    "Sam Okafor",
    "Kim Lee",
    "Knows the trade",
    "noted something",
    "what I heard",
];
/// How often time may be moved on before the bot must owe nothing.
const TURNS: usize = 300;
/// How long, by the real clock, the bot may be busy with one thing.
const PATIENCE: Duration = Duration::from_secs(60);

impl Slack {
    async fn start(transport: Transport, log: Log, database: Option<SecretString>) -> Self {
        let slack = Self::without_the_bot(transport, log, database).await;
        slack.starts_the_bot().await;
        slack
    }

    async fn without_the_bot(
        transport: Transport,
        log: Log,
        database: Option<SecretString>,
    ) -> Self {
        let workspace = Workspace::new("T0STORY", "Northwind");
        let sim = Simulator::start(pretend_setup(workspace, Pace::Stepped))
            .await
            .expect("a port is free");
        let start = Timestamp::from_second(STEPPED_START).expect("it is a time");
        Self(Rc::new(Inner {
            all: Rc::new(RefCell::new(vec![sim.clone()])),
            sim,
            clock: Clock::held(start),
            transport,
            folder: Rc::new(tempfile::tempdir().expect("a folder can be made")),
            installing: Rc::default(),
            database,
            running: Rc::default(),
            log: Rc::new(log),
            read: RefCell::default(),
            members: RefCell::default(),
            shown_to_all: RefCell::default(),
            confidential: RefCell::new(CONFIDENTIAL.map(str::to_owned).to_vec()),
            kits: RefCell::new(None),
            at_once: Cell::new(None),
            rest_is_read: Cell::new(false),
            held: Cell::new(false),
            breaks: Cell::new(false),
        }))
    }

    /// The pretend Slack itself, for what people have no verbs for.
    pub fn sim(&self) -> &Simulator {
        &self.0.sim
    }

    /// Adds people.
    pub fn members<const N: usize>(&self, names: [&str; N]) -> [Member; N] {
        names.map(|name| self.joins(Person::new(name, name)))
    }

    /// Adds somebody.
    pub fn joins(&self, person: Person) -> Member {
        let name = person.name.clone();
        let id = self.sim().add_person(person);
        self.0.members.borrow_mut().push(name.clone());
        Member::new(self, &name, &id)
    }

    fn with_everybody(&self, channel: Channel) -> Channel {
        let members = self.0.members.borrow();
        channel.with(members.iter().map(String::as_str)).with_bot()
    }

    /// Adds a private channel with everybody and the bot in it.
    pub fn private_channel(&self, name: &str) -> Place {
        self.channel(self.with_everybody(Channel::private(name)))
    }

    /// Adds a public channel with everybody and the bot in it.
    pub fn public_channel(&self, name: &str) -> Place {
        self.channel(self.with_everybody(Channel::public(name)))
    }

    /// Adds a channel as it is described.
    pub fn channel(&self, channel: Channel) -> Place {
        Place::new(&self.sim().add_channel(channel))
    }

    /// A channel by its name.
    pub fn place(&self, name: &str) -> Place {
        Place::new(&Channel::private(name).id)
    }

    /// The bot's messages in a channel, as somebody sees them, oldest first.
    pub fn copies(&self, of: &Member, place: &Place) -> Vec<Card> {
        let posts = self.sim().messages(of.name(), place.id());
        let posts = posts.iter().filter(|post| post.is_bot && !post.ephemeral);
        posts.map(|post| Card::of_message(of, post)).collect()
    }

    /// Somebody's direct messages with the bot.
    pub fn direct_messages(&self, of: &Member) -> Place {
        Place::new(&self.sim().dm(of.name()).expect("members have one"))
    }

    /// Now, by the story's clock, in unix seconds.
    pub fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }

    /// Moves time on, for Slack and for the bot, and lets the bot do what is due then.
    pub async fn advance(&self, by: Duration) {
        self.moves_on(by);
        self.woken_begin().await;
        self.settle().await;
    }

    /// Lets time pass as it does: from one moment at which the bot wakes to the next, until so much has gone by.
    pub async fn lives_on(&self, by: Duration) {
        let until = self.0.clock.now() + by;
        loop {
            // Whoever was woken begins, and counts as in flight from then on.
            for _ in 0..3 {
                self.idle().await;
                for _ in 0..4 {
                    tokio::task::yield_now().await;
                }
            }
            self.idle().await;
            let now = self.0.clock.now();
            let next = self.0.clock.next_waking().filter(|next| *next < until);
            let wait = next.unwrap_or(until).duration_since(now);
            if wait.is_zero() {
                break;
            }
            self.moves_on(Duration::try_from(wait).unwrap_or_default());
        }
        self.settle().await;
    }

    /// Lets time pass until the bot wakes, if it does before so much has gone by, and kills it then after so many of its steps.
    pub async fn wakes_and_is_killed(&self, by: Duration, steps: u64) {
        let until = self.0.clock.now() + by;
        self.idle().await;
        let next = self.0.clock.next_waking().filter(|next| *next < until);
        let wait = next.unwrap_or(until).duration_since(self.0.clock.now());
        self.moves_on(Duration::try_from(wait).unwrap_or_default());
        for _ in 0..steps {
            tokio::task::yield_now().await;
        }
        self.kills().await;
    }

    /// Moves time on without the bot: it is stopped.
    pub fn moves_on_by(&self, by: Duration) {
        self.moves_on(by);
    }

    /// Whoever was woken begins, and counts as in flight from then on.
    async fn woken_begin(&self) {
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }

    /// The clock of the bot's machine is set back; Slack's goes on as before.
    pub async fn sets_back(&self, by: Duration) {
        self.0.clock.set_back(by);
        self.woken_begin().await;
        self.idle().await;
    }

    fn moves_on(&self, by: Duration) {
        self.0.all.borrow().iter().for_each(|sim| sim.advance(by));
        self.0.clock.advance(by);
    }

    /// From the next start of the bot on, these kits are served.
    pub fn uses_kits(&self, folder: &Path) {
        self.0.kits.replace(Some(folder.to_owned()));
    }

    /// From the next start of the bot on, it handles so many deliveries at once.
    pub fn takes_at_once(&self, most: usize) {
        self.0.at_once.set(Some(most));
    }

    /// Whether Slack ever had to refuse a call because there were too many.
    pub fn was_overrun(&self) -> bool {
        self.sim().calls().iter().any(|call| call.status == 429)
    }

    /// Misbehaves from now on, or at once.
    pub fn misbehaves(&self, how: Misbehaviour) {
        self.sim().misbehave(how);
    }

    /// Lets time stand still: posts that Slack's pace puts off pile up until [`Slack::goes_on`].
    pub fn stands_still(&self) {
        self.0.held.set(true);
    }

    /// Ends [`Slack::stands_still`].
    pub async fn goes_on(&self) {
        self.0.held.set(false);
        self.settle().await;
    }

    /// Waits until the bot has nothing to do, moving time on where it waits for time.
    pub async fn settle(&self) {
        for _ in 0..TURNS {
            self.idle().await;
            self.notes_what_is_shown();
            if self.owed() == 0 || self.0.held.get() {
                return;
            }
            if let Some(moment) = self.0.clock.next_waking() {
                let wait = moment.duration_since(self.0.clock.now());
                self.moves_on(Duration::try_from(wait).unwrap_or_default());
            }
            self.woken_begin().await;
        }
        panic!(
            "{} posts are still owed after {TURNS} turns\n{}",
            self.owed(),
            self.0.log.text()
        );
    }

    /// What else the bot wrote was read by somebody outside of this story.
    pub fn rest_is_read(&self) {
        self.0.rest_is_read.set(true);
    }

    /// A bug is met at the so manieth reading of the bot's clock from now on, and says these words; `None`: no more. Tells whether the one
    /// before was not met.
    pub fn meets_a_bug(&self, reading: Option<(u32, &str)>) -> bool {
        self.0.breaks.set(true);
        self.0.clock.break_at(reading)
    }

    /// This must not be in the log.
    pub fn is_confidential(&self, text: &str) {
        self.0.confidential.borrow_mut().push(text.to_owned());
    }

    /// What the bot logged so far.
    pub fn log(&self) -> String {
        self.0.log.text()
    }

    fn reads(&self, channel: &str, ts: &str) {
        self.0
            .read
            .borrow_mut()
            .insert((channel.to_owned(), ts.to_owned()));
    }
}
