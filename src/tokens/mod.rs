//! The feature: API tokens. What to send, what an answer means for a form, what may be offered are pure
//! functions in [`model`]; the screens render state and send intentions.

mod created_screen;
mod delete_dialog;
mod details;
mod details_cost;
mod facts;
mod kept_draft;
mod list_filters;
mod list_pager;
mod list_query;
mod list_screen;
mod list_state;
mod list_table;
mod listing;
pub mod model;
mod new_screen;
mod open_by_id;
mod owner_field;
mod owners;
mod save;
mod session_badge;
mod token_form;
mod token_screen;
mod unsure;

use leptos::prelude::*;

use crate::{
    api::TokenId,
    session::{Session, permissions},
    ui::follow,
};

pub use details::RowDetails;
pub use kept_draft::forget_drafts_of_others;
pub use list_screen::ListScreen;
pub use listing::Listing;
pub use new_screen::NewScreen;
pub use owners::Owners;
pub use token_screen::TokenScreen;

/// Why an act is not offered at the moment, in words; nothing if it is.
fn blocked(session: Session, act: model::gate::Act, subject: permissions::Subject) -> Signal<Option<String>> {
    Signal::derive(move || {
        let permissions = session.permissions();
        follow(&permissions);
        act.blocked(permissions.with_untracked(|p| p.of(subject)))
    })
}

/// How messages and the activity list call a token: names are unique per owner only.
fn subject(name: &str, id: TokenId) -> String {
    format!("{name} (ID {id})")
}
