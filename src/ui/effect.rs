//! Effects that are compiled only once.

use leptos::prelude::Effect;

/// Runs soon, and again whenever a signal that it reads has changed, while the current reactive scope lives.
///
/// `Effect::new` is compiled anew for every closure, including its loop; this function only calls it
/// (docs/decisions/0008-compiled-once.md).
pub fn effect(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

/// Like [`effect`], but each run gets the value returned by the previous one.
pub fn effect_with_last<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
    let mut last = None;
    effect(move || last = Some(run(last.take())));
}

#[expect(clippy::disallowed_methods, reason = "the one place that it is compiled for")]
fn erased(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
