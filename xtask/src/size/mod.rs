//! Measures how much the console transfers, on a first visit and later for its parts, and checks this against the
//! budget.
//!
//! [`crates`] breaks it down by crate.

pub(crate) mod crates;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::dist::page;
use crate::output::say;
use crate::process;
use crate::workspace::Workspace;

/// The budget, in the root of the workspace.
pub(crate) const BUDGET_FILE: &str = "size-budget.json";

/// The size of one file of the console, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
    gzip: u64,
}

/// The files of the console.
#[derive(Debug)]
struct Sizes {
    /// The page, and what it loads itself.
    first_visit: Vec<Size>,
    /// The files that are loaded when they are needed.
    parts: Vec<Size>,
}

/// The maximum to be transferred, in bytes, and the goal for a first visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Budget {
    /// The maximum for a first visit; more is a failure. To be lowered with every change that makes the console
    /// smaller.
    first_visit: u64,
    /// The maximum for all parts together, likewise.
    parts: u64,
    /// The goal in docs and design for a first visit.
    goal: u64,
}

/// Prints the sizes of the most recently built console, and fails if they exceed the budget.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    let index = dist.join(page::INDEX);
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let sizes = Sizes::of(measure(workspace, &dist)?, page::files(&html))?;
    let budget = Budget::read(&workspace.root().join(BUDGET_FILE))?;
    say(table(&sizes, budget).trim_end());
    budget.hold(&sizes)
}

impl Sizes {
    fn of(sizes: Vec<Size>, mut loaded_by_page: BTreeSet<String>) -> Result<Self> {
        loaded_by_page.insert(page::INDEX.to_owned());
        let (first_visit, parts): (Vec<_>, Vec<_>) =
            sizes.into_iter().partition(|size| loaded_by_page.contains(&size.name));
        ensure!(first_visit.len() == loaded_by_page.len(), "the page loads a file that is not there");
        Ok(Self { first_visit, parts })
    }
}

fn measure(workspace: &Workspace, dist: &Path) -> Result<Vec<Size>> {
    let mut node = workspace.command("node");
    let printed = process::output(node.arg("xtask/web/compressed.mjs").arg(dist))?;
    parse(&printed).context("reading what xtask/web/compressed.mjs printed")
}

fn parse(printed: &str) -> Result<Vec<Size>> {
    let files: Vec<serde_json::Value> = serde_json::from_str(printed)?;
    let mut sizes = files
        .iter()
        .map(|file| {
            Ok(Size {
                name: file["name"].as_str().context("no name")?.to_owned(),
                raw: number(file, "raw")?,
                brotli: number(file, "brotli")?,
                gzip: number(file, "gzip")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    if sizes.is_empty() {
        bail!("there is no file");
    }
    sizes.sort_by(|one, other| other.brotli.cmp(&one.brotli).then_with(|| one.name.cmp(&other.name)));
    Ok(sizes)
}

fn number(value: &serde_json::Value, key: &str) -> Result<u64> {
    value[key].as_u64().with_context(|| format!("no number {key}"))
}

fn total(sizes: &[Size], of: impl Fn(&Size) -> u64) -> u64 {
    sizes.iter().map(of).sum()
}

fn table(sizes: &Sizes, budget: Budget) -> String {
    let Sizes { first_visit, parts } = sizes;
    let names = [A_FIRST_VISIT.len(), PARTS.len()];
    let names = first_visit.iter().chain(parts).map(|size| size.name.len()).chain(names);
    let width = names.max().unwrap_or_default();
    let mut text = format!("{:width$}  {:>9}  {:>9}  {:>9}\n", "bytes", "raw", "brotli", "gzip");
    for (sizes, sum) in [(first_visit, A_FIRST_VISIT), (parts, PARTS)] {
        let mut line = |name: &str, raw: u64, brotli: u64, gzip: u64| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name:width$}  {raw:>9}  {brotli:>9}  {gzip:>9}");
        };
        for size in sizes {
            line(&size.name, size.raw, size.brotli, size.gzip);
        }
        line(sum, total(sizes, |s| s.raw), total(sizes, |s| s.brotli), total(sizes, |s| s.gzip));
    }
    let Budget { first_visit, parts, goal } = budget;
    text + &format!("budget {first_visit}, goal {goal}, and {parts} for the parts, by brotli\n")
}

/// The labels of the sums.
const A_FIRST_VISIT: &str = "a first visit";
const PARTS: &str = "parts, loaded when needed";

impl Budget {
    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let value: serde_json::Value =
            serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
        Ok(Self {
            first_visit: number(&value, "brotli")?,
            parts: number(&value, "parts")?,
            goal: number(&value, "goal")?,
        })
    }

    /// Fails above the budget, and also far below it, so that no saving is lost again unnoticed.
    fn hold(self, sizes: &Sizes) -> Result<()> {
        for (sizes, budget, transfers) in [
            (&sizes.first_visit, self.first_visit, "a first visit transfers"),
            (&sizes.parts, self.parts, "the parts are"),
        ] {
            let total = total(sizes, |size| size.brotli);
            if total > budget {
                bail!("{transfers} {total} bytes, {} more than {BUDGET_FILE} allows", total - budget);
            }
            if total < budget - budget / 20 {
                bail!("{transfers} {total} bytes only: lower the budget in {BUDGET_FILE} to that");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str, brotli: u64) -> Size {
        Size { name: name.into(), raw: 3 * brotli, brotli, gzip: brotli + 1 }
    }

    #[test]
    fn sizes_are_read_largest_first() {
        let printed = r#"[{"name": "a.css", "raw": 30, "brotli": 10, "gzip": 11},
                          {"name": "b.wasm", "raw": 60, "brotli": 20, "gzip": 21}]"#;
        assert_eq!(parse(printed).unwrap(), [size("b.wasm", 20), size("a.css", 10)]);
        for wrong in ["", "[]", "{}", r#"[{"name": "a"}]"#, r#"[{"raw": 1, "brotli": 1, "gzip": 1}]"#] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_the_page_does_not_load_is_a_part() {
        let all = || vec![size("app_bg.wasm", 20), size("index.html", 10), size("app-token.wasm", 5)];
        let sizes = Sizes::of(all(), ["app_bg.wasm".to_owned()].into()).unwrap();
        assert_eq!(sizes.first_visit, [size("app_bg.wasm", 20), size("index.html", 10)]);
        assert_eq!(sizes.parts, [size("app-token.wasm", 5)]);
        assert!(Sizes::of(all(), ["app.js".to_owned()].into()).is_err(), "not there");
    }

    #[test]
    fn a_budget_holds_from_both_sides() {
        let budget = Budget { first_visit: 1000, parts: 2000, goal: 500 };
        for (first_visit, parts, holds) in [
            (1001, 2000, false),
            (1000, 2000, true),
            (950, 1900, true),
            (949, 2000, false),
            (1000, 2001, false),
            (1000, 1899, false),
        ] {
            let sizes = Sizes {
                first_visit: vec![size("a", first_visit - 1), size("b", 1)],
                parts: vec![size("c", parts)],
            };
            assert_eq!(budget.hold(&sizes).is_ok(), holds, "{first_visit}, {parts}");
        }
    }

    #[test]
    fn the_table_has_every_file_and_the_sums() {
        let sizes = Sizes {
            first_visit: vec![size("b.wasm", 20), size("a.css", 10)],
            parts: vec![size("c.wasm", 7), size("d.wasm", 3)],
        };
        let table = table(&sizes, Budget { first_visit: 40, parts: 30, goal: 20 });
        let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(lines[1], ["b.wasm", "60", "20", "21"]);
        assert_eq!(lines[3], ["a", "first", "visit", "90", "30", "32"]);
        assert_eq!(lines[4], ["c.wasm", "21", "7", "8"]);
        assert_eq!(lines[6], ["parts,", "loaded", "when", "needed", "30", "10", "12"]);
        assert!(lines[7].contains(&"40,") && lines[7].contains(&"30"), "{table}");
    }
}
