//! Deliveries over signed HTTP, the way Slack makes them without Socket Mode.
//!
//! Not in here: which transport is in use (`deliver`).

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::clock::SECOND;
use super::deliver::{ACK_WITHIN, Kind, Retry, name_of};
use super::{Complaint, Simulator};

/// Slack's signature version 0 of a body: `v0=` and the lower-case hex of HMAC-SHA256 over
/// `v0:timestamp:body`, keyed with the signing secret as text.
///
/// # Panics
/// Never: HMAC takes any key.
#[must_use]
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes any key");
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// The body and its content type, by what is delivered.
fn encode(kind: Kind, payload: &Value) -> (String, &'static str) {
    const FORM: &str = "application/x-www-form-urlencoded";
    match kind {
        Kind::Command => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (key, value) in payload.as_object().into_iter().flatten() {
                form.append_pair(key, value.as_str().unwrap_or_default());
            }
            (form.finish(), FORM)
        }
        Kind::Interactive { .. } => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("payload", &payload.to_string());
            (form.finish(), FORM)
        }
        Kind::Event => (payload.to_string(), "application/json"),
    }
}

impl Simulator {
    pub(crate) async fn send_over_http(
        &self,
        url: &str,
        kind: Kind,
        payload: &Value,
        retry: Option<Retry>,
    ) -> Result<Option<Value>, Complaint> {
        let what = name_of(kind, payload);
        let (body, content_type) = encode(kind, payload);
        let (forged, timestamp) = self.signed_at();
        let signature = sign(
            &self.credentials().signing_secret,
            timestamp,
            body.as_bytes(),
        );
        let mut request = self
            .http()
            .post(url)
            .header("content-type", content_type)
            .header("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
            .header("x-slack-request-timestamp", timestamp.to_string())
            .header("x-slack-signature", signature)
            .body(body)
            .timeout(ACK_WITHIN);
        if let Some(retry) = retry {
            request = request
                .header("x-slack-retry-num", retry.attempt.to_string())
                .header("x-slack-retry-reason", retry.reason);
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if error.is_timeout() => {
                self.world().breach(format!("no answer within 3 s: {what}"));
                return Err(Complaint::OperationTimeout);
            }
            Err(_) => return Err(Complaint::ConnectionLost),
        };
        let status = answer.status();
        let is_json = answer
            .headers()
            .get("content-type")
            .and_then(|h| h.to_str().ok())
            .is_some_and(|h| h.starts_with("application/json"));
        let Ok(body) = answer.text().await else {
            return Err(Complaint::ConnectionLost);
        };
        if !status.is_success() {
            if forged.is_none() {
                self.world().breach(format!(
                    "HTTP {} instead of an ack: {what}",
                    status.as_u16()
                ));
            }
            return Err(Complaint::HttpStatus(status.as_u16()));
        }
        self.read_ack(kind, &what, is_json, &body)
    }

    fn read_ack(
        &self,
        kind: Kind,
        what: &str,
        is_json: bool,
        body: &str,
    ) -> Result<Option<Value>, Complaint> {
        if body.is_empty() || kind == Kind::Event {
            return Ok(None);
        }
        if !kind.accepts_payload() {
            self.world()
                .breach(format!("ack with a body where none is accepted: {what}"));
            return Ok(None);
        }
        if is_json {
            serde_json::from_str(body).map(Some).map_err(|_| {
                self.world().breach(format!("ack that is not JSON: {what}"));
                Complaint::ConnectionLost
            })
        } else if kind == Kind::Command {
            Ok(Some(json!({ "text": body })))
        } else {
            self.world().breach(format!("ack that is not JSON: {what}"));
            Err(Complaint::ConnectionLost)
        }
    }

    /// The second that a test asked for, and the second that a delivery is signed as of.
    fn signed_at(&self) -> (Option<i64>, i64) {
        let world = self.world();
        let now = world.clock.now() / SECOND;
        (world.signed_at, world.signed_at.unwrap_or(now))
    }

    /// Asks the request URL to prove itself, as Slack does when it is entered in the app's settings.
    /// True when the challenge came back.
    pub async fn verify_url(&self) -> bool {
        let Some(url) = self.world().request_url.clone() else {
            return false;
        };
        let challenge = format!("{:032x}", rand::random::<u128>());
        let body = json!({ "type": "url_verification", "token": "legacy", "challenge": challenge })
            .to_string();
        let (_, timestamp) = self.signed_at();
        let signature = sign(
            &self.credentials().signing_secret,
            timestamp,
            body.as_bytes(),
        );
        let answer = self
            .http()
            .post(url)
            .header("content-type", "application/json")
            .header("x-slack-request-timestamp", timestamp.to_string())
            .header("x-slack-signature", signature)
            .body(body)
            .timeout(ACK_WITHIN)
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => answer
                .text()
                .await
                .is_ok_and(|text| text.contains(&challenge)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

    #[test]
    fn signatures_are_the_known_ones() {
        let docs = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            sign(SECRET, 1_531_420_618, docs.as_bytes()),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
        assert_eq!(
            sign(SECRET, 1_531_420_618, b""),
            "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739"
        );
        assert_eq!(
            sign(SECRET, 1_531_420_618, "{\"text\":\"café ✓\"}".as_bytes()),
            "v0=5cbaa9ad042e2d1cc77143b30fb4c450c03ff1fc74343f90774c457817e7eba0"
        );
    }
}
