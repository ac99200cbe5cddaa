//! The SQLite database: opening, migrating and copying it. What is asked of it is in [`tokens`] and [`users`].
//!
//! **What an answered write survives.** The journal is a write-ahead log and `synchronous` is FULL: SQLite has the log
//! on the disk (fsync) before a commit returns, and the server answers after that. So an acknowledged write survives
//! `kill -9` and a crash of the system, and the loss of power as well if the disk does not lie about fsync.
//!
//! **Why two pools.** SQLite has one writer at a time. With one connection that writes, writers queue in memory, in
//! order; with several, they would poll for the lock and some would starve into time-outs. Readers never wait: with
//! a write-ahead log they see the last committed state.

pub mod tokens;
pub mod users;

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a statement waits for a lock that another process holds, such as `user add` beside a running server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for its turn at the database.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
const READERS: u32 = 4;

/// A fact about the database itself: it was filled by `--demo`.
const DEMO: &str = "demo";

/// An open database. Cloning it is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct Database {
    read: SqlitePool,
    write: SqlitePool,
}

impl Database {
    /// Opens the database at `path` and brings its tables up to date; creates it, readable by its owner only, if there
    /// is none.
    ///
    /// # Errors
    /// The file cannot be opened or created, is no database, or comes from a newer server.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        create_private(path).with_context(|| format!("cannot open the database {}", path.display()))?;
        let database = Self::connect(path)
            .await
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        MIGRATIONS
            .run(&database.write)
            .await
            .with_context(|| format!("cannot update the tables of {}", path.display()))?;
        Ok(database)
    }

    /// Opens the database at `path` as it is.
    ///
    /// # Errors
    /// There is none, or it cannot be opened.
    pub async fn open_existing(path: &Path) -> anyhow::Result<Self> {
        if !path.is_file() {
            bail!("there is no database at {}", path.display());
        }
        Self::connect(path).await.with_context(|| format!("cannot open the database {}", path.display()))
    }

    async fn connect(path: &Path) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        // The writer first: it is the one that may have to switch the journal mode.
        let write = pool()
            .max_connections(1)
            // When the disk is full or fails, SQLite itself rolls back, of which sqlx hears nothing: for it the transaction
            // would go on for ever, and none could begin any more. Such a connection is closed and another one opened.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        let read = pool().max_connections(READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self { read, write })
    }

    /// Starts a transaction that writes. It holds the write lock from its first moment, so what it reads stays true
    /// until it commits.
    pub(crate) async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn check(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT count(*) FROM facts").execute(&self.read).await?;
        Ok(())
    }

    /// Whether its users are the ones of the demonstration, whose passwords everybody knows.
    ///
    /// # Errors
    /// The database fails.
    pub async fn is_demo(&self) -> sqlx::Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT * FROM facts WHERE name = ?)")
            .bind(DEMO)
            .fetch_one(&self.read)
            .await
    }

    /// Notes that the database was filled by `--demo`.
    pub(crate) async fn mark_as_demo(tx: &mut Transaction<'static, Sqlite>) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO facts (name) VALUES (?)").bind(DEMO).execute(&mut **tx).await?;
        Ok(())
    }

    /// Writes a copy of the database to `target`, also while servers use it: the copy is the state at one moment.
    /// To restore, stop the server and put the copy in place of the database file (and delete its `-wal` and `-shm`).
    ///
    /// # Errors
    /// `target` exists already or cannot be written.
    pub async fn back_up(&self, target: &Path) -> anyhow::Result<()> {
        let name = target.to_str().context("the name of the backup is not UTF-8")?;
        // SQLite would create the file readable by everybody. It accepts an empty one.
        let file = private_file()
            .create_new(true)
            .open(target)
            .with_context(|| format!("cannot create {}", target.display()))?;
        let copied = sqlx::query("VACUUM INTO ?")
            .bind(name)
            .execute(&self.write)
            .await
            .context("cannot copy the database")
            .and_then(|_| file.sync_all().context("cannot write the copy to the disk"));
        if copied.is_err() {
            // Half a backup must not be mistaken for one. If it cannot be removed, the failure is reported anyway.
            let _ = fs::remove_file(target);
        }
        copied
    }

    /// Closes all connections; the write-ahead log goes into the database file.
    pub async fn close(self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Creates the file of a database, because SQLite would make it readable by everybody; its companions get the same
/// rights from it.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| *parent != PathBuf::new()) {
        fs::create_dir_all(parent)?;
    }
    private_file().create(true).append(true).open(path)?;
    Ok(())
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether `error` says that a value which must be unique exists already.
pub(crate) fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;
    use tempfile::TempDir;

    use super::users::NewUser;
    use super::*;
    use crate::permissions::{Identity, Role};
    use crate::secret::Secret;
    use crate::timestamp::Timestamp;

    async fn open(folder: &TempDir) -> Database {
        Database::open(&folder.path().join("database")).await.unwrap()
    }

    #[tokio::test]
    async fn after_a_full_disk_is_written_again() {
        let folder = TempDir::new().unwrap();
        let database = open(&folder).await;
        let user = NewUser {
            username: "root",
            password_hash: "none",
            role: Role::Internal,
            is_active: true,
            now: Timestamp::now(),
        };
        let id = database.add_user(user).await.unwrap().unwrap();
        let create = async |name: &str| {
            let caller = Identity { id, role: Role::Internal };
            database.create_token(caller, id, name, Secret::generate(32).unwrap()).await
        };
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&database.write).await.unwrap();
        let no_more = AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 1));
        sqlx::query(no_more).execute(&database.write).await.unwrap();
        assert!(create(&"n".repeat(60_000)).await.is_err(), "there is no room for it");
        for name in ["one", "two"] {
            create(name).await.unwrap();
        }
    }
}
