//! Data that arrives later.

use std::future::Future;

use leptos::prelude::*;

use super::{effect::effect, spawn::spawn_in_scope};

/// What is known of something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<T, E> {
    /// On its way.
    Loading,
    /// Here.
    Ready(T),
    /// Refused or broken.
    Failed(E),
}

impl<T, E> Load<T, E> {
    /// The value, if it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Something that is loaded, and perhaps loaded again.
#[derive(Debug)]
pub struct Loader<T, E> {
    /// What is known: the latest answer, which stays while a newer one is on its way.
    pub value: RwSignal<Load<T, E>>,
    /// Whether an answer is on its way.
    pub busy: RwSignal<bool>,
}

impl<T, E> Clone for Loader<T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, E> Copy for Loader<T, E> {}

/// Loads whatever `request` asks for, again whenever a signal that `request` reads has changed.
///
/// The future of an older question is dropped when a newer one is asked and when the screen goes away,
/// so answers never arrive out of order or at a screen that is gone. `request` itself runs at once and
/// may read signals; what it reads after its first await is not tracked.
pub fn load<T, E, F>(request: impl Fn() -> F + 'static) -> Loader<T, E>
where
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
    F: Future<Output = Result<T, E>> + 'static,
{
    let loader = Loader { value: RwSignal::new(Load::Loading), busy: RwSignal::new(true) };
    effect(move || {
        let future = request();
        loader.busy.set(true);
        spawn_in_scope(async move {
            let result = future.await;
            loader.busy.try_set(false);
            loader.value.try_set(result.map_or_else(Load::Failed, Load::Ready));
        });
    });
    loader
}
