//! What is owed to Slack, read at the moment it is sent, and what became of it. When it is sent is decided by the outbox.

use super::deeds::{begin, changes_of};
use super::look::debrief;
use super::scene::{Address, Addressed, Due, PostScene};
use super::{App, Fault, News, UnderWay, lock, owed_in};
use crate::domain::event::{Post, PostResult, Trouble};
use crate::domain::ids::{ChannelId, MessageTs, UserId, WorkspaceId};
use crate::domain::interview_loop::{Head, Needs, Phase, Seat};
use crate::domain::kit::Kit;
use crate::store::{Change, Commit, Committed, Parcel};
use jiff::Timestamp;
use std::sync::Arc;

impl App {
    /// The posts that were owed since this was asked last. Waits until there is one. What is returned beside them counts as in flight.
    pub async fn newly_owed(&self) -> (News, Option<UnderWay>) {
        loop {
            let owed = std::mem::take(&mut *lock(&self.inner.owed));
            if !owed.news.is_empty() {
                return (owed.news, owed.under_way);
            }
            self.inner.owed_more.notified().await;
        }
    }

    /// Owes a post that another one has to follow.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn owe_anew(&self, workspace: &WorkspaceId, post: Post) -> Result<(), Fault> {
        self.write(workspace, vec![Change::Owe(post.clone())])
            .await?;
        self.owe(workspace, vec![post]);
        Ok(())
    }

    /// Where the post of a loop or a calibration stands.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn standing(
        &self,
        workspace: &WorkspaceId,
        post: &Post,
    ) -> Result<Option<(ChannelId, MessageTs)>, Fault> {
        if let Post::Calibration(id) = post {
            return self.calibration_standing(workspace, id).await;
        }
        let Some(code) = post.code() else {
            return Ok(None);
        };
        let loaded = self.inner.store.load(workspace, code, &Needs::Head).await?;
        Ok(loaded.and_then(|loaded| Some((loaded.head.channel, loaded.head.messages.post?))))
    }

    /// A post as it is owed now; `None`: it is not owed any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parcel(
        &self,
        workspace: &WorkspaceId,
        post: &Post,
    ) -> Result<Option<Parcel>, Fault> {
        Ok(self.inner.store.parcel(workspace, post).await?)
    }

    /// What a post says at this moment, and where it goes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn due(&self, workspace: &WorkspaceId, post: &Post) -> Result<Due, Fault> {
        match post {
            Post::Calibration(id) => return self.calibration_due(workspace, id).await,
            Post::Digest(channel) => return self.digest_due(workspace, channel).await,
            Post::Erasure(code) => return self.erasure_due(workspace, code).await,
            Post::Retention => return self.retention_due(workspace).await,
            Post::DigestNow { channel, .. } => {
                return self.digest_now_due(workspace, channel).await;
            }
            Post::DigestPaused { channel, user } => {
                return self.digest_paused_due(workspace, channel, user).await;
            }
            _ => {}
        }
        if let Post::SharedKit {
            slug, channel, by, ..
        } = post
        {
            let Some(served) = self.served(workspace, slug).await? else {
                return Ok(Due::Drop);
            };
            let scene = PostScene::SharedKit {
                kit: Arc::clone(&served.kit),
                version: served.version.clone(),
                by: by.clone(),
            };
            return Ok(self.send(Address::Channel(channel.clone()), scene));
        }
        if let Post::KitDiffers { slug, user, file } = post {
            return Ok(match self.kit_differs(workspace, slug, file).await? {
                Some(scene) if self.is_reachable(workspace, user).await? => {
                    self.send(Address::Person(user.clone()), PostScene::KitDiffers(scene))
                }
                _ => Due::Drop,
            });
        }
        if let Post::Reminders(user) = post {
            return self.reminders_due(workspace, user).await;
        }
        let Some(code) = post.code() else {
            return Ok(Due::Drop);
        };
        let needs = if matches!(post, Post::Debrief(_)) {
            Needs::All
        } else {
            Needs::Head
        };
        let Some(state) = self.load(workspace, code, &needs).await? else {
            return Ok(Due::Drop);
        };
        if let Post::Briefing { user, .. } = post {
            return self.briefing_due(workspace, user, state).await;
        }
        let messages = &state.head.messages;
        if post.is_kept_true()
            && messages.post.is_none()
            && messages.trouble == Some(Trouble::Deleted)
        {
            // The owner was told that it is not posted again; moving the loop begins anew.
            return Ok(Due::Drop);
        }
        let open_to_all = self.is_open_to_all(workspace, &state.head).await?;
        let standing = match post {
            Post::Loop(_) => state.head.messages.post.clone(),
            Post::Debrief(_) => state.head.messages.debrief.clone(),
            Post::Decision(_) => state.head.messages.decision.clone(),
            _ => None,
        };
        let thread = match post {
            Post::Debrief(_) | Post::Decision(_) if state.head.messages.post.is_none() => {
                return Ok(Due::After(Post::Loop(code.clone())));
            }
            Post::Debrief(_) | Post::Decision(_) => state.head.messages.post.clone(),
            _ => None,
        };
        let channel = Address::Channel(state.head.channel.clone());
        // What a channel's members may read is decided by what the channel is now, not by what it was at the opening.
        let head = Box::new(Head {
            public: open_to_all,
            ..state.head.clone()
        });
        let due = match post {
            Post::Loop(_) => self.send(channel, PostScene::Loop(head)),
            Post::Debrief(_) if state.head.reveal.is_none() => Due::Drop,
            // Whoever recused themself may be in the channel.
            Post::Debrief(_) if open_to_all || head.has_recused() => {
                self.send(channel, PostScene::DebriefReady(head))
            }
            Post::Debrief(_) => self.send(channel, PostScene::Debrief(Box::new(debrief(state)))),
            Post::Decision(_) if head.decision.is_none() && head.past_decisions.is_empty() => {
                Due::Drop
            }
            Post::Decision(_) => {
                let scene = PostScene::Decision {
                    head,
                    public: open_to_all,
                };
                self.send(channel, scene)
            }
            post => return self.direct(workspace, post, &state.kit, head).await,
        };
        Ok(match due {
            Due::Send(mut addressed) => {
                addressed.standing = standing;
                addressed.thread = thread;
                Due::Send(addressed)
            }
            other => other,
        })
    }

    /// A direct message, unless nobody waits for it any more.
    async fn direct(
        &self,
        workspace: &WorkspaceId,
        post: &Post,
        kit: &Kit,
        head: Box<Head>,
    ) -> Result<Due, Fault> {
        let owes = |user: &UserId| head.seat(user).is_some_and(Seat::owes);
        let takes_part = |user: &UserId| {
            head.seat(user)
                .is_some_and(|seat| seat.excused.is_none() && !seat.is_in())
        };
        let nudged = |user: &UserId| Some(head.seat(user)?.nudged_at?.as_second());
        let (user, scene) = match post {
            Post::Invitation { user, .. }
                if takes_part(user) && head.phase() != Phase::Withdrawn =>
            {
                let user = user.clone();
                let part = head.seat(&user).map(|seat| seat.part(kit));
                let part = part.unwrap_or_default();
                (&user.clone(), PostScene::Invitation { head, user, part })
            }
            // One that waited so long that another one was asked for is replaced by that.
            Post::Nudge { user, at, .. }
                if owes(user)
                    && matches!(head.phase(), Phase::Open | Phase::Revealed)
                    && nudged(user).is_some_and(|last| last == *at) =>
            {
                if let Some(morning) = self.morning_of(workspace, user).await? {
                    return Ok(Due::Later(morning));
                }
                (user, PostScene::Nudge(head))
            }
            Post::Replanned { user, .. } => return self.replanned_due(workspace, user, head).await,
            Post::JoinRequest { user, .. } if head.asked_to_join.contains(user) => (
                &head.owner.clone(),
                PostScene::JoinRequest {
                    user: user.clone(),
                    head,
                },
            ),
            Post::Recused { user, .. } if head.is_recused(user) => (
                &head.owner.clone(),
                PostScene::Recused {
                    user: user.clone(),
                    head,
                },
            ),
            Post::Trouble { user, trouble, .. } => (
                user,
                PostScene::Trouble {
                    head,
                    trouble: *trouble,
                },
            ),
            Post::Handed { user, .. } if head.owner == *user => (user, PostScene::Handed(head)),
            _ => return Ok(Due::Drop),
        };
        let reachable = self.is_reachable(workspace, user).await?;
        tracing::debug!(code = ?post.code(), "a direct message is due");
        Ok(if reachable {
            self.send(Address::Person(user.clone()), scene)
        } else {
            Due::Drop
        })
    }

    /// Whether a direct message would be read by somebody.
    pub(super) async fn is_reachable(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<bool, Fault> {
        let person = self.known_person(workspace, user).await?;
        Ok(person.is_none_or(|person| !person.deactivated && !person.unknown && !person.bot))
    }

    pub(super) fn send(&self, to: Address, scene: PostScene) -> Due {
        Due::Send(Box::new(Addressed {
            to,
            standing: None,
            thread: None,
            scene,
            as_of: self.inner.clock.now(),
        }))
    }

    /// Whether people beyond the hiring team can read the loop's channel now: it may have changed since the opening.
    pub(super) async fn is_open_to_all(
        &self,
        workspace: &WorkspaceId,
        head: &Head,
    ) -> Result<bool, Fault> {
        let place = self.known_place(workspace, &head.channel).await?;
        Ok(head.public
            || place.is_some_and(|place| place.shared || (!place.private && place.bot_is_member)))
    }

    /// Records that a call is about to begin, with what was read at that moment. `false`: the post was owed anew meanwhile, and has
    /// to be read again.
    ///
    /// # Errors
    /// When the store fails; then nothing may be sent.
    pub async fn attempt(
        &self,
        parcel: &Parcel,
        attempt: &str,
        as_of: Timestamp,
    ) -> Result<bool, Fault> {
        let change = parcel.attempted(attempt);
        if let Post::Reminders(user) = &parcel.post {
            return self.reminders_begin(parcel, user, as_of, change).await;
        }
        if let Post::Digest(channel) = &parcel.post {
            self.digest_begins(parcel, channel, as_of, &change).await?;
        } else {
            self.write(&parcel.workspace, vec![change]).await?;
        }
        let now = self.parcel(&parcel.workspace, &parcel.post).await?;
        Ok(now.is_some_and(|now| now.stamp == parcel.stamp))
    }

    /// Records that a call which was about to begin certainly did nothing: it may be tried again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn not_attempted(&self, parcel: &Parcel) -> Result<(), Fault> {
        let change = parcel.attempted("");
        if let Post::Digest(channel) = &parcel.post {
            return self.digest_did_not_begin(parcel, channel, &change).await;
        }
        if let Post::Reminders(user) = &parcel.post {
            return self
                .reminders_did_not_begin(&parcel.workspace, user, change)
                .await;
        }
        self.write(&parcel.workspace, vec![change]).await
    }

    /// Takes in what became of a post, and settles it unless it was owed anew meanwhile.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn observe(&self, parcel: &Parcel, result: &PostResult) -> Result<(), Fault> {
        if let Post::Calibration(id) = &parcel.post {
            return self.calibration_observed(parcel, id, result).await;
        }
        if let Post::Digest(channel) = &parcel.post {
            return self.digest_observed(parcel, channel, result).await;
        }
        if let Post::Reminders(user) = &parcel.post {
            return self.reminders_observed(parcel, user).await;
        }
        if let Post::Erasure(code) = &parcel.post {
            return self.receipt_observed(parcel, code, result).await;
        }
        let settle = || parcel.settled();
        let Some(code) = parcel.post.code() else {
            return self.write(&parcel.workspace, vec![settle()]).await;
        };
        for _ in 0..super::ROUNDS {
            let Some(loaded) = self
                .inner
                .store
                .load(&parcel.workspace, code, &Needs::Head)
                .await?
            else {
                return self.came_too_late(parcel, code, result).await;
            };
            let kit = self.kit(&loaded.head.kit.version).await?;
            let (state, base) = begin(loaded, kit, &Needs::Head);
            let outcome = state.observe(&parcel.post, result);
            // Settled first: what is owed anew by the same commit stays owed.
            let mut changes = vec![settle()];
            if !outcome.changes_nothing() {
                changes.extend(changes_of(outcome, base));
            }
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// Writes without a delivery, and tells the outbox and whoever watches. False: something it was computed from has changed.
    pub(super) async fn written(
        &self,
        workspace: &WorkspaceId,
        changes: Vec<Change>,
    ) -> Result<bool, Fault> {
        let posts = owed_in(&changes);
        let concerned = self.whom_these_concern(&changes);
        let commit = Commit {
            workspace: workspace.clone(),
            at: self.inner.clock.now(),
            delivery: None,
            changes,
        };
        let done = self.inner.store.commit(commit).await? == Committed::Done;
        if done {
            self.owe(workspace, posts);
            self.concern(workspace, concerned);
        }
        Ok(done)
    }

    pub(super) async fn write(
        &self,
        workspace: &WorkspaceId,
        changes: Vec<Change>,
    ) -> Result<(), Fault> {
        let commit = Commit {
            workspace: workspace.clone(),
            at: self.inner.clock.now(),
            delivery: None,
            changes,
        };
        self.inner.store.commit(commit).await?;
        Ok(())
    }

    /// Everything owed, as it stands on disk.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parcels(&self) -> Result<Vec<Parcel>, Fault> {
        Ok(self.inner.store.parcels().await?)
    }

    /// Forgets what is older than two days and nobody can ask for any more, and ends the calibrations that were left open.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<(), Fault> {
        self.lapse_calibrations().await?;
        Ok(self.inner.store.sweep(self.inner.clock.now()).await?)
    }
}
