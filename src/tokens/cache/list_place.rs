//! Where the user was in the list: the way back from a token leads there.

use std::ops::Range;

use leptos::{html::Tbody, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use crate::{
    api::TokenId,
    navigation::Navigation,
    routes::Route,
    session::Session,
    tokens::model::catalogue::query::Query,
    ui::{EventPhase, focus_element, listen},
};

/// What the list showed when it was last left, and which part of it. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct ListPlace {
    left: StoredValue<Left>,
    session: Session,
}

#[derive(Clone, Default)]
struct Left {
    query: Query,
    /// How far the page was scrolled, in pixels.
    scrolled: f64,
    /// How many rows there were down to the end of the window.
    rows: usize,
}

impl ListPlace {
    /// Provides the handle to everything below. The place is forgotten when the user leaves.
    pub fn provide() {
        let session = Session::expect();
        let place = Self { left: StoredValue::new(Left::default()), session };
        session.when_user_leaves(move || place.left.set_value(Left::default()));
        provide_context(place);
    }

    /// Returns the handle provided by [`Self::provide`].
    pub(in crate::tokens) fn expect() -> Self {
        expect_context()
    }

    /// Returns the list as it was left, with its search, filters, order and page.
    pub(in crate::tokens) fn route(self) -> Route {
        Route::Tokens(self.left.get_value().query)
    }

    /// Returns its address, for a link.
    pub(in crate::tokens) fn href(self) -> String {
        Navigation::expect().href(&self.route())
    }

    /// Returns the query of the list at an address: that of the list as it was left, if this is its address, with a
    /// search text that addresses do not have.
    pub(in crate::tokens) fn query_at(self, address: Query) -> Query {
        let left = self.left.get_value().query;
        if left.in_address() == address { left } else { address }
    }

    /// Returns a user who comes back from a token to its row, if the list still shows the same: with the first frame,
    /// the page is scrolled as it was and the focus is on the row's link. Returns how many rows that takes. If the row
    /// is not there, the user begins at the heading.
    pub(in crate::tokens) fn go_back(
        self,
        token: Option<TokenId>,
        query: Option<Query>,
        body: NodeRef<Tbody>,
    ) -> Option<usize> {
        let id = token?;
        let left = self.left.get_value();
        if query? != left.query {
            return None;
        }
        request_animation_frame(move || {
            if let Some(Some(body)) = body.try_get_untracked()
                && let Ok(Some(link)) = body.query_selector(&format!("[data-id='{id}'] a"))
                && let Ok(link) = link.dyn_into::<HtmlElement>()
            {
                window().scroll_to_with_x_and_y(0.0, left.scrolled);
                focus_element(&link);
            }
        });
        Some(left.rows)
    }

    /// Keeps the place in a list when the reactive scope ends that this is called in: what the list shows then, if it
    /// is still known, and the rows that were in the window.
    pub(in crate::tokens) fn keep(
        self,
        query: impl Fn() -> Option<Query> + Send + Sync + 'static,
        in_window: StoredValue<Range<usize>>,
    ) {
        let is_same_user = self.session.same_user();
        // When the scope ends it is too late to measure: the router may have scrolled to the top already.
        let scrolled = StoredValue::new(0.0);
        let measure = move || {
            scrolled.try_set_value(window().scroll_y().unwrap_or_default());
        };
        listen(&window(), "scroll", EventPhase::Bubble, move |_: Event| measure());
        // The browser may have scrolled before.
        request_animation_frame(measure);
        on_cleanup(move || {
            if is_same_user()
                && let Some(query) = query()
                && let Some(scrolled) = scrolled.try_get_value()
                && let Some(Range { end: rows, .. }) = in_window.try_get_value()
            {
                self.left.try_set_value(Left { query, scrolled, rows });
            }
        });
    }
}
