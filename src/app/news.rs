//! What the outbox is told: that something is owed, or that what rests may be due. When it is sent is decided there.

use super::{App, UnderWay, lock};
use crate::domain::event::Post;
use crate::domain::ids::WorkspaceId;
use crate::store::Word;
use std::collections::BTreeSet;
use tracing::Span;

/// What the outbox was not told yet; counted as in flight until it is.
#[derive(Default)]
pub(super) struct Owed {
    pub(super) news: News,
    pub(super) under_way: Option<UnderWay>,
}

/// That something is owed, and on whose account: the span of the delivery that did it.
#[derive(Debug)]
pub struct Owing {
    /// Where.
    pub workspace: WorkspaceId,
    /// What.
    pub post: Post,
    /// Which delivery.
    pub because: Span,
}

/// What the outbox is told.
#[derive(Debug, Default)]
pub struct News {
    /// What is owed, for the first time or once more.
    pub posts: Vec<Owing>,
    /// Workspaces in which something changed that decides when things are due.
    pub stirred: Vec<WorkspaceId>,
    /// What other processes told.
    pub heard: BTreeSet<Word>,
}

impl News {
    pub(super) fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.stirred.is_empty() && self.heard.is_empty()
    }
}

impl App {
    /// Tells the outbox that something is owed.
    pub(super) fn owe(&self, workspace: &WorkspaceId, posts: Vec<Post>) {
        if posts.is_empty() {
            return;
        }
        self.tell_the_outbox(|news| {
            news.posts.extend(posts.into_iter().map(|post| Owing {
                workspace: workspace.clone(),
                post,
                because: Span::current(),
            }));
        });
    }

    /// What rests in a workspace is looked at once more, since something changed that decides when it is due.
    pub(crate) fn stir(&self, workspace: &WorkspaceId) {
        self.tell_the_outbox(|news| news.stirred.push(workspace.clone()));
    }

    pub(super) fn tell_the_outbox(&self, what: impl FnOnce(&mut News)) {
        let mut owed = lock(&self.inner.owed);
        what(&mut owed.news);
        if owed.under_way.is_none() {
            owed.under_way = Some(self.inner.activity.begin());
        }
        drop(owed);
        self.inner.owed_more.notify_one();
    }
}
