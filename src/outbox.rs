//! Delivers what is owed to Slack: draws it when it is sent, folds many changes into one call, keeps Slack's pace. What it says is drawn by `slack::screens`.
//!
//! Slack has no idempotency key, so the attempt is recorded before a message is posted. A loop's post, debrief or decision whose
//! call was cut off is sent again; a direct message is not.

use crate::app::scene::{Address, Addressed, Due};
use crate::app::{App, Fault, UnderWay};
use crate::domain::event::{Post, PostResult, Trouble};
use crate::domain::ids::{ChannelId, MessageTs, WorkspaceId};
use crate::slack::client::{Client, Outgoing};
use crate::slack::connector::CallError;
use crate::slack::screens::{self, Drawn};
use crate::store::Parcel;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One message a second in a channel (<https://docs.slack.dev/reference/methods/chat.postMessage>).
const POST_EVERY: SignedDuration = SignedDuration::from_millis(1050);
/// `chat.update` is of tier 3, fifty a minute in a workspace (<https://docs.slack.dev/apis/web-api/rate-limits>).
const UPDATE_EVERY: SignedDuration = SignedDuration::from_millis(1250);
/// The first pause after a failure; each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
/// Five minutes: Slack's longer troubles last hours.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// How many calls run at once.
const AT_ONCE: usize = 16;

type Key = (WorkspaceId, Post);

/// How many posts are owed, for whoever waits until none is. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Owed(Arc<AtomicUsize>);

impl Owed {
    /// The number of posts that are not delivered yet.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A post that waits.
#[derive(Default)]
struct Entry {
    not_before: Option<Timestamp>,
    failures: u32,
    in_flight: bool,
    /// Owed anew while it was in flight.
    again: bool,
}

/// What became of one call.
struct Ended {
    key: Key,
    parcel: Parcel,
    outcome: Result<(ChannelId, MessageTs), CallError>,
    updated: bool,
    to: Address,
}

/// The outbox of one process.
pub struct Outbox {
    app: App,
    client: Client,
    owed: Owed,
    entries: BTreeMap<Key, Entry>,
    /// When the next call may begin: by workspace and method, and by workspace and channel.
    free_at: HashMap<(WorkspaceId, String), Timestamp>,
    calls: FuturesUnordered<BoxFuture<'static, Ended>>,
    under_way: Option<UnderWay>,
}

impl Outbox {
    /// An outbox that sends through this client.
    #[must_use]
    pub fn new(app: App, client: Client) -> Self {
        Self {
            app,
            client,
            owed: Owed::default(),
            entries: BTreeMap::new(),
            free_at: HashMap::new(),
            calls: FuturesUnordered::new(),
            under_way: None,
        }
    }

    /// How many posts are owed, from outside.
    #[must_use]
    pub fn owed(&self) -> Owed {
        self.owed.clone()
    }

    /// Takes up what an earlier process left: what may be sent twice is sent, what may not and was begun is given up.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_up(&mut self) -> Result<(), Fault> {
        self.under_way = Some(self.app.activity().begin());
        for parcel in self.app.parcels().await? {
            let begun = parcel
                .attempt
                .as_ref()
                .is_some_and(|attempt| !attempt.is_empty());
            if begun && !parcel.post.is_kept_true() {
                tracing::warn!("a direct message whose sending was cut off is not sent again");
                self.app.observe(&parcel, &PostResult::Dropped).await?;
            } else {
                self.entries
                    .insert((parcel.workspace, parcel.post), Entry::default());
            }
        }
        self.count();
        Ok(())
    }

    fn count(&self) {
        self.owed.0.store(self.entries.len(), Ordering::SeqCst);
    }

    /// Delivers until the process ends.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn run(mut self) -> Result<(), Fault> {
        loop {
            let next = self.send_what_is_due().await?;
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
                (posts, under_way) = app.newly_owed() => {
                    self.under_way = self.under_way.take().or(under_way);
                    for key in posts {
                        let entry = self.entries.entry(key).or_default();
                        entry.again = entry.in_flight;
                    }
                }
                Some(ended) = self.calls.next(), if busy => self.ended(ended).await?,
                () = wake => self.under_way = Some(self.app.activity().begin()),
            }
        }
    }

    /// Begins every call whose time has come. Returns when the next one's will.
    async fn send_what_is_due(&mut self) -> Result<Option<Timestamp>, Fault> {
        let mut next: Option<Timestamp> = None;
        let mut later =
            |moment: Timestamp| next = Some(next.map_or(moment, |other| other.min(moment)));
        let keys: Vec<Key> = self.entries.keys().cloned().collect();
        for key in keys {
            let now = self.app.clock().now();
            let Some(entry) = self.entries.get(&key) else {
                continue;
            };
            if entry.in_flight || self.calls.len() >= AT_ONCE {
                continue;
            }
            if let Some(moment) = entry.not_before
                && moment > now
            {
                later(moment);
                continue;
            }
            if let Some(moment) = self.send(&key, now).await? {
                later(moment);
            }
        }
        Ok(next)
    }

    /// Begins one call, or tells when it may begin.
    async fn send(&mut self, key: &Key, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
        let (workspace, post) = key;
        // The parcel first, then the state: what changes in between owes it anew.
        let Some(parcel) = self.app.parcel(workspace, post).await? else {
            self.entries.remove(key);
            return Ok(None);
        };
        let addressed = match self.app.due(workspace, post).await? {
            Due::Send(addressed) => addressed,
            Due::Drop => {
                self.app.observe(&parcel, &PostResult::Dropped).await?;
                self.entries.remove(key);
                return Ok(None);
            }
            Due::After(first) => {
                let first = (workspace.clone(), first);
                if !self.entries.contains_key(&first) {
                    self.app.owe_anew(&first.0, first.1).await?;
                }
                return Ok(Some(self.postpone(key, now, None)));
            }
        };
        if let Some(moment) = self.paced(workspace, &addressed, now) {
            return Ok(Some(moment));
        }
        let attempt = format!("{:016x}", rand::random::<u64>());
        if addressed.standing.is_none() && !self.app.attempt(&parcel, &attempt).await? {
            // Owed anew between reading and recording: read again at once.
            return Ok(Some(now));
        }
        if let Some(entry) = self.entries.get_mut(key) {
            entry.in_flight = true;
            entry.again = false;
        }
        self.calls.push(Box::pin(call(
            self.client.clone(),
            key.clone(),
            parcel,
            *addressed,
            attempt,
        )));
        Ok(None)
    }

    /// Takes a place in Slack's pace, or tells when there will be one.
    fn paced(
        &mut self,
        workspace: &WorkspaceId,
        addressed: &Addressed,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let method = (workspace.clone(), method_of(addressed).to_owned());
        let channel = (workspace.clone(), name_of(&addressed.to));
        let updates = addressed.standing.is_some();
        let blocked = [Some(&method), (!updates).then_some(&channel)]
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
        if updates {
            self.free_at.insert(method, now + UPDATE_EVERY);
        } else {
            self.free_at.insert(channel, now + POST_EVERY);
        }
        None
    }

    /// Puts a post off after a failure, with chance in it.
    fn postpone(
        &mut self,
        key: &Key,
        now: Timestamp,
        at_least: Option<SignedDuration>,
    ) -> Timestamp {
        let entry = self.entries.entry(key.clone()).or_default();
        let longest = FIRST_PAUSE
            .checked_mul(1 << entry.failures.min(9))
            .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE));
        entry.failures += 1;
        let pause =
            SignedDuration::from_secs_f64(longest.as_secs_f64() * rand::random_range(0.5..1.0));
        let moment = now + pause.max(at_least.unwrap_or(SignedDuration::ZERO));
        entry.not_before = Some(moment);
        moment
    }

    /// Takes in what became of a call.
    async fn ended(&mut self, ended: Ended) -> Result<(), Fault> {
        let Ended {
            key,
            parcel,
            outcome,
            updated,
            to,
        } = ended;
        let now = self.app.clock().now();
        let again = self.entries.get_mut(&key).is_some_and(|entry| {
            entry.in_flight = false;
            std::mem::take(&mut entry.again)
        });
        let result = match outcome {
            Ok((channel, ts)) => PostResult::Standing { channel, ts },
            Err(CallError::RateLimited { after }) => {
                let after = SignedDuration::try_from(after).unwrap_or(LONGEST_PAUSE);
                let method = if updated { UPDATE } else { POST };
                tracing::info!(method, seconds = after.as_secs(), "Slack asks to wait");
                self.free_at
                    .insert((key.0.clone(), method.to_owned()), now + after);
                self.app.attempt(&parcel, "").await?;
                return Ok(());
            }
            Err(error) => match meaning(&error, updated, &key.1, &to) {
                Meaning::Later => {
                    tracing::warn!(%error, "a post has to wait");
                    self.postpone(&key, now, None);
                    if !error.maybe_done() {
                        self.app.attempt(&parcel, "").await?;
                    } else if !key.1.is_kept_true() {
                        tracing::warn!("a direct message may have been sent; it is not sent again");
                        self.app.observe(&parcel, &PostResult::Dropped).await?;
                        self.entries.remove(&key);
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
                    self.postpone(&key, now, None);
                    return Ok(());
                }
            },
        };
        self.app.observe(&parcel, &result).await?;
        if again {
            if let Some(entry) = self.entries.get_mut(&key) {
                *entry = Entry::default();
            }
        } else {
            self.entries.remove(&key);
        }
        Ok(())
    }
}

const POST: &str = "chat.postMessage";
const UPDATE: &str = "chat.update";

fn method_of(addressed: &Addressed) -> &'static str {
    if addressed.standing.is_some() {
        UPDATE
    } else {
        POST
    }
}

fn name_of(to: &Address) -> String {
    match to {
        Address::Channel(channel) => channel.to_string(),
        Address::Person(user) => user.to_string(),
    }
}

/// Draws a post and sends it.
async fn call(
    client: Client,
    key: Key,
    parcel: Parcel,
    addressed: Addressed,
    attempt: String,
) -> Ended {
    let Drawn { text, blocks } = screens::draw_post(&addressed.scene);
    let channel = name_of(&addressed.to);
    let updated = addressed.standing.is_some();
    let outcome = match addressed.standing {
        Some(ts) => client
            .update_message(&channel, ts.as_str(), &text, &blocks, None)
            .await
            .map(|()| (ChannelId(channel), ts)),
        None => {
            let message = Outgoing {
                channel,
                thread_ts: addressed.thread.map(|ts| ts.0),
                text,
                blocks,
                metadata: Some((
                    "interview_post".to_owned(),
                    BTreeMap::from([("attempt".to_owned(), attempt)]),
                )),
            };
            client
                .post_message(&message)
                .await
                .map(|posted| (ChannelId(posted.channel), MessageTs(posted.ts)))
        }
    };
    Ended {
        key,
        parcel,
        outcome,
        updated,
        to: addressed.to,
    }
}

/// What an error means for a post.
enum Meaning {
    /// Try again.
    Later,
    /// That is how it is now.
    Became(PostResult),
    /// The thread's first message is gone.
    RootGone,
}

fn meaning(error: &CallError, updated: bool, post: &Post, to: &Address) -> Meaning {
    use Trouble::{Archived, Forbidden, NotInChannel, Rejected};
    let stuck = |trouble| Meaning::Became(PostResult::Stuck(trouble));
    if !error.is_permanent() {
        return Meaning::Later;
    }
    let code = error.code().unwrap_or_default();
    match code {
        "message_not_found" | "cant_update_message" | "edit_window_closed" | "block_mismatch"
            if updated =>
        {
            Meaning::Became(PostResult::Gone)
        }
        "thread_not_found" | "cannot_reply_to_message" | "message_not_found"
            if matches!(post, Post::Debrief(_) | Post::Decision(_)) =>
        {
            Meaning::RootGone
        }
        _ if matches!(to, Address::Person(_)) => Meaning::Became(PostResult::Dropped),
        "is_archived" | "is_inactive" => stuck(Archived),
        "not_in_channel" | "channel_not_found" => stuck(NotInChannel),
        code if code.starts_with("restricted_action")
            || matches!(
                code,
                "ekm_access_denied" | "no_permission" | "access_denied"
            ) =>
        {
            stuck(Forbidden)
        }
        _ => stuck(Rejected),
    }
}
