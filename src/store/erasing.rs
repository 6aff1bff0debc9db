//! What stays of loops that were erased, and what was sent of any loop, as every store tells it. What is done with it is in `app`.

use super::{Revision, StoreFault};
use crate::domain::erasure::{Erased, Sent};
use crate::domain::ids::{LoopCode, WorkspaceId};
use futures_util::future::BoxFuture;

/// What every store tells of erasing.
pub trait Erasing {
    /// What stays of a loop that was erased, with the revision that a change has to name.
    fn erased<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Option<(Erased, Revision)>, StoreFault>>;

    /// What was sent of a loop and not taken back.
    fn sent<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Vec<Sent>, StoreFault>>;
}

/// As it stands in a record.
pub(super) fn erased((revision, erased): (u64, Erased)) -> (Erased, Revision) {
    (erased, Revision(revision))
}
