//! What stays of a loop that was erased, and what the bot takes back in Slack after it. Who may erase one is in `interview_loop::erase`.

use super::event::Trouble;
use super::ids::{ChannelId, LoopCode, MessageTs, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something of a loop's that the bot sent, and can take back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// A message.
    Message {
        /// Where.
        channel: ChannelId,
        /// Under which name.
        ts: MessageTs,
    },
    /// A file in somebody's direct messages, by Slack's id.
    File(String),
}

impl Sent {
    /// When a message was sent, by its name; of a file it is not known.
    #[must_use]
    pub fn ts(&self) -> Option<&MessageTs> {
        match self {
            Self::Message { ts, .. } => Some(ts),
            Self::File(_) => None,
        }
    }
}

/// What stays of a loop that was erased: that it was, and how much went. Nothing in it is about the candidate or says what anybody gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Its code, which no other loop gets.
    pub code: LoopCode,
    /// When.
    pub at: Timestamp,
    /// By whom: they get the receipt. Absent: its time was up, and nobody gets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Where its thread was: what people wrote in it stays.
    pub channel: ChannelId,
    /// Where it was before: it was moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<ChannelId>,
    /// When it was opened: digests and reminders named it from then on.
    pub opened_at: Timestamp,
    /// How many scorecards went.
    pub scorecards: usize,
    /// How many entries of its history went.
    pub entries: usize,
    /// How many messages and files were taken back.
    #[serde(default)]
    pub taken_back: usize,
    /// What Slack did not let the bot take back, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<(Sent, Trouble)>,
    /// The receipt is out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

impl Erased {
    /// One more was taken back, or could not be.
    #[must_use]
    pub fn without(mut self, sent: Sent, trouble: Option<Trouble>) -> Self {
        match trouble {
            None => self.taken_back += 1,
            Some(why) => self.left.push((sent, why)),
        }
        self
    }
}
