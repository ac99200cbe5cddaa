//! Decides by content whether something has to be rebuilt.
//!
//! Not by modification times: checking out another branch, or the same one again, changes these without changing
//! anything else, or the other way round.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A record of the last build: its inputs and its outputs.
///
/// Both are compared. With the inputs alone, a directory would count as up to date even if its contents were replaced
/// since, for example by an unoptimised build.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) inputs: Fingerprint,
    pub(crate) outputs: Fingerprint,
}

/// A hash of contents.
///
/// Another Rust release may hash differently, which costs one unnecessary build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Returns the fingerprint of anything that can be hashed.
    pub(crate) fn of(value: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self(hasher.finish())
    }

    /// Returns the fingerprint of the names and contents of all files below `directory`, except its direct entries
    /// named in `skip`. A directory that does not exist counts as empty.
    pub(crate) fn of_tree(directory: &Path, skip: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        collect(directory, skip, &mut files)?;
        files.sort();
        let mut hasher = DefaultHasher::new();
        for file in files {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(directory).unwrap_or(&file);
            (name, content).hash(&mut hasher);
        }
        Ok(Self(hasher.finish()))
    }
}

fn collect(directory: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot list {}", directory.display()));
        }
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if skip.iter().any(|skipped| name == *skipped) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &[], files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

impl Stamp {
    /// Reads a stamp; `None` if it is missing or unreadable, which leads to a rebuild.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(file).ok()?)
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(file, self.format()).with_context(|| format!("cannot write {}", file.display()))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(|word| u64::from_str_radix(word, 16).map(Fingerprint));
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(inputs)), Some(Ok(outputs)), None) => Some(Self { inputs, outputs }),
            _ => None,
        }
    }

    fn format(&self) -> String {
        format!("{:016x} {:016x}\n", self.inputs.0, self.outputs.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    /// Returns the folder of a small work tree.
    fn work_tree(test: &str) -> Scratch {
        let tree = Scratch::new(test);
        tree.write("src/lib.rs", "one");
        tree.write("index.html", "two");
        tree
    }

    fn fingerprint(tree: &Scratch) -> Fingerprint {
        Fingerprint::of_tree(tree.path(), &["target"]).unwrap()
    }

    #[test]
    fn contents_names_and_number_of_files_matter() {
        let tree = work_tree("fingerprint-matter");
        let before = fingerprint(&tree);

        tree.write("src/lib.rs", "changed");
        let changed = fingerprint(&tree);
        assert_ne!(before, changed);

        fs::rename(tree.path().join("src/lib.rs"), tree.path().join("src/main.rs")).unwrap();
        let renamed = fingerprint(&tree);
        assert_ne!(changed, renamed);

        tree.write("src/lib.rs", "");
        assert_ne!(renamed, fingerprint(&tree));
    }

    #[test]
    fn times_do_not_matter() {
        let tree = work_tree("fingerprint-times");
        let before = fingerprint(&tree);
        let file = fs::File::options().write(true).open(tree.path().join("src/lib.rs")).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(before, fingerprint(&tree));
    }

    #[test]
    fn skipped_directories_do_not_matter_at_the_top() {
        let tree = work_tree("fingerprint-skipped");
        let before = fingerprint(&tree);
        tree.write("target/out", "x");
        assert_eq!(before, fingerprint(&tree));

        tree.write("src/target/mod.rs", "x");
        assert_ne!(before, fingerprint(&tree));
    }

    #[test]
    fn an_absent_directory_is_an_empty_one() {
        let absent = Path::new("no-directory-has-this-name");
        let nothing = Fingerprint::of_tree(absent, &[]).unwrap();
        assert_eq!(nothing, Fingerprint::of_tree(absent, &["target"]).unwrap());
    }

    #[test]
    fn a_stamp_survives_being_written() {
        let stamp = Stamp { inputs: Fingerprint(7), outputs: Fingerprint(u64::MAX) };
        assert_eq!(Stamp::parse(&stamp.format()), Some(stamp));
    }

    #[test]
    fn a_spoilt_stamp_is_none() {
        for text in ["", "1", "1 x", "1 2 3", "-1 2"] {
            assert_eq!(Stamp::parse(text), None, "{text:?}");
        }
    }
}
