//! Words as Slack writes them: rich text, where nothing is parsed, and escaped mrkdwn, where Slack offers nothing better.

use crate::domain::words::{Word, Words};
use slack_morphism::prelude::*;
use std::borrow::Cow;

/// The letters that mean something to Slack.
const MARKS: [char; 7] = ['&', '<', '>', '*', '_', '~', '`'];

/// Words as rich text: what people typed cannot ping, link or format anything.
#[must_use]
pub fn rich(words: &Words) -> Vec<SlackRichTextInlineElement> {
    words.0.iter().filter_map(inline).collect()
}

fn inline(word: &Word) -> Option<SlackRichTextInlineElement> {
    Some(match word {
        Word::Plain(text) | Word::Strong(text) | Word::Code(text) if text.is_empty() => {
            return None;
        }
        Word::Plain(text) => text.as_str().into(),
        Word::Strong(text) => SlackRichTextText::new(isolated(text)).bold().into(),
        Word::Code(text) => SlackRichTextText::new(text.clone()).code().into(),
        Word::Person(user) => SlackRichTextUser::new(user.as_str().into()).into(),
        Word::Channel(channel) => SlackRichTextChannel::new(channel.as_str().into()).into(),
        Word::Day(moment) => date(*moment, "{date_short}"),
        Word::Time(moment) => date(*moment, "{date_short} at {time}"),
        Word::Clock(moment) => date(*moment, "{time}"),
        Word::Link { url, text } => {
            let text = isolated(text);
            let link = serde_json::json!({"type": "link", "url": url, "text": text});
            SlackRichTextInlineElement::Unknown(link)
        }
    })
}

fn date(moment: jiff::Timestamp, format: &str) -> SlackRichTextInlineElement {
    SlackRichTextInlineElement::Unknown(serde_json::json!({
        "type": "date",
        "timestamp": moment.as_second(),
        "format": format,
        "fallback": in_utc(moment),
    }))
}

fn in_utc(moment: jiff::Timestamp) -> String {
    moment.strftime("%-d %b %Y %H:%M UTC").to_string()
}

/// Words as mrkdwn: for the line that notifications and screen readers take, and for small print. It belongs into a text object
/// with `verbatim`, or into `text` with `parse` off.
#[must_use]
pub fn mrkdwn(words: &Words) -> String {
    words.0.iter().map(as_mrkdwn).collect()
}

fn as_mrkdwn(word: &Word) -> Cow<'_, str> {
    Cow::Owned(match word {
        Word::Plain(text) | Word::Strong(text) if is_plain(text) => return Cow::Borrowed(text),
        Word::Plain(text) => escaped(text),
        Word::Strong(text) => escaped(&isolated(text)),
        Word::Code(text) => format!("`{}`", escaped(&text.replace('`', "'"))),
        Word::Person(user) => format!("<@{user}>"),
        Word::Channel(channel) => format!("<#{channel}>"),
        Word::Day(moment) => format!(
            "<!date^{}^{{date_short}}|{}>",
            moment.as_second(),
            in_utc(*moment)
        ),
        Word::Time(moment) => format!(
            "<!date^{}^{{date_short}} at {{time}}|{}>",
            moment.as_second(),
            in_utc(*moment)
        ),
        Word::Clock(moment) => format!(
            "<!date^{}^{{time}}|{}>",
            moment.as_second(),
            in_utc(*moment)
        ),
        Word::Link { url, text } => format!(
            "<{}|{}>",
            escaped(url).replace('|', "%7C"),
            escaped(&isolated(text)).replace('|', "¦")
        ),
    })
}

/// Whether nothing in some text has a meaning but what it says: most of what is written.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.contains(MARKS)
}

/// Words as mrkdwn of at most so many UTF-16 units, cut between letters as people count them and never inside Slack's syntax.
#[must_use]
pub fn mrkdwn_within(words: &Words, most: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let whole = mrkdwn(words);
    if units(&whole) <= most {
        return whole;
    }
    let room = most.saturating_sub(1);
    let (mut line, mut used) = (String::new(), 0);
    for word in &words.0 {
        let next = as_mrkdwn(word);
        let long = units(&next);
        if used + long <= room {
            used += long;
            line.push_str(&next);
            continue;
        }
        if let Word::Plain(text) | Word::Strong(text) = word {
            for letter in text.graphemes(true).map(escaped) {
                used += units(&letter);
                if used > room {
                    break;
                }
                line.push_str(&letter);
            }
        }
        break;
    }
    line.push('…');
    line
}

/// The length of text as Slack counts it at worst.
#[must_use]
pub fn units(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.encode_utf16().count()
}

/// Text of at most so many UTF-16 units once Slack has escaped its three letters, cut between letters as people count them.
#[must_use]
pub fn fitting(text: &str, most: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let cost = |letter: &str| -> usize {
        let escapes = letter.chars().map(|letter| match letter {
            '&' => 4,
            '<' | '>' => 3,
            _ => 0,
        });
        units(letter) + escapes.sum::<usize>()
    };
    let escapes = |byte: u8| b"&<>".contains(&byte);
    // No text has more UTF-16 units than bytes.
    let plainly = text.len() <= most && !text.bytes().any(escapes);
    if plainly || cost(text) <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let mut shorter: String = text
        .graphemes(true)
        .take_while(|letter| {
            used += cost(letter);
            used <= most
        })
        .collect();
    shorter.push('…');
    shorter
}

/// Words without any of Slack's syntax, for a modal's error line.
#[must_use]
pub fn bare(words: &Words) -> String {
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Plain(text) | Word::Strong(text) | Word::Code(text) | Word::Link { text, .. } => {
                text.clone()
            }
            Word::Person(_) => "that person".to_owned(),
            Word::Channel(_) => "that channel".to_owned(),
            Word::Day(moment) => moment.strftime("%-d %b %Y").to_string(),
            Word::Time(moment) | Word::Clock(moment) => in_utc(*moment),
        })
        .collect()
}

/// Text in which nothing is Slack's syntax any more.
///
/// Slack documents the three entities (<https://docs.slack.dev/messaging/formatting-message-text>) and no escape for its marks; a
/// word joiner before a mark keeps it from having a partner, and cannot be seen.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find(MARKS) {
        let (before, from) = rest.split_at(place);
        let (mark, after) = from.split_at(1);
        safe.push_str(before);
        match mark {
            "&" => safe.push_str("&amp;"),
            "<" => safe.push_str("&lt;"),
            ">" => safe.push_str("&gt;"),
            mark => safe.extend(["\u{2060}", mark]),
        }
        rest = after;
    }
    safe.push_str(rest);
    safe
}

/// A name between marks that keep its direction of writing to itself.
fn isolated(text: &str) -> String {
    let turns = text
        .chars()
        .any(|letter| matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{200F}'));
    if turns {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_is_text() {
        let words = Words::from("<!channel> & <@U1> *bold* `code` <http://evil|Log in>");
        assert_eq!(
            mrkdwn(&words).replace('\u{2060}', ""),
            "&lt;!channel&gt; &amp; &lt;@U1&gt; *bold* `code` &lt;http://evil|Log in&gt;"
        );
        let json = serde_json::to_value(rich(&words)).expect("rich text is JSON");
        assert_eq!(
            json,
            serde_json::json!([{"type": "text", "text": "<!channel> & <@U1> *bold* `code` <http://evil|Log in>"}])
        );
    }

    #[test]
    fn people_and_dates_are_slacks_own() {
        let words = Words::new()
            .person(&UserId::from("U1"))
            .text(" on ")
            .day(jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(
            mrkdwn(&words),
            "<@U1> on <!date^0^{date_short}|1 Jan 1970 00:00 UTC>"
        );
    }

    #[test]
    fn a_name_from_right_to_left_turns_nothing_around_it() {
        assert_eq!(mrkdwn(&Words::new().strong("דנה")), "\u{2068}דנה\u{2069}");
    }

    #[test]
    fn a_cut_spares_syntax_and_letters() {
        let words = Words::from("a & b ")
            .person(&UserId::from("U1"))
            .text(" 👩‍👩‍👧‍👦👩‍👩‍👧‍👦");
        assert_eq!(mrkdwn_within(&words, 100), mrkdwn(&words));
        assert_eq!(mrkdwn_within(&words, 6), "a …");
        assert_eq!(mrkdwn_within(&words, 12), "a &amp; b …");
        assert_eq!(mrkdwn_within(&words, 28), "a &amp; b <@U1> 👩‍👩‍👧‍👦…");
        assert_eq!(fitting("abcdef", 6), "abcdef");
        assert_eq!(fitting("abcdefg", 6), "abcde…");
        assert_eq!(fitting("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 21), "👩‍👩‍👧‍👦…");
        assert_eq!(fitting("&&&", 11), "&&…");
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_it_may_be(text in "[a-z&<>*`👩 ]{0,60}", most in 1_usize..80) {
            let words = Words::from("x").strong(text.clone()).code(text.clone());
            prop_assert!(units(&mrkdwn_within(&words, most)) <= most);
            prop_assert!(units(&fitting(&text, most)) <= most);
        }

        #[test]
        fn no_text_has_syntax_left(text in ".{0,200}") {
            let safe = escaped(&text);
            prop_assert!(!safe.contains('<') && !safe.contains('>'));
            prop_assert_eq!(safe.replace('\u{2060}', "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), text.replace('\u{2060}', ""));
        }
    }
}
