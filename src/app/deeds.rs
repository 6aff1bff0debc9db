//! What people do with a loop, loaded, handled and committed; and sharing a kit. What the deeds mean is in `domain::interview_loop`.

use super::facts::Seen;
use super::{App, Done, Fault, Going, ROUNDS, unknown};
use crate::domain::access::Actor;
use crate::domain::event::{Deed, Delivery, Post, Reply};
use crate::domain::ids::{KitSlug, LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::{
    Head, InterviewLoop, Needs, Outcome, SeatRole, named, stirred,
};
use crate::domain::kit::Kit;
use crate::domain::refusal::Refusal;
use crate::domain::settings::RevealRule;
use crate::store::{Base, Change, Loaded, LoopChange, Revision};
use std::collections::BTreeMap;
use std::sync::Arc;

impl App {
    pub(super) async fn do_deed(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        code: &LoopCode,
        deed: &Deed,
        mut seen: Option<Seen>,
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..ROUNDS {
            let seen = seen.take();
            let (changes, reply) = self.handled(delivery, actor, code, deed, seen).await?;
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// What a deed would write and answer, from the loop as it was seen just now, or else as it stands.
    pub(super) async fn handled(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        code: &LoopCode,
        deed: &Deed,
        seen: Option<Seen>,
    ) -> Going<(Vec<Change>, Reply)> {
        let workspace = &delivery.workspace;
        let needs = deed.needs(&actor.user);
        let deed = &self.informed(delivery, deed).await?;
        let Seen { loaded, settings } = match seen {
            Some(seen) => seen,
            None => Seen {
                loaded: self.inner.store.load(workspace, code, &needs).await?,
                settings: self.settings(workspace).await?.0,
            },
        };
        let Some(loaded) = loaded else {
            return Err(self.no_loop(workspace, code).await?.into());
        };
        let here = delivery.place.as_ref() == Some(&loaded.head.channel);
        if !here && !actor.knows(&loaded.head) {
            return Err(unknown(code).into());
        }
        let deed = &self
            .filled_in(&delivery.workspace, deed, &loaded.head)
            .await?;
        let kit = self.kit(&loaded.head.kit.version).await?;
        let (mut state, base) = begin(loaded, kit, &needs);
        state.rule = settings.reveal;
        let mut outcome = state.handle(actor, deed, self.inner.clock.now())?;
        self.counted(workspace, &mut outcome).await?;
        let reply = outcome.reply.clone();
        Ok((changes_of(outcome, base), reply))
    }

    /// The deed, with what is known of the people and the channel that it names; refused where they cannot be meant.
    async fn informed(&self, delivery: &Delivery, deed: &Deed) -> Going<Deed> {
        let workspace = &delivery.workspace;
        match deed {
            Deed::SetPanel {
                users,
                shadows,
                observers,
                ..
            } => {
                let panel = named(users, shadows, observers)?;
                self.may_all_be_on_a_panel(workspace, &panel).await?;
            }
            Deed::Admit { user, .. } => {
                let panel = [(user.clone(), SeatRole::Interviewer)];
                self.may_all_be_on_a_panel(workspace, &panel).await?;
            }
            Deed::HandOver { to } if !self.is_member(workspace, to).await? => {
                return Err(Refusal::CannotOwn { user: to.clone() }.into());
            }
            Deed::Move { channel, .. } => {
                let place = self.place_for_loops(workspace, channel).await?;
                return Ok(Deed::Move {
                    channel: channel.clone(),
                    public: !place.private,
                });
            }
            Deed::SetTime { wish, .. } => {
                let at = self.moment_of(workspace, &delivery.actor, wish).await?;
                return Ok(Deed::SetTime {
                    wish: wish.clone(),
                    at: Some(at.map_err(Refusal::from)?),
                });
            }
            _ => {}
        }
        Ok(deed.clone())
    }

    /// The deed, with what is known of the people whom it comes to in this loop.
    async fn filled_in(
        &self,
        workspace: &WorkspaceId,
        deed: &Deed,
        head: &Head,
    ) -> Result<Deed, Fault> {
        let mut deed = deed.clone();
        match &mut deed {
            Deed::Nudge | Deed::NudgeByDay { .. } => {
                let asleep = self.asleep(workspace, head).await?;
                deed = Deed::NudgeByDay { asleep };
            }
            Deed::SetPanel {
                users,
                shadows,
                observers,
                namesakes,
                ..
            } => {
                let named = users.iter().chain(shadows.iter()).chain(observers.iter());
                let new = named.filter(|user| head.seat(user).is_none());
                let new = new.cloned().collect();
                *namesakes = self.namesakes_of(workspace, &head.candidate, new).await?;
            }
            Deed::Admit { user, namesake, .. } => {
                let new = vec![user.clone()];
                let found = self.namesakes_of(workspace, &head.candidate, new);
                *namesake = !found.await?.is_empty();
            }
            _ => {}
        }
        Ok(deed)
    }

    pub(super) async fn share_kit(
        &self,
        delivery: &Delivery,
        slug: &KitSlug,
        fresh: bool,
    ) -> Going<Done> {
        if self.served(&delivery.workspace, slug).await?.is_none() {
            return Err(Refusal::UnknownRole.into());
        }
        let Some(channel) = &delivery.place else {
            return Err(Refusal::NeedsChannel.into());
        };
        if !channel.is_direct() {
            self.place_for_loops(&delivery.workspace, channel).await?;
        }
        let post = Post::SharedKit {
            slug: slug.clone(),
            channel: channel.clone(),
            by: delivery.actor.clone(),
            key: delivery.key.clone(),
        };
        let done = self
            .commit(delivery, fresh, vec![Change::Owe(post)], Reply::Nothing)
            .await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }
}

/// The state that the rules work on, and what a commit has to name.
pub(super) fn begin(loaded: Loaded, kit: Arc<Kit>, needs: &Needs) -> (InterviewLoop, Base) {
    let mut revisions: BTreeMap<UserId, Revision> = match needs {
        Needs::Head => BTreeMap::new(),
        Needs::Own(user) => BTreeMap::from([(user.clone(), Revision::default())]),
        Needs::All => loaded
            .head
            .panel
            .iter()
            .map(|seat| (seat.user.clone(), Revision::default()))
            .collect(),
    };
    revisions.extend(
        loaded
            .cards
            .iter()
            .map(|(user, (_, revision))| (user.clone(), *revision)),
    );
    let base = Base::Read {
        head: loaded.revision,
        cards: revisions,
        was: Box::new(loaded.head.clone()),
    };
    let state = InterviewLoop {
        kit,
        head: loaded.head,
        cards: loaded
            .cards
            .into_iter()
            .map(|(user, (card, _))| (user, card))
            .collect(),
        rule: RevealRule::default(),
    };
    (state, base)
}

/// What an outcome writes.
pub(super) fn changes_of(outcome: Outcome, base: Base) -> Vec<Change> {
    let code = outcome.state.head.code.clone();
    let sent = outcome.sent.into_iter();
    let sent: Vec<Change> = sent.map(|it| Change::Sent(code.clone(), it)).collect();
    if let Some(erased) = outcome.erased {
        let mut changes = vec![Change::Erase(base, Box::new(erased))];
        changes.extend(sent);
        changes.extend(outcome.posts.into_iter().map(Change::Owe));
        return changes;
    }
    let stirs = match &base {
        _ if !outcome.head_changed => Vec::new(),
        Base::Absent => stirred(None, &outcome.state.head),
        Base::Read { was, .. } => stirred(Some(was), &outcome.state.head),
    };
    let mut cards = outcome.state.cards;
    let change = LoopChange {
        code,
        base,
        head: outcome.head_changed.then_some(outcome.state.head),
        cards: outcome
            .cards_changed
            .iter()
            .filter_map(|user| cards.remove(user))
            .collect(),
        audit: outcome.audit,
    };
    let mut changes = vec![Change::Loop(Box::new(change))];
    changes.extend(sent);
    changes.extend(outcome.posts.into_iter().chain(stirs).map(Change::Owe));
    changes
}
