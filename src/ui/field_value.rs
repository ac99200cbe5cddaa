//! The value of a field that shows and changes it.

use leptos::prelude::*;

/// The value of a text field or a select: a signal, or something that is kept elsewhere and changed there. The latter
/// needs no signal beside it, nor effects that keep the two alike.
#[derive(Clone, Copy)]
pub enum FieldValue {
    /// A signal, which the field writes.
    Signal(RwSignal<String>),
    /// A value that is kept elsewhere.
    Elsewhere {
        /// The value.
        value: Memo<String>,
        /// Called with what the user enters; changes the value.
        on_entry: Callback<String>,
    },
}

impl FieldValue {
    /// Calls `look` with the value. Tracked.
    pub fn with<T>(&self, look: impl FnOnce(&String) -> T) -> T {
        match self {
            Self::Signal(signal) => signal.with(look),
            Self::Elsewhere { value, .. } => value.with(look),
        }
    }

    /// Returns the value. Tracked.
    pub fn get(&self) -> String {
        self.with(String::clone)
    }

    /// Takes what the user enters.
    pub fn enter(&self, entered: String) {
        match self {
            Self::Signal(signal) => signal.set(entered),
            Self::Elsewhere { on_entry, .. } => on_entry.run(entered),
        }
    }
}

impl From<RwSignal<String>> for FieldValue {
    fn from(signal: RwSignal<String>) -> Self {
        Self::Signal(signal)
    }
}
