//! Why a person could not do something, in a sentence and in Slack's own words.
//!
//! Not in here: what an app is refused (`web_api`).

/// Why a person could not do something. The sentence is what they would see, more or less.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Complaint {
    /// Nobody has this name or id, or they are deactivated.
    #[error("nobody here is called {0}")]
    NoSuchPerson(String),
    /// No channel has this name or id, as far as this person sees.
    #[error("there is no channel {0} for this person")]
    NoSuchChannel(String),
    /// The person is not in the channel.
    #[error("only members can write here")]
    NotAMember,
    /// The channel is archived.
    #[error("this channel is archived")]
    Archived,
    /// The app has no Home tab.
    #[error("this app has no Home tab")]
    NoHome,
    /// The message is gone, or not for this person.
    #[error("there is no such message before this person")]
    NoSuchMessage,
    /// The view is closed, covered or somebody else's.
    #[error("there is no such view before this person")]
    NoSuchView,
    /// Nothing to click, choose or fill in under these ids.
    #[error("there is no such control here: {0}")]
    NoSuchControl(String),
    /// Not the app's command.
    #[error("{0} is not a valid command")]
    UnknownCommand(String),
    /// Slack refuses apps' commands in threads.
    #[error("commands of apps are not supported in threads")]
    CommandInThread,
    /// No app is connected.
    #[error("the app is not connected (dispatch_failed)")]
    NotConnected,
    /// The connection ended before the ack.
    #[error("the connection to the app was lost (dispatch_failed)")]
    ConnectionLost,
    /// No ack within three seconds.
    #[error("the app did not respond in time (operation_timeout)")]
    OperationTimeout,
    /// The app answered with this HTTP status.
    #[error("the app answered with HTTP status {0} (dispatch_failed)")]
    HttpStatus(u16),
    /// The app's answer broke Slack's rules; the breaches say which.
    #[error("the app answered with something Slack does not take")]
    BadAnswer,
}

impl Complaint {
    /// Slack's word for it in `/command failed with the error "…"`.
    pub(crate) fn slack_word(&self) -> &'static str {
        match self {
            Self::OperationTimeout => "operation_timeout",
            _ => "dispatch_failed",
        }
    }

    /// Slack's `x-slack-retry-reason`.
    pub(crate) fn retry_reason(&self) -> &'static str {
        match self {
            Self::OperationTimeout => "http_timeout",
            Self::HttpStatus(_) => "http_error",
            Self::ConnectionLost | Self::NotConnected => "connection_failed",
            _ => "unknown_error",
        }
    }
}
