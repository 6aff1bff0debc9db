//! Where the app is installed, as every store tells it. What is done with it is in `app`.

use super::{Revision, StoreFault};
use crate::domain::ids::WorkspaceId;
use crate::domain::install::Install;
use futures_util::future::BoxFuture;

/// An installation, with the revision that a change has to name.
pub type Installed = (Install, Revision);

/// What every store tells of installations.
pub trait Installs {
    /// The installation in a workspace or an organisation.
    fn install<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Option<Installed>, StoreFault>>;

    /// At most so many of the installations that follow this one, or the first. Their order is the store's own.
    fn installs<'a>(
        &'a self,
        after: Option<&'a WorkspaceId>,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Installed>, StoreFault>>;
}

/// As it stands in a record.
pub(super) fn installed((revision, install): (u64, Install)) -> Installed {
    (install, Revision(revision))
}
