//! Looking back on many loops: read in pages, and no more of each than its head. What the figures mean is in `domain::stats`.

use super::look::Viewer;
use super::scene::{Scene, StatsScene};
use super::{App, Done, Fault, Going};
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::event::{Delivery, Reply, RolesWhy, Screen};
use crate::domain::ids::{KitSlug, WorkspaceId};
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::refusal::Refusal;
use crate::domain::stats::{StatsScreen, Tally};
use crate::kits::{Resolved, RoleNames, resolve};
use crate::store::{FILES, List, Stretch};
use std::collections::BTreeSet;

/// How many loops are read before others get their turn.
const PAGE: usize = 200;

impl App {
    /// Finds what the words after the command mean, for who may look back at all.
    pub(super) async fn ask_for_stats(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        words: &Note,
        fresh: bool,
    ) -> Going<Done> {
        let workspace = &delivery.workspace;
        self.must_look_back(workspace, actor).await?;
        let screen = if words.is_empty() {
            StatsScreen::All
        } else {
            self.role_of_stats(workspace, words).await?
        };
        let reply = Reply::Show(Screen::Stats(screen));
        let done = self.commit(delivery, fresh, Vec::new(), reply).await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }

    async fn role_of_stats(
        &self,
        workspace: &WorkspaceId,
        words: &Note,
    ) -> Result<StatsScreen, Fault> {
        let served = self.catalogue(workspace).await?;
        let names: Vec<RoleNames> = served.into_iter().map(|served| served.names).collect();
        let roles = |slugs, why| StatsScreen::Roles { slugs, why };
        Ok(match resolve(&names, words.as_str()) {
            Resolved::One { slug, .. } => StatsScreen::Role(slug),
            Resolved::Many { slugs, .. } => roles(slugs, RolesWhy::Several),
            Resolved::None { near, word, .. } => {
                let word = Note::new(&word);
                roles(near, RolesWhy::Near { word })
            }
        })
    }

    /// Lets through administrators, and whoever owns a loop.
    async fn must_look_back(&self, workspace: &WorkspaceId, actor: &Actor) -> Going<()> {
        if actor.administrator {
            return Ok(());
        }
        let of = List::Of(actor.user.clone());
        let mut stretch = Stretch::first(PAGE);
        loop {
            let heads = self.page(workspace, &of, &mut stretch).await?;
            if heads.is_empty() {
                return Err(Refusal::NoLookingBack.into());
            }
            if heads.iter().any(|head| head.owner == actor.user) {
                return Ok(());
            }
        }
    }

    /// What somebody looks back on: administrators on all loops, an owner on their own.
    pub(super) async fn stats_shown(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        screen: &StatsScreen,
    ) -> Going<Scene> {
        let workspace = &viewer.workspace;
        self.must_look_back(workspace, actor).await?;
        let wanted = match screen {
            StatsScreen::All => None,
            StatsScreen::Role(slug) => Some(slug),
            StatsScreen::Roles { slugs, why } => {
                return Ok(Scene::StatsRoles {
                    roles: self.roles(workspace, slugs, why).await?,
                    why: why.clone(),
                });
            }
        };
        let lists = if actor.administrator {
            let slugs = match wanted {
                Some(slug) => vec![slug.clone()],
                None => self.roles_ever(workspace).await?,
            };
            slugs.into_iter().map(List::OfRole).collect()
        } else {
            vec![List::Of(actor.user.clone())]
        };
        let mut tally = Tally::default();
        for list in &lists {
            let mut stretch = Stretch::first(PAGE);
            loop {
                let heads = self.page(workspace, list, &mut stretch).await?;
                if heads.is_empty() {
                    break;
                }
                for head in heads {
                    let of_role = wanted.is_none_or(|slug| head.kit.slug == *slug);
                    if of_role && actor.leads(&head) {
                        tally.add(&head, &*self.kit(&head.kit.version).await?);
                    }
                }
            }
        }
        let roles = tally.figures();
        let role = match wanted {
            None => None,
            Some(slug) => {
                let title = match roles.first() {
                    Some(role) => role.title.clone(),
                    None => match self.served(workspace, slug).await? {
                        Some(served) => served.kit.title.clone(),
                        None => return Err(Refusal::UnknownRole.into()),
                    },
                };
                Some((slug.clone(), title))
            }
        };
        Ok(Scene::Stats(Box::new(StatsScene {
            whole: actor.administrator,
            role,
            roles,
        })))
    }

    /// Every role that was ever served here: loops go on when a kit's file is gone.
    async fn roles_ever(&self, workspace: &WorkspaceId) -> Result<Vec<KitSlug>, Fault> {
        let mut slugs: BTreeSet<KitSlug> = BTreeSet::new();
        for whose in [&WorkspaceId::from(FILES), workspace] {
            let shelves = self.inner.store.shelves(Some(whose)).await?;
            slugs.extend(shelves.into_iter().map(|shelved| shelved.shelf.slug));
        }
        Ok(slugs.into_iter().collect())
    }

    /// The next loops of a list; none: that was all.
    async fn page(
        &self,
        workspace: &WorkspaceId,
        list: &List,
        stretch: &mut Stretch,
    ) -> Result<Vec<Head>, Fault> {
        let store = &self.inner.store;
        loop {
            // The reads never wait by themselves.
            tokio::task::yield_now().await;
            let listed = store.list(workspace, list, stretch.clone()).await?;
            let mut heads = Vec::with_capacity(listed.len());
            for one in &listed {
                let loaded = store.load(workspace, &one.code, &Needs::Head).await?;
                heads.extend(loaded.map(|loaded| loaded.head));
            }
            let Some(last) = listed.into_iter().last() else {
                return Ok(heads);
            };
            stretch.after = Some(last);
            if !heads.is_empty() {
                return Ok(heads);
            }
        }
    }
}
