//! Reading what lives longer than the reader.

use leptos::{
    prelude::*,
    reactive::graph::{Observer, Source},
};

/// Tracks a signal for the effect or memo that is running, and takes that off the signal's list when it ends.
///
/// Leptos leaves the latter to the signal's next change. A signal that lives as long as the page and hardly
/// ever changes would collect what is left of the readers of every screen that was ever shown: some 150 bytes
/// each of a memory that never shrinks. For signals of the reader's own screen, reading them is enough.
pub fn follow(signal: &(impl Source + Track + Clone + Send + Sync + 'static)) {
    signal.track();
    if let Some(reader) = Observer::get() {
        let signal = signal.clone();
        on_cleanup(move || signal.remove_subscriber(&reader));
    }
}
