//! That this process is the one that uses the database: a lock on a connection of its own, held as long as the process lives, taken anew when the
//! connection was lost. It also tells how the database is, and counts the loops. Commits do not depend on it: they have locks of their own.

use super::address::Address;
use super::link::{Cause, Trouble};
use super::tls::Tls;
use crate::telemetry::figures::OfStore;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Client;

/// The lock of the process.
const PROCESS: i64 = 0x696e_7465_7276_0000;
/// How often it is looked whether the database is still there.
const LOOKS_EVERY: Duration = Duration::from_secs(5);
/// How often the lock is asked for while another process has it.
const ASKS_EVERY: Duration = Duration::from_millis(50);
/// The pause before a connection is tried again.
const TRIES_EVERY: Duration = Duration::from_millis(250);

/// How it is with the database.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// It answers.
    Here,
    /// It does not, and is tried again.
    Away(Cause),
    /// Another process has it: this one has to end.
    Taken,
    /// We have left it.
    Left,
}

/// A connection, with the task that carries it.
pub(super) struct Line {
    pub(super) client: Client,
    carried: JoinSet<Cause>,
}

impl Line {
    /// Connects.
    pub(super) async fn to(address: &Address, tls: Tls) -> Result<Self, tokio_postgres::Error> {
        let (client, connection) = address.config.connect(tls).await?;
        let mut carried = JoinSet::new();
        carried.spawn(async move {
            match connection.await {
                Ok(()) => Cause("the connection was closed".to_owned()),
                Err(error) => Cause::of(&error),
            }
        });
        Ok(Self { client, carried })
    }

    /// Takes the process's lock, waiting so long for another process to leave. False: it stays.
    pub(super) async fn lock(
        &self,
        name: &str,
        patience: Duration,
    ) -> Result<bool, tokio_postgres::Error> {
        // A connection of ours that broke may be there still for the server.
        let ghosts = "select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.pid <> pg_backend_pid() and a.datname = current_database() and a.application_name = $1
            and (l.classid::bigint << 32) | l.objid::bigint = $2";
        self.client.query(ghosts, &[&name, &PROCESS]).await?;
        let until = Instant::now() + patience;
        loop {
            let locked = "select pg_try_advisory_lock($1)";
            let locked = self.client.query_one(locked, &[&PROCESS]).await?.get(0);
            if locked || Instant::now() >= until {
                return Ok(locked);
            }
            sleep(ASKS_EVERY).await;
        }
    }
}

/// The keeper of the lock.
pub(super) struct Presence {
    pub(super) state: watch::Receiver<State>,
    /// How often the database came back.
    pub(super) returned: watch::Receiver<u64>,
    /// Loops have moved: they are counted anew.
    pub(super) moved: Arc<Notify>,
    leave: std::sync::Mutex<Option<oneshot::Sender<()>>>,
    _task: JoinSet<()>,
}

impl Presence {
    /// Holds the lock that was taken on this line.
    pub(super) fn of(
        line: Line,
        address: Address,
        tls: Tls,
        patience: Duration,
        figures: OfStore,
    ) -> Self {
        let (told, state) = watch::channel(State::Here);
        let (returns, returned) = watch::channel(0);
        let (leave, leaving) = oneshot::channel();
        let moved = Arc::new(Notify::new());
        let keeper = Keeper {
            address,
            tls,
            patience,
            told,
            returns,
            moved: Arc::clone(&moved),
            figures,
        };
        let mut task = JoinSet::new();
        task.spawn(keeper.keep(line, leaving));
        Self {
            state,
            returned,
            moved,
            leave: std::sync::Mutex::new(Some(leave)),
            _task: task,
        }
    }

    /// Gives the lock up: the server frees it when it sees the end of the connection.
    pub(super) async fn leave(&self) {
        let leave = self
            .leave
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(leave) = leave {
            // An error says that it has left already.
            let _ = leave.send(());
        }
        let mut state = self.state.clone();
        let _ = state
            .wait_for(|state| matches!(state, State::Left | State::Taken))
            .await;
    }
}

struct Keeper {
    address: Address,
    tls: Tls,
    patience: Duration,
    told: watch::Sender<State>,
    returns: watch::Sender<u64>,
    moved: Arc<Notify>,
    figures: OfStore,
}

impl Keeper {
    async fn keep(self, line: Line, mut leaving: oneshot::Receiver<()>) {
        let mut line = Some(line);
        loop {
            let lost = match line.take() {
                Some(line) => {
                    self.told.send_replace(State::Here);
                    tokio::select! {
                        cause = self.hold(line) => cause,
                        _ = &mut leaving => break,
                    }
                }
                None => tokio::select! {
                    found = self.find() => match found {
                        Ok(Some(found)) => {
                            self.returns.send_modify(|count| *count += 1);
                            tracing::info!("the database is back");
                            line = Some(found);
                            continue;
                        }
                        Ok(None) => {
                            tracing::error!("another process has taken the database");
                            self.told.send_replace(State::Taken);
                            return;
                        }
                        Err(cause) => cause,
                    },
                    _ = &mut leaving => break,
                },
            };
            let before = self.told.send_replace(State::Away(lost.clone()));
            if matches!(before, State::Here) {
                tracing::warn!(cause = %lost, "the database is away; it is tried again");
            }
            tokio::select! {
                () = sleep(TRIES_EVERY) => {}
                _ = &mut leaving => break,
            }
        }
        self.told.send_replace(State::Left);
    }

    /// Holds the lock until the connection is lost.
    async fn hold(&self, mut line: Line) -> Cause {
        loop {
            if let Err(cause) = self.count(&line.client).await {
                return cause;
            }
            tokio::select! {
                Some(ended) = line.carried.join_next() => {
                    return ended.unwrap_or_else(|_| Cause("the connection was closed".to_owned()));
                }
                () = sleep(LOOKS_EVERY) => {}
                () = self.moved.notified() => {}
            }
        }
    }

    /// Counts the loops by where they stand; so it is also known that the database answers.
    async fn count(&self, client: &Client) -> Result<(), Cause> {
        let sums = "select state, sum(loops)::bigint from interview_assistant.tally group by state";
        let rows = timeout(LOOKS_EVERY, client.query(sums, &[])).await;
        let rows = rows
            .map_err(|_| Cause("there was no answer in time".to_owned()))?
            .map_err(|error| Trouble::of(&error).cause())?;
        let mut loops = [0; 4];
        for row in rows {
            let (state, sum): (i16, i64) = (row.get(0), row.get(1));
            if let Some(place) = usize::try_from(state).ok().and_then(|it| loops.get_mut(it)) {
                *place = u64::try_from(sum).unwrap_or(0);
            }
        }
        self.figures.stands_at(loops);
        Ok(())
    }

    /// Connects and takes the lock anew. `None`: another process has it.
    async fn find(&self) -> Result<Option<Line>, Cause> {
        let found = async {
            let line = Line::to(&self.address, self.tls.clone()).await?;
            let locked = line.lock(&self.address.name, self.patience).await?;
            Ok(locked.then_some(line))
        };
        found
            .await
            .map_err(|error: tokio_postgres::Error| Cause::of(&error))
    }
}
