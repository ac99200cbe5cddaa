//! The list as a file, filtered and ordered as it is.

use leptos::prelude::*;

use super::exporting::Exporting;
use crate::{
    part,
    tokens::model::{catalogue::view::QueryResult, export::words},
    ui::{Button, Fold, Notice, NoticeView, Tone, When, count},
};

/// "Export": buttons that save it as CSV or JSON.
#[component]
pub(in crate::tokens::list) fn ExportView(
    /// The rows that the list shows.
    shown: Memo<QueryResult>,
) -> impl IntoView {
    view! { <Fold summary="Export" content=Callback::new(move |is_open| export(shown, is_open))/> }
}

part! {
    in more;
    fn export(shown: Memo<QueryResult>, is_open: ReadSignal<bool>) {
        view! { <Export exporting=Exporting::new(shown, is_open)/> }
    }
}

#[component]
fn Export(exporting: Exporting) -> impl IntoView {
    let blocked = Signal::derive(move || exporting.blocked());
    // Notifies only when it changes, not at each response.
    let is_reading = Memo::new(move |_| exporting.is_reading());
    let has_read = Memo::new(move |before: Option<&bool>| before == Some(&true) || is_reading.get());
    let reading = exporting.reading();
    view! {
        <div class="stack">
            <p>{move || words::contents(exporting.matches(), count)}</p>
            <When is=Signal::derive(move || exporting.is_partial())>
                <p role="status">{words::PARTIAL}</p>
            </When>
            <When is=Signal::derive(move || { exporting.undecided() > 0 })>
                <p role="status">{move || words::undecided(exporting.undecided(), count)}</p>
            </When>
            <When is=Signal::derive(move || { has_read.get() || exporting.missing() > 0 })>
                <p role="status">
                    {move || match exporting.missing() {
                        0 => words::ALL_READ.to_owned(),
                        _ if is_reading.get() => words::READING.to_owned(),
                        missing => words::missing(missing, count),
                    }}
                    // The number is for the eye while it falls: a screen reader would read out hundreds of them.
                    <When is=is_reading>
                        <span aria-hidden="true">" " {move || count(exporting.missing())} " to go."</span>
                    </When>
                </p>
            </When>
            <When is=Signal::derive(move || { exporting.refused() > 0 })>
                <p role="status">{move || words::refused(exporting.refused(), count)}</p>
            </When>
            <div class="form-buttons">
                <Button label="Download CSV" on_press=move |()| exporting.save_csv() blocked=blocked/>
                <Button label="Download JSON" on_press=move |()| exporting.save_json() blocked=blocked/>
                <When is=Signal::derive(move || { exporting.missing() > 0 && !is_reading.get() })>
                    <Button label="Load missing details" on_press=move |()| reading.start()/>
                </When>
                <When is=is_reading>
                    <Button label="Stop loading" on_press=move |()| reading.stop()/>
                </When>
            </div>
            <When is=exporting.failed()>
                <NoticeView notice=Notice::new(Tone::Failure, "The file could not be saved.") live=true/>
            </When>
        </div>
    }
}
