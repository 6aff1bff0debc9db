//! What one call to Slack is to do. Whether it is time for it is decided by the outbox.

use crate::app::scene::{Address, Addressed, PostScene};
use crate::domain::erasure::Sent;
use crate::domain::ids::{ChannelId, MessageTs};
use crate::slack::client::{Client, Outgoing};
use crate::slack::connector::CallError;
use crate::slack::screens::{self, Drawn};
use std::collections::BTreeMap;

/// Where a message stands after a call; nowhere, after one that takes something back.
pub(super) type Standing = Option<(ChannelId, MessageTs)>;

/// What a call does.
#[derive(Clone)]
pub(super) enum Doing {
    /// Posts a message.
    Posts(Address),
    /// Changes one that stands.
    Updates(Address),
    /// Takes something back.
    TakesBack(Sent),
}

impl Doing {
    pub(super) fn of(addressed: &Addressed) -> Self {
        match addressed.standing {
            None => Self::Posts(addressed.to.clone()),
            Some(_) => Self::Updates(addressed.to.clone()),
        }
    }

    /// By which of Slack's methods: each has a pace of its own.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Posts(_) => "chat.postMessage",
            Self::Updates(_) => "chat.update",
            Self::TakesBack(Sent::Message { .. }) => "chat.delete",
            Self::TakesBack(Sent::File(_)) => "files.delete",
        }
    }

    /// The conversation that gets one more message.
    pub(super) fn adds_to(&self) -> Option<String> {
        match self {
            Self::Posts(to) => Some(name_of(to)),
            Self::Updates(_) | Self::TakesBack(_) => None,
        }
    }
}

fn name_of(to: &Address) -> String {
    match to {
        Address::Channel(channel) => channel.to_string(),
        Address::Person(user) => user.to_string(),
    }
}

/// Draws a post and sends it.
pub(super) async fn send(
    client: Client,
    addressed: Addressed,
    attempt: String,
) -> Result<Standing, CallError> {
    let home = match &addressed.scene {
        PostScene::Digest(_) => client.home().await,
        _ => None,
    };
    let Drawn { text, blocks } = screens::draw_linked(&addressed.scene, home);
    let channel = name_of(&addressed.to);
    if let Some(ts) = addressed.standing {
        let updating = client.update_message(&channel, ts.as_str(), &text, &blocks, None);
        updating.await?;
        return Ok(Some((ChannelId::from(channel), ts)));
    }
    let message = Outgoing {
        channel,
        thread_ts: addressed.thread.map(|ts| ts.to_string()),
        text,
        blocks,
        metadata: Some((
            "interview_post".to_owned(),
            BTreeMap::from([("attempt".to_owned(), attempt)]),
        )),
    };
    let posted = client.post_message(&message).await?;
    Ok(Some((posted.channel.into(), posted.ts.into())))
}

/// Takes something back.
pub(super) async fn take_back(client: Client, sent: Sent) -> Result<Standing, CallError> {
    match &sent {
        Sent::Message { channel, ts } => {
            client.delete_message(channel.as_str(), ts.as_str()).await?;
        }
        Sent::File(file) => client.delete_file(file).await?,
    }
    Ok(None)
}
