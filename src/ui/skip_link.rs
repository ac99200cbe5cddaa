//! A link past the banner.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::focus_element;

/// The first link of the page: focuses the element with the ID `target`. Not a plain fragment, which with a `<base>`
/// would lead to another page.
#[component]
pub fn SkipLink(
    /// The ID of the target element, which needs `tabindex="-1"`.
    target: &'static str,
    /// The link's text.
    label: &'static str,
) -> impl IntoView {
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(element) =
            document().get_element_by_id(target).and_then(|e| e.dyn_into::<HtmlElement>().ok())
        {
            focus_element(&element);
        }
    };
    view! {
        <a class="skip-link" href=format!("#{target}") on:click=skip>
            {label}
        </a>
    }
}
