//! Slack's limits, tried one by one.

use serde_json::json;

use super::*;

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

fn button(id: &str) -> Value {
    json!({ "type": "button", "action_id": id, "text": { "type": "plain_text", "text": "Go" } })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what is made for it"
)]
fn message(blocks: Value) -> String {
    check_blocks(&blocks, Surface::Message).join("\n")
}

#[test]
fn an_ordinary_message_passes() {
    let blocks =
        json!([section("Hello"), { "type": "actions", "elements": [button("a"), button("b")] }]);
    assert_eq!(message(blocks), "");
}

#[test]
fn a_section_holds_three_thousand_units_and_not_nothing() {
    assert_eq!(message(json!([section(&"x".repeat(3000))])), "");
    assert!(
        message(json!([section(&"x".repeat(3001))])).contains("[json-pointer:/blocks/0/text/text]")
    );
    assert!(message(json!([section("")])).contains("must be more than 0 characters"));
    // An emoji outside the basic plane is two units.
    assert!(message(json!([section(&"🦀".repeat(1501))])).contains("less than 3001"));
}

#[test]
fn an_action_id_occurs_once() {
    let blocks = json!([
        { "type": "actions", "elements": [button("a")] },
        { "type": "actions", "elements": [button("a")] },
    ]);
    let faults = message(blocks);
    assert!(
        faults.contains("duplicate action_id: a [json-pointer:/blocks/1/elements/0/action_id]"),
        "{faults}"
    );
}

#[test]
fn a_block_id_occurs_once() {
    let mut block = section("x");
    block["block_id"] = json!("b");
    assert!(message(json!([block, block])).contains("duplicate block_id: b"));
}

#[test]
fn counts_of_blocks_and_buttons_are_limited() {
    assert!(
        message(json!(vec![section("x"); 51]))
            .contains("no more than 50 items allowed [json-pointer:/blocks]")
    );
    let many: Vec<Value> = (0..26).map(|n| button(&n.to_string())).collect();
    assert!(message(json!([{ "type": "actions", "elements": many }])).contains("no more than 25"));
    assert!(message(json!([{ "type": "actions", "elements": [] }])).contains("no fewer than 1"));
}

#[test]
fn all_text_of_a_message_stays_within_the_budget() {
    let faults = message(json!(vec![section(&"x".repeat(2500)); 5]));
    assert!(faults.contains("msg_blocks_too_long"), "{faults}");
}

#[test]
fn unknown_blocks_elements_and_fields_are_named() {
    assert!(
        message(json!([{ "type": "poem" }]))
            .contains("unsupported type: poem [json-pointer:/blocks/0]")
    );
    let odd = json!([{ "type": "actions", "elements": [{ "type": "knob" }] }]);
    assert!(message(odd).contains("unsupported type: knob"));
    let mut extra = section("x");
    extra["colour"] = json!("red");
    assert!(message(json!([extra])).contains("invalid additional property: colour"));
}

#[test]
fn button_values_and_labels_are_limited() {
    let mut long = button("a");
    long["value"] = json!("v".repeat(2001));
    assert!(
        message(json!([{ "type": "actions", "elements": [long] }])).contains("/elements/0/value")
    );
    let mut label = button("a");
    label["text"]["text"] = json!("l".repeat(76));
    assert!(message(json!([{ "type": "actions", "elements": [label] }])).contains("less than 76"));
}

#[test]
fn inputs_live_in_modals_that_can_be_submitted() {
    let input = json!({
        "type": "input",
        "label": { "type": "plain_text", "text": "Name" },
        "element": { "type": "plain_text_input", "action_id": "name" },
    });
    assert!(message(json!([input])).contains("not allowed in a message"));
    let mut view = json!({
        "type": "modal",
        "title": { "type": "plain_text", "text": "New" },
        "blocks": [input],
    });
    assert!(
        check_view(&view)
            .join("")
            .contains("must have a submit button")
    );
    view["submit"] = json!({ "type": "plain_text", "text": "Open" });
    assert_eq!(check_view(&view), Vec::<String>::new());
    view["title"]["text"] = json!("A title of twenty-five ch");
    assert!(check_view(&view).join("").contains("/view/title/text"));
}

#[test]
fn an_option_value_has_at_most_150_units() {
    let select = |value: &str| {
        json!([{ "type": "actions", "elements": [{
        "type": "static_select",
        "action_id": "s",
        "options": [{ "text": { "type": "plain_text", "text": "One" }, "value": value }],
    }] }])
    };
    assert_eq!(message(select(&"v".repeat(150))), "");
    assert!(message(select(&"v".repeat(151))).contains("/options/0/value"));
}

#[test]
fn pickers_hold_dates_and_times_only() {
    let faults = |element: serde_json::Value| {
        check_blocks(
            &json!([{ "type": "actions", "elements": [element] }]),
            Surface::Home,
        )
        .join("\n")
    };
    for (kind, key, good, bad) in [
        ("timepicker", "initial_time", json!("09:00"), json!("9am")),
        ("timepicker", "initial_time", json!("23:59"), json!("24:30")),
        (
            "datepicker",
            "initial_date",
            json!("2026-02-28"),
            json!("2026-02-29"),
        ),
        (
            "datetimepicker",
            "initial_date_time",
            json!(1_796_133_600),
            json!(1_796_133_600_000_i64),
        ),
    ] {
        let with =
            |value: &serde_json::Value| json!({ "type": kind, "action_id": "a", key: value });
        assert_eq!(faults(with(&good)), "");
        assert!(faults(with(&bad)).contains("must be"), "{bad}");
    }
    let zone =
        |name: &str| faults(json!({ "type": "timepicker", "action_id": "a", "timezone": name }));
    assert_eq!(zone("Asia/Tokyo"), "");
    assert!(zone("Mars/Phobos").contains("IANA"));
    assert!(
        faults(json!({ "type": "datepicker", "action_id": "a", "initial_time": "09:00" }))
            .contains("invalid additional property")
    );
    let boxes = json!({ "type": "multi_users_select", "action_id": "a", "initial_users": [] });
    assert!(faults(boxes).contains("no fewer than 1"));
}
