//! Which workspace a payload belongs to. What belongs to a workspace is not in here.
//!
//! The order is that of Slack's own SDK (`slack_bolt` 1.30.0, `request/internals.py`):
//!
//! | id | the first that is there |
//! |---|---|
//! | team | `view.app_installed_team_id`, `team.id`, `authorizations[0].team_id`, `team_id`, `event.*`, `user.team_id`, `view.team_id` |
//! | enterprise | `enterprise.id`, `authorizations[0].enterprise_id`, `enterprise_id`, `team.enterprise_id` |
//!
//! So a click in an org-wide installation (`team: null`) still falls to the workspace of the command before it, and only
//! what names no team at all falls to the enterprise. Where such an installation is named by its enterprise in a team's place, any team
//! goes before that.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::lenient::Maybe;

/// The ids a payload gives, each list in order of preference.
pub(super) struct Whose<'a, const T: usize, const E: usize> {
    pub teams: [Option<&'a str>; T],
    pub enterprises: [Option<&'a str>; E],
}

impl<const T: usize, const E: usize> Whose<'_, T, E> {
    /// The team, else the enterprise.
    pub(super) fn workspace(&self) -> Option<String> {
        let named = self.teams.iter().chain(&self.enterprises).flatten();
        let mut named = named.filter(|id| !id.is_empty());
        let first = named.clone().next();
        let team = named.find(|id| !id.starts_with('E'));
        team.or(first).map(|id| (*id).to_owned())
    }

    /// The enterprise whose org-wide installation something was sent for; none where it was a workspace's own.
    pub(super) fn organisation(&self, is_enterprise_install: bool) -> Option<String> {
        let mut named = self.enterprises.iter().flatten();
        let named = named.find(|id| !id.is_empty());
        named
            .filter(|_| is_enterprise_install)
            .map(|id| (*id).to_owned())
    }
}

/// `true`, or the word, as commands have it.
#[derive(Clone, Copy, Default)]
pub(super) struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        Ok(Self(matches!(raw.get(), "true" | "\"true\"")))
    }
}

/// `team`: an object, its bare id, or null.
#[derive(Default)]
pub(super) struct Team {
    pub id: Option<String>,
    pub enterprise_id: Option<String>,
}

#[derive(Deserialize)]
struct TeamObject {
    #[serde(default)]
    id: Maybe<String>,
    #[serde(default)]
    enterprise_id: Maybe<String>,
}

impl<'de> Deserialize<'de> for Team {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('"')
            && let Ok(id) = serde_json::from_str::<String>(raw.get())
        {
            return Ok(Self {
                id: Some(id),
                enterprise_id: None,
            });
        }
        Ok(serde_json::from_str::<TeamObject>(raw.get())
            .map(|team| Self {
                id: team.id.text(),
                enterprise_id: team.enterprise_id.text(),
            })
            .unwrap_or_default())
    }
}

/// One entry of `authorizations`: for which installation an event was sent.
#[derive(Default, Deserialize)]
pub(super) struct Authorization {
    #[serde(default)]
    pub team_id: Maybe<String>,
    #[serde(default)]
    pub enterprise_id: Maybe<String>,
    #[serde(default)]
    pub is_enterprise_install: Flag,
}
