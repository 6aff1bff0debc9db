//! Memory has a ceiling: everything at once that the program is ever asked to hold, and what it takes for that, by its own limits.

use crate::harness::hands::Hands;
use crate::harness::program::{Program, Start, folder, resident};
use futures_util::future::join_all;
use interview_assistant::clock::Clock;
use interview_assistant::domain::ids::LoopCode;
use interview_assistant::simulator::{
    Channel, Misbehaviour, Pace, Person, Simulator, Workspace, sign, user_id,
};
use interview_assistant::start::pretend_setup;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// `INTERVIEW_AT_ONCE` here, so that neither this test nor what it starts needs more than a thousand files: half of what is usual.
const AT_ONCE: usize = 256;
/// People whom the bot knows, whose clicks are answered at once.
const KNOWN: usize = 48;
/// How long everything comes at once: longer than the bot waits for a body, and as long as it waits for Slack to take a reply.
const FLOOD: Duration = Duration::from_secs(10);
/// More connections than the 512 that the bot has at once.
const CONNECTIONS: usize = 560;

const MIB: u64 = 1 << 20;
const KIB: u64 = 1 << 10;

/// How much more a task takes in a build that is not optimised, as the one under test mostly is.
const UNOPTIMISED: u64 = if cfg!(debug_assertions) { 3 } else { 1 };

/// What the bot may take beside what it takes at rest, from its limits; with the usual 512 at once it is 30 MiB more.
fn ceiling() -> u64 {
    let at_once = AT_ONCE as u64 * UNOPTIMISED;
    // Of all bodies together that are on their way in (`slack::http`). Each thread has a heap of its own, and what one has let go is of
    // no use to the other.
    let bodies = 2 * 64 * MIB;
    // Of each of 512 connections: the head of a request (`slack::http::listen`), and as much for the task that serves it.
    let connections = 512 * 2 * 16 * KIB;
    // What is handled, and as much that waits for what Slack has to tell (`app::gate`, `app::facts`): some 30 KB each.
    let let_in = 2 * at_once * 30 * KIB;
    // Replies: eight of each wait, with 3 KB; one of each is drawn and sent (`slack::answer::room`), which takes ten times that.
    let replies = at_once * (8 * 3 + 30) * KIB;
    // What the store keeps of what it read.
    let cache = 16 * MIB;
    bodies + connections + let_in + replies + cache
}

/// Whoever sends requests to the bot without being Slack.
struct Sender {
    address: String,
    secret: String,
    api: String,
    code: LoopCode,
}

impl Sender {
    fn head(&self, length: usize, signature: &str, now: i64) -> String {
        format!(
            "POST /slack/events HTTP/1.1\r\nHost: bot\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: {signature}\r\n\r\n",
        )
    }

    /// Sends a request, all of it but so many bytes, and waits for the answer. What comes of it is the bot's business.
    async fn sends(&self, body: &[u8], withheld: usize, signature: Option<String>) -> Option<u16> {
        let now = Clock::system().now().as_second();
        let signature = signature.unwrap_or_else(|| sign(&self.secret, now, body));
        let head = self.head(body.len(), &signature, now);
        let mut stream = TcpStream::connect(&self.address).await.ok()?;
        stream.write_all(head.as_bytes()).await.ok()?;
        let sent = &body[..body.len() - withheld];
        stream.write_all(sent).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer);
        answer.split(' ').nth(1)?.parse().ok()
    }

    /// Nearly as much as a body may be, and never the last of it.
    async fn sends_what_never_ends(&self) {
        let forged = format!("v0={}", "0".repeat(64));
        self.sends(&vec![b'x'; MIB as usize - 1], 1, Some(forged))
            .await;
    }

    /// A click on a rating, with the message that was clicked beside it.
    async fn clicks(&self, user: &str, number: usize) {
        let value = json!({
            "do": "scorecard.rate.v1", "code": self.code, "question": "technical/1", "mark": { "rated": "good" },
        });
        let says = "What did you see first, and what did you do then? ".repeat(200);
        let payload = json!({
            "type": "block_actions", "team": { "id": "T0FLOOD" }, "user": { "id": user },
            "channel": { "id": Channel::private("hiring").id },
            "container": {
                "type": "message", "message_ts": format!("{number}.0"), "channel_id": Channel::private("hiring").id, "is_ephemeral": true,
            },
            "message": { "type": "message", "text": says, "blocks": [] },
            "trigger_id": format!("{number}.{user}"),
            "response_url": format!("{}/../actions/T0FLOOD/{number}/x", self.api),
            "actions": [{
                "type": "button", "action_id": "scorecard.rate.v1:x", "block_id": "b", "value": value.to_string(),
            }],
        });
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.append_pair("payload", &payload.to_string()).finish();
        self.sends(body.as_bytes(), 0, None).await;
    }

    /// One of all, again and again.
    async fn floods(&self, number: usize, until: Instant) {
        let mut round = 0;
        while Instant::now() < until {
            round += 1;
            let unique = round * CONNECTIONS + number;
            match number % 4 {
                0 | 1 => self.sends_what_never_ends().await,
                2 => self.clicks(&user_id(&known(unique % KNOWN)), unique).await,
                _ => self.clicks(&format!("U9{unique:08}"), unique).await,
            }
        }
    }
}

fn known(number: usize) -> String {
    format!("known{number}")
}

fn workspace() -> Workspace {
    let names: Vec<String> = (0..KNOWN).map(known).collect();
    let people = names.iter().map(|name| Person::new(name, name));
    people
        .fold(Workspace::new("T0FLOOD", "Northwind"), Workspace::person)
        .channel(
            Channel::private("hiring")
                .with(names.iter().map(String::as_str))
                .with_bot(),
        )
}

/// A figure, by all that stands before it; nothing is none.
async fn figure(bot: &Program, name: &str) -> f64 {
    let figures = bot.figures().await.expect("it answers");
    let line = figures.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|it| it.trim().parse().ok())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_has_a_ceiling_under_everything_at_once() {
    if resident(std::process::id()).is_none() {
        return println!("skipped: this system does not tell how much memory a process has");
    }
    let slack = Simulator::start(pretend_setup(workspace(), Pace::Live))
        .await
        .expect("a port is free");
    let (_folder, data) = folder();
    let start = Start {
        http: true,
        at_once: Some(AT_ONCE),
        ..Start::new(&slack, &data)
    };
    let mut bot = start.starts().await;
    let rita = Hands::new(&slack, &known(0), "#hiring");
    let line = "/interview senior-backend Jane Doe";
    rita.types(line).await.expect("it is acknowledged");
    let code = rita.code_of("Jane Doe").await;
    for number in 0..KNOWN {
        let hands = Hands::new(&slack, &known(number), "#hiring");
        hands.clicks_soon("Jane Doe", "Score").await;
    }
    bot.settles().await;
    let (at_rest, _) = resident(bot.id()).expect("it runs");

    // From now on Slack answers nothing, and everything that waits for it stays.
    slack.misbehave(Misbehaviour::Hang {
        method: None,
        times: u32::MAX,
        performs: false,
    });
    let sender = Sender {
        address: bot.address().expect("it listens"),
        secret: slack.credentials().signing_secret,
        api: slack.api_url(),
        code,
    };
    let until = Instant::now() + FLOOD;
    let all = (0..CONNECTIONS).map(|number| sender.floods(number, until));
    join_all(all).await;

    let (most, now) = resident(bot.id()).expect("it still runs");
    let in_mib = |bytes: u64| bytes / MIB;
    println!(
        "{} MiB at rest, {} at most, {} afterwards; {} were allowed for",
        in_mib(at_rest),
        in_mib(most),
        in_mib(now),
        in_mib(ceiling()),
    );
    // Every limit was reached, or this showed nothing.
    for limit in [
        "interview_requests_turned_away_total{reason=\"too_much\"}",
        "interview_requests_turned_away_total{reason=\"too_slow\"}",
        "interview_deliveries_total{kind=\"action\",outcome=\"busy\"}",
        "interview_deliveries_total{kind=\"action\",outcome=\"waiting\"}",
    ] {
        assert!(figure(&bot, limit).await > 0.5, "{limit}: {}", bot.log());
    }
    assert!(
        most <= at_rest + ceiling(),
        "{} MiB, of {} at rest and {} that its limits allow",
        in_mib(most),
        in_mib(at_rest),
        in_mib(ceiling())
    );
    assert_eq!(bot.ended(), None);
    slack.misbehave(Misbehaviour::Behave);
    let after = rita.types("/interview mine").await;
    after.expect("it serves as before");
    slack.stop();
}
