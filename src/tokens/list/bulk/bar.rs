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
            selection::Selection,
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
    let more_words =
        move || words::select_all(more.get().unwrap_or_default(), list.with(Query::filters), count);
    let said = move || words::selected(counts.get(), count);
    let clear = move |()| {
        selection.clear();
        focus_list();
    };
    let bar = NodeRef::<html::Section>::new();
    uncover_focus(bar);
    let keydown = reached_with_key(bar);
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
                <p class="bulk-count" aria-hidden="true">{said}</p>
                // There before its words, so that they are read out.
                <p class="visually-hidden" role="status"><Later>{said}</Later></p>
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

/// Scrolls the focused row into view when the bar appears and may cover it. Only a row with visible focus: a user with a
/// pointer looks at theirs, and nothing moves.
fn uncover_focus(bar: NodeRef<html::Section>) {
    effect(move || {
        if bar.get().is_some()
            && let Ok(Some(here)) = document().query_selector("main :focus-visible")
        {
            bring_into_view(&here);
        }
    });
}

/// Moves the focus to the bar on "b": with Tab, it is as many stops away as the page has rows. Returns what leads back
/// on Escape.
fn reached_with_key(bar: NodeRef<html::Section>) -> impl Fn(ev::KeyboardEvent) + Copy + 'static {
    let came_from = StoredValue::new_local(None::<HtmlElement>);
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
    move |event| {
        if event.key() == "Escape"
            && let Some(Some(there)) = came_from.try_update_value(Option::take)
        {
            focus_element(&there);
        }
    }
}
