//! The draft of a new token: what was typed, and whether it can be sent.

use super::name::is_blank;
use crate::api::{CreateToken, FieldMessages, UserId, parse_id};

/// The server's minimum length of a name, in Unicode code points; nothing is trimmed (API.md part 2).
pub const NAME_MIN: usize = 3;
/// The shortest secret (API.md part 1).
pub const LENGTH_MIN: u32 = 16;
/// The longest secret.
pub const LENGTH_MAX: u32 = 128;
/// The server's default length.
pub const LENGTH_DEFAULT: u32 = 32;

/// The fields of the form, exactly as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The name.
    pub name: String,
    /// The owner's ID; empty for the signed-in user.
    pub owner: String,
    /// The length of the secret.
    pub length: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self { name: String::new(), owner: String::new(), length: LENGTH_DEFAULT.to_string() }
    }
}

/// The error of each field, if any. The fields are named as in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftErrors {
    /// The error of the name.
    pub name: Option<String>,
    /// The error of the owner.
    pub owner_id: Option<String>,
    /// The error of the length.
    pub length: Option<String>,
}

impl DraftErrors {
    /// Takes the messages of a 422 about the fields.
    pub fn said_by_server(messages: &FieldMessages) -> Self {
        let of = |field: &str| {
            let found: Vec<_> = messages.of(field).collect();
            (!found.is_empty()).then(|| found.join(" "))
        };
        Self { name: of("name"), owner_id: of("owner_id"), length: of("length") }
    }

    /// Whether there is no error.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Returns what is wrong with a name, if anything. Servers check the name when a token is created but not when it is
/// changed (API.md part 2), so the console checks it in both cases.
pub fn name_error(name: &str) -> Option<String> {
    let count = name.chars().count();
    if count == 0 {
        Some("Enter a name.".into())
    } else if count < NAME_MIN {
        Some(format!("Use at least {NAME_MIN} characters."))
    } else if is_blank(name) {
        // The server accepts such a name, but nobody could find the token again.
        Some("Use at least one visible character.".into())
    } else {
        None
    }
}

/// Returns a remark on a name that is valid but probably a mistake.
pub fn name_remark(name: &str) -> Option<String> {
    (name.trim() != name && name_error(name).is_none())
        .then(|| "The name begins or ends with a space. The server keeps the space.".into())
}

impl Draft {
    /// Returns the request to send, or the errors.
    pub fn check(&self) -> Result<CreateToken, DraftErrors> {
        let owner = self.owner.trim();
        let owner_id: Option<Option<UserId>> =
            if owner.is_empty() { Some(None) } else { parse_id(owner).map(Some) };
        let length = self.length.trim().parse().ok().filter(|n| (LENGTH_MIN..=LENGTH_MAX).contains(n));
        let errors = DraftErrors {
            name: name_error(&self.name),
            owner_id: owner_id.is_none().then(|| "Enter the user's ID, a whole number.".into()),
            length: length
                .is_none()
                .then(|| format!("Enter a whole number from {LENGTH_MIN} to {LENGTH_MAX}.")),
        };
        match (owner_id, length) {
            (Some(owner_id), Some(_)) if errors.is_empty() => {
                Ok(CreateToken { name: self.name.clone(), owner_id, length })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(name: &str, owner: &str, length: &str) -> Draft {
        Draft { name: name.into(), owner: owner.into(), length: length.into() }
    }

    #[test]
    fn a_name_is_counted_in_code_points() {
        assert_eq!(name_error("日本語"), None);
        assert!(name_error("日本").is_some());
        assert!(name_error("").is_some());
        assert!(name_error("\u{a0}  ").is_some());
        assert_eq!(
            name_error("\u{200b}\u{2060}\u{feff}").as_deref(),
            Some("Use at least one visible character.")
        );
        assert_eq!(name_error(&"x".repeat(100_000)), None);
    }

    #[test]
    fn spaces_around_are_kept_but_remarked() {
        assert!(name_remark(" ci").is_some());
        assert_eq!(name_remark("my ci"), None);
        assert_eq!(draft(" ci", "", "32").check().unwrap().name, " ci");
    }

    #[test]
    fn unset_fields_stay_unset() {
        assert_eq!(
            draft("ci-token", " ", "32").check(),
            Ok(CreateToken { name: "ci-token".into(), owner_id: None, length: Some(32) })
        );
        assert_eq!(draft("ci-token", "3", "128").check().unwrap().owner_id, Some(3));
    }

    #[test]
    fn every_field_complains_for_itself() {
        let errors = draft("ci", "alice", "15").check().unwrap_err();
        assert!(errors.name.is_some() && errors.owner_id.is_some() && errors.length.is_some());
        for length in ["129", "", "16.5", "-20", "1e2"] {
            assert!(draft("ci-token", "", length).check().unwrap_err().length.is_some(), "{length}");
        }
        assert!(draft("ci-token", "", "16").check().is_ok());
    }

    #[test]
    fn an_owner_is_an_id() {
        assert_eq!(draft("ci-token", " 3 ", "32").check().unwrap().owner_id, Some(3));
        for owner in ["-5", "+5", "5.0", "alice"] {
            let errors = draft("ci-token", owner, "32").check().unwrap_err();
            assert_eq!(errors.owner_id.as_deref(), Some("Enter the user's ID, a whole number."), "{owner}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_the_server_takes(name in ".*", owner in ".*", length in ".*") {
            if let Ok(token) = draft(&name, &owner, &length).check() {
                prop_assert!(token.name.chars().count() >= NAME_MIN);
                prop_assert!((LENGTH_MIN..=LENGTH_MAX).contains(&token.length.unwrap()));
            }
        }
    }
}
