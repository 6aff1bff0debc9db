//! Lines that belong together, as one: a heading, an item, a paragraph that was broken into lines. What a block is kept as is in `gather`.

use super::known::{self, Part};
use super::lines::{Line, Mark};

/// What a block is by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A drawn line.
    Rule,
    /// A heading that is known.
    Heading(Part),
    /// Such a heading, in a table of contents.
    Contents,
    /// A title line, and the role that it names.
    Title(String),
    /// A bullet or a number, and its words.
    Item,
    /// Anything else.
    Words,
}

/// One or more lines.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub kind: Kind,
    /// Its lines, by their places among the lines that are not blank; never empty.
    pub lines: Vec<usize>,
    /// Where each line begins in the text.
    pub begins: Vec<usize>,
    pub text: String,
    /// The text in small letters, byte for byte.
    pub lower: String,
}

impl Block {
    fn new(kind: Kind, line: usize, text: &str) -> Self {
        Self {
            kind,
            lines: vec![line],
            begins: vec![0],
            text: text.to_owned(),
            lower: String::new(),
        }
    }

    fn add(&mut self, line: usize, text: &str) {
        self.text.push(' ');
        self.lines.push(line);
        self.begins.push(self.text.len());
        self.text.push_str(text);
    }

    /// Whether a sentence ends where the block does.
    pub(super) fn is_closed(&self) -> bool {
        is_closed(&self.text)
    }
}

/// Puts the lines together that belong together.
pub(super) fn blocks(lines: &[Line]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let kind = kind(line);
        if kind == Kind::Words
            && let Some(before) = blocks.last_mut()
            && goes_on(before, &lines[before.lines[0]], line)
        {
            before.add(index, &line.text);
            continue;
        }
        blocks.push(Block::new(kind, index, &line.text));
    }
    for block in &mut blocks {
        block.lower = block.text.to_ascii_lowercase();
    }
    mark_contents(&mut blocks);
    blocks
}

/// Finds headings that follow one another with nothing between them, and all come again.
fn mark_contents(blocks: &mut [Block]) {
    let mut last: Vec<(Part, usize)> = Vec::new();
    let parts = blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| match block.kind {
            Kind::Heading(part) => Some((part, index)),
            _ => None,
        });
    for (part, index) in parts {
        match last.iter_mut().find(|(other, _)| *other == part) {
            Some((_, at)) => *at = index,
            None => last.push((part, index)),
        }
    }
    let comes_again = |block: &Block, end: usize| match block.kind {
        Kind::Heading(part) => last.iter().any(|(other, at)| *other == part && *at >= end),
        _ => false,
    };
    let mut begin = 0;
    while begin < blocks.len() {
        let run = blocks[begin..]
            .iter()
            .take_while(|block| matches!(block.kind, Kind::Heading(_)))
            .count();
        let end = begin + run;
        if run >= 2
            && blocks[begin..end]
                .iter()
                .all(|block| comes_again(block, end))
        {
            for block in &mut blocks[begin..end] {
                block.kind = Kind::Contents;
            }
        }
        begin = end + 1;
    }
}

fn kind(line: &Line) -> Kind {
    if line.is_rule() {
        return Kind::Rule;
    }
    // "1. Initial Screening Questions" is a heading, "- Experience" is not.
    if (line.mark != Mark::Sign || line.level > 0)
        && let Some(part) = known::heading(&line.text)
    {
        return Kind::Heading(part);
    }
    if !line.is_item()
        && (line.level > 0 || !line.text.ends_with(':'))
        && let Some(role) = known::title_line(&line.text)
    {
        return Kind::Title(role.to_owned());
    }
    if line.is_item() {
        Kind::Item
    } else {
        Kind::Words
    }
}

/// Small words and signs that no line ends with where its sentence does.
const LEADING: [&str; 38] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "from", "for", "has", "have", "his",
    "her", "in", "into", "is", "its", "no", "not", "of", "on", "or", "our", "than", "that", "the",
    "their", "they", "this", "to", "was", "were", "which", "who", "with", "your",
];

/// Whether a line is the rest of the block before it.
fn goes_on(before: &Block, first: &Line, line: &Line) -> bool {
    let item = before.kind == Kind::Item;
    if line.after_blank
        || line.level > 0
        || line.bold
        || !(item || before.kind == Kind::Words)
        || before.text.is_empty()
    {
        return false;
    }
    if first.level > 0 || first.bold && !item {
        return false;
    }
    // Only its beginning is looked at.
    let begin: String = line.text.chars().take(40).collect();
    if known::begins_anew(&begin.to_ascii_lowercase()) {
        return false;
    }
    if item && line.indent > first.indent {
        return true;
    }
    if before.is_closed() {
        return false;
    }
    let small = line.text.starts_with(char::is_lowercase);
    let last = before.text.rsplit(' ').next().unwrap_or_default();
    let open = before.text.ends_with([',', '(', '&', '-', '/'])
        || LEADING.contains(&&*last.to_ascii_lowercase());
    small || open || (item && line.text.ends_with('?'))
}

pub(super) fn is_closed(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', ')', ']', '*'])
        .ends_with(['.', '?', '!', ':', ';', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kits::import::lines::lines;

    #[track_caller]
    fn gives(text: &str, expected: &[&str]) {
        let (lines, _) = lines(text);
        let found = blocks(&lines);
        let texts: Vec<&str> = found.iter().map(|block| &*block.text).collect();
        assert_eq!(texts, expected, "{text}");
    }

    #[test]
    fn a_broken_bullet_is_put_together() {
        gives(
            "- How do you keep\n  Swift fast?\n- Why?",
            &["How do you keep Swift fast?", "Why?"],
        );
        gives(
            "- How do you keep\nit fast?\n- Why?",
            &["How do you keep it fast?", "Why?"],
        );
        gives(
            "- What do you use\nSwift for?",
            &["What do you use Swift for?"],
        );
        gives(
            "- Knows the rules of\nApple\nCommon pitfalls:\n- Blames",
            &["Knows the rules of Apple", "Common pitfalls:", "Blames"],
        );
    }

    #[test]
    fn a_paragraph_that_was_broken_is_put_together_and_neighbours_are_not() {
        gives(
            "The tester is responsible for\nApple devices and for\nwhat runs on them.\nThe pay is good.",
            &[
                "The tester is responsible for Apple devices and for what runs on them.",
                "The pay is good.",
            ],
        );
        gives("Hire faster\nTry it free", &["Hire faster", "Try it free"]);
        gives(
            "- Why?\nthis comprehensive guide to tests",
            &["Why?", "this comprehensive guide to tests"],
        );
        gives("- Why?\n\nnot this", &["Why?", "not this"]);
    }

    #[test]
    fn lead_ins_and_headings_stand_alone() {
        gives(
            "technical questions\nthese come from us:\n- why?",
            &["technical questions", "these come from us:", "why?"],
        );
        gives("## Notes\nand more", &["Notes", "and more"]);
    }
}
