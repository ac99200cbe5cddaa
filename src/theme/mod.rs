//! Light or dark: as the system has it, or as somebody chose for this browser.
//!
//! `web/theme.js` sets a remembered choice before anything is painted; this is the rest: the choice, its change,
//! and other tabs that follow. What the two agree on is the attribute, the key and the words.

mod choice;

use leptos::prelude::*;
use web_sys::StorageEvent;

use crate::{
    storage::Storage,
    ui::{Turn, effect_with_last, follow, listen},
};

pub use choice::ThemeChoice;

/// Where it is remembered, in `localStorage`: it is the browser's, not a user's, and says nothing of anybody.
const KEY: &str = "credmgr.theme";
/// The attribute of the document that the styles follow.
const ATTRIBUTE: &str = "data-theme";

/// A colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it, also when that changes.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What a person reads.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// What is remembered, and what the attribute says; empty for nothing.
    pub const fn value(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads what was remembered. What is not ours is as good as nothing.
    pub fn of_value(value: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.value() == value).unwrap_or_default()
    }
}

/// The theme of this page. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Themes {
    /// Its [`Theme::value`]: what a select has.
    value: RwSignal<String>,
}

impl Themes {
    /// Makes it available to everything below, and has other tabs follow.
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
        listen(&window(), "storage", Turn::Usual, move |event: StorageEvent| {
            // Without a key everything was cleared.
            if event.key().is_none_or(|key| key == KEY) {
                themes.choose(remembered());
            }
        });
        provide_context(themes);
        themes
    }

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// What is chosen.
    pub fn get(&self) -> Theme {
        follow(&self.value);
        self.value.with_untracked(|value| Theme::of_value(value))
    }

    /// Chooses one; it is shown and remembered.
    pub fn choose(&self, theme: Theme) {
        self.value.set(theme.value().to_owned());
    }
}

fn show(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Neither fails: the name is one of an attribute.
        let _ = match theme {
            Theme::System => root.remove_attribute(ATTRIBUTE),
            _ => root.set_attribute(ATTRIBUTE, theme.value()),
        };
    }
}

fn remember(theme: Theme) {
    // Where nothing can be kept it holds as long as the page.
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
