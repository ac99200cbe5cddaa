//! What an answer tells of a token, for everybody who keeps something of it: the details of the rows, the list, and
//! "Recently disabled".

use super::{
    Listing, RowDetails,
    apply::Applied,
    model::bulk::outcome::{Failure, Outcome},
    recently_disabled::Recent,
};
use crate::api::{Error, ErrorKind, Token, TokenId};

/// All that is known of tokens on this page. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct KnownTokens {
    pub(super) details: RowDetails,
    pub(super) listing: Listing,
    pub(super) recent: Recent,
}

impl KnownTokens {
    /// What is known on this page.
    pub(super) fn expect() -> Self {
        Self { details: RowDetails::expect(), listing: Listing::expect(), recent: Recent::expect() }
    }

    /// The server told how a token is.
    pub(super) fn learned(&self, token: &Token) {
        self.details.learned(token);
        self.listing.learned(token);
        self.recent.learned(token);
    }

    /// The same after a change that the console asked for. Only what was enabled before was disabled by it: a server may
    /// answer with the old values, having changed nothing.
    pub(super) fn changed(&self, was_enabled: bool, token: &Token) {
        self.learned(token);
        if was_enabled && !token.enabled {
            self.recent.add(token);
        }
    }

    /// A token is not there any more.
    pub(super) fn gone(&self, id: TokenId) {
        self.details.forget(id);
        self.listing.forget_token(id);
        self.recent.remove(id);
    }

    /// A request about a token failed, maybe because it is not there any more.
    pub(super) fn failed(&self, id: TokenId, error: &Error) {
        if error.kind == ErrorKind::NotFound {
            self.gone(id);
        }
    }

    /// What came of enabling, disabling or deleting a token.
    pub(super) fn applied(&self, id: TokenId, applied: &Applied) {
        match (&applied.outcome, &applied.token) {
            (outcome, Some(token)) => {
                let is_other = *outcome == Outcome::Done;
                self.changed(token.enabled != is_other, token);
            }
            (Outcome::Done, None) => self.gone(id),
            (Outcome::Failed(Failure::Error(error)), None) => self.failed(id, error),
            _ => {}
        }
    }
}
