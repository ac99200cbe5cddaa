//! The sentences about a file before it is saved. `count` writes numbers in the user's language.

/// Returns which tokens the file will contain.
pub fn contents(matches: usize, count: fn(usize) -> String) -> String {
    match matches {
        1 => "The 1 token that the list shows".to_owned(),
        n => format!("The {} tokens that the list shows, on all its pages and in its order", count(n)),
    }
}

/// The text shown while the missing details are read.
pub const READING: &str = "Reading the missing details.";

/// Returns what is missing in the file until the user has it read.
pub fn missing(number: usize, count: fn(usize) -> String) -> String {
    let (these, each) = if number == 1 { ("this one", "") } else { ("these", " each") };
    format!(
        "The details of {} of them are not known yet: of {these} the file has ID and name only. Reading them costs a \
         request{each}.",
        count(number)
    )
}

/// Returns what the file lacks for good, since the server refuses it.
pub fn refused(number: usize, count: fn(usize) -> String) -> String {
    let these = if number == 1 { "this one" } else { "these" };
    format!(
        "The server does not tell you the details of {} of them: of {these} the file has ID and name only.",
        count(number)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: usize) -> String {
        number.to_string()
    }

    #[test]
    fn what_the_file_has_is_said() {
        assert_eq!(contents(1, number), "The 1 token that the list shows");
        assert!(contents(30, number).starts_with("The 30 tokens that the list shows, on all"));
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(
            missing(1, number),
            "The details of 1 of them are not known yet: of this one the file has ID and name only. Reading them costs \
             a request."
        );
        assert!(missing(30, number).starts_with("The details of 30 of them"));
        assert!(
            missing(30, number)
                .ends_with("of these the file has ID and name only. Reading them costs a request each.")
        );
        assert!(refused(1, number).ends_with("of 1 of them: of this one the file has ID and name only."));
    }
}
