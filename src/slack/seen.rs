//! What Slack tells of people and channels, as far as authorisation asks. What follows from it is not in here.
//!
//! Structs of our own: slack-morphism's models fail on whole users over one odd field of a profile. Every field is read
//! on its own; one that is missing or of another type counts as not said.

use std::fmt;

use serde::Deserialize;

use super::inbound::lenient::Maybe;

/// A person, from `users.info` or a `user_change` event (<https://docs.slack.dev/reference/objects/user-object>).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "PersonWire")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Slack's flags, one for one; the domain makes sense of them"
)]
pub struct PersonSeen {
    /// A guest in several channels.
    pub is_restricted: bool,
    /// A guest in one channel.
    pub is_ultra_restricted: bool,
    /// Of another company, seen through a shared channel.
    pub is_stranger: bool,
    /// A bot, or Slackbot-like.
    pub is_bot: bool,
    /// Deactivated.
    pub deleted: bool,
    /// An administrator of the workspace.
    pub is_admin: bool,
    /// An owner of the workspace.
    pub is_owner: bool,
    /// The workspace the person belongs to.
    pub team_id: Option<String>,
    /// IANA name of their time zone.
    pub tz: Option<String>,
    /// The name to show. Never logged.
    pub real_name: Option<String>,
}

impl fmt::Debug for PersonSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonSeen")
    }
}

#[derive(Deserialize)]
struct PersonWire {
    // Without it this is no person, and "nothing said" must not be taken for "a full member".
    #[serde(rename = "id")]
    _id: String,
    #[serde(default)]
    is_restricted: Maybe<bool>,
    #[serde(default)]
    is_ultra_restricted: Maybe<bool>,
    #[serde(default)]
    is_stranger: Maybe<bool>,
    #[serde(default)]
    is_bot: Maybe<bool>,
    #[serde(default)]
    deleted: Maybe<bool>,
    #[serde(default)]
    is_admin: Maybe<bool>,
    #[serde(default)]
    is_owner: Maybe<bool>,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default)]
    tz: Maybe<String>,
    #[serde(default)]
    real_name: Maybe<String>,
    #[serde(default)]
    name: Maybe<String>,
    #[serde(default)]
    profile: Maybe<ProfileWire>,
}

#[derive(Deserialize)]
struct ProfileWire {
    #[serde(default)]
    real_name: Maybe<String>,
}

impl From<PersonWire> for PersonSeen {
    fn from(wire: PersonWire) -> Self {
        let profile_name = wire.profile.0.and_then(|profile| profile.real_name.text());
        Self {
            is_restricted: wire.is_restricted.is_true(),
            is_ultra_restricted: wire.is_ultra_restricted.is_true(),
            is_stranger: wire.is_stranger.is_true(),
            is_bot: wire.is_bot.is_true(),
            deleted: wire.deleted.is_true(),
            is_admin: wire.is_admin.is_true(),
            is_owner: wire.is_owner.is_true(),
            team_id: wire.team_id.text(),
            tz: wire.tz.text(),
            real_name: wire
                .real_name
                .text()
                .or(profile_name)
                .or_else(|| wire.name.text()),
        }
    }
}

/// A conversation, from `conversations.info` (<https://docs.slack.dev/reference/objects/conversation-object>).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "ChannelWire")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Slack's flags, one for one; the domain makes sense of them"
)]
pub struct ChannelSeen {
    /// Only members see it.
    pub is_private: bool,
    /// Shared with another company, or about to be: either way its people may read along.
    pub is_ext_shared: bool,
    /// Closed to new messages.
    pub is_archived: bool,
    /// A direct message.
    pub is_im: bool,
    /// A direct message of several people.
    pub is_mpim: bool,
    /// The bot is in it.
    pub is_member: bool,
    /// Its name, without `#`; a direct message has none. Never logged.
    pub name: Option<String>,
}

impl fmt::Debug for ChannelSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelSeen")
    }
}

#[derive(Deserialize)]
struct ChannelWire {
    #[serde(rename = "id")]
    _id: String,
    #[serde(default)]
    is_private: Maybe<bool>,
    #[serde(default)]
    is_ext_shared: Maybe<bool>,
    #[serde(default)]
    is_pending_ext_shared: Maybe<bool>,
    #[serde(default)]
    is_archived: Maybe<bool>,
    #[serde(default)]
    is_im: Maybe<bool>,
    #[serde(default)]
    is_mpim: Maybe<bool>,
    #[serde(default)]
    is_member: Maybe<bool>,
    #[serde(default)]
    name: Maybe<String>,
}

impl From<ChannelWire> for ChannelSeen {
    fn from(wire: ChannelWire) -> Self {
        Self {
            is_private: wire.is_private.is_true(),
            is_ext_shared: wire.is_ext_shared.is_true() || wire.is_pending_ext_shared.is_true(),
            is_archived: wire.is_archived.is_true(),
            is_im: wire.is_im.is_true(),
            is_mpim: wire.is_mpim.is_true(),
            is_member: wire.is_member.is_true(),
            name: wire.name.text(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_odd_fields_is_read_as_far_as_it_goes() {
        let json = r#"{"id":"U1","deleted":null,"is_bot":"perhaps","is_restricted":true,"tz":"Europe/Riga",
            "profile":{"fields":[],"real_name":"Ada"},"team_id":7}"#;
        let person: PersonSeen = serde_json::from_str(json).expect("a person");
        assert!(person.is_restricted && !person.deleted && !person.is_bot);
        assert_eq!(person.tz.as_deref(), Some("Europe/Riga"));
        assert_eq!(person.real_name.as_deref(), Some("Ada"));
        assert_eq!(person.team_id, None);
        assert!(!format!("{person:?}").contains("Ada"));
    }

    #[test]
    fn nothing_is_no_person_and_no_channel() {
        assert!(serde_json::from_str::<PersonSeen>("{}").is_err());
        assert!(serde_json::from_str::<ChannelSeen>("{}").is_err());
    }

    #[test]
    fn a_channel_about_to_be_shared_counts_as_shared() {
        let json = r#"{"id":"C1","is_ext_shared":false,"is_pending_ext_shared":true,"is_member":true,"name":"hiring"}"#;
        let channel: ChannelSeen = serde_json::from_str(json).expect("a channel");
        assert!(channel.is_ext_shared && channel.is_member && !channel.is_private);
    }
}
