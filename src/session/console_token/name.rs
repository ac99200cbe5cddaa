//! Names of console session tokens. Pure.

/// The prefix of the name of every console session token, and of no other token that the console makes.
pub const PREFIX: &str = "console session ";

/// The length of the secret in characters. The contract allows 16 to 128, of an alphabet of 66. This is the shortest
/// that is worth 128 bits (66 to the 22nd is more than 2 to the 132nd), since nobody ever types or reads it.
pub const LENGTH: u32 = 22;

/// A time on the clock of the user who signs in, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year, such as 2026.
    pub year: u32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
    /// The hour, from 0.
    pub hour: u32,
    /// The minute.
    pub minute: u32,
}

/// Letters and digits that are not mistaken for each other.
const TAIL: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
const TAIL_LENGTH: u32 = 4;

/// Returns a name such as "console session 2026-11-25 14:03 k7x2".
///
/// `random` is in 0..1 and becomes the tail. Names are unique per owner, and a user may sign in from two places within
/// a minute. Thanks to the tail, a name that is already taken was taken by this sign-in itself, with a request that the
/// browser repeated, and never by another session, which would then end together with this one.
pub fn name(moment: Moment, random: f64) -> String {
    let Moment { year, month, day, hour, minute } = moment;
    let base = TAIL.len() as u32;
    let mut number = (random.clamp(0.0, 1.0) * f64::from(base.pow(TAIL_LENGTH) - 1)) as u32;
    let mut tail = String::new();
    for _ in 0..TAIL_LENGTH {
        tail.push(char::from(TAIL[(number % base) as usize]));
        number /= base;
    }
    format!("{PREFIX}{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} {tail}")
}

/// Whether a token of this name may be a console session token. One that was renamed belongs to its user.
pub fn is_console_name(name: &str) -> bool {
    name.starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const THEN: Moment = Moment { year: 2026, month: 11, day: 5, hour: 4, minute: 3 };

    #[test]
    fn it_says_what_it_is_and_when_it_was_made() {
        assert_eq!(name(THEN, 0.0), "console session 2026-11-05 04:03 2222");
        assert_eq!(name(THEN, 1.0), "console session 2026-11-05 04:03 zzzz");
        assert!(is_console_name(&name(THEN, 0.5)));
        assert!(!is_console_name("console sessions") && !is_console_name("my console session 1"));
    }

    #[test]
    fn a_tail_tells_two_sign_ins_of_one_minute_apart() {
        let names: std::collections::HashSet<_> =
            (0..1000).map(|step| name(THEN, f64::from(step) / 1000.0)).collect();
        assert_eq!(names.len(), 1000);
    }

    proptest! {
        #[test]
        fn any_number_makes_a_name_of_one_length(random in any::<f64>()) {
            prop_assert_eq!(name(THEN, random).len(), "console session 2026-11-05 04:03 2222".len());
        }
    }
}
