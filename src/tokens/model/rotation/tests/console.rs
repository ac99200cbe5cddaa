//! A page with a rotation, and what it stores.

use super::*;

/// The end of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Reached,
    Stuck(Stuck),
    Reloaded,
}

/// The console: its state in memory, and the stored record.
pub(super) struct Console {
    pub(super) rotation: Rotation,
    pub(super) kept: String,
    /// The number of requests that were sent.
    pub(super) sent: usize,
    /// The name under which each token was last read.
    pub(super) read: BTreeMap<TokenId, String>,
    /// The names that the user has seen or confirmed, and those that the rotation gave.
    pub(super) known: BTreeSet<(TokenId, String)>,
    /// What the user has confirmed for the next run.
    pub(super) confirmed: Vec<(TokenId, String)>,
}

impl Console {
    pub(super) fn new(urgent: bool) -> Self {
        Self::with(&sample(), urgent)
    }

    /// Begins a rotation of the token as the page has loaded it.
    pub(super) fn with(token: &Token, urgent: bool) -> Self {
        let rotation = Rotation::new(Record::new(token, "2026-11-24", urgent));
        let known = BTreeSet::from([(OLD, token.name.clone())]);
        let (kept, read, confirmed) = (String::new(), BTreeMap::new(), Vec::new());
        let mut console = Self { rotation, kept, sent: 0, read, known, confirmed };
        console.keep();
        console
    }

    pub(super) fn keep(&mut self) {
        let mut records = Records::new("user 3");
        records.put(self.rotation.record().clone());
        self.kept = records.write().expect("one record");
    }

    /// Drops everything except the stored record.
    pub(super) fn reload(&mut self) {
        let records = Records::read(&self.kept, "user 3");
        self.rotation = Rotation::new(records.of(OLD).expect("a record").clone());
    }

    pub(super) fn run(
        &mut self,
        goal: Goal,
        world: &mut World,
        mut fault: impl FnMut() -> Fault,
        mut other: impl FnMut() -> Other,
        check: impl Fn(&World, &Ask),
    ) -> End {
        let confirmed = self.confirmed.drain(..).collect();
        self.rotation.begin(goal, confirmed);
        self.keep();
        for _ in 0..MANY {
            let ask = match self.rotation.next(goal, world.own) {
                Next::Ask(ask) => ask,
                Next::Reached => {
                    // The screen shows the old token as it is.
                    self.known.insert((OLD, self.rotation.record().name.clone()));
                    return End::Reached;
                }
                Next::Stuck(why) => return End::Stuck(why),
            };
            self.rotation.sending(&ask);
            self.keep();
            self.sent += 1;
            self.check_is_known(&ask);
            let fault = fault();
            world.name.clone_from(&self.rotation.record().name);
            world.new = self.rotation.record().new;
            let answer = world.answer(&ask, fault);
            if let Answer::Token(id, values) = &answer {
                self.read.insert(*id, values.name.clone());
            }
            check(world, &ask);
            if fault == Fault::Reload {
                self.reload();
                return End::Reloaded;
            }
            let after = self.rotation.answered(&ask, answer);
            self.keep();
            if let Err(why) = after {
                return End::Stuck(why);
            }
            world.new = self.rotation.record().new;
            world.interfere(other());
        }
        panic!("{goal:?} goes round in circles: {:?}", self.rotation);
    }

    /// Checks that no token is deleted or changed that has neither a name that the rotation gave it nor one under which
    /// the user has seen or confirmed it. Notes the name that it gets.
    pub(super) fn check_is_known(&mut self, ask: &Ask) {
        let (Ask::Change { id, .. } | Ask::Delete(id)) = ask else { return };
        let record = self.rotation.record();
        if *id != OLD {
            self.known.insert((*id, record.name.clone()));
        }
        let read = self.read.get(id).expect("a look").clone();
        assert!(self.known.contains(&(*id, read.clone())), "{ask:?}: nobody has confirmed {read}");
        if let Ask::Change { wanted, .. } = ask {
            self.known.insert((*id, wanted.name.clone()));
        }
    }

    /// Whether the run has ended because a token has another name than expected. Then the user confirms the token.
    pub(super) fn confirms(&mut self, end: &End) -> bool {
        let End::Stuck(Stuck::Renamed(id, name)) = end else { return false };
        let renamed = (*id, name.clone());
        self.known.insert(renamed.clone());
        self.confirmed = self.rotation.confirmed().to_vec();
        self.confirmed.push(renamed);
        true
    }

    /// Pursues a goal, and confirms each token that has another name than expected.
    pub(super) fn run_confirming(
        &mut self,
        goal: Goal,
        world: &mut World,
        mut fault: impl FnMut() -> Fault,
        mut other: impl FnMut() -> Other,
        check: impl Fn(&World, &Ask),
    ) -> End {
        for _ in 0..MANY {
            let end = self.run(goal, world, &mut fault, &mut other, &check);
            if !self.confirms(&end) {
                return end;
            }
        }
        panic!("{goal:?} asks again and again: {:?}", self.rotation);
    }

    pub(super) fn calmly_confirming(&mut self, goal: Goal, world: &mut World) -> End {
        self.run_confirming(goal, world, || Fault::None, || Other::Nothing, |_, _| ())
    }

    pub(super) fn calmly(&mut self, goal: Goal, world: &mut World) -> End {
        self.run(goal, world, || Fault::None, || Other::Nothing, |_, _| ())
    }

    /// Pursues the creation, whose request meets a fault: the fourth one, after a look, the renaming and the measuring.
    pub(super) fn create_with(&mut self, fault: Fault, world: &mut World) -> End {
        let mut faults = [Fault::None, Fault::None, Fault::None, fault].into_iter();
        let next = || faults.next().unwrap_or(Fault::None);
        self.run(Goal::Create, world, next, || Other::Nothing, |_, _| ())
    }

    /// Marks the new secret as handed over and verified.
    pub(super) fn hand_over(&mut self) {
        self.rotation.hand_over();
        self.rotation.verified();
        self.keep();
    }

    pub(super) fn finish(&mut self, world: &mut World) {
        assert_eq!(self.calmly_confirming(Goal::Create, world), End::Reached);
        self.hand_over();
        assert_eq!(self.calmly(Goal::Disable, world), End::Reached);
        if world.may_delete {
            assert_eq!(self.calmly(Goal::Delete, world), End::Reached);
        }
    }
}
