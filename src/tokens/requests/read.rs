//! Reading a token, for its own screen and for others that show it.

use std::sync::Arc;

use crate::{
    api::{Error, Token, TokenId},
    failure::{self, FailedAction},
    secret::Secret,
    session::{Session, permissions::Subject},
    tokens::cache::known_tokens::KnownTokens,
    ui::Notice,
};

/// Reads a token, and passes on what the response says, even that it does not exist.
pub(in crate::tokens) async fn read_and_learn(
    session: Session,
    known: KnownTokens,
    id: TokenId,
) -> Result<Token, Error> {
    let token = session.read_token(id).await;
    match &token {
        Ok(token) => known.learned(token),
        Err(error) => {
            known.failed(id, error);
            session.learn(Subject::Token(id), error);
        }
    }
    token
}

/// Reads a token's secret to show it or to hand it over; the notice says why it could not be read.
pub(in crate::tokens) async fn secret_to_show(session: Session, id: TokenId) -> Result<Arc<Secret>, Notice> {
    let secret = session.read_secret(id).await;
    secret.map(Arc::new).map_err(|error| failure::notice(&error, FailedAction::ReadSecret))
}
