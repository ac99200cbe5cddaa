//! A text field with its label, hint and error.

use leptos::{
    html::{Div, Input},
    prelude::*,
};
use web_sys::Event;

use super::{EventPhase, effect::effect, field_value::FieldValue, listen, unique_id};

/// The kind of text that a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Any text. Without autocorrection or autocompletion: names of tokens are not prose.
    #[default]
    Text,
    /// The user name to sign in with; password managers may fill it in.
    Username,
    /// A password; password managers may fill it in.
    CurrentPassword,
    /// A secret that is not to be remembered: hidden, and not offered to password managers.
    Secret,
    /// A search text; can be cleared with the browser's own button and with Escape.
    Search,
    /// Digits; phones show their number pad. Not `type="number"`, which discards input that it does not understand and
    /// changes its value on scrolling over it.
    Number,
}

impl InputKind {
    const fn type_(self) -> &'static str {
        match self {
            Self::CurrentPassword | Self::Secret => "password",
            Self::Search => "search",
            Self::Text | Self::Username | Self::Number => "text",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::CurrentPassword => "current-password",
            Self::Text | Self::Search | Self::Secret | Self::Number => "off",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            _ => None,
        }
    }
}

/// A labelled single-line input.
#[component]
pub fn TextField(
    /// The label.
    label: &'static str,
    /// The text.
    #[prop(into)]
    value: FieldValue,
    /// The kind of text.
    #[prop(optional)]
    kind: InputKind,
    /// A hint that is always shown.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether the value cannot be changed at the moment.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// The element, for callers that move the focus.
    #[prop(optional)]
    node_ref: NodeRef<Input>,
) -> impl IntoView {
    let id = unique_id("field");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = described_by(hint, error, &hint_id, &error_id);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                node_ref=node_ref
                id=id
                class="input"
                type=kind.type_()
                autocomplete=kind.autocomplete()
                inputmode=kind.input_mode()
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || value.get()
                on:input:target=move |event| value.enter(event.target().value())
                readonly=move || read_only.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <FieldMessage id=hint_id text=hint/>
            <Complaint id=error_id text=error/>
        </div>
    }
}

/// The error of the field that this is in. A screen reader announces it as the field's description when the focus moves
/// there. A user who is in the field already, having pressed Enter for instance, hears it from the live region.
#[component]
pub(super) fn Complaint(
    /// The ID that the field's `aria-describedby` refers to.
    id: String,
    /// The text. Without one there is no line.
    text: Signal<Option<String>>,
) -> impl IntoView {
    // Whether the user has pressed a key in the field and not left it since.
    let is_used = RwSignal::new(false);
    let place = NodeRef::<Div>::new();
    effect(move || {
        if let Some(field) = place.get().and_then(|place| place.parent_element()) {
            for (event, now) in [("keydown", true), ("focusout", false)] {
                listen(&field, event, EventPhase::Bubble, move |_: Event| is_used.set(now));
            }
        }
    });
    view! {
        <div class="field-complaint" node_ref=place aria-live=move || is_used.get().then_some("polite")>
            <FieldMessage id=id text=text is_error=true/>
        </div>
    }
}

/// Returns the IDs of the elements that describe a field at the moment.
pub(super) fn described_by(
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
    hint_id: &str,
    error_id: &str,
) -> impl Fn() -> Option<String> + Send + Sync + use<> {
    let ids = [(error, error_id.to_owned()), (hint, hint_id.to_owned())];
    move || {
        let shown: Vec<&str> =
            ids.iter().filter(|(text, _)| text.with(Option::is_some)).map(|(_, id)| id.as_str()).collect();
        (!shown.is_empty()).then(|| shown.join(" "))
    }
}

/// The line below a field: a hint or an error.
#[component]
pub fn FieldMessage(
    /// The ID that the field's `aria-describedby` refers to.
    id: String,
    /// The text. Without one there is no line.
    text: Signal<Option<String>>,
    /// Whether the line is an error.
    #[prop(optional)]
    is_error: bool,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let class = if is_error { "field-error" } else { "field-hint" };
    move || text.get().map(|text| view! { <p class=class id=id.get_value()>{text}</p> })
}
