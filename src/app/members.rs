//! Who somebody is and where a candidate may be discussed, from what Slack last told. Who asks Slack is in `facts`.

use super::{App, Fault};
use crate::domain::access::{Actor, Person, Place};
use crate::domain::event::Delivery;
use crate::domain::ids::{ChannelId, UserId, WorkspaceId};
use crate::domain::refusal::Refusal;

impl App {
    /// Who acts, if they may take part at all.
    pub(super) async fn actor(&self, delivery: &Delivery) -> Result<Result<Actor, Refusal>, Fault> {
        self.member(&delivery.workspace, &delivery.actor).await
    }

    /// A member of the workspace, with what they may do.
    pub(crate) async fn member(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<Result<Actor, Refusal>, Fault> {
        let Some(person) = self.inner.store.person(workspace, user).await? else {
            return Ok(Err(Refusal::SlackDidNotTell));
        };
        Ok(person.may_take_part().map(|()| Actor {
            user: user.clone(),
            workspace: workspace.clone(),
            administrator: self.administers(user, &person),
        }))
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
        Ok(self.member(workspace, user).await?.is_ok())
    }

    /// What is known of a channel, if a candidate may be discussed in it.
    pub(super) async fn place_for_loops(
        &self,
        workspace: &WorkspaceId,
        channel: &ChannelId,
    ) -> Result<Result<Place, Refusal>, Fault> {
        if channel.is_direct() {
            return Ok(Err(Refusal::NeedsChannel));
        }
        let Some(place) = self.inner.store.place(workspace, channel).await? else {
            return Ok(Err(Refusal::SlackDidNotTell));
        };
        Ok(if place.shared {
            Err(Refusal::SharedChannel)
        } else if place.archived {
            Err(Refusal::ArchivedChannel)
        } else if place.direct {
            Err(Refusal::NeedsChannel)
        } else if !place.bot_is_member {
            Err(Refusal::BotNotInChannel)
        } else {
            Ok(place)
        })
    }
}
