//! What is shown of kits: one, all of them, a question with its history, file beside edit. Who may change them is asked here; how they are changed is in `kit_deeds`.

use super::look::Viewer;
use super::scene::{DiffersScene, KitRow, QuestionScene, Scene};
use super::{App, Fault, Going};
use crate::domain::access::Actor;
use crate::domain::event::KitTab;
use crate::domain::ids::{KitSlug, KitVersion, QuestionId, WorkspaceId};
use crate::domain::kit::{Kit, Section};
use crate::domain::kit_edit::{Part, changes};
use crate::domain::refusal::Refusal;
use crate::domain::shelf::Edition;
use std::collections::BTreeSet;

/// How many versions back a question's history goes. The files' own history goes further.
const LOOKS_BACK: usize = 100;
/// How many of its changes are shown.
const SHOWN: usize = 10;

impl App {
    pub(super) async fn kit_shown(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        slug: &KitSlug,
        (pinned, tab): (Option<&KitVersion>, KitTab),
    ) -> Going<Scene> {
        let served = self.served(&actor.workspace, slug).await?;
        let (kit, version) = match (pinned, &served) {
            (Some(version), _) => (self.kit(version).await?, version.clone()),
            (None, Some(served)) => (served.kit.clone(), served.version.clone()),
            (None, None) => return Err(Refusal::UnknownRole.into()),
        };
        let editable = pinned.is_none() && actor.administrator;
        let (latest, edition) = match &served {
            Some(served) => {
                let shelf = &served.shelf;
                (Some(shelf.latest()), shelf.edition(&version).cloned())
            }
            None => (None, None),
        };
        let (settings, _) = self.settings(&actor.workspace).await?;
        Ok(Scene::Kit {
            opens: actor.may_open(&settings),
            shareable: viewer.place.is_some(),
            pinned: pinned.is_some(),
            newer: latest.filter(|latest| latest.version != version).cloned(),
            edition: edition.filter(|_| editable),
            editable,
            kit,
            version,
            tab,
        })
    }

    pub(super) async fn kits_shown(&self, actor: &Actor) -> Going<Scene> {
        let mut rows = Vec::new();
        for served in self.catalogue(&actor.workspace).await? {
            let slug = &served.kit.slug;
            let mut open: Vec<_> = self
                .inner
                .store
                .open_on(&actor.workspace, slug)
                .await?
                .into_iter()
                .map(|(version, count)| {
                    let edition = served.shelf.edition(&version).cloned();
                    (version, count, edition)
                })
                .collect();
            open.sort_by_key(|(version, _, edition)| {
                let at = edition.as_ref().map(|edition| edition.at);
                (*version != served.version, std::cmp::Reverse(at))
            });
            rows.push(KitRow {
                edition: served.shelf.latest().clone(),
                differs: served.shelf.differs,
                kit: served.kit,
                open,
            });
        }
        Ok(Scene::Kits {
            rows,
            administrator: actor.administrator,
        })
    }

    pub(super) async fn question_form(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        slug: &KitSlug,
        (section, question): (Section, Option<&QuestionId>),
    ) -> Going<Scene> {
        actor.must_administer()?;
        let Some(served) = self.served(&actor.workspace, slug).await? else {
            return Err(Refusal::UnknownRole.into());
        };
        let mut scene = QuestionScene {
            channel: viewer.place.clone(),
            section,
            question: None,
            history: Vec::new(),
            version: served.version,
            kit: served.kit,
        };
        if let Some(id) = question {
            let mut questions = scene.kit.questions.iter();
            let Some(question) = questions.find(|question| question.id == *id) else {
                return Err(Refusal::QuestionGone.into());
            };
            scene.section = question.section;
            scene.question = Some(question.clone());
            scene.history = self.history_of(id, &served.shelf.editions).await?;
        }
        Ok(Scene::QuestionForm(Box::new(scene)))
    }

    /// What became of a question from one version to the next, the newest first.
    async fn history_of(
        &self,
        id: &QuestionId,
        editions: &[Edition],
    ) -> Result<Vec<(Vec<Part>, Edition)>, Fault> {
        let mut history = Vec::new();
        for pair in editions.windows(2).rev().take(LOOKS_BACK) {
            let [old, new] = pair else { continue };
            let parts = changes(
                &*self.kit(&old.version).await?,
                &*self.kit(&new.version).await?,
                id,
            );
            if !parts.is_empty() {
                history.push((parts, new.clone()));
            }
            if history.len() == SHOWN {
                break;
            }
        }
        Ok(history)
    }

    /// What was edited beside what the file says, while somebody still has to choose.
    pub(super) async fn kit_differs(
        &self,
        workspace: &WorkspaceId,
        slug: &KitSlug,
        file: &KitVersion,
    ) -> Result<Option<Box<DiffersScene>>, Fault> {
        let Some(served) = self.served(workspace, slug).await? else {
            return Ok(None);
        };
        let edition = served.shelf.latest().clone();
        let Some(differs) = served
            .shelf
            .differs
            .filter(|differs| differs.version == *file)
        else {
            return Ok(None);
        };
        let theirs = self.kit(file).await?;
        Ok(Some(Box::new(DiffersScene {
            questions: differing(&served.kit, &theirs),
            elsewhere: without_questions(&served.kit) != without_questions(&theirs),
            kit: served.kit,
            edition,
            file: differs,
        })))
    }
}

fn differing(ours: &Kit, theirs: &Kit) -> Vec<(QuestionId, Vec<Part>)> {
    let all: BTreeSet<&QuestionId> = ours
        .questions
        .iter()
        .chain(&theirs.questions)
        .map(|question| &question.id)
        .collect();
    let parts = |id: &QuestionId| {
        if theirs.questions.iter().any(|question| question.id == *id) {
            changes(ours, theirs, id)
        } else {
            // It is in the edited kit alone.
            vec![Part::Added]
        }
    };
    all.into_iter()
        .map(|id| (id.clone(), parts(id)))
        .filter(|(_, parts)| !parts.is_empty())
        .collect()
}

fn without_questions(kit: &Kit) -> Kit {
    Kit {
        questions: Vec::new(),
        ..kit.clone()
    }
}
