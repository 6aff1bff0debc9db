//! What is typed and chosen in the stateful elements of a message or view.
//!
//! Not in here: the checks before a submission (`views`).

use serde_json::{Map, Value, json};

/// An interactive element and the block it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub block: &'a Value,
    pub element: &'a Value,
}

impl<'a> Placed<'a> {
    pub(crate) fn block_id(&self) -> &'a str {
        self.block["block_id"].as_str().unwrap_or_default()
    }

    pub(crate) fn action_id(&self) -> &'a str {
        self.element["action_id"].as_str().unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> &'a str {
        self.element["type"].as_str().unwrap_or_default()
    }
}

/// All interactive elements of some blocks, in order.
pub(crate) fn elements(blocks: &Value) -> Vec<Placed<'_>> {
    let mut out = Vec::new();
    for block in blocks.as_array().into_iter().flatten() {
        match block["type"].as_str().unwrap_or_default() {
            "actions" | "context_actions" => {
                for element in block["elements"].as_array().into_iter().flatten() {
                    out.push(Placed { block, element });
                }
            }
            "section"
                if block["accessory"].is_object() && block["accessory"]["type"] != "image" =>
            {
                out.push(Placed {
                    block,
                    element: &block["accessory"],
                });
            }
            "input" => out.push(Placed {
                block,
                element: &block["element"],
            }),
            _ => {}
        }
    }
    out
}

/// The key of an element's value in `state.values`, the key of its initial value, and its empty value;
/// none for what keeps no state, such as buttons.
pub(crate) fn slot(kind: &str) -> Option<(&'static str, &'static str, Value)> {
    Some(match kind {
        "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            ("value", "initial_value", Value::Null)
        }
        "rich_text_input" => ("rich_text_value", "initial_value", Value::Null),
        "static_select" | "external_select" | "radio_buttons" => {
            ("selected_option", "initial_option", Value::Null)
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            ("selected_options", "initial_options", json!([]))
        }
        "users_select" => ("selected_user", "initial_user", Value::Null),
        "multi_users_select" => ("selected_users", "initial_users", json!([])),
        "conversations_select" => ("selected_conversation", "initial_conversation", Value::Null),
        "multi_conversations_select" => {
            ("selected_conversations", "initial_conversations", json!([]))
        }
        "channels_select" => ("selected_channel", "initial_channel", Value::Null),
        "multi_channels_select" => ("selected_channels", "initial_channels", json!([])),
        "datepicker" => ("selected_date", "initial_date", Value::Null),
        "timepicker" => ("selected_time", "initial_time", Value::Null),
        "datetimepicker" => ("selected_date_time", "initial_date_time", Value::Null),
        _ => return None,
    })
}

/// The `state.values` of some blocks: what was entered (`kept`, in the same form), else what the
/// elements begin with. Values of elements that are gone are forgotten, as in Slack.
pub(crate) fn state_values(blocks: &Value, kept: &Value) -> Value {
    let mut values = Map::new();
    for placed in elements(blocks) {
        let Some((key, initial, empty)) = slot(placed.kind()) else {
            continue;
        };
        let entered = &kept[placed.block_id()][placed.action_id()];
        let value = match entered.get(key) {
            Some(value) if entered["type"].as_str().is_none_or(|t| t == placed.kind()) => {
                value.clone()
            }
            _ => placed.element.get(initial).cloned().unwrap_or(empty),
        };
        let mut entry = json!({ "type": placed.kind() });
        entry[key] = value;
        if let Some(tz) = placed.element.get("timezone") {
            entry["timezone"] = tz.clone();
        }
        let block = values.entry(placed.block_id()).or_insert_with(|| json!({}));
        block[placed.action_id()] = entry;
    }
    Value::Object(values)
}

/// The blocks as they are drawn now: what stands in the inputs, selects and boxes takes the place of
/// what they began with.
pub(crate) fn filled(blocks: &Value, values: &Value) -> Value {
    let mut out = blocks.clone();
    for block in out.as_array_mut().into_iter().flatten() {
        let id = block["block_id"].as_str().unwrap_or_default().to_owned();
        let fill = |element: &mut Value| {
            let Some((key, initial, _)) = slot(element["type"].as_str().unwrap_or_default()) else {
                return;
            };
            let entry = &values[&id][element["action_id"].as_str().unwrap_or_default()];
            element[initial] = entry[key].clone();
        };
        match block["type"].as_str().unwrap_or_default() {
            "input" => fill(&mut block["element"]),
            "section" if block["accessory"].is_object() => fill(&mut block["accessory"]),
            "actions" => {
                let elements = block["elements"].as_array_mut();
                elements.into_iter().flatten().for_each(fill);
            }
            _ => {}
        }
    }
    out
}

/// Lays `over` upon `under`, both `state.values`; entries of `over` win one by one.
pub(crate) fn overlay(under: &mut Value, over: &Value) {
    for (block, actions) in over.as_object().into_iter().flatten() {
        for (action, entry) in actions.as_object().into_iter().flatten() {
            if !under[block].is_object() {
                under[block] = json!({});
            }
            under[block][action] = entry.clone();
        }
    }
}

/// Whether nothing was entered.
pub(crate) fn is_blank(entry: &Value) -> bool {
    let value = entry
        .as_object()
        .and_then(|e| e.iter().find(|(k, _)| *k != "type" && *k != "timezone"))
        .map(|(_, v)| v);
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(s)) => s.trim().is_empty(),
        Some(Value::Array(a)) => a.is_empty(),
        Some(_) => false,
    }
}

/// Gives every block and interactive element the id that the app left out, as Slack does; and text
/// objects the flags Slack adds.
pub(crate) fn normalise(blocks: &mut Value, mut fresh: impl FnMut() -> u64) {
    for block in blocks.as_array_mut().into_iter().flatten() {
        if block.get("block_id").is_none() {
            block["block_id"] = json!(format!("b{:04}", fresh()));
        }
        let kind = block["type"].as_str().unwrap_or_default().to_owned();
        let mut name = |element: &mut Value| {
            if element.is_object()
                && element.get("action_id").is_none()
                && element["type"] != "image"
            {
                element["action_id"] = json!(format!("a{:04}", fresh()));
            }
        };
        match kind.as_str() {
            "actions" | "context_actions" => {
                block["elements"]
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                    .for_each(&mut name);
            }
            "section" => {
                if let Some(accessory) = block.get_mut("accessory") {
                    name(accessory);
                }
            }
            "input" => name(&mut block["element"]),
            _ => {}
        }
        flag_texts(block);
    }
}

/// Adds the flags that Slack adds to text objects.
pub(crate) fn flag_texts(value: &mut Value) {
    match value {
        Value::Object(object) => {
            match object.get("type").and_then(Value::as_str) {
                Some("plain_text") => drop(object.entry("emoji").or_insert(json!(true))),
                Some("mrkdwn") => drop(object.entry("verbatim").or_insert(json!(false))),
                _ => {}
            }
            object.values_mut().for_each(flag_texts);
        }
        Value::Array(items) => items.iter_mut().for_each(flag_texts),
        _ => {}
    }
}
