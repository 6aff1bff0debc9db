//! Reading a field that may be missing, null, or of another type than promised. Which fields there are is not in here.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A field of Slack's: there when it could be read as `T`, else as good as missing. One odd field must not lose a whole
/// payload. Works only below a reader of text (`from_str`, `from_slice`), which all of ours are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Maybe<T>(pub Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

impl Maybe<bool> {
    /// True only when Slack said `true`.
    pub(crate) fn is_true(&self) -> bool {
        self.0 == Some(true)
    }
}

impl Maybe<String> {
    /// The text, where there is any: Slack writes an empty string for "none" in many places.
    pub(crate) fn text(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }

    /// The text as it is, empty or not.
    pub(crate) fn or_empty(self) -> String {
        self.0.unwrap_or_default()
    }
}

/// `{"id": …}`, or the id alone, as Slack's older payloads have it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Named {
    Alone(String),
    Object { id: String },
}

/// Something with an id: a team, an enterprise, a user, a channel.
#[derive(Debug, Default)]
pub(crate) struct Id(pub Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = Maybe::<Named>::deserialize(deserializer)?;
        Ok(Self(
            named
                .0
                .map(|named| match named {
                    Named::Alone(id) | Named::Object { id } => id,
                })
                .filter(|id| !id.is_empty()),
        ))
    }
}
