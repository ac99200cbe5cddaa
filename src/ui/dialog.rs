//! Modal dialogs.

use leptos::{ev, html, prelude::*};

use super::{
    dom::set_attribute,
    effect::effect,
    focus::{focused_element, give_focus_back},
    unique_id,
};

/// The kind of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogKind {
    /// A form to fill in.
    Form,
    /// A question that must be answered first. The least harmful button has `autofocus`.
    Alert,
}

/// A modal dialog, open as long as it is mounted. The caller unmounts it when `on_close` reports that it was cancelled
/// (Escape, or the platform's back gesture).
///
/// The browser keeps the focus inside and makes the page behind it inert. When the dialog is removed, the focus returns
/// to where it was, unless the next screen has taken it meanwhile.
#[component]
pub fn Dialog(
    /// The kind of the dialog.
    kind: DialogKind,
    /// The title or question, which names the dialog.
    #[prop(into)]
    title: Signal<String>,
    /// Called when Escape was pressed. The caller may keep the dialog.
    #[prop(into)]
    on_close: Callback<()>,
    /// The content. An element of the class `dialog-words` says why the dialog is open and what is at stake: it is the
    /// dialog's description, which screen readers announce with the title.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let id = unique_id("dialog");
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let before = StoredValue::new_local(focused_element());
    effect(move || {
        if let Some(dialog) = dialog.get() {
            // Set here, since it is only in the content.
            if let Ok(Some(words)) = dialog.query_selector(".dialog-words") {
                words.set_id(&text_id);
                set_attribute(&dialog, "aria-describedby", &text_id);
            }
            // Fails only if it is open already.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        if let Some(Some(element)) = before.try_get_value() {
            give_focus_back(element);
        }
    });
    let cancel = move |event: ev::Event| {
        // The caller decides: the element must not close by itself while it is mounted.
        event.prevent_default();
        on_close.run(());
    };
    let labelled_by = title_id.clone();
    let closed = move |_: ev::Event| {
        // Browsers let a page prevent Escape only if the user has interacted with it; a second Escape closes the
        // element all the same. Then the caller is asked as well, and a dialog that it keeps is shown again: the page
        // is of no use without it.
        if dialog.get_untracked().is_none() {
            return;
        }
        on_close.run(());
        request_animation_frame(move || {
            if let Some(dialog) = dialog.try_get_untracked().flatten()
                && dialog.is_connected()
                && !dialog.open()
            {
                // Fails only if it is open, or not in the page.
                let _ = dialog.show_modal();
            }
        });
    };
    let role = (kind == DialogKind::Alert).then_some("alertdialog");
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            role=role
            aria-labelledby=labelled_by
            on:cancel=cancel
            on:close=closed
        >
            <h2 id=title_id>{move || title.get()}</h2>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
