//! The entries of the command menu, under their headings.

use leptos::prelude::*;

use super::model::Entry;
use crate::ui::{bring_into_view, effect};

/// The element of an entry, for the field that points to it.
pub(super) fn option_id(place: usize) -> String {
    format!("palette-option-{place}")
}

/// A listbox. The focus stays in the field; `at` is the entry that Enter takes.
#[component]
pub(super) fn Options(
    entries: Memo<Vec<Entry>>,
    at: Memo<usize>,
    /// The pointer is on another entry.
    #[prop(into)]
    on_point: Callback<usize>,
    /// An entry was pressed.
    #[prop(into)]
    on_take: Callback<usize>,
) -> impl IntoView {
    // What the arrows reach is to be seen.
    effect(move || {
        let id = option_id(at.get());
        entries.track();
        request_animation_frame(move || {
            if let Some(option) = document().get_element_by_id(&id) {
                bring_into_view(&option);
            }
        });
    });
    view! {
        <div id="palette-options" class="palette-options" role="listbox" aria-label="Results">
            {move || entries.with(|entries| grouped(entries)).into_iter().map(|(label, entries)| {
                let options: Vec<_> =
                    entries.into_iter().map(|(place, entry)| one(place, entry, at, on_point, on_take)).collect();
                view! {
                    <div role="group" aria-label=label>
                        <div class="palette-group" aria-hidden="true">{label}</div>
                        {options}
                    </div>
                }
            }).collect_view()}
        </div>
    }
}

/// Entries that stand together, each with its place in the whole.
fn grouped(entries: &[Entry]) -> Vec<(&'static str, Vec<(usize, Entry)>)> {
    let mut groups: Vec<(&'static str, Vec<(usize, Entry)>)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let label = entry.group.label();
        match groups.last_mut() {
            Some((last, group)) if *last == label => group.push((place, entry.clone())),
            _ => groups.push((label, vec![(place, entry.clone())])),
        }
    }
    groups
}

fn one(
    place: usize,
    entry: Entry,
    at: Memo<usize>,
    on_point: Callback<usize>,
    on_take: Callback<usize>,
) -> impl IntoView {
    let Entry { label, note, blocked, .. } = entry;
    let is_blocked = blocked.is_some();
    let is_at = Memo::new(move |_| at.get() == place);
    view! {
        <div
            id=option_id(place)
            class="palette-option"
            role="option"
            aria-selected=move || if is_at.get() { "true" } else { "false" }
            aria-disabled=is_blocked.then_some("true")
            // The field keeps the focus.
            on:pointerdown=|event| event.prevent_default()
            on:pointermove=move |_| if !is_at.get_untracked() { on_point.run(place) }
            on:click=move |_| on_take.run(place)
        >
            <span>{label}</span>
            <span class="palette-note">{blocked.unwrap_or(note)}</span>
        </div>
    }
}
