//! Effects that are compiled once.

use leptos::prelude::Effect;

/// Runs soon, and again whenever something has changed that it reads of signals, as long as the reactive scope lives that
/// this is called in.
///
/// `Effect::new` is compiled anew for every closure, its loop and all; this only calls it
/// (docs/decisions/0008-compiled-once.md).
pub fn effect(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

/// The same; each run is told what the one before it answered.
pub fn effect_with_last<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
    let mut last = None;
    effect(move || last = Some(run(last.take())));
}

#[expect(clippy::disallowed_methods, reason = "the one place that it is compiled for")]
fn erased(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
