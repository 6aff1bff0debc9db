//! A loop to read: facts, panel, debrief, decision, scorecards. What people typed is shown as text, whatever it looks like.

use super::called;
use crate::domain::export::{Answer, Card, Decided, Exported, Panellist, State};
use crate::domain::interview_loop::short;
use crate::domain::kit::Section;
use jiff::Timestamp;
use std::fmt::Write as _;

/// What Markdown takes for more than text, within a line.
const MARKS: [char; 13] = [
    '\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '&', '!',
];

/// The document.
pub(super) fn write(exported: &Exported) -> String {
    let mut page = Page(String::new());
    facts(&mut page, exported);
    page.heading(2, "Panel");
    page.table(&["Who", "Role", "Scorecard"]);
    for seat in &exported.panel {
        let person = called(exported, &seat.person);
        page.row(&[person, seat.role.word(), &standing(seat)]);
    }
    debrief(&mut page, exported);
    decisions(&mut page, exported);
    page.heading(2, "Scorecards");
    if exported.scorecards.is_empty() {
        page.line("None that you may see.");
    }
    if exported.revealed_at.is_none() {
        page.line("Nobody gets the others' before the reveal.");
    }
    for card in &exported.scorecards {
        scorecard(&mut page, exported, card);
    }
    page.0
}

fn facts(page: &mut Page, exported: &Exported) {
    let (candidate, role) = (text(&exported.candidate), text(&exported.role));
    page.heading(1, &format!("{candidate} · {role} · {}", exported.code));
    let state = match exported.state {
        State::Open => "scorecards are coming in",
        State::Revealed => "revealed, not decided",
        State::Decided => "decided",
        State::Withdrawn => "withdrawn",
    };
    page.fact("State", state);
    page.fact("Owner", &text(called(exported, &exported.owner)));
    let opener = text(called(exported, &exported.opened_by));
    page.fact(
        "Opened",
        &format!("{} by {opener}", when(exported.opened_at)),
    );
    if let Some(planned) = exported.planned_for {
        page.fact("Interview", &when(planned));
    }
    if let Some(revealed) = exported.revealed_at {
        page.fact("Revealed", &when(revealed));
    }
    let kit = format!("{} {}", exported.kit, short(&exported.kit_version));
    page.fact("Kit", &text(&kit));
    for (name, value) in [
        ("Requisition", &exported.requisition),
        ("Note", &exported.note),
        ("CV", &exported.cv),
    ] {
        if !value.is_empty() {
            page.fact(name, &text(value));
        }
    }
    let reader = text(called(exported, &exported.exported_for));
    let at = when(exported.exported_at);
    page.fact(
        "Exported",
        &format!("{at} for {reader}; it holds what they may see"),
    );
}

fn standing(seat: &Panellist) -> String {
    match (seat.excused, seat.submitted_at) {
        (Some(why), _) => why.to_owned(),
        (None, Some(at)) if seat.late => format!("in since {}, late", when(at)),
        (None, Some(at)) => format!("in since {}", when(at)),
        (None, None) => "not in".to_owned(),
    }
}

fn debrief(page: &mut Page, exported: &Exported) {
    let Some(figures) = &exported.debrief else {
        return;
    };
    page.heading(2, "Debrief");
    let recommendations: Vec<String> = figures
        .recommendations
        .iter()
        .map(|(recommendation, number)| format!("{number} {recommendation}"))
        .collect();
    page.fact("Scorecards", &figures.scorecards.to_string());
    page.fact("Recommendation", &recommendations.join(" · "));
    if figures.competencies.is_empty() {
        return;
    }
    page.table(&["Competency", "Mean", "Raters", "Range", "Remark"]);
    for line in &figures.competencies {
        page.row(&[
            &line.name,
            line.mean.as_deref().unwrap_or("-"),
            &line.raters.to_string(),
            &line.range,
            line.remark.as_deref().unwrap_or_default(),
        ]);
    }
}

fn decisions(page: &mut Page, exported: &Exported) {
    let mut told = |title: &str, decision: &Decided| {
        page.heading(2, title);
        let by = text(called(exported, &decision.by));
        page.line(&format!(
            "**{}** by {by}, {}",
            decision.verdict,
            when(decision.at)
        ));
        page.quote(&decision.reason);
    };
    for decision in &exported.past_decisions {
        told("Decision that no longer stands", decision);
    }
    if let Some(decision) = &exported.decision {
        told("Decision", decision);
    }
    if let Some(end) = &exported.withdrawal {
        page.heading(2, "Withdrawn");
        let by = text(called(exported, &end.by));
        page.line(&format!("By {by}, {}", when(end.at)));
        page.quote(&end.reason);
    }
}

fn scorecard(page: &mut Page, exported: &Exported, card: &Card) {
    page.heading(3, &text(called(exported, &card.interviewer)));
    let remark = match (card.submitted_at.is_some(), card.counts, card.late) {
        (false, ..) => Some("Not submitted yet."),
        (true, true, _) => None,
        (true, false, true) => Some("Came in after the reveal: in no figure."),
        (true, false, false) => Some("Counts in no figure."),
    };
    if let Some(remark) = remark {
        page.line(remark);
    }
    if let Some(recommendation) = card.recommendation {
        page.line(&format!("Recommendation: **{recommendation}**"));
        page.quote(&card.reason);
    }
    for section in Section::ALL {
        let mut answers = card
            .answers
            .iter()
            .filter(|answer| answer.section == section)
            .peekable();
        if answers.peek().is_some() {
            page.heading(4, section.title());
        }
        for answer in answers {
            page.line(&asked(answer));
            page.quote(&answer.evidence);
        }
    }
    if !card.beside_the_kit.is_empty() {
        page.heading(4, "Beside the kit");
        page.quote(&card.beside_the_kit);
    }
}

/// `**3 Good** · System design · How would you ...?`
fn asked(answer: &Answer) -> String {
    let given = answer.answer.as_deref().unwrap_or("No rating");
    let mut line = format!("**{given}**");
    if answer.changed_after_reveal {
        let before = answer
            .rating_at_reveal
            .map_or_else(|| "none".to_owned(), |points| points.to_string());
        let _ = write!(
            line,
            " (changed after the reveal; the figures hold {before})"
        );
    }
    if let Some(competency) = &answer.competency {
        let _ = write!(line, " · {}", text(competency));
    }
    let _ = write!(line, " · {}", text(&answer.ask));
    line
}

fn when(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Text of one line, shown as it is.
fn text(typed: &str) -> String {
    let mut shown = String::with_capacity(typed.len());
    for letter in typed.chars() {
        if MARKS.contains(&letter) {
            shown.push('\\');
        }
        shown.push(if letter.is_control() { ' ' } else { letter });
    }
    shown
}

/// The same where a line begins, which makes lists and headings of a few letters more.
fn at_the_start(mut shown: String) -> String {
    let digits = shown.bytes().take_while(u8::is_ascii_digit).count();
    let begins = match shown[digits..].chars().next() {
        Some('-' | '+' | '=') => digits == 0,
        Some('.' | ')') => digits > 0,
        _ => false,
    };
    if begins {
        shown.insert(digits, '\\');
    }
    shown
}

/// A document under construction: a blank line before whatever begins.
struct Page(String);

impl Page {
    fn begin(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    /// `words` are Markdown already.
    fn heading(&mut self, level: usize, words: &str) {
        self.begin();
        let _ = writeln!(self.0, "{} {words}", "#".repeat(level));
    }

    /// An item of a list, which goes on where there is one. `value` is Markdown already.
    fn fact(&mut self, name: &str, value: &str) {
        let last = self.0.lines().next_back();
        if !last.is_some_and(|line| line.starts_with("- ")) {
            self.begin();
        }
        let _ = writeln!(self.0, "- {name}: {value}");
    }

    /// `words` are Markdown already.
    fn line(&mut self, words: &str) {
        self.begin();
        let _ = writeln!(self.0, "{words}");
    }

    /// What somebody typed, of as many lines as it has; nothing for nothing.
    fn quote(&mut self, typed: &str) {
        if typed.is_empty() {
            return;
        }
        self.begin();
        for line in typed.lines() {
            // Two spaces at the end keep the line for itself.
            let _ = writeln!(self.0, "> {}  ", at_the_start(text(line.trim())));
        }
    }

    fn table(&mut self, columns: &[&str]) {
        self.begin();
        let _ = writeln!(self.0, "| {} |", columns.join(" | "));
        let _ = writeln!(self.0, "|{}", "---|".repeat(columns.len()));
    }

    /// Cells as they were typed.
    fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| text(cell)).collect();
        let _ = writeln!(self.0, "| {} |", cells.join(" | "));
    }
}
