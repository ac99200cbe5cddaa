//! Passes on what a response says about a token to everything that keeps some of it: the details of the rows, the list,
//! and "Recently disabled".

use super::{listing::Listing, recent::Recent, row_details::RowDetails};
use crate::{
    api::{Error, ErrorKind, Token, TokenId},
    tokens::model::bulk::outcome::{Applied, Failure, Outcome},
};

/// All that is known of tokens on this page. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub(in crate::tokens) struct KnownTokens {
    pub(in crate::tokens) details: RowDetails,
    pub(in crate::tokens) listing: Listing,
    pub(in crate::tokens) recent: Recent,
}

impl KnownTokens {
    /// Returns what is known on this page.
    pub(in crate::tokens) fn expect() -> Self {
        Self { details: RowDetails::expect(), listing: Listing::expect(), recent: Recent::expect() }
    }

    /// Takes a token from a response.
    pub(in crate::tokens) fn learned(&self, token: &Token) {
        self.details.learned(token);
        self.listing.learned(token);
        self.recent.learned(token);
    }

    /// Takes a token from the response to a change that the console asked for. It was disabled by that only if it was
    /// enabled before: a server may answer with the old values, having changed nothing.
    pub(in crate::tokens) fn changed(&self, was_enabled: bool, token: &Token) {
        self.learned(token);
        if was_enabled && !token.enabled {
            self.recent.add(token);
        }
    }

    /// Notes that a token no longer exists.
    pub(in crate::tokens) fn gone(&self, id: TokenId) {
        self.details.forget(id);
        self.listing.forget_token(id);
        self.recent.remove(id);
    }

    /// Notes that a request about a token failed, maybe because the token no longer exists.
    pub(in crate::tokens) fn failed(&self, id: TokenId, error: &Error) {
        if error.kind == ErrorKind::NotFound {
            self.gone(id);
        }
    }

    /// Takes the outcome of enabling, disabling or deleting a token.
    pub(in crate::tokens) fn applied(&self, id: TokenId, applied: &Applied) {
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
