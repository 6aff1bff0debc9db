//! Where lines of pasted notes belong, by examples and by chance.

use super::*;
use crate::domain::ids::UserId;
use crate::domain::samples;
use proptest::prelude::*;

/// Screening 1, technical 1 and 2, behavioural 1.
fn kit() -> Kit {
    samples::kit()
}

fn filed(text: &str) -> Filed {
    Filed::of(&kit(), &[Note::new(text)])
}

/// As `T1 said | said`, one line a question, the general notes under `-`.
fn told(text: &str) -> String {
    let Filed {
        evidence, general, ..
    } = filed(text);
    let mut lines: Vec<String> = evidence
        .iter()
        .map(|(question, said)| format!("{question}= {}", said.replace('\n', " | ")))
        .collect();
    if !general.is_empty() {
        lines.push(format!("-= {}", general.replace('\n', " | ")));
    }
    lines.join("\n")
}

#[test]
fn a_line_that_begins_with_a_questions_number_is_evidence_for_it() {
    for line in [
        "T2 drew it",
        "t2: drew it",
        "T2) drew it",
        "T2. drew it",
        "T2 - drew it",
        "T2 — drew it",
        "T2, drew it",
        "T/2 drew it",
        "T 2: drew it",
        "T02: drew it",
        "  - T2: drew it",
        "• T2 drew it",
        "**T2:** drew it",
        "**T2** drew it",
        "## T2: drew it",
        "technical 2 drew it",
        "Technical/2: drew it",
        "TECHNICAL-2: drew it",
        "tech 2: drew it",
        "Technical question 2: drew it",
        "Technical #2: drew it",
    ] {
        assert_eq!(told(line), "technical/2= drew it", "{line}");
    }
    for line in ["S1 soon", "screening 1: soon", "Screening/1 soon"] {
        assert_eq!(told(line), "screening/1= soon", "{line}");
    }
    for line in [
        "B1 calm",
        "behavioural 1: calm",
        "behavioral 1 calm",
        "Behavioral/1: calm",
    ] {
        assert_eq!(told(line), "behavioural/1= calm", "{line}");
    }
}

#[test]
fn what_only_looks_like_a_number_is_what_somebody_wrote() {
    for line in [
        "T2-based sizing",
        "T2.5 machines",
        "T2x",
        "Technically 2 good",
        "Two good points",
        "B2B customers",
        "2. a point of mine",
        "3 out of 5",
        "T1234 is a ticket",
        "T",
        "2026: joined",
    ] {
        assert_eq!(told(line), format!("-= {line}"));
        assert!(filed(line).unknown.is_empty(), "{line}");
    }
}

#[test]
fn nothing_is_read_as_a_rating() {
    assert_eq!(told("T2: 3"), "technical/2= 3");
    assert_eq!(
        told("T2: 4 Excellent\nT1 1"),
        "technical/1= 1\ntechnical/2= 4 Excellent"
    );
}

#[test]
fn below_a_heading_a_bare_number_is_enough() {
    for heading in [
        "Technical",
        "technical:",
        "## Technical questions",
        "**Technical questions:**",
        "Tech notes",
        "--- TECHNICAL ---",
    ] {
        assert_eq!(
            told(&format!("{heading}\n1. slow\n2) fast\n2: faster")),
            "technical/1= slow\ntechnical/2= fast | faster",
            "{heading}"
        );
    }
    assert_eq!(
        told("Technical:\n1. slow\nBehavioral questions\n1. calm\nScreening\n1. soon"),
        "screening/1= soon\ntechnical/1= slow\nbehavioural/1= calm"
    );
    assert_eq!(
        told("The technical part\n1. slow"),
        "-= The technical part | 1. slow"
    );
}

#[test]
fn once_a_question_is_named_in_full_bare_numbers_are_lists() {
    assert_eq!(
        told("Technical\nT1: two points\n1. slow\n2. dear"),
        "technical/1= two points | 1. slow | 2. dear"
    );
}

#[test]
fn lines_without_a_number_belong_to_the_question_right_above_them() {
    assert_eq!(
        told(
            "Came on time\nT1 shards\n  - two of them\n  - one hot\nT2\ncaches\n\nWould work with her"
        ),
        "technical/1= shards |   - two of them |   - one hot\ntechnical/2= caches\n-= Came on time |  | Would work with her"
    );
    assert_eq!(
        told("T1 shards\nGeneral notes:\nkind"),
        "technical/1= shards\n-= kind"
    );
    assert_eq!(
        told("T1 shards\nBehavioural\nkind"),
        "technical/1= shards\n-= kind"
    );
}

#[test]
fn what_is_said_twice_about_a_question_stands_together() {
    assert_eq!(
        told("T1 shards\nT2 caches\nT1 hot ones"),
        "technical/1= shards | hot ones\ntechnical/2= caches"
    );
}

#[test]
fn a_question_that_the_kit_does_not_ask_is_kept_with_the_general_notes_and_told() {
    let filed = filed("T9: queues\nmore on queues\nS2 maybe\nT9 again\nTechnical\n7. seven");
    assert_eq!(filed.unknown, ["Technical 9", "Screening 2", "Technical 7"]);
    assert_eq!(
        filed.general,
        "T9: queues\nmore on queues\nS2 maybe\nT9 again\n7. seven"
    );
    assert!(filed.evidence.is_empty());
}

#[test]
fn a_retired_question_is_not_asked() {
    let mut kit = kit();
    kit.questions[2].retired = true;
    let filed = Filed::of(&kit, &[Note::new("T2 caches")]);
    assert_eq!(
        (filed.general.as_str(), filed.unknown.as_slice()),
        ("T2 caches", ["Technical 2".to_owned()].as_slice())
    );
}

#[test]
fn amid_other_questions_s3_is_where_files_are_kept() {
    assert_eq!(
        told("T1 blobs\nS3 for blobs, SQS for queues"),
        "technical/1= blobs | S3 for blobs, SQS for queues"
    );
    assert_eq!(filed("T1 blobs\nS3: in June").unknown, ["Screening 3"]);
    assert_eq!(filed("S1 soon\nS3 in June").unknown, ["Screening 3"]);
}

#[test]
fn a_box_goes_on_where_the_one_before_it_ends() {
    let boxes = [Note::new("T1 shards"), Note::new("and hot ones\nT2 caches")];
    let filed = Filed::of(&kit(), &boxes);
    assert_eq!(filed.evidence[0].1, "shards\nand hot ones");
}

#[test]
fn what_was_written_before_is_kept_and_added_to() {
    let mut card = Scorecard::new(UserId::from("ada"), jiff::Timestamp::UNIX_EPOCH);
    card.evidence
        .insert(QuestionId::from("technical/1"), Note::new("before"));
    card.beside_the_kit = Note::new("garden");
    let filings = filed("tall\nT1 after\nT2 first").onto(Some(&card));
    let wholes: Vec<(String, String)> = filings
        .iter()
        .map(|filing| (filing.label(&kit()), filing.whole()))
        .collect();
    assert_eq!(
        wholes,
        [
            ("Technical 1".to_owned(), "before\nafter".to_owned()),
            ("Technical 2".to_owned(), "first".to_owned()),
            ("Asked beside the kit".to_owned(), "garden\ntall".to_owned()),
        ]
    );
}

#[test]
fn a_note_that_would_not_fit_says_how_long_it_would_be() {
    let mut card = Scorecard::new(UserId::from("ada"), jiff::Timestamp::UNIX_EPOCH);
    card.evidence.insert(
        QuestionId::from("technical/1"),
        Note::new(&"x".repeat(2990)),
    );
    let filings = filed("T1 123456789").onto(Some(&card));
    assert_eq!(filings[0].too_long(), None);
    let filings = filed("T1 1234567890").onto(Some(&card));
    assert_eq!(filings[0].too_long(), Some(3001));
}

/// Lines as people write them, and as nobody does.
fn some_line() -> impl Strategy<Value = String> {
    let marks = proptest::sample::select(vec![
        "T1",
        "t2:",
        "technical 2",
        "Technical/9:",
        "2.",
        "7)",
        "S1 ",
        "B1-",
        "Technical",
        "General:",
        "",
        "- ",
        "**T1:** ",
    ]);
    prop_oneof![
        (marks, "[ -~]{0,12}").prop_map(|(mark, rest)| format!("{mark}{rest}")),
        "\\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn no_line_of_the_text_is_lost(text in proptest::collection::vec(some_line(), 0..20)) {
        let text = text.join("\n");
        let kit = kit();
        let (lines, _) = lines(&kit, &text);
        let again: Vec<String> = lines.iter().map(|line| format!("{}{}", line.names, line.said)).collect();
        prop_assert_eq!(again.join("\n"), text.clone());
        // What a line says is in the result, where the line belongs.
        let boxes = [Note::new(&text)];
        let filed = Filed::of(&kit, &boxes);
        let kept = Note::new(&text);
        let (lines, unknown) = super::lines(&kit, kept.as_str());
        for line in lines.iter().filter(|line| !line.said.trim().is_empty()) {
            let note = match line.to {
                To::Question(id) => filed.evidence.iter().find(|(question, _)| question == id).map(|(_, said)| said.as_str()),
                To::General => Some(filed.general.as_str()),
                To::Heading => None,
            };
            let found = note.is_some_and(|note| note.lines().any(|said| said == line.said.trim_end()));
            prop_assert!(found, "{:?} in {:?}", line.said, filed);
        }
        prop_assert_eq!(unknown, filed.unknown);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}", number in "[A-Za-z0-9 .:/#*-]{0,20}") {
        let _ = filed(&text);
        let _ = filed(&format!("Technical\n{number}"));
    }
}
