//! What is said to Slack as the app itself: a code for tokens, tokens for the next ones (<https://docs.slack.dev/authentication>). Pages, and what is kept, are not in here.

use super::client::{CallError, Client};
use super::inbound::lenient::Maybe;
use crate::seal::Tokens;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::BTreeSet;
use url::Url;

/// The app, as Slack knows it.
#[derive(Clone, Debug)]
pub struct AppIdentity {
    /// Its client id.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: SecretString,
    /// Where the bot is reached, without a slash at its end.
    pub public_url: Url,
    /// What it asks for.
    pub scopes: &'static [&'static str],
    /// It is one that takes PKCE.
    pub pkce: bool,
    /// Its tokens are to end, so such that do not are exchanged once.
    pub rotation: bool,
}

/// What Slack granted.
#[derive(Debug)]
pub struct Grant {
    /// For calls.
    pub tokens: Tokens,
    /// When the token ends.
    pub expires_at: Option<Timestamp>,
    /// What the bot may do; none where Slack did not say.
    pub scopes: Option<BTreeSet<String>>,
    /// The workspace, with its name.
    pub team: Option<(String, String)>,
    /// The organisation, with its name.
    pub enterprise: Option<(String, String)>,
    /// It is for all workspaces of the organisation.
    pub is_wide: bool,
    /// The app.
    pub app: String,
    /// The bot, as a person.
    pub bot: String,
    /// Who granted it.
    pub by: String,
}

#[derive(Deserialize)]
struct GrantWire {
    access_token: String,
    #[serde(default)]
    refresh_token: Maybe<String>,
    #[serde(default)]
    expires_in: Maybe<i64>,
    #[serde(default)]
    token_type: Maybe<String>,
    #[serde(default)]
    scope: Maybe<String>,
    #[serde(default)]
    bot_user_id: Maybe<String>,
    #[serde(default)]
    app_id: Maybe<String>,
    #[serde(default)]
    team: Maybe<NamedWire>,
    #[serde(default)]
    enterprise: Maybe<NamedWire>,
    #[serde(default)]
    authed_user: Maybe<PersonWire>,
    #[serde(default)]
    is_enterprise_install: Maybe<bool>,
}

#[derive(Deserialize)]
struct NamedWire {
    id: String,
    #[serde(default)]
    name: Maybe<String>,
}

#[derive(Deserialize)]
struct PersonWire {
    id: String,
}

impl NamedWire {
    fn pair(self) -> (String, String) {
        let name = self.name.text().unwrap_or_else(|| self.id.clone());
        (self.id, name)
    }
}

impl GrantWire {
    fn grant(self, now: Timestamp) -> Result<Grant, CallError> {
        let is_bots = self.token_type.0.as_deref().is_none_or(|it| it == "bot");
        if !is_bots || self.access_token.is_empty() {
            return Err(CallError::Garbled);
        }
        let refresh = self.refresh_token.text();
        let lasts = self.expires_in.0.filter(|_| refresh.is_some());
        let expires_at = lasts.and_then(|it| now.checked_add(SignedDuration::from_secs(it)).ok());
        let scopes = self.scope.text().map(|scopes| {
            let scopes = scopes.split(',').map(str::trim);
            scopes.map(str::to_owned).collect()
        });
        Ok(Grant {
            tokens: Tokens {
                access: SecretString::from(self.access_token),
                refresh: refresh.map(SecretString::from),
            },
            expires_at,
            scopes,
            team: self.team.0.map(NamedWire::pair),
            enterprise: self.enterprise.0.map(NamedWire::pair),
            is_wide: self.is_enterprise_install.is_true(),
            app: self.app_id.or_empty(),
            bot: self.bot_user_id.or_empty(),
            by: self.authed_user.0.map(|it| it.id).unwrap_or_default(),
        })
    }
}

impl AppIdentity {
    /// Where Slack sends browsers back to.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/slack/oauth_redirect", self.base())
    }

    /// Where the app is installed from.
    #[must_use]
    pub fn install_url(&self) -> String {
        format!("{}/slack/install", self.base())
    }

    fn base(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// Exchanges the code that came with a browser.
    ///
    /// # Errors
    /// As every call.
    pub async fn redeem(
        &self,
        client: &Client,
        code: &str,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Result<Grant, CallError> {
        let redirect_uri = self.redirect_uri();
        let mut pairs = vec![("code", code), ("redirect_uri", &redirect_uri)];
        pairs.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.call(client, "oauth.v2.access", &pairs, now).await
    }

    /// Exchanges tokens that end for the next ones; those that do not end, once, for such that do.
    ///
    /// # Errors
    /// As every call. Where its end is not known, the old refresh token may be spent.
    pub async fn refresh(
        &self,
        client: &Client,
        tokens: &Tokens,
        now: Timestamp,
    ) -> Result<Grant, CallError> {
        let (method, pairs) = match &tokens.refresh {
            Some(refresh) => (
                "oauth.v2.access",
                [
                    ("grant_type", "refresh_token"),
                    ("refresh_token", refresh.expose_secret()),
                ]
                .to_vec(),
            ),
            None => (
                "oauth.v2.exchange",
                [("token", tokens.access.expose_secret())].to_vec(),
            ),
        };
        self.call(client, method, &pairs, now).await
    }

    async fn call(
        &self,
        client: &Client,
        method: &str,
        pairs: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<Grant, CallError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let who = (&*self.client_id, self.client_secret.expose_secret());
        let connector = client.connector();
        let call = connector.post_as_the_app::<GrantWire>(method, who, form);
        client.counted(method, call).await?.grant(now)
    }
}
