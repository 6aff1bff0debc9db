//! The kits as a workspace serves them, to be written to files. Where they are written is elsewhere.

use super::library::Served;
use super::{App, Fault};
use crate::domain::ids::{KitVersion, WorkspaceId};
use crate::domain::kit::Kit;
use crate::store::FILES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A kit as it is served, with what its file has to be compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// What is served.
    pub kit: Kit,
    /// Its version.
    pub version: KitVersion,
    /// It was edited or imported in Slack, and is not what its file says.
    pub own: bool,
    /// The file's version that the edits were made on; absent where there was no file.
    pub agreed: Option<KitVersion>,
}

/// Why kits are not exported.
#[derive(Debug, thiserror::Error)]
pub enum NoExport {
    /// Several workspaces have edited kits, and none was named.
    #[error("several workspaces have edited kits: {}; name one with --workspace", .0.join(", "))]
    WhichWorkspace(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl App {
    /// Every kit that a workspace serves; without one, that of the only workspace that has edited any.
    ///
    /// # Errors
    /// If it is not clear whose are meant, or the store fails.
    pub async fn export(&self, workspace: Option<WorkspaceId>) -> Result<Vec<Exported>, NoExport> {
        let workspace = match workspace {
            Some(workspace) => workspace,
            None => self.only_workspace().await?,
        };
        let served = self.catalogue(&workspace).await?;
        Ok(served
            .into_iter()
            .map(
                |Served {
                     version,
                     kit,
                     shelf,
                     ..
                 }| Exported {
                    own: shelf.is_own(),
                    kit: Kit::clone(&kit),
                    version,
                    agreed: shelf.agreed,
                },
            )
            .collect())
    }

    async fn only_workspace(&self) -> Result<WorkspaceId, NoExport> {
        let shelves = self.inner.store.shelves(None).await.map_err(Fault::from)?;
        let mut edited: BTreeSet<WorkspaceId> = shelves
            .into_iter()
            .map(|shelved| shelved.workspace)
            .filter(|workspace| workspace.as_str() != FILES)
            .collect();
        match edited.len() {
            0 => Ok(WorkspaceId::from(FILES)),
            1 => Ok(edited
                .pop_first()
                .unwrap_or_else(|| WorkspaceId::from(FILES))),
            _ => Err(NoExport::WhichWorkspace(
                edited.iter().map(ToString::to_string).collect(),
            )),
        }
    }
}
