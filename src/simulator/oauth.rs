//! Installing the app: Slack's page that asks for consent, codes, tokens, their exchange and their end.
//!
//! Not in here: what a token is good for (`web_api`). Whoever asks consents by following a link of the page.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::clock::{Micros, SECOND};
use super::web_api::{Answer, ApiError};
use super::workspace::{BOT_USER, Workspace};
use super::world::{APP_ID, World};
use super::{Setup, Simulator};

/// How long a code lives.
const CODE_LIVES: Micros = 600 * SECOND;
/// How long a token lives, where tokens are rotated.
const TOKEN_LIVES: i64 = 43_200;
/// How long a refresh token that was used is taken once more.
const GRACE: Micros = 30 * SECOND;

/// One workspace of this Slack.
pub(crate) type Team = (String, Arc<Mutex<World>>);

/// An installation: the workspace or the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    team: String,
    /// It is for the whole organisation of that workspace.
    wide: bool,
}

#[derive(Debug)]
struct Code {
    place: Place,
    redirect_uri: String,
    challenge: Option<String>,
    scopes: BTreeSet<String>,
    expires: Micros,
    used: bool,
}

#[derive(Debug)]
struct Token {
    place: Place,
    expires: Option<Micros>,
    /// Slack's word for why it is of no use any more.
    dead: Option<&'static str>,
    /// The order in which they were given.
    number: u64,
}

#[derive(Debug)]
struct Refresh {
    place: Place,
    used_at: Option<Micros>,
    dead: bool,
}

/// What was granted so far, to the one app.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Code>,
    tokens: HashMap<String, Token>,
    refresh: HashMap<String, Refresh>,
    states: BTreeSet<String>,
    withheld: BTreeSet<String>,
    pkce: bool,
    rotation: bool,
    given: u64,
}

impl Grants {
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let tokens = self.tokens.keys().chain(self.refresh.keys());
        let other = self.codes.keys().chain(&self.states);
        tokens.chain(other).cloned().collect::<Vec<_>>().into_iter()
    }

    /// A pair for a place; at most two of its access tokens live.
    fn pair(&mut self, place: &Place, now: Micros) -> Value {
        self.given += 1;
        let number = self.given;
        let random = rand::random::<u128>();
        let mut answer = json!({});
        let (token, expires) = if self.rotation {
            let refresh = format!("xoxe-1-simulated-{:032x}", rand::random::<u128>());
            answer["refresh_token"] = json!(refresh);
            answer["expires_in"] = json!(TOKEN_LIVES);
            let kept = Refresh {
                place: place.clone(),
                used_at: None,
                dead: false,
            };
            self.refresh.insert(refresh, kept);
            let expires = now + TOKEN_LIVES * SECOND;
            (
                format!("xoxe.xoxb-1-simulated-{random:032x}"),
                Some(expires),
            )
        } else {
            (format!("xoxb-simulated-{random:032x}"), None)
        };
        answer["access_token"] = json!(token);
        let kept = Token {
            place: place.clone(),
            expires,
            dead: None,
            number,
        };
        self.tokens.insert(token, kept);
        if self.rotation {
            let mut live: Vec<&mut Token> = self
                .tokens
                .values_mut()
                .filter(|it| it.place == *place && it.dead.is_none())
                .collect();
            live.sort_by_key(|it| std::cmp::Reverse(it.number));
            for old in live.into_iter().skip(2) {
                old.dead = Some("token_revoked");
            }
        }
        answer
    }
}

impl Simulator {
    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        let grants = &self.inner.grants;
        grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn teams(&self) -> Vec<Team> {
        let teams = &self.inner.teams;
        teams.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One more workspace on the same Slack, in which the same app may be installed. What happens there is asked of the value returned. Payloads from
    /// it go over HTTP only.
    #[must_use]
    pub fn another_workspace(&self, workspace: Workspace) -> Self {
        let setup = Setup {
            workspace,
            ..self.inner.setup.clone()
        };
        let id = setup.workspace.id.clone();
        let world = Arc::new(Mutex::new(World::new(setup, self.inner.changes.clone())));
        let teams = &self.inner.teams;
        let mut teams = teams.lock().unwrap_or_else(PoisonError::into_inner);
        teams.push((id, Arc::clone(&world)));
        drop(teams);
        Self {
            inner: Arc::clone(&self.inner),
            world,
        }
    }

    /// The workspace belongs to an organisation.
    pub fn belongs_to(&self, id: &str, name: &str) {
        self.world().enterprise = Some((id.to_owned(), name.to_owned()));
    }

    /// The app is one that takes PKCE, and whose tokens end.
    pub fn app_takes(&self, pkce: bool, rotation: bool) {
        let mut grants = self.grants();
        (grants.pkce, grants.rotation) = (pkce, rotation);
    }

    /// Whoever installs the app from now on does not grant this.
    pub fn withholds(&self, scope: &str) {
        self.grants().withheld.insert(scope.to_owned());
    }

    /// Whoever installs the app from now on grants everything.
    pub fn withholds_nothing(&self) {
        self.grants().withheld.clear();
    }

    /// Somebody removes the app from the workspace: its tokens end, and what Slack says of it comes in this order or the other.
    pub async fn removes_the_app(&self, tokens_first: bool) {
        self.ends_tokens("account_inactive");
        let mut events = [
            json!({ "type": "app_uninstalled" }),
            json!({ "type": "tokens_revoked", "tokens": { "oauth": [], "bot": [BOT_USER] } }),
        ];
        if tokens_first {
            events.reverse();
        }
        for event in events {
            self.event(event).await;
        }
    }

    /// The workspace's tokens are of no use any more, and nobody says so.
    pub fn ends_tokens(&self, why: &'static str) {
        let (team, wide) = {
            let world = self.world();
            (world.team_id.clone(), world.wide)
        };
        let mut grants = self.grants();
        let place = Place { team, wide };
        let tokens = grants.tokens.values_mut().filter(|it| it.place == place);
        tokens.for_each(|it| it.dead = Some(why));
        let refresh = grants.refresh.values_mut().filter(|it| it.place == place);
        refresh.for_each(|it| it.dead = true);
    }

    /// Any event, as if it had happened at this unix second.
    pub async fn event_as_of(&self, event: Value, unix_seconds: i64) {
        let mut payload = self.world().event_payload(event);
        payload["event_time"] = json!(unix_seconds);
        self.deliver_event(payload).await;
    }

    /// The workspace in which a call with this token is made; none for tokens that are not of an installation.
    pub(crate) fn at_token(&self, token: &str, args: &Value) -> Result<Option<Self>, ApiError> {
        let now = self.world().clock.now();
        let place = {
            let grants = self.grants();
            let Some(token) = grants.tokens.get(token) else {
                return Ok(None);
            };
            if let Some(dead) = token.dead {
                return Err(dead.into());
            }
            if token.expires.is_some_and(|end| end <= now) {
                return Err("token_expired".into());
            }
            token.place.clone()
        };
        let own = self.at_team(&place.team);
        if !place.wide {
            return Ok(own);
        }
        let organisation = own.as_ref().and_then(|it| it.world().enterprise.clone());
        let mut of_it = self.teams().into_iter().map(|(_, world)| self.with(world));
        let there = of_it.find(|it| {
            let world = it.world();
            world.enterprise == organisation && ids_in(args).all(|id| world.has_id(id))
        });
        Ok(there.or(own))
    }

    fn with(&self, world: Arc<Mutex<World>>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            world,
        }
    }

    pub(crate) fn at_team(&self, team: &str) -> Option<Self> {
        let found = self.teams().into_iter().find(|(id, _)| id == team);
        found.map(|(_, world)| self.with(world))
    }

    /// Notes a call that names something which is another workspace's.
    pub(crate) fn notes_strangers(&self, method: &str, args: &Value) {
        for id in ids_in(args) {
            if self.world().has_id(id) {
                continue;
            }
            let has = |(_, world): &Team| self.with(Arc::clone(world)).world().has_id(id);
            if self.teams().iter().any(has) {
                let what =
                    format!("{method} with one workspace's token about {id}, which is another's");
                self.world().breach(what);
            }
        }
    }

    /// `oauth.v2.access` and `oauth.v2.exchange`, by the app's id and secret.
    pub(crate) fn oauth_method(
        &self,
        world: &mut World,
        method: &str,
        authorization: Option<&str>,
        args: &Value,
    ) -> Answer {
        let credentials = self.credentials();
        let pair = format!("{}:{}", credentials.client_id, credentials.client_secret);
        let expected = format!("Basic {}", STANDARD.encode(pair));
        if authorization != Some(&*expected) {
            world.breach(format!("{method} without the app's id and secret"));
            return Err("bad_client_secret".into());
        }
        let now = world.clock.now();
        let arg = |name: &str| args[name].as_str();
        match (method, arg("grant_type")) {
            ("oauth.v2.access", Some("refresh_token")) => {
                self.refreshed(arg("refresh_token").unwrap_or_default(), now)
            }
            ("oauth.v2.access", None) => self.redeemed(world, args, now),
            ("oauth.v2.exchange", None) => self.exchanged(arg("token").unwrap_or_default(), now),
            _ => Err("invalid_grant_type".into()),
        }
    }

    fn redeemed(&self, world: &mut World, args: &Value, now: Micros) -> Answer {
        let arg = |name: &str| args[name].as_str().unwrap_or_default();
        let mut grants = self.grants();
        let Some(code) = grants.codes.get_mut(arg("code")) else {
            return Err("invalid_code".into());
        };
        if std::mem::replace(&mut code.used, true) {
            return Err("code_already_used".into());
        }
        if code.expires <= now {
            return Err("code_expired".into());
        }
        if code.redirect_uri != arg("redirect_uri") {
            return Err("bad_redirect_uri".into());
        }
        let verified = URL_SAFE_NO_PAD.encode(Sha256::digest(arg("code_verifier")));
        if code.challenge.as_ref().is_some_and(|it| *it != verified) {
            return Err("invalid_code_verifier".into());
        }
        let (place, scopes) = (code.place.clone(), code.scopes.clone());
        let mut answer = grants.pair(&place, now);
        drop(grants);
        let there = self.at_team(&place.team);
        let mut grants_in = |world: &mut World| {
            // They add up, and never shrink.
            world.scopes.extend(scopes.iter().cloned());
            world.wide = place.wide;
            answer["scope"] = json!(world.scopes.iter().cloned().collect::<Vec<_>>().join(","));
            answer["token_type"] = json!("bot");
            answer["bot_user_id"] = json!(BOT_USER);
            answer["app_id"] = json!(APP_ID);
            answer["is_enterprise_install"] = json!(place.wide);
            let team = json!({ "id": world.team_id, "name": world.team_name });
            answer["team"] = if place.wide { Value::Null } else { team };
            let enterprise = world.enterprise.as_ref();
            answer["enterprise"] =
                enterprise.map_or(Value::Null, |(id, name)| json!({ "id": id, "name": name }));
            let by = world.people.iter().find(|it| it.is_admin);
            let by = by.or(world.people.iter().find(|it| !it.is_bot));
            answer["authed_user"] = json!({ "id": by.map(|it| it.id.clone()) });
        };
        let organisation = if place.team == world.team_id {
            grants_in(world);
            world.enterprise.clone()
        } else if let Some(there) = there {
            let mut there = there.world();
            grants_in(&mut there);
            there.enterprise.clone()
        } else {
            None
        };
        if place.wide {
            // It is for all of them.
            for (team, other) in self.teams() {
                if team == world.team_id {
                    continue;
                }
                let other = self.with(other);
                let mut other = other.world();
                if other.enterprise == organisation {
                    other.wide = true;
                    other.scopes.extend(scopes.iter().cloned());
                }
            }
        }
        Ok(answer)
    }

    fn refreshed(&self, refresh: &str, now: Micros) -> Answer {
        let mut grants = self.grants();
        let Some(kept) = grants.refresh.get_mut(refresh) else {
            return Err("invalid_refresh_token".into());
        };
        if kept.dead || kept.used_at.is_some_and(|at| now > at + GRACE) {
            return Err("invalid_refresh_token".into());
        }
        kept.used_at.get_or_insert(now);
        let place = kept.place.clone();
        let mut answer = grants.pair(&place, now);
        answer["token_type"] = json!("bot");
        Ok(answer)
    }

    fn exchanged(&self, token: &str, now: Micros) -> Answer {
        let mut grants = self.grants();
        if !grants.rotation {
            return Err("token_rotation_not_enabled".into());
        }
        let Some(kept) = grants.tokens.get_mut(token) else {
            return Err("invalid_auth".into());
        };
        if kept.expires.is_some() {
            return Err("exchange_not_allowed".into());
        }
        kept.dead = Some("token_revoked");
        let place = kept.place.clone();
        let mut answer = grants.pair(&place, now);
        answer["token_type"] = json!("bot");
        Ok(answer)
    }
}

impl World {
    /// Whether a person, channel or group of this id is here.
    fn has_id(&self, id: &str) -> bool {
        self.channels.iter().any(|it| it.id == id)
            || self.people.iter().any(|it| it.id == id)
            || self.groups.iter().any(|it| it.id == id)
    }
}

/// Whom and what a call is about.
fn ids_in(args: &Value) -> impl Iterator<Item = &str> {
    let names = [
        "channel",
        "channel_id",
        "user",
        "user_id",
        "users",
        "usergroup",
    ];
    names.into_iter().filter_map(|name| args[name].as_str())
}

/// `GET /oauth/v2/authorize`: the page on which somebody consents.
pub(crate) async fn authorize(
    State(sim): State<Simulator>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    match sim.consent(&asked) {
        Ok(page) => Html(page).into_response(),
        Err(wrong) => {
            sim.world().breach(format!("authorize: {wrong}"));
            (StatusCode::BAD_REQUEST, wrong).into_response()
        }
    }
}

impl Simulator {
    fn consent(&self, asked: &HashMap<String, String>) -> Result<String, String> {
        let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        if get("client_id") != self.credentials().client_id {
            return Err("invalid_client_id".to_owned());
        }
        let (redirect_uri, state) = (get("redirect_uri"), get("state"));
        let known = ["https://", "http://localhost", "http://127.0.0.1"];
        let path = redirect_uri.ends_with("/slack/oauth_redirect");
        if !path || !known.iter().any(|it| redirect_uri.starts_with(it)) {
            return Err("bad_redirect_uri".to_owned());
        }
        if state.len() < 32 {
            return Err("no state that nobody can guess".to_owned());
        }
        let scopes: BTreeSet<String> = get("scope").split(',').map(str::to_owned).collect();
        let offered = &self.inner.setup.scopes;
        if let Some(odd) = scopes.iter().find(|it| !offered.contains(it)) {
            return Err(format!("invalid_scope {odd}"));
        }
        let challenge = asked.get("code_challenge").cloned();
        let mut places = Vec::new();
        for (team, world) in self.teams() {
            let world = self.with(world);
            let world = world.world();
            let one = Place { team, wide: false };
            if let Some((_, name)) = &world.enterprise {
                let wide = Place {
                    wide: true,
                    ..one.clone()
                };
                places.push((wide, format!("Allow for all of {name}")));
            }
            places.push((one, format!("Allow in {}", world.team_name)));
        }
        let now = self.world().clock.now();
        let mut grants = self.grants();
        let takes = challenge.is_some() && get("code_challenge_method") == "S256";
        if takes != grants.pkce || (challenge.is_some() && !takes) {
            return Err("PKCE is not used as the app's settings have it".to_owned());
        }
        grants.states.insert(state.to_owned());
        let back = |pairs: &[(&str, &str)]| {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .append_pair("state", state)
                .finish();
            format!("{redirect_uri}?{query}").replace('&', "&amp;")
        };
        let mut links = Vec::new();
        for (place, words) in places {
            let code = format!("{}.{:032x}", grants.given, rand::random::<u128>());
            links.push((back(&[("code", &code)]), words));
            let granted = scopes.difference(&grants.withheld).cloned().collect();
            let kept = Code {
                place,
                redirect_uri: redirect_uri.to_owned(),
                challenge: challenge.clone(),
                scopes: granted,
                expires: now + CODE_LIVES,
                used: false,
            };
            grants.codes.insert(code, kept);
        }
        links.push((back(&[("error", "access_denied")]), "Cancel".to_owned()));
        let links: String = (links.iter())
            .map(|(url, words)| format!("<p><a href=\"{url}\">{words}</a></p>\n"))
            .collect();
        Ok(format!(
            "<!DOCTYPE html>\n<title>interview-assistant wants access</title>\n{links}"
        ))
    }
}

impl Simulator {
    /// Nothing is granted to the app in this workspace yet: it has to be installed.
    pub fn has_no_app_yet(&self) {
        self.world().scopes.clear();
    }
}
