//! Any number of made-up demo tokens: the same every time, and as varied as real ones.

use crate::demo::{ADMIN, ALICE, BOB, DAY, DemoToken, THREE_YEARS};

const PLACES: [&str; 7] = ["prod", "staging", "dev", "eu-west", "München", "東京", "lab 2"];
const USES: [&str; 11] = [
    "deploy",
    "backup",
    "grafana",
    "CI runner",
    "nightly-export",
    "mobile app",
    "terraform",
    "ansible",
    "data_import",
    "webhook.receiver",
    "smoke tests",
];

/// Returns the `number`th made-up token.
pub(crate) fn token(number: u32) -> DemoToken {
    // Deterministic pseudo-random bits. Which bits decide what does not matter.
    let bits = scramble(number);
    let pick = |from: u32, below: u32| (bits >> from) % below;
    let place = PLACES[pick(0, 7) as usize];
    let purpose = USES[pick(3, 11) as usize];
    let minutes = |below: std::time::Duration, bits: u32| {
        let minutes = below.as_secs() / 60;
        std::time::Duration::from_secs(u64::from(bits) % minutes * 60)
    };
    let age = DAY + minutes(THREE_YEARS - DAY, bits);
    let never_used = pick(7, 5) == 0;
    DemoToken {
        // The number makes the name unique; at the end, it is also what people search for.
        name: format!("{place} {purpose} {number:05}"),
        owner_id: [ALICE, BOB, ADMIN][pick(11, 3) as usize],
        enabled: pick(13, 7) != 0,
        age,
        since_last_use: (!never_used).then(|| minutes(age, scramble(bits))),
    }
}

/// Mixes the bits of a number so that neighbours have nothing in common (the finaliser of MurmurHash3).
fn scramble(number: u32) -> u32 {
    let mut bits = number.wrapping_add(0x9e37_79b9);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    bits ^ (bits >> 16)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_everything_varies() {
        let tokens: Vec<_> = (0..1000).map(token).collect();
        let names: HashSet<_> = tokens.iter().map(|token| &token.name).collect();
        assert_eq!(names.len(), 1000);
        for owner in [ALICE, BOB, ADMIN] {
            let owned = tokens.iter().filter(|token| token.owner_id == owner).count();
            assert!((200..500).contains(&owned), "{owned} of user {owner}");
        }
        let disabled = tokens.iter().filter(|token| !token.enabled).count();
        assert!((70..250).contains(&disabled), "{disabled} disabled");
        let unused = tokens.iter().filter(|token| token.since_last_use.is_none()).count();
        assert!((100..300).contains(&unused), "{unused} never used");
    }

    #[test]
    fn dates_are_in_order_and_within_three_years() {
        for token in (0..1000).map(token) {
            assert!(token.age <= THREE_YEARS);
            assert!(token.since_last_use.is_none_or(|since| since < token.age));
        }
    }
}
