//! The page with every widget in every state. A native test in `src/styleguide` checks that none is missing.

use std::collections::HashSet;

use credmgr_console::styleguide::Styleguide;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlLabelElement};

use crate::support::{Server, Stage, described, has_focus, press, press_key_on, settle, text_of, until};

async fn styleguide() -> Stage {
    let stage = Stage::mount(|| view! { <Styleguide/> });
    settle().await;
    stage
}

/// Returns the name of a control for screen readers.
fn name_of(stage: &Stage, control: &HtmlElement) -> String {
    let label = || {
        let labels = stage.all("label").into_iter();
        let its = |label: &HtmlElement| {
            label.unchecked_ref::<HtmlLabelElement>().control().as_ref() == Some(control)
        };
        labels.filter(its).map(|label| text_of(&label)).collect::<String>()
    };
    match control.tag_name().as_str() {
        _ if control.has_attribute("aria-label") => control.get_attribute("aria-label").unwrap_or_default(),
        "INPUT" | "SELECT" => label(),
        _ => text_of(control),
    }
}

#[wasm_bindgen_test]
async fn every_control_has_a_name_and_what_describes_it_is_there() {
    let stage = styleguide().await;
    let controls =
        stage.all("button, a, input, select, summary, progress:not([aria-hidden] *), [tabindex='0']");
    assert!(controls.len() > 60, "{} controls", controls.len());
    for control in &controls {
        assert_ne!(name_of(&stage, control), "", "{}", control.outer_html());
        described(control);
    }
}

#[wasm_bindgen_test]
async fn the_headings_are_an_outline() {
    let stage = styleguide().await;
    let mut level = 0;
    for heading in stage.all("h1, h2, h3, h4") {
        let own = heading.tag_name()[1..].parse::<u32>().expect("a number");
        assert!(own <= level + 1, "{} after h{level}", heading.outer_html());
        level = own;
    }
    assert_eq!(stage.all("h1").len(), 1);
    for section in stage.all("section.card") {
        let name = section.get_attribute("aria-labelledby").expect("a name");
        assert!(document().get_element_by_id(&name).is_some_and(|heading| heading.tag_name() == "H2"));
    }
}

#[wasm_bindgen_test]
async fn ids_are_unique() {
    let stage = styleguide().await;
    let ids: Vec<_> = stage.all("[id]").iter().map(|element| element.id()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{ids:?}");
}

#[wasm_bindgen_test]
async fn it_asks_no_server() {
    let server = Server::start(|sent| panic!("{} {} was asked", sent.method, sent.path));
    let stage = styleguide().await;
    press(&stage.button("Show token"));
    until("the example is shown", || stage.find_button("Hide token").is_some()).await;
    assert!(server.lines().is_empty());
}

#[wasm_bindgen_test]
async fn its_dialogs_and_its_menu_work() {
    let stage = styleguide().await;
    for opener in ["Open a form", "Open a question"] {
        press(&stage.button(opener));
        until("the dialog is open", || stage.find("dialog[open]").is_some()).await;
        press(&stage.button("Cancel"));
        until("the dialog is gone", || stage.find("dialog").is_none()).await;
    }
    press(&stage.control("First menu button"));
    until("the menu has the focus", || stage.find("[role=menuitem]").is_some_and(|item| has_focus(&item)))
        .await;
    press_key_on(&stage.get("[role=menuitem]"), "Escape");
    until("the menu is closed", || stage.find("[role=menuitem]").is_none()).await;
}

/// Pressing an example shows its effect.
#[wasm_bindgen_test]
async fn its_examples_answer() {
    let stage = styleguide().await;
    press(&stage.button("Show a failure"));
    until("it is said", || stage.says("It did not work.")).await;
    press(&stage.control("Select all"));
    settle().await;
    assert!(
        stage.all("input[aria-label^='Select the']").iter().all(|one| one.matches(":checked") == Ok(true))
    );
}
