//! What goes into calls and what comes out, in our words. The calls are not in here.

use std::collections::{BTreeMap, BTreeSet};

use std::time::Duration;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use slack_morphism::prelude::SlackBlock;
use url::Url;

use secrecy::SecretString;

/// Which Slack, as whom, and how patiently.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Where the methods are: `https://slack.com/api`, or a simulator's. With or without a slash at its end.
    pub api_url: Url,
    /// The bot's token, `xoxb-…`; none where each workspace has its own.
    pub bot_token: Option<SecretString>,
    /// The app's token, `xapp-…`; only the socket needs it.
    pub app_token: Option<SecretString>,
    /// Certificate authorities to trust besides the system's.
    pub extra_ca: Vec<CertificateDer<'static>>,
    /// How long a connection may take to stand, TLS included.
    pub connect_timeout: Duration,
    /// How long a whole call may take.
    pub timeout: Duration,
}

impl ClientSettings {
    /// Slack itself, five seconds to connect and ten for a whole call.
    ///
    /// # Panics
    ///
    /// Never: the URL is a constant.
    #[must_use]
    pub fn new(bot_token: impl Into<Option<SecretString>>) -> Self {
        Self {
            api_url: Url::parse("https://slack.com/api").expect("a constant URL"),
            bot_token: bot_token.into(),
            app_token: None,
            extra_ca: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
        }
    }
}

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The workspace the token belongs to; for an org-wide installation the enterprise.
    pub team_id: String,
    /// The enterprise, where there is one.
    pub enterprise_id: Option<String>,
    /// The bot as a person that can be mentioned.
    pub bot_user_id: String,
    /// The bot as the author of messages.
    pub bot_id: Option<String>,
}

/// Who the bot is, as somebody who looks after it wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// In ids.
    pub identity: Identity,
    /// What the bot is called; empty where Slack does not tell.
    pub bot: String,
    /// What the workspace is called.
    pub workspace: String,
    /// What the app may do, where Slack told.
    pub scopes: Option<BTreeSet<String>>,
    /// What time it is, by Slack's clock, to the second.
    pub at: Option<Timestamp>,
}

/// A message to post. Links are not unfurled, and names in its text are not turned into mentions.
#[derive(Clone, Default)]
pub struct Outgoing {
    /// A conversation, or a person for a direct message.
    pub channel: String,
    /// The thread to post into: its first message.
    pub thread_ts: Option<String>,
    /// What notifications show and screen readers read. Escaped by the caller.
    pub text: String,
    /// What everybody else sees, at most 50 (<https://docs.slack.dev/block-kit>).
    pub blocks: Vec<SlackBlock>,
    /// An event type and its values. Every member of the workspace can read it.
    pub metadata: Option<(String, BTreeMap<String, String>)>,
}

/// Where a message went.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// The conversation; for a direct message not what was asked for.
    pub channel: String,
    /// The message's id in it.
    pub ts: String,
}

/// An answer to a response URL (<https://docs.slack.dev/interactivity/handling-user-interaction>).
#[derive(Clone, Default, Serialize)]
pub struct Response {
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The blocks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<SlackBlock>,
    /// Instead of the message that was clicked.
    pub replace_original: bool,
    /// Deletes the message that was clicked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub delete_original: bool,
    /// Who sees it.
    pub response_type: ResponseType,
    /// The thread to answer in; only together with [`ResponseType::InChannel`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_ts: Option<String>,
}

/// Who sees an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// Only who acted.
    #[default]
    Ephemeral,
    /// Everybody in the conversation.
    InChannel,
}

crate::slack::inbound::quiet_debug!(Outgoing, Response);
