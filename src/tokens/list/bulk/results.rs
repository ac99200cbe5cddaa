//! The progress of a bulk act, and its result for each token. Stays until it is dismissed.

use std::time::Duration;

use leptos::{html, prelude::*};

use super::{Bulk, focus_list};
use crate::{
    leaving::Leaving,
    tokens::{
        model::bulk::{BulkAct, run::Run, words},
        widgets::token_lines::{TokenLine, TokenLines},
    },
    ui::{Button, ButtonStyle, ProgressLine, Timer, When, count, effect, effect_with_last, focus_element},
};

/// How many results are shown at first, and added each time.
const STEP: usize = 50;

/// How long "Dismiss" waits after the end of the run: it appears where "Cancel" was, and a press then was meant for that
/// or is the second one of a double click.
const MEANT_FOR_CANCEL: Duration = Duration::from_millis(500);

/// The progress, the results and a button to try again; empty if nothing was done.
#[component]
pub(in crate::tokens::list) fn BulkResults() -> impl IntoView {
    let bulk = Bulk::expect();
    let is_there = Memo::new(move |_| bulk.has_run());
    // The user is asked before leaving. If they leave all the same, nothing more is begun.
    Leaving::expect().guard(Signal::derive(move || {
        bulk.with_run(|run| {
            let run = run.filter(|run| !run.is_over())?;
            let progress = run.progress();
            Some(words::leaving(run.act(), progress.total.saturating_sub(progress.over), count))
        })
    }));
    on_cleanup(move || bulk.cancel());
    view! {
        <When is=is_there>
            <Results/>
        </When>
    }
}

#[component]
fn Results() -> impl IntoView {
    let bulk = Bulk::expect();
    let panel = NodeRef::<html::Section>::new();
    let most = RwSignal::new(STEP);
    let run = move |look: fn(&Run) -> String| bulk.with_run(|run| run.map(look).unwrap_or_default());
    let is_over = Memo::new(move |_| !bulk.is_running());
    let progress = Memo::new(move |_| bulk.with_run(|run| run.map(Run::progress).unwrap_or_default()));
    let retryable = Memo::new(move |_| bulk.with_run(|run| run.map_or(0, |run| run.summary().retryable())));
    let headline = Memo::new(move |_| {
        if is_over.get() {
            run(|run| words::summary(run.act(), &run.summary(), run.progress().total, count))
        } else {
            run(|run| format!("{} {}.", run.act().doing(), words::tokens(run.progress().total, count)))
        }
    });
    // The run's dialog or the retry button is gone, so the focus moves here. A user who comes back to finished results
    // keeps their focus.
    effect(move || {
        if let Some(panel) = panel.get()
            && !is_over.get()
        {
            request_animation_frame(move || focus_element(&panel));
        }
    });
    let (has_just_ended, timer) = (RwSignal::new(false), Timer::new());
    effect_with_last(move |was_over: Option<bool>| {
        let is_over = is_over.get();
        if was_over == Some(false) && is_over {
            has_just_ended.set(true);
            timer.set(MEANT_FOR_CANCEL, move || has_just_ended.set(false));
        }
        is_over
    });
    let lines = move || bulk.with_run(|run| run.map(|run| lines(bulk, run, most.get())).unwrap_or_default());
    let dismiss = move |()| {
        bulk.dismiss();
        focus_list();
    };
    let hidden = move || progress.get().over.saturating_sub(most.get());
    view! {
        <section class="bulk-results" aria-label="Bulk action" tabindex="-1" node_ref=panel>
            <div class="bulk-head">
                <p class="notice-title" role="status">{headline}</p>
                <When is=Signal::derive(move || !is_over.get())>
                    <ProgressLine
                        done=Signal::derive(move || progress.get().over)
                        total=Signal::derive(move || progress.get().total)
                    />
                </When>
                <div class="bulk-acts">
                    <When is=Signal::derive(move || !is_over.get())>
                        <Button label="Cancel" on_press=move |()| bulk.cancel()/>
                    </When>
                    <When is=is_over>
                        <When is=Signal::derive(move || { retryable.get() > 0 })>
                            <Button
                                label=Signal::derive(move || run(|run| words::again(&run.summary(), count)))
                                style=ButtonStyle::Primary
                                on_press=move |()| bulk.retry()
                            />
                        </When>
                        <Button label="Dismiss" on_press=dismiss busy=has_just_ended/>
                    </When>
                </div>
            </div>
            // The list scrolls, so it has to be reachable by keyboard, unless it is empty.
            <div
                class="bulk-list"
                role="group"
                aria-label="Results"
                tabindex=move || (progress.get().over > 0).then_some("0")
            >
                <TokenLines lines=Signal::derive(lines) class="results"/>
                <When is=Signal::derive(move || { hidden() > 0 })>
                    <Button
                        label=Signal::derive(move || format!("Show more ({} left)", count(hidden())))
                        style=ButtonStyle::Quiet
                        on_press=move |()| most.update(|most| *most += STEP)
                    />
                </When>
            </div>
        </section>
    }
}

/// Returns the results, failures first.
fn lines(bulk: Bulk, run: &Run, most: usize) -> Vec<TokenLine> {
    let with = |good: bool| {
        run.results().filter_map(move |(id, outcome)| {
            Some((id, outcome.filter(|outcome| outcome.is_as_wanted() == good)?))
        })
    };
    with(false)
        .chain(with(true))
        .take(most)
        .map(|(id, outcome)| TokenLine {
            id,
            name: bulk.name(id),
            words: words::result(run.act(), outcome),
            is_bad: !outcome.is_as_wanted(),
            is_gone: run.act() == BulkAct::Delete && outcome.is_as_wanted(),
        })
        .collect()
}
