//! A click as Slack sends it: 6.8 KB of JSON, most of it the clicked message, 11 KB once it is a form; and its signature.

use hmac::{Hmac, KeyInit, Mac};
use interview_assistant::domain::ids::{LoopCode, QuestionId};
use interview_assistant::domain::scorecard::{Mark, Rating};
use interview_assistant::slack::action::Action;
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// What everybody who is measured is given to check signatures with.
pub const SECRET: &str = "8f742231b10e8888abcd99b8f742231b";
pub const WORKSPACE: &str = "T0BENCH00";
pub const CHANNEL: &str = "C0BENCH00";

/// What differs between two clicks, as it stands in the template until it is filled in.
const PLACES: [&str; 5] = ["TTRIGGERT", "TUSERT", "TLOOPT", "TQUESTIONT", "TSINKT"];
/// How large the JSON of a click is.
const JSON_BYTES: usize = 6_800;

/// Who clicks on what. Everything is in it that the store has to have.
#[derive(Clone, Debug)]
pub struct Fixture {
    pub users: Vec<String>,
    pub loops: Vec<String>,
    pub questions: Vec<String>,
    /// On how many loops each user sits: from the one of their own number on.
    pub spread: usize,
}

impl Fixture {
    /// Whether this user is on the panel of this loop.
    pub fn sits(&self, user: usize, at: usize) -> bool {
        (0..self.spread).any(|step| (user + step) % self.loops.len() == at)
    }
}

/// One kind of body for each rating, cut at the places.
struct Template(Vec<Part>);

enum Part {
    Text(String),
    Place(usize),
}

/// Makes clicks. Each has a trigger of its own, and changes what was there: nobody can answer one from memory.
pub struct Clicks {
    pub fixture: Fixture,
    sink: String,
    forms: Vec<Template>,
    jsons: Vec<Template>,
    key: Hmac<Sha256>,
    triggers: AtomicU64,
    /// How often each user has clicked.
    counts: Vec<AtomicU64>,
}

impl Clicks {
    /// Clicks whose answers go to this sink.
    pub fn new(fixture: Fixture, sink: u16) -> Self {
        let jsons: Vec<String> = Rating::ALL
            .into_iter()
            .map(|r| payload(r).to_string())
            .collect();
        let encoded = |json: &String| {
            let json: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
            cut(&format!("payload={json}"))
        };
        Self {
            forms: jsons.iter().map(encoded).collect(),
            jsons: jsons.iter().map(|json| cut(json)).collect(),
            sink: sink.to_string(),
            key: Hmac::new_from_slice(SECRET.as_bytes()).expect("any length will do"),
            triggers: AtomicU64::new(0),
            counts: fixture.users.iter().map(|_| AtomicU64::new(0)).collect(),
            fixture,
        }
    }

    /// How often this user has clicked so far.
    pub fn count(&self, user: usize) -> u64 {
        self.counts[user].load(Ordering::Relaxed)
    }

    fn fill(&self, templates: &[Template], user: usize, escape: bool) -> Vec<u8> {
        let fixture = &self.fixture;
        let count = self.counts[user].fetch_add(1, Ordering::Relaxed) as usize;
        let questions = fixture.questions.len();
        let question = &fixture.questions[count % questions];
        let at = (user + count / questions % fixture.spread) % fixture.loops.len();
        // Each time round, the rating is another one.
        let rating = count / (questions * fixture.spread) % templates.len();
        let trigger = self.triggers.fetch_add(1, Ordering::Relaxed);
        let mut body = Vec::with_capacity(12 << 10);
        for part in &templates[rating].0 {
            match part {
                Part::Text(text) => body.extend_from_slice(text.as_bytes()),
                Part::Place(0) => body.extend_from_slice(format!("{trigger:014}").as_bytes()),
                Part::Place(1) => body.extend_from_slice(fixture.users[user].as_bytes()),
                Part::Place(2) => body.extend_from_slice(fixture.loops[at].as_bytes()),
                Part::Place(3) if escape => {
                    for piece in form_urlencoded::byte_serialize(question.as_bytes()) {
                        body.extend_from_slice(piece.as_bytes());
                    }
                }
                Part::Place(3) => body.extend_from_slice(question.as_bytes()),
                Part::Place(_) => body.extend_from_slice(self.sink.as_bytes()),
            }
        }
        body
    }

    /// This user's next click, as JSON.
    pub fn json(&self, user: usize) -> String {
        String::from_utf8(self.fill(&self.jsons, user, false)).expect("made of strings")
    }

    /// This user's next click, as a signed request.
    pub fn request(&self, user: usize) -> Vec<u8> {
        let body = self.fill(&self.forms, user, true);
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("it is after 1970");
        let now = now.as_secs();
        let mut mac = self.key.clone();
        mac.update(format!("v0:{now}:").as_bytes());
        mac.update(&body);
        let signature = hex::encode(mac.finalize().into_bytes());
        let mut request = format!(
            "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n\
             Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(&body);
        request
    }
}

/// Cuts a text at the places.
fn cut(text: &str) -> Template {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((at, place)) = (PLACES.iter().enumerate())
        .filter_map(|(place, name)| Some((rest.find(name)?, place)))
        .min()
    {
        parts.push(Part::Text(rest[..at].to_owned()));
        parts.push(Part::Place(place));
        rest = &rest[at + PLACES[place].len()..];
    }
    parts.push(Part::Text(rest.to_owned()));
    Template(parts)
}

fn button(rating: Rating) -> Value {
    let action = Action::Rate {
        code: LoopCode::from("TLOOPT"),
        question: QuestionId::from("TQUESTIONT"),
        mark: Mark::Rated(rating),
        open: None,
    };
    let (id, value) = action.on_the_wire();
    json!({"type": "button", "action_id": id, "text": {"type": "plain_text", "text": rating.to_string(), "emoji": true},
        "value": value})
}

/// A click on a scorecard: Slack sends along the message that was clicked.
fn payload(rating: Rating) -> Value {
    let mut action = button(rating);
    action["block_id"] = json!("rate/TQUESTIONT");
    action["action_ts"] = json!("1795262400.123456");
    let mut payload = json!({
        "type": "block_actions",
        "user": {"id": "TUSERT", "username": "ada", "name": "ada", "team_id": WORKSPACE},
        "api_app_id": "A0BENCH00",
        "token": "legacy-fixed-value",
        "container": {"type": "message", "message_ts": "1795262400.TUSERT.TLOOPT", "channel_id": CHANNEL, "is_ephemeral": true},
        "trigger_id": "TTRIGGERT.1234567890.0123456789abcdef0123456789abcdef",
        "team": {"id": WORKSPACE, "domain": "northwind"},
        "enterprise": null,
        "is_enterprise_install": false,
        "channel": {"id": CHANNEL, "name": "privategroup"},
        "message": {"bot_id": "B0BENCH00", "type": "message", "user": "U0BOT0000", "app_id": "A0BENCH00",
            "ts": "1795262400.TUSERT.TLOOPT", "team": WORKSPACE, "text": "Your scorecard for Jane Doe", "blocks": []},
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:TSINKT/respond/TUSERT/TTRIGGERT",
        "actions": [action],
    });
    let mut number = 0;
    while payload.to_string().len() < JSON_BYTES {
        number += 1;
        let blocks = payload["message"]["blocks"]
            .as_array_mut()
            .expect("it is a list");
        let says = "*Tell me about a change of yours that broke something in production.* What did you see first, and \
            what did you do then? _1_ blames others. _2_ tells what, not why. _3_ finds the cause. _4_ prevents the next one.";
        blocks.push(
            json!({"type": "section", "block_id": format!("ask/{number}"),
            "text": {"type": "mrkdwn", "text": says, "verbatim": false}}),
        );
        if matches!(number, 2 | 4 | 6) {
            let buttons: Vec<Value> = Rating::ALL
                .into_iter()
                .map(|rating| {
                    let mut button = button(rating);
                    let id = format!(
                        "{}:{number}",
                        button["action_id"].as_str().unwrap_or_default()
                    );
                    button["action_id"] = json!(id);
                    button
                })
                .collect();
            blocks.push(json!({"type": "actions", "block_id": format!("rate/{number}"), "elements": buttons}));
        }
    }
    payload
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_click_is_as_large_as_slacks_and_is_read_by_the_bot() {
        use super::*;
        let fixture = Fixture {
            users: vec!["U0LOAD00".to_owned()],
            loops: vec!["k7m2q9".to_owned()],
            questions: vec!["technical/1".to_owned()],
            spread: 1,
        };
        let clicks = Clicks::new(fixture, 8080);
        let json = clicks.json(0);
        assert!((6_500..7_200).contains(&json.len()), "{}", json.len());
        let request = clicks.request(0);
        assert!(
            (10_500..11_900).contains(&request.len()),
            "{}",
            request.len()
        );
        let json: Value = serde_json::from_str(&json).expect("it is JSON");
        let action = &json["actions"][0];
        let (id, value) = (action["action_id"].as_str(), action["value"].as_str());
        let read = Action::parse(id.unwrap_or_default(), value);
        assert!(
            matches!(read, Ok(Action::Rate { question, .. }) if question == QuestionId::from("technical/1"))
        );
    }
}
