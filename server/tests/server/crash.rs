//! `kill -9` during writes: everything acknowledged is still there afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use credmgr_server::db::Database;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::support::process::serve;

const KILLS: u32 = 20;
const WRITERS: u32 = 8;

/// What a writer knows about one of its tokens; as a name, `None` means that the token does not exist (any more).
#[derive(Debug, Default)]
struct Known {
    /// The last acknowledged name.
    acknowledged: Option<String>,
    /// The change in flight when the server died, if any.
    in_flight: Option<Option<String>>,
}

/// Creates, renames and deletes tokens until the server is gone. Returns what it knows, by ID. A creation that was not
/// acknowledged has no known ID and may be lost.
async fn write(client: Client, url: String, token: String, numbers: Arc<AtomicU32>) -> BTreeMap<i64, Known> {
    let signed = |request: RequestBuilder| request.header("x-api-token", &token);
    let mut known = BTreeMap::<i64, Known>::new();
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let name = format!("written-{number}");
        let create = signed(client.post(format!("{url}/api/v1/api_tokens/")))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("name={name}"));
        let Some(created) = answer(create, 200).await else { return known };
        let created: Value = serde_json::from_slice(&created).unwrap();
        let id = created["id"].as_i64().unwrap();
        let one = format!("{url}/api/v1/api_tokens/{id}");
        known.insert(id, Known { acknowledged: Some(name), in_flight: None });

        let renamed = format!("renamed-{number}");
        let patch = json!([{"op": "replace", "path": "/name", "value": renamed}]);
        let rename =
            signed(client.patch(&one)).header("content-type", "application/json").body(patch.to_string());
        if !asked(&mut known, id, Some(renamed), answer(rename, 200)).await {
            return known;
        }
        if number.is_multiple_of(3)
            && !asked(&mut known, id, None, answer(signed(client.delete(&one)), 204)).await
        {
            return known;
        }
    }
}

/// Sends a request; `None` if the server died during it.
async fn answer(request: RequestBuilder, status: u16) -> Option<Vec<u8>> {
    let response = request.send().await.ok()?;
    assert_eq!(response.status(), status);
    // A body that breaks off is still an acknowledgement, but contains no usable ID.
    response.bytes().await.ok().map(Vec::from)
}

/// Records a change: first as in flight, then as acknowledged.
async fn asked(
    known: &mut BTreeMap<i64, Known>,
    id: i64,
    state: Option<String>,
    answer: impl Future<Output = Option<Vec<u8>>>,
) -> bool {
    let known = known.entry(id).or_default();
    known.in_flight = Some(state.clone());
    let acknowledged = answer.await.is_some();
    if acknowledged {
        *known = Known { acknowledged: state, in_flight: None };
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_twenty_kills() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("database");
    serve(&path, &["--demo"]).await.child.kill().await.unwrap();
    let options = SqliteConnectOptions::new().filename(&path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let token: String = sqlx::query_scalar("SELECT secret FROM api_tokens WHERE id = 5")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    let numbers = Arc::new(AtomicU32::new(0));
    let mut known = BTreeMap::<i64, Known>::new();
    for kill in 0..KILLS {
        let mut server = serve(&path, &["--log", "error"]).await;
        let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(client.clone(), server.url.clone(), token.clone(), Arc::clone(&numbers)));
        }
        // At a different moment each time.
        tokio::time::sleep(Duration::from_millis(60 + u64::from(kill) * 17 % 100)).await;
        server.child.kill().await.unwrap(); // SIGKILL
        let learned: Vec<_> = writers.join_all().await;
        known.extend(learned.into_iter().flatten());
        check(&path, &mut known, kill).await;
    }
    let acknowledged = known.len();
    assert!(acknowledged > 100, "only {acknowledged} tokens were written, which proves little");
    println!("{KILLS} kills, {acknowledged} tokens: nothing that was acknowledged is lost");
}

/// Opens the database as the next server does, and compares.
async fn check(path: &std::path::Path, known: &mut BTreeMap<i64, Known>, kill: u32) {
    Database::open(path).await.unwrap().close().await;
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap();
    let integrity: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(integrity, "ok", "after kill {kill}");
    let found: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM api_tokens WHERE id > 51")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut found: BTreeMap<_, _> = found.into_iter().collect();
    connection.close().await.unwrap();
    for (id, known) in known {
        let found = found.remove(id);
        let in_flight = known.in_flight.take();
        let expected = found == known.acknowledged || in_flight.is_some_and(|state| found == state);
        assert!(expected, "after kill {kill}: token {id} is {found:?}, but {known:?}");
        known.acknowledged = found;
    }
}
