//! Text in columns, as wide as a phone shows it. What the figures mean is in `domain::debrief`.

use crate::domain::debrief::{Line, Score};
use unicode_segmentation::UnicodeSegmentation as _;

/// The widest line of preformatted text: a phone wraps what is longer.
pub(super) const WIDEST: usize = 44;
/// The widest name of a competency.
const NAME: usize = 20;

/// How many columns some text takes, in a font whose letters are all of one width.
pub(super) fn width(text: &str) -> usize {
    text.graphemes(true).map(width_of).sum()
}

/// A letter as people count it: nothing where it cannot be seen, two where East Asian scripts and emoji take two.
fn width_of(letter: &str) -> usize {
    let Some(first) = letter.chars().next() else {
        return 0;
    };
    let unseen = first.is_control()
        || matches!(first, '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}');
    let wide = matches!(first,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{303E}' | '\u{3041}'..='\u{33FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{A000}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}');
    if unseen {
        0
    } else if wide || letter.contains('\u{FE0F}') {
        2
    } else {
        1
    }
}

/// Text of at most so many columns, with an ellipsis where something was cut.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let mut shorter: String = text
        .graphemes(true)
        .take_while(|letter| {
            used += width_of(letter);
            used <= most
        })
        .collect();
    shorter.push('…');
    shorter
}

/// Text filled up to so many columns.
pub(super) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// The competencies with mean, number of interviewers and range; a remark on its line, or below it where it does not fit.
pub(super) fn table(lines: &[Line]) -> String {
    let name = lines
        .iter()
        .map(|line| width(&line.name))
        .max()
        .unwrap_or_default()
        .clamp("Competency".len(), NAME);
    let mut rows = vec![format!("{}  mean   n  range", padded("Competency", name))];
    for line in lines {
        let mean = line.mean.map_or("-".to_owned(), Score::one_decimal);
        // A range begins under its heading; without one, a dash would only repeat the one of the mean.
        let range = if line.raters == 0 {
            String::new()
        } else {
            line.range()
        };
        let row = format!(
            "{}  {mean:>4}  {:>2}  {range}",
            padded(&cut(&line.name, name), name),
            line.raters
        );
        match line.remark() {
            None => rows.push(row.trim_end().to_owned()),
            Some(remark) => {
                let beside = format!("{}  {remark}", padded(&row, name + 19));
                if width(&beside) <= WIDEST {
                    rows.push(beside);
                } else {
                    rows.push(row.trim_end().to_owned());
                    rows.push(cut(&format!("  {remark}"), WIDEST));
                }
            }
        }
    }
    rows.join("\n")
}
