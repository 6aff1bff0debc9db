//! What can go wrong with a call, and what that says about repeating it. Repeating is not in here.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use crate::telemetry::figures::Called;

/// Why Slack could not be asked at all, or did not get to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The name has no address.
    NoAddress,
    /// No connection in time, or none at all.
    NoConnection,
    /// The certificate is not trusted, or TLS failed otherwise.
    Untrusted,
    /// The connection broke before the answer was there.
    CutOff,
    /// An address that is not Slack's: no call was made.
    NotSlack,
    /// The request itself could not be written, or the token it needs is not configured: no call was made.
    Unsendable,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "its name has no address",
            Self::NoConnection => "no connection",
            Self::Untrusted => "its certificate is not trusted",
            Self::CutOff => "the connection broke",
            Self::NotSlack => "the address is not Slack's",
            Self::Unsendable => "the request could not be made",
        })
    }
}

/// Why there is no token to call with: no call was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoToken {
    /// The app is not installed there, or not any more.
    NotInstalled,
    /// What the store keeps cannot be opened.
    Sealed,
    /// The store does not tell at this moment.
    Away,
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotInstalled => "the app is not installed there any more",
            Self::Sealed => "its token cannot be opened",
            Self::Away => "the store does not tell its token",
        })
    }
}

/// A call that did not succeed. Holds nothing of what was sent or received but Slack's error code and its hints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many calls of this method in this workspace (<https://docs.slack.dev/apis/web-api/rate-limits>).
    #[error("Slack asks to wait {} s", after.as_secs())]
    RateLimited {
        /// How long to wait with this method and workspace.
        after: Duration,
    },
    /// Slack said no: `ok: false`.
    #[error("Slack refused: {code}")]
    Refused {
        /// Slack's error code, as `channel_not_found`; lower-case letters, digits, `_`, `.` and `-` only.
        code: String,
        /// Its hints, as JSON pointers into blocks. Cut short.
        messages: Vec<String>,
    },
    /// An answer that is not Slack's usual 200.
    #[error("Slack answered with status {0}")]
    Status(u16),
    /// Connected and sent, and no answer in time.
    #[error("Slack did not answer in time")]
    Timeout,
    /// Not reached, or cut off.
    #[error("Slack was not reached: {0}")]
    Unreachable(Unreached),
    /// An answer we cannot read.
    #[error("Slack's answer could not be read")]
    Garbled,
    /// No call was made.
    #[error("there is nothing to call Slack with: {0}")]
    NoToken(NoToken),
}

/// How much of a hint is kept, in characters.
const HINT_LENGTH: usize = 200;
/// How many hints are kept.
const HINTS: usize = 10;
/// How much of a code is kept, in characters; the longest of Slack's has less than 60.
const CODE_LENGTH: usize = 80;

/// Whether TLS is at the bottom of an error. An `io::Error` does not show what it wraps as its source.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|inner| is_tls(inner))
        || error.source().is_some_and(is_tls)
}

impl CallError {
    /// How it is counted.
    pub(crate) fn counts_as(&self) -> Called {
        match self {
            Self::RateLimited { .. } => Called::rate_limited,
            Self::Refused { .. } | Self::NoToken(_) => Called::refused,
            Self::Status(_) | Self::Garbled => Called::garbled,
            Self::Timeout => Called::timeout,
            Self::Unreachable(_) => Called::unreachable,
        }
    }

    /// A refusal with a code fit for logs, whatever was sent.
    pub(super) fn refused(code: &str, messages: impl Iterator<Item = String>) -> Self {
        let code: String = code
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
            .take(CODE_LENGTH)
            .collect();
        Self::Refused {
            code: if code.is_empty() {
                "unnamed".to_owned()
            } else {
                code
            },
            messages: messages
                .take(HINTS)
                .map(|message| message.chars().take(HINT_LENGTH).collect())
                .collect(),
        }
    }

    /// What reqwest's error means. Its own text may hold the URL, so nothing of it is kept.
    pub(in crate::slack) fn from_http(error: &reqwest::Error) -> Self {
        let tls = error.source().is_some_and(is_tls);
        if error.is_builder() {
            Self::Unreachable(Unreached::Unsendable)
        } else if error.is_connect() && tls {
            Self::Unreachable(Unreached::Untrusted)
        } else if error.is_dns() {
            Self::Unreachable(Unreached::NoAddress)
        } else if error.is_connect() {
            Self::Unreachable(Unreached::NoConnection)
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Unreachable(Unreached::CutOff)
        }
    }

    /// Slack's code, where it gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether Slack does not take the token: it says nothing of what was asked, and holds for every call with it.
    #[must_use]
    pub fn is_of_the_token(&self) -> bool {
        matches!(
            self.code(),
            Some(
                "token_revoked"
                    | "token_expired"
                    | "account_inactive"
                    | "invalid_auth"
                    | "not_authed"
                    | "team_disabled"
            )
        )
    }

    /// Whether the same call can only fail again, so that repeating it is of no use.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            // Another token may be there in an hour.
            Self::Refused { .. } if self.is_of_the_token() => false,
            Self::NoToken(why) => *why != NoToken::Away,
            // Slack's own trouble, or a workspace moving into an organisation: both pass.
            Self::Refused { code, .. } => !matches!(
                code.as_str(),
                "fatal_error"
                    | "internal_error"
                    | "service_unavailable"
                    | "request_timeout"
                    | "team_added_to_org"
                    | "org_login_required"
                    | "external_channel_migrating"
            ),
            Self::Status(status) => (400..500).contains(status) && !matches!(status, 408 | 425),
            Self::Unreachable(kind) => matches!(kind, Unreached::NotSlack | Unreached::Unsendable),
            Self::RateLimited { .. } | Self::Timeout | Self::Garbled => false,
        }
    }

    /// Whether the call may have taken effect all the same: repeating a post may then show it twice. Slack has no key
    /// against that (<https://docs.slack.dev/reference/methods/chat.postMessage>, `fatal_error`).
    #[must_use]
    pub fn maybe_done(&self) -> bool {
        match self {
            Self::Refused { code, .. } => matches!(
                code.as_str(),
                "fatal_error" | "internal_error" | "service_unavailable" | "request_timeout"
            ),
            Self::Status(status) => !(300..500).contains(status),
            Self::Unreachable(kind) => matches!(kind, Unreached::CutOff),
            Self::Timeout | Self::Garbled => true,
            Self::RateLimited { .. } | Self::NoToken(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_final_unless_slack_is_in_trouble() {
        let no = CallError::refused("channel_not_found", std::iter::empty());
        assert!(no.is_permanent() && !no.maybe_done());
        let trouble = CallError::refused("fatal_error", std::iter::empty());
        assert!(!trouble.is_permanent() && trouble.maybe_done());
    }

    #[test]
    fn only_what_was_sent_may_have_been_done() {
        assert!(CallError::Timeout.maybe_done());
        assert!(CallError::Status(502).maybe_done());
        assert!(!CallError::Status(404).maybe_done());
        assert!(CallError::Unreachable(Unreached::CutOff).maybe_done());
        assert!(!CallError::Unreachable(Unreached::NoConnection).maybe_done());
    }

    #[test]
    fn a_code_cannot_carry_anything_into_the_log() {
        let odd = CallError::refused("bad\n<b> code", std::iter::empty());
        assert_eq!(odd.code(), Some("badbcode"));
    }
}
