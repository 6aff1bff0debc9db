//! Everything into a file, while the bot runs. How the file is laid out is in `store`.

use super::App;
use crate::store::moving::{self, NotMoved};
use std::path::Path;

impl App {
    /// Writes everything as of this moment into a new file, and says how many records that were.
    ///
    /// # Errors
    /// A sentence for a person; there is no such file then, unless there was one before.
    pub async fn back_up(&self, file: &Path) -> Result<u64, NotMoved> {
        let made = moving::back_up(&*self.inner.store, file, self.inner.clock.now()).await?;
        Ok(made.records)
    }
}
