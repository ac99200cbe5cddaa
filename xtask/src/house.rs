//! Tests of how the console is built: who may know whom, and what is pure. The rules are those of
//! docs/architecture.md ("Who may know whom"); whoever changes one changes it there as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module of the console, and the others that it may know. `app` may know all.
const MAY_KNOW: [(&str, &[&str]); 18] = [
    ("secret", &[]),
    ("config", &[]),
    ("json", &[]),
    ("starting", &[]),
    ("storage", &[]),
    ("ui", &["secret"]),
    ("api", &["secret"]),
    ("failure", &["api", "ui"]),
    ("routes", &["api", "tokens::model::catalogue::query"]),
    ("navigation", &["routes"]),
    ("leaving", &["navigation", "ui"]),
    (
        "session",
        &[
            "api",
            "config",
            "failure",
            "json",
            "leaving",
            "navigation",
            "routes",
            "secret",
            "storage",
            "ui",
            "tokens::model::catalogue::reader",
            "tokens::model::creation",
        ],
    ),
    (
        "tokens",
        &[
            "api",
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

/// Where decisions are made: plain functions, without signals and components.
const PURE: [&str; 6] = ["api", "tokens/model", "secret.rs", "config.rs", "json.rs", "routes.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// The Rust files below a path, and the path itself if it is one.
fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let files = entries.flat_map(|entry| rust_files(&entry.unwrap().path()));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// What is compiled into the console: without comments, and without unit tests, which know whom they need.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::`, groups in braces taken apart: `crate::{a, b::{c, d}}` is `a`, `b::c`
/// and `b::d`.
fn known(code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` and the like belong to macros of others.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        take_apart(&code[at + "crate::".len()..], "", &mut paths);
    }
    paths
}

/// Reads one path or one group; returns what comes after it.
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
        // Never stuck: what is no name is passed over.
        None if name.is_empty() => after.get(1..).unwrap_or_default(),
        None => after,
    }
}

/// The modules at the top of the console, with what each knows of the others.
fn modules() -> BTreeMap<String, BTreeSet<String>> {
    let source = root().join("src");
    let mut modules = BTreeMap::<String, BTreeSet<String>>::new();
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).unwrap();
        let top = relative.iter().next().unwrap().to_str().unwrap();
        let name = top.strip_suffix(".rs").unwrap_or(top);
        modules.entry(name.to_owned()).or_default().extend(known(&code(&file)));
    }
    modules
}

#[test]
fn everybody_knows_only_whom_they_may() {
    let modules = modules();
    let mut strangers = Vec::new();
    for (name, knows) in &modules {
        if ["app", "lib", "main"].contains(&name.as_str()) {
            continue;
        }
        let Some((_, may)) = MAY_KNOW.iter().find(|(module, _)| module == name) else {
            strangers.push(format!("{name} is not among the rules"));
            continue;
        };
        for path in knows {
            let is_own = path.split("::").next() == Some(name);
            let is_allowed =
                may.iter().any(|allowed| path == allowed || path.starts_with(&format!("{allowed}::")));
            // A macro, or an attribute of the crate itself.
            let is_module = path.split("::").next().is_some_and(|top| modules.contains_key(top));
            if is_module && !is_own && !is_allowed {
                strangers.push(format!("{name} knows {path}"));
            }
        }
    }
    assert_eq!(strangers, [""; 0]);
    // And the rules are about modules that there are, and about something that they do.
    for (name, may) in MAY_KNOW {
        let knows = modules.get(name).unwrap_or_else(|| panic!("there is no module {name}"));
        for allowed in may {
            assert!(knows.iter().any(|path| path.starts_with(allowed)), "{name} need not know {allowed}");
        }
    }
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
    assert_eq!(known(code).iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
