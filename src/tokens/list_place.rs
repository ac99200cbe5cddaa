//! Where somebody was in the list: the way back from a token leads there.

use leptos::{html::Tbody, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{list_query::ListQuery, list_steps::in_window, model::catalogue::query::Query};
use crate::{api::TokenId, navigation::Navigation, routes::Route, session::Session, ui::focus_element};

/// What the list showed when it was left last, and which part of it. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct ListPlace(StoredValue<Left>);

#[derive(Clone, Default)]
struct Left {
    query: Query,
    /// How far the page was scrolled, in pixels.
    scrolled: f64,
    /// So many rows there were down to the end of the window.
    rows: usize,
}

impl ListPlace {
    /// Makes it available to everything below. It is forgotten when the user leaves.
    pub fn provide() {
        let place = Self(StoredValue::new(Left::default()));
        Session::expect().when_user_leaves(move || place.0.set_value(Left::default()));
        provide_context(place);
    }

    /// That of this page.
    pub(super) fn expect() -> Self {
        expect_context()
    }

    /// The list as it was left, with its search, filters, order and page.
    pub(super) fn route(self) -> Route {
        Route::Tokens(self.0.get_value().query)
    }

    /// Its address, for a link.
    pub(super) fn href(self) -> String {
        Navigation::expect().href(&self.route())
    }

    /// Takes whoever comes back from a token to its row, if the list still shows the same: the page is scrolled as it was, and
    /// the focus is on the row's link, with the first frame. Says how many rows that takes. Without that row one begins anew, at
    /// the heading.
    pub(super) fn go_back(
        self,
        token: Option<TokenId>,
        list: ListQuery,
        body: NodeRef<Tbody>,
    ) -> Option<usize> {
        let id = token?;
        let left = self.0.get_value();
        if list.try_get_untracked()? != left.query {
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

    /// Keeps where one is in a list when the reactive scope ends that this is called in.
    pub(super) fn keep(self, list: ListQuery, body: NodeRef<Tbody>) {
        on_cleanup(move || {
            if let (Some(query), Some(Some(body))) = (list.try_get_untracked(), body.try_get_untracked()) {
                let scrolled = window().scroll_y().unwrap_or_default();
                self.0.try_set_value(Left { query, scrolled, rows: in_window(Some(&body)).end });
            }
        });
    }
}
