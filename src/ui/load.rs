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

/// Loads what `request` asks for, and again whenever a signal that `request` reads has changed. Returns the latest
/// result, which stays while a newer one is in flight.
///
/// The future of an older request is dropped when a newer one is made and when the screen is removed, so results never
/// arrive out of order or at a screen that is gone. `request` itself runs at once and may read signals; reads after its
/// first await are not tracked.
pub fn load<T, E, F>(request: impl Fn() -> F + 'static) -> RwSignal<Load<T, E>>
where
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
    F: Future<Output = Result<T, E>> + 'static,
{
    let value = RwSignal::new(Load::Loading);
    effect(move || {
        let future = request();
        spawn_in_scope(async move {
            let result = future.await;
            value.set(result.map_or_else(Load::Failed, Load::Ready));
        });
    });
    value
}
