//! Which process handles the mail of which workspace, and what processes on one store tell each other. How it is agreed is in each store.
//!
//! Slack's limits are a workspace's: two who send for one workspace win nothing and stand in each other's way. So one process at a time has a
//! workspace's mail, under a lease. What it writes under a lease that is another's by now is refused, however long it slept meanwhile.

use super::StoreFault;
use crate::domain::event::Post;
use crate::domain::ids::{KitSlug, UserId, WorkspaceId};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// One holding of a workspace's mail, by its number: each has a higher one than all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lease(pub u64);

impl Lease {
    /// Whether somebody had the mail before.
    #[must_use]
    pub fn is_first(self) -> bool {
        self.0 <= 1
    }
}

/// Whose mail this process handles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Everybody's: no other process can use the store.
    Everything,
    /// That of these workspaces.
    These(BTreeMap<WorkspaceId, Lease>),
}

/// What this process handles, as of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whose mail.
    pub holding: Holding,
    /// Until when it may be relied on, by a clock that nobody sets. What is begun later may be another process's business.
    pub until: Option<Instant>,
    /// A process seems to be gone, and what it handled will be free within seconds, if it does not come back.
    pub soon: bool,
    /// How many workspaces it has more than its share.
    pub surplus: usize,
}

/// What one process tells all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// A post is owed, for the first time or once more.
    Owed(WorkspaceId, Post),
    /// Something changed that decides when posts are due.
    Stirred(WorkspaceId),
    /// There may be anything new in a workspace.
    Look(WorkspaceId),
    /// There may be anything new, of any kind.
    LookEverywhere,
    /// Some mail is free.
    Free,
    /// Something of this person's has changed, or, where nobody is named, of everybody's.
    Concerned(WorkspaceId, Option<UserId>),
    /// The kits' files were read, and these roles are served from them.
    Kits(BTreeSet<KitSlug>),
}

/// What a store promises that several processes may use at once; one that is a single process's own has little to do.
pub trait Peers {
    /// Whether other processes may use the store at the same time.
    fn is_shared(&self) -> bool;

    /// How many processes used it when that was looked at last, this one included.
    fn processes(&self) -> usize;

    /// Goes on handling what this process handles, and takes over what nobody does. To be asked every few seconds: what a process does not ask
    /// for is another one's after a while.
    fn hold_mail(&self) -> BoxFuture<'_, Result<Held, StoreFault>>;

    /// Leaves some workspaces' mail to the others.
    fn give_up_mail<'a>(
        &'a self,
        workspaces: &'a [WorkspaceId],
    ) -> BoxFuture<'a, Result<(), StoreFault>>;

    /// Tells all other processes, soon. It may be lost where a process dies: whoever depends on it has to look now and then.
    fn say(&self, word: Word);

    /// What the others told since this was asked last. Waits until there is something.
    fn hear(&self) -> BoxFuture<'_, BTreeSet<Word>>;
}
