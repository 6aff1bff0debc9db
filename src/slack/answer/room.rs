//! How many replies are under way at once, and what is said where there is no room for more. How much is taken at once is in `app`.

use super::{Desk, NOT_YET, REPLY_WITHIN, Told, lock, pushed, quotable, within};
use crate::app::{Gate, Viewer, Who};
use crate::slack::Ack;
use crate::slack::screens;
use crate::slack::understand::{From, Route};
use futures_util::FutureExt as _;
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};
use tracing::Instrument;

/// So many replies wait for each delivery that is handled at once: a reply takes Slack's time, a delivery only ours. One that waits holds some
/// 3 KB; only as many as deliveries are handled at once are drawn and sent, which takes ten times that.
const REPLIES_OF_ONE: usize = 8;
/// How many pictures and files are made and sent at once: one may take ten megabytes.
const FILES: usize = 4;

/// The room there is for replies.
pub(super) struct Room {
    /// Those that wait or are under way.
    replies: Gate,
    /// Those that are drawn and sent.
    calling: Semaphore,
    /// Those of them that are pictures or files.
    files: Semaphore,
    /// Who is being told that there is no room.
    told_busy: Mutex<HashSet<Who>>,
}

impl Room {
    /// Where so many deliveries are handled at once.
    pub(super) fn new(most_at_once: usize) -> Self {
        Self {
            replies: Gate::new(most_at_once * REPLIES_OF_ONE),
            calling: Semaphore::new(most_at_once),
            files: Semaphore::new(FILES),
            told_busy: Mutex::default(),
        }
    }
}

/// Somebody is being told that there is no room, until it is dropped.
struct Telling {
    desk: Desk,
    who: Who,
}

impl Telling {
    /// `None`: they are being told already.
    fn begin(desk: &Desk, who: Who) -> Option<Self> {
        let first = lock(&desk.inner.room.told_busy).insert(who.clone());
        first.then(|| Self {
            desk: desk.clone(),
            who,
        })
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        lock(&self.desk.inner.room.told_busy).remove(&self.who);
    }
}

impl Desk {
    /// There is no room for it: the person is told, or where there is no room for that either, Slack is not, and shows that itself.
    pub(super) fn busy(&self, viewer: Viewer, route: Route) -> Ack {
        tracing::warn!("a delivery was not taken: too much comes in at once");
        if route.from == From::Modal {
            return pushed(
                &route,
                &screens::notice_modal(NOT_YET, &screens::busy()),
                "push",
            );
        }
        let who = (viewer.workspace.clone(), viewer.user.clone());
        let Some(telling) = Telling::begin(self, who) else {
            // They are about to read it.
            return Ack::Empty;
        };
        let desk = self.clone();
        let told = self.spawn(&viewer.clone(), async move {
            let words = Told::not_yet(&screens::busy());
            within(desk.tell(&viewer, &route, words, false)).await;
            drop(telling);
        });
        if told { Ack::Empty } else { Ack::Failed }
    }

    /// A bug broke a reply off: the person is told, with a code that the log has too.
    async fn reply_broke(&self, viewer: Viewer) {
        let code = quotable();
        tracing::error!(code, "a reply was broken off");
        let route = Route {
            channel: viewer.place.as_ref().map(ToString::to_string),
            ..Route::default()
        };
        let told = Told::failed(screens::broke(true, &code));
        within(self.tell(&viewer, &route, told, false)).await;
    }

    /// Waits for its turn among those that are drawn and sent, and gives it up when it is over. `None`: it would be worthless by now.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let turn = self.inner.room.calling.acquire();
        match tokio::time::timeout(REPLY_WITHIN, turn).await {
            // It is never closed.
            Ok(turn) => turn.ok(),
            Err(_elapsed) => {
                tracing::warn!("a reply waited too long and was given up");
                None
            }
        }
    }

    /// Waits for its turn among pictures and files, and gives it up when it is over.
    pub(super) async fn turn_of_files(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.inner.room.files.acquire().await.ok()
    }

    /// Replies run beside what is received, and count as in flight. False: there are too many, of all or of this person, and this one is
    /// left out.
    pub(super) fn spawn(
        &self,
        viewer: &Viewer,
        reply: impl Future<Output = ()> + Send + 'static,
    ) -> bool {
        let place = viewer.place.as_ref();
        let entered = self
            .inner
            .room
            .replies
            .enter(&viewer.workspace, &viewer.user, place);
        let Some(pass) = entered else {
            tracing::warn!("a reply was left out: too many wait");
            return false;
        };
        let under_way = self.inner.app.activity().begin();
        let (desk, of) = (self.clone(), viewer.clone());
        // In a box each: what waits is moved once, and takes no room for what seldom happens.
        let mut reply = Box::pin(AssertUnwindSafe(reply).catch_unwind());
        let counted = async move {
            if reply.as_mut().await.is_err() {
                // Should that break as well, it is in the log.
                let broke = Box::pin(desk.reply_broke(of));
                let _ = AssertUnwindSafe(broke).catch_unwind().await;
            }
            drop((under_way, pass));
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "a reply is worthless after a moment; its end is counted by the guard"
        )]
        tokio::spawn(counted.in_current_span());
        true
    }
}
