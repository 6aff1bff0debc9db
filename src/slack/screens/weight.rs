//! How much text blocks hold together. What they may hold is said where they are drawn.

use crate::slack::text;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};
use std::io::{self, Write};

/// The fields whose text is read by people.
const READ: [&str; 4] = ["text", "user_id", "channel_id", "fallback"];

/// The text in some blocks, in UTF-16 units, escaped as at worst. They are written as JSON to nowhere, and counted on the way.
pub(super) fn weight(blocks: &impl Serialize) -> usize {
    let mut scales = Scales::default();
    let mut serializer = Serializer::with_formatter(io::sink(), &mut scales);
    // Nothing that is drawn fails to be written, and whatever did would not be sent either.
    let _ = blocks.serialize(&mut serializer);
    scales.units
}

#[derive(Default)]
struct Scales {
    units: usize,
    place: Place,
    /// The name of the field at hand.
    name: String,
}

/// What the text that comes next is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    /// A field's name.
    Name,
    /// Read by people.
    Read,
    #[default]
    Unread,
}

impl Formatter for &mut Scales {
    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.name.clear();
        self.place = Place::Name;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let read = READ.contains(&self.name.as_str());
        self.place = if read { Place::Read } else { Place::Unread };
        Ok(())
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.place = Place::Unread;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        words: &str,
    ) -> io::Result<()> {
        match self.place {
            Place::Name => self.name.push_str(words),
            Place::Read => {
                let escaped = words.bytes().filter(|byte| b"&<>".contains(byte));
                self.units += text::units(words) + escaped.count() * 4;
            }
            Place::Unread => {}
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, _: &mut W, _: CharEscape) -> io::Result<()> {
        if self.place == Place::Read {
            self.units += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// The same by looking at every field of the finished JSON.
    fn looked_at(json: &Value) -> usize {
        match json {
            Value::Array(items) => items.iter().map(looked_at).sum(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| match field {
                    Value::String(words) if READ.contains(&name.as_str()) => {
                        let marks = words.chars().filter(|letter| "&<>".contains(*letter));
                        words.encode_utf16().count() + marks.count() * 4
                    }
                    field => looked_at(field),
                })
                .sum(),
            _ => 0,
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let text = "[a<&\"\\\\\n👩é]{0,6}";
        let leaf = prop_oneof![
            text.prop_map(Value::from),
            any::<i32>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            let name = prop_oneof![Just("text"), Just("user_id"), Just("texts"), Just("type")];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..4).prop_map(|fields| {
                    let fields = fields.into_iter();
                    Value::Object(
                        fields
                            .map(|(name, field)| (name.to_owned(), field))
                            .collect(),
                    )
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_a_look_at_every_field_says(json in any_json()) {
            prop_assert_eq!(weight(&json), looked_at(&json));
        }
    }

    #[test]
    fn what_people_read_counts_and_nothing_else() {
        let blocks = json!([
            {"type": "section", "text": {"type": "mrkdwn", "text": "a & b\n"}, "block_id": "long enough"},
            {"elements": ["text", {"user_id": "U1"}, {"value": "text", "text": null}]},
        ]);
        assert_eq!(weight(&blocks), 6 + 4 + 2);
    }
}
