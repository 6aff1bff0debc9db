//! Makes stores as the bot would have them after a while, and counts what is in one afterwards; both through the bot's own store.

use crate::click::{CHANNEL, Fixture, WORKSPACE};
use anyhow::{Context, ensure};
use interview_assistant::app::{App, AppOptions};
use interview_assistant::clock::Clock;
use interview_assistant::domain::access::{Person, Place};
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{AuditEntry, Audited, Fact};
use interview_assistant::domain::ids::{
    ChannelId, KitVersion, LoopCode, QuestionId, UserId, WorkspaceId,
};
use interview_assistant::domain::interview_loop::{Head, Needs, Seat};
use interview_assistant::domain::kit::{Kit, Question, Section};
use interview_assistant::domain::scorecard::{Mark, Rating, Scorecard};
use interview_assistant::store::postgres::{PostgresSettings, PostgresStore};
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Base, Change, Commit, Committed, LoopChange, Store};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many commits are under way at once while a store is made.
const AT_ONCE: usize = 2_000;
/// How many ratings a stored loop has: two people's, of fifteen questions each.
pub const RATINGS: usize = 30;

/// Where a bot keeps everything.
#[derive(Clone, Debug)]
pub enum Kept {
    InFolder(PathBuf),
    /// The database's address.
    InDatabase(String),
}

/// What a store is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Loops that are clicked in.
    pub loops: usize,
    /// Who clicks.
    pub users: usize,
    /// In how many loops each of them sits.
    pub spread: usize,
    /// Whether the panel is named; else whoever clicks joins.
    pub named: bool,
    /// Finished scorecards in loops that nobody clicks in any more.
    pub stored: usize,
    /// The first loop is as full as they get: twenty-five questions, each rated and with five hundred letters by everybody.
    pub full: bool,
}

fn workspace() -> WorkspaceId {
    WorkspaceId::from(WORKSPACE)
}

/// A store in a folder that is not there yet, and who can click on what in it.
pub async fn seed(folder: &Path, plan: Plan) -> anyhow::Result<Fixture> {
    let now = Timestamp::now();
    let store = open(&Kept::InFolder(folder.to_owned())).await?;
    // The application brings in its kits.
    let app = App::start(Arc::clone(&store), Clock::system(), AppOptions::default()).await?;
    let shelves = store.shelves(None).await?;
    let shelf = shelves
        .iter()
        .map(|shelved| &shelved.shelf)
        .find(|shelf| shelf.slug.as_str() == "senior-backend")
        .context("the kit is not there")?;
    let mut version = shelf.latest().version.clone();
    let mut kit = store.kit(&version).await?.context("the kit is not there")?;
    if plan.full {
        version = KitVersion::from("f000000000ff");
        kit = lengthened(kit);
        commit(
            &*store,
            vec![Change::Kit(version.clone(), Box::new(kit.clone()))],
        )
        .await?;
    }
    let questions: Vec<QuestionId> = kit.asked().map(|question| question.id.clone()).collect();
    let fixture = Fixture {
        users: (0..plan.users)
            .map(|number| format!("U0LOAD{number:03}"))
            .collect(),
        loops: (0..plan.loops)
            .map(code)
            .map(|code| code.to_string())
            .collect(),
        questions: questions.iter().map(ToString::to_string).collect(),
        spread: plan.spread,
    };
    for user in &fixture.users {
        app.learn(
            &workspace(),
            Fact::Person(UserId::from(user.clone()), person(now)),
        )
        .await?;
    }
    app.learn(
        &workspace(),
        Fact::Place(ChannelId::from(CHANNEL), place(now)),
    )
    .await?;
    let mut changes = Vec::new();
    for number in 0..plan.loops + plan.stored {
        let clicked = number < plan.loops;
        let mut panel: Vec<UserId> = Vec::new();
        if !clicked {
            panel = (0..2)
                .map(|seat| UserId::from(format!("U0OTHER{:03}", (number + seat) % 200)))
                .collect();
        } else if plan.named {
            let users = fixture.users.iter().enumerate();
            let sitting = users.filter(|(user, _)| fixture.sits(*user, number));
            panel = sitting
                .map(|(_, user)| UserId::from(user.clone()))
                .collect();
        }
        let full = plan.full && number == 0;
        let marked = if clicked && !full {
            0
        } else if full {
            questions.len()
        } else {
            RATINGS / 2
        };
        let mut audit = Vec::new();
        let mut cards = Vec::new();
        if marked > 0 {
            for author in &panel {
                let (card, entries) =
                    filled(author, &questions[..marked.min(questions.len())], full, now);
                cards.push(card);
                audit.extend(entries);
            }
        }
        let head = head(number, panel, plan.named || !clicked, &version, &kit, now)?;
        let (code, base) = (head.code.clone(), Base::Absent);
        changes.push(Change::Loop(Box::new(LoopChange {
            code,
            base,
            head: Some(head),
            cards,
            audit,
        })));
        if changes.len() == AT_ONCE {
            write(&*store, std::mem::take(&mut changes)).await?;
        }
    }
    write(&*store, changes).await?;
    drop(app);
    store.close().await;
    Ok(fixture)
}

/// How many ratings of the loops that were clicked in were recorded, and whether each person's last one stands.
pub async fn verify(kept: &Kept, fixture: &Fixture) -> anyhow::Result<u64> {
    let store = open(kept).await?;
    let mut recorded = 0;
    for code in &fixture.loops {
        let code = LoopCode::from(code.as_str());
        let loaded = store
            .load(&workspace(), &code, &Needs::All)
            .await?
            .context("a loop is gone")?;
        let mut last = std::collections::BTreeMap::new();
        for entry in store.audit(&workspace(), &code).await? {
            let is_ours = |user: &UserId| fixture.users.iter().any(|it| it == user.as_str());
            let Some(user) = entry.actor.filter(is_ours) else {
                continue;
            };
            if let Audited::Rated { question, to, .. } = entry.what {
                recorded += 1;
                last.insert((user, question), to);
            }
        }
        for ((user, question), mark) in last {
            let (card, _) = loaded.cards.get(&user).context("a scorecard is gone")?;
            ensure!(
                card.marks.get(&question) == Some(&mark),
                "a rating is recorded and does not stand"
            );
        }
    }
    store.close().await;
    Ok(recorded)
}

async fn open(kept: &Kept) -> anyhow::Result<Arc<dyn Store>> {
    match kept {
        Kept::InFolder(folder) => {
            let folder = folder.clone();
            let store = tokio::task::spawn_blocking(move || SledStore::open(&folder)).await??;
            Ok(Arc::new(store))
        }
        Kept::InDatabase(url) => {
            let settings = PostgresSettings::new(url.clone().into());
            Ok(Arc::new(PostgresStore::open(settings).await?))
        }
    }
}

async fn commit(store: &dyn Store, changes: Vec<Change>) -> anyhow::Result<()> {
    let commit = Commit {
        workspace: workspace(),
        at: Timestamp::now(),
        delivery: None,
        changes,
    };
    ensure!(
        store.commit(commit).await? == Committed::Done,
        "the store was not empty"
    );
    Ok(())
}

async fn write(store: &dyn Store, changes: Vec<Change>) -> anyhow::Result<()> {
    let each = changes
        .into_iter()
        .map(|change| commit(store, vec![change]));
    futures_util::future::try_join_all(each).await?;
    Ok(())
}

fn code(number: usize) -> LoopCode {
    LoopCode::from_random(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The same kit with ten further questions, or as many as make twenty-five.
fn lengthened(mut kit: Kit) -> Kit {
    let like: Vec<Question> = kit.section(Section::Technical).cloned().collect();
    let mut number = 0;
    while kit.asked().count() < 25 {
        let mut question = like[number % like.len()].clone();
        number += 1;
        question.id = QuestionId::from(format!("technical/more-{number}"));
        kit.questions.push(question);
    }
    kit
}

fn head(
    number: usize,
    panel: Vec<UserId>,
    named: bool,
    version: &KitVersion,
    kit: &Kit,
    now: Timestamp,
) -> anyhow::Result<Head> {
    let mut head: Head = serde_json::from_value(serde_json::json!({
        "code": code(number), "kit": {"slug": "senior-backend", "version": version}, "title": kit.title,
        "candidate": format!("Candidate {number}"), "owner": "U0OWNER00", "opened_by": "U0OWNER00", "opened_at": now,
        "channel": CHANNEL, "public": false, "naming": "name", "named_panel": named, "panel": [],
        "messages": {"post": format!("17952{number:05}.000100")},
    }))?;
    head.panel = panel.into_iter().map(Seat::new).collect();
    Ok(head)
}

fn filled(
    author: &UserId,
    questions: &[QuestionId],
    full: bool,
    at: Timestamp,
) -> (Scorecard, Vec<AuditEntry>) {
    let mut card = Scorecard::new(author.clone(), at);
    let mut audit = Vec::new();
    for question in questions {
        let to = Mark::Rated(Rating::Good);
        card.marks.insert(question.clone(), to);
        if full {
            card.evidence.insert(
                question.clone(),
                Note::new(&"What was heard. ".repeat(32)[..500]),
            );
        }
        let what = Audited::Rated {
            question: question.clone(),
            from: None,
            to,
        };
        audit.push(AuditEntry {
            at,
            actor: Some(author.clone()),
            what,
        });
    }
    (card, audit)
}

fn person(told_at: Timestamp) -> Person {
    Person {
        guest: false,
        stranger: false,
        bot: false,
        deactivated: false,
        administrator: false,
        unknown: false,
        zone: Some("Europe/Berlin".to_owned()),
        likeness: None,
        // A run may last longer than the hour after which the bot asks again.
        told_at: told_at + SignedDuration::from_hours(12),
    }
}

fn place(told_at: Timestamp) -> Place {
    Place {
        direct: false,
        private: true,
        shared: false,
        archived: false,
        bot_is_member: true,
        told_at: told_at + SignedDuration::from_hours(12),
    }
}
