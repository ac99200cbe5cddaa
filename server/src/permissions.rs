//! Permissions. Every decision about them is made here, so that what `OPTIONS` promises and how a request is answered
//! can never differ.

use serde::Serialize;

/// A user's role on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, clap::ValueEnum)]
#[sqlx(rename_all = "kebab-case")]
pub enum Role {
    /// Above the admins: may do everything; only internal users may access an internal user's tokens.
    Internal,
    /// May see all users, and do everything with the tokens of users who are not internal.
    Admin,
    /// May do everything with their own tokens.
    Regular,
    /// May create and change their own tokens, but not delete them.
    ReadOnly,
}

/// A caller's or an owner's identity, as far as permissions depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user's ID.
    pub id: i64,
    /// The user's role.
    pub role: Role,
}

/// An operation on one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Operation {
    /// Read it, secret included.
    Read,
    /// Change its name, or enable or disable it.
    Change,
    /// Delete it.
    Delete,
}

impl Operation {
    /// All operations, in the order in which `Allow` names them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Change, Self::Delete];

    /// Returns the HTTP method of the operation.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Read => "GET",
            Self::Change => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Identity {
    /// Returns whether this caller may do `operation` with a token of `owner`.
    pub fn may(self, operation: Operation, owner: Identity) -> bool {
        match self.role {
            Role::Internal => true,
            Role::Admin => self.id == owner.id || owner.role != Role::Internal,
            Role::Regular => self.id == owner.id,
            Role::ReadOnly => self.id == owner.id && operation != Operation::Delete,
        }
    }

    /// Returns whether this caller may list the tokens of other users.
    pub fn may_list_others(self) -> bool {
        self.is_admin_or_above()
    }

    /// Returns whether this caller may create a token for `owner`.
    ///
    /// The response to a creation contains the secret, and whoever has the secret acts as the owner. So an admin who
    /// could create tokens for internal users would effectively be one.
    pub fn may_create_for(self, owner: Identity) -> bool {
        self.may(Operation::Read, owner)
    }

    /// Returns whether this caller may list all users and look up each of them. Every user may look up themselves.
    pub fn may_see_users(self) -> bool {
        self.is_admin_or_above()
    }

    fn is_admin_or_above(self) -> bool {
        matches!(self.role, Role::Internal | Role::Admin)
    }
}

#[cfg(test)]
mod tests {
    use Operation::{Change, Delete, Read};

    use super::*;

    const fn identity(id: i64, role: Role) -> Identity {
        Identity { id, role }
    }

    fn allowed(caller: Identity, owner: Identity) -> Vec<Operation> {
        Operation::ALL.into_iter().filter(|&operation| caller.may(operation, owner)).collect()
    }

    #[test]
    fn the_table_of_the_contract() {
        let everything = vec![Read, Change, Delete];
        let nothing = vec![];
        let other_regular = identity(8, Role::Regular);
        let other_internal = identity(9, Role::Internal);
        for (role, own, regular, internal) in [
            (Role::Internal, &everything, &everything, &everything),
            (Role::Admin, &everything, &everything, &nothing),
            (Role::Regular, &everything, &nothing, &nothing),
            (Role::ReadOnly, &vec![Read, Change], &nothing, &nothing),
        ] {
            let caller = identity(1, role);
            assert_eq!(&allowed(caller, caller), own, "{role:?}, own");
            assert_eq!(&allowed(caller, other_regular), regular, "{role:?}, regular");
            assert_eq!(&allowed(caller, other_internal), internal, "{role:?}, internal");
        }
    }

    #[test]
    fn admins_reach_other_admins_and_read_only_users_but_create_nothing_for_internal_ones() {
        let admin = identity(2, Role::Admin);
        for role in [Role::Admin, Role::Regular, Role::ReadOnly] {
            assert!(admin.may_create_for(identity(3, role)), "{role:?}");
            assert!(admin.may(Delete, identity(3, role)), "{role:?}");
        }
        assert!(!admin.may_create_for(identity(1, Role::Internal)));
    }
}
