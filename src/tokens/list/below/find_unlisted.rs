//! "Find unlisted tokens": asks for the IDs that are not in the list, since some servers do not list disabled tokens.

use leptos::prelude::*;

use super::unlisted_search::UnlistedSearch;
use crate::{
    api::Token,
    collection::reader::State,
    part,
    tokens::{
        cache::{
            listing::{Listing, Reading},
            owners::Owners,
        },
        model::{
            catalogue::rows::Catalogue,
            name::isolated,
            unlisted::{Gaps, MARGIN, MOST_REQUESTS, Unlisted},
        },
        widgets::token_lines::{TokenLine, TokenLines},
    },
    ui::{Button, Fold, ProgressLine, When, count},
};

/// "Find unlisted tokens": says what it costs, searches on request, and lists what was found.
#[component]
pub(in crate::tokens::list) fn FindUnlisted() -> impl IntoView {
    view! { <Fold summary="Find unlisted tokens" content=Callback::new(finding)/> }
}

part! {
    in more;
    fn finding(is_open: ReadSignal<bool>) {
        view! { <Finding is_open=is_open/> }
    }
}

#[component]
fn Finding(is_open: ReadSignal<bool>) -> impl IntoView {
    let listing = Listing::expect();
    let search = UnlistedSearch::new();
    // Goes through all rows, so only while unfolded.
    let ids = |catalogue: &Catalogue| Gaps::new(catalogue.rows().iter().map(|row| row.id));
    let gaps = Memo::new(move |_| is_open.get().then(|| listing.with(ids)));
    let blocked = Signal::derive(move || {
        if listing.with(Catalogue::owner).is_some() {
            Some("First clear the owner filter: the list lacks the tokens of other owners.".to_owned())
        } else if listing.with_reading(|reading| *reading != Reading::Over(State::Complete)) {
            Some("The whole list has to be loaded first.".to_owned())
        } else {
            None
        }
    });
    let cost = move || {
        let Some(gaps) = gaps.get() else { return String::new() };
        let requests = count(usize::try_from(gaps.requests()).unwrap_or(usize::MAX));
        let most = if gaps.ids() > MOST_REQUESTS { "; the lowest IDs are left out" } else { "" };
        format!(
            "About {requests} requests: one for each ID missing from the list, up to {MARGIN} beyond the \
             highest{most}."
        )
    };
    let owners = Owners::expect();
    let line = move |token: &Token| {
        let status = if token.enabled { "Enabled" } else { "Disabled" };
        let words = format!("{status}, {}", isolated(&owners.label(token.owner_id)));
        TokenLine { id: token.id, name: token.name.clone(), words, ..TokenLine::default() }
    };
    let lines = move || search.found.with(|found| found.found().iter().map(line).collect());
    let is_begun = Memo::new(move |_| search.total.with(Option::is_some));
    let is_busy = search.is_busy;
    let press = move |()| {
        if is_busy.get_untracked() {
            search.stop();
        } else {
            search.start(listing.with_untracked(ids));
        }
    };
    let asked = move || usize::try_from(search.found.with(Unlisted::asked)).unwrap_or_default();
    let total = move || search.total.get().unwrap_or_default();
    let is_stopped = Memo::new(move |_| !is_busy.get() && is_begun.get() && asked() < total());
    let failed = Memo::new(move |_| search.found.with(|found| found.failed().len()));
    let words = Memo::new(move |_| {
        if !is_begun.get() {
            return String::new();
        }
        if is_busy.get() {
            return "Searching for unlisted tokens.".to_owned();
        }
        search.found.with(|found| summary(found, is_stopped.get(), count))
    });
    view! {
        <div class="stack">
            <p>
                "Some servers do not list disabled tokens; they can only be found by ID. "
                {cost}
            </p>
            <div class="form-buttons">
                // One button, so that it stays where the user has pressed it.
                <Button
                    label=Signal::derive(move || {
                        match (is_busy.get(), is_begun.get()) {
                            (true, _) => "Stop",
                            (false, true) => "Search again",
                            (false, false) => "Start search",
                        }
                        .to_owned()
                    })
                    blocked=Signal::derive(move || if is_busy.get() { None } else { blocked.get() })
                    on_press=press
                />
                <When is=Signal::derive(move || !is_busy.get())>
                        <When is=is_stopped>
                            <Button label="Continue" on_press=move |()| search.go_on()/>
                        </When>
                        <When is=Signal::derive(move || { !is_stopped.get() && failed.get() > 0 })>
                            <Button label="Try failed IDs again" on_press=move |()| search.retry()/>
                        </When>
                </When>
            </div>
            <p role="status">{words}</p>
            <When is=is_busy>
                <ProgressLine done=Signal::derive(asked) total=Signal::derive(total)/>
            </When>
            <TokenLines lines=Signal::derive(lines) class="links"/>
        </div>
    }
}

/// Words what a search has found.
fn summary(found: &Unlisted, is_stopped: bool, count: fn(usize) -> String) -> String {
    let number = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
    let ids = |of: u64| if of == 1 { "1 ID".to_owned() } else { format!("{} IDs", number(of)) };
    let mut words =
        if is_stopped { format!("Stopped after {}. ", ids(found.asked())) } else { String::new() };
    words += &match found.found().len() {
        0 => "No unlisted token was found.".to_owned(),
        1 => "1 unlisted token was found.".to_owned(),
        more => format!("{} unlisted tokens were found.", count(more)),
    };
    if found.not_permitted() > 0 {
        words += &format!(" You are not allowed to see {} more.", number(found.not_permitted()));
    }
    if !found.failed().is_empty() {
        words += &format!(" {} could not be checked.", ids(found.failed().len() as u64));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Error, ErrorKind, Method};

    #[test]
    fn what_was_found_is_said() {
        let number = |n: usize| n.to_string();
        let error = |kind| Error::new(kind, Method::Get, "");
        let mut found = Unlisted::default();
        assert_eq!(summary(&found, false, number), "No unlisted token was found.");
        found.answer(4, Err(error(ErrorKind::NotPermitted)));
        assert!(summary(&found, true, number).starts_with("Stopped after 1 ID. "));
        found.answer(5, Err(error(ErrorKind::Server(None))));
        assert_eq!(
            summary(&found, true, number),
            "Stopped after 2 IDs. No unlisted token was found. You are not allowed to see 1 more. 1 ID \
             could not be checked."
        );
    }
}
