//! What a file says and how it is written, for a loop with everything that a loop can have.

use super::*;
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::event::{AuditEntry, Audited};
use crate::domain::ids::WorkspaceId;
use crate::domain::interview_loop::InterviewLoop;
use crate::domain::scorecard::{Rating, Scorecard};
use crate::domain::settings::RevealRule;
use crate::slack::screens::tests::samples;

/// As the owner sees it, who is no interviewer.
fn of(state: &InterviewLoop) -> Exported {
    let actor = Actor {
        user: state.head.owner.clone(),
        workspace: WorkspaceId::from("T1"),
        administrator: false,
    };
    let opened = AuditEntry {
        at: samples::at(0),
        actor: Some(state.head.owner.clone()),
        what: Audited::Opened,
    };
    let mut exported = Exported::of(state, vec![opened], &actor, samples::at(600));
    exported
        .people
        .insert(samples::user("ada"), "Ada *Lovelace*".to_owned());
    exported
}

fn decided() -> InterviewLoop {
    let kit = samples::senior();
    let late = samples::changed(
        samples::ada(&kit),
        "technical/1",
        Rating::Mixed,
        Rating::Good,
    );
    let mut odd = samples::ben(&kit);
    odd.reason = Note::new("-1. to begin with\n\n2) # and | <then>\n+ more");
    odd.beside_the_kit = Note::new("@SUM(A1)");
    let cards: Vec<Scorecard> = vec![late, odd];
    InterviewLoop {
        head: samples::with_details(samples::decided(&kit)),
        cards: cards
            .into_iter()
            .map(|card| (card.author.clone(), card))
            .collect(),
        kit,
        rule: RevealRule::default(),
    }
}

fn text(exported: &Exported, format: Format) -> String {
    let file = write(exported, format).expect("written");
    String::from_utf8(file.bytes).expect("text")
}

#[test]
fn a_decided_loop_to_read() {
    insta::assert_snapshot!(text(&of(&decided()), Format::Markdown));
}

#[test]
fn a_decided_loop_for_a_spreadsheet() {
    insta::assert_snapshot!(text(&of(&decided()), Format::Csv));
}

#[test]
fn a_decided_loop_for_programs() {
    insta::assert_snapshot!(text(&of(&decided()), Format::Json));
}

#[test]
fn a_loop_that_was_withdrawn_before_the_reveal_keeps_its_scorecards() {
    let state = InterviewLoop {
        head: samples::withdrawn(),
        ..decided()
    };
    let page = text(&of(&state), Format::Markdown);
    assert!(
        page.contains("## Withdrawn") && !page.contains("to begin with"),
        "{page}"
    );
}

#[test]
fn the_page_on_files_names_every_field_and_column() {
    fn names(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    // Below these stand ids, and words of records that are described elsewhere.
                    if !["people", "history", "recommendations"].contains(&name.as_str()) {
                        names(value, into);
                    }
                    into.push(name.clone());
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| names(item, into)),
            _ => {}
        }
    }
    let exported = of(&decided());
    let document = serde_json::from_str(&text(&exported, Format::Json)).expect("JSON");
    let mut wanted = Vec::new();
    names(&document, &mut wanted);
    let table = text(&exported, Format::Csv);
    let columns = table.lines().next().expect("a first row");
    wanted.extend(
        columns
            .trim_start_matches('\u{feff}')
            .split(',')
            .map(str::to_owned),
    );
    let page = include_str!("../../../docs/export.md");
    for name in wanted {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn a_file_has_a_name_that_names_nobody() {
    let exported = of(&decided());
    for format in Format::ALL {
        let file = write(&exported, format).expect("written");
        for name in [&file.filename, &file.title, &file.comment] {
            assert!(name.contains("C-7F3Q") && !name.contains("Jane"), "{name}");
        }
        assert_eq!(Format::parse(format.ending()), Some(format));
        assert_eq!(Format::parse(&format.title().to_lowercase()), Some(format));
    }
    assert_eq!(Format::parse("pdf"), None);
}
