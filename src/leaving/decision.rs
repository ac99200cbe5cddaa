//! Whether the user may leave at once or is asked first. Pure.

/// Where the user wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish<A> {
    /// To an address of the console, by a link.
    Address(String),
    /// To another entry of the tab's history, by the browser's back or forward.
    Entry,
    /// To the result of an act, such as signing out.
    Act(A),
}

/// What to do about a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<A> {
    /// Fulfil it: nothing would be lost.
    Go(Wish<A>),
    /// Ask the user first.
    Ask,
}

/// What to do when the browser has moved to another entry of the history. It does not ask first: the address has
/// already changed, the screen has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The screen follows.
    Follow,
    /// The address is set back to that of the screen, and the user is asked.
    PutBack,
}

/// The state of leaving: which wish the user is being asked about, if any.
#[derive(Clone, Debug)]
pub struct Decision<A> {
    wish: Option<Wish<A>>,
    /// Whether the user has agreed to the next move in the history.
    is_agreed: bool,
}

impl<A> Default for Decision<A> {
    fn default() -> Self {
        Self { wish: None, is_agreed: false }
    }
}

impl<A> Decision<A> {
    /// Records that the user wants to go elsewhere. A newer wish replaces the one that is being asked about.
    pub fn wants(&mut self, wish: Wish<A>, has_unsaved: bool) -> Verdict<A> {
        if has_unsaved {
            self.wish = Some(wish);
            Verdict::Ask
        } else {
            self.wish = None;
            Verdict::Go(wish)
        }
    }

    /// Records that the browser has moved to another entry of the history.
    pub fn moved(&mut self, has_unsaved: bool) -> Moved {
        if std::mem::take(&mut self.is_agreed) {
            return Moved::Follow;
        }
        match self.wants(Wish::Entry, has_unsaved) {
            Verdict::Go(_) => Moved::Follow,
            Verdict::Ask => Moved::PutBack,
        }
    }

    /// Whether a question is pending.
    pub const fn is_asking(&self) -> bool {
        self.wish.is_some()
    }

    /// Drops the wish: "Stay" was chosen, or there is nothing to lose any more.
    pub fn stay(&mut self) {
        self.wish = None;
    }

    /// Returns the wish, to be fulfilled now: "Leave" was chosen. `None` if no question is pending.
    pub fn leave(&mut self) -> Option<Wish<A>> {
        let wish = self.wish.take()?;
        self.is_agreed = matches!(wish, Wish::Entry);
        Some(wish)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link() -> Wish<()> {
        Wish::Address("/tokens".into())
    }

    #[test]
    fn nobody_is_asked_without_need() {
        let mut decision = Decision::default();
        assert_eq!(decision.wants(link(), false), Verdict::Go(link()));
        assert_eq!(decision.moved(false), Moved::Follow);
        assert!(!decision.is_asking());
        assert_eq!(decision.leave(), None);
    }

    #[test]
    fn what_was_wanted_is_done_after_leave_and_not_after_stay() {
        let mut decision = Decision::default();
        assert_eq!(decision.wants(link(), true), Verdict::Ask);
        decision.stay();
        assert_eq!(decision.leave(), None);
        assert_eq!(decision.wants(link(), true), Verdict::Ask);
        assert_eq!(decision.leave(), Some(link()));
        assert!(!decision.is_asking());
    }

    #[test]
    fn the_move_that_was_agreed_to_is_followed_once() {
        let mut decision = Decision::<()>::default();
        assert_eq!(decision.moved(true), Moved::PutBack);
        assert_eq!(decision.leave(), Some(Wish::Entry));
        assert_eq!(decision.moved(true), Moved::Follow);
        assert_eq!(decision.moved(true), Moved::PutBack);
    }

    #[test]
    fn the_last_wish_counts() {
        let mut decision = Decision::default();
        decision.wants(link(), true);
        assert_eq!(decision.moved(true), Moved::PutBack);
        assert_eq!(decision.leave(), Some(Wish::Entry));
    }

    proptest! {
        /// Whatever is pressed, in whatever order: unsaved work is left by "Leave" only.
        #[test]
        fn unsaved_work_is_left_by_leave_only(steps in prop::collection::vec(0u8..4, 0..40)) {
            let mut decision = Decision::<()>::default();
            let mut agreed = false;
            for step in steps {
                match step {
                    0 => prop_assert_eq!(decision.wants(link(), true), Verdict::Ask),
                    1 => {
                        let followed = decision.moved(true) == Moved::Follow;
                        prop_assert_eq!(followed, agreed);
                        agreed = false;
                    }
                    2 => decision.stay(),
                    _ => {
                        if let Some(wish) = decision.leave() {
                            agreed = wish == Wish::Entry;
                        }
                    }
                }
            }
        }
    }
}
