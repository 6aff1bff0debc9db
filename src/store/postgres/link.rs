//! Asking the database, through a pool of connections, until it has answered or patience ends. What is asked is in `read` and `sending`.
//!
//! A connection that breaks in the middle of a question leaves it open whether what was asked for was done. Reads are asked again. A write
//! carries a name that is kept with what it wrote: it is sent again as a *second try*, and the database finds out whether there was a first.

use crate::store::StoreFault;
use deadpool_postgres::{Client, Object, Pool, PoolError, Timeouts};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// How often a transaction that stood in another's way is begun anew.
const MOST_ANEW: u32 = 20;
/// How long one try may take: longer than the server lets a statement take.
const TRY: Duration = Duration::from_secs(18);
/// How long a connection may take to begin.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
/// How long a server that had no room for something is held to have none: then somebody finds out whether it has some again.
const FULL_FOR: Duration = Duration::from_secs(15);
/// The first pause before another try, in milliseconds; it doubles up to the longest, and chance shortens it.
const FIRST_PAUSE: u64 = 10;
const LONGEST_PAUSE: u64 = 500;

/// What the database said, without anything of a record in it: its own details may quote one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Cause(pub(super) String);

impl Cause {
    pub(super) fn of(error: &tokio_postgres::Error) -> Self {
        if let Some(told) = error.as_db_error() {
            return Self(format!("{} ({})", told.message(), told.code().code()));
        }
        let mut text = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            let more = error.to_string();
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            source = error.source();
        }
        Self(text)
    }
}

/// What went wrong with a question, by what is to be done about it.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// It stood in another's way, and nothing was done: at once again.
    Anew(Cause),
    /// The connection is gone, and nobody knows how far it came.
    Lost(Cause),
    /// This server does not do it now, maybe another one: over another connection.
    Elsewhere(Cause),
    /// The server has no room for it, or its disk fails: nothing was done, and it needs somebody's help.
    Full(Cause),
    /// Nothing was done, and asking again changes nothing.
    Refused(Cause),
}

impl Trouble {
    pub(super) fn of(error: &tokio_postgres::Error) -> Self {
        let cause = Cause::of(error);
        let Some(code) = error.code() else {
            return Self::Lost(cause);
        };
        match code.code().get(..2) {
            _ if *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED =>
            {
                Self::Anew(cause)
            }
            _ if *code == SqlState::READ_ONLY_SQL_TRANSACTION
                || *code == SqlState::TOO_MANY_CONNECTIONS =>
            {
                Self::Elsewhere(cause)
            }
            // A statement that took too long was undone.
            _ if *code == SqlState::QUERY_CANCELED => Self::Refused(cause),
            Some("08" | "57") => Self::Lost(cause),
            Some("53" | "58") => Self::Full(cause),
            // How a transaction ended is not known to the server itself.
            _ if *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN => Self::Lost(cause),
            _ => Self::Refused(cause),
        }
    }

    pub(super) fn cause(self) -> Cause {
        match self {
            Self::Anew(cause)
            | Self::Lost(cause)
            | Self::Elsewhere(cause)
            | Self::Full(cause)
            | Self::Refused(cause) => cause,
        }
    }
}

/// The way to the database.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) pool: Pool,
    /// How long a question waits for a connection and is tried again.
    pub(super) patience: Duration,
    /// When the server had no room for something last, and what it said.
    full: Arc<Mutex<Option<(Instant, Cause)>>>,
}

impl Link {
    pub(super) fn new(pool: Pool, patience: Duration) -> Self {
        Self {
            pool,
            patience,
            full: Arc::default(),
        }
    }

    /// What the server said when it had no room just now.
    pub(super) fn full(&self) -> Option<Cause> {
        let full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = |(at, _): &&(Instant, Cause)| at.elapsed() < FULL_FOR;
        full.as_ref().filter(lately).map(|(_, cause)| cause.clone())
    }

    /// Notes that there was none for what somebody asked.
    fn is_full(&self, cause: &Cause) {
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let before = full.replace((Instant::now(), cause.clone()));
        if before.is_none_or(|(at, _)| at.elapsed() >= FULL_FOR) {
            tracing::error!(%cause, "the database has no room for what is to be saved");
        }
    }

    /// Reads.
    pub(super) async fn ask(
        &self,
        sql: &str,
        arguments: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreFault> {
        let until = Instant::now() + self.patience;
        self.until_answered("read from the database", sql, arguments, until, None)
            .await
    }

    /// Writes. The statement has one argument more: whether this is a second try, and the first may have been done. It is, if there was one before.
    pub(super) async fn write(
        &self,
        sql: &str,
        arguments: &[&(dyn ToSql + Sync)],
        until: Instant,
        second_try: bool,
    ) -> Result<Vec<Row>, StoreFault> {
        let doing = "write to the database";
        self.until_answered(doing, sql, arguments, until, Some(second_try))
            .await
    }

    /// Tries once. If that fails, says whether it may have been done nevertheless.
    pub(super) async fn once(
        &self,
        sql: &str,
        arguments: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, bool> {
        let client = match self.pool.timeout_get(&within(self.patience)).await {
            Ok(client) => client,
            Err(error) => {
                tracing::debug!(%error, "no connection");
                return Err(false);
            }
        };
        let tried = tries(client, sql, arguments).await;
        tried.map_err(|(trouble, sent)| sent && matches!(trouble, Trouble::Lost(_)))
    }

    async fn until_answered(
        &self,
        doing: &'static str,
        sql: &str,
        arguments: &[&(dyn ToSql + Sync)],
        until: Instant,
        second_try: Option<bool>,
    ) -> Result<Vec<Row>, StoreFault> {
        let mut maybe_saved = second_try.unwrap_or_default();
        let mut anew = 0;
        let mut pause = FIRST_PAUSE;
        loop {
            let away = |cause: Cause| StoreFault::Away {
                doing,
                maybe_saved,
                source: Box::new(cause),
            };
            let client = self.client(until).await.map_err(away)?;
            let mut all = arguments.to_vec();
            if second_try.is_some() {
                all.push(&maybe_saved);
            }
            let (trouble, sent) = match tries(client, sql, &all).await {
                Ok(rows) => return Ok(rows),
                Err(trouble) => trouble,
            };
            let cause = match trouble {
                Trouble::Refused(cause) => return Err(away(cause)),
                Trouble::Full(cause) => {
                    // Noted here and not where several went together: one of them alone may have room.
                    self.is_full(&cause);
                    return Err(away(cause));
                }
                Trouble::Anew(cause) => {
                    anew += 1;
                    if anew == MOST_ANEW {
                        return Err(away(cause));
                    }
                    cause
                }
                Trouble::Elsewhere(cause) => cause,
                Trouble::Lost(cause) => {
                    maybe_saved |= second_try.is_some() && sent;
                    cause
                }
            };
            if Instant::now() >= until {
                return Err(StoreFault::Away {
                    doing,
                    maybe_saved,
                    source: Box::new(cause),
                });
            }
            rest(&mut pause).await;
        }
    }

    /// A connection, as soon as there is one.
    pub(super) async fn client(&self, until: Instant) -> Result<Client, Cause> {
        let mut pause = FIRST_PAUSE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let cause = match self.pool.timeout_get(&within(left)).await {
                Ok(client) => return Ok(client),
                Err(PoolError::Timeout(deadpool_postgres::TimeoutType::Wait)) => {
                    let why = "no connection to the database was free in time";
                    return Err(Cause(why.to_owned()));
                }
                Err(PoolError::Backend(error)) => Cause::of(&error),
                Err(PoolError::Timeout(_)) => {
                    Cause("the server gave no connection in time".to_owned())
                }
                Err(other) => return Err(Cause(other.to_string())),
            };
            if Instant::now() >= until {
                return Err(cause);
            }
            rest(&mut pause).await;
        }
    }
}

/// One try over one connection, which goes with it if it is of no more use. If it fails, says whether the question was sent.
async fn tries(
    client: Client,
    sql: &str,
    arguments: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, (Trouble, bool)> {
    let mut sent = false;
    let tried = timeout(TRY, async {
        let statement = client.prepare_cached(sql).await?;
        sent = true;
        client.query(&statement, arguments).await
    })
    .await;
    let trouble = match tried {
        Ok(Ok(rows)) => return Ok(rows),
        Ok(Err(error)) => Trouble::of(&error),
        Err(_) => Trouble::Lost(Cause("there was no answer in time".to_owned())),
    };
    tracing::debug!(?trouble, "not answered");
    if matches!(trouble, Trouble::Elsewhere(_) | Trouble::Lost(_)) {
        drop(Object::take(client));
    }
    Err((trouble, sent))
}

fn within(wait: Duration) -> Timeouts {
    Timeouts {
        wait: Some(wait),
        create: Some(CONNECTS_WITHIN),
        recycle: Some(CONNECTS_WITHIN),
    }
}

/// Waits for a while, and longer the next time.
async fn rest(pause: &mut u64) {
    sleep(Duration::from_millis(rand::random_range(
        *pause / 2..=*pause,
    )))
    .await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}
