//! Records as they were written once, and bytes that are no records. What is kept under which key is in the contract.

mod erasing;
mod packed;

use super::codec::{self, Kind};
use super::*;
use crate::domain::calibration::{Spread, Stage};
use crate::domain::candidate::{CandidateName, Note};
use crate::domain::days::Days;
use crate::domain::debrief::Submitted;
use crate::domain::digest::{LastDigest, Rhythm};
use crate::domain::event::{
    Audited, Deed, Opening, PastedGuide, PastedNotes, Request, Screen, Trouble,
};
use crate::domain::ids::{MessageTs, QuestionId};
use crate::domain::install::{Claim, Install, Sealed, Standing, Why};
use crate::domain::interview_loop::{
    Decision, Messages, Naming, Reveal, Seat, Verdict, Withdrawal,
};
use crate::domain::kit::{KitRef, Section};
use crate::domain::planned::{Planned, Wish};
use crate::domain::reminders::{Before, Reminded, Reminders};
use crate::domain::samples;
use crate::domain::scorecard::{LateChange, Mark, Rating, Recommendation};
use crate::domain::settings::{
    Changed, NamingRule, Openers, Preferences, RevealRule, Settings, WorkingHours,
};
use crate::domain::shelf::{Edition, Origin};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

fn at() -> Timestamp {
    "2026-11-21T09:30:00.123456789Z".parse().expect("a moment")
}

fn card() -> Scorecard {
    Scorecard {
        marks: [
            (
                QuestionId::from("technical/1"),
                Mark::Rated(Rating::Excellent),
            ),
            (QuestionId::from("technical/2"), Mark::NotAsked),
        ]
        .into(),
        evidence: [(
            QuestionId::from("technical/1"),
            Note::new("drew \"both\" shards\nat once"),
        )]
        .into(),
        recommendation: Some(Recommendation::StrongYes),
        reason: Note::new("Clear."),
        beside_the_kit: Note::new("Her garden."),
        late_changes: vec![LateChange {
            question: QuestionId::from("technical/2"),
            from: Some(Mark::Rated(Rating::Poor)),
            to: Mark::NotAsked,
            at: at(),
        }],
        ..Scorecard::new(UserId::from("U1"), at())
    }
}

fn head() -> Head {
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Note::new("Budget."),
        by: UserId::from("U9"),
        at: at(),
    };
    Head {
        code: LoopCode::from("C-7F3Q"),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        title: "Sample Engineer".to_owned(),
        candidate: CandidateName::parse("Zoë O'Brien").expect("a name"),
        note: Note::new("the second one"),
        requisition: Note::new("R-1"),
        cv: Note::new("https://example.org/cv"),
        owner: UserId::from("U9"),
        opened_by: UserId::from("U8"),
        opened_at: at(),
        channel: ChannelId::from("C1"),
        public: true,
        naming: Naming::Initials,
        named_panel: true,
        panel: vec![
            Seat {
                submitted_at: Some(at()),
                late: true,
                nudged_at: Some(at()),
                ..Seat::new(UserId::from("U1"))
            },
            Seat::new(UserId::from("U2")),
        ],
        reveal: Some(Reveal {
            at: at(),
            by: Some(UserId::from("U9")),
            snapshot: vec![Submitted::of(&card())],
            shadows: Vec::new(),
        }),
        decision: Some(decision.clone()),
        past_decisions: vec![decision],
        withdrawal: Some(Withdrawal {
            by: UserId::from("U9"),
            at: at(),
            reason: Note::new("Elsewhere."),
        }),
        planned: None,
        hold: None,
        asked_to_join: [UserId::from("U3")].into(),
        messages: Messages {
            post: Some(MessageTs::from("1.1")),
            debrief: Some(MessageTs::from("1.2")),
            decision: None,
            posted_anew: true,
            trouble: Some(crate::domain::event::Trouble::Archived),
        },
    }
}

fn opening() -> Draft {
    Draft::Opening(Opening {
        slug: Some(KitSlug::from("sample")),
        candidate: Note::new("Zoë"),
        panel: vec![UserId::from("U1")],
        groups: vec![GroupId::from("S1")],
        channel: Some(ChannelId::from("C1")),
        requisition: Note::new("R-1"),
        note: Note::default(),
        cv: Note::default(),
        naming: Some(Naming::Name),
        another_person: true,
        ..Opening::default()
    })
}

fn pasted() -> Draft {
    Draft::Notes(PastedNotes {
        author: UserId::from("U1"),
        code: LoopCode::from("C-7F3Q"),
        section: Section::Technical,
        boxes: vec![Note::new("T2 two shards"), Note::new("calm")],
    })
}

fn guide() -> Draft {
    Draft::Guide(PastedGuide {
        author: UserId::from("U1"),
        text: "Questions\n- \"Why?\"".to_owned(),
    })
}

fn calibrations() -> [Calibration; 2] {
    let open = Calibration {
        id: CalibrationId::from("00ff"),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        question: QuestionId::from("technical/1"),
        sample: 'B',
        channel: ChannelId::from("C1"),
        started_at: at(),
        stage: Stage::Open {
            started_by: UserId::from("U9"),
            ratings: [(UserId::from("U1"), Rating::Mixed)].into(),
            clicked: BTreeMap::new(),
        },
        post: None,
        deleted: 0,
    };
    let counts = [0, 1, 0, 2];
    let shown = Calibration {
        stage: Stage::Shown(Spread { counts, at: at() }),
        post: Some(MessageTs::from("1.1")),
        deleted: 1,
        ..open.clone()
    };
    [open, shown]
}

fn delivery() -> Delivery {
    Delivery {
        key: DeliveryKey::from("K1"),
        workspace: WorkspaceId::from("T1"),
        actor: UserId::from("U1"),
        place: Some(ChannelId::from("C1")),
        request: Request::Loop {
            code: LoopCode::from("C-7F3Q"),
            deed: Deed::Rate {
                question: QuestionId::from("technical/1"),
                mark: Mark::Rated(Rating::Good),
                clicked: None,
            },
        },
        route: "r".to_owned(),
    }
}

fn parcel() -> Parcel {
    Parcel {
        workspace: WorkspaceId::from("T1"),
        post: Post::Invitation {
            code: LoopCode::from("C-7F3Q"),
            user: UserId::from("U1"),
        },
        stamp: 1_795_253_400_123_456_789,
        attempt: Some("A1".to_owned()),
        lease: None,
    }
}

fn audit() -> Vec<AuditEntry> {
    let entry = |what| AuditEntry {
        at: at(),
        actor: Some(UserId::from("U1")),
        what,
    };
    vec![
        entry(Audited::Opened),
        entry(Audited::Rated {
            question: QuestionId::from("technical/1"),
            from: None,
            to: Mark::Rated(Rating::Mixed),
        }),
    ]
}

fn person() -> Person {
    Person {
        guest: true,
        stranger: false,
        bot: false,
        deactivated: false,
        administrator: true,
        unknown: false,
        zone: Some("Europe/Berlin".to_owned()),
        likeness: None,
        told_at: at(),
    }
}

fn place() -> Place {
    Place {
        direct: false,
        private: true,
        shared: false,
        archived: true,
        bot_is_member: true,
        told_at: at(),
    }
}

fn shelf() -> Shelf {
    let edition = |version: &str, origin| Edition {
        version: KitVersion::from(version),
        origin,
        at: at(),
    };
    let file = || Origin::File("sample.toml".to_owned());
    Shelf {
        slug: KitSlug::from("sample"),
        editions: vec![
            edition("0123456789ab", file()),
            edition("ba9876543210", Origin::Edited(UserId::from("U1"))),
            edition("0000456789ab", Origin::Imported(UserId::from("U2"))),
            edition("0123456789ab", Origin::Chosen(UserId::from("U3"))),
        ],
        agreed: Some(KitVersion::from("0123456789ab")),
        differs: Some(edition("ffff456789ab", file())),
    }
}

fn reply() -> Reply {
    Reply::Show(Screen::Scorecard {
        code: LoopCode::from("C-7F3Q"),
        section: Some(Section::Technical),
        open: None,
    })
}

fn group() -> (Vec<UserId>, Timestamp) {
    (vec![UserId::from("U1"), UserId::from("U2")], at())
}

/// A record of version 1, as the first program wrote it. These never change; a new version gets samples of its own.
fn v1<T: DeserializeOwned + Serialize + PartialEq + Debug>(
    kind: Kind,
    number: u64,
    json: &str,
    record: &T,
) {
    let mut bytes = vec![1, kind as u8];
    bytes.extend(number.to_be_bytes());
    bytes.extend(json.as_bytes());
    let (found, read): (u64, T) =
        codec::decode(kind, &bytes).expect("what was written once is read for ever");
    assert_eq!((found, &read), (number, record), "{kind:?}");
    assert_eq!(codec::number(kind, &bytes).expect("a header"), number);
    let again: (u64, T) = codec::decode(kind, &codec::encode(kind, number, &read))
        .expect("what is written now is read");
    assert_eq!(&again.1, record, "{kind:?}");
}

const INSTALL: &str = r#"{"id":"E1","name":"Northwind","organisation":true,"app":"A1","bot":"UBOT","scopes":["chat:write","commands"],"by":"U9","at":"2026-11-21T09:30:00.123456789Z","tokens":{"key":"0a1b2c3d","text":"AAAA"},"expires_at":"2026-11-21T09:30:00.123456789Z","standing":"installed","claim":{"by":"0123","until":"2026-11-21T09:30:00.123456789Z"}}"#;
const INSTALL_GONE: &str = r#"{"id":"T1","name":"Northwind","app":"A1","bot":"UBOT","scopes":[],"by":"U9","at":"2026-11-21T09:30:00.123456789Z","tokens":{"key":"0a1b2c3d","text":"AAAA"},"standing":{"gone":{"at":"2026-11-21T09:30:00.123456789Z","why":{"refused":"invalid_auth"}}}}"#;
const HEAD: &str = r#"{"code":"C-7F3Q","kit":{"slug":"sample","version":"0123456789ab"},"title":"Sample Engineer","candidate":"Zoë O'Brien","note":"the second one","requisition":"R-1","cv":"https://example.org/cv","owner":"U9","opened_by":"U8","opened_at":"2026-11-21T09:30:00.123456789Z","channel":"C1","public":true,"naming":"initials","named_panel":true,"panel":[{"user":"U1","submitted_at":"2026-11-21T09:30:00.123456789Z","late":true,"nudged_at":"2026-11-21T09:30:00.123456789Z"},{"user":"U2","submitted_at":null,"late":false,"nudged_at":null}],"reveal":{"at":"2026-11-21T09:30:00.123456789Z","by":"U9","snapshot":[{"author":"U1","marks":{"technical/1":{"rated":"excellent"},"technical/2":"not_asked"},"recommendation":"strong_yes"}]},"decision":{"verdict":"hold","reason":"Budget.","by":"U9","at":"2026-11-21T09:30:00.123456789Z"},"past_decisions":[{"verdict":"hold","reason":"Budget.","by":"U9","at":"2026-11-21T09:30:00.123456789Z"}],"withdrawal":{"by":"U9","at":"2026-11-21T09:30:00.123456789Z","reason":"Elsewhere."},"asked_to_join":["U3"],"messages":{"post":"1.1","debrief":"1.2","decision":null,"posted_anew":true,"trouble":"archived"}}"#;
const CARD: &str = r#"{"author":"U1","marks":{"technical/1":{"rated":"excellent"},"technical/2":"not_asked"},"evidence":{"technical/1":"drew \"both\" shards\nat once"},"recommendation":"strong_yes","reason":"Clear.","beside_the_kit":"Her garden.","saved_at":"2026-11-21T09:30:00.123456789Z","late_changes":[{"question":"technical/2","from":{"rated":"poor"},"to":"not_asked","at":"2026-11-21T09:30:00.123456789Z"}]}"#;
const AUDIT: &str = r#"[{"at":"2026-11-21T09:30:00.123456789Z","actor":"U1","what":"opened"},{"at":"2026-11-21T09:30:00.123456789Z","actor":"U1","what":{"rated":{"question":"technical/1","from":null,"to":{"rated":"mixed"}}}}]"#;
const REPLY: &str = r#"{"show":{"scorecard":{"code":"C-7F3Q","section":"technical"}}}"#;
const DRAFT: &str = r#"{"slug":"sample","candidate":"Zoë","panel":["U1"],"groups":["S1"],"channel":"C1","requisition":"R-1","note":"","cv":"","naming":"name","another_person":true}"#;
const PASTED: &str = r#"{"notes":{"author":"U1","code":"C-7F3Q","section":"technical","boxes":["T2 two shards","calm"]}}"#;
const RATED: &str = r#"["T1",{"id":"00ff","kit":{"slug":"sample","version":"0123456789ab"},"question":"technical/1","sample":"B","channel":"C1","started_at":"2026-11-21T09:30:00.123456789Z","stage":{"open":{"started_by":"U9","ratings":{"U1":"mixed"}}},"post":null,"deleted":0}]"#;
const SPREAD: &str = r#"["T1",{"id":"00ff","kit":{"slug":"sample","version":"0123456789ab"},"question":"technical/1","sample":"B","channel":"C1","started_at":"2026-11-21T09:30:00.123456789Z","stage":{"shown":{"counts":[0,1,0,2],"at":"2026-11-21T09:30:00.123456789Z"}},"post":"1.1","deleted":1}]"#;
const WAITING: &str = r#"{"key":"K1","workspace":"T1","actor":"U1","place":"C1","request":{"loop":{"code":"C-7F3Q","deed":{"rate":{"question":"technical/1","mark":{"rated":"good"}}}}},"route":"r"}"#;
const PARCEL: &str = r#"{"workspace":"T1","post":{"invitation":{"code":"C-7F3Q","user":"U1"}},"stamp":1795253400123456789,"attempt":"A1"}"#;
const PERSON: &str = r#"{"guest":true,"stranger":false,"bot":false,"deactivated":false,"administrator":true,"unknown":false,"zone":"Europe/Berlin","told_at":"2026-11-21T09:30:00.123456789Z"}"#;
const PLACE: &str = r#"{"direct":false,"private":true,"shared":false,"archived":true,"bot_is_member":true,"told_at":"2026-11-21T09:30:00.123456789Z"}"#;
const GROUP: &str = r#"[["U1","U2"],"2026-11-21T09:30:00.123456789Z"]"#;
const KIT: &str = r#"{"slug":"sample","title":"Sample Engineer","aliases":[],"minutes":30,"profile":{"summary":"A sample.","hard_skills":[],"experience":"","soft_skills":[]},"competency":[{"id":"teamwork","name":"Teamwork"},{"id":"databases","name":"Databases"},{"id":"coding","name":"Coding"}],"question":[{"id":"screening/1","section":"screening","ask":"Tell me about screening/1.","follow_up":[],"note":"","retired":false},{"id":"technical/1","section":"technical","competency":"databases","ask":"Tell me about technical/1.","follow_up":[],"note":"","retired":false},{"id":"technical/2","section":"technical","competency":"databases","ask":"Tell me about technical/2.","follow_up":[],"note":"","retired":false},{"id":"behavioural/1","section":"behavioural","competency":"teamwork","ask":"Tell me about behavioural/1.","follow_up":[],"note":"","retired":false}],"look_for":[],"pitfall":[],"sample":[],"allow":[]}"#;
const GUIDE: &str = r#"{"guide":{"author":"U1","text":"Questions\n- \"Why?\""}}"#;
const SHELF: &str = r#"["T1",{"slug":"sample","editions":[{"version":"0123456789ab","origin":{"file":"sample.toml"},"at":"2026-11-21T09:30:00.123456789Z"},{"version":"ba9876543210","origin":{"edited":"U1"},"at":"2026-11-21T09:30:00.123456789Z"},{"version":"0000456789ab","origin":{"imported":"U2"},"at":"2026-11-21T09:30:00.123456789Z"},{"version":"0123456789ab","origin":{"chosen":"U3"},"at":"2026-11-21T09:30:00.123456789Z"}],"agreed":"0123456789ab","differs":{"version":"ffff456789ab","origin":{"file":"sample.toml"},"at":"2026-11-21T09:30:00.123456789Z"}}]"#;

#[test]
fn every_kind_of_record_of_the_first_version_is_read() {
    v1(Kind::Head, 7, HEAD, &head());
    v1(Kind::Card, 8, CARD, &card());
    v1(Kind::Audit, 0, AUDIT, &audit());
    v1(Kind::Reply, 0, REPLY, &reply());
    v1(Kind::Draft, 20, DRAFT, &opening());
    v1(Kind::Draft, 21, PASTED, &pasted());
    v1(Kind::Draft, 22, GUIDE, &guide());
    let [rated, spread] = calibrations();
    v1(
        Kind::Calibration,
        1,
        RATED,
        &(WorkspaceId::from("T1"), rated),
    );
    v1(
        Kind::Calibration,
        2,
        SPREAD,
        &(WorkspaceId::from("T1"), spread),
    );
    v1(
        Kind::DraftOfDay,
        0,
        "[111,2,84,49]",
        &vec![111_u8, 2, 84, 49],
    );
    v1(Kind::Waiting, 3, WAITING, &delivery());
    v1(Kind::Parcel, 1_795_253_400_123_456_789, PARCEL, &parcel());
    v1(Kind::Person, 0, PERSON, &person());
    v1(Kind::Place, 0, PLACE, &place());
    v1(Kind::Group, 0, GROUP, &group());
    v1(Kind::Kit, 0, KIT, &samples::kit());
    v1(Kind::Shelf, 2, SHELF, &(WorkspaceId::from("T1"), shelf()));
    let lists = [Kind::OfUser, Kind::InChannel, Kind::Listed];
    for kind in lists.into_iter().chain([Kind::AtPost, Kind::Namesake]) {
        v1(kind, 0, r#""C-7F3Q""#, &LoopCode::from("C-7F3Q"));
    }
    v1(Kind::Install, 2, INSTALL, &install());
    v1(Kind::Install, 9, INSTALL_GONE, &gone());
    v1(Kind::Counter, 99, "null", &());
    v1(Kind::Tally, 0, "[3,2,1,0]", &[3u64, 2, 1, 0]);
    v1(Kind::ListsKept, 1, "null", &());
    for (record, sheet) in sheets() {
        v1(Kind::Sheet, 4, record, &sheet);
    }
}

fn install() -> Install {
    Install {
        id: WorkspaceId::from("E1"),
        name: "Northwind".to_owned(),
        organisation: true,
        app: "A1".to_owned(),
        bot: UserId::from("UBOT"),
        scopes: ["commands", "chat:write"].map(str::to_owned).into(),
        by: UserId::from("U9"),
        at: at(),
        tokens: Sealed {
            key: "0a1b2c3d".to_owned(),
            text: "AAAA".to_owned(),
        },
        expires_at: Some(at()),
        standing: Standing::Installed,
        claim: Some(Claim {
            by: "0123".to_owned(),
            until: at(),
        }),
    }
}

/// Written by hand, with all left out that may be.
fn gone() -> Install {
    Install {
        id: WorkspaceId::from("T1"),
        organisation: false,
        scopes: BTreeSet::new(),
        expires_at: None,
        standing: Standing::Gone {
            at: at(),
            why: Why::Refused("invalid_auth".to_owned()),
            certain: false,
        },
        claim: None,
        ..install()
    }
}

/// One of each kind, and how it is written.
fn sheets() -> [(&'static str, Sheet); 6] {
    let settings = Settings {
        working: WorkingHours {
            from: jiff::civil::time(8, 30, 0, 0),
            to: jiff::civil::time(17, 0, 0, 0),
            days: Days::parse("sun-thu").expect("days"),
        },
        reveal: RevealRule::ByTheOwner,
        naming: NamingRule::Initials,
        openers: Openers::Administrators,
        retention: None,
        changed: None,
    };
    let changed = Settings {
        changed: Some(Changed {
            by: UserId::from("U9"),
            at: at(),
        }),
        ..settings.clone()
    };
    let preferences = Preferences {
        user: UserId::from("U1"),
        reminders: false,
        briefings: true,
        zone: Some("Asia/Tokyo".to_owned()),
    };
    let told = |second| LastDigest {
        due: Timestamp::from_second(second).expect("a moment"),
        until: Timestamp::from_second(second + 1).expect("a moment"),
    };
    let digest = Digest {
        channel: ChannelId::from("C1"),
        rhythm: Rhythm {
            at: jiff::civil::time(9, 0, 0, 0),
            days: Days::WEEKDAYS,
            zone: "Europe/Berlin".to_owned(),
        },
        even_if_empty: true,
        set_by: UserId::from("U9"),
        set_at: at(),
        last: Some(told(86_400)),
        previous: Some(told(0)),
        paused: Some(Trouble::Archived),
        off: true,
    };
    let reminded = Reminded {
        times: 2,
        not_before: Some(at()),
    };
    let before = Before {
        loops: [(LoopCode::from("C-7F3Q"), Reminded::default())].into(),
        last: None,
    };
    let reminders = Reminders {
        user: UserId::from("U1"),
        loops: [(LoopCode::from("C-7F3Q"), reminded)].into(),
        last: Some(at()),
        before: Some(before),
    };
    [
        (
            r#"{"settings":{"working":{"from":"08:30:00","to":"17:00:00","days":"Mon, Tue, Wed, Thu, Sun"},"reveal":"by_the_owner","naming":"initials","openers":"administrators"}}"#,
            Sheet::Settings(settings),
        ),
        (
            r#"{"settings":{"working":{"from":"08:30:00","to":"17:00:00","days":"Mon, Tue, Wed, Thu, Sun"},"reveal":"by_the_owner","naming":"initials","openers":"administrators","changed":{"by":"U9","at":"2026-11-21T09:30:00.123456789Z"}}}"#,
            Sheet::Settings(changed),
        ),
        (
            r#"{"preferences":{"user":"U1","reminders":false,"briefings":true,"zone":"Asia/Tokyo"}}"#,
            Sheet::Preferences(preferences),
        ),
        (
            r#"{"digest":{"channel":"C1","rhythm":{"at":"09:00:00","days":"weekdays","zone":"Europe/Berlin"},"even_if_empty":true,"set_by":"U9","set_at":"2026-11-21T09:30:00.123456789Z","last":{"due":"1970-01-02T00:00:00Z","until":"1970-01-02T00:00:01Z"},"previous":{"due":"1970-01-01T00:00:00Z","until":"1970-01-01T00:00:01Z"},"paused":"archived","off":true}}"#,
            Sheet::Digest(digest),
        ),
        (
            r#"{"reminders":{"user":"U1","loops":{"C-7F3Q":{"times":2,"not_before":"2026-11-21T09:30:00.123456789Z"}},"last":"2026-11-21T09:30:00.123456789Z","before":{"loops":{"C-7F3Q":{"times":0,"not_before":null}},"last":null}}}"#,
            Sheet::Reminders(reminders),
        ),
        (
            r#"{"organisation":"E1"}"#,
            Sheet::Organisation(WorkspaceId::from("E1")),
        ),
    ]
}

#[test]
fn a_plan_and_who_came_later_are_written_beside_what_was_there_before() {
    let mut planned = head();
    planned.planned = Some(Planned {
        at: at(),
        minutes: 45,
        moved_from: Some(at()),
    });
    planned.panel[1].since = Some(at());
    let written = serde_json::to_string(&planned).expect("text");
    for part in [
        r#""planned":{"at":"2026-11-21T09:30:00.123456789Z","minutes":45,"moved_from":"2026-11-21T09:30:00.123456789Z"}"#,
        r#""nudged_at":null,"since":"2026-11-21T09:30:00.123456789Z"}"#,
    ] {
        assert!(written.contains(part), "{written}");
    }
    let read: Head = serde_json::from_str(&written).expect("a head");
    assert_eq!(read, planned);
    let mut opening = match opening() {
        Draft::Opening(opening) => opening,
        other => panic!("{other:?}"),
    };
    opening.planned = Some(Box::new(Wish {
        day: "2026-12-01".to_owned(),
        time: "14:00".to_owned(),
        minutes: String::new(),
        zone: Some("Europe/Berlin".to_owned()),
    }));
    let written = serde_json::to_string(&opening).expect("text");
    let part =
        r#""planned":{"day":"2026-12-01","time":"14:00","minutes":"","zone":"Europe/Berlin"}"#;
    assert!(written.contains(part), "{written}");
    let read: Draft = serde_json::from_str(&written).expect("a draft");
    assert_eq!(read, Draft::Opening(opening));
}

#[test]
fn an_opening_is_written_as_before_there_were_other_drafts() {
    let written = serde_json::to_string(&opening()).expect("text");
    assert_eq!(written, DRAFT);
}

#[test]
fn a_record_of_a_later_version_or_another_kind_is_refused() {
    let mut bytes = codec::encode(Kind::Card, 1, &card());
    assert!(codec::decode::<Scorecard>(Kind::Head, &bytes).is_err());
    bytes[0] = 3;
    assert!(codec::decode::<Scorecard>(Kind::Card, &bytes).is_err());
    assert!(codec::number(Kind::Card, &bytes).is_err());
}

#[test]
fn an_error_does_not_quote_the_record() {
    let mut bytes = codec::encode(Kind::Person, 0, &"Zoë O'Brien");
    bytes.extend(b"Zo");
    let error = codec::decode::<Person>(Kind::Person, &bytes).expect_err("no person");
    assert!(!format!("{error} {error:?}").contains("Zo"), "{error:?}");
}

proptest! {
    #[test]
    fn damaged_bytes_are_an_error_and_no_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        place in 0_usize..2000,
        byte in any::<u8>(),
        cut in 0_usize..2000,
    ) {
        let _ = codec::decode::<Head>(Kind::Head, &bytes);
        let _ = codec::number(Kind::Head, &bytes);
        let mut sample = codec::encode(Kind::Head, 1, &head());
        if let Some(one) = sample.get_mut(place) {
            *one = byte;
        }
        let _ = codec::decode::<Head>(Kind::Head, &sample);
        if cut < sample.len() {
            sample.truncate(cut);
            prop_assert!(codec::decode::<Head>(Kind::Head, &sample).is_err());
        }
        codec::renumber(&mut sample, 3);
    }
}
