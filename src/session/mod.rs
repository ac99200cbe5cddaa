//! Who is signed in, and until when.
//!
//! [`Session`] holds the credentials and what the server said about them. Screens send their requests through
//! [`Session::run`], which waits out an expired session: a 401 opens the sign-in dialog over the untouched page, and
//! afterwards the interrupted request is sent once more.
//!
//! Two kinds of token belong to a session:
//! - the *credential token* ([`Session::is_credential_token`]): the token that requests are signed with, if the session
//!   is not working with a password;
//! - the *console session token* ([`console_token`]): a temporary token made for a session that began with a password.
//!   It then is the credential token, and is deleted when the session ends.
//!
//! What can be done with a session is divided among these files, most of which add methods to [`Session`]:
//!
//! - beginning: `form` and `screen` (the sign-in form and the screen at `/sign-in`), `dialog` (signing in again over
//!   the page), `verify` (asking the server about credentials before they are used), `signing_in` (beginning a session
//!   and replacing its credentials), `staying` (the session that a tab keeps), `guard` (screens for signed-in users);
//! - who is signed in, and in which state: `identity`, `phase`, [`console_token`];
//! - ending: `endings` (signing out, locking, a refusal by the server), `credential_token_end` (the user disabled or
//!   deleted the token that the session is signed in with);
//! - requests: `requests` (how screens send them), `refusals` (those that are refused although the credentials are
//!   accepted, pure), `waits` (those that wait for a retry, and the line that says so);
//! - permissions: [`permissions`] (what is known, pure), `permission_requests` (asking the server, and learning from
//!   its refusals);
//! - inactivity: `idle` (when to lock, pure), `idle_watch` (watching, warning and locking), `presence` (times stored
//!   for a tab that was away), `clock`;
//! - other tabs: [`tabs`] (the messages and their channel), `other_tabs` (reacting to a sign-out in another one),
//!   `deployment` (which tabs and which stored data belong together).

mod clock;
pub mod console_token;
mod credential_token_end;
mod deployment;
mod dialog;
mod endings;
mod form;
mod guard;
mod identity;
mod idle;
mod idle_watch;
mod other_tabs;
mod permission_requests;
pub mod permissions;
mod phase;
mod presence;
mod refusals;
mod requests;
mod screen;
mod signing_in;
mod staying;
pub mod tabs;
mod verify;
mod waits;

use std::{sync::Arc, time::Duration};

use futures_channel::oneshot;
use leptos::prelude::*;

pub use console_token::UndeletedNews;
pub use credential_token_end::{CredentialTokenEnd, EndKind};
pub use deployment::deployment_name;
use deployment::tab_key;
pub use dialog::SignInAgain;
pub use guard::SignedIn;
pub use identity::Identity;
pub use idle_watch::IdleWatch;
pub use other_tabs::OtherTabs;
pub use phase::{Pause, Phase};
pub use screen::SignInScreen;
pub use verify::{Verified, verify};
pub use waits::{Series, WaitLine};

use console_token::ConsoleTokens;
use permissions::Permissions;
use refusals::Refusals;
use tabs::Tabs;
use waits::Waits;

use crate::{
    api::{Client, Endpoint, TokenId, UserId},
    config::Config,
    navigation,
    ui::{effect_with_last, follow},
};

/// Concurrent requests. With Basic, each one costs the server half a second of processor time.
const AT_ONCE: usize = 4;
const AT_ONCE_COSTLY: usize = 2;

/// The session of this page. A handle: cheap to copy, all copies are the same session.
#[derive(Clone, Copy)]
pub struct Session {
    config: StoredValue<Config>,
    /// The [name of this deployment](deployment_name).
    deployment: StoredValue<String>,
    endpoint: StoredValue<Arc<Endpoint>>,
    /// Signs requests with the current credentials. `None` while there are none.
    client: StoredValue<Option<Client>>,
    /// Requests that wait for the user to sign in.
    awaiting_sign_in: StoredValue<Vec<oneshot::Sender<()>>>,
    phase: RwSignal<Phase>,
    identity: RwSignal<Option<Identity>>,
    permissions: RwSignal<Permissions>,
    /// Changes whenever the user of this page does.
    epoch: RwSignal<u32>,
    /// Requests that wait for a retry.
    waits: Waits,
    /// The ID of the credential token, once a response has revealed it.
    credential_token: RwSignal<Option<TokenId>>,
    /// How many sets of credentials this page has worked with: the one that the tab had kept, and one for each sign-in
    /// or [`Self::carry_over`].
    credentials_used: StoredValue<u32>,
    /// What was refused with 401, before and after the user signed in the last time.
    refusals: StoredValue<Refusals>,
    /// Whether the user who is signed in, or has to sign in again, chose to stay signed in on this tab.
    stays: StoredValue<bool>,
    /// Whether the session that this tab had kept was signed out of before the page was loaded.
    ended_while_away: StoredValue<bool>,
    /// The reason for the next refusal, after a request that may have ended the credential token.
    suspected_end: StoredValue<Option<CredentialTokenEnd>>,
    /// The console session token, if the session has one.
    console: ConsoleTokens,
    tabs: Tabs,
    /// Whether requests of this handle are sent again after the user has signed in again; see
    /// [`Self::without_repetition`].
    repeats: bool,
}

impl Session {
    /// Provides the session as a context, and resumes a session that this tab had kept.
    pub fn provide(config: Config) -> Self {
        let endpoint = Endpoint { base: config.api_base.clone(), token_header: config.token_header.clone() };
        let deployment = deployment_name(&navigation::base(), &config.api_base);
        let session = Self {
            endpoint: StoredValue::new(Arc::new(endpoint)),
            client: StoredValue::new(None),
            awaiting_sign_in: StoredValue::new(Vec::new()),
            phase: RwSignal::new(Phase::SignedOut),
            identity: RwSignal::new(None),
            permissions: RwSignal::new(Permissions::default()),
            epoch: RwSignal::new(0),
            waits: Waits::new(),
            credential_token: RwSignal::new(None),
            credentials_used: StoredValue::new(0),
            refusals: StoredValue::new(Refusals::default()),
            stays: StoredValue::new(true),
            ended_while_away: StoredValue::new(false),
            suspected_end: StoredValue::new(None),
            console: ConsoleTokens::new(),
            tabs: Tabs::open(&deployment),
            deployment: StoredValue::new(deployment.clone()),
            config: StoredValue::new(config),
            repeats: true,
        };
        if session.offers_to_stay() {
            if let Some(staying::Kept { credentials, user, console }) = staying::load(&deployment) {
                session.identity.set(Some(match &console {
                    Some(token) => Identity::named(user, &token.username),
                    None => Identity::new(&credentials, user),
                }));
                session.client.set_value(Some(session.client_with(Arc::new(credentials))));
                if let Some(token) = console {
                    session.credential_token.set(token.record.id);
                    session.console.resume(token);
                }
                session.phase.set(Phase::Active);
                session.credentials_used.set_value(1);
            }
        } else {
            staying::clear(&deployment);
        }
        session.console.answer_tabs(session.tabs);
        session.end_console_token_with_page();
        session.end_if_left_alone();
        provide_context(session);
        session
    }

    /// Returns the session provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Returns the phase of the session.
    pub fn phase(&self) -> ReadSignal<Phase> {
        self.phase.read_only()
    }

    /// Whether requests can be sent. Tracked.
    pub fn is_active(&self) -> bool {
        follow(&self.phase);
        self.is_active_now()
    }

    /// Whether requests can be sent at the moment. Not tracked.
    pub fn is_active_now(&self) -> bool {
        self.phase.with_untracked(|phase| *phase == Phase::Active)
    }

    /// Returns who is signed in, or has to sign in again.
    pub fn identity(&self) -> ReadSignal<Option<Identity>> {
        self.identity.read_only()
    }

    /// Returns the ID of the user, if the server says who that is.
    pub fn user_id(&self) -> Option<UserId> {
        follow(&self.identity);
        // Some callers outlive the page.
        self.identity
            .try_with_untracked(|identity| identity.as_ref()?.user.as_ref().map(|user| user.id))
            .flatten()
    }

    /// Calls `forget` whenever what was learned belongs to a user who has left: after signing out, and after another
    /// user signed in. Ends with the current reactive scope.
    pub fn when_user_leaves(&self, forget: impl Fn() + 'static) {
        let (epoch, identity) = (self.epoch, self.identity);
        // Signing in again as the same user changes neither, so what is known stays.
        let user = Memo::new(move |_| (epoch.get(), identity.with(Option::is_some)));
        effect_with_last(move |before: Option<()>| {
            // Reads instead of only tracking: a memo that nobody reads never looks at its sources.
            user.get();
            if before.is_some() {
                forget();
            }
        });
    }

    /// Returns a counter that changes when the user signs out and when another user signs in. A screen that reads it
    /// loads its data again then.
    pub fn epoch(&self) -> ReadSignal<u32> {
        self.epoch.read_only()
    }

    /// Whether "Stay signed in on this tab" is offered here.
    pub fn offers_to_stay(&self) -> bool {
        self.config.with_value(|config| config.offer_stay_signed_in)
    }

    /// Returns a function that says, at each call, whether the user is still the one of now: nobody has signed out
    /// since, and no other user has signed in.
    pub fn same_user(self) -> impl Fn() -> bool + Copy {
        let (users, epoch) = (self.epoch, self.epoch.get_untracked());
        move || users.try_get_untracked() == Some(epoch)
    }

    /// Whether "Stay signed in on this tab" is ticked initially: yes, unless the user who has to sign in again had not
    /// ticked it.
    pub fn wants_to_stay(&self) -> bool {
        self.offers_to_stay() && self.stays.get_value()
    }

    /// Whether the session was to stay on this tab and the browser has not stored it.
    pub(super) fn stays_in_vain(&self) -> bool {
        self.wants_to_stay() && !staying::is_kept(&self.deployment())
    }

    /// Returns how long the user may be inactive until the session is locked.
    pub fn idle_limit(&self) -> Option<Duration> {
        self.config.with_value(|config| config.idle_limit)
    }

    /// Whether every request is expensive for the server (HTTP Basic), so that fewer are sent at once.
    pub fn is_costly(&self) -> bool {
        self.client.with_value(|client| client.as_ref().is_some_and(|c| c.credentials().is_costly()))
    }

    /// Returns how many requests may be in flight at once.
    pub fn at_once(&self) -> usize {
        if self.is_costly() { AT_ONCE_COSTLY } else { AT_ONCE }
    }

    /// Returns where the API is and how it expects tokens, for displaying how to use a token elsewhere.
    pub fn endpoint(&self) -> Arc<Endpoint> {
        self.endpoint.get_value()
    }

    /// Returns the [name of this deployment](deployment_name).
    pub fn deployment(&self) -> String {
        self.deployment.get_value()
    }

    /// Returns the key under which this deployment keeps something in the tab.
    pub fn tab_key(&self, what: &str) -> String {
        tab_key(&self.deployment(), what)
    }

    /// Returns a text that only this user of this deployment has, to store data under; see [`Identity::unique_key`].
    pub fn storage_owner(&self) -> Option<String> {
        let user = self.identity.with(|identity| identity.as_ref().and_then(Identity::unique_key))?;
        Some(format!("{user} at {}", self.deployment()))
    }

    /// Returns the channel to the console's other tabs.
    pub(crate) fn tabs(&self) -> Tabs {
        self.tabs
    }

    /// Whether this is the credential token, as far as responses have revealed it.
    pub fn is_credential_token(&self, id: TokenId) -> bool {
        follow(&self.credential_token);
        self.credential_token.get_untracked() == Some(id)
    }

    /// Returns the ID of the credential token, once a response has revealed it.
    pub fn credential_token(&self) -> Option<TokenId> {
        self.credential_token.get()
    }

    /// Whether the session is signed in with a token and no response has revealed yet which one it is.
    pub fn is_credential_token_unknown(&self) -> bool {
        self.credential_token.with_untracked(Option::is_none)
            && self.client.with_value(|client| client.as_ref().is_some_and(|c| !c.credentials().is_costly()))
    }

    /// Whether the user has left: nobody is signed in now, but somebody was at the last check or, at the first check
    /// (`None`), this tab had kept a session that was signed out of before the page was loaded. Whatever the tab keeps
    /// for that user has to be discarded then.
    pub fn has_left(&self, was_somebody: Option<bool>, is_somebody: bool) -> bool {
        !is_somebody && was_somebody.unwrap_or_else(|| self.ended_while_away.get_value())
    }

    /// Whether data on this page may have been read with other credentials than the current ones.
    pub fn is_signed_in_again(&self) -> bool {
        self.credentials_used.get_value() > 1
    }

    /// Stores the session again, if this tab keeps it, now without a console session token.
    fn keep_without_session_token(&self) {
        let deployment = self.deployment();
        if staying::is_kept(&deployment) {
            let user =
                self.identity.with_untracked(|identity| identity.as_ref().and_then(|i| i.user.clone()));
            self.client.with_value(|client| {
                if let Some(client) = client {
                    staying::save(&deployment, client.credentials(), user.as_ref(), None);
                }
            });
        }
    }
}
