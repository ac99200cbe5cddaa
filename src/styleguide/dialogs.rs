//! Dialogs.

use leptos::prelude::*;

use super::Row;
use crate::ui::{Button, ButtonStyle, Card, Dialog, DialogKind, Notice, NoticeView, TextField, Tone, When};

#[component]
pub(super) fn Dialogs() -> impl IntoView {
    let (form, question) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <Card heading="Dialogs">
            <Row>
                <Button label="Open a form" on_press=move |()| form.set(true)/>
                <Button label="Open a question" on_press=move |()| question.set(true)/>
            </Row>
            <When is=form><Form is_open=form/></When>
            <When is=question><Question is_open=question/></When>
        </Card>
    }
}

#[component]
fn Form(is_open: RwSignal<bool>) -> impl IntoView {
    let close = move |()| is_open.set(false);
    let failure =
        Notice::new(Tone::Failure, "It did not work.").with_text("A failure shows where the act was.");
    view! {
        <Dialog kind=DialogKind::Form title="Something to fill in" on_close=close>
            <NoticeView notice=failure live=true/>
            <TextField label="Name" value=RwSignal::new(String::new())/>
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=close/>
                <Button label="Save" style=ButtonStyle::Primary on_press=close/>
            </div>
        </Dialog>
    }
}

#[component]
fn Question(is_open: RwSignal<bool>) -> impl IntoView {
    let close = move |()| is_open.set(false);
    view! {
        <Dialog kind=DialogKind::Alert title="Delete the example?" on_close=close>
            <p class="dialog-words">"Whatever uses it stops working at once. This cannot be undone."</p>
            <div class="dialog-buttons">
                <Button label="Cancel" on_press=close autofocus=true/>
                <Button label="Delete example" style=ButtonStyle::Danger on_press=close/>
            </div>
        </Dialog>
    }
}
