//! From what somebody typed or filled in to an open loop, with the questions that may come between.

use super::planning::planned;
use super::{App, Done, Fault, Going};
use crate::domain::access::Actor;
use crate::domain::candidate::{CandidateName, NotAName, Note};
use crate::domain::event::{
    Delivery, Draft, DraftAnswer, KitTab, Opening, Reply, Request, RolesWhy, Screen,
};
use crate::domain::ids::{ChannelId, DraftId, KitSlug, LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::{
    Doubted, LARGEST_PANEL, Naming, Needs, NewLoop, SeatRole, named, open,
};
use crate::domain::planned::Wish;
use crate::domain::refusal::Refusal;
use crate::domain::settings::{NamingRule, Settings};
use crate::kits::{Resolved, RoleNames, resolve};
use crate::store::{Base, Change};
use jiff::Timestamp;
use std::sync::Arc;

/// How many administrators are named to whoever may not open a loop.
const ASKED: usize = 3;
/// How often a fresh code is minted when one is taken. A million codes a workspace: two in a row are rare.
const MINTINGS: usize = 32;

/// What an opening comes to.
enum Step {
    /// Everything is known.
    Ready(Box<NewLoop>),
    /// One more answer is needed: the screen that asks for it.
    Ask(Box<dyn FnOnce(DraftId) -> Screen + Send>),
}

impl App {
    /// Serves a kit, opens a loop, or asks for what is missing.
    pub(super) async fn opening(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        fresh: bool,
    ) -> Going<Done> {
        let (mut opening, taken) = match &delivery.request {
            Request::Interview {
                words,
                panel,
                groups,
                unresolved,
            } => match self
                .typed(delivery, words, panel, groups, unresolved)
                .await?
            {
                Typed::Opening(opening) => (opening, None),
                Typed::Show(screen) => {
                    let done = self
                        .commit(delivery, fresh, Vec::new(), Reply::Show(screen))
                        .await?;
                    return Ok(done.ok_or(Refusal::DraftGone)?);
                }
                Typed::Refused(refusal) => return Err(refusal.into()),
                Typed::Roles {
                    opening,
                    slugs,
                    why,
                } => {
                    self.must_open(actor).await?;
                    return self
                        .put_draft(delivery, *opening, None, fresh, |draft| Screen::Roles {
                            slugs,
                            why,
                            draft: Some(draft),
                        })
                        .await;
                }
            },
            Request::Open(opening) => (opening.clone(), None),
            Request::Resume { draft, answer } => {
                let Some(mut opening) = self.opening_draft(&delivery.workspace, draft).await?
                else {
                    return Err(Refusal::DraftGone.into());
                };
                match answer {
                    DraftAnswer::Role(slug) => opening.slug = Some(slug.clone()),
                    DraftAnswer::Naming(naming) => opening.naming = Some(*naming),
                    DraftAnswer::AnotherPerson => opening.another_person = true,
                    DraftAnswer::Channel(channel) => opening.channel = Some(channel.clone()),
                    DraftAnswer::Anybody => opening.anybody = true,
                    DraftAnswer::PanelStands => opening.panel_stands = true,
                    DraftAnswer::SamePanel => {
                        let offered = std::mem::take(&mut opening.offered);
                        opening.take_panel(&offered);
                        // What gives pause about it was said with the offer.
                        opening.panel_stands = true;
                    }
                    DraftAnswer::Filled(filled) => opening = (**filled).clone(),
                }
                (Box::new(opening), Some(draft.clone()))
            }
            _ => return Err(Refusal::OldButton.into()),
        };
        let step = self
            .next_step(&delivery.workspace, actor, &mut opening)
            .await?;
        match step {
            Step::Ask(screen) => {
                self.put_draft(delivery, *opening, taken, fresh, screen)
                    .await
            }
            Step::Ready(new) => self.open_now(delivery, *new, taken, fresh).await,
        }
    }

    /// The opening that waits under a name. A draft of another kind is none.
    pub(super) async fn opening_draft(
        &self,
        workspace: &WorkspaceId,
        draft: &DraftId,
    ) -> Result<Option<Opening>, Fault> {
        Ok(match self.inner.store.draft(workspace, draft).await? {
            Some(Draft::Opening(opening)) => Some(opening),
            _ => None,
        })
    }

    /// Keeps an opening until its question is answered.
    async fn put_draft(
        &self,
        delivery: &Delivery,
        opening: Opening,
        taken: Option<DraftId>,
        fresh: bool,
        screen: impl FnOnce(DraftId) -> Screen,
    ) -> Going<Done> {
        let draft = DraftId::from(format!("{:016x}", rand::random::<u64>()));
        let waits = Box::new(Draft::Opening(opening));
        let mut changes = vec![Change::PutDraft(draft.clone(), waits)];
        changes.extend(taken.map(Change::TakeDraft));
        let done = self
            .commit(delivery, fresh, changes, Reply::Show(screen(draft)))
            .await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }

    async fn open_now(
        &self,
        delivery: &Delivery,
        new: NewLoop,
        taken: Option<DraftId>,
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..MINTINGS {
            if let Some(draft) = &taken
                && self
                    .inner
                    .store
                    .draft(&delivery.workspace, draft)
                    .await?
                    .is_none()
            {
                return Err(Refusal::DraftGone.into());
            }
            let mut new = new.clone();
            new.code = LoopCode::from_random(rand::random());
            let outcome = open(new, self.inner.clock.now());
            let reply = outcome.reply.clone();
            let mut changes = super::deeds::changes_of(outcome, Base::Absent);
            changes.extend(taken.clone().map(Change::TakeDraft));
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// Reads what was typed after `/interview`.
    async fn typed(
        &self,
        delivery: &Delivery,
        words: &Note,
        panel: &[UserId],
        groups: &[crate::domain::ids::GroupId],
        unresolved: &[String],
    ) -> Result<Typed, Fault> {
        let served = self.catalogue(&delivery.workspace).await?;
        let roles: Vec<RoleNames> = served.into_iter().map(|served| served.names).collect();
        let all = || {
            Typed::Show(Screen::Roles {
                slugs: Vec::new(),
                why: RolesWhy::All,
                draft: None,
            })
        };
        if words.is_empty() && panel.is_empty() && groups.is_empty() && unresolved.is_empty() {
            return Ok(all());
        }
        let (words, wish) = match Wish::split(words.as_str()) {
            Ok((words, wish)) => (words, wish),
            Err(why) => return Ok(Typed::Refused(why.into())),
        };
        let wish = match wish {
            Some(wish) => match self
                .settled(&delivery.workspace, &delivery.actor, wish)
                .await?
            {
                Ok(wish) => Some(Box::new(wish)),
                Err(why) => return Ok(Typed::Refused(why.into())),
            },
            None => None,
        };
        let opening = |slug: Option<KitSlug>, rest: &str| {
            Box::new(Opening {
                slug,
                candidate: Note::new(rest),
                panel: panel.to_vec(),
                groups: groups.to_vec(),
                channel: delivery.place.clone(),
                planned: wish.clone(),
                ..Opening::default()
            })
        };
        let more = |rest: &str| {
            let named = !panel.is_empty() || !groups.is_empty();
            !rest.trim().is_empty() || named || wish.is_some()
        };
        let resolved = resolve(&roles, &words);
        if let Some(word) = unresolved.first() {
            return Ok(Typed::Refused(Refusal::UnresolvedMention {
                word: word.clone(),
            }));
        }
        Ok(match resolved {
            Resolved::One { slug, rest } if more(&rest) => {
                Typed::Opening(opening(Some(slug), &rest))
            }
            Resolved::One { slug, .. } => Typed::Show(Screen::Kit {
                slug,
                version: None,
                tab: KitTab::Overview,
            }),
            Resolved::Many { slugs, rest } => offer(
                slugs,
                RolesWhy::Several,
                more(&rest).then(|| opening(None, &rest)),
            ),
            Resolved::None { near, word, rest } => {
                let word = Note::new(&word);
                if word.is_empty() && near.is_empty() {
                    return Ok(all());
                }
                offer(
                    near,
                    RolesWhy::Near { word },
                    more(&rest).then(|| opening(None, &rest)),
                )
            }
        })
    }

    /// What an opening still needs, or the loop that it opens.
    async fn next_step(
        &self,
        workspace: &WorkspaceId,
        actor: &Actor,
        opening: &mut Opening,
    ) -> Going<Step> {
        let served = match &opening.slug {
            Some(slug) => self.served(workspace, slug).await?,
            None => None,
        };
        let Some(served) = served else {
            return Err(Refusal::UnknownRole.into());
        };
        let settings = self.must_open(actor).await?;
        let now = self.inner.clock.now();
        let candidate = written(opening, now)?;
        let planned = planned(opening, served.kit.minutes, now).map_err(Refusal::from)?;
        let panel = self.panel(workspace, opening).await?;
        let Some(channel) = opening
            .channel
            .clone()
            .filter(|channel| !channel.is_direct())
        else {
            return Ok(Step::Ask(Box::new(|draft| Screen::ChannelQuestion {
                draft,
            })));
        };
        let place = self.place_for_loops(workspace, &channel).await?;
        if !opening.names_somebody() && !opening.anybody {
            let last = self
                .last_panel(workspace, &channel, &served.kit.slug)
                .await?;
            if !last.is_empty() {
                let doubts = self.doubts(workspace, &candidate, &last).await?;
                opening.offered.clone_from(&last);
                return Ok(Step::Ask(Box::new(|draft| Screen::LastPanel {
                    draft,
                    panel: last,
                    doubts,
                })));
            }
        }
        if !opening.panel_stands {
            let doubts = self.doubts(workspace, &candidate, &panel).await?;
            if !doubts.is_empty() {
                return Ok(Step::Ask(Box::new(|draft| Screen::Doubtful {
                    what: Doubted::Opening(draft),
                    doubts,
                })));
            }
        }
        if !opening.another_person {
            let codes = self
                .inner
                .store
                .namesakes(workspace, &served.kit.slug, candidate.likeness().as_str())
                .await?;
            let codes = self
                .known_namesakes(workspace, actor, &channel, codes)
                .await?;
            if !codes.is_empty() {
                return Ok(Step::Ask(Box::new(|draft| Screen::Namesakes {
                    draft,
                    codes,
                })));
            }
        }
        let naming = match (place.private, opening.naming) {
            // Whatever an older form or button says.
            (false, _) if settings.naming == NamingRule::Initials => Naming::Initials,
            (_, Some(naming)) => naming,
            (true, None) => Naming::Name,
            (false, None) => {
                return Ok(Step::Ask(Box::new(|draft| Screen::NamingQuestion {
                    draft,
                })));
            }
        };
        Ok(Step::Ready(Box::new(NewLoop {
            code: LoopCode::from_random(0),
            kit: Arc::clone(&served.kit),
            version: served.version.clone(),
            candidate,
            note: opening.note.clone(),
            requisition: opening.requisition.clone(),
            cv: opening.cv.clone(),
            owner: actor.user.clone(),
            channel,
            public: !place.private,
            naming,
            panel,
            planned,
        })))
    }

    /// Lets through who may open loops here; returns what is set.
    pub(super) async fn must_open(&self, actor: &Actor) -> Going<Settings> {
        let (settings, _) = self.settings(&actor.workspace).await?;
        if actor.may_open(&settings) {
            return Ok(settings);
        }
        let named = self.inner.administrators.iter().take(ASKED).cloned();
        let mut ask: Vec<UserId> = named.collect();
        if ask.is_empty() {
            ask.extend(settings.changed.map(|changed| changed.by));
        }
        Err(Refusal::OnlyAdministratorsOpen { ask }.into())
    }

    /// Of the loops of a name, those that this person may know of: others would betray who is being interviewed.
    async fn known_namesakes(
        &self,
        workspace: &WorkspaceId,
        actor: &Actor,
        channel: &ChannelId,
        codes: Vec<LoopCode>,
    ) -> Result<Vec<LoopCode>, Fault> {
        let mut known = Vec::new();
        for code in codes {
            let loaded = self
                .inner
                .store
                .load(workspace, &code, &Needs::Head)
                .await?;
            let may_know = loaded.is_some_and(|loaded| {
                let head = loaded.head;
                actor.knows(&head) || (head.channel == *channel && !head.public)
            });
            if may_know {
                known.push(code);
            }
        }
        Ok(known)
    }

    /// The people of a panel, its groups expanded. Every one of them is an active member.
    pub(super) async fn panel(
        &self,
        workspace: &WorkspaceId,
        opening: &Opening,
    ) -> Going<Vec<(UserId, SeatRole)>> {
        let mut panel: Vec<UserId> = Vec::new();
        let mut add = |user: UserId| {
            if !panel.contains(&user) && panel.len() <= LARGEST_PANEL {
                panel.push(user);
            }
        };
        opening.panel.iter().cloned().for_each(&mut add);
        for group in &opening.groups {
            match self.inner.store.group(workspace, group).await? {
                Some((members, _)) if !members.is_empty() => members.into_iter().for_each(&mut add),
                _ => return Err(Refusal::EmptyGroup.into()),
            }
        }
        let panel = named(&panel, &opening.shadows, &opening.observers)?;
        self.may_all_be_on_a_panel(workspace, &panel).await?;
        Ok(panel)
    }

    /// Refuses a panel that is too large, and one with anybody on it who is no active member.
    pub(super) async fn may_all_be_on_a_panel(
        &self,
        workspace: &WorkspaceId,
        panel: &[(UserId, SeatRole)],
    ) -> Going<()> {
        if panel.len() > LARGEST_PANEL {
            return Err(Refusal::PanelTooLarge.into());
        }
        for (user, role) in panel {
            if !self.is_member(workspace, user).await? {
                let (user, role) = (user.clone(), *role);
                return Err(Refusal::CannotInterview { user, role }.into());
            }
        }
        Ok(())
    }
}

/// The candidate's name, if what was written into an opening can stand, whoever is on its panel.
pub(super) fn written(opening: &Opening, now: Timestamp) -> Result<CandidateName, Refusal> {
    let candidate = CandidateName::parse(opening.candidate.as_str()).map_err(|no| match no {
        NotAName::TooLong => Refusal::NameTooLong,
        NotAName::Empty => Refusal::NameMissing,
    })?;
    if !opening.cv.is_empty() && !is_link(opening.cv.as_str()) {
        return Err(Refusal::NotALink);
    }
    planned(opening, 0, now)?;
    Ok(candidate)
}

/// What was typed comes to.
enum Typed {
    /// A loop somebody wants opened.
    Opening(Box<Opening>),
    /// Something to look at.
    Show(Screen),
    /// A choice of roles, with what else was typed.
    Roles {
        opening: Box<Opening>,
        slugs: Vec<KitSlug>,
        why: RolesWhy,
    },
    /// A polite no.
    Refused(Refusal),
}

fn offer(slugs: Vec<KitSlug>, why: RolesWhy, opening: Option<Box<Opening>>) -> Typed {
    match opening {
        Some(opening) => Typed::Roles {
            opening,
            slugs,
            why,
        },
        None => Typed::Show(Screen::Roles {
            slugs,
            why,
            draft: None,
        }),
    }
}

/// A link that a browser opens without surprises.
fn is_link(text: &str) -> bool {
    text.len() <= 2000
        && url::Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}
