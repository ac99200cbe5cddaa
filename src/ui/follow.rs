//! Reading signals that live longer than their readers.

use leptos::{
    prelude::*,
    reactive::graph::{Observer, Source},
};

/// Tracks a signal for the running effect or memo, and removes the subscription when that ends.
///
/// Leptos removes it only when the signal changes next. A signal that lives as long as the page and hardly ever changes
/// would collect the remains of the readers of every screen ever shown: some 150 bytes each, in a memory that never
/// shrinks. For signals of the reader's own screen, reading them is enough.
pub fn follow(signal: &(impl Source + Track + Clone + Send + Sync + 'static)) {
    signal.track();
    if let Some(reader) = Observer::get() {
        let signal = signal.clone();
        on_cleanup(move || signal.remove_subscriber(&reader));
    }
}
