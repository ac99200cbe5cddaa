//! Controls: fields, buttons, switches.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use credmgr_console::ui::{
    Button, ButtonStyle, Checkbox, Choice, FieldMessage, InputKind, LinkButton, NumberWithSlider, RadioGroup,
    SelectField, Switch, TextField, TickBox,
};
use leptos::{ev, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::support::{
    Stage, described, focus, has_focus, press, press_key_on, settle, submit, text_of, type_into, value_of,
};

/// Counts the calls that a component makes.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicU32>);

impl Calls {
    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

fn nothing() -> RwSignal<Option<String>> {
    RwSignal::new(None)
}

// TextField

#[wasm_bindgen_test]
async fn a_field_shows_its_value_as_it_changes() {
    let value = RwSignal::new("old".to_owned());
    let stage = Stage::mount(move || view! { <TextField label="Name" value=value/> });
    let input: HtmlElement = stage.control("Name");
    settle().await;
    assert_eq!(value_of(&input), "old");
    // Even after typing, when an attribute would no longer reach the input.
    type_into(&input, "typed");
    value.set("new".into());
    settle().await;
    assert_eq!(value_of(&input), "new");
}

#[wasm_bindgen_test]
fn typing_changes_the_value() {
    let value = RwSignal::new(String::new());
    let stage = Stage::mount(move || view! { <TextField label="Name" value=value/> });
    type_into(&stage.control("Name"), "ci");
    assert_eq!(value.get_untracked(), "ci");
}

#[wasm_bindgen_test]
async fn a_complaint_marks_and_describes_its_field() {
    let (value, error) = (RwSignal::new(String::new()), nothing());
    let stage = Stage::mount(move || {
        view! { <TextField label="Name" value=value hint="Three characters.".to_owned() error=error/> }
    });
    let input: HtmlElement = stage.control("Name");
    assert_eq!(input.get_attribute("aria-invalid"), None);
    assert_eq!(described(&input), "Three characters.");
    error.set(Some("Enter a name.".into()));
    settle().await;
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    // The error comes first.
    assert_eq!(described(&input), "Enter a name. Three characters.");
    error.set(None);
    settle().await;
    assert_eq!(input.get_attribute("aria-invalid"), None);
    assert_eq!(described(&input), "Three characters.");
}

/// Enter in a field does not move the focus, so the error has to be announced.
#[wasm_bindgen_test]
async fn a_complaint_is_heard_by_whoever_is_in_the_field() {
    let (value, error) = (RwSignal::new(String::new()), nothing());
    let stage = Stage::mount(move || {
        view! {
            <TextField label="Name" value=value error=error/>
            <NumberWithSlider label="Length" value=value min=1 max=9 error=error/>
            <SelectField label="Owner" value=value choices=Signal::stored(choices(&["1"])) error=error/>
        }
    });
    settle().await;
    for label in ["Name", "Length", "Owner"] {
        let input: HtmlElement = stage.control(label);
        let field = input.closest(".field").expect("a valid selector").expect("a field");
        let place = field
            .query_selector(".field-complaint")
            .expect("a valid selector")
            .expect("there from the start");
        let heard = || place.get_attribute("aria-live");
        // The error is read with the field, as its description.
        focus(&input);
        assert_eq!(heard(), None, "{label}");
        press_key_on(&input, "Enter");
        settle().await;
        assert_eq!(heard().as_deref(), Some("polite"), "{label}");
        error.set(Some("Enter a name.".into()));
        settle().await;
        assert_eq!(text_of(&place), "Enter a name.");
        assert!(described(&input).contains("Enter a name."));
        input.blur().expect("blur");
        settle().await;
        assert_eq!(heard(), None, "{label}");
        error.set(None);
        settle().await;
        assert_eq!(text_of(&place), "");
    }
}

#[wasm_bindgen_test]
fn a_secret_is_typed_blind_and_not_remembered() {
    let value = RwSignal::new(String::new());
    let stage =
        Stage::mount(move || view! { <TextField label="API token" value=value kind=InputKind::Secret/> });
    let input: HtmlInputElement = stage.control("API token");
    assert_eq!(input.type_(), "password");
    assert_eq!(input.autocomplete(), "off");
}

/// The attributes that password managers, phones and spelling corrections use.
#[wasm_bindgen_test]
fn a_field_is_of_its_kind() {
    for (kind, type_, autocomplete, input_mode) in [
        (InputKind::Text, "text", "off", None),
        (InputKind::Username, "text", "username", None),
        (InputKind::CurrentPassword, "password", "current-password", None),
        (InputKind::Search, "search", "off", None),
        (InputKind::Number, "text", "off", Some("numeric")),
    ] {
        let value = RwSignal::new(String::new());
        let stage = Stage::mount(move || view! { <TextField label="Field" value=value kind=kind/> });
        let input: HtmlInputElement = stage.control("Field");
        assert_eq!(
            (input.type_().as_str(), input.autocomplete().as_str()),
            (type_, autocomplete),
            "{kind:?}"
        );
        assert_eq!(input.get_attribute("inputmode").as_deref(), input_mode, "{kind:?}");
        assert_eq!(input.get_attribute("spellcheck").as_deref(), Some("false"), "{kind:?}");
    }
}

#[wasm_bindgen_test]
async fn a_message_is_a_line_only_with_words() {
    let text = nothing();
    let stage = Stage::mount(move || view! { <FieldMessage id="its-hint".to_owned() text=text.into()/> });
    assert!(stage.find("#its-hint").is_none());
    text.set(Some("A hint.".into()));
    settle().await;
    assert_eq!(text_of(&stage.get("p#its-hint.field-hint")), "A hint.");
    let wrong = Signal::stored(Some("Wrong.".to_owned()));
    let stage =
        Stage::mount(move || view! { <FieldMessage id="its-error".to_owned() text=wrong is_error=true/> });
    assert_eq!(text_of(&stage.get("p#its-error.field-error")), "Wrong.");
}

#[wasm_bindgen_test]
fn a_read_only_field_says_so() {
    let value = RwSignal::new("ci".to_owned());
    let stage = Stage::mount(move || view! { <TextField label="Name" value=value read_only=true/> });
    assert!(stage.control::<HtmlInputElement>("Name").read_only());
}

#[wasm_bindgen_test]
async fn fields_of_the_same_name_keep_apart() {
    let (first, second) = (RwSignal::new("1".to_owned()), RwSignal::new("2".to_owned()));
    let stage = Stage::mount(move || {
        view! {
            <div id="a"><TextField label="Name" value=first/></div>
            <div id="b"><TextField label="Name" value=second/></div>
        }
    });
    settle().await;
    let controlled = |selector: &str| {
        let label = stage.get_as::<web_sys::HtmlLabelElement>(selector);
        value_of(&label.control().expect("a control"))
    };
    assert_eq!((controlled("#a label"), controlled("#b label")), ("1".into(), "2".into()));
}

// Button

#[wasm_bindgen_test]
fn a_press_calls_once() {
    let calls = Calls::default();
    let counted = calls.clone();
    let stage = Stage::mount(move || view! { <Button label="Copy" on_press=move |()| counted.one_more()/> });
    press(&stage.button("Copy"));
    assert_eq!(calls.count(), 1);
}

#[wasm_bindgen_test]
async fn a_blocked_button_does_nothing_and_says_why() {
    let calls = Calls::default();
    let counted = calls.clone();
    let blocked = RwSignal::new(Some("Not permitted.".to_owned()));
    let stage = Stage::mount(move || {
        view! { <Button label="Delete" blocked=blocked on_press=move |()| counted.one_more()/> }
    });
    let button = stage.button("Delete");
    press(&button);
    assert_eq!(calls.count(), 0);
    assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(described(&button), "Not permitted.");
    blocked.set(None);
    settle().await;
    assert_eq!(button.get_attribute("aria-disabled"), None);
    assert_eq!(described(&button), "");
    press(&button);
    assert_eq!(calls.count(), 1);
}

#[wasm_bindgen_test]
fn a_button_looks_like_what_it_does() {
    let of_style = |style| {
        Stage::mount(move || view! { <Button label="Do it" style=style/> }).button("Do it").class_name()
    };
    assert_eq!(of_style(ButtonStyle::Primary), "button button-primary");
    assert_eq!(of_style(ButtonStyle::Secondary), "button");
    assert_eq!(of_style(ButtonStyle::Danger), "button button-danger");
    assert_eq!(of_style(ButtonStyle::Quiet), "button button-quiet");
}

/// `disabled` would move the focus to the start of the page.
#[wasm_bindgen_test]
async fn a_button_keeps_the_focus_when_it_becomes_blocked() {
    let blocked = nothing();
    let stage = Stage::mount(move || view! { <Button label="Save" blocked=blocked/> });
    let button = stage.button("Save");
    focus(&button);
    blocked.set(Some("Not permitted.".into()));
    settle().await;
    assert!(has_focus(&button));
}

#[wasm_bindgen_test]
async fn a_busy_button_takes_no_second_press() {
    let calls = Calls::default();
    let counted = calls.clone();
    let busy = RwSignal::new(false);
    let stage = Stage::mount(move || {
        let press = move |()| {
            counted.one_more();
            busy.set(true);
        };
        view! { <Button label="Create" busy=busy on_press=press/> }
    });
    let button = stage.button("Create");
    press(&button);
    press(&button);
    settle().await;
    press(&button);
    assert_eq!(calls.count(), 1);
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    assert_eq!(text_of(&button), "Create");
}

/// Mounts a form with one button, and counts how often it is submitted.
fn form(button: impl FnOnce() -> AnyView + 'static) -> (Stage, Calls) {
    let calls = Calls::default();
    let counted = calls.clone();
    let stage = Stage::mount(move || {
        let submit = move |event: ev::SubmitEvent| {
            event.prevent_default();
            counted.one_more();
        };
        view! { <form on:submit=submit><input/>{button()}</form> }
    });
    (stage, calls)
}

#[wasm_bindgen_test]
fn a_submit_button_submits_its_form() {
    let (stage, calls) = form(|| view! { <Button label="Sign in" submit=true/> }.into_any());
    press(&stage.button("Sign in"));
    assert_eq!(calls.count(), 1);
}

#[wasm_bindgen_test]
fn a_blocked_submit_button_does_not_submit() {
    let blocked = Signal::stored(Some("Not permitted.".to_owned()));
    let (stage, calls) =
        form(move || view! { <Button label="Save" submit=true blocked=blocked/> }.into_any());
    press(&stage.button("Save"));
    assert_eq!(calls.count(), 0);
    // Only the button is blocked. Enter in a field still submits the form, which is why forms check too.
    submit(&stage.get("input"));
    assert_eq!(calls.count(), 1);
}

#[wasm_bindgen_test]
fn any_other_button_leaves_its_form_alone() {
    let (stage, calls) = form(|| view! { <Button label="Show token"/> }.into_any());
    press(&stage.button("Show token"));
    assert_eq!(calls.count(), 0);
}

// LinkButton

#[wasm_bindgen_test]
async fn a_blocked_link_leads_nowhere_and_says_why() {
    let blocked = nothing();
    let stage = Stage::mount(
        move || view! { <LinkButton label="New token" href="/tokens/new".to_owned() blocked=blocked/> },
    );
    let link = stage.link("New token");
    assert_eq!(link.get_attribute("href").as_deref(), Some("/tokens/new"));
    blocked.set(Some("Not permitted.".into()));
    settle().await;
    assert_eq!(link.get_attribute("href"), None);
    // It is still a link for a screen reader, and Tab still reaches it.
    assert_eq!(link.get_attribute("role").as_deref(), Some("link"));
    assert_eq!(link.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(link.tab_index(), 0);
    assert_eq!(described(&link), "Not permitted.");
}

/// Everybody else sees the reason anyway.
#[wasm_bindgen_test]
fn a_terse_link_says_why_to_screen_readers_only() {
    let blocked = Signal::stored(Some("Not permitted.".to_owned()));
    let stage = Stage::mount(move || {
        view! { <LinkButton label="New token" href="/tokens/new" blocked=blocked terse=true/> }
    });
    assert_eq!(described(&stage.link("New token")), "Not permitted.");
    assert_eq!(text_of(&stage.get(".visually-hidden")), "Not permitted.");
}

// Switch, Checkbox, TickBox, RadioGroup, SelectField

#[wasm_bindgen_test]
async fn a_switch_and_its_value_follow_each_other() {
    let value = RwSignal::new(true);
    let stage = Stage::mount(move || view! { <Switch label="Enabled" value=value/> });
    let switch: HtmlInputElement = stage.control("Enabled");
    assert!(switch.checked());
    press(&switch);
    assert!(!value.get_untracked());
    value.set(true);
    settle().await;
    assert!(switch.checked());
}

#[wasm_bindgen_test]
fn a_switch_is_one_and_says_what_it_means() {
    let value = RwSignal::new(true);
    let stage = Stage::mount(move || {
        view! { <Switch label="Enabled" value=value hint="What it means.".to_owned()/> }
    });
    let switch: HtmlInputElement = stage.control("Enabled");
    assert_eq!(switch.get_attribute("role").as_deref(), Some("switch"));
    assert_eq!(described(&switch), "What it means.");
}

#[wasm_bindgen_test]
async fn a_blocked_switch_stays_and_says_why() {
    let value = RwSignal::new(true);
    let blocked = Signal::stored(Some("Not permitted.".to_owned()));
    let stage = Stage::mount(move || {
        view! { <Switch label="Enabled" value=value hint="What it means.".to_owned() blocked=blocked/> }
    });
    let switch: HtmlInputElement = stage.control("Enabled");
    press(&switch);
    settle().await;
    assert!(value.get_untracked());
    assert!(switch.checked());
    assert_eq!(switch.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(described(&switch), "Not permitted.");
}

#[wasm_bindgen_test]
fn a_checkbox_changes_its_value() {
    let value = RwSignal::new(true);
    let stage = Stage::mount(move || view! { <Checkbox label="Stay" value=value/> });
    let checkbox: HtmlInputElement = stage.control("Stay");
    assert!(checkbox.checked());
    press(&checkbox);
    assert!(!value.get_untracked());
}

#[wasm_bindgen_test]
async fn a_checkbox_follows_its_value_and_says_what_it_means() {
    let value = RwSignal::new(false);
    let stage = Stage::mount(move || view! { <Checkbox label="Stay" value=value hint="On this tab."/> });
    let checkbox: HtmlInputElement = stage.control("Stay");
    assert!(!checkbox.checked());
    assert_eq!(described(&checkbox), "On this tab.");
    value.set(true);
    settle().await;
    assert!(checkbox.checked());
}

#[wasm_bindgen_test]
async fn a_tick_box_shows_what_others_know() {
    let (ticked, mixed) = (RwSignal::new(false), RwSignal::new(true));
    let stage = Stage::mount(move || {
        view! { <TickBox label="Select all" ticked=ticked mixed=mixed on_press=|_| ()/> }
    });
    let input: HtmlInputElement = stage.control("Select all");
    settle().await;
    assert!(!input.checked() && input.indeterminate());
    ticked.set(true);
    mixed.set(false);
    settle().await;
    assert!(input.checked() && !input.indeterminate());
}

#[wasm_bindgen_test]
fn a_tick_box_says_how_it_was_pressed() {
    let presses = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = presses.clone();
    let stage = Stage::mount(move || {
        let press = move |with_shift| heard.lock().expect("one thread").push(with_shift);
        view! { <TickBox label="Select ci" ticked=false on_press=press/> }
    });
    let input: HtmlInputElement = stage.control("Select ci");
    press(&input);
    let init = web_sys::MouseEventInit::new();
    init.set_shift_key(true);
    let click = web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).expect("an event");
    input.dispatch_event(&click).expect("it listens");
    // Beside the small box, too.
    press(&stage.get("label"));
    assert_eq!(*presses.lock().expect("one thread"), [false, true, false]);
}

#[wasm_bindgen_test]
fn a_group_of_radios_has_a_name() {
    let value = RwSignal::new(1_u8);
    let options = || vec![(1, "Token"), (2, "Password")];
    let stage =
        Stage::mount(move || view! { <RadioGroup label="Sign in with" value=value options=options()/> });
    // The browser names a fieldset after the legend that is its first child.
    let legend = stage.get("fieldset").first_element_child().expect("a legend");
    assert_eq!((legend.tag_name().as_str(), text_of(&legend).as_str()), ("LEGEND", "Sign in with"));
}

#[wasm_bindgen_test]
fn groups_of_radios_keep_apart() {
    let (first, second) = (RwSignal::new(1_u8), RwSignal::new(1_u8));
    let stage = Stage::mount(move || {
        view! {
            <RadioGroup label="First" value=first options=vec![(1, "A"), (2, "B")]/>
            <RadioGroup label="Second" value=second options=vec![(1, "C"), (2, "D")]/>
        }
    });
    press(&stage.control::<HtmlElement>("D"));
    assert!(stage.control::<HtmlInputElement>("A").checked());
    assert_eq!((first.get_untracked(), second.get_untracked()), (1, 2));
}

#[wasm_bindgen_test]
fn one_radio_of_a_group_is_chosen() {
    let value = RwSignal::new(1_u8);
    let stage = Stage::mount(
        move || view! { <RadioGroup label="Sign in with" value=value options=vec![(1, "Token"), (2, "Password")]/> },
    );
    let (token, password): (HtmlInputElement, HtmlInputElement) =
        (stage.control("Token"), stage.control("Password"));
    assert!(token.checked() && !password.checked());
    press(&password);
    assert_eq!(value.get_untracked(), 2);
    // They form a group, for the arrow keys and so that the browser unchecks the first.
    assert!(password.checked() && !token.checked());
}

fn choices(values: &[&str]) -> Vec<Choice> {
    let choice = |value: &&str| Choice { value: (*value).to_owned(), label: format!("User {value}") };
    values.iter().map(choice).collect()
}

#[wasm_bindgen_test]
async fn choosing_changes_the_value() {
    let value = RwSignal::new("1".to_owned());
    let stage = Stage::mount(
        move || view! { <SelectField label="Owner" value=value choices=Signal::stored(choices(&["1", "2"]))/> },
    );
    settle().await;
    type_into(&stage.control("Owner"), "2");
    assert_eq!(value.get_untracked(), "2");
}

/// The users arrive after the form: a choice made meanwhile must not be replaced by the first of the list.
#[wasm_bindgen_test]
async fn choices_that_arrive_later_leave_the_chosen_one() {
    let value = RwSignal::new("2".to_owned());
    let available = RwSignal::new(choices(&["1", "2"]));
    let stage = Stage::mount(move || view! { <SelectField label="Owner" value=value choices=available/> });
    let select: HtmlSelectElement = stage.control("Owner");
    settle().await;
    assert_eq!(select.value(), "2");
    available.set(choices(&["1", "2", "3"]));
    settle().await;
    assert_eq!(select.length(), 3);
    assert_eq!((select.value(), value.get_untracked()), ("2".to_owned(), "2".to_owned()));
}

#[wasm_bindgen_test]
async fn a_complaint_about_a_choice_describes_it() {
    let (value, error) = (RwSignal::new("1".to_owned()), nothing());
    let stage = Stage::mount(move || {
        view! { <SelectField label="Owner" value=value choices=Signal::stored(choices(&["1"])) error=error/> }
    });
    error.set(Some("No such user.".into()));
    settle().await;
    let select: HtmlElement = stage.control("Owner");
    assert_eq!(select.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(described(&select), "No such user.");
}

// NumberWithSlider

async fn length(value: RwSignal<String>) -> (Stage, HtmlElement, HtmlInputElement) {
    let stage = Stage::mount(move || view! { <NumberWithSlider label="Length" value=value min=16 max=128/> });
    settle().await;
    let (number, slider) = (stage.control("Length"), stage.control("Length slider"));
    (stage, number, slider)
}

#[wasm_bindgen_test]
async fn the_slider_follows_the_number() {
    let (_stage, number, slider) = length(RwSignal::new("32".into())).await;
    assert_eq!(slider.value(), "32");
    type_into(&number, " 100 ");
    settle().await;
    assert_eq!(slider.value(), "100");
}

#[wasm_bindgen_test]
async fn the_number_follows_the_slider() {
    let value = RwSignal::new("32".to_owned());
    let (_stage, number, slider) = length(value).await;
    type_into(&slider, "64");
    settle().await;
    assert_eq!(value_of(&number), "64");
    assert_eq!(value.get_untracked(), "64");
}

#[wasm_bindgen_test]
async fn the_slider_has_the_limits_and_the_number_the_complaint() {
    let error = nothing();
    let stage = Stage::mount(move || {
        view! {
            <NumberWithSlider
                label="Length"
                value=RwSignal::new("32".to_owned())
                min=16
                max=128
                hint="Characters.".to_owned()
                error=error
            />
        }
    });
    let (number, slider): (HtmlElement, HtmlInputElement) =
        (stage.control("Length"), stage.control("Length slider"));
    assert_eq!((slider.min().as_str(), slider.max().as_str()), ("16", "128"));
    assert_eq!(described(&number), "Characters.");
    error.set(Some("At most 128.".into()));
    settle().await;
    assert_eq!(number.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(described(&number), "At most 128. Characters.");
}

#[wasm_bindgen_test]
async fn nonsense_stays_as_typed_and_leaves_the_slider() {
    let value = RwSignal::new("32".to_owned());
    let (_stage, number, slider) = length(value).await;
    for typed in ["", "-1", "15", "129", "4294967297", "40.5", "many"] {
        type_into(&number, typed);
        settle().await;
        assert_eq!(value_of(&number), typed);
        assert_eq!(value.get_untracked(), typed);
        assert_eq!(slider.value(), "32", "after {typed:?}");
    }
}
