//! Loading and progress.

use leptos::prelude::*;

use super::{Row, Subheading};
use crate::ui::{Button, Card, Fold, Later, ProgressLine, When};

/// The number of items in the example.
const TOTAL: usize = 60;

#[component]
pub(super) fn Progress() -> impl IntoView {
    let done = RwSignal::new(12);
    let more = move |()| done.update(|done| *done = (*done + 12).min(TOTAL));
    view! {
        <Card heading="Progress">
            <ProgressLine done=done total=TOTAL/>
            <Row>
                <Button label="Do some more" on_press=more/>
                <Button label="Begin again" on_press=move |()| done.set(0)/>
            </Row>
            <When is=Signal::derive(move || done.get() == TOTAL)>
                <p>"All done: this is there only then."</p>
            </When>
            <Subheading words="Something that unfolds"/>
            <Fold summary="More" content=Callback::new(|_| view! { <p>"Made when it is opened."</p> }.into_any())/>
            <Subheading words="What comes once the rest is painted"/>
            <Later><p>"Not in the first frame of this page."</p></Later>
            <Subheading words="How far nobody knows"/>
            <div class="reading-line"><progress aria-label="Reading"></progress>"Reading…"</div>
            <Subheading words="Skeletons"/>
            <div class="stack" aria-hidden="true">
                <span class="skeleton"></span>
                <span class="skeleton skeleton-wide"></span>
            </div>
        </Card>
    }
}
