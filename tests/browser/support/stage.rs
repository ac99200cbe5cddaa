//! A place in the page for the components of one test, with the ways in which a person or a screen reader finds
//! things in it.

use std::{any::Any, cell::RefCell};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement};

/// Components in the page, until it is dropped.
pub struct Stage {
    root: HtmlElement,
}

thread_local! {
    /// What is mounted, and where. Not in [`Stage`], since a test that fails drops nothing, and the next one must not
    /// inherit its modal dialog or its router.
    static MOUNTED: RefCell<Vec<Mounted>> = const { RefCell::new(Vec::new()) };
}

struct Mounted {
    root: HtmlElement,
    /// The reactive owner of the view. Cleaned up by hand, since a future that never ends may hold it too.
    owner: Owner,
    _view: Box<dyn Any>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}

impl Stage {
    pub fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        Self::clear();
        Self::mount_beside(view)
    }

    /// Removes what a failed test left in the page.
    pub fn clear() {
        for left in MOUNTED.take() {
            let root = left.root.clone();
            drop(left);
            root.remove();
        }
        while let Ok(Some(base)) = document().query_selector("base") {
            base.remove();
        }
    }

    /// Like [`Stage::mount`], but keeps other stages of the same test.
    pub fn mount_beside<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let root: HtmlElement = document().create_element("div").expect("a div").unchecked_into();
        root.set_class_name("stage");
        document().body().expect("a body").append_child(&root).expect("an open page");
        let owner = Owner::new();
        let view = owner.with(|| leptos::mount::mount_to(root.clone(), move || view().into_any()));
        let mounted = Mounted { root: root.clone(), owner, _view: Box::new(view) };
        MOUNTED.with_borrow_mut(|all| all.push(mounted));
        Self { root }
    }

    /// Removes the components with everything that they started.
    pub fn unmount(&self) {
        let taken = MOUNTED.with_borrow_mut(|all| {
            let index = all.iter().position(|mounted| mounted.root == self.root)?;
            Some(all.remove(index))
        });
        // Not inside the closure: what a component does on cleanup may concern another stage.
        drop(taken);
    }

    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).expect("a valid selector");
        (0..found.length()).filter_map(|i| found.get(i)).map(JsCast::unchecked_into).collect()
    }

    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.all(selector).into_iter().next()
    }

    pub fn get(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector} in {}", self.html()))
    }

    /// Returns the element as its own type.
    pub fn get_as<T: JsCast>(&self, selector: &str) -> T {
        self.get(selector).dyn_into().unwrap_or_else(|_| panic!("{selector} is something else"))
    }

    /// Returns the control with this label.
    pub fn control<T: JsCast>(&self, label: &str) -> T {
        self.find_control(label).unwrap_or_else(|| panic!("no control “{label}” in {}", self.html()))
    }

    pub fn find_control<T: JsCast>(&self, label: &str) -> Option<T> {
        let labels = self.all("label").into_iter().filter(|element| text_of(element) == label);
        let control = labels
            .filter_map(|element| element.unchecked_into::<web_sys::HtmlLabelElement>().control())
            .chain(
                self.all("[aria-label]")
                    .into_iter()
                    .filter(|e| e.get_attribute("aria-label").as_deref() == Some(label)),
            )
            .next()?;
        control.dyn_into().ok()
    }

    pub fn button(&self, words: &str) -> HtmlElement {
        self.find_button(words).unwrap_or_else(|| panic!("no button “{words}” in {}", self.html()))
    }

    pub fn find_button(&self, words: &str) -> Option<HtmlElement> {
        self.all("button").into_iter().find(|button| text_of(button) == words)
    }

    /// Returns the button of a dialog, which may have the same words as one of the page behind it.
    pub fn dialog_button(&self, words: &str) -> HtmlElement {
        let button = self.all("dialog button").into_iter().find(|button| text_of(button) == words);
        button.unwrap_or_else(|| panic!("no button “{words}” in a dialog: {}", self.html()))
    }

    pub fn link(&self, words: &str) -> HtmlElement {
        let link = self.all("a").into_iter().find(|link| text_of(link) == words);
        link.unwrap_or_else(|| panic!("no link “{words}” in {}", self.html()))
    }

    /// Returns the text of the whole stage.
    pub fn text(&self) -> String {
        text_of(&self.root)
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Returns the markup with elements and attributes; it does not include the values of inputs.
    pub fn html(&self) -> String {
        self.root.inner_html()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.unmount();
        self.root.remove();
    }
}

pub fn text_of(element: &Element) -> String {
    element.text_content().unwrap_or_default().trim().to_owned()
}

/// Returns what a screen reader adds to an element's name: the texts that `aria-describedby` refers to.
pub fn described(element: &Element) -> String {
    let ids = element.get_attribute("aria-describedby").unwrap_or_default();
    let texts: Vec<_> = ids
        .split_ascii_whitespace()
        .map(|id| document().get_element_by_id(id).unwrap_or_else(|| panic!("nothing has the id {id}")))
        .map(|element| text_of(&element))
        .collect();
    texts.join(" ")
}

pub fn has_focus(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

pub fn focus(element: &HtmlElement) {
    element.focus().expect("an element that can have the focus");
}

pub fn press(element: &HtmlElement) {
    element.click();
}

/// Types or chooses a value as a person does: the element changes first and then fires its event.
pub fn type_into(element: &HtmlElement, text: &str) {
    if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
        select.set_value(text);
        tell(element, "change");
    } else {
        element.unchecked_ref::<HtmlInputElement>().set_value(text);
        tell(element, "input");
    }
}

pub fn value_of(element: &HtmlElement) -> String {
    match element.dyn_ref::<HtmlSelectElement>() {
        Some(select) => select.value(),
        None => element.unchecked_ref::<HtmlInputElement>().value(),
    }
}

/// Fires an event at the window.
pub fn fire(event: &str) {
    window().dispatch_event(&Event::new(event).expect("an event")).expect("a window");
}

fn tell(element: &Element, event: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(event, &init).expect("an event");
    element.dispatch_event(&event).expect("an element that listens");
}

/// Submits a form as Enter in one of its fields does, without a press of its button.
pub fn submit(field: &HtmlElement) {
    let form = field.closest("form").expect("a valid selector").expect("a form");
    form.unchecked_into::<HtmlFormElement>().request_submit().expect("a form in the page");
}
