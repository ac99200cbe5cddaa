//! Who is signed in, and until when.
//!
//! [`Session`] holds the credentials and what the server said about them. Screens send their requests
//! through [`Session::run`], which waits out an expired session: a 401 opens the sign-in dialog over the
//! untouched page, and afterwards the interrupted request goes on, once.

mod attempt;
pub mod console_token;
mod dialog;
mod form;
mod guard;
mod idle;
mod idle_watch;
mod other_tabs;
mod own_token;
pub mod permissions;
mod screen;
mod storage;
pub mod tabs;
mod waits;

use std::{future::Future, sync::Arc, time::Duration};

use futures_channel::oneshot;
use leptos::prelude::*;

pub use attempt::{Verified, verify};
pub use console_token::UndeletedNews;
pub use dialog::SignInAgain;
pub use guard::SignedIn;
pub use idle_watch::IdleWatch;
pub use other_tabs::OtherTabs;
pub use own_token::{End, OwnTokenEnd};
pub use screen::SignInScreen;
pub use waits::WaitLine;

use console_token::{ConsoleToken, ConsoleTokens, Ending, Hold};
use permissions::{Permissions, Subject};
use tabs::{Message, Tabs, after_sign_out, channel_name};
use waits::Waits;

use crate::{
    api::{
        Client, Credentials, Endpoint, Error, ErrorKind, Method, MethodSet, Misunderstanding, Token, TokenId,
        User, UserId,
        answer::refused_method,
        retry::{Patience, Retries},
    },
    config::Config,
    navigation::{self, Navigation},
    routes::Route,
    secret::Secret,
    ui::follow,
};

/// What one is called who signed in with a token, where the server does not say whose it is.
const NAMELESS: &str = "API token";

/// Who the server says one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user, unless the server does not say (API.md part 1: the look-up is optional).
    pub user: Option<User>,
    /// What one signed in as, for the banner: a user name, or "API token".
    pub label: String,
}

impl Identity {
    fn new(credentials: &Credentials, user: Option<User>) -> Self {
        let typed = match credentials {
            Credentials::Basic { username, .. } => username,
            Credentials::Token(_) => NAMELESS,
        };
        Self::named(user, typed)
    }

    /// Whoever the server says, or else the name that one signed in with.
    fn named(user: Option<User>, typed: &str) -> Self {
        let label = user.as_ref().map_or(typed, |user| &user.username).to_owned();
        Self { user, label }
    }

    /// A text that only this user has. Whoever signed in with a token on a server that does not name its owner
    /// has none.
    pub fn certain(&self) -> Option<String> {
        match &self.user {
            Some(user) => Some(format!("user {}", user.id)),
            None if self.label == NAMELESS => None,
            None => Some(format!("name {}", self.label)),
        }
    }

    /// Whether two sign-ins are surely the same user. If that is not certain, it is safer to load everything
    /// again.
    fn is_surely(&self, other: &Self) -> bool {
        self.certain().is_some_and(|certain| other.certain() == Some(certain))
    }
}

/// How the session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is signed in.
    SignedOut,
    /// Requests can be sent.
    Active,
    /// Somebody was signed in and has to sign in again; the page stays as it is.
    Paused(Pause),
}

/// Why one has to sign in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The server answered 401.
    Refused,
    /// Nothing was done for this long.
    Idle(Duration),
    /// Somebody signed out in another tab, and there is unsaved work in this one.
    SignedOutElsewhere,
    /// The token that one was signed in with is disabled or deleted, by oneself.
    OwnToken(OwnTokenEnd),
}

/// The session of this page. A handle: cheap to copy, all copies are the same session.
#[derive(Clone, Copy)]
pub struct Session {
    config: StoredValue<Config>,
    endpoint: StoredValue<Arc<Endpoint>>,
    client: StoredValue<Option<Client>>,
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
    phase: RwSignal<Phase>,
    identity: RwSignal<Option<Identity>>,
    permissions: RwSignal<Permissions>,
    epoch: RwSignal<u32>,
    waits: Waits,
    own_token: RwSignal<Option<TokenId>>,
    /// How often somebody signed in on this page.
    sign_ins: StoredValue<u32>,
    /// What the next refusal means, after an act that may have ended one's own token.
    suspected_end: StoredValue<Option<OwnTokenEnd>>,
    /// The token that was made for the session, if it has one.
    console: ConsoleTokens,
    tabs: Tabs,
}

impl Session {
    /// Makes the session available to everything below; takes up a session that this tab had kept.
    pub fn provide(config: Config) -> Self {
        let endpoint = Endpoint { base: config.api_base.clone(), token_header: config.token_header.clone() };
        let session = Self {
            endpoint: StoredValue::new(Arc::new(endpoint)),
            client: StoredValue::new(None),
            waiting: StoredValue::new(Vec::new()),
            phase: RwSignal::new(Phase::SignedOut),
            identity: RwSignal::new(None),
            permissions: RwSignal::new(Permissions::default()),
            epoch: RwSignal::new(0),
            waits: Waits::new(),
            own_token: RwSignal::new(None),
            sign_ins: StoredValue::new(0),
            suspected_end: StoredValue::new(None),
            console: ConsoleTokens::new(),
            tabs: Tabs::open(&channel_name(&navigation::base(), &config.api_base)),
            config: StoredValue::new(config),
        };
        if session.offers_to_stay() {
            if let Some(storage::Kept { credentials, user, console }) = storage::load() {
                session.identity.set(Some(match &console {
                    Some(token) => Identity::named(user, &token.username),
                    None => Identity::new(&credentials, user),
                }));
                session.client.set_value(Some(session.client_with(Arc::new(credentials))));
                if let Some(token) = console {
                    session.own_token.set(token.record.id);
                    session.console.resume(token);
                }
                session.phase.set(Phase::Active);
                session.sign_ins.set_value(1);
            }
        } else {
            storage::clear();
        }
        session.console.answer_tabs(session.tabs);
        session.end_console_token_with_page();
        provide_context(session);
        session
    }

    /// The session of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// How it stands.
    pub fn phase(&self) -> ReadSignal<Phase> {
        self.phase.read_only()
    }

    /// Whether requests can be sent now.
    pub fn is_active(&self) -> bool {
        follow(&self.phase);
        self.phase.with_untracked(|phase| *phase == Phase::Active)
    }

    /// Who is signed in, or has to sign in again.
    pub fn identity(&self) -> ReadSignal<Option<Identity>> {
        self.identity.read_only()
    }

    /// The number of whoever is signed in, if the server says who that is.
    pub fn user_id(&self) -> Option<UserId> {
        follow(&self.identity);
        self.identity.with_untracked(|identity| identity.as_ref()?.user.as_ref().map(|user| user.id))
    }

    /// Calls `forget` whenever what was learned belongs to somebody who is not here any more: after signing
    /// out, and after somebody else signed in. Ends with the reactive scope that it is called in.
    pub fn when_user_leaves(&self, forget: impl Fn() + 'static) {
        let (epoch, identity) = (self.epoch, self.identity);
        // Signing in again as the same user changes neither, so what is known stays.
        let user = Memo::new(move |_| (epoch.get(), identity.with(Option::is_some)));
        Effect::new(move |before: Option<()>| {
            // Reading, not only tracking: a memo that nobody reads never looks at its sources.
            user.get();
            if before.is_some() {
                forget();
            }
        });
    }

    /// Counts the users of this page. A screen that reads it loads its data again when somebody else
    /// signs in.
    pub fn epoch(&self) -> ReadSignal<u32> {
        self.epoch.read_only()
    }

    /// Whether "Stay signed in on this tab" is offered here.
    pub fn offers_to_stay(&self) -> bool {
        self.config.with_value(|config| config.offer_stay_signed_in)
    }

    /// Time without activity until the session is locked.
    pub fn idle_limit(&self) -> Option<Duration> {
        self.config.with_value(|config| config.idle_limit)
    }

    /// Whether every request is expensive for the server (HTTP Basic), so that fewer go at once.
    pub fn is_costly(&self) -> bool {
        self.client.with_value(|client| client.as_ref().is_some_and(|c| c.credentials().is_costly()))
    }

    /// Where the API is and how it wants tokens, for those who use a token elsewhere.
    pub fn endpoint(&self) -> Arc<Endpoint> {
        self.endpoint.get_value()
    }

    fn client_with(&self, credentials: Arc<Credentials>) -> Client {
        Client::new(self.endpoint(), credentials)
    }

    /// Tries credentials, and signs in with them if the server accepts them. Where somebody had to sign
    /// in again, what was waiting goes on, unless it is somebody else now.
    ///
    /// Answers whether it is somebody else than before.
    pub async fn sign_in(self, credentials: Credentials, stay: bool) -> Result<bool, Error> {
        let client = self.client_with(Arc::new(credentials));
        let verified = self.verify(&client).await?;
        let identity = Identity::new(client.credentials(), verified.user.clone());
        Ok(self.begin(client, verified, identity, stay, None))
    }

    /// Goes on with another token of the same user (`id` is its number), such as the one that its own token is replaced
    /// by: first it is tried, then it takes the place of the credentials so far. What was read and typed stays.
    ///
    /// Fails like [`Session::try_token`], and the session is then as before. `Cancelled` if the token belongs to
    /// somebody else, or if the session ended meanwhile.
    pub async fn carry_over(self, id: TokenId, secret: &Secret) -> Result<(), Error> {
        let Some(before) = self.client.get_value() else { return Err(about_me(ErrorKind::Cancelled)) };
        let client = self.client_with(Arc::new(token_credentials(secret)?));
        let verified = self.verify(&client).await?;
        let user = self.identity.with_untracked(|identity| identity.as_ref().and_then(|i| i.user.clone()));
        let is_other = matches!((&user, &verified.user), (Some(before), Some(now)) if before.id != now.id);
        if is_other || !self.is_current(&before) {
            return Err(about_me(ErrorKind::Cancelled));
        }
        // Whoever replaces the session's token by another has taken it into their own hands.
        self.end_console_token(Ending::NotOurs);
        self.take_up(client, &verified, storage::is_kept(), None);
        self.own_token.set(Some(id));
        Ok(())
    }

    /// Signs in with what was verified, perhaps a token that was made for the session. Answers whether it is
    /// somebody else than before.
    fn begin(
        self,
        client: Client,
        verified: Verified,
        identity: Identity,
        stay: bool,
        console: Option<(ConsoleToken, Option<Hold>)>,
    ) -> bool {
        let other = self
            .identity
            .with_untracked(|before| before.as_ref().is_some_and(|before| !before.is_surely(&identity)));
        self.end_console_token(Ending::Over);
        self.console.begins(console.is_some());
        self.take_up(client, &verified, stay, console);
        self.identity.set(Some(identity));
        if other {
            self.epoch.update(|epoch| *epoch += 1);
        }
        self.phase.set(Phase::Active);
        self.waiting.update_value(|waiting| {
            for waiter in waiting.drain(..) {
                // Whoever is no longer waiting does not need to know.
                let _ = waiter.send(());
            }
        });
        self.console.signed_in();
        other
    }

    /// The credentials that requests are sent with from now on, and what is known with them.
    fn take_up(
        self,
        client: Client,
        verified: &Verified,
        stay: bool,
        console: Option<(ConsoleToken, Option<Hold>)>,
    ) {
        let token = console.as_ref().map(|(token, _)| token);
        if stay && self.offers_to_stay() {
            storage::save(client.credentials(), verified.user.as_ref(), token);
        } else {
            storage::clear();
        }
        self.client.set_value(Some(client));
        self.sign_ins.update_value(|n| *n += 1);
        self.own_token.set(token.and_then(|token| token.record.id));
        if let Some((token, hold)) = console {
            self.console.take_up(token, hold);
        }
        self.suspected_end.set_value(None);
        self.permissions.set(Permissions::default());
        if let Some(allow) = verified.collection_allow {
            self.permissions.update(|p| p.answered(Subject::Collection, Some(allow)));
        }
    }

    /// Asks who one is, again where the network or the server was not ready.
    async fn verify(self, client: &Client) -> Result<Verified, Error> {
        self.patiently(|| verify(client)).await
    }

    /// Sends a request that is safe to repeat, outside of any session, as patiently as one signs in.
    async fn patiently<T, F>(self, send: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut retries = Retries::new(Patience::SIGN_IN);
        loop {
            let result = send().await;
            match &result {
                Err(error) if self.waits.pass(&mut retries, error).await => {}
                _ => return result,
            }
        }
    }

    /// Uses a token once, beside the session: whose it is, if the server says so. Neither the session nor what is
    /// known of permissions changes, and a refusal (`NotSignedIn`) opens no dialog: it is about that token.
    ///
    /// A use: the server sets the token's "last used". Fails with `NotUnderstood` if the text cannot stand in a
    /// header, which no token of the contract's alphabet is like.
    pub async fn try_token(self, secret: &Secret) -> Result<Verified, Error> {
        self.verify(&self.client_with(Arc::new(token_credentials(secret)?))).await
    }

    /// What tells this console from another on the same origin: where it lives, and where its API is.
    pub fn deployment(&self) -> String {
        self.config.with_value(|config| channel_name(&navigation::base(), &config.api_base))
    }

    /// A text that only this user of this deployment has, to keep things under; see [`Identity::certain`].
    pub fn keeper(&self) -> Option<String> {
        let certain = self.identity.with(|identity| identity.as_ref().and_then(Identity::certain))?;
        Some(format!("{certain} at {}", self.deployment()))
    }

    /// The console's other tabs.
    pub(crate) fn tabs(&self) -> Tabs {
        self.tabs
    }

    /// Goes to `/sign-in` and ends the session, in all tabs. In this order: the guard of a screen that is
    /// still there would note it as the place to come back to.
    pub fn leave(&self, navigation: Navigation) {
        navigation.go(&Route::SignIn { next: None });
        self.sign_out();
        self.tabs.tell(Message::SignedOut);
    }

    /// Somebody signed out in another tab. Ends this session too, after `go`; with unsaved work the page
    /// stays, but not the credentials. Answers how the session stands now, if that changed.
    fn signed_out_elsewhere(&self, has_unsaved: bool, go: impl FnOnce()) -> Option<Phase> {
        let phase = self.phase.with_untracked(|phase| after_sign_out(phase, has_unsaved))?;
        if phase == Phase::SignedOut {
            go();
            self.sign_out();
        } else {
            self.forget_credentials(Ending::Over);
            self.phase.set(phase.clone());
        }
        Some(phase)
    }

    /// Ends the session: credentials are gone from memory and storage. A token that was made for the session is
    /// deleted, which nothing waits for.
    pub fn sign_out(&self) {
        self.forget_credentials(Ending::Over);
        self.console.begins(false);
        self.waiting.update_value(Vec::clear);
        self.own_token.set(None);
        self.suspected_end.set_value(None);
        self.identity.set(None);
        self.permissions.set(Permissions::default());
        self.phase.set(Phase::SignedOut);
    }

    /// Wipes the credentials and asks to sign in again; the page stays as it is.
    pub fn lock(&self, idle: Duration) {
        if self.phase.with_untracked(|phase| *phase == Phase::Active) {
            self.forget_credentials(Ending::Here);
            self.phase.set(Phase::Paused(Pause::Idle(idle)));
        }
    }

    /// Whether this is the token that the session is signed in with, as far as answers have told.
    pub fn is_own(&self, id: TokenId) -> bool {
        follow(&self.own_token);
        self.own_token.get_untracked() == Some(id)
    }

    /// The token that the session is signed in with, as far as answers have told.
    pub fn own_token(&self) -> Option<TokenId> {
        self.own_token.get()
    }

    /// Whether the session is signed in with a token and no answer has told yet which one that is.
    pub fn is_own_token_open(&self) -> bool {
        self.own_token.with_untracked(Option::is_none)
            && self.client.with_value(|client| client.as_ref().is_some_and(|c| !c.credentials().is_costly()))
    }

    /// Whether what was read on this page may have been read with other credentials than the present ones.
    pub fn is_signed_in_again(&self) -> bool {
        self.sign_ins.get_value() > 1
    }

    /// The session's own token was just disabled or deleted: asks to sign in again, and says why, instead of
    /// waiting for the next request to be refused.
    pub fn own_token_ended(&self, end: OwnTokenEnd) {
        if self.phase.with_untracked(|phase| *phase == Phase::Active) {
            self.forget_credentials(match end.end {
                End::Deleted => Ending::NotOurs,
                End::Disabled => Ending::Lost,
            });
            self.phase.set(Phase::Paused(Pause::OwnToken(end)));
        }
    }

    /// The session's own token may have been disabled or deleted, by a request whose answer did not arrive: if
    /// the next one is refused, this is why. `None` as soon as it turns out that it was not.
    pub fn suspect_own_token(&self, end: Option<OwnTokenEnd>) {
        self.suspected_end.try_set_value(end);
    }

    /// An answer may have told which token is one's own. It says nothing of credentials that were replaced
    /// meanwhile.
    fn learn_own_token(&self, client: &Client) {
        if let Some(id) = client.own_token()
            && self.is_current(client)
            && self.own_token.try_get_untracked() != Some(Some(id))
        {
            self.own_token.try_set(Some(id));
        }
        if let Some(name) = client.own_token_name()
            && self.is_current(client)
        {
            self.own_token_is_called(&name);
        }
    }

    fn is_current(&self, client: &Client) -> bool {
        let is_same = |current: &Client| Arc::ptr_eq(current.credentials(), client.credentials());
        self.client.try_with_value(|current| current.as_ref().is_some_and(is_same)).unwrap_or(false)
    }

    fn forget_credentials(&self, ending: Ending) {
        self.end_console_token(ending);
        storage::clear();
        self.client.set_value(None);
    }

    /// What is kept on this tab, if anything, as the session is now.
    fn keep_again(&self) {
        if storage::is_kept() {
            let user =
                self.identity.with_untracked(|identity| identity.as_ref().and_then(|i| i.user.clone()));
            self.client.with_value(|client| {
                if let Some(client) = client {
                    storage::save(client.credentials(), user.as_ref(), None);
                }
            });
        }
    }

    /// Sends a request: signs in again first where that is needed, and sends it again by itself where that
    /// is safe.
    ///
    /// A 401 pauses the session; after signing in as the same user the request is sent once more (the
    /// server did nothing with the first one, so that is safe for every method). If somebody else signed
    /// in, it fails with `Cancelled`: what one person started, another must not finish.
    ///
    /// After a failure that may pass, a request that is safe to repeat is sent again as [`Retries`] says, up
    /// to a ceiling for all requests of a screen together, and one that found no network waits for it.
    pub async fn run<T, F>(self, operation: impl Fn(Client) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let epoch = self.epoch.get_untracked();
        let mut retries = Retries::new(Patience::SCREEN);
        let mut was_refused = false;
        let mut client = self.client().await;
        loop {
            let result = operation(client.clone()).await;
            self.learn_own_token(&client);
            let error = match result {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if error.kind == ErrorKind::NotSignedIn {
                self.refused(&client);
                if std::mem::replace(&mut was_refused, true) {
                    return Err(retries.verdict(error));
                }
            } else if !self.waits.pass(&mut retries, &error).await {
                return Err(retries.verdict(error));
            }
            client = self.client().await;
            if self.epoch.try_get_untracked() != Some(epoch) {
                return Err(Error { kind: ErrorKind::Cancelled, ..error });
            }
        }
    }

    /// Reads a token. Many places do; each [`Session::run`] of their own would be compiled anew.
    pub async fn read_token(self, id: TokenId) -> Result<Token, Error> {
        self.run(|client| async move { client.token(id).await }).await
    }

    /// Gets a token's secret.
    pub async fn read_secret(self, id: TokenId) -> Result<Secret, Error> {
        self.run(|client| async move { client.token_secret(id).await }).await
    }

    /// Another screen, or somebody asks for the same again: its requests may be repeated as often as ever.
    pub fn renew_retries(&self) {
        self.waits.renew();
    }

    fn waits(self) -> Waits {
        self.waits
    }

    /// The client, as soon as there is one. Never, after signing out: then the screen that asks is about
    /// to go away.
    async fn client(self) -> Client {
        loop {
            if let Some(client) = self.client.try_get_value().flatten() {
                return client;
            }
            let (sender, receiver) = oneshot::channel();
            self.waiting.try_update_value(|waiting| waiting.push(sender));
            if receiver.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// The server refused `client`'s credentials. Nothing happens if they were replaced in the meantime:
    /// several requests may come back with 401 one after the other.
    fn refused(&self, client: &Client) {
        if self.is_current(client) {
            let end = self.suspected_end.try_update_value(Option::take).flatten();
            self.forget_credentials(Ending::Lost);
            self.phase.set(Phase::Paused(end.map_or(Pause::Refused, Pause::OwnToken)));
        }
    }

    /// What is known of what may be done.
    pub fn permissions(&self) -> ReadSignal<Permissions> {
        self.permissions.read_only()
    }

    /// Asks what may be done with the collection, unless that is known already.
    pub async fn ask_collection(self) {
        let known = self.permissions.with_untracked(|p| p.of(Subject::Collection).is_asked());
        if !known {
            let answer = self.run(|client| async move { client.collection_options().await }).await;
            self.answered(Subject::Collection, answer);
        }
    }

    /// Asks what may be done with a token. Always asks: its owner may have changed, and one page more or
    /// less is one request.
    pub async fn ask_token(self, id: TokenId) {
        let answer = self.run(|client| async move { client.token_options(id).await }).await;
        self.answered(Subject::Token(id), answer);
    }

    /// Asks what may be done with a token, unless that is known already.
    pub async fn ask_token_once(self, id: TokenId) {
        // Whoever asks may be gone before this begins.
        if self.permissions.try_with_untracked(|p| p.of(Subject::Token(id)).is_asked()) == Some(false) {
            self.ask_token(id).await;
        }
    }

    /// A question that failed says nothing; it may be asked again.
    fn answered(self, subject: Subject, answer: Result<Option<MethodSet>, Error>) {
        if let Ok(allow) = answer {
            self.permissions.try_update(|p| p.answered(subject, allow));
        }
    }

    /// Learns from a refusal: a 403 or 405 corrects what `OPTIONS` said or could not say.
    pub fn learn(&self, subject: Subject, error: &Error) {
        if let Some(method) = refused_method(error) {
            let allow = match error.kind {
                ErrorKind::MethodNotAllowed(allow) => allow,
                _ => None,
            };
            self.permissions.try_update(|p| p.refused(subject, method, allow));
        }
    }
}

/// A failure of finding out whose credentials these are.
fn about_me(kind: ErrorKind) -> Error {
    Error { kind, method: Method::Get, path: "/users/me".into(), status: None, message: None }
}

fn token_credentials(secret: &Secret) -> Result<Credentials, Error> {
    Credentials::token(secret.expose())
        .map_err(|_| about_me(ErrorKind::NotUnderstood(Misunderstanding::Shape)))
}
