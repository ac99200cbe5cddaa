//! A button with a menu. The browser's popover closes it on Escape and on a press elsewhere.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{focus_element, unique_id};

/// A menu button. The menu is made when somebody comes near, since a page may have a hundred of them, and its
/// items ([`MenuItem`], [`MenuLink`]) when it opens.
#[component]
pub fn Menu(
    /// What button and menu are called.
    #[prop(into)]
    label: String,
    /// It is about to be opened: the button is pointed at, or has the focus.
    #[prop(into)]
    on_approach: Callback<()>,
    /// Whether what was chosen is still going on.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The items.
    #[prop(into)]
    items: ViewFn,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let menu = NodeRef::<html::Div>::new();
    let is_open = RwSignal::new(false);
    let is_near = RwSignal::new(false);
    let id = StoredValue::new(unique_id("menu"));
    let label = StoredValue::new(label);
    let approach = move || {
        if !is_near.get_untracked() {
            is_near.set(true);
        }
        on_approach.run(());
    };
    let open = move || {
        if let Some(menu) = menu.get_untracked() {
            // Fails only if it is open already.
            let _ = menu.show_popover();
        }
    };
    // The browser opens it, unless the button is pressed by a program that never came near.
    let press = move |_: ev::MouseEvent| {
        if menu.get_untracked().is_none() {
            approach();
            request_animation_frame(open);
        }
    };
    let toggled = move |_: ev::Event| {
        let (Some(menu), Some(button)) = (menu.get_untracked(), button.get_untracked()) else { return };
        let now = menu.matches(":popover-open").unwrap_or(false);
        is_open.set(now);
        if now {
            // The items are there after this tick.
            request_animation_frame(move || {
                place_below(&menu, &button);
                focus_item(&menu, Step::First);
            });
        }
    };
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            // Fails only if it is closed already.
            let _ = menu.hide_popover();
        }
        if let Some(button) = button.get_untracked() {
            focus_element(&button);
        }
    };
    let keydown = move |event: ev::KeyboardEvent| {
        // Keys are the menu's alone: the page has shortcuts, and rows have arrows.
        event.stop_propagation();
        let step = match event.key().as_str() {
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" => Step::First,
            "End" => Step::Last,
            "Escape" => {
                event.prevent_default();
                return close();
            }
            // On to whatever comes after the button.
            "Tab" => return close(),
            _ => return,
        };
        event.prevent_default();
        if let Some(menu) = menu.get_untracked() {
            focus_item(&menu, step);
        }
    };
    let open_by_arrow = move |event: ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && event.alt_key() {
            event.prevent_default();
            open();
        }
    };
    let popover = move || {
        view! {
            <div
                node_ref=menu
                id=id.get_value()
                class="menu"
                popover="auto"
                role="menu"
                aria-label=label.get_value()
                on:toggle=toggled
                on:keydown=keydown
            >
                {
                    let items = items.clone();
                    move || is_open.get().then(|| items.run())
                }
            </div>
        }
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button button-quiet menu-button"
            aria-label=label.get_value()
            aria-haspopup="menu"
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            aria-busy=move || busy.get().then_some("true")
            popovertarget=id.get_value()
            on:pointerenter=move |_| approach()
            on:focus=move |_| approach()
            on:click=press
            on:keydown=open_by_arrow
        >
            <span aria-hidden="true">"⋯"</span>
        </button>
        {move || is_near.get().then(&popover)}
    }
}

/// An item that does something.
#[component]
pub fn MenuItem(
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// Called when it is chosen, after the menu has closed.
    #[prop(into)]
    on_choose: Callback<()>,
    /// Why it cannot be chosen, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether it destroys something.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let reason_id = StoredValue::new(unique_id("reason"));
    let is_blocked = move || blocked.with(Option::is_some);
    let choose = move |event: ev::MouseEvent| {
        if untrack(is_blocked) {
            return;
        }
        let item = event.current_target().and_then(|item| item.dyn_into::<Element>().ok());
        let menu = item.and_then(|item| item.closest("[popover]").ok().flatten());
        if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
            // The browser gives the focus back to the button.
            let _ = menu.hide_popover();
        }
        on_choose.run(());
    };
    view! {
        <div role="none">
            <button
                type="button"
                class=if danger { "menu-item menu-item-danger" } else { "menu-item" }
                role="menuitem"
                tabindex="-1"
                aria-disabled=move || is_blocked().then_some("true")
                aria-describedby=move || is_blocked().then(|| reason_id.get_value())
                on:click=choose
            >
                {move || label.get()}
            </button>
            {move || blocked.get().map(|reason| {
                view! { <span class="reason menu-reason" id=reason_id.get_value()>{reason}</span> }
            })}
        </div>
    }
}

/// An item that leads somewhere.
#[component]
pub fn MenuLink(
    /// Its words.
    label: &'static str,
    /// Where it leads.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! {
        <div role="none">
            <a class="menu-item" role="menuitem" tabindex="-1" href=href>{label}</a>
        </div>
    }
}

#[derive(Clone, Copy)]
enum Step {
    First,
    Last,
    Next,
    Previous,
}

fn focus_item(menu: &HtmlElement, step: Step) {
    let Ok(found) = menu.query_selector_all("[role=menuitem]") else { return };
    let items: Vec<Element> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let focused = document().active_element();
    let at = items.iter().position(|item| Some(item) == focused.as_ref());
    let last = items.len().saturating_sub(1);
    let next = match (step, at) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => last,
        (Step::Next, Some(at)) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Step::Previous, Some(at)) => at.checked_sub(1).unwrap_or(last),
    };
    if let Some(item) = items.get(next).and_then(|item| item.dyn_ref()) {
        focus_element(item);
    }
}

/// Puts the menu below its button, or above it where there is no room below. It scrolls with the page. By
/// script: not all browsers can tie a popover to its button by style yet, and in those it would be in the
/// middle of the page.
fn place_below(menu: &HtmlElement, button: &HtmlElement) {
    const GAP: f64 = 4.0;
    let number = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (page, button, size) = (window(), button.get_bounding_client_rect(), menu.get_bounding_client_rect());
    let (width, height) = (number(page.inner_width()), number(page.inner_height()));
    let below = button.bottom() + GAP;
    let is_room = below + size.height() <= height || button.top() < size.height() + GAP;
    let top = if is_room { below } else { button.top() - GAP - size.height() };
    let left = (button.right() - size.width()).clamp(GAP, (width - size.width() - GAP).max(GAP));
    let style = menu.style();
    let pixels = |length: f64| format!("{}px", length as i32);
    // The browser takes any length in pixels.
    let _ = style.set_property("top", &pixels(top + page.scroll_y().unwrap_or(0.0)));
    let _ = style.set_property("left", &pixels(left + page.scroll_x().unwrap_or(0.0)));
}
