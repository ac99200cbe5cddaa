//! Passwords: hashing, and limits on what a guess may cost the server.

use std::fmt;
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// The minimum length of a new user's password.
const MIN_LENGTH: usize = 8;

/// A password in plain text. Debug output shows `[redacted]`.
pub struct Password(String);

impl Password {
    /// Wraps a password that was sent with a request.
    pub fn presented(password: String) -> Self {
        Self(password)
    }

    /// Wraps a password for a new user.
    ///
    /// # Errors
    /// The password is too short, or contains characters that HTTP Basic cannot carry (RFC 7617).
    pub fn chosen(password: String) -> anyhow::Result<Self> {
        ensure!(
            password.chars().count() >= MIN_LENGTH,
            "the password needs at least {MIN_LENGTH} characters"
        );
        ensure!(!password.contains(char::is_control), "the password must not contain control characters");
        Ok(Self(password))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Hashes and verifies passwords with argon2id, a few at a time.
///
/// Each hash takes about 20 MB of memory and tens of milliseconds of processor time. Without a limit, many concurrent
/// sign-ins would use up the memory and starve everything else; with it, they queue.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash to verify against when there is no such user: refusing an unknown name must take as long as refusing a
    /// wrong password, or the time would reveal which names exist.
    decoy: Arc<str>,
}

impl Passwords {
    /// Allows as many concurrent hashes as there are processors.
    ///
    /// # Errors
    /// Hashing does not work on this system at all (there is no randomness for salts).
    pub fn new() -> anyhow::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            turns: Arc::new(Semaphore::new(processors)),
            decoy: hash(&Password(String::new()))?.into(),
        })
    }

    /// Waits for a turn to verify a password.
    pub async fn turn(&self) -> Turn {
        let permit = Arc::clone(&self.turns).acquire_owned().await;
        Turn { _permit: permit.expect("the semaphore is never closed"), decoy: Arc::clone(&self.decoy) }
    }
}

/// The right to verify one password now.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    decoy: Arc<str>,
}

impl Turn {
    /// Returns whether `password` is the one that `hash` was made from; without a hash, `false` after the same time.
    ///
    /// `then` is called with the result before the next turn begins, even if the client has gone by then: the work
    /// continues without the client, and keeps its turn.
    pub async fn verify(
        self,
        password: Password,
        hash: Option<String>,
        then: impl FnOnce(bool) + Send + 'static,
    ) -> bool {
        let known = hash.is_some();
        let verified = spawn_blocking(move || {
            let hash = hash.as_deref().unwrap_or(&self.decoy);
            let verified = PasswordHash::new(hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok());
            let verified = known && verified;
            then(verified);
            drop(self);
            verified
        });
        // The task fails only by a panic, or when the server shuts down.
        verified.await.unwrap_or(false)
    }
}

/// Hashes a password with argon2id and a fresh salt, on the calling thread.
///
/// # Errors
/// The operating system has no randomness for the salt.
pub fn hash(password: &Password) -> anyhow::Result<String> {
    // The library's defaults are argon2id, 19 MiB, 2 passes, 1 lane: the minimum that OWASP recommends.
    hash_with(&Argon2::default(), password)
}

/// Hashes a public password, such as a demo user's, with as little work as argon2id allows: there is nothing to
/// protect, and every request with that password would take as long. That an unknown name now takes longer to refuse
/// reveals nothing: the names are public, too.
///
/// # Errors
/// As for [`hash`].
pub fn hash_public(password: &Password) -> anyhow::Result<String> {
    let least = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None)
        .map_err(|error| anyhow!("{error}"))?;
    hash_with(&Argon2::new(Algorithm::Argon2id, Version::V0x13, least), password)
}

fn hash_with(argon2: &Argon2<'_>, password: &Password) -> anyhow::Result<String> {
    let hash: PasswordHash = argon2
        .hash_password(password.0.as_bytes())
        .map_err(|error| anyhow!("{error}"))
        .context("cannot hash the password")?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn password(text: &str) -> Password {
        Password::presented(text.to_owned())
    }

    async fn verify(presented: &str, hash: Option<&str>) -> bool {
        let passwords = Passwords::new().unwrap();
        let turn = passwords.turn().await;
        turn.verify(password(presented), hash.map(str::to_owned), |_| ()).await
    }

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let hash = hash(&password("pässwörd")).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("pässwörd", Some(&hash)).await);
        assert!(!verify("password", Some(&hash)).await);
        assert!(!verify("", Some(&hash)).await);
    }

    #[tokio::test]
    async fn who_has_gone_is_told_of_all_the_same() {
        let passwords = Passwords::new().unwrap();
        let (told, hears) = tokio::sync::oneshot::channel();
        let verify = passwords.turn().await.verify(password("wrong"), None, |verified| {
            told.send(verified).unwrap();
        });
        assert!(tokio::time::timeout(Duration::ZERO, verify).await.is_err());
        assert!(!hears.await.unwrap());
    }

    #[tokio::test]
    async fn a_public_password_verifies_as_well() {
        let hash = hash_public(&password("root-pass")).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(verify("root-pass", Some(&hash)).await);
        assert!(!verify("root-past", Some(&hash)).await);
    }

    #[tokio::test]
    async fn nobody_signs_in_with_the_decoy_or_a_broken_hash() {
        assert!(!verify("", None).await);
        assert!(!verify("", Some("")).await);
        assert!(!verify("", Some("$argon2id$nonsense")).await);
    }

    #[test]
    fn a_chosen_password_is_long_enough_and_fits_into_basic() {
        assert!(Password::chosen("1234567".to_owned()).is_err());
        assert!(Password::chosen("äöüäöüäö".to_owned()).is_ok());
        assert!(Password::chosen("1234567\u{7}8".to_owned()).is_err());
    }

    #[test]
    fn the_same_password_hashes_differently_each_time() {
        let first = hash(&password("root-pass")).unwrap();
        assert_ne!(first, hash(&password("root-pass")).unwrap());
    }

    #[test]
    fn debug_output_is_redacted() {
        assert_eq!(format!("{:?}", password("hunter22")), "[redacted]");
    }
}
