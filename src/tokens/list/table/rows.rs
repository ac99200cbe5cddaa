//! Keeps the rows in the table equal to those of the page.

use std::collections::HashMap;

use leptos::{html, prelude::*};
use web_sys::Element;

use super::row::{Row, RowContext};
use crate::{
    api::TokenId,
    tokens::cache::listing::Listing,
    ui::{effect, hand_focus_on_from},
};

/// Shows these tokens as rows of `body`, in their order, as long as the reactive scope lives that this is called in.
/// Rows that stay are not created anew: they keep the focus.
pub(super) fn show_rows(ids: ReadSignal<Vec<TokenId>>, body: NodeRef<html::Tbody>, context: RowContext) {
    let listing = Listing::expect();
    let rows = StoredValue::new_local(Vec::<Row>::new());
    // The effects of the rows have to end with the table, not with the next change of the rows.
    let owner = Owner::current();
    effect(move || {
        let Some(body) = body.get() else { return };
        // A renamed row is another row; one that moves is the same.
        let wanted = listing.with(|catalogue| {
            let named = |id: TokenId| catalogue.get(id).map(|row| (id, row.name.to_string()));
            ids.get().into_iter().filter_map(named).collect::<Vec<_>>()
        });
        let make = |id, name| match &owner {
            Some(owner) => owner.with(|| untrack(|| Row::new(id, name, context))),
            None => None,
        };
        rows.try_update_value(|rows| *rows = arrange(&body, std::mem::take(rows), wanted, make));
    });
    // Their elements go with the table: removing them one by one takes longer.
    on_cleanup(move || {
        if let Some(Some(body)) = body.try_get_untracked() {
            hand_focus_on_from(&body);
        }
        rows.try_update_value(Vec::clear);
    });
}

/// Makes the rows of `body` equal to the wanted ones, with no more removals, additions and moves than necessary.
fn arrange(
    body: &Element,
    before: Vec<Row>,
    wanted: Vec<(TokenId, String)>,
    make: impl Fn(TokenId, String) -> Option<Row>,
) -> Vec<Row> {
    let is_wanted: HashMap<TokenId, &str> = wanted.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let mut kept = HashMap::with_capacity(before.len());
    for row in before {
        if is_wanted.get(&row.id) == Some(&row.name.as_str()) {
            kept.insert(row.id, row);
        } else {
            // For example, its token was just disabled, and only enabled ones are shown.
            hand_focus_on_from(&row.element);
            row.element.remove();
        }
    }
    let mut next = body.first_element_child();
    let mut rows = Vec::with_capacity(wanted.len());
    for (id, name) in wanted {
        let Some(row) = kept.remove(&id).or_else(|| make(id, name)) else { continue };
        match next.take() {
            Some(there) if there == *AsRef::<Element>::as_ref(&row.element) => {
                next = there.next_element_sibling()
            }
            there => {
                // Fails only if other code has changed the table.
                let _ = body.insert_before(&row.element, there.as_deref());
                next = there;
            }
        }
        rows.push(row);
    }
    rows
}
