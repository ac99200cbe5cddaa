//! "Find unlisted tokens": asks for the IDs that are not in the list, since some servers do not list disabled tokens.

use leptos::prelude::*;

use super::unlisted_search::UnlistedSearch;
use crate::{
    api::Token,
    part,
    tokens::{
        cache::owners::Owners,
        model::name::isolated,
        widgets::token_lines::{TokenLine, TokenLines},
    },
    ui::{Button, Fold, ProgressLine, When, count, focus_first_in},
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
    let search = UnlistedSearch::new();
    // Goes through all rows, so only while unfolded.
    let gaps = Memo::new(move |_| is_open.get().then(|| search.gaps()));
    let cost = move || gaps.with(|gaps| gaps.as_ref().map(|gaps| gaps.cost(count)));
    let label = move || {
        match (search.is_busy.get(), search.is_begun()) {
            (true, _) => "Stop",
            (false, true) => "Search again",
            (false, false) => "Start search",
        }
        .to_owned()
    };
    let has_failed = move || !search.is_stopped() && search.found.with(|found| !found.failed().is_empty());
    let words = Memo::new(move |_| search.words());
    view! {
        <div class="stack">
            <p>
                "Some servers do not list disabled tokens; they can only be found by ID. "
                {cost}
            </p>
            <div class="form-buttons unlisted-buttons">
                // One button, so that it stays where the user has pressed it.
                <Button
                    label=Signal::derive(label)
                    blocked=Signal::derive(move || search.obstacle())
                    on_press=move |()| search.press()
                />
                <When is=Signal::derive(move || search.is_stopped())>
                    <Button label="Continue" on_press=move |()| {
                        search.go_on();
                        focus_on_stop();
                    }/>
                </When>
                <When is=Signal::derive(move || !search.is_busy.get() && has_failed())>
                    <Button label="Try failed IDs again" on_press=move |()| {
                        search.retry();
                        focus_on_stop();
                    }/>
                </When>
            </div>
            <p role="status">{words}</p>
            <When is=search.is_busy>
                <ProgressLine
                    done=Signal::derive(move || search.asked())
                    total=Signal::derive(move || search.total())
                />
            </When>
            <TokenLines lines=found_lines(search) class="links"/>
        </div>
    }
}

/// Moves the focus from a button that goes when it is pressed to the one that stays, and stops the search.
fn focus_on_stop() {
    focus_first_in(".unlisted-buttons");
}

/// Returns a line for each token that was found.
fn found_lines(search: UnlistedSearch) -> Signal<Vec<TokenLine>> {
    let owners = Owners::expect();
    let line = move |token: &Token| {
        let status = if token.enabled { "Enabled" } else { "Disabled" };
        let words = format!("{status}, {}", isolated(&owners.label(token.owner_id)));
        TokenLine { id: token.id, name: token.name.clone(), words, ..TokenLine::default() }
    };
    Signal::derive(move || search.found.with(|found| found.found().iter().map(line).collect()))
}
