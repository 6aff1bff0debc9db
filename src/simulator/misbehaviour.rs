//! What a pretend Slack does wrong when asked to.
//!
//! Not in here: the deeds done to live sockets (`socket_mode`) and the answers spoilt (`web_api`).

use tokio::sync::{oneshot, watch};

/// A way to misbehave. Where a `method` is named, only calls of that Web API method are affected;
/// posts to a response URL count as the method `response_url`, posts of bytes as `file_upload`. Where none is named, all are, except
/// `apps.connections.open`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// HTTP 429 with `Retry-After`, for the next `times` calls.
    RateLimit {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
        /// In seconds.
        retry_after: u64,
    },
    /// HTTP 429 that does not say how long to wait, as something between Slack and the app may answer, for the next `times` calls.
    RateLimitUnsaid {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
    },
    /// A page for people instead of JSON, for the next `times` calls; nothing is done.
    Page {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
        /// Its HTTP status, such as 200 or 502.
        status: u16,
    },
    /// Performs the call and sends the first half of the answer, for the next `times` calls.
    CutShort {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
        /// Whether the length of the whole is announced and the connection breaks; else the half looks like all there is.
        announced: bool,
    },
    /// HTTP 503 without a JSON body, for the next `times` calls; nothing is done.
    ServerError {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
    },
    /// No answer for sixty real seconds, then the connection is let go.
    Hang {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
        /// Whether the call takes effect (before the silence).
        performs: bool,
    },
    /// Performs the call, then breaks the connection instead of answering.
    LoseAnswer {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
    },
    /// Answers `{"ok":false,"error":…}` without doing anything, for the next `times` calls.
    Refuse {
        /// All methods when none.
        method: Option<String>,
        /// How many calls.
        times: u32,
        /// Slack's word, such as `internal_error` or `token_revoked`.
        error: String,
    },
    /// Every answer takes this many real milliseconds longer; 0 ends it.
    Slow {
        /// Real milliseconds.
        millis: u64,
    },
    /// Lets go of all live sockets without a close frame.
    DropSockets,
    /// Announces `disconnect` with reason `refresh_requested`, sends nothing more on these sockets, and
    /// closes them a second later.
    RefreshSockets,
    /// Refuses the next `times` calls of `apps.connections.open` with HTTP 503.
    RefuseConnections {
        /// How many calls.
        times: u32,
    },
    /// Every delivery comes twice, with the same ids and payload, until switched off.
    DuplicateDeliveries(bool),
    /// Holds the next so many deliveries back. Whoever did what they tell of waits, as before a client that spins.
    HoldDeliveries(u32),
    /// Sends what is held, each when the one before it was acknowledged.
    SendHeld {
        /// The last one first.
        reversed: bool,
    },
    /// Behaves again: forgets all the above, and sends at once what is held.
    Behave,
}

/// How one call is to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    RateLimited(Option<u64>),
    ServerError,
    Page(u16),
    CutShort { announced: bool },
    Hang { performs: bool },
    LoseAnswer,
    Refused(String),
}

#[derive(Debug)]
struct Order {
    method: Option<String>,
    times: u32,
    fate: Fate,
}

/// The end of a delivery that was held, for whoever sends the next one: it is dropped then.
pub(crate) type Turn = oneshot::Sender<()>;

/// What is still to go wrong.
#[derive(Debug, Default)]
pub(crate) struct Misdeeds {
    orders: Vec<Order>,
    /// How many deliveries are still to be held.
    to_hold: u32,
    /// Those that are.
    held: Vec<oneshot::Sender<Turn>>,
    /// How many are, for whoever waits for it.
    pub holding: watch::Sender<usize>,
    pub duplicate: bool,
    pub slow_millis: u64,
}

impl Misdeeds {
    /// Notes what concerns calls and deliveries; sockets are not handled here.
    pub(crate) fn note(&mut self, what: Misbehaviour) {
        let (method, times, fate) = match what {
            Misbehaviour::RateLimit {
                method,
                times,
                retry_after,
            } => (method, times, Fate::RateLimited(Some(retry_after))),
            Misbehaviour::RateLimitUnsaid { method, times } => {
                (method, times, Fate::RateLimited(None))
            }
            Misbehaviour::Page {
                method,
                times,
                status,
            } => (method, times, Fate::Page(status)),
            Misbehaviour::CutShort {
                method,
                times,
                announced,
            } => (method, times, Fate::CutShort { announced }),
            Misbehaviour::ServerError { method, times } => (method, times, Fate::ServerError),
            Misbehaviour::Hang {
                method,
                times,
                performs,
            } => (method, times, Fate::Hang { performs }),
            Misbehaviour::LoseAnswer { method, times } => (method, times, Fate::LoseAnswer),
            Misbehaviour::Refuse {
                method,
                times,
                error,
            } => (method, times, Fate::Refused(error)),
            Misbehaviour::RefuseConnections { times } => (
                Some("apps.connections.open".to_owned()),
                times,
                Fate::ServerError,
            ),
            Misbehaviour::Slow { millis } => {
                self.slow_millis = millis;
                return;
            }
            Misbehaviour::DuplicateDeliveries(on) => {
                self.duplicate = on;
                return;
            }
            Misbehaviour::HoldDeliveries(count) => {
                self.to_hold = count;
                return;
            }
            Misbehaviour::Behave => {
                // Whoever waits for a held one to be let go goes on.
                *self = Self::default();
                return;
            }
            Misbehaviour::DropSockets
            | Misbehaviour::RefreshSockets
            | Misbehaviour::SendHeld { .. } => return,
        };
        self.orders.push(Order {
            method,
            times,
            fate,
        });
    }

    /// How this call goes wrong, if it does; the oldest order first. Opening a connection goes wrong
    /// only when it is named.
    pub(crate) fn fate(&mut self, method: &str) -> Option<Fate> {
        let order = self.orders.iter_mut().find(|o| {
            o.times > 0
                && match &o.method {
                    Some(named) => named == method,
                    None => method != "apps.connections.open",
                }
        })?;
        order.times -= 1;
        let fate = order.fate.clone();
        self.orders.retain(|o| o.times > 0);
        Some(fate)
    }

    /// A delivery that has to be held: what it waits for.
    pub(crate) fn hold(&mut self) -> Option<oneshot::Receiver<Turn>> {
        self.to_hold = self.to_hold.checked_sub(1)?;
        let (let_go, wait) = oneshot::channel();
        self.held.push(let_go);
        self.holding.send_replace(self.held.len());
        Some(wait)
    }

    /// Those that are held, in their order; none is held any more.
    pub(crate) fn let_go(&mut self) -> Vec<oneshot::Sender<Turn>> {
        self.holding.send_replace(0);
        std::mem::take(&mut self.held)
    }

    /// How many calls are still to be refused for their number.
    pub(crate) fn rate_limits_left(&self) -> u32 {
        self.left(|f| matches!(f, Fate::RateLimited(_)))
    }

    /// How many calls are still to fail with 503.
    pub(crate) fn server_errors_left(&self) -> u32 {
        self.left(|f| *f == Fate::ServerError)
    }

    fn left(&self, kind: impl Fn(&Fate) -> bool) -> u32 {
        self.orders
            .iter()
            .filter(|o| kind(&o.fate))
            .map(|o| o.times)
            .sum()
    }
}
