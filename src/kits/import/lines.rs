//! A guide's text as lines with numbers: typography normalised, bullets and Markdown's marks told apart from words. What a line means is in `known`.

use crate::kits::finding::is_invisible;

/// What stands before a line's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// A bullet: `-`, `*`, `•` and the like.
    Sign,
    /// A number: `1.`, `1)`, `(1)`.
    Number,
}

/// One line that is not blank.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Counted from 1.
    pub number: usize,
    /// The whole line with its marks, for the report.
    pub whole: String,
    /// The words, without the marks.
    pub text: String,
    pub mark: Mark,
    /// The columns before the first sign; a tab is four.
    pub indent: usize,
    /// The level of a Markdown heading, or 0.
    pub level: usize,
    /// Whether all of it is in bold, by Markdown's marks.
    pub bold: bool,
    /// Whether a blank line, or the beginning, is before it.
    pub after_blank: bool,
}

impl Line {
    pub(super) fn is_item(&self) -> bool {
        self.mark != Mark::None
    }

    /// A drawn line, as `---`, without any word.
    pub(super) fn is_rule(&self) -> bool {
        self.whole.chars().nth(2).is_some()
            && self
                .whole
                .chars()
                .all(|sign| matches!(sign, '-' | '*' | '_' | '=' | '~' | ' ' | '–' | '—'))
    }
}

/// The lines of a text that say something, and how many say nothing.
pub(super) fn lines(text: &str) -> (Vec<Line>, usize) {
    let mut lines = Vec::new();
    let mut blank = 0;
    let mut after_blank = true;
    for (index, raw) in split(text).enumerate() {
        let whole = clean(raw);
        if whole.is_empty() {
            blank += 1;
            after_blank = true;
            continue;
        }
        lines.push(line(index + 1, raw, whole, after_blank));
        after_blank = false;
    }
    (lines, blank)
}

/// Cuts at LF, CRLF and CR. A text that ends with one has no empty line after it.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let after = if text[end..].starts_with("\r\n") {
            end + 2
        } else {
            end + 1
        };
        rest = Some(&text[after..]).filter(|text| !text.is_empty());
        Some(&text[..end])
    })
}

/// A text with straight quotes, with single plain spaces and without what cannot be seen. Dashes and ellipses stay as
/// they are: they are the writer's, not the copying's.
pub(super) fn clean(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut space = false;
    for letter in raw.chars() {
        let letter = match letter {
            letter if letter.is_whitespace() => {
                space = true;
                continue;
            }
            letter if letter.is_control() || is_invisible(letter) => continue,
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' => '\'',
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' => '"',
            '\u{2010}' | '\u{2011}' => '-',
            letter => letter,
        };
        if space && !text.is_empty() {
            text.push(' ');
        }
        space = false;
        text.push(letter);
    }
    text
}

fn line(number: usize, raw: &str, whole: String, after_blank: bool) -> Line {
    let indent = raw
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .take_while(|letter| letter.is_whitespace())
        .map(|letter| if letter == '\t' { 4 } else { 1 })
        .sum();
    let mut line = Line {
        number,
        whole,
        text: String::new(),
        mark: Mark::None,
        indent,
        level: 0,
        bold: false,
        after_blank,
    };
    if line.is_rule() {
        return line;
    }
    let mut rest = line.whole.as_str();
    let level = rest.bytes().take_while(|byte| *byte == b'#').count();
    let after = &rest[level..];
    if (1..=6).contains(&level) && (after.is_empty() || after.starts_with(' ')) {
        line.level = level;
        rest = after.trim_start().trim_end_matches('#').trim_end();
    }
    let mut mark = Mark::None;
    if let Some((found, after)) = bullet(rest) {
        mark = found;
        rest = after.trim_start();
        rest = ["[ ] ", "[x] ", "[X] "]
            .iter()
            .find_map(|tick| rest.strip_prefix(tick))
            .unwrap_or(rest)
            .trim_start();
    }
    let plain = unwrap_bold(rest);
    let bold = plain.is_some();
    line.text = plain.unwrap_or(rest).trim().to_owned();
    line.bold = bold;
    line.mark = mark;
    line
}

/// A bullet or a number at the beginning, and what follows it.
fn bullet(text: &str) -> Option<(Mark, &str)> {
    let first = text.chars().next()?;
    let after = &text[first.len_utf8()..];
    match first {
        '•' | '·' | '‣' | '▪' | '◦' | '●' | '○' | '∙' | '⁃' | '■' | '□' | '➢' | '✓' | '✔' => {
            Some((Mark::Sign, after))
        }
        '-' | '*' | '+' | '–' | '—' => {
            // Dashes are also put directly before a word; bold type is something else.
            let touches = matches!(first, '-' | '–' | '—')
                && after
                    .starts_with(|next: char| next.is_alphanumeric() || matches!(next, '"' | '('));
            (after.is_empty() || after.starts_with(' ') || touches).then_some((Mark::Sign, after))
        }
        '(' => {
            let digits = digits(after);
            let after = after.get(digits..)?.strip_prefix(')')?;
            (digits > 0).then_some((Mark::Number, after))
        }
        _ => {
            let named = text.strip_prefix(['Q', 'q']).unwrap_or(text);
            let digits = digits(named);
            if digits == 0 {
                return None;
            }
            let sign = named[digits..].chars().next()?;
            let after = named.get(digits + sign.len_utf8()..)?;
            let is_sign = matches!(sign, '.' | ')') || (sign == ':' && named.len() < text.len());
            (is_sign && after.starts_with(' ')).then_some((Mark::Number, after))
        }
    }
}

/// How many digits a text begins with; none if they are too many for a number of a list.
fn digits(text: &str) -> usize {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if count <= 3 { count } else { 0 }
}

/// What stands between `**` and `**`, if that is all there is.
fn unwrap_bold(text: &str) -> Option<&str> {
    // Bold words are a heading without a colon after them.
    let body = match text.strip_suffix(':') {
        Some(body) if body.ends_with('*') || body.ends_with('_') => body,
        _ => text,
    };
    for sign in ["**", "__"] {
        let inner = body
            .strip_prefix(sign)
            .and_then(|body| body.strip_suffix(sign))
            .filter(|inner| !inner.trim().is_empty() && !inner.contains(sign));
        if let Some(inner) = inner {
            return Some(inner.trim());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Line {
        let (mut lines, _) = lines(text);
        assert_eq!(lines.len(), 1, "{text}");
        lines.remove(0)
    }

    #[test]
    fn all_line_ends_are_counted_alike() {
        for text in ["a\n\nb\nc", "a\r\n\r\nb\r\nc\r\n", "a\r\rb\rc\r"] {
            let (lines, blank) = lines(text);
            let numbers: Vec<usize> = lines.iter().map(|line| line.number).collect();
            assert_eq!(
                (numbers, blank),
                (vec![1, 3, 4], 1),
                "{}",
                text.escape_debug()
            );
            assert!(lines[1].after_blank && !lines[2].after_blank);
        }
    }

    #[test]
    fn typography_is_normalised_and_words_are_not() {
        assert_eq!(
            clean("\u{FEFF} What\u{2019}s  a\u{A0}\u{201C}cache\u{201D}\u{200B}?\t"),
            "What's a \"cache\"?"
        );
        assert_eq!(
            clean("7\u{2013}10 years\u{2026} co\u{2011}workers"),
            "7\u{2013}10 years\u{2026} co-workers"
        );
    }

    #[test]
    fn bullets_and_numbers_are_told_from_words() {
        for (text, words) in [
            ("- Why?", "Why?"),
            ("  * Why?", "Why?"),
            ("•Why?", "Why?"),
            ("\u{A0}•\u{A0}Why?", "Why?"),
            ("– Why?", "Why?"),
            ("-Why?", "Why?"),
            ("-4+ years", "4+ years"),
            ("· Why?", "Why?"),
            ("12. Why?", "Why?"),
            ("1) Why?", "Why?"),
            ("(1) Why?", "Why?"),
            ("Q3: Why?", "Why?"),
            ("- [ ] Why?", "Why?"),
            ("- **Why?**", "Why?"),
        ] {
            let line = only(text);
            assert!(line.is_item(), "{text}");
            assert_eq!(line.text, words, "{text}");
        }
        for text in [
            "1.5 years",
            "2026. A year",
            "*Why?*",
            "Why - or why not?",
            "(none)",
            "What is 2**3?",
        ] {
            let line = only(text);
            assert!(!line.is_item(), "{text}");
            assert_eq!(line.text, text);
        }
    }

    #[test]
    fn markdown_headings_and_bold_lines_lose_their_marks() {
        let line = only("## **Technical Questions:** ##");
        assert_eq!((line.level, line.bold), (2, true));
        assert_eq!(line.text, "Technical Questions:");
        assert_eq!(only("**Common pitfalls**:").text, "Common pitfalls");
        assert_eq!(only("#hashtag").level, 0);
        assert!(only("---").is_rule() && only("* * *").is_rule());
        assert_eq!(only("What does `__init__` do?").text.len(), 24);
    }
}
