//! Limits guessing: failed authentications are counted, and past a number of them per minute the next attempt is
//! refused without checking the credentials.
//!
//! Two counts apply, and the stricter one wins:
//! - failures from one address against one account;
//! - failures from one address in total, ten times as many, against attackers who try one password on all names.
//!
//! There is deliberately no count for an account across all addresses: with one, anybody could lock anybody out.
//!
//! Successes cost nothing, so a script that sends its (correct) password with every request is never slowed down. That
//! is also why this is not one of the usual rate-limiting crates: they count attempts, and cannot check the allowance
//! without using it up.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
/// How many times more one address may fail in total than against one account.
const ACCOUNTS_PER_ADDRESS: u32 = 10;
/// The maximum number of counts kept. Each takes some 50 bytes.
const MAX_COUNTS: usize = 100_000;

/// The account that a client claims to be.
#[derive(Clone, Copy, Debug)]
pub enum Account<'a> {
    /// The user of this name.
    User(&'a str),
    /// The holder of this token. Each token has its own count: a forgotten script with an old token must not lock out
    /// other clients at its address.
    Token(&'a [u8]),
}

/// Counts failed authentications.
#[derive(Debug)]
pub struct Throttle {
    per_minute: u32,
    /// Names go through a keyed hash, so that neither long names nor chosen collisions cost memory or time.
    hasher: RandomState,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// The moment at which all failures will be paid off. Each failure adds a minute divided by the number allowed per
    /// minute; when this is more than a minute ahead, the limit is exceeded.
    paid_off: HashMap<Key, Instant>,
    /// When the map was last found to be full.
    full_since: Option<Instant>,
}

/// The network, and the hash of the account; `None` for all accounts together.
type Key = (IpAddr, Option<u64>);

impl Throttle {
    /// Allows `per_minute` failures per minute from one address against one account; 0 means no limit.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, hasher: RandomState::new(), counts: Mutex::default() }
    }

    /// Checks whether the address may try to authenticate as the account now.
    ///
    /// # Errors
    /// How long the client has to wait first.
    pub fn check(&self, address: IpAddr, account: Account<'_>, now: Instant) -> Result<(), Duration> {
        let counts = self.lock();
        let longest_wait = self
            .limits(address, account)
            .into_iter()
            .flatten()
            .filter_map(|(key, per_failure)| {
                let paid_off = *counts.paid_off.get(&key)?;
                (paid_off + per_failure).checked_duration_since(now + MINUTE)
            })
            .max()
            .filter(|wait| !wait.is_zero());
        longest_wait.map_or(Ok(()), Err)
    }

    /// Counts a failure.
    pub fn failed(&self, address: IpAddr, account: Account<'_>, now: Instant) {
        let mut counts = self.lock();
        for (key, per_failure) in self.limits(address, account).into_iter().flatten() {
            if !counts.make_room_for(key, now) {
                continue;
            }
            let paid_off = counts.paid_off.entry(key).or_insert(now);
            *paid_off = (*paid_off).max(now) + per_failure;
        }
    }

    /// Returns the counts that apply to an attempt, and how much one failure adds to each.
    fn limits(&self, address: IpAddr, account: Account<'_>) -> [Option<(Key, Duration)>; 2] {
        if self.per_minute == 0 {
            return [None, None];
        }
        let network = network(address);
        let account = match account {
            Account::User(name) => self.hasher.hash_one((0, name)),
            Account::Token(token) => self.hasher.hash_one((1, token)),
        };
        let of_address = self.per_minute.saturating_mul(ACCOUNTS_PER_ADDRESS);
        [
            Some(((network, Some(account)), MINUTE / self.per_minute)),
            Some(((network, None), MINUTE / of_address)),
        ]
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // A panic cannot leave the map in an inconsistent state.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Makes room if necessary, and returns whether a failure can be counted under this key.
    ///
    /// If not, so many addresses fail that they are one attacker's network, or clients of an undeclared proxy. Those
    /// already counted stay limited; memory matters more than counting the rest.
    fn make_room_for(&mut self, key: Key, now: Instant) -> bool {
        if self.paid_off.len() < MAX_COUNTS || self.paid_off.contains_key(&key) {
            return true;
        }
        // Scanning all counts takes milliseconds, so it is not done at every failure.
        if self.full_since.is_some_and(|since| now < since + Duration::from_secs(1)) {
            return false;
        }
        self.paid_off.retain(|_, paid_off| *paid_off > now);
        let is_full = self.paid_off.len() >= MAX_COUNTS;
        self.full_since = is_full.then_some(now);
        if is_full {
            tracing::warn!("too many addresses fail to sign in; not all of them are counted");
        }
        !is_full
    }
}

/// Returns the part of an address that one client cannot change at will: with IPv6 everybody has at least a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (!0 << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
    const ALICE: Account<'_> = Account::User("alice");

    fn fail(throttle: &Throttle, times: u32, account: Account<'_>, now: Instant) {
        for _ in 0..times {
            throttle.failed(HERE, account, now);
        }
    }

    #[test]
    fn the_last_allowed_failure_is_the_number_given() {
        let (throttle, now) = (Throttle::new(5), Instant::now());
        fail(&throttle, 4, ALICE, now);
        assert_eq!(throttle.check(HERE, ALICE, now), Ok(()));
        fail(&throttle, 1, ALICE, now);
        assert_eq!(throttle.check(HERE, ALICE, now), Err(MINUTE / 5));
    }

    #[test]
    fn allowance_comes_back_with_time() {
        let (throttle, now) = (Throttle::new(5), Instant::now());
        fail(&throttle, 5, ALICE, now);
        let later = now + MINUTE / 5;
        assert_eq!(throttle.check(HERE, ALICE, later), Ok(()));
        fail(&throttle, 1, ALICE, later);
        assert!(throttle.check(HERE, ALICE, later).is_err());
        assert_eq!(throttle.check(HERE, ALICE, now + 3 * MINUTE), Ok(()));
    }

    #[test]
    fn other_accounts_and_other_addresses_are_not_affected() {
        let (throttle, now) = (Throttle::new(5), Instant::now());
        fail(&throttle, 5, ALICE, now);
        assert_eq!(throttle.check(HERE, Account::User("bob"), now), Ok(()));
        assert_eq!(throttle.check(HERE, Account::Token(b"alice"), now), Ok(()));
        assert_eq!(throttle.check(THERE, ALICE, now), Ok(()));
    }

    #[test]
    fn trying_many_names_is_limited_by_address() {
        let (throttle, now) = (Throttle::new(5), Instant::now());
        for number in 0..50 {
            let name = format!("user-{number}");
            assert_eq!(throttle.check(HERE, Account::User(&name), now), Ok(()));
            throttle.failed(HERE, Account::User(&name), now);
        }
        assert!(throttle.check(HERE, Account::User("another"), now).is_err());
        assert_eq!(throttle.check(THERE, Account::User("another"), now), Ok(()));
    }

    #[test]
    fn zero_is_no_limit() {
        let (throttle, now) = (Throttle::new(0), Instant::now());
        fail(&throttle, 1000, ALICE, now);
        assert_eq!(throttle.check(HERE, ALICE, now), Ok(()));
    }

    #[test]
    fn an_ipv6_client_cannot_move_to_its_next_address() {
        let (throttle, now) = (Throttle::new(1), Instant::now());
        throttle.failed("2001:db8::1".parse().unwrap(), ALICE, now);
        let same_network = "2001:db8::ffff:1".parse().unwrap();
        assert!(throttle.check(same_network, ALICE, now).is_err());
        let other_network = "2001:db8:0:1::1".parse().unwrap();
        assert_eq!(throttle.check(other_network, ALICE, now), Ok(()));
        // An IPv4 client that connects to an IPv6 socket counts by itself, not as a member of one large network.
        throttle.failed("::ffff:192.0.2.1".parse().unwrap(), ALICE, now);
        assert!(throttle.check(HERE, ALICE, now).is_err());
        assert_eq!(throttle.check(THERE, ALICE, now), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let (throttle, now) = (Throttle::new(5), Instant::now());
        let address = |number: u32| IpAddr::from(Ipv4Addr::from_bits(number));
        for number in 0..60_000 {
            throttle.failed(address(number), ALICE, now);
        }
        assert_eq!(throttle.lock().paid_off.len(), MAX_COUNTS);
        throttle.failed(HERE, ALICE, now + MINUTE);
        assert_eq!(throttle.lock().paid_off.len(), 2, "what is paid off makes room");
    }
}
