//! `SHA256SUMS`, in the format that `sha256sum --check` reads.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The name of the list, at the top of the folder.
pub(crate) const FILE: &str = "SHA256SUMS";

/// Writes the list of all files below a folder.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let file = folder.join(FILE);
    let list = list(folder)?;
    fs::write(&file, list).with_context(|| format!("cannot write {}", file.display()))
}

/// Returns a line for every file below a folder except the list itself, sorted by name.
pub(crate) fn list(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for name in files(folder)? {
        if name == FILE {
            continue;
        }
        let path = folder.join(&name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for byte in Sha256::digest(content) {
            write!(text, "{byte:02x}").context("writing to a text")?;
        }
        writeln!(text, "  {name}").context("writing to a text")?;
    }
    Ok(text)
}

/// Returns the names in a list.
pub(crate) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| line.split_once("  ")).map(|(_, name)| name)
}

/// Returns the names of the files below a folder, with `/` as separator, sorted.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let path = folder.join(&below);
        let entries = fs::read_dir(&path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
            let name = below.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                let name = name.to_str().with_context(|| format!("{} is not UTF-8", name.display()))?;
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn every_file_is_in_the_list_but_the_list() {
        let scratch = Scratch::new("checksums");
        scratch.write("b.txt", "abc");
        scratch.write("a/c.txt", "");
        write(scratch.path()).unwrap();
        let expected = "\
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a/c.txt
ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b.txt
";
        assert_eq!(fs::read_to_string(scratch.path().join(FILE)).unwrap(), expected);
        assert_eq!(list(scratch.path()).unwrap(), expected, "the list is not in the list");
        assert_eq!(names(expected).collect::<Vec<_>>(), ["a/c.txt", "b.txt"]);
    }
}
