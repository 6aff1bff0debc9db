//! Planned interviews: from a wish to a moment, and the messages that come before one. When is reckoned in `schedule`.

use super::scene::{Address, BriefingScene, Due, PostScene, Scene, TimeScene};
use super::{App, Fault};
use crate::domain::access::Actor;
use crate::domain::event::Opening;
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::interview_loop::{Head, InterviewLoop, Phase};
use crate::domain::planned::{BRIEFED_BEFORE, NotPlanned, Planned, Wish};
use crate::schedule;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// What is told of another plan waits for the morning, unless the interview begins earlier than so long after it.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(1);

impl App {
    /// The moment that a wish means: in the zone that it was made in, else in that of whoever made it.
    pub(super) async fn moment_of(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        wish: &Wish,
    ) -> Result<Result<Timestamp, NotPlanned>, Fault> {
        let (name, zone) = match &wish.zone {
            Some(name) => named(name),
            None => self.zone_of(workspace, user).await?,
        };
        Ok(schedule::planned(
            wish,
            &name,
            &zone,
            self.inner.clock.now(),
        ))
    }

    /// The wish with the day that it means and the zone in which it means it: `tomorrow` is another day tomorrow.
    pub(super) async fn settled(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        wish: Wish,
    ) -> Result<Result<Wish, NotPlanned>, Fault> {
        let (name, zone) = self.zone_of(workspace, user).await?;
        let now = self.inner.clock.now();
        if let Err(why) = schedule::planned(&wish, &name, &zone, now) {
            return Ok(Err(why));
        }
        let day = wish.day(schedule::date(now, &zone));
        Ok(day.map(|day| Wish {
            day: day.to_string(),
            zone: Some(name),
            ..wish
        }))
    }

    /// What the form of a time begins with, on the clock of whoever fills it in.
    pub(super) async fn time_form(
        &self,
        actor: &Actor,
        state: InterviewLoop,
    ) -> Result<Scene, Fault> {
        let (name, zone) = self.zone_of(&actor.workspace, &actor.user).await?;
        let planned = state.head.planned;
        Ok(Scene::TimeForm(Box::new(TimeScene {
            minutes: planned.map_or(state.kit.minutes, |planned| planned.minutes),
            planned: planned.map(|planned| zone.to_datetime(planned.at)),
            zone: name,
            head: state.head,
        })))
    }

    /// For whom of those who owe a scorecard it is night, and when their day begins.
    pub(super) async fn asleep(
        &self,
        workspace: &WorkspaceId,
        head: &Head,
    ) -> Result<BTreeMap<UserId, Timestamp>, Fault> {
        let now = self.inner.clock.now();
        let mut asleep = BTreeMap::new();
        for user in head.owing() {
            let (_, zone) = self.zone_of(workspace, user).await?;
            let morning = schedule::by_day(now, &zone);
            if morning > now {
                asleep.insert(user.clone(), morning);
            }
        }
        Ok(asleep)
    }

    /// When it is by day for somebody, if not now.
    pub(super) async fn morning_of(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<Option<Timestamp>, Fault> {
        let now = self.inner.clock.now();
        let (_, zone) = self.zone_of(workspace, user).await?;
        let morning = schedule::by_day(now, &zone);
        Ok((morning > now).then_some(morning))
    }

    /// When somebody gets the kit of a planned interview, at whatever hour: ten minutes before it begins, and not once it has begun.
    pub(super) async fn briefing_due(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        state: InterviewLoop,
    ) -> Result<Due, Fault> {
        let InterviewLoop { kit, head, .. } = state;
        let (Some(planned), Some(_)) = (head.planned, head.debtor(user)) else {
            return Ok(Due::Drop);
        };
        let now = self.inner.clock.now();
        if now >= planned.at {
            return Ok(Due::Drop);
        }
        let due = planned.at - BRIEFED_BEFORE;
        if now < due {
            return Ok(Due::Later(due));
        }
        let (preferences, _) = self.preferences(workspace, user).await?;
        if !preferences.briefings || !self.takes_part(workspace, user).await? {
            // They may want it after all: until it begins.
            return Ok(Due::Later(planned.at));
        }
        let scene = PostScene::Briefing(Box::new(BriefingScene {
            part: head
                .seat(user)
                .map(|seat| seat.part(&kit))
                .unwrap_or_default(),
            kit,
            head,
            user: user.clone(),
        }));
        Ok(self.send(Address::Person(user.clone()), scene))
    }

    /// When somebody on the panel is told for when the interview is planned now: by day, where that is early enough.
    pub(super) async fn replanned_due(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        head: Box<Head>,
    ) -> Result<Due, Fault> {
        let comes = head.phase() == Phase::Open && head.coming().any(|one| one == user);
        if !comes || !self.takes_part(workspace, user).await? {
            return Ok(Due::Drop);
        }
        let now = self.inner.clock.now();
        if head.planned.is_some_and(|planned| planned.at <= now) {
            return Ok(Due::Drop);
        }
        let earliest = head.planned.map(|planned| {
            let before = planned.moved_from.filter(|before| *before > now);
            before.map_or(planned.at, |before| before.min(planned.at))
        });
        if let Some(morning) = self.morning_of(workspace, user).await?
            && earliest.is_none_or(|begins| begins >= morning + TOLD_BEFORE)
        {
            return Ok(Due::Later(morning));
        }
        let scene = PostScene::Replanned {
            head,
            user: user.clone(),
        };
        Ok(self.send(Address::Person(user.clone()), scene))
    }
}

/// When an opening's interview is planned, if it is: at this moment, for as long as is said, else as the kit says.
pub(super) fn planned(
    opening: &Opening,
    usual: u16,
    now: Timestamp,
) -> Result<Option<Planned>, NotPlanned> {
    let Some(wish) = opening.planned.as_ref().filter(|wish| !wish.is_empty()) else {
        return Ok(None);
    };
    let (name, zone) = named(wish.zone.as_deref().unwrap_or_default());
    Ok(Some(Planned {
        at: schedule::planned(wish, &name, &zone, now)?,
        minutes: wish.length()?.unwrap_or(usual),
        moved_from: None,
    }))
}

/// A zone by the name that it was kept under; one that the database has lost since is read as UTC, and named so.
fn named(name: &str) -> (String, TimeZone) {
    let known = schedule::zone(name).map(|zone| (name.to_owned(), zone));
    known.unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC))
}
