//! The sentences about a file before it is saved. `count` writes numbers in the user's language.

/// Said if the list has no token.
pub const NOTHING: &str = "There is nothing to export.";

/// Said if the list is still being loaded, or could not be loaded to its end.
pub const PARTIAL: &str = "The list is not completely loaded: the file has only the tokens loaded so far.";

/// Said when the missing details have been read.
pub const ALL_READ: &str = "The missing details are loaded.";

/// Returns which tokens the file will contain, and what of them.
pub fn contents(matches: usize, count: fn(usize) -> String) -> String {
    let tokens = match matches {
        0 => return NOTHING.to_owned(),
        1 => "The 1 token in the list".to_owned(),
        n => format!("The {} tokens in the list (all pages, in this order)", count(n)),
    };
    format!("{tokens}, with ID, name, owner, status and dates. Secrets are never included.")
}

/// Returns for how many tokens it is not known whether the filters match.
pub fn undecided(number: usize, count: fn(usize) -> String) -> String {
    let (verb, them) = if number == 1 { ("matches", "it") } else { ("match", "them") };
    format!("Whether {} more {verb} the filters is not known: the file does not have {them}.", count(number))
}

/// The text shown while the missing details are read.
pub const READING: &str = "Loading the missing details.";

/// Returns what is missing in the file until the user has it read.
pub fn missing(number: usize, count: fn(usize) -> String) -> String {
    let (facts, each) = if number == 1 { ("its ID and name", "") } else { ("their IDs and names", " each") };
    format!(
        "The details of {} of them are not loaded yet: the file has only {facts}. Loading takes \
         one request{each}.",
        count(number)
    )
}

/// Returns what the file lacks for good, since the server refuses it.
pub fn refused(number: usize, count: fn(usize) -> String) -> String {
    let facts = if number == 1 { "its ID and name" } else { "their IDs and names" };
    format!(
        "The server does not show you the details of {} of them: the file has only {facts}.",
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
        assert_eq!(contents(0, number), NOTHING);
        assert!(contents(1, number).starts_with("The 1 token in the list, with ID"));
        assert!(contents(30, number).starts_with("The 30 tokens in the list (all pages"));
    }

    #[test]
    fn what_may_match_is_said() {
        assert_eq!(
            undecided(1, number),
            "Whether 1 more matches the filters is not known: the file does not have it."
        );
        assert!(undecided(30, number).starts_with("Whether 30 more match the filters"));
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(
            missing(1, number),
            "The details of 1 of them are not loaded yet: the file has only its ID and name. Loading takes \
             one request."
        );
        assert!(missing(30, number).starts_with("The details of 30 of them"));
        assert!(
            missing(30, number)
                .ends_with("the file has only their IDs and names. Loading takes one request each.")
        );
        assert!(refused(1, number).ends_with("of 1 of them: the file has only its ID and name."));
    }
}
