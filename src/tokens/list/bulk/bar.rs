//! The bar with the number of selected tokens and the bulk acts.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Bulk, focus_list};
use crate::{
    tokens::{
        list::{query::ListQuery, selection::ListSelection},
        model::{
            bulk::{BulkAct, words},
            catalogue::{query::Query, view::QueryResult},
            selection::{Counts, Selection},
        },
    },
    ui::{Button, ButtonStyle, Later, When, bring_into_view, count, effect, focus_element, on_shortcut},
};

/// Shown at the bottom of the window while something is selected.
#[component]
pub(in crate::tokens::list) fn BulkBar(
    /// The rows that the list shows.
    shown: Memo<QueryResult>,
) -> impl IntoView {
    let selection = ListSelection::expect();
    let list = ListQuery::expect();
    let bulk = Bulk::expect();
    let is_empty = Memo::new(move |_| selection.with(Selection::is_empty));
    let counts = Memo::new(move |_| shown.with(|shown| selection.with(|s| s.counts(&shown.ids))));
    let more = Memo::new(move |_| {
        let matches = shown.with(|shown| shown.ids.len());
        (counts.get().shown < matches).then_some(matches)
    });
    let more_words = move || {
        let match_ = if list.with(Query::filters) { " that match" } else { "" };
        format!("Select all {}{match_}", count(more.get().unwrap_or_default()))
    };
    let words = move || selected(counts.get(), count);
    let clear = move |()| {
        selection.clear();
        focus_list();
    };
    let bar = NodeRef::<html::Section>::new();
    // The bar may cover the row whose selection made it appear. Only a row with visible focus is scrolled into view: a
    // user with a pointer looks at theirs, and nothing moves.
    effect(move || {
        if bar.get().is_some()
            && let Ok(Some(here)) = document().query_selector("main :focus-visible")
        {
            bring_into_view(&here);
        }
    });
    let came_from = StoredValue::new_local(None::<HtmlElement>);
    // With Tab, the bar is as many stops away as the page has rows.
    on_shortcut('b', move || {
        if let Some(Some(bar)) = bar.try_get_untracked()
            && let Ok(Some(act)) = bar.query_selector(".bulk-acts button")
            && let Ok(act) = act.dyn_into::<HtmlElement>()
        {
            let here = document().active_element().and_then(|here| here.dyn_into().ok());
            came_from.set_value(here);
            focus_element(&act);
        }
    });
    let keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(Some(there)) = came_from.try_update_value(Option::take)
        {
            focus_element(&there);
        }
    };
    let blocked = Signal::derive(move || {
        bulk.is_running()
            .then(|| "A bulk action is already running. Wait until it is finished, or cancel it.".to_owned())
    });
    let button = move |act: BulkAct| {
        let style = if act == BulkAct::Delete { ButtonStyle::Danger } else { ButtonStyle::Secondary };
        let press = move |()| bulk.intend(act, selection.ids());
        view! { <Button label=act.verb() style=style blocked=blocked on_press=press/> }
    };
    view! {
        <When is=Signal::derive(move || !is_empty.get())>
            <section class="bulk-bar" aria-label="Selection" node_ref=bar on:keydown=keydown>
                <p class="bulk-count" aria-hidden="true">{words}</p>
                // There before its words, so that they are read out.
                <p class="visually-hidden" role="status"><Later>{words}</Later></p>
                <When is=Signal::derive(move || more.get().is_some())>
                    <Button
                        label=Signal::derive(more_words)
                        style=ButtonStyle::Quiet
                        on_press=move |()| selection.select_all(shown)
                    />
                </When>
                <Button label="Clear" style=ButtonStyle::Quiet on_press=clear/>
                <div class="bulk-acts">
                    {button(BulkAct::Enable)} {button(BulkAct::Disable)} {button(BulkAct::Delete)}
                </div>
            </section>
        </When>
    }
}

/// Words how many tokens are selected, and how many of them the filters hide.
fn selected(counts: Counts, count: words::Count) -> String {
    let all = count(counts.shown + counts.hidden);
    match counts.hidden {
        0 => format!("{all} selected"),
        1 if counts.shown == 0 => "1 selected, hidden by search or filters".to_owned(),
        hidden => format!("{all} selected, {} of them hidden by search or filters", count(hidden)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_said() {
        let words = |shown, hidden| selected(Counts { shown, hidden }, |n| n.to_string());
        assert_eq!(words(3, 0), "3 selected");
        assert_eq!(words(0, 1), "1 selected, hidden by search or filters");
        assert_eq!(words(3, 2), "5 selected, 2 of them hidden by search or filters");
    }
}
