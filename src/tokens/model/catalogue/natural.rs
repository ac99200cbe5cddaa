//! Natural sorting of names: `token-2` before `token-10`.

/// Appends a sort key for `text` to `key`. Keys compared byte by byte order the texts with the numbers in them
/// compared as numbers. A number is written as the digit `0`, which keeps it among the digits, the count of its
/// digits without leading zeros, and these digits. Texts that differ only in leading zeros have the same key.
pub fn push_key(text: &str, key: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if !first.is_ascii_digit() {
            key.push(first);
            rest = after;
            continue;
        }
        let length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let zeros = number.iter().take_while(|b| **b == b'0').count();
        let significant = number.get(zeros..).unwrap_or_default();
        key.push(b'0');
        key.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
        key.extend_from_slice(significant);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> Vec<u8> {
        let mut key = Vec::new();
        push_key(text, &mut key);
        key
    }

    #[test]
    fn numbers_are_numbers() {
        let sorted = [
            "",
            "-1",
            "0",
            "1",
            "2a",
            "10",
            "token",
            "token-2",
            "token-002b",
            "token-10",
            "token-10-9",
            "token-10-10",
            "tokens",
            "ä",
        ];
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
        assert_eq!(key("a01"), key("a1"));
    }

    proptest! {
        #[test]
        fn plain_numbers_compare_as_numbers(a: u128, b: u128, zeros in "0{0,3}") {
            prop_assert_eq!(key(&format!("{zeros}{a}")).cmp(&key(&b.to_string())), a.cmp(&b));
        }

        #[test]
        fn without_digits_it_is_the_usual_order(a in "[^0-9]*", b in "[^0-9]*") {
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
        }
    }
}
