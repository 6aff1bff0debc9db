//! Copying everything out as of one moment, and in. What a sled keeps in records of their own (counters, sums) is in a sequence and tables here.

use super::PostgresStore;
use super::link::Trouble;
use super::read::raw;
use crate::store::codec::{self, Kind};
use crate::store::moving::{self, Ends, PAGE, Page, Raw};
use crate::store::{StoreFault, keys};
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_postgres::{IsolationLevel, Transaction};

const BEHIND: &str = "select key, format, number, json from interview_assistant.record where key > $1 order by key limit $2";
const SUMS: &str =
    "select state, sum(loops)::bigint from interview_assistant.tally group by state order by state";
/// The last place given away; none where none was.
const PLACE: &str =
    "select case when is_called then last_value else 0 end from interview_assistant.place";

const PUT: &str = "insert into interview_assistant.record (key, format, number, json)
    select * from unnest($1::bytea[], $2::smallint[], $3::bigint[], $4::text[])
    on conflict (key) do update set format = excluded.format, number = excluded.number, json = excluded.json";
const REMOVE: &str = "delete from interview_assistant.record where key = $1";
/// Later stamps are later than those that came.
const STAMPS: &str = "update interview_assistant.stamp set last = greatest(last, $1)";
const PLACES: &str = "select setval('interview_assistant.place', greatest($1, (select last_value from interview_assistant.place)))";
/// In one statement, so that a second try changes nothing.
const SUM: &str = "with other as (delete from interview_assistant.tally where slot <> 0)
    insert into interview_assistant.tally as t (slot, state, loops)
    select 0, state, loops from unnest($1::smallint[], $2::bigint[]) as given (state, loops)
    on conflict (slot, state) do update set loops = excluded.loops";

impl Ends for PostgresStore {
    fn copy_out(&self, pages: mpsc::Sender<Page>) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(self.copied_out(pages))
    }

    fn copy_in(&self, page: Page) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(self.copied_in(page))
    }

    fn set_filling(&self, filling: bool) -> BoxFuture<'_, Result<(), StoreFault>> {
        Box::pin(self.fills(filling))
    }

    fn is_filling(&self) -> BoxFuture<'_, Result<bool, StoreFault>> {
        Box::pin(async move {
            Ok(self
                .record::<()>(Kind::Filling, keys::filling())
                .await?
                .is_some())
        })
    }
}

impl PostgresStore {
    async fn copied_out(&self, pages: mpsc::Sender<Page>) -> Result<(), StoreFault> {
        let away = |cause| StoreFault::Away {
            doing: "read from the database",
            maybe_saved: false,
            source: Box::new(cause),
        };
        let until = Instant::now() + self.link.patience;
        let mut client = self.link.client(until).await.map_err(away)?;
        let copied = async {
            let moment = client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()
                .await?;
            every_page(&moment, &pages).await?;
            moment.rollback().await
        };
        let copied: Result<(), tokio_postgres::Error> = copied.await;
        copied.map_err(|error| away(Trouble::of(&error).cause()))
    }

    async fn copied_in(&self, page: Page) -> Result<(), StoreFault> {
        let _open = self.closed.read().await;
        self.ours()?;
        let (mut given, mut formats, mut numbers, mut jsons) = (vec![], vec![], vec![], vec![]);
        let mut stamp = 0;
        for raw in page {
            let (format, number, json) = raw.parts()?;
            let number = number.cast_signed();
            let Raw { key, bytes } = &raw;
            if *key == keys::counter() {
                self.link.ask(PLACES, &[&number.max(1)]).await?;
            } else if *key == keys::tally() {
                let (_, sums): (u64, [i64; 4]) = codec::decode(Kind::Tally, bytes)?;
                let states: [i16; 4] = [0, 1, 2, 3];
                self.link.ask(SUM, &[&&states[..], &&sums[..]]).await?;
            } else {
                if key.first() == Some(&(Kind::Parcel as u8)) {
                    stamp = stamp.max(number);
                }
                formats.push(i16::from(format));
                numbers.push(number);
                jsons.push(json.to_owned());
                given.push(key.clone());
            }
        }
        if stamp > 0 {
            self.link.ask(STAMPS, &[&stamp]).await?;
        }
        if !given.is_empty() {
            let arguments: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
                [&given, &formats, &numbers, &jsons];
            self.link.ask(PUT, &arguments).await?;
        }
        Ok(())
    }

    async fn fills(&self, filling: bool) -> Result<(), StoreFault> {
        if filling {
            return self.copied_in(vec![moving::filling()]).await;
        }
        let find = "select interview_assistant.find_mail()";
        self.link.ask(find, &[]).await?;
        self.link.ask(REMOVE, &[&keys::filling()]).await?;
        Ok(())
    }
}

/// Everything that a sled would have in records, in the order of their keys.
async fn every_page(
    moment: &Transaction<'_>,
    pages: &mpsc::Sender<Page>,
) -> Result<(), tokio_postgres::Error> {
    let place: i64 = moment.query_one(PLACE, &[]).await?.get(0);
    let mut sums = [0_i64; 4];
    for row in moment.query(SUMS, &[]).await? {
        let state = usize::try_from(row.get::<_, i16>(0)).unwrap_or(usize::MAX);
        if let Some(sum) = sums.get_mut(state) {
            *sum = row.get(1);
        }
    }
    let own = |key, bytes| Raw { key, bytes };
    let mut owns = vec![
        own(
            keys::counter(),
            codec::encode(Kind::Counter, place.cast_unsigned(), &()),
        ),
        own(keys::tally(), codec::encode(Kind::Tally, 0, &sums)),
    ];
    owns.reverse();
    let mut upto = Vec::new();
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
    loop {
        let rows = moment.query(BEHIND, &[&upto, &most]).await?;
        let ends = rows.len() < PAGE;
        let mut page = Page::with_capacity(rows.len() + 3);
        for (key, bytes) in rows.iter().map(raw) {
            while let Some(next) = owns.pop_if(|next| next.key < key) {
                page.push(next);
            }
            upto.clone_from(&key);
            if key != keys::filling() {
                page.push(Raw { key, bytes });
            }
        }
        if ends {
            page.extend(std::mem::take(&mut owns).into_iter().rev());
        }
        let gone = !page.is_empty() && pages.send(page).await.is_err();
        if ends || gone {
            return Ok(());
        }
    }
}
