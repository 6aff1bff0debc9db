//! Where the app is installed, read from the database. What is done with it is in `app`.

use super::PostgresStore;
use crate::domain::ids::WorkspaceId;
use crate::store::codec::{self, Kind};
use crate::store::installs::{Installed, Installs, installed};
use crate::store::{StoreFault, keys};
use futures_util::future::BoxFuture;

impl Installs for PostgresStore {
    fn install<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Option<Installed>, StoreFault>> {
        Box::pin(async move {
            let found = self.record(Kind::Install, keys::install(workspace)).await?;
            Ok(found.map(installed))
        })
    }

    fn installs<'a>(
        &'a self,
        after: Option<&'a WorkspaceId>,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Installed>, StoreFault>> {
        Box::pin(async move {
            let (from, to) = keys::installs(after);
            let found = self.range(&from, &to, most).await?;
            let read = |bytes: &[u8]| codec::decode(Kind::Install, bytes).map(installed);
            found.iter().map(|(_, bytes)| read(bytes)).collect()
        })
    }
}
