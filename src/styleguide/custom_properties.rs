//! The custom properties that the styles are made of, read from their documentation in `style/tokens.css`.

use leptos::prelude::*;

use super::Subheading;
use crate::ui::Card;

const TOKENS: &str = include_str!("../../style/tokens.css");

/// A group of properties.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    /// The group's comment; its beginning names the group.
    comment: String,
    /// The properties' names, including the hyphens.
    names: Vec<&'static str>,
}

/// Parses the documented groups of the first block: the properties that apply in every theme.
fn groups(css: &'static str) -> Vec<Group> {
    let block = css.split_once(":root {").map_or("", |(_, rest)| rest.split("\n}").next().unwrap_or(rest));
    let with_comment = block.split("/*").skip(1).map(|piece| piece.split_once("*/").unwrap_or((piece, "")));
    with_comment
        .map(|(comment, declarations)| Group {
            comment: comment.split_whitespace().collect::<Vec<_>>().join(" "),
            names: declarations.split(';').filter_map(name).collect(),
        })
        .filter(|group| !group.names.is_empty())
        .collect()
}

/// Returns the name of a declared custom property.
fn name(declaration: &'static str) -> Option<&'static str> {
    let (name, _) = declaration.split_once(':')?;
    Some(name.trim()).filter(|name| name.starts_with("--"))
}

impl Group {
    /// Returns the group's name, and the rest of its comment.
    fn title(&self) -> (&str, &str) {
        self.comment.split_once([':', '.']).unwrap_or((&self.comment, ""))
    }

    /// Returns the property of a sample that shows this custom property as its value. `None` for what a sample cannot
    /// show: durations (not seen at once), widths of pages (too large) and the order of the stack (not seen alone).
    fn shown_by(&self, name: &str) -> Option<&'static str> {
        let is = |beginnings: &[&str]| beginnings.iter().any(|beginning| name.starts_with(beginning));
        match self.title().0 {
            "Colour" => Some("background-color"),
            "Elevation" if is(&["--shadow"]) => Some("box-shadow"),
            "Space" => Some("width"),
            "Type" if is(&["--font"]) => Some("font-family"),
            "Type" if is(&["--text"]) => Some("font-size"),
            "Type" if is(&["--weight"]) => Some("font-weight"),
            "Form" if is(&["--radius"]) => Some("border-radius"),
            "Form" if is(&["--control-height", "--row-height"]) => Some("height"),
            _ => None,
        }
    }
}

#[component]
pub(super) fn CustomProperties() -> impl IntoView {
    let groups = groups(TOKENS).into_iter().map(|group| {
        let properties = group.names.iter().map(|name| {
            view! { <li><Property name=name shown_by=group.shown_by(name)/></li> }
        });
        let (title, text) = group.title();
        view! {
            <Subheading words=title.to_owned()/>
            <p class="muted">{sentence(text)}</p>
            <ul class="links">{properties.collect_view()}</ul>
        }
    });
    view! { <Card heading="Custom properties">{groups.collect_view()}</Card> }
}

/// Trims a text and capitalises its first letter.
fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A sample, the property's name, and its current value.
#[component]
fn Property(name: &'static str, shown_by: Option<&'static str>) -> impl IntoView {
    view! {
        {shown_by.map(|property| sample(name, property))}
        <code class="mono">{name}</code>
        <br/>
        <span class="muted">{value(name)}</span>
    }
}

/// Renders text for a property of text, and a box for everything else. The style is set through the DOM, not by an
/// attribute, which the console's Content-Security-Policy forbids.
fn sample(name: &'static str, property: &'static str) -> AnyView {
    let value = format!("var({name})");
    if property.starts_with("font") {
        return view! { <p aria-hidden="true" style=(property, value)>"The quick brown fox"</p> }.into_any();
    }
    view! {
        <div
            aria-hidden="true"
            style:max-width="100%"
            style:width="4rem"
            style:height="1.5rem"
            style:margin="0.25rem 0"
            style:border="1px solid var(--line-control)"
            style=(property, value)
        ></div>
    }
    .into_any()
}

/// Returns the property's current value on this page.
fn value(name: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_what_the_styles_document() {
        let css = "/* Head */\n:root {\n  /* Scheme. */\n  color-scheme: light;\n\n  /* Colour:\n     all. */\n  --a: #fff;\n  \
                   --b: var(--a);\n\n  /* Space. */\n  --c: 1rem;\n}\n\n:root {\n  /* More. */\n  --d: 0;\n}\n";
        let group =
            |comment: &str, names: &[&'static str]| Group { comment: comment.into(), names: names.to_vec() };
        assert_eq!(groups(css), [group("Colour: all.", &["--a", "--b"]), group("Space.", &["--c"])]);
    }

    #[test]
    fn every_group_of_the_console_is_found() {
        let groups = groups(TOKENS);
        let names: Vec<_> =
            groups.iter().filter_map(|group| group.comment.split([':', '.']).next()).collect();
        assert_eq!(names, ["Colour", "Elevation", "Space", "Type", "Form", "Motion"]);
    }

    #[test]
    fn samples_are_of_what_the_property_is_for() {
        let groups = groups(TOKENS);
        let shown_by = |name: &'static str| {
            groups.iter().find(|group| group.names.contains(&name)).unwrap().shown_by(name)
        };
        assert_eq!(shown_by("--text-muted"), Some("background-color"));
        assert_eq!(shown_by("--text-small"), Some("font-size"));
        assert_eq!(shown_by("--font-mono"), Some("font-family"));
        assert_eq!(shown_by("--space-1"), Some("width"));
        assert_eq!(shown_by("--quick"), None);
    }
}
