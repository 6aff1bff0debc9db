//! What is counted of a running bot, and how a scraper reads it: Prometheus' text. Which figure means what to an operator is in the README.
//!
//! Every label's values are written here, as the variants of a type or in a list of methods: nothing that arrives can make a new one.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the text is, for whoever asks over HTTP.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Where the ack's histogram is cut, in seconds; Slack waits for three.
const ACKS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0,
];
/// Where that of a commit is cut, in seconds.
const COMMITS: [f64; 11] = [
    0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0,
];
/// Where that of a call to Slack is cut, in seconds; a call may take ten.
const CALLS: [f64; 8] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Where that of a batch is cut, in commits; one has 1024 at most.
const BATCHES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

/// The methods of Slack's that are called, and the two places that Slack names for an answer and for a file.
const METHODS: [&str; 22] = [
    "apps.connections.open",
    "auth.test",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.info",
    "conversations.open",
    "files.completeUploadExternal",
    "files.delete",
    "files.getUploadURLExternal",
    "oauth.v2.access",
    "oauth.v2.exchange",
    RESPONSE_URL,
    UPLOAD,
    "usergroups.users.list",
    "users.info",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
];
/// How an answer to an interaction's own address is counted.
pub const RESPONSE_URL: &str = "response_url";
/// How the bytes of a file are counted.
pub const UPLOAD: &str = "upload";
/// How a method is counted that is not called.
const OTHER: &str = "other";

/// What sort of thing was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the variants are the labels")]
pub enum Kind {
    /// A slash command.
    command,
    /// A click or a choice.
    action,
    /// A form that was sent.
    submission,
    /// A form that was closed.
    closed,
    /// One of Slack's shortcuts, also those of a message.
    shortcut,
    /// A menu that asks for its options.
    suggestion,
    /// An event.
    event,
    /// Slack looks whether we are there.
    handshake,
    /// Nothing we have a use for.
    ignored,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the variants are the labels")]
pub enum Outcome {
    /// Done, or nothing was to be done.
    done,
    /// It was done before.
    repeated,
    /// A polite no.
    refused,
    /// It waits for what Slack has to tell.
    waiting,
    /// A button of another time.
    unknown,
    /// There was no room for it, and the person was told to try again.
    busy,
    /// Something broke on our side.
    failed,
}

/// Why a request was turned away before it was a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the variants are the labels")]
pub enum Reason {
    /// Its body is too large.
    too_large,
    /// Too much comes in at once.
    too_much,
    /// Its body did not come in time.
    too_slow,
    /// Its body broke off.
    broken,
    /// Neither a form nor JSON.
    unknown_form,
    /// Slack did not sign it, or not lately.
    not_signed,
    /// It is Slack's, and could not be read.
    unreadable,
}

/// What became of a call to Slack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the variants are the labels")]
pub enum Called {
    /// Slack did it.
    ok,
    /// Slack said no.
    refused,
    /// Slack asks to wait.
    rate_limited,
    /// An answer that is not Slack's usual one.
    garbled,
    /// No answer in time.
    timeout,
    /// Not reached, or cut off.
    unreachable,
}

/// Where a loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the variants are the labels")]
pub enum State {
    /// Scorecards are coming in.
    open,
    /// It waits for a decision.
    revealed,
    /// A person decided.
    decided,
    /// It stopped without a decision.
    withdrawn,
}

impl State {
    /// All of them, in the order in which [`OfStore::stands_at`] takes them.
    pub const ALL: [Self; 4] = [Self::open, Self::revealed, Self::decided, Self::withdrawn];
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Delivered {
    kind: Kind,
    outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TurnedAway {
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    method: &'static str,
    outcome: Called,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Method {
    method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: State,
}

type Seconds = Counter<f64, AtomicU64>;

/// What the edge to Slack counts. Clones count together.
#[derive(Clone, Debug)]
pub struct OfSlack {
    deliveries: Family<Delivered, Counter>,
    turned_away: Family<TurnedAway, Counter>,
    acks: Histogram,
    calls: Family<Call, Counter>,
    call_times: Histogram,
    paused: Family<Method, Seconds>,
    /// Until when each method rests, so that two answers which name the same pause are counted as one.
    rests_until: Arc<Mutex<HashMap<&'static str, Instant>>>,
    /// The last call got no answer that can be read.
    unanswered: Arc<AtomicBool>,
}

impl Default for OfSlack {
    fn default() -> Self {
        Self {
            deliveries: Family::default(),
            turned_away: Family::default(),
            acks: Histogram::new(ACKS),
            calls: Family::default(),
            call_times: Histogram::new(CALLS),
            paused: Family::default(),
            rests_until: Arc::default(),
            unanswered: Arc::default(),
        }
    }
}

impl OfSlack {
    /// A delivery was dealt with.
    pub fn delivered(&self, kind: Kind, outcome: Outcome) {
        self.deliveries
            .get_or_create(&Delivered { kind, outcome })
            .inc();
    }

    /// An acknowledgement took so long, from the arrival on.
    pub fn acknowledged(&self, took: Duration) {
        self.acks.observe(took.as_secs_f64());
    }

    /// A request was turned away.
    pub fn turned_away(&self, reason: Reason) {
        self.turned_away.get_or_create(&TurnedAway { reason }).inc();
    }

    /// A call to Slack came to its end.
    pub fn called(&self, method: &str, outcome: Called, took: Duration) {
        let method = known(method);
        self.calls.get_or_create(&Call { method, outcome }).inc();
        self.call_times.observe(took.as_secs_f64());
        let unanswered = match outcome {
            Called::ok | Called::refused | Called::rate_limited => false,
            Called::garbled | Called::timeout | Called::unreachable => true,
        };
        self.unanswered.store(unanswered, Ordering::Relaxed);
    }

    /// Whether the last call to Slack got no answer that can be read.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// Slack asks to wait so long with a method.
    pub fn asked_to_wait(&self, method: &str, after: Duration) {
        let method = known(method);
        let now = Instant::now();
        let mut rests = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let until = rests.entry(method).or_insert(now);
        let longer = (now + after).saturating_duration_since((*until).max(now));
        *until = (*until).max(now + after);
        let paused = self.paused.get_or_create(&Method { method });
        paused.inc_by(longer.as_secs_f64());
    }
}

fn known(method: &str) -> &'static str {
    METHODS
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or(OTHER)
}

/// What the store counts. Clones count together.
#[derive(Clone, Debug)]
pub struct OfStore {
    commits: Histogram,
    batches: Histogram,
    syncs: Histogram,
    loops: Family<InState, Gauge>,
}

impl Default for OfStore {
    fn default() -> Self {
        Self {
            commits: Histogram::new(COMMITS),
            batches: Histogram::new(BATCHES),
            syncs: Histogram::new(COMMITS),
            loops: Family::default(),
        }
    }
}

impl OfStore {
    /// A commit was answered after so long.
    pub fn committed(&self, took: Duration) {
        self.commits.observe(took.as_secs_f64());
    }

    /// A batch of so many commits was written and is on disk after so long.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a batch has 1024 commits at most"
    )]
    pub fn wrote(&self, commits: usize, took: Duration) {
        self.batches.observe(commits as f64);
        self.syncs.observe(took.as_secs_f64());
    }

    /// How many loops stand where, in the order of [`State::ALL`].
    pub fn stands_at(&self, loops: [u64; 4]) {
        for (state, count) in State::ALL.into_iter().zip(loops) {
            let gauge = self.loops.get_or_create(&InState { state });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
}

/// What is measured when somebody looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// How many posts are owed to Slack.
    pub parcels: usize,
    /// How old the oldest of them is.
    pub oldest_parcel: Duration,
    /// In how many workspaces this process sends what is owed, where several share a store.
    pub workspaces: usize,
    /// How many processes share the store.
    pub processes: usize,
    /// How many commits wait for the writer.
    pub commits_waiting: usize,
    /// How many deliveries wait for what Slack has to tell.
    pub deliveries_waiting: usize,
    /// How many things are in flight.
    pub under_way: usize,
    /// Whether all is well: what `/readyz` says.
    pub ready: bool,
    /// How many bugs broke something off since the process began.
    pub panics: u64,
}

/// All figures of one bot.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    parcels: Gauge,
    oldest_parcel: Gauge<f64, AtomicU64>,
    workspaces: Gauge,
    processes: Gauge,
    commits_waiting: Gauge,
    deliveries_waiting: Gauge,
    under_way: Gauge,
    ready: Gauge,
    panics: Counter,
}

impl Figures {
    /// The figures that these rooms count, and those of the moment at which somebody looks.
    #[must_use]
    pub fn new(slack: &OfSlack, store: &OfStore) -> Self {
        let mut all = Self {
            registry: Registry::with_prefix("interview"),
            parcels: Gauge::default(),
            oldest_parcel: Gauge::default(),
            workspaces: Gauge::default(),
            processes: Gauge::default(),
            commits_waiting: Gauge::default(),
            deliveries_waiting: Gauge::default(),
            under_way: Gauge::default(),
            ready: Gauge::default(),
            panics: Counter::default(),
        };
        all.register_slack(slack);
        all.register_store(store);
        all.register_moment();
        all
    }

    fn register_slack(&mut self, slack: &OfSlack) {
        let it = &mut self.registry;
        let what = "What Slack delivered, by what became of it";
        it.register("deliveries", what, slack.deliveries.clone());
        let what = "Requests that were turned away before they were a delivery";
        it.register("requests_turned_away", what, slack.turned_away.clone());
        let what = "From the arrival of a delivery to its acknowledgement";
        it.register_with_unit("ack", what, Unit::Seconds, slack.acks.clone());
        let what = "Calls to Slack's Web API, by what became of them";
        it.register("slack_calls", what, slack.calls.clone());
        let what = "How long a call to Slack took";
        it.register_with_unit("slack_call", what, Unit::Seconds, slack.call_times.clone());
        let what = "How long Slack asked to wait with a method, counted when it asks";
        it.register_with_unit("slack_paused", what, Unit::Seconds, slack.paused.clone());
    }

    fn register_store(&mut self, store: &OfStore) {
        let it = &mut self.registry;
        let what = "From handing a commit to the store until it is on disk";
        it.register_with_unit("commit", what, Unit::Seconds, store.commits.clone());
        let what = "How many commits were written at once";
        it.register("commit_batch_size", what, store.batches.clone());
        let what = "How long a batch took to be written, flushed and synced";
        it.register_with_unit("disk_sync", what, Unit::Seconds, store.syncs.clone());
        let what = "Loops, by where they stand";
        it.register("loops", what, store.loops.clone());
    }

    fn register_moment(&mut self) {
        let it = &mut self.registry;
        let what = "Posts owed to Slack";
        it.register("parcels_owed", what, self.parcels.clone());
        let what = "How long the oldest of them has been owed";
        let oldest = self.oldest_parcel.clone();
        it.register_with_unit("oldest_parcel", what, Unit::Seconds, oldest);
        let what = "Workspaces whose posts this process sends, where several share a database";
        it.register("mail_workspaces", what, self.workspaces.clone());
        let what = "Processes that share the store, as far as this one knows";
        it.register("processes", what, self.processes.clone());
        let what = "Commits that wait for the writer";
        it.register("commits_waiting", what, self.commits_waiting.clone());
        let what = "Deliveries that wait for what Slack has to tell of people and channels";
        it.register("deliveries_waiting", what, self.deliveries_waiting.clone());
        let what = "What is in flight, of all kinds";
        it.register("under_way", what, self.under_way.clone());
        let what = "Whether /readyz answers with 200";
        it.register("ready", what, self.ready.clone());
        let what = "Bugs that broke something off";
        it.register("panics", what, self.panics.clone());
    }

    /// What a scraper reads: the counts, and what was measured just now.
    #[must_use]
    pub fn text(&self, moment: &Moment) -> String {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.parcels.set(count(moment.parcels));
        self.oldest_parcel.set(moment.oldest_parcel.as_secs_f64());
        self.workspaces.set(count(moment.workspaces));
        self.processes.set(count(moment.processes));
        self.commits_waiting.set(count(moment.commits_waiting));
        let waiting = count(moment.deliveries_waiting);
        self.deliveries_waiting.set(waiting);
        self.under_way.set(count(moment.under_way));
        self.ready.set(moment.ready.into());
        let more = moment.panics.saturating_sub(self.panics.get());
        self.panics.inc_by(more);
        let mut text = String::new();
        // A string takes everything.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_nobody_knows_makes_no_label() {
        let slack = OfSlack::default();
        for hostile in ["chat.evil", "a\"} 1\nx{y=\"", "Jane Doe"] {
            slack.called(hostile, Called::ok, Duration::ZERO);
            slack.asked_to_wait(hostile, Duration::from_secs(1));
        }
        let text = Figures::new(&slack, &OfStore::default()).text(&Moment::default());
        assert!(
            text.contains("interview_slack_calls_total{method=\"other\",outcome=\"ok\"} 3\n"),
            "{text}"
        );
        assert!(!text.contains("evil") && !text.contains("Jane"), "{text}");
    }

    #[test]
    fn a_pause_that_is_named_twice_is_counted_once() {
        let slack = OfSlack::default();
        for _ in 0..5 {
            slack.asked_to_wait("chat.update", Duration::from_secs(1000));
        }
        slack.asked_to_wait("chat.update", Duration::from_secs(1));
        let method = "chat.update";
        let paused = slack.paused.get_or_create(&Method { method }).get();
        assert!((1000.0..1999.0).contains(&paused), "{paused}");
    }

    #[test]
    fn every_figure_is_there_before_anything_happened_and_says_what_it_is() {
        let store = OfStore::default();
        store.stands_at([3, 2, 1, 0]);
        let moment = Moment {
            parcels: 2,
            oldest_parcel: Duration::from_millis(1500),
            ready: true,
            ..Moment::default()
        };
        let text = Figures::new(&OfSlack::default(), &store).text(&moment);
        for line in [
            "interview_parcels_owed 2",
            "interview_oldest_parcel_seconds 1.5",
            "interview_loops{state=\"open\"} 3",
            "interview_loops{state=\"withdrawn\"} 0",
            "interview_ready 1",
            "interview_panics_total 0",
            "interview_ack_seconds_count 0",
            "interview_commit_batch_size_count 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
