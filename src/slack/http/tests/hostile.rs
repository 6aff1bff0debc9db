//! Whoever is not Slack: turned away by the head, or by what it costs, before anything is read.

use super::*;

const JSON: &str = "application/json";

/// Names and values.
type Headers<'a> = &'a [(&'a str, &'a str)];

impl Sent {
    async fn connects(&self) -> TcpStream {
        let address = self.url.trim_start_matches("http://");
        let address = address.trim_end_matches("/slack/events");
        TcpStream::connect(address).await.expect("a connection")
    }
}

/// The head of a request, with a body to come.
fn head(kind: &str, length: usize, signed: Headers<'_>) -> String {
    let signed: String = signed
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{signed}\r\n"
    )
}

async fn first_line(stream: &mut TcpStream) -> String {
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.expect("an answer");
    String::from_utf8_lossy(&first).into_owned()
}

/// 64 digits that are no signature of anything.
fn forged() -> String {
    format!("v0={}", "0".repeat(64))
}

#[tokio::test]
async fn what_cannot_be_slacks_is_turned_away_without_its_body() {
    let patient = |settings: &mut HttpSettings| settings.read_timeout = Duration::from_hours(1);
    let door = door_within(|| Ack::Empty, patient, listen::Limits::default()).await;
    let (now, old, forged) = (NOW.to_string(), (NOW - 301).to_string(), forged());
    let twice = [
        (TIMESTAMP, now.as_str()),
        (SIGNATURE, &forged),
        (SIGNATURE, &forged),
    ];
    let cases: [(&str, Headers<'_>, &str); 8] = [
        (JSON, &[], "HTTP/1.1 401"),
        (JSON, &[(TIMESTAMP, &now)], "HTTP/1.1 401"),
        (JSON, &twice, "HTTP/1.1 401"),
        (
            JSON,
            &[(TIMESTAMP, &old), (SIGNATURE, &forged)],
            "HTTP/1.1 401",
        ),
        (
            FORM,
            &[(TIMESTAMP, &old), (SIGNATURE, &forged)],
            "HTTP/1.1 401",
        ),
        (
            FORM,
            &[(TIMESTAMP, "soon"), (SIGNATURE, &forged)],
            "HTTP/1.1 401",
        ),
        (
            FORM,
            &[(TIMESTAMP, &now), (SIGNATURE, "v0=00")],
            "HTTP/1.1 401",
        ),
        // Slack's check of our certificate has no signature, and is a small form.
        (FORM, &[], "HTTP/1.1 413"),
    ];
    for (kind, signed, expected) in cases {
        let mut stream = door.connects().await;
        let head = head(kind, 5000, signed);
        stream.write_all(head.as_bytes()).await.expect("sent");
        assert_eq!(first_line(&mut stream).await, expected, "{head}");
    }
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn a_forged_signature_over_a_whole_body_is_refused() {
    let door = door(|| Ack::Empty).await;
    for body in [COMMAND.to_owned(), "a".repeat(1 << 20)] {
        let request = door.post(FORM, body).header(TIMESTAMP, NOW.to_string());
        assert_eq!(status(request.header(SIGNATURE, forged())).await, 401);
    }
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn a_truncated_request_is_not_taken() {
    let door = door(|| Ack::Empty).await;
    let at = NOW.to_string();
    let signature = signature::sign(&SecretString::from("shh"), &at, COMMAND.as_bytes());
    let signed = [(TIMESTAMP, at.as_str()), (SIGNATURE, signature.as_str())];
    let head = head(FORM, COMMAND.len(), &signed);
    for cut in [1, COMMAND.len() / 2, COMMAND.len() - 1] {
        let mut stream = door.connects().await;
        let sent = format!("{head}{}", &COMMAND[..cut]);
        stream.write_all(sent.as_bytes()).await.expect("sent");
        stream.shutdown().await.expect("half closed");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("read");
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
    // A signature of the whole is none of a part.
    let part = door.post(FORM, &COMMAND[..COMMAND.len() - 1]);
    let part = part.header(TIMESTAMP, at).header(SIGNATURE, signature);
    assert_eq!(status(part).await, 401);
    assert!(door.taken().is_empty());
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let limits = listen::Limits {
        head: Duration::from_millis(100),
        ..listen::Limits::default()
    };
    let door = door_within(|| Ack::Empty, |_| {}, limits).await;
    let mut stream = door.connects().await;
    let (mut reads, mut writes) = stream.split();
    let mut rest = Vec::new();
    // Always one more byte, and never the end of the head; in the end nobody takes it.
    let dribbles = async {
        let begins = b"POST /slack/events HTTP/1.1\r\nx: ".iter();
        for byte in begins.chain(std::iter::repeat_n(&b'a', 2000)) {
            if writes.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the head was waited for");
    };
    tokio::select! {
        ended = reads.read_to_end(&mut rest) => drop(ended),
        () = dribbles => {}
    }
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    // Also between two requests of one connection.
    let mut stream = door.connects().await;
    let asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET";
    stream.write_all(asked).await.expect("sent");
    assert_eq!(first_line(&mut stream).await, "HTTP/1.1 200");
    stream.read_to_end(&mut rest).await.expect("it is let go");
}

#[tokio::test]
async fn more_connections_than_there_is_room_for_wait() {
    let limits = listen::Limits {
        connections: 2,
        ..listen::Limits::default()
    };
    let door = door_within(|| Ack::Empty, |_| {}, limits).await;
    let ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut answered = Vec::new();
    for _ in 0..2 {
        let mut stream = door.connects().await;
        stream.write_all(ask).await.expect("sent");
        assert_eq!(first_line(&mut stream).await, "HTTP/1.1 200");
        answered.push(stream);
    }
    let mut late = door.connects().await;
    late.write_all(ask).await.expect("sent");
    for stream in &mut answered {
        // Those who are in are served meanwhile.
        stream.write_all(ask).await.expect("sent");
        assert!(stream.read(&mut [0; 1024]).await.expect("an answer") > 0);
    }
    let waits = late.try_read(&mut [0; 12]);
    assert!(waits.is_err(), "{waits:?}");
    drop(answered);
    assert_eq!(first_line(&mut late).await, "HTTP/1.1 200");
}

#[tokio::test]
async fn all_bodies_together_are_kept_within_a_limit() {
    let small = |settings: &mut HttpSettings| {
        settings.bodies_limit = 10_000;
        settings.read_timeout = Duration::from_hours(1);
    };
    let door = door_within(|| Ack::Empty, small, listen::Limits::default()).await;
    let (at, forged) = (NOW.to_string(), forged());
    let signed = [(TIMESTAMP, at.as_str()), (SIGNATURE, forged.as_str())];
    let part = head(FORM, 9001, &signed) + &"a".repeat(9000);
    let mut first = door.connects().await;
    first.write_all(part.as_bytes()).await.expect("sent");
    let mut second = door.connects().await;
    second.write_all(part.as_bytes()).await.expect("sent");
    // Which of them is read first is the machine's business.
    let (mut one, mut other) = ([0; 12], [0; 12]);
    let (turned_away, mut kept) = tokio::select! {
        read = first.read_exact(&mut one) => { read.expect("an answer"); (one, second) }
        read = second.read_exact(&mut other) => { read.expect("an answer"); (other, first) }
    };
    assert_eq!(&turned_away, b"HTTP/1.1 503");
    kept.write_all(b"a").await.expect("sent");
    assert_eq!(first_line(&mut kept).await, "HTTP/1.1 401");
    // Nothing is kept any more, so there is room again.
    assert_eq!(status(door.signed(FORM, COMMAND, NOW)).await, 200);
}

/// Where a log goes.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_flood_of_forged_requests_is_one_line_of_the_log() {
    use tracing_subscriber::layer::SubscriberExt as _;

    let paper = Paper::default();
    let writer = paper.clone();
    let filter = tracing_subscriber::filter::Targets::new().with_default(tracing::Level::WARN);
    let form = crate::telemetry::Form::Text;
    let layer = crate::telemetry::layer(filter, form, false, move || writer.clone());
    let _logs = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let door = door(|| Ack::Empty).await;
    for _ in 0..50 {
        let request = door.post(FORM, COMMAND).header(TIMESTAMP, NOW.to_string());
        assert_eq!(status(request.header(SIGNATURE, forged())).await, 401);
    }
    let log = paper.0.lock().expect("no writer panics").clone();
    let log = String::from_utf8(log).expect("the log is text");
    assert_eq!(log.matches("was refused").count(), 1, "{log}");
}
