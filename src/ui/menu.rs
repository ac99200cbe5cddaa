//! A button with a menu. The menu is a popover, which the browser closes on Escape and on a press elsewhere.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{focus_element, focus_main_heading, unique_id};

/// A menu shared by many buttons, such as those of the rows of a table. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct MenuHandle {
    popover: NodeRef<html::Div>,
    is_open: RwSignal<bool>,
    /// The button that the menu belongs to, or last belonged to.
    button: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// Whether the press that has begun is on the button of the open menu, and so closes it.
    closes: StoredValue<bool>,
    /// Whether the menu is about to be shown: a `toggle` event that arrives before that is about its previous closing.
    is_coming: StoredValue<bool>,
}

impl Default for MenuHandle {
    /// Makes the handle of a [`Menu`] of the current scope.
    fn default() -> Self {
        Self {
            popover: NodeRef::new(),
            is_open: RwSignal::new(false),
            button: StoredValue::new_local(None),
            closes: StoredValue::new(false),
            is_coming: StoredValue::new(false),
        }
    }
}

impl MenuHandle {
    /// Handles a pointer going down on a button. If the menu is open there, the browser closes it before the press
    /// arrives, which must not open it again.
    pub fn pointer_down(&self, button: &HtmlElement) {
        let is_its = self.button.with_value(|its| its.as_ref() == Some(button));
        self.closes.set_value(is_its && self.is_open.get_untracked());
    }

    /// Handles a press of a button: opens the menu there, or closes it.
    pub fn press(&self, button: HtmlElement) {
        let closes = self.closes.try_update_value(std::mem::take) == Some(true);
        if closes {
            return self.close();
        }
        self.tell_expanded(false);
        self.button.set_value(Some(button));
        self.tell_expanded(true);
        self.is_open.set(true);
        self.is_coming.set_value(true);
        let handle = *self;
        // The items are in the page by the next frame.
        request_animation_frame(move || {
            let Some(Some(menu)) = handle.popover.try_get_untracked() else { return };
            handle.is_coming.set_value(false);
            // Fails only if it is open already.
            let _ = menu.show_popover();
            handle.button.with_value(|button| {
                if let Some(button) = button {
                    place_below(&menu, button);
                }
            });
            focus_item(&menu, Step::First);
        });
    }

    /// Sets the button's `aria-expanded`.
    fn tell_expanded(&self, is: bool) {
        self.button.with_value(|button| {
            if let Some(button) = button {
                // Cannot fail: the attribute's name is valid.
                let _ = button.set_attribute("aria-expanded", if is { "true" } else { "false" });
            }
        });
    }

    /// Closes the menu and gives the focus back.
    fn close(&self) {
        if let Some(menu) = self.popover.get_untracked() {
            // Fails only if it is closed already.
            let _ = menu.hide_popover();
        }
        self.closed();
        self.button.with_value(|button| match button {
            Some(button) if button.is_connected() => focus_element(button),
            _ => focus_main_heading(),
        });
    }

    fn closed(&self) {
        self.tell_expanded(false);
        self.is_open.set(false);
    }
}

/// The menu itself. Its items ([`MenuItem`], [`MenuLink`]) are created when it opens.
#[component]
pub fn Menu(
    /// The handle that opens and closes it.
    handle: MenuHandle,
    /// The menu's accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// The items.
    #[prop(into)]
    items: ViewFn,
) -> impl IntoView {
    provide_context(handle);
    let menu = handle.popover;
    // Closed by Escape or by a press elsewhere.
    let toggled = move |_: ev::Event| {
        let is_open = menu.get_untracked().is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
        if !is_open && !handle.is_coming.get_value() && handle.is_open.get_untracked() {
            handle.closed();
        }
    };
    let keydown = move |event: ev::KeyboardEvent| {
        // Keys belong to the menu alone: the page has shortcuts, and rows react to arrow keys.
        event.stop_propagation();
        let step = match event.key().as_str() {
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" => Step::First,
            "End" => Step::Last,
            "Escape" => {
                event.prevent_default();
                return handle.close();
            }
            // Tab goes on to the element after the button.
            "Tab" => return handle.close(),
            _ => return,
        };
        event.prevent_default();
        if let Some(menu) = menu.get_untracked() {
            focus_item(&menu, step);
        }
    };
    view! {
        <div
            node_ref=menu
            class="menu"
            popover="auto"
            role="menu"
            aria-label=move || label.get()
            on:toggle=toggled
            on:keydown=keydown
        >
            // On a phone the menu covers its button, so it has a title (style/widgets/menu.css).
            <p class="menu-title" aria-hidden="true">{move || label.get()}</p>
            {move || handle.is_open.get().then(|| items.run())}
        </div>
    }
}

/// A menu item that does something.
#[component]
pub fn MenuItem(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// Called when the item is chosen, after the menu has closed.
    #[prop(into)]
    on_choose: Callback<()>,
    /// Why the item cannot be chosen, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether the action is destructive.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let reason_id = StoredValue::new(unique_id("reason"));
    let is_blocked = move || blocked.with(Option::is_some);
    let menu = use_context::<MenuHandle>();
    let choose = move |_| {
        if untrack(is_blocked) {
            return;
        }
        // First, so that the action finds the focus on the button.
        if let Some(menu) = menu {
            menu.close();
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

/// A menu item that is a link.
#[component]
pub fn MenuLink(
    /// The link's text.
    label: &'static str,
    /// The target address.
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

/// Positions the menu below its button, or above it if there is no room below. It scrolls with the page. Done by
/// script: not all browsers support CSS anchor positioning for popovers yet, and those would show it in the middle of
/// the page. The stylesheet decides whether to use the position: on a phone the menu is a sheet at the bottom.
fn place_below(menu: &HtmlElement, button: &HtmlElement) {
    const GAP: f64 = 4.0;
    let number = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (page, button, size) = (window(), button.get_bounding_client_rect(), menu.get_bounding_client_rect());
    let (width, height) = (number(page.inner_width()), number(page.inner_height()));
    let below = button.bottom() + GAP;
    let is_room = below + size.height() <= height || button.top() < size.height() + GAP;
    let top = if is_room { below } else { button.top() - GAP - size.height() };
    // Not `clamp`: its message about NaN would add twelve kilobytes of WebAssembly that format numbers.
    let left = (button.right() - size.width()).min(width - size.width() - GAP).max(GAP);
    let style = menu.style();
    let pixels = |length: f64| format!("{}px", length as i32);
    // Cannot fail: any length in pixels is valid.
    let _ = style.set_property("--menu-top", &pixels(top + page.scroll_y().unwrap_or(0.0)));
    let _ = style.set_property("--menu-left", &pixels(left + page.scroll_x().unwrap_or(0.0)));
}
