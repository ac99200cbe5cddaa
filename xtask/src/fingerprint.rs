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

    /// A directory for one test, removed when dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(test: &str) -> Self {
            let name = format!("xtask-{test}-{}", std::process::id());
            let directory = std::env::temp_dir().join(name);
            fs::create_dir_all(directory.join("src")).unwrap();
            fs::write(directory.join("src/lib.rs"), "one").unwrap();
            fs::write(directory.join("index.html"), "two").unwrap();
            Self(directory)
        }

        fn fingerprint(&self) -> Fingerprint {
            Fingerprint::of_tree(&self.0, &["target"]).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            // Leftovers in the temporary directory are no reason to fail a test.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn contents_names_and_number_of_files_matter() {
        let tree = Scratch::new("matter");
        let before = tree.fingerprint();

        fs::write(tree.0.join("src/lib.rs"), "changed").unwrap();
        let changed = tree.fingerprint();
        assert_ne!(before, changed);

        fs::rename(tree.0.join("src/lib.rs"), tree.0.join("src/main.rs")).unwrap();
        let renamed = tree.fingerprint();
        assert_ne!(changed, renamed);

        fs::write(tree.0.join("src/lib.rs"), "").unwrap();
        assert_ne!(renamed, tree.fingerprint());
    }

    #[test]
    fn times_do_not_matter() {
        let tree = Scratch::new("times");
        let before = tree.fingerprint();
        let file = fs::File::options().write(true).open(tree.0.join("src/lib.rs")).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(before, tree.fingerprint());
    }

    #[test]
    fn skipped_directories_do_not_matter_at_the_top() {
        let tree = Scratch::new("skipped");
        let before = tree.fingerprint();
        fs::create_dir(tree.0.join("target")).unwrap();
        fs::write(tree.0.join("target/out"), "x").unwrap();
        assert_eq!(before, tree.fingerprint());

        fs::create_dir(tree.0.join("src/target")).unwrap();
        fs::write(tree.0.join("src/target/mod.rs"), "x").unwrap();
        assert_ne!(before, tree.fingerprint());
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
