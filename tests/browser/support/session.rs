//! A session without the console.

use std::{cell::RefCell, rc::Rc};

use credmgr_console::{config::Config, session::Session};
use leptos::prelude::IntoView;

use super::Stage;

/// Mounts a view with a session of its own.
pub fn mount_session<V: IntoView + 'static>(
    config: Config,
    view: impl FnOnce() -> V + 'static,
) -> (Stage, Session) {
    let slot = Rc::new(RefCell::new(None));
    let session = slot.clone();
    let stage = Stage::mount(move || {
        *session.borrow_mut() = Some(Session::provide(config));
        view()
    });
    let session = slot.borrow_mut().take().expect("it is mounted");
    (stage, session)
}
