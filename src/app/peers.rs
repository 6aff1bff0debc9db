//! The other processes on the same store: what is handled here and not there, and what they are told. How they agree is the store's.

use super::watchers::Concerned;
use super::{App, Fault};
use crate::domain::event::Delivery;
use crate::domain::ids::WorkspaceId;
use crate::store::{Held, Parcel, Word};

impl App {
    /// How many processes use the store, this one included, as far as is known.
    #[must_use]
    pub fn processes(&self) -> usize {
        self.inner.store.processes()
    }

    /// Whether there are others.
    #[must_use]
    pub fn has_peers(&self) -> bool {
        self.processes() > 1
    }

    /// Goes on handling the mail that this process handles, and takes over what nobody does.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hold_mail(&self) -> Result<Held, Fault> {
        Ok(self.inner.store.hold_mail().await?)
    }

    /// Leaves some workspaces' mail to the others.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn give_up_mail(&self, workspaces: &[WorkspaceId]) -> Result<(), Fault> {
        Ok(self.inner.store.give_up_mail(workspaces).await?)
    }

    /// Everything owed in a workspace, as it stands on disk.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parcels_of(&self, workspace: &WorkspaceId) -> Result<Vec<Parcel>, Fault> {
        Ok(self.inner.store.parcels_of(workspace).await?)
    }

    /// Tells the other processes.
    pub fn tell_peers(&self, word: Word) {
        self.inner.store.say(word);
    }

    /// Hears what other processes tell, until the process ends.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_peers(&self) -> Result<(), Fault> {
        loop {
            for word in self.inner.store.hear().await {
                self.hears(word).await?;
            }
        }
    }

    async fn hears(&self, word: Word) -> Result<(), Fault> {
        match word {
            Word::Concerned(workspace, user) => {
                let concerned = user.map_or(Concerned::All, Concerned::One);
                self.concern_here(&workspace, [concerned]);
            }
            Word::Kits(roles) => self.follow_files(Some(&roles)).await?,
            Word::LookEverywhere => {
                self.follow_files(None).await?;
                self.concern_all_here();
                self.tell_the_outbox(|news| news.heard.extend([Word::LookEverywhere]));
            }
            word @ (Word::Owed(..) | Word::Stirred(_) | Word::Look(_) | Word::Free) => {
                self.tell_the_outbox(|news| news.heard.extend([word]));
            }
        }
        Ok(())
    }

    /// Whether a delivery that waited does so still, and no other process has performed it.
    pub(super) async fn still_waits(&self, delivery: &Delivery) -> Result<bool, Fault> {
        let waiting = self.inner.store.waiting_in(&delivery.workspace).await?;
        Ok(waiting.iter().any(|other| other.key == delivery.key))
    }
}
