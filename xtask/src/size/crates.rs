//! The number of bytes in the WebAssemblies that belong to each crate.
//!
//! Determined by the names of functions, as twiggy reads them. Generic code counts for the crate that it is written in,
//! whatever types it is compiled for; an implementation of a trait counts for the crate that has the type, or the trait
//! if the type is the standard library's; drop glue counts for the crate that has its type. Closures behind pointers,
//! whose code is inlined into the call, have no name that tells their crate.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::split::Pieces;
use crate::split::optimiser;
use crate::workspace::Workspace;

/// The standard library's crates that contain types and traits.
const STANDARD: [&str; 3] = ["alloc", "core", "std"];

/// The categories for what belongs to no crate.
const CLOSURES: &str = "(closures behind pointers)";
const DATA: &str = "(data)";
const OTHERS: &str = "(tables, types, functions of no Rust path)";

/// Bytes by crate.
type Crates = BTreeMap<String, u64>;

/// Prints the sizes of the crates in the most recently built console: in the main WebAssembly, and in its parts.
pub(crate) fn print(workspace: &Workspace) -> Result<()> {
    let pieces = Pieces::of(workspace)?;
    let named = workspace.pieces().join("named.wasm");
    let read = |piece| -> Result<Crates> {
        optimiser::run_keeping_names(workspace, piece, &named)?;
        let content = fs::read(&named).with_context(|| format!("cannot read {}", named.display()))?;
        // It contains only data, which twiggy refuses.
        if !has_code(&content).with_context(|| format!("{} is no WebAssembly", named.display()))? {
            return Ok(Crates::from([(DATA.to_owned(), content.len() as u64)]));
        }
        let items =
            process::output(workspace.command("twiggy").args(["top", "--format", "json"]).arg(&named))?;
        crates(&items).context("reading what twiggy printed")
    };
    let main = read(&pieces.main)?;
    let mut parts = Crates::new();
    for (_, piece) in &pieces.parts {
        for (name, size) in read(piece)? {
            *parts.entry(name).or_default() += size;
        }
    }
    fs::remove_file(&named).with_context(|| format!("cannot remove {}", named.display()))?;
    print!("\n{}", table(&main, &parts));
    Ok(())
}

/// Whether a WebAssembly has functions, that is, a code section.
fn has_code(wasm: &[u8]) -> Result<bool> {
    const HEADER: usize = 8;
    const CODE: u8 = 10;
    let mut rest = wasm.get(HEADER..).context("it ends too soon")?;
    while let Some((&section, after)) = rest.split_first() {
        if section == CODE {
            return Ok(true);
        }
        // LEB128: seven bits per byte, the lowest first; the last byte has the eighth bit unset.
        let width = 1 + after.iter().position(|byte| byte & 0x80 == 0).context("a length does not end")?;
        let length = after[..width].iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
        rest = after.get(width + length..).context("a section ends too late")?;
    }
    Ok(false)
}

/// Sums the items that twiggy lists.
fn crates(items: &str) -> Result<Crates> {
    let items: Vec<Value> = serde_json::from_str(items)?;
    let mut crates = Crates::new();
    for item in &items {
        let name = item["name"].as_str().context("an item has no name")?;
        let size = item["shallow_size"].as_u64().context("an item has no size")?;
        // The names themselves, which are not part of what is shipped.
        if name.ends_with("subsection") || name.starts_with("custom section") {
            continue;
        }
        let is_linkage = name.starts_with("import ") || name.starts_with("export ");
        let of = match crate_of(name).filter(|_| !is_linkage) {
            Some(_) if name.starts_with("core::ops::function::FnOnce::call_once{{vtable.shim}}") => CLOSURES,
            Some(of) => of,
            None if name.starts_with("data segment") => DATA,
            None => OTHERS,
        };
        *crates.entry(of.to_owned()).or_default() += size;
    }
    Ok(crates)
}

/// Returns the crate of a function, or of a type, by its path.
fn crate_of(path: &str) -> Option<&str> {
    let path = path.trim_start();
    if let Some(dropped) = path.strip_prefix("core::ptr::drop_in_place<") {
        let words = dropped.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':')));
        let mut crates = words.filter_map(|word| Some(word.split_once("::")?.0));
        return crates.find(|name| !name.is_empty() && !STANDARD.contains(name)).or(Some("core"));
    }
    if let Some(inner) = path.strip_prefix('<') {
        let inner = &inner[..length_of_bracketed(inner)];
        return match split_at_as(inner) {
            Some((kind, of_trait)) => {
                let of_type = crate_of(kind);
                let of_others = of_type.filter(|name| !STANDARD.contains(name));
                of_others.or_else(|| crate_of(of_trait)).or(of_type)
            }
            None => crate_of(inner),
        };
    }
    for before in ["&", "*", "[", "(", "dyn ", "mut ", "const ", "impl "] {
        if let Some(rest) = path.strip_prefix(before) {
            return crate_of(rest);
        }
    }
    let end = path.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (name, mut rest) = path.split_at(end);
    // The newer mangling contains a hash of the crate: `core[0123456789abcdef]::fmt`.
    if let Some(number) = rest.strip_prefix('[') {
        rest = &number[number.find(']')? + 1..];
    }
    (!name.is_empty() && rest.starts_with("::")).then_some(name)
}

/// Returns the length up to the `>` that closes a bracket opened before.
fn length_of_bracketed(text: &str) -> usize {
    let mut depth = 1;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
        last = c;
    }
    text.len()
}

/// Splits `A as B` where it is not inside brackets.
fn split_at_as(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            ' ' if depth == 0 => {
                if let Some(of_trait) = text[at..].strip_prefix(" as ") {
                    return Some((&text[..at], of_trait));
                }
            }
            _ => {}
        }
        last = c;
    }
    None
}

fn table(main: &Crates, parts: &Crates) -> String {
    let of = |crates: &Crates, name: &str| crates.get(name).copied().unwrap_or_default();
    let mut names: Vec<&String> = main.keys().chain(parts.keys()).collect();
    names.sort();
    names.dedup();
    names.sort_by_key(|name| std::cmp::Reverse(of(main, name) + of(parts, name)));
    let width = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let mut text = format!("{:width$}  {:>9}  {:>9}\n", "bytes, before compression", "main", "parts");
    let mut line = |name: &str, main: u64, parts: u64| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:width$}  {main:>9}  {parts:>9}");
    };
    for name in names {
        line(name, of(main, name), of(parts, name));
    }
    line("all", main.values().sum(), parts.values().sum());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_a_crate() {
        for (path, of) in [
            ("leptos::children::f::h0123456789abcdef", Some("leptos")),
            ("core[0123456789abcdef]::fmt::write", Some("core")),
            ("<console::Token as core::clone::Clone>::clone", Some("console")),
            ("<alloc::vec::Vec<console::A> as tachys::view::Render>::build", Some("tachys")),
            ("<&mut dyn core::fmt::Write as core::fmt::Write>::write_str", Some("core")),
            ("<fn() -> console::A as tachys::view::Render>::build", Some("tachys")),
            ("<<console::A as tachys::B>::C as core::D<fn() -> x::E>>::f", Some("console")),
            ("<console::Token>::name", Some("console")),
            ("<[T] as core::slice::Join>::join", Some("core")),
            ("<str as alloc::string::ToString>::to_string", Some("alloc")),
            ("(console::A, console::B)::f", Some("console")),
            (
                "core::ptr::drop_in_place<alloc::vec::Vec<(u8,console::A)>>::h0123456789abcdef",
                Some("console"),
            ),
            ("core::ptr::drop_in_place<alloc::string::String>::h0123456789abcdef", Some("core")),
            ("memcpy", None),
            ("__wbindgen_malloc", None),
            ("type[5]: () -> nil", None),
            ("data segment \".rodata\"", None),
            ("", None),
        ] {
            assert_eq!(crate_of(path), of, "{path}");
        }
    }

    #[test]
    fn code_is_found_behind_other_sections() {
        let header = b"\0asm\x01\0\0\0";
        // A section of 130 bytes, whose length takes two bytes, and one of one byte.
        let other = [&[1, 0x82, 1][..], &[10; 130], &[11, 1, 10]].concat();
        let code = [10, 1, 0];
        assert!(!has_code(&[&header[..], &other].concat()).unwrap());
        assert!(has_code(&[&header[..], &other, &code].concat()).unwrap());
        assert!(!has_code(header).unwrap());
        for wrong in [&b"\0asm"[..], b"\0asm\x01\0\0\0\x01\x05a", b"\0asm\x01\0\0\0\x01\x85"] {
            assert!(has_code(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn sizes_are_added_up_without_names() {
        let items = r#"[
            {"name": "leptos::a", "shallow_size": 3},
            {"name": "leptos::b", "shallow_size": 4},
            {"name": "core::ops::function::FnOnce::call_once{{vtable.shim}}::h01", "shallow_size": 2},
            {"name": "import ./app.js::c", "shallow_size": 5},
            {"name": "data segment \".rodata\"", "shallow_size": 6},
            {"name": "\"function names\" subsection", "shallow_size": 100},
            {"name": "custom section 'name' headers", "shallow_size": 100}
        ]"#;
        let expected = [("leptos", 7), (CLOSURES, 2), (OTHERS, 5), (DATA, 6)];
        assert_eq!(crates(items).unwrap(), expected.map(|(name, size)| (name.to_owned(), size)).into());
        for wrong in ["", "{}", r#"[{"name": "a"}]"#, r#"[{"shallow_size": 1}]"#] {
            assert!(crates(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_table_has_the_largest_first_and_the_sums() {
        let of = |crates: &[(&str, u64)]| -> Crates {
            crates.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect()
        };
        let table = table(&of(&[("core", 10), ("leptos", 20)]), &of(&[("core", 15)]));
        let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(lines[1], ["core", "10", "15"]);
        assert_eq!(lines[2], ["leptos", "20", "0"]);
        assert_eq!(lines[3], ["all", "30", "15"]);
    }
}
