//! Screens: title, heading, and where the focus goes.

use credmgr_console::ui::{Card, Screen, SkipLink, provide_screens};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Stage, focus, frames, has_focus, press, settle, text_of, until};

#[wasm_bindgen_test]
async fn heading_and_title_follow_the_name() {
    let name = RwSignal::new("ci".to_owned());
    let stage = Stage::mount(move || {
        provide_screens();
        view! { <Screen heading=name>"content"</Screen> }
    });
    settle().await;
    assert_eq!(text_of(&stage.get("h1")), "ci");
    assert_eq!(document().title(), "ci · Credential Manager");
    name.set("ci-2".into());
    settle().await;
    assert_eq!(text_of(&stage.get("h1")), "ci-2");
    assert_eq!(document().title(), "ci-2 · Credential Manager");
}

/// Two cards have distinct names.
#[wasm_bindgen_test]
fn a_card_is_named_by_its_heading() {
    let stage = Stage::mount(|| {
        view! {
            <Card heading="Settings"><p>"a"</p></Card>
            <Card heading="Secret"><p>"b"</p></Card>
        }
    });
    let named = |card: &HtmlElement| {
        let by = card.get_attribute("aria-labelledby").expect("a name");
        text_of(&stage.get(&format!("#{by}")))
    };
    let cards = stage.all("section");
    assert_eq!(cards.iter().map(named).collect::<Vec<_>>(), ["Settings", "Secret"]);
    assert_eq!(text_of(&cards[1]), "Secretb");
}

/// Mounts two screens; the signal is whether the second is shown.
fn two_screens(second: RwSignal<bool>) -> Stage {
    Stage::mount(move || {
        provide_screens();
        move || match second.get() {
            false => view! { <Screen heading="First"><input/></Screen> }.into_any(),
            true => view! { <Screen heading="Second"><input/></Screen> }.into_any(),
        }
    })
}

#[wasm_bindgen_test]
async fn the_first_screen_leaves_the_focus_alone() {
    let stage = two_screens(RwSignal::new(false));
    settle().await;
    assert!(!has_focus(&stage.get("h1")));
}

#[wasm_bindgen_test]
async fn the_next_screen_begins_at_its_heading() {
    let second = RwSignal::new(false);
    let stage = two_screens(second);
    settle().await;
    second.set(true);
    settle().await;
    let heading = stage.get("h1");
    assert_eq!(text_of(&heading), "Second");
    until("the heading has the focus", || has_focus(&heading)).await;
}

/// The heading takes the focus with the first frame: until then a field may already have it.
#[wasm_bindgen_test]
async fn a_field_that_has_the_focus_before_the_heading_keeps_it() {
    let second = RwSignal::new(false);
    let stage = two_screens(second);
    settle().await;
    second.set(true);
    until("the second one", || text_of(&stage.get("h1")) == "Second").await;
    let input = stage.get("input");
    focus(&input);
    frames().await;
    assert!(has_focus(&input));
}

/// A heading that changes, as when a token is renamed, must not take the focus from its field.
#[wasm_bindgen_test]
async fn a_new_name_leaves_the_focus_alone() {
    let name = RwSignal::new("ci".to_owned());
    let shown = RwSignal::new(false);
    let stage = Stage::mount(move || {
        provide_screens();
        move || match shown.get() {
            false => view! { <Screen heading="First">""</Screen> }.into_any(),
            true => view! { <Screen heading=name><input/></Screen> }.into_any(),
        }
    });
    shown.set(true);
    settle().await;
    until("the heading has the focus", || has_focus(&stage.get("h1"))).await;
    let input = stage.get("input");
    focus(&input);
    name.set("ci-2".into());
    settle().await;
    assert_eq!(text_of(&stage.get("h1")), "ci-2");
    assert!(has_focus(&input));
}

/// With a `<base>`, a plain fragment would lead to another page.
#[wasm_bindgen_test]
fn the_skip_link_moves_the_focus_and_not_the_page() {
    let stage = Stage::mount(|| {
        view! {
            <SkipLink target="content" label="Skip to content"/>
            <main id="content" tabindex="-1"></main>
        }
    });
    let before = window().location().href().expect("an address");
    press(&stage.link("Skip to content"));
    assert!(has_focus(&stage.get("#content")));
    assert_eq!(window().location().href().expect("an address"), before);
}

#[wasm_bindgen_test]
async fn the_way_back_is_above_the_heading_and_the_main_act_beside_it() {
    let stage = Stage::mount(|| {
        provide_screens();
        let above = || view! { <a href="/tokens">"API tokens"</a> };
        let actions = || view! { <button>"Act"</button> };
        view! { <Screen heading="ci" above=above actions=actions><p>"Content"</p></Screen> }
    });
    settle().await;
    // In reading order.
    let read: Vec<_> = stage.all("a, h1, button, p").iter().map(|element| text_of(element)).collect();
    assert_eq!(read, ["API tokens", "ci", "Act", "Content"]);
    assert!(stage.find("header h1").is_some() && stage.find("header button").is_some());
    // A script can focus it, Tab cannot.
    assert_eq!(stage.get("h1").tab_index(), -1);
}
