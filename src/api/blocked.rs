//! Detects that the browser itself blocked a request, which it does not report.
//!
//! To a script, a refused connection, CORS and the page's own Content-Security-Policy are all the same `TypeError`. A
//! violation of the policy also fires an event. Whether a server on another origin responds at all can be probed
//! without reading the response. Mixed content (an https page may not talk to an http server) follows from the
//! addresses.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gloo_timers::future::sleep;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode,
    SecurityPolicyViolationEvent,
};

use super::Blocker;

const VIOLATION: &str = "securitypolicyviolation";

/// How long to wait for the violation event: it is a task of its own, which may run after the one that rejects the
/// request.
const EVENT_TIME: Duration = Duration::from_millis(50);

/// How long the probe waits for the server, in milliseconds.
const PROBE_MS: u32 = 5_000;

/// Whether browsers block this server as mixed content: an https page may only talk to https servers, or to its own
/// machine. Protocols and host are written as in a browser's `URL`.
fn is_insecure(page: &str, api: &str, host: &str) -> bool {
    let is_own_machine = matches!(host, "localhost" | "[::1]")
        || host.ends_with(".localhost")
        // An IP address, not a host name that begins like one.
        || host.starts_with("127.") && host.bytes().all(|b| b == b'.' || b.is_ascii_digit());
    page == "https:" && api == "http:" && !is_own_machine
}

/// Counts violations of the page's policy by requests to one server. It lives as long as the page, so that hundreds of
/// requests do not need a listener and a URL each.
struct Violations {
    /// The API's base as configured: a path or a URL.
    base: String,
    /// The base as an absolute URL.
    url: web_sys::Url,
    number: Rc<Cell<u32>>,
    /// Whether the server has answered this page, which proves that the browser lets the page talk to it.
    has_answered: Cell<bool>,
}

impl Violations {
    /// Returns the counter for requests to the API at `base`. `None` if there is no page.
    fn of(base: &str) -> Option<Rc<Self>> {
        thread_local! {
            /// A page talks to one server; only tests talk to several, one after the other.
            static LATEST: RefCell<Option<Rc<Violations>>> = const { RefCell::new(None) };
        }
        LATEST.with_borrow_mut(|latest| {
            if latest.as_ref().is_none_or(|violations| violations.base != base) {
                *latest = Self::count(base).map(Rc::new);
            }
            latest.clone()
        })
    }

    fn count(base: &str) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let url = web_sys::Url::new_with_base(base, &document.base_uri().ok()??).ok()?;
        let origin = url.origin();
        let number = Rc::new(Cell::new(0));
        let listener = {
            let number = number.clone();
            Closure::<dyn FnMut(_)>::new(move |event: SecurityPolicyViolationEvent| {
                let connects = event.effective_directive() == "connect-src";
                // Some browsers shorten the blocked address to its origin.
                if connects && event.blocked_uri().starts_with(&origin) {
                    number.set(number.get() + 1);
                }
            })
        };
        document.add_event_listener_with_callback(VIOLATION, listener.as_ref().unchecked_ref()).ok()?;
        listener.forget();
        Some(Self { base: base.to_owned(), url, number, has_answered: Cell::new(false) })
    }
}

/// Detects whether requests to one server violated the page's policy since the watch was started.
pub(super) struct Watch {
    violations: Rc<Violations>,
    before: u32,
}

impl Watch {
    /// Starts to watch requests to the API at `base`, a path or a URL. `None` if there is no page.
    pub fn start(base: &str) -> Option<Self> {
        let violations = Violations::of(base)?;
        let before = violations.number.get();
        Some(Self { violations, before })
    }

    /// Records that the server answered.
    pub fn answered(&self) {
        self.violations.has_answered.set(true);
    }

    /// Returns what blocked a request that failed without a response, if it was the browser.
    pub async fn blocker(&self) -> Option<Blocker> {
        sleep(EVENT_TIME).await;
        if self.violations.number.get() != self.before {
            return Some(Blocker::Policy);
        }
        let page = web_sys::window()?.location();
        let Violations { url, has_answered, .. } = &*self.violations;
        // Some browsers can be configured to allow mixed content: after any response, a failure has another cause.
        if !has_answered.get() && is_insecure(&page.protocol().ok()?, &url.protocol(), &url.hostname()) {
            return Some(Blocker::Insecure);
        }
        (url.origin() != page.origin().ok()? && self.is_there().await).then_some(Blocker::CrossOrigin)
    }

    /// Whether the server responds at all. Sends no credentials and does not read the response.
    async fn is_there(&self) -> bool {
        let init = RequestInit::new();
        init.set_mode(RequestMode::NoCors);
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(PROBE_MS)));
        let Some(window) = web_sys::window() else { return false };
        let address = format!("{}/api_tokens/", self.violations.url.href().trim_end_matches('/'));
        JsFuture::from(window.fetch_with_str_and_init(&address, &init)).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::is_insecure;

    #[test]
    fn a_secure_page_speaks_to_secure_servers_and_to_its_own_machine() {
        for host in [
            "tokens.example.org",
            "10.0.0.7",
            "127.example.org",
            "127.0.0.1.example.org",
            "localhost.example",
        ] {
            assert!(is_insecure("https:", "http:", host), "{host}");
            assert!(!is_insecure("https:", "https:", host), "{host}");
            assert!(!is_insecure("http:", "http:", host), "{host}");
        }
        for host in ["localhost", "api.localhost", "127.0.0.1", "127.8.0.1", "[::1]"] {
            assert!(!is_insecure("https:", "http:", host), "{host}");
        }
    }
}
