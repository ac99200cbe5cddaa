//! Reading a token, for its own screen and for others that show it.

use super::{Listing, RowDetails};
use crate::{
    api::{Error, ErrorKind, Token, TokenId},
    session::{Session, permissions::Subject},
};

/// Reads a token. What the answer says, everybody learns: that it is not there, too.
pub(super) async fn read_and_learn(
    session: Session,
    details: RowDetails,
    listing: Listing,
    id: TokenId,
) -> Result<Token, Error> {
    let token = session.read_token(id).await;
    match &token {
        Ok(token) => {
            details.learned(token);
            listing.learned(token);
        }
        Err(error) => {
            if error.kind == ErrorKind::NotFound {
                details.forget(id);
                listing.forget_token(id);
            }
            session.learn(Subject::Token(id), error);
        }
    }
    token
}
