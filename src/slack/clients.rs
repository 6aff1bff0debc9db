//! The client for each workspace: the same one for the only workspace, or one with the token of the installation that serves it. How tokens are kept fresh is in `keeper`.
//!
//! What is known of a workspace is looked up again after half a minute, or when Slack does not take its token, so that what another process
//! did is seen. Answers to clicks need no token, and no look-up.

mod keeper;

pub use self::keeper::Keeper;

use self::keeper::{Errand, What};
use super::client::{Client, NoToken};
use super::oauth::AppIdentity;
use crate::app::{App, Fault};
use crate::domain::ids::WorkspaceId;
use crate::domain::install::{Install, Sealed, Why};
use crate::domain::words;
use crate::seal::{Keys, Shut};
use crate::telemetry::chain;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// After so long it is looked whether an installation is still as it was.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(30);
/// How many workspaces are remembered before those are forgotten that were not looked up lately.
const REMEMBERED: usize = 4096;
/// How long a call waits for a token that has ended.
const FRESH_WITHIN: Duration = Duration::from_secs(10);

/// Whoever has the client for a workspace. Cheap to clone.
#[derive(Clone)]
pub struct Clients {
    /// Speaks for nobody where there are many workspaces, else for the only one.
    shared: Client,
    many: Option<Arc<Many>>,
}

/// What it takes to serve many workspaces.
struct Many {
    app: App,
    identity: AppIdentity,
    keys: Keys,
    known: Mutex<Known>,
    errands: UnboundedSender<Errand>,
}

#[derive(Default)]
struct Known {
    by_workspace: HashMap<WorkspaceId, Kept>,
    /// To which organisation a workspace belongs, as it was written.
    organisations: HashMap<WorkspaceId, WorkspaceId>,
}

/// A client, and what it was made of.
#[derive(Clone)]
struct Kept {
    client: Client,
    looked_at: Timestamp,
    /// Nothing where the app is not installed.
    of: Option<Of>,
}

#[derive(Clone)]
struct Of {
    install: WorkspaceId,
    tokens: Sealed,
    due: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

/// The tokens of some workspaces cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tokens of {} are sealed under a key ({key}) that is not among those given: add it, behind the first one, to INTERVIEW_TOKEN_KEY or its file",
    words::count(*count, "installation")
)]
pub struct KeyMissing {
    /// How many.
    pub count: usize,
    /// The name of one such key.
    pub key: String,
}

/// Why the tokens were not sealed anew.
#[derive(Debug, thiserror::Error)]
pub enum NotSealedAnew {
    /// A key is missing.
    #[error(transparent)]
    KeyMissing(#[from] KeyMissing),
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Clients {
    /// The client for the only workspace.
    #[must_use]
    pub fn one(client: Client) -> Self {
        Self {
            shared: client,
            many: None,
        }
    }

    /// Clients for every workspace that installs the app, and whoever keeps their tokens fresh.
    #[must_use]
    pub fn many(client: Client, app: App, keys: Keys, identity: AppIdentity) -> (Self, Keeper) {
        let (errands, heard) = unbounded_channel();
        let many = Arc::new(Many {
            app,
            identity,
            keys,
            known: Mutex::default(),
            errands,
        });
        let clients = Self {
            shared: client,
            many: Some(many),
        };
        let keeper = Keeper::new(&clients, heard);
        (clients, keeper)
    }

    /// The client for what needs no bot's token: answers to clicks, the socket, figures.
    #[must_use]
    pub fn shared(&self) -> &Client {
        &self.shared
    }

    /// The client for a workspace. Where the app is not installed, it says so to every call.
    pub async fn of(&self, workspace: &WorkspaceId) -> Client {
        let Some(many) = &self.many else {
            return self.shared.clone();
        };
        let now = many.app.clock().now();
        if let Some(client) = many.kept(workspace, now) {
            return client;
        }
        match self.look_up(many, workspace, now).await {
            Ok(client) => client,
            Err(fault) => {
                tracing::warn!(error = chain(&fault), "an installation was not read");
                // What is known already does until the store is back.
                let known = many.lock().by_workspace.get(workspace).cloned();
                let known = known.filter(|known| !known.has_expired(now));
                known.map_or_else(|| self.mute(NoToken::Away), |known| known.client)
            }
        }
    }

    fn mute(&self, why: NoToken) -> Client {
        self.shared.speaking_as(Err(why), None, None)
    }

    async fn look_up(
        &self,
        many: &Arc<Many>,
        workspace: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Client, Fault> {
        let mut install = many.app.install_for(workspace).await?;
        if let Some(ended) = &install
            && ended.is_there()
            && ended.has_expired(now)
        {
            many.freshened(&ended.id).await;
            install = many.app.install_for(workspace).await?;
        }
        let Some(install) = install.filter(Install::is_there) else {
            // Not kept in mind: it may be installed at any moment, by whichever process.
            many.lock().by_workspace.remove(workspace);
            return Ok(self.mute(NoToken::NotInstalled));
        };
        if install.is_due(now) {
            many.send(&install.id, What::Exchange, None);
        }
        let same = many.lock().by_workspace.get(workspace).cloned();
        let same = same.filter(|kept| {
            let of = kept.of.as_ref();
            of.is_some_and(|of| of.install == install.id && of.tokens == install.tokens)
        });
        let client = match same {
            Some(kept) => kept.client,
            None => match self.opened(many, workspace, &install) {
                Ok(client) => client,
                Err(why) => {
                    tracing::error!(workspace = %install.id, %why, "an installation's tokens stay shut; the app can be installed there anew");
                    let client = self.mute(NoToken::Sealed);
                    many.keep(workspace, Kept::without(client.clone(), now));
                    return Ok(client);
                }
            },
        };
        let kept = Kept {
            client: client.clone(),
            looked_at: now,
            of: Some(Of::new(&install)),
        };
        many.keep(workspace, kept);
        Ok(client)
    }

    fn opened(
        &self,
        many: &Arc<Many>,
        workspace: &WorkspaceId,
        install: &Install,
    ) -> Result<Client, Shut> {
        let tokens = many.keys.open(&install.id, &install.tokens)?;
        // An organisation's token has to be told whose it speaks for.
        let team = (install.id != *workspace).then(|| workspace.to_string());
        let (errands, id) = (Arc::downgrade(many), install.id.clone());
        let on_refusal = Box::new(move |code: &str| {
            if let Some(many) = errands.upgrade() {
                many.refused(&id, code);
            }
        });
        Ok(self
            .shared
            .speaking_as(Ok(&tokens.access), team, Some(on_refusal)))
    }

    /// Something was sent for a workspace by an organisation's installation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn belongs_to(&self, workspace: &str, organisation: &str) -> Result<(), Fault> {
        let Some(many) = self.many.as_ref().filter(|_| workspace != organisation) else {
            return Ok(());
        };
        let workspace = WorkspaceId::from(workspace);
        let is_known = {
            let known = many.lock();
            let known = known.organisations.get(&workspace);
            known.is_some_and(|known| known.as_str() == organisation)
        };
        if is_known {
            return Ok(());
        }
        let organisation = WorkspaceId::from(organisation);
        many.app.belongs_to(&workspace, &organisation).await?;
        let mut known = many.lock();
        known.by_workspace.remove(&workspace);
        if known.organisations.len() >= REMEMBERED {
            known.organisations.clear();
        }
        known.organisations.insert(workspace, organisation);
        Ok(())
    }

    /// Slack says that an installation is gone. It may be late, and the app installed anew: then the token is tried before that is believed for good.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn gone(
        &self,
        install: &WorkspaceId,
        at: Option<Timestamp>,
        why: Why,
    ) -> Result<(), Fault> {
        let Some(many) = &self.many else {
            tracing::warn!(
                ?why,
                "Slack says that the app was removed or its token revoked; what is owed waits for another SLACK_BOT_TOKEN"
            );
            return Ok(());
        };
        let at = at.unwrap_or_else(|| many.app.clock().now());
        let gone = |it: Install| it.gone(at, why.clone());
        if many.app.change_install(install, gone).await?.is_some() {
            tracing::info!(workspace = %install, ?why, "the app is not installed there any more; what is owed rests");
            many.forget(install);
            many.send(install, What::Try, None);
        } else {
            tracing::debug!(workspace = %install, ?why, "that an installation is gone changes nothing");
        }
        Ok(())
    }

    /// The app was installed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn installed(&self, install: &Install) -> Result<(), Fault> {
        let Some(many) = &self.many else {
            return Ok(());
        };
        many.app.installed(install).await?;
        tracing::info!(workspace = %install.id, organisation = install.organisation, by = %install.by, "the app was installed");
        many.goes_on(&install.id);
        Ok(())
    }

    /// Seals under the first key what is sealed under another one. Returns how many there were.
    ///
    /// # Errors
    /// Where a key is missing, and nothing was changed then; or when the store fails.
    pub async fn seal_anew(&self) -> Result<usize, NotSealedAnew> {
        let Some(many) = &self.many else {
            return Ok(0);
        };
        let mut missing = None;
        let mut old = Vec::new();
        let mut after = None;
        loop {
            let stretch = many.app.installs(after.as_ref()).await?;
            let Some(last) = stretch.last() else { break };
            after = Some(last.id.clone());
            for install in stretch {
                match many.keys.open(&install.id, &install.tokens) {
                    Ok(_) if many.keys.is_current(&install.tokens) => {}
                    Ok(_) => old.push(install.id),
                    // Nobody can use what is gone, nor needs it.
                    Err(Shut::UnknownKey(_)) if !install.is_there() => {}
                    Err(Shut::UnknownKey(key)) => {
                        let count = missing.map_or(0, |it: KeyMissing| it.count) + 1;
                        missing = Some(KeyMissing { count, key });
                    }
                    Err(why @ Shut::Damaged) => {
                        tracing::error!(workspace = %install.id, %why, "an installation's tokens stay shut; the app can be installed there anew");
                    }
                }
            }
        }
        if let Some(missing) = missing {
            return Err(missing.into());
        }
        for id in &old {
            let anew = |install: Install| {
                let tokens = many.keys.open(&install.id, &install.tokens).ok()?;
                let sealed = many.keys.seal(&install.id, &tokens);
                let from = install.tokens.clone();
                install.sealed_anew(&from, sealed)
            };
            many.app.change_install(id, anew).await?;
        }
        if !old.is_empty() {
            tracing::info!(count = old.len(), "tokens were sealed under the first key");
        }
        Ok(old.len())
    }
}

impl Kept {
    fn without(client: Client, looked_at: Timestamp) -> Self {
        Self {
            client,
            looked_at,
            of: None,
        }
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        let end = self.of.as_ref().and_then(|of| of.expires_at);
        end.is_some_and(|end| end <= now)
    }

    /// Whether nobody has to look: also not where the clock was set back.
    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.looked_at);
        !age.is_negative() && age < KNOWN_FOR && !self.has_expired(now)
    }
}

impl Of {
    fn new(install: &Install) -> Self {
        Self {
            install: install.id.clone(),
            tokens: install.tokens.clone(),
            due: install.due(),
            expires_at: install.expires_at,
        }
    }
}

impl Many {
    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing is left half-changed under this lock.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known well enough.
    fn kept(&self, workspace: &WorkspaceId, now: Timestamp) -> Option<Client> {
        let known = self.lock();
        let kept = known.by_workspace.get(workspace)?;
        let is_due = |of: &Of| of.due.is_some_and(|due| due <= now);
        // Whoever looks it up has its tokens exchanged.
        let fresh = kept.is_fresh(now) && !kept.of.as_ref().is_some_and(is_due);
        fresh.then(|| kept.client.clone())
    }

    fn keep(&self, workspace: &WorkspaceId, kept: Kept) {
        let mut known = self.lock();
        if known.by_workspace.len() >= REMEMBERED {
            let now = kept.looked_at;
            known.by_workspace.retain(|_, it| it.is_fresh(now));
        }
        known.by_workspace.insert(workspace.clone(), kept);
    }

    /// What was known of an installation is looked up again. Returns the workspaces it serves, as far as they are known.
    fn forget(&self, install: &WorkspaceId) -> Vec<WorkspaceId> {
        let mut known = self.lock();
        let mut forgotten = vec![install.clone()];
        let organisations = known.organisations.iter();
        let of_it = organisations.filter(|(_, of)| *of == install);
        forgotten.extend(of_it.map(|(workspace, _)| workspace.clone()));
        let uses = |kept: &Kept| kept.of.as_ref().is_some_and(|of| of.install == *install);
        let using = known.by_workspace.iter().filter(|(_, kept)| uses(kept));
        let using: Vec<_> = using.map(|(workspace, _)| workspace.clone()).collect();
        forgotten.extend(using);
        forgotten.sort();
        forgotten.dedup();
        for workspace in &forgotten {
            known.by_workspace.remove(workspace);
        }
        forgotten
    }

    /// An installation has a token that works: what rests where it serves goes on.
    fn goes_on(&self, install: &WorkspaceId) {
        for workspace in self.forget(install) {
            self.app.stir(&workspace);
        }
    }

    /// Slack did not take an installation's token.
    fn refused(&self, install: &WorkspaceId, code: &str) {
        self.forget(install);
        let what = if code == "token_expired" {
            What::Exchange
        } else {
            What::Try
        };
        self.send(install, what, None);
    }

    fn send(&self, install: &WorkspaceId, what: What, done: Option<oneshot::Sender<()>>) {
        let errand = Errand {
            install: install.clone(),
            what,
            done,
            under_way: self.app.activity().begin(),
        };
        // Whoever runs them ends with the process only.
        let _ends = self.errands.send(errand);
    }

    /// Waits until an installation's tokens were exchanged, or for as long as it is worth.
    async fn freshened(&self, install: &WorkspaceId) {
        let (done, ended) = oneshot::channel();
        self.send(install, What::Exchange, Some(done));
        let _ = tokio::time::timeout(FRESH_WITHIN, ended).await;
    }
}
