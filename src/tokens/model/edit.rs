//! Changing a token: what to send, and what came of it.

use super::name::isolated;
use crate::api::{
    ErrorKind, FieldMessages, Token,
    patch::{Field, Operation},
};

/// The values that can be changed, as in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The name.
    pub name: String,
    /// Whether the server accepts the token.
    pub enabled: bool,
}

impl Values {
    /// Returns the values of a token.
    pub fn of(token: &Token) -> Self {
        Self { name: token.name.clone(), enabled: token.enabled }
    }
}

/// Returns the patch that turns `seen` into `wanted`: first a `test` of every value that the user saw, so that a change
/// by another person is not overwritten unread, then a `replace` of each value that differs; empty if none does.
pub fn patch(seen: &Values, wanted: &Values) -> Vec<Operation> {
    let mut replacements = Vec::new();
    if wanted.name != seen.name {
        replacements.push(Operation::Replace(Field::Name(wanted.name.clone())));
    }
    if wanted.enabled != seen.enabled {
        replacements.push(Operation::Replace(Field::Enabled(wanted.enabled)));
    }
    if replacements.is_empty() {
        return replacements;
    }
    let mut operations =
        vec![Operation::Test(Field::Name(seen.name.clone())), Operation::Test(Field::Enabled(seen.enabled))];
    operations.append(&mut replacements);
    operations
}

/// The outcome of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveCheck {
    /// The server has the wanted values.
    Saved,
    /// The server still has the values that the user saw: it changed nothing, whatever its response said.
    NotSaved,
    /// The server has other values: somebody else changed the token meanwhile.
    Conflict,
}

/// Compares the server's present values with those that the user saw and those that were wanted. Real servers answer
/// 200 to a patch that they ignored (API.md part 2), so only this comparison tells.
pub fn compare(seen: &Values, wanted: &Values, now: &Values) -> SaveCheck {
    if now == wanted {
        SaveCheck::Saved
    } else if now == seen {
        SaveCheck::NotSaved
    } else {
        SaveCheck::Conflict
    }
}

/// The part of a change that was saved in spite of a [`SaveCheck::Conflict`]: the whole change, if its response got
/// lost and somebody then made another one, or half of it, if the server applies patches in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// The name.
    Name,
    /// The status, that is whether the server accepts the token.
    Status,
}

impl Kept {
    /// Compares field by field. If both fields were saved, there would be no conflict.
    pub fn of(seen: &Values, wanted: &Values, now: &Values) -> Self {
        if wanted.name != seen.name && wanted.name == now.name {
            Self::Name
        } else if wanted.enabled != seen.enabled && wanted.enabled == now.enabled {
            Self::Status
        } else {
            Self::Nothing
        }
    }

    /// Returns the sentence about the conflict.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "Someone else changed this token in the meantime. Nothing was saved.",
            Self::Name => "The name was saved. Someone may have changed the status in the meantime.",
            Self::Status => "The status was saved. Someone may have changed the name in the meantime.",
        }
    }
}

/// The result of a three-way comparison after a conflict: what the user saw before, what is in the form, and what the
/// server has now. A value that the user has not touched is theirs; nobody here has chosen it, so it is never written
/// back. Only the name can be changed on both sides to different values: of two statuses, one is the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The values for the form: the user's where they changed something, otherwise the server's.
    pub form: Values,
    /// The values that the next save compares with: the server's, except for a name that both changed. The server
    /// refuses to overwrite that until the user has chosen.
    pub seen: Values,
    /// The server's name and the user's, if both changed it.
    pub names: Option<(String, String)>,
    /// What somebody else has changed and the user has not, in sentences.
    pub theirs: Vec<String>,
}

impl Merge {
    /// Compares field by field.
    pub fn of(before: &Values, mine: &Values, theirs: &Values) -> Self {
        let (mut form, mut seen, mut names, mut said) = (mine.clone(), theirs.clone(), None, Vec::new());
        if mine.name == before.name {
            form.name.clone_from(&theirs.name);
            if theirs.name != before.name {
                said.push(format!("It was renamed to “{}” in the meantime.", isolated(&theirs.name)));
            }
        } else if theirs.name != before.name && theirs.name != mine.name {
            seen.name.clone_from(&before.name);
            names = Some((theirs.name.clone(), mine.name.clone()));
        }
        if mine.enabled == before.enabled {
            form.enabled = theirs.enabled;
            if theirs.enabled != before.enabled {
                let status = if theirs.enabled { "enabled" } else { "disabled" };
                said.push(format!("It was {status} in the meantime."));
            }
        }
        Self { form, seen, names, theirs: said }
    }
}

/// Whether the token has to be read again after this failure of a patch with `test`s. A 409 means that the name is
/// taken or that a `test` did not hold; real servers answer the latter with 500. Without a response the change may
/// have been made.
pub const fn needs_a_look(failure: &ErrorKind) -> bool {
    matches!(failure, ErrorKind::Conflict)
        || (failure.leaves_outcome_unknown() && !matches!(failure, ErrorKind::Cancelled))
}

/// Whether a patch renames the token. Only then can a conflict be about the name.
pub fn replaces_name(operations: &[Operation]) -> bool {
    operations.iter().any(|operation| matches!(operation, Operation::Replace(Field::Name(_))))
}

/// Returns what is wrong with the name, if the server refused a patch because of it.
pub fn name_complaint(operations: &[Operation], failure: &ErrorKind) -> Option<String> {
    match failure {
        ErrorKind::Invalid(messages) => name_messages(operations, messages),
        ErrorKind::Conflict if replaces_name(operations) => {
            Some("The owner already has a token with this name.".to_owned())
        }
        _ => None,
    }
}

/// Returns the messages of a 422 about the name. Servers key them by the index of the operation, or by the name of
/// the field.
fn name_messages(operations: &[Operation], messages: &FieldMessages) -> Option<String> {
    let about_name = |field: &str| {
        let first = field.split('.').next().unwrap_or_default();
        first == "name"
            || first.parse::<usize>().ok().and_then(|index| operations.get(index)).is_some_and(|operation| {
                matches!(operation, Operation::Test(Field::Name(_)) | Operation::Replace(Field::Name(_)))
            })
    };
    let found: Vec<_> =
        messages.iter().filter(|(field, _)| about_name(field)).map(|(_, message)| message).collect();
    (!found.is_empty()).then(|| found.join(" "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn values(name: &str, enabled: bool) -> Values {
        Values { name: name.into(), enabled }
    }

    #[test]
    fn only_what_differs_is_replaced_and_all_that_was_seen_is_tested() {
        let operations = patch(&values("a-name", true), &values("b-name", true));
        assert_eq!(
            serde_json::to_string(&operations).unwrap(),
            r#"[{"op":"test","path":"/name","value":"a-name"},{"op":"test","path":"/enabled","value":true},{"op":"replace","path":"/name","value":"b-name"}]"#
        );
    }

    #[test]
    fn a_conflict_is_about_the_name_only_if_it_changes() {
        assert!(replaces_name(&patch(&values("a", true), &values("b", true))));
        assert!(!replaces_name(&patch(&values("a", true), &values("a", false))));
    }

    #[test]
    fn a_refusal_is_about_the_name_if_the_server_says_so_or_the_name_was_to_change() {
        let (renames, disables) =
            (patch(&values("a", true), &values("b", true)), patch(&values("a", true), &values("a", false)));
        let too_short = ErrorKind::Invalid(FieldMessages::sample(serde_json::json!({"2": ["Too short."]})));
        assert_eq!(name_complaint(&renames, &too_short).as_deref(), Some("Too short."));
        assert_eq!(name_complaint(&disables, &too_short), None);
        assert!(name_complaint(&renames, &ErrorKind::Conflict).is_some());
        assert_eq!(name_complaint(&disables, &ErrorKind::Conflict), None);
        assert_eq!(name_complaint(&renames, &ErrorKind::NotPermitted), None);
    }

    #[test]
    fn nothing_changed_means_nothing_to_send() {
        assert_eq!(patch(&values("a", true), &values("a", true)), []);
    }

    #[test]
    fn a_200_that_did_nothing_is_not_saved() {
        let (seen, wanted) = (values("a", true), values("b", false));
        assert_eq!(compare(&seen, &wanted, &seen), SaveCheck::NotSaved);
        assert_eq!(compare(&seen, &wanted, &wanted), SaveCheck::Saved);
        // Half of it: another person's change, or a server that applied half of the patch. Both need a look.
        assert_eq!(compare(&seen, &wanted, &values("b", true)), SaveCheck::Conflict);
    }

    #[test]
    fn a_conflict_says_what_was_saved_all_the_same() {
        let kept = |wanted: (&str, bool), now: (&str, bool)| {
            Kept::of(&values("a", true), &values(wanted.0, wanted.1), &values(now.0, now.1))
        };
        // The rename was saved and its response lost; then somebody disabled the token.
        assert_eq!(kept(("b", true), ("b", false)), Kept::Name);
        assert_eq!(kept(("b", false), ("b", true)), Kept::Name);
        assert_eq!(kept(("a", false), ("c", false)), Kept::Status);
        assert_eq!(kept(("b", true), ("c", true)), Kept::Nothing);
        assert_eq!(kept(("b", true), ("a", false)), Kept::Nothing);
        assert_eq!(kept(("b", false), ("c", true)), Kept::Nothing);
        assert_eq!(kept(("a", false), ("c", true)), Kept::Nothing);
        assert!(
            Kept::Nothing.words().contains("Nothing was saved")
                && Kept::Name.words().contains("name was saved")
        );
    }

    #[test]
    fn what_only_one_side_has_changed_is_no_choice() {
        let before = values("a", true);
        let merge = Merge::of(&before, &values("b", true), &values("a", false));
        assert_eq!((&merge.form, &merge.seen), (&values("b", false), &values("a", false)));
        assert_eq!(
            (&merge.names, merge.theirs.as_slice()),
            (&None, &["It was disabled in the meantime.".to_owned()][..])
        );
        let merge = Merge::of(&before, &values("a", false), &values("c", true));
        assert_eq!((&merge.form, &merge.seen), (&values("c", false), &values("c", true)));
        assert!(merge.names.is_none() && merge.theirs[0].contains("renamed to “"), "{merge:?}");
    }

    #[test]
    fn a_name_that_both_have_changed_is_a_choice() {
        let merge = Merge::of(&values("a", true), &values("b", true), &values("c", false));
        assert_eq!(merge.names, Some(("c".into(), "b".into())));
        assert_eq!((&merge.form, &merge.seen), (&values("b", false), &values("a", false)));
        assert_eq!(merge.theirs, ["It was disabled in the meantime."]);
    }

    #[test]
    fn which_failures_need_a_look() {
        assert!(needs_a_look(&ErrorKind::Conflict));
        assert!(needs_a_look(&ErrorKind::Server(None)));
        assert!(needs_a_look(&ErrorKind::TimedOut(Duration::from_secs(1))));
        assert!(!needs_a_look(&ErrorKind::Cancelled));
        assert!(!needs_a_look(&ErrorKind::NotPermitted));
        assert!(!needs_a_look(&ErrorKind::NotFound));
        assert!(!needs_a_look(&ErrorKind::Offline));
    }

    #[test]
    fn messages_find_the_name_by_index() {
        let operations = patch(&values("a", true), &values("b", false));
        let messages = FieldMessages::sample(serde_json::json!({
            "2": {"value": ["Too short."]}, "3": {"value": ["Not a name."]}, "99": {"_schema": ["?"]}
        }));
        assert_eq!(name_messages(&operations, &messages).as_deref(), Some("Too short."));
        let messages = FieldMessages::sample(serde_json::json!({"name": ["Taken."]}));
        assert_eq!(name_messages(&operations, &messages).as_deref(), Some("Taken."));
        assert_eq!(name_messages(&operations, &FieldMessages::default()), None);
    }

    /// A server that follows RFC 6902.
    fn apply(mut token: Values, operations: &[Operation]) -> Option<Values> {
        for operation in operations {
            match operation {
                Operation::Test(Field::Name(name)) if *name != token.name => return None,
                Operation::Test(Field::Enabled(enabled)) if *enabled != token.enabled => return None,
                Operation::Test(_) => {}
                Operation::Replace(Field::Name(name)) => token.name.clone_from(name),
                Operation::Replace(Field::Enabled(enabled)) => token.enabled = *enabled,
            }
        }
        Some(token)
    }

    proptest! {
        /// Saving after a conflict writes what the user has changed and nothing else.
        #[test]
        fn what_nobody_here_has_changed_is_never_written_back(
            before in ("[ab]", any::<bool>()), mine in ("[abc]", any::<bool>()), theirs in ("[abd]", any::<bool>()),
        ) {
            let (before, mine, theirs) =
                (values(&before.0, before.1), values(&mine.0, mine.1), values(&theirs.0, theirs.1));
            let merge = Merge::of(&before, &mine, &theirs);
            let after = apply(theirs.clone(), &patch(&merge.seen, &merge.form));
            if merge.names.is_some() {
                prop_assert_eq!(after, None, "the name is to be chosen first");
            } else {
                let name = if mine.name == before.name { &theirs.name } else { &mine.name };
                let enabled = if mine.enabled == before.enabled { theirs.enabled } else { mine.enabled };
                prop_assert_eq!(after, Some(values(name, enabled)));
            }
        }

        #[test]
        fn a_patch_never_overwrites_what_was_not_seen(
            seen in ("[ab]{1,2}", any::<bool>()), wanted in ("[ab]{1,2}", any::<bool>()), now in ("[ab]{1,2}", any::<bool>()),
        ) {
            let (seen, wanted, now) = (values(&seen.0, seen.1), values(&wanted.0, wanted.1), values(&now.0, now.1));
            let operations = patch(&seen, &wanted);
            prop_assume!(!operations.is_empty());
            match apply(now.clone(), &operations) {
                Some(after) => {
                    prop_assert_eq!(&now, &seen);
                    prop_assert_eq!(compare(&seen, &wanted, &after), SaveCheck::Saved);
                }
                None => prop_assert_ne!(&now, &seen),
            }
        }
    }
}
