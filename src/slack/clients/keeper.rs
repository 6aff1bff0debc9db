//! Keeps tokens fresh, and finds out whether installations are there: one errand at a time for each. What follows from it is in `domain::install`.
//!
//! Several processes may do this at once. Whoever exchanges tokens claims the installation in the store before; a claim ends by itself, should
//! that process die. The next pair is on disk before anybody uses it.

use super::{Clients, Many};
use crate::app::away::until_back;
use crate::app::{Fault, UnderWay};
use crate::domain::ids::WorkspaceId;
use crate::domain::install::{Claim, Exchanged, Install, Why};
use crate::seal::Tokens;
use crate::slack::client::{CallError, Client};
use crate::slack::oauth::Grant;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

/// How many are done at once.
const AT_ONCE: usize = 8;
/// How often all installations are looked through: tokens that nobody uses end too.
const LOOKS_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How long one process may take to exchange tokens; a clock that goes wrong by a minute does no harm.
const CLAIMED_FOR: SignedDuration = SignedDuration::from_mins(3);
/// How often, and how long apart, it is looked whether another process has exchanged them.
const GLANCES: usize = 20;
/// See [`GLANCES`].
const GLANCE_EVERY: Duration = Duration::from_millis(250);
/// The pauses before each try of an exchange.
const ASKED_AFTER: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_secs(1),
];
/// After what came to nothing, or was as it should be, so long nothing is tried.
const NOT_AGAIN_FOR: SignedDuration = SignedDuration::from_mins(1);

/// What is to be done for an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// Its tokens are exchanged, if it is time.
    Exchange,
    /// Its token is tried.
    Try,
}

/// Something to be done, and who waits for it.
pub(super) struct Errand {
    pub(super) install: WorkspaceId,
    pub(super) what: What,
    pub(super) done: Option<oneshot::Sender<()>>,
    pub(super) under_way: UnderWay,
}

/// How an errand ended.
enum End {
    /// There is nothing more to do.
    Done,
    /// Not now.
    Later,
}

type Name = (WorkspaceId, What);

/// Runs errands until the process ends.
pub struct Keeper {
    clients: Clients,
    many: Arc<Many>,
    heard: UnboundedReceiver<Errand>,
    /// This process, in claims.
    me: String,
}

/// What the keeper has to do.
#[derive(Default)]
struct Desk {
    queue: VecDeque<Name>,
    /// Those that wait or are under way, with who waits for their end.
    known: HashMap<Name, (Vec<oneshot::Sender<()>>, Vec<UnderWay>)>,
    doing: FuturesUnordered<BoxFuture<'static, (Name, Result<End, Fault>)>>,
    not_before: HashMap<Name, Timestamp>,
}

impl Keeper {
    pub(super) fn new(clients: &Clients, heard: UnboundedReceiver<Errand>) -> Self {
        let many = clients.many.clone().expect("whoever makes it has many");
        Self {
            clients: clients.clone(),
            many,
            heard,
            me: format!("{:016x}", rand::random::<u64>()),
        }
    }

    /// Runs errands until the process ends.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn run(mut self) -> Result<(), Fault> {
        let app = self.many.app.clone();
        let mut desk = Desk::default();
        let mut looks_at = app.clock().now();
        loop {
            let now = app.clock().now();
            if looks_at <= now || looks_at.duration_since(now) > LOOKS_EVERY {
                let _looking = app.activity().begin();
                until_back(|| self.look_through(now)).await?;
                looks_at = now.checked_add(LOOKS_EVERY).unwrap_or(Timestamp::MAX);
            }
            while desk.doing.len() < AT_ONCE
                && let Some(name) = desk.queue.pop_front()
            {
                desk.doing.push(self.errand(name));
            }
            let busy = !desk.doing.is_empty();
            tokio::select! {
                Some(errand) = self.heard.recv() => desk.take(errand, app.clock().now()),
                Some((name, ended)) = desk.doing.next(), if busy => desk.ended(name, &ended?, app.clock().now()),
                () = app.clock().sleep_until(looks_at) => {}
            }
        }
    }

    /// What has to be done for any installation.
    async fn look_through(&self, now: Timestamp) -> Result<(), Fault> {
        let mut after = None;
        loop {
            let stretch = self.many.app.installs(after.as_ref()).await?;
            let Some(last) = stretch.last() else {
                return Ok(());
            };
            after = Some(last.id.clone());
            for install in stretch {
                if self.is_due(&install, now) {
                    self.many.send(&install.id, What::Exchange, None);
                } else if install.is_doubtful() {
                    self.many.send(&install.id, What::Try, None);
                }
            }
        }
    }

    /// Whether its tokens are to be exchanged.
    fn is_due(&self, install: &Install, now: Timestamp) -> bool {
        is_due(&self.many, install, now)
    }

    fn errand(&self, name: Name) -> BoxFuture<'static, (Name, Result<End, Fault>)> {
        let work = Work {
            shared: self.clients.shared.clone(),
            many: Arc::clone(&self.many),
            me: self.me.clone(),
        };
        Box::pin(async move {
            let (install, what) = name.clone();
            let done = AssertUnwindSafe(async {
                match what {
                    What::Exchange => work.exchange(&install).await,
                    What::Try => work.try_it(&install).await,
                }
            });
            // A bug in one is no reason to do no other.
            let ended = done.catch_unwind().await.unwrap_or(Ok(End::Later));
            (name, ended)
        })
    }
}

fn is_due(many: &Many, install: &Install, now: Timestamp) -> bool {
    let never_ends = install.is_there() && install.expires_at.is_none();
    install.is_due(now) || (many.identity.rotation && never_ends)
}

impl Desk {
    fn take(&mut self, errand: Errand, now: Timestamp) {
        let Errand {
            install,
            what,
            done,
            under_way,
        } = errand;
        let name = (install, what);
        let too_early = |moment: &Timestamp| {
            // Not longer, should the clock have been set back.
            now < *moment && moment.duration_since(now) <= NOT_AGAIN_FOR
        };
        if self.not_before.get(&name).is_some_and(too_early) {
            return;
        }
        self.not_before.remove(&name);
        let is_new = !self.known.contains_key(&name);
        let (waiting, counted) = self.known.entry(name.clone()).or_default();
        waiting.extend(done);
        counted.push(under_way);
        if is_new {
            self.queue.push_back(name);
        }
    }

    fn ended(&mut self, name: Name, end: &End, now: Timestamp) {
        let (waiting, _counted) = self.known.remove(&name).unwrap_or_default();
        for done in waiting {
            // Whoever waited may have given up.
            let _ = done.send(());
        }
        let is_over = |moment: &Timestamp| *moment <= now;
        self.not_before.retain(|_, moment| !is_over(moment));
        if let (End::Later, _) | (_, What::Try) = (end, name.1)
            && let Ok(moment) = now.checked_add(NOT_AGAIN_FOR)
        {
            self.not_before.insert(name, moment);
        }
    }
}

/// One errand.
struct Work {
    shared: Client,
    many: Arc<Many>,
    me: String,
}

impl Work {
    /// Exchanges an installation's tokens, if it is time and nobody else does.
    async fn exchange(&self, id: &WorkspaceId) -> Result<End, Fault> {
        let app = &self.many.app;
        for _ in 0..GLANCES {
            let Some((install, _)) = until_back(|| app.install(id)).await? else {
                return Ok(End::Done);
            };
            let now = app.clock().now();
            if !is_due(&self.many, &install, now) {
                self.many.forget(id);
                return Ok(End::Done);
            }
            let until = now.checked_add(CLAIMED_FOR).unwrap_or(Timestamp::MAX);
            let claim = Claim {
                by: self.me.clone(),
                until,
            };
            let claims = |it: Install| {
                let same = it.tokens == install.tokens && it.is_there();
                same.then(|| it.claimed(claim.clone(), now)).flatten()
            };
            if let Some(claimed) = until_back(|| app.change_install(id, claims)).await? {
                return self.exchange_claimed(&claimed).await;
            }
            // Another process does it.
            tokio::time::sleep(GLANCE_EVERY).await;
        }
        Ok(End::Later)
    }

    async fn exchange_claimed(&self, install: &Install) -> Result<End, Fault> {
        let (app, identity) = (&self.many.app, &self.many.identity);
        let id = &install.id;
        let tokens = match self.many.keys.open(id, &install.tokens) {
            Ok(tokens) => tokens,
            Err(why) => {
                tracing::error!(workspace = %id, %why, "tokens were not exchanged");
                return self.release(id).await;
            }
        };
        let granted = self.granted(&tokens).await;
        let error = match granted {
            Ok(grant) if grant.team.is_none() || names(&grant.team, id) || install.organisation => {
                let now = Exchanged {
                    tokens: self.many.keys.seal(id, &grant.tokens),
                    expires_at: grant.expires_at,
                    scopes: grant.scopes,
                };
                let keeps = |it: Install| it.exchanged(&install.tokens, now.clone());
                // On disk before anybody uses it.
                let kept = until_back(|| app.change_install(id, keeps)).await?;
                if kept.is_some() {
                    tracing::info!(workspace = %id, "tokens were exchanged");
                } else {
                    tracing::info!(workspace = %id, "the app was installed anew while tokens were exchanged");
                }
                self.many.forget(id);
                return Ok(End::Done);
            }
            Ok(_) => CallError::Garbled,
            Err(error) => error,
        };
        if !is_about_the_install(&error) {
            tracing::warn!(workspace = %id, %error, "tokens were not exchanged yet");
            return self.release(id).await;
        }
        let url = identity.install_url();
        let now = app.clock().now();
        tracing::error!(workspace = %id, %error, "Slack does not exchange the tokens; somebody there has to install the app again, at {url}");
        if install.has_expired(now) {
            let why = Why::Refused(error.code().unwrap_or_default().to_owned());
            let refused = |it: Install| {
                let same = it.tokens == install.tokens;
                same.then(|| it.refused(now, why.clone())).flatten()
            };
            until_back(|| app.change_install(id, refused)).await?;
            self.many.forget(id);
            return Ok(End::Later);
        }
        // The old one works until it ends.
        self.release(id).await
    }

    /// A refresh token is taken once, and once more for a moment: where the answer is lost, it is asked for again at once.
    async fn granted(&self, tokens: &Tokens) -> Result<Grant, CallError> {
        let (app, identity) = (&self.many.app, &self.many.identity);
        let mut granted = Err(CallError::Timeout);
        for pause in ASKED_AFTER {
            tokio::time::sleep(pause).await;
            let now = app.clock().now();
            granted = identity.refresh(&self.shared, tokens, now).await;
            if !granted.as_ref().is_err_and(CallError::maybe_done) {
                break;
            }
        }
        granted
    }

    async fn release(&self, id: &WorkspaceId) -> Result<End, Fault> {
        let releases = |it: Install| it.released(&self.me);
        until_back(|| self.many.app.change_install(id, releases)).await?;
        Ok(End::Later)
    }

    /// Tries an installation's token, and notes what Slack says.
    async fn try_it(&self, id: &WorkspaceId) -> Result<End, Fault> {
        let app = &self.many.app;
        let Some((install, _)) = until_back(|| app.install(id)).await? else {
            return Ok(End::Done);
        };
        let Ok(tokens) = self.many.keys.open(id, &install.tokens) else {
            return Ok(End::Later);
        };
        let client = self.shared.speaking_as(Ok(&tokens.access), None, None);
        let said = client.auth_test().await;
        let now = app.clock().now();
        let same = |it: &Install| it.tokens == install.tokens;
        match said {
            Ok(_) => {
                let works = |it: Install| same(&it).then(|| it.works()).flatten();
                if until_back(|| app.change_install(id, works))
                    .await?
                    .is_some()
                {
                    tracing::info!(workspace = %id, "the app is installed there after all");
                    self.many.goes_on(id);
                }
                Ok(End::Done)
            }
            Err(error) if error.code() == Some("token_expired") && install.is_there() => {
                self.many.send(id, What::Exchange, None);
                Ok(End::Done)
            }
            Err(error) if error.is_of_the_token() => {
                let code = error.code().unwrap_or_default();
                let why = match code {
                    "token_revoked" | "account_inactive" => Why::Revoked,
                    code => Why::Refused(code.to_owned()),
                };
                let refused =
                    |it: Install| same(&it).then(|| it.refused(now, why.clone())).flatten();
                if until_back(|| app.change_install(id, refused))
                    .await?
                    .is_some()
                {
                    tracing::warn!(workspace = %id, code, "Slack takes the token of an installation no more; what is owed there rests");
                    self.many.forget(id);
                }
                Ok(End::Done)
            }
            Err(error) => {
                tracing::warn!(workspace = %id, %error, "an installation's token could not be tried");
                Ok(End::Later)
            }
        }
    }
}

fn names(team: &Option<(String, String)>, id: &WorkspaceId) -> bool {
    team.as_ref().is_some_and(|(team, _)| team == id.as_str())
}

/// Whether Slack will never take these tokens; else it is Slack's trouble, or the app's own id and secret.
fn is_about_the_install(error: &CallError) -> bool {
    error.is_of_the_token()
        || matches!(
            error.code(),
            Some(
                "invalid_refresh_token"
                    | "refresh_token_expired"
                    | "invalid_grant"
                    | "bad_refresh_token"
            )
        )
}
