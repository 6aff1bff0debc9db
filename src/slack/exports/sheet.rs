//! A loop for a spreadsheet: a row for each answer, each recommendation, and what was asked beside the kit.

use super::called;
use crate::domain::export::{Card, Exported};

/// The first row.
const COLUMNS: [&str; 13] = [
    "code",
    "candidate",
    "role",
    "interviewer",
    "interviewer_id",
    "in_figures",
    "part",
    "question",
    "competency",
    "asked",
    "rating",
    "answer",
    "evidence",
];
/// Without it, spreadsheets take UTF-8 for something else.
const MARK_OF_UTF_8: &[u8] = b"\xef\xbb\xbf";
/// What makes a spreadsheet take a cell for a formula (<https://owasp.org/www-community/attacks/CSV_Injection>).
const BEGINS_A_FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// The rows.
pub(super) fn write(exported: &Exported) -> Result<Vec<u8>, csv::Error> {
    let mut rows = csv::Writer::from_writer(MARK_OF_UTF_8.to_vec());
    rows.write_record(COLUMNS)?;
    for card in &exported.scorecards {
        for answer in &card.answers {
            let rating = answer.rating.map(|points| points.to_string());
            let cells = [
                answer.section.title(),
                answer.question.as_str(),
                answer.competency.as_deref().unwrap_or_default(),
                &answer.ask,
                rating.as_deref().unwrap_or_default(),
                answer.answer.as_deref().unwrap_or_default(),
                &answer.evidence,
            ];
            row(&mut rows, exported, card, cells)?;
        }
        if let Some(recommendation) = card.recommendation {
            let recommendation = recommendation.to_string();
            let cells = [
                "Recommendation",
                "",
                "",
                "",
                "",
                &recommendation,
                &card.reason,
            ];
            row(&mut rows, exported, card, cells)?;
        }
        if !card.beside_the_kit.is_empty() {
            let cells = ["Beside the kit", "", "", "", "", "", &card.beside_the_kit];
            row(&mut rows, exported, card, cells)?;
        }
    }
    rows.into_inner().map_err(|error| error.into_error().into())
}

fn row(
    rows: &mut csv::Writer<Vec<u8>>,
    exported: &Exported,
    card: &Card,
    cells: [&str; 7],
) -> Result<(), csv::Error> {
    let whose = [
        exported.code.as_str(),
        &exported.candidate,
        &exported.role,
        called(exported, &card.interviewer),
        card.interviewer.as_str(),
        if card.counts { "yes" } else { "no" },
    ];
    rows.write_record(whose.into_iter().chain(cells).map(harmless))
}

/// Text that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(BEGINS_A_FORMULA) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
