//! Where the app is installed, read from the tree. What is done with it is in `app`.

use super::SledStore;
use crate::domain::ids::WorkspaceId;
use crate::store::codec::{self, Kind};
use crate::store::installs::{Installed, Installs, installed};
use crate::store::{StoreFault, keys};
use futures_util::future::BoxFuture;

impl Installs for SledStore {
    fn install<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Option<Installed>, StoreFault>> {
        Box::pin(async move {
            let key = keys::install(workspace);
            let found = self.shared.record(Kind::Install, &key)?;
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
            let mut found = Vec::new();
            for entry in self.shared.tree.range(from..to).take(most) {
                let (_, bytes) = entry.map_err(|error| self.shared.cannot_read(error))?;
                found.push(installed(codec::decode(Kind::Install, &bytes)?));
            }
            Ok(found)
        })
    }
}
