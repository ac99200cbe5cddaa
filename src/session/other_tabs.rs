//! How this tab reacts to a sign-out in another one.

use leptos::prelude::*;

use super::{Phase, Session, tabs::Message};
use crate::{
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    ui::{Notice, Status, Tone},
};

/// Follows the other tabs: signs out when the user signed out there, unless unsaved work would be lost.
#[component]
pub fn OtherTabs() -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let leaving = Leaving::expect();
    let status = Status::expect();
    session.tabs().hear(move |message| {
        if message != Message::SignedOut {
            return;
        }
        let has_unsaved = untrack(|| leaving.has_unsaved());
        if session.signed_out_elsewhere(has_unsaved, || navigation.go(&Route::SignIn { next: None }))
            == Some(Phase::SignedOut)
        {
            status.show(
                Notice::new(Tone::Info, "You signed out in another tab.")
                    .with_text("This signs you out in all tabs."),
            );
        }
    });
}
