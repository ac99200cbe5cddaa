//! The actions that a rotation offers, depending on its state.

use super::{Goal, Rotation, Seen, Standing};
use crate::tokens::model::edit::Values;

/// An action, offered as a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Pursue a goal.
    Go(Goal),
    /// Keep both tokens as they are, and end the rotation.
    Keep,
    /// Forget the rotation in the console; nothing changes on the server.
    Forget,
}

/// Returns the actions that are offered, the next step first. Undoing is offered as long as the old token exists.
pub fn offers(rotation: &Rotation) -> Vec<Offer> {
    use Offer::{Forget, Go, Keep};
    let forward: &[Offer] = match rotation.standing() {
        Standing::Unread | Standing::InDoubt => &[Go(Goal::Look)],
        Standing::OnlyOld | Standing::Nothing => &[Go(Goal::Create)],
        Standing::Both => &[Go(Goal::Disable)],
        Standing::NewDisabled => &[Go(Goal::EnableNew)],
        Standing::OnlyNew => &[Go(Goal::Delete), Keep, Go(Goal::EnableOld)],
        Standing::BothDisabled => &[Go(Goal::EnableNew), Go(Goal::EnableOld)],
        Standing::Replaced | Standing::AllGone => &[Forget],
        Standing::ReplacedDisabled => &[Go(Goal::EnableNew), Forget],
    };
    // A user who began to undo most likely wants to continue with that.
    let (before, after): (&[Offer], &[Offer]) = match rotation.old() {
        Seen::Gone => (&[], &[]),
        _ if rotation.record().undoing => (&[Go(Goal::Undo)], &[]),
        _ => (&[], &[Go(Goal::Undo)]),
    };
    [before, forward, after].concat()
}

/// Whether all is as before the rotation, as a look at the tokens showed. Undoing then needs no confirmation, since
/// there is nothing to revert.
pub fn is_as_before(rotation: &Rotation) -> bool {
    let record = rotation.record();
    let is_as_before =
        |old: &Values| !record.begun || (old.enabled == record.was_enabled && old.name == record.name);
    rotation.old().values().is_some_and(is_as_before) && record.new.is_none() && !record.sent
}
