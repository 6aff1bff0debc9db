//! Whether a request was signed by Slack. What the request says is not in here.
//!
//! Scheme v0, <https://docs.slack.dev/authentication/verifying-requests-from-slack>. The verifier of slack-morphism is
//! not used: it reads the system clock itself, takes only UTF-8 bodies, and overflows on an absurd timestamp.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use secrecy::{ExposeSecret as _, SecretString};

/// How far a request's timestamp may lie from our clock, either way, in seconds; Slack's own figure.
pub const TOLERANCE_SECONDS: u64 = 300;

/// How long a signature is: `v0=` and 64 digits.
const LENGTH: usize = 67;

/// A request that is not Slack's, or not of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// The signing secret of our own configuration is empty, so nothing can be checked.
    #[error("the signing secret is empty")]
    NoSecret,
    /// A signature header is missing.
    #[error("a signature header is missing")]
    Missing,
    /// The timestamp is not a whole number of seconds.
    #[error("the timestamp is not a number")]
    Timestamp,
    /// The timestamp is more than five minutes from our clock.
    #[error("the timestamp is more than five minutes away")]
    Stale,
    /// The signature does not fit the body.
    #[error("the signature does not match")]
    Forged,
}

/// The signature of `body` at `timestamp`, as Slack writes it: `v0=` and 64 lower-case hex digits.
///
/// # Panics
///
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn sign(secret: &SecretString, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(b"v0:");
    mac.update(timestamp.as_bytes());
    mac.update(b":");
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// Whether a request with these headers can be Slack's, whatever its body turns out to be.
///
/// # Errors
///
/// As [`verify`], but never for what only the body can tell.
pub fn may_be(timestamp: Option<&str>, signature: Option<&str>, now: i64) -> Result<(), NotSigned> {
    let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
        return Err(NotSigned::Missing);
    };
    let seconds: i64 = timestamp.parse().map_err(|_| NotSigned::Timestamp)?;
    if now.abs_diff(seconds) > TOLERANCE_SECONDS {
        return Err(NotSigned::Stale);
    }
    let is_one = signature.len() == LENGTH && signature.starts_with("v0=");
    if is_one {
        Ok(())
    } else {
        Err(NotSigned::Forged)
    }
}

/// Checks `signature` against the raw bytes of the body, in constant time, and the timestamp against `now` (unix seconds).
///
/// # Errors
///
/// Says what was wrong, and nothing of the request.
pub fn verify(
    secret: &SecretString,
    timestamp: Option<&str>,
    signature: Option<&str>,
    body: &[u8],
    now: i64,
) -> Result<(), NotSigned> {
    if secret.expose_secret().is_empty() {
        return Err(NotSigned::NoSecret);
    }
    may_be(timestamp, signature, now)?;
    let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
        return Err(NotSigned::Missing);
    };
    let expected = sign(secret, timestamp, body);
    if bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
        Ok(())
    } else {
        Err(NotSigned::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const AT: &str = "1531420618";
    const NOW: i64 = 1_531_420_618;

    /// The vector of Slack's page, and two made with `slack_sdk` 3.47.0.
    const KNOWN: [(&str, &str); 3] = [
        (
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ),
        (
            "",
            "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739",
        ),
        (
            "{\"text\":\"café ✓\"}",
            "v0=5cbaa9ad042e2d1cc77143b30fb4c450c03ff1fc74343f90774c457817e7eba0",
        ),
    ];

    fn check(at: Option<&str>, signature: Option<&str>, body: &str, now: i64) -> Option<NotSigned> {
        verify(
            &SecretString::from(SECRET),
            at,
            signature,
            body.as_bytes(),
            now,
        )
        .err()
    }

    #[test]
    fn known_signatures_are_recognised() {
        for (body, signature) in KNOWN {
            assert_eq!(check(Some(AT), Some(signature), body, NOW), None);
        }
    }

    #[test]
    fn five_minutes_either_way_and_no_more() {
        let (body, signature) = KNOWN[1];
        for (now, expected) in [
            (NOW + 300, None),
            (NOW - 300, None),
            (NOW + 301, Some(NotSigned::Stale)),
            (NOW - 301, Some(NotSigned::Stale)),
            (i64::MIN, Some(NotSigned::Stale)),
            (i64::MAX, Some(NotSigned::Stale)),
        ] {
            assert_eq!(check(Some(AT), Some(signature), body, now), expected);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let (body, signature) = KNOWN[0];
        let upper = signature.to_uppercase();
        for (at, given, expected) in [
            (None, Some(signature), NotSigned::Missing),
            (Some(AT), None, NotSigned::Missing),
            (Some("soon"), Some(signature), NotSigned::Timestamp),
            (Some(""), Some(signature), NotSigned::Timestamp),
            (
                Some("-9223372036854775808"),
                Some(signature),
                NotSigned::Stale,
            ),
            (Some(AT), Some(""), NotSigned::Forged),
            (Some(AT), Some(upper.as_str()), NotSigned::Forged),
            (Some(AT), Some(&signature[..60]), NotSigned::Forged),
            (Some("1531420619"), Some(signature), NotSigned::Forged),
        ] {
            assert_eq!(check(at, given, body, NOW), Some(expected));
        }
        assert_eq!(
            check(Some(AT), Some(signature), "another body", NOW),
            Some(NotSigned::Forged)
        );
        assert_eq!(
            verify(
                &SecretString::from(""),
                Some(AT),
                Some(signature),
                body.as_bytes(),
                NOW
            ),
            Err(NotSigned::NoSecret)
        );
    }
}
