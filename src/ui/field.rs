//! A text field with its label, hint and complaint.

use leptos::{
    html::{Div, Input},
    prelude::*,
};
use web_sys::Event;

use super::{Turn, effect::effect, listen, unique_id};

/// What kind of text a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Any text. Nothing corrects or completes it: names of tokens are not prose.
    #[default]
    Text,
    /// The name that one signs in with; password managers may fill it in.
    Username,
    /// A password; password managers may fill it in.
    CurrentPassword,
    /// A secret that nobody should remember: hidden, and not offered to password managers.
    Secret,
    /// What to search for; can be emptied by the browser's own button and by Escape.
    Search,
    /// Digits; phones show their number pad. Not `type="number"`, which drops what it does not
    /// understand and changes its value when one scrolls over it.
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

/// A labelled input of one line.
#[component]
pub fn TextField(
    /// The label.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// What kind of text.
    #[prop(optional)]
    kind: InputKind,
    /// Help that is always there.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it can be changed at the moment.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// The element, for a caller that moves the focus.
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
                on:input:target=move |event| value.set(event.target().value())
                readonly=move || read_only.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <FieldMessage id=hint_id text=hint/>
            <Complaint id=error_id text=error/>
        </div>
    }
}

/// What is wrong with the field that this is in. Whoever is sent there hears it with the field, as its description; whoever is
/// in the field already, having pressed Enter, say, hears it by itself.
#[component]
pub(super) fn Complaint(
    /// The id that the field's `aria-describedby` names.
    id: String,
    /// The words; no line without any.
    text: Signal<Option<String>>,
) -> impl IntoView {
    // Whether somebody has pressed keys in the field and not left it since.
    let is_used = RwSignal::new(false);
    let place = NodeRef::<Div>::new();
    effect(move || {
        if let Some(field) = place.get().and_then(|place| place.parent_element()) {
            for (event, now) in [("keydown", true), ("focusout", false)] {
                listen(&field, event, Turn::Usual, move |_: Event| is_used.set(now));
            }
        }
    });
    view! {
        <div class="field-complaint" node_ref=place aria-live=move || is_used.get().then_some("polite")>
            <FieldMessage id=id text=text is_error=true/>
        </div>
    }
}

/// The ids of what describes a field at the moment.
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

/// The line below a field: a hint, or what is wrong.
#[component]
pub fn FieldMessage(
    /// The id that the field's `aria-describedby` names.
    id: String,
    /// The words; no line without any.
    text: Signal<Option<String>>,
    /// Whether the line says what is wrong.
    #[prop(optional)]
    is_error: bool,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let class = if is_error { "field-error" } else { "field-hint" };
    move || text.get().map(|text| view! { <p class=class id=id.get_value()>{text}</p> })
}
