//! The secrets of API tokens.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// The allowed lengths of a secret, in characters.
pub const LENGTHS: RangeInclusive<i64> = 16..=128;
/// The length of a secret, in characters, if none was requested.
pub const DEFAULT_LENGTH: i64 = 32;

const ALPHABET: &[u8; 66] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

/// The secret of one token. Debug output shows `[redacted]`; only serialising it into a response reveals it.
#[derive(Clone, Serialize, sqlx::Type, ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_.~-]{16,128}$")]
pub struct Secret(String);

impl Secret {
    /// Generates a secret of `length` characters with the operating system's random number generator.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub fn generate(length: i64) -> Result<Self, getrandom::Error> {
        let length = usize::try_from(length).unwrap_or_default();
        let mut secret = String::with_capacity(length);
        let mut random = [0; 64];
        while secret.len() < length {
            getrandom::fill(&mut random)?;
            secret.extend(random.iter().filter_map(|&byte| letter(byte)).take(length - secret.len()));
        }
        Ok(Self(secret))
    }

    /// Returns the digest by which a presented secret is looked up.
    pub fn digest(presented: &[u8]) -> [u8; 32] {
        Sha256::digest(presented).into()
    }

    /// Whether `presented` is this secret, in a time that does not depend on where they differ.
    pub fn matches(&self, presented: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(presented).into()
    }

    /// Returns the secret in plain text, for hashing and for requests made with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Returns the letter for a random byte. Bytes past the largest multiple of 66 have none: `byte % 66` alone would
/// favour the first letters of the alphabet.
fn letter(byte: u8) -> Option<char> {
    const USABLE: usize = 256 - 256 % ALPHABET.len();
    let byte = usize::from(byte);
    (byte < USABLE).then(|| char::from(ALPHABET[byte % ALPHABET.len()]))
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn every_letter_stands_for_equally_many_bytes() {
        let mut bytes_of = HashMap::new();
        for letter in (0..=255).filter_map(letter) {
            *bytes_of.entry(letter).or_insert(0) += 1;
        }
        assert_eq!(bytes_of.len(), 66);
        assert!(bytes_of.values().all(|&count| count == 3), "{bytes_of:?}");
    }

    #[test]
    fn secrets_have_the_length_asked_for_and_only_the_documented_letters() {
        let documented = |c: char| c.is_ascii_alphanumeric() || "_.-~".contains(c);
        for length in [16, 17, 32, 64, 65, 128] {
            let secret = Secret::generate(length).unwrap();
            assert_eq!(secret.expose().len() as i64, length);
            assert!(secret.expose().chars().all(documented));
        }
    }

    #[test]
    fn secrets_do_not_repeat() {
        let secrets: HashSet<_> =
            (0..1000).map(|_| Secret::generate(16).unwrap().expose().to_owned()).collect();
        assert_eq!(secrets.len(), 1000);
    }

    #[test]
    fn only_the_whole_secret_matches() {
        let secret = Secret::generate(16).unwrap();
        assert!(secret.matches(secret.expose().as_bytes()));
        assert!(!secret.matches(&secret.expose().as_bytes()[..15]));
        assert!(!secret.matches(b""));
    }

    #[test]
    fn debug_output_is_redacted() {
        assert_eq!(format!("{:?}", Secret::generate(16).unwrap()), "[redacted]");
    }
}
