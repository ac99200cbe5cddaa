//! Every widget of [`ui`](crate::ui) in every state, at `/styleguide` of development builds. For developers who add or
//! change a widget, in both themes and at every width; it needs no sign-in and no server.
//!
//! There is one file for each group of widgets. A native test below ensures that no widget is missing.

mod buttons;
mod choices;
mod custom_properties;
mod dialogs;
mod fields;
mod labels;
mod menus;
mod notices;
mod progress;
mod secrets;

use leptos::prelude::*;

use crate::ui::{ActivityLog, Screen, SkipLink, Status, provide_screens};

/// Whether the current address is this page's. `base` is the path that the console lives under, without a trailing
/// slash.
pub fn is_at(base: &str) -> bool {
    let path = window().location().pathname().unwrap_or_default();
    path.strip_prefix(base).is_some_and(|path| path.trim_end_matches('/') == "/styleguide")
}

/// The whole page, without a frame around it. Provides what widgets expect from a page: status and activity.
#[component]
pub fn Styleguide() -> impl IntoView {
    provide_screens();
    Status::provide();
    ActivityLog::provide();
    view! {
        <SkipLink target="styleguide" label="Skip to content"/>
        <main id="styleguide" tabindex="-1">
            <Screen heading="Style guide">
                <p>"The widgets of src/ui in their states, and what they are made of. Development builds only."</p>
                <buttons::Buttons/>
                <fields::Fields/>
                <choices::Choices/>
                <secrets::Secrets/>
                <menus::Menus/>
                <dialogs::Dialogs/>
                <notices::Notices/>
                <progress::Progress/>
                <labels::Labels/>
                <custom_properties::CustomProperties/>
            </Screen>
        </main>
    }
}

/// The heading of a part of a section.
#[component]
fn Subheading(
    /// The heading's text.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! { <h3 style:margin="var(--space-2) 0 0">{words}</h3> }
}

/// Widgets side by side, as far as there is room.
#[component]
fn Row(
    /// The widgets.
    children: Children,
) -> impl IntoView {
    view! { <div class="form-buttons">{children()}</div> }
}

#[cfg(test)]
mod tests {
    use crate::ui::tests::sources;

    /// Returns the names of the public components that are defined in `source`.
    fn components(source: &str) -> Vec<&str> {
        let definitions = source.split("#[component]\npub fn ").skip(1);
        definitions.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()).collect()
    }

    #[test]
    fn every_widget_is_shown() {
        let (widgets, guide) = (sources("src/ui", ""), sources("src/styleguide", ""));
        let widgets = components(&widgets);
        assert!(widgets.len() > 20, "the widgets are found: {widgets:?}");
        let is_shown = |name: &str| {
            guide.split(&format!("<{name}")).skip(1).any(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let forgotten: Vec<_> = widgets.into_iter().filter(|name| !is_shown(name)).collect();
        assert_eq!(forgotten, [""; 0], "not in src/styleguide");
    }
}
