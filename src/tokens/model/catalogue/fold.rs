//! Text folded for searching: without case and without diacritics.
//!
//! The Unicode tables are those of the platform. Functions that fold take a `platform` that does what
//! `text.normalize("NFD").toLowerCase()` does in JavaScript; it is never called for ASCII.

use std::ops::Range;

use crate::{api::TokenId, tokens::model::order::sorted};

/// Folds `text`: lower case, letters without the marks that Unicode can separate from them, and a single form of
/// sigma. The result may have another length.
pub fn fold(text: &str, platform: impl Fn(&str) -> String) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    push_folded(&platform(text), &mut folded);
    folded
}

/// Folds several texts with a single call of the platform, since calling it takes longer than its work.
pub fn fold_all<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
    platform: impl Fn(&str) -> String,
) -> Vec<String> {
    let together = |text: &str| !text.is_ascii() && !text.contains(SEPARATOR);
    let mut joined = String::new();
    for text in texts.clone().filter(|text| together(text)) {
        joined.push_str(text);
        joined.push(SEPARATOR);
    }
    let decomposed = if joined.is_empty() { joined } else { platform(&joined) };
    let mut decomposed = decomposed.split(SEPARATOR);
    let mut folded = |text: &str| {
        if !together(text) {
            return fold(text, &platform);
        }
        let mut folded = String::with_capacity(text.len());
        push_folded(decomposed.next().unwrap_or_default(), &mut folded);
        folded
    };
    texts.map(&mut folded).collect()
}

/// The separator of texts that are folded together. It is not a letter and composes with nothing, so the characters
/// beside it behave as at the beginning and the end of a text.
const SEPARATOR: char = '\u{1f}';

fn push_folded(decomposed: &str, folded: &mut String) {
    folded.extend(decomposed.chars().filter(|c| !is_mark(*c)).map(|c| if c == 'ς' { 'σ' } else { c }));
}

/// Whether a character is in the blocks of combining diacritical marks. Other combining characters stay: the vowel
/// signs of many scripts are among them, and those who read these scripts see letters in them.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// The words of a search, each of which must occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Splits a typed text into folded words.
    pub fn new(text: &str, platform: impl Fn(&str) -> String) -> Self {
        Self(fold(text, platform).split_whitespace().map(str::to_owned).collect())
    }

    /// Whether there are no words, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word occurs in the folded name or in the digits of the ID.
    pub fn match_row(&self, folded_name: &str, id: TokenId) -> bool {
        self.0.iter().all(|word| {
            folded_name.contains(word)
                || (word.bytes().all(|b| b.is_ascii_digit()) && Digits::of(id).have(word))
        })
    }

    /// Whether every word occurs in the folded text.
    pub fn match_text(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word))
    }

    /// Whether everything that these words match is matched by `others` too. A search that is typed on then looks
    /// only at the previous matches.
    pub fn narrow(&self, others: &Self) -> bool {
        others.0.iter().all(|other| self.0.iter().any(|word| word.contains(other)))
    }

    /// Returns where the words occur in `text`, which is not folded: byte ranges in ascending order that do not
    /// touch, each of whole characters with their combining marks.
    pub fn marks(&self, text: &str, platform: impl Fn(&str) -> String) -> Vec<Range<usize>> {
        if self.is_empty() {
            return Vec::new();
        }
        let mapped = Mapped::new(text, platform);
        let found: Vec<_> = self
            .0
            .iter()
            .flat_map(|word| mapped.folded.match_indices(word).map(|(at, word)| at..at + word.len()))
            .map(|range| mapped.original(&range))
            .collect();
        let mut marks: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in sorted(found, |a, b| (a.start, a.end).cmp(&(b.start, b.end))) {
            match marks.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => marks.push(range),
            }
        }
        marks
    }
}

/// The decimal digits of an ID. It allocates no string, since every keystroke looks at all IDs.
struct Digits {
    buffer: [u8; 20],
    begin: usize,
}

impl Digits {
    fn of(id: TokenId) -> Self {
        let mut digits = Self { buffer: [0; 20], begin: 20 };
        let mut rest = id.unsigned_abs();
        loop {
            digits.begin -= 1;
            digits.buffer[digits.begin] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                return digits;
            }
        }
    }

    fn have(&self, word: &str) -> bool {
        let digits = self.buffer.get(self.begin..).unwrap_or_default();
        !word.is_empty() && digits.windows(word.len()).any(|part| part == word.as_bytes())
    }
}

/// A text folded character by character, with a map back to the original.
struct Mapped {
    folded: String,
    /// The positions where characters begin, in the folded text and in the original. A character that folds to
    /// nothing belongs to the one before it.
    begins: Vec<(usize, usize)>,
    /// The length of the original.
    length: usize,
}

impl Mapped {
    fn new(text: &str, platform: impl Fn(&str) -> String) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut begins = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            let begin = folded.len();
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase());
            } else {
                push_folded(&platform(c.encode_utf8(&mut [0; 4])), &mut folded);
            }
            if folded.len() > begin {
                begins.push((begin, at));
            }
        }
        Self { folded, begins, length: text.len() }
    }

    /// Returns the range of the original that a range of the folded text comes from.
    fn original(&self, range: &Range<usize>) -> Range<usize> {
        let first_after = self.begins.partition_point(|(folded, _)| *folded <= range.start);
        let next = self.begins.partition_point(|(folded, _)| *folded < range.end);
        let at = |index: usize| self.begins.get(index).map_or(self.length, |(_, original)| *original);
        at(first_after.saturating_sub(1))..at(next)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// Does what the browser does.
    pub fn platform(text: &str) -> String {
        text.nfd().collect::<String>().to_lowercase()
    }

    fn words(text: &str) -> Words {
        Words::new(text, platform)
    }

    fn marked<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        words(query).marks(text, platform).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn case_and_diacritics_do_not_matter() {
        for (text, folded) in [
            ("CI-Token", "ci-token"),
            ("Größe", "große"),
            ("Crème Brûlée", "creme brulee"),
            ("cafe\u{301}", "cafe"),
            ("İstanbul", "istanbul"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("日本語", "日本語"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(fold(text, platform), folded);
        }
    }

    #[test]
    fn every_word_must_match_in_name_or_id() {
        let name = fold("Alice: Déploiement", platform);
        for query in ["", "  ", "deploi ALICE", "éploi", "42", "alice 14", ":"] {
            assert!(words(query).match_row(&name, 1423), "{query}");
        }
        for query in ["alice bob", "43", "alice 9", "-"] {
            assert!(!words(query).match_row(&name, 1423), "{query}");
        }
    }

    #[test]
    fn the_digits_of_any_id_are_found() {
        for id in [0, 7, 10, 1_423, TokenId::MAX, -15, TokenId::MIN] {
            let text = id.unsigned_abs().to_string();
            for begin in 0..text.len() {
                for end in begin + 1..=text.len() {
                    assert!(words(&text[begin..end]).match_row("", id), "{} in {id}", &text[begin..end]);
                }
            }
            assert!(!words(&format!("{text}0")).match_row("", id));
        }
    }

    #[test]
    fn longer_searches_find_less() {
        assert!(words("token-1").narrow(&words("tok")));
        assert!(words("alice tok").narrow(&words("tok")));
        assert!(words("a").narrow(&words("")));
        assert!(!words("tok").narrow(&words("token")));
        assert!(!words("tok").narrow(&words("tok alice")));
    }

    #[test]
    fn marks_are_whole_characters_of_the_original() {
        assert_eq!(marked("ble", "Éblé-blé"), ["blé", "blé"]);
        // One character folds to two, another to nothing.
        assert_eq!(marked("i", "İx"), ["İ"]);
        assert_eq!(marked("e", "cafe\u{301}s"), ["e\u{301}"]);
        assert_eq!(marked("\u{1112}", "한글"), ["한"]);
        assert_eq!(marked("ab bc", "xABCx"), ["ABC"]);
        assert_eq!(marked("a b", "ab"), ["ab"]);
        assert_eq!(marked("none", "ab"), [""; 0]);
        assert_eq!(marked("", "ab"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_folded_and_marked(text in ".*", query in ".*") {
            let words = words(&query);
            words.match_row(&fold(&text, platform), 1);
            let mut end = None;
            for range in words.marks(&text, platform) {
                prop_assert!(text.get(range.clone()).is_some_and(|part| !part.is_empty()));
                prop_assert!(end.is_none_or(|end| end < range.start));
                end = Some(range.end);
            }
        }

        #[test]
        fn what_is_marked_is_what_matches(
            text in "[a-cEéßİΣς한\u{301}ñ -]{0,20}", query in "[a-ceéßİσς한n]{1,2}",
        ) {
            let words = words(&query);
            let marks = words.marks(&text, platform);
            prop_assert_eq!(!marks.is_empty(), words.match_row(&fold(&text, platform), 0));
            let folded_query = fold(&query, platform);
            for range in marks {
                prop_assert!(fold(&text[range], platform).contains(&folded_query));
            }
        }

        #[test]
        fn together_is_each_by_itself(
            texts in prop::collection::vec(prop_oneof![".*", "[a\u{1f}\u{301}\u{323}ΣİÉ한 ]{0,4}"], 0..8),
        ) {
            let one_by_one: Vec<_> = texts.iter().map(|text| fold(text, platform)).collect();
            prop_assert_eq!(fold_all(texts.iter().map(String::as_str), platform), one_by_one);
        }

        #[test]
        fn folding_twice_is_folding_once(text in ".*") {
            let once = fold(&text, platform);
            prop_assert_eq!(fold(&once, platform), once);
        }

        #[test]
        fn whatever_narrows_finds_no_more(a in "[ab ]{0,6}", b in "[ab ]{0,6}", name in "[ab]{0,6}") {
            let (a, b) = (words(&a), words(&b));
            if a.narrow(&b) && a.match_row(&name, 7) {
                prop_assert!(b.match_row(&name, 7));
            }
        }
    }
}
