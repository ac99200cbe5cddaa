//! The choice of the theme, at the foot of the page.

use leptos::prelude::*;

use super::{Theme, Themes};
use crate::ui::{Choice, SelectField};

/// The select with the themes.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let value = Themes::expect().value;
    let choices = Theme::ALL.map(|theme| Choice { value: theme.value().into(), label: theme.label().into() });
    view! { <SelectField label="Theme" value=value choices=Signal::stored(choices.to_vec())/> }
}
