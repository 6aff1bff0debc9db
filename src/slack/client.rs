//! Calls to Slack's Web API: one method each, tried once. Pacing, repeating, and what to say are not in here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use slack_morphism::SlackClient;
use slack_morphism::prelude::{
    SlackApiAppsConnectionOpenRequest, SlackApiChatPostEphemeralRequest,
    SlackApiChatPostMessageRequest, SlackApiChatUpdateRequest, SlackApiToken,
    SlackApiViewsOpenRequest, SlackApiViewsPublishRequest, SlackApiViewsPushRequest,
    SlackApiViewsUpdateRequest, SlackBlock, SlackMessageContent, SlackMessageMetadata, SlackView,
};
use url::Url;

use super::connector::{self, Connector, Wiring, is_loopback};
mod files;
mod shapes;

pub use self::files::{FILE_ALT_TEXT, Upload};
pub use self::shapes::{
    ClientSettings, Examined, Identity, Outgoing, Posted, Response, ResponseType,
};
pub use super::connector::{CallError, NoToken, Unreached, UnusableSettings};
use super::inbound::lenient::Maybe;
use super::seen::{ChannelSeen, PersonSeen};
use crate::telemetry::figures::{self, Called, OfSlack};
use futures_util::TryFutureExt as _;
use secrecy::{ExposeSecret as _, SecretString};

/// The bot's line to Slack, in one workspace or, without a bot token, in none. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    line: Arc<Line>,
    bot: Result<SlackApiToken, NoToken>,
    /// The team that a call of an organisation's token has to name.
    team: Option<String>,
    home: OnceLock<Url>,
    on_refusal: Option<OnRefusal>,
}

/// What all clients of a bot have in common.
struct Line {
    slack: SlackClient<Connector>,
    app: Option<SlackApiToken>,
    figures: OfSlack,
}

/// Who is told that Slack does not take a token, with its code.
pub(super) type OnRefusal = Box<dyn Fn(&str) + Send + Sync>;

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

#[derive(Deserialize)]
struct IdentityWire {
    #[serde(rename = "user_id")]
    bot_user: String,
    #[serde(default, rename = "team_id")]
    team: Maybe<String>,
    #[serde(default, rename = "enterprise_id")]
    enterprise: Maybe<String>,
    #[serde(default, rename = "bot_id")]
    bot: Maybe<String>,
    #[serde(default)]
    url: Maybe<String>,
    #[serde(default)]
    user: Maybe<String>,
    #[serde(default, rename = "team")]
    workspace: Maybe<String>,
}

impl IdentityWire {
    fn told(self) -> Result<Identity, CallError> {
        let enterprise_id = self.enterprise.text();
        let team_id = self.team.text().or_else(|| enterprise_id.clone());
        Ok(Identity {
            team_id: team_id.ok_or(CallError::Garbled)?,
            enterprise_id,
            bot_user_id: self.bot_user,
            bot_id: self.bot.text(),
        })
    }
}

/// An answer of which nothing matters but that it is one.
#[derive(Deserialize)]
struct Done {}

#[derive(Deserialize)]
struct PersonWire {
    user: PersonSeen,
}

#[derive(Deserialize)]
struct ChannelWire {
    channel: ChannelSeen,
}

#[derive(Deserialize)]
struct MembersWire {
    users: Vec<String>,
}

#[derive(Deserialize)]
struct PermalinkWire {
    permalink: String,
}

#[derive(Deserialize)]
struct UrlWire {
    url: String,
}

fn token(secret: &SecretString) -> SlackApiToken {
    SlackApiToken::new(secret.expose_secret().to_owned().into())
}

fn content(
    text: &str,
    blocks: &[SlackBlock],
    metadata: Option<&(String, BTreeMap<String, String>)>,
) -> SlackMessageContent {
    // An update with a text and without blocks takes the blocks away.
    let content = SlackMessageContent::new()
        .with_text(text.to_owned())
        .opt_blocks((!blocks.is_empty()).then(|| blocks.to_vec()));
    match metadata {
        None => content,
        Some((event_type, payload)) => content.with_metadata(
            SlackMessageMetadata::new(event_type.clone())
                .with_event_payload(payload.clone().into_iter().collect()),
        ),
    }
}

impl Client {
    /// Builds the client; nothing is connected to yet.
    ///
    /// # Errors
    ///
    /// When the settings cannot work: a URL that is neither `https` nor on this machine, an unusable certificate file.
    pub fn new(settings: &ClientSettings) -> Result<Self, UnusableSettings> {
        let connector = Connector::new(&Wiring {
            api_url: settings.api_url.clone(),
            extra_ca: settings.extra_ca.clone(),
            connect_timeout: settings.connect_timeout,
            timeout: settings.timeout,
        })?;
        let line = Line {
            slack: SlackClient::new(connector),
            app: settings.app_token.as_ref().map(token),
            figures: OfSlack::default(),
        };
        let bot = settings.bot_token.as_ref().map(token);
        Ok(Self(Arc::new(Inner {
            line: Arc::new(line),
            bot: bot.ok_or(NoToken::NotInstalled),
            team: None,
            home: OnceLock::new(),
            on_refusal: None,
        })))
    }

    /// The same line with another bot token, or with the reason why there is none.
    pub(super) fn speaking_as(
        &self,
        bot: Result<&SecretString, NoToken>,
        team: Option<String>,
        on_refusal: Option<OnRefusal>,
    ) -> Self {
        Self(Arc::new(Inner {
            line: Arc::clone(&self.0.line),
            bot: bot.map(token),
            team,
            home: OnceLock::new(),
            on_refusal,
        }))
    }

    /// Why nothing can be said in this workspace, if it cannot: each call would end with that.
    #[must_use]
    pub fn cannot_speak(&self) -> Option<NoToken> {
        self.0.bot.as_ref().err().copied()
    }

    fn bot(&self) -> Result<&SlackApiToken, CallError> {
        self.0.bot.as_ref().map_err(|why| CallError::NoToken(*why))
    }

    /// Where the edge to Slack counts, this client's calls among it.
    #[must_use]
    pub fn figures(&self) -> &OfSlack {
        &self.0.line.figures
    }

    /// Counts a call, with what became of it.
    pub(super) async fn counted<T>(
        &self,
        method: &str,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let began = Instant::now();
        let ended = call.await;
        let outcome = match &ended {
            Ok(_) => Called::ok,
            Err(error) => error.counts_as(),
        };
        let took = began.elapsed();
        self.figures().called(method, outcome, took);
        match (&ended, &self.0.on_refusal) {
            (Err(CallError::RateLimited { after }), _) => {
                self.figures().asked_to_wait(method, *after);
            }
            (Err(error), Some(tell)) if error.is_of_the_token() => {
                tell(error.code().unwrap_or_default());
            }
            _ => {}
        }
        tracing::debug!(method, ?outcome, micros = took.as_micros(), "called Slack");
        ended
    }

    pub(super) fn connector(&self) -> &Connector {
        &self.0.line.slack.http_api.connector
    }

    async fn post<RS: for<'de> Deserialize<'de> + Send>(
        &self,
        method: &str,
        body: &(impl Serialize + Send + Sync),
    ) -> Result<RS, CallError> {
        self.post_as(self.bot()?, method, body).await
    }

    async fn post_as<RS: for<'de> Deserialize<'de> + Send>(
        &self,
        token: &SlackApiToken,
        method: &str,
        body: &(impl Serialize + Send + Sync),
    ) -> Result<RS, CallError> {
        let session = self.0.line.slack.open_session(token);
        let call = session.http_session_api.http_post(method, body, None);
        self.counted(method, call.map_err(connector::unwrap)).await
    }

    async fn get<RS: for<'de> Deserialize<'de> + Send>(
        &self,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<RS, CallError> {
        let query: Vec<_> = query
            .iter()
            .map(|(key, value)| (*key, Some(value)))
            .collect();
        let session = self.0.line.slack.open_session(self.bot()?);
        let call = session.http_session_api.http_get(method, &query, None);
        self.counted(method, call.map_err(connector::unwrap)).await
    }

    /// Who the bot is (<https://docs.slack.dev/reference/methods/auth.test>).
    ///
    /// # Errors
    ///
    /// As every call: see [`CallError`].
    pub async fn auth_test(&self) -> Result<Identity, CallError> {
        let wire: IdentityWire = self.get("auth.test", &[]).await?;
        if let Some(url) = wire
            .url
            .clone()
            .text()
            .and_then(|url| Url::parse(&url).ok())
        {
            // Told before: it does not change while we run.
            let _ = self.0.home.set(url);
        }
        wire.told()
    }

    /// Who the bot is, and what the answer's head tells beside it: what the app may do
    /// (<https://docs.slack.dev/authentication/installing-with-oauth>, `X-OAuth-Scopes`), and the time.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn examine(&self) -> Result<Examined, CallError> {
        let token = &self.bot()?.token_value.0;
        let asked = self.connector().ask_with_head("auth.test", token);
        let (head, mut wire): (HeaderMap, IdentityWire) = self.counted("auth.test", asked).await?;
        let text = |name: &str| head.get(name)?.to_str().ok().map(str::to_owned);
        let scopes = text("x-oauth-scopes");
        let at = text("date").and_then(|date| jiff::fmt::rfc2822::parse(&date).ok());
        Ok(Examined {
            bot: std::mem::take(&mut wire.user).or_empty(),
            workspace: std::mem::take(&mut wire.workspace).or_empty(),
            identity: wire.told()?,
            scopes: scopes.map(|all| all.split(',').map(|one| one.trim().to_owned()).collect()),
            at: at.map(|at| at.timestamp()),
        })
    }

    /// Where Slack shows the workspace, `https://northwind.slack.com/`: what links into it begin with. Absent while Slack has not told.
    pub async fn home(&self) -> Option<&Url> {
        if self.0.home.get().is_none()
            && let Err(error) = self.auth_test().await
        {
            tracing::debug!(%error, "there are no links: Slack did not tell where the workspace is");
        }
        self.0.home.get()
    }

    /// Posts a message (<https://docs.slack.dev/reference/methods/chat.postMessage>).
    ///
    /// # Errors
    ///
    /// As every call; after [`CallError::maybe_done`] it may stand there all the same.
    pub async fn post_message(&self, message: &Outgoing) -> Result<Posted, CallError> {
        let content = content(&message.text, &message.blocks, message.metadata.as_ref());
        let request = SlackApiChatPostMessageRequest::new(message.channel.clone().into(), content)
            .opt_thread_ts(message.thread_ts.clone().map(Into::into))
            .with_link_names(false)
            .with_parse("none".to_owned())
            .with_unfurl_links(false)
            .with_unfurl_media(false);
        self.post("chat.postMessage", &request).await
    }

    /// Changes a message of the bot's (<https://docs.slack.dev/reference/methods/chat.update>). Its text may have at most
    /// 4,000 characters. Metadata that is not given stays.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn update_message(
        &self,
        channel: &str,
        ts: &str,
        text: &str,
        blocks: &[SlackBlock],
        metadata: Option<&(String, BTreeMap<String, String>)>,
    ) -> Result<(), CallError> {
        let content = content(text, blocks, metadata);
        let request = SlackApiChatUpdateRequest::new(
            channel.to_owned().into(),
            content,
            ts.to_owned().into(),
        )
        .with_link_names(false)
        .with_parse("none".to_owned());
        let Done {} = self.post("chat.update", &request).await?;
        Ok(())
    }

    /// Takes a message of the bot's back (<https://docs.slack.dev/reference/methods/chat.delete>). Where others have replied to it, a line
    /// that it was deleted stays above their replies.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn delete_message(&self, channel: &str, ts: &str) -> Result<(), CallError> {
        let body = json!({ "channel": channel, "ts": ts });
        let Done {} = self.post("chat.delete", &body).await?;
        Ok(())
    }

    /// Posts something only one person sees (<https://docs.slack.dev/reference/methods/chat.postEphemeral>). Delivery is
    /// not promised by Slack.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn post_ephemeral(
        &self,
        channel: &str,
        user: &str,
        thread_ts: Option<&str>,
        text: &str,
        blocks: &[SlackBlock],
    ) -> Result<(), CallError> {
        let request = SlackApiChatPostEphemeralRequest::new(
            channel.to_owned().into(),
            user.to_owned().into(),
            content(text, blocks, None),
        )
        .opt_thread_ts(thread_ts.map(|ts| ts.to_owned().into()))
        .with_link_names(false)
        .with_parse("none".to_owned());
        let Done {} = self.post("chat.postEphemeral", &request).await?;
        Ok(())
    }

    /// Opens a modal (<https://docs.slack.dev/reference/methods/views.open>), within three seconds of the trigger.
    ///
    /// # Errors
    ///
    /// As every call; a trigger that is too old or used is a refusal.
    pub async fn open_view(&self, trigger_id: &str, view: SlackView) -> Result<(), CallError> {
        let request = SlackApiViewsOpenRequest::new(trigger_id.to_owned().into(), view);
        let Done {} = self.post("views.open", &request).await?;
        Ok(())
    }

    /// Changes a modal that is open (<https://docs.slack.dev/reference/methods/views.update>). With the hash of the version
    /// it was made from, Slack refuses to overwrite a newer one (`hash_conflict`).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn update_view(
        &self,
        external_id: &str,
        hash: Option<String>,
        view: SlackView,
    ) -> Result<(), CallError> {
        let request = SlackApiViewsUpdateRequest::new(view)
            .with_external_id(external_id.to_owned())
            .opt_hash(hash);
        let Done {} = self.post("views.update", &request).await?;
        Ok(())
    }

    /// Lays a modal over the one that was clicked in (<https://docs.slack.dev/reference/methods/views.push>): three lie upon each
    /// other at most.
    ///
    /// # Errors
    ///
    /// As every call; as for [`Client::open_view`], and where the stack is full.
    pub async fn push_view(&self, trigger_id: &str, view: SlackView) -> Result<(), CallError> {
        let request = SlackApiViewsPushRequest::new(trigger_id.to_owned().into(), view);
        let Done {} = self.post("views.push", &request).await?;
        Ok(())
    }

    /// Changes a modal that is open, by the id that Slack gave it; wherever it lies in its stack.
    ///
    /// # Errors
    ///
    /// As every call; `not_found` when it was closed.
    pub async fn redraw_view(&self, view_id: &str, view: SlackView) -> Result<(), CallError> {
        let request = SlackApiViewsUpdateRequest::new(view).with_view_id(view_id.to_owned().into());
        let Done {} = self.post("views.update", &request).await?;
        Ok(())
    }

    /// Shows this on somebody's Home tab (<https://docs.slack.dev/reference/methods/views.publish>). The same one twice changes nothing.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn publish_view(&self, user: &str, view: SlackView) -> Result<(), CallError> {
        let request = SlackApiViewsPublishRequest::new(user.to_owned().into(), view);
        let Done {} = self.post("views.publish", &request).await?;
        Ok(())
    }

    /// What Slack knows of a person (<https://docs.slack.dev/reference/methods/users.info>).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn person(&self, user: &str) -> Result<PersonSeen, CallError> {
        let wire: PersonWire = self.get("users.info", &[("user", user)]).await?;
        Ok(wire.user)
    }

    /// What Slack knows of a conversation (<https://docs.slack.dev/reference/methods/conversations.info>).
    ///
    /// # Errors
    ///
    /// As every call; `channel_not_found` also stands for one the bot may not see.
    pub async fn channel(&self, channel: &str) -> Result<ChannelSeen, CallError> {
        let wire: ChannelWire = self
            .get("conversations.info", &[("channel", channel)])
            .await?;
        Ok(wire.channel)
    }

    /// Who is in a user group (<https://docs.slack.dev/reference/methods/usergroups.users.list>).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn group_members(&self, group: &str) -> Result<Vec<String>, CallError> {
        let mut query = vec![("usergroup", group)];
        query.extend((self.0.team.as_deref()).map(|team| ("team_id", team)));
        let wire: MembersWire = self.get("usergroups.users.list", &query).await?;
        Ok(wire.users)
    }

    /// A link to a message (<https://docs.slack.dev/reference/methods/chat.getPermalink>).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn permalink(&self, channel: &str, ts: &str) -> Result<String, CallError> {
        let query = [("channel", channel), ("message_ts", ts)];
        let wire: PermalinkWire = self.get("chat.getPermalink", &query).await?;
        Ok(wire.permalink)
    }

    /// Where to connect a socket, once (<https://docs.slack.dev/reference/methods/apps.connections.open>). The URL is a
    /// ticket: never log it. It is `wss`, or `ws` between an API and a socket that are both on this machine.
    ///
    /// # Errors
    ///
    /// As every call; [`Unreached::Unsendable`] without an app token, [`Unreached::NotSlack`] for any other URL.
    pub async fn socket_url(&self) -> Result<Url, CallError> {
        let app = self.0.line.app.as_ref();
        let app = app.ok_or(CallError::Unreachable(Unreached::Unsendable))?;
        let request = SlackApiAppsConnectionOpenRequest::new();
        let wire: UrlWire = self.post_as(app, "apps.connections.open", &request).await?;
        let url = Url::parse(&wire.url).map_err(|_| CallError::Garbled)?;
        let local = self.connector().base().scheme() == "http" && is_loopback(&url);
        match url.scheme() {
            "wss" => Ok(url),
            "ws" if local => Ok(url),
            _ => Err(CallError::Unreachable(Unreached::NotSlack)),
        }
    }

    /// Answers where an interaction said to: at most five times in half an hour. Needs no membership and no token.
    ///
    /// # Errors
    ///
    /// As every call; an expired URL is a status of 404 or 410. [`Unreached::NotSlack`], without a call, for any address
    /// but `https` at Slack's hosts, and the host and port of the API's URL.
    pub async fn respond(&self, response_url: &str, response: &Response) -> Result<(), CallError> {
        let url = Url::parse(response_url)
            .ok()
            .filter(|url| self.is_slack(url))
            .ok_or(CallError::Unreachable(Unreached::NotSlack))?;
        let call = self.connector().post_bare(url, response);
        self.counted(figures::RESPONSE_URL, call).await
    }

    fn is_slack(&self, url: &Url) -> bool {
        let base = self.connector().base();
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let same = url.scheme() == base.scheme()
            && url.host() == base.host()
            && url.port_or_known_default() == base.port_or_known_default();
        let host = url.host_str().unwrap_or_default();
        let slacks = url.scheme() == "https"
            && url.port().is_none()
            && [".slack.com", ".slack-gov.com"]
                .iter()
                .any(|suffix| host.len() > suffix.len() && host.ends_with(suffix));
        same || slacks
    }
}

#[cfg(test)]
mod tests;
