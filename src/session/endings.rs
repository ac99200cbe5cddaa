//! How a session ends, or pauses until the user signs in again.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    CredentialTokenEnd, EndKind, Pause, Phase, Session,
    clock::now,
    console_token::Ending,
    permissions::Permissions,
    presence::{self, Left},
    refusals::Refusals,
    staying,
    tabs::{Message, after_sign_out},
};
use crate::{api::Client, navigation::Navigation, routes::Route, ui::Status};

impl Session {
    /// Goes to `/sign-in` and ends the session in all tabs. Navigates first: otherwise the guard of the current screen
    /// would note that screen as the place to come back to.
    ///
    /// Clears `status`, whose notice was for the user who leaves and for nobody else.
    pub fn sign_out_everywhere(&self, navigation: Navigation, status: Status) {
        navigation.go(&Route::SignIn { next: None });
        status.clear();
        self.sign_out();
        presence::signed_out(&self.deployment(), now());
        self.tabs.tell(Message::SignedOut);
    }

    /// Ends or locks a session whose tab was away, if it would have ended or locked with the tab present: nobody was
    /// active for too long, or the user signed out in another tab.
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
                self.ended_while_away.set_value(true);
            }
        }
    }

    /// Handles a sign-out in another tab. Ends this session too, after `go`; with unsaved work the page stays, but not
    /// the credentials. Returns the new phase, if it changed.
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

    /// Ends the session: removes the credentials from memory and storage. A console session token is deleted in the
    /// background; nothing waits for that.
    pub fn sign_out(&self) {
        self.forget_credentials(Ending::Over);
        self.console.begins(false);
        self.stays.set_value(true);
        // Nothing that was begun goes on: requests that wait for credentials, requests that wait for a retry, and
        // requests in flight.
        self.awaiting_sign_in.update_value(Vec::clear);
        self.epoch.update(|epoch| *epoch += 1);
        self.waits.give_up();
        self.credential_token.set(None);
        self.suspected_end.set_value(None);
        self.refusals.set_value(Refusals::default());
        self.identity.set(None);
        self.permissions.set(Permissions::default());
        self.phase.set(Phase::SignedOut);
    }

    /// Wipes the credentials and asks the user to sign in again; the page stays as it is.
    pub fn lock(&self, idle: Duration) {
        if self.is_active_now() {
            self.forget_credentials(Ending::Here);
            self.phase.set(Phase::Paused(Pause::Idle(idle)));
        }
    }

    /// Handles the end of the credential token, which the user has just disabled or deleted: asks the user to sign in
    /// again and says why, instead of waiting for the next request to be refused.
    pub fn credential_token_ended(&self, end: CredentialTokenEnd) {
        if self.is_active_now() {
            self.forget_credentials(match end.kind {
                EndKind::Deleted => Ending::NotOurs,
                EndKind::Disabled => Ending::Lost,
            });
            self.phase.set(Phase::Paused(Pause::CredentialTokenEnded(end)));
        }
    }

    /// Notes that the credential token may have been disabled or deleted by a request that got no response: if the next
    /// request is refused, `end` is the reason. Pass `None` as soon as it turns out that the token was not ended.
    pub fn suspect_credential_token(&self, end: Option<CredentialTokenEnd>) {
        self.suspected_end.try_set_value(end);
    }

    /// Pauses the session because the server refused `client`'s credentials. A no-op if they have been replaced in the
    /// meantime: several requests may come back with 401 one after the other.
    pub(super) fn refused(&self, client: &Client) {
        if self.is_current(client) {
            let end = self.suspected_end.try_update_value(Option::take).flatten();
            self.forget_credentials(Ending::Lost);
            self.phase.set(Phase::Paused(end.map_or(Pause::Refused, Pause::CredentialTokenEnded)));
        }
    }

    pub(super) fn forget_credentials(&self, ending: Ending) {
        self.end_console_token(ending);
        let deployment = self.deployment();
        staying::clear(&deployment);
        presence::forget(&deployment);
        self.client.set_value(None);
    }
}
