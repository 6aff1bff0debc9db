//! A channel's digest: when it comes, and what it was last. What it says is read in `app`, when it is due is reckoned in `schedule`.

use super::days::Days;
use super::event::Trouble;
use super::ids::{ChannelId, UserId};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// A channel's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Where.
    pub channel: ChannelId,
    /// When it comes.
    pub rhythm: Rhythm,
    /// It also comes when there is nothing to say.
    #[serde(default)]
    pub even_if_empty: bool,
    /// Who set it up: told when it cannot be posted any more.
    pub set_by: UserId,
    /// When it was set up, or changed last.
    pub set_at: Timestamp,
    /// The last one that was begun, or found to have nothing to say.
    #[serde(default)]
    pub last: Option<LastDigest>,
    /// The one before it: the last one again, where the call for the last one certainly did nothing.
    #[serde(default)]
    pub previous: Option<LastDigest>,
    /// Why it rests: who set it up was told so.
    #[serde(default)]
    pub paused: Option<Trouble>,
}

/// When a digest comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// The time of day.
    pub at: Time,
    /// On these days.
    pub days: Days,
    /// The IANA name of the time zone.
    pub zone: String,
}

/// A digest that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDigest {
    /// The moment that it was due: there is one a local day, whatever becomes of the clock, the rhythm or the zone.
    pub due: Timestamp,
    /// Up to when it tells: the next one goes on from here.
    pub until: Timestamp,
}
