//! Finding out what the browser does not tell: that it blocked a request itself.
//!
//! To a script a refused connection, CORS and the page's own Content-Security-Policy are all the same
//! `TypeError`. A violation of the policy is also announced as an event, and whether a server on another
//! origin answers at all can be asked without reading the answer.

use std::{cell::Cell, rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Document, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode,
    SecurityPolicyViolationEvent,
};

use super::Blocker;

const VIOLATION: &str = "securitypolicyviolation";

/// The event is a task of its own, which may come after the one that fails the request.
const EVENT_TIME: Duration = Duration::from_millis(50);

/// How long a server may take to show that it is there.
const PROBE_MS: u32 = 5_000;

/// Listens, as long as it exists, for a violation of the page's policy by requests to one server.
pub(super) struct Watch {
    document: Document,
    listener: Closure<dyn FnMut(SecurityPolicyViolationEvent)>,
    seen: Rc<Cell<bool>>,
    /// The API's base, as a whole URL.
    base: web_sys::Url,
}

impl Watch {
    /// Listens for requests to the API at `base`, a path or a URL. `None` where there is no page.
    pub fn start(base: &str) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let base = web_sys::Url::new_with_base(base, &document.base_uri().ok()??).ok()?;
        let origin = base.origin();
        let seen = Rc::new(Cell::new(false));
        let listener = {
            let seen = seen.clone();
            Closure::new(move |event: SecurityPolicyViolationEvent| {
                let connects = event.effective_directive() == "connect-src";
                // The blocked address is shortened to the origin in some cases.
                if connects && event.blocked_uri().starts_with(&origin) {
                    seen.set(true);
                }
            })
        };
        document.add_event_listener_with_callback(VIOLATION, listener.as_ref().unchecked_ref()).ok()?;
        Some(Self { document, listener, seen, base })
    }

    /// What blocked a request that failed without an answer, if it was the browser.
    pub async fn blocker(&self) -> Option<Blocker> {
        sleep(EVENT_TIME).await;
        if self.seen.get() {
            return Some(Blocker::Policy);
        }
        let page = web_sys::window()?.location().origin().ok()?;
        (self.base.origin() != page && self.is_there().await).then_some(Blocker::CrossOrigin)
    }

    /// Whether the server answers anything. Carries no credentials, and nobody reads the answer.
    async fn is_there(&self) -> bool {
        let init = RequestInit::new();
        init.set_mode(RequestMode::NoCors);
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(PROBE_MS)));
        let Some(window) = web_sys::window() else { return false };
        let address = format!("{}/api_tokens/", self.base.href().trim_end_matches('/'));
        JsFuture::from(window.fetch_with_str_and_init(&address, &init)).await.is_ok()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        // Removing what was added cannot fail.
        let _ = self.document.remove_event_listener_with_callback(VIOLATION, listener);
    }
}
