//! Deleting a token, after a question.

use leptos::prelude::*;

use super::{
    apply::{delete, end_session_with},
    called,
    known_tokens::KnownTokens,
    model::{deletion::Deletion, own::DELETE_WARNING, unsaved},
    subject,
};
use crate::{
    api::TokenId,
    failure::{self, Act},
    leaving::Leaving,
    session::{End, Session, WaitLine},
    ui::{
        ActivityLog, Button, ButtonStyle, Dialog, DialogKind, Notice, NoticeView, Outcome, Tone, next_task,
        spawn_in_scope,
    },
};

/// Asks and deletes. A failure is shown here, and nothing closes the dialog while the request is in flight.
#[component]
pub(super) fn DeleteDialog(
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
    let activity = ActivityLog::expect();
    let known = KnownTokens::expect();
    let title = format!("Delete {}?", called(&name, id));
    let name = StoredValue::new(name);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Notice>);
    Leaving::expect()
        .guard(Signal::derive(move || busy.get().then(|| unsaved::of_deletion(&name.get_value()))));

    let close = move |()| {
        if !busy.get_untracked() {
            on_close.run(());
        }
    };
    let press = move |()| {
        busy.set(true);
        failed.set(None);
        session.renew_retries();
        spawn_in_scope(async move {
            let deletion = delete(session, id, &name.get_value()).await;
            next_task().await;
            busy.try_set(false);
            let subject = subject(&name.get_value(), id);
            match deletion {
                Deletion::Done | Deletion::AlreadyGone => {
                    activity.add("Deleted", subject.clone(), Outcome::Done);
                    let title = match deletion {
                        Deletion::AlreadyGone => format!("{subject} was already gone."),
                        _ => format!("Deleted {subject}."),
                    };
                    let name = name.get_value();
                    on_deleted.run(Notice::new(Tone::Success, title));
                    known.gone(id);
                    end_session_with(session, End::Deleted, id, &name);
                }
                Deletion::Failed(error) => {
                    activity.add("Tried to delete", subject, Outcome::Failed);
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
        <Dialog kind=DialogKind::Alert title=title on_close=close>
            <p>
                {format!(
                    "Whatever uses this token (ID {id}) stops working at once. This cannot be undone. To \
                     test whether it is still needed, disable it instead.",
                )}
            </p>
            {move || session.is_own(id).then(|| view! { <p><strong>{DELETE_WARNING}</strong></p> })}
            // The wait line of the page is behind the dialog, out of reach.
            <WaitLine/>
            {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=close autofocus=true/>
                <Button label="Delete token" style=ButtonStyle::Danger on_press=press busy=busy/>
            </div>
        </Dialog>
    }
}
