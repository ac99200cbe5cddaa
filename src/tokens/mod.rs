//! The feature: API tokens. What to send, what a response means for a form and what may be offered are pure functions
//! in [`model`]; the screens render state and send intentions.

mod apply;
mod asked_page;
mod back;
mod bulk;
mod conflict_view;
mod created_screen;
mod creating;
mod delete_dialog;
mod deleting;
mod details;
mod details_cost;
mod details_reading;
mod editing;
mod export_view;
mod exporting;
mod facts;
mod find_unlisted;
mod hand_over;
mod kept_draft;
mod known_tokens;
mod left_behind;
mod list_filters;
mod list_frame;
mod list_pager;
mod list_place;
mod list_query;
mod list_row;
mod list_rows;
mod list_screen;
mod list_selection;
mod list_state;
mod list_steps;
mod list_table;
mod listing;
mod loaded_token;
pub mod model;
mod new_screen;
mod open_by_id;
mod owner_field;
mod owners;
mod page_details;
mod read;
mod recently_disabled;
mod rotation;
mod row_change;
mod row_menu;
mod save;
mod session_badge;
mod snippets_view;
mod token_cards;
mod token_form;
mod token_lines;
mod token_screen;
mod under_way;
mod unlisted_search;
mod unsure_view;
mod verify_view;
mod verifying;

use leptos::prelude::*;

use crate::{
    api::TokenId,
    session::{Session, permissions},
    ui::follow,
};

use model::name::{BLANK, is_blank, is_long, isolated, shortened};

pub use bulk::Bulk;
pub use details::RowDetails;
pub use kept_draft::forget_drafts_of_others;
pub use left_behind::LeftBehind;
pub use list_place::ListPlace;
pub use list_screen::ListScreen;
pub use list_selection::ListSelection;
pub use listing::{Listing, Reading};
pub use new_screen::NewScreen;
pub use owners::Owners;
pub use recently_disabled::Recent;
pub use rotation::{RotateScreen, Rotations};
pub use token_screen::TokenScreen;

/// Returns what a token is called in a sentence, or by a control without its ID beside it: the ID alone if the name is
/// blank, name and ID if the name is too long to be said in full.
fn called(name: &str, id: TokenId) -> String {
    match () {
        () if is_blank(name) => format!("token {id}"),
        () if is_long(name) => subject(name, id),
        () => isolated(name),
    }
}

/// Returns the class and the word of the badge that says whether a token is enabled.
const fn status_badge(enabled: bool) -> (&'static str, &'static str) {
    if enabled { ("badge badge-on", "Enabled") } else { ("badge badge-off", "Disabled") }
}

/// Returns why an act is not offered at the moment, in words; `None` if it is.
pub fn blocked(
    session: Session,
    act: model::gate::Act,
    subject: permissions::Subject,
) -> Signal<Option<String>> {
    Signal::derive(move || {
        let permissions = session.permissions();
        follow(&permissions);
        act.blocked(permissions.with_untracked(|p| p.of(subject)))
    })
}

/// Returns what messages and the activity list call a token; names are unique per owner only.
fn subject(name: &str, id: TokenId) -> String {
    format!("{} (ID {id})", shown(name))
}

/// Returns a name as shown beside its token's ID.
fn shown(name: &str) -> String {
    if is_blank(name) { BLANK.to_owned() } else { shortened(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_is_named_a_token_is_told_from_others() {
        assert_eq!((called("ci", 5), subject("ci", 5)), ("ci".to_owned(), "ci (ID 5)".to_owned()));
        assert_eq!(
            (called("\u{200b}", 5), subject(" ", 5)),
            ("token 5".to_owned(), "(blank name) (ID 5)".to_owned())
        );
        assert_eq!(subject("x\u{202e}", 51), "\u{2068}x\u{202e}\u{2069} (ID 51)");
        let (one, other) = (format!("a{}z", "x".repeat(10_000)), format!("a{}z", "y".repeat(10_000)));
        assert!(called(&one, 5).ends_with("…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz (ID 5)"));
        assert_ne!(called(&one, 5), called(&other, 6));
    }
}
