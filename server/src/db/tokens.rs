//! API tokens in the database.
//!
//! Reads that decide on permissions and the writes that depend on them share one transaction: nobody can give a token
//! to another owner, or delete it, in between.

use std::time::Duration;

use sqlx::{FromRow, Sqlite, SqliteConnection, Transaction};
use tokio::time::timeout;

use super::users::{self, User};
use super::{Database, is_duplicate};
use crate::patch::{Patch, TestFailed};
use crate::permissions::{Identity, Operation, Role};
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// The minimum interval between writes of a token's `last_used`, so that a busy client does not turn every read into a
/// write.
const LAST_USED_EVERY: Duration = Duration::from_secs(60);

/// How long a request waits for the use of its token to be recorded.
const NOTING: Duration = Duration::from_millis(250);

/// A token with everything that the API tells about it.
#[derive(Clone, Debug, FromRow)]
pub struct Token {
    /// The token's ID.
    pub id: i64,
    /// Its name, unique among its owner's tokens.
    pub name: String,
    /// Its secret.
    pub secret: Secret,
    /// The ID of the user as whom requests with the token act.
    pub owner_id: i64,
    /// Whether it can be used.
    pub enabled: bool,
    /// When it was created.
    pub created: Timestamp,
    /// When its name or its enabled state last changed.
    pub updated: Timestamp,
    /// When it last authenticated a request.
    pub last_used: Option<Timestamp>,
}

/// A token in a list.
#[derive(Debug, FromRow)]
pub struct TokenName {
    /// The token's ID.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Why an operation on a token was refused.
#[derive(Debug)]
pub enum Refused {
    /// There is no such token.
    NoSuchToken,
    /// The caller may not do this.
    NotPermitted,
    /// The owner already has a token of that name.
    NameTaken,
    /// The owner does not exist.
    NoSuchOwner,
    /// A `test` operation of the patch failed.
    TestFailed,
    /// The database failed.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        if is_duplicate(&error) { Self::NameTaken } else { Self::Database(error) }
    }
}

impl From<TestFailed> for Refused {
    fn from(TestFailed: TestFailed) -> Self {
        Self::TestFailed
    }
}

#[derive(FromRow)]
struct OwnedToken {
    #[sqlx(flatten)]
    token: Token,
    owner_role: Role,
}

impl OwnedToken {
    fn owner(&self) -> Identity {
        Identity { id: self.token.owner_id, role: self.owner_role }
    }
}

impl Database {
    /// Returns tokens by ID, `limit` of them after the first `offset`; those of one owner or of all.
    pub async fn tokens(
        &self,
        owner_id: Option<i64>,
        limit: i64,
        offset: i64,
    ) -> sqlx::Result<Vec<TokenName>> {
        let query = if let Some(owner_id) = owner_id {
            sqlx::query_as("SELECT id, name FROM api_tokens WHERE owner_id = ? ORDER BY id LIMIT ? OFFSET ?")
                .bind(owner_id)
        } else {
            sqlx::query_as("SELECT id, name FROM api_tokens ORDER BY id LIMIT ? OFFSET ?")
        };
        query.bind(limit).bind(offset).fetch_all(&self.read).await
    }

    /// Returns the token with this ID, for a caller who may do `operation` with it.
    pub async fn token(&self, id: i64, caller: Identity, operation: Operation) -> Result<Token, Refused> {
        let mut connection = self.read.acquire().await?;
        find(&mut connection, id, caller, operation).await
    }

    /// Returns what the caller may do with the token with this ID; `None` if there is no such token.
    pub async fn token_operations(&self, id: i64, caller: Identity) -> sqlx::Result<Option<Vec<Operation>>> {
        let mut connection = self.read.acquire().await?;
        let found = find_owned(&mut connection, id).await?;
        Ok(found.map(|found| {
            Operation::ALL.into_iter().filter(|&operation| caller.may(operation, found.owner())).collect()
        }))
    }

    /// Creates a token.
    pub async fn create_token(
        &self,
        caller: Identity,
        owner_id: i64,
        name: &str,
        secret: Secret,
    ) -> Result<Token, Refused> {
        let now = Timestamp::now();
        let mut tx = self.begin().await?;
        let owner = users::identity(&mut tx, owner_id).await?.ok_or(Refused::NoSuchOwner)?;
        if !caller.may_create_for(owner) {
            return Err(Refused::NotPermitted);
        }
        let mut token = Token {
            id: 0,
            name: name.to_owned(),
            secret,
            owner_id,
            enabled: true,
            created: now,
            updated: now,
            last_used: None,
        };
        token.id = insert(&mut tx, &token).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Applies a patch, all of it or nothing.
    pub async fn change_token(&self, id: i64, caller: Identity, patch: &Patch) -> Result<Token, Refused> {
        let mut tx = self.begin().await?;
        let mut token = find(&mut tx, id, caller, Operation::Change).await?;
        if patch.apply(&mut token.name, &mut token.enabled)? {
            token.updated = Timestamp::now();
            sqlx::query("UPDATE api_tokens SET name = ?, enabled = ?, updated = ? WHERE id = ?")
                .bind(&token.name)
                .bind(token.enabled)
                .bind(token.updated)
                .bind(id)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(token)
    }

    /// Deletes a token.
    pub async fn delete_token(&self, id: i64, caller: Identity) -> Result<(), Refused> {
        let mut tx = self.begin().await?;
        find(&mut tx, id, caller, Operation::Delete).await?;
        sqlx::query("DELETE FROM api_tokens WHERE id = ?").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Returns the user whom the secret `presented` authenticates, and records the use of the token.
    ///
    /// `None` if no enabled token has this secret or its owner is not active.
    pub async fn authenticate_token(&self, presented: &[u8]) -> sqlx::Result<Option<User>> {
        #[derive(FromRow)]
        struct Row {
            token_id: i64,
            secret: Secret,
            enabled: bool,
            last_used: Option<Timestamp>,
            #[sqlx(flatten)]
            owner: User,
        }
        let found: Option<Row> = sqlx::query_as(
            "SELECT t.id AS token_id, secret, enabled, last_used,
                    u.id AS id, username, role, is_active, u.created AS created, u.updated AS updated
             FROM api_tokens t JOIN users u ON u.id = owner_id
             WHERE digest = ?",
        )
        .bind(Secret::digest(presented).as_slice())
        .fetch_optional(&self.read)
        .await?;
        let Some(row) =
            found.filter(|row| row.secret.matches(presented) && row.enabled && row.owner.is_active)
        else {
            return Ok(None);
        };
        // The token is valid anyway: a lock held by another process must neither keep its holder out nor waiting.
        match timeout(NOTING, self.note_use(row.token_id, row.last_used)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, token = row.token_id, "cannot note the use of a token"),
            // It may still be recorded when the lock is released.
            Err(_) => {
                tracing::warn!(token = row.token_id, "the use of a token is not noted: the database is busy")
            }
        }
        Ok(Some(row.owner))
    }

    async fn note_use(&self, id: i64, last_used: Option<Timestamp>) -> sqlx::Result<()> {
        let now = Timestamp::now();
        // A time that lies ahead is wrong: the clock was. It is replaced, or the token would seem to be in use until
        // then. Not one that is barely ahead, which another request may just have written.
        let (stale, wrong) = (now.minus(LAST_USED_EVERY), now.plus(LAST_USED_EVERY));
        if last_used.is_some_and(|last_used| last_used > stale && last_used <= wrong) {
            return Ok(());
        }
        // The condition is checked again, because of a hundred concurrent requests only one needs to write.
        sqlx::query(
            "UPDATE api_tokens SET last_used = ?1
             WHERE id = ?2 AND (last_used IS NULL OR last_used <= ?3 OR last_used > ?4)",
        )
        .bind(now)
        .bind(id)
        .bind(stale)
        .bind(wrong)
        .execute(&self.write)
        .await?;
        Ok(())
    }
}

/// Inserts a token within a transaction and returns its ID; the ID in `token` is ignored.
pub(crate) async fn insert(tx: &mut Transaction<'static, Sqlite>, token: &Token) -> sqlx::Result<i64> {
    let added = sqlx::query(
        "INSERT INTO api_tokens (name, secret, digest, owner_id, enabled, created, updated, last_used)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&token.name)
    .bind(&token.secret)
    .bind(Secret::digest(token.secret.expose().as_bytes()).as_slice())
    .bind(token.owner_id)
    .bind(token.enabled)
    .bind(token.created)
    .bind(token.updated)
    .bind(token.last_used)
    .execute(&mut **tx)
    .await?;
    Ok(added.last_insert_rowid())
}

async fn find(
    connection: &mut SqliteConnection,
    id: i64,
    caller: Identity,
    operation: Operation,
) -> Result<Token, Refused> {
    let found = find_owned(connection, id).await?.ok_or(Refused::NoSuchToken)?;
    if !caller.may(operation, found.owner()) {
        return Err(Refused::NotPermitted);
    }
    Ok(found.token)
}

async fn find_owned(connection: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<OwnedToken>> {
    sqlx::query_as(
        "SELECT t.id AS id, name, secret, owner_id, enabled, t.created AS created, t.updated AS updated,
                last_used, role AS owner_role
         FROM api_tokens t JOIN users u ON u.id = owner_id
         WHERE t.id = ?",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}
