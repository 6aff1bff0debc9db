//! That the app is installed in a workspace or for a whole organisation: what was granted, and what becomes of it. Tokens are in it sealed only; who opens them is in `seal`.

use super::ids::{UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// So long before a token expires it is exchanged for the next one.
const AHEAD: SignedDuration = SignedDuration::from_hours(2);

/// Tokens as the store keeps them: nobody reads them without the key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Which key, by its name.
    pub key: String,
    /// What it sealed, in Base64.
    pub text: String,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({})", self.key)
    }
}

/// An installation of the app. A later one in the same place takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Install {
    /// The workspace, or the organisation.
    pub id: WorkspaceId,
    /// What it is called.
    pub name: String,
    /// It is for all workspaces of an organisation.
    #[serde(default)]
    pub organisation: bool,
    /// The app, as Slack names it.
    pub app: String,
    /// The bot, as a person that can be mentioned.
    pub bot: UserId,
    /// What the bot may do there.
    pub scopes: BTreeSet<String>,
    /// Who installed it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What calls are made with.
    pub tokens: Sealed,
    /// When the token ends; none: it does not.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Whether it is still there.
    #[serde(default)]
    pub standing: Standing,
    /// Who exchanges the tokens at this moment.
    #[serde(default)]
    pub claim: Option<Claim>,
}

/// Whether the app is still installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is.
    #[default]
    Installed,
    /// It is not any more: nothing is sent there.
    Gone {
        /// Since when, as it was told.
        at: Timestamp,
        /// Why.
        why: Why,
        /// The token was tried since, and Slack did not take it: it is no late news of an earlier installation.
        #[serde(default)]
        certain: bool,
    },
}

/// Why an installation is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Somebody removed the app.
    Uninstalled,
    /// Its token was revoked.
    Revoked,
    /// Slack takes its token no more, with this code.
    Refused(String),
}

/// That one process exchanges the tokens. It ends by itself, should that process not come to an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which process.
    pub by: String,
    /// Until when.
    pub until: Timestamp,
}

/// What Slack gave in exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// The tokens.
    pub tokens: Sealed,
    /// When the new token ends.
    pub expires_at: Option<Timestamp>,
    /// What the bot may do, where Slack said it.
    pub scopes: Option<BTreeSet<String>>,
}

impl Install {
    /// Whether it is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.standing == Standing::Installed
    }

    /// What was asked for and not granted.
    #[must_use]
    pub fn missing<'a>(&self, asked: &[&'a str]) -> Vec<&'a str> {
        let asked = asked.iter().copied();
        asked.filter(|one| !self.scopes.contains(*one)).collect()
    }

    /// Whether its token has ended.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// When its tokens are to be exchanged; none: never.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.expires_at?.checked_sub(AHEAD).ok()
    }

    /// Whether it is time to exchange its tokens.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_there() && self.due().is_some_and(|due| due <= now)
    }

    /// News that it is gone. `None`: it changes nothing, since it is of an earlier installation, or known.
    #[must_use]
    pub fn gone(self, at: Timestamp, why: Why) -> Option<Self> {
        let is_news = self.is_there() && at >= whole_second(self.at);
        let certain = false;
        is_news.then_some(Self {
            standing: Standing::Gone { at, why, certain },
            claim: None,
            ..self
        })
    }

    /// Its token was tried, and Slack did not take it. `None`: that is known.
    #[must_use]
    pub fn refused(self, now: Timestamp, why: Why) -> Option<Self> {
        let standing = match self.standing.clone() {
            Standing::Installed => Standing::Gone {
                at: now,
                why,
                certain: true,
            },
            Standing::Gone {
                at,
                why,
                certain: false,
            } => Standing::Gone {
                at,
                why,
                certain: true,
            },
            Standing::Gone { certain: true, .. } => return None,
        };
        Some(Self {
            standing,
            claim: None,
            ..self
        })
    }

    /// Its token was tried, and works. `None`: nobody said otherwise.
    #[must_use]
    pub fn works(self) -> Option<Self> {
        (!self.is_there()).then_some(Self {
            standing: Standing::Installed,
            ..self
        })
    }

    /// Whether it is worth a try once more: it may be there after all.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        matches!(
            &self.standing,
            Standing::Gone {
                why: Why::Refused(_),
                ..
            } | Standing::Gone { certain: false, .. }
        )
    }

    /// One process is to exchange the tokens. `None`: another one does.
    #[must_use]
    pub fn claimed(self, claim: Claim, now: Timestamp) -> Option<Self> {
        let taken = |other: &Claim| other.by != claim.by && other.until > now;
        let free = !self.claim.as_ref().is_some_and(taken);
        free.then_some(Self {
            claim: Some(claim),
            ..self
        })
    }

    /// Whoever had claimed it does not go on.
    #[must_use]
    pub fn released(self, by: &str) -> Option<Self> {
        let own = self.claim.as_ref().is_some_and(|claim| claim.by == by);
        own.then_some(Self {
            claim: None,
            ..self
        })
    }

    /// The tokens were exchanged for these. `None`: they are not the ones that stand here, since it was installed anew meanwhile.
    #[must_use]
    pub fn exchanged(self, from: &Sealed, now: Exchanged) -> Option<Self> {
        (self.tokens == *from).then_some(Self {
            tokens: now.tokens,
            expires_at: now.expires_at,
            scopes: now.scopes.unwrap_or(self.scopes),
            claim: None,
            ..self
        })
    }

    /// The same tokens, sealed under another key. `None`: they are not the ones that stand here.
    #[must_use]
    pub fn sealed_anew(self, from: &Sealed, to: Sealed) -> Option<Self> {
        (self.tokens == *from).then_some(Self { tokens: to, ..self })
    }
}

/// Slack tells the time of an event in whole seconds.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_262_400 + seconds).expect("a moment")
    }

    fn sealed(text: &str) -> Sealed {
        Sealed {
            key: "k1".to_owned(),
            text: text.to_owned(),
        }
    }

    fn install() -> Install {
        Install {
            id: WorkspaceId::from("T1"),
            name: "Northwind".to_owned(),
            organisation: false,
            app: "A1".to_owned(),
            bot: UserId::from("UBOT"),
            scopes: ["chat:write".to_owned()].into(),
            by: UserId::from("U1"),
            at: at(0),
            tokens: sealed("one"),
            expires_at: None,
            standing: Standing::Installed,
            claim: None,
        }
    }

    fn claim(by: &str, until: i64) -> Claim {
        Claim {
            by: by.to_owned(),
            until: at(until),
        }
    }

    #[test]
    fn news_of_an_earlier_installation_changes_nothing() {
        assert_eq!(install().gone(at(-1), Why::Uninstalled), None);
        let gone = install().gone(at(0), Why::Uninstalled).expect("it is news");
        assert!(!gone.is_there() && gone.is_doubtful());
        assert_eq!(gone.gone(at(9), Why::Revoked), None, "it is known");
    }

    #[test]
    fn what_was_said_to_be_gone_is_gone_once_its_token_was_tried() {
        let gone = install().gone(at(5), Why::Uninstalled).expect("it is news");
        assert_eq!(gone.clone().works(), Some(install()));
        let code = || Why::Refused("token_revoked".to_owned());
        let certain = gone.refused(at(6), code()).expect("it is certain now");
        assert!(!certain.is_doubtful());
        assert_eq!(certain.refused(at(7), code()), None);
        let refused = install().refused(at(6), code()).expect("it is news");
        assert!(refused.is_doubtful(), "the address may be allowed again");
        assert_eq!(install().works(), None);
    }

    #[test]
    fn a_token_is_exchanged_two_hours_ahead() {
        let end = at(12 * 3600);
        let install = Install {
            expires_at: Some(end),
            ..install()
        };
        assert!(!install.is_due(at(10 * 3600 - 1)));
        assert!(install.is_due(at(10 * 3600)) && !install.has_expired(at(10 * 3600)));
        assert!(install.has_expired(end));
        let gone = install.gone(at(1), Why::Revoked).expect("it is news");
        assert!(!gone.is_due(end), "nobody needs it");
    }

    #[test]
    fn one_process_exchanges_and_a_claim_ends_by_itself() {
        let one = install().claimed(claim("a", 60), at(0)).expect("free");
        assert_eq!(one.clone().claimed(claim("b", 90), at(59)), None);
        assert!(one.clone().claimed(claim("a", 90), at(59)).is_some());
        assert!(one.clone().claimed(claim("b", 90), at(60)).is_some());
        assert_eq!(one.clone().released("b"), None);
        assert_eq!(one.released("a"), Some(install()));
    }

    #[test]
    fn what_comes_of_an_exchange_does_not_overwrite_a_new_installation() {
        let new = Exchanged {
            tokens: sealed("two"),
            expires_at: Some(at(43_200)),
            scopes: None,
        };
        let exchanged = install().exchanged(&sealed("one"), new.clone());
        let exchanged = exchanged.expect("they are its own");
        assert_eq!(exchanged.tokens, sealed("two"));
        assert_eq!(exchanged.scopes, install().scopes);
        assert_eq!(install().exchanged(&sealed("zero"), new), None);
        let anew = install().sealed_anew(&sealed("one"), sealed("1"));
        assert_eq!(anew.map(|it| it.tokens), Some(sealed("1")));
        assert_eq!(install().sealed_anew(&sealed("zero"), sealed("1")), None);
    }

    #[test]
    fn what_was_not_granted_is_named() {
        let asked = ["chat:write", "files:write"];
        assert_eq!(install().missing(&asked), ["files:write"]);
    }

    #[test]
    fn nothing_sealed_is_printed() {
        assert!(!format!("{:?}", sealed("xyzzy")).contains("xyzzy"));
    }
}
