//! Which workspace a payload belongs to. What belongs to a workspace is not in here.
//!
//! The order is that of Slack's own SDK (slack_bolt 1.30.0, `request/internals.py`):
//!
//! | id | the first that is there |
//! |---|---|
//! | team | `view.app_installed_team_id`, `team.id`, `authorizations[0].team_id`, `team_id`, `event.*`, `user.team_id`, `view.team_id` |
//! | enterprise | `enterprise.id`, `authorizations[0].enterprise_id`, `enterprise_id`, `team.enterprise_id` |
//!
//! So a click in an org-wide installation (`team: null`) still falls to the workspace of the command before it, and only
//! what names no team at all falls to the enterprise.

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
        self.teams
            .iter()
            .chain(&self.enterprises)
            .flatten()
            .find(|id| !id.is_empty())
            .map(|id| (*id).to_owned())
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
        if let Ok(id) = serde_json::from_str::<String>(raw.get()) {
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
}
