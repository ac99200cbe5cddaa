//! A rotation in words.

use super::{Ask, Goal, Offer, Record, Rotation, Standing, Step, Stuck};
use crate::{
    api::TokenId,
    failure::FailedAction,
    tokens::model::{
        draft::NAME_MIN,
        name::{isolated, shortened},
    },
};

/// Returns the state of the rotation in a sentence or two.
pub fn standing(rotation: &Rotation) -> String {
    let Record { name, sent, handed, undoing, new, .. } = rotation.record();
    let old_name = rotation.old().values().map_or("", |old| old.name.as_str());
    let is_own_name = old_name == name;
    let new_name = isolated(new.map_or(name, |new| rotation.name_of(new)));
    let (name, old_name) = (isolated(name), isolated(old_name));
    let none = if *sent {
        "No new token was found (the server may still be creating it)"
    } else {
        "There is no new token yet"
    };
    let mut said = match rotation.standing() {
        Standing::Unread => "The state of the two tokens is not known yet.".to_owned(),
        Standing::InDoubt => "The new token was requested and may have been created.".to_owned(),
        Standing::OnlyOld if is_own_name => {
            format!("There is no new token. The old one works, under its own name “{name}”.")
        }
        Standing::OnlyOld => {
            format!("{none}. The old one works, under the name “{old_name}”.")
        }
        Standing::Nothing => {
            format!("{none}, and the old one is disabled: whatever uses it does not work.")
        }
        Standing::Both => format!("Both tokens work: “{new_name}” is the new one, “{old_name}” the old one."),
        Standing::NewDisabled => "The old token works. The new one is disabled.".to_owned(),
        Standing::OnlyNew => {
            "The new token works. The old one is disabled: what still uses it is refused.".to_owned()
        }
        Standing::BothDisabled => "Both tokens are disabled: whatever uses them does not work.".to_owned(),
        Standing::Replaced => "The new token works. The old one is deleted.".to_owned(),
        Standing::ReplacedDisabled => "The old token is deleted, and the new one is disabled.".to_owned(),
        Standing::AllGone => "Both tokens are deleted.".to_owned(),
    };
    for (id, name) in rotation.renamed() {
        let (which, name) = (which(id, rotation.record()), shortened(name));
        said.push_str(&format!(
            " Somebody renamed the {which} one to “{name}”, or its ID ({id}) belongs to another token by now."
        ));
    }
    if *undoing {
        said.push_str(" Undoing the rotation has begun but is not finished.");
    } else if rotation.standing() == Standing::OnlyNew && !handed {
        said.push_str(" The new token has not been handed over yet.");
    }
    said
}

/// Returns the word for one of the two tokens.
pub fn which(id: TokenId, record: &Record) -> &'static str {
    if id == record.old { "old" } else { "new" }
}

/// Returns the line of a step.
pub fn step(step: Step, record: &Record) -> String {
    match step {
        Step::Rename => format!("Rename the old token to “{}”", isolated(&record.parked)),
        Step::Create => format!("Create the new token “{}”", isolated(&record.name)),
        Step::HandOver => "Hand the new token over and verify it".into(),
        Step::Disable if record.is_urgent() => "Disable the old token at once".into(),
        Step::Disable => "Disable the old token".into(),
        Step::Delete => "Delete the old token when nothing needs it any more".into(),
    }
}

/// Returns the label of a button.
pub const fn offer(offer: Offer) -> &'static str {
    match offer {
        Offer::Go(Goal::Look) => "Check again",
        Offer::Go(Goal::Create) => "Create the new token",
        Offer::Go(Goal::Disable) => "Disable the old token",
        Offer::Go(Goal::Delete) => "Delete the old token",
        Offer::Go(Goal::EnableOld) => "Enable the old token again",
        Offer::Go(Goal::EnableNew) => "Enable the new token",
        Offer::Go(Goal::Undo) => "Undo rotation",
        Offer::Keep => "Keep the old token, disabled",
        Offer::Forget => "Forget this rotation",
    }
}

/// Returns the text shown while a request is in flight.
pub fn doing(ask: &Ask, record: &Record) -> &'static str {
    match ask {
        Ask::Read(id) if *id != record.old => "Checking the new token",
        Ask::Read(_) | Ask::Measure => "Checking the old token",
        Ask::Find => "Searching the owner's tokens for the name",
        Ask::Create(_) => "Creating the new token",
        Ask::Change { id, seen, wanted } => match (*id == record.old, seen.enabled, wanted.enabled) {
            (true, true, false) => "Disabling the old token",
            (true, false, true) => "Enabling the old token",
            (true, ..) => "Renaming the old token",
            (false, false, true) => "Enabling the new token",
            (false, ..) => "Disabling the new token",
        },
        Ask::Delete(id) if *id == record.old => "Deleting the old token",
        Ask::Delete(_) => "Deleting the new token",
        Ask::CarryOver(_) => "Switching this session to the other token",
    }
}

/// Returns the words of the activity list for a request that succeeded and for one that failed; `None` for requests
/// that only read.
pub fn deed(ask: &Ask) -> Option<(&'static str, &'static str)> {
    match ask {
        Ask::Read(_) | Ask::Find | Ask::Measure => None,
        Ask::Create(_) => Some(("Created", "Tried to create")),
        Ask::Change { seen, wanted, .. } => Some(match (seen.enabled, wanted.enabled) {
            (true, false) => ("Disabled", "Tried to disable"),
            (false, true) => ("Enabled", "Tried to enable"),
            _ => ("Renamed", "Tried to rename"),
        }),
        Ask::Delete(_) => Some(("Deleted", "Tried to delete")),
        Ask::CarryOver(_) => Some(("Switched this session to", "Tried to switch this session to")),
    }
}

/// Returns the act of the console that a request counts as, for the words of its failure.
pub fn act(ask: &Ask) -> FailedAction {
    match ask {
        Ask::Read(_) => FailedAction::ReadToken,
        Ask::Find => FailedAction::ListTokens,
        Ask::Measure => FailedAction::ReadSecret,
        Ask::Create(_) => FailedAction::CreateToken,
        Ask::Change { seen, wanted, .. } if seen.name != wanted.name => FailedAction::SaveToken,
        Ask::Change { .. } => FailedAction::SaveStatus,
        Ask::Delete(_) => FailedAction::DeleteToken,
        Ask::CarryOver(_) => FailedAction::CarryOver,
    }
}

/// Returns why the rotation does not continue, and what to do about it; `None` for a failed request, whose
/// [`FailedAction`] has the words.
pub fn stuck(why: &Stuck, record: &Record) -> Option<(String, &'static str)> {
    let name = shortened(&record.name);
    Some(match why {
        Stuck::Failed(_) => return None,
        Stuck::Ignored => (
            "The server reported success but changed nothing.".into(),
            "Try again, or tell the server's operator.",
        ),
        Stuck::InDoubt => (
            format!("Could not check whether there is a token named “{name}”."),
            "The owner's list kept changing or could not be loaded completely. No token is created until \
             this is clear. Try again.",
        ),
        Stuck::NameTaken(id) => (
            format!("Another token is named “{name}” (ID {id})."),
            "Someone else created it, or it is the new one and the response got lost. If it is the new one, \
             continue with it. If not, rename it on its page, then try again here.",
        ),
        Stuck::Renamed(id, name) => (
            format!("The {} token (ID {id}) is named “{}” now.", which(*id, record), shortened(name)),
            "Somebody renamed it, or its ID belongs to another token by now. Nothing is changed until you \
             say which.",
        ),
        Stuck::NoNew => ("The new token no longer exists.".into(), "Create one, or undo the rotation."),
        Stuck::NotHandedOver => (
            "The new token has not been handed over and verified yet.".into(),
            "Put it where the old one is used and verify it before you disable the old one.",
        ),
        Stuck::NewDisabled => {
            ("The new token is disabled.".into(), "Someone disabled it. Enable it, or undo the rotation.")
        }
        Stuck::OldEnabled => {
            ("The old token is enabled.".into(), "Someone enabled it again. Disable it before you delete it.")
        }
        Stuck::OldGone => {
            ("The old token is gone.".into(), "Someone deleted it, so the rotation cannot be undone.")
        }
        Stuck::WentOnElsewhere => (
            "The rotation was continued in another tab.".into(),
            "This tab has stopped its part. The rotation's page shows the current state.",
        ),
        Stuck::OldWasDisabled => (
            "You are signed in with the new token, which undoing deletes.".into(),
            "The old token was disabled before the rotation and stays so, so this session cannot go back to it. Sign \
             out, sign in with another token or a password, and undo the rotation then.",
        ),
    })
}

/// Returns what undoing does now, one sentence per act, in order. A sentence has an "if" where the old token could
/// not be read or it is not known whether there is a new one. `credential` is the credential token; `may_delete` is
/// whether the server allows the user to delete the new one, as far as known.
pub fn undoing(rotation: &Rotation, credential: Option<TokenId>, may_delete: bool) -> Vec<String> {
    let record = rotation.record();
    let mut said = Vec::new();
    let old = rotation.old().values();
    if !record.was_enabled && credential.is_some() && credential == record.new {
        return vec![
            "Nothing yet: you are signed in with the new token. Sign in with another token or a password first.".into(),
        ];
    }
    if old.is_none_or(|old| old.enabled != record.was_enabled) {
        let unread = match (old, record.was_enabled) {
            (Some(_), _) => "",
            (None, true) => " if it is disabled",
            (None, false) => " if it is enabled",
        };
        let leaked = if record.urgent { ", also for anyone it was leaked to" } else { "" };
        said.push(if record.was_enabled {
            format!("The old token works again{unread}{leaked}.")
        } else {
            format!("The old token is disabled{unread}, as it was before the rotation.")
        });
    }
    if let Some(new) = record.new {
        if credential == Some(new) {
            said.push("This session goes back to the old token.".into());
        }
        let how = if may_delete {
            "deleted"
        } else {
            "disabled and renamed, since you are not allowed to delete it"
        };
        let name = shortened(rotation.name_of(new));
        said.push(format!(
            "The new token “{name}” (ID {new}) is {how}: whatever already uses it stops working."
        ));
    } else if record.sent {
        said.push(
            "The console looks for the new token. If it was created, it is deleted, or disabled and renamed \
             if you are not allowed to delete it: whatever already uses it stops working."
                .into(),
        );
    }
    if old.is_none_or(|old| old.name != record.name) {
        let unread = if old.is_none() { " if it was renamed" } else { "" };
        let called = match rotation.renamed().find(|(id, _)| *id == record.old) {
            Some((id, name)) => format!(" “{}” (ID {id})", shortened(name)),
            None => String::new(),
        };
        said.push(format!("The old token{called} gets its name “{}” back{unread}.", isolated(&record.name)));
    }
    said
}

/// Returns how the old token is after undoing.
pub fn undone(record: &Record, name: &str) -> String {
    if record.was_enabled {
        format!("The old token works under its name “{name}”, as before.")
    } else {
        format!("The old token has its name “{name}” and is disabled, as before.")
    }
}

/// Returns the title of the notice about a rotation that another tab has ended while this one was at it.
pub fn ended_elsewhere(called: &str) -> String {
    format!("The rotation of {called} has ended in another tab.")
}

/// Returns how far the hand-over is, and what is left to do.
pub const fn hand_over(handed: bool, verified: bool, standing: Standing) -> &'static str {
    let is_old_off = matches!(standing, Standing::OnlyNew | Standing::BothDisabled);
    match (handed, verified) {
        (false, false) => "Copy or download it and put it where the old one is used. Then verify it.",
        (true, false) => "Copied or downloaded. When it is in place, verify it.",
        (false, true) => "Verified. Copy or download it and put it where the old one is used.",
        (true, true) if is_old_off => "Copied or downloaded, and verified. The old one is disabled already.",
        (true, true) => "Copied or downloaded, and verified. When it is in place, disable the old one.",
    }
}

/// Returns why a token of this name cannot be rotated; `None` if it can.
pub fn unfit_name(name: &str) -> Option<String> {
    (name.chars().count() < NAME_MIN)
        .then(|| format!("Names need at least {NAME_MIN} characters. Give this token a longer name first."))
}

/// Returns the warning when the credential token is replaced.
pub fn credential_token_warning(goes_on: bool) -> &'static str {
    if goes_on {
        "You are signed in with this token. Before it is disabled, this session switches to the new one."
    } else {
        "You are signed in with this token. When it is disabled, your session ends, and you have to sign in \
         again."
    }
}

#[cfg(test)]
mod words_tests {
    use super::*;
    use crate::{
        api::Token,
        collection::name_search::Found,
        tokens::model::{
            edit::Values,
            rotation::{Answer, is_as_before, offers, sample},
        },
    };

    fn rotation(urgent: bool, old: Option<(&str, bool)>, new: Option<bool>) -> Rotation {
        let record =
            Record { begun: true, new: new.map(|_| 60), ..Record::new(&sample(), "2026-11-25", urgent) };
        let mut rotation = Rotation::new(record);
        let mut tell = |id, values: Option<(&str, bool)>| {
            let answer = match values {
                Some((name, enabled)) => Answer::Token(id, Values { name: name.into(), enabled }),
                None => return,
            };
            rotation.answered(&Ask::Read(id), answer).unwrap();
        };
        tell(5, old);
        tell(60, new.map(|enabled| ("ci", enabled)));
        rotation
    }

    #[test]
    fn where_nothing_works_that_is_said() {
        for rotation in [
            rotation(true, Some(("ci", false)), None),
            rotation(true, Some(("ci (rotated)", false)), Some(false)),
        ] {
            assert!(standing(&rotation).contains("does not work"), "{}", standing(&rotation));
        }
    }

    #[test]
    fn both_are_told_apart_by_their_names() {
        let both = rotation(false, Some(("ci (rotated 2026-11-25)", true)), Some(true));
        assert_eq!(
            standing(&both),
            "Both tokens work: “ci” is the new one, “ci (rotated 2026-11-25)” the old one."
        );
        assert_eq!(offers(&both), [Offer::Go(Goal::Disable), Offer::Go(Goal::Undo)]);
    }

    #[test]
    fn a_half_undone_rotation_is_called_so() {
        let mut half = rotation(false, Some(("ci (rotated)", true)), None);
        half.begin(Goal::Undo, Vec::new());
        half.answered(&Ask::Read(5), Answer::Token(5, Values { name: "ci (rotated)".into(), enabled: true }))
            .unwrap();
        assert!(standing(&half).ends_with("Undoing the rotation has begun but is not finished."));
        assert_eq!(offers(&half).first(), Some(&Offer::Go(Goal::Undo)));
    }

    #[test]
    fn undoing_names_what_stops_and_what_works_again() {
        let half = rotation(true, Some(("ci (rotated 2026-11-25)", false)), Some(true));
        assert_eq!(
            undoing(&half, Some(60), true),
            [
                "The old token works again, also for anyone it was leaked to.",
                "This session goes back to the old token.",
                "The new token “ci” (ID 60) is deleted: whatever already uses it stops working.",
                "The old token gets its name “ci” back.",
            ]
        );
        assert!(undoing(&half, None, false)[1].contains("is disabled and renamed"));
        let as_before = rotation(false, Some(("ci", true)), None);
        assert_eq!(undoing(&as_before, None, true), [""; 0]);
        assert!(is_as_before(&as_before));
        for half in [("ci", false), ("ci (rotated)", true)] {
            assert!(!is_as_before(&rotation(false, Some(half), None)), "{half:?}");
        }
        assert!(!is_as_before(&rotation(false, Some(("ci", true)), Some(true))));
    }

    /// The names are the server's, and the question names what it is about.
    #[test]
    fn other_names_than_the_rotation_gave_are_said() {
        let mut both = rotation(false, Some(("prod-db", true)), Some(true));
        let renamed = Values { name: "payments-live".into(), enabled: true };
        both.answered(&Ask::Read(60), Answer::Token(60, renamed)).unwrap();
        assert_eq!(
            standing(&both),
            "Both tokens work: “payments-live” is the new one, “prod-db” the old one. Somebody renamed the new one to \
             “payments-live”, or its ID (60) belongs to another token by now. Somebody renamed the old one to \
             “prod-db”, or its ID (5) belongs to another token by now."
        );
        assert_eq!(
            undoing(&both, None, true),
            [
                "The new token “payments-live” (ID 60) is deleted: whatever already uses it stops working.",
                "The old token “prod-db” (ID 5) gets its name “ci” back.",
            ]
        );
        let (title, _) = stuck(&Stuck::Renamed(60, "payments-live".into()), both.record()).unwrap();
        assert_eq!(title, "The new token (ID 60) is named “payments-live” now.");
    }

    /// A creation that was not found may still arrive.
    #[test]
    fn that_there_is_no_new_token_is_not_claimed_while_one_may_be_created() {
        for (enabled, expected) in [
            (true, ". The old one works, under the name “ci (rotated 2026-11-25)”."),
            (false, ", and the old one is disabled: whatever uses it does not work."),
        ] {
            let record = Record { begun: true, sent: true, ..Record::new(&sample(), "2026-11-25", false) };
            let mut rotation = Rotation::new(record);
            let old = Values { name: "ci (rotated 2026-11-25)".into(), enabled };
            rotation.answered(&Ask::Read(5), Answer::Token(5, old)).unwrap();
            assert_eq!(rotation.standing(), Standing::InDoubt);
            rotation.answered(&Ask::Find, Answer::Found(Found::No)).unwrap();
            assert_eq!(
                standing(&rotation),
                format!("No new token was found (the server may still be creating it){expected}")
            );
        }
    }

    #[test]
    fn nobody_is_told_to_disable_what_is_disabled() {
        let told = |standing| hand_over(true, true, standing);
        assert!(told(Standing::Both).ends_with("disable the old one."));
        for standing in [Standing::OnlyNew, Standing::BothDisabled] {
            assert!(told(standing).ends_with("The old one is disabled already."));
        }
    }

    /// Undoing does not enable a token that was disabled before the rotation, and says so.
    #[test]
    fn undoing_leaves_a_token_disabled_that_was_so_before() {
        let was_disabled = |old: Option<bool>, new: Option<TokenId>| {
            let token = Token { enabled: false, ..sample() };
            let record = Record { begun: true, new, ..Record::new(&token, "2026-11-25", false) };
            let mut rotation = Rotation::new(record);
            if let Some(enabled) = old {
                let values = Values { name: "ci".into(), enabled };
                rotation.answered(&Ask::Read(5), Answer::Token(5, values)).unwrap();
            }
            rotation
        };
        let as_before = was_disabled(Some(false), None);
        assert!(is_as_before(&as_before) && undoing(&as_before, None, true).is_empty());
        let enabled = was_disabled(Some(true), None);
        assert!(!is_as_before(&enabled));
        assert_eq!(
            undoing(&enabled, None, true),
            ["The old token is disabled, as it was before the rotation."]
        );
        assert_eq!(
            undoing(&was_disabled(None, None), None, true)[0],
            "The old token is disabled if it is enabled, as it was before the rotation."
        );
        let own = undoing(&was_disabled(Some(false), Some(60)), Some(60), true);
        assert!(own.len() == 1 && own[0].starts_with("Nothing yet"), "{own:?}");
        assert_eq!(
            undone(as_before.record(), "ci"),
            "The old token has its name “ci” and is disabled, as before."
        );
    }

    #[test]
    fn what_could_not_be_looked_at_is_asked_about_before_it_is_undone() {
        let unread = rotation(true, None, Some(true));
        assert!(!is_as_before(&unread));
        assert_eq!(
            undoing(&unread, None, true),
            [
                "The old token works again if it is disabled, also for anyone it was leaked to.",
                "The new token “ci” (ID 60) is deleted: whatever already uses it stops working.",
                "The old token gets its name “ci” back if it was renamed.",
            ]
        );
        assert!(!is_as_before(&rotation(false, None, None)));
    }

    #[test]
    fn undoing_deletes_what_was_perhaps_created() {
        let mut in_doubt = rotation(false, Some(("ci", true)), None);
        in_doubt.sending(&Ask::Create(32));
        assert_eq!(in_doubt.standing(), Standing::InDoubt);
        assert!(!is_as_before(&in_doubt));
        let said = undoing(&in_doubt, None, true);
        assert!(said.len() == 1 && said[0].contains("If it was created, it is deleted"), "{said:?}");
    }

    #[test]
    fn a_deed_is_named_by_what_changes() {
        let change = |seen: bool, wanted: bool| Ask::Change {
            id: 5,
            seen: Values { name: "ci".into(), enabled: seen },
            wanted: Values { name: "ci".into(), enabled: wanted },
        };
        assert_eq!(deed(&change(true, false)).unwrap().0, "Disabled");
        assert_eq!(deed(&change(false, true)).unwrap().0, "Enabled");
        let rename = Ask::Change {
            id: 5,
            seen: Values { name: "ci".into(), enabled: true },
            wanted: Values { name: "cj".into(), enabled: true },
        };
        assert_eq!((deed(&rename).unwrap().0, act(&rename)), ("Renamed", FailedAction::SaveToken));
        assert_eq!(deed(&Ask::Find), None);
    }
}
