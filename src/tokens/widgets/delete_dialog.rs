//! Deleting a token, after a question.

use leptos::prelude::*;

use super::deleting::Deleting;
use crate::{
    api::TokenId,
    session::{Session, WaitLine},
    tokens::model::{name::called, own::DELETE_WARNING},
    ui::{Button, ButtonStyle, Dialog, DialogKind, Notice, NoticeView},
};

/// Asks and deletes. A failure is shown here, and nothing closes the dialog while the request is in flight.
#[component]
pub(in crate::tokens) fn DeleteDialog(
    /// The token in question.
    id: TokenId,
    /// The token's name.
    name: String,
    /// Closes the dialog.
    #[prop(into)]
    on_close: Callback<()>,
    /// Called when the token is gone, with the notice to show.
    #[prop(into)]
    on_deleted: Callback<Notice>,
) -> impl IntoView {
    let session = Session::expect();
    let title = format!("Delete {}?", called(&name, id));
    let deleting = Deleting::begin(id, name, on_deleted);
    let Deleting { busy, failed, .. } = deleting;
    let close = move |()| {
        if !busy.get_untracked() {
            on_close.run(());
        }
    };
    view! {
        <Dialog kind=DialogKind::Alert title=title on_close=close>
            <div class="dialog-words">
                <p>
                    {format!(
                        "Whatever uses this token (ID {id}) stops working at once. This cannot be undone. To \
                         test whether it is still needed, disable it instead.",
                    )}
                </p>
                {move || {
                    session.is_credential_token(id).then(|| view! { <p><strong>{DELETE_WARNING}</strong></p> })
                }}
            </div>
            // The wait line of the page is behind the dialog, out of reach.
            <WaitLine/>
            {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=close autofocus=true/>
                <Button label="Delete token" style=ButtonStyle::Danger on_press=move |()| deleting.delete() busy=busy/>
            </div>
        </Dialog>
    }
}
