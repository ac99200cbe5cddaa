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
pub enum Decision<A> {
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
pub struct PendingWish<A> {
    wish: Option<Wish<A>>,
    /// Whether the user has agreed to the next move in the history.
    is_agreed: bool,
}

impl<A> Default for PendingWish<A> {
    fn default() -> Self {
        Self { wish: None, is_agreed: false }
    }
}

impl<A> PendingWish<A> {
    /// Records that the user wants to go elsewhere. A newer wish replaces the one that is being asked about.
    pub fn wants(&mut self, wish: Wish<A>, has_unsaved: bool) -> Decision<A> {
        if has_unsaved {
            self.wish = Some(wish);
            Decision::Ask
        } else {
            self.wish = None;
            Decision::Go(wish)
        }
    }

    /// Records that the browser has moved to another entry of the history.
    pub fn moved(&mut self, has_unsaved: bool) -> Moved {
        if std::mem::take(&mut self.is_agreed) {
            return Moved::Follow;
        }
        match self.wants(Wish::Entry, has_unsaved) {
            Decision::Go(_) => Moved::Follow,
            Decision::Ask => Moved::PutBack,
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
        let mut pending = PendingWish::default();
        assert_eq!(pending.wants(link(), false), Decision::Go(link()));
        assert_eq!(pending.moved(false), Moved::Follow);
        assert!(!pending.is_asking());
        assert_eq!(pending.leave(), None);
    }

    #[test]
    fn what_was_wanted_is_done_after_leave_and_not_after_stay() {
        let mut pending = PendingWish::default();
        assert_eq!(pending.wants(link(), true), Decision::Ask);
        pending.stay();
        assert_eq!(pending.leave(), None);
        assert_eq!(pending.wants(link(), true), Decision::Ask);
        assert_eq!(pending.leave(), Some(link()));
        assert!(!pending.is_asking());
    }

    #[test]
    fn the_move_that_was_agreed_to_is_followed_once() {
        let mut pending = PendingWish::<()>::default();
        assert_eq!(pending.moved(true), Moved::PutBack);
        assert_eq!(pending.leave(), Some(Wish::Entry));
        assert_eq!(pending.moved(true), Moved::Follow);
        assert_eq!(pending.moved(true), Moved::PutBack);
    }

    #[test]
    fn the_last_wish_counts() {
        let mut pending = PendingWish::default();
        pending.wants(link(), true);
        assert_eq!(pending.moved(true), Moved::PutBack);
        assert_eq!(pending.leave(), Some(Wish::Entry));
    }

    proptest! {
        /// Whatever is pressed, in whatever order: unsaved work is left by "Leave" only.
        #[test]
        fn unsaved_work_is_left_by_leave_only(steps in prop::collection::vec(0u8..4, 0..40)) {
            let mut pending = PendingWish::<()>::default();
            let mut agreed = false;
            for step in steps {
                match step {
                    0 => prop_assert_eq!(pending.wants(link(), true), Decision::Ask),
                    1 => {
                        let followed = pending.moved(true) == Moved::Follow;
                        prop_assert_eq!(followed, agreed);
                        agreed = false;
                    }
                    2 => pending.stay(),
                    _ => {
                        if let Some(wish) = pending.leave() {
                            agreed = wish == Wish::Entry;
                        }
                    }
                }
            }
        }
    }
}
