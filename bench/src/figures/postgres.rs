//! What is measured with everything in PostgreSQL.

use super::{Bench, PEOPLE};
use crate::load;
use crate::moving;
use crate::pgbench;
use crate::postgres::Postgres;
use crate::server::{OnlyOne, Who};
use anyhow::Context;
use std::sync::Arc;
use std::time::Duration;

impl Bench {
    /// Brings what was made into databases, as everybody would who moves to PostgreSQL.
    pub(super) async fn make_databases(&mut self) -> anyhow::Result<()> {
        let Some(bin) = &self.args.places.postgres else {
            eprintln!("PostgreSQL is left out: nobody said where its programs are");
            self.args.figures.retain(|figure| !figure.wants_postgres());
            return Ok(());
        };
        let postgres = Postgres::start(bin, &self.args.places.databases).await?;
        let all = [Some(&self.usual), Some(&self.ten), self.many.as_ref()];
        for made in all.into_iter().flatten() {
            postgres.create(made.name)?;
            moving::transfer(
                &self.args.places.bot,
                &made.folder,
                &postgres.url(made.name),
            )?;
            // What the server would do by itself in a while.
            postgres.says(made.name, "vacuum analyze")?;
        }
        self.postgres = Some(Arc::new(postgres));
        Ok(())
    }

    pub(super) async fn postgres(&mut self) -> anyhow::Result<()> {
        for who in self.all(&[Who::Postgres, Who::Pgbench]) {
            match who {
                Who::Pgbench => self.pgbench()?,
                _ => self.clicks_in_postgres(who).await?,
            }
        }
        Ok(())
    }

    pub(super) async fn postgres_three(&mut self) -> anyhow::Result<()> {
        for who in self.all(&[Who::Three]) {
            match self.clicks_in_postgres(who).await {
                Err(why) if why.is::<OnlyOne>() => eprint!("· left out: {OnlyOne} "),
                measured => measured?,
            }
        }
        Ok(())
    }

    async fn clicks_in_postgres(&mut self, who: Who) -> anyhow::Result<()> {
        let postgres = Arc::clone(self.postgres.as_ref().context("there is no server")?);
        let server = self.server(who, &self.usual, false).await?;
        load::closed(&server.clicks, &server.ports, PEOPLE, self.seconds(3)).await?;
        let clicked = server.clicked();
        let before = (server.busy()?, postgres.busy()?, postgres.logged()?);
        let transactions = postgres.transactions("measured")?;
        let loaded = load::closed(&server.clicks, &server.ports, PEOPLE, self.seconds(8)).await?;
        let after = (server.busy()?, postgres.busy()?, postgres.logged()?);
        let responses = server.sink.seen().await?.responses;
        let clicks = (server.clicked() - clicked) as f64;
        // The server counts what it has done with a second's delay.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let transactions = postgres.transactions("measured")? - transactions;
        server.stop().await?;
        let who = who.name();
        let mut add = |figure: &str, value: f64| self.samples.add(figure, who, value);
        add("clicks a second, 64 people", loaded.a_second())?;
        add("p99 in ms, 64 people", loaded.at(0.99))?;
        add(
            "CPU a click in us, 64 people",
            (after.0 - before.0) * 1e6 / clicks,
        )?;
        add(
            "CPU of PostgreSQL a click in us",
            (after.1 - before.1) * 1e6 / clicks,
        )?;
        add(
            "bytes in PostgreSQL's log a click",
            (after.2 - before.2) / clicks,
        )?;
        add("transactions in PostgreSQL a click", transactions / clicks)?;
        add("scorecards redrawn, 64 people", responses as f64)
    }

    fn pgbench(&mut self) -> anyhow::Result<()> {
        let postgres = Arc::clone(self.postgres.as_ref().context("there is no server")?);
        postgres.copy(self.usual.name, "measured")?;
        let clicks = |run: u32, time: Duration| {
            let scratch = self.folder.path();
            pgbench::run(&postgres, "measured", scratch, PEOPLE, run, time)
        };
        let measured = clicks(1, self.seconds(3)).and_then(|_| {
            let before = (postgres.busy()?, postgres.logged()?);
            let measured = clicks(2, self.seconds(8))?;
            let (busy, logged) = (postgres.busy()? - before.0, postgres.logged()? - before.1);
            Ok((measured, busy, logged))
        });
        postgres.forget("measured")?;
        let (measured, busy, logged) = measured?;
        let done = measured.clicks as f64;
        let who = Who::Pgbench.name();
        let mut add = |figure: &str, value: f64| self.samples.add(figure, who, value);
        add("clicks a second, 64 people", measured.a_second())?;
        add("p99 in ms, 64 people", measured.at(0.99))?;
        add("CPU of PostgreSQL a click in us", busy * 1e6 / done)?;
        add("bytes in PostgreSQL's log a click", logged / done)?;
        add("transactions in PostgreSQL a click", 1.0)
    }

    pub(super) async fn postgres_many(&mut self) -> anyhow::Result<()> {
        let names = ["10 loops in PostgreSQL", "100,000 loops in PostgreSQL"];
        if self.all(&[Who::Postgres]).is_empty() {
            return Ok(());
        }
        self.few_and_many(Who::Postgres, names).await
    }

    /// Minutes, and much the same however often.
    pub(super) async fn moving(&mut self) -> anyhow::Result<()> {
        if self.samples.round > 1 {
            return Ok(());
        }
        let postgres = Arc::clone(self.postgres.as_ref().context("there is no server")?);
        let many = self.many.as_ref().context("it was made")?;
        let bot = &self.args.places.bot;
        let moved = moving::measure(bot, self.folder.path(), &many.folder, &postgres).await?;
        for (figure, value) in moved {
            self.samples.add(figure, Who::Bot.name(), value)?;
        }
        Ok(())
    }
}
