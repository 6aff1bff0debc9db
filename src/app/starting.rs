//! The form that opens a loop, the panel it begins with, and what gives pause about one. What comes of the form is in `opening`.

use super::look::Viewer;
use super::scene::{Scene, StartScene};
use super::{App, Fault, Going};
use crate::domain::access::Actor;
use crate::domain::candidate::CandidateName;
use crate::domain::event::Opening;
use crate::domain::ids::{ChannelId, DraftId, KitSlug, UserId, WorkspaceId};
use crate::domain::interview_loop::{Doubts, Needs, SeatRole, interviewers};
use crate::domain::refusal::Refusal;
use crate::store::{List, Stretch};
use jiff::civil::DateTime;
use std::sync::Arc;

/// How many of a channel's newest loops are looked through for the last panel of a role.
const LOOKED_BACK: usize = 50;

impl App {
    /// The form for a role, with the panel of last time.
    pub(super) async fn start_form(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        slug: &KitSlug,
        channel: Option<&ChannelId>,
    ) -> Going<Scene> {
        let mut filled = Opening {
            slug: Some(slug.clone()),
            channel: channel.filter(|channel| !channel.is_direct()).cloned(),
            ..Opening::default()
        };
        if let Some(channel) = &filled.channel {
            let last = self.last_panel(&viewer.workspace, channel, slug).await?;
            filled.offered.clone_from(&last);
            filled.take_panel(&last);
        }
        self.filled_form(actor, viewer, filled, None).await
    }

    /// The form with what waits in a draft.
    pub(super) async fn start_again(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        draft: &DraftId,
    ) -> Going<Scene> {
        let Some(mut filled) = self.opening_draft(&viewer.workspace, draft).await? else {
            return Err(Refusal::DraftGone.into());
        };
        let panel = if filled.names_somebody() {
            // What was offered before somebody was named is no panel of last time.
            filled.offered.clear();
            self.panel(&viewer.workspace, &filled).await?
        } else {
            filled.offered.clone()
        };
        filled.take_panel(&panel);
        self.filled_form(actor, viewer, filled, Some(draft.clone()))
            .await
    }

    async fn filled_form(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        filled: Opening,
        draft: Option<DraftId>,
    ) -> Going<Scene> {
        let settings = self.must_open(actor).await?;
        let served = match &filled.slug {
            Some(slug) => self.served(&viewer.workspace, slug).await?,
            None => None,
        };
        let Some(served) = served else {
            return Err(Refusal::UnknownRole.into());
        };
        let place = match &filled.channel {
            Some(channel) => self.inner.store.place(&viewer.workspace, channel).await?,
            None => None,
        };
        let (own_zone, _) = self.zone_of(&viewer.workspace, &viewer.user).await?;
        let wish = filled.planned.as_deref();
        Ok(Scene::StartForm(Box::new(StartScene {
            kit: Arc::clone(&served.kit),
            public: place.is_some_and(|place| !place.private),
            naming: settings.naming,
            planned: wish.and_then(wished),
            minutes: wish.and_then(|wish| wish.length().ok().flatten()),
            zone: wish.and_then(|wish| wish.zone.clone()).unwrap_or(own_zone),
            draft,
            filled,
        })))
    }

    /// What gives pause about the panel of a new loop.
    pub(super) async fn doubts(
        &self,
        workspace: &WorkspaceId,
        candidate: &CandidateName,
        panel: &[(UserId, SeatRole)],
    ) -> Result<Doubts, Fault> {
        let users = panel.iter().map(|(user, _)| user.clone()).collect();
        let namesakes = self.namesakes_of(workspace, candidate, users).await?;
        Ok(Doubts::of(interviewers(panel), 0, namesakes))
    }

    /// Whom the newest loop of a role in a channel has on its named panel, without those who cannot be on one any more. Nobody, where
    /// that loop left it to the channel, or is not among the newest [`LOOKED_BACK`] of all roles there.
    pub(super) async fn last_panel(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        slug: &KitSlug,
    ) -> Result<Vec<(UserId, SeatRole)>, Fault> {
        let store = &self.inner.store;
        let within = List::In(channel.clone());
        let newest = store.list(workspace, &within, Stretch::first(LOOKED_BACK));
        for listed in newest.await? {
            let loaded = store.load(workspace, &listed.code, &Needs::Head).await?;
            let Some(head) = loaded.map(|loaded| loaded.head) else {
                continue;
            };
            if head.kit.slug != *slug {
                continue;
            }
            let mut panel = Vec::new();
            let named = if head.named_panel {
                head.panel
            } else {
                Vec::new()
            };
            for seat in named {
                if self.is_member(workspace, &seat.user).await? {
                    panel.push((seat.user, seat.role));
                }
            }
            return Ok(if interviewers(&panel) > 0 {
                panel
            } else {
                Vec::new()
            });
        }
        Ok(Vec::new())
    }
}

/// The day and the time that a wish names, on the clock of its zone; none where it names a day by its distance from today.
fn wished(wish: &crate::domain::planned::Wish) -> Option<DateTime> {
    let day = wish.day(jiff::civil::Date::ZERO).ok()?;
    (day.year() > 0).then_some(day.to_datetime(wish.time().ok()?))
}
