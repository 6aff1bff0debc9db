//! From texts to checked values, one variable at a time, collecting every problem. What the values mean together is in `config`.

use super::problem::{Problem, Problems};
use super::{Log, SLACK_API, VARIABLES};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};
use tracing_subscriber::filter::Targets;
use url::{Host, Url};

/// How many deliveries may be handled at once: fewer would keep a panel waiting, more would only wait for the disk.
const AT_ONCE: std::ops::RangeInclusive<usize> = 64..=16_384;

/// A value with where it was set.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) value: String,
    pub(super) from: String,
}

/// What was set, while it is being read.
pub(super) struct Settings {
    pub(super) values: BTreeMap<&'static str, Setting>,
    problems: Vec<Problem>,
}

/// What Slack's tokens look like and are called.
const TOKENS: [(&str, &str, &str); 5] = [
    (
        "xapp-",
        "an app-level token",
        "it belongs in SLACK_APP_TOKEN",
    ),
    ("xoxb-", "a bot token", "it belongs in SLACK_BOT_TOKEN"),
    (
        "xoxp-",
        "a user token",
        "this bot acts for nobody but itself and needs none",
    ),
    (
        "xoxe.",
        "a token that expires",
        "only with SLACK_CLIENT_ID are tokens exchanged in time, see docs/installs.md",
    ),
    (
        "xoxe-",
        "a refresh token",
        "only with SLACK_CLIENT_ID are tokens exchanged in time, see docs/installs.md",
    ),
];

const BOT_TOKEN_IS: &str = "it begins with xoxb- and is found in the app's settings under OAuth & Permissions, as Bot User OAuth Token";
const APP_TOKEN_IS: &str = "it begins with xapp- and is made in the app's settings under Basic Information, App-Level Tokens, with the scope connections:write";
const SECRET_IS: &str =
    "it is found in the app's settings under Basic Information, as Signing Secret";

impl Settings {
    /// Takes what is ours from the environment and from a file; the environment wins, an empty value is none.
    pub(super) fn gather(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Option<&Path>,
    ) -> Self {
        let mut settings = Self {
            values: BTreeMap::new(),
            problems: Vec::new(),
        };
        if let Some(file) = file {
            settings.read_file(file);
        }
        let mut strangers = Vec::new();
        for (name, value) in environment {
            let Some(name) = name.to_str() else { continue };
            let Some(known) = VARIABLES.into_iter().find(|known| *known == name) else {
                strangers.push(name.to_owned());
                continue;
            };
            match value.into_string() {
                Ok(value) if value.trim().is_empty() => {}
                Ok(value) => settings.set(known, &value, "environment"),
                Err(_) => settings.problem(
                    known,
                    "environment",
                    "it is not UTF-8 text",
                    "set it anew, in plain letters",
                ),
            }
        }
        strangers.sort();
        for name in strangers {
            settings.stranger(&name);
        }
        settings
    }

    /// All problems, if there is one.
    pub(super) fn finish(self) -> Option<Problems> {
        (!self.problems.is_empty()).then_some(Problems(self.problems))
    }

    fn set(&mut self, name: &'static str, value: &str, from: &str) {
        let value = value.trim().to_owned();
        let from = from.to_owned();
        self.values.insert(name, Setting { value, from });
    }

    pub(super) fn problem(
        &mut self,
        name: &str,
        from: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.problems.push(Problem {
            name: name.to_owned(),
            from: from.to_owned(),
            message: message.into(),
            hint: hint.into(),
        });
    }

    /// A variable of the environment that looks like one of ours with a slip in it. Others are none of our business.
    fn stranger(&mut self, name: &str) {
        let meant = VARIABLES.into_iter().find(|known| {
            let prefix = known.split('_').next().unwrap_or_default();
            let rest = |name: &str| name.strip_prefix(prefix).map(ToOwned::to_owned);
            match (rest(name), rest(known)) {
                (Some(one), Some(other)) => {
                    let slips = strsim::damerau_levenshtein(&one, &other);
                    slips == 1 || (slips == 2 && other.len() > 6)
                }
                _ => false,
            }
        });
        if let Some(meant) = meant.filter(|meant| !self.values.contains_key(meant)) {
            self.problem(
                name,
                "environment",
                "there is no such variable",
                format!("did you mean {meant}?"),
            );
        }
    }

    fn read_file(&mut self, file: &Path) {
        let name = file.display().to_string();
        let text = match std::fs::read(file) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => {
                    let hint = "save it as UTF-8";
                    return self.problem(&name, "", "this file is not UTF-8 text", hint);
                }
            },
            Err(why) => {
                let message = format!("this file cannot be read: {why}");
                let hint = "--config wants the path of a TOML file that this user may read";
                return self.problem(&name, "", message, hint);
            }
        };
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let place = |offset: usize| {
            let before = text.get(..offset.min(text.len())).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|one| *one != '\n').count() + 1;
            format!("{name}:{line}:{column}")
        };
        let (table, mistakes) = DeTable::parse_recoverable(text);
        for mistake in &mistakes {
            // The line itself may hold a token, so it is not quoted.
            let from = place(mistake.span().map_or(text.len(), |span| span.start));
            let message = format!("this is not TOML: {}", mistake.message());
            self.problem(&from, "", message, "a line looks like: name = \"value\"");
        }
        for (key, value) in table.get_ref() {
            let from = place(key.span().start);
            let word = key.get_ref();
            let known = VARIABLES
                .into_iter()
                .find(|known| known.to_lowercase() == **word);
            let Some(known) = known else {
                let hint = match value.get_ref() {
                    DeValue::Table(_) => {
                        "there are no sections here: write slack_bot_token = \"…\" at the top"
                            .to_owned()
                    }
                    _ => unknown_key(word),
                };
                self.problem(&clip(word), &from, "there is no such setting", hint);
                continue;
            };
            let text = match value.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Array(items) if known == "INTERVIEW_ADMINS" => {
                    let ids: Option<Vec<&str>> =
                        items.iter().map(|item| item.get_ref().as_str()).collect();
                    ids.map(|ids| ids.join(","))
                }
                _ => None,
            };
            match text {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => self.set(known, &text, &from),
                None => self.problem(word, &from, "this is not a text", "put the value in quotes"),
            }
        }
    }

    /// A token or secret, if it is set and looks like one.
    pub(super) fn secret(
        &mut self,
        name: &'static str,
        prefix: &str,
        what_it_is: &str,
    ) -> Option<SecretString> {
        let Setting { value, from } = self.values.get(name)?.clone();
        let stranger = TOKENS
            .iter()
            .find(|(other, _, _)| value.starts_with(other) && *other != prefix);
        if let Some((_, kind, remedy)) = stranger {
            let hint = format!("{remedy}; for {name}, {what_it_is}");
            self.problem(name, &from, format!("this looks like {kind}"), hint);
        } else if !value.starts_with(prefix) {
            let message = format!("this does not begin with {prefix}");
            self.problem(name, &from, message, what_it_is);
        } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "there are spaces or other letters in it that no token has";
            self.problem(name, &from, message, "copy it again, all of it and no more");
        } else if value.len() < prefix.len() + 8 {
            self.problem(name, &from, "this is too short to be one", what_it_is);
        } else {
            return Some(SecretString::from(value));
        }
        None
    }

    /// Where every workspace that installs the app has a token of its own, there is no other.
    pub(super) fn bot_token(&mut self, many: bool) -> Option<SecretString> {
        let name = "SLACK_BOT_TOKEN";
        if many {
            if let Some(Setting { from, .. }) = self.values.get(name).cloned() {
                let message = "with SLACK_CLIENT_ID every workspace has a token of its own";
                let hint = "leave this out and have that workspace install the app too; or leave out SLACK_CLIENT_ID and what belongs to it, to serve this one alone";
                self.problem(name, &from, message, hint);
            }
            return None;
        }
        if !self.values.contains_key(name) {
            self.problem(name, "", "this is not set", BOT_TOKEN_IS);
        }
        self.secret(name, "xoxb-", BOT_TOKEN_IS)
    }

    pub(super) fn transports(&mut self) -> (Option<SecretString>, Option<SecretString>) {
        let [app, signing] = ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"];
        if !self.values.contains_key(app) && !self.values.contains_key(signing) {
            let hint = format!(
                "SLACK_APP_TOKEN is for Socket Mode, which needs no public address: {APP_TOKEN_IS}. SLACK_SIGNING_SECRET is for signed HTTP: {SECRET_IS}"
            );
            let name = format!("{app} or {signing}");
            self.problem(&name, "", "neither is set, one is needed", hint);
        }
        (
            self.secret(app, "xapp-", APP_TOKEN_IS),
            self.secret(signing, "", SECRET_IS),
        )
    }

    /// A person's id says who they are in one workspace only.
    pub(super) fn admins(&mut self, many: bool) -> Vec<String> {
        let name = "INTERVIEW_ADMINS";
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return Vec::new();
        };
        if many {
            let message = "these people would administer the interviews of every workspace";
            let hint = "leave this out: with SLACK_CLIENT_ID the administrators and owners of each workspace are meant";
            self.problem(name, &from, message, hint);
            return Vec::new();
        }
        let mut admins: Vec<String> = Vec::new();
        for id in value.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            if id.starts_with(['U', 'W']) && (3..=20).contains(&id.len()) && id.bytes().all(upper) {
                if !admins.iter().any(|known| known == id) {
                    admins.push(id.to_owned());
                }
            } else {
                let message = format!("`{}` is not a user id", clip(id));
                let hint = "it begins with U or W, as U024BE7LH: open the person's profile in Slack, then ⋮, Copy member ID";
                self.problem(name, &from, message, hint);
            }
        }
        if admins.is_empty() && self.problems.iter().all(|problem| problem.name != name) {
            let hint = "leave it out, and the workspace's administrators and owners are meant";
            self.problem(name, &from, "there is no user id in it", hint);
        }
        admins
    }

    pub(super) fn api_url(&mut self) -> Url {
        let name = "SLACK_API_URL";
        let standard = Url::parse(SLACK_API).expect("Slack's own address is one");
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return standard;
        };
        let Ok(mut url) = Url::parse(&value) else {
            let hint = format!("it looks like {SLACK_API}");
            self.problem(name, &from, "this is not a URL", hint);
            return standard;
        };
        let loopback = is_here(&url);
        if url.scheme() != "https" && url.scheme() != "http" {
            let message = format!("`{}://` is not understood here", url.scheme());
            self.problem(name, &from, message, "use https://");
        } else if url.scheme() == "http" && !loopback {
            let message = "`http://` would send the tokens in the clear";
            let hint = "use https://; only an address of this machine (localhost, 127.0.0.1, [::1]) may be http://";
            self.problem(name, &from, message, hint);
        } else if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            let message = "there is a name, a password, a `?` or a `#` in it";
            let hint = "leave that out: the token is sent by itself";
            self.problem(name, &from, message, hint);
        } else {
            let path = url.path().trim_end_matches('/').to_owned();
            url.set_path(&path);
            return url;
        }
        standard
    }

    pub(super) fn listen(&mut self) -> SocketAddr {
        let name = "INTERVIEW_LISTEN";
        let standard = SocketAddr::from(([127, 0, 0, 1], 3000));
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return standard;
        };
        let local = value
            .strip_prefix("localhost:")
            .map(|port| format!("127.0.0.1:{port}"));
        let Ok(address) = local.as_deref().unwrap_or(&value).parse() else {
            let port = value.trim_start_matches(':').parse::<u16>();
            let hint = match port {
                Ok(port) => format!(
                    "write 127.0.0.1:{port} for this machine only, 0.0.0.0:{port} for all that reach it"
                ),
                Err(_) => {
                    "it is an IP address and a port, as 127.0.0.1:3000, 0.0.0.0:3000 or [::]:3000"
                        .to_owned()
                }
            };
            let message = format!("`{}` is not an address to listen on", clip(&value));
            self.problem(name, &from, message, hint);
            return standard;
        };
        address
    }

    pub(super) fn data(&mut self) -> PathBuf {
        let name = "INTERVIEW_DATA";
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return PathBuf::from("./data");
        };
        let path = PathBuf::from(value);
        if path.exists() && !path.is_dir() {
            let message = format!("`{}` is not a folder", clip(&path.to_string_lossy()));
            let hint = "name a folder; it is made where there is none";
            self.problem(name, &from, message, hint);
        }
        path
    }

    /// What else is wrong with it is found by who connects.
    pub(super) fn database(&mut self) -> Option<SecretString> {
        let name = "INTERVIEW_DATABASE_URL";
        let Setting { value, from } = self.values.get(name)?.clone();
        if !value.starts_with("postgresql://") && !value.starts_with("postgres://") {
            // It is not quoted: there may be a password in it.
            let message = "this is not the address of a PostgreSQL database";
            let hint = "it looks like postgresql://USER:PASSWORD@HOST/DATABASE; leave it out to keep everything in INTERVIEW_DATA";
            self.problem(name, &from, message, hint);
        }
        Some(SecretString::from(value))
    }

    pub(super) fn kits(&mut self) -> Option<PathBuf> {
        let name = "INTERVIEW_KITS";
        let Setting { value, from } = self.values.get(name)?.clone();
        let path = PathBuf::from(value);
        if !path.is_dir() {
            let message = format!("there is no folder `{}`", clip(&path.to_string_lossy()));
            let hint = "name the folder that holds your kits (*.toml), or leave it out for the ones built in";
            self.problem(name, &from, message, hint);
        }
        Some(path)
    }

    pub(super) fn most_at_once(&mut self) -> Option<usize> {
        let name = "INTERVIEW_AT_ONCE";
        let Setting { value, from } = self.values.get(name)?.clone();
        let number = value.parse().ok().filter(|number| AT_ONCE.contains(number));
        if number.is_none() {
            let message = format!("`{}` is not taken", clip(&value));
            let (least, most) = (AT_ONCE.start(), AT_ONCE.end());
            let hint = format!("a number from {least} to {most}, or leave it out");
            self.problem(name, &from, message, hint);
        }
        number
    }

    pub(super) fn log(&mut self) -> Log {
        let mut log = Log {
            filter: "info".to_owned(),
            json: false,
        };
        let name = "INTERVIEW_LOG";
        if let Some(Setting { value, from }) = self.values.get(name).cloned() {
            if is_filter(&value) {
                log.filter = value;
            } else {
                let message = format!("`{}` is not a filter", clip(&value));
                let hint = "write error, warn, info, debug or trace, or for a part only: info,interview_assistant::slack=debug";
                self.problem(name, &from, message, hint);
            }
        }
        let name = "INTERVIEW_LOG_FORMAT";
        if let Some(Setting { value, from }) = self.values.get(name).cloned() {
            match value.as_str() {
                "text" => {}
                "json" => log.json = true,
                _ => {
                    let message = format!("`{}` is not a form of the log", clip(&value));
                    self.problem(name, &from, message, "it is text or json");
                }
            }
        }
        log
    }

    pub(super) fn extra_ca(&mut self) -> Vec<CertificateDer<'static>> {
        let name = "INTERVIEW_EXTRA_CA";
        let Some(Setting { value, from }) = self.values.get(name).cloned() else {
            return Vec::new();
        };
        let hint = "name a file with one or more certificates in PEM: -----BEGIN CERTIFICATE-----";
        match std::fs::read(&value) {
            Err(why) => {
                let message = format!("`{}` cannot be read: {why}", clip(&value));
                self.problem(name, &from, message, hint);
            }
            Ok(pem) => match CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>() {
                Ok(certificates) if !certificates.is_empty() => return certificates,
                _ => {
                    let message = format!("there is no certificate in `{}`", clip(&value));
                    self.problem(name, &from, message, hint);
                }
            },
        }
        Vec::new()
    }
}

/// Whether a URL's host is this machine.
pub(super) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The reader of filters takes any word for a module's name, so that `verbose` would silence everything: a lone word is a level or ours.
fn is_filter(value: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let known = value.split(',').map(str::trim).all(|part| {
        part.contains(['=', '[', ':'])
            || part.starts_with("interview_assistant")
            || LEVELS.contains(&part.to_lowercase().as_str())
    });
    known && value.parse::<Targets>().is_ok()
}

fn unknown_key(word: &str) -> String {
    let near = VARIABLES
        .into_iter()
        .map(str::to_lowercase)
        .map(|known| {
            let likeness = strsim::normalized_damerau_levenshtein(&word.to_lowercase(), &known);
            (likeness, known)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, near)) => format!("did you mean {near}?"),
        None => {
            "the settings are the variables' names in lower case, as slack_bot_token".to_owned()
        }
    }
}

/// The beginning of a value that is quoted back.
pub(super) fn clip(value: &str) -> String {
    // Somebody may have put a token where it does not belong.
    if value.contains("xox") || value.contains("xapp-") {
        return "…".to_owned();
    }
    let mut clipped: String = value.chars().take(60).collect();
    if clipped.len() < value.len() {
        clipped.push('…');
    }
    clipped
}
