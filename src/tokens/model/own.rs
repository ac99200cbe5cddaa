//! The token that the session is signed in with: what disabling or deleting it means, in words.

use super::edit::Values;

/// Returns the hint beside "Enabled". `seen` are the token's values as the user saw them, `wanted` those of the form.
pub fn enabled_hint(is_credential_token: bool, seen: &Values, wanted: &Values) -> &'static str {
    match (is_credential_token, seen.enabled, wanted.enabled) {
        (false, ..) => "The server refuses disabled tokens.",
        (true, true, false) => {
            "You are signed in with this token. Saving this ends your session: you then have to sign in again."
        }
        (true, ..) => "You are signed in with this token. Disabling it ends your session.",
    }
}

/// Whether a change disables the token, which ends a session that is signed in with it.
pub const fn disables(seen: &Values, wanted: &Values) -> bool {
    seen.enabled && !wanted.enabled
}

/// The warning before the credential token is deleted.
pub const DELETE_WARNING: &str = "You are signed in with this token. Deleting it ends your session: you \
                                  then have to sign in again.";

#[cfg(test)]
mod tests {
    use super::*;

    fn values(enabled: bool) -> Values {
        Values { name: "ci".into(), enabled }
    }

    #[test]
    fn one_is_told_before_and_while_it_is_disabled() {
        let (on, off) = (values(true), values(false));
        assert!(enabled_hint(true, &on, &on).contains("ends your session"));
        assert!(enabled_hint(true, &on, &off).contains("Saving this ends your session"));
        assert!(!enabled_hint(false, &on, &off).contains("session"));
        // With what is not known here: a session of a user with a password has no other token.
        for words in [enabled_hint(true, &on, &off), DELETE_WARNING] {
            assert!(words.ends_with("you then have to sign in again."), "{words}");
        }
    }

    #[test]
    fn only_disabling_ends_the_session() {
        let (on, off) = (values(true), values(false));
        assert!(disables(&on, &off));
        assert!(!disables(&on, &on) && !disables(&off, &on) && !disables(&off, &off));
    }
}
