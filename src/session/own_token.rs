//! The end of the token that the session is signed in with, by its user's own hand.

/// What its user did to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The server refuses it from now on.
    Disabled,
    /// It is gone.
    Deleted,
}

/// The end of the session's own token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTokenEnd {
    /// What was done.
    pub end: End,
    /// Which token it was, such as "ci (ID 5)".
    pub token: String,
}

impl OwnTokenEnd {
    /// Why one has to sign in again, in words.
    pub fn reason(&self) -> String {
        let did = match self.end {
            End::Disabled => "disabled",
            End::Deleted => "deleted",
        };
        format!("You {did} the token that you were signed in with, {}. Sign in with another one.", self.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_names_the_act_and_the_token() {
        let end = OwnTokenEnd { end: End::Deleted, token: "ci (ID 5)".into() };
        assert_eq!(
            end.reason(),
            "You deleted the token that you were signed in with, ci (ID 5). Sign in with another one."
        );
    }
}
