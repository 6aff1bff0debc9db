//! Many workspaces on one bot, and the browser of whoever installs the app in them.

use super::log::Log;
use super::{Inner, Slack, Transport, database_of_every_story};
use interview_assistant::config::Installing;
use interview_assistant::domain::ids::WorkspaceId;
use interview_assistant::domain::install::Install;
use interview_assistant::simulator::Workspace;
use interview_assistant::telemetry;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use secrecy::{SecretSlice, SecretString};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Where people and Slack reach the bot, as the proxy before it has it.
const PUBLIC: &str = "https://interviews.example.org/bot";
/// How many times a browser is sent on.
const HOPS: usize = 5;

/// Tells a story of two workspaces, in neither of which the app is installed yet.
pub async fn two_workspaces(tell: impl AsyncFn(&Slack, &Slack)) {
    let log = Log::start();
    let slack = Slack::without_the_bot(Transport::Http, log, database_of_every_story()).await;
    let credentials = slack.sim().credentials();
    let installing = Installing {
        client_id: credentials.client_id,
        client_secret: SecretString::from(credentials.client_secret),
        public_url: PUBLIC.parse().expect("a URL"),
        keys: vec![key(1)],
        pkce: false,
        rotation: false,
    };
    slack.0.installing.replace(Some(installing));
    let other = slack.beside("T0OTHER", "Southwind");
    for one in [&slack, &other] {
        one.sim().has_no_app_yet();
    }
    slack.starts_the_bot().await;
    tell(&slack, &other).await;
    slack.end_together(&[other], Transport::Http).await;
}

/// A key that tokens are sealed under.
pub fn key(byte: u8) -> SecretSlice<u8> {
    SecretSlice::from(vec![byte; 32])
}

impl Slack {
    /// One more workspace, served by the same bot.
    fn beside(&self, id: &str, name: &str) -> Self {
        let inner = &self.0;
        let sim = inner.sim.another_workspace(Workspace::new(id, name));
        inner.all.borrow_mut().push(sim.clone());
        Self(Rc::new(Inner {
            sim,
            clock: inner.clock.clone(),
            transport: inner.transport,
            folder: Rc::clone(&inner.folder),
            all: Rc::clone(&inner.all),
            installing: Rc::clone(&inner.installing),
            database: inner.database.clone(),
            running: Rc::clone(&inner.running),
            log: Rc::clone(&inner.log),
            read: RefCell::default(),
            members: RefCell::default(),
            shown_to_all: RefCell::default(),
            confidential: RefCell::new(inner.confidential.borrow().clone()),
            kits: RefCell::new(None),
            at_once: Cell::new(None),
            rest_is_read: Cell::new(false),
            held: Cell::new(false),
            breaks: Cell::new(false),
        }))
    }

    /// From the next start of the bot on, it is set up so.
    pub fn is_set_up(&self, change: impl FnOnce(&mut Installing)) {
        let mut installing = self.0.installing.borrow_mut();
        change(installing.as_mut().expect("it serves many"));
    }

    /// Every byte of the bot's folder, while it runs.
    pub fn everything_on_disk(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(self.folder()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                all.extend(std::fs::read(path).expect("it can be read"));
            }
        }
        all
    }

    /// The bot is stopped and cannot be started: why not.
    pub async fn does_not_start(&self) -> String {
        self.stops_the_bot().await;
        let why = self.tries_to_start().await.expect_err("it cannot");
        telemetry::chain(&why)
    }

    /// Errors in the log are a part of the story.
    pub fn errors_are_expected(&self) {
        self.0.breaks.set(true);
    }

    /// What the bot knows of an installation.
    pub async fn installation(&self, id: &str) -> Option<Install> {
        let app = self.0.running.borrow().as_ref().map(|it| it.app().clone());
        let (app, id) = (app.expect("the bot runs"), WorkspaceId::from(id));
        let found = app.install(&id).await.expect("read");
        found.map(|(install, _)| install)
    }

    /// Somebody installs the app, and reads that it is.
    pub async fn installs_the_app(&self, link: &str) -> Browser {
        let mut browser = self.browser();
        browser.opens("/slack/install").await;
        browser.clicks(link).await;
        assert!(
            browser.text().contains("Installed in"),
            "{}",
            browser.text()
        );
        self.settle().await;
        browser
    }

    /// A browser that was nowhere yet.
    pub fn browser(&self) -> Browser {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Browser {
            slack: self.clone(),
            http: http.build().expect("a client"),
            cookies: BTreeMap::new(),
            status: 0,
            headers: HeaderMap::new(),
            html: String::new(),
            address: String::new(),
        }
    }
}

/// A browser, with the page that it shows.
pub struct Browser {
    slack: Slack,
    http: reqwest::Client,
    /// Those of the bot.
    pub cookies: BTreeMap<String, String>,
    pub status: u16,
    pub headers: HeaderMap,
    pub html: String,
    /// Where it is.
    pub address: String,
}

impl Browser {
    /// Opens an address of the bot's.
    pub async fn opens(&mut self, path: &str) {
        self.goes_to(&format!("{PUBLIC}{path}")).await;
    }

    /// Follows the link with these words.
    pub async fn clicks(&mut self, words: &str) {
        let url = self.link(words);
        self.goes_to(&url).await;
    }

    /// Where the link with these words leads to.
    pub fn link(&self, words: &str) -> String {
        let end = format!("\">{words}</a>");
        let (before, _) = self
            .html
            .split_once(&end)
            .unwrap_or_else(|| panic!("there is no {words} on\n{}", self.html));
        let (_, url) = before.rsplit_once("href=\"").expect("a link");
        url.replace("&amp;", "&")
    }

    /// What somebody reads.
    pub fn text(&self) -> String {
        let body = self.html.split("<body>").last().unwrap_or_default();
        let mut text = String::new();
        let mut within = true;
        for letter in body.chars() {
            match letter {
                '<' => within = false,
                '>' => within = true,
                letter if within => text.push(letter),
                _ => {}
            }
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let text = lines.collect::<Vec<_>>().join("\n");
        ["&lt;<", "&gt;>", "&quot;\"", "&#39;'", "&amp;&"]
            .iter()
            .fold(text, |text, pair| {
                let (from, to) = pair.split_at(pair.len() - 1);
                text.replace(from, to)
            })
    }

    /// Goes anywhere, and wherever it is sent on from there.
    pub async fn goes_to(&mut self, url: &str) {
        let mut url = url.to_owned();
        for _ in 0..HOPS {
            let ours = url.strip_prefix(PUBLIC);
            let target = match ours {
                Some(path) => format!("http://{}{path}", self.slack.address()),
                None => url.clone(),
            };
            let mut request = self.http.get(target);
            if ours.is_some() && !self.cookies.is_empty() {
                let pairs: Vec<String> = (self.cookies.iter())
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                request = request.header(COOKIE, pairs.join("; "));
            }
            let answer = request.send().await.expect("an answer");
            self.address.clone_from(&url);
            self.status = answer.status().as_u16();
            self.headers = answer.headers().clone();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let cookie = cookie.to_str().expect("text");
                let attributes: BTreeSet<&str> = cookie.split("; ").skip(1).collect();
                for needed in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
                    assert!(attributes.contains(needed), "{needed} in a cookie");
                }
                let pair = cookie.split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').expect("a cookie");
                // Whoever has it, and a link, is that browser.
                self.slack.is_confidential(value);
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let next = answer.headers().get(LOCATION);
            let next = next.map(|it| it.to_str().expect("text").to_owned());
            self.html = answer.text().await.expect("a page");
            match next {
                Some(next) => url = next,
                None => return,
            }
        }
        panic!("sent on for ever, last to {url}");
    }
}
