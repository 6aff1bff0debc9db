//! The two addresses through which people install the app: one sends their browser to Slack, the other takes it back. How tokens are kept is in `clients`.
//!
//! The state that travels through Slack is signed together with a secret that only this browser has, as a cookie: it is of no use in another
//! browser, after ten minutes, or for something else. Opening the first address writes nothing, since anybody may; that a state was used is
//! written, and holds for every process.

mod page;

use self::page::Page;
use super::clients::Clients;
use super::connector::CallError;
use super::oauth::{AppIdentity, Grant};
use crate::app::App;
use crate::clock::Clock;
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::install::{Install, Standing};
use crate::seal::Keys;
use crate::telemetry::chain;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use url::Url;

/// The browser's cookie. With this beginning it comes from this very host, over TLS.
const NAME: &str = "__Host-interview-install";
/// How long an installation may take, in seconds: as long as Slack's code lives (<https://docs.slack.dev/authentication/installing-with-oauth>).
const LASTS: i64 = 600;
/// How far the clocks of two processes may be apart, in seconds.
const SKEW: i64 = 60;
/// What the state is signed for.
const PURPOSE: &str = "install";

/// Whoever takes browsers in.
pub struct Installing {
    app: App,
    clients: Clients,
    keys: Keys,
    identity: AppIdentity,
    command: &'static str,
    bot_name: &'static str,
}

/// What one browser brings back.
#[derive(Default)]
struct Brought {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

impl Installing {
    /// For this app. The command and the bot's name are what people are told to type.
    #[must_use]
    pub fn new(
        app: App,
        clients: Clients,
        keys: Keys,
        identity: AppIdentity,
        (command, bot_name): (&'static str, &'static str),
    ) -> Self {
        Self {
            app,
            clients,
            keys,
            identity,
            command,
            bot_name,
        }
    }

    /// `GET /slack/install` and `GET /slack/oauth_redirect`.
    pub fn routes(self) -> Router {
        Router::new()
            .route("/slack/install", get(begin))
            .route("/slack/oauth_redirect", get(come_back))
            .with_state(Arc::new(self))
    }

    fn clock(&self) -> &Clock {
        self.app.clock()
    }

    /// An address of Slack's beside its Web API.
    fn at_slack(&self, path: &str) -> Url {
        let mut url = self.clients.shared().connector().base().clone();
        url.set_path(path);
        url
    }

    fn signature(&self, state: &str, browser: &str) -> String {
        self.keys.sign(PURPOSE, &bound(state, browser))
    }

    /// Where a browser is sent to.
    fn authorize_url(&self, state: &str, browser: &str) -> Url {
        let signed = format!("{state}.{}", self.signature(state, browser));
        let mut url = self.at_slack("/oauth/v2/authorize");
        url.query_pairs_mut()
            .append_pair("client_id", &self.identity.client_id)
            .append_pair("scope", &self.identity.scopes.join(","))
            .append_pair("redirect_uri", &self.identity.redirect_uri())
            .append_pair("state", &signed);
        if self.identity.pkce {
            let challenge = Sha256::digest(verifier(state, browser));
            url.query_pairs_mut()
                .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(challenge))
                .append_pair("code_challenge_method", "S256");
        }
        url
    }

    /// The state that a browser brought back, if it is this one's and not too old.
    fn own_state<'a>(&self, brought: &'a Brought, browser: Option<&str>) -> Result<&'a str, Page> {
        let signed = brought.state.as_deref().ok_or_else(|| self.incomplete())?;
        let (state, signature) = signed.rsplit_once('.').ok_or_else(|| self.incomplete())?;
        let browser = browser.ok_or_else(|| self.another_browser())?;
        if !(self.keys).has_signed(PURPOSE, &bound(state, browser), signature) {
            return Err(self.another_browser());
        }
        let began = state.split_once('.').and_then(|(at, _)| at.parse().ok());
        let began: i64 = began.ok_or_else(|| self.incomplete())?;
        let age = self.clock().now().as_second() - began;
        if !(-SKEW..=LASTS).contains(&age) {
            return Err(self.too_late());
        }
        Ok(state)
    }

    async fn take(&self, brought: &Brought, browser: Option<&str>) -> Result<Page, Page> {
        let state = self.own_state(brought, browser)?;
        if let Some(error) = &brought.error {
            return Err(self.declined(error));
        }
        let code = brought.code.as_deref().ok_or_else(|| self.incomplete())?;
        match self.app.first_use(&format!("install/{state}")).await {
            Ok(true) => {}
            Ok(false) => return Err(self.used()),
            Err(fault) => {
                tracing::error!(error = chain(&fault), "an installation was not begun");
                return Err(self.broke());
            }
        }
        let browser = browser.unwrap_or_default();
        let verifier = self.identity.pkce.then(|| verifier(state, browser));
        let now = self.clock().now();
        let client = self.clients.shared();
        let granted = self
            .identity
            .redeem(client, code, verifier.as_deref(), now)
            .await;
        let grant = granted.map_err(|error| self.not_granted(&error))?;
        let install = self.installation(grant).ok_or_else(|| {
            tracing::error!("Slack's answer names no workspace");
            self.not_granted(&CallError::Garbled)
        })?;
        if let Err(fault) = self.clients.installed(&install).await {
            tracing::error!(error = chain(&fault), "an installation was not kept");
            return Err(self.broke());
        }
        let missing = install.missing(self.identity.scopes);
        if !missing.is_empty() {
            tracing::warn!(workspace = %install.id, ?missing, "not all scopes were granted");
        }
        Ok(self.done(&install, &missing))
    }

    fn installation(&self, grant: Grant) -> Option<Install> {
        let place = if grant.is_wide {
            grant.enterprise
        } else {
            grant.team
        };
        let (id, name) = place?;
        if grant.bot.is_empty() {
            return None;
        }
        let id = WorkspaceId::from(id);
        Some(Install {
            tokens: self.keys.seal(&id, &grant.tokens),
            id,
            name,
            organisation: grant.is_wide,
            app: grant.app,
            bot: UserId::from(grant.bot),
            scopes: grant.scopes.unwrap_or_default(),
            by: UserId::from(grant.by),
            at: self.clock().now(),
            expires_at: grant.expires_at,
            standing: Standing::Installed,
            claim: None,
        })
    }
}

fn bound(state: &str, browser: &str) -> String {
    format!("{state}\n{browser}")
}

/// What proves to Slack that the code comes from whom it was asked for by (<https://docs.slack.dev/authentication/using-pkce>).
fn verifier(state: &str, browser: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("pkce\n{}", bound(state, browser))))
}

fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The secret that this browser has of us, if it is one.
fn browser_of(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(COOKIE).iter();
    let texts = all.filter_map(|header| header.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';'));
    let found = pairs.find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
    let is_ours = |it: &&str| URL_SAFE_NO_PAD.decode(it).is_ok_and(|it| it.len() == 32);
    found.filter(is_ours).map(str::to_owned)
}

/// `GET /slack/install`: sends a browser to Slack.
async fn begin(State(installing): State<Arc<Installing>>, headers: HeaderMap) -> Response {
    // Whoever has begun in another tab goes on there as well.
    let browser = browser_of(&headers).unwrap_or_else(secret);
    let now = installing.clock().now().as_second();
    let state = format!("{now}.{}", secret());
    let url = installing.authorize_url(&state, &browser);
    let cookie =
        format!("{NAME}={browser}; Path=/; Max-Age={LASTS}; Secure; HttpOnly; SameSite=Lax");
    let headers = [
        (LOCATION, url.to_string()),
        (SET_COOKIE, cookie),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// `GET /slack/oauth_redirect`: takes a browser back.
async fn come_back(
    State(installing): State<Arc<Installing>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut brought = Brought::default();
    for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let field = match key.as_ref() {
            "code" => &mut brought.code,
            "state" => &mut brought.state,
            "error" => &mut brought.error,
            _ => continue,
        };
        // The first counts.
        if field.is_none() {
            *field = Some(value.into_owned());
        }
    }
    let browser = browser_of(&headers);
    let _under_way = installing.app.activity().begin();
    let page = installing.take(&brought, browser.as_deref()).await;
    page.unwrap_or_else(|page| page).into_response()
}
