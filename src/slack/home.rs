//! Draws Home tabs: at once for who opens theirs or clicks on it, and anew for a while when something on it changes. What is on it is in `screens`.
//!
//! Nothing of this is stored: a Home tab that was not drawn is drawn when it is opened again. One person's goes out one at a time, each
//! read when it is drawn, so no older one ever takes the place of a newer one.

mod schedule;

use self::schedule::{Draw, End, Next, Schedule};
use super::answer::{is_passing, quotable};
use super::clients::Clients;
use super::connector::CallError;
use super::screens;
use crate::app::home::HomeScene;
use crate::app::{App, UnderWay, Who};
use crate::clock::SetBack;
use crate::domain::event::HomePages;
use crate::telemetry::chain;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::SignedDuration;
use std::panic::AssertUnwindSafe;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How many are drawn at once.
const AT_ONCE: usize = 16;
/// The longest that Slack is believed to ask for.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Where it is said that somebody looks at their Home tab. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    app: App,
    said: UnboundedSender<Said>,
}

/// Somebody looks.
struct Said {
    who: Who,
    act: Act,
    under_way: UnderWay,
}

/// What somebody did.
enum Act {
    /// They opened it.
    Open,
    /// They clicked on it; it may be turned by that.
    Click(Option<HomePages>),
    /// They go on with what they began there.
    GoOn,
}

impl Door {
    fn say(&self, who: Who, act: Act) {
        let under_way = self.app.activity().begin();
        // Who draws them ends with the process only.
        let _ends = self.said.send(Said {
            who,
            act,
            under_way,
        });
    }

    /// Somebody opened their Home tab.
    pub fn opened(&self, who: Who) {
        self.say(who, Act::Open);
    }

    /// Somebody clicked on it, or in a form that lies on it; it may be turned by that.
    pub fn clicked(&self, who: Who, pages: Option<HomePages>) {
        self.say(who, Act::Click(pages));
    }

    /// Somebody goes on with what they began there.
    pub fn goes_on(&self, who: Who) {
        self.say(who, Act::GoOn);
    }
}

/// Whoever draws the Home tabs.
pub struct Homes {
    app: App,
    clients: Clients,
    door: Door,
    heard: UnboundedReceiver<Said>,
    schedule: Schedule,
    drawing: FuturesUnordered<BoxFuture<'static, (Who, End)>>,
    under_way: Option<UnderWay>,
}

impl Homes {
    /// Draws through these clients.
    #[must_use]
    pub fn new(app: App, clients: Clients) -> Self {
        let (said, heard) = unbounded_channel();
        Self {
            door: Door {
                app: app.clone(),
                said,
            },
            app,
            clients,
            heard,
            schedule: Schedule::default(),
            drawing: FuturesUnordered::new(),
            under_way: None,
        }
    }

    /// Where it is said that somebody looks.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// Draws until the process ends.
    pub async fn run(mut self) {
        let clock = self.app.clock().clone();
        let mut set_back = SetBack::default();
        loop {
            if let Some(by) = set_back.since_then(clock.now()) {
                self.schedule.set_back(by);
            }
            for who in self.schedule.forget_old(clock.now()) {
                self.app.watches_no_more(&who);
            }
            let next = self.draw_what_is_due();
            let busy = !self.drawing.is_empty();
            // What only waits for its time is not in flight.
            if !busy {
                self.under_way = None;
            }
            let wake = async {
                match next {
                    Some(moment) => clock.sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(said) = self.heard.recv() => self.hear(said),
                (concerned, under_way) = self.app.concerned() => {
                    self.under_way = self.under_way.take().or(under_way);
                    concerned.iter().for_each(|who| self.schedule.concerned(who));
                }
                Some((who, end)) = self.drawing.next(), if busy => {
                    if !self.schedule.ended(&who, end, clock.now()) {
                        self.app.watches_no_more(&who);
                    }
                }
                () = wake => self.under_way = Some(self.app.activity().begin()),
            }
        }
    }

    fn hear(&mut self, said: Said) {
        let now = self.app.clock().now();
        let Said {
            who,
            act,
            under_way,
        } = said;
        let until = match act {
            Act::Open => {
                let first = Some(HomePages::default());
                self.schedule.opened(who.clone(), first, now)
            }
            Act::Click(pages) => self.schedule.opened(who.clone(), pages, now),
            Act::GoOn => self.schedule.goes_on(who.clone(), now),
        };
        self.app.watches(&who, until);
        self.under_way = Some(under_way);
    }

    /// Begins to draw everything whose time has come. Returns when the next one's will.
    fn draw_what_is_due(&mut self) -> Option<jiff::Timestamp> {
        while self.drawing.len() < AT_ONCE {
            match self.schedule.next(self.app.clock().now()) {
                Next::Draw(what) => {
                    let (app, clients) = (self.app.clone(), self.clients.clone());
                    let who = what.who.clone();
                    let drawn = AssertUnwindSafe(draw(app, clients, what)).catch_unwind();
                    // A bug in one is no reason to draw no other.
                    let drawn = drawn.map(|drawn| drawn.unwrap_or((who, End::Failed)));
                    self.drawing.push(Box::pin(drawn));
                }
                Next::At(moment) => return Some(moment),
                Next::Nothing => return None,
            }
        }
        // The end of one makes room.
        None
    }
}

/// Reads somebody's Home tab and shows it to them.
async fn draw(app: App, clients: Clients, what: Draw) -> (Who, End) {
    let _under_way = app.activity().begin();
    let Draw { who, pages, ask } = what;
    let client = clients.of(&who.0).await;
    let mut asking = false;
    let view = match app.home(&who.0, &who.1, &pages, ask).await {
        Ok(Some(scene)) => {
            asking = scene == HomeScene::Asking;
            screens::home(&scene, client.home().await)
        }
        Ok(None) => return (who, End::Gone),
        Err(fault) => {
            let code = quotable();
            tracing::error!(code, error = chain(&fault), "a Home tab was not read");
            screens::home_broke(&code)
        }
    };
    let end = match client.publish_view(who.1.as_str(), view).await {
        Ok(()) => End::Shown { asking },
        Err(error) => end_of(&error),
    };
    (who, end)
}

fn end_of(error: &CallError) -> End {
    match error {
        CallError::RateLimited { after } => {
            tracing::info!(
                seconds = after.as_secs(),
                "Slack asks to wait with Home tabs"
            );
            let after = SignedDuration::try_from(*after).unwrap_or(LONGEST_WAIT);
            End::Limited(after.min(LONGEST_WAIT))
        }
        // It is drawn from what is so now, so drawing it again is all there is to do.
        error if is_passing(error) || error.code() == Some("hash_conflict") => {
            tracing::warn!(%error, "a Home tab has to wait");
            End::Failed
        }
        error => {
            tracing::warn!(%error, "a Home tab could not be shown");
            End::Gone
        }
    }
}
