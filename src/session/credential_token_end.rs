//! The end of the credential token, disabled or deleted by the signed-in user.

/// What the user did to the credential token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// Disabled: the server refuses it from now on.
    Disabled,
    /// Deleted.
    Deleted,
}

/// The end of the credential token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialTokenEnd {
    /// What was done.
    pub kind: EndKind,
    /// The token's name and ID, such as "ci (ID 5)".
    pub token: String,
}

impl CredentialTokenEnd {
    /// Returns, as text, why the user has to sign in again.
    pub fn reason(&self) -> String {
        let did = match self.kind {
            EndKind::Disabled => "disabled",
            EndKind::Deleted => "deleted",
        };
        format!("You {did} the token you were signed in with, {}. Sign in with another one.", self.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_names_the_act_and_the_token() {
        let end = CredentialTokenEnd { kind: EndKind::Deleted, token: "ci (ID 5)".into() };
        assert_eq!(
            end.reason(),
            "You deleted the token you were signed in with, ci (ID 5). Sign in with another one."
        );
    }
}
