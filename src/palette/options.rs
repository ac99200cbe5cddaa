//! The entries of the command menu, under their headings.

use leptos::prelude::*;

use super::model::Entry;
use crate::ui::{bring_into_view, effect};

/// Returns the ID of an entry's element, which the input refers to.
pub(super) fn option_id(place: usize) -> String {
    format!("palette-option-{place}")
}

/// The listbox. The focus stays in the input; `at` is the position of the entry that Enter takes.
#[component]
pub(super) fn Options(
    entries: Memo<Vec<Entry>>,
    at: Memo<usize>,
    /// Called when the pointer moves onto another entry.
    #[prop(into)]
    on_point: Callback<usize>,
    /// Called when an entry is pressed.
    #[prop(into)]
    on_take: Callback<usize>,
) -> impl IntoView {
    // Scrolls the current entry into view.
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

/// Groups the entries, each with its position in the whole.
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
            // Keeps the focus in the input.
            on:pointerdown=|event| event.prevent_default()
            on:pointermove=move |_| if !is_at.get_untracked() { on_point.run(place) }
            on:click=move |_| on_take.run(place)
        >
            <span>{label}</span>
            <span class="palette-note">{blocked.unwrap_or(note)}</span>
        </div>
    }
}
