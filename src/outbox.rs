//! Delivers what is owed to Slack: draws it when it is sent, folds many changes into one call, keeps Slack's pace. What it says is drawn by `slack::screens`.
//!
//! Slack has no idempotency key, so the attempt is recorded before a message is posted. A loop's post, debrief or decision whose
//! call was cut off is sent again; a direct message is not. Of several processes on one store, one handles a workspace's posts: see `mail`.

mod doing;
mod entries;
mod mail;
mod meaning;

use self::doing::{Doing, Standing};
use self::entries::{Entries, earlier};
use self::mail::Mail;
use self::meaning::{Left, Meaning, left, meaning};
use crate::app::scene::Due;
use crate::app::{App, Fault, UnderWay, away};
use crate::clock::SetBack;
use crate::crash;
use crate::domain::erasure::Sent;
use crate::domain::event::{Post, PostResult};
use crate::domain::ids::WorkspaceId;
use crate::slack::client::NoToken;
use crate::slack::clients::Clients;
use crate::slack::connector::{CallError, Unreached};
use crate::store::Parcel;
use crate::telemetry::chain;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use tracing::{Instrument, Span};

/// One message a second in a channel (<https://docs.slack.dev/reference/methods/chat.postMessage>).
const POST_EVERY: SignedDuration = SignedDuration::from_millis(1050);
/// `chat.update`, `chat.delete` and `files.delete` are of tier 3, fifty a minute each in a workspace
/// (<https://docs.slack.dev/apis/web-api/rate-limits>).
const CHANGE_EVERY: SignedDuration = SignedDuration::from_millis(1250);
/// The first pause after a failure; each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
/// Five minutes: Slack's longer troubles last hours.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// How long nothing is sent to a workspace in which the app is not installed, before it is looked whether it is again.
const MUTE_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How many calls run at once.
const AT_ONCE: usize = 16;

type Key = (WorkspaceId, Post);

/// How many posts are owed, for whoever waits until none is. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Owed(Arc<OwedInner>);

#[derive(Debug, Default)]
struct OwedInner {
    count: AtomicUsize,
    /// Since when the oldest is, in microseconds; of no meaning while there is none.
    oldest: AtomicI64,
    /// In how many workspaces this process sends what is owed.
    workspaces: AtomicUsize,
}

impl Owed {
    /// The number of posts that are not delivered yet.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count.load(Ordering::SeqCst)
    }

    /// In how many workspaces this process sends what is owed; none where no other process could.
    #[must_use]
    pub fn workspaces(&self) -> usize {
        self.0.workspaces.load(Ordering::SeqCst)
    }

    /// Since when the oldest of them is owed.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        let oldest = Timestamp::from_microsecond(self.0.oldest.load(Ordering::SeqCst));
        oldest.ok().filter(|_| self.count() > 0)
    }
}

/// When a parcel was put into the store: its stamp is that moment, or a little later.
fn since(parcel: &Parcel) -> Option<Timestamp> {
    Timestamp::from_nanosecond(parcel.stamp).ok()
}

/// What becomes of a post that was looked at.
enum Next {
    /// Its call runs.
    InFlight,
    /// It is looked at again then: Slack's pace, or a pause after a failure.
    At(Timestamp),
    /// Its own time comes then.
    Rests(Timestamp),
    /// Nothing is owed any more.
    Gone,
}

/// What became of one call.
#[derive(Clone)]
struct Ended {
    key: Key,
    parcel: Parcel,
    outcome: Result<Standing, CallError>,
    doing: Doing,
}

/// The outbox of one process.
pub struct Outbox {
    app: App,
    clients: Clients,
    owed: Owed,
    entries: Entries,
    mail: Mail,
    /// When the next call may begin: by workspace and method, and by workspace and channel.
    free_at: HashMap<(WorkspaceId, String), Timestamp>,
    calls: FuturesUnordered<BoxFuture<'static, Ended>>,
    /// What became of calls and is not in the store yet.
    unkept: VecDeque<Ended>,
    /// The store was away: there may be more in it than we were told.
    looks_again: bool,
    under_way: Option<UnderWay>,
    set_back: SetBack,
}

impl Outbox {
    /// An outbox that sends through these clients.
    #[must_use]
    pub fn new(app: App, clients: Clients) -> Self {
        Self {
            app,
            clients,
            owed: Owed::default(),
            entries: Entries::default(),
            mail: Mail::default(),
            free_at: HashMap::new(),
            calls: FuturesUnordered::new(),
            unkept: VecDeque::new(),
            looks_again: false,
            under_way: None,
            set_back: SetBack::default(),
        }
    }

    /// How many posts are owed, from outside.
    #[must_use]
    pub fn owed(&self) -> Owed {
        self.owed.clone()
    }

    fn count(&self) {
        if let Some((since, _)) = self.entries.awaited.first() {
            let oldest = since.as_microsecond();
            self.owed.0.oldest.store(oldest, Ordering::SeqCst);
        }
        let count = self.entries.awaited.len();
        self.owed.0.count.store(count, Ordering::SeqCst);
        let workspaces = self.mail.workspaces();
        self.owed.0.workspaces.store(workspaces, Ordering::SeqCst);
    }

    /// Delivers until the process ends.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn run(mut self) -> Result<(), Fault> {
        let mut returned = self.app.store_returned();
        loop {
            let next = match self.go_on().await {
                Err(fault) if fault.passes() => {
                    self.looks_again = true;
                    away::wait_for_it(&fault).await;
                    continue;
                }
                next => next?,
            };
            self.count();
            // What only waits for its time is not in flight.
            let busy = !self.calls.is_empty();
            if !busy {
                self.under_way = None;
            }
            let clock = self.app.clock().clone();
            let app = self.app.clone();
            let wake = async {
                match next {
                    Some(moment) => clock.sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                (news, under_way) = app.newly_owed() => {
                    self.under_way = self.under_way.take().or(under_way);
                    self.takes_in(news);
                }
                () = self.mail.rests() => {
                    self.under_way.get_or_insert_with(|| self.app.activity().begin());
                }
                Some(ended) = self.calls.next(), if busy => self.unkept.push_back(ended),
                Ok(()) = returned.changed() => self.looks_again = true,
                () = wake => self.under_way = Some(self.app.activity().begin()),
            }
        }
    }

    /// Keeps what became of calls, then begins those whose time has come. Where the store is away, nothing of it is forgotten.
    async fn go_on(&mut self) -> Result<Option<Timestamp>, Fault> {
        self.see_to_the_mail().await?;
        while let Some(ended) = self.unkept.front().cloned() {
            self.kept(ended).await?;
            self.unkept.pop_front();
        }
        if self.looks_again {
            self.look_again().await?;
            self.looks_again = false;
        }
        self.send_what_is_due().await
    }

    /// Begins every call whose time has come. Returns when the next one's will.
    async fn send_what_is_due(&mut self) -> Result<Option<Timestamp>, Fault> {
        let now = self.app.clock().now();
        if let Some(by) = self.set_back.since_then(now) {
            tracing::warn!(seconds = by.as_secs(), "the clock was set back");
            self.entries.set_back(by, now);
            for moment in self.free_at.values_mut() {
                *moment = earlier(*moment, by);
            }
        }
        while self.calls.len() < AT_ONCE {
            let now = self.app.clock().now();
            if self.mail.is_due() {
                // First it is seen to whose mail is handled here, however much there is to do.
                return Ok(Some(now));
            }
            let Some(key) = self.entries.next(now) else {
                let next = self.entries.queue.first();
                return Ok(next.map(|(moment, _)| *moment));
            };
            let next = match self.send(&key, now).await {
                Err(fault) if fault.is_anothers() => {
                    self.loses(&key.0);
                    continue;
                }
                Err(fault) if fault.is_local() => {
                    // One that cannot be read is no reason to send no other.
                    tracing::error!(error = chain(&fault), "a post cannot be sent");
                    Next::At(self.postpone(&key, now))
                }
                next => next.inspect_err(|_| {
                    // Not begun: it keeps its place.
                    self.entries.put(&key, now, false);
                })?,
            };
            match next {
                Next::InFlight => {}
                Next::At(moment) => self.entries.put(&key, moment, false),
                Next::Rests(moment) => self.entries.put(&key, moment, true),
                Next::Gone => drop(self.entries.remove(&key)),
            }
        }
        // The end of a call makes room.
        Ok(None)
    }

    /// Begins one call, or tells what becomes of the post instead.
    async fn send(&mut self, key: &Key, now: Timestamp) -> Result<Next, Fault> {
        let (workspace, post) = key;
        // The parcel first, then the state: what changes in between owes it anew.
        let Some(mut parcel) = self.app.parcel(workspace, post).await? else {
            return Ok(Next::Gone);
        };
        parcel.lease = self.mail.lease(workspace);
        self.entries.read(key, parcel.stamp);
        let client = self.clients.of(workspace).await;
        // What is erased needs nobody to speak to.
        let speaks = *post != Post::Retention;
        match client.cannot_speak().filter(|_| speaks) {
            Some(NoToken::Away) => return Ok(Next::At(self.postpone(key, now))),
            // Installed here it is stirred; elsewhere, it is seen then.
            Some(NoToken::NotInstalled | NoToken::Sealed) => {
                return Ok(Next::Rests(now + MUTE_FOR));
            }
            None => {}
        }
        let due = AssertUnwindSafe(self.app.due(workspace, post)).catch_unwind();
        let Ok(due) = due.await else {
            // A bug in one post is no reason to send no other, now and after a restart.
            return Ok(Next::At(self.postpone(key, now)));
        };
        let addressed = match due? {
            Due::Send(addressed) => addressed,
            Due::TakeBack(sent) => {
                let doing = Doing::TakesBack(sent.clone());
                if let Some(moment) = self.paced(workspace, &doing, now) {
                    return Ok(Next::At(moment));
                }
                crash::at_one("outbox.due", post);
                self.begins(key, parcel, doing, now, doing::take_back(client, sent));
                return Ok(Next::InFlight);
            }
            Due::Later(moment) => return Ok(Next::Rests(moment)),
            Due::Drop => {
                self.app.observe(&parcel, &PostResult::Dropped).await?;
                return Ok(Next::Gone);
            }
            Due::After(first) => {
                let first = (workspace.clone(), first);
                if !self.entries.by_key.contains_key(&first) {
                    self.app.owe_anew(&first.0, first.1).await?;
                }
                return Ok(Next::At(self.postpone(key, now)));
            }
        };
        let doing = Doing::of(&addressed);
        if let Some(moment) = self.paced(workspace, &doing, now) {
            return Ok(Next::At(moment));
        }
        crash::at_one("outbox.due", post);
        let attempt = format!("{:016x}", rand::random::<u64>());
        if addressed.standing.is_none()
            && !self.app.attempt(&parcel, &attempt, addressed.as_of).await?
        {
            // Owed anew between reading and recording: read again at once.
            return Ok(Next::At(now));
        }
        crash::at_one("outbox.attempted", post);
        let sending = doing::send(client, *addressed, attempt);
        self.begins(key, parcel, doing, now, sending);
        Ok(Next::InFlight)
    }

    /// Begins a call. A bug in it ends this call, and no other.
    fn begins(
        &mut self,
        key: &Key,
        parcel: Parcel,
        doing: Doing,
        now: Timestamp,
        call: impl Future<Output = Result<Standing, CallError>> + Send + 'static,
    ) {
        let because = self.entries.begin(key, now);
        let key = key.clone();
        let call = async move {
            let outcome = AssertUnwindSafe(call).catch_unwind().await;
            let broken_off = Err(CallError::Unreachable(Unreached::Unsendable));
            crash::at_one("outbox.called", &key.1);
            Ended {
                key,
                parcel,
                outcome: outcome.unwrap_or(broken_off),
                doing,
            }
        };
        self.calls.push(Box::pin(call.instrument(because)));
    }

    /// Takes a place in Slack's pace, or tells when there will be one.
    fn paced(
        &mut self,
        workspace: &WorkspaceId,
        doing: &Doing,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let method = (workspace.clone(), doing.method().to_owned());
        let channel = doing.adds_to().map(|to| (workspace.clone(), to));
        let taken_over = (workspace.clone(), String::new());
        let names = [Some(&method), channel.as_ref(), Some(&taken_over)];
        let blocked = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.free_at.get(name))
            .filter(|moment| **moment > now)
            .max()
            .copied();
        if blocked.is_some() {
            return blocked;
        }
        if self.free_at.len() > 1000 {
            self.free_at.retain(|_, moment| *moment > now);
        }
        match channel {
            None => self.free_at.insert(method, now + CHANGE_EVERY),
            Some(channel) => self.free_at.insert(channel, now + POST_EVERY),
        };
        None
    }

    /// When a post that failed is tried again, with chance in it.
    fn postpone(&mut self, key: &Key, now: Timestamp) -> Timestamp {
        let Some(entry) = self.entries.by_key.get_mut(key) else {
            return now;
        };
        let longest = FIRST_PAUSE
            .checked_mul(1 << entry.failures.min(9))
            .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE));
        entry.failures += 1;
        let pause =
            SignedDuration::from_secs_f64(longest.as_secs_f64() * rand::random_range(0.5..1.0));
        now + pause
    }

    /// Puts a post that failed back into the queue.
    fn again_later(&mut self, key: &Key, now: Timestamp) {
        let moment = self.postpone(key, now);
        self.entries.put(key, moment, false);
    }

    /// Takes in what became of a call, unless the post is another process's business by now.
    async fn kept(&mut self, ended: Ended) -> Result<(), Fault> {
        let (workspace, post) = ended.key.clone();
        let lease = ended.parcel.lease;
        let updated = matches!(ended.doing, Doing::Updates(_));
        if self.mail.lease(&workspace) == lease {
            match self.ended(ended).await {
                Err(fault) if fault.is_anothers() => self.loses(&workspace),
                ended => return ended,
            }
        }
        tracing::warn!("a post was sent by two processes, maybe");
        if updated {
            // An old picture may have come after a newer one. Of what is posted anew, the attempt is recorded.
            self.app.owe_anew(&workspace, post).await?;
        }
        Ok(())
    }

    /// Takes in what became of a call.
    async fn ended(&mut self, ended: Ended) -> Result<(), Fault> {
        let Ended {
            key,
            parcel,
            outcome,
            doing,
        } = ended;
        let now = self.app.clock().now();
        let again = self.entries.by_key.get_mut(&key).is_some_and(|entry| {
            entry.in_flight = false;
            std::mem::take(&mut entry.again)
        });
        if let Err(CallError::RateLimited { after }) = outcome {
            let after = SignedDuration::try_from(after).unwrap_or(LONGEST_PAUSE);
            let method = doing.method();
            tracing::info!(method, seconds = after.as_secs(), "Slack asks to wait");
            self.free_at
                .insert((key.0.clone(), method.to_owned()), now + after);
            self.app.not_attempted(&parcel).await?;
            self.entries.put(&key, now, false);
            return Ok(());
        }
        let (to, updated) = match doing {
            Doing::TakesBack(sent) => return self.took_back(&key, &parcel, &sent, outcome).await,
            Doing::Posts(to) => (to, false),
            Doing::Updates(to) => (to, true),
        };
        let result = match outcome {
            Ok(None) => PostResult::Dropped,
            Ok(Some((channel, ts))) => PostResult::Standing { channel, ts },
            Err(error) => match meaning(&error, updated, &key.1, &to) {
                Meaning::Later => {
                    tracing::warn!(%error, "a post has to wait");
                    self.again_later(&key, now);
                    if !error.maybe_done() {
                        self.app.not_attempted(&parcel).await?;
                    } else if !key.1.is_kept_true() {
                        tracing::warn!("a message may have been sent; it is not sent again");
                        self.entries.remove(&key);
                        self.app.observe(&parcel, &PostResult::Dropped).await?;
                    }
                    return Ok(());
                }
                Meaning::Became(result) => {
                    tracing::warn!(%error, "a post could not be delivered");
                    result
                }
                Meaning::RootGone => {
                    let code = key.1.code().cloned();
                    if let Some(code) = code {
                        let root = Parcel {
                            post: Post::Loop(code),
                            ..parcel.clone()
                        };
                        self.app.observe(&root, &PostResult::Gone).await?;
                    }
                    self.again_later(&key, now);
                    return Ok(());
                }
            },
        };
        let entry = self.entries.remove(&key);
        self.app.observe(&parcel, &result).await?;
        crash::at_one("outbox.observed", &parcel.post);
        if again {
            let because = entry.map_or_else(Span::none, |entry| entry.because);
            self.entries.owe(key, now, because);
        }
        Ok(())
    }

    /// Takes in what became of something that was to be taken back.
    async fn took_back(
        &mut self,
        key: &Key,
        parcel: &Parcel,
        sent: &Sent,
        outcome: Result<Standing, CallError>,
    ) -> Result<(), Fault> {
        let trouble = match outcome.map_err(|error| (left(&error), error)) {
            Ok(_) | Err((Left::Gone, _)) => None,
            Err((Left::Stays(trouble), error)) => {
                tracing::warn!(%error, "a message of an erased loop could not be taken back");
                Some(trouble)
            }
            Err((Left::Later, error)) => {
                tracing::warn!(%error, "a message of an erased loop is taken back later");
                self.again_later(key, self.app.clock().now());
                return Ok(());
            }
        };
        // What follows is owed by this.
        self.entries.remove(key);
        self.app.taken_back(parcel, sent, trouble).await?;
        crash::at_one("outbox.observed", &parcel.post);
        Ok(())
    }
}
