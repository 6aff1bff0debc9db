//! Leases on the mail of workspaces, and what the processes on one database tell each other. Who takes over what is in `migrations/2.sql`.
//!
//! What is told goes through the database's `notify`, which takes a lock that all who notify share: so it is never part of a commit, and what is
//! to be told within a moment goes together.

use super::link::Link;
use super::{PostgresStore, lock};
use crate::domain::ids::WorkspaceId;
use crate::store::{Held, Holding, Lease, Peers, StoreFault, Word};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a lease is good for since it was last renewed, by the database's clock.
pub(super) const LASTS: Duration = Duration::from_secs(12);
/// So long before its end nothing is begun any more.
const SPARE: Duration = Duration::from_secs(2);
/// Of how many workspaces the mail is taken over at once.
const AT_ONCE: i32 = 100;
/// In which of its rounds a process asks whether it has more than its share.
const BALANCES_EVERY: u32 = 10;
/// What is told within so long goes together.
const TOGETHER: Duration = Duration::from_millis(100);
/// The longest payload: PostgreSQL takes one byte less than 8000.
const LONGEST: usize = 7900;
/// How many words wait to be told, or to be heard, before all of them become one.
const MOST: usize = 1000;
/// How many workspaces are remembered as having a row.
const KNOWN: usize = 100_000;
/// What the channel is called.
pub(super) const CHANNEL: &str = "interview_assistant";

const HOLD: &str = "select workspace, lease, processes, soon, surplus from interview_assistant.hold_mail($1, $2::float8 * interval '1 second', $3, $4)";
const GIVE_UP: &str =
    "update interview_assistant.mail set holder = null where holder = $1 and workspace = any($2)";
const HAS_MAIL: &str =
    "insert into interview_assistant.mail (workspace) values ($1) on conflict do nothing";
/// What whoever leaves does at last.
pub(super) const LEAVE: &str =
    "with left_behind as (update interview_assistant.mail set holder = null where holder = $1)
    delete from interview_assistant.process where id = $1";
const NOTIFY: &str = "select pg_notify($1, $2)";

/// Words that wait.
#[derive(Default)]
pub(super) struct Words {
    waiting: Mutex<BTreeSet<Word>>,
    more: Notify,
}

impl Words {
    /// Adds some.
    pub(super) fn add(&self, words: impl IntoIterator<Item = Word>) {
        let mut waiting = lock(&self.waiting);
        waiting.extend(words);
        if waiting.len() > MOST {
            fold(&mut waiting);
        }
        let any = !waiting.is_empty();
        drop(waiting);
        if any {
            self.more.notify_one();
        }
    }

    fn take(&self) -> BTreeSet<Word> {
        std::mem::take(&mut *lock(&self.waiting))
    }

    /// All that wait, once there are some.
    async fn next(&self) -> BTreeSet<Word> {
        loop {
            let words = self.take();
            if !words.is_empty() {
                return words;
            }
            self.more.notified().await;
        }
    }
}

/// Makes few words of many: whoever hears them looks at more than they have to.
fn fold(words: &mut BTreeSet<Word>) {
    let few = std::mem::take(words).into_iter().map(|word| match word {
        Word::Owed(workspace, _) => Word::Look(workspace),
        Word::Concerned(workspace, _) => Word::Concerned(workspace, None),
        other => other,
    });
    words.extend(few);
    if words.len() > MOST {
        words.retain(|word| matches!(word, Word::Free | Word::Kits(_)));
        words.insert(Word::LookEverywhere);
    }
}

/// What is in one payload.
#[derive(Serialize, Deserialize)]
struct Payload<W> {
    from: i64,
    words: W,
}

/// The payloads of some words, none longer than may be.
pub(super) fn payloads(from: i64, words: BTreeSet<Word>) -> Vec<String> {
    let text = |words: &[Word]| {
        let payload = Payload { from, words };
        serde_json::to_string(&payload).expect("words are text and numbers")
    };
    let mut payloads = Vec::new();
    let mut some: Vec<Word> = Vec::new();
    let mut length = text(&some).len();
    for word in words {
        let mut word = word;
        let of = |word: &Word| text(std::slice::from_ref(word)).len();
        let mut more = of(&word);
        if more > LONGEST {
            // Nothing of ours is so long; what is has come from elsewhere.
            word = Word::LookEverywhere;
            more = of(&word);
        }
        if length + more > LONGEST {
            payloads.push(text(&some));
            some.clear();
            length = 0;
        }
        some.push(word);
        length += more;
    }
    if !some.is_empty() {
        payloads.push(text(&some));
    }
    payloads
}

/// What another process has told; nothing, if it was this one.
pub(super) fn heard(me: i64, payload: &str) -> BTreeSet<Word> {
    match serde_json::from_str::<Payload<BTreeSet<Word>>>(payload) {
        Ok(payload) if payload.from == me => BTreeSet::new(),
        Ok(payload) => payload.words,
        // A later version has more words.
        Err(_) => BTreeSet::from([Word::LookEverywhere]),
    }
}

/// What this process knows of the mail.
pub(super) struct Mail {
    /// The number of this process.
    pub(super) me: i64,
    /// Which workspaces have a row.
    known: Mutex<HashSet<WorkspaceId>>,
    processes: AtomicUsize,
    rounds: AtomicU32,
    to_say: Arc<Words>,
    pub(super) heard: Arc<Words>,
    _speaks: JoinSet<()>,
}

impl Mail {
    pub(super) fn of(me: i64, link: Link, heard: Arc<Words>) -> Self {
        let to_say = Arc::new(Words::default());
        let mut speaks = JoinSet::new();
        speaks.spawn(speak(me, link, Arc::clone(&to_say)));
        Self {
            me,
            known: Mutex::default(),
            processes: AtomicUsize::new(1),
            rounds: AtomicU32::new(0),
            to_say,
            heard,
            _speaks: speaks,
        }
    }

    /// Tells at once what waits, before the end.
    pub(super) async fn speak_up(&self, link: &Link) {
        for payload in payloads(self.me, self.to_say.take()) {
            // The others look by themselves.
            let _ = timeout(
                Duration::from_secs(1),
                link.ask(NOTIFY, &[&CHANNEL, &payload]),
            )
            .await;
        }
    }
}

/// Tells what is to be told until the end of the process.
async fn speak(me: i64, link: Link, to_say: Arc<Words>) {
    loop {
        for payload in payloads(me, to_say.next().await) {
            while let Err(error) = link.ask(NOTIFY, &[&CHANNEL, &payload]).await {
                tracing::debug!(%error, "the other processes are told later");
                sleep(Duration::from_secs(1)).await;
            }
        }
        sleep(TOGETHER).await;
    }
}

impl PostgresStore {
    /// Sees to it that somebody handles the mail of a workspace: before there is some.
    pub(super) async fn has_mail(&self, workspace: &WorkspaceId) -> Result<(), StoreFault> {
        if lock(&self.mail.known).contains(workspace) {
            return Ok(());
        }
        let name = workspace.as_str().as_bytes();
        self.link.ask(HAS_MAIL, &[&name]).await?;
        let mut known = lock(&self.mail.known);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(workspace.clone());
        Ok(())
    }

    async fn holds(&self) -> Result<Held, StoreFault> {
        let closed = self.closed.read().await;
        if *closed {
            return Err(StoreFault::Closed);
        }
        self.ours()?;
        let began = Instant::now();
        let round = self.mail.rounds.fetch_add(1, Ordering::Relaxed);
        let balances = round.is_multiple_of(BALANCES_EVERY);
        let lasts = LASTS.as_secs_f64();
        let rows = self
            .link
            .ask(HOLD, &[&self.mail.me, &lasts, &AT_ONCE, &balances])
            .await?;
        let mut these = BTreeMap::new();
        let (mut soon, mut surplus) = (false, 0);
        for row in rows {
            let name: Option<Vec<u8>> = row.get(0);
            if let Some(name) = name.and_then(|name| String::from_utf8(name).ok()) {
                let lease: i64 = row.get(1);
                these.insert(WorkspaceId::from(name), Lease(lease.cast_unsigned()));
            }
            let (processes, more): (i64, i64) = (row.get(2), row.get(4));
            let processes = usize::try_from(processes).unwrap_or(usize::MAX);
            self.mail.processes.store(processes, Ordering::Relaxed);
            soon = row.get(3);
            surplus = usize::try_from(more).unwrap_or_default();
        }
        Ok(Held {
            holding: Holding::These(these),
            until: Some(began + (LASTS - SPARE)),
            soon,
            surplus,
        })
    }
}

impl Peers for PostgresStore {
    fn is_shared(&self) -> bool {
        true
    }

    fn processes(&self) -> usize {
        self.mail.processes.load(Ordering::Relaxed)
    }

    fn hold_mail(&self) -> BoxFuture<'_, Result<Held, StoreFault>> {
        Box::pin(self.holds())
    }

    fn give_up_mail<'a>(
        &'a self,
        workspaces: &'a [WorkspaceId],
    ) -> BoxFuture<'a, Result<(), StoreFault>> {
        Box::pin(async move {
            let names: Vec<&[u8]> = workspaces.iter().map(|it| it.as_str().as_bytes()).collect();
            self.link.ask(GIVE_UP, &[&self.mail.me, &names]).await?;
            self.say(Word::Free);
            Ok(())
        })
    }

    fn say(&self, word: Word) {
        self.mail.to_say.add([word]);
    }

    fn hear(&self) -> BoxFuture<'_, BTreeSet<Word>> {
        Box::pin(self.mail.heard.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Post;
    use crate::domain::ids::{KitSlug, LoopCode};

    fn team(number: usize) -> WorkspaceId {
        WorkspaceId::from(format!("T{number}"))
    }

    fn owed(number: u32) -> Word {
        Word::Owed(team(1), Post::Loop(LoopCode::from_random(number)))
    }

    #[test]
    fn what_is_told_is_heard_by_the_others_in_payloads_that_are_short_enough() {
        let mut words: BTreeSet<Word> = (0..700).map(owed).collect();
        words.extend([
            Word::Stirred(team(2)),
            Word::Free,
            Word::Concerned(team(1), None),
            Word::Kits([KitSlug::from("senior-backend")].into()),
        ]);
        let payloads = payloads(7, words.clone());
        assert!(payloads.len() > 1 && payloads.iter().all(|it| it.len() < 8000));
        let told = payloads.iter().flat_map(|payload| heard(8, payload));
        assert_eq!(told.collect::<BTreeSet<_>>(), words);
        assert!(payloads.iter().all(|payload| heard(7, payload).is_empty()));
        let later = r#"{"from": 8, "words": [{"rung": "a bell"}]}"#;
        assert_eq!(heard(7, later), [Word::LookEverywhere].into());
    }

    #[test]
    fn too_many_words_become_few_that_ask_for_more() {
        let words = Words::default();
        words.add((0..2000).map(owed));
        words.add([Word::Free]);
        assert_eq!(words.take(), [Word::Look(team(1)), Word::Free].into());
        words.add((0..2000).map(|number| Word::Look(team(number))));
        words.add([Word::Free]);
        assert_eq!(words.take(), [Word::LookEverywhere, Word::Free].into());
        words.add([Word::Kits(
            (0..2000)
                .map(|it| KitSlug::from(format!("role-{it}")))
                .collect(),
        )]);
        let told = payloads(7, words.take());
        assert_eq!(heard(8, &told[0]), [Word::LookEverywhere].into());
    }
}
