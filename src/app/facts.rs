//! What has to be known of people and channels before a request can be judged, and the requests that wait for it. Who asks Slack is at the edge.

use super::gate;
use super::sheets::settings_in;
use super::{Activity, Answer, App, Done, Fault, UnderWay, lock};
use crate::domain::access::{Person, Place};
use crate::domain::event::{Deed, Delivery, DraftAnswer, Fact, Reply, Request};
use crate::domain::ids::{ChannelId, DeliveryKey, GroupId, UserId, WorkspaceId};
use crate::domain::interview_loop::LARGEST_PANEL;
use crate::domain::refusal::Refusal;
use crate::domain::settings::Settings;
use crate::store::{Change, Commit, Committed, Glance, GlanceAt, Loaded};
use crate::telemetry::trace;
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, VecDeque};
use std::panic::AssertUnwindSafe;
use tracing::Instrument;

/// Older than this, what Slack told is used once more and asked for again meanwhile.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// That the bot cannot see a channel is believed this long: somebody may just be inviting it.
const ABSENCE_LASTS: SignedDuration = SignedDuration::from_secs(5);

/// Something only Slack can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Who somebody is.
    Person(WorkspaceId, UserId),
    /// What a channel is.
    Place(WorkspaceId, ChannelId),
    /// Who is in a user group.
    Group(WorkspaceId, GroupId),
}

/// The deliveries that wait, in their order, and the questions they wait for.
#[derive(Default)]
pub(super) struct Waiting {
    deliveries: VecDeque<Delivery>,
    to_ask: VecDeque<Question>,
    being_asked: BTreeSet<Question>,
    /// There are deliveries whose questions were not looked at yet.
    unsorted: bool,
    /// Those of another process that waited when they were seen last.
    of_others: BTreeSet<(WorkspaceId, DeliveryKey)>,
    /// Held while anything waits or is to be asked.
    under_way: Option<UnderWay>,
}

impl Waiting {
    pub(super) fn new(deliveries: Vec<Delivery>, activity: &Activity) -> Self {
        let mut waiting = Self {
            unsorted: !deliveries.is_empty(),
            deliveries: deliveries.into(),
            ..Self::default()
        };
        waiting.count(activity);
        waiting
    }

    /// Counts as in flight while there is anything to do.
    fn count(&mut self, activity: &Activity) {
        let idle = self.deliveries.is_empty() && self.to_ask.is_empty() && !self.unsorted;
        if idle {
            self.under_way = None;
        } else if self.under_way.is_none() {
            self.under_way = Some(activity.begin());
        }
    }

    /// Whether one more may wait: each stays in memory until Slack has answered, and Slack lets us ask of some hundred people a minute.
    fn has_room_for(&self, delivery: &Delivery, most: usize) -> bool {
        let same = |other: &&Delivery| {
            (&other.workspace, &other.actor) == (&delivery.workspace, &delivery.actor)
        };
        let theirs = self.deliveries.iter().filter(same).count();
        self.deliveries.len() < most && theirs < gate::of_one_person(most)
    }

    fn ask(&mut self, question: Question) {
        if !self.being_asked.contains(&question) && !self.to_ask.contains(&question) {
            self.to_ask.push_back(question);
        }
    }
}

/// Those people, or nobody where they are too many for a panel: it will be refused, so Slack is not asked who they are.
fn few<'a>(named: impl Iterator<Item = &'a UserId>) -> BTreeSet<UserId> {
    let people: BTreeSet<UserId> = named.cloned().collect();
    if people.len() > LARGEST_PANEL {
        return BTreeSet::new();
    }
    people
}

/// What is known before a delivery is judged.
pub(super) struct Known {
    /// The facts it needs that are not there.
    pub(super) missing: Vec<Question>,
    /// Who acts, where Slack has told.
    pub(super) actor: Option<Person>,
    /// The loop it is about as it was then, and the settings.
    pub(super) seen: Option<Seen>,
}

/// A loop and its workspace's settings, as of one look.
pub(super) struct Seen {
    /// None: there is no such loop.
    pub(super) loaded: Option<Loaded>,
    pub(super) settings: Settings,
}

impl App {
    /// How many deliveries wait for what Slack has to tell.
    #[must_use]
    pub fn deliveries_waiting(&self) -> usize {
        lock(&self.inner.waiting).deliveries.len()
    }

    /// What is known of whom and what a delivery names. What is merely old is used, and asked for again.
    pub(super) async fn known(&self, delivery: &Delivery) -> Result<Known, Fault> {
        let workspace = &delivery.workspace;
        let mut missing = Vec::new();
        let mut actor = None;
        let mut glance = self.glance(delivery).await?;
        let (people, places, groups) = self.named_in(delivery).await?;
        for user in people {
            match &mut glance {
                Some(glance) if user == delivery.actor => {
                    actor = glance.person.take();
                    self.doubt_person(workspace, user, actor.as_ref(), &mut missing);
                }
                _ => {
                    let acts = user == delivery.actor;
                    let person = self.look_up_person(workspace, user, &mut missing).await?;
                    actor = if acts { person } else { actor };
                }
            }
        }
        for channel in places {
            let place = match &mut glance {
                _ if channel.is_direct() => continue,
                Some(glance) if delivery.place.as_ref() == Some(&channel) => glance.place.take(),
                _ => self.inner.store.place(workspace, &channel).await?,
            };
            self.doubt_place(workspace, channel, place.as_ref(), &mut missing);
        }
        for group in groups {
            match self.inner.store.group(workspace, &group).await? {
                Some((members, told_at)) => {
                    if self.is_older(told_at, STALE_AFTER) {
                        missing.push(Question::Group(workspace.clone(), group));
                    } else {
                        for user in few(members.iter()) {
                            self.look_up_person(workspace, user, &mut missing).await?;
                        }
                    }
                }
                None => missing.push(Question::Group(workspace.clone(), group)),
            }
        }
        let seen = glance.map(|glance| Seen {
            loaded: glance.loaded,
            settings: settings_in(glance.settings).0,
        });
        Ok(Known {
            missing,
            actor,
            seen,
        })
    }

    /// Of a request about a loop, all that it is judged by.
    async fn glance(&self, delivery: &Delivery) -> Result<Option<Glance>, Fault> {
        let Request::Loop { code, deed } = &delivery.request else {
            return Ok(None);
        };
        let at = GlanceAt {
            workspace: &delivery.workspace,
            actor: &delivery.actor,
            place: delivery.place.as_ref(),
            code,
            needs: &deed.needs(&delivery.actor),
        };
        Ok(Some(self.inner.store.glance(at).await?))
    }

    /// What was told by a clock that was set back since is of no known age: it is as good as old.
    fn is_older(&self, told_at: Timestamp, than: SignedDuration) -> bool {
        let age = self.inner.clock.now().duration_since(told_at);
        age > than || age.is_negative()
    }

    pub(super) async fn look_up_person(
        &self,
        workspace: &WorkspaceId,
        user: UserId,
        missing: &mut Vec<Question>,
    ) -> Result<Option<Person>, Fault> {
        let person = self.inner.store.person(workspace, &user).await?;
        self.doubt_person(workspace, user, person.as_ref(), missing);
        Ok(person)
    }

    /// Asks for what is not known of somebody, or is old.
    fn doubt_person(
        &self,
        workspace: &WorkspaceId,
        user: UserId,
        person: Option<&Person>,
        missing: &mut Vec<Question>,
    ) {
        match person {
            None => missing.push(Question::Person(workspace.clone(), user)),
            Some(person) if self.is_older(person.told_at, STALE_AFTER) => {
                self.ask(Question::Person(workspace.clone(), user));
            }
            Some(_) => {}
        }
    }

    /// The same of a channel.
    fn doubt_place(
        &self,
        workspace: &WorkspaceId,
        channel: ChannelId,
        place: Option<&Place>,
        missing: &mut Vec<Question>,
    ) {
        let question = Question::Place(workspace.clone(), channel);
        match place {
            None => missing.push(question),
            Some(place) if !place.bot_is_member && self.is_older(place.told_at, ABSENCE_LASTS) => {
                missing.push(question);
            }
            Some(place) if self.is_older(place.told_at, STALE_AFTER) => self.ask(question),
            Some(_) => {}
        }
    }

    /// Whom and what a request names, beside who acts and where.
    async fn named_in(
        &self,
        delivery: &Delivery,
    ) -> Result<(BTreeSet<UserId>, BTreeSet<ChannelId>, Vec<GroupId>), Fault> {
        let mut people = BTreeSet::from([delivery.actor.clone()]);
        let mut places: BTreeSet<ChannelId> = delivery.place.iter().cloned().collect();
        let mut groups = Vec::new();
        let drafted;
        let opening = match &delivery.request {
            Request::Interview {
                panel,
                groups: named,
                ..
            } => {
                people.extend(few(panel.iter()));
                groups.extend(named.iter().cloned());
                None
            }
            Request::Open(opening) => Some(&**opening),
            Request::Resume { draft, answer } => {
                if let DraftAnswer::Channel(channel) = answer {
                    places.insert(channel.clone());
                }
                if let DraftAnswer::Filled(opening) = answer {
                    Some(&**opening)
                } else {
                    drafted = self.opening_draft(&delivery.workspace, draft).await?;
                    drafted.as_ref()
                }
            }
            Request::Loop { deed, .. } => {
                match deed {
                    Deed::SetPanel {
                        users,
                        shadows,
                        observers,
                        ..
                    } => {
                        let named = users.iter().chain(shadows).chain(observers);
                        people.extend(few(named));
                    }
                    Deed::Admit { user, .. } => {
                        people.insert(user.clone());
                    }
                    Deed::HandOver { to } => {
                        people.insert(to.clone());
                    }
                    Deed::Move { channel, .. } => {
                        places.insert(channel.clone());
                    }
                    _ => {}
                }
                None
            }
            Request::Look(_)
            | Request::Set(_)
            | Request::Reach { .. }
            | Request::ShareKit(_)
            | Request::Digest(_)
            | Request::Kit { .. }
            | Request::ReloadKits
            | Request::ReadGuide { .. }
            | Request::SaveGuide { .. }
            | Request::Calibrate(_)
            | Request::Stats(_)
            | Request::RemindLater(_)
            | Request::Paste { .. }
            | Request::File(_) => None,
        };
        if let Some(opening) = opening {
            let named = opening.panel.iter().chain(&opening.shadows);
            let offered = opening.offered.iter().map(|(user, _)| user);
            let named = named.chain(&opening.observers).chain(offered);
            people.extend(few(named));
            places.extend(opening.channel.iter().cloned());
            groups.extend(opening.groups.iter().cloned());
        }
        Ok((people, places, groups))
    }

    /// Whether something of the same person waits already: what they do stays in its order.
    pub(super) fn has_waiting(&self, delivery: &Delivery) -> bool {
        lock(&self.inner.waiting)
            .deliveries
            .iter()
            .any(|other| other.workspace == delivery.workspace && other.actor == delivery.actor)
    }

    /// Puts a delivery on disk until Slack has told what is missing.
    ///
    /// # Errors
    /// [`Fault::Busy`] where too many wait already.
    pub(super) async fn wait(
        &self,
        delivery: Delivery,
        missing: Vec<Question>,
    ) -> Result<Answer, Fault> {
        if !lock(&self.inner.waiting).has_room_for(&delivery, self.inner.most_at_once) {
            return Err(Fault::Busy);
        }
        let commit = Commit {
            workspace: delivery.workspace.clone(),
            at: self.inner.clock.now(),
            delivery: Some((delivery.key.clone(), Reply::Nothing)),
            changes: vec![Change::Wait(Box::new(delivery.clone()))],
        };
        match self.inner.store.commit(commit).await? {
            Committed::Duplicate(reply) => return Ok(Answer::Repeated(reply)),
            Committed::Done | Committed::Conflict => {}
        }
        let mut waiting = lock(&self.inner.waiting);
        waiting.deliveries.push_back(delivery);
        for question in missing {
            waiting.ask(question);
        }
        // What it waits for may have been told while it was written: whoever asks looks once more.
        waiting.unsorted = true;
        waiting.count(&self.inner.activity);
        drop(waiting);
        self.inner.asked.notify_one();
        Ok(Answer::Waiting)
    }

    /// Takes up the deliveries that wait in a workspace whose mail this process handles: at once, or those that another process has taken and that wait
    /// still when they are seen for the second time. Should that one be slow and not gone, they are performed once all the same.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_up_waiting(
        &self,
        workspace: &WorkspaceId,
        at_once: bool,
    ) -> Result<(), Fault> {
        let found = self.inner.store.waiting_in(workspace).await?;
        let mut waiting = lock(&self.inner.waiting);
        let name = |delivery: &Delivery| (delivery.workspace.clone(), delivery.key.clone());
        let ours: BTreeSet<_> = waiting.deliveries.iter().map(name).collect();
        let before = std::mem::take(&mut waiting.of_others);
        let of_others = found
            .into_iter()
            .filter(|delivery| !ours.contains(&name(delivery)));
        let (taken, left): (Vec<Delivery>, Vec<Delivery>) =
            of_others.partition(|delivery| at_once || before.contains(&name(delivery)));
        let elsewhere = before.into_iter().filter(|(of, _)| of != workspace);
        waiting.of_others = elsewhere.chain(left.iter().map(name)).collect();
        if taken.is_empty() {
            return Ok(());
        }
        tracing::info!(count = taken.len(), "deliveries that waited are taken up");
        waiting.deliveries.extend(taken);
        waiting.unsorted = true;
        waiting.count(&self.inner.activity);
        drop(waiting);
        self.inner.asked.notify_one();
        Ok(())
    }

    fn ask(&self, question: Question) {
        let mut waiting = lock(&self.inner.waiting);
        waiting.ask(question);
        waiting.count(&self.inner.activity);
        drop(waiting);
        self.inner.asked.notify_one();
    }

    /// Something may have changed: Slack is asked once more.
    pub fn ask_again(&self, question: Question) {
        self.ask(question);
    }

    /// Waits until there is something to ask Slack, or (an empty list) something to look at once more. What is returned beside it
    /// counts as in flight.
    pub async fn questions_to_ask(&self) -> (Vec<Question>, UnderWay) {
        loop {
            {
                let mut waiting = lock(&self.inner.waiting);
                let questions: Vec<Question> = waiting.to_ask.drain(..).collect();
                let unsorted = questions.is_empty() && std::mem::take(&mut waiting.unsorted);
                if unsorted || !questions.is_empty() {
                    let under_way = self.inner.activity.begin();
                    waiting.being_asked.extend(questions.iter().cloned());
                    waiting.count(&self.inner.activity);
                    return (questions, under_way);
                }
            }
            self.inner.asked.notified().await;
        }
    }

    /// Takes in what Slack told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn learn(&self, workspace: &WorkspaceId, fact: Fact) -> Result<(), Fault> {
        let question = match &fact {
            Fact::Person(user, _) => Question::Person(workspace.clone(), user.clone()),
            Fact::Place(channel, _) => Question::Place(workspace.clone(), channel.clone()),
            Fact::Group(group, _) => Question::Group(workspace.clone(), group.clone()),
        };
        // When somebody is reminded depends on where they are, and whether they are still here.
        let matters = match &fact {
            Fact::Person(user, person) => {
                let before = self.inner.store.person(workspace, user).await?;
                before.is_some_and(|before| {
                    before.zone != person.zone
                        || before.may_take_part().is_ok() != person.may_take_part().is_ok()
                })
            }
            Fact::Place(..) | Fact::Group(..) => false,
        };
        let place = match &fact {
            Fact::Place(channel, place) => Some((channel.clone(), place.clone())),
            Fact::Person(..) | Fact::Group(..) => None,
        };
        let commit = Commit {
            workspace: workspace.clone(),
            at: self.inner.clock.now(),
            delivery: None,
            changes: vec![Change::Fact(fact)],
        };
        self.inner.store.commit(commit).await?;
        if let Some((channel, place)) = place {
            self.digest_goes_on(workspace, &channel, &place).await?;
        }
        if matters {
            self.stir(workspace);
        }
        lock(&self.inner.waiting).being_asked.remove(&question);
        self.person_concerned(&question);
        Ok(())
    }

    /// Slack would not tell: whatever waits for it is refused by the [`App::go_on`] that is told so.
    pub fn give_up(&self, question: &Question) {
        lock(&self.inner.waiting).being_asked.remove(question);
        self.person_concerned(question);
    }

    /// Performs the deliveries that have what they waited for, in their order, and refuses those that were given up.
    ///
    /// # Errors
    /// When the store fails; what was not performed waits on.
    pub async fn go_on(&self, given_up: &[Question]) -> Result<Vec<(Delivery, Reply)>, Fault> {
        let mut done = Vec::new();
        let mut held_up = BTreeSet::new();
        let deliveries: Vec<Delivery> = lock(&self.inner.waiting)
            .deliveries
            .iter()
            .cloned()
            .collect();
        for delivery in deliveries {
            let who = (delivery.workspace.clone(), delivery.actor.clone());
            let mut known = self.known(&delivery).await?;
            let missing = std::mem::take(&mut known.missing);
            if missing.iter().any(|question| given_up.contains(question)) {
                let refused = self
                    .commit(&delivery, false, Vec::new(), Reply::Nothing)
                    .await?;
                self.forget(&delivery);
                if !matches!(refused, Some(Done::Before(_))) {
                    done.push((delivery, Reply::Refused(Refusal::SlackDidNotTell)));
                }
                continue;
            }
            if !missing.is_empty() || held_up.contains(&who) {
                held_up.insert(who);
                for question in missing {
                    self.ask(question);
                }
                continue;
            }
            let span = trace::delivery(Some(delivery.key.as_str()), "waited");
            let performed = self.perform(&delivery, known, false).instrument(span);
            let reply = match AssertUnwindSafe(performed).catch_unwind().await {
                Ok(performed) => match performed? {
                    Done::Now(reply) => reply,
                    // Another process has performed it, and replied.
                    Done::Before(_) => {
                        self.forget(&delivery);
                        continue;
                    }
                },
                // It would break at every start if it waited on.
                Err(_panic) => {
                    self.commit(&delivery, false, Vec::new(), Reply::Nothing)
                        .await?;
                    Reply::Said("Something broke on our side; your change may not have been saved: look before you do it again.".into())
                }
            };
            self.forget(&delivery);
            done.push((delivery, reply));
        }
        Ok(done)
    }

    fn forget(&self, delivery: &Delivery) {
        let mut waiting = lock(&self.inner.waiting);
        waiting
            .deliveries
            .retain(|other| other.key != delivery.key || other.workspace != delivery.workspace);
        waiting.count(&self.inner.activity);
    }

    /// What is known of somebody now, for telling them in their own time.
    pub(crate) async fn known_person(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<Option<Person>, Fault> {
        Ok(self.inner.store.person(workspace, user).await?)
    }

    /// What is known of a channel now.
    pub(crate) async fn known_place(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Result<Option<Place>, Fault> {
        Ok(self.inner.store.place(workspace, channel).await?)
    }
}
