//! The questions before something is deleted: the old token at the end, or the new one by undoing.

use leptos::prelude::*;

use super::progress::Shown;
use crate::{
    session::{Session, permissions::Subject},
    tokens::{
        model::{
            gate::TokenAction,
            name::{called, subject},
            rotation::{Goal, Offer, words},
        },
        widgets::blocked::blocked,
    },
    ui::{Button, ButtonStyle, Dialog, DialogKind},
};

/// Asks before a rotation is undone, and says what that does.
#[component]
pub(super) fn UndoQuestion(
    /// The rotation.
    shown: Shown,
    /// Closes the question.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let session = Session::expect();
    let said = shown.rotations.certain(shown.old).map(|rotation| {
        let record = rotation.record();
        let may_delete =
            |new| untrack(|| blocked(session, TokenAction::Delete, Subject::Token(new)).get()).is_none();
        let credential = untrack(|| session.credential_token());
        let effects = words::undoing(&rotation, credential, record.new.is_none_or(may_delete));
        let renamed = rotation.renamed().map(|(id, name)| (id, name.to_owned())).collect::<Vec<_>>();
        (record.name.clone(), effects, renamed)
    });
    let (name, effects, renamed) = said.unwrap_or_default();
    let press = move |()| {
        on_close.run(());
        shown.rotations.go_confirmed(shown.old, Goal::Undo, renamed.clone());
    };
    view! {
        <Dialog
            kind=DialogKind::Alert
            title=format!("Undo the rotation of {}?", called(&name, shown.old))
            on_close=on_close
        >
            <ol class="effects dialog-words">
                {effects.into_iter().map(|effect| view! { <li>{effect}</li> }).collect_view()}
            </ol>
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=on_close autofocus=true/>
                <Button label=words::offer(Offer::Go(Goal::Undo)) style=ButtonStyle::Danger on_press=press/>
            </div>
        </Dialog>
    }
}

/// Asks before the old token is deleted, which ends the rotation.
#[component]
pub(super) fn DeleteQuestion(
    /// The rotation.
    shown: Shown,
    /// Closes the question.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let name =
        untrack(|| shown.with(|rotation| rotation.old().values().map(|old| old.name.clone())).flatten());
    let name = name.unwrap_or_default();
    let text = format!(
        "{} is already disabled. Deleting it completes the rotation, which can then no longer be undone.",
        subject(&name, shown.old)
    );
    let title = format!("Delete {}?", called(&name, shown.old));
    let press = move |()| {
        on_close.run(());
        shown.rotations.go_confirmed(shown.old, Goal::Delete, vec![(shown.old, name.clone())]);
    };
    view! {
        <Dialog kind=DialogKind::Alert title=title on_close=on_close>
            <p class="dialog-words">{text}</p>
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=on_close autofocus=true/>
                <Button label="Delete token" style=ButtonStyle::Danger on_press=press/>
            </div>
        </Dialog>
    }
}
