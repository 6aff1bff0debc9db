//! The tables, made and brought up to date at the start, forwards only. What stands in them is in `migrations`.

use super::link::{Cause, Trouble};
use super::listing;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, GenericClient};

/// What is done to an empty database, in order. Never changed once it was released: what comes later is added.
const MIGRATIONS: [&str; 4] = [
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
    include_str!("migrations/4.sql"),
];

/// Who migrates holds this lock.
const MIGRATING: i64 = 0x696e_7465_7276_0001;

/// Why a database cannot be used as it is.
#[derive(Debug)]
pub(super) enum Unfit {
    /// A later program has used it.
    Newer {
        /// The last migration that was done.
        found: i64,
        /// The last one that we know.
        known: i64,
    },
    /// We may not.
    Forbidden(Cause),
    /// Something of the same name stands there that is not ours.
    Foreign(Cause),
    /// Something else.
    Trouble(Trouble),
}

impl From<tokio_postgres::Error> for Unfit {
    fn from(error: tokio_postgres::Error) -> Self {
        const STRANGE: [SqlState; 6] = [
            SqlState::DUPLICATE_TABLE,
            SqlState::DUPLICATE_FUNCTION,
            SqlState::DUPLICATE_OBJECT,
            SqlState::UNDEFINED_TABLE,
            SqlState::UNDEFINED_COLUMN,
            SqlState::UNDEFINED_FUNCTION,
        ];
        match error.code() {
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
                Self::Forbidden(Cause::of(&error))
            }
            Some(code) if STRANGE.contains(code) => Self::Foreign(Cause::of(&error)),
            _ => Self::Trouble(Trouble::of(&error)),
        }
    }
}

/// Which tables there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// None.
    None,
    /// Those of an earlier version.
    Older,
    /// Those that this version uses.
    Present,
}

/// Which tables there are, without making any.
pub(super) async fn tables(client: &Client) -> Result<Tables, Unfit> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    Ok(match last_done(client).await? {
        None => Tables::None,
        Some(found) if found > known => return Err(Unfit::Newer { found, known }),
        Some(found) if found < known => Tables::Older,
        Some(_) => Tables::Present,
    })
}

/// The last migration that was done; `None`: not even the list of them is there.
async fn last_done(client: &impl GenericClient) -> Result<Option<i64>, tokio_postgres::Error> {
    let there = "select count(*) from pg_catalog.pg_tables where schemaname = 'interview_assistant' and tablename = 'migration'";
    let there: i64 = client.query_one(there, &[]).await?.get(0);
    if there == 0 {
        return Ok(None);
    }
    let done = "select coalesce(max(number), 0) from interview_assistant.migration";
    Ok(Some(client.query_one(done, &[]).await?.get(0)))
}

/// Makes what is not there yet: tables, and lists of loops. All of a migration is done, or nothing of it.
pub(super) async fn bring_up_to_date(client: &mut Client) -> Result<(), Unfit> {
    bring_up_to(client, &MIGRATIONS).await?;
    Ok(listing::bring_up_to_date(client).await?)
}

async fn bring_up_to(client: &mut Client, migrations: &[&str]) -> Result<(), Unfit> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let all = client.transaction().await?;
    // What comes later may take its time.
    all.batch_execute("set local statement_timeout = 0").await?;
    // Held until the end of the transaction: a second process finds everything done.
    all.execute("select pg_advisory_xact_lock($1)", &[&MIGRATING])
        .await?;
    let found = match last_done(&all).await? {
        Some(found) => found,
        None => {
            all.batch_execute(
                "create schema if not exists interview_assistant;
                 create table interview_assistant.migration (
                     number bigint primary key,
                     done_at timestamptz not null default now()
                 );",
            )
            .await?;
            0
        }
    };
    if found > known {
        return Err(Unfit::Newer { found, known });
    }
    for (number, migration) in (1_i64..).zip(migrations) {
        if number > found {
            all.batch_execute(migration).await?;
            let done = "insert into interview_assistant.migration (number) values ($1)";
            all.execute(done, &[&number]).await?;
        }
    }
    all.commit().await?;
    Ok(())
}
