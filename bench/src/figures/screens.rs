//! How soon eight people see what they click, and in how many calls.

use super::Bench;
use crate::load;
use crate::server::Who;
use crate::sink::now;
use anyhow::Context;
use std::time::Instant;

/// Of the screens: so many interviewers, each with so many questions.
pub(super) const PANEL: usize = 8;
const QUESTIONS: usize = 15;

impl Bench {
    pub(super) async fn screens(&mut self) -> anyhow::Result<()> {
        let server = self.server(Who::Bot, &self.joined, false).await?;
        let began = Instant::now();
        let mut lines: Vec<_> = (0..PANEL)
            .map(|_| load::Line::to(server.ports[0]))
            .collect();
        let every = self.seconds(60) / (PANEL * QUESTIONS) as u32;
        // Of each click: whose, which, and when it was acknowledged. The first was sent at the start.
        let mut clicked = Vec::new();
        for click in 1..=PANEL * QUESTIONS {
            let user = click % PANEL;
            tokio::time::sleep_until((began + every * click as u32).into()).await;
            lines[user].click(&server.clicks.request(user)).await?;
            clicked.push((user, click as u64, now()));
        }
        // Whatever would still be sent after the last state is not waited for longer than this.
        tokio::time::sleep(self.seconds(6)).await;
        let seen = server.sink.seen().await?;
        let users = server.clicks.fixture.users.clone();
        server.stop().await?;
        let mut worst = 0;
        let mut last = 0;
        for &(user, click, at) in &clicked {
            let shown = seen
                .scorecards
                .get(&users[user])
                .and_then(|shown| shown.iter().find(|(of, _)| *of >= click));
            let (_, shown) = shown.with_context(|| format!("click {click} was never shown"))?;
            last = shown.saturating_sub(at);
            worst = worst.max(last);
        }
        // Who clicks for the first time joins the panel, which the channel's post shows.
        let mut post = 0;
        for &(_, _, at) in clicked.iter().take(PANEL - 1) {
            let shown = seen
                .posts
                .iter()
                .find(|shown| **shown >= at)
                .context("somebody joined and the post never showed it")?;
            post = post.max(shown - at);
        }
        let calls: u64 = seen.calls.values().sum();
        let bot = Who::Bot.name();
        self.samples
            .add("screens: Web API calls", bot, calls as f64)?;
        self.samples
            .add("screens: refused with 429", bot, seen.refused as f64)?;
        self.samples
            .add("screens: scorecards redrawn", bot, seen.responses as f64)?;
        self.samples.add(
            "screens: ms until the post showed a change, longest",
            bot,
            post as f64,
        )?;
        self.samples.add(
            "screens: ms until a scorecard showed a click, longest",
            bot,
            worst as f64,
        )?;
        self.samples.add(
            "screens: ms from the last click to the last state",
            bot,
            last as f64,
        )
    }
}
