//! Slash commands, as a form (HTTP) or an object (socket). What the words after one mean is not in here.

use serde::Deserialize;

use super::lenient::Maybe;
use super::payload::payload;
use super::workspace::Whose;
use super::{Inbound, Unreadable, quiet_debug};

/// A slash command (<https://docs.slack.dev/interactivity/implementing-slash-commands>).
#[derive(Clone, PartialEq, Eq)]
pub struct CommandIn {
    /// The team, or the enterprise.
    pub workspace: String,
    /// The organisation whose org-wide installation it was sent for.
    pub organisation: Option<String>,
    /// Who typed it.
    pub user: String,
    /// Where.
    pub channel: Option<String>,
    /// The command, with its slash.
    pub command: String,
    /// What came after it, escaped if the manifest says so; may be empty.
    pub text: String,
    /// For opening a modal within three seconds, once.
    pub trigger_id: Option<String>,
    /// For up to five answers within half an hour. Works without a token: never log it.
    pub response_url: Option<String>,
}

quiet_debug!(CommandIn);

#[derive(Default, Deserialize)]
struct Wire {
    #[serde(default)]
    command: Maybe<String>,
    #[serde(default)]
    text: Maybe<String>,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default)]
    enterprise_id: Maybe<String>,
    #[serde(default)]
    is_enterprise_install: Maybe<String>,
    #[serde(default)]
    user_id: Maybe<String>,
    #[serde(default)]
    channel_id: Maybe<String>,
    #[serde(default)]
    trigger_id: Maybe<String>,
    #[serde(default)]
    response_url: Maybe<String>,
    #[serde(default)]
    ssl_check: Maybe<String>,
}

/// Reads a command from the JSON object of a socket's envelope.
///
/// # Errors
///
/// Names what is missing: the command, the person or the workspace.
pub fn read_command_json(json: &[u8]) -> Result<Inbound, Unreadable> {
    read(serde_json::from_slice(json).map_err(|_| Unreadable::NotJson)?)
}

/// Reads the form of a command's request URL: a command, or Slack's certificate check. A form that carries an
/// interaction in its `payload` is read as that; it is decoded in its place, so the form is of no use afterwards.
///
/// # Errors
///
/// Names what is missing; [`Unreadable::NotOurs`] when there is neither a command nor a payload.
pub fn read_command_form(form: &mut [u8]) -> Result<Inbound, Unreadable> {
    if let Some(json) = payload(form) {
        return match std::str::from_utf8(json) {
            Ok(json) => super::interaction::read(json),
            Err(_) => super::interaction::read(&String::from_utf8_lossy(json)),
        };
    }
    let mut wire = Wire::default();
    for (key, value) in form_urlencoded::parse(form) {
        let field = match key.as_ref() {
            "payload" => return super::read_interaction(value.as_bytes()),
            "command" => &mut wire.command,
            "text" => &mut wire.text,
            "team_id" => &mut wire.team_id,
            "enterprise_id" => &mut wire.enterprise_id,
            "is_enterprise_install" => &mut wire.is_enterprise_install,
            "user_id" => &mut wire.user_id,
            "channel_id" => &mut wire.channel_id,
            "trigger_id" => &mut wire.trigger_id,
            "response_url" => &mut wire.response_url,
            "ssl_check" => &mut wire.ssl_check,
            _ => continue,
        };
        // The first counts, as with everything that reads forms in front of us.
        if field.0.is_none() {
            field.0 = Some(value.into_owned());
        }
    }
    if wire.command.0.is_none() && wire.ssl_check.0.is_none() {
        return Err(Unreadable::NotOurs);
    }
    read(wire)
}

fn read(wire: Wire) -> Result<Inbound, Unreadable> {
    if wire.ssl_check.0.as_deref() == Some("1") {
        return Ok(Inbound::SslCheck);
    }
    let whose = Whose {
        teams: [wire.team_id.0.as_deref()],
        enterprises: [wire.enterprise_id.0.as_deref()],
    };
    let is_wide = wire.is_enterprise_install.0.as_deref() == Some("true");
    let workspace = whose.workspace();
    Ok(Inbound::Command(CommandIn {
        workspace: workspace.ok_or(Unreadable::Missing("workspace"))?,
        organisation: whose.organisation(is_wide),
        user: wire.user_id.text().ok_or(Unreadable::Missing("user_id"))?,
        channel: wire.channel_id.text(),
        command: wire.command.text().ok_or(Unreadable::Missing("command"))?,
        text: wire.text.or_empty(),
        trigger_id: wire.trigger_id.text(),
        response_url: wire.response_url.text(),
    }))
}
