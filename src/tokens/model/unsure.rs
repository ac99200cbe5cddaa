//! A creation whose response did not tell whether the token exists.

use super::{name::shortened, unsaved::Creation};
use crate::{
    api::{CreateToken, Error, ErrorKind, Method, TokenId, UserId},
    collection::name_search::Found,
    failure::{self, FailedAction},
    ui::{Notice, Tone},
};

/// What is known after looking the name up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    found: Found,
    /// The owner whose tokens were searched; `None` if all tokens were searched that the user may see.
    whose: Option<UserId>,
    /// The failure that left the outcome open; `None` if the server said that the name is taken.
    failure: Option<Error>,
    asked: CreateToken,
}

impl Unsure {
    /// Creates the state after a failure that left the outcome open.
    pub const fn after(failure: Error, found: Found, whose: Option<UserId>, asked: CreateToken) -> Self {
        Self { found, whose, failure: Some(failure), asked }
    }

    /// Creates the state after a 409: a token of this name exists.
    pub const fn taken(id: TokenId, whose: Option<UserId>, asked: CreateToken) -> Self {
        Self { found: Found::Yes(id), whose, failure: None, asked }
    }

    /// Returns the request to look up again and the failure that left it open; `None` if the outcome is known.
    pub fn in_doubt(&self) -> Option<(&CreateToken, &Error)> {
        self.failure
            .as_ref()
            .filter(|_| self.found == Found::CannotTell)
            .map(|failure| (&self.asked, failure))
    }

    /// Whether sending the request again might create a second token.
    pub fn forbids_another_try(&self) -> bool {
        self.in_doubt().is_some()
    }

    /// Returns the token of that name, if there is one.
    pub const fn token(&self) -> Option<TokenId> {
        match self.found {
            Found::Yes(id) => Some(id),
            Found::No | Found::CannotTell => None,
        }
    }

    /// Returns the state of the creation, for the question before leaving.
    pub fn creation(&self) -> Creation<'_> {
        match self.found {
            Found::Yes(_) if self.whose.is_some() => Creation::Exists(&self.asked),
            Found::Yes(_) | Found::No => Creation::Open,
            Found::CannotTell => Creation::InDoubt,
        }
    }

    /// Returns the notice that explains it. `at` is the time of the failure, for the details.
    pub fn notice(&self, at: &str) -> Notice {
        let name = shortened(&self.asked.name);
        let Some(failure) = &self.failure else {
            return Notice::new(Tone::Info, format!("There is a token named “{name}”.")).with_text(
                if self.whose.is_some() {
                    "If your connection broke while you were creating it, this is the token that you created."
                } else {
                    "If your connection broke while you were creating it, this may be your token. It may \
                     also be another owner's: this server does not say who you are."
                },
            );
        };
        let mut notice = failure::explain(failure, FailedAction::CreateToken, at);
        let reloaded = failure.kind == ErrorKind::Cancelled;
        match self.found {
            Found::Yes(id) if self.whose.is_none() => {
                notice.tone = Tone::Info;
                notice.title =
                    format!("There is a token named “{name}” (ID {id}). It may be the one you created.");
                notice.text =
                    "It may also be another owner's: this server does not say who you are. Open it, or try \
                     again: if yours exists, the server reports that its name is taken."
                        .into();
            }
            Found::Yes(id) => {
                notice.tone = Tone::Success;
                notice.title =
                    format!("The token “{name}” was created (ID {id}), but the response got lost.");
                notice.text =
                    "Open it to see or copy its secret. If there was a token with this name before, it is \
                     that one."
                        .into();
            }
            Found::No => {
                notice.title = if reloaded {
                    format!("The token “{name}” was not found after the page was reloaded.")
                } else {
                    format!(
                        "The token “{name}” was not created: {}.",
                        failure::why(failure, FailedAction::CreateToken)
                    )
                };
                notice.text = "A search did not find it, so you can safely try again. If the server is \
                               still creating it, it reports that the name is taken."
                    .into();
            }
            Found::CannotTell => {
                if reloaded {
                    notice.title =
                        "The token may have been created: the page was reloaded before the response arrived."
                            .into();
                }
                notice.text =
                    "A search for its name was inconclusive. Check again before you create it once more."
                        .into();
            }
        }
        notice
    }
}

/// Returns the failure of a creation whose tab was reloaded before the response arrived.
pub fn lost_by_reload() -> Error {
    Error::cancelled(Method::Post, "/api_tokens/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> CreateToken {
        CreateToken { name: "ci-token".into(), owner_id: None, length: None }
    }

    fn lost() -> Error {
        Error::new(ErrorKind::Unreachable, Method::Post, "/api_tokens/")
    }

    #[test]
    fn only_real_doubt_forbids_another_try() {
        assert!(Unsure::after(lost(), Found::CannotTell, Some(3), asked()).forbids_another_try());
        assert!(!Unsure::after(lost(), Found::No, Some(3), asked()).forbids_another_try());
        assert!(!Unsure::taken(5, Some(3), asked()).forbids_another_try());
        assert!(Unsure::after(lost_by_reload(), Found::CannotTell, Some(3), asked()).forbids_another_try());
        assert!(!Unsure::after(lost_by_reload(), Found::No, Some(3), asked()).forbids_another_try());
    }

    #[test]
    fn a_token_of_that_name_is_only_surely_ones_own_if_its_owner_is_known() {
        let found = |whose| Unsure::after(lost(), Found::Yes(5), whose, asked());
        assert_eq!(found(Some(3)).creation(), Creation::Exists(&asked()));
        assert_eq!(found(None).creation(), Creation::Open);
        assert!(!found(None).forbids_another_try(), "names are unique per owner");
        let text = |whose| Unsure::taken(5, whose, asked()).notice("now").text;
        assert!(text(None).contains("another owner's"));
        assert!(!text(Some(3)).contains("another owner's"));
    }

    #[test]
    fn a_notice_is_as_good_as_what_was_found() {
        let notice = |failure, found, whose| Unsure::after(failure, found, whose, asked()).notice("now");
        let own = notice(lost(), Found::Yes(5), Some(3));
        assert_eq!(own.tone, Tone::Success);
        assert!(own.title.contains("“ci-token”") && own.title.contains("ID 5"), "{own:?}");
        let perhaps_own = notice(lost(), Found::Yes(5), None);
        assert_eq!(perhaps_own.tone, Tone::Info);
        assert!(perhaps_own.title.contains("ID 5") && perhaps_own.text.contains("another owner's"));
        for failure in [lost(), lost_by_reload()] {
            let not_there = notice(failure.clone(), Found::No, Some(3));
            assert_eq!(not_there.tone, Tone::Failure);
            assert!(not_there.title.contains("“ci-token”"), "{not_there:?}");
            let open = notice(failure, Found::CannotTell, Some(3));
            assert_eq!(open.tone, Tone::Failure);
            assert_ne!((open.title, open.text), (not_there.title, not_there.text));
        }
    }

    #[test]
    fn the_details_say_when_it_failed() {
        let notice = Unsure::after(lost(), Found::CannotTell, Some(3), asked()).notice("2026-11-28 01:02:03");
        assert!(notice.details.iter().any(|detail| detail.value == "2026-11-28 01:02:03"), "{notice:?}");
    }
}
