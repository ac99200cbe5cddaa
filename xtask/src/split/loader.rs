//! The scripts that load WebAssemblies: the splitter's for the parts, and wasm-bindgen's glue for the main one. Pure:
//! texts, which are rejected if they differ from what these tools have generated so far.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use crate::dist::page::Loaded;

/// The code with which the splitter fetches a part, before and after the part's name.
const FETCH: (&str, &str) = ("const src = fetch(new URL(\"./", ".wasm\", import.meta.url));");

/// Returns the splitter's names of the WebAssemblies that its script loads, in the script's order.
pub(super) fn parts(script: &str) -> Result<Vec<&str>> {
    let mut parts = Vec::new();
    for after in script.split(FETCH.0).skip(1) {
        let name = after.split_once(FETCH.1).map(|(name, _)| name);
        let Some(name) = name.filter(|name| !name.contains(['"', '/', '\n'])) else {
            bail!("the splitter's script fetches something in an unknown way: {}", first_line(after));
        };
        ensure!(!parts.contains(&name), "the splitter's script fetches {name} twice");
        parts.push(name);
    }
    let fetches = script.matches("fetch(").count();
    ensure!(
        fetches == parts.len() && script.matches(".wasm\"").count() == parts.len(),
        "the splitter's script fetches {fetches} files, and {} of them in the known way",
        parts.len()
    );
    ensure!(!parts.is_empty(), "the splitter's script fetches nothing: is the console compiled to be split?");
    Ok(parts)
}

/// Returns the splitter's script with the names that the parts have in the console, and with the hashes of their
/// content. `files` is in the order of [`parts`].
pub(super) fn with_files(script: &str, files: &[(&str, Loaded)]) -> Result<String> {
    let known = parts(script)?;
    ensure!(
        known.iter().eq(files.iter().map(|(part, _)| part)),
        "the splitter's script does not load what there is"
    );
    let mut written = in_order(script)?;
    for (part, Loaded { name, integrity }) in files {
        let found = format!("{}{part}{}", FETCH.0, FETCH.1);
        // The code that a part shares with others is awaited first. If that fails, the part's own promise is never
        // awaited, and browsers would report its rejection as unhandled.
        let wanted = format!(
            "const src = fetch(new URL(\"./{name}\", import.meta.url), {{ integrity: \"{integrity}\" }});\n    \
             src.catch(() => {{}});"
        );
        written = written.replacen(&found, &wanted, 1);
    }
    Ok(written)
}

/// Returns the splitter's script with the items that parts use of the main WebAssembly sorted alphabetically; the
/// splitter writes them in a different order each time.
fn in_order(script: &str) -> Result<String> {
    let list = script.split_once("const { ").and_then(|(_, after)| after.split_once(" } = initSync("));
    let Some((list, _)) = list.filter(|(list, _)| !list.contains(['\n', '}'])) else {
        bail!("the splitter's script does not say what parts use of the main WebAssembly");
    };
    ensure!(script.matches(list).count() == 2, "the splitter's script takes and hands on different things");
    let mut names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    Ok(script.replace(list, &names.join(", ")))
}

/// Returns the glue with the name that the main WebAssembly has in the console. `web/start.js` passes that name anyway,
/// but the file that the glue would load by default has to exist.
pub(super) fn with_main(glue: &str, stem: &str, main: &Loaded) -> Result<String> {
    let found = format!("new URL('{stem}_bg.wasm', import.meta.url)");
    ensure!(glue.matches(&found).count() == 1, "the glue does not load {stem}_bg.wasm in the known way");
    Ok(glue.replace(&found, &format!("new URL('{}', import.meta.url)", main.name)))
}

/// Returns the glue with the names that imports and exports have in the main WebAssembly, and without the imports that
/// it no longer uses. `names` is JSON with pairs of old and new names; `imported` is JSON with the new names that are
/// in use.
pub(super) fn with_names(glue: &str, names: &str, imported: &str) -> Result<String> {
    let names: Names = serde_json::from_str(names).context("the names cannot be read")?;
    let imported: BTreeSet<String> = serde_json::from_str(imported).context("the imports cannot be read")?;
    let pairs = |of: &str| names.get(of).filter(|pairs| !pairs.is_empty()).context("there are no names");
    let mut glue = glue.to_owned();
    for (old, new) in pairs("imports")? {
        let (found, wanted) = (format!("\n        {old}: "), format!("\n        {new}: "));
        ensure!(glue.matches(&found).count() == 1, "the glue does not provide {old} in the known way");
        glue = glue.replace(&found, &wanted);
        if !imported.contains(new) {
            glue = without_import(&glue, new)?;
        }
    }
    for (old, new) in pairs("exports")? {
        let found = format!("wasm.{old}(");
        ensure!(glue.contains(&found), "the glue does not call {old} in the known way");
        glue = glue.replace(&found, &format!("wasm.{new}("));
    }
    Ok(glue)
}

/// The pairs of old and new names, of imports and of exports.
type Names = BTreeMap<String, Vec<(String, String)>>;

/// Returns the glue without one of the imports that it provides.
fn without_import(glue: &str, name: &str) -> Result<String> {
    let begin = format!("        {name}: function(");
    ensure!(glue.matches(&begin).count() == 1, "the glue does not provide {name} in the known way");
    let ended = glue.split_once(&begin).and_then(|(before, rest)| {
        let (_, rest) = rest.split_once("\n        }")?;
        Some(format!("{before}{}", rest.split_once(",\n")?.1))
    });
    ended.with_context(|| format!("{name} does not end in the known way"))
}

/// Checks what bundling must leave unchanged: every file by its name, beside the script that loads it.
pub(super) fn check_bundled<'a>(bundled: &str, files: impl IntoIterator<Item = &'a Loaded>) -> Result<()> {
    let mut count = 0;
    for Loaded { name, .. } in files {
        count += 1;
        let is_beside = ['"', '\'', '`'].iter().any(|quote| {
            ["", "./"].iter().any(|beside| {
                bundled.contains(&format!("new URL({quote}{beside}{name}{quote},import.meta.url)"))
            })
        });
        ensure!(is_beside, "the bundled glue does not load {name} from beside itself");
    }
    ensure!(
        bundled.matches("import.meta.url").count() == count,
        "the bundled glue loads more than the {count} files that there are"
    );
    ensure!(!bundled.contains("__wasm_split.js\";"), "the bundled glue still imports a script");
    Ok(())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A script as the splitter writes it.
    const SCRIPT: &str = r#"import { initSync } from "./app.js";
        const { shared0, memory, table,  } = initSync(undefined, undefined);
        Object.assign(sharedImports.__wasm_split, { shared0, memory, table,  });
function makeLoad(fetcher, deps) {
    const loader = async () => {
        const instantiate = fetcher();
    };
}
/* more, sign_in */
const __chunk_4 = makeLoad(() => {
    const src = fetch(new URL("./chunk_4.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
const __chunk_5 = makeLoad(() => async (_imp) => ({}), []);
export const __wasm_split_load_sign_in = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_sign_in.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, [__chunk_4, __chunk_5]));
"#;

    fn file(name: &str) -> Loaded {
        Loaded { name: name.to_owned(), integrity: format!("sha384-of-{name}") }
    }

    #[test]
    fn the_parts_are_read_from_the_script() {
        assert_eq!(parts(SCRIPT).unwrap(), ["chunk_4", "split_sign_in"]);
    }

    #[test]
    fn a_script_that_is_not_as_it_was_is_refused() {
        for (from, to) in [
            ("fetch(new URL(\"./chunk_4.wasm\"", "fetch(new URL('./chunk_4.wasm'"),
            ("const src = fetch(new URL(\"./chunk_4", "const other = fetch(new URL(\"./chunk_4"),
            (", import.meta.url));", ", import.meta.url), {});"),
            ("chunk_4.wasm", "split_sign_in.wasm"),
            ("./chunk_4.wasm", "./folder/chunk_4.wasm"),
            ("async (_imp) => ({})", "fetch(\"./chunk_5.wasm\")"),
        ] {
            assert!(SCRIPT.contains(from), "{from}");
            assert!(parts(&SCRIPT.replacen(from, to, 1)).is_err(), "{to}");
        }
        assert!(parts("").unwrap_err().to_string().contains("compiled to be split"));
    }

    #[test]
    fn the_script_gets_names_and_hashes() {
        let files = [("chunk_4", file("a-1.wasm")), ("split_sign_in", file("b-2.wasm"))];
        let written = with_files(SCRIPT, &files).unwrap();
        for (part, Loaded { name, integrity }) in &files {
            assert!(!written.contains(&format!("{part}.wasm")), "{written}");
            let fetch = format!(
                "fetch(new URL(\"./{name}\", import.meta.url), {{ integrity: \"{integrity}\" }});\n    src.catch("
            );
            assert_eq!(written.matches(&fetch).count(), 1, "{written}");
        }
        assert!(written.contains("instantiateStreaming(src, imports)"));
        assert!(with_files(SCRIPT, &files[..1]).is_err(), "a part has no file");
        let more = [files[0].clone(), files[1].clone(), ("split_more", file("c-3.wasm"))];
        assert!(with_files(SCRIPT, &more).is_err(), "a file is loaded by nobody");
    }

    #[test]
    fn what_parts_use_is_in_order() {
        let other = SCRIPT.replace("shared0, memory, table, ", "table, shared0, memory, ");
        assert_ne!(other, SCRIPT);
        assert_eq!(in_order(&other).unwrap(), in_order(SCRIPT).unwrap());
        assert!(in_order(SCRIPT).unwrap().contains("__wasm_split, { memory, shared0, table });"));
        for (from, to) in
            [("const { shared0", "const { shared1"), ("= initSync(", "= init("), ("const {", "var {")]
        {
            assert!(in_order(&SCRIPT.replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    #[test]
    fn the_glue_gets_the_name_of_the_main_one() {
        let glue = "if (x === undefined) {\n  x = new URL('app_bg.wasm', import.meta.url);\n}";
        assert!(
            with_main(glue, "app", &file("app-1_bg.wasm"))
                .unwrap()
                .contains("new URL('app-1_bg.wasm', import.meta.url)")
        );
        assert!(with_main(glue, "other", &file("x")).is_err());
        assert!(with_main(&glue.repeat(2), "app", &file("x")).is_err());
    }

    /// Glue as wasm-bindgen writes it.
    const GLUE: &str = r"import * as other
function __wbg_get_imports() {
    const import0 = {
        __wbg_a_1: function(arg0) {
            if (arg0) {
            }
        },
        __wbg_b_1: function() { return handleError(function (arg0) {
            arg0.b();
        }, arguments); },
        __wbg_a_12: function(arg0) {
            arg0.c();
        },
    };
}
function invoke_h1(arg0) {
    wasm.invoke_h1(arg0);
}
function invoke_h1_2(arg0) {
    wasm.invoke_h1_2(arg0);
}
";

    #[test]
    fn the_glue_gets_the_names_of_imports_and_exports_and_loses_what_is_not_imported() {
        let names = r#"{"imports": [["__wbg_a_1", "a"], ["__wbg_b_1", "b"], ["__wbg_a_12", "c"]],
                        "exports": [["invoke_h1", "a"], ["invoke_h1_2", "b"]]}"#;
        let written = with_names(GLUE, names, r#"["a", "b", "c", "other"]"#).unwrap();
        for there in [" a: function(arg0) {\n", " b: function() {", " c: function", "wasm.a(arg0)", "wasm.b("]
        {
            assert!(written.contains(there), "{written}");
        }
        let none = with_names(GLUE, names, r#"["other"]"#).unwrap();
        assert!(none.contains("    const import0 = {\n    };\n"), "{none}");
        let first = with_names(GLUE, names, r#"["a"]"#).unwrap();
        assert!(first.contains("            }\n        },\n    };\n"), "{first}");
        for wrong in [
            "",
            "{}",
            r#"{"imports": [], "exports": []}"#,
            &names.replace("__wbg_b_1", "__wbg_b_2"),
            &names.replace("invoke_h1_2", "invoke_h2"),
        ] {
            assert!(with_names(GLUE, wrong, "[]").is_err(), "{wrong}");
        }
        assert!(with_names(&GLUE.replace("        },", "    },"), names, "[]").is_err());
    }

    #[test]
    fn what_was_bundled_loads_every_file_from_beside_itself() {
        let files = [file("a-1.wasm"), file("app-1_bg.wasm")];
        let bundled =
            r#"fetch(new URL("./a-1.wasm",import.meta.url));new URL("app-1_bg.wasm",import.meta.url)"#;
        check_bundled(bundled, &files).unwrap();
        assert!(check_bundled(&bundled.replace("a-1", "a-2"), &files).is_err());
        assert!(check_bundled(&bundled.replacen("import.meta", "{}", 1), &files).is_err());
        assert!(check_bundled(bundled, &files[..1]).is_err(), "one more than there are");
        assert!(check_bundled(&format!("import\"./__wasm_split.js\";{bundled}"), &files).is_err());
    }
}
