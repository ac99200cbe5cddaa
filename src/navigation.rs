//! Going places: [`Route`] on one side, the router on the other.

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

/// The path that this page's console lives under, without a slash at its end.
pub fn base() -> String {
    let base = document().base_uri().ok().flatten().and_then(|uri| web_sys::Url::new(&uri).ok());
    base.map(|url| base_path(&url.pathname())).unwrap_or_default()
}

/// Goes to routes and makes links to them. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Navigation {
    base: StoredValue<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
    location: StoredValue<Location>,
    current: Memo<Option<Route>>,
}

impl Navigation {
    /// Makes navigation available to everything below. `base` is the path that the console lives under,
    /// without a slash at its end. Must be called inside the router.
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
            // The router writes an address into the address bar when somebody says that its screen is there. Its own
            // components would; the console has one place that knows what is at which address, and that is `Route`.
            if let Some(browser) = &browser {
                browser.ready_to_complete();
            }
            // `/` is the list, under its own address.
            if navigation.with_base(|base| path.strip_prefix(base) == Some("/")) {
                navigation.replace(&Route::HOME);
            }
            // When the router has written what it writes.
            set_timeout(move || navigation.correct_address_bar(), Duration::ZERO);
        });
        provide_context(navigation);
        navigation
    }

    /// The router takes for the address bar's what it wrote or left last. After "forward" that is another one, and where
    /// it is gone to from there, the router writes nothing.
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

    /// Puts the screen's address into the address bar, as an entry of the history on top of what is there.
    pub fn put_address_on_top(&self) {
        if let Ok(history) = window().history() {
            // Browsers refuse it to a page that does so without end; the address bar is then one behind.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&self.address()));
        }
    }

    /// The navigation of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Where one is; `None` at an address that is not ours.
    pub fn current(&self) -> Memo<Option<Route>> {
        self.current
    }

    /// The path of the screen, with the console's base. Not the address bar's: the browser changes that one
    /// before anybody is asked.
    pub fn path(&self) -> String {
        self.location.with_value(|location| location.pathname.get_untracked())
    }

    /// Path, query and fragment of the screen, with the console's base.
    pub fn address(&self) -> String {
        self.location.with_value(|location| {
            let search = location.search.get_untracked();
            let mark = if search.is_empty() { "" } else { "?" };
            format!("{}{mark}{search}{}", location.pathname.get_untracked(), location.hash.get_untracked())
        })
    }

    /// Lends the path that the console lives under, without a slash at its end.
    pub fn with_base<T>(&self, use_it: impl FnOnce(&str) -> T) -> T {
        self.base.with_value(|base| use_it(base))
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

    /// Follows a link's address, base included. Nothing happens if the page has gone meanwhile.
    pub fn follow(&self, address: &str) {
        let options = NavigateOptions { resolve: false, ..NavigateOptions::default() };
        self.navigate.try_with_value(|navigate| navigate(address, options));
    }

    fn to(&self, route: &Route, options: NavigateOptions) {
        let href = self.href(route);
        self.navigate.with_value(|navigate| navigate(&href, NavigateOptions { resolve: false, ..options }));
    }
}
