//! The whole program, killed at any moment while eight people click: what was acknowledged is there, what was owed to Slack is sent.

#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

mod away;
mod disk;
mod points;

use crate::harness::postgres::Server;
use crate::harness::program::{Start, until};
use crate::harness::told::{Said, rating};
use interview_assistant::domain::ids::{LoopCode, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::Needs;
use interview_assistant::simulator::{
    ActionValue, Channel, Control, MessageSeen, Pace, Person, Simulator, Workspace,
};
use interview_assistant::start::{open_store, pretend_setup};
use secrecy::SecretString;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PEOPLE: [&str; 8] = ["ada", "ben", "cid", "dora", "eve", "finn", "gil", "hana"];
const ROUNDS: u32 = 10;

fn workspace() -> Workspace {
    let mut workspace =
        Workspace::new("T0KILL", "Northwind").person(Person::new("rita", "Rita Lindqvist"));
    let mut all = vec!["rita"];
    for name in PEOPLE {
        workspace = workspace.person(Person::new(name, name));
        all.push(name);
    }
    workspace.channel(Channel::private("hiring").with(all).with_bot())
}

/// The one message in the channel that opens Jane Doe's scorecards.
fn loop_post(slack: &Simulator, name: &str) -> Option<MessageSeen> {
    slack
        .messages("rita", "#hiring")
        .into_iter()
        .rfind(|message| !message.ephemeral && message.text.contains(name))
}

fn scorecard(slack: &Simulator, person: &str) -> Option<MessageSeen> {
    slack
        .messages(person, "#hiring")
        .into_iter()
        .rfind(|message| message.ephemeral && message.rendered().contains("Recommend and submit"))
}

/// Clicks on ratings and tabs until the connection is gone.
async fn clicks_away(
    slack: Simulator,
    person: &'static str,
    said: Arc<Mutex<BTreeMap<&'static str, Said>>>,
) {
    loop {
        let card = scorecard(&slack, person).expect("the scorecard is open");
        let buttons: Vec<Control> = card
            .controls()
            .into_iter()
            .filter(|control| rating(control).is_some() || control.label.contains('/'))
            .collect();
        let button = &buttons[rand::random_range(0..buttons.len())];
        let rated = rating(button);
        if let Some(rated) = rated.clone() {
            said.lock()
                .expect("no panic")
                .entry(person)
                .or_default()
                .clicks(rated);
        }
        let answered = slack
            .acts(
                person,
                &card.on(),
                &button.block_id,
                &button.action_id,
                ActionValue::Click,
                None,
            )
            .await;
        if answered.is_err() {
            return;
        }
        if let Some(rated) = rated {
            let mut said = said.lock().expect("no panic");
            said.entry(person).or_default().is_told(rated);
        }
    }
}

/// Opens the store that the killed program left, and finds everything that was acknowledged in it.
async fn everything_acknowledged_is_there(
    folder: &Path,
    code: &LoopCode,
    said: &BTreeMap<&'static str, Said>,
) {
    everything_acknowledged_is_in(folder, None, code, said).await;
}

/// The same, where the store may be a database.
async fn everything_acknowledged_is_in(
    folder: &Path,
    database: Option<&str>,
    code: &LoopCode,
    said: &BTreeMap<&'static str, Said>,
) {
    let database = database.map(SecretString::from);
    let store = open_store(folder, database.as_ref(), &[]).await;
    let store = store.expect("the store opens");
    let loaded = store
        .load(&WorkspaceId::from("T0KILL"), code, &Needs::All)
        .await
        .expect("it is readable")
        .expect("the loop is there");
    for (person, said) in said {
        let user = UserId::from(interview_assistant::simulator::user_id(person));
        let marks = loaded
            .cards
            .get(&user)
            .map(|(card, _)| card.marks.clone())
            .unwrap_or_default();
        said.is_kept(person, &marks);
    }
    store.close().await;
}

/// Opens a loop in which all eight have their scorecard before them.
async fn opened(slack: &Simulator) -> LoopCode {
    slack
        .types(
            "rita",
            "#hiring",
            None,
            "/interview senior-backend Jane Doe",
        )
        .await
        .expect("it is acknowledged");
    let post = until("the loop's post", || loop_post(slack, "Jane Doe")).await;
    let score = post.control("Score").expect("it can be scored");
    let code: Value =
        serde_json::from_str(score.value.as_deref().unwrap_or_default()).expect("our own value");
    let code = LoopCode::from(code["code"].as_str().expect("a code"));
    for person in PEOPLE {
        slack
            .acts(
                person,
                &post.on(),
                &score.block_id,
                &score.action_id,
                ActionValue::Click,
                None,
            )
            .await
            .expect("it is acknowledged");
        until("a scorecard", || scorecard(slack, person)).await;
    }
    code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_ten_kills() {
    survives_kills(None, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kills_on_postgres() {
    let Some(server) = Server::shared() else {
        return;
    };
    let url = server.url(&server.database());
    survives_kills(Some(&url), ROUNDS / 2).await;
}

/// Kills the program so often while people click.
async fn survives_kills(database: Option<&str>, rounds: u32) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let start = |slack| Start {
        database,
        ..Start::new(slack, folder.path())
    };
    // Its clock is moved on between the kills: Slack lets an app connect once a minute.
    let slack = Simulator::start(pretend_setup(workspace(), Pace::Stepped))
        .await
        .expect("a port is free");
    let mut bot = start(&slack).starts().await;
    let code = opened(&slack).await;
    let said = Arc::new(Mutex::new(BTreeMap::new()));
    let mut acknowledged = 0;
    for round in 0..rounds {
        let clickers: Vec<_> = PEOPLE
            .into_iter()
            .map(|person| tokio::spawn(clicks_away(slack.clone(), person, Arc::clone(&said))))
            .collect();
        // A loop opened within the same second: if it was acknowledged, its post is owed.
        let opener = {
            let slack = slack.clone();
            tokio::spawn(async move {
                let typed = format!("/interview senior-backend Candidate {round}x");
                slack.types("rita", "#hiring", None, &typed).await.is_ok()
            })
        };
        tokio::time::sleep(Duration::from_millis(rand::random_range(30..900))).await;
        bot.is_killed();
        slack.disconnected().await;
        for clicker in clickers {
            clicker.await.expect("no panic");
        }
        let opened = opener.await.expect("no panic");
        let so_far = said.lock().expect("no panic").clone();
        everything_acknowledged_is_in(folder.path(), database, &code, &so_far).await;
        acknowledged = so_far.values().map(|said: &Said| said.saved.len()).sum();

        slack.advance(Duration::from_secs(61));
        bot = start(&slack).starts().await;
        if opened {
            until("the post that was owed", || {
                loop_post(&slack, &format!("Candidate {round}x"))
            })
            .await;
        }
    }
    assert!(
        acknowledged > PEOPLE.len() * rounds as usize / 2,
        "only {acknowledged} questions were rated"
    );
    drop(bot);
    slack.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_stops_it_while_people_click_loses_nothing_and_gets_a_zero() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let slack = Simulator::start(pretend_setup(workspace(), Pace::Stepped))
        .await
        .expect("a port is free");
    let mut bot = Start::new(&slack, folder.path()).starts().await;
    let code = opened(&slack).await;
    let said = Arc::new(Mutex::new(BTreeMap::new()));
    let clickers: Vec<_> = PEOPLE
        .into_iter()
        .map(|person| tokio::spawn(clicks_away(slack.clone(), person, Arc::clone(&said))))
        .collect();
    let saved = || {
        let said = said.lock().expect("no panic");
        said.values().map(|said| said.saved.len()).sum::<usize>()
    };
    until("the first are saved", || (saved() >= 16).then_some(())).await;
    let status = bot.is_stopped().await;
    assert_eq!(status.code(), Some(0), "{status}");
    slack.disconnected().await;
    for clicker in clickers {
        clicker.await.expect("no panic");
    }
    let said = said.lock().expect("no panic").clone();
    everything_acknowledged_is_there(folder.path(), &code, &said).await;
    slack.stop();
}
