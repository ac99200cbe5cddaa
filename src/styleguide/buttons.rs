//! Buttons.

use leptos::prelude::*;

use super::{Row, Subheading};
use crate::ui::{Button, ButtonStyle, Card, LinkButton};

const REASON: &str = "The server does not allow you to do this.";

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let presses = RwSignal::new(0);
    let press = move |()| presses.update(|presses| *presses += 1);
    view! {
        <Card heading="Buttons">
            <Row>
                <Button label="Secondary" on_press=press/>
                <Button label="Primary" style=ButtonStyle::Primary on_press=press/>
                <Button label="Danger" style=ButtonStyle::Danger on_press=press/>
                <Button label="Quiet" style=ButtonStyle::Quiet on_press=press/>
            </Row>
            <p class="muted" role="status">{move || format!("Pressed {} times.", presses.get())}</p>
            <Subheading words="Busy"/>
            <Busy/>
            <Subheading words="Blocked, with the reason"/>
            <Blocked/>
            <Subheading words="Links"/>
            <Links/>
        </Card>
    }
}

#[component]
fn Busy() -> impl IntoView {
    view! {
        <Row>
            <Button label="Secondary, busy" busy=true/>
            <Button label="Primary, busy" style=ButtonStyle::Primary busy=true/>
            <Button label="Danger, busy" style=ButtonStyle::Danger busy=true/>
            <Button label="Quiet, busy" style=ButtonStyle::Quiet busy=true/>
        </Row>
    }
}

#[component]
fn Blocked() -> impl IntoView {
    let reason = || Signal::stored(Some(REASON.to_owned()));
    view! {
        <Row>
            <Button label="Secondary, blocked" blocked=reason()/>
            <Button label="Primary, blocked" style=ButtonStyle::Primary blocked=reason()/>
            <Button label="Danger, blocked" style=ButtonStyle::Danger blocked=reason()/>
            <Button label="Quiet, blocked" style=ButtonStyle::Quiet blocked=reason()/>
        </Row>
    }
}

#[component]
fn Links() -> impl IntoView {
    let reason = || Signal::stored(Some(REASON.to_owned()));
    view! {
        <Row>
            <LinkButton label="Link" href="#styleguide"/>
            <LinkButton label="Primary link" href="#styleguide" style=ButtonStyle::Primary/>
            <LinkButton label="Link, blocked" href="#styleguide" blocked=reason()/>
            <LinkButton label="Link, blocked tersely" href="#styleguide" blocked=reason() terse=true/>
        </Row>
    }
}
