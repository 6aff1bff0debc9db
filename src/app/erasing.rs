//! What follows when a loop is erased: what was sent of it is taken back, one by one, and whoever erased it gets a receipt. When one may be
//! erased is in `domain::interview_loop`.

use super::scene::{Address, Due, PostScene};
use super::{App, Fault, ROUNDS, unknown};
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::{Audited, Post, PostResult, Trouble};
use crate::domain::ids::{LoopCode, WorkspaceId};
use crate::domain::interview_loop::{Needs, Outcome};
use crate::domain::refusal::Refusal;
use crate::store::{Base, Change, LoopChange, Parcel, Revision};
use std::collections::BTreeMap;

impl App {
    /// Why there is no such loop: an unknown code and a forbidden one get the same answer, and one that was erased says so.
    pub(super) async fn no_loop(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
    ) -> Result<Refusal, Fault> {
        let erased = self.inner.store.erased(workspace, code).await?;
        Ok(erased.map_or_else(|| unknown(code), |_| Refusal::Erased))
    }

    /// Counts what goes with a loop that is erased.
    pub(super) async fn counted(
        &self,
        workspace: &WorkspaceId,
        outcome: &mut Outcome,
    ) -> Result<(), Fault> {
        if let Some(erased) = &mut outcome.erased {
            let history = self.inner.store.audit(workspace, &erased.code).await?;
            erased.entries = history.len();
            for entry in history {
                if let Audited::Moved { from, .. } = entry.what
                    && from != erased.channel
                    && !erased.before.contains(&from)
                {
                    erased.before.push(from);
                }
            }
        }
        Ok(())
    }

    /// What there is to take back next; then the receipt, once.
    pub(super) async fn erasure_due(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
    ) -> Result<Due, Fault> {
        let store = &self.inner.store;
        let Some((erased, _)) = store.erased(workspace, code).await? else {
            return Ok(Due::Drop);
        };
        // The newest first: a thread's root goes when nothing hangs on it any more.
        let sent = store.sent(workspace, code).await?;
        if let Some(newest) = sent
            .into_iter()
            .max_by(|one, other| one.ts().cmp(&other.ts()))
        {
            return Ok(Due::TakeBack(newest));
        }
        let Some(by) = erased.by.clone().filter(|_| !erased.told) else {
            return Ok(Due::Drop);
        };
        if !self.is_reachable(workspace, &by).await? {
            return Ok(Due::Drop);
        }
        Ok(self.send(Address::Person(by), PostScene::Erased(Box::new(erased))))
    }

    /// Takes in that something was taken back, or that Slack does not let the bot. What follows is owed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn taken_back(
        &self,
        parcel: &Parcel,
        sent: &Sent,
        trouble: Option<Trouble>,
    ) -> Result<(), Fault> {
        let Post::Erasure(code) = &parcel.post else {
            return Ok(());
        };
        let without = |erased: Erased| erased.without(sent.clone(), trouble);
        let more = [
            Change::TakenBack(code.clone(), sent.clone()),
            Change::Owe(parcel.post.clone()),
        ];
        self.change_erased(parcel, code, without, &more).await
    }

    /// Takes in what became of the receipt.
    pub(super) async fn receipt_observed(
        &self,
        parcel: &Parcel,
        code: &LoopCode,
        result: &PostResult,
    ) -> Result<(), Fault> {
        if !matches!(result, PostResult::Standing { .. }) {
            return self.write(&parcel.workspace, vec![parcel.settled()]).await;
        }
        let told = |erased: Erased| Erased {
            told: true,
            ..erased
        };
        self.change_erased(parcel, code, told, &[]).await
    }

    /// Changes what stays of a loop, and settles the parcel unless it was owed anew.
    async fn change_erased(
        &self,
        parcel: &Parcel,
        code: &LoopCode,
        change: impl Fn(Erased) -> Erased,
        more: &[Change],
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            let found = self.inner.store.erased(&parcel.workspace, code).await?;
            // Settled first: what is owed anew by the same commit stays owed.
            let mut changes = vec![parcel.settled()];
            if let Some((erased, revision)) = found {
                changes.push(Change::Erased(revision, Box::new(change(erased))));
                changes.extend_from_slice(more);
            }
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// A message that was on its way when its loop was erased: it is taken back like the others.
    pub(super) async fn came_too_late(
        &self,
        parcel: &Parcel,
        code: &LoopCode,
        result: &PostResult,
    ) -> Result<(), Fault> {
        let mut changes = vec![parcel.settled()];
        if let PostResult::Standing { channel, ts } = result {
            let sent = Sent::Message {
                channel: channel.clone(),
                ts: ts.clone(),
            };
            changes.extend(too_late(code, sent));
        }
        self.written(&parcel.workspace, changes).await?;
        Ok(())
    }

    /// Keeps that something of a loop's was sent, to be taken back should the loop be erased. False: it is not there, and nothing was kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keeps_sent(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        sent: &Sent,
    ) -> Result<bool, Fault> {
        for _ in 0..ROUNDS {
            let found = self.inner.store.load(workspace, code, &Needs::Head).await?;
            let Some(loaded) = found else {
                return Ok(false);
            };
            let change = LoopChange {
                code: code.clone(),
                base: Base::Read {
                    head: loaded.revision,
                    cards: BTreeMap::<_, Revision>::new(),
                    was: Box::new(loaded.head),
                },
                head: None,
                cards: Vec::new(),
                audit: Vec::new(),
            };
            let checked = Change::Loop(Box::new(change));
            let changes = vec![checked, Change::Sent(code.clone(), sent.clone())];
            if self.written(workspace, changes).await? {
                return Ok(true);
            }
        }
        Err(Fault::Contended)
    }

    /// Something of a loop's was sent while the loop was erased: it is taken back.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sent_too_late(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        sent: Sent,
    ) -> Result<(), Fault> {
        self.written(workspace, too_late(code, sent).into()).await?;
        Ok(())
    }
}

/// What was sent of a loop that is not there any more is kept, and owed to be taken back.
fn too_late(code: &LoopCode, sent: Sent) -> [Change; 2] {
    [
        Change::Sent(code.clone(), sent),
        Change::Owe(Post::Erasure(code.clone())),
    ]
}
