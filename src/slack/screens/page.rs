//! A screen under construction: its blocks, and beside them the same in words for notifications and screen readers. What is on it is in the other files.

use super::Drawn;
use super::weight::weight;
use crate::domain::words::{Word, Words};
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;

/// The longest `text` of a message: `chat.update` refuses more than 4,000.
const LONGEST_TEXT: usize = 3900;
/// How much text the blocks of one message may hold together: Slack refuses from about 11,000 on and does not say where.
pub(super) const MESSAGE: usize = 9500;
/// The most blocks of a message.
pub(super) const BLOCKS: usize = 50;
/// The longest piece of text in one block.
pub(super) const PIECE: usize = 2900;

/// A part of a block of rich text.
pub(super) enum Part {
    /// A line.
    Line(Words),
    /// A line of what no longer holds.
    Struck(Words),
    /// A list.
    Bullets(Vec<Words>),
    /// Text in columns.
    Fixed(String),
}

/// Blocks, and the same in words.
#[derive(Default)]
pub(super) struct Page {
    blocks: Vec<SlackBlock>,
    /// Each line after a line break.
    lines: Words,
}

impl Page {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A heading.
    pub(super) fn header(mut self, heading: &str) -> Self {
        self.blocks.push(blocks::header(heading));
        self.heard(Words::new().strong(heading))
    }

    /// A line or a paragraph.
    pub(super) fn say(self, words: Words) -> Self {
        self.rich(vec![Part::Line(words)])
    }

    /// Small print.
    pub(super) fn small(mut self, words: Words) -> Self {
        self.blocks.push(blocks::context(&words));
        self.heard(words)
    }

    /// One block of several parts.
    pub(super) fn rich(mut self, parts: Vec<Part>) -> Self {
        let mut elements: Vec<SlackRichTextElement> = Vec::new();
        let mut line: Vec<SlackRichTextInlineElement> = Vec::new();
        for part in parts {
            let (words, next) = match part {
                Part::Line(words) => (vec![words.clone()], Ok(text::rich(&words))),
                Part::Struck(words) => (vec![words.clone()], Ok(struck(&words))),
                Part::Bullets(items) => (
                    items
                        .iter()
                        .map(|item| Words::from("- ").and(item.clone()))
                        .collect(),
                    Err(blocks::bullets(items)),
                ),
                Part::Fixed(columns) => (
                    vec![Words::from(columns.clone())],
                    Err(blocks::preformatted(&columns)),
                ),
            };
            words.into_iter().for_each(|line| self.hear(line));
            match next {
                Ok(inline) if line.is_empty() => line = inline,
                Ok(inline) => {
                    line.push("\n".into());
                    line.extend(inline);
                }
                Err(element) => {
                    if !line.is_empty() {
                        elements.push(SlackRichTextSection::new(std::mem::take(&mut line)).into());
                    }
                    elements.push(element);
                }
            }
        }
        if !line.is_empty() {
            elements.push(SlackRichTextSection::new(line).into());
        }
        if !elements.is_empty() {
            self.blocks.push(blocks::rich(elements));
        }
        self
    }

    /// A row of buttons.
    pub(super) fn row(mut self, name: &str, buttons: Vec<SlackBlockButtonElement>) -> Self {
        self.blocks.extend(blocks::row(name, buttons));
        self
    }

    /// A block of another kind, which needs no words or brings its own by [`Page::heard`].
    pub(super) fn block(mut self, block: SlackBlock) -> Self {
        self.blocks.push(block);
        self
    }

    /// Something that only the words say.
    pub(super) fn heard(mut self, words: Words) -> Self {
        self.hear(words);
        self
    }

    fn hear(&mut self, words: Words) {
        if !self.lines.0.is_empty() {
            self.lines.0.push(Word::Plain("\n".to_owned()));
        }
        self.lines.0.extend(words.0);
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether it fits one message.
    pub(super) fn fits(&self) -> bool {
        self.blocks.len() <= BLOCKS && weight(&self.blocks) <= MESSAGE
    }

    /// Whether the words for notifications and screen readers say all of it.
    pub(super) fn is_read_whole(&self) -> bool {
        text::units(&text::mrkdwn(&self.lines)) <= LONGEST_TEXT
    }

    /// As a message.
    pub(super) fn drawn(self) -> Drawn {
        Drawn {
            text: text::mrkdwn_within(&self.lines, LONGEST_TEXT),
            blocks: self.blocks,
        }
    }

    /// As the blocks of a modal.
    pub(super) fn blocks(self) -> Vec<SlackBlock> {
        self.blocks
    }
}

/// The fullest drawing that fits one message; each next one leaves out more.
pub(super) fn first_that_fits<L>(
    levels: impl IntoIterator<Item = L>,
    draw: impl Fn(L) -> Page,
) -> Page {
    let mut page = Page::new();
    for level in levels {
        page = draw(level);
        if page.fits() {
            break;
        }
    }
    page
}

fn struck(words: &Words) -> Vec<SlackRichTextInlineElement> {
    text::rich(words)
        .into_iter()
        .map(|element| match element {
            SlackRichTextInlineElement::Text(text) => text.strike().into(),
            other => other,
        })
        .collect()
}

/// Words of which no piece is longer than so many UTF-16 units.
pub(super) fn cut(words: Words, most: usize) -> Words {
    let pieces = words.0.into_iter().map(|word| match word {
        Word::Plain(piece) => Word::Plain(text::fitting(&piece, most)),
        Word::Strong(piece) => Word::Strong(text::fitting(&piece, most)),
        Word::Code(piece) => Word::Code(text::fitting(&piece, most)),
        other => other,
    });
    Words(pieces.collect())
}
