//! The demo data: users whose passwords are public, and tokens to look at.

use std::time::Duration;

use sqlx::{Sqlite, Transaction};

use crate::db::Database;
use crate::db::tokens::{self, Token};
use crate::db::users::{self, NewUser};
use crate::demo_tokens;
use crate::password::{self, Password};
use crate::permissions::Role;
use crate::secret::{DEFAULT_LENGTH, Secret};
use crate::timestamp::Timestamp;

pub(crate) const ROOT: i64 = 1;
pub(crate) const ADMIN: i64 = 2;
pub(crate) const ALICE: i64 = 3;
pub(crate) const BOB: i64 = 4;

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The period before now over which dates are spread.
pub(crate) const THREE_YEARS: Duration = Duration::from_secs(3 * 365 * 24 * 60 * 60);

/// The users. Each password is the username with `-pass`; IDs count from 1.
const USERS: [(&str, Role, bool); 6] = [
    ("root", Role::Internal, true),
    ("admin", Role::Admin, true),
    ("alice", Role::Regular, true),
    ("bob", Role::Regular, true),
    ("carol", Role::ReadOnly, true),
    ("dave", Role::Regular, false),
];

/// Fills an empty database with the demo users and tokens, and with `more_tokens` made-up tokens. Returns whether it
/// was empty; otherwise the database is left unchanged.
///
/// Everything but the secrets is the same each time, relative to now.
///
/// # Errors
/// The database fails, or the operating system has no randomness.
pub async fn fill(database: &Database, more_tokens: u32) -> anyhow::Result<bool> {
    let now = Timestamp::now();
    let mut hashes = Vec::with_capacity(USERS.len());
    for (username, _, _) in USERS {
        let password = Password::chosen(format!("{username}-pass"))?;
        hashes.push(password::hash_public(&password)?);
    }
    let mut tx = database.begin().await?;
    // Checked within the transaction, where nobody else can write: another server may have been started at the same
    // time.
    if !users::are_none(&mut tx).await? {
        return Ok(false);
    }
    Database::mark_as_demo(&mut tx).await?;
    for ((username, role, is_active), password_hash) in USERS.into_iter().zip(&hashes) {
        let user = NewUser { username, password_hash, role, is_active, now: now.minus(THREE_YEARS) };
        users::insert(&mut tx, user).await?;
    }
    for token in named_tokens() {
        token.insert(&mut tx, now).await?;
    }
    for number in 0..more_tokens {
        demo_tokens::token(number).insert(&mut tx, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// A demo token, with its dates relative to now.
pub(crate) struct DemoToken {
    pub(crate) name: String,
    pub(crate) owner_id: i64,
    pub(crate) enabled: bool,
    pub(crate) age: Duration,
    pub(crate) since_last_use: Option<Duration>,
}

impl DemoToken {
    async fn insert(self, tx: &mut Transaction<'static, Sqlite>, now: Timestamp) -> anyhow::Result<()> {
        let created = now.minus(self.age).whole_seconds();
        let last_used = self.since_last_use.map(|since| now.minus(since));
        let token = Token {
            id: 0,
            name: self.name,
            secret: Secret::generate(DEFAULT_LENGTH)?,
            owner_id: self.owner_id,
            enabled: self.enabled,
            created,
            updated: created,
            last_used,
        };
        tokens::insert(tx, &token).await?;
        Ok(())
    }
}

/// Returns the 51 tokens that documentation and tests refer to, in the order of their IDs.
fn named_tokens() -> impl Iterator<Item = DemoToken> {
    let fixed = |name: &str, owner_id, days, days_since_use: Option<u32>| DemoToken {
        name: name.to_owned(),
        owner_id,
        enabled: true,
        age: DAY * days,
        since_last_use: days_since_use.map(|days| DAY * days),
    };
    let before_alice = [
        fixed("root-deploy", ROOT, 1000, Some(0)),
        fixed("admin-ci", ADMIN, 700, Some(0)),
        fixed("admin-backup", ADMIN, 365, Some(1)),
        fixed("admin-monitor", ADMIN, 90, None),
    ];
    let alice = (1..=45).map(move |number| {
        // Every fifth was never used; for the others, older tokens were last used longer ago.
        let days = 1090 - 24 * number;
        let used = number % 5 != 0;
        let name = format!("alice-token-{number:02}");
        fixed(&name, ALICE, days, used.then_some(days / 3))
    });
    let bob = [
        fixed("bob-laptop", BOB, 200, Some(3)),
        DemoToken { enabled: false, ..fixed("bob-old", BOB, 900, Some(600)) },
    ];
    before_alice.into_iter().chain(alice).chain(bob)
}
