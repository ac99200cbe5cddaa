//! Names as shown to people: which ones show nothing, and how to put one into a sentence.
//!
//! A name may be anything (API.md): ten thousand characters, right-to-left letters, or characters that reorder the
//! text after them. Where the exact characters matter (the table, fields, exports, patches, search) the name stays as
//! it is; sentences use the functions of this module.

use crate::api::TokenId;

/// The longest name that a sentence shows in full, in characters, and how many characters of a longer one it shows
/// from the beginning (`HEAD`) and from the end (`TAIL`).
const MOST: usize = 100;
const HEAD: usize = 60;
const TAIL: usize = 39;

/// First strong isolate, which begins a piece of text with a direction of its own, and the character that ends it.
const FSI: char = '\u{2068}';
const PDI: char = '\u{2069}';

/// The text that lists show in place of a blank name.
pub const BLANK: &str = "(blank name)";

/// Whether a name shows nothing. `web/first_page.js` decides the same for the first rows.
pub fn is_blank(name: &str) -> bool {
    name.chars().all(is_invisible)
}

/// White space, control characters, and everything that Unicode renders as nothing: `Default_Ignorable_Code_Point` of
/// DerivedCoreProperties.txt (Unicode 17), and further characters without a shape, which are the interlinear
/// annotation marks and the blank Braille pattern.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Returns a name for use in a sentence, isolated so that the text around it keeps its place whatever the name
/// contains. A name that cannot reorder text is returned unchanged, without any invisible character added.
pub fn isolated(name: &str) -> String {
    if !name.contains(turns_around) {
        return name.to_owned();
    }
    let mut text = String::from(FSI);
    let mut open = 0_usize;
    for c in name.chars() {
        match c {
            // It would end the isolate that this function began.
            PDI if open == 0 => continue,
            PDI => open -= 1,
            '\u{2066}'..=FSI => open += 1,
            _ => {}
        }
        // The end of a paragraph ends everything that was opened in it.
        text.push(if is_paragraph_end(c) { ' ' } else { c });
    }
    // Closes the isolates that the name left open; embeddings and overrides end with what is around them (UAX #9, X6a).
    text.extend(std::iter::repeat_n(PDI, open + 1));
    text
}

/// Returns the same with the middle of a very long name cut out, for a sentence that also has the token's ID, which
/// tells tokens apart.
pub fn shortened(name: &str) -> String {
    match cut(name) {
        Some(cut) => isolated(&cut),
        None => isolated(name),
    }
}

/// Whether [`shortened`] cuts the name.
fn is_long(name: &str) -> bool {
    name.chars().nth(MOST).is_some()
}

fn cut(name: &str) -> Option<String> {
    if !is_long(name) {
        return None;
    }
    let place = |(place, _)| place;
    let head = name.char_indices().nth(HEAD).map_or(name.len(), place);
    let tail = name.char_indices().nth_back(TAIL - 1).map_or(0, place);
    Some(format!("{}…{}", name.get(..head)?, name.get(tail..)?))
}

/// Whether a character may reorder the text beside it: it belongs to a right-to-left script (the blocks that UAX #9
/// and DerivedBidiClass.txt reserve for those), controls the direction, or ends a paragraph.
const fn turns_around(c: char) -> bool {
    is_paragraph_end(c)
        || matches!(
            c,
            '\u{590}'..='\u{8FF}'
                | '\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
                | '\u{FB1D}'..='\u{FDFF}'
                | '\u{FE70}'..='\u{FEFE}'
                | '\u{10800}'..='\u{10FFF}'
                | '\u{1E800}'..='\u{1EFFF}'
        )
}

/// The bidirectional class `B` of UAX #9.
const fn is_paragraph_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2029}')
}

/// Returns what a token is called in a sentence, or by a control without its ID beside it: the ID alone if the name is
/// blank, name and ID if the name is too long to be said in full.
pub fn called(name: &str, id: TokenId) -> String {
    match () {
        () if is_blank(name) => format!("token {id}"),
        () if is_long(name) => subject(name, id),
        () => isolated(name),
    }
}

/// Returns what messages and the activity list call a token; names are unique per owner only.
pub fn subject(name: &str, id: TokenId) -> String {
    format!("{} (ID {id})", shown(name))
}

/// Returns a name as shown beside its token's ID.
pub fn shown(name: &str) -> String {
    if is_blank(name) { BLANK.to_owned() } else { shortened(name) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["ci", "alice-token-01", " my  ci ", "日本語", "Zoë’s 🔑", "a\u{200e}b", "n\u{301}", ""]
        {
            assert_eq!(isolated(name), name);
            assert_eq!(shortened(name), name);
        }
    }

    #[test]
    fn letters_from_right_to_left_have_a_direction_of_their_own() {
        assert_eq!(isolated("גיבוי"), "\u{2068}גיבוי\u{2069}");
        assert_eq!(isolated("نسخ 2"), "\u{2068}نسخ 2\u{2069}");
    }

    #[test]
    fn what_steers_the_direction_ends_with_the_name() {
        assert_eq!(isolated("x\u{202e}"), "\u{2068}x\u{202e}\u{2069}");
        assert_eq!(isolated("x\u{2069}\u{202e}"), "\u{2068}x\u{202e}\u{2069}");
        assert_eq!(isolated("\u{2067}x"), "\u{2068}\u{2067}x\u{2069}\u{2069}");
        assert_eq!(isolated("\u{2067}x\u{2069}\u{2069}"), "\u{2068}\u{2067}x\u{2069}\u{2069}");
        assert_eq!(isolated("x\u{2029}\u{202e}y"), "\u{2068}x \u{202e}y\u{2069}");
    }

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let name = format!("begin{}end", "-".repeat(10_000));
        assert!(is_long(&name));
        let short = shortened(&name);
        assert_eq!(short.chars().count(), MOST);
        assert!(short.starts_with("begin-") && short.contains("-…-") && short.ends_with("-end"));
        let most = "ü".repeat(MOST);
        assert_eq!((shortened(&most), is_long(&most)), (most.clone(), false));
        assert_eq!(isolated(&name), name);
    }

    #[test]
    fn what_shows_nothing_is_blank() {
        for name in [
            "",
            "  ",
            "\u{a0}\t\n",
            "\u{200b}\u{2060}\u{feff}",
            "\u{ad}\u{115f}\u{3164}\u{2800}",
            "\u{e0041}\u{0}",
        ] {
            assert!(is_blank(name), "{name:?}");
        }
        for name in ["x", "\u{200b}x\u{200b}", "日", "٠", "\u{600}", "\u{301}", "\u{fffd}", "🔑\u{fe0f}"]
        {
            assert!(!is_blank(name), "{name:?}");
        }
    }

    #[test]
    fn whatever_it_is_named_a_token_is_told_from_others() {
        assert_eq!((called("ci", 5), subject("ci", 5)), ("ci".to_owned(), "ci (ID 5)".to_owned()));
        assert_eq!(
            (called("\u{200b}", 5), subject(" ", 5)),
            ("token 5".to_owned(), "(blank name) (ID 5)".to_owned())
        );
        assert_eq!(subject("x\u{202e}", 51), "\u{2068}x\u{202e}\u{2069} (ID 51)");
        let (one, other) = (format!("a{}z", "x".repeat(10_000)), format!("a{}z", "y".repeat(10_000)));
        assert!(called(&one, 5).ends_with("…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz (ID 5)"));
        assert_ne!(called(&one, 5), called(&other, 6));
    }

    /// Any name, with a preference for characters that may do harm in a sentence.
    fn any_name() -> impl Strategy<Value = String> {
        let harm = prop::sample::select(
            "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{2029}\n\u{1c}אب٣x1 ("
                .chars()
                .collect::<Vec<_>>(),
        );
        let some = prop::collection::vec(prop_oneof![4 => harm, 1 => any::<char>()], 0..20);
        prop_oneof![some.prop_map(String::from_iter), ".*"]
    }

    /// Returns where the isolate ends that the text begins with (UAX #9, BD9): within a paragraph, only its own PDI
    /// ends it.
    fn end_of_isolate(text: &str) -> Option<usize> {
        let mut depth = 0;
        for (place, c) in text.char_indices() {
            match c {
                '\u{2066}'..='\u{2068}' => depth += 1,
                '\u{2069}' => depth -= 1,
                c if is_paragraph_end(c) => return None,
                _ => {}
            }
            if depth == 0 {
                return Some(place);
            }
        }
        None
    }

    proptest! {
        #[test]
        fn nothing_in_a_name_moves_what_stands_around_it(name in any_name()) {
            for text in [isolated(&name), shortened(&name)] {
                if text.contains(turns_around) {
                    prop_assert!(text.starts_with(FSI));
                    prop_assert_eq!(end_of_isolate(&text), Some(text.len() - PDI.len_utf8()));
                }
            }
            if !name.contains(turns_around) {
                prop_assert_eq!(isolated(&name), name);
            }
        }

        #[test]
        fn only_what_steers_is_changed(name in any_name()) {
            let visible = |text: &str| -> String { text.chars().filter(|c| !is_invisible(*c)).collect() };
            prop_assert_eq!(visible(&isolated(&name)), visible(&name));
        }

        #[test]
        fn no_sentence_has_a_very_long_name(name in "\\PC{0,300}") {
            prop_assert!(!is_long(&cut(&name).unwrap_or_default()));
            prop_assert_eq!(cut(&name).is_some(), is_long(&name));
        }

        #[test]
        fn letters_and_digits_are_seen(name in ".*", letter in "[a-zא-ת٠-٩一-龥]") {
            prop_assert!(!is_blank(&(name + &letter)));
        }
    }
}
