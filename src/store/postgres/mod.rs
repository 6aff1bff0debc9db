//! The store in a PostgreSQL database. What a commit means is in the trait; under which locks it is judged there is in `sending`.
//!
//! One table of records under the keys that sled has too, in the same encoding: number and JSON are columns, so that people can read them. A
//! commit is one call of a function in the database, one round trip, and what waits meanwhile goes together. The database is allowed to go away: whatever is asked meanwhile is asked
//! again for a while, and then fails with what is known of it.

mod address;
mod copying;
mod erasing;
mod groups;
mod installs;
mod link;
mod listing;
pub mod looking;
mod mail;
mod presence;
mod read;
mod remedies;
mod schema;
mod sending;
mod tls;
mod together;

#[cfg(test)]
mod tests;

use super::codec::{self, Kind};
use super::keys;
use super::unit::{Unit, Write};
use super::{
    Calibrated, Commit, Committed, Glance, GlanceAt, List, Listed, Loaded, Members, Parcel,
    Revision, Shelved, Store, StoreFault, Stretch,
};
use crate::domain::access::{Person, Place};
use crate::domain::calibration::Calibration;
use crate::domain::digest::Digest;
use crate::domain::event::{AuditEntry, Delivery, Draft, Post, Reply};
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, UserId, WorkspaceId,
};
use crate::domain::interview_loop::Needs;
use crate::domain::kit::Kit;
use crate::domain::sheet::{Sheet, SheetId};
use crate::telemetry::figures::OfStore;
use address::Address;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use link::{Cause, Link};
use mail::{Mail, Words};
use presence::{Entry, Line, Presence, State};
use read::Reading;
use remedies::{why_not_entered, why_unfit, why_unreachable};
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use sending::Sending;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tls::Tls;
use together::{COMMIT, Handed, Together};
use tokio::sync::{RwLock, watch};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// How many outdated records are forgotten at once: each of them has a lock meanwhile.
const SWEPT_AT_ONCE: usize = 128;
/// How long it is kept which commits were written, in seconds: none is tried again after a day.
const APPLIED_KEPT: i64 = 24 * 60 * 60;
/// How long a server that is just starting is waited for.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

const COMMIT_HELD: &str =
    "select outcome, found_format, found_json from interview_assistant.commit_held(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

/// Where the database is, and whom to trust on the way.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// The URL, with the password in it.
    pub url: SecretString,
    /// Certificate authorities beside the system's.
    pub extra_ca: Vec<CertificateDer<'static>>,
    /// How many connections commits and reads share; one more holds the process's lock.
    pub connections: usize,
    /// How long a question waits for the database before it fails.
    pub patience: Duration,
    /// How long another process is waited for that is in the way.
    pub waits: Duration,
    /// No other process may use the database meanwhile; else any number may, but for one that wants to be alone.
    pub alone: bool,
}

impl PostgresSettings {
    /// The usual ones.
    #[must_use]
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            extra_ca: Vec::new(),
            connections: 16,
            patience: Duration::from_secs(20),
            waits: Duration::from_secs(10),
            alone: false,
        }
    }
}

/// The store in a database.
pub struct PostgresStore {
    link: Link,
    together: Together,
    reading: Reading,
    presence: Presence,
    mail: Mail,
    /// Held by every commit, and alone by who closes: then it is true.
    closed: RwLock<bool>,
    under_way: AtomicUsize,
    figures: OfStore,
}

impl PostgresStore {
    /// Connects, enters the database, alone if that is wanted, and makes or brings up to date the tables.
    ///
    /// # Errors
    /// [`StoreFault::Unusable`], with the remedy in it. Nothing in the database was changed then.
    pub async fn open(settings: PostgresSettings) -> Result<Self, StoreFault> {
        let unusable = |why: String| StoreFault::Unusable { why };
        let address = Address::read(&settings.url).map_err(unusable)?;
        let tls = Tls::trusting(&settings.extra_ca)
            .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))?;
        let entry = Entry {
            me: rand::random::<i64>(),
            alone: settings.alone,
            patience: settings.waits,
            heard: Arc::new(Words::default()),
        };
        let unreachable = |error| unusable(why_unreachable(&address, &error));
        let mut line = connected(&address, &tls, &entry)
            .await
            .map_err(unreachable)?;
        let entered = line.enter(&address.name, &entry).await;
        entered
            .map_err(unreachable)?
            .map_err(|who| unusable(why_not_entered(&address, settings.alone, &who)))?;
        schema::bring_up_to_date(&mut line.client)
            .await
            .map_err(|why| unusable(why_unfit(&address, why)))?;
        warn_of_the_disk(&line).await;
        let manager = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(address.config.clone(), tls.clone(), manager);
        let pool = Pool::builder(manager)
            .max_size(settings.connections)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| unusable(format!("its connections cannot be kept: {error}")))?;
        let figures = OfStore::default();
        let link = Link::new(pool, settings.patience);
        Ok(Self {
            mail: Mail::of(entry.me, link.clone(), Arc::clone(&entry.heard)),
            together: together::together(link.clone(), figures.clone()),
            reading: read::reading(link.clone()),
            link,
            presence: Presence::of(line, address, tls, entry, figures.clone()),
            closed: RwLock::new(false),
            under_way: AtomicUsize::new(0),
            figures,
        })
    }

    /// Whether this process still has the database.
    fn ours(&self) -> Result<(), StoreFault> {
        match &*self.presence.state.borrow() {
            State::Taken => Err(StoreFault::Broken {
                doing: "go on",
                source: Box::new(Cause(
                    "another process has taken the database for itself".to_owned(),
                )),
            }),
            State::Here | State::Away(_) | State::Left => Ok(()),
        }
    }

    async fn write(&self, unit: Unit, at_second: i64) -> Result<Committed, StoreFault> {
        let began = Instant::now();
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let answer = self.written(unit, at_second).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        self.figures.committed(began.elapsed());
        tracing::debug!(micros = began.elapsed().as_micros(), "on disk");
        answer
    }

    async fn written(&self, mut unit: Unit, at_second: i64) -> Result<Committed, StoreFault> {
        let until = tokio::time::Instant::now() + self.link.patience;
        let closed = self.closed.read().await;
        if *closed {
            return Err(StoreFault::Closed);
        }
        self.ours()?;
        if let Some(workspace) = unit.mail.take() {
            self.has_mail(&workspace).await?;
        }
        let held = unit.held.take();
        let sending = Arc::new(Sending::of(unit, sending::name(at_second)));
        // Whatever was read is on disk already.
        if sending.is_empty() {
            return Ok(Committed::Done);
        }
        let mut second_try = false;
        if held.is_none() && sending.is_simple() {
            match self.together.ask(Arc::clone(&sending)).await {
                Some(Handed::Judged(end)) => return end,
                Some(Handed::Back { maybe_saved }) => second_try = maybe_saved,
                None => second_try = true,
            }
        }
        let began = Instant::now();
        let mut arguments = sending.arguments();
        let held = held.map(|(of, lease)| (of.to_string().into_bytes(), lease.0.cast_signed()));
        let sql = match &held {
            Some((workspace, lease)) => {
                arguments.splice(0..0, [workspace as &(dyn ToSql + Sync), lease]);
                COMMIT_HELD
            }
            None => COMMIT,
        };
        let sent = self.link.write(sql, &arguments, until, second_try);
        let rows = sent.await?;
        let row = rows.first().ok_or_else(|| together::odd("there is none"))?;
        let end = together::judged(row)?;
        if end == Committed::Done {
            self.figures.wrote(1, began.elapsed());
            if sending.moves() {
                self.presence.moved.notify_one();
            }
        }
        Ok(end)
    }

    /// Removes what belongs to days before this one, a little at a time.
    async fn forget(&self, kind: Kind, before: u32, at_second: i64) -> Result<(), StoreFault> {
        let (from, to) = (keys::of_day(kind, 0), keys::of_day(kind, before));
        loop {
            let outdated = self.range(&from, &to, SWEPT_AT_ONCE).await?;
            if outdated.is_empty() {
                return Ok(());
            }
            let mut unit = Unit::default();
            for (key, record) in outdated {
                if kind == Kind::DraftOfDay {
                    // A damaged entry names no draft; it goes nevertheless.
                    if let Ok((_, draft)) = codec::decode(kind, &record) {
                        unit.writes.push(Write::Forget(draft, before));
                    }
                }
                unit.writes.push(Write::Remove(key));
            }
            self.write(unit, at_second).await?;
        }
    }
}

/// Connects, once the server has started.
async fn connected(
    address: &Address,
    tls: &Tls,
    entry: &Entry,
) -> Result<Line, tokio_postgres::Error> {
    let began = Instant::now();
    loop {
        match Line::to(address, tls.clone(), entry).await {
            Err(error)
                if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW)
                    && began.elapsed() < STARTS_WITHIN =>
            {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            connected => return connected,
        }
    }
}

/// Says where a power cut would take what was answered.
async fn warn_of_the_disk(line: &Line) {
    let fsync =
        "select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'";
    if let Ok(row) = line.client.query_one(fsync, &[]).await
        && !row.get::<_, bool>(0)
    {
        tracing::warn!(
            "the server has fsync or full_page_writes switched off: a power cut takes what people were told is saved"
        );
    }
}

impl Store for PostgresStore {
    fn load<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
        needs: &'a Needs,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreFault>> {
        Box::pin(self.loaded(workspace, code, needs))
    }

    fn glance<'a>(&'a self, at: GlanceAt<'a>) -> BoxFuture<'a, Result<Glance, StoreFault>> {
        Box::pin(self.glanced(at))
    }

    fn commit(&self, commit: Commit) -> BoxFuture<'_, Result<Committed, StoreFault>> {
        Box::pin(async move {
            let at_second = commit.at.as_second();
            self.write(Unit::of(&commit), at_second).await
        })
    }

    fn answered<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        key: &'a DeliveryKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Reply>, StoreFault>> {
        Box::pin(self.answer(workspace, key, now))
    }

    fn person<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        user: &'a UserId,
    ) -> BoxFuture<'a, Result<Option<Person>, StoreFault>> {
        Box::pin(self.only(Kind::Person, keys::person(workspace, user)))
    }

    fn place<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
    ) -> BoxFuture<'a, Result<Option<Place>, StoreFault>> {
        Box::pin(self.only(Kind::Place, keys::place(workspace, channel)))
    }

    fn group<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        group: &'a GroupId,
    ) -> BoxFuture<'a, Result<Option<Members>, StoreFault>> {
        Box::pin(self.only(Kind::Group, keys::group(workspace, group)))
    }

    fn draft<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        draft: &'a DraftId,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreFault>> {
        Box::pin(self.only(Kind::Draft, keys::draft(workspace, draft)))
    }

    fn namesakes<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
        likeness: &'a str,
    ) -> BoxFuture<'a, Result<Vec<LoopCode>, StoreFault>> {
        Box::pin(async move {
            self.codes(&keys::namesakes(workspace, slug, likeness))
                .await
        })
    }

    fn list<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        list: &'a List,
        stretch: Stretch,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>> {
        Box::pin(async move { self.listed(workspace, list, &stretch).await })
    }

    fn waiting_longest<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, StoreFault>> {
        Box::pin(self.longest(workspace, channel, most))
    }

    fn loop_at<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        channel: &'a ChannelId,
        post: &'a MessageTs,
    ) -> BoxFuture<'a, Result<Option<LoopCode>, StoreFault>> {
        Box::pin(self.only(Kind::AtPost, keys::at_post(workspace, channel, post)))
    }

    fn audit<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        code: &'a LoopCode,
    ) -> BoxFuture<'a, Result<Vec<AuditEntry>, StoreFault>> {
        Box::pin(async move {
            let key = keys::audit(workspace, code);
            let commits: Vec<(u64, Vec<AuditEntry>)> = self.records(Kind::Audit, &key).await?;
            Ok(commits.into_iter().flat_map(|(_, them)| them).collect())
        })
    }

    fn waiting(&self) -> BoxFuture<'_, Result<Vec<Delivery>, StoreFault>> {
        Box::pin(async move {
            let all = [Kind::Waiting as u8];
            let mut waiting = self.records(Kind::Waiting, &all).await?;
            waiting.sort_by_key(|(place, _)| *place);
            Ok(waiting.into_iter().map(second).collect())
        })
    }

    fn parcels(&self) -> BoxFuture<'_, Result<Vec<Parcel>, StoreFault>> {
        Box::pin(async move {
            let parcels = self.records(Kind::Parcel, &[Kind::Parcel as u8]).await?;
            Ok(parcels.into_iter().map(Parcel::stamped).collect())
        })
    }

    fn parcels_of<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Parcel>, StoreFault>> {
        Box::pin(async move {
            let prefix = keys::parcels(workspace);
            let parcels = self.records(Kind::Parcel, &prefix).await?;
            Ok(parcels.into_iter().map(Parcel::stamped).collect())
        })
    }

    fn waiting_in<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Delivery>, StoreFault>> {
        Box::pin(async move {
            let prefix = keys::all_waiting(workspace);
            let mut waiting = self.records(Kind::Waiting, &prefix).await?;
            waiting.sort_by_key(|(place, _)| *place);
            Ok(waiting.into_iter().map(second).collect())
        })
    }

    fn parcel<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        post: &'a Post,
    ) -> BoxFuture<'a, Result<Option<Parcel>, StoreFault>> {
        Box::pin(async move {
            let key = keys::parcel(workspace, post);
            Ok(self.record(Kind::Parcel, key).await?.map(Parcel::stamped))
        })
    }

    fn shelves<'a>(
        &'a self,
        workspace: Option<&'a WorkspaceId>,
    ) -> BoxFuture<'a, Result<Vec<Shelved>, StoreFault>> {
        let prefix = workspace.map_or_else(|| vec![Kind::Shelf as u8], keys::shelves);
        Box::pin(async move { self.shelved(&prefix).await })
    }

    fn open_on<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        slug: &'a KitSlug,
    ) -> BoxFuture<'a, Result<BTreeMap<KitVersion, usize>, StoreFault>> {
        Box::pin(self.versions(workspace, slug))
    }

    fn kit<'a>(
        &'a self,
        version: &'a KitVersion,
    ) -> BoxFuture<'a, Result<Option<Kit>, StoreFault>> {
        Box::pin(self.only(Kind::Kit, keys::kit(version)))
    }

    fn calibration<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a CalibrationId,
    ) -> BoxFuture<'a, Result<Option<(Calibration, Revision)>, StoreFault>> {
        Box::pin(async move {
            let key = keys::calibration(workspace, id);
            let found: Option<(u64, (WorkspaceId, Calibration))> =
                self.record(Kind::Calibration, key).await?;
            Ok(found.map(|(revision, (_, calibration))| (calibration, Revision(revision))))
        })
    }

    fn sheet<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a SheetId,
    ) -> BoxFuture<'a, Result<Option<(Sheet, Revision)>, StoreFault>> {
        Box::pin(async move {
            let found = self.record(Kind::Sheet, keys::sheet(workspace, id)).await?;
            Ok(found.map(|(revision, sheet)| (sheet, Revision(revision))))
        })
    }

    fn digests<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
    ) -> BoxFuture<'a, Result<Vec<Digest>, StoreFault>> {
        Box::pin(async move {
            let sheets = self.records(Kind::Sheet, &keys::digests(workspace)).await?;
            Ok(sheets
                .into_iter()
                .filter_map(|(_, sheet)| match sheet {
                    Sheet::Digest(digest) if !digest.off => Some(digest),
                    _ => None,
                })
                .collect())
        })
    }

    fn calibrations(&self) -> BoxFuture<'_, Result<Vec<Calibrated>, StoreFault>> {
        Box::pin(self.all_calibrations())
    }

    fn sweep(&self, now: Timestamp) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(async move {
            let (before, second) = (keys::first_kept(now), now.as_second());
            self.forget(Kind::Reply, before, second).await?;
            self.forget(Kind::DraftOfDay, before, second).await?;
            let old = sending::before(second - APPLIED_KEPT);
            let forget = "delete from interview_assistant.applied where id < $1";
            self.link.ask(forget, &[&old]).await?;
            Ok(())
        })
    }

    fn broken(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut state = self.presence.state.clone();
            let taken = state.wait_for(|state| matches!(state, State::Taken));
            if taken.await.is_err() {
                // It was left, not lost.
                std::future::pending::<()>().await;
            }
        })
    }

    fn returned(&self) -> watch::Receiver<u64> {
        self.presence.returned.clone()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // Once nothing is under way.
            *self.closed.write().await = true;
            self.mail.speak_up(&self.link).await;
            self.link.pool.close();
            self.presence.leave().await;
        })
    }

    fn works(&self) -> Result<(), StoreFault> {
        self.ours()?;
        let (doing, cause) = match &*self.presence.state.borrow() {
            State::Away(cause) => ("be reached", cause.clone()),
            State::Here | State::Taken | State::Left => match self.link.full() {
                Some(cause) => ("write to the database", cause),
                None => return Ok(()),
            },
        };
        Err(StoreFault::Away {
            doing,
            maybe_saved: false,
            source: Box::new(cause),
        })
    }

    fn figures(&self) -> &OfStore {
        &self.figures
    }

    fn waiting_commits(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }
}

fn second<T>((_, record): (u64, T)) -> T {
    record
}

/// Nothing is left half-changed under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
