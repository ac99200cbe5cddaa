//! What is allowed: what `OPTIONS` said, never a role.

use std::collections::HashMap;

use crate::api::{Method, MethodSet, TokenId};

/// The subject of a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The collection of tokens.
    Collection,
    /// One token.
    Token(TokenId),
}

/// What is known about one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Whether `OPTIONS` was sent and answered, with a readable header or without.
    asked: bool,
    /// The `Allow` header. `None` if not asked, not answered, or not readable on another origin.
    allow: Option<MethodSet>,
    /// The methods refused with 403 or 405 since.
    refused: MethodSet,
}

/// Whether an action may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The server allows it.
    Allowed,
    /// Not known: shown, and may be tried. The server decides.
    Unknown,
    /// The server does not allow it: shown, disabled, with the reason.
    Refused,
}

impl Permission {
    /// Whether `OPTIONS` need not be sent: it was answered, or refused, or another answer said what is allowed.
    pub const fn is_asked(self) -> bool {
        self.asked
    }

    /// Whether `method` may be offered.
    pub const fn gate(self, method: Method) -> Gate {
        match self.allow {
            _ if self.refused.contains(method) => Gate::Refused,
            Some(allow) if allow.contains(method) => Gate::Allowed,
            Some(_) => Gate::Refused,
            None => Gate::Unknown,
        }
    }
}

/// What is known about all subjects, for the length of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(HashMap<Subject, Permission>);

impl Permissions {
    /// Returns what is known about one subject.
    pub fn of(&self, subject: Subject) -> Permission {
        self.0.get(&subject).copied().unwrap_or_default()
    }

    /// Notes a response to `OPTIONS`; `allow` is `None` if the header could not be read. A readable response replaces
    /// all that was known, refusals included.
    pub fn answered(&mut self, subject: Subject, allow: Option<MethodSet>) {
        let permission = self.0.entry(subject).or_default();
        permission.asked = true;
        if allow.is_some() {
            permission.allow = allow;
            permission.refused = MethodSet::EMPTY;
        }
    }

    /// Notes that everything is to be asked again when next needed. Refusals are forgotten, since they may have been
    /// mishaps; what `OPTIONS` said stays until then.
    pub fn renew(&mut self) {
        for permission in self.0.values_mut() {
            permission.asked = false;
            permission.refused = MethodSet::EMPTY;
        }
    }

    /// Notes that `method` was refused with 403 or 405; the latter may say in `Allow` what is allowed.
    pub fn refused(&mut self, subject: Subject, method: Method, allow: Option<MethodSet>) {
        let permission = self.0.entry(subject).or_default();
        // `OPTIONS` turned out wrong, so it is asked again when next needed, unless `Allow` came with the refusal.
        permission.asked = allow.is_some();
        if allow.is_some() {
            permission.allow = allow;
        }
        permission.refused = permission.refused.with(method);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Subject = Subject::Token(1);

    #[test]
    fn unknown_until_answered() {
        let mut permissions = Permissions::default();
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Unknown);
        // not readable on another origin: asked, and still unknown
        permissions.answered(ONE, None);
        assert!(permissions.of(ONE).is_asked());
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Unknown);
    }

    #[test]
    fn follows_allow() {
        let mut permissions = Permissions::default();
        permissions.answered(ONE, Some(MethodSet::parse("GET, PATCH")));
        assert_eq!(permissions.of(ONE).gate(Method::Patch), Gate::Allowed);
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Refused);
        assert_eq!(permissions.of(Subject::Token(2)).gate(Method::Delete), Gate::Unknown);
    }

    #[test]
    fn nothing_allowed_is_not_unknown() {
        let mut permissions = Permissions::default();
        permissions.answered(ONE, Some(MethodSet::EMPTY));
        assert_eq!(permissions.of(ONE).gate(Method::Get), Gate::Refused);
    }

    #[test]
    fn what_is_renewed_is_asked_again_and_forgets_refusals() {
        let mut permissions = Permissions::default();
        permissions.answered(ONE, Some(MethodSet::parse("GET, PATCH")));
        permissions.refused(ONE, Method::Patch, None);
        permissions.answered(Subject::Collection, None);
        permissions.refused(Subject::Collection, Method::Post, None);
        permissions.renew();
        assert!(!permissions.of(ONE).is_asked() && !permissions.of(Subject::Collection).is_asked());
        assert_eq!(permissions.of(Subject::Collection).gate(Method::Post), Gate::Unknown);
        assert_eq!(permissions.of(ONE).gate(Method::Patch), Gate::Allowed);
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Refused);
    }

    #[test]
    fn a_refusal_corrects_what_was_said_until_the_next_answer() {
        let mut permissions = Permissions::default();
        permissions.refused(ONE, Method::Delete, None);
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Refused);
        assert_eq!(permissions.of(ONE).gate(Method::Patch), Gate::Unknown);
        assert!(!permissions.of(ONE).is_asked(), "to be asked again");
        permissions.answered(ONE, None);
        assert_eq!(
            permissions.of(ONE).gate(Method::Delete),
            Gate::Refused,
            "an unreadable answer says nothing"
        );
        permissions.answered(ONE, Some(MethodSet::parse("DELETE")));
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Allowed);
        permissions.refused(ONE, Method::Delete, Some(MethodSet::parse("GET, PATCH")));
        assert_eq!(permissions.of(ONE).gate(Method::Patch), Gate::Allowed);
        assert_eq!(permissions.of(ONE).gate(Method::Delete), Gate::Refused);
    }
}
