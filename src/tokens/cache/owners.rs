//! The users who own the tokens: read when a name is needed, and again when they may have changed.

use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};

use super::row_details::RowDetail;
use crate::{
    api::{Error, Token, User, UserId, request::MAX_LIMIT},
    session::Session,
    tokens::model::users::{Directory, MOST_USERS},
    ui::{effect, follow},
};

/// Age in milliseconds after which the users are read again for a form that offers them.
const FRESH_FOR: f64 = 60_000.0;

/// The directory of this session.
#[derive(Clone, Copy)]
pub struct Owners {
    directory: RwSignal<Directory>,
    /// When they were last asked for, in milliseconds since 1970.
    asked: StoredValue<f64>,
    /// Whether that is not answered yet.
    is_busy: StoredValue<bool>,
    /// Counts the answers.
    revision: StoredValue<u32>,
    session: Session,
}

impl Owners {
    /// Provides the directory to everything below. It is emptied when the user leaves.
    pub fn provide() -> Self {
        let session = Session::expect();
        let owners = Self {
            directory: RwSignal::new(Directory::Unasked),
            asked: StoredValue::new(0.0),
            is_busy: StoredValue::new(false),
            revision: StoredValue::new(0),
            session,
        };
        session.when_user_leaves(move || {
            owners.revision.update_value(|revision| *revision += 1);
            owners.directory.set(Directory::Unasked);
            owners.is_busy.set_value(false);
        });
        provide_context(owners);
        owners
    }

    /// Returns the directory provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Returns what is known.
    pub fn directory(&self) -> ReadSignal<Directory> {
        self.directory.read_only()
    }

    /// Returns a number that changes whenever [`Self::name`] may return something else for other users. Tracked.
    pub(in crate::tokens) fn revision(self) -> u32 {
        follow(&self.directory);
        self.revision.get_value()
    }

    /// Reads the users, unless that was done already. Not tied to the screen that asks: the next one wants the names
    /// too.
    pub fn ensure(self) {
        if self.directory.with_untracked(|d| matches!(d, Directory::Unasked | Directory::Failed)) {
            self.read();
        }
    }

    /// Like [`Self::ensure`]; users that were read more than a minute ago are read again.
    pub fn ensure_recent(self) {
        let is_known = self.directory.with_untracked(|directory| matches!(directory, Directory::Known(_)));
        if is_known && Date::now() - self.asked.get_value() > FRESH_FOR {
            self.read();
        }
        self.ensure();
    }

    /// Reads the users again, if they were needed before. Those that are known stay until there is an answer.
    pub fn refresh(self) {
        if self.directory.with_untracked(|directory| *directory != Directory::Unasked) {
            self.read();
        }
    }

    fn read(self) {
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        self.asked.set_value(Date::now());
        if self.directory.with_untracked(|d| matches!(d, Directory::Unasked | Directory::Failed)) {
            self.directory.set(Directory::Loading);
        }
        spawn_local(async move {
            let is_same = self.session.same_user();
            let directory = match read_all(self.session).await {
                Ok(users) => Directory::known(users),
                Err(error) => Directory::failed(&error.kind),
            };
            // Another user may have signed in meanwhile.
            if is_same() {
                self.is_busy.try_set_value(false);
                self.revision.try_update_value(|revision| *revision += 1);
                self.directory.try_update(|before| *before = std::mem::take(before).read_again(directory));
            }
        });
    }

    /// Reads the users as soon as one of these rows turns out to belong to somebody else. A user who sees only their
    /// own tokens never asks.
    pub(in crate::tokens) fn ensure_when_others_appear(self, rows: Vec<RowDetail>) {
        effect(move || {
            let own = self.session.user_id();
            rows.iter().for_each(follow);
            let is_others = |token: &Token| Some(token.owner_id) != own;
            let others = rows.iter().any(|row| row.with_untracked(|row| row.ready().is_some_and(is_others)));
            // This runs for each row that arrives: what failed is not repeated.
            let is_unasked = self.directory.with_untracked(|directory| *directory == Directory::Unasked);
            if others && is_unasked {
                self.ensure();
            }
        });
    }

    /// Returns what an owner is called: the name if it is known, otherwise the ID.
    pub fn label(&self, id: UserId) -> String {
        self.name(id).unwrap_or_else(|| format!("User {id}"))
    }

    /// Returns an owner's name, if it is known.
    pub fn name(&self, id: UserId) -> Option<String> {
        let identity = self.session.identity();
        follow(&identity);
        follow(&self.directory);
        let own = identity.with_untracked(|identity| {
            let user = identity.as_ref().and_then(|identity| identity.user.as_ref());
            user.filter(|user| user.id == id).map(|user| user.username.clone())
        });
        own.or_else(|| self.directory.with_untracked(|d| d.name_of(id).map(str::to_owned)))
    }
}

async fn read_all(session: Session) -> Result<Vec<User>, Error> {
    let mut users = Vec::new();
    loop {
        let offset = users.len() as u64;
        let page = session.run(|client| async move { client.list_users(MAX_LIMIT, offset).await }).await?;
        let last = page.len() < MAX_LIMIT as usize;
        users.extend(page);
        if last || users.len() > MOST_USERS {
            return Ok(users);
        }
    }
}
