//! The feature: API tokens. What to send, what a response means for a form and what may be offered are pure functions
//! in [`model`]; the screens render state and send intentions.
//!
//! | folder | what it is about | which of the others it may know |
//! |---|---|---|
//! | [`model`] | decisions, without components | none |
//! | `cache` | what the page knows and keeps from one screen to the next | `model` |
//! | `requests` | one request about one token, and finding out its outcome | `model`, `cache` |
//! | `widgets` | widgets that know tokens, for several screens | `model`, `cache`, `requests` |
//! | `hand_over` | taking a secret along, and verifying it | `model` |
//! | `rotation` | `/tokens/{id}/rotate`, and the rotations that were begun | all above |
//! | `list` | `/tokens`, with the acts on many tokens and the export | all above but `hand_over` |
//! | `token` | `/tokens/{id}` | all above but `list` |
//! | `new` | `/tokens/new` | `model`, `cache`, `widgets`, `hand_over` |
//!
//! `left_behind` is a notice above all screens; it knows `widgets` and what they know. `xtask/src/house.rs` checks who
//! knows whom.

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

pub use cache::listing::{Listing, Reading};
pub use left_behind::LeftBehind;
pub use list::screen::ListScreen;
pub use new::screen::NewScreen;
pub use rotation::RotateScreen;
pub use token::screen::TokenScreen;
pub use widgets::blocked::blocked;

use cache::{list_place::ListPlace, owners::Owners, recent::Recent, row_details::RowDetails};
use list::{bulk::Bulk, selection::ListSelection};
use new::draft_storage::forget_drafts_of_others;
use rotation::Rotations;

/// Provides what is kept of tokens as long as the page lasts to everything below. Session, navigation, status and
/// activity list have to be provided before.
pub fn provide() {
    // In this order: some of them expect others above them.
    Owners::provide();
    Listing::provide();
    RowDetails::provide();
    ListSelection::provide();
    ListPlace::provide();
    Recent::provide();
    Rotations::provide();
    Bulk::provide();
    forget_drafts_of_others();
}
