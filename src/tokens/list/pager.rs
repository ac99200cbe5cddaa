//! The pages of the list: the position, and how to turn them.

use leptos::prelude::*;

use super::{bulk::Bulk, query::ListQuery};
use crate::{
    navigation::Navigation,
    routes::Route,
    tokens::{
        cache::listing::Listing,
        model::catalogue::{
            query::{PageSize, Query, names},
            view::{Counts, QueryResult},
        },
    },
    ui::{Choice, LinkButton, SelectField, count},
};

/// The position, "Previous page" and "Next page", and how many rows a page has.
#[component]
pub(super) fn Pager(
    /// The rows that the list shows.
    shown: Memo<QueryResult>,
    /// Whether all rows of the page are there. The position changes only then.
    is_there: Memo<bool>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let list = ListQuery::expect();
    let (listing, bulk) = (Listing::expect(), Bulk::expect());
    let is_whole = Memo::new(move |_| listing.is_complete());
    let page = Memo::new(move |_| shown.with(|shown| (shown.page, shown.pages)));
    let href = move |page: u32| list.with(|query| navigation.href(&Route::Tokens(query.at_page(page))));
    let first = move || (page.get().0 <= 1).then(|| "This is the first page.".to_owned());
    let last = move || {
        let (page, pages) = page.get();
        (page >= pages).then(|| {
            if is_whole.get() { "This is the last page." } else { "This is the last page loaded so far." }
                .to_owned()
        })
    };
    let position = Memo::new(move |before: Option<&String>| {
        if !is_there.get() {
            return before.cloned().unwrap_or_default();
        }
        let filters = list.with(|query| query.filters());
        shown.with(|shown| position(shown, filters, is_whole.get(), count))
    });
    // The numbers in between are not announced, while rows are read or changed: dozens of them would be read out, over
    // everything else.
    let said = Memo::new(move |before: Option<&(Said, String)>| {
        let is_open = shown.with(|shown| shown.counts.undecided > 0);
        let is_changing = bulk.is_running();
        let now = (page.get().0, list.get(), is_whole.get(), is_open, is_changing);
        let goes_on = is_open || !is_whole.get() || is_changing;
        let words = position.get();
        match before {
            Some((of, said)) if goes_on && *of == now && !said.is_empty() => (now, said.clone()),
            _ => (now, words),
        }
    });
    view! {
        <nav class="pager" aria-label="Pages">
            <p class="pager-where" aria-hidden="true">{position}</p>
            <p class="visually-hidden" role="status">{move || said.get().1}</p>
            <PageSizeField/>
            <LinkButton
                label="Previous page"
                href=Signal::derive(move || href(page.get().0.saturating_sub(1).max(1)))
                blocked=Signal::derive(first)
                terse=true
            />
            <LinkButton
                label="Next page"
                href=Signal::derive(move || href(page.get().0.saturating_add(1)))
                blocked=Signal::derive(last)
                terse=true
            />
        </nav>
    }
}

/// What the announced position was about: the page, the query, whether the list was read to its end, whether rows were
/// undecided, and whether a bulk act was changing them.
type Said = (u32, Query, bool, bool, bool);

/// Words the position, in numbers that say what they are of.
fn position(shown: &QueryResult, filters: bool, is_whole: bool, count: impl Fn(usize) -> String) -> String {
    let QueryResult { range, page, counts, .. } = shown;
    let Counts { matches, read, undecided, unclear } = *counts;
    let so_far = if is_whole { "" } else { " loaded so far" };
    let mut words = if matches > 0 {
        let (first, last) = (count(range.start + 1), count(range.end));
        let whole = if filters { format!(" that match, of {}", count(read)) } else { String::new() };
        format!("Page {page}: tokens {first} to {last} of {}{whole}{so_far}", count(matches))
    } else {
        let s = if read == 1 { "" } else { "s" };
        format!("No match among {} token{s}{so_far}", count(read))
    };
    for (number, what) in [(undecided, "not checked yet"), (unclear, "could not be checked")] {
        match number {
            0 => {}
            1 => words += &format!("; 1 {what}"),
            more => words += &format!("; {} {what}", count(more)),
        }
    }
    words
}

#[component]
fn PageSizeField() -> impl IntoView {
    let value = ListQuery::expect().field_value(names::PAGE_SIZE);
    let choices = PageSize::ALL.map(|size| size.rows().to_string());
    let choices: Vec<_> =
        choices.into_iter().map(|size| Choice { value: size.clone(), label: size }).collect();
    view! { <SelectField label="Rows" value=value choices=Signal::stored(choices)/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(matches: usize, read: usize, undecided: usize, unclear: usize) -> QueryResult {
        QueryResult {
            ids: Vec::new(),
            range: 0..matches.min(25),
            page: 1,
            pages: 1,
            counts: Counts { matches, read, undecided, unclear },
        }
    }

    fn words(shown: &QueryResult, filters: bool, is_whole: bool) -> String {
        position(shown, filters, is_whole, |n| n.to_string())
    }

    #[test]
    fn numbers_say_what_they_are_of() {
        assert_eq!(words(&shown(51, 51, 0, 0), false, true), "Page 1: tokens 1 to 25 of 51");
        assert_eq!(
            words(&shown(300, 300, 0, 0), false, false),
            "Page 1: tokens 1 to 25 of 300 loaded so far"
        );
        assert_eq!(words(&shown(3, 51, 0, 0), true, true), "Page 1: tokens 1 to 3 of 3 that match, of 51");
        assert_eq!(
            words(&shown(3, 300, 12, 0), true, false),
            "Page 1: tokens 1 to 3 of 3 that match, of 300 loaded so far; 12 not checked yet"
        );
        assert_eq!(
            words(&shown(3, 51, 1, 1), true, true),
            "Page 1: tokens 1 to 3 of 3 that match, of 51; 1 not checked yet; 1 could not be checked"
        );
    }

    /// Users who do not see the table hear it from here.
    #[test]
    fn that_nothing_matches_is_said() {
        assert_eq!(words(&shown(0, 51, 0, 0), true, true), "No match among 51 tokens");
        assert_eq!(words(&shown(0, 1, 0, 1), true, true), "No match among 1 token; 1 could not be checked");
        assert_eq!(
            words(&shown(0, 300, 2, 0), true, false),
            "No match among 300 tokens loaded so far; 2 not checked yet"
        );
    }
}
