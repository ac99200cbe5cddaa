//! Tests of the console's structure: which modules may depend on which, and which are pure. The rules are those of
//! docs/architecture.md ("Who may know whom"); a change to one belongs there as well. And a test of the documentation: the
//! files that it names exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the console with the other modules that it may use. `app` may use all.
const MAY_KNOW: [(&str, &[&str]); 20] = [
    ("secret", &[]),
    ("config", &[]),
    ("calendar", &[]),
    ("json", &[]),
    ("starting", &[]),
    ("storage", &[]),
    ("ui", &["calendar", "secret"]),
    ("api", &["calendar", "secret"]),
    ("collection", &["api"]),
    ("failure", &["api", "ui"]),
    ("routes", &["api", "tokens::model::catalogue::query"]),
    ("navigation", &["routes"]),
    ("leaving", &["navigation", "ui"]),
    (
        "session",
        &[
            "api",
            "collection",
            "config",
            "failure",
            "json",
            "leaving",
            "navigation",
            "routes",
            "secret",
            "storage",
            "ui",
        ],
    ),
    (
        "tokens",
        &[
            "api",
            "calendar",
            "collection",
            "failure",
            "json",
            "leaving",
            "navigation",
            "routes",
            "secret",
            "session",
            "starting",
            "storage",
            "ui",
        ],
    ),
    ("shortcuts", &["storage", "ui"]),
    ("parts", &["ui"]),
    ("theme", &["storage", "ui"]),
    ("styleguide", &["secret", "ui"]),
    ("palette", &["api", "leaving", "navigation", "routes", "session", "shortcuts", "theme", "tokens", "ui"]),
];

/// Each folder of `tokens`, and its one file outside of these, with the other ones that it may use: the layers from the
/// bottom up. `tokens/mod.rs` describes them.
const INSIDE_TOKENS: [(&str, &[&str]); 10] = [
    ("tokens::model", &[]),
    ("tokens::cache", &["tokens::model"]),
    ("tokens::requests", &["tokens::model", "tokens::cache"]),
    ("tokens::widgets", &["tokens::model", "tokens::cache", "tokens::requests"]),
    ("tokens::hand_over", &["tokens::model"]),
    (
        "tokens::rotation",
        &["tokens::model", "tokens::cache", "tokens::requests", "tokens::widgets", "tokens::hand_over"],
    ),
    (
        "tokens::list",
        &["tokens::model", "tokens::cache", "tokens::requests", "tokens::widgets", "tokens::rotation"],
    ),
    (
        "tokens::token",
        &[
            "tokens::model",
            "tokens::cache",
            "tokens::requests",
            "tokens::widgets",
            "tokens::hand_over",
            "tokens::rotation",
        ],
    ),
    ("tokens::new", &["tokens::model", "tokens::cache", "tokens::widgets", "tokens::hand_over"]),
    ("tokens::left_behind", &["tokens::model", "tokens::cache", "tokens::requests", "tokens::widgets"]),
];

/// What the models of tokens may use of other modules, some of which are not pure themselves.
const MODEL_MAY_KNOW: [&str; 12] = [
    "api",
    "calendar",
    "collection",
    "failure",
    "json",
    "leaving::Loss",
    "secret",
    "session::Verified",
    "session::permissions",
    "ui::ActivityOutcome",
    "ui::Notice",
    "ui::Tone",
];

/// The places where decisions are made: plain functions, without signals and components.
const PURE: [&str; 8] =
    ["api", "collection", "tokens/model", "secret.rs", "config.rs", "calendar", "json.rs", "routes.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// Returns the Rust files below a path, or the path itself if it is a file.
fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let files = entries.flat_map(|entry| rust_files(&entry.unwrap().path()));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Returns the code that is compiled into the console: without comments and literals, and without unit tests, which may
/// use anything.
fn code(file: &Path) -> String {
    let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    if name == "tests" || name.ends_with("_tests") {
        return String::new();
    }
    without_tests(&without_words(&fs::read_to_string(file).unwrap()))
}

/// Returns Rust source without comments, string literals and character literals.
fn without_words(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            '\'' if is_character(rest) => quoted(rest),
            'r' if !code.ends_with(is_of_a_name) && raw(rest).is_some() => raw(rest).unwrap_or_default(),
            _ => {
                code.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    code
}

const fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a quotation mark begins a character literal, not a lifetime.
fn is_character(text: &str) -> bool {
    let mut characters = text.chars().skip(1);
    characters.next() == Some('\\') || characters.next() == Some('\'')
}

/// Returns the length of the string or character literal that begins here, including its quotation marks.
fn quoted(text: &str) -> usize {
    let mark = text.chars().next();
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if Some(c) == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of a raw string, if one begins here.
fn raw(text: &str) -> Option<usize> {
    let marks = text[1..].find(|c| c != '#')?;
    let content = text[1 + marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    Some(content.find(&end).map_or(text.len(), |at| text.len() - content.len() + at + end.len()))
}

/// Returns code without the items that are compiled for tests only.
fn without_tests(code: &str) -> String {
    const ONLY_IN_TESTS: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = code;
    while let Some((before, item)) = rest.split_once(ONLY_IN_TESTS) {
        kept.push_str(before);
        rest = &item[length_of_item(item)..];
    }
    kept + rest
}

/// Returns the length of an item, up to its semicolon or the end of its block.
fn length_of_item(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(c, ';' | '}') {
            return at + 1;
        }
    }
    code.len()
}

/// Returns every path that begins with `crate::`, or with `super::` in the code of `module`, as seen from the root of the
/// crate. Groups in braces are expanded: `crate::{a, b::{c, d}}` is `a`, `b::c` and `b::d`.
fn known(code: &str, module: &[&str]) -> BTreeSet<String> {
    const ABOVE: &str = "super::";
    let mut paths = BTreeSet::new();
    for start in ["crate::", ABOVE] {
        for (at, _) in code.match_indices(start) {
            // `$crate::` and the like belong to other crates' macros; a further `super::` is counted with the first.
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || "_$:".contains(c)) {
                continue;
            }
            let (mut rest, mut parents) = match start {
                ABOVE => (&code[at..], module),
                _ => (&code[at + start.len()..], &[][..]),
            };
            while let (Some(above), Some((_, before))) = (rest.strip_prefix(ABOVE), parents.split_last()) {
                (rest, parents) = (above, before);
            }
            let prefix: String = parents.iter().flat_map(|name| [name, "::"]).collect();
            take_apart(rest, &prefix, &mut paths);
        }
    }
    paths
}

/// Parses one path or one group; returns the text after it.
fn take_apart<'a>(text: &'a str, prefix: &str, paths: &mut BTreeSet<String>) -> &'a str {
    let mut rest = text.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        rest = group.trim_start();
        while !rest.is_empty() && !rest.starts_with('}') {
            rest = take_apart(rest, prefix, paths).trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        return rest.strip_prefix('}').unwrap_or(rest);
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let path = format!("{prefix}{name}");
    if let Some(deeper) = after.strip_prefix("::") {
        let is_path = deeper.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{');
        if is_path {
            return take_apart(deeper, &format!("{path}::"), paths);
        }
    }
    paths.insert(path);
    match after.trim_start().strip_prefix("as ") {
        Some(renamed) => {
            let renamed = renamed.trim_start();
            &renamed[renamed.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(renamed.len())..]
        }
        // Always makes progress: anything that is not a name is skipped.
        None if name.is_empty() => after.get(1..).unwrap_or_default(),
        None => after,
    }
}

/// Whether a path names a module or something in it.
fn is_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Returns the modules of the console down to a depth, with the paths that each uses.
fn modules(depth: usize) -> BTreeMap<String, BTreeSet<String>> {
    let source = root().join("src");
    let mut modules = BTreeMap::<String, BTreeSet<String>>::new();
    for file in rust_files(&source) {
        let path = file.strip_prefix(&source).unwrap().with_extension("");
        let mut module: Vec<_> = path.iter().map(|name| name.to_str().unwrap()).collect();
        module.pop_if(|name| *name == "mod");
        let name = module.iter().take(depth).copied().collect::<Vec<_>>().join("::");
        modules.entry(name).or_default().extend(known(&code(&file), &module));
    }
    modules
}

/// Returns what breaks the rules: modules that use others than they may, or that no rule is about, and rules about
/// modules that do not exist, or dependencies that they do not have.
fn strangers(modules: &BTreeMap<String, BTreeSet<String>>, rules: &[(&str, &[&str])]) -> Vec<String> {
    let mut strangers = Vec::new();
    for (name, knows) in modules {
        let Some((_, may)) = rules.iter().find(|(module, _)| module == name) else {
            strangers.push(format!("{name} is not among the rules"));
            continue;
        };
        for path in knows {
            let is_allowed = is_in(path, name) || may.iter().any(|allowed| is_in(path, allowed));
            // Otherwise it is a macro, or an attribute of the crate itself.
            let is_module = modules.keys().any(|module| is_in(path, module));
            if is_module && !is_allowed {
                strangers.push(format!("{name} knows {path}"));
            }
        }
    }
    for (name, may) in rules {
        match modules.get(*name) {
            None => strangers.push(format!("there is no module {name}")),
            Some(knows) => strangers.extend(
                may.iter()
                    .filter(|allowed| !knows.iter().any(|path| is_in(path, allowed)))
                    .map(|allowed| format!("{name} need not know {allowed}")),
            ),
        }
    }
    strangers
}

#[test]
fn everybody_knows_only_whom_they_may() {
    let mut modules = modules(1);
    modules.retain(|name, _| !["app", "lib", "main"].contains(&name.as_str()));
    assert_eq!(strangers(&modules, &MAY_KNOW), [""; 0]);
}

#[test]
fn within_tokens_everybody_knows_only_who_is_below() {
    let mut modules = modules(2);
    // Without `tokens` itself, which knows all of them.
    modules.retain(|name, _| name.starts_with("tokens::"));
    assert_eq!(strangers(&modules, &INSIDE_TOKENS), [""; 0]);
    // What `tokens` has for others is not a way around the rules.
    let is_around =
        |path: &&String| path.starts_with("tokens::") && !modules.keys().any(|module| is_in(path, module));
    assert_eq!(modules.values().flatten().filter(is_around).collect::<Vec<_>>(), [""; 0]);
    for (place, (name, may)) in INSIDE_TOKENS.iter().enumerate() {
        let is_below = |allowed: &&str| INSIDE_TOKENS[..place].iter().any(|(below, _)| below == allowed);
        assert!(may.iter().all(is_below), "{name} may know a layer above it");
    }
}

#[test]
fn the_models_of_tokens_know_values_and_decisions() {
    const MODEL: &str = "tokens::model";
    let model = modules(2).remove(MODEL).unwrap();
    let is_allowed = |path: &str| [MODEL].iter().chain(&MODEL_MAY_KNOW).any(|allowed| is_in(path, allowed));
    assert_eq!(model.iter().filter(|path| !is_allowed(path)).collect::<Vec<_>>(), [""; 0]);
    for allowed in MODEL_MAY_KNOW {
        assert!(model.iter().any(|path| is_in(path, allowed)), "they need not know {allowed}");
    }
}

#[test]
fn strangers_are_found() {
    let paths = |paths: &[&str]| paths.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let modules = BTreeMap::from([
        ("a".to_owned(), paths(&["a::own", "b::c::D", "macro"])),
        ("b".to_owned(), paths(&["a", "c::E"])),
        ("c".to_owned(), paths(&[])),
    ]);
    assert_eq!(strangers(&modules, &[("a", &["b::c"]), ("b", &["a", "c"]), ("c", &[])]), [""; 0]);
    assert_eq!(
        strangers(&modules, &[("a", &["b::d"]), ("b", &["a"]), ("d", &[])]),
        [
            "a knows b::c::D",
            "b knows c::E",
            "c is not among the rules",
            "a need not know b::d",
            "there is no module d"
        ]
    );
}

#[test]
fn the_modules_above_are_known_by_their_paths() {
    let code = "
        use super::{a, b::{self, C}};
        use super::super::d::e;
        pub(super) fn f() -> super::super::super::G { super::h() }
        use other::super::i;";
    let known = known(code, &["tokens", "list", "rows"]);
    let expected = [
        "G",
        "tokens::d::e",
        "tokens::list::a",
        "tokens::list::b::C",
        "tokens::list::b::self",
        "tokens::list::h",
    ];
    assert_eq!(known.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn decisions_are_pure() {
    let source = root().join("src");
    let impure: Vec<_> = PURE
        .iter()
        .flat_map(|pure| rust_files(&source.join(pure)))
        .filter(|file| {
            let code = code(file);
            code.contains("leptos::") || code.contains("leptos_router::")
        })
        .collect();
    assert_eq!(impure, [""; 0].map(PathBuf::from), "know Leptos");
}

/// Only `api` sends requests, so the rest of [`PURE`] runs natively, to the last line. `failure::notice` reads the clock
/// of the browser; `failure::explain` is told the time.
#[test]
fn decisions_do_not_ask_the_browser() {
    const BROWSER: [&str; 7] =
        ["js_sys::", "web_sys::", "wasm_bindgen::", "gloo_", "failure::notice", "timestamp(", "today("];
    let source = root().join("src");
    let found: Vec<_> = PURE
        .iter()
        .filter(|pure| **pure != "api")
        .flat_map(|pure| rust_files(&source.join(pure)))
        .flat_map(|file| {
            let code = code(&file);
            BROWSER.into_iter().filter(move |name| code.contains(name)).map(move |name| (file.clone(), name))
        })
        .collect();
    assert_eq!(found, [(); 0].map(|()| (PathBuf::new(), "")));
}

#[test]
fn server_and_console_share_no_code() {
    let manifest = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    assert!(!manifest("server/Cargo.toml").contains("credmgr-console"));
    assert!(!manifest("Cargo.toml").contains("credmgr-server ="));
    for file in rust_files(&root().join("server")) {
        assert!(!code(&file).contains("credmgr_console"), "{}", file.display());
    }
}

#[test]
fn a_module_is_not_one_whose_name_begins_alike() {
    assert!(is_in("ui", "ui") && is_in("ui::count", "ui") && is_in("tokens::model::own", "tokens::model"));
    assert!(!is_in("uid", "ui") && !is_in("ui", "ui::count") && !is_in("tokens::models", "tokens::model"));
}

#[test]
fn words_are_no_code() {
    let code = r##"
        use crate::a; // crate::comment
        /* crate::comment */
        const ADDRESS: &str = "https://crate::string\"crate::string"; use crate::b;
        const RAW: &str = r#"crate::raw "crate::raw" "#; use crate::c;
        fn f<'a>(x: &'a str) { x.split('"'); crate::d::g(x, '\'', r"\"); crate::e() } // "
    "##;
    let known = known(&without_words(code), &[]);
    assert_eq!(known.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b", "c", "d::g", "e"]);
}

#[test]
fn tests_are_not_in_the_console() {
    let text = "
        use crate::a;
        #[cfg(test)]
        pub(crate) mod tests { use crate::test; fn f() -> [u8; 2] { [crate::test::x(); 2] } }
        #[cfg(test)]
        #[path = \"\"]
        mod tests;
        #[cfg(test)]
        const ALL: [crate::test::T; 2] = [crate::test::T; 2];
        fn g() { crate::b() }
        #[cfg(test)]
        mod last { use crate::test; }";
    let known = known(&without_tests(text), &[]);
    assert_eq!(known.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(code(&root().join("src/api/answer_tests.rs")), "");
}

#[test]
fn paths_are_taken_apart() {
    let code = "
        use crate::{
            api::{Error, retry::{self, Plan}},
            ui,
        };
        use crate::secret::Secret as Hidden;
        fn f() -> crate::failure::Act { other_crate::thing(); crate::ui::count(1); vec![crate::Odd] }
    ";
    let expected = [
        "Odd",
        "api::Error",
        "api::retry::Plan",
        "api::retry::self",
        "failure::Act",
        "secret::Secret",
        "ui",
        "ui::count",
    ];
    assert_eq!(known(code, &[]).iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// Returns the documentation for people who work on the console or deploy it.
fn documentation() -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.chain(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name))).collect()
}

/// Returns every path with a slash in a text that begins with one of these folders.
fn paths_below<'a>(text: &'a str, folders: &[&str]) -> Vec<&'a str> {
    let is_of_a_path = |c: char| c.is_ascii_alphanumeric() || "/._-*".contains(c);
    text.split(|c| !is_of_a_path(c))
        // The end of a sentence is not of the path.
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.split_once('/').is_some_and(|(first, _)| folders.contains(&first)))
        .collect()
}

/// Whether a path exists; a star stands for any part of a name.
fn exists(path: &str) -> bool {
    let Some((before, after)) = path.split_once('*') else { return root().join(path).exists() };
    let (folder, begin) = before.rsplit_once('/').unwrap_or(("", before));
    fs::read_dir(root().join(folder)).is_ok_and(|mut entries| {
        entries.any(|entry| {
            let name = entry.unwrap().file_name();
            let name = name.to_string_lossy();
            name.strip_prefix(begin).is_some_and(|rest| rest.ends_with(after))
        })
    })
}

#[test]
fn the_documentation_names_files_that_exist() {
    const FOLDERS: [&str; 8] = ["src", "server", "xtask", "tests", "docs", "deploy", "style", "web"];
    let (mut count, mut missing) = (0, Vec::new());
    for page in documentation() {
        let text = fs::read_to_string(&page).unwrap();
        for path in paths_below(&text, &FOLDERS) {
            count += 1;
            if !exists(path) {
                missing.push(format!("{} names {path}", page.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(count > 50, "only {count} are found");
}

#[test]
fn paths_are_found_in_sentences() {
    let text = "As `src/a.rs`, [b](../src/b.md) and src/c/d_*.rs. See https://example.org/src/e, a/src/f and `src`: src/g/.";
    assert_eq!(paths_below(text, &["src"]), ["src/a.rs", "src/c/d_*.rs", "src/g/"]);
    assert!(exists("xtask/src/house.rs") && exists("xtask/src/ho*.rs") && exists("docs/"));
    assert!(!exists("xtask/src/home.rs") && !exists("xtask/src/house*.md") && !exists("nowhere/*"));
}
