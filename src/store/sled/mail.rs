//! One process has a folder, so all the mail is its own, and there is nobody to talk to.

use super::SledStore;
use crate::domain::ids::WorkspaceId;
use crate::store::{Held, Holding, Peers, StoreFault, Word};
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;

impl Peers for SledStore {
    fn is_shared(&self) -> bool {
        false
    }

    fn processes(&self) -> usize {
        1
    }

    fn hold_mail(&self) -> BoxFuture<'_, Result<Held, StoreFault>> {
        Box::pin(async {
            Ok(Held {
                holding: Holding::Everything,
                until: None,
                soon: false,
                surplus: 0,
            })
        })
    }

    fn give_up_mail<'a>(&'a self, _: &'a [WorkspaceId]) -> BoxFuture<'a, Result<(), StoreFault>> {
        Box::pin(async { Ok(()) })
    }

    fn say(&self, _: Word) {}

    fn hear(&self) -> BoxFuture<'_, BTreeSet<Word>> {
        Box::pin(std::future::pending())
    }
}
