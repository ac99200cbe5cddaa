//! Guessing passwords and tokens.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use credmgr_server::config::Config;
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::support::{Answer, TestServer, Who};

async fn server(auth_failures_per_minute: u32) -> TestServer {
    TestServer::with(Config { auth_failures_per_minute, ..Config::default() }).await
}

async fn sign_in(server: &TestServer, username: &str, password: &str) -> Answer {
    server.api("GET /users/me").basic(username, password).send().await
}

#[tokio::test]
async fn after_too_many_failures_not_even_the_right_password_is_looked_at() {
    let server = server(3).await;
    for _ in 0..3 {
        sign_in(&server, "alice", "wrong-pass").await.expect(401);
    }
    for password in ["wrong-pass", "alice-pass"] {
        let refused = sign_in(&server, "alice", password).await.expect(429);
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=20).contains(&seconds), "a third of a minute at most, not {seconds} s");
        assert_eq!(refused.json()["status"], 429);
        assert!(refused.json()["message"].is_string());
        assert_eq!(refused.header("www-authenticate"), None);
    }
    // Other users at the same address, and alice with her token, can still sign in.
    sign_in(&server, "bob", "bob-pass").await.expect(200);
    server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
    // Whether the user exists makes no difference.
    for _ in 0..3 {
        sign_in(&server, "nobody-of-this-name", "wrong-pass").await.expect(401);
    }
    sign_in(&server, "nobody-of-this-name", "wrong-pass").await.expect(429);
}

#[tokio::test]
async fn successes_are_never_counted() {
    let server = server(2).await;
    for _ in 0..10 {
        sign_in(&server, "alice", "alice-pass").await.expect(200);
    }
    let at_once = join_all((0..10).map(|_| sign_in(&server, "alice", "alice-pass"))).await;
    assert!(at_once.iter().all(|answer| answer.status == 200));
    for _ in 0..50 {
        server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
        server.api("GET /users/me").send().await.expect(401);
    }
}

#[tokio::test]
async fn many_guesses_at_once_are_not_more_guesses() {
    let server = server(3).await;
    let guesses = join_all((0..40).map(|_| sign_in(&server, "alice", "wrong-pass"))).await;
    let looked_at = guesses.iter().filter(|answer| answer.status == 401).count();
    let refused = guesses.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(looked_at + refused, 40);
    // When the last allowed attempt fails, as many as there are processors may already be in progress.
    let processors = std::thread::available_parallelism().unwrap().get();
    assert!((3..3 + processors).contains(&looked_at), "{looked_at}");
}

#[tokio::test]
async fn a_guess_counts_although_nobody_waits_for_the_answer() {
    let server = server(6).await;
    // Not a demo user, whose password is hashed with little work.
    let guess = || sign_in(&server, "nobody-of-this-name", "wrong-pass");
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        guess().await.expect(401);
        shortest = shortest.min(started.elapsed());
    }
    let half = shortest / 2;
    for _ in 0..20 {
        let _ = timeout(half, guess()).await;
    }
    // Its turn comes after theirs.
    guess().await.expect(429);
}

#[tokio::test]
async fn tokens_are_counted_each_by_itself_and_all_by_address() {
    let server = server(2).await;
    let guess =
        async |token: &str| server.api("GET /users/me").header("x-api-token", token).send().await.status;
    assert_eq!([guess("old").await, guess("old").await, guess("old").await], [401, 401, 429]);
    server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
    for number in 0..18 {
        assert_eq!(guess(&format!("guess-{number}")).await, 401, "guess {number}");
    }
    assert_eq!(guess("another").await, 429, "twenty failures from one address are enough");
    server.api("GET /users/me").by(Who::Alice).send().await.expect(429);
}

#[tokio::test]
async fn the_limit_can_be_turned_off() {
    let server = server(0).await;
    for number in 0..100 {
        let answer =
            server.api("GET /users/me").header("x-api-token", &format!("guess-{}", number % 2)).send().await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn nobody_moves_by_saying_so() {
    let guess = async |server: &TestServer, from: &str| {
        let guess = server.api("GET /users/me").header("x-forwarded-for", from).basic("alice", "wrong-pass");
        guess.send().await.status
    };
    let server = server(1).await;
    assert_eq!(guess(&server, "192.0.2.1").await, 401);
    assert_eq!(guess(&server, "192.0.2.2").await, 429);

    let trusted_proxies = vec![IpAddr::from(Ipv4Addr::LOCALHOST).into()];
    let config = Config { auth_failures_per_minute: 1, trusted_proxies, ..Config::default() };
    let server = TestServer::with(config).await;
    assert_eq!(guess(&server, "192.0.2.1").await, 401);
    assert_eq!(guess(&server, "192.0.2.2").await, 401, "behind a trusted proxy there are many clients");
    assert_eq!(guess(&server, "192.0.2.2").await, 429);
    assert_eq!(guess(&server, "192.0.2.3:4711").await, 401, "some proxies add the port");
    assert_eq!(guess(&server, "192.0.2.3:4712").await, 429, "which is not who it is");
    assert_eq!(
        guess(&server, "192.0.2.3, 192.0.2.2").await,
        429,
        "what the client itself says is not believed"
    );
}
