//! What is needed to be installed by many workspaces, checked together. What is done with it is elsewhere.

use super::problem::Problems;
use super::settings::{Setting, Settings, clip, is_here};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use std::path::Path;
use url::Url;

/// How long a key is, in bytes.
const KEY_LENGTH: usize = 32;
/// The variables that mean that many workspaces are served.
const ANY_OF: [&str; 7] = [
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "INTERVIEW_PUBLIC_URL",
    "INTERVIEW_TOKEN_KEY",
    "INTERVIEW_TOKEN_KEY_FILE",
    "SLACK_PKCE",
    "SLACK_TOKEN_ROTATION",
];

const CLIENT_ID_IS: &str = "it is found in the app's settings under Basic Information, as Client ID: two numbers with a dot between";
const CLIENT_SECRET_IS: &str =
    "it is found in the app's settings under Basic Information, as Client Secret";
const PUBLIC_URL_IS: &str = "it is where people and Slack reach this bot, as https://interviews.example.org; /slack/install and /slack/oauth_redirect are below it";
const KEY_IS: &str = "it is 32 random bytes in Base64: `openssl rand -base64 32` makes one. Keep it apart from the store and its backups";

/// What it takes to be installed by many workspaces.
#[derive(Clone, Debug)]
pub struct Installing {
    /// `SLACK_CLIENT_ID`
    pub client_id: String,
    /// `SLACK_CLIENT_SECRET`
    pub client_secret: SecretString,
    /// `INTERVIEW_PUBLIC_URL`, without a slash at its end.
    pub public_url: Url,
    /// `INTERVIEW_TOKEN_KEY` or the file of `INTERVIEW_TOKEN_KEY_FILE`: 32 bytes each, at least one; the first seals.
    pub keys: Vec<SecretSlice<u8>>,
    /// `SLACK_PKCE`: the app's settings say so too.
    pub pkce: bool,
    /// `SLACK_TOKEN_ROTATION`: the app's settings say so too, so that tokens that do not end are exchanged for such that do.
    pub rotation: bool,
}

/// Only the keys, if there are any: for commands on a bot's store.
///
/// # Errors
/// Every problem with them.
pub fn token_keys(file: Option<&Path>) -> Result<Option<Vec<SecretSlice<u8>>>, Problems> {
    let mut settings = Settings::gather(super::environment(), file);
    let keys = settings.keys();
    settings.finish().map_or(Ok(keys), Err)
}

impl Settings {
    /// What it takes to serve many workspaces. `None`: nothing of it is set. `Some(None)`: something of it is wrong, and was noted.
    pub(super) fn installing(&mut self) -> Option<Option<Installing>> {
        ANY_OF
            .iter()
            .find(|name| self.values.contains_key(**name))?;
        let client_id = self.client_id();
        let name = "SLACK_CLIENT_SECRET";
        let client_secret = self.needed(name, CLIENT_SECRET_IS);
        let client_secret = client_secret.and_then(|_| self.secret(name, "", CLIENT_SECRET_IS));
        let public_url = self.public_url();
        let keys = self.keys();
        let alone = ["INTERVIEW_TOKEN_KEY", "INTERVIEW_TOKEN_KEY_FILE"];
        if !alone.iter().any(|name| self.values.contains_key(*name)) {
            let name = alone.join(" or ");
            let message = "neither is set, one is needed: workspaces' tokens are kept sealed";
            self.problem(&name, "", message, KEY_IS);
        }
        let pkce = self.is_on("SLACK_PKCE");
        let rotation = self.is_on("SLACK_TOKEN_ROTATION");
        let parts = (client_id, client_secret, public_url, keys);
        let (Some(client_id), Some(client_secret), Some(public_url), Some(keys)) = parts else {
            return Some(None);
        };
        Some(Some(Installing {
            client_id,
            client_secret,
            public_url,
            keys,
            pkce,
            rotation,
        }))
    }

    fn needed(&mut self, name: &'static str, what_it_is: &str) -> Option<Setting> {
        let found = self.values.get(name).cloned();
        if found.is_none() {
            let message = "this is not set, and needed to be installed by many workspaces";
            self.problem(name, "", message, what_it_is);
        }
        found
    }

    fn client_id(&mut self) -> Option<String> {
        let name = "SLACK_CLIENT_ID";
        let Setting { value, from } = self.needed(name, CLIENT_ID_IS)?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        match value.split_once('.') {
            Some((one, other)) if digits(one) && digits(other) => Some(value),
            _ => {
                // It is not quoted: it may be the secret.
                let message = "this is not a client id";
                self.problem(name, &from, message, CLIENT_ID_IS);
                None
            }
        }
    }

    fn public_url(&mut self) -> Option<Url> {
        let name = "INTERVIEW_PUBLIC_URL";
        let Setting { value, from } = self.needed(name, PUBLIC_URL_IS)?;
        let Ok(mut url) = Url::parse(&value) else {
            let message = format!("`{}` is not a URL", clip(&value));
            self.problem(name, &from, message, PUBLIC_URL_IS);
            return None;
        };
        let wrong = if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
            Some(
                "it has to begin with https://; Slack sends people's browsers back to nothing else",
            )
        } else if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            Some("there is a name, a password, a `?` or a `#` in it")
        } else if url.path().contains("/slack") {
            Some("/slack/install and the like are added to it: leave them out")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            self.problem(name, &from, wrong, PUBLIC_URL_IS);
            return None;
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Some(url)
    }

    fn is_on(&mut self, name: &'static str) -> bool {
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return false;
        };
        if value != "on" && value != "off" {
            let message = format!("`{}` is neither on nor off", clip(&value));
            self.problem(name, &from, message, "write on, or leave it out");
        }
        value == "on"
    }

    /// The keys, from a variable or a file.
    pub(super) fn keys(&mut self) -> Option<Vec<SecretSlice<u8>>> {
        let [named, filed] = ["INTERVIEW_TOKEN_KEY", "INTERVIEW_TOKEN_KEY_FILE"];
        let (given, file) = (self.values.get(named), self.values.get(filed));
        let (name, Setting { value, from }) = match (given.cloned(), file.cloned()) {
            (Some(_), Some(file)) => {
                let message =
                    "INTERVIEW_TOKEN_KEY is set as well, so that nobody knows which is meant";
                self.problem(filed, &file.from, message, "leave one of them out");
                return None;
            }
            (Some(given), None) => (named, given),
            (None, Some(file)) => match std::fs::read_to_string(&file.value) {
                Ok(value) => (filed, Setting { value, ..file }),
                Err(why) => {
                    let message = format!("`{}` cannot be read: {why}", clip(&file.value));
                    let hint =
                        "name a file that this user may read, with a key a line; the first seals";
                    self.problem(filed, &file.from, message, hint);
                    return None;
                }
            },
            (None, None) => return None,
        };
        let lines = value
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        let words = lines.flat_map(|line| line.split([',', ' ', '\t']));
        let words = words.map(str::trim).filter(|word| !word.is_empty());
        let mut keys: Vec<SecretSlice<u8>> = Vec::new();
        for (number, word) in words.enumerate() {
            let number = number + 1;
            match key(word) {
                None => {
                    let message = format!("key {number} in it is not 32 bytes in Base64");
                    self.problem(name, &from, message, KEY_IS);
                    return None;
                }
                Some(key)
                    if keys
                        .iter()
                        .any(|it| it.expose_secret() == key.expose_secret()) =>
                {
                    let message = format!("key {number} in it is there twice");
                    let hint = "the first seals, the others open what was sealed before: each stands there once";
                    self.problem(name, &from, message, hint);
                    return None;
                }
                Some(key) => keys.push(key),
            }
        }
        if keys.is_empty() {
            self.problem(name, &from, "there is no key in it", KEY_IS);
            return None;
        }
        Some(keys)
    }
}

/// A key as people have it: Base64 of either alphabet, with its padding or without.
fn key(word: &str) -> Option<SecretSlice<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(false);
    let alphabets = [&alphabet::STANDARD, &alphabet::URL_SAFE];
    let read = |alphabet| GeneralPurpose::new(alphabet, config).decode(word).ok();
    let bytes = alphabets.into_iter().find_map(read)?;
    (bytes.len() == KEY_LENGTH).then(|| SecretSlice::from(bytes))
}
