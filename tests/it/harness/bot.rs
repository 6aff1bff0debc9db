//! The bot of a story: started, stopped, started again on what it left.

use super::{Member, PATIENCE, Place, Slack, Transport};
use interview_assistant::app::{Answer, App, AppOptions};
use interview_assistant::config::Workspaces;
use interview_assistant::domain::event::{AuditEntry, Audited, Delivery, Reply, Request};
use interview_assistant::domain::ids::{ChannelId, DeliveryKey, LoopCode, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::{Head, Needs};
use interview_assistant::domain::scorecard::Scorecard;
use interview_assistant::outbox::Owed;
use interview_assistant::slack::client::{Client, ClientSettings};
use interview_assistant::start::{Bot, StartFault, open_store, pretend_config};
use interview_assistant::store::{
    Base, Change, Commit, Committed, List, LoopChange, Store, Stretch,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

pub struct Running {
    bot: Bot,
    app: App,
    owed: Owed,
}

impl Running {
    pub(super) fn app(&self) -> &App {
        &self.app
    }
}

impl Slack {
    pub(super) async fn starts_the_bot(&self) {
        self.tries_to_start().await.expect("the bot starts");
    }

    pub(super) async fn tries_to_start(&self) -> Result<(), StartFault> {
        let inner = &self.0;
        let over_http = inner.transport == Transport::Http;
        let mut config = pretend_config(&inner.sim, inner.folder.path().to_owned(), over_http);
        config.kits.clone_from(&inner.kits.borrow());
        config.database.clone_from(&inner.database);
        config.most_at_once = inner.at_once.get();
        if let Some(installing) = inner.installing.borrow().clone() {
            config.workspaces = Workspaces::Many(Box::new(installing));
        }
        // Nobody in a story waits by the wall.
        config.pictures_apart = Duration::ZERO;
        let bot = Bot::start(&config, inner.clock.clone()).await?;
        if over_http {
            let url = format!("http://{}/slack/events", bot.address());
            for sim in &*inner.all.borrow() {
                sim.deliver_over_http(&url);
                // Signatures are made and checked by the story's clock.
                sim.sign_as_of(Some(inner.clock.now().as_second()));
            }
        }
        inner.sim.connected().await;
        let running = Running {
            app: bot.app().clone(),
            owed: bot.owed().clone(),
            bot,
        };
        inner.running.replace(Some(running));
        Ok(())
    }

    pub(super) async fn stops_the_bot(&self) {
        let running = self.0.running.take();
        if let Some(running) = running {
            running.bot.stop().await;
            if self.0.transport == Transport::Sockets {
                self.sim().disconnected().await;
            }
        }
    }

    /// Stops the bot and starts it again on the same folder.
    pub async fn restarts(&self) {
        self.stops_the_bot().await;
        self.starts_the_bot().await;
        self.settle().await;
    }

    /// Kills the bot at whatever it does, and starts it again on what it left a minute later: Slack lets an app connect once a minute.
    pub async fn kills(&self) {
        drop(self.0.running.take());
        if self.0.transport == Transport::Sockets {
            self.sim().disconnected().await;
        }
        self.moves_on_by(Duration::from_secs(61));
        self.starts_the_bot().await;
        self.settle().await;
    }

    /// Asks something of the bot without a screen, and tells what it answers.
    pub async fn asks(&self, who: &Member, place: &Place, request: Request) -> Reply {
        let app = self.0.running.borrow().as_ref().map(|it| it.app.clone());
        let delivery = Delivery {
            key: DeliveryKey::from(format!("asked-{:016x}", rand::random::<u64>())),
            workspace: WorkspaceId::from("T0STORY"),
            actor: UserId::from(who.id()),
            place: Some(ChannelId::from(place.id())),
            request,
            route: String::new(),
        };
        let answer = app.expect("the bot runs").accept(delivery).await;
        let Ok(Answer::Done(reply)) = answer else {
            panic!("{answer:?}\n{}", self.log());
        };
        self.settle().await;
        reply
    }

    pub(super) fn owed(&self) -> usize {
        self.0
            .running
            .borrow()
            .as_ref()
            .map_or(0, |running| running.owed.count())
    }

    /// Runs the program at the machine that the bot runs on, with its settings; returns its exit code and all that it said.
    pub async fn at_the_machine(&self, line: &str) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interview-assistant"));
        command
            .args(line.split(' '))
            .env_clear()
            .env("INTERVIEW_DATA", self.0.folder.path());
        if let Some(url) = &self.0.database {
            command.env("INTERVIEW_DATABASE_URL", url.expose_secret());
        }
        if let Some(kits) = &*self.0.kits.borrow() {
            command.env("INTERVIEW_KITS", kits);
        }
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("it does not panic")
            .expect("the program starts");
        self.settle().await;
        let said = [output.stdout, output.stderr].concat();
        let code = output.status.code().expect("it ends by itself");
        (code, String::from_utf8_lossy(&said).into_owned())
    }

    /// The bot's folder.
    pub fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    /// Stops the bot until [`Slack::restarts`].
    pub async fn stops(&self) {
        self.stops_the_bot().await;
    }

    /// Forgets what is too old, as the bot does when it starts and every hour.
    pub async fn sweeps(&self) {
        let app = self.0.running.borrow().as_ref().map(|it| it.app.clone());
        app.expect("the bot runs").sweep().await.expect("it sweeps");
        self.settle().await;
    }

    /// What is kept of calibrations, as text.
    pub async fn calibrations(&self) -> Vec<String> {
        self.looks_into_the_store(async |store| {
            let all = store.calibrations().await.expect("they can be read");
            let text = |calibration| serde_json::to_string(&calibration).expect("text");
            all.into_iter()
                .map(|(_, calibration, _)| text(calibration))
                .collect()
        })
        .await
    }

    /// Where the bot listens.
    pub fn address(&self) -> SocketAddr {
        self.0
            .running
            .borrow()
            .as_ref()
            .expect("the bot runs")
            .bot
            .address()
    }

    /// What the bot tells a scraper; nothing while it is stopped.
    pub async fn figures(&self) -> String {
        if self.0.running.borrow().is_none() {
            return String::new();
        }
        let url = format!("http://{}/metrics", self.address());
        let client = reqwest::Client::builder().no_proxy().build();
        let answer = client.expect("a client").get(url).send().await;
        let answer = answer.expect("the bot answers");
        answer.text().await.expect("it is text")
    }

    pub(super) async fn idle(&self) {
        let app = self
            .0
            .running
            .borrow()
            .as_ref()
            .map(|running| running.app.clone());
        let Some(app) = app else { return };
        if tokio::time::timeout(PATIENCE, app.idle()).await.is_err() {
            panic!("the bot is busy and does not end\n{}", self.log());
        }
    }

    /// Does by hand what the bot would do with its store, which is stopped for it, up to a point at which it dies: nothing is
    /// closed, and the bot starts again.
    pub async fn dies_after(&self, steps: impl AsyncFn(&App, &Client)) {
        self.settle().await;
        self.stops_the_bot().await;
        let store = self.opens_the_store().await;
        let clock = self.0.clock.clone();
        let app = App::start(store, clock, AppOptions::default()).await;
        let app = app.expect("the application starts");
        let credentials = self.sim().credentials();
        let mut settings = ClientSettings::new(SecretString::from(credentials.bot_token));
        settings.api_url = self.sim().api_url().parse().expect("a URL");
        let client = Client::new(&settings).expect("a client");
        steps(&app, &client).await;
        drop(app);
        self.starts_the_bot().await;
    }

    async fn opens_the_store(&self) -> Arc<dyn Store> {
        let opened = open_store(self.0.folder.path(), self.0.database.as_ref(), &[]);
        opened.await.expect("the store opens")
    }

    /// Reads the store while the bot is stopped.
    async fn looks_into_the_store<T>(&self, look: impl AsyncFn(&dyn Store) -> T) -> T {
        self.settle().await;
        self.stops_the_bot().await;
        let store = self.opens_the_store().await;
        let seen = look(&*store).await;
        store.close().await;
        drop(store);
        self.starts_the_bot().await;
        seen
    }

    /// Puts loops into the store as they are, while the bot is stopped. Each goes on with the kit that is served for its role.
    pub async fn has_loops(&self, heads: Vec<Head>) {
        let workspace = WorkspaceId::from("T0STORY");
        self.looks_into_the_store(async |store| {
            let shelves = store.shelves(None).await.expect("they can be read");
            for mut head in heads.clone() {
                let mut shelves = shelves.iter().map(|shelved| &shelved.shelf);
                let shelf = shelves.find(|shelf| shelf.slug == head.kit.slug);
                head.kit.version = shelf.expect("it is served").latest().version.clone();
                let change = LoopChange {
                    code: head.code.clone(),
                    base: Base::Absent,
                    head: Some(head),
                    cards: Vec::new(),
                    audit: Vec::new(),
                };
                let commit = Commit {
                    workspace: workspace.clone(),
                    at: self.0.clock.now(),
                    delivery: None,
                    changes: vec![Change::Loop(Box::new(change))],
                };
                let committed = store.commit(commit).await.expect("it can be written");
                assert_eq!(committed, Committed::Done);
            }
        })
        .await;
    }

    /// Who did what to a loop, in order.
    pub async fn audit(&self, code: &str) -> Vec<AuditEntry> {
        let (workspace, code) = (WorkspaceId::from("T0STORY"), LoopCode::from(code));
        self.looks_into_the_store(async |store| {
            store
                .audit(&workspace, &code)
                .await
                .expect("it can be read")
        })
        .await
    }

    /// What was done to a loop, in order, without who and when.
    pub async fn deeds(&self, code: &str) -> Vec<Audited> {
        self.audit(code)
            .await
            .into_iter()
            .map(|entry| entry.what)
            .collect()
    }

    /// The scorecards of a loop, by their authors' ids.
    pub async fn scorecards(&self, code: &str) -> BTreeMap<UserId, Scorecard> {
        let (workspace, code) = (WorkspaceId::from("T0STORY"), LoopCode::from(code));
        self.looks_into_the_store(async |store| {
            let loaded = store
                .load(&workspace, &code, &Needs::All)
                .await
                .expect("it can be read");
            let cards = loaded.expect("the loop is there").cards;
            cards
                .into_iter()
                .map(|(user, (card, _))| (user, card))
                .collect()
        })
        .await
    }

    /// Every loop of these channels and people, its audit and its scorecards, in words: for telling that nothing was changed.
    pub async fn everything_kept(&self) -> String {
        let workspace = WorkspaceId::from("T0STORY");
        let users: Vec<String> = self.0.members.borrow().clone();
        let users = users
            .iter()
            .map(|name| interview_assistant::simulator::user_id(name));
        let users: Vec<UserId> = users.map(|id| UserId::from(id.as_str())).collect();
        self.looks_into_the_store(async |store| {
            let mut kept = Vec::new();
            let mut codes = Vec::new();
            for user in &users {
                let of = List::Of(user.clone());
                let listed = store.list(&workspace, &of, Stretch::first(1000)).await;
                let listed = listed.expect("it can be read");
                codes.extend(listed.into_iter().map(|listed| listed.code));
            }
            codes.sort();
            codes.dedup();
            for code in codes {
                let loaded = store
                    .load(&workspace, &code, &Needs::All)
                    .await
                    .expect("it can be read");
                let loaded = loaded.expect("a listed loop is there");
                let audit = store
                    .audit(&workspace, &code)
                    .await
                    .expect("it can be read");
                let head = serde_json::to_string(&loaded.head).expect("a head is JSON");
                let cards: Vec<String> = loaded
                    .cards
                    .values()
                    .map(|(card, _)| serde_json::to_string(card).expect("a scorecard is JSON"))
                    .collect();
                let audit = serde_json::to_string(&audit).expect("an audit is JSON");
                kept.push(format!("{head}\n{}\n{audit}", cards.join("\n")));
            }
            for parcel in store.parcels().await.expect("it can be read") {
                kept.push(format!("owed: {:?}", parcel.post));
            }
            kept.join("\n\n")
        })
        .await
    }
}
