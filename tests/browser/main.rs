//! The demo's page in a real browser: the whole main job, as people click it. It takes the pictures that the README shows.
//!
//! Skipped where there is no browser, unless `BROWSER_TEST=required`. `PICTURES=docs/pictures` says where the pictures go.

mod chromium;

use chromium::{Browser, ENTER, In, Programs, SHIFT, TAB, setting};
use futures_util::FutureExt as _;
use interview_assistant::clock::Clock;
use interview_assistant::manifest;
use interview_assistant::simulator::{Pace, Setup, Simulator, Workspace};
use interview_assistant::start::{Bot, pretend_config};
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

/// The pretend Slack and the bot, as `demo` starts them, and a window on them.
struct Demo {
    slack: Simulator,
    bot: Bot,
    browser: Browser,
    folder: tempfile::TempDir,
}

/// Runs a story in a window of its own and closes everything after it, however it ends.
async fn story(name: &str, size: (u32, u32), phone: bool, tell: impl AsyncFnOnce(&Browser)) {
    let Some(programs) = Programs::find() else {
        assert!(setting("BROWSER_TEST").as_deref() != Some("required"), "BROWSER_TEST=required, and there is no chromium/chromedriver");
        println!("browser test skipped: no chromium/chromedriver");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup = Setup {
        workspace: Workspace::hiring_team(),
        pace: Pace::Live,
        port: 0,
        scopes: manifest::SCOPES.map(str::to_owned).to_vec(),
        command: manifest::COMMAND.to_owned(),
        bot_name: manifest::BOT_NAME.to_owned(),
    };
    let slack = Simulator::start(setup).await.expect("the pretend Slack starts");
    let config = pretend_config(&slack, folder.path().to_owned(), false);
    let bot = Bot::start(&config, Clock::system()).await.expect("the bot starts");
    slack.connected().await;
    let browser = Browser::open(&programs, size, phone).await;
    browser.goes_to(&slack.page_url()).await;
    let told = AssertUnwindSafe(tell(&browser)).catch_unwind().await;
    if told.is_err() {
        let file = std::env::temp_dir().join(format!("interview-assistant-{name}.png"));
        browser.pictures(&file).await;
        println!("the page at that moment: {}", file.display());
    }
    browser.closes().await;
    bot.stop().await;
    let breaches = slack.breaches();
    slack.stop();
    if let Err(panic) = told {
        resume_unwind(panic);
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn explore() {
    story("explore", DESKTOP, false, async |page| {
        page.types("/interview senior-backend").await;
        page.sees(In::Message("Only visible to you"), "15 questions").await;
        println!("{}", page.reads(In::Page).await);
        page.clicks(In::Message("15 questions"), "Technical").await;
        page.sees(In::Message("15 questions"), "Technical · ").await;
        page.scrolls_to(In::Message("15 questions"), "start").await;
        page.pictures(&PathBuf::from("/tmp/bt/kit.png")).await;
        page.types("/interview senior-backend Jane Doe @ada @ben").await;
        page.sees(In::Message("Jane Doe"), "0 of 2 scorecards in").await;
        println!("{}", page.reads(In::Page).await);
        page.pictures(&PathBuf::from("/tmp/bt/opened.png")).await;
        page.becomes("ada").await;
        page.sees(In::Sidebar, "Ada").await;
        println!("{}", page.reads(In::Sidebar).await);
        page.clicks(In::Message("0 of 2 scorecards in"), "Score").await;
        page.sees(In::Message("Scorecard: Jane Doe"), "nothing rated").await;
        page.pictures(&PathBuf::from("/tmp/bt/score1.png")).await;
        println!("{}", page.reads(In::Message("Scorecard: Jane Doe")).await);
        page.clicks(In::Message("Scorecard: Jane Doe"), "3 Good, for question 1").await;
        page.sees(In::Message("Scorecard: Jane Doe"), "1 of 15").await;
        page.clicks(In::Message("Scorecard: Jane Doe"), "Technical 0/6").await;
        println!("{}", page.reads(In::Message("Scorecard: Jane Doe")).await);
        page.pictures(&PathBuf::from("/tmp/bt/score2.png")).await;
        page.clicks(In::Message("Scorecard: Jane Doe"), "Evidence for question 1").await;
        page.sees(In::Modal, "Evidence").await;
        page.pictures(&PathBuf::from("/tmp/bt/evidence.png")).await;
    }).await;
}
