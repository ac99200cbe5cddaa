//! Going places: [`Route`] on one side, the router on the other.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::routes::Route;

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Goes to routes and makes links to them. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Navigation {
    base: StoredValue<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
    current: Memo<Option<Route>>,
}

impl Navigation {
    /// Makes navigation available to everything below. `base` is the path that the console lives under,
    /// without a slash at its end. Must be called inside the router.
    pub fn provide(base: String) -> Self {
        let location = use_location();
        let navigate = use_navigate();
        let own_base = base.clone();
        let current = Memo::new(move |_| {
            let path = location.pathname.get();
            let query = location.search.get();
            Route::parse(&format!("{}?{query}", path.strip_prefix(&own_base)?))
        });
        let navigation = Self {
            base: StoredValue::new(base),
            navigate: StoredValue::new_local(Box::new(navigate)),
            current,
        };
        provide_context(navigation);
        navigation
    }

    /// The navigation of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Where one is; `None` at an address that is not ours.
    pub fn current(&self) -> Memo<Option<Route>> {
        self.current
    }

    /// The address of a place, for a link.
    pub fn href(&self, route: &Route) -> String {
        self.base.with_value(|base| format!("{base}{}", route.path()))
    }

    /// Goes to a place; the back button returns.
    pub fn go(&self, route: &Route) {
        self.to(route, NavigateOptions::default());
    }

    /// Goes to a place instead of the present one, which the back button then skips.
    pub fn replace(&self, route: &Route) {
        self.to(route, NavigateOptions { replace: true, ..NavigateOptions::default() });
    }

    fn to(&self, route: &Route, options: NavigateOptions) {
        let href = self.href(route);
        self.navigate.with_value(|navigate| navigate(&href, NavigateOptions { resolve: false, ..options }));
    }
}
