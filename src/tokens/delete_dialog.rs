//! Deleting a token, after a question.

use std::cell::Cell;

use leptos::{prelude::*, task::spawn_local_scoped_with_cancellation};

use super::{
    Listing, RowDetails,
    model::{
        deletion::{Deletion, after_delete, after_look},
        own::DELETE_WARNING,
    },
    subject,
};
use crate::{
    api::Token,
    failure::{self, Act},
    navigation::Navigation,
    routes::Route,
    session::{End, OwnTokenEnd, Session, WaitLine, permissions::Subject},
    ui::{ActivityLog, Button, ButtonStyle, Dialog, DialogKind, Notice, NoticeView, Outcome, Status, Tone},
};

/// Asks, deletes, and goes back to the list. A failure shows here, and nothing else closes the dialog
/// while the request is on its way.
#[component]
pub(super) fn DeleteDialog(
    /// The token in question.
    token: Token,
    /// Closes the dialog.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let status = Status::expect();
    let activity = ActivityLog::expect();
    let details = RowDetails::expect();
    let listing = Listing::expect();
    let id = token.id;
    let name = StoredValue::new(token.name.clone());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Notice>);

    let close = move |()| {
        if !busy.get_untracked() {
            on_close.run(());
        }
    };
    // Asked each time: the session may have another token meanwhile.
    let end = move || {
        let is_own = untrack(|| session.is_own(id));
        is_own.then(|| OwnTokenEnd { end: End::Deleted, token: subject(&name.get_value(), id) })
    };
    let delete = move |()| {
        busy.set(true);
        failed.set(None);
        session.renew_retries();
        spawn_local_scoped_with_cancellation(async move {
            let times = Cell::new(0);
            let answer = session
                .run(|client| {
                    // A request without an answer may have done it: then the next one is refused, and this is why.
                    session.suspect_own_token(if times.get() > 0 { end() } else { None });
                    times.update(|times| times + 1);
                    async move { client.delete_token(id).await }
                })
                .await;
            session.suspect_own_token(None);
            let deletion = match (after_delete(&answer, times.get()), answer) {
                (Some(deletion), _) => deletion,
                (None, Ok(())) => Deletion::Done,
                (None, Err(failure)) => {
                    session.suspect_own_token(end());
                    let look = session.run(|client| async move { client.token(id).await }).await;
                    session.suspect_own_token(None);
                    after_look(failure, &look)
                }
            };
            busy.try_set(false);
            let subject = subject(&name.get_value(), id);
            match deletion {
                Deletion::Done | Deletion::AlreadyGone => {
                    details.forget(id);
                    listing.forget_token(id);
                    activity.add("Deleted", subject.clone(), Outcome::Done);
                    let title = match deletion {
                        Deletion::AlreadyGone => format!("{subject} was gone already."),
                        _ => format!("Deleted {subject}."),
                    };
                    status.show(Notice::new(Tone::Success, title));
                    navigation.go(&Route::HOME);
                    if let Some(end) = end() {
                        session.own_token_ended(end);
                    }
                }
                Deletion::Failed(error) => {
                    activity.add("Tried to delete", subject, Outcome::Failed);
                    session.learn(Subject::Token(id), &error);
                    failed.set(Some(failure::notice_after_look(&error, Act::DeleteToken)));
                }
                Deletion::Unknown(error) => {
                    activity.add("Tried to delete", subject, Outcome::Unknown);
                    failed.set(Some(failure::notice(&error, Act::DeleteToken)));
                }
            }
        });
    };
    view! {
        <Dialog kind=DialogKind::Alert title=format!("Delete {}?", token.name) on_close=close>
            <p>
                {format!(
                    "Whatever uses this token (ID {id}) stops working at once. This cannot be undone: \
                     to try first whether anything still needs it, disable it instead.",
                )}
            </p>
            {move || session.is_own(id).then(|| view! { <p><strong>{DELETE_WARNING}</strong></p> })}
            // The one of the page is behind the dialog, out of reach.
            <WaitLine/>
            {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=close autofocus=true/>
                <Button label="Delete token" style=ButtonStyle::Danger on_press=delete busy=busy/>
            </div>
        </Dialog>
    }
}
