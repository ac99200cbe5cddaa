//! The table of tokens: rows at once, details as they arrive.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    Owners, RowDetails,
    list_query::ListQuery,
    list_selection::ListSelection,
    list_steps::in_two_steps,
    listing::Listing,
    model::{
        catalogue::{
            fold::Words,
            query::{Column, PageSize, Query},
            view::Shown,
        },
        selection::Extent,
    },
    row_menu::{RowActs, RowMenu, RowQuestion},
    session_badge::SessionBadge,
};
use crate::{
    api::{Error, Token, TokenId},
    failure::{self, Act},
    navigation::Navigation,
    routes::Route,
    ui::{Load, TickBox, Time, decomposed, focus_element, follow},
};

/// The rows of the page. On a phone the table is drawn as cards; the roles are written out because a
/// changed `display` takes them away in some browsers.
#[component]
pub(super) fn TokenTable(
    /// What the list shows.
    shown: Memo<Shown>,
    /// The tokens of the page, in order.
    rows: Memo<Vec<TokenId>>,
    /// The checkbox for the page, for a caller that moves the focus.
    page_box: NodeRef<html::Input>,
) -> impl IntoView {
    let selection = ListSelection::expect();
    let listing = Listing::expect();
    let list = ListQuery::expect();
    let body = NodeRef::<html::Tbody>::new();
    let rows = in_two_steps(rows, body);
    // A row that is renamed is another row; one that moves is the same.
    let named = move || {
        listing.with(|catalogue| {
            rows.get()
                .into_iter()
                .filter_map(|id| catalogue.get(id).map(|row| (id, row.name.to_string())))
                .collect::<Vec<_>>()
        })
    };
    let words = Memo::new(move |_| list.with(|query| Words::new(&query.text, decomposed)));
    let context = RowContext {
        words,
        shown,
        selection,
        details: RowDetails::expect(),
        owners: Owners::expect(),
        navigation: Navigation::expect(),
        acts: RowActs::new(),
    };
    let keydown = move |event: KeyboardEvent| match row_to_select(&event) {
        Some(id) => {
            event.prevent_default();
            selection.press(id, event.shift_key(), shown);
        }
        None => move_between_rows(event),
    };
    view! {
        <table class="table" aria-label="API tokens" role="table">
            <Header first=move || view! { <SelectPage shown=shown node_ref=page_box/> }/>
            <tbody role="rowgroup" node_ref=body on:keydown=keydown>
                <For each=named key=|row| row.clone() let:row>
                    <TokenRow id=row.0 name=row.1 context=context/>
                </For>
            </tbody>
        </table>
        <RowQuestion acts=context.acts/>
    }
}

/// The row whose link has the focus when Space is pressed.
fn row_to_select(event: &KeyboardEvent) -> Option<TokenId> {
    let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    if event.key() != " " || with_modifier {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?;
    let is_name = link.matches(".col-name a").unwrap_or(false);
    let row = is_name.then(|| link.closest("tr").ok().flatten()).flatten()?;
    row.get_attribute("data-id")?.parse().ok()
}

/// Arrows move between rows: the focus goes to the same place in the next one.
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
    (Column::LastUsed, "Last used", "col-date"),
    (Column::Created, "Created", "col-date"),
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

/// What all rows share. A row is made often, and looking these up takes its time.
#[derive(Clone, Copy)]
struct RowContext {
    words: Memo<Words>,
    shown: Memo<Shown>,
    selection: ListSelection,
    details: RowDetails,
    owners: Owners,
    navigation: Navigation,
    acts: RowActs,
}

#[component]
fn TokenRow(id: TokenId, name: String, context: RowContext) -> impl IntoView {
    let RowContext { words, shown, selection, details, owners, navigation, acts } = context;
    let is_selected = Memo::new(move |_| selection.with(|selection| selection.contains(id)));
    let row_name = name.clone();
    let called = if name.trim().is_empty() { format!("token {id}") } else { name.clone() };
    let detail = details.of(id);
    let cells = move || {
        follow(&detail);
        detail.with_untracked(|detail| detail_cells(detail, owners))
    };
    view! {
        <tr role="row" class=("is-selected", is_selected) data-id=id>
            <td role="cell" class="col-select">
                <TickBox
                    label=format!("Select {called}")
                    ticked=is_selected
                    on_press=move |with_shift| selection.press(id, with_shift, shown)
                />
            </td>
            <td role="cell" class="col-name">
                <a href=navigation.href(&Route::Token(id))>{move || words.with(|words| marked(words, &name))}</a>
                <NewsBadge id=id/>
            </td>
            <td role="cell" class="col-id mono" data-label="ID">{id}</td>
            {cells}
            <td role="cell" class="col-actions"><RowMenu id=id name=row_name acts=acts/></td>
        </tr>
    }
}

/// The cells that take a request of their own: they come together.
fn detail_cells(detail: &Load<Token, Error>, owners: Owners) -> AnyView {
    let cell = |column: usize, content: AnyView| {
        let (_, label, class) = COLUMNS[column];
        view! { <td role="cell" class=class data-label=label>{content}</td> }
    };
    let each = |content: &dyn Fn() -> AnyView| (2..COLUMNS.len()).map(|i| cell(i, content())).collect_view();
    match detail {
        Load::Loading => each(&|| view! { <Placeholder/> }.into_any()).into_any(),
        Load::Failed(error) => each(&|| view! { <Unavailable error=error.clone()/> }.into_any()).into_any(),
        Load::Ready(token) => {
            let owner = token.owner_id;
            let status = view! { <StatusBadge enabled=token.enabled/> <SessionBadge id=token.id/> };
            let last_used = view! { <Time value=token.last_used.clone() missing="Never"/> };
            let created = view! { <Time value=token.created.clone()/> };
            [
                cell(2, (move || owners.label(owner)).into_any()),
                cell(3, status.into_any()),
                cell(4, last_used.into_any()),
                cell(5, created.into_any()),
            ]
            .collect_view()
            .into_any()
        }
    }
}

/// The checkbox above those of the rows.
#[component]
fn SelectPage(shown: Memo<Shown>, node_ref: NodeRef<html::Input>) -> impl IntoView {
    let selection = ListSelection::expect();
    let extent = Memo::new(move |_| shown.with(|shown| selection.with(|s| s.extent(shown.on_page()))));
    view! {
        <TickBox
            label="Select this page"
            ticked=Signal::derive(move || extent.get() == Extent::All)
            mixed=Signal::derive(move || extent.get() == Extent::Some)
            on_press=move |_| selection.press_page(shown)
            node_ref=node_ref
        />
    }
}

/// A name with what was searched for marked in it. A name may be spaces only; a link needs something to be
/// pressed.
fn marked(words: &Words, name: &str) -> Vec<AnyView> {
    if name.trim().is_empty() {
        return vec!["(blank name)".into_any()];
    }
    let mut parts = Vec::new();
    let mut end = 0;
    for mark in words.marks(name, decomposed) {
        parts.push(name.get(end..mark.start).unwrap_or_default().to_owned().into_any());
        let found = name.get(mark.clone()).unwrap_or_default().to_owned();
        parts.push(view! { <mark>{found}</mark> }.into_any());
        end = mark.end;
    }
    parts.push(name.get(end..).unwrap_or_default().to_owned().into_any());
    parts
}

/// Says of a row that the last refresh brought it, or another name for it.
#[component]
fn NewsBadge(id: TokenId) -> impl IntoView {
    let listing = Listing::expect();
    let word = move || {
        listing.with_changes(|changes| {
            if changes.new.contains(&id) {
                Some("New")
            } else {
                changes.renamed.iter().any(|renamed| renamed.id == id).then_some("Renamed")
            }
        })
    };
    move || word().map(|word| view! { " " <span class="badge badge-news">{word}</span> })
}

/// Whether a token works, in a word.
#[component]
pub(super) fn StatusBadge(
    /// Whether the server accepts it.
    enabled: bool,
) -> impl IntoView {
    let (class, word) = if enabled { ("badge badge-on", "Enabled") } else { ("badge badge-off", "Disabled") };
    view! { <span class=class>{word}</span> }
}

#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <span class="skeleton" aria-hidden="true"></span>
        <span class="visually-hidden">"Loading"</span>
    }
}

/// A cell whose value could not be had; why is in the tool tip and for screen readers.
#[component]
fn Unavailable(error: Error) -> impl IntoView {
    let why = failure::notice(&error, Act::ReadToken).title;
    let tip = why.clone();
    view! {
        <span class="muted" title=tip>
            <span aria-hidden="true">"—"</span>
            <span class="visually-hidden">{why}</span>
        </span>
    }
}

/// The table before its rows are there: the same frame and the same heights, so nothing moves.
#[component]
pub(super) fn LoadingTable() -> impl IntoView {
    let rows: Vec<_> = (0..PageSize::default().rows())
        .map(|_| view! { <tr><td colspan="8"><span class="skeleton skeleton-wide"></span></td></tr> })
        .collect();
    view! {
        <p class="visually-hidden" role="status">"Loading the tokens"</p>
        // Its headers are buttons, and there is nothing to sort yet.
        <div aria-hidden="true" inert>
            <table class="table" role="presentation">
                <Header/>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
