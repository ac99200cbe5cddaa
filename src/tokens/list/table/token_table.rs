//! The table of tokens: rows at once, details as they arrive.

use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent, PointerEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    row::RowContext,
    row_menu::{RowActs, RowMenu},
    rows::show_rows,
};
use crate::{
    api::{TokenId, parse_id},
    starting,
    tokens::{
        list::{query::ListQuery, selection::ListSelection},
        model::{
            catalogue::{
                fold::Words,
                query::{Column, PageSize, Query},
                view::QueryResult,
            },
            selection::Extent,
        },
    },
    ui::{TickBox, decomposed, effect, focus_element},
};

/// The rows of the page, and what can be done with them.
#[component]
pub(in crate::tokens::list) fn TokenTable(
    /// The rows that the list shows.
    shown: Memo<QueryResult>,
    /// The tokens of the page, in order, as far as they are shown.
    rows: ReadSignal<Vec<TokenId>>,
    /// The element that contains the rows.
    body: NodeRef<html::Tbody>,
    /// What its rows share.
    acts: RowActs,
) -> impl IntoView {
    let selection = ListSelection::expect();
    let list = ListQuery::expect();
    let words = Memo::new(move |_| list.with(|query| Words::new(&query.text, decomposed)));
    show_rows(rows, body, RowContext::new(words, acts));
    // The table listens for its rows: there are up to a hundred of them.
    let click = move |event: MouseEvent| {
        let Some((id, element)) = pressed(&event, "input, .menu-button") else { return };
        if element.matches("input").unwrap_or(false) {
            selection.press(id, event.shift_key(), shown);
        } else {
            acts.press(id, element);
        }
    };
    let pointer_down = move |event: PointerEvent| {
        if let Some((_, button)) = pressed(&event, ".menu-button") {
            acts.pointer_down(&button);
        }
    };
    let approach = move |event: &Event| {
        if let Some((id, _)) = pressed(event, ".menu-button") {
            acts.approach(id);
        }
    };
    let keydown = move |event: KeyboardEvent| match row_to_select(&event) {
        Some(id) => {
            event.prevent_default();
            selection.press(id, event.shift_key(), shown);
        }
        None if event.key() == "Escape" => selection.clear(),
        None => move_between_rows(event),
    };
    view! {
        <table class="table" aria-label="API tokens" role="table">
            <Header first=move || view! { <SelectPage shown=shown/> }/>
            <tbody
                role="rowgroup"
                node_ref=body
                on:keydown=keydown
                on:click=click
                on:pointerdown=pointer_down
                on:pointerover=move |event| approach(&event)
                on:focusin=move |event| approach(&event)
            ></tbody>
        </table>
        <RowMenu acts=acts/>
    }
}

/// Returns the element that matches `selector` where the event happened, and the token of its row.
fn pressed(event: &Event, selector: &str) -> Option<(TokenId, HtmlElement)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()??;
    let id = parse_id(&element.closest("tr").ok()??.get_attribute("data-id")?)?;
    Some((id, element.dyn_into().ok()?))
}

/// Returns the row whose link has the focus when Space is pressed.
fn row_to_select(event: &KeyboardEvent) -> Option<TokenId> {
    let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    if event.key() != " " || with_modifier {
        return None;
    }
    pressed(event, ".col-name a").map(|(id, _)| id)
}

/// Moves between rows with the arrow keys: the focus goes to the same control in the next row.
fn move_between_rows(event: KeyboardEvent) {
    let key = event.key();
    let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key());
    let Some(from) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(Some(row)) = from.closest("tr") else { return };
    let next = match key.as_str() {
        "ArrowDown" if is_plain => row.next_element_sibling(),
        "ArrowUp" if is_plain => row.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    let place = ["a", "button", "input"].into_iter().find(|place| from.matches(place).unwrap_or(false));
    let place = place.unwrap_or("a");
    if let Some(Ok(Some(target))) = next.map(|row| row.query_selector(place))
        && let Ok(target) = target.dyn_into::<HtmlElement>()
    {
        focus_element(&target);
    }
}

const COLUMNS: [(Column, &str, &str); 6] = [
    (Column::Name, "Name", "col-name"),
    (Column::Id, "ID", "col-id"),
    (Column::Owner, "Owner", "col-owner"),
    (Column::Status, "Status", "col-status"),
    (Column::LastUsed, "Last used", "col-date col-used"),
    (Column::Created, "Created", "col-date col-created"),
];

#[component]
fn Header(
    /// What is above the checkboxes of the rows.
    #[prop(optional, into)]
    first: ViewFn,
) -> impl IntoView {
    let list = ListQuery::expect();
    let cells = COLUMNS.map(|(column, name, class)| {
        let order = Memo::new(move |_| {
            let sort = list.with(|query| query.sort);
            (sort.column == column).then_some(sort.descending)
        });
        let press = move |_| {
            let query = untrack(|| list.get());
            let sort = query.sort.pressed(column);
            list.go(Query { sort, ..query.at_page(1) });
        };
        view! {
            <th
                scope="col"
                role="columnheader"
                class=class
                aria-sort=move || order.get().map(|down| if down { "descending" } else { "ascending" })
            >
                <button type="button" class="sort" on:click=press>{name}</button>
                // Shown in place of the button where it cannot be pressed (style/screens/table.css).
                <span class="column-name">{name}</span>
            </th>
        }
    });
    view! {
        <thead role="rowgroup">
            <tr role="row">
                // Not a header: the name of each checkbox and menu says what it is for.
                <td role="cell" class="col-select">{first.run()}</td>
                {cells}
                <td role="cell" class="col-actions"></td>
            </tr>
        </thead>
    }
}

/// The checkbox above those of the rows.
#[component]
fn SelectPage(shown: Memo<QueryResult>) -> impl IntoView {
    let selection = ListSelection::expect();
    let extent = Memo::new(move |_| shown.with(|shown| selection.with(|s| s.extent(shown.on_page()))));
    view! {
        <TickBox
            label="Select this page"
            ticked=Signal::derive(move || extent.get() == Extent::All)
            mixed=Signal::derive(move || extent.get() == Extent::Some)
            on_press=move |_| selection.press_page(shown)
        />
    }
}

/// The table before its rows are there: the same frame and the same heights, so that nothing moves. Rows that were
/// drawn before the console started stay until then.
#[component]
pub(in crate::tokens::list) fn LoadingTable() -> impl IntoView {
    // As text: the first content of a visit must not wait for views that are about to be removed.
    const ROW: &str = r#"<tr><td class="col-all"><span class="skeleton skeleton-wide"></span></td></tr>"#;
    let body = NodeRef::<html::Tbody>::new();
    effect(move || {
        if let Some(body) = body.get()
            && let Some(rows) = starting::rows()
        {
            // Fails only for an element that is not on the page.
            let _ = body.replace_with_with_node_1(&rows);
        }
    });
    view! {
        <p class="visually-hidden" role="status">"Loading the tokens"</p>
        // Its headers are buttons, and there is nothing to sort yet.
        <div aria-hidden="true" inert>
            <table class="table" role="presentation">
                <Header/>
                <tbody node_ref=body inner_html=ROW.repeat(PageSize::default().rows())></tbody>
            </table>
        </div>
    }
}
