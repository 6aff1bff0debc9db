//! Reading, against payloads from the test suites of Slack's SDKs, and against noise.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn payloads() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/payloads");
    let Ok(kinds) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no payloads beside the project");
        return None;
    };
    let mut files: Vec<PathBuf> = kinds
        .flatten()
        .filter_map(|kind| std::fs::read_dir(kind.path()).ok())
        .flatten()
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the folder of payloads is empty");
    Some(files)
}

fn form(object: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (key, value) in object.as_object().expect("an object") {
        match value {
            Value::String(text) => form.append_pair(key, text),
            other => form.append_pair(key, &other.to_string()),
        };
    }
    form.finish()
}

/// Reads a payload as the transport that brings its folder's kind would.
fn read(kind: &str, json: &[u8]) -> Vec<Result<Inbound, Unreadable>> {
    let value: Value = serde_json::from_slice(json).expect("the payloads are JSON");
    match kind {
        "slash_command" => vec![
            read_command_json(json),
            read_command_form(&mut form(&value).into_bytes()),
        ],
        "envelope_slash_commands" => {
            vec![read_command_json(value["payload"].to_string().as_bytes())]
        }
        "envelope_events_api" => vec![read_event(value["payload"].to_string().as_bytes())],
        "envelope_interactive" => vec![read_interaction(value["payload"].to_string().as_bytes())],
        "hello" | "disconnect" => vec![],
        event if event.starts_with("event_") || event == "url_verification" => {
            vec![read_event(json)]
        }
        _ => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("payload", &value.to_string());
            vec![
                read_interaction(json),
                read_command_form(&mut form.finish().into_bytes()),
            ]
        }
    }
}

fn expected(folder: &str) -> Option<&'static str> {
    Some(match folder {
        "block_actions" => "block_actions",
        "block_suggestion" => "block_suggestion",
        "message_action" => "message_action",
        "shortcut" => "shortcut",
        "slash_command" | "envelope_slash_commands" => "slash_command",
        "url_verification" => "url_verification",
        "view_closed" => "view_closed",
        "view_submission" => "view_submission",
        "event_app_home_opened" => "app_home_opened",
        "event_app_mention" => "app_mention",
        "event_message" => "message",
        _ => return None,
    })
}

/// Some of the payloads are templates with nobody and nowhere in them.
fn is_template(json: &[u8]) -> bool {
    let value: Value = serde_json::from_slice(json).expect("the payloads are JSON");
    let event = &value["event"];
    let said_nowhere = event["type"] == "app_mention" && event["channel"].is_null();
    let blank = |id: &Value| id.as_str().is_none_or(str::is_empty);
    let is_interaction = ["event", "command", "challenge", "payload"]
        .iter()
        .all(|key| value[key].is_null());
    said_nowhere || (is_interaction && blank(&value["user"]["id"]) && blank(&value["team"]["id"]))
}

#[test]
fn every_payload_of_the_official_sdks_is_read_or_politely_ignored() {
    let Some(files) = payloads() else { return };
    for file in files {
        let folder = file.parent().and_then(Path::file_name);
        let folder = folder
            .and_then(|it| it.to_str())
            .expect("a folder of a kind");
        let json = std::fs::read(&file).expect("a readable file");
        for result in read(folder, &json) {
            let inbound = result.unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            if let Some(kind) = expected(folder) {
                assert_eq!(inbound.kind(), kind, "{}", file.display());
                let is_ignored = matches!(inbound, Inbound::Ignored { .. });
                assert_eq!(is_ignored, is_template(&json), "{}", file.display());
            }
        }
    }
}

fn interaction(value: &Value) -> Result<Inbound, Unreadable> {
    read_interaction(value.to_string().as_bytes())
}

#[test]
fn a_click_on_a_message_is_read_with_all_that_matters() {
    let click = json!({
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.3", "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "container": {"type": "message", "message_ts": "1.0001", "channel_id": "C1", "is_ephemeral": true, "thread_ts": "1.0000"},
        "message": {"ts": "1.0001", "metadata": {"event_payload": {"odd": 7}}},
        "state": {"values": {"b": {"note": {"type": "plain_text_input", "value": "well"}}}},
        "actions": [
            {"type": "button", "action_id": "rate.v1", "block_id": "b", "value": "4"},
            {"type": "button", "action_id": "other.v1"}],
    });
    let Ok(Inbound::Action(action)) = interaction(&click) else {
        panic!("not an action")
    };
    assert_eq!(
        (action.workspace.as_str(), action.user.as_str()),
        ("T1", "U1")
    );
    assert_eq!(action.action_id, "rate.v1");
    assert_eq!(action.chosen.value.as_deref(), Some("4"));
    assert_eq!(action.channel.as_deref(), Some("C1"));
    assert_eq!(action.message_ts.as_deref(), Some("1.0001"));
    assert_eq!(action.thread_ts.as_deref(), Some("1.0000"));
    assert!(action.is_ephemeral);
    assert_eq!(action.state.text("b", "note"), Some("well"));
    assert_eq!(
        Inbound::Action(action).delivery_key().as_deref(),
        Some("1.2.3/rate.v1")
    );
}

#[test]
fn an_unknown_container_or_interaction_loses_nothing() {
    let click = json!({
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "container": "balcony",
        "actions": [{"action_id": "a", "selected_user": "U2", "selected_options": 3}], "view": {"id": "V1", "state": null},
    });
    let Ok(Inbound::Action(action)) = interaction(&click) else {
        panic!("not an action")
    };
    assert_eq!(action.chosen.user.as_deref(), Some("U2"));
    assert_eq!(action.view.expect("a view").id, "V1");
    let news = json!({"type": "telepathy", "team": null});
    assert_eq!(
        interaction(&news).expect("politely ignored").kind(),
        "telepathy"
    );
}

#[test]
fn whose_installation_something_was_sent_for_is_said_with_it() {
    let shortcut = |wide: Value| {
        let payload = json!({
            "type": "shortcut", "callback_id": "open", "user": {"id": "U1", "team_id": "T1"}, "team": null,
            "enterprise": {"id": "E1"}, "is_enterprise_install": wide,
        });
        let inbound = interaction(&payload).expect("a shortcut");
        inbound.organisation().map(ToOwned::to_owned)
    };
    assert_eq!(shortcut(json!(true)).as_deref(), Some("E1"));
    assert_eq!(shortcut(json!("true")).as_deref(), Some("E1"));
    for own in [json!(false), json!("false"), json!(null), json!(7)] {
        assert_eq!(shortcut(own), None);
    }
    let form = "command=%2Finterview&user_id=U1&team_id=T1&enterprise_id=E1&is_enterprise_install=";
    for (wide, expected) in [("true", Some("E1")), ("false", None)] {
        let typed =
            read_command_form(&mut format!("{form}{wide}").into_bytes()).expect("a command");
        assert_eq!(typed.organisation(), expected);
        assert_eq!(typed.workspace(), Some("T1"));
    }
}

#[test]
fn that_the_app_is_gone_is_read_with_when_and_where() {
    let read = |event: Value, wide: bool| {
        let event = json!({
            "type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event_time": 1_795_262_400, "event": event,
            "authorizations": [{"enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": wide}],
        });
        read_event(event.to_string().as_bytes()).expect("an event")
    };
    let revoked =
        |bot: Value| json!({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": bot}});
    let uninstalled = || json!({"type": "app_uninstalled"});
    for (event, wide, expected) in [
        (uninstalled(), false, Event::Uninstalled),
        (uninstalled(), true, Event::Uninstalled),
        (revoked(json!(["UBOT"])), false, Event::TokensRevoked),
    ] {
        let Inbound::Event(event) = read(event, wide) else {
            panic!("it is of use");
        };
        assert_eq!(event.event, expected);
        assert_eq!(event.organisation.as_deref(), wide.then_some("E1"));
        let at = event.at.map(jiff::Timestamp::as_second);
        assert_eq!(at, Some(1_795_262_400));
    }
    // People's own tokens: the app never had one.
    for bots in [json!([]), json!(null), json!("UBOT")] {
        assert_eq!(read(revoked(bots), false).sort(), Kind::ignored);
    }
}

#[test]
fn the_workspace_is_found_in_the_order_of_slacks_own_sdk() {
    let view = |app: Value| json!({"id": "V1", "team_id": "TVIEW", "app_installed_team_id": app});
    let user = json!({"id": "U1", "team_id": "TUSER"});
    let enterprise = json!({"id": "E1"});
    for (payload, expected) in [
        (
            json!({"team": {"id": "T1"}, "view": view(json!("TAPP")), "user": user}),
            "TAPP",
        ),
        (
            json!({"team": {"id": "T1"}, "view": view(json!(null)), "user": user}),
            "T1",
        ),
        (json!({"team": "T1", "user": user}), "T1"),
        (
            json!({"team": null, "user": user, "enterprise": enterprise}),
            "TUSER",
        ),
        (
            json!({"team": null, "view": view(json!("")), "user": {"id": "U1"}}),
            "TVIEW",
        ),
        (
            json!({"team": null, "user": {"id": "U1"}, "enterprise": enterprise, "is_enterprise_install": true}),
            "E1",
        ),
        (
            json!({"team": {"id": null, "enterprise_id": "E2"}, "user": {"id": "U1"}}),
            "E2",
        ),
        // An organisation in a team's place: any team goes before it.
        (
            json!({"team": null, "view": view(json!("E1")), "user": user, "enterprise": enterprise}),
            "TUSER",
        ),
    ] {
        let mut payload = payload;
        payload["type"] = json!("shortcut");
        payload["callback_id"] = json!("open");
        let inbound = interaction(&payload).expect("a shortcut");
        assert_eq!(inbound.workspace(), Some(expected), "{payload}");
    }
    let lost = json!({"type": "shortcut", "callback_id": "open", "user": {"id": "U1"}});
    assert_eq!(
        interaction(&lost).err(),
        Some(Unreadable::Missing("workspace"))
    );
}

#[test]
fn an_event_of_an_org_wide_installation_is_read() {
    let event = json!({
        "type": "event_callback", "event_id": "Ev1", "team_id": null, "enterprise_id": "E1",
        "authorizations": [{"team_id": null, "enterprise_id": "E1", "is_enterprise_install": true}],
        "event": {"type": "channel_archive", "channel": "C1", "user": "U1"},
    });
    let inbound = read_event(event.to_string().as_bytes()).expect("an event");
    assert_eq!(inbound.workspace(), Some("E1"));
    assert_eq!(inbound.delivery_key().as_deref(), Some("Ev1"));
    assert_eq!(inbound.kind(), "channel_archive");
}

#[test]
fn a_changed_person_is_read_from_the_event() {
    let event = json!({
        "type": "event_callback", "event_id": "Ev1", "team_id": "T1",
        "event": {"type": "user_change", "user": {"id": "U1", "deleted": true, "tz": "Europe/Riga", "profile": {"fields": []}}},
    });
    let Ok(Inbound::Event(event)) = read_event(event.to_string().as_bytes()) else {
        panic!("not an event")
    };
    let Event::Person { user, seen } = event.event else {
        panic!("not a person")
    };
    assert_eq!(user, "U1");
    assert!(seen.deleted);
}

#[test]
fn a_message_with_foreign_metadata_keeps_its_content() {
    let event = json!({
        "type": "event_callback", "event_id": "Ev1", "team_id": "T1",
        "event": {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "help", "ts": "1.2",
            "metadata": {"event_type": "x", "event_payload": {"n": 7, "o": {"p": []}}}},
    });
    let Ok(Inbound::Event(event)) = read_event(event.to_string().as_bytes()) else {
        panic!("not an event")
    };
    let Event::Message(message) = event.event else {
        panic!("not a message")
    };
    assert_eq!(message.text, "help");
}

#[test]
fn a_certificate_check_is_no_command() {
    assert!(matches!(
        read_command_form(&mut b"ssl_check=1&token=x".to_vec()),
        Ok(Inbound::SslCheck)
    ));
    assert_eq!(
        read_command_form(&mut b"token=x".to_vec()).err(),
        Some(Unreadable::NotOurs)
    );
    assert_eq!(
        read_command_form(&mut b"command=%2Finterview&team_id=T1".to_vec()).err(),
        Some(Unreadable::Missing("user_id"))
    );
}

#[test]
fn what_people_typed_is_never_printed() {
    let command = read_command_form(&mut b"command=%2Fi&team_id=T1&user_id=U1&text=Sam+Okafor&response_url=https%3A%2F%2Fhooks.slack.com%2Fsecret".to_vec());
    let command = command.expect("a command");
    assert_eq!(format!("{command:?}"), "Inbound(slash_command)");
    let Inbound::Command(command) = command else {
        panic!("not a command")
    };
    assert_eq!(command.text, "Sam Okafor");
    assert_eq!(format!("{command:?}"), "CommandIn");
}

/// JSON that looks a little like Slack's: its keys, any values.
fn slackish() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "type",
        "team",
        "id",
        "user",
        "view",
        "state",
        "values",
        "actions",
        "action_id",
        "container",
        "channel",
        "event",
        "authorizations",
        "team_id",
        "enterprise",
        "selected_options",
        "value",
        "message",
        "response_urls",
        "trigger_id",
        "callback_id",
        "command",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "block_actions",
            "view_submission",
            "view_closed",
            "shortcut",
            "message_action",
            "block_suggestion",
            "event_callback",
            "user_change",
            "channel_archive",
            "message",
            "url_verification",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

fn read_all(bytes: &[u8]) {
    let all = [
        read_event(bytes),
        read_interaction(bytes),
        read_command_json(bytes),
        read_command_form(&mut bytes.to_vec()),
    ];
    for inbound in all.into_iter().flatten() {
        let _key = inbound.delivery_key();
        let _printed = format!("{inbound:?}");
    }
}

proptest! {
    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        read_all(&bytes);
    }

    #[test]
    fn odd_json_never_panics(value in slackish(), kind in prop::option::of(
        prop::sample::select(vec!["block_actions", "view_submission", "event_callback", "block_suggestion"])))
    {
        let mut value = value;
        if let (Some(kind), Some(object)) = (kind, value.as_object_mut()) {
            object.insert("type".to_owned(), Value::from(kind));
        }
        read_all(value.to_string().as_bytes());
    }

    #[test]
    fn a_known_kind_reads_whatever_one_field_turns_into(field in 0_usize..8, odd in slackish()) {
        let fields = ["team", "enterprise", "container", "message", "state", "view", "channel", "response_url"];
        let mut click = json!({
            "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"},
            "actions": [{"action_id": "a"}],
        });
        click[fields[field]] = odd;
        prop_assert!(matches!(interaction(&click), Ok(Inbound::Action(_))));
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let deep = "[".repeat(200_000);
    read_all(deep.as_bytes());
    read_all(format!("{{\"event\":{deep}").as_bytes());
    read_all(
        format!(
            "{{\"type\":\"block_actions\",\"state\":{}1{}}}",
            "{\"a\":".repeat(50_000),
            "}".repeat(50_000)
        )
        .as_bytes(),
    );
}
