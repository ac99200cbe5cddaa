//! The SQLite database: opening, migrating and copying it. The queries are in [`tokens`] and [`users`].
//!
//! **What an acknowledged write survives.** The journal is a write-ahead log and `synchronous` is FULL: SQLite has the
//! log on disk (fsync) before a commit returns, and the server responds after that. So an acknowledged write survives
//! `kill -9` and a crash of the system, and a power failure as well if the disk does not lie about fsync.
//!
//! **Why two pools.** SQLite has one writer at a time. With one writing connection, writers queue in memory, in order;
//! with several, they would poll for the lock and some would starve into time-outs. Readers never wait: with a
//! write-ahead log they see the last committed state.

pub mod tokens;
pub mod users;

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};

use crate::error::is_busy;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a statement waits for a lock that another process holds, such as `user add` beside a running server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The delay before a retry where SQLite does not wait for a lock by itself.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// How long a request waits for a database connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
const READERS: u32 = 4;

/// A fact about the database itself: it was filled by `--demo`.
const DEMO: &str = "demo";

/// An open database. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct Database {
    read: SqlitePool,
    write: SqlitePool,
}

impl Database {
    /// Opens the database at `path` and migrates it; creates it, readable by its owner only, if it does not exist.
    ///
    /// # Errors
    /// The file cannot be opened or created, is not a database, or comes from a newer server.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        create_private(path).with_context(|| format!("cannot open the database {}", path.display()))?;
        let database = Self::connect(path)
            .await
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        database
            .migrate()
            .await
            .with_context(|| format!("cannot update the tables of {}", path.display()))?;
        Ok(database)
    }

    /// Migrates the database to the latest schema.
    async fn migrate(&self) -> Result<(), MigrateError> {
        if MIGRATIONS.run(&self.write).await.is_ok() {
            return Ok(());
        }
        // Another process may be migrating at the same time, and SQLite has nothing but its lock to keep the two apart.
        // While it is held here, either all migrations have been applied or nobody else is applying them.
        let mut tx = self.begin().await?;
        // This is what `run` calls itself; with a transaction, the compiler cannot prove `run`'s future to be `Send`.
        MIGRATIONS.run_direct(None, &mut *tx, false).await?;
        tx.commit().await?;
        Ok(())
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

    /// Connects, waiting for other processes that open the database: switching the journal mode does not wait for the
    /// lock by itself, for example when several servers are the first to open a new database.
    async fn connect(path: &Path) -> sqlx::Result<Self> {
        let begun = Instant::now();
        loop {
            match Self::try_connect(path).await {
                Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => {
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
                connected => return connected,
            }
        }
    }

    async fn try_connect(path: &Path) -> sqlx::Result<Self> {
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
            // When the disk is full or fails, SQLite itself rolls back, which sqlx does not notice: it would consider
            // the transaction open for ever, and none could begin any more. Such a connection is closed and replaced.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        let read = pool().max_connections(READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self { read, write })
    }

    /// Starts a transaction that writes. It holds the write lock from the start, so what it reads stays true until it
    /// commits.
    pub(crate) async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn check(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT count(*) FROM facts").execute(&self.read).await?;
        Ok(())
    }

    /// Whether the users are the demo users, whose passwords are public.
    ///
    /// # Errors
    /// The database fails.
    pub async fn is_demo(&self) -> sqlx::Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT * FROM facts WHERE name = ?)")
            .bind(DEMO)
            .fetch_one(&self.read)
            .await
    }

    /// Records that the database was filled by `--demo`.
    pub(crate) async fn mark_as_demo(tx: &mut Transaction<'static, Sqlite>) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO facts (name) VALUES (?)").bind(DEMO).execute(&mut **tx).await?;
        Ok(())
    }

    /// Writes a copy of the database to `target`, even while servers use it: the copy is a consistent snapshot. To
    /// restore it, stop the server and replace the database file with the copy (and delete its `-wal` and `-shm`).
    ///
    /// The copy is made under another name beside `target` and renamed when it is complete and on disk, so that an
    /// interrupted one is not mistaken for a backup.
    ///
    /// # Errors
    /// `target` already exists or cannot be written.
    pub async fn back_up(&self, target: &Path) -> anyhow::Result<()> {
        let unfinished = Unfinished::beside(target)?;
        unfinished.remove_former();
        let cannot_create = || format!("cannot create {}", target.display());
        if target.symlink_metadata().is_ok() {
            return Err(io::Error::from(ErrorKind::AlreadyExists)).with_context(cannot_create);
        }
        let own = unfinished.path()?;
        let name = own.to_str().context("the name of the backup is not UTF-8")?;
        // SQLite would create the file readable by everybody. It accepts an empty one.
        let file = private_file().create_new(true).open(&own).with_context(cannot_create)?;
        let copied = sqlx::query("VACUUM INTO ?")
            .bind(name)
            .execute(&self.write)
            .await
            .context("cannot copy the database")
            .and_then(|_| file.sync_all().context("cannot write the copy to the disk"))
            .and_then(|()| publish(&own, target).with_context(cannot_create));
        if copied.is_err() {
            // If it cannot be removed, the failure is reported anyway, and the next backup removes it.
            let _ = fs::remove_file(&own);
        }
        copied
    }

    /// Closes all connections; the write-ahead log is merged into the database file.
    pub async fn close(self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Creates the database file, because SQLite would make it readable by everybody. SQLite gives its companion files the
/// same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| *parent != PathBuf::new()) {
        fs::create_dir_all(parent)?;
    }
    private_file().create(true).append(true).open(path)?;
    Ok(())
}

/// The unfinished copies of a database beside their target: `.NAME.0123456789abcdef.unfinished`. Each has its own
/// number, so that two backups to one target cannot mix up their files.
struct Unfinished {
    folder: PathBuf,
    begin: String,
}

impl Unfinished {
    const END: &str = ".unfinished";

    fn beside(target: &Path) -> anyhow::Result<Self> {
        let name = target.file_name().context("the backup has no name")?;
        let name = name.to_str().context("the name of the backup is not UTF-8")?;
        Ok(Self { folder: folder_of(target).to_owned(), begin: format!(".{name}.") })
    }

    /// Returns a new, unique path.
    fn path(&self) -> anyhow::Result<PathBuf> {
        let number = getrandom::u64().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        Ok(self.folder.join(format!("{}{number:016x}{}", self.begin, Self::END)))
    }

    /// Removes what interrupted backups have left behind. Whatever cannot be removed does no harm.
    fn remove_former(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| self.is_one(name)))
        {
            let _ = fs::remove_file(entry.path());
        }
    }

    fn is_one(&self, name: &str) -> bool {
        // SQLite keeps a journal beside it.
        let name = name.strip_suffix("-journal").unwrap_or(name);
        let number = name.strip_prefix(&self.begin).and_then(|rest| rest.strip_suffix(Self::END));
        number.is_some_and(|number| number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }
}

/// Moves a file to its final name without replacing another file: fails if that name is taken.
fn publish(own: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(own, target) {
        // If the temporary name stays, the next backup removes it.
        Ok(()) => drop(fs::remove_file(own)),
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            return Err(error);
        }
        Err(_) => publish_without_links(own, target)?,
    }
    // The name is on disk once the folder is. As with SQLite's own files, it is not a failure if a folder cannot be
    // synced.
    let _ = fs::File::open(folder_of(target)).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Does the same where a file cannot have two names, as on many USB sticks: reserves the name first, and replaces the
/// placeholder.
fn publish_without_links(own: &Path, target: &Path) -> io::Result<()> {
    private_file().create_new(true).open(target)?;
    fs::rename(own, target).inspect_err(|_| {
        // The placeholder is empty and must not be mistaken for a backup.
        let _ = fs::remove_file(target);
    })
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether `error` is a violation of a unique constraint.
pub(crate) fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;
    use tempfile::TempDir;

    use super::users::NewUser;
    use super::*;
    use crate::demo;
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

    #[test]
    fn a_backup_gets_its_name_and_takes_nobodys() {
        let publishing: [fn(&Path, &Path) -> io::Result<()>; 2] = [publish, publish_without_links];
        for publish in publishing {
            let folder = TempDir::new().unwrap();
            let (own, target) = (folder.path().join("own"), folder.path().join("target"));
            fs::write(&own, "new").unwrap();
            publish(&own, &target).unwrap();
            assert!(!own.exists());
            assert_eq!(fs::read_to_string(&target).unwrap(), "new");
            fs::write(&own, "newer").unwrap();
            assert_eq!(publish(&own, &target).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        }
    }

    #[test]
    fn only_what_a_backup_to_this_name_left_behind_is_removed() {
        let folder = TempDir::new().unwrap();
        let left_behind = [".copy.0123456789abcdef.unfinished", ".copy.0123456789abcdef.unfinished-journal"];
        let others = [".copy.unfinished", ".copy.mine.unfinished", "copy", "copy-journal"];
        for name in left_behind.into_iter().chain(others) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        Unfinished::beside(&folder.path().join("copy")).unwrap().remove_former();
        let exists = |name: &&str| folder.path().join(name).exists();
        assert!(!left_behind.iter().any(exists));
        assert!(others.iter().all(exists));
    }

    /// For example, several containers that start at the same time on a new volume.
    #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
    async fn several_may_be_the_first_to_open_a_database() {
        for _ in 0..10 {
            let folder = TempDir::new().unwrap();
            let first = async || {
                let database = open(&folder).await;
                (demo::fill(&database, 0).await.unwrap(), database)
            };
            let first = [first(), first(), first()];
            let opened = futures_util::future::join_all(first).await;
            assert_eq!(opened.iter().filter(|(filled, _)| *filled).count(), 1);
            let count: i64 = sqlx::query_scalar("SELECT count(*) FROM api_tokens")
                .fetch_one(&opened[0].1.read)
                .await
                .unwrap();
            assert_eq!(count, 51);
        }
    }
}
