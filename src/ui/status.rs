//! The status region: progress, results and failures that belong to no form and no dialog.

use leptos::prelude::*;

use super::{Notice, NoticeView, Tone, in_place};

/// What the status region shows. A notice stays until it is dismissed, followed by another, or the
/// next screen has nothing to do with it any more; no timer takes it away.
#[derive(Clone, Copy)]
pub struct Status {
    notice: RwSignal<Option<Notice>>,
    /// Whether the notice was shown before the last change of screens.
    old: StoredValue<bool>,
    progress: RwSignal<Option<String>>,
}

impl Status {
    /// Makes the status available to everything below.
    pub fn provide() -> Self {
        let status =
            Self { notice: RwSignal::new(None), old: StoredValue::new(false), progress: RwSignal::new(None) };
        provide_context(status);
        status
    }

    /// The status of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Shows a result or a failure in place of the one before.
    pub fn show(&self, notice: Notice) {
        self.progress.set(None);
        self.old.set_value(false);
        self.notice.set(Some(notice));
    }

    /// The same, and nothing below it moves: for what comes of something that was done in a list, where the next row may be
    /// pressed by then.
    pub fn show_in_place(&self, notice: Notice) {
        in_place(|| self.show(notice));
    }

    /// Says that something takes its time; the next notice or [`Status::done`] ends it.
    pub fn progress(&self, text: impl Into<String>) {
        self.progress.set(Some(text.into()));
    }

    /// Ends the progress without a result of its own.
    pub fn done(&self) {
        self.progress.set(None);
    }

    /// Another screen is shown. The result of the act that led there stays; what was already on the screen
    /// before goes.
    pub fn moved_on(&self) {
        if self.old.get_value() {
            self.clear();
        }
        self.old.set_value(true);
    }

    /// Takes the notice away.
    pub fn clear(&self) {
        self.notice.set(None);
        self.progress.set(None);
    }
}

/// Shows [`Status`]. Both regions exist from the start, since a live region that appears together with
/// its words is not read by every screen reader.
#[component]
pub fn StatusRegion() -> impl IntoView {
    let status = Status::expect();
    let with_tone = move |failure: bool| {
        move || {
            status
                .notice
                .get()
                .filter(|notice| (notice.tone == Tone::Failure) == failure)
                .map(|notice| view! { <NoticeView notice=notice on_dismiss=move |()| status.clear()/> })
        }
    };
    view! {
        <div class="status-region">
            <div role="status">
                {move || status.progress.get().map(|text| view! { <p class="progress">{text}</p> })}
                {with_tone(false)}
            </div>
            <div role="alert">{with_tone(true)}</div>
        </div>
    }
}
