//! Why something is not offered.

use leptos::prelude::*;

use crate::{
    session::{Session, permissions::Subject},
    tokens::model::gate::TokenAction,
    ui::follow,
};

/// Returns why an action is not offered at the moment, in words; `None` if it is.
pub fn blocked(session: Session, act: TokenAction, subject: Subject) -> Signal<Option<String>> {
    Signal::derive(move || {
        let permissions = session.permissions();
        follow(&permissions);
        act.blocked(permissions.with_untracked(|p| p.of(subject)))
    })
}
