//! Which clicks lead away from a screen. Pure, except for reading the click.

use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, MouseEvent};

/// A click on a link, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Click {
    /// Whether it is the main button or Enter, without Ctrl and the like, which open the link elsewhere.
    pub(super) is_plain: bool,
    /// The link's `target`; empty for this tab.
    pub(super) target: String,
    /// Whether the link saves a file, or is marked as leading out of the console.
    pub(super) is_external: bool,
    /// The `href` as written.
    pub(super) written: String,
    /// The link's origin.
    pub(super) origin: String,
    /// The link's path.
    pub(super) path: String,
    /// The link's path, query and fragment.
    pub(super) address: String,
}

/// Where the user is when clicking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Here<'a> {
    /// The origin of the console.
    pub(super) origin: &'a str,
    /// The path that the console lives under, without a trailing slash.
    pub(super) base: &'a str,
    /// The path of the screen.
    pub(super) path: &'a str,
}

impl Click {
    /// Whether the console's own router would show another screen for this click. A link that opens elsewhere loses
    /// nothing, a link that leaves the document is asked about by the browser, and a fragment is on the same page.
    pub(super) fn leads_away(&self, here: Here<'_>) -> bool {
        self.is_plain
            && (self.target.is_empty() || self.target == "_self")
            && !self.is_external
            && !self.written.is_empty()
            && !self.written.starts_with('#')
            && self.origin == here.origin
            && self.path.strip_prefix(here.base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && self.path != here.path
    }

    /// Reads a click; `None` if it is not on a link.
    pub(super) fn read(event: &MouseEvent) -> Option<Self> {
        let path = event.composed_path();
        // The outermost link, as the router does.
        let link = (0..path.length()).rev().find_map(|i| path.get(i).dyn_into::<HtmlAnchorElement>().ok())?;
        let rel = link.rel();
        Some(Self {
            is_plain: event.button() == 0
                && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()),
            target: link.target(),
            is_external: link.has_attribute("download")
                || rel.split_ascii_whitespace().any(|r| r == "external"),
            written: link.get_attribute("href").unwrap_or_default(),
            origin: link.origin(),
            path: link.pathname(),
            address: format!("{}{}{}", link.pathname(), link.search(), link.hash()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Here<'_> =
        Here { origin: "https://a.example", base: "/console", path: "/console/tokens/new" };

    fn click() -> Click {
        Click {
            is_plain: true,
            written: "/console/tokens".into(),
            origin: "https://a.example".into(),
            path: "/console/tokens".into(),
            address: "/console/tokens".into(),
            ..Click::default()
        }
    }

    #[test]
    fn a_plain_click_on_another_screen_leads_away() {
        assert!(click().leads_away(HERE));
        assert!(Click { target: "_self".into(), ..click() }.leads_away(HERE));
        assert!(Click { path: "/console".into(), ..click() }.leads_away(HERE));
    }

    #[test]
    fn what_opens_elsewhere_does_not() {
        assert!(!Click { is_plain: false, ..click() }.leads_away(HERE));
        assert!(!Click { target: "_blank".into(), ..click() }.leads_away(HERE));
        assert!(!Click { is_external: true, ..click() }.leads_away(HERE));
    }

    #[test]
    fn the_same_screen_is_not_away() {
        assert!(!Click { path: HERE.path.into(), ..click() }.leads_away(HERE));
        // With a base element, the address of a fragment is that of the base.
        assert!(!Click { written: "#main".into(), path: "/console/".into(), ..click() }.leads_away(HERE));
        // A blocked link has no address.
        assert!(!Click { written: String::new(), ..click() }.leads_away(HERE));
    }

    #[test]
    fn what_leaves_the_document_is_left_to_the_browser() {
        assert!(!Click { origin: "https://b.example".into(), ..click() }.leads_away(HERE));
        assert!(!Click { path: "/other".into(), ..click() }.leads_away(HERE));
        assert!(!Click { path: "/consoles".into(), ..click() }.leads_away(HERE));
    }
}
