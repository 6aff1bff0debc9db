//! What erasing keeps, as it was written once.

use super::*;
use crate::domain::interview_loop::LegalHold;
use crate::domain::settings::Retention;

const SENT: &str = r#"{"message":{"channel":"D1","ts":"1.1"}}"#;
const ERASED: &str = r#"{"code":"C-7F3Q","at":"2026-11-21T09:30:00.123456789Z","by":"U9","channel":"C1","opened_at":"2026-11-21T09:30:00.123456789Z","scorecards":2,"entries":41,"taken_back":5,"left":[[{"message":{"channel":"D1","ts":"1.1"}},"archived"]],"told":true}"#;
const HOLD: &str = r#"{"by":"U9","at":"2026-11-21T09:30:00.123456789Z","reason":"A dispute."}"#;
const RETENTION: &str = r#"{"months":6,"since":"2026-11-21T09:30:00.123456789Z"}"#;

fn sent() -> [Sent; 2] {
    let message = Sent::Message {
        channel: ChannelId::from("D1"),
        ts: MessageTs::from("1.1"),
    };
    [message, Sent::File("F1".to_owned())]
}

fn erased() -> Erased {
    Erased {
        code: LoopCode::from("C-7F3Q"),
        at: at(),
        by: Some(UserId::from("U9")),
        channel: ChannelId::from("C1"),
        before: Vec::new(),
        opened_at: at(),
        scorecards: 2,
        entries: 41,
        taken_back: 5,
        left: vec![(sent()[0].clone(), Trouble::Archived)],
        told: true,
    }
}

#[test]
fn what_was_sent_and_what_stays_of_an_erased_loop_is_read() {
    let [message, file] = sent();
    v1(Kind::Sent, 0, SENT, &message);
    v1(Kind::Sent, 0, r#"{"file":"F1"}"#, &file);
    v1(Kind::Erased, 3, ERASED, &erased());
    // Nobody did it, and nothing of it is in Slack.
    let by_itself = Erased {
        by: None,
        taken_back: 0,
        left: Vec::new(),
        told: false,
        ..erased()
    };
    let bare = r#"{"code":"C-7F3Q","at":"2026-11-21T09:30:00.123456789Z","channel":"C1","opened_at":"2026-11-21T09:30:00.123456789Z","scorecards":2,"entries":41}"#;
    v1(Kind::Erased, 1, bare, &by_itself);
}

#[test]
fn a_hold_and_a_retention_are_written_beside_what_was_there_before() {
    let held = Head {
        hold: Some(LegalHold {
            by: UserId::from("U9"),
            at: at(),
            reason: Note::new("A dispute."),
        }),
        ..head()
    };
    let written = serde_json::to_value(&held).expect("it is JSON");
    let hold: serde_json::Value = serde_json::from_str(HOLD).expect("it is JSON");
    assert_eq!(written["hold"], hold);
    assert_eq!(serde_json::from_value::<Head>(written).expect("read"), held);
    let kept = Settings {
        retention: Some(Retention {
            months: 6,
            since: at(),
        }),
        ..Settings::default()
    };
    let written = serde_json::to_value(&kept).expect("it is JSON");
    let retention: serde_json::Value = serde_json::from_str(RETENTION).expect("it is JSON");
    assert_eq!(written["retention"], retention);
    assert_eq!(
        serde_json::from_value::<Settings>(written).expect("read"),
        kept
    );
}
