//! A row of the list: a clone of a template, into which effects write what changes.
//!
//! It is not a view like everything else. A keystroke makes a dozen rows or more before it is painted, and cloning one
//! is five times as fast as building it from a view (docs/architecture.md has the figures).

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::row_menu::{RowActs, actions_for};
use crate::{
    api::{Error, Token, TokenId},
    failure::{self, FailedAction},
    navigation::Navigation,
    routes::Route,
    session::Session,
    tokens::{
        cache::{listing::Listing, owners::Owners, row_details::RowDetails},
        list::selection::ListSelection,
        model::{
            catalogue::fold::Words,
            name::{BLANK, called, is_blank},
        },
        rotation::{IN_ROTATION, Rotations},
        widgets::badges::{BADGE, THIS_SESSION, status_badge},
    },
    ui::{Load, Template, append, append_text, decomposed, follow, set_attribute, set_busy, write_time},
};

/// On a phone the rows are drawn as cards; the roles are written out because a changed `display` removes them in some
/// browsers. The row is busy until its details are written.
const HTML: &str = r#"<tr role="row" aria-busy="true"><td role="cell" class="col-select"><label class="tick-box"><input type="checkbox"></label></td><td role="cell" class="col-name"><a></a></td><td role="cell" class="col-id"></td><td role="cell" class="col-owner">Loading</td><td role="cell" class="col-status"></td><td role="cell" class="col-date col-used"></td><td role="cell" class="col-date col-created"></td><td role="cell" class="col-actions"><button type="button" class="button button-quiet menu-button" aria-haspopup="menu" aria-expanded="false"><span aria-hidden="true">…</span></button></td></tr>"#;

/// The template's text in place of an owner; for screen readers only.
const LOADING: &str = "Loading";

/// What all rows share.
#[derive(Clone, Copy)]
pub(super) struct RowContext {
    words: Memo<Words>,
    selection: ListSelection,
    listing: Listing,
    details: RowDetails,
    owners: Owners,
    navigation: Navigation,
    session: Session,
    rotations: Rotations,
    acts: RowActs,
}

impl RowContext {
    pub(super) fn new(words: Memo<Words>, acts: RowActs) -> Self {
        Self {
            words,
            selection: ListSelection::expect(),
            listing: Listing::expect(),
            details: RowDetails::expect(),
            owners: Owners::expect(),
            navigation: Navigation::expect(),
            session: Session::expect(),
            rotations: Rotations::expect(),
            acts,
        }
    }
}

/// A row on the page. Dropping it ends its effects.
pub(super) struct Row {
    pub(super) id: TokenId,
    pub(super) name: String,
    pub(super) element: HtmlElement,
    _readers: Vec<RenderEffect<()>>,
}

/// The cells of a row.
struct Cells {
    tick: HtmlInputElement,
    name: Element,
    link: Element,
    id: Element,
    details: Details,
    menu: Element,
}

/// The cells whose values take a request of their own; they arrive together.
struct Details {
    row: Element,
    owner: Element,
    status: Element,
    used: Element,
    created: Element,
}

impl Cells {
    fn of(row: &HtmlElement) -> Option<Self> {
        let cells = row.children();
        let cell = |index| cells.item(index);
        let name = cell(1)?;
        Some(Self {
            tick: cell(0)?.first_element_child()?.first_element_child()?.dyn_into().ok()?,
            link: name.first_element_child()?,
            name,
            id: cell(2)?,
            details: Details {
                row: AsRef::<Element>::as_ref(row).clone(),
                owner: cell(3)?,
                status: cell(4)?,
                used: cell(5)?,
                created: cell(6)?,
            },
            menu: cell(7)?.first_element_child()?,
        })
    }
}

impl Row {
    /// Creates a row for a token, not on the page yet. `None` if the template cannot be cloned.
    pub(super) fn new(id: TokenId, name: String, context: RowContext) -> Option<Self> {
        thread_local! {
            static TEMPLATE: Template = Template::new(HTML);
        }
        let element = TEMPLATE.with(Template::stamp)?;
        let Cells { tick, name: name_cell, link, id: id_cell, details, menu } = Cells::of(&element)?;
        set_attribute(&element, "data-id", &id.to_string());
        set_attribute(&tick, "aria-label", &format!("Select {}", called(&name, id)));
        set_attribute(&link, "href", &context.navigation.href(&Route::Token(id)));
        set_attribute(&menu, "aria-label", &actions_for(&name, id));
        id_cell.set_text_content(Some(&id.to_string()));

        let RowContext { words, selection, listing, session, rotations, owners, acts, .. } = context;
        let row = element.clone();
        let is_selected = RenderEffect::new(move |_| {
            let is_selected = selection.with(|selection| selection.contains(id));
            tick.set_checked(is_selected);
            row.set_class_name(if is_selected { "is-selected" } else { "" });
        });
        let searched = name.clone();
        let marked = RenderEffect::new(move |_| words.with(|words| write_marked(&link, words, &searched)));
        let news = RenderEffect::new(move |_| {
            let rotates = rotations.concerns(id).then_some(IN_ROTATION);
            let word = listing.with_changes(|changes| {
                if changes.new.contains(&id) {
                    Some("New")
                } else {
                    changes.renamed.contains(&id).then_some("Renamed")
                }
            });
            write_badges(&name_cell, [word, rotates]);
        });
        let detail = context.details.of(id);
        let detail = RenderEffect::new(move |before: Option<()>| {
            follow(&detail);
            detail.with_untracked(|detail| {
                // The template already says that they are loading.
                if before.is_some() || !matches!(detail, Load::Loading) {
                    details.write(detail, owners, session);
                }
            });
        });
        let busy = RenderEffect::new(move |_| {
            set_busy(&menu, acts.is_busy(id));
        });
        let readers = vec![is_selected, marked, news, detail, busy];
        Some(Self { id, name, element, _readers: readers })
    }
}

/// Writes a name with the search terms marked in it. A blank name gets a placeholder, since a link needs something to
/// be pressed.
fn write_marked(link: &Element, words: &Words, name: &str) {
    if is_blank(name) {
        return link.set_text_content(Some(BLANK));
    }
    let marks = words.marks(name, decomposed);
    if marks.is_empty() {
        return link.set_text_content(Some(name));
    }
    link.set_text_content(None);
    let mut end = 0;
    for mark in marks {
        append_text(link, name.get(end..mark.start).unwrap_or_default());
        append(link, "mark", "", name.get(mark.clone()).unwrap_or_default());
        end = mark.end;
    }
    append_text(link, name.get(end..).unwrap_or_default());
}

/// Marks a row that the last refresh added or renamed, and one that is being rotated.
fn write_badges(cell: &Element, words: [Option<&str>; 2]) {
    // Removes everything after the link.
    while cell.child_element_count() > 1
        && let Some(badge) = cell.last_element_child()
    {
        badge.remove();
    }
    for word in words.into_iter().flatten() {
        append_text(cell, " ");
        append(cell, "span", "badge badge-news", word);
    }
}

impl Details {
    fn write(&self, detail: &Load<Token, Error>, owners: Owners, session: Session) {
        let cells = [&self.owner, &self.status, &self.used, &self.created];
        for cell in cells {
            cell.set_text_content(None);
        }
        set_busy(&self.row, matches!(detail, Load::Loading));
        match detail {
            // The style draws the bars: elements in each cell would take longer than the row itself.
            Load::Loading => self.owner.set_text_content(Some(LOADING)),
            Load::Ready(token) => {
                self.owner.set_text_content(Some(&owners.label(token.owner_id)));
                let (class, word) = status_badge(token.enabled);
                append(&self.status, "span", class, word);
                if session.is_credential_token(token.id) {
                    append_text(&self.status, " ");
                    append(&self.status, "span", BADGE, THIS_SESSION);
                }
                write_time(&self.used, token.last_used.as_deref(), "Never");
                write_time(&self.created, token.created.as_deref(), "–");
            }
            Load::Failed(error) => {
                let why = failure::notice(error, FailedAction::ReadToken).title;
                let mut said = why.as_str();
                for cell in cells {
                    write_unavailable(cell, &why, said);
                    said = "unknown";
                }
            }
        }
    }
}

/// Writes that a value is not available. The reason is in the tool tip; `said` is for screen readers, which read the
/// cells one after the other.
fn write_unavailable(cell: &Element, why: &str, said: &str) {
    let Some(outer) = append(cell, "span", "muted", "") else { return };
    set_attribute(&outer, "title", why);
    if let Some(dash) = append(&outer, "span", "", "—") {
        set_attribute(&dash, "aria-hidden", "true");
    }
    append(&outer, "span", "visually-hidden", said);
}
