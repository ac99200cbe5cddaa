//! Light or dark: as the system has it, or as chosen for this browser.
//!
//! `web/theme.js` applies a stored choice before the first paint; this module does the rest: it offers the choice,
//! changes it, and lets other tabs follow. The two agree on the attribute, the key and the values.

mod choice;

use leptos::prelude::*;
use web_sys::StorageEvent;

use crate::{
    storage::Storage,
    ui::{EventPhase, effect_with_last, follow, listen},
};

pub use choice::ThemeChoice;

/// The key in `localStorage`. The choice belongs to the browser, not to a user, and says nothing about anybody.
const KEY: &str = "credmgr.theme";
/// The attribute of the document's root that the styles depend on.
const ATTRIBUTE: &str = "data-theme";

/// A colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it, including its changes.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the label for the user.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// Returns the value for storage and attribute; empty for [`Theme::System`], which is neither stored nor set.
    pub const fn value(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Parses a stored value; an unknown one means [`Theme::System`].
    pub fn of_value(value: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.value() == value).unwrap_or_default()
    }
}

/// The theme of this page. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Themes {
    /// The [`Theme::value`], as a select has it.
    value: RwSignal<String>,
}

impl Themes {
    /// Provides the handle to all descendants, and makes this tab follow changes in other tabs.
    pub fn provide() -> Self {
        let first = remembered();
        let themes = Self { value: RwSignal::new(first.value().to_owned()) };
        effect_with_last(move |before: Option<Theme>| {
            let theme = themes.get();
            if before.unwrap_or(first) != theme {
                remember(theme);
            }
            show(theme);
            theme
        });
        listen(&window(), "storage", EventPhase::Bubble, move |event: StorageEvent| {
            // `None` if everything was cleared.
            if event.key().is_none_or(|key| key == KEY) {
                themes.choose(remembered());
            }
        });
        provide_context(themes);
        themes
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Returns the chosen theme.
    pub fn get(&self) -> Theme {
        follow(&self.value);
        self.value.with_untracked(|value| Theme::of_value(value))
    }

    /// Chooses a theme: it is shown and stored.
    pub fn choose(&self, theme: Theme) {
        self.value.set(theme.value().to_owned());
    }
}

fn show(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Neither call fails: the attribute's name is valid.
        let _ = match theme {
            Theme::System => root.remove_attribute(ATTRIBUTE),
            _ => root.set_attribute(ATTRIBUTE, theme.value()),
        };
    }
}

fn remember(theme: Theme) {
    // If the browser cannot store it, the choice lasts as long as the page.
    match theme {
        Theme::System => Storage::Local.remove(KEY),
        _ => Storage::Local.set(KEY, theme.value()),
    };
}

fn remembered() -> Theme {
    Theme::of_value(&Storage::Local.get(KEY).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read() {
        for theme in Theme::ALL {
            assert_eq!(Theme::of_value(theme.value()), theme);
        }
        assert_eq!(Theme::of_value("sepia"), Theme::System);
    }
}
