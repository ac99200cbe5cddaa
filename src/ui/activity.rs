//! What was done in this session.

use leptos::prelude::*;

use super::{Time, When, timestamp};
use crate::part;

/// The outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityOutcome {
    /// It succeeded.
    Done,
    /// It failed, and nothing changed.
    Failed,
    /// Not known yet.
    Unknown,
}

impl ActivityOutcome {
    const fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "outcome unknown",
        }
    }
}

/// One action. Must not contain a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done, such as "Deleted".
    pub act: &'static str,
    /// What it was done to, such as a token's name and ID.
    pub subject: String,
    /// The outcome.
    pub outcome: ActivityOutcome,
}

#[derive(Clone, PartialEq)]
struct Timed {
    number: usize,
    at: String,
    entry: Entry,
}

/// The log of this session's actions, kept in memory only. A reload or the end of the session clears it.
#[derive(Clone, Copy)]
pub struct ActivityLog(RwSignal<Vec<Timed>>);

/// More than anyone reads; the oldest are dropped first.
const MOST_ENTRIES: usize = 200;

impl ActivityLog {
    /// Provides the log as a context.
    pub fn provide() -> Self {
        let log = Self(RwSignal::new(Vec::new()));
        provide_context(log);
        log
    }

    /// Returns the log provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Adds an action that was just done.
    pub fn add(&self, act: &'static str, subject: impl Into<String>, outcome: ActivityOutcome) {
        let at = timestamp();
        self.0.update(|entries| {
            if entries.len() >= MOST_ENTRIES {
                entries.remove(0);
            }
            let number = entries.last().map_or(1, |last| last.number + 1);
            entries.push(Timed { number, at, entry: Entry { act, subject: subject.into(), outcome } });
        });
    }

    /// Clears the log, for the next user of this page.
    pub fn clear(&self) {
        self.0.set(Vec::new());
    }
}

part! {
    in more;
    fn entries(log: ActivityLog) {
        view! { <Entries log=log/> }
    }
}

#[component]
fn Entries(log: ActivityLog) -> impl IntoView {
    let newest_first = move || log.0.with(|entries| entries.iter().rev().cloned().collect::<Vec<_>>());
    view! {
        <ol class="activity-list">
            <For each=newest_first key=|timed| timed.number let:timed>
                <li>
                    <span>{timed.entry.act} " " <strong>{timed.entry.subject}</strong></span>
                    <span class="outcome" data-outcome=timed.entry.outcome.words()>
                        {timed.entry.outcome.words()}
                    </span>
                    <Time value=Some(timed.at) clock=true/>
                </li>
            </For>
        </ol>
    }
}

/// Shows the [`ActivityLog`]: an expandable region, newest entry first.
#[component]
pub fn Activity() -> impl IntoView {
    let log = ActivityLog::expect();
    let count = move || log.0.with(Vec::len);
    let is_any = Signal::derive(move || count() > 0);
    view! {
        <section class="activity" aria-label="Activity">
            <details>
                <summary>
                    "Activity "
                    <span class="count">
                        {move || match count() {
                            0 => "no actions since this page was loaded".to_owned(),
                            1 => "1 action since this page was loaded".to_owned(),
                            more => format!("{more} actions since this page was loaded"),
                        }}
                    </span>
                </summary>
                // The status region announces what was done. The list keeps its own role inside the log. It scrolls, so
                // it has to be reachable by keyboard, unless it is empty.
                <div
                    class="activity-log"
                    role="log"
                    aria-live="off"
                    aria-label="Activity since this page was loaded"
                    tabindex=move || (count() > 0).then_some("0")
                >
                    <When is=is_any>{entries(log)}</When>
                </div>
            </details>
        </section>
    }
}
