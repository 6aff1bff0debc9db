//! Names of things: one type per kind of id, so that a user is never taken for a channel. What the things are is elsewhere.
//!
//! A click reads and copies dozens of them, so an id of up to 23 bytes, as nearly all are, stands in its place and asks for no memory; copies of a longer one share it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// The id as it is written in a key, a payload or a sentence.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    };
}

id!(
    /// A workspace: Slack's team id, or the organisation's id for an org-wide install. Every stored key begins with it.
    WorkspaceId
);
id!(
    /// A person, as Slack names them (`U…` or `W…`).
    UserId
);
id!(
    /// A channel, a private channel or a direct message (`C…`, `G…`, `D…`).
    ChannelId
);
id!(
    /// A user group (`S…`), which stands for its members on a panel.
    GroupId
);
id!(
    /// Slack's time stamp of a message, which is also its name within a channel.
    MessageTs
);
id!(
    /// A role as it is typed: `senior-backend`.
    KitSlug
);
id!(
    /// The hash of a kit's content: 12 hexadecimal digits. A kit with another word in it is another version.
    KitVersion
);
id!(
    /// `<section>/<n>`, stable for ever: a rating made today means the same question in a year.
    QuestionId
);
id!(
    /// What a question probes, as the kit's file names it.
    CompetencyId
);
id!(
    /// An interview loop's public name within its workspace: `C-7F3Q`. Two namesakes differ in it.
    LoopCode
);
id!(
    /// What names one thing that Slack sent, the same in every repetition of it: `event_id`, else `trigger_id`.
    DeliveryKey
);
id!(
    /// Something begun that waits for its author: an opening for one more answer (which role, initials or name), pasted notes for a yes.
    DraftId
);

id!(
    /// One calibration: a sample answer that a panel rates.
    CalibrationId
);

/// The digits of a loop's code: those of Crockford's base 32, which has no letters that look like digits.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl ChannelId {
    /// A direct message, told by its first letter: Slack shows those only to the people in them.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.0.starts_with('D')
    }
}

impl LoopCode {
    /// A code made from random bits: four digits, a million codes. The store refuses one that is taken.
    #[must_use]
    pub fn from_random(bits: u32) -> Self {
        let mut code = String::from("C-");
        for place in (0..4).rev() {
            let digit = (bits >> (place * 5)) & 31;
            code.push(DIGITS[digit as usize] as char);
        }
        Self(code.into())
    }

    /// A code as somebody types it: any case, `c7f3q` or `C-7F3Q`, with O for 0 and I or L for 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let digits = text.strip_prefix('C')?;
        let digits = digits.strip_prefix('-').unwrap_or(digits);
        let mut code = String::from("C-");
        for letter in digits.chars() {
            let letter = match letter {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if !letter.is_ascii() || !DIGITS.contains(&(letter as u8)) {
                return None;
            }
            code.push(letter);
        }
        (code.len() == 6).then(|| Self(code.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = LoopCode::from_random(0x7_F3_51);
        assert_eq!(LoopCode::parse(code.as_str()), Some(code));
        assert_eq!(LoopCode::parse("c7f3q"), Some(LoopCode::from("C-7F3Q")));
        assert_eq!(LoopCode::parse("C-OIL0"), Some(LoopCode::from("C-0110")));
        assert_eq!(LoopCode::parse("C-7F3"), None);
        assert_eq!(LoopCode::parse("Jane"), None);
    }
}
