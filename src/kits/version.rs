//! A kit's version: the hash of what it says. What a version is kept for is in `domain` and `store`.

use crate::domain::ids::KitVersion;
use crate::domain::kit::Kit;
use sha2::{Digest, Sha256};

/// The version of a kit: the first 12 hexadecimal digits of the SHA-256 of its content, written as JSON in the order
/// of its fields. Comments, layout and the order of keys in the file do not change it; a word does.
///
/// # Panics
/// Never: a kit has no map with keys that are not texts, which is all that JSON refuses.
#[must_use]
pub fn version(kit: &Kit) -> KitVersion {
    let content = serde_json::to_vec(kit).expect("a kit is texts, numbers and lists");
    let digest = Sha256::digest(&content);
    KitVersion::from(hex::encode(&digest[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kits::read::read;

    const ONE: &str =
        "slug = 'a'\ntitle = 'A'\nminutes = 30\n[profile]\nsummary = 'S'\ndemand = 'high'\n";
    const SAME: &str = "# a comment\nminutes = 30 # here too\n\ntitle = \"A\"\r\nslug = \"\\u0061\"\naliases = []\n[profile]\ndemand='high'\nsummary = \"\"\"S\"\"\"\n";

    fn of(text: &str) -> KitVersion {
        version(&read("a.toml", text).expect("the kit is well formed").kit)
    }

    #[test]
    fn layout_does_not_change_a_version_and_a_word_does() {
        assert_eq!(of(ONE), of(SAME));
        assert_ne!(of(ONE), of(&ONE.replace("'S'", "'T'")));
        assert_eq!(of(ONE).as_str().len(), 12);
    }

    /// Loops are pinned to versions: were the hash of unchanged content to change, every open loop would lose its kit.
    #[test]
    fn a_version_stays_what_it_was() {
        assert_eq!(of(ONE), KitVersion::from("72078ef82d3f"));
    }
}
