//! That this process uses the database: locks on a connection of its own, held as long as the process lives, taken anew when the connection was
//! lost. One is shared by all who serve Slack, and held alone by who fills or empties the database; the other is the process's own, so that the
//! others see whether it is there. On the same connection it hears what they tell, tells how the database is, and counts the loops. Commits do
//! not depend on it: they have locks of their own.

use super::address::Address;
use super::link::{Cause, Trouble};
use super::mail::{self, Words};
use super::tls::Tls;
use crate::store::Word;
use crate::telemetry::figures::OfStore;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{AsyncMessage, Client};

/// The lock of all processes.
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
    /// Another process has it for itself: this one has to end.
    Taken,
    /// We have left it.
    Left,
}

/// As what a process enters.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its number.
    pub(super) me: i64,
    /// Nobody else may be there.
    pub(super) alone: bool,
    /// How long it waits for who is in its way.
    pub(super) patience: Duration,
    /// Where goes what the others tell.
    pub(super) heard: Arc<Words>,
}

/// Who is in the way, for people.
pub(super) struct InTheWay(pub(super) String);

/// A connection, with the task that carries it.
pub(super) struct Line {
    pub(super) client: Client,
    carried: JoinSet<Cause>,
}

impl Line {
    /// Connects.
    pub(super) async fn to(
        address: &Address,
        tls: Tls,
        entry: &Entry,
    ) -> Result<Self, tokio_postgres::Error> {
        let (client, mut connection) = address.config.connect(tls).await?;
        let mut carried = JoinSet::new();
        let (me, heard) = (entry.me, Arc::clone(&entry.heard));
        carried.spawn(async move {
            loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notification(told))) => {
                        heard.add(mail::heard(me, told.payload()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Cause::of(&error),
                    None => return Cause("the connection was closed".to_owned()),
                }
            }
        });
        Ok(Self { client, carried })
    }

    /// Takes the locks, waiting for a while for who is in the way, and listens.
    pub(super) async fn enter(
        &self,
        name: &str,
        entry: &Entry,
    ) -> Result<Result<(), InTheWay>, tokio_postgres::Error> {
        // A connection of ours that broke may be there still for the server.
        let ghosts = "select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.pid <> pg_backend_pid() and a.datname = current_database() and a.application_name = $1
            and (l.classid::bigint << 32) | l.objid::bigint = $2";
        self.client.query(ghosts, &[&name, &PROCESS]).await?;
        let until = Instant::now() + entry.patience;
        let lock = if entry.alone {
            "select pg_try_advisory_lock($1)"
        } else {
            "select pg_try_advisory_lock_shared($1)"
        };
        while !self
            .client
            .query_one(lock, &[&PROCESS])
            .await?
            .get::<_, bool>(0)
        {
            if Instant::now() >= until {
                return Ok(Err(self.in_the_way().await?));
            }
            sleep(ASKS_EVERY).await;
        }
        // Somebody may just be looking whether it is free.
        self.client
            .query("select pg_advisory_lock($1)", &[&entry.me])
            .await?;
        self.client
            .batch_execute(&format!("listen {}", mail::CHANNEL))
            .await?;
        Ok(Ok(()))
    }

    /// Who holds the lock of all processes.
    async fn in_the_way(&self) -> Result<InTheWay, tokio_postgres::Error> {
        let who = "select a.application_name || coalesce(' at ' || host(a.client_addr), '')
                || to_char(a.backend_start at time zone 'UTC', '\", since \"YYYY-MM-DD HH24:MI\" UTC\"')
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid() and a.datname = current_database()
            and (l.classid::bigint << 32) | l.objid::bigint = $1 order by a.backend_start";
        let found = self.client.query(who, &[&PROCESS]).await?;
        let mut names: Vec<String> = found.iter().take(3).map(|row| row.get(0)).collect();
        if found.len() > names.len() {
            names.push(format!("and {} more", found.len() - names.len()));
        }
        Ok(InTheWay(names.join("; ")))
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
        entry: Entry,
        figures: OfStore,
    ) -> Self {
        let (told, state) = watch::channel(State::Here);
        let (returns, returned) = watch::channel(0);
        let (leave, leaving) = oneshot::channel();
        let moved = Arc::new(Notify::new());
        let keeper = Keeper {
            address,
            tls,
            entry,
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
    entry: Entry,
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
                Some(mut line) => {
                    self.told.send_replace(State::Here);
                    tokio::select! {
                        cause = self.hold(&mut line) => cause,
                        _ = &mut leaving => {
                            self.leave(&line.client).await;
                            break;
                        }
                    }
                }
                None => tokio::select! {
                    found = self.find() => match found {
                        Ok(Some(found)) => {
                            self.returns.send_modify(|count| *count += 1);
                            // What was told meanwhile was not heard.
                            self.entry.heard.add([Word::LookEverywhere]);
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
    async fn hold(&self, line: &mut Line) -> Cause {
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

    /// Leaves the mail to the others, and tells them that there is some.
    async fn leave(&self, client: &Client) {
        let me = self.entry.me;
        let leaves = async {
            client.execute(mail::LEAVE, &[&me]).await?;
            let told = mail::payloads(me, [Word::Free].into());
            for payload in told {
                client
                    .query("select pg_notify($1, $2)", &[&mail::CHANNEL, &payload])
                    .await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        };
        // They find out by themselves, only later.
        let _ = timeout(Duration::from_secs(2), leaves).await;
    }

    /// Connects and takes the locks anew. `None`: another process has the database for itself.
    async fn find(&self) -> Result<Option<Line>, Cause> {
        let found = async {
            let line = Line::to(&self.address, self.tls.clone(), &self.entry).await?;
            let entered = line.enter(&self.address.name, &self.entry).await?;
            Ok(entered.is_ok().then_some(line))
        };
        found
            .await
            .map_err(|error: tokio_postgres::Error| Cause::of(&error))
    }
}
