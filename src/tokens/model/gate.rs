//! Why an action is not offered.

use crate::{
    api::Method,
    session::permissions::{Gate, Permission},
};

/// An action on one token or a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAction {
    /// Create a token.
    Create,
    /// Change a token.
    Edit,
    /// Delete a token.
    Delete,
    /// See or copy a token's secret.
    Reveal,
}

impl TokenAction {
    /// Returns the method that `OPTIONS` has to allow for this action.
    pub const fn method(self) -> Method {
        match self {
            Self::Create => Method::Post,
            Self::Edit => Method::Patch,
            Self::Delete => Method::Delete,
            Self::Reveal => Method::Get,
        }
    }

    /// Returns why the action is not offered; `None` if it is. An unknown permission is offered: the server decides.
    pub fn blocked(self, permission: Permission) -> Option<String> {
        let reason = match self {
            Self::Create => "The server does not allow you to create tokens.",
            Self::Edit => "The server does not allow you to change this token.",
            Self::Delete => "The server does not allow you to delete this token.",
            Self::Reveal => "The server does not allow you to read this token.",
        };
        (permission.gate(self.method()) == Gate::Refused).then(|| reason.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::MethodSet,
        session::permissions::{Permissions, Subject},
    };

    fn permission(allow: Option<&str>) -> Permission {
        let mut permissions = Permissions::default();
        permissions.answered(Subject::Token(1), allow.map(MethodSet::parse));
        permissions.of(Subject::Token(1))
    }

    #[test]
    fn a_read_only_user_edits_but_does_not_delete() {
        let carol = permission(Some("GET, PATCH, OPTIONS"));
        assert_eq!(TokenAction::Edit.blocked(carol), None);
        assert_eq!(TokenAction::Reveal.blocked(carol), None);
        assert!(TokenAction::Delete.blocked(carol).is_some_and(|reason| reason.contains("delete")));
    }

    #[test]
    fn a_server_without_post_blocks_creation() {
        assert!(TokenAction::Create.blocked(permission(Some("GET, OPTIONS"))).is_some());
        assert_eq!(TokenAction::Create.blocked(permission(Some("GET, POST"))), None);
    }

    #[test]
    fn the_unknown_is_offered() {
        for act in [TokenAction::Create, TokenAction::Edit, TokenAction::Delete, TokenAction::Reveal] {
            assert_eq!(act.blocked(permission(None)), None);
            assert_eq!(act.blocked(Permission::default()), None);
        }
    }
}
