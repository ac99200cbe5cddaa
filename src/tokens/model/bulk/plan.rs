//! Which of the selected tokens a bulk act includes, and why it leaves out the others.

use super::BulkAct;
use crate::{
    api::TokenId,
    session::permissions::{Gate, Permission},
};

/// Why a token is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// The session is signed in with this token, which is never part of a bulk act.
    ThisSession,
    /// The server does not allow it.
    NotPermitted,
}

/// The tokens that a bulk act includes and leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The act.
    pub act: BulkAct,
    /// The tokens that it includes, each once.
    pub included: Vec<TokenId>,
    /// The number of included tokens whose permission is not known. The server decides on these.
    pub unknown: usize,
    /// The tokens that are left out, and why.
    pub excluded: Vec<(TokenId, Exclusion)>,
}

impl Plan {
    /// Makes the plan for a selection of distinct IDs. `credential` is the token that the session is signed
    /// in with, if known.
    pub fn new(
        act: BulkAct,
        selected: impl IntoIterator<Item = TokenId>,
        permission: impl Fn(TokenId) -> Permission,
        credential: Option<TokenId>,
    ) -> Self {
        let mut plan = Self { act, included: Vec::new(), unknown: 0, excluded: Vec::new() };
        for id in selected {
            if credential == Some(id) {
                plan.excluded.push((id, Exclusion::ThisSession));
                continue;
            }
            match permission(id).gate(act.method()) {
                Gate::Refused => plan.excluded.push((id, Exclusion::NotPermitted)),
                Gate::Allowed => plan.included.push(id),
                Gate::Unknown => {
                    plan.unknown += 1;
                    plan.included.push(id);
                }
            }
        }
        plan
    }
}

/// Returns the selected tokens for which `OPTIONS` has to be requested first.
pub fn unasked(
    selected: impl IntoIterator<Item = TokenId>,
    permission: impl Fn(TokenId) -> Permission,
) -> Vec<TokenId> {
    selected.into_iter().filter(|id| !permission(*id).is_asked()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::MethodSet,
        session::permissions::{Permissions, Subject},
    };

    #[test]
    fn a_plan_says_what_is_left_out_and_why() {
        let mut permissions = Permissions::default();
        permissions.answered(Subject::Token(1), Some(MethodSet::parse("GET, PATCH, DELETE")));
        permissions.answered(Subject::Token(2), Some(MethodSet::parse("GET, PATCH")));
        permissions.answered(Subject::Token(3), None);
        let of = |id| permissions.of(Subject::Token(id));
        let delete = Plan::new(BulkAct::Delete, 1..=5, of, Some(5));
        assert_eq!(delete.included, [1, 3, 4]);
        assert_eq!(delete.unknown, 2);
        assert_eq!(delete.excluded, [(2, Exclusion::NotPermitted), (5, Exclusion::ThisSession)]);
        assert_eq!(Plan::new(BulkAct::Disable, 1..=5, of, Some(5)).included, [1, 2, 3, 4]);
        assert_eq!(unasked(1..=5, of), [4, 5]);
    }
}
