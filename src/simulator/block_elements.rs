//! Slack's limits on what stands inside blocks: buttons, selects, inputs and their options.
//!
//! Not in here: the blocks around them (`block_kit`).

use serde_json::{Map, Value};

use super::block_kit::{Check, Mark, units};

/// Checks one element; `place` is the block it stands in: `actions`, `section` (its accessory),
/// `input` or `context_actions`.
pub(crate) fn element(check: &mut Check, item: &Value, at: &str, place: &str) {
    let Some(object) = item.as_object() else {
        return check.fault(at, "must provide an object");
    };
    let kind = item["type"].as_str().unwrap_or_default();
    let allowed = match kind {
        "image" => place == "section",
        "button" | "overflow" => matches!(place, "actions" | "section"),
        "feedback_buttons" | "icon_button" => place == "context_actions",
        "plain_text_input" | "rich_text_input" | "email_text_input" | "url_text_input"
        | "number_input" | "file_input" => place == "input",
        "datetimepicker" => matches!(place, "actions" | "input"),
        "multi_static_select"
        | "multi_users_select"
        | "multi_conversations_select"
        | "multi_channels_select"
        | "multi_external_select" => matches!(place, "section" | "input" | "actions"),
        _ => place != "context_actions",
    };
    if !allowed {
        check.fault(
            at,
            &format!("unsupported type: {kind} cannot stand in this block"),
        );
    }
    if kind != "image" {
        check.action_id(object, at);
    }
    match kind {
        "image" => check.image(object, at, &[]),
        "button" => button(check, object, at),
        "overflow" => {
            check.keys(object, at, &["options"], &["action_id", "confirm"]);
            options(check, object, at, 1, 5, true);
        }
        "checkboxes" | "radio_buttons" => {
            let begin = if kind == "checkboxes" {
                "initial_options"
            } else {
                "initial_option"
            };
            check.keys(
                object,
                at,
                &["options"],
                &["action_id", begin, "confirm", "focus_on_load"],
            );
            options(check, object, at, 1, 10, false);
            initial(check, item, at);
        }
        "static_select" | "multi_static_select" => {
            check.keys(
                object,
                at,
                &[],
                &[
                    "action_id",
                    "placeholder",
                    "options",
                    "option_groups",
                    "initial_option",
                    "initial_options",
                    "confirm",
                    "max_selected_items",
                    "focus_on_load",
                ],
            );
            static_select(check, object, at);
            initial(check, item, at);
        }
        "external_select" | "multi_external_select" => check.keys(
            object,
            at,
            &[],
            &[
                "action_id",
                "placeholder",
                "initial_option",
                "initial_options",
                "min_query_length",
                "confirm",
                "max_selected_items",
                "focus_on_load",
            ],
        ),
        "users_select"
        | "multi_users_select"
        | "channels_select"
        | "multi_channels_select"
        | "conversations_select"
        | "multi_conversations_select" => select_of_slacks(check, object, at, kind),
        "datepicker" | "timepicker" | "datetimepicker" => picker(check, object, at, kind),
        "plain_text_input" => text_input(check, item, object, at),
        "rich_text_input" => check.keys(
            object,
            at,
            &["action_id"],
            &[
                "initial_value",
                "placeholder",
                "dispatch_action_config",
                "focus_on_load",
            ],
        ),
        "email_text_input" | "url_text_input" => check.keys(
            object,
            at,
            &[],
            &[
                "action_id",
                "initial_value",
                "placeholder",
                "dispatch_action_config",
                "focus_on_load",
            ],
        ),
        "number_input" => check.keys(
            object,
            at,
            &["is_decimal_allowed"],
            &[
                "action_id",
                "initial_value",
                "min_value",
                "max_value",
                "placeholder",
                "dispatch_action_config",
                "focus_on_load",
            ],
        ),
        "file_input" => check.keys(object, at, &[], &["action_id", "filetypes", "max_files"]),
        "icon_button" => check.keys(
            object,
            at,
            &["icon", "text"],
            &[
                "action_id",
                "value",
                "confirm",
                "accessibility_label",
                "visible_to_user_ids",
            ],
        ),
        "feedback_buttons" => {
            check.keys(
                object,
                at,
                &["positive_button", "negative_button"],
                &["action_id"],
            );
        }
        other => check.fault(at, &format!("unsupported type: {other}")),
    }
    check.text(object, "placeholder", at, Mark::Plain, 150);
    confirm(check, object, at);
}

/// A select whose options Slack knows: people, channels, conversations.
fn select_of_slacks(check: &mut Check, object: &Map<String, Value>, at: &str, kind: &str) {
    let several = kind.starts_with("multi_");
    let begin = match (kind.trim_start_matches("multi_"), several) {
        ("users_select", false) => "initial_user",
        ("users_select", true) => "initial_users",
        ("channels_select", false) => "initial_channel",
        ("channels_select", true) => "initial_channels",
        (_, false) => "initial_conversation",
        (_, true) => "initial_conversations",
    };
    let mut optional = vec![
        "action_id",
        "placeholder",
        begin,
        "confirm",
        "focus_on_load",
    ];
    if several {
        optional.push("max_selected_items");
    } else if kind != "users_select" {
        optional.push("response_url_enabled");
    }
    if kind.ends_with("conversations_select") {
        optional.extend(["filter", "default_to_current_conversation"]);
    }
    check.keys(object, at, &[], &optional);
    if several
        && object
            .get(begin)
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
    {
        check.fault(&format!("{at}/{begin}"), "no fewer than 1 items allowed");
    }
    if let Some(most) = object.get("max_selected_items")
        && most.as_u64().is_none_or(|n| n < 1)
    {
        check.fault(&format!("{at}/max_selected_items"), "must be 1 or more");
    }
}

/// A date, a time, or both.
fn picker(check: &mut Check, object: &Map<String, Value>, at: &str, kind: &str) {
    let (begin, more): (_, &[&str]) = match kind {
        "datepicker" => ("initial_date", &["placeholder"]),
        "timepicker" => ("initial_time", &["placeholder", "timezone"]),
        _ => ("initial_date_time", &[]),
    };
    let mut optional = vec!["action_id", begin, "confirm", "focus_on_load"];
    optional.extend(more);
    check.keys(object, at, &[], &optional);
    if let Some(value) = object.get(begin)
        && !is_moment(kind, value)
    {
        let wanted = match kind {
            "datepicker" => "a date as YYYY-MM-DD",
            "timepicker" => "a time as HH:mm",
            _ => "unix seconds with ten digits",
        };
        check.fault(&format!("{at}/{begin}"), &format!("must be {wanted}"));
    }
    if let Some(zone) = object.get("timezone")
        && zone
            .as_str()
            .is_none_or(|name| jiff::tz::TimeZone::get(name).is_err())
    {
        check.fault(&format!("{at}/timezone"), "must be an IANA time zone");
    }
}

/// Whether a picker of this kind can hold this value.
pub(crate) fn is_moment(kind: &str, value: &Value) -> bool {
    match kind {
        "datepicker" => value
            .as_str()
            .is_some_and(|s| s.len() == 10 && s.parse::<jiff::civil::Date>().is_ok()),
        "timepicker" => value
            .as_str()
            .is_some_and(|s| s.len() == 5 && s.parse::<jiff::civil::Time>().is_ok()),
        _ => value
            .as_i64()
            .is_some_and(|n| (1_000_000_000..10_000_000_000).contains(&n)),
    }
}

fn button(check: &mut Check, object: &Map<String, Value>, at: &str) {
    check.keys(
        object,
        at,
        &["text"],
        &[
            "action_id",
            "value",
            "url",
            "style",
            "confirm",
            "accessibility_label",
        ],
    );
    check.text(object, "text", at, Mark::Plain, 75);
    check.string(object, "value", at, 1, 2000);
    check.string(object, "url", at, 1, 3000);
    check.string(object, "accessibility_label", at, 1, 75);
    style(check, object, at);
}

fn style(check: &mut Check, object: &Map<String, Value>, at: &str) {
    if let Some(style) = object.get("style")
        && !matches!(style.as_str(), Some("primary" | "danger"))
    {
        check.fault(&format!("{at}/style"), "must be primary or danger");
    }
}

fn confirm(check: &mut Check, object: &Map<String, Value>, at: &str) {
    let Some(Value::Object(dialog)) = object.get("confirm") else {
        return;
    };
    let at = format!("{at}/confirm");
    check.keys(
        dialog,
        &at,
        &["title", "text", "confirm", "deny"],
        &["style"],
    );
    check.text(dialog, "title", &at, Mark::Plain, 100);
    check.text(dialog, "text", &at, Mark::Any, 300);
    check.text(dialog, "confirm", &at, Mark::Plain, 30);
    check.text(dialog, "deny", &at, Mark::Plain, 30);
    style(check, dialog, &at);
}

fn options(
    check: &mut Check,
    object: &Map<String, Value>,
    at: &str,
    min: usize,
    max: usize,
    with_url: bool,
) {
    let mut seen = Vec::new();
    for (n, option) in check
        .list(object, "options", at, min, max)
        .iter()
        .enumerate()
    {
        let at = format!("{at}/options/{n}");
        let Some(fields) = option.as_object() else {
            check.fault(&at, "must provide an object");
            continue;
        };
        let optional: &[&str] = if with_url {
            &["description", "url"]
        } else {
            &["description"]
        };
        check.keys(fields, &at, &["text", "value"], optional);
        check.text(fields, "text", &at, Mark::Any, 75);
        check.text(fields, "description", &at, Mark::Any, 75);
        check.string(fields, "value", &at, 1, 150);
        check.string(fields, "url", &at, 1, 3000);
        let value = option["value"].as_str().unwrap_or_default();
        if seen.contains(&value) {
            check.fault(
                &format!("{at}/value"),
                &format!("duplicate option value: {value}"),
            );
        }
        seen.push(value);
    }
}

fn static_select(check: &mut Check, object: &Map<String, Value>, at: &str) {
    match (
        object.contains_key("options"),
        object.contains_key("option_groups"),
    ) {
        (true, true) => check.fault(at, "options and option_groups exclude each other"),
        (false, false) => check.fault(at, "missing required field: options"),
        (true, false) => options(check, object, at, 1, 100, false),
        (false, true) => {
            for (n, group) in check
                .list(object, "option_groups", at, 1, 100)
                .iter()
                .enumerate()
            {
                let at = format!("{at}/option_groups/{n}");
                if let Some(group) = group.as_object() {
                    check.keys(group, &at, &["label", "options"], &[]);
                    check.text(group, "label", &at, Mark::Plain, 75);
                    options(check, group, &at, 1, 100, false);
                } else {
                    check.fault(&at, "must provide an object");
                }
            }
        }
    }
}

/// What is chosen to begin with must be one of the options, word for word.
fn initial(check: &mut Check, item: &Value, at: &str) {
    let offered: Vec<&Value> = all_options(item).collect();
    let single = item.get("initial_option").into_iter();
    let several = item["initial_options"].as_array().into_iter().flatten();
    for chosen in single.chain(several) {
        if !offered.contains(&chosen) {
            check.fault(&format!("{at}/initial_option"), "is not one of the options");
        }
    }
    if item["initial_options"]
        .as_array()
        .is_some_and(Vec::is_empty)
    {
        check.fault(
            &format!("{at}/initial_options"),
            "no fewer than 1 items allowed",
        );
    }
}

/// All options of an element, those in groups too.
pub(crate) fn all_options(item: &Value) -> impl Iterator<Item = &Value> {
    let grouped = item["option_groups"].as_array().into_iter().flatten();
    item["options"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(grouped.flat_map(|g| g["options"].as_array().into_iter().flatten()))
}

fn text_input(check: &mut Check, item: &Value, object: &Map<String, Value>, at: &str) {
    check.keys(
        object,
        at,
        &[],
        &[
            "action_id",
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "dispatch_action_config",
            "focus_on_load",
            "placeholder",
        ],
    );
    for (key, least) in [("min_length", 0), ("max_length", 1)] {
        if let Some(n) = item.get(key)
            && !n.as_u64().is_some_and(|n| (least..=3000).contains(&n))
        {
            check.fault(&format!("{at}/{key}"), &format!("must be {least} to 3000"));
        }
    }
    let most = item["max_length"]
        .as_u64()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(3000);
    if let Some(value) = item["initial_value"].as_str()
        && units(value) > most
    {
        check.fault(
            &format!("{at}/initial_value"),
            &format!("must be at most {most} characters"),
        );
    }
}
