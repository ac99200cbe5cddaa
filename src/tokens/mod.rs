//! The feature: API tokens. What to send, what a response means for a form and what may be offered are pure functions
//! in [`model`]; the screens render state and send intentions.

mod cache;
mod hand_over;
mod left_behind;
mod list;
pub mod model;
mod new;
mod requests;
mod rotation;
mod token;
mod widgets;

pub use cache::{
    list_place::ListPlace,
    listing::{Listing, Reading},
    owners::Owners,
    recent::Recent,
    row_details::RowDetails,
};
pub use left_behind::LeftBehind;
pub use list::{bulk::Bulk, screen::ListScreen, selection::ListSelection};
pub use new::{draft_storage::forget_drafts_of_others, screen::NewScreen};
pub use rotation::{RotateScreen, Rotations};
pub use token::screen::TokenScreen;
pub use widgets::blocked::blocked;
