//! Users in the database.

use sqlx::{FromRow, Sqlite, SqliteConnection, Transaction};

use super::{Database, is_duplicate};
use crate::permissions::{Identity, Role};
use crate::timestamp::Timestamp;

/// A user, without the password hash.
#[derive(Clone, Debug, FromRow)]
pub struct User {
    /// The user's ID.
    pub id: i64,
    /// The name to sign in with.
    pub username: String,
    /// The user's role on this server.
    pub role: Role,
    /// Whether the user may sign in at all.
    pub is_active: bool,
    /// When the user was added.
    pub created: Timestamp,
    /// When the user was last changed.
    pub updated: Timestamp,
}

impl User {
    /// Returns the part of the user that permissions depend on.
    pub fn identity(&self) -> Identity {
        Identity { id: self.id, role: self.role }
    }
}

/// A user in a list.
#[derive(Debug, FromRow)]
pub struct UserName {
    /// The user's ID.
    pub id: i64,
    /// The name to sign in with.
    pub username: String,
}

/// A user to be added.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// The name to sign in with.
    pub username: &'a str,
    /// The argon2id hash of the password.
    pub password_hash: &'a str,
    /// The user's role.
    pub role: Role,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// The time of creation.
    pub now: Timestamp,
}

impl Database {
    /// Returns whether there are no users yet.
    pub async fn has_no_users(&self) -> sqlx::Result<bool> {
        are_none(&mut *self.read.acquire().await?).await
    }

    /// Returns the user with this ID.
    pub async fn user(&self, id: i64) -> sqlx::Result<Option<User>> {
        sqlx::query_as("SELECT id, username, role, is_active, created, updated FROM users WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.read)
            .await
    }

    /// Returns the user with this name, and the hash of their password.
    pub async fn user_and_hash(&self, username: &str) -> sqlx::Result<Option<(User, String)>> {
        #[derive(FromRow)]
        struct Row {
            #[sqlx(flatten)]
            user: User,
            password_hash: String,
        }
        let row: Option<Row> = sqlx::query_as("SELECT * FROM users WHERE username = ?")
            .bind(username)
            .fetch_optional(&self.read)
            .await?;
        Ok(row.map(|row| (row.user, row.password_hash)))
    }

    /// Returns users by ID, `limit` of them after the first `offset`.
    pub async fn users(&self, limit: i64, offset: i64) -> sqlx::Result<Vec<UserName>> {
        sqlx::query_as("SELECT id, username FROM users ORDER BY id LIMIT ? OFFSET ?")
            .bind(limit)
            .bind(offset)
            .fetch_all(&self.read)
            .await
    }

    /// Adds a user and returns their ID; `None` if the name is taken.
    pub async fn add_user(&self, user: NewUser<'_>) -> sqlx::Result<Option<i64>> {
        let mut tx = self.begin().await?;
        let added = insert(&mut tx, user).await;
        match added {
            Err(error) if is_duplicate(&error) => Ok(None),
            Err(error) => Err(error),
            Ok(id) => {
                tx.commit().await?;
                Ok(Some(id))
            }
        }
    }

    /// Changes a user's password hash; `false` if there is no such user.
    pub async fn set_password(&self, username: &str, hash: &str, now: Timestamp) -> sqlx::Result<bool> {
        let changed = sqlx::query("UPDATE users SET password_hash = ?, updated = ? WHERE username = ?")
            .bind(hash)
            .bind(now)
            .bind(username)
            .execute(&self.write)
            .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Sets whether a user may sign in, with a password or a token; `false` if there is no such user.
    pub async fn set_active(&self, username: &str, is_active: bool, now: Timestamp) -> sqlx::Result<bool> {
        let changed = sqlx::query("UPDATE users SET is_active = ?, updated = ? WHERE username = ?")
            .bind(is_active)
            .bind(now)
            .bind(username)
            .execute(&self.write)
            .await?;
        Ok(changed.rows_affected() > 0)
    }
}

/// Whether there are no users.
pub(crate) async fn are_none(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT NOT EXISTS (SELECT * FROM users)").fetch_one(connection).await
}

/// Inserts a user within a transaction and returns their ID.
pub(crate) async fn insert(tx: &mut Transaction<'static, Sqlite>, user: NewUser<'_>) -> sqlx::Result<i64> {
    let added = sqlx::query(
        "INSERT INTO users (username, password_hash, role, is_active, created, updated)
         VALUES (?, ?, ?, ?, ?5, ?5)",
    )
    .bind(user.username)
    .bind(user.password_hash)
    .bind(user.role)
    .bind(user.is_active)
    .bind(user.now)
    .execute(&mut **tx)
    .await?;
    Ok(added.last_insert_rowid())
}

/// Returns what permissions over the tokens of user `id` depend on.
pub(crate) async fn identity(connection: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<Identity>> {
    let role =
        sqlx::query_scalar("SELECT role FROM users WHERE id = ?").bind(id).fetch_optional(connection).await?;
    Ok(role.map(|role| Identity { id, role }))
}
