//! One of several tabs with the same rotation.

use super::*;

/// One of two tabs that share what is stored of the rotation.
pub(super) struct Tab {
    pub(super) rotation: Rotation,
    /// The record that this tab has last loaded or stored.
    pub(super) known: Record,
    pub(super) goal: Option<Goal>,
    /// The request in flight, and the answer that is to arrive; `None` if the server has not carried it out yet.
    pub(super) in_flight: Option<(Ask, Option<Answer>)>,
}

impl Tab {
    pub(super) fn new(record: &Record) -> Self {
        Self { rotation: Rotation::new(record.clone()), known: record.clone(), goal: None, in_flight: None }
    }

    /// Stores the record, if no other tab has gone on. Otherwise ends the run.
    pub(super) fn keep(&mut self, stored: &mut Option<Record>) -> bool {
        let merged = merge(Some(&self.known), stored.as_ref(), self.rotation.record());
        let is_own = merged.is_ok();
        match merged {
            Ok(record) => {
                self.rotation.add_hand_over(&record);
                self.known.clone_from(&record);
                *stored = Some(record);
            }
            Err(theirs) => {
                *stored = theirs;
                self.goal = None;
            }
        }
        is_own
    }

    pub(super) fn begin(&mut self, goal: Goal, stored: &mut Option<Record>) {
        let Some(record) = stored.as_ref().filter(|_| self.goal.is_none() && self.in_flight.is_none()) else {
            return;
        };
        *self = Self::new(record);
        self.rotation.begin(goal, Vec::new());
        if self.keep(stored) {
            self.goal = Some(goal);
        }
    }

    /// Takes the answer that is to arrive. If there is none, sends the next request, which a slow server carries out only
    /// just before it answers.
    pub(super) fn step(&mut self, stored: &mut Option<Record>, world: &mut World, is_slow: bool) {
        if let Some((ask, answer)) = self.in_flight.take() {
            let answer = answer.unwrap_or_else(|| world.carry_out(&ask));
            if self.goal.is_some() {
                let after = self.rotation.answered(&ask, answer);
                if self.keep(stored) && after.is_err() {
                    self.goal = None;
                }
            }
            return;
        }
        let Some(goal) = self.goal else { return };
        match self.rotation.next(goal, world.own) {
            Next::Ask(ask) => {
                self.rotation.sending(&ask);
                if self.keep(stored) {
                    let answer = (!is_slow).then(|| world.carry_out(&ask));
                    self.in_flight = Some((ask, answer));
                }
            }
            Next::Reached => {
                self.goal = None;
                if goal == Goal::Undo || self.rotation.standing() == Standing::Replaced {
                    *stored = None;
                }
            }
            Next::Stuck(_) => self.goal = None,
        }
    }
}
