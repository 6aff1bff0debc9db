//! Sentences for people, as data: what is emphasised, who is named. How Slack writes them is in `slack::text`.

use super::ids::{ChannelId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Text that is shown as it stands, whatever it holds.
    Plain(String),
    /// Text with emphasis.
    Strong(String),
    /// Something to type or to recognise by its letters.
    Code(String),
    /// A person, named without being notified twice.
    Person(UserId),
    /// A channel.
    Channel(ChannelId),
    /// A moment, shown in each reader's own time zone.
    Day(Timestamp),
    /// A moment with its time of day, shown in each reader's own time zone.
    Time(Timestamp),
    /// A time of day, shown in each reader's own time zone.
    Clock(Timestamp),
    /// A link that the bot knows to be good.
    Link {
        /// Where it leads.
        url: String,
        /// What is read.
        text: String,
    },
}

/// A sentence or a few.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub Vec<Word>);

impl Words {
    /// Nothing yet; the other functions add to it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Plain(text.into()));
        self
    }

    /// Adds text with emphasis.
    #[must_use]
    pub fn strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Strong(text.into()));
        self
    }

    /// Adds something to type.
    #[must_use]
    pub fn code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Code(text.into()));
        self
    }

    /// Adds a person.
    #[must_use]
    pub fn person(mut self, user: &UserId) -> Self {
        self.0.push(Word::Person(user.clone()));
        self
    }

    /// Adds people: `@ada, @ben and @cid`.
    #[must_use]
    pub fn people<'a>(mut self, users: impl IntoIterator<Item = &'a UserId>) -> Self {
        let users: Vec<_> = users.into_iter().collect();
        for (place, user) in users.iter().enumerate() {
            if place > 0 {
                let last = place + 1 == users.len();
                self = self.text(if last { " and " } else { ", " });
            }
            self = self.person(user);
        }
        self
    }

    /// Adds a channel.
    #[must_use]
    pub fn channel(mut self, channel: &ChannelId) -> Self {
        self.0.push(Word::Channel(channel.clone()));
        self
    }

    /// Adds a date.
    #[must_use]
    pub fn day(mut self, moment: Timestamp) -> Self {
        self.0.push(Word::Day(moment));
        self
    }

    /// Adds a date and a time of day.
    #[must_use]
    pub fn time(mut self, moment: Timestamp) -> Self {
        self.0.push(Word::Time(moment));
        self
    }

    /// Adds a time of day.
    #[must_use]
    pub fn clock(mut self, moment: Timestamp) -> Self {
        self.0.push(Word::Clock(moment));
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, url: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.push(Word::Link {
            url: url.into(),
            text: text.into(),
        });
        self
    }

    /// Adds other words.
    #[must_use]
    pub fn and(mut self, more: Words) -> Self {
        self.0.extend(more.0);
        self
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

/// `1 scorecard`, `2 scorecards`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// Text cut at a number of characters as people count them, with an ellipsis where something was left out.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let mut graphemes = text.graphemes(true);
    let start: String = graphemes.by_ref().take(most).collect();
    if graphemes.next().is_none() {
        return start;
    }
    let mut shorter: String = start.graphemes(true).take(most.saturating_sub(1)).collect();
    shorter.push('…');
    shorter
}
