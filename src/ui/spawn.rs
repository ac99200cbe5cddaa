//! Tasks that are compiled once.

use std::{future::Future, pin::Pin};

use leptos::task::spawn_local_scoped_with_cancellation;

/// Lets a future run until it ends, or the reactive scope that this is called in.
///
/// What runs and ends it is compiled anew for every future by `spawn_local_scoped_with_cancellation`; this only calls that
/// (docs/decisions/0008-compiled-once.md).
pub fn spawn_in_scope(future: impl Future<Output = ()> + 'static) {
    erased(Box::pin(future));
}

#[expect(clippy::disallowed_methods, reason = "the one place that it is compiled for")]
fn erased(future: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local_scoped_with_cancellation(future);
}
