//! Whose posts this process sends: everybody's where the store is its own, else those of the workspaces whose mail it has a lease on.
//!
//! So there is one sender a workspace, and everything that is one at a time stays so: Slack's pace, folding, a digest, a reminder. What is owed
//! here and sent elsewhere is told there. Whatever is told may be lost where a process dies; so now and then the store is looked into.

use super::{Outbox, POST_EVERY, since};
use crate::app::{App, Fault, News, Owing};
use crate::domain::event::{Post, PostResult};
use crate::domain::ids::WorkspaceId;
use crate::store::{Holding, Lease, Parcel, Word};
use crate::telemetry::chain;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};
use tracing::Span;

/// How often a lease is renewed: several times before it ends.
const RENEWS_EVERY: Duration = Duration::from_secs(3);
/// How soon it is asked again where something is free in a moment, or something was.
const SOON: Duration = Duration::from_millis(200);
/// How long a start waits for what a process before it has left behind and is not free yet.
const WAITS: Duration = Duration::from_secs(15);
/// How often the store is looked into for what nobody has told of.
const LOOKS_EVERY: Duration = Duration::from_secs(15);
/// How many workspaces are remembered as another process's.
const REMEMBERED: usize = 10_000;

/// What is handled here.
#[derive(Default)]
pub(super) struct Mail {
    /// None: everything.
    these: Option<BTreeMap<WorkspaceId, Lease>>,
    /// Until when that holds.
    until: Option<Instant>,
    /// When it is asked for next.
    asks_at: Option<Instant>,
    /// When the store is looked into next.
    looks_at: Option<Instant>,
    /// There were other processes then.
    had_peers: bool,
    /// Workspaces that were another process's when they were asked for.
    of_others: HashSet<WorkspaceId>,
    /// What is owed in workspaces that are not handled here, and on whose account.
    strays: Vec<(WorkspaceId, Option<Post>, Span)>,
    /// Workspaces in which there may be something of which nobody told.
    to_look_into: BTreeSet<WorkspaceId>,
    /// The same of all of them.
    looks_everywhere: bool,
}

impl Mail {
    /// Under which lease a workspace's mail is handled here, if under any.
    pub(super) fn lease(&self, workspace: &WorkspaceId) -> Option<Lease> {
        self.these.as_ref()?.get(workspace).copied()
    }

    fn is_ours(&self, workspace: &WorkspaceId) -> bool {
        let these = self.these.as_ref();
        these.is_none_or(|these| these.contains_key(workspace))
    }

    pub(super) fn workspaces(&self) -> usize {
        self.these.as_ref().map_or(0, BTreeMap::len)
    }

    /// Whether it is time to ask whose mail is handled here; before that, nothing is begun.
    pub(super) fn is_due(&self) -> bool {
        let now = Instant::now();
        let is_past = |moment: Option<Instant>| moment.is_some_and(|moment| moment <= now);
        is_past(self.asks_at) || is_past(self.until)
    }

    /// Waits until then.
    pub(super) async fn rests(&self) {
        match self.asks_at {
            Some(moment) => tokio::time::sleep_until(moment.into()).await,
            None => std::future::pending().await,
        }
    }
}

impl Outbox {
    /// Takes up what an earlier process left: what may be sent twice is sent, what may not and was begun is given up.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_up(&mut self) -> Result<(), Fault> {
        self.under_way = Some(self.app.activity().begin());
        let began = Instant::now();
        while self.asks_whose().await? && began.elapsed() < WAITS {
            tokio::time::sleep(SOON).await;
        }
        if self.mail.these.is_none() {
            for parcel in self.app.parcels().await? {
                self.takes_over(parcel).await?;
            }
        }
        self.count();
        Ok(())
    }

    /// Takes one over as it was left.
    async fn takes_over(&mut self, parcel: Parcel) -> Result<(), Fault> {
        let attempt = parcel.attempt.as_deref();
        let begun = attempt.is_some_and(|attempt| !attempt.is_empty());
        if begun && !parcel.post.is_kept_true() {
            tracing::warn!("a direct message whose sending was cut off is not sent again");
            return self.app.observe(&parcel, &PostResult::Dropped).await;
        }
        let since = since(&parcel).unwrap_or_else(|| self.app.clock().now());
        let key = (parcel.workspace, parcel.post);
        self.entries.owe(key, since, Span::none());
        Ok(())
    }

    /// Takes in what is newly owed.
    pub(super) fn takes_in(&mut self, news: News) {
        let now = self.app.clock().now();
        for Owing {
            workspace,
            post,
            because,
        } in news.posts
        {
            if self.mail.is_ours(&workspace) {
                self.entries.owe((workspace, post), now, because);
            } else {
                self.mail.strays.push((workspace, Some(post), because));
            }
        }
        for workspace in news.stirred {
            if self.mail.is_ours(&workspace) {
                self.entries.stir(&workspace, now);
            } else {
                self.mail.strays.push((workspace, None, Span::none()));
            }
        }
        for word in news.heard {
            match word {
                Word::Owed(workspace, post) if self.mail.is_ours(&workspace) => {
                    self.entries.owe((workspace, post), now, Span::none());
                }
                Word::Stirred(workspace) if self.mail.is_ours(&workspace) => {
                    self.entries.stir(&workspace, now);
                }
                Word::Look(workspace) => drop(self.mail.to_look_into.insert(workspace)),
                Word::LookEverywhere => self.mail.looks_everywhere = true,
                Word::Free => self.mail.asks_at = Some(Instant::now()),
                // It is said to all, and is somebody's.
                _ => {}
            }
        }
    }

    /// Sees to it that what is handled here is known, that what is not is told elsewhere, and that nothing is overlooked.
    pub(super) async fn see_to_the_mail(&mut self) -> Result<(), Fault> {
        if self.mail.these.is_none() {
            return Ok(());
        }
        let unknown = |(workspace, _, _): &(WorkspaceId, Option<Post>, Span)| {
            !self.mail.is_ours(workspace) && !self.mail.of_others.contains(workspace)
        };
        if self.mail.is_due() || self.mail.strays.iter().any(unknown) {
            self.asks_whose().await?;
        }
        self.passes_on();
        self.looks().await
    }

    /// Asks whose mail is handled here, and takes over what is new. Tells whether something more is free in a moment.
    async fn asks_whose(&mut self) -> Result<bool, Fault> {
        let held = self.app.hold_mail().await?;
        let Holding::These(these) = held.holding else {
            self.mail.these = None;
            return Ok(false);
        };
        let before = self.mail.these.get_or_insert_default();
        let lost: Vec<WorkspaceId> = before
            .iter()
            .filter(|(workspace, lease)| these.get(*workspace) != Some(*lease))
            .map(|(workspace, _)| workspace.clone())
            .collect();
        let new: Vec<(WorkspaceId, Lease)> = these
            .into_iter()
            .filter(|(workspace, lease)| before.get(workspace) != Some(lease))
            .collect();
        for workspace in lost {
            self.loses(&workspace);
        }
        // There may be more: only so many are handed out at once.
        let gains = !new.is_empty();
        for (workspace, lease) in new {
            match self.gains(&workspace, lease).await {
                // It went on to another one at once.
                Err(fault) if fault.is_anothers() => {}
                Err(fault) if fault.is_local() => {
                    tracing::error!(%workspace, error = chain(&fault), "what is owed there cannot be read, and is not sent");
                    self.mail
                        .these
                        .get_or_insert_default()
                        .insert(workspace, lease);
                }
                // What was not taken over is new the next time.
                gained => gained?,
            }
        }
        if held.surplus > 0 {
            self.gives_up(held.surplus).await?;
        }
        self.mail.until = held.until;
        let pause = if held.soon || gains {
            SOON
        } else {
            RENEWS_EVERY
        };
        self.mail.asks_at = Some(Instant::now() + pause);
        Ok(held.soon)
    }

    /// A workspace's mail is handled here from now on.
    async fn gains(&mut self, workspace: &WorkspaceId, lease: Lease) -> Result<(), Fault> {
        // Told before it is read: what is owed while it is read is told to us.
        self.mail.of_others.remove(workspace);
        self.app.take_up_waiting(workspace, true).await?;
        let parcels = self.app.parcels_of(workspace).await?;
        if let Some(these) = &mut self.mail.these {
            these.insert(workspace.clone(), lease);
        }
        for parcel in parcels {
            let lease = Some(lease);
            let taken = self.takes_over(Parcel { lease, ..parcel }).await;
            taken.inspect_err(|_| self.loses(workspace))?;
        }
        if !lease.is_first() {
            // Whoever had it before may just have sent something.
            let free_at = self.app.clock().now() + POST_EVERY;
            self.free_at
                .insert((workspace.clone(), String::new()), free_at);
        }
        tracing::debug!(%workspace, "its posts are sent from here now");
        Ok(())
    }

    /// A workspace's mail is not handled here any more.
    pub(super) fn loses(&mut self, workspace: &WorkspaceId) {
        tracing::debug!(%workspace, "its posts are sent from elsewhere now");
        if let Some(these) = &mut self.mail.these {
            these.remove(workspace);
        }
        self.entries.forget(workspace);
    }

    /// Leaves some of it to the others, where no call runs.
    async fn gives_up(&mut self, surplus: usize) -> Result<(), Fault> {
        let these = self.mail.these.iter().flat_map(BTreeMap::keys);
        let quiet = these.filter(|workspace| !self.entries.is_busy(workspace));
        let some: Vec<WorkspaceId> = quiet.take(surplus).cloned().collect();
        // From here on nothing is begun for them, whether or not it is known that they are free.
        for workspace in &some {
            self.loses(workspace);
        }
        self.app.give_up_mail(&some).await
    }

    /// Tells those who handle it what is owed.
    fn passes_on(&mut self) {
        let now = self.app.clock().now();
        for (workspace, post, because) in std::mem::take(&mut self.mail.strays) {
            match (self.mail.is_ours(&workspace), post) {
                (true, Some(post)) => self.entries.owe((workspace, post), now, because),
                (true, None) => self.entries.stir(&workspace, now),
                // Nobody may have it: nothing was ever owed there.
                (false, None) => self.app.tell_peers(Word::Stirred(workspace)),
                (false, Some(post)) => {
                    if self.mail.of_others.len() >= REMEMBERED {
                        self.mail.of_others.clear();
                    }
                    self.mail.of_others.insert(workspace.clone());
                    self.app.tell_peers(Word::Owed(workspace, post));
                }
            }
        }
    }

    /// Looks into the store for what nobody told of.
    async fn looks(&mut self) -> Result<(), Fault> {
        let now = Instant::now();
        let looks_at = *self.mail.looks_at.get_or_insert(now + LOOKS_EVERY);
        let has_peers = self.app.has_peers();
        let its_time = looks_at <= now;
        if its_time || self.mail.looks_everywhere {
            // Who left may have done so without a word.
            if has_peers || self.mail.had_peers || self.mail.looks_everywhere {
                let these = self.mail.these.iter().flat_map(BTreeMap::keys);
                self.mail.to_look_into.extend(these.cloned());
            }
            self.mail.had_peers = has_peers;
            self.mail.looks_everywhere = false;
            self.mail.looks_at = Some(now + LOOKS_EVERY);
        }
        while let Some(workspace) = self.mail.to_look_into.first().cloned() {
            if self.mail.is_ours(&workspace) {
                let found = match finds(&self.app, &workspace, its_time).await {
                    Err(fault) if fault.is_local() => {
                        tracing::warn!(%workspace, error = chain(&fault), "it cannot be looked into");
                        Vec::new()
                    }
                    found => found?,
                };
                for parcel in found {
                    let key = (workspace.clone(), parcel.post.clone());
                    if !self.entries.knows(&key, parcel.stamp) {
                        let since = since(&parcel).unwrap_or_else(|| self.app.clock().now());
                        self.entries.owe(key, since, Span::none());
                    }
                }
            }
            self.mail.to_look_into.remove(&workspace);
        }
        Ok(())
    }

    /// Takes up what is owed and what we were not told of, while the store was away.
    pub(super) async fn look_again(&mut self) -> Result<(), Fault> {
        let mut parcels = Vec::new();
        match &self.mail.these {
            None => parcels = self.app.parcels().await?,
            Some(these) => {
                for workspace in these.keys() {
                    parcels.extend(self.app.parcels_of(workspace).await?);
                }
            }
        }
        for parcel in parcels {
            let since = since(&parcel).unwrap_or_else(|| self.app.clock().now());
            // Its call has not begun, whatever attempt is recorded: else it is in flight, and looked at once more.
            self.entries
                .owe((parcel.workspace, parcel.post), since, Span::none());
        }
        Ok(())
    }
}

/// What is owed in a workspace; what waits there is taken up where it is time.
async fn finds(app: &App, workspace: &WorkspaceId, its_time: bool) -> Result<Vec<Parcel>, Fault> {
    if its_time {
        app.take_up_waiting(workspace, false).await?;
    }
    app.parcels_of(workspace).await
}
