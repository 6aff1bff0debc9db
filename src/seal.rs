//! Seals tokens, so that whoever reads the store or a backup cannot use them, and signs what comes back through a browser. Where the keys come from is in `config`.
//!
//! AES-256-GCM of `ring`, which TLS brings: a random nonce of 96 bits each time, with the workspace's id as associated data, so that a sealed
//! text is of no use in another one's record. Of each key that is given, one for sealing and one for signing are derived.

use crate::domain::ids::WorkspaceId;
use crate::domain::install::Sealed;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// How long a key is, in bytes.
pub const KEY_LENGTH: usize = 32;

/// What an installation's calls are made with.
#[derive(Clone)]
pub struct Tokens {
    /// For calls.
    pub access: SecretString,
    /// For the next pair, where tokens end.
    pub refresh: Option<SecretString>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

#[derive(Serialize, Deserialize)]
struct Pair<'a> {
    access: Cow<'a, str>,
    refresh: Option<Cow<'a, str>>,
}

/// Why something sealed stays shut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// None of the keys has this name.
    #[error("it was sealed under the key {0}, which is not among those given")]
    UnknownKey(String),
    /// It was altered, or is another workspace's.
    #[error("it was altered since it was sealed")]
    Damaged,
}

/// The keys: the first seals, all open. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<[Key]>);

struct Key {
    name: String,
    seals: LessSafeKey,
    signs: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|key| &key.name);
        f.debug_list().entries(names).finish()
    }
}

fn derived(key: &[u8], purpose: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(b"interview-assistant/");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

impl Key {
    fn new(key: &[u8]) -> Self {
        let seals = Zeroizing::new(derived(key, "seal/v1"));
        let seals = UnboundKey::new(&AES_256_GCM, &*seals).expect("it is as long as it has to be");
        Self {
            name: hex::encode(&derived(key, "name/v1")[..4]),
            seals: LessSafeKey::new(seals),
            signs: Zeroizing::new(derived(key, "sign/v1")),
        }
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.signs).expect("HMAC takes any key");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }
}

fn bound_to(whose: &WorkspaceId) -> Aad<Vec<u8>> {
    Aad::from(format!("interview-assistant/tokens/v1/{whose}").into_bytes())
}

impl Keys {
    /// Keys as they were given, of [`KEY_LENGTH`] bytes each.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn new(given: &[SecretSlice<u8>]) -> Self {
        assert!(!given.is_empty(), "somebody has to seal");
        Self(
            given
                .iter()
                .map(|key| Key::new(key.expose_secret()))
                .collect(),
        )
    }

    /// Seals a workspace's tokens under the first key.
    ///
    /// # Panics
    /// Never: the text is short, and JSON.
    #[must_use]
    pub fn seal(&self, whose: &WorkspaceId, tokens: &Tokens) -> Sealed {
        let pair = Pair {
            access: tokens.access.expose_secret().into(),
            refresh: (tokens.refresh.as_ref()).map(|token| token.expose_secret().into()),
        };
        let mut text = serde_json::to_vec(&pair).expect("two texts are JSON");
        let nonce: [u8; NONCE_LEN] = rand::random();
        self.0[0]
            .seals
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                bound_to(whose),
                &mut text,
            )
            .expect("it is short");
        Sealed {
            key: self.0[0].name.clone(),
            text: STANDARD_NO_PAD.encode([&nonce[..], &text].concat()),
        }
    }

    /// Opens what was sealed for this workspace.
    ///
    /// # Errors
    /// [`Shut`]: no key fits, or it was altered.
    pub fn open(&self, whose: &WorkspaceId, sealed: &Sealed) -> Result<Tokens, Shut> {
        let key = self.0.iter().find(|key| key.name == sealed.key);
        let key = key.ok_or_else(|| Shut::UnknownKey(sealed.key.clone()))?;
        let bytes = STANDARD_NO_PAD.decode(&sealed.text);
        let mut bytes = Zeroizing::new(bytes.map_err(|_| Shut::Damaged)?);
        let (nonce, text) = bytes
            .split_first_chunk_mut::<NONCE_LEN>()
            .ok_or(Shut::Damaged)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.seals.open_in_place(nonce, bound_to(whose), text);
        let opened = opened.map_err(|_| Shut::Damaged)?;
        let pair: Pair<'_> = serde_json::from_slice(opened).map_err(|_| Shut::Damaged)?;
        Ok(Tokens {
            access: SecretString::from(pair.access.into_owned()),
            refresh: (pair.refresh).map(|token| SecretString::from(token.into_owned())),
        })
    }

    /// Whether it is sealed under the key that seals.
    #[must_use]
    pub fn is_current(&self, sealed: &Sealed) -> bool {
        self.0[0].name == sealed.key
    }

    /// Signs a text for one purpose, in letters that fit into a URL.
    #[must_use]
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0[0].mac(purpose, text).finalize().into_bytes())
    }

    /// Whether one of the keys signed this text for this purpose. Takes as long whatever the signature is.
    #[must_use]
    pub fn has_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        let by = |key: &Key| key.mac(purpose, text).verify_slice(&signature).is_ok();
        self.0.iter().any(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Keys {
        let given: Vec<_> = bytes
            .iter()
            .map(|byte| SecretSlice::from(vec![*byte; KEY_LENGTH]))
            .collect();
        Keys::new(&given)
    }

    fn tokens() -> Tokens {
        Tokens {
            access: SecretString::from("xoxb-\"access\""),
            refresh: Some(SecretString::from("xoxe-1-refresh")),
        }
    }

    fn team(id: &str) -> WorkspaceId {
        WorkspaceId::from(id)
    }

    #[test]
    fn what_is_sealed_is_opened_by_its_workspace_alone() {
        let keys = keys(&[1]);
        let sealed = keys.seal(&team("T1"), &tokens());
        let opened = keys.open(&team("T1"), &sealed).expect("it is its own");
        assert_eq!(opened.access.expose_secret(), "xoxb-\"access\"");
        let refresh = opened.refresh.expect("there is one");
        assert_eq!(refresh.expose_secret(), "xoxe-1-refresh");
        assert_eq!(
            keys.open(&team("T2"), &sealed).map(drop),
            Err(Shut::Damaged)
        );
        let again = keys.seal(&team("T1"), &tokens());
        assert_ne!(again.text, sealed.text, "the nonce is another one");
    }

    #[test]
    fn every_altered_letter_is_noticed() {
        let keys = keys(&[1]);
        let sealed = keys.seal(&team("T1"), &tokens());
        for at in 0..sealed.text.len() {
            let mut text = sealed.text.clone().into_bytes();
            text[at] = if text[at] == b'A' { b'Q' } else { b'A' };
            let altered = Sealed {
                text: String::from_utf8(text).expect("letters"),
                ..sealed.clone()
            };
            let opened = keys.open(&team("T1"), &altered);
            assert_eq!(opened.map(drop), Err(Shut::Damaged), "letter {at}");
        }
        let short = Sealed {
            text: "AAAA".to_owned(),
            ..sealed
        };
        assert_eq!(keys.open(&team("T1"), &short).map(drop), Err(Shut::Damaged));
    }

    #[test]
    fn the_first_key_seals_and_every_key_opens() {
        let old = keys(&[1]).seal(&team("T1"), &tokens());
        let both = keys(&[2, 1]);
        assert!(both.open(&team("T1"), &old).is_ok());
        assert!(!both.is_current(&old));
        let new = both.seal(&team("T1"), &tokens());
        assert!(both.is_current(&new) && keys(&[2]).open(&team("T1"), &new).is_ok());
        let shut = keys(&[1]).open(&team("T1"), &new).map(drop);
        assert_eq!(shut, Err(Shut::UnknownKey(new.key)));
    }

    #[test]
    fn a_signature_is_of_one_text_for_one_purpose() {
        let signature = keys(&[1]).sign("state", "a.b");
        assert!(keys(&[2, 1]).has_signed("state", "a.b", &signature));
        for (purpose, text, signature) in [
            ("state", "a.c", &*signature),
            ("other", "a.b", &*signature),
            ("state", "a.b", ""),
            ("state", "a.b", "*"),
        ] {
            assert!(!keys(&[1]).has_signed(purpose, text, signature));
        }
        assert!(!keys(&[2]).has_signed("state", "a.b", &signature));
    }

    #[test]
    fn neither_keys_nor_tokens_are_printed() {
        let text = format!("{:?} {:?}", keys(&[1]), tokens());
        assert!(!text.contains("xoxb") && !text.contains("xoxe"), "{text}");
    }
}
