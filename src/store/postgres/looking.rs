//! Whether there are tables, for whoever only looks: nothing is made. Who uses them opens the store.

use super::remedies::{why_unfit, why_unreachable};
use super::{Address, Entry, PostgresSettings, Tls, connected, schema};
use crate::store::StoreFault;
use std::sync::Arc;

pub use schema::Tables;

/// Which tables there are.
///
/// # Errors
/// [`StoreFault::Unusable`], with the remedy in it.
pub async fn tables(settings: &PostgresSettings) -> Result<Tables, StoreFault> {
    let unusable = |why: String| StoreFault::Unusable { why };
    let address = Address::read(&settings.url).map_err(unusable)?;
    let tls = Tls::trusting(&settings.extra_ca)
        .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))?;
    let entry = Entry {
        me: rand::random::<i64>(),
        alone: false,
        patience: settings.waits,
        heard: Arc::default(),
    };
    let line = connected(&address, &tls, &entry).await;
    let line = line.map_err(|error| unusable(why_unreachable(&address, &error)))?;
    let found = schema::tables(&line.client).await;
    found.map_err(|why| unusable(why_unfit(&address, why)))
}
