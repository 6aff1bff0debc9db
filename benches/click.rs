//! What a click costs, step by step: it is checked and read, decided, kept and drawn; in a loop that has just begun and in a full one. No
//! disk and no network; those are in the other benchmarks.

#[path = "../bench/src/click.rs"]
#[expect(
    dead_code,
    clippy::disallowed_methods,
    reason = "the load's clicks, of which only some are needed; each is signed as of now"
)]
mod sent;

use divan::Bencher;
use divan::counter::BytesCount;
use interview_assistant::app::scene::{DebriefScene, DigestScene, LoopLines, PostScene, Scene};
use interview_assistant::domain::access::Actor;
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{AuditEntry, Audited, Deed, Submission};
use interview_assistant::domain::ids::{ChannelId, LoopCode, QuestionId, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::{Head, InterviewLoop};
use interview_assistant::domain::kit::{Kit, Section};
use interview_assistant::domain::scorecard::{Mark, Rating, Recommendation, Scorecard};
use interview_assistant::domain::settings::RevealRule;
use interview_assistant::domain::words::Words;
use interview_assistant::kits;
use interview_assistant::slack::understand::{Understood, understand};
use interview_assistant::slack::{command, inbound, screens, signature, socket, text};
use interview_assistant::store::damage;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

fn main() {
    divan::main();
}

/// How many interviewers a full loop has.
const PANEL: usize = 12;
/// How many questions are rated and have a note on each of their scorecards.
const QUESTIONS: usize = 25;
/// How long a note is.
const NOTE: usize = 500;

/// How far a loop is.
#[derive(Clone, Copy, Debug)]
enum How {
    /// Nobody has rated anything.
    Empty,
    /// Everybody has rated and noted everything.
    Full,
}

const BOTH: [How; 2] = [How::Empty, How::Full];

fn at() -> Timestamp {
    Timestamp::from_second(1_795_262_400).expect("a moment")
}

fn user(number: usize) -> UserId {
    UserId::from(format!("U0BENCH{number:02}"))
}

fn actor(user: UserId) -> Actor {
    Actor {
        user,
        workspace: WorkspaceId::from("T1"),
        administrator: false,
    }
}

/// A kit that comes with the program, with as many questions more in each section as it takes.
fn kit() -> Kit {
    let (files, _) = kits::survey_embedded().sound();
    let mut all = files.into_iter().map(|file| file.kit);
    let mut kit = all
        .find(|kit| kit.slug.as_str() == "senior-backend")
        .expect("it comes with the program");
    let sections = Section::ALL.into_iter().cycle();
    for (section, number) in sections.zip(kit.asked().count()..QUESTIONS) {
        let of_them = kit.section(section).next().cloned();
        let mut more = of_them.expect("each has one");
        more.id = QuestionId::from(format!("{}/{}", section.slug(), 10 + number));
        kit.questions.push(more);
    }
    assert_eq!(kit.asked().count(), QUESTIONS);
    kit
}

fn card(kit: &Kit, author: UserId) -> Scorecard {
    let mut card = Scorecard::new(author, at());
    let note = Note::new(&"Asked about <shards> & \"queues\", twice. ".repeat(20)[..NOTE]);
    for question in kit.asked() {
        let mark = Mark::Rated(Rating::Good);
        card.marks.insert(question.id.clone(), mark);
        card.evidence.insert(question.id.clone(), note.clone());
    }
    card
}

fn head(kit: &Kit) -> Head {
    let panel: Vec<_> = (0..PANEL)
        .map(|number| serde_json::json!({"user": user(number)}))
        .collect();
    serde_json::from_value(serde_json::json!({
        "code": LoopCode::from_random(7), "kit": {"slug": kit.slug, "version": "0123456789ab"}, "title": kit.title,
        "candidate": "Jane Doe", "owner": "U9", "opened_by": "U9", "opened_at": at(), "channel": "C1", "public": false,
        "naming": "name", "named_panel": true, "panel": panel, "messages": {"post": "1795262400.000100"},
    }))
    .expect("a head")
}

/// A loop with these scorecards.
fn with(kit: Kit, cards: impl IntoIterator<Item = Scorecard>) -> InterviewLoop {
    let cards: BTreeMap<UserId, Scorecard> = cards
        .into_iter()
        .map(|card| (card.author.clone(), card))
        .collect();
    InterviewLoop {
        head: head(&kit),
        kit: Arc::new(kit),
        cards,
        rule: RevealRule::default(),
    }
}

/// What is loaded for a click: the clicker's own scorecard, of all.
fn loaded(how: How) -> InterviewLoop {
    let kit = kit();
    let own = match how {
        How::Empty => None,
        How::Full => Some(card(&kit, user(0))),
    };
    with(kit, own)
}

/// A full loop, revealed when the last scorecard came in.
fn revealed() -> InterviewLoop {
    let kit = kit();
    let cards: Vec<Scorecard> = (0..PANEL).map(|number| card(&kit, user(number))).collect();
    let mut state = with(kit, cards);
    let submission = Submission {
        recommendation: Some(Recommendation::Yes),
        reason: Note::new("Knows the trade."),
        beside_the_kit: Note::default(),
        evidence: Vec::new(),
        rest_not_asked: false,
    };
    let deed = Deed::Submit(Box::new(submission));
    for number in 0..PANEL {
        let outcome = state.handle(&actor(user(number)), &deed, at());
        state = outcome.expect("they may").state;
    }
    assert!(state.head.reveal.is_some());
    state
}

#[divan::bench(args = BOTH)]
fn decide(bencher: Bencher, how: How) {
    let (state, actor) = (loaded(how), actor(user(0)));
    let deed = Deed::Rate {
        question: QuestionId::from("technical/1"),
        mark: Mark::Rated(Rating::Mixed),
        clicked: Some(at()),
    };
    bencher
        .with_inputs(|| state.clone())
        .bench_local_values(|state| state.handle(&actor, &deed, at()));
}

#[divan::bench(args = BOTH)]
fn draw_scorecard(bencher: Bencher, how: How) {
    let InterviewLoop {
        kit,
        head,
        mut cards,
        ..
    } = loaded(how);
    let scene = Scene::Scorecard {
        kit,
        head: Box::new(head),
        card: cards.remove(&user(0)),
        user: user(0),
        section: Section::Technical,
        open: None,
    };
    bencher.bench_local(|| screens::draw(&scene));
}

#[divan::bench]
fn draw_debrief(bencher: Bencher) {
    let state = revealed();
    let scene = PostScene::Debrief(Box::new(DebriefScene {
        kit: state.kit,
        head: state.head,
        later: Vec::new(),
    }));
    bencher.bench_local(|| screens::draw_post(&scene));
}

#[divan::bench]
fn draw_digest(bencher: Bencher) {
    let head = revealed().head;
    let lines = || LoopLines {
        heads: vec![head.clone(); 10],
        number: 10,
        and_more: false,
    };
    let scene = PostScene::Digest(Box::new(DigestScene {
        channel: ChannelId::from("C1"),
        since: at(),
        as_of: at(),
        open_to_all: false,
        opened: lines(),
        owed: lines(),
        ready: lines(),
        decided: lines(),
        waiting: lines(),
        set: None,
    }));
    bencher.bench_local(|| screens::draw_post(&scene));
}

/// The letters of the records that a click reads and writes, as `store::codec` has them.
const HEAD: u8 = b'h';
const CARD: u8 = b'c';
const AUDIT: u8 = b'a';

fn full_card() -> Scorecard {
    card(&kit(), user(0))
}

fn entries() -> Vec<AuditEntry> {
    vec![AuditEntry {
        at: at(),
        actor: Some(user(0)),
        what: Audited::Rated {
            question: QuestionId::from("technical/1"),
            from: Some(Mark::Rated(Rating::Good)),
            to: Mark::Rated(Rating::Mixed),
        },
    }]
}

fn encodes<T: Serialize>(bencher: Bencher, kind: u8, record: &T) {
    let size = damage::encode(kind, record).map_or(0, |bytes| bytes.len());
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| damage::encode(kind, record));
}

fn decodes<T: Serialize + DeserializeOwned>(bencher: Bencher, kind: u8, record: &T) {
    let bytes = damage::encode(kind, record).expect("it is a kind");
    assert!(damage::decode::<T>(kind, &bytes).is_some());
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| damage::decode::<T>(kind, &bytes));
}

#[divan::bench]
fn encode_head(bencher: Bencher) {
    encodes(bencher, HEAD, &head(&kit()));
}

#[divan::bench]
fn encode_full_scorecard(bencher: Bencher) {
    encodes(bencher, CARD, &full_card());
}

#[divan::bench]
fn encode_audit(bencher: Bencher) {
    encodes(bencher, AUDIT, &entries());
}

#[divan::bench]
fn decode_head(bencher: Bencher) {
    decodes(bencher, HEAD, &head(&kit()));
}

#[divan::bench]
fn decode_full_scorecard(bencher: Bencher) {
    decodes(bencher, CARD, &full_card());
}

#[divan::bench]
fn decode_audit(bencher: Bencher) {
    decodes(bencher, AUDIT, &entries());
}

/// As it is put into a folder.
fn packs<T: Serialize>(bencher: Bencher, kind: u8, record: &T) {
    let bytes = damage::encode(kind, record).expect("it is a kind");
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| bytes.clone())
        .bench_local_values(damage::packed);
}

#[divan::bench]
fn pack_head(bencher: Bencher) {
    packs(bencher, HEAD, &head(&kit()));
}

#[divan::bench]
fn pack_full_scorecard(bencher: Bencher) {
    packs(bencher, CARD, &full_card());
}

#[divan::bench]
fn pack_audit(bencher: Bencher) {
    packs(bencher, AUDIT, &entries());
}

#[divan::bench]
fn decode_packed_head(bencher: Bencher) {
    let bytes = damage::encode(HEAD, &head(&kit())).expect("it is a kind");
    let packed = damage::packed(bytes);
    bencher
        .counter(BytesCount::new(packed.len()))
        .bench_local(|| damage::decode::<Head>(HEAD, &packed));
}

/// Some 40 kB of text that needs no escaping, or where nearly every letter does.
#[divan::bench(args = ["plain", "hostile"])]
fn escape(bencher: Bencher, how: &str) {
    let piece = match how {
        "plain" => "Asked about shards, told of queues. ",
        _ => "<!channel> & <@U1> *x* _y_ ~z~ `q` &lt;",
    };
    let words = Words::from(piece.repeat(40_000 / piece.len()));
    bencher
        .counter(BytesCount::new(40_000_usize))
        .bench_local(|| text::mrkdwn(&words));
}

/// The next click of somebody: as JSON, and as the body of a signed request with its time and signature.
fn sent() -> (String, Vec<u8>, [String; 2]) {
    let clicks = sent::Clicks::new(
        sent::Fixture {
            users: vec!["U0BENCH00".to_owned()],
            loops: vec!["C-7F3Q".to_owned()],
            questions: vec!["technical/1".to_owned()],
            spread: 1,
        },
        8080,
    );
    let request = clicks.request(0);
    let ends = request.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let (head, body) = request.split_at(ends.expect("a head") + 4);
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        let mut lines = head.lines();
        let value = lines.find_map(|line| line.strip_prefix(name));
        value.expect("it is signed").to_owned()
    };
    let signed = ["X-Slack-Request-Timestamp: ", "X-Slack-Signature: "].map(header);
    (clicks.json(0), body.to_vec(), signed)
}

#[divan::bench]
fn check_signature(bencher: Bencher) {
    let (_, body, [timestamp, signed]) = sent();
    let secret = SecretString::from(sent::SECRET);
    let now = timestamp.parse().expect("seconds");
    let checked = || signature::verify(&secret, Some(&timestamp), Some(&signed), &body, now);
    assert_eq!(checked(), Ok(()));
    bencher
        .counter(BytesCount::new(body.len()))
        .bench_local(checked);
}

#[divan::bench]
fn read_form(bencher: Bencher) {
    let (_, body, _) = sent();
    let read = |body: &mut Vec<u8>| {
        let inbound = inbound::read_command_form(body).expect("it can be read");
        understand(&inbound)
    };
    assert!(matches!(read(&mut body.clone()), Understood::Asked(..)));
    bencher
        .counter(BytesCount::new(body.len()))
        .with_inputs(|| body.clone())
        .bench_local_refs(read);
}

#[divan::bench]
fn read_envelope(bencher: Bencher) {
    let (json, ..) = sent();
    let envelope = format!(
        r#"{{"envelope_id":"01234567-89ab-4cde-af01-23456789abcd","type":"interactive","accepts_response_payload":false,"payload":{json}}}"#
    );
    let read = || {
        let inbound = socket::read_frame(&envelope).expect("it is an envelope");
        understand(&inbound.expect("it can be read"))
    };
    assert!(matches!(read(), Understood::Asked(..)));
    bencher
        .counter(BytesCount::new(envelope.len()))
        .bench_local(read);
}

#[divan::bench]
fn read_command(bencher: Bencher) {
    let line = "senior-backend Jane Doe <@U0ADA|ada> <@U0BEN|ben> <!subteam^S012|@panel> on 2026-12-01 14:00 for 60 min";
    bencher.bench_local(|| command::parse(line));
}
