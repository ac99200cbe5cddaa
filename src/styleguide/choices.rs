//! Controls to tick, choose or switch.

use leptos::prelude::*;

use super::{Row, Subheading};
use crate::ui::{Card, Checkbox, RadioGroup, Switch, TickBox};

#[component]
pub(super) fn Choices() -> impl IntoView {
    view! {
        <Card heading="Choices">
            <Row>
                <Checkbox label="Not ticked" value=RwSignal::new(false)/>
                <Checkbox label="Ticked" value=RwSignal::new(true)/>
                <Checkbox label="With a hint" value=RwSignal::new(false) hint="What it means to tick it."/>
            </Row>
            <RadioGroup
                label="One of a few"
                value=RwSignal::new(1)
                options=vec![(1, "The first"), (2, "The second"), (3, "The third")]
            />
            <Subheading words="Switches"/>
            <Switches/>
            <Subheading words="Tick boxes without words, as in a table"/>
            <TickBoxes/>
        </Card>
    }
}

#[component]
fn Switches() -> impl IntoView {
    let reason = || Signal::stored(Some("The server does not allow you to change this.".to_owned()));
    let hint = Signal::stored(Some("What it means.".to_owned()));
    view! {
        <Row>
            <Switch label="Off" value=RwSignal::new(false)/>
            <Switch label="On, with a hint" value=RwSignal::new(true) hint=hint/>
            <Switch label="Off, blocked" value=RwSignal::new(false) blocked=reason()/>
            <Switch label="On, blocked" value=RwSignal::new(true) blocked=reason()/>
        </Row>
    }
}

/// A tick box that stands for two others, and those two.
#[component]
fn TickBoxes() -> impl IntoView {
    let ticked = [RwSignal::new(true), RwSignal::new(false)];
    let number = move || ticked.iter().filter(|one| one.get()).count();
    let tick_all = move |_| {
        let is_any_left = ticked.iter().any(|one| !one.get_untracked());
        ticked.iter().for_each(|one| one.set(is_any_left));
    };
    let boxes = ticked.into_iter().zip(["Select the first", "Select the second"]).map(|(one, label)| {
        let toggle = move |_| one.update(|one| *one = !*one);
        view! { <span><TickBox label=label ticked=one on_press=toggle/></span> }
    });
    view! {
        <Row>
            <span>
                <TickBox
                    label="Select all"
                    ticked=Signal::derive(move || number() == ticked.len())
                    mixed=Signal::derive(move || number() == 1)
                    on_press=tick_all
                />
            </span>
            {boxes.collect_view()}
        </Row>
    }
}
