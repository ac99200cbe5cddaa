//! A page with a session and nothing else, and a server for it.

use std::{cell::RefCell, rc::Rc};

use credmgr_console::{
    api::{Client, Credentials, Error, ErrorKind, Method, Token},
    config::Config,
    session::{
        Phase, Session,
        permissions::{Gate as Permitted, Subject},
    },
};
use leptos::prelude::*;

use super::{ALICE, Reply, Sent, Server, Stage, TOKEN, Task, browser_storage, tab_storage};

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

/// A page with a session, and a storage that is empty before and after.
pub struct SessionPage {
    pub session: Session,
    _stage: Stage,
}

impl SessionPage {
    pub fn open() -> Self {
        Self::with(Config::default())
    }

    pub fn with(config: Config) -> Self {
        let (_stage, session) = mount_session(config, || ());
        Self { session, _stage }
    }

    /// Signs Alice in, with the token "old".
    pub async fn signed_in(server: &Server, stay: bool) -> Self {
        let page = Self::open();
        server.now(|_| Reply::json(200, ALICE));
        page.session.sign_in(token("old"), stay).await.expect("signed in");
        page
    }

    pub fn phase(&self) -> Phase {
        self.session.phase().get_untracked()
    }

    pub fn label(&self) -> Option<String> {
        self.session.identity().with_untracked(|identity| identity.as_ref().map(|i| i.label.clone()))
    }

    pub fn may_create(&self) -> Permitted {
        self.session.permissions().with_untracked(|p| p.of(Subject::Collection)).gate(Method::Post)
    }
}

impl Drop for SessionPage {
    fn drop(&mut self) {
        for storage in [tab_storage(), browser_storage()] {
            storage.clear().expect("storage");
        }
    }
}

pub fn token(text: &str) -> Credentials {
    Credentials::token(text).expect("a token")
}

pub fn carries(sent: &Sent, token: &str) -> bool {
    sent.header("X-API-TOKEN").as_deref() == Some(token)
}

/// Answers like a server that accepts a single token, whose owner is `user`.
pub fn accepts(good: &'static str, user: &'static str) -> impl Fn(&Sent) -> Reply {
    move |sent| match sent.path.as_str() {
        _ if !carries(sent, good) => Reply::not_signed_in(),
        "/users/me" => Reply::json(200, user),
        _ => Reply::json(200, TOKEN),
    }
}

/// Reads token 7 through the session.
pub fn read(session: Session) -> Task<Result<Token, Error>> {
    Task::start(session.run(|client: Client| async move { client.token(7).await }))
}

pub fn kind<T>(result: Result<T, Error>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind)
}
