//! What somebody chose or typed, in an action and in a view's state. What it is for is not in here.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lenient::{Id, Maybe};
use super::quiet_debug;

/// The value of one element: what was typed, picked or ticked. At most a few fields are set, by the element's type
/// (<https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "ChosenWire")]
pub struct Chosen {
    /// A button's value, or the text of an input.
    pub value: Option<String>,
    /// The value of the option picked in a menu, radio buttons or overflow.
    pub option: Option<String>,
    /// The values of the options picked or ticked.
    pub options: Vec<String>,
    /// The person picked.
    pub user: Option<String>,
    /// The people picked.
    pub users: Vec<String>,
    /// The conversation or channel picked.
    pub conversation: Option<String>,
    /// The conversations or channels picked.
    pub conversations: Vec<String>,
    /// The date picked, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The time picked, `HH:MM`.
    pub time: Option<String>,
}

quiet_debug!(Chosen, State);

#[derive(Deserialize)]
struct ChosenWire {
    #[serde(default)]
    value: Maybe<String>,
    #[serde(default)]
    selected_option: Maybe<OptionWire>,
    #[serde(default)]
    selected_options: Maybe<Vec<Maybe<OptionWire>>>,
    #[serde(default)]
    selected_user: Id,
    #[serde(default)]
    selected_users: Maybe<Vec<Id>>,
    #[serde(default)]
    selected_conversation: Id,
    #[serde(default)]
    selected_conversations: Maybe<Vec<Id>>,
    #[serde(default)]
    selected_channel: Id,
    #[serde(default)]
    selected_channels: Maybe<Vec<Id>>,
    #[serde(default)]
    selected_date: Maybe<String>,
    #[serde(default)]
    selected_time: Maybe<String>,
}

#[derive(Deserialize)]
struct OptionWire {
    #[serde(default)]
    value: Maybe<String>,
}

fn ids(list: Maybe<Vec<Id>>) -> Vec<String> {
    list.0
        .unwrap_or_default()
        .into_iter()
        .filter_map(|id| id.0)
        .collect()
}

impl From<ChosenWire> for Chosen {
    fn from(wire: ChosenWire) -> Self {
        let mut conversations = ids(wire.selected_conversations);
        conversations.extend(ids(wire.selected_channels));
        Self {
            value: wire.value.0,
            option: wire.selected_option.0.and_then(|option| option.value.0),
            options: wire
                .selected_options
                .0
                .unwrap_or_default()
                .into_iter()
                .filter_map(|option| option.0.and_then(|option| option.value.0))
                .collect(),
            user: wire.selected_user.0,
            users: ids(wire.selected_users),
            conversation: wire.selected_conversation.0.or(wire.selected_channel.0),
            conversations,
            date: wire.selected_date.text(),
            time: wire.selected_time.text(),
        }
    }
}

/// The current values of a view's or message's elements, by block and action.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct State(Vec<(String, String, Chosen)>);

type Values = BTreeMap<String, Maybe<BTreeMap<String, Maybe<Chosen>>>>;

#[derive(Deserialize)]
struct StateWire {
    #[serde(default)]
    values: Maybe<Values>,
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Maybe::<StateWire>::deserialize(deserializer)?;
        let values = wire
            .0
            .and_then(|state| state.values.0)
            .unwrap_or_default()
            .into_iter()
            .flat_map(|(block, actions)| {
                actions
                    .0
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(move |(action, chosen)| Some((block.clone(), action, chosen.0?)))
            })
            .collect();
        Ok(Self(values))
    }
}

impl State {
    /// Everything that is known of one element; `None` when Slack did not mention it, or left it null.
    #[must_use]
    pub fn chosen(&self, block: &str, action: &str) -> Option<&Chosen> {
        self.0
            .iter()
            .find(|(b, a, _)| b == block && a == action)
            .map(|(_, _, chosen)| chosen)
    }

    /// What was typed; `None` for an input left empty.
    #[must_use]
    pub fn text(&self, block: &str, action: &str) -> Option<&str> {
        self.chosen(block, action)?.value.as_deref()
    }

    /// The value of the option picked.
    #[must_use]
    pub fn option(&self, block: &str, action: &str) -> Option<&str> {
        self.chosen(block, action)?.option.as_deref()
    }

    /// The values of the options ticked, or picked in a menu of several.
    #[must_use]
    pub fn options(&self, block: &str, action: &str) -> &[String] {
        self.chosen(block, action).map_or(&[], |it| &it.options)
    }

    /// The time of day picked, `HH:MM`.
    #[must_use]
    pub fn time(&self, block: &str, action: &str) -> Option<&str> {
        self.chosen(block, action)?.time.as_deref()
    }

    /// The person picked.
    #[must_use]
    pub fn user(&self, block: &str, action: &str) -> Option<&str> {
        self.chosen(block, action)?.user.as_deref()
    }

    /// The people picked.
    #[must_use]
    pub fn users(&self, block: &str, action: &str) -> &[String] {
        self.chosen(block, action).map_or(&[], |it| &it.users)
    }

    /// The conversation or channel picked.
    #[must_use]
    pub fn conversation(&self, block: &str, action: &str) -> Option<&str> {
        self.chosen(block, action)?.conversation.as_deref()
    }

    /// Every element with its block and action, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Chosen)> {
        self.0
            .iter()
            .map(|(block, action, chosen)| (block.as_str(), action.as_str(), chosen))
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_block_and_action_whatever_stands_beside_them() {
        let json = r#"{"values":{
            "who":{"people":{"type":"multi_users_select","selected_users":["U1","U2"]}},
            "one":{"person":{"type":"users_select","selected_user":"U3"}},
            "where":{"room":{"type":"channels_select","selected_channel":"C1"}},
            "rate":{"stars":{"type":"radio_buttons","selected_option":{"value":"4","text":null}},"odd":null},
            "tick":{"boxes":{"type":"checkboxes","selected_options":[{"value":"a"},null,{"value":"b"}]}},
            "note":{"text":{"type":"plain_text_input","value":null},"rich":{"type":"rich_text_input","rich_text_value":{}}},
            "broken":7}}"#;
        let state: State = serde_json::from_str(json).expect("a state");
        assert_eq!(state.users("who", "people"), ["U1", "U2"]);
        assert_eq!(state.user("one", "person"), Some("U3"));
        assert_eq!(state.conversation("where", "room"), Some("C1"));
        assert_eq!(state.option("rate", "stars"), Some("4"));
        assert_eq!(state.options("tick", "boxes"), ["a", "b"]);
        assert_eq!(state.text("note", "text"), None);
        assert_eq!(state.text("nowhere", "text"), None);
        assert!(state.options("nowhere", "boxes").is_empty());
        assert!(state.chosen("rate", "odd").is_none());
        assert_eq!(state.iter().count(), 7);
    }

    #[test]
    fn no_state_is_an_empty_one() {
        for json in ["null", "7", "{}", r#"{"values":null}"#, r#"{"values":[]}"#] {
            assert!(
                serde_json::from_str::<State>(json)
                    .expect("a state")
                    .is_empty()
            );
        }
    }
}
