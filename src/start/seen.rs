//! What an operator sees of the running bot: whether it is well, in sentences, and its figures. What is counted is in `telemetry::figures`.

use crate::app::App;
use crate::outbox::Owed;
use crate::slack::http;
use crate::store::{Store, StoreFault};
use crate::telemetry::chain;
use crate::telemetry::figures::{Figures, Moment, OfSlack};
use crate::telemetry::panics;
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// From this age on a post is said to be late: after a failure the outbox waits for five minutes at most.
const LATE: Duration = Duration::from_mins(10);

/// Where it looks.
pub(super) struct Seen {
    app: App,
    owed: Owed,
    store: Arc<dyn Store>,
    /// Whether there is a socket to Slack; none over HTTP, where Slack comes to us.
    connected: Option<watch::Receiver<bool>>,
    figures: Figures,
    slack: OfSlack,
}

/// How the bot is.
#[derive(Debug, Default)]
struct Condition {
    /// What the store could not do, and why.
    store: Option<String>,
    /// The database is away, and why.
    away: Option<String>,
    /// There should be a socket to Slack, and there is none.
    unconnected: bool,
    /// The last call to Slack failed.
    unanswered: bool,
    /// How long the oldest post has been owed.
    oldest: Duration,
}

impl Condition {
    /// Whether it can take what Slack sends, and what there is to say.
    ///
    /// Late posts and calls that fail are said and are no reason to be given nothing more: they are on disk, and go out when Slack takes them. A click that
    /// is sent nowhere is lost.
    fn told(&self) -> (bool, String) {
        let mut sentences = Vec::new();
        if let Some(why) = &self.store {
            sentences.push(format!(
                "The store has failed ({why}): nothing more can be saved, and the program ends."
            ));
        }
        if let Some(why) = &self.away {
            sentences.push(format!(
                "The database is away ({why}): nothing can be saved until it is back, and it is tried again."
            ));
        }
        if self.unconnected {
            sentences.push(
                "There is no connection to Slack: it is tried again, and the log says why it failed."
                    .to_owned(),
            );
        }
        let ready = sentences.is_empty();
        // Without a connection that is said already.
        if self.unanswered && !self.unconnected {
            sentences.push(
                "The last call to Slack failed: what people do is saved, and shown to them when Slack answers again."
                    .to_owned(),
            );
        }
        if self.oldest >= LATE {
            let minutes = self.oldest.as_secs() / 60;
            sentences.push(format!(
                "Posts to Slack are late, the oldest by {minutes} minutes: they are kept and sent when Slack takes them."
            ));
        }
        let first = if ready { "ready" } else { "not ready" };
        sentences.insert(0, first.to_owned());
        (ready, sentences.join("\n") + "\n")
    }
}

impl Seen {
    pub(super) fn new(
        app: App,
        owed: Owed,
        store: Arc<dyn Store>,
        slack: &OfSlack,
        connected: Option<watch::Receiver<bool>>,
    ) -> Self {
        let figures = Figures::new(slack, store.figures());
        Self {
            app,
            owed,
            store,
            connected,
            figures,
            slack: slack.clone(),
        }
    }

    fn oldest(&self) -> Duration {
        let now = self.app.clock().now();
        let age = self.owed.oldest().map(|since| now.duration_since(since));
        let age = age.and_then(|age| Duration::try_from(age).ok());
        age.unwrap_or_default()
    }

    fn condition(&self) -> Condition {
        let connected = self.connected.as_ref();
        let (store, away) = match self.store.works() {
            Ok(()) => (None, None),
            Err(fault @ StoreFault::Away { .. }) => (None, Some(chain(&fault))),
            Err(fault) => (Some(chain(&fault)), None),
        };
        Condition {
            store,
            away,
            unconnected: connected.is_some_and(|connected| !*connected.borrow()),
            unanswered: self.slack.is_unanswered(),
            oldest: self.oldest(),
        }
    }

    fn figures(&self) -> String {
        self.figures.text(&Moment {
            parcels: self.owed.count(),
            workspaces: self.owed.workspaces(),
            processes: self.app.processes(),
            oldest_parcel: self.oldest(),
            commits_waiting: self.store.waiting_commits(),
            deliveries_waiting: self.app.deliveries_waiting(),
            under_way: self.app.activity().count(),
            ready: self.condition().told().0,
            panics: panics::count(),
        })
    }
}

/// `/healthz`, `/readyz` and `/metrics`.
pub(super) fn routes(seen: &Arc<Seen>) -> Router {
    let (ready, metrics) = (Arc::clone(seen), Arc::clone(seen));
    http::health(
        Arc::new(move || ready.condition().told()),
        Arc::new(move || metrics.figures()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(condition: &Condition) -> (bool, String) {
        condition.told()
    }

    #[test]
    fn a_bot_that_is_well_says_so() {
        let late_soon = Condition {
            oldest: LATE - Duration::from_secs(1),
            ..Condition::default()
        };
        assert_eq!(told(&late_soon), (true, "ready\n".to_owned()));
    }

    #[test]
    fn a_store_that_failed_is_told_with_its_cause() {
        let broken = Condition {
            store: Some("the store cannot write to disk: no space left on device".to_owned()),
            ..Condition::default()
        };
        let (ready, said) = told(&broken);
        assert!(!ready);
        assert_eq!(
            said,
            "not ready\nThe store has failed (the store cannot write to disk: no space left on device): nothing more can be saved, and the program ends.\n"
        );
    }

    #[test]
    fn a_database_that_is_away_is_told_and_is_waited_for() {
        let away = Condition {
            away: Some("the store cannot be reached: connection refused".to_owned()),
            ..Condition::default()
        };
        let (ready, said) = told(&away);
        assert!(!ready);
        assert_eq!(
            said,
            "not ready\nThe database is away (the store cannot be reached: connection refused): nothing can be saved until it is back, and it is tried again.\n"
        );
    }

    #[test]
    fn late_posts_are_told_and_are_no_reason_to_send_nothing_more() {
        let late = Condition {
            oldest: Duration::from_secs(60 * 61),
            ..Condition::default()
        };
        let (ready, said) = told(&late);
        assert!(ready);
        assert_eq!(
            said,
            "ready\nPosts to Slack are late, the oldest by 61 minutes: they are kept and sent when Slack takes them.\n"
        );
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let condition = Condition {
            store: Some("x".to_owned()),
            away: None,
            unconnected: true,
            unanswered: true,
            oldest: LATE,
        };
        let (ready, said) = told(&condition);
        assert!(!ready);
        assert_eq!(said.lines().count(), 4, "{said}");
    }
}
