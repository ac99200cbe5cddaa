//! A rotation in words.

use super::{Ask, Goal, Offer, Record, Rotation, Standing, Step, Stuck};
use crate::{
    api::TokenId,
    failure::Act,
    tokens::model::{
        draft::NAME_MIN,
        name::{isolated, shortened},
    },
};

/// Returns the state of the rotation in a sentence or two.
pub fn standing(rotation: &Rotation) -> String {
    let Record { name, handed, undoing, .. } = rotation.record();
    let old_name = rotation.old().values().map_or("", |old| old.name.as_str());
    let is_own_name = old_name == name;
    let (name, old_name) = (isolated(name), isolated(old_name));
    let mut said = match rotation.standing() {
        Standing::Unread => "It is not known yet how the two tokens are.".to_owned(),
        Standing::InDoubt => {
            "The new token was asked for, and it is not known yet whether it was created.".to_owned()
        }
        Standing::OnlyOld if is_own_name => {
            format!("There is no new token. The old one works, under its own name “{name}”.")
        }
        Standing::OnlyOld => {
            format!("There is no new token yet. The old one works, under the name “{old_name}”.")
        }
        Standing::Nothing => {
            "There is no new token yet, and the old one is disabled: nothing works that uses it.".to_owned()
        }
        Standing::Both => format!("Both tokens work: “{name}” is the new one, “{old_name}” the old one."),
        Standing::NewDisabled => "The old token works. The new one is disabled.".to_owned(),
        Standing::OnlyNew => {
            "The new token works. The old one is disabled: what still uses it is refused.".to_owned()
        }
        Standing::BothDisabled => "Both tokens are disabled: nothing works that uses them.".to_owned(),
        Standing::Replaced => "The new token works. The old one is deleted.".to_owned(),
        Standing::ReplacedDisabled => "The old token is deleted, and the new one is disabled.".to_owned(),
        Standing::AllGone => "Both tokens are deleted.".to_owned(),
    };
    if *undoing {
        said.push_str(" Taking the rotation back has begun, and is not done.");
    } else if rotation.standing() == Standing::OnlyNew && !handed {
        said.push_str(" Nobody has taken the new one along yet.");
    }
    said
}

/// Returns the line of a step.
pub fn step(step: Step, record: &Record) -> String {
    match step {
        Step::Rename => format!("Rename the old token to “{}”", isolated(&record.parked)),
        Step::Create => format!("Create the new token “{}”", isolated(&record.name)),
        Step::HandOver => "Hand the new token over and verify it".into(),
        Step::Disable if record.urgent => "Disable the old token at once".into(),
        Step::Disable => "Disable the old token".into(),
        Step::Delete => "Delete the old token, when nothing misses it".into(),
    }
}

/// Returns the label of a button.
pub const fn offer(offer: Offer) -> &'static str {
    match offer {
        Offer::Go(Goal::Look) => "Look again",
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
        Ask::Read(id) if *id != record.old => "Looking at the new token",
        Ask::Read(_) | Ask::Measure => "Looking at the old token",
        Ask::Find => "Looking for the name among the owner's tokens",
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
        Ask::CarryOver(_) => "Moving this session to the other token",
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
        Ask::CarryOver(_) => Some(("Moved this session to", "Tried to move this session to")),
    }
}

/// Returns the act of the console that a request counts as, for the words of its failure.
pub fn act(ask: &Ask) -> Act {
    match ask {
        Ask::Read(_) => Act::ReadToken,
        Ask::Find => Act::ListTokens,
        Ask::Measure => Act::ReadSecret,
        Ask::Create(_) => Act::CreateToken,
        Ask::Change { seen, wanted, .. } if seen.name != wanted.name => Act::SaveToken,
        Ask::Change { .. } => Act::SaveStatus,
        Ask::Delete(_) => Act::DeleteToken,
        Ask::CarryOver(_) => Act::CarryOver,
    }
}

/// Returns why the rotation does not continue, and what to do about it; `None` for a failed request, whose [`Act`]
/// has the words.
pub fn stuck(why: &Stuck, record: &Record) -> Option<(String, &'static str)> {
    let name = shortened(&record.name);
    Some(match why {
        Stuck::Failed(_) => return None,
        Stuck::Ignored => (
            "The server answered as if all was well, but changed nothing.".into(),
            "Try again, or tell whoever runs the server.",
        ),
        Stuck::InDoubt => (
            format!("It was not found out whether there is a token named “{name}”."),
            "The owner's list kept changing, or could not be read to its end. Nothing more is created before that is \
             known: look again.",
        ),
        Stuck::NameTaken(id) => (
            format!("Another token is named “{name}” (ID {id})."),
            "Somebody made it meanwhile, or it is the new one and the answer got lost. If it is, go on with it. If \
             not, give it another name on its page, then try again here.",
        ),
        Stuck::NoNew => ("There is no new token any more.".into(), "Create one, or undo the rotation."),
        Stuck::NotHandedOver => (
            "The new token was not handed over and verified yet.".into(),
            "Take it to where it is used and verify it before the old one is disabled.",
        ),
        Stuck::NewDisabled => (
            "The new token is disabled.".into(),
            "Somebody has disabled it. Enable it, or undo the rotation.",
        ),
        Stuck::OldEnabled => (
            "The old token is enabled.".into(),
            "Somebody has enabled it again. Disable it before it is deleted.",
        ),
        Stuck::OldGone => {
            ("The old token is gone.".into(), "Somebody has deleted it, so there is nothing to go back to.")
        }
    })
}

/// Returns what undoing does now, one sentence per act, in order. A sentence has an "if" where the old token could
/// not be read or it is not known whether there is a new one. `own` is the session's own token; `may_delete` is
/// whether the server allows the user to delete the new one, as far as known.
pub fn undoing(rotation: &Rotation, own: Option<TokenId>, may_delete: bool) -> Vec<String> {
    let record = rotation.record();
    let mut said = Vec::new();
    let old = rotation.old().values();
    if old.is_none_or(|old| !old.enabled) {
        let unread = if old.is_none() { " if it is disabled" } else { "" };
        let leaked = if record.urgent { ", also for whoever has it and should not" } else { "" };
        said.push(format!("The old token works again{unread}{leaked}."));
    }
    if let Some(new) = record.new {
        if own == Some(new) {
            said.push("This session goes back to the old token.".into());
        }
        let how = if may_delete { "deleted" } else { "disabled and renamed, since you may not delete it" };
        said.push(format!("The new token (ID {new}) is {how}: what uses it already stops working."));
    } else if record.sent {
        said.push(
            "The new token is looked for. If it was created, it is deleted, or disabled and renamed where you may not \
             delete it: what uses it already stops working."
                .into(),
        );
    }
    if old.is_none_or(|old| old.name != record.name) {
        let unread = if old.is_none() { " if it has another" } else { "" };
        said.push(format!("The old token gets its name “{}” back{unread}.", isolated(&record.name)));
    }
    said
}

/// Returns how far the hand-over is, and what is left to do.
pub const fn hand_over(handed: bool, verified: bool) -> &'static str {
    match (handed, verified) {
        (false, false) => "Copy or download it and put it where the old one is used. Then verify it.",
        (true, false) => "Copied or downloaded. When it is where the old one is used, verify it.",
        (false, true) => "Verified. Copy or download it and put it where the old one is used.",
        (true, true) => {
            "Copied or downloaded, and verified. When it is where the old one is used, disable that."
        }
    }
}

/// Returns why a token of this name cannot be rotated; `None` if it can.
pub fn unfit_name(name: &str) -> Option<String> {
    (name.chars().count() < NAME_MIN).then(|| {
        format!(
            "The new token would need at least {NAME_MIN} characters for a name. Give this one a longer name first."
        )
    })
}

/// Returns the warning when the session's own token is replaced.
pub fn own_warning(goes_on: bool) -> &'static str {
    if goes_on {
        "You are signed in with this token. Before it is disabled, this session goes on with the new one."
    } else {
        "You are signed in with this token. When it is disabled, your session ends, and you have to sign in with \
         another one."
    }
}

#[cfg(test)]
mod words_tests {
    use super::*;
    use crate::tokens::model::{
        edit::Values,
        rotation::{Answer, is_as_before, offers, sample},
    };

    fn rotation(urgent: bool, old: Option<(&str, bool)>, new: Option<bool>) -> Rotation {
        let record = Record { new: new.map(|_| 60), ..Record::new(&sample(), "2026-11-25", urgent) };
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
            assert!(standing(&rotation).contains("nothing works"), "{}", standing(&rotation));
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
        half.begin(Goal::Undo);
        half.answered(&Ask::Read(5), Answer::Token(5, Values { name: "ci (rotated)".into(), enabled: true }))
            .unwrap();
        assert!(standing(&half).ends_with("Taking the rotation back has begun, and is not done."));
        assert_eq!(offers(&half).first(), Some(&Offer::Go(Goal::Undo)));
    }

    #[test]
    fn undoing_names_what_stops_and_what_works_again() {
        let half = rotation(true, Some(("ci (rotated)", false)), Some(true));
        assert_eq!(
            undoing(&half, Some(60), true),
            [
                "The old token works again, also for whoever has it and should not.",
                "This session goes back to the old token.",
                "The new token (ID 60) is deleted: what uses it already stops working.",
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

    #[test]
    fn what_could_not_be_looked_at_is_asked_about_before_it_is_undone() {
        let unread = rotation(true, None, Some(true));
        assert!(!is_as_before(&unread));
        assert_eq!(
            undoing(&unread, None, true),
            [
                "The old token works again if it is disabled, also for whoever has it and should not.",
                "The new token (ID 60) is deleted: what uses it already stops working.",
                "The old token gets its name “ci” back if it has another.",
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
        assert_eq!((deed(&rename).unwrap().0, act(&rename)), ("Renamed", Act::SaveToken));
        assert_eq!(deed(&Ask::Find), None);
    }
}
