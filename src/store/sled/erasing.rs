//! What stays of loops that were erased, read from the tree. What is done with it is in `app`.

use super::SledStore;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::ids::{LoopCode, WorkspaceId};
use crate::store::codec::Kind;
use crate::store::erasing::{Erasing, erased};
use crate::store::{Revision, StoreFault, keys};
use futures_util::future::BoxFuture;

impl Erasing for SledStore {
    fn erased<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Option<(Erased, Revision)>, StoreFault>> {
        Box::pin(async move {
            let key = keys::erased(workspace, code);
            let found = self.shared.record(Kind::Erased, &key)?;
            Ok(found.map(erased))
        })
    }

    fn sent<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Vec<Sent>, StoreFault>> {
        Box::pin(async move {
            let prefix = keys::all_sent(workspace, code);
            let found = self.shared.records(Kind::Sent, &prefix, usize::MAX)?;
            Ok(found.into_iter().map(|(_, sent)| sent).collect())
        })
    }
}
