//! Words as Slack writes them: rich text, where nothing is parsed, and escaped mrkdwn, where Slack offers nothing better.

use crate::domain::words::{Word, Words};
use slack_morphism::prelude::*;

/// Words as rich text: what people typed cannot ping, link or format anything.
#[must_use]
pub fn rich(words: &Words) -> Vec<SlackRichTextInlineElement> {
    words.0.iter().filter_map(inline).collect()
}

fn inline(word: &Word) -> Option<SlackRichTextInlineElement> {
    Some(match word {
        Word::Plain(text) | Word::Strong(text) | Word::Code(text) if text.is_empty() => return None,
        Word::Plain(text) => text.as_str().into(),
        Word::Strong(text) => SlackRichTextText::new(isolated(text)).bold().into(),
        Word::Code(text) => SlackRichTextText::new(text.clone()).code().into(),
        Word::Person(user) => SlackRichTextUser::new(user.as_str().into()).into(),
        Word::Channel(channel) => SlackRichTextChannel::new(channel.as_str().into()).into(),
        Word::Day(moment) => date(*moment, "{date_short}"),
        Word::Time(moment) => date(*moment, "{date_short} at {time}"),
        Word::Link { url, text } => {
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
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Plain(text) => escaped(text),
            Word::Strong(text) => escaped(&isolated(text)),
            Word::Code(text) => format!("`{}`", escaped(&text.replace('`', "'"))),
            Word::Person(user) => format!("<@{user}>"),
            Word::Channel(channel) => format!("<#{channel}>"),
            Word::Day(moment) => format!("<!date^{}^{{date_short}}|{}>", moment.as_second(), in_utc(*moment)),
            Word::Time(moment) => format!("<!date^{}^{{date_short}} at {{time}}|{}>", moment.as_second(), in_utc(*moment)),
            Word::Link { url, text } => format!("<{}|{}>", escaped(url).replace('|', "%7C"), escaped(text).replace('|', "¦")),
        })
        .collect()
}

/// Words without any of Slack's syntax, for a modal's error line.
#[must_use]
pub fn bare(words: &Words) -> String {
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Plain(text) | Word::Strong(text) | Word::Code(text) | Word::Link { text, .. } => text.clone(),
            Word::Person(_) => "that person".to_owned(),
            Word::Channel(_) => "that channel".to_owned(),
            Word::Day(moment) => moment.strftime("%-d %b %Y").to_string(),
            Word::Time(moment) => in_utc(*moment),
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
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '*' | '_' | '~' | '`' => {
                safe.push('\u{2060}');
                safe.push(letter);
            }
            other => safe.push(other),
        }
    }
    safe
}

/// A name between marks that keep its direction of writing to itself.
fn isolated(text: &str) -> String {
    let turns = text
        .chars()
        .any(|letter| matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{200F}'));
    if turns { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
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
        assert_eq!(json, serde_json::json!([{"type": "text", "text": "<!channel> & <@U1> *bold* `code` <http://evil|Log in>"}]));
    }

    #[test]
    fn people_and_dates_are_slacks_own() {
        let words = Words::new().person(&UserId::from("U1")).text(" on ").day(jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(mrkdwn(&words), "<@U1> on <!date^0^{date_short}|1 Jan 1970 00:00 UTC>");
    }

    #[test]
    fn a_name_from_right_to_left_turns_nothing_around_it() {
        assert_eq!(mrkdwn(&Words::new().strong("דנה")), "\u{2068}דנה\u{2069}");
    }

    proptest! {
        #[test]
        fn no_text_has_syntax_left(text in ".{0,200}") {
            let safe = escaped(&text);
            prop_assert!(!safe.contains('<') && !safe.contains('>'));
            prop_assert_eq!(safe.replace('\u{2060}', "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), text.replace('\u{2060}', ""));
        }
    }
}
