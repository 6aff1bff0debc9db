//! Makes the lists anew for loops that were stored before a list existed, or were put there by a backup of such a time. How they are kept from
//! then on is in `unit`.

use super::read::raw;
use super::sending::{lock_of, signed};
use crate::domain::interview_loop::Head;
use crate::store::codec::{self, Kind};
use crate::store::keys::{self, Key};
use crate::store::moving::LISTS;
use tokio_postgres::{Client, Error};

/// How many loops are listed at once: each of them has a lock meanwhile.
const AT_ONCE: i64 = 128;

const KEPT: &str = "select number from interview_assistant.record where key = $1";
const HEADS: &str =
    "select key from interview_assistant.record where key > $1 and key < $2 order by key limit $3";
const SOME: &str =
    "select key, format, number, json from interview_assistant.record where key = any($1)";
const LOCK: &str = "select pg_advisory_xact_lock_shared($1)";
const LIST: &str = "insert into interview_assistant.record (key, format, number, json)
    select key, $3::smallint, 0::bigint, json from unnest($1::bytea[], $2::text[]) as given (key, json)
    on conflict (key) do nothing";
const KEEP: &str = "insert into interview_assistant.record (key, format, number, json)
    values ($1, $2, $3, 'null')
    on conflict (key) do update set number = excluded.number";

/// Lists every loop where an earlier version of the program kept fewer lists.
///
/// Others may be at work meanwhile: a loop is read and listed under its lock, so it is listed as it is. One that cannot be read is left out, and
/// reported by whoever asks for it. Where this is interrupted, it begins anew at the next opening.
pub(super) async fn bring_up_to_date(client: &mut Client) -> Result<(), Error> {
    let (kept, lists) = (keys::lists_kept(), signed(LISTS));
    let found = client.query_opt(KEPT, &[&kept]).await?;
    if found.is_some_and(|row| row.get::<_, i64>(0) >= lists) {
        return Ok(());
    }
    let (mut after, last) = (vec![Kind::Head as u8], vec![Kind::Head as u8 + 1]);
    loop {
        let rows = client.query(HEADS, &[&after, &last, &AT_ONCE]).await?;
        let heads: Vec<Key> = rows.iter().map(|row| row.get(0)).collect();
        let Some(end) = heads.last() else { break };
        after.clone_from(end);
        list(client, &heads).await?;
    }
    let format = i16::from(codec::VERSION);
    client.execute(KEEP, &[&kept, &format, &lists]).await?;
    Ok(())
}

async fn list(client: &mut Client, heads: &[Key]) -> Result<(), Error> {
    let all = client.transaction().await?;
    let mut locks: Vec<i64> = heads.iter().filter_map(|key| lock_of(key)).collect();
    // In the order of all who take some.
    locks.sort_unstable();
    for lock in &locks {
        all.execute(LOCK, &[lock]).await?;
    }
    let (mut given, mut jsons): (Vec<Key>, Vec<String>) = (Vec::new(), Vec::new());
    for (key, bytes) in all.query(SOME, &[&heads]).await?.iter().map(raw) {
        let workspace = keys::workspace_of_head(&key);
        let head = codec::decode::<Head>(Kind::Head, &bytes);
        let (Some(workspace), Ok((_, head))) = (workspace, head) else {
            continue;
        };
        for (kind, key) in keys::listings(&workspace, &head) {
            let record = codec::encode(kind, 0, &head.code);
            given.push(key);
            jsons.push(codec::parts(&record).1.to_owned());
        }
    }
    let format = i16::from(codec::VERSION);
    all.execute(LIST, &[&given, &jsons, &format]).await?;
    all.commit().await
}
