//! Pasted notes: kept until their author has seen where they would go, then filed. Where each line belongs is decided in `domain::pasted`.

use super::look::Viewer;
use super::scene::Scene;
use super::{App, Done, Fault, Going, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::event::{Deed, Delivery, Draft, PastedNotes, Reply, Request, Screen};
use crate::domain::ids::{DraftId, LoopCode, UserId, WorkspaceId};
use crate::domain::kit::Section;
use crate::domain::pasted::Filed;
use crate::domain::refusal::Refusal;
use crate::store::Change;

impl App {
    /// Keeps what was pasted, or files it.
    pub(super) async fn notes(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        fresh: bool,
    ) -> Going<Done> {
        match &delivery.request {
            Request::Paste {
                code,
                section,
                boxes,
            } => {
                self.paste(delivery, actor, (code, *section, boxes), fresh)
                    .await
            }
            Request::File(draft) => self.file(delivery, actor, draft, fresh).await,
            _ => Err(Refusal::OldButton.into()),
        }
    }

    async fn paste(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        (code, section, boxes): (&LoopCode, Section, &[Note]),
        fresh: bool,
    ) -> Going<Done> {
        let viewer = Viewer {
            workspace: delivery.workspace.clone(),
            user: delivery.actor.clone(),
            place: delivery.place.clone(),
        };
        let state = self.own_scorecard(actor, &viewer, code).await?;
        if Filed::of(&state.kit, boxes).is_empty() {
            return Err(Refusal::NothingPasted.into());
        }
        let draft = DraftId::from(format!("{:016x}", rand::random::<u64>()));
        let notes = Draft::Notes(PastedNotes {
            author: actor.user.clone(),
            code: code.clone(),
            section,
            boxes: boxes.to_vec(),
        });
        let changes = vec![Change::PutDraft(draft.clone(), Box::new(notes))];
        let reply = Reply::Show(Screen::Pasted(draft));
        let done = self.commit(delivery, fresh, changes, reply).await?;
        Ok(done.ok_or(Refusal::NotesGone)?)
    }

    /// Everything at once or nothing: the notes under the questions, the audit entries, and that the draft is used up.
    async fn file(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        draft: &DraftId,
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..ROUNDS {
            let notes = self
                .pasted_notes(&delivery.workspace, &actor.user, draft)
                .await?;
            let deed = Deed::File {
                section: notes.section,
                boxes: notes.boxes,
            };
            let (mut changes, reply) = self
                .handled(delivery, actor, &notes.code, &deed, None)
                .await?;
            changes.push(Change::TakeDraft(draft.clone()));
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// Notes that wait for this person's yes.
    async fn pasted_notes(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        draft: &DraftId,
    ) -> Going<PastedNotes> {
        match self.inner.store.draft(workspace, draft).await? {
            Some(Draft::Notes(notes)) if notes.author == *user => Ok(notes),
            Some(Draft::Notes(_)) => Err(Refusal::NotYourNotes.into()),
            _ => Err(Refusal::NotesGone.into()),
        }
    }

    /// Where pasted notes would go, on the scorecard as it stands now.
    pub(super) async fn pasted(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        draft: &DraftId,
    ) -> Going<Scene> {
        let notes = self
            .pasted_notes(&viewer.workspace, &actor.user, draft)
            .await?;
        let state = self.own_scorecard(actor, viewer, &notes.code).await?;
        let filed = Filed::of(&state.kit, &notes.boxes);
        Ok(Scene::Pasted {
            draft: draft.clone(),
            filings: filed.onto(state.cards.get(&actor.user)),
            unknown: filed.unknown,
            kit: state.kit,
            head: Box::new(state.head),
        })
    }
}
