//! What may be done with a rotation, depending on how it stands.

use super::{Goal, Rotation, Seen, Standing};

/// Something to press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// To a goal.
    Go(Goal),
    /// Both tokens stay as they are, and the rotation has ended.
    Keep,
    /// The console forgets the rotation; nothing is changed on the server.
    Forget,
}

/// What is offered, the way forward first. Taking it back is offered as long as there is an old token to go back to.
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
    // Whoever began to take it back most likely wants that.
    let (before, after): (&[Offer], &[Offer]) = match rotation.old() {
        Seen::Gone => (&[], &[]),
        _ if rotation.record().undoing => (&[Go(Goal::Undo)], &[]),
        _ => (&[], &[Go(Goal::Undo)]),
    };
    [before, forward, after].concat()
}

/// Whether all is as it was before the rotation, by having looked: then undoing takes nothing back, and is not asked about.
pub fn is_as_before(rotation: &Rotation) -> bool {
    let record = rotation.record();
    let is_old_as_before = rotation.old().values().is_some_and(|old| old.enabled && old.name == record.name);
    is_old_as_before && record.new.is_none() && !record.sent
}
