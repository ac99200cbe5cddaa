//! Navigation: [`Route`] on one side, the router on the other.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::{BrowserUrl, Location, LocationProvider},
};
use wasm_bindgen::JsValue;

use crate::routes::{Route, base_path};

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Returns the path that this page's console lives under, without a trailing slash.
pub fn base() -> String {
    let base = document().base_uri().ok().flatten().and_then(|uri| web_sys::Url::new(&uri).ok());
    base.map(|url| base_path(&url.pathname())).unwrap_or_default()
}

/// Navigates to routes and builds links to them. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Navigation {
    base: StoredValue<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
    location: StoredValue<Location>,
    current: Memo<Option<Route>>,
}

impl Navigation {
    /// Provides navigation to all descendants. `base` is the path that the console lives under, without a trailing
    /// slash. Must be called inside the router.
    pub fn provide(base: String) -> Self {
        let location = use_location();
        let navigate = use_navigate();
        let own_base = base.clone();
        let (pathname, search) = (location.pathname, location.search);
        let current = Memo::new(move |_| {
            let path = pathname.get();
            let query = search.get();
            Route::parse(&format!("{}?{query}", path.strip_prefix(&own_base)?))
        });
        let navigation = Self {
            base: StoredValue::new(base),
            navigate: StoredValue::new_local(Box::new(navigate)),
            location: StoredValue::new(location),
            current,
        };
        let browser = use_context::<BrowserUrl>();
        #[expect(
            clippy::disallowed_methods,
            reason = "`ui`, which has what is compiled once, is not known here"
        )]
        Effect::new(move || {
            let path = pathname.get();
            search.track();
            // The router writes an address into the address bar only after being told that its screen is ready. Its own
            // components would do so; here only `Route` knows which screen is at which address.
            if let Some(browser) = &browser {
                browser.ready_to_complete();
            }
            // `/` is the list, which has its own address.
            if navigation.with_base(|base| path.strip_prefix(base) == Some("/")) {
                navigation.replace(&Route::HOME);
            }
            // After the router has written its address.
            set_timeout(move || navigation.correct_address_bar(), Duration::ZERO);
        });
        provide_context(navigation);
        navigation
    }

    /// Corrects the address bar if the router has not written the screen's address. The router assumes that the bar
    /// shows the address that it last wrote or went back to. After "forward" it shows another one, and a navigation to
    /// the assumed address then writes nothing.
    fn correct_address_bar(self) {
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        let is_right = self.location.try_with_value(|location| {
            location.pathname.get_untracked() == path
                && location.search.get_untracked() == search.strip_prefix('?').unwrap_or_default()
        });
        if is_right == Some(false) {
            self.put_address_on_top();
        }
    }

    /// Pushes the screen's address onto the history, on top of the current entry, and so into the address bar.
    pub fn put_address_on_top(&self) {
        if let Ok(history) = window().history() {
            // Browsers refuse this to a page that does it endlessly; the address bar then lags behind by one.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&self.address()));
        }
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Returns the current place; `None` at an address that is not the console's.
    pub fn current(&self) -> Memo<Option<Route>> {
        self.current
    }

    /// Returns the path of the screen, including the console's base. It may differ from the address bar, which the
    /// browser changes before the user is asked about leaving.
    pub fn path(&self) -> String {
        self.location.with_value(|location| location.pathname.get_untracked())
    }

    /// Returns path, query and fragment of the screen, including the console's base.
    pub fn address(&self) -> String {
        self.location.with_value(|location| {
            let search = location.search.get_untracked();
            let mark = if search.is_empty() { "" } else { "?" };
            format!("{}{mark}{search}{}", location.pathname.get_untracked(), location.hash.get_untracked())
        })
    }

    /// Passes the path that the console lives under, without a trailing slash, to `use_it`.
    pub fn with_base<T>(&self, use_it: impl FnOnce(&str) -> T) -> T {
        self.base.with_value(|base| use_it(base))
    }

    /// Returns the address of a route, for a link.
    pub fn href(&self, route: &Route) -> String {
        self.base.with_value(|base| format!("{base}{}", route.path()))
    }

    /// Goes to a route; the back button returns.
    pub fn go(&self, route: &Route) {
        self.to(route, NavigateOptions::default());
    }

    /// Goes to a route in place of the current one, which the back button then skips.
    pub fn replace(&self, route: &Route) {
        self.to(route, NavigateOptions { replace: true, ..NavigateOptions::default() });
    }

    /// Goes to a link's address, including the base. A no-op if the page has gone.
    pub fn follow(&self, address: &str) {
        let options = NavigateOptions { resolve: false, ..NavigateOptions::default() };
        self.navigate.try_with_value(|navigate| navigate(address, options));
    }

    fn to(&self, route: &Route, options: NavigateOptions) {
        let href = self.href(route);
        self.navigate.with_value(|navigate| navigate(&href, NavigateOptions { resolve: false, ..options }));
    }
}
