//! The table of tokens: rows at once, details as they arrive.

use leptos::{either::Either, prelude::*};

use super::{Owners, RowDetails, details::RowDetail, model::page::PAGE_SIZE, session_badge::SessionBadge};
use crate::{
    api::{Error, Token, TokenSummary},
    failure::{self, Act},
    navigation::Navigation,
    routes::Route,
    ui::{Load, Time, follow},
};

/// The rows. On a phone the table is drawn as cards; the roles are written out because a changed
/// `display` takes them away in some browsers.
#[component]
pub(super) fn TokenTable(rows: Vec<TokenSummary>) -> impl IntoView {
    let details = RowDetails::expect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let detail = details.of(row.id);
            view! { <TokenRow row=row detail=detail/> }
        })
        .collect();
    view! {
        <table class="table" aria-label="API tokens" role="table">
            <Header/>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

#[component]
fn Header() -> impl IntoView {
    const COLUMNS: [(&str, &str); 6] = [
        ("Name", "col-name"),
        ("ID", "col-id"),
        ("Owner", "col-owner"),
        ("Status", "col-status"),
        ("Last used", "col-date"),
        ("Created", "col-date"),
    ];
    let cells =
        COLUMNS.map(|(name, class)| view! { <th scope="col" role="columnheader" class=class>{name}</th> });
    view! {
        <thead role="rowgroup">
            <tr role="row">{cells}</tr>
        </thead>
    }
}

#[component]
fn TokenRow(row: TokenSummary, detail: RowDetail) -> impl IntoView {
    let navigation = Navigation::expect();
    let owners = Owners::expect();
    let href = navigation.href(&Route::Token(row.id));
    // A name may be spaces only; a link needs something to be pressed.
    let name = if row.name.trim().is_empty() { "(blank name)".to_owned() } else { row.name };
    let cell = move |label: &'static str, class: &'static str, show: fn(&Token, Owners) -> AnyView| {
        let detail = detail.clone();
        view! {
            <td role="cell" class=class data-label=label>
                {move || {
                    follow(&detail);
                    detail.with_untracked(|detail| match detail {
                        Load::Loading => Either::Left(view! { <Placeholder/> }),
                        Load::Ready(token) => Either::Right(show(token, owners)),
                        Load::Failed(error) => {
                            Either::Right(view! { <Unavailable error=error.clone()/> }.into_any())
                        }
                    })
                }}
            </td>
        }
    };
    view! {
        <tr role="row">
            <td role="cell" class="col-name">
                <a href=href>{name}</a>
            </td>
            <td role="cell" class="col-id mono" data-label="ID">{row.id}</td>
            {cell("Owner", "col-owner", |token, owners| {
                let owner = token.owner_id;
                (move || owners.label(owner)).into_any()
            })}
            {cell("Status", "col-status", |token, _| {
                view! { <StatusBadge enabled=token.enabled/> <SessionBadge id=token.id/> }.into_any()
            })}
            {cell("Last used", "col-date", |token, _| {
                view! { <Time value=token.last_used.clone() missing="Never"/> }.into_any()
            })}
            {cell("Created", "col-date", |token, _| view! { <Time value=token.created.clone()/> }.into_any())}
        </tr>
    }
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
    let rows: Vec<_> = (0..PAGE_SIZE)
        .map(|_| view! { <tr><td colspan="6"><span class="skeleton skeleton-wide"></span></td></tr> })
        .collect();
    view! {
        <p class="visually-hidden" role="status">"Loading the tokens"</p>
        <div aria-hidden="true">
            <table class="table" role="presentation">
                <Header/>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
