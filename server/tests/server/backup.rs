//! `credmgr-server backup FILE`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use credmgr_server::db::Database;
use reqwest::Client;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::support::process::{Serving, program, run, serve};

async fn back_up(database: &Path, target: &Path) -> Output {
    run(&["backup", target.to_str().unwrap(), "--database", database.to_str().unwrap()], "").await
}

async fn create(server: &Serving, token: &str, name: &str) -> bool {
    let request = Client::new()
        .post(format!("{}/api/v1/api_tokens/", server.url))
        .header("x-api-token", token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("name={name}"));
    request.send().await.is_ok_and(|answer| answer.status() == 200)
}

async fn alices_tokens(server: &Serving, token: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let url = format!("{}/api/v1/api_tokens/?limit=100&offset={}", server.url, all.len());
        let answer = Client::new().get(url).header("x-api-token", token).send().await.unwrap();
        let Value::Array(page) = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap() else {
            panic!()
        };
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Returns the secret of one of alice's tokens.
async fn a_token_of_alice(database: &Path) -> String {
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(database)).await.unwrap();
    let secret = sqlx::query_scalar("SELECT secret FROM api_tokens WHERE id = 5").fetch_one(&mut connection);
    let secret = secret.await.unwrap();
    connection.close().await.unwrap();
    secret
}

#[tokio::test]
async fn a_backup_made_while_the_server_writes_restores() {
    let folder = TempDir::new().unwrap();
    let (database, copy) = (folder.path().join("database"), folder.path().join("copy"));
    let server = serve(&database, &["--demo"]).await;
    let token = a_token_of_alice(&database).await;
    for number in 0..20 {
        assert!(create(&server, &token, &format!("before-{number:02}")).await);
    }
    let writing = async {
        let mut written = 0;
        while !copy.exists() || written < 20 {
            assert!(create(&server, &token, &format!("meanwhile-{written:05}")).await);
            written += 1;
        }
        // Some more that certainly come after the backup.
        for number in 0..20 {
            assert!(create(&server, &token, &format!("after-{number:02}")).await);
        }
    };
    let (backup, ()) = tokio::join!(back_up(&database, &copy), writing);
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    drop(server);

    let restored = folder.path().join("restored");
    fs::copy(&copy, &restored).unwrap();
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&restored)).await.unwrap();
    let check: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(check, "ok");
    connection.close().await.unwrap();

    let server = serve(&restored, &[]).await;
    let tokens = alices_tokens(&server, &token).await;
    let names: Vec<_> = tokens.iter().map(|token| token["name"].as_str().unwrap()).collect();
    for number in 0..20 {
        assert!(names.contains(&format!("before-{number:02}").as_str()), "{number}");
    }
    // The copy is the state at one moment: of the sequential writes it contains a prefix.
    let meanwhile: Vec<_> = names.iter().filter(|name| name.starts_with("meanwhile-")).collect();
    let beginning: Vec<_> = (0..meanwhile.len()).map(|number| format!("meanwhile-{number:05}")).collect();
    assert_eq!(meanwhile, beginning.iter().collect::<Vec<_>>());
    assert!(create(&server, &token, "after-the-restore").await);
}

/// Returns the names of the files in a backup's folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_nothing_that_looks_like_one() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("database");
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let copy = copies.join("copy");
    Database::open(&database).await.unwrap().close().await;
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&database)).await.unwrap();
    sqlx::raw_sql(
        "CREATE TABLE ballast (bytes BLOB);
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100)
         INSERT INTO ballast SELECT randomblob(1000000) FROM n;",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let arguments = ["backup", copy.to_str().unwrap(), "--database", database.to_str().unwrap()];
    let mut backup = program(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let started = || {
        let lengths = fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
        lengths.max().is_some_and(|length| length > 0)
    };
    while !started() {
        assert!(backup.try_wait().unwrap().is_none(), "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    backup.kill().await.unwrap();
    assert!(!copy.exists());
    let left_behind = names(&copies);
    assert!(left_behind.iter().any(|name| name.starts_with(".copy.")), "{left_behind:?}");

    let again = back_up(&database, &copy).await;
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(names(&copies), ["copy"], "what was left behind is gone");
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&copy)).await.unwrap();
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ballast").fetch_one(&mut connection).await.unwrap();
    assert_eq!(rows, 100);
}

#[tokio::test]
async fn a_backup_overwrites_nothing() {
    let folder = TempDir::new().unwrap();
    let (database, copy) = (folder.path().join("database"), folder.path().join("copy"));
    Database::open(&database).await.unwrap().close().await;
    fs::write(&copy, "something precious").unwrap();
    for target in [&copy, &database] {
        let refused = back_up(&database, target).await;
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot create"));
    }
    assert_eq!(fs::read_to_string(&copy).unwrap(), "something precious");
}

#[tokio::test]
async fn a_backup_that_cannot_be_made_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let (database, copy) = (folder.path().join("no such database"), folder.path().join("copy"));
    let refused = back_up(&database, &copy).await;
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no database"));
    assert!(!copy.exists() && !database.exists());

    // A file that opens, but has garbage after its first page.
    let healthy = folder.path().join("healthy");
    Database::open(&healthy).await.unwrap().close().await;
    let mut bytes = fs::read(&healthy).unwrap();
    bytes[4096..].fill(0xff);
    fs::write(&database, bytes).unwrap();
    let failed = back_up(&database, &copy).await;
    assert!(String::from_utf8_lossy(&failed.stderr).contains("cannot copy the database"));
    assert!(!failed.status.success() && !copy.exists());

    fs::write(&database, "this is no database, but a text that is long enough to look at".repeat(100))
        .unwrap();
    assert!(!back_up(&database, &copy).await.status.success());
    assert!(!copy.exists());
}
