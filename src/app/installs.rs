//! Where the app is installed: which installation serves a workspace, and the changes to one. What it is used for, and who opens its tokens, is in `slack`.

use super::{App, Fault};
use crate::domain::event::Reply;
use crate::domain::ids::{DeliveryKey, WorkspaceId};
use crate::domain::install::Install;
use crate::domain::sheet::{Sheet, SheetId};
use crate::store::installs::Installed;
use crate::store::{Change, Commit, Committed, FILES, Revision};

/// How many installations are read at once.
const STRETCH: usize = 200;

impl App {
    /// The installation in a workspace or an organisation itself.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn install(&self, id: &WorkspaceId) -> Result<Option<Installed>, Fault> {
        Ok(self.inner.store.install(id).await?)
    }

    /// The installation that serves a workspace: its own, else that of its organisation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn install_for(&self, workspace: &WorkspaceId) -> Result<Option<Install>, Fault> {
        let own = self.install(workspace).await?.map(|(install, _)| install);
        if own.as_ref().is_some_and(Install::is_there) {
            return Ok(own);
        }
        let Some((Sheet::Organisation(organisation), _)) = (self.inner.store)
            .sheet(workspace, &SheetId::Organisation)
            .await?
        else {
            return Ok(own);
        };
        let wide = self.install(&organisation).await?;
        Ok(wide.map(|(install, _)| install).or(own))
    }

    /// A workspace is served by an organisation's installation, as Slack says with what it delivers.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn belongs_to(
        &self,
        workspace: &WorkspaceId,
        organisation: &WorkspaceId,
    ) -> Result<(), Fault> {
        loop {
            let id = SheetId::Organisation;
            let found = self.inner.store.sheet(workspace, &id).await?;
            let now = Sheet::Organisation(organisation.clone());
            let revision = match found {
                Some((known, _)) if known == now => return Ok(()),
                Some((_, revision)) => revision,
                None => Revision::default(),
            };
            let change = Change::Sheet(revision, Box::new(now));
            if self.written(workspace, vec![change]).await? {
                return Ok(());
            }
        }
    }

    /// The app was installed: in place of whatever was known of that place.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn installed(&self, install: &Install) -> Result<(), Fault> {
        loop {
            let found = self.install(&install.id).await?;
            let revision = found.map_or_else(Revision::default, |(_, revision)| revision);
            if self.swap_install(revision, install).await? {
                return Ok(());
            }
        }
    }

    /// Changes an installation, if there is one and it is changed by that. Returns what it is now, if it changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn change_install(
        &self,
        id: &WorkspaceId,
        change: impl Fn(Install) -> Option<Install> + Send + Sync,
    ) -> Result<Option<Install>, Fault> {
        loop {
            let Some((install, revision)) = self.install(id).await? else {
                return Ok(None);
            };
            let Some(changed) = change(install) else {
                return Ok(None);
            };
            if self.swap_install(revision, &changed).await? {
                return Ok(Some(changed));
            }
        }
    }

    async fn swap_install(&self, revision: Revision, install: &Install) -> Result<bool, Fault> {
        let change = Change::Install(revision, Box::new(install.clone()));
        self.written(&install.id, vec![change]).await
    }

    /// At most so many installations behind this one, or the first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn installs(&self, after: Option<&WorkspaceId>) -> Result<Vec<Install>, Fault> {
        let found = self.inner.store.installs(after, STRETCH).await?;
        Ok(found.into_iter().map(|(install, _)| install).collect())
    }

    /// Whether this is the first use of something that may be used once, by whichever process. It is remembered for two days.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn first_use(&self, of: &str) -> Result<bool, Fault> {
        let commit = Commit {
            workspace: WorkspaceId::from(FILES),
            at: self.inner.clock.now(),
            delivery: Some((DeliveryKey::from(of.to_owned()), Reply::Nothing)),
            changes: Vec::new(),
        };
        Ok(self.inner.store.commit(commit).await? == Committed::Done)
    }
}
