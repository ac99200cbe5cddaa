//! The requests that a filter or an order by details still needs.

use leptos::prelude::*;

use super::reading::DetailsReading;
use crate::{
    api::TokenId,
    part,
    session::Session,
    tokens::{
        cache::{listing::Listing, row_details::RowDetails},
        list::query::ListQuery,
        model::catalogue::{fold::Words, query::Query},
    },
    ui::{Button, ButtonStyle, Later, When, count, decomposed, effect, follow},
};

/// How many details are read without asking. Fewer with Basic, where each one costs the server half a second of
/// processor time.
const FEW: usize = 200;
const FEW_COSTLY: usize = 25;

const fn few(is_costly: bool) -> usize {
    if is_costly { FEW_COSTLY } else { FEW }
}

/// The rows whose details a query needs and that were not read lately, and the reading of them. Rows that the search
/// leaves out need none.
#[derive(Clone, Copy)]
struct Missing {
    number: Memo<usize>,
    /// How many rows have details that the query needs and the server does not tell.
    refused: Memo<usize>,
    reading: DetailsReading,
}

impl Missing {
    fn new(listing: Listing, list: ListQuery, details: RowDetails) -> Self {
        let found = move |is_meant: &dyn Fn(TokenId, f64) -> bool| -> Vec<TokenId> {
            follow(&details.revision());
            let now = js_sys::Date::now();
            let words = list.with(|query| Words::new(&query.text, decomposed));
            listing.with(|catalogue| {
                let rows = catalogue.rows().iter();
                rows.filter(|row| is_meant(row.id, now) && words.match_row(row.key(), row.id))
                    .map(|row| row.id)
                    .collect()
            })
        };
        let ids = Memo::new(move |_| found(&|id, now| !details.are_fresh(id, now)));
        let number = Memo::new(move |_| ids.with(Vec::len));
        let refused = Memo::new(move |_| found(&|id, now| details.are_refused(id, now)).len());
        let missing = Self { number, refused, reading: DetailsReading::new(details, ids) };
        // A few are read without asking once the list is read; again only after another reading of the list, or once
        // none was missing.
        let was_few = StoredValue::new(false);
        let session = Session::expect();
        effect(move || {
            let (is_reading, number) = (listing.is_busy(), number.get());
            if is_reading || number == 0 {
                was_few.set_value(false);
            } else if number <= few(session.is_costly())
                && !was_few.get_value()
                && missing.reading.awaited().get_untracked().is_none()
            {
                was_few.set_value(true);
                missing.reading.start();
            }
        });
        missing
    }
}

/// Says what the details cost, reads them on request, and shows the progress; empty if the list alone is enough.
#[component]
pub(in crate::tokens::list) fn DetailsCost() -> impl IntoView {
    let list = ListQuery::expect();
    view! {
        <When is=Signal::derive(move || list.with(Query::needs_all_details))>{cost()}</When>
    }
}

part! {
    in more;
    fn cost() {
        view! { <Cost/> }
    }
}

#[component]
fn Cost() -> impl IntoView {
    let missing = Missing::new(Listing::expect(), ListQuery::expect(), RowDetails::expect());
    let reading = missing.reading;
    let is_reading = Memo::new(move |_| reading.awaited().with(Option::is_some));
    let left = move || count(reading.awaited().get().unwrap_or_default());
    let list = ListQuery::expect();
    let is_shown = Memo::new(move |_| missing.number.get() > 0);
    let refused = move || {
        let (number, filters) = (missing.refused.get(), list.with(Query::filters_by_details));
        (number > 0).then(|| refused_words(number, filters, count))
    };
    let words = move || match (is_shown.get(), is_reading.get()) {
        (false, _) => None,
        (true, true) => Some("Loading the details.".to_owned()),
        (true, false) => Some(cost_words(missing.number.get(), count)),
    };
    let cost = move || {
        is_shown.get().then(|| {
            if is_reading.get() {
                view! {
                    <div class="reading-line">
                        <progress aria-label="Loading details"></progress>
                        <span aria-hidden="true">{words} " " {left} " to go."</span>
                        <Button label="Stop" style=ButtonStyle::Quiet on_press=move |()| reading.stop()/>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="reading-line">
                        <span aria-hidden="true">{words}</span>
                        <Button label="Load details" on_press=move |()| reading.start()/>
                    </div>
                }
                .into_any()
            }
        })
    };
    view! {
        // Regions are there before their words, so that these are read out.
        <p class="visually-hidden" role="status"><Later>{words}</Later></p>
        {cost}
        <p class="refused-line" role="status">{refused}</p>
    }
}

/// Words what it takes to know all that the query needs.
fn cost_words(number: usize, count: fn(usize) -> String) -> String {
    let of = match number {
        1 => "1 more token (one request)".to_owned(),
        more => format!("{} more tokens (one request each)", count(more)),
    };
    format!("This needs the details of {of}. Until they are loaded, results may be incomplete.")
}

/// Words what cannot be known, and what that means for rows that the query filters, or only orders.
fn refused_words(number: usize, filters: bool, count: fn(usize) -> String) -> String {
    let (of, it_is) = match number {
        1 => ("1 token".to_owned(), "it is"),
        more => (format!("{} tokens", count(more)), "they are"),
    };
    let so = match (filters, number) {
        (false, _) => format!("{it_is} listed last"),
        (true, 1) => "it may match, but is left out".to_owned(),
        (true, _) => "they may match, but are left out".to_owned(),
    };
    format!("The server does not show you the details of {of}: {so}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: usize) -> String {
        n.to_string()
    }

    #[test]
    fn with_a_password_it_is_asked_sooner() {
        assert!(few(true) * 4 < few(false));
    }

    #[test]
    fn what_it_costs_is_said_of_one_and_of_many() {
        assert_eq!(
            cost_words(1, number),
            "This needs the details of 1 more token (one request). Until they are loaded, results may be \
             incomplete."
        );
        assert!(
            cost_words(201, number)
                .starts_with("This needs the details of 201 more tokens (one request each).")
        );
    }

    #[test]
    fn what_the_server_does_not_tell_is_said() {
        assert_eq!(
            refused_words(1, true, number),
            "The server does not show you the details of 1 token: it may match, but is left out."
        );
        assert!(refused_words(3, true, number).ends_with("of 3 tokens: they may match, but are left out."));
        assert!(refused_words(1, false, number).ends_with("of 1 token: it is listed last."));
        assert!(refused_words(3, false, number).ends_with("of 3 tokens: they are listed last."));
    }
}
