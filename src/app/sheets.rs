//! Settings and preferences as they stand, and the zones that follow from them. Who may set them is decided where they are set.

use super::{App, Fault};
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::settings::{Preferences, Settings};
use crate::domain::sheet::{Sheet, SheetId};
use crate::schedule;
use crate::store::Revision;
use jiff::tz::TimeZone;

impl App {
    /// What administrators set for everybody, with the revision that a change has to name.
    pub(super) async fn settings(
        &self,
        workspace: &WorkspaceId,
    ) -> Result<(Settings, Revision), Fault> {
        let found = self
            .inner
            .store
            .sheet(workspace, &SheetId::Settings)
            .await?;
        Ok(settings_in(found))
    }

    /// What somebody set for themselves, with the revision that a change has to name.
    pub(super) async fn preferences(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<(Preferences, Revision), Fault> {
        let id = SheetId::Preferences(user.clone());
        Ok(match self.inner.store.sheet(workspace, &id).await? {
            Some((Sheet::Preferences(preferences), revision)) => (preferences, revision),
            _ => (Preferences::of(user.clone()), Revision::default()),
        })
    }

    /// The zone somebody lives in, with its name: the one they chose, else the one that Slack tells, else UTC.
    pub(super) async fn zone_of(
        &self,
        workspace: &WorkspaceId,
        user: &UserId,
    ) -> Result<(String, TimeZone), Fault> {
        let (preferences, _) = self.preferences(workspace, user).await?;
        let told = self.known_person(workspace, user).await?;
        let told = told.and_then(|person| person.zone);
        let named = preferences.zone.into_iter().chain(told);
        let known = named.filter_map(|name| schedule::zone(&name).map(|zone| (name, zone)));
        Ok(known
            .into_iter()
            .next()
            .unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC)))
    }
}

/// The settings on a sheet; those that nobody has changed where there is none.
pub(super) fn settings_in(sheet: Option<(Sheet, Revision)>) -> (Settings, Revision) {
    match sheet {
        Some((Sheet::Settings(settings), revision)) => (settings, revision),
        _ => Default::default(),
    }
}
