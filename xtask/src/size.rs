//! How much a first visit transfers, and whether that is within the budget.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// The budget, in the root of the workspace.
pub(crate) const BUDGET_FILE: &str = "size-budget.json";

/// What one file of the console takes, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
    gzip: u64,
}

/// What a first visit may transfer, in bytes, and what it is to come down to. All files of the console, since a
/// visit loads all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Budget {
    /// More fails. To be lowered with whatever makes the console smaller.
    brotli: u64,
    /// That of docs and design.
    goal: u64,
}

/// Prints the sizes of the console that was built last, and fails where they are above the budget.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let sizes = measure(workspace, &workspace.dist())?;
    let budget = Budget::read(&workspace.root().join(BUDGET_FILE))?;
    print!("{}", table(&sizes, budget));
    budget.hold(&sizes)
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

fn table(sizes: &[Size], budget: Budget) -> String {
    let width = sizes.iter().map(|size| size.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut line = |name: &str, raw: u64, brotli: u64, gzip: u64| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:width$}  {raw:>9}  {brotli:>9}  {gzip:>9}");
    };
    for size in sizes {
        line(&size.name, size.raw, size.brotli, size.gzip);
    }
    line("a first visit", total(sizes, |s| s.raw), total(sizes, |s| s.brotli), total(sizes, |s| s.gzip));
    let head = format!("{:width$}  {:>9}  {:>9}  {:>9}\n", "bytes", "raw", "brotli", "gzip");
    let Budget { brotli, goal } = budget;
    format!("{head}{text}budget {brotli}, goal {goal}, by brotli\n")
}

impl Budget {
    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let value: serde_json::Value =
            serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
        Ok(Self { brotli: number(&value, "brotli")?, goal: number(&value, "goal")? })
    }

    /// Fails above the budget, and far below it as well: what was won is not to be lost again unnoticed.
    fn hold(self, sizes: &[Size]) -> Result<()> {
        let total = total(sizes, |size| size.brotli);
        if total > self.brotli {
            bail!(
                "a first visit transfers {total} bytes, {} more than {BUDGET_FILE} allows",
                total - self.brotli
            );
        }
        if total < self.brotli - self.brotli / 20 {
            bail!("a first visit transfers {total} bytes only: lower the budget in {BUDGET_FILE} to that");
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
    fn a_budget_holds_from_both_sides() {
        let budget = Budget { brotli: 1000, goal: 500 };
        for (total, holds) in [(1001, false), (1000, true), (950, true), (949, false)] {
            assert_eq!(budget.hold(&[size("a", total - 1), size("b", 1)]).is_ok(), holds, "{total}");
        }
    }

    #[test]
    fn the_table_has_every_file_and_the_sum() {
        let table = table(&[size("b.wasm", 20), size("a.css", 10)], Budget { brotli: 40, goal: 20 });
        let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(lines[1], ["b.wasm", "60", "20", "21"]);
        assert_eq!(lines[3], ["a", "first", "visit", "90", "30", "32"]);
    }
}
