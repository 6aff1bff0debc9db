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
        // An error takes longer to make than most fields take to read, and null is what Slack's most frequent one would be.
        Ok(Self(match raw.get() {
            "null" => None,
            raw => serde_json::from_str(raw).ok(),
        }))
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

/// Something large that is looked into only where it is needed; none for null.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unopened<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Unopened<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?))
    }
}

impl<'a> Unopened<'a> {
    /// Whether a field of this name may be anywhere in it.
    pub(crate) fn may_have(self, name: &str) -> bool {
        self.0.is_some_and(|raw| raw.get().contains(name))
    }

    /// What is in it, where it can be read as that.
    pub(crate) fn open<T: Deserialize<'a> + Default>(self) -> T {
        let read = self.0.and_then(|raw| serde_json::from_str(raw.get()).ok());
        read.unwrap_or_default()
    }
}

/// `{"id": …}`; the id alone is what Slack's older payloads have.
#[derive(Deserialize)]
struct Object {
    id: String,
}

/// Something with an id: a team, an enterprise, a user, a channel.
#[derive(Debug, Default)]
pub(crate) struct Id(pub Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let id = match raw.as_bytes() {
            [b'{', ..] => serde_json::from_str(raw).map(|Object { id }| id).ok(),
            [b'"', ..] => serde_json::from_str(raw).ok(),
            _ => None,
        };
        Ok(Self(id.filter(|id: &String| !id.is_empty())))
    }
}
