//! Who somebody is and where a candidate may be discussed, from what Slack last told. Who asks Slack is in `facts`.

use super::{App, Fault, Going, Halt};
use crate::domain::access::{Actor, Person, Place};
use crate::domain::candidate::CandidateName;
use crate::domain::ids::{ChannelId, UserId, WorkspaceId};
use crate::domain::refusal::Refusal;

impl App {
    /// A member of the workspace, with what they may do.
    pub(super) async fn member(&self, workspace: &WorkspaceId, user: &UserId) -> Going<Actor> {
        let person = self.inner.store.person(workspace, user).await?;
        Ok(self.actor(workspace, user, person.as_ref())?)
    }

    /// The same, of somebody who was looked up.
    pub(super) fn actor(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
        person: Option<&Person>,
    ) -> Result<Actor, Refusal> {
        let person = person.ok_or(Refusal::SlackDidNotTell)?;
        person.may_take_part()?;
        Ok(Actor {
            user: user.clone(),
            workspace: workspace.clone(),
            administrator: self.administers(user, person),
        })
    }

    /// The configuration's administrators, else the workspace's own.
    pub(super) fn administers(&self, user: &UserId, person: &Person) -> bool {
        if self.inner.administrators.is_empty() {
            person.administrator
        } else {
            self.inner.administrators.contains(user)
        }
    }

    pub(super) async fn is_member(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<bool, Fault> {
        match self.member(workspace, user).await {
            Ok(_) => Ok(true),
            Err(Halt::Refused(_)) => Ok(false),
            Err(Halt::Broke(fault)) => Err(fault),
        }
    }

    /// Who of these has the candidate's name.
    pub(super) async fn namesakes_of(
        &self,
        workspace: &WorkspaceId,
        candidate: &CandidateName,
        users: Vec<UserId>,
    ) -> Result<Vec<UserId>, Fault> {
        let likeness = candidate.likeness();
        let mut namesakes = Vec::new();
        for user in users {
            let person = self.inner.store.person(workspace, &user).await?;
            if person.and_then(|person| person.likeness).as_ref() == Some(&likeness) {
                namesakes.push(user);
            }
        }
        Ok(namesakes)
    }

    /// What is known of a channel, if a candidate may be discussed in it.
    pub(super) async fn place_for_loops(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Going<Place> {
        if channel.is_direct() {
            return Err(Refusal::NeedsChannel.into());
        }
        let Some(place) = self.inner.store.place(workspace, channel).await? else {
            return Err(Refusal::SlackDidNotTell.into());
        };
        if place.shared {
            Err(Refusal::SharedChannel.into())
        } else if place.archived {
            Err(Refusal::ArchivedChannel.into())
        } else if place.direct {
            Err(Refusal::NeedsChannel.into())
        } else if !place.bot_is_member {
            Err(Refusal::BotNotInChannel.into())
        } else {
            Ok(place)
        }
    }
}
