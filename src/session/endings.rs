//! How a session ends, or stops until somebody signs in again.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    End, OwnTokenEnd, Pause, Phase, Session,
    console_token::Ending,
    idle_watch::now,
    permissions::Permissions,
    presence::{self, Left},
    staying,
    tabs::{Message, after_sign_out},
};
use crate::{api::Client, navigation::Navigation, routes::Route, ui::Status};

impl Session {
    /// Goes to `/sign-in` and ends the session, in all tabs. In this order: the guard of a screen that is
    /// still there would note it as the place to come back to.
    ///
    /// What `status` says is of the one who leaves, and for nobody else.
    pub fn leave(&self, navigation: Navigation, status: Status) {
        navigation.go(&Route::SignIn { next: None });
        status.clear();
        self.sign_out();
        presence::signed_out(&self.deployment(), now());
        self.tabs.tell(Message::SignedOut);
    }

    /// Ends a session whose tab was away, if it would not have gone on with the tab there: nobody was at work for too long, or
    /// somebody signed out.
    pub(super) fn end_if_left_alone(&self) {
        if !self.is_active_now() {
            return;
        }
        let limit = self.idle_limit();
        match presence::left(&self.deployment(), now(), limit) {
            Left::Fresh => {}
            Left::Idle => self.lock(limit.unwrap_or_default()),
            Left::Ended => {
                self.sign_out();
                self.has_left.set_value(true);
            }
        }
    }

    /// Somebody signed out in another tab. Ends this session too, after `go`; with unsaved work the page
    /// stays, but not the credentials. Answers how the session stands now, if that changed.
    pub(super) fn signed_out_elsewhere(&self, has_unsaved: bool, go: impl FnOnce()) -> Option<Phase> {
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
        self.stays.set_value(true);
        // Nothing that was begun goes on: not what waits for credentials, not what waits to be sent again, and not what is
        // on its way.
        self.waiting.update_value(Vec::clear);
        self.epoch.update(|epoch| *epoch += 1);
        self.waits.give_up();
        self.own_token.set(None);
        self.suspected_end.set_value(None);
        self.identity.set(None);
        self.permissions.set(Permissions::default());
        self.phase.set(Phase::SignedOut);
    }

    /// Wipes the credentials and asks to sign in again; the page stays as it is.
    pub fn lock(&self, idle: Duration) {
        if self.is_active_now() {
            self.forget_credentials(Ending::Here);
            self.phase.set(Phase::Paused(Pause::Idle(idle)));
        }
    }

    /// The session's own token was just disabled or deleted: asks to sign in again, and says why, instead of
    /// waiting for the next request to be refused.
    pub fn own_token_ended(&self, end: OwnTokenEnd) {
        if self.is_active_now() {
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

    /// The server refused `client`'s credentials. Nothing happens if they were replaced in the meantime:
    /// several requests may come back with 401 one after the other.
    pub(super) fn refused(&self, client: &Client) {
        if self.is_current(client) {
            let end = self.suspected_end.try_update_value(Option::take).flatten();
            self.forget_credentials(Ending::Lost);
            self.phase.set(Phase::Paused(end.map_or(Pause::Refused, Pause::OwnToken)));
        }
    }

    pub(super) fn forget_credentials(&self, ending: Ending) {
        self.end_console_token(ending);
        staying::clear();
        presence::forget();
        self.client.set_value(None);
    }
}
