//! The five steps of a rotation, as the screen lists them.

use super::{Record, Rotation, Seen};

/// A step of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rename the old token.
    Rename,
    /// Create the new token under the proper name.
    Create,
    /// Hand the new secret over to where it is used, and verify it.
    HandOver,
    /// Disable the old token.
    Disable,
    /// Delete the old token.
    Delete,
}

/// The progress of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// The step is done, whoever did it.
    Done,
    /// The first step that is not done.
    Now,
    /// A later step.
    Ahead,
}

impl Step {
    /// Returns all steps in their order. In the urgent order, disabling comes first.
    pub const fn in_order(urgent: bool) -> [Self; 5] {
        if urgent {
            [Self::Disable, Self::Rename, Self::Create, Self::HandOver, Self::Delete]
        } else {
            [Self::Rename, Self::Create, Self::HandOver, Self::Disable, Self::Delete]
        }
    }

    fn is_done(self, rotation: &Rotation) -> bool {
        let Record { name, begun, new, sent, handed, verified, .. } = rotation.record();
        match self {
            Self::Rename => match rotation.old() {
                Seen::Unread => new.is_some() || *sent,
                Seen::Gone => true,
                // Before it begins, another name is somebody else's doing.
                Seen::There(old) => *begun && old.name != *name,
            },
            Self::Create => new.is_some(),
            Self::HandOver => new.is_some() && *handed && *verified,
            Self::Disable => match rotation.old() {
                Seen::Unread => false,
                Seen::Gone => true,
                Seen::There(old) => !old.enabled,
            },
            Self::Delete => *rotation.old() == Seen::Gone,
        }
    }
}

/// Returns the steps in their order with their progress. A step is done if the two tokens show it, whoever did it.
pub fn steps(rotation: &Rotation) -> [(Step, StepState); 5] {
    let mut is_current_found = false;
    Step::in_order(rotation.record().is_urgent()).map(|step| {
        let progress = match step.is_done(rotation) {
            true => StepState::Done,
            false if is_current_found => StepState::Ahead,
            false => StepState::Now,
        };
        is_current_found |= progress == StepState::Now;
        (step, progress)
    })
}

#[cfg(test)]
mod steps_tests {
    use super::*;
    use crate::tokens::model::{
        edit::Values,
        rotation::{Answer, Ask, sample},
    };

    fn rotation(urgent: bool, new: Option<i64>, old: (&str, bool)) -> Rotation {
        let record = Record { begun: true, new, ..Record::new(&sample(), "2026-11-25", urgent) };
        let mut rotation = Rotation::new(record);
        let old = Values { name: old.0.into(), enabled: old.1 };
        rotation.answered(&Ask::Read(5), Answer::Token(5, old)).unwrap();
        rotation
    }

    fn now(rotation: &Rotation) -> Option<Step> {
        steps(rotation).into_iter().find(|(_, progress)| *progress == StepState::Now).map(|(step, _)| step)
    }

    #[test]
    fn what_is_next_is_the_first_that_is_not_done() {
        assert_eq!(now(&rotation(false, None, ("ci", true))), Some(Step::Rename));
        assert_eq!(now(&rotation(false, None, ("ci (rotated)", true))), Some(Step::Create));
        let mut both = rotation(false, Some(60), ("ci (rotated)", true));
        assert_eq!(now(&both), Some(Step::HandOver));
        both.hand_over();
        assert_eq!(now(&both), Some(Step::HandOver), "not verified yet");
        both.verified();
        assert_eq!(now(&both), Some(Step::Disable));
    }

    #[test]
    fn what_others_renamed_before_it_began_is_no_step() {
        let record = Record::new(&sample(), "2026-11-25", false);
        let mut rotation = Rotation::new(record);
        let old = Values { name: "theirs".into(), enabled: true };
        rotation.answered(&Ask::Read(5), Answer::Token(5, old)).unwrap();
        assert_eq!(now(&rotation), Some(Step::Rename));
    }

    #[test]
    fn in_the_urgent_order_disabling_is_first() {
        assert_eq!(now(&rotation(true, None, ("ci", true))), Some(Step::Disable));
        assert_eq!(now(&rotation(true, None, ("ci", false))), Some(Step::Rename));
        assert_eq!(now(&rotation(true, Some(60), ("ci (rotated)", false))), Some(Step::HandOver));
    }

    #[test]
    fn nothing_is_next_when_the_old_one_is_gone() {
        let mut done = rotation(false, Some(60), ("ci (rotated)", false));
        done.hand_over();
        done.verified();
        assert_eq!(now(&done), Some(Step::Delete));
        done.answered(&Ask::Delete(5), Answer::Done).unwrap();
        assert_eq!(now(&done), None);
    }
}
