//! What was done in this session.

use leptos::prelude::*;

use super::{Time, When, timestamp};
use crate::part;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It worked.
    Done,
    /// It did not work, and nothing changed.
    Failed,
    /// Nobody knows yet.
    Unknown,
}

impl Outcome {
    const fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "outcome unknown",
        }
    }
}

/// One act. Must not contain a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done, such as "Deleted".
    pub act: &'static str,
    /// With what, such as a token's name and number.
    pub subject: String,
    /// How it ended.
    pub outcome: Outcome,
}

#[derive(Clone, PartialEq)]
struct Timed {
    number: usize,
    at: String,
    entry: Entry,
}

/// The acts of this session, kept in memory only. A reload or the end of the session forgets them.
#[derive(Clone, Copy)]
pub struct ActivityLog(RwSignal<Vec<Timed>>);

/// More than anyone reads; the oldest go first.
const MOST_ENTRIES: usize = 200;

impl ActivityLog {
    /// Makes the log available to everything below.
    pub fn provide() -> Self {
        let log = Self(RwSignal::new(Vec::new()));
        provide_context(log);
        log
    }

    /// The log of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Adds what was just done.
    pub fn add(&self, act: &'static str, subject: impl Into<String>, outcome: Outcome) {
        let at = timestamp();
        self.0.update(|entries| {
            if entries.len() >= MOST_ENTRIES {
                entries.remove(0);
            }
            let number = entries.last().map_or(1, |last| last.number + 1);
            entries.push(Timed { number, at, entry: Entry { act, subject: subject.into(), outcome } });
        });
    }

    /// Forgets everything: the next person at this page has not done it.
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

/// Shows the [`ActivityLog`]: a region that unfolds, newest entry first.
#[component]
pub fn Activity() -> impl IntoView {
    let log = ActivityLog::expect();
    let count = move || log.0.with(Vec::len);
    let is_any = Signal::derive(move || count() > 0);
    view! {
        <section class="activity" aria-label="Activity">
            <details>
                <summary>
                    "Activity"
                    <span class="count">
                        {move || match count() {
                            0 => "nothing done in this session yet".to_owned(),
                            1 => "1 act in this session".to_owned(),
                            more => format!("{more} acts in this session"),
                        }}
                    </span>
                </summary>
                // The list keeps its own role inside the log; it scrolls, so the keyboard has to reach it, unless
                // nothing is there.
                <div
                    class="activity-log"
                    role="log"
                    aria-label="Activity in this session"
                    tabindex=move || (count() > 0).then_some("0")
                >
                    <When is=is_any>{entries(log)}</When>
                </div>
            </details>
        </section>
    }
}
