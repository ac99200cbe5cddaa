//! The rows of the list with their pages, or why there are none, and the bulk actions.

use leptos::{html::Tbody, prelude::*};

use super::{
    bulk::{Bulk, BulkBar, BulkQuestion, BulkResults},
    details::page::read_details,
    pager::Pager,
    query::ListQuery,
    selection::ListSelection,
    table::{
        row_menu::{RowActs, RowQuestion},
        steps::in_steps,
        token_table::{LoadingTable, TokenTable},
    },
};
use crate::{
    api::TokenId,
    failure, part,
    tokens::{
        cache::{
            list_place::ListPlace,
            listing::{Listing, Reading},
        },
        model::{
            catalogue::{pasted::is_like_a_secret, query::Query, rows::Catalogue, view::QueryResult},
            selection::Selection,
        },
    },
    ui::{Button, Notice, NoticeView, When},
};

/// What the list has to show.
#[derive(Clone, PartialEq)]
enum Kind {
    Loading,
    Failed(Notice),
    Rows,
    NothingFound,
    Empty,
}

/// The rows, or why there are none.
#[component]
pub(super) fn ListFrame(
    /// The rows that the query shows.
    shown: Memo<QueryResult>,
    /// Reads everything again.
    #[prop(into)]
    refresh: Callback<()>,
    /// The token whose screen the user comes from.
    came_from: Option<TokenId>,
) -> impl IntoView {
    let listing = Listing::expect();
    let list = ListQuery::expect();
    let kind = Memo::new(move |_| {
        let is_empty = listing.with(|catalogue| catalogue.is_empty());
        listing.with_reading(|reading| match reading {
            Reading::Failed(error) if is_empty => {
                Kind::Failed(failure::notice(error, failure::FailedAction::ListTokens))
            }
            _ if !is_empty && shown.with(|shown| shown.ids.is_empty()) => Kind::NothingFound,
            _ if !is_empty => Kind::Rows,
            Reading::Over(_) if list.with(Query::filters) => Kind::NothingFound,
            Reading::Over(_) => Kind::Empty,
            _ => Kind::Loading,
        })
    });
    let on_page = Memo::new(move |_| shown.with(|shown| shown.on_page().to_vec()));
    let body = NodeRef::<Tbody>::new();
    let place = ListPlace::expect();
    let query = move || list.try_get_untracked();
    let first = place.go_back(came_from, query(), body).map(|rows| {
        // At least the row that gets the focus: the list may have been left before its window was measured.
        let row = untrack(|| on_page.with(|ids| ids.iter().position(|id| Some(*id) == came_from)));
        0..rows.max(row.map_or(0, |row| row + 1))
    });
    let (rows, in_window) = in_steps(on_page, body, first);
    place.keep(query, in_window);
    let is_there =
        Memo::new(move |_| on_page.with(|on_page| rows.with(|rows| on_page.is_empty() || rows == on_page)));
    read_details(on_page, in_window);
    let acts = RowActs::new();
    let (bulk, selection) = (Bulk::expect(), ListSelection::expect());
    let has_dock = Signal::derive(move || !selection.with(Selection::is_empty) || bulk.has_run());
    let is_asked = Signal::derive(move || bulk.is_asked());
    view! {
        <div class="list-frame">
        <div class="list" aria-busy=move || (kind.get() == Kind::Loading).then_some("true")>
            {move || match kind.get() {
                Kind::Loading => view! { <LoadingTable/> }.into_any(),
                Kind::Failed(notice) => {
                    let retry = move || view! { <Button label="Try again" on_press=refresh/> };
                    view! { <NoticeView notice=notice live=true actions=retry/> }.into_any()
                }
                Kind::Rows => view! { <TokenTable shown=shown rows=rows body=body acts=acts/> }.into_any(),
                Kind::NothingFound => view! { <NothingFound shown=shown/> }.into_any(),
                Kind::Empty => view! { <Empty/> }.into_any(),
            }}
        </div>
        // Stays in place while pages change, so that the focus stays on "Next page".
        <Show when=move || listing.with(|catalogue| !catalogue.is_empty())>
            <Pager shown=shown is_there=is_there/>
        </Show>
        // At the bottom of the window as long as the list is in it, so that no row moves when it appears.
        <div class="dock">
            <When is=has_dock>{dock(shown)}</When>
        </div>
        </div>
        // Apart from the table, which goes with its last row, perhaps during the deletion.
        <RowQuestion acts=acts/>
        <When is=is_asked>{bulk_question()}</When>
    }
}

part! {
    in more;
    fn dock(shown: Memo<QueryResult>) {
        view! {
            <BulkResults/>
            <BulkBar shown=shown/>
        }
    }
}

part! {
    in more;
    fn bulk_question() {
        view! { <BulkQuestion/> }
    }
}

/// Shown if there are tokens, but none that match.
#[component]
fn NothingFound(shown: Memo<QueryResult>) -> impl IntoView {
    let listing = Listing::expect();
    let list = ListQuery::expect();
    let title = move || {
        let is_open = shown.with(|shown| shown.counts.undecided + shown.counts.unclear > 0);
        let is_partial = listing.with_reading(|reading| !matches!(reading, Reading::Over(_)));
        match (is_open, is_partial) {
            (true, _) => "No match among the tokens whose details are loaded.",
            (false, true) => "No match among the tokens loaded so far.",
            (false, false) => "No tokens match.",
        }
    };
    let hint = move || {
        if list.with(|query| is_like_a_secret(&query.text)) {
            "Your search looks like a secret, so it is not in the page's address. You can search by name and ID \
             only."
        } else {
            "Some servers do not list disabled tokens. You can open them by ID."
        }
    };
    let show_all = move |()| list.go(untrack(|| list.with(Query::without_filters)));
    view! {
        <div class="empty">
            // If there are tokens, the pager below says so too. Its words are read out, since its live region was there
            // before.
            <p class="empty-title" role=move || listing.with(Catalogue::is_empty).then_some("status")>{title}</p>
            <p>{hint}</p>
            <Button label="Show all tokens" on_press=show_all/>
        </div>
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title" role="status">"There are no tokens yet."</p>
            <p>
                "An API token lets a program act for a user without knowing the password. \
                 Some servers do not list disabled tokens. You can open them by ID."
            </p>
        </div>
    }
}
