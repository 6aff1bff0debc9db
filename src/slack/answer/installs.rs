//! What is noted of installations when something arrives: whose a workspace is, and that the app was removed. What follows from it is in `clients`.

use super::{Desk, chain};
use crate::domain::ids::WorkspaceId;
use crate::domain::install::Why;
use crate::slack::Ack;
use crate::slack::inbound::{EventIn, Inbound};

impl Desk {
    /// What was sent for an organisation's installation says that it serves the workspace.
    pub(super) async fn notes_whose(&self, inbound: &Inbound) {
        let Some((workspace, organisation)) = inbound.workspace().zip(inbound.organisation())
        else {
            return;
        };
        let noted = self.inner.clients.belongs_to(workspace, organisation);
        if let Err(fault) = noted.await {
            tracing::warn!(error = chain(&fault), "whose a workspace is was not noted");
        }
    }

    /// The app was removed somewhere, or its token revoked.
    pub(super) async fn gone(&self, event: &EventIn, why: Why) -> Ack {
        let install = event.organisation.as_ref().unwrap_or(&event.workspace);
        let install = WorkspaceId::from(install.as_str());
        match self.inner.clients.gone(&install, event.at, why).await {
            Ok(()) => Ack::Empty,
            Err(fault) => {
                tracing::error!(error = chain(&fault), "an event was not kept");
                Ack::Failed
            }
        }
    }
}
