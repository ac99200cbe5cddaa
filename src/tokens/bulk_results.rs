//! How far a bulk act is, and what came of each token. Stays until it is dismissed.

use leptos::{html, prelude::*};

use super::{
    bulk::Bulk,
    model::bulk::{outcome::Outcome, run::Run, words},
};
use crate::{
    api::TokenId,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    ui::{Button, ButtonStyle, count, focus_element},
};

/// So many results are shown at once.
const STEP: usize = 50;

/// Progress, results and "Retry the failed ones"; nothing if nothing was done.
#[component]
pub(super) fn BulkResults() -> impl IntoView {
    let bulk = Bulk::expect();
    let is_there = Memo::new(move |_| bulk.run().with(Option::is_some));
    // Asked about before one leaves; whoever leaves all the same begins with nothing more.
    Leaving::expect().guard(Signal::derive(move || {
        bulk.run().with(|run| {
            let run = run.as_ref().filter(|run| !run.is_over())?;
            let progress = run.progress();
            Some(words::leaving(run.act(), progress.total.saturating_sub(progress.over), count))
        })
    }));
    on_cleanup(move || bulk.cancel());
    view! {
        <Show when=move || is_there.get()>
            <Results/>
        </Show>
    }
}

#[component]
fn Results() -> impl IntoView {
    let bulk = Bulk::expect();
    let panel = NodeRef::<html::Section>::new();
    let most = RwSignal::new(STEP);
    let run =
        move |look: fn(&Run) -> String| bulk.run().with(|run| run.as_ref().map(look).unwrap_or_default());
    let is_over = Memo::new(move |_| !bulk.is_running());
    let progress =
        Memo::new(move |_| bulk.run().with(|run| run.as_ref().map(Run::progress).unwrap_or_default()));
    let retryable =
        Memo::new(move |_| bulk.run().with(|run| run.as_ref().map_or(0, |run| run.summary().retryable())));
    let headline = Memo::new(move |_| {
        if is_over.get() {
            run(|run| words::summary(run.act(), &run.summary(), run.progress().total, count))
        } else {
            run(|run| format!("{} {}.", run.act().doing(), words::tokens(run.progress().total, count)))
        }
    });
    // The dialog that it began in is gone. Whoever comes back to results has a place already.
    Effect::new(move || {
        if let Some(panel) = panel.get()
            && !is_over.get_untracked()
        {
            request_animation_frame(move || focus_element(&panel));
        }
    });
    let lines =
        move || bulk.run().with(|run| run.as_ref().map(|run| lines(run, most.get())).unwrap_or_default());
    let hidden = move || progress.get().over.saturating_sub(most.get());
    view! {
        <section class="bulk-results" aria-label="Bulk action" tabindex="-1" node_ref=panel>
            <div class="bulk-head">
                <p class="notice-title" role="status">{headline}</p>
                <Show when=move || !is_over.get()>
                    <span class="progress-line" aria-hidden="true">
                        <progress
                            max=move || progress.get().total.to_string()
                            prop:value=move || progress.get().over as f64
                        ></progress>
                        <span class="mono">
                            {move || count(progress.get().over)} " of " {move || count(progress.get().total)}
                        </span>
                    </span>
                </Show>
                <div class="bulk-acts">
                    <Show
                        when=move || is_over.get()
                        fallback=move || view! { <Button label="Cancel" on_press=move |()| bulk.cancel()/> }
                    >
                        <Show when=move || { retryable.get() > 0 }>
                            <Button
                                label="Retry the failed ones"
                                style=ButtonStyle::Primary
                                on_press=move |()| bulk.retry()
                            />
                        </Show>
                        <Button label="Dismiss" on_press=move |()| bulk.dismiss()/>
                    </Show>
                </div>
            </div>
            // It scrolls, so the keyboard has to reach it.
            <div class="bulk-list" role="group" aria-label="Results" tabindex="0">
                <ul>
                    <For each=lines key=|line| line.clone() let:line>
                        <ResultLine line=line/>
                    </For>
                </ul>
                <Show when=move || { hidden() > 0 }>
                    <Button
                        label=Signal::derive(move || format!("Show more of the other {}", count(hidden())))
                        style=ButtonStyle::Quiet
                        on_press=move |()| most.update(|most| *most += STEP)
                    />
                </Show>
            </div>
        </section>
    }
}

/// The result of one token.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Line {
    id: TokenId,
    words: String,
    is_good: bool,
    is_gone: bool,
}

/// The results, what did not work first.
fn lines(run: &Run, most: usize) -> Vec<Line> {
    let is_good = |outcome: &Outcome| matches!(outcome, Outcome::Done | Outcome::AlreadySo);
    let with = |good: bool| {
        run.results().filter_map(move |(id, outcome)| Some((id, outcome.filter(|o| is_good(o) == good)?)))
    };
    with(false)
        .chain(with(true))
        .take(most)
        .map(|(id, outcome)| Line {
            id,
            words: words::result(run.act(), outcome),
            is_good: is_good(outcome),
            is_gone: run.act().wants_enabled().is_none() && is_good(outcome),
        })
        .collect()
}

#[component]
fn ResultLine(line: Line) -> impl IntoView {
    let navigation = Navigation::expect();
    let Line { id, words, is_good, is_gone } = line;
    let name = Bulk::expect().name(id);
    let name = if name.trim().is_empty() { "(blank name)".to_owned() } else { name };
    let name = if is_gone {
        view! { <span>{name}</span> }.into_any()
    } else {
        view! { <a href=navigation.href(&Route::Token(id))>{name}</a> }.into_any()
    };
    view! {
        <li>
            <span>{name} " " <span class="muted mono">{id}</span></span>
            <span class=if is_good { "outcome" } else { "outcome outcome-bad" }>{words}</span>
        </li>
    }
}
