//! Which kits are served: those of the files, and over them what a workspace has edited or imported in Slack. What is edited is in `kit_deeds`.

use super::away::until_back;
use super::{App, Fault, ROUNDS};
use crate::domain::event::Post;
use crate::domain::ids::{KitSlug, KitVersion, WorkspaceId};
use crate::domain::kit::Kit;
use crate::domain::shelf::{Edition, Origin, Shelf};
use crate::kits::{Finding, KitFile, Problems, RoleNames, to_serve, version};
use crate::store::{Change, Commit, Committed, FILES, Revision, Shelved, Word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Where the files' kits come from, and what they said when they were last read without mistakes.
pub(super) struct Library {
    folder: Option<PathBuf>,
    files: RwLock<Arc<BTreeMap<KitSlug, Shelf>>>,
    /// Held while files are read: two readings at once could end with the older one.
    reading: tokio::sync::Mutex<()>,
}

/// A kit that is served now.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) version: KitVersion,
    pub(super) kit: Arc<Kit>,
    pub(super) names: RoleNames,
    /// The workspace's own shelf, or the files'.
    pub(super) shelf: Shelf,
    /// What a change of the workspace's shelf has to name; zero: it has none yet.
    pub(super) revision: Revision,
}

/// What reading the files again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// Roles that were not served before.
    pub added: Vec<KitSlug>,
    /// Roles whose files say something else than before.
    pub changed: Vec<KitSlug>,
    /// Roles whose files are gone.
    pub gone: Vec<KitSlug>,
    /// Roles whose files are broken: the last good version goes on serving.
    pub kept: Vec<KitSlug>,
    /// Roles that were edited in Slack as well as in their files: somebody has to choose.
    pub differs: Vec<KitSlug>,
    /// What is wrong with the broken files: every error.
    pub broken: Vec<Finding>,
}

/// Why the application does not begin.
#[derive(Debug, thiserror::Error)]
pub enum CannotBegin {
    /// A file is broken, and the store has no earlier version of its kit.
    #[error("the interview kits cannot be used:\n{0}")]
    Kits(Problems),
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Library {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            files: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
        }
    }

    fn serves(&self, shelves: BTreeMap<KitSlug, Shelf>) {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        *files = Arc::new(shelves);
    }

    fn files(&self) -> Arc<BTreeMap<KitSlug, Shelf>> {
        Arc::clone(&self.files.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the files say, as it is to be served.
#[derive(Default)]
struct Reading {
    shelves: BTreeMap<KitSlug, Shelf>,
    /// Files that are broken and whose kit nobody has seen whole.
    unknown: bool,
    told: Reloaded,
}

impl App {
    /// Reads the kits' files for the first time.
    pub(super) async fn read_files(&self) -> Result<(), CannotBegin> {
        let reading = self.take_in_files().await?;
        if reading.unknown || reading.shelves.is_empty() {
            return Err(CannotBegin::Kits(Problems(reading.told.broken)));
        }
        for finding in &reading.told.broken {
            tracing::warn!("a kit's file is broken; its last good version is served: {finding}");
        }
        Ok(())
    }

    /// Reads the kits' files again. What is broken is told, and the last good version goes on serving.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reload(&self) -> Result<Reloaded, Fault> {
        Ok(self.take_in_files().await?.told)
    }

    async fn take_in_files(&self) -> Result<Reading, Fault> {
        let library = &self.inner.library;
        let _alone = library.reading.lock().await;
        let folder = library.folder.clone();
        let surveyed = tokio::task::spawn_blocking(move || to_serve(folder.as_deref()));
        // A reader that panicked has read nothing.
        let (kits, broken) = surveyed.await.unwrap_or_default();
        let before = library.files();
        let mut reading = self.shelve_files(&kits, broken).await?;
        let folder_is_unreadable = kits.is_empty() && reading.unknown;
        if folder_is_unreadable && !before.is_empty() {
            // Nothing could be read at all: that takes nothing away.
            reading.told.kept = before.keys().cloned().collect();
            return Ok(reading);
        }
        let told = &mut reading.told;
        for (slug, shelf) in &reading.shelves {
            match before.get(slug) {
                None => told.added.push(slug.clone()),
                Some(old) if old.latest().version != shelf.latest().version => {
                    told.changed.push(slug.clone());
                }
                Some(_) => {}
            }
        }
        let gone = before
            .keys()
            .filter(|slug| !reading.shelves.contains_key(slug));
        told.gone = gone.cloned().collect();
        told.differs = self.lay_beside(&reading.shelves).await?;
        library.serves(reading.shelves.clone());
        if self.inner.store.is_shared() {
            let roles = reading.shelves.keys().cloned().collect();
            self.tell_peers(Word::Kits(roles));
        }
        Ok(reading)
    }

    /// Another process has read its files: what they say is in the store, and is served here as well; these roles, where it is known which.
    pub(super) async fn follow_files(
        &self,
        roles: Option<&BTreeSet<KitSlug>>,
    ) -> Result<(), Fault> {
        let library = &self.inner.library;
        let _alone = library.reading.lock().await;
        let before = library.files();
        let files = WorkspaceId::from(FILES);
        let shelved =
            until_back(async || Ok(self.inner.store.shelves(Some(&files)).await?)).await?;
        let shelves: BTreeMap<KitSlug, Shelf> = shelved
            .into_iter()
            .map(|shelved| (shelved.shelf.slug.clone(), shelved.shelf))
            .filter(|(slug, _)| match roles {
                Some(roles) => roles.contains(slug),
                None => before.contains_key(slug),
            })
            .collect();
        if !shelves.is_empty() {
            library.serves(shelves);
        }
        Ok(())
    }

    /// Keeps what the files say, and finds the last good version of those that are broken.
    async fn shelve_files(
        &self,
        kits: &[KitFile],
        broken: BTreeMap<String, Vec<Finding>>,
    ) -> Result<Reading, Fault> {
        let files = WorkspaceId::from(FILES);
        for _ in 0..ROUNDS {
            let mut reading = Reading::default();
            let shelved = self.inner.store.shelves(Some(&files)).await?;
            let mut changes = Vec::new();
            for file in kits {
                let edition = Edition {
                    version: version(&file.kit),
                    origin: Origin::File(name_of(file.file())),
                    at: self.inner.clock.now(),
                };
                let slug = &file.kit.slug;
                if self.inner.store.kit(&edition.version).await?.is_none() {
                    let kit = Box::new(file.kit.clone());
                    changes.push(Change::Kit(edition.version.clone(), kit));
                }
                let old = shelved.iter().find(|old| old.shelf.slug == *slug);
                let shelf = match old {
                    Some(old) => old.shelf.clone().with(edition),
                    None => Shelf::new(slug.clone(), edition),
                };
                reading.shelves.insert(slug.clone(), shelf.clone());
                if old.is_none_or(|old| old.shelf != shelf) {
                    let revision = old.map_or(Revision(0), |old| old.revision);
                    changes.push(Change::Shelf(revision, Box::new(shelf)));
                }
            }
            for (file, findings) in &broken {
                reading.told.broken.extend(findings.iter().cloned());
                let name = Origin::File(name_of(file));
                // A file may have been of another role before: the latest counts.
                let last_good = shelved
                    .iter()
                    .filter(|old| {
                        old.shelf.latest().origin == name
                            && !reading.shelves.contains_key(&old.shelf.slug)
                    })
                    .max_by_key(|old| old.shelf.latest().at);
                match last_good {
                    Some(old) => {
                        let slug = old.shelf.slug.clone();
                        reading.told.kept.push(slug.clone());
                        reading.shelves.insert(slug, old.shelf.clone());
                    }
                    None => reading.unknown = true,
                }
            }
            if self.write_kits(&files, changes).await? {
                return Ok(reading);
            }
        }
        Err(Fault::Contended)
    }

    /// Lays what the files say now beside what workspaces have edited, and owes a message where both have changed.
    async fn lay_beside(&self, files: &BTreeMap<KitSlug, Shelf>) -> Result<Vec<KitSlug>, Fault> {
        let mut differs = BTreeSet::new();
        for shelved in self.inner.store.shelves(None).await? {
            if shelved.workspace.as_str() == FILES {
                continue;
            }
            let mut now = Some(shelved);
            // Somebody may edit at this moment: then it is laid beside what they made of it.
            while let Some(Shelved {
                workspace,
                shelf,
                revision,
            }) = now.take()
            {
                let slug = shelf.slug.clone();
                let beside = shelf.clone().beside(files.get(&slug).map(Shelf::latest));
                let mut changes = Vec::new();
                let mut posts = Vec::new();
                if let Some(file) = &beside.differs {
                    differs.insert(slug.clone());
                    let told = shelf.differs.as_ref().map(|differs| &differs.version);
                    if told != Some(&file.version)
                        && let Some(user) = beside.last_hand()
                    {
                        posts.push(Post::KitDiffers {
                            slug: slug.clone(),
                            user: user.clone(),
                            file: file.version.clone(),
                        });
                    }
                }
                if beside != shelf {
                    changes.push(Change::Shelf(revision, Box::new(beside)));
                }
                changes.extend(posts.iter().cloned().map(Change::Owe));
                if self.write_kits(&workspace, changes).await? {
                    self.owe(&workspace, posts);
                } else {
                    let again = self.inner.store.shelves(Some(&workspace)).await?;
                    now = again.into_iter().find(|one| one.shelf.slug == slug);
                }
            }
        }
        Ok(differs.into_iter().collect())
    }

    /// `false`: something it was computed from has changed.
    async fn write_kits(
        &self,
        workspace: &WorkspaceId,
        changes: Vec<Change>,
    ) -> Result<bool, Fault> {
        if changes.is_empty() {
            return Ok(true);
        }
        let commit = Commit {
            workspace: workspace.clone(),
            at: self.inner.clock.now(),
            delivery: None,
            changes,
        };
        Ok(self.inner.store.commit(commit).await? == Committed::Done)
    }

    /// Every kit that is served to a workspace, by role.
    pub(super) async fn catalogue(&self, workspace: &WorkspaceId) -> Result<Vec<Served>, Fault> {
        let files = self.inner.library.files();
        let mut shelves: BTreeMap<KitSlug, (Shelf, Revision)> = BTreeMap::new();
        for (slug, shelf) in files.iter() {
            shelves.insert(slug.clone(), (shelf.clone().followed(), Revision(0)));
        }
        for Shelved {
            shelf, revision, ..
        } in self.inner.store.shelves(Some(workspace)).await?
        {
            // What only followed a file goes with it.
            if shelf.is_own() || files.contains_key(&shelf.slug) {
                shelves.insert(shelf.slug.clone(), (shelf, revision));
            }
        }
        let mut served = Vec::new();
        for (shelf, revision) in shelves.into_values() {
            served.push(self.serving(shelf, revision).await?);
        }
        Ok(served)
    }

    async fn serving(&self, shelf: Shelf, revision: Revision) -> Result<Served, Fault> {
        let kit = self.kit(&shelf.latest().version).await?;
        Ok(Served {
            version: shelf.latest().version.clone(),
            names: RoleNames::from(&*kit),
            kit,
            shelf,
            revision,
        })
    }

    /// The kit that is served to a workspace for a role now; the others are not touched.
    pub(super) async fn served(
        &self,
        workspace: &WorkspaceId,
        slug: &KitSlug,
    ) -> Result<Option<Served>, Fault> {
        let files = self.inner.library.files();
        let file = files.get(slug);
        let own = self.inner.store.shelves(Some(workspace)).await?;
        let own = own
            .into_iter()
            .find(|one| one.shelf.slug == *slug && (one.shelf.is_own() || file.is_some()));
        match (own, file) {
            (Some(own), _) => Ok(Some(self.serving(own.shelf, own.revision).await?)),
            (None, Some(file)) => {
                let shelf = file.clone().followed();
                Ok(Some(self.serving(shelf, Revision(0)).await?))
            }
            (None, None) => Ok(None),
        }
    }
}

/// A file's name without its folders: what stays the same when the program moves.
fn name_of(file: &str) -> String {
    Path::new(file).file_name().map_or_else(
        || file.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
