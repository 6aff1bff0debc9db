//! Digests: setting them, when they come, what became of them. How a time is reckoned is in `schedule`, what they say is read in `digest_read`.

use super::digest_read::in_words;
use super::scene::{Address, Due, PausedDigest, PostScene};
use super::{App, Done, Fault, Going, Question, ROUNDS};
use crate::domain::access::{Actor, Place};
use crate::domain::candidate::Note;
use crate::domain::days::Days;
use crate::domain::digest::{Asked, Digest, DigestDeed, Rhythm, read_times, time_of_day};
use crate::domain::event::{Delivery, Post, PostResult, Reply, Trouble};
use crate::domain::ids::{ChannelId, UserId, WorkspaceId};
use crate::domain::refusal::Refusal;
use crate::domain::sheet::{Sheet, SheetId};
use crate::domain::words::{Words, shortened};
use crate::schedule;
use crate::store::{Change, Parcel, Revision};
use jiff::{SignedDuration, Timestamp};

/// How far the first digest looks back from when it was set up, and one that is asked for where there is none: a day.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// How long a digest rests whose zone is not in the database any more.
const WITHOUT_ZONE: SignedDuration = SignedDuration::from_hours(1);

impl App {
    /// Does what is asked of a channel's digest, or refuses.
    pub(super) async fn do_digest_deed(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        deed: &DigestDeed,
        fresh: bool,
    ) -> Going<Done> {
        let here = delivery.place.as_ref();
        let (channel, wanted) = match deed {
            DigestDeed::Type(words) => {
                let channel = here.ok_or(Refusal::NeedsChannel)?;
                self.place_for_loops(&actor.workspace, channel).await?;
                let asked = read_times(words.as_str())?;
                (channel.clone(), Some((asked, None)))
            }
            DigestDeed::FillIn {
                channel,
                at,
                days,
                zone,
                even_if_empty,
            } => {
                if here != Some(channel) {
                    return Err(Refusal::OldButton.into());
                }
                self.place_for_loops(&actor.workspace, channel).await?;
                let asked = filled_in(at, days, zone)?;
                (channel.clone(), Some((asked, Some(*even_if_empty))))
            }
            DigestDeed::Off(channel) => {
                let channel = channel.as_ref().or(here).ok_or(Refusal::NoDigest)?;
                (channel.clone(), None)
            }
            DigestDeed::Now => {
                let channel = here.ok_or(Refusal::NeedsChannel)?;
                self.place_for_loops(&actor.workspace, channel).await?;
                let post = Post::DigestNow {
                    channel: channel.clone(),
                    key: delivery.key.clone(),
                };
                let changes = vec![Change::Owe(post)];
                let done = self
                    .commit(delivery, fresh, changes, Reply::Nothing)
                    .await?;
                return Ok(done.ok_or(Refusal::DraftGone)?);
            }
        };
        for _ in 0..ROUNDS {
            let (changes, said) = match &wanted {
                Some((asked, even_if_empty)) => {
                    self.sets_up(actor, &channel, asked, *even_if_empty).await?
                }
                None => self.switches_off(actor, &channel, here).await?,
            };
            let done = self
                .commit(delivery, fresh, changes, Reply::Said(said))
                .await?;
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    async fn sets_up(
        &self,
        actor: &Actor,
        channel: &ChannelId,
        asked: &Asked,
        even_if_empty: Option<bool>,
    ) -> Going<(Vec<Change>, Words)> {
        let (name, zone) = match &asked.zone {
            None => self.zone_of(&actor.workspace, &actor.user).await?,
            Some(typed) => match schedule::zone(typed) {
                Some(zone) => (zone.iana_name().unwrap_or(typed).to_owned(), zone),
                None => return Err(not_a_zone(typed).into()),
            },
        };
        let now = self.inner.clock.now();
        let (before, revision) = self.digest(&actor.workspace, channel).await?;
        let digest = Digest {
            channel: channel.clone(),
            rhythm: Rhythm {
                at: asked.at,
                days: asked.days,
                zone: name,
            },
            even_if_empty: even_if_empty
                .unwrap_or_else(|| before.as_ref().is_some_and(|before| before.even_if_empty)),
            set_by: actor.user.clone(),
            set_at: now,
            last: before.as_ref().and_then(|before| before.last),
            previous: before.as_ref().and_then(|before| before.previous),
            paused: None,
            off: false,
        };
        let next = schedule::next_digest(&digest, &zone, now);
        let said = Words::from("This channel gets a digest: ")
            .text(in_words(&digest.rhythm))
            .text(". The next one comes on ")
            .time(next)
            .text(". ")
            .code("/interview digest off")
            .text(" ends it.");
        let changes = vec![
            Change::Sheet(revision, Box::new(Sheet::Digest(digest))),
            Change::Owe(Post::Digest(channel.clone())),
        ];
        Ok((changes, said))
    }

    /// Whoever is in the channel may switch its digest off, and from elsewhere who set it up, and administrators.
    async fn switches_off(
        &self,
        actor: &Actor,
        channel: &ChannelId,
        here: Option<&ChannelId>,
    ) -> Going<(Vec<Change>, Words)> {
        let (digest, revision) = self.digest(&actor.workspace, channel).await?;
        let may = |digest: &Digest| {
            here == Some(channel) || actor.administrator || digest.set_by == actor.user
        };
        let Some(mut digest) = digest.filter(|digest| !digest.off && may(digest)) else {
            return Err(Refusal::NoDigest.into());
        };
        digest.off = true;
        digest.paused = None;
        let said = Words::from("No more digests in ")
            .channel(channel)
            .text(". ")
            .code(format!("/interview digest {}", in_words(&digest.rhythm)))
            .text(" brings them back.");
        let changes = vec![
            Change::Sheet(revision, Box::new(Sheet::Digest(digest))),
            Change::Owe(Post::Digest(channel.clone())),
        ];
        Ok((changes, said))
    }

    /// A channel's digest, switched off or not, with the revision that a change has to name.
    pub(super) async fn digest(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Result<(Option<Digest>, Revision), Fault> {
        let id = SheetId::Digest(channel.clone());
        Ok(match self.inner.store.sheet(workspace, &id).await? {
            Some((Sheet::Digest(digest), revision)) => (Some(digest), revision),
            _ => (None, Revision::default()),
        })
    }

    /// When a channel's digest comes, and what it would say if that is now.
    pub(super) async fn digest_due(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Result<Due, Fault> {
        for _ in 0..ROUNDS {
            let (digest, revision) = self.digest(workspace, channel).await?;
            let Some(mut digest) = digest.filter(|digest| !digest.off) else {
                return Ok(Due::Drop);
            };
            let now = self.inner.clock.now();
            let Some(zone) = schedule::zone(&digest.rhythm.zone) else {
                tracing::warn!(zone = digest.rhythm.zone, "a digest's zone is not known");
                return Ok(Due::Later(now + WITHOUT_ZONE));
            };
            let due = schedule::next_digest(&digest, &zone, now);
            if due > now {
                return Ok(Due::Later(due));
            }
            if digest.paused.is_some() {
                // Whenever it would come, Slack is asked whether the channel is there again: then it goes on.
                self.ask_again(Question::Place(workspace.clone(), channel.clone()));
                digest.begin(due, now);
                return Ok(Due::Later(schedule::next_digest(&digest, &zone, now)));
            }
            let place = self.known_place(workspace, channel).await?;
            if let Some(trouble) = place.as_ref().and_then(keeps_out) {
                let changes = pauses(digest, revision, trouble);
                self.written(workspace, changes).await?;
                continue;
            }
            let since = digest.last.map_or(digest.set_at - FIRST, |last| last.until);
            let scene = self
                .digest_scene(workspace, &digest, since, now, place.as_ref())
                .await?;
            if scene.is_empty() && !digest.even_if_empty {
                digest.begin(due, now);
                let passed = Change::Sheet(revision, Box::new(Sheet::Digest(digest)));
                self.written(workspace, vec![passed]).await?;
                continue;
            }
            let scene = PostScene::Digest(Box::new(scene));
            return Ok(self.send(Address::Channel(channel.clone()), scene));
        }
        Err(Fault::Contended)
    }

    /// What a digest that was asked for says. It moves nothing of the one that comes by itself.
    pub(super) async fn digest_now_due(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Result<Due, Fault> {
        let place = self.known_place(workspace, channel).await?;
        if place.as_ref().and_then(keeps_out).is_some() {
            return Ok(Due::Drop);
        }
        let now = self.inner.clock.now();
        let (digest, _) = self.digest(workspace, channel).await?;
        let last = digest.as_ref().and_then(|digest| digest.last);
        let since = last.map_or(now - FIRST, |last| last.until);
        let mut scene = self
            .digest_of(workspace, channel, since, now, place.as_ref())
            .await?;
        scene.set = digest
            .filter(|digest| !digest.off)
            .map(|digest| in_words(&digest.rhythm));
        Ok(self.send(
            Address::Channel(channel.clone()),
            PostScene::Digest(Box::new(scene)),
        ))
    }

    /// Whoever set a digest up is told that it rests, if it still does.
    pub(super) async fn digest_paused_due(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<Due, Fault> {
        let (digest, _) = self.digest(workspace, channel).await?;
        let paused = digest.filter(|digest| !digest.off && digest.set_by == *user);
        let Some(trouble) = paused.and_then(|digest| digest.paused) else {
            return Ok(Due::Drop);
        };
        if !self.is_reachable(workspace, user).await? {
            return Ok(Due::Drop);
        }
        let scene = PausedDigest {
            channel: channel.clone(),
            trouble,
        };
        let scene = PostScene::DigestPaused(scene);
        Ok(self.send(Address::Person(user.clone()), scene))
    }

    /// Records, in the commit that records the attempt, that today's digest was begun: it is not sent again.
    pub(super) async fn digest_begins(
        &self,
        parcel: &Parcel,
        channel: &ChannelId,
        as_of: Timestamp,
        attempt: &Change,
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            let (digest, revision) = self.digest(&parcel.workspace, channel).await?;
            // Whoever changes a digest owes it anew, in the same commit: a later stamp means that it has to be read again, and the
            // revision that it changes as well keeps what follows from being written over it.
            let now = self.parcel(&parcel.workspace, &parcel.post).await?;
            let (Some(mut digest), true) =
                (digest, now.is_some_and(|now| now.stamp == parcel.stamp))
            else {
                return Ok(());
            };
            let zone = schedule::zone(&digest.rhythm.zone).unwrap_or(jiff::tz::TimeZone::UTC);
            let due = schedule::next_digest(&digest, &zone, as_of);
            digest.begin(due, as_of);
            let begun = Change::Sheet(revision, Box::new(Sheet::Digest(digest)));
            let changes = vec![attempt.clone(), begun];
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// The call for today's digest certainly did nothing: it may be tried again.
    pub(super) async fn digest_did_not_begin(
        &self,
        parcel: &Parcel,
        channel: &ChannelId,
        attempt: &Change,
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            let (digest, revision) = self.digest(&parcel.workspace, channel).await?;
            let mut changes = vec![attempt.clone()];
            changes.extend(digest.map(|mut digest| {
                digest.take_back();
                Change::Sheet(revision, Box::new(Sheet::Digest(digest)))
            }));
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// What became of a digest. It is owed again, for the next time; or it rests, and whoever set it up is told.
    pub(super) async fn digest_observed(
        &self,
        parcel: &Parcel,
        channel: &ChannelId,
        result: &PostResult,
    ) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            let (digest, revision) = self.digest(&parcel.workspace, channel).await?;
            let mut changes = vec![parcel.settled()];
            if let Some(mut digest) = digest.filter(|digest| !digest.off) {
                changes.push(Change::Owe(parcel.post.clone()));
                if let PostResult::Stuck(trouble) = result
                    && lasts(*trouble)
                {
                    digest.take_back();
                    changes.extend(pauses(digest, revision, *trouble));
                }
            }
            if self.written(&parcel.workspace, changes).await? {
                return Ok(());
            }
        }
        Err(Fault::Contended)
    }

    /// A channel can be posted to again: a digest that rested for that goes on.
    pub(super) async fn digest_goes_on(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
        place: &Place,
    ) -> Result<(), Fault> {
        if keeps_out(place).is_some() {
            return Ok(());
        }
        let (digest, revision) = self.digest(workspace, channel).await?;
        let rested = digest.filter(|digest| {
            digest
                .paused
                .is_some_and(|trouble| trouble != Trouble::Forbidden)
        });
        if let Some(mut digest) = rested {
            digest.paused = None;
            let changes = vec![
                Change::Sheet(revision, Box::new(Sheet::Digest(digest))),
                Change::Owe(Post::Digest(channel.clone())),
            ];
            // Somebody else may have done it meanwhile.
            self.written(workspace, changes).await?;
        }
        Ok(())
    }
}

/// What keeps a digest out of a channel, from what Slack last told of it.
fn keeps_out(place: &Place) -> Option<Trouble> {
    if place.shared {
        Some(Trouble::Shared)
    } else if place.archived {
        Some(Trouble::Archived)
    } else if !place.bot_is_member {
        Some(Trouble::NotInChannel)
    } else {
        None
    }
}

/// Whether trouble will be there the next day as well.
fn lasts(trouble: Trouble) -> bool {
    match trouble {
        Trouble::Archived | Trouble::NotInChannel | Trouble::Forbidden | Trouble::Shared => true,
        Trouble::Deleted | Trouble::Rejected => false,
    }
}

/// Has a digest rest, and tells whoever set it up, once.
fn pauses(mut digest: Digest, revision: Revision, trouble: Trouble) -> Vec<Change> {
    digest.paused = Some(trouble);
    let told = Post::DigestPaused {
        channel: digest.channel.clone(),
        user: digest.set_by.clone(),
    };
    vec![
        Change::Sheet(revision, Box::new(Sheet::Digest(digest))),
        Change::Owe(told),
    ]
}

/// What a form says, in the words it would be typed in.
fn filled_in(at: &str, days: &[String], zone: &str) -> Result<Asked, Refusal> {
    let at = time_of_day(at).ok_or_else(|| {
        let word = shortened(at, 40);
        if word.trim().is_empty() {
            Refusal::TimeMissing
        } else {
            Refusal::NotATime { word }
        }
    })?;
    let days = Days::parse_all(days).map_err(|_| Refusal::DaysMissing)?;
    let zone = zone.trim();
    Ok(Asked {
        at,
        days,
        zone: (!zone.is_empty()).then(|| zone.to_owned()),
    })
}

/// The refusal of a zone, with those that its writer may have meant.
pub(super) fn not_a_zone(typed: &str) -> Refusal {
    let word = shortened(Note::new(typed).as_str(), 60);
    let abbreviates =
        (2..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if abbreviates {
        Refusal::AmbiguousZone { word }
    } else {
        Refusal::NotAZone {
            near: schedule::zones_like(typed),
            word,
        }
    }
}
