//! Somebody's Home tab: their scorecards, their loops, what was decided lately, what is set. How it is drawn, and how often, is at the edge.

use super::facts::Question;
use super::watchers::Concerned;
use super::{App, Fault, Halt};
use crate::domain::access::{Actor, Next, next};
use crate::domain::digest::Digest;
use crate::domain::event::{HomePages, Turned};
use crate::domain::ids::{KitSlug, LoopCode, UserId, WorkspaceId};
use crate::domain::interview_loop::{Head, Needs};
use crate::domain::refusal::Refusal;
use crate::domain::settings::{Preferences, Settings};
use crate::store::{List, Listed, Stretch};
use jiff::{SignedDuration, Timestamp};

/// How many entries of a list are shown at once.
const PAGE: usize = 20;
/// How many digests are shown at once: each has a row of its own.
const DIGESTS: usize = 10;
/// How long a decision is called a late one: fourteen days.
const LATELY: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What somebody's Home tab is drawn from. None of it holds a score.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeScene {
    /// Slack is being asked who they are.
    Asking,
    /// They may not use the bot.
    Refused(Refusal),
    /// They may.
    Shown(Box<Home>),
}

/// The Home tab of a member.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// How far its lists are turned.
    pub pages: HomePages,
    /// The scorecards they owe, oldest first.
    pub owed: Page<OwedEntry>,
    /// The loops they own that are neither decided nor withdrawn, newest first.
    pub led: Page<LedEntry>,
    /// What was decided in the last fourteen days, newest first.
    pub decided: Page<DecidedEntry>,
    /// The kits that are served: slugs and titles.
    pub kits: Vec<(KitSlug, String)>,
    /// What they set for themselves.
    pub preferences: Preferences,
    /// The time zone they live in, by name.
    pub zone: String,
    /// They may open loops.
    pub opens: bool,
    /// What is set for everybody, for whoever may set it.
    pub administers: Option<Box<Administered>>,
}

/// What an administrator sets for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administered {
    /// The workspace's settings.
    pub settings: Settings,
    /// Its digests, by channel.
    pub digests: Vec<Digest>,
    /// There are more behind these.
    pub more_digests: bool,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub entries: Vec<T>,
    /// There are others before it.
    pub turned: bool,
    /// Where the next page begins.
    pub next: Option<Turned>,
}

/// A scorecard that somebody owes.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedEntry {
    /// The loop.
    pub head: Head,
    /// How many questions have a mark.
    pub marked: usize,
    /// Of how many.
    pub of: usize,
}

/// A loop that somebody owns.
#[derive(Clone, Debug, PartialEq)]
pub struct LedEntry {
    /// The loop.
    pub head: Head,
    /// What it waits for.
    pub next: Next,
}

/// A loop that was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedEntry {
    /// The loop.
    pub head: Head,
    /// The viewer may know what was decided: they lead it, or its channel is a private one.
    pub tells_verdict: bool,
}

impl App {
    /// Reads somebody's Home tab. `None`: nobody is there to look at it. `ask`: where Slack has not told yet who they are, it is asked.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn home(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        pages: &HomePages,
        ask: bool,
    ) -> Result<Option<HomeScene>, Fault> {
        let mut missing = Vec::new();
        self.look_up_person(workspace, user.clone(), &mut missing)
            .await?;
        if !missing.is_empty() && ask {
            missing
                .into_iter()
                .for_each(|question| self.ask_again(question));
            return Ok(Some(HomeScene::Asking));
        }
        let actor = match self.member(workspace, user).await {
            Ok(actor) => actor,
            Err(Halt::Refused(Refusal::NotAMember | Refusal::ForPeopleOnly)) => return Ok(None),
            Err(Halt::Refused(refusal)) => return Ok(Some(HomeScene::Refused(refusal))),
            Err(Halt::Broke(fault)) => return Err(fault),
        };
        let home = Box::pin(self.home_of(&actor, pages)).await?;
        Ok(Some(HomeScene::Shown(Box::new(home))))
    }

    async fn home_of(&self, actor: &Actor, pages: &HomePages) -> Result<Home, Fault> {
        let (workspace, user) = (&actor.workspace, &actor.user);
        let (preferences, _) = self.preferences(workspace, user).await?;
        let (zone, _) = self.zone_of(workspace, user).await?;
        let kits = self.catalogue(workspace).await?;
        let (settings, _) = self.settings(workspace).await?;
        let opens = actor.may_open(&settings);
        let administers = if actor.administrator {
            let administered = self.administered(workspace, settings, pages).await?;
            Some(Box::new(administered))
        } else {
            None
        };
        Ok(Home {
            opens,
            owed: self.owed_to(actor, pages.owed.as_ref()).await?,
            led: self.led_by(actor, pages.led.as_ref()).await?,
            decided: self.decided_of(actor, pages.decided.as_ref()).await?,
            pages: pages.clone(),
            kits: kits
                .into_iter()
                .map(|served| (served.kit.slug.clone(), served.kit.title.clone()))
                .collect(),
            preferences,
            zone,
            administers,
        })
    }

    async fn owed_to(
        &self,
        actor: &Actor,
        after: Option<&Turned>,
    ) -> Result<Page<OwedEntry>, Fault> {
        let (workspace, user) = (&actor.workspace, &actor.user);
        let list = List::OwedBy(user.clone());
        let page = self.page_of(workspace, &list, None, after).await?;
        let needs = Needs::Own(user.clone());
        let mut entries = Vec::new();
        for code in &page.entries {
            if let Some(state) = self.load(workspace, code, &needs).await? {
                let card = state.cards.get(user);
                entries.push(OwedEntry {
                    marked: card.map_or(0, |card| card.marked(&state.kit)),
                    of: state.kit.asked().count(),
                    head: state.head,
                });
            }
        }
        Ok(page.with(entries))
    }

    async fn led_by(&self, actor: &Actor, after: Option<&Turned>) -> Result<Page<LedEntry>, Fault> {
        let list = List::LedBy(actor.user.clone());
        let page = self.page_of(&actor.workspace, &list, None, after).await?;
        let now = self.inner.clock.now();
        let heads = self.heads_of(actor, &page.entries).await?;
        // Who recused themself owns it still, and leads it no more.
        let led = heads.into_iter().filter(|head| actor.leads(head));
        let entries = led.map(|head| LedEntry {
            next: next(actor, &head, now),
            head,
        });
        Ok(page.with(entries.collect()))
    }

    async fn decided_of(
        &self,
        actor: &Actor,
        after: Option<&Turned>,
    ) -> Result<Page<DecidedEntry>, Fault> {
        let list = List::DecidedOf(actor.user.clone());
        let since = self.inner.clock.now() - LATELY;
        let workspace = &actor.workspace;
        let page = self.page_of(workspace, &list, Some(since), after).await?;
        let mut entries = Vec::new();
        for head in self.heads_of(actor, &page.entries).await? {
            let open_to_all = self.is_open_to_all(workspace, &head).await?;
            entries.push(DecidedEntry {
                tells_verdict: actor.leads(&head)
                    || (!open_to_all && !head.is_recused(&actor.user)),
                head,
            });
        }
        Ok(page.with(entries))
    }

    /// The loops themselves, as far as this person may know of them.
    async fn heads_of(&self, actor: &Actor, codes: &[LoopCode]) -> Result<Vec<Head>, Fault> {
        let mut heads = Vec::new();
        for code in codes {
            let store = &self.inner.store;
            let loaded = store.load(&actor.workspace, code, &Needs::Head).await?;
            heads.extend(
                loaded
                    .map(|loaded| loaded.head)
                    .filter(|head| actor.knows(head)),
            );
        }
        Ok(heads)
    }

    /// A page of a list; its first one, where nothing is left of the one that was turned to.
    async fn page_of(
        &self,
        workspace: &WorkspaceId,
        list: &List,
        since: Option<Timestamp>,
        after: Option<&Turned>,
    ) -> Result<Page<LoopCode>, Fault> {
        let store = &self.inner.store;
        let mut turned = after.is_some();
        let mut stretch = Stretch {
            after: after.map(|(at, code)| Listed {
                at: *at,
                code: code.clone(),
            }),
            since,
            most: PAGE + 1,
        };
        let mut listed = store.list(workspace, list, stretch.clone()).await?;
        if listed.is_empty() && turned {
            turned = false;
            stretch.after = None;
            listed = store.list(workspace, list, stretch).await?;
        }
        let more = listed.len() > PAGE;
        listed.truncate(PAGE);
        let last = listed.last().filter(|_| more);
        Ok(Page {
            turned,
            next: last.map(|last| (last.at, last.code.clone())),
            entries: listed.into_iter().map(|listed| listed.code).collect(),
        })
    }

    async fn administered(
        &self,
        workspace: &WorkspaceId,
        settings: Settings,
        pages: &HomePages,
    ) -> Result<Administered, Fault> {
        let mut digests = self.inner.store.digests(workspace).await?;
        digests.retain(|digest| !digest.off);
        digests.sort_by(|one, other| one.channel.cmp(&other.channel));
        if let Some(after) = &pages.digests
            && digests.last().is_some_and(|last| last.channel > *after)
        {
            digests.retain(|digest| digest.channel > *after);
        }
        let more_digests = digests.len() > DIGESTS;
        digests.truncate(DIGESTS);
        Ok(Administered {
            settings,
            digests,
            more_digests,
        })
    }
}

impl<T> Page<T> {
    fn with<U>(self, entries: Vec<U>) -> Page<U> {
        Page {
            entries,
            turned: self.turned,
            next: self.next,
        }
    }
}

impl App {
    /// Slack is asked who somebody is, or was asked in vain: whoever looks at their own Home tab sees what came of it.
    pub(super) fn person_concerned(&self, question: &Question) {
        if let Question::Person(workspace, user) = question {
            self.concern(workspace, [Concerned::One(user.clone())]);
        }
    }
}
