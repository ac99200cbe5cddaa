//! Tasks that are compiled only once.

use std::{future::Future, pin::Pin};

use leptos::task::spawn_local_scoped_with_cancellation;

/// Runs a future until it ends or the current reactive scope does.
///
/// `spawn_local_scoped_with_cancellation` is compiled anew for every future, including what runs and cancels it; this
/// function only calls it (docs/decisions/0008-compiled-once.md).
pub fn spawn_in_scope(future: impl Future<Output = ()> + 'static) {
    erased(Box::pin(future));
}

#[expect(clippy::disallowed_methods, reason = "the one place that it is compiled for")]
fn erased(future: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local_scoped_with_cancellation(future);
}
