//! The status region: progress, results and failures that belong to no form and no dialog.

use leptos::prelude::*;

use super::{Notice, NoticeView, Tone, in_place};

/// The content of the status region. A notice stays until it is dismissed, replaced by another, or no longer relevant
/// to the next screen; no timer removes it.
#[derive(Clone, Copy)]
pub struct Status {
    notice: RwSignal<Option<Notice>>,
    /// Whether the notice was shown before the last change of screens.
    old: StoredValue<bool>,
    progress: RwSignal<Option<String>>,
}

impl Status {
    /// Provides the status as a context.
    pub fn provide() -> Self {
        let status =
            Self { notice: RwSignal::new(None), old: StoredValue::new(false), progress: RwSignal::new(None) };
        provide_context(status);
        status
    }

    /// Returns the status provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Shows a result or a failure, replacing the previous one.
    pub fn show(&self, notice: Notice) {
        self.progress.set(None);
        self.old.set_value(false);
        self.notice.set(Some(notice));
    }

    /// Like [`Self::show`], but nothing below the notice moves: for results of actions in a list, where the user may be
    /// about to press the next row.
    pub fn show_in_place(&self, notice: Notice) {
        in_place(|| self.show(notice));
    }

    /// Says that something is in progress, until the next notice or [`Status::done`].
    pub fn progress(&self, text: impl Into<String>) {
        self.progress.set(Some(text.into()));
    }

    /// Ends the progress without a result of its own.
    pub fn done(&self) {
        self.progress.set(None);
    }

    /// Notes that another screen is shown. The result of the action that led there stays; a notice from before the
    /// previous change of screens is removed.
    pub fn moved_on(&self) {
        if self.old.get_value() {
            self.clear();
        }
        self.old.set_value(true);
    }

    /// Removes the notice and the progress.
    pub fn clear(&self) {
        self.notice.set(None);
        self.progress.set(None);
    }
}

/// Shows [`Status`]. Both regions exist from the start, since not every screen reader announces a live region that
/// appears together with its text.
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
