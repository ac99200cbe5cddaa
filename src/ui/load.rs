//! Data that is loaded asynchronously.

use std::future::Future;

use leptos::prelude::*;

use super::{effect::effect, spawn::spawn_in_scope};

/// The state of requested data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<T, E> {
    /// In flight.
    Loading,
    /// Loaded.
    Ready(T),
    /// The request failed.
    Failed(E),
}

impl<T, E> Load<T, E> {
    /// Returns the value, if it is loaded.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Data that is loaded, and may be loaded again.
#[derive(Debug)]
pub struct Loader<T, E> {
    /// The latest result, which stays while a newer one is in flight.
    pub value: RwSignal<Load<T, E>>,
    /// Whether a request is in flight.
    pub busy: RwSignal<bool>,
}

impl<T, E> Clone for Loader<T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, E> Copy for Loader<T, E> {}

/// Loads what `request` asks for, and again whenever a signal that `request` reads has changed.
///
/// The future of an older request is dropped when a newer one is made and when the screen is removed, so results never
/// arrive out of order or at a screen that is gone. `request` itself runs at once and may read signals; reads after its
/// first await are not tracked.
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
