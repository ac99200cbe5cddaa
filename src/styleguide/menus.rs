//! Menus.

use leptos::{html, prelude::*};
use web_sys::HtmlElement;

use super::Row;
use crate::ui::{Card, Menu, MenuHandle, MenuItem, MenuLink};

#[component]
pub(super) fn Menus() -> impl IntoView {
    let handle = MenuHandle::default();
    let chosen = RwSignal::new("Nothing chosen yet.");
    let reason = Signal::stored(Some("The server does not allow you to do this.".to_owned()));
    let items = move || {
        view! {
            <MenuLink label="A link" href="#styleguide"/>
            <MenuItem label="An item" on_choose=move |()| chosen.set("Chose the item.")/>
            <MenuItem label="A blocked item" blocked=reason on_choose=|()| ()/>
            <MenuItem label="A dangerous item" danger=true on_choose=move |()| chosen.set("Chose the dangerous one.")/>
        }
    };
    view! {
        <Card heading="Menus">
            <Row>
                <MenuButton handle=handle label="First menu button" busy=false/>
                <MenuButton handle=handle label="Second menu button, of the same menu" busy=false/>
                <MenuButton handle=handle label="Menu button of something busy" busy=true/>
            </Row>
            <p class="muted" role="status">{move || chosen.get()}</p>
            <Menu handle=handle label="Example" items=items/>
        </Card>
    }
}

/// A menu button as in a row of the list.
#[component]
fn MenuButton(handle: MenuHandle, label: &'static str, busy: bool) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let element = move || button.get_untracked().map(HtmlElement::from);
    let down = move |_| {
        if let Some(button) = element() {
            handle.pointer_down(&button);
        }
    };
    let press = move |_| {
        if let Some(button) = element() {
            handle.press(button);
        }
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button button-quiet menu-button"
            aria-label=label
            aria-haspopup="menu"
            aria-expanded="false"
            aria-busy=busy.then_some("true")
            on:pointerdown=down
            on:click=press
        >
            <span aria-hidden="true">"…"</span>
        </button>
    }
}
