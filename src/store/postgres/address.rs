//! Where the database is and how it is connected to, from `INTERVIEW_DATABASE_URL`. It holds a password, and is shown nowhere.
//!
//! `sslmode` is stricter than libpq's. `require`, `verify-ca` and `verify-full` are one: TLS, and certificate and name are checked.
//! `disable` is without. `allow` and `prefer`, which quietly go on without, are refused. Where none is written, it is `disable` on this
//! machine and `verify-full` to any other.

use secrecy::{ExposeSecret as _, SecretString};
use std::borrow::Cow;
use std::time::Duration;
use tokio_postgres::config::{Config, Host, SslMode, TargetSessionAttrs};

/// How long a statement may take before the server gives it up; then nothing of it is saved.
const STATEMENT: Duration = Duration::from_secs(15);
/// How long a connection may take to begin.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// Where the database is.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    /// The name under which this process's connections are listed by the server.
    pub(super) name: String,
}

/// What is to be written in place of what is there.
fn looks_like() -> &'static str {
    "it looks like postgresql://USER:PASSWORD@HOST/DATABASE; letters such as @ / : # % in the password are written as %40 %2F %3A %23 %25"
}

impl Address {
    /// Reads the URL.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it and quotes nothing secret.
    pub(super) fn read(url: &SecretString) -> Result<Self, String> {
        let url = url.expose_secret();
        let (url, mode) = split(url)?;
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            format!(
                "the address cannot be read ({}): {}",
                why.unwrap_or_else(|| error.to_string()),
                looks_like()
            )
        })?;
        if config.get_hosts().is_empty() {
            return Err(format!("the address names no host: {}", looks_like()));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(format!("the address names no database: {}", looks_like()));
        }
        if config.get_user().is_none_or(str::is_empty) {
            return Err(format!("the address names no user: {}", looks_like()));
        }
        let here = config.get_hosts().iter().all(is_here);
        config.ssl_mode(match mode.as_deref() {
            Some("disable") => SslMode::Disable,
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            None if here => SslMode::Disable,
            None => SslMode::Require,
            Some("allow" | "prefer") => {
                return Err(
                    "sslmode=allow and sslmode=prefer may go on without TLS, unseen: write sslmode=verify-full, or sslmode=disable where the network is trusted"
                        .to_owned(),
                );
            }
            Some(_) => {
                return Err(
                    "its sslmode is not known: write sslmode=verify-full, or sslmode=disable where the network is trusted"
                        .to_owned(),
                );
            }
        });
        let name = format!("interview-assistant {:08x}", rand::random::<u32>());
        let theirs = config.get_options().unwrap_or_default();
        // Whatever the server does otherwise: what is answered is on its disk, and the locks of a commit need this isolation.
        let options = format!(
            "{theirs} -c synchronous_commit=on -c default_transaction_isolation=read\\ committed -c statement_timeout={}",
            STATEMENT.as_millis()
        );
        config
            .application_name(&name)
            .options(options.trim_start())
            // Of several hosts, the one that takes writes.
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .connect_timeout(CONNECTS_WITHIN)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(3))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(20));
        Ok(Self { config, name })
    }

    /// The database's name, for people.
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    /// The user's name, for people.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    /// The hosts, for people.
    pub(super) fn hosts(&self) -> String {
        let ports = self.config.get_ports();
        let port = |number: usize| ports.get(number).or(ports.first()).copied().unwrap_or(5432);
        let hosts = self.config.get_hosts().iter().enumerate();
        let hosts: Vec<String> = hosts
            .map(|(number, host)| match host {
                Host::Tcp(name) => format!("{name}:{}", port(number)),
                Host::Unix(folder) => folder.display().to_string(),
            })
            .collect();
        hosts.join(", ")
    }
}

/// Whether nothing leaves this machine on the way.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    }
}

/// The URL without its `sslmode`, which the driver knows less of, and that.
fn split(url: &str) -> Result<(Cow<'_, str>, Option<String>), String> {
    if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
        return Err(format!(
            "the address does not begin with postgresql://: {}",
            looks_like()
        ));
    }
    let Some((place, query)) = url.split_once('?') else {
        return Ok((url.into(), None));
    };
    let mut mode = None;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.split_once('=') {
            Some(("sslmode", value)) => {
                mode = Some(value.to_owned());
                false
            }
            _ => !pair.is_empty(),
        })
        .collect();
    let kept = kept.join("&");
    let url = if kept.is_empty() {
        place.to_owned()
    } else {
        format!("{place}?{kept}")
    };
    Ok((url.into(), mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, String> {
        Address::read(&SecretString::from(url))
    }

    fn mode(url: &str) -> SslMode {
        read(url).expect("an address").config.get_ssl_mode()
    }

    #[test]
    fn it_is_private_unless_it_stays_here_or_somebody_says_otherwise() {
        for (url, expected) in [
            ("postgresql://bot@db.example.com/bot", SslMode::Require),
            (
                "postgresql://bot@db.example.com/bot?sslmode=disable",
                SslMode::Disable,
            ),
            (
                "postgres://bot@127.0.0.1:5433/bot?sslmode=require",
                SslMode::Require,
            ),
            (
                "postgres://bot@127.0.0.1/bot?sslmode=verify-ca&connect_timeout=3",
                SslMode::Require,
            ),
            ("postgres://bot@[::1]/bot", SslMode::Disable),
            ("postgres://bot@localhost/bot", SslMode::Disable),
            (
                "postgres://bot@127.0.0.1,db.example.com/bot",
                SslMode::Require,
            ),
            ("postgresql://bot@%2Frun%2Fpostgresql/bot", SslMode::Disable),
            (
                "postgresql://bot@/bot?host=/run/postgresql",
                SslMode::Disable,
            ),
        ] {
            assert_eq!(mode(url), expected, "{url}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said_without_its_password() {
        for (url, expected) in [
            (
                "mysql://bot:s3cret@db/bot",
                "does not begin with postgresql://",
            ),
            ("postgresql://bot:s3cret@db", "names no database"),
            ("postgresql://:s3cret@db/bot", "names no user"),
            ("postgresql:///bot", "names no host"),
            ("postgresql://bot:s3cret@db:x/bot", "cannot be read"),
            (
                "postgresql://bot:s3cret@db/bot?colour=red",
                "cannot be read",
            ),
            (
                "postgresql://bot:s3cret@db/bot?sslmode=prefer",
                "may go on without TLS",
            ),
            (
                "postgresql://bot:s3cret@db/bot?sslmode=yes",
                "sslmode is not known",
            ),
        ] {
            let Err(said) = read(url) else {
                panic!("{url} was taken");
            };
            assert!(said.contains(expected), "{url}: {said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn people_are_told_where_it_is() {
        let address = read("postgresql://bot:s3cret@one:5433,two:5434/interviews").expect("one");
        assert_eq!(address.hosts(), "one:5433, two:5434");
        assert_eq!((address.user(), address.database()), ("bot", "interviews"));
        assert!(!format!("{:?}", address.config).contains("s3cret"));
    }
}
