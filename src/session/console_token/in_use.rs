//! Which console session tokens are in use by an open tab.
//!
//! A tab holds a lock (Web Locks API) named after its token for as long as it works with it. The browser releases the
//! lock when the tab is closed, crashes or is discarded; a heartbeat in the storage could not tell a closed tab from
//! one that sleeps with its machine. Tabs that share a token, such as duplicates, share the lock.
//!
//! Browsers have locks in secure contexts only. On plain http a console asks the other tabs over their channel instead.
//! A tab that the browser froze does not answer in time, so its token may be offered for deletion. It is never deleted
//! without the user's consent; at worst that tab has to sign in again.

use std::{cell::RefCell, future::Future, rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use super::{ConsoleTokens, Record, Session};
use crate::session::tabs::{Message, Tabs};

/// How long other tabs have to answer. They are on the same machine, and may be busy.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// How many times the locks are queried as long as one of them seems to be held, and the time between two queries.
const LOOKS: u32 = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Returns the browser's lock manager, if there is one.
fn locks() -> Option<JsValue> {
    Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

/// A lock which says that a token is in use, until this is dropped or the tab is gone.
#[derive(Debug)]
pub(in crate::session) struct Hold {
    release: Function,
    /// Settled when the lock is free again.
    over: Promise,
}

impl Hold {
    /// Requests the lock of a token. `None` if the browser has no locks.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let locks = locks()?;
        let request = method(&locks, "request")?;
        let release = Rc::new(RefCell::new(None::<Function>));
        let slot = release.clone();
        // The lock is held until this promise is resolved.
        let held = Promise::new(&mut |resolve, _| {
            slot.borrow_mut().replace(resolve.unchecked_into());
        });
        let options = Object::new();
        Reflect::set(&options, &"mode".into(), &"shared".into()).ok()?;
        let granted = Closure::once_into_js(move |_lock: JsValue| held);
        let name = record.lock_name();
        let request = request.call3(&locks, &name.as_str().into(), &options, &granted).ok()?;
        let over: Promise = request.dyn_into().ok()?;
        let hold = Self { release: release.borrow_mut().take()?, over };
        // A page that goes away has its lock requests rejected. It does not need them any more, so the rejection is
        // ignored.
        spawn_local(hold.is_over());
        Some(hold)
    }

    /// Releases the lock and waits until it is free.
    pub(super) async fn let_go(self) {
        let over = self.is_over();
        drop(self);
        over.await;
    }

    fn is_over(&self) -> impl Future<Output = ()> + use<> {
        let over = JsFuture::from(self.over.clone());
        async move {
            let _ = over.await;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Resolving a promise cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Returns the names of all locks held on this origin.
async fn held(locks: &JsValue) -> Option<Vec<String>> {
    let query: Promise = method(locks, "query")?.call0(locks).ok()?.dyn_into().ok()?;
    let snapshot = JsFuture::from(query).await.ok()?;
    let held: Array = Reflect::get(&snapshot, &"held".into()).ok()?.dyn_into().ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(held.iter().filter_map(name).collect())
}

/// Like [`held`], but queries again, a few times, while a lock of one of these tokens is among them: for a moment
/// browsers still report locks that were just released, by this page for instance, especially when they are busy.
async fn held_for_long(locks: &JsValue, records: &[Record]) -> Option<Vec<String>> {
    let mut names = held(locks).await?;
    for _ in 1..LOOKS {
        if !records.iter().any(|record| names.contains(&record.lock_name())) {
            break;
        }
        sleep(BETWEEN_LOOKS).await;
        names = held(locks).await?;
    }
    Some(names)
}

/// Returns those of these tokens that no tab works with. Empty if that cannot be found out.
pub(super) async fn without_a_tab(session: Session, records: Vec<Record>) -> Vec<Record> {
    if records.is_empty() {
        return records;
    }
    let is_unused: Box<dyn Fn(&Record) -> bool> = match locks() {
        Some(locks) => {
            let Some(held) = held_for_long(&locks, &records).await else { return Vec::new() };
            Box::new(move |record| !held.contains(&record.lock_name()))
        }
        None => {
            let own = session.console.current_record().map(|record| record.at);
            let others = session.console.ask_tabs(session.tabs()).await;
            Box::new(move |record| own != Some(record.at) && !others.contains(&record.at))
        }
    };
    records.into_iter().filter(is_unused).collect()
}

impl ConsoleTokens {
    /// Answers questions of other tabs and collects their answers, while the current reactive scope lives.
    pub(in crate::session) fn answer_tabs(self, tabs: Tabs) {
        tabs.hear(move |message| match message {
            Message::WhoWorks => {
                if let Some(record) = self.current_record() {
                    tabs.tell(Message::Works(record.at));
                }
            }
            Message::Works(at) => {
                self.answers.try_update_value(|answers| answers.push(at));
            }
            _ => {}
        });
    }

    /// Returns the creation times ([`Record::at`]) of the tokens that other tabs work with.
    async fn ask_tabs(self, tabs: Tabs) -> Vec<u64> {
        self.answers.try_update_value(Vec::clear);
        tabs.tell(Message::WhoWorks);
        // Waits in two parts: a page that was busy during the first one, rendering its list for instance, reads the
        // messages that have arrived only afterwards.
        for _ in 0..2 {
            sleep(ANSWER_TIME / 2).await;
        }
        self.answers.try_get_value().unwrap_or_default()
    }
}
