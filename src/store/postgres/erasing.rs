//! What stays of loops that were erased, read from the database. What is done with it is in `app`.

use super::PostgresStore;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::ids::{LoopCode, WorkspaceId};
use crate::store::codec::Kind;
use crate::store::erasing::{Erasing, erased};
use crate::store::{Revision, StoreFault, keys};
use futures_util::future::BoxFuture;

impl Erasing for PostgresStore {
    fn erased<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Option<(Erased, Revision)>, StoreFault>> {
        Box::pin(async move {
            let key = keys::erased(workspace, code);
            let found = self.record(Kind::Erased, key).await?;
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
            let found = self.records(Kind::Sent, &prefix).await?;
            Ok(found.into_iter().map(|(_, sent)| sent).collect())
        })
    }
}
