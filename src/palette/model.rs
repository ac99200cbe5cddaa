//! What the command menu offers. Pure.

use crate::{
    api::{TokenId, parse_id},
    routes::Route,
    theme::Theme,
    tokens::model::{
        catalogue::{
            fold::{Words, fold},
            pasted::is_like_a_secret,
            query::{Created, LastUsed, Period, Query, Sort, Status},
            rows::{Catalogue, Row},
        },
        name::{BLANK, is_blank, shortened},
    },
};

/// The most tokens that are offered: the list shows more.
pub const MOST_TOKENS: usize = 8;

/// Why the list cannot be searched for what was typed.
const LIKE_A_SECRET: &str = "This looks like a secret. You can search by name and ID only.";

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Goes to a route.
    Go(Route),
    /// Changes the theme.
    Theme(Theme),
    /// Shows the keyboard shortcuts.
    Shortcuts,
    /// Signs out.
    SignOut,
}

/// A group of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Tokens that were found.
    Tokens,
    /// Screens.
    Go,
    /// The list, filtered.
    Show,
    /// Everything else.
    Console,
    /// The list, searched.
    List,
}

impl Group {
    /// Returns the group's heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Go => "Go to",
            Self::Show => "Show",
            Self::Console => "Console",
            Self::List => "In the list",
        }
    }
}

/// An entry of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The group that the entry belongs to.
    pub group: Group,
    /// The command, or the token's name.
    pub label: String,
    /// What distinguishes it from others, such as a token's ID.
    pub note: String,
    /// What it does.
    pub command: Command,
    /// Why the entry cannot be chosen; `None` if it can.
    pub blocked: Option<String>,
}

/// What decides which commands are offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Whether a user is signed in.
    pub is_signed_in: bool,
    /// Why no token can be created; `None` if one can.
    pub creation_blocked: Option<String>,
    /// The current theme.
    pub theme: Theme,
    /// Whether single-key shortcuts are on, so that they are worth showing.
    pub has_single_keys: bool,
    /// Whether the list is on the screen, which has shortcuts of its own.
    pub is_at_list: bool,
}

fn entry(group: Group, label: &str, note: &str, command: Command) -> Entry {
    Entry { group, label: label.to_owned(), note: note.to_owned(), command, blocked: None }
}

/// Returns all commands, in the order of the menu.
pub fn commands(situation: &Situation) -> Vec<Entry> {
    let mut commands = Vec::new();
    let key = |key| if situation.has_single_keys { key } else { "" };
    if situation.is_signed_in {
        let new_token_key = if situation.is_at_list { key("n") } else { "" };
        let show = |label, query| entry(Group::Show, label, "", Command::Go(Route::Tokens(query)));
        let newest = Sort { descending: true, ..Sort::default() };
        commands.extend([
            entry(Group::Go, "All tokens", "", Command::Go(Route::HOME)),
            Entry {
                blocked: situation.creation_blocked.clone(),
                ..entry(Group::Go, "New token", new_token_key, Command::Go(Route::NewToken))
            },
            show("Newest tokens", Query { sort: newest, ..Query::DEFAULT }),
            show("Enabled tokens", Query { status: Status::Enabled, ..Query::DEFAULT }),
            show("Disabled tokens", Query { status: Status::Disabled, ..Query::DEFAULT }),
            show("Tokens never used", Query { last_used: LastUsed::Never, ..Query::DEFAULT }),
            show(
                "Tokens not used for 90 days",
                Query { last_used: LastUsed::NotFor(Period::Quarter), ..Query::DEFAULT },
            ),
            show(
                "Tokens older than a year",
                Query { created: Created::Before(Period::Year), ..Query::DEFAULT },
            ),
        ]);
    } else {
        commands.push(entry(Group::Go, "Sign in", "", Command::Go(Route::SignIn { next: None })));
    }
    commands.extend(Theme::ALL.into_iter().filter(|theme| *theme != situation.theme).map(|theme| {
        entry(Group::Console, &format!("Theme: {}", theme.label().to_lowercase()), "", Command::Theme(theme))
    }));
    commands.push(entry(Group::Console, "Keyboard shortcuts", key("?"), Command::Shortcuts));
    if situation.is_signed_in {
        commands.push(entry(Group::Console, "Sign out", "", Command::SignOut));
    }
    commands
}

/// Returns the entries for the input: tokens first, since names are what users type; then commands; finally the list,
/// which shows all matches. Without input, all commands.
pub fn offers(
    typed: &str,
    situation: &Situation,
    catalogue: &Catalogue,
    platform: impl Fn(&str) -> String,
) -> Vec<Entry> {
    let typed = typed.trim();
    let words = Words::new(typed, &platform);
    if words.is_empty() {
        return commands(situation);
    }
    let mut offers = Vec::new();
    if situation.is_signed_in {
        let folded = fold(typed, &platform);
        offers.extend(tokens(&words, &folded, catalogue).into_iter().map(token));
        offers.extend(by_number(typed, catalogue));
    }
    let is_meant = |command: &Entry| {
        words.match_text(&fold(&format!("{} {}", command.group.label(), command.label), &platform))
    };
    offers.extend(commands(situation).into_iter().filter(is_meant));
    if situation.is_signed_in {
        let query = Query { text: typed.to_owned(), ..Query::DEFAULT };
        let label = format!("Search the list for “{}”", shortened(typed));
        // The list would be asked by its address, which never has a secret (`Query`).
        let blocked = is_like_a_secret(typed).then(|| LIKE_A_SECRET.to_owned());
        offers.push(Entry { blocked, ..entry(Group::List, &label, "", Command::Go(Route::Tokens(query))) });
    }
    offers
}

/// Returns the best matches: first the exact name or ID, then names that begin with the input, then the rest, each by
/// name.
fn tokens<'a>(words: &Words, folded: &str, catalogue: &'a Catalogue) -> Vec<&'a Row> {
    // IDs are compared as numbers: each keystroke looks at all rows, and formatting every ID would be slow.
    let number = parse_id(folded).filter(|id| id.to_string() == folded);
    let rank = |row: &Row| {
        let key = row.key();
        match () {
            () if key == folded || Some(row.id) == number => 0,
            () if key.starts_with(folded) => 1,
            () => 2,
        }
    };
    let mut best: Vec<(u8, &Row)> = Vec::with_capacity(MOST_TOKENS + 1);
    for row in catalogue.rows().iter().filter(|row| words.match_row(row.key(), row.id)) {
        let ranked = (rank(row), row);
        let place = best.partition_point(|(rank, other)| {
            (*rank, other.key(), other.id) < (ranked.0, ranked.1.key(), ranked.1.id)
        });
        if place < MOST_TOKENS {
            best.insert(place, ranked);
            best.truncate(MOST_TOKENS);
        }
    }
    best.into_iter().map(|(_, row)| row).collect()
}

fn token(row: &Row) -> Entry {
    let name = if is_blank(&row.name) { BLANK.to_owned() } else { shortened(&row.name) };
    entry(Group::Tokens, &name, &format!("ID {}", row.id), Command::Go(Route::Token(row.id)))
}

/// Returns an entry that opens any token by its ID, as not every server lists every token. The list of one owner says
/// nothing about other owners' tokens.
fn by_number(typed: &str, catalogue: &Catalogue) -> Option<Entry> {
    let id: TokenId = parse_id(typed).filter(|id| catalogue.get(*id).is_none())?;
    let note = if catalogue.owner().is_some() { "not in this owner's list" } else { "not in the list" };
    Some(entry(Group::Tokens, &format!("Open the token with ID {id}"), note, Command::Go(Route::Token(id))))
}

/// Returns the position after an arrow key, wrapping around at the ends; `None` if there are no entries.
pub fn step(at: usize, forward: bool, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match forward {
        true if at >= last => 0,
        true => at + 1,
        false if at == 0 => last,
        false => at.min(count) - 1,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{api::TokenSummary, tokens::model::catalogue::fold::tests::platform};

    fn catalogue(names: &[(TokenId, &str)]) -> Catalogue {
        let mut catalogue = Catalogue::new(None);
        let rows = names.iter().map(|(id, name)| TokenSummary { id: *id, name: (*name).into() }).collect();
        catalogue.merge(rows, platform);
        catalogue
    }

    fn signed_in() -> Situation {
        Situation { is_signed_in: true, has_single_keys: true, is_at_list: true, ..Situation::default() }
    }

    fn labels(typed: &str, catalogue: &Catalogue) -> Vec<String> {
        offers(typed, &signed_in(), catalogue, platform).into_iter().map(|entry| entry.label).collect()
    }

    #[test]
    fn without_a_word_there_are_all_commands() {
        let empty = catalogue(&[(1, "ci")]);
        assert_eq!(offers("  ", &signed_in(), &empty, platform), commands(&signed_in()));
    }

    #[test]
    fn keys_that_are_off_are_not_said() {
        let notes = |situation: &Situation| -> Vec<String> {
            commands(situation).into_iter().map(|entry| entry.note).filter(|note| !note.is_empty()).collect()
        };
        assert_eq!(notes(&signed_in()), ["n", "?"]);
        assert_eq!(notes(&Situation { is_at_list: false, ..signed_in() }), ["?"]);
        assert_eq!(notes(&Situation { has_single_keys: false, ..signed_in() }), [""; 0]);
    }

    #[test]
    fn the_list_is_not_searched_for_a_secret() {
        let none = catalogue(&[]);
        let blocked = |typed| {
            let offers = offers(typed, &signed_in(), &none, platform);
            offers.last().map(|entry| entry.blocked.as_deref() == Some(LIKE_A_SECRET))
        };
        assert_eq!(blocked("ci"), Some(false));
        assert_eq!(blocked("X-API-TOKEN: R3dRbnVYHjE0sQyq1XcT8oWm"), Some(true));
    }

    /// A name neither displaces the ID beside it nor fills the menu.
    #[test]
    fn tokens_are_called_as_in_sentences() {
        let long = format!("ci{}", "-".repeat(10_000));
        let tokens =
            catalogue(&[(1, "ci\u{202e}"), (2, &long), (3, "ci\u{200b}\u{feff}"), (4, "\u{200b}\u{feff}")]);
        assert!(labels("ci", &tokens).contains(&"\u{2068}ci\u{202e}\u{2069}".to_owned()));
        assert!(labels("ci", &tokens).iter().all(|label| label.chars().count() <= 102));
        assert_eq!(labels("4", &tokens)[0], "(blank name)");
    }

    #[test]
    fn the_very_name_comes_first_then_its_beginnings() {
        let tokens = catalogue(&[(1, "my ci"), (2, "ci-two"), (3, "CI"), (4, "ci-one"), (5, "other")]);
        assert_eq!(labels("ci", &tokens), ["CI", "ci-one", "ci-two", "my ci", "Search the list for “ci”"]);
    }

    #[test]
    fn a_number_finds_its_token_listed_or_not() {
        let tokens = catalogue(&[(7, "seven"), (17, "x")]);
        assert_eq!(labels("7", &tokens), ["seven", "x", "Search the list for “7”"]);
        assert_eq!(labels("8", &tokens), ["Open the token with ID 8", "Search the list for “8”"]);
    }

    /// The list may have been read for one owner only, because of the filter.
    #[test]
    fn a_number_that_a_filter_may_hide_is_not_said_to_be_missing() {
        let note = |catalogue: &Catalogue| {
            let offers = offers("8", &signed_in(), catalogue, platform);
            offers.first().map(|entry| entry.note.clone()).unwrap_or_default()
        };
        assert_eq!(note(&catalogue(&[])), "not in the list");
        assert_eq!(note(&Catalogue::new(Some(3))), "not in this owner's list");
    }

    #[test]
    fn commands_are_found_by_any_of_their_words() {
        let none = catalogue(&[]);
        assert_eq!(labels("dark", &none), ["Theme: dark", "Search the list for “dark”"]);
        assert_eq!(labels("token new", &none)[0], "New token");
        assert_eq!(labels("sign out", &none), ["Sign out", "Search the list for “sign out”"]);
    }

    #[test]
    fn who_is_not_signed_in_is_offered_no_token() {
        let tokens = catalogue(&[(1, "theme")]);
        let offered = offers("theme", &Situation::default(), &tokens, platform);
        assert!(offered.iter().all(|entry| matches!(entry.command, Command::Theme(_))), "{offered:?}");
    }

    #[test]
    fn a_new_token_that_is_not_allowed_says_why() {
        let situation = Situation { creation_blocked: Some("No.".into()), ..signed_in() };
        let new = commands(&situation).into_iter().find(|entry| entry.label == "New token");
        assert_eq!(new.and_then(|entry| entry.blocked).as_deref(), Some("No."));
    }

    proptest! {
        #[test]
        fn tokens_are_the_best_of_all_that_match(
            names in prop::collection::vec("[abC é]{0,6}", 0..60),
            typed in "[abcÉ ]{1,4}",
        ) {
            let names: Vec<(TokenId, &str)> = (1..).zip(names.iter().map(String::as_str)).collect();
            let catalogue = catalogue(&names);
            let words = Words::new(&typed, platform);
            let folded = fold(typed.trim(), platform);
            let found: Vec<TokenId> = tokens(&words, &folded, &catalogue).iter().map(|row| row.id).collect();
            let mut all: Vec<&Row> =
                catalogue.rows().iter().filter(|row| words.match_row(row.key(), row.id)).collect();
            all.sort_by_key(|row| {
                (row.key() != folded, !row.key().starts_with(folded.as_str()), row.key().to_owned(), row.id)
            });
            let wanted: Vec<TokenId> = all.iter().take(MOST_TOKENS).map(|row| row.id).collect();
            prop_assert_eq!(found, wanted);
        }

        #[test]
        fn steps_stay_inside(at in 0usize..20, forward: bool, count in 0usize..10) {
            match step(at, forward, count) {
                Some(next) => prop_assert!(next < count),
                None => prop_assert_eq!(count, 0),
            }
        }
    }
}
