//! The database goes away under the program, which goes on: what was acknowledged is there, and what was owed to Slack is sent without a restart.

use super::{
    PEOPLE, ROUNDS, clicks_away, everything_acknowledged_is_in, loop_post, opened, workspace,
};
use crate::harness::postgres::Server;
use crate::harness::program::{Program, Start, until};
use interview_assistant::simulator::{Pace, Simulator};
use interview_assistant::start::pretend_setup;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Waits until it says of itself whether it is ready.
async fn says_ready(bot: &Program, ready: bool) {
    let line = format!("interview_ready {}", u8::from(ready));
    for _ in 0..1500 {
        let figures = bot.figures().await.unwrap_or_default();
        if figures.lines().any(|it| it == line) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not say {line}: {}", bot.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_is_waited_for_and_nothing_acknowledged_is_lost() {
    let Some(server) = Server::starts() else {
        return;
    };
    let url = server.url(&server.database());
    let folder = tempfile::tempdir().expect("a folder can be made");
    let slack = Simulator::start(pretend_setup(workspace(), Pace::Stepped))
        .await
        .expect("a port is free");
    let start = Start {
        database: Some(&url),
        ..Start::new(&slack, folder.path())
    };
    let mut bot = start.starts().await;
    let code = opened(&slack).await;
    let said = Arc::new(Mutex::new(BTreeMap::new()));
    for round in 0..ROUNDS / 3 {
        let clickers: Vec<_> = PEOPLE
            .into_iter()
            .map(|person| tokio::spawn(clicks_away(slack.clone(), person, Arc::clone(&said))))
            .collect();
        let typed = format!("/interview senior-backend Candidate {round}x");
        let opens = slack.types("rita", "#hiring", None, &typed);
        let opens = opens.await.is_ok();
        if round % 2 == 0 {
            server.crashes();
        } else {
            server.stops();
        }
        says_ready(&bot, false).await;
        server.comes_back();
        says_ready(&bot, true).await;
        for clicker in clickers {
            clicker.abort();
            let _ = clicker.await;
        }
        assert!(opens, "it was acknowledged before the end of the database");
        until("the post that was owed", || {
            loop_post(&slack, &format!("Candidate {round}x"))
        })
        .await;
    }
    let ended = bot.ended();
    assert!(ended.is_none(), "{ended:?}\n{}", bot.log());
    let status = bot.is_stopped().await;
    assert_eq!(status.code(), Some(0), "{status}\n{}", bot.log());
    let said = said.lock().expect("no panic").clone();
    everything_acknowledged_is_in(folder.path(), Some(&url), &code, &said).await;
    slack.stop();
}
