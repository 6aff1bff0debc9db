//! What a digest says, how it is set, and the list behind it, as they are read. When a digest comes is in `digests`.

use super::look::Viewer;
use super::scene::{DigestForm, DigestScene, LoopEntry, LoopLines, Scene, SetDigest};
use super::{App, Fault, Going, Halt};
use crate::domain::access::{Actor, Place};
use crate::domain::days::Days;
use crate::domain::digest::{Digest, Rhythm};
use crate::domain::ids::{ChannelId, LoopCode, WorkspaceId};
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::refusal::Refusal;
use crate::schedule;
use crate::store::{List, Listed, Stretch};
use jiff::Timestamp;

/// How many loops each part of a digest names.
const NAMED: usize = 10;
/// How many of a list are counted; beyond it is said that there are more.
const COUNTED: usize = 1000;
/// How many loops a page of the whole list shows.
const PAGE: usize = 10;

impl App {
    /// How a channel's digest is set.
    pub(super) async fn digest_shown(&self, viewer: &Viewer) -> Going<Scene> {
        let channel = viewer.place.as_ref().ok_or(Refusal::NeedsChannel)?;
        let (digest, _) = self.digest(&viewer.workspace, channel).await?;
        let Some(digest) = digest.filter(|digest| !digest.off) else {
            return Err(Refusal::NoDigest.into());
        };
        let zone = schedule::zone(&digest.rhythm.zone);
        let now = self.inner.clock.now();
        Ok(Scene::Digest(SetDigest {
            next: zone
                .filter(|_| digest.comes())
                .map(|zone| schedule::next_digest(&digest, &zone, now)),
            when: in_words(&digest.rhythm),
            digest,
        }))
    }

    /// What the form of a channel's digest begins with.
    pub(super) async fn digest_form(&self, viewer: &Viewer) -> Going<Scene> {
        let channel = viewer.place.as_ref().ok_or(Refusal::NeedsChannel)?;
        self.place_for_loops(&viewer.workspace, channel).await?;
        let (digest, _) = self.digest(&viewer.workspace, channel).await?;
        let (zone, _) = self.zone_of(&viewer.workspace, &viewer.user).await?;
        Ok(Scene::DigestForm(DigestForm {
            channel: channel.clone(),
            rhythm: digest.as_ref().map_or_else(
                || Rhythm {
                    at: jiff::civil::Time::constant(9, 0, 0, 0),
                    days: Days::WEEKDAYS,
                    zone,
                },
                |digest| digest.rhythm.clone(),
            ),
            even_if_empty: digest.as_ref().is_some_and(|digest| digest.even_if_empty),
        }))
    }

    /// What a digest that comes by itself says.
    pub(super) async fn digest_scene(
        &self,
        workspace: &WorkspaceId,
        digest: &Digest,
        since: Timestamp,
        now: Timestamp,
        place: Option<&Place>,
    ) -> Result<DigestScene, Fault> {
        let mut scene = self
            .digest_of(workspace, &digest.channel, since, now, place)
            .await?;
        scene.set = Some(in_words(&digest.rhythm));
        Ok(scene)
    }

    /// What there is to say of a channel's loops. The cost follows what is said: of each list a beginning is read.
    pub(super) async fn digest_of(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        since: Timestamp,
        now: Timestamp,
        place: Option<&Place>,
    ) -> Result<DigestScene, Fault> {
        let all = || Stretch::first(COUNTED + 1);
        let lately = || Stretch::since(since, COUNTED + 1);
        let lines = async |list: List, stretch: Stretch| {
            let mut listed = self.inner.store.list(workspace, &list, stretch).await?;
            // What becomes owed later is not owed yet.
            listed.retain(|listed| listed.at <= now);
            self.lines(workspace, &listed).await
        };
        let longest = self
            .inner
            .store
            .waiting_longest(workspace, channel, NAMED + 1)
            .await?;
        let mut waiting = self.lines(workspace, &longest).await?;
        waiting.heads.sort_by_key(|head| head.opened_at);
        Ok(DigestScene {
            channel: channel.clone(),
            since,
            as_of: now,
            open_to_all: place
                .is_some_and(|place| place.shared || (!place.private && place.bot_is_member)),
            opened: lines(List::In(channel.clone()), lately()).await?,
            owed: lines(List::OwedIn(channel.clone()), all()).await?,
            ready: lines(List::ReadyIn(channel.clone()), all()).await?,
            decided: lines(List::DecidedIn(channel.clone()), lately()).await?,
            waiting,
            set: None,
        })
    }

    async fn lines(&self, workspace: &WorkspaceId, listed: &[Listed]) -> Result<LoopLines, Fault> {
        let mut heads = Vec::new();
        for Listed { code, .. } in listed.iter().take(NAMED) {
            heads.extend(self.head(workspace, code).await?);
        }
        Ok(LoopLines {
            number: listed.len().min(COUNTED),
            and_more: listed.len() > COUNTED,
            heads,
        })
    }

    pub(super) async fn head(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
    ) -> Result<Option<Head>, Fault> {
        let loaded = self.inner.store.load(workspace, code, &Needs::Head).await?;
        Ok(loaded.map(|loaded| loaded.head))
    }

    /// A page of the loops of a channel that wait for their decision, for somebody who is there.
    pub(super) async fn undecided(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        channel: &ChannelId,
        after: Option<&(Timestamp, LoopCode)>,
    ) -> Going<Scene> {
        if viewer.place.as_ref() != Some(channel) {
            return Err(Halt::Refused(Refusal::OldButton));
        }
        let stretch = Stretch {
            after: after.map(|(at, code)| Listed {
                at: *at,
                code: code.clone(),
            }),
            since: None,
            most: PAGE + 1,
        };
        let list = List::UndecidedIn(channel.clone());
        let listed = self
            .inner
            .store
            .list(&viewer.workspace, &list, stretch)
            .await?;
        let more = listed.len() > PAGE;
        let mut entries: Vec<LoopEntry> = Vec::new();
        for Listed { code, .. } in listed.iter().take(PAGE) {
            entries.extend(self.entry(actor, &viewer.workspace, code).await?);
        }
        let last = listed.get(PAGE - 1).filter(|_| more);
        Ok(Scene::Undecided {
            channel: channel.clone(),
            entries,
            begins: after.is_none(),
            next: last.map(|last| (last.at, last.code.clone())),
        })
    }
}

/// `09:00 weekdays Europe/Berlin`: as it can be typed.
pub(super) fn in_words(rhythm: &Rhythm) -> String {
    let days = rhythm.days.to_string().replace(", ", ",").to_lowercase();
    format!("{} {days} {}", rhythm.at.strftime("%H:%M"), rhythm.zone)
}
