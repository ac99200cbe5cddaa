//! The bill of materials: the crates in the console's WebAssembly, as CycloneDX.
//!
//! Made from the output of `cargo tree` and not by `cargo cyclonedx`: that lists build dependencies as well (macros,
//! build scripts), and everybody who makes a distribution would have to compile it. The console contains no npm
//! package. There is no timestamp and no serial number, so that the same sources give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process;
use crate::versions;
use crate::workspace::{CONSOLE_PACKAGE, WASM_TARGET, Workspace};

/// The name of the file, at the top of the distribution.
pub(crate) const FILE: &str = "sbom.cdx.json";

/// Asks Cargo and the compiler, and returns the bill as text.
pub(crate) fn make(workspace: &Workspace) -> Result<String> {
    let tree = process::output(workspace.cargo().args([
        "tree",
        "--locked",
        "--package",
        CONSOLE_PACKAGE,
        "--target",
        WASM_TARGET,
        // Not what only runs at compile time.
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "depth",
        "--format",
        "|{p}|{l}|{r}|",
    ]))?;
    let lock_file = workspace.root().join("Cargo.lock");
    let lock_file = std::fs::read_to_string(&lock_file)
        .with_context(|| format!("cannot read {}", lock_file.display()))?;
    let compiler = process::output(workspace.command("rustc").arg("--version"))?;
    let compiler = compiler.split_whitespace().nth(1).context("rustc does not say which version it is of")?;

    let graph = parse(&tree).context("reading what cargo tree printed")?;
    let bill = bill(&graph, &checksums(&lock_file), compiler)?;
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// The name and the version of a crate.
type Id = (String, String);

#[derive(Debug, Default, PartialEq, Eq)]
struct Crate {
    license: String,
    repository: String,
    uses: BTreeSet<Id>,
}

#[derive(Debug, PartialEq, Eq)]
struct Graph {
    root: Id,
    crates: BTreeMap<Id, Crate>,
}

/// Parses lines such as `1|base64 v0.22.1|MIT OR Apache-2.0|https://…|`, where the number is the depth. Crates that are
/// listed a second time come without their dependencies.
fn parse(tree: &str) -> Result<Graph> {
    let mut crates = BTreeMap::<Id, Crate>::new();
    let mut above: Vec<Id> = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut fields = line.split('|');
        let (Some(depth), Some(package), Some(license), Some(repository)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            bail!("'{line}' is not understood");
        };
        let depth: usize = depth.parse().with_context(|| format!("'{line}' has no depth"))?;
        let mut words = package.split_whitespace();
        let id = match (words.next(), words.next().and_then(|version| version.strip_prefix('v'))) {
            (Some(name), Some(version)) => (name.to_owned(), version.to_owned()),
            _ => bail!("'{line}' names no crate"),
        };
        above.truncate(depth);
        if let Some(user) = above.last() {
            crates.entry(user.clone()).or_default().uses.insert(id.clone());
        }
        let entry = crates.entry(id.clone()).or_default();
        // An old notation, which is not a valid SPDX expression.
        entry.license = license.replace('/', " OR ");
        repository.clone_into(&mut entry.repository);
        above.push(id);
    }
    let root = above.into_iter().next().context("there is no crate")?;
    Ok(Graph { root, crates })
}

/// Returns the checksum in the lock file for each crate that was downloaded.
fn checksums(lock_file: &str) -> BTreeMap<Id, String> {
    let with_checksum = versions::locked(lock_file).filter_map(|locked| Some((locked.checksum?, locked)));
    with_checksum
        .map(|(checksum, locked)| ((locked.name.to_owned(), locked.version.to_owned()), checksum.to_owned()))
        .collect()
}

fn bill(graph: &Graph, checksums: &BTreeMap<Id, String>, compiler: &str) -> Result<Value> {
    let standard_library = json!({
        "type": "library",
        "bom-ref": format!("pkg:github/rust-lang/rust@{compiler}"),
        "name": "rust standard library",
        "version": compiler,
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        "purl": format!("pkg:github/rust-lang/rust@{compiler}"),
    });
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for (id, of) in &graph.crates {
        let mut uses: Vec<String> = of.uses.iter().map(purl).collect();
        if *id == graph.root {
            uses.push(format!("pkg:github/rust-lang/rust@{compiler}"));
        } else {
            components.push(component(id, of, checksums)?);
        }
        dependencies.push(json!({ "ref": purl(id), "dependsOn": uses }));
    }
    components.push(standard_library);
    let (name, version) = &graph.root;
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": purl(&graph.root),
                "name": name,
                "version": version,
            },
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(id: &Id, of: &Crate, checksums: &BTreeMap<Id, String>) -> Result<Value> {
    let (name, version) = id;
    let checksum =
        checksums.get(id).with_context(|| format!("Cargo.lock has no checksum of {name} {version}"))?;
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(id),
        "name": name,
        "version": version,
        "hashes": [{ "alg": "SHA-256", "content": checksum }],
        "licenses": [{ "expression": of.license }],
        "purl": purl(id),
    });
    if !of.repository.is_empty() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": of.repository }]);
    }
    Ok(component)
}

fn purl((name, version): &Id) -> String {
    format!("pkg:cargo/{name}@{version}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "\
0|console v0.1.0 (/some/where)|||
1|a v1.0.0|MIT|https://example.org/a|
2|b v2.0.0|MIT/Apache-2.0||
1|b v2.0.0|MIT/Apache-2.0|| (*)
";

    fn id(name: &str, version: &str) -> Id {
        (name.to_owned(), version.to_owned())
    }

    fn locked() -> BTreeMap<Id, String> {
        checksums(
            "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"aa\"\n\n\
             [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nchecksum = \"bb\"\n\n\
             [[package]]\nname = \"console\"\nversion = \"0.1.0\"\n",
        )
    }

    #[test]
    fn the_tree_is_read() {
        let graph = parse(TREE).unwrap();
        assert_eq!(graph.root, id("console", "0.1.0"));
        assert_eq!(graph.crates[&graph.root].uses, [id("a", "1.0.0"), id("b", "2.0.0")].into());
        assert_eq!(graph.crates[&id("a", "1.0.0")].uses, [id("b", "2.0.0")].into());
        assert_eq!(graph.crates[&id("b", "2.0.0")].license, "MIT OR Apache-2.0");
        for wrong in ["", "nonsense", "x|a v1|MIT||", "0|a|MIT||"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_bill_has_every_crate_once_and_no_path() {
        let bill = bill(&parse(TREE).unwrap(), &locked(), "1.95.0").unwrap();
        let names: Vec<_> = bill["components"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
        assert_eq!(names, ["a", "b", "rust standard library"]);
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "aa");
        assert_eq!(bill["dependencies"].as_array().unwrap().len(), 3);
        assert!(!bill.to_string().contains("/some/where"));
    }

    #[test]
    fn a_crate_that_is_not_locked_is_an_error() {
        assert!(bill(&parse(TREE).unwrap(), &BTreeMap::new(), "1.95.0").is_err());
    }
}
