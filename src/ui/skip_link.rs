//! The way past the banner.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::focus_element;

/// The first link of the page: puts the focus on the element with the id `target`. Not a plain
/// fragment: with a `<base>` that would be another page.
#[component]
pub fn SkipLink(
    /// The id of the element to go to; it needs `tabindex="-1"`.
    target: &'static str,
    /// The link's words.
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
