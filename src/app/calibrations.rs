//! Calibrations: what is offered, begun, rated and shown, and what their posts are drawn from. The rules are in `domain::calibration`.

use super::look::Viewer;
use super::scene::{
    Address, CalibrationPost, CalibrationScene, CalibrationStage, Due, PostScene, Scene,
};
use super::{App, Done, Fault, Going, Halt, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::calibration::{
    Calibrate, Calibration, CalibrationScreen, NotCalibrated, Outcome, Stage, offered, sample,
};
use crate::domain::candidate::Note;
use crate::domain::event::{Delivery, Post, PostResult, Reply, RolesWhy, Screen};
use crate::domain::ids::{
    CalibrationId, ChannelId, KitSlug, KitVersion, MessageTs, QuestionId, WorkspaceId,
};
use crate::domain::kit::KitRef;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::kits::{Resolved, RoleNames, resolve};
use crate::store::{Change, Parcel, Revision};
use std::collections::BTreeMap;

impl App {
    /// Does what is asked of calibrations, or refuses.
    pub(super) async fn calibrate(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        step: &Calibrate,
        fresh: bool,
    ) -> Going<Done> {
        let workspace = &delivery.workspace;
        let place = delivery.place.as_ref();
        let id = match step {
            Calibrate::Ask(words) => {
                self.place_for_calibrations(workspace, place).await?;
                let screen = self.asked_for(workspace, words).await?;
                let reply = Reply::Show(Screen::Calibration(screen));
                let done = self.commit(delivery, fresh, Vec::new(), reply).await?;
                return Ok(done.ok_or(Refusal::DraftGone)?);
            }
            Calibrate::Start {
                version,
                question,
                sample,
            } => {
                let channel = self.place_for_calibrations(workspace, place).await?;
                let what = (version, question, *sample);
                return self
                    .begin_calibration(delivery, &channel, what, fresh)
                    .await;
            }
            Calibrate::Rate(id, ..) | Calibrate::Show(id) => id,
        };
        for _ in 0..ROUNDS {
            let (calibration, revision) = self.calibration(workspace, place, id).await?;
            let outcome = match step {
                Calibrate::Rate(_, rating, clicked) => {
                    calibration.rate(&actor.user, *rating, *clicked)?
                }
                _ => calibration.show(actor, self.inner.clock.now())?,
            };
            let reply = outcome.reply.clone();
            let changes = changes_of(outcome, revision);
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// The channel, if a panel may calibrate there: kits are for members only.
    async fn place_for_calibrations(
        &self,
        workspace: &WorkspaceId,
        place: Option<&ChannelId>,
    ) -> Going<ChannelId> {
        let channel = place
            .ok_or(NotCalibrated::NeedsChannel)
            .map_err(Refusal::from)?;
        match self.place_for_loops(workspace, channel).await {
            Ok(_) => Ok(channel.clone()),
            Err(Halt::Refused(Refusal::NeedsChannel)) => {
                Err(Refusal::from(NotCalibrated::NeedsChannel).into())
            }
            Err(Halt::Refused(Refusal::SharedChannel)) => {
                Err(Refusal::from(NotCalibrated::SharedChannel).into())
            }
            Err(other) => Err(other),
        }
    }

    /// What the words after the command mean.
    async fn asked_for(&self, workspace: &WorkspaceId, words: &Note) -> Going<CalibrationScreen> {
        let served = self.catalogue(workspace).await?;
        let names: Vec<RoleNames> = served.iter().map(|served| served.names.clone()).collect();
        let has_samples = |slug: &KitSlug| {
            let kit = served.iter().find(|served| served.kit.slug == *slug);
            kit.is_some_and(|served| !offered(&served.kit).is_empty())
        };
        if !names.iter().any(|role| has_samples(&role.slug)) {
            return Err(Refusal::from(NotCalibrated::NothingToRate).into());
        }
        let roles = |slugs: Vec<KitSlug>, why| CalibrationScreen::Roles { slugs, why };
        if words.is_empty() {
            return Ok(roles(Vec::new(), RolesWhy::All));
        }
        Ok(match resolve(&names, words.as_str()) {
            Resolved::One { slug, .. } if has_samples(&slug) => CalibrationScreen::Samples(slug),
            Resolved::One { slug, .. } => {
                let title = names.into_iter().find(|role| role.slug == slug);
                let title = title.map(|role| role.title).unwrap_or_default();
                return Err(Refusal::from(NotCalibrated::NoSamples { title }).into());
            }
            Resolved::Many { slugs, .. } => {
                let slugs: Vec<KitSlug> =
                    slugs.into_iter().filter(|slug| has_samples(slug)).collect();
                match slugs.as_slice() {
                    [] => roles(Vec::new(), RolesWhy::All),
                    [only] => CalibrationScreen::Samples(only.clone()),
                    _ => roles(slugs, RolesWhy::Several),
                }
            }
            Resolved::None { near, word, .. } => {
                let near = near.into_iter().filter(|slug| has_samples(slug)).collect();
                let word = Note::new(&word);
                roles(near, RolesWhy::Near { word })
            }
        })
    }

    async fn begin_calibration(
        &self,
        delivery: &Delivery,
        channel: &ChannelId,
        (version, question, letter): (&KitVersion, &QuestionId, char),
        fresh: bool,
    ) -> Going<Done> {
        let unknown = || Refusal::from(NotCalibrated::UnknownSample);
        let Some(kit) = self.inner.store.kit(version).await? else {
            return Err(unknown().into());
        };
        let Some(asked) = kit
            .question(question)
            .filter(|_| sample(&kit, question, letter).is_some())
        else {
            return Err(unknown().into());
        };
        let calibration = Calibration {
            id: CalibrationId::from(format!("{:016x}", rand::random::<u64>())),
            kit: KitRef {
                slug: kit.slug.clone(),
                version: version.clone(),
            },
            question: question.clone(),
            sample: letter,
            channel: channel.clone(),
            started_at: self.inner.clock.now(),
            stage: Stage::Open {
                started_by: delivery.actor.clone(),
                ratings: BTreeMap::new(),
                clicked: BTreeMap::new(),
            },
            post: None,
            deleted: 0,
        };
        let said = format!(
            "Started: {} {}, answer {letter}. Everybody rates it in the post in ",
            asked.section,
            asked.number()
        );
        let reply = Reply::Said(Words::from(said).channel(channel).text(", you as well."));
        let post = Post::Calibration(calibration.id.clone());
        let changes = vec![
            Change::Calibration(Revision(0), Box::new(calibration)),
            Change::Owe(post),
        ];
        let done = self.commit(delivery, fresh, changes, reply).await?;
        Ok(done.ok_or_else(unknown)?)
    }

    /// A calibration of this channel. An unknown one and one of another channel get the same answer.
    async fn calibration(
        &self,
        workspace: &WorkspaceId,
        channel: Option<&ChannelId>,
        id: &CalibrationId,
    ) -> Going<(Calibration, Revision)> {
        match self.inner.store.calibration(workspace, id).await? {
            Some((calibration, revision)) if channel == Some(&calibration.channel) => {
                Ok((calibration, revision))
            }
            _ => Err(Refusal::from(NotCalibrated::Unknown).into()),
        }
    }

    /// What somebody looks at.
    pub(super) async fn calibration_seen(
        &self,
        viewer: &Viewer,
        screen: &CalibrationScreen,
    ) -> Going<Scene> {
        let workspace = &viewer.workspace;
        let scene = match screen {
            CalibrationScreen::Roles { slugs, why } => {
                let served = self.catalogue(workspace).await?;
                let roles = served
                    .into_iter()
                    .filter(|served| !offered(&served.kit).is_empty())
                    .filter(|served| *why == RolesWhy::All || slugs.contains(&served.kit.slug))
                    .map(|served| (served.kit.slug.clone(), served.kit.title.clone()));
                CalibrationScene::Roles {
                    roles: roles.collect(),
                    why: why.clone(),
                }
            }
            CalibrationScreen::Samples(slug) => {
                let Some(served) = self.served(workspace, slug).await? else {
                    return Err(Refusal::UnknownRole.into());
                };
                if offered(&served.kit).is_empty() {
                    let title = served.kit.title.clone();
                    return Err(Refusal::from(NotCalibrated::NoSamples { title }).into());
                }
                CalibrationScene::Samples {
                    kit: served.kit,
                    version: served.version,
                }
            }
            CalibrationScreen::Own(id) => {
                let place = viewer.place.as_ref();
                let (calibration, _) = self.calibration(workspace, place, id).await?;
                CalibrationScene::Own {
                    rating: calibration.rating_of(&viewer.user),
                }
            }
        };
        Ok(Scene::Calibration(scene))
    }

    /// What a calibration's post says at this moment. While it is open that is how many ratings are in, and nothing else of them.
    pub(super) async fn calibration_due(
        &self,
        workspace: &WorkspaceId,
        id: &CalibrationId,
    ) -> Result<Due, Fault> {
        let Some((calibration, _)) = self.inner.store.calibration(workspace, id).await? else {
            return Ok(Due::Drop);
        };
        if calibration.is_unwanted() {
            return Ok(Due::Drop);
        }
        let kit = self.kit(&calibration.kit.version).await?;
        let number = calibration.ratings_in();
        let scene = PostScene::Calibration(Box::new(CalibrationPost {
            id: id.clone(),
            version: calibration.kit.version,
            question: calibration.question,
            sample: calibration.sample,
            stage: match calibration.stage {
                Stage::Open { started_by, .. } => CalibrationStage::Open { started_by, number },
                Stage::Shown(spread) => CalibrationStage::Shown(spread),
                Stage::Lapsed => CalibrationStage::Lapsed,
            },
            kit,
        }));
        Ok(
            match self.send(Address::Channel(calibration.channel), scene) {
                Due::Send(mut addressed) => {
                    addressed.standing = calibration.post;
                    Due::Send(addressed)
                }
                other => other,
            },
        )
    }

    /// Where a calibration's post stands.
    pub(super) async fn calibration_standing(
        &self,
        workspace: &WorkspaceId,
        id: &CalibrationId,
    ) -> Result<Option<(ChannelId, MessageTs)>, Fault> {
        let found = self.inner.store.calibration(workspace, id).await?;
        Ok(found.and_then(|(calibration, _)| Some((calibration.channel, calibration.post?))))
    }

    /// Takes in what became of a calibration's post, and settles it.
    pub(super) async fn calibration_observed(
        &self,
        parcel: &Parcel,
        id: &CalibrationId,
        result: &PostResult,
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            // Settled first: what is owed anew by the same commit stays owed.
            let mut changes = vec![parcel.settled()];
            let found = self.inner.store.calibration(&parcel.workspace, id).await?;
            if let Some((calibration, revision)) = found {
                changes.extend(changes_of(calibration.observe(result), revision));
            }
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// Ends the calibrations that were left open.
    pub(super) async fn lapse_calibrations(&self) -> Result<(), Fault> {
        let now = self.inner.clock.now();
        for (workspace, calibration, revision) in self.inner.store.calibrations().await? {
            if let Some(outcome) = calibration.lapse(now) {
                // A conflict means that something happened to it just now: it is looked at again the next time.
                self.written(&workspace, changes_of(outcome, revision))
                    .await?;
            }
        }
        Ok(())
    }
}

fn changes_of(outcome: Outcome, revision: Revision) -> Vec<Change> {
    let post = Post::Calibration(outcome.state.id.clone());
    let mut changes = Vec::new();
    if outcome.changed {
        changes.push(Change::Calibration(revision, Box::new(outcome.state)));
    }
    if outcome.redraws {
        changes.push(Change::Owe(post));
    }
    changes
}
