//! What the creation form shows when a token was requested and no token came back.

use super::{draft::DraftErrors, unsure::Unsure};
use crate::{
    api::{CreateToken, Error, ErrorKind, UserId},
    collection::name_search::Found,
    ui::ActivityOutcome,
};

/// What is known after a creation without a token, and where the form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreationReport {
    /// The errors of the fields.
    pub errors: DraftErrors,
    /// The failure, if there is nothing better to show than the failure itself.
    pub failure: Option<Error>,
    /// The result of looking the token up, if it has to be shown.
    pub unsure: Option<Unsure>,
    /// The outcome, for the activity list.
    pub outcome: ActivityOutcome,
    /// Whether the outcome of the request is known. If it is not, the request must not be sent again.
    pub is_settled: bool,
}

impl CreationReport {
    /// Returns what to show after a refusal: there is no token. `refused_owner` is the error of the owner field, if
    /// the owner is all that was refused.
    pub fn of_refusal(failure: Error, refused_owner: Option<String>) -> Self {
        let (errors, failure) = match (refused_owner, &failure.kind) {
            // The failure itself does not say that another owner may be chosen.
            (Some(why), _) => (DraftErrors { owner_id: Some(why), ..DraftErrors::default() }, None),
            (None, ErrorKind::Invalid(messages)) => (DraftErrors::said_by_server(messages), Some(failure)),
            (None, _) => (DraftErrors::default(), Some(failure)),
        };
        Self { errors, failure, unsure: None, outcome: ActivityOutcome::Failed, is_settled: true }
    }

    /// Returns what to show after a failure that leaves open whether the token exists
    /// ([`ErrorKind::may_have_created`]) and a look-up of its name. `whose` is the owner whose
    /// tokens were searched; `None` if all tokens were searched that the user may see.
    pub fn of_look(failure: Error, found: Found, whose: Option<UserId>, asked: CreateToken) -> Self {
        match (&failure.kind, found) {
            (ErrorKind::Conflict, Found::Yes(id)) => Self {
                errors: name_error("This name is taken: names are unique per owner."),
                failure: None,
                unsure: Some(Unsure::taken(id, whose, asked)),
                outcome: ActivityOutcome::Failed,
                is_settled: true,
            },
            (ErrorKind::Conflict, Found::No | Found::CannotTell) => Self {
                errors: name_error(if found == Found::No {
                    // A person who looks for it does not find it either.
                    "This name is taken by a token that is not listed, perhaps a disabled one."
                } else {
                    "This name is taken."
                }),
                failure: Some(failure),
                unsure: None,
                outcome: ActivityOutcome::Failed,
                is_settled: true,
            },
            _ => Self {
                errors: DraftErrors::default(),
                failure: None,
                unsure: Some(Unsure::after(failure, found, whose, asked)),
                outcome: match found {
                    Found::Yes(_) if whose.is_some() => ActivityOutcome::Done,
                    Found::No => ActivityOutcome::Failed,
                    Found::Yes(_) | Found::CannotTell => ActivityOutcome::Unknown,
                },
                is_settled: found != Found::CannotTell,
            },
        }
    }
}

fn name_error(words: &str) -> DraftErrors {
    DraftErrors { name: Some(words.to_owned()), ..DraftErrors::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{FieldMessages, Method};

    const MINE: Option<UserId> = Some(3);

    fn asked() -> CreateToken {
        CreateToken { name: "ci-token".into(), owner_id: None, length: None }
    }

    fn failure(kind: ErrorKind) -> Error {
        Error::new(kind, Method::Post, "/api_tokens/")
    }

    fn after_look(kind: ErrorKind, found: Found, whose: Option<UserId>) -> CreationReport {
        CreationReport::of_look(failure(kind), found, whose, asked())
    }

    #[test]
    fn a_refusal_is_told_at_the_field_that_it_is_about() {
        let messages = FieldMessages::sample(serde_json::json!({"name": ["Too short.", "Too dull."]}));
        let report = CreationReport::of_refusal(failure(ErrorKind::Invalid(messages)), None);
        assert_eq!(report.errors, name_error("Too short. Too dull."));
        assert!(report.failure.is_some() && report.is_settled);

        let report =
            CreationReport::of_refusal(failure(ErrorKind::NotPermitted), Some("Not for them.".into()));
        assert_eq!(report.errors.owner_id.as_deref(), Some("Not for them."));
        assert_eq!(report.failure, None, "it would say that the user may create none");
        assert!(CreationReport::of_refusal(failure(ErrorKind::NotPermitted), None).errors.is_empty());
    }

    #[test]
    fn a_name_that_is_taken_is_told_at_the_name() {
        for found in [Found::Yes(5), Found::No, Found::CannotTell] {
            let report = after_look(ErrorKind::Conflict, found, MINE);
            assert!(report.errors.name.is_some() && report.is_settled, "{found:?}");
            assert_eq!(report.outcome, ActivityOutcome::Failed);
            // The form shows the token that has the name, or else the refusal.
            assert_eq!(report.unsure.is_some(), found == Found::Yes(5));
            assert_eq!(report.failure.is_some(), found != Found::Yes(5));
        }
        let complaint = |found| after_look(ErrorKind::Conflict, found, MINE).errors.name.unwrap();
        assert!(complaint(Found::No).ends_with("that is not listed, perhaps a disabled one."));
        assert_eq!(complaint(Found::CannotTell), "This name is taken.");
    }

    #[test]
    fn without_an_answer_looking_tells() {
        let outcome = |found, whose| after_look(ErrorKind::Unreachable, found, whose).outcome;
        assert_eq!(outcome(Found::Yes(5), MINE), ActivityOutcome::Done);
        assert_eq!(outcome(Found::Yes(5), None), ActivityOutcome::Unknown, "it may be another owner's");
        assert_eq!(outcome(Found::No, MINE), ActivityOutcome::Failed);
        assert_eq!(outcome(Found::CannotTell, MINE), ActivityOutcome::Unknown);
    }

    #[test]
    fn what_is_not_settled_forbids_another_try() {
        for kind in [ErrorKind::Unreachable, ErrorKind::Cancelled, ErrorKind::Server(None)] {
            for found in [Found::Yes(5), Found::No, Found::CannotTell] {
                let report = after_look(kind.clone(), found, MINE);
                assert!(report.errors.is_empty() && report.failure.is_none());
                let unsure = report.unsure.expect("it was looked for");
                assert_eq!(unsure.forbids_another_try(), !report.is_settled, "{kind:?} {found:?}");
            }
        }
    }
}
