//! `manifest.yml`: valid by Slack's schema, and the same as what the code says.

use interview_assistant::manifest::{
    BOT_NAME, COMMAND, COMMAND_DESCRIPTION, EVENTS, GLOBAL_SHORTCUTS, HOME_TAB, MESSAGE_SHORTCUTS,
    SCOPES, TEXT, USAGE_HINT,
};
use interview_assistant::slack::understand::{IMPORT_GUIDE, SCORE_CANDIDATE, START_INTERVIEW};
use serde_json::{Value, json};
use std::path::Path;

fn manifest() -> Value {
    serde_norway::from_str(TEXT).expect("manifest.yml is YAML")
}

#[test]
fn the_manifest_is_valid_by_slacks_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/manifest-schema");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).expect("the file can be read");
        serde_json::from_str(&text).expect("it is JSON")
    };
    if !folder.is_dir() {
        eprintln!("skipped: Slack's schema is not at {}", folder.display());
        return;
    }
    let schema = read("manifest.schema.2.0.0.json");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let errors: Vec<String> = schema
        .iter_errors(&manifest())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    // With what its first lines say about many workspaces, too.
    let mut many = manifest();
    many["oauth_config"]["redirect_urls"] =
        json!(["https://interviews.example.org/slack/oauth_redirect"]);
    many["oauth_config"]["pkce_enabled"] = json!(true);
    many["settings"]["org_deploy_enabled"] = json!(true);
    many["settings"]["token_rotation_enabled"] = json!(true);
    assert!(schema.is_valid(&many));
    for named in [
        "redirect_urls",
        "pkce_enabled",
        "org_deploy_enabled",
        "token_rotation_enabled",
    ] {
        assert!(TEXT.contains(named), "{named}");
    }
    assert!(schema.is_valid(&read("manifest.valid.json")));
    assert!(!schema.is_valid(&read("manifest.invalid.json")));
}

#[test]
fn the_manifest_asks_for_what_the_code_uses_and_nothing_more() {
    let manifest = manifest();
    assert_eq!(manifest["oauth_config"]["scopes"], json!({ "bot": SCOPES }));
    assert_eq!(
        manifest["settings"]["event_subscriptions"],
        json!({ "bot_events": EVENTS })
    );
    assert_eq!(
        manifest["features"]["slash_commands"],
        json!([{
            "command": COMMAND,
            "description": COMMAND_DESCRIPTION,
            "usage_hint": USAGE_HINT,
            "should_escape": true
        }])
    );
    let all = GLOBAL_SHORTCUTS.map(|shortcut| ("global", shortcut));
    let all = all
        .into_iter()
        .chain(MESSAGE_SHORTCUTS.map(|shortcut| ("message", shortcut)));
    let shortcuts: Vec<Value> = all
        .map(|(kind, (name, id, description))| {
            json!({ "name": name, "type": kind, "callback_id": id, "description": description })
        })
        .collect();
    assert_eq!(manifest["features"]["shortcuts"], json!(shortcuts));
    assert_eq!(shortcuts[0]["callback_id"], START_INTERVIEW);
    assert_eq!(shortcuts[1]["callback_id"], SCORE_CANDIDATE);
    assert_eq!(shortcuts[2]["callback_id"], IMPORT_GUIDE);
    assert_eq!(
        manifest["features"]["app_home"]["home_tab_enabled"],
        HOME_TAB
    );
    assert_eq!(
        EVENTS.contains(&"app_home_opened"),
        HOME_TAB,
        "whoever has a Home tab hears that it is opened"
    );
    assert_eq!(manifest["features"]["bot_user"]["display_name"], BOT_NAME);
    assert_eq!(manifest["display_information"]["name"], BOT_NAME);
}

#[test]
fn the_manifest_needs_no_public_address_and_no_rotation() {
    let manifest = manifest();
    let settings = &manifest["settings"];
    assert_eq!(settings["socket_mode_enabled"], true);
    assert_eq!(settings["interactivity"]["is_enabled"], true);
    assert_eq!(settings["org_deploy_enabled"], false);
    assert_eq!(settings["token_rotation_enabled"], false);
    assert_eq!(
        manifest["features"]["app_home"]["messages_tab_enabled"],
        true
    );
    assert_eq!(
        manifest["features"]["app_home"]["messages_tab_read_only_enabled"], false,
        "people write to the bot there"
    );
}

/// The documentation states these; Slack's schema has some of them only.
#[test]
fn the_manifest_keeps_slacks_limits() {
    let manifest = manifest();
    let length = |value: &Value| value.as_str().expect("it is a text").chars().count();
    let display = &manifest["display_information"];
    assert!(length(&display["name"]) <= 35);
    assert!(length(&display["description"]) <= 140);
    for shortcut in manifest["features"]["shortcuts"]
        .as_array()
        .expect("a list")
    {
        assert!(length(&shortcut["name"]) <= 24);
        assert!(length(&shortcut["description"]) <= 150);
        assert!(length(&shortcut["callback_id"]) <= 255);
    }
    assert!((175..=4000).contains(&length(&display["long_description"])));
    let bot = manifest["features"]["bot_user"]["display_name"]
        .as_str()
        .expect("it is a text");
    assert!(
        bot.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    );
}
