//! What leaving a screen would lose, in words.

use super::{draft::Draft, edit::Values, name::shortened};
use crate::{api::CreateToken, leaving::Loss};

/// The state of a creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation<'a> {
    /// Nothing was sent, or what was sent created no token.
    Open,
    /// The request was sent; its response or the look-up of the name is pending.
    UnderWay,
    /// The request was sent, and its outcome is not known.
    InDoubt,
    /// The requested token exists.
    Exists(&'a CreateToken),
}

/// Returns what leaving `/tokens/new` would lose; `None` if nothing.
pub fn of_draft(draft: &Draft, creation: Creation<'_>) -> Option<Loss> {
    match creation {
        Creation::UnderWay => Some(Loss::of_result(
            "The token is being created. If you leave now, you will not see whether it was created.",
        )),
        Creation::InDoubt => Some(Loss::of_result(
            "The token may have been created. If you leave now, you have to check that yourself.",
        )),
        Creation::Exists(asked) if draft.check().as_ref() == Ok(asked) => None,
        Creation::Exists(_) | Creation::Open if *draft == Draft::default() => None,
        Creation::Exists(_) | Creation::Open => {
            Some(Loss::of_unsaved("What you typed for the new token will be lost."))
        }
    }
}

/// Returns what leaving a token's page would lose; `None` if nothing. `seen` are the token's values as the user saw
/// them, `wanted` those of the form.
pub fn of_changes(seen: &Values, wanted: &Values, is_saving: bool) -> Option<Loss> {
    let what = match (seen.name != wanted.name, seen.enabled != wanted.enabled) {
        (false, false) => return None,
        (true, false) => "the new name",
        (false, true) if wanted.enabled => "the status “enabled”",
        (false, true) => "the status “disabled”",
        (true, true) if wanted.enabled => "the new name and the status “enabled”",
        (true, true) => "the new name and the status “disabled”",
    };
    let name = shortened(&seen.name);
    Some(if is_saving {
        Loss::of_result(format!(
            "The changes to “{name}” are being saved. If you leave now, you will not see whether it worked."
        ))
    } else {
        Loss::of_unsaved(format!("The changes to “{name}” will be lost: {what}."))
    })
}

/// Returns what leaving loses while a token is being deleted.
pub fn of_deletion(name: &str) -> Loss {
    let name = shortened(name);
    Loss::of_result(format!(
        "“{name}” is being deleted. If you leave now, you will not see whether it worked."
    ))
}

/// Returns what leaving a new token loses whose secret was neither copied nor downloaded. It is not much if the
/// server shows secrets again.
pub fn of_secret(name: &str) -> Loss {
    let name = shortened(name);
    Loss {
        question: "Leave without the secret?",
        sentence: format!(
            "The secret of “{name}” was neither copied nor downloaded. You can see it again on the token's \
             page if the server allows it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(name: &str) -> Draft {
        Draft { name: name.into(), ..Draft::default() }
    }

    fn values(name: &str, enabled: bool) -> Values {
        Values { name: name.into(), enabled }
    }

    #[test]
    fn an_untouched_form_loses_nothing() {
        assert_eq!(of_draft(&Draft::default(), Creation::Open), None);
        assert!(of_draft(&draft("c"), Creation::Open).is_some());
        assert!(of_draft(&Draft { length: "33".into(), ..Draft::default() }, Creation::Open).is_some());
        assert!(of_draft(&Draft { owner: "4".into(), ..Draft::default() }, Creation::Open).is_some());
    }

    #[test]
    fn a_creation_under_way_or_in_doubt_is_never_nothing() {
        assert!(of_draft(&Draft::default(), Creation::UnderWay).is_some());
        assert!(of_draft(&Draft::default(), Creation::InDoubt).is_some());
    }

    #[test]
    fn what_exists_as_typed_is_saved() {
        let typed = draft("ci-token");
        let asked = typed.check().unwrap();
        assert_eq!(of_draft(&typed, Creation::Exists(&asked)), None);
        assert_eq!(of_draft(&Draft::default(), Creation::Exists(&asked)), None);
        assert!(of_draft(&draft("another"), Creation::Exists(&asked)).is_some());
    }

    #[test]
    fn changes_are_named() {
        let seen = values("ci", true);
        assert_eq!(of_changes(&seen, &seen, true), None);
        let loss = of_changes(&seen, &values("cd", false), false).unwrap();
        assert_eq!(
            loss.sentence,
            "The changes to “ci” will be lost: the new name and the status “disabled”."
        );
        assert!(of_changes(&seen, &values("cd", true), true).unwrap().sentence.contains("being saved"));
    }

    #[test]
    fn the_question_is_about_what_is_at_stake() {
        let question = |loss: Option<Loss>| loss.unwrap().question;
        assert_eq!(question(of_draft(&draft("c"), Creation::Open)), "Leave without saving?");
        assert_eq!(question(of_draft(&draft("c"), Creation::UnderWay)), "Leave without knowing the result?");
        let (seen, wanted) = (values("ci", true), values("cd", true));
        assert_eq!(question(of_changes(&seen, &wanted, false)), "Leave without saving?");
        assert_eq!(question(of_changes(&seen, &wanted, true)), "Leave without knowing the result?");
        assert_eq!(of_secret("ci").question, "Leave without the secret?");
    }

    proptest! {
        #[test]
        fn exactly_what_differs_is_unsaved(
            seen in ("[ab]{1,2}", any::<bool>()), wanted in ("[ab]{1,2}", any::<bool>()), saving in any::<bool>(),
        ) {
            let (seen, wanted) = (values(&seen.0, seen.1), values(&wanted.0, wanted.1));
            prop_assert_eq!(of_changes(&seen, &wanted, saving).is_some(), seen != wanted);
        }
    }
}
